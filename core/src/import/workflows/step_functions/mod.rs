//! Execution histories of AWS Step Functions: what `aws stepfunctions get-execution-history` prints, what the SDKs and
//! the emulators answer, and the log events of CloudWatch.
//!
//! Source: the API reference of Step Functions (`HistoryEvent`) and its page on logging. Times are seconds with a
//! fraction (command line, version 1), ISO texts (version 2), or milliseconds (logs). One event is read in `event`;
//! which state it belongs to is settled in `chain`; `reveal` shows a state.

mod chain;
mod event;
mod reveal;
#[cfg(test)]
mod tests;

use crate::import::record::Record;
use crate::import::workflows::histories;
use crate::import::{Builder, Format, Here, Importer, Matched, Probe, Reveal, Route, Sample, State};
use crate::json::{Lack, Lexer, NodeKind, Str};
use crate::model::{Document, Sym};
use event::Event;
use rustc_hash::{FxHashMap, FxHashSet};

/// The format.
pub const FORMAT: Format =
    Format { id: "step-functions-history", name: "Step Functions execution histories", detect, importer };

/// Members around the events.
const WRAPPERS: [&str; 3] = ["history", "data", "result"];

fn importer(_: u16, probe: &Probe<'_>) -> Box<dyn Importer> {
    let mut importer = StepFunctions::default();
    importer.another(probe);
    Box::new(importer)
}

/// The events of one execution.
#[derive(Default)]
struct History {
    events: Vec<Event>,
    seen: FxHashSet<u64>,
}

#[derive(Default)]
struct StepFunctions {
    /// Whether objects at the top or in a list there are events rather than what holds them.
    bare: bool,
    histories: Vec<(Sym, History)>,
    /// The newest history of each execution.
    known: FxHashMap<Sym, usize>,
}

impl Importer for StepFunctions {
    fn route(&mut self, state: State, key: Option<Str<'_>>, lead: u8) -> Route {
        histories::route(self.bare, &WRAPPERS, state, key.as_ref(), lead)
    }

    fn take(&mut self, _: u8, lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
        let record = Record::take(lexer, here)?;
        let Some(event) = Event::read(&record, build) else { return Ok(()) };
        let at = self.known.get(&event.execution).copied();
        // Ids are unique within an execution, and pages do not overlap: a second first event begins another.
        let again =
            |at: &usize| event.id != 1 || !self.histories.get(*at).is_some_and(|(_, held)| held.seen.contains(&1));
        let at = at.filter(again).unwrap_or_else(|| {
            self.histories.push((event.execution, History::default()));
            self.histories.len() - 1
        });
        self.known.insert(event.execution, at);
        if let Some((_, history)) = self.histories.get_mut(at)
            && history.seen.insert(event.id)
        {
            history.events.push(event);
        }
        Ok(())
    }

    fn together(&self, _: &Document) -> bool {
        true
    }

    fn another(&mut self, probe: &Probe<'_>) {
        let event = |sample: &Sample<'_>| sample.object().is_some_and(|object| is_event(sample, object));
        self.bare = probe.find(event).is_some();
    }

    fn finish(self: Box<Self>, build: &mut Builder) -> Box<dyn Reveal> {
        let mut taken = chain::Taken::of(build);
        for (execution, history) in self.histories {
            chain::build(execution, history.events, &mut taken, build);
        }
        Box::new(reveal::StepFunctionsReveal)
    }
}

fn is_event(sample: &Sample<'_>, node: u32) -> bool {
    let has = |key: &str| sample.member(node, key).is_some();
    has("type") && has("id") && (has("previousEventId") || has("previous_event_id"))
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    let because = "it holds events with `type`, `id` and `previousEventId`";
    for sample in &probe.samples {
        let Some(object) = sample.object() else { continue };
        if is_event(sample, object) {
            return Matched::new("Step Functions history (events)", because);
        }
        let listed = |node: Option<u32>| {
            let list = node.filter(|&node| sample.is(node, NodeKind::Array))?;
            sample.tree.first_child(list).filter(|&first| is_event(sample, first))
        };
        let wrapped = |key: &str| {
            sample.member(object, key).is_some_and(|inner| listed(sample.member(inner, "events")).is_some())
        };
        if listed(sample.member(object, "events")).is_some()
            || listed(sample.member(object, "history")).is_some()
            || WRAPPERS.iter().any(|key| wrapped(key))
        {
            return Matched::new("Step Functions history", because);
        }
    }
    None
}
