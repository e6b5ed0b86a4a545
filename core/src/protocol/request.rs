//! What a face can ask.

#[cfg(doc)]
use super::{Answer, DiffSection, DiffValueRow, Find, FlowNode, Hit, ValueInfo, ValueRow};
use super::{
    Change, Command, CompareOptions, DiffMove, Drawing, Exported, Mapping, OwnPattern, Part, Phase, PriceTable, Reader,
    Redaction, Scenario, ScenarioFile, TableSort, Target, TextEdit,
};
use serde::{Deserialize, Serialize};

/// What a face can ask. What needs the full engine is no request of the one that reads traces. As JSON with [`Request::to_json`], which is not what `serde_json` makes of it by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // `run`, `step`, `pipeline` and `document` are indices into the session, as `protocol` says.
pub enum Request {
    /// The documents of the session: [`Answer::Documents`].
    Documents {
        /// At most so many runs of each; how many more there are stands in `more_runs`. All when it is not said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        runs: Option<u32>,
    },
    /// Runs of one document, in its order: [`Answer::Runs`]. A file may hold a hundred thousand.
    Runs { document: u32, from: u32, count: u32 },
    /// The formats that are read, for a person who knows better what a file is: [`Answer::Formats`]. A file is opened as one of
    /// them with [`Session::open_as`](crate::session::Session::open_as), an open document is read anew with
    /// [`Session::read_as`](crate::session::Session::read_as), which is no request: it goes in slices.
    Formats,
    /// Forget a document: [`Answer::Done`].
    Close { document: u32 },
    /// What a document's first file was recognised as, why, and what else there is: [`Answer::Verdict`].
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Verdict { document: u32 },
    /// What a mapping makes of a document's first file: [`Answer::Mapping`]. It is guessed when none is given; one that
    /// names no field only says where the records are.
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Mapping {
        /// Index of the document.
        document: u32,
        /// The mapping to try.
        #[serde(default)]
        mapping: Option<Mapping>,
        /// Mappings of which somebody wants to know whether they fit.
        #[serde(default)]
        saved: Vec<Mapping>,
    },
    /// Which models the steps without a cost name, and what the price table in force says of them: [`Answer::Prices`].
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Prices,
    /// Work out the cost of steps whose file states none by a price table, or take that away: [`Answer::Prices`].
    #[cfg_attr(not(feature = "full"), serde(skip))]
    SetPrices {
        /// The table; none takes away what was worked out.
        #[serde(default)]
        table: Option<PriceTable>,
    },
    /// A window of the steps tree as it is opened and closed: [`Answer::Rows`].
    Rows {
        run: u32,
        /// First row.
        from: u32,
        /// At most this many rows.
        count: u32,
    },
    /// Open or close a step of the tree: [`Answer::Rows`] with no rows, only the new total.
    SetOpen {
        run: u32,
        /// Step; all steps when `None`.
        step: Option<u32>,
        /// Open or closed.
        open: bool,
        /// With everything below it.
        deep: bool,
    },
    /// Open what is around a step so that it has a row: [`Answer::Row`] with its row.
    Reveal { run: u32, step: u32 },
    /// Where the cursor is: [`Answer::Cursor`].
    Where { run: u32 },
    /// Move the cursor: [`Answer::Cursor`].
    Move {
        run: u32,
        /// The move.
        command: Command,
    },
    /// Move the cursor to a step that somebody names: [`Answer::Cursor`], or a refusal that says which steps there are.
    GoTo {
        run: u32,
        /// Its id; or its name, of which the first is meant; or `NAME#2` for the second.
        step: String,
        /// Which of its two moments.
        phase: Phase,
    },
    /// One step for the inspector: [`Answer::Step`].
    Step { run: u32, step: u32 },
    /// A node of a pipeline for the inspector: [`Answer::Step`].
    Node {
        pipeline: u32,
        /// Node.
        node: u32,
    },
    /// Open a value for reading: [`Answer::Value`].
    Open {
        /// Which value.
        part: Part,
        /// Show JSON as text, or text as it stands even where it is JSON.
        as_text: bool,
    },
    /// A window of an opened value: [`Answer::ValueRows`].
    ValueRows {
        /// Handle from [`ValueInfo`].
        value: u32,
        /// First row.
        from: u32,
        /// At most this many rows.
        count: u32,
    },
    /// Open or close a row of a value: [`Answer::Value`] with the new number of rows.
    ValueToggle {
        /// Handle.
        value: u32,
        /// Node, as in [`ValueRow::node`].
        node: u32,
        /// With everything below it (bounded: says so in [`ValueInfo::note`] when it stopped early).
        deep: bool,
    },
    /// Read a string of a value as the JSON it holds, in place, or back: [`Answer::Value`].
    ValueDecode {
        /// Handle.
        value: u32,
        /// Node.
        node: u32,
    },
    /// The exact text of a value or of one node of it, for the clipboard or a download: [`Answer::Text`].
    ValueText {
        /// Handle.
        value: u32,
        /// Node; the whole value when `None`.
        node: Option<u32>,
    },
    /// Open what is around the node at a JSON path, so that it has a row: [`Answer::Row`] with its row. A path into a
    /// string that holds JSON decodes that string.
    ValueReveal {
        /// Handle.
        value: u32,
        /// JSON path as in [`ValueRow::path`] and [`Hit::path`].
        path: String,
    },
    /// Open one node of a value as a value of its own, e.g. a long string for reading: [`Answer::Value`].
    ValueOpen {
        /// Handle of the value the node is in; it may be closed before the new one.
        value: u32,
        /// Node.
        node: u32,
        /// As for [`Request::Open`].
        as_text: bool,
    },
    /// Give a value's memory back: [`Answer::Done`].
    ValueClose {
        /// Handle.
        value: u32,
    },
    /// The conversation of a run, or of one step: [`Answer::Chat`]. A long conversation is read as far as it is asked
    /// for; until all is read, the total counts one message for each step to come.
    Chat {
        run: u32,
        /// Step; the run's own conversation when `None`.
        step: Option<u32>,
        /// First message.
        from: u32,
        /// At most this many.
        count: u32,
    },
    /// The steps as a sorted table: [`Answer::Table`].
    Table {
        run: u32,
        /// Column to sort by.
        sort: TableSort,
        /// Largest, latest or last first.
        descending: bool,
        /// First row.
        from: u32,
        /// At most this many rows.
        count: u32,
    },
    /// The run in `buckets` equal parts of its moments and of its time, for scrubber and minimap: [`Answer::Overview`].
    Overview {
        run: u32,
        /// Number of parts, 1 to 4096.
        buckets: u32,
    },
    /// The flowchart of a run: [`Answer::Flow`].
    Flow {
        run: u32,
        /// Fold repeated steps into one node with a count.
        fold: bool,
        /// Nodes (by [`FlowNode::key`]) whose state is not the default: groups opened or closed, folds unfolded.
        toggled: Vec<u32>,
    },
    /// The flowchart of a pipeline: [`Answer::Flow`].
    PipelineFlow {
        pipeline: u32,
        /// As this reader takes the file; as it is meant when `None`.
        #[serde(default)]
        reader: Option<Reader>,
        /// A run to lay on it: boxes and lines then say how often and when they were passed.
        #[serde(default)]
        run: Option<u32>,
    },
    /// What can be said of a pipeline without running it: [`Answer::Findings`].
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Findings {
        pipeline: u32,
        /// What it is meant to run on.
        target: Target,
        /// The validator's `--strict`.
        strict: bool,
    },
    /// Run a pipeline with mock data: [`Answer::Simulation`]. Its steps become a run of the session, in place of the
    /// dry run before.
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Simulate {
        pipeline: u32,
        /// What it runs on.
        target: Target,
        /// Input, mocks and answers.
        scenario: Scenario,
    },
    /// Why the engine went on as it did after a step, for a dry run or a run laid on its pipeline: [`Answer::Decision`].
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Decision { run: u32, step: u32 },
    /// Run all scenarios and say what they reach: [`Answer::Coverage`].
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Coverage {
        pipeline: u32,
        /// What it runs on.
        target: Target,
        /// The scenarios.
        scenarios: Vec<Scenario>,
        /// Also look for scenarios that take the edges none takes.
        suggest: bool,
    },
    /// The form for a pipeline's input, or for a person's answer at a step: [`Answer::Form`].
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Form {
        pipeline: u32,
        /// Id of the step; the input when `None`.
        step: Option<String>,
    },
    /// A scenario with the input and the outputs of a recorded run: [`Answer::Scenario`].
    #[cfg_attr(not(feature = "full"), serde(skip))]
    ScenarioOfRun {
        pipeline: u32,
        /// Run of the session.
        run: u32,
    },
    /// Read a file of scenarios: [`Answer::Scenarios`].
    #[cfg_attr(not(feature = "full"), serde(skip))]
    ReadScenarios { text: String },
    /// The text of a file of scenarios: [`Answer::Text`].
    #[cfg_attr(not(feature = "full"), serde(skip))]
    WriteScenarios {
        /// What it holds.
        file: ScenarioFile,
    },
    /// The whole text of a document's first file as it is read: [`Answer::Text`].
    DocumentText { document: u32 },
    /// Change the text of a document's first file and read it anew: [`Answer::Rewritten`].
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Rewrite {
        document: u32,
        /// Edits of the text as it is now, in its order, not overlapping.
        edits: Vec<TextEdit>,
    },
    /// Change the text of a document's first file as `Rewrite` does, and say at once what is found in it:
    /// [`Answer::Amended`]. The document is read anew when something else is asked.
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Amend {
        document: u32,
        /// Edits of the text as it is now, in its order, not overlapping.
        edits: Vec<TextEdit>,
        /// What the findings speak of.
        target: Target,
    },
    /// The edits that make a change, without making it: [`Answer::Edits`].
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Plan {
        pipeline: u32,
        /// The change.
        change: Change,
    },
    /// What could stand at a place in a pipeline's text: [`Answer::Completions`].
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Complete {
        document: u32,
        /// Byte of the caret.
        at: u64,
        /// What it is meant to run on.
        target: Target,
    },
    /// What is to be said about a place in a pipeline's text: [`Answer::Hover`].
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Hover {
        document: u32,
        /// Byte.
        at: u64,
        /// What it is meant to run on.
        target: Target,
    },
    /// What a condition on an edge from a step may read: [`Answer::ConditionForm`].
    #[cfg_attr(not(feature = "full"), serde(skip))]
    ConditionForm {
        pipeline: u32,
        /// Id of the step the edge leaves.
        from: String,
        /// What it is meant to run on.
        target: Target,
    },
    /// A pipeline as text of another language: [`Answer::Text`].
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Draw {
        pipeline: u32,
        /// Which.
        drawing: Drawing,
    },
    /// A window of a table of a document: [`Answer::Sheet`].
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Sheet {
        document: u32,
        /// Table.
        sheet: u32,
        /// Column to sort by; as in the file when `None`.
        #[serde(default)]
        sort: Option<u32>,
        /// Largest or last first; empty cells stay last.
        #[serde(default)]
        descending: bool,
        /// First row.
        from: u32,
        /// At most this many rows.
        count: u32,
    },
    /// Lay run B on run A, or go on with it: [`Answer::Comparison`]. Ask again with the same members until it is done;
    /// whoever stops asking has cancelled. The session holds one comparison, and the requests below are about it.
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Compare {
        /// The run that is compared with.
        a: u32,
        /// The run that is looked at.
        b: u32,
        /// How.
        #[serde(default)]
        options: CompareOptions,
    },
    /// A window of the two trees laid on each other: [`Answer::DiffRows`].
    #[cfg_attr(not(feature = "full"), serde(skip))]
    DiffRows {
        /// Stretches of siblings that are the same stand in one row.
        fold: bool,
        /// First row.
        from: u32,
        /// At most this many rows.
        count: u32,
    },
    /// Open or close an item of the tree, or a fold: [`Answer::DiffRows`] with no rows, only the new total.
    #[cfg_attr(not(feature = "full"), serde(skip))]
    DiffOpen {
        /// The item; all items when `None`.
        item: Option<u32>,
        /// Open or closed.
        open: bool,
        /// The tree as it is asked for with [`Request::DiffRows`].
        fold: bool,
    },
    /// The differences alone, as rows: [`Answer::DiffRows`].
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Differences {
        /// First difference.
        from: u32,
        /// At most this many.
        count: u32,
    },
    /// Move the two cursors: [`Answer::DiffCursor`].
    #[cfg_attr(not(feature = "full"), serde(skip))]
    DiffGo {
        /// The move.
        go: DiffMove,
        /// The tree as it is asked for with [`Request::DiffRows`].
        fold: bool,
    },
    /// One item for the inspector: [`Answer::DiffItem`].
    #[cfg_attr(not(feature = "full"), serde(skip))]
    DiffItem { item: u32 },
    /// A window of two values laid on each other: [`Answer::DiffValueRows`].
    #[cfg_attr(not(feature = "full"), serde(skip))]
    DiffValueRows {
        /// Handle from [`DiffSection::value`].
        value: u32,
        /// First row.
        from: u32,
        /// At most this many rows.
        count: u32,
    },
    /// Open or close a row of two values: [`Answer::DiffValueRows`] with no rows, only the new total.
    #[cfg_attr(not(feature = "full"), serde(skip))]
    DiffValueToggle {
        /// Handle.
        value: u32,
        /// Node, as in [`DiffValueRow::node`].
        node: u32,
    },
    /// Both runs in one flowchart: [`Answer::Flow`]. Keys of its boxes are items.
    #[cfg_attr(not(feature = "full"), serde(skip))]
    DiffFlow {
        /// Fold repeated steps, and stretches that are the same, into one box.
        fold: bool,
        /// Boxes whose state is not the default.
        toggled: Vec<u32>,
    },
    /// The comparison as Markdown, for a comment on a change: [`Answer::Text`].
    #[cfg_attr(not(feature = "full"), serde(skip))]
    DiffReport,
    /// Lay definition B on definition A: [`Answer::PipelineComparison`].
    #[cfg_attr(not(feature = "full"), serde(skip))]
    ComparePipelines {
        /// The pipeline before.
        a: u32,
        /// The pipeline after.
        b: u32,
        /// What they run on.
        target: Target,
        /// Scenarios that are run on both, to show what the changes do.
        #[serde(default)]
        scenarios: Vec<Scenario>,
    },
    /// Many runs of one chain at once: [`Answer::Many`].
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Many {
        /// The runs, 3 to 200.
        runs: Vec<u32>,
    },
    /// Look for secrets and people's data in what is to leave, part by part: [`Answer::Scan`]. The session keeps one scan.
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Scan {
        runs: Vec<u32>,
        /// Documents whose text is to leave as it is.
        #[serde(default)]
        documents: Vec<u32>,
        /// Texts that no document holds and that leave with them: the scenarios of a pipeline.
        #[serde(default)]
        texts: Vec<String>,
        #[serde(default)]
        patterns: Vec<OwnPattern>,
        /// Where the last answer stopped; `None` to begin.
        from: Option<u64>,
    },
    /// A window of what the scan found: [`Answer::Finds`].
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Finds {
        /// Only of this kind.
        kind: Option<String>,
        from: u32,
        count: u32,
    },
    /// Write what is open as a file, piece by piece: [`Answer::Export`]. Ask again with `from = next` until it is `None`.
    #[cfg_attr(not(feature = "full"), serde(skip))]
    Export {
        what: Box<Exported>,
        /// What is redacted in it; nothing when `None`.
        redact: Option<Redaction>,
        /// Where the last answer stopped; `None` to begin.
        from: Option<u64>,
    },
    /// Search names and values, part by part: [`Answer::Search`]. Ask again with `from = next` until `next` is `None`.
    Search {
        /// What to find; letter case is ignored unless it has a capital.
        text: String,
        /// Where the last answer stopped; `None` to begin.
        from: Option<u64>,
        /// At most this many hits in this answer.
        limit: u32,
    },
    /// The lines of a file around a byte: [`Answer::Source`].
    Source {
        document: u32,
        /// File in the document.
        file: u16,
        /// Byte.
        at: u64,
        /// Lines before and after.
        around: u32,
    },
}
