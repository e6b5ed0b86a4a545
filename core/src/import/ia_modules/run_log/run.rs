//! One run of a log while it is told: which steps are open, and to which of them a line belongs.

use super::Entry;
use crate::import::ia_modules::steps::{error, unique_id};
use crate::import::{Builder, Draft};
use crate::model::{Diagnostic, Kind, Place, Severity, Status, Sym};
use crate::wording::counted;
use rustc_hash::FxHashMap;

/// How a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    None,
    Ended,
    Failed,
    Paused,
}

/// A run. Steps are positions among the builder's drafts.
#[derive(Debug)]
pub(super) struct RunState {
    name: String,
    id: Sym,
    pub(super) ending: Ending,
    /// Steps that began, by name and in the order of their starts. Those that have ended since are dropped when they
    /// come to the end: whether a step is open is what its draft says.
    named: FxHashMap<String, Vec<usize>>,
    open: Vec<usize>,
    /// The newest step of each name.
    newest: FxHashMap<String, usize>,
    last: Option<usize>,
    agents: FxHashMap<String, usize>,
    seen: FxHashMap<String, u32>,
    /// Log lines that came before the first step.
    early: Vec<Place>,
}

impl RunState {
    pub(super) fn new(name: String, id: Sym) -> Self {
        RunState {
            name,
            id,
            ending: Ending::None,
            named: FxHashMap::default(),
            open: Vec::new(),
            newest: FxHashMap::default(),
            last: None,
            agents: FxHashMap::default(),
            seen: FxHashMap::default(),
            early: Vec::new(),
        }
    }

    /// Takes the name from the end of a log that lost its beginning.
    pub(super) fn named(&mut self, pipeline: &str) {
        if self.name == super::NAMELESS && !pipeline.is_empty() {
            pipeline.clone_into(&mut self.name);
        }
    }

    /// A step begins.
    pub(super) fn start(&mut self, entry: &Entry<'_>, build: &mut Builder) {
        let id = build.names.intern(&unique_id(&mut self.seen, &entry.step));
        let mut draft = Draft::new(self.id, id, entry.place);
        draft.name = build.names.intern(&entry.step);
        draft.kind = Kind::Task;
        draft.status = Status::Running;
        draft.start = entry.time;
        draft.more = std::mem::take(&mut self.early);
        let at = build.push(draft);
        self.named.entry(entry.step.to_string()).or_default().push(at);
        self.open.push(at);
        self.newest.insert(entry.step.to_string(), at);
        self.last = Some(at);
    }

    /// The newest open step of this name; with an empty name the newest open step.
    fn newest_open(&mut self, name: &str, build: &Builder) -> Option<usize> {
        let list = if name.is_empty() { &mut self.open } else { self.named.get_mut(name)? };
        let running = |at: usize| build.drafts.get(at).is_some_and(|draft| draft.status == Status::Running);
        while list.last().is_some_and(|&at| !running(at)) {
            list.pop();
        }
        list.last().copied()
    }

    /// A step ends, well or with an error. `false` when it had not begun.
    pub(super) fn end(&mut self, entry: &Entry<'_>, build: &mut Builder) -> bool {
        let open = self.newest_open(&entry.step, build);
        let Some(draft) = open.and_then(|at| build.drafts.get_mut(at)) else { return false };
        let failed = entry.kind == "step_error" || entry.failed;
        draft.end = entry.time;
        draft.status = if failed { Status::Error } else { Status::Ok };
        draft.more.push(entry.place);
        true
    }

    /// The run stops to ask a person: the step that asked waits.
    pub(super) fn pause(&mut self, entry: &Entry<'_>, build: &mut Builder) {
        self.ending = Ending::Paused;
        // An engine that has written the end of the step before it paused leaves only its name.
        let at = self.newest_open(&entry.step, build).or_else(|| self.newest.get(&*entry.step).copied());
        if let Some(draft) = at.and_then(|at| build.drafts.get_mut(at)) {
            draft.status = Status::Waiting;
            draft.kind = Kind::Human;
            draft.more.push(entry.place);
        }
    }

    /// The run ends with an error.
    pub(super) fn fail(&mut self, entry: &Entry<'_>, build: &mut Builder) {
        self.ending = Ending::Failed;
        let text = entry.error.as_deref().unwrap_or("no message");
        let message = format!("The run “{}” ended with an error: {}", self.name, error(text).message);
        build.diagnostics.push(Diagnostic::new(Severity::Warning, "run-error", message).at(entry.place));
    }

    /// An agent is started by the step that runs: a step of its own below it.
    pub(super) fn spawn(&mut self, entry: &Entry<'_>, build: &mut Builder) {
        let around = self.home(&entry.step, build);
        let name = if entry.agent.is_empty() { "agent" } else { &*entry.agent };
        let id = build.names.intern(&unique_id(&mut self.seen, name));
        let mut draft = Draft::new(self.id, id, entry.place);
        draft.parent = around.and_then(|at| build.drafts.get(at)).map(|draft| draft.id);
        let task: String = entry.task.chars().take(60).collect();
        draft.name = build.names.intern(if task.is_empty() { name } else { &task });
        draft.kind = Kind::Agent;
        draft.status = Status::Running;
        draft.start = entry.time;
        let at = build.push(draft);
        self.agents.insert(entry.agent.to_string(), at);
    }

    /// An agent ends; one that is not known is a line of the log.
    pub(super) fn agent_end(&mut self, entry: &Entry<'_>, build: &mut Builder) {
        let Some(draft) = self.agents.remove(&*entry.agent).and_then(|at| build.drafts.get_mut(at)) else {
            self.log(entry, build);
            return;
        };
        let failed = entry.subtype == "agent_error" || entry.error.is_some();
        draft.end = entry.time;
        draft.status = if failed { Status::Error } else { Status::Ok };
        draft.more.push(entry.place);
    }

    /// The step a line belongs to: the one it names when that runs or has run; else the newest open one; else the one
    /// before it in the file.
    fn home(&mut self, name: &str, build: &Builder) -> Option<usize> {
        let named = if name.is_empty() { None } else { self.newest_open(name, build) };
        named.or_else(|| self.newest.get(name).copied()).or_else(|| self.newest_open("", build)).or(self.last)
    }

    /// A line of the log becomes an event.
    pub(super) fn log(&mut self, entry: &Entry<'_>, build: &mut Builder) {
        match self.home(&entry.step, build).and_then(|at| build.drafts.get_mut(at)) {
            Some(draft) => draft.more.push(entry.place),
            None => self.early.push(entry.place),
        }
    }

    /// Says what never ended, and ties the run to its pipeline where the document has it.
    pub(super) fn finish(&self, build: &mut Builder) {
        let drafts = self.open.iter().filter_map(|&at| build.drafts.get(at));
        let drafts = drafts.filter(|draft| draft.status == Status::Running);
        let names: Vec<&str> = drafts.map(|draft| build.names.get(draft.name)).collect();
        let shown = names.iter().take(4).copied().collect::<Vec<_>>().join(", ");
        let steps = format!("{} still running ({shown})", counted(names.len() as u64, "step was", "steps were"));
        let finding = match (self.ending, names.len()) {
            (Ending::None, 0) => {
                Some(("log-stops", "the log stops before the run was over; no step was running then.".to_owned()))
            }
            (Ending::None, _) => {
                let message = format!(
                    "the log stops before the run was over: {steps}. A crash, a kill, or data the logger could not write \
                     (a circular reference) are the usual reasons."
                );
                Some(("stopped-while-running", message))
            }
            (_, 0) => None,
            _ => Some(("ended-while-running", format!("the run ended while {steps}."))),
        };
        if let Some((code, message)) = finding {
            let message = format!("“{}”: {message}", self.name);
            build.diagnostics.push(Diagnostic::new(Severity::Warning, code, message));
        }
        build.run_names.insert(self.id, self.name.clone());
        let pipeline = build.pipelines.iter().position(|pipeline| pipeline.name == self.name);
        if let Some(pipeline) = pipeline.and_then(|index| u32::try_from(index).ok()) {
            build.run_pipelines.insert(self.id, pipeline);
        }
    }
}
