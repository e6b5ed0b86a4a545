//! One record of a tracker, as far as the index needs it: of an execution, of a step, or a line of its log.

use crate::import::ia_modules::steps::failure;
use crate::import::{Here, time as times};
use crate::json::{Lack, Lexer, Scalar};
use crate::model::{Nanos, Place, Status, Value, ValueText};

/// A value of a record that is not null.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Slot {
    pub(super) place: Place,
    /// A JSON text in a string, as the database holds it.
    string: bool,
    /// What could not be written: the tracker put the reason there instead.
    pub(super) unwritten: bool,
    /// Whether it is an object (or a text, which may hold one).
    pub(super) object: bool,
}

impl Slot {
    /// As a value to open.
    pub(super) fn value(self) -> Value {
        Value { place: self.place, text: if self.string { ValueText::JsonString } else { ValueText::Json } }
    }

    /// Whether it is JSON as it stands.
    pub(super) fn plain(&self) -> bool {
        self.object && !self.string && !self.unwritten
    }
}

/// A record.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub(super) place: Place,
    /// The type of a frame.
    pub(super) kind: String,
    pub(super) execution: String,
    pub(super) pipeline: String,
    /// Id of the execution of a step.
    pub(super) id: String,
    pub(super) step: String,
    pub(super) status: Option<Status>,
    pub(super) start: Option<Nanos>,
    /// The end; the time of a log line.
    pub(super) end: Option<Nanos>,
    pub(super) input: Option<Slot>,
    pub(super) output: Option<Slot>,
    pub(super) error: Option<String>,
    /// The result says that the step failed, and the run went on.
    pub(super) failed: bool,
    /// The result asks a person.
    pub(super) asks: bool,
    /// Spelled as the tracker in memory spells it.
    pub(super) memory: bool,
    /// The bytes of input and output, where they are needed later.
    pub(super) kept: (Option<Vec<u8>>, Option<Vec<u8>>),
}

impl Record {
    /// Takes from an older record of the same thing what this one does not say.
    pub(super) fn fill(&mut self, before: Record) {
        if self.pipeline.is_empty() {
            self.pipeline = before.pipeline;
        }
        self.start = self.start.or(before.start);
        self.end = self.end.or(before.end);
        self.input = before.input.or(self.input.take());
        self.output = self.output.take().or(before.output);
        self.error = self.error.take().or(before.error);
        self.status = self.status.or(before.status);
    }
}

/// A status as the trackers spell it; an enum printed by Python has its class in front.
pub(super) fn status(text: &str) -> Option<Status> {
    let word = text.rsplit('.').next().unwrap_or(text).to_ascii_lowercase();
    Some(match word.as_str() {
        "completed" => Status::Ok,
        "failed" => Status::Error,
        "pending" | "running" => Status::Running,
        "waiting_for_human" => Status::Waiting,
        other => Status::from_name(other)?,
    })
}

/// Reads one; of a frame what its `data` holds.
pub(super) fn read(lexer: &mut Lexer<'_>, here: Here) -> Result<Record, Lack> {
    lexer.peek()?;
    let from = lexer.pos();
    let mut record = Record::default();
    lexer.members(|lexer, key| {
        // Only of a frame: a log line carries data of the step.
        if key.raw == b"data" && record.kind.ends_with("_update") && lexer.peek()? == b'{' {
            lexer.members(|lexer, key| field(&mut record, lexer, key.raw, here))?;
            return Ok(());
        }
        field(&mut record, lexer, key.raw, here)
    })?;
    record.place = here.place(from, lexer.pos());
    Ok(record)
}

fn field(record: &mut Record, lexer: &mut Lexer<'_>, key: &[u8], here: Here) -> Result<(), Lack> {
    let slot = match key {
        b"type" => &mut record.kind,
        b"execution_id" => &mut record.execution,
        b"pipeline_name" => &mut record.pipeline,
        b"step_execution_id" => &mut record.id,
        b"step_id" => {
            // The name the edges use; `step_name` says the same in all versions so far.
            let text = lexer.text()?.unwrap_or_default();
            if !text.is_empty() {
                record.step = text.into_owned();
            }
            return Ok(());
        }
        b"step_name" => {
            let text = lexer.text()?.unwrap_or_default();
            if record.step.is_empty() {
                record.step = text.into_owned();
            }
            return Ok(());
        }
        b"status" => {
            record.status = lexer.text()?.and_then(|text| status(&text));
            return Ok(());
        }
        b"started_at" | b"start_time" => {
            record.memory |= key == b"start_time";
            record.start = time(lexer)?;
            return Ok(());
        }
        b"completed_at" | b"end_time" | b"timestamp" => {
            record.end = time(lexer)?;
            return Ok(());
        }
        b"input_data" => {
            record.input = value(lexer, here)?;
            return Ok(());
        }
        b"output_data" => {
            let mut at = lexer.clone();
            record.output = value(lexer, here)?;
            if record.output.is_some_and(|output| output.plain()) {
                record.failed = failure(&mut at.clone())?.is_some();
                record.asks = asks(&mut at)?;
            }
            return Ok(());
        }
        b"error_message" | b"error" => {
            if let Scalar::Str(text) = lexer.scalar()? {
                record.error = Some(text.text().into_owned());
            }
            return Ok(());
        }
        _ => return lexer.skip().map(|_| ()),
    };
    *slot = lexer.text()?.unwrap_or_default().into_owned();
    Ok(())
}

fn time(lexer: &mut Lexer<'_>) -> Result<Option<Nanos>, Lack> {
    Ok(match lexer.scalar()? {
        Scalar::Str(text) => times::iso(&text.text()).map(|(time, _)| time),
        Scalar::Number(text) => times::scaled(text, 1_000_000_000),
        _ => None,
    })
}

/// Whether a result asks a person.
fn asks(lexer: &mut Lexer<'_>) -> Result<bool, Lack> {
    let mut asks = false;
    lexer.members(|lexer, key| {
        if key.is("status") {
            asks = lexer.text()?.as_deref() == Some("human_input_required");
            return Ok(());
        }
        lexer.skip().map(|_| ())
    })?;
    Ok(asks)
}

/// A value and where it stands; `None` for null.
pub(super) fn value(lexer: &mut Lexer<'_>, here: Here) -> Result<Option<Slot>, Lack> {
    let lead = lexer.peek()?;
    let mut inside = lexer.clone();
    let (start, end) = lexer.skip()?;
    if lead == b'n' {
        return Ok(None);
    }
    let mut unwritten = false;
    inside.members(|lexer, key| {
        unwritten |= key.is("_serialization_error");
        lexer.skip().map(|_| ())
    })?;
    let string = lead == b'"';
    Ok(Some(Slot { place: here.place(start, end), string, unwritten, object: lead == b'{' || string }))
}
