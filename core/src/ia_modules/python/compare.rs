//! `==`, `<`, `>`, `<=`, `>=` as Python has them for values that came from JSON.

use super::{Dict, Int, List, Value};
use std::cmp::Ordering;
use std::rc::Rc;

/// An ordering comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `<`
    Less,
    /// `>`
    Greater,
    /// `<=`
    LessOrEqual,
    /// `>=`
    GreaterOrEqual,
}

impl Operator {
    /// As Python spells it.
    pub fn sign(self) -> &'static str {
        match self {
            Operator::Less => "<",
            Operator::Greater => ">",
            Operator::LessOrEqual => "<=",
            Operator::GreaterOrEqual => ">=",
        }
    }

    fn holds(self, ordering: Option<Ordering>) -> bool {
        match self {
            Operator::Less => ordering == Some(Ordering::Less),
            Operator::Greater => ordering == Some(Ordering::Greater),
            Operator::LessOrEqual => matches!(ordering, Some(Ordering::Less | Ordering::Equal)),
            Operator::GreaterOrEqual => matches!(ordering, Some(Ordering::Greater | Ordering::Equal)),
        }
    }
}

/// `a == b`. The shared dictionary inside itself equals only itself.
pub fn equal(a: &Value, b: &Value) -> bool {
    equal_within(a, b, None)
}

/// `a == b`, where [`Value::Shared`] stands for `shared`.
pub fn equal_within(a: &Value, b: &Value, shared: Option<&Dict>) -> bool {
    // NaN does not equal itself; inside containers Python looks at identity first, and all NaN of `json.load` are one
    // object. So only the outermost pair is compared by value alone.
    if let (Value::Float(a), Value::Float(b)) = (a, b) {
        return a == b;
    }
    let mut pairs = vec![(Side::from(a), Side::from(b))];
    while let Some((a, b)) = pairs.pop() {
        match (a.resolved(shared), b.resolved(shared)) {
            (Side::Whole(a), Side::Whole(b)) => {
                if !same_scalar(a, b) {
                    return false;
                }
            }
            (Side::List(a), Side::List(b)) => {
                if std::ptr::eq(a, b) {
                    continue;
                }
                if a.items().len() != b.items().len() {
                    return false;
                }
                pairs.extend(a.items().iter().zip(b.items()).rev().map(|(a, b)| (Side::from(a), Side::from(b))));
            }
            (Side::Dict(a), Side::Dict(b)) => {
                if std::ptr::eq(a, b) {
                    continue;
                }
                if a.len() != b.len() {
                    return false;
                }
                for (key, value) in a.iter() {
                    let Some(other) = b.get(key) else { return false };
                    pairs.push((Side::from(value), Side::from(other)));
                }
            }
            (Side::Shared, Side::Shared) => {}
            _ => return false,
        }
    }
    true
}

/// One side of a comparison, with the shared dictionary in the place of its sign.
#[derive(Clone, Copy)]
enum Side<'a> {
    Whole(&'a Value),
    List(&'a List),
    Dict(&'a Dict),
    Shared,
}

impl<'a> Side<'a> {
    fn resolved(self, shared: Option<&'a Dict>) -> Self {
        match (self, shared) {
            (Side::Shared, Some(dict)) => Side::Dict(dict),
            _ => self,
        }
    }
}

impl<'a> From<&'a Value> for Side<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::List(list) => Side::List(list),
            Value::Dict(dict) => Side::Dict(dict),
            Value::Shared => Side::Shared,
            other => Side::Whole(other),
        }
    }
}

fn same_scalar(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::None, Value::None) => true,
        (Value::Str(a), Value::Str(b)) => Rc::ptr_eq(a, b) || a == b,
        (Value::Float(a), Value::Float(b)) if a.is_nan() => b.is_nan(),
        _ => numeric(a, b).flatten() == Some(Ordering::Equal),
    }
}

/// Order of two numbers; the inner `None` means that NaN is among them, the outer one that one is no number.
fn numeric(a: &Value, b: &Value) -> Option<Option<Ordering>> {
    let int = |value: &Value| match value {
        Value::Bool(flag) => Some(Int::from(i64::from(*flag))),
        Value::Int(int) => Some(int.clone()),
        _ => None,
    };
    match (a, b) {
        (Value::Float(a), Value::Float(b)) => Some(a.partial_cmp(b)),
        (Value::Float(a), b) => int(b).map(|b| b.cmp_float(*a).map(Ordering::reverse)),
        (a, Value::Float(b)) => int(a).map(|a| a.cmp_float(*b)),
        (a, b) => Some(Some(int(a)?.cmp(&int(b)?))),
    }
}

/// `a < b` and the like.
///
/// # Errors
/// The message of Python's `TypeError`: `'>' not supported between instances of 'NoneType' and 'int'`.
pub fn order(a: &Value, operator: Operator, b: &Value) -> Result<bool, String> {
    // Lists are ordered by the first pair that is not equal, wherever it lies: one walk finds it.
    let mut frames: Vec<(&List, &List, usize)> = Vec::new();
    let (mut x, mut y) = (a, b);
    loop {
        if let (Value::List(a), Value::List(b)) = (x, y) {
            frames.push((a, b, 0));
        } else if frames.is_empty() || !equal_inside(x, y) {
            return leaf(x, operator, y);
        }
        loop {
            let Some((a, b, at)) = frames.last_mut() else { return Ok(operator.holds(Some(Ordering::Equal))) };
            if let (Some(first), Some(second)) = (a.items().get(*at), b.items().get(*at)) {
                *at += 1;
                (x, y) = (first, second);
                break;
            }
            let lengths = a.items().len().cmp(&b.items().len());
            if lengths != Ordering::Equal {
                return Ok(operator.holds(Some(lengths)));
            }
            frames.pop();
        }
    }
}

/// Equality of two items of lists: by identity first, so NaN equals NaN.
fn equal_inside(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Float(a), Value::Float(b)) if a.is_nan() => b.is_nan(),
        _ => equal(a, b),
    }
}

fn leaf(a: &Value, operator: Operator, b: &Value) -> Result<bool, String> {
    if let (Value::Str(a), Value::Str(b)) = (a, b) {
        // The order of UTF-8 bytes is the order of code points.
        return Ok(operator.holds(Some(a.cmp(b))));
    }
    match numeric(a, b) {
        Some(ordering) => Ok(operator.holds(ordering)),
        None => Err(format!(
            "'{}' not supported between instances of '{}' and '{}'",
            operator.sign(),
            a.type_name(),
            b.type_name()
        )),
    }
}
