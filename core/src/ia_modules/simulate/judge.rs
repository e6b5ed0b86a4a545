//! Edges: what a condition reads, and what the engine makes of it.
//!
//! Source: `core.py`, `_evaluate_condition` and `_get_next_steps`.

use crate::ia_modules::load::exception::get;
use crate::ia_modules::load::{Edge, Exception};
use crate::ia_modules::python::{Dict, Operator, Value, equal_within, order};
use crate::protocol::{EngineId, Verdict};
use std::rc::Rc;

/// What a condition saw.
#[derive(Clone, Debug, Default)]
pub enum Saw {
    /// It reads nothing.
    #[default]
    Nothing,
    /// The value at its source.
    Value(Value),
    /// A key on the way is not there; the engine goes on with `None`. Number of parts that were found before it.
    Missing {
        /// Parts found.
        found: usize,
        /// Whether it was the last part, so that `None` is compared.
        compared: bool,
    },
    /// Something on the way is no object, and the engine calls the edge false.
    NoObject {
        /// Parts found.
        found: usize,
        /// What is there instead.
        is: Value,
    },
}

/// What became of an edge.
#[derive(Clone, Debug)]
pub struct Judged {
    /// Position among the edges of the program.
    pub edge: usize,
    /// What became of it.
    pub verdict: Verdict,
    /// What it saw.
    pub saw: Saw,
}

/// How the engine understands a condition.
#[derive(Clone, Debug)]
pub enum Condition {
    /// Always true.
    Always,
    /// A type the engine does not know: never true.
    Unknown(Value),
    /// A comparison.
    Expression {
        /// What is read: parts between dots.
        source: Rc<str>,
        /// The comparison; `Err` with what the file says when the engine does not know it: never true.
        operator: Result<Comparison, Value>,
        /// What it is compared with.
        value: Value,
    },
}

/// A comparison the engine knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `equals`
    Equals,
    /// `not_equals`
    NotEquals,
    /// An order.
    Order(Operator),
}

impl Comparison {
    /// The comparison of this name in a version.
    pub fn named(name: &str, engine: EngineId) -> Option<Comparison> {
        let newer = engine == EngineId::IaModules020;
        Some(match name {
            "equals" => Comparison::Equals,
            "not_equals" => Comparison::NotEquals,
            "greater_than" => Comparison::Order(Operator::Greater),
            "less_than" => Comparison::Order(Operator::Less),
            "greater_than_or_equals" if newer => Comparison::Order(Operator::GreaterOrEqual),
            "less_than_or_equals" if newer => Comparison::Order(Operator::LessOrEqual),
            _ => return None,
        })
    }
}

/// Reads the condition of an edge.
///
/// # Errors
/// What the engine raises when it comes to it.
pub fn condition(edge: &Edge, engine: EngineId) -> Result<Condition, Exception> {
    let Some(given) = &edge.condition else { return Ok(Condition::Always) };
    let kind = get(given, "type")?;
    match kind.map(|kind| kind.as_str()) {
        None | Some(Some("always")) => return Ok(Condition::Always),
        Some(Some("expression")) => {}
        _ => return Ok(Condition::Unknown(kind.cloned().unwrap_or_default())),
    }
    let empty = Value::dict(Dict::new());
    let config = get(given, "config")?.unwrap_or(&empty);
    let source = match get(config, "source")? {
        None => Rc::from(""),
        Some(Value::Str(source)) => Rc::clone(source),
        Some(other) => return Err(Exception::attribute(other, "split")),
    };
    let operator = match get(config, "operator")? {
        None => Ok(Comparison::Equals),
        Some(given) => match given.as_str().and_then(|name| Comparison::named(name, engine)) {
            Some(comparison) => Ok(comparison),
            None => Err(given.clone()),
        },
    };
    let value = get(config, "value")?.cloned().unwrap_or_default();
    Ok(Condition::Expression { source, operator, value })
}

/// Follows a source through the state.
pub fn read(source: &str, state: &Dict) -> Saw {
    let mut missing = None;
    // `None` stands for the shared dictionary itself.
    let mut at: Option<Value> = None;
    let parts = source.split('.').count();
    for (found, part) in source.split('.').enumerate() {
        let next = match &at {
            None | Some(Value::Shared) => state.get(part),
            Some(Value::Dict(dict)) => dict.get(part),
            Some(other) => {
                return match missing {
                    Some(found) => Saw::Missing { found, compared: false },
                    None => Saw::NoObject { found, is: other.clone() },
                };
            }
        };
        if next.is_none() && missing.is_none() {
            missing = Some(found);
        }
        at = Some(next.cloned().unwrap_or_default());
    }
    match (missing, at) {
        (Some(found), _) => Saw::Missing { found, compared: found + 1 == parts },
        (None, value) => Saw::Value(value.unwrap_or(Value::Shared)),
    }
}

/// Whether an edge is true in a state, and what it saw.
///
/// # Errors
/// What the engine raises while it compares.
pub fn judge(edge: &Edge, engine: EngineId, state: &Dict) -> (Saw, Result<bool, Exception>) {
    let (source, operator, value) = match condition(edge, engine) {
        Err(exception) => return (Saw::Nothing, Err(exception)),
        Ok(Condition::Always) => return (Saw::Nothing, Ok(true)),
        Ok(Condition::Unknown(_)) => return (Saw::Nothing, Ok(false)),
        Ok(Condition::Expression { source, operator, value }) => (source, operator, value),
    };
    let saw = read(&source, state);
    let none = Value::None;
    let actual = match &saw {
        Saw::Value(value) => value,
        Saw::Missing { compared: true, .. } => &none,
        _ => return (saw, Ok(false)),
    };
    let holds = match operator {
        Err(_) => Ok(false),
        Ok(Comparison::Equals) => Ok(equal_within(actual, &value, Some(state))),
        Ok(Comparison::NotEquals) => Ok(!equal_within(actual, &value, Some(state))),
        Ok(Comparison::Order(operator)) => order(actual, operator, &value).map_err(Exception::of_type),
    };
    (saw, holds)
}
