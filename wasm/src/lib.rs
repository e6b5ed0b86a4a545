//! The ChainDebug engine for JavaScript: one [`Engine`], spoken to in the JSON of `chaindebug_core::protocol`.
//!
//! Converts, and nothing else: what a request means is in `chaindebug_core::session`. The types of the protocol for
//! TypeScript are written by hand in `types/protocol.d.ts`.

mod blob;
mod error;
mod panic;

use blob::BlobSource;
use chaindebug_core::FULL;
use chaindebug_core::protocol::{Mapping, Progress, Request};
use chaindebug_core::session::{Opening, Session};
use chaindebug_core::source::{Memory, Source};
use error::{Kind, Trouble, failure};
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(typescript_custom_section)]
const PROTOCOL_TYPES: &str = include_str!("../types/protocol.d.ts");

/// One session: the documents opened in it, and the answers to questions about them.
///
/// Its memory is given back only when the worker (or the page) that holds it ends.
#[wasm_bindgen]
pub struct Engine {
    session: Session,
    opening: Option<Opening>,
    trouble: Trouble,
}

#[wasm_bindgen]
impl Engine {
    /// An empty session.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default)] // JavaScript has no use for it.
    pub fn new() -> Engine {
        panic::install();
        Engine { session: Session::new(), opening: None, trouble: Trouble::default() }
    }

    /// Begins to open a file that stays where it is: it is read by range, now and whenever a value is looked at.
    /// Only in a worker. `into` is a document that the file may join. An opening that had begun is dropped.
    /// `ahead`, when given, is asked first for the bytes from..to: whoever reads the file ahead of the engine has them.
    /// `format`, when given, is the id of the format it is read as, whatever is found in it.
    #[wasm_bindgen(js_name = openBlob)]
    pub fn open_blob(
        &mut self,
        name: &str,
        blob: web_sys::Blob,
        into: Option<u32>,
        #[wasm_bindgen(unchecked_optional_param_type = "(from: number, to: number) => Uint8Array | undefined")]
        ahead: Option<js_sys::Function>,
        #[wasm_bindgen(unchecked_optional_param_type = "string")] format: Option<String>,
    ) -> Result<(), js_sys::Error> {
        let source = BlobSource::new(name, blob, ahead, self.trouble.clone())?;
        self.begin(name, Box::new(source), into, format)
    }

    /// Begins to open bytes, which are copied into the engine's memory. Works everywhere.
    /// `into` is a document that the file may join, `format` the id of the format it is read as, whatever is found in
    /// it. An opening that had begun is dropped.
    #[wasm_bindgen(js_name = openBytes)]
    pub fn open_bytes(
        &mut self,
        name: &str,
        bytes: Vec<u8>,
        into: Option<u32>,
        format: Option<String>,
    ) -> Result<(), js_sys::Error> {
        self.begin(name, Box::new(Memory(bytes)), into, format)
    }

    /// Begins to read an open document anew: its first file as the format with this id, by a `Mapping` of its fields as
    /// JSON text, or by its content when neither is given. The document keeps its index, and stays as it is until
    /// `advance` has finished: `cancel` before that leaves it so. An opening that had begun is dropped.
    #[wasm_bindgen(js_name = readAs)]
    #[allow(clippy::needless_pass_by_value)] // As it comes over the boundary.
    pub fn read_as(
        &mut self,
        document: u32,
        #[wasm_bindgen(unchecked_optional_param_type = "string")] format: Option<String>,
        #[wasm_bindgen(unchecked_optional_param_type = "Json<Mapping>")] mapping: Option<String>,
    ) -> Result<(), js_sys::Error> {
        if !FULL {
            return Err(failure(Kind::Elsewhere, "Reading a file as somebody says is left to the full engine."));
        }
        let mapping = mapping.map(|text| Mapping::from_json(&text)).transpose();
        let opening = mapping.and_then(|mapping| self.session.read_as(document, format.as_deref(), mapping));
        self.opening = Some(opening.map_err(|why| failure(Kind::Usage, &why))?);
        Ok(())
    }

    /// Goes on opening for about `budget` bytes of work, and says how far it has come: a `Progress` as JSON text.
    /// It is finished when `document` is a number. A file that goes away while it is read becomes a document of what
    /// was read until then, with a diagnostic `unreadable`.
    #[wasm_bindgen(unchecked_return_type = "Json<Progress>")]
    pub fn advance(&mut self, budget: f64) -> Result<String, js_sys::Error> {
        let Some(opening) = &mut self.opening else {
            return Err(failure(Kind::Usage, "Nothing is being read: call openBlob, openBytes or readAs first."));
        };
        // A float becomes an integer by saturation: NaN and what is below 1 are the smallest slice.
        let progress: Progress = self.session.advance(opening, (budget as u64).max(1));
        // A file that went away: the document holds what was read until then, and a diagnostic that says so.
        self.trouble.take();
        if progress.document.is_some() {
            self.opening = None;
        }
        to_json(&progress)
    }

    /// Drops the opening that is under way. Whether there was one.
    pub fn cancel(&mut self) -> bool {
        self.opening.take().is_some()
    }

    /// Answers one `Request`, given as JSON text, with an `Answer` as JSON text.
    /// Throws an `EngineError` when the request is none, or when the file can no longer be read.
    #[wasm_bindgen(unchecked_return_type = "Json<Answer>")]
    pub fn ask(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Json<Request>")] request: &str,
    ) -> Result<String, js_sys::Error> {
        let request = Request::from_json(request).map_err(|error| {
            let kind = if FULL { Kind::Usage } else { Kind::Elsewhere };
            failure(kind, &format!("This is not a request the engine knows: {error}."))
        })?;
        let answer = self.session.answer(request);
        match self.trouble.take() {
            Some(error) => Err(failure(Kind::Unreadable, &error)),
            None => answer.to_json().map_err(unwritable),
        }
    }

    /// Bytes of memory the engine holds. It never shrinks.
    pub fn memory(&self) -> f64 {
        memory_bytes()
    }

    #[allow(clippy::needless_pass_by_value)] // As it comes over the boundary.
    fn begin(
        &mut self,
        name: &str,
        source: Box<dyn Source>,
        into: Option<u32>,
        format: Option<String>,
    ) -> Result<(), js_sys::Error> {
        self.opening = Some(match format {
            None => self.session.open(name, source, into),
            Some(format) => {
                let opening = self.session.open_as(name, source, into, &format);
                opening.map_err(|why| failure(Kind::Usage, &why))?
            }
        });
        Ok(())
    }
}

/// What the engine said when it crashed; undefined when it did not, or when it ran out of memory (which says nothing).
#[wasm_bindgen(js_name = panicMessage)]
pub fn panic_message() -> Option<String> {
    panic::message()
}

/// The version of the engine.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

fn to_json<T: serde::Serialize>(value: &T) -> Result<String, js_sys::Error> {
    serde_json::to_string(value).map_err(unwritable)
}

#[allow(clippy::needless_pass_by_value)] // As `map_err` hands it over.
fn unwritable(error: serde_json::Error) -> js_sys::Error {
    failure(Kind::Usage, &format!("The answer could not be written as JSON: {error}."))
}

#[cfg(target_arch = "wasm32")]
fn memory_bytes() -> f64 {
    const PAGE: f64 = 65536.0;
    core::arch::wasm32::memory_size(0) as f64 * PAGE
}

#[cfg(not(target_arch = "wasm32"))]
fn memory_bytes() -> f64 {
    0.0
}
