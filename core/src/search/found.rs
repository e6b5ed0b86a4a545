//! Hits within one value: its strings, keys and numbers as they read decoded, each with its path.

use super::needle::Needle;
use crate::json::{NodeKind, Tree, looks_like_container};
use crate::protocol::{Hit, Part};
use crate::view::value::path;

/// Characters shown before and after a hit.
const AROUND: usize = 60;
/// How many strings within strings are read as JSON.
const LEVELS: u32 = 3;
/// Longest way to a node that is told; beyond, the hit has the value's own path.
const LONGEST_WAY: usize = 200;

/// Collects the hits of one step: drops the first `skip`, keeps `limit`.
pub(super) struct Sink {
    /// What a hit in this value has in common with its neighbours; the rest is filled in.
    pub(super) like: Hit,
    /// The hits kept.
    pub(super) hits: Vec<Hit>,
    /// Hits seen, dropped ones included.
    pub(super) seen: u64,
    skip: u64,
    limit: usize,
}

impl Sink {
    /// For hits of the step that `like` names.
    pub(super) fn new(like: Hit, skip: u64, limit: usize) -> Self {
        Sink { like, hits: Vec::new(), seen: 0, skip, limit }
    }

    /// Whether no more are wanted.
    pub(super) fn full(&self) -> bool {
        self.hits.len() >= self.limit
    }

    /// Names the value the next hits are in.
    pub(super) fn enter(&mut self, where_: &str, part: Option<Part>) {
        where_.clone_into(&mut self.like.where_);
        self.like.part = part;
    }

    fn hit(&mut self, text: &str, (from, to): (usize, usize), line: u64, path: &str) {
        if self.full() {
            return;
        }
        self.seen += 1;
        if self.seen <= self.skip {
            return;
        }
        let before = text.get(..from).unwrap_or("");
        let after = text.get(to..).unwrap_or("");
        let start = before.char_indices().rev().take(AROUND).last().map_or(before.len(), |(at, _)| at);
        let end = after.char_indices().nth(AROUND).map_or(after.len(), |(at, _)| at);
        let one_line = |text: &str| text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
        self.hits.push(Hit {
            path: path.to_owned(),
            line,
            before: one_line(before.get(start..).unwrap_or("")),
            found: text.get(from..to).unwrap_or("").to_owned(),
            after: one_line(after.get(..end).unwrap_or("")),
            ..self.like.clone()
        });
    }

    /// All hits in a text that is shown as it is.
    pub(super) fn text(&mut self, needle: &Needle, text: &str, path: &str) {
        // Lines are counted from hit to hit, so that many hits in a long text cost one pass.
        let (mut counted, mut line) = (0, 1u64);
        needle.find(text, |from, to| {
            let between = text.as_bytes().get(counted..from).unwrap_or(&[]);
            line += memchr::memchr_iter(b'\n', between).count() as u64;
            counted = from;
            self.hit(text, (from, to), line, path);
            !self.full()
        });
    }

    /// All hits in a string of a value: inside the JSON it holds, where it holds some.
    pub(super) fn string(&mut self, needle: &Needle, text: &str, path: &str) {
        self.string_at(needle, text, path, LEVELS);
    }

    fn string_at(&mut self, needle: &Needle, text: &str, at: &str, levels: u32) {
        if levels > 0 && looks_like_container(text) {
            let before = self.seen;
            let mut inner = at.to_owned();
            path::push_decoded(&mut inner);
            self.nodes(needle, text, &inner, levels - 1);
            if self.seen > before {
                return;
            }
        }
        self.text(needle, text, at);
    }

    /// All hits in a JSON text; what is found only across its nodes is told at the root.
    pub(super) fn json(&mut self, needle: &Needle, text: &str, root: &str) {
        let before = self.seen;
        self.nodes(needle, text, root, LEVELS);
        if self.seen == before {
            self.text(needle, text, root);
        }
    }

    /// Depth is bounded by `levels`, which only strings within strings use up.
    fn nodes(&mut self, needle: &Needle, text: &str, root: &str, levels: u32) {
        let bytes = text.as_bytes();
        let tree = Tree::parse(bytes);
        for node in 0..u32::try_from(tree.len()).unwrap_or(u32::MAX) {
            if self.full() {
                return;
            }
            if let Some(key) = tree.key(bytes, node)
                && needle.is_in(&key)
            {
                self.text(needle, &key, &way(&tree, bytes, node, root));
            }
            match tree.node(node).map(|node| node.kind) {
                Some(NodeKind::String) => {
                    let Some(string) = tree.string(bytes, node) else { continue };
                    let nested = string.trim_start().starts_with(['{', '[']);
                    if nested || needle.is_in(&string) {
                        self.string_at(needle, &string, &way(&tree, bytes, node, root), levels);
                    }
                }
                Some(NodeKind::Number | NodeKind::Bool | NodeKind::Null) => {
                    let scalar = String::from_utf8_lossy(tree.raw(bytes, node));
                    if needle.is_in(&scalar) {
                        self.text(needle, &scalar, &way(&tree, bytes, node, root));
                    }
                }
                _ => {}
            }
        }
    }
}

/// The path of a node below `root`.
fn way(tree: &Tree, bytes: &[u8], node: u32, root: &str) -> String {
    let mut nodes = vec![node];
    while let Some(around) = nodes.last().and_then(|&at| tree.parent(at)) {
        if nodes.len() > LONGEST_WAY {
            return root.to_owned();
        }
        nodes.push(around);
    }
    let mut text = root.to_owned();
    for &at in nodes.iter().rev().skip(1) {
        match tree.key(bytes, at) {
            Some(key) => path::push_key(&mut text, &key),
            None => path::push_index(&mut text, tree.node(at).map_or(0, |node| node.index)),
        }
    }
    text
}
