//! The [`Page`]: what is open, what is shown, and asking about it.

use super::{
    Action, Inspected, Notice, Opening, Origin, Pane, Reveal, Sizes, Stage, Subject, Theme, View, What, moves::Queue,
    prefs, words::Walked,
};
use crate::changes::Changes;
use crate::compare::Comparing;
use crate::engine::{Engine, Failure, Files, Input};
use crate::many::Many;
use crate::reading::Reading;
use crate::samples::Gallery;
use crate::search::Found;
use crate::workbench::{Bench, Workbench};
use chaindebug_core::protocol::{Answer, Cursor, DocumentView, PipelineView, Request, RunView};
use leptos::prelude::*;
use std::rc::Rc;
use std::sync::Arc;

/// Files opened together, in one engine of their own. Closing the last document of a group ends its engine.
#[derive(Clone)]
pub(crate) struct Group {
    /// Counts up and is never used again.
    pub(crate) id: u32,
    /// The engine.
    pub(crate) engine: Engine,
    /// The files, kept so that they can be opened again after a crash.
    pub(crate) inputs: Vec<Input>,
    /// Where they came from: says whether the page's address can be handed on.
    pub(crate) origin: Origin,
    /// Documents that came from elsewhere: [`Page::bring`], [`Page::open_beside`].
    pub(crate) brought: Vec<(u32, Origin)>,
    /// The documents of the session that are open; each knows its index there.
    pub(crate) documents: Vec<Arc<DocumentView>>,
    /// Counts how often the documents changed.
    pub(crate) revision: u32,
    /// Set once the engine is gone.
    pub(crate) trouble: Option<Failure>,
}

impl Group {
    /// A document by its index in the session.
    pub(crate) fn document(&self, index: u32) -> Option<&Arc<DocumentView>> {
        self.documents.iter().find(|document| document.document == index)
    }
}

/// Everything the parts of the page share. `Copy`: take it from context with [`Page::get`] and move it into closures.
///
/// Fields that are signals may be read anywhere. Those written by one place only say so; use the methods for them.
#[derive(Clone, Copy)]
pub(crate) struct Page {
    /// Open files, in the order they were opened. Written by `opening` and `closing` only.
    pub(crate) groups: RwSignal<Vec<Group>, LocalStorage>,
    /// Files being read. Written by `opening` only.
    pub(crate) openings: RwSignal<Vec<Opening>, LocalStorage>,
    /// What is shown; change it with [`Page::show`].
    pub(crate) subject: RwSignal<Option<Subject>>,
    /// The document shown.
    pub(crate) document: Memo<Option<Arc<DocumentView>>>,
    /// The run shown; `None` for a pipeline and when nothing is open.
    pub(crate) run: Memo<Option<RunView>>,
    /// The pipeline shown; `None` for a run and when nothing is open.
    pub(crate) pipeline: Memo<Option<PipelineView>>,
    /// What the middle of the page shows.
    pub(crate) stage: Memo<Stage>,
    /// Where the debugger stands in the run shown; `None` until the engine has said. Move it with [`Page::command`].
    pub(crate) cursor: RwSignal<Option<Cursor>>,
    /// The node chosen in the pipeline shown; set it with [`Page::select_node`].
    pub(crate) node: RwSignal<Option<u32>>,
    /// What the inspector shows: the cursor's step, or the chosen node. Changes only when the step or node does.
    pub(crate) inspected: Memo<Option<Inspected>>,
    /// A place within a value the inspector should open; set by search hits, taken (set to `None`) by the inspector.
    pub(crate) reveal: RwSignal<Option<Reveal>>,
    /// The view in the middle; change it with [`Page::show_view`].
    pub(crate) view: RwSignal<View>,
    /// Label of the inspector's tab that somebody picked, as in `ValueTab::label`; it stays when the step changes.
    /// Empty while the tab follows the cursor: the input at an enter, the output at an exit.
    pub(crate) tab: RwSignal<String>,
    /// Which panel has the room when the page is narrow.
    pub(crate) pane: RwSignal<Pane>,
    /// Whether the page is below 900 px, where panels become tabs.
    pub(crate) narrow: RwSignal<bool>,
    /// Whether the run is playing. The transport moves the cursor while it is; Space toggles it.
    pub(crate) playing: RwSignal<bool>,
    /// Moments per second while playing.
    pub(crate) speed: RwSignal<f64>,
    /// What is searched for; empty for nothing.
    pub(crate) search: RwSignal<String>,
    /// Whether the list of hits stands in place of the steps tree.
    pub(crate) searching: RwSignal<bool>,
    /// What was found; written by `search`.
    pub(crate) found: Found,
    /// Counts how often rows of the steps tree were opened or closed: whoever does that adds one, and whoever shows
    /// those rows asks for them anew when it changes.
    pub(crate) tree: RwSignal<u32>,
    /// Dark, light, or as the system is; change it with [`Page::set_theme`].
    pub(crate) theme: RwSignal<Theme>,
    /// Widths of the panels, and whether they are open; change them with [`Page::set_sizes`].
    pub(crate) sizes: RwSignal<Sizes>,
    /// Short messages on show; add one with [`Page::notify`].
    pub(crate) notices: RwSignal<Vec<Notice>, LocalStorage>,
    /// Whether the list of problems is open.
    pub(crate) problems: RwSignal<bool>,
    /// Whether the table of keys is open.
    pub(crate) help: RwSignal<bool>,
    /// Whether something was handed on in this visit: a link, a report, a file. Whoever does that sets it.
    pub(crate) handed_on: RwSignal<bool>,
    /// The engine's files: `None` while they load.
    pub(crate) files: RwSignal<Option<Result<Files, Failure>>, LocalStorage>,
    /// The pipeline as a program: scenarios, dry runs, findings.
    pub(crate) workbench: Workbench,
    /// The run that the cursor walks: the one shown, or the dry run of the pipeline shown.
    pub(crate) walked: Memo<Option<Walked>>,
    /// Two runs laid on each other.
    pub(crate) comparing: Comparing,
    /// Many runs at once.
    pub(crate) many: Many,
    /// Two definitions laid on each other.
    pub(crate) changes: Changes,
    /// How files are read, and what steps cost, when somebody says.
    pub(crate) reading: Reading,
    /// The sample gallery's list.
    pub(crate) gallery: RwSignal<Gallery>,
    /// Settled once `gallery` says what there is.
    pub(crate) listing: StoredValue<Option<js_sys::Promise>, LocalStorage>,
    /// Settled once `files` holds something.
    pub(super) loading: StoredValue<Option<js_sys::Promise>, LocalStorage>,
    pub(super) next: StoredValue<u32>,
    pub(super) spare: StoredValue<Option<Engine>, LocalStorage>,
    pub(super) queue: StoredValue<Queue, LocalStorage>,
    #[allow(clippy::type_complexity)] // A list of functions has no shorter name.
    pub(super) handlers: StoredValue<Vec<(u32, Rc<dyn Fn(Action) -> bool>)>, LocalStorage>,
}

impl Page {
    /// Makes the one there is. Call it once, in the shell.
    pub(crate) fn new() -> Page {
        let groups = RwSignal::new_local(Vec::<Group>::new());
        let openings = RwSignal::new_local(Vec::<Opening>::new());
        let subject = RwSignal::new(None::<Subject>);
        let (comparing, many, changes) = (Comparing::new(), Many::new(), Changes::new());
        let cursor = RwSignal::new(None::<Cursor>);
        let node = RwSignal::new(None);
        let document = Memo::new(move |_| {
            let subject = subject.get()?;
            groups.with(|groups| {
                let group = groups.iter().find(|group| group.id == subject.group)?;
                group.document(subject.document).cloned()
            })
        });
        let run = Memo::new(move |_| {
            let run = subject.get()?.run()?;
            document.with(|document| document.as_ref()?.runs.iter().find(|view| view.run == run).cloned())
        });
        let pipeline = Memo::new(move |_| {
            let pipeline = subject.get()?.pipeline()?;
            document.with(|document| document.as_ref()?.pipelines.iter().find(|v| v.pipeline == pipeline).cloned())
        });
        let crashed = move || {
            let group = subject.get().map(|subject| subject.group);
            groups.with(|groups| groups.iter().any(|g| Some(g.id) == group && g.trouble.is_some()))
        };
        let tables = move || document.with(|one| one.as_ref().is_some_and(|one| !one.sheets.is_empty()));
        let stage = Memo::new(move |_| match subject.get() {
            None if openings.with(Vec::is_empty) => Stage::Empty,
            None => Stage::Opening,
            Some(_) if crashed() => Stage::Crashed,
            Some(_) if comparing.pair.with(Option::is_some) => Stage::Compare,
            Some(_) if many.wants() => Stage::Many,
            Some(_) if changes.pair.with(Option::is_some) => Stage::Changes,
            Some(Subject { what: What::Nothing, .. }) if tables() => Stage::Sheets,
            Some(Subject { what: What::Nothing, .. }) => Stage::Unreadable,
            Some(Subject { what: What::Run(_), .. }) if run.with(|run| run.as_ref().is_some_and(|r| r.steps == 0)) => {
                Stage::NoSteps
            }
            Some(_) => Stage::Work,
        });
        let workbench = Workbench::new(Memo::new(move |_| {
            let subject = subject.get()?;
            let number =
                pipeline.with(|one| one.as_ref().filter(|one| !one.engines.is_empty()).map(|one| one.pipeline))?;
            let Subject { group, document, revision, .. } = subject;
            Some(Bench { group, document, pipeline: number, revision })
        }));
        let walked = Memo::new(move |_| match subject.get()? {
            Subject { what: What::Run(run), group, .. } => Some(Walked { group, run, turn: 0 }),
            Subject { what: What::Pipeline(_), group, .. } => {
                workbench.bench.get()?;
                let run = workbench.simulation.with(|one| one.as_ref()?.run)?;
                Some(Walked { group, run, turn: workbench.turn.get() })
            }
            _ => None,
        });
        let step =
            move |run: u32| cursor.with(|c| c.as_ref().filter(|c| c.run == run && c.moments > 0).map(|c| c.step));
        let inspected = Memo::new(move |_| match subject.get()?.what {
            What::Run(run) => Some(Inspected::Step { run, step: step(run)? }),
            What::Pipeline(pipeline) => match node.get() {
                Some(node) => Some(Inspected::Node { pipeline, node }),
                None => {
                    let run = walked.get()?.run;
                    Some(Inspected::Step { run, step: step(run)? })
                }
            },
            What::Nothing => None,
        });
        let page = Page {
            workbench,
            comparing,
            many,
            changes,
            reading: Reading::new(),
            walked,
            groups,
            openings,
            subject,
            document,
            run,
            pipeline,
            stage,
            cursor,
            node,
            inspected,
            reveal: RwSignal::new(None),
            view: RwSignal::new(View::default()),
            tab: RwSignal::new(String::new()),
            pane: RwSignal::new(Pane::default()),
            narrow: RwSignal::new(false),
            playing: RwSignal::new(false),
            speed: RwSignal::new(2.0),
            search: RwSignal::new(String::new()),
            searching: RwSignal::new(false),
            found: Found::new(),
            tree: RwSignal::new(0),
            theme: RwSignal::new(prefs::read_theme()),
            sizes: RwSignal::new(prefs::read_sizes()),
            notices: RwSignal::new_local(Vec::new()),
            problems: RwSignal::new(false),
            help: RwSignal::new(false),
            handed_on: RwSignal::new(false),
            files: RwSignal::new_local(None),
            gallery: RwSignal::new(Gallery::Loading),
            listing: StoredValue::new_local(None),
            loading: StoredValue::new_local(None),
            next: StoredValue::new(1),
            spare: StoredValue::new_local(None),
            queue: StoredValue::new_local(Queue::default()),
            handlers: StoredValue::new_local(Vec::new()),
        };
        workbench.belongs(page);
        page
    }

    /// The page, from context. Call it while a component is made, not in a callback.
    pub(crate) fn get() -> Page {
        expect_context::<Page>()
    }

    /// A number nobody else has.
    pub(super) fn fresh(self) -> u32 {
        self.next
            .try_update_value(|next| {
                *next = next.wrapping_add(1);
                *next
            })
            .unwrap_or_default()
    }

    /// Asks the engine of what is shown. `Ok` holds the answer to just this question; a refusal is a failure.
    ///
    /// After the `await` the subject may be another one, and the component gone: use `engine::Newest` or compare
    /// [`Page::subject`] before setting signals, and `try_set` for those a component owns.
    pub(crate) async fn ask(self, request: Request) -> Result<Answer, Failure> {
        let Some(subject) = self.subject.get_untracked() else {
            return Err(Failure::closed());
        };
        self.ask_of(subject.group, request).await
    }

    /// Asks the engine of one group. The question is posted before this returns.
    pub(crate) fn ask_of(self, group: u32, request: Request) -> impl Future<Output = Result<Answer, Failure>> + use<> {
        let asked = self.engine_of(group).map(|engine| engine.ask(&request));
        async move {
            match asked {
                Some(asked) => asked.await,
                None => Err(Failure::closed()),
            }
        }
    }

    /// The engine of a group, while it is open.
    pub(crate) fn engine_of(self, group: u32) -> Option<Engine> {
        self.groups.with_untracked(|groups| groups.iter().find(|g| g.id == group).map(|g| g.engine.clone()))
    }

    /// Shows a run or pipeline of an open document. The cursor is where that run's cursor was left.
    /// Ends a comparison, of many runs too.
    pub(crate) fn show(self, group: u32, document: u32, what: What) {
        self.comparing.end();
        self.many.end();
        self.changes.end();
        let revision = self.groups.with_untracked(|groups| groups.iter().find(|g| g.id == group).map(|g| g.revision));
        let Some(revision) = revision else { return };
        let subject = Subject { group, document, what, revision };
        if self.subject.get_untracked() == Some(subject) {
            return;
        }
        self.playing.set(false);
        self.reset_cursor();
        self.workbench.forget();
        self.node.set(None);
        self.reveal.set(None);
        self.subject.set(Some(subject));
        self.workbench.take_up();
        self.find_cursor();
    }

    /// The group has another engine, with the same documents in it: what is shown of them is asked for anew.
    pub(super) fn renewed(self, group: u32) {
        let mut revision = 0;
        self.groups.update(|groups| {
            if let Some(found) = groups.iter_mut().find(|g| g.id == group) {
                found.revision += 1;
                revision = found.revision;
            }
        });
        if let Some(subject) = self.subject.get_untracked().filter(|subject| subject.group == group) {
            self.subject.set(Some(Subject { revision, ..subject }));
            self.find_cursor();
        }
    }

    /// Shows a view in the middle, and the middle when the page is narrow.
    pub(crate) fn show_view(self, view: View) {
        self.view.set(view);
        self.pane.set(Pane::Main);
    }

    /// Whether the run that the cursor walks is a dry run.
    pub(crate) fn of_a_dry_run(self) -> bool {
        let of = |subject: Subject| match subject.what {
            What::Pipeline(_) => self.workbench.bench.with_untracked(Option::is_some),
            _ => self.workbench.dry.with_untracked(|dry| dry.contains(&(subject.group, subject.document))),
        };
        self.subject.get_untracked().is_some_and(of)
    }

    /// The pipeline that the run shown followed.
    pub(crate) fn followed(self) -> Option<u32> {
        self.run.with(|run| run.as_ref()?.pipeline)
    }

    /// The view in the middle: the one asked for, where there is such a one. A pipeline has a flowchart and nothing else,
    /// and not every run has one to be laid on.
    pub(crate) fn shown_view(self) -> View {
        match self.view.get() {
            View::Pipeline if self.followed().is_none() => View::Flow,
            view if self.run.with(Option::is_some) => view,
            _ => View::Flow,
        }
    }

    /// The pipeline whose chart stands in the middle: the one shown, or the one under the run shown.
    pub(crate) fn charted(self) -> Option<u32> {
        if self.comparing.pair.with(Option::is_some) {
            return None;
        }
        match self.subject.get()?.what {
            What::Pipeline(pipeline) => Some(pipeline),
            What::Run(_) if self.view.get() == View::Pipeline => self.followed(),
            _ => None,
        }
    }

    /// Makes a step the cursor's step: the cursor goes to its enter. What a click on a step does, in every view.
    pub(crate) fn select_step(self, step: u32) {
        use chaindebug_core::protocol::{Command, Phase};
        let here = self.cursor.with_untracked(|cursor| cursor.as_ref().is_some_and(|cursor| cursor.step == step));
        if !here {
            self.command(Command::ToStep { step, phase: Phase::Enter });
        }
    }

    /// Chooses a node of the pipeline's chart: the cursor goes to its next visit by the run on the chart; where there
    /// is none, the inspector shows the node itself.
    pub(crate) fn select_node(self, node: Option<u32>) {
        let visit = node.and_then(|node| self.workbench.visit_of(self, node));
        match visit {
            Some(moment) if untrack(|| self.workbench.walks_the_chart()) => {
                self.node.set(None);
                self.command(chaindebug_core::protocol::Command::To { moment });
            }
            _ => self.node.set(node.filter(|_| self.subject.with_untracked(|s| s.is_some_and(|s| s.run().is_none())))),
        }
    }

    /// Shows a step and opens a place within one of its values, e.g. a search hit.
    pub(crate) fn reveal_value(self, step: u32, reveal: Reveal) {
        self.select_step(step);
        self.reveal.set(Some(reveal));
        if self.narrow.get_untracked() {
            self.pane.set(Pane::Inspector);
        }
    }
}
