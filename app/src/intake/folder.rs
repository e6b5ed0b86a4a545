//! Reading dropped folders: entries are walked with a list of what is still to do, never by recursion.

use super::input;
use crate::engine::Input;
use js_sys::{Array, Promise};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, FileSystemDirectoryEntry, FileSystemEntry, FileSystemFileEntry};

/// Deeper than this and more files than this are not looked for.
const MOST: usize = 2_000;

async fn file_of(entry: FileSystemFileEntry) -> Option<File> {
    let promise = Promise::new(&mut |resolve, reject| entry.file_with_callback_and_callback(&resolve, &reject));
    JsFuture::from(promise).await.ok()?.dyn_into().ok()
}

/// All entries of one folder: the browser hands them out in parts, an empty one at the end.
async fn entries_of(folder: FileSystemDirectoryEntry) -> Vec<FileSystemEntry> {
    let reader = folder.create_reader();
    let mut entries = Vec::new();
    while entries.len() < MOST {
        let promise = Promise::new(&mut |resolve, reject| {
            if reader.read_entries_with_callback_and_callback(&resolve, &reject).is_err() {
                let _ = reject.call0(&wasm_bindgen::JsValue::UNDEFINED);
            }
        });
        let Some(part) = JsFuture::from(promise).await.ok().and_then(|part| part.dyn_into::<Array>().ok()) else {
            break;
        };
        if part.length() == 0 {
            break;
        }
        entries.extend(part.iter().map(JsCast::unchecked_into::<FileSystemEntry>));
    }
    entries
}

/// The files below the entries dropped, with their paths.
pub(super) async fn files_below(entries: Vec<FileSystemEntry>) -> Vec<Input> {
    let mut todo = entries;
    let mut found = Vec::new();
    while let Some(entry) = todo.pop() {
        if found.len() >= MOST {
            break;
        }
        if entry.is_directory() {
            todo.extend(entries_of(entry.unchecked_into()).await);
        } else if entry.is_file() {
            let path = entry.full_path();
            if let Some(file) = file_of(entry.unchecked_into()).await {
                found.push(input(file, Some(path.trim_start_matches('/').to_owned())));
            }
        }
    }
    found
}
