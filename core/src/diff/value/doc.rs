//! One side of a comparison: its nodes, with the hash of each and what is noise; strings that hold JSON are read.
//!
//! Nodes are numbered over all trees: those of the value first, then those of each string that holds JSON. A plain text
//! is one node, number 0.

use crate::diff::meaning::fold::{Fold, Spot};
use crate::diff::meaning::leaf::{NOISE, Sums, bytes, word};
use crate::diff::meaning::{DEEPEST, NESTED, Options};
use crate::diff::noise::Key;
use crate::json::{self, Node, NodeKind, Tree};
use rustc_hash::FxHashMap;
use std::borrow::Cow;

#[derive(Debug, Default)]
struct Arena {
    base: u32,
    text: String,
    tree: Tree,
    /// The string it was read from.
    holder: Option<u32>,
}

/// Noise by itself.
const IS_NOISE: u8 = 1;
/// Named by a rule.
const IS_RULED: u8 = 2;
/// Its key comes again later.
const IS_SHADOWED: u8 = 4;

/// One side.
#[derive(Debug, Default)]
pub(super) struct Doc {
    arenas: Vec<Arena>,
    /// The tree of each string that holds JSON.
    decoded: FxHashMap<u32, usize>,
    sums: Vec<Sums>,
    flags: Vec<u8>,
    /// An object or array, not a text.
    pub(super) json: bool,
}

impl Doc {
    pub(super) fn new(text: &str, options: &Options) -> Doc {
        let mut doc = Doc::default();
        let mut fold = Fold::new(options, false);
        if text.trim_ascii_start().starts_with(['{', '[']) {
            let spot = Spot { state: options.rules.start(), ..Spot::default() };
            doc.json = doc.add(&mut fold, text, None, spot, NESTED).is_some();
        }
        for &node in &fold.shadowed {
            if let Some(flags) = doc.flags.get_mut(node as usize) {
                *flags |= IS_SHADOWED;
            }
        }
        if !doc.json {
            let leaf = fold.text(text.as_bytes(), Key::default());
            doc.sums = vec![leaf.sums()];
            doc.flags = vec![u8::from(leaf.noise) * IS_NOISE];
            doc.arenas = vec![Arena { text: text.to_owned(), ..Arena::default() }];
        }
        doc
    }

    /// Reads a text as JSON, with the strings in it; its hashes, or nothing where it is not whole and sound.
    fn add(&mut self, fold: &mut Fold<'_>, text: &str, holder: Option<u32>, spot: Spot, nested: u32) -> Option<Sums> {
        let tree = Tree::parse(text.as_bytes());
        let end = tree.node(0).map_or(0, |root| root.end as usize);
        let blank = |rest: &str| rest.bytes().all(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t'));
        let whole = tree.damage.is_none() && text.get(end..).is_some_and(blank);
        let base = u32::try_from(self.sums.len()).ok()?;
        let count = u32::try_from(tree.len()).ok()?;
        if !whole || base.checked_add(count).is_none() || is_too_deep(&tree) {
            return None;
        }
        self.sums.resize(self.sums.len() + tree.len(), Sums::default());
        self.flags.resize(self.flags.len() + tree.len(), 0);
        let arena = self.arenas.len();
        self.arenas.push(Arena { base, holder, ..Arena::default() });
        let around = fold.enter(spot);
        let mut open: Vec<u32> = Vec::new();
        for index in 0..count {
            let Some(&node) = tree.node(index) else { break };
            while !open.is_empty() && open.last().copied() != tree.parent(index) {
                open.pop();
                self.close(fold);
            }
            Self::begin(fold, text, &tree, index);
            match node.kind {
                NodeKind::Object | NodeKind::Array => {
                    self.note(base + index, if fold.spot().state.ruled { IS_RULED } else { 0 });
                    fold.open(node.kind == NodeKind::Object, base + index);
                    open.push(index);
                }
                _ => self.leaf(fold, text, &node, base + index, nested),
            }
        }
        for _ in open {
            self.close(fold);
        }
        fold.leave(around);
        if let Some(slot) = self.arenas.get_mut(arena) {
            (slot.tree, slot.text) = (tree, text.to_owned());
        }
        self.sums.get(base as usize).copied()
    }

    fn note(&mut self, node: u32, flags: u8) {
        if let Some(slot) = self.flags.get_mut(node as usize) {
            *slot |= flags;
        }
    }

    fn begin(fold: &mut Fold<'_>, text: &str, tree: &Tree, index: u32) {
        if tree.parent(index).is_none() {
            return;
        }
        match tree.key_range(index).and_then(|(start, end)| text.as_bytes().get(start..end)) {
            Some(key) if !key.contains(&b'\\') => fold.key(key),
            Some(_) => fold.key(tree.key(text.as_bytes(), index).unwrap_or_default().as_bytes()),
            None => fold.item(),
        }
    }

    fn close(&mut self, fold: &mut Fold<'_>) {
        let Some((node, sums)) = fold.close() else { return };
        if let Some(slot) = self.sums.get_mut(node as usize) {
            *slot = sums;
        }
        fold.container(sums, node);
    }

    fn leaf(&mut self, fold: &mut Fold<'_>, text: &str, node: &Node, at: u32, nested: u32) {
        let raw = text.as_bytes().get(node.start as usize..node.end as usize).unwrap_or(&[]);
        let leaf = match node.kind {
            NodeKind::String => {
                let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or(&[]);
                let string = json::Str { raw: inner, at: 0, plain: !inner.contains(&b'\\') };
                let decoded = if string.plain { None } else { Some(string.text()) };
                let held = decoded.as_ref().map_or(inner, |text| text.as_bytes());
                let spot = fold.spot();
                match self.inside(fold, held, at, spot, nested) {
                    Some(sums) => Fold::decoded(sums),
                    None => fold.text(held, spot.key),
                }
            }
            NodeKind::Number => fold.number(std::str::from_utf8(raw).unwrap_or("")),
            NodeKind::Bool => word(Some(raw == b"true")),
            _ => word(None),
        };
        let ruled = fold.spot().state.ruled;
        self.note(at, (u8::from(leaf.noise) * IS_NOISE) | (u8::from(ruled) * IS_RULED));
        if let Some(slot) = self.sums.get_mut(at as usize) {
            *slot = Sums { strict: leaf.strict, loose: leaf.loose };
        }
        fold.leaf(leaf, at);
    }

    /// The hashes of the JSON that a string holds.
    fn inside(&mut self, fold: &mut Fold<'_>, held: &[u8], at: u32, spot: Spot, nested: u32) -> Option<Sums> {
        let likely = matches!(held.first(), Some(b'{' | b'[' | b' ' | b'\n' | b'\r' | b'\t'));
        if !likely || nested == 0 || json::whole(held).is_none() {
            return None;
        }
        let held = String::from_utf8_lossy(held);
        if !held.trim_ascii_start().starts_with(['{', '[']) {
            return None;
        }
        let arena = self.arenas.len();
        let sums = self.add(fold, &held, Some(at), Spot { state: spot.state, ..Spot::default() }, nested - 1)?;
        self.decoded.insert(at, arena);
        Some(sums)
    }

    /// The arena of a node and its number there.
    fn locate(&self, node: u32) -> Option<(&Arena, u32)> {
        let index = self.arenas.partition_point(|arena| arena.base <= node).checked_sub(1)?;
        self.arenas.get(index).map(|arena| (arena, node - arena.base))
    }

    /// The node itself, or the root of the JSON it holds.
    pub(super) fn content(&self, node: u32) -> u32 {
        let arena = self.decoded.get(&node).and_then(|&arena| self.arenas.get(arena));
        arena.map_or(node, |arena| arena.base)
    }

    /// Whether a string holds JSON.
    pub(super) fn holds(&self, node: u32) -> bool {
        self.decoded.contains_key(&node)
    }

    /// What a node is; a plain text is a string.
    pub(super) fn kind(&self, node: u32) -> NodeKind {
        let found = self.locate(node).and_then(|(arena, local)| arena.tree.node(local));
        found.map_or(NodeKind::String, |node| node.kind)
    }

    /// Number of members or items, repeated keys too.
    pub(super) fn count(&self, node: u32) -> u32 {
        self.locate(node).and_then(|(arena, local)| arena.tree.node(local)).map_or(0, |node| node.children)
    }

    /// Members or items; of repeated keys the last.
    pub(super) fn children(&self, node: u32) -> impl Iterator<Item = u32> + '_ {
        let found = self.locate(node);
        let base = found.map_or(0, |(arena, _)| arena.base);
        let children = found.into_iter().flat_map(|(arena, local)| arena.tree.children(local));
        children.map(move |child| child + base).filter(|&child| self.flag(child) & IS_SHADOWED == 0)
    }

    fn flag(&self, node: u32) -> u8 {
        self.flags.get(node as usize).copied().unwrap_or_default()
    }

    /// Whether a rule names it.
    pub(super) fn ruled(&self, node: u32) -> bool {
        self.flag(node) & IS_RULED != 0
    }

    /// Whether it is left out of an object.
    pub(super) fn out(&self, node: u32) -> bool {
        self.flag(node) & (IS_RULED | IS_NOISE) != 0
    }

    pub(super) fn strict(&self, node: u32) -> u64 {
        self.sums.get(node as usize).map_or(0, |sums| sums.strict)
    }

    /// What it comes to among items, noise left out.
    pub(super) fn loose(&self, node: u32) -> u64 {
        let noise = self.flag(node) & IS_NOISE != 0;
        self.sums.get(node as usize).map_or(0, |sums| if noise { NOISE } else { sums.loose })
    }

    /// Key, decoded; nothing for an item.
    pub(super) fn key(&self, node: u32) -> Option<Cow<'_, str>> {
        let (arena, local) = self.locate(node)?;
        arena.tree.key(arena.text.as_bytes(), local)
    }

    /// A number for the key, equal for equal keys.
    pub(super) fn name(&self, node: u32) -> u64 {
        let Some((arena, local)) = self.locate(node) else { return 0 };
        match arena.tree.key_range(local).and_then(|(start, end)| arena.text.as_bytes().get(start..end)) {
            Some(key) if !key.contains(&b'\\') => bytes(1, key),
            Some(_) => bytes(1, self.key(node).unwrap_or_default().as_bytes()),
            None => 0,
        }
    }

    /// Position among its siblings.
    pub(super) fn index(&self, node: u32) -> u32 {
        self.locate(node).and_then(|(arena, local)| arena.tree.node(local)).map_or(0, |node| node.index)
    }

    /// The container around a node; for the root of JSON in a string that string.
    pub(super) fn parent(&self, node: u32) -> Option<u32> {
        let (arena, local) = self.locate(node)?;
        arena.tree.parent(local).map_or(arena.holder, |parent| Some(parent + arena.base))
    }

    /// Whether it is the root of JSON in a string.
    pub(super) fn is_inner_root(&self, node: u32) -> bool {
        self.locate(node).is_some_and(|(arena, local)| local == 0 && arena.holder.is_some())
    }

    /// The text of a node as it stands.
    pub(super) fn raw(&self, node: u32) -> &str {
        let Some((arena, local)) = self.locate(node) else { return "" };
        let whole = arena.text.as_str();
        arena.tree.node(local).map_or(whole, |node| whole.get(node.start as usize..node.end as usize).unwrap_or(""))
    }

    /// The text of a string, decoded; of anything else as it stands.
    pub(super) fn text(&self, node: u32) -> Cow<'_, str> {
        let decoded = self.locate(node).and_then(|(arena, local)| arena.tree.string(arena.text.as_bytes(), local));
        decoded.unwrap_or_else(|| Cow::Borrowed(self.raw(node)))
    }
}

fn is_too_deep(tree: &Tree) -> bool {
    if tree.len() <= DEEPEST {
        return false;
    }
    let mut open: Vec<u32> = Vec::new();
    (0..tree.len() as u32).any(|index| {
        while !open.is_empty() && open.last().copied() != tree.parent(index) {
            open.pop();
        }
        if tree.node(index).is_some_and(|node| matches!(node.kind, NodeKind::Object | NodeKind::Array)) {
            open.push(index);
        }
        open.len() > DEEPEST
    })
}
