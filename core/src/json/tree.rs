//! One value as an arena of nodes with byte ranges, for showing it. Built in one pass, flat, never recursive.

mod forgiving;
mod splice;

pub use splice::Replaced;

use super::{Lack, Lexer, Scalar, Str};
use std::borrow::Cow;

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // JSON's own words.
pub enum NodeKind {
    Object,
    Array,
    String,
    Number,
    Bool,
    Null,
}

const NONE: u32 = u32::MAX;

/// One node. Positions are offsets into the text the tree was built from.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Whether the key has escapes.
    key_escaped: bool,
    /// Whether a string has escapes.
    escaped: bool,
    /// First byte.
    pub start: u32,
    /// After the last byte; for a container that the text cuts off, the end of the text.
    pub end: u32,
    key: (u32, u32),
    parent: u32,
    next: u32,
    first: u32,
    /// Number of children of a container.
    pub children: u32,
    /// Position among its siblings.
    pub index: u32,
}

/// A value as nodes; node 0 is the root.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    nodes: Vec<Node>,
    /// Where and why reading stopped before the end: offset and what was expected there.
    pub damage: Option<(usize, &'static str)>,
}

impl Tree {
    /// Reads `text`. What stands before damage is kept; texts beyond 4 GiB are not read.
    pub fn parse(text: &[u8]) -> Tree {
        let mut tree = Tree::default();
        if u32::try_from(text.len()).is_err() {
            tree.damage = Some((0, "a value of less than 4 GiB"));
            return tree;
        }
        let mut builder = Building { tree, open: Vec::new(), last: Vec::new() };
        if let Err(lack) = builder.read(text) {
            let (at, expected) = match lack {
                Lack::More => (text.len(), "the rest of the value"),
                Lack::Bad { at, expected } => (at, expected),
            };
            builder.tree.damage = Some((at, expected));
            while let Some(open) = builder.open.pop() {
                if let Some(node) = builder.tree.nodes.get_mut(open as usize) {
                    node.end = at as u32;
                }
            }
        }
        builder.tree
    }

    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether nothing was read.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// A node.
    pub fn node(&self, index: u32) -> Option<&Node> {
        self.nodes.get(index as usize)
    }

    /// The container around a node.
    pub fn parent(&self, index: u32) -> Option<u32> {
        self.node(index).map(|node| node.parent).filter(|&parent| parent != NONE)
    }

    /// The first child.
    pub fn first_child(&self, index: u32) -> Option<u32> {
        self.node(index).map(|node| node.first).filter(|&first| first != NONE)
    }

    /// The next sibling.
    pub fn next(&self, index: u32) -> Option<u32> {
        self.node(index).map(|node| node.next).filter(|&next| next != NONE)
    }

    /// The children in order.
    pub fn children(&self, index: u32) -> impl Iterator<Item = u32> + '_ {
        std::iter::successors(self.first_child(index), |&child| self.next(child))
    }

    /// The key of a member, decoded; `None` for items and the root.
    pub fn key<'a>(&self, text: &'a [u8], index: u32) -> Option<Cow<'a, str>> {
        let node = self.node(index)?;
        let (start, end) = (node.key.0 as usize, node.key.1 as usize);
        if node.key.1 == NONE {
            return None;
        }
        let raw = text.get(start..end)?;
        Some(Str { raw, at: start, plain: !node.key_escaped }.text())
    }

    /// Where the key of a member stands, without its quotes; `None` for items and the root.
    pub fn key_range(&self, index: u32) -> Option<(usize, usize)> {
        let (start, end) = self.node(index).map(|node| node.key)?;
        (end != NONE).then_some((start as usize, end as usize))
    }

    /// The member with this key; the last one where a key is repeated, as most readers take it.
    pub fn member(&self, text: &[u8], index: u32, key: &str) -> Option<u32> {
        self.children(index).filter(|&child| self.key_is(text, child, key)).last()
    }

    /// Whether the key of a member is this one; decodes only where there are escapes.
    fn key_is(&self, text: &[u8], index: u32, key: &str) -> bool {
        let raw = self.key_range(index).and_then(|(start, end)| text.get(start..end));
        let escaped = || self.node(index).is_some_and(|node| node.key_escaped);
        raw.is_some_and(|raw| raw == key.as_bytes() || escaped() && self.key(text, index).as_deref() == Some(key))
    }

    /// The text of a string, decoded; `None` for other nodes.
    pub fn string<'a>(&self, text: &'a [u8], index: u32) -> Option<Cow<'a, str>> {
        let node = self.node(index).filter(|node| node.kind == NodeKind::String)?;
        let raw = text.get(node.start as usize + 1..(node.end as usize).checked_sub(1)?)?;
        Some(Str { raw, at: node.start as usize, plain: !node.escaped }.text())
    }

    /// The bytes of a node as they stand.
    pub fn raw<'a>(&self, text: &'a [u8], index: u32) -> &'a [u8] {
        self.node(index).and_then(|node| text.get(node.start as usize..node.end as usize)).unwrap_or(&[])
    }
}

struct Building {
    tree: Tree,
    /// Containers that are open, outermost first.
    open: Vec<u32>,
    /// The last child so far of each of them.
    last: Vec<u32>,
}

impl Building {
    fn add(&mut self, kind: NodeKind, start: usize, end: usize, key: Option<Str<'_>>, escaped: bool) -> u32 {
        let index = u32::try_from(self.tree.nodes.len()).unwrap_or(NONE - 1);
        let parent = self.open.last().copied().unwrap_or(NONE);
        let mut position = 0;
        if let Some(around) = self.tree.nodes.get_mut(parent as usize) {
            position = around.children;
            around.children += 1;
            if around.first == NONE {
                around.first = index;
            }
        }
        if let Some(last) = self.last.last_mut() {
            if let Some(before) = self.tree.nodes.get_mut(*last as usize) {
                before.next = index;
            }
            *last = index;
        }
        let key_escaped = key.is_some_and(|key| !key.plain);
        let key = key.map_or((NONE, NONE), |k| (k.at as u32 + 1, (k.at + 1 + k.raw.len()) as u32));
        self.tree.nodes.push(Node {
            kind,
            key_escaped,
            escaped,
            start: start as u32,
            end: end as u32,
            key,
            parent,
            next: NONE,
            first: NONE,
            children: 0,
            index: position,
        });
        index
    }

    fn read(&mut self, text: &[u8]) -> Result<(), Lack> {
        let mut lexer = Lexer::new(text);
        let mut key: Option<Str<'_>> = None;
        loop {
            let byte = lexer.peek()?;
            let start = lexer.pos();
            if matches!(byte, b'{' | b'[') {
                lexer.take_if(byte)?;
                let kind = if byte == b'{' { NodeKind::Object } else { NodeKind::Array };
                let index = self.add(kind, start, text.len(), key.take(), false);
                self.open.push(index);
                self.last.push(NONE);
            } else {
                let (kind, escaped) = match lexer.scalar()? {
                    Scalar::Str(text) => (NodeKind::String, !text.plain),
                    Scalar::Bool(_) => (NodeKind::Bool, false),
                    Scalar::Null => (NodeKind::Null, false),
                    Scalar::Number(_) | Scalar::Container(..) => (NodeKind::Number, false),
                };
                self.add(kind, start, lexer.pos(), key.take(), escaped);
                if self.open.is_empty() {
                    return Ok(());
                }
                if !matches!(lexer.peek()?, b',' | b'}' | b']') {
                    return Err(Lack::Bad { at: lexer.pos(), expected: "a comma or a closing bracket" });
                }
            }
            // Close what ends here, then find the next value.
            loop {
                let Some(&around) = self.open.last() else { return Ok(()) };
                let object = self.tree.node(around).is_some_and(|node| node.kind == NodeKind::Object);
                let close = if object { b'}' } else { b']' };
                let byte = lexer.peek()?;
                if byte == close {
                    lexer.take_if(close)?;
                    if let Some(node) = self.tree.nodes.get_mut(around as usize) {
                        node.end = lexer.pos() as u32;
                    }
                    self.open.pop();
                    self.last.pop();
                    if !self.open.is_empty() && !matches!(lexer.peek()?, b',' | b'}' | b']') {
                        return Err(Lack::Bad { at: lexer.pos(), expected: "a comma or a closing bracket" });
                    }
                } else if byte == b',' {
                    lexer.take_if(b',')?;
                } else if object {
                    let name = lexer.string()?;
                    if !lexer.take_if(b':')? {
                        return Err(Lack::Bad { at: lexer.pos(), expected: "a colon after the key" });
                    }
                    key = Some(name);
                    break;
                } else if matches!(byte, b'}') {
                    return Err(Lack::Bad { at: lexer.pos(), expected: "a comma or the end of the array" });
                } else {
                    break;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keeps_ranges_keys_and_order() {
        let text = br#"{"a": [1, {"b": "x"}], "c\n": null, "a": 2}"#;
        let tree = Tree::parse(text);
        assert_eq!(tree.damage, None);
        let keys: Vec<_> = tree.children(0).map(|c| tree.key(text, c).unwrap_or_default().into_owned()).collect();
        assert_eq!(keys, ["a", "c\n", "a"]);
        assert_eq!(tree.member(text, 0, "a").map(|n| tree.raw(text, n)), Some(&b"2"[..]));
        let list = tree.first_child(0).unwrap_or_default();
        assert_eq!(tree.raw(text, list), br#"[1, {"b": "x"}]"#);
        assert_eq!(tree.node(list).map(|n| n.children), Some(2));
    }

    #[test]
    fn damage_keeps_what_came_before() {
        let tree = Tree::parse(br#"{"a": [1, 2], "b": {"c": tru"#);
        assert_eq!(tree.damage.map(|d| d.1), Some("the rest of the value"));
        assert_eq!(tree.len(), 6);
        let tree = Tree::parse(br#"{"a": 1 "b": 2}"#);
        assert_eq!(tree.damage, Some((8, "a comma or a closing bracket")));
    }

    #[test]
    fn a_hundred_thousand_levels() {
        let tree = Tree::parse(&vec![b'['; 100_000]);
        assert_eq!(tree.len(), 100_000);
        assert!(tree.damage.is_some());
    }

    proptest! {
        #[test]
        fn any_bytes_make_a_sound_tree(bytes in proptest::collection::vec(prop_oneof![Just(b'{'), Just(b'}'), Just(b'['), Just(b']'), Just(b'"'), Just(b':'), Just(b','), Just(b'1'), any::<u8>()], 0..120)) {
            let tree = Tree::parse(&bytes);
            for index in 0..tree.len() as u32 {
                let node = tree.node(index).copied();
                prop_assert!(node.is_some_and(|n| n.start <= n.end && n.end as usize <= bytes.len()));
                prop_assert_eq!(tree.children(index).count(), node.map_or(0, |n| n.children as usize));
            }
        }
    }
}
