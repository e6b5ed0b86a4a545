//! Fixes that change what a pipeline does, or leave out what does nothing: pieces of text for the findings.

use super::condition::{Operator, Test};
use super::facts::Edge;
use super::names::Name;
use super::report::{fix, replace};
use super::shape::Shape;
use crate::ia_modules::definition::Text;
use crate::json::{NodeKind, quoted};
use crate::protocol::{EngineId, Fix, TextEdit};
use rustc_hash::FxHashSet;

/// A node as it is written.
fn raw(text: Text<'_>, node: u32) -> String {
    String::from_utf8_lossy(text.raw(node)).into_owned()
}

/// Leaves a member or item out, with a comma beside it.
pub(super) fn without(text: Text<'_>, node: u32, title: &str, safe: bool) -> Option<Fix> {
    let place = text.tree.node(node)?;
    let key = text.tree.key_range(node).and_then(|(start, _)| start.checked_sub(1));
    let (mut start, mut end) = (key.unwrap_or(place.start as usize), place.end as usize);
    let space = |byte: &u8| byte.is_ascii_whitespace();
    let rest = text.bytes.get(end..)?;
    let next = rest.iter().position(|byte| !space(byte))?;
    if rest.get(next) == Some(&b',') {
        let after = rest.get(next + 1..)?;
        end += next + 1 + after.iter().position(|byte| !space(byte)).unwrap_or(0);
    } else if let Some(comma) = text.bytes.get(..start)?.iter().rposition(|byte| !space(byte))
        && text.bytes.get(comma) == Some(&b',')
    {
        start = comma;
    }
    fix(title, safe, [TextEdit { start: start as u64, end: end as u64, text: String::new() }])
}

/// Puts another member at the end of an object, or another item at the end of a list.
fn behind(text: Text<'_>, container: u32, written: &str) -> Option<TextEdit> {
    let (at, comma) = match text.children(container).last() {
        Some(last) => (text.tree.node(last)?.end, ", "),
        None => (text.tree.node(container)?.start + 1, ""),
    };
    Some(TextEdit { start: at.into(), end: at.into(), text: format!("{comma}{written}") })
}

/// Gives an object another member.
pub(super) fn member(text: Text<'_>, object: u32, key: &str, json: &str) -> Option<TextEdit> {
    behind(text, object, &format!("{}: {json}", quoted(key)))
}

/// The condition that is true where a comparison is false, for an engine that knows its operator.
fn opposite(shape: &Shape<'_>, test: &Test<'_>) -> Option<String> {
    use Operator as O;
    let operator = match test.operator {
        O::Equals => O::NotEquals,
        O::NotEquals => O::Equals,
        O::GreaterThan => O::LessThanOrEquals,
        O::LessThan => O::GreaterThanOrEquals,
        O::GreaterThanOrEquals => O::LessThan,
        O::LessThanOrEquals => O::GreaterThan,
    };
    if operator.newer() && shape.target.engine == EngineId::IaModules013 {
        return None;
    }
    // What cannot be ordered stops the run in either direction.
    let ordered = |value: u32| matches!(shape.text.kind(value), NodeKind::Number | NodeKind::String);
    if test.operator.orders() && !test.value.is_some_and(ordered) {
        return None;
    }
    let value = test.value.map_or_else(|| "null".to_owned(), |value| raw(shape.text, value));
    let (source, operator) = (quoted(&test.source), operator.name());
    Some(format!(
        r#"{{"type": "expression", "config": {{"source": {source}, "operator": "{operator}", "value": {value}}}}}"#
    ))
}

/// An edge that is taken where another one is not.
pub(super) fn otherwise(shape: &Shape<'_>, edge: &Edge, test: &Test<'_>) -> Option<Fix> {
    let condition = opposite(shape, test)?;
    let edit = match edge.condition {
        Some(node) => replace(shape.text, node, &condition),
        None => member(shape.text, edge.node, "condition", &condition),
    };
    fix("Take this edge only where the other is not taken", false, edit)
}

/// A second edge beside the only one that leaves a step: to an end, where the first is not taken.
pub(super) fn rest(shape: &Shape<'_>, edge: &Edge, test: &Test<'_>) -> Option<Fix> {
    let condition = opposite(shape, test)?;
    let (from, to) = if edge.from.long { ("from_step", "to_step") } else { ("from", "to") };
    let step = quoted(shape.name(edge.from.name));
    let written = format!(r#"{{"{from}": {step}, "{to}": "end_with_success", "condition": {condition}}}"#);
    let end = shape.text.tree.node(edge.node)?.end.into();
    let edit = TextEdit { start: end, end, text: format!(", {written}") };
    fix("Add an edge to end_with_success for the rest", false, [edit])
}

/// `start_at` at the first step that no edge enters, else at the first.
pub(super) fn start(shape: &Shape<'_>, flow: u32, at: Option<u32>) -> Option<Fix> {
    let entered: FxHashSet<Name> = shape.paths.iter().map(|edge| edge.to.name).collect();
    let mut ids = shape.steps.iter().filter_map(|step| step.id).filter(|id| *id != Name::EMPTY);
    let first = ids.clone().find(|id| !entered.contains(id)).or_else(|| ids.next())?;
    let id = shape.name(first);
    let edit = match at {
        Some(node) => replace(shape.text, node, &quoted(id)),
        None => member(shape.text, flow, "start_at", &quoted(id)),
    };
    fix(format!("Start at {id}"), false, edit)
}

/// A limit that is a number: as the text says it, else left to the default.
pub(super) fn number(text: Text<'_>, node: u32) -> Option<Fix> {
    let written = text.string(node).filter(|number| number.parse::<u32>().is_ok_and(|n| n.to_string() == **number));
    match written {
        Some(number) => fix(format!("Write {number}"), true, replace(text, node, &number)),
        None => without(text, node, "Remove it, and the default counts", false),
    }
}

/// `parameters` as an object: of the defaults, where it is a list that names them.
pub(super) fn parameters(text: Text<'_>, list: Option<u32>) -> Option<Fix> {
    let Some(list) = list else {
        return fix("Add `parameters`", true, member(text, Text::ROOT, "parameters", "{}"));
    };
    let mut members = Vec::new();
    for item in text.children(list) {
        let Some(name) = text.get(item, "name").filter(|&name| text.is(name, NodeKind::String)) else { continue };
        let default = text.get(item, "default").map_or_else(|| "null".to_owned(), |default| raw(text, default));
        members.push(format!("{}: {default}", raw(text, name)));
    }
    let written = format!("{{{}}}", members.join(", "));
    fix("Make it an object of the defaults", false, replace(text, list, &written))
}

/// The value of a parameter in place of its template.
pub(super) fn filled(text: Text<'_>, node: u32, name: &str) -> Option<Fix> {
    let whole = text.string(node)?;
    let inner = whole.strip_prefix("{{")?.strip_suffix("}}")?.trim().strip_prefix("parameters.")?;
    let value = text.get(text.object(Text::ROOT, "parameters")?, name).filter(|_| inner == name)?;
    fix("Write the parameter's value", false, replace(text, node, &raw(text, value)))
}

/// A comparison that the validator knows and no engine, as the expression that it seems to mean.
pub(super) fn expression(text: Text<'_>, condition: u32, name: &str) -> Option<Fix> {
    let operator = match name {
        "field_equals" => "equals",
        "field_exists" => "not_equals",
        "field_greater_than" => "greater_than",
        "field_less_than" => "less_than",
        _ => return None,
    };
    let inside = |key: &str| text.get(condition, key).or_else(|| text.get(text.object(condition, "config")?, key));
    let field = inside("field").or_else(|| inside("source")).filter(|&field| text.is(field, NodeKind::String))?;
    let value = match inside("value") {
        Some(value) if name != "field_exists" => raw(text, value),
        _ if name == "field_exists" => "null".to_owned(),
        _ => return None,
    };
    let field = raw(text, field);
    let written = format!(
        r#"{{"type": "expression", "config": {{"source": {field}, "operator": "{operator}", "value": {value}}}}}"#
    );
    fix("Write it as an expression", false, replace(text, condition, &written))
}
