//! What a step of a run log holds: the state it was given, what it returned, its error, the log lines around it.

use crate::import::ia_modules::steps::{error, failure};
use crate::import::{Here, Piece, Reveal, Revealing, time as times};
use crate::json::{Lack, Lexer, Scalar};
use crate::model::{Attribute, Details, Error, Event, Fact, Nanos, Value, ValueText};
use crate::order::Order as _;
use rustc_hash::FxHashSet;

pub(super) struct LogReveal;

/// A line, as far as it is shown.
#[derive(Default)]
struct Shown {
    kind: String,
    subtype: String,
    step: Option<String>,
    time: Option<Nanos>,
    duration: Option<String>,
    data: Option<Value>,
    error: Option<Error>,
    failure: Option<Error>,
    text: Option<String>,
    /// Everything else the line says.
    rest: Vec<Attribute>,
}

fn value(lexer: &mut Lexer<'_>, here: Here) -> Result<Value, Lack> {
    let text = if lexer.peek()? == b'"' { ValueText::JsonString } else { ValueText::Json };
    let (start, end) = lexer.skip()?;
    Ok(Value { place: here.place(start, end), text })
}

fn line(piece: &Piece) -> (Shown, bool) {
    let here = Here { file: piece.place.file, base: piece.place.start };
    let mut shown = Shown::default();
    let read = Lexer::new(&piece.bytes).members(|lexer, key| {
        let owned = |lexer: &mut Lexer<'_>| Ok::<_, Lack>(lexer.text()?.map(std::borrow::Cow::into_owned));
        match key.raw {
            b"type" => shown.kind = owned(lexer)?.unwrap_or_default(),
            b"subtype" => shown.subtype = owned(lexer)?.unwrap_or_default(),
            b"step_name" => shown.step = owned(lexer)?,
            b"timestamp" => {
                let text = owned(lexer)?.unwrap_or_default();
                shown.time = times::iso(&text).map(|(time, _)| time);
            }
            b"duration_ms" => shown.duration = owned(lexer)?,
            b"text" => {
                let mut at = lexer.clone();
                shown.text = owned(&mut at)?;
                shown.rest.insert(0, Attribute { name: "text".into(), value: value(lexer, here)?, understood: true });
            }
            b"data" | b"result" => {
                shown.failure = failure(&mut lexer.clone())?;
                let value = value(lexer, here)?;
                if shown.data.is_none() || key.is("data") {
                    shown.data = Some(value);
                }
            }
            b"error" => {
                let mut at = lexer.clone();
                if let Scalar::Str(text) = at.scalar()? {
                    shown.error = Some(error(&text.text()));
                }
                lexer.skip()?;
            }
            b"_seq" | b"pipeline_name" | b"execution_id" => {
                lexer.skip()?;
            }
            _ => {
                let value = value(lexer, here)?;
                shown.rest.push(Attribute { name: key.text().into_owned(), value, understood: true });
            }
        }
        Ok(())
    });
    (shown, read.is_ok())
}

impl Reveal for LogReveal {
    fn reveal(&self, _: Revealing<'_>, pieces: &[Piece]) -> Details {
        let mut details = Details::default();
        let (mut damaged, mut strangers) = (false, false);
        let mut own = None;
        let mut names: FxHashSet<String> = FxHashSet::default();
        for (index, piece) in pieces.iter().enumerate() {
            let (shown, sound) = line(piece);
            damaged |= !sound;
            if index == 0 {
                own.clone_from(&shown.step);
            }
            let about_step = matches!(
                (shown.kind.as_str(), shown.subtype.as_str()),
                ("step_start" | "step_finish" | "step_error", _)
                    | ("system", "pipeline_paused" | "agent_spawned" | "agent_completed" | "agent_error")
            );
            if !about_step {
                strangers |= shown.step != own;
                details.events.push(event(piece, shown));
                continue;
            }
            match (shown.kind.as_str(), shown.subtype.as_str()) {
                ("step_start", _) | (_, "agent_spawned") => {
                    details.state.clone_from(&shown.data);
                    details.input = shown.data;
                }
                ("system", "pipeline_paused") => {
                    details.output = shown.data.or(details.output);
                    details.notes.push("The run paused here to ask a person; the log does not hold the answer.".into());
                }
                _ => details.output = shown.data.or(details.output),
            }
            if let Some(failure) = shown.failure {
                details.error = Some(failure);
                details.notes.push("The step failed, and the run went on (`continue_on_error`).".into());
            }
            details.error = shown.error.or(details.error.take());
            if let Some(duration) = shown.duration {
                details.facts.push(Fact { label: "stated duration".into(), text: format!("{duration} ms") });
            }
            for attribute in shown.rest {
                // The logger repeats its fixed fields on every line.
                if names.insert(attribute.name.clone()) {
                    details.attributes.push(attribute);
                }
            }
        }
        if strangers {
            details.notes.push(
                "Some log lines below name another step or none: the engine writes them late. They stand with the step \
                 before them in the file."
                    .into(),
            );
        }
        if damaged {
            details.note_damage();
        }
        details.events.order_by_key(|event| event.time);
        details
    }
}

/// A log line as an event: named by its text, so that the list can be read.
fn event(piece: &Piece, shown: Shown) -> Event {
    let name = if shown.kind == "log" {
        format!("log {}", shown.subtype).trim_end().to_owned()
    } else {
        shown.subtype.clone()
    };
    let mut attributes = shown.rest;
    if let Some(data) = shown.data {
        attributes.push(Attribute { name: "data".into(), value: data, understood: true });
    }
    if let Some(step) = shown.step {
        let text = ValueText::Made { text: step, json: false, note: String::new() };
        attributes.push(Attribute {
            name: "step_name".into(),
            value: Value { place: piece.place, text },
            understood: true,
        });
    }
    Event { name, time: shown.time, attributes, place: piece.place }
}
