//! Histories of numbered events: where the events stand in a text, and which parts of a history are there.

use crate::import::{ROOT, Route, State};
use crate::json::Str;
use crate::model::{HistoryPart, Nanos};

const TOP: State = 1;
const LIST: State = 2;
const EVENTS: State = 3;

/// The route to the events: in a list under `events` or `history`, which may stand in wrappers. Where they are `bare`,
/// objects at the top or in a list there are events rather than what holds them.
pub(super) fn route(bare: bool, wrappers: &[&str], state: State, key: Option<&Str<'_>>, lead: u8) -> Route {
    match (state, key, lead) {
        (EVENTS, None, b'{') => Route::Take(0),
        (ROOT | LIST, None, b'{') if bare => Route::Take(0),
        (ROOT | LIST, None, b'{') => Route::Enter(TOP),
        (ROOT, None, b'[') => Route::Enter(LIST),
        (TOP, Some(key), b'[') if key.is("events") || key.is("history") => Route::Enter(EVENTS),
        (TOP, Some(key), b'{') if wrappers.iter().any(|known| key.is(known)) => Route::Enter(TOP),
        _ => Route::Skip,
    }
}

/// Whether a list of events, or of what holds them, begins.
pub(super) fn begins(state: State) -> bool {
    matches!(state, LIST | EVENTS)
}

/// Most parts of one history that are told apart: it has a page for each, or damage.
const PARTS: usize = 64;

/// The parts of a history that is not whole: stretches of events, in order, that follow each other without a gap.
pub(super) fn parts(events: impl Iterator<Item = (u64, Option<Nanos>)>, begins: bool, ends: bool) -> Vec<HistoryPart> {
    let mut parts: Vec<HistoryPart> = Vec::new();
    for (number, time) in events {
        let full = parts.len() >= PARTS;
        match parts.last_mut().filter(|part| full || number <= part.last.saturating_add(1)) {
            Some(part) => (part.last, part.to) = (number.max(part.last), time.or(part.to)),
            None => parts.push(HistoryPart {
                first: number,
                last: number,
                begins: false,
                ends: false,
                from: time,
                to: time,
            }),
        }
    }
    if let Some(part) = parts.first_mut() {
        part.begins = begins;
    }
    if let Some(part) = parts.last_mut() {
        part.ends = ends;
    }
    if begins && ends && parts.len() < 2 { Vec::new() } else { parts }
}
