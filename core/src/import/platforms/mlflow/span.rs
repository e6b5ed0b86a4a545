//! One span of MLflow, of either schema: as a step, and what it holds. Each attribute's value is a JSON text.

use super::super::attributes::{self, empty, unquote, val};
use super::super::embedded::{self, is_escaped, unescaped};
use super::info::{self, Trace};
use crate::dialect::{self, Attr, Gather, Val};
use crate::import::record::{Record, read};
use crate::import::{Builder, Draft, Piece, Reveal, Revealing, ids};
use crate::json::{At, Str};
use crate::model::{Attribute, Details, Error, Kind, Place, Status, Usage};
use std::borrow::Cow;

/// The context of a step that is a trace without spans.
pub(super) const WHOLE: u32 = 1;

/// The value of an attribute, its JSON text read.
fn decoded<T>(attributes: Option<At<'_>>, key: &str, look: impl FnOnce(At<'_>) -> T) -> Option<T> {
    embedded::with(attributes.and_then(|attributes| attributes.get(key)), look)
}

/// A text in an attribute.
fn told(attributes: Option<At<'_>>, key: &str) -> Option<String> {
    let text = attributes?.get(key).and_then(read::scalar)?;
    let inner = crate::json::Lexer::new(text.as_bytes()).text().ok().flatten().map(Cow::into_owned);
    Some(inner.unwrap_or_else(|| text.into_owned())).filter(|text| !matches!(text.as_str(), "" | "null"))
}

/// What a model call used: its own attribute, else what the provider answered.
fn usage(attributes: Option<At<'_>>, kind: Kind) -> Usage {
    let mut usage = decoded(attributes, "mlflow.chat.tokenUsage", |at| Usage {
        input: read::count(at, &["input_tokens"]),
        output: read::count(at, &["output_tokens"]),
        total: read::count(at, &["total_tokens"]),
        cached: read::count(at, &["cache_read_input_tokens"]),
        ..Usage::default()
    })
    .unwrap_or_default();
    if usage.is_empty() && matches!(kind, Kind::Llm | Kind::Embedding) {
        let answered = |at: At<'_>| read::first(at, &["usage", "usage_metadata"]).map(read::usage);
        usage = decoded(attributes, "mlflow.spanOutputs", answered).flatten().unwrap_or_default();
    }
    usage.cost = decoded(attributes, "mlflow.llm.cost", |at| read::amount(at, &["total_cost"])).flatten();
    usage
}

/// Makes a step of a span.
pub(super) fn take(record: &Record<'_>, at: At<'_>, place: Place, trace: Option<&mut Trace>, build: &mut Builder) {
    let text = |keys: &[&str]| read::text(at, keys);
    let context = |key: &str| at.at(&["context", key]).and_then(read::scalar);
    let run = text(&["trace_id"]).or_else(|| context("trace_id")).and_then(|text| ids::otel(&text));
    let own = text(&["span_id"]).or_else(|| context("span_id")).and_then(|text| ids::otel(&text));
    if own.is_none() && at.get("name").is_none() {
        return;
    }
    let run = build.names.intern(&run.unwrap_or_default());
    let own = build.names.intern(&own.unwrap_or_default());
    let mut draft = Draft::new(run, own, place);
    let parent = text(&["parent_span_id", "parent_id"]).and_then(|text| ids::otel(&text));
    draft.parent = parent.map(|parent| build.names.intern(&parent));
    let name = text(&["name"]).unwrap_or_default();
    draft.name = build.names.intern(&name);
    draft.start = read::epoch(at, &["start_time_unix_nano", "start_time"], 1);
    draft.end = read::epoch(at, &["end_time_unix_nano", "end_time"], 1);
    let code = at.at(&["status", "code"]).and_then(read::scalar).or_else(|| text(&["status_code"]));
    draft.status = match code.unwrap_or_default().trim_start_matches("STATUS_CODE_") {
        "OK" | "1" => Status::Ok,
        "ERROR" | "2" => Status::Error,
        _ if draft.end.is_none() => Status::Running,
        _ => Status::Unset,
    };
    let attributes = at.get("attributes");
    let mut gather = Gather::default();
    attributes::note(&mut gather, held(record, at, true));
    let found = gather.finish(&name);
    let kind = found.kind;
    found.settle(&mut draft, build);
    let mut stated = usage(attributes, kind);
    stated.fill(&draft.usage);
    draft.usage = stated;
    if matches!(kind, Kind::Llm | Kind::Embedding) && draft.model == crate::model::Interner::EMPTY {
        let of = |key: &str| decoded(attributes, key, |at| at.text_of("model").map(Cow::into_owned)).flatten();
        let model =
            ["mlflow.llm.model", "model", "model_name", "ai.model.name"].iter().find_map(|key| told(attributes, key));
        let model = of("mlflow.spanOutputs").or(model).or_else(|| of("mlflow.spanInputs"));
        draft.model = build.names.intern(&model.unwrap_or_default());
    }
    let at = build.push(draft);
    if let Some(trace) = trace {
        trace.run = Some(run);
        if trace.root.is_none() && build.drafts.get(at).is_some_and(|draft| draft.parent.is_none()) {
            trace.root = Some(at);
        }
    }
}

/// The attributes; for the index without those that are read from here.
fn held<'a>(record: &Record<'_>, span: At<'a>, index: bool) -> Vec<Attr<'a>> {
    let mut out = Vec::new();
    for member in span.get("attributes").into_iter().flat_map(At::members).filter(|member| !empty(*member)) {
        let key = member.key().unwrap_or_default();
        let known = matches!(key.as_ref(), "model" | "model_name" | "temperature" | "max_tokens" | "tools");
        if !index || !known && key != "mlflow.chat.tokenUsage" {
            out.push(Attr { key, val: val(member), place: record.place(member) });
        }
    }
    out
}

/// Shows spans.
pub(super) struct Spans;

impl Reveal for Spans {
    fn reveal(&self, about: Revealing<'_>, pieces: &[Piece]) -> Details {
        let mut details = Details::default();
        for (number, piece) in pieces.iter().enumerate() {
            let alone = about.context == WHOLE;
            let text = is_escaped(&piece.bytes).then(|| unescaped(&piece.bytes));
            let record = match &text {
                Some(text) => Record::inside(text, piece.place),
                None => Record::of(piece),
            };
            if !record.whole() {
                details.note_damage();
            }
            if alone || number > 0 {
                info::show(&record, alone, &mut details);
            } else {
                show(&record, &mut details);
            }
        }
        details
    }
}

fn show(record: &Record<'_>, details: &mut Details) {
    let at = record.root();
    let code = at.at(&["status", "code"]).or_else(|| at.get("status_code")).and_then(read::scalar);
    let message = at.at(&["status", "message"]).or_else(|| at.get("status_message")).and_then(read::scalar);
    if code.is_some_and(|code| code.ends_with("ERROR") || code == "2") || message.is_some() {
        let message = message.unwrap_or_default().into_owned();
        details.error = Some(Error { message, ..Error::default() });
    }
    if let Some(events) = at.get("events") {
        attributes::events(record, events, details);
    }
    let attributes = at.get("attributes");
    let members = || attributes.into_iter().flat_map(At::members).filter(|member| !empty(*member));
    let texts: Vec<String> = members().map(|member| member.string().unwrap_or_default().into_owned()).collect();
    let mut held = held(record, at, false);
    for (attr, text) in held.iter_mut().zip(&texts) {
        // A text within the JSON text is the text itself.
        let inner = text.trim();
        if let Some(raw) = inner.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')) {
            let raw = raw.as_bytes();
            attr.val = Val::Str(Str { raw, at: 0, plain: !raw.contains(&b'\\') });
        }
    }
    dialect::reveal(&held, details);
    let member = |key: &str| attributes.and_then(|attributes| attributes.get(key));
    for Attribute { name, value, .. } in &mut details.attributes {
        unquote(record, value, member(name));
    }
    if let Some(value) = &mut details.input {
        unquote(record, value, member("mlflow.spanInputs"));
    }
    if let Some(value) = &mut details.output {
        unquote(record, value, member("mlflow.spanOutputs"));
    }
    // A list of links of another trace or span.
    for link in at.get("links").into_iter().flat_map(At::items) {
        let id = |key: &str| read::text(link, &[key]).and_then(|text| ids::otel(&text)).unwrap_or_default();
        details.links.push(crate::model::Link { run: id("trace_id"), step: id("span_id"), attributes: Vec::new() });
    }
}
