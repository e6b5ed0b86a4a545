//! What a detector found in a text, and which of several that overlap counts.

use super::kinds::Kind;
use crate::order::Order as _;

/// A stretch of a text that is to be replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) kind: Kind,
    /// Whose it is, for keys of providers: `openai`.
    pub(crate) of: &'static str,
    /// What is the same wherever it is the same thing, whatever its spelling.
    pub(crate) normal: String,
}

/// Everything that was found in one text.
#[derive(Debug, Default)]
pub(crate) struct Hits {
    pub(crate) list: Vec<Hit>,
}

impl Hits {
    /// Adds a stretch, which is what it is called by.
    pub(crate) fn add(&mut self, text: &str, (start, end): (usize, usize), kind: Kind) {
        self.add_as(text, (start, end), kind, "", None);
    }

    /// Adds a stretch with what it is called by, where that is something else.
    pub(crate) fn add_as(
        &mut self,
        text: &str,
        (start, end): (usize, usize),
        kind: Kind,
        of: &'static str,
        normal: Option<String>,
    ) {
        let Some(found) = text.get(start..end).filter(|found| !found.is_empty()) else { return };
        self.list.push(Hit { start, end, kind, of, normal: normal.unwrap_or_else(|| found.to_owned()) });
    }

    /// The hits in the order of the text. Of those that overlap the one of the earlier kind counts, then the longer.
    pub(crate) fn settled(mut self) -> Vec<Hit> {
        if self.list.len() < 2 {
            return self.list;
        }
        self.list.order_by(|a, b| (a.start, a.kind, b.end).cmp(&(b.start, b.kind, a.end)));
        let mut out: Vec<Hit> = Vec::with_capacity(self.list.len());
        for hit in self.list {
            match out.last_mut() {
                Some(last) if hit.start < last.end => {
                    // The stronger one wins; what a weaker one covers beyond it is not lost, but joined.
                    if hit.kind < last.kind || hit.kind == last.kind && hit.end > last.end {
                        *last = hit;
                    }
                }
                _ => out.push(hit),
            }
        }
        out
    }
}

/// For the tests of detectors: the stretches that one finds in a text, each with its kind.
#[cfg(test)]
pub(super) fn found_by(text: &str, find: impl FnOnce(&str, &mut Hits)) -> Vec<(&'static str, &str)> {
    let mut hits = Hits::default();
    find(text, &mut hits);
    hits.settled().iter().map(|hit| (hit.kind.about().id, &text[hit.start..hit.end])).collect()
}

/// For the tests of detectors that find one kind: the stretches alone.
#[cfg(test)]
pub(super) fn stretches_by(text: &str, find: impl FnOnce(&str, &mut Hits)) -> Vec<&str> {
    found_by(text, find).into_iter().map(|(_, stretch)| stretch).collect()
}
