//! What would help at a decision, where it can be shown: another source that is there, and what it would change.

use super::judge::{self, Condition, Judged, Saw};
use super::places::Places;
use super::words::Telling;
use crate::ia_modules::load::Edge;
use crate::ia_modules::python::{Dict, Value};
use crate::protocol::{Fix, Verdict};

/// Another source for an edge.
struct Better {
    edge: usize,
    /// Position among the edges of the step, from 1.
    position: usize,
    source: String,
    /// What the edge would be.
    holds: bool,
}

/// Advice in a sentence, and how to follow it; empty when none can be shown to help.
pub(super) fn advise(telling: Telling<'_>, places: &Places) -> (String, Vec<Fix>) {
    let state = telling.run.state.at(telling.entry.after);
    let better: Vec<Better> = telling
        .entry
        .edges
        .iter()
        .enumerate()
        .filter_map(|(at, judged)| better(telling, judged, at + 1, &state))
        .collect();
    // Worth saying when it changes where the run goes, or when nothing was true.
    let Some(best) = better.iter().find(|better| better.holds).or(better.first()) else {
        return (String::new(), Vec::new());
    };
    let taken = telling.entry.edges.iter().any(|edge| edge.verdict == Verdict::Taken);
    if taken && !best.holds {
        return (String::new(), Vec::new());
    }
    let advice = if best.holds {
        format!("Read `{}`: edge {} would be true.", best.source, best.position)
    } else {
        format!("Read `{}`: it is there, though edge {} would still be false.", best.source, best.position)
    };
    let edits = |wanted: &dyn Fn(&Better) -> bool| {
        let of = better.iter().filter(|better| wanted(better));
        let mut edits: Vec<_> = of.filter_map(|better| places.source_edit(better.edge, &better.source)).collect();
        crate::order::Order::order_by_key(edits.as_mut_slice(), |edit| edit.start);
        edits
    };
    let mut fixes = Vec::new();
    let all = edits(&|_| true);
    let one = edits(&|better| std::ptr::eq(better, best));
    if all.len() > 1 {
        let title = if all.len() == 2 { "Fix both edges".to_owned() } else { format!("Fix all {} edges", all.len()) };
        fixes.push(Fix { title, safe: false, edits: all });
    }
    if !one.is_empty() {
        fixes.push(Fix { title: format!("Read `{}`", best.source), safe: false, edits: one });
    }
    (advice, fixes)
}

/// Another source for an edge that read something missing.
fn better(telling: Telling<'_>, judged: &Judged, position: usize, state: &Dict) -> Option<Better> {
    if !matches!(judged.saw, Saw::Missing { .. }) || !matches!(judged.verdict, Verdict::Refused | Verdict::Raised) {
        return None;
    }
    let edge = telling.program.edges.get(judged.edge)?;
    let engine = telling.program.target.engine;
    let Ok(Condition::Expression { source, operator: Ok(_), .. }) = judge::condition(edge, engine) else { return None };
    let mut first = None;
    for source in candidates(&source, &telling.entry.id) {
        if !matches!(judge::read(&source, state), Saw::Value(_)) {
            continue;
        }
        let holds = matches!(judge::judge(&with_source(edge, &source)?, engine, state).1, Ok(true));
        let found = Better { edge: judged.edge, position, source, holds };
        if holds {
            return Some(found);
        }
        first.get_or_insert(found);
    }
    first
}

/// What somebody who wrote this source may have meant: the step's own result, or a step's result by its longer name.
fn candidates(source: &str, step: &str) -> Vec<String> {
    let mut out = Vec::new();
    // Sources are written without braces.
    let bare = source.trim_matches(|c: char| matches!(c, '{' | '}') || c.is_whitespace());
    if bare != source {
        out.push(bare.to_owned());
    }
    let parts: Vec<&str> = bare.split('.').collect();
    if let [_, rest @ ..] = parts.as_slice()
        && !rest.is_empty()
    {
        out.push(format!("{step}.{}", rest.join(".")));
    }
    if let ["steps", of, rest @ ..] = parts.as_slice()
        && let [rest @ .., last] = rest
    {
        // `steps.rate.output.score`, `steps.rate.result.score`, `steps.rate.score`.
        let inner = match rest {
            ["output" | "result" | "outputs", inner @ ..] => inner,
            inner => inner,
        };
        let mut way = vec![*of];
        way.extend(inner);
        way.push(last);
        out.push(way.join("."));
    }
    if let [of, "output" | "result" | "outputs", rest @ ..] = parts.as_slice() {
        let mut way = vec![*of];
        way.extend(rest);
        out.push(way.join("."));
    }
    out.push(format!("{step}.{bare}"));
    if let [_, rest @ ..] = parts.as_slice()
        && !rest.is_empty()
    {
        out.push(rest.join("."));
    }
    out
}

fn with_source(edge: &Edge, source: &str) -> Option<Edge> {
    let mut condition = edge.condition.as_ref()?.as_dict()?.clone();
    let mut config = condition.get("config")?.as_dict()?.clone();
    config.set("source", source);
    condition.set("config", Value::dict(config));
    Some(Edge { condition: Some(Value::dict(condition)), ..edge.clone() })
}
