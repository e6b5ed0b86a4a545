//! What a Jaeger span holds, when somebody looks.

use super::span::{Reference, micros, parent_of, reference, tags};
use crate::dialect::{self, Attr, Val};
use crate::import::{Here, Piece, Reveal, Revealing};
use crate::json::{Lack, Lexer};
use crate::model::{Details, Error, Event, Fact, Link};
use crate::order::Order as _;

pub(super) struct JaegerReveal {
    /// Service name by context.
    pub(super) services: Vec<String>,
}

fn attrs<'a>(lexer: &mut Lexer<'a>, here: Here) -> Result<Vec<Attr<'a>>, Lack> {
    let mut out = Vec::new();
    tags(lexer, |key, val, (start, end)| {
        out.push(Attr { key, val, place: here.place(start, end) });
        Ok(())
    })?;
    Ok(out)
}

/// One log: its name is the field `event` (or `message`, or how many fields it has).
fn log(lexer: &mut Lexer<'_>, here: Here, details: &mut Details) -> Result<(), Lack> {
    lexer.peek()?;
    let from = lexer.pos();
    let (mut time, mut fields) = (None, Vec::new());
    lexer.members(|lexer, key| {
        match key.raw {
            b"timestamp" => time = micros(lexer)?,
            b"fields" => fields = attrs(lexer, here)?,
            _ => {
                lexer.skip()?;
            }
        }
        Ok(())
    })?;
    let named = |key: &str| fields.iter().find(|attr| attr.key == key).map(|attr| attr.val.text().into_owned());
    let name = named("event").or_else(|| named("message")).unwrap_or_else(|| "log".to_owned());
    // OpenTracing writes `event: error` with `error.kind`, OpenTelemetry `event: exception` with `exception.type`.
    if name == "error" || named("error.kind").is_some() {
        let error = details.error.get_or_insert_with(Error::default);
        error.kind = named("error.kind").unwrap_or_default();
        error.message = named("message").or_else(|| named("error.object")).unwrap_or_default();
        error.stack = named("stack").unwrap_or_default();
    }
    let event = Event { name, time, attributes: Vec::new(), place: here.place(from, lexer.pos()) };
    dialect::event(event, &fields, details);
    Ok(())
}

impl JaegerReveal {
    fn span(piece: &Piece, details: &mut Details) -> Result<(), Lack> {
        let here = Here { file: piece.place.file, base: piece.place.start };
        let mut held: Vec<Attr<'_>> = Vec::new();
        let mut references: Vec<Reference> = Vec::new();
        let mut trace = None;
        let mut lexer = Lexer::new(&piece.bytes);
        lexer.members(|lexer, key| {
            match key.raw {
                b"traceID" => trace = lexer.text()?.and_then(|text| super::span::id(&text)),
                b"tags" => held.extend(attrs(lexer, here)?),
                b"logs" => {
                    lexer.items(|lexer| log(lexer, here, details))?;
                }
                b"references" => {
                    lexer.items(|lexer| {
                        references.push(reference(lexer)?);
                        Ok(())
                    })?;
                }
                b"warnings" => {
                    lexer.items(|lexer| {
                        if let Some(text) = lexer.text()? {
                            details.notes.push(format!("Jaeger's own warning: {text}"));
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
        let parent = parent_of(&references, trace.as_deref()).map(std::ptr::from_ref);
        for reference in &references {
            if parent.is_some_and(|parent| std::ptr::eq(parent, reference)) {
                continue;
            }
            let outside = reference.trace.as_ref().filter(|other| trace.as_ref() != Some(other));
            details.links.push(Link {
                run: outside.cloned().unwrap_or_default(),
                step: reference.span.clone().unwrap_or_default(),
                attributes: Vec::new(),
            });
        }
        let text = |key: &str| {
            let found = held.iter().find(|attr| attr.key == key && !matches!(attr.val, Val::Null));
            found.map(|attr| attr.val.text().into_owned()).unwrap_or_default()
        };
        let kind = text("span.kind");
        if !matches!(kind.as_str(), "" | "internal") {
            details.facts.push(Fact { label: "span kind".into(), text: kind });
        }
        let scope = [text("otel.scope.name"), text("otel.library.name")].into_iter().find(|scope| !scope.is_empty());
        if let Some(scope) = scope {
            details.facts.push(Fact { label: "scope".into(), text: scope });
        }
        if text("error") == "true" || text("otel.status_code") == "ERROR" {
            let error = details.error.get_or_insert_with(Error::default);
            if error.message.is_empty() {
                error.message = text("otel.status_description");
            }
            if error.kind.is_empty() {
                error.kind = text("error.type");
            }
        }
        dialect::reveal(&held, details);
        Ok(())
    }
}

impl Reveal for JaegerReveal {
    fn reveal(&self, about: Revealing<'_>, pieces: &[Piece]) -> Details {
        let mut details = Details::default();
        if let Some(service) = self.services.get(about.context as usize).filter(|service| !service.is_empty()) {
            details.facts.push(Fact { label: "service".into(), text: service.clone() });
        }
        for piece in pieces {
            if Self::span(piece, &mut details).is_err() {
                details.note_damage();
            }
        }
        details.events.order_by_key(|event| event.time);
        details
    }
}
