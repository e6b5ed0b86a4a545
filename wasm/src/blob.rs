//! A file of the browser as a `Source`: ranges of a `Blob`, read when they are needed and not before.

use crate::error::{Kind, Trouble, failure};
use chaindebug_core::source::{Source, SourceError};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, FileReaderSync};

/// A `Blob` read by range. Needs `FileReaderSync`, which browsers have in workers only.
pub(crate) struct BlobSource {
    name: String,
    blob: Blob,
    len: u64,
    reader: FileReaderSync,
    ahead: Option<js_sys::Function>,
    trouble: Trouble,
}

impl BlobSource {
    pub(crate) fn new(
        name: &str,
        blob: Blob,
        ahead: Option<js_sys::Function>,
        trouble: Trouble,
    ) -> Result<Self, js_sys::Error> {
        let reader = FileReaderSync::new()
            .map_err(|_| failure(Kind::Usage, "openBlob works in a worker only; use openBytes here."))?;
        // A blob's size is a whole number below 2^53.
        let len = blob.size() as u64;
        Ok(BlobSource { name: name.to_owned(), blob, len, reader, ahead, trouble })
    }

    /// The bytes of the range in a buffer of JavaScript's: one copy from the browser, one more into the engine.
    fn range(&self, at: u64, end: u64) -> Result<js_sys::Uint8Array, JsValue> {
        if let Some(bytes) = self.read_ahead(at, end) {
            return Ok(bytes);
        }
        let slice = self.blob.slice_with_f64_and_f64(at as f64, end as f64)?;
        let buffer = self.reader.read_as_array_buffer(&slice)?;
        Ok(js_sys::Uint8Array::new(&buffer))
    }
}

impl BlobSource {
    /// The bytes of the range, when somebody has read them already.
    fn read_ahead(&self, at: u64, end: u64) -> Option<js_sys::Uint8Array> {
        let bytes = self.ahead.as_ref()?.call2(&JsValue::NULL, &(at as f64).into(), &(end as f64).into()).ok()?;
        bytes.dyn_into::<js_sys::Uint8Array>().ok().filter(|bytes| u64::from(bytes.length()) == end - at)
    }
}

impl Source for BlobSource {
    fn len(&self) -> u64 {
        self.len
    }

    fn read(&self, at: u64, len: usize, out: &mut Vec<u8>) -> Result<(), SourceError> {
        out.clear();
        let at = at.min(self.len);
        let end = at.saturating_add(len as u64).min(self.len);
        if at == end {
            return Ok(());
        }
        let failed = |reason: String| {
            self.trouble.leave(&reason);
            Err(SourceError(reason))
        };
        match self.range(at, end) {
            // A file that was cut short after it was chosen gives fewer bytes in some browsers and an error in others.
            Ok(bytes) if u64::from(bytes.length()) == end - at => {
                out.resize(bytes.length() as usize, 0);
                bytes.copy_to(out);
                Ok(())
            }
            Ok(_) => failed(gone(&self.name, "it became shorter")),
            Err(error) => failed(gone(&self.name, &reason(&error))),
        }
    }
}

fn gone(name: &str, reason: &str) -> String {
    let name = if name.is_empty() { "The file" } else { name };
    format!(
        "{name} can no longer be read ({reason}). It may have been changed, moved or removed since it was chosen. Open it again."
    )
}

fn reason(error: &JsValue) -> String {
    error
        .dyn_ref::<js_sys::Error>()
        .map_or_else(|| "the browser gave no reason".to_owned(), |error| String::from(error.name()))
}
