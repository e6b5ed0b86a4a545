//! A condition of an edge: one line for people, and how it is drawn.
//!
//! What the engine makes of a condition is known in `ia_modules::lint::condition`, and asked there.

use super::part::Part;
use crate::ia_modules::lint::condition::{Cause, Truth, judge, sign};
use crate::json::NodeKind;
use crate::model::{Condition, EdgeStyle};
use crate::protocol::EngineId;

/// Longest value written out in a condition.
const SHOWN: usize = 60;

/// A template that is a value as a whole, `{{ parameters.threshold }}`: its last name.
fn template(text: &str) -> Option<&str> {
    let inside = text.trim().strip_prefix("{{")?.strip_suffix("}}")?.trim();
    inside.strip_prefix("parameters.").filter(|name| !name.is_empty())
}

fn said(text: impl Into<String>, style: EdgeStyle, remark: impl Into<String>) -> (Option<Condition>, EdgeStyle) {
    let remark = remark.into();
    let remark = (!remark.is_empty()).then_some(remark);
    (Some(Condition { text: text.into(), remark }), style)
}

/// Reads the condition at a node. `known` tells whether a name is a step or something a step or the input may write.
pub(super) fn condition(part: &Part, node: u32, known: &dyn Fn(&str) -> bool) -> (Option<Condition>, EdgeStyle) {
    let text = part.as_text();
    let judged = judge(text, Some(node), EngineId::IaModules013);
    // What only the newer version evaluates is drawn as it evaluates it.
    let newer = matches!(judged.cause, Some(Cause::NewerOperator { .. }));
    let judged = if newer { judge(text, Some(node), EngineId::IaModules020) } else { judged };
    let shown = match part.text(node, "type").as_deref() {
        Some("expression") => expression(part, node),
        _ => other_text(part, node),
    };
    let style = match &judged.truth {
        Truth::Always => EdgeStyle::Always,
        Truth::Never | Truth::Raises => EdgeStyle::Never,
        Truth::Depends(_) => EdgeStyle::Conditional,
    };
    if let Some(cause) = &judged.cause {
        return said(shown, style, cause.words(&judged.truth, EngineId::IaModules013));
    }
    let Truth::Depends(test) = &judged.truth else { return (None, style) };
    let mut remarks = Vec::new();
    if newer {
        remarks.push("false in 0.1.3, which does not know this operator; 0.2.0 does".to_owned());
    }
    if test.value.and_then(|value| part.string(value)).is_some_and(|value| template(&value).is_some()) {
        remarks.push("0.1.3 compares with the literal text of the template; 0.2.0 takes it from the input".to_owned());
    }
    let head = test.source.split('.').next().unwrap_or("");
    if matches!(head, "result" | "steps" | "data" | "output" | "context") && !known(head) {
        remarks.push(format!(
            "false unless a step writes a key `{head}`: the engine looks `{}` up in the run's data, where the result of a \
             step stands under the step's id",
            test.source
        ));
    }
    said(shown, style, remarks.join("; "))
}

fn value_text(part: &Part, node: Option<u32>) -> (String, bool) {
    let Some(node) = node else { return ("null".to_owned(), false) };
    if let Some(text) = part.string(node)
        && let Some(name) = template(&text)
    {
        return (name.to_owned(), true);
    }
    (part.brief(node, SHOWN), false)
}

/// The line of an expression, whether or not the engine reads it there.
fn expression(part: &Part, node: u32) -> String {
    let from = part.get(node, "config").filter(|&config| part.is(config, NodeKind::Object)).unwrap_or(node);
    let source = part.text(from, "source").or_else(|| part.text(from, "field"));
    let name = part.text(from, "operator").unwrap_or_else(|| "equals".to_owned());
    let (shown, _) = value_text(part, part.get(from, "value"));
    format!("{} {} {shown}", source.as_deref().unwrap_or("null"), sign(&name))
}

/// What a condition of a type that the engine ignores was meant to say.
fn other_text(part: &Part, node: u32) -> String {
    if !part.is(node, NodeKind::Object) {
        return part.string(node).unwrap_or_else(|| part.brief(node, SHOWN));
    }
    let config = part.get(node, "config").filter(|&config| part.is(config, NodeKind::Object));
    let find = |key: &str| part.get(node, key).or_else(|| config.and_then(|config| part.get(config, key)));
    let text = |key: &str| find(key).and_then(|node| part.string(node));
    let kind = part.text(node, "type").unwrap_or_default();
    if let Some(field) = text("field").or_else(|| text("source")).or_else(|| text("parameter")) {
        let (value, _) = value_text(part, find("value"));
        let name = text("operator").unwrap_or_default();
        return match (name.as_str(), kind.as_str()) {
            ("", "field_exists") => format!("exists({field})"),
            ("", "field_greater_than") => format!("{field} > {value}"),
            ("", "field_less_than") => format!("{field} < {value}"),
            ("", _) => format!("{field} = {value}"),
            (name, _) => format!("{field} {} {value}", sign(name)),
        };
    }
    for key in ["plugin", "function", "function_name", "agent", "description"] {
        if let Some(name) = text(key) {
            return format!("{key}: {name}");
        }
    }
    if kind.is_empty() { part.brief(node, SHOWN) } else { kind }
}
