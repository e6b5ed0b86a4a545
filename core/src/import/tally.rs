//! Oddities that may occur once or a million times in a file: counted, with the first place and an example.

use super::Builder;
use crate::model::{Diagnostic, Place, Severity};

#[derive(Debug)]
struct Entry {
    code: &'static str,
    count: u64,
    first: Place,
    example: String,
}

/// Counts by diagnostic code.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// A handful of codes at most: a search through them is faster than a map.
    entries: Vec<Entry>,
}

impl Tally {
    /// Counts one. The place and the example of the first are kept.
    pub(super) fn add(&mut self, code: &'static str, place: Place, example: &str) {
        match self.entries.iter_mut().find(|entry| entry.code == code) {
            Some(entry) => entry.count = entry.count.saturating_add(1),
            None => {
                let example = example.chars().take(80).collect();
                self.entries.push(Entry { code, count: 1, first: place, example });
            }
        }
    }

    /// Reports what was counted under a code, when there is any: `words` gets the number and the example.
    pub(super) fn say(
        &mut self,
        build: &mut Builder,
        severity: Severity,
        code: &'static str,
        words: impl Fn(u64, &str) -> String,
    ) {
        if let Some(at) = self.entries.iter().position(|entry| entry.code == code) {
            let entry = self.entries.swap_remove(at);
            let message = words(entry.count, &entry.example);
            build.diagnostics.push(Diagnostic::new(severity, code, message).at(entry.first));
        }
    }
}
