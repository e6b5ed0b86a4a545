//! A scenario for an edge that none takes: from the scenarios there are, decision by decision towards the edge, each
//! step of the way run by the simulator. What is found was run and takes the edge.
//!
//! The effort is bounded: so many runs for an edge, so much work for all edges together. Nothing branches: each run
//! leads to at most one next one.

use super::case::{Case, Ground, Ran};
use super::graph::{Graph, Kind};
use super::solve::{Turn, Turned};
use super::values::can_be_ordered;
use crate::ia_modules::load::Program;
use crate::ia_modules::simulate::Next;
use crate::ia_modules::simulate::judge::{Comparison, Condition, condition};
use crate::ia_modules::simulate::words;
use crate::order::Order as _;
use rustc_hash::FxHashMap;

/// Scenarios that are started from, for one edge.
const BASES: usize = 4;
/// Decisions that are changed one after the other, from one start.
const TURNS: usize = 10;
/// Entries of a run at which a change is tried.
const PLACES: usize = 12;
/// Steps and edges that are loaded, walked and run for all edges together.
pub(super) const WORK: u64 = 2_000_000;
/// Steps the engine makes at most.
const MAX_STEPS: usize = 100;

/// Looks for scenarios.
pub(super) struct Search<'a> {
    pub(super) ground: Ground<'a>,
    pub(super) program: &'a Program,
    pub(super) graph: &'a Graph,
    /// What is started from, with its run.
    pub(super) bases: &'a [(Case, Ran)],
    /// Work that is left.
    pub(super) work: u64,
}

/// A scenario that takes an edge.
pub(super) struct Found {
    pub(super) case: Case,
    pub(super) ran: Ran,
    pub(super) words: Vec<String>,
}

impl Search<'_> {
    /// A scenario that takes the edge, or why there is none, in a sentence.
    pub(super) fn find(&mut self, edge: usize) -> Result<Found, String> {
        if let Some(why) = self.never(edge) {
            return Err(why);
        }
        let from = self.program.edges.get(edge).and_then(|edge| edge.from.as_str()).unwrap_or_default();
        let size = (self.program.steps.len() + self.program.edges.len()) as u64;
        if !self.spend(size) {
            return Err(spent());
        }
        let towards = self.graph.towards(self.program, from);
        let mut order: Vec<(usize, usize)> = Vec::new();
        for (at, (_, ran)) in self.bases.iter().enumerate() {
            let far = ran.run.entries.iter().filter_map(|entry| towards.get(&*entry.id)).map(|(far, _)| *far).min();
            order.extend(far.map(|far| (far, at)));
        }
        order.order();
        for (_, base) in order.into_iter().take(BASES) {
            let bases = self.bases;
            let Some((case, ran)) = bases.get(base) else { continue };
            if ran.taken().contains(&edge) {
                // Only the empty scenario: what the others take was never looked for.
                let Ok(ran) = case.run(self.ground) else { continue };
                return Ok(Found { case: case.clone(), ran, words: vec!["without input or mocks".to_owned()] });
            }
            let mut words: Vec<String> = Vec::new();
            let mut next = turn(case, ran, edge, &towards);
            for _ in 0..TURNS {
                let Some(Turned { case, words: more }) = next.take() else { break };
                if !self.spend(size + 500) {
                    return Err(spent());
                }
                for word in more {
                    if !words.contains(&word) {
                        words.push(word);
                    }
                }
                let Ok(ran) = case.run(self.ground) else { break };
                if ran.taken().contains(&edge) {
                    return Ok(Found { case, ran, words });
                }
                next = turn(&case, &ran, edge, &towards);
            }
        }
        Err(self.not_found(edge, from))
    }

    fn spend(&mut self, work: u64) -> bool {
        let enough = self.work >= work;
        self.work = self.work.saturating_sub(work);
        enough
    }

    /// Why nothing can take an edge, where that can be told without trying.
    fn never(&self, at: usize) -> Option<String> {
        let edge = self.program.edges.get(at)?;
        match condition(edge, self.program.target.engine) {
            Err(exception) => return Some(format!("The engine stops with {exception} when it comes to this edge.")),
            Ok(Condition::Unknown(kind)) => {
                let kind = words::brief(&kind);
                return Some(format!("The engine knows no condition of type {kind}: the edge is never true."));
            }
            Ok(Condition::Expression { operator: Err(operator), .. }) => {
                let operator = words::brief(&operator);
                return Some(format!("The engine knows no operator {operator}: the edge is never true."));
            }
            Ok(Condition::Expression { operator: Ok(Comparison::Order(operator)), value, .. })
                if !can_be_ordered(operator, &value) =>
            {
                let (sign, value) = (operator.sign(), words::brief(&value));
                return Some(format!("Nothing is {sign} {value} in Python, or the comparison is an error."));
            }
            Ok(_) => {}
        }
        let Some(from) = edge.from.as_str().filter(|from| self.program.step(from).is_some()) else {
            return Some("It leaves no step of the pipeline.".to_owned());
        };
        // A step behind an earlier branch of a fan-out is entered, and its edges are not asked.
        let Some(depth) = self.graph.depth(from) else {
            return Some(format!(
                "No way leads to the edges of `{from}`: what leads there is never true, or the engine follows a later \
                 branch instead."
            ));
        };
        let turned_off = self.graph.kinds.get(at) == Some(&Kind::Never);
        if turned_off {
            return Some("The engine never takes it.".to_owned());
        }
        (depth >= MAX_STEPS).then(|| {
            format!("The shortest way to `{from}` has {depth} steps before it, and the engine stops after {MAX_STEPS}.")
        })
    }

    /// Why nothing can enter a step; empty when something may.
    pub(super) fn never_entered(&self, step: &str) -> String {
        if self.program.start.as_str() == Some(step) || self.graph.can_enter(self.program, step) {
            return String::new();
        }
        "No edge that can be taken leads to it.".to_owned()
    }

    /// What to say when the search found nothing.
    fn not_found(&self, at: usize, from: &str) -> String {
        let condition = words::condition(self.program, at);
        format!(
            "No value was found for which `{from}` is reached and `{condition}` is true there with the edges beside it \
             as they have to be: what the way needs may contradict this, or the declared schemas forbid it."
        )
    }
}

fn spent() -> String {
    "No scenario was looked for: those for the other edges used up the effort. Ask again with fewer scenarios missing."
        .to_owned()
}

/// The next case on the way to an edge: the decision nearest to it, turned.
fn turn(case: &Case, ran: &Ran, edge: usize, towards: &FxHashMap<String, (usize, Option<usize>)>) -> Option<Turned> {
    let entries = &ran.run.entries;
    let mut places: Vec<(usize, usize)> = entries
        .iter()
        .enumerate()
        .filter_map(|(at, entry)| towards.get(&*entry.id).map(|(far, _)| (*far, at)))
        .collect();
    places.order();
    for (far, at) in places.into_iter().take(PLACES) {
        let Some(entry) = entries.get(at) else { continue };
        let next = towards.get(&*entry.id).and_then(|(_, next)| *next);
        let wanted = if far == 0 { edge } else { next.unwrap_or(edge) };
        let here = Turn { ran, at, wanted, onwards: far > 0 };
        let turned = match &entry.next {
            Next::Failed if entry.result.is_none() => {
                let mut case = case.clone();
                case.drop_mock(&entry.id);
                Some(Turned { case, words: vec![format!("`{}` does not fail", entry.id)] })
            }
            Next::Waits if ran.program.leaving(&entry.id).next() == Some(wanted) => {
                let mut case = case.clone();
                case.keep_answers(ran.run.answered);
                case.set_answer(ran.run.answered, &entry.id, &[], &crate::ia_modules::python::Value::None);
                Some(Turned { case, words: vec![format!("an answer at `{}`", entry.id)] })
            }
            Next::Answered(first) if *first == Some(wanted) => None,
            Next::Waits | Next::Answered(_) => here.without_waiting(case),
            // Its edges were not asked: it has to be the last branch of the fan-out it came from.
            Next::Queue => fork(ran, at).and_then(|turn| turn.solve(case)),
            Next::Edges(_) | Next::Failed => here.solve(case),
        };
        if turned.is_some() {
            return turned;
        }
    }
    None
}

/// The decision that put a step into a queue, turned so that the step is its last branch.
fn fork(ran: &Ran, at: usize) -> Option<Turn<'_>> {
    let id = &ran.run.entries.get(at)?.id;
    let before = ran.run.entries.iter().enumerate().take(at).rev();
    let (fork, entry) = before.into_iter().find(|(_, entry)| matches!(entry.next, Next::Edges(_)))?;
    let leads = |edge: usize| ran.program.edges.get(edge).and_then(|edge| edge.to.as_str()) == Some(&**id);
    let wanted = entry.edges.iter().map(|judged| judged.edge).find(|&edge| leads(edge))?;
    Some(Turn { ran, at: fork, wanted, onwards: true })
}
