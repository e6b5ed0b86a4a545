//! What scenarios reach of a pipeline, and for an edge none takes a scenario that does.
//!
//! Everything is run by the simulator: what counts as reached was entered or passed in a run, and a suggestion is only
//! made when its run takes the edge. Looking for one is in `search`, turning one decision in `solve`, guessing values
//! in `values`, ways through the pipeline in `graph`.

mod case;
mod graph;
mod search;
mod solve;
#[cfg(test)]
mod tests;
mod values;

use super::load::Program;
use super::python::Value;
use super::simulate::expect::{Outcome, unmet};
use super::simulate::words;
use crate::order::Order as _;
use crate::protocol::{Coverage, Reached, RunEnd, RunError, Scenario, ScenarioResult, Suggestion, Target};
use case::{Case, Ground, Ran};
use graph::Graph;
use rustc_hash::FxHashMap;
use search::{Found, Search, WORK};

/// Scenarios whose runs are kept to start a search from.
const KEPT: usize = 50;

/// Runs all scenarios on a definition and says what they reach. With `suggest`, looks for scenarios that take the
/// edges none takes. `pipeline_id` is the name of the pipeline's file without its ending.
///
/// # Errors
/// A sentence, when the definition is no JSON.
pub fn coverage(
    text: &[u8],
    target: Target,
    scenarios: &[Scenario],
    suggest: bool,
    pipeline_id: &str,
) -> Result<Coverage, String> {
    let definition = Value::parse(text).map_err(|wrong| wrong.sentence("The definition", text))?;
    let ground = Ground { definition: &definition, target, pipeline_id };
    let mut out = Coverage::default();
    let mut steps: FxHashMap<String, Vec<u32>> = FxHashMap::default();
    let mut edges: FxHashMap<String, Vec<u32>> = FxHashMap::default();
    let mut bases: Vec<(Case, Ran)> = Vec::new();
    let mut refused = String::new();
    for (position, scenario) in scenarios.iter().enumerate() {
        let position = u32::try_from(position).unwrap_or(u32::MAX);
        let case = match Case::new(scenario) {
            Ok(case) => case,
            Err(why) => {
                out.scenarios.push(not_run(scenario, why));
                continue;
            }
        };
        match case.run(ground) {
            Ok(ran) => {
                out.scenarios.push(result(scenario, &ran));
                note(&ran, position, &mut steps, &mut edges);
                if bases.len() < KEPT {
                    bases.push((case, ran));
                }
            }
            Err(exception) => {
                refused = format!("The loader refuses the file: {exception}");
                let error = RunError { type_name: exception.type_name, message: exception.message };
                out.scenarios.push(refusal(scenario, &error, &refused));
            }
        }
    }
    // Without any scenario the steps and edges are those of an empty one, and searches start there.
    let empty = Case::new(&Scenario::default()).and_then(|case| match case.run(ground) {
        Ok(ran) => Ok((case, ran)),
        Err(exception) => Err(format!("The loader refuses the file: {exception}")),
    });
    match empty {
        Ok(empty) => bases.push(empty),
        Err(why) => refused = why,
    }
    let program = bases.last().map(|(_, ran)| ran.program.clone());
    declared(&definition, program.as_ref(), &refused, &mut out);
    for (all, by) in [(&mut out.steps, &mut steps), (&mut out.edges, &mut edges)] {
        for one in all {
            one.by = by.remove(&one.of).unwrap_or_default();
            if !one.by.is_empty() {
                one.why.clear();
            }
        }
    }
    if let Some(program) = program.filter(|_| suggest) {
        let graph = Graph::new(&program);
        let search = Search { ground, program: &program, graph: &graph, bases: &bases, work: WORK };
        suggestions(search, &mut out);
    }
    Ok(out)
}

fn not_run(scenario: &Scenario, why: String) -> ScenarioResult {
    let summary = format!("It was not run. {why}");
    ScenarioResult { name: scenario.name.clone(), status: RunEnd::Failed, passed: false, unmet: vec![why], summary }
}

/// A scenario on a definition the loader refuses: it may expect just that.
fn refusal(scenario: &Scenario, error: &RunError, summary: &str) -> ScenarioResult {
    let got = Outcome { status: RunEnd::Failed, entered: &[], output: &Value::None, error: Some(error) };
    let unmet = match &scenario.expect {
        Some(expect) => unmet(expect, got),
        None => vec![summary.to_owned()],
    };
    let (name, summary) = (scenario.name.clone(), summary.to_owned());
    ScenarioResult { name, status: RunEnd::Failed, passed: unmet.is_empty(), unmet, summary }
}

fn result(scenario: &Scenario, ran: &Ran) -> ScenarioResult {
    let run = &ran.run;
    let entered: Vec<String> = run.entries.iter().map(|entry| entry.id.to_string()).collect();
    let error = run.error.as_ref();
    let error = error.map(|error| RunError { type_name: error.type_name.clone(), message: error.message.clone() });
    let got = Outcome { status: run.end, entered: &entered, output: &run.output, error: error.as_ref() };
    let unmet = scenario.expect.as_ref().map(|expect| unmet(expect, got)).unwrap_or_default();
    ScenarioResult {
        name: scenario.name.clone(),
        status: run.end,
        passed: unmet.is_empty(),
        unmet,
        summary: words::summary(&ran.program, run),
    }
}

/// Notes what a run reached.
fn note(ran: &Ran, position: u32, steps: &mut FxHashMap<String, Vec<u32>>, edges: &mut FxHashMap<String, Vec<u32>>) {
    let reach = |of: &str, all: &mut FxHashMap<String, Vec<u32>>| {
        let by = all.entry(of.to_owned()).or_default();
        if by.last() != Some(&position) {
            by.push(position);
        }
    };
    for entry in &ran.run.entries {
        reach(&entry.id, steps);
    }
    for edge in ran.taken() {
        if let Some(edge) = ran.program.edges.get(edge) {
            reach(&edge.path, edges);
        }
    }
}

/// The steps and edges of the file, whoever reads it.
fn declared(definition: &Value, program: Option<&Program>, refused: &str, out: &mut Coverage) {
    let reached = |of: String, why: &str| Reached { of, by: Vec::new(), suggestion: None, why: why.to_owned() };
    match program {
        Some(program) => {
            let ids = program.steps.iter().map(|step| step.id.to_string());
            let mut seen = rustc_hash::FxHashSet::default();
            let ids = ids.filter(|id| seen.insert(id.clone()));
            out.steps = ids.map(|id| reached(id, "")).collect();
            out.edges = program.edges.iter().map(|edge| reached(edge.path.clone(), "")).collect();
        }
        None => {
            let list = |value: Option<&Value>| value.and_then(Value::as_list).map_or(0, <[Value]>::len);
            let steps = definition.get("steps").and_then(Value::as_list).unwrap_or_default();
            let name = |step: &Value| step.get("id").or(step.get("name")).and_then(Value::as_str).map(str::to_owned);
            out.steps = steps.iter().filter_map(name).map(|id| reached(id, refused)).collect();
            let paths = list(definition.get("flow").and_then(|flow| flow.get("paths")));
            out.edges = (0..paths).map(|at| reached(format!("$.flow.paths[{at}]"), refused)).collect();
        }
    }
    let transitions = definition.get("flow").and_then(|flow| flow.get("transitions")).and_then(Value::as_list);
    let ignored = "The engine does not read `flow.transitions`.";
    out.edges.extend(
        (0..transitions.map_or(0, <[Value]>::len)).map(|at| reached(format!("$.flow.transitions[{at}]"), ignored)),
    );
}

/// Looks for a scenario for each edge that none takes, in the order of the file. A scenario found for one edge is told
/// for the others it takes as well.
fn suggestions(mut search: Search<'_>, out: &mut Coverage) {
    let mut found: Vec<(Found, Vec<usize>)> = Vec::new();
    for at in 0..search.program.edges.len() {
        let Some(reached) = out.edges.get_mut(at).filter(|reached| reached.by.is_empty()) else { continue };
        let known = found.iter().position(|(_, taken)| taken.binary_search(&at).is_ok());
        let known = match known {
            Some(known) => Ok(known),
            None => search.find(at).map(|one| {
                let mut taken = one.ran.taken();
                taken.order();
                taken.dedup();
                found.push((one, taken));
                found.len() - 1
            }),
        };
        match known.map(|known| found.get(known)) {
            Ok(Some((one, _))) => reached.suggestion = Some(suggestion(search.program, at, one)),
            Ok(None) => {}
            Err(why) => reached.why = why,
        }
    }
    for step in &mut out.steps {
        if step.by.is_empty() {
            step.why = search.never_entered(&step.of);
        }
    }
}

fn suggestion(program: &Program, at: usize, found: &Found) -> Suggestion {
    let mut scenario = found.case.scenario.clone();
    let edge = program.edges.get(at);
    let end = |value: Option<&Value>| value.map(ToString::to_string).unwrap_or_default();
    scenario.name = format!("{} to {}", end(edge.map(|edge| &edge.from)), end(edge.map(|edge| &edge.to)));
    // What the scenario it began as expected and was called is not this one's.
    (scenario.expect, scenario.other) = (None, String::new());
    Suggestion { words: found.words.join(", "), scenario }
}
