//! From values to JSON text, as Python's `json` writes it, with characters beyond ASCII as they are.

use super::{Dict, List, Value, float_text};
use crate::json::push_escaped;
use std::rc::Rc;

/// What stands for the shared dictionary inside itself, as IA Modules' own result files write it.
const CIRCULAR: &str = "[Circular Reference]";

/// A container that is being written, and the position of what comes next.
pub(super) enum Frame<'a> {
    /// A list.
    Items(&'a List, usize),
    /// A dictionary.
    Members(&'a Dict, usize),
}

/// How a text of nested values is put together: JSON and `repr` differ only in this.
pub(super) trait Style {
    /// A value that holds no others.
    fn scalar(&mut self, value: &Value);
    /// A string, also as a key.
    fn text(&mut self, text: &str);
    /// A bracket, comma or colon; `depth` is the number of containers around it.
    fn mark(&mut self, mark: Mark, depth: usize);
}

/// What stands between values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// `[`, or `{` when true; the container holds something.
    Open(bool),
    /// `]` or `}` of a container that holds something.
    Close(bool),
    /// `[]` or `{}`.
    Empty(bool),
    /// Between entries.
    Comma,
    /// Between key and value.
    Colon,
}

/// Walks a value in order and tells the style what comes.
pub(super) fn walk(value: &Value, style: &mut impl Style) {
    let mut frames: Vec<Frame<'_>> = Vec::new();
    let mut current = Some(value);
    loop {
        if let Some(value) = current.take() {
            match value {
                Value::Str(text) => style.text(text),
                Value::List(list) if list.items().is_empty() => style.mark(Mark::Empty(false), frames.len()),
                Value::Dict(dict) if dict.is_empty() => style.mark(Mark::Empty(true), frames.len()),
                Value::List(list) => {
                    frames.push(Frame::Items(list, 0));
                    style.mark(Mark::Open(false), frames.len());
                }
                Value::Dict(dict) => {
                    frames.push(Frame::Members(dict, 0));
                    style.mark(Mark::Open(true), frames.len());
                }
                other => style.scalar(other),
            }
        }
        let depth = frames.len();
        let Some(frame) = frames.last_mut() else { return };
        let (is_dict, at, entry) = match frame {
            Frame::Items(list, at) => {
                let entry = list.items().get(*at).map(|item| (None, item));
                (false, at, entry)
            }
            Frame::Members(dict, at) => {
                let entry = dict.at(*at).map(|(key, value)| (Some(key), value));
                (true, at, entry)
            }
        };
        let Some((key, value)) = entry else {
            frames.pop();
            style.mark(Mark::Close(is_dict), depth.saturating_sub(1));
            continue;
        };
        if *at > 0 {
            style.mark(Mark::Comma, depth);
        }
        *at += 1;
        if let Some(key) = key {
            style.text(key);
            style.mark(Mark::Colon, depth);
        }
        current = Some(value);
    }
}

struct Json<'a> {
    out: &'a mut String,
    /// Spaces a level, or everything on one line.
    indent: Option<usize>,
}

impl Json<'_> {
    fn line(&mut self, depth: usize) {
        if let Some(indent) = self.indent {
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n(' ', indent.saturating_mul(depth)));
        }
    }
}

impl Style for Json<'_> {
    fn scalar(&mut self, value: &Value) {
        match value {
            Value::Bool(flag) => self.out.push_str(if *flag { "true" } else { "false" }),
            Value::Int(int) => self.out.push_str(&int.to_string()),
            Value::Float(float) if float.is_nan() => self.out.push_str("NaN"),
            Value::Float(float) if float.is_infinite() => {
                self.out.push_str(if *float > 0.0 { "Infinity" } else { "-Infinity" });
            }
            Value::Float(float) => self.out.push_str(&float_text(*float)),
            Value::Shared => self.text(CIRCULAR),
            _ => self.out.push_str("null"),
        }
    }

    fn text(&mut self, text: &str) {
        self.out.push('"');
        push_escaped(self.out, text);
        self.out.push('"');
    }

    fn mark(&mut self, mark: Mark, depth: usize) {
        match mark {
            Mark::Open(dict) => {
                self.out.push(if dict { '{' } else { '[' });
                self.line(depth);
            }
            Mark::Close(dict) => {
                self.line(depth);
                self.out.push(if dict { '}' } else { ']' });
            }
            Mark::Empty(dict) => self.out.push_str(if dict { "{}" } else { "[]" }),
            Mark::Comma => {
                self.out.push(',');
                self.line(depth);
            }
            Mark::Colon => self.out.push_str(if self.indent.is_some() { ": " } else { ":" }),
        }
    }
}

impl Value {
    /// Appends the JSON text, on one line without spaces.
    pub fn write_json(&self, out: &mut String) {
        walk(self, &mut Json { out, indent: None });
    }

    /// The JSON text, on one line without spaces.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        self.write_json(&mut out);
        out
    }

    /// The JSON text over several lines, two spaces a level.
    pub fn to_json_pretty(&self) -> String {
        let mut out = String::new();
        walk(self, &mut Json { out: &mut out, indent: Some(2) });
        out
    }
}

impl Dict {
    /// The JSON text, on one line without spaces.
    pub fn to_json(&self) -> String {
        // The entries are shared: what is cloned is the list of them.
        Value::Dict(Rc::new(self.clone())).to_json()
    }
}
