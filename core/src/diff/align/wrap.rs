//! One step more or less around others: steps that stand below a pair in one run, and below a step of their own there in
//! the other. Recognised by their names; they are then aligned as a level of their own.

use super::level::Lists;
use super::pairing::{Level, Pairing};
use super::tree::Tree;
use crate::order::Order as _;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::VecDeque;

/// Steps that are looked at as the content of a wrapper, of each run.
#[derive(Default)]
pub(super) struct Promised {
    pub(super) a: FxHashSet<u32>,
    pub(super) b: FxHashSet<u32>,
}

/// Finds wrappers among what is left of a level: a step whose children are, at least by half, others that are left on
/// the other side. What they hold is put down to be aligned.
pub(super) fn unwrap(pairing: &mut Pairing, lists: &Lists, left_a: &[usize], left_b: &[usize]) -> Promised {
    let a: Vec<u32> = left_a.iter().map(|&index| lists.step_a(index)).collect();
    let b: Vec<u32> = left_b.iter().map(|&index| lists.step_b(index)).collect();
    let mut promised = Promised::default();
    for (inside, held) in held(&pairing.a, &a, &pairing.b, &b, &FxHashSet::default()) {
        promised.a.extend(held.iter().copied());
        promised.b.insert(inside);
        let below = pairing.b.settled(Some(inside)).to_vec();
        pairing.look_at(Level { a: held, b: below, apart: true });
    }
    let a: Vec<u32> = a.into_iter().filter(|step| !promised.a.contains(step)).collect();
    for (inside, held) in held(&pairing.b, &b, &pairing.a, &a, &promised.b) {
        promised.b.extend(held.iter().copied());
        promised.a.insert(inside);
        let below = pairing.a.settled(Some(inside)).to_vec();
        pairing.look_at(Level { a: below, b: held, apart: true });
    }
    promised
}

/// Wrappers among `around`, each with the steps among `loose` that answer its children. Each step is used once, so the
/// whole is linear.
fn held(loose_tree: &Tree, loose: &[u32], tree: &Tree, around: &[u32], not: &FxHashSet<u32>) -> Vec<(u32, Vec<u32>)> {
    let mut waiting: FxHashMap<u64, VecDeque<usize>> = FxHashMap::default();
    for (index, &step) in loose.iter().enumerate().filter(|(_, step)| !not.contains(step)) {
        waiting.entry(loose_tree.called(step)).or_default().push_back(index);
    }
    let mut found = Vec::new();
    for &wrapper in around {
        let children = tree.settled(Some(wrapper));
        let mut taken: Vec<(u64, usize)> = Vec::new();
        for &child in children {
            let label = tree.called(child);
            if let Some(index) = waiting.get_mut(&label).and_then(VecDeque::pop_front) {
                taken.push((label, index));
            }
        }
        if taken.is_empty() || taken.len() * 2 < children.len() {
            for (label, index) in taken.into_iter().rev() {
                waiting.entry(label).or_default().push_front(index);
            }
            continue;
        }
        let mut places: Vec<usize> = taken.into_iter().map(|(_, index)| index).collect();
        places.order();
        found.push((wrapper, places.iter().filter_map(|&index| loose.get(index).copied()).collect()));
    }
    found
}
