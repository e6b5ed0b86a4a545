//! `pipeline_result.json`: `{input, steps, output}`, also the shape of 2025 where `steps` is an object.
//!
//! Knows order only: the file has no times. A run that waits for a person does not list the step that waits; it is
//! added, because that is the step one looks for.

use super::steps::{failure, unique_id};
use crate::import::tally::counted;
use crate::import::{
    Builder, Draft, Format, Here, Importer, Matched, Piece, Probe, ROOT, Reveal, Revealing, Route, State,
};
use crate::json::{Lack, Lexer, NodeKind, Scalar, Str};
use crate::model::{Details, Diagnostic, Fact, Kind, Place, Severity, Status, Value, ValueText};
use rustc_hash::FxHashMap;

/// The format.
pub const FORMAT: Format = Format {
    id: "ia-modules-result",
    name: "IA Modules run results",
    detect,
    importer: |file| Box::new(Results { file, ..Results::default() }),
};

const TOP: State = 1;
const STEPS: State = 2;
const LEGACY: State = 3;

const TAKE_STEP: u8 = 0;
const TAKE_LEGACY: u8 = 1;
const TAKE_INPUT: u8 = 2;
const TAKE_OUTPUT: u8 = 3;
const TAKE_STATUS: u8 = 4;
const TAKE_WAITING: u8 = 5;
const TAKE_INTERACTION: u8 = 6;

const CIRCULAR: &[u8] = b"[Circular Reference]";

/// What the piece of a draft is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// An item of `steps`.
    Item,
    /// The result itself, a member of the `steps` object.
    Bare,
    /// The `output` of a run that waits.
    Waiting,
}

/// A step as it was found.
#[derive(Debug)]
struct Found {
    name: String,
    place: Place,
    shape: Shape,
    status: Status,
    /// Content hash of the result.
    result: u64,
}

/// One run as it was found.
#[derive(Debug, Default)]
struct One {
    steps: Vec<Found>,
    /// Place and content hash of the whole run's values.
    input: Option<(Place, u64)>,
    output: Option<(Place, u64)>,
    status: String,
    waiting: String,
    interaction: String,
    circular: u64,
}

#[derive(Debug, Default)]
struct Results {
    file: u16,
    key: String,
    open: One,
    done: Vec<One>,
}

/// A hash of JSON text that does not see white space between tokens.
fn content(bytes: &[u8]) -> u64 {
    use std::hash::Hasher;
    let mut hasher = rustc_hash::FxHasher::default();
    let (mut inside, mut escaped) = (false, false);
    for &byte in bytes {
        if !inside && byte.is_ascii_whitespace() {
            continue;
        }
        hasher.write_u8(byte);
        match byte {
            b'"' if !escaped => inside = !inside,
            b'\\' if inside && !escaped => {
                escaped = true;
                continue;
            }
            _ => {}
        }
        escaped = false;
    }
    hasher.finish()
}

/// An item of `steps`; its place is the caller's to fill in.
fn item(lexer: &mut Lexer<'_>) -> Result<Found, Lack> {
    let (mut name, mut status, mut failed, mut result) = (String::new(), String::new(), false, 0);
    lexer.members(|lexer, key| {
        match key.raw {
            b"step_name" | b"name" | b"step_id" => name = lexer.text()?.unwrap_or_default().into_owned(),
            b"status" => status = lexer.text()?.unwrap_or_default().into_owned(),
            b"result" => {
                failed = failure(&mut lexer.clone())?.is_some();
                let (start, end) = lexer.skip()?;
                result = content(lexer.src().get(start..end).unwrap_or(&[]));
            }
            _ => {
                lexer.skip()?;
            }
        }
        Ok(())
    })?;
    let status = match status.as_str() {
        _ if failed => Status::Error,
        "completed" => Status::Ok,
        "failed" => Status::Error,
        "skipped" => Status::Skipped,
        "cancelled" => Status::Cancelled,
        "running" => Status::Running,
        _ => Status::Unset,
    };
    Ok(Found { name, place: Place::default(), shape: Shape::Item, status, result })
}

impl Importer for Results {
    fn route(&mut self, state: State, key: Option<Str<'_>>, lead: u8) -> Route {
        let Some(key) = key else {
            return match (state, lead) {
                (ROOT, b'{') => Route::Enter(TOP),
                (STEPS, b'{') => Route::Take(TAKE_STEP),
                _ => Route::Skip,
            };
        };
        match (state, key.raw, lead) {
            (TOP, b"steps", b'[') => Route::Enter(STEPS),
            (TOP, b"steps", b'{') => Route::Enter(LEGACY),
            (TOP, b"input", _) => Route::Take(TAKE_INPUT),
            (TOP, b"output", _) => Route::Take(TAKE_OUTPUT),
            (TOP, b"status", _) => Route::Take(TAKE_STATUS),
            (TOP, b"waiting_step", _) => Route::Take(TAKE_WAITING),
            (TOP, b"interaction_id", _) => Route::Take(TAKE_INTERACTION),
            (LEGACY, ..) => {
                self.key = key.text().into_owned();
                Route::Take(TAKE_LEGACY)
            }
            _ => Route::Skip,
        }
    }

    fn enter(&mut self, state: State, _: u64) {
        if state == TOP {
            self.open = One::default();
        }
    }

    fn take(&mut self, tag: u8, lexer: &mut Lexer<'_>, here: Here, _: &mut Builder) -> Result<(), Lack> {
        lexer.peek()?;
        let start = lexer.pos();
        let (mut found, mut text) = (None, String::new());
        match tag {
            TAKE_STEP => found = Some(item(lexer)?),
            TAKE_STATUS | TAKE_WAITING | TAKE_INTERACTION => text = lexer.text()?.unwrap_or_default().into_owned(),
            _ => {
                lexer.skip()?;
            }
        }
        let bytes = lexer.src().get(start..lexer.pos()).unwrap_or(&[]);
        let place = here.place(start, lexer.pos());
        let one = &mut self.open;
        one.circular = one.circular.saturating_add(memchr::memmem::find_iter(bytes, CIRCULAR).count() as u64);
        match tag {
            TAKE_STEP => one.steps.extend(found.map(|found| Found { place, ..found })),
            TAKE_LEGACY => {
                let failed = failure(&mut Lexer::new(bytes))?.is_some();
                let status = if failed { Status::Error } else { Status::Unset };
                let name = std::mem::take(&mut self.key);
                one.steps.push(Found { name, place, shape: Shape::Bare, status, result: content(bytes) });
            }
            TAKE_INPUT => one.input = Some((place, content(bytes))),
            TAKE_OUTPUT => one.output = Some((place, content(bytes))),
            TAKE_STATUS => one.status = text,
            TAKE_WAITING => one.waiting = text,
            _ => one.interaction = text,
        }
        Ok(())
    }

    fn leave(&mut self, state: State, _: u64) {
        if state == TOP {
            self.done.push(std::mem::take(&mut self.open));
        }
    }

    fn finish(self: Box<Self>, build: &mut Builder) -> Box<dyn Reveal> {
        let mut reveal = ResultReveal { steps: Vec::new() };
        for (index, one) in self.done.into_iter().enumerate() {
            settle(one, index, self.file, build, &mut reveal);
        }
        Box::new(reveal)
    }
}

/// Turns one run into drafts, and says what its values cannot tell.
fn settle(mut one: One, index: usize, file: u16, build: &mut Builder, reveal: &mut ResultReveal) {
    if one.status == "waiting_for_human"
        && let Some((place, result)) = one.output
    {
        let name = if one.waiting.is_empty() { "waiting for a person".to_owned() } else { one.waiting.clone() };
        one.steps.push(Found { name, place, shape: Shape::Waiting, status: Status::Waiting, result });
    }
    let suffix = if index == 0 { String::new() } else { format!(" {}", index + 1) };
    let of_file = if file == 0 { String::new() } else { format!(" of file {}", file + 1) };
    let run = build.names.intern(&format!("pipeline result{suffix}{of_file}"));
    build.run_names.insert(run, format!("pipeline result{suffix}"));
    let same = matches!((one.input, one.output), (Some((_, input)), Some((_, output))) if input == output);
    let mut seen = FxHashMap::default();
    for (position, step) in one.steps.iter().enumerate() {
        let id = build.names.intern(&unique_id(&mut seen, &step.name));
        let mut draft = Draft::new(run, id, step.place);
        draft.name = build.names.intern(&step.name);
        draft.kind = if step.shape == Shape::Waiting { Kind::Human } else { Kind::Task };
        draft.status = step.status;
        draft.context = u32::try_from(reveal.steps.len()).unwrap_or(u32::MAX);
        reveal.steps.push(Context {
            shape: step.shape,
            input: one.input.map(|(place, _)| place).filter(|_| position == 0 && !same),
            interaction: one.interaction.clone(),
        });
        build.push(draft);
    }
    let mut say = |code: &str, place: Option<Place>, message: String| {
        let diagnostic = Diagnostic::new(Severity::Info, code, message);
        build.diagnostics.push(match place {
            Some(place) => diagnostic.at(place),
            None => diagnostic,
        });
    };
    if same {
        let message = "`input` and `output` are the same: the engine changes the input while it runs and writes it twice,                        so what the run was really given is not in this file. The pipeline's parameters, or a run log                        (0.2.0, .jsonl), tell it.";
        say("input-lost", one.input.map(|(place, _)| place), message.to_owned());
    }
    let own = one.steps.iter().filter(|step| step.shape == Shape::Item);
    if let Some((_, output)) = one.output
        && own.clone().count() > 1
        && own.clone().all(|step| step.result == output)
    {
        let message = "Every step's result is the final state: the steps changed the shared data and returned it, so what                        each one added cannot be read off its result.";
        say("results-are-final-state", None, message.to_owned());
    }
    if one.circular > 0 {
        let markers = counted(one.circular, "value stands", "values stand");
        let message =
            format!("{markers} as \"[Circular Reference]\": the engine cut there, what was in it is not in this file.");
        say("circular-reference", None, message);
    }
    if one.status == "waiting_for_human" {
        let message =
            "The run waits for a person. The engine does not list the step that waits; it is added here as the last \
                       one, with what it asks for."
                .to_owned();
        say("waiting-for-human", one.output.map(|(place, _)| place), message);
    }
}

#[derive(Debug)]
struct Context {
    shape: Shape,
    /// The run's input, on its first step.
    input: Option<Place>,
    interaction: String,
}

#[derive(Debug)]
struct ResultReveal {
    /// By context.
    steps: Vec<Context>,
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
                            details.error = Some(super::steps::error(&message.text()));
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
            details.notes.push("A part of this step is damaged in the file; what could be read is shown.".into());
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
        details
    }
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    let sample = probe.samples.first()?;
    let object = sample.object().filter(|_| !sample.is_array())?;
    let has = |key: &str| sample.member(object, key).is_some();
    if let Some(steps) = sample.member(object, "steps") {
        let first = |key: &str| sample.path(&["steps", key]).is_some();
        let ends = has("input") && (has("output") || !sample.whole);
        let because = "it has `input`, `steps` and `output`";
        if sample.is(steps, NodeKind::Array) && ends && (first("step_name") || sample.tree.first_child(steps).is_none())
        {
            return Matched::new("IA Modules run result", because);
        }
        if sample.is(steps, NodeKind::Object) && ends {
            return Matched::new("IA Modules run result (2025-09)", format!("{because}, with `steps` as an object"));
        }
        return None;
    }
    // The input alone may fill all of the head that a detector sees.
    let keys = sample.keys();
    let engine = ["_execution_id", "_pipeline_id"].iter().any(|key| sample.path(&["input", key]).is_some());
    if !sample.whole && keys == ["input"] && engine {
        return Matched::new("IA Modules run result", "its `input` holds `_execution_id`, as the engine writes it");
    }
    None
}
