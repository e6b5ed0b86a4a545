//! A dry run from text to answer: reads the definition, the input and the mocks, loads, runs, and says what came of it.

use super::expect::{Outcome, unmet};
use super::find::{Looking, findings};
use super::places::Places;
use super::words::{self, Telling};
use super::{Answer, Given, Run, mocks, run};
use crate::ia_modules::load::{self, Mock, Mocks, Program, load};
use crate::ia_modules::python::{Dict, Value};
use crate::ia_modules::validate::NotJson;
use crate::model::Severity;
use crate::protocol::{
    Decision, EdgeCount, EdgeDecision, Mock as MockText, RunEnd, RunError, Scenario, Simulation, Target, Verdict,
};
use rustc_hash::FxHashMap;

/// A dry run with everything it can be asked about.
#[derive(Clone, Debug)]
pub struct DryRun {
    /// The program and its run; `None` when the loader refused the definition.
    pub ran: Option<(Program, Run)>,
    /// Where things stand in the definition.
    pub places: Places,
    /// The answer. It names no run of a session, and nothing it could be compared with.
    pub simulation: Simulation,
}

/// Reads JSON text that somebody gave; `what` begins the complaint.
fn json(text: &str, what: &str) -> Result<Value, String> {
    Value::parse(text.as_bytes()).map_err(|wrong| wrong.sentence(what, text.as_bytes()))
}

fn mock(step: &str, mock: &MockText) -> Result<Mock, String> {
    let what = || format!("The mock of `{step}`");
    Ok(match mock {
        MockText::Generated => Mock::Generated,
        MockText::Returns { value } => Mock::Returns(json(value, &what())?),
        MockText::Sequence { values } => {
            Mock::Sequence(values.iter().map(|value| json(value, &what())).collect::<Result<_, _>>()?)
        }
        MockText::Raises { error } => Mock::Raises(error.clone()),
    })
}

/// Runs a definition with a scenario. `pipeline_id` is the name of the file without its ending, which 0.2.0 puts into
/// the state.
///
/// # Errors
/// A sentence, when the definition is no JSON or the scenario makes no sense.
pub fn dry_run(text: &[u8], target: Target, scenario: &Scenario, pipeline_id: &str) -> Result<DryRun, String> {
    let definition = Value::parse(text).map_err(|wrong| wrong.sentence("The definition", text))?;
    let input =
        if scenario.input.trim().is_empty() { Value::dict(Dict::new()) } else { json(&scenario.input, "The input")? };
    let Some(input_dict) = input.as_dict() else {
        return Err(format!("The input must be a JSON object, and is of type {}.", input.type_name()));
    };
    let mocks: Mocks = scenario
        .mocks
        .iter()
        .map(|given| Ok((given.step.clone(), mock(&given.step, &given.mock)?)))
        .collect::<Result<_, String>>()?;
    let answers: Vec<Answer> = scenario
        .answers
        .iter()
        .map(|given| {
            let value = json(&given.value, &format!("The answer at `{}`", given.step))?;
            Ok(Answer { step: given.step.clone(), value })
        })
        .collect::<Result<_, String>>()?;
    let places = Places::new(text);
    let mut simulation = Simulation { target, ..Simulation::default() };
    let mut output = Value::None;
    let ran = match load(&definition, load::Given { target, input: &input, mocks: &mocks }) {
        Err(exception) => {
            refuse(&exception, &places, (0, 0), &mut simulation);
            None
        }
        Ok(program) => {
            let given = Given { input: input_dict, answers: &answers, pipeline_id };
            let done = run(&program, &given, &mut mocks::outcome);
            describe(&program, &done, &mut simulation);
            let looking =
                Looking { program: &program, run: &done, mocks: &mocks, answers: answers.len(), places: &places };
            simulation.findings = findings(&looking);
            output = done.output.clone();
            Some((program, done))
        }
    };
    simulation.output = output.to_json();
    simulation.unmet = scenario.expect.as_ref().map(|expected| {
        let error = simulation.error.as_ref();
        unmet(expected, Outcome { status: simulation.status, entered: &simulation.entered, output: &output, error })
    });
    Ok(DryRun { ran, places, simulation })
}

/// The dry run of a text that Python does not read as JSON: the engine never sees it.
pub fn not_json(text: &[u8], wrong: &NotJson, target: Target) -> DryRun {
    let mut simulation = Simulation { target, output: Value::None.to_json(), ..Simulation::default() };
    let places = Places::new(text);
    let at = wrong.at as u64;
    refuse(&load::Exception::new(wrong.exception, wrong.python(text)), &places, (at, at), &mut simulation);
    DryRun { ran: None, places, simulation }
}

/// No step is entered.
fn refuse(exception: &load::Exception, places: &Places, at: (u64, u64), simulation: &mut Simulation) {
    simulation.status = RunEnd::Failed;
    let engine = words::engine(simulation.target.engine);
    simulation.summary = format!("{engine} refuses the file: {}.", exception.to_string().trim_end_matches('.'));
    let message = format!("{} No step is entered.", simulation.summary);
    simulation.findings = vec![places.finding("dry-run-refused", Severity::Error, "$", at, message)];
    simulation.error = Some(RunError { type_name: exception.type_name.clone(), message: exception.message.clone() });
}

fn describe(program: &Program, done: &Run, simulation: &mut Simulation) {
    simulation.entered = done.entries.iter().map(|entry| entry.id.to_string()).collect();
    let recorded = done.entries.iter().filter(|entry| entry.recorded);
    simulation.recorded = recorded.map(|entry| entry.id.to_string()).collect();
    simulation.status = done.end;
    simulation.waiting_step = done.waiting.as_ref().map(ToString::to_string);
    let error =
        |error: &load::Exception| RunError { type_name: error.type_name.clone(), message: error.message.clone() };
    simulation.error = done.error.as_ref().map(error);
    simulation.summary = words::summary(program, done);
    let mut counts: FxHashMap<usize, (u32, u32)> = FxHashMap::default();
    for judged in done.entries.iter().flat_map(|entry| entry.edges.iter()) {
        if matches!(judged.verdict, Verdict::Refused | Verdict::Raised) {
            counts.entry(judged.edge).or_default().1 += 1;
        }
    }
    for edge in done.taken() {
        counts.entry(edge).or_default().0 += 1;
    }
    simulation.edges = (program.edges.iter().enumerate())
        .filter_map(|(at, edge)| {
            let &(taken, refused) = counts.get(&at)?;
            (taken + refused > 0).then(|| EdgeCount { path: edge.path.clone(), taken, refused })
        })
        .collect();
}

impl DryRun {
    /// What the engine decided after the entry of this position. Numbers of the run, its steps and the places in the
    /// file are those of the definition alone: a session puts in its own.
    pub fn decision(&self, entry: usize) -> Option<Decision> {
        let (program, run) = self.ran.as_ref()?;
        let telling = Telling { program, run, entry: run.entries.get(entry)? };
        let edges = telling.entry.edges.iter().map(|judged| {
            let (start, end) = self.places.edge(judged.edge);
            let edge = program.edges.get(judged.edge);
            EdgeDecision {
                path: edge.map_or_else(String::new, |edge| edge.path.clone()),
                to: edge.map_or_else(String::new, |edge| edge.to.to_string()),
                condition: words::condition(program, judged.edge),
                source: words::source(program, judged.edge),
                saw: words::saw(&judged.saw),
                missing: matches!(judged.saw, super::Saw::Missing { .. }),
                verdict: judged.verdict,
                why: telling.why(judged),
                start,
                end,
            }
        });
        let (advice, fixes) = super::advise::advise(telling, &self.places);
        let before = (0..entry).rev().filter_map(|at| {
            let entry = run.entries.get(at).filter(|entry| !entry.edges.is_empty())?;
            Some((at as u32, entry.id.to_string(), Telling { program, run, entry }.summary()))
        });
        Some(Decision {
            run: 0,
            step: entry as u32,
            node: telling.entry.id.to_string(),
            visit: telling.entry.visit,
            dead_end: telling.dead_end(),
            summary: telling.summary(),
            edges: edges.collect(),
            advice,
            fixes,
            before: before.collect(),
        })
    }
}

/// Ids of steps and paths of edges for which two dry runs of one pipeline differ, in the order of the later run.
pub fn changed(before: &DryRun, after: &DryRun) -> Vec<String> {
    let steps = |dry: &DryRun| -> Vec<(String, String)> {
        let Some((_, run)) = &dry.ran else { return Vec::new() };
        let mut by_id: Vec<(String, String)> = Vec::new();
        for entry in &run.entries {
            let text = entry
                .result
                .as_ref()
                .map_or_else(|| entry.error.as_ref().map_or_else(String::new, ToString::to_string), Value::to_json);
            match by_id.iter_mut().find(|(id, _)| **id == *entry.id) {
                Some((_, all)) => {
                    all.push('\n');
                    all.push_str(&text);
                }
                None => by_id.push((entry.id.to_string(), text)),
            }
        }
        by_id
    };
    let edges = |dry: &DryRun| -> Vec<(String, String)> {
        let counts = dry.simulation.edges.iter();
        counts.map(|edge| (edge.path.clone(), format!("{} {}", edge.taken, edge.refused))).collect()
    };
    let mut changed = Vec::new();
    for (old, new) in [(steps(before), steps(after)), (edges(before), edges(after))] {
        let other: FxHashMap<&String, &String> = old.iter().map(|(id, text)| (id, text)).collect();
        changed.extend(new.iter().filter(|(id, text)| other.get(id) != Some(&text)).map(|(id, _)| id.clone()));
        let now: FxHashMap<&String, &String> = new.iter().map(|(id, text)| (id, text)).collect();
        changed.extend(old.iter().filter(|(id, _)| !now.contains_key(id)).map(|(id, _)| id.clone()));
    }
    changed
}
