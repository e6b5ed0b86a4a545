//! What leaves the engine as a file, what is redacted in it, and what was found. How is in `export` and `redact`.

use super::TableSort;
use serde::{Deserialize, Serialize};

/// As what something is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// Runs as ChainDebug JSON Lines.
    #[default]
    Jsonl,
    /// Runs as OpenTelemetry's JSON.
    Otlp,
    /// The steps of one run as a table.
    Csv,
    /// The flowchart of one run or pipeline as a picture that stands alone.
    Svg,
    /// The flowchart of one run or pipeline as Mermaid.
    Mermaid,
    /// The flowchart of one run or pipeline as Graphviz DOT.
    Dot,
    /// Two runs laid on each other, or a page about a pipeline, as Markdown.
    Markdown,
    /// The text of a document's first file, as it is read.
    Text,
}

/// The colours of a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// What the reader's system says.
    #[default]
    System,
    /// Light, wherever it is shown.
    Light,
    /// Dark, wherever it is shown.
    Dark,
}

/// What is written, and as what.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Exported {
    /// As what.
    pub to: ExportFormat,
    /// Runs of the session: any number as JSON Lines and OTLP, one as CSV and as a flowchart, two (the one that is
    /// compared with first) as Markdown.
    #[serde(default)]
    pub runs: Vec<u32>,
    /// The pipeline that is drawn or described.
    #[serde(default)]
    pub pipeline: Option<u32>,
    /// The document whose text is written.
    #[serde(default)]
    pub document: Option<u32>,
    /// The text that is written where it is in no document: it leaves as the rest does, without what is redacted.
    #[serde(default)]
    pub text: Option<String>,
    /// Flowcharts: fold repeated steps into one box with a count.
    #[serde(default)]
    pub fold: bool,
    /// Flowcharts: boxes whose state is not the default, as in [`Request::Flow`](super::Request::Flow).
    #[serde(default)]
    pub toggled: Vec<u32>,
    /// Pictures: colours.
    #[serde(default)]
    pub theme: Theme,
    /// Tables: column to sort by; tree order when `None`.
    #[serde(default)]
    pub sort: Option<TableSort>,
    /// Tables: largest, latest or last first.
    #[serde(default)]
    pub descending: bool,
}

/// Something of somebody's own that is to be found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnPattern {
    /// The text, found in any letter case; or a regular expression.
    pub text: String,
    /// Whether it is a regular expression (linear time: no look-around, no back-references).
    #[serde(default)]
    pub regex: bool,
}

/// What is replaced of what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redaction {
    /// Kinds that stay as they are: ids of [`ScanKind::kind`].
    #[serde(default)]
    pub off: Vec<String>,
    /// Finds that stay as they are: [`Find::find`] of a scan of the same with the same patterns.
    #[serde(default)]
    pub keep: Vec<u32>,
    /// Patterns of somebody's own.
    #[serde(default)]
    pub patterns: Vec<OwnPattern>,
}

/// How far a scan has come, and what was found until now.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ScanView {
    /// Ask again with this as `from`; `None` when all was looked at.
    pub next: Option<u64>,
    /// From 0 to 1.
    pub progress: f32,
    /// Kinds of which something was found, in the order of the table of kinds.
    pub kinds: Vec<ScanKind>,
    /// Different things that were found.
    pub finds: u32,
    /// Places they were found in.
    pub places: u64,
    /// What is to be said: what is not looked into.
    pub notes: Vec<String>,
}

/// One kind of finds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScanKind {
    /// Its id.
    pub kind: String,
    /// Its name for people.
    pub label: String,
    /// Different things.
    pub finds: u32,
    /// Places.
    pub places: u64,
}

/// A window of what a scan found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FindsView {
    /// All that were asked for.
    pub total: u32,
    /// First of the window.
    pub from: u32,
    /// The window.
    pub finds: Vec<Find>,
}

/// One thing that was found, wherever it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Find {
    /// Its number in the scan.
    pub find: u32,
    /// Its kind.
    pub kind: String,
    /// What it is, shortened. It is shown to the person whose file it is, and stands in no report.
    pub original: String,
    /// What stands in its place.
    pub stand_in: String,
    /// Places.
    pub count: u64,
    /// Some of them.
    pub places: Vec<FindPlace>,
}

/// Where something was found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FindPlace {
    /// Run of the session.
    pub run: Option<u32>,
    /// Step.
    pub step: Option<u32>,
    /// Name of the step, where the question was for a window of what was found; else empty.
    pub name: String,
    /// Part of the step, run or document: `input`, `attributes`, `name`.
    pub part: String,
    /// JSON path within it.
    pub path: String,
}

/// The next piece of an export. Pieces are joined as they come.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ExportView {
    /// The piece; about a megabyte at most, but never less than a step.
    pub text: String,
    /// Ask again with this as `from`; `None` when this was the last piece.
    pub next: Option<u64>,
    /// From 0 to 1.
    pub progress: f32,
    /// How the file could be called.
    pub file: String,
    /// Its media type.
    pub media: String,
    /// With the last piece: what the format cannot hold, in sentences.
    pub notes: Vec<String>,
    /// With the last piece, when something was to be redacted: what was done, and what a second look at the text found.
    pub report: Option<RedactionReport>,
}

/// What was redacted. Holds no original.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RedactionReport {
    /// Whether the second look found nothing but what somebody wanted to keep.
    pub clean: bool,
    /// By kind.
    pub kinds: Vec<ReportKind>,
    /// The first thousand, by the order in which they were met.
    pub finds: Vec<ReportFind>,
    /// What the second look at the written text found.
    pub remaining: Vec<Remaining>,
    /// What is to be said: what is not looked into.
    pub notes: Vec<String>,
}

/// One kind of finds in a report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReportKind {
    /// Its id.
    pub kind: String,
    /// Its name for people.
    pub label: String,
    /// Different things that were replaced.
    pub replaced: u32,
    /// Places in which they were.
    pub places: u64,
    /// Different things that were kept.
    pub kept: u32,
}

/// One thing in a report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReportFind {
    /// Its kind.
    pub kind: String,
    /// What stands in its place.
    pub stand_in: String,
    /// Whether it was kept.
    pub kept: bool,
    /// Places.
    pub count: u64,
    /// Some of them.
    pub places: Vec<FindPlace>,
}

/// What still stands in a written text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Remaining {
    /// Its kind.
    pub kind: String,
    /// Its name for people.
    pub label: String,
    /// How often.
    pub count: u64,
    /// Line of the first, from 1.
    pub line: u64,
}
