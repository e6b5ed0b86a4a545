//! The engine's files. The one that reads traces is fetched with the page, once: no worker needs more for a trace. The full
//! engine is fetched, once as well, when a file or a question needs it.

use super::Failure;
use crate::place::supplied;
use js_sys::{Array, Promise, Reflect, WebAssembly};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, Response, Url};

/// What every worker starts from.
#[derive(Clone, Debug)]
pub(crate) struct Files {
    /// Address of the worker's script: glue and shell in one blob, good for as long as the page lives.
    pub(super) script: String,
    /// The compiled engine that reads traces; a worker gets it by message, which copies nothing.
    pub(super) module: WebAssembly::Module,
    /// The full engine, once something needed it.
    full: Rc<RefCell<Option<Full>>>,
}

/// The full engine.
#[derive(Clone, Debug)]
pub(super) struct Full {
    /// Address of its glue, which a worker loads by itself.
    pub(super) glue: String,
    /// The compiled module.
    pub(super) module: WebAssembly::Module,
}

impl Files {
    /// Fetches and compiles them.
    pub(crate) async fn load() -> Result<Files, Failure> {
        let (glue, shell, module) = match supplied("traces") {
            Some(given) => {
                let given = given_by(given).await?;
                (string(&given, "glue"), string(&given, "shell"), module_of(&given)?)
            }
            None => {
                let (glue, shell, module) =
                    (fetch("chaindebug-traces.js")?, fetch("engine-worker.js")?, fetch("chaindebug-traces_bg.wasm")?);
                (text(glue).await?, text(shell).await?, compile(module).await?)
            }
        };
        // In a block of its own: the glue of the full engine has the same name.
        let wrapped = format!("let traceEngine; {{\n{glue}\ntraceEngine = wasm_bindgen; }}\n");
        let parts = Array::of2(&wrapped.into(), &shell.into());
        let options = BlobPropertyBag::new();
        options.set_type("text/javascript");
        let what = "The engine's script could not be put together";
        let blob = Blob::new_with_str_sequence_and_options(&parts, &options).map_err(|e| Failure::missing(what, &e))?;
        let script = Url::create_object_url_with_blob(&blob).map_err(|e| Failure::missing(what, &e))?;
        Ok(Files { script, module, full: Rc::default() })
    }

    /// The full engine, when it is here.
    pub(super) fn full_here(&self) -> Option<Full> {
        self.full.borrow().clone()
    }

    /// The full engine; fetched when it is asked for first.
    pub(super) async fn full(&self) -> Result<Full, Failure> {
        if let Some(full) = self.full_here() {
            return Ok(full);
        }
        let full = match supplied("full") {
            Some(given) => {
                let given = given_by(given).await?;
                Full { glue: string(&given, "glue"), module: module_of(&given)? }
            }
            None => {
                let module = compile(fetch("chaindebug-wasm_bg.wasm")?).await?;
                Full { glue: address("chaindebug-wasm.js")?, module }
            }
        };
        self.full.replace(Some(full.clone()));
        Ok(full)
    }
}

/// What the place gives instead of a file of the engine.
async fn given_by(promise: Promise) -> Result<JsValue, Failure> {
    JsFuture::from(promise).await.map_err(|e| Failure::missing("The engine could not be had", &e))
}

fn string(of: &JsValue, name: &str) -> String {
    Reflect::get(of, &name.into()).ok().and_then(|value| value.as_string()).unwrap_or_default()
}

fn module_of(given: &JsValue) -> Result<WebAssembly::Module, Failure> {
    let module = Reflect::get(given, &"module".into()).unwrap_or(JsValue::UNDEFINED);
    module.dyn_into().map_err(|e| Failure::missing("The engine could not be had", &e))
}

/// Starts fetching a file of the engine. Its address carries the build's version, so that an old one is never used.
fn fetch(name: &str) -> Result<Promise, Failure> {
    let window = web_sys::window().ok_or_else(|| Failure::missing(name, &"there is no window".into()))?;
    Ok(window.fetch_with_str(&address(name)?))
}

fn address(name: &str) -> Result<String, Failure> {
    let Some(document) = web_sys::window().and_then(|window| window.document()) else {
        return Err(Failure::missing(name, &"there is no document".into()));
    };
    let version = document
        .query_selector("meta[name=chaindebug-engine]")
        .ok()
        .flatten()
        .and_then(|meta| meta.get_attribute("content"))
        .unwrap_or_default();
    let base = document.base_uri().ok().flatten().unwrap_or_default();
    let url = Url::new_with_base(&format!("{name}?v={version}"), &base).map_err(|e| Failure::missing(name, &e))?;
    Ok(url.href())
}

async fn response(promise: Promise) -> Result<Response, Failure> {
    let what = "The engine could not be fetched";
    let response = JsFuture::from(promise).await.map_err(|e| Failure::missing(what, &e))?;
    let response: Response = response.dyn_into().map_err(|e| Failure::missing(what, &e))?;
    if response.ok() {
        Ok(response)
    } else {
        Err(Failure::missing(&format!("{what} from {}", response.url()), &format!("{}", response.status()).into()))
    }
}

async fn text(promise: Promise) -> Result<String, Failure> {
    let read = response(promise).await?.text();
    let text = JsFuture::from(read.map_err(|e| Failure::missing("The engine's script", &e))?).await;
    Ok(text.map_err(|e| Failure::missing("The engine's script", &e))?.as_string().unwrap_or_default())
}

/// Compiles while it arrives; a server that does not know the type of wasm gets the slower way.
async fn compile(promise: Promise) -> Result<WebAssembly::Module, Failure> {
    let what = "The engine could not be compiled";
    let response = response(promise).await?;
    let streamed =
        response.headers().get("content-type").ok().flatten().is_some_and(|t| t.starts_with("application/wasm"));
    let module = if streamed {
        JsFuture::from(WebAssembly::compile_streaming(&Promise::resolve(&JsValue::from(response)))).await
    } else {
        let bytes = JsFuture::from(response.array_buffer().map_err(|e| Failure::missing(what, &e))?).await;
        let bytes: JsValue = bytes.map_err(|e| Failure::missing(what, &e))?;
        JsFuture::from(WebAssembly::compile(&bytes)).await
    };
    module.map_err(|e| Failure::missing(what, &e))?.dyn_into().map_err(|e| Failure::missing(what, &e))
}
