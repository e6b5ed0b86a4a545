//! A run as alignment looks at it: what each step is and what it was given, never its id and never its time of day.

use super::meaning::Meaning;
use crate::model::{Kind, Status};

/// Columns over the steps of one run, in tree order as in `model::Steps`.
#[derive(Clone, Debug, Default)]
pub struct Side {
    /// Parent.
    pub parent: Vec<Option<u32>>,
    /// First step after the subtree.
    pub after: Vec<u32>,
    /// Kind.
    pub kind: Vec<Kind>,
    /// Name.
    pub name: Vec<String>,
    /// Status.
    pub status: Vec<Status>,
    /// What went in.
    pub input: Vec<Meaning>,
    /// What came out: the output, else the error.
    pub output: Vec<Meaning>,
    /// Position of the enter among the moments of the run: steps of which neither ended before the other began ran at
    /// once.
    pub enter: Vec<u32>,
    /// Position of the exit.
    pub exit: Vec<u32>,
}
