//! Python values as IA Modules' engine holds them after `json.load`: reading, comparing and writing them as Python does.
//!
//! Nothing here recurses over the depth of a value: reading, dropping, comparing and writing use stacks of their own.
//! Source of the rules: CPython 3.11. Nothing about pipelines belongs here.

mod compare;
mod dict;
mod float;
mod int;
mod map;
mod read;
mod repr;
mod write;

#[cfg(test)]
mod tests;

pub use compare::{Operator, equal, equal_within, order};
pub use dict::Dict;
pub use float::float_text;
pub use int::Int;

use std::fmt;
use std::rc::Rc;

/// What `str.strip` and `str.isspace` take for white space.
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// A value. A clone shares its parts.
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// `None`.
    #[default]
    None,
    /// `True` or `False`.
    Bool(bool),
    /// An integer of any size.
    Int(Int),
    /// A float; NaN and the infinities are possible.
    Float(f64),
    /// A string. A lone surrogate of the file has become U+FFFD.
    Str(Rc<str>),
    /// A list.
    List(Rc<List>),
    /// A dictionary with string keys, in insertion order.
    Dict(Rc<Dict>),
    /// The dictionary that all steps share, inside itself: what a failed step keeps as `original_data`.
    Shared,
}

/// The items of a list.
#[derive(Clone, Debug, Default)]
pub struct List(Vec<Value>);

impl List {
    /// The items.
    pub fn items(&self) -> &[Value] {
        &self.0
    }
}

impl From<Vec<Value>> for List {
    fn from(items: Vec<Value>) -> Self {
        List(items)
    }
}

impl Drop for List {
    fn drop(&mut self) {
        release(std::mem::take(&mut self.0));
    }
}

/// Drops values level by level, so that a deep one does not use up the stack.
fn release(mut values: Vec<Value>) {
    // Most values hold nothing that nests: they go without a list of work.
    if !values.iter().any(Value::nests) {
        return;
    }
    while let Some(value) = values.pop() {
        match value {
            Value::List(list) => {
                if let Ok(mut list) = Rc::try_unwrap(list) {
                    values.append(&mut list.0);
                }
            }
            Value::Dict(dict) => {
                if let Ok(mut dict) = Rc::try_unwrap(dict) {
                    values.extend(dict.take_values());
                }
            }
            _ => {}
        }
    }
}

impl Value {
    /// A list.
    pub fn list(items: Vec<Value>) -> Value {
        Value::List(Rc::new(List(items)))
    }

    /// A dictionary.
    pub fn dict(dict: Dict) -> Value {
        Value::Dict(Rc::new(dict))
    }

    /// The name of its type: `NoneType`, `bool`, `int`, `float`, `str`, `list`, `dict`.
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::None => "NoneType",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::Float(_) => "float",
            Value::Str(_) => "str",
            Value::List(_) => "list",
            Value::Dict(_) | Value::Shared => "dict",
        }
    }

    /// Whether Python takes it for true in an `if`.
    pub fn truthy(&self) -> bool {
        match self {
            Value::None => false,
            Value::Bool(flag) => *flag,
            Value::Int(int) => !int.is_zero(),
            Value::Float(float) => *float != 0.0,
            Value::Str(text) => !text.is_empty(),
            Value::List(list) => !list.0.is_empty(),
            Value::Dict(dict) => !dict.is_empty(),
            Value::Shared => true,
        }
    }

    /// The member of a dictionary; `None` when there is none or this is no dictionary.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_dict().and_then(|dict| dict.get(key))
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        if let Value::Str(text) = self { Some(text) } else { None }
    }

    /// The dictionary.
    pub fn as_dict(&self) -> Option<&Dict> {
        if let Value::Dict(dict) = self { Some(dict) } else { None }
    }

    /// The items of a list.
    pub fn as_list(&self) -> Option<&[Value]> {
        if let Value::List(list) = self { Some(list.items()) } else { None }
    }

    /// Whether it is `None`.
    pub fn is_none(&self) -> bool {
        matches!(self, Value::None)
    }

    /// Whether it is a list or dictionary.
    fn nests(&self) -> bool {
        matches!(self, Value::List(_) | Value::Dict(_))
    }
}

/// Deep equality as Python's `==` has it: `True == 1 == 1.0`.
impl PartialEq for Value {
    fn eq(&self, other: &Value) -> bool {
        equal(self, other)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Value::Bool(flag)
    }
}

impl From<i64> for Value {
    fn from(int: i64) -> Self {
        Value::Int(Int::from(int))
    }
}

impl From<f64> for Value {
    fn from(float: f64) -> Self {
        Value::Float(float)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Str(Rc::from(text))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Str(Rc::from(text))
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Self {
        Value::list(items)
    }
}

impl From<Dict> for Value {
    fn from(dict: Dict) -> Self {
        Value::dict(dict)
    }
}

/// As Python's `str()`: a string as it is, everything else as `repr()`.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Value::Str(text) = self { f.write_str(text) } else { f.write_str(&self.repr()) }
    }
}
