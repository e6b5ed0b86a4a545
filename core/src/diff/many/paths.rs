//! The tree of what many runs did in order: runs that did the same so far stand at one node.

use crate::model::Kind;
use crate::protocol::PathNode;
use crate::view::Sight;
use rustc_hash::FxHashMap;

/// Steps of each run that the tree follows.
pub(super) const LONGEST: usize = 20_000;

/// One step of the tree before it is shortened.
struct Node {
    name: u32,
    kind: Kind,
    runs: u32,
    failed: u32,
    ends: u32,
    children: Vec<u32>,
    /// The first run that came here.
    first: u32,
    /// The first run that ends here.
    ended: Option<u32>,
}

/// The tree, the node at which each run ends, and how many runs were too long to be followed to their end.
pub(super) fn paths(sights: &[Sight<'_>], failed: &[bool]) -> (Vec<PathNode>, Vec<u32>, u32) {
    let mut names: Vec<String> = vec![String::new()];
    let mut number: FxHashMap<String, u32> = FxHashMap::default();
    let mut nodes = vec![Node {
        name: 0,
        kind: Kind::Other,
        runs: 0,
        failed: 0,
        ends: 0,
        children: Vec::new(),
        first: 0,
        ended: None,
    }];
    let mut next: FxHashMap<(u32, u32, Kind), u32> = FxHashMap::default();
    let mut ends = Vec::with_capacity(sights.len());
    let mut cut = 0;
    for (sight, &failed) in sights.iter().zip(failed) {
        let steps = &sight.run.steps;
        // A document has far fewer names than steps.
        let mut known: FxHashMap<crate::model::Sym, u32> = FxHashMap::default();
        let mut at = 0u32;
        pass(&mut nodes, at, failed, sight.number);
        for (&name, &kind) in steps.name.iter().zip(&steps.kind).take(LONGEST) {
            let name = *known.entry(name).or_insert_with(|| {
                let text = sight.document.names.get(name);
                *number.entry(text.to_owned()).or_insert_with(|| {
                    names.push(text.to_owned());
                    (names.len() - 1) as u32
                })
            });
            let fresh = nodes.len() as u32;
            let to = *next.entry((at, name, kind)).or_insert(fresh);
            if to == fresh {
                let first = sight.number;
                nodes.push(Node { name, kind, runs: 0, failed: 0, ends: 0, children: Vec::new(), first, ended: None });
                if let Some(node) = nodes.get_mut(at as usize) {
                    node.children.push(fresh);
                }
            }
            pass(&mut nodes, to, failed, sight.number);
            at = to;
        }
        cut += u32::from(steps.len() > LONGEST);
        if let Some(node) = nodes.get_mut(at as usize) {
            node.ends += 1;
            node.ended = node.ended.or(Some(sight.number));
        }
        ends.push(at);
    }
    let (short, place) = shorten(&nodes, &names);
    let ends = ends.into_iter().map(|end| place.get(end as usize).copied().unwrap_or(0)).collect();
    (short, ends, cut)
}

fn pass(nodes: &mut [Node], at: u32, failed: bool, run: u32) {
    if let Some(node) = nodes.get_mut(at as usize) {
        if node.runs == 0 {
            node.first = run;
        }
        node.runs += 1;
        node.failed += u32::from(failed);
    }
}

/// Puts steps in a row at which no run parts and none ends into one node. Nodes stand after their parents, the way that
/// most runs take first.
fn shorten(nodes: &[Node], names: &[String]) -> (Vec<PathNode>, Vec<u32>) {
    let mut short: Vec<PathNode> = Vec::new();
    let mut place = vec![0u32; nodes.len()];
    let mut open: Vec<(u32, Option<u32>)> = vec![(0, None)];
    while let Some((first, parent)) = open.pop() {
        let mut at = first;
        let mut length = 1;
        let number = short.len() as u32;
        let last = loop {
            let Some(node) = nodes.get(at as usize) else { break None };
            if let Some(slot) = place.get_mut(at as usize) {
                *slot = number;
            }
            // The root stays by itself.
            match node.children[..] {
                [only] if node.ends == 0 && at != 0 => {
                    at = only;
                    length += 1;
                }
                _ => break Some(node),
            }
        };
        let Some(last) = last else { continue };
        let mut children = last.children.clone();
        let runs = |child: &u32| nodes.get(*child as usize).map_or(0, |node| node.runs);
        children.sort_by_key(|child| std::cmp::Reverse(runs(child)));
        let run = |child: Option<&u32>| child.and_then(|&child| nodes.get(child as usize)).map(|node| node.first);
        let named = |name: u32| names.get(name as usize).cloned().unwrap_or_default();
        let begins = nodes.get(first as usize).filter(|_| length > 1);
        short.push(PathNode {
            parent,
            name: named(last.name),
            first: begins.map(|node| named(node.name)).unwrap_or_default(),
            kind: last.kind,
            length: if first == 0 { 0 } else { length },
            runs: last.runs,
            failed: last.failed,
            ends: last.ends,
            // To end here is a way of its own.
            example: run(children.first()).zip(run(children.get(1)).or(last.ended)),
        });
        open.extend(children.into_iter().rev().map(|child| (child, Some(number))));
    }
    (short, place)
}
