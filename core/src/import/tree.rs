//! From "my parent's id is" to a tree: who is whose parent, in which order, without recursion.

use super::Draft;
use crate::model::{Flags, Nanos, Sym};
use rustc_hash::FxHashMap;

/// What the tree says of one draft.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Link {
    /// Position of the parent among the drafts.
    pub(super) parent: Option<u32>,
    /// Number of ancestors.
    pub(super) depth: u32,
    /// Steps in its subtree, itself included.
    pub(super) size: u32,
    /// Orphan, duplicate, cycle.
    pub(super) flags: Flags,
}

/// Drafts in tree order.
#[derive(Debug, Default)]
pub(super) struct Arranged {
    /// Positions among the drafts, in pre-order.
    pub(super) order: Vec<u32>,
    /// By position among the drafts.
    pub(super) links: Vec<Link>,
}

/// Arranges the drafts of one run. Siblings stand by start, equal and missing ones in file order.
pub(super) fn arrange(drafts: &[&Draft]) -> Arranged {
    let mut links = resolve(drafts);
    break_cycles(drafts, &mut links);
    let count = drafts.len();

    // Children as linked lists over positions sorted by start: one sort for the whole run.
    let mut sorted: Vec<u32> = (0..count as u32).collect();
    let keys = sort_keys(drafts);
    sorted.sort_by_key(|&at| keys.get(at as usize).copied().unwrap_or_default());
    let none = u32::MAX;
    let mut first = vec![none; count];
    let mut next = vec![none; count];
    let mut roots = none;
    for &at in sorted.iter().rev() {
        let head = match links.get(at as usize).and_then(|link| link.parent) {
            Some(parent) => first.get_mut(parent as usize),
            None => Some(&mut roots),
        };
        if let (Some(head), Some(slot)) = (head, next.get_mut(at as usize)) {
            *slot = *head;
            *head = at;
        }
    }

    let mut order = Vec::with_capacity(count);
    let mut around: Vec<u32> = Vec::new();
    let mut at = roots;
    loop {
        if at == none {
            let Some(up) = around.pop() else { break };
            at = next.get(up as usize).copied().unwrap_or(none);
            continue;
        }
        order.push(at);
        if let Some(link) = links.get_mut(at as usize) {
            link.depth = around.len() as u32;
        }
        around.push(at);
        at = first.get(at as usize).copied().unwrap_or(none);
    }
    for &at in order.iter().rev() {
        let Some(link) = links.get_mut(at as usize) else { continue };
        link.size += 1;
        let (parent, size) = (link.parent, link.size);
        if let Some(above) = parent.and_then(|parent| links.get_mut(parent as usize)) {
            above.size += size;
        }
    }
    Arranged { order, links }
}

/// Starts for sorting: of a step with an end alone that end; a missing one is that of the step before it in the file, so
/// that it stays in its place.
fn sort_keys(drafts: &[&Draft]) -> Vec<Nanos> {
    let mut last = drafts.iter().find_map(|draft| draft.start.or(draft.end)).unwrap_or_default();
    drafts
        .iter()
        .map(|draft| {
            last = draft.start.or(draft.end).unwrap_or(last);
            last
        })
        .collect()
}

fn resolve(drafts: &[&Draft]) -> Vec<Link> {
    let mut by_id: FxHashMap<Sym, u32> = FxHashMap::default();
    let mut links = vec![Link::default(); drafts.len()];
    let empty = crate::model::Interner::EMPTY;
    for (at, draft) in drafts.iter().enumerate() {
        if draft.id == empty {
            continue;
        }
        match by_id.entry(draft.id) {
            std::collections::hash_map::Entry::Occupied(_) => {
                if let Some(link) = links.get_mut(at) {
                    link.flags.set(Flags::DUPLICATE);
                }
            }
            std::collections::hash_map::Entry::Vacant(slot) => {
                slot.insert(at as u32);
            }
        }
    }
    for (at, draft) in drafts.iter().enumerate() {
        let (Some(parent), Some(link)) = (draft.parent, links.get_mut(at)) else { continue };
        match by_id.get(&parent) {
            Some(&found) => link.parent = Some(found),
            None => link.flags.set(Flags::ORPHAN),
        }
    }
    links
}

/// Cuts each circle of parents at the step that starts first.
fn break_cycles(drafts: &[&Draft], links: &mut [Link]) {
    // 0 not seen, otherwise the number of the walk that saw it: meeting one's own number is a circle.
    let mut seen = vec![0u32; links.len()];
    for start in 0..links.len() {
        let walk = start as u32 + 1;
        let mut at = start as u32;
        while let Some(mark) = seen.get_mut(at as usize).filter(|mark| **mark == 0) {
            *mark = walk;
            match links.get(at as usize).and_then(|link| link.parent) {
                Some(parent) => at = parent,
                None => break,
            }
        }
        let closed = seen.get(at as usize) == Some(&walk) && links.get(at as usize).is_some_and(|l| l.parent.is_some());
        if !closed {
            continue;
        }
        let mut cut = at;
        let key = |at: u32| drafts.get(at as usize).and_then(|draft| draft.start).map_or((1, Nanos(0)), |s| (0, s));
        let mut round = links.get(at as usize).and_then(|link| link.parent);
        while let Some(member) = round.filter(|&member| member != at) {
            if (key(member), member) < (key(cut), cut) {
                cut = member;
            }
            round = links.get(member as usize).and_then(|link| link.parent);
        }
        if let Some(link) = links.get_mut(cut as usize) {
            link.parent = None;
            link.flags.set(Flags::CYCLE);
        }
    }
}
