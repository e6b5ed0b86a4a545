//! Tuples without names: what Python makes of a `StateSnapshot` or a `CheckpointTuple` of LangGraph when it is written
//! as JSON without more ado.

use super::{MOST, Reshaped, values, whole};
use crate::json::{At, NodeKind};
use crate::wording::counted;

const SNAPSHOT: [&str; 8] =
    ["values", "next", "config", "metadata", "created_at", "parent_config", "tasks", "interrupts"];
const CHECKPOINT: [&str; 5] = ["config", "checkpoint", "metadata", "parent_config", "pending_writes"];

/// What the items of a list are, when it is such a tuple.
fn names(at: At<'_>) -> Option<&'static [&'static str]> {
    let items: Vec<At<'_>> = at.items().take(9).collect();
    let configured = |index: usize| items.get(index).is_some_and(|item| item.get("configurable").is_some());
    let is = |index: usize, kind: NodeKind| items.get(index).is_some_and(|item| item.is(kind));
    match items.len() {
        6..=8 if is(1, NodeKind::Array) && configured(2) => Some(&SNAPSHOT),
        3..=5 if configured(0) && items.get(1).is_some_and(|item| item.get("channel_values").is_some()) => {
            Some(&CHECKPOINT)
        }
        _ => None,
    }
}

/// The text with such tuples as objects: alone, in a list, or several after each other.
pub(super) fn named(text: &[u8]) -> Option<Reshaped> {
    let mut out = Vec::with_capacity(text.len().saturating_add(1 << 10));
    let mut found = 0u64;
    for (start, end) in values(text) {
        let value = text.get(start..end)?;
        let tree = whole(value)?;
        let root = At::root(value, &tree)?;
        let tuples: Vec<At<'_>> = if names(root).is_some() { vec![root] } else { root.items().collect() };
        for tuple in tuples {
            match names(tuple) {
                Some(names) => {
                    found += 1;
                    put(tuple, names, &mut out);
                }
                None => out.extend_from_slice(tuple.raw()),
            }
            out.push(b'\n');
        }
        if out.len() > MOST {
            return None;
        }
    }
    let says = format!(
        "{} without names, as Python writes them; they are read with the names of LangGraph, and places are counted in that.",
        counted(found, "state stands in a list", "states stand in lists")
    );
    (found > 0).then_some(Reshaped { json: out, says })
}

fn put(tuple: At<'_>, names: &[&str], out: &mut Vec<u8>) {
    out.push(b'{');
    for (index, (item, name)) in tuple.items().zip(names).enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.push(b'"');
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b"\":");
        out.extend_from_slice(item.raw());
    }
    out.push(b'}');
}
