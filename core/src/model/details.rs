//! Everything about one step that is decoded only when somebody looks at it.
//!
//! Importers fill [`Details`] from the step's bytes; views read values through `view`.

use super::{Nanos, Place};
use serde::{Deserialize, Serialize};

/// A value of a file: where it stands and how its text is got.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// Where it stands. For a value put together from several places, the smallest range that holds them.
    pub place: Place,
    /// How its text is got from there.
    pub text: ValueText,
}

/// How a value's text comes out of its place.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueText {
    /// The bytes at the place are JSON, shown as they are.
    Json,
    /// The bytes at the place are a JSON string token; the decoded string is the value (and may itself be JSON).
    JsonString,
    /// The bytes at the place are the text.
    Plain,
    /// Put together from the bytes at the place: an OTLP AnyValue unwrapped, messages gathered from attributes.
    /// Holds the text, and what was done in a few words for the reader.
    Made {
        /// The text.
        text: String,
        /// Whether the text is JSON.
        json: bool,
        /// E.g. "put together from 14 attributes"; empty when it reads the same.
        note: String,
    },
}

/// A named value.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// Name as the file spells it.
    pub name: String,
    /// The value.
    pub value: Value,
    /// Whether some dialect knows this name.
    pub understood: bool,
}

/// Something that happened within a step.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Name.
    pub name: String,
    /// When.
    pub time: Option<Nanos>,
    /// What it carries.
    pub attributes: Vec<Attribute>,
    /// Where it stands.
    pub place: Place,
}

/// A reference to another step that is not its parent.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Run id; empty for the same run.
    pub run: String,
    /// Step id.
    pub step: String,
    /// What it carries.
    pub attributes: Vec<Attribute>,
}

/// What went wrong.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Error {
    /// Type as the program named it, else empty.
    #[serde(rename = "type")]
    pub kind: String,
    /// Message, else empty.
    pub message: String,
    /// Stack trace text, else empty.
    pub stack: String,
}

/// Who speaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // The field's own names.
pub enum Role {
    System,
    User,
    Assistant,
    Tool,
    /// As the file spells it.
    Other(String),
}

impl Role {
    /// From a file's spelling: `human` is user, `ai`, `model`, `gpt` and `bot` are assistant, `developer` is system, `function` is tool.
    pub fn from_name(name: &str) -> Role {
        match name.to_ascii_lowercase().as_str() {
            "system" | "developer" => Role::System,
            "user" | "human" => Role::User,
            "assistant" | "ai" | "model" | "gpt" | "bot" => Role::Assistant,
            "tool" | "function" => Role::Tool,
            _ => Role::Other(name.to_owned()),
        }
    }
}

/// Which side of a model call a message stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// What the model was given.
    Input,
    /// What the model wrote.
    Output,
}

/// One piece of a message. Texts are decoded; ids are empty when the file has none.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)] // The fields are the field's own names.
pub enum Part {
    Text(String),
    Reasoning(String),
    /// A tool call the model asks for; arguments as JSON text where they are JSON.
    ToolCall {
        id: String,
        name: String,
        arguments: String,
    },
    ToolResult {
        id: String,
        name: String,
        content: String,
        error: bool,
    },
    /// `data:` URLs are shown; anything else is only named.
    Image {
        url: String,
    },
    /// Anything else, as JSON text.
    Other(String),
}

/// One turn of a conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Given or written.
    pub side: Side,
    /// Who speaks.
    pub role: Role,
    /// Name of the speaker, else empty.
    pub name: String,
    /// The pieces in order.
    pub parts: Vec<Part>,
    /// Why the model stopped, else empty.
    pub finish_reason: String,
}

/// A small labelled fact (service, scope, operation), shown above the values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// Label.
    pub label: String,
    /// Text.
    pub text: String,
}

/// All that one step holds, decoded on demand.
#[derive(Clone, Debug, Default)]
pub struct Details {
    /// What went in. `None`: not in this file.
    pub input: Option<Value>,
    /// What came out. `None`: not in this file.
    pub output: Option<Value>,
    /// State before the step, where the format records it.
    pub state: Option<Value>,
    /// State after the step, where the format records it or it can be worked out.
    pub state_after: Option<Value>,
    /// Keys of the state after the step that are or may be there with a value the file does not tell.
    pub unknown_after: Vec<String>,
    /// The error.
    pub error: Option<Error>,
    /// The conversation, when the step holds one: input messages, then output messages.
    pub messages: Vec<Message>,
    /// Attributes in file order.
    pub attributes: Vec<Attribute>,
    /// Events in time order.
    pub events: Vec<Event>,
    /// Links.
    pub links: Vec<Link>,
    /// Where the program that wrote the step describes itself (an OTLP resource), as JSON.
    pub resource: Option<Place>,
    /// Facts.
    pub facts: Vec<Fact>,
    /// Sentences to show in place: what is missing, what was repaired.
    pub notes: Vec<String>,
}

impl Details {
    /// Says that a part of the step could not be read.
    pub(crate) fn note_damage(&mut self) {
        self.notes.push("A part of this step is damaged in the file; what could be read is shown.".to_owned());
    }

    /// The step failed, as its status says: with this message, where nothing has told one.
    pub(crate) fn failed(&mut self, message: String) {
        let error = self.error.get_or_insert_with(Error::default);
        if error.message.is_empty() {
            error.message = message;
        }
    }
}
