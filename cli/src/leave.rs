//! What `export` and `redact` share: asking the engine for a file piece by piece, and writing it where it is to go.

use crate::say;
use crate::terminal::line;
use chaindebug_core::protocol::{Answer, ExportView, Exported, OwnPattern, Redaction, Request};
use chaindebug_core::redact;
use chaindebug_core::session::Session;
use clap::Args;
use clap::builder::{PossibleValuesParser, ValueParser};
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufWriter, Write};

/// What is to be found beyond the usual, and what is to stay.
#[derive(Clone, Debug, Default, Args)]
#[cfg_attr(test, derive(PartialEq))]
pub(crate) struct Choice {
    /// Leave what is of this kind; may be given several times
    #[arg(long, value_name = "KIND", value_parser = kinds())]
    keep: Vec<String>,
    /// Also replace what this regular expression finds; may be given several times
    #[arg(long, value_name = "RE")]
    pattern: Vec<String>,
    /// Also replace this text, in any letter case; may be given several times
    #[arg(long, value_name = "TEXT")]
    text: Vec<String>,
}

fn kinds() -> ValueParser {
    PossibleValuesParser::new(redact::kinds().map(|(id, _)| id)).into()
}

impl Choice {
    /// As the engine is asked.
    pub(crate) fn redaction(&self) -> Redaction {
        let own = |regex: bool| move |text: &String| OwnPattern { text: text.clone(), regex };
        let patterns = self.pattern.iter().map(own(true)).chain(self.text.iter().map(own(false)));
        Redaction { off: self.keep.clone(), keep: Vec::new(), patterns: patterns.collect() }
    }

    /// Whether nothing was said.
    pub(crate) fn is_empty(&self) -> bool {
        self.keep.is_empty() && self.pattern.is_empty() && self.text.is_empty()
    }
}

/// A sentence when the file that is written is one that is read.
pub(crate) fn apart(file: &OsString, out: Option<&OsString>) -> Result<(), String> {
    let whole = |name: &OsString| std::fs::canonicalize(name).ok();
    match out.filter(|out| whole(out).is_some() && whole(out) == whole(file)) {
        Some(_) => Err("-o names the file that is read; nothing was written.".to_owned()),
        None => Ok(()),
    }
}

/// Where an export goes.
pub(crate) enum To<'a> {
    /// A file, made anew.
    File(&'a OsString),
    /// What is printed.
    Out(&'a mut dyn Write),
    /// Nowhere: only what is said of it counts.
    Nowhere,
}

/// Writes an export. The last answer of the engine, or a sentence why there is none.
pub(crate) fn write(
    session: &mut Session,
    what: &Exported,
    redact: Option<&Redaction>,
    to: To<'_>,
) -> io::Result<Result<ExportView, String>> {
    let mut from = None;
    // A file is made when there is something to write: a refusal leaves what was there.
    let mut file: Option<BufWriter<File>> = None;
    let mut to = to;
    loop {
        let ask = Request::Export { what: Box::new(what.clone()), redact: redact.cloned(), from };
        let view = match session.answer(ask) {
            Answer::Export(view) => *view,
            Answer::Refused { message } => return Ok(Err(message)),
            _ => return Err(io::Error::other("the engine answered something else")),
        };
        match &mut to {
            To::Nowhere => {}
            To::Out(out) => out.write_all(view.text.as_bytes())?,
            To::File(name) => {
                let made = match &mut file {
                    Some(file) => file,
                    None => match File::create(&**name) {
                        Ok(made) => file.insert(BufWriter::new(made)),
                        Err(error) => {
                            return Ok(Err(format!("{} cannot be written: {error}.", line(&name.to_string_lossy()))));
                        }
                    },
                };
                made.write_all(view.text.as_bytes())?;
            }
        }
        match view.next {
            Some(next) => from = Some(next),
            None => {
                if let Some(file) = &mut file {
                    file.flush()?;
                }
                return Ok(Ok(view));
            }
        }
    }
}

/// Says what was redacted, and what remains.
pub(crate) fn say_report(view: &ExportView) {
    let Some(report) = &view.report else { return };
    for kind in &report.kinds {
        let kept = if kind.kept > 0 { format!(", {} kept", kind.kept) } else { String::new() };
        say(&format!("{}: {} replaced in {} places{kept}", kind.label, kind.replaced, kind.places));
    }
    if report.kinds.is_empty() {
        say("Nothing was found that had to be replaced.");
    }
    for note in &report.notes {
        say(note);
    }
    for left in &report.remaining {
        say(&format!(
            "REMAINS: {}, {} times, first in line {} of what was written.",
            left.label, left.count, left.line
        ));
    }
}
