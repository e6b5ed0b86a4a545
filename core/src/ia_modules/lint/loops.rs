//! Findings about length: loops nothing leads out of, limits of loops, chains longer than the engine goes.

use super::condition::{Truth, engine_name};
use super::facts::{Edge, End};
use super::report::{Report, Said};
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
    let looped = cycles(shape, report);
    config(shape, looped, report);
    chain(shape, report);
}

/// Whether the step can be left or entered along this edge.
fn live(truth: &Truth<'_>) -> bool {
    matches!(truth, Truth::Always | Truth::Depends(_))
}

/// Tells of loops without a way out; whether there are loops at all that a run can come to.
fn cycles(shape: &Shape<'_>, report: &mut Report<'_>) -> bool {
    let mut graph: DiGraph<(), ()> = DiGraph::with_capacity(shape.steps.len(), shape.paths.len());
    for _ in shape.steps {
        graph.add_node(());
    }
    for edge in shape.paths.iter().filter(|edge| live(&edge.judged.truth)) {
        if let (Some(from), Some(to)) = (edge.start(), edge.goal()) {
            graph.add_edge(NodeIndex::new(from as usize), NodeIndex::new(to as usize), ());
        }
    }
    let mut group = vec![usize::MAX; shape.steps.len()];
    let mut any = false;
    let components = kosaraju_scc(&graph);
    for (number, members) in components.iter().enumerate() {
        for member in members {
            if let Some(slot) = group.get_mut(member.index()) {
                *slot = number;
            }
        }
    }
    for (number, members) in components.iter().enumerate() {
        let Some(first) = members.iter().map(|member| member.index()).min() else { continue };
        let itself = members.len() > 1 || graph.contains_edge(NodeIndex::new(first), NodeIndex::new(first));
        if !itself || !shape.reached.get(first).copied().unwrap_or(false) {
            continue;
        }
        any = true;
        let inside = |end: End| matches!(end, End::Step(to) if group.get(to as usize) == Some(&number));
        let out = members.iter().any(|member| {
            let leaving = shape.leaving(member.index() as u32);
            let mut edges = leaving.filter(|edge: &&Edge| live(&edge.judged.truth)).peekable();
            // A branch of a fan-out that nothing follows is also a way out.
            edges.peek().is_none() || edges.any(|edge| !inside(edge.to.end))
        });
        if out {
            continue;
        }
        let Some(step) = shape.steps.get(first) else { continue };
        let id = shape.id_of(step);
        // Where every step goes on always, the loop cannot even end by a dead end.
        let forced = members
            .iter()
            .all(|member| shape.leaving(member.index() as u32).any(|edge| matches!(edge.judged.truth, Truth::Always)));
        report.say("loop-without-exit", if forced { Error } else { Warning }, step.node, || {
            let engine = engine_name(shape.target.engine);
            let others = if members.len() > 1 { format!(" with {} steps", members.len()) } else { String::new() };
            let ends = if forced {
                format!(
                    "{engine} stops a run that goes round in it with an error, at max_iterations or after {STEPS} steps"
                )
            } else {
                "it can end only where no edge is true, and then counts as a success".to_owned()
            };
            Said::new(format!("Nothing leads out of the loop at `{id}`{others}: {ends}.")).step(id)
        });
    }
    any
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
            });
        } else if number > f64::from(STEPS) {
            report.say("loop-limit-too-large", Warning, node, || {
                Said::new(format!(
                    "{engine} stops any run after {STEPS} steps with an error, so this limit is never reached."
                ))
            });
        }
    }
    if let Some(delay) = text.get(config, "iteration_delay_seconds").filter(|&node| text.float(node) != Some(0.0)) {
        report.say("iteration-delay-ignored", Warning, delay, || {
            Said::new(format!("{engine} reads `iteration_delay_seconds` and never waits."))
        });
    }
}

/// Steps so far from the start that a run ends in an error before them.
fn chain(shape: &Shape<'_>, report: &mut Report<'_>) {
    let Some(start) = shape.start.filter(|_| shape.steps.len() >= STEPS as usize) else { return };
    let mut far: Vec<Option<u32>> = vec![None; shape.steps.len()];
    let mut queue = VecDeque::from([start]);
    if let Some(slot) = far.get_mut(start as usize) {
        *slot = Some(1);
    }
    let mut beyond: Option<(u32, u32)> = None;
    while let Some(at) = queue.pop_front() {
        let distance = far.get(at as usize).copied().flatten().unwrap_or(0);
        for edge in shape.leaving(at) {
            let node = edge.to.node.unwrap_or(edge.node);
            match edge.to.end {
                // An end costs a turn too: a run of exactly 100 steps may not have one.
                End::Terminal if distance >= STEPS => beyond = beyond.or(Some((node, distance))),
                End::Step(to) => {
                    let Some(slot) = far.get_mut(to as usize).filter(|slot| slot.is_none()) else { continue };
                    *slot = Some(distance.saturating_add(1));
                    if distance >= STEPS {
                        beyond = beyond.or(Some((node, distance)));
                    }
                    queue.push_back(to);
                }
                _ => {}
            }
        }
    }
    if let Some((node, _)) = beyond {
        report.say("chain-too-long", Error, node, || {
            let engine = engine_name(shape.target.engine);
            Said::new(format!(
                "At least {STEPS} steps come before this one, and {engine} stops every run there: \"Pipeline exceeded maximum \
                 steps ({STEPS}), possible infinite loop\"."
            ))
        });
    }
}
