//! A value as OpenTelemetry's JSON writes values: each wrapped in its type.

use super::full_step::Held;
use super::json_line::string;
use crate::json::{Node, NodeKind, Tree, quoted};
use std::fmt::Write as _;

/// Writes a value; integers beyond 64 bits become doubles, as there is no other number.
pub(crate) fn any_value(value: &Held, out: &mut String) {
    let json = match value {
        Held::Text(text) => {
            let _ = write!(out, "{{\"stringValue\":{}}}", quoted(text));
            return;
        }
        Held::Json(json) => json.as_bytes(),
    };
    let tree = Tree::parse(json);
    // What closes each container, and how many children are still to come.
    let mut open: Vec<(&str, u32)> = Vec::new();
    for index in 0..u32::try_from(tree.len()).unwrap_or(u32::MAX) {
        let Some(&Node { kind, children, index: position, .. }) = tree.node(index) else { break };
        if position > 0 {
            out.push(',');
        }
        let member = tree.key_range(index);
        if let Some((start, end)) = member {
            out.push_str("{\"key\":");
            string(json.get(start.saturating_sub(1)..=end).unwrap_or(&[]), out);
            out.push_str(",\"value\":");
        }
        if let Some((_, left)) = open.last_mut() {
            *left = left.saturating_sub(1);
        }
        let raw = tree.raw(json, index);
        match kind {
            NodeKind::Object | NodeKind::Array => {
                let object = kind == NodeKind::Object;
                out.push_str(if object { "{\"kvlistValue\":{\"values\":[" } else { "{\"arrayValue\":{\"values\":[" });
                open.push((if member.is_some() { "]}}}" } else { "]}}" }, children));
            }
            NodeKind::String => {
                out.push_str("{\"stringValue\":");
                string(raw, out);
                out.push_str(if member.is_some() { "}}" } else { "}" });
            }
            _ => {
                let word = std::str::from_utf8(raw).unwrap_or("0");
                let _ = match kind {
                    NodeKind::Bool => write!(out, "{{\"boolValue\":{word}}}"),
                    NodeKind::Null => write!(out, "{{}}"),
                    _ if word.parse::<i64>().is_ok() => write!(out, "{{\"intValue\":\"{word}\"}}"),
                    _ => write!(out, "{{\"doubleValue\":{word}}}"),
                };
                if member.is_some() {
                    out.push('}');
                }
            }
        }
        while let Some(&(close, 0)) = open.last() {
            out.push_str(close);
            open.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_wrapped_in_their_types() {
        for (json, wrapped) in [
            ("1", r#"{"intValue":"1"}"#),
            ("-9007199254740993", r#"{"intValue":"-9007199254740993"}"#),
            ("1.50", r#"{"doubleValue":1.50}"#),
            ("true", r#"{"boolValue":true}"#),
            ("null", "{}"),
            (r#""a\n""#, r#"{"stringValue":"a\n"}"#),
            ("[]", r#"{"arrayValue":{"values":[]}}"#),
            (
                r#"{"a":[1,{}],"b":"x"}"#,
                r#"{"kvlistValue":{"values":[{"key":"a","value":{"arrayValue":{"values":[{"intValue":"1"},{"kvlistValue":{"values":[]}}]}}},{"key":"b","value":{"stringValue":"x"}}]}}"#,
            ),
        ] {
            let mut out = String::new();
            any_value(&Held::Json(json.to_owned()), &mut out);
            assert_eq!(out, wrapped, "{json}");
            assert!(serde_json::from_str::<serde::de::IgnoredAny>(&out).is_ok());
        }
    }
}
