//! What one row says of two values. Which rows there are is in `rows`.

use super::{Laid, Line, Target};
use crate::diff::text;
use crate::diff::value::doc::Doc;
use crate::json::NodeKind;
use crate::protocol::{DiffValueRow, Sign, Span};
use crate::view::value::path;

/// Characters shown of a container.
const GLIMPSE: usize = 80;
/// Characters shown of a stretch that is the same, and of one that differs.
const SAME: usize = 240;
const CHANGED: usize = 1_000;
/// Texts beyond this many bytes are not compared in a row.
const COMPARED: usize = 1 << 20;
/// Longest way to a node that is spelled out.
const STEPS: usize = 200;

impl Laid {
    pub(super) fn row(&mut self, line: Line) -> DiffValueRow {
        let Line { target, depth, open } = line;
        let mut row = DiffValueRow { node: self.id(target), depth, open, ..DiffValueRow::default() };
        match target {
            Target::Same(_, count) => row.folded = count,
            Target::SameLines(at, _, count) => {
                row.folded = count;
                row.path = self.path(Target::Entry(at));
            }
            Target::Noise(parent) => {
                let children = self.diff.entries.get(parent as usize).map_or(0..0, super::super::Entry::children);
                let noisy = |at: &u32| {
                    self.diff.entries.get(*at as usize).is_some_and(|entry| entry.changes == 0 && entry.ignored > 0)
                };
                row.folded = children.filter(noisy).count() as u32;
                (row.noise, row.sign) = (true, Sign::Changed);
                row.path = self.path(Target::Entry(parent));
            }
            Target::Line(at, number) => {
                row.path = self.path(Target::Entry(at));
                row.noise = self.diff.entries.get(at as usize).is_some_and(|entry| entry.noise);
                if let Some(lines) = self.texts.get(&at) {
                    lines.fill(number, &mut row);
                }
            }
            Target::Entry(_) | Target::Nodes(..) => self.fill(&mut row, target),
        }
        row
    }

    fn fill(&self, row: &mut DiffValueRow, target: Target) {
        let (a, b) = self.nodes(target);
        row.path = self.path(target);
        row.sign = match (a, b) {
            (Some(_), None) => Sign::OnlyA,
            (None, _) => Sign::OnlyB,
            _ => Sign::Same,
        };
        if let Target::Entry(at) = target
            && let Some(entry) = self.diff.entries.get(at as usize)
        {
            (row.sign, row.moved, row.noise) = (entry.sign, entry.moved, entry.noise && !entry.moved);
            row.noise |= entry.changes == 0 && entry.ignored > 0;
        }
        let label = |doc: &Doc, node: Option<u32>| node.map_or_else(String::new, |node| label(doc, node));
        (row.label_a, row.label_b) = (label(&self.diff.a, a), label(&self.diff.b, b));
        let kinds = self.kinds(target);
        let container = |kind: Option<NodeKind>| matches!(kind, Some(NodeKind::Object | NodeKind::Array));
        let opens = match target {
            Target::Entry(at) if self.is_text(at) => true,
            Target::Entry(at) => {
                let entry = self.diff.entries.get(at as usize);
                entry.is_some_and(|entry| entry.count > 0 || entry.sign != Sign::Changed)
            }
            _ => true,
        };
        if opens {
            let count = |doc: &Doc, node: Option<u32>, kind: Option<NodeKind>| match node.filter(|_| container(kind)) {
                Some(node) => doc.count(doc.content(node)),
                None => 0,
            };
            row.children = count(&self.diff.a, a, kinds.0).max(count(&self.diff.b, b, kinds.1));
            if let Target::Entry(at) = target
                && let Some(entry) = self.diff.entries.get(at as usize)
            {
                row.children = row.children.max(entry.count).max(u32::from(self.is_text(at)));
            }
        }
        // The lines of a text that is open stand below it.
        let lines = matches!(target, Target::Entry(at) if row.open && self.is_text(at));
        if !lines {
            self.values(row, (a, b), kinds);
        }
    }

    /// What the two sides have.
    fn values(
        &self,
        row: &mut DiffValueRow,
        nodes: (Option<u32>, Option<u32>),
        kinds: (Option<NodeKind>, Option<NodeKind>),
    ) {
        let strings = kinds == (Some(NodeKind::String), Some(NodeKind::String));
        if let (Some(a), Some(b), true, Sign::Changed) = (nodes.0, nodes.1, strings, row.sign) {
            let (text_a, text_b) = (self.diff.a.text(a), self.diff.b.text(b));
            if text_a.len().max(text_b.len()) <= COMPARED {
                let spans = text::spans::spans(&text_a, &text_b, &text::diff(&text_a, &text_b), SAME, CHANGED);
                (row.a, row.b, row.cut) = (spans.a, spans.b, spans.cut);
                return;
            }
        }
        let whole = row.sign == Sign::Changed && row.children == 0;
        let sides = [(&*self.diff.a, nodes.0, kinds.0, Sign::OnlyA), (&*self.diff.b, nodes.1, kinds.1, Sign::OnlyB)];
        let told = sides.map(|(doc, node, kind, only)| {
            let Some(node) = node else { return (Vec::new(), false) };
            let sign = if whole || row.sign == only { only } else { Sign::Same };
            let (text, cut) = scalar(doc, node, kind);
            (vec![Span { text, sign }], cut)
        });
        let [(a, cut_a), (b, cut_b)] = told;
        (row.a, row.b, row.cut) = (a, b, cut_a || cut_b);
    }

    /// The path of a row, in B where B has it. Through a string that holds JSON it goes on, as rules do.
    fn path(&self, target: Target) -> String {
        let (doc, node) = match self.nodes(target) {
            (_, Some(b)) => (&self.diff.b, b),
            (Some(a), None) => (&self.diff.a, a),
            (None, None) => return String::new(),
        };
        let way: Vec<u32> = std::iter::successors(Some(node), |&at| doc.parent(at)).collect();
        let mut text = "$".to_owned();
        let steps = way.iter().rev().skip(1).filter(|&&at| !doc.is_inner_root(at));
        for (position, &at) in steps.enumerate() {
            if position == STEPS {
                text.push_str(" …");
                break;
            }
            match doc.key(at) {
                Some(key) => path::push_key(&mut text, &key),
                None => path::push_index(&mut text, doc.index(at)),
            }
        }
        text
    }
}

/// The key of a node, or its position.
fn label(doc: &Doc, node: u32) -> String {
    match doc.key(node) {
        Some(key) => key.chars().take(200).collect(),
        None if doc.parent(node).is_some() => doc.index(node).to_string(),
        None => String::new(),
    }
}

/// A value on one line, and whether it was cut. Strings stand without quotes where they cannot be taken for anything
/// else.
fn scalar(doc: &Doc, node: u32, kind: Option<NodeKind>) -> (String, bool) {
    if matches!(kind, Some(NodeKind::Object | NodeKind::Array)) {
        return (glimpse(doc, doc.content(node), kind), false);
    }
    let raw = doc.raw(node);
    if raw.len() > 8 * CHANGED {
        let head: String = raw.chars().take(CHANGED).collect();
        return (head, true);
    }
    let text = doc.text(node);
    let string = doc.json && kind == Some(NodeKind::String);
    let doubtful =
        string && (text.is_empty() || text.parse::<f64>().is_ok() || matches!(&*text, "true" | "false" | "null"));
    if doubtful {
        return (raw.to_owned(), false);
    }
    let head: String = text.chars().take(CHANGED).collect();
    let cut = head.len() < text.len();
    (head, cut)
}

/// The beginning of what a container holds.
fn glimpse(doc: &Doc, node: u32, kind: Option<NodeKind>) -> String {
    let (begin, end) = if kind == Some(NodeKind::Object) { ('{', '}') } else { ('[', ']') };
    let mut text = String::from(begin);
    for (index, child) in doc.children(node).enumerate() {
        text.push_str(if index == 0 { "" } else { ", " });
        if text.len() > GLIMPSE {
            text.push('…');
            break;
        }
        if let Some(key) = doc.key(child) {
            text.extend(key.chars().take(20));
            text.push_str(": ");
        }
        match doc.kind(child) {
            NodeKind::Object => text.push_str(if doc.count(child) == 0 { "{}" } else { "{…}" }),
            NodeKind::Array => text.push_str(if doc.count(child) == 0 { "[]" } else { "[…]" }),
            _ => {
                let raw = doc.raw(child);
                text.extend(raw.chars().take(30));
                text.push_str(if raw.chars().nth(30).is_some() { "…" } else { "" });
            }
        }
    }
    text.push(end);
    text
}
