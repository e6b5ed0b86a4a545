//! How a text is laid out, and new values laid out like it.

use crate::json::{At, NodeKind, compact};

/// Levels below which a new value stands on one line.
const DEEP: usize = 32;

/// The habits of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    /// What ends a line.
    pub line: &'static str,
    /// What one level is set in by.
    pub unit: String,
    /// What stands between a key and its value.
    pub colon: String,
    /// Whether containers reach over several lines.
    pub lines: bool,
    /// What stands between two items on one line.
    pub comma: &'static str,
}

impl Style {
    /// Looks at the beginning of a text.
    pub fn of(root: At<'_>) -> Style {
        let text = root.text.get(root.start()..root.end()).unwrap_or(&[]);
        let head = text.get(..64 << 10).unwrap_or(text);
        let lines = head.contains(&b'\n');
        let line = if head.windows(2).any(|two| two == b"\r\n") { "\r\n" } else { "\n" };
        let first = root.children().next();
        let unit = first.map(|child| indent(root.text, start(child))).filter(|_| lines);
        let base = indent(root.text, root.start());
        let unit = unit.and_then(|unit| unit.strip_prefix(base.as_str()).map(str::to_owned));
        let unit = unit.filter(|unit| !unit.is_empty()).unwrap_or_else(|| "  ".to_owned());
        let colon = root.members().next().and_then(|member| {
            let (_, end) = member.key_range()?;
            let between = root.text.get(end + 1..member.start())?;
            let plain = between.iter().all(|&b| matches!(b, b':' | b' ' | b'\t')) && between.contains(&b':');
            plain.then(|| String::from_utf8_lossy(between).into_owned())
        });
        // A text without any space is meant to stay so.
        let tight = colon.as_deref() == Some(":") && !lines;
        let colon = colon.unwrap_or_else(|| ": ".to_owned());
        Style { line, unit, colon, lines, comma: if tight { "," } else { ", " } }
    }

    /// `value` laid out to stand where lines begin with `indent`. Containers reach over several lines where those of
    /// `like` under the same keys do; without one to look at, where the text has lines at all.
    pub fn lay_out(&self, value: At<'_>, like: Option<At<'_>>, indent: &str) -> String {
        let mut out = String::new();
        self.put(&mut out, value, like, indent, 0);
        out
    }

    fn put(&self, out: &mut String, value: At<'_>, like: Option<At<'_>>, indent: &str, depth: usize) {
        let object = value.is(NodeKind::Object);
        let like = like.filter(|like| like.kind() == value.kind() && like.count() > 0);
        if !object && !value.is(NodeKind::Array) || value.count() == 0 {
            out.push_str(&value.json());
            return;
        }
        if depth > DEEP {
            let flat = compact(value.raw());
            out.push_str(&flat);
            return;
        }
        let lines = match like {
            Some(like) => like.raw().contains(&b'\n'),
            None => self.lines,
        };
        let inner = format!("{indent}{}", self.unit);
        out.push(if object { '{' } else { '[' });
        for (at, child) in value.children().enumerate() {
            if at > 0 {
                out.push_str(if lines { "," } else { self.comma });
            }
            if lines {
                out.push_str(self.line);
                out.push_str(&inner);
            }
            if let Some(key) = child.key() {
                out.push_str(&crate::json::quoted(&key));
                out.push_str(&self.colon);
            }
            let model = like.and_then(|like| match child.key() {
                Some(key) => like.get(&key),
                None => like.items().next(),
            });
            // On one line everything within is, too.
            let flat = Style { lines: false, ..self.clone() };
            let of = if lines { self } else { &flat };
            of.put(out, child, model.filter(|_| lines), &inner, depth + 1);
        }
        if lines {
            out.push_str(self.line);
            out.push_str(indent);
        }
        out.push(if object { '}' } else { ']' });
    }
}

/// Where a member with its key, or an item, begins.
pub(super) fn start(at: At<'_>) -> usize {
    at.key_range().map_or_else(|| at.start(), |(key, _)| key.saturating_sub(1))
}

/// The white space at the beginning of the line that holds a place.
pub(super) fn indent(text: &[u8], at: usize) -> String {
    let before = text.get(..at).unwrap_or(&[]);
    let line = before.iter().rposition(|&b| b == b'\n').map_or(0, |newline| newline + 1);
    let rest = before.get(line..).unwrap_or(&[]);
    let space = rest.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    String::from_utf8_lossy(rest.get(..space).unwrap_or(&[])).into_owned()
}
