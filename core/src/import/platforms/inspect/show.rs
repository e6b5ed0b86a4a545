//! What a step of a log holds: a model's call with the messages it refers to, a tool's call, a sample, and what happened
//! in a span.

use super::attached::Texts;
use super::sample::{ATTACHED, REST, SAMPLE};
use super::{FIELDS, SHOWN, state};
use crate::dialect;
use crate::import::record::{Record, read};
use crate::import::{Piece, Reveal, Revealing};
use crate::json::{At, NodeKind};
use crate::model::{Attribute, Details, Event, Fact, Place, Side, Value, ValueText};
use std::borrow::Cow;

/// Members of events that say where they belong.
const FRAME: [&str; 9] =
    ["event", "uuid", "span_id", "timestamp", "working_start", "pending", "id", "parent_id", "completed"];

/// Shows steps.
pub(super) struct Steps;

impl Reveal for Steps {
    fn reveal(&self, about: Revealing<'_>, pieces: &[Piece]) -> Details {
        let mut details = Details::default();
        let (pieces, texts) = match pieces.split_last() {
            Some((last, before)) if about.context & ATTACHED != 0 => (before, Texts::of(&last.bytes)),
            _ => (pieces, Texts::default()),
        };
        let number = about.context >> REST;
        if about.context & SAMPLE != 0 {
            let shown = number.count_ones() as usize;
            for (field, piece) in (0..SHOWN).filter(|field| number >> field & 1 == 1).zip(pieces) {
                sample(FIELDS.get(field).copied().unwrap_or_default(), &Record::of(piece), &texts, &mut details);
            }
            for piece in pieces.iter().skip(shown.max(1)) {
                happened(&Record::of(piece), &texts, &mut details);
            }
            return details;
        }
        let Some((main, further)) = pieces.split_first() else { return details };
        let (special, others) = further.split_at_checked(number as usize).unwrap_or((further, &[]));
        let record = Record::of(main);
        if !record.whole() {
            details.note_damage();
        }
        event(&record, special, &texts, &mut details);
        for piece in others {
            happened(&Record::of(piece), &texts, &mut details);
        }
        let ended = about.run.steps.end.get(about.step as usize).copied().flatten().is_some();
        let what = read::text(record.root(), &["event"]).unwrap_or_default();
        if !ended && matches!(what.as_ref(), "span_begin" | "step") {
            details.notes.push("The end of this step is not in the file.".into());
        }
        details
    }
}

fn fact(details: &mut Details, label: &str, text: impl Into<String>) {
    details.facts.push(Fact { label: label.into(), text: text.into() });
}

fn time(at: At<'_>) -> Option<crate::model::Nanos> {
    read::iso(at, &["timestamp"])
}

/// Attributes with attachments in their places, without some members.
fn attributes(record: &Record<'_>, at: At<'_>, texts: &Texts<'_>, shown: &[&str]) -> Vec<Attribute> {
    let others = at.members().filter(|member| {
        let key = member.key().unwrap_or_default();
        !FRAME.contains(&key.as_ref()) && !shown.contains(&key.as_ref())
    });
    let made = |member: At<'_>| {
        let value = texts.value(record, Some(member))?;
        Some(Attribute { name: member.key()?.into_owned(), value, understood: true })
    };
    others.filter_map(made).collect()
}

/// What an event that is a step holds.
fn event(record: &Record<'_>, special: &[Piece], texts: &Texts<'_>, details: &mut Details) {
    let at = record.root();
    let (input, output): (&[&str], &[&str]) = match read::text(at, &["event"]).unwrap_or_default().as_ref() {
        "model" => return model(record, special, texts, details),
        "tool" => {
            if let Some(id) = read::text(at, &["id"]) {
                fact(details, "call id", id);
            }
            (&["arguments"], &["result"])
        }
        "score" => return score(record, texts, details),
        "approval" => (&["call"], &["explanation", "decision"]),
        "sandbox" => (&["cmd", "file", "input"], &["output", "result"]),
        "input" => (&[], &["input"]),
        "subtask" => (&["input"], &["result"]),
        _ => (&[], &[]),
    };
    state::show(special, texts, details);
    details.input = texts.value(record, read::first(at, input));
    details.output = texts.value(record, read::first(at, output));
    details.error = read::first(at, &["error"]).and_then(read::error);
    for (key, label) in [("type", "type"), ("agent", "agent"), ("approver", "approver"), ("decision", "decision")] {
        if let Some(text) = read::text(at, &[key]).filter(|text| text != "function") {
            fact(details, label, text);
        }
    }
    let mut shown = vec!["type", "name", "function", "error", "events", "action", "agent", "approver", "decision"];
    shown.extend(input.iter().chain(output));
    details.attributes.extend(attributes(record, at, texts, &shown));
}

fn model(record: &Record<'_>, special: &[Piece], texts: &Texts<'_>, details: &mut Details) {
    let at = record.root();
    let output = read::first(at, &["output"]);
    let given = at.get("input").filter(|input| input.count() > 0);
    match (given, special.first()) {
        (None, Some(first)) => {
            // Messages of the pool, with the commas between them.
            let parts: Vec<String> =
                special.iter().map(|piece| String::from_utf8_lossy(&piece.bytes).into_owned()).collect();
            let text = format!("[{}]", parts.join(","));
            let text = texts.put_into(text.as_bytes()).unwrap_or(text);
            details.messages.extend(dialect::messages(&text, Side::Input));
            let end = special.iter().map(|piece| piece.place.end()).max().unwrap_or_default();
            let start = special.iter().map(|piece| piece.place.start).min().unwrap_or_default();
            let place = Place { start, len: end.saturating_sub(start), ..first.place };
            let note = "The messages of the sample that this call refers to".to_owned();
            details.input = Some(Value { place, text: ValueText::Made { text, json: true, note } });
        }
        (given, _) => {
            details.input = texts.value(record, given);
            if let Some(given) = given {
                details.messages.extend(dialect::messages(&texts.json(given), Side::Input));
            }
            if given.is_none() && at.get("input_refs").is_some() {
                details.notes.push("The messages this call refers to are not in the file.".into());
            }
        }
    }
    if let Some(choices) = output.and_then(|output| output.get("choices")) {
        details.messages.extend(dialect::messages(&texts.json(choices), Side::Output));
    }
    details.output = texts.value(record, output);
    let failed = read::first(at, &["error"]).or_else(|| output.and_then(|output| read::first(output, &["error"])));
    details.error = failed.and_then(read::error);
    let asked = read::text(at, &["model"]);
    if let Some(asked) =
        asked.filter(|asked| output.and_then(|output| read::text(output, &["model"])).as_ref() != Some(asked))
    {
        fact(details, "model asked for", asked);
    }
    for (key, label) in [("role", "role"), ("cache", "cache"), ("retries", "retries")] {
        if let Some(text) = read::text(at, &[key]) {
            fact(details, label, text);
        }
    }
    for (key, label) in [("temperature", "temperature"), ("max_tokens", "max tokens"), ("top_p", "top p")] {
        if let Some(text) = at.get("config").and_then(|config| read::text(config, &[key])) {
            fact(details, label, text);
        }
    }
    let shown = ["model", "input", "output", "error", "role", "input_refs", "cache", "retries"];
    details.attributes = attributes(record, at, texts, &shown);
}

fn score(record: &Record<'_>, texts: &Texts<'_>, details: &mut Details) {
    let at = record.root();
    let score = at.get("score");
    details.output = texts.value(record, score);
    if let Some(value) = score.and_then(|score| score.get("value")) {
        fact(details, "score", value.brief(80));
    }
    details.attributes.extend(attributes(record, at, texts, &["score"]));
}

/// Something that happened in a step.
fn happened(record: &Record<'_>, texts: &Texts<'_>, details: &mut Details) {
    let at = record.root();
    let name = read::text(at, &["event"]).unwrap_or_default().into_owned();
    match name.as_str() {
        // The span around a tool's call is the same step.
        "span_begin" => return,
        "score" => return score(record, texts, details),
        "error" => details.error = details.error.take().or_else(|| at.get("error").and_then(read::error)),
        _ => {}
    }
    let attributes = attributes(record, at, texts, &[]);
    details.events.push(Event { name, time: time(at), attributes, place: record.place(at) });
}

/// A member of a sample.
fn sample(name: &str, record: &Record<'_>, texts: &Texts<'_>, details: &mut Details) {
    let at = record.root();
    let value = texts.value(record, Some(at));
    match name {
        "input" => details.input = value,
        "output" => details.output = value,
        "error" => details.error = read::error(at),
        "target" => fact(details, "target", at.string().map_or_else(|| at.brief(200), Cow::into_owned)),
        "limit" => fact(details, "stopped by", read::text(at, &["type"]).unwrap_or_else(|| at.brief(80).into())),
        "total_time" | "working_time" => fact(details, &name.replace('_', " "), format!("{} s", at.brief(20))),
        "messages" => {
            let text = texts.json(at);
            details.messages.extend(dialect::messages(&text, Side::Input));
            if let Some(last) = details.messages.last_mut().filter(|last| last.role == crate::model::Role::Assistant) {
                last.side = Side::Output;
            }
        }
        "eval" => {
            for (key, label) in [("task", "task"), ("model", "model"), ("task_file", "file")] {
                if let Some(text) = read::text(at, &[key]) {
                    fact(details, label, text);
                }
            }
        }
        _ if matches!(at.kind(), NodeKind::Object | NodeKind::Array) && at.count() == 0 => {}
        _ => {
            for score in at.members().filter(|member| name == "scores" && member.is(NodeKind::Object)) {
                let label = format!("score {}", score.key().unwrap_or_default());
                fact(details, &label, score.get("value").map_or_else(String::new, |value| value.brief(80)));
            }
            let named = |value| Attribute { name: name.to_owned(), value, understood: true };
            details.attributes.extend(value.map(named));
        }
    }
}
