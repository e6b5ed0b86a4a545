//! What one step of a tracker holds, when somebody looks: its records, the newest last, and lines of its log.

use super::record::{Slot, value};
use crate::import::ia_modules::state::States;
use crate::import::ia_modules::steps::{error, failure, show_states};
use crate::import::{Here, Piece, Reveal, Revealing, time as times};
use crate::json::{Lack, Lexer, Scalar};
use crate::model::{Attribute, Details, Event, Fact, Value, ValueText};
use std::rc::Rc;

/// What is known of a step beside its records.
#[derive(Debug, Default)]
pub(super) struct Context {
    /// The state after it.
    pub(super) after: Option<Slot>,
    /// Kept by the tracker in memory: its `input_data` is the end of the run.
    pub(super) memory: bool,
    /// The states that were worked out, and how many steps were over before this one.
    pub(super) states: Option<Rc<States>>,
    pub(super) done: usize,
    /// Whether what it returned was merged.
    pub(super) merged: bool,
}

pub(super) struct TrackerReveal {
    pub(super) contexts: Vec<Context>,
}

/// The records of a step as far as they are shown; newer ones overwrite.
#[derive(Default)]
struct Shown {
    frame: bool,
    input: Option<Slot>,
    output: Option<Slot>,
    details: Details,
    duration: String,
    retries: String,
    kind: String,
    log: Option<(String, String)>,
    data: Option<Value>,
    time: Option<crate::model::Nanos>,
    rest: Vec<Attribute>,
}

fn field(shown: &mut Shown, lexer: &mut Lexer<'_>, key: crate::json::Str<'_>, here: Here) -> Result<(), Lack> {
    let owned = |lexer: &mut Lexer<'_>| Ok::<_, Lack>(lexer.text()?.unwrap_or_default().into_owned());
    match key.raw {
        b"input_data" => shown.input = shown.input.or(value(lexer, here)?),
        b"output_data" => {
            let failed = failure(&mut lexer.clone())?;
            shown.output = value(lexer, here)?.or(shown.output);
            if failed.is_some() {
                shown.details.error = failed;
                shown.details.notes.push("The step failed, and the run went on (`continue_on_error`).".into());
            }
        }
        b"error_message" | b"error" => {
            if let Scalar::Str(text) = lexer.scalar()? {
                shown.details.error = Some(error(&text.text()));
            }
        }
        b"execution_time_ms" => shown.duration = owned(lexer)?,
        b"retry_count" => shown.retries = owned(lexer)?,
        b"step_type" => shown.kind = owned(lexer)?,
        b"level" => shown.log.get_or_insert_default().0 = owned(lexer)?,
        b"message" => shown.log.get_or_insert_default().1 = owned(lexer)?,
        b"data" => shown.data = value(lexer, here)?.map(Slot::value),
        b"timestamp" => {
            let text = owned(lexer)?;
            shown.time = times::iso(&text).map(|(time, _)| time);
        }
        b"type" | b"step_execution_id" | b"execution_id" | b"step_id" | b"step_name" | b"status" | b"started_at"
        | b"completed_at" | b"start_time" | b"end_time" => {
            lexer.skip()?;
        }
        _ => {
            let empty = matches!(lexer.src().get(lexer.pos()..).map(<[u8]>::trim_ascii_start), Some([b'{', b'}', ..]));
            if let Some(slot) = value(lexer, here)?.filter(|_| !empty) {
                let name = key.text().into_owned();
                shown.rest.retain(|attribute| attribute.name != name);
                shown.rest.push(Attribute { name, value: slot.value(), understood: true });
            }
        }
    }
    Ok(())
}

/// Reads one piece into what is shown; `false` when it is damaged.
fn piece(shown: &mut Shown, piece: &Piece) -> bool {
    let here = Here { file: piece.place.file, base: piece.place.start };
    let mut lexer = Lexer::new(&piece.bytes);
    let read = lexer.members(|lexer, key| {
        if key.raw == b"type" {
            shown.frame = lexer.text()?.is_some_and(|kind| kind.ends_with("_update"));
            return Ok(());
        }
        if key.raw == b"data" && shown.frame && lexer.peek()? == b'{' {
            lexer.members(|lexer, key| field(shown, lexer, key, here))?;
            return Ok(());
        }
        field(shown, lexer, key, here)
    });
    if let Some((level, message)) = shown.log.take() {
        let mut attributes = Vec::new();
        let text = ValueText::Made { text: message, json: false, note: String::new() };
        attributes.push(Attribute {
            name: "message".into(),
            value: Value { place: piece.place, text },
            understood: true,
        });
        attributes.extend(shown.data.take().map(|value| Attribute { name: "data".into(), value, understood: true }));
        shown.details.events.push(Event {
            name: format!("log {level}").trim_end().to_owned(),
            time: shown.time.take(),
            attributes,
            place: piece.place,
        });
    }
    read.is_ok()
}

impl Reveal for TrackerReveal {
    fn reveal(&self, about: Revealing<'_>, pieces: &[Piece]) -> Details {
        let mut shown = Shown::default();
        let mut sound = true;
        for each in pieces {
            sound &= piece(&mut shown, each);
        }
        let Shown { input, output, mut details, duration, retries, kind, rest, .. } = shown;
        details.output = output.map(Slot::value);
        details.attributes = rest;
        let context = self.contexts.get(about.context as usize);
        match input {
            Some(input) if context.is_some_and(|context| context.memory) => {
                let value = input.value();
                details.attributes.push(Attribute { name: "input_data".into(), value, understood: true });
                details.notes.push(
                    "The tracker kept the live data of the run: `input_data` (among the attributes) is its end, not what \
                     the step was given."
                        .into(),
                );
            }
            Some(input) if input.unwritten => {
                let value = input.value();
                details.attributes.push(Attribute { name: "input_data".into(), value, understood: true });
                details.notes.push(
                    "The state before this step could not be written by the tracker; `input_data` (among the attributes) \
                     has the reason."
                        .into(),
                );
            }
            Some(input) => {
                details.input = Some(input.value());
                details.state = Some(input.value());
            }
            None => {}
        }
        if let Some(context) = context {
            details.state_after = context.after.map(Slot::value);
            if let (Some(states), Some(piece)) = (&context.states, pieces.first()) {
                show_states(&mut details, states, context.done, context.merged, piece.place);
            }
        }
        for (label, text) in [("stated duration", duration), ("retries", retries), ("type", kind)] {
            let usual = text.is_empty() || text == "0" && label == "retries" || text == "task";
            if !usual {
                let text = if label == "stated duration" { format!("{text} ms") } else { text };
                details.facts.push(Fact { label: label.into(), text });
            }
        }
        if !sound {
            details.note_damage();
        }
        details
    }
}
