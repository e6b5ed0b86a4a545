//! What a file, or several files that belong together, turned into.

use super::{Diagnostic, Interner, Nanos, Pipeline, Sheet, StepIx, Steps, Sym, Usage};
use serde::{Deserialize, Serialize};

/// One execution.
#[derive(Debug)]
pub struct Run {
    /// Id as the format spells it: the trace id, the execution id.
    pub id: Sym,
    /// What a person would call it: the root's name, the pipeline's name.
    pub name: String,
    /// The steps in tree order.
    pub steps: Steps,
    /// Steps without a parent that the file does not claim to have one.
    pub roots: u32,
    /// Steps whose parent is not in the document.
    pub orphans: u32,
    /// Steps with status error.
    pub errors: u32,
    /// Earliest start, absurd times left out.
    pub start: Option<Nanos>,
    /// Latest end (or start, where that is later), absurd times left out.
    pub end: Option<Nanos>,
    /// Sum over the steps, each token counted once.
    pub usage: Usage,
    /// All moments in order: step in tree order and whether it is the exit.
    pub moments: Vec<(StepIx, bool)>,
    /// Position in `moments` of each step's enter.
    pub enter: Vec<u32>,
    /// Position in `moments` of each step's exit.
    pub exit: Vec<u32>,
    /// The pipeline of the document that the run's own file says it followed. Which pipeline of the session it followed
    /// is found over all documents: `session::overlays`.
    pub pipeline: Option<u32>,
    /// What the run's file says of the definition it was made from, where that is not in it.
    pub origin: Option<Box<Origin>>,
    /// Its steps do not follow each other: the file holds data of some steps of a pipeline, and no run.
    pub apart: bool,
}

/// What a run says of its definition: which pipelines cannot be it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The dialect of that definition.
    pub dialect: &'static str,
    /// Its names, as far as the file tells them.
    pub names: Vec<String>,
    /// Names of the parts of it that ran.
    pub parts: Vec<String>,
}

/// A file as it was opened.
#[derive(Clone, Debug)]
pub struct FileInfo {
    /// Name as given; empty for pasted text.
    pub name: String,
    /// Bytes as read, after unpacking.
    pub bytes: u64,
    /// Format id, e.g. `otlp-json`.
    pub format: &'static str,
    /// Format name for people, e.g. `OTLP JSON Lines`.
    pub label: String,
    /// Why it was read as that.
    pub because: String,
    /// Other formats whose signs were found too: ids and names.
    pub also: Vec<(&'static str, &'static str)>,
    /// Whether a person said what it is.
    pub asked: bool,
}

/// A part of a history whose events are numbered: a page of it, or several that follow each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryPart {
    /// Number of its first event.
    pub first: u64,
    /// Number of its last.
    pub last: u64,
    /// Whether the history begins in it.
    pub begins: bool,
    /// Whether the history ends in it.
    pub ends: bool,
    /// Time of its first event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Nanos>,
    /// Time of its last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Nanos>,
}

/// One or more runs and pipelines, with what is to be said about them.
#[derive(Debug, Default)]
pub struct Document {
    /// The files it was read from.
    pub files: Vec<FileInfo>,
    /// Names and ids of all steps.
    pub names: Interner,
    /// The runs, in order of their start.
    pub runs: Vec<Run>,
    /// The pipelines.
    pub pipelines: Vec<Pipeline>,
    /// Tables that are neither.
    pub sheets: Vec<Sheet>,
    /// Scenarios: cases to try a pipeline with. They are read from the text when somebody asks.
    pub scenarios: u32,
    /// Attribute dialects met, by name, the most used first.
    pub dialects: Vec<String>,
    /// Number of attributes no dialect understood, by distinct key.
    pub unknown_attributes: u32,
    /// Ids of what the files are parts of (a session, an execution), where that is no run's id: files that share one
    /// belong together.
    pub wholes: Vec<String>,
    /// Parts of histories that are not whole.
    pub parts: Vec<HistoryPart>,
    /// Some of their keys, in the order they were met.
    pub unknown_keys: Vec<Sym>,
    /// What was found, in the order of the files.
    pub diagnostics: Vec<Diagnostic>,
}
