//! Which step of A answers which step of B.

use super::side::Side;

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
    /// Another name, with the kind and the place, and with the input or what is below them.
    Renamed,
    /// The same name and kind elsewhere, with the same input or the same below them.
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
pub fn align(a: &Side, b: &Side, by_hand: &ByHand) -> Vec<Item> {
    let _ = (a, b, by_hand);
    Vec::new()
}
