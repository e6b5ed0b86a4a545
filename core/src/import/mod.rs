//! From text to a document: one folder or file per format, each detecting by content and converting through the one
//! [`Builder`].
//!
//! To add a format: implement [`Importer`] (a small automaton that says which parts of the JSON to take, and the
//! taking) and [`Reveal`] (what one step holds, decoded on demand), write a `detect` function, and add one line to
//! its family. The walk over the text, windows, damage, line numbers, trees, orphans and sums are done for you.

pub mod agents;
mod build;
pub mod chaindebug;
mod clock;
pub mod coditect;
pub mod conversations;
#[cfg(test)]
pub(crate) mod damage_tests;
mod detect;
#[cfg(test)]
pub(crate) mod dump;
mod format;
pub mod frameworks;
pub mod ia_modules;
pub mod ids;
#[cfg(all(test, feature = "full"))]
mod listed_tests;
pub mod mapped;
pub(crate) mod notation;
pub mod pipelines;
pub mod platforms;
mod recognise;
pub mod record;
mod refuse;
pub(crate) mod reshape;
#[cfg(all(test, feature = "full"))]
mod seeds;
mod tally;
#[cfg(test)]
pub(crate) mod testing;
pub mod time;
pub mod traces;
mod tree;
mod walk;
pub mod workflows;

pub use build::{Builder, Draft};
pub use detect::{Probe, Sample};
pub use format::{ASKED, Format, Matched, formats, refuse, refuse_as};
pub(crate) use format::{console, takes_what_is_left};
pub use recognise::{Payload, Recognised, recognise};
pub use walk::Walk;

use crate::json::{Lack, Lexer, Str};
use crate::model::{Details, Document, Place, Run, StepIx};

/// A state of an importer's automaton: what kind of container the walk is in. [`ROOT`] is a whole document.
pub type State = u8;

/// The state of the top level: each whole value of the text is routed from here.
pub const ROOT: State = 0;

/// What to do with the value the walk has reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// Walk into the container; its members or items are routed from this state. A scalar is stepped over.
    Enter(State),
    /// Hand the whole value to [`Importer::take`] with this tag.
    Take(u8),
    /// Step over it.
    Skip,
}

/// The state inside an array of [`each_object`].
const LISTED: State = 1;

/// The whole route of a format that is objects: one, several after each other, or arrays of them.
pub fn each_object(state: State, key: Option<&Str<'_>>, lead: u8) -> Route {
    match (state, key, lead) {
        (ROOT | LISTED, None, b'{') => Route::Take(0),
        (ROOT, None, b'[') => Route::Enter(LISTED),
        _ => Route::Skip,
    }
}

/// Where the lexer's positions lie in the source.
#[derive(Clone, Copy, Debug)]
pub struct Here {
    /// Index of the file in the document.
    pub file: u16,
    /// Position in the source of the lexer's position 0.
    pub base: u64,
}

impl Here {
    /// The place of a range of lexer positions.
    pub fn place(self, start: usize, end: usize) -> Place {
        Place { file: self.file, start: self.base + start as u64, len: end.saturating_sub(start) as u64 }
    }
}

/// Reads one format. The walk calls `route` for each value it reaches and `take` for those that are to be taken. A format
/// that is no JSON is [`Importer::whole`] and is given its text at once.
pub trait Importer {
    /// Says what to do with a value: `state` is that of the container around it, `key` is `None` for items and for
    /// whole documents, `lead` is the value's first byte.
    fn route(&mut self, _state: State, _key: Option<Str<'_>>, _lead: u8) -> Route {
        Route::Skip
    }

    /// Takes one value: reads it from `lexer` and tells the builder.
    ///
    /// # Errors
    /// [`Lack::More`] when the window ends inside the value: it will be called again with more bytes, so nothing may
    /// be told to the builder before the value is read to its end.
    fn take(&mut self, _tag: u8, lexer: &mut Lexer<'_>, _here: Here, _build: &mut Builder) -> Result<(), Lack> {
        lexer.skip().map(|_| ())
    }

    /// Whether this format is no JSON: [`Importer::read`] is called once, and neither `route` nor `take`.
    fn whole(&self) -> bool {
        false
    }

    /// Reads all of a text that is no JSON.
    fn read(&mut self, _text: &[u8], _here: Here, _build: &mut Builder) {}

    /// Whether this file and those of an open document complete each other's records (pages, a start here and its end
    /// there): all are then read anew by one importer. Else the file is added to the steps that are there.
    fn together(&self, _open: &Document) -> bool {
        false
    }

    /// A further file of the whole begins; this is its head.
    fn another(&mut self, _probe: &Probe<'_>) {}

    /// A container entered with this state begins; its bracket stands at byte `at` of the source.
    fn enter(&mut self, _state: State, _at: u64) {}

    /// A container entered with this state ends before byte `end` of the source. Where damage cut it off, that is
    /// where reading goes on.
    fn leave(&mut self, _state: State, _end: u64) {}

    /// Everything is read: say what is to be said, and turn into what reveals the steps later.
    fn finish(self: Box<Self>, build: &mut Builder) -> Box<dyn Reveal>;
}

/// One piece of a step: where it stands, and its bytes.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Where it stands.
    pub place: Place,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What is known of the step being revealed.
#[derive(Clone, Copy, Debug)]
pub struct Revealing<'a> {
    /// The run.
    pub run: &'a Run,
    /// The step.
    pub step: StepIx,
    /// What the importer put into [`Draft::context`].
    pub context: u32,
}

/// Decodes what a step holds, when somebody looks.
pub trait Reveal {
    /// Reads the details from the pieces of a step, in the order the importer named them.
    fn reveal(&self, about: Revealing<'_>, pieces: &[Piece]) -> Details;
}

/// For what has no steps of a run: a definition, a table, a file in which nothing was found.
pub(crate) struct Nothing;

impl Reveal for Nothing {
    fn reveal(&self, _: Revealing<'_>, _: &[Piece]) -> Details {
        Details::default()
    }
}
