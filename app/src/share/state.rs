//! What is shared and how, and what the engine found in it.

use crate::engine::Newest;
use crate::shell::link;
use crate::state::{Page, Subject, What};
use chaindebug_core::protocol::{Answer, OwnPattern, Redaction, RedactionReport, Request, ScanView};
use leptos::{prelude::*, task::spawn_local};

/// The way something leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// A link, with the run in it where that is possible.
    Link,
    /// One HTML file.
    File,
    /// Other formats.
    Export,
}

/// What is shared, as the page stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Shared {
    /// Whose engine.
    pub(super) group: u32,
    /// The document shown.
    pub(super) document: u32,
    /// Runs, counted in the session; of two that are compared A first.
    pub(super) runs: Vec<u32>,
    /// The pipeline, when one is shown and no run.
    pub(super) pipeline: Option<u32>,
    /// Whether the runs are laid on each other.
    pub(super) compared: bool,
    /// Whether what is shared is all the document holds, so that its own bytes can be handed on.
    pub(super) all: bool,
    /// Name of the document's file, without folders.
    pub(super) file: String,
    /// What it is called for people.
    pub(super) title: String,
}

/// What came of the last act.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Outcome {
    /// What was done, or why it could not be.
    pub(super) said: String,
    /// Whether that is a failure.
    pub(super) failed: bool,
    /// What the format cannot hold.
    pub(super) notes: Vec<String>,
    /// What was replaced.
    pub(super) report: Option<RedactionReport>,
}

impl Outcome {
    pub(super) fn failed(said: impl Into<String>) -> Outcome {
        Outcome { said: said.into(), failed: true, ..Outcome::default() }
    }
}

/// The state of the dialog. `Copy`: take it from context with [`Share::get`].
#[derive(Clone, Copy)]
pub(crate) struct Share {
    pub(super) page: Page,
    pub(super) open: RwSignal<bool>,
    pub(super) way: RwSignal<Way>,
    /// Whether what was found is replaced. It is, until somebody says otherwise.
    pub(super) redact: RwSignal<bool>,
    /// Whether all runs of the document go, and not only the one shown.
    pub(super) whole: RwSignal<bool>,
    /// What is shared. Follows the page, and the choice above.
    pub(super) shared: Memo<Option<Shared>>,
    /// Whether a link is to hold the run, where one to its address would do.
    pub(super) carry: RwSignal<bool>,
    /// Whether a link to the page leads to what is shown without holding it.
    pub(super) addressed: Memo<bool>,
    /// How far the engine has looked, and what it found.
    pub(super) scan: RwSignal<Option<Result<ScanView, String>>>,
    /// Kinds that stay.
    pub(super) off: RwSignal<Vec<String>>,
    /// Finds that stay, by their number in the scan.
    pub(super) keep: RwSignal<Vec<u32>>,
    pub(super) patterns: RwSignal<Vec<OwnPattern>>,
    /// What is being made; empty when nothing is.
    pub(super) busy: RwSignal<String>,
    pub(super) outcome: RwSignal<Option<Outcome>>,
    scanning: Newest,
}

impl Share {
    /// Makes the one there is. Call it once, in the shell.
    pub(crate) fn provide(page: Page) {
        let whole = RwSignal::new(false);
        let share = Share {
            page,
            open: RwSignal::new(false),
            way: RwSignal::new(Way::Link),
            redact: RwSignal::new(true),
            whole,
            shared: Memo::new(move |_| shared(page, whole.get())),
            carry: RwSignal::new(false),
            addressed: Memo::new(move |_| leads_to_an_address(page)),
            scan: RwSignal::new(None),
            off: RwSignal::new(Vec::new()),
            keep: RwSignal::new(Vec::new()),
            patterns: RwSignal::new(Vec::new()),
            busy: RwSignal::new(String::new()),
            outcome: RwSignal::new(None),
            scanning: Newest::new(),
        };
        provide_context(share);
        Effect::new(move |_| {
            if share.open.get() && share.carries() {
                share.look();
            }
        });
    }

    /// The dialog's state, from context.
    pub(crate) fn get() -> Share {
        expect_context::<Share>()
    }

    /// Opens the dialog.
    pub(crate) fn show(self) {
        self.outcome.set(None);
        self.whole.set(false);
        self.redact.set(true);
        self.carry.set(false);
        self.open.set(true);
    }

    pub(super) fn close(self) {
        self.open.set(false);
        // Whatever is under way is of no use any more.
        self.scanning.begin();
        self.scan.set(None);
    }

    /// Looks through what is shared, part by part. Follows what is shared and the patterns.
    fn look(self) {
        let Some(shared) = self.shared.get() else { return };
        let patterns = self.patterns.get();
        let turn = self.scanning.begin();
        self.scan.set(None);
        self.keep.set(Vec::new());
        self.outcome.set(None);
        spawn_local(async move {
            let texts: Vec<String> = self.scenarios(&shared).await.map(|(_, text)| text).into_iter().collect();
            let mut from = None;
            loop {
                let (runs, patterns) = (shared.runs.clone(), patterns.clone());
                let (documents, texts) =
                    (shared.pipeline.map(|_| shared.document).into_iter().collect(), texts.clone());
                let request = Request::Scan { runs, documents, texts, patterns, from };
                let answer = self.page.ask_of(shared.group, request).await;
                if !self.scanning.is(turn) {
                    return;
                }
                match answer {
                    Ok(Answer::Scan(view)) => {
                        from = view.next;
                        self.scan.set(Some(Ok(view)));
                        if from.is_none() {
                            return;
                        }
                    }
                    Ok(_) => return self.scan.set(Some(Err("The engine answered something else.".to_owned()))),
                    Err(failure) => return self.scan.set(Some(Err(failure.message))),
                }
            }
        });
    }

    /// The scenarios that are handed on with a pipeline: how their file is called, and its text.
    pub(super) async fn scenarios(self, shared: &Shared) -> Option<(String, String)> {
        shared.pipeline?;
        self.page.workbench.handed_on().await
    }

    /// Whether something of the file leaves in the way chosen.
    pub(super) fn carries(self) -> bool {
        self.way.get() != Way::Link || self.carry.get() || !self.addressed.get()
    }

    /// What is replaced; `None` when everything leaves as it is.
    pub(super) fn redaction(self) -> Option<Redaction> {
        let (off, keep, patterns) = (self.off.get(), self.keep.get(), self.patterns.get());
        self.redact.get().then_some(Redaction { off, keep, patterns })
    }

    /// Whether something may leave: the engine has looked at everything, or somebody wants it as it is.
    pub(super) fn ready(self) -> bool {
        !self.redact.get()
            || self
                .scan
                .with(|scan| scan.as_ref().is_some_and(|scan| scan.as_ref().is_ok_and(|view| view.next.is_none())))
    }
}

/// Whether a link to the page can lead to what is shown without holding it.
fn leads_to_an_address(page: Page) -> bool {
    link::now(page).target.is_some_and(|target| !matches!(target, crate::address::Target::Given(_)))
}

/// What the page shows now, as something to share.
fn shared(page: Page, whole: bool) -> Option<Shared> {
    let subject = page.subject.get()?;
    let document = page.document.get()?;
    let file = document.file.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    let own = Shared { group: subject.group, document: subject.document, file: file.clone(), ..Shared::default() };
    if let Some(pair) = page.comparing.pair.get() {
        let title = format!("Two runs of {file}");
        return Some(Shared { group: pair.group, runs: vec![pair.a.run, pair.b.run], compared: true, title, ..own });
    }
    if let Some(group) = page.many.group.get() {
        let runs: Vec<u32> = page.groups.with(|groups| {
            let documents = groups.iter().filter(|one| one.id == group).flat_map(|one| &one.documents);
            documents.flat_map(|document| document.runs.iter().map(|run| run.run)).collect()
        });
        return Some(Shared { group, title: crate::text::count(runs.len() as u64, "run"), runs, ..own });
    }
    let all: Vec<u32> = document.runs.iter().map(|run| run.run).collect();
    match subject.what {
        What::Run(run) => {
            let title = page.run.with(|run| run.as_ref().map(|run| run.name.clone())).unwrap_or_default();
            let title = Some(title).filter(|title| !title.is_empty()).unwrap_or(file);
            let alone = all.len() == 1 && document.pipelines.is_empty();
            Some(Shared { runs: if whole { all } else { vec![run] }, all: alone || whole, title, ..own })
        }
        What::Pipeline(pipeline) => {
            let title = page.pipeline.with(|one| one.as_ref().map(|one| one.name.clone())).unwrap_or(file);
            Some(Shared { pipeline: Some(pipeline), title, ..own })
        }
        What::Nothing => None,
    }
}

/// Runs of the document beside the one shown, when somebody can choose between it and all.
pub(super) fn runs_to_choose(page: Page) -> Option<usize> {
    let alone = page.comparing.pair.with(Option::is_none) && page.many.group.with(Option::is_none);
    let run = page.subject.get().and_then(Subject::run).is_some();
    let runs = page.document.with(|document| document.as_ref().map_or(0, |document| document.runs.len()));
    (alone && run && runs > 1).then_some(runs)
}
