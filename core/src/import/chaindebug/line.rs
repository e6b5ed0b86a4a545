//! One line of the format, read for the index.

use super::steps::Header;
use crate::dialect::{Gather, Val};
use crate::import::{Here, time as times};
use crate::json::{Lack, Lexer, Scalar};
use crate::model::{Nanos, Place, Usage};
use std::borrow::Cow;

/// What is wrong with a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Read as UTC.
    NoZone,
    /// Not a time.
    NoTime,
}

/// A time, and what is wrong with it: the trouble and the text as written.
pub(super) type TimeRead = (Option<Nanos>, Option<(Trouble, String)>);

/// A line as it stands. Fields that are `null` are absent.
#[derive(Debug, Default)]
pub(super) struct Line<'a> {
    pub(super) place: Place,
    /// The `chaindebug` field, as text.
    pub(super) version: Option<String>,
    pub(super) kind_of_line: Option<Cow<'a, str>>,
    pub(super) id: Option<Cow<'a, str>>,
    pub(super) parent: Option<Cow<'a, str>>,
    /// The step an `event` line belongs to.
    pub(super) step: Option<Cow<'a, str>>,
    pub(super) name: Option<Cow<'a, str>>,
    pub(super) kind: Option<Cow<'a, str>>,
    pub(super) status: Option<Cow<'a, str>>,
    pub(super) start: Option<Nanos>,
    pub(super) end: Option<Nanos>,
    /// A time that is none, or has no zone: as written.
    pub(super) trouble: Option<(Trouble, String)>,
    /// The message of its error, when it has one.
    pub(super) error: Option<String>,
    pub(super) model: Option<Cow<'a, str>>,
    pub(super) usage: Usage,
    pub(super) messages: bool,
    pub(super) gather: Option<Gather<'a>>,
    pub(super) run: Option<Lexer<'a>>,
    pub(super) recorder: Option<Lexer<'a>>,
    pub(super) limits: Option<Lexer<'a>>,
    pub(super) steps: Option<Lexer<'a>>,
    pub(super) runs: Option<Lexer<'a>>,
}

/// A version: a whole number of at least 1.
pub(super) fn version(text: Option<&str>) -> Option<u64> {
    text?.parse().ok().filter(|&version| version >= 1)
}

/// A time as the format writes it.
pub(super) fn time(lexer: &mut Lexer<'_>) -> Result<TimeRead, Lack> {
    let text = match lexer.scalar()? {
        Scalar::Null => return Ok((None, None)),
        Scalar::Str(s) => s.text(),
        Scalar::Number(n) => Cow::Borrowed(n),
        Scalar::Bool(_) => Cow::Borrowed("true or false"),
        Scalar::Container(..) => Cow::Borrowed("an object or array"),
    };
    if let Ok(nanos) = text.parse::<i64>() {
        return Ok((Some(Nanos(nanos)), None));
    }
    Ok(match times::iso(&text) {
        Some((time, true)) => (Some(time), None),
        Some((time, false)) => (Some(time), Some((Trouble::NoZone, text.into_owned()))),
        None => (None, Some((Trouble::NoTime, text.into_owned()))),
    })
}

/// The message of an `error` field: a text, or an object with `message`, else `type`.
pub(super) fn error_text(lexer: &mut Lexer<'_>) -> Result<Option<String>, Lack> {
    if lexer.peek()? != b'{' {
        return Ok(lexer.text()?.map(Cow::into_owned));
    }
    let (mut kind, mut message) = (None, None);
    lexer.members(|lexer, key| {
        match key.raw {
            b"type" => kind = lexer.text()?.map(Cow::into_owned),
            b"message" => message = lexer.text()?.map(Cow::into_owned),
            _ => {
                lexer.skip()?;
            }
        }
        Ok(())
    })?;
    Ok(message.or(kind).or_else(|| Some(String::new())))
}

/// The `run` object of a header, or an item of `runs`.
pub(super) fn run(lexer: &mut Lexer<'_>, here: Here, header: &mut Header) -> Result<(), Lack> {
    lexer.members(|lexer, key| {
        match key.raw {
            b"id" => header.id = lexer.text()?.map(Cow::into_owned),
            b"name" => header.name = lexer.text()?.map(Cow::into_owned),
            b"attributes" => {
                lexer.peek()?;
                let start = lexer.pos();
                lexer.skip()?;
                header.attributes = Some(here.place(start, lexer.pos()));
            }
            b"status" => header.status = lexer.text()?.map(Cow::into_owned),
            b"error" => header.error = error_text(lexer)?,
            b"end" => header.ended = time(lexer)?.0.is_some(),
            _ => {
                lexer.skip()?;
            }
        }
        Ok(())
    })?;
    Ok(())
}

/// `recorder`: name and version in one text.
pub(super) fn recorder(lexer: &mut Lexer<'_>) -> Result<String, Lack> {
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
    Ok(format!("{name} {version}").trim().to_owned())
}

/// `limits.value_bytes`.
pub(super) fn limit(lexer: &mut Lexer<'_>) -> Result<Option<u64>, Lack> {
    let mut limit = None;
    lexer.members(|lexer, key| {
        if key.is("value_bytes") {
            limit = lexer.text()?.and_then(|text| text.parse().ok());
        } else {
            lexer.skip()?;
        }
        Ok(())
    })?;
    Ok(limit)
}

/// Whether a value is a list of messages: its first item is an object with `role`.
fn is_messages(lexer: &mut Lexer<'_>) -> Result<bool, Lack> {
    let mut found = false;
    let mut first = true;
    lexer.items(|lexer| {
        if std::mem::take(&mut first) {
            lexer.members(|lexer, key| {
                found |= key.is("role");
                lexer.skip().map(|_| ())
            })?;
            Ok(())
        } else {
            lexer.skip().map(|_| ())
        }
    })?;
    Ok(found)
}

/// Whether an `input` is messages, or an object with a list of them.
pub(super) fn holds_messages(lexer: &mut Lexer<'_>) -> Result<bool, Lack> {
    if lexer.peek()? != b'{' {
        return is_messages(lexer);
    }
    let mut found = false;
    lexer.members(|lexer, key| {
        if key.is("messages") {
            found |= is_messages(lexer)?;
        } else {
            lexer.skip()?;
        }
        Ok(())
    })?;
    Ok(found)
}

impl<'a> Line<'a> {
    /// Reads the object at the lexer; `None` when it is something else, which is stepped over.
    pub(super) fn read(lexer: &mut Lexer<'a>, here: Here) -> Result<Option<Self>, Lack> {
        lexer.peek()?;
        let from = lexer.pos();
        let mut line = Line::default();
        let object = lexer.members(|lexer, key| {
            let kept = |lexer: &mut Lexer<'a>| -> Result<Option<Lexer<'a>>, Lack> {
                let at = lexer.clone();
                lexer.skip().map(|_| Some(at))
            };
            match key.raw {
                b"chaindebug" => line.version = Some(lexer.text()?.unwrap_or_default().into_owned()),
                b"type" => line.kind_of_line = lexer.text()?,
                b"id" => line.id = lexer.text()?,
                b"parent" => line.parent = lexer.text()?,
                b"step" => line.step = lexer.text()?,
                b"name" => line.name = lexer.text()?,
                b"kind" => line.kind = lexer.text()?,
                b"status" => line.status = lexer.text()?,
                b"model" => line.model = lexer.text()?,
                b"start" | b"end" => {
                    let (time, trouble) = time(lexer)?;
                    if key.is("start") {
                        line.start = time;
                    } else {
                        line.end = time;
                    }
                    line.trouble = line.trouble.take().or(trouble);
                }
                b"error" => line.error = error_text(lexer)?,
                b"usage" => line.usage = usage(lexer)?,
                b"messages" => line.messages |= is_messages(lexer)?,
                b"input" => line.messages |= holds_messages(lexer)?,
                b"attributes" => {
                    let gather = line.gather.get_or_insert_with(Gather::default);
                    lexer.members(|lexer, key| {
                        let (val, _) = Val::read(lexer)?;
                        gather.note(key.text(), &val);
                        Ok(())
                    })?;
                }
                b"run" => line.run = kept(lexer)?,
                b"recorder" => line.recorder = kept(lexer)?,
                b"limits" => line.limits = kept(lexer)?,
                b"steps" => line.steps = kept(lexer)?,
                b"runs" => line.runs = kept(lexer)?,
                _ => {
                    lexer.skip()?;
                }
            }
            Ok(())
        })?;
        line.place = here.place(from, lexer.pos());
        Ok(object.then_some(line))
    }
}

fn usage(lexer: &mut Lexer<'_>) -> Result<Usage, Lack> {
    let mut usage = Usage::default();
    lexer.members(|lexer, key| {
        let (val, _) = Val::read(lexer)?;
        match key.raw {
            b"input_tokens" => usage.input = val.count(),
            b"output_tokens" => usage.output = val.count(),
            b"cached_tokens" => usage.cached = val.count(),
            b"cache_write_tokens" => usage.written = val.count(),
            b"reasoning_tokens" => usage.reasoning = val.count(),
            b"total_tokens" => usage.total = val.count(),
            b"cost" | b"cost_usd" => usage.cost = val.amount(),
            _ => {}
        }
        Ok(())
    })?;
    Ok(usage)
}
