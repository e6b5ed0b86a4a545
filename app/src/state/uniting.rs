//! Files that say more together, opened one after the other: a run and its pipeline come into one engine, where the run
//! is laid on the pipeline; two files of benchmarks come into one document, where they are compared.

use super::{Page, Tone, View, What};
use crate::engine::{Engine, Input};
use chaindebug_core::protocol::{DocumentView, Request, RunView};
use leptos::prelude::*;
use std::{rc::Rc, sync::Arc};

/// Larger files are not read a second time for this.
const MOST: u64 = 64 << 20;
/// Groups that are tried, the newest first.
const HOSTS: usize = 4;

/// Whether a document might hold the pipeline of these runs, or a run of this pipeline. The engine knows.
fn may_belong(open: &[Arc<DocumentView>], new: &DocumentView) -> bool {
    let alone = |document: &DocumentView| document.runs.iter().any(|run| run.pipeline.is_none());
    let pipelines = |document: &DocumentView| !document.pipelines.is_empty();
    (alone(new) && open.iter().any(|open| pipelines(open))) || (pipelines(new) && open.iter().any(|open| alone(open)))
}

/// The run that was found to follow a pipeline once the document at `place` was there: its document, and itself.
fn linked(documents: &[DocumentView], place: u32) -> Option<(u32, &RunView)> {
    let new = documents.iter().find(|document| document.document == place)?;
    let of = |document: &DocumentView, run: &RunView| {
        run.pipeline.is_some_and(|number| document.pipelines.iter().any(|pipeline| pipeline.pipeline == number))
    };
    let own = new.runs.iter().find(|run| run.pipeline.is_some() && !of(new, run));
    let others = documents.iter().filter(|document| document.document != place);
    own.map(|run| (place, run)).or_else(|| {
        let runs = others.flat_map(|document| document.runs.iter().map(move |run| (document.document, run)));
        runs.into_iter().find(|(_, run)| of(new, run))
    })
}

/// Whether two documents hold benchmarks that the engine compares.
fn comparable(open: &DocumentView, new: &DocumentView) -> bool {
    let one = |document: &DocumentView| {
        document.format == "ia-modules-benchmark"
            && document.sheets.len() == 1
            && document.sheets.iter().all(|sheet| sheet.name == "Benchmarks")
    };
    one(open) && one(new)
}

impl Page {
    /// Opens the file into the group of its pipeline, or of the run whose pipeline it is; whether it did.
    pub(super) async fn unite(self, group: u32, input: &Input, new: &DocumentView) -> bool {
        if new.bytes > MOST {
            return false;
        }
        let hosts: Vec<(u32, Engine)> = self.groups.with_untracked(|groups| {
            let fits = groups
                .iter()
                .rev()
                .filter(|host| host.id != group && host.trouble.is_none() && may_belong(&host.documents, new));
            fits.take(HOSTS).map(|host| (host.id, host.engine.clone())).collect()
        });
        for (host, engine) in hosts {
            let (_, opened) = engine.open(std::slice::from_ref(input), None, Rc::new(|_| {}));
            let Ok(documents) = opened.await else { continue };
            // A new document is put behind all others.
            let Some(place) = documents.iter().map(|document| document.document).max() else { continue };
            let Some((document, run)) = linked(&documents, place).map(|(document, run)| (document, run.clone())) else {
                let _ = engine.ask(&Request::Close { document: place }).await;
                self.ask_documents(host).await;
                continue;
            };
            self.set_documents(host, documents);
            self.keep_input(host, input);
            self.view.set(View::Pipeline);
            self.show(host, document, What::Run(run.run));
            self.notify(Tone::Info, format!("The run is shown on its pipeline. {}", run.pipeline_reason));
            return true;
        }
        false
    }

    /// Opens a file of benchmarks into the document of another one; whether it did.
    pub(super) async fn compare_benchmarks(self, group: u32, input: &Input, new: &DocumentView) -> bool {
        let host = self.groups.with_untracked(|groups| {
            groups.iter().rev().filter(|host| host.trouble.is_none()).find_map(|host| {
                let open = host
                    .documents
                    .iter()
                    .find(|open| comparable(open, new) && (host.id != group || open.document != new.document))?;
                Some((host.id, host.engine.clone(), open.document))
            })
        });
        let Some((host, engine, position)) = host else { return false };
        let (_, opened) = engine.open(std::slice::from_ref(input), Some(position), Rc::new(|_| {}));
        match opened.await {
            Ok(documents) => {
                self.set_documents(host, documents);
                if host != group {
                    self.keep_input(host, input);
                }
                self.show(host, position, What::Nothing);
                true
            }
            Err(failure) => {
                self.notify(Tone::Warning, format!("{} could not be compared. {failure}", input.name));
                false
            }
        }
    }

    /// The file belongs to the group from now on: it is opened with it again.
    pub(super) fn keep_input(self, group: u32, input: &Input) {
        self.groups.update(|groups| {
            if let Some(found) = groups.iter_mut().find(|found| found.id == group) {
                found.inputs.push(input.clone());
            }
        });
    }

    /// Shows a run that follows a pipeline on it: what a person who opens both wants to see first.
    pub(super) fn show_on_pipeline(self) {
        if self.view.get_untracked() == View::Flow && untrack(|| self.followed()).is_some() {
            self.view.set(View::Pipeline);
        }
    }
}
