//! The dictionary all steps share, with everything that was written to it: the state at any point is made again from
//! the writes, so that a hundred states cost no more than what was written.

use crate::ia_modules::python::{Dict, Value};
use std::rc::Rc;

/// Who wrote a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writer {
    /// It was in the input.
    Input,
    /// The engine itself.
    Engine,
    /// The entry of this position.
    Entry(usize),
    /// A person, answering at the entry of this position.
    Person(usize),
}

/// A point in the history: the number of writes before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark(usize);

/// The shared dictionary and its history.
#[derive(Clone, Debug)]
pub struct State {
    input: Dict,
    current: Dict,
    writes: Vec<(Rc<str>, Value, Writer)>,
}

impl State {
    /// The state before the first step.
    pub fn new(input: &Dict) -> Self {
        State { input: input.clone(), current: input.clone(), writes: Vec::new() }
    }

    /// The state as it is.
    pub fn current(&self) -> &Dict {
        &self.current
    }

    /// What it began with.
    pub fn input(&self) -> &Dict {
        &self.input
    }

    /// Now.
    pub fn mark(&self) -> Mark {
        Mark(self.writes.len())
    }

    /// Writes a value.
    pub fn set(&mut self, key: &Rc<str>, value: &Value, writer: Writer) {
        self.current.set(Rc::clone(key), value.clone());
        self.writes.push((Rc::clone(key), value.clone(), writer));
    }

    /// Writes all members of a dictionary.
    pub fn update(&mut self, from: &Dict, writer: Writer) {
        for (key, value) in from.iter() {
            self.set(key, value, writer);
        }
    }

    /// The state at a point.
    pub fn at(&self, mark: Mark) -> Dict {
        let mut dict = self.input.clone();
        for (key, value, _) in self.writes.iter().take(mark.0) {
            dict.set(Rc::clone(key), value.clone());
        }
        dict
    }

    /// What was written between two points, in order.
    pub fn between(&self, from: Mark, to: Mark) -> impl Iterator<Item = (&str, &Value)> {
        let count = to.0.saturating_sub(from.0);
        self.writes.iter().skip(from.0).take(count).map(|(key, value, _)| (&**key, value))
    }

    /// Who wrote the value that a key has at a point; `None` when it has none.
    pub fn writer(&self, key: &str, mark: Mark) -> Option<Writer> {
        let before = self.writes.get(..mark.0).unwrap_or(&self.writes);
        let last = before.iter().rev().find(|(written, ..)| **written == *key).map(|(.., writer)| *writer);
        last.or_else(|| self.input.contains(key).then_some(Writer::Input))
    }
}
