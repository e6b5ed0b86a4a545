//! `chaindebug redact`: a file without secrets and people's data, a report of what was found, and a status for CI.

use crate::leave::{self, Choice, To};
use crate::terminal::line;
use crate::{Outcome, open, say};
use chaindebug_core::protocol::{ExportFormat, Exported};
use chaindebug_core::session::Session;
use clap::Args;
use std::ffi::OsString;
use std::io::{self, Write};

/// What was asked for.
#[derive(Debug, Args)]
#[cfg_attr(test, derive(PartialEq))]
pub(crate) struct Asked {
    /// The file; runs are written as ChainDebug JSON Lines, anything else as the text it is
    file: OsString,
    /// Write to this file instead of printing
    #[arg(short, long = "output", value_name = "OUT", conflicts_with = "check")]
    out: Option<OsString>,
    /// Write a report of what was found to this file, as JSON; it holds none of the originals
    #[arg(long, value_name = "REPORT")]
    report: Option<OsString>,
    /// Only look, and write nothing: the status is 1 when something was found
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    choice: Choice,
}

/// The status when something remains, and when the file could not be read.
const REMAINS: u8 = 1;
const UNREADABLE: u8 = 2;

/// Redacts it.
pub(crate) fn run(asked: &Asked, out: &mut dyn Write) -> io::Result<Outcome> {
    for name in [&asked.out, &asked.report] {
        if let Err(wrong) = leave::apart(&asked.file, name.as_ref()) {
            return Ok(Outcome::Usage(wrong));
        }
    }
    let mut session = Session::new();
    let Some(document) = open::one(&mut session, &asked.file) else { return Ok(Outcome::Status(UNREADABLE)) };
    let what = if document.runs.is_empty() {
        Exported { to: ExportFormat::Text, document: Some(document.document), ..Exported::default() }
    } else {
        if !document.pipelines.is_empty() {
            say("The file also holds a pipeline, which is not written: only its runs are.");
        }
        Exported { runs: document.runs.iter().map(|run| run.run).collect(), ..Exported::default() }
    };
    let to = match &asked.out {
        _ if asked.check => To::Nowhere,
        Some(name) => To::File(name),
        None => To::Out(out),
    };
    let view = match leave::write(&mut session, &what, Some(&asked.choice.redaction()), to)? {
        Ok(view) => view,
        Err(why) => {
            say(&line(&why));
            return Ok(Outcome::Status(UNREADABLE));
        }
    };
    leave::say_report(&view);
    let Some(report) = &view.report else { return Err(io::Error::other("the engine gave no report")) };
    if let Some(name) = &asked.report {
        let json = serde_json::to_string_pretty(report).map_err(io::Error::from)?;
        if let Err(error) = std::fs::write(name, json + "\n") {
            say(&format!("{} cannot be written: {error}.", line(&name.to_string_lossy())));
            return Ok(Outcome::Status(UNREADABLE));
        }
    }
    let found = report.kinds.iter().any(|kind| kind.replaced > 0);
    Ok(if !report.clean || asked.check && found { Outcome::Status(REMAINS) } else { Outcome::Done })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_says_whether_something_is_in_the_file() {
        let folder = std::env::temp_dir().join(format!("chaindebug-redact-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (file, out, report) = (folder.join("a.jsonl"), folder.join("b.jsonl"), folder.join("r.json"));
        std::fs::write(&file, "{\"chaindebug\":1}\n{\"name\":\"s\",\"input\":\"to ana@acme.org\"}\n").unwrap();
        let check =
            Asked { file: file.clone().into(), out: None, report: None, check: true, choice: Choice::default() };
        assert!(matches!(run(&check, &mut Vec::new()), Ok(Outcome::Status(1))));
        let asked = Asked { out: Some(out.clone().into()), report: Some(report.clone().into()), check: false, ..check };
        assert!(matches!(run(&asked, &mut Vec::new()), Ok(Outcome::Done)));
        let again = Asked { file: out.into(), out: None, report: None, check: true, choice: Choice::default() };
        assert!(matches!(run(&again, &mut Vec::new()), Ok(Outcome::Done)));
        let said = std::fs::read_to_string(&report).unwrap();
        assert!(said.contains("email-1@redacted.invalid") && !said.contains("ana@"), "{said}");
        let none = Asked { file: folder.join("none").into(), ..again };
        assert!(matches!(run(&none, &mut Vec::new()), Ok(Outcome::Status(2))));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
