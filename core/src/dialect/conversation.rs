//! The conversation of a step: which vocabulary tells it, and in what order its pieces are put together.

use super::messages::{self, message};
use super::reveal::Known;
use crate::json::{looks_like_container, quoted};
use crate::model::{Details, Kind, Message, Part, Place, Role, Side, Value, ValueText};

/// Why a model call may be without its texts.
pub(super) const UNTOLD: &str = "The program did not record what the model was given and what it wrote. Most \
     instrumentations leave it out until they are told to capture message content.";

/// How the note of a value begins that was made from the messages of events.
const FROM_EVENTS: &str = "Put together from the step's events";

/// The conversation, by the first vocabulary that tells one.
pub(super) fn of(known: &Known<'_>) -> Vec<Message> {
    let from = |key: &str, side: Side| known.text(key).map(|text| messages::messages(&text, side)).unwrap_or_default();
    let flat = |prefix: &str, side: Side| {
        known.nest(prefix).map(|(text, _)| messages::messages(&text, side)).unwrap_or_default()
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
        if known.kind == Kind::Llm && !out.is_empty() {
            other_side(known, &mut out);
        }
    }
    if out.is_empty() {
        out.extend(flat("gen_ai.prompt.", Side::Input));
        out.extend(flat("gen_ai.completion.", Side::Output));
        if out.is_empty() {
            out.extend(flat("llm.prompts.", Side::Input));
            out.extend(flat("llm.completions.", Side::Output));
        }
        out.iter_mut().for_each(unpack);
    }
    if out.is_empty() {
        out.extend(sdk(known));
    }
    if out.is_empty() {
        out.extend(known.text("events").map(|text| messages::of_events(&text)).unwrap_or_default());
    }
    if out.is_empty() {
        out.extend(whole_exchange(known));
    }
    if out.is_empty() {
        out.extend(given_or_said(known, "gen_ai.prompt", Side::Input));
        out.extend(given_or_said(known, "gen_ai.completion", Side::Output));
    }
    if out.is_empty() && known.kind == Kind::Llm {
        out.extend(plain_call(known));
    }
    if !out.iter().any(|message| message.role == Role::System) {
        system.append(&mut out);
        out = system;
    }
    finish(known, &mut out);
    out
}

/// Values in which a model call's request and answer stand, where no attribute holds messages.
const REQUESTS: [&str; 6] = [
    "input.value",
    "traceloop.entity.input",
    "mlflow.spanInputs",
    "langfuse.observation.input",
    "gcp.vertex.agent.llm_request",
    "request_data",
];
const ANSWERS: [&str; 6] = [
    "output.value",
    "traceloop.entity.output",
    "mlflow.spanOutputs",
    "langfuse.observation.output",
    "gcp.vertex.agent.llm_response",
    "response_data",
];

/// Messages in the JSON of one of these.
fn out_of(known: &Known<'_>, keys: &[&str], side: Side) -> Vec<Message> {
    let mut all = keys.iter().filter_map(|key| known.text(key)).map(|text| messages::messages(&text, side));
    all.find(|list| !list.is_empty()).unwrap_or_default()
}

/// A model call whose attributes tell one side only (a stream that was cut, an older library): the other side out of
/// its value.
fn other_side(known: &Known<'_>, out: &mut Vec<Message>) {
    if !out.iter().any(|message| message.side == Side::Output) {
        let mut answer = out_of(known, &ANSWERS, Side::Output);
        if answer.is_empty() {
            answer = text_of(known, &ANSWERS, Side::Output, Role::Assistant);
        }
        out.append(&mut answer);
    } else if !out.iter().any(|message| message.side == Side::Input) {
        let mut given = out_of(known, &REQUESTS, Side::Input);
        given.append(out);
        *out = given;
    }
}

/// A model call told by its input and output alone: as JSON that holds messages, else as plain texts.
fn plain_call(known: &Known<'_>) -> Vec<Message> {
    let mut out = out_of(known, &REQUESTS, Side::Input);
    if out.is_empty() {
        out = prompts(known);
    }
    if out.is_empty() {
        out = text_of(known, &REQUESTS, Side::Input, Role::User);
    }
    let mut answer = out_of(known, &ANSWERS, Side::Output);
    if answer.is_empty() {
        answer = text_of(known, &ANSWERS, Side::Output, Role::Assistant);
    }
    out.append(&mut answer);
    out
}

/// The prompts of a completion: `llm.prompts` as a list, or each under a number of its own.
fn prompts(known: &Known<'_>) -> Vec<Message> {
    let listed = known.text("llm.prompts").filter(|text| !text.is_empty());
    let Some(text) = listed.or_else(|| known.nest("llm.prompts.").map(|(text, _)| text)) else { return Vec::new() };
    let json = super::parts::Json::parse(&text);
    if !json.whole() || !json.is_container(0) {
        return vec![message(Side::Input, Role::User, vec![Part::Text(text)])];
    }
    let prompt = |node: u32| {
        let inner = json.get(node, "prompt").unwrap_or(node);
        json.text(json.first(inner, &["text", "content"]).unwrap_or(inner))
    };
    json.children(0).map(|node| message(Side::Input, Role::User, vec![Part::Text(prompt(node))])).collect()
}

/// A value that is a text and no JSON.
fn text_of(known: &Known<'_>, keys: &[&str], side: Side, role: Role) -> Vec<Message> {
    let text = keys.iter().filter_map(|key| known.said(key)).find(|text| !text.trim().is_empty());
    // Not of an embedding's or a tool's arguments: JSON that holds no message is no speech.
    let text = text.filter(|text| !looks_like_container(text));
    text.map(|text| message(side, role, vec![Part::Text(text)])).into_iter().collect()
}

/// One attribute with a whole side: JSON messages, or a text.
fn given_or_said(known: &Known<'_>, key: &str, side: Side) -> Vec<Message> {
    let role = if side == Side::Input { Role::User } else { Role::Assistant };
    let list = known.text(key).map(|text| messages::messages(&text, side)).unwrap_or_default();
    if list.is_empty() { text_of(known, &[key], side, role) } else { list }
}

/// OpenLLMetry writes content that is a list of pieces as the JSON text of that list.
fn unpack(message: &mut Message) {
    if let [Part::Text(text)] = message.parts.as_slice() {
        message.parts = messages::content(text);
    }
}

/// The AI SDK's: a list of messages or a prompt, and the answer in pieces.
fn sdk(known: &Known<'_>) -> Vec<Message> {
    let asked = known.text("ai.prompt.messages").or_else(|| known.text("ai.prompt"));
    let mut out = asked
        .map(|text| {
            let list = messages::messages(&text, Side::Input);
            if list.is_empty() { prompt(&text) } else { list }
        })
        .unwrap_or_default();
    let mut parts = Vec::new();
    parts.extend(known.said("ai.response.reasoning").map(Part::Reasoning));
    parts.extend(known.said("ai.response.text").map(Part::Text));
    parts.extend(known.text("ai.response.toolCalls").map(|text| messages::tool_calls(&text)).unwrap_or_default());
    if parts.is_empty() {
        parts.extend(known.said("ai.response.object").map(Part::Text));
    }
    if !parts.is_empty() {
        out.push(message(Side::Output, Role::Assistant, parts));
    }
    out
}

/// `{"system": …, "prompt": …}`.
fn prompt(text: &str) -> Vec<Message> {
    let json = super::parts::Json::parse(text);
    let mut out = Vec::new();
    for (key, role) in [("system", Role::System), ("prompt", Role::User)] {
        if let Some(node) = json.get(0, key) {
            out.push(message(Side::Input, role, vec![Part::Text(json.text(node))]));
        }
    }
    out
}

/// An agent's whole exchange in one list: what it ended with is what it wrote.
fn whole_exchange(known: &Known<'_>) -> Vec<Message> {
    let text = known.text("pydantic_ai.all_messages").or_else(|| known.text("all_messages_events"));
    let mut out = text.map(|text| messages::messages(&text, Side::Input)).unwrap_or_default();
    if let Some(last) = out.last_mut().filter(|last| last.role == Role::Assistant) {
        last.side = Side::Output;
    }
    out
}

/// Gives answers the reasons for stopping that stand beside them: one for each, in order.
fn finish(known: &Known<'_>, out: &mut [Message]) {
    let keys = ["gen_ai.response.finish_reasons", "llm.finish_reason", "ai.response.finishReason"];
    let Some(text) = known.one_of(&keys) else { return };
    let answers = out.iter_mut().filter(|message| message.side == Side::Output);
    for (message, reason) in answers.zip(reasons(&text)) {
        if message.finish_reason.is_empty() {
            message.finish_reason = reason;
        }
    }
}

/// `["stop"]` or `stop`, as a list.
pub(super) fn reasons(text: &str) -> Vec<String> {
    let json = super::parts::Json::parse(text);
    if text.trim_start().starts_with('[') && json.whole() {
        return json.children(0).map(|node| json.text(node)).collect();
    }
    vec![text.to_owned()]
}

/// Makes input and output of messages that only events tell, where nothing else holds them.
pub(super) fn fill_from_events(details: &mut Details) {
    let replaceable = |value: &Option<Value>| match value {
        None => true,
        Some(value) => matches!(&value.text, ValueText::Made { note, .. } if note.starts_with(FROM_EVENTS)),
    };
    let speaking = details.events.iter().filter(|event| event.name.starts_with("gen_ai."));
    let Some(place) = speaking.map(|event| event.place).reduce(|a, b| {
        let start = a.start.min(b.start);
        if a.file == b.file {
            Place { file: a.file, start, len: a.end().max(b.end()).saturating_sub(start) }
        } else {
            a
        }
    }) else {
        return;
    };
    let made = |side: Side| {
        let told: Vec<String> = details.messages.iter().filter(|m| m.side == side).map(json).collect();
        let note = FROM_EVENTS.to_owned();
        let text = ValueText::Made { text: format!("[{}]", told.join(",")), json: true, note };
        (!told.is_empty()).then_some(Value { place, text })
    };
    let (input, output) = (made(Side::Input), made(Side::Output));
    if replaceable(&details.input) {
        details.input = input;
    }
    if replaceable(&details.output) {
        details.output = output;
    }
}

/// A message as JSON, in the words of OpenTelemetry's conventions.
fn json(message: &Message) -> String {
    let role = match &message.role {
        Role::System => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
        Role::Tool => "tool",
        Role::Other(name) => name,
    };
    let value = |text: &str| if looks_like_container(text) { text.to_owned() } else { quoted(text) };
    let part = |part: &Part| match part {
        Part::Text(text) => format!("{{\"type\":\"text\",\"content\":{}}}", quoted(text)),
        Part::Reasoning(text) => format!("{{\"type\":\"reasoning\",\"content\":{}}}", quoted(text)),
        Part::ToolCall { id, name, arguments } => format!(
            "{{\"type\":\"tool_call\",\"id\":{},\"name\":{},\"arguments\":{}}}",
            quoted(id),
            quoted(name),
            value(arguments)
        ),
        Part::ToolResult { id, content, .. } => {
            format!("{{\"type\":\"tool_call_response\",\"id\":{},\"response\":{}}}", quoted(id), value(content))
        }
        Part::Image { url } => format!("{{\"type\":\"uri\",\"uri\":{}}}", quoted(url)),
        Part::Other(json) => value(json),
    };
    let parts: Vec<String> = message.parts.iter().map(part).collect();
    format!("{{\"role\":{},\"parts\":[{}]}}", quoted(role), parts.join(","))
}
