//! What an OTLP span holds, when somebody looks.

use super::span::{attributes, nanos, status_code};
use super::{Context, Resource, any_value, plain_json};
use crate::dialect::{self, Attr, Val};
use crate::import::{Here, Piece, Reveal, Revealing, ids};
use crate::json::{Lack, Lexer};
use crate::model::{Details, Event, Fact, Link, Status};
use crate::order::Order as _;
use std::borrow::Cow;

pub(super) struct OtlpReveal {
    pub(super) resources: Vec<Resource>,
    pub(super) contexts: Vec<Context>,
}

/// Reads a resource: its service name and where it stands.
pub(super) fn resource(lexer: &mut Lexer<'_>, here: Here) -> Result<Resource, Lack> {
    lexer.peek()?;
    let from = lexer.pos();
    let mut service = String::new();
    lexer.members(|lexer, key| {
        if key.is("attributes") {
            attributes(lexer, |key, lexer| {
                let (value, _) = any_value(lexer)?;
                if key == "service.name" {
                    service = value.text().into_owned();
                }
                Ok(())
            })
        } else {
            lexer.skip().map(|_| ())
        }
    })?;
    Ok(Resource { service, place: Some(here.place(from, lexer.pos())) })
}

/// Reads a scope: its name and version.
pub(super) fn scope(lexer: &mut Lexer<'_>) -> Result<String, Lack> {
    let (mut name, mut version) = (String::new(), String::new());
    lexer.members(|lexer, key| {
        match key.raw {
            b"name" => name = lexer.text()?.unwrap_or_default().into_owned(),
            b"version" => version = lexer.text()?.unwrap_or_default().into_owned(),
            _ => {
                lexer.skip()?;
            }
        }
        Ok(())
    })?;
    Ok(if version.is_empty() { name } else { format!("{name} {version}") })
}

/// The attributes at the lexer, values unwrapped.
fn attrs<'a>(lexer: &mut Lexer<'a>, here: Here) -> Result<Vec<Attr<'a>>, Lack> {
    let mut out = Vec::new();
    attributes(lexer, |key, lexer| {
        let (val, (start, end)) = any_value(lexer)?;
        let val = match val {
            Val::Json(wrapped) => Val::Json(Cow::Owned(plain_json(wrapped.as_bytes()))),
            other => other,
        };
        out.push(Attr { key, val, place: here.place(start, end) });
        Ok(())
    })?;
    Ok(out)
}

fn event(lexer: &mut Lexer<'_>, here: Here, details: &mut Details) -> Result<(), Lack> {
    lexer.peek()?;
    let from = lexer.pos();
    let mut event = Event { name: String::new(), time: None, attributes: Vec::new(), place: here.place(from, from) };
    let mut held = Vec::new();
    let mut severity = None;
    lexer.members(|lexer, key| {
        match key.raw {
            b"severityText" | b"severity_text" => severity = lexer.text()?,
            b"name" | b"eventName" | b"event_name" => event.name = lexer.text()?.unwrap_or_default().into_owned(),
            b"timeUnixNano" | b"time_unix_nano" => event.time = nanos(lexer)?,
            b"observedTimeUnixNano" | b"observed_time_unix_nano" => {
                let observed = nanos(lexer)?;
                event.time = event.time.or(observed);
            }
            b"attributes" => held.extend(attrs(lexer, here)?),
            // A log record's body: shown as one more attribute.
            b"body" => {
                let (val, (start, end)) = any_value(lexer)?;
                let val = match val {
                    Val::Json(wrapped) => Val::Json(Cow::Owned(plain_json(wrapped.as_bytes()))),
                    other => other,
                };
                held.push(Attr { key: Cow::Borrowed("body"), val, place: here.place(start, end) });
            }
            _ => {
                lexer.skip()?;
            }
        }
        Ok(())
    })?;
    event.place = here.place(from, lexer.pos());
    // A plain log record has no name: its severity stands for it, its body is among the attributes.
    let named = held.iter().any(|attr| attr.key == "event.name");
    if let Some(severity) = severity.filter(|_| event.name.is_empty() && !named) {
        event.name = format!("log {severity}").trim_end().to_owned();
    }
    dialect::event(event, &held, details);
    Ok(())
}

fn link(lexer: &mut Lexer<'_>, here: Here) -> Result<Link, Lack> {
    let mut link = Link { run: String::new(), step: String::new(), attributes: Vec::new() };
    lexer.members(|lexer, key| {
        match key.raw {
            b"traceId" | b"trace_id" => link.run = lexer.text()?.and_then(|t| ids::otel(&t)).unwrap_or_default(),
            b"spanId" | b"span_id" => link.step = lexer.text()?.and_then(|t| ids::otel(&t)).unwrap_or_default(),
            b"attributes" => link.attributes = attrs(lexer, here)?.iter().map(dialect::attribute).collect(),
            _ => {
                lexer.skip()?;
            }
        }
        Ok(())
    })?;
    Ok(link)
}

fn kind_name(code: &str) -> &str {
    match code {
        "1" | "SPAN_KIND_INTERNAL" => "internal",
        "2" | "SPAN_KIND_SERVER" => "server",
        "3" | "SPAN_KIND_CLIENT" => "client",
        "4" | "SPAN_KIND_PRODUCER" => "producer",
        "5" | "SPAN_KIND_CONSUMER" => "consumer",
        _ => "",
    }
}

impl OtlpReveal {
    fn span(&self, piece: &Piece, details: &mut Details) -> Result<(), Lack> {
        let here = Here { file: piece.place.file, base: piece.place.start };
        let mut held: Vec<Attr<'_>> = Vec::new();
        let (mut status, mut message) = (Status::Unset, String::new());
        let mut lexer = Lexer::new(&piece.bytes);
        lexer.members(|lexer, key| {
            match key.raw {
                b"attributes" => held.extend(attrs(lexer, here)?),
                b"events" => {
                    lexer.items(|lexer| event(lexer, here, details))?;
                }
                b"links" => {
                    lexer.items(|lexer| {
                        let link = link(lexer, here)?;
                        details.links.push(link);
                        Ok(())
                    })?;
                }
                b"kind" => {
                    let code = lexer.text()?.unwrap_or_default();
                    let name = kind_name(&code);
                    if !matches!(name, "" | "internal") {
                        details.facts.push(Fact { label: "span kind".into(), text: name.into() });
                    }
                }
                b"traceState" | b"trace_state" => {
                    let state = lexer.text()?.unwrap_or_default();
                    if !state.is_empty() {
                        details.facts.push(Fact { label: "trace state".into(), text: state.into_owned() });
                    }
                }
                b"status" => {
                    lexer.members(|lexer, key| {
                        let text = lexer.text()?.unwrap_or_default();
                        match key.raw {
                            b"code" => status = status_code(&text),
                            b"message" => message = text.into_owned(),
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
        if status == Status::Error || !message.is_empty() {
            details.failed(message);
        }
        dialect::reveal(&held, details);
        Ok(())
    }
}

impl Reveal for OtlpReveal {
    fn reveal(&self, about: Revealing<'_>, pieces: &[Piece]) -> Details {
        let mut details = Details::default();
        if let Some(context) = self.contexts.get(about.context as usize) {
            if let Some(resource) = self.resources.get(context.resource).filter(|r| !r.service.is_empty()) {
                details.facts.push(Fact { label: "service".into(), text: resource.service.clone() });
            }
            details.resource = self.resources.get(context.resource).and_then(|resource| resource.place);
            if !context.scope.is_empty() {
                details.facts.push(Fact { label: "scope".into(), text: context.scope.clone() });
            }
        }
        for (index, piece) in pieces.iter().enumerate() {
            let here = Here { file: piece.place.file, base: piece.place.start };
            let read = if index == 0 {
                self.span(piece, &mut details)
            } else {
                event(&mut Lexer::new(&piece.bytes), here, &mut details)
            };
            if read.is_err() {
                details.note_damage();
            }
        }
        dialect::close(&mut details);
        details.events.order_by_key(|event| event.time);
        details
    }
}
