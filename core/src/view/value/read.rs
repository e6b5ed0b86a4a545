//! From a named value to its text: where it stands, decoded once, and whether it is JSON.

use crate::json::{Str, looks_like_container, push_escaped, quoted};
use crate::model::{Attribute, Details, Part as Piece, Pipeline, Place, Value, ValueText};
use crate::protocol::Part;
use crate::view::{Reader, Sight};

/// A value's text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Read {
    /// The text; bytes that are not UTF-8 read as U+FFFD.
    pub text: String,
    /// Whether it is a JSON object or array (perhaps damaged inside).
    pub json: bool,
    /// What was done to get here, else empty.
    pub note: String,
    /// Where it stands.
    pub place: Option<Place>,
}

impl Read {
    /// A text that stands nowhere by itself: one node of another value.
    pub fn plain(text: String) -> Read {
        Read { json: looks_like_container(&text), text, note: String::new(), place: None }
    }
}

fn lossy(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// The text of a JSON string token, with or without its closing quote.
fn unquoted(token: &[u8]) -> String {
    let raw = token.trim_ascii_start();
    let raw = raw.strip_prefix(b"\"").unwrap_or(raw);
    let raw = raw.strip_suffix(b"\"").unwrap_or(raw);
    Str { raw, at: 0, plain: !raw.contains(&b'\\') }.text().into_owned()
}

/// The text of a value.
pub fn read(reader: &dyn Reader, value: &Value) -> Result<Read, String> {
    let mut read = match &value.text {
        ValueText::Json => {
            let bytes = reader.bytes(value.place)?;
            match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
                Some(b'"') => Read::plain(unquoted(&bytes)),
                // Also when it is damaged: what can be read of it is shown as a tree.
                Some(b'{' | b'[') => Read { text: lossy(bytes), json: true, ..Read::default() },
                _ => Read { text: lossy(bytes), ..Read::default() },
            }
        }
        ValueText::JsonString => Read::plain(unquoted(&reader.bytes(value.place)?)),
        ValueText::Plain => Read::plain(lossy(reader.bytes(value.place)?)),
        ValueText::Made { text, note, .. } => Read { note: note.clone(), ..Read::plain(text.clone()) },
    };
    read.place = Some(value.place);
    Ok(read)
}

/// A value as it stands inside a JSON object.
fn push_json(out: &mut String, reader: &dyn Reader, value: &Value) -> Result<(), String> {
    match &value.text {
        ValueText::Json => out.push_str(&lossy(reader.bytes(value.place)?)),
        // The token itself, so that what is escaped stays as the file has it.
        ValueText::JsonString => {
            let token = lossy(reader.bytes(value.place)?);
            if token.starts_with('"') && token.ends_with('"') && token.len() > 1 {
                out.push_str(&token);
            } else {
                out.push_str(&quoted(&token));
            }
        }
        ValueText::Plain => out.push_str(&quoted(&lossy(reader.bytes(value.place)?))),
        ValueText::Made { text, json: true, .. } => out.push_str(text),
        ValueText::Made { text, .. } => out.push_str(&quoted(text)),
    }
    Ok(())
}

/// Attributes as one JSON object, in file order, repeated names kept.
pub fn read_attributes(reader: &dyn Reader, attributes: &[Attribute]) -> Result<Read, String> {
    let mut text = String::from("{");
    for (index, attribute) in attributes.iter().enumerate() {
        text.push_str(if index == 0 { "\n  \"" } else { ",\n  \"" });
        push_escaped(&mut text, &attribute.name);
        text.push_str("\": ");
        push_json(&mut text, reader, &attribute.value)?;
    }
    text.push_str(if attributes.is_empty() { "}" } else { "\n}" });
    let places = attributes.iter().map(|attribute| attribute.value.place);
    let place = places.reduce(|a, b| if b.file == a.file { around(a, b) } else { a });
    Ok(Read { text, json: true, note: String::new(), place })
}

fn around(a: Place, b: Place) -> Place {
    let start = a.start.min(b.start);
    Place { file: a.file, start, len: a.end().max(b.end()).saturating_sub(start) }
}

fn absent<T>(what: &str) -> Result<T, String> {
    Err(format!("This step has no {what} in this file."))
}

/// Reads a part of a step; parts of pipelines are read with [`value_of_node`].
pub fn read_part(sight: Sight<'_>, details: &Details, part: &Part) -> Result<Read, String> {
    let own_place = |step: u32| sight.run.steps.place.get(step as usize).copied();
    let value = |value: &Option<Value>, what: &str| match value {
        Some(value) => read(sight.reader, value),
        None => absent(what),
    };
    match *part {
        Part::Input { .. } => value(&details.input, "input"),
        Part::Output { .. } => value(&details.output, "output"),
        Part::State { .. } => value(&details.state, "state"),
        Part::StateAfter { .. } => value(&details.state_after, "state after it"),
        Part::Attributes { .. } => read_attributes(sight.reader, &details.attributes),
        Part::Event { index, .. } => {
            let Some(event) = details.events.get(index as usize) else {
                return absent("such event");
            };
            let read = read_attributes(sight.reader, &event.attributes)?;
            Ok(Read { place: Some(event.place), ..read })
        }
        Part::Stack { step, .. } => match details.error.as_ref().filter(|error| !error.stack.is_empty()) {
            Some(error) => Ok(Read { text: error.stack.clone(), place: own_place(step), ..Read::default() }),
            None => absent("stack"),
        },
        Part::Raw { step, .. } => raw(sight, step),
        Part::Message { step, message, piece, .. } => {
            let found = details.messages.get(message as usize).and_then(|message| message.parts.get(piece as usize));
            let Some(found) = found else {
                return absent("such message");
            };
            Ok(Read { place: own_place(step), ..Read::plain(piece_text(found).to_owned()) })
        }
        Part::Node { .. } => Err("This is a part of a pipeline, not of a run.".to_owned()),
    }
}

/// The text of a piece of a message that can be opened.
pub(crate) fn piece_text(piece: &Piece) -> &str {
    match piece {
        Piece::Text(text) | Piece::Reasoning(text) | Piece::Other(text) => text,
        Piece::ToolCall { arguments, .. } => arguments,
        Piece::ToolResult { content, .. } => content,
        Piece::Image { url } => url,
    }
}

/// The bytes of a step as they stand in the file, one piece after the other.
fn raw(sight: Sight<'_>, step: u32) -> Result<Read, String> {
    let steps = &sight.run.steps;
    let Some(&first) = steps.place.get(step as usize) else {
        return absent("place");
    };
    let more = steps.more_places.get(&step).map_or(&[][..], Vec::as_slice);
    let mut text = lossy(sight.reader.bytes(first)?);
    for &place in more {
        text.push('\n');
        text.push_str(&lossy(sight.reader.bytes(place)?));
    }
    let note = match more.len() {
        0 => String::new(),
        further => format!("{} pieces of the file, one after the other.", further + 1),
    };
    let json = more.is_empty() && matches!(text.trim_start().as_bytes().first(), Some(b'{' | b'['));
    Ok(Read { text, json, note, place: Some(first) })
}

/// A named value of a node of a pipeline.
pub fn value_of_node(pipeline: &Pipeline, node: u32, index: u32) -> Result<&Value, String> {
    let found = pipeline.nodes.get(node as usize).and_then(|node| node.values.get(index as usize));
    found.map(|(_, value)| value).ok_or_else(|| "There is no such value in this pipeline.".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::test_reader::Bytes;

    fn value(start: u64, len: u64, text: ValueText) -> Value {
        Value { place: Place { file: 0, start, len }, text }
    }

    #[test]
    fn reads_each_sort_of_value() -> Result<(), String> {
        let source = r#"{"a":1} "x\ny" "{\"b\":2}" plain [1,"#;
        let reader = Bytes(source.as_bytes().to_vec());
        let at = |part: &str| (source.find(part).unwrap_or(0) as u64, part.len() as u64);
        let told = |part: &str, text: ValueText| {
            let (start, len) = at(part);
            read(&reader, &value(start, len, text)).map(|read| (read.text, read.json))
        };
        assert_eq!(told(r#"{"a":1}"#, ValueText::Json)?, (r#"{"a":1}"#.to_owned(), true));
        assert_eq!(told(r#""x\ny""#, ValueText::JsonString)?, ("x\ny".to_owned(), false));
        assert_eq!(told(r#""x\ny""#, ValueText::Json)?, ("x\ny".to_owned(), false));
        assert_eq!(told(r#""{\"b\":2}""#, ValueText::JsonString)?, (r#"{"b":2}"#.to_owned(), true));
        assert_eq!(told("plain", ValueText::Plain)?, ("plain".to_owned(), false));
        assert_eq!(told("[1,", ValueText::Json)?, ("[1,".to_owned(), true));
        Ok(())
    }

    #[test]
    fn attributes_become_one_object_with_repeats() -> Result<(), String> {
        let reader = Bytes(br#"[1] "a\"b""#.to_vec());
        let attribute = |name: &str, value| Attribute { name: name.to_owned(), value, understood: true };
        let list = [
            attribute("k\"", value(0, 3, ValueText::Json)),
            attribute("s", value(4, 6, ValueText::JsonString)),
            attribute("s", value(4, 0, ValueText::Made { text: "t".to_owned(), json: false, note: String::new() })),
        ];
        let read = read_attributes(&reader, &list)?;
        assert_eq!(read.text, "{\n  \"k\\\"\": [1],\n  \"s\": \"a\\\"b\",\n  \"s\": \"t\"\n}");
        assert_eq!(read_attributes(&reader, &[])?.text, "{}");
        Ok(())
    }
}
