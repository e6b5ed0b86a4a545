//! Files opened into the engine of other files, as documents of their own: what is compared must be in one engine.

use super::{Group, Origin, Page, Tone};
use crate::engine::Input;
use chaindebug_core::protocol::{Answer, DocumentView, Request};
use leptos::prelude::*;
use std::sync::Arc;
use wasm_bindgen::JsValue;
use web_sys::Blob;

/// The inputs that a document was read from, in their order.
fn inputs_of(group: &Group, document: &DocumentView) -> Vec<Input> {
    let names: Vec<&String> =
        if document.files.is_empty() { vec![&document.file] } else { document.files.iter().collect() };
    // Several files of one name are told apart by their order.
    let earlier = group.documents.iter().filter(|other| other.document < document.document);
    let earlier = earlier.filter(|other| other.files.is_empty() && other.file == document.file).count();
    let mut found = Vec::new();
    for name in names {
        let mut alike = group.inputs.iter().filter(|input| input.name == *name);
        let skip = if document.files.is_empty() { earlier } else { 0 };
        found.extend(alike.nth(skip).cloned());
    }
    found
}

impl Page {
    /// Opens files into the engine of a group and gives the documents they became. Each can be cancelled; what cannot be
    /// read is said.
    pub(crate) async fn open_beside(self, host: u32, inputs: &[Input], origin: &Origin) -> Vec<u32> {
        let mut places = Vec::new();
        let Some(engine) = self.engine_of(host) else { return places };
        let opening = self.fresh();
        let Some(first) = inputs.first() else { return places };
        self.begin_opening(opening, first.name.clone(), inputs.len());
        for (position, input) in (1..).zip(inputs) {
            let start = |progress| engine.open(std::slice::from_ref(input), None, progress);
            match self.read(opening, &engine, &input.name, (position, inputs.len()), &start).await {
                Ok(documents) => {
                    // A new document is put behind all others.
                    let Some(place) = documents.iter().map(|document| document.document).max() else { continue };
                    self.groups.update(|groups| {
                        if let Some(found) = groups.iter_mut().find(|group| group.id == host) {
                            found.inputs.push(input.clone());
                            found.brought.push((place, origin.clone()));
                        }
                    });
                    self.set_documents(host, documents);
                    places.push(place);
                }
                Err(failure) if self.tell_unread(&input.name, &failure) => {}
                Err(_) => break,
            }
        }
        self.end_opening(opening);
        places
    }

    /// Brings a document of one group into the engine of another, and closes it where it was, unless something else there
    /// needs it. Gives its new number.
    pub(crate) async fn bring(self, host: u32, from: u32, document: u32) -> Option<u32> {
        let (view, mut inputs) = self.groups.with_untracked(|groups| {
            let group = groups.iter().find(|group| group.id == from)?;
            let view = group.document(document)?.clone();
            let inputs = inputs_of(group, &view);
            Some((view, inputs))
        })?;
        let dry = self.workbench.dry.with_untracked(|dry| dry.contains(&(from, document)));
        let origin = self.origin_of(from, document).unwrap_or(Origin::Local);
        if dry || inputs.is_empty() {
            inputs = vec![self.as_file(from, &view).await?];
        }
        let (first, rest) = inputs.split_first()?;
        let place = self.open_beside(host, std::slice::from_ref(first), &origin).await.into_iter().next()?;
        self.reading.say_again(self, (from, document), (host, place)).await;
        for input in rest {
            self.open_into(host, input, place).await;
        }
        if !dry && view.pipelines.is_empty() {
            self.close_document(from, document);
        }
        Some(place)
    }

    /// A document that is no file as one: the record of a dry run.
    pub(crate) async fn as_file(self, group: u32, view: &Arc<DocumentView>) -> Option<Input> {
        let text = match self.ask_of(group, Request::DocumentText { document: view.document }).await {
            Ok(Answer::Text { text }) => text,
            Ok(_) => return None,
            Err(failure) => {
                self.tell_failure(&failure);
                return None;
            }
        };
        let parts = js_sys::Array::of1(&JsValue::from_str(&text));
        let blob = Blob::new_with_str_sequence(&parts).ok()?;
        Some(Input { name: view.file.clone(), blob, modified: None })
    }

    /// Opens a file with more of a document that is open.
    async fn open_into(self, host: u32, input: &Input, document: u32) {
        let Some(engine) = self.engine_of(host) else { return };
        let (_, opened) = engine.open(std::slice::from_ref(input), Some(document), std::rc::Rc::new(|_| {}));
        match opened.await {
            Ok(documents) => {
                self.set_documents(host, documents);
                self.keep_input(host, input);
            }
            Err(failure) => self.notify(Tone::Warning, format!("{} could not be read. {failure}", input.name)),
        }
    }

    /// Where the file of a document came from; `None` for a dry run, which is no file.
    pub(crate) fn origin_of(self, group: u32, document: u32) -> Option<Origin> {
        if self.workbench.dry.with(|dry| dry.contains(&(group, document))) {
            return None;
        }
        self.groups.with(|groups| {
            let group = groups.iter().find(|one| one.id == group)?;
            let brought = group.brought.iter().find(|(place, _)| *place == document);
            Some(brought.map_or_else(|| group.origin.clone(), |(_, origin)| origin.clone()))
        })
    }

    /// An open file that is the same and unchanged: its group and document.
    pub(crate) fn open_already(self, input: &Input) -> Option<(u32, Arc<DocumentView>)> {
        self.groups.with_untracked(|groups| {
            let same = |group: &&Group| group.trouble.is_none() && group.inputs.iter().any(|one| one.same(input));
            let group = groups.iter().find(same)?;
            let named = |document: &DocumentView| document.file == input.name || document.files.contains(&input.name);
            let document = group.documents.iter().find(|document| named(document))?;
            Some((group.id, document.clone()))
        })
    }
}
