//! B, made of A and the differences: what is the same is taken from A, what differs from B.

use super::ValueDiff;
use super::doc::Doc;
use crate::json::{NodeKind, quoted};
use crate::protocol::Sign;

/// A container that is being written.
struct Open {
    next: std::ops::Range<u32>,
    object: bool,
    empty: bool,
    /// What was written before, where this is JSON inside a string.
    around: Option<String>,
}

/// Applies the differences to A: the text of a value that is the same as B, but for the order of keys, what is repeated
/// and white space. `None` where there is no B.
pub fn apply(diff: &ValueDiff, a: &str) -> Option<String> {
    if diff.equal {
        return Some(a.to_owned());
    }
    if !diff.has.1 {
        return None;
    }
    let mut out = String::new();
    let mut open: Vec<Open> = Vec::new();
    write(diff, 0, &mut out, &mut open);
    while let Some(around) = open.last_mut() {
        let Some(at) = around.next.next() else {
            out.push(if around.object { '}' } else { ']' });
            if let Some(before) = around.around.take() {
                out = before + &quoted(&out);
            }
            open.pop();
            continue;
        };
        let Some(entry) = diff.entries.get(at as usize).filter(|entry| entry.sign != Sign::OnlyA) else { continue };
        if !around.empty {
            out.push(',');
        }
        around.empty = false;
        if around.object {
            let key = entry.b.and_then(|b| diff.b.key(b)).unwrap_or_default();
            out.push_str(&quoted(&key));
            out.push(':');
        }
        write(diff, at, &mut out, &mut open);
    }
    Some(out)
}

/// Writes an entry, or begins to.
fn write(diff: &ValueDiff, at: u32, out: &mut String, open: &mut Vec<Open>) {
    let Some(entry) = diff.entries.get(at as usize) else { return };
    let opened = entry.first > 0;
    match (entry.sign, entry.a, entry.b) {
        (Sign::Changed, Some(a), _) if opened => {
            let object = diff.a.kind(diff.a.content(a)) == NodeKind::Object;
            let around = diff.a.holds(a).then(|| std::mem::take(out));
            out.push(if object { '{' } else { '[' });
            open.push(Open { next: entry.children(), object, empty: true, around });
        }
        (Sign::Same, Some(a), _) => out.push_str(raw(&diff.a, a)),
        (_, _, Some(b)) => out.push_str(raw(&diff.b, b)),
        _ => {}
    }
}

fn raw(doc: &Doc, node: u32) -> &str {
    doc.raw(node)
}
