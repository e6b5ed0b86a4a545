//! A dry run: the engine's own order of steps, its shared dictionary and its decisions, with mocks for the steps' code.
//!
//! Source: `core.py`, `_execute_pipeline`. `judge` decides edges, `raise` sorts errors, `state` keeps the shared
//! dictionary. What a step's own code would do is not simulated. Words for people are in `words`.

mod advise;
#[cfg(test)]
mod corpus_tests;
pub mod expect;
mod failed;
mod find;
pub mod judge;
pub mod mocks;
mod places;
pub mod raise;
mod record;
mod report;
pub mod state;
#[cfg(test)]
mod tests;
mod trace;
pub(crate) mod words;

pub use judge::{Judged, Saw};
pub use places::Places;
pub use record::{Entry, Next, Run};
pub use report::{DryRun, changed, dry_run, not_json};
pub use state::{Mark, State, Writer};
pub use trace::write as trace;

use super::load::{Exception, Program, Step};
use super::python::{Dict, Operator, Value, order};
use crate::protocol::{EngineId, RunEnd, Verdict};
use raise::Raised;
use rustc_hash::FxHashMap;
use std::collections::VecDeque;
use std::rc::Rc;

/// Steps after which the engine gives up.
pub(super) const MAX_STEPS: usize = 100;

/// What a step's code makes of a call.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It returns a value.
    Returns(Value),
    /// It raises an error, at each attempt again.
    Raises(Raised),
}

/// A call of a step's code.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The step.
    pub step: &'a Step,
    /// Which visit of it, from 1.
    pub visit: u32,
    /// The shared dictionary it is given.
    pub state: &'a Dict,
}

/// A person's answer at a step that waits.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Id of the step.
    pub step: String,
    /// What they answer.
    pub value: Value,
}

/// What a program is run with.
pub struct Given<'a> {
    /// The input.
    pub input: &'a Dict,
    /// Answers of people, in the order of the pauses.
    pub answers: &'a [Answer],
    /// The `_pipeline_id` that 0.2.0 puts into the state: the name of the file without its ending.
    pub pipeline_id: &'a str,
}

/// Runs a program; `code` stands for the code of all steps.
pub fn run(program: &Program, given: &Given<'_>, code: &mut dyn FnMut(Call<'_>) -> Outcome) -> Run {
    let mut running = Running {
        program,
        engine: program.target.engine,
        out: Run::new(State::new(given.input)),
        queue: VecDeque::new(),
        loop_visits: FxHashMap::default(),
        visits: FxHashMap::default(),
        unseen: FxHashMap::default(),
        answers: given.answers,
    };
    if let Err(exception) = running.all(given, code) {
        running.out.end = RunEnd::Failed;
        running.out.error = Some(exception);
    } else if running.out.end != RunEnd::WaitingForHuman {
        running.out.output = Value::dict(running.out.state.current().clone());
    }
    running.out.dropped = running.queue.iter().map(|target| Rc::from(target.to_string())).collect();
    running.out
}

struct Running<'a> {
    program: &'a Program,
    engine: EngineId,
    out: Run,
    /// Targets of a fan-out that wait for their turn.
    queue: VecDeque<Value>,
    /// Visits of steps in loops, as the engine counts them.
    loop_visits: FxHashMap<Rc<str>, i64>,
    visits: FxHashMap<Rc<str>, u32>,
    /// The edges of a step when none is looked at.
    unseen: FxHashMap<Rc<str>, Rc<Vec<Judged>>>,
    answers: &'a [Answer],
}

impl Running<'_> {
    /// The run, with every resumption after an answer.
    fn all(&mut self, given: &Given<'_>, code: &mut dyn FnMut(Call<'_>) -> Outcome) -> Result<(), Exception> {
        // The name labels the engine's own metrics before anything else happens.
        if let name @ (Value::List(_) | Value::Dict(_)) = &self.program.name {
            return Err(Exception::unhashable(name));
        }
        self.name_run(given.pipeline_id);
        if let Some(exception) = &self.program.no_flow {
            return Err(exception.clone());
        }
        let mut start = self.program.start.clone();
        if !start.truthy() {
            return Err(Exception::new("ValueError", "No start step defined in pipeline flow"));
        }
        while let Some(next) = self.from(start, code)? {
            // Who resumes makes a new pipeline object: queue, visits and the limit of steps begin anew.
            self.queue.clear();
            self.loop_visits.clear();
            self.name_run(given.pipeline_id);
            start = next;
        }
        Ok(())
    }

    /// 0.2.0 writes its own ids into the state whenever a run begins, also one that goes on after an answer.
    fn name_run(&mut self, pipeline_id: &str) {
        if self.engine == EngineId::IaModules020 {
            self.out.state.set(&Rc::from("_execution_id"), &Value::from("cli-run"), Writer::Engine);
            if !pipeline_id.is_empty() {
                self.out.state.set(&Rc::from("_pipeline_id"), &Value::from(pipeline_id), Writer::Engine);
            }
        }
    }

    /// Runs from a step on. `Some` target when a person answered and the run goes on there.
    fn from(&mut self, start: Value, code: &mut dyn FnMut(Call<'_>) -> Outcome) -> Result<Option<Value>, Exception> {
        let mut current = start;
        let mut index = 0;
        while current.truthy() && index < MAX_STEPS {
            let Value::Str(id) = &current else { return Err(Exception::attribute(&current, "startswith")) };
            if id.starts_with("end_") {
                break;
            }
            let id = Rc::clone(id);
            let program = self.program;
            let Some((at, step)) = program.step(&id) else {
                self.out.terminal = Some(id.to_string());
                return Err(Exception::new("ValueError", format!("Step '{id}' not found")));
            };
            self.check_loop(&id)?;
            let entry = self.enter(at, step, &id, code)?;
            if self.waits(entry) {
                return Ok(self.pause(entry, &id));
            }
            self.merge(entry, &id);
            if let Some(next) = self.queue.pop_front() {
                self.look_aside(entry, &id);
                current = next;
                index += 1;
                continue;
            }
            match self.decide(entry, &id)? {
                Some(next) => {
                    current = next;
                    index += 1;
                }
                None => {
                    current = Value::None;
                    let leaves = program.leaving(&id).len() > 0;
                    self.out.end = if leaves { RunEnd::DeadEnd } else { RunEnd::Completed };
                    break;
                }
            }
        }
        if index >= MAX_STEPS {
            return Err(Exception::new(
                "RuntimeError",
                format!("Pipeline exceeded maximum steps ({MAX_STEPS}), possible infinite loop"),
            ));
        }
        self.out.terminal = current.as_str().map(str::to_owned);
        Ok(None)
    }

    /// The limits of loops, looked at before a step of one is entered.
    fn check_loop(&mut self, id: &Rc<str>) -> Result<(), Exception> {
        let Some(loops) = &self.program.loops else { return Ok(()) };
        let Some(name) = loops.of(id) else { return Ok(()) };
        let visits = self.loop_visits.get(id).copied().unwrap_or(0);
        let failed = |why: String| Err(Exception::new("RuntimeError", format!("Loop safety check failed: {why}")));
        let reached = |a: &Value, limit: &Value| order(a, Operator::GreaterOrEqual, limit).map_err(Exception::of_type);
        if reached(&Value::from(visits), &loops.max_iterations)? {
            return failed(format!("Step '{id}' reached max iterations ({})", loops.max_iterations));
        }
        // A simulation takes no time: only a limit that no time can keep is reached.
        if reached(&Value::from(0.0), &loops.max_time)? {
            return failed(format!("Loop '{name}' exceeded max time ({}s)", loops.max_time));
        }
        self.loop_visits.insert(Rc::clone(id), visits + 1);
        Ok(())
    }

    /// Calls a step. Its entry is there even when the run ends with its error.
    fn enter(
        &mut self,
        at: usize,
        step: &Step,
        id: &Rc<str>,
        code: &mut dyn FnMut(Call<'_>) -> Outcome,
    ) -> Result<usize, Exception> {
        let visit = self.visits.entry(Rc::clone(id)).or_insert(0);
        *visit += 1;
        let visit = *visit;
        let before = self.out.state.mark();
        let outcome = code(Call { step, visit, state: self.out.state.current() });
        let mut entry = Entry {
            step: at,
            id: Rc::clone(id),
            visit,
            before,
            after: before,
            result: None,
            error: None,
            attempts: 1,
            recorded: false,
            next: Next::Failed,
            edges: Rc::default(),
        };
        let mut ends = None;
        match outcome {
            Outcome::Returns(value) => entry.result = Some(value),
            Outcome::Raises(raised) => {
                let tried = raise::tried(raised, step.errors.retry.as_ref());
                entry.attempts = tried.attempts;
                // A fallback is tried for some errors; that of the base class raises the error again.
                match tried.failure {
                    Ok(failure) => {
                        entry.error = Some(failure.exception(id));
                        if step.errors.continue_on_error {
                            entry.result = Some(failure.result(id, self.engine));
                        } else {
                            ends = entry.error.clone();
                        }
                    }
                    Err(exception) => {
                        entry.error = Some(exception.clone());
                        ends = Some(exception);
                    }
                }
            }
        }
        self.out.entries.push(entry);
        let position = self.out.entries.len() - 1;
        if let Some(exception) = ends {
            self.look_aside(position, id);
            self.note(position, |entry| entry.next = Next::Failed);
            return Err(exception);
        }
        Ok(position)
    }

    fn note(&mut self, entry: usize, change: impl FnOnce(&mut Entry)) {
        if let Some(entry) = self.out.entries.get_mut(entry) {
            change(entry);
        }
    }

    fn waits(&self, entry: usize) -> bool {
        let result = self.out.entries.get(entry).and_then(|entry| entry.result.as_ref());
        result.and_then(|result| result.get("status")).and_then(Value::as_str) == Some("human_input_required")
    }

    /// A step waits for a person: the run ends, or goes on at what follows when there is an answer.
    fn pause(&mut self, entry: usize, id: &Rc<str>) -> Option<Value> {
        self.look_aside(entry, id);
        let answer = self.answers.get(self.out.answered).filter(|answer| answer.step == **id);
        let Some(answer) = answer.cloned() else {
            self.note(entry, |entry| entry.next = Next::Waits);
            self.out.end = RunEnd::WaitingForHuman;
            self.out.waiting = Some(Rc::clone(id));
            let result = self.out.entries.get(entry).and_then(|entry| entry.result.clone());
            self.out.output = result.unwrap_or_default();
            return None;
        };
        self.out.answered += 1;
        if let Some(dict) = answer.value.as_dict() {
            self.out.state.update(dict, Writer::Person(entry));
        }
        let first = self.program.leaving(id).next();
        let after = self.out.state.mark();
        self.note(entry, |entry| {
            entry.after = after;
            entry.next = Next::Answered(first);
            if let Some(edge) = Rc::make_mut(&mut entry.edges).first_mut() {
                edge.verdict = Verdict::Taken;
            }
        });
        self.out.end = RunEnd::Completed;
        first.and_then(|edge| self.program.edges.get(edge)).map(|edge| edge.to.clone())
    }

    /// What a step returned goes into the shared dictionary.
    fn merge(&mut self, entry: usize, id: &Rc<str>) {
        let result = self.out.entries.get(entry).and_then(|entry| entry.result.clone()).unwrap_or_default();
        if let Some(dict) = result.as_dict() {
            self.out.state.update(dict, Writer::Entry(entry));
        }
        self.out.state.set(id, &result, Writer::Entry(entry));
        let after = self.out.state.mark();
        self.note(entry, |entry| {
            entry.after = after;
            entry.recorded = true;
        });
    }

    /// Notes the edges of a step that the engine does not look at.
    fn look_aside(&mut self, entry: usize, id: &str) {
        // The same for each visit: a step with many edges may be entered often.
        let unseen = self.unseen.entry(Rc::from(id)).or_insert_with(|| {
            let edges = self.program.leaving(id);
            Rc::new(edges.map(|edge| Judged { edge, verdict: Verdict::Unseen, saw: Saw::Nothing }).collect())
        });
        let unseen = Rc::clone(unseen);
        self.note(entry, |entry| {
            entry.next = Next::Queue;
            entry.edges = unseen;
        });
    }

    /// Looks at the edges of a step; where it goes next.
    fn decide(&mut self, entry: usize, id: &str) -> Result<Option<Value>, Exception> {
        let mut judged = Vec::new();
        let mut targets = Vec::new();
        let mut raised = None;
        let program = self.program;
        for at in program.leaving(id) {
            let Some(edge) = program.edges.get(at) else { continue };
            if raised.is_some() {
                judged.push(Judged { edge: at, verdict: Verdict::Unseen, saw: Saw::Nothing });
                continue;
            }
            let (saw, holds) = judge::judge(edge, self.engine, self.out.state.current());
            let verdict = match holds {
                Ok(false) => Verdict::Refused,
                Ok(true) => {
                    targets.push(edge.to.clone());
                    if targets.len() == 1 { Verdict::Taken } else { Verdict::Queued }
                }
                Err(exception) => {
                    raised = Some(exception);
                    Verdict::Raised
                }
            };
            judged.push(Judged { edge: at, verdict, saw });
        }
        if raised.is_some() {
            // What was true before the error is not followed either.
            for edge in &mut judged {
                if matches!(edge.verdict, Verdict::Taken | Verdict::Queued) {
                    edge.verdict = Verdict::Unseen;
                }
            }
        }
        let first = judged.iter().find(|edge| edge.verdict == Verdict::Taken).map(|edge| edge.edge);
        if raised.is_none() {
            self.queue.extend(targets.iter().skip(1).cloned());
        }
        let failed = raised.is_some();
        self.note(entry, |entry| {
            entry.next = if failed { Next::Failed } else { Next::Edges(first) };
            entry.edges = Rc::new(judged);
        });
        match raised {
            Some(exception) => Err(exception),
            None => Ok(targets.into_iter().next()),
        }
    }
}
