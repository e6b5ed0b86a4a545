//! Steps that answer each other under another name, or with another kind: left over at the same place, beside the same
//! neighbour, and alike in what they were given, gave, or hold. A name that the other run has too is no old name of
//! something else, unless both what went in and what came out are the same.

use super::Why;
use super::chain::{At, best};
use super::level::Lists;
use super::pairing::Pairing;
use super::tree::{Tree, at};
use super::wrap::Promised;
use crate::model::Kind;
use rustc_hash::FxHashMap;

/// What speaks for a pair, at least, when one step of the kind is left on both sides, and when there are several.
const ALONE: u32 = 3;
const AMONG: u32 = 6;
/// Branches that ran at once have no neighbours: so many of each are held against each other.
const FEW: usize = 32;

pub(super) fn pair_renamed(pairing: &mut Pairing, lists: &mut Lists, promised: &Promised) {
    // Where one step was renamed, others of its name were: what is found first speaks for the rest.
    for _ in 0..2 {
        if !pair_stretches(pairing, lists, promised) {
            break;
        }
    }
    at_once(pairing, lists, promised);
}

/// Pairs steps beside the same neighbour; returns whether there were any.
fn pair_stretches(pairing: &mut Pairing, lists: &mut Lists, promised: &Promised) -> bool {
    let stretches_a = stretches(&lists.to_b, &|index| !promised.a.contains(&lists.step_a(index)));
    let stretches_b = stretches(&lists.to_a, &|index| !promised.b.contains(&lists.step_b(index)));
    // One neighbour is enough: where branches ran at once, the other may be any of them.
    let (mut by_before, mut by_after) = (FxHashMap::default(), FxHashMap::default());
    for (index, stretch) in stretches_b.iter().enumerate() {
        by_before.insert(stretch.before, index);
        by_after.insert(stretch.after, index);
    }
    let mut taken = vec![false; stretches_b.len()];
    let mut made: Vec<At> = Vec::new();
    for stretch in &stretches_a {
        let partner = |index: usize| lists.to_b.get(index).copied().flatten();
        let before = by_before.get(&stretch.before.and_then(partner));
        let found = before.or_else(|| by_after.get(&stretch.after.and_then(partner))).copied();
        let Some(index) = found.filter(|&index| taken.get(index) == Some(&false)) else { continue };
        let Some(Stretch { free, .. }) = stretches_b.get(index) else { continue };
        if let Some(taken) = taken.get_mut(index) {
            *taken = true;
        }
        let kinds_a = kinds(&pairing.a, stretch.free.iter().map(|&index| lists.step_a(index)));
        let kinds_b = kinds(&pairing.b, free.iter().map(|&index| lists.step_b(index)));
        let step = |a: usize, b: usize| {
            let a = stretch.free.get(a).map_or(0, |&index| lists.step_a(index));
            (a, free.get(b).map_or(0, |&index| lists.step_b(index)))
        };
        let mut score = |a: usize, b: usize| {
            let (a, b) = step(a, b);
            let kind = at(&pairing.a.side.kind, a);
            let only = kinds_a.get(&kind) == Some(&1) && kinds_b.get(&kind) == Some(&1);
            let least = if only { ALONE } else { AMONG };
            Some(evidence(pairing, a, b)).filter(|&score| score >= least).unwrap_or(0)
        };
        for (a, b) in best(stretch.free.len(), free.len(), &[], &mut score) {
            made.extend(stretch.free.get(a).copied().zip(free.get(b).copied()));
        }
    }
    for &pair in &made {
        take(pairing, lists, pair);
    }
    !made.is_empty()
}

/// How many steps there are of each kind.
fn kinds(tree: &Tree, steps: impl Iterator<Item = u32>) -> FxHashMap<Kind, u32> {
    let mut kinds = FxHashMap::default();
    for step in steps {
        *kinds.entry(at(&tree.side.kind, step)).or_default() += 1;
    }
    kinds
}

fn take(pairing: &mut Pairing, lists: &mut Lists, pair: At) {
    let (a, b) = (lists.step_a(pair.0), lists.step_b(pair.1));
    let other_kind = at(&pairing.a.named, a) == at(&pairing.b.named, b);
    let labels = (at(&pairing.a.label, a), at(&pairing.b.label, b));
    if !pairing.labels_b.contains(&labels.0) && !pairing.labels_a.contains(&labels.1) {
        pairing.renamed.insert(labels);
    }
    pairing.take(a, b, if other_kind { Why::Kind } else { Why::Renamed });
    lists.pair(pair);
}

/// Steps without a partner between two that have one.
struct Stretch {
    before: Option<usize>,
    after: Option<usize>,
    free: Vec<usize>,
}

fn stretches(partners: &[Option<usize>], counts: &dyn Fn(usize) -> bool) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    let (mut before, mut open) = (None, false);
    for (index, partner) in partners.iter().enumerate() {
        match partner {
            // Partner elsewhere: not here at all.
            Some(usize::MAX) => {}
            Some(_) => {
                if let Some(stretch) = stretches.last_mut().filter(|_| open) {
                    stretch.after = Some(index);
                }
                (before, open) = (Some(index), false);
            }
            None if counts(index) => {
                if !open {
                    stretches.push(Stretch { before, after: None, free: Vec::new() });
                    open = true;
                }
                if let Some(stretch) = stretches.last_mut() {
                    stretch.free.push(index);
                }
            }
            None => {}
        }
    }
    stretches
}

/// Branches that ran at once: wherever they stand, by what they were given.
fn at_once(pairing: &mut Pairing, lists: &mut Lists, promised: &Promised) {
    let (left_a, left_b) = lists.left();
    let branch = |tree: &Tree, steps: &[u32], index: usize| {
        let step = |index: usize| steps.get(index).copied();
        let with = |other: Option<u32>| match (step(index), other) {
            (Some(step), Some(other)) => !tree.precedes(step, other) && !tree.precedes(other, step),
            _ => false,
        };
        index.checked_sub(1).is_some_and(|before| with(step(before))) || with(step(index + 1))
    };
    let of_a = |&index: &usize| branch(&pairing.a, &lists.a, index) && !promised.a.contains(&lists.step_a(index));
    let of_b = |&index: &usize| branch(&pairing.b, &lists.b, index) && !promised.b.contains(&lists.step_b(index));
    let left_a: Vec<usize> = left_a.into_iter().filter(of_a).take(FEW).collect();
    let mut left_b: Vec<usize> = left_b.into_iter().filter(of_b).take(FEW).collect();
    for a in left_a {
        let score = |b: usize| evidence(pairing, lists.step_a(a), lists.step_b(b));
        // The first of the best.
        let found = left_b.iter().rev().copied().max_by_key(|&b| score(b)).filter(|&b| score(b) >= AMONG);
        if let Some(b) = found {
            left_b.retain(|&other| other != b);
            take(pairing, lists, (a, b));
        }
    }
}

/// What speaks for two steps of different labels being one: 0 for nothing.
fn evidence(pairing: &Pairing, a: u32, b: u32) -> u32 {
    if !pairing.may(a, b) {
        return 0;
    }
    let named = at(&pairing.a.named, a);
    if named != 0 && named == at(&pairing.b.named, b) {
        return 24 + pairing.words(a, b);
    }
    let (input, output) = (pairing.same_input(a, b), pairing.same_output(a, b));
    let gone = !pairing.labels_b.contains(&at(&pairing.a.label, a));
    let new = !pairing.labels_a.contains(&at(&pairing.b.label, b));
    if !(gone && new || input && output) {
        return 0;
    }
    let below = pairing.below(a, b);
    if at(&pairing.a.side.kind, a) != at(&pairing.b.side.kind, b) {
        // Much the same inside is the same step, whatever it is called and counted as.
        let several = at(&pairing.a.size, a) > 2 && at(&pairing.b.size, b) > 2;
        return if several && below > 4 { below + 2 } else { 0 };
    }
    let known = pairing.renamed.contains(&(at(&pairing.a.label, a), at(&pairing.b.label, b)));
    let given = if input { 12 } else { pairing.words(a, b) };
    let held = if below > 1 { below + 3 } else { 0 };
    given + held + if output { 10 } else { 0 } + if known { 8 } else { 0 }
}
