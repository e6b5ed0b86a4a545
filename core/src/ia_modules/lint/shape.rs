//! A pipeline as the rules look at it: steps by id, edges with their ends, what each edge's condition comes to.

use super::condition::{Judged, judge};
use crate::ia_modules::definition::Text;
use crate::json::NodeKind;
use crate::protocol::{Loader, Target};
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;

/// First parts of a source that people write, and that no engine fills.
const HEADS: [&str; 9] =
    ["result", "results", "steps", "data", "output", "outputs", "context", "pipeline_input", "parameters"];

/// A step that is an object.
#[derive(Debug)]
pub(super) struct Step<'a> {
    pub(super) node: u32,
    /// As edges name it; `None` where it has none that is a string.
    pub(super) id: Option<Cow<'a, str>>,
    /// The node that states the id.
    pub(super) id_node: Option<u32>,
    /// Names of the outputs it declares, and whether each is sure to be there; `None` when it declares none.
    pub(super) outputs: Option<FxHashMap<Cow<'a, str>, bool>>,
}

/// Where an edge leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The position of a step.
    Step(u32),
    /// A name that ends the run.
    Terminal,
    /// A name nobody has.
    Unknown,
    /// No name at all.
    Bad,
}

/// One end of an edge as it is written.
#[derive(Clone, Debug)]
pub(super) struct Written<'a> {
    pub(super) node: Option<u32>,
    /// Whether it is spelled `from_step` or `to_step`.
    pub(super) long: bool,
    pub(super) name: Cow<'a, str>,
    pub(super) end: End,
}

/// An edge of `paths` or `transitions` that is an object.
#[derive(Debug)]
pub(super) struct Edge<'a> {
    pub(super) node: u32,
    pub(super) from: Written<'a>,
    pub(super) to: Written<'a>,
    pub(super) condition: Option<u32>,
    pub(super) judged: Judged<'a>,
}

/// The whole.
pub(super) struct Shape<'a> {
    pub(super) text: Text<'a>,
    pub(super) target: Target,
    pub(super) steps: Vec<Step<'a>>,
    /// By id; of several steps the last, as the raw loader takes it.
    pub(super) by_id: FxHashMap<Cow<'a, str>, u32>,
    /// The first step of each display name.
    pub(super) by_name: FxHashMap<Cow<'a, str>, u32>,
    pub(super) flow: Option<u32>,
    pub(super) paths: Vec<Edge<'a>>,
    pub(super) transitions: Vec<Edge<'a>>,
    /// Positions among `paths` of the edges that leave each step.
    pub(super) out: Vec<Vec<u32>>,
    /// The step where a run begins.
    pub(super) start: Option<u32>,
    /// Declared parameters and input properties, and whether each is required.
    pub(super) inputs: FxHashMap<Cow<'a, str>, bool>,
    /// Keys that some step declares as an output, and whether every declaration is sure.
    pub(super) declared: FxHashMap<Cow<'a, str>, bool>,
    /// Whether every step declares its outputs, so that a key nobody declares is written by nobody.
    all_declared: bool,
}

impl<'a> Shape<'a> {
    pub(super) fn read(text: Text<'a>, target: Target) -> Shape<'a> {
        let root = Text::ROOT;
        let mut shape = Shape {
            text,
            target,
            steps: Vec::new(),
            by_id: FxHashMap::default(),
            by_name: FxHashMap::default(),
            flow: text.object(root, "flow"),
            paths: Vec::new(),
            transitions: Vec::new(),
            out: Vec::new(),
            start: None,
            inputs: inputs(text),
            declared: FxHashMap::default(),
            all_declared: false,
        };
        for node in text.items(root, "steps").filter(|&node| text.is(node, NodeKind::Object)) {
            let name = text.get(node, "name");
            // The pydantic loader knows no other name than `id`.
            let id_node = text.get(node, "id").or(name.filter(|_| target.loader == Loader::Raw));
            let id = id_node.and_then(|id| text.string(id));
            let at = shape.steps.len() as u32;
            if let Some(id) = &id {
                shape.by_id.insert(id.clone(), at);
            }
            if let Some(name) = name.and_then(|name| text.string(name)) {
                shape.by_name.entry(name).or_insert(at);
            }
            shape.steps.push(Step { node, id, id_node, outputs: outputs(text, node) });
        }
        for (name, sure) in shape.steps.iter().filter_map(|step| step.outputs.as_ref()).flatten() {
            *shape.declared.entry(name.clone()).or_insert(true) &= *sure;
        }
        shape.all_declared = !shape.steps.is_empty() && shape.steps.iter().all(|step| step.outputs.is_some());
        if let Some(flow) = shape.flow {
            shape.paths = shape.edges(flow, "paths");
            shape.transitions = shape.edges(flow, "transitions");
            shape.start = text.text(flow, "start_at").and_then(|id| shape.by_id.get(&id).copied());
        }
        shape.out = vec![Vec::new(); shape.steps.len()];
        for (at, edge) in shape.paths.iter().enumerate() {
            if let End::Step(from) = edge.from.end
                && edge.to.end != End::Bad
                && let Some(out) = shape.out.get_mut(from as usize)
            {
                out.push(at as u32);
            }
        }
        shape
    }

    fn edges(&self, flow: u32, list: &str) -> Vec<Edge<'a>> {
        let text = self.text;
        let objects = text.items(flow, list).filter(|&node| text.is(node, NodeKind::Object));
        objects
            .map(|node| {
                let condition = text.get(node, "condition");
                Edge {
                    node,
                    from: self.written(node, "from", "from_step"),
                    to: self.written(node, "to", "to_step"),
                    condition,
                    judged: judge(text, condition, self.target.engine),
                }
            })
            .collect()
    }

    fn written(&self, edge: u32, short: &str, long: &str) -> Written<'a> {
        let (node, is_long) = match (self.text.get(edge, short), self.text.get(edge, long)) {
            (Some(node), _) => (Some(node), false),
            (None, node) => (node, node.is_some()),
        };
        let name = node.and_then(|node| self.text.string(node)).unwrap_or_default();
        let end = match self.by_id.get(&name) {
            _ if name.is_empty() => End::Bad,
            // The engine looks at the beginning of the name first.
            _ if name.starts_with("end_") => End::Terminal,
            Some(&step) => End::Step(step),
            None => End::Unknown,
        };
        Written { node, long: is_long, name, end }
    }

    /// Whether nothing in this file writes a key of this name into the run's data.
    pub(super) fn unwritten(&self, head: &str) -> bool {
        let known = self.by_id.contains_key(head) || self.inputs.contains_key(head) || self.declared.contains_key(head);
        !known && (self.all_declared || HEADS.contains(&head))
    }

    /// The id of a step, for sentences.
    pub(super) fn id(&self, step: u32) -> &str {
        self.steps.get(step as usize).and_then(|step| step.id.as_deref()).unwrap_or("")
    }

    /// The edges of `paths` that leave a step.
    pub(super) fn leaving(&self, step: u32) -> impl Iterator<Item = &Edge<'a>> {
        self.out.get(step as usize).into_iter().flatten().filter_map(|&at| self.paths.get(at as usize))
    }

    /// Steps a run may come to, conditions aside; all when it has no beginning.
    pub(super) fn reached(&self) -> Vec<bool> {
        let Some(start) = self.start else { return vec![true; self.steps.len()] };
        let mut reached = vec![false; self.steps.len()];
        let mut open = vec![start];
        while let Some(at) = open.pop() {
            let Some(seen) = reached.get_mut(at as usize) else { continue };
            if !std::mem::replace(seen, true) {
                open.extend(
                    self.leaving(at).filter_map(|edge| if let End::Step(to) = edge.to.end { Some(to) } else { None }),
                );
            }
        }
        reached
    }
}

/// What a step says it writes: `outputs` as a list or an object, and the properties of `output_schema`.
fn outputs<'a>(text: Text<'a>, step: u32) -> Option<FxHashMap<Cow<'a, str>, bool>> {
    let mut names = FxHashMap::default();
    if let Some(list) = text.get(step, "outputs") {
        let object = text.is(list, NodeKind::Object);
        for item in text.children(list) {
            if object {
                names.insert(text.key(item), true);
            } else if let Some(name) = text.string(item) {
                names.insert(name, true);
            } else if let Some(name) = text.text(item, "name") {
                let sure = text.get(item, "required").is_none_or(|required| text.is_true(required));
                names.insert(name, sure);
            }
        }
    }
    properties(text, step, "output_schema", &mut names);
    (!names.is_empty()).then_some(names)
}

fn properties<'a>(text: Text<'a>, node: u32, key: &str, names: &mut FxHashMap<Cow<'a, str>, bool>) {
    let Some(schema) = text.object(node, key) else { return };
    let required: FxHashSet<Cow<'a, str>> =
        text.items(schema, "required").filter_map(|name| text.string(name)).collect();
    if let Some(members) = text.object(schema, "properties") {
        names.extend(text.children(members).map(|member| {
            let name = text.key(member);
            let sure = required.contains(&name);
            (name, sure)
        }));
    }
}

fn inputs(text: Text<'_>) -> FxHashMap<Cow<'_, str>, bool> {
    let mut names = FxHashMap::default();
    for parameter in text.items(Text::ROOT, "parameters") {
        if let Some(name) = text.text(parameter, "name") {
            names.insert(name, text.get(parameter, "required").is_some_and(|required| text.is_true(required)));
        } else if let Some(name) = text.string(parameter) {
            names.insert(name, true);
        }
    }
    properties(text, Text::ROOT, "input_schema", &mut names);
    names
}
