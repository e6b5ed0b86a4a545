//! The shared state of a run step by step, where a file has only its end: what each step added, and what was there
//! before and after it.
//!
//! A result file of IA Modules holds the shared data as it was at the end, and per step what the step returned. Two
//! things tell more. A step that returned an object of its own merged exactly its members. And the keys of the shared
//! data stand in the order in which they were first written, with the step's own id last of what it wrote: so the keys
//! between two ids were added by the step between them, and those before the first are the run's input. Overwriting
//! leaves no trace; a value that is not known at some point is named as such, never guessed.

use super::circular;
use crate::json::{NodeKind, Tree, quoted};
use rustc_hash::{FxHashMap, FxHashSet};
use std::fmt::Write as _;
use std::ops::Range;

/// Most bytes of values that are kept to work with.
const MOST: usize = 16 << 20;

/// What a step returned.
#[derive(Clone, Copy, Debug)]
pub(super) enum Returned<'a> {
    /// JSON of its own: an object is merged into the state.
    Own(&'a [u8]),
    /// The shared data itself, changed in place.
    Shared,
}

/// Where a value comes from.
#[derive(Clone, Debug)]
enum Written {
    At(Range<usize>),
    /// The shared data itself.
    Shared,
}

/// A key of the state. Steps are counted from 0; the input of the run is -1.
#[derive(Debug)]
struct Key {
    name: String,
    /// The value while no step has written it that is known to have.
    initial: Option<Range<usize>>,
    /// First and last step that can have added it.
    added: (i64, i64),
    /// Steps known to have written it, in order.
    writers: Vec<(u32, Written)>,
}

/// The states of one run.
#[derive(Debug, Default)]
pub(super) struct States {
    text: Vec<u8>,
    keys: Vec<Key>,
    /// Steps that changed, or may have changed, the shared data in place.
    shared: Vec<bool>,
    in_place: bool,
}

/// The state at one point.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Shown {
    /// As JSON.
    pub(super) json: String,
    /// Keys that are or may be there, with a value that is not known.
    pub(super) unknown: Vec<String>,
}

impl States {
    /// From the state at the end, or (`given`) from the input as the run got it. `asks` tells that a step after the
    /// last one began and paused: it may have changed the shared data. `None` when there is too much of it, or it is no
    /// object.
    pub(super) fn new(
        known: &[u8],
        given: bool,
        steps: &[(&str, Returned<'_>)],
        asks: bool,
        parameters: &FxHashSet<String>,
    ) -> Option<States> {
        let own = steps.iter().map(|(_, returned)| if let Returned::Own(bytes) = returned { bytes.len() } else { 0 });
        if own.fold(known.len(), usize::saturating_add) > MOST {
            return None;
        }
        let mut states = States { shared: vec![false; steps.len()], ..States::default() };
        let mut index: FxHashMap<String, usize> = FxHashMap::default();
        for (name, range) in members(&mut states.text, known)? {
            index.insert(name.clone(), states.keys.len());
            let initial = Some(range);
            states.keys.push(Key { name, initial, added: (-1, -1), writers: Vec::new() });
        }
        let ends = states.keys.len();
        for (step, (id, returned)) in (0u32..).zip(steps) {
            let whole = match returned {
                Returned::Own(bytes) => {
                    let start = states.text.len();
                    for (name, range) in members(&mut states.text, bytes).unwrap_or_default() {
                        states.write(&mut index, name, step, Written::At(range));
                    }
                    if states.text.len() == start {
                        states.text.extend_from_slice(bytes);
                    }
                    Written::At(start..states.text.len())
                }
                Returned::Shared => {
                    if let Some(slot) = states.shared.get_mut(step as usize) {
                        *slot = true;
                    }
                    Written::Shared
                }
            };
            states.write(&mut index, (*id).to_owned(), step, whole);
        }
        states.in_place = states.shared.contains(&true);
        if asks {
            states.shared.push(true);
        }
        if !given {
            states.place(ends, steps, parameters);
        }
        Some(states)
    }

    fn write(&mut self, index: &mut FxHashMap<String, usize>, name: String, step: u32, written: Written) {
        let at = *index.entry(name).or_insert_with_key(|name| {
            // Not in the known state: there only from this step on.
            let added = (i64::from(step), i64::from(step));
            self.keys.push(Key { name: name.clone(), initial: None, added, writers: Vec::new() });
            self.keys.len() - 1
        });
        let Some(key) = self.keys.get_mut(at) else { return };
        match key.writers.last_mut().filter(|last| last.0 == step) {
            Some(last) => last.1 = written,
            None => key.writers.push((step, written)),
        }
    }

    /// Settles which step added each of the first `count` keys, from the order they stand in.
    fn place(&mut self, count: usize, steps: &[(&str, Returned<'_>)], parameters: &FxHashSet<String>) {
        let mut first: FxHashMap<&str, i64> = FxHashMap::default();
        for (step, (id, _)) in (0i64..).zip(steps) {
            first.entry(id).or_insert(step);
        }
        // The step at whose id the stretch of each key ends, and the one at whose id it begins.
        let mut begins = Vec::with_capacity(count);
        let mut lo = -1i64;
        let mut marks = vec![false; count];
        for (key, mark) in self.keys.iter().take(count).zip(&mut marks) {
            begins.push(lo);
            if let Some(&step) = first.get(key.name.as_str()).filter(|&&step| step > lo) {
                (lo, *mark) = (step, true);
            }
        }
        let end = i64::try_from(self.shared.len()).unwrap_or(i64::MAX).saturating_sub(1);
        // The nearest step at or before, and at or after, that changed the data in place.
        let numbered = || (0..=end).zip(&self.shared).map(|(step, &shared)| (shared, step)).collect::<Vec<_>>();
        let before = nearest(numbered().into_iter());
        let mut after = nearest(numbered().into_iter().rev());
        after.reverse();
        let look = |of: &[Option<i64>], at: i64| usize::try_from(at).ok().and_then(|at| of.get(at).copied().flatten());
        let (mut hi, mut input_follows) = (end, false);
        for at in (0..count).rev() {
            let (Some(key), Some(&lo)) = (self.keys.get_mut(at), begins.get(at)) else { continue };
            if marks.get(at) == Some(&true) {
                key.initial = None;
                hi = first.get(key.name.as_str()).copied().unwrap_or(hi);
                let step = key.writers.first().map_or(hi, |writer| i64::from(writer.0));
                key.added = (step, step);
                continue;
            }
            let mut least = i64::MAX;
            let mut most = i64::MIN;
            let mut may = |step: i64| (least, most) = (least.min(step), most.max(step));
            if let Some(step) = look(&after, lo + 1).filter(|&step| step <= hi) {
                may(step);
            }
            if let Some(step) = look(&before, hi).filter(|&step| step > lo) {
                may(step);
            }
            let own = key.writers.partition_point(|writer| i64::from(writer.0) <= lo);
            let writer = key.writers.get(own).map(|writer| i64::from(writer.0)).filter(|&step| step <= hi);
            if let Some(step) = writer {
                may(step);
            }
            let declared = parameters.contains(&key.name) || key.name == "_execution_id" || key.name == "_pipeline_id";
            if lo < 0 {
                // The input stands before all that steps added.
                if least == i64::MAX || declared || input_follows {
                    (least, most, input_follows) = (-1, -1, true);
                } else {
                    least = -1;
                }
            } else if least == i64::MAX {
                (least, most) = (lo + 1, hi);
            }
            key.added = (least, most);
            if !key.writers.is_empty() {
                key.initial = None;
            }
        }
    }

    /// The state when `done` steps are over.
    pub(super) fn at(&self, done: usize) -> Shown {
        let mut shown = Shown { json: "{".to_owned(), unknown: Vec::new() };
        let time = i64::try_from(done).unwrap_or(i64::MAX);
        for key in &self.keys {
            let written = key.writers.partition_point(|writer| i64::from(writer.0) < time);
            let value = match written.checked_sub(1).and_then(|last| key.writers.get(last)) {
                Some((_, Written::Shared)) => circular::WHOLE.to_owned(),
                Some((_, Written::At(range))) => self.json(range),
                None if key.added.0 >= time => continue,
                None => match key.initial.as_ref().filter(|_| key.added.1 < time) {
                    Some(range) => self.json(range),
                    None => {
                        shown.unknown.push(key.name.clone());
                        continue;
                    }
                },
            };
            push_member(&mut shown.json, &key.name, &value);
        }
        shown.json.push('}');
        shown
    }

    /// What a step added that changed the data in place: the keys with their values at the end, and the names of
    /// those that another step or the run's input may have brought.
    pub(super) fn added(&self, step: usize) -> Shown {
        let mut shown = Shown { json: "{".to_owned(), unknown: Vec::new() };
        let step = i64::try_from(step).unwrap_or(i64::MAX);
        for key in &self.keys {
            let Some(range) = key.initial.as_ref() else { continue };
            if key.added.0 <= step && step <= key.added.1 {
                push_member(&mut shown.json, &key.name, &self.json(range));
                if key.added.0 != key.added.1 {
                    shown.unknown.push(key.name.clone());
                }
            }
        }
        shown.json.push('}');
        shown
    }

    /// Whether any step is known to have changed the data in place: values may then have been overwritten unseen.
    pub(super) fn in_place(&self) -> bool {
        self.in_place
    }

    fn json(&self, range: &Range<usize>) -> String {
        circular::resolved(self.text.get(range.clone()).unwrap_or(&[]), true)
    }
}

/// For each position the last one so far that is marked.
fn nearest(steps: impl Iterator<Item = (bool, i64)>) -> Vec<Option<i64>> {
    let mut last = None;
    let step = |(marked, at): (bool, i64)| {
        if marked {
            last = Some(at);
        }
        last
    };
    steps.map(step).collect()
}

fn push_member(out: &mut String, name: &str, value: &str) {
    let comma = if out.len() > 1 { ", " } else { "" };
    let _ = write!(out, "{comma}{}: {value}", quoted(name));
}

/// The members of an object, its text put at the end of `text`; a key that is repeated counts once, as Python reads
/// it: at its first place with its last value.
fn members(text: &mut Vec<u8>, bytes: &[u8]) -> Option<Vec<(String, Range<usize>)>> {
    let tree = Tree::parse(bytes);
    tree.node(0).filter(|node| node.kind == NodeKind::Object)?;
    let base = text.len();
    let mut out: Vec<(String, Range<usize>)> = Vec::new();
    let mut index: FxHashMap<String, usize> = FxHashMap::default();
    for child in tree.children(0) {
        let (Some(node), Some(name)) = (tree.node(child), tree.key(bytes, child)) else { continue };
        let range = base + node.start as usize..base + node.end as usize;
        match index.get(name.as_ref()).and_then(|&at: &usize| out.get_mut(at)) {
            Some(slot) => slot.1 = range,
            None => {
                index.insert(name.clone().into_owned(), out.len());
                out.push((name.into_owned(), range));
            }
        }
    }
    text.extend_from_slice(bytes);
    Some(out)
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
