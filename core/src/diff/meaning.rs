//! What a value comes to when noise is left out: one number to compare, and a sketch of its words.
//!
//! One pass over the text. Two values have the same hash exactly when [`super::value`] finds no difference between them
//! that is not noise, up to collisions: both take their hashes from [`fold`], which knows containers, and [`leaf`],
//! which knows strings and numbers.

pub(crate) mod fold;
pub(crate) mod leaf;
mod stream;

use super::rules::Rules;

/// What a value comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Meaning {
    /// Equal for values that differ in noise and the order of keys alone; 0 where there is no value.
    pub hash: u64,
    /// The least hashes of its words, ascending, without repeats; 0 where it has fewer words. The share of numbers that
    /// two sketches have in common is about the share of words that the texts have in common.
    pub words: [u32; 8],
}

/// What is left aside when values are compared.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Ids, times and lengths of time count like everything else.
    pub noise: bool,
    /// What the user said means nothing.
    pub rules: Rules,
}

/// Most strings within each other that are read as JSON; what lies deeper is text.
pub(crate) const NESTED: u32 = 8;
/// Most containers within each other; what goes deeper is text.
pub(crate) const DEEPEST: usize = 200_000;

/// What a value comes to, given as [`crate::view::value::read`] reads it or as it stands in a file: an object or array
/// is JSON when it is whole and sound; a string in quotes is a text; everything else is a text as it stands.
pub fn of_json(text: &str, options: &Options) -> Meaning {
    let trimmed = text.trim_ascii();
    if trimmed.starts_with('"')
        && let Ok(crate::json::Scalar::Str(string)) = crate::json::Lexer::new(trimmed.as_bytes()).scalar()
        && string.end() == trimmed.len()
    {
        return of_text(&string.text(), options);
    }
    let mut fold = fold::Fold::new(options, true);
    match stream::json(&mut fold, text, options.rules.start(), NESTED) {
        Some(sums) => fold.meaning(sums),
        None => of_text(text, options),
    }
}

/// What a plain text comes to.
pub fn of_text(text: &str, options: &Options) -> Meaning {
    let mut fold = fold::Fold::new(options, true);
    let leaf = fold.text(text.as_bytes(), super::noise::Key::default());
    fold.meaning(leaf.sums())
}

#[cfg(test)]
mod tests;
