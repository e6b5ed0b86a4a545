//! Questions and answers about a pipeline as a program: what is wrong with it, what it would do, why an edge was taken,
//! what its scenarios reach, and how its text is changed.
//!
//! JSON values (inputs, mocks, outputs) cross as JSON text, so that no number passes through a float on the way.

use super::DocumentView;
use crate::model::Severity;
use serde::{Deserialize, Serialize};

/// A real engine in one version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EngineId {
    /// IA Modules 0.1.3.
    #[default]
    #[serde(rename = "ia-modules@0.1.3")]
    IaModules013,
    /// IA Modules 0.2.0.
    #[serde(rename = "ia-modules@0.2.0")]
    IaModules020,
}

/// Which of the engine's two loaders reads the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Loader {
    /// `create_pipeline_from_json`: takes the JSON as it is.
    #[default]
    Raw,
    /// `GraphPipelineRunner`: through the `PipelineConfig` model.
    Pydantic,
}

/// What a pipeline is meant to run on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Target {
    /// The engine.
    pub engine: EngineId,
    /// Its loader.
    pub loader: Loader,
}

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

/// Replace the bytes from `start` to `end` of a file's text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextEdit {
    /// First byte.
    pub start: u64,
    /// After the last byte.
    pub end: u64,
    /// What stands there instead.
    pub text: String,
}

/// A way to mend a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// What a button says: "Use greater_than 2".
    pub title: String,
    /// Whether it changes nothing but what the finding speaks of, so that it may be applied with others unseen.
    pub safe: bool,
    /// The change; edits do not overlap, and are in the order of the text.
    pub edits: Vec<TextEdit>,
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

/// A field of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Key in the object the form makes.
    pub name: String,
    /// Label; the name when the file gives none.
    pub label: String,
    /// `text`, `lines`, `number`, `integer`, `flag`, `choice`, `choices` or `json`.
    pub control: String,
    /// JSON texts to choose from.
    pub choices: Vec<String>,
    /// Labels of the choices.
    pub choice_labels: Vec<String>,
    /// Whether the file says it must be given. The engine does not check.
    pub required: bool,
    /// JSON text of the default the file states, else empty. The engine does not apply it.
    pub default: String,
    /// Description, else empty.
    pub description: String,
}

/// A form: for the input of a pipeline, or for a person's answer at a step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// Title, else empty.
    pub title: String,
    /// Text above the fields, else empty.
    pub description: String,
    /// The fields; none when the file declares none.
    pub fields: Vec<Field>,
    /// Where the fields come from, in a sentence.
    pub note: String,
}

/// How one scenario went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioResult {
    /// Its name.
    pub name: String,
    /// How the run ended.
    pub status: RunEnd,
    /// Whether its expectation held; true when it has none.
    pub passed: bool,
    /// What did not hold, a sentence each.
    pub unmet: Vec<String>,
    /// One sentence on how it went.
    pub summary: String,
}

/// What the scenarios reach of one step or edge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reached {
    /// Id of the step, or JSON path of the edge.
    pub of: String,
    /// Positions of the scenarios that reach it.
    pub by: Vec<u32>,
    /// For an edge no scenario takes: one that would.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<Suggestion>,
    /// For an edge or step that nothing can reach: why, in a sentence; else empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
}

/// A scenario that would take an edge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// In words: "`score` above 3 from `rate`".
    pub words: String,
    /// The scenario; it was run, and takes the edge.
    pub scenario: Scenario,
}

/// What all scenarios reach together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// One per scenario.
    pub scenarios: Vec<ScenarioResult>,
    /// One per step of the file.
    pub steps: Vec<Reached>,
    /// One per edge of the file.
    pub edges: Vec<Reached>,
}

/// The scenarios that lie beside a pipeline.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioFile {
    /// Name of the pipeline, or of its file, that it is for; may be empty.
    pub pipeline: String,
    /// What it is run on; `None` where the file does not say.
    pub target: Option<Target>,
    /// The scenarios.
    pub scenarios: Vec<Scenario>,
    /// What could not be read, a sentence each with its place.
    pub problems: Vec<String>,
    /// Members that nobody here knows, as JSON text of an object; else empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub other: String,
}

/// A condition as the builder makes it: only what the engine evaluates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConditionDraft {
    /// What to read: `score`, `review.score`.
    pub source: String,
    /// One of the engine's operators.
    pub operator: String,
    /// JSON text to compare with.
    pub value: String,
}

/// A change to a pipeline that touches nothing else in its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// A new step, with an always-edge to it from `after` when that is given.
    AddStep {
        /// Its id.
        id: String,
        /// Id of the step before it.
        after: Option<String>,
    },
    /// Remove a step and the edges at it.
    RemoveStep {
        /// Its id.
        id: String,
    },
    /// Another id, wherever the file names it: edges, start, condition sources.
    RenameStep {
        /// Its id.
        id: String,
        /// The new one.
        to: String,
    },
    /// A new edge.
    Connect {
        /// Id it leaves.
        from: String,
        /// Id it enters.
        to: String,
        /// Its condition; always when `None`.
        condition: Option<ConditionDraft>,
    },
    /// Remove an edge.
    Disconnect {
        /// JSON path of the edge.
        edge: String,
    },
    /// An edge changes places with the one before or after it that leaves the same step.
    MoveEdge {
        /// JSON path of the edge.
        edge: String,
        /// Whether it is looked at earlier than now, or later.
        earlier: bool,
    },
    /// Another condition.
    SetCondition {
        /// JSON path of the edge.
        edge: String,
        /// The condition; always when `None`.
        condition: Option<ConditionDraft>,
    },
    /// Begin at this step.
    SetStart {
        /// Its id.
        id: String,
    },
    /// The whole text in the usual form: two spaces, order kept.
    Format,
}

/// Something that could stand at the caret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completion {
    /// What the list shows.
    pub label: String,
    /// A word beside it: its type, where it comes from.
    pub detail: String,
    /// More about it, else empty.
    pub info: String,
    /// `key`, `value`, `step`, `source` or `operator`.
    pub kind: String,
    /// What is written when it is chosen.
    pub edit: TextEdit,
    /// Where the caret stands afterwards, as a byte within the new text of the edit.
    pub caret: u64,
}

/// What is to be said about a place in the text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hover {
    /// First byte of what it speaks of.
    pub start: u64,
    /// After its last byte.
    pub end: u64,
    /// JSON path.
    pub path: String,
    /// First line: name and type.
    pub title: String,
    /// Sentences.
    pub text: String,
}

/// What a condition at an edge may read, and with which operators.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConditionForm {
    /// Operators the engine evaluates.
    pub operators: Vec<String>,
    /// Sources: what to read, who writes it, and an example value as JSON text (else empty).
    pub sources: Vec<(String, String, String)>,
}

/// A document after its text was changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rewritten {
    /// Bytes of the new text.
    pub bytes: u64,
    /// The document as it is now.
    pub document: DocumentView,
}

/// What is found at once after a change of a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Amended {
    /// Bytes of the new text.
    pub bytes: u64,
    /// The findings, as [`FindingsView::findings`] has them; none where the text is no JSON.
    pub findings: Vec<Finding>,
    /// Why the text is no pipeline as it stands; its line is 0 where no place can be named.
    pub damage: Option<Finding>,
    /// The document, where all of it had to be read anew at once: then ask [`super::Request::Findings`].
    pub document: Option<DocumentView>,
}

/// What a pipeline can be drawn as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // Their own names.
pub enum Drawing {
    Mermaid,
    Dot,
    Svg,
    /// A Markdown page with a Mermaid chart.
    Markdown,
}
