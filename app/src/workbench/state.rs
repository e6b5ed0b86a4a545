//! What the parts of the workbench share: one [`Workbench`] of signals in `Page`. Asking the engine is in `asking`.

use super::said::Said;
use super::walk::Visit;
use crate::state::Page;
use chaindebug_core::model::Place;
use chaindebug_core::protocol::{
    Answer, Change, Coverage, Decision, FlowView, Reader, Request, Scenario, ScenarioFile, Simulation, Target, TextEdit,
};
use leptos::{prelude::*, task::spawn_local};
use std::rc::Rc;
use std::sync::Arc;

/// The pipeline that is worked on. Changes with each change of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bench {
    /// Which engine: `Group::id`.
    pub(crate) group: u32,
    /// Its document.
    pub(crate) document: u32,
    /// Its number in the session.
    pub(crate) pipeline: u32,
    /// Counts the changes of the group's documents.
    pub(crate) revision: u32,
}

/// What the flowchart of a pipeline shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Charted {
    /// What is written.
    Definition,
    /// The dry run, or the recorded run chosen, laid on it.
    #[default]
    Run,
    /// What no scenario reaches.
    Coverage,
}

impl Charted {
    /// In the order of their tabs.
    pub(crate) const ALL: [Charted; 3] = [Charted::Definition, Charted::Run, Charted::Coverage];

    /// The word in ids and addresses.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Charted::Definition => "definition",
            Charted::Run => "run",
            Charted::Coverage => "coverage",
        }
    }
}

/// Takes edits of the pipeline's text over from whoever makes them.
pub(crate) type Editor = Rc<dyn Fn(Vec<TextEdit>)>;

/// The signals of the workbench. `Copy`; lives as long as the page.
#[derive(Clone, Copy)]
#[allow(dead_code)] // Until its panels are there.
pub(crate) struct Workbench {
    /// The pipeline shown, when its engine can be simulated.
    pub(crate) bench: Memo<Option<Bench>>,
    /// What the pipeline is meant to run on.
    pub(crate) target: RwSignal<Target>,
    /// The validator's `--strict`.
    pub(crate) strict: RwSignal<bool>,
    /// The scenarios of the pipeline shown; never empty while there is one.
    pub(crate) file: RwSignal<ScenarioFile>,
    /// Name of the file they came from or were saved as; empty before.
    pub(crate) file_name: RwSignal<String>,
    /// Whether they differ from that file.
    pub(crate) unsaved: RwSignal<bool>,
    /// Which scenario is run.
    pub(crate) chosen: RwSignal<usize>,
    /// The newest dry run; `None` until there is one for this pipeline, and when it was refused.
    pub(crate) simulation: RwSignal<Option<Arc<Simulation>>>,
    /// Why there is no dry run, else empty.
    pub(crate) refused: RwSignal<String>,
    /// Counts the dry runs: the same run of the session holds other steps each time.
    pub(crate) turn: RwSignal<u32>,
    /// What differs from the dry run before: ids of steps, JSON paths of edges. Empty again after a moment.
    pub(crate) changed: RwSignal<Arc<Vec<String>>>,
    /// What can be said of the pipeline without running it.
    pub(crate) findings: RwSignal<Option<Arc<Said>>>,
    /// What the scenarios reach.
    pub(crate) coverage: RwSignal<Option<Arc<Coverage>>>,
    /// The chart with the run laid on it: ids and keys of its boxes, visits, lines.
    pub(crate) graph: RwSignal<Option<Arc<FlowView>>>,
    /// The steps of the run that the cursor walks.
    pub(crate) visits: RwSignal<Arc<Vec<Visit>>>,
    /// What the engine decided after the cursor's step; `None` when nothing was to be decided.
    pub(crate) decision: RwSignal<Option<Arc<Decision>>>,
    /// Which dry run that decision is of, as `turn` counts.
    pub(crate) decided: RwSignal<u32>,
    /// The step whose mock is open for editing.
    pub(crate) open: RwSignal<Option<String>>,
    /// How the newest dry run differs from the one before, in a line; empty when it does not.
    pub(crate) difference: RwSignal<String>,
    /// What the flowchart shows.
    pub(crate) charted: RwSignal<Charted>,
    /// As whom the definition is drawn; as it is meant when `None`.
    pub(crate) reader: RwSignal<Option<Reader>>,
    /// A recorded run of the session that is laid on the chart instead of the dry run.
    pub(crate) recorded: RwSignal<Option<u32>>,
    /// Counts the changes of the pipeline's text.
    pub(crate) revision: RwSignal<u32>,
    /// A place that the editor should show; taken (set to `None`) by the editor.
    pub(crate) goto: RwSignal<Option<Place>>,
    /// The scenario that was taken out last, and where it stood.
    pub(crate) removed: RwSignal<Option<(usize, Scenario)>>,
    /// Documents that hold dry runs: group and document. They are no files.
    pub(crate) dry: RwSignal<Vec<(u32, u32)>>,
    /// Moment to go to in the first dry run.
    pub(crate) landing: StoredValue<Option<u32>>,
    /// Whether the scenarios were just replaced: their first dry run is compared with nothing.
    pub(super) fresh: StoredValue<bool>,
    /// Scenarios whose pipeline is not open yet: name and text of their file.
    pub(super) pending: StoredValue<Option<(String, String)>, LocalStorage>,
    /// What the address says the next pipeline is to run on: that counts more than what its scenarios say.
    pub(crate) given: StoredValue<Option<Target>>,
    /// Whether that was said of the pipeline shown.
    pub(super) held: StoredValue<bool>,
    /// The place of the scenario that the address says the next pipeline is shown with.
    pub(crate) wished: StoredValue<Option<usize>>,
    /// The same of the pipeline shown, until its scenarios are all there.
    pub(super) awaited: StoredValue<Option<usize>>,
    /// JSON path of the edge that is pointed at beside the chart; empty when none is.
    pub(crate) pointed: RwSignal<String>,
    editor: StoredValue<Option<Editor>, LocalStorage>,
    /// A document (group, document) whose text is damaged: the page goes on showing what it was before.
    held_back: StoredValue<Option<(u32, u32)>>,
    /// A document whose text was changed since the page was told of its documents last.
    changed_text: StoredValue<Option<(u32, u32)>>,
    page: StoredValue<Option<Page>, LocalStorage>,
}

impl Workbench {
    /// Makes the one there is; `Page` calls it.
    pub(crate) fn new(bench: Memo<Option<Bench>>) -> Workbench {
        Workbench {
            bench,
            target: RwSignal::new(Target::default()),
            strict: RwSignal::new(false),
            file: RwSignal::new(ScenarioFile::default()),
            file_name: RwSignal::new(String::new()),
            unsaved: RwSignal::new(false),
            chosen: RwSignal::new(0),
            simulation: RwSignal::new(None),
            refused: RwSignal::new(String::new()),
            turn: RwSignal::new(0),
            changed: RwSignal::new(Arc::default()),
            findings: RwSignal::new(None),
            coverage: RwSignal::new(None),
            graph: RwSignal::new(None),
            visits: RwSignal::new(Arc::default()),
            decision: RwSignal::new(None),
            decided: RwSignal::new(0),
            open: RwSignal::new(None),
            difference: RwSignal::new(String::new()),
            charted: RwSignal::new(Charted::default()),
            reader: RwSignal::new(None),
            recorded: RwSignal::new(None),
            revision: RwSignal::new(0),
            goto: RwSignal::new(None),
            removed: RwSignal::new(None),
            dry: RwSignal::new(Vec::new()),
            landing: StoredValue::new(None),
            fresh: StoredValue::new(false),
            pending: StoredValue::new_local(None),
            given: StoredValue::new(None),
            held: StoredValue::new(false),
            wished: StoredValue::new(None),
            awaited: StoredValue::new(None),
            pointed: RwSignal::new(String::new()),
            editor: StoredValue::new_local(None),
            held_back: StoredValue::new(None),
            changed_text: StoredValue::new(None),
            page: StoredValue::new_local(None),
        }
    }

    /// Tells it the page it is in; `Page` calls it.
    pub(crate) fn belongs(self, page: Page) {
        self.page.set_value(Some(page));
    }

    /// The page it is in.
    pub(super) fn page(self) -> Option<Page> {
        self.page.get_value()
    }

    /// Forgets what belongs to the pipeline shown, before another is.
    pub(crate) fn forget(self) {
        self.simulation.set(None);
        self.refused.set(String::new());
        self.findings.set(None);
        self.coverage.set(None);
        self.graph.set(None);
        self.recorded.set(None);
        self.reader.set(None);
        self.changed.set(Arc::default());
        self.goto.set(None);
        self.removed.set(None);
        self.open.set(None);
        self.pointed.set(String::new());
        self.decision.set(None);
        self.difference.set(String::new());
    }

    /// Lets an editor take over edits until the component ends: it has the text, so it knows what to undo.
    pub(crate) fn edit_with(self, editor: impl Fn(Vec<TextEdit>) + 'static) {
        self.editor.set_value(Some(Rc::new(editor)));
        on_cleanup(move || {
            let _ = self.editor.try_set_value(None);
        });
    }

    /// Changes the pipeline's text: through the editor where there is one, else at once.
    pub(crate) fn apply(self, edits: Vec<TextEdit>) {
        if edits.is_empty() {
            return;
        }
        match self.editor.get_value() {
            Some(editor) => editor(edits),
            None => self.rewrite(edits),
        }
    }

    /// Sends edits to the engine, and shows the pipeline as it is then. What the editor does with its own edits.
    pub(crate) fn rewrite(self, edits: Vec<TextEdit>) {
        let (Some(page), Some(bench)) = (self.page.get_value(), self.bench.get_untracked()) else { return };
        spawn_local(async move {
            match page.ask_of(bench.group, Request::Rewrite { document: bench.document, edits }).await {
                Ok(_) => {
                    self.rewritten(bench.group, bench.document);
                    page.ask_documents(bench.group).await;
                }
                Err(failure) => page.tell_failure(&failure),
            }
        });
    }

    /// The text of a document was changed: it is asked for anew, also where the engine says the same of it as before.
    pub(crate) fn rewritten(self, group: u32, document: u32) {
        self.changed_text.set_value(Some((group, document)));
        self.revision.update(|revision| *revision = revision.wrapping_add(1));
    }

    /// Whether a document's text was changed since this was asked last.
    pub(crate) fn take_rewritten(self, group: u32, document: u32) -> bool {
        let here = self.changed_text.get_value() == Some((group, document));
        if here {
            self.changed_text.set_value(None);
        }
        here
    }

    /// Keeps what the page shows of a document as it is, while its text is damaged; `None` ends that.
    pub(crate) fn hold_back(self, document: Option<(u32, u32)>) {
        self.held_back.set_value(document);
    }

    /// Whether the page goes on showing a document as it was.
    pub(crate) fn holds_back(self, group: u32, document: u32) -> bool {
        self.held_back.get_value() == Some((group, document))
    }

    /// Keeps that a document is the record of a dry run.
    pub(crate) fn note_dry(self, group: u32, document: u32) {
        if self.dry.with_untracked(|dry| !dry.contains(&(group, document))) {
            self.dry.update(|dry| dry.push((group, document)));
        }
    }

    /// Makes a change of the definition: asks for its edits and applies them.
    pub(crate) fn plan(self, change: Change) {
        let (Some(page), Some(bench)) = (self.page.get_value(), self.bench.get_untracked()) else { return };
        spawn_local(async move {
            match page.ask_of(bench.group, Request::Plan { pipeline: bench.pipeline, change }).await {
                Ok(Answer::Edits { edits }) => self.apply(edits),
                Ok(_) => {}
                Err(failure) => page.tell_failure(&failure),
            }
        });
    }

    /// The run that is laid on the chart: the recorded one that was chosen, else the dry run.
    pub(crate) fn laid(self) -> Option<u32> {
        self.recorded.get().or_else(|| self.simulation.with(|one| one.as_ref().and_then(|one| one.run)))
    }

    /// Whether the run that the cursor walks is the one that lies on the chart.
    pub(crate) fn walks_the_chart(self) -> bool {
        let walked = self.page().and_then(|page| page.walked.get()).map(|walked| walked.run);
        walked.is_some() && (self.bench.get().is_none() || walked == self.laid())
    }

    /// What the flowchart asks for: as whom to read, and the run to lay on it.
    pub(crate) fn drawn(self) -> (Option<Reader>, Option<u32>) {
        match self.charted.get() {
            Charted::Definition => (self.reader.get(), None),
            Charted::Run => {
                // The same number holds another run after each simulation.
                self.turn.track();
                (None, self.laid())
            }
            Charted::Coverage => {
                self.coverage.track();
                (None, None)
            }
        }
    }

    /// The scenario that is run.
    pub(crate) fn scenario(self) -> Option<Scenario> {
        let chosen = self.chosen.get();
        self.file.with(|file| file.scenarios.get(chosen).cloned())
    }
}
