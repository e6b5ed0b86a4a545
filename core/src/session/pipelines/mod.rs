//! Requests about pipelines: finds the text a pipeline was read from, and hands it to whoever knows.
//!
//! One file for each kind of question. Everything below `session` works on the text of the definition alone, with
//! places counted from its first byte; here they become places in the file.

mod compare;
mod cover;
mod decide;
pub(in crate::session) mod draw;
mod edit;
mod find;
mod form;
mod live;
mod scenarios;
mod simulate;
#[cfg(test)]
mod speed;

pub(super) use find::diagnose;
pub(super) use live::Live;
pub(super) use simulate::DryRuns;

use super::Session;
use crate::model::Pipeline;
use crate::protocol::{Answer, Finding, Request, TextEdit};

/// The text of a pipeline's definition.
pub(super) struct Definition<'a> {
    /// The document it is in.
    pub(super) document: u32,
    /// The pipeline as it was read.
    pub(super) pipeline: &'a Pipeline,
    /// Its text: one JSON object.
    pub(super) text: Vec<u8>,
    /// Where that text begins in its file.
    pub(super) base: u64,
}

/// Moves the places of edits from the definition to its file, in which it begins at `base`.
fn edits_in_file<'a>(edits: impl IntoIterator<Item = &'a mut TextEdit>, base: u64) {
    for edit in edits {
        edit.start = edit.start.saturating_add(base);
        edit.end = edit.end.saturating_add(base);
    }
}

/// Moves the places of findings from the definition to its file, of which `before` stands before it.
fn findings_in_file(findings: &mut [Finding], before: &[u8]) {
    let base = before.len() as u64;
    let lines = memchr::memchr_iter(b'\n', before).count() as u64;
    let column = memchr::memrchr(b'\n', before).map_or(base, |at| base - at as u64 - 1);
    for finding in findings {
        if finding.line == 1 {
            finding.column += column;
        }
        finding.line += lines;
        finding.start += base;
        finding.end += base;
        edits_in_file(finding.fixes.iter_mut().flat_map(|fix| &mut fix.edits), base);
    }
}

impl Session {
    /// The definition of a pipeline, its text read from its file.
    pub(super) fn definition(&self, number: u32) -> Result<Definition<'_>, String> {
        let missing = || format!("There is no pipeline {number}.");
        let &(document, local) = self.pipelines.get(number as usize).ok_or_else(missing)?;
        let opened = self.opened.get(document as usize).and_then(Option::as_ref).ok_or("This document is closed.")?;
        let pipeline = opened.document.pipelines.get(local as usize).ok_or_else(missing)?;
        let text = opened.bytes(pipeline.place)?;
        Ok(Definition { document, pipeline, text, base: pipeline.place.start })
    }

    /// The name of a document's first file without its folders and its ending, as 0.2.0 puts it into the state.
    fn stem(&self, document: u32) -> &str {
        let opened = self.opened.get(document as usize).and_then(Option::as_ref);
        let file = opened.and_then(|opened| opened.document.files.first()).map_or("", |file| file.name.as_str());
        let file = file.rsplit(['/', '\\']).next().unwrap_or(file);
        file.rsplit_once('.').map_or(file, |(stem, _)| stem)
    }

    /// The text of a definition's file that stands before it.
    fn before(&self, definition: &Definition<'_>) -> Result<Vec<u8>, String> {
        let opened = self.opened.get(definition.document as usize).and_then(Option::as_ref);
        let before = crate::model::Place { start: 0, len: definition.base, ..definition.pipeline.place };
        opened.ok_or("This document is closed.")?.bytes(before)
    }

    /// The whole text of a document's first file.
    pub(super) fn first_file(&self, document: u32) -> Result<Vec<u8>, String> {
        let opened = self.opened.get(document as usize).and_then(Option::as_ref).ok_or("This document is closed.")?;
        let len = opened.sources.first().map_or(0, |source| source.len());
        opened.bytes(crate::model::Place { file: 0, start: 0, len })
    }

    /// Answers a request about a pipeline; `None` for others.
    pub(super) fn about_pipelines(&mut self, request: &Request) -> Option<Result<Answer, String>> {
        Some(match request {
            Request::PipelineFlow { pipeline, reader: Some(reader), .. } => find::flow(self, *pipeline, *reader),
            Request::Findings { pipeline, target, strict } => find::findings(self, *pipeline, *target, *strict),
            Request::Simulate { pipeline, target, scenario } => simulate::simulate(self, *pipeline, *target, scenario),
            Request::Decision { run, step } => decide::decision(self, *run, *step),
            Request::Coverage { pipeline, target, scenarios, suggest } => {
                cover::coverage(self, *pipeline, *target, scenarios, *suggest)
            }
            Request::ComparePipelines { a, b, target, scenarios } => {
                compare::compare(self, (*a, *b), *target, scenarios)
            }
            Request::Form { pipeline, step } => form::form(self, *pipeline, step.as_deref()),
            Request::ConditionForm { pipeline, from, target } => form::condition(self, *pipeline, from, *target),
            Request::ScenarioOfRun { pipeline, run } => scenarios::of_run(self, *pipeline, *run),
            Request::ReadScenarios { text } => scenarios::read(text),
            Request::WriteScenarios { file } => scenarios::write(file),
            Request::DocumentText { document } => edit::text(self, *document),
            Request::Amend { document, edits, target } => live::amend(self, *document, edits, *target),
            Request::Rewrite { document, edits } => edit::rewrite(self, *document, edits),
            Request::Plan { pipeline, change } => edit::plan(self, *pipeline, change),
            Request::Complete { document, at, target } => edit::complete(self, *document, *at, *target),
            Request::Hover { document, at, target } => edit::hover(self, *document, *at, *target),
            Request::Draw { pipeline, drawing } => edit::draw(self, *pipeline, *drawing),
            _ => return None,
        })
    }
}
