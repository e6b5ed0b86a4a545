//! Files on the disk that the browser lets us write back to: kept beside the blobs they were read as, where the
//! browser hands them out.

use js_sys::{Function, Promise, Reflect, WeakMap};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, DataTransferItem};

thread_local! {
    /// From a blob to the promise of its `FileSystemHandle`. Weak: it goes with the blob.
    static HANDLES: WeakMap = WeakMap::new();
}

/// Remembers the file that an item of a drop is. Only works while the event lasts.
pub(super) fn remember(item: &DataTransferItem, blob: &Blob) {
    let asked = Reflect::get(item, &"getAsFileSystemHandle".into())
        .ok()
        .and_then(|ask| ask.dyn_into::<Function>().ok())
        .and_then(|ask| ask.call0(item).ok())
        .and_then(|promise| promise.dyn_into::<Promise>().ok());
    if let Some(promise) = asked {
        // Where the browser refuses, saving finds out when it waits for this; until then nobody is told.
        let quiet = wasm_bindgen::closure::Closure::<dyn FnMut(JsValue)>::once_into_js(|_: JsValue| {});
        let _ = Reflect::get(&promise, &"catch".into())
            .ok()
            .and_then(|catch| catch.dyn_into::<Function>().ok())
            .and_then(|catch| catch.call1(&promise, &quiet).ok());
        HANDLES.with(|handles| handles.set(blob, &promise));
    }
}

/// Remembers the file on the disk that a blob was read from.
pub(crate) fn keep_file(blob: &Blob, handle: &JsValue) {
    HANDLES.with(|handles| handles.set(blob, &Promise::resolve(handle)));
}

/// The file on the disk that a blob was read from, where the browser has handed it out.
pub(crate) async fn file_of(blob: &Blob) -> Option<JsValue> {
    let promise = HANDLES.with(|handles| handles.get(blob)).dyn_into::<Promise>().ok()?;
    let handle = JsFuture::from(promise).await.ok()?;
    let file = Reflect::get(&handle, &"kind".into()).is_ok_and(|kind| kind == "file");
    file.then_some(handle)
}
