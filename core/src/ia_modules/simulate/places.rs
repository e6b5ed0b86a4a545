//! Where steps and edges stand in the text of a definition.

use crate::json::{At, NodeKind, Tree};
use crate::model::Severity;
use crate::protocol::{Finding, TextEdit};

/// The text of a definition, with the nodes of its steps and edges.
#[derive(Clone, Debug)]
pub struct Places {
    text: Vec<u8>,
    tree: Tree,
    steps: Vec<u32>,
    edges: Vec<u32>,
}

impl Places {
    /// Reads a definition.
    pub fn new(text: &[u8]) -> Self {
        let tree = Tree::parse(text);
        let items = |keys: &[&str]| -> Vec<u32> {
            let list = At::root(text, &tree).and_then(|root| root.at(keys)).filter(|list| list.is(NodeKind::Array));
            list.map_or_else(Vec::new, |list| tree.children(list.node).collect())
        };
        let (steps, edges) = (items(&["steps"]), items(&["flow", "paths"]));
        Places { text: text.to_vec(), tree, steps, edges }
    }

    /// First byte and the byte after the last of a node.
    fn range(&self, node: Option<&u32>) -> (u64, u64) {
        let node = node.and_then(|&node| self.tree.node(node));
        node.map_or((0, 0), |node| (u64::from(node.start), u64::from(node.end)))
    }

    /// Where a step is defined.
    pub fn step(&self, step: usize) -> (u64, u64) {
        self.range(self.steps.get(step))
    }

    /// Where an edge is defined.
    pub fn edge(&self, edge: usize) -> (u64, u64) {
        self.range(self.edges.get(edge))
    }

    /// The edit that writes another source into an edge's condition.
    pub fn source_edit(&self, edge: usize, source: &str) -> Option<TextEdit> {
        let &node = self.edges.get(edge)?;
        let edge = At { text: &self.text, tree: &self.tree, node };
        let old = edge.at(&["condition", "config", "source"]).filter(|old| old.is(NodeKind::String))?;
        let (start, end) = self.range(Some(&old.node));
        Some(TextEdit { start, end, text: crate::json::quoted(source) })
    }

    /// A finding about a place.
    pub fn finding(
        &self,
        id: &str,
        severity: Severity,
        path: &str,
        (start, end): (u64, u64),
        message: String,
    ) -> Finding {
        let before = usize::try_from(start).ok().and_then(|start| self.text.get(..start)).unwrap_or(&[]);
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
        Finding {
            id: id.to_owned(),
            severity,
            message,
            path: path.to_owned(),
            line: memchr::memchr_iter(b'\n', before).count() as u64 + 1,
            column: (before.len() - line_start) as u64 + 1,
            start,
            end,
            step: String::new(),
            edge: String::new(),
            fixes: Vec::new(),
        }
    }
}
