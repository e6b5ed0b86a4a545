//! ChainDebug's own trace format, version 1: `docs/format.md` is its definition.
//!
//! This file detects it and says which parts of the text are lines. Reading one line is in `line`, putting lines
//! together to steps in `steps`, showing a step in `reveal`.

mod line;
mod messages;
mod reveal;
mod steps;

use super::{Builder, Format, Here, Importer, Matched, Probe, ROOT, Reveal, Route, State};
use crate::json::{Lack, Lexer, NodeKind, Str};
use line::Line;
pub(crate) use reveal::read_back;
use steps::{Header, Lines};

/// The format.
pub const FORMAT: Format = Format {
    id: "chaindebug",
    name: "ChainDebug traces",
    detect,
    importer: |file, _| Box::new(ChainDebug { file, ..ChainDebug::default() }),
};

/// The version this reads.
const VERSION: u64 = 1;

/// A list of lines around everything.
const LIST: State = 1;
/// The object that has `chaindebug`.
const TOP: State = 2;
const STEPS: State = 3;
const RUNS: State = 4;
const RUN: State = 5;

const TAKE_LINE: u8 = 0;
const TAKE_VERSION: u8 = 1;
const TAKE_RUN: u8 = 2;
const TAKE_RECORDER: u8 = 3;
const TAKE_LIMITS: u8 = 4;
const TAKE_ID: u8 = 5;
const TAKE_NAME: u8 = 6;
const TAKE_ATTRIBUTES: u8 = 7;
const TAKE_STATUS: u8 = 8;
const TAKE_ERROR: u8 = 9;
const TAKE_END: u8 = 10;

#[derive(Default)]
struct ChainDebug {
    file: u16,
    lines: Lines,
    /// The header that is being read member by member.
    header: Header,
    /// Whether the object being read has the key `chaindebug`.
    versioned: bool,
    /// A header was read: from here on each value is a line.
    begun: bool,
    /// A run of a document is being read; it is named when its object ends.
    open: bool,
    /// The document has `runs`.
    runs: bool,
}

impl Importer for ChainDebug {
    fn route(&mut self, state: State, key: Option<Str<'_>>, lead: u8) -> Route {
        let Some(key) = key else {
            return match (state, lead) {
                (ROOT, b'[') => Route::Enter(LIST),
                (ROOT | LIST, b'{') if self.begun => Route::Take(TAKE_LINE),
                // The first object is entered and not taken: it may be a document as large as the file.
                (ROOT | LIST, b'{') => Route::Enter(TOP),
                (STEPS, b'{') => Route::Take(TAKE_LINE),
                (RUNS, b'{') => Route::Enter(RUN),
                _ => Route::Skip,
            };
        };
        match (state, key.raw) {
            (TOP, b"chaindebug") => Route::Take(TAKE_VERSION),
            (TOP, b"run") => Route::Take(TAKE_RUN),
            (TOP, b"recorder") => Route::Take(TAKE_RECORDER),
            (TOP, b"limits") => Route::Take(TAKE_LIMITS),
            (TOP | RUN, b"steps") => Route::Enter(STEPS),
            (TOP, b"runs") => Route::Enter(RUNS),
            (RUN, b"id") => Route::Take(TAKE_ID),
            (RUN, b"name") => Route::Take(TAKE_NAME),
            (RUN, b"attributes") => Route::Take(TAKE_ATTRIBUTES),
            (RUN, b"status") => Route::Take(TAKE_STATUS),
            (RUN, b"error") => Route::Take(TAKE_ERROR),
            (RUN, b"end") => Route::Take(TAKE_END),
            _ => Route::Skip,
        }
    }

    fn enter(&mut self, state: State, _: u64) {
        match state {
            TOP => {
                self.header = Header::default();
                (self.versioned, self.open, self.runs) = (false, false, false);
            }
            RUN => {
                let (recorder, limit) = (self.header.recorder.clone(), self.header.limit);
                self.header = Header { recorder, limit, ..Header::default() };
                self.lines.open_run();
                (self.open, self.runs) = (true, true);
            }
            STEPS if !self.open => {
                self.lines.open_run();
                self.open = true;
            }
            _ => {}
        }
    }

    fn take(&mut self, tag: u8, lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
        if tag == TAKE_LINE {
            return self.line(lexer, here, build);
        }
        lexer.peek()?;
        let start = lexer.pos();
        let header = &mut self.header;
        match tag {
            TAKE_VERSION => {
                let version = lexer.text()?;
                header.version = line::version(version.as_deref());
                self.versioned = true;
                header.place = here.place(start, lexer.pos());
            }
            TAKE_RUN => line::run(lexer, here, header)?,
            TAKE_RECORDER => header.recorder = line::recorder(lexer)?,
            TAKE_LIMITS => header.limit = line::limit(lexer)?,
            TAKE_ID => header.id = lexer.text()?.map(std::borrow::Cow::into_owned),
            TAKE_NAME => header.name = lexer.text()?.map(std::borrow::Cow::into_owned),
            TAKE_ATTRIBUTES => {
                lexer.skip()?;
                header.attributes = Some(here.place(start, lexer.pos()));
            }
            TAKE_STATUS => header.status = lexer.text()?.map(std::borrow::Cow::into_owned),
            TAKE_ERROR => header.error = line::error_text(lexer)?,
            _ => header.ended = line::time(lexer)?.0.is_some(),
        }
        Ok(())
    }

    fn leave(&mut self, state: State, _: u64) {
        match state {
            TOP => {
                self.begun |= self.versioned;
                let header = std::mem::take(&mut self.header);
                if self.open {
                    self.lines.name_run(header);
                } else if self.versioned && !self.runs {
                    self.lines.begin_run(header);
                }
            }
            RUN => {
                self.lines.name_run(self.header.clone());
                self.open = false;
            }
            _ => {}
        }
    }

    fn finish(mut self: Box<Self>, build: &mut Builder) -> Box<dyn Reveal> {
        let file = self.file;
        Box::new(self.lines.finish(file, build))
    }
}

impl ChainDebug {
    /// One line: a header of its own, or something about a step.
    fn line(&mut self, lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
        let Some(line) = Line::read(lexer, here)? else { return Ok(()) };
        let Some(version) = &line.version else {
            self.lines.line(line, build);
            return Ok(());
        };
        let mut header = Header { version: line::version(Some(version)), place: line.place, ..Header::default() };
        if let Some(mut run) = line.run.clone() {
            line::run(&mut run, here, &mut header)?;
        }
        if let Some(mut recorder) = line.recorder.clone() {
            header.recorder = line::recorder(&mut recorder)?;
        }
        if let Some(mut limits) = line.limits.clone() {
            header.limit = line::limit(&mut limits)?;
        }
        // A document glued to what was before it.
        if let Some(mut steps) = line.steps.clone() {
            self.lines.begin_run(header);
            return self.items(&mut steps, here, build);
        }
        if let Some(mut runs) = line.runs.clone() {
            runs.items(|lexer| {
                let mut own = Header { version: header.version, place: header.place, ..Header::default() };
                let mut members = lexer.clone();
                line::run(&mut members, here, &mut own)?;
                self.lines.begin_run(own);
                lexer.members(|lexer, key| {
                    if key.is("steps") { self.items(lexer, here, build) } else { lexer.skip().map(|_| ()) }
                })?;
                Ok(())
            })?;
            return Ok(());
        }
        self.lines.begin_run(header);
        Ok(())
    }

    fn items(&mut self, lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
        lexer.items(|lexer| {
            if let Some(line) = Line::read(lexer, here)? {
                self.lines.line(line, build);
            }
            Ok(())
        })?;
        Ok(())
    }
}

/// The version a sample states: `Err` with its text when it is not one that is read.
fn stated(probe: &Probe<'_>) -> Option<Result<bool, String>> {
    probe.samples.iter().find_map(|sample| {
        let node = sample.get("chaindebug")?;
        let text = match sample.tree.node(node)?.kind {
            NodeKind::String => sample.text_of(node)?,
            _ => String::from_utf8_lossy(sample.tree.raw(sample.text, node)).into_owned(),
        };
        let document = sample.get("steps").is_some() || sample.get("runs").is_some();
        Some(if line::version(Some(&text)) == Some(VERSION) { Ok(document) } else { Err(text) })
    })
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    match stated(probe)? {
        Ok(true) => Matched::new("ChainDebug document", "it has `chaindebug` with `steps` or `runs`"),
        Ok(false) => Matched::new("ChainDebug JSON Lines", "its header has `chaindebug`"),
        Err(_) => None,
    }
}

/// Why a file that says it is in this format is not read: its version.
pub(in crate::import) fn refuse(probe: &Probe<'_>) -> Option<String> {
    let Err(text) = stated(probe)? else { return None };
    Some(match line::version(Some(&text)) {
        Some(version) => format!(
            "This file is version {version} of the ChainDebug format; this ChainDebug reads version {VERSION}. \
             Use a newer ChainDebug."
        ),
        None => format!(
            "This looks like a ChainDebug trace, but its `chaindebug` is `{}`; it must be the number of the format's \
             version, a whole number of at least 1. Write 1 there.",
            text.chars().take(40).collect::<String>()
        ),
    })
}

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::EVERYTHING;
