//! `chaindebug validate`: what the real validator says of a pipeline, and what the engine will really do with it.

use crate::args::TargetOptions;
use crate::terminal::{Paint, Terminal, count, line, wrapped};
use crate::{Outcome, file, say};
use chaindebug_core::ia_modules::lint;
use chaindebug_core::ia_modules::validate::check_json;
use chaindebug_core::model::Severity;
use chaindebug_core::protocol::{Finding, FindingsView, Reader, Reading};
use clap::Args;
use serde::Serialize;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::{self, Write};

/// Exit status where there is no verdict, because the file cannot be had.
const UNREADABLE: u8 = 2;

/// Columns our own sentences are wrapped to. The validator's stand as it writes them.
const COLUMNS: usize = 80;

/// What was asked for.
#[derive(Debug, Args)]
#[cfg_attr(test, derive(PartialEq))]
pub(crate) struct Asked {
    /// The pipeline
    file: OsString,
    /// Whose rules
    #[arg(long = "as", value_name = "FORMAT", value_parser = ["ia-modules"])]
    format: String,
    /// Make warnings errors
    #[arg(long)]
    strict: bool,
    /// Print the validator's {is_valid, errors, warnings, info} as JSON instead of text
    #[arg(long)]
    json: bool,
    /// With --json: our own findings too
    #[arg(long)]
    findings: bool,
    #[command(flatten)]
    target: TargetOptions,
}

/// The real validator's document, with one key more when it is asked for.
#[derive(Serialize)]
struct Document<'a> {
    is_valid: bool,
    errors: &'a [String],
    warnings: &'a [String],
    info: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    findings: Option<&'a [Finding]>,
}

pub(crate) fn run(asked: &Asked, out: &mut dyn Write, terminal: Terminal) -> io::Result<Outcome> {
    let name = &asked.file;
    let shown = file::name_of(name);
    let text = match file::bytes(name) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            say(&line(&format!("Error: Pipeline file not found: {shown}")));
            return Ok(Outcome::Status(UNREADABLE));
        }
        Err(error) => {
            say(&line(&format!("Error: {shown} cannot be read: {error}.")));
            return Ok(Outcome::Status(UNREADABLE));
        }
    };
    if let Err(wrong) = check_json(&text).map_err(|wrong| (wrong.python(&text), wrong.exception))
        && wrong.1 == "JSONDecodeError"
    {
        say(&line(&format!("Error: Invalid JSON in {shown}: {}", wrong.0)));
        say("Python reads nothing of such a file. Mend this place and validate again.");
        // The real one writes nothing here. Whoever reads the document is told there too.
        if !asked.json {
            return Ok(Outcome::Nothing);
        }
    }
    let view = lint::view(&text, asked.target.target(), asked.strict);
    if asked.json {
        let said = &view.validation;
        let findings = asked.findings.then_some(&view.findings[..]);
        let document = Document {
            is_valid: said.is_valid,
            errors: &said.errors,
            warnings: &said.warnings,
            info: &said.info,
            findings,
        };
        let json = serde_json::to_string_pretty(&document).map_err(io::Error::from)?;
        writeln!(out, "{}", ascii(&json))?;
    } else {
        print(&view, &shown, out, terminal)?;
    }
    Ok(if view.validation.is_valid { Outcome::Done } else { Outcome::Nothing })
}

/// JSON with everything beyond ASCII escaped, as Python writes it.
fn ascii(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for letter in json.chars() {
        // DEL is ASCII, and Python leaves it as it is.
        if letter.is_ascii() {
            out.push(letter);
        } else {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                // Writing to a string does not fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}

fn print(view: &FindingsView, name: &str, out: &mut dyn Write, terminal: Terminal) -> io::Result<()> {
    let said = &view.validation;
    let verdict = if said.is_valid {
        terminal.paint(Paint::Good, "✓ Pipeline validation PASSED")
    } else {
        terminal.paint(Paint::Bad, "✗ Pipeline validation FAILED")
    };
    writeln!(out, "{verdict}\n")?;
    for (title, list) in [("Errors", &said.errors), ("Warnings", &said.warnings), ("Info", &said.info)] {
        if list.is_empty() {
            continue;
        }
        writeln!(out, "{title} ({}):", list.len())?;
        for message in list {
            writeln!(out, "  • {}", line(message))?;
        }
        writeln!(out)?;
    }
    if view.findings.is_empty() {
        writeln!(out, "{}", terminal.paint(Paint::Good, "What the engine will do: nothing to say."))?;
    } else {
        let number = count(view.findings.len() as u64, "finding", "findings");
        writeln!(out, "{}", terminal.paint(Paint::Strong, &format!("What the engine will do ({number}):")))?;
        for finding in &view.findings {
            print_finding(finding, name, out, terminal)?;
        }
    }
    writeln!(out, "\n{}", terminal.paint(Paint::Strong, "How it is read:"))?;
    for reading in &view.readings {
        print_reading(reading, out, terminal)?;
    }
    Ok(())
}

fn print_finding(finding: &Finding, name: &str, out: &mut dyn Write, terminal: Terminal) -> io::Result<()> {
    let (word, paint) = match finding.severity {
        Severity::Error => ("✗ error", Paint::Bad),
        Severity::Warning => ("! warning", Paint::Doubt),
        Severity::Info => ("i note", Paint::Quiet),
    };
    let place = format!("{}:{}:{}", line(name), finding.line, finding.column);
    let id = format!("[{}]", finding.id);
    let (word, id) = (terminal.paint(paint, word), terminal.paint(Paint::Quiet, &id));
    writeln!(out, "  {word} {place} {id}")?;
    for row in wrapped(&line(&finding.message), COLUMNS - 6) {
        writeln!(out, "      {row}")?;
    }
    for fix in &finding.fixes {
        for row in wrapped(&format!("fix: {}", line(&fix.title)), COLUMNS - 6) {
            writeln!(out, "      {}", terminal.paint(Paint::Quiet, &row))?;
        }
    }
    Ok(())
}

fn print_reading(reading: &Reading, out: &mut dyn Write, terminal: Terminal) -> io::Result<()> {
    let name = match reading.reader {
        Reader::Validator => "validator",
        Reader::Raw => "raw loader",
        Reader::Pydantic => "pydantic loader",
    };
    let (mark, paint) = if reading.accepts { ("✓", Paint::Good) } else { ("✗", Paint::Bad) };
    writeln!(out, "  {} {name}", terminal.paint(paint, mark))?;
    for said in std::iter::once(&reading.summary).chain(&reading.notes) {
        for row in wrapped(&line(said), COLUMNS - 6) {
            writeln!(out, "      {row}")?;
        }
    }
    Ok(())
}
