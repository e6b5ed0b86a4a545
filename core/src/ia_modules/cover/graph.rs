//! The edges of a program as the engine can follow them, and how far each step is from an edge.
//!
//! After a fan-out the engine asks only the last branch for its edges. So an edge leads on only where no later edge of
//! its step is always true; it may still be taken itself.

use crate::ia_modules::load::Program;
use crate::ia_modules::simulate::judge::{Condition, condition};
use rustc_hash::FxHashMap;
use std::collections::VecDeque;

/// What an edge can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Always true.
    Always,
    /// True for some states.
    Compares,
    /// Never true, or an error.
    Never,
}

/// The graph of a program.
pub(super) struct Graph {
    /// By edge.
    pub(super) kinds: Vec<Kind>,
    /// By edge: whether the engine can go on from its target by that target's own edges.
    leads: Vec<bool>,
    /// By step: edges that lead to it.
    entering: FxHashMap<String, Vec<usize>>,
    reachable: FxHashMap<String, usize>,
}

impl Graph {
    pub(super) fn new(program: &Program) -> Graph {
        let engine = program.target.engine;
        let kind = |edge| match condition(edge, engine) {
            Ok(Condition::Always) => Kind::Always,
            Ok(Condition::Expression { operator: Ok(_), .. }) => Kind::Compares,
            _ => Kind::Never,
        };
        let kinds: Vec<Kind> = program.edges.iter().map(kind).collect();
        let mut leads = vec![false; kinds.len()];
        let mut entering: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        // From the last edge to the first: what comes after an edge is known when it is met.
        let mut always_after: FxHashMap<&str, bool> = FxHashMap::default();
        for (at, edge) in program.edges.iter().enumerate().rev() {
            let (Some(from), Some(to)) = (edge.from.as_str(), edge.to.as_str()) else { continue };
            let kind = kinds.get(at).copied().unwrap_or(Kind::Never);
            let after = always_after.entry(from).or_insert(false);
            if let Some(leads) = leads.get_mut(at) {
                *leads = kind != Kind::Never && !*after;
            }
            *after |= kind == Kind::Always;
            entering.entry(to.to_owned()).or_default().push(at);
        }
        let mut graph = Graph { kinds, leads, entering, reachable: FxHashMap::default() };
        graph.reachable = graph.distances(program);
        graph
    }

    /// Steps from the start to each step, by edges that can be followed.
    fn distances(&self, program: &Program) -> FxHashMap<String, usize> {
        let mut far = FxHashMap::default();
        let Some(start) = program.start.as_str() else { return far };
        far.insert(start.to_owned(), 0);
        let mut queue = VecDeque::from([start.to_owned()]);
        while let Some(id) = queue.pop_front() {
            let next = far.get(&id).copied().unwrap_or(0) + 1;
            for at in program.leaving(&id) {
                let to = program.edges.get(at).and_then(|edge| edge.to.as_str());
                let Some(to) = to.filter(|to| !far.contains_key(*to) && !to.starts_with("end_")) else { continue };
                if self.leads.get(at) == Some(&true) {
                    far.insert(to.to_owned(), next);
                    queue.push_back(to.to_owned());
                }
            }
        }
        far
    }

    /// Steps entered before this one on the shortest way; `None` where no way leads there.
    pub(super) fn depth(&self, step: &str) -> Option<usize> {
        self.reachable.get(step).copied()
    }

    /// Whether an edge that can be true leads to a step from one whose edges can be asked.
    pub(super) fn can_enter(&self, program: &Program, step: &str) -> bool {
        self.entering.get(step).into_iter().flatten().any(|&at| {
            let from = program.edges.get(at).and_then(|edge| edge.from.as_str());
            self.kinds.get(at).is_some_and(|kind| *kind != Kind::Never)
                && from.is_some_and(|from| self.depth(from).is_some())
        })
    }

    /// For each step from which a way leads to `step`: how far it is, and the edge to follow. The step itself is at 0.
    pub(super) fn towards(&self, program: &Program, step: &str) -> FxHashMap<String, (usize, Option<usize>)> {
        let mut far: FxHashMap<String, (usize, Option<usize>)> = FxHashMap::default();
        far.insert(step.to_owned(), (0, None));
        let mut queue = VecDeque::from([step.to_owned()]);
        while let Some(id) = queue.pop_front() {
            let next = far.get(&id).map_or(0, |(far, _)| *far) + 1;
            // Edges were gathered from the last to the first.
            for &at in self.entering.get(&id).into_iter().flatten().rev() {
                let from = program.edges.get(at).and_then(|edge| edge.from.as_str());
                let Some(from) = from.filter(|from| !far.contains_key(*from)) else { continue };
                if self.leads.get(at) == Some(&true) && program.step(from).is_some() {
                    far.insert(from.to_owned(), (next, Some(at)));
                    queue.push_back(from.to_owned());
                }
            }
        }
        far
    }
}
