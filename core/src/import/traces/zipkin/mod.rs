//! Zipkin v2 JSON: what Zipkin's page downloads and its API answers and takes.
//!
//! Source: zipkin-api `zipkin2-api.yaml`, and how zipkin-lens makes a tree of it. A list of spans, a list of such
//! lists, one span, lines of any of them. How spans of one id belong together is in `halves`, what one holds in
//! `reveal`. Version 1 (`binaryAnnotations`) is another format and refused by name.

mod halves;
mod reveal;
#[cfg(test)]
mod tests;

use crate::dialect::Gather;
use crate::import::record::{Record, read};
use crate::import::{Builder, Draft, Format, Here, Importer, Matched, Probe, ROOT, Reveal, Route, Sample, State};
use crate::json::{At, Lack, Lexer, NodeKind, Str};
use crate::model::{Document, Kind, Status};
use halves::Half;

/// The format.
pub const FORMAT: Format = Format { id: "zipkin-json", name: "Zipkin v2 JSON", detect, importer };

const LIST: State = 1;
const WRAPPER: State = 2;

/// Keys under which lists of spans are found wrapped.
const WRAPPERS: [&str; 7] = ["data", "traces", "trace", "spans", "result", "results", "items"];

fn importer(_: u16, probe: &Probe<'_>) -> Box<dyn Importer> {
    let mut importer = Zipkin { wrapped: false, halves: Vec::new() };
    importer.another(probe);
    Box::new(importer)
}

struct Zipkin {
    /// Whether the object at the top holds the list rather than being a span.
    wrapped: bool,
    halves: Vec<Half>,
}

impl Importer for Zipkin {
    fn route(&mut self, state: State, key: Option<Str<'_>>, lead: u8) -> Route {
        match (state, key, lead) {
            (_, None, b'[') => Route::Enter(LIST),
            (ROOT, None, b'{') if self.wrapped => Route::Enter(WRAPPER),
            (ROOT | LIST, None, b'{') => Route::Take(0),
            (WRAPPER, Some(key), b'[') if WRAPPERS.iter().any(|known| key.is(known)) => Route::Enter(LIST),
            (WRAPPER, Some(key), b'{') if WRAPPERS.iter().any(|known| key.is(known)) => Route::Enter(WRAPPER),
            _ => Route::Skip,
        }
    }

    fn take(&mut self, _: u8, lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
        let record = Record::take(lexer, here)?;
        self.halves.extend(span(&record, build));
        Ok(())
    }

    fn together(&self, _: &Document) -> bool {
        true
    }

    fn another(&mut self, probe: &Probe<'_>) {
        self.wrapped = probe.find(|sample| span_of(sample, 0).is_some()).is_none();
    }

    fn finish(self: Box<Self>, build: &mut Builder) -> Box<dyn Reveal> {
        Box::new(reveal::ZipkinReveal { skews: halves::join(&self.halves, build) })
    }
}

/// A trace or span id: lowercase, without the zeros that some writers put before it and others leave out.
fn id(at: At<'_>, key: &str) -> String {
    let text = read::text(at, &[key]).unwrap_or_default();
    text.trim().trim_start_matches('0').to_ascii_lowercase()
}

/// The service of an endpoint member; empty when it has none.
fn service<'a>(at: At<'a>, endpoint: &str) -> std::borrow::Cow<'a, str> {
    at.get(endpoint).and_then(|endpoint| read::text(endpoint, &["serviceName"])).unwrap_or_default()
}

/// Pushes the draft of a span. Its ids are settled when all spans are known.
fn span(record: &Record<'_>, build: &mut Builder) -> Option<Half> {
    let at = record.root();
    let (trace, own) = (id(at, "traceId"), id(at, "id"));
    if trace.is_empty() && own.is_empty() {
        return None;
    }
    let mut gather = Gather::default();
    let (mut error, mut status, mut db) = (false, Status::Unset, false);
    for tag in at.get("tags").into_iter().flat_map(At::members) {
        let (Some(key), Some(value)) = (tag.key(), reveal::val(tag)) else { continue };
        match key.as_ref() {
            "error" => error = true,
            "otel.status_code" if value.text() == "ERROR" => status = Status::Error,
            "otel.status_code" if value.text() == "OK" => status = Status::Ok,
            _ => db |= ["sql.", "cassandra.", "redis.", "mongodb.", "jdbc."].iter().any(|own| key.starts_with(own)),
        }
        gather.note(key, &value);
    }
    let kind = read::text(at, &["kind"]).unwrap_or_default();
    let service = service(at, "localEndpoint");
    let name = read::text(at, &["name"]).filter(|name| name != "unknown");
    let name = name.unwrap_or_else(|| if service.is_empty() { kind.clone() } else { service.clone() });
    let run = build.names.intern(&trace);
    let mut draft = Draft::new(run, build.names.intern(&own), record.whole_place());
    draft.name = build.names.intern(&name);
    draft.start = read::epoch(at, &["timestamp"], 1_000).filter(|time| time.0 != 0);
    let duration = read::epoch(at, &["duration"], 1_000).filter(|length| length.0 != 0);
    draft.end = draft.start.zip(duration).map(|(start, duration)| start.plus(duration));
    gather.finish(&name).settle(&mut draft, build);
    if draft.kind == Kind::Other && db {
        draft.kind = Kind::Db;
    }
    draft.status = if error { Status::Error } else { status };
    let parent = id(at, "parentId");
    let endpoint = at.get("localEndpoint").map(At::json).unwrap_or_default();
    Some(Half {
        run,
        id: draft.id,
        parent: (!parent.is_empty()).then(|| build.names.intern(&parent)),
        service: build.names.intern(&service),
        endpoint: build.names.intern(&endpoint),
        kind: match kind.to_ascii_uppercase().as_str() {
            "CLIENT" => halves::Side::Client,
            "SERVER" => halves::Side::Server,
            _ => halves::Side::None,
        },
        shared: read::flag(at, "shared"),
        draft: build.push(draft),
    })
}

/// The first object below a node, through lists of lists.
fn span_of(sample: &Sample<'_>, node: u32) -> Option<u32> {
    let mut todo = vec![(node, 0u8)];
    while let Some((node, depth)) = todo.pop() {
        if sample.is(node, NodeKind::Object) && is_span(sample, node) {
            return Some(node);
        }
        if sample.is(node, NodeKind::Array) && depth < 3 {
            // The first lists may be empty.
            let children: Vec<u32> = sample.tree.children(node).take(20).collect();
            todo.extend(children.into_iter().rev().map(|child| (child, depth + 1)));
        }
    }
    None
}

fn is_span(sample: &Sample<'_>, node: u32) -> bool {
    let has = |key: &str| sample.member(node, key);
    let hex = |key: &str, most: usize| {
        let text = has(key).and_then(|node| sample.text_of(node)).unwrap_or_default();
        (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit())
    };
    let first_annotation = || has("annotations").and_then(|list| sample.tree.first_child(list));
    let old = has("binaryAnnotations").is_some()
        || first_annotation().is_some_and(|first| sample.member(first, "endpoint").is_some());
    let others = ["type", "observations", "spanId", "resource", "inputs", "run_type"];
    let sided = has("kind").and_then(|node| sample.text_of(node)).is_some_and(|kind| {
        ["CLIENT", "SERVER", "PRODUCER", "CONSUMER"].iter().any(|known| kind.eq_ignore_ascii_case(known))
    });
    hex("traceId", 32)
        && hex("id", 16)
        && !old
        && !others.iter().any(|key| has(key).is_some())
        && (sided
            || ["localEndpoint", "remoteEndpoint", "annotations", "shared"].iter().any(|key| has(key).is_some())
            || ["timestamp", "duration", "tags", "parentId", "name"].iter().filter(|key| has(key).is_some()).count()
                > 1)
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    for sample in &probe.samples {
        let wrapped = |key: &str| sample.member(0, key).is_some_and(|inside| span_of(sample, inside).is_some());
        let how = if span_of(sample, 0).is_some() {
            if probe.many() { "Zipkin v2 JSON Lines" } else { "Zipkin v2 JSON" }
        } else if sample.is(0, NodeKind::Object) && WRAPPERS.iter().any(|key| wrapped(key)) {
            "Zipkin v2 JSON (wrapped)"
        } else {
            continue;
        };
        return Matched::new(how, "it holds spans with hexadecimal `traceId` and `id`, and Zipkin's other keys");
    }
    None
}
