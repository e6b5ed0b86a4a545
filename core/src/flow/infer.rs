//! The flow of a run: groups from nesting, order from time, repeats folded.
//!
//! With folding, siblings of one kind and name are one box that stands for all of them, and so are their children:
//! what follows what is then drawn between names, so that three rounds of `decide`, `refund_order` come out as two
//! boxes and a line that leads back. Without, or for a box that was unfolded, each step is its own box.

use super::follow::Interval;
use super::stage::{Lines, finished, join, say_thinned};
use super::{ADDED, Line, Sketch, label};
use crate::model::{Interner, Kind, Run, Status, StepIx, Sym};
use crate::order::Order as _;
use crate::protocol::{FlowNode, FlowView};
use crate::view::index::RunIndex;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::VecDeque;

/// Boxes that are opened by themselves: what a screen can hold and still be read.
pub(super) const READABLE: usize = 48;

/// Boxes that are drawn at most; the rest is said.
pub(super) const DRAWN: usize = 5_000;

/// Side by side, so many steps of one name stay apart even when repeats are folded.
const APART: usize = 6;

/// A flow with the way back from steps to boxes.
#[derive(Clone, Debug, Default)]
pub struct RunFlow {
    /// What is drawn.
    pub view: FlowView,
    /// For each step the key of the innermost box that stands for it.
    pub node_of: Vec<u32>,
}

/// A set of steps drawn as one box: instances of one name at one place of the tree.
struct Class {
    steps: Vec<StepIx>,
}

struct Inferring<'a> {
    run: &'a Run,
    index: &'a RunIndex,
    names: &'a Interner,
    fold: bool,
    toggled: FxHashSet<u32>,
    sketches: Vec<Sketch>,
    lines: Vec<Line>,
    node_of: Vec<u32>,
    added: u32,
    left_out: usize,
    thinned: bool,
}

/// Infers the flow of a run. `toggled` names boxes by key whose state is not the default one.
pub fn run_flow(run: &Run, index: &RunIndex, names: &Interner, fold: bool, toggled: &[u32]) -> RunFlow {
    let mut inferring = Inferring {
        run,
        index,
        names,
        fold,
        toggled: toggled.iter().copied().collect(),
        sketches: Vec::new(),
        lines: Vec::new(),
        node_of: vec![0; run.steps.len()],
        added: ADDED,
        left_out: 0,
        thinned: false,
    };
    inferring.grow();
    let Inferring { sketches, lines, node_of, left_out, thinned, .. } = inferring;
    let mut view = finished(sketches, &lines, &node_of, left_out, fold);
    if thinned {
        say_thinned(&mut view);
    }
    RunFlow { view, node_of }
}

impl Inferring<'_> {
    fn grow(&mut self) {
        let mut waiting: VecDeque<(Vec<Vec<StepIx>>, Option<usize>)> = VecDeque::new();
        let top: Vec<StepIx> = self.run.steps.children(None).collect();
        // One step around everything is where the run begins: a box of its own, not a frame around the drawing.
        if let [root] = top[..]
            && self.index.children.get(root as usize).is_some_and(|&children| children > 0)
        {
            let class = Class { steps: vec![root] };
            self.box_for(&class, None, false, false);
            let children = self.run.steps.children(Some(root)).collect();
            self.level(&[children], None, Some(0), &mut waiting);
        } else {
            self.level(&[top], None, None, &mut waiting);
        }
        // Outermost first, so that what is opened by itself is what gives the overview.
        while let Some((sets, group)) = waiting.pop_front() {
            let Some(sketch) = group.and_then(|group| self.sketches.get(group)) else { continue };
            let flipped = self.toggled.contains(&sketch.node.key);
            let inside: usize = sets.iter().map(Vec::len).sum();
            let fits = self.sketches.len() + inside.min(READABLE) <= READABLE && self.tells_more(&sets);
            if fits == flipped {
                continue;
            }
            if let Some(sketch) = group.and_then(|group| self.sketches.get_mut(group)) {
                sketch.node.group = true;
            }
            self.level(&sets, group, None, &mut waiting);
        }
        self.tell_errors_inside();
    }

    /// A closed box says what went wrong inside it; an open one shows it.
    fn tell_errors_inside(&mut self) {
        for Sketch { node, errors_inside, .. } in &mut self.sketches {
            if node.group || *errors_inside == 0 {
                continue;
            }
            if node.errors == 0 {
                let between = if node.sub.is_empty() { "" } else { " · " };
                node.sub.push_str(&format!("{between}✗ {errors_inside} inside"));
            }
            let errors = if *errors_inside == 1 { "error" } else { "errors" };
            node.spoken.push_str(&format!(", {errors_inside} {errors} inside"));
            node.errors = node.errors.saturating_add(*errors_inside);
        }
    }

    /// Whether a group says more open than closed: not when one box without anything inside would stand in it.
    fn tells_more(&self, sets: &[Vec<StepIx>]) -> bool {
        let name = |step: StepIx| (self.run.steps.kind.get(step as usize), self.run.steps.name.get(step as usize));
        let mut steps = sets.iter().flatten().copied();
        let Some(first) = steps.next() else { return false };
        let holds = |step: StepIx| self.index.children.get(step as usize).is_some_and(|&children| children > 0);
        holds(first) || steps.any(|step| holds(step) || name(step) != name(first))
    }

    /// Draws the siblings of one level; `sets` holds one list for each instance of the step around them.
    fn level(
        &mut self,
        sets: &[Vec<StepIx>],
        group: Option<usize>,
        entry: Option<usize>,
        waiting: &mut VecDeque<(Vec<Vec<StepIx>>, Option<usize>)>,
    ) {
        let (classes, class_of) = self.classes(sets);
        let mut boxes: Vec<Option<usize>> = Vec::with_capacity(classes.len());
        for class in &classes {
            if self.sketches.len() >= DRAWN {
                self.left_out += class.steps.len();
                boxes.push(None);
                continue;
            }
            let children: Vec<Vec<StepIx>> = class
                .steps
                .iter()
                .map(|&step| self.run.steps.children(Some(step)).collect::<Vec<_>>())
                .filter(|children: &Vec<StepIx>| !children.is_empty())
                .collect();
            let unfolds = class.steps.len() > 1 && children.is_empty() || self.unfolded(class);
            let at = self.box_for(class, group, !children.is_empty(), unfolds);
            boxes.push(Some(at));
            if !children.is_empty() {
                waiting.push_back((children, Some(at)));
            }
        }
        let mut lines = Lines::default();
        for siblings in sets {
            self.connect(siblings, &class_of, &boxes, group, entry, &mut lines);
        }
        let mut lines: Vec<_> = lines.into_iter().collect();
        lines.order();
        for ((from, to), (count, enter)) in lines {
            let label = if count > 1 { format!("×{count}") } else { String::new() };
            self.lines.push(Line { from, to, label, enter, ..Line::default() });
        }
    }

    /// Lines among the siblings of one instance, added up by box.
    fn connect(
        &mut self,
        siblings: &[StepIx],
        class_of: &FxHashMap<StepIx, usize>,
        boxes: &[Option<usize>],
        group: Option<usize>,
        entry: Option<usize>,
        lines: &mut Lines,
    ) {
        let moment = |column: &[u32], step: StepIx| column.get(step as usize).copied().unwrap_or_default();
        let intervals: Vec<Interval> = siblings
            .iter()
            .map(|&step| Interval { enter: moment(&self.run.enter, step), exit: moment(&self.run.exit, step) })
            .collect();
        let box_of = |at: usize| boxes.get(*class_of.get(siblings.get(at)?)?).copied().flatten();
        let since = |at: usize| intervals.get(at).map_or(0, |interval| interval.enter);
        let (sketches, added) = (&mut self.sketches, &mut self.added);
        let mut dot = |_: &[usize], _: &[usize], since: u32| Sketch::dot(sketches, added, group, since);
        self.thinned |= join(&intervals, &box_of, &since, entry, &mut dot, lines);
    }

    /// Sorts siblings into boxes: one class for each, or one for all of a name.
    fn classes(&self, sets: &[Vec<StepIx>]) -> (Vec<Class>, FxHashMap<StepIx, usize>) {
        let mut by_name: FxHashMap<(Kind, Sym), Vec<StepIx>> = FxHashMap::default();
        let name = |step: StepIx| {
            let kind = self.run.steps.kind.get(step as usize).copied().unwrap_or_default();
            (kind, self.run.steps.name.get(step as usize).copied().unwrap_or(Interner::EMPTY))
        };
        for &step in sets.iter().flatten() {
            by_name.entry(name(step)).or_default().push(step);
        }
        // Once for each name: asked again for every step, it would cost the square of the siblings.
        let together: FxHashMap<_, _> =
            by_name.iter().map(|(key, steps)| (*key, self.together(sets.len(), steps))).collect();
        let mut classes: Vec<Class> = Vec::new();
        let mut class_of = FxHashMap::default();
        let mut class_of_name: FxHashMap<(Kind, Sym), usize> = FxHashMap::default();
        for &step in sets.iter().flatten() {
            let key = name(step);
            let together = together.get(&key).copied().unwrap_or_default();
            let class = match class_of_name.get(&key).filter(|_| together) {
                Some(&class) => class,
                None => {
                    classes.push(Class { steps: Vec::new() });
                    class_of_name.insert(key, classes.len() - 1);
                    classes.len() - 1
                }
            };
            if let Some(class) = classes.get_mut(class) {
                class.steps.push(step);
            }
            class_of.insert(step, class);
        }
        (classes, class_of)
    }

    /// Whether steps of one name are drawn as one box.
    fn together(&self, instances: usize, steps: &[StepIx]) -> bool {
        let first = steps.first().copied().unwrap_or_default();
        if steps.len() < 2 {
            return false;
        }
        let childless =
            steps.iter().all(|&step| self.index.children.get(step as usize).is_none_or(|&count| count == 0));
        let flipped = childless && self.toggled.contains(&first);
        if !self.fold || flipped {
            return false;
        }
        // A few that all run at once say more side by side.
        let moment = |column: &[u32], step: StepIx| column.get(step as usize).copied().unwrap_or_default();
        let last_enter = steps.iter().map(|&step| moment(&self.run.enter, step)).max();
        let first_exit = steps.iter().map(|&step| moment(&self.run.exit, step)).min();
        let parallel = last_enter < first_exit;
        !(parallel && instances == 1 && steps.len() <= APART)
    }

    /// Whether at least two of the steps ran at once.
    fn overlap(&self, steps: &[StepIx]) -> bool {
        let moment = |column: &[u32], step: StepIx| column.get(step as usize).copied().unwrap_or_default();
        let mut lasts: Vec<(u32, u32)> =
            steps.iter().map(|&step| (moment(&self.run.enter, step), moment(&self.run.exit, step))).collect();
        lasts.order();
        lasts.windows(2).any(|pair| matches!(pair, [a, b] if b.0 < a.1))
    }

    /// Whether this box is the first of several that were unfolded by hand, and can be folded again.
    fn unfolded(&self, class: &Class) -> bool {
        self.fold
            && class.steps.len() == 1
            && class.steps.first().is_some_and(|step| {
                self.toggled.contains(step) && self.index.children.get(*step as usize).is_none_or(|&count| count == 0)
            })
    }

    fn box_for(&mut self, class: &Class, group: Option<usize>, opens: bool, unfolds: bool) -> usize {
        let key = class.steps.first().copied().unwrap_or_default();
        let steps = &self.run.steps;
        let index = key as usize;
        let count = class.steps.len();
        let status = class
            .steps
            .iter()
            .filter_map(|&step| steps.status.get(step as usize).copied())
            .max_by_key(|status| weight(*status));
        let errors =
            class.steps.iter().filter(|&&step| steps.status.get(step as usize) == Some(&Status::Error)).count();
        let lengths: Vec<_> = class.steps.iter().filter_map(|&step| steps.duration(step)).collect();
        let tokens = class.steps.iter().filter_map(|&step| self.index.tokens_in(step, steps.after(step)));
        let tokens = tokens.fold(None, |sum: Option<u64>, tokens| Some(sum.unwrap_or(0).saturating_add(tokens)));
        let mut parts = Vec::new();
        if count > 1 {
            let at_once = if self.overlap(&class.steps) { " ⇉" } else { "" };
            parts.push(format!("×{count}{at_once}"));
        }
        if !lengths.is_empty() {
            let sum = lengths.iter().fold(0i64, |sum, length| sum.saturating_add(length.0));
            parts.push(label::duration(crate::model::Nanos(sum)));
        }
        match (errors, status) {
            (0, Some(Status::Running)) => parts.push("running".into()),
            (0, Some(Status::Waiting)) => parts.push("‖ waiting".into()),
            (0, Some(Status::Cancelled)) => parts.push("cancelled".into()),
            (0, _) => parts.extend(tokens.map(|tokens| format!("{} t", label::number(tokens)))),
            (1, _) if count == 1 => parts.push("✗ error".into()),
            (errors, _) => parts.push(format!("✗ {errors} of {count}")),
        }
        let below: u32 =
            class.steps.iter().map(|&step| steps.after(step).saturating_sub(step + 1)).fold(0, u32::saturating_add);
        let errors_inside = class.steps.iter().filter(|_| opens).fold(0u32, |sum, &step| {
            sum.saturating_add(self.index.errors_in(step.saturating_add(1), steps.after(step)))
        });
        let name = steps.name.get(index).map(|&name| self.names.get(name)).unwrap_or_default();
        let kind = steps.kind.get(index).copied().unwrap_or_default();
        let moment = |column: &[u32], step: StepIx| column.get(step as usize).copied().unwrap_or_default();
        let mut spoken = format!("{}, {}", if name.is_empty() { "unnamed step" } else { name }, kind.name());
        if let Some(status) = status.filter(|status| *status != Status::Unset) {
            spoken.push_str(&format!(", {}", status.name()));
        }
        if count > 1 {
            spoken.push_str(&format!(", {count} times"));
        }
        if opens {
            spoken.push_str(&format!(", {below} steps inside"));
        }
        for &step in &class.steps {
            let range = step as usize..(steps.after(step) as usize).min(self.node_of.len());
            if let Some(slots) = self.node_of.get_mut(range) {
                slots.fill(key);
            }
        }
        self.sketches.push(Sketch {
            node: FlowNode {
                key,
                parent: group.and_then(|group| self.sketches.get(group)).map(|sketch| sketch.node.key),
                label: if name.is_empty() { "(no name)".to_owned() } else { label::short_name(name, kind).to_owned() },
                sub: parts.join(" · "),
                kind,
                status,
                count: u32::try_from(count).unwrap_or(u32::MAX),
                errors: u32::try_from(errors).unwrap_or(u32::MAX),
                inside: below,
                expandable: opens || unfolds,
                enter: class.steps.iter().map(|&step| moment(&self.run.enter, step)).min().unwrap_or_default(),
                exit: class.steps.iter().map(|&step| moment(&self.run.exit, step)).max().unwrap_or_default(),
                reachable: true,
                spoken,
                ..FlowNode::default()
            },
            group,
            errors_inside,
            dot: false,
        });
        self.sketches.len() - 1
    }
}

/// Which status a box of several steps shows: the one a person would want to know first.
pub(crate) fn weight(status: Status) -> u8 {
    match status {
        Status::Error => 6,
        Status::Waiting => 5,
        Status::Running => 4,
        Status::Cancelled => 3,
        Status::Ok => 2,
        Status::Unset => 1,
        Status::Skipped => 0,
    }
}

#[cfg(test)]
#[path = "infer_tests.rs"]
mod tests;
