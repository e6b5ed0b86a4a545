//! `chaindebug open`: what each file is, and what is wrong with it.

use crate::args::input_once;
use crate::file::{self, As};
use crate::terminal::{Paint, Terminal, count, duration, line, usage};
use crate::{Outcome, say};
use crate::{formats, mapping, prices, sheet};
use chaindebug_core::model::{Diagnostic, Nanos, Severity};
use chaindebug_core::protocol::{DocumentView, Request, RunView, SheetView};
use chaindebug_core::session::{Session, belongs};
use clap::Args;
use std::ffi::OsString;
use std::io::{self, Write};

/// What was asked for.
#[derive(Debug, Args)]
#[cfg_attr(test, derive(PartialEq))]
pub(crate) struct Asked {
    /// Traces, runs, pipelines; several may be given
    #[arg(value_name = "FILE", required = true)]
    files: Vec<OsString>,
    /// Read them as this format, whatever is found in them; `chaindebug formats` lists the ids
    #[arg(long = "as", value_name = "FORMAT", value_parser = formats::ids())]
    format: Option<String>,
    /// Print one JSON document instead of text
    #[arg(long)]
    json: bool,
    /// Read the files by this mapping of their fields; see `chaindebug mapping`
    #[arg(long, value_name = "MAPPING", conflicts_with = "format")]
    mapping: Option<OsString>,
    /// Work out what steps cost where the file does not say, by this price table
    #[arg(long, value_name = "PRICES")]
    prices: Option<OsString>,
}

#[derive(serde::Serialize)]
struct Documents {
    documents: Vec<DocumentView>,
    /// For each file, when a price table was given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    prices: Vec<prices::Worked>,
}

/// Opens all files, the broken ones too, and prints what came of them.
pub(crate) fn run(asked: &Asked, out: &mut dyn Write, terminal: Terminal) -> io::Result<Outcome> {
    let Asked { files, format, json, mapping, prices: table } = asked;
    if let Err(wrong) = input_once(files.iter().map(OsString::as_os_str)) {
        return Ok(Outcome::Usage(wrong));
    }
    let (mapping, table) =
        match (mapping.as_deref().map(mapping::read).transpose(), table.as_deref().map(prices::read).transpose()) {
            (Ok(mapping), Ok(table)) => (mapping, table),
            (Err(wrong), _) | (_, Err(wrong)) => return Ok(Outcome::Usage(wrong)),
        };
    let what = match (&mapping, format) {
        (Some(mapping), _) => As::Mapping(mapping),
        (None, Some(format)) => As::Format(format),
        (None, None) => As::Content,
    };
    let (mut documents, mut tables, mut costs) = (Vec::<DocumentView>::new(), Vec::new(), Vec::new());
    // Which documents are of no known format, with fields like those of steps.
    let mut mappable = Vec::new();
    // The files each document was read from, when they can be read once more.
    let mut sources: Vec<Vec<&OsString>> = Vec::new();
    // What a person chose, or is worked out for each file, holds for the files as they are.
    let plain = mapping.is_none() && format.is_none() && table.is_none();
    for file in files {
        // A session for each: a file is told of as it is, whatever stands beside it, and its memory is given back.
        let mut session = Session::new();
        if let Some(table) = &table {
            session.answer(Request::SetPrices { table: Some(table.clone()) });
        }
        // An archive may hold several.
        for document in file::open_all(&mut session, file, what) {
            let whole = file != "-" && file::name_of(file) == document.file;
            if let Some(host) = host(&documents, &sources, &document).filter(|_| whole && plain)
                && let Some(group) = sources.get_mut(host)
            {
                group.push(file);
                let mut session = Session::new();
                let joined = join(&mut session, group);
                if let (Some(at), Some(table)) = (documents.get_mut(host), tables.get_mut(host)) {
                    *table = sheet::of(&mut session, &joined);
                    *at = joined;
                }
                continue;
            }
            let unknown = !file::was_read(&document) && plain;
            mappable.push(unknown && mapping::fits(&mut session, &document));
            tables.push(sheet::of(&mut session, &document));
            sources.push(if whole { vec![file] } else { Vec::new() });
            documents.push(document);
        }
        costs.extend(table.as_ref().and_then(|_| prices::worked(&mut session)));
    }
    let outcome = if documents.iter().any(file::was_read) { Outcome::Done } else { Outcome::Nothing };
    if *json {
        serde_json::to_writer_pretty(&mut *out, &Documents { documents, prices: costs }).map_err(io::Error::from)?;
        writeln!(out)?;
        return Ok(outcome);
    }
    for (i, document) in documents.iter().enumerate() {
        if i > 0 {
            writeln!(out)?;
        }
        print(document, tables.get(i).map_or(&[][..], Vec::as_slice), out, terminal)?;
        if mappable.get(i) == Some(&true) {
            let hint = "its fields look like steps: `chaindebug mapping FILE` says how, --mapping reads it by them";
            writeln!(out, "  {}", terminal.paint(Paint::Quiet, hint))?;
        }
    }
    for worked in &costs {
        prices::print(worked, out, terminal)?;
    }
    compare(files, &documents, out, terminal)?;
    Ok(outcome)
}

/// The document among those before that a new one belongs to, when its files can be read once more.
fn host(documents: &[DocumentView], sources: &[Vec<&OsString>], new: &DocumentView) -> Option<usize> {
    let mut pairs = documents.iter().zip(sources);
    pairs.position(|(open, files)| !files.is_empty() && belongs(open, new).is_some())
}

/// Several files as one document.
fn join(session: &mut Session, files: &[&OsString]) -> DocumentView {
    let mut joined: Option<DocumentView> = None;
    for file in files {
        joined = Some(file::open_into(session, file, joined.map(|document| document.document)));
    }
    joined.unwrap_or_else(|| file::open_into(session, &OsString::new(), None))
}

/// Two files of benchmarks are also told side by side.
fn compare(files: &[OsString], documents: &[DocumentView], out: &mut dyn Write, terminal: Terminal) -> io::Result<()> {
    let benchmarks = |document: &DocumentView| {
        document.format == "ia-modules-benchmark" && document.sheets.iter().any(|sheet| sheet.name == "Benchmarks")
    };
    let found: Vec<&OsString> = files
        .iter()
        .zip(documents)
        .filter(|(file, document)| *file != "-" && file::name_of(file) == document.file && benchmarks(document))
        .map(|(file, _)| file)
        .collect();
    let [first, second] = found.as_slice() else { return Ok(()) };
    let mut session = Session::new();
    let opened = file::open(&mut session, first);
    let both = file::open_into(&mut session, second, Some(opened.document));
    if both.sheets.len() > 2 {
        writeln!(out)?;
        for table in sheet::of(&mut session, &both).iter().take(1) {
            sheet::print(table, out, terminal)?;
        }
        for diagnostic in &both.diagnostics {
            print_diagnostic(diagnostic, out, terminal)?;
        }
    }
    Ok(())
}

fn print(document: &DocumentView, tables: &[SheetView], out: &mut dyn Write, terminal: Terminal) -> io::Result<()> {
    let name = if document.file == "-" { "standard input" } else { &document.file };
    let more = document.files.get(1..).unwrap_or(&[]);
    let all = more.iter().fold(line(name), |all, name| format!("{all} + {}", line(name)));
    writeln!(out, "{}", terminal.paint(Paint::Strong, &all))?;
    if !document.explanation.is_empty() {
        writeln!(out, "  {}", line(&document.explanation))?;
    }
    for verdict in &document.verdicts {
        for sentence in &verdict.not_understood {
            writeln!(out, "  {}", terminal.paint(Paint::Quiet, &line(sentence)))?;
        }
        if !verdict.also.is_empty() {
            let also: Vec<&str> = verdict.also.iter().map(|format| format.id.as_str()).collect();
            let also = format!("its signs also fit {}; --as FORMAT reads it as one of them", also.join(", "));
            writeln!(out, "  {}", terminal.paint(Paint::Quiet, &also))?;
        }
    }
    for (i, run) in document.runs.iter().enumerate() {
        print_run(i, run, out, terminal)?;
    }
    for pipeline in &document.pipelines {
        let size = format!(
            "{}, {}",
            count(pipeline.nodes.into(), "node", "nodes"),
            count(pipeline.edges.into(), "edge", "edges")
        );
        let name = line(&pipeline.name);
        writeln!(out, "  pipeline {}  {}  {size}", terminal.paint(Paint::Strong, &name), pipeline.dialect)?;
    }
    for table in tables {
        sheet::print(table, out, terminal)?;
    }
    // What could not be opened has said so in its explanation.
    let said = |diagnostic: &&Diagnostic| diagnostic.message != document.explanation;
    for diagnostic in document.diagnostics.iter().filter(said) {
        print_diagnostic(diagnostic, out, terminal)?;
    }
    Ok(())
}

fn print_run(number: usize, run: &RunView, out: &mut dyn Write, terminal: Terminal) -> io::Result<()> {
    let mut facts = vec![count(run.steps.into(), "step", "steps")];
    if run.roots != 1 {
        facts.push(count(run.roots.into(), "root", "roots"));
    }
    if run.orphans > 0 {
        facts.push(count(run.orphans.into(), "orphan", "orphans"));
    }
    facts.extend(run.duration_ns.map(|length| duration(Nanos(length))));
    let consumed = usage(&run.usage);
    if !consumed.is_empty() {
        facts.push(consumed);
    }
    let name = line(if run.name.is_empty() { &run.id } else { &run.name });
    write!(out, "  run {number}  {}  {}", terminal.paint(Paint::Strong, &name), facts.join(", "))?;
    if run.errors > 0 {
        let errors = format!("✗ {}", count(run.errors.into(), "error", "errors"));
        write!(out, "  {}", terminal.paint(Paint::Bad, &errors))?;
    }
    writeln!(out)?;
    let mut under = vec![format!("id {}", line(&run.id))];
    under.extend(run.start.as_ref().map(|start| format!("started {start}")));
    writeln!(out, "         {}", terminal.paint(Paint::Quiet, &under.join(", ")))
}

fn print_diagnostic(diagnostic: &Diagnostic, out: &mut dyn Write, terminal: Terminal) -> io::Result<()> {
    let (word, paint) = match diagnostic.severity {
        Severity::Error => ("✗ error", Paint::Bad),
        Severity::Warning => ("! warning", Paint::Doubt),
        Severity::Info => ("i note", Paint::Quiet),
    };
    let place = match (diagnostic.line, diagnostic.column, &diagnostic.path) {
        (Some(row), Some(column), _) => format!(" (line {row}, column {column})"),
        (Some(row), None, _) => format!(" (line {row})"),
        (None, _, Some(path)) => format!(" (at {})", line(path)),
        _ => String::new(),
    };
    writeln!(
        out,
        "  {} {}{} {}",
        terminal.paint(paint, word),
        line(&diagnostic.message),
        place,
        terminal.paint(Paint::Quiet, &format!("[{}]", diagnostic.code))
    )
}

/// For the commands that need one file: opens it, or says why not.
pub(crate) fn one(session: &mut Session, name: &OsString) -> Option<DocumentView> {
    readable(file::open(session, name))
}

/// The document, where something of it could be read; else what is wrong with it is said.
pub(crate) fn readable(document: DocumentView) -> Option<DocumentView> {
    if file::was_read(&document) {
        return Some(document);
    }
    say(&line(&document.explanation));
    for diagnostic in document.diagnostics.iter().filter(|diagnostic| diagnostic.message != document.explanation) {
        say(&line(&diagnostic.message));
    }
    None
}
