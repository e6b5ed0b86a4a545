//! What a step holds of which a checkpoint was saved, when somebody looks.

use crate::import::ia_modules::steps::failure;
use crate::import::{Here, Piece, Reveal, Revealing};
use crate::json::{Lack, Lexer};
use crate::model::{Attribute, Details, Fact, Place, Value, ValueText};

/// What is known of a step beside its own text.
#[derive(Debug, Default)]
pub(super) struct Context {
    /// State before and after it.
    pub(super) before: Option<Place>,
    pub(super) after: Option<Place>,
    /// The first step of the run.
    pub(super) first: bool,
    pub(super) resumed: bool,
    /// Whether it has a checkpoint of its own.
    pub(super) checkpoint: bool,
}

pub(super) struct CheckpointReveal {
    pub(super) contexts: Vec<Context>,
}

fn value(lexer: &mut Lexer<'_>, here: Here) -> Result<Value, Lack> {
    let text = if lexer.peek()? == b'"' { ValueText::JsonString } else { ValueText::Json };
    let (start, end) = lexer.skip()?;
    Ok(Value { place: here.place(start, end), text })
}

/// The record of the step: what it returned.
fn record(details: &mut Details, piece: &Piece) -> Result<(), Lack> {
    let here = Here { file: piece.place.file, base: piece.place.start };
    Lexer::new(&piece.bytes).members(|lexer, key| {
        if key.is("result") {
            if let Some(error) = failure(&mut lexer.clone())? {
                details.error = Some(error);
                details.notes.push("The step failed, and the run went on (`continue_on_error`).".into());
            }
            details.output = Some(value(lexer, here)?);
            return Ok(());
        }
        lexer.skip().map(|_| ())
    })?;
    Ok(())
}

/// The checkpoint itself.
fn checkpoint(details: &mut Details, piece: &Piece) -> Result<(), Lack> {
    let here = Here { file: piece.place.file, base: piece.place.start };
    Lexer::new(&piece.bytes).members(|lexer, key| {
        let label = match key.raw {
            b"checkpoint_id" => "checkpoint",
            b"thread_id" => "thread",
            b"step_index" => "step index",
            b"status" => "status",
            b"parent_checkpoint_id" => "parent checkpoint",
            b"metadata" => {
                let value = value(lexer, here)?;
                details.attributes.push(Attribute { name: "metadata".into(), value, understood: true });
                return Ok(());
            }
            _ => return lexer.skip().map(|_| ()),
        };
        if let Some(text) = lexer.text()? {
            details.facts.push(Fact { label: label.into(), text: text.into_owned() });
        }
        Ok(())
    })?;
    Ok(())
}

impl Reveal for CheckpointReveal {
    fn reveal(&self, about: Revealing<'_>, pieces: &[Piece]) -> Details {
        let mut details = Details::default();
        let Some(context) = self.contexts.get(about.context as usize) else { return details };
        let mut sound = true;
        for (at, piece) in pieces.iter().enumerate() {
            let of_checkpoint = at == 0 && context.checkpoint;
            let read = if of_checkpoint { checkpoint(&mut details, piece) } else { record(&mut details, piece) };
            sound &= read.is_ok();
        }
        let json = |place: Place| Value { place, text: ValueText::Json };
        details.state = context.before.map(json);
        details.input = details.state.clone();
        details.state_after = context.after.map(json);
        let note = match context {
            Context { checkpoint: false, .. } => {
                "This step has no checkpoint of its own in the file: what it returned stands in a later one, the state \
                 around it is not known."
            }
            Context { first: true, .. } => {
                "What the run was given is not in the file: the engine changes the input while it runs, and the first \
                 checkpoint is saved after the first step."
            }
            Context { before: None, .. } => {
                "The checkpoint before this one is not in the file, so the state before this step is not known."
            }
            _ => "The time is that of the checkpoint, right after the step. When the step began is not in the file.",
        };
        details.notes.push(note.into());
        if context.resumed {
            details.notes.push(
                "The run was resumed: the engine then follows the edges in file order without looking at their \
                 conditions, and each result replaces the data instead of being merged."
                    .into(),
            );
        }
        if !sound {
            details.note_damage();
        }
        details
    }
}
