//! Documents, their runs and pipelines as faces see them, and how far the opening of a file has come.

use super::{EngineId, SheetSummary};
use crate::model::{Diagnostic, HistoryPart, Nanos, Usage};
use serde::{Deserialize, Serialize};

/// A document as faces see it. Its JSON is also what `chaindebug open --json` prints.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DocumentView {
    /// Its index in the session, as requests name it. Closing another document does not change it.
    #[serde(default)]
    pub document: u32,
    /// Name of the file, or of the first of several.
    pub file: String,
    /// All files, when several make up the document.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
    /// Format id, e.g. `otlp-json`; empty when nothing could be read.
    pub format: String,
    /// Format for people, e.g. `OTLP JSON Lines`.
    pub label: String,
    /// Attribute dialects, the most used first.
    pub dialects: Vec<String>,
    /// One sentence: what it was read as and why, and what to know about it.
    pub explanation: String,
    /// What was made of each file, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verdicts: Vec<FileVerdict>,
    /// Ids of what the files are parts of, where that is no run's id; see `session::belongs`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wholes: Vec<String>,
    /// Parts of histories that are not whole, as pages are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<HistoryPart>,
    /// Bytes as read, after unpacking.
    pub bytes: u64,
    /// Runs.
    pub runs: Vec<RunView>,
    /// How many more there are, where fewer were asked for.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub more_runs: u32,
    /// Pipelines.
    pub pipelines: Vec<PipelineView>,
    /// Tables that are neither runs nor pipelines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sheets: Vec<SheetSummary>,
    /// Scenarios in it: its text, read with [`Request::ReadScenarios`](super::Request::ReadScenarios), belongs to a pipeline that is open.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub scenarios: u32,
    /// Whether it is the record of a dry run, and so no file.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
    /// What was found.
    pub diagnostics: Vec<Diagnostic>,
}

/// Serde hands over a reference.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// A run as faces see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunView {
    /// Index over the session.
    pub run: u32,
    /// Id as the format spells it.
    pub id: String,
    /// Name.
    pub name: String,
    /// Number of steps.
    pub steps: u32,
    /// Steps that claim no parent.
    pub roots: u32,
    /// Steps whose parent is not in the document.
    pub orphans: u32,
    /// Steps with status error.
    pub errors: u32,
    /// Start as RFC 3339, when the file has times.
    pub start: Option<String>,
    /// From first start to last end, in nanoseconds: an exact integer.
    pub duration_ns: Option<i64>,
    /// Sum, each token counted once.
    pub usage: Usage,
    /// Number of moments.
    pub moments: u32,
    /// Whether any step holds messages.
    pub messages: bool,
    /// Pipeline of the session this run followed, also one of another document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pipeline: Option<u32>,
    /// Why it is that pipeline, in a sentence; else empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub pipeline_reason: String,
}

/// A pipeline as faces see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PipelineView {
    /// Index over the session.
    pub pipeline: u32,
    /// Name.
    pub name: String,
    /// Dialect id.
    pub dialect: String,
    /// Nodes the file declares.
    pub nodes: u32,
    /// Edges the file declares.
    pub edges: u32,
    /// Description, else empty.
    pub description: String,
    /// Engines that can be simulated for it; none for other dialects.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub engines: Vec<EngineId>,
}

/// What was made of a file, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileVerdict {
    /// Name of the file.
    pub file: String,
    /// Format id; empty when nothing could be read.
    pub format: String,
    /// Format for people.
    pub label: String,
    /// The signs it was told by, as the end of a sentence: `it has …`.
    pub because: String,
    /// Whether a person said what it is.
    #[serde(default)]
    pub asked: bool,
    /// What was done before it could be read: unpacked, recoded, turned into JSON. Sentences.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prepared: Vec<String>,
    /// What was damaged and how it was repaired or left out. Sentences.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repaired: Vec<String>,
    /// What was not understood, counted. Sentences.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_understood: Vec<String>,
    /// Other formats whose signs were found too; the file can be read as one of them instead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<FormatView>,
}

/// A format that is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormatView {
    /// Its id, as [`DocumentView::format`] has it.
    pub id: String,
    /// Its name for people.
    pub name: String,
}

/// How far the opening of a file has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Progress {
    /// Name of the file.
    pub file: String,
    /// Bytes read.
    pub read: u64,
    /// Bytes in all.
    pub bytes: u64,
    /// Steps found so far.
    pub steps: u64,
    /// What it is read as, once known.
    pub label: String,
    /// The first steps found, so that something true can be shown before the end.
    pub first: Vec<PreviewStep>,
    /// The index of the document, when it is ready.
    pub document: Option<u32>,
    /// Whether the engine that reads traces could make nothing of the file: the full engine is to be asked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub elsewhere: bool,
}

/// A step as it was found, before the tree is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PreviewStep {
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: crate::model::Kind,
    /// Status.
    pub status: crate::model::Status,
    /// Duration.
    pub duration: Option<Nanos>,
}
