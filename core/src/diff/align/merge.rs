//! The two trees laid on each other: pairs become items in order.
//!
//! The merged tree is B's tree with what only A has hung into it. A pair stands at B's place, also when the steps around
//! its two sides are no pair; so no pair can contradict another, whatever is paired by hand. A step of A alone stands
//! below the item of its parent: in A's order, after the last step before it that has not moved, and before what only B
//! has there.

use super::chain::{At, heaviest};
use super::pairing::Pairing;
use super::tree::{Tree, at};
use super::{Item, Why};
use crate::order::Order as _;
use rustc_hash::{FxHashMap, FxHashSet};

/// What an item stands for while the tree is laid out.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Node {
    /// A step of A alone.
    A(u32),
    /// A step of B, alone or with its partner.
    B(u32),
}

/// Lays the two trees on each other.
pub(super) fn items(pairing: &Pairing) -> Vec<Item> {
    let moved = moved(pairing);
    let reasons = Reasons::new(pairing);
    let mut items: Vec<Item> = Vec::with_capacity(pairing.a.len.max(pairing.b.len) as usize);
    // Nodes still to come, the next last; the depth and the parent of each.
    let mut waiting: Vec<(Node, u32, Option<u32>)> = Vec::new();
    let mut open: Vec<u32> = Vec::new();
    let mut children: Vec<Node> = Vec::new();
    merge(pairing, None, None, true, &moved, &mut children);
    waiting.extend(children.drain(..).rev().map(|node| (node, 0, None)));
    while let Some((node, depth, parent)) = waiting.pop() {
        let index = u32::try_from(items.len()).unwrap_or(u32::MAX);
        while open.len() > depth as usize {
            close(&mut items, &mut open, index);
        }
        open.push(index);
        let mut item = Item { parent, depth, after: index, ..Item::default() };
        match node {
            Node::A(a) => {
                (item.a, item.why) = (Some(a), reasons.of_a(a));
                merge(pairing, Some(a), None, false, &moved, &mut children);
            }
            Node::B(b) => {
                item.b = Some(b);
                item.a = pairing.to_a.get(b as usize).copied().filter(|&a| a != super::pairing::NONE);
                item.why = match item.a {
                    Some(a) => pairing.why.get(a as usize).copied().unwrap_or_default(),
                    None => reasons.of_b(b),
                };
                item.moved = item.a.is_some() && moved.contains(&b);
                // Found elsewhere before what is around it was a pair.
                if let (Why::Elsewhere, false, Some(a)) = (item.why, item.moved, item.a) {
                    item.why = pairing.why_here(a, b);
                }
                merge(pairing, item.a, Some(b), false, &moved, &mut children);
            }
        }
        items.push(item);
        waiting.extend(children.drain(..).rev().map(|node| (node, depth + 1, Some(index))));
    }
    let end = u32::try_from(items.len()).unwrap_or(u32::MAX);
    while !open.is_empty() {
        close(&mut items, &mut open, end);
    }
    items
}

fn close(items: &mut [Item], open: &mut Vec<u32>, after: u32) {
    if let Some(item) = open.pop().and_then(|index| items.get_mut(index as usize)) {
        item.after = after;
    }
}

/// The nodes below an item, in order.
fn merge(pairing: &Pairing, a: Option<u32>, b: Option<u32>, top: bool, moved: &FxHashSet<u32>, nodes: &mut Vec<Node>) {
    let of_a = if a.is_some() || top { pairing.a.children(a) } else { &[] };
    let of_b = if b.is_some() || top { pairing.b.children(b) } else { &[] };
    if of_a.is_empty() {
        nodes.extend(of_b.iter().map(|&b| Node::B(b)));
        return;
    }
    // Pairs of this level that stand where they stood: what only A has is placed by them.
    let places: FxHashMap<u32, usize> = of_b.iter().enumerate().map(|(index, &b)| (b, index)).collect();
    let partner = |(index, &step): (usize, &u32)| {
        let b = pairing.partner(step).filter(|b| !moved.contains(b))?;
        Some((index, *places.get(&b)?))
    };
    let stay = heaviest(of_a.iter().enumerate().filter_map(partner).collect(), &mut |_| 1);
    let (mut next_a, mut next_b) = (0usize, 0usize);
    for (to_a, to_b) in stay.into_iter().chain([(of_a.len(), of_b.len())]) {
        let only_a = of_a.get(next_a..to_a).unwrap_or_default().iter().filter(|&&a| pairing.free_a(a));
        nodes.extend(only_a.map(|&a| Node::A(a)));
        nodes.extend(of_b.get(next_b..to_b).unwrap_or_default().iter().map(|&b| Node::B(b)));
        nodes.extend(of_b.get(to_b).map(|&b| Node::B(b)));
        (next_a, next_b) = (to_a + 1, to_b + 1);
    }
}

/// Steps of B whose pair stands at another place: below another step, or on another side of a sibling that stays. A
/// step changes sides only when in both runs one of the two had ended before the other began.
fn moved(pairing: &Pairing) -> FxHashSet<u32> {
    let mut moved = FxHashSet::default();
    let around = std::iter::once(None).chain((0..pairing.a.len).map(Some));
    for a in around {
        let Some(b) = (match a {
            None => Some(None),
            Some(a) => pairing.partner(a).map(Some),
        }) else {
            continue;
        };
        siblings_moved(pairing, pairing.a.settled(a), pairing.b.settled(b), &mut moved);
    }
    for a in 0..pairing.a.len {
        let Some(b) = pairing.partner(a) else { continue };
        let expected = match pairing.a.parent(a) {
            None => Some(None),
            Some(parent) => pairing.partner(parent).map(Some),
        };
        if expected != Some(pairing.b.parent(b)) {
            moved.insert(b);
        }
    }
    moved
}

fn siblings_moved(pairing: &Pairing, of_a: &[u32], of_b: &[u32], moved: &mut FxHashSet<u32>) {
    if of_a.len() < 2 || of_b.len() < 2 {
        return;
    }
    let places: FxHashMap<u32, usize> = of_b.iter().enumerate().map(|(index, &b)| (b, index)).collect();
    let partner = |(index, &step): (usize, &u32)| Some((index, *places.get(&pairing.partner(step)?)?));
    let pairs: Vec<At> = of_a.iter().enumerate().filter_map(partner).collect();
    let step = |list: &[u32], index: usize| list.get(index).copied().unwrap_or_default();
    let weight = |(a, _): At| u64::from(at(&pairing.a.size, step(of_a, a)).ilog2() + 1);
    let stay = heaviest(pairs.clone(), &mut |pair| weight(pair));
    if stay.len() == pairs.len() {
        return;
    }
    let stays: FxHashSet<usize> = stay.iter().map(|pair| pair.0).collect();
    let stay: Vec<(u32, u32)> = stay.iter().map(|&(a, b)| (step(of_a, a), step(of_b, b))).collect();
    let crossing = Crossing::new(&pairing.a, &pairing.b, &stay);
    for &(a, b) in pairs.iter().filter(|pair| !stays.contains(&pair.0)) {
        if crossing.crosses(&pairing.a, &pairing.b, step(of_a, a), step(of_b, b)) {
            moved.insert(step(of_b, b));
        }
    }
}

/// Answers whether a pair stands on another side of one of the given pairs, without asking each.
struct Crossing {
    /// Exits in A, ascending, with the latest enter in B up to there.
    ended: Vec<(u32, u32)>,
    /// Enters in A, descending, with the earliest exit in B up to there.
    begun: Vec<(u32, u32)>,
}

impl Crossing {
    fn new(a: &Tree, b: &Tree, stay: &[(u32, u32)]) -> Self {
        let mut ended: Vec<(u32, u32)> =
            stay.iter().map(|&(x, y)| (at(&a.side.exit, x), at(&b.side.enter, y))).collect();
        ended.order();
        let mut latest = 0;
        for slot in &mut ended {
            latest = latest.max(slot.1);
            slot.1 = latest;
        }
        let mut begun: Vec<(u32, u32)> =
            stay.iter().map(|&(x, y)| (at(&a.side.enter, x), at(&b.side.exit, y))).collect();
        begun.order_by(|x, y| y.cmp(x));
        let mut earliest = u32::MAX;
        for slot in &mut begun {
            earliest = earliest.min(slot.1);
            slot.1 = earliest;
        }
        Crossing { ended, begun }
    }

    fn crosses(&self, a: &Tree, b: &Tree, x: u32, y: u32) -> bool {
        let before = self.ended.partition_point(|slot| slot.0 < at(&a.side.enter, x));
        let latest = before.checked_sub(1).and_then(|index| self.ended.get(index));
        let after = self.begun.partition_point(|slot| slot.0 > at(&a.side.exit, x));
        let earliest = after.checked_sub(1).and_then(|index| self.begun.get(index));
        latest.is_some_and(|slot| slot.1 > at(&b.side.exit, y))
            || earliest.is_some_and(|slot| slot.1 < at(&b.side.enter, y))
    }
}

/// Why steps stand alone.
struct Reasons {
    broken_a: FxHashSet<u32>,
    broken_b: FxHashSet<u32>,
    /// Label and parent of the steps that have a partner below the partner of that parent.
    paired_a: FxHashSet<(u64, Option<u32>)>,
    paired_b: FxHashSet<(u64, Option<u32>)>,
    /// Rounds and tries more, with all below them.
    repeated_a: Vec<bool>,
    repeated_b: Vec<bool>,
}

impl Reasons {
    fn new(pairing: &Pairing) -> Self {
        let mut reasons = Reasons {
            broken_a: pairing.broken.iter().map(|pair| pair.0).collect(),
            broken_b: pairing.broken.iter().map(|pair| pair.1).collect(),
            paired_a: FxHashSet::default(),
            paired_b: FxHashSet::default(),
            repeated_a: Vec::new(),
            repeated_b: Vec::new(),
        };
        for a in 0..pairing.a.len {
            if let Some(b) = pairing.partner(a) {
                reasons.paired_a.insert((at(&pairing.a.label, a), pairing.a.parent(a)));
                reasons.paired_b.insert((at(&pairing.b.label, b), pairing.b.parent(b)));
            }
        }
        reasons.repeated_a = repeated(&pairing.a, &reasons.paired_a, &|step| pairing.free_a(step));
        reasons.repeated_b = repeated(&pairing.b, &reasons.paired_b, &|step| pairing.free_b(step));
        reasons
    }

    fn of_a(&self, a: u32) -> Why {
        reason(self.broken_a.contains(&a), at(&self.repeated_a, a))
    }

    fn of_b(&self, b: u32) -> Why {
        reason(self.broken_b.contains(&b), at(&self.repeated_b, b))
    }
}

fn reason(broken: bool, repeated: bool) -> Why {
    match (broken, repeated) {
        (true, _) => Why::Broken,
        (_, true) => Why::Repeated,
        _ => Why::Alone,
    }
}

fn repeated(tree: &Tree, paired: &FxHashSet<(u64, Option<u32>)>, alone: &dyn Fn(u32) -> bool) -> Vec<bool> {
    let mut repeated = vec![false; tree.len as usize];
    for step in 0..tree.len {
        let parent = tree.parent(step);
        let of_round = parent.is_some_and(|parent| at(&repeated, parent));
        let value = alone(step) && (of_round || paired.contains(&(at(&tree.label, step), parent)));
        if let Some(slot) = repeated.get_mut(step as usize) {
            *slot = value;
        }
    }
    repeated
}
