//! JSON paths as they are shown and copied: `$.messages[3].content`, and ` → $` where a string was read as JSON.

/// Appends a member: `.name`, or `["a name"]` where it is not a plain word.
pub fn push_key(path: &mut String, key: &str) {
    let mut chars = key.chars();
    let plain = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain {
        path.push('.');
        path.push_str(key);
    } else {
        path.push('[');
        path.push_str(&crate::json::quoted(key));
        path.push(']');
    }
}

/// Appends an item: `[3]`.
pub fn push_index(path: &mut String, index: u32) {
    path.push('[');
    path.push_str(&index.to_string());
    path.push(']');
}

/// Appends the step from a string to the JSON it holds.
pub fn push_decoded(path: &mut String) {
    path.push_str(" → $");
}

/// One step of a way into a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// A member of an object.
    Key(String),
    /// An item of an array.
    Index(u32),
    /// From a string into the JSON it holds.
    Decoded,
}

/// Reads a path as written above; `None` for anything else, shortened paths included.
pub fn parse(path: &str) -> Option<Vec<Segment>> {
    let mut rest = path.strip_prefix('$')?;
    let mut segments = Vec::new();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix(" → $") {
            segments.push(Segment::Decoded);
            rest = after;
        } else if let Some(after) = rest.strip_prefix('.') {
            let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
            let (key, after) = after.split_at(end);
            segments.push(Segment::Key(key.to_owned()));
            rest = after;
        } else {
            let after = rest.strip_prefix('[')?;
            let mut lexer = crate::json::Lexer::new(after.as_bytes());
            segments.push(match lexer.scalar().ok()? {
                crate::json::Scalar::Str(key) => Segment::Key(key.text().into_owned()),
                crate::json::Scalar::Number(index) => Segment::Index(index.parse().ok()?),
                _ => return None,
            });
            rest = after.get(lexer.pos()..)?.strip_prefix(']')?;
        }
    }
    Some(segments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_what_is_not_a_word() {
        let mut path = "$".to_owned();
        push_key(&mut path, "messages");
        push_index(&mut path, 3);
        push_key(&mut path, "gen_ai.usage");
        push_decoded(&mut path);
        push_key(&mut path, "");
        push_key(&mut path, "a\"b");
        assert_eq!(path, r#"$.messages[3]["gen_ai.usage"] → $[""]["a\"b"]"#);
    }

    #[test]
    fn reads_what_it_writes() {
        let parsed = parse(r#"$.messages[3]["gen_ai.usage"] → $[""]["a\"]b"]"#);
        let key = |text: &str| Segment::Key(text.to_owned());
        let expected =
            vec![key("messages"), Segment::Index(3), key("gen_ai.usage"), Segment::Decoded, key(""), key("a\"]b")];
        assert_eq!(parsed, Some(expected));
        assert_eq!(parse("$"), Some(Vec::new()));
        for bad in ["", "a", "$[", "$[1", "$[x]", "$ … .a", "$[99999999999]"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }
}
