//! Questions and answers about two runs laid on each other, and about many.
//!
//! A is the run that is compared with (the baseline), B the run that is looked at. An *item* is a pair of steps, one of
//! each run, or a step that only one of them has; items are numbered in the order of the two trees laid on each other.
//! A *difference* is an item that is not the same in both, other than by what is below it. *Noise* differs without
//! meaning anything: ids, times, lengths of time. How items and differences are found is in `diff`.

use super::Part;
use crate::model::{Kind, Nanos, Role, Side, Status};
use serde::{Deserialize, Serialize};

/// How two runs are compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompareOptions {
    /// Paths in values whose differences mean nothing: `$.request_id`, `$.items[*].at`, `$..trace_id`.
    #[serde(default)]
    pub rules: Vec<String>,
    /// Pairs made by hand: a step of A and one of B.
    #[serde(default)]
    pub pins: Vec<(u32, u32)>,
    /// Pairs undone by hand.
    #[serde(default)]
    pub breaks: Vec<(u32, u32)>,
    /// Ids, times and lengths of time count like everything else.
    #[serde(default)]
    pub noise: bool,
}

/// What an item, a value or a line of it is on the two sides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// The same on both sides.
    #[default]
    Same,
    /// On both sides, and not the same.
    Changed,
    /// Only A has it.
    OnlyA,
    /// Only B has it.
    OnlyB,
}

/// What is remarkable about an item beside its sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Stands at another place among its siblings, or below another step; a mere change of order of steps that run at
    /// once is none.
    Moved,
    /// One round or one try more of a step that both have.
    Repeated,
    /// Has another name in B.
    Renamed,
    /// Paired by hand.
    Pinned,
}

/// A quantity on both sides, `None` where a side does not state it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Both<T> {
    /// In A.
    pub a: Option<T>,
    /// In B.
    pub b: Option<T>,
}

/// Two runs laid on each other, or how far that is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ComparisonView {
    /// Run A.
    pub a: u32,
    /// Run B.
    pub b: u32,
    /// Whether all is compared. While it is not, asking again goes on, and everything below `progress` is empty.
    pub done: bool,
    /// How much is compared, in thousandths.
    pub progress: u32,
    /// In one sentence, where and how they part. Names stand in backticks.
    pub verdict: String,
    /// A second sentence: what changed at or before that place and may be the cause; else empty.
    pub detail: String,
    /// Why there is little to compare (an empty run, nothing in common), else empty.
    pub note: String,
    /// Whether nothing that means anything differs.
    pub same: bool,
    /// Steps of each.
    pub steps: (u32, u32),
    /// Items in all.
    pub items: u32,
    /// Items that are pairs.
    pub pairs: u32,
    /// Pairs that are not the same in themselves.
    pub changed: u32,
    /// Steps that only A has, those repeated left out.
    pub only_a: u32,
    /// Steps that only B has, those repeated left out.
    pub only_b: u32,
    /// Steps that one side has more often.
    pub repeated: u32,
    /// Pairs that stand elsewhere.
    pub moved: u32,
    /// Pairs that have another name in B.
    pub renamed: u32,
    /// Differences in all.
    pub differences: u32,
    /// Pairs whose input differs.
    pub inputs: u32,
    /// Pairs whose output differs.
    pub outputs: u32,
    /// Pairs of which one side failed, waits or was skipped and the other not, or failed otherwise.
    pub statuses: u32,
    /// Pairs whose model or parameters differ.
    pub settings: u32,
    /// Pairs that are the same but for what means nothing.
    pub noise: u32,
    /// Length of the whole run.
    pub time: Both<Nanos>,
    /// Tokens, each counted once.
    pub tokens: Both<u64>,
    /// US dollars.
    pub cost: Both<f64>,
    /// Whether a part of the costs was worked out from a price table.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cost_computed: bool,
    /// What is wrong with rules or pairs by hand, in sentences.
    pub problems: Vec<String>,
}

/// A window of the two trees laid on each other.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DiffRows {
    /// Rows in all.
    pub total: u32,
    /// First row of the window.
    pub from: u32,
    /// The rows.
    pub rows: Vec<DiffRow>,
}

/// One item as a row.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DiffRow {
    /// The item; of a fold the first it stands for.
    pub item: u32,
    /// Items after the first that this row stands for: siblings that are the same with all below them, folded.
    pub folded: u32,
    /// Number of items around it.
    pub depth: u32,
    /// Step of A.
    pub a: Option<u32>,
    /// Step of B.
    pub b: Option<u32>,
    /// What it is on the two sides, what is below it left aside.
    pub sign: Sign,
    /// What else is remarkable.
    pub marks: Vec<Mark>,
    /// Name, in A where A has it.
    pub name: String,
    /// Name in B where that is another one, else empty.
    pub name_b: String,
    /// Kind.
    pub kind: Kind,
    /// Status on both sides.
    pub status: Both<Status>,
    /// Direct children.
    pub children: u32,
    /// Whether its children have rows.
    pub open: bool,
    /// Differences below it.
    pub inside: u32,
    /// What differs, in a few words: "query: 3 words · documents: 3 of 4 are others"; else empty.
    pub what: String,
    /// Length of time.
    pub time: Both<Nanos>,
    /// Tokens, its own or of the steps below it.
    pub tokens: Both<u64>,
    /// US dollars, its own or of the steps below it.
    pub cost: Both<f64>,
    /// Whether a part of that was worked out from a price table.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cost_computed: bool,
    /// Position among the differences, from 0.
    pub difference: Option<u32>,
}

/// A move of the two cursors, which walk together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum DiffMove {
    /// Stay.
    Stay,
    /// The first item.
    First,
    /// The last item.
    Last,
    /// The next item.
    Forward,
    /// The item before.
    Back,
    /// The first item that says where the runs part.
    Parting,
    /// The next difference; stays when there is none.
    NextDifference,
    /// The difference before; stays when there is none.
    PreviousDifference,
    /// An item.
    To {
        /// Which.
        item: u32,
    },
    /// The item that holds a step of A.
    ToStepA {
        /// Step of A.
        step: u32,
    },
    /// The item that holds a step of B.
    ToStepB {
        /// Step of B.
        step: u32,
    },
}

/// Where the two cursors stand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DiffCursor {
    /// The item; 0 where there is none at all.
    pub item: u32,
    /// Items in all.
    pub items: u32,
    /// Step of A at or before the cursor, and whether it is the item's own.
    pub a: Option<(u32, bool)>,
    /// Step of B at or before the cursor, and whether it is the item's own.
    pub b: Option<(u32, bool)>,
    /// Differences up to and including this item.
    pub passed: u32,
    /// Whether this item is a difference.
    pub here: bool,
    /// Differences in all.
    pub differences: u32,
    /// Row in the tree, when what is around it is open and it is not folded away.
    pub row: Option<u32>,
    /// Box of the flowchart last asked for.
    pub node: Option<u32>,
    /// A sentence for a screen reader: "retrieve, retriever, changed: query: 3 words; difference 1 of 7".
    pub spoken: String,
}

/// A piece of a text: as it is on its side, and whether the other side has something else there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The text.
    pub text: String,
    /// In both ([`Sign::Same`]), only in A or only in B.
    pub sign: Sign,
}

/// One item for the inspector.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DiffItem {
    /// The item as a row.
    pub row: DiffRow,
    /// Why the two were paired, or why the one stands alone, in a sentence.
    pub why: String,
    /// Model on both sides.
    pub model: Both<String>,
    /// The values there are on one side or both, in the order of their tabs.
    pub sections: Vec<DiffSection>,
    /// Values of this item that differ without meaning anything.
    pub noise: u32,
}

/// One value of an item on both sides.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DiffSection {
    /// Input, Output, Error, Messages, Attributes, State.
    pub title: String,
    /// What it is on the two sides, noise left aside.
    pub sign: Sign,
    /// What differs, counted: "3 words", "1 moved", "3 only in A".
    pub chips: Vec<String>,
    /// Value of A, to open as it stands.
    pub part_a: Option<Part>,
    /// Value of B, to open as it stands.
    pub part_b: Option<Part>,
    /// Values in it that differ without meaning anything.
    pub noise: u32,
    /// Said in place: a value that was cut, one that cannot be read; else empty.
    pub note: String,
    /// Handle of the value's differences, for windows of its rows: [`super::Request::DiffValueRows`].
    pub value: Option<u32>,
    /// Number of rows of `value`.
    pub rows: u32,
    /// The conversation, turn by turn; empty for other sections.
    pub turns: Vec<DiffTurn>,
}

/// One turn of two conversations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DiffTurn {
    /// What it is on the two sides.
    pub sign: Sign,
    /// Who speaks.
    pub role: Role,
    /// Given or written.
    pub side: Side,
    /// Position in A's conversation.
    pub a: Option<u32>,
    /// Position in B's conversation.
    pub b: Option<u32>,
    /// What A says. Long stretches that are the same are cut to their ends.
    pub text_a: Vec<Span>,
    /// What B says.
    pub text_b: Vec<Span>,
    /// "3 words", else empty.
    pub what: String,
}

/// A window of two values laid on each other.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DiffValueRows {
    /// Handle.
    pub value: u32,
    /// Rows in all.
    pub total: u32,
    /// First row of the window.
    pub from: u32,
    /// The rows.
    pub rows: Vec<DiffValueRow>,
}

/// One member, item or line of two values laid on each other. A text is rows of one line each.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DiffValueRow {
    /// For opening and closing.
    pub node: u32,
    /// Number of containers around it.
    pub depth: u32,
    /// Key, or position in A's list; the line number of a text. Empty where A has none.
    pub label_a: String,
    /// Key, or position in B's list. Empty where B has none.
    pub label_b: String,
    /// What it is on the two sides.
    pub sign: Sign,
    /// Whether it stands at another place in its list.
    pub moved: bool,
    /// Whether it differs without meaning anything.
    pub noise: bool,
    /// What A has: a scalar, a glimpse of a container.
    pub a: Vec<Span>,
    /// What B has.
    pub b: Vec<Span>,
    /// Whether `a` or `b` was cut.
    pub cut: bool,
    /// Rows below it when it is open.
    pub children: u32,
    /// Whether it is open.
    pub open: bool,
    /// Number of siblings that are the same and that this row stands for; it opens into them.
    pub folded: u32,
    /// JSON path in B where B has it, else in A: what a rule can name.
    pub path: String,
}

/// Many runs of one chain.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ManyView {
    /// The runs, in the order asked for.
    pub runs: Vec<ManyRun>,
    /// In one sentence, where they part and what goes with failure.
    pub verdict: String,
    /// A tree of what the runs did in order: each node a step, its children what came next. The first is the root,
    /// before the first step; a child comes after its parent.
    pub paths: Vec<PathNode>,
    /// The steps, in the order in which they mostly come.
    pub steps: Vec<ManyStep>,
    /// Said in place: runs left out, a tree that was cut; else empty.
    pub note: String,
}

/// One of many runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ManyRun {
    /// Run.
    pub run: u32,
    /// What to call it.
    pub name: String,
    /// Steps.
    pub steps: u32,
    /// Whether it failed: an error at its root, or at a step after which nothing went on.
    pub failed: bool,
    /// Length.
    pub time: Option<Nanos>,
    /// Tokens.
    pub tokens: Option<u64>,
    /// US dollars.
    pub cost: Option<f64>,
    /// Whether a part of the cost was worked out from a price table.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cost_computed: bool,
    /// Where it ends in [`ManyView::paths`].
    pub path: u32,
}

/// One step of a path that some runs share.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PathNode {
    /// Position of the node before; `None` for the root.
    pub parent: Option<u32>,
    /// Name of the step, of several in a row of the last; empty for the root.
    pub name: String,
    /// Name of the first of several in a row, which tells this way from its neighbours; else empty.
    #[serde(default)]
    pub first: String,
    /// Kind of the step.
    pub kind: Kind,
    /// How many steps in a row it stands for, where the runs do not part.
    pub length: u32,
    /// Runs that came here.
    pub runs: u32,
    /// Of those, runs that failed in the end.
    pub failed: u32,
    /// Runs that end here.
    pub ends: u32,
    /// Two runs that came here and parted after it: the first of its two largest branches. Where there is one branch and
    /// runs end here, one of each.
    pub example: Option<(u32, u32)>,
}

/// One step over many runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ManyStep {
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: Kind,
    /// Number of names around it.
    pub depth: u32,
    /// Runs that have it.
    pub runs: u32,
    /// How often it was run in all.
    pub visits: u32,
    /// Runs in which it failed at least once.
    pub failing: u32,
    /// Whether it both fails and succeeds with the same input.
    pub flaky: bool,
    /// Distinct outputs for the same input, where it has been seen with one input twice.
    pub outputs: u32,
    /// Share of failed runs among those with it and among those without it, in thousandths; `None` where there is
    /// no such run.
    pub failed_with: Option<u32>,
    /// See `failed_with`.
    pub failed_without: Option<u32>,
    /// Length of time of one visit.
    pub time: Spread,
    /// Tokens of one visit.
    pub tokens: Spread,
    /// US dollars of one visit.
    pub cost: Spread,
    /// Whether a part of them was worked out from a price table.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cost_computed: bool,
    /// A run in which it went as mostly, and the one in which it was farthest from that.
    pub example: Option<(u32, u32)>,
}

/// How a quantity is spread: nanoseconds, tokens, dollars.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)] // Quantiles by their names.
pub struct Spread {
    /// How many values there are.
    pub count: u32,
    pub least: f64,
    pub p25: f64,
    pub median: f64,
    pub p75: f64,
    pub p95: f64,
    pub most: f64,
}
