//! A small piece of a file with its place and its tree, for definitions that are looked at from several sides.

use crate::ia_modules::definition::Text;
use crate::import::Here;
use crate::json::{Lack, Lexer, NodeKind, Tree};
use crate::model::{Place, Value, ValueText};

/// A value that was taken out of the text.
#[derive(Clone, Debug)]
pub(super) struct Part {
    bytes: Vec<u8>,
    tree: Tree,
    place: Place,
}

impl Part {
    /// The root of its tree.
    pub(super) const ROOT: u32 = 0;

    /// Takes the value at the lexer.
    pub(super) fn take(lexer: &mut Lexer<'_>, here: Here) -> Result<Part, Lack> {
        let (start, end) = lexer.skip()?;
        let bytes = lexer.src().get(start..end).unwrap_or(&[]).to_vec();
        let tree = Tree::parse(&bytes);
        Ok(Part { bytes, tree, place: here.place(start, end) })
    }

    /// Where the whole stands.
    pub(super) fn whole(&self) -> Place {
        self.place
    }

    /// Its bytes and its tree.
    pub(super) fn as_text(&self) -> Text<'_> {
        Text { bytes: &self.bytes, tree: &self.tree }
    }

    /// Whether a node is of this kind.
    pub(super) fn is(&self, node: u32, kind: NodeKind) -> bool {
        self.tree.node(node).is_some_and(|n| n.kind == kind)
    }

    /// What a node is; `Null` for a node that does not exist.
    pub(super) fn kind(&self, node: u32) -> NodeKind {
        self.tree.node(node).map_or(NodeKind::Null, |n| n.kind)
    }

    /// A member of an object.
    pub(super) fn get(&self, node: u32, key: &str) -> Option<u32> {
        if self.is(node, NodeKind::Object) { self.tree.member(&self.bytes, node, key) } else { None }
    }

    /// The children of a node.
    pub(super) fn children(&self, node: u32) -> impl Iterator<Item = u32> + '_ {
        self.tree.children(node)
    }

    /// The key of a member.
    pub(super) fn key(&self, node: u32) -> String {
        self.tree.key(&self.bytes, node).unwrap_or_default().into_owned()
    }

    /// The text of a string; `None` for other nodes.
    pub(super) fn string(&self, node: u32) -> Option<String> {
        self.tree.string(&self.bytes, node).map(std::borrow::Cow::into_owned)
    }

    /// The text of a string member.
    pub(super) fn text(&self, node: u32, key: &str) -> Option<String> {
        self.get(node, key).and_then(|member| self.string(member))
    }

    /// A node as JSON on one line, for reading: at most `most` characters.
    pub(super) fn brief(&self, node: u32, most: usize) -> String {
        let raw = String::from_utf8_lossy(self.tree.raw(&self.bytes, node)).into_owned();
        let line = raw.split_whitespace().collect::<Vec<_>>().join(" ");
        let cut: String = line.chars().take(most).collect();
        if cut.len() < line.len() { format!("{cut}…") } else { cut }
    }

    /// Where a node stands in the file.
    pub(super) fn place(&self, node: u32) -> Place {
        let (start, end) = self.tree.node(node).map_or((0, 0), |n| (n.start, n.end));
        Place {
            file: self.place.file,
            start: self.place.start + u64::from(start),
            len: u64::from(end.saturating_sub(start)),
        }
    }

    /// A node as a value to open.
    pub(super) fn value(&self, node: u32) -> Value {
        let text = if self.is(node, NodeKind::String) { ValueText::JsonString } else { ValueText::Json };
        Value { place: self.place(node), text }
    }
}
