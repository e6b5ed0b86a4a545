//! Findings about where a run goes: its start, what it cannot reach, where it ends silently, what a fan-out loses.

use super::condition::{Operator, Test, Truth, engine_name};
use super::edges::shown;
use super::report::{Report, Said, fix, replace};
use super::shape::{Edge, End, Shape};
use super::steps::wrong_kind;
use crate::ia_modules::definition::Text;
use crate::json::NodeKind;
use crate::model::Severity::{Error, Info, Warning};
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
    let told = shape.paths.is_empty() && !shape.transitions.is_empty();
    let reached = if told { vec![true; shape.steps.len()] } else { shape.reached() };
    for (step, _) in shape.steps.iter().zip(&reached).filter(|(_, reached)| !**reached) {
        let id = step.id.as_deref().unwrap_or("");
        // One that a later step with the same id replaces is told as that.
        if id.is_empty()
            || shape.by_id.get(id).and_then(|&at| shape.steps.get(at as usize)).is_none_or(|s| s.node != step.node)
        {
            continue;
        }
        report.say("unreachable-step", Warning, step.node, || {
            Said::new(format!("No edge leads from the start to `{id}`, so it is never run.")).step(id)
        });
    }
    let looks = Cell::new(LOOKS);
    for at in 0..shape.steps.len() as u32 {
        leaving(shape, at, &looks, report);
    }
    if let Some(edge) =
        shape.paths.iter().find(|edge| edge.to.end == End::Terminal && edge.to.name == "end_with_failure")
    {
        report.say("failure-is-success", Info, edge.to.node.unwrap_or(edge.node), || {
            let engine = engine_name(shape.target.engine);
            Said::new(format!("{engine} reports a run that ends at `end_with_failure` as a success.")).edge(edge.node)
        });
    }
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
        });
        return;
    };
    let Some(id) = text.string(node).filter(|id| !id.is_empty()) else {
        report.say("start-missing", Error, node, || {
            Said::new(format!("`start_at` must be the id of a step, and {engine} does not know where to start; name the first step there."))
        });
        return;
    };
    if id.starts_with("end_") {
        report.say("start-is-end", Error, node, || {
            Said::new(format!(
                "The pipeline starts at `{id}`, which ends it: {engine} runs no step and reports a success."
            ))
        });
    } else if !shape.by_id.contains_key(&id) {
        report.say("start-undefined", Error, node, || {
            let named = shape.named(&id);
            let meant = named.map_or_else(String::new, |id| format!(" A step has that as its name; its id is `{id}`."));
            let edit = named.and_then(|id| replace(text, node, &crate::json::quoted(id)));
            let title = named.map(|id| format!("Start at {id}"));
            Said::new(format!("`start_at` names `{id}`, and {engine} stops with \"Step '{id}' not found\".{meant}"))
                .fix(title.and_then(|title| fix(title, true, edit)))
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
    let edges: Vec<&Edge<'_>> = shape.leaving(at).collect();
    if edges.len() > 1 {
        duplicates(shape, at, &edges, report);
    }
    let always: Vec<&&Edge<'_>> = edges.iter().filter(|edge| matches!(edge.judged.truth, Truth::Always)).collect();
    if always.is_empty() {
        dead_end(shape, at, &edges, report);
        return;
    }
    let meant: Vec<&&Edge<'_>> = always.iter().copied().filter(|edge| edge.judged.cause.is_none()).collect();
    let depends = edges.iter().find_map(|edge| match &edge.judged.truth {
        Truth::Depends(test) => Some((edge, test)),
        _ => None,
    });
    if let ([only], Some((_, test))) = (&meant[..], depends)
        && edges.iter().all(|edge| edge.to.end != only.to.end || edge.to.name != only.to.name || edge.node == only.node)
    {
        report.say("always-beside-condition", Warning, only.node, || {
            let engine = engine_name(shape.target.engine);
            let id = shape.id(at);
            let said = Said::new(format!(
                "{engine} follows every true edge and not the first: where {} the run goes to `{}` too.",
                shown(shape, test),
                only.to.name
            ));
            said.step(id).edge(only.node)
        });
    }
    if always.len() > 1 {
        fan_out(shape, at, &always, looks, report);
    }
}

/// Two edges that do the same: the target runs twice.
fn duplicates(shape: &Shape<'_>, at: u32, edges: &[&Edge<'_>], report: &mut Report<'_>) {
    let mut seen: FxHashSet<(&str, String)> = FxHashSet::default();
    for edge in edges {
        let condition = match &edge.judged.truth {
            Truth::Always => String::new(),
            Truth::Depends(test) => {
                // Like the engine's own reading, and quick: what is compared, as it is written.
                let value = test.value.map_or_else(|| "null".to_owned(), |value| shape.text.brief(value, 200));
                format!("{}\n{}\n{value}", test.source, test.operator.name())
            }
            Truth::Never | Truth::Raises => continue,
        };
        if !seen.insert((&edge.to.name, condition)) && edge.to.end != End::Terminal {
            report.say("duplicate-edge", Warning, edge.node, || {
                let engine = engine_name(shape.target.engine);
                let (from, to) = (shape.id(at), &edge.to.name);
                Said::new(format!("There is the same edge from `{from}` to `{to}` before: {engine} runs `{to}` twice."))
                    .step(from)
                    .edge(edge.node)
            });
        }
    }
}

/// Edges of which none need be true: the run ends there, and counts as a success.
fn dead_end(shape: &Shape<'_>, at: u32, edges: &[&Edge<'_>], report: &mut Report<'_>) {
    let Some(step) = shape.steps.get(at as usize) else { return };
    let engine = engine_name(shape.target.engine);
    let id = shape.id(at);
    let tests: Vec<&Test<'_>> = edges
        .iter()
        .filter_map(|edge| if let Truth::Depends(test) = &edge.judged.truth { Some(test) } else { None })
        // What nobody writes is no object to look into: such a comparison is false whatever comes.
        .filter(|test| !test.source.split_once('.').is_some_and(|(head, _)| shape.unwritten(head)))
        .collect();
    if tests.is_empty() {
        if edges.iter().any(|edge| matches!(edge.judged.truth, Truth::Raises)) {
            return; // It fails before it could end.
        }
        report.say("dead-end", Error, step.node, || {
            Said::new(format!("No edge out of `{id}` is ever true: {engine} ends the run there and reports a success."))
                .step(id)
        });
        return;
    }
    let mut by_source: FxHashMap<&str, Vec<&Test<'_>>> = FxHashMap::default();
    for test in &tests {
        by_source.entry(&*test.source).or_default().push(test);
    }
    let mut through = None;
    for test in &tests {
        // In the order of the file, each source once.
        let Some(of_source) = by_source.remove(&*test.source) else { continue };
        match falls_through(shape, at, &of_source) {
            None => return,
            Some(value) => through = through.or(Some((test.source.clone(), value))),
        }
    }
    let Some((source, value)) = through else { return };
    report.say("dead-end", Warning, step.node, || {
        Said::new(format!(
            "No edge out of `{id}` is true when `{source}` is {value}: {engine} then ends the run there and reports a success."
        ))
        .step(id)
    });
}

/// A value of the source for which none of the tests is true; `None` when one always is.
fn falls_through(shape: &Shape<'_>, at: u32, tests: &[&Test<'_>]) -> Option<String> {
    let text = shape.text;
    let raw = |test: &Test<'_>| test.value.map_or(&b"null"[..], |value| text.raw(value));
    let values = |operator: Operator| tests.iter().filter(move |test| test.operator == operator).map(|test| raw(test));
    let equal: FxHashSet<&[u8]> = values(Operator::Equals).collect();
    let mut unequal = values(Operator::NotEquals);
    if let Some(first) = unequal.next() {
        // Everything but `first`, and that too when it is asked for, or when two are excluded.
        let covered = equal.contains(first) || unequal.any(|other| other != first);
        return (!covered).then(|| String::from_utf8_lossy(first).into_owned());
    }
    if equal.contains(&b"true"[..]) && equal.contains(&b"false"[..]) {
        return None;
    }
    if let Some(allowed) = declared_values(shape, at, tests.first()?) {
        let missing = allowed.iter().find(|value| !equal.contains(&value.as_slice()));
        return missing.map(|value| String::from_utf8_lossy(value).into_owned());
    }
    // The least that is above, and the most that is below: all numbers when they overlap.
    let bounds = |operators: [Operator; 2]| {
        let wanted = tests.iter().filter(move |test| operators.contains(&test.operator));
        wanted.filter_map(|test| Some((text.float(test.value?)?, test.operator.newer())))
    };
    let wider = |(a, b): ((f64, bool), (f64, bool)), b_is_wider: bool| {
        if a.0 == b.0 {
            (a.0, a.1 || b.1)
        } else if b_is_wider {
            b
        } else {
            a
        }
    };
    let above = bounds([Operator::GreaterThan, Operator::GreaterThanOrEquals]).reduce(|a, b| wider((a, b), b.0 < a.0));
    let below = bounds([Operator::LessThan, Operator::LessThanOrEquals]).reduce(|a, b| wider((a, b), b.0 > a.0));
    let among = |number: f64| {
        tests
            .iter()
            .any(|test| test.operator == Operator::Equals && test.value.and_then(|v| text.float(v)) == Some(number))
    };
    match (above, below) {
        (Some((least, at_least)), Some((most, at_most))) => {
            if most > least || most == least && (at_least || at_most || among(least)) {
                None
            } else if most == least {
                Some(format!("exactly {least}"))
            } else {
                Some(format!("between {most} and {least}"))
            }
        }
        (Some((least, closed)), None) => {
            Some(if closed { format!("less than {least}") } else { format!("{least} or less") })
        }
        (None, Some((most, closed))) => {
            Some(if closed { format!("more than {most}") } else { format!("{most} or more") })
        }
        (None, None) => {
            let listed =
                tests.iter().map(|test| String::from_utf8_lossy(raw(test)).into_owned()).take(4).collect::<Vec<_>>();
            Some(format!("anything but {}", listed.join(", ")))
        }
    }
}

/// Outputs of a step, or values of an output, that are looked through for a dead end; a longer list is not.
const LOOKED_AT: u32 = 1000;

/// The values that the schema of the step's output admits, when it names all of them.
fn declared_values(shape: &Shape<'_>, at: u32, test: &Test<'_>) -> Option<Vec<Vec<u8>>> {
    let text = shape.text;
    let (step, key) = match test.source.split_once('.') {
        Some((id, key)) => (*shape.by_id.get(id)?, key),
        None => (at, &*test.source),
    };
    let step = shape.steps.get(step as usize)?;
    let short = |list: u32| text.tree.node(list).filter(|node| node.children <= LOOKED_AT).map(|_| list);
    let in_schema = || {
        let properties = text.object(text.object(step.node, "output_schema")?, "properties")?;
        text.get(short(properties)?, key)
    };
    let in_list = || {
        let list = short(text.get(step.node, "outputs").filter(|&list| text.is(list, NodeKind::Array))?)?;
        let declared = text.children(list).find(|&item| text.text(item, "name").as_deref() == Some(key))?;
        text.get(declared, "schema")
    };
    let schema = in_schema().or_else(in_list)?;
    if text.text(schema, "type").as_deref() == Some("boolean") {
        return Some(vec![b"true".to_vec(), b"false".to_vec()]);
    }
    let list = short(text.get(schema, "enum").filter(|&list| text.is(list, NodeKind::Array))?)?;
    Some(text.children(list).map(|value| text.raw(value).to_vec()).collect())
}

/// Several branches at once: one after the other, and only what follows the last of them is followed.
fn fan_out(shape: &Shape<'_>, at: u32, edges: &[&&Edge<'_>], looks: &Cell<usize>, report: &mut Report<'_>) {
    let engine = engine_name(shape.target.engine);
    let id = shape.id(at);
    if let Some((position, end)) = edges.iter().enumerate().find(|(_, edge)| edge.to.end == End::Terminal) {
        let lost = edges.len() - position - 1;
        report.say("end-in-fan-out", if lost > 0 { Error } else { Warning }, end.node, || {
            let what = match lost {
                0 => "what follows the other branches is lost".to_owned(),
                1 => "the branch after it is lost".to_owned(),
                lost => format!("the {lost} branches after it are lost"),
            };
            Said::new(format!(
                "`{id}` leads to several steps and to `{}`: {engine} stops there, and {what}.",
                end.to.name
            ))
            .step(id)
            .edge(end.node)
        });
        return;
    }
    let Some((End::Step(last), rest)) = edges.split_last().map(|(last, rest)| (last.to.end, rest)) else { return };
    let Some(left) = looks.get().checked_sub(shape.degree(last)) else { return };
    looks.set(left);
    let kept: FxHashSet<&str> = shape.leaving(last).map(|edge| &*edge.to.name).collect();
    // What each branch loses: many edges may lead to one of them.
    let mut lost: FxHashMap<u32, Option<&str>> = FxHashMap::default();
    for edge in rest {
        let End::Step(branch) = edge.to.end else { continue };
        if branch == last {
            continue;
        }
        let after = *lost.entry(branch).or_insert_with(|| {
            let left = looks.get().checked_sub(shape.degree(branch))?;
            looks.set(left);
            shape.leaving(branch).map(|after| &*after.to.name).find(|after| !kept.contains(after))
        });
        let Some(after) = after else { continue };
        report.say("fan-out-loses-successors", Error, edge.node, || {
            Said::new(format!(
                "`{id}` leads to several steps at once: {engine} runs them one after the other and follows only the edges \
                 of the last, so `{after}` does not come after `{}`.",
                edge.to.name
            ))
            .step(id)
            .edge(edge.node)
        });
    }
}
