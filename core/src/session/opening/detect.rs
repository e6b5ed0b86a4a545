//! The second stage: what the text is. Log wrappers, other notations and loose JSON are turned into JSON first, then the
//! formats vote; see `import::recognise`.

use super::{Before, Choice, Opening, Reading, Stage, UNPACKED, together};
use crate::FULL;
use crate::import::{ASKED, mapped};
use crate::import::{
    Builder, Format, Matched, Payload, Probe, Recognised, Walk, console, notation, recognise, refuse_as,
    takes_what_is_left,
};
use crate::json::Outline;
use crate::model::Severity;
use crate::session::Session;
use crate::source::convert::{csv, log};
use crate::source::{Memory, SourceError, unpack};
use std::collections::VecDeque;
use std::rc::Rc;

/// Bytes of text a detector sees.
pub(super) const HEAD: usize = 256 << 10;

/// Bytes of text that are looked through for signs where the head has none, and how many at a time.
const OUTLINED: u64 = 256 << 20;
const PIECE: usize = 4 << 20;

/// The code of what is said where a terminal's codes were left out.
const COLOURS: &str = "terminal-colours";

impl Opening {
    pub(super) fn detect(&mut self, session: &mut Session, start: u64) -> Result<(), SourceError> {
        let mut head = Vec::new();
        self.source.read(start, HEAD, &mut head)?;
        if head.iter().all(u8::is_ascii_whitespace) && head.len() < HEAD {
            self.refuse(session, "empty-file", "The file holds only white space: there is nothing to read in it.");
            return Ok(());
        }
        let last = start + head.len() as u64 >= self.source.len();
        if FULL
            && memchr::memmem::find(&head, b"\x1b[").is_some()
            && !self.diagnostics.iter().any(|said| said.code == COLOURS)
        {
            return self.without_colours(start);
        }
        let wrapped = log::unwrapped(&head).is_some() || (!last && log::begins(&head));
        if wrapped && self.read_log(start)? {
            return Ok(());
        }
        let probe = Probe::new(&head, last);
        let fresh = FULL && self.refusal.is_none();
        let yaml = if FULL { notation::yaml(&notation::beginning(&head)).filter(|_| fresh) } else { None };
        let table = if FULL { csv::looks(&head).filter(|_| fresh) } else { None };
        let loose = fresh && probe.samples.first().is_none_or(|sample| sample.damaged) && !console(&head);
        // What may be loose JSON, or is damaged, is left to the full engine, and telling what else it may be.
        if !FULL && probe.samples.first().is_none_or(|sample| sample.damaged) {
            self.refuse(session, "not-recognised", "");
            return Ok(());
        }
        if fresh && self.read_reshaped(&probe, start, false)? {
            return Ok(());
        }
        // JSON inside of YAML is a text of its; where lines of it hold JSON by themselves, their lines begin with it.
        let inside =
            yaml.is_some_and(|yaml| !yaml.sure) && probe.samples.first().is_some_and(|first| indented(&head, first.at));
        if FULL && inside && self.read_yaml(&probe, start, false)? {
            return Ok(());
        }
        let found = recognise(&probe);
        if FULL && !last && found.as_ref().is_none_or(|found| takes_what_is_left(found.format)) {
            // What stands before the signs may be longer than the head.
            if let Some((outline, all)) = self.outline(&probe, start)? {
                let probe = Probe::new(outline.text(), all);
                if let Some(better) = recognise(&probe).filter(|better| !takes_what_is_left(better.format)) {
                    let origin = |at| start + outline.origin(at).unwrap_or_default();
                    self.read_found(session, start, &origin, &probe, better)?;
                    return Ok(());
                }
            }
        }
        // A pipeline that is edited here is shown as it was written, with what is wrong with it.
        let loose = loose && found.as_ref().is_none_or(|found| found.format.id != "ia-modules-pipeline");
        if FULL
            && ((yaml.is_some_and(|yaml| yaml.sure) && self.read_yaml(&probe, start, true)?)
                || (table.is_some_and(|table| table.sure) && self.read_table(&probe, start, table)?)
                || (loose && self.read_loose(&probe, start)?))
        {
            return Ok(());
        }
        let doubtful = match &self.choice {
            Choice::Content => found.is_none(),
            Choice::Format(format) => (format.detect)(&probe).is_none(),
            Choice::Mapping(_) => true,
        };
        if FULL
            && doubtful
            && fresh
            && matches!(head.first(), Some(b'{' | b'"'))
            && self.read_reshaped(&probe, start, true)?
        {
            return Ok(());
        }
        if FULL
            && doubtful
            && (yaml.is_some() && self.read_yaml(&probe, start, false)? || self.read_table(&probe, start, table)?)
        {
            return Ok(());
        }
        let found = match &self.choice {
            Choice::Content => found,
            Choice::Format(format) => Some(as_asked(format, &probe, found)),
            Choice::Mapping(_) => {
                self.walk(session, start, &probe, None);
                return Ok(());
            }
        };
        let Some(found) = found else {
            let message = if FULL { refuse_as(&probe, self.refusal.take()) } else { String::new() };
            self.refuse(session, "not-recognised", &message);
            return Ok(());
        };
        self.read_found(session, start, &|at| start + at as u64, &probe, found)
    }

    /// Goes on with what was found. `origin` tells where in the file that stands which stands at a place of the head.
    fn read_found(
        &mut self,
        session: &mut Session,
        start: u64,
        origin: &dyn Fn(usize) -> u64,
        probe: &Probe<'_>,
        found: Recognised,
    ) -> Result<(), SourceError> {
        match found.payload.clone() {
            Some(payload) if FULL && probe.many() && !payload.key.is_empty() => self.unwrap(probe, start, &payload),
            payload => {
                let inside = payload.filter(|payload| !payload.key.is_empty());
                let from = inside.map_or(start, |payload| origin(payload.at));
                self.walk(session, from, probe, Some(found));
                Ok(())
            }
        }
    }

    /// The outline of a text that is longer than its head, and whether it is that of all of it. `None` when it is none
    /// of JSON, or nobody wants to know.
    fn outline(&self, probe: &Probe<'_>, start: u64) -> Result<Option<(Outline, bool)>, SourceError> {
        let content = matches!(self.choice, Choice::Content);
        if !content || probe.samples.first().is_none_or(|sample| sample.damaged) {
            return Ok(None);
        }
        let (mut outline, mut at, mut piece) = (Outline::default(), start, Vec::new());
        while at < self.source.len() && at - start < OUTLINED && outline.text().len() < HEAD {
            self.source.read(at, PIECE, &mut piece)?;
            if piece.is_empty() {
                break;
            }
            outline.feed(&piece);
            at += piece.len() as u64;
        }
        let all = at >= self.source.len();
        Ok(Some((outline, all)))
    }

    /// Begins to read the text as the format that was found, or by the mapping that was chosen.
    /// `from` is where reading begins.
    fn walk(&mut self, session: &mut Session, from: u64, probe: &Probe<'_>, found: Option<Recognised>) {
        let (format, matched, also, payload) = match (found, &self.choice) {
            (Some(found), _) => (Some(found.format), found.matched, found.also, found.payload),
            (None, Choice::Mapping(mapping)) if FULL => (None, mapping.matched(), Vec::new(), None),
            // What has no mapping has a format.
            _ => return,
        };
        self.label.clone_from(&matched.label);
        let read_before = if FULL { self.read_before() } else { None };
        let joined = || self.into.and_then(|index| session.opened.get_mut(index as usize)).and_then(Option::take);
        let taken = read_before.or_else(joined);
        let files = taken.as_ref().map_or(0, |opened| opened.document.files.len());
        let file = u16::try_from(files).unwrap_or(u16::MAX);
        let (walk, importer) = match (format, payload, &self.choice) {
            (Some(format), None, _) => (Walk::new(file, from), (format.importer)(file, probe)),
            (Some(format), Some(Payload { key, at, end }), _) => {
                let inside = Probe::new(probe.head.get(at..end).unwrap_or(&[]), end < probe.head.len());
                let walk = Walk::new(file, from);
                (if key.is_empty() { walk } else { walk.once() }, (format.importer)(file, &inside))
            }
            (None, _, Choice::Mapping(mapping)) if FULL => (Walk::new(file, from), mapping.importer(file)),
            (None, ..) => return,
        };
        let own = Rc::clone(&self.source);
        if let (Some(taken), Some(format)) = (&taken, format)
            && together::are(taken, format, importer.as_ref())
        {
            let reading = Reading::anew((format, matched, also), importer, Before::of_files(taken), own);
            self.stage = Stage::Walk(Box::new(reading));
            return;
        }
        let (build, before) = match taken {
            Some(opened) => {
                let document = opened.document;
                let before = Before {
                    files: document.files.clone(),
                    diagnostics: document.diagnostics.clone(),
                    dialects: document.dialects.clone(),
                    unknown: document.unknown_attributes,
                    sources: opened.sources,
                    reveals: opened.reveals,
                };
                (Builder::reopen(document), Some(before))
            }
            None => (Builder::default(), None),
        };
        let drafts_before = build.drafts.len();
        self.stage = Stage::Walk(Box::new(Reading {
            walk,
            source: own,
            rest: VecDeque::new(),
            together: false,
            importer,
            build,
            format: format.map_or(mapped::ID, |format| format.id),
            matched,
            also,
            file,
            before,
            drafts_before,
        }));
    }

    /// Goes on without the codes of a terminal: their brackets look like JSON.
    fn without_colours(&mut self, start: u64) -> Result<(), SourceError> {
        let mut bytes = Vec::new();
        self.source.read(start, UNPACKED, &mut bytes)?;
        let message =
            "The text has a terminal's codes for colours in it; they are left out, and places are counted without.";
        self.note(Severity::Info, COLOURS, message);
        self.source = Rc::new(Memory(unpack::without_colours(&bytes)));
        self.stage = Stage::Detect { start: 0 };
        Ok(())
    }

    /// Goes on with what the lines of a container log wrap.
    fn read_log(&mut self, start: u64) -> Result<bool, SourceError> {
        let mut bytes = Vec::new();
        self.source.read(start, UNPACKED, &mut bytes)?;
        let Some((text, by)) = log::unwrapped(&bytes) else { return Ok(false) };
        let message = format!(
            "The lines are wrapped as container logs are ({by}); what they wrap is read, and places are counted in it."
        );
        self.note(Severity::Info, "container-log", &message);
        self.source = Rc::new(Memory(text));
        self.stage = Stage::Sniff;
        Ok(true)
    }
}

/// Whether the line around a place begins with white space.
fn indented(head: &[u8], at: usize) -> bool {
    let line = head.get(..at).and_then(|before| before.rsplit(|byte| *byte == b'\n').next());
    line.is_some_and(|line| line.first().is_some_and(|byte| matches!(byte, b' ' | b'\t')))
}

/// What is said of a format that was asked for.
fn as_asked(format: &'static Format, probe: &Probe<'_>, found: Option<Recognised>) -> Recognised {
    let mut also = Vec::new();
    if let Some(found) = found {
        also.extend((found.format.id != format.id).then_some(found.format));
        also.extend(found.also.into_iter().filter(|other| other.id != format.id));
    }
    let matched = match (format.detect)(probe) {
        Some(matched) => Matched { because: format!("{ASKED}, and {}", matched.because), ..matched },
        None => Matched { label: format.name.to_owned(), because: format!("{ASKED}; nothing in its content says so") },
    };
    Recognised { format, matched, also, payload: None }
}
