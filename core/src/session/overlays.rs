//! Runs laid on pipelines, over all documents of the session: which pipeline each run followed, and the drawing.
//!
//! What fits is found anew whenever a document comes, changes or goes, so it does not matter which was opened first.
//! How a run is laid is in `overlay`.

use super::desk::Key;
use super::recorded::{Ran, Recorded};
use super::{Opened, Session};
use crate::flow::laid_flow;
use crate::model::{Pipeline, Run};
use crate::overlay::{self, Asked, Candidate, Laid, Match, NEVER, Truth, Visit};
use crate::protocol::{Answer, Decision, FlowView};
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// What is known of runs and their pipelines.
#[derive(Default)]
pub(crate) struct Overlays {
    /// By run of the session.
    matches: Vec<Option<Match>>,
    /// Pipelines that whoever made a run said it is of: documents and positions in them.
    stated: FxHashMap<Key, Key>,
    /// The run laid last, and on what: several questions in a row are about the same.
    laid: Option<(Key, Key, Rc<Laid>)>,
}

impl Session {
    /// Says outright which pipeline a run is of; both as document and position in it.
    pub(crate) fn state_pipeline(&mut self, run: Key, pipeline: Key) {
        self.overlays.stated.insert(run, pipeline);
        self.match_runs();
    }

    /// The pipeline of the session a run of the session followed.
    pub(crate) fn followed(&self, run: u32) -> Option<&Match> {
        self.overlays.matches.get(run as usize)?.as_ref()
    }

    /// Finds the pipeline of each run anew; called when documents came or went and are numbered.
    pub(super) fn match_runs(&mut self) {
        let open = |key: &Key| self.opened.get(key.0 as usize).is_some_and(Option::is_some);
        let mut stated = std::mem::take(&mut self.overlays.stated);
        stated.retain(|run, pipeline| open(run) && open(pipeline));
        let pipelines = self.pipelines.iter().enumerate();
        let pipelines = pipelines.filter_map(|(number, key)| Some((number as u32, *key, self.pipeline_at(*key)?)));
        let pipelines: Vec<(u32, Key, &Pipeline)> = pipelines.collect();
        let matches = self.runs.iter().map(|&key| {
            let (opened, run) = self.run_at(key).filter(|_| !pipelines.is_empty())?;
            let beside = |of: &Key| of.0 == key.0;
            let said = |of: &Key| stated.get(&key) == Some(of) || beside(of) && run.pipeline == Some(of.1);
            let candidates = pipelines.iter().map(|&(number, of, pipeline)| Candidate {
                number,
                pipeline,
                beside: beside(&of),
                outright: said(&of),
            });
            overlay::best(&opened.document, run, &candidates.collect::<Vec<_>>())
        });
        let matches = matches.collect();
        self.overlays = Overlays { matches, stated, laid: None };
    }

    pub(super) fn run_at(&self, key: Key) -> Option<(&Opened, &Run)> {
        let opened = self.opened.get(key.0 as usize)?.as_ref()?;
        Some((opened, opened.document.runs.get(key.1 as usize)?))
    }

    pub(super) fn pipeline_at(&self, key: Key) -> Option<&Pipeline> {
        self.opened.get(key.0 as usize)?.as_ref()?.document.pipelines.get(key.1 as usize)
    }

    /// A run laid on a pipeline of the session.
    pub(super) fn laid(&mut self, run: u32, pipeline: u32) -> Result<Rc<Laid>, String> {
        let no_run = || format!("There is no run {run}.");
        let no_pipeline = || format!("There is no pipeline {pipeline}.");
        let &run_key = self.runs.get(run as usize).ok_or_else(no_run)?;
        let &pipeline_key = self.pipelines.get(pipeline as usize).ok_or_else(no_pipeline)?;
        if let Some((of, on, laid)) = &self.overlays.laid
            && (*of, *on) == (run_key, pipeline_key)
        {
            return Ok(Rc::clone(laid));
        }
        let (opened, of) = self.run_at(run_key).ok_or_else(no_run)?;
        let on = self.pipeline_at(pipeline_key).ok_or_else(no_pipeline)?;
        if let Some((program, dry)) = self.desk.dry_runs.get(&pipeline_key).and_then(|kept| kept.shown_in(run_key.0)) {
            let path = |edge: u32| on.edges.get(edge as usize).map_or("", |edge| edge.path.as_str());
            let mut truth = |visit: &Visit, edge: u32| overlay::dry::truth(program, dry, visit.step, path(edge));
            let mut laid = overlay::lay(&opened.document, of, on, &mut truth, false);
            overlay::dry::settle(&mut laid, on, of, program, dry);
            let laid = Rc::new(laid);
            self.overlays.laid = Some((run_key, pipeline_key, Rc::clone(&laid)));
            return Ok(laid);
        }
        let id = |node: u32| on.nodes.get(node as usize).map_or("", |node| node.id.as_str());
        let way = overlay::way(&opened.document, of, on);
        let visits: Vec<(u32, &str)> = way.iter().map(|&(step, node)| (step, id(node))).collect();
        let mut recorded = Recorded::new(opened, of, &visits);
        let ran = self.ran(pipeline, &mut recorded, visits.first().map(|first| first.0));
        let went_on = visits.last().is_some_and(|last| recorded.went_on(last.0));
        let mut truth = |visit: &Visit, edge: u32| {
            let path = on.edges.get(edge as usize).map_or("", |edge| edge.path.as_str());
            ran.as_ref().map_or(Truth::Unknown, |ran| ran.truth(path, &mut recorded, visit.step))
        };
        let laid = Rc::new(overlay::lay(&opened.document, of, on, &mut truth, went_on));
        self.overlays.laid = Some((run_key, pipeline_key, Rc::clone(&laid)));
        Ok(laid)
    }

    /// The program a run ran on; `None` for a dialect whose engine is not known.
    fn ran(&self, pipeline: u32, recorded: &mut Recorded<'_>, first: Option<u32>) -> Option<Ran> {
        let definition = self.definition(pipeline).ok().filter(|found| found.pipeline.dialect == "ia-modules")?;
        // Checkpoints begin behind the first step.
        let state = first
            .and_then(|first| recorded.before(first).or_else(|| Some(recorded.after(first)?.state.as_ref().clone())));
        Ran::new(&definition.text, state.as_ref())
    }

    /// Why a recorded run went on as it did after a step.
    pub(super) fn recorded_decision(&mut self, run: u32, step: u32) -> Result<Decision, String> {
        let none = "This run follows no pipeline that is open. Open its pipeline too.";
        let pipeline = self.followed(run).ok_or(none)?.pipeline;
        let laid = self.laid(run, pipeline)?;
        let (opened, of) = self.runs.get(run as usize).and_then(|&key| self.run_at(key)).ok_or(none)?;
        let on = self.pipelines.get(pipeline as usize).and_then(|&key| self.pipeline_at(key)).ok_or(none)?;
        let within = |visit: &Visit| visit.step <= step && step < of.steps.after(visit.step);
        let at = laid.visits.iter().position(within);
        let at = at.ok_or_else(|| format!("Step {step} is in no step of the pipeline “{}”.", on.name))?;
        let id = |node: u32| on.nodes.get(node as usize).map_or("", |node| node.id.as_str());
        let visits: Vec<(u32, &str)> = laid.visits.iter().map(|visit| (visit.step, id(visit.node))).collect();
        let mut recorded = Recorded::new(opened, of, &visits);
        let ran = self.ran(pipeline, &mut recorded, visits.first().map(|first| first.0));
        let ran =
            ran.ok_or("Why edges are taken is known for pipelines of IA Modules that one of its loaders takes.")?;
        let known = laid.visits.get(at).and_then(|visit| recorded.after(visit.step));
        let known = known.as_ref().map(|known| (&*known.state, known.result.as_ref()));
        let asked = Asked { pipeline: on, program: &ran.program, laid: &laid, visit: at, known, run };
        overlay::decide(&asked).ok_or_else(|| format!("No decision is known after step {step} of run {run}."))
    }

    /// The flowchart of a pipeline with a run laid on it. From now on the run's cursor stands in its boxes.
    pub(super) fn flow_of_run(&mut self, pipeline: u32, run: u32) -> Result<Answer, String> {
        let laid = self.laid(run, pipeline)?;
        let missing = "This document is closed.";
        let &run_key = self.runs.get(run as usize).ok_or(missing)?;
        let &pipeline_key = self.pipelines.get(pipeline as usize).ok_or(missing)?;
        let definition = self.pipeline_at(pipeline_key).ok_or(missing)?;
        let (opened, of) = self.run_at(run_key).ok_or(missing)?;
        let mut view: FlowView = laid_flow(definition, &laid);
        // Of a dry run everything is known, and said where it happened.
        let dry = self.desk.dry_runs.values().any(|kept| kept.shows(run_key.0));
        let note = if dry { String::new() } else { overlay::note(&opened.document, of, definition, &laid) };
        view.note = [note.as_str(), view.note.as_str()].join(" ").trim().to_owned();
        let node_of = laid.node_of.clone();
        let opened = self.opened.get(run_key.0 as usize).and_then(Option::as_ref).ok_or(missing)?;
        let of = opened.document.runs.get(run_key.1 as usize).ok_or(missing)?;
        self.desk.run(run_key, of).node_of = node_of;
        Ok(Answer::Flow(Box::new(view)))
    }
}

/// The box a step is in; `None` for a step that stands in none.
pub(super) fn node_at(node_of: &[u32], step: u32) -> Option<u32> {
    node_of.get(step as usize).copied().filter(|&node| node != NEVER)
}

#[cfg(test)]
#[path = "overlays_tests.rs"]
mod tests;
