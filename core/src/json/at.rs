//! A node of a tree together with its text: what is there, and where. Reads nothing and builds no values.

use super::{NodeKind, Tree};
use std::borrow::Cow;

/// A value where it stands.
#[derive(Clone, Copy, Debug)]
pub struct At<'a> {
    /// The text.
    pub text: &'a [u8],
    /// Its tree.
    pub tree: &'a Tree,
    /// The node in it.
    pub node: u32,
}

impl<'a> At<'a> {
    /// The whole value; `None` when nothing was read.
    pub fn root(text: &'a [u8], tree: &'a Tree) -> Option<Self> {
        (!tree.is_empty()).then_some(At { text, tree, node: 0 })
    }

    fn other(self, node: u32) -> Self {
        At { node, ..self }
    }

    /// What it is.
    pub fn kind(self) -> NodeKind {
        self.tree.node(self.node).map_or(NodeKind::Null, |node| node.kind)
    }

    /// Whether it is of this kind.
    pub fn is(self, kind: NodeKind) -> bool {
        self.kind() == kind
    }

    /// The member with this key; the last one where a key is repeated. `None` for what is no object.
    pub fn get(self, key: &str) -> Option<Self> {
        if !self.is(NodeKind::Object) {
            return None;
        }
        self.tree.member(self.text, self.node, key).map(|node| self.other(node))
    }

    /// The value at the end of a way of keys.
    pub fn at(self, keys: &[&str]) -> Option<Self> {
        keys.iter().try_fold(self, |at, key| at.get(key))
    }

    /// Members or items in order; none for other values.
    pub fn children(self) -> impl Iterator<Item = Self> + use<'a> {
        self.tree.children(self.node).map(move |node| self.other(node))
    }

    /// The items of a list; none for other values.
    pub fn items(self) -> impl Iterator<Item = Self> + use<'a> {
        let list = self.is(NodeKind::Array);
        self.children().take_while(move |_| list)
    }

    /// The members of an object; none for other values.
    pub fn members(self) -> impl Iterator<Item = Self> + use<'a> {
        let object = self.is(NodeKind::Object);
        self.children().take_while(move |_| object)
    }

    /// Number of members or items.
    pub fn count(self) -> u32 {
        self.tree.node(self.node).map_or(0, |node| node.children)
    }

    /// The container around it.
    pub fn parent(self) -> Option<Self> {
        self.tree.parent(self.node).map(|node| self.other(node))
    }

    /// Its key, when it is a member.
    pub fn key(self) -> Option<Cow<'a, str>> {
        self.tree.key(self.text, self.node)
    }

    /// Its text, when it is a string.
    pub fn string(self) -> Option<Cow<'a, str>> {
        self.tree.string(self.text, self.node)
    }

    /// The text of a string member.
    pub fn text_of(self, key: &str) -> Option<Cow<'a, str>> {
        self.get(key).and_then(Self::string)
    }

    /// Its bytes as they stand.
    pub fn raw(self) -> &'a [u8] {
        self.tree.raw(self.text, self.node)
    }

    /// Its bytes as text.
    pub fn json(self) -> Cow<'a, str> {
        String::from_utf8_lossy(self.raw())
    }

    /// Its bytes on one line, for reading: at most `most` characters.
    pub fn brief(self, most: usize) -> String {
        // Whatever is cut off need not be looked at; four bytes a character at most, and as many of space again.
        let raw = self.raw();
        let near = raw.get(..most.saturating_mul(8)).unwrap_or(raw);
        let text = String::from_utf8_lossy(near);
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let cut: String = line.chars().take(most).collect();
        if cut.len() < line.len() || near.len() < raw.len() { format!("{cut}…") } else { cut }
    }

    /// First byte.
    pub fn start(self) -> usize {
        self.tree.node(self.node).map_or(0, |node| node.start as usize)
    }

    /// After the last byte.
    pub fn end(self) -> usize {
        self.tree.node(self.node).map_or(0, |node| node.end as usize)
    }

    /// Where its key stands, without the quotes.
    pub fn key_range(self) -> Option<(usize, usize)> {
        self.tree.key_range(self.node)
    }

    /// Its JSON path: `$.steps[3].config`.
    pub fn path(self) -> String {
        let way: Vec<u32> = std::iter::successors(Some(self.node), |&node| self.tree.parent(node)).collect();
        let mut path = "$".to_owned();
        // The outermost is the root, which has no name.
        for &node in way.iter().rev().skip(1) {
            match self.tree.key(self.text, node) {
                Some(key) => crate::view::value::path::push_key(&mut path, &key),
                None => {
                    let index = self.tree.node(node).map_or(0, |node| node.index);
                    crate::view::value::path::push_index(&mut path, index);
                }
            }
        }
        path
    }

    /// The value at a JSON path below this one, as [`At::path`] writes it.
    pub fn find(self, path: &str) -> Option<Self> {
        use crate::view::value::path::{Segment, parse};
        parse(path)?.into_iter().try_fold(self, |at, segment| match segment {
            Segment::Key(key) => at.get(&key),
            Segment::Index(index) => at.items().nth(index as usize),
            Segment::Decoded => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goes_down_and_says_where_it_is() {
        let text = br#"{"a": [1, {"b c": "x\n"}], "a": [2, {"b c": "y"}]}"#;
        let tree = Tree::parse(text);
        let root = At::root(text, &tree).unwrap();
        let list = root.get("a").unwrap();
        let inner = list.items().nth(1).and_then(|item| item.get("b c")).unwrap();
        assert_eq!((inner.string().as_deref(), inner.path().as_str()), (Some("y"), r#"$.a[1]["b c"]"#));
        assert_eq!(root.find(&inner.path()).map(|at| at.node), Some(inner.node));
        assert_eq!(inner.key_range().map(|(from, to)| &text[from..to]), Some(&b"b c"[..]));
        assert!(root.find("$.a.b").is_none() && list.get("a").is_none() && list.members().next().is_none());
        assert_eq!(root.brief(9), r#"{"a": [1,…"#);
        assert_eq!(inner.brief(9), "\"y\"");
    }
}
