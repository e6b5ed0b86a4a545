//! What one step of a run result holds, when somebody looks.

use super::Shape;
use crate::import::ia_modules::circular;
use crate::import::ia_modules::state::{Shown, States};
use crate::import::ia_modules::steps::{error, failure, show_states};
use crate::import::{Here, Piece, Reveal, Revealing};
use crate::json::{Lack, Lexer, Scalar};
use crate::model::{Attribute, Details, Fact, Place, Value, ValueText};
use std::rc::Rc;

#[derive(Debug)]
pub(super) struct Context {
    pub(super) shape: Shape,
    /// The run's input, on its first step.
    pub(super) input: Option<Place>,
    pub(super) interaction: String,
    /// Whether the result is the shared data itself.
    pub(super) shared: bool,
    /// The states of the run, and how many steps were over before this one.
    pub(super) states: Option<Rc<States>>,
    pub(super) done: usize,
}

#[derive(Debug)]
pub(super) struct ResultReveal {
    /// By context.
    pub(super) steps: Vec<Context>,
}

fn value(lexer: &mut Lexer<'_>, here: Here) -> Result<Value, Lack> {
    let text = if lexer.peek()? == b'"' { ValueText::JsonString } else { ValueText::Json };
    let (start, end) = lexer.skip()?;
    Ok(Value { place: here.place(start, end), text })
}

impl Reveal for ResultReveal {
    fn reveal(&self, about: Revealing<'_>, pieces: &[Piece]) -> Details {
        let mut details = Details::default();
        let Some((piece, context)) = pieces.first().zip(self.steps.get(about.context as usize)) else { return details };
        let here = Here { file: piece.place.file, base: piece.place.start };
        let mut lexer = Lexer::new(&piece.bytes);
        let mut result = None;
        let read = if context.shape == Shape::Item {
            lexer.members(|lexer, key| {
                match key.raw {
                    b"result" => {
                        result = Some(lexer.clone());
                        details.output = Some(value(lexer, here)?);
                    }
                    b"step_index" => {
                        let text = lexer.text()?.unwrap_or_default().into_owned();
                        details.facts.push(Fact { label: "step index".into(), text });
                    }
                    b"error" => {
                        if let Scalar::Str(message) = lexer.scalar()? {
                            details.error = Some(error(&message.text()));
                        }
                    }
                    _ => {
                        lexer.skip()?;
                    }
                }
                Ok(())
            })
        } else {
            result = Some(lexer.clone());
            value(&mut lexer, here).map(|value| {
                details.output = Some(value);
                true
            })
        };
        if let Some(mut result) = result
            && let Ok(Some(error)) = failure(&mut result)
        {
            details.error = Some(error);
            details.notes.push("The step failed, and the run went on (`continue_on_error`).".into());
        }
        if read.is_err() {
            details.note_damage();
        }
        details.input = context.input.map(|place| Value { place, text: ValueText::Json });
        if context.shape == Shape::Waiting {
            details.notes.push(
                "This step asked a person and had no answer when the file was written. Its output is the question."
                    .into(),
            );
            if !context.interaction.is_empty() {
                details.facts.push(Fact { label: "interaction".into(), text: context.interaction.clone() });
            }
        }
        own(&mut details, context, piece);
        if let Some(states) = context.states.as_deref() {
            show_states(&mut details, states, context.done, context.shape == Shape::Item, piece.place);
        }
        details
    }
}

/// What the step itself returned: of the shared data only what it added, and references where the file has markers.
fn own(details: &mut Details, context: &Context, piece: &Piece) {
    let Some(result) = details.output.clone() else { return };
    let at = |position: u64| usize::try_from(position.saturating_sub(piece.place.start)).unwrap_or(usize::MAX);
    let bytes = piece.bytes.get(at(result.place.start)..at(result.place.end())).unwrap_or(&[]);
    if circular::count(bytes) == 0 && !context.shared {
        return;
    }
    let (json, note) = match context.states.as_deref().filter(|_| context.shared) {
        Some(states) => {
            let Shown { json, unknown } = states.added(context.done);
            let mut said = "Inferred: the step changed the shared data in place and returned it. The output shown is what it \
                            added, as the order of the keys tells; `result` (among the attributes) is what the file has."
                .to_owned();
            if !unknown.is_empty() {
                let names: Vec<String> = unknown.iter().take(8).map(|name| format!("`{name}`")).collect();
                let more = if unknown.len() > 8 { ", …" } else { "" };
                said.push_str(&format!(
                    " Not certain, another step or the run's input may have brought it: {}{more}.",
                    names.join(", ")
                ));
            }
            details.notes.push(said);
            (json, "what the step added, worked out from the order of the keys".to_owned())
        }
        None => (circular::resolved(bytes, false), circular::NOTE.to_owned()),
    };
    details.output = Some(Value { place: result.place, text: ValueText::Made { text: json, json: true, note } });
    details.attributes.push(Attribute { name: "result".into(), value: result, understood: true });
}
