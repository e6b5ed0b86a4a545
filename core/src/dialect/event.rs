//! Events of a step: exceptions, and messages that older GenAI conventions put into events or log records.

use super::messages::{self, message};
use super::{Attr, attribute};
use crate::model::{Details, Error, Event, Message, Part, Role, Side};

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
        details.messages.extend(spoken(kind, &text));
        if event.name.is_empty() {
            event.name.clone_from(&name);
        }
    }
    event.attributes = attrs.iter().map(attribute).collect();
    details.events.push(event);
}

/// A whole side under one key: messages, or a text.
fn side_of(text: Option<String>, side: Side) -> Vec<Message> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Vec::new() };
    let list = messages::messages(&text, side);
    if !list.is_empty() {
        return list;
    }
    let role = if side == Side::Input { Role::User } else { Role::Assistant };
    vec![message(side, role, messages::content(&text))]
}

/// The messages of a GenAI event: `user.message`, `choice`, `content.prompt` and the like.
fn spoken(kind: &str, text: &dyn Fn(&str) -> Option<String>) -> Vec<Message> {
    let (side, role) = match kind {
        "system.message" => (Side::Input, Role::System),
        "user.message" => (Side::Input, Role::User),
        "assistant.message" => (Side::Input, Role::Assistant),
        "tool.message" => (Side::Input, Role::Tool),
        "choice" => (Side::Output, Role::Assistant),
        "content.prompt" => return side_of(text("gen_ai.prompt"), Side::Input),
        "content.completion" => return side_of(text("gen_ai.completion"), Side::Output),
        "client.inference.operation.details" => {
            let mut out = text("gen_ai.system_instructions").map(|text| messages::system(&text)).unwrap_or_default();
            out.extend(side_of(text("gen_ai.input.messages"), Side::Input));
            out.extend(side_of(text("gen_ai.output.messages"), Side::Output));
            return out;
        }
        _ => return Vec::new(),
    };
    for key in ["body", "gen_ai.event.content", "message"] {
        let Some(body) = text(key).filter(|body| body.trim_start().starts_with('{')) else { continue };
        // A body may leave the role to the event's name; read as an answer, it needs none.
        let mut list = messages::messages(&body, Side::Output);
        for message in &mut list {
            message.side = side;
            if message.role == Role::Assistant {
                message.role = role.clone();
            }
            if message.finish_reason.is_empty() {
                message.finish_reason = text("finish_reason").unwrap_or_default();
            }
        }
        if !list.is_empty() {
            return list;
        }
    }
    let content = ["content", "message", "body"].into_iter().filter_map(text).find(|content| !content.is_empty());
    let mut parts: Vec<Part> = Vec::new();
    match text("id").filter(|_| role == Role::Tool) {
        Some(id) => {
            let name = text("name").unwrap_or_default();
            parts.push(Part::ToolResult { id, name, content: content.unwrap_or_default(), error: false });
        }
        None => parts.extend(content.map(|content| messages::content(&content)).unwrap_or_default()),
    }
    parts.extend(text("tool_calls").map(|calls| messages::tool_calls(&calls)).unwrap_or_default());
    if parts.is_empty() {
        return Vec::new();
    }
    let mut made = message(side, role, parts);
    made.finish_reason = text("finish_reason").unwrap_or_default();
    vec![made]
}
