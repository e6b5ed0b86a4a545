//! What holds for any two runs.

use super::notation::{Sketch, side, sound};
use super::{ByHand, Item, Why, align};
use crate::diff::side::Side;
use proptest::prelude::*;

const NAMES: [&str; 6] = ["plan", "decide", "act", "search", "step 7", "answer"];
const TEXTS: [&str; 6] = ["", "one two three", "one two four", "the weather in Paris", "q", "the weather in London"];

/// A step as numbers: depth, name, input, output, whether it failed, whether it ran at once with the one before.
type Seed = (usize, usize, usize, usize, bool, bool);

fn seeds(most: usize) -> impl Strategy<Value = Vec<Seed>> {
    let seed =
        (0usize..4, 0usize..6, 0usize..6, 0usize..3, proptest::bool::weighted(0.1), proptest::bool::weighted(0.3));
    proptest::collection::vec(seed, 0..most)
}

fn grow(seeds: &[Seed]) -> Vec<Sketch> {
    let mut top: Vec<Sketch> = Vec::new();
    for &(depth, name, input, output, error, at_once) in seeds {
        let mut below = &mut top;
        for _ in 0..depth {
            if below.is_empty() {
                break;
            }
            below = &mut below.last_mut().unwrap().below;
        }
        let (input, output) = (TEXTS[input].to_owned(), TEXTS[output].to_owned());
        below.push(Sketch { name: NAMES[name].to_owned(), input, output, error, at_once, ..Sketch::default() });
    }
    top
}

/// The same run with some changes: a step left out, doubled, given another input, moved up or down.
fn changed(seeds: &[Seed], changes: &[(usize, usize)]) -> Vec<Seed> {
    let mut seeds = seeds.to_vec();
    for &(place, change) in changes {
        if seeds.is_empty() {
            break;
        }
        let at = place % seeds.len();
        match change {
            0 => drop(seeds.remove(at)),
            1 => seeds.insert(at, seeds[at]),
            2 => seeds[at].2 = (seeds[at].2 + 1) % TEXTS.len(),
            3 => seeds[at].3 = (seeds[at].3 + 1) % 3,
            4 => seeds[at].4 = !seeds[at].4,
            5 => seeds[at].1 = (seeds[at].1 + 1) % NAMES.len(),
            _ => {
                let seed = seeds.remove(at);
                seeds.insert(place / 7 % (seeds.len() + 1), seed);
            }
        }
    }
    seeds
}

/// Turns the order of each group of steps that ran at once, by a number for each.
fn shuffled(sketches: &[Sketch], salt: &mut u64) -> Vec<Sketch> {
    let mut groups: Vec<Vec<Sketch>> = Vec::new();
    for sketch in sketches {
        let mut sketch = sketch.clone();
        sketch.below = shuffled(&sketch.below, salt);
        match groups.last_mut().filter(|_| sketch.at_once) {
            Some(group) => group.push(sketch),
            None => groups.push(vec![sketch]),
        }
    }
    let mut result = Vec::new();
    for mut group in groups {
        for index in (1..group.len()).rev() {
            *salt = salt.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            group.swap(index, (*salt >> 33) as usize % (index + 1));
        }
        for (index, sketch) in group.iter_mut().enumerate() {
            sketch.at_once = index > 0;
        }
        result.extend(group);
    }
    result
}

fn pairs(items: &[Item]) -> Vec<(u32, u32)> {
    let mut pairs: Vec<_> = items.iter().filter_map(|item| Some((item.a?, item.b?))).collect();
    pairs.sort_unstable();
    pairs
}

/// What the pairs are, whatever the numbers of their steps: name, input and output on both sides.
fn meant(a: &Side, b: &Side, items: &[Item]) -> Vec<String> {
    let step = |side: &Side, step: Option<u32>| {
        step.map(|step| {
            let index = step as usize;
            (side.name[index].clone(), side.input[index].hash, side.output[index].hash, side.status[index])
        })
    };
    let mut meant: Vec<_> =
        items.iter().map(|item| format!("{:?} {:?} {:?}", step(a, item.a), step(b, item.b), item.why)).collect();
    meant.sort_unstable();
    meant
}

proptest! {
    #[test]
    fn a_run_and_itself_are_all_the_same(seeds in seeds(40)) {
        let a = side(&grow(&seeds));
        let items = align(&a, &a, &ByHand::default());
        sound(&a, &a, &items);
        for (index, item) in items.iter().enumerate() {
            prop_assert!(item.a == item.b && item.why == Why::Equal && !item.moved);
            prop_assert_eq!(item.b, Some(index as u32));
        }
    }

    #[test]
    fn each_step_is_in_one_item(a in seeds(30), b in seeds(30), changes in proptest::collection::vec((0usize..999, 0usize..7), 0..8)) {
        for b in [b, changed(&a, &changes)] {
            let (a, b) = (side(&grow(&a)), side(&grow(&b)));
            let items = align(&a, &b, &ByHand::default());
            sound(&a, &b, &items);
            for item in &items {
                prop_assert_eq!(item.a.is_some() && item.b.is_some(), !matches!(item.why, Why::Alone | Why::Repeated));
                prop_assert!(!item.moved || item.a.is_some() && item.b.is_some());
            }
        }
    }

    #[test]
    fn the_order_of_parallel_branches_never_matters(seeds in seeds(30), salt in any::<u64>()) {
        let sketches = grow(&seeds);
        let (a, b) = (side(&sketches), side(&shuffled(&sketches, &mut salt.clone())));
        let items = align(&a, &b, &ByHand::default());
        sound(&a, &b, &items);
        prop_assert!(items.iter().all(|item| item.why == Why::Equal && !item.moved), "{:?}", items);
    }

    #[test]
    fn nor_does_it_for_changed_runs(
        seeds in seeds(30),
        changes in proptest::collection::vec((0usize..999, 0usize..6), 0..4),
        salt in any::<u64>(),
    ) {
        let other = grow(&changed(&seeds, &changes));
        let a = side(&grow(&seeds));
        let (b, c) = (side(&other), side(&shuffled(&other, &mut salt.clone())));
        let (with_b, with_c) = (align(&a, &b, &ByHand::default()), align(&a, &c, &ByHand::default()));
        prop_assert_eq!(meant(&a, &b, &with_b), meant(&a, &c, &with_c));
        prop_assert_eq!(with_b.iter().filter(|item| item.moved).count(), with_c.iter().filter(|item| item.moved).count());
    }

    #[test]
    fn pins_are_pairs_and_breaks_are_none(
        seeds in seeds(30),
        changes in proptest::collection::vec((0usize..999, 0usize..7), 0..4),
        pins in proptest::collection::vec((0u32..30, 0u32..30), 0..4),
        breaks in proptest::collection::vec((0u32..30, 0u32..30), 0..8),
    ) {
        let (a, b) = (side(&grow(&seeds)), side(&grow(&changed(&seeds, &changes))));
        let by_hand = ByHand { pins: pins.clone(), breaks: breaks.clone() };
        let items = align(&a, &b, &by_hand);
        sound(&a, &b, &items);
        let made = pairs(&items);
        let mut wanted: Vec<(u32, u32)> = Vec::new();
        for pin in pins {
            let exists = (pin.0 as usize) < a.parent.len() && (pin.1 as usize) < b.parent.len();
            if exists && wanted.iter().all(|&other| other.0 != pin.0 && other.1 != pin.1) {
                wanted.push(pin);
            }
        }
        for pin in &wanted {
            let pinned = |item: &&Item| item.why == Why::Pinned && (item.a, item.b) == (Some(pin.0), Some(pin.1));
            prop_assert_eq!(items.iter().filter(pinned).count(), 1);
        }
        prop_assert_eq!(items.iter().filter(|item| item.why == Why::Pinned).count(), wanted.len());
        prop_assert!(breaks.iter().all(|pair| wanted.contains(pair) || !made.contains(pair)));
    }
}

/// Not each of many generated pairs of runs must come out the same both ways, but nearly all.
#[test]
fn the_other_way_round_gives_the_same_pairs() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = (seeds(40), proptest::collection::vec((0usize..999, 0usize..7), 0..8));
    let (mut same, mut as_many) = (0, 0);
    for _ in 0..500 {
        let (seeds, changes) = strategy.new_tree(&mut runner).unwrap().current();
        let (a, b) = (side(&grow(&seeds)), side(&grow(&changed(&seeds, &changes))));
        let there = pairs(&align(&a, &b, &ByHand::default()));
        let mut back: Vec<_> = pairs(&align(&b, &a, &ByHand::default())).into_iter().map(|(b, a)| (a, b)).collect();
        back.sort_unstable();
        same += usize::from(there == back);
        as_many += usize::from(there.len() == back.len());
    }
    assert!(same >= 480 && as_many >= 495, "{same} and {as_many} of 500");
}
