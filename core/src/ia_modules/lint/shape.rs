//! A pipeline as the rules look at it: steps by id, edges with their ends, what leaves each step, what a run may reach.
//! Made of the facts about single elements, without looking at the text again.

use super::facts::{Edge, End, Facts, Step, inputs};
use super::names::{Name, Names, Table};
use crate::ia_modules::definition::Text;
use crate::order::Order as _;
use crate::protocol::{EngineId, Target};
use std::cell::OnceCell;

/// First parts of a source that people write, and that no engine fills.
const HEADS: [&str; 9] =
    ["result", "results", "steps", "data", "output", "outputs", "context", "pipeline_input", "parameters"];

/// The whole.
pub(super) struct Shape<'a> {
    pub(super) text: Text<'a>,
    pub(super) target: Target,
    pub(super) names: &'a Names,
    pub(super) steps: &'a [Step],
    /// Positions by id; of several steps the last, as the raw loader takes it.
    pub(super) by_id: Table<u32>,
    pub(super) flow: Option<u32>,
    pub(super) paths: &'a [Edge],
    pub(super) transitions: &'a [Edge],
    /// Whether there may be templates, and references to outputs of steps.
    pub(super) templates: bool,
    pub(super) references: bool,
    /// Positions among `paths` of the edges that leave the steps: those of step `i` stand from `begin[i]` on.
    out: Vec<u32>,
    begin: Vec<u32>,
    /// Steps that an edge without a target leaves, in order.
    nowhere: Vec<u32>,
    /// The step where a run begins.
    pub(super) start: Option<u32>,
    /// Whether a run may come to a step, conditions aside; so for all steps when it has no beginning.
    pub(super) reached: Vec<bool>,
    /// Declared parameters and input properties, and whether each is required.
    pub(super) inputs: Table<bool>,
    /// Keys that some step declares as an output, and whether every declaration is sure.
    pub(super) declared: Table<bool>,
    /// Whether every step declares its outputs, so that a key nobody declares is written by nobody.
    all_declared: bool,
    /// Whether some step goes on after its error, with a result of the engine's own; looked up when it matters.
    continues: OnceCell<bool>,
}

impl Facts {
    /// Joins what is known of the elements.
    pub(super) fn join<'a>(&'a mut self, text: Text<'a>) -> Shape<'a> {
        let mut given = Vec::new();
        inputs(text, |name, required| given.push((self.names.add(name), required)));
        let mut by_id = Table::of(&self.names);
        for (at, step) in (0u32..).zip(&self.steps) {
            if let Some(id) = step.id {
                by_id.put(id, at);
            }
        }
        for edge in self.paths.iter_mut().chain(&mut self.transitions) {
            for end in [&mut edge.from, &mut edge.to] {
                end.end = match by_id.get(end.name) {
                    _ if end.name == Name::EMPTY => End::Bad,
                    // The engine looks at the beginning of the name first.
                    _ if end.terminal => End::Terminal,
                    Some(step) => End::Step(step),
                    None => End::Unknown,
                };
            }
        }
        let mut inputs = Table::of(&self.names);
        given.into_iter().for_each(|(name, required)| inputs.put(name, required));
        let mut declared = Table::of(&self.names);
        for (name, sure) in self.steps.iter().filter_map(|step| step.outputs.as_ref()).flat_map(|outputs| &outputs.0) {
            declared.put(*name, *sure && declared.get(*name).unwrap_or(true));
        }
        let flow = text.object(Text::ROOT, "flow");
        let start = flow.and_then(|flow| text.text(flow, "start_at"));
        let start = start.and_then(|id| by_id.get(self.names.find(&id)?));
        let nowhere = self.paths.iter().filter(|edge| edge.to.end == End::Bad);
        let mut nowhere: Vec<u32> = nowhere.filter_map(Edge::start).collect();
        nowhere.order();
        let [(_, templates), (_, references)] = self.seen;
        let mut shape = Shape {
            text,
            target: self.target,
            names: &self.names,
            steps: &self.steps,
            by_id,
            flow,
            paths: &self.paths,
            transitions: &self.transitions,
            templates,
            references,
            out: Vec::new(),
            begin: Vec::new(),
            nowhere,
            start,
            reached: Vec::new(),
            inputs,
            declared,
            all_declared: !self.steps.is_empty() && self.steps.iter().all(|step| step.outputs.is_some()),
            continues: OnceCell::new(),
        };
        shape.number_edges();
        shape.reached = shape.reached();
        shape
    }
}

impl<'a> Shape<'a> {
    /// Fills `out` and `begin`, the edges of a step in the order of the file.
    fn number_edges(&mut self) {
        let from = |edge: &Edge| edge.start().filter(|_| edge.to.end != End::Bad).map(|from| from as usize);
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

    /// A name as it is written.
    pub(super) fn name(&self, name: Name) -> &'a str {
        self.names.text(name)
    }

    /// The position of the step with an id that stands somewhere as a text.
    pub(super) fn step_of(&self, id: &str) -> Option<u32> {
        self.by_id.get(self.names.find(id)?)
    }

    /// The id of the first step with this display name, where no other step has the same id.
    pub(super) fn named(&self, name: &str) -> Option<&'a str> {
        let is = |step: &&Step| step.members.name.and_then(|name| self.text.string(name)).as_deref() == Some(name);
        let id = self.steps.iter().find(is)?.id.filter(|id| *id != Name::EMPTY)?;
        (self.steps.iter().filter(|step| step.id == Some(id)).count() == 1).then(|| self.name(id))
    }

    /// Whether nothing in this file writes a key of this name into the run's data.
    pub(super) fn unwritten(&self, head: Name) -> bool {
        let known =
            self.by_id.get(head).is_some() || self.inputs.get(head).is_some() || self.declared.get(head).is_some();
        if known {
            return false;
        }
        let head = self.name(head);
        // What the engine itself writes: when a run begins, and as the result of a step that failed.
        let own = match head {
            "_execution_id" | "_pipeline_id" => self.target.engine == EngineId::IaModules020,
            "step_error" | "error_message" | "error_category" | "error_severity" | "step_name" | "original_data"
            | "context" => self.continues(),
            _ => false,
        };
        !own && (self.all_declared || HEADS.contains(&head))
    }

    fn continues(&self) -> bool {
        *self.continues.get_or_init(|| memchr::memmem::find(self.text.bytes, b"continue_on_error").is_some())
    }

    /// The id of a step, for sentences.
    pub(super) fn id(&self, step: u32) -> &'a str {
        self.steps.get(step as usize).map_or("", |step| self.id_of(step))
    }

    /// The same of a step that is at hand.
    pub(super) fn id_of(&self, step: &Step) -> &'a str {
        step.id.map_or("", |id| self.name(id))
    }

    /// The edges of `paths` that leave a step.
    pub(super) fn leaving(&self, step: u32) -> impl Iterator<Item = &'a Edge> {
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

    /// Whether an edge without a target leaves a step.
    pub(super) fn leads_nowhere(&self, step: u32) -> bool {
        self.nowhere.binary_search(&step).is_ok()
    }

    fn reached(&self) -> Vec<bool> {
        let Some(start) = self.start else { return vec![true; self.steps.len()] };
        let mut reached = vec![false; self.steps.len()];
        let mut open = vec![start];
        while let Some(at) = open.pop() {
            let Some(seen) = reached.get_mut(at as usize) else { continue };
            if !std::mem::replace(seen, true) {
                open.extend(self.leaving(at).filter_map(Edge::goal));
            }
        }
        reached
    }
}
