//! What a face shows of a run: rows, table, overview, inspector, conversation, values, source lines.
//!
//! Pure functions of the model and small states (what is open, how it is sorted). Answers are windows, so their cost
//! does not grow with the run. Who asked and which states live how long is the session's business.

pub mod index;
pub mod tree;

use crate::model::{Details, Place};

/// How views get at what is not in the columns.
pub trait Reader {
    /// The bytes at a place; a sentence for a person when they cannot be had.
    fn bytes(&self, place: Place) -> Result<Vec<u8>, String>;
    /// Everything about one step; `run` counts over the session.
    fn details(&self, run: u32, step: u32) -> Result<Details, String>;
}
