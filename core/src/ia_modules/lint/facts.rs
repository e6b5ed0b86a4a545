//! What the rules need to know of each step and each edge, read from its own text alone. It stays true while somebody
//! types elsewhere, so between two edits it is kept: only the element around the edit is read anew.
//!
//! What depends on more than one element (where an edge leads, what a run may reach) is `links`.

use super::condition::{Judged, Truth, filled_in, judge};
use super::links::{Links, Since};
use super::names::{Name, Names};
use super::report::Heard;
use crate::ia_modules::definition::Text;
use crate::json::{NodeKind, Replaced};
use crate::order::Order as _;
use crate::protocol::{Loader, Target};
use rustc_hash::FxHashSet;
use std::borrow::Cow;
use std::cell::Cell;

/// What the raw loader calls a step without `id` and `name`.
const UNKNOWN: &str = "Unknown";

/// Outputs that are looked for one after the other; more of them are sorted.
const FEW: usize = 8;

/// Names that edits may leave behind before all is read anew; few in tests, so that it happens there.
const LEFT_OVER: usize = if cfg!(test) { 12 } else { 10_000 };

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

/// Keys of the objects before, so that objects alike are read quickly.
type Alike<'a> = Vec<(&'a [u8], Option<usize>)>;

impl Members {
    fn of<'a>(text: Text<'a>, step: u32, alike: &mut Alike<'a>) -> Members {
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

    fn nodes(&mut self) -> impl Iterator<Item = &mut u32> {
        [
            &mut self.id,
            &mut self.name,
            &mut self.step_class,
            &mut self.class,
            &mut self.module,
            &mut self.config,
            &mut self.inputs,
            &mut self.conditions,
            &mut self.error_handling,
            &mut self.outputs,
            &mut self.output_schema,
        ]
        .into_iter()
        .flatten()
    }
}

/// Names of outputs, and whether each is sure to be there.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Outputs(pub(super) Vec<(Name, bool)>);

impl Outputs {
    fn new(mut names: Vec<(Name, bool)>) -> Outputs {
        if names.len() > FEW {
            names.order_by_key(|(name, _)| name.index());
        }
        Outputs(names)
    }

    /// Whether this output is sure; the last of several that have the name. `None` when it is not declared.
    pub(super) fn get(&self, name: Name) -> Option<bool> {
        if self.0.len() <= FEW {
            return self.0.iter().rev().find(|(other, _)| *other == name).map(|(_, sure)| *sure);
        }
        let after = self.0.partition_point(|(other, _)| other.index() <= name.index());
        self.0.get(after.checked_sub(1)?).filter(|(other, _)| *other == name).map(|(_, sure)| *sure)
    }
}

/// A step that is an object.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) node: u32,
    pub(super) members: Members,
    /// As edges name it; `None` where it has none that is a string.
    pub(super) id: Option<Name>,
    /// The node that states the id.
    pub(super) id_node: Option<u32>,
    /// Names of the outputs it declares, and whether each is sure to be there; `None` when it declares none.
    pub(super) outputs: Option<Outputs>,
    /// Whether its config holds templates with parameters; looked up when it matters.
    pub(super) templates: Cell<Option<bool>>,
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
pub(super) struct Written {
    pub(super) node: Option<u32>,
    /// Whether it is spelled `from_step` or `to_step`.
    pub(super) long: bool,
    pub(super) name: Name,
    /// Whether the name begins as the names of ends do.
    pub(super) terminal: bool,
    /// Where that is: for `links` to say.
    pub(super) end: End,
}

/// Names in the comparison of an edge.
#[derive(Clone, Copy, Debug)]
pub(super) struct Compared {
    /// The first part of what is looked up.
    pub(super) head: Name,
    /// The part after that; `None` when there is one only.
    pub(super) key: Option<Name>,
    /// Source, operator and value in one: two comparisons with the same are the same.
    pub(super) whole: Name,
    /// Whether the value is a text with a template.
    pub(super) template: bool,
    /// Whether the value is filled in from the input of a run.
    pub(super) filled_in: bool,
}

/// An edge of `paths` or `transitions` that is an object.
#[derive(Debug)]
pub(super) struct Edge {
    pub(super) node: u32,
    pub(super) from: Written,
    pub(super) to: Written,
    pub(super) condition: Option<u32>,
    pub(super) judged: Judged<'static>,
    /// For conditions that depend on data.
    pub(super) compared: Option<Compared>,
    /// Whether it holds templates with parameters; looked up when it matters.
    pub(super) templates: Cell<Option<bool>>,
}

impl Edge {
    /// The step it leaves.
    pub(super) fn start(&self) -> Option<u32> {
        if let End::Step(from) = self.from.end { Some(from) } else { None }
    }

    /// Its ends as far as they are written.
    pub(super) fn written(&self) -> impl Iterator<Item = &Written> {
        [&self.from, &self.to].into_iter().filter(|end| end.node.is_some())
    }

    /// The step it leads to.
    pub(super) fn goal(&self) -> Option<u32> {
        if let End::Step(to) = self.to.end { Some(to) } else { None }
    }
}

/// All of it.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(super) target: Target,
    pub(super) names: Names,
    /// Names when all was read.
    fresh: usize,
    pub(super) steps: Vec<Step>,
    pub(super) paths: Vec<Edge>,
    pub(super) transitions: Vec<Edge>,
    /// What was said of each step alone, of each edge of `paths`, and of what leaves each step.
    pub(super) said_of_steps: Vec<Heard>,
    pub(super) said_of_edges: Vec<Heard>,
    pub(super) said_of_exits: Vec<Heard>,
    /// Steps with a key that nobody reads: see `Step::unread`.
    pub(super) unread: usize,
    /// What the elements make together, and what has changed since.
    pub(super) links: Option<Links>,
    pub(super) since: Since,
    /// Words some rules look for, and whether the text may hold them: once seen they are taken to be there.
    pub(super) seen: [(&'static [u8], bool); 2],
}

/// What templates begin with, and what references to outputs do.
const WORDS: [&[u8]; 2] = [b"parameters.", b"{steps."];

/// The lists of a definition.
struct Lists {
    steps: Option<u32>,
    flow: Option<u32>,
    paths: Option<u32>,
    transitions: Option<u32>,
}

impl Lists {
    fn of(text: Text<'_>) -> Lists {
        let list = |around: u32, key: &str| text.get(around, key).filter(|&list| text.is(list, NodeKind::Array));
        let flow = text.object(Text::ROOT, "flow");
        let of_flow = |key| flow.and_then(|flow| list(flow, key));
        Lists { steps: list(Text::ROOT, "steps"), flow, paths: of_flow("paths"), transitions: of_flow("transitions") }
    }
}

impl Facts {
    /// Reads all elements.
    pub(crate) fn read(text: Text<'_>, target: Target) -> Facts {
        let lists = Lists::of(text);
        let count = |list: Option<u32>| list.and_then(|list| text.tree.node(list)).map_or(0, |list| list.children);
        let names = Names::with_room(count(lists.steps) as usize * 2);
        let (paths, transitions) = (Vec::new(), Vec::new());
        let seen = WORDS.map(|word| (word, false));
        let mut facts = Facts {
            target,
            names,
            fresh: 0,
            steps: Vec::new(),
            paths,
            transitions,
            said_of_steps: Vec::new(),
            said_of_edges: Vec::new(),
            said_of_exits: Vec::new(),
            unread: 0,
            links: None,
            since: Since::default(),
            seen,
        };
        facts.look(text.bytes);
        let mut alike = Vec::new();
        for node in objects(text, lists.steps) {
            let step = facts.step(text, node, &mut alike);
            facts.unread += usize::from(step.unread());
            facts.steps.push(step);
        }
        facts.paths = facts.edges(text, lists.paths);
        facts.transitions = facts.edges(text, lists.transitions);
        let nothing = |count: usize| std::iter::repeat_with(Heard::default).take(count).collect();
        facts.said_of_steps = nothing(facts.steps.len());
        facts.said_of_exits = nothing(facts.steps.len());
        facts.said_of_edges = nothing(facts.paths.len());
        facts.fresh = facts.names.len();
        facts
    }

    /// Whether this was read for an engine and a loader.
    pub(crate) fn is_for(&self, target: Target) -> bool {
        self.target == target
    }

    /// Brings this up to date after a value of the tree was replaced: the same as reading all of it.
    pub(crate) fn replaced(&mut self, text: Text<'_>, at: u32, by: Replaced) {
        let lists = Lists::of(text);
        let around = [Some(Text::ROOT), lists.flow, lists.steps, lists.paths, lists.transitions];
        let whole = around.contains(&Some(at)) && !by.scalar;
        if whole || self.names.len() > self.fresh + LEFT_OVER {
            *self = Facts::read(text, self.target);
            return;
        }
        self.look(text.raw(at));
        if by.more != 0 {
            let shift = |node: &mut u32| {
                if *node >= by.after {
                    *node = node.wrapping_add_signed(by.more);
                }
            };
            let first = self.steps.partition_point(|step| step.node < at);
            for step in self.steps.iter_mut().skip(first.saturating_sub(1)) {
                step.each_node(shift);
            }
            for edge in self.paths.iter_mut().chain(&mut self.transitions) {
                edge.each_node(shift);
            }
        }
        // Which of the elements it is in, if any.
        let holds = |node: u32| {
            let inside = |node| text.tree.node(node).zip(text.tree.node(at)).is_some_and(|(a, b)| b.start < a.end);
            node <= at && inside(node)
        };
        let place = |after: usize| after.checked_sub(1);
        if let Some(place) = place(self.steps.partition_point(|step| step.node <= at))
            && let Some(node) = self.steps.get(place).map(|step| step.node).filter(|&node| holds(node))
        {
            let step = self.step(text, node, &mut Vec::new());
            for said in [self.said_of_steps.get(place), self.said_of_exits.get(place)].into_iter().flatten() {
                said.forget();
            }
            if let Some(slot) = self.steps.get_mut(place) {
                self.since.step(slot, &step);
                self.unread = self.unread + usize::from(step.unread()) - usize::from(slot.unread());
                *slot = step;
            }
        }
        for transitions in [false, true] {
            let list = if transitions { &self.transitions } else { &self.paths };
            if let Some(place) = place(list.partition_point(|edge| edge.node <= at))
                && let Some(node) = list.get(place).map(|edge| edge.node).filter(|&node| holds(node))
            {
                let mut edge = self.edge(text, node, &mut Vec::new());
                let list = if transitions { &mut self.transitions } else { &mut self.paths };
                if let Some(slot) = list.get_mut(place) {
                    self.since.edge(slot, &mut edge);
                    *slot = edge;
                }
            }
        }
    }

    fn look(&mut self, text: &[u8]) {
        for (word, seen) in &mut self.seen {
            *seen = *seen || memchr::memmem::find(text, word).is_some();
        }
    }

    fn step<'a>(&mut self, text: Text<'a>, node: u32, alike: &mut Alike<'a>) -> Step {
        let members = Members::of(text, node, alike);
        let raw = self.target.loader == Loader::Raw;
        // The pydantic loader knows no other name than `id`.
        let id_node = members.id.or(members.name.filter(|_| raw));
        let id = match id_node {
            // As the raw loader calls it.
            None if raw => Some(Cow::Borrowed(UNKNOWN)),
            _ => id_node.and_then(|id| text.string(id)),
        };
        let id = id.map(|id| self.names.add(&id));
        let outputs = outputs(text, node, members, &mut self.names);
        Step { node, members, id, id_node, outputs, templates: Cell::new(None) }
    }

    fn edges(&mut self, text: Text<'_>, list: Option<u32>) -> Vec<Edge> {
        let mut alike = Vec::new();
        objects(text, list).map(|node| self.edge(text, node, &mut alike)).collect()
    }

    fn edge<'a>(&mut self, text: Text<'a>, node: u32, alike: &mut Alike<'a>) -> Edge {
        let keys = ["condition", "from", "from_step", "to", "to_step"];
        let [condition, from, from_step, to, to_step] = text.pick_alike(node, keys, alike);
        let from = self.written(text, from, from_step);
        let to = self.written(text, to, to_step);
        let judged = judge(text, condition, self.target.engine).owned();
        let compared = self.compared(text, &judged);
        Edge { node, from, to, condition, judged, compared, templates: Cell::new(None) }
    }

    fn written(&mut self, text: Text<'_>, short: Option<u32>, long: Option<u32>) -> Written {
        let (node, long) = match (short, long) {
            (Some(node), _) => (Some(node), false),
            (None, node) => (node, node.is_some()),
        };
        let name = node.and_then(|node| text.string(node)).unwrap_or_default();
        let terminal = name.starts_with("end_");
        Written { node, long, name: self.names.add(&name), terminal, end: End::Bad }
    }

    fn compared(&mut self, text: Text<'_>, judged: &Judged<'_>) -> Option<Compared> {
        let Truth::Depends(test) = &judged.truth else { return None };
        let mut parts = test.source.split('.');
        let head = self.names.add(parts.next().unwrap_or_default());
        let key = parts.next().map(|key| self.names.add(key));
        // Like the engine's own reading, and quick: what is compared, as it is written.
        let value = test.value.map_or_else(|| "null".to_owned(), |value| text.brief(value, 200));
        let whole = self.names.add(&format!("{}\n{}\n{value}", test.source, test.operator.name()));
        let template = test.value.and_then(|value| text.string(value)).is_some_and(|value| value.contains("{{"));
        let filled_in = filled_in(text, test.value, self.target.engine);
        Some(Compared { head, key, whole, template, filled_in })
    }
}

impl Step {
    /// Whether it has a key that an author may expect to do something.
    fn unread(&self) -> bool {
        let Members { conditions, inputs, error_handling, .. } = self.members;
        [conditions, inputs, error_handling].iter().any(Option::is_some)
    }

    fn each_node(&mut self, mut with: impl FnMut(&mut u32)) {
        with(&mut self.node);
        self.members.nodes().chain(self.id_node.as_mut()).for_each(with);
    }
}

impl Edge {
    fn each_node(&mut self, mut with: impl FnMut(&mut u32)) {
        with(&mut self.node);
        let ends = [&mut self.from.node, &mut self.to.node, &mut self.condition].into_iter().flatten();
        ends.for_each(&mut with);
        self.judged.each_node(with);
    }
}

/// The items of a list that are objects.
fn objects(text: Text<'_>, list: Option<u32>) -> impl Iterator<Item = u32> {
    let items = list.into_iter().flat_map(move |list| text.children(list));
    items.filter(move |&node| text.is(node, NodeKind::Object))
}

/// What a step says it writes: `outputs` as a list or an object, and the properties of `output_schema`.
fn outputs(text: Text<'_>, step: u32, members: Members, known: &mut Names) -> Option<Outputs> {
    let mut names = Vec::new();
    if let Some(list) = members.outputs {
        let object = text.is(list, NodeKind::Object);
        for item in text.children(list) {
            if object {
                names.push((known.add(&text.key(item)), true));
            } else if let Some(name) = text.string(item) {
                names.push((known.add(&name), true));
            } else if let Some(name) = text.text(item, "name") {
                let sure = text.get(item, "required").is_none_or(|required| text.is_true(required));
                names.push((known.add(&name), sure));
            }
        }
    }
    if members.output_schema.is_some() {
        properties(text, step, "output_schema", |name, sure| names.push((known.add(name), sure)));
    }
    (!names.is_empty()).then(|| Outputs::new(names))
}

/// The properties of the schema under a key, and whether each is required.
fn properties(text: Text<'_>, node: u32, key: &str, mut told: impl FnMut(&str, bool)) {
    let Some(schema) = text.object(node, key) else { return };
    let required: FxHashSet<Cow<'_, str>> =
        text.items(schema, "required").filter_map(|name| text.string(name)).collect();
    for member in text.object(schema, "properties").into_iter().flat_map(|members| text.children(members)) {
        let name = text.key(member);
        told(&name, required.contains(&name));
    }
}

/// Declared parameters and input properties, and whether each is required.
pub(super) fn inputs(text: Text<'_>, mut told: impl FnMut(&str, bool)) {
    for parameter in text.items(Text::ROOT, "parameters") {
        if let Some(name) = text.text(parameter, "name") {
            told(&name, text.get(parameter, "required").is_some_and(|required| text.is_true(required)));
        } else if let Some(name) = text.string(parameter) {
            told(&name, true);
        }
    }
    properties(text, Text::ROOT, "input_schema", told);
}
