//! Findings about length: loops nothing leads out of, limits of loops, chains longer than the engine goes.

use super::condition::{Truth, engine_name};
use super::facts::{Edge, End};
use super::links::Links;
use super::mend;
use super::report::{Report, Said, fix, replace};
use super::shape::Shape;
use super::steps::wrong_kind;
use crate::ia_modules::definition::Text;
use crate::json::NodeKind;
use crate::model::Severity::{Error, Warning};
use crate::protocol::Loader;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use std::collections::VecDeque;

/// Steps that one run executes at most.
const STEPS: u32 = 100;

pub(super) fn loops(shape: &Shape<'_>, report: &mut Report<'_>) {
    closed(shape, report);
    config(shape, !shape.links.rounds.is_empty(), report);
    chain(shape, report);
}

/// How far an edge leads into a loop or out of it: 2 where it is always taken, 0 where it never is.
pub(super) fn class(truth: &Truth<'_>) -> u8 {
    match truth {
        Truth::Always => 2,
        Truth::Depends(_) => 1,
        Truth::Never | Truth::Raises => 0,
    }
}

/// Whether the step can be left or entered along this edge.
fn live(edge: &Edge) -> bool {
    class(&edge.judged.truth) > 0
}

/// Steps that lead to each other, or one that leads to itself.
#[derive(Debug)]
pub(super) struct Round {
    /// The first of the steps, and how many there are.
    first: u32,
    steps: usize,
    /// Whether something leads out.
    open: bool,
    /// Whether every step goes on always, so that it cannot even end by a dead end.
    forced: bool,
}

/// The loops that a run can come to.
pub(super) fn rounds(paths: &[Edge], links: &Links) -> Vec<Round> {
    let steps = links.steps();
    let mut graph: DiGraph<(), ()> = DiGraph::with_capacity(steps, paths.len());
    for _ in 0..steps {
        graph.add_node(());
    }
    for edge in paths.iter().filter(|edge| live(edge)) {
        if let (Some(from), Some(to)) = (edge.start(), edge.goal()) {
            graph.add_edge(NodeIndex::new(from as usize), NodeIndex::new(to as usize), ());
        }
    }
    let mut group = vec![usize::MAX; steps];
    let components = kosaraju_scc(&graph);
    for (number, members) in components.iter().enumerate() {
        for member in members {
            if let Some(slot) = group.get_mut(member.index()) {
                *slot = number;
            }
        }
    }
    let leaving = |step: &NodeIndex| {
        links.leaving(step.index() as u32).iter().filter_map(|&edge| paths.get(edge as usize)).collect::<Vec<_>>()
    };
    let mut rounds = Vec::new();
    for (number, members) in components.iter().enumerate() {
        let Some(first) = members.iter().map(|member| member.index()).min() else { continue };
        let itself = members.len() > 1 || graph.contains_edge(NodeIndex::new(first), NodeIndex::new(first));
        if !itself || !links.reached.get(first).copied().unwrap_or(false) {
            continue;
        }
        let inside = |end: End| matches!(end, End::Step(to) if group.get(to as usize) == Some(&number));
        let open = members.iter().any(|member| {
            let mut edges = leaving(member).into_iter().filter(|edge| live(edge)).peekable();
            // A branch of a fan-out that nothing follows is also a way out.
            edges.peek().is_none() || edges.any(|edge| !inside(edge.to.end))
        });
        let always = |member| leaving(member).iter().any(|edge| matches!(edge.judged.truth, Truth::Always));
        let forced = !open && members.iter().all(always);
        rounds.push(Round { first: first as u32, steps: members.len(), open, forced });
    }
    rounds
}

/// Tells of loops without a way out.
fn closed(shape: &Shape<'_>, report: &mut Report<'_>) {
    for round in shape.links.rounds.iter().filter(|round| !round.open) {
        let Some(step) = shape.steps.get(round.first as usize) else { continue };
        let id = shape.id_of(step);
        report.say("loop-without-exit", if round.forced { Error } else { Warning }, step.node, || {
            let engine = engine_name(shape.target.engine);
            let others = if round.steps > 1 { format!(" with {} steps", round.steps) } else { String::new() };
            let ends = if round.forced {
                format!(
                    "{engine} stops a run that goes round in it with an error, at max_iterations or after {STEPS} steps"
                )
            } else {
                "it can end only where no edge is true, and then counts as a success".to_owned()
            };
            Said::new(format!("Nothing leads out of the loop at `{id}`{others}: {ends}.")).step(id)
        });
    }
}

/// The limits of loops.
fn config(shape: &Shape<'_>, looped: bool, report: &mut Report<'_>) {
    let text = shape.text;
    let engine = engine_name(shape.target.engine);
    let Some(config) = text.get(Text::ROOT, "loop_config").filter(|&config| text.raw(config) != b"null") else {
        return;
    };
    if !text.is(config, NodeKind::Object) {
        if shape.target.loader == Loader::Pydantic {
            wrong_kind(text, config, "`loop_config`", "an object", report);
            return;
        }
        let nothing = !text.value(config).truthy();
        report.say("wrong-kind", if nothing { Warning } else { Error }, config, || {
            let found = text.brief(config, 40);
            let effect =
                if nothing { "ignores it" } else { "stops with an error while it loads when the paths have a loop" };
            Said::new(format!("`loop_config` must be an object, and this is {found}: the raw loader {effect}."))
        });
        return;
    }
    for key in ["max_iterations", "max_loop_time_seconds"] {
        let Some(node) = text.get(config, key) else { continue };
        if !matches!(text.kind(node), NodeKind::Number | NodeKind::Bool) {
            report.say("loop-limit-not-a-number", Error, node, || {
                let found = text.brief(node, 40);
                Said::new(format!(
                    "`{key}` must be a number, and this is {found}: {engine} stops with a TypeError at the first loop."
                ))
                .fix(mend::number(text, node))
            });
        }
    }
    let limit = text.get(config, "max_iterations");
    if let Some((node, number)) = limit.and_then(|node| Some((node, text.float(node)?))) {
        if looped && number < 2.0 {
            report.say("loop-limit-too-small", Error, node, || {
                let visit = if number <= 0.0 { "first" } else { "second" };
                Said::new(format!(
                    "With `max_iterations` {} {engine} stops with \"Loop safety check failed\" at the {visit} visit of a step in a loop; \
                     a limit is an error and no way out.",
                    text.brief(node, 20)
                ))
                .fix(mend::without(text, node, "Remove it: the limit is 100 then", false))
            });
        } else if number > f64::from(STEPS) {
            report.say("loop-limit-too-large", Warning, node, || {
                Said::new(format!(
                    "{engine} stops any run after {STEPS} steps with an error, so this limit is never reached."
                ))
                .fix(fix("Write 100", false, replace(text, node, "100")))
            });
        }
    }
    let time =
        text.get(config, "max_loop_time_seconds").filter(|&node| text.float(node).is_some_and(|time| time <= 0.0));
    if let Some(node) = time.filter(|_| looped) {
        report.say("loop-limit-too-small", Error, node, || {
            Said::new(format!(
                "No loop keeps a `max_loop_time_seconds` of {}: {engine} stops with \"Loop safety check failed\" at the first step in one.",
                text.brief(node, 20)
            ))
            .fix(mend::without(text, node, "Remove it: the limit is an hour then", false))
        });
    }
    if let Some(delay) = text.get(config, "iteration_delay_seconds").filter(|&node| text.float(node) != Some(0.0)) {
        report.say("iteration-delay-ignored", Warning, delay, || {
            Said::new(format!("{engine} reads `iteration_delay_seconds` and never waits.")).fix(mend::without(
                text,
                delay,
                "Remove it",
                true,
            ))
        });
    }
}

/// Position among `paths` of the first edge that leads on where every run is stopped: so many steps are before it.
pub(super) fn beyond(paths: &[Edge], links: &Links) -> Option<u32> {
    let start = links.start.filter(|_| links.steps() >= STEPS as usize)?;
    let mut far: Vec<Option<u32>> = vec![None; links.steps()];
    let mut queue = VecDeque::from([start]);
    *far.get_mut(start as usize)? = Some(1);
    let mut beyond = None;
    while let Some(at) = queue.pop_front() {
        let distance = far.get(at as usize).copied().flatten().unwrap_or(0);
        for &place in links.leaving(at) {
            let Some(edge) = paths.get(place as usize) else { continue };
            match edge.to.end {
                // An end costs a turn too: a run of exactly 100 steps may not have one.
                End::Terminal if distance >= STEPS => beyond = beyond.or(Some(place)),
                End::Step(to) => {
                    let Some(slot) = far.get_mut(to as usize).filter(|slot| slot.is_none()) else { continue };
                    *slot = Some(distance.saturating_add(1));
                    if distance >= STEPS {
                        beyond = beyond.or(Some(place));
                    }
                    queue.push_back(to);
                }
                _ => {}
            }
        }
    }
    beyond
}

/// Steps so far from the start that a run ends in an error before them.
fn chain(shape: &Shape<'_>, report: &mut Report<'_>) {
    if let Some(edge) = shape.links.beyond.and_then(|edge| shape.paths.get(edge as usize)) {
        report.say("chain-too-long", Error, edge.to.node.unwrap_or(edge.node), || {
            let engine = engine_name(shape.target.engine);
            Said::new(format!(
                "At least {STEPS} steps come before this one, and {engine} stops every run there: \"Pipeline exceeded maximum \
                 steps ({STEPS}), possible infinite loop\"."
            ))
        });
    }
}
