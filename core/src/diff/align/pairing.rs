//! The pairs made so far, and what is still to be looked at. How alike two steps are is told here; which of them become
//! pairs is decided by `level` (among the steps below a pair) and `late` (anywhere).

use super::tree::{Tree, alike, at};
use super::{ByHand, Why};
use rustc_hash::FxHashSet;

/// Stands for no step.
pub(super) const NONE: u32 = u32::MAX;

/// Steps of each run of which some may answer each other: as a rule the children of a pair.
#[derive(Default)]
pub(super) struct Level {
    pub(super) a: Vec<u32>,
    pub(super) b: Vec<u32>,
    /// The two lists stand below different steps.
    pub(super) apart: bool,
}

/// Two runs and the pairs between them.
pub(super) struct Pairing<'a> {
    pub(super) a: Tree<'a>,
    pub(super) b: Tree<'a>,
    /// For each step of A its step of B or [`NONE`].
    pub(super) to_b: Vec<u32>,
    /// For each step of B its step of A or [`NONE`].
    pub(super) to_a: Vec<u32>,
    /// For each step of A why it has the partner it has.
    pub(super) why: Vec<Why>,
    /// Pairs that are not to be.
    pub(super) broken: FxHashSet<(u32, u32)>,
    /// Steps in whose subtree something is done by hand: those are never paired whole.
    by_hand_a: Vec<bool>,
    by_hand_b: Vec<bool>,
    /// All labels of each run.
    pub(super) labels_a: FxHashSet<u64>,
    pub(super) labels_b: FxHashSet<u64>,
    /// Labels of A that are another label in B, as far as it has been seen.
    pub(super) renamed: FxHashSet<(u64, u64)>,
    /// What is still to be looked at.
    levels: Vec<Level>,
}

impl<'a> Pairing<'a> {
    /// Begins with the pairs made by hand. Those that name a step that is not there, or one that has a partner already,
    /// are left out.
    pub(super) fn new(a: Tree<'a>, b: Tree<'a>, by_hand: &ByHand) -> Self {
        let exists = |pair: &&(u32, u32)| pair.0 < a.len && pair.1 < b.len;
        let broken: FxHashSet<_> = by_hand.breaks.iter().filter(exists).copied().collect();
        let mut touched: Vec<(u32, u32)> = broken.iter().copied().collect();
        touched.extend(by_hand.pins.iter().filter(exists).copied());
        let by_hand_a = with_around(&a, touched.iter().map(|pair| pair.0));
        let by_hand_b = with_around(&b, touched.iter().map(|pair| pair.1));
        let mut pairing = Pairing {
            to_b: vec![NONE; a.len as usize],
            to_a: vec![NONE; b.len as usize],
            why: vec![Why::Alone; a.len as usize],
            labels_a: a.label.iter().copied().collect(),
            labels_b: b.label.iter().copied().collect(),
            broken,
            by_hand_a,
            by_hand_b,
            renamed: FxHashSet::default(),
            levels: Vec::new(),
            a,
            b,
        };
        let top = Level { a: pairing.a.settled(None).to_vec(), b: pairing.b.settled(None).to_vec(), apart: false };
        for &(a, b) in &by_hand.pins {
            // A pair that is both wanted and not wanted is wanted: a pin is the stronger word.
            pairing.broken.remove(&(a, b));
            pairing.take(a, b, Why::Pinned);
        }
        pairing.levels.push(top);
        pairing
    }

    pub(super) fn next_level(&mut self) -> Option<Level> {
        self.levels.pop()
    }

    pub(super) fn look_at(&mut self, level: Level) {
        self.levels.push(level);
    }

    pub(super) fn free_a(&self, a: u32) -> bool {
        self.to_b.get(a as usize) == Some(&NONE)
    }

    pub(super) fn free_b(&self, b: u32) -> bool {
        self.to_a.get(b as usize) == Some(&NONE)
    }

    /// The partner of a step of A.
    pub(super) fn partner(&self, a: u32) -> Option<u32> {
        self.to_b.get(a as usize).copied().filter(|&b| b != NONE)
    }

    /// Whether the two may become a pair.
    pub(super) fn may(&self, a: u32, b: u32) -> bool {
        self.free_a(a) && self.free_b(b) && !self.broken.contains(&(a, b))
    }

    /// Makes a pair, if both are free. What is below it is paired at once where it is the same, else looked at later.
    pub(super) fn take(&mut self, a: u32, b: u32, why: Why) {
        if !self.may(a, b) {
            return;
        }
        self.set(a, b, why);
        if !self.same_below(a, b) {
            self.look_below(a, b);
            return;
        }
        let mut open = vec![(a, b)];
        while let Some((a, b)) = open.pop() {
            let (below_a, below_b) = (self.a.settled(Some(a)), self.b.settled(Some(b)));
            let free = |pair: (&u32, &u32)| self.free_a(*pair.0) && self.free_b(*pair.1);
            if below_a.len() != below_b.len() || !below_a.iter().zip(below_b).all(free) {
                self.look_below(a, b);
                continue;
            }
            let from = open.len();
            open.extend(below_a.iter().copied().zip(below_b.iter().copied()));
            for index in from..open.len() {
                if let Some(&(a, b)) = open.get(index) {
                    self.set(a, b, Why::Equal);
                }
            }
        }
    }

    fn set(&mut self, a: u32, b: u32, why: Why) {
        if let (Some(to_b), Some(to_a), Some(slot)) =
            (self.to_b.get_mut(a as usize), self.to_a.get_mut(b as usize), self.why.get_mut(a as usize))
        {
            (*to_b, *to_a, *slot) = (b, a, why);
        }
    }

    fn look_below(&mut self, a: u32, b: u32) {
        let (a, b) = (self.a.settled(Some(a)), self.b.settled(Some(b)));
        if !a.is_empty() && !b.is_empty() {
            self.levels.push(Level { a: a.to_vec(), b: b.to_vec(), apart: false });
        }
    }

    fn same_below(&self, a: u32, b: u32) -> bool {
        let by_hand = |column: &[bool], step| at(column, step);
        self.equal(a, b) && !by_hand(&self.by_hand_a, a) && !by_hand(&self.by_hand_b, b)
    }

    /// Whether the two and all below them are the same.
    pub(super) fn equal(&self, a: u32, b: u32) -> bool {
        at(&self.a.whole, a) == at(&self.b.whole, b)
    }

    pub(super) fn same_input(&self, a: u32, b: u32) -> bool {
        let input = at(&self.a.side.input, a).hash;
        input != 0 && input == at(&self.b.side.input, b).hash
    }

    pub(super) fn same_output(&self, a: u32, b: u32) -> bool {
        let output = at(&self.a.side.output, a).hash;
        output != 0 && output == at(&self.b.side.output, b).hash
    }

    /// How many words the inputs have in common, in eighths.
    pub(super) fn words(&self, a: u32, b: u32) -> u32 {
        alike(&at(&self.a.side.input, a).words, &at(&self.b.side.input, b).words)
    }

    /// How alike what is below them is, in eighths.
    pub(super) fn below(&self, a: u32, b: u32) -> u32 {
        alike(&at(&self.a.below, a), &at(&self.b.below, b))
    }

    /// How well a step of A and one of B with the same label answer each other; 0 when they must not.
    pub(super) fn score(&self, a: u32, b: u32) -> u32 {
        if at(&self.a.label, a) != at(&self.b.label, b) || !self.may(a, b) {
            return 0;
        }
        // A pair at all weighs more than what speaks for one or the other, except for the very same input.
        let mut score = 10;
        score += if self.same_input(a, b) { 14 } else { self.words(a, b) };
        score += 3 * u32::from(self.same_output(a, b));
        score += 2 * u32::from(at(&self.a.side.status, a) == at(&self.b.side.status, b));
        score += 2 * u32::from(at(&self.a.exact, a) == at(&self.b.exact, b));
        score += 3 * u32::from(self.equal(a, b));
        score + self.below(a, b) / 2
    }

    /// What speaks for a pair at its place.
    pub(super) fn why_here(&self, a: u32, b: u32) -> Why {
        if self.equal(a, b) {
            Why::Equal
        } else if self.same_input(a, b) {
            Why::Input
        } else if self.words(a, b) > 0 {
            Why::Words
        } else {
            Why::Place
        }
    }
}

/// The given steps and all around them.
fn with_around(tree: &Tree, steps: impl Iterator<Item = u32>) -> Vec<bool> {
    let mut marked = vec![false; tree.len as usize];
    for step in steps {
        let mut next = Some(step);
        while let Some(slot) = next.and_then(|step| marked.get_mut(step as usize)).filter(|slot| !**slot) {
            *slot = true;
            next = next.and_then(|step| tree.parent(step));
        }
    }
    marked
}
