//! Values for which a condition is true, or false: guessed from what it is compared with, then judged by the engine's
//! own rules by whoever asks.

use crate::ia_modules::python::{Int, Value, order};
use crate::ia_modules::python::{Operator, equal};
use crate::order::Order as _;

/// Most values that are tried for one source.
const MOST: usize = 40;

/// Values around those a source is compared with: equal, a little above and below, between two of them, and of another
/// kind. In the order in which they are worth trying.
pub(super) fn around(compared: &[Value]) -> Vec<Value> {
    let mut values: Vec<Value> = Vec::new();
    for value in compared.iter().take(8) {
        values.push(value.clone());
        near(value, &mut values);
    }
    let mut numbers: Vec<f64> = compared.iter().take(8).filter_map(number).collect();
    numbers.order_by(f64::total_cmp);
    for pair in numbers.windows(2) {
        if let [a, b] = pair
            && b > a
        {
            let middle = a + (b - a) / 2.0;
            let whole = middle.round();
            values.push(if whole > *a && whole < *b { whole_number(whole) } else { Value::Float(middle) });
        }
    }
    values.extend([Value::Bool(true), Value::Bool(false), Value::from("other"), Value::from(0), Value::None]);
    let mut kept: Vec<Value> = Vec::new();
    for value in values {
        // Equal values of another type (True and 1) differ for a schema.
        if !kept.iter().any(|other| equal(other, &value) && other.type_name() == value.type_name()) {
            kept.push(value);
        }
    }
    kept.truncate(MOST);
    kept
}

/// Neighbours of a value in the order Python has for its kind.
fn near(value: &Value, out: &mut Vec<Value>) {
    match value {
        Value::Bool(flag) => out.extend([Value::Bool(!flag), Value::from(i64::from(*flag) + 1), Value::from(-1)]),
        Value::Int(int) => match int.small() {
            Some(small) => {
                out.extend([small.checked_add(1), small.checked_sub(1)].into_iter().flatten().map(Value::from));
                out.extend([1.5, 0.5, -0.5].map(|by| Value::Float(small as f64 + by)));
            }
            None => {
                // One digit more is above, whichever the sign; nothing is below but the other side of zero.
                let digits = int.to_string();
                out.extend(Int::parse(&format!("{digits}0")).map(Value::Int));
                out.push(Value::from(0));
            }
        },
        Value::Float(float) => {
            // Small steps first where the number is a share of one.
            let by: f64 = if float.abs() <= 1.0 { 0.1 } else { 1.0 };
            for near in [float + by, float - by, float.next_up(), float.next_down()] {
                // 0.7 + 0.1 is 0.7999…; rounded where that changes nothing.
                let rounded = (near * 1e6).round() / 1e6;
                let fits = (rounded > *float) == (near > *float) && (rounded < *float) == (near < *float);
                out.push(Value::Float(if fits && rounded.is_finite() { rounded } else { near }));
            }
        }
        Value::Str(text) => {
            out.push(Value::from(format!("{text}a")));
            let mut shorter = text.to_string();
            shorter.pop();
            out.push(Value::from(shorter));
            out.push(Value::from(""));
        }
        Value::List(list) => {
            let mut longer = list.items().to_vec();
            longer.push(Value::from(0));
            out.push(Value::list(longer));
            out.push(Value::list(Vec::new()));
        }
        Value::None | Value::Dict(_) | Value::Shared => out.push(Value::from(1)),
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(int) => int.small().map(|small| small as f64),
        Value::Float(float) if float.is_finite() => Some(*float),
        Value::Bool(flag) => Some(f64::from(u8::from(*flag))),
        _ => None,
    }
}

fn whole_number(float: f64) -> Value {
    Int::parse(&format!("{float:.0}")).map_or(Value::Float(float), Value::Int)
}

/// Whether any value at all can stand in this order to one: Python orders no null and no objects.
pub(super) fn can_be_ordered(operator: Operator, to: &Value) -> bool {
    around(std::slice::from_ref(to)).iter().any(|value| order(value, operator, to) == Ok(true))
}
