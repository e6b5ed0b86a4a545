//! The browser's own dialogs for files and for a folder, behind two hidden fields.

use super::input;
use crate::engine::Input;
use crate::state::{Landing, Origin, Page, Tone};
use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::HtmlInputElement;

const FILES: &str = "pick-files";
const FOLDER: &str = "pick-folder";
const OTHER: &str = "pick-other";
/// More files than this in one folder are hardly meant.
const MOST: usize = 400;

fn press(id: &str) {
    let field = web_sys::window().and_then(|w| w.document()).and_then(|d| d.get_element_by_id(id));
    if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) {
        field.click();
    }
}

/// Opens the dialog for files. Only works from a key or a click.
pub(crate) fn open_file_dialog() {
    press(FILES);
}

/// Opens the dialog for a folder. Only works from a key or a click.
pub(crate) fn open_folder_dialog() {
    press(FOLDER);
}

/// Opens the dialog for a file to compare with: it becomes run B, or run A when `first`. Only works from a click.
pub(crate) fn open_other_dialog(first: bool) {
    FIRST.set(first);
    press(OTHER);
}

thread_local! {
    /// Whether the file that is being chosen becomes run A.
    static FIRST: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// The files chosen; the field is emptied, so that the same file can be chosen again.
fn chosen(event: &ev::Event) -> Vec<Input> {
    let Some(field) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else {
        return Vec::new();
    };
    let inputs = field.files().map_or_else(Vec::new, |files| {
        let files = (0..files.length()).filter_map(|index| files.get(index));
        files
            .map(|file| {
                let path = js_sys::Reflect::get(&file, &JsValue::from_str("webkitRelativePath"));
                let path = path.ok().and_then(|path| path.as_string());
                input(file, path)
            })
            .collect()
    });
    field.set_value("");
    inputs
}

/// Opens files that came from a folder: hidden ones are left out, and so is what exceeds a sane number.
pub(super) fn open_folder(page: Page, mut inputs: Vec<Input>) {
    inputs.retain(|input| !input.name.split('/').any(|part| part.starts_with('.')) && input.blob.size() > 0.0);
    inputs.sort_by(|a, b| a.name.cmp(&b.name));
    if inputs.is_empty() {
        return page.notify(Tone::Warning, "That folder holds no files.");
    }
    if inputs.len() > MOST {
        let text = format!("That folder holds {} files. The first {MOST} are opened, by name.", inputs.len());
        page.notify(Tone::Warning, text);
        inputs.truncate(MOST);
    }
    page.open_files(inputs, Origin::Local, Landing::default());
}

/// The hidden fields. Stands once in the page.
#[component]
pub(crate) fn FileDialogs() -> impl IntoView {
    let page = Page::get();
    let folder = NodeRef::<leptos::html::Input>::new();
    Effect::new(move |_| {
        if let Some(field) = folder.get() {
            // Not in the view's list of attributes, though every browser knows it.
            let _ = field.set_attribute("webkitdirectory", "");
        }
    });
    view! {
        <input
            id=FILES
            type="file"
            multiple
            hidden
            aria-label="Files to open"
            on:change=move |event| page.open_files(chosen(&event), Origin::Local, Landing::default())
        />
        <input
            id=OTHER
            type="file"
            hidden
            aria-label="File to compare with"
            on:change=move |event| page.compare_files(chosen(&event), FIRST.get())
        />
        <input
            id=FOLDER
            type="file"
            node_ref=folder
            hidden
            aria-label="Folder to open"
            on:change=move |event| open_folder(page, chosen(&event))
        />
    }
}
