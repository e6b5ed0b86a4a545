//! Findings about edges, one by one: their ends, their spelling, their conditions and what these read.

use super::condition::{Cause, Operator, Test, Truth, engine_name, filled_in};
use super::facts::{Compared, Edge, End, Written};
use super::report::{Report, Said, fix, replace};
use super::shape::Shape;
use super::steps::wrong_kind;
use super::{condition, fixes, mend};
use crate::json::NodeKind;
use crate::model::Severity::{Error, Warning};
use crate::protocol::{EngineId, Loader};
use rustc_hash::FxHashSet;
use std::cell::Cell;

/// Steps that the walks of one file look at: what is doubtful beyond stays unsaid.
const WALKS: usize = 20_000;

pub(super) fn edges(shape: &Shape<'_>, report: &mut Report<'_>) {
    let Some(flow) = shape.flow else { return };
    let text = shape.text;
    for key in ["paths", "transitions"] {
        let Some(list) = text.get(flow, key) else { continue };
        if text.is(list, NodeKind::Array) {
            // All of them are edges, mostly; of `transitions` none is looked at.
            let whole = text.tree.node(list).is_some_and(|list| list.children as usize == shape.paths.len());
            let items = text.items(flow, key).filter(|_| key == "paths" && !whole);
            for item in items.filter(|&item| !text.is(item, NodeKind::Object)) {
                wrong_kind(text, item, "An edge", "an object", report);
            }
        } else if key == "transitions"
            || (shape.target.loader == Loader::Raw && matches!(text.raw(list), b"\"\"" | b"{}"))
        {
            report.say("wrong-kind", Warning, list, || {
                let found = text.brief(list, 40);
                Said::new(format!("`{key}` must be a list, and this is {found}: the engine finds no edges in it."))
            });
        } else {
            wrong_kind(text, list, &format!("`{key}`"), "a list", report);
        }
    }
    spelling(shape, report);
    let walks = Cell::new(WALKS);
    for (edge, said) in shape.paths.iter().zip(shape.said_of_edges) {
        report.hear(said, &walks, |report| {
            ends(shape, edge, report);
            truth(shape, edge, &walks, report);
        });
    }
    if let Some(first) = shape.transitions.first() {
        let list = text.tree.parent(first.node).unwrap_or(first.node);
        report.say("transitions-ignored", Error, list, || {
            let effect = match shape.paths.is_empty() && shape.links.start.is_some() {
                false => "these edges are never taken",
                true => "only the first step runs, and the run is reported as a success",
            };
            let engine = engine_name(shape.target.engine);
            Said::new(format!("{engine} ignores `flow.transitions` ({} here): {effect}.", shape.transitions.len()))
                .fix(fixes::transitions(shape))
        });
    }
}

fn spelling(shape: &Shape<'_>, report: &mut Report<'_>) {
    let long = shape.links.long.and_then(|edge| shape.paths.get(edge as usize));
    let Some(long) = long.and_then(|edge| edge.written().find(|end| end.long)?.node) else { return };
    let engine = engine_name(shape.target.engine);
    if shape.target.loader == Loader::Raw {
        report.say("edge-spelling-refused", Error, long, || {
            Said::new(format!(
                "The raw loader of {engine} knows only `from` and `to`, and stops with KeyError: 'from'."
            ))
            .fix(fixes::short_spelling(shape))
        });
    } else if shape.links.short {
        report.say("edge-spellings-mixed", Warning, long, || {
            Said::new(
                "Edges are spelled both `from`/`to` and `from_step`/`to_step`: the raw loader knows only the first, the \
                 validator only the second.",
            )
            .fix(fixes::short_spelling(shape))
        });
    }
}

fn ends(shape: &Shape<'_>, edge: &Edge, report: &mut Report<'_>) {
    let text = shape.text;
    if edge.from.end == End::Bad || edge.to.end == End::Bad {
        report.say("edge-incomplete", Error, edge.node, || {
            let found = text.brief(edge.node, 80);
            Said::new(format!("An edge must name two steps, as `from` and `to`; this is {found}."))
                .edge(edge.node)
                .fix(mend::without(text, edge.node, "Remove this edge", false))
        });
        return;
    }
    let engine = engine_name(shape.target.engine);
    for (end, to) in [(&edge.from, false), (&edge.to, true)] {
        let node = end.node.unwrap_or(edge.node);
        if end.end == End::Terminal && !to {
            report.say("edge-from-end", Warning, node, || {
                Said::new(format!("`{}` ends the run, so {engine} never follows this edge.", shape.name(end.name)))
                    .edge(edge.node)
                    .fix(mend::without(text, edge.node, "Remove this edge", true))
            });
        }
        if end.end != End::Unknown {
            if end.end == End::Terminal && shape.target.loader == Loader::Pydantic {
                custom_end(shape, edge, end, report);
            }
            continue;
        }
        if shape.target.loader == Loader::Raw && filled_in(text, end.node, shape.target.engine) {
            continue; // The input names the step.
        }
        let name = shape.name(end.name);
        if name == "end" && to {
            report.say("terminal-not-found", Error, node, || {
                Said::new(format!("{engine} does not know `end` as an end: it stops with \"Step 'end' not found\"."))
                    .edge(edge.node)
                    .fix(fix("Use end_with_success", true, replace(text, node, "\"end_with_success\"")))
            });
            continue;
        }
        report.say("edge-to-undefined-step", Error, node, || {
            let effect = match (to, shape.target.loader) {
                // It lets `end` pass at both ends of an edge.
                (false, Loader::Pydantic) if name == "end" => "it is never followed",
                (_, Loader::Pydantic) => "the pydantic loader refuses the file",
                (true, Loader::Raw) => "the run fails there",
                (false, Loader::Raw) => "it is never followed",
            };
            let named = shape.named(name);
            let meant = named.map_or_else(String::new, |id| {
                format!(" A step has that as its name; its id is `{id}`, and edges go by id.")
            });
            let message =
                format!("The edge names `{name}`, which is no step of this file: {effect} in {engine}.{meant}");
            let title = named.map(|id| format!("Use {id}"));
            let edit = named.and_then(|id| replace(text, node, &crate::json::quoted(id)));
            let named = title.and_then(|title| fix(title, true, edit));
            let or = || mend::without(text, edge.node, "Remove this edge", false);
            Said::new(message).edge(edge.node).fix(named.or_else(or))
        });
    }
}

fn custom_end(shape: &Shape<'_>, edge: &Edge, end: &Written, report: &mut Report<'_>) {
    let name = shape.name(end.name);
    if matches!(name, "end_with_success" | "end_with_failure") || shape.links.by_id.get(end.name).is_some() {
        return;
    }
    report.say("terminal-refused", Error, end.node.unwrap_or(edge.node), || {
        Said::new(format!(
            "The pydantic loader knows the ends `end_with_success` and `end_with_failure` alone, and refuses `{name}`."
        ))
        .edge(edge.node)
        .fix(
            end.node
                .and_then(|node| fix("Use end_with_success", false, replace(shape.text, node, "\"end_with_success\""))),
        )
    });
}

fn truth(shape: &Shape<'_>, edge: &Edge, walks: &Cell<usize>, report: &mut Report<'_>) {
    let engine = shape.target.engine;
    if let Some(cause) = &edge.judged.cause {
        let node = cause.node().or(edge.condition).unwrap_or(edge.node);
        let harmless = matches!(cause, Cause::WithoutType);
        report.say(cause.id(), if harmless { Warning } else { Error }, node, || {
            let mut words = cause.words(&edge.judged.truth, engine);
            if matches!(edge.judged.truth, Truth::Always) {
                words.push_str(", so the edge is always taken");
            }
            let is = if matches!(edge.judged.truth, Truth::Raises) { "" } else { "is " };
            Said::new(format!("The condition {is}{words}.")).edge(edge.node).fix(fixes::condition(shape, edge, cause))
        });
    }
    if let (Truth::Depends(test), Some(compared)) = (&edge.judged.truth, edge.compared)
        && !test.is_unreadable()
    {
        reads(shape, edge, (test, compared), walks, report);
    }
}

/// What a comparison reads, and with what it compares.
fn reads(
    shape: &Shape<'_>,
    edge: &Edge,
    (test, compared): (&Test<'_>, Compared),
    walks: &Cell<usize>,
    report: &mut Report<'_>,
) {
    let text = shape.text;
    let engine = engine_name(shape.target.engine);
    let node = test.source_node.unwrap_or(edge.node);
    let (head, rest) = test.source.split_once('.').map_or((&*test.source, None), |(head, rest)| (head, Some(rest)));
    if test.operator.orders() && !(compared.template && shape.target.engine == EngineId::IaModules020) {
        let unordered = match test.value {
            None => Some("nothing"),
            Some(value) => match text.kind(value) {
                NodeKind::Null => Some("null"),
                NodeKind::Object => Some("an object"),
                _ => None,
            },
        };
        if let Some(what) = unordered {
            report.say("ordering-aborts", Error, test.value.unwrap_or(node), || {
                Said::new(format!(
                    "{engine} cannot order a value against {what}: the comparison stops the run with a TypeError."
                ))
                .edge(edge.node)
            });
        }
    }
    let step = shape.links.by_id.get(compared.head).and_then(|step| shape.steps.get(step as usize));
    if shape.unwritten(compared.head) {
        let effect = match test.operator {
            _ if rest.is_some() => "the condition is false".to_owned(),
            Operator::Equals | Operator::NotEquals => "null is compared".to_owned(),
            _ => "the comparison stops the run with a TypeError".to_owned(),
        };
        report.say("source-unknown", Error, node, || {
            let said = Said::new(format!(
                "{engine} looks `{}` up in the run's data, where no step and no input of this file is said to write `{head}`: where none does, {effect}.",
                test.source
            ));
            let better = better_source(shape, edge, head, rest);
            let title = better.as_ref().map(|source| format!("Read {source}"));
            let edit = better.and_then(|source| replace(text, node, &crate::json::quoted(&source)));
            said.edge(edge.node).fix(title.and_then(|title| fix(title, false, edit)))
        });
        return;
    }
    // `step.key`, where the step declares its outputs and not this one.
    if let (Some(step), Some(rest), Some(key)) = (step, rest, compared.key)
        && let Some(outputs) = &step.outputs
        && outputs.get(key).is_none()
    {
        let key = shape.name(key);
        report.say("source-undeclared", Warning, node, || {
            Said::new(format!(
                "The step `{head}` does not declare an output `{key}`; where it writes none, {}.",
                if rest.contains('.') {
                    "the condition is false".to_owned()
                } else if test.operator.orders() {
                    format!("{engine} reads null, and the comparison stops the run with a TypeError")
                } else {
                    format!("{engine} reads null")
                }
            ))
            .edge(edge.node)
        });
        return;
    }
    if test.operator.orders() && possibly_missing(shape, edge, compared, rest, walks, report) {
        report.say("ordering-possibly-missing", Warning, node, || {
            Said::new(format!(
                "`{}` need not be there when this is compared, and {engine} stops the run with a TypeError where it orders \
                 null.",
                test.source
            ))
            .edge(edge.node)
        });
    }
}

/// Whether the file itself says that a value may be missing.
fn possibly_missing(
    shape: &Shape<'_>,
    edge: &Edge,
    compared: Compared,
    rest: Option<&str>,
    walks: &Cell<usize>,
    report: &mut Report<'_>,
) -> bool {
    let head = compared.head;
    if let Some(step) = shape.links.by_id.get(head) {
        let Some(key) = rest else {
            // Every edge of the file may matter for that.
            report.doubt();
            return edge.from.end != End::Step(step) && !before(shape, step, edge, walks);
        };
        // Below what is missing nothing is looked up: the condition is false, and null is not ordered.
        return shape
            .steps
            .get(step as usize)
            .and_then(|step| step.outputs.as_ref()?.get(shape.names.find(key)?))
            .is_some_and(|sure| !sure);
    }
    if rest.is_some() {
        return false;
    }
    match (shape.links.declared.get(head), shape.links.inputs.get(head)) {
        (Some(sure), _) => !sure,
        (None, Some(required)) => !required,
        (None, None) => false,
    }
}

/// Whether a step certainly ran before an edge is looked at: it is the start, or the only way to the edge's step.
fn before(shape: &Shape<'_>, step: u32, edge: &Edge, walks: &Cell<usize>) -> bool {
    let (Some(start), End::Step(goal)) = (shape.links.start, edge.from.end) else { return true };
    let mut seen: FxHashSet<u32> = FxHashSet::default();
    let mut open = vec![start];
    // A walk that avoids the step and still arrives shows that it need not have run.
    while let Some(at) = open.pop() {
        if at == step || !seen.insert(at) {
            continue;
        }
        if at == goal {
            return false;
        }
        let Some(left) = walks.get().checked_sub(1) else { return true };
        walks.set(left);
        open.extend(shape.leaving(at).filter_map(Edge::goal));
    }
    true
}

/// The source that works, for one that begins with a word no engine fills.
fn better_source(shape: &Shape<'_>, edge: &Edge, head: &str, rest: Option<&str>) -> Option<String> {
    let rest = rest.filter(|rest| !rest.is_empty())?;
    match head {
        "steps" => {
            let (id, field) = rest.split_once('.')?;
            shape.step_of(id)?;
            let field =
                ["output.", "result.", "outputs."].iter().find_map(|word| field.strip_prefix(word)).unwrap_or(field);
            Some(format!("{id}.{field}"))
        }
        "parameters" | "pipeline_input" => Some(rest.to_owned()),
        "result" | "results" | "output" | "outputs" | "data" | "context" => {
            let End::Step(from) = edge.from.end else { return None };
            let id = shape.id(from);
            (!id.is_empty() && !id.contains('.')).then(|| format!("{id}.{rest}"))
        }
        _ => None,
    }
}

/// The word for a condition that depends on data, for lists of what falls through.
pub(super) fn shown(shape: &Shape<'_>, test: &Test<'_>) -> String {
    let value = test.value.map_or_else(|| "null".to_owned(), |value| shape.text.brief(value, 30));
    format!("{} {} {value}", test.source, condition::sign(test.operator.name()))
}
