//! Changing the strings of a value, and how deep a value is.

use super::{Dict, List, Value};
use std::rc::Rc;

/// A container that is being made anew.
enum Frame<'a> {
    Items { from: &'a List, out: Vec<Value> },
    Members { from: &'a Dict, out: Dict },
}

impl Value {
    /// The value with each string (not the keys) replaced by what `change` makes of it.
    ///
    /// # Errors
    /// The first one of `change`, in the order of the text.
    pub fn map_strings<E>(&self, change: &mut impl FnMut(&Rc<str>) -> Result<Value, E>) -> Result<Value, E> {
        let mut frames: Vec<Frame<'_>> = Vec::new();
        let mut current = self;
        loop {
            let mut done = match current {
                Value::Str(text) => Some(change(text)?),
                Value::List(list) => {
                    frames.push(Frame::Items { from: list, out: Vec::with_capacity(list.items().len()) });
                    None
                }
                Value::Dict(dict) => {
                    frames.push(Frame::Members { from: dict, out: Dict::new() });
                    None
                }
                other => Some(other.clone()),
            };
            loop {
                let Some(frame) = frames.last_mut() else { return Ok(done.unwrap_or_default()) };
                let next = match frame {
                    Frame::Items { from, out } => {
                        out.extend(done.take());
                        from.items().get(out.len())
                    }
                    Frame::Members { from, out } => {
                        if let (Some(value), Some((key, _))) = (done.take(), from.at(out.len())) {
                            out.set(key.clone(), value);
                        }
                        from.at(out.len()).map(|(_, value)| value)
                    }
                };
                if let Some(next) = next {
                    current = next;
                    break;
                }
                done = frames.pop().map(|frame| match frame {
                    Frame::Items { out, .. } => Value::list(out),
                    Frame::Members { out, .. } => Value::dict(out),
                });
            }
        }
    }

    /// Whether `found` is true for some string in the value, keys aside.
    pub fn any_string(&self, found: impl Fn(&str) -> bool) -> bool {
        let mut open = vec![self];
        while let Some(value) = open.pop() {
            match value {
                Value::Str(text) if found(text) => return true,
                Value::List(list) => open.extend(list.items()),
                Value::Dict(dict) => open.extend(dict.iter().map(|(_, value)| value)),
                _ => {}
            }
        }
        false
    }

    /// Number of containers around its deepest part: 0 for a number, 1 for `[]` and `[1]`.
    pub fn depth(&self) -> usize {
        let mut level = vec![self];
        let mut depth = 0;
        loop {
            let mut below = Vec::new();
            let mut nests = false;
            for value in level {
                match value {
                    Value::List(list) => {
                        nests = true;
                        below.extend(list.items());
                    }
                    Value::Dict(dict) => {
                        nests = true;
                        below.extend(dict.iter().map(|(_, value)| value));
                    }
                    _ => {}
                }
            }
            if !nests {
                return depth;
            }
            depth += 1;
            level = below;
        }
    }
}
