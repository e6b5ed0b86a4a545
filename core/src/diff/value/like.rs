//! How much alike two items are, by the members they have in common and by the words of their texts.

use super::doc::Doc;
use crate::diff::meaning::leaf::{Words, sample};
use crate::json::NodeKind;

/// Members that are looked at.
const MEMBERS: usize = 12;
/// Bytes of a text that are looked at.
const BYTES: usize = 2_000;

/// What there is to compare of one item.
#[derive(Debug)]
pub(super) struct Like {
    kind: NodeKind,
    parts: Vec<Part>,
}

#[derive(Debug)]
struct Part {
    name: u64,
    loose: u64,
    weight: u32,
    words: [u32; 8],
}

impl Like {
    pub(super) fn of(doc: &Doc, node: u32) -> Like {
        let kind = doc.kind(doc.content(node));
        let mut parts = Vec::new();
        if matches!(kind, NodeKind::Object | NodeKind::Array) {
            let children = doc.children(doc.content(node)).filter(|&child| !doc.out(child));
            parts.extend(children.take(MEMBERS).enumerate().map(|(at, child)| {
                let name = if kind == NodeKind::Object { doc.name(child) } else { at as u64 };
                part(doc, child, name)
            }));
        } else {
            parts.push(part(doc, node, 0));
        }
        Like { kind, parts }
    }
}

fn part(doc: &Doc, node: u32, name: u64) -> Part {
    let raw = doc.raw(node);
    let words = match doc.kind(node) {
        NodeKind::Bool | NodeKind::Null | NodeKind::Number => [0; 8],
        _ => {
            let mut words = Words::default();
            sample(raw.as_bytes().get(..BYTES).unwrap_or(raw.as_bytes()), &mut words);
            words.sketch()
        }
    };
    Part { name, loose: doc.loose(node), weight: raw.len().clamp(2, 120) as u32, words }
}

/// From 0 to 1000.
pub(super) fn likeness(a: &Like, b: &Like) -> u32 {
    if a.kind != b.kind {
        return 0;
    }
    let mut common = 0;
    for part in &a.parts {
        let Some(other) = b.parts.iter().find(|other| other.name == part.name) else { continue };
        let weight = part.weight + other.weight;
        common += if part.loose == other.loose {
            weight * 8
        } else {
            let words = |part: &Part| part.words.iter().filter(|&&word| word != 0).count() as u32;
            let shared = part.words.iter().filter(|&&word| word != 0 && other.words.contains(&word)).count() as u32;
            let most = words(part).max(words(other)).max(1);
            weight * 8 * shared / most
        };
    }
    let all: u32 = a.parts.iter().chain(&b.parts).map(|part| part.weight).sum();
    common.saturating_mul(125).checked_div(all).unwrap_or(1000)
}
