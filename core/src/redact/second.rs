//! A second look at what was written: over the bytes as they leave, line by line, not knowing what they mean.

use super::chosen::Chosen;
use super::kinds::{KINDS, Kind};
use super::known::Known;
use super::named::Hint;
use super::own::Own;
use super::stand_in::is_stand_in;
use super::text::{Wanted, find};
use crate::protocol::{RedactionReport, Remaining};

/// How addresses of ours end.
const OURS: &str = "@redacted.invalid";

/// The second look, in pieces.
#[derive(Default)]
pub(crate) struct Second {
    /// The line that is not at its end yet.
    rest: String,
    line: u64,
    /// By kind: how often, and the first line.
    remaining: Vec<(Kind, u64, u64)>,
    /// What was taken out, wherever it stands.
    known: Option<Known>,
}

impl Second {
    /// Looks at the next piece of what is written; `last` says that it is the last.
    pub(crate) fn look(&mut self, piece: &str, last: bool, chosen: &Chosen<'_>) {
        if self.known.is_none() {
            let mut known = Known::default();
            for (original, kind) in chosen.originals() {
                // Shorter ones stand for other things as well.
                if original.len() >= 8 {
                    known.add(original, kind, "", original);
                }
            }
            self.known = Some(known);
        }
        self.rest.push_str(piece);
        let end = if last { self.rest.len() } else { self.rest.rfind('\n').map_or(0, |at| at + 1) };
        let whole: String = self.rest.drain(..end).collect();
        for line in whole.lines() {
            self.line = self.line.saturating_add(1);
            self.look_at(line, chosen);
        }
    }

    fn look_at(&mut self, line: &str, chosen: &Chosen<'_>) {
        let (own, Some(known)) = (Own::default(), &self.known) else { return };
        let own = if chosen.wanted().own.is_empty() { &own } else { chosen.wanted().own };
        for hit in find(line, Hint::None, Wanted { own, known }) {
            let text = line.get(hit.start..hit.end).unwrap_or_default();
            let kept = chosen.found(&hit.normal).is_some_and(|(index, found)| chosen.stays(index, found));
            // What stands beside a stand-in in one word was seen whole the first time.
            if kept
                || is_stand_in(text)
                || text.contains(OURS)
                || line.get(hit.end..).is_some_and(|rest| rest.starts_with(OURS))
                || text.split(['[', ']']).any(|part| is_stand_in(&format!("[{part}]")))
            {
                continue;
            }
            match self.remaining.iter_mut().find(|(kind, ..)| *kind == hit.kind) {
                Some((_, count, _)) => *count = count.saturating_add(1),
                None => self.remaining.push((hit.kind, 1, self.line)),
            }
        }
    }

    /// What was done and what remains.
    pub(crate) fn report(&mut self, chosen: &Chosen<'_>) -> RedactionReport {
        let (kinds, finds, notes) = chosen.report();
        self.remaining.sort_by_key(|(kind, ..)| *kind);
        let remaining: Vec<Remaining> = self
            .remaining
            .iter()
            .filter_map(|(kind, count, line)| {
                let about = KINDS.get(*kind as usize)?;
                let (kind, label) = (about.id.to_owned(), about.label.to_owned());
                Some(Remaining { kind, label, count: *count, line: *line })
            })
            .collect();
        RedactionReport { clean: remaining.is_empty(), kinds, finds, remaining, notes }
    }
}
