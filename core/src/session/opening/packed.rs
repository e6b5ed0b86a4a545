//! Packed files on their way to text: one stream, or the files of an archive one after the other.

use super::{Choice, Opening, Stage, UNPACKED};
use crate::import::formats;
use crate::model::{Diagnostic, Severity};
use crate::session::{Session, belongs, verdict};
use crate::source::archive::{self, Entry, Listing};
use crate::source::inflate::{Inflate, Inflated, Packed, Packing};
use crate::source::one_file::{self, KeptFile};
use crate::source::{Memory, Source, SourceError};
use crate::wording::counted;
use std::collections::VecDeque;
use std::rc::Rc;

/// Most files of one archive that become documents.
const FILES: usize = 200;

/// Archives in archives are opened this deep.
const DEPTH: u32 = 3;

/// Refused files of an archive that are named.
const NAMED: usize = 5;

/// What is unpacked now.
pub(super) struct Unpacking {
    inflate: Inflate,
    /// `gzip`.
    what: &'static str,
}

/// The rest of an archive, and what came of the files before.
#[derive(Default)]
pub(super) struct Archive {
    waiting: VecDeque<Job>,
    depth: u32,
    /// The documents that were made.
    made: Vec<u32>,
    /// Files that could not be read, and why.
    refused: Vec<(String, String)>,
    /// What was asked for before a file is read once more, into the document it belongs to.
    joining: Option<Choice>,
}

/// What becomes one document: one file of an archive, or several that are one text.
struct Job {
    name: String,
    source: Rc<dyn Source>,
    parts: Vec<Packed>,
    note: Option<String>,
}

impl Archive {
    /// Whether a file is read once more, which nobody asked for.
    pub(super) fn is_joining(&self) -> bool {
        self.joining.is_some()
    }
}

impl Opening {
    pub(super) fn unpack(&mut self, what: &'static str, packing: Packing) {
        let inflate = Inflate::whole(Rc::clone(&self.source), packing, UNPACKED);
        self.stage = Stage::Inflate(Box::new(Unpacking { inflate, what }));
    }

    pub(super) fn inflate(&mut self, mut unpacking: Box<Unpacking>, budget: u64) -> Result<(), SourceError> {
        let state = unpacking.inflate.advance(budget)?;
        self.read = unpacking.inflate.read().min(self.source.len());
        if state == Inflated::More {
            self.stage = Stage::Inflate(unpacking);
            return Ok(());
        }
        let Unpacking { inflate, what } = *unpacking;
        if inflate.damaged > 0 {
            let kept = inflate.out.len();
            let message = format!(
                "The {what} data are damaged or cut off; the {kept} bytes of text that could be unpacked are read."
            );
            let code = if what == "gzip" { "gzip-damaged" } else { "unpacking-damaged" };
            self.note(Severity::Warning, code, &message);
        }
        if state == Inflated::TooLarge {
            let message = "The file unpacks to more than 1 GiB; the first 1 GiB is read. Unpack it and open the text itself for all of it.";
            self.note(Severity::Warning, "unpacked-too-large", message);
        }
        // Whatever was packed may itself be packed, UTF-16 or begin with a mark.
        self.source = Rc::new(Memory(inflate.out));
        self.read = 0;
        self.stage = Stage::Sniff;
        Ok(())
    }

    /// Begins with the files of an archive.
    pub(super) fn open_archive(&mut self, session: &mut Session, what: &'static str, listing: Listing) {
        if let Some((name, hint)) = archive::kind(&listing.entries) {
            let message = format!("This is {name}; it cannot be read here. {hint}");
            return self.refuse(session, "foreign-file", &message);
        }
        if self.archive.depth >= DEPTH {
            return self.refuse(session, "archive", "Archives in archives are not opened any deeper: unpack it first.");
        }
        self.archive.depth += 1;
        let (mut jobs, more) = self.jobs(what, listing);
        match (jobs.pop_front(), self.archive.refused.first()) {
            (Some(first), _) => {
                for job in jobs.into_iter().rev() {
                    self.archive.waiting.push_front(job);
                }
                if let Some(more) = more {
                    self.note(Severity::Warning, "archive-too-many", &more);
                }
                self.begin(first);
            }
            (None, Some((name, why))) => {
                let message = format!(
                    "Nothing in this {what} can be unpacked here: {name} is {why}. Unpack it and open the file inside."
                );
                self.refuse(session, "archive", &message);
            }
            (None, None) => {
                let message = format!("There is no file in this {what}.");
                self.refuse(session, "archive", &message);
            }
        }
    }

    /// Begins with the files in one HTML file of ours.
    pub(super) fn open_page(&mut self, session: &mut Session) -> Result<(), SourceError> {
        let mut text = Vec::new();
        let len = usize::try_from(self.source.len()).unwrap_or(usize::MAX).min(UNPACKED);
        self.source.read(0, len, &mut text)?;
        let message = match one_file::read(&text) {
            None => {
                "This page was made by a newer ChainDebug, and this one cannot read what it holds. Open the page itself in a browser."
            }
            Some(kept) if kept.files.is_empty() => {
                "This is ChainDebug itself, as one HTML file without a run in it. Open it in a browser, and drop a trace on it."
            }
            Some(kept) => {
                // All that is packed, end to end.
                let (mut bytes, mut entries) = (Vec::new(), Vec::new());
                for KeptFile { name, gzip } in kept.files {
                    let (at, len) = (bytes.len() as u64, gzip.len() as u64);
                    let packed = Packed { packing: Packing::Gzip, at, len, crc: None };
                    entries.push(Entry { name, packed: Ok(packed), size: len });
                    bytes.extend_from_slice(&gzip);
                }
                self.source = Rc::new(Memory(bytes));
                self.open_archive(session, "ChainDebug page", Listing { entries, damaged: kept.cut });
                return Ok(());
            }
        };
        self.refuse(session, "foreign-file", message);
        Ok(())
    }

    /// What is to be opened of an archive, and what is said when that is not all.
    fn jobs(&mut self, what: &'static str, listing: Listing) -> (VecDeque<Job>, Option<String>) {
        let Listing { mut entries, damaged } = listing;
        entries.retain(|entry| !hidden(&entry.name) && entry.size > 0);
        let cut = damaged.then(|| "The archive is cut off or damaged: files may be missing.".to_owned());
        let mut jobs = VecDeque::new();
        if let Some((name, files)) = evaluation(&entries) {
            let parts: Vec<Packed> = files.iter().filter_map(|entry| entry.packed.ok()).collect();
            let files = counted(parts.len() as u64, "file", "files");
            let note = format!(
                "The file is a {what} as Inspect AI writes it; its {files} are read as one text, in which places are \
                 counted: {name} first, then the samples.{}{}",
                if cut.is_some() { " " } else { "" },
                cut.unwrap_or_default()
            );
            jobs.push_back(Job { name: self.name.clone(), source: Rc::clone(&self.source), parts, note: Some(note) });
            return (jobs, None);
        }
        let all = entries.len();
        let alone = all == 1;
        for entry in entries.into_iter().take(FILES) {
            let name = format!("{}/{}", self.name, entry.name);
            let part = match entry.packed {
                Ok(part) => part,
                Err(why) => {
                    self.archive.refused.push((entry.name, why.to_owned()));
                    continue;
                }
            };
            let files = if alone { "one file".to_owned() } else { format!("{all} files, each a document of its own") };
            let mut note = format!("The file was in a {what} of {files}; places are counted in the text inside.");
            if let Some(cut) = &cut {
                note.push(' ');
                note.push_str(cut);
            }
            jobs.push_back(Job { name, source: Rc::clone(&self.source), parts: vec![part], note: Some(note) });
        }
        let more = (all > FILES).then(|| format!("The archive holds {all} files; the first {FILES} are opened."));
        (jobs, more)
    }

    fn begin(&mut self, job: Job) {
        if let Some(note) = job.note {
            self.note(Severity::Info, "archive", &note);
        }
        let inflate = Inflate::new(Rc::clone(&job.source), job.parts, UNPACKED);
        self.take_up(job.name, job.source, Stage::Inflate(Box::new(Unpacking { inflate, what: "zip" })));
    }

    /// One file of an archive could not be read: true when that is only noted, because there are others.
    pub(super) fn pass_over(&mut self, session: &mut Session, message: &str) -> bool {
        if self.archive.waiting.is_empty() && self.archive.made.is_empty() {
            return false;
        }
        self.archive.refused.push((self.name.clone(), message.to_owned()));
        self.diagnostics.clear();
        self.next(session);
        true
    }

    /// A document is ready: goes on with the next file of the archive, or ends.
    pub(super) fn made(&mut self, session: &mut Session, document: u32) {
        if let Some(choice) = self.archive.joining.take() {
            (self.choice, self.into) = (choice, None);
        } else if self.join(session, document) {
            return;
        }
        if !self.archive.made.contains(&document) {
            self.archive.made.push(document);
        }
        self.next(session);
    }

    /// Reads a file of an archive once more into the document of an earlier one, when it belongs to it.
    fn join(&mut self, session: &mut Session, document: u32) -> bool {
        if self.into.is_some() || self.archive.made.is_empty() {
            return false;
        }
        let Some(new) = session.document(document) else { return false };
        let host = self.archive.made.iter().copied().find_map(|host| {
            let found = belongs(&session.document(host)?, &new)?;
            Some((host, found))
        });
        let Some((host, found)) = host else { return false };
        let Some(format) = formats().find(|format| format.id == new.format) else { return false };
        let Some(opened) = session.opened.get_mut(document as usize).and_then(Option::take) else { return false };
        let [source] = opened.sources.as_slice() else { return false };
        self.diagnostics = verdict::of_the_way(&opened.document, 0);
        self.note(Severity::Info, "joined", &format!("{} They are one document.", found.reason));
        if document as usize + 1 == session.opened.len() {
            session.opened.pop();
        }
        session.number();
        self.source = Rc::clone(source);
        self.archive.joining = Some(std::mem::replace(&mut self.choice, Choice::Format(format)));
        self.into = Some(host);
        self.stage = Stage::Sniff;
        true
    }

    fn next(&mut self, session: &mut Session) {
        if let Some(job) = self.archive.waiting.pop_front() {
            return self.begin(job);
        }
        self.stage = Stage::Done;
        self.document = self.archive.made.first().copied();
        let refused = std::mem::take(&mut self.archive.refused);
        let first = self.document.and_then(|index| session.opened.get_mut(index as usize)).and_then(Option::as_mut);
        let (Some(first), false) = (first, refused.is_empty()) else { return };
        let mut message =
            counted(refused.len() as u64, "file of the archive is not read", "files of the archive are not read");
        for (at, (name, why)) in refused.iter().take(NAMED).enumerate() {
            let why = why.split(['.', ';']).next().unwrap_or(why);
            message.push_str(if at == 0 { ": " } else { "; " });
            message.push_str(&format!("{name} ({why})"));
        }
        message.push_str(if refused.len() > NAMED { "; …" } else { "." });
        first.document.diagnostics.push(Diagnostic::new(Severity::Info, "archive-files", message));
    }
}

/// Files that systems put into archives for themselves.
fn hidden(name: &str) -> bool {
    name.split(['/', '\\']).any(|part| part == "__MACOSX" || part.starts_with('.') && part.len() > 1 && part != "..")
}

/// The files of an evaluation log of Inspect AI in the order they are read, and the one that tells it.
fn evaluation(entries: &[Entry]) -> Option<(&'static str, Vec<&Entry>)> {
    let has = |name: &str| entries.iter().any(|entry| entry.name == name);
    let samples = || entries.iter().filter(|entry| entry.name.starts_with("samples/"));
    let named = |name: &'static str| entries.iter().filter(move |entry| entry.name == name);
    let journal = || entries.iter().filter(|entry| entry.name.starts_with("_journal/summaries/"));
    if has("header.json") && (has("_journal/start.json") || samples().next().is_some() || has("summaries.json")) {
        let files =
            named("header.json").chain(samples()).chain(named("reductions.json")).chain(named("summaries.json"));
        return Some(("header.json", files.collect()));
    }
    let files = named("_journal/start.json").chain(samples()).chain(journal());
    has("_journal/start.json").then(|| ("_journal/start.json", files.collect()))
}
