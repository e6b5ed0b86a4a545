//! Forms for inputs and answers, the scenarios beside a pipeline, and what they reach.

use super::Target;
use super::dry_run::{RunEnd, Scenario};
use serde::{Deserialize, Serialize};

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
