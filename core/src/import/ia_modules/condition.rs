//! A condition of an edge: one line for people, and what the engine makes of it.
//!
//! The engine (0.1.3 and 0.2.0) evaluates two types, `always` and `expression`, and of an expression only
//! `config.{source, operator, value}` with four operators (six in 0.2.0). Everything else is silently false.

use super::part::Part;
use crate::json::NodeKind;
use crate::model::{Condition, EdgeStyle};

/// Longest value written out in a condition.
const SHOWN: usize = 60;

/// What the engine makes of an operator.
enum Operator {
    Known(&'static str),
    /// Since 0.2.0.
    Newer(&'static str),
    Ignored,
}

fn operator(name: &str) -> Operator {
    match name {
        "equals" => Operator::Known("="),
        "not_equals" => Operator::Known("≠"),
        "greater_than" => Operator::Known(">"),
        "less_than" => Operator::Known("<"),
        "greater_than_or_equals" => Operator::Newer("≥"),
        "less_than_or_equals" => Operator::Newer("≤"),
        _ => Operator::Ignored,
    }
}

/// How an operator is written, also one the engine ignores.
fn sign(name: &str) -> &str {
    match operator(name) {
        Operator::Known(sign) | Operator::Newer(sign) => sign,
        Operator::Ignored => match name {
            "==" | "eq" => "=",
            "!=" | "ne" => "≠",
            ">=" | "gte" | "greater_than_or_equal" => "≥",
            "<=" | "lte" | "less_than_or_equal" => "≤",
            "gt" => ">",
            "lt" => "<",
            other => other,
        },
    }
}

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
    if !part.is(node, NodeKind::Object) {
        let text = part.string(node).unwrap_or_else(|| part.brief(node, SHOWN));
        return said(text, EdgeStyle::Never, "the engine stops with an error here: a condition must be an object");
    }
    if part.children(node).next().is_none() {
        return (None, EdgeStyle::Always);
    }
    match part.text(node, "type").as_deref() {
        Some("always") => (None, EdgeStyle::Always),
        Some("expression") => expression(part, node, known),
        other => {
            let name = other.map_or_else(|| "without a type".to_owned(), |name| format!("of type `{name}`"));
            let remark =
                format!("never true: the engine knows `always` and `expression`, and a condition {name} is false");
            said(other_text(part, node), EdgeStyle::Never, remark)
        }
    }
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

fn expression(part: &Part, node: u32, known: &dyn Fn(&str) -> bool) -> (Option<Condition>, EdgeStyle) {
    let config = part.get(node, "config").filter(|&config| part.is(config, NodeKind::Object));
    let from = config.unwrap_or(node);
    let source = part.text(from, "source").or_else(|| part.text(from, "field"));
    let name = part.text(from, "operator").unwrap_or_else(|| "equals".to_owned());
    let value = part.get(from, "value");
    let (shown, is_template) = value_text(part, value);
    let text = format!("{} {} {shown}", source.as_deref().unwrap_or("null"), sign(&name));
    if config.is_none() {
        let remark = "always true: the engine reads `source`, `operator` and `value` only inside `config`, and compares null with null";
        return said(text, EdgeStyle::Always, remark);
    }
    let newer = match operator(&name) {
        Operator::Known(_) => false,
        Operator::Newer(_) => true,
        Operator::Ignored => {
            let remark = format!(
                "never true: the engine does not know the operator `{name}`; it knows equals, not_equals, greater_than \
                 and less_than, since 0.2.0 also greater_than_or_equals and less_than_or_equals"
            );
            return said(text, EdgeStyle::Never, remark);
        }
    };
    let source = part.text(from, "source").unwrap_or_default();
    if source.is_empty() {
        let null = value.is_none_or(|value| part.is(value, NodeKind::Null));
        return match (name.as_str(), null) {
            ("equals", true) | ("not_equals", false) => {
                said(text, EdgeStyle::Always, "always true: without a source the engine compares null")
            }
            ("equals" | "not_equals", _) => {
                said(text, EdgeStyle::Never, "never true: without a source the engine compares null")
            }
            _ => said(text, EdgeStyle::Never, "stops the run: without a source the engine compares null with a number"),
        };
    }
    let head = source.split('.').next().unwrap_or("");
    let mut remarks = Vec::new();
    if newer {
        remarks.push("false in 0.1.3, which does not know this operator; 0.2.0 does".to_owned());
    }
    if is_template {
        remarks.push("0.1.3 compares with the literal text of the template; 0.2.0 takes it from the input".to_owned());
    }
    if matches!(head, "result" | "steps" | "data" | "output" | "context") && !known(head) {
        remarks.push(format!(
            "false unless a step writes a key `{head}`: the engine looks `{source}` up in the run's data, where the \
             result of a step stands under the step's id"
        ));
    }
    said(text, EdgeStyle::Conditional, remarks.join("; "))
}

/// What a condition of a type that the engine ignores was meant to say.
fn other_text(part: &Part, node: u32) -> String {
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
