//! The bytes that leave: what the engine writes, or the files as they were opened.

use super::packing::{bytes_of, gzip};
use super::state::{Share, Shared};
use crate::address::Address;
use crate::shell::link;
use crate::state::View;
use chaindebug_core::protocol::{Answer, ExportFormat, ExportView, Exported, Redaction, RedactionReport, Request};
use js_sys::Array;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::{Blob, BlobPropertyBag};

/// Something that can leave.
pub(super) struct Made {
    /// How its file is called.
    pub(super) name: String,
    /// Its bytes.
    pub(super) blob: Blob,
    /// What the format cannot hold.
    pub(super) notes: Vec<String>,
    /// What was replaced.
    pub(super) report: Option<RedactionReport>,
}

pub(super) fn said(error: &JsValue) -> String {
    let text = error.as_string().unwrap_or_else(|| String::from(js_sys::Object::from(error.clone()).to_string()));
    format!("The browser could not do it: {text}.")
}

/// Bytes of a type, from parts.
pub(super) fn blob_of(parts: &Array, media: &str) -> Result<Blob, String> {
    let options = BlobPropertyBag::new();
    options.set_type(media);
    Blob::new_with_blob_sequence_and_options(parts, &options).map_err(|error| said(&error))
}

/// Lets the engine write something, piece by piece. With a limit it ends with `None` as soon as there is more.
pub(super) async fn exported(
    share: Share,
    group: u32,
    what: Exported,
    redact: Option<Redaction>,
    limit: usize,
) -> Result<Option<Made>, String> {
    let (parts, mut from, mut size) = (Array::new(), None, 0_usize);
    loop {
        let request = Request::Export { what: Box::new(what.clone()), redact: redact.clone(), from };
        let view: ExportView = match share.page.ask_of(group, request).await {
            Ok(Answer::Export(view)) => *view,
            Ok(_) => return Err("The engine answered something else.".to_owned()),
            Err(failure) => return Err(failure.message),
        };
        size += view.text.len();
        if size > limit {
            return Ok(None);
        }
        parts.push(&view.text.into());
        from = view.next;
        if from.is_none() {
            let (name, notes, report) = (view.file, view.notes, view.report);
            return Ok(Some(Made { name, blob: blob_of(&parts, &view.media)?, notes, report }));
        }
        if !share.busy.with_untracked(String::is_empty) {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // From 0 to 1.
            share.busy.set(format!("Writing… {} %", (view.progress * 100.0) as u32));
        }
    }
}

/// The files that are handed on so that they can be opened again; `None` when they hold more than `limit` bytes.
pub(super) async fn files(share: Share, shared: &Shared, limit: usize) -> Result<Option<Vec<Made>>, String> {
    let redact = untrack(|| share.redaction());
    let one = |made: Option<Made>| Ok(made.map(|made| vec![made]));
    if shared.pipeline.is_some() {
        let what = Exported { to: ExportFormat::Text, document: Some(shared.document), ..Exported::default() };
        let Some(pipeline) = exported(share, shared.group, what, redact.clone(), limit).await? else { return Ok(None) };
        let Some((name, text)) = share.scenarios(shared).await else { return Ok(Some(vec![pipeline])) };
        let name = if redact.is_some() { "redacted.scenarios.json".to_owned() } else { name };
        let what = Exported { to: ExportFormat::Text, text: Some(text), ..Exported::default() };
        let scenarios = exported(share, shared.group, what, redact, limit).await?;
        return Ok(scenarios.map(|made| {
            vec![pipeline, Made { name, notes: vec!["Its scenarios go with the pipeline.".to_owned()], ..made }]
        }));
    }
    if redact.is_none()
        && shared.all
        && let Some(files) = sources(share, shared)
    {
        let size: f64 = files.iter().map(|made| made.blob.size()).sum();
        #[allow(clippy::cast_precision_loss)] // A limit, not a sum.
        return Ok((size <= limit as f64).then_some(files));
    }
    let what = Exported { to: ExportFormat::Jsonl, runs: shared.runs.clone(), ..Exported::default() };
    one(exported(share, shared.group, what, redact, limit).await?)
}

/// The files a document was read from, as they were opened; `None` when they are not at hand one by one.
fn sources(share: Share, shared: &Shared) -> Option<Vec<Made>> {
    share.page.groups.with_untracked(|groups| {
        let group = groups.iter().find(|group| group.id == shared.group)?;
        let document = group.document(shared.document)?;
        // A document of one file names it, and lists none.
        let alone = std::slice::from_ref(&document.file);
        let names = if document.files.is_empty() { alone } else { &document.files };
        let of = |name: &String| {
            let input = group.inputs.iter().find(|input| input.name == *name)?;
            Some(Made { name: input.name.clone(), blob: input.blob.clone(), notes: Vec::new(), report: None })
        };
        names.iter().map(of).collect::<Option<Vec<Made>>>().filter(|files| !files.is_empty())
    })
}

/// What was replaced in several files that leave together. All are looked through at once, so each report counts all; the
/// second look is at each file.
pub(super) fn joined(reports: impl Iterator<Item = RedactionReport>) -> Option<RedactionReport> {
    reports.reduce(|mut all, one| {
        all.clean &= one.clean;
        all.remaining.extend(one.remaining);
        all
    })
}

/// Where to stand in what is handed on: the address as it is, with what is shown named in it.
pub(super) fn state(share: Share, shared: &Shared) -> Address {
    let page = share.page;
    let mut address = Address { target: None, theme: None, ..link::now(page) };
    address.view = Some(page.view.get()).filter(|view| *view != View::Flow || page.followed().is_some());
    let id = |run: u32| {
        page.groups.with(|groups| {
            let group = groups.iter().find(|group| group.id == shared.group)?;
            let runs = group.documents.iter().flat_map(|document| &document.runs);
            runs.clone().find(|one| one.run == run).map(|one| one.id.clone()).filter(|id| !id.is_empty())
        })
    };
    if shared.compared {
        let pair = (shared.runs.first().copied().and_then(id), shared.runs.last().copied().and_then(id));
        let mut laid = address.laid.take().unwrap_or_default();
        // Both runs are in one file, A first.
        (laid.target, laid.a_nth) = (None, 0);
        laid.b_nth = u32::from(pair.0 == pair.1 || pair.1.is_none());
        (laid.run, laid.options) = (pair.1, page.comparing.options.get());
        laid.item = page.comparing.cursor.with(|cursor| cursor.as_ref().map(|cursor| cursor.item));
        (address.run, address.at, address.laid) = (pair.0, None, Some(laid));
        return address;
    }
    if page.many.group.with(Option::is_some) {
        (address.many, address.at) = (true, None);
        return address;
    }
    address.run = match shared.pipeline {
        Some(_) => Some(shared.title.clone()),
        None => page.run.with(|run| run.as_ref().map(|run| run.id.clone())).filter(|id| !id.is_empty()),
    };
    address.at = page.cursor.with(|cursor| cursor.as_ref().map(|cursor| cursor.moment)).filter(|&at| at > 0);
    address
}

/// A file in gzip.
pub(super) async fn packed(blob: &Blob) -> Result<Vec<u8>, String> {
    gzip(blob).await.map_err(|error| said(&error))
}

/// Text of a blob, for the clipboard.
pub(super) async fn text_of(blob: &Blob) -> Result<String, String> {
    let bytes = bytes_of(blob).await.map_err(|error| said(&error))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
