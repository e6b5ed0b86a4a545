//! Changing the text of a pipeline: edits, changes on the chart, conditions, and help while somebody types.

use super::findings::Finding;
use crate::protocol::DocumentView;
use serde::{Deserialize, Serialize};

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
    /// The findings, as [`FindingsView::findings`](super::FindingsView::findings) has them; none where the text is no JSON.
    pub findings: Vec<Finding>,
    /// Why the text is no pipeline as it stands; its line is 0 where no place can be named.
    pub damage: Option<Finding>,
    /// The document, where all of it had to be read anew at once: then ask [`Request::Findings`](crate::protocol::Request::Findings).
    pub document: Option<DocumentView>,
}
