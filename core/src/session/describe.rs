//! Documents as faces see them: the summary, and the sentence that explains how a file was read.

use super::{Opened, Session};
use crate::FULL;
use crate::dialect::Dialect;
use crate::model::{Diagnostic, Document, Pipeline, Run, Severity};
use crate::order::Order as _;
use crate::overlay::Match;
use crate::protocol::{DocumentView, EngineId, PipelineView, RunView};
use crate::source::Source;
use crate::wording::counted;
use std::rc::Rc;

/// Beyond this many bytes of file, lines are not counted for a diagnostic: its byte is enough to go there.
const COUNTED: u64 = 64 << 20;

/// A document with at most so many of its runs.
pub(super) fn document(session: &Session, index: u32, opened: &Opened, most: u32) -> DocumentView {
    let document = &opened.document;
    let first = document.files.first();
    let runs = runs(session, index, opened, 0, most);
    let files: Vec<String> = document.files.iter().map(|file| file.name.clone()).collect();
    DocumentView {
        document: index,
        file: files.first().cloned().unwrap_or_default(),
        files: if files.len() > 1 { files } else { Vec::new() },
        format: first.map_or_else(String::new, |file| file.format.to_owned()),
        label: first.map_or_else(String::new, |file| file.label.clone()),
        dialects: document.dialects.clone(),
        explanation: explanation(document),
        wholes: document.wholes.clone(),
        parts: document.parts.clone(),
        verdicts: super::verdict::of(document),
        bytes: document.files.iter().map(|file| file.bytes).sum(),
        more_runs: (document.runs.len() as u32).saturating_sub(runs.len() as u32),
        runs,
        // The engine that reads traces has neither.
        pipelines: if FULL { pipelines(session, index, document) } else { Vec::new() },
        sheets: if FULL { super::sheet::summaries(&document.sheets) } else { Vec::new() },
        scenarios: document.scenarios,
        dry_run: FULL && session.desk.dry_runs.values().any(|kept| kept.shows(index)),
        diagnostics: document.diagnostics.clone(),
    }
}

/// Numbers in the session, and positions in the document: what is numbered stands in the order of the documents.
fn numbered(all: &[(u32, u32)], document: u32) -> impl Iterator<Item = (u32, u32)> {
    let first = all.partition_point(|at| at.0 < document);
    let own = all.iter().enumerate().skip(first).take_while(move |(_, at)| at.0 == document);
    own.map(|(number, at)| (number as u32, at.1))
}

/// Runs of a document as faces see them.
pub(super) fn runs(session: &Session, index: u32, opened: &Opened, from: u32, count: u32) -> Vec<RunView> {
    let document = &opened.document;
    let wanted = numbered(&session.runs, index).skip(from as usize).take(count as usize);
    let seen = wanted.filter_map(|(number, within)| {
        Some(run(document, document.runs.get(within as usize)?, number, session.followed(number)))
    });
    seen.collect()
}

fn pipelines(session: &Session, index: u32, document: &Document) -> Vec<PipelineView> {
    let seen = numbered(&session.pipelines, index).filter_map(|(number, within)| {
        let pipeline = document.pipelines.get(within as usize)?;
        Some(PipelineView {
            pipeline: number,
            name: if pipeline.name.is_empty() { stem(document, pipeline) } else { pipeline.name.clone() },
            dialect: pipeline.dialect.clone(),
            nodes: pipeline.declared.0,
            edges: pipeline.declared.1,
            description: pipeline.description.clone(),
            engines: engines(&pipeline.dialect),
        })
    });
    seen.collect()
}

/// What to call a pipeline that has no name: its file.
fn stem(document: &Document, pipeline: &Pipeline) -> String {
    let file = document.files.get(pipeline.place.file as usize).map_or("", |file| file.name.as_str());
    let file = file.rsplit(['/', '\\']).next().unwrap_or(file);
    file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_owned()
}

/// Engines that can be simulated for a dialect.
fn engines(dialect: &str) -> Vec<EngineId> {
    match dialect {
        "ia-modules" => vec![EngineId::IaModules013, EngineId::IaModules020],
        _ => Vec::new(),
    }
}

fn run(document: &Document, run: &Run, number: u32, followed: Option<&Match>) -> RunView {
    RunView {
        run: number,
        id: document.names.get(run.id).to_owned(),
        name: run.name.clone(),
        steps: u32::try_from(run.steps.len()).unwrap_or(u32::MAX),
        roots: run.roots,
        orphans: run.orphans,
        errors: run.errors,
        start: run.start.and_then(crate::model::Nanos::to_date),
        duration_ns: run.start.zip(run.end).map(|(start, end)| end.since(start).0),
        usage: run.usage,
        moments: u32::try_from(run.moments.len()).unwrap_or(u32::MAX),
        messages: run.steps.flags.iter().any(|flags| flags.has(crate::model::Flags::MESSAGES)),
        pipeline: followed.map(|found| found.pipeline),
        pipeline_reason: followed.map_or_else(String::new, |found| found.reason.clone()),
    }
}

/// One sentence: what it was read as, why, and what to know.
fn explanation(document: &Document) -> String {
    let Some(file) = document.files.first() else { return String::new() };
    if file.format.is_empty() {
        let error = document.diagnostics.iter().find(|diagnostic| diagnostic.severity == Severity::Error);
        return error.map(|diagnostic| diagnostic.message.clone()).unwrap_or_default();
    }
    let mut text = format!("Read as {}", file.label);
    if !document.dialects.is_empty() {
        let dialects: Vec<&str> = document.dialects.iter().map(|name| Dialect::label(name)).collect();
        text.push_str(&format!(" with {} attributes", dialects.join(" and ")));
    }
    text.push_str(&format!(", because {}", file.because));
    let steps: u64 = document.runs.iter().map(|run| run.steps.len() as u64).sum();
    let mut parts = Vec::new();
    if document.runs.len() > 1 {
        parts.push(counted(document.runs.len() as u64, "run", "runs"));
    }
    if !document.runs.is_empty() {
        parts.push(counted(steps, "step", "steps"));
    }
    if FULL {
        parts.extend(beside_runs(document));
    }
    let orphans: u64 = document.runs.iter().map(|run| u64::from(run.orphans)).sum();
    if orphans > 0 {
        parts.push(counted(orphans, "step whose parent is not in the file", "steps whose parent is not in the file"));
    }
    if document.unknown_attributes > 0 {
        let unknown = u64::from(document.unknown_attributes);
        parts.push(counted(unknown, "attribute not understood", "attributes not understood"));
    }
    for part in parts {
        text.push_str(" · ");
        text.push_str(&part);
    }
    text
}

/// What a document holds beside runs, in words.
fn beside_runs(document: &Document) -> Vec<String> {
    let mut parts = Vec::new();
    for pipeline in &document.pipelines {
        let (nodes, edges) = pipeline.declared;
        let nodes = counted(u64::from(nodes), "node", "nodes");
        parts.push(format!("pipeline of {nodes} and {}", counted(u64::from(edges), "edge", "edges")));
    }
    if document.scenarios > 0 {
        parts.push(counted(u64::from(document.scenarios), "scenario", "scenarios"));
    }
    for sheet in &document.sheets {
        parts.push(format!("table “{}” of {}", sheet.title, counted(sheet.rows.len() as u64, "row", "rows")));
    }
    parts
}

/// Fills line and column of the diagnostics that have a place, in one pass over each file.
pub(super) fn number_lines(diagnostics: &mut [Diagnostic], sources: &[Rc<dyn Source>]) {
    for (file, source) in sources.iter().enumerate() {
        let mut wanted: Vec<&mut Diagnostic> = diagnostics
            .iter_mut()
            .filter(|d| d.line.is_none() && d.place.is_some_and(|p| p.file as usize == file && p.start <= COUNTED))
            .collect();
        wanted.order_by_key(|diagnostic| diagnostic.place.map(|place| place.start));
        let (mut at, mut line, mut line_start) = (0u64, 1u64, 0u64);
        let mut slice = Vec::new();
        for diagnostic in wanted {
            let target = diagnostic.place.map_or(0, |place| place.start);
            while at < target {
                let step = usize::try_from(target - at).unwrap_or(usize::MAX).min(4 << 20);
                if source.read(at, step, &mut slice).is_err() || slice.is_empty() {
                    return;
                }
                line += memchr::memchr_iter(b'\n', &slice).count() as u64;
                if let Some(newline) = memchr::memrchr(b'\n', &slice) {
                    line_start = at + newline as u64 + 1;
                }
                at += slice.len() as u64;
            }
            (diagnostic.line, diagnostic.column) = (Some(line), Some(target - line_start + 1));
        }
    }
}
