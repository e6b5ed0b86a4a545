//! Two definitions laid on each other: which two, and what came of it. Choosing them is in `choosing` and `landing`.

use crate::engine::{Engine, Failure, Newest};
use crate::state::{Page, What};
use chaindebug_core::protocol::{Answer, DocumentView, PipelineComparison, PipelineView, Request, Scenario, Target};
use leptos::{prelude::*, task::spawn_local};
use std::sync::Arc;

/// A pipeline of an open document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Definition {
    /// Which engine: [`crate::state::Group::id`].
    pub(super) group: u32,
    /// Document, counted in the session.
    pub(super) document: u32,
    /// Pipeline, counted in the session.
    pub(super) pipeline: u32,
}

/// The comparison of two definitions. `Copy`; one for the page, in [`Page::changes`].
#[derive(Clone, Copy)]
pub(crate) struct Changes {
    /// What is compared, A and B; `None` while none are.
    pub(crate) pair: RwSignal<Option<(Definition, Definition)>>,
    /// What came of it.
    pub(super) view: RwSignal<Option<Arc<PipelineComparison>>>,
    /// Why nothing did.
    pub(super) failed: RwSignal<Option<String>>,
    asked: Newest,
}

/// What the effects are shown with: the scenarios of the pipeline shown, and what it is meant to run on.
#[derive(Clone, PartialEq)]
pub(super) struct Tried {
    pub(super) target: Target,
    pub(super) scenarios: Vec<Scenario>,
}

impl Changes {
    pub(crate) fn new() -> Changes {
        Changes {
            pair: RwSignal::new(None),
            view: RwSignal::new(None),
            failed: RwSignal::new(None),
            asked: Newest::new(),
        }
    }

    /// Ends it: what is shown is the page's subject again.
    pub(crate) fn end(self) {
        if self.pair.get_untracked().is_some() {
            self.asked.begin();
            self.pair.set(None);
            self.view.set(None);
            self.failed.set(None);
        }
    }

    /// Compares the two, with scenarios.
    pub(super) fn ask(self, page: Page, (a, b): (Definition, Definition), tried: Tried) {
        let turn = self.asked.begin();
        self.failed.set(None);
        spawn_local(async move {
            let answer = compare(page, a, b, tried).await;
            if !self.asked.is(turn) {
                return;
            }
            match answer {
                Ok(view) => self.view.set(Some(Arc::new(view))),
                Err(failure) => {
                    self.view.set(None);
                    self.failed.set(Some(failure.message));
                }
            }
        });
    }
}

/// Asks the engine of A. What is in another engine is laid into that one for as long as it takes.
async fn compare(page: Page, a: Definition, b: Definition, tried: Tried) -> Result<PipelineComparison, Failure> {
    let engine = page.engine_of(a.group).ok_or_else(Failure::closed)?;
    let copied = if b.group == a.group { None } else { Some(copy(page, &engine, b).await?) };
    let number = copied.map_or(b.pipeline, |(_, pipeline)| pipeline);
    let Tried { target, scenarios } = tried;
    let answer = engine.ask(&Request::ComparePipelines { a: a.pipeline, b: number, target, scenarios }).await;
    if let Some((document, _)) = copied {
        let _ = engine.ask(&Request::Close { document }).await;
        page.ask_documents(a.group).await;
    }
    match answer? {
        Answer::PipelineComparison(view) => Ok(*view),
        _ => {
            Err(Failure::new(crate::engine::FailureKind::Refused, "The engine gave another answer than was asked for."))
        }
    }
}

/// A definition as it is now, in another engine: its document and its number there.
async fn copy(page: Page, engine: &Engine, of: Definition) -> Result<(u32, u32), Failure> {
    let view = untrack(|| page.defined(of)).map(|(view, _)| view).ok_or_else(Failure::closed)?;
    let at = view.pipelines.iter().position(|one| one.pipeline == of.pipeline).ok_or_else(Failure::closed)?;
    let input = page.as_file(of.group, &view).await.ok_or_else(Failure::closed)?;
    let (_, opened) = engine.open(std::slice::from_ref(&input), None, std::rc::Rc::new(|_| {}));
    let documents = opened.await?;
    // A new document is put behind all others.
    let new = documents.into_iter().max_by_key(|document| document.document).ok_or_else(Failure::closed)?;
    match new.pipelines.get(at) {
        Some(one) => Ok((new.document, one.pipeline)),
        None => {
            let _ = engine.ask(&Request::Close { document: new.document }).await;
            Err(Failure::new(
                crate::engine::FailureKind::Refused,
                format!("{} holds no pipeline as it is now: mend its text first.", view.file),
            ))
        }
    }
}

impl Page {
    /// The document and the pipeline of a definition, while it is open.
    pub(super) fn defined(self, of: Definition) -> Option<(Arc<DocumentView>, PipelineView)> {
        self.groups.with(|groups| {
            let document =
                groups.iter().find(|one| one.id == of.group && one.trouble.is_none())?.document(of.document)?;
            let pipeline = document.pipelines.iter().find(|one| one.pipeline == of.pipeline)?;
            Some((document.clone(), pipeline.clone()))
        })
    }

    /// The definition shown.
    pub(super) fn definition(self) -> Option<Definition> {
        let subject = self.subject.get()?;
        Some(Definition { group: subject.group, document: subject.document, pipeline: subject.pipeline()? })
    }

    /// Lays definition B on A and shows that.
    pub(super) fn lay_definitions(self, a: Definition, b: Definition) {
        self.comparing.end();
        self.many.end();
        self.changes.view.set(None);
        self.changes.failed.set(None);
        self.changes.pair.set(Some((a, b)));
    }

    /// Goes to one of the two.
    pub(super) fn show_definition(self, of: Definition) {
        self.changes.end();
        self.show(of.group, of.document, What::Pipeline(of.pipeline));
    }
}
