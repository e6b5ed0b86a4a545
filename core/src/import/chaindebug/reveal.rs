//! What a step holds, when somebody looks: the fields of its lines, the stronger line winning.

use super::line;
use super::messages::conversation;
use crate::dialect::{self, Attr, Val};
use crate::import::{Here, Piece, Reveal, Revealing};
use crate::json::{Lack, Lexer, Scalar};
use crate::model::{Details, Error, Event, Fact, Link, Place, Value, ValueText};
use crate::order::Order as _;
use crate::wording::counted;
use rustc_hash::FxHashMap;

/// What the header says of a run.
#[derive(Debug, Default)]
pub(super) struct Surroundings {
    pub(super) attributes: Option<Place>,
    pub(super) recorder: String,
    pub(super) limit: Option<u64>,
}

pub(super) struct ChainDebugReveal {
    /// By context.
    pub(super) runs: Vec<Surroundings>,
}

/// Fields that are shown elsewhere; any other is shown with the attributes.
const FIELDS: [&[u8]; 22] = [
    b"chaindebug",
    b"type",
    b"id",
    b"parent",
    b"step",
    b"name",
    b"kind",
    b"start",
    b"end",
    b"time",
    b"status",
    b"input",
    b"output",
    b"state_before",
    b"state_after",
    b"error",
    b"model",
    b"usage",
    b"messages",
    b"attributes",
    b"events",
    b"links",
];

/// What the lines say, put together.
#[derive(Default)]
struct Held<'a> {
    input: Option<(Value, Lexer<'a>)>,
    output: Option<(Value, Lexer<'a>)>,
    state_before: Option<(Value, Lexer<'a>)>,
    state_after: Option<(Value, Lexer<'a>)>,
    messages: Option<(Place, Lexer<'a>)>,
    error: Option<Error>,
    attrs: Vec<Attr<'a>>,
    /// Where each key stands in `attrs`.
    keys: FxHashMap<String, usize>,
}

impl<'a> Held<'a> {
    /// A later line wins, key by key; the place in the list is that of the first.
    fn attribute(&mut self, attr: Attr<'a>) {
        match self.keys.get(&*attr.key).and_then(|&at| self.attrs.get_mut(at)) {
            Some(held) => *held = attr,
            None => {
                self.keys.insert(attr.key.to_string(), self.attrs.len());
                self.attrs.push(attr);
            }
        }
    }

    fn attributes(&mut self, lexer: &mut Lexer<'a>, here: Here) -> Result<(), Lack> {
        for attr in attrs(lexer, here)? {
            self.attribute(attr);
        }
        Ok(())
    }
}

fn attrs<'a>(lexer: &mut Lexer<'a>, here: Here) -> Result<Vec<Attr<'a>>, Lack> {
    let mut out = Vec::new();
    lexer.members(|lexer, key| {
        let (val, (start, end)) = Val::read(lexer)?;
        out.push(Attr { key: key.text(), val, place: here.place(start, end) });
        Ok(())
    })?;
    Ok(out)
}

fn value<'a>(lexer: &mut Lexer<'a>, here: Here) -> Result<(Value, Lexer<'a>), Lack> {
    lexer.peek()?;
    let at = lexer.clone();
    let (val, (start, end)) = Val::read(lexer)?;
    let text = if matches!(val, Val::Str(_)) { ValueText::JsonString } else { ValueText::Json };
    Ok((Value { place: here.place(start, end), text }, at))
}

fn error(lexer: &mut Lexer<'_>) -> Result<Option<Error>, Lack> {
    let mut error = Error::default();
    if lexer.peek()? != b'{' {
        return Ok(match lexer.scalar()? {
            Scalar::Str(s) => Some(Error { message: s.text().into_owned(), ..error }),
            _ => None,
        });
    }
    lexer.members(|lexer, key| {
        let (val, _) = Val::read(lexer)?;
        let text = val.text().into_owned();
        match key.raw {
            b"type" => error.kind = text,
            b"message" => error.message = text,
            b"stack" => error.stack = text,
            _ => {}
        }
        Ok(())
    })?;
    Ok(Some(error))
}

/// An item of `events`, or an `event` line: both have `name`, `time` and `attributes`.
fn event(lexer: &mut Lexer<'_>, here: Here, details: &mut Details) -> Result<(), Lack> {
    lexer.peek()?;
    let from = lexer.pos();
    let mut event = Event { name: String::new(), time: None, attributes: Vec::new(), place: here.place(from, from) };
    let mut held = Vec::new();
    lexer.members(|lexer, key| {
        match key.raw {
            b"name" => event.name = lexer.text()?.unwrap_or_default().into_owned(),
            b"time" => event.time = line::time(lexer)?.0,
            b"attributes" => held = attrs(lexer, here)?,
            _ => {
                lexer.skip()?;
            }
        }
        Ok(())
    })?;
    event.place = here.place(from, lexer.pos());
    dialect::event(event, &held, details);
    Ok(())
}

fn link(lexer: &mut Lexer<'_>, here: Here) -> Result<Link, Lack> {
    let mut link = Link { run: String::new(), step: String::new(), attributes: Vec::new() };
    lexer.members(|lexer, key| {
        match key.raw {
            b"run" => link.run = lexer.text()?.unwrap_or_default().into_owned(),
            b"step" => link.step = lexer.text()?.unwrap_or_default().into_owned(),
            b"attributes" => link.attributes = attrs(lexer, here)?.iter().map(dialect::attribute).collect(),
            _ => {
                lexer.skip()?;
            }
        }
        Ok(())
    })?;
    Ok(link)
}

/// How strong a line is: fields of an `end` win over those of an `update`, and these over a `start`.
fn rank(piece: &Piece) -> u8 {
    let mut rank = 0;
    // Damage only ends the search early.
    let _ = Lexer::new(&piece.bytes).members(|lexer, key| {
        if key.is("type") {
            rank = match lexer.text()?.as_deref() {
                Some("update") => 1,
                Some("end") => 2,
                Some("event") => 3,
                _ => 0,
            };
        } else {
            lexer.skip()?;
        }
        Ok(())
    });
    rank
}

fn piece<'a>(piece: &'a Piece, held: &mut Held<'a>, details: &mut Details) -> Result<(), Lack> {
    let here = Here { file: piece.place.file, base: piece.place.start };
    Lexer::new(&piece.bytes).members(|lexer, key| {
        match key.raw {
            b"input" => held.input = Some(value(lexer, here)?),
            b"output" => held.output = Some(value(lexer, here)?),
            b"state_before" => held.state_before = Some(value(lexer, here)?),
            b"state_after" => held.state_after = Some(value(lexer, here)?),
            b"messages" => {
                let list = lexer.peek()? == b'[';
                let at = lexer.clone();
                let (start, end) = lexer.skip()?;
                if list {
                    held.messages = Some((here.place(start, end), at));
                }
            }
            b"error" => {
                let error = error(lexer)?;
                held.error = error.or(held.error.take());
            }
            b"attributes" => held.attributes(lexer, here)?,
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
            other if FIELDS.contains(&other) => {
                lexer.skip()?;
            }
            _ => {
                let (val, (start, end)) = Val::read(lexer)?;
                held.attribute(Attr { key: key.text(), val, place: here.place(start, end) });
            }
        }
        Ok(())
    })?;
    Ok(())
}

/// What one line of a step says, read as it would be in a file of its own.
pub(crate) fn read_back(line: Vec<u8>) -> Details {
    let place = Place { file: 0, start: 0, len: line.len() as u64 };
    ChainDebugReveal { runs: Vec::new() }.put_together(0, &[Piece { place, bytes: line }])
}

impl Reveal for ChainDebugReveal {
    fn reveal(&self, about: Revealing<'_>, pieces: &[Piece]) -> Details {
        self.put_together(about.context, pieces)
    }
}

impl ChainDebugReveal {
    fn put_together(&self, context: u32, pieces: &[Piece]) -> Details {
        let mut details = Details::default();
        let mut held = Held::default();
        let mut lines: Vec<(u8, &Piece)> = pieces.iter().map(|piece| (rank(piece), piece)).collect();
        lines.order_by_key(|(rank, _)| *rank);
        let mut damaged = false;
        for (rank, line) in lines {
            damaged |= if rank == 3 {
                let here = Here { file: line.place.file, base: line.place.start };
                event(&mut Lexer::new(&line.bytes), here, &mut details).is_err()
            } else {
                piece(line, &mut held, &mut details).is_err()
            };
        }
        dialect::reveal(&held.attrs, &mut details);
        let of = |value: &Option<(Value, Lexer<'_>)>| value.as_ref().map(|(value, _)| value.clone());
        details.input = of(&held.input).or(details.input);
        details.output = of(&held.output).or(details.output);
        details.state = of(&held.state_before).or(details.state);
        details.state_after = of(&held.state_after).or(details.state_after);
        // A step that was given the whole state need not say it twice.
        details.input = details.input.or_else(|| of(&held.state_before));
        details.error = held.error.or(details.error);
        let (input, output) = (held.input.map(|(_, at)| at), held.output.map(|(_, at)| at));
        let (place, messages) = held.messages.unzip();
        match conversation(messages, input, output) {
            Ok(found) if !found.messages.is_empty() => {
                // Messages alone say what went in and came out.
                if let Some(place) = place {
                    let side = |text: String| {
                        let note = "the part of `messages` on this side".to_owned();
                        (text.len() > 2).then_some(Value { place, text: ValueText::Made { text, json: true, note } })
                    };
                    details.input = details.input.or_else(|| side(found.given));
                    details.output = details.output.or_else(|| side(found.answer));
                }
                details.messages = found.messages;
            }
            Ok(_) => {}
            Err(_) => damaged = true,
        }
        dialect::close(&mut details);
        if damaged {
            details.note_damage();
        }
        let run = self.runs.get(context as usize);
        if pieces.iter().any(|piece| memchr::memmem::find(&piece.bytes, b"\"$truncated\"").is_some()) {
            let limit = run.and_then(|run| run.limit).map_or_else(String::new, |limit| {
                format!(" It keeps {} of each value.", counted(limit, "byte", "bytes"))
            });
            details.notes.push(format!("The recorder cut values of this step, where `$truncated` stands.{limit}"));
        }
        if let Some(run) = run {
            details.resource = run.attributes;
            if !run.recorder.is_empty() {
                details.facts.push(Fact { label: "recorder".into(), text: run.recorder.clone() });
            }
        }
        details.events.order_by_key(|event| event.time);
        details
    }
}
