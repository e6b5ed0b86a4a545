//! Taking runs out again: of an address that holds them, of one HTML file that is dropped, and of the one HTML file that
//! the page is.

use super::packing::{bytes_of, gunzip};
use crate::address::{Address, Given};
use crate::engine::Input;
use crate::place::Place;
use crate::shell::settle;
use crate::state::{Landing, Origin, Page, Tone};
use chaindebug_core::base64;
use chaindebug_core::source::one_file::{self, Kept};
use leptos::task::spawn_local;

/// The files in an address. An error is a sentence for a person.
pub(crate) async fn given_inputs(files: &[Given]) -> Result<Vec<Input>, String> {
    let damaged = || {
        "This link is damaged: the run in it cannot be unpacked. Chats and mail programs cut and change long links; ask for \
         the link in a file, or for one HTML file instead."
            .to_owned()
    };
    let mut inputs = Vec::new();
    for file in files {
        let bytes = base64::decode(&file.data).ok_or_else(damaged)?;
        let blob = gunzip(&bytes).await.map_err(|_| damaged())?;
        // The same link leads to the same file.
        inputs.push(Input { name: file.name.clone(), blob, modified: Some(0.0) });
    }
    Ok(inputs)
}

impl Page {
    /// Opens the files in an address.
    pub(crate) fn open_given(self, files: Vec<Given>, landing: Landing) {
        spawn_local(async move {
            match given_inputs(&files).await {
                Ok(inputs) => self.open_files(inputs, Origin::Given(files), landing),
                Err(message) => self.notify(Tone::Error, message),
            }
        });
    }

    /// Opens what the page holds, where it is one HTML file. Call it once, in the shell.
    pub(crate) fn open_kept(self) {
        if Place::here() != Place::File {
            return;
        }
        let window = web_sys::window();
        let head = window.as_ref().and_then(web_sys::Window::document).and_then(|document| document.head());
        let hash = window.and_then(|window| window.location().hash().ok()).unwrap_or_default();
        // The element as text, which begins as the file does.
        let text = head.map(|head| format!("<!doctype html>{}", head.inner_html())).unwrap_or_default();
        let Some(kept) = one_file::read(text.as_bytes()).filter(|kept| !kept.files.is_empty()) else { return };
        // The file was saved at a step; where somebody has gone on since stands in the address.
        let said = Address::parse(&hash).unwrap_or_default();
        let mut address = Address::parse(&kept.state).unwrap_or_default();
        if said.run.is_some() {
            (address.run, address.at, address.laid, address.many) = (said.run, said.at, said.laid, said.many);
        }
        address.view = said.view.or(address.view);
        let landing = settle(self, &address);
        spawn_local(async move {
            match inputs_of(&kept, Some(0.0)).await {
                Ok(inputs) => self.open_files(inputs, Origin::Kept, landing),
                Err(name) => {
                    self.notify(Tone::Error, format!("{name} in this file is damaged and cannot be unpacked."));
                }
            }
        });
    }
}

/// The files that one HTML file holds; the name of the one that is damaged when there is such a one.
async fn inputs_of(kept: &Kept, modified: Option<f64>) -> Result<Vec<Input>, String> {
    let mut inputs = Vec::new();
    for file in &kept.files {
        let blob = gunzip(&file.gzip).await.map_err(|_| file.name.clone())?;
        inputs.push(Input { name: file.name.clone(), blob, modified });
    }
    Ok(inputs)
}

/// Files as they are, and in the place of our own HTML files what they hold; with where to stand, when one of them says.
/// What is damaged or newer goes to the engine as it is, which says so.
pub(crate) async fn unwrapped(page: Page, inputs: Vec<Input>, mut landing: Landing) -> (Vec<Input>, Landing) {
    let mut plain = Vec::new();
    for input in inputs {
        match held(&input).await {
            Some((state, inside)) => {
                if landing == Landing::default() {
                    landing = settle(page, &state);
                }
                // The same HTML file once more is what it holds, once more.
                plain.extend(page.without_those_open(inside));
            }
            None => plain.push(input),
        }
    }
    (plain, landing)
}

/// What an HTML file of ours holds, and where it stands.
async fn held(input: &Input) -> Option<(Address, Vec<Input>)> {
    #[allow(clippy::cast_precision_loss)] // A few thousand.
    let head = input.blob.slice_with_f64_and_f64(0.0, one_file::HEAD as f64).ok()?;
    if !one_file::is_one(&bytes_of(&head).await.ok()?) {
        return None;
    }
    let kept = one_file::read(&bytes_of(&input.blob).await.ok()?).filter(|kept| !kept.cut && !kept.files.is_empty())?;
    let inputs = inputs_of(&kept, input.modified).await.ok()?;
    Some((Address::parse(&kept.state).unwrap_or_default(), inputs))
}
