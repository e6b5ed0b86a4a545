//! What is wrong with a pipeline: what its own validator says, what we found, and how each reader takes the file.

use super::edit::Fix;
use crate::model::Severity;
use serde::{Deserialize, Serialize};

/// Who reads the file: the three dialects of IA Modules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reader {
    /// The command line's validator.
    Validator,
    /// The raw loader.
    Raw,
    /// The pydantic loader.
    Pydantic,
}

/// One finding about a pipeline: what the engine will really do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable id in kebab-case, documented in `docs/diagnostics.md`.
    pub id: String,
    /// How much it matters.
    pub severity: Severity,
    /// One sentence.
    pub message: String,
    /// JSON path of the place.
    pub path: String,
    /// Line of the place, from 1.
    pub line: u64,
    /// Column of the place in bytes, from 1.
    pub column: u64,
    /// First byte of the place.
    pub start: u64,
    /// After its last byte.
    pub end: u64,
    /// Id of the step it speaks of, else empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub step: String,
    /// JSON path of the edge it speaks of, else empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub edge: String,
    /// Ways to mend it, the best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fixes: Vec<Fix>,
}

/// What the real validator says, word for word.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)] // The validator's own words.
pub struct Validation {
    pub is_valid: bool,
    pub errors: Vec<String>,
    pub warnings: Vec<String>,
    pub info: Vec<String>,
}

/// How one reader takes the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The reader.
    pub reader: Reader,
    /// Whether it takes the file at all.
    pub accepts: bool,
    /// One sentence: what it makes of it, or the error with which it refuses it.
    pub summary: String,
    /// Steps it sees.
    pub steps: u32,
    /// Edges it sees.
    pub edges: u32,
    /// What it leaves out or takes otherwise, a sentence each.
    pub notes: Vec<String>,
}

/// Everything that can be said of a pipeline without running it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingsView {
    /// Our own, the gravest first, then in the order of the text.
    pub findings: Vec<Finding>,
    /// The real validator's.
    pub validation: Validation,
    /// The file as each reader takes it.
    pub readings: Vec<Reading>,
}
