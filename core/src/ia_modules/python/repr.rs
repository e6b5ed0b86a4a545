//! Values as Python's `repr` writes them.

use super::write::{Mark, Style, walk};
use super::{Value, float_text};
use std::fmt::Write as _;

struct Repr(String);

impl Style for Repr {
    fn scalar(&mut self, value: &Value) {
        match value {
            Value::Bool(flag) => self.0.push_str(if *flag { "True" } else { "False" }),
            Value::Int(int) => self.0.push_str(&int.to_string()),
            Value::Float(float) => self.0.push_str(&float_text(*float)),
            Value::Shared => self.0.push_str("{...}"),
            _ => self.0.push_str("None"),
        }
    }

    fn text(&mut self, text: &str) {
        push_quoted(&mut self.0, text);
    }

    fn mark(&mut self, mark: Mark, _: usize) {
        self.0.push_str(match mark {
            Mark::Open(true) => "{",
            Mark::Open(false) => "[",
            Mark::Close(true) => "}",
            Mark::Close(false) => "]",
            Mark::Empty(true) => "{}",
            Mark::Empty(false) => "[]",
            Mark::Comma => ", ",
            Mark::Colon => ": ",
        });
    }
}

/// Single quotes, unless the text has single quotes and no double ones.
fn push_quoted(out: &mut String, text: &str) {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    out.push(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c if is_printable(c) => out.push(c),
            c => {
                let code = c as u32;
                // Writing to a string does not fail.
                let _ = match code {
                    0..=0xFF => write!(out, "\\x{code:02x}"),
                    0x100..=0xFFFF => write!(out, "\\u{code:04x}"),
                    _ => write!(out, "\\U{code:08x}"),
                };
            }
        }
    }
    out.push(quote);
}

/// Python's `str.isprintable`. The standard library's escaping goes by the same categories; it also escapes
/// combining characters, but only at the beginning of a string. (Its Unicode is newer than that of Python 3.11.)
fn is_printable(c: char) -> bool {
    if c.is_ascii() {
        return (' '..='~').contains(&c);
    }
    let mut buffer = [b'a', 0, 0, 0, 0];
    let end = 1 + c.encode_utf8(&mut buffer[1..]).len();
    let text = buffer.get(..end).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or("");
    text.escape_debug().nth(1) != Some('\\')
}

impl Value {
    /// The text `repr()` gives: `'it'`, `[1, None]`, `{'a': True}`.
    pub fn repr(&self) -> String {
        let mut repr = Repr(String::new());
        walk(self, &mut repr);
        repr.0
    }
}
