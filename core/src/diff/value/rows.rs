//! Two values laid on each other, as rows: what is open, and windows of it.
//!
//! What differs is open from the start; siblings that are the same are one row, and so is the noise of a container. The
//! rows that show are one list; opening puts rows into it, closing takes them out. What a row says is in `fill`, the
//! lines of texts are in `lines`.

mod fill;
mod lines;

use super::{ValueDiff, between};
use crate::diff::meaning::Options;
use crate::json::NodeKind;
use crate::protocol::{DiffValueRow, Sign};
use crate::view::value::Read;
use lines::Lines;
use rustc_hash::FxHashMap;

/// Siblings that are the same and shown beside one that differs.
const BESIDE: u32 = 1;
/// Siblings that are the same from which on they are folded.
const FOLDED: u32 = 4;

/// What a row is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Target {
    /// An entry of the differences.
    Entry(u32),
    /// Nodes within what is the same, or within what only one side has.
    Nodes(Option<u32>, Option<u32>),
    /// Entries of siblings that are the same.
    Same(u32, u32),
    /// The noise of an entry.
    Noise(u32),
    /// A line of the texts of an entry.
    Line(u32, u32),
    /// Lines that are the same: entry, first, how many.
    SameLines(u32, u32, u32),
}

#[derive(Clone, Copy, Debug)]
struct Line {
    target: Target,
    depth: u32,
    open: bool,
}

/// Two values laid on each other.
#[derive(Debug)]
pub struct Laid {
    diff: ValueDiff,
    options: Options,
    /// The text of both, where they are equal and not read yet.
    equal: Option<String>,
    ready: bool,
    shown: Vec<Line>,
    texts: FxHashMap<u32, Lines>,
    ids: FxHashMap<Target, u32>,
    targets: Vec<Target>,
}

impl Laid {
    /// Lays two values on each other, or one on nothing.
    pub fn new(a: Option<&Read>, b: Option<&Read>, options: &Options) -> Laid {
        let text = |read: Option<&Read>| read.map(|read| read.text.clone());
        let diff = between(a.map(|read| read.text.as_str()), b.map(|read| read.text.as_str()), options);
        let equal = if diff.equal { text(a) } else { None };
        Laid {
            diff,
            options: options.clone(),
            equal,
            ready: false,
            shown: Vec::new(),
            texts: FxHashMap::default(),
            ids: FxHashMap::default(),
            targets: Vec::new(),
        }
    }

    /// Number of rows.
    pub fn total(&mut self) -> u32 {
        self.prepare();
        u32::try_from(self.shown.len()).unwrap_or(u32::MAX)
    }

    /// The rows `from..from + count`.
    pub fn rows(&mut self, from: u32, count: u32) -> Vec<DiffValueRow> {
        self.prepare();
        let from = (from as usize).min(self.shown.len());
        let end = from.saturating_add(count as usize).min(self.shown.len());
        let window = self.shown.get(from..end).unwrap_or(&[]).to_vec();
        window.into_iter().map(|line| self.row(line)).collect()
    }

    /// Opens what is closed, closes what is open. A row that stands for several opens into them.
    pub fn toggle(&mut self, node: u32) {
        self.prepare();
        let Some(&target) = self.targets.get(node as usize) else { return };
        let Some(at) = self.shown.iter().position(|line| line.target == target) else { return };
        let Some(line) = self.shown.get(at).copied() else { return };
        let behind = at + 1;
        if line.open {
            let inside = self.shown.iter().skip(behind).take_while(|below| below.depth > line.depth).count();
            self.shown.drain(behind..behind + inside);
            self.set_open(at, false);
            return;
        }
        let mut rows = Vec::new();
        match target {
            Target::Same(..) | Target::Noise(_) | Target::SameLines(..) => {
                self.unfold(target, line.depth, &mut rows);
                self.shown.splice(at..behind, rows);
            }
            _ => {
                self.below(target, line.depth.saturating_add(1), &mut rows);
                self.set_open(at, !rows.is_empty());
                self.shown.splice(behind..behind, rows);
            }
        }
    }

    fn set_open(&mut self, at: usize, open: bool) {
        if let Some(line) = self.shown.get_mut(at) {
            line.open = open;
        }
    }

    /// Values that differ without meaning anything.
    pub fn noise(&self) -> u32 {
        self.diff.counts.noise
    }

    /// What differs, counted.
    pub fn chips(&self) -> Vec<String> {
        self.diff.chips()
    }

    /// What differs, in a few words.
    pub fn brief(&self) -> String {
        self.diff.brief()
    }

    /// What is to be said beside the rows.
    pub fn note(&self) -> String {
        let both = self.diff.has == (true, true) && !self.diff.equal;
        if both && self.diff.a.json != self.diff.b.json {
            return "One of the two is JSON and the other is not: compared as texts.".to_owned();
        }
        String::new()
    }

    /// Whether nothing differs that means something.
    pub fn is_same(&self) -> bool {
        self.diff.is_same()
    }

    /// Makes the rows that show at first.
    fn prepare(&mut self) {
        if self.ready {
            return;
        }
        self.ready = true;
        if let Some(text) = self.equal.take() {
            self.diff.read_equal(&text, &self.options);
        }
        let mut rows = Vec::new();
        if self.is_text(0) {
            self.below(Target::Entry(0), 0, &mut rows);
        } else if !self.diff.entries.is_empty() {
            self.put(Target::Entry(0), 0, &mut rows);
            if let [root] = rows.as_mut_slice() {
                root.open = true;
                self.below(Target::Entry(0), 1, &mut rows);
            }
        }
        self.shown = rows;
    }

    /// The nodes of a row on both sides.
    fn nodes(&self, target: Target) -> (Option<u32>, Option<u32>) {
        match target {
            Target::Nodes(a, b) => (a, b),
            Target::Entry(at)
            | Target::Line(at, _)
            | Target::Same(at, _)
            | Target::Noise(at)
            | Target::SameLines(at, ..) => {
                self.diff.entries.get(at as usize).map_or((None, None), |entry| (entry.a, entry.b))
            }
        }
    }

    /// What each side is of a row: a container, one in a string, or something else.
    fn kinds(&self, target: Target) -> (Option<NodeKind>, Option<NodeKind>) {
        let (a, b) = self.nodes(target);
        let held = self.diff.entries.first().is_some_and(|root| root.sign == Sign::Changed) || self.diff.equal;
        let kind = |doc: &super::Doc, node: u32| {
            // A string that holds JSON is opened as JSON where both sides hold it, or only one side is there.
            let both = a.is_none()
                || b.is_none()
                || a.is_some_and(|a| self.diff.a.holds(a)) && b.is_some_and(|b| self.diff.b.holds(b));
            doc.kind(if both || !held { doc.content(node) } else { node })
        };
        (a.map(|a| kind(&self.diff.a, a)), b.map(|b| kind(&self.diff.b, b)))
    }

    /// Whether an entry is shown as lines of text: texts that differ and have several lines, and every root that is a
    /// text.
    fn is_text(&self, at: u32) -> bool {
        let Some(entry) = self.diff.entries.get(at as usize) else { return false };
        let json = |doc: &super::Doc, node: Option<u32>| node.is_none_or(|_| doc.json);
        if at == 0 {
            return !(json(&self.diff.a, entry.a) && json(&self.diff.b, entry.b));
        }
        let strings = self.kinds(Target::Entry(at)) == (Some(NodeKind::String), Some(NodeKind::String));
        let long = |doc: &super::Doc, node: Option<u32>| node.is_some_and(|node| doc.raw(node).contains("\\n"));
        entry.sign == Sign::Changed && strings && (long(&self.diff.a, entry.a) || long(&self.diff.b, entry.b))
    }

    /// Appends a row, with what is below it where something in it differs that means something.
    fn put(&mut self, target: Target, depth: u32, rows: &mut Vec<Line>) {
        rows.push(Line { target, depth, open: false });
    }

    /// The rows below a row, and those below these that are open from the start. No recursion: a hundred thousand
    /// levels may differ.
    fn below(&mut self, target: Target, depth: u32, rows: &mut Vec<Line>) {
        let mut level = Vec::new();
        self.direct(target, depth, &mut level);
        let mut open = vec![level.into_iter()];
        while let Some(level) = open.last_mut() {
            let Some(mut line) = level.next() else {
                open.pop();
                continue;
            };
            let mut inside = Vec::new();
            if let Target::Entry(at) = line.target
                && self.opens(at)
            {
                self.direct(line.target, line.depth.saturating_add(1), &mut inside);
            }
            line.open = !inside.is_empty();
            rows.push(line);
            open.push(inside.into_iter());
        }
    }

    /// Whether an entry is open from the start.
    fn opens(&self, at: u32) -> bool {
        let entry = self.diff.entries.get(at as usize);
        entry.is_some_and(|entry| {
            entry.sign == Sign::Changed && entry.changes > 0 && (entry.count > 0 || self.is_text(at))
        })
    }

    /// The rows right below a row.
    fn direct(&mut self, target: Target, depth: u32, rows: &mut Vec<Line>) {
        match target {
            Target::Entry(at) if self.is_text(at) => self.text(at, depth, rows),
            Target::Entry(at) => match self.diff.entries.get(at as usize).copied() {
                Some(entry) if entry.count > 0 => self.members(at, entry.children(), depth, rows),
                Some(entry) if entry.sign != Sign::Changed => self.plain(entry.a, entry.b, depth, rows),
                _ => {}
            },
            Target::Nodes(a, b) => self.plain(a, b, depth, rows),
            _ => {}
        }
    }

    /// What is inside what is the same, or what only one side has.
    fn plain(&mut self, a: Option<u32>, b: Option<u32>, depth: u32, rows: &mut Vec<Line>) {
        let inside = |doc: &super::Doc, node: Option<u32>| -> Vec<Option<u32>> {
            node.map_or_else(Vec::new, |node| doc.children(doc.content(node)).map(Some).collect())
        };
        let (in_a, in_b) = (inside(&self.diff.a, a), inside(&self.diff.b, b));
        let object = self.kinds(Target::Nodes(a, b)).0 == Some(NodeKind::Object);
        if let (true, Some(a), Some(b)) = (object, a, b) {
            // The same members, perhaps in another order.
            let docs = (&*self.diff.a, &*self.diff.b);
            let pairs = super::items::members(docs, docs.0.content(a), docs.1.content(b));
            rows.extend(pairs.into_iter().map(|pair| Line {
                target: Target::Nodes(pair.a, pair.b),
                depth,
                open: false,
            }));
            return;
        }
        for at in 0..in_a.len().max(in_b.len()) {
            let of = |side: &[Option<u32>]| side.get(at).copied().flatten();
            self.put(Target::Nodes(of(&in_a), of(&in_b)), depth, rows);
        }
    }

    /// What is inside what differs: long stretches that are the same folded, and noise in one row at the end.
    fn members(&mut self, parent: u32, children: std::ops::Range<u32>, depth: u32, rows: &mut Vec<Line>) {
        let of = |at: u32| self.diff.entries.get(at as usize);
        let is_same = |at: u32| of(at).is_some_and(|entry| entry.sign == Sign::Same && !entry.moved);
        let is_noise = |at: u32| of(at).is_some_and(|entry| entry.changes == 0 && entry.ignored > 0);
        let mut noise = false;
        let mut lines = Vec::new();
        let mut at = children.start;
        while at < children.end {
            if is_noise(at) {
                noise = true;
                at += 1;
                continue;
            }
            let run = (at..children.end).take_while(|&next| is_same(next)).count() as u32;
            if run == 0 {
                lines.push(Target::Entry(at));
                at += 1;
                continue;
            }
            // Some stay beside what differs.
            let head = if at == children.start { 0 } else { BESIDE };
            let tail = if at + run == children.end { 0 } else { BESIDE };
            let (from, to) = (at + head, (at + run).saturating_sub(tail));
            if to.saturating_sub(from) >= FOLDED {
                lines.extend((at..from).map(Target::Entry));
                lines.push(Target::Same(from, to - from));
                lines.extend((to..at + run).map(Target::Entry));
            } else {
                lines.extend((at..at + run).map(Target::Entry));
            }
            at += run;
        }
        if noise {
            lines.push(Target::Noise(parent));
        }
        rows.extend(lines.into_iter().map(|target| Line { target, depth, open: false }));
    }

    /// What a row stands for.
    fn unfold(&mut self, target: Target, depth: u32, rows: &mut Vec<Line>) {
        let mut put = |target: Target| rows.push(Line { target, depth, open: false });
        match target {
            Target::Same(from, count) => (from..from.saturating_add(count)).map(Target::Entry).for_each(put),
            Target::SameLines(at, from, count) => {
                (from..from.saturating_add(count)).map(|line| Target::Line(at, line)).for_each(put);
            }
            Target::Noise(parent) => {
                let children = self.diff.entries.get(parent as usize).map_or(0..0, super::Entry::children);
                for child in children {
                    let entry = self.diff.entries.get(child as usize);
                    if entry.is_some_and(|entry| entry.changes == 0 && entry.ignored > 0) {
                        put(Target::Entry(child));
                    }
                }
            }
            _ => {}
        }
    }

    /// The lines of the texts of an entry.
    fn text(&mut self, at: u32, depth: u32, rows: &mut Vec<Line>) {
        let (a, b) = self.nodes(Target::Entry(at));
        let lines = self.texts.entry(at).or_insert_with(|| {
            let (a, b) = (a.map(|a| self.diff.a.text(a)), b.map(|b| self.diff.b.text(b)));
            Lines::new(a.as_deref(), b.as_deref())
        });
        lines.fold(|from, count| {
            let target = match count {
                0 => Target::Line(at, from),
                _ => Target::SameLines(at, from, count),
            };
            rows.push(Line { target, depth, open: false });
        });
    }

    /// The number by which a row is known.
    fn id(&mut self, target: Target) -> u32 {
        let next = self.targets.len() as u32;
        let id = *self.ids.entry(target).or_insert(next);
        if id == next {
            self.targets.push(target);
        }
        id
    }
}

#[cfg(test)]
mod tests;
