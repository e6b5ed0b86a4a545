//! YAML to JSON: keys in order, documents after each other, anchors and merge keys resolved within a bound.
//!
//! Each value stands on the line it has in the YAML, so that line numbers stay true. What a plain scalar means is told
//! by the core schema of YAML 1.2 (`on` and `yes` are texts), keys are always texts. Tags change nothing but a text
//! with a tag of its own (`!Ref x`), which keeps it. Templates without quotes (`key: {{ x }}`) are texts too.

use crate::json::{Lexer, push_escaped};
use rustc_hash::{FxHashMap, FxHashSet};
use saphyr_parser::{Event, Parser, ScalarStyle, Tag};
use std::borrow::Cow;

/// What became of a text.
#[derive(Debug, Default)]
pub struct Yaml {
    /// The JSON text: one value per document.
    pub json: String,
    /// Whether a mapping or a list is in it, and not texts only.
    pub holds_collections: bool,
    /// Documents in it.
    pub documents: u32,
    /// Where reading ended early, and why; what is before it is in the JSON.
    pub fault: Option<(u64, String)>,
}

/// More than this for every byte of the text, and [`SPARE`], is not written: anchors can multiply a text.
const GROWTH: usize = 8;
/// Bytes that may be written whatever the size of the text.
const SPARE: usize = 8 << 20;

/// Turns YAML into JSON, as far as it can be read.
pub fn to_json(text: &str) -> Yaml {
    let (yaml, complex) = convert(text);
    if (yaml.fault.is_none() && !complex) || !text.contains("{{") {
        return yaml;
    }
    let (again, complex) = convert(&quote_templates(text));
    if again.fault.is_none() || complex || again.json.len() > yaml.json.len() { again } else { yaml }
}

/// The JSON, and whether a collection was used as a key.
fn convert(text: &str) -> (Yaml, bool) {
    let mut writer = Writer { line: 1, limit: text.len().saturating_mul(GROWTH) + SPARE, ..Writer::default() };
    let mut parser = Parser::new_from_str(text);
    let mut fault = None;
    while let Some(event) = parser.next_event() {
        match event {
            Ok((event, span)) => writer.event(&event, span.start.line()),
            Err(error) => {
                fault = Some((error.marker().line() as u64, error.info().to_owned()));
                break;
            }
        }
        if writer.is_over() {
            let why = "its anchors and keys stand for too much text".to_owned();
            fault = Some((writer.line as u64, why));
            break;
        }
    }
    while !writer.frames.is_empty() {
        writer.close();
    }
    writer.out.push('\n');
    let Writer { out: json, documents, complex, collections: holds_collections, .. } = writer;
    (Yaml { json, documents, holds_collections, fault }, complex)
}

/// An open mapping or sequence.
#[derive(Default)]
struct Frame {
    object: bool,
    /// Members or items so far.
    count: usize,
    /// Where it begins in the output.
    start: usize,
    /// Its anchor; 0 for none.
    anchor: usize,
    /// Whether it stands where a key is expected.
    is_key: bool,
    /// A key is written and its value is expected.
    keyed: bool,
    /// The keys written, with their quotes.
    keys: Vec<(usize, usize)>,
    /// Where the `<<` that is being read began.
    merging: Option<usize>,
    /// What was merged, as JSON texts.
    merges: Vec<String>,
}

#[derive(Default)]
struct Writer {
    out: String,
    /// The line the output has reached.
    line: usize,
    frames: Vec<Frame>,
    anchors: FxHashMap<usize, String>,
    documents: u32,
    complex: bool,
    collections: bool,
    /// Bytes copied for anchors.
    spent: usize,
    limit: usize,
}

impl Writer {
    fn event(&mut self, event: &Event<'_>, line: usize) {
        match event {
            Event::DocumentStart(_) => self.documents += 1,
            Event::Alias(id) => {
                let text = self.anchors.get(id).cloned().unwrap_or_else(|| "null".to_owned());
                self.spent = self.spent.saturating_add(text.len());
                self.scalar(&text, 0, line);
            }
            Event::Scalar(text, style, anchor, tag) => {
                let json = resolved(text, *style, tag.as_deref(), self.expects_key());
                self.scalar(&json, *anchor, line);
            }
            Event::SequenceStart(anchor, _) => self.open(false, *anchor, line),
            Event::MappingStart(anchor, _) => self.open(true, *anchor, line),
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            _ => {}
        }
    }

    /// Whether more was written than the text may stand for.
    fn is_over(&self) -> bool {
        self.spent.saturating_add(self.out.len()) > self.limit
    }

    fn expects_key(&self) -> bool {
        self.frames.last().is_some_and(|frame| frame.object && !frame.keyed)
    }

    /// Comma and lines before a key, an item or a value.
    fn lead(&mut self, line: usize) {
        match self.frames.last_mut() {
            Some(frame) if !frame.keyed => {
                if frame.count > 0 {
                    self.out.push(',');
                }
                frame.count += 1;
            }
            _ => {}
        }
        let nested = !self.frames.is_empty();
        while self.line < line {
            self.out.push('\n');
            self.line += 1;
            // A bracket in the first column begins a document, and only there.
            if nested && self.line == line {
                self.out.push(' ');
            }
        }
    }

    /// Writes a key or a value that is written at once.
    fn scalar(&mut self, json: &str, anchor: usize, line: usize) {
        let key = self.expects_key();
        let before = self.out.len();
        self.lead(line);
        let start = self.out.len();
        if key && !json.starts_with('"') {
            self.quote(json);
        } else {
            self.out.push_str(json);
        }
        self.name(anchor, start);
        if key { self.keyed(before, start) } else { self.ended() }
    }

    fn quote(&mut self, text: &str) {
        self.out.push('"');
        push_escaped(&mut self.out, text);
        self.out.push('"');
    }

    /// A key stands in the output from `start`; before it from `before` comma and lines.
    fn keyed(&mut self, before: usize, start: usize) {
        let end = self.out.len();
        let merge = self.out.get(start..end) == Some("\"<<\"");
        if let Some(frame) = self.frames.last_mut() {
            frame.keyed = true;
            if merge {
                frame.merging = Some(before);
            } else {
                frame.keys.push((start, end));
            }
        }
        self.out.push(':');
    }

    /// A value has ended: what it was for.
    fn ended(&mut self) {
        let Some(frame) = self.frames.last_mut() else { return };
        frame.keyed = false;
        let Some(from) = frame.merging.take() else { return };
        frame.count = frame.count.saturating_sub(1);
        let gone = self.out.get(from..).unwrap_or("");
        self.line -= gone.matches('\n').count();
        let value = gone.find(':').and_then(|colon| gone.get(colon + 1..)).unwrap_or("").replace('\n', "");
        frame.merges.push(value);
        self.out.truncate(from);
    }

    fn open(&mut self, object: bool, anchor: usize, line: usize) {
        let is_key = self.expects_key();
        self.complex |= is_key;
        self.collections = true;
        self.lead(line);
        let start = self.out.len();
        self.out.push(if object { '{' } else { '[' });
        self.frames.push(Frame { object, anchor, start, is_key, ..Frame::default() });
    }

    fn close(&mut self) {
        let Some(mut frame) = self.frames.pop() else { return };
        if frame.keyed {
            self.out.push_str("null");
        }
        if !frame.merges.is_empty() {
            self.merge(&mut frame);
        }
        self.out.push(if frame.object { '}' } else { ']' });
        self.name(frame.anchor, frame.start);
        if frame.is_key {
            let text = self.out.get(frame.start..).unwrap_or("").to_owned();
            self.spent = self.spent.saturating_add(text.len());
            self.line -= text.matches('\n').count();
            self.out.truncate(frame.start);
            // Each level of keys within keys escapes the one below anew, and so doubles it.
            let key = if self.is_over() { "…".to_owned() } else { text.replace('\n', "") };
            self.quote(&key);
            self.keyed(frame.start, frame.start);
        } else {
            self.ended();
        }
    }

    /// Writes the members of merged mappings that the mapping does not have itself; of several, the first wins.
    fn merge(&mut self, frame: &mut Frame) {
        let own = frame.keys.iter().filter_map(|&(from, to)| self.out.get(from..to));
        let mut seen: FxHashSet<String> = own.map(str::to_owned).collect();
        for text in std::mem::take(&mut frame.merges) {
            self.spent = self.spent.saturating_add(text.len());
            let mut lexer = Lexer::new(text.as_bytes());
            let mut take = |lexer: &mut Lexer<'_>| {
                lexer.members(|lexer, key| {
                    let key = crate::json::quoted(&key.text());
                    let (from, to) = lexer.skip()?;
                    if !seen.contains(&key) {
                        if frame.count > 0 {
                            self.out.push(',');
                        }
                        frame.count += 1;
                        self.out.push_str(&key);
                        self.out.push(':');
                        self.out.push_str(text.get(from..to).unwrap_or("null"));
                        seen.insert(key);
                    }
                    Ok(())
                })
            };
            // One mapping, or a list of them; anything else merges nothing.
            let _ = match text.trim_start().starts_with('[') {
                true => lexer.items(|lexer| take(lexer).map(|_| ())),
                false => take(&mut lexer),
            };
        }
    }

    /// Keeps the value from `start` under its anchor.
    fn name(&mut self, anchor: usize, start: usize) {
        if anchor == 0 {
            return;
        }
        let text = self.out.get(start..).unwrap_or("").replace('\n', "");
        self.spent = self.spent.saturating_add(text.len());
        self.anchors.insert(anchor, text);
    }
}

/// A scalar as JSON.
fn resolved(text: &str, style: ScalarStyle, tag: Option<&Tag>, key: bool) -> String {
    let own = tag.filter(|tag| !tag.handle.starts_with("tag:") && !matches!(tag.suffix.as_str(), "" | "!"));
    if let Some(tag) = own {
        let handle = if tag.handle.is_empty() { "!" } else { &tag.handle };
        return crate::json::quoted(&format!("{handle}{} {text}", tag.suffix));
    }
    let number = tag.is_some_and(|tag| matches!(tag.suffix.as_str(), "int" | "float" | "bool" | "null"));
    if key || (!number && (tag.is_some() || style != ScalarStyle::Plain)) {
        return crate::json::quoted(text);
    }
    plain(text).map_or_else(|| crate::json::quoted(text), Cow::into_owned)
}

/// What a plain scalar means when it is no text.
fn plain(text: &str) -> Option<Cow<'_, str>> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Some(Cow::Borrowed("null")),
        "true" | "True" | "TRUE" => return Some(Cow::Borrowed("true")),
        "false" | "False" | "FALSE" => return Some(Cow::Borrowed("false")),
        _ => {}
    }
    let radix = |digits: &str, radix| u64::from_str_radix(digits, radix).ok().map(|n| Cow::Owned(n.to_string()));
    if let Some(hex) = text.strip_prefix("0x") {
        return radix(hex, 16);
    }
    if let Some(octal) = text.strip_prefix("0o") {
        return radix(octal, 8);
    }
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    is_number(unsigned).then_some(Cow::Borrowed(unsigned))
}

/// Whether a text is a number as JSON writes them.
fn is_number(text: &str) -> bool {
    let (digits, exponent) = match text.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, Some(exponent)),
        None => (text, None),
    };
    let all = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let whole = whole.strip_prefix('-').unwrap_or(whole);
    all(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(all)
        && exponent.is_none_or(|e| all(e.strip_prefix(['+', '-']).unwrap_or(e)))
}

/// Puts values that begin with `{{` into quotes, and leaves out lines that are nothing but a template.
fn quote_templates(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    for line in text.split_inclusive('\n') {
        let body = line.trim_end();
        let ending = line.get(body.len()..).unwrap_or("");
        let Some(at) = body.find("{{") else {
            out.push_str(line);
            continue;
        };
        let (before, template) = body.split_at(at);
        if before.trim().is_empty() {
            out.push_str(ending);
        } else if before.ends_with(": ") || before.ends_with("- ") {
            out.push_str(before);
            out.push('\'');
            out.push_str(&template.replace('\'', "''"));
            out.push('\'');
            out.push_str(ending);
        } else {
            out.push_str(line);
        }
    }
    out
}

#[cfg(test)]
#[path = "yaml_tests.rs"]
mod tests;
