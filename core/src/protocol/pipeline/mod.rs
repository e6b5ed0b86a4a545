//! Questions and answers about a pipeline as a program: what is wrong with it, what it would do, why an edge was taken,
//! what its scenarios reach, and how its text is changed.
//!
//! JSON values (inputs, mocks, outputs) cross as JSON text, so that no number passes through a float on the way.

mod compare;
mod dry_run;
mod edit;
mod findings;
mod scenario;

pub use compare::{PipelineChange, PipelineComparison, PipelinePart, ScenarioEffect};
pub use dry_run::{
    Answered, Decision, EdgeCount, EdgeDecision, Expectation, Mock, RunEnd, RunError, Scenario, Simulation, StepMock,
    Verdict,
};
pub use edit::{Amended, Change, Completion, ConditionDraft, ConditionForm, Fix, Hover, Rewritten, TextEdit};
pub use findings::{Finding, FindingsView, Reader, Reading, Validation};
pub use scenario::{Coverage, Field, Form, Reached, ScenarioFile, ScenarioResult, Suggestion};

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
