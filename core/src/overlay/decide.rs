//! Why a recorded run went on as it did after a visit: what its edges were worth by the recorded state, beside what the
//! run really did. Judging and the sentences are the simulation's; here is only where record and state disagree.

use super::lay::{Ended, Laid, Visit};
use crate::ia_modules::load::Program;
use crate::ia_modules::python::{Dict, Value};
use crate::ia_modules::simulate::judge::judge;
use crate::ia_modules::simulate::words::{self, Telling};
use crate::ia_modules::simulate::{Entry, Judged, Next, Run, Saw, State, Writer};
use crate::model::Pipeline;
use crate::protocol::{Decision, EdgeDecision, Verdict};
use std::rc::Rc;

/// Earlier decisions that are told.
const BEFORE: usize = 50;

/// What is asked.
pub(crate) struct Asked<'a> {
    /// The pipeline as it is drawn.
    pub(crate) pipeline: &'a Pipeline,
    /// The program it ran as.
    pub(crate) program: &'a Program,
    /// The run on it.
    pub(crate) laid: &'a Laid,
    /// Which visit.
    pub(crate) visit: usize,
    /// The state after it, and what the step returned, where that is recorded.
    pub(crate) known: Option<(&'a Dict, Option<&'a Value>)>,
    /// Number of the run in the session.
    pub(crate) run: u32,
}

impl Asked<'_> {
    fn id(&self, node: u32) -> &str {
        self.pipeline.nodes.get(node as usize).map_or("", |node| node.id.as_str())
    }

    /// How the engine went on after a visit, and the id of what came next; empty when nothing did.
    fn went(&self, visit: usize) -> (Next, String) {
        let (here, next) = (self.laid.visits.get(visit), self.laid.visits.get(visit + 1));
        if let Some(next) = next {
            let to = self.id(next.node).to_owned();
            let first = next.via.and_then(|edge| self.place_of(here?, edge));
            return match (next.from == Some(visit as u32), first) {
                (true, Some(first)) => (Next::Edges(Some(first)), to),
                _ => (Next::Queue, to),
            };
        }
        match self.laid.ended {
            Ended::Waiting => (Next::Waits, String::new()),
            Ended::FailedAfter if self.laid.from_queue => (Next::Queue, String::new()),
            Ended::Failed | Ended::FailedAfter | Ended::Running | Ended::Cancelled => (Next::Failed, String::new()),
            Ended::Terminal(edge) | Ended::Cut(edge) => {
                let to = self.pipeline.edges.get(edge as usize).map_or("", |edge| self.id(edge.to)).to_owned();
                match here.and_then(|here| self.place_of(here, edge)) {
                    Some(first) if !self.laid.from_queue => (Next::Edges(Some(first)), to),
                    _ => (Next::Queue, to),
                }
            }
            _ => (Next::Edges(None), String::new()),
        }
    }

    /// Position in the program of an edge of the pipeline, when it leaves this visit's node.
    fn place_of(&self, visit: &Visit, edge: u32) -> Option<usize> {
        let edge = self.pipeline.edges.get(edge as usize)?;
        let mut leaving = self.program.leaving(self.id(visit.node));
        leaving.find(|&at| self.program.edges.get(at).is_some_and(|other| other.path == edge.path))
    }

    /// The edge a run followed to a name that is no step, where it failed; by position in the program.
    fn to_no_step(&self, id: &str, next: &Next) -> Option<usize> {
        let last = self.visit + 1 == self.laid.visits.len();
        if !last || *next != Next::Failed || self.laid.ended != Ended::FailedAfter {
            return None;
        }
        let engine = self.program.target.engine;
        let mut first = None;
        for at in self.program.leaving(id) {
            let edge = self.program.edges.get(at)?;
            let worth = match self.known {
                Some((state, _)) => judge(edge, engine, state).1,
                None => Ok(edge.condition.is_none()),
            };
            if worth.ok()? {
                first = first.or(Some(at));
            }
        }
        first
    }

    /// The edges of a visit that were followed from the queue later.
    fn queued(&self, visit: &Visit) -> Vec<usize> {
        let later = self.laid.visits.iter().filter(|later| later.queued && later.from == Some(self.visit as u32));
        later.filter_map(|later| self.place_of(visit, later.via?)).collect()
    }
}

/// What was decided after a visit; `None` when there is no such visit.
pub(crate) fn decide(asked: &Asked<'_>) -> Option<Decision> {
    let visit = *asked.laid.visits.get(asked.visit)?;
    let id: Rc<str> = Rc::from(asked.id(visit.node));
    let (mut next, mut to) = asked.went(asked.visit);
    let missing = asked.to_no_step(&id, &next);
    if let Some(edge) = missing {
        next = Next::Edges(Some(edge));
        to = asked.program.edges.get(edge).map_or_else(String::new, |edge| edge.to.to_string());
    }
    let queued = asked.queued(&visit);
    let looked = matches!(next, Next::Edges(_));
    let mut judged = Vec::new();
    let mut remarks = Vec::new();
    for at in asked.program.leaving(&id) {
        let Some(edge) = asked.program.edges.get(at) else { continue };
        let followed = next == Next::Edges(Some(at)) || queued.contains(&at);
        let worth = asked.known.map(|(state, _)| judge(edge, asked.program.target.engine, state));
        let (saw, worth) = worth.map_or((Saw::Nothing, None), |(saw, worth)| (saw, Some(worth)));
        let always = edge.condition.is_none();
        let verdict = match (&worth, looked) {
            _ if next == Next::Edges(Some(at)) => Verdict::Taken,
            _ if queued.contains(&at) => Verdict::Queued,
            (_, false) => Verdict::Unseen,
            (Some(Ok(true)), _) => Verdict::Queued,
            (Some(Ok(false)), _) => Verdict::Refused,
            (Some(Err(_)), _) => Verdict::Raised,
            (None, _) if always => Verdict::Queued,
            (None, _) => Verdict::Unknown,
        };
        let remark = match (&worth, followed) {
            (Some(Ok(false) | Err(_)), true) => {
                "By the recorded state this edge is false, but the run went along it: it was resumed, or another version \
                 of the pipeline ran."
                    .to_owned()
            }
            (Some(Ok(true)), false) if next == Next::Queue => {
                format!("By the recorded state this edge is true, but the run went on to `{to}`: {}.", fan_out(asked))
            }
            // Another true one was before it, and the run ended or failed while this one waited.
            (Some(Ok(true)), false) if matches!(next, Next::Edges(Some(first)) if first < at) => {
                "Its turn never came.".to_owned()
            }
            (Some(Ok(true)), false) if looked => {
                let really = if to.is_empty() { "ended here".to_owned() } else { format!("went on to `{to}`") };
                format!("By the recorded state this edge is true, but the run {really} and never followed it.")
            }
            (None, true) if !always => {
                "The state at this point is not recorded; the run went along it, so it was true.".to_owned()
            }
            (None, false) if looked && !always => {
                "The state at this point is not recorded, so it cannot be told.".to_owned()
            }
            _ => String::new(),
        };
        // Nothing to compare: only the remark is to be said.
        let alone = worth.is_none() && !always && looked || followed && matches!(worth, Some(Ok(false) | Err(_)));
        judged.push(Judged { edge: at, verdict, saw });
        remarks.push((remark, alone));
    }
    let mut state = State::new(&Dict::new());
    if let Some((known, result)) = asked.known {
        let wrote = result.and_then(Value::as_dict);
        for (key, value) in
            known.iter().filter(|(key, _)| **key == id || wrote.is_some_and(|wrote| wrote.contains(key)))
        {
            state.set(key, value, Writer::Entry(0));
        }
    }
    let mark = state.mark();
    let entry = |id: Rc<str>, next: Next, edges: Vec<Judged>| Entry {
        step: 0,
        id,
        visit: visit.number,
        before: mark,
        after: mark,
        result: None,
        error: None,
        attempts: 1,
        recorded: true,
        next,
        edges: Rc::new(edges),
    };
    let mut entries = vec![entry(Rc::clone(&id), next.clone(), judged)];
    if !to.is_empty() {
        entries.push(entry(Rc::from(to.as_str()), Next::Edges(None), Vec::new()));
    }
    let run = Run { entries, ..Run::new(state) };
    let telling = Telling { program: asked.program, run: &run, entry: run.entries.first()? };
    let edges = telling.entry.edges.iter().zip(remarks).map(|(judged, (remark, alone))| {
        let edge = asked.program.edges.get(judged.edge);
        let path = edge.map_or("", |edge| edge.path.as_str());
        let place =
            asked.pipeline.edges.iter().find(|edge| edge.path == path).map(|edge| edge.place).unwrap_or_default();
        let why = if alone { String::new() } else { telling.why(judged) };
        EdgeDecision {
            path: path.to_owned(),
            to: edge.map_or_else(String::new, |edge| edge.to.to_string()),
            condition: words::condition(asked.program, judged.edge),
            source: words::source(asked.program, judged.edge),
            saw: words::saw(&judged.saw),
            missing: matches!(judged.saw, Saw::Missing { .. }),
            verdict: judged.verdict,
            why: [why, remark].join(" ").trim().to_owned(),
            start: place.start,
            end: place.end(),
        }
    });
    let dead_end = next == Next::Edges(None) && asked.laid.ended == Ended::DeadEnd;
    let summary = match (&next, asked.laid.ended) {
        (_, Ended::Cut(_)) if asked.visit + 1 == asked.laid.visits.len() => {
            format!("The run was to go on to `{to}`, and that step is not in the file: it was cut, or failed before.")
        }
        _ if missing.is_some() => format!("The run went on to `{to}`, which is no step it could enter, and failed."),
        (Next::Failed, _) => "The run stopped here: no edge was followed.".to_owned(),
        (Next::Edges(None), Ended::Unclear(_)) => "The file does not say what came after this step.".to_owned(),
        _ => telling.summary(),
    };
    let before = (0..asked.visit).rev().take(BEFORE).filter_map(|at| {
        let visit = asked.laid.visits.get(at)?;
        let (next, to) = asked.went(at);
        let line = match next {
            Next::Queue => format!("the queue went on to `{to}`"),
            _ => format!("went on to `{to}`"),
        };
        Some((visit.step, asked.id(visit.node).to_owned(), line))
    });
    Some(Decision {
        run: asked.run,
        step: visit.step,
        node: id.to_string(),
        visit: visit.number,
        dead_end,
        summary,
        edges: edges.collect(),
        advice: String::new(),
        fixes: Vec::new(),
        before: before.collect(),
    })
}

/// Which fan-out the next visit waited in.
fn fan_out(asked: &Asked<'_>) -> String {
    let next = asked.laid.visits.get(asked.visit + 1);
    let from = next.filter(|next| next.queued).and_then(|next| asked.laid.visits.get(next.from? as usize));
    match from {
        Some(from) => format!("the queue of the fan-out at `{}` came first", asked.id(from.node)),
        None => "it was resumed, or another version of the pipeline ran".to_owned(),
    }
}
