//! Steps, terminals and conditions in words, for lists and for what is shown beside a place in the text.

use super::outline::Step;
use super::sources::operators;
use crate::json::{At, NodeKind};
use crate::protocol::EngineId;

/// What an operator asks.
pub(super) fn operator(name: &str) -> &'static str {
    match name {
        "equals" => "is equal to",
        "not_equals" => "differs from",
        "greater_than" => "is greater than",
        "less_than" => "is less than",
        "greater_than_or_equals" => "is at least",
        "less_than_or_equals" => "is at most",
        _ => "",
    }
}

/// What the engine does at a terminal.
pub(super) fn terminal(id: &str) -> &'static str {
    match id {
        "end" => {
            "The pydantic loader takes it, and the run then stops with `Step 'end' not found`. Use end_with_success."
        }
        "end_with_failure" => "Ends the run. It is reported as a success all the same.",
        _ => "Ends the run, also when other branches of a fan-out still wait.",
    }
}

/// A step in a sentence or two.
pub(super) fn step(step: &Step<'_>) -> String {
    let own = |key: &str| step.at.text_of(key).filter(|text| !text.is_empty());
    let name = own("name").filter(|name| *name != step.id).map(|name| format!("{name}. ")).unwrap_or_default();
    let class = own("step_class").or_else(|| own("class"));
    let class = match (class, own("module")) {
        (Some(class), Some(module)) => format!("Class {class} of {module}, "),
        (Some(class), None) => format!("Class {class}, "),
        _ => String::new(),
    };
    let line = step.line;
    let place = if class.is_empty() { "Defined" } else { "defined" };
    format!("{name}{class}{place} in line {line}.")
}

/// What the engine makes of a condition.
pub(super) fn condition(condition: At<'_>, engine: EngineId) -> String {
    if !condition.is(NodeKind::Object) {
        return "A condition must be an object: with anything else the raw loader's run stops with an error, and the pydantic \
                loader refuses the file."
            .to_owned();
    }
    if condition.count() == 0 {
        return "Always taken.".to_owned();
    }
    match condition.text_of("type").as_deref() {
        Some("always") => "Always taken.".to_owned(),
        Some("expression") => expression(condition, engine),
        Some(other) => {
            format!("Never taken: the engine accepts conditions of the type `{other}` and does not evaluate them.")
        }
        None => "Never taken: the condition has no type.".to_owned(),
    }
}

fn expression(condition: At<'_>, engine: EngineId) -> String {
    let Some(config) = condition.get("config").filter(|config| config.is(NodeKind::Object)) else {
        return "Always taken: the engine reads `source`, `operator` and `value` only inside `config`, and compares null with \
                null."
            .to_owned();
    };
    let source = config.text_of("source").unwrap_or_default();
    let name = config.get("operator").map_or_else(|| "equals".into(), |at| at.string().unwrap_or_else(|| at.json()));
    let value = config.get("value").map_or_else(|| "null".to_owned(), |value| value.brief(60));
    if !operators(engine).contains(&name.as_ref()) {
        let version = match engine {
            EngineId::IaModules013 => "0.1.3",
            EngineId::IaModules020 => "0.2.0",
        };
        return format!(
            "Never taken: {version} does not know the operator `{name}`. It knows {}.",
            operators(engine).join(", ")
        );
    }
    let source = if source.is_empty() { "null (there is no source)".to_owned() } else { format!("`{source}`") };
    let order = name.contains("than");
    let missing = if order { " When it is missing, the run stops with a TypeError." } else { "" };
    format!("Taken when {source} {} {value}.{missing}", operator(&name))
}
