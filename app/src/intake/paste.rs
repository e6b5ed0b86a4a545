//! Pasted text and pasted files.

use super::input;
use crate::engine::Input;
use crate::state::{Landing, Origin, Page, Tone};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

/// Opens text as a file without a name.
fn open_text(page: Page, text: &str) {
    if text.trim().is_empty() {
        return page
            .notify(Tone::Warning, "The clipboard holds no text. Copy a trace or a pipeline, then paste again.");
    }
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    match Blob::new_with_str_sequence(&parts) {
        Ok(blob) => {
            let input = Input { name: "pasted text".to_owned(), blob, modified: None };
            page.open_files(vec![input], Origin::Local, Landing::default());
        }
        Err(_) => {
            page.notify(Tone::Error, "The pasted text is too large for the browser. Save it as a file and drop it.");
        }
    }
}

/// Listens for Ctrl+V anywhere but in a field.
pub(crate) fn listen_for_paste(page: Page) {
    let listener = window_event_listener_untyped("paste", move |event| {
        let Ok(event) = event.dyn_into::<web_sys::ClipboardEvent>() else { return };
        if crate::shell::typing(&event) {
            return;
        }
        let Some(data) = event.clipboard_data() else { return };
        event.prevent_default();
        let files: Vec<Input> = data.files().map_or_else(Vec::new, |files| {
            (0..files.length()).filter_map(|index| files.get(index)).map(|file| input(file, None)).collect()
        });
        if files.is_empty() {
            open_text(page, &data.get_data("text/plain").unwrap_or_default());
        } else {
            page.open_files(files, Origin::Local, Landing::default());
        }
    });
    on_cleanup(move || listener.remove());
}

/// Reads the clipboard from a button. Browsers may ask first, or refuse: then the key does it.
pub(crate) fn paste_from_clipboard(page: Page) {
    spawn_local(async move {
        let text = match web_sys::window().map(|window| window.navigator()) {
            // Pages served over plain http have no `navigator.clipboard`; the binding would hand out `undefined`.
            Some(navigator)
                if js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|found| found.is_object()) =>
            {
                JsFuture::from(navigator.clipboard().read_text()).await.ok().and_then(|text| text.as_string())
            }
            _ => None,
        };
        match text {
            Some(text) => open_text(page, &text),
            None => {
                page.notify(Tone::Info, "The browser does not let a button read the clipboard. Press Ctrl+V instead.");
            }
        }
    });
}
