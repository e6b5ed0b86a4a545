//! What was found, with what somebody wants to keep: takes the rest out, and says what it did.

use super::kinds::{KINDS, Kind};
use super::named::Hint;
use super::text::{Wanted, find};
use super::value::{Change, changed};
use super::{Found, Redactor, number_hit, stand_in, step};
use crate::export::full_step::FullStep;
use crate::protocol::{FindPlace, Redaction, ReportFind, ReportKind};
use rustc_hash::FxHashSet;

/// Finds a report lists.
const LISTED: usize = 1_000;

/// A redactor that looked at everything, and what stays.
pub(crate) struct Chosen<'a> {
    redactor: &'a Redactor,
    off: FxHashSet<Kind>,
    keep: FxHashSet<u32>,
}

struct Taking<'a>(&'a Chosen<'a>);

impl Change for Taking<'_> {
    fn text(&mut self, text: &str, hint: Hint, _: &dyn Fn() -> String) -> Option<String> {
        let hits = find(text, hint, self.0.wanted());
        let mut out: Option<String> = None;
        let mut from = 0;
        for hit in hits {
            let original = text.get(hit.start..hit.end).unwrap_or_default();
            if stand_in::is_stand_in(original) {
                continue;
            }
            let other = match self.0.found(&hit.normal) {
                Some((index, found)) if self.0.stays(index, found) => continue,
                Some((_, found)) => found.stand_in.as_str(),
                // Nothing that was not seen by the scan is let through.
                None => "[redacted]",
            };
            let out = out.get_or_insert_with(|| String::with_capacity(text.len()));
            out.push_str(text.get(from..hit.start).unwrap_or_default());
            out.push_str(other);
            from = hit.end;
        }
        if let Some(out) = &mut out {
            out.push_str(text.get(from..).unwrap_or_default());
        }
        out
    }

    fn number(&mut self, number: &str, hint: Hint, _: &dyn Fn() -> String) -> Option<String> {
        let hit = number_hit(number, hint, self.0.wanted())?;
        match self.0.found(&hit.normal) {
            Some((index, found)) if self.0.stays(index, found) => None,
            Some((_, found)) => Some(stand_in::number_for(found.kind, found.number)),
            None => Some("0".to_owned()),
        }
    }
}

impl<'a> Chosen<'a> {
    pub(super) fn new(redactor: &'a Redactor, choice: &Redaction) -> Chosen<'a> {
        let off = KINDS.iter().filter(|about| choice.off.iter().any(|id| id == about.id)).map(|about| about.kind);
        Chosen { redactor, off: off.collect(), keep: choice.keep.iter().copied().collect() }
    }

    pub(super) fn wanted(&self) -> Wanted<'a> {
        Wanted { own: &self.redactor.own, known: &self.redactor.known }
    }

    /// The find that is called so.
    pub(super) fn found(&self, normal: &str) -> Option<(u32, &'a Found)> {
        let index = *self.redactor.by_normal.get(normal)?;
        self.redactor.found.get(index as usize).map(|found| (index, found))
    }

    /// Whether a find stays as it is.
    pub(super) fn stays(&self, index: u32, found: &Found) -> bool {
        self.off.contains(&found.kind) || self.keep.contains(&index)
    }

    /// Takes out of a step what does not stay.
    pub(crate) fn step(&self, step: &mut FullStep) {
        step::change(step, &mut Taking(self));
    }

    /// A text, JSON or not, without what does not stay.
    pub(crate) fn text(&self, text: &str) -> String {
        changed(text, Hint::None, &mut Taking(self), &String::new, 0).unwrap_or_else(|| text.to_owned())
    }

    /// What was found, by kind and one by one. Paths are told without what does not stay.
    pub(super) fn report(&self) -> (Vec<ReportKind>, Vec<ReportFind>, Vec<String>) {
        let all = || (0u32..).zip(&self.redactor.found).filter(|(_, found)| found.count > 0);
        let kinds = KINDS.iter().filter_map(|about| {
            let of = || all().filter(|(_, found)| found.kind == about.kind);
            let replaced = || of().filter(|(index, found)| !self.stays(*index, found));
            let kept = of().count().saturating_sub(replaced().count()) as u32;
            (of().count() > 0).then(|| ReportKind {
                kind: about.id.to_owned(),
                label: about.label.to_owned(),
                replaced: replaced().count() as u32,
                places: replaced().map(|(_, found)| found.count).sum(),
                kept,
            })
        });
        let finds = all().take(LISTED).map(|(index, found)| {
            let places = found.places.iter().map(|place| FindPlace { path: self.text(&place.path), ..place.clone() });
            ReportFind {
                kind: found.kind.about().id.to_owned(),
                stand_in: found.stand_in.clone(),
                kept: self.stays(index, found),
                count: found.count,
                places: places.collect(),
            }
        });
        let mut notes = self.redactor.notes();
        let more = all().count().saturating_sub(LISTED);
        if more > 0 {
            notes.push(format!("{more} more finds are counted and not listed."));
        }
        (kinds.collect(), finds.collect(), notes)
    }

    /// The texts that were taken out.
    pub(super) fn originals(&self) -> impl Iterator<Item = (&'a str, Kind)> {
        let all = (0u32..).zip(&self.redactor.found);
        let kept: Vec<u32> =
            all.clone().filter(|(index, found)| self.stays(*index, found)).map(|(index, _)| index).collect();
        all.filter(move |(index, _)| !kept.contains(index)).map(|(_, found)| (found.original.as_str(), found.kind))
    }
}
