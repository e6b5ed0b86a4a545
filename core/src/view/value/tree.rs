//! A JSON value as a tree of rows: which containers are open, which strings are read as JSON, and windows of rows.
//!
//! The rows that show are one list, made again when something was opened or closed; a window is a slice of it. Nodes
//! are numbered over all trees: the value's own first, then each decoded string's in the order they were decoded.

mod row;

use super::path::{self, Segment};
use crate::json::{NodeKind, Tree, looks_like_container};
use crate::protocol::ValueRow;
use rustc_hash::{FxHashMap, FxHashSet};

/// Rows up to which a fresh value opens by itself.
const FRESH_ROWS: u32 = 40;
/// Rows after which a deep toggle stops.
const DEEP_ROWS: u32 = 20_000;
/// Longest way to a node that is spelled out; the middle of a longer one is left out.
const PATH_STEPS: usize = 200;

/// A text and its tree: the value itself, or a string read as JSON.
#[derive(Debug)]
struct Arena {
    base: u32,
    text: String,
    tree: Tree,
    /// The string it was decoded from.
    holder: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Node,
    Close,
    Damaged,
}

#[derive(Clone, Copy, Debug)]
struct Line {
    node: u32,
    depth: u32,
    what: What,
}

/// A value as a tree.
#[derive(Debug)]
pub struct ValueTree {
    arenas: Vec<Arena>,
    /// Index of the arena of each string that is read as JSON at the moment.
    decoded: FxHashMap<u32, usize>,
    open: FxHashSet<u32>,
    lines: Vec<Line>,
    stale: bool,
    /// Strings that were looked into: whether they hold JSON.
    holds_json: FxHashMap<u32, bool>,
}

impl ValueTree {
    /// Reads a text; also the number of bytes that follow the value in it.
    pub fn new(text: String) -> (Self, usize) {
        let tree = Tree::parse(text.as_bytes());
        let end = tree.node(0).map_or(0, |root| root.end as usize);
        let trailing = if tree.damage.is_some() { 0 } else { text.get(end..).unwrap_or("").trim().len() };
        let mut value = ValueTree {
            arenas: vec![Arena { base: 0, text, tree, holder: None }],
            decoded: FxHashMap::default(),
            open: FxHashSet::default(),
            lines: Vec::new(),
            stale: true,
            holds_json: FxHashMap::default(),
        };
        value.open_fresh();
        (value, trailing)
    }

    /// The text it was read from.
    pub fn text(&self) -> &str {
        self.arenas.first().map_or("", |arena| &arena.text)
    }

    /// The root opens, then containers level by level as long as the rows stay few.
    fn open_fresh(&mut self) {
        let mut rows = 2u32;
        let mut queue = std::collections::VecDeque::from([0u32]);
        while let Some(node) = queue.pop_front() {
            let more = self.children(node).saturating_add(1);
            if node != 0 && rows.saturating_add(more) > FRESH_ROWS {
                continue;
            }
            rows = rows.saturating_add(more);
            self.open.insert(node);
            if rows > FRESH_ROWS {
                break;
            }
            let mut child = self.first(node);
            while let Some(at) = child {
                if self.children(at) > 0 {
                    queue.push_back(at);
                }
                child = self.next(at);
            }
        }
    }

    /// The arena of a node and its number in it.
    fn locate(&self, node: u32) -> Option<(&Arena, u32)> {
        let index = self.arenas.partition_point(|arena| arena.base <= node).checked_sub(1)?;
        let arena = self.arenas.get(index)?;
        let local = node - arena.base;
        ((local as usize) < arena.tree.len()).then_some((arena, local))
    }

    /// The arena whose root stands in for a node's children: its own, or that of the JSON it was decoded to.
    fn content(&self, node: u32) -> Option<(&Arena, u32)> {
        match self.decoded.get(&node) {
            Some(&arena) => self.arenas.get(arena).map(|arena| (arena, 0)),
            None => self.locate(node),
        }
    }

    fn kind(&self, node: u32) -> Option<NodeKind> {
        self.content(node).and_then(|(arena, local)| arena.tree.node(local)).map(|node| node.kind)
    }

    /// Number of children of a container or decoded string; 0 for anything else.
    fn children(&self, node: u32) -> u32 {
        self.content(node).and_then(|(arena, local)| arena.tree.node(local)).map_or(0, |node| node.children)
    }

    fn first(&self, node: u32) -> Option<u32> {
        let (arena, local) = self.content(node)?;
        arena.tree.first_child(local).map(|child| child.saturating_add(arena.base))
    }

    fn next(&self, node: u32) -> Option<u32> {
        let (arena, local) = self.locate(node)?;
        arena.tree.next(local).map(|next| next.saturating_add(arena.base))
    }

    fn parent(&self, node: u32) -> Option<u32> {
        let (arena, local) = self.locate(node)?;
        match (arena.tree.parent(local), arena.holder) {
            (Some(0), Some(holder)) => Some(holder),
            (parent, _) => parent.map(|parent| parent.saturating_add(arena.base)),
        }
    }

    fn is_open(&self, node: u32) -> bool {
        self.open.contains(&node) && self.children(node) > 0
    }

    /// Makes the list of rows again.
    fn refresh(&mut self) {
        if !self.stale {
            return;
        }
        let mut lines = std::mem::take(&mut self.lines);
        lines.clear();
        let mut at = self.locate(0).map(|_| 0u32);
        let mut depth = 0u32;
        'walk: while let Some(node) = at {
            lines.push(Line { node, depth, what: What::Node });
            if self.is_open(node) {
                at = self.first(node);
                depth = depth.saturating_add(1);
                continue;
            }
            let mut done = node;
            loop {
                if done == 0 {
                    break 'walk;
                }
                if let Some(next) = self.next(done) {
                    at = Some(next);
                    continue 'walk;
                }
                let Some(around) = self.parent(done) else {
                    break 'walk;
                };
                let nested = self.decoded.get(&around).and_then(|&arena| self.arenas.get(arena));
                if nested.is_some_and(|arena| arena.tree.damage.is_some()) {
                    lines.push(Line { node: around, depth, what: What::Damaged });
                }
                depth = depth.saturating_sub(1);
                lines.push(Line { node: around, depth, what: What::Close });
                done = around;
            }
        }
        if self.arenas.first().is_some_and(|arena| arena.tree.damage.is_some()) {
            lines.push(Line { node: 0, depth: 0, what: What::Damaged });
        }
        self.lines = lines;
        self.stale = false;
    }

    /// Number of rows.
    pub fn total(&mut self) -> u32 {
        self.refresh();
        u32::try_from(self.lines.len()).unwrap_or(u32::MAX)
    }

    /// The rows `from..from + count`.
    pub fn window(&mut self, from: u32, count: u32) -> Vec<ValueRow> {
        self.refresh();
        let from = (from as usize).min(self.lines.len());
        let end = from.saturating_add(count as usize).min(self.lines.len());
        let window = self.lines.get(from..end).unwrap_or(&[]).to_vec();
        window.into_iter().map(|line| self.row(line)).collect()
    }

    /// Opens a closed container or closes an open one; `deep` takes what is below along. Says whether it got through.
    pub fn toggle(&mut self, node: u32, deep: bool) -> bool {
        if self.children(node) == 0 {
            return true;
        }
        self.stale = true;
        let close = self.open.contains(&node);
        if close && !deep {
            self.open.remove(&node);
            return true;
        }
        let mut rows = 0u32;
        let mut at = node;
        loop {
            let children = self.children(at);
            if close {
                self.open.remove(&at);
            } else if children > 0 {
                rows = rows.saturating_add(children).saturating_add(1);
                self.open.insert(at);
                if rows > DEEP_ROWS {
                    return false;
                }
            }
            let mut following = self.first(at).filter(|_| children > 0);
            while following.is_none() {
                if at == node {
                    return true;
                }
                following = self.next(at);
                if following.is_none() {
                    let Some(around) = self.parent(at) else {
                        return true;
                    };
                    at = around;
                }
            }
            let Some(next) = following else { return true };
            at = next;
        }
    }

    /// Reads a string as JSON, in place, or shows it as a string again.
    pub fn decode(&mut self, node: u32) -> Result<(), String> {
        if self.decoded.remove(&node).is_some() {
            self.open.remove(&node);
            self.stale = true;
            return Ok(());
        }
        let known = self.arenas.iter().position(|arena| arena.holder == Some(node));
        let index = match known {
            Some(index) => index,
            None => self.read_string(node)?,
        };
        self.decoded.insert(node, index);
        self.open.insert(node);
        self.stale = true;
        Ok(())
    }

    /// Opens what is around the node at a path, decoding strings on the way, and says its row.
    pub fn reveal(&mut self, path: &str) -> Option<u32> {
        let mut node = 0u32;
        for segment in path::parse(path)? {
            if segment == Segment::Decoded {
                if !self.decoded.contains_key(&node) {
                    self.decode(node).ok()?;
                }
                continue;
            }
            let mut child = self.first(node);
            while let Some(at) = child {
                let found = match (&segment, self.name(at)) {
                    (Segment::Key(wanted), (Some(key), _)) => *wanted == key,
                    (Segment::Index(wanted), (None, index)) => Some(*wanted) == index,
                    _ => false,
                };
                if found {
                    break;
                }
                child = self.next(at);
            }
            let found = child?;
            self.open.insert(node);
            node = found;
        }
        self.stale = true;
        self.refresh();
        let row = self.lines.iter().position(|line| line.node == node && line.what == What::Node)?;
        u32::try_from(row).ok()
    }

    fn read_string(&mut self, node: u32) -> Result<usize, String> {
        let text = self.string(node).filter(|text| looks_like_container(text));
        let Some(text) = text else {
            return Err("This is not a string that holds JSON.".to_owned());
        };
        let tree = Tree::parse(text.as_bytes());
        let last = self.arenas.last().map_or(0, |last| last.base.saturating_add(last.tree.len() as u32));
        if u32::try_from(tree.len()).ok().and_then(|len| last.checked_add(len)).is_none() {
            return Err("Too much of this value is decoded already.".to_owned());
        }
        self.arenas.push(Arena { base: last, text, tree, holder: Some(node) });
        Ok(self.arenas.len() - 1)
    }

    /// The text of a string node, whole.
    fn string(&self, node: u32) -> Option<String> {
        let (arena, local) = self.locate(node)?;
        arena.tree.string(arena.text.as_bytes(), local).map(std::borrow::Cow::into_owned)
    }

    /// The exact text of a node: strings decoded, everything else as it stands.
    pub fn text_of(&self, node: u32) -> Option<String> {
        if let Some(text) = self.string(node) {
            return Some(text);
        }
        let (arena, local) = self.locate(node)?;
        Some(String::from_utf8_lossy(arena.tree.raw(arena.text.as_bytes(), local)).into_owned())
    }

    /// The JSON path of a node.
    pub fn path_of(&self, node: u32) -> String {
        let mut way = vec![node];
        while let Some(around) = way.last().and_then(|&at| self.parent(at)) {
            way.push(around);
        }
        way.reverse();
        let mut text = String::from("$");
        let skipped = if way.len() > PATH_STEPS { PATH_STEPS / 2..way.len() - PATH_STEPS / 2 } else { 0..0 };
        for (position, pair) in way.windows(2).enumerate() {
            let &[around, at] = pair else { continue };
            if skipped.contains(&position) {
                if position == skipped.start {
                    text.push_str(" … ");
                }
                continue;
            }
            if self.decoded.contains_key(&around) {
                path::push_decoded(&mut text);
            }
            match self.name(at) {
                (Some(key), _) => path::push_key(&mut text, &key),
                (None, index) => path::push_index(&mut text, index.unwrap_or(0)),
            }
        }
        text
    }

    /// Key in its object, or position in its array.
    fn name(&self, node: u32) -> (Option<String>, Option<u32>) {
        let Some((arena, local)) = self.locate(node) else {
            return (None, None);
        };
        if arena.tree.parent(local).is_none() {
            return (None, None);
        }
        match arena.tree.key(arena.text.as_bytes(), local) {
            Some(key) => (Some(row::short(&key, row::STRING_CHARS).to_owned()), None),
            None => (None, arena.tree.node(local).map(|node| node.index)),
        }
    }
}

#[cfg(test)]
mod tests;
