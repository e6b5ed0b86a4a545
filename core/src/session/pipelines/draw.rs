//! A pipeline as text of another language: finds what is drawn, and what is to be said of it.

use crate::export::{self, Page, Said};
use crate::model::{Pipeline, Severity, Value};
use crate::order::Order as _;
use crate::protocol::{Answer, Drawing, Target, Theme};
use crate::session::Session;
use crate::view::value::read;

pub(super) fn draw(session: &Session, number: u32, drawing: Drawing) -> Result<Answer, String> {
    drawn(session, number, drawing, Theme::System).map(|text| Answer::Text { text })
}

/// A pipeline as text of another language.
pub(in crate::session) fn drawn(
    session: &Session,
    number: u32,
    drawing: Drawing,
    theme: Theme,
) -> Result<String, String> {
    let missing = || format!("There is no pipeline {number}.");
    let &(document, local) = session.pipelines.get(number as usize).ok_or_else(missing)?;
    let opened = session.opened.get(document as usize).and_then(Option::as_ref).ok_or("This document is closed.")?;
    let pipeline = opened.document.pipelines.get(local as usize).ok_or_else(missing)?;
    Ok(match drawing {
        Drawing::Mermaid => export::mermaid(pipeline),
        Drawing::Dot => export::dot(pipeline),
        Drawing::Svg => export::svg(&crate::flow::pipeline_flow(pipeline), &pipeline.name, theme),
        Drawing::Markdown => {
            let text = |value: &Value| read(opened, value).map(|read| read.text).unwrap_or_default();
            let findings = findings(session, number, document, pipeline);
            export::markdown(&Page { pipeline, findings: &findings, read: &text })
        }
    })
}

/// What is to be said of a pipeline: the findings about it, and where its dialect has none what was found on reading.
fn findings(session: &Session, number: u32, document: u32, pipeline: &Pipeline) -> Vec<Said> {
    let mut said: Vec<Said> = Vec::new();
    if let Ok(Answer::Findings(view)) = super::find::findings(session, number, Target::default(), false) {
        said.extend(view.findings.into_iter().map(|finding| Said {
            severity: finding.severity,
            id: finding.id,
            message: finding.message,
            path: finding.path,
            line: Some(finding.line).filter(|&line| line > 0),
        }));
    }
    if said.is_empty()
        && let Some(opened) = session.opened.get(document as usize).and_then(Option::as_ref)
    {
        let about = opened.document.diagnostics.iter().filter(|diagnostic| {
            let inside = diagnostic.place.is_none_or(|place| {
                place.file == pipeline.place.file
                    && pipeline.place.start <= place.start
                    && place.start <= pipeline.place.end()
            });
            inside && diagnostic.severity != Severity::Info
        });
        said.extend(about.map(|diagnostic| Said {
            severity: diagnostic.severity,
            id: diagnostic.code.clone(),
            message: diagnostic.message.clone(),
            path: diagnostic.path.clone().unwrap_or_default(),
            line: diagnostic.line,
        }));
    }
    said.order_by(|a, b| b.severity.cmp(&a.severity).then(a.line.cmp(&b.line)));
    said
}
