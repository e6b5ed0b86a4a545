//! `chaindebug dry-run`: an IA Modules pipeline with mocks in the place of its steps' code, as the engine would run it.
//!
//! What the engine does is in `chaindebug_core::ia_modules`. Here: the options, the file of mocks, and the account.

use crate::Outcome;
use crate::args::{TargetOptions, input_once};
use crate::file;
use crate::terminal::{Paint, Terminal, line};
use chaindebug_core::ia_modules::python::Value;
use chaindebug_core::ia_modules::simulate::{self, DryRun as Dry};
use chaindebug_core::ia_modules::validate::check_json;
use chaindebug_core::model::Severity;
use chaindebug_core::protocol::{EngineId, Loader, Mock, RunEnd, Scenario, StepMock, Verdict};
use clap::Args;
use serde::Serialize;
use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::path::Path;

/// What was asked for.
#[derive(Debug, Args)]
#[cfg_attr(test, derive(PartialEq))]
pub(crate) struct Asked {
    /// The pipeline
    #[arg(value_name = "PIPELINE")]
    file: OsString,
    /// The input: a file with a JSON object; {} when not named
    #[arg(long, value_name = "IN")]
    input: Option<OsString>,
    /// What the steps do: {"STEP": {"returns": V} | {"sequence": [V, …]} | {"raises": "ErrorType: message"}}
    #[arg(long, value_name = "MOCKS")]
    mocks: Option<OsString>,
    #[command(flatten)]
    pub(crate) target: TargetOptions,
    /// Print one JSON document instead of text
    #[arg(long)]
    json: bool,
}

/// The whole text of a file.
fn text(file: &OsStr) -> Result<Vec<u8>, String> {
    let name = file::name_of(file);
    let read = if name == "-" {
        let mut bytes = Vec::new();
        io::Read::read_to_end(&mut io::stdin().lock(), &mut bytes).map(|_| bytes)
    } else {
        std::fs::read(file)
    };
    read.map_err(|error| format!("{} could not be read: {error}.", line(&name)))
}

/// The JSON value of a file that is ours to read: a mark of its encoding at the beginning is no harm.
fn value(file: &OsStr) -> Result<Value, String> {
    let bytes = text(file)?;
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    Value::parse(bytes).map_err(|wrong| wrong.sentence(&line(&file::name_of(file)), bytes))
}

/// The input: an object.
fn input(file: &OsStr) -> Result<String, String> {
    let value = value(file)?;
    if value.as_dict().is_none() {
        let name = line(&file::name_of(file));
        return Err(format!("{name} must hold the input as a JSON object; it holds a Python {}.", value.type_name()));
    }
    Ok(value.to_json())
}

/// Mocks from their file.
fn mocks(value: &Value) -> Result<Vec<StepMock>, String> {
    let all = value.as_dict().ok_or("The mocks must be an object: {\"STEP\": {\"returns\": …}}.")?;
    let mut mocks = Vec::new();
    for (step, given) in all.iter() {
        let wrong = || {
            format!(
                "The mock of `{step}` must have one of `returns`, `sequence` (a list with a value) and `raises` (a text)."
            )
        };
        let mut entries = given.as_dict().ok_or_else(wrong)?.iter();
        let (Some((how, value)), None) = (entries.next(), entries.next()) else { return Err(wrong()) };
        let mock = match (&**how, value) {
            ("returns", value) => Mock::Returns { value: value.to_json() },
            ("sequence", Value::List(list)) if !list.items().is_empty() => {
                Mock::Sequence { values: list.items().iter().map(Value::to_json).collect() }
            }
            ("raises", Value::Str(error)) => Mock::Raises { error: error.to_string() },
            _ => return Err(wrong()),
        };
        mocks.push(StepMock { step: step.to_string(), mock });
    }
    Ok(mocks)
}

fn simulated(asked: &Asked) -> Result<Dry, String> {
    let definition = text(&asked.file)?;
    let input = asked.input.as_ref().map(|file| input(file)).transpose()?.unwrap_or_default();
    let mocks = match &asked.mocks {
        Some(file) => mocks(&value(file)?)?,
        None => Vec::new(),
    };
    if let Err(wrong) = check_json(&definition) {
        return Ok(simulate::not_json(&definition, &wrong, asked.target.target()));
    }
    let scenario = Scenario { input, mocks, ..Scenario::default() };
    let stem = Path::new(&asked.file).file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    simulate::dry_run(&definition, asked.target.target(), &scenario, &stem)
}

/// Runs, and prints what came of it.
pub(crate) fn run(asked: &Asked, out: &mut dyn Write, terminal: Terminal) -> io::Result<Outcome> {
    let files = [Some(&asked.file), asked.input.as_ref(), asked.mocks.as_ref()];
    if let Err(wrong) = input_once(files.into_iter().flatten().map(OsString::as_os_str)) {
        return Ok(Outcome::Usage(wrong));
    }
    let dry = match simulated(asked) {
        Ok(dry) => dry,
        Err(wrong) => return Ok(Outcome::Usage(wrong)),
    };
    if asked.json {
        json(&dry, out)?;
    } else {
        account(&dry, &file::name_of(&asked.file), out, terminal)?;
    }
    Ok(Outcome::Status(match dry.simulation.status {
        RunEnd::Completed => 0,
        RunEnd::Failed => 1,
        RunEnd::DeadEnd => 3,
        RunEnd::WaitingForHuman => 4,
    }))
}

/// The answer as one JSON object. By hand, because the output may hold numbers and words that only Python writes.
fn json(dry: &Dry, out: &mut dyn Write) -> io::Result<()> {
    fn member(name: &str, value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
        let text = serde_json::to_string(value).map_err(io::Error::from)?;
        writeln!(out, "  \"{name}\": {text},")
    }
    let simulation = &dry.simulation;
    writeln!(out, "{{")?;
    member("engine", &simulation.target.engine, out)?;
    member("loader", &simulation.target.loader, out)?;
    member("entered", &simulation.entered, out)?;
    member("recorded", &simulation.recorded, out)?;
    member("status", &simulation.status, out)?;
    if let Some(step) = &simulation.waiting_step {
        member("waiting_step", step, out)?;
    }
    writeln!(out, "  \"output\": {},", simulation.output)?;
    if let Some(error) = &simulation.error {
        member("error", error, out)?;
    }
    let findings = serde_json::to_string(&simulation.findings).map_err(io::Error::from)?;
    writeln!(out, "  \"findings\": {findings}\n}}")
}

fn mark(verdict: Verdict) -> (&'static str, Paint) {
    match verdict {
        Verdict::Taken => ("✓", Paint::Good),
        Verdict::Queued => ("+", Paint::Good),
        Verdict::Refused => ("✗", Paint::Quiet),
        Verdict::Raised => ("!", Paint::Bad),
        Verdict::Unseen | Verdict::Unknown => ("·", Paint::Quiet),
    }
}

/// The run for a person: steps in order, decisions in words, how it ended.
fn account(dry: &Dry, name: &str, out: &mut dyn Write, terminal: Terminal) -> io::Result<()> {
    let simulation = &dry.simulation;
    let target = match (simulation.target.engine, simulation.target.loader) {
        (EngineId::IaModules013, Loader::Raw) => "ia-modules 0.1.3, raw loader",
        (EngineId::IaModules013, Loader::Pydantic) => "ia-modules 0.1.3, pydantic loader",
        (EngineId::IaModules020, Loader::Raw) => "ia-modules 0.2.0, raw loader",
        (EngineId::IaModules020, Loader::Pydantic) => "ia-modules 0.2.0, pydantic loader",
    };
    writeln!(out, "{}  {target}, with mocks for the steps' own code", terminal.paint(Paint::Strong, &line(name)))?;
    for entry in 0..simulation.entered.len() {
        let Some(decision) = dry.decision(entry) else { continue };
        let visit = if decision.visit > 1 { format!("  visit {}", decision.visit) } else { String::new() };
        writeln!(out, "{:>4}  {}{visit}", entry + 1, terminal.paint(Paint::Strong, &line(&decision.node)))?;
        let paint = if decision.dead_end { Paint::Bad } else { Paint::Quiet };
        writeln!(out, "      {}", terminal.paint(paint, &line(&decision.summary)))?;
        for edge in &decision.edges {
            let (sign, paint) = mark(edge.verdict);
            let to = format!("→ {}  {}", edge.to, edge.condition);
            writeln!(out, "      {} {}", terminal.paint(paint, sign), line(&to))?;
            writeln!(out, "          {}", terminal.paint(Paint::Quiet, &line(&edge.why)))?;
        }
        if !decision.advice.is_empty() {
            writeln!(out, "      {}", line(&decision.advice))?;
        }
    }
    let good = simulation.status == RunEnd::Completed;
    writeln!(out, "{}", terminal.paint(if good { Paint::Good } else { Paint::Bad }, &line(&simulation.summary)))?;
    for finding in &simulation.findings {
        let (word, paint) = match finding.severity {
            Severity::Error => ("✗ error", Paint::Bad),
            Severity::Warning => ("! warning", Paint::Doubt),
            Severity::Info => ("i note", Paint::Quiet),
        };
        let place = if finding.step.is_empty() { String::new() } else { format!(" (line {})", finding.line) };
        let id = format!("[{}]", finding.id);
        writeln!(
            out,
            "  {} {}{place} {}",
            terminal.paint(paint, word),
            line(&finding.message),
            terminal.paint(Paint::Quiet, &id)
        )?;
    }
    if simulation.status != RunEnd::Failed {
        writeln!(out, "output: {}", line(&simulation.output))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mocks_are_one_of_three() {
        let mocks = |json: &str| mocks(&Value::parse(json.as_bytes()).unwrap_or_default());
        for wrong in [r#"{"a": {"returns": 1, "raises": "x"}}"#, r#"{"a": {"sequence": []}}"#, r#"{"a": 1}"#, "[]"] {
            assert!(mocks(wrong).is_err(), "{wrong}");
        }
        assert_eq!(mocks(r#"{"a": {"returns": 100000000000000000001}}"#).map(|m| m.len()), Ok(1));
    }
}
