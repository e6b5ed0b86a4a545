//! A dictionary with string keys that keeps the order in which keys were first inserted.

use super::{Value, release};
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// Up to this many entries a search from the front is quicker than a table.
const SMALL: usize = 12;

/// Keys and values in insertion order. Setting a key again changes its value and keeps its position, as Python does.
#[derive(Clone, Debug, Default)]
pub struct Dict {
    entries: Vec<(Rc<str>, Value)>,
    /// Position of each key, once there are more than [`SMALL`].
    table: FxHashMap<Rc<str>, usize>,
}

impl Dict {
    /// An empty dictionary.
    pub fn new() -> Self {
        Self::default()
    }

    /// Number of keys.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Position of a key in insertion order.
    pub fn position(&self, key: &str) -> Option<usize> {
        if self.entries.len() > SMALL {
            return self.table.get(key).copied();
        }
        self.entries.iter().position(|(other, _)| **other == *key)
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.position(key).and_then(|at| self.entries.get(at)).map(|(_, value)| value)
    }

    /// Whether there is such a key.
    pub fn contains(&self, key: &str) -> bool {
        self.position(key).is_some()
    }

    /// Sets a key: in its place when it is there, else at the end.
    pub fn set(&mut self, key: impl Into<Rc<str>>, value: impl Into<Value>) {
        let (key, value) = (key.into(), value.into());
        if let Some(entry) = self.position(&key).and_then(|at| self.entries.get_mut(at)) {
            // The old value may be deep: a list drops its items without recursion.
            release(vec![std::mem::replace(&mut entry.1, value)]);
            return;
        }
        self.entries.push((key, value));
        let len = self.entries.len();
        if len == SMALL + 1 {
            self.table = self.entries.iter().enumerate().map(|(at, (key, _))| (key.clone(), at)).collect();
        } else if len > SMALL
            && let Some((key, _)) = self.entries.last()
        {
            self.table.insert(key.clone(), len - 1);
        }
    }

    /// Sets all keys of another dictionary, in its order.
    pub fn update(&mut self, other: &Dict) {
        for (key, value) in &other.entries {
            self.set(key.clone(), value.clone());
        }
    }

    /// Keys and values in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Rc<str>, &Value)> {
        self.entries.iter().map(|(key, value)| (key, value))
    }

    /// The entry at a position.
    pub fn at(&self, position: usize) -> Option<(&Rc<str>, &Value)> {
        self.entries.get(position).map(|(key, value)| (key, value))
    }

    /// Keys in order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &str> {
        self.entries.iter().map(|(key, _)| &**key)
    }

    /// Takes all values out, for dropping them.
    pub(super) fn take_values(&mut self) -> impl Iterator<Item = Value> + use<> {
        self.table.clear();
        std::mem::take(&mut self.entries).into_iter().map(|(_, value)| value)
    }
}

impl Drop for Dict {
    fn drop(&mut self) {
        if self.entries.iter().any(|(_, value)| value.nests()) {
            let values = self.take_values().collect();
            release(values);
        }
    }
}

impl<K: Into<Rc<str>>, V: Into<Value>> FromIterator<(K, V)> for Dict {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut dict = Dict::new();
        for (key, value) in entries {
            dict.set(key, value);
        }
        dict
    }
}
