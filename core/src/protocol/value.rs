//! Answers about one value: what it is, and windows of it as a tree or as text.

use serde::{Deserialize, Serialize};

/// Names a value of the session.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
#[allow(missing_docs)] // `run`, `step`, `pipeline`, `node`, `index` are positions as everywhere.
pub enum Part {
    Input {
        run: u32,
        step: u32,
    },
    Output {
        run: u32,
        step: u32,
    },
    State {
        run: u32,
        step: u32,
    },
    /// The state after the step.
    StateAfter {
        run: u32,
        step: u32,
    },
    /// All attributes as one object.
    Attributes {
        run: u32,
        step: u32,
    },
    /// The attributes of one event.
    Event {
        run: u32,
        step: u32,
        index: u32,
    },
    /// The stack of the error.
    Stack {
        run: u32,
        step: u32,
    },
    /// The bytes of the step as they stand in the file: one piece after the other.
    Raw {
        run: u32,
        step: u32,
    },
    /// One piece of a message of a step.
    Message {
        run: u32,
        step: u32,
        message: u32,
        piece: u32,
    },
    /// A named value of a node of a pipeline.
    Node {
        pipeline: u32,
        node: u32,
        index: u32,
    },
}

/// What an opened value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueShape {
    /// Rows are nodes of a JSON tree: [`ValueRows::nodes`].
    Json,
    /// Rows are lines: [`ValueRows::lines`].
    Text,
}

/// An opened value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValueInfo {
    /// Handle for further requests.
    pub value: u32,
    /// Shape it is shown in.
    pub shape: ValueShape,
    /// Whether its text is JSON, so that the other shape can be asked for.
    pub json: bool,
    /// Whether it looks like Markdown.
    pub markdown: bool,
    /// Bytes of its text.
    pub bytes: u64,
    /// Rows as it is opened now.
    pub rows: u32,
    /// What was done to get here or what is wrong with it, in a sentence, else empty.
    pub note: String,
    /// The whole text when it is short (at most 64 KiB), so that small things need one question.
    pub text: Option<String>,
    /// Where it stands: document, file, line and column from 1.
    pub place: Option<(u32, u16, u64, u64)>,
}

/// A window of an opened value: of one shape, the other list is empty.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValueRows {
    /// Rows in all.
    pub total: u32,
    /// First row of the window.
    pub from: u32,
    /// Tree rows.
    pub nodes: Vec<ValueRow>,
    /// Text rows.
    pub lines: Vec<TextLine>,
}

/// One row of a JSON tree. A closed container is one row; an open one is its children and a closing row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValueRow {
    /// Node, for toggling and copying. A closing row has its container's.
    pub node: u32,
    /// Number of containers around it.
    pub depth: u32,
    /// Key in its object, decoded.
    pub key: Option<String>,
    /// Position in its array.
    pub index: Option<u32>,
    /// `object`, `array`, `string`, `number`, `bool`, `null`, `close_object`, `close_array`, `damaged`.
    pub kind: String,
    /// Scalars: the text of the file (strings decoded, at most 500 characters). Containers: a glimpse of the content.
    pub text: String,
    /// Bytes of the string left out of `text`, or bytes of a container.
    pub bytes: u64,
    /// Whether `text` was cut.
    pub cut: bool,
    /// Number of children of a container.
    pub children: u32,
    /// Whether it is open.
    pub open: bool,
    /// A string whose text is itself JSON: can be decoded, or was.
    pub json: bool,
    /// Whether a comma follows.
    pub comma: bool,
    /// JSON path from the value's root, e.g. `$.messages[3].content`, and `$.arguments → $.city` into a string read as JSON.
    pub path: String,
}

/// One row of a text: a line, or a piece of a long one, which goes on in further rows with the same number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TextLine {
    /// Number, from 1.
    pub number: u32,
    /// Text, at most 4,000 characters.
    pub text: String,
    /// Bytes of the line that no row shows.
    pub cut: u64,
}
