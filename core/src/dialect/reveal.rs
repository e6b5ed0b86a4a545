//! From the attributes of one step to what a person reads: input, output, messages, error, facts.

use super::messages::{self, message};
use super::nest::nest;
use super::{Attr, Gather, Val};
use crate::model::{Attribute, Details, Error, Event, Fact, Message, Part, Place, Role, Side, Value, ValueText};
use rustc_hash::FxHashMap;

/// Attributes that hold a step's input as one value, the most telling first.
const INPUTS: [&str; 17] = [
    "input.value",
    "gen_ai.input.messages",
    "gen_ai.tool.call.arguments",
    "tool_arguments",
    "traceloop.entity.input",
    "ai.toolCall.args",
    "ai.prompt.messages",
    "ai.prompt",
    "ai.values",
    "ai.value",
    "mlflow.spanInputs",
    "gen_ai.prompt",
    "tool.parameters",
    "db.query.text",
    "db.statement",
    "http.request.body",
    "url.full",
];

/// Attributes that hold a step's output as one value.
const OUTPUTS: [&str; 16] = [
    "output.value",
    "gen_ai.output.messages",
    "gen_ai.tool.call.result",
    "tool_response",
    "final_result",
    "traceloop.entity.output",
    "ai.toolCall.result",
    "ai.response.object",
    "ai.response.text",
    "ai.response.toolCalls",
    "ai.embeddings",
    "ai.embedding",
    "mlflow.spanOutputs",
    "gen_ai.completion",
    "gen_ai.retrieval.documents",
    "http.response.body",
];

/// Attributes that hold it flattened.
const FLAT_INPUTS: [&str; 6] = [
    "llm.input_messages.",
    "gen_ai.prompt.",
    "embedding.embeddings.",
    "llm.prompts.",
    "reranker.input_documents.",
    "input.",
];
const FLAT_OUTPUTS: [&str; 5] =
    ["llm.output_messages.", "gen_ai.completion.", "retrieval.documents.", "reranker.output_documents.", "output."];

/// Small things worth a line above the values.
const FACTS: [(&str, &str); 17] = [
    ("gen_ai.provider.name", "provider"),
    ("gen_ai.system", "provider"),
    ("llm.provider", "provider"),
    ("ai.model.provider", "provider"),
    ("gen_ai.agent.name", "agent"),
    ("agent.name", "agent"),
    ("gen_ai.tool.call.id", "call id"),
    ("ai.toolCall.id", "call id"),
    ("gen_ai.request.temperature", "temperature"),
    ("gen_ai.request.max_tokens", "max tokens"),
    ("gen_ai.response.finish_reasons", "finished because"),
    ("llm.finish_reason", "finished because"),
    ("ai.response.finishReason", "finished because"),
    ("gen_ai.conversation.id", "conversation"),
    ("session.id", "session"),
    ("ai.telemetry.functionId", "function"),
    ("llm.invocation_parameters", "parameters"),
];

/// Longest fact; longer ones are read among the attributes.
const FACT: usize = 120;

struct Known<'a, 'b> {
    attrs: &'b [Attr<'a>],
    by_key: FxHashMap<&'b str, &'b Attr<'a>>,
}

impl<'a, 'b> Known<'a, 'b> {
    /// An attribute that is there and not null.
    fn get(&self, key: &str) -> Option<&'b Attr<'a>> {
        self.by_key.get(key).copied().filter(|attr| !matches!(attr.val, Val::Null))
    }

    fn text(&self, key: &str) -> Option<String> {
        self.get(key).map(|attr| attr.val.text().into_owned())
    }
}

/// Fills `details` from the attributes of one step: [`Details::attributes`] always, and whatever the vocabularies
/// define beyond. What was found before (an error from an event) stays.
pub fn reveal(attrs: &[Attr<'_>], details: &mut Details) {
    let mut gather = Gather::default();
    for attr in attrs {
        let understood = gather.attribute(&attr.key, &attr.val);
        details.attributes.push(Attribute { name: attr.key.clone().into_owned(), value: value(attr), understood });
    }
    let by_key = attrs.iter().map(|attr| (attr.key.as_ref(), attr)).collect();
    let known = Known { attrs, by_key };
    if details.input.is_none() {
        details.input = whole(&known, &INPUTS).or_else(|| flattened(&known, &FLAT_INPUTS));
    }
    if details.output.is_none() {
        details.output = whole(&known, &OUTPUTS).or_else(|| flattened(&known, &FLAT_OUTPUTS));
    }
    let mut spoken = conversation(&known);
    if details.messages.is_empty() {
        details.messages = spoken;
    } else if spoken.len() > details.messages.len() {
        // Events and attributes may tell the same conversation: the fuller one is shown.
        std::mem::swap(&mut details.messages, &mut spoken);
    }
    error(&known, details);
    facts(&known, details);
}

/// An attribute's value as it is opened.
fn value(attr: &Attr<'_>) -> Value {
    let text = match &attr.val {
        Val::Str(_) => ValueText::JsonString,
        Val::Json(json) => ValueText::Made { text: json.clone().into_owned(), json: true, note: String::new() },
        other => ValueText::Made { text: other.json().into_owned(), json: true, note: String::new() },
    };
    Value { place: attr.place, text }
}

/// An attribute as details hold it, outside any step's vocabulary.
pub fn attribute(attr: &Attr<'_>) -> Attribute {
    Attribute { name: attr.key.clone().into_owned(), value: value(attr), understood: true }
}

fn whole(known: &Known<'_, '_>, keys: &[&str]) -> Option<Value> {
    keys.iter().find_map(|key| known.get(key)).map(value)
}

fn flattened(known: &Known<'_, '_>, prefixes: &[&str]) -> Option<Value> {
    prefixes.iter().find_map(|prefix| {
        // `input.mime_type` alone describes a value that is not there.
        let described = ["input.", "output."].contains(prefix);
        let members = known.attrs.iter().filter(|attr| attr.key.starts_with(prefix));
        let members = members.filter(|attr| !(described && attr.key.ends_with(".mime_type")));
        let places: Vec<Place> = members.map(|attr| attr.place).collect();
        let first = places.iter().min_by_key(|place| place.start)?;
        let end = places.iter().map(|place| place.end()).max()?;
        let (text, count) = nest(known.attrs, prefix)?;
        let note = match count {
            1 => String::new(),
            _ => format!("Put together from {count} attributes, {prefix}*"),
        };
        let place = Place { len: end.saturating_sub(first.start), ..*first };
        Some(Value { place, text: ValueText::Made { text, json: true, note } })
    })
}

/// The conversation of a step, by the first vocabulary that tells one.
fn conversation(known: &Known<'_, '_>) -> Vec<Message> {
    let from = |key: &str, side: Side| known.text(key).map(|text| messages::messages(&text, side)).unwrap_or_default();
    let flat = |prefix: &str, side: Side| {
        let nested = nest(known.attrs, prefix);
        nested.map(|(text, _)| messages::messages(&text, side)).unwrap_or_default()
    };
    let mut out: Vec<Message> = Vec::new();
    let mut system = known.text("gen_ai.system_instructions").map(|text| messages::system(&text)).unwrap_or_default();

    out.extend(from("gen_ai.input.messages", Side::Input));
    out.extend(from("gen_ai.output.messages", Side::Output));
    if out.is_empty() {
        out.extend(flat("llm.input_messages.", Side::Input));
        out.extend(from("llm.input_messages", Side::Input));
        out.extend(flat("llm.output_messages.", Side::Output));
        out.extend(from("llm.output_messages", Side::Output));
    }
    if out.is_empty() {
        out.extend(flat("gen_ai.prompt.", Side::Input));
        out.extend(flat("gen_ai.completion.", Side::Output));
    }
    if out.is_empty() {
        out.extend(sdk(known));
    }
    if out.is_empty() {
        out.extend(whole_exchange(known));
    }
    let model_call = known.text("openinference.span.kind").is_some_and(|kind| kind.eq_ignore_ascii_case("LLM"))
        || known.get("llm.model_name").is_some()
        || known.text("gen_ai.operation.name").is_some_and(|name| name == "chat");
    if out.is_empty() && model_call {
        out.extend(from("input.value", Side::Input));
        out.extend(from("output.value", Side::Output));
        out.extend(from("traceloop.entity.input", Side::Input));
        out.extend(from("traceloop.entity.output", Side::Output));
    }
    if out.is_empty() && model_call {
        out.extend(completion(known));
    }
    if !out.iter().any(|message| message.role == Role::System) {
        system.append(&mut out);
        out = system;
    }
    out
}

/// A completion rather than a conversation: a prompt as plain text, and what was written to it.
fn completion(known: &Known<'_, '_>) -> Vec<Message> {
    let plain = |key: &str| {
        let text = known.text(key).filter(|text| !text.trim().is_empty());
        text.filter(|text| !crate::json::looks_like_container(text))
    };
    let mut out = Vec::new();
    let prompt = plain("llm.prompts.0.prompt.text").or_else(|| plain("llm.prompts.0")).or_else(|| plain("input.value"));
    out.extend(prompt.map(|text| message(Side::Input, Role::User, vec![Part::Text(text)])));
    out.extend(plain("output.value").map(|text| message(Side::Output, Role::Assistant, vec![Part::Text(text)])));
    out
}

/// The AI SDK's: a list of messages or a prompt, and the answer in pieces.
fn sdk(known: &Known<'_, '_>) -> Vec<Message> {
    let mut out = known
        .text("ai.prompt.messages")
        .or_else(|| known.text("ai.prompt"))
        .map(|text| {
            let mut list = messages::messages(&text, Side::Input);
            if list.is_empty() {
                list.extend(prompt(&text));
            }
            list
        })
        .unwrap_or_default();
    let mut parts = Vec::new();
    parts.extend(known.text("ai.response.reasoning").filter(|text| !text.is_empty()).map(Part::Reasoning));
    parts.extend(known.text("ai.response.text").filter(|text| !text.is_empty()).map(Part::Text));
    parts.extend(known.text("ai.response.toolCalls").map(|text| messages::tool_calls(&text)).unwrap_or_default());
    if parts.is_empty() {
        parts.extend(known.text("ai.response.object").map(Part::Text));
    }
    if !parts.is_empty() {
        let mut answer = message(Side::Output, Role::Assistant, parts);
        answer.finish_reason = known.text("ai.response.finishReason").unwrap_or_default();
        out.push(answer);
    }
    out
}

/// `{"system": …, "prompt": …}`.
fn prompt(text: &str) -> Vec<Message> {
    let tree = crate::json::Tree::parse(text.as_bytes());
    let member = |key: &str| tree.member(text.as_bytes(), 0, key).and_then(|node| tree.string(text.as_bytes(), node));
    let mut out = Vec::new();
    for (key, role) in [("system", Role::System), ("prompt", Role::User)] {
        if let Some(text) = member(key) {
            out.push(message(Side::Input, role, vec![Part::Text(text.into_owned())]));
        }
    }
    out
}

/// An agent's whole exchange in one list: what it ended with is what it wrote.
fn whole_exchange(known: &Known<'_, '_>) -> Vec<Message> {
    let text = known.text("pydantic_ai.all_messages").or_else(|| known.text("all_messages_events"));
    let mut out = text.map(|text| messages::messages(&text, Side::Input)).unwrap_or_default();
    if let Some(last) = out.last_mut().filter(|last| last.role == Role::Assistant) {
        last.side = Side::Output;
    }
    out
}

fn error(known: &Known<'_, '_>, details: &mut Details) {
    let kind = ["exception.type", "error.type"].into_iter().find_map(|key| known.text(key));
    let text = ["exception.message", "error.message"].into_iter().find_map(|key| known.text(key));
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
        error.stack = known.text("exception.stacktrace").unwrap_or_default();
    }
}

fn facts(known: &Known<'_, '_>, details: &mut Details) {
    let (asked, answered) = (known.text("gen_ai.request.model"), known.text("gen_ai.response.model"));
    if let (Some(asked), Some(answered)) = (asked, answered)
        && asked != answered
        && asked != "unknown"
    {
        details.facts.push(Fact { label: "model asked for".into(), text: asked });
    }
    for (key, label) in FACTS {
        let Some(text) = known.text(key).filter(|text| !text.is_empty() && text.len() <= FACT) else { continue };
        if !details.facts.iter().any(|fact| fact.label == label) {
            // A list of one reason reads better as that reason.
            let text = text.trim_start_matches("[\"").trim_end_matches("\"]").to_owned();
            details.facts.push(Fact { label: label.into(), text });
        }
    }
}

/// Adds an event of a step: its error when it is an `exception`, its message when it carries one.
pub fn event(mut event: Event, attrs: &[Attr<'_>], details: &mut Details) {
    let text = |key: &str| attrs.iter().find(|attr| attr.key == key).map(|attr| attr.val.text().into_owned());
    if event.name == "exception" {
        let error = details.error.get_or_insert_with(Error::default);
        if let Some(kind) = text("exception.type") {
            error.kind = kind;
        }
        if let Some(message) = text("exception.message") {
            error.message = message;
        }
        if let Some(stack) = text("exception.stacktrace") {
            error.stack = stack;
        }
    }
    // Logs carry the name in an attribute, and the message in their body.
    let name = text("event.name").unwrap_or_else(|| event.name.clone());
    if let Some(kind) = name.strip_prefix("gen_ai.") {
        details.messages.extend(event_messages(kind, &text));
        if event.name.is_empty() {
            event.name.clone_from(&name);
        }
    }
    event.attributes = attrs.iter().map(attribute).collect();
    details.events.push(event);
}

/// The message of a GenAI event: `user.message`, `choice`, `content.prompt` and the like.
fn event_messages(kind: &str, text: &dyn Fn(&str) -> Option<String>) -> Vec<Message> {
    let (side, role) = match kind {
        "system.message" => (Side::Input, Role::System),
        "user.message" => (Side::Input, Role::User),
        "assistant.message" => (Side::Input, Role::Assistant),
        "tool.message" => (Side::Input, Role::Tool),
        "choice" => (Side::Output, Role::Assistant),
        "content.prompt" => {
            return text("gen_ai.prompt").map(|text| messages::messages(&text, Side::Input)).unwrap_or_default();
        }
        "content.completion" => {
            return text("gen_ai.completion").map(|text| messages::messages(&text, Side::Output)).unwrap_or_default();
        }
        "client.inference.operation.details" => {
            let of = |key: &str, side| text(key).map(|text| messages::messages(&text, side)).unwrap_or_default();
            let mut out = of("gen_ai.input.messages", Side::Input);
            out.extend(of("gen_ai.output.messages", Side::Output));
            return out;
        }
        _ => return Vec::new(),
    };
    for key in ["body", "gen_ai.event.content"] {
        let Some(body) = text(key) else { continue };
        // Put a role where the body leaves it to the event's name.
        let mut list = messages::messages(&body, Side::Output);
        for message in &mut list {
            message.side = side;
            if message.role == Role::Assistant {
                message.role = role.clone();
            }
        }
        if !list.is_empty() {
            return list;
        }
    }
    let mut parts: Vec<Part> = Vec::new();
    if let Some(id) = text("id").filter(|_| role == Role::Tool) {
        let content = text("content").unwrap_or_default();
        parts.push(Part::ToolResult { id, name: text("name").unwrap_or_default(), content, error: false });
    } else {
        if let Some(inner) = text("message") {
            let list = messages::messages(&inner, Side::Output);
            if !list.is_empty() {
                return list;
            }
            parts.push(Part::Text(inner));
        }
        parts.extend(text("content").filter(|content| !content.is_empty()).map(Part::Text));
        parts.extend(text("tool_calls").map(|calls| messages::tool_calls(&calls)).unwrap_or_default());
    }
    if parts.is_empty() {
        return Vec::new();
    }
    let mut made = message(side, role, parts);
    made.finish_reason = text("finish_reason").unwrap_or_default();
    vec![made]
}

#[cfg(test)]
#[path = "reveal_tests.rs"]
mod tests;
