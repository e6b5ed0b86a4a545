//! Two definitions laid on each other: what was changed, and what that does.

use super::dry_run::{RunEnd, RunError};
use crate::protocol::{Both, Sign};
use serde::{Deserialize, Serialize};

/// Two definitions laid on each other. A is the one before, B the one after.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PipelineComparison {
    /// Pipeline A.
    pub a: u32,
    /// Pipeline B.
    pub b: u32,
    /// In one sentence, what changed and what it does.
    pub verdict: String,
    /// Whether nothing that means anything was changed.
    pub same: bool,
    /// What was changed, in the order of B; what only A has comes last.
    pub changes: Vec<PipelineChange>,
    /// What is written differently and means the same, a sentence each.
    pub spelling: Vec<String>,
    /// What each scenario does on both; empty when none were given.
    pub effects: Vec<ScenarioEffect>,
    /// Said in place: why no scenario was run, what could not be compared; else empty.
    pub note: String,
}

/// What part of a definition a change is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // Their own names.
pub enum PipelinePart {
    /// The pipeline as a whole: name, version, limits, schemas.
    #[default]
    Pipeline,
    Parameter,
    Step,
    Edge,
}

impl PipelinePart {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            PipelinePart::Pipeline => "pipeline",
            PipelinePart::Parameter => "parameter",
            PipelinePart::Step => "step",
            PipelinePart::Edge => "edge",
        }
    }
}

/// One change of a definition.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PipelineChange {
    /// What it is about.
    pub part: PipelinePart,
    /// Added, removed or changed.
    pub sign: Sign,
    /// Id of the step, ends of the edge (`decide → refund`), name of the parameter; empty for the pipeline.
    pub name: String,
    /// The same in A, where it is called otherwise there; else empty.
    pub name_a: String,
    /// What was changed, in words: "condition: `score > 0.5` → `score > 0.7`".
    pub what: String,
    /// Values that differ: path within the part, JSON or words of A and of B.
    pub values: Vec<(String, Both<String>)>,
    /// Key of its box in the flowchart of A, for steps.
    pub node_a: Option<u32>,
    /// Key of its box in the flowchart of B, for steps.
    pub node_b: Option<u32>,
}

/// One scenario on both definitions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ScenarioEffect {
    /// Its name.
    pub name: String,
    /// Whether it goes the same way, ends the same and gives the same.
    pub same: bool,
    /// In one sentence, where it goes another way or what else comes out.
    pub said: String,
    /// How it ends; `None` where the definition cannot be run.
    pub status: Both<RunEnd>,
    /// The steps entered on A, in order.
    pub entered_a: Vec<String>,
    /// The steps entered on B, in order.
    pub entered_b: Vec<String>,
    /// Position in both lists from which on they differ; `None` when the way is the same.
    pub parted: Option<u32>,
    /// JSON text of the outputs, where they differ.
    pub output: Both<String>,
    /// The errors.
    pub error: Both<RunError>,
}
