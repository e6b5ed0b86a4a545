//! Exceptions of Python as the engine raises them: a type and the text `str()` gives.

use crate::ia_modules::python::Value;
use std::fmt;

/// An exception.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// Name of its type.
    pub type_name: String,
    /// Its text.
    pub message: String,
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.type_name, self.message)
    }
}

impl Exception {
    /// An exception of any type.
    pub fn new(type_name: &str, message: impl Into<String>) -> Self {
        Exception { type_name: type_name.to_owned(), message: message.into() }
    }

    /// A key that a dictionary does not have.
    pub fn key(key: &str) -> Self {
        Exception::new("KeyError", Value::from(key).repr())
    }

    /// An attribute that a value does not have: `'str' object has no attribute 'get'`.
    pub fn attribute(of: &Value, name: &str) -> Self {
        Exception::new("AttributeError", format!("'{}' object has no attribute '{name}'", of.type_name()))
    }

    /// A value of a type that an operation does not take.
    pub fn of_type(message: impl Into<String>) -> Self {
        Exception::new("TypeError", message)
    }

    /// A list or dictionary where something hashable is needed.
    pub fn unhashable(value: &Value) -> Self {
        Exception::of_type(format!("unhashable type: '{}'", value.type_name()))
    }

    /// Python's limit of nested calls.
    pub fn recursion(doing: &str) -> Self {
        Exception::new("RecursionError", format!("maximum recursion depth exceeded{doing}"))
    }
}

/// `value.get(key)`: the member of a dictionary.
///
/// # Errors
/// When it is no dictionary.
pub fn get<'a>(value: &'a Value, key: &str) -> Result<Option<&'a Value>, Exception> {
    let dict = value.as_dict().ok_or_else(|| Exception::attribute(value, "get"))?;
    Ok(dict.get(key))
}

/// `value[key]` with a string as key.
///
/// # Errors
/// When there is no such key, or the value has no keys.
pub fn index<'a>(value: &'a Value, key: &str) -> Result<&'a Value, Exception> {
    match value {
        Value::Dict(dict) => dict.get(key).ok_or_else(|| Exception::key(key)),
        Value::Str(_) => Err(Exception::of_type("string indices must be integers, not 'str'")),
        Value::List(_) => Err(Exception::of_type("list indices must be integers or slices, not str")),
        other => Err(Exception::of_type(format!("'{}' object is not subscriptable", other.type_name()))),
    }
}

/// What `for … in value` goes over: items, keys, or characters.
///
/// # Errors
/// When it is none of them.
pub fn iterate(value: &Value) -> Result<Vec<Value>, Exception> {
    match value {
        Value::List(list) => Ok(list.items().to_vec()),
        Value::Dict(dict) => Ok(dict.keys().map(Value::from).collect()),
        Value::Str(text) => Ok(text.chars().map(|c| Value::from(c.to_string())).collect()),
        other => Err(Exception::of_type(format!("'{}' object is not iterable", other.type_name()))),
    }
}
