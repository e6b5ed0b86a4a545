//! Opening a file in slices of work: sniff, unpack, detect, walk, build.

mod anew;
#[cfg(test)]
mod anew_tests;
mod detect;
mod notations;
mod packed;
#[cfg(test)]
mod packed_tests;
mod sniff;
#[cfg(test)]
mod tests;
mod together;
#[cfg(test)]
mod together_tests;

use super::{Opened, Session};
use crate::FULL;
use crate::import::mapped::Mapping;
use crate::import::{Builder, Format, Here, Importer, Matched, Nothing, Reveal, Walk};
use crate::model::{Diagnostic, Document, FileInfo, Severity};
use crate::protocol::{PreviewStep, Progress};
use crate::source::{Source, SourceError};
use packed::Unpacking;
use std::collections::VecDeque;
use std::rc::Rc;

/// Most bytes a packed file is unpacked to: what 32-bit memory can hold beside the index.
const UNPACKED: usize = 1 << 30;

/// Steps shown before the end of reading.
const PREVIEW: usize = 12;

/// A file on its way to a document.
pub struct Opening {
    name: String,
    source: Rc<dyn Source>,
    into: Option<u32>,
    stage: Stage,
    diagnostics: Vec<Diagnostic>,
    label: String,
    steps: u64,
    preview: Vec<PreviewStep>,
    read: u64,
    document: Option<u32>,
    /// What is said when the text was turned into JSON and nothing is found in that.
    refusal: Option<String>,
    /// What the file is to be read as, whatever is found in it.
    choice: Choice,
    archive: packed::Archive,
    /// The open document that is read anew.
    anew: Option<Box<anew::Anew>>,
    elsewhere: bool,
}

/// Who says what a file is.
pub(in crate::session) enum Choice {
    /// Its content.
    Content,
    /// Somebody: this format.
    Format(&'static Format),
    /// Somebody: a mapping of its fields.
    Mapping(Box<Mapping>),
}

enum Stage {
    Sniff,
    Inflate(Box<Unpacking>),
    Detect { start: u64 },
    Walk(Box<Reading>),
    Done,
}

struct Reading {
    walk: Walk,
    /// What the walk reads: the file, or one that it is read together with.
    source: Rc<dyn Source>,
    /// Files that are still to be read by the same importer.
    rest: VecDeque<(u16, Rc<dyn Source>)>,
    /// Whether the files of the whole are read by one importer.
    together: bool,
    importer: Box<dyn Importer>,
    build: Builder,
    /// Id of the format.
    format: &'static str,
    matched: Matched,
    also: Vec<&'static Format>,
    file: u16,
    /// What the document had before, when the file joins one.
    before: Option<Before>,
    drafts_before: usize,
}

struct Before {
    files: Vec<FileInfo>,
    diagnostics: Vec<Diagnostic>,
    dialects: Vec<String>,
    unknown: u32,
    sources: Vec<Rc<dyn Source>>,
    reveals: Vec<Rc<dyn Reveal>>,
}

impl Reading {
    /// Reads on. `true` at the end of the file.
    fn advance(&mut self, budget: u64) -> Result<bool, SourceError> {
        let source = self.source.as_ref();
        if !self.importer.whole() {
            return self.walk.advance(source, self.importer.as_mut(), &mut self.build, budget);
        }
        let (start, mut text) = (self.walk.position(), Vec::new());
        let len = usize::try_from(source.len().saturating_sub(start)).unwrap_or(usize::MAX).min(UNPACKED);
        source.read(start, len, &mut text)?;
        self.importer.read(&text, Here { file: self.file, base: start }, &mut self.build);
        Ok(true)
    }
}

impl Opening {
    pub(in crate::session) fn new(name: &str, source: Rc<dyn Source>, into: Option<u32>) -> Self {
        Opening {
            name: name.to_owned(),
            source,
            into,
            stage: Stage::Sniff,
            diagnostics: Vec::new(),
            label: String::new(),
            steps: 0,
            preview: Vec::new(),
            read: 0,
            document: None,
            refusal: None,
            choice: Choice::Content,
            archive: packed::Archive::default(),
            anew: None,
            elsewhere: false,
        }
    }

    /// The file is read as somebody says, whatever is found in it.
    pub(in crate::session) fn read_as(mut self, choice: Choice) -> Self {
        self.choice = choice;
        self
    }

    /// Goes on with another file.
    fn take_up(&mut self, name: String, source: Rc<dyn Source>, stage: Stage) {
        (self.name, self.source, self.stage) = (name, source, stage);
        (self.read, self.steps, self.refusal) = (0, 0, None);
        self.label.clear();
        self.preview.clear();
    }

    pub(in crate::session) fn advance(&mut self, session: &mut Session, budget: u64) -> Progress {
        if let Err(error) = self.turn(session, budget) {
            self.unreadable(session, &error);
        }
        Progress {
            file: self.name.clone(),
            read: self.read,
            bytes: self.source.len(),
            steps: self.steps,
            label: self.label.clone(),
            first: self.preview.clone(),
            document: self.document,
            elsewhere: self.elsewhere,
        }
    }

    fn turn(&mut self, session: &mut Session, budget: u64) -> Result<(), SourceError> {
        match std::mem::replace(&mut self.stage, Stage::Done) {
            Stage::Sniff => self.sniff(session),
            Stage::Inflate(inflate) if FULL => self.inflate(inflate, budget),
            Stage::Detect { start } => self.detect(session, start),
            Stage::Walk(mut reading) => {
                let mut done = match reading.advance(budget) {
                    Ok(done) => done,
                    Err(error) => {
                        // What was read before the file went away is kept.
                        self.diagnostics.push(unreadable(&error));
                        true
                    }
                };
                let own = reading.rest.is_empty();
                self.read = if done { self.source.len() } else { reading.walk.position().min(self.source.len()) };
                if done && !own {
                    (done, self.read) = (false, 0);
                    reading.another();
                }
                self.steps = (reading.build.drafts.len() - reading.drafts_before) as u64;
                self.look(&reading);
                if done {
                    self.finish(session, *reading);
                } else {
                    self.stage = Stage::Walk(reading);
                }
                Ok(())
            }
            Stage::Inflate(_) | Stage::Done => Ok(()),
        }
    }

    /// The first steps, so that something true can be shown before the end.
    fn look(&mut self, reading: &Reading) {
        let names = &reading.build.names;
        let new = reading.build.drafts.get(reading.drafts_before..).unwrap_or(&[]);
        self.preview = new
            .iter()
            .take(PREVIEW)
            .map(|draft| PreviewStep {
                name: names.get(draft.name).to_owned(),
                kind: draft.kind,
                status: draft.status,
                duration: draft.start.zip(draft.end).map(|(start, end)| end.since(start)),
            })
            .collect();
    }

    fn finish(&mut self, session: &mut Session, reading: Reading) {
        let Reading { importer, mut build, format, matched, also, file, before, together, .. } = reading;
        let reveal: Rc<dyn Reveal> = Rc::from(importer.finish(&mut build));
        let mut document = build.finish();
        let (mut files, mut diagnostics, mut sources, mut reveals) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        if let Some(before) = before {
            // What was said of trees and clocks is said anew over all the steps.
            let anew = ["orphan", "duplicate-id", "parent-cycle", "ends-before-start", "absurd-time", "outside-parent"];
            diagnostics = before.diagnostics;
            diagnostics.retain(|diagnostic| !anew.contains(&diagnostic.code.as_str()));
            (files, sources, reveals) = (before.files, before.sources, before.reveals);
            document.unknown_attributes = document.unknown_attributes.max(before.unknown);
            for dialect in before.dialects {
                if !document.dialects.contains(&dialect) {
                    document.dialects.push(dialect);
                }
            }
        }
        let mut own = std::mem::take(&mut self.diagnostics);
        own.append(&mut document.diagnostics);
        for diagnostic in &mut own {
            if diagnostic.place.is_none() {
                diagnostic.file = file;
            }
        }
        let scenarios = format == crate::scenario::FORMAT.id;
        if document.runs.is_empty() && document.pipelines.is_empty() && document.sheets.is_empty() && !scenarios {
            let (severity, message) = match &self.choice {
                Choice::Format(format) => (
                    Severity::Error,
                    format!("Read as {}, as was asked for, and nothing was found in it.", format.name),
                ),
                _ => (Severity::Warning, format!("Read as {}, and it holds no steps.", matched.label)),
            };
            let mut diagnostic = Diagnostic::new(severity, "no-steps", message);
            diagnostic.file = file;
            own.push(diagnostic);
        }
        if FULL {
            crate::session::pipelines::diagnose(&document, file, &*self.source, &mut own);
        }
        sources.push(Rc::clone(&self.source));
        crate::session::describe::number_lines(&mut own, &sources);
        diagnostics.append(&mut own);
        files.push(FileInfo {
            name: self.name.clone(),
            bytes: self.source.len(),
            format,
            label: matched.label,
            because: matched.because,
            also: also.into_iter().map(|format| (format.id, format.name)).collect(),
            asked: !matches!(self.choice, Choice::Content) && !self.archive.is_joining(),
        });
        if together {
            reveals.fill(Rc::clone(&reveal));
        }
        reveals.push(reveal);
        (document.files, document.diagnostics) = (files, diagnostics);
        self.settle(session, Opened { document, sources, reveals });
    }

    fn settle(&mut self, session: &mut Session, opened: Opened) {
        self.read = self.source.len();
        let opened = if FULL { self.takes_place(session, opened) } else { Some(opened) };
        let Some(mut opened) = opened else { return };
        session.work_out(&mut opened);
        // An empty place is one that is read anew, or was taken to be joined; a full one keeps what it has.
        let at = match self.into.filter(|&index| session.opened.get(index as usize).is_some_and(Option::is_none)) {
            Some(index) => index as usize,
            None => {
                session.opened.push(None);
                session.opened.len() - 1
            }
        };
        if let Some(slot) = session.opened.get_mut(at) {
            *slot = Some(opened);
        }
        session.desk.forget(at as u32);
        session.forget_comparison(at as u32);
        session.number();
        self.made(session, at as u32);
    }

    fn note(&mut self, severity: Severity, code: &str, message: &str) {
        self.diagnostics.push(Diagnostic::new(severity, code, message));
    }

    /// Ends with a document that has nothing but the reason.
    fn refuse(&mut self, session: &mut Session, code: &str, message: &str) {
        self.elsewhere = !FULL && code != "unreadable" && code != "empty-file";
        if FULL && self.pass_over(session, message) {
            return;
        }
        // In what form a text was looked at says nothing of one that is not read.
        let forms = ["yaml", "reshaped", "loose-json", "unwrapped"];
        self.diagnostics.retain(|said| code != "not-recognised" || !forms.contains(&said.code.as_ref()));
        self.note(Severity::Error, code, message);
        let file = FileInfo {
            name: self.name.clone(),
            bytes: self.source.len(),
            format: "",
            label: String::new(),
            because: String::new(),
            also: Vec::new(),
            asked: false,
        };
        let document =
            Document { files: vec![file], diagnostics: std::mem::take(&mut self.diagnostics), ..Document::default() };
        let (sources, reveals) = (vec![Rc::clone(&self.source)], vec![Rc::new(Nothing) as Rc<dyn Reveal>]);
        let own = Opened { document, sources, reveals };
        let opened = if FULL { self.with_those_before(own) } else { own };
        self.settle(session, opened);
    }

    fn unreadable(&mut self, session: &mut Session, error: &SourceError) {
        let diagnostic = unreadable(error);
        self.refuse(session, &diagnostic.code, &diagnostic.message);
    }
}

fn unreadable(error: &SourceError) -> Diagnostic {
    let message = format!(
        "The file could not be read to its end: {error}. It may have been moved, changed or deleted while it was read. \
         Open it again."
    );
    Diagnostic::new(Severity::Error, "unreadable", message)
}
