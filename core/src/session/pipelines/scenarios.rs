//! Scenarios: from and to their file, and from a recorded run.

use crate::ia_modules::python::{Dict, Value as Python};
use crate::json::{looks_like_container, quoted};
use crate::model::{Details, Error, Place, Status, Value, ValueText};
use crate::protocol::{Answer, Answered, Mock, Scenario, ScenarioFile, StepMock};
use crate::scenario::{self, compact};
use crate::session::{Opened, Session};
use std::rc::Rc;

/// What one visit of a step left behind.
enum Left {
    Output(String),
    Error(String),
}

/// Input, mocks and answers that stand for what a run recorded. Steps the run did not reach get no mock.
pub(super) fn of_run(session: &mut Session, pipeline: u32, run: u32) -> Result<Answer, String> {
    let laid = session.laid(run, pipeline)?;
    if laid.visits.is_empty() {
        return Err("No step of this run is a step of the pipeline, so nothing can be taken from it.".to_owned());
    }
    let &run_key = session.runs.get(run as usize).ok_or_else(|| format!("There is no run {run}."))?;
    let (opened, recorded) = session.run_at(run_key).ok_or_else(|| format!("There is no run {run}."))?;
    let &pipeline_key =
        session.pipelines.get(pipeline as usize).ok_or_else(|| format!("There is no pipeline {pipeline}."))?;
    let definition = session.pipeline_at(pipeline_key).ok_or_else(|| format!("There is no pipeline {pipeline}."))?;
    let mut scenario = Scenario { name: format!("as in {}", recorded.name), ..Scenario::default() };
    let mut steps: Vec<(String, Vec<Left>)> = Vec::new();
    let mut position_of: rustc_hash::FxHashMap<u32, usize> = rustc_hash::FxHashMap::default();
    for (at, visit) in laid.visits.iter().enumerate() {
        let Some(node) = definition.nodes.get(visit.node as usize) else { continue };
        let details = opened.details(recorded, visit.step)?;
        if at == 0 {
            scenario.input = input(opened, recorded, visit.step, &details)?;
        }
        let status = recorded.steps.status.get(visit.step as usize).copied().unwrap_or_default();
        let output = details.output.as_ref().map(|value| json_of(opened, value)).transpose()?.flatten();
        if waits(status, output.as_deref()) && at + 1 < laid.visits.len() {
            // What the person said is in the state that follows; the run does not tell it apart.
            scenario.answers.push(Answered { step: node.id.clone(), value: "{}".to_owned() });
        }
        let left = match (output, &details.error) {
            (Some(output), _) => Left::Output(output),
            (None, Some(error)) => Left::Error(raised(error)),
            (None, None) if status == Status::Error => Left::Error("Exception: failed in the recorded run".to_owned()),
            (None, None) => continue,
        };
        let position = *position_of.entry(visit.node).or_insert(steps.len());
        match steps.get_mut(position) {
            Some((_, lefts)) => lefts.push(left),
            None => steps.push((node.id.clone(), vec![left])),
        }
    }
    scenario.mocks =
        steps.into_iter().filter_map(|(step, lefts)| Some(StepMock { step, mock: mock(lefts)? })).collect();
    Ok(Answer::Scenario(scenario))
}

/// The mock that repeats what the visits left. A step that failed in a later visit returns until then.
fn mock(lefts: Vec<Left>) -> Option<Mock> {
    let mut values: Vec<String> = Vec::new();
    let mut failed = None;
    for left in lefts {
        match left {
            Left::Output(value) => values.push(value),
            Left::Error(error) => failed = Some(error),
        }
    }
    if values.is_empty() {
        return failed.map(|error| Mock::Raises { error });
    }
    if values.iter().all(|value| Some(value) == values.first()) {
        values.truncate(1);
    }
    if values.len() == 1 { values.pop().map(|value| Mock::Returns { value }) } else { Some(Mock::Sequence { values }) }
}

/// The run's own input: that of the step around everything, else the state the first step was given.
fn input(opened: &Opened, run: &crate::model::Run, first: u32, details: &Details) -> Result<String, String> {
    let around = if first > 0 { opened.details(run, 0)?.input } else { None };
    let value = around.as_ref().or(details.state.as_ref()).or(details.input.as_ref());
    let Some(text) = value.map(|value| json_of(opened, value)).transpose()?.flatten() else { return Ok(String::new()) };
    let Ok(Python::Dict(dict)) = Python::parse(text.as_bytes()) else { return Ok(String::new()) };
    // 0.2.0 puts these in itself.
    let own = ["_execution_id", "_pipeline_id"];
    if !own.iter().any(|key| dict.contains(key)) {
        return Ok(text);
    }
    let rest: Dict = dict
        .iter()
        .filter(|(key, _)| !own.contains(&&***key))
        .map(|(key, value)| (Rc::clone(key), value.clone()))
        .collect();
    let json = rest.to_json();
    Ok(compact(&json).unwrap_or(json))
}

fn waits(status: Status, output: Option<&str>) -> bool {
    let says = |output: &str| {
        let value = Python::parse(output.as_bytes()).ok();
        value.is_some_and(|value| value.get("status").and_then(Python::as_str) == Some("human_input_required"))
    };
    status == Status::Waiting || output.is_some_and(says)
}

/// A value of the run as JSON on one line; `None` when it is none.
fn json_of(opened: &Opened, value: &Value) -> Result<Option<String>, String> {
    let read = |place: Place| opened.bytes(place).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    Ok(match &value.text {
        ValueText::Json => compact(&read(value.place)?).ok(),
        ValueText::JsonString => {
            let token = read(value.place)?;
            let decoded = serde_json::from_str::<String>(&token).unwrap_or_default();
            let inner = if looks_like_container(&decoded) { compact(&decoded).ok() } else { None };
            inner.or_else(|| compact(&token).ok())
        }
        ValueText::Plain => Some(quoted(&read(value.place)?)),
        ValueText::Made { text, json: true, .. } => compact(text).ok(),
        ValueText::Made { text, json: false, .. } => Some(quoted(text)),
    })
}

/// An error that the engine sorts as it did the recorded one.
fn raised(error: &Error) -> String {
    let kind = match error.kind.as_str() {
        "network" => "ConnectionError",
        "timeout" => "TimeoutError",
        "validation" => "ValidationError",
        "resource" => "MemoryError",
        "dependency" => "DatabaseError",
        "" | "unknown" => "Exception",
        other => other,
    };
    format!("{kind}: {}", error.message)
}

pub(super) fn read(text: &str) -> Result<Answer, String> {
    Ok(Answer::Scenarios(scenario::read(text)))
}

pub(super) fn write(file: &ScenarioFile) -> Result<Answer, String> {
    Ok(Answer::Text { text: scenario::write(file)? })
}
