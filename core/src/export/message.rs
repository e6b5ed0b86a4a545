//! A message of a conversation as JSON, in the parts that OpenTelemetry names.

use super::json_line::one_line;
use crate::json::{push_escaped, quoted};
use crate::model::{Message, Part, Role, Side};

/// Who speaks, as files spell it.
pub(crate) fn role_name(role: &Role) -> &str {
    match role {
        Role::System => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
        Role::Tool => "tool",
        Role::Other(name) => name,
    }
}

fn member(out: &mut String, key: &str, text: &str) {
    out.push_str(",\"");
    out.push_str(key);
    out.push_str("\":\"");
    push_escaped(out, text);
    out.push('"');
}

/// One piece of a message.
fn part(part: &Part, out: &mut String) {
    let mut begin = |kind: &str| {
        out.push_str("{\"type\":\"");
        out.push_str(kind);
        out.push('"');
    };
    match part {
        Part::Text(text) => {
            begin("text");
            member(out, "content", text);
        }
        Part::Reasoning(text) => {
            begin("reasoning");
            member(out, "content", text);
        }
        Part::ToolCall { id, name, arguments } => {
            begin("tool_call");
            for (key, text) in [("id", id), ("name", name)] {
                if !text.is_empty() {
                    member(out, key, text);
                }
            }
            let object = one_line(arguments.as_bytes()).filter(|line| line.starts_with('{') && line == arguments);
            match object {
                Some(object) => {
                    out.push_str(",\"arguments\":");
                    out.push_str(&object);
                }
                None if arguments.is_empty() => {}
                None => member(out, "arguments", arguments),
            }
        }
        Part::ToolResult { id, name, content, error } => {
            begin("tool_call_response");
            for (key, text) in [("id", id), ("name", name)] {
                if !text.is_empty() {
                    member(out, key, text);
                }
            }
            member(out, "response", content);
            if *error {
                out.push_str(",\"is_error\":true");
            }
        }
        Part::Image { url } => {
            begin("uri");
            member(out, "uri", url);
            member(out, "modality", "image");
        }
        Part::Other(text) => {
            match one_line(text.as_bytes()) {
                Some(json) => out.push_str(&json),
                None => out.push_str(&quoted(text)),
            }
            return;
        }
    }
    out.push('}');
}

/// Whether the assistant messages at the end are the answer, and no other: the rule for messages that do not say it.
fn sides_are_plain(messages: &[&Message]) -> bool {
    let answers = messages.iter().rev().take_while(|message| message.role == Role::Assistant).count();
    let first = messages.len().saturating_sub(answers);
    messages.iter().enumerate().all(|(at, message)| (message.side == Side::Output) == (at >= first))
}

/// One message. With `side`, it says on which side of the call it stands.
fn message(message: &Message, side: bool, out: &mut String) {
    out.push_str("{\"role\":\"");
    push_escaped(out, role_name(&message.role));
    out.push('"');
    if side {
        member(out, "side", if message.side == Side::Output { "output" } else { "input" });
    }
    if !message.name.is_empty() {
        member(out, "name", &message.name);
    }
    match message.parts.as_slice() {
        [Part::Text(text)] if !text.is_empty() => member(out, "content", text),
        parts => {
            out.push_str(",\"parts\":[");
            for (at, piece) in parts.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                part(piece, out);
            }
            out.push(']');
        }
    }
    if !message.finish_reason.is_empty() {
        member(out, "finish_reason", &message.finish_reason);
    }
    out.push('}');
}

/// Whether messages say on which side of the call they stand.
#[derive(Clone, Copy)]
pub(crate) enum Sides {
    /// They do not: only those of one side are written.
    Never,
    /// They do where it could not be told; `output` says that an output stands beside them.
    Unclear { output: bool },
}

/// Messages as a JSON list; each says on which side it stands where that cannot be told by who speaks.
pub(crate) fn messages<'a>(list: impl IntoIterator<Item = &'a Message>, sides: Sides) -> String {
    let list: Vec<&Message> = list.into_iter().collect();
    // An output beside messages without an answer would be read as the answer.
    let answered = list.iter().any(|one| one.side == Side::Output);
    let side = match sides {
        Sides::Never => false,
        Sides::Unclear { output } => output && !answered || !sides_are_plain(&list),
    };
    let mut out = String::from("[");
    for (at, one) in list.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        message(one, side, &mut out);
    }
    out.push(']');
    out
}
