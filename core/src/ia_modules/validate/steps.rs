//! The validator's rules for steps. It knows them by `name`.

use super::report::{Check, Report, crash};
use super::{Names, Text};
use crate::json::NodeKind;

/// Checks the steps; their names.
pub(super) fn steps<'a>(text: Text<'a>, report: &mut Report) -> Check<Names<'a>> {
    let mut names = Names::default();
    for (index, step) in text.items(Text::ROOT, "steps").enumerate() {
        if !text.is(step, NodeKind::Object) {
            report.error(format!("Step at index {index} must be an object"));
            continue;
        }
        let Some(node) = text.get(step, "name") else {
            report.error(format!("Step at index {index} is missing 'name' field"));
            continue;
        };
        let Some(name) = text.string(node) else {
            let kind = text.type_name(node);
            let what = format!("`$.steps[{index}].name` must be a string, and is {}.", text.brief(node, 40));
            let message = match text.hash_key(node) {
                Err(_) => format!("unhashable type: '{kind}'"),
                Ok(_) => format!("expected string or bytes-like object, got '{kind}'"),
            };
            return crash(what, "TypeError", message);
        };
        step_members(text, step, &name, !names.insert(name.clone()), report);
    }
    Ok(names)
}

fn step_members(text: Text<'_>, step: u32, name: &str, twice: bool, report: &mut Report) {
    if twice {
        report.error(format!("Duplicate step name: '{name}'"));
    }
    if !is_identifier(name) {
        report.warning(format!("Step name '{name}' should follow Python identifier naming convention"));
    }
    // The real one imports the module here, which runs it. Whether that works is not in the file.
    for field in ["module", "class"] {
        if text.get(step, field).is_none() {
            report.error(format!("Step '{name}' is missing '{field}' field"));
        }
    }
    if text.get(step, "config").is_some_and(|config| !text.is(config, NodeKind::Object)) {
        report.error(format!("Step '{name}' config must be an object"));
    }
    let Some(inputs) = text.get(step, "inputs") else { return };
    if !text.is(inputs, NodeKind::Array) {
        report.error(format!("Step '{name}' inputs must be a list"));
        return;
    }
    for (index, input) in text.children(inputs).enumerate() {
        if !text.is(input, NodeKind::Object) {
            report.error(format!("Step '{name}' input at index {index} must be an object"));
            continue;
        }
        for field in ["name", "source"] {
            if text.get(input, field).is_none() {
                report.error(format!("Step '{name}' input at index {index} is missing '{field}'"));
            }
        }
    }
}

/// `^[a-zA-Z_][a-zA-Z0-9_]*$`, whose end also matches before a last line feed.
fn is_identifier(name: &str) -> bool {
    let name = name.strip_suffix('\n').unwrap_or(name);
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|first| first == b'_' || first.is_ascii_alphabetic())
        && bytes.all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
}
