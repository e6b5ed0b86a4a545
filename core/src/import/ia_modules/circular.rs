//! `[Circular Reference]`: what the engine's writer puts where a value would hold an object that is around it.
//!
//! It is no text of the run. Wherever a value is put together here it becomes a JSON reference: `{"$ref": "#"}` for the
//! whole value itself, else a reference to an object around it that the file does not name.

use crate::json::{NodeKind, Tree};

/// The marker as it stands in a file.
pub(super) const MARKER: &[u8] = b"\"[Circular Reference]\"";

/// The whole value itself.
pub(super) const WHOLE: &str = r##"{"$ref": "#"}"##;

/// Some object around the place.
const AROUND: &str = r##"{"$ref": "an object around this one"}"##;

/// What the references mean, for the reader.
pub(super) const NOTE: &str =
    "`{\"$ref\": \"#\"}` stands for the whole value itself: the file has \"[Circular Reference]\" there";

/// How often the marker stands in a text.
pub(super) fn count(bytes: &[u8]) -> u64 {
    memchr::memmem::find_iter(bytes, MARKER).count() as u64
}

/// The JSON text with references in place of the markers. `inside` tells that it is a member of the value that is
/// shown, which is then what a marker as the whole text refers to.
pub(super) fn resolved(bytes: &[u8], inside: bool) -> String {
    let plain = || String::from_utf8_lossy(bytes).into_owned();
    if count(bytes) == 0 {
        return plain();
    }
    let tree = Tree::parse(bytes);
    if tree.damage.is_some() {
        return plain();
    }
    let mut out = String::with_capacity(bytes.len());
    let mut at = 0;
    let push = |out: &mut String, from: usize, to: usize| {
        out.push_str(&String::from_utf8_lossy(bytes.get(from..to).unwrap_or(&[])));
    };
    for index in 0..u32::try_from(tree.len()).unwrap_or(u32::MAX) {
        let Some(node) = tree.node(index).filter(|node| node.kind == NodeKind::String) else { continue };
        if tree.raw(bytes, index) != MARKER {
            continue;
        }
        push(&mut out, at, node.start as usize);
        // Of a root object nothing else is around its members.
        let parent = tree.parent(index);
        let whole = if inside { parent.is_none() } else { parent == Some(0) };
        out.push_str(if whole { WHOLE } else { AROUND });
        at = node.end as usize;
    }
    push(&mut out, at, bytes.len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_become_references_and_keys_stay() {
        let text = br#"{"a": "[Circular Reference]", "[Circular Reference]": [{"b": "[Circular Reference]"}], "c": "x [Circular Reference]"}"#;
        assert_eq!(
            resolved(text, false),
            r##"{"a": {"$ref": "#"}, "[Circular Reference]": [{"b": {"$ref": "an object around this one"}}], "c": "x [Circular Reference]"}"##
        );
        assert_eq!(resolved(MARKER, true), WHOLE);
        assert_eq!(resolved(br#"{"a": "[Circular Reference]""#, false), r#"{"a": "[Circular Reference]""#);
    }
}
