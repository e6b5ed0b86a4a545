//! One text: everything that is found in it, also behind escapes.

use super::hit::{Hit, Hits};
use super::known::Known;
use super::named::{self, Hint, is_secret};
use super::own::Own;
use super::unescape::unescaped;
use super::{bank, home, keys, mail, net, phone, tokens, urls};

/// How often escapes are undone: JSON in JSON in a log line.
const LEVELS: usize = 4;

/// What is looked for besides what the detectors know.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) own: &'a Own,
    pub(crate) known: &'a Known,
}

fn once(text: &str, wanted: Wanted<'_>, hits: &mut Hits) {
    wanted.own.find(text, hits);
    wanted.known.find(text, hits);
    tokens::find(text, hits);
    keys::find(text, hits);
    urls::find(text, hits);
    named::find(text, hits);
    mail::find(text, hits);
    bank::find(text, hits);
    phone::find(text, hits);
    net::find(text, hits);
    home::find(text, hits);
}

/// Everything in a text, in its order, nothing overlapping. `hint` is what the name of the value says.
pub(crate) fn find(text: &str, hint: Hint, wanted: Wanted<'_>) -> Vec<Hit> {
    let mut hits = Hits::default();
    // What is shorter holds nothing that could be told.
    if text.len() >= 4 {
        once(text, wanted, &mut hits);
    }
    let mut found = behind(text, wanted, hits.settled());
    if let Some(kind) = is_secret(text, hint) {
        let start = text.len() - text.trim_start().len();
        // A key or a token within is told by its own kind, and the words around it stay.
        if !found.iter().any(|hit| hit.kind < kind && hit.end - hit.start >= 8) {
            let mut whole = Hits::default();
            whole.add(text, (start, start + text.trim().len()), kind);
            found = whole.settled();
        }
    }
    found
}

/// Joins to what was found what is found once escapes are undone.
fn behind(text: &str, wanted: Wanted<'_>, mut found: Vec<Hit>) -> Vec<Hit> {
    let mut view = unescaped(text, None);
    for _ in 0..LEVELS {
        let Some(undone) = view else { break };
        let mut inner = Hits::default();
        once(&undone.text, wanted, &mut inner);
        let mut fresh = Hits::default();
        for mut hit in inner.settled() {
            let at = |at: usize| undone.places.get(at).map(|at| *at as usize);
            let (Some(start), Some(end)) = (at(hit.start), at(hit.end)) else { continue };
            // Hits stand in order and apart: only the last that begins before this one ends can lie across it.
            let before = found.partition_point(|other| other.start < end);
            let across = before.checked_sub(1).and_then(|at| found.get(at)).filter(|other| other.end > start);
            if across.is_none_or(|other| {
                hit.kind < other.kind || hit.kind == other.kind && end - start > other.end - other.start
            }) {
                (hit.start, hit.end) = (start, end);
                fresh.list.push(hit);
            }
        }
        if !fresh.list.is_empty() {
            fresh.list.append(&mut found);
            found = fresh.settled();
        }
        view = unescaped(&undone.text, Some(&undone.places));
    }
    found
}
