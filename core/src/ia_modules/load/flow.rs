//! Edges and loops: what the engine builds from `flow` before it runs anything.
//!
//! The engine looks for loops by following edges depth first, in the order of the file. Steps of a loop are counted at
//! each visit; which loop a step belongs to decides the words of one error. Source: `loop_detector.py`,
//! `loop_executor.py`.

use super::Edge;
use super::exception::{Exception, get, index, iterate};
use crate::ia_modules::python::{Int, Value};
use crate::order::Order as _;
use rustc_hash::{FxHashMap, FxHashSet};

/// The loops of a flow, and the limits on them.
#[derive(Clone, Debug)]
pub struct Loops {
    /// The loop of each step that is in one, by the first one found: its `loop_<entry>`.
    of_step: FxHashMap<String, String>,
    /// `max_iterations`: visits of one step that are allowed.
    pub max_iterations: Value,
    /// `max_loop_time_seconds`.
    pub max_time: Value,
}

impl Loops {
    /// Name of the loop a step is in.
    pub fn of(&self, step: &str) -> Option<&str> {
        self.of_step.get(step).map(String::as_str)
    }
}

/// Something that is equal for values Python takes for the same key: `1`, `1.0` and `True` are one.
fn key(value: &Value) -> Result<String, Exception> {
    Ok(match value {
        Value::Str(text) => format!("s{text}"),
        Value::None => "n".to_owned(),
        Value::Bool(flag) => format!("i{}", i32::from(*flag)),
        Value::Int(int) => format!("i{int}"),
        Value::Float(float) if float.is_finite() && float.fract() == 0.0 => {
            format!("i{}", Int::parse(&format!("{float:.0}")).unwrap_or_else(|| Int::from(0)))
        }
        Value::Float(float) => format!("f{float}"),
        Value::List(_) | Value::Dict(_) | Value::Shared => return Err(Exception::unhashable(value)),
    })
}

/// Whether a value can be a key.
///
/// # Errors
/// When it is a list or dictionary.
pub(super) fn hashable(value: &Value) -> Result<(), Exception> {
    key(value).map(|_| ())
}

/// The edges as the loop detector reads them.
pub(super) fn edges(paths: &Value) -> Result<Vec<Edge>, Exception> {
    let mut edges = Vec::new();
    for (at, path) in iterate(paths)?.iter().enumerate() {
        let from = index(path, "from")?.clone();
        let to = index(path, "to")?.clone();
        let condition = get(path, "condition")?.cloned();
        hashable(&from)?;
        edges.push(Edge { path: format!("$.flow.paths[{at}]"), from, to, condition });
    }
    Ok(edges)
}

/// The edges as numbers.
struct Graph {
    /// Nodes by number, in order of appearance.
    nodes: Vec<Value>,
    /// Edges that leave a node: position among the edges, and node they enter.
    out: Vec<Vec<(u32, u32)>>,
    /// Nodes that edges leave, in the order of the first.
    sources: Vec<u32>,
    /// The first target of a node that can be no key.
    unhashable: FxHashMap<u32, u32>,
}

fn graph(edges: &[Edge]) -> Result<Graph, Exception> {
    let mut graph = Graph { nodes: Vec::new(), out: Vec::new(), sources: Vec::new(), unhashable: FxHashMap::default() };
    let mut numbers: FxHashMap<String, u32> = FxHashMap::default();
    let mut number = |graph: &mut Graph, key: String, value: &Value| {
        *numbers.entry(key).or_insert_with(|| {
            graph.nodes.push(value.clone());
            graph.out.push(Vec::new());
            graph.nodes.len() as u32 - 1
        })
    };
    let mut tos = Vec::with_capacity(edges.len());
    for (at, edge) in edges.iter().enumerate() {
        let from = number(&mut graph, key(&edge.from)?, &edge.from);
        // A target that is no key is met only when the search comes to it; it gets a node of its own till then.
        let to_key = key(&edge.to);
        let is_key = to_key.is_ok();
        let to = number(&mut graph, to_key.unwrap_or_else(|_| format!("x{at}")), &edge.to);
        if !is_key {
            graph.unhashable.entry(from).or_insert(to);
        }
        tos.push((from, to));
    }
    for (at, (from, to)) in tos.into_iter().enumerate() {
        let Some(out) = graph.out.get_mut(from as usize) else { continue };
        if out.is_empty() {
            graph.sources.push(from);
        }
        out.push((at as u32, to));
    }
    Ok(graph)
}

/// The edges that leave a cycle, which the engine looks for as soon as it is found.
fn exits(graph: &Graph, cycle: &[u32]) -> Result<(), Exception> {
    let target = cycle.iter().find_map(|node| graph.unhashable.get(node));
    target.and_then(|&target| graph.nodes.get(target as usize)).map_or(Ok(()), hashable)
}

/// A new cycle is named in the engine's log: all its nodes must be text.
fn named(graph: &Graph, cycle: &[u32]) -> Result<(), Exception> {
    let nodes = cycle.iter().filter_map(|&node| graph.nodes.get(node as usize));
    match nodes.enumerate().find(|(_, value)| value.as_str().is_none()) {
        Some((at, value)) => {
            Err(Exception::of_type(format!("sequence item {at}: expected str instance, {} found", value.type_name())))
        }
        None => Ok(()),
    }
}

/// All cycles the engine finds, each as its nodes in order. Deeper than `deepest` nested calls Python gives up.
fn cycles(graph: &Graph, deepest: usize) -> Result<Vec<Vec<u32>>, Exception> {
    let mut found = Vec::new();
    let mut sets: FxHashSet<Vec<u32>> = FxHashSet::default();
    let mut visited = vec![false; graph.nodes.len()];
    // Position on the stack of each node that is on it.
    let mut on_stack: Vec<Option<usize>> = vec![None; graph.nodes.len()];
    let mut stack: Vec<(u32, usize)> = Vec::new();
    for &source in &graph.sources {
        let mut enter = Some(source).filter(|&node| visited.get(node as usize) == Some(&false));
        loop {
            if let Some(node) = enter.take() {
                if let Some(mark) = visited.get_mut(node as usize) {
                    *mark = true;
                }
                if let Some(place) = on_stack.get_mut(node as usize) {
                    *place = Some(stack.len());
                }
                stack.push((node, 0));
                if stack.len() > deepest {
                    return Err(Exception::recursion(" while calling a Python object"));
                }
            }
            let Some((node, next)) = stack.last_mut() else { break };
            let Some(&(_, to)) = graph.out.get(*node as usize).and_then(|out| out.get(*next)) else {
                if let Some(place) = on_stack.get_mut(*node as usize) {
                    *place = None;
                }
                stack.pop();
                continue;
            };
            *next += 1;
            if let Some(value) = graph.nodes.get(to as usize) {
                hashable(value)?;
            }
            if visited.get(to as usize) == Some(&false) {
                enter = Some(to);
            } else if let Some(start) = on_stack.get(to as usize).copied().flatten() {
                let nodes: Vec<u32> = stack.iter().skip(start).map(|&(node, _)| node).collect();
                exits(graph, &nodes)?;
                let mut set = nodes.clone();
                set.order();
                if sets.contains(&set) {
                    continue;
                }
                named(graph, &nodes)?;
                sets.insert(set);
                found.push(nodes);
            }
        }
    }
    Ok(found)
}

/// The loops, with the checks the engine makes of them; `None` when there are none.
///
/// # Errors
/// What the engine raises while it looks for loops.
pub(super) fn loops(edges: &[Edge], config: &Value, deepest: usize) -> Result<Option<Loops>, Exception> {
    let graph = graph(edges)?;
    let found = cycles(&graph, deepest)?;
    if found.is_empty() {
        return Ok(None);
    }
    // Anything that counts as false is an empty configuration.
    let setting = |key: &str, default: i64| {
        let given = if config.truthy() { get(config, key)? } else { None };
        Ok(given.cloned().unwrap_or_else(|| Value::from(default)))
    };
    let max_iterations = setting("max_iterations", 100)?;
    let max_time = setting("max_loop_time_seconds", 3600)?;
    // The first edge from one node to another.
    let mut ways: FxHashMap<(u32, u32), u32> = FxHashMap::default();
    for (from, out) in graph.out.iter().enumerate() {
        for &(edge, to) in out {
            ways.entry((from as u32, to)).or_insert(edge);
        }
    }
    for cycle in &found {
        for (at, &node) in cycle.iter().enumerate() {
            let next = cycle.get(at + 1).or(cycle.first()).copied().unwrap_or(node);
            let edge = ways.get(&(node, next)).and_then(|&edge| edges.get(edge as usize));
            if let Some(condition) = edge.and_then(|edge| edge.condition.as_ref()) {
                get(condition, "type")?;
            }
        }
    }
    let mut of_step = FxHashMap::default();
    for cycle in &found {
        let text = |node: u32| graph.nodes.get(node as usize).and_then(Value::as_str).unwrap_or_default();
        let entry = cycle.first().map_or("", |&node| text(node));
        for &node in cycle {
            of_step.entry(text(node).to_owned()).or_insert_with(|| format!("loop_{entry}"));
        }
    }
    Ok(Some(Loops { of_step, max_iterations, max_time }))
}
