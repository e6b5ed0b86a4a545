//! Which step of A answers which step of B.
//!
//! By meaning (name, kind, place, inputs), never by id or time. [`tree`] is one run with what it comes to: labels
//! without ids ([`label`]), one number for each subtree, siblings in an order in which parallel branches have no order.
//! [`pairing`] holds the pairs. Beginning with the two runs as a whole, [`level`] pairs the steps below each pair: in
//! order by [`chain`], branches that ran at once and what is left over by [`fan`], what has one step more around it by
//! [`wrap`], what has another name by [`other`]. Then [`late`] looks for what stands elsewhere, and [`merge`] lays the
//! two trees on each other. Nothing takes more than about n log n: each search has a bound.

mod chain;
mod fan;
mod label;
mod late;
mod level;
mod merge;
mod other;
mod pairing;
mod tree;
mod wrap;

#[cfg(test)]
mod by_hand_tests;
#[cfg(test)]
mod notation;
#[cfg(test)]
mod property_tests;
#[cfg(test)]
mod speed_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod truth_tests;

use super::side::Side;
use pairing::{Level, Pairing};
use tree::Tree;

/// Why two steps were paired, or why one stands alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Why {
    /// The same name, kind and place, with the same input and the same output, and so is all below them.
    Equal,
    /// The same name, kind and place, and the same input.
    Input,
    /// The same name, kind and place, and an input that has words in common.
    Words,
    /// The same name, kind and place.
    #[default]
    Place,
    /// The same name and place, and another kind.
    Kind,
    /// Another name at the same place, with about the same input or output, or about the same below them.
    Renamed,
    /// The same name and kind elsewhere, with about the same input or about the same below them.
    Elsewhere,
    /// By hand.
    Pinned,
    /// Alone: the other run has nothing like it.
    Alone,
    /// Alone: one round or one try more of a step that both runs have here.
    Repeated,
    /// Alone, because its pair was undone by hand.
    Broken,
}

/// A pair, or a step that stands alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// Step of A.
    pub a: Option<u32>,
    /// Step of B.
    pub b: Option<u32>,
    /// The item around it.
    pub parent: Option<u32>,
    /// First item after those below it.
    pub after: u32,
    /// Number of items around it.
    pub depth: u32,
    /// Why.
    pub why: Why,
    /// Stands at another place among its siblings, or below another step.
    pub moved: bool,
}

/// Pairs by hand.
#[derive(Clone, Debug, Default)]
pub struct ByHand {
    /// Pairs that are to be.
    pub pins: Vec<(u32, u32)>,
    /// Pairs that are not to be.
    pub breaks: Vec<(u32, u32)>,
}

/// Aligns two runs: items in the order of the two trees laid on each other, each parent before what is below it.
///
/// Each step of A and of B is in exactly one item. The merged tree is B's tree with what only A has hung into it: a pair
/// stands at B's place, and is marked as moved when the steps around its two sides are no pair. Pairs by hand that name
/// a step that does not exist, or one that an earlier pin took, are ignored; a pin is stronger than a break.
pub fn align(a: &Side, b: &Side, by_hand: &ByHand) -> Vec<Item> {
    let mut pairing = Pairing::new(Tree::new(a), Tree::new(b), by_hand);
    late::settle(&mut pairing);
    late::elsewhere(&mut pairing);
    late::around(&mut pairing);
    merge::items(&pairing)
}
