//! A step without what is to be taken out of it. Every text it holds goes through here: nothing has a door of its own.

use super::named::{self, Hint};
use super::value::{Change, changed, changed_json};
use crate::export::full_step::{FullStep, Held};
use crate::model::{Part, Role};

fn text(text: &mut String, change: &mut dyn Change) {
    if !text.is_empty()
        && let Some(other) = changed(text, Hint::None, change, &String::new, 0)
    {
        *text = other;
    }
}

fn held(value: &mut Held, hint: Hint, name: &str, change: &mut dyn Change) {
    let path = || if name.is_empty() { "$".to_owned() } else { format!("$[{}]", crate::json::quoted(name)) };
    match value {
        Held::Json(json) => {
            if let Some(other) = changed_json(json, hint, change, &path) {
                *json = other;
            }
        }
        Held::Text(text) => {
            if let Some(other) = changed(text, hint, change, &path, 0) {
                *text = other;
            }
        }
    }
}

fn attributes(list: &mut [(String, Held)], change: &mut dyn Change) {
    for (name, value) in list {
        held(value, named::hint(name), name, change);
        text(name, change);
    }
}

fn part(piece: &mut Part, change: &mut dyn Change) {
    match piece {
        Part::Text(one) | Part::Reasoning(one) | Part::Other(one) => text(one, change),
        Part::Image { url } => text(url, change),
        Part::ToolCall { id, name, arguments } => {
            for one in [id, name, arguments] {
                text(one, change);
            }
        }
        Part::ToolResult { id, name, content, .. } => {
            for one in [id, name, content] {
                text(one, change);
            }
        }
    }
}

/// Changes every text of a step.
pub(super) fn change(step: &mut FullStep, change: &mut dyn Change) {
    let FullStep {
        id,
        parent,
        name,
        kind: _,
        status: _,
        start: _,
        end: _,
        model,
        usage: _,
        input,
        output,
        state,
        state_after,
        error,
        messages,
        attributes: list,
        events,
        links,
        resource,
    } = step;
    change.part("id");
    text(id, change);
    if let Some(parent) = parent {
        text(parent, change);
    }
    change.part("name");
    text(name, change);
    change.part("model");
    text(model, change);
    let values = [
        ("input", input),
        ("output", output),
        ("state", state),
        ("state_after", state_after),
        ("run attributes", resource),
    ];
    for (part, value) in values {
        if let Some(value) = value {
            change.part(part);
            held(value, Hint::None, "", change);
        }
    }
    if let Some(error) = error {
        change.part("error");
        for one in [&mut error.kind, &mut error.message, &mut error.stack] {
            text(one, change);
        }
    }
    change.part("messages");
    for message in messages {
        if let Role::Other(role) = &mut message.role {
            text(role, change);
        }
        text(&mut message.name, change);
        text(&mut message.finish_reason, change);
        for piece in &mut message.parts {
            part(piece, change);
        }
    }
    change.part("attributes");
    attributes(list, change);
    change.part("events");
    for event in events {
        text(&mut event.name, change);
        attributes(&mut event.attributes, change);
    }
    change.part("links");
    for link in links {
        text(&mut link.run, change);
        text(&mut link.step, change);
        attributes(&mut link.attributes, change);
    }
}
