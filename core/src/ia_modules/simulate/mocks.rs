//! Mocks as the code of steps: what each call returns or raises, and what the declared schema says of it.

use super::raise::raised;
use super::{Call, Outcome};
use crate::ia_modules::load::{Mock, Step};
use crate::ia_modules::python::{Dict, Value};
use crate::json::{At, Tree};
use crate::schema;

/// What a step's mock makes of a call.
pub fn outcome(call: Call<'_>) -> Outcome {
    match &call.step.mock {
        Mock::Generated => Outcome::Returns(generated(call.step)),
        Mock::Returns(value) => Outcome::Returns(value.clone()),
        Mock::Sequence(values) => {
            let at = (call.visit as usize).saturating_sub(1).min(values.len().saturating_sub(1));
            Outcome::Returns(values.get(at).cloned().unwrap_or_else(|| Value::dict(Dict::new())))
        }
        Mock::Raises(text) => Outcome::Raises(raised(text)),
    }
}

/// The value for a step without a mock.
fn generated(step: &Step) -> Value {
    let Some(declared) = &step.output_schema else { return Value::dict(Dict::new()) };
    let text = declared.to_json();
    let tree = Tree::parse(text.as_bytes());
    let made = schema::generate(At { text: text.as_bytes(), tree: &tree, node: 0 });
    Value::parse(made.as_bytes()).unwrap_or_default()
}

/// Where a mock's values are not what the step's declared schema allows: the position of the value (0 but for a
/// sequence) with a clause for each place.
pub fn mismatches(step: &Step) -> Vec<(usize, String)> {
    let Some(declared) = &step.output_schema else { return Vec::new() };
    let values = match &step.mock {
        Mock::Returns(value) => std::slice::from_ref(value),
        Mock::Sequence(values) => values,
        _ => return Vec::new(),
    };
    let text = declared.to_json();
    let tree = Tree::parse(text.as_bytes());
    let declared = At { text: text.as_bytes(), tree: &tree, node: 0 };
    let mut found = Vec::new();
    for (position, value) in values.iter().enumerate() {
        // A step that asks a person returns the question, not what the schema says of its answer.
        if value.get("status").and_then(Value::as_str) == Some("human_input_required") {
            continue;
        }
        let text = value.to_json();
        let tree = Tree::parse(text.as_bytes());
        let wrong = schema::check(declared, At { text: text.as_bytes(), tree: &tree, node: 0 });
        found.extend(wrong.into_iter().map(|wrong| (position, wrong.message)));
    }
    found
}
