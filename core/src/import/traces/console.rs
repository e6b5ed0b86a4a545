//! What OpenTelemetry's ConsoleSpanExporter for Python prints: JSON objects of spans, back to back.
//!
//! Source: `opentelemetry.sdk.trace.ReadableSpan.to_json`. Also one object a line, as people paste it from logs.
//! The JavaScript console exporter prints `util.inspect` output, which is no JSON: refused with a hint elsewhere.

use crate::dialect::{self, Attr, Gather, Val};
use crate::import::{
    Builder, Draft, Format, Here, Importer, Matched, Piece, Probe, Reveal, Revealing, Route, State, each_object, ids,
    time,
};
use crate::json::{Lack, Lexer, Scalar, Str};
use crate::model::{Details, Event, Fact, Link, Nanos, Status};
use crate::order::Order as _;
use std::borrow::Cow;

/// The format.
pub const FORMAT: Format = Format {
    id: "otel-console",
    name: "OpenTelemetry console output (Python)",
    detect,
    importer: |_, _| Box::new(Console),
};

struct Console;

impl Importer for Console {
    fn route(&mut self, state: State, key: Option<Str<'_>>, lead: u8) -> Route {
        each_object(state, key.as_ref(), lead)
    }

    fn take(&mut self, _: u8, lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
        span(lexer, here, build)
    }

    fn finish(self: Box<Self>, _: &mut Builder) -> Box<dyn Reveal> {
        Box::new(ConsoleReveal)
    }
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    probe.find(|sample| {
        let hex = sample.path(&["context", "span_id"]).and_then(|node| sample.text_of(node));
        hex.is_some_and(|id| id.starts_with("0x")) && sample.get("start_time").is_some() && sample.get("name").is_some()
    })?;
    Matched::new("OpenTelemetry console output", "it holds objects with `context.span_id` in 0x form and `start_time`")
}

fn iso(lexer: &mut Lexer<'_>) -> Result<Option<Nanos>, Lack> {
    Ok(lexer.text()?.and_then(|text| time::iso(&text).map(|(time, _)| time)))
}

fn id(lexer: &mut Lexer<'_>) -> Result<Option<String>, Lack> {
    Ok(match lexer.scalar()? {
        Scalar::Str(s) => ids::otel(&s.text()),
        _ => None,
    })
}

/// Trace and span id of a `context` object.
fn context(lexer: &mut Lexer<'_>) -> Result<(Option<String>, Option<String>), Lack> {
    let (mut trace, mut span) = (None, None);
    lexer.members(|lexer, key| {
        match key.raw {
            b"trace_id" => trace = id(lexer)?,
            b"span_id" => span = id(lexer)?,
            _ => {
                lexer.skip()?;
            }
        }
        Ok(())
    })?;
    Ok((trace, span))
}

fn flat<'a>(lexer: &mut Lexer<'a>, mut each: impl FnMut(Cow<'a, str>, Val<'a>, (usize, usize))) -> Result<(), Lack> {
    lexer.members(|lexer, key| {
        let (val, range) = Val::read(lexer)?;
        each(key.text(), val, range);
        Ok(())
    })?;
    Ok(())
}

fn attrs<'a>(lexer: &mut Lexer<'a>, here: Here) -> Result<Vec<Attr<'a>>, Lack> {
    let mut out = Vec::new();
    flat(lexer, |key, val, (start, end)| out.push(Attr { key, val, place: here.place(start, end) }))?;
    Ok(out)
}

fn span(lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
    lexer.peek()?;
    let from = lexer.pos();
    let mut ids = (None, None);
    let mut parent = None;
    let mut name: Cow<'_, str> = Cow::Borrowed("");
    let (mut start, mut end, mut status) = (None, None, Status::Unset);
    let mut gather = Gather::default();
    lexer.members(|lexer, key| {
        match key.raw {
            b"context" => ids = context(lexer)?,
            b"parent_id" => parent = id(lexer)?,
            b"name" => name = lexer.text()?.unwrap_or_default(),
            b"start_time" => start = iso(lexer)?,
            b"end_time" => end = iso(lexer)?,
            b"status" => {
                lexer.members(|lexer, key| {
                    if key.is("status_code") {
                        status = match lexer.text()?.as_deref() {
                            Some("OK") => Status::Ok,
                            Some("ERROR") => Status::Error,
                            _ => Status::Unset,
                        };
                    } else {
                        lexer.skip()?;
                    }
                    Ok(())
                })?;
            }
            b"attributes" => flat(lexer, |key, val, _| gather.note(key, &val))?,
            b"events" => {
                lexer.items(|lexer| {
                    lexer.members(|lexer, key| {
                        if key.is("name") {
                            let name = lexer.text()?.unwrap_or_default();
                            gather.event(&name);
                        } else {
                            lexer.skip()?;
                        }
                        Ok(())
                    })?;
                    Ok(())
                })?;
            }
            _ => {
                lexer.skip()?;
            }
        }
        Ok(())
    })?;
    // Metrics and logs of the sibling exporters are printed between the spans: not steps.
    let (Some(trace), Some(own)) = ids else { return Ok(()) };
    if start.is_none() && name.is_empty() {
        return Ok(());
    }
    let run = build.names.intern(&trace);
    let id = build.names.intern(&own);
    let mut draft = Draft::new(run, id, here.place(from, lexer.pos()));
    draft.parent = parent.map(|parent| build.names.intern(&parent));
    draft.name = build.names.intern(&name);
    (draft.start, draft.end) = (start, end);
    draft.status = if end.is_none() && status == Status::Unset { Status::Running } else { status };
    gather.finish(&name).settle(&mut draft, build);
    build.push(draft);
    Ok(())
}

struct ConsoleReveal;

impl ConsoleReveal {
    fn span(piece: &Piece, details: &mut Details) -> Result<(), Lack> {
        let here = Here { file: piece.place.file, base: piece.place.start };
        let mut held: Vec<Attr<'_>> = Vec::new();
        let (mut code, mut message) = (Status::Unset, String::new());
        Lexer::new(&piece.bytes).members(|lexer, key| {
            match key.raw {
                b"attributes" => held.extend(attrs(lexer, here)?),
                b"events" => {
                    lexer.items(|lexer| event(lexer, here, details))?;
                }
                b"links" => {
                    lexer.items(|lexer| {
                        let mut link = Link { run: String::new(), step: String::new(), attributes: Vec::new() };
                        lexer.members(|lexer, key| {
                            match key.raw {
                                b"context" => {
                                    let (trace, span) = context(lexer)?;
                                    (link.run, link.step) = (trace.unwrap_or_default(), span.unwrap_or_default());
                                }
                                b"attributes" => {
                                    link.attributes = attrs(lexer, here)?.iter().map(dialect::attribute).collect();
                                }
                                _ => {
                                    lexer.skip()?;
                                }
                            }
                            Ok(())
                        })?;
                        details.links.push(link);
                        Ok(())
                    })?;
                }
                b"kind" => {
                    let kind = lexer.text()?.unwrap_or_default();
                    let kind = kind.trim_start_matches("SpanKind.").to_ascii_lowercase();
                    if !matches!(kind.as_str(), "" | "internal") {
                        details.facts.push(Fact { label: "span kind".into(), text: kind });
                    }
                }
                b"resource" => {
                    lexer.peek()?;
                    let from = lexer.pos();
                    lexer.members(|lexer, key| {
                        if !key.is("attributes") {
                            return lexer.skip().map(|_| ());
                        }
                        flat(lexer, |key, val, _| {
                            if key == "service.name" {
                                let text = val.text().into_owned();
                                details.facts.insert(0, Fact { label: "service".into(), text });
                            }
                        })
                    })?;
                    details.resource = Some(here.place(from, lexer.pos()));
                }
                b"status" => {
                    lexer.members(|lexer, key| {
                        let text = lexer.text()?.unwrap_or_default();
                        match key.raw {
                            b"status_code" if text == "ERROR" => code = Status::Error,
                            b"description" => message = text.into_owned(),
                            _ => {}
                        }
                        Ok(())
                    })?;
                }
                _ => {
                    lexer.skip()?;
                }
            }
            Ok(())
        })?;
        if code == Status::Error || !message.is_empty() {
            details.failed(message);
        }
        dialect::reveal(&held, details);
        Ok(())
    }
}

fn event(lexer: &mut Lexer<'_>, here: Here, details: &mut Details) -> Result<(), Lack> {
    lexer.peek()?;
    let from = lexer.pos();
    let mut event = Event { name: String::new(), time: None, attributes: Vec::new(), place: here.place(from, from) };
    let mut held = Vec::new();
    lexer.members(|lexer, key| {
        match key.raw {
            b"name" => event.name = lexer.text()?.unwrap_or_default().into_owned(),
            b"timestamp" => event.time = iso(lexer)?,
            b"attributes" => held = attrs(lexer, here)?,
            _ => {
                lexer.skip()?;
            }
        }
        Ok(())
    })?;
    event.place = here.place(from, lexer.pos());
    dialect::event(event, &held, details);
    Ok(())
}

impl Reveal for ConsoleReveal {
    fn reveal(&self, _: Revealing<'_>, pieces: &[Piece]) -> Details {
        let mut details = Details::default();
        for piece in pieces {
            if Self::span(piece, &mut details).is_err() {
                details.note_damage();
            }
        }
        details.events.order_by_key(|event| event.time);
        details
    }
}

#[cfg(test)]
mod tests {
    use crate::import::testing::open;

    #[test]
    fn spans_printed_back_to_back() -> Result<(), String> {
        let text = r#"
{
    "name": "child",
    "context": {"trace_id": "0x0af7651916cd43dd8448eb211c80319c", "span_id": "0x00f067aa0ba902b7", "trace_state": "[]"},
    "kind": "SpanKind.CLIENT",
    "parent_id": "0xb7ad6b7169203331",
    "start_time": "2026-11-21T03:15:42.056666Z",
    "end_time": "2026-11-21T03:15:42.057482Z",
    "status": {"status_code": "ERROR", "description": "too slow"},
    "attributes": {"gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": 5},
    "events": [], "links": [],
    "resource": {"attributes": {"service.name": "shop"}, "schema_url": ""}
}
{"name": "root", "context": {"trace_id": "0x0af7651916cd43dd8448eb211c80319c", "span_id": "0xb7ad6b7169203331"}, "parent_id": null, "start_time": "2026-11-21T03:15:42Z", "end_time": "2026-11-21T03:15:43Z", "status": {"status_code": "UNSET"}, "attributes": {}}
{"resource_metrics": []}
"#;
        let (session, view) = open(text);
        assert_eq!((view.format.as_str(), view.runs.len()), ("otel-console", 1));
        let run = &view.runs[0];
        assert_eq!((run.steps, run.roots, run.errors, run.duration_ns), (2, 1, 1, Some(1_000_000_000)));
        assert_eq!(run.usage.input, Some(5));
        let child = session.details(0, 1)?;
        assert_eq!(child.error.map(|error| error.message).as_deref(), Some("too slow"));
        assert_eq!(child.facts.iter().map(|fact| fact.text.as_str()).collect::<Vec<_>>(), ["shop", "client"]);
        Ok(())
    }
}
