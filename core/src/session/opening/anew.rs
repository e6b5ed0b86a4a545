//! An open document read anew: its files one after the other, beside the document as it is. Only when all of them are
//! read does what came of it take the document's place; whoever stops before leaves everything as it was.

use super::{Choice, Opening, Stage};
use crate::model::Diagnostic;
use crate::session::{Opened, Session, verdict};
use crate::source::Source;
use std::collections::VecDeque;
use std::rc::Rc;

/// A document on its way to be another.
pub(super) struct Anew {
    document: u32,
    /// The text of its first file, as it was when reading began.
    text: Rc<dyn Source>,
    /// Files that are still to be read.
    rest: VecDeque<Again>,
    /// What came of the files before.
    read: Option<Opened>,
}

impl Opened {
    fn begins_with(&self, text: &Rc<dyn Source>) -> bool {
        self.sources.first().is_some_and(|first| Rc::ptr_eq(first, text))
    }
}

/// A file that is read once more.
struct Again {
    name: String,
    source: Rc<dyn Source>,
    /// What was done to get at its text, which is still true of it.
    said: Vec<Diagnostic>,
}

impl Opening {
    /// Begins to read a document anew: its first file as it is said, or another text in the place of that file. Files that
    /// joined it join it again. They are the texts that are open, so that nothing is unpacked again.
    pub(in crate::session) fn anew(
        session: &Session,
        document: u32,
        choice: Choice,
        text: Option<Rc<dyn Source>>,
    ) -> Result<Opening, String> {
        let slot = session.opened.get(document as usize).and_then(Option::as_ref);
        let opened = slot.ok_or("This document is closed.")?;
        let files = opened.document.files.iter().zip(&opened.sources).zip(0u16..);
        let mut rest: VecDeque<Again> = files
            .map(|((file, source), at)| Again {
                name: file.name.clone(),
                source: Rc::clone(source),
                said: verdict::of_the_way(&opened.document, at),
            })
            .collect();
        let mut first = rest.pop_front().ok_or("There is no such file in this document.")?;
        let before = Rc::clone(&first.source);
        if let Some(text) = text {
            (first.source, first.said) = (text, Vec::new());
        }
        let mut opening = Opening::new(&first.name, first.source, None);
        (opening.diagnostics, opening.choice) = (first.said, choice);
        opening.anew = Some(Box::new(Anew { document, text: before, rest, read: None }));
        Ok(opening)
    }

    /// What came of the files before this one, when a document is read anew.
    pub(super) fn read_before(&mut self) -> Option<Opened> {
        self.anew.as_mut().and_then(|anew| anew.read.take())
    }

    /// What was read of a file, with what came of those before it: of a file in which nothing was found as well.
    pub(super) fn with_those_before(&mut self, mut own: Opened) -> Opened {
        let Some(mut all) = self.read_before() else { return own };
        let file = u16::try_from(all.document.files.len()).unwrap_or(u16::MAX);
        for diagnostic in &mut own.document.diagnostics {
            diagnostic.file = file;
        }
        all.document.files.append(&mut own.document.files);
        all.document.diagnostics.append(&mut own.document.diagnostics);
        all.sources.append(&mut own.sources);
        all.reveals.append(&mut own.reveals);
        all
    }

    /// Gives back what was read when it is to be the document, and makes place for it. `None` while there are files left
    /// that belong to it, and when the document was closed or changed meanwhile: it stays as it is then.
    pub(super) fn takes_place(&mut self, session: &mut Session, opened: Opened) -> Option<Opened> {
        let Some(anew) = &mut self.anew else { return Some(opened) };
        if let Some(Again { name, source, said }) = anew.rest.pop_front() {
            anew.read = Some(opened);
            (self.diagnostics, self.choice) = (said, Choice::Content);
            self.take_up(name, source, Stage::Sniff);
            return None;
        }
        let (document, text) = (anew.document, Rc::clone(&anew.text));
        self.anew = None;
        // What was typed meanwhile counts.
        session.settle();
        match session.opened.get_mut(document as usize) {
            Some(slot) if slot.as_ref().is_some_and(|now| now.begins_with(&text)) => *slot = None,
            _ => {
                self.document = Some(document);
                return None;
            }
        }
        session.live = None;
        self.into = Some(document);
        Some(opened)
    }
}
