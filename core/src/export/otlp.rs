//! Runs as OpenTelemetry's JSON, with the attributes by which other tools show kinds, models, tokens and messages:
//! OpenTelemetry's own for generative AI, and OpenInference's.
//!
//! Attributes of the file stay; what they do not say is added. Ids that are no OpenTelemetry ids become such, the same
//! each time. What OpenTelemetry has no place for stands in attributes that begin with `chaindebug.`.

use super::any_value::any_value;
use super::full_step::{FullStep, Held};
use super::jsonl::{reads_as, told};
use super::message::{Sides, messages};
use crate::dialect::{Gather, Val};
use crate::json::{Lexer, quoted};
use crate::model::{Kind, Message, Nanos, Side, Status, Usage};
use std::fmt::Write as _;

/// 64 bits of FNV-1a, from a basis.
fn hash(basis: u64, text: &str) -> u64 {
    text.bytes().fold(basis, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

const BASIS: u64 = 0xcbf2_9ce4_8422_2325;

fn is_id(text: &str, digits: usize) -> bool {
    let hex = text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    text.len() == digits && hex && text.bytes().any(|byte| byte != b'0')
}

/// The id of a run as a trace id.
pub(crate) fn trace_id(run: &str) -> String {
    if is_id(run, 32) {
        return run.to_owned();
    }
    format!("{:016x}{:016x}", hash(BASIS, run), hash(hash(BASIS, "trace"), run))
}

/// The id of a step as a span id.
pub(crate) fn span_id(run: &str, step: &str) -> String {
    if is_id(step, 16) {
        return step.to_owned();
    }
    format!("{:016x}", hash(hash(hash(BASIS, run), "\0"), step).max(1))
}

/// Runs as they are written, one after the other.
#[derive(Default)]
pub(crate) struct Spans {
    begun: bool,
    /// The run that is written.
    run: String,
    name: String,
    /// The resource whose spans are written, where one is open.
    resource: Option<String>,
    /// Whether a span stands in it.
    filled: bool,
}

impl Spans {
    /// A run begins.
    pub(crate) fn run(&mut self, id: &str, name: &str, out: &mut String) {
        self.close(out);
        (self.run, self.name) = (id.to_owned(), name.to_owned());
    }

    fn close(&mut self, out: &mut String) {
        if self.resource.take().is_some() {
            out.push_str("]}]}");
        }
    }

    /// Everything was written.
    pub(crate) fn end(&mut self, out: &mut String) {
        self.close(out);
        out.push_str(if std::mem::take(&mut self.begun) { "]}\n" } else { "{\"resourceSpans\":[]}\n" });
    }

    fn open(&mut self, resource: String, out: &mut String) {
        self.close(out);
        out.push_str(if std::mem::replace(&mut self.begun, true) { "," } else { "{\"resourceSpans\":[" });
        out.push_str("{\"resource\":");
        out.push_str(&resource);
        out.push_str(",\"scopeSpans\":[{\"scope\":{\"name\":\"chaindebug\",\"version\":\"");
        out.push_str(env!("CARGO_PKG_VERSION"));
        out.push_str("\"},\"spans\":[");
        self.resource = Some(resource);
        self.filled = false;
    }

    /// Writes one step.
    pub(crate) fn step(&mut self, step: &FullStep, out: &mut String) {
        let resource = self.resource_of(step);
        if self.resource.as_ref() != Some(&resource) {
            self.open(resource, out);
        }
        out.push_str(if std::mem::replace(&mut self.filled, true) { ",\n" } else { "\n" });
        span(&self.run, step, out);
    }

    /// The resource of a step: its own where it is one, else its members as attributes.
    fn resource_of(&self, step: &FullStep) -> String {
        let mut list = Attributes::default();
        if let Some(Held::Json(json)) = &step.resource {
            let mut own = false;
            let mut lexer = Lexer::new(json.as_bytes());
            // Strict JSON of ours: it is read to its end.
            let _ = lexer.members(|lexer, key| {
                let name = key.text();
                let (start, end) = lexer.skip()?;
                let value = json.get(start..end).unwrap_or("null");
                own |= name == "attributes" && value.starts_with("[{\"key\":");
                list.put(&name, &Held::Json(value.to_owned()));
                Ok(())
            });
            if own {
                return json.clone();
            }
        }
        if !list.has("service.name") {
            let name = if self.name.is_empty() { "chaindebug" } else { &self.name };
            list.text("service.name", name);
        }
        list.text("chaindebug.run.id", &self.run);
        list.text("chaindebug.run.name", &self.name);
        format!("{{\"attributes\":{}}}", list.json())
    }
}

/// Attributes as OpenTelemetry lists them.
#[derive(Default)]
struct Attributes {
    out: String,
    names: Vec<String>,
}

impl Attributes {
    fn has(&self, name: &str) -> bool {
        self.names.iter().any(|known| known == name)
    }

    fn put(&mut self, name: &str, value: &Held) {
        let _ = write!(self.out, "{}{{\"key\":{},\"value\":", if self.out.is_empty() { "" } else { "," }, quoted(name));
        any_value(value, &mut self.out);
        self.out.push('}');
        self.names.push(name.to_owned());
    }

    /// Adds a text, unless it is empty or the name is taken.
    fn text(&mut self, name: &str, text: &str) {
        if !text.is_empty() && !self.has(name) {
            self.put(name, &Held::Text(text.to_owned()));
        }
    }

    fn number(&mut self, name: &str, number: Option<String>) {
        if let Some(number) = number.filter(|_| !self.has(name)) {
            self.put(name, &Held::Json(number));
        }
    }

    /// Adds a value as a text, and what kind of text it is.
    fn value(&mut self, name: &str, value: &Held) {
        let (text, media) = match value {
            Held::Json(json) if json.starts_with(['{', '[']) || json == "null" => (json.clone(), "application/json"),
            Held::Json(json) => (
                Val::read(&mut Lexer::new(json.as_bytes()))
                    .map_or_else(|_| json.clone(), |(value, _)| value.text().into_owned()),
                "text/plain",
            ),
            Held::Text(text) => (text.clone(), "text/plain"),
        };
        if !self.has(&format!("{name}.value")) {
            self.put(&format!("{name}.value"), &Held::Text(text));
            self.text(&format!("{name}.mime_type"), media);
        }
    }

    fn json(&self) -> String {
        format!("[{}]", self.out)
    }
}

fn list(attributes: &[(String, Held)]) -> Attributes {
    let mut list = Attributes::default();
    for (name, value) in attributes {
        list.put(name, value);
    }
    list
}

/// What the vocabularies make of the attributes of the file.
fn gathered(step: &FullStep, list: &str) -> (Kind, String, Usage) {
    let mut gather = Gather::default();
    let _ = Lexer::new(list.as_bytes()).members(|lexer, key| {
        let (value, _) = Val::read(lexer)?;
        // As a list of OpenTelemetry's own, what is nested is not read.
        if !matches!(value, Val::Json(_)) {
            gather.attribute(&key.text(), &value);
        }
        Ok(())
    });
    let found = gather.finish(&step.name);
    (found.kind, found.model.map(std::borrow::Cow::into_owned).unwrap_or_default(), found.usage)
}

fn operation(kind: Kind) -> &'static str {
    match kind {
        Kind::Llm => "chat",
        Kind::Embedding => "embeddings",
        Kind::Tool => "execute_tool",
        Kind::Agent => "invoke_agent",
        Kind::Retriever => "retrieval",
        _ => "",
    }
}

/// The attributes of a step: the file's, and what they do not say.
fn attributes(run: &str, step: &FullStep) -> Attributes {
    let mut out = list(&step.attributes);
    let (kind, model, said) = gathered(step, &told(&step.attributes));
    if kind != step.kind {
        out.text("openinference.span.kind", &step.kind.name().to_uppercase());
        out.text("gen_ai.operation.name", operation(step.kind));
    } else if step.kind != Kind::Other {
        out.text("openinference.span.kind", &step.kind.name().to_uppercase());
    }
    if model != step.model {
        out.text("gen_ai.request.model", &step.model);
        out.text("gen_ai.response.model", &step.model);
    }
    let usage = step.usage;
    let count = |of: Option<u64>, said: Option<u64>| of.filter(|_| of != said).map(|count| count.to_string());
    for (name, number) in [
        ("gen_ai.usage.input_tokens", count(usage.input, said.input)),
        ("gen_ai.usage.output_tokens", count(usage.output, said.output)),
        ("gen_ai.usage.cache_read.input_tokens", count(usage.cached, said.cached)),
        ("gen_ai.usage.cache_creation.input_tokens", count(usage.written, said.written)),
        ("gen_ai.usage.reasoning_tokens", count(usage.reasoning, said.reasoning)),
        ("gen_ai.usage.total_tokens", count(usage.total, said.total)),
        (
            "gen_ai.usage.cost",
            usage.cost.filter(|cost| said.cost != Some(*cost) && cost.is_finite()).map(|cost| cost.to_string()),
        ),
    ] {
        out.number(name, number);
    }
    let back = reads_as(step);
    if step.messages != back.messages {
        let side = |side: Side| -> Vec<&Message> { step.messages.iter().filter(|one| one.side == side).collect() };
        for (name, side) in
            [("gen_ai.input.messages", side(Side::Input)), ("gen_ai.output.messages", side(Side::Output))]
        {
            if !side.is_empty() {
                out.text(name, &messages(side, Sides::Never));
            }
        }
    }
    for (name, value, said) in [("input", &step.input, back.input), ("output", &step.output, back.output)] {
        if let Some(value) = value.as_ref().filter(|_| !said) {
            out.value(name, value);
        }
    }
    for (name, value) in [("chaindebug.state_before", &step.state), ("chaindebug.state_after", &step.state_after)] {
        if let Some(value) = value {
            out.put(name, value);
        }
    }
    if let Some(error) = &step.error {
        out.text("error.type", &error.kind);
    }
    if !is_id(&step.id, 16) {
        out.text("chaindebug.step.id", &step.id);
    }
    let plain = match step.status {
        Status::Ok | Status::Error => true,
        Status::Unset => step.end.is_some(),
        Status::Running => step.end.is_none(),
        _ => false,
    };
    if !plain {
        out.text("chaindebug.status", step.status.name());
    }
    let _ = run;
    out
}

fn time(out: &mut String, key: &str, time: Option<Nanos>) {
    if let Some(time) = time {
        let _ = write!(out, ",\"{key}\":\"{}\"", time.0);
    }
}

/// One step as a span.
fn span(run: &str, step: &FullStep, out: &mut String) {
    let _ = write!(out, "{{\"traceId\":\"{}\",\"spanId\":\"{}\"", trace_id(run), span_id(run, &step.id));
    if let Some(parent) = &step.parent {
        let _ = write!(out, ",\"parentSpanId\":\"{}\"", span_id(run, parent));
    }
    let kind = match step.kind {
        Kind::Http | Kind::Db | Kind::Llm | Kind::Embedding => 3,
        _ => 1,
    };
    let _ = write!(out, ",\"name\":{},\"kind\":{kind}", quoted(&step.name));
    time(out, "startTimeUnixNano", step.start);
    time(out, "endTimeUnixNano", step.end);
    let _ = write!(out, ",\"attributes\":{}", attributes(run, step).json());
    events(step, out);
    if !step.links.is_empty() {
        out.push_str(",\"links\":[");
        for (at, link) in step.links.iter().enumerate() {
            let of = if link.run.is_empty() { run } else { &link.run };
            let _ = write!(
                out,
                "{}{{\"traceId\":\"{}\",\"spanId\":\"{}\",\"attributes\":{}}}",
                if at > 0 { "," } else { "" },
                trace_id(of),
                span_id(of, &link.step),
                list(&link.attributes).json()
            );
        }
        out.push(']');
    }
    let code = match step.status {
        Status::Ok => 1,
        Status::Error => 2,
        _ => 0,
    };
    let message = step.error.as_ref().map(|error| error.message.as_str()).filter(|message| !message.is_empty());
    if code != 0 || message.is_some() {
        let _ = write!(out, ",\"status\":{{\"code\":{code}");
        if let Some(message) = message {
            let _ = write!(out, ",\"message\":{}", quoted(message));
        }
        out.push('}');
    }
    out.push('}');
}

/// The events, and one for an error that none of them tells.
fn events(step: &FullStep, out: &mut String) {
    let told = step.events.iter().any(|event| event.name == "exception");
    let error = step.error.as_ref().filter(|error| !(told || error.kind.is_empty() && error.stack.is_empty()));
    if step.events.is_empty() && error.is_none() {
        return;
    }
    out.push_str(",\"events\":[");
    let mut first = true;
    for event in &step.events {
        out.push_str(if std::mem::take(&mut first) { "{" } else { ",{" });
        let _ = write!(out, "\"name\":{}", quoted(&event.name));
        time(out, "timeUnixNano", event.time);
        let _ = write!(out, ",\"attributes\":{}}}", list(&event.attributes).json());
    }
    if let Some(error) = error {
        out.push_str(if first { "{" } else { ",{" });
        out.push_str("\"name\":\"exception\"");
        time(out, "timeUnixNano", step.end.or(step.start));
        let mut held = Attributes::default();
        held.text("exception.type", &error.kind);
        held.text("exception.message", &error.message);
        held.text("exception.stacktrace", &error.stack);
        let _ = write!(out, ",\"attributes\":{}}}", held.json());
    }
    out.push(']');
}
