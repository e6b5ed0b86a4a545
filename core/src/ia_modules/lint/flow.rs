//! Findings about where a run goes: its start, what it cannot reach, where it ends silently, what a fan-out loses.

use super::condition::{Test, Truth, engine_name, filled_in};
use super::edges::shown;
use super::facts::{Compared, Edge, End};
use super::mend;
use super::names::Name;
use super::report::{Report, Said, fix, replace};
use super::shape::Shape;
use super::steps::wrong_kind;
use super::through::falls_through;
use crate::ia_modules::definition::Text;
use crate::model::Severity::{Error, Info, Warning};
use crate::protocol::{EngineId, Loader};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::Cell;

/// Edges behind branches that are looked at in one file: where steps with very many edges are shared by very many
/// fan-outs, what is lost beyond stays unsaid.
const LOOKS: usize = 2_000_000;

pub(super) fn flow(shape: &Shape<'_>, report: &mut Report<'_>) {
    start(shape, report);
    if shape.flow.is_none() {
        return;
    }
    // Where only `transitions` lead on, that is told once.
    let told = shape.paths.is_empty() && !shape.transitions.is_empty() || leads_anywhere(shape);
    for &at in shape.links.unreached.iter().filter(|_| !told) {
        let Some(step) = shape.steps.get(at as usize) else { continue };
        let id = shape.id(at);
        report.say("unreachable-step", Warning, step.node, || {
            Said::new(format!("No edge leads from the start to `{id}`, so it is never run.")).step(id)
        });
    }
    let looks = Cell::new(LOOKS);
    for (at, said) in (0u32..).zip(shape.said_of_exits) {
        report.hear(said, &looks, |report| leaving(shape, at, &looks, report));
    }
    if let Some(edge) = shape.links.failure.and_then(|edge| shape.paths.get(edge as usize)) {
        report.say("failure-is-success", Info, edge.to.node.unwrap_or(edge.node), || {
            let engine = engine_name(shape.target.engine);
            Said::new(format!("{engine} reports a run that ends at `end_with_failure` as a success.")).edge(edge.node)
        });
    }
}

/// Whether 0.2.0 fills in from the input where the run begins, or where an edge leads.
fn leads_anywhere(shape: &Shape<'_>) -> bool {
    let filled = |node| filled_in(shape.text, node, shape.target.engine);
    if shape.target.engine == EngineId::IaModules013 || shape.links.unreached.is_empty() {
        return false;
    }
    let ends = shape.paths.iter().flat_map(|edge| [&edge.from, &edge.to]);
    let mut open = ends.filter(|end| end.end == End::Unknown && shape.target.loader == Loader::Raw);
    filled(shape.flow.and_then(|flow| shape.text.get(flow, "start_at"))) || open.any(|end| filled(end.node))
}

fn start(shape: &Shape<'_>, report: &mut Report<'_>) {
    let text = shape.text;
    let engine = engine_name(shape.target.engine);
    let Some(flow) = shape.flow else {
        match text.get(Text::ROOT, "flow") {
            Some(flow) => wrong_kind(text, flow, "`flow`", "an object", report),
            None => report.say("flow-missing", Error, Text::ROOT, || {
                Said::new(format!("The pipeline has no `flow`, and {engine} stops with \"No start step defined\"; add it with `start_at` and `paths`."))
            }),
        }
        return;
    };
    let Some(node) = text.get(flow, "start_at") else {
        report.say("start-missing", Error, flow, || {
            Said::new(format!(
                "`flow` has no `start_at`, and {engine} does not know where to start; name the first step there."
            ))
            .fix(mend::start(shape, flow, None))
        });
        return;
    };
    let Some(id) = text.string(node).filter(|id| !id.is_empty()) else {
        report.say("start-missing", Error, node, || {
            Said::new(format!("`start_at` must be the id of a step, and {engine} does not know where to start; name the first step there."))
                .fix(mend::start(shape, flow, Some(node)))
        });
        return;
    };
    if filled_in(text, Some(node), shape.target.engine) {
        return; // The input names the step.
    }
    if id.starts_with("end_") {
        report.say("start-is-end", Error, node, || {
            Said::new(format!(
                "The pipeline starts at `{id}`, which ends it: {engine} runs no step and reports a success."
            ))
            .fix(mend::start(shape, flow, Some(node)))
        });
    } else if shape.step_of(&id).is_none() {
        report.say("start-undefined", Error, node, || {
            let named = shape.named(&id);
            let meant = named.map_or_else(String::new, |id| format!(" A step has that as its name; its id is `{id}`."));
            let edit = named.and_then(|id| replace(text, node, &crate::json::quoted(id)));
            let title = named.map(|id| format!("Start at {id}"));
            Said::new(format!("`start_at` names `{id}`, and {engine} stops with \"Step '{id}' not found\".{meant}"))
                .fix(title.and_then(|title| fix(title, true, edit)).or_else(|| mend::start(shape, flow, Some(node))))
        });
    }
}

/// What leaves one step.
fn leaving(shape: &Shape<'_>, at: u32, looks: &Cell<usize>, report: &mut Report<'_>) {
    // Most steps have one edge, and it is always taken.
    let mut few = shape.leaving(at);
    if few.next().is_none_or(|only| matches!(only.judged.truth, Truth::Always)) && few.next().is_none() {
        return;
    }
    let edges: Vec<&Edge> = shape.leaving(at).collect();
    if edges.len() > 1 {
        duplicates(shape, at, &edges, report);
    }
    let always: Vec<&&Edge> = edges.iter().filter(|edge| matches!(edge.judged.truth, Truth::Always)).collect();
    if always.is_empty() {
        dead_end(shape, at, &edges, report);
        return;
    }
    let meant: Vec<&&Edge> = always.iter().copied().filter(|edge| edge.judged.cause.is_none()).collect();
    let depends = edges.iter().find_map(|edge| match &edge.judged.truth {
        Truth::Depends(test) if !test.is_unreadable() => Some((edge, test)),
        _ => None,
    });
    if let ([only], Some((edge, test))) = (&meant[..], depends)
        && edges.iter().all(|edge| edge.to.end != only.to.end || edge.to.name != only.to.name || edge.node == only.node)
    {
        report.say("always-beside-condition", Warning, only.node, || {
            let engine = engine_name(shape.target.engine);
            let id = shape.id(at);
            let said = Said::new(format!(
                "{engine} follows every true edge and not the first: where {} the run goes to `{}` too.",
                shown(shape, test),
                shape.name(only.to.name)
            ));
            let written = edge.compared.is_some_and(|compared| !shape.unwritten(compared.head));
            let other = (written && edges.len() == 2).then(|| mend::otherwise(shape, only, test)).flatten();
            said.step(id).edge(only.node).fix(other)
        });
    }
    if always.len() > 1 {
        fan_out(shape, at, &always, looks, report);
    }
}

/// Two edges that do the same: the target runs twice.
fn duplicates(shape: &Shape<'_>, at: u32, edges: &[&Edge], report: &mut Report<'_>) {
    let mut seen: FxHashSet<(Name, Name)> = FxHashSet::default();
    for edge in edges {
        let condition = match (&edge.judged.truth, edge.compared) {
            (Truth::Always, _) => Name::EMPTY,
            (Truth::Depends(test), Some(compared)) if !test.is_unreadable() => compared.whole,
            _ => continue,
        };
        if !seen.insert((edge.to.name, condition)) && edge.to.end != End::Terminal {
            report.say("duplicate-edge", Warning, edge.node, || {
                let engine = engine_name(shape.target.engine);
                let (from, to) = (shape.id(at), shape.name(edge.to.name));
                Said::new(format!("There is the same edge from `{from}` to `{to}` before: {engine} runs `{to}` twice."))
                    .step(from)
                    .edge(edge.node)
                    .fix(mend::without(shape.text, edge.node, "Remove this edge", false))
            });
        }
    }
}

/// Edges of which none need be true: the run ends there, and counts as a success.
fn dead_end(shape: &Shape<'_>, at: u32, edges: &[&Edge], report: &mut Report<'_>) {
    let Some(step) = shape.steps.get(at as usize).filter(|_| !shape.links.leads_nowhere(at)) else { return };
    let engine = engine_name(shape.target.engine);
    let id = shape.id(at);
    // What nobody writes is no object to look into: such a comparison is false whatever comes.
    let depends = edges.iter().filter_map(|edge| match &edge.judged.truth {
        Truth::Depends(test) => Some((test, edge.compared?)),
        _ => None,
    });
    let in_vain = |(_, compared): &(&Test<'_>, Compared)| compared.key.is_some() && shape.unwritten(compared.head);
    let (vain, open): (Vec<_>, Vec<_>) = depends.partition(in_vain);
    if open.iter().any(|(test, compared)| test.is_unreadable() || compared.filled_in) {
        return;
    }
    if open.is_empty() {
        if edges.iter().any(|edge| matches!(edge.judged.truth, Truth::Raises)) {
            return; // It fails before it could end.
        }
        report.say("dead-end", Error, step.node, || {
            let when = vain.first().map(|(_, compared)| shape.name(compared.head)).map_or_else(
                || "is ever true".to_owned(),
                |head| format!("is true unless something writes `{head}`, which nothing in this file is said to do"),
            );
            Said::new(format!("No edge out of `{id}` {when}: {engine} ends the run there and reports a success."))
                .step(id)
        });
        return;
    }
    let tests: Vec<&Test<'_>> = open.iter().map(|(test, _)| *test).collect();
    let mut by_source: FxHashMap<&str, Vec<&Test<'_>>> = FxHashMap::default();
    for test in &tests {
        by_source.entry(&*test.source).or_default().push(test);
    }
    // Where one source lies within another, a value for both may not exist.
    let outer = |test: &&Test<'_>| {
        let dots = test.source.bytes().enumerate().filter(|(_, byte)| *byte == b'.').take(DEEP);
        dots.filter_map(|(at, _)| test.source.get(..at)).any(|outer| by_source.contains_key(outer))
    };
    if by_source.len() > 1 && tests.iter().any(outer) {
        return;
    }
    let mut through = Vec::new();
    for test in &tests {
        // In the order of the file, each source once.
        let Some(of_source) = by_source.remove(&*test.source) else { continue };
        let Some(value) = falls_through(shape, at, &of_source) else { return };
        through.push((&test.source, value));
    }
    report.say("dead-end", Warning, step.node, || {
        let told: Vec<String> =
            through.iter().take(TOLD).map(|(source, value)| format!("`{source}` is {value}")).collect();
        let more = match through.len().saturating_sub(TOLD) {
            0 => String::new(),
            1 => ", and the last source is of no help either".to_owned(),
            more => format!(", and {more} other sources are of no help either"),
        };
        Said::new(format!(
            "No edge out of `{id}` is true when {}{more}: {engine} then ends the run there and reports a success.",
            told.join(" and ")
        ))
        .step(id)
        .fix(if let ([edge], [test]) = (edges, &tests[..]) { mend::rest(shape, edge, test) } else { None })
    });
}

/// Sources that one sentence names.
const TOLD: usize = 3;

/// Parts of a source that are looked at one by one.
const DEEP: usize = 16;

/// Several branches at once: one after the other, and only what follows the last of them is followed.
fn fan_out(shape: &Shape<'_>, at: u32, edges: &[&&Edge], looks: &Cell<usize>, report: &mut Report<'_>) {
    let engine = engine_name(shape.target.engine);
    let id = shape.id(at);
    if let Some((position, end)) = edges.iter().enumerate().find(|(_, edge)| edge.to.end == End::Terminal) {
        let lost = edges.len() - position - 1;
        let goes_on = |edge: &Edge| match edge.to.end {
            End::Step(branch) => shape.leaving(branch).any(|after| after.to.end != End::Terminal),
            _ => true,
        };
        if lost == 0 && !edges.iter().take(position).any(|edge| goes_on(edge)) {
            return; // The branches have run, and nothing was to come after them.
        }
        report.say("end-in-fan-out", if lost > 0 { Error } else { Warning }, end.node, || {
            let what = match lost {
                0 => "what follows the other branches is lost".to_owned(),
                1 => "the branch after it is lost".to_owned(),
                lost => format!("the {lost} branches after it are lost"),
            };
            Said::new(format!(
                "`{id}` leads to several steps and to `{}`: {engine} stops there, and {what}.",
                shape.name(end.to.name)
            ))
            .step(id)
            .edge(end.node)
            .fix(mend::without(shape.text, end.node, "Remove the edge to the end", false))
        });
        return;
    }
    let Some((End::Step(last), rest)) = edges.split_last().map(|(last, rest)| (last.to.end, rest)) else { return };
    if report.spend(looks, shape.degree(last)).is_none() {
        return;
    }
    let kept: FxHashSet<Name> = shape.leaving(last).map(|edge| edge.to.name).collect();
    // What each branch loses: many edges may lead to one of them.
    let mut lost: FxHashMap<u32, Option<Name>> = FxHashMap::default();
    // What is a later branch itself does come afterwards.
    let turn: FxHashMap<Name, usize> = edges.iter().enumerate().map(|(turn, edge)| (edge.to.name, turn)).collect();
    for (at, edge) in rest.iter().enumerate() {
        let End::Step(branch) = edge.to.end else { continue };
        if branch == last {
            continue;
        }
        let after = *lost.entry(branch).or_insert_with(|| {
            report.spend(looks, shape.degree(branch))?;
            let later = |after: &Name| turn.get(after).is_some_and(|&turn| turn > at);
            shape.leaving(branch).map(|after| after.to.name).find(|after| !kept.contains(after) && !later(after))
        });
        let Some(after) = after else { continue };
        report.say("fan-out-loses-successors", Error, edge.node, || {
            Said::new(format!(
                "`{id}` leads to several steps at once: {engine} runs them one after the other and follows only the edges \
                 of the last, so `{}` does not come after `{}`.",
                shape.name(after),
                shape.name(edge.to.name)
            ))
            .step(id)
            .edge(edge.node)
        });
    }
}
