//! When all records are read: names of runs, the state after each step, and what is to be said.

use super::reveal::{Context, TrackerReveal};
use super::{Execution, Known, Tracker};
use crate::import::ia_modules::state::{Returned, States};
use crate::import::ia_modules::steps::content;
use crate::import::{Builder, Reveal};
use crate::model::{Diagnostic, Severity, Status, Sym};
use crate::order::Order as _;
use crate::wording::counted;
use rustc_hash::FxHashSet;
use std::rc::Rc;

pub(super) fn settle(mut tracker: Tracker, build: &mut Builder) -> Box<dyn Reveal> {
    tracker.tally.say(build, Severity::Warning, "unknown-frame", |count, text| {
        format!("{} of an unknown type skipped, the first is `{text}`.", counted(count, "frame", "frames"))
    });
    let mut contexts: Vec<Context> = tracker.steps.iter().map(|_| Context::default()).collect();
    for id in std::mem::take(&mut tracker.order) {
        let Some(mut execution) = tracker.executions.remove(&id) else { continue };
        let start = |at: usize| tracker.steps.get(at).and_then(|known| build.drafts.get(known.draft)?.start);
        if execution.steps.iter().all(|&at| start(at).is_some()) {
            execution.steps.order_by_key(|&at| start(at));
        }
        if execution.memory {
            worked_out(&execution, &tracker.steps, &mut contexts, build);
        } else {
            told(&execution, &tracker.steps, &mut contexts, build);
        }
        name(id, &execution, &tracker.steps, build);
    }
    Box::new(TrackerReveal { contexts })
}

/// The states as the database tracker tells them: the state after a step is the one before the next.
fn told(execution: &Execution, steps: &[Known], contexts: &mut [Context], build: &mut Builder) {
    let ended = execution.record.as_ref().filter(|record| record.status == Some(Status::Ok));
    let mut unwritten = 0u64;
    let mut first = None;
    for (position, &at) in execution.steps.iter().enumerate() {
        let Some(known) = steps.get(at) else { continue };
        if known.input.is_some_and(|input| input.unwritten) {
            unwritten += 1;
            first = first.or(known.input.map(|input| input.place));
        }
        let next = execution.steps.get(position + 1).and_then(|&at| steps.get(at));
        let after = match next {
            Some(next) => {
                let time = |known: &Known| build.drafts.get(known.draft).map(|draft| (draft.start, draft.end));
                let apart = match (time(known), time(next)) {
                    (Some((_, Some(end))), Some((Some(start), _))) => end <= start,
                    _ => false,
                };
                next.input.filter(|_| apart)
            }
            None => ended.and_then(|record| record.output).filter(|_| !known.asks && !known.failed),
        };
        if let Some(context) = contexts.get_mut(at) {
            context.after = after.filter(|after| after.object && !after.unwritten);
        }
    }
    if let Some(place) = first {
        let steps = counted(unwritten, "step", "steps");
        let message = format!(
            "The state before {steps} could not be written: the tracker put `_serialization_error` there. Data that holds \
             itself, or objects that are no JSON, are the usual reasons."
        );
        build.diagnostics.push(Diagnostic::new(Severity::Warning, "state-not-written", message).at(place));
    }
}

/// The states as they can be worked out from the end of the run and what each step returned.
fn worked_out(execution: &Execution, steps: &[Known], contexts: &mut [Context], build: &mut Builder) {
    let known: Vec<(usize, &Known)> = execution.steps.iter().filter_map(|&at| Some((at, steps.get(at)?))).collect();
    for &(at, _) in &known {
        if let Some(context) = contexts.get_mut(at) {
            context.memory = true;
        }
    }
    let Some(end) = known.iter().find_map(|(_, known)| known.kept.0.as_deref()) else { return };
    let hash = content(end);
    let name = |known: &Known| build.drafts.get(known.draft).map_or("", |draft| build.names.get(draft.name));
    let merged: Vec<&(usize, &Known)> =
        known.iter().filter(|(_, known)| !known.asks && known.output.is_some()).collect();
    let returned: Vec<(&str, Returned<'_>)> = merged
        .iter()
        .map(|(_, known)| {
            let returned = match known.kept.1.as_deref() {
                Some(bytes) if content(bytes) != hash => Returned::Own(bytes),
                _ => Returned::Shared,
            };
            (name(known), returned)
        })
        .collect();
    let asks = known.iter().any(|(_, known)| known.asks);
    let states = States::new(end, false, &returned, asks, &FxHashSet::default()).map(Rc::new);
    let place = known.iter().find_map(|(_, known)| known.input).map(|input| input.place);
    let mut done = 0;
    for &(at, step) in &known {
        let Some(context) = contexts.get_mut(at) else { continue };
        context.states = states.clone();
        context.done = done;
        let counts = !step.asks && step.output.is_some();
        context.merged = counts;
        done += usize::from(counts);
    }
    let message = "The tracker in memory keeps the live data of the run: every `input_data` shows its end. What each step \
                   was given is worked out from what the steps returned; the database tracker, or a run log (0.2.0, \
                   .jsonl), tells it.";
    let mut diagnostic = Diagnostic::new(Severity::Info, "input-lost", message);
    diagnostic.place = place;
    build.diagnostics.push(diagnostic);
}

/// Names the run, ties it to its pipeline, and says how it ended where that is not well.
fn name(id: Sym, execution: &Execution, steps: &[Known], build: &mut Builder) {
    let stated = execution.record.as_ref();
    let name = stated.map_or("", |record| &*record.pipeline);
    let name = if name.is_empty() { "execution" } else { name };
    build.run_names.insert(id, name.to_owned());
    let pipeline = build.pipelines.iter().position(|pipeline| pipeline.name == name);
    if let Some(pipeline) = pipeline.and_then(|index| u32::try_from(index).ok()) {
        build.run_pipelines.insert(id, pipeline);
    }
    let drafts = execution.steps.iter().filter_map(|&at| build.drafts.get(steps.get(at)?.draft));
    let running: Vec<&str> = drafts
        .filter(|draft| draft.status == Status::Running && draft.end.is_none())
        .map(|draft| build.names.get(draft.name))
        .collect();
    let shown = running.iter().take(4).copied().collect::<Vec<_>>().join(", ");
    let still = format!("{} still running ({shown})", counted(running.len() as u64, "step is", "steps are"));
    let mut say = |code: &str, message: String| {
        let mut diagnostic = Diagnostic::new(Severity::Warning, code, message);
        diagnostic.place = stated.map(|record| record.place);
        build.diagnostics.push(diagnostic);
    };
    let Some(record) = stated else {
        say(
            "no-execution",
            format!("The record of the execution is not in this file; its steps are shown as “{name}”."),
        );
        return;
    };
    if let Some(error) = &record.error {
        let error = crate::import::ia_modules::steps::error(error);
        say("run-error", format!("The run “{name}” ended with an error: {}", error.message));
    }
    match (record.status, running.is_empty()) {
        (Some(Status::Running) | None, _) if running.is_empty() => {
            say(
                "stopped-while-running",
                format!("“{name}”: the record says that the run had not ended; no step runs."),
            );
        }
        (Some(Status::Running) | None, _) => {
            let message =
                format!("“{name}”: the record was taken before the run was over, or its program died: {still}.");
            say("stopped-while-running", message);
        }
        (_, false) => {
            let message = format!(
                "“{name}”: the run is over and {still}. The tracker of 0.1.3 leaves a step so when its data could not be \
                 written, because they hold themselves."
            );
            say("ended-while-running", message);
        }
        _ => {}
    }
}
