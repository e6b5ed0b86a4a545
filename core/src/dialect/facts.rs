//! Small things worth a line above a step's values, and its error when attributes tell it.

use super::conversation::reasons;
use super::parts::Json;
use super::reveal::Known;
use crate::model::{Details, Error, Fact, Kind};

/// Which attribute tells what; of several with one label the first that is there.
const FACTS: [(&str, &str); 33] = [
    ("gen_ai.provider.name", "provider"),
    ("gen_ai.system", "provider"),
    ("llm.provider", "provider"),
    ("ai.model.provider", "provider"),
    ("llm.system", "provider"),
    ("gen_ai.agent.name", "agent"),
    ("agent.name", "agent"),
    ("gen_ai.tool.name", "tool"),
    ("tool.name", "tool"),
    ("ai.toolCall.name", "tool"),
    ("gen_ai.tool.call.id", "call id"),
    ("tool_call.id", "call id"),
    ("ai.toolCall.id", "call id"),
    ("gen_ai.request.temperature", "temperature"),
    ("ai.settings.temperature", "temperature"),
    ("gen_ai.request.max_tokens", "max tokens"),
    ("ai.settings.maxOutputTokens", "max tokens"),
    ("ai.settings.maxTokens", "max tokens"),
    ("gen_ai.request.top_p", "top p"),
    ("gen_ai.response.finish_reasons", "finished because"),
    ("llm.finish_reason", "finished because"),
    ("ai.response.finishReason", "finished because"),
    ("gen_ai.conversation.id", "conversation"),
    ("session.id", "session"),
    ("user.id", "user"),
    ("ai.telemetry.functionId", "function"),
    ("traceloop.prompt.key", "prompt template"),
    ("gen_ai.prompt.name", "prompt template"),
    ("langfuse.observation.prompt.name", "prompt template"),
    ("db.system.name", "database"),
    ("db.system", "database"),
    ("http.response.status_code", "HTTP status"),
    ("http.status_code", "HTTP status"),
];

/// Members of `llm.invocation_parameters` worth a line.
const PARAMETERS: [(&[&str], &str); 3] = [
    (&["temperature"], "temperature"),
    (&["max_tokens", "max_completion_tokens", "max_output_tokens", "maxOutputTokens"], "max tokens"),
    (&["top_p", "topP"], "top p"),
];

/// Longest fact; longer ones are read among the attributes.
const LONGEST: usize = 120;

fn add(details: &mut Details, label: &str, text: String) {
    let fits = !text.is_empty() && text.len() <= LONGEST;
    if fits && !details.facts.iter().any(|fact| fact.label == label) {
        details.facts.push(Fact { label: label.into(), text });
    }
}

/// Adds the facts.
pub(super) fn facts(known: &Known<'_>, details: &mut Details) {
    let asked = known.one_of(&["gen_ai.request.model", "llm.request.model", "ai.model.id"]);
    let answered = known.one_of(&["gen_ai.response.model", "llm.response.model", "ai.response.model"]);
    if let (Some(asked), Some(answered)) = (asked, answered)
        && asked != answered
        && asked != "unknown"
    {
        add(details, "model asked for", asked);
    }
    for (key, label) in FACTS {
        let Some(text) = known.said(key) else { continue };
        let text = if label == "finished because" { reasons(&text).join(", ") } else { text };
        add(details, label, text);
    }
    if let Some(text) = known.said("llm.invocation_parameters") {
        let json = Json::parse(&text);
        for (keys, label) in PARAMETERS {
            add(details, label, json.string(0, keys));
        }
    }
}

/// Fills the error from attributes, where no event carried it.
pub(super) fn error(known: &Known<'_>, details: &mut Details) {
    let kind = known.one_of(&["exception.type", "error.type"]);
    let text = known.one_of(&["exception.message", "error.message"]);
    if details.error.is_none() && kind.is_none() && text.is_none() {
        return;
    }
    let error = details.error.get_or_insert_with(Error::default);
    if error.kind.is_empty() {
        error.kind = kind.unwrap_or_default();
    }
    if error.message.is_empty() {
        error.message = text.unwrap_or_default();
    }
    if error.stack.is_empty() {
        error.stack = known.said("exception.stacktrace").unwrap_or_default();
    }
    // Servers mark a step as failed and leave the reason to the status.
    if error.message.is_empty() && known.kind == Kind::Http {
        let status = known.one_of(&["http.response.status_code", "http.status_code"]);
        error.message = status.map(|status| format!("HTTP status {status}")).unwrap_or_default();
    }
}
