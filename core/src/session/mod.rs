//! One session: the documents that are open, and the answers to every request of the [`crate::protocol`].
//!
//! Faces hold a [`Session`], open files through [`Session::open`] and [`Session::advance`], and ask. Opening is in
//! `opening`, describing documents in `describe`; what the answers are made of is in `debugger`, `view`, `flow` and
//! `search`.

mod ahead;
mod answer;
#[cfg(test)]
mod answer_tests;
mod belonging;
mod compare;
#[cfg(test)]
mod compare_tests;
mod describe;
mod desk;
#[cfg(test)]
mod edit_tests;
mod hand_on;
mod opening;
mod overlays;
mod pipelines;
mod prices;
mod reading;
mod recorded;
mod sheet;
mod verdict;

#[cfg(test)]
pub(crate) use hand_on::tests as hand_on_tests;

pub use belonging::{Belonging, belongs};
pub use opening::Opening;

use crate::FULL;
use crate::import::mapped::Mapping;
use crate::import::{Piece, Reveal, Revealing};
use crate::model::{Details, Document, Place, Run};
use crate::prices::PriceTable;
use crate::protocol::{DocumentView, Progress};
use crate::source::Source;
use std::rc::Rc;

/// A document with what its values are read from.
pub(crate) struct Opened {
    pub(crate) document: Document,
    /// One per file: its text as it is read (after unpacking).
    pub(crate) sources: Vec<Rc<dyn Source>>,
    /// One per file.
    pub(crate) reveals: Vec<Rc<dyn Reveal>>,
}

/// The documents that are open and everything that is known of them.
#[derive(Default)]
pub struct Session {
    /// A closed document leaves its place empty, so that indices stay true.
    pub(crate) opened: Vec<Option<Opened>>,
    /// Document and run in it, by run of the session.
    pub(crate) runs: Vec<(u32, u32)>,
    /// Document and pipeline in it, by pipeline of the session.
    pub(crate) pipelines: Vec<(u32, u32)>,
    /// The text in which somebody types.
    live: Option<pipelines::Live>,
    /// What is kept of somebody's work with them.
    pub(crate) desk: desk::Desk,
    /// Which run followed which pipeline.
    pub(crate) overlays: overlays::Overlays,
    /// By which costs are worked out, once somebody asked for it.
    prices: Option<PriceTable>,
    /// The two runs that are laid on each other.
    comparing: Option<Box<compare::Comparing>>,
    /// What is being handed on: the scan, and the export that goes on.
    handing: hand_on::Handing,
}

impl Session {
    /// A session without documents.
    pub fn new() -> Self {
        Session::default()
    }

    /// Begins to open a file; nothing heavy happens yet. With `into` its steps join that document.
    pub fn open(&mut self, name: &str, source: Box<dyn Source>, into: Option<u32>) -> Opening {
        if FULL {
            self.settle();
        }
        if into.is_some() {
            self.live = None;
        }
        Opening::new(name, Rc::from(source), into)
    }

    /// Like [`Session::open`], read as the format with this id, whatever is found in the file.
    ///
    /// # Errors
    /// When there is no such format: a sentence for a person.
    pub fn open_as(
        &mut self,
        name: &str,
        source: Box<dyn Source>,
        into: Option<u32>,
        format: &str,
    ) -> Result<Opening, String> {
        let format = format_of(format)?;
        Ok(self.open(name, source, into).read_as(opening::Choice::Format(format)))
    }

    /// As [`Session::open`], read by a mapping of its fields.
    pub fn open_mapped(&mut self, name: &str, source: Box<dyn Source>, mapping: Mapping) -> Opening {
        self.open(name, source, None).read_as(opening::Choice::Mapping(Box::new(mapping)))
    }

    /// Begins to read an open document anew: its first file by a mapping, as the format with this id, or by its content
    /// when neither is given; files that joined it join it again. The document keeps its index, and stays as it is until
    /// all is read. Whoever drops the opening before that has changed nothing.
    ///
    /// # Errors
    /// When there is no such document or format: a sentence for a person.
    pub fn read_as(
        &mut self,
        document: u32,
        format: Option<&str>,
        mapping: Option<Mapping>,
    ) -> Result<Opening, String> {
        if !FULL {
            return Err("Reading a file as somebody says is left to the full engine.".to_owned());
        }
        let choice = match (mapping, format) {
            (Some(mapping), _) => opening::Choice::Mapping(Box::new(mapping)),
            (None, Some(format)) => opening::Choice::Format(format_of(format)?),
            (None, None) => opening::Choice::Content,
        };
        self.settle();
        Opening::anew(self, document, choice, None)
    }

    /// Goes on opening: about `budget` bytes of work. [`Progress::document`] is there when it is done, also when
    /// nothing could be read: the document then has no format and its diagnostics say why.
    pub fn advance(&mut self, opening: &mut Opening, budget: u64) -> Progress {
        opening.advance(self, budget)
    }

    /// The documents as faces see them.
    pub fn documents(&self) -> Vec<DocumentView> {
        self.described(u32::MAX)
    }

    /// The same, with at most so many runs of each.
    fn described(&self, runs: u32) -> Vec<DocumentView> {
        let opened = (0..).zip(&self.opened).filter_map(|(index, opened)| Some((index, opened.as_ref()?)));
        opened.map(|(index, opened)| describe::document(self, index, opened, runs)).collect()
    }

    /// One document as faces see it.
    pub fn document(&self, index: u32) -> Option<DocumentView> {
        let opened = self.opened.get(index as usize)?.as_ref()?;
        Some(describe::document(self, index, opened, u32::MAX))
    }

    /// Forgets a document.
    pub(crate) fn close(&mut self, index: u32) {
        if let Some(slot) = self.opened.get_mut(index as usize) {
            *slot = None;
        }
        self.live = None;
        self.desk.forget(index);
        self.forget_comparison(index);
        self.handing = hand_on::Handing::default();
        self.desk.dry_runs.retain(|key, _| key.0 != index);
        self.number();
    }

    /// Numbers runs and pipelines over the documents, and finds the pipelines the runs followed.
    fn number(&mut self) {
        self.runs.clear();
        self.pipelines.clear();
        for (index, opened) in self.opened.iter().enumerate() {
            let Some(opened) = opened else { continue };
            let document = index as u32;
            self.runs.extend((0..opened.document.runs.len() as u32).map(|run| (document, run)));
            self.pipelines.extend((0..opened.document.pipelines.len() as u32).map(|pipeline| (document, pipeline)));
        }
        if FULL {
            self.match_runs();
        }
    }

    /// The run of this number, with its document.
    #[cfg(test)] // Requests go through `answer`; importers' tests ask directly.
    pub(crate) fn run(&self, run: u32) -> Option<(&Opened, &Run)> {
        let &(document, within) = self.runs.get(run as usize)?;
        let opened = self.opened.get(document as usize)?.as_ref()?;
        Some((opened, opened.document.runs.get(within as usize)?))
    }

    /// Bytes of a file of a document.
    ///
    /// # Errors
    /// When they cannot be had: a sentence for a person.
    #[cfg(test)] // Requests go through `answer`; importers' tests ask directly.
    pub(crate) fn bytes(&self, document: u32, place: Place) -> Result<Vec<u8>, String> {
        let opened = self.opened.get(document as usize).and_then(Option::as_ref);
        let opened = opened.ok_or("This document is closed.")?;
        opened.bytes(place)
    }

    /// What a step holds.
    ///
    /// # Errors
    /// When its bytes cannot be had: a sentence for a person.
    #[cfg(test)] // Requests go through `answer`; importers' tests ask directly.
    pub(crate) fn details(&self, run: u32, step: u32) -> Result<Details, String> {
        let (opened, within) = self.run(run).ok_or("There is no such run.")?;
        opened.details(within, step)
    }
}

/// The format with this id.
fn format_of(id: &str) -> Result<&'static crate::import::Format, String> {
    let found = crate::import::formats().find(|format| format.id == id);
    found.ok_or_else(|| format!("There is no format `{id}`."))
}

impl Opened {
    /// Bytes of a file.
    ///
    /// # Errors
    /// When they cannot be had: a sentence for a person.
    pub(crate) fn bytes(&self, place: Place) -> Result<Vec<u8>, String> {
        let source = self.sources.get(place.file as usize).ok_or("This file is not part of the document.")?;
        let len = usize::try_from(place.len).map_err(|_| "This value is too large to be read at once.")?;
        let mut out = Vec::new();
        source.read(place.start, len, &mut out).map_err(|error| error.0)?;
        Ok(out)
    }

    /// The pieces of a step, with their bytes.
    fn pieces_from(run: &Run, step: u32, bytes: &Bytes<'_>) -> Result<Vec<Piece>, String> {
        let first = run.steps.place.get(step as usize).ok_or("There is no such step.")?;
        let more = run.steps.more_places.get(&step).map_or(&[][..], Vec::as_slice);
        std::iter::once(first).chain(more).map(|&place| Ok(Piece { place, bytes: bytes(place)? })).collect()
    }

    /// What a step holds.
    pub(crate) fn details(&self, run: &Run, step: u32) -> Result<Details, String> {
        self.details_from(run, step, &|place| self.bytes(place))
    }

    /// What a step holds, its bytes got in another way.
    fn details_from(&self, run: &Run, step: u32, bytes: &Bytes<'_>) -> Result<Details, String> {
        let pieces = Opened::pieces_from(run, step, bytes)?;
        let file = pieces.first().map_or(0, |piece| piece.place.file);
        let reveal = self.reveals.get(file as usize).ok_or("This file is not part of the document.")?;
        let context = run.steps.context.get(step as usize).copied().unwrap_or_default();
        Ok(reveal.reveal(Revealing { run, step, context }, &pieces))
    }
}

/// Gets the bytes of a place.
type Bytes<'a> = dyn Fn(Place) -> Result<Vec<u8>, String> + 'a;
