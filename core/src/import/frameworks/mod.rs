//! Dumps of agent frameworks: what a program writes when it saves its memory, its messages or its state.

pub mod autogen;
pub mod crewai;
pub mod dspy;
pub mod haystack;
pub mod llama_index;
pub mod pydantic_ai;
pub mod smolagents;
mod so_far;
#[cfg(test)]
mod tests;

use crate::import::Format;

/// The formats, most specific first.
pub const FORMATS: &[Format] = &[
    smolagents::FORMAT,
    autogen::FORMAT,
    crewai::FORMAT,
    pydantic_ai::FORMAT,
    haystack::FORMAT,
    dspy::FORMAT,
    llama_index::FORMAT,
];

/// A text of each, for the tests that damage them.
#[cfg(test)]
pub(super) const FIXTURES: &[&str] = &[
    include_str!("fixtures/smolagents.json"),
    include_str!("fixtures/autogen.json"),
    include_str!("fixtures/autogen_state.json"),
    include_str!("fixtures/pydantic_ai.json"),
    include_str!("fixtures/haystack.json"),
    include_str!("fixtures/dspy.json"),
    include_str!("fixtures/llama_index.json"),
    include_str!("fixtures/crewai.json"),
    include_str!("fixtures/crewai_log.json"),
];
