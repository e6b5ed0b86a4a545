//! Spans as Arize Phoenix hands them out: its REST interface and clients, its command line (`px trace get`, `px trace
//! list`, `px span list`), and the rows of its table (`get_spans_dataframe`) as JSON or CSV.
//!
//! A span is `{name, context{trace_id, span_id}, span_kind, parent_id, start_time, end_time, status_code, attributes,
//! events, annotations}`; a row has columns `context.span_id` and `attributes.…` in their place. Attributes are
//! OpenInference's, flat or nested. Phoenix's own export as OTLP is read by `traces`.
//! Source: the documentation of Phoenix 12 (`/v1/projects/{id}/spans`) and of its Python client.

use super::attributes;
use super::objects::{Wrapping, find, has};
use crate::dialect::{self, Gather};
use crate::import::record::{Record, Shown, read};
use crate::import::{
    Builder, Draft, Format, Here, Importer, Matched, Probe, Reveal, Revealing, Route, Sample, State, ids,
};
use crate::json::{At, Lack, Lexer, NodeKind, Str};
use crate::model::{Attribute, Details, Error, Fact, Nanos, Status};
use std::borrow::Cow;

/// The format.
pub(super) const FORMAT: Format = Format {
    id: "phoenix",
    name: "Phoenix spans",
    detect,
    importer: |_, probe| Box::new(Phoenix(Wrapping::of(probe, &WRAPPERS, is_span))),
};

const WRAPPERS: [&str; 6] = ["spans", "traces", "data", "items", "result", "results"];

#[derive(Debug)]
struct Phoenix(Wrapping);

fn is_span(sample: &Sample<'_>, node: u32) -> bool {
    let nested = sample.member(node, "context").is_some_and(|context| sample.member(context, "span_id").is_some());
    // In a table kept by column the name is a list of names.
    let named = has(sample, node, &["start_time"])
        && sample.member(node, "name").is_some_and(|name| sample.is(name, NodeKind::String));
    named && has(sample, node, &["span_kind"]) && (nested || has(sample, node, &["context.span_id"]))
        || named && has(sample, node, &["context.trace_id", "status_code"])
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    let table = probe.samples.iter().find_map(|sample| {
        let (node, _) = find(sample, &WRAPPERS, is_span)?;
        Some(sample.member(node, "context").is_none())
    })?;
    let because = "its spans have `span_kind`, `status_code` and a `context` with `span_id`";
    Matched::new(if table { "Phoenix spans, rows of a table" } else { "Phoenix spans" }, because)
}

impl Importer for Phoenix {
    fn route(&mut self, state: State, key: Option<Str<'_>>, lead: u8) -> Route {
        self.0.route(state, key.as_ref(), lead)
    }

    fn take(&mut self, _: u8, lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
        let record = Record::take(lexer, here)?;
        let at = record.root();
        // A trace among spans has them in a list.
        match at.get("spans") {
            Some(spans) => spans.items().for_each(|span| take(&record, span, build)),
            None => take(&record, at, build),
        }
        Ok(())
    }

    fn finish(self: Box<Self>, _: &mut Builder) -> Box<dyn Reveal> {
        Box::new(Shown(show))
    }
}

/// A member that stands under `context`, or in a column of its own.
fn id(at: At<'_>, nested: &str, column: &str) -> Option<String> {
    let text = at.at(&["context", nested]).or_else(|| at.get(column)).and_then(read::scalar);
    text.and_then(|text| ids::otel(&text))
}

/// A time as text, or as the milliseconds that tables are written with.
fn time(at: At<'_>, key: &str) -> Option<Nanos> {
    read::iso(at, &[key]).or_else(|| read::epoch(at, &[key], 1_000_000))
}

fn take(record: &Record<'_>, at: At<'_>, build: &mut Builder) {
    let (run, own) = (id(at, "trace_id", "context.trace_id"), id(at, "span_id", "context.span_id"));
    let name = read::text(at, &["name"]).unwrap_or_default();
    if run.is_none() && own.is_none() || name.is_empty() && at.get("start_time").is_none() {
        return;
    }
    let run = build.names.intern(&run.unwrap_or_default());
    let own = build.names.intern(&own.unwrap_or_default());
    let mut draft = Draft::new(run, own, record.place(at));
    let parent = read::text(at, &["parent_id", "parentId"]).and_then(|text| ids::otel(&text));
    draft.parent = parent.map(|parent| build.names.intern(&parent));
    draft.name = build.names.intern(&name);
    (draft.start, draft.end) = (time(at, "start_time"), time(at, "end_time"));
    draft.status = match read::text(at, &["status_code"]).unwrap_or_default().as_ref() {
        "OK" => Status::Ok,
        "ERROR" => Status::Error,
        _ if draft.end.is_none() => Status::Running,
        _ => Status::Unset,
    };
    let mut gather = Gather::default();
    attributes::note(&mut gather, attributes::of(record, at));
    if let Some(kind) = at.get("span_kind") {
        gather.attribute("openinference.span.kind", &attributes::val(kind));
    }
    gather.finish(&name).settle(&mut draft, build);
    build.push(draft);
}

fn show(record: &Record<'_>, _: Revealing<'_>, details: &mut Details) {
    let at = record.root();
    let message = read::text(at, &["status_message"]).unwrap_or_default();
    if read::text(at, &["status_code"]).is_some_and(|code| code == "ERROR") || !message.is_empty() {
        details.error = Some(Error { message: message.into_owned(), ..Error::default() });
    }
    if let Some(events) = at.get("events") {
        attributes::events(record, events, details);
    }
    let mut held = attributes::of(record, at);
    if let Some(kind) = at.get("span_kind").filter(|_| !held.iter().any(|attr| attr.key == "openinference.span.kind")) {
        let (key, place) = (Cow::Borrowed("openinference.span.kind"), record.place(kind));
        held.push(dialect::Attr { key, val: attributes::val(kind), place });
    }
    dialect::reveal(&held, details);
    for list in ["annotations", "notes"].iter().filter_map(|key| at.get(key)) {
        annotations(record, list, details);
    }
}

/// What people and evaluators said of a span.
fn annotations(record: &Record<'_>, list: At<'_>, details: &mut Details) {
    for item in list.items().filter(|item| item.is(NodeKind::Object)) {
        let name = read::text(item, &["name"]).unwrap_or(Cow::Borrowed("annotation"));
        let result = item.get("result").unwrap_or(item);
        let told: Vec<_> =
            ["label", "score", "explanation"].iter().filter_map(|key| read::text(result, &[key])).collect();
        if !told.is_empty() {
            details.facts.push(Fact { label: name.clone().into_owned(), text: told.join(", ") });
        }
        if let Some(value) = record.value(Some(item)) {
            details.attributes.push(Attribute { name: format!("annotation {name}"), value, understood: true });
        }
    }
}

#[cfg(test)]
#[path = "phoenix_tests.rs"]
mod tests;
