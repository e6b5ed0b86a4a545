//! The walk over a text of JSON values: one document, JSON Lines, glued documents, lines with a prefix, damaged ends.
//!
//! Knows containers, windows and damage. What a value means is the importer's: it says which to enter and to take.

use super::{Builder, Here, Importer, ROOT, Route, State};
use crate::json::{Lack, Lexer};
use crate::model::{Diagnostic, Place, Severity};
use crate::source::{Source, SourceError, Window};
use crate::wording::counted;

/// A value longer than this that holds a line beginning with a bracket is taken for damage (an unclosed string or
/// bracket), so that one bad line cannot make the window grow to the size of the file.
const DOUBTFUL: usize = 8 << 20;

/// Damage reported one by one; beyond, only counted.
const REPORTED: u32 = 20;

#[derive(Clone, Copy, Debug)]
struct Frame {
    state: State,
    object: bool,
}

/// A walk that can be interrupted after any amount of work.
pub struct Walk {
    window: Window,
    file: u16,
    /// Position in the window up to which everything is read.
    pos: usize,
    frames: Vec<Frame>,
    /// Lines before JSON, lines without JSON, damaged values.
    prefixed: u32,
    without: u32,
    first_without: Option<(u64, u64, u64)>,
    damaged: u32,
    values: u64,
    done: bool,
    /// Only the first value is read.
    once: bool,
    /// Where the current top-level value began, in the source.
    value_start: u64,
}

enum Pause {
    /// Needs more bytes.
    More,
    /// Something is not as it should be, at this window position.
    Damage(usize, &'static str),
    /// The work for this turn is done.
    Turn,
    /// The end of the text.
    End,
}

impl Walk {
    /// Begins at byte `start` of the source (after a byte order mark).
    pub fn new(file: u16, start: u64) -> Self {
        let mut window = Window::default();
        window.begin_at(start);
        Walk {
            window,
            file,
            pos: 0,
            frames: Vec::new(),
            prefixed: 0,
            without: 0,
            first_without: None,
            damaged: 0,
            values: 0,
            done: false,
            once: false,
            value_start: start,
        }
    }

    /// Ends after the first value: the text around it is not the importer's.
    #[must_use]
    pub fn once(mut self) -> Self {
        self.once = true;
        self
    }

    /// Position in the source up to which everything is read.
    pub fn position(&self) -> u64 {
        self.window.base() + self.pos as u64
    }

    /// Walks over about `budget` bytes. `true` when the end is reached.
    ///
    /// # Errors
    /// When the source cannot be read.
    pub fn advance(
        &mut self,
        source: &dyn Source,
        importer: &mut dyn Importer,
        build: &mut Builder,
        budget: u64,
    ) -> Result<bool, SourceError> {
        let until = self.position().saturating_add(budget.max(1));
        while !self.done {
            match self.run(importer, build, until) {
                Pause::Turn => return Ok(false),
                Pause::End => self.finish(importer, build),
                Pause::More if self.window.last() => {
                    let end = self.window.bytes().len();
                    if !self.resume(importer, build, end, "the rest of the value") {
                        self.finish(importer, build);
                    }
                }
                Pause::More => {
                    let doubtful = self.pos == 0 && self.window.bytes().len() >= DOUBTFUL;
                    // Without a line to go on at, it is a long value like any other.
                    if doubtful && next_value_line(self.window.bytes(), 0).is_some() {
                        let end = self.window.bytes().len();
                        if self.resume(importer, build, end, "the end of the value") {
                            continue;
                        }
                    }
                    self.window.advance(source, self.pos)?;
                    self.pos = 0;
                }
                Pause::Damage(at, expected) => {
                    if !self.resume(importer, build, at, expected) {
                        if self.window.last() {
                            self.finish(importer, build);
                        } else {
                            // The next line that begins a value is further on: read on from the damage.
                            self.pos = self.window.bytes().len().saturating_sub(1).max(self.pos);
                            self.seek_line(source)?;
                        }
                    }
                }
            }
        }
        Ok(true)
    }

    /// After damage with no new value in the window: drops windows until a line begins with a bracket.
    fn seek_line(&mut self, source: &dyn Source) -> Result<(), SourceError> {
        loop {
            if let Some(next) = next_value_line(self.window.bytes(), self.pos) {
                self.pos = next;
                return Ok(());
            }
            if self.window.last() {
                self.pos = self.window.bytes().len();
                return Ok(());
            }
            // Keep one byte, so that a newline at the window's edge is still seen.
            self.window.advance(source, self.window.bytes().len().saturating_sub(1))?;
            self.pos = 0;
        }
    }

    /// Reports damage and goes on at the next line that begins a value. `false` when there is none in the window.
    fn resume(&mut self, importer: &mut dyn Importer, build: &mut Builder, at: usize, expected: &'static str) -> bool {
        let cut_off = at >= self.window.bytes().len() && self.window.last();
        let next = next_value_line(self.window.bytes(), self.pos);
        let end = self.window.base() + next.unwrap_or(self.window.bytes().len()) as u64;
        if cut_off && next.is_none() {
            self.report_cut(build);
        } else {
            self.report_damage(build, at, expected, next.is_some());
        }
        while let Some(frame) = self.frames.pop() {
            importer.leave(frame.state, end);
        }
        if let Some(next) = next {
            self.pos = next;
        }
        next.is_some()
    }

    fn report_damage(&mut self, build: &mut Builder, at: usize, expected: &str, goes_on: bool) {
        let rest = if goes_on {
            "Reading went on at the next line that begins a value; what was read before it is kept."
        } else {
            "What was read before it is kept; nothing after it could be."
        };
        self.report(build, at, expected, rest);
    }

    fn report_healed(&mut self, build: &mut Builder, at: Option<usize>, expected: &str) {
        if let Some(at) = at {
            self.report(build, at, expected, "Reading went on as if it were there.");
        }
    }

    fn report(&mut self, build: &mut Builder, at: usize, expected: &str, rest: &str) {
        self.damaged += 1;
        if self.damaged > REPORTED {
            return;
        }
        let (line, column) = self.window.line_column(at);
        let place = Place { file: self.file, start: self.window.base() + at as u64, len: 1 };
        let message = format!("Not JSON at line {line}, column {column}: expected {expected}. {rest}");
        let mut diagnostic = Diagnostic::new(Severity::Warning, "damaged-json", message).at(place);
        (diagnostic.line, diagnostic.column) = (Some(line), Some(column));
        build.diagnostics.push(diagnostic);
    }

    fn report_cut(&mut self, build: &mut Builder) {
        let end = self.window.bytes().len();
        let (line, column) = self.window.line_column(end);
        let start = self.window.base() + self.pos as u64;
        let place = Place { file: self.file, start, len: self.window.base() + end as u64 - start };
        let message = format!(
            "The file ends in the middle of a value, at line {line}, column {column}: its tail was cut off. \
             Everything complete before it is read."
        );
        let mut diagnostic = Diagnostic::new(Severity::Warning, "truncated", message).at(place);
        (diagnostic.line, diagnostic.column) = (Some(line), Some(column));
        build.diagnostics.push(diagnostic);
    }

    fn finish(&mut self, importer: &mut dyn Importer, build: &mut Builder) {
        let end = self.window.base() + self.window.bytes().len() as u64;
        while let Some(frame) = self.frames.pop() {
            importer.leave(frame.state, end);
        }
        self.done = true;
        self.pos = self.window.bytes().len();
        if self.damaged > REPORTED {
            let more = self.damaged - REPORTED;
            let message = format!("{more} more damaged places were stepped over.");
            let mut diagnostic = Diagnostic::new(Severity::Warning, "damaged-json", message);
            diagnostic.file = self.file;
            build.diagnostics.push(diagnostic);
        }
        if self.prefixed > 0 {
            let lines = counted(u64::from(self.prefixed), "line has", "lines have");
            let message = format!("{lines} text before the JSON, as log files do; read from the first bracket.");
            let mut diagnostic = Diagnostic::new(Severity::Info, "log-prefix", message);
            diagnostic.file = self.file;
            build.diagnostics.push(diagnostic);
        }
        if let Some((line, start, len)) = self.first_without {
            let lines = counted(u64::from(self.without), "line holds", "lines hold");
            let message = format!("{lines} no JSON and were stepped over; the first is line {line}.");
            let place = Place { file: self.file, start, len };
            let mut diagnostic = Diagnostic::new(Severity::Warning, "lines-without-json", message).at(place);
            (diagnostic.line, diagnostic.column) = (Some(line), Some(1));
            build.diagnostics.push(diagnostic);
        }
    }

    fn run(&mut self, importer: &mut dyn Importer, build: &mut Builder, until: u64) -> Pause {
        let base = self.window.base();
        let here = Here { file: self.file, base };
        let last = self.window.last();
        loop {
            if base + self.pos as u64 >= until {
                return Pause::Turn;
            }
            let bytes = self.window.bytes();
            let mut lexer = Lexer::window(bytes, self.pos, last);
            let lead = match lexer.peek() {
                Ok(lead) => lead,
                Err(_) if last && self.frames.is_empty() => return Pause::End,
                Err(_) => return Pause::More,
            };
            let start = lexer.pos();
            // Where a colon is missing, and reading goes on.
            let mut healed = None;
            let (state, key) = match self.frames.last().copied() {
                None => {
                    if lead != b'{' && (lead != b'[' || bracketed_prefix(bytes, start)) {
                        match self.seek_value(start) {
                            Some(pause) => return pause,
                            None => continue,
                        }
                    }
                    self.pos = start;
                    self.value_start = base + start as u64;
                    (ROOT, None)
                }
                Some(frame) => {
                    if lead == if frame.object { b'}' } else { b']' } {
                        self.pos = start + 1;
                        self.frames.pop();
                        importer.leave(frame.state, base + self.pos as u64);
                        if let Some(pause) = self.after_value(build) {
                            return pause;
                        }
                        continue;
                    }
                    if lead == b',' {
                        self.pos = start + 1;
                        continue;
                    }
                    if frame.object {
                        let key = match lexer.string() {
                            Ok(key) => key,
                            Err(Lack::More) => return Pause::More,
                            Err(Lack::Bad { at, .. }) => {
                                return Pause::Damage(at, "a key in double quotes or the end of the object");
                            }
                        };
                        match lexer.take_if(b':') {
                            Ok(true) => {}
                            Ok(false) => {
                                let at = lexer.pos();
                                match lexer.peek() {
                                    Ok(lead) if begins_value(lead) && !begins_line(bytes, at, lead) => {}
                                    Ok(_) => return Pause::Damage(at, "a colon after the key"),
                                    Err(_) => return Pause::More,
                                }
                                healed = Some(at);
                            }
                            Err(_) => return Pause::More,
                        }
                        (frame.state, Some(key))
                    } else if matches!(lead, b'}') {
                        return Pause::Damage(start, "a comma or the end of the array");
                    } else {
                        (frame.state, None)
                    }
                }
            };
            let Ok(lead) = lexer.peek() else { return Pause::More };
            let whole = state == ROOT && key.is_none();
            let read = match importer.route(state, key, lead) {
                // A list of whole documents, where a document is no list itself.
                Route::Skip if lead == b'[' && whole => {
                    self.pos = lexer.pos() + 1;
                    self.frames.push(Frame { state: ROOT, object: false });
                    continue;
                }
                Route::Enter(state) if matches!(lead, b'{' | b'[') => {
                    self.pos = lexer.pos() + 1;
                    self.frames.push(Frame { state, object: lead == b'{' });
                    importer.enter(state, base + self.pos as u64 - 1);
                    self.report_healed(build, healed, "a colon after the key");
                    continue;
                }
                Route::Enter(_) | Route::Skip => lexer.skip().map(|_| ()),
                Route::Take(tag) => importer.take(tag, &mut lexer, here, build),
            };
            match read {
                Ok(()) => {
                    self.pos = lexer.pos();
                    self.report_healed(build, healed, "a colon after the key");
                    if let Some(pause) = self.after_value(build) {
                        return pause;
                    }
                }
                Err(Lack::More) => return Pause::More,
                Err(Lack::Bad { at, expected }) => return Pause::Damage(at, expected),
            }
        }
    }

    /// A value has just ended: inside a container a comma or the end must follow. Where only the comma is missing,
    /// reading goes on as if it were there.
    fn after_value(&mut self, build: &mut Builder) -> Option<Pause> {
        let Some(frame) = self.frames.last() else {
            self.values += 1;
            return self.once.then_some(Pause::End);
        };
        let bytes = self.window.bytes();
        let mut lexer = Lexer::window(bytes, self.pos, self.window.last());
        match lexer.peek() {
            Ok(b',' | b'}' | b']') => None,
            Ok(lead) => {
                let at = lexer.pos();
                let follows = if frame.object { lead == b'"' } else { begins_value(lead) };
                if !follows || begins_line(bytes, at, lead) {
                    return Some(Pause::Damage(at, "a comma or a closing bracket"));
                }
                self.report_healed(build, Some(at), "a comma");
                None
            }
            // Asked again at the next turn of the loop, once there are more bytes.
            Err(_) => None,
        }
    }

    /// At the top level, on something that is not a value: steps to the value of this line, or over the line.
    fn seek_value(&mut self, start: usize) -> Option<Pause> {
        let bytes = self.window.bytes();
        let rest = bytes.get(start..).unwrap_or(&[]);
        if rest.first() == Some(&b',') {
            self.pos = start + 1;
            return None;
        }
        let line_end = match memchr::memchr(b'\n', rest) {
            Some(end) => start + end,
            None if self.window.last() => bytes.len(),
            None if rest.len() < DOUBTFUL => return Some(Pause::More),
            None => bytes.len(),
        };
        let line = bytes.get(start..line_end).unwrap_or(&[]);
        // A bracket right before an object begins its list, any other may be of what stands before the JSON.
        let listed = |at: &usize| at.checked_sub(1).filter(|before| line.get(*before) == Some(&b'['));
        let value =
            memchr::memchr(b'{', line).map(|at| listed(&at).unwrap_or(at)).or_else(|| memchr::memchr(b'[', line));
        match value {
            Some(offset) => {
                self.prefixed = self.prefixed.saturating_add(1);
                self.pos = start + offset;
            }
            None => {
                // A comment or a fence around the JSON is worth a word; what follows the last value is not JSON either.
                self.without = self.without.saturating_add(1);
                if self.first_without.is_none() {
                    let (number, _) = self.window.line_column(start);
                    self.first_without = Some((number, self.window.base() + start as u64, line.len() as u64));
                }
                self.pos = line_end;
            }
        }
        None
    }
}

/// Whether the line at `start` begins with a log prefix in brackets, `[INFO] {…}`, and not with an array.
fn bracketed_prefix(bytes: &[u8], start: usize) -> bool {
    let rest = bytes.get(start + 1..).unwrap_or(&[]);
    let near = rest.get(..rest.len().min(200)).unwrap_or(rest);
    let line = near.split(|&b| b == b'\n').next().unwrap_or(&[]);
    let Some(close) = memchr::memchr(b']', line) else { return false };
    let (inside, after) = line.split_at(close);
    !inside.iter().any(|b| matches!(b, b'{' | b'"' | b'[' | b',')) && after.contains(&b'{')
}

/// The position of the next line after `from` that begins with a bracket in its first column.
fn next_value_line(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    memchr::memchr_iter(b'\n', rest)
        .map(|newline| from + newline + 1)
        .find(|&start| matches!(bytes.get(start), Some(b'{' | b'[')))
}

fn begins_value(lead: u8) -> bool {
    matches!(lead, b'{' | b'[' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n')
}

/// Whether a bracket stands in the first column: then it may well begin a value of its own, after one that was cut.
fn begins_line(bytes: &[u8], at: usize, lead: u8) -> bool {
    matches!(lead, b'{' | b'[') && at.checked_sub(1).and_then(|before| bytes.get(before)) == Some(&b'\n')
}

#[cfg(test)]
#[path = "walk_tests.rs"]
mod tests;
