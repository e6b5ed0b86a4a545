//! A value of a file as JSON on one line that every reader takes: what was read leniently is written strictly.

use crate::json::{Node, NodeKind, Str, Tree, push_escaped};

/// The value on one line, without space; `None` when it is damaged or more than one value. Numbers stay as they are
/// written; what JSON cannot say (`NaN`) becomes `{"$repr":"NaN"}`.
pub(crate) fn one_line(text: &[u8]) -> Option<String> {
    let tree = Tree::parse(text);
    let root = tree.node(0)?;
    let rest = text.get(root.end as usize..).unwrap_or(&[]);
    if tree.damage.is_some() || !rest.iter().all(u8::is_ascii_whitespace) {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    walk(text, &tree, &mut out, &mut AsItIs);
    Some(out)
}

/// What is written in the place of strings, keys and numbers.
pub(crate) trait Rewrite {
    /// Writes a string node with its quotes.
    fn string(&mut self, at: Here<'_>, out: &mut String);
    /// Writes a number, `true`, `false` or `null`.
    fn scalar(&mut self, at: Here<'_>, out: &mut String) {
        scalar(at.raw(), out);
    }
    /// Writes the key of a member, with its quotes.
    fn key(&mut self, at: Here<'_>, out: &mut String) {
        key(at, out);
    }
}

/// A node of a tree, for whoever rewrites it.
#[derive(Clone, Copy)]
pub(crate) struct Here<'a> {
    pub(crate) text: &'a [u8],
    pub(crate) tree: &'a Tree,
    pub(crate) node: u32,
}

impl<'a> Here<'a> {
    /// The bytes as they stand.
    pub(crate) fn raw(&self) -> &'a [u8] {
        self.tree.raw(self.text, self.node)
    }
}

/// Everything as it is.
struct AsItIs;

impl Rewrite for AsItIs {
    fn string(&mut self, at: Here<'_>, out: &mut String) {
        string(at.raw(), out);
    }
}

/// Writes a key as it is.
pub(crate) fn key(at: Here<'_>, out: &mut String) {
    let Some((start, end)) = at.tree.key_range(at.node) else { return };
    let raw = at.text.get(start.saturating_sub(1)..=end).unwrap_or(&[]);
    string(raw, out);
}

/// Writes a string token as strict JSON: as it stands, unless something in it is not allowed there.
pub(crate) fn string(token: &[u8], out: &mut String) {
    let inner = token.strip_prefix(b"\"").unwrap_or(token);
    let inner = inner.strip_suffix(b"\"").unwrap_or(inner);
    out.push('"');
    match std::str::from_utf8(inner) {
        Ok(text) if strict(inner) => out.push_str(text),
        _ => push_escaped(out, &Str { raw: inner, at: 0, plain: !inner.contains(&b'\\') }.text()),
    }
    out.push('"');
}

/// Whether the bytes between quotes are as JSON wants them.
fn strict(inner: &[u8]) -> bool {
    let mut bytes = inner.iter();
    while let Some(&byte) = bytes.next() {
        let fine = match byte {
            0..0x20 => false,
            b'\\' => match bytes.next() {
                Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => true,
                Some(b'u') => (0..4).all(|_| bytes.next().is_some_and(u8::is_ascii_hexdigit)),
                _ => false,
            },
            _ => true,
        };
        if !fine {
            return false;
        }
    }
    true
}

/// Whether a word is a number as JSON writes it.
fn is_number(word: &[u8]) -> bool {
    let word = word.strip_prefix(b"-").unwrap_or(word);
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let whole = digits(word);
    if whole == 0 || whole > 1 && word.first() == Some(&b'0') {
        return false;
    }
    let mut rest = word.get(whole..).unwrap_or(&[]);
    if let Some(fraction) = rest.strip_prefix(b".") {
        let count = digits(fraction);
        if count == 0 {
            return false;
        }
        rest = fraction.get(count..).unwrap_or(&[]);
    }
    if let Some(exponent) = rest.strip_prefix(b"e").or_else(|| rest.strip_prefix(b"E")) {
        let exponent = exponent.strip_prefix(b"+").or_else(|| exponent.strip_prefix(b"-")).unwrap_or(exponent);
        let count = digits(exponent);
        if count == 0 {
            return false;
        }
        rest = exponent.get(count..).unwrap_or(&[]);
    }
    rest.is_empty()
}

/// Writes what is no string and no container.
pub(crate) fn scalar(raw: &[u8], out: &mut String) {
    let text = String::from_utf8_lossy(raw);
    if matches!(raw, b"true" | b"false" | b"null") || is_number(raw) {
        out.push_str(&text);
    } else {
        out.push_str("{\"$repr\":\"");
        push_escaped(out, &text);
        out.push_str("\"}");
    }
}

/// Writes a whole tree on one line. Nodes stand in the tree in the order in which they are written.
pub(crate) fn walk(text: &[u8], tree: &Tree, out: &mut String, by: &mut dyn Rewrite) {
    let close = |kind| if kind == NodeKind::Object { '}' } else { ']' };
    // Containers that are open: what closes them, and how many children are still to come.
    let mut open: Vec<(char, u32)> = Vec::new();
    for index in 0..u32::try_from(tree.len()).unwrap_or(u32::MAX) {
        let Some(&Node { kind, children, index: position, .. }) = tree.node(index) else { break };
        let at = Here { text, tree, node: index };
        if position > 0 {
            out.push(',');
        }
        if tree.key_range(index).is_some() {
            by.key(at, out);
            out.push(':');
        }
        if let Some((_, left)) = open.last_mut() {
            *left = left.saturating_sub(1);
        }
        match kind {
            NodeKind::Object | NodeKind::Array => {
                out.push(if kind == NodeKind::Object { '{' } else { '[' });
                open.push((close(kind), children));
            }
            NodeKind::String => by.string(at, out),
            _ => by.scalar(at, out),
        }
        while let Some(&(close, 0)) = open.last() {
            out.push(close);
            open.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_lenient_becomes_strict_and_nothing_else_changes() {
        for (text, line) in [
            (
                " {\"a\" : [1.50, 1e3 ,true,null, \"x\\u00e9\"], \"b\": {} , \"c\":[]} ",
                Some(r#"{"a":[1.50,1e3,true,null,"x\u00e9"],"b":{},"c":[]}"#),
            ),
            ("12345678901234567890", Some("12345678901234567890")),
            ("\"a\nb\\q\"", Some(r#""a\nb\\q""#)),
            (
                "[NaN, -Infinity, 01, 1.]",
                Some(r#"[{"$repr":"NaN"},{"$repr":"-Infinity"},{"$repr":"01"},{"$repr":"1."}]"#),
            ),
            ("{\"a\": 1} {\"b\": 2}", None),
            ("{\"a\": ", None),
            ("", None),
        ] {
            assert_eq!(one_line(text.as_bytes()).as_deref(), line, "{text}");
        }
        let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(one_line(deep.as_bytes()), Some(deep));
    }

    proptest! {
        #[test]
        fn what_is_written_is_json_on_one_line(text in r#"[\[\]\{\}",:0-9a-z\\. \n-]{0,40}|\{"a": ?"\PC{0,9}", ?"b": ?\[[-+.0-9eE]{1,6}\]\}"#) {
            if let Some(line) = one_line(text.as_bytes()) {
                prop_assert!(serde_json::from_str::<serde::de::IgnoredAny>(&line).is_ok(), "{} {}", text, line);
                prop_assert!(!line.contains('\n'));
            }
        }
    }
}
