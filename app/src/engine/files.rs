//! The engine's three files, fetched once: after this nothing needs to leave the page for another worker.

use super::Failure;
use js_sys::{Array, Promise, WebAssembly};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, Response, Url};

/// What every worker starts from.
#[derive(Clone, Debug)]
pub(crate) struct Files {
    /// Address of the worker's script: glue and shell in one blob, good for as long as the page lives.
    pub(super) script: String,
    /// The compiled engine; a worker gets it by message, which copies nothing.
    pub(super) module: WebAssembly::Module,
}

impl Files {
    /// Fetches and compiles them.
    pub(crate) async fn load() -> Result<Files, Failure> {
        let (glue, shell, module) =
            (fetch("chaindebug-wasm.js")?, fetch("engine-worker.js")?, fetch("chaindebug-wasm_bg.wasm")?);
        let parts = Array::of3(&text(glue).await?.into(), &"\n".into(), &text(shell).await?.into());
        let options = BlobPropertyBag::new();
        options.set_type("text/javascript");
        let what = "The engine's script could not be put together";
        let blob = Blob::new_with_str_sequence_and_options(&parts, &options).map_err(|e| Failure::missing(what, &e))?;
        let script = Url::create_object_url_with_blob(&blob).map_err(|e| Failure::missing(what, &e))?;
        Ok(Files { script, module: compile(module).await? })
    }
}

/// Starts fetching a file of the engine. Its address carries the build's version, so that an old one is never used.
fn fetch(name: &str) -> Result<Promise, Failure> {
    let (Some(window), Some(document)) = (web_sys::window(), web_sys::window().and_then(|w| w.document())) else {
        return Err(Failure::missing(name, &"there is no window".into()));
    };
    let version = document
        .query_selector("meta[name=chaindebug-engine]")
        .ok()
        .flatten()
        .and_then(|meta| meta.get_attribute("content"))
        .unwrap_or_default();
    let base = document.base_uri().ok().flatten().unwrap_or_default();
    let url = Url::new_with_base(&format!("{name}?v={version}"), &base).map_err(|e| Failure::missing(name, &e))?;
    Ok(window.fetch_with_str(&url.href()))
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
