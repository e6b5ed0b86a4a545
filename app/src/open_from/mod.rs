//! "Open from…": traces out of a Jaeger or a Tempo, where whoever runs the page has named one (`docs/host.md`). Without that
//! nothing of this is shown, and nothing is asked.
//!
//! What is asked stands in `public/open-from.js`; here is the dialog (`dialog`), its list (`list`), and what came back.

mod dialog;
mod list;

use crate::engine::{Engine, Input};
use crate::state::Page;
use chaindebug_core::protocol::DocumentView;
use js_sys::{Object, Reflect};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::rc::Rc;
use wasm_bindgen::{JsCast as _, JsValue, prelude::wasm_bindgen};
use web_sys::Blob;

pub(crate) use dialog::OpenFromDialog;

#[wasm_bindgen]
extern "C" {
    /// Loads the file; defined in `public/boot.js`.
    #[wasm_bindgen(js_name = chaindebugOpenFrom, catch)]
    async fn load() -> Result<JsValue, JsValue>;

    /// The file's functions.
    type Asking;

    #[wasm_bindgen(method, catch)]
    async fn services(this: &Asking, address: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn search(this: &Asking, address: &str, query: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn trace(this: &Asking, address: &str, kind: &str, id: &str) -> Result<JsValue, JsValue>;
}

/// The address that the page may ask, and whether its dialog is open. `Copy`; one in context, made by the shell.
#[derive(Clone, Copy)]
pub(crate) struct OpenFrom {
    address: StoredValue<String>,
    open: RwSignal<bool>,
}

/// Which of the two answers, and the services it knows.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
struct Services {
    kind: String,
    services: Vec<String>,
}

/// What is looked for.
#[derive(Clone, Debug, Serialize)]
struct Query {
    kind: String,
    service: String,
    seconds: u32,
    limit: u32,
    tags: String,
    errors: bool,
}

/// A trace that was found; what is not told is `None`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Found {
    id: String,
    name: String,
    service: String,
    /// RFC 3339.
    start: Option<String>,
    milliseconds: Option<f64>,
    steps: Option<u32>,
    errors: Option<u32>,
}

impl OpenFrom {
    /// Reads what the page was given, and puts it into context.
    pub(crate) fn provide() {
        provide_context(OpenFrom { address: StoredValue::new(named()), open: RwSignal::new(false) });
    }

    /// From context.
    pub(crate) fn get() -> OpenFrom {
        expect_context::<OpenFrom>()
    }

    /// Whether there is one to ask.
    pub(crate) fn offered(self) -> bool {
        self.address.with_value(|address| !address.is_empty())
    }

    /// Opens the dialog.
    pub(crate) fn ask(self) {
        self.open.set(true);
    }

    async fn services(self) -> Result<Services, String> {
        let answer = asking().await?.services(&self.address.get_value()).await.map_err(|e| said(&e))?;
        from_js(&answer)
    }

    async fn search(self, page: Page, query: &Query) -> Result<Vec<Found>, String> {
        let text = serde_json::to_string(query).map_err(|e| e.to_string())?;
        let query = js_sys::JSON::parse(&text).map_err(|e| said(&e))?;
        let answer = asking().await?.search(&self.address.get_value(), &query).await.map_err(|e| said(&e))?;
        let mut found: Vec<Found> = match answer.dyn_into::<Blob>() {
            Ok(blob) => read(page, blob).await?,
            Err(rows) => from_js(&rows)?,
        };
        // The newest first: times of one spelling are in order as texts.
        found.sort_by(|a, b| b.start.cmp(&a.start));
        Ok(found)
    }

    /// One trace as a file.
    async fn trace(self, kind: &str, id: &str, name: &str) -> Result<Input, String> {
        let answer = asking().await?.trace(&self.address.get_value(), kind, id).await.map_err(|e| said(&e))?;
        let blob = answer.dyn_into().map_err(|_| "The answer holds no file.".to_owned())?;
        let short: String = id.trim().chars().take(8).collect();
        let name = [name, &short].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        Ok(Input { name, blob, modified: None })
    }
}

/// What the page was given: an address, or nothing.
pub(crate) fn named() -> String {
    let meta = web_sys::window().and_then(|w| w.document());
    let meta = meta.and_then(|d| d.query_selector("meta[name=chaindebug-open-from]").ok().flatten());
    meta.and_then(|meta| meta.get_attribute("content")).unwrap_or_default()
}

async fn asking() -> Result<Asking, String> {
    Ok(load().await.map_err(|e| said(&e))?.unchecked_into())
}

/// The traces of an answer, as the engine reads them. Its worker ends with this.
async fn read(page: Page, blob: Blob) -> Result<Vec<Found>, String> {
    let files = page.files.get_untracked().and_then(Result::ok).ok_or("The engine has not been loaded.")?;
    let engine = Engine::start(&files).map_err(|failure| failure.to_string())?;
    let input = Input { name: "answer".to_owned(), blob, modified: None };
    let (_, opened) = engine.open(std::slice::from_ref(&input), None, Rc::new(|_| {}));
    let documents = opened.await.map_err(|failure| failure.to_string())?;
    Ok(documents.iter().flat_map(found_in).collect())
}

fn found_in(document: &DocumentView) -> impl Iterator<Item = Found> {
    document.runs.iter().filter(|run| run.steps > 0).map(|run| Found {
        id: run.id.clone(),
        name: run.name.clone(),
        service: String::new(),
        start: run.start.clone(),
        // Shown in three digits.
        #[allow(clippy::cast_precision_loss)]
        milliseconds: run.duration_ns.map(|length| length as f64 / 1e6),
        steps: Some(run.steps),
        errors: Some(run.errors),
    })
}

fn from_js<T: for<'de> Deserialize<'de>>(value: &JsValue) -> Result<T, String> {
    let text = js_sys::JSON::stringify(value).map(String::from).unwrap_or_default();
    serde_json::from_str(&text).map_err(|error| format!("The answer could not be understood: {error}."))
}

/// The sentence of what was thrown.
fn said(error: &JsValue) -> String {
    let message = Reflect::get(error, &"message".into()).ok().and_then(|message| message.as_string());
    message.unwrap_or_else(|| String::from(Object::from(error.clone()).to_string()))
}
