//! IA Modules' own validator, `ia-modules validate`, word for word, with the import of modules left out.
//!
//! The same rules in the same order with the same words, in 0.1.3 and 0.2.0. Where the real one stops with a Python
//! exception, ours says what is wrong, where, and with which exception the real one stops. What the *engine* would do
//! is not said here: see `lint`.

mod flow;
mod loops;
mod report;
mod steps;
mod strict_json;
mod templates;
#[cfg(test)]
mod tests;

pub use strict_json::{NotJson, check as check_json, check_within};
pub(crate) use templates::each_template;

use super::definition::Text;
use crate::ia_modules::python::is_space;
use crate::json::{NodeKind, Tree};
use crate::protocol::Validation;
use report::{Check, Report, crash};
use rustc_hash::FxHashSet;
use std::borrow::Cow;

/// Validates a text. A text that Python does not read as JSON is not valid, and the one error says why.
pub fn validate(text: &[u8], strict: bool) -> Validation {
    if let Err(wrong) = check_json(text) {
        return not_json(&wrong, text);
    }
    validate_tree(Text { bytes: text, tree: &Tree::parse(text) }, strict)
}

/// What is said of a text that is no JSON.
pub fn not_json(wrong: &NotJson, text: &[u8]) -> Validation {
    let python = wrong.python(text);
    let error = match wrong.exception {
        "JSONDecodeError" => format!("Invalid JSON: {python}"),
        exception => format!("The file cannot be read. The real validator stops here with {exception}: {python}"),
    };
    Validation { is_valid: false, errors: vec![error], ..Validation::default() }
}

/// Validates a definition that is JSON.
pub fn validate_tree(text: Text<'_>, strict: bool) -> Validation {
    let mut report = Report::default();
    if let Err(crash) = rules(text, &mut report) {
        report.error(crash.to_string());
    }
    report.finish(strict)
}

fn rules(text: Text<'_>, report: &mut Report) -> Check<()> {
    structure(text, report)?;
    let names = steps::steps(text, report)?;
    flow::flow(text, &names, report)?;
    templates::templates(text, &names, report);
    Ok(())
}

/// Names of steps, as the validator knows them.
type Names<'a> = FxHashSet<Cow<'a, str>>;

/// The three fields every pipeline must have, and their kinds.
fn structure(text: Text<'_>, report: &mut Report) -> Check<()> {
    let root = Text::ROOT;
    if !text.is(root, NodeKind::Object) {
        return no_object(text, report);
    }
    let fields = ["name", "steps", "flow"];
    let [name, steps, flow] = fields.map(|field| text.get(root, field));
    for (field, node) in fields.into_iter().zip([name, steps, flow]) {
        if node.is_none() {
            report.error(format!("Missing required field: '{field}'"));
        }
    }
    if let Some(name) = name {
        match text.string(name) {
            None => report.error(format!("Pipeline 'name' must be a string, got {}", text.type_name(name))),
            Some(name) if name.chars().all(is_space) => report.error("Pipeline 'name' cannot be empty".to_owned()),
            Some(_) => {}
        }
    }
    if let Some(steps) = steps {
        if !text.is(steps, NodeKind::Array) {
            report.error(format!("'steps' must be a list, got {}", text.type_name(steps)));
        } else if text.tree.first_child(steps).is_none() {
            report.warning("Pipeline has no steps defined".to_owned());
        }
    }
    if let Some(flow) = flow.filter(|&flow| !text.is(flow, NodeKind::Object)) {
        report.error(format!("'flow' must be an object, got {}", text.type_name(flow)));
    }
    Ok(())
}

/// A file that holds no object: the real one asks it for its members all the same.
fn no_object(text: Text<'_>, report: &mut Report) -> Check<()> {
    let kind = text.type_name(Text::ROOT);
    let what = format!("`$` must be an object with `name`, `steps` and `flow`, and is {}.", text.brief(Text::ROOT, 40));
    let string = text.string(Text::ROOT);
    let holds = |field: &str| match &string {
        Some(string) => string.contains(field),
        None => text.children(Text::ROOT).any(|item| text.string(item).as_deref() == Some(field)),
    };
    let index = match kind {
        "str" => "string indices must be integers, not 'str'",
        "list" => "list indices must be integers or slices, not str",
        _ => return crash(what, "TypeError", format!("argument of type '{kind}' is not iterable")),
    };
    let fields = ["name", "steps", "flow"];
    for field in fields.into_iter().filter(|field| !holds(field)) {
        report.error(format!("Missing required field: '{field}'"));
    }
    if fields.into_iter().chain(["parameters"]).any(holds) {
        return crash(what, "TypeError", index.to_owned());
    }
    crash(what, "AttributeError", format!("'{kind}' object has no attribute 'get'"))
}
