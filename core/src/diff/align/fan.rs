//! Pairs whose order does not count: branches that ran at once, and what is left over when all that is in order has its
//! partner. Equal inputs first, then inputs with words in common, then order; never every one with every other.

use super::chain::At;
use super::level::Lists;
use super::pairing::Pairing;
use super::tree::{Tree, at};
use crate::order::Order as _;
use rustc_hash::FxHashMap;

/// Up to so many, each is held against each.
const EACH: usize = 4_096;
/// Beyond, two steps are held against each other when they share a word that so few others have.
const RARE: usize = 6;
/// Words that two inputs must have in common, in eighths, to be the same step at another place while the name has
/// partners in order.
const CLOSE: u32 = 4;

/// Branches of one name that ran at once, as they are found in a list: the number of the group for each position.
fn groups(tree: &Tree, steps: &[u32]) -> Vec<Option<u32>> {
    let mut order: Vec<usize> = (0..steps.len()).collect();
    let step = |index: usize| steps.get(index).copied().unwrap_or_default();
    order.order_by_key(|&index| (at(&tree.label, step(index)), at(&tree.side.enter, step(index))));
    let mut groups = vec![None; steps.len()];
    let mut group = 0u32;
    let mut before: Option<(usize, u64, u32)> = None;
    for index in order {
        let (label, exit) = (at(&tree.label, step(index)), at(&tree.side.exit, step(index)));
        let mut latest = exit;
        if let Some((first, its_label, its_latest)) = before
            && its_label == label
            && at(&tree.side.enter, step(index)) < its_latest
        {
            latest = latest.max(its_latest);
            for member in [first, index] {
                if let Some(slot) = groups.get_mut(member) {
                    *slot = Some(group);
                }
            }
        } else {
            group += 1;
        }
        before = Some((index, label, latest));
    }
    groups
}

/// Within a group of A and the group of B that answers it, partners are chosen without regard to order.
pub(super) fn regroup(pairing: &Pairing, lists: &mut Lists) {
    let (groups_a, groups_b) = (groups(&pairing.a, &lists.a), groups(&pairing.b, &lists.b));
    let group = |column: &[Option<u32>], index: usize| column.get(index).copied().flatten();
    let mut shared: FxHashMap<(u32, u32), u32> = FxHashMap::default();
    for (a, b) in lists.pairs() {
        if let (Some(a), Some(b)) = (group(&groups_a, a), group(&groups_b, b)) {
            *shared.entry((a, b)).or_default() += 1;
        }
    }
    if shared.is_empty() {
        return;
    }
    let mut shared: Vec<_> = shared.into_iter().collect();
    shared.order_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let (mut taken_a, mut taken_b) = (FxHashMap::default(), FxHashMap::default());
    for ((a, b), _) in shared {
        if !taken_a.contains_key(&a) && !taken_b.contains_key(&b) {
            taken_a.insert(a, taken_b.len());
            taken_b.insert(b, taken_b.len());
        }
    }
    let mut members: Vec<(Vec<usize>, Vec<usize>)> = vec![Default::default(); taken_b.len()];
    let which = |groups: &[Option<u32>], taken: &FxHashMap<u32, usize>, index: usize| {
        group(groups, index).and_then(|group| taken.get(&group).copied())
    };
    for index in 0..lists.a.len() {
        let own = which(&groups_a, &taken_a, index);
        let partner = lists.to_b.get(index).copied().flatten().map(|b| which(&groups_b, &taken_b, b));
        if let Some(members) =
            own.filter(|_| partner.is_none_or(|partner| partner == own)).and_then(|at| members.get_mut(at))
        {
            members.0.push(index);
        }
    }
    for index in 0..lists.b.len() {
        let own = which(&groups_b, &taken_b, index);
        let partner = lists.to_a.get(index).copied().flatten().map(|a| which(&groups_a, &taken_a, a));
        if let Some(members) =
            own.filter(|_| partner.is_none_or(|partner| partner == own)).and_then(|at| members.get_mut(at))
        {
            members.1.push(index);
        }
    }
    for (a, b) in members {
        for &index in &a {
            if let Some(partner) = lists.to_b.get(index).copied().flatten() {
                lists.part((index, partner));
            }
        }
        for pair in assign(pairing, lists, &a, &b, false) {
            lists.pair(pair);
        }
    }
}

/// Pairs what is left over of the same name at other places of the level.
pub(super) fn pair_left(pairing: &Pairing, lists: &mut Lists) {
    let (left_a, left_b) = lists.left();
    if left_a.is_empty() || left_b.is_empty() {
        return;
    }
    let mut here: FxHashMap<u64, (Vec<usize>, Vec<usize>, bool)> = FxHashMap::default();
    for &a in left_a.iter().filter(|&&a| pairing.free_a(lists.step_a(a))) {
        here.entry(at(&pairing.a.label, lists.step_a(a))).or_default().0.push(a);
    }
    for &b in left_b.iter().filter(|&&b| pairing.free_b(lists.step_b(b))) {
        if let Some(group) = here.get_mut(&at(&pairing.b.label, lists.step_b(b))) {
            group.1.push(b);
        }
    }
    here.retain(|_, group| !group.1.is_empty());
    if here.is_empty() {
        return;
    }
    for (a, _) in lists.pairs() {
        if let Some(group) = here.get_mut(&at(&pairing.a.label, lists.step_a(a))) {
            group.2 = true;
        }
    }
    for (a, b, has_pairs) in here.into_values() {
        for pair in assign(pairing, lists, &a, &b, has_pairs) {
            lists.pair(pair);
        }
    }
}

/// Partners among steps of one label, at given positions. When `close`, only the same and those that are much alike.
fn assign(pairing: &Pairing, lists: &Lists, a: &[usize], b: &[usize], close: bool) -> Vec<At> {
    let mut pairs: Vec<At> = Vec::new();
    let (mut free_a, mut free_b): (Vec<usize>, Vec<usize>) = (a.to_vec(), b.to_vec());
    for tier in 0..2 {
        let token = |tree: &Tree, step: u32| if tier == 0 { at(&tree.whole, step) } else { tree.given(step) };
        let mut places: FxHashMap<u64, (Vec<usize>, usize)> = FxHashMap::default();
        for &b in &free_b {
            places.entry(token(&pairing.b, lists.step_b(b))).or_default().0.push(b);
        }
        for &a in &free_a {
            let token = token(&pairing.a, lists.step_a(a));
            if token != 0
                && let Some((places, next)) = places.get_mut(&token)
                && let Some(&b) = places.get(*next)
                && pairing.may(lists.step_a(a), lists.step_b(b))
            {
                *next += 1;
                pairs.push((a, b));
            }
        }
        strike(&mut free_a, &mut free_b, &pairs);
    }
    let mut likely: Vec<(u32, At)> = candidates(pairing, lists, &free_a, &free_b)
        .into_iter()
        .map(|(a, b)| (pairing.score(lists.step_a(a), lists.step_b(b)), (a, b)))
        .filter(|&(score, (a, b))| {
            let (a, b) = (lists.step_a(a), lists.step_b(b));
            score > 0 && (!close || pairing.words(a, b) >= CLOSE || pairing.below(a, b) > CLOSE)
        })
        .collect();
    likely.order_by(|x, y| y.0.cmp(&x.0).then(x.1.cmp(&y.1)));
    let (mut taken_a, mut taken_b) = (rustc_hash::FxHashSet::default(), rustc_hash::FxHashSet::default());
    for (_, (a, b)) in likely {
        if !taken_a.contains(&a) && !taken_b.contains(&b) {
            taken_a.insert(a);
            taken_b.insert(b);
            pairs.push((a, b));
        }
    }
    if !close {
        strike(&mut free_a, &mut free_b, &pairs);
        let rest = free_a.iter().copied().zip(free_b.iter().copied());
        pairs.extend(rest.filter(|&(a, b)| pairing.may(lists.step_a(a), lists.step_b(b))));
    }
    pairs
}

/// Takes what is paired out of two lists.
fn strike(a: &mut Vec<usize>, b: &mut Vec<usize>, pairs: &[At]) {
    let gone_a: rustc_hash::FxHashSet<usize> = pairs.iter().map(|pair| pair.0).collect();
    let gone_b: rustc_hash::FxHashSet<usize> = pairs.iter().map(|pair| pair.1).collect();
    a.retain(|index| !gone_a.contains(index));
    b.retain(|index| !gone_b.contains(index));
}

/// Pairs worth a look: all of few; of many, those that share a word few others have.
fn candidates(pairing: &Pairing, lists: &Lists, a: &[usize], b: &[usize]) -> Vec<At> {
    if a.len().saturating_mul(b.len()) <= EACH {
        return a.iter().flat_map(|&a| b.iter().map(move |&b| (a, b))).collect();
    }
    let words = |tree: &Tree, step: u32| {
        let (input, below) = (at(&tree.side.input, step).words, at(&tree.below, step));
        input.into_iter().chain(below).filter(|&word| word != 0)
    };
    let mut places: FxHashMap<u32, Vec<usize>> = FxHashMap::default();
    for &b in b {
        for word in words(&pairing.b, lists.step_b(b)) {
            let places = places.entry(word).or_default();
            if places.len() <= RARE {
                places.push(b);
            }
        }
    }
    let mut pairs: Vec<At> = Vec::new();
    for &a in a {
        for word in words(&pairing.a, lists.step_a(a)) {
            if let Some(places) = places.get(&word).filter(|places| places.len() <= RARE) {
                pairs.extend(places.iter().map(|&b| (a, b)));
            }
        }
    }
    pairs.order();
    pairs.dedup();
    pairs
}
