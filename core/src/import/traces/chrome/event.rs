//! One trace event, read in one pass. Values it may hold in any number (`args`) are stepped over.

use crate::import::{Here, time};
use crate::json::{Lack, Lexer, Tree};
use crate::model::{Nanos, Place};
use std::borrow::Cow;

/// An event, as far as the index needs it.
#[derive(Debug, Default)]
pub(super) struct Event<'a> {
    pub(super) place: Place,
    /// The phase: one letter, 0 when there is none.
    pub(super) phase: u8,
    pub(super) name: Cow<'a, str>,
    pub(super) category: Cow<'a, str>,
    pub(super) process: Cow<'a, str>,
    pub(super) thread: Cow<'a, str>,
    pub(super) time: Option<Nanos>,
    pub(super) duration: Option<Nanos>,
    /// What events of one async span or flow have in common, beside the category.
    pub(super) id: Cow<'a, str>,
    pub(super) scope: Cow<'a, str>,
    /// Whether the id counts within the process only.
    pub(super) local: bool,
    /// Whether a flow ends in the slice around it, not in the next one.
    pub(super) enclosing: bool,
    /// Whether an instant is of the whole recording, not of its thread.
    pub(super) global: bool,
    /// Bytes of `args`, empty when there are none.
    pub(super) args: &'a [u8],
    /// Where they stand.
    pub(super) args_place: Place,
}

fn micros(lexer: &mut Lexer<'_>) -> Result<Option<Nanos>, Lack> {
    Ok(lexer.text()?.and_then(|text| time::scaled(&text, 1_000)))
}

impl<'a> Event<'a> {
    /// Reads the event at the lexer; `None` for what is no object.
    pub(super) fn read(lexer: &mut Lexer<'a>, here: Here) -> Result<Option<Event<'a>>, Lack> {
        lexer.peek()?;
        let from = lexer.pos();
        let mut event = Event::default();
        let mut cpu = None;
        let object = lexer.members(|lexer, key| {
            match key.raw {
                b"ph" => event.phase = lexer.text()?.and_then(|text| text.bytes().next()).unwrap_or(0),
                b"name" => event.name = lexer.text()?.unwrap_or_default(),
                b"cat" => event.category = lexer.text()?.unwrap_or_default(),
                b"pid" => event.process = lexer.text()?.unwrap_or_default(),
                b"tid" => event.thread = lexer.text()?.unwrap_or_default(),
                b"ts" => event.time = micros(lexer)?,
                b"dur" => event.duration = micros(lexer)?,
                b"tdur" => cpu = micros(lexer)?,
                b"id" => event.id = lexer.text()?.unwrap_or_default(),
                b"scope" => event.scope = lexer.text()?.unwrap_or_default(),
                b"s" => event.global = lexer.text()?.is_some_and(|text| text == "g"),
                b"bp" => event.enclosing = lexer.text()?.is_some_and(|text| text == "e"),
                b"id2" => {
                    lexer.members(|lexer, key| {
                        event.local |= key.is("local");
                        event.id = lexer.text()?.unwrap_or_default();
                        Ok(())
                    })?;
                }
                b"args" => {
                    let (start, end) = lexer.skip()?;
                    event.args = lexer.src().get(start..end).unwrap_or(&[]);
                    event.args_place = here.place(start, end);
                }
                _ => {
                    lexer.skip()?;
                }
            }
            Ok(())
        })?;
        event.duration = event.duration.or(cpu);
        event.place = here.place(from, lexer.pos());
        Ok(object.then_some(event))
    }

    /// Whether `args` hold anything.
    pub(super) fn told(&self) -> bool {
        self.args.iter().filter(|b| !b.is_ascii_whitespace()).count() > 2
    }

    /// A text in `args` at the end of a way of keys; lists are gone through at their first item.
    pub(super) fn arg(&self, keys: &[&str]) -> Option<String> {
        let tree = Tree::parse(self.args);
        let mut at = crate::json::At::root(self.args, &tree)?;
        for key in keys {
            at = at.items().next().unwrap_or(at).get(key)?;
        }
        crate::import::record::read::scalar(at).map(Cow::into_owned)
    }
}
