//! What differs between two values: JSON by path with moved items found, everything else as a text.
//!
//! Both sides are hashed once, from the leaves up (`doc`), and walked together where the hashes differ: objects by key,
//! lists by what answers what (`items`). The result is a tree of [`Entry`]s over the parts that differ; what is the same
//! has one entry and is not walked. Objects have no order, of repeated keys the last counts, a string that holds JSON on
//! both sides is walked as JSON, and numbers are the same when they are the same 64-bit float (and written alike, from
//! 2^53 on). What is damaged, or goes too deep, is a text.
//!
//! [`apply()`] makes B of A and the differences, [`brief`] says them in a few words, [`rows`] shows them.

mod apply;
pub mod brief;
mod doc;
mod items;
mod like;
pub mod rows;

pub use apply::apply;

use crate::diff::meaning::Options;
use crate::json::NodeKind;
use crate::protocol::Sign;
use doc::Doc;
use std::ops::Range;
use std::sync::Arc;

/// A pair of nodes, or one that only one side has.
#[derive(Clone, Copy, Debug)]
struct Entry {
    a: Option<u32>,
    b: Option<u32>,
    /// The entry around it; its own number for the first.
    parent: u32,
    /// Its children are `first..first + count`; a container that is the same has none here.
    first: u32,
    count: u32,
    sign: Sign,
    /// Stands at another place in its list.
    moved: bool,
    /// Differs, and all of that is noise.
    noise: bool,
    /// Changes in it and below that mean something, and those that do not.
    changes: u32,
    ignored: u32,
}

/// What a change is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Only B has it.
    Added,
    /// Only A has it.
    Removed,
    /// Another value, as a whole.
    Changed,
    /// The same value at another place of its list.
    Moved,
    /// At another place of its list, with changes of its own.
    MovedAndChanged,
}

/// One change. A container with changes inside is none itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Node of A.
    pub a: Option<u32>,
    /// Node of B.
    pub b: Option<u32>,
    /// What it is.
    pub what: What,
    /// Whether it means nothing.
    pub noise: bool,
}

/// How many changes there are, of those that mean something; and of those that do not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Only in A.
    pub only_a: u32,
    /// Only in B.
    pub only_b: u32,
    /// Other values.
    pub changed: u32,
    /// At another place.
    pub moved: u32,
    /// Without meaning.
    pub noise: u32,
}

/// What differs between two values.
#[derive(Debug)]
pub struct ValueDiff {
    a: Arc<Doc>,
    b: Arc<Doc>,
    entries: Vec<Entry>,
    has: (bool, bool),
    equal: bool,
    /// How many changes there are.
    pub counts: Counts,
}

/// Compares two values, each as `view::value::read` gives it.
pub fn diff(a: &str, b: &str, options: &Options) -> ValueDiff {
    between(Some(a), Some(b), options)
}

/// Compares two values of which one may be missing.
pub fn between(a: Option<&str>, b: Option<&str>, options: &Options) -> ValueDiff {
    let has = (a.is_some(), b.is_some());
    let equal = a == b;
    let mut diff =
        ValueDiff { a: Arc::default(), b: Arc::default(), entries: Vec::new(), has, equal, counts: Counts::default() };
    // Equal texts are not walked: the one tree that shows them is made when somebody looks.
    if !equal {
        diff.read(a, b, options);
    }
    diff
}

impl ValueDiff {
    /// Whether nothing differs that means something.
    pub fn is_same(&self) -> bool {
        let Counts { only_a, only_b, changed, moved, .. } = self.counts;
        only_a == 0 && only_b == 0 && changed == 0 && moved == 0
    }

    /// All changes, in order, those inside a moved item after it.
    pub fn changes(&self) -> Vec<Change> {
        let mut out = Vec::new();
        let first = 0..u32::from(!self.entries.is_empty());
        let mut open = Vec::from([first]);
        while let Some(range) = open.last_mut() {
            let Some(at) = range.next() else {
                open.pop();
                continue;
            };
            let Some(entry) = self.entries.get(at as usize) else { continue };
            if let Some(what) = entry.what() {
                out.push(Change { a: entry.a, b: entry.b, what, noise: entry.noise && !entry.moved });
            }
            open.push(entry.children());
        }
        out
    }

    /// Reads the one text of two equal values, so that it can be shown.
    fn read_equal(&mut self, text: &str, options: &Options) {
        self.a = Arc::new(Doc::new(text, options));
        self.b = Arc::clone(&self.a);
        self.push(items::Pair { a: Some(0), b: Some(0), moved: false }, 0, false);
    }

    fn read(&mut self, a: Option<&str>, b: Option<&str>, options: &Options) {
        self.a = Arc::new(a.map_or_else(Doc::default, |text| Doc::new(text, options)));
        self.b = Arc::new(b.map_or_else(Doc::default, |text| Doc::new(text, options)));
        let root = items::Pair { a: self.has.0.then_some(0), b: self.has.1.then_some(0), moved: false };
        self.push(root, 0, false);
        let mut at = 0;
        while let Some(entry) = self.entries.get(at).copied() {
            if let (Sign::Changed, Some(a), Some(b)) = (entry.sign, entry.a, entry.b) {
                self.open(at, a, b);
            }
            at += 1;
        }
        self.count();
    }

    fn push(&mut self, pair: items::Pair, parent: u32, member: bool) {
        let sign = match (pair.a, pair.b) {
            (Some(a), Some(b)) if self.a.strict(a) == self.b.strict(b) && self.alike(a, b) => Sign::Same,
            (Some(_), Some(_)) => Sign::Changed,
            (Some(_), None) => Sign::OnlyA,
            _ => Sign::OnlyB,
        };
        let noise = match (pair.a, pair.b) {
            _ if sign == Sign::Same => false,
            (Some(a), Some(b)) => {
                let out = if member { (self.a.out(a), self.b.out(b)) } else { (self.a.ruled(a), self.b.ruled(b)) };
                out == (true, true) || out == (false, false) && self.a.loose(a) == self.b.loose(b) && self.alike(a, b)
            }
            (Some(a), None) => {
                if member {
                    self.a.out(a)
                } else {
                    self.a.ruled(a)
                }
            }
            (None, Some(b)) => {
                if member {
                    self.b.out(b)
                } else {
                    self.b.ruled(b)
                }
            }
            (None, None) => false,
        };
        let items::Pair { a, b, moved } = pair;
        self.entries.push(Entry { a, b, parent, first: 0, count: 0, sign, moved, noise, changes: 0, ignored: 0 });
    }

    /// Whether two nodes may be the same: a text is no JSON.
    fn alike(&self, a: u32, b: u32) -> bool {
        self.a.json == self.b.json && self.a.kind(a) == self.b.kind(b)
    }

    /// Compares what two containers hold.
    fn open(&mut self, at: usize, a: u32, b: u32) {
        let (in_a, in_b) = (self.a.content(a), self.b.content(b));
        // A string that holds JSON on one side alone is a string.
        if (in_a == a) != (in_b == b) {
            return;
        }
        let docs = (&*self.a, &*self.b);
        let (pairs, member) = match (docs.0.kind(in_a), docs.1.kind(in_b)) {
            (NodeKind::Object, NodeKind::Object) => (items::members(docs, in_a, in_b), true),
            (NodeKind::Array, NodeKind::Array) => (items::pair(docs, in_a, in_b), false),
            _ => return,
        };
        let Ok(first) = u32::try_from(self.entries.len()) else { return };
        if let Some(entry) = self.entries.get_mut(at) {
            (entry.first, entry.count) = (first, pairs.len() as u32);
        }
        for pair in pairs {
            self.push(pair, at as u32, member);
        }
    }

    /// Sums up, from the last to the first: each comes after what is around it.
    fn count(&mut self) {
        for at in (0..self.entries.len()).rev() {
            let Some(entry) = self.entries.get_mut(at) else { continue };
            if let Some(what) = entry.what() {
                let counts = &mut self.counts;
                let noise = entry.noise && !entry.moved;
                let slot = match what {
                    _ if noise => &mut counts.noise,
                    What::Added => &mut counts.only_b,
                    What::Removed => &mut counts.only_a,
                    What::Changed => &mut counts.changed,
                    What::Moved | What::MovedAndChanged => &mut counts.moved,
                };
                *slot = slot.saturating_add(1);
                let sum = if noise { &mut entry.ignored } else { &mut entry.changes };
                *sum = sum.saturating_add(1);
            }
            let Entry { parent, changes, ignored, .. } = *entry;
            if parent as usize != at
                && let Some(around) = self.entries.get_mut(parent as usize)
            {
                around.changes = around.changes.saturating_add(changes);
                around.ignored = around.ignored.saturating_add(ignored);
            }
        }
    }
}

impl Entry {
    fn children(&self) -> Range<u32> {
        self.first..self.first.saturating_add(self.count)
    }

    /// What it is by itself; nothing for what is the same, and for a container in which something changed.
    fn what(&self) -> Option<What> {
        match self.sign {
            Sign::OnlyA => Some(What::Removed),
            Sign::OnlyB => Some(What::Added),
            Sign::Same => self.moved.then_some(What::Moved),
            Sign::Changed if self.moved && self.noise => Some(What::Moved),
            Sign::Changed if self.moved => Some(What::MovedAndChanged),
            Sign::Changed => (self.count == 0).then_some(What::Changed),
        }
    }
}

#[cfg(test)]
mod tests;
