//! Values kept apart and named by number, as the library `flatted` writes them and the database of n8n holds them: a
//! list whose first item is the value, and in whose items every string member is the number of another item.

use super::{MOST, Reshaped, key, values, whole};
use crate::json::{At, NodeKind};

/// Containers in each other; what is deeper, or stands in itself, is left out.
const DEEP: usize = 256;

/// The text with such lists put together: the text itself, or the member `data` of each row of a table.
pub(super) fn joined(text: &[u8]) -> Option<Reshaped> {
    let mut out = Vec::with_capacity(text.len().saturating_mul(2));
    let mut found = false;
    for (start, end) in values(text) {
        let value = text.get(start..end)?;
        let tree = whole(value)?;
        let root = At::root(value, &tree)?;
        if is_flat(root) {
            out.extend_from_slice(b"{\"data\":");
            put(root, &mut out)?;
            out.push(b'}');
            found = true;
        } else {
            let rows: Vec<At<'_>> = if root.is(NodeKind::Array) { root.items().collect() } else { vec![root] };
            for row in rows {
                found |= self::row(row, &mut out)?;
                out.push(b'\n');
            }
        }
        out.push(b'\n');
    }
    let says = "The data of each execution stand apart and are named by number, as the database of n8n keeps them; they are \
                put together, and places are counted in that.";
    found.then(|| Reshaped { json: out, says: says.to_owned() })
}

/// Whether a list is one of values named by number.
fn is_flat(at: At<'_>) -> bool {
    let first = at.items().next().filter(|first| first.is(NodeKind::Object) && first.count() > 0);
    first.is_some_and(|first| {
        first.members().all(|member| member.string().is_none_or(|number| number.parse::<u32>().is_ok()))
            && first.members().any(|member| member.is(NodeKind::String))
    })
}

/// A row of a table: strings that hold JSON become that, flat ones put together.
fn row(at: At<'_>, out: &mut Vec<u8>) -> Option<bool> {
    if !at.is(NodeKind::Object) {
        out.extend_from_slice(at.raw());
        return Some(false);
    }
    let mut found = false;
    out.push(b'{');
    for (index, member) in at.members().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        key(member, out);
        let inner = member.string().filter(|text| text.starts_with(['[', '{']));
        let tree = inner.as_ref().and_then(|text| whole(text.as_bytes()));
        match inner.as_ref().zip(tree.as_ref()).and_then(|(text, tree)| At::root(text.as_bytes(), tree)) {
            Some(flat) if is_flat(flat) => {
                put(flat, out)?;
                found = true;
            }
            Some(json) => out.extend_from_slice(json.raw()),
            None => out.extend_from_slice(member.raw()),
        }
    }
    out.push(b'}');
    Some(found)
}

/// Writes the first item of a flat list with all it names. `None` when that is too much.
fn put(list: At<'_>, out: &mut Vec<u8>) -> Option<()> {
    let items: Vec<At<'_>> = list.items().collect();
    // The containers around the place that is written: number, what is left of them, closing bracket.
    let mut around: Vec<(usize, std::vec::IntoIter<At<'_>>, u8)> = Vec::new();
    let mut next: Option<usize> = Some(0);
    loop {
        if out.len() > MOST {
            return None;
        }
        if let Some(number) = next.take() {
            let item = items.get(number).copied();
            let inside = around.iter().any(|(own, ..)| *own == number) || around.len() >= DEEP;
            match item.map(|item| (item, item.kind())) {
                Some((item, NodeKind::Object | NodeKind::Array)) if !inside => {
                    let object = item.is(NodeKind::Object);
                    out.push(if object { b'{' } else { b'[' });
                    let children: Vec<At<'_>> = item.children().collect();
                    around.push((number, children.into_iter(), if object { b'}' } else { b']' }));
                }
                Some((item, NodeKind::String)) => out.extend_from_slice(item.raw()),
                _ => out.extend_from_slice(b"null"),
            }
            // What was just opened or written is followed by what is left around it.
        }
        let Some((_, rest, close)) = around.last_mut() else { return Some(()) };
        let Some(child) = rest.next() else {
            out.push(*close);
            around.pop();
            continue;
        };
        if !matches!(out.last(), Some(b'{' | b'[')) {
            out.push(b',');
        }
        key(child, out);
        match child.string() {
            Some(number) => match number.parse() {
                Ok(number) => next = Some(number),
                Err(_) => out.extend_from_slice(child.raw()),
            },
            None => out.extend_from_slice(child.raw()),
        }
    }
}
