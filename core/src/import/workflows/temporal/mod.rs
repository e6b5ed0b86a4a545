//! Histories of Temporal workflows (and of Cadence, its forerunner), as its page, its command line, its HTTP API and
//! the test fixtures of its SDKs write them.
//!
//! Source: temporal-api `history/v1/message.proto` and its JSON mappings: both spellings of event types, ids as texts
//! or numbers, `{events}`, `{history: {events}}`, a bare list, any order of events. One event is read in `event`, a
//! history becomes steps in `history`, a step is shown in `reveal`, payloads are decoded in `payload`.

mod event;
mod history;
mod payload;
mod reveal;
#[cfg(test)]
mod tests;

use crate::import::record::Record;
use crate::import::workflows::histories;
use crate::import::{Builder, Format, Here, Importer, Matched, Probe, Reveal, Route, Sample, State};
use crate::json::{Lack, Lexer, NodeKind, Str};
use crate::model::Document;
use event::Event;
use rustc_hash::FxHashSet;

/// The format.
pub const FORMAT: Format = Format { id: "temporal-history", name: "Temporal workflow histories", detect, importer };

/// Members around the events.
const WRAPPERS: [&str; 5] = ["history", "data", "result", "response", "workflow"];

fn importer(_: u16, probe: &Probe<'_>) -> Box<dyn Importer> {
    let mut importer = Temporal::default();
    importer.another(probe);
    Box::new(importer)
}

#[derive(Default)]
struct Temporal {
    /// Whether objects at the top or in a list there are events rather than what holds them.
    bare: bool,
    histories: Vec<Vec<Event>>,
    /// Ids of the newest history's events.
    seen: FxHashSet<u64>,
    /// A list of events has begun: its first event tells whether it is a page of the newest history.
    fresh: bool,
}

impl Importer for Temporal {
    fn route(&mut self, state: State, key: Option<Str<'_>>, lead: u8) -> Route {
        histories::route(self.bare, &WRAPPERS, state, key.as_ref(), lead)
    }

    fn enter(&mut self, state: State, _: u64) {
        self.fresh |= histories::begins(state);
    }

    fn take(&mut self, _: u8, lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
        let record = Record::take(lexer, here)?;
        let Some(event) = Event::read(&record, build) else { return Ok(()) };
        let again = self.seen.contains(&event.id) && (self.fresh || event.id == 1);
        if again || self.histories.is_empty() {
            self.histories.push(Vec::new());
            self.seen.clear();
        }
        self.fresh = false;
        self.seen.insert(event.id);
        if let Some(history) = self.histories.last_mut() {
            history.push(event);
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
        for (number, events) in self.histories.into_iter().enumerate() {
            history::build(number, events, build);
        }
        Box::new(reveal::TemporalReveal)
    }
}

fn is_event(sample: &Sample<'_>, node: u32) -> bool {
    let has = |key: &str| sample.member(node, key).is_some();
    has("eventId") && has("eventType") && !has("eventSource")
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    let because = "it holds events with `eventId` and `eventType`";
    for sample in &probe.samples {
        let Some(object) = sample.object() else { continue };
        if is_event(sample, object) {
            return Matched::new("Temporal history (events)", because);
        }
        let listed = |node: Option<u32>| {
            let first =
                node.filter(|&node| sample.is(node, NodeKind::Array)).and_then(|list| sample.tree.first_child(list));
            first.is_some_and(|first| is_event(sample, first))
        };
        if listed(sample.member(object, "events")) || listed(sample.member(object, "history")) {
            return Matched::new("Temporal history", because);
        }
        let wrapped =
            |key: &str| listed(sample.path(&[key, "events"])) || listed(sample.path(&[key, "history", "events"]));
        if WRAPPERS.into_iter().any(wrapped) {
            return Matched::new("Temporal history (answer of the API)", because);
        }
    }
    None
}
