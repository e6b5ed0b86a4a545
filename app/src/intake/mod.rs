//! Ways for files into the page: drop, dialogs, paste. What happens with them is `Page::open_files`.

mod dialogs;
mod drop;
mod folder;
mod handles;
mod paste;

pub(crate) use dialogs::{FileDialogs, open_file_dialog, open_folder_dialog, open_other_dialog};
pub(crate) use drop::DropTarget;
pub(crate) use handles::{file_of, keep_file};
pub(crate) use paste::{listen_for_paste, paste_from_clipboard};

use crate::engine::Input;
use web_sys::File;

/// A file under the name it should have on the page.
pub(crate) fn input(file: File, name: Option<String>) -> Input {
    let name = name.filter(|name| !name.is_empty()).unwrap_or_else(|| file.name());
    Input { name, modified: Some(file.last_modified()), blob: file.into() }
}
