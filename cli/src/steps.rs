//! `chaindebug steps`: the steps of a file as a tree, and which step a number or an id means.
//!
//! Steps are numbered from 0 through all runs of the file, so that a number means one step without naming its run.

use crate::terminal::{Paint, Terminal, columns, count, duration, fit, grouped, line, mark};
use crate::{Outcome, open, say};
use chaindebug_core::model::{Kind, Status, Usage};
use chaindebug_core::protocol::{Answer, DocumentView, PipelineView, Request, RunView, StepView, TableRow, TableSort};
use chaindebug_core::session::Session;
use clap::Args;
use serde_json::json;
use std::ffi::OsString;
use std::io::{self, Write};

/// Rows asked for at a time.
const WINDOW: u32 = 1000;
/// Levels of the tree that are indented; deeper ones stand below each other, with their depth in words.
const DEEPEST: u32 = 20;

/// What was asked for.
#[derive(Debug, Args)]
#[cfg_attr(test, derive(PartialEq))]
pub(crate) struct Asked {
    /// The file with the run
    file: OsString,
    /// Only this run: its number from 0, its id, or the beginning of its id
    #[arg(long)]
    run: Option<String>,
    /// Print one JSON document instead of text
    #[arg(long)]
    json: bool,
}

/// Prints the steps of one file.
pub(crate) fn run(asked: &Asked, out: &mut dyn Write, terminal: Terminal) -> io::Result<Outcome> {
    let Asked { file, run: wanted, json } = asked;
    let mut session = Session::new();
    let Some(document) = open::one(&mut session, file) else { return Ok(Outcome::Nothing) };
    let runs = match choose(&document, wanted.as_deref()) {
        Ok(runs) => runs,
        Err(wrong) => return Ok(Outcome::Usage(wrong)),
    };
    if *json {
        return print_json(&mut session, &document, &runs, out).map(|()| Outcome::Done);
    }
    if runs.is_empty() {
        say(&no_runs(&document));
    }
    for (i, (first, run)) in runs.iter().enumerate() {
        if i > 0 {
            writeln!(out)?;
        }
        let facts = format!("{}, id {}", count(run.steps.into(), "step", "steps"), line(&run.id));
        let name = line(&run.name);
        writeln!(out, "{}  {}", terminal.paint(Paint::Strong, &name), terminal.paint(Paint::Quiet, &facts))?;
        print_tree(&mut session, run, *first, out, terminal)?;
    }
    Ok(Outcome::Done)
}

/// Why there are no steps.
pub(crate) fn no_runs(document: &DocumentView) -> String {
    match document.pipelines.first() {
        Some(pipeline) => format!(
            "There are no steps: {} defines a pipeline ({}), and holds no run of one.",
            line(&document.file),
            count(pipeline.nodes.into(), "node", "nodes")
        ),
        None => format!("There are no steps in {}.", line(&document.file)),
    }
}

/// The runs asked for, each with the number of its first step.
pub(crate) fn choose<'a>(document: &'a DocumentView, wanted: Option<&str>) -> Result<Vec<(u64, &'a RunView)>, String> {
    let mut first = 0;
    let numbered: Vec<(u64, &RunView)> = document
        .runs
        .iter()
        .map(|run| {
            let here = first;
            first += u64::from(run.steps);
            (here, run)
        })
        .collect();
    let Some(wanted) = wanted else { return Ok(numbered) };
    let whole: Vec<_> = numbered.iter().copied().filter(|(_, run)| run.id == wanted).collect();
    if !whole.is_empty() {
        return Ok(whole);
    }
    if let Some(run) = wanted.parse().ok().and_then(|number: usize| numbered.get(number)) {
        return Ok(vec![*run]);
    }
    let begins: Vec<_> = numbered.iter().copied().filter(|(_, run)| run.id.starts_with(wanted)).collect();
    match begins.as_slice() {
        [_] => Ok(begins),
        [] => Err(format!("There is no run {wanted}: the file has {}.", list(&numbered))),
        _ => Err(format!("{wanted} begins several ids: {}.", list(&begins))),
    }
}

fn list(runs: &[(u64, &RunView)]) -> String {
    let ids: Vec<String> = runs.iter().take(8).map(|(_, run)| line(&run.id)).collect();
    let more = runs.len().saturating_sub(ids.len());
    let runs = count(runs.len() as u64, "run", "runs");
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{runs} ({}{more})", ids.join(", "))
}

/// Calls `each` with all steps of a run, in tree order.
pub(crate) fn walk<E>(
    session: &mut Session,
    run: u32,
    mut each: impl FnMut(&mut Session, TableRow) -> Result<(), E>,
) -> Result<(), E> {
    let mut from = 0;
    loop {
        let sort = TableSort::Order;
        let table = match session.answer(Request::Table { run, sort, descending: false, from, count: WINDOW }) {
            Answer::Table(table) => table,
            _ => return Ok(()),
        };
        if table.rows.is_empty() {
            return Ok(());
        }
        from = from.saturating_add(u32::try_from(table.rows.len()).unwrap_or(WINDOW));
        for row in table.rows {
            each(session, row)?;
        }
    }
}

/// One step as the inspector sees it.
pub(crate) fn step(session: &mut Session, run: u32, step: u32) -> Option<Box<StepView>> {
    match session.answer(Request::Step { run, step }) {
        Answer::Step(view) => Some(view),
        _ => None,
    }
}

fn print_tree(
    session: &mut Session,
    run: &RunView,
    first: u64,
    out: &mut dyn Write,
    terminal: Terminal,
) -> io::Result<()> {
    let digits = columns(&(first + u64::from(run.steps.saturating_sub(1))).to_string());
    let mut widest = 0;
    walk(session, run.run, |_, row| {
        widest = widest.max(columns(&label(&row)));
        Ok::<(), io::Error>(())
    })?;
    // Number, mark, then the name; kind (9), duration (11) and tokens (8) stand right of it.
    let rest = digits + 4 + 2 + 9 + 1 + 11 + 2 + 8;
    let room = terminal.width.map_or(100, |width| width.saturating_sub(rest).max(16));
    let width = widest.min(room);
    walk(session, run.run, |_, row| {
        let (sign, paint) = mark(row.row.status);
        let tokens = row.row.tokens.map_or_else(String::new, |tokens| format!("{:>6} t", grouped(tokens)));
        let length = row.row.duration.map_or_else(String::new, duration);
        let text = format!(
            "{:>digits$}  {} {}  {:<9} {length:>11}  {tokens}",
            first + u64::from(row.row.step),
            terminal.paint(paint, sign),
            fit(&label(&row), width, terminal.tty),
            row.row.kind.name(),
        );
        let remarks = row.row.remarks.join("; ");
        let remarks =
            if remarks.is_empty() { remarks } else { format!("  {}", terminal.paint(Paint::Doubt, &remarks)) };
        writeln!(out, "{}", format!("{text}{remarks}").trim_end())
    })
}

/// The name behind its indentation.
fn label(row: &TableRow) -> String {
    let depth = row.row.depth;
    let indent = "  ".repeat(depth.min(DEEPEST) as usize);
    let deep = if depth > DEEPEST { format!("[level {depth}] ") } else { String::new() };
    format!("{indent}{deep}{}", line(&row.row.name))
}

/// One step in the JSON of `steps`.
#[derive(serde::Serialize)]
struct StepJson<'a> {
    step: u64,
    id: &'a str,
    parent: Option<&'a str>,
    depth: u32,
    name: &'a str,
    kind: Kind,
    status: Status,
    start: Option<&'a str>,
    duration_ns: Option<i64>,
    model: &'a str,
    usage: &'a Usage,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    remarks: &'a [String],
}

/// The JSON is written step by step, so that a large run needs no memory for it.
fn print_json(
    session: &mut Session,
    document: &DocumentView,
    runs: &[(u64, &RunView)],
    out: &mut dyn Write,
) -> io::Result<()> {
    write!(out, "{{\n  \"runs\": [")?;
    for (i, (first, run)) in runs.iter().enumerate() {
        let comma = if i > 0 { "," } else { "" };
        let (id, name) = (serde_json::to_string(&run.id)?, serde_json::to_string(&run.name)?);
        write!(
            out,
            "{comma}\n    {{\n      \"run\": {}, \"id\": {id}, \"name\": {name},\n      \"steps\": [",
            run.run
        )?;
        // Ids of the steps around the present one, outermost first.
        let mut around: Vec<String> = Vec::new();
        let mut any = false;
        walk(session, run.run, |session, row| {
            let view = step(session, run.run, row.row.step);
            around.truncate(row.row.depth as usize);
            let json = StepJson {
                step: first + u64::from(row.row.step),
                id: view.as_ref().map_or("", |view| &view.id),
                parent: around.last().map(String::as_str),
                depth: row.row.depth,
                name: &row.row.name,
                kind: row.row.kind,
                status: row.row.status,
                start: view.as_ref().and_then(|view| view.started.as_deref()),
                duration_ns: row.row.duration.map(|length| length.0),
                model: &row.model,
                usage: &row.usage,
                remarks: &row.row.remarks,
            };
            write!(out, "{}\n        ", if any { "," } else { "" })?;
            any = true;
            serde_json::to_writer(&mut *out, &json)?;
            around.push(view.map_or_else(String::new, |view| view.id));
            Ok::<(), io::Error>(())
        })?;
        write!(out, "\n      ]\n    }}")?;
    }
    let pipelines: Vec<_> = document.pipelines.iter().map(|pipeline| defined(session, pipeline)).collect();
    writeln!(out, "\n  ],\n  \"pipelines\": {}\n}}", serde_json::to_string(&pipelines)?)
}

/// The steps that a pipeline defines: they are no steps of a run, and have neither numbers nor times.
fn defined(session: &mut Session, pipeline: &PipelineView) -> serde_json::Value {
    let asked = Request::PipelineFlow { pipeline: pipeline.pipeline, reader: None, run: None };
    let nodes = match session.answer(asked) {
        Answer::Flow(flow) => flow.nodes,
        _ => Vec::new(),
    };
    let steps: Vec<_> = nodes.iter().map(|node| json!({ "id": node.id, "name": node.label })).collect();
    json!({ "name": pipeline.name, "steps": steps })
}
