//! The one set of requests and answers that every face of the engine speaks: page, command line, other people's pages.
//!
//! Everything here crosses as JSON. Times are decimal strings of nanoseconds ([`Nanos`](crate::model::Nanos)); offsets are
//! from the run's start. Runs, pipelines and steps are plain indices into the session: `run` counts over the session's runs, `step`
//! is the position in tree order. Windows (`from`, `count`) keep every answer small, whatever the size of the run.

mod diff;
mod document;
mod export;
mod flow;
mod lean;
mod pipeline;
mod prices;
mod reading;
mod request;
mod run;
mod sheet;
mod value;
mod wire;

pub use crate::import::mapped::{Mapping, Role as MappingRole, TimeUnit};
pub use crate::prices::{Price, PriceTable, PricedModel, Unpriced};
pub use diff::{
    Both, CompareOptions, ComparisonView, DiffCursor, DiffItem, DiffMove, DiffRow, DiffRows, DiffSection, DiffTurn,
    DiffValueRow, DiffValueRows, ManyRun, ManyStep, ManyView, Mark, PathNode, Sign, Span, Spread,
};
pub use document::{DocumentView, FileVerdict, FormatView, PipelineView, PreviewStep, Progress, RunView};
pub use export::{
    ExportFormat, ExportView, Exported, Find, FindPlace, FindsView, OwnPattern, Redaction, RedactionReport, Remaining,
    ReportFind, ReportKind, ScanKind, ScanView, Theme,
};
pub use flow::{FOOT, FlowEdge, FlowNode, FlowView, Point, Rect};
pub use pipeline::{
    Amended, Answered, Change, Completion, ConditionDraft, ConditionForm, Coverage, Decision, Drawing, EdgeCount,
    EdgeDecision, EngineId, Expectation, Field, Finding, FindingsView, Fix, Form, Hover, Loader, Mock, PipelineChange,
    PipelineComparison, PipelinePart, Reached, Reader, Reading, Rewritten, RunEnd, RunError, Scenario, ScenarioEffect,
    ScenarioFile, ScenarioResult, Simulation, StepMock, Suggestion, Target, TextEdit, Validation, Verdict,
};
pub use prices::PricesView;
pub use reading::{FieldShape, FieldView, FormatFit, MappingView, Reason, RecordList, VerdictView};
pub use request::Request;
pub use run::{
    Bucket, ChatMessage, ChatPart, Cursor, Hit, Overview, Phase, Rows, SearchPage, SourceLine, SourceView, StepEvent,
    StepLink, StepRow, StepView, TableRow, TableSort, TableView, ToolOutcome, ValueTab,
};
pub use sheet::{SheetRow, SheetSummary, SheetView};
pub use value::{Part, TextLine, ValueInfo, ValueRow, ValueRows, ValueShape};

use serde::{Deserialize, Serialize};

/// A move of the cursor. Handled in one place: `debugger::cursor`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Command {
    /// Next moment.
    Forward,
    /// Previous moment.
    Back,
    /// From an enter: to the enter of the first step inside; from an exit, or when nothing is inside: next moment.
    Into,
    /// From an enter: to the exit of the same step; from an exit: to the next sibling's enter, else out.
    Over,
    /// To the exit of the step around this one.
    Out,
    /// Backwards over: from an exit to the enter of the same step; from an enter to the previous sibling's exit, else
    /// the enter of the step around.
    OverBack,
    /// First moment.
    First,
    /// Last moment.
    Last,
    /// Exit of the next step with an error, in moment order; stays when there is none.
    NextError,
    /// Exit of the previous step with an error.
    PreviousError,
    /// To a moment by position.
    To {
        /// Position, from 0; held at the last.
        moment: u32,
    },
    /// Run to here: to the enter or exit of a step.
    ToStep {
        /// Step in tree order.
        step: u32,
        /// Which of its two moments.
        phase: Phase,
    },
}

/// What the engine answers. As JSON with [`Answer::to_json`], which is not what `serde_json` makes of it by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // Each variant is described at the request it answers and at the type it holds.
pub enum Answer {
    Documents {
        documents: Vec<DocumentView>,
    },
    Runs {
        runs: Vec<RunView>,
    },
    Formats {
        formats: Vec<FormatView>,
    },
    Done,
    Rows(Rows),
    Row {
        row: u32,
    },
    Cursor(Cursor),
    Step(Box<StepView>),
    Value(ValueInfo),
    ValueRows(ValueRows),
    Text {
        text: String,
    },
    Chat {
        total: u32,
        messages: Vec<ChatMessage>,
    },
    Table(TableView),
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Sheet(SheetView),
    Overview(Overview),
    Flow(Box<FlowView>),
    Search(SearchPage),
    Source(SourceView),
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Findings(FindingsView),
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Simulation(Box<Simulation>),
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Decision(Box<Decision>),
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Coverage(Box<Coverage>),
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Form(Form),
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Scenario(Scenario),
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Scenarios(ScenarioFile),
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Rewritten(Box<Rewritten>),
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Amended(Box<Amended>),
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Edits {
        edits: Vec<TextEdit>,
    },
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Completions {
        completions: Vec<Completion>,
    },
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Hover {
        hover: Option<Hover>,
    },
    #[cfg_attr(not(feature = "full"), serde(skip))]
    ConditionForm(ConditionForm),
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Comparison(Box<ComparisonView>),
    #[cfg_attr(not(feature = "full"), serde(skip))]
    DiffRows(DiffRows),
    #[cfg_attr(not(feature = "full"), serde(skip))]
    DiffCursor(DiffCursor),
    #[cfg_attr(not(feature = "full"), serde(skip))]
    DiffItem(Box<DiffItem>),
    #[cfg_attr(not(feature = "full"), serde(skip))]
    DiffValueRows(DiffValueRows),
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Mapping(Box<MappingView>),
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Prices(Box<PricesView>),
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Verdict(Box<VerdictView>),
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Many(Box<ManyView>),
    #[cfg_attr(not(feature = "full"), serde(skip))]
    PipelineComparison(Box<PipelineComparison>),
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Scan(ScanView),
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Finds(FindsView),
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Export(Box<ExportView>),
    /// The request could not be answered: a sentence for a person.
    Refused {
        message: String,
    },
}
