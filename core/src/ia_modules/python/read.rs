//! From JSON text to values, as Python's `json` reads it: the last of repeated keys, exact integers, `NaN`.

use super::{Dict, Int, List, Value};
use crate::ia_modules::validate::{NotJson, check_json};
use crate::json::{NodeKind, Tree};
use std::rc::Rc;

/// A container that is being read: its key in the one around it, its next child, and what it holds so far.
struct Open {
    key: Rc<str>,
    next: Option<u32>,
    holds: Holds,
}

enum Holds {
    Items(Vec<Value>),
    Members(Dict),
}

impl Open {
    fn add(&mut self, key: Rc<str>, value: Value) {
        match &mut self.holds {
            Holds::Items(items) => items.push(value),
            Holds::Members(dict) => dict.set(key, value),
        }
    }

    fn close(self) -> (Rc<str>, Value) {
        let value = match self.holds {
            Holds::Items(items) => Value::List(Rc::new(List::from(items))),
            Holds::Members(dict) => Value::dict(dict),
        };
        (self.key, value)
    }
}

impl Value {
    /// Reads a whole JSON text.
    ///
    /// # Errors
    /// Where and why Python does not read it. ChainDebug's own lexer forgives more than Python does.
    pub fn parse(text: &[u8]) -> Result<Value, NotJson> {
        check_json(text)?;
        Ok(Value::of(text, &Tree::parse(text), 0))
    }

    /// Reads a whole JSON text as forgivingly as files of runs are read; `None` where it is damaged, or empty.
    pub fn forgiving(text: &[u8]) -> Option<Value> {
        let tree = Tree::parse(text);
        (tree.damage.is_none() && !tree.is_empty()).then(|| Value::of(text, &tree, 0))
    }

    /// The value of a node. A word that is no JSON becomes `None`.
    pub fn of(text: &[u8], tree: &Tree, node: u32) -> Value {
        let mut open: Vec<Open> = Vec::new();
        let mut at = node;
        loop {
            let key: Rc<str> = match open.last().map(|top| &top.holds) {
                Some(Holds::Members(_)) => tree.key(text, at).map_or_else(|| Rc::from(""), |key| Rc::from(&*key)),
                _ => Rc::from(""),
            };
            let holds = match tree.node(at).map(|node| node.kind) {
                Some(NodeKind::Array) => Ok(Holds::Items(Vec::new())),
                Some(NodeKind::Object) => Ok(Holds::Members(Dict::new())),
                _ => Err(scalar(text, tree, at)),
            };
            let mut done = match holds {
                Ok(holds) => {
                    open.push(Open { key, next: tree.first_child(at), holds });
                    None
                }
                Err(value) => Some((key, value)),
            };
            // Put what is finished where it belongs, until something open has another child.
            loop {
                if let Some((key, value)) = done.take() {
                    let Some(top) = open.last_mut() else { return value };
                    top.add(key, value);
                }
                let Some(top) = open.last_mut() else { return Value::None };
                if let Some(child) = top.next {
                    top.next = tree.next(child);
                    at = child;
                    break;
                }
                done = open.pop().map(Open::close);
            }
        }
    }
}

fn scalar(text: &[u8], tree: &Tree, node: u32) -> Value {
    let Some(kind) = tree.node(node).map(|node| node.kind) else { return Value::None };
    let raw = std::str::from_utf8(tree.raw(text, node)).unwrap_or("");
    match kind {
        NodeKind::String => Value::from(tree.string(text, node).unwrap_or_default().into_owned()),
        NodeKind::Bool => Value::Bool(raw == "true"),
        NodeKind::Number => number(raw),
        _ => Value::None,
    }
}

fn number(raw: &str) -> Value {
    if let Some(int) = Int::parse(raw) {
        return Value::Int(int);
    }
    match raw {
        "NaN" => Value::Float(f64::NAN),
        "Infinity" => Value::Float(f64::INFINITY),
        "-Infinity" => Value::Float(f64::NEG_INFINITY),
        _ if raw.starts_with(|c: char| c == '-' || c.is_ascii_digit()) => raw.parse().map_or(Value::None, Value::Float),
        _ => Value::None,
    }
}
