//! `chaindebug mapping`: a guess of what the fields of an unknown JSON file are, as a file to edit and to open with.

use crate::terminal::{Paint, Terminal, count, duration, line};
use crate::{Outcome, file, say};
use chaindebug_core::protocol::{Answer, DocumentView, Mapping, MappingRole, MappingView, Request};
use chaindebug_core::session::Session;
use clap::Args;
use std::ffi::{OsStr, OsString};
use std::io::{self, Write};

/// What was asked for.
#[derive(Debug, Args)]
#[cfg_attr(test, derive(PartialEq))]
pub(crate) struct Asked {
    /// A JSON or JSON Lines file of no known format
    file: OsString,
    /// Try this mapping instead of a guess
    #[arg(long, value_name = "MAPPING")]
    mapping: Option<OsString>,
    /// Print the mapping alone, as JSON, even to a terminal
    #[arg(long)]
    json: bool,
}

/// Steps shown of what the mapping makes of the file.
const SHOWN: usize = 12;

/// The mapping in a file.
pub(crate) fn read(file: &OsStr) -> Result<Mapping, String> {
    let name = file::name_of(file);
    let bytes = file::bytes(file).map_err(|error| format!("{name} cannot be read: {error}."))?;
    Mapping::from_json(&String::from_utf8_lossy(&bytes)).map_err(|wrong| format!("{name}: {wrong}"))
}

/// Whether the fields of a file of no known format look like those of steps.
pub(crate) fn fits(session: &mut Session, document: &DocumentView) -> bool {
    let request = Request::Mapping { document: document.document, mapping: None, saved: Vec::new() };
    match session.answer(request) {
        Answer::Mapping(view) => view.steps > 1 && view.mapping.path(MappingRole::Name).is_some(),
        _ => false,
    }
}

/// Prints the guess; to a person with its reasons, the fields there are, and the first steps.
pub(crate) fn run(asked: &Asked, out: &mut dyn Write, terminal: Terminal) -> io::Result<Outcome> {
    let mapping = match asked.mapping.as_deref().map(read).transpose() {
        Ok(mapping) => mapping,
        Err(wrong) => return Ok(Outcome::Usage(wrong)),
    };
    let mut session = Session::new();
    let document = file::open(&mut session, &asked.file);
    let request = Request::Mapping { document: document.document, mapping, saved: Vec::new() };
    let view = match session.answer(request) {
        Answer::Mapping(view) => view,
        Answer::Refused { message } => {
            say(&message);
            return Ok(Outcome::Nothing);
        }
        _ => return Ok(Outcome::Nothing),
    };
    // What is written into a file is the mapping and nothing else.
    let json = serde_json::to_string_pretty(&view.mapping).map_err(io::Error::other)?;
    writeln!(out, "{json}")?;
    if terminal.tty && !asked.json {
        about(&view, out, terminal)?;
    }
    Ok(if view.mapping.fields.is_empty() { Outcome::Nothing } else { Outcome::Done })
}

fn about(view: &MappingView, out: &mut dyn Write, terminal: Terminal) -> io::Result<()> {
    writeln!(out, "\n{}", terminal.paint(Paint::Strong, "Why"))?;
    for reason in &view.reasons {
        let path = view.mapping.path(reason.role).unwrap_or_default();
        writeln!(out, "  {:<14}{}  {}", reason.role.word(), line(path), terminal.paint(Paint::Quiet, &reason.why))?;
    }
    writeln!(out, "\n{}", terminal.paint(Paint::Strong, "Fields there are"))?;
    for field in &view.fields {
        let samples = field.samples.iter().map(|sample| line(sample)).collect::<Vec<_>>().join(" · ");
        writeln!(out, "  {}  {}", line(&field.path), terminal.paint(Paint::Quiet, &samples))?;
    }
    let steps = count(view.steps.into(), "step", "steps");
    let part = if view.whole { "" } else { " in the beginning of the file" };
    writeln!(out, "\n{}", terminal.paint(Paint::Strong, &format!("{steps}{part}")))?;
    for row in view.rows.iter().take(SHOWN) {
        let indent = "  ".repeat(row.depth.min(20) as usize + 1);
        let took = row.duration.map(duration).unwrap_or_default();
        let about = format!("{} {} {took}", row.kind.name(), row.status.name());
        writeln!(out, "{indent}{}  {}", line(&row.name), terminal.paint(Paint::Quiet, &about))?;
    }
    for problem in &view.problems {
        writeln!(out, "  {} {}", terminal.paint(Paint::Doubt, "!"), line(problem))?;
    }
    Ok(())
}
