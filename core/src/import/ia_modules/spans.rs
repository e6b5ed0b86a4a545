//! Lists of `Span.to_dict()`: what the tracer of IA Modules hands out. Times are seconds with a fraction.

use crate::dialect::{self, Attr, Gather, Val};
use crate::import::each_object;
use crate::import::{
    Builder, Draft, Format, Here, Importer, Matched, Piece, Probe, Reveal, Revealing, Route, State, time as times,
};
use crate::json::{Lack, Lexer, NodeKind, Scalar, Str};
use crate::model::{Details, Error, Event, Kind, Nanos, Status};

/// The format.
pub(super) const FORMAT: Format =
    Format { id: "ia-modules-spans", name: "IA Modules spans", detect, importer: |_, _| Box::new(Spans) };

struct Spans;

impl Importer for Spans {
    fn route(&mut self, state: State, key: Option<Str<'_>>, lead: u8) -> Route {
        each_object(state, key.as_ref(), lead)
    }

    fn take(&mut self, _: u8, lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
        lexer.peek()?;
        let from = lexer.pos();
        let (mut trace, mut id, mut parent, mut name) = (None, None, None, None);
        let (mut start, mut end, mut status) = (None, None, Status::Unset);
        let mut gather = Gather::default();
        lexer.members(|lexer, key| {
            match key.raw {
                b"trace_id" => trace = lexer.text()?,
                b"span_id" => id = lexer.text()?,
                b"parent_span_id" => parent = lexer.text()?,
                b"name" => name = lexer.text()?,
                b"start_time" => start = seconds(lexer)?,
                b"end_time" => end = seconds(lexer)?,
                b"status" => {
                    let text = lexer.text()?.unwrap_or_default();
                    status = Status::from_name(&text).unwrap_or_default();
                }
                b"attributes" => members(lexer, here, |attr| gather.note(attr.key, &attr.val))?,
                _ => {
                    lexer.skip()?;
                }
            }
            Ok(())
        })?;
        let place = here.place(from, lexer.pos());
        let (Some(id), Some(name)) = (id, name) else { return Ok(()) };
        let run = build.names.intern(trace.as_deref().unwrap_or(""));
        let mut draft = Draft::new(run, build.names.intern(&id), place);
        gather.finish("").settle(&mut draft, build);
        draft.parent = parent.map(|parent| build.names.intern(&parent));
        draft.name = build.names.intern(&name);
        if draft.kind == Kind::Other {
            draft.kind = if name.starts_with("pipeline.") { Kind::Chain } else { Kind::Task };
        }
        (draft.start, draft.end) = (start, end);
        draft.status = if end.is_none() && status == Status::Unset { Status::Running } else { status };
        build.push(draft);
        Ok(())
    }

    fn finish(self: Box<Self>, _: &mut Builder) -> Box<dyn Reveal> {
        Box::new(SpanReveal)
    }
}

/// Seconds since 1970, exactly as far as they are written.
fn seconds(lexer: &mut Lexer<'_>) -> Result<Option<Nanos>, Lack> {
    Ok(match lexer.scalar()? {
        Scalar::Number(text) => times::scaled(text, 1_000_000_000),
        Scalar::Str(text) => times::iso(&text.text()).map(|(time, _)| time),
        _ => None,
    })
}

fn members<'a>(lexer: &mut Lexer<'a>, here: Here, mut each: impl FnMut(Attr<'a>)) -> Result<(), Lack> {
    lexer.members(|lexer, key| {
        let (val, (from, to)) = Val::read(lexer)?;
        each(Attr { key: key.text(), val, place: here.place(from, to) });
        Ok(())
    })?;
    Ok(())
}

struct SpanReveal;

impl SpanReveal {
    fn span(piece: &Piece, details: &mut Details) -> Result<(), Lack> {
        let here = Here { file: piece.place.file, base: piece.place.start };
        let mut held: Vec<Attr<'_>> = Vec::new();
        Lexer::new(&piece.bytes).members(|lexer, key| {
            match key.raw {
                b"attributes" => members(lexer, here, |attr| held.push(attr))?,
                b"events" => {
                    lexer.items(|lexer| {
                        lexer.peek()?;
                        let from = lexer.pos();
                        let (mut name, mut time, mut own) = (String::new(), None, Vec::new());
                        lexer.members(|lexer, key| {
                            match key.raw {
                                b"name" => name = lexer.text()?.unwrap_or_default().into_owned(),
                                b"timestamp" => time = seconds(lexer)?,
                                b"attributes" => members(lexer, here, |attr| own.push(attr))?,
                                _ => {
                                    lexer.skip()?;
                                }
                            }
                            Ok(())
                        })?;
                        let place = here.place(from, lexer.pos());
                        dialect::event(Event { name, time, attributes: Vec::new(), place }, &own, details);
                        Ok(())
                    })?;
                }
                _ => {
                    lexer.skip()?;
                }
            }
            Ok(())
        })?;
        let text = |key: &str| held.iter().find(|attr| attr.key == key).map(|attr| attr.val.text().into_owned());
        if let Some(message) = text("error.message").or_else(|| text("status.description")) {
            let error = details.error.get_or_insert_with(Error::default);
            error.message = message;
            error.kind = text("error.type").unwrap_or_default();
        }
        dialect::reveal(&held, details);
        Ok(())
    }
}

impl Reveal for SpanReveal {
    fn reveal(&self, _: Revealing<'_>, pieces: &[Piece]) -> Details {
        let mut details = Details::default();
        for piece in pieces {
            if Self::span(piece, &mut details).is_err() {
                details.note_damage();
            }
        }
        details.notes.push("Spans of IA Modules hold no data of the steps; a run log (.jsonl) does.".into());
        details
    }
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    probe.find(|sample| {
        let text = |node| sample.text_of(node).is_some_and(|text| text.parse::<f64>().is_ok());
        let number = |key: &str| sample.get(key).is_some_and(|node| sample.is(node, NodeKind::Number) || text(node));
        let has = |key: &str| sample.get(key).is_some();
        let status = sample.get("status").and_then(|node| sample.text_of(node));
        number("start_time")
            && ["span_id", "trace_id", "parent_span_id", "name", "attributes"].iter().all(|key| has(key))
            && status.is_some_and(|status| matches!(status.as_str(), "unset" | "ok" | "error"))
    })?;
    Matched::new("IA Modules spans", "it lists spans with `parent_span_id` and `start_time` in seconds")
}
