//! The steps below one pair: which of A's answers which of B's.
//!
//! From what is certain to what is likely: what stands once on both sides cuts the two lists into gaps (the same with
//! all below it, then the same step with the same input, then the same name), the best pairs in order fill each gap,
//! and then order is given up: first among branches that ran at once, then for what is left over.

use super::chain::{At, best, heaviest};
use super::pairing::{Level, Pairing};
use super::tree::at;
use super::{Why, fan, other, wrap};
use crate::order::Order as _;
use rustc_hash::FxHashMap;

/// Two lists of steps and the pairs of their positions so far.
pub(super) struct Lists {
    pub(super) a: Vec<u32>,
    pub(super) b: Vec<u32>,
    /// For each position of `a` its partner's in `b`.
    pub(super) to_b: Vec<Option<usize>>,
    /// For each position of `b` its partner's in `a`.
    pub(super) to_a: Vec<Option<usize>>,
}

impl Lists {
    pub(super) fn step_a(&self, index: usize) -> u32 {
        self.a.get(index).copied().unwrap_or_default()
    }

    pub(super) fn step_b(&self, index: usize) -> u32 {
        self.b.get(index).copied().unwrap_or_default()
    }

    pub(super) fn pair(&mut self, (a, b): At) {
        if let (Some(to_b), Some(to_a)) = (self.to_b.get_mut(a), self.to_a.get_mut(b)) {
            (*to_b, *to_a) = (Some(b), Some(a));
        }
    }

    pub(super) fn part(&mut self, (a, b): At) {
        if let (Some(to_b), Some(to_a)) = (self.to_b.get_mut(a), self.to_a.get_mut(b)) {
            (*to_b, *to_a) = (None, None);
        }
    }

    pub(super) fn pairs(&self) -> impl Iterator<Item = At> + '_ {
        self.to_b.iter().enumerate().filter_map(|(a, b)| Some((a, (*b)?)))
    }

    /// Positions without a partner, of A and of B.
    pub(super) fn left(&self) -> (Vec<usize>, Vec<usize>) {
        let left = |column: &[Option<usize>]| {
            (0..column.len()).filter(|&index| column.get(index) == Some(&None)).collect::<Vec<_>>()
        };
        (left(&self.to_b), left(&self.to_a))
    }
}

/// A stretch of each list between two pairs.
#[derive(Clone, Copy)]
struct Gap {
    a: (usize, usize),
    b: (usize, usize),
}

/// Pairs the steps of two lists.
pub(super) fn level(pairing: &mut Pairing, level: Level) {
    let Level { a, b, apart } = level;
    if let ([a], [b]) = (&a[..], &b[..])
        && pairing.score(*a, *b) > 0
    {
        let why = if apart { Why::Elsewhere } else { pairing.why_here(*a, *b) };
        pairing.take(*a, *b, why);
        return;
    }
    let made = already(pairing, &a, &b);
    // What has a partner elsewhere is out of the question here.
    let mut lists = Lists { to_b: vec![None; a.len()], to_a: vec![None; b.len()], a, b };
    in_order(pairing, &mut lists, made);
    fan::regroup(pairing, &mut lists);
    fan::pair_left(pairing, &mut lists);
    for (a, b) in lists.pairs() {
        let (a, b) = (lists.step_a(a), lists.step_b(b));
        let why = if apart { Why::Elsewhere } else { pairing.why_here(a, b) };
        pairing.take(a, b, why);
    }
    drop_taken(pairing, &mut lists);
    let (left_a, left_b) = lists.left();
    if left_a.is_empty() || left_b.is_empty() {
        return;
    }
    let promised = wrap::unwrap(pairing, &lists, &left_a, &left_b);
    other::pair_renamed(pairing, &mut lists, &promised);
}

/// Pairs that were made before this level was looked at, by hand or elsewhere, as positions.
fn already(pairing: &Pairing, a: &[u32], b: &[u32]) -> Vec<At> {
    if a.iter().all(|&a| pairing.free_a(a)) {
        return Vec::new();
    }
    let places: FxHashMap<u32, usize> = b.iter().enumerate().map(|(index, &step)| (step, index)).collect();
    let partner = |(index, &step): (usize, &u32)| Some((index, *places.get(&pairing.partner(step)?)?));
    a.iter().enumerate().filter_map(partner).collect()
}

/// Steps that found a partner elsewhere while this level was worked on are no leftovers of it.
fn drop_taken(pairing: &Pairing, lists: &mut Lists) {
    for (slot, &step) in lists.to_b.iter_mut().zip(&lists.a) {
        if slot.is_none() && !pairing.free_a(step) {
            *slot = Some(usize::MAX);
        }
    }
    for (slot, &step) in lists.to_a.iter_mut().zip(&lists.b) {
        if slot.is_none() && !pairing.free_b(step) {
            *slot = Some(usize::MAX);
        }
    }
}

fn in_order(pairing: &Pairing, lists: &mut Lists, made: Vec<At>) {
    let mut gaps = vec![Gap { a: (0, lists.a.len()), b: (0, lists.b.len()) }];
    let weight = |lists: &Lists, (a, _): At| u64::from(at(&pairing.a.size, lists.step_a(a)).ilog2() + 1);
    if !made.is_empty() {
        let fixed = heaviest(made, &mut |pair| weight(lists, pair));
        gaps = cut(&gaps, &fixed);
    }
    // The same at both ends needs no search, and may stand there more than once.
    gaps = trim(pairing, lists, &gaps);
    for tier in 0..3 {
        if gaps.is_empty() {
            return;
        }
        let token = |tree: &super::tree::Tree, step: u32| match tier {
            0 if tree.tells(step) => at(&tree.whole, step),
            0 => 0,
            1 => tree.given(step),
            _ => at(&tree.label, step),
        };
        let tokens_a: Vec<u64> = lists.a.iter().map(|&step| token(&pairing.a, step)).collect();
        let tokens_b: Vec<u64> = lists.b.iter().map(|&step| token(&pairing.b, step)).collect();
        let mut anchors = Vec::new();
        for gap in &gaps {
            let mut once = once(gap, &tokens_a, &tokens_b);
            once.retain(|&(a, b)| pairing.may(lists.step_a(a), lists.step_b(b)));
            anchors.extend(heaviest(once, &mut |pair| weight(lists, pair)));
        }
        for &pair in &anchors {
            lists.pair(pair);
        }
        gaps = cut(&gaps, &anchors);
    }
    for gap in gaps {
        let (from_a, from_b) = (gap.a.0, gap.b.0);
        let (count_a, count_b) = (gap.a.1 - from_a, gap.b.1 - from_b);
        let way = way(pairing, lists, &gap);
        let mut score = |a: usize, b: usize| pairing.score(lists.step_a(from_a + a), lists.step_b(from_b + b));
        for (a, b) in best(count_a, count_b, &way, &mut score) {
            lists.pair((from_a + a, from_b + b));
        }
    }
}

/// Pairs what is the same with all below it at the ends of each gap.
fn trim(pairing: &Pairing, lists: &mut Lists, gaps: &[Gap]) -> Vec<Gap> {
    let mut trimmed = Vec::with_capacity(gaps.len());
    for gap in gaps {
        let mut gap = *gap;
        let same = |lists: &Lists, a: usize, b: usize| {
            let (a, b) = (lists.step_a(a), lists.step_b(b));
            pairing.equal(a, b) && pairing.may(a, b)
        };
        while gap.a.0 < gap.a.1 && gap.b.0 < gap.b.1 && same(lists, gap.a.0, gap.b.0) {
            lists.pair((gap.a.0, gap.b.0));
            (gap.a.0, gap.b.0) = (gap.a.0 + 1, gap.b.0 + 1);
        }
        while gap.a.0 < gap.a.1 && gap.b.0 < gap.b.1 && same(lists, gap.a.1 - 1, gap.b.1 - 1) {
            (gap.a.1, gap.b.1) = (gap.a.1 - 1, gap.b.1 - 1);
            lists.pair((gap.a.1, gap.b.1));
        }
        if gap.a.0 < gap.a.1 && gap.b.0 < gap.b.1 {
            trimmed.push(gap);
        }
    }
    trimmed
}

/// What is left of gaps when they are cut at pairs, which are in order; gaps with an empty side are left out.
fn cut(gaps: &[Gap], at: &[At]) -> Vec<Gap> {
    let mut result = Vec::with_capacity(gaps.len());
    let mut keep = |a: (usize, usize), b: (usize, usize)| {
        if a.0 < a.1 && b.0 < b.1 {
            result.push(Gap { a, b });
        }
    };
    let mut next = at.iter().peekable();
    for gap in gaps {
        let (mut from_a, mut from_b) = (gap.a.0, gap.b.0);
        while let Some(&&(a, b)) = next.peek().filter(|pair| pair.0 < gap.a.1) {
            keep((from_a, a), (from_b, b));
            (from_a, from_b) = (a + 1, b + 1);
            next.next();
        }
        keep((from_a, gap.a.1), (from_b, gap.b.1));
    }
    result
}

/// Pairs of positions whose token stands exactly once in the gap on both sides.
fn once(gap: &Gap, a: &[u64], b: &[u64]) -> Vec<At> {
    const MANY: usize = usize::MAX;
    const NOT: usize = usize::MAX - 1;
    let mut places: FxHashMap<u64, At> = FxHashMap::default();
    for (index, &token) in a.iter().enumerate().take(gap.a.1).skip(gap.a.0).filter(|token| *token.1 != 0) {
        places.entry(token).and_modify(|place| place.0 = MANY).or_insert((index, NOT));
    }
    for (index, &token) in b.iter().enumerate().take(gap.b.1).skip(gap.b.0) {
        if let Some(place) = places.get_mut(&token) {
            place.1 = if place.1 == NOT { index } else { MANY };
        }
    }
    let mut once: Vec<At> = places.into_values().filter(|place| place.0 < NOT && place.1 < NOT).collect();
    once.order();
    once
}

/// A way through a gap that is too large to be searched whole: the n-th of a name or of a name and input in A with the
/// n-th in B, as far as they are in order.
fn way(pairing: &Pairing, lists: &Lists, gap: &Gap) -> Vec<At> {
    let (count_a, count_b) = (gap.a.1 - gap.a.0, gap.b.1 - gap.b.0);
    if count_a.saturating_mul(count_b) < 1 << 13 {
        return Vec::new();
    }
    let token = |tree: &super::tree::Tree, step: u32| match tree.given(step) {
        0 => at(&tree.label, step),
        given => given,
    };
    let mut places: FxHashMap<u64, (Vec<usize>, usize)> = FxHashMap::default();
    for index in gap.b.0..gap.b.1 {
        let token = token(&pairing.b, lists.step_b(index));
        places.entry(token).or_default().0.push(index - gap.b.0);
    }
    let mut pairs = Vec::new();
    for index in gap.a.0..gap.a.1 {
        let token = token(&pairing.a, lists.step_a(index));
        if let Some((places, next)) = places.get_mut(&token)
            && let Some(&b) = places.get(*next)
        {
            *next += 1;
            pairs.push((index - gap.a.0, b));
        }
    }
    heaviest(pairs, &mut |_| 1)
}
