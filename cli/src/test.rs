//! `chaindebug test`: runs the scenarios of a pipeline and says which hold.

use crate::args::{TargetOptions, input_once};
use crate::terminal::{Paint, Terminal, count, line};
use crate::{Outcome, file, open, say};
use chaindebug_core::protocol::{Answer, Coverage, Reached, Request, ScenarioFile, Target};
use chaindebug_core::scenario;
use chaindebug_core::session::Session;
use clap::Args;
use std::ffi::OsString;
use std::io::{self, Write};

/// What was asked for.
#[derive(Debug, Args)]
#[cfg_attr(test, derive(PartialEq))]
pub(crate) struct Asked {
    /// The pipeline
    pipeline: OsString,
    /// Its scenarios
    scenarios: OsString,
    /// Where not named, what the file of scenarios says counts.
    #[command(flatten)]
    target: TargetOptions,
    /// Print one JSON document instead of text
    #[arg(long)]
    json: bool,
}

/// What `--json` prints.
#[derive(serde::Serialize)]
struct Report<'a> {
    pipeline: &'a str,
    engine: &'static str,
    loader: &'static str,
    passed: usize,
    failed: usize,
    problems: &'a [String],
    #[serde(flatten)]
    coverage: &'a Coverage,
}

/// Runs all scenarios and prints how they went.
pub(crate) fn run(asked: &Asked, out: &mut dyn Write, terminal: Terminal) -> io::Result<Outcome> {
    if let Err(wrong) = input_once([asked.pipeline.as_os_str(), asked.scenarios.as_os_str()]) {
        return Ok(Outcome::Usage(wrong));
    }
    let mut session = Session::new();
    let Some(document) = open::one(&mut session, &asked.pipeline) else { return Ok(Outcome::Nothing) };
    let Some(pipeline) = document.pipelines.first() else {
        say(&format!("{} holds no pipeline.", line(&document.file)));
        return Ok(Outcome::Nothing);
    };
    if document.pipelines.len() > 1 {
        say(&format!("{} holds {} pipelines; the first is tried.", line(&document.file), document.pipelines.len()));
    }
    let cases = match scenarios(&mut session, &asked.scenarios) {
        Ok(cases) => cases,
        Err(message) => {
            say(&line(&message));
            return Ok(Outcome::Nothing);
        }
    };
    let named = asked.target;
    let target = cases.target.map_or(named.target(), |of_file| Target {
        engine: named.engine.unwrap_or(of_file.engine),
        loader: named.loader.unwrap_or(of_file.loader),
    });
    let request =
        Request::Coverage { pipeline: pipeline.pipeline, target, scenarios: cases.scenarios.clone(), suggest: false };
    let coverage = match session.answer(request) {
        Answer::Coverage(coverage) => coverage,
        other => {
            say(&line(&refused(other)));
            return Ok(Outcome::Nothing);
        }
    };
    let passed = coverage.scenarios.iter().filter(|result| result.passed).count();
    let failed = coverage.scenarios.len() - passed;
    if asked.json {
        let report = Report {
            pipeline: &document.file,
            engine: scenario::engine_name(target.engine),
            loader: scenario::loader_name(target.loader),
            passed,
            failed,
            problems: &cases.problems,
            coverage: &coverage,
        };
        serde_json::to_writer_pretty(&mut *out, &report).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        print(&cases, target, &coverage, out, terminal)?;
    }
    // What was not understood cannot have been checked.
    let all = failed == 0 && passed > 0 && cases.problems.is_empty();
    Ok(if all { Outcome::Done } else { Outcome::Nothing })
}

/// Reads the scenario file through the session, as any file is read (packed, UTF-16).
fn scenarios(session: &mut Session, name: &OsString) -> Result<ScenarioFile, String> {
    let document = file::open(session, name);
    if document.format != scenario::FORMAT.id {
        let what = if document.format.is_empty() {
            document.explanation
        } else {
            format!("{} is no scenario file: it was read as {}.", document.file, document.label)
        };
        return Err(what);
    }
    let text = match session.answer(Request::DocumentText { document: document.document }) {
        Answer::Text { text } => text,
        other => return Err(refused(other)),
    };
    match session.answer(Request::ReadScenarios { text }) {
        Answer::Scenarios(file) => Ok(file),
        other => Err(refused(other)),
    }
}

/// Why there is no answer.
fn refused(answer: Answer) -> String {
    match answer {
        Answer::Refused { message } => message,
        _ => "The engine gave another answer than was asked for.".to_owned(),
    }
}

fn print(
    cases: &ScenarioFile,
    target: Target,
    coverage: &Coverage,
    out: &mut dyn Write,
    terminal: Terminal,
) -> io::Result<()> {
    for problem in &cases.problems {
        writeln!(out, "{} {}", terminal.paint(Paint::Doubt, "! not understood"), line(problem))?;
    }
    for result in &coverage.scenarios {
        let name = line(&result.name);
        if result.passed {
            let summary = line(&result.summary);
            writeln!(out, "✓ passed  {name}  {}", terminal.paint(Paint::Quiet, &summary))?;
            continue;
        }
        let why: Vec<String> = result.unmet.iter().map(|sentence| line(sentence)).collect();
        let why = if why.is_empty() { line(&result.summary) } else { why.join(" ") };
        writeln!(out, "{}  {name}  {why}", terminal.paint(Paint::Bad, "✗ failed"))?;
    }
    if coverage.scenarios.is_empty() {
        writeln!(out, "There is no scenario in the file, so nothing was tried.")?;
    }
    let passed = coverage.scenarios.iter().filter(|result| result.passed).count();
    let (engine, loader) = (scenario::engine_name(target.engine), scenario::loader_name(target.loader));
    writeln!(out)?;
    writeln!(
        out,
        "{passed} of {} passed on {engine}, {loader} loader",
        count(coverage.scenarios.len() as u64, "scenario", "scenarios")
    )?;
    reached("steps entered", &coverage.steps, out)?;
    reached("edges taken", &coverage.edges, out)
}

/// Names that are listed one by one.
const NAMED: usize = 10;

fn reached(what: &str, all: &[Reached], out: &mut dyn Write) -> io::Result<()> {
    let never: Vec<String> = all.iter().filter(|one| one.by.is_empty()).map(|one| line(&one.of)).collect();
    write!(out, "{} of {} {what}", all.len() - never.len(), all.len())?;
    if let Some(named) = never.get(..never.len().min(NAMED)).filter(|named| !named.is_empty()) {
        write!(out, "; never: {}", named.join(", "))?;
        if never.len() > NAMED {
            write!(out, " and {} more", never.len() - NAMED)?;
        }
    }
    writeln!(out)
}
