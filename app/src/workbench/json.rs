//! JSON as text: looked at and changed without a number passing through a float. Pure functions.

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// The keys of an object with their values as they are written.
#[derive(Debug, Default)]
struct Entries(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Entries;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        from.deserialize_map(Reader)
    }
}

/// The text, or an empty object where there is none.
fn object(text: &str) -> &str {
    if text.trim().is_empty() { "{}" } else { text }
}

/// The value of a key, as it is written; `None` when the text is no object or has no such key. Of two the last counts.
pub(super) fn get(text: &str, key: &str) -> Option<String> {
    let entries: Entries = serde_json::from_str(object(text)).ok()?;
    entries.0.into_iter().rev().find(|(name, _)| name == key).map(|(_, value)| value.get().to_owned())
}

/// The keys of an object, in order; `None` when the text is none.
pub(super) fn keys(text: &str) -> Option<Vec<String>> {
    let entries: Entries = serde_json::from_str(object(text)).ok()?;
    Some(entries.0.into_iter().map(|(name, _)| name).collect())
}

/// The object with a key set to a value, or taken out. A text that is no object is left as it is.
pub(super) fn with(text: &str, key: &str, value: Option<&str>) -> String {
    let Ok(Entries(mut entries)) = serde_json::from_str(object(text)) else {
        return text.to_owned();
    };
    let value = value.and_then(|value| RawValue::from_string(value.to_owned()).ok());
    match (entries.iter().position(|(name, _)| name == key), value) {
        (Some(at), Some(value)) => {
            if let Some(entry) = entries.get_mut(at) {
                entry.1 = value;
            }
        }
        (Some(_), None) => entries.retain(|(name, _)| name != key),
        (None, Some(value)) => entries.push((key.to_owned(), value)),
        (None, None) => {}
    }
    if entries.is_empty() {
        return "{}".to_owned();
    }
    let lines: Vec<String> =
        entries.iter().map(|(name, value)| format!("  {}: {}", quoted(name), value.get())).collect();
    format!("{{\n{}\n}}", lines.join(",\n"))
}

/// Text as a JSON string.
pub(super) fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// The text of a JSON string; `None` for other values.
pub(super) fn unquoted(json: &str) -> Option<String> {
    serde_json::from_str(json).ok()
}

/// The elements of a JSON array as they are written.
pub(super) fn elements(json: &str) -> Option<Vec<String>> {
    let elements: Vec<Box<RawValue>> = serde_json::from_str(json).ok()?;
    Some(elements.into_iter().map(|element| element.get().to_owned()).collect())
}

/// What is wrong with a text as JSON, in words; `None` when it is JSON.
pub(super) fn fault(text: &str) -> Option<String> {
    match serde_json::from_str::<&RawValue>(text) {
        Ok(_) => None,
        Err(_) if text.trim().is_empty() => Some("A JSON value is missing here.".to_owned()),
        Err(error) => {
            let said = error.to_string();
            let what = said.split(" at line ").next().unwrap_or(&said);
            Some(format!("Not JSON yet: {what} (line {}, column {}).", error.line(), error.column()))
        }
    }
}

/// A JSON text on several lines, its tokens as they are; what is not JSON, or too long to be edited by hand, stays as it is.
pub(super) fn pretty(text: &str) -> String {
    if text.len() > 64 << 10 || fault(text).is_some() {
        return text.to_owned();
    }
    let (mut out, mut depth, mut quoted, mut escaped) = (String::with_capacity(text.len() * 2), 0_usize, false, false);
    let mut signs = text.chars().peekable();
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth.min(40)));
    };
    while let Some(sign) = signs.next() {
        if quoted {
            quoted = escaped || sign != '"';
            escaped = sign == '\\' && !escaped;
            out.push(sign);
            continue;
        }
        match sign {
            _ if sign.is_whitespace() => {}
            '{' | '[' => {
                while signs.next_if(|sign| sign.is_whitespace()).is_some() {}
                out.push(sign);
                if let Some(end) = signs.next_if(|sign| matches!(sign, '}' | ']')) {
                    out.push(end);
                } else {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(sign);
            }
            ',' => {
                out.push(sign);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            _ => {
                quoted = sign == '"';
                out.push(sign);
            }
        }
    }
    out
}

/// A JSON text in one line, shortened to about `most` characters.
pub(super) fn glimpse(text: &str, most: usize) -> String {
    let mut out = String::new();
    let (mut quoted, mut escaped) = (false, false);
    for (count, sign) in text.trim().chars().enumerate() {
        // White space between values says nothing; the text may be megabytes long.
        if count > most * 8 {
            break;
        }
        if quoted {
            quoted = escaped || sign != '"';
            escaped = sign == '\\' && !escaped;
        } else if sign.is_whitespace() {
            if !out.ends_with([' ', '{', '[']) {
                out.push(' ');
            }
            continue;
        } else {
            quoted = sign == '"';
        }
        out.push(sign);
    }
    if out.chars().count() > most {
        out = out.chars().take(most).collect();
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_changed_and_everything_else_stays_as_it_is_written() {
        let text = r#"{"id": 12345678901234567890, "rate": 1.10, "a": [1, 2]}"#;
        let changed = with(text, "rate", Some("2.50"));
        assert_eq!(changed, "{\n  \"id\": 12345678901234567890,\n  \"rate\": 2.50,\n  \"a\": [1, 2]\n}");
        assert_eq!(get(&changed, "id").as_deref(), Some("12345678901234567890"));
        assert_eq!(with("", "x", Some("1")), "{\n  \"x\": 1\n}");
        assert_eq!(with(r#"{"x": 1}"#, "x", None), "{}");
        assert_eq!(with("[1]", "x", Some("1")), "[1]");
        assert_eq!(keys(text).unwrap(), ["id", "rate", "a"]);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        assert_eq!(fault("{\"a\": 1}"), None);
        assert_eq!(fault(" "), Some("A JSON value is missing here.".to_owned()));
        assert!(fault("{\n\"a\": }").unwrap().contains("line 2"));
    }

    #[test]
    fn lines_are_broken_between_tokens_only() {
        assert_eq!(
            pretty(r#"{"a":[1.0,"x, {y"],"b":{ }}"#),
            "{\n  \"a\": [\n    1.0,\n    \"x, {y\"\n  ],\n  \"b\": {}\n}"
        );
        assert_eq!(pretty("{\"a\":"), "{\"a\":");
    }

    #[test]
    fn a_glimpse_is_one_line() {
        assert_eq!(glimpse("{\n  \"a b\":  [1,\n 2]\n}", 40), "{\"a b\": [1, 2] }");
        assert_eq!(glimpse("\"abcdefgh\"", 4), "\"abc…");
    }
}
