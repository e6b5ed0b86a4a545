//! A history as steps: the workflow, and below it activities, child workflows, timers, signals, updates, Nexus
//! operations and local activities. Workflow tasks are how the engine asks the program on, and are folded away.

use super::event::Event;
use crate::import::workflows::histories::parts;
use crate::import::{Builder, Draft};
use crate::model::{Diagnostic, Interner, Kind, Severity, Status, Sym};
use crate::order::Order as _;
use crate::wording::counted;
use rustc_hash::FxHashMap;

/// What a type of event means for its step.
enum Meaning {
    /// Begins a step.
    Begins(Kind),
    /// Belongs to the step of another event.
    Goes,
    /// Ends it.
    Ends(Status),
    /// Is about the workflow.
    Whole,
    /// Ends the workflow.
    Closes(Status),
    /// Is folded away.
    Folded,
}

fn meaning(kind: &str) -> Meaning {
    use Meaning::{Begins, Closes, Ends, Folded, Goes, Whole};
    match kind {
        "ActivityTaskScheduled" | "NexusOperationScheduled" => Begins(Kind::Task),
        "StartChildWorkflowExecutionInitiated" => Begins(Kind::Chain),
        "TimerStarted"
        | "SignalExternalWorkflowExecutionInitiated"
        | "RequestCancelExternalWorkflowExecutionInitiated"
        | "WorkflowExecutionSignaled" => Begins(Kind::Other),
        "WorkflowExecutionUpdateAccepted" => Begins(Kind::Task),
        "WorkflowExecutionStarted" => Begins(Kind::Chain),
        "WorkflowExecutionCompleted" | "WorkflowExecutionContinuedAsNew" => Closes(Status::Ok),
        "WorkflowExecutionFailed" | "WorkflowExecutionTimedOut" => Closes(Status::Error),
        "WorkflowExecutionCanceled" | "WorkflowExecutionTerminated" => Closes(Status::Cancelled),
        "ActivityTaskStarted" | "ChildWorkflowExecutionStarted" | "NexusOperationStarted" => Goes,
        "ActivityTaskCancelRequested" | "NexusOperationCancelRequested" | "NexusOperationCancelRequestCompleted" => {
            Goes
        }
        "TimerFired" | "ExternalWorkflowExecutionSignaled" | "ExternalWorkflowExecutionCancelRequested" => {
            Ends(Status::Ok)
        }
        "WorkflowExecutionUpdateCompleted" => Ends(Status::Ok),
        "TimerCanceled" => Ends(Status::Cancelled),
        "SignalExternalWorkflowExecutionFailed" | "RequestCancelExternalWorkflowExecutionFailed" => Ends(Status::Error),
        "StartChildWorkflowExecutionFailed" => Ends(Status::Error),
        _ => {
            let of = ["ActivityTask", "ChildWorkflowExecution", "NexusOperation"];
            match of.iter().find_map(|of| kind.strip_prefix(of)) {
                Some("Completed") => Ends(Status::Ok),
                Some("Failed" | "TimedOut") => Ends(Status::Error),
                Some("Canceled" | "Terminated") => Ends(Status::Cancelled),
                Some(_) => Goes,
                None if matches!(kind, "WorkflowTaskFailed" | "WorkflowTaskTimedOut" | "DecisionTaskFailed") => Whole,
                None if kind.starts_with("WorkflowTask") || kind.starts_with("DecisionTask") => Folded,
                None => Whole,
            }
        }
    }
}

/// Builds the steps of one history, the `number`th of its files.
pub(super) fn build(number: usize, mut events: Vec<Event>, build: &mut Builder) {
    // Pages may hold the same event, and the newest may stand first.
    events.order_by_key(|event| event.id);
    events.dedup_by_key(|event| event.id);
    let Some((run, begins)) = run_of(number, &events, build) else { return };
    let mut steps: FxHashMap<u64, usize> = FxHashMap::default();
    if !begins {
        // The workflow itself, of which no event is here.
        steps.extend(build.drafts.len().checked_sub(1).map(|at| (1, at)));
    }
    let root = build.names.intern("1");
    let (mut folded, mut lost, mut closed) = (0u64, 0u64, None);
    let mut asked: Vec<u64> = Vec::new();
    for event in &events {
        let kind = build.names.get(event.kind).to_owned();
        let workflow = steps.get(&1).copied();
        let own = steps.get(&event.of).copied();
        match meaning(&kind) {
            Meaning::Begins(sort) => {
                let at = begin(event, sort, run, root, build);
                steps.insert(event.id, at);
                let instant = kind == "WorkflowExecutionSignaled";
                if let Some(draft) = build.drafts.get_mut(at).filter(|_| instant) {
                    (draft.end, draft.status) = (draft.start, Status::Ok);
                }
            }
            Meaning::Goes | Meaning::Ends(_) if own.is_none() => lost += 1,
            Meaning::Goes => {
                if kind.contains("CancelRequest") {
                    asked.push(event.of);
                }
                add(own, event, build);
            }
            Meaning::Ends(status) => {
                let status = match (event.failed, event.cancelled) {
                    (true, true) => Status::Cancelled,
                    (true, false) if status == Status::Ok => Status::Error,
                    _ => status,
                };
                end(own, event, status, build);
            }
            Meaning::Closes(status) => {
                closed = Some(status);
                end(workflow, event, status, build);
            }
            Meaning::Whole if event.of == u64::MAX => {
                let at = begin(event, Kind::Task, run, root, build);
                if let Some(draft) = build.drafts.get_mut(at) {
                    draft.start = event.span.0.or(event.time);
                    draft.end = event.span.1.or(event.time);
                    draft.status = if event.failed { Status::Error } else { Status::Ok };
                }
            }
            Meaning::Whole => add(workflow, event, build),
            Meaning::Folded => folded += 1,
        }
    }
    build.parts.extend(parts(events.iter().map(|event| (event.id, event.time)), begins, closed.is_some()));
    if closed.is_some() {
        abandon(&steps, &asked, build);
    }
    say(folded, lost, build);
}

/// The run: by the id its first event gives, and whether that is here. Else the workflow is a step that nothing tells.
fn run_of(number: usize, events: &[Event], build: &mut Builder) -> Option<(Sym, bool)> {
    let first = events.first()?;
    let started = events.iter().find(|event| build.names.get(event.kind) == "WorkflowExecutionStarted");
    let stated = started.map_or(Interner::EMPTY, |started| started.run);
    let run = if stated == Interner::EMPTY { build.names.intern(&format!("workflow {}", number + 1)) } else { stated };
    let name = started.map_or("", |started| build.names.get(started.name));
    let name = if name.is_empty() { "Temporal workflow" } else { name }.to_owned();
    build.run_names.insert(run, name);
    if started.is_none() {
        let id = build.names.intern("1");
        let mut draft = Draft::new(run, id, first.place);
        draft.name = build.names.intern("Temporal workflow");
        (draft.kind, draft.start, draft.status) = (Kind::Chain, first.time, Status::Running);
        // Its first event is not in the file: there is nothing to show of it but what follows.
        draft.context = 1;
        build.push(draft);
    }
    Some((run, started.is_some()))
}

fn begin(event: &Event, kind: Kind, run: Sym, root: Sym, build: &mut Builder) -> usize {
    let id = build.names.intern(&event.id.to_string());
    let mut draft = Draft::new(run, id, event.place);
    draft.parent = (id != root).then_some(root);
    draft.name = if event.name == Interner::EMPTY { event.kind } else { event.name };
    (draft.kind, draft.start, draft.status) = (kind, event.time, Status::Running);
    build.push(draft)
}

fn add(step: Option<usize>, event: &Event, build: &mut Builder) {
    if let Some(draft) = step.and_then(|at| build.drafts.get_mut(at)) {
        draft.more.push(event.place);
    }
}

fn end(step: Option<usize>, event: &Event, status: Status, build: &mut Builder) {
    add(step, event, build);
    if let Some(draft) = step.and_then(|at| build.drafts.get_mut(at)) {
        (draft.end, draft.status) = (event.time, status);
    }
}

/// What the workflow did not wait for when it ended.
fn abandon(steps: &FxHashMap<u64, usize>, asked: &[u64], build: &mut Builder) {
    for at in steps.values() {
        if let Some(draft) = build.drafts.get_mut(*at).filter(|draft| draft.status == Status::Running) {
            draft.status = Status::Unset;
        }
    }
    for at in asked.iter().filter_map(|id| steps.get(id)) {
        if let Some(draft) = build.drafts.get_mut(*at).filter(|draft| draft.status == Status::Unset) {
            draft.status = Status::Cancelled;
        }
    }
}

fn say(folded: u64, lost: u64, build: &mut Builder) {
    if folded > 0 {
        let events = counted(folded, "event tells", "events tell");
        let message = format!("{events} of workflow tasks, by which the engine asks the program on; not shown.");
        build.diagnostics.push(Diagnostic::new(Severity::Info, "events-not-shown", message));
    }
    if lost > 0 {
        let events = counted(lost, "event goes", "events go");
        let message =
            format!("{events} on with a step that did not begin in this file; left out. A page may be missing.");
        build.diagnostics.push(Diagnostic::new(Severity::Warning, "end-without-start", message));
    }
}
