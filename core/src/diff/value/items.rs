//! Which item of one list answers which of another: by what they come to, by a member that names them, by likeness.

use super::doc::Doc;
use super::like::{Like, likeness};
use crate::diff::sequence::{self, Numbers, ascending};
use crate::json::NodeKind;
use rustc_hash::FxHashMap;

/// Members that name an item, the best first.
const NAMES: [&str; 8] = ["id", "key", "name", "title", "path", "url", "tool_call_id", "label"];
/// Items of one gap that are compared each with each.
const FEW: usize = 24;
/// How much alike two items of one gap must be, in thousandths, to be one that changed.
const ALIKE: u32 = 400;
/// The same for items in different gaps.
const ALIKE_ELSEWHERE: u32 = 700;

/// An item of one list or both.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    pub(super) a: Option<u32>,
    pub(super) b: Option<u32>,
    pub(super) moved: bool,
}

pub(super) struct Items<'d> {
    docs: (&'d Doc, &'d Doc),
    a: Vec<u32>,
    b: Vec<u32>,
    /// The position in B of what answers each item of A.
    answer: Vec<Option<usize>>,
    /// Whether an item of B answers one of A.
    taken: Vec<bool>,
}

/// The items of two lists, in the order of B, what only A has where it stood.
pub(super) fn pair(docs: (&Doc, &Doc), a: u32, b: u32) -> Vec<Pair> {
    let (in_a, in_b): (Vec<u32>, Vec<u32>) = (docs.0.children(a).collect(), docs.1.children(b).collect());
    let (answer, taken) = (vec![None; in_a.len()], vec![false; in_b.len()]);
    let mut items = Items { docs, a: in_a, b: in_b, answer, taken };
    items.ruled();
    items.equal();
    items.elsewhere();
    items.named();
    items.gaps();
    items.like_elsewhere();
    let ruled = |at: usize| items.a.get(at).is_some_and(|&node| items.docs.0.ruled(node));
    let pairs: Vec<(u32, u32)> = items.pairs().filter(|&(a, _)| !ruled(a)).map(|(a, b)| (a as u32, b as u32)).collect();
    let steady = ascending(&pairs);
    let mut out = merge(&items.a, &items.b, &items.answer, &steady, &ruled);
    // Where most were replaced and as many as before are there, what is left has a place, not only an order: the fourth
    // hit of a search that is now the first has moved.
    let length = items.a.len();
    if length == items.b.len() && pairs.len() * 2 <= length && !(0..length).any(ruled) {
        for pair in &mut out {
            if let (Some(a), Some(b)) = (pair.a, pair.b) {
                let word = matches!(docs.0.kind(a), NodeKind::Bool | NodeKind::Null);
                pair.moved |= !word && docs.0.index(a) != docs.1.index(b);
            }
        }
    }
    out
}

/// Members of two objects: by key, in the order of B.
pub(super) fn members(docs: (&Doc, &Doc), a: u32, b: u32) -> Vec<Pair> {
    let (in_a, in_b): (Vec<u32>, Vec<u32>) = (docs.0.children(a).collect(), docs.1.children(b).collect());
    let names: FxHashMap<u64, usize> = in_b.iter().enumerate().map(|(at, &node)| (docs.1.name(node), at)).collect();
    let answer: Vec<Option<usize>> = in_a.iter().map(|&node| names.get(&docs.0.name(node)).copied()).collect();
    let pairs = answer.iter().enumerate().filter_map(|(a, b)| b.map(|b| (a as u32, b as u32)));
    let pairs: Vec<(u32, u32)> = pairs.collect();
    merge(&in_a, &in_b, &answer, &ascending(&pairs), &|_| true)
}

/// Lays two lists on each other. `steady` are the pairs that stand in one order; `still` says of an item of A that it
/// never counts as moved.
fn merge(
    a: &[u32],
    b: &[u32],
    answer: &[Option<usize>],
    steady: &[(u32, u32)],
    still: &dyn Fn(usize) -> bool,
) -> Vec<Pair> {
    let mut of_b: Vec<Option<usize>> = vec![None; b.len()];
    for (at, found) in answer.iter().enumerate() {
        if let Some(slot) = found.and_then(|found| of_b.get_mut(found)) {
            *slot = Some(at);
        }
    }
    let mut out = Vec::with_capacity(a.len().max(b.len()));
    let mut steady = steady.iter().copied().peekable();
    let mut at_a = 0;
    // What only A has up to the next steady pair.
    let alone = |out: &mut Vec<Pair>, at_a: &mut usize, to: usize| {
        while *at_a < to {
            if answer.get(*at_a).is_none_or(Option::is_none) {
                out.push(Pair { a: a.get(*at_a).copied(), b: None, moved: false });
            }
            *at_a += 1;
        }
    };
    alone(&mut out, &mut at_a, steady.peek().map_or(a.len(), |pair| pair.0 as usize));
    for (at_b, (&node, from)) in b.iter().zip(&of_b).enumerate() {
        let here = steady.peek().is_some_and(|pair| pair.1 as usize == at_b);
        let node_a = from.and_then(|from| a.get(from)).copied();
        let moved = from.is_some_and(|from| !here && !still(from));
        out.push(Pair { a: node_a, b: Some(node), moved });
        if here {
            steady.next();
            at_a += 1;
            alone(&mut out, &mut at_a, steady.peek().map_or(a.len(), |pair| pair.0 as usize));
        }
    }
    out
}

impl Items<'_> {
    fn pairs(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.answer.iter().enumerate().filter_map(|(a, b)| b.map(|b| (a, b)))
    }

    fn join(&mut self, a: usize, b: usize) {
        if let (Some(answer), Some(taken)) = (self.answer.get_mut(a), self.taken.get_mut(b))
            && answer.is_none()
            && !*taken
        {
            (*answer, *taken) = (Some(b), true);
        }
    }

    fn left_a(&self) -> Vec<usize> {
        (0..self.a.len()).filter(|&at| self.answer.get(at).is_some_and(Option::is_none)).collect()
    }

    fn left_b(&self) -> Vec<usize> {
        (0..self.b.len()).filter(|&at| self.taken.get(at) == Some(&false)).collect()
    }

    /// What rules name answers each other in its order.
    fn ruled(&mut self) {
        let ruled = |doc: &Doc, nodes: &[u32]| -> Vec<usize> {
            nodes.iter().enumerate().filter(|(_, node)| doc.ruled(**node)).map(|(at, _)| at).collect()
        };
        for (a, b) in ruled(self.docs.0, &self.a).into_iter().zip(ruled(self.docs.1, &self.b)) {
            self.join(a, b);
        }
    }

    /// What comes to the same in the same order.
    fn equal(&mut self) {
        let mut numbers = Numbers::default();
        let mut number = |doc: &Doc, nodes: &[u32]| -> (Vec<u32>, Vec<usize>) {
            let kept = nodes.iter().enumerate().filter(|(_, node)| !doc.ruled(**node));
            kept.map(|(at, &node)| (numbers.of(doc.loose(node)), at)).unzip()
        };
        let ((in_a, places_a), (in_b, places_b)) = (number(self.docs.0, &self.a), number(self.docs.1, &self.b));
        for run in sequence::common(&in_a, &in_b, numbers.len()) {
            for step in 0..run.length {
                let (a, b) = (places_a.get((run.a + step) as usize), places_b.get((run.b + step) as usize));
                if let (Some(&a), Some(&b)) = (a, b) {
                    self.join(a, b);
                }
            }
        }
    }

    /// What comes to the same elsewhere. Words like `null` are everywhere and never moved.
    fn elsewhere(&mut self) {
        let plain =
            |doc: &Doc, node: u32| !doc.ruled(node) && !matches!(doc.kind(node), NodeKind::Bool | NodeKind::Null);
        // The last first, so that the first is taken first.
        let mut places: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
        for at in self.left_b().into_iter().rev() {
            if let Some(&node) = self.b.get(at).filter(|&&node| plain(self.docs.1, node)) {
                places.entry(self.docs.1.loose(node)).or_default().push(at);
            }
        }
        for at in self.left_a() {
            let Some(&node) = self.a.get(at).filter(|&&node| plain(self.docs.0, node)) else { continue };
            if let Some(found) = places.get_mut(&self.docs.0.loose(node)).and_then(Vec::pop) {
                self.join(at, found);
            }
        }
    }

    /// Objects that a member names, where only one on each side has that name.
    fn named(&mut self) {
        let seek = |doc: &Doc, nodes: &[u32], left: Vec<usize>| -> Vec<(usize, [u64; NAMES.len()])> {
            let named = |at: usize| nodes.get(at).filter(|&&node| !doc.ruled(node)).and_then(|&node| named(doc, node));
            left.into_iter().filter_map(|at| named(at).map(|names| (at, names))).collect()
        };
        let (in_a, in_b) = (seek(self.docs.0, &self.a, self.left_a()), seek(self.docs.1, &self.b, self.left_b()));
        if in_a.is_empty() || in_b.is_empty() {
            return;
        }
        for name in 0..NAMES.len() {
            let once = |left: &[(usize, [u64; NAMES.len()])], gone: &dyn Fn(usize) -> bool| {
                let mut found: FxHashMap<u64, Option<usize>> = FxHashMap::default();
                for (at, names) in left {
                    let named = names.get(name).copied().unwrap_or_default();
                    if named != 0 && !gone(*at) {
                        found.entry(named).and_modify(|place| *place = None).or_insert(Some(*at));
                    }
                }
                found
            };
            let of_a = once(&in_a, &|at| self.answer.get(at).is_some_and(Option::is_some));
            if of_a.is_empty() {
                continue;
            }
            let of_b = once(&in_b, &|at| self.taken.get(at) == Some(&true));
            for (named, place) in of_a {
                if let (Some(a), Some(&Some(b))) = (place, of_b.get(&named)) {
                    self.join(a, b);
                }
            }
        }
    }

    /// Between pairs that stand in one order: what is alike, and what stands alone on both sides.
    fn gaps(&mut self) {
        let pairs: Vec<(u32, u32)> = self.pairs().map(|(a, b)| (a as u32, b as u32)).collect();
        let (left_a, left_b) = (self.left_a(), self.left_b());
        let (mut rest_a, mut rest_b) = (left_a.as_slice(), left_b.as_slice());
        let end = (self.a.len() as u32, self.b.len() as u32);
        for pair in ascending(&pairs).into_iter().chain([end]) {
            let cut_a = rest_a.partition_point(|&at| at < pair.0 as usize);
            let cut_b = rest_b.partition_point(|&at| at < pair.1 as usize);
            let (gap_a, gap_b) = (rest_a.split_at(cut_a), rest_b.split_at(cut_b));
            (rest_a, rest_b) = (gap_a.1, gap_b.1);
            self.gap(gap_a.0, gap_b.0);
        }
    }

    fn gap(&mut self, a: &[usize], b: &[usize]) {
        if a.is_empty() || b.is_empty() {
            return;
        }
        let kinds = |at: (&usize, &usize)| {
            let (a, b) = (self.a.get(*at.0)?, self.b.get(*at.1)?);
            let usable = !self.docs.0.ruled(*a) && !self.docs.1.ruled(*b);
            usable.then(|| (self.docs.0.kind(*a), self.docs.1.kind(*b)))
        };
        let paired = |(a, b): (NodeKind, NodeKind)| a == b;
        // As many numbers, one after the other, are the same numbers changed; so is what stands alone at its place.
        let alone = a.len() == 1 && b.len() == 1;
        let numbers = |kinds: (NodeKind, NodeKind)| kinds == (NodeKind::Number, NodeKind::Number);
        let by_place = a.len() == b.len()
            && a.iter().zip(b).all(|at| kinds(at).is_some_and(|kinds| numbers(kinds) || alone && paired(kinds)));
        if by_place {
            for (&a, &b) in a.iter().zip(b) {
                self.join(a, b);
            }
            return;
        }
        if a.len().max(b.len()) <= FEW {
            self.alike(a, b, ALIKE);
            return;
        }
        // Too many for each with each: those at about the same place.
        for (a, b) in a.chunks(FEW).zip(b.chunks(FEW)) {
            self.alike(a, b, ALIKE);
        }
    }

    /// What is alike anywhere, where few are left.
    fn like_elsewhere(&mut self) {
        let (a, b) = (self.left_a(), self.left_b());
        if a.len().max(b.len()) <= FEW {
            self.alike(&a, &b, ALIKE_ELSEWHERE);
        }
    }

    /// Joins what is most alike first.
    fn alike(&mut self, a: &[usize], b: &[usize], least: u32) {
        let like = |doc: &Doc, nodes: &[u32], at: &usize| {
            let speaks = |node: u32| !matches!(doc.kind(node), NodeKind::Bool | NodeKind::Null | NodeKind::Number);
            nodes.get(*at).filter(|&&node| !doc.ruled(node) && speaks(node)).map(|&node| Like::of(doc, node))
        };
        let like_a: Vec<Option<Like>> = a.iter().map(|at| like(self.docs.0, &self.a, at)).collect();
        let like_b: Vec<Option<Like>> = b.iter().map(|at| like(self.docs.1, &self.b, at)).collect();
        let mut found: Vec<(u32, usize, usize)> = Vec::new();
        for (&at_a, a) in a.iter().zip(&like_a) {
            for (&at_b, b) in b.iter().zip(&like_b) {
                if let (Some(a), Some(b)) = (a, b) {
                    let likeness = likeness(a, b);
                    if likeness >= least {
                        found.push((likeness, at_a, at_b));
                    }
                }
            }
        }
        crate::order::Order::order_by(found.as_mut_slice(), |x, y| y.0.cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
        for (_, a, b) in found {
            self.join(a, b);
        }
    }
}

/// What an object is called: its members of these names that are strings or numbers; 0 for one it has not. Nothing for
/// what has no name at all.
fn named(doc: &Doc, node: u32) -> Option<[u64; NAMES.len()]> {
    if doc.kind(node) != NodeKind::Object {
        return None;
    }
    let mut names = [0; NAMES.len()];
    for child in doc.children(node).take(64) {
        let Some(key) = doc.key(child) else { continue };
        let slot = NAMES.iter().position(|name| *name == key).and_then(|at| names.get_mut(at));
        if let Some(slot) = slot.filter(|_| matches!(doc.kind(child), NodeKind::String | NodeKind::Number)) {
            *slot = doc.strict(child);
        }
    }
    names.iter().any(|name| *name != 0).then_some(names)
}
