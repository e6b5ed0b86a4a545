//! A definition as it stands in its file: its bytes and its tree, and what Python would make of a node.
//!
//! Reading only. What a validator or an engine does with it is elsewhere; values that are computed with are
//! `python::Value`.

use super::python::{Value, float_text};
use crate::json::{NodeKind, Tree};
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// Objects with fewer members are searched for repeated keys without a table.
const FEW: usize = 24;

/// A text and its tree.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// The bytes the tree was built from.
    pub bytes: &'a [u8],
    /// The tree.
    pub tree: &'a Tree,
}

/// What two values have in common when Python takes them for one key of a dictionary.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum HashKey<'a> {
    /// A string.
    Text(Cow<'a, str>),
    /// A number or a boolean: `1`, `1.0` and `true` are one key.
    Number(String),
    /// `None`.
    Null,
}

impl<'a> Text<'a> {
    /// The root.
    pub const ROOT: u32 = 0;

    /// What a node is; `Null` for one that does not exist.
    pub fn kind(self, node: u32) -> NodeKind {
        self.tree.node(node).map_or(NodeKind::Null, |node| node.kind)
    }

    /// Whether a node is of this kind.
    pub fn is(self, node: u32, kind: NodeKind) -> bool {
        self.tree.node(node).is_some_and(|node| node.kind == kind)
    }

    /// A member of an object; the last one of several.
    pub fn get(self, node: u32, key: &str) -> Option<u32> {
        if self.is(node, NodeKind::Object) { self.tree.member(self.bytes, node, key) } else { None }
    }

    /// Several members of an object in one walk over it; of each the last one. None of them for other nodes.
    pub fn pick<const N: usize>(self, node: u32, keys: [&str; N]) -> [Option<u32>; N] {
        self.pick_alike(node, keys, &mut Vec::new())
    }

    /// [`Text::pick`] for one of many objects that mostly have the same keys in the same order: `alike` holds the keys
    /// of those before, and which of `keys` each is. Always hand in the same `keys` with it.
    pub fn pick_alike<const N: usize>(
        self,
        node: u32,
        keys: [&str; N],
        alike: &mut Vec<(&'a [u8], Option<usize>)>,
    ) -> [Option<u32>; N] {
        let mut found = [None; N];
        if !self.is(node, NodeKind::Object) {
            return found;
        }
        for (at, member) in self.tree.children(node).enumerate() {
            let Some(raw) = self.tree.key_range(member).and_then(|(start, end)| self.bytes.get(start..end)) else {
                continue;
            };
            let place = match alike.get(at) {
                Some((before, place)) if *before == raw => *place,
                _ => {
                    let place = match raw.contains(&b'\\') {
                        false => keys.iter().position(|key| key.as_bytes() == raw),
                        true => keys.iter().position(|key| *key == self.key(member)),
                    };
                    if let Some(slot) = alike.get_mut(at) {
                        *slot = (raw, place);
                    } else if at == alike.len() && at < FEW {
                        alike.push((raw, place));
                    }
                    place
                }
            };
            if let Some(slot) = place.and_then(|place| found.get_mut(place)) {
                *slot = Some(member);
            }
        }
        found
    }

    /// A member of an object that is an object itself.
    pub fn object(self, node: u32, key: &str) -> Option<u32> {
        self.get(node, key).filter(|&member| self.is(member, NodeKind::Object))
    }

    /// Items of an array, or values of an object as they stand; none for other nodes.
    pub fn children(self, node: u32) -> impl Iterator<Item = u32> + 'a {
        self.tree.children(node)
    }

    /// The items of a member that is a list; none when it is something else.
    pub fn items(self, node: u32, key: &str) -> impl Iterator<Item = u32> + 'a {
        let list = self.get(node, key).filter(|&list| self.is(list, NodeKind::Array));
        list.into_iter().flat_map(move |list| self.tree.children(list))
    }

    /// The members of an object as Python keeps them: a repeated key stands where it came first, with its last value.
    pub fn members(self, node: u32) -> Vec<u32> {
        let mut members: Vec<u32> = self.tree.children(node).collect();
        let raw = |node: u32| self.tree.key_range(node).and_then(|(start, end)| self.bytes.get(start..end));
        let plain = members.iter().all(|&member| raw(member).is_some_and(|key| !key.contains(&b'\\')));
        if plain && members.len() < FEW {
            let keys: Vec<&[u8]> = members.iter().filter_map(|&member| raw(member)).collect();
            let twice = keys.iter().enumerate().any(|(at, key)| keys.iter().take(at).any(|other| other == key));
            if !twice {
                return members;
            }
        }
        let mut places: FxHashMap<Cow<'a, str>, usize> = FxHashMap::default();
        let mut out: Vec<u32> = Vec::with_capacity(members.len());
        for member in members.drain(..) {
            let place = *places.entry(self.key(member)).or_insert(out.len());
            match out.get_mut(place) {
                Some(slot) => *slot = member,
                None => out.push(member),
            }
        }
        out
    }

    /// The key of a member.
    pub fn key(self, node: u32) -> Cow<'a, str> {
        self.tree.key(self.bytes, node).unwrap_or_default()
    }

    /// The text of a string; `None` for other nodes.
    pub fn string(self, node: u32) -> Option<Cow<'a, str>> {
        self.tree.string(self.bytes, node)
    }

    /// The text of a string member.
    pub fn text(self, node: u32, key: &str) -> Option<Cow<'a, str>> {
        self.get(node, key).and_then(|member| self.string(member))
    }

    /// A node as it stands.
    pub fn raw(self, node: u32) -> &'a [u8] {
        self.tree.raw(self.bytes, node)
    }

    /// Whether a node is `true`.
    pub fn is_true(self, node: u32) -> bool {
        self.is(node, NodeKind::Bool) && self.raw(node) == b"true"
    }

    /// Whether a number is written as an integer, as Python takes it.
    pub fn is_int(self, node: u32) -> bool {
        self.is(node, NodeKind::Number) && self.raw(node).iter().all(|&b| b == b'-' || b.is_ascii_digit())
    }

    /// A number as a float; for comparing sizes only.
    pub fn float(self, node: u32) -> Option<f64> {
        if !self.is(node, NodeKind::Number) {
            return None;
        }
        Some(match self.raw(node) {
            b"NaN" => f64::NAN,
            b"Infinity" => f64::INFINITY,
            b"-Infinity" => f64::NEG_INFINITY,
            raw => std::str::from_utf8(raw).ok()?.parse().ok()?,
        })
    }

    /// The name of a node's Python type.
    pub fn type_name(self, node: u32) -> &'static str {
        match self.kind(node) {
            NodeKind::Object => "dict",
            NodeKind::Array => "list",
            NodeKind::String => "str",
            NodeKind::Bool => "bool",
            NodeKind::Null => "NoneType",
            NodeKind::Number if self.is_int(node) => "int",
            NodeKind::Number => "float",
        }
    }

    /// A node as a Python value.
    pub fn value(self, node: u32) -> Value {
        Value::of(self.bytes, self.tree, node)
    }

    /// What Python's `str()` writes.
    pub fn str_of(self, node: u32) -> Cow<'a, str> {
        match self.string(node) {
            Some(text) => text,
            None => Cow::Owned(self.value(node).to_string()),
        }
    }

    /// What it is as a key of a dictionary or a set; the name of its type where Python has no hash for it.
    pub fn hash_key(self, node: u32) -> Result<HashKey<'a>, &'static str> {
        Ok(match self.kind(node) {
            NodeKind::Object => return Err("dict"),
            NodeKind::Array => return Err("list"),
            NodeKind::String => HashKey::Text(self.string(node).unwrap_or_default()),
            NodeKind::Null => HashKey::Null,
            NodeKind::Bool => HashKey::Number(if self.is_true(node) { "1" } else { "0" }.to_owned()),
            NodeKind::Number if self.is_int(node) => HashKey::Number(self.str_of(node).into_owned()),
            NodeKind::Number => {
                let float = self.float(node).unwrap_or(f64::NAN);
                // A whole float is the key of its integer.
                let whole = float.is_finite() && float.fract() == 0.0;
                HashKey::Number(if whole { format!("{:.0}", float + 0.0) } else { float_text(float) })
            }
        })
    }

    /// A node as JSON on one line, for reading: at most `most` characters.
    pub fn brief(self, node: u32, most: usize) -> String {
        // Characters have at most four bytes, and white space may take as much again.
        let raw = self.raw(node);
        let raw = raw.get(..most.saturating_mul(16)).unwrap_or(raw);
        let text = String::from_utf8_lossy(raw);
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let cut: String = line.chars().take(most).collect();
        if cut.len() < line.len() || raw.len() < self.raw(node).len() { format!("{cut}…") } else { cut }
    }
}
