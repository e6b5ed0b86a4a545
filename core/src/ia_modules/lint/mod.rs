//! Our own findings: what the engine will really do with a pipeline, said before it is run.
//!
//! Each has a stable id, a place, one sentence, and a fix where one is provable. What the real *validator* says is in
//! `validate`. Rules stand in one file for each part of a pipeline: [`steps`], [`edges`], [`flow`], [`rest`];
//! `condition` says what the engine makes of a condition, `shape` reads the parts once for all rules.
//!
//! Errors are what fails or ends silently where it was meant to go on; warnings, what is ignored; the rest is worth
//! knowing. A clean pipeline has no finding. Nothing here recurses, and every rule is linear or nearly so.

pub mod condition;
mod edges;
mod facts;
mod fixes;
mod flow;
mod links;
mod loops;
mod mend;
mod names;
mod reading;
mod report;
mod rest;
#[cfg(test)]
mod rule_tests;
mod shape;
mod steps;
#[cfg(test)]
mod tests;
mod through;
#[cfg(test)]
mod truth_tests;

use super::definition::Text;
use super::validate;
use crate::json::{NodeKind, Tree};
use crate::model::Severity;
use crate::protocol::{Finding, FindingsView, Target, Validation};
pub(crate) use facts::Facts;
use report::{Report, Said};

/// Everything that can be said of a text that is one definition.
pub fn view(text: &[u8], target: Target, strict: bool) -> FindingsView {
    let tree = Tree::parse(text);
    let all = Text { bytes: text, tree: &tree };
    match validate::check_json(text) {
        Ok(()) => {
            let validation = validate::validate_tree(all, strict);
            let readings = reading::readings(all, target.engine, &validation);
            FindingsView { findings: findings(all, target), validation, readings }
        }
        Err(wrong) => FindingsView {
            readings: reading::none(&wrong, text),
            findings: vec![not_json(text, &wrong)],
            validation: validate::not_json(&wrong, text),
        },
    }
}

/// The verdict of the real validator alone.
pub fn validation(text: &[u8], strict: bool) -> Validation {
    validate::validate(text, strict)
}

/// The findings alone; none where the text is damaged, which its reader tells better.
pub fn findings_of(text: &[u8], target: Target) -> Vec<Finding> {
    let tree = Tree::parse(text);
    if tree.damage.is_some() { Vec::new() } else { findings(Text { bytes: text, tree: &tree }, target) }
}

/// The one finding about a text that Python does not read.
pub(crate) fn not_json(text: &[u8], wrong: &validate::NotJson) -> Finding {
    let start = wrong.at.min(text.len());
    let before = text.get(..start).unwrap_or(text);
    let line = memchr::memchr_iter(b'\n', before).count() as u64 + 1;
    let begin = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    Finding {
        id: "not-json".to_owned(),
        severity: Severity::Error,
        message: format!(
            "No reader of IA Modules gets past this place: Python stops with {}: {}.",
            wrong.exception,
            wrong.python(text)
        ),
        path: "$".to_owned(),
        line,
        column: (start - begin) as u64 + 1,
        start: start as u64,
        end: (start + 1).min(text.len()) as u64,
        step: String::new(),
        edge: String::new(),
        fixes: Vec::new(),
    }
}

/// The findings about a definition that is JSON.
pub fn findings(text: Text<'_>, target: Target) -> Vec<Finding> {
    found(text, &mut Facts::read(text, target))
}

/// The findings about a definition of whose elements all is known.
pub(crate) fn found(text: Text<'_>, facts: &mut Facts) -> Vec<Finding> {
    let mut report = Report::new(text);
    if !text.is(Text::ROOT, NodeKind::Object) {
        report.say("wrong-kind", Severity::Error, Text::ROOT, || {
            let found = text.brief(Text::ROOT, 40);
            Said::new(format!("A pipeline must be an object with `name`, `steps` and `flow`, and this is {found}."))
        });
        return report.finish();
    }
    let shape = facts.join(text);
    steps::steps(&shape, &mut report);
    edges::edges(&shape, &mut report);
    flow::flow(&shape, &mut report);
    loops::loops(&shape, &mut report);
    rest::rest(&shape, &mut report);
    report.finish()
}

/// What each part of the findings costs, for measurements.
#[cfg(test)]
pub(crate) fn parts(text: Text<'_>, target: Target, mut told: impl FnMut(&str, &mut dyn FnMut())) {
    let mut report = Report::new(text);
    told("facts", &mut || drop(Facts::read(text, target)));
    let mut facts = Facts::read(text, target);
    told("join", &mut || {
        facts.join(text);
    });
    let shape = facts.join(text);
    told("steps", &mut || steps::steps(&shape, &mut report));
    told("edges", &mut || edges::edges(&shape, &mut report));
    told("flow", &mut || flow::flow(&shape, &mut report));
    told("loops", &mut || loops::loops(&shape, &mut report));
    told("rest", &mut || rest::rest(&shape, &mut report));
    let mut report = Some(report);
    told("finish", &mut || drop(report.take().map(Report::finish)));
    let said = validate::validate_tree(text, false);
    told("readings", &mut || drop(reading::readings(text, target.engine, &said)));
    told("value", &mut || drop(text.value(Text::ROOT)));
}
