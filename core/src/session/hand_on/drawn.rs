//! What is exported and is no run as such: tables, flowcharts, pages, texts; and what the file is called.

use super::exporting::{Begun, ROWS, Work};
use super::scanning::text_of;
use crate::export::{chart, csv, full_step::Ids, svg};
use crate::flow::run_flow;
use crate::protocol::{Answer, CompareOptions, Drawing, ExportFormat, Exported, Request, TableSort};
use crate::session::Session;
use crate::session::pipelines::draw::drawn;
use crate::view::index::RunIndex;
use crate::view::table::TableState;

/// A sentence when what is asked for cannot be written.
pub(super) fn check(session: &Session, what: &Exported) -> Result<(), String> {
    let shelf = session.shelf();
    for &run in &what.runs {
        shelf.sight(run)?;
    }
    if let Some(pipeline) = what.pipeline {
        document_of(session, pipeline)?;
    }
    let (runs, pipeline) = (what.runs.len(), what.pipeline.is_some());
    let wrong = match what.to {
        ExportFormat::Jsonl | ExportFormat::Otlp if runs == 0 => "Name the runs that are to be written.",
        ExportFormat::Csv if runs != 1 => "A table is of one run.",
        ExportFormat::Svg | ExportFormat::Mermaid | ExportFormat::Dot
            if (runs, pipeline) != (1, false) && (runs, pipeline) != (0, true) =>
        {
            "A flowchart is of one run, or of one pipeline."
        }
        ExportFormat::Markdown if !(runs == 2 && !pipeline || runs == 0 && pipeline) => {
            "A Markdown page is about two runs that are compared, or about one pipeline."
        }
        ExportFormat::Text if what.document.is_some() == what.text.is_some() => {
            "Name the document whose text is to be written, or give a text, and not both."
        }
        _ if what.to != ExportFormat::Text && what.text.is_some() => "A text is written as `text` and as nothing else.",
        _ => return what.document.map_or(Ok(()), |document| shelf.document(document).map(|_| ())),
    };
    Err(wrong.to_owned())
}

fn document_of(session: &Session, pipeline: u32) -> Result<u32, String> {
    let missing = || format!("There is no pipeline {pipeline}.");
    session.pipelines.get(pipeline as usize).map(|key| key.0).ok_or_else(missing)
}

/// The documents whose text leaves, or is what leaves is made from.
pub(super) fn documents(session: &Session, what: &Exported) -> Result<Vec<u32>, String> {
    match (what.to, what.pipeline) {
        (ExportFormat::Text, _) => Ok(what.document.into_iter().collect()),
        (_, Some(pipeline)) => Ok(vec![document_of(session, pipeline)?]),
        _ => Ok(Vec::new()),
    }
}

/// Which pipeline of its document a pipeline is.
pub(super) fn within_document(session: &Session, what: &Exported) -> Result<u32, String> {
    let found = what.pipeline.and_then(|pipeline| session.pipelines.get(pipeline as usize));
    found.map(|key| key.1).ok_or_else(|| "There is no such pipeline.".to_owned())
}

/// The name of a document's first file.
pub(super) fn file_name(session: &Session, document: u32) -> String {
    let opened = session.opened.get(document as usize).and_then(Option::as_ref);
    opened.and_then(|opened| opened.document.files.first()).map(|file| file.name.clone()).unwrap_or_default()
}

/// What the format cannot hold, or does to what it holds.
pub(super) fn notes(what: &Exported) -> Vec<String> {
    let note = match what.to {
        ExportFormat::Jsonl => {
            "Diagnostics, facts and notes about steps are not written: they are made anew when the file is opened."
        }
        ExportFormat::Otlp => "What OpenTelemetry has no field for stands in attributes that begin with `chaindebug.`.",
        ExportFormat::Csv => csv::NOTE,
        _ => return Vec::new(),
    };
    vec![note.to_owned()]
}

/// How the file could be called, and its media type. A redacted one is not called after the file it is from.
pub(super) fn name(session: &Session, what: &Exported, redacted: bool) -> (String, &'static str) {
    let (ending, media) = match what.to {
        ExportFormat::Jsonl => ("chaindebug.jsonl", "application/x-ndjson"),
        ExportFormat::Otlp => ("otlp.json", "application/json"),
        ExportFormat::Csv => ("steps.csv", "text/csv"),
        ExportFormat::Svg => ("flow.svg", "image/svg+xml"),
        ExportFormat::Mermaid => ("flow.mmd", "text/vnd.mermaid"),
        ExportFormat::Dot => ("flow.dot", "text/vnd.graphviz"),
        ExportFormat::Markdown if what.pipeline.is_some() => ("pipeline.md", "text/markdown"),
        ExportFormat::Markdown => ("diff.md", "text/markdown"),
        ExportFormat::Text => ("txt", "text/plain"),
    };
    let document = match (what.to, what.pipeline, what.runs.first()) {
        (ExportFormat::Text, ..) => what.document,
        (_, Some(pipeline), _) => document_of(session, pipeline).ok(),
        (_, None, Some(&run)) => session.runs.get(run as usize).map(|key| key.0),
        _ => None,
    };
    let file = document.map(|document| file_name(session, document)).unwrap_or_default();
    let file = file.rsplit(['/', '\\']).next().unwrap_or_default();
    if what.to == ExportFormat::Text {
        let ending = file.rsplit_once('.').map_or(ending, |(_, ending)| ending);
        let file = if file.is_empty() { "text.txt" } else { file };
        return if redacted { (format!("redacted.{ending}"), media) } else { (file.to_owned(), media) };
    }
    let stem = match file.split('.').next() {
        Some(stem) if !stem.is_empty() && !redacted => stem,
        _ if redacted => "redacted",
        _ => "run",
    };
    (format!("{stem}.{ending}"), media)
}

/// Begins what is no plain list of runs.
pub(super) fn begin(session: &mut Session, what: &Exported) -> Result<Begun, String> {
    let options = session.options_of(&what.runs);
    begin_in(session, what, &options)
}

/// As [`begin`], comparing as is said.
pub(super) fn begin_in(session: &mut Session, what: &Exported, options: &CompareOptions) -> Result<Begun, String> {
    let drawing = match what.to {
        ExportFormat::Csv => {
            let run = what.runs.first().copied().unwrap_or_default();
            return Table::new(session, run, what.sort.unwrap_or(TableSort::Order), what.descending).map(Work::table);
        }
        ExportFormat::Text => {
            let given = what.text.clone().map(Ok);
            return given.unwrap_or_else(|| text_of(session, what.document.unwrap_or_default())).map(Work::made);
        }
        ExportFormat::Svg => Drawing::Svg,
        ExportFormat::Mermaid => Drawing::Mermaid,
        ExportFormat::Dot => Drawing::Dot,
        _ => Drawing::Markdown,
    };
    if let Some(pipeline) = what.pipeline {
        return drawn(session, pipeline, drawing, what.theme).map(Work::made);
    }
    if let (Drawing::Markdown, &[a, b]) = (drawing, what.runs.as_slice()) {
        return compared(session, (a, b), options).map(Work::made);
    }
    let run = what.runs.first().copied().unwrap_or_default();
    let (sight, _) = session.shelf().sight(run)?;
    let index = RunIndex::new(sight.run);
    let view = run_flow(sight.run, &index, &sight.document.names, what.fold, &what.toggled).view;
    let name = &sight.run.name;
    Ok(Work::made(match drawing {
        Drawing::Mermaid => chart::mermaid(&view),
        Drawing::Dot => chart::dot(&view, name),
        _ => svg(&view, name, what.theme),
    }))
}

/// Two runs laid on each other, as Markdown; another comparison that the session holds stays as it is.
fn compared(session: &mut Session, runs: (u32, u32), options: &CompareOptions) -> Result<String, String> {
    let other = if session.compares(runs) { None } else { session.comparing.take() };
    let report = report(session, runs, options);
    if other.is_some() {
        session.comparing = other;
    }
    report
}

fn report(session: &mut Session, (a, b): (u32, u32), options: &CompareOptions) -> Result<String, String> {
    let failed = || "The runs cannot be compared.".to_owned();
    loop {
        let asked = Request::Compare { a, b, options: options.clone() };
        match session.about_comparisons(&asked).ok_or_else(failed)?? {
            Answer::Comparison(view) if view.done => break,
            _ => {}
        }
    }
    match session.about_comparisons(&Request::DiffReport).ok_or_else(failed)?? {
        Answer::Text { text } => Ok(text),
        _ => Err(failed()),
    }
}

/// A table of steps that is written window by window.
pub(super) struct Table {
    /// The session it is of, where that is not the one that is asked.
    own: Option<Box<Session>>,
    run: u32,
    sort: TableSort,
    descending: bool,
    index: RunIndex,
    ids: Ids,
    state: TableState,
    at: u32,
    total: u32,
}

impl Table {
    fn new(session: &Session, run: u32, sort: TableSort, descending: bool) -> Result<Table, String> {
        let (sight, _) = session.shelf().sight(run)?;
        Ok(Table {
            own: None,
            run,
            sort,
            descending,
            index: RunIndex::new(sight.run),
            ids: Ids::new(sight.run, &sight.document.names),
            state: TableState::default(),
            at: 0,
            total: u32::try_from(sight.run.steps.len()).unwrap_or(u32::MAX),
        })
    }

    pub(super) fn within(mut self, own: Session) -> Table {
        self.own = Some(Box::new(own));
        self
    }

    pub(super) fn progress(&self) -> f32 {
        self.at as f32 / self.total.max(1) as f32
    }

    /// Writes on until there is a piece; whether that was all.
    pub(super) fn more(&mut self, session: &Session, out: &mut String, most: usize) -> Result<bool, String> {
        let session = self.own.as_deref().unwrap_or(session);
        let (sight, _) = session.shelf().sight(self.run)?;
        if self.at == 0 {
            out.push_str(csv::HEADER);
        }
        while self.at < self.total && out.len() < most {
            let (sort, names) = (self.sort, &sight.document.names);
            let window = self.state.rows(sight.run, &self.index, names, sort, self.descending, self.at, ROWS);
            for row in &window.rows {
                let start = sight.run.steps.start.get(row.row.step as usize).copied().flatten();
                csv::row(row, self.ids.of(sight, row.row.step), start, out);
            }
            self.at = self.at.saturating_add(ROWS).min(self.total);
        }
        Ok(self.at >= self.total)
    }
}
