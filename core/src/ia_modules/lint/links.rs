//! What several elements make together: steps by id, where edges lead, what a run may reach, its loops. Kept between two
//! edits like the facts about single elements, and made anew only when an edit changes one of the names it hangs on.
//!
//! What rules said of an element is kept as well. It hangs on the element and on the names it mentions, so an edit takes
//! back what was said of the elements with those names, and of no other. The rules themselves are elsewhere.

use super::facts::{Edge, End, Facts, Step, inputs};
use super::loops::{self, Round};
use super::names::{Name, Table};
use super::report::Heard;
use crate::ia_modules::definition::Text;
use crate::order::Order as _;
use rustc_hash::FxHashSet;

/// What the engine itself writes as the result of a step that failed, where some step goes on after that.
pub(super) const AFTER_ERROR: [&str; 7] =
    ["step_error", "error_message", "error_category", "error_severity", "step_name", "original_data", "context"];

/// All of it.
#[derive(Debug)]
pub(super) struct Links {
    /// Positions by id; of several steps the last, as the raw loader takes it.
    pub(super) by_id: Table<u32>,
    /// Whether several steps have one id.
    pub(super) repeated: bool,
    /// Positions among `paths` of the edges that leave the steps: those of step `i` stand from `begin[i]` on.
    out: Vec<u32>,
    begin: Vec<u32>,
    /// Steps that an edge without a target leaves, in order.
    nowhere: Vec<u32>,
    /// The step where a run begins.
    pub(super) start: Option<u32>,
    /// Whether a run may come to a step, conditions aside; so for all steps when it has no beginning.
    pub(super) reached: Vec<bool>,
    /// Steps no run comes to, without those that a later step with the same id replaces.
    pub(super) unreached: Vec<u32>,
    /// Declared parameters and input properties, and whether each is required.
    pub(super) inputs: Table<bool>,
    given: Vec<(Name, bool)>,
    /// Keys that some step declares as an output, and whether every declaration is sure.
    pub(super) declared: Table<bool>,
    /// Whether every step declares its outputs, so that a key nobody declares is written by nobody.
    pub(super) all_declared: bool,
    /// Whether some step goes on after its error, with a result of the engine's own.
    pub(super) continues: bool,
    /// Position among `paths` of the first edge with an end in the long spelling, and whether there is a short one.
    pub(super) long: Option<u32>,
    pub(super) short: bool,
    /// Position among `paths` of the first edge to the end that stands for failure.
    pub(super) failure: Option<u32>,
    /// Loops that a run can come to.
    pub(super) rounds: Vec<Round>,
    /// The node of the first edge that leads on where every run is stopped.
    pub(super) beyond: Option<u32>,
}

/// What has changed since the links were made.
#[derive(Debug, Default)]
pub(super) struct Since {
    /// Names that the elements which changed have, or had.
    names: Vec<Name>,
    /// Whether an edge leads elsewhere, or a step has another name or other outputs.
    links: bool,
    /// Whether an edge is taken under other circumstances.
    truths: bool,
}

impl Since {
    /// A step took the place of another.
    pub(super) fn step(&mut self, before: &Step, now: &Step) {
        self.names.extend([before, now].into_iter().filter_map(|step| step.id));
        if before.id != now.id || before.outputs != now.outputs {
            self.links = true;
            let outputs = [before, now].into_iter().filter_map(|step| step.outputs.as_ref());
            self.names.extend(outputs.flat_map(|outputs| &outputs.0).map(|(name, _)| *name));
        }
    }

    /// An edge took the place of another.
    pub(super) fn edge(&mut self, before: &Edge, now: &mut Edge) {
        self.names.extend([before.from.name, now.from.name]);
        let pairs = [(&before.from, &mut now.from), (&before.to, &mut now.to)];
        for (before, now) in pairs {
            now.end = before.end;
            self.links |= (before.name, before.long, before.node.is_some()) != (now.name, now.long, now.node.is_some());
        }
        self.truths |= loops::class(&before.judged.truth) != loops::class(&now.judged.truth);
    }
}

impl Facts {
    /// The links of the elements as they are now. Takes back what was said of those that changed.
    pub(super) fn settled(&mut self, text: Text<'_>) -> Links {
        let Since { names, links: changed, truths } = std::mem::take(&mut self.since);
        let mut given = Vec::new();
        inputs(text, |name, required| given.push((self.names.add(name), required)));
        let continues = AFTER_ERROR.iter().any(|word| self.names.find(word).is_some())
            && memchr::memmem::find(text.bytes, b"continue_on_error").is_some();
        let start = text.object(Text::ROOT, "flow").and_then(|flow| text.text(flow, "start_at"));
        let start = start.and_then(|id| self.names.find(&id));
        let old = self.links.take();
        // What a rule may ask beside names.
        let beside = |links: &Links| (links.all_declared, links.continues);
        let before = old.as_ref().map(beside);
        let kept = old.as_ref().is_some_and(|old| !changed && old.start == start.and_then(|id| old.by_id.get(id)));
        let known = old.as_ref().is_some_and(|old| old.given == given);
        let mut links = match old {
            Some(mut old) if kept => {
                if truths {
                    old.rounds = loops::rounds(&self.paths, &old);
                }
                old
            }
            _ => Links::of(self, start),
        };
        links.continues = continues;
        if !(kept && known) {
            links.inputs = Table::of(&self.names);
            given.iter().for_each(|(name, required)| links.inputs.put(*name, *required));
            links.given = given;
        }
        if known && before == Some(beside(&links)) {
            self.forget(&links, &names.into_iter().collect());
        } else {
            self.said_of_edges.iter().chain(&self.said_of_exits).for_each(Heard::forget);
        }
        links
    }

    /// Takes back what was said of edges that mention one of the names, and of the steps they leave.
    fn forget(&self, links: &Links, names: &FxHashSet<Name>) {
        if names.is_empty() {
            return;
        }
        let of_step = |step: Option<u32>| {
            if let Some(said) = step.and_then(|step| self.said_of_exits.get(step as usize)) {
                said.forget();
            }
        };
        names.iter().for_each(|name| of_step(links.by_id.get(*name)));
        for (edge, said) in self.paths.iter().zip(&self.said_of_edges) {
            let head = edge.compared.map(|compared| compared.head);
            if names.contains(&edge.from.name)
                || names.contains(&edge.to.name)
                || head.is_some_and(|head| names.contains(&head))
            {
                said.forget();
                of_step(edge.start());
            }
        }
    }
}

impl Links {
    fn of(facts: &mut Facts, start: Option<Name>) -> Links {
        let mut by_id = Table::of(&facts.names);
        let mut named = 0;
        for (at, step) in (0u32..).zip(&facts.steps) {
            if let Some(id) = step.id {
                by_id.put(id, at);
                named += 1;
            }
        }
        for edge in facts.paths.iter_mut().chain(&mut facts.transitions) {
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
        let (steps, paths) = (&facts.steps[..], &facts.paths[..]);
        let mut declared = Table::of(&facts.names);
        for (name, sure) in steps.iter().filter_map(|step| step.outputs.as_ref()).flat_map(|outputs| &outputs.0) {
            declared.put(*name, *sure && declared.get(*name).unwrap_or(true));
        }
        let nowhere = paths.iter().filter(|edge| edge.to.end == End::Bad);
        let mut nowhere: Vec<u32> = nowhere.filter_map(Edge::start).collect();
        nowhere.order();
        let first = |is: &dyn Fn(&Edge) -> bool| paths.iter().position(is).and_then(|at| u32::try_from(at).ok());
        let failure = facts.names.find("end_with_failure");
        let (out, begin) = number_edges(steps.len(), paths);
        let mut links = Links {
            repeated: named > by_id.len(),
            start: start.and_then(|id| by_id.get(id)),
            by_id,
            out,
            begin,
            nowhere,
            reached: Vec::new(),
            unreached: Vec::new(),
            inputs: Table::of(&facts.names),
            given: Vec::new(),
            declared,
            all_declared: !steps.is_empty() && steps.iter().all(|step| step.outputs.is_some()),
            continues: false,
            long: first(&|edge| edge.written().any(|end| end.long)),
            short: paths.iter().flat_map(Edge::written).any(|end| !end.long),
            failure: first(&|edge| edge.to.end == End::Terminal && Some(edge.to.name) == failure),
            rounds: Vec::new(),
            beyond: None,
        };
        links.reached = links.reached(paths);
        links.unreached = (0u32..)
            .zip(steps)
            .zip(&links.reached)
            .filter(|((at, step), reached)| {
                !**reached && step.id.is_some_and(|id| id != Name::EMPTY && links.by_id.get(id) == Some(*at))
            })
            .map(|((at, _), _)| at)
            .collect();
        links.rounds = loops::rounds(paths, &links);
        links.beyond = loops::beyond(paths, &links);
        links
    }

    /// How many steps there are.
    pub(super) fn steps(&self) -> usize {
        self.reached.len()
    }

    /// Positions among `paths` of the edges that leave a step.
    pub(super) fn leaving(&self, step: u32) -> &[u32] {
        let place = |step: usize| self.begin.get(step).map_or(0, |&place| place as usize);
        self.out.get(place(step as usize)..place(step as usize + 1)).unwrap_or(&[])
    }

    /// Whether an edge without a target leaves a step.
    pub(super) fn leads_nowhere(&self, step: u32) -> bool {
        self.nowhere.binary_search(&step).is_ok()
    }

    fn reached(&self, paths: &[Edge]) -> Vec<bool> {
        let steps = self.begin.len().saturating_sub(1);
        let Some(start) = self.start else { return vec![true; steps] };
        let mut reached = vec![false; steps];
        let mut open = vec![start];
        while let Some(at) = open.pop() {
            let Some(seen) = reached.get_mut(at as usize) else { continue };
            if !std::mem::replace(seen, true) {
                let leaving = self.leaving(at).iter().filter_map(|&edge| paths.get(edge as usize));
                open.extend(leaving.filter_map(Edge::goal));
            }
        }
        reached
    }
}

/// The edges of each step in the order of the file, as [`Links::out`] and [`Links::begin`].
fn number_edges(steps: usize, paths: &[Edge]) -> (Vec<u32>, Vec<u32>) {
    let from = |edge: &Edge| edge.start().filter(|_| edge.to.end != End::Bad).map(|from| from as usize);
    // First how many leave each step, then where those of each begin.
    let mut begin = vec![0u32; steps + 1];
    for step in paths.iter().filter_map(from) {
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
    for (at, edge) in (0u32..).zip(paths) {
        if let Some(place) = from(edge).and_then(|step| next.get_mut(step)) {
            if let Some(slot) = out.get_mut(*place as usize) {
                *slot = at;
            }
            *place += 1;
        }
    }
    (out, begin)
}
