//! What a step is and how it went: two small closed sets, spelled the same in code, protocol, page and docs.

use serde::{Deserialize, Serialize};

/// What sort of work a step is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // Each name is its own meaning; the list is the documentation.
pub enum Kind {
    Agent,
    Llm,
    Tool,
    Retriever,
    Embedding,
    Chain,
    Guardrail,
    Evaluator,
    Task,
    Http,
    Db,
    Human,
    #[default]
    Other,
}

impl Kind {
    /// The name in files, protocol and docs.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Agent => "agent",
            Kind::Llm => "llm",
            Kind::Tool => "tool",
            Kind::Retriever => "retriever",
            Kind::Embedding => "embedding",
            Kind::Chain => "chain",
            Kind::Guardrail => "guardrail",
            Kind::Evaluator => "evaluator",
            Kind::Task => "task",
            Kind::Http => "http",
            Kind::Db => "db",
            Kind::Human => "human",
            Kind::Other => "other",
        }
    }

    /// The short tag a row has room for, at most five letters.
    pub fn tag(self) -> &'static str {
        match self {
            Kind::Agent => "AGENT",
            Kind::Llm => "LLM",
            Kind::Tool => "TOOL",
            Kind::Retriever => "RETR",
            Kind::Embedding => "EMBED",
            Kind::Chain => "CHAIN",
            Kind::Guardrail => "GUARD",
            Kind::Evaluator => "EVAL",
            Kind::Task => "TASK",
            Kind::Http => "HTTP",
            Kind::Db => "DB",
            Kind::Human => "HUMAN",
            Kind::Other => "STEP",
        }
    }

    /// The kind a name stands for, in any letter case; `None` for a name this list does not hold.
    pub fn from_name(name: &str) -> Option<Kind> {
        const ALL: [Kind; 13] = [
            Kind::Agent,
            Kind::Llm,
            Kind::Tool,
            Kind::Retriever,
            Kind::Embedding,
            Kind::Chain,
            Kind::Guardrail,
            Kind::Evaluator,
            Kind::Task,
            Kind::Http,
            Kind::Db,
            Kind::Human,
            Kind::Other,
        ];
        ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(name))
    }
}

/// How a step ended, or that it has not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Ended well, and the file says so.
    Ok,
    /// Failed.
    Error,
    /// Had not ended when the file was written.
    Running,
    /// Paused for somebody or something outside.
    Waiting,
    /// Was never entered.
    Skipped,
    /// Was stopped from outside.
    Cancelled,
    /// Ended, and the file does not say how.
    #[default]
    Unset,
}

impl Status {
    /// The name in files, protocol and docs.
    pub fn name(self) -> &'static str {
        match self {
            Status::Ok => "ok",
            Status::Error => "error",
            Status::Running => "running",
            Status::Waiting => "waiting",
            Status::Skipped => "skipped",
            Status::Cancelled => "cancelled",
            Status::Unset => "unset",
        }
    }

    /// The status a name stands for, in any letter case.
    pub fn from_name(name: &str) -> Option<Status> {
        const ALL: [Status; 7] = [
            Status::Ok,
            Status::Error,
            Status::Running,
            Status::Waiting,
            Status::Skipped,
            Status::Cancelled,
            Status::Unset,
        ];
        ALL.into_iter().find(|status| status.name().eq_ignore_ascii_case(name))
    }
}
