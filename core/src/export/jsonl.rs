//! Runs as ChainDebug JSON Lines: a header, then one line a step. `docs/format.md` is the format's definition.
//!
//! What the attributes and events of a step already say is not written twice: each line is read back as the importer
//! reads it, and only what it does not tell is added.

use super::full_step::{FullStep, Held};
use super::message::{Sides, messages};
use crate::import::chaindebug::read_back;
use crate::json::{push_escaped, quoted};
use crate::model::{Details, Message, Nanos, Usage, Value};
use crate::view::Reader;
use std::fmt::Write as _;

/// The header of a run. `attributes` is a JSON object on one line, else empty.
pub(crate) fn header(id: &str, name: &str, attributes: &str, out: &mut String) {
    out.push_str("{\"chaindebug\":1,\"run\":{\"id\":");
    out.push_str(&quoted(id));
    if !name.is_empty() {
        out.push_str(",\"name\":");
        out.push_str(&quoted(name));
    }
    if !attributes.is_empty() {
        out.push_str(",\"attributes\":");
        out.push_str(attributes);
    }
    out.push_str("},\"recorder\":{\"name\":\"ChainDebug export\",\"version\":\"");
    out.push_str(env!("CARGO_PKG_VERSION"));
    out.push_str("\"}}\n");
}

fn text(out: &mut String, key: &str, text: &str) {
    if out.len() > 1 && !out.ends_with('{') {
        out.push(',');
    }
    out.push('"');
    out.push_str(key);
    out.push_str("\":\"");
    push_escaped(out, text);
    out.push('"');
}

fn json(out: &mut String, key: &str, json: &str) {
    if !out.ends_with('{') {
        out.push(',');
    }
    out.push('"');
    push_escaped(out, key);
    out.push_str("\":");
    out.push_str(json);
}

/// Attributes as a JSON object.
pub(crate) fn told(list: &[(String, Held)]) -> String {
    let mut out = String::from("{");
    for (name, value) in list {
        json(&mut out, name, &value.json());
    }
    out.push('}');
    out
}

fn time(out: &mut String, key: &str, time: Option<Nanos>) {
    if let Some(time) = time {
        text(out, key, &time.to_rfc3339());
    }
}

fn usage(usage: &Usage) -> String {
    let mut out = String::from("{");
    let counts = [
        ("input_tokens", usage.input),
        ("output_tokens", usage.output),
        ("cached_tokens", usage.cached),
        ("cache_write_tokens", usage.written),
        ("reasoning_tokens", usage.reasoning),
        ("total_tokens", usage.total),
    ];
    for (key, count) in counts {
        if let Some(count) = count {
            json(&mut out, key, &count.to_string());
        }
    }
    if let Some(cost) = usage.cost.filter(|cost| cost.is_finite()) {
        json(&mut out, "cost", &cost.to_string());
    }
    out.push('}');
    out
}

/// What the columns and lists of a step say; values, error and messages come after.
fn known(step: &FullStep) -> String {
    let mut out = String::from("{");
    text(&mut out, "type", "step");
    text(&mut out, "id", &step.id);
    if let Some(parent) = &step.parent {
        text(&mut out, "parent", parent);
    }
    text(&mut out, "name", &step.name);
    text(&mut out, "kind", step.kind.name());
    time(&mut out, "start", step.start);
    time(&mut out, "end", step.end);
    text(&mut out, "status", step.status.name());
    if !step.model.is_empty() {
        text(&mut out, "model", &step.model);
    }
    if !step.usage.is_empty() {
        json(&mut out, "usage", &usage(&step.usage));
    }
    if !step.attributes.is_empty() {
        json(&mut out, "attributes", &told(&step.attributes));
    }
    if !step.events.is_empty() {
        let mut list = String::from("[");
        for event in &step.events {
            let mut one = String::from("{");
            text(&mut one, "name", &event.name);
            time(&mut one, "time", event.time);
            if !event.attributes.is_empty() {
                json(&mut one, "attributes", &told(&event.attributes));
            }
            let _ = write!(list, "{}{one}}}", if list.len() > 1 { "," } else { "" });
        }
        json(&mut out, "events", &format!("{list}]"));
    }
    if !step.links.is_empty() {
        let mut list = String::from("[");
        for link in &step.links {
            let mut one = String::from("{");
            if !link.run.is_empty() {
                text(&mut one, "run", &link.run);
            }
            text(&mut one, "step", &link.step);
            if !link.attributes.is_empty() {
                json(&mut one, "attributes", &told(&link.attributes));
            }
            let _ = write!(list, "{}{one}}}", if list.len() > 1 { "," } else { "" });
        }
        json(&mut out, "links", &format!("{list}]"));
    }
    out
}

/// The bytes of one line, for what is read back from it.
struct Line<'a>(&'a [u8]);

impl Reader for Line<'_> {
    fn bytes(&self, place: crate::model::Place) -> Result<Vec<u8>, String> {
        let range = usize::try_from(place.start).ok().zip(usize::try_from(place.end()).ok());
        let bytes = range.and_then(|(start, end)| self.0.get(start..end));
        bytes.map(<[u8]>::to_vec).ok_or_else(|| "This is not in the line.".to_owned())
    }

    fn len(&self, _: u16) -> u64 {
        self.0.len() as u64
    }

    fn details(&self, _: u32, _: u32) -> Result<Details, String> {
        Err("This is one line.".to_owned())
    }
}

/// Whether what is read back is what is to be told.
fn tells(line: &Line<'_>, told: Option<&Value>, wanted: &Held) -> bool {
    told.and_then(|value| Held::read(line, value).ok()).is_some_and(|held| held.json() == wanted.json())
}

/// What attributes and events of a step say by themselves.
pub(crate) struct ReadsAs {
    pub(crate) input: bool,
    pub(crate) output: bool,
    pub(crate) messages: Vec<Message>,
}

/// Reads the attributes and events of a step as an importer does.
pub(crate) fn reads_as(step: &FullStep) -> ReadsAs {
    let line = format!("{}}}", known(step));
    let back = read_back(line.clone().into_bytes());
    let read = Line(line.as_bytes());
    let says = |told: &Option<Value>, wanted: &Option<Held>| {
        wanted.as_ref().is_some_and(|wanted| tells(&read, told.as_ref(), wanted))
    };
    let (input, output) = (says(&back.input, &step.input), says(&back.output, &step.output));
    ReadsAs { input, output, messages: back.messages }
}

/// Writes one step as a line.
pub(crate) fn step(step: &FullStep, out: &mut String) {
    let mut line = known(step);
    let back = read_back(format!("{line}}}").into_bytes());
    let bytes = line.clone();
    let read = Line(bytes.as_bytes());
    let values = [
        ("state_before", &step.state, &back.state),
        ("state_after", &step.state_after, &back.state_after),
        ("input", &step.input, &back.input),
        ("output", &step.output, &back.output),
    ];
    let mut fresh = false;
    for (key, wanted, told) in values {
        // Without an input, the state before is read as the input too.
        let shared = key == "input" && wanted == &step.state;
        if let Some(wanted) = wanted
            && !shared
            && !tells(&read, told.as_ref(), wanted)
        {
            fresh |= matches!(key, "input" | "output");
            json(&mut line, key, &wanted.json());
        }
    }
    if let Some(error) = step.error.as_ref().filter(|error| back.error.as_ref() != Some(error)) {
        let mut one = String::from("{");
        for (key, said) in [("type", &error.kind), ("message", &error.message), ("stack", &error.stack)] {
            if !said.is_empty() {
                text(&mut one, key, said);
            }
        }
        one.push('}');
        json(&mut line, "error", &one);
    }
    // An input that is a list of messages is read as the conversation.
    let spoken = if fresh { read_back(format!("{line}}}").into_bytes()).messages } else { back.messages };
    if spoken != step.messages {
        json(&mut line, "messages", &messages(&step.messages, Sides::Unclear { output: step.output.is_some() }));
    }
    out.push_str(&line);
    out.push_str("}\n");
}
