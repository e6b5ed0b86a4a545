//! A pipeline run with mocks: what goes in, how it went, and why an edge was taken or not. Recorded runs are decided in
//! the same words.

use super::Target;
use super::edit::Fix;
use super::findings::Finding;
use serde::{Deserialize, Serialize};

/// What stands in for a step's code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum Mock {
    /// A value generated from the declared output schema; `{}` where none is declared.
    #[default]
    Generated,
    /// The same value at each visit.
    Returns {
        /// JSON text.
        value: String,
    },
    /// One value a visit; the last one again when there are more visits.
    Sequence {
        /// JSON texts.
        values: Vec<String>,
    },
    /// An error: `ErrorType: message`.
    Raises {
        /// Type and message.
        error: String,
    },
}

/// The mock of one step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepMock {
    /// Id of the step.
    pub step: String,
    /// What it does.
    #[serde(flatten)]
    pub mock: Mock,
}

/// What a person answers at a pause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// Id of the step that waits.
    pub step: String,
    /// JSON text of the answer.
    pub value: String,
}

/// What a scenario expects; what is `None` or empty is not looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expectation {
    /// How the run ends.
    pub status: Option<RunEnd>,
    /// The steps entered, in order.
    pub entered: Option<Vec<String>>,
    /// JSON text of an object that the output must contain: each key with an equal value.
    pub output: String,
    /// Type of the error, or `Type: message`.
    pub error: String,
}

/// One case to try a pipeline with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scenario {
    /// Name.
    pub name: String,
    /// JSON text of the input; empty for `{}`.
    pub input: String,
    /// Mocks; steps without one are [`Mock::Generated`].
    pub mocks: Vec<StepMock>,
    /// Answers of people, in the order of the pauses.
    pub answers: Vec<Answered>,
    /// What should come out.
    pub expect: Option<Expectation>,
    /// Members of its file that nobody here knows, as JSON text of an object nested as the scenario is; else empty.
    /// Hand it back unchanged and nothing is lost.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub other: String,
}

/// How a simulated run ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunEnd {
    /// At a terminal, or at a step that nothing follows.
    #[default]
    Completed,
    /// Edges leave the last step and none is true. The engine reports success.
    DeadEnd,
    /// A step waits for a person.
    WaitingForHuman,
    /// With an error.
    Failed,
}

impl RunEnd {
    /// What stands under the box of the step a run ended at; the flowchart leaves room for it.
    pub fn words(self) -> &'static str {
        match self {
            RunEnd::Completed => "■ the run ended here",
            RunEnd::DeadEnd => "⊣ dead end, reported as success",
            RunEnd::WaitingForHuman => "‖ waits for a person",
            RunEnd::Failed => "✗ the run failed here",
        }
    }
}

/// An error as the engine raises it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunError {
    /// Its Python type.
    #[serde(rename = "type")]
    pub type_name: String,
    /// Its text.
    pub message: String,
}

/// How often an edge was passed, and how often it was looked at and not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EdgeCount {
    /// JSON path of the edge.
    pub path: String,
    /// Times passed.
    pub taken: u32,
    /// Times looked at and not taken.
    pub refused: u32,
}

/// A dry run. Its steps are a run of the session like any other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Simulation {
    /// What it was run on.
    pub target: Target,
    /// Ids of the steps entered, in order.
    pub entered: Vec<String>,
    /// Ids of the steps the engine recorded as completed.
    pub recorded: Vec<String>,
    /// How it ended.
    pub status: RunEnd,
    /// The step that waits.
    pub waiting_step: Option<String>,
    /// JSON text of the output; `null` after an error.
    pub output: String,
    /// The error.
    pub error: Option<RunError>,
    /// What the simulation itself found: mocks the schema forbids, steps without a mock, lost branches.
    pub findings: Vec<Finding>,
    /// One sentence on how it went.
    pub summary: String,
    /// Edges that were looked at.
    pub edges: Vec<EdgeCount>,
    /// Ids of steps and JSON paths of edges for which this run differs from the one before on this pipeline.
    pub changed: Vec<String>,
    /// Whether the expectation held, when there is one; else why not, a sentence each.
    pub unmet: Option<Vec<String>>,
    /// The run in the session; `None` when the loader refused the file.
    pub run: Option<u32>,
    /// The document that holds the run.
    pub document: Option<u32>,
}

/// What became of an edge at a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// True, and followed at once.
    Taken,
    /// True, and put into the queue behind the first.
    Queued,
    /// False.
    Refused,
    /// Its comparison raised an error and ended the run.
    Raised,
    /// Never looked at: the engine followed its queue, or had ended.
    Unseen,
    /// The state at this point is not recorded, so it cannot be told.
    Unknown,
}

/// One outgoing edge at a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EdgeDecision {
    /// JSON path of the edge.
    pub path: String,
    /// Id of the step or terminal it leads to.
    pub to: String,
    /// The condition in one line: `result.decision equals "approve"`; `always` without one.
    pub condition: String,
    /// What was read, e.g. `result.decision`; empty when nothing is.
    pub source: String,
    /// What it saw: JSON text of the value, shortened; or "missing".
    pub saw: String,
    /// Whether nothing was found at the source.
    pub missing: bool,
    /// What became of it.
    pub verdict: Verdict,
    /// Why, in a sentence or two for a person.
    pub why: String,
    /// First byte of the edge in the file.
    pub start: u64,
    /// After its last byte.
    pub end: u64,
}

/// What the engine decided after a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The run.
    pub run: u32,
    /// The step in it.
    pub step: u32,
    /// Id of the step in the pipeline.
    pub node: String,
    /// Which visit of it, from 1.
    pub visit: u32,
    /// Whether the run ended here with edges left and none true.
    pub dead_end: bool,
    /// What happened, in a sentence or two.
    pub summary: String,
    /// Every outgoing edge, in the order of the file.
    pub edges: Vec<EdgeDecision>,
    /// What would help, in a sentence; else empty.
    pub advice: String,
    /// How to do that.
    pub fixes: Vec<Fix>,
    /// Earlier decisions on the way here, the latest first: step, name, and a line on what was taken.
    pub before: Vec<(u32, String, String)>,
}
