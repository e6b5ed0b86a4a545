//! What a value comes to when noise is left out: one number to compare, and a sketch of its words.

/// What a value comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Meaning {
    /// Equal for values that differ in noise and the order of keys alone; 0 where there is no value.
    pub hash: u64,
    /// The least hashes of its words, ascending, without repeats; 0 where it has fewer words. The share of numbers that
    /// two sketches have in common is about the share of words that the texts have in common.
    pub words: [u32; 8],
}
