//! Several changes of one text, by node, and the edits that make them all.
//!
//! What is removed from and added to one container is settled together at the end, because commas belong to
//! neighbours: whoever comes first or last decides about them.

use super::style::{Style, indent, start};
use crate::json::{At, NodeKind, Tree, quoted};
use crate::order::Order as _;
use crate::protocol::TextEdit;
use rustc_hash::{FxHashMap, FxHashSet};

/// Where something new stands among the children of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// Before all others.
    First,
    /// Behind all others.
    Last,
    /// Before this child.
    Before(u32),
    /// Behind this child.
    After(u32),
}

/// Changes that are being gathered.
#[derive(Clone, Debug)]
pub struct Edits<'a> {
    root: At<'a>,
    style: Style,
    /// Edits within values.
    within: Vec<TextEdit>,
    removed: FxHashSet<u32>,
    /// Container, number of children before, what is put there.
    inserted: Vec<(u32, u32, String)>,
}

impl<'a> Edits<'a> {
    /// None so far.
    pub fn new(root: At<'a>) -> Self {
        Edits { root, style: Style::of(root), within: Vec::new(), removed: FxHashSet::default(), inserted: Vec::new() }
    }

    /// Puts these bytes in place of a range that lies within one value or key.
    pub fn splice(&mut self, from: usize, to: usize, text: String) {
        if self.root.text.get(from..to) != Some(text.as_bytes()) {
            self.within.push(TextEdit { start: from as u64, end: to as u64, text });
        }
    }

    /// Puts another value in place of one: JSON text, laid out as the old one is.
    pub fn replace(&mut self, old: At<'_>, json: &str) {
        let tree = Tree::parse(json.as_bytes());
        let Some(value) = At::root(json.as_bytes(), &tree) else { return };
        // Containers begin on the line of their key, so the line of their beginning tells how deep they are.
        let text = self.style.lay_out(value, Some(old), &indent(old.text, old.start()));
        // A value that is missing stands behind its colon.
        let space = if old.start() == old.end() && !self.follows_space(old.start()) { " " } else { "" };
        self.splice(old.start(), old.end(), format!("{space}{text}"));
    }

    fn follows_space(&self, at: usize) -> bool {
        at.checked_sub(1).and_then(|before| self.root.text.get(before)).is_some_and(u8::is_ascii_whitespace)
    }

    /// Gives a member another key.
    pub fn rename_key(&mut self, member: At<'_>, key: &str) {
        if let Some((from, to)) = member.key_range() {
            let quotes = quoted(key);
            let inner = quotes.get(1..quotes.len().saturating_sub(1)).unwrap_or("").to_owned();
            self.splice(from, to, inner);
        }
    }

    /// Removes a member or item, with its comma and its line.
    pub fn remove(&mut self, child: At<'_>) {
        self.removed.insert(child.node);
    }

    /// Adds a member; `json` is its value, laid out like that of `like`.
    pub fn add_member(&mut self, object: At<'a>, key: &str, json: &str, like: Option<At<'_>>, position: Position) {
        if object.is(NodeKind::Object) {
            self.add(object, Some(key), json, like, position);
        }
    }

    /// Adds an item; `json` is laid out like `like`.
    pub fn add_item(&mut self, list: At<'a>, json: &str, like: Option<At<'_>>, position: Position) {
        if list.is(NodeKind::Array) {
            self.add(list, None, json, like, position);
        }
    }

    /// Sets a member: replaces its value where that differs, or adds it at the end.
    pub fn set_member(&mut self, object: At<'a>, key: &str, json: &str) {
        match object.get(key) {
            Some(old) if old.raw() == json.as_bytes() => {}
            Some(old) => self.replace(old, json),
            None => self.add_member(object, key, json, None, Position::Last),
        }
    }

    fn add(&mut self, of: At<'a>, key: Option<&str>, json: &str, like: Option<At<'_>>, position: Position) {
        let tree = Tree::parse(json.as_bytes());
        let Some(value) = At::root(json.as_bytes(), &tree) else { return };
        let deep = match of.children().next() {
            Some(child) => indent(of.text, start(child)),
            None => format!("{}{}", indent(of.text, of.start()), self.style.unit),
        };
        let mut text = key.map_or_else(String::new, |key| format!("{}{}", quoted(key), self.style.colon));
        // Within a container on one line everything stays on it.
        let flat = of.count() > 0 && !of.raw().contains(&b'\n');
        let style = Style { lines: self.style.lines && !flat, ..self.style.clone() };
        text.push_str(&style.lay_out(value, like.filter(|_| !flat), &deep));
        let index = |node: u32| of.tree.node(node).map_or(0, |node| node.index);
        let before = match position {
            Position::First => 0,
            Position::Last => of.count(),
            Position::Before(node) => index(node),
            Position::After(node) => index(node).saturating_add(1),
        };
        self.inserted.push((of.node, before, text));
    }

    /// The edits that make all changes.
    pub fn finish(mut self) -> Vec<TextEdit> {
        let mut touched: Vec<u32> = self.removed.iter().filter_map(|&node| self.root.tree.parent(node)).collect();
        touched.extend(self.inserted.iter().map(|inserted| inserted.0));
        touched.order();
        touched.dedup();
        let mut inserted: FxHashMap<u32, Vec<(u32, String)>> = FxHashMap::default();
        for (container, before, text) in std::mem::take(&mut self.inserted) {
            inserted.entry(container).or_default().push((before, text));
        }
        let mut edits = std::mem::take(&mut self.within);
        for container in touched {
            let mut new = inserted.remove(&container).unwrap_or_default();
            new.order_by_key(|one| one.0);
            self.settle(At { node: container, ..self.root }, &new, &mut edits);
        }
        edits.order_by_key(|edit| (edit.start, edit.end));
        // What changes within something that goes away goes with it.
        let mut kept: Vec<TextEdit> = Vec::with_capacity(edits.len());
        for edit in edits {
            let covered = kept.last().is_some_and(|before| edit.start < before.end);
            if !covered {
                kept.push(edit);
            }
        }
        kept
    }

    /// What is put between two children.
    fn between(&self, of: At<'_>, children: &[At<'_>], at: usize) -> String {
        let gap = |at: usize| {
            let (left, right) = (children.get(at.checked_sub(1)?)?, children.get(at)?);
            let gap = of.text.get(left.end()..start(*right))?;
            let commas = gap.iter().filter(|&&b| b == b',').count();
            let plain = commas == 1 && gap.iter().all(|&b| b == b',' || b.is_ascii_whitespace());
            plain.then(|| String::from_utf8_lossy(gap).into_owned())
        };
        let near = gap(at).or_else(|| gap(at.saturating_sub(1))).or_else(|| gap(at.saturating_add(1)));
        near.unwrap_or_else(|| {
            let before = children.first().and_then(|first| of.text.get(of.start() + 1..start(*first))).unwrap_or(&[]);
            if before.contains(&b'\n') && before.iter().all(u8::is_ascii_whitespace) {
                format!(",{}", String::from_utf8_lossy(before))
            } else {
                self.style.comma.to_owned()
            }
        })
    }

    fn settle(&self, of: At<'_>, new: &[(u32, String)], edits: &mut Vec<TextEdit>) {
        let mut push = |from: usize, to: usize, text: String| {
            if from < to || !text.is_empty() {
                edits.push(TextEdit { start: from as u64, end: to as u64, text });
            }
        };
        let children: Vec<At<'_>> = of.children().collect();
        let stays = |child: &At<'_>| !self.removed.contains(&child.node);
        // A container that the text cuts off has no bracket at its end.
        let closed = matches!(of.raw().last(), Some(b'}' | b']')) && of.end() > of.start() + 1;
        let inner = (of.start() + 1, if closed { of.end() - 1 } else { of.end() });
        if !children.iter().any(stays) {
            let texts: Vec<&str> = new.iter().map(|one| one.1.as_str()).collect();
            let text = if texts.is_empty() { String::new() } else { self.filled(of, &children, &texts) };
            push(inner.0, inner.1, text);
            return;
        }
        // Runs of children that go away.
        let mut at = 0;
        while at < children.len() {
            let run = children.get(at..).unwrap_or(&[]).iter().take_while(|child| !stays(child)).count();
            if run == 0 {
                at += 1;
                continue;
            }
            let behind = at + run;
            let first = children.get(at).map_or(inner.0, |child| start(*child));
            match (children.get(behind), at.checked_sub(1).and_then(|before| children.get(before))) {
                (Some(next), _) => push(first, start(*next), String::new()),
                (None, Some(before)) => {
                    push(before.end(), children.last().map_or(first, |last| last.end()), String::new());
                }
                (None, None) => {}
            }
            at = behind;
        }
        // What is new stands before the next that stays, else behind the last.
        let mut tail = String::new();
        let last = children.iter().rposition(stays).unwrap_or(0);
        for (before, text) in new {
            let from = *before as usize;
            match (from..children.len()).find(|&at| children.get(at).is_some_and(stays)) {
                Some(next) => {
                    let place = children.get(next).map_or(inner.1, |child| start(*child));
                    let between = self.between(of, &children, next.max(1));
                    push(place, place, format!("{text}{between}"));
                }
                None => {
                    tail.push_str(&self.between(of, &children, last));
                    tail.push_str(text);
                }
            }
        }
        let place = children.get(last).map_or(inner.1, |child| child.end());
        push(place, place, tail);
    }

    /// The inside of a container of which nothing stays but what is new.
    fn filled(&self, of: At<'_>, children: &[At<'_>], texts: &[&str]) -> String {
        let (lines, outer, deep) = match children.first() {
            Some(child) => (of.raw().contains(&b'\n'), indent(of.text, of.start()), indent(of.text, start(*child))),
            None => {
                let outer = indent(of.text, of.start());
                (self.style.lines, outer.clone(), format!("{outer}{}", self.style.unit))
            }
        };
        if !lines {
            return texts.join(self.style.comma);
        }
        let line = self.style.line;
        format!("{line}{deep}{}{line}{outer}", texts.join(&format!(",{line}{deep}")))
    }
}
