//! Steps that are JSON objects: an object taken whole and read as a tree, while the file is read and again when
//! somebody looks. What its members mean is the format's; how numbers, times, usage and errors are spelled stands in
//! [`read`].
//!
//! A format whose steps stand each in an object of its own needs no more than [`Records`]: a route, one function that
//! makes drafts, and one that shows a step.

pub mod inside;
pub mod read;

use super::{Builder, Here, Importer, Piece, Reveal, Revealing, Route, State};
use crate::dialect;
use crate::json::{At, Lack, Lexer, NodeKind, Str, Tree};
use crate::model::{Attribute, Details, Place, Side, Value, ValueText};

/// One JSON value with its tree, and where it stands.
#[derive(Debug)]
pub struct Record<'a> {
    text: &'a [u8],
    tree: Tree,
    here: Here,
    /// For JSON that stood in a string: where, since its parts have no place of their own.
    inside: Option<Place>,
}

impl<'a> Record<'a> {
    /// Takes the next value of the lexer.
    ///
    /// # Errors
    /// [`Lack::More`] when the window ends inside it, [`Lack::Bad`] when it is no JSON.
    pub fn take(lexer: &mut Lexer<'a>, here: Here) -> Result<Record<'a>, Lack> {
        let (start, end) = lexer.skip()?;
        let text = lexer.src().get(start..end).unwrap_or(&[]);
        let here = Here { file: here.file, base: here.base.saturating_add(start as u64) };
        Ok(Record { text, tree: Tree::parse(text), here, inside: None })
    }

    /// A piece of a step, read again. What stands before damage is there.
    pub fn of(piece: &'a Piece) -> Record<'a> {
        let here = Here { file: piece.place.file, base: piece.place.start };
        Record { text: &piece.bytes, tree: Tree::parse(&piece.bytes), here, inside: None }
    }

    /// JSON that stood in a string, decoded. Its values are all said to stand at `place`.
    pub fn inside(text: &'a [u8], place: Place) -> Record<'a> {
        let here = Here { file: place.file, base: place.start };
        Record { text, tree: Tree::parse(text), here, inside: Some(place) }
    }

    /// A piece of a step, read again; damage is noted.
    pub fn told(piece: &'a Piece, details: &mut Details) -> Record<'a> {
        let record = Record::of(piece);
        if !record.whole() {
            details.note_damage();
        }
        record
    }

    /// Whether all of it could be read.
    pub fn whole(&self) -> bool {
        self.tree.damage.is_none()
    }

    /// The value itself; of damaged bytes it may be null.
    pub fn root(&self) -> At<'_> {
        At { text: self.text, tree: &self.tree, node: 0 }
    }

    /// Whether it stood in a string: values are then texts of their own.
    pub fn is_inside(&self) -> bool {
        self.inside.is_some()
    }

    /// Index of the file in the document.
    pub fn file(&self) -> u16 {
        self.here.file
    }

    /// Where a value in it stands in the source.
    pub fn place(&self, at: At<'_>) -> Place {
        self.inside.unwrap_or_else(|| self.here.place(at.start(), at.end()))
    }

    /// The place of a range of positions in it.
    pub fn here(&self, start: usize, end: usize) -> Place {
        self.here.place(start, end)
    }

    /// Where all of it stands.
    pub fn whole_place(&self) -> Place {
        self.inside.unwrap_or_else(|| self.here.place(0, self.text.len()))
    }

    /// A value to be shown: `None` for what is not there or null.
    pub fn value(&self, at: Option<At<'_>>) -> Option<Value> {
        let at = at?;
        let text = match at.kind() {
            NodeKind::Null => return None,
            kind if self.inside.is_some() => {
                let text = at.string().unwrap_or_else(|| at.json()).into_owned();
                ValueText::Made { text, json: kind != NodeKind::String, note: String::new() }
            }
            NodeKind::String => ValueText::JsonString,
            _ => ValueText::Json,
        };
        Some(Value { place: self.place(at), text })
    }

    /// A member as an attribute.
    pub fn attribute(&self, at: At<'_>, understood: bool) -> Option<Attribute> {
        let name = at.key()?.into_owned();
        Some(Attribute { name, value: self.value(Some(at))?, understood })
    }

    /// The members of an object as attributes, without those that are shown in another place. Null says nothing and is
    /// left out.
    pub fn attributes(&self, at: At<'_>, shown: &[&str]) -> Vec<Attribute> {
        let others = at.members().filter(|member| !member.key().is_some_and(|key| shown.contains(&key.as_ref())));
        others.filter_map(|member| self.attribute(member, true)).collect()
    }
}

/// Adds the conversation in a step's input and output, in whatever provider's or framework's spelling.
pub fn converse(details: &mut Details, input: Option<At<'_>>, output: Option<At<'_>>) {
    for (at, side) in [(input, Side::Input), (output, Side::Output)] {
        let Some(at) = at else { continue };
        // A text may be the JSON of messages.
        let text = at.string().unwrap_or_else(|| at.json());
        details.messages.extend(dialect::messages(&text, side));
    }
}

/// How a format of [`Records`] finds its objects: as [`Importer::route`], without memory.
pub type Finds = fn(State, Option<&Str<'_>>, u8) -> Route;

/// Reads a format whose steps are objects that can be told one by one.
#[derive(Clone, Copy, Debug)]
pub struct Records {
    /// Which values are taken.
    pub finds: Finds,
    /// Makes drafts of one; the tag is the route's.
    pub takes: fn(u8, &Record<'_>, &mut Builder),
    /// Shows a step from each of its pieces.
    pub shows: Shows,
}

impl Importer for Records {
    fn route(&mut self, state: State, key: Option<Str<'_>>, lead: u8) -> Route {
        (self.finds)(state, key.as_ref(), lead)
    }

    fn take(&mut self, tag: u8, lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
        let record = Record::take(lexer, here)?;
        (self.takes)(tag, &record, build);
        Ok(())
    }

    fn finish(self: Box<Self>, _: &mut Builder) -> Box<dyn Reveal> {
        Box::new(Shown(self.shows))
    }
}

/// Fills the details of a step from one of its pieces.
pub type Shows = fn(&Record<'_>, Revealing<'_>, &mut Details);

/// Reveals steps whose pieces are JSON values, each on its own.
#[derive(Clone, Copy, Debug)]
pub struct Shown(pub Shows);

impl Reveal for Shown {
    fn reveal(&self, about: Revealing<'_>, pieces: &[Piece]) -> Details {
        let mut details = Details::default();
        for piece in pieces {
            let record = Record::told(piece, &mut details);
            (self.0)(&record, about, &mut details);
        }
        details
    }
}
