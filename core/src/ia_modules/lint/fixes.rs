//! Fixes that are provable: what they write does what the file seems to mean.

use super::condition::{Cause, Operator};
use super::facts::Edge;
use super::mend;
use super::report::{fix, rename_key, replace};
use super::shape::Shape;
use crate::ia_modules::definition::Text;
use crate::json::NodeKind;
use crate::protocol::{EngineId, Fix, TextEdit};

/// For a condition the engine does not take as it is meant.
pub(super) fn condition(shape: &Shape<'_>, edge: &Edge, cause: &Cause<'_>) -> Option<Fix> {
    let text = shape.text;
    let condition = edge.condition?;
    match cause {
        Cause::UnknownOperator { node, name } => {
            operator(text, condition, *node, Operator::meant(name)?, shape.target.engine)
        }
        Cause::NewerOperator { node, operator: meant } => operator(text, condition, *node, *meant, shape.target.engine),
        Cause::OutsideConfig => into_config(text, condition),
        Cause::NotObject if text.raw(condition) == b"null" => {
            mend::without(text, condition, "Remove the condition", true)
        }
        Cause::WithoutType => {
            let edit = text
                .object(condition, "config")
                .and_then(|config| text.text(config, "source"))
                .and_then(|_| mend::member(text, condition, "type", "\"expression\""));
            fix("Make it an expression", false, edit)
        }
        Cause::UnknownType { name, .. } => mend::expression(text, condition, name),
        _ => None,
    }
}

/// Another operator; in 0.1.3 "at least n" of an integer is "greater than n - 1".
fn operator(text: Text<'_>, condition: u32, node: u32, meant: Operator, engine: EngineId) -> Option<Fix> {
    if !text.is(node, NodeKind::String) {
        return None;
    }
    let write = |name: &str| replace(text, node, &format!("\"{name}\""));
    if !meant.newer() || engine == EngineId::IaModules020 {
        return fix(format!("Use {}", meant.name()), true, write(meant.name()));
    }
    let config = text.get(condition, "config")?;
    let value = text.get(config, "value").filter(|&value| text.is_int(value))?;
    let number: i64 = std::str::from_utf8(text.raw(value)).ok()?.parse().ok()?;
    let (name, number) = match meant {
        Operator::GreaterThanOrEquals => ("greater_than", number.checked_sub(1)?),
        _ => ("less_than", number.checked_add(1)?),
    };
    let edits: Vec<TextEdit> = [write(name), replace(text, value, &number.to_string())].into_iter().flatten().collect();
    // The same only for integers: 2.5 is greater than 2 and not at least 3.
    fix(format!("Use {name} {number}, which is the same for integers"), false, edits)
}

/// `source`, `operator` and `value` moved into `config`.
fn into_config(text: Text<'_>, condition: u32) -> Option<Fix> {
    let mut members = Vec::new();
    for member in text.members(condition) {
        let key = text.key(member);
        let key = match &*key {
            "type" => continue,
            "field" => "source".to_owned(),
            other => other.to_owned(),
        };
        let value = String::from_utf8_lossy(text.raw(member)).into_owned();
        members.push(format!("{}: {value}", crate::json::quoted(&key)));
    }
    let written = format!("{{\"type\": \"expression\", \"config\": {{{}}}}}", members.join(", "));
    fix("Move it into config", true, replace(text, condition, &written))
}

/// Every edge in the short spelling, which both loaders read.
pub(super) fn short_spelling(shape: &Shape<'_>) -> Option<Fix> {
    let ends = shape.paths.iter().flat_map(|edge| [(&edge.from, "from"), (&edge.to, "to")]);
    let long = ends.filter(|(end, _)| end.long);
    let edits = long.filter_map(|(end, key)| rename_key(shape.text, end.node?, key));
    fix("Write `from` and `to` on every edge", true, edits)
}

/// `transitions` as `paths`, where there are no paths yet.
pub(super) fn transitions(shape: &Shape<'_>) -> Option<Fix> {
    let flow = shape.flow?;
    if shape.text.get(flow, "paths").is_some() {
        return None;
    }
    let list = shape.text.get(flow, "transitions")?;
    fix("Rename `transitions` to `paths`", true, rename_key(shape.text, list, "paths"))
}
