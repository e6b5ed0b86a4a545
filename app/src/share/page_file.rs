//! One HTML file: the page and the engine as the build has put them together, filled with what is open.

use super::making::{Made, blob_of, files, joined, packed, said, state};
use super::state::{Outcome, Share, Shared};
use crate::place::{Place, supplied};
use crate::samples::{beside, blob};
use crate::text::bytes;
use crate::widgets::copy::{download_blob, file_name};
use chaindebug_core::source::one_file;
use js_sys::Array;
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

/// The panel.
#[component]
pub(super) fn FilePanel() -> impl IntoView {
    let share = Share::get();
    let save = move |_| {
        let Some(shared) = share.shared.get_untracked() else { return };
        share.outcome.set(None);
        share.busy.set("Writing…".to_owned());
        spawn_local(async move {
            let outcome = saved(share, &shared).await.unwrap_or_else(Outcome::failed);
            if !outcome.failed {
                share.page.handed_on.set(true);
            }
            share.busy.set(String::new());
            share.outcome.set(Some(outcome));
        });
    };
    view! {
        <p>
            "The run, the page and the engine in one file. It opens by a double click, without a network, where you stand now. \
             Dropped on ChainDebug it gives the run back."
        </p>
        <div class="acts">
            <button
                type="button"
                class="primary"
                prop:disabled=move || !share.ready() || !share.busy.with(String::is_empty)
                on:click=save
            >
                "Save HTML file"
            </button>
        </div>
    }
}

async fn saved(share: Share, shared: &Shared) -> Result<Outcome, String> {
    let address = untrack(|| state(share, shared));
    let files = files(share, shared, usize::MAX).await?.unwrap_or_default();
    let page = page_of(&shared.title, &address.format(), &files).await?;
    let name =
        file_name(shared.file.split('.').next().unwrap_or_default(), "chaindebug", false).replace(".txt", ".html");
    if !download_blob(&name, &page) {
        return Err("The browser refused the download.".to_owned());
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // A size in bytes.
    let size = bytes(page.size() as u64);
    let notes = files.iter().flat_map(|made| made.notes.clone()).collect();
    let report = joined(files.into_iter().filter_map(|made| made.report));
    Ok(Outcome { said: format!("{name} was saved, {size}."), failed: false, notes, report })
}

/// The file.
async fn page_of(title: &str, state: &str, files: &[Made]) -> Result<Blob, String> {
    let frame = frame().await?;
    let (before, after) =
        one_file::frame(&frame).ok_or("The page's own file is not what it should be: it was changed.")?;
    let title = format!("{title} · ChainDebug");
    let parts = Array::of2(&before.into(), &one_file::opening(&title, state.trim_start_matches('#')).into());
    for made in files {
        parts.push(&one_file::file(&made.name, &packed(&made.blob).await?).into());
    }
    parts.push(&after.into());
    blob_of(&parts, "text/html;charset=utf-8")
}

/// The file without a run: the page itself where it is one, else from beside the page.
async fn frame() -> Result<String, String> {
    if let Some(own) = supplied("frame").filter(|_| Place::here() == Place::File) {
        let text = JsFuture::from(own).await.map_err(|error| said(&error))?;
        return text.as_string().ok_or_else(|| "The page could not be read.".to_owned());
    }
    let missing = |error: String| format!("The page as one file could not be fetched: {error}.");
    let fetched = blob(&beside("chaindebug.html").map_err(missing)?).await.map_err(missing)?;
    super::making::text_of(&fetched).await
}
