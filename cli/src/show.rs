//! `chaindebug show`: one step, as a page about it or one of its values exactly.

use crate::steps::{choose, no_runs, step, walk};
use crate::terminal::{Paint, Terminal, block, count, duration, line, mark, usage};
use crate::{Outcome, open, say};
use chaindebug_core::protocol::{Answer, DocumentView, Part, Request, RunView, StepView, ValueTab};
use chaindebug_core::session::Session;
use clap::Args;
use std::ffi::OsString;
use std::io::{self, Write};

/// Lines and letters of a value on the page about a step.
const GLIMPSE_LINES: usize = 12;
const GLIMPSE_LETTERS: usize = 1200;

/// A step found: its run, its position in it, and its number in the file.
#[derive(Clone, Copy)]
pub(crate) struct Found<'a> {
    pub(crate) run: &'a RunView,
    pub(crate) step: u32,
    number: u64,
}

/// What was asked for.
#[derive(Debug, Args)]
#[cfg_attr(test, derive(PartialEq))]
pub(crate) struct Asked {
    /// The file with the run
    file: OsString,
    /// The step: a number as `steps` prints it, or the step's own id
    step: String,
    /// Only this run: its number from 0, its id, or the beginning of its id
    #[arg(long)]
    run: Option<String>,
    /// What went in, alone and exactly
    #[arg(long, conflicts_with_all = ["output", "raw"])]
    input: bool,
    /// What came out, alone and exactly
    #[arg(long, conflicts_with = "raw")]
    output: bool,
    /// The step as it stands in the file
    #[arg(long)]
    raw: bool,
}

/// Prints one step, or one value of it.
pub(crate) fn run(asked: &Asked, out: &mut dyn Write, terminal: Terminal) -> io::Result<Outcome> {
    let Asked { file, step: wanted, run: wanted_run, .. } = asked;
    let mut session = Session::new();
    let Some(document) = open::one(&mut session, file) else { return Ok(Outcome::Nothing) };
    let runs = match choose(&document, wanted_run.as_deref()) {
        Ok(runs) => runs,
        Err(wrong) => return Ok(Outcome::Usage(wrong)),
    };
    let found = match find(&mut session, &document, &runs, wanted) {
        Ok(found) => found,
        Err(wrong) => return Ok(Outcome::Usage(wrong)),
    };
    let Some(view) = step(&mut session, found.run.run, found.step) else {
        return Ok(Outcome::Usage(format!("Step {wanted} could not be read.")));
    };
    let label = match asked {
        Asked { input: true, .. } => "Input",
        Asked { output: true, .. } => "Output",
        Asked { raw: true, .. } => "Raw",
        _ => return summary(&mut session, found, &view, file, out, terminal).map(|()| Outcome::Done),
    };
    let value = match exact(&mut session, &view, label, found) {
        Ok(value) => value,
        Err(missing) => {
            say(&missing);
            return Ok(Outcome::Nothing);
        }
    };
    if terminal.tty {
        // To a person: without letters that would draw on the terminal, and the prompt on a line of its own.
        writeln!(out, "{}", block(value.trim_end_matches('\n')))?;
    } else {
        out.write_all(value.as_bytes())?;
    }
    Ok(Outcome::Done)
}

/// The step a number or an id means.
pub(crate) fn find<'a>(
    session: &mut Session,
    document: &DocumentView,
    runs: &[(u64, &'a RunView)],
    wanted: &str,
) -> Result<Found<'a>, String> {
    if runs.iter().all(|(_, run)| run.steps == 0) {
        return Err(no_runs(document));
    }
    if let Ok(number) = wanted.parse::<u64>() {
        for &(first, run) in runs {
            if let Some(step) = number.checked_sub(first).filter(|step| *step < u64::from(run.steps)) {
                return Ok(Found { run, step: u32::try_from(step).unwrap_or(u32::MAX), number });
            }
        }
    }
    let mut found = Vec::new();
    for &(first, run) in runs {
        let walked: Result<(), ()> = walk(session, run.run, |session, row| {
            if step(session, run.run, row.row.step).is_some_and(|view| view.id == wanted) {
                found.push(Found { run, step: row.row.step, number: first + u64::from(row.row.step) });
            }
            Ok(())
        });
        // The walk itself never fails.
        let _ = walked;
    }
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(match (runs.first(), runs.last()) {
            (Some((first, _)), Some((last, run))) => format!(
                "There is no step {}: the numbers go from {first} to {}, and no step has this id.",
                line(wanted),
                (last + u64::from(run.steps)).saturating_sub(1)
            ),
            _ => no_runs(document),
        }),
        several => {
            let numbers: Vec<String> = several.iter().take(12).map(|found| found.number.to_string()).collect();
            let more = if several.len() > numbers.len() { ", …" } else { "" };
            Err(format!(
                "{} steps have the id {}: numbers {}{more}. Name one by its number.",
                several.len(),
                line(wanted),
                numbers.join(", ")
            ))
        }
    }
}

/// The exact text of a value, or a sentence why there is none.
fn exact(session: &mut Session, view: &StepView, label: &str, found: Found<'_>) -> Result<String, String> {
    let name = label.to_lowercase();
    let Some(tab) = view.values.iter().find(|tab| tab.label == label) else {
        return Err(format!("Step {} ({}) has no {name} in this file.", found.number, line(&view.name)));
    };
    if !tab.missing.is_empty() {
        return Err(format!("Step {} ({}) has no {name}: {}.", found.number, line(&view.name), tab.missing));
    }
    text(session, &tab.part)
}

fn text(session: &mut Session, part: &Part) -> Result<String, String> {
    let value = match session.answer(Request::Open { part: part.clone(), as_text: true }) {
        Answer::Value(info) => info.value,
        Answer::Refused { message } => return Err(message),
        _ => return Err("The value could not be read.".to_owned()),
    };
    let answer = session.answer(Request::ValueText { value, node: None });
    session.answer(Request::ValueClose { value });
    match answer {
        Answer::Text { text } => Ok(text),
        Answer::Refused { message } => Err(message),
        _ => Err("The value could not be read.".to_owned()),
    }
}

fn summary(
    session: &mut Session,
    found: Found<'_>,
    view: &StepView,
    file: &OsString,
    out: &mut dyn Write,
    terminal: Terminal,
) -> io::Result<()> {
    let (sign, paint) = view.status.map_or(("·", Paint::Quiet), mark);
    let status = view.status.map_or("", chaindebug_core::model::Status::name);
    writeln!(
        out,
        "{} {}  {}, {}",
        terminal.paint(paint, sign),
        terminal.paint(Paint::Strong, &line(&view.name)),
        view.kind.name(),
        terminal.paint(paint, status)
    )?;
    for (label, text) in facts(found, view) {
        writeln!(out, "  {}  {}", terminal.paint(Paint::Quiet, &format!("{label:<9}")), line(&text))?;
    }
    for note in &view.notes {
        writeln!(out, "  {} {}", terminal.paint(Paint::Doubt, "!"), line(note))?;
    }
    if let Some(error) = &view.error {
        let what: Vec<&str> = [&*error.kind, &*error.message].into_iter().filter(|text| !text.is_empty()).collect();
        writeln!(out, "\n{} {}", terminal.paint(Paint::Bad, "Error"), block(&what.join(": ")))?;
        if !error.stack.is_empty() {
            writeln!(out, "{}", block(error.stack.trim_end()))?;
        }
    }
    for tab in view.values.iter().filter(|tab| matches!(tab.label.as_str(), "Input" | "Output")) {
        glimpse(session, tab, found, file, out, terminal)?;
    }
    if !view.events.is_empty() {
        writeln!(out, "\n{}", terminal.paint(Paint::Strong, "Events"))?;
        for event in &view.events {
            let time = event.time.map_or_else(String::new, duration);
            writeln!(out, "  {time:>11}  {}  {}", line(&event.name), line(&event.brief))?;
        }
    }
    Ok(())
}

fn facts(found: Found<'_>, view: &StepView) -> Vec<(String, String)> {
    let mut facts = vec![("step".to_owned(), found.number.to_string())];
    let mut fact = |label: &str, text: String| {
        if !text.is_empty() {
            facts.push((label.to_owned(), text));
        }
    };
    fact("id", view.id.clone());
    fact(
        "run",
        if found.run.name.is_empty() { found.run.id.clone() } else { format!("{} ({})", found.run.name, found.run.id) },
    );
    if let Some((step, name)) = &view.parent {
        let number = found.number.saturating_sub(found.step.into()).saturating_add((*step).into());
        fact("parent", format!("{name} (step {number})"));
    }
    if view.visit.1 > 1 {
        fact("visit", format!("{} of {}", view.visit.0, view.visit.1));
    }
    fact("started", view.started.clone().unwrap_or_default());
    fact("took", view.duration.map_or_else(String::new, duration));
    fact("model", view.model.clone());
    let repeated = if view.usage_repeated { " (counted in the steps below it)" } else { "" };
    let consumed = usage(&view.usage);
    fact("usage", if consumed.is_empty() { consumed } else { format!("{consumed}{repeated}") });
    for stated in &view.facts {
        fact(&stated.label, stated.text.clone());
    }
    if view.attributes > 0 {
        let unknown = match view.unknown_attributes {
            0 => String::new(),
            n => format!(", {n} of them not understood"),
        };
        fact("holds", format!("{}{unknown}", count(view.attributes.into(), "attribute", "attributes")));
    }
    facts
}

/// The beginning of a value, and how to see all of it.
fn glimpse(
    session: &mut Session,
    tab: &ValueTab,
    found: Found<'_>,
    file: &OsString,
    out: &mut dyn Write,
    terminal: Terminal,
) -> io::Result<()> {
    writeln!(out)?;
    let label = terminal.paint(Paint::Strong, &tab.label);
    if !tab.missing.is_empty() {
        return writeln!(out, "{label}  {}", terminal.paint(Paint::Quiet, &tab.missing));
    }
    let text = match text(session, &tab.part) {
        Ok(text) => text,
        Err(why) => return writeln!(out, "{label}  {}", line(&why)),
    };
    writeln!(out, "{label}")?;
    let letters: String = text.chars().take(GLIMPSE_LETTERS).collect();
    let shown: String = letters.split_inclusive('\n').take(GLIMPSE_LINES).collect();
    for row in shown.lines() {
        writeln!(out, "  {}", block(row))?;
    }
    let left = text.len().saturating_sub(shown.len());
    if left > 0 {
        let more = format!(
            "… {} more: chaindebug show {} {} --{}",
            count(left as u64, "byte", "bytes"),
            crate::file::name_of(file),
            found.number,
            tab.label.to_lowercase()
        );
        writeln!(out, "  {}", terminal.paint(Paint::Quiet, &line(&more)))?;
    }
    Ok(())
}
