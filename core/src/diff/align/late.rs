//! Steps that stand elsewhere: what is left in both runs, anywhere, and is the same with all below it, or the same step
//! with the same input, or of one name that both runs have once. Only what is rare is found again: of a hundred equal
//! log lines, none moved. And what is around such steps, where nothing else told that it is the same.

use super::level::level;
use super::pairing::Pairing;
use super::tree::{Tree, at};
use super::{Level, Why};
use rustc_hash::FxHashMap;

/// How often something may occur in a run and still be recognised elsewhere.
const RARE: u32 = 3;
/// New pairs leave others alone on both sides; after so many rounds it is enough.
const ROUNDS: usize = 3;
/// How much of the input, or of what is below, must be the same for a name alone, in eighths.
const CLOSE: u32 = 4;

/// Aligns all levels that wait.
pub(super) fn settle(pairing: &mut Pairing) {
    while let Some(next) = pairing.next_level() {
        let Level { a, b, .. } = &next;
        if !a.is_empty() && !b.is_empty() {
            level(pairing, next);
        }
    }
}

/// Pairs what moved.
pub(super) fn elsewhere(pairing: &mut Pairing) {
    for _ in 0..ROUNDS {
        let mut found = false;
        for tier in [Tier::Whole, Tier::Given, Tier::Name] {
            found |= pair_rare(pairing, tier);
        }
        if !found {
            return;
        }
    }
}

/// Pairs what is around pairs: two steps of one kind at one place, alone by their names, that hold the same steps at
/// least by half.
pub(super) fn around(pairing: &mut Pairing) {
    // For each step of A alone, the step of B alone that holds partners of its children, and how many.
    let mut holds: FxHashMap<u32, (u32, usize)> = FxHashMap::default();
    for a in (0..pairing.a.len).rev() {
        if let Some(&(b, count)) = holds.get(&a) {
            let most = pairing.a.settled(Some(a)).len().max(pairing.b.settled(Some(b)).len());
            let place = match (pairing.a.parent(a), pairing.b.parent(b)) {
                (None, None) => true,
                (Some(of_a), Some(of_b)) => pairing.partner(of_a) == Some(of_b),
                _ => false,
            };
            let kind = at(&pairing.a.side.kind, a) == at(&pairing.b.side.kind, b);
            if place && kind && count * 2 >= most && pairing.may(a, b) {
                pairing.take(a, b, Why::Renamed);
                settle(pairing);
            }
        }
        let Some(b) = pairing.partner(a) else { continue };
        let (Some(a), Some(b)) = (pairing.a.parent(a), pairing.b.parent(b)) else { continue };
        if pairing.free_a(a) && pairing.free_b(b) {
            let held = holds.entry(a).or_insert((b, 0));
            held.1 += usize::from(held.0 == b);
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tier {
    Whole,
    Given,
    Name,
}

impl Tier {
    fn token(self, tree: &Tree, step: u32) -> u64 {
        match self {
            Tier::Whole => at(&tree.whole, step),
            Tier::Given => tree.given(step),
            Tier::Name => at(&tree.label, step),
        }
    }

    /// How often a step's token may be in a run.
    fn limit(self, tree: &Tree, step: u32) -> u32 {
        match self {
            Tier::Whole | Tier::Given if tree.tells(step) => RARE,
            _ => 1,
        }
    }
}

/// Where a token is: how often in each run, and which of them are left.
#[derive(Default)]
struct Places {
    a: u32,
    b: u32,
    left_a: Vec<u32>,
    left_b: Vec<u32>,
}

fn pair_rare(pairing: &mut Pairing, tier: Tier) -> bool {
    let left: Vec<u32> = (0..pairing.a.len).filter(|&step| pairing.free_a(step)).collect();
    if left.is_empty() || (0..pairing.b.len).all(|step| !pairing.free_b(step)) {
        return false;
    }
    let mut places: FxHashMap<u64, Places> = FxHashMap::default();
    for &step in &left {
        let token = tier.token(&pairing.a, step);
        if token != 0 {
            places.entry(token).or_default();
        }
    }
    for step in 0..pairing.a.len {
        if let Some(places) = places.get_mut(&tier.token(&pairing.a, step)) {
            places.a += 1;
            if pairing.free_a(step) && places.a <= RARE {
                places.left_a.push(step);
            }
        }
    }
    for step in 0..pairing.b.len {
        if let Some(places) = places.get_mut(&tier.token(&pairing.b, step)) {
            places.b += 1;
            if pairing.free_b(step) && places.b <= RARE {
                places.left_b.push(step);
            }
        }
    }
    let mut found = false;
    // In tree order, so that what is around something is found before it.
    for step in left {
        let Some(places) = places.get(&tier.token(&pairing.a, step)) else { continue };
        let limit = tier.limit(&pairing.a, step);
        if places.a > limit || places.b > limit || places.left_a.len() != places.left_b.len() {
            continue;
        }
        let place = places.left_a.iter().position(|&other| other == step);
        let Some(&partner) = place.and_then(|place| places.left_b.get(place)) else { continue };
        let close = tier != Tier::Name
            || pairing.words(step, partner) >= CLOSE
            || pairing.same_input(step, partner)
            || pairing.below(step, partner) >= CLOSE;
        if close && pairing.may(step, partner) {
            pairing.take(step, partner, Why::Elsewhere);
            settle(pairing);
            found = true;
        }
    }
    found
}
