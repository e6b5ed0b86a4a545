//! A pipeline as the rules look at it: steps by id, edges with their ends, what each edge's condition comes to.

use super::condition::{Judged, judge};
use crate::ia_modules::definition::Text;
use crate::json::NodeKind;
use crate::order::Order as _;
use crate::protocol::{EngineId, Loader, Target};
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;
use std::cell::OnceCell;

/// First parts of a source that people write, and that no engine fills.
const HEADS: [&str; 9] =
    ["result", "results", "steps", "data", "output", "outputs", "context", "pipeline_input", "parameters"];

/// What the raw loader calls a step without `id` and `name`.
pub(super) const UNKNOWN: &str = "Unknown";

/// The members of a step that the rules ask for.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)] // Named as in the file.
pub(super) struct Members {
    pub(super) id: Option<u32>,
    pub(super) name: Option<u32>,
    pub(super) step_class: Option<u32>,
    pub(super) class: Option<u32>,
    pub(super) module: Option<u32>,
    pub(super) config: Option<u32>,
    pub(super) inputs: Option<u32>,
    pub(super) conditions: Option<u32>,
    pub(super) error_handling: Option<u32>,
    outputs: Option<u32>,
    output_schema: Option<u32>,
}

impl Members {
    fn of<'a>(text: Text<'a>, step: u32, alike: &mut Vec<(&'a [u8], Option<usize>)>) -> Members {
        let keys = [
            "id",
            "name",
            "step_class",
            "class",
            "module",
            "config",
            "inputs",
            "conditions",
            "error_handling",
            "outputs",
            "output_schema",
        ];
        let [id, name, step_class, class, module, config, inputs, conditions, error_handling, outputs, output_schema] =
            text.pick_alike(step, keys, alike);
        Members {
            id,
            name,
            step_class,
            class,
            module,
            config,
            inputs,
            conditions,
            error_handling,
            outputs,
            output_schema,
        }
    }
}

/// Outputs that are looked for one after the other; more of them are sorted.
const FEW: usize = 8;

/// Names of outputs, and whether each is sure to be there.
#[derive(Debug)]
pub(super) struct Outputs<'a>(Vec<(Cow<'a, str>, bool)>);

impl<'a> Outputs<'a> {
    fn new(mut names: Vec<(Cow<'a, str>, bool)>) -> Outputs<'a> {
        if names.len() > FEW {
            names.order_by(|a, b| a.0.cmp(&b.0));
        }
        Outputs(names)
    }

    /// Whether this output is sure; the last of several that have the name. `None` when it is not declared.
    pub(super) fn get(&self, name: &str) -> Option<bool> {
        if self.0.len() <= FEW {
            return self.0.iter().rev().find(|(other, _)| other == name).map(|(_, sure)| *sure);
        }
        let after = self.0.partition_point(|(other, _)| **other <= *name);
        self.0.get(after.checked_sub(1)?).filter(|(other, _)| other == name).map(|(_, sure)| *sure)
    }
}

/// A step that is an object.
#[derive(Debug)]
pub(super) struct Step<'a> {
    pub(super) node: u32,
    pub(super) members: Members,
    /// As edges name it; `None` where it has none that is a string.
    pub(super) id: Option<Cow<'a, str>>,
    /// The node that states the id.
    pub(super) id_node: Option<u32>,
    /// Names of the outputs it declares, and whether each is sure to be there; `None` when it declares none.
    pub(super) outputs: Option<Outputs<'a>>,
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
    pub(super) flow: Option<u32>,
    pub(super) paths: Vec<Edge<'a>>,
    pub(super) transitions: Vec<Edge<'a>>,
    /// Positions among `paths` of the edges that leave the steps: those of step `i` stand from `begin[i]` on.
    out: Vec<u32>,
    begin: Vec<u32>,
    /// Steps that an edge without a target leaves.
    pub(super) nowhere: FxHashSet<u32>,
    /// The step where a run begins.
    pub(super) start: Option<u32>,
    /// Declared parameters and input properties, and whether each is required.
    pub(super) inputs: FxHashMap<Cow<'a, str>, bool>,
    /// Keys that some step declares as an output, and whether every declaration is sure.
    pub(super) declared: FxHashMap<Cow<'a, str>, bool>,
    /// Whether every step declares its outputs, so that a key nobody declares is written by nobody.
    all_declared: bool,
    /// Whether some step goes on after its error, with a result of the engine's own; looked up when it matters.
    continues: OnceCell<bool>,
}

impl<'a> Shape<'a> {
    pub(super) fn read(text: Text<'a>, target: Target) -> Shape<'a> {
        let root = Text::ROOT;
        let mut shape = Shape {
            text,
            target,
            steps: Vec::new(),
            by_id: sized(text),
            flow: text.object(root, "flow"),
            paths: Vec::new(),
            transitions: Vec::new(),
            out: Vec::new(),
            begin: Vec::new(),
            nowhere: FxHashSet::default(),
            start: None,
            inputs: inputs(text),
            declared: FxHashMap::default(),
            all_declared: false,
            continues: OnceCell::new(),
        };
        let mut alike = Vec::new();
        for node in text.items(root, "steps").filter(|&node| text.is(node, NodeKind::Object)) {
            let members = Members::of(text, node, &mut alike);
            let name = members.name;
            // The pydantic loader knows no other name than `id`.
            let id_node = members.id.or(name.filter(|_| target.loader == Loader::Raw));
            let id = match (id_node, target.loader) {
                // As the raw loader calls it.
                (None, Loader::Raw) => Some(Cow::Borrowed(UNKNOWN)),
                _ => id_node.and_then(|id| text.string(id)),
            };
            let at = shape.steps.len() as u32;
            if let Some(id) = &id {
                shape.by_id.insert(id.clone(), at);
            }
            shape.steps.push(Step { node, members, id, id_node, outputs: outputs(text, node, members) });
        }
        for (name, sure) in shape.steps.iter().filter_map(|step| step.outputs.as_ref()).flat_map(|outputs| &outputs.0) {
            *shape.declared.entry(name.clone()).or_insert(true) &= *sure;
        }
        shape.all_declared = !shape.steps.is_empty() && shape.steps.iter().all(|step| step.outputs.is_some());
        if let Some(flow) = shape.flow {
            shape.paths = shape.edges(flow, "paths");
            shape.transitions = shape.edges(flow, "transitions");
            shape.start = text.text(flow, "start_at").and_then(|id| shape.by_id.get(&id).copied());
        }
        shape.number_edges();
        let nowhere = shape.paths.iter().filter(|edge| edge.to.end == End::Bad);
        shape.nowhere =
            nowhere.filter_map(|edge| if let End::Step(from) = edge.from.end { Some(from) } else { None }).collect();
        shape
    }

    /// Fills `out` and `begin`, the edges of a step in the order of the file.
    fn number_edges(&mut self) {
        let from = |edge: &Edge<'_>| match edge.from.end {
            End::Step(from) if edge.to.end != End::Bad => Some(from as usize),
            _ => None,
        };
        // First how many leave each step, then where those of each begin.
        let mut begin = vec![0u32; self.steps.len() + 1];
        for step in self.paths.iter().filter_map(from) {
            if let Some(count) = begin.get_mut(step + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for count in &mut begin {
            sum += *count;
            *count = sum;
        }
        let mut out = vec![0u32; sum as usize];
        let mut next = begin.clone();
        for (at, edge) in self.paths.iter().enumerate() {
            if let Some(place) = from(edge).and_then(|step| next.get_mut(step)) {
                if let Some(slot) = out.get_mut(*place as usize) {
                    *slot = at as u32;
                }
                *place += 1;
            }
        }
        (self.out, self.begin) = (out, begin);
    }

    /// The id of the first step with this display name, where no other step has the same id.
    pub(super) fn named(&self, name: &str) -> Option<&str> {
        let is = |step: &&Step<'_>| step.members.name.and_then(|name| self.text.string(name)).as_deref() == Some(name);
        let id = self.steps.iter().find(is)?.id.as_deref().filter(|id| !id.is_empty())?;
        (self.steps.iter().filter(|step| step.id.as_deref() == Some(id)).count() == 1).then_some(id)
    }

    fn edges(&self, flow: u32, list: &str) -> Vec<Edge<'a>> {
        let text = self.text;
        let mut alike = Vec::new();
        let objects = text.items(flow, list).filter(|&node| text.is(node, NodeKind::Object));
        objects
            .map(|node| {
                let [condition, from, from_step, to, to_step] =
                    text.pick_alike(node, ["condition", "from", "from_step", "to", "to_step"], &mut alike);
                Edge {
                    node,
                    from: self.written(from, from_step),
                    to: self.written(to, to_step),
                    condition,
                    judged: judge(text, condition, self.target.engine),
                }
            })
            .collect()
    }

    fn written(&self, short: Option<u32>, long: Option<u32>) -> Written<'a> {
        let (node, is_long) = match (short, long) {
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
        // What the engine itself writes: when a run begins, and as the result of a step that failed.
        let own = match head {
            "_execution_id" | "_pipeline_id" => self.target.engine == EngineId::IaModules020,
            "step_error" | "error_message" | "error_category" | "error_severity" | "step_name" | "original_data"
            | "context" => self.continues(),
            _ => false,
        };
        !known && !own && (self.all_declared || HEADS.contains(&head))
    }

    fn continues(&self) -> bool {
        *self.continues.get_or_init(|| memchr::memmem::find(self.text.bytes, b"continue_on_error").is_some())
    }

    /// The id of a step, for sentences.
    pub(super) fn id(&self, step: u32) -> &str {
        self.steps.get(step as usize).and_then(|step| step.id.as_deref()).unwrap_or("")
    }

    /// The edges of `paths` that leave a step.
    pub(super) fn leaving(&self, step: u32) -> impl Iterator<Item = &Edge<'a>> {
        let out = self.out.get(self.range(step)).unwrap_or(&[]);
        out.iter().filter_map(|&at| self.paths.get(at as usize))
    }

    /// How many edges leave a step.
    pub(super) fn degree(&self, step: u32) -> usize {
        self.range(step).len()
    }

    fn range(&self, step: u32) -> std::ops::Range<usize> {
        let place = |step: usize| self.begin.get(step).map_or(0, |&place| place as usize);
        place(step as usize)..place(step as usize + 1)
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

/// A table with room for every step.
fn sized<'a>(text: Text<'a>) -> FxHashMap<Cow<'a, str>, u32> {
    let steps = text.get(Text::ROOT, "steps").and_then(|list| text.tree.node(list)).map_or(0, |list| list.children);
    FxHashMap::with_capacity_and_hasher(steps as usize, rustc_hash::FxBuildHasher)
}

/// What a step says it writes: `outputs` as a list or an object, and the properties of `output_schema`.
fn outputs<'a>(text: Text<'a>, step: u32, members: Members) -> Option<Outputs<'a>> {
    let mut names = Vec::new();
    if let Some(list) = members.outputs {
        let object = text.is(list, NodeKind::Object);
        for item in text.children(list) {
            if object {
                names.push((text.key(item), true));
            } else if let Some(name) = text.string(item) {
                names.push((name, true));
            } else if let Some(name) = text.text(item, "name") {
                let sure = text.get(item, "required").is_none_or(|required| text.is_true(required));
                names.push((name, sure));
            }
        }
    }
    if members.output_schema.is_some() {
        properties(text, step, "output_schema", &mut names);
    }
    (!names.is_empty()).then(|| Outputs::new(names))
}

fn properties<'a>(text: Text<'a>, node: u32, key: &str, names: &mut impl Extend<(Cow<'a, str>, bool)>) {
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
