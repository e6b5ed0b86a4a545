//! One row of a value tree: the text it shows of a node, cut where it is long. Which rows there are is in `tree`.

use super::{Line, ValueTree, What};
use crate::json::{NodeKind, Str, looks_like_container};
use crate::protocol::ValueRow;

/// Most characters shown of a string.
pub(super) const STRING_CHARS: usize = 500;
/// Strings beyond this many bytes are not looked into when a window is drawn, only when somebody decodes them.
const LOOK_INTO: usize = 8 << 20;
const GLIMPSE_CHARS: usize = 80;

impl ValueTree {
    pub(super) fn row(&mut self, line: Line) -> ValueRow {
        let Line { node, depth, what } = line;
        let mut row = ValueRow {
            node,
            depth,
            key: None,
            index: None,
            kind: String::new(),
            text: String::new(),
            bytes: 0,
            cut: false,
            children: 0,
            open: false,
            json: false,
            comma: false,
            path: self.path_of(node),
        };
        let kind = self.kind(node);
        match what {
            What::Damaged => {
                row.kind = "damaged".to_owned();
                if let Some((arena, _)) = self.content(node)
                    && let Some((at, expected)) = arena.tree.damage
                {
                    row.text = format!("Expected {expected} at byte {at}; the rest can be read as text.");
                    row.bytes = arena.text.len().saturating_sub(at) as u64;
                }
            }
            What::Close => {
                let object = kind == Some(NodeKind::Object);
                row.kind = if object { "close_object" } else { "close_array" }.to_owned();
                row.json = self.decoded.contains_key(&node);
                row.comma = self.next(node).is_some();
            }
            What::Node => self.fill(&mut row, kind),
        }
        row
    }

    fn fill(&mut self, row: &mut ValueRow, kind: Option<NodeKind>) {
        let node = row.node;
        (row.key, row.index) = self.name(node);
        row.open = self.is_open(node);
        row.comma = !row.open && node != 0 && self.next(node).is_some();
        row.children = self.children(node);
        row.json = self.decoded.contains_key(&node);
        row.kind = match kind {
            Some(NodeKind::Object) => "object",
            Some(NodeKind::Array) => "array",
            Some(NodeKind::String) => "string",
            Some(NodeKind::Number) => "number",
            Some(NodeKind::Bool) => "bool",
            Some(NodeKind::Null) | None => "null",
        }
        .to_owned();
        match kind {
            Some(NodeKind::Object | NodeKind::Array) => {
                row.bytes = self.content(node).map_or(0, |(arena, local)| {
                    arena.tree.node(local).map_or(0, |node| u64::from(node.end.saturating_sub(node.start)))
                });
                row.text = self.glimpse(node);
            }
            Some(NodeKind::String) => {
                let Some((arena, local)) = self.locate(node) else {
                    return;
                };
                let (text, left) = preview(arena.tree.raw(arena.text.as_bytes(), local));
                (row.cut, row.bytes) = (left > 0, left);
                row.json = self.looks_json(node, &text);
                row.text = text;
            }
            _ => {
                let Some((arena, local)) = self.locate(node) else {
                    return;
                };
                let text = String::from_utf8_lossy(arena.tree.raw(arena.text.as_bytes(), local)).into_owned();
                let shown = short(&text, STRING_CHARS);
                (row.cut, row.bytes) = (shown.len() < text.len(), (text.len() - shown.len()) as u64);
                row.text = shown.to_owned();
            }
        }
    }

    /// Whether a string holds JSON; `head` is its beginning.
    fn looks_json(&mut self, node: u32, head: &str) -> bool {
        if !head.trim_start().starts_with(['{', '[']) {
            return false;
        }
        if let Some(&known) = self.holds_json.get(&node) {
            return known;
        }
        let size = self.locate(node).map_or(0, |(arena, local)| arena.tree.raw(arena.text.as_bytes(), local).len());
        let holds = size > LOOK_INTO || self.string(node).is_some_and(|text| looks_like_container(&text));
        self.holds_json.insert(node, holds);
        holds
    }

    /// The beginning of what a container holds.
    fn glimpse(&self, node: u32) -> String {
        let mut text = String::new();
        let mut child = self.first(node);
        while let Some(at) = child {
            if !text.is_empty() {
                text.push_str(", ");
            }
            if text.len() > GLIMPSE_CHARS {
                text.push('…');
                break;
            }
            let (key, _) = self.name(at);
            if let Some(key) = key {
                text.push_str(short(&key, 20));
                text.push_str(": ");
            }
            let raw = self.locate(at).map_or(&[][..], |(arena, local)| arena.tree.raw(arena.text.as_bytes(), local));
            match self.locate(at).and_then(|(arena, local)| arena.tree.node(local)).map(|node| node.kind) {
                Some(NodeKind::Object) => text.push_str(if self.children(at) == 0 { "{}" } else { "{…}" }),
                Some(NodeKind::Array) => text.push_str(if self.children(at) == 0 { "[]" } else { "[…]" }),
                Some(NodeKind::String) => {
                    let (whole, left) = preview(raw.get(..raw.len().min(400)).unwrap_or(raw));
                    let shown = short(&whole, 30);
                    text.push('"');
                    text.extend(shown.chars().map(|c| if c.is_control() { ' ' } else { c }));
                    text.push_str(if left > 0 || shown.len() < whole.len() { "…\"" } else { "\"" });
                }
                _ => text.push_str(short(&String::from_utf8_lossy(raw), 24)),
            }
            child = self.next(at);
        }
        text
    }
}

/// The first `most` characters.
pub(super) fn short(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).map_or(text, |(end, _)| text.get(..end).unwrap_or(text))
}

/// The beginning of a string token, decoded, and how many bytes were left out. Costs the same for any length.
fn preview(token: &[u8]) -> (String, u64) {
    let raw = token.strip_prefix(b"\"").unwrap_or(token);
    let raw = raw.strip_suffix(b"\"").unwrap_or(raw);
    // One character takes at most twelve bytes (two escapes of a pair), so this holds more than is shown, and what
    // the cut may spoil lies beyond it.
    let head = raw.get(..STRING_CHARS * 12 + 24).unwrap_or(raw);
    let text = Str { raw: head, at: 0, plain: !head.contains(&b'\\') }.text();
    let shown = short(&text, STRING_CHARS);
    let left = if shown.len() == text.len() && head.len() == raw.len() {
        0
    } else {
        let behind = raw.len() - head.len();
        (text.len() - shown.len()).saturating_add(behind)
    };
    (shown.to_owned(), left as u64)
}
