//! What falls through comparisons of one source: a value for which none of them is true.

use super::condition::{Operator, Test};
use super::shape::Shape;
use crate::ia_modules::definition::Text;
use crate::ia_modules::python::{self, Value, equal, order};
use crate::json::NodeKind;
use rustc_hash::FxHashSet;

/// Values or numbers that one sentence lists.
const LISTED: usize = 4;

/// Declared values that are looked at one by one.
const TRIED: usize = 8;

/// Outputs of a step, or values of an output, that are looked through for a dead end; a longer list is not.
const LOOKED_AT: u32 = 1000;

/// A value of the source for which none of the tests is true, in words; `None` when one always is.
pub(super) fn falls_through(shape: &Shape<'_>, at: u32, tests: &[&Test<'_>]) -> Option<String> {
    let text = shape.text;
    let raw = |test: &Test<'_>| test.value.map_or(&b"null"[..], |value| text.raw(value));
    let values = |operator: Operator| tests.iter().filter(move |test| test.operator == operator).map(|test| raw(test));
    if let Some(first) = tests.iter().find(|test| test.operator == Operator::NotEquals) {
        // Everything but this, and that too when another test is true of it, as when two are excluded.
        let excluded = value(text, first);
        let covered = tests.iter().any(|test| holds(text, test, &excluded));
        return (!covered).then(|| words(raw(first)));
    }
    let equals: FxHashSet<&[u8]> = values(Operator::Equals).collect();
    if equals.contains(&b"true"[..]) && equals.contains(&b"false"[..]) {
        return None;
    }
    if let Some(allowed) = declared_values(shape, at, tests.first()?) {
        let mut open = allowed.iter().filter(|value| !equals.contains(value.as_slice())).take(TRIED);
        let missing =
            open.find(|raw| Value::parse(raw).is_ok_and(|value| !tests.iter().any(|test| holds(text, test, &value))));
        return missing.map(|value| words(value));
    }
    let by_number = tests.iter().all(|test| !test.operator.orders() || number(text, test).is_some());
    if by_number && tests.iter().any(|test| test.operator.orders()) {
        return beside_numbers(text, tests);
    }
    let mut parts = Vec::new();
    let listed: Vec<String> = values(Operator::Equals).take(LISTED).map(words).collect();
    if !listed.is_empty() {
        parts.push(format!("anything but {}", listed.join(", ")));
    }
    for test in tests.iter().filter(|test| test.operator.orders()).take(LISTED) {
        parts.push(format!("not {} {}", test.operator.name().replace('_', " "), words(raw(test))));
    }
    Some(parts.join(" and "))
}

/// What is left of the numbers by comparisons of order.
fn beside_numbers(text: Text<'_>, tests: &[&Test<'_>]) -> Option<String> {
    // The least that is above, and the most that is below: all numbers when they overlap.
    let bounds = |operators: [Operator; 2]| {
        let wanted = tests.iter().filter(move |test| operators.contains(&test.operator));
        wanted.filter_map(|test| Some((number(text, test)?, test.operator.newer())))
    };
    let wider = |(a, b): ((f64, bool), (f64, bool)), b_is_wider: bool| {
        if a.0 == b.0 {
            (a.0, a.1 || b.1)
        } else if b_is_wider {
            b
        } else {
            a
        }
    };
    let above = bounds([Operator::GreaterThan, Operator::GreaterThanOrEquals]).reduce(|a, b| wider((a, b), b.0 < a.0));
    let below = bounds([Operator::LessThan, Operator::LessThanOrEquals]).reduce(|a, b| wider((a, b), b.0 > a.0));
    let equals = || tests.iter().filter(|test| test.operator == Operator::Equals).filter_map(|test| number(text, test));
    let range = match (above, below) {
        (Some((least, at_least)), Some((most, at_most))) => {
            if most > least || most == least && (at_least || at_most || equals().any(|number| number == least)) {
                return None;
            } else if most == least {
                return Some(format!("exactly {least}"));
            }
            format!("between {most} and {least}")
        }
        (Some((least, true)), _) => format!("less than {least}"),
        (Some((least, false)), _) => format!("{least} or less"),
        (None, Some((most, true))) => format!("more than {most}"),
        (None, Some((most, false))) => format!("{most} or more"),
        (None, None) => return None,
    };
    let inside =
        |number: &f64| above.is_none_or(|(least, _)| *number <= least) && below.is_none_or(|(most, _)| *number >= most);
    let but: Vec<String> = equals().filter(inside).take(LISTED).map(|number| number.to_string()).collect();
    Some(if but.is_empty() { range } else { format!("{range}, but not {}", but.join(", ")) })
}

/// Bytes of JSON in a sentence.
fn words(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(raw);
    match text.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.into_owned(),
    }
}

fn value(text: Text<'_>, test: &Test<'_>) -> Value {
    test.value.map_or(Value::None, |node| text.value(node))
}

fn number(text: Text<'_>, test: &Test<'_>) -> Option<f64> {
    test.value.filter(|&value| text.is(value, NodeKind::Number)).and_then(|value| text.float(value))
}

/// Whether a test is true of a value, or stops the run, which is no silent end either.
fn holds(text: Text<'_>, test: &Test<'_>, actual: &Value) -> bool {
    let operator = match test.operator {
        Operator::Equals => return equal(actual, &value(text, test)),
        Operator::NotEquals => return !equal(actual, &value(text, test)),
        Operator::GreaterThan => python::Operator::Greater,
        Operator::LessThan => python::Operator::Less,
        Operator::GreaterThanOrEquals => python::Operator::GreaterOrEqual,
        Operator::LessThanOrEquals => python::Operator::LessOrEqual,
    };
    order(actual, operator, &value(text, test)).unwrap_or(true)
}

/// The values that the schema of the step's output admits, when it names all of them.
fn declared_values(shape: &Shape<'_>, at: u32, test: &Test<'_>) -> Option<Vec<Vec<u8>>> {
    let text = shape.text;
    let (step, key) = match test.source.split_once('.') {
        Some((id, key)) => (shape.step_of(id)?, key),
        None => (at, &*test.source),
    };
    let step = shape.steps.get(step as usize)?;
    let short = |list: u32| text.tree.node(list).filter(|node| node.children <= LOOKED_AT).map(|_| list);
    let in_schema = || {
        let properties = text.object(text.object(step.node, "output_schema")?, "properties")?;
        text.get(short(properties)?, key)
    };
    let in_list = || {
        let list = short(text.get(step.node, "outputs").filter(|&list| text.is(list, NodeKind::Array))?)?;
        let declared = text.children(list).find(|&item| text.text(item, "name").as_deref() == Some(key))?;
        text.get(declared, "schema")
    };
    let schema = in_schema().or_else(in_list)?;
    if text.text(schema, "type").as_deref() == Some("boolean") {
        return Some(vec![b"true".to_vec(), b"false".to_vec()]);
    }
    let list = short(text.get(schema, "enum").filter(|&list| text.is(list, NodeKind::Array))?)?;
    Some(text.children(list).map(|value| text.raw(value).to_vec()).collect())
}
