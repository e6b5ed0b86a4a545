//! A dry run laid on its pipeline: nothing is inferred, because the simulation knows which edge led to each step.
//!
//! The boxes are `lay`'s; here are the edges and how it ended.

use super::lay::{EdgeLaid, Ended, Laid, NEVER, Truth};
use crate::ia_modules::load::Program;
use crate::ia_modules::simulate;
use crate::model::{Pipeline, Run};
use crate::protocol::{RunEnd, Verdict};
use rustc_hash::FxHashMap;

/// What an edge was worth after an entry of a dry run.
pub(crate) fn truth(program: &Program, dry: &simulate::Run, entry: u32, path: &str) -> Truth {
    let edges = dry.entries.get(entry as usize).map_or(&[][..], |entry| entry.edges.as_slice());
    let judged = edges.iter().find(|judged| program.edges.get(judged.edge).is_some_and(|edge| edge.path == path));
    match judged.map(|judged| judged.verdict) {
        Some(Verdict::Taken | Verdict::Queued) => Truth::True,
        Some(Verdict::Raised) => Truth::Raises,
        _ => Truth::False,
    }
}

/// Puts what the simulation knows into a dry run that was laid as any run is.
pub(crate) fn settle(laid: &mut Laid, pipeline: &Pipeline, run: &Run, program: &Program, dry: &simulate::Run) {
    let numbers = pipeline.edges.iter().enumerate().map(|(at, edge)| (edge.path.as_str(), at as u32));
    let numbers: FxHashMap<&str, u32> = numbers.filter(|(path, _)| !path.is_empty()).collect();
    let number = |edge: usize| program.edges.get(edge).and_then(|edge| numbers.get(edge.path.as_str()).copied());
    let known = program.edges.iter().filter_map(|edge| numbers.get(edge.path.as_str()));
    for &edge in known {
        if let Some(laid) = laid.edges.get_mut(edge as usize) {
            *laid = EdgeLaid { taken: 0, refused: 0, enter: NEVER };
        }
    }
    for judged in dry.entries.iter().flat_map(|entry| entry.edges.iter()) {
        if matches!(judged.verdict, Verdict::Refused | Verdict::Raised)
            && let Some(edge) = number(judged.edge).and_then(|edge| laid.edges.get_mut(edge as usize))
        {
            edge.refused = edge.refused.saturating_add(1);
        }
    }
    let passed = dry.taken();
    // Each entry but the first came along one edge, in the order in which edges were passed.
    let last = laid.visits.last().and_then(|visit| run.exit.get(visit.step as usize)).copied().unwrap_or(NEVER);
    for (position, &passed) in passed.iter().enumerate() {
        let via = number(passed);
        let moment = laid.visits.get(position + 1).and_then(|visit| run.enter.get(visit.step as usize)).copied();
        if let Some(edge) = via.and_then(|edge| laid.edges.get_mut(edge as usize)) {
            edge.taken = edge.taken.saturating_add(1);
            edge.enter = edge.enter.min(moment.unwrap_or(last));
        }
        if let Some(visit) = laid.visits.get_mut(position + 1) {
            (visit.via, visit.against) = (via, false);
        }
    }
    (laid.unexplained, laid.first_unexplained, laid.against, laid.uncounted) = (0, None, 0, false);
    let terminal = passed.len().checked_sub(laid.visits.len()).and(passed.last()).and_then(|&edge| number(edge));
    let ended = match (dry.end, terminal) {
        // A limit, a name that is no step, a comparison: after the last step, or before the first.
        (RunEnd::Failed, _) if laid.ended != Ended::Failed => Ended::FailedAfter,
        (RunEnd::Failed, _) => Ended::Failed,
        (RunEnd::DeadEnd, _) => Ended::DeadEnd,
        (RunEnd::WaitingForHuman, _) => Ended::Waiting,
        (RunEnd::Completed, Some(edge)) => Ended::Terminal(edge),
        (RunEnd::Completed, None) => Ended::NothingFollows,
    };
    end(laid, pipeline, last, ended, dry.end);
}

/// Says how the run ended, in place of what was made of its steps alone.
fn end(laid: &mut Laid, pipeline: &Pipeline, exit: u32, ended: Ended, word: RunEnd) {
    if laid.ended == ended {
        return;
    }
    for node in &mut laid.nodes {
        // A terminal is visited by ending there.
        if node.end.take().is_some() && matches!(laid.ended, Ended::Terminal(_)) {
            (node.visits, node.enter, node.exit) = (0, NEVER, NEVER);
        }
    }
    laid.ended = ended;
    let at = match ended {
        Ended::Terminal(edge) => pipeline.edges.get(edge as usize).map(|edge| edge.to),
        _ => laid.visits.last().map(|visit| visit.node),
    };
    let Some(node) = at.and_then(|at| laid.nodes.get_mut(at as usize)) else { return };
    node.end = Some(word);
    if matches!(ended, Ended::Terminal(_)) {
        (node.visits, node.enter, node.exit) = (1, exit, exit);
    }
}
