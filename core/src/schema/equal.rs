//! Whether two values are equal as JSON Schema means it: numbers by value, objects whatever the order of their keys.

use super::number;
use crate::json::{At, NodeKind};
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::cmp::Ordering;

/// Compares without a stack of calls. Of a repeated key the last member counts.
pub fn equal(a: At<'_>, b: At<'_>) -> bool {
    let mut open = vec![(a, b)];
    while let Some((a, b)) = open.pop() {
        if a.kind() != b.kind() {
            return false;
        }
        match a.kind() {
            NodeKind::Null => {}
            NodeKind::Bool => {
                if a.raw() != b.raw() {
                    return false;
                }
            }
            NodeKind::Number => {
                if a.raw() != b.raw() && number::compare(&a.json(), &b.json()) != Some(Ordering::Equal) {
                    return false;
                }
            }
            NodeKind::String => {
                if a.string() != b.string() {
                    return false;
                }
            }
            NodeKind::Array => {
                if a.count() != b.count() {
                    return false;
                }
                open.extend(a.items().zip(b.items()));
            }
            NodeKind::Object => {
                let (ours, theirs) = (by_key(a), by_key(b));
                if ours.len() != theirs.len() {
                    return false;
                }
                for (key, value) in ours {
                    let Some(other) = theirs.get(&key) else { return false };
                    open.push((value, *other));
                }
            }
        }
    }
    true
}

fn by_key(object: At<'_>) -> FxHashMap<Cow<'_, str>, At<'_>> {
    object.members().filter_map(|member| Some((member.key()?, member))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Tree;

    fn same(a: &str, b: &str) -> bool {
        let (left, right) = (Tree::parse(a.as_bytes()), Tree::parse(b.as_bytes()));
        match (At::root(a.as_bytes(), &left), At::root(b.as_bytes(), &right)) {
            (Some(a), Some(b)) => equal(a, b),
            _ => unreachable!("both hold a value"),
        }
    }

    #[test]
    fn values_and_not_their_spelling() {
        assert!(same(r#"{"a": [1, "\u0062"], "c": null}"#, r#"{"c":null,"a":[1.0,"b"]}"#));
        assert!(same(r#"{"a": 1, "a": 2}"#, r#"{"a": 2}"#));
        for (a, b) in [("1", "true"), ("1", "\"1\""), ("[1]", "[1,1]"), ("{\"a\":1}", "{\"b\":1}"), ("0", "null")] {
            assert!(!same(a, b), "{a} {b}");
        }
        let deep = "[".repeat(50_000) + &"]".repeat(50_000);
        assert!(same(&deep, &deep));
    }
}
