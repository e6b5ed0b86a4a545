//! The validator's two searches for loops: the simple one, and the one of the engine's loop detector, which reads
//! `paths` and is asked only where there are `transitions`.
//!
//! Both are depth-first in the order of the file, and both end in Python's limit on recursion.

use super::Text;
use super::flow::Follow;
use super::report::{Check, Report, crash};
use crate::ia_modules::definition::HashKey;
use crate::json::NodeKind;
use crate::order::Order as _;
use rustc_hash::{FxHashMap, FxHashSet};

/// Steps in a row that the simple search can follow before Python's limit on recursion.
const DEPTH: usize = 991;
/// The same for the detector, when it is asked first; the second time it is one call deeper.
const DETECTOR_DEPTH: usize = 990;
const TOO_DEEP: &str = "maximum recursion depth exceeded while calling a Python object";
/// Steps that all loops together may have. The real detector compares each loop with each, and would not come back.
const LOOP_STEPS: usize = 1_000_000;

/// The nodes on the way from the root of a search, and where each stands on it.
struct Way {
    on: Vec<(u32, usize)>,
    place: Vec<Option<usize>>,
    visited: Vec<bool>,
}

impl Way {
    fn new(nodes: usize) -> Way {
        Way { on: Vec::new(), place: vec![None; nodes], visited: vec![false; nodes] }
    }

    fn seen(&self, node: u32) -> bool {
        self.visited.get(node as usize).copied().unwrap_or(true)
    }

    fn enter(&mut self, node: u32) {
        let depth = self.on.len();
        if let (Some(place), Some(visited)) = (self.place.get_mut(node as usize), self.visited.get_mut(node as usize)) {
            *place = Some(depth);
            *visited = true;
        }
        self.on.push((node, 0));
    }

    fn leave(&mut self) {
        if let Some((node, _)) = self.on.pop()
            && let Some(place) = self.place.get_mut(node as usize)
        {
            *place = None;
        }
    }

    /// The next edge of the last node: its position among the edges of that node.
    fn next(&mut self) -> Option<(u32, usize)> {
        let (node, at) = self.on.last_mut()?;
        *at += 1;
        Some((*node, *at - 1))
    }

    /// The nodes from this one to the last, when it is on the way.
    fn since(&self, node: u32) -> Option<Vec<u32>> {
        let from = self.place.get(node as usize).copied().flatten()?;
        Some(self.on.get(from..)?.iter().map(|(node, _)| *node).collect())
    }
}

/// The first loop of the simple search, its first step again at the end.
pub(super) fn first_cycle(follow: &Follow<'_>) -> Check<Option<Vec<u32>>> {
    let mut way = Way::new(follow.next.len());
    for &root in &follow.leave {
        if way.seen(root) {
            continue;
        }
        way.enter(root);
        while let Some((node, edge)) = way.next() {
            let Some(&next) = follow.next.get(node as usize).and_then(|next| next.get(edge)) else {
                way.leave();
                continue;
            };
            if !way.seen(next) {
                if way.on.len() >= DEPTH {
                    let what = format!("`$.flow` leads through more than {DEPTH} steps in a row.");
                    return crash(what, "RecursionError", TOO_DEEP.to_owned());
                }
                way.enter(next);
            } else if let Some(mut cycle) = way.since(next) {
                cycle.push(next);
                return Ok(Some(cycle));
            }
        }
    }
    Ok(None)
}

/// An edge as the detector holds it.
struct Edge {
    /// The node of the text that names its target.
    to: u32,
    /// The edge itself.
    node: u32,
}

/// `paths` as the detector reads them: by `from` and `to` alone.
struct Graph<'a> {
    text: Text<'a>,
    number: FxHashMap<HashKey<'a>, u32>,
    /// For each number the edges that leave it.
    edges: Vec<Vec<Edge>>,
    /// Numbers in the order in which edges first leave them, with the node that names each.
    leave: Vec<(u32, u32)>,
    /// The first edge from one to another, and how many there are.
    first: FxHashMap<(u32, u32), (u32, usize)>,
    /// The first target of a number that Python cannot look up.
    unhashable: FxHashMap<u32, &'static str>,
}

struct Loop {
    steps: Vec<u32>,
    exits: usize,
}

/// What the search finds.
struct Found {
    loops: Vec<Loop>,
    /// The node of the text that names each number it came to.
    names: FxHashMap<u32, u32>,
    /// How many steps in a row it followed.
    deepest: usize,
}

/// What Python's `str()` makes of the exception.
type Raised = String;

impl<'a> Graph<'a> {
    fn number(&mut self, key: HashKey<'a>) -> u32 {
        let fresh = self.edges.len() as u32;
        let number = *self.number.entry(key).or_insert(fresh);
        if number == fresh {
            self.edges.push(Vec::new());
        }
        number
    }

    fn read(text: Text<'a>, flow: u32) -> Result<Graph<'a>, Raised> {
        let mut graph = Graph {
            text,
            number: FxHashMap::default(),
            edges: Vec::new(),
            leave: Vec::new(),
            first: FxHashMap::default(),
            unhashable: FxHashMap::default(),
        };
        for edge in text.items(flow, "paths") {
            let from = text.get(edge, "from").ok_or("'from'")?;
            let to = text.get(edge, "to").ok_or("'to'")?;
            let key = text.hash_key(from).map_err(unhashable)?;
            let number = graph.number(key);
            if let Err(kind) = text.hash_key(to) {
                graph.unhashable.entry(number).or_insert(kind);
            }
            if let Some(edges) = graph.edges.get_mut(number as usize) {
                if edges.is_empty() {
                    graph.leave.push((number, from));
                }
                edges.push(Edge { to, node: edge });
            }
        }
        Ok(graph)
    }

    fn loops(&mut self) -> Result<Found, Raised> {
        // Targets get their numbers when the search looks at them, as far as Python can look them up at all.
        let mut names: FxHashMap<u32, u32> = FxHashMap::default();
        let mut known: FxHashSet<Vec<u32>> = FxHashSet::default();
        let (mut loops, mut deepest, mut total) = (Vec::new(), 0, 0usize);
        let mut way = Way::new(0);
        let room = |way: &mut Way, nodes: usize| {
            way.place.resize(nodes, None);
            way.visited.resize(nodes, false);
        };
        for at in 0..self.leave.len() {
            let Some(&(root, named)) = self.leave.get(at) else { break };
            room(&mut way, self.edges.len());
            if way.seen(root) {
                continue;
            }
            names.insert(root, named);
            way.enter(root);
            deepest = deepest.max(1);
            while let Some((node, edge)) = way.next() {
                let Some(to) = self.edges.get(node as usize).and_then(|edges| edges.get(edge)).map(|edge| edge.to)
                else {
                    way.leave();
                    continue;
                };
                let key = self.text.hash_key(to).map_err(unhashable)?;
                let next = self.number(key);
                room(&mut way, self.edges.len());
                if !way.seen(next) {
                    deepest = deepest.max(way.on.len() + 1);
                    if deepest > DETECTOR_DEPTH {
                        return Err(TOO_DEEP.to_owned());
                    }
                    names.insert(next, to);
                    way.enter(next);
                } else if let Some(steps) = way.since(next) {
                    total += steps.len();
                    if total > LOOP_STEPS {
                        return Err("there are more loops than can be listed".to_owned());
                    }
                    // Its exits are looked for, and where it is new it is named in the log.
                    if let Some(kind) = steps.iter().find_map(|step| self.unhashable.get(step)) {
                        return Err(unhashable(kind));
                    }
                    let mut set = steps.clone();
                    set.order();
                    if known.insert(set) {
                        let nodes: Vec<u32> = steps.iter().filter_map(|step| names.get(step).copied()).collect();
                        arrows(self.text, &nodes)?;
                        loops.push(Loop { steps, exits: 0 });
                    }
                }
            }
        }
        self.exits(&mut loops)?;
        Ok(Found { loops, names, deepest })
    }

    /// Counts the edges that leave each loop.
    fn exits(&mut self, loops: &mut [Loop]) -> Result<(), Raised> {
        let mut ends: Vec<Vec<u32>> = Vec::with_capacity(self.edges.len());
        for from in 0..self.edges.len() {
            let mut list = Vec::with_capacity(self.edges.get(from).map_or(0, Vec::len));
            for at in 0..self.edges.get(from).map_or(0, Vec::len) {
                let Some((to, node)) = self.edges.get(from).and_then(|e| e.get(at)).map(|e| (e.to, e.node)) else {
                    break;
                };
                let key = self.text.hash_key(to).map_err(unhashable)?;
                let to = self.number(key);
                self.first.entry((from as u32, to)).or_insert((node, 0)).1 += 1;
                list.push(to);
            }
            ends.push(list);
        }
        let mut inside = vec![usize::MAX; self.edges.len()];
        for (at, found) in loops.iter_mut().enumerate() {
            for &step in &found.steps {
                if let Some(slot) = inside.get_mut(step as usize) {
                    *slot = at;
                }
            }
            for &step in &found.steps {
                let Some(leaving) = ends.get(step as usize) else { continue };
                // A step with many edges may be in many short loops.
                found.exits += if leaving.len() <= found.steps.len() {
                    leaving.iter().filter(|&&to| inside.get(to as usize) != Some(&at)).count()
                } else {
                    let within = found.steps.iter().filter_map(|&to| self.first.get(&(step, to)));
                    leaving.len() - within.map(|(_, count)| count).sum::<usize>()
                };
            }
        }
        Ok(())
    }
}

fn unhashable(kind: &str) -> Raised {
    format!("unhashable type: '{kind}'")
}

/// The steps of a loop joined by arrows, its first again at the end.
fn arrows(text: Text<'_>, nodes: &[u32]) -> Result<String, Raised> {
    let mut joined = Vec::with_capacity(nodes.len() + 1);
    for (at, &node) in nodes.iter().enumerate() {
        let Some(name) = text.string(node) else {
            return Err(format!("sequence item {at}: expected str instance, {} found", text.type_name(node)));
        };
        joined.push(name);
    }
    joined.extend(joined.first().cloned());
    Ok(joined.join(" -> "))
}

/// What the detector finds.
pub(super) fn advanced(text: Text<'_>, flow: u32, report: &mut Report) {
    if let Err(raised) = detect(text, flow, report) {
        report.warning(format!("Advanced loop detection failed: {raised}"));
    }
}

fn detect(text: Text<'_>, flow: u32, report: &mut Report) -> Result<(), Raised> {
    let mut graph = Graph::read(text, flow)?;
    let Found { loops, names, deepest } = graph.loops()?;
    if loops.is_empty() {
        return Ok(());
    }
    report.info(format!("Detected {} loop(s) in pipeline (cyclic execution)", loops.len()));
    if deepest >= DETECTOR_DEPTH {
        return Err(TOO_DEEP.to_owned());
    }
    let named = |found: &Loop| -> Vec<u32> { found.steps.iter().filter_map(|step| names.get(step).copied()).collect() };
    let mut errors = Vec::new();
    for found in &loops {
        let nodes = named(found);
        if found.exits == 0 {
            let arrows = arrows(text, &nodes)?;
            errors.push(format!("Loop: {arrows} has no exit condition - this will cause an infinite loop!"));
        }
        for (at, (&step, &node)) in found.steps.iter().zip(&nodes).enumerate() {
            let after = if at + 1 < found.steps.len() { at + 1 } else { 0 };
            let (Some(&next), Some(&next_node)) = (found.steps.get(after), nodes.get(after)) else { continue };
            let Some(&(edge, _)) = graph.first.get(&(step, next)) else { continue };
            let always = match text.get(edge, "condition") {
                None => true,
                Some(condition) if text.is(condition, NodeKind::Object) => {
                    text.text(condition, "type").as_deref() == Some("always")
                }
                Some(other) => return Err(format!("'{}' object has no attribute 'get'", text.type_name(other))),
            };
            if always && found.exits == 0 {
                errors.push(format!(
                    "Loop edge {} -> {} has 'always' condition with no exit path - this will cause an infinite loop",
                    text.str_of(node),
                    text.str_of(next_node)
                ));
            }
        }
    }
    for error in errors {
        report.error(format!("Loop validation: {error}"));
    }
    for (at, found) in loops.iter().enumerate() {
        let number = at + 1;
        report.info(format!("Loop {number}: {}", arrows(text, &named(found))?));
        if found.exits > 0 {
            report.info(format!("  Exit conditions: {}", found.exits));
        } else {
            report.warning(format!("  Loop {number} has no exit conditions - check 'loop_config'"));
        }
    }
    if text.get(Text::ROOT, "loop_config").is_none() {
        report.info("Consider adding 'loop_config' to set max_iterations and timeout".to_owned());
    }
    Ok(())
}
