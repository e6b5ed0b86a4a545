//! What findings say against what dry runs do: over pipelines made at random, and over the cases that were asked from
//! the real engines, where `CHAINDEBUG_CORPUS` names their folder.

// A helper of tests fails as a test does; clippy knows only functions marked as tests.
#![allow(clippy::unwrap_used)]

use super::findings;
use crate::ia_modules::definition::Text;
use crate::ia_modules::load::Program;
use crate::ia_modules::python::Value;
use crate::ia_modules::simulate::{DryRun, Next, Run, dry_run, judge};
use crate::json::Tree;
use crate::model::Severity;
use crate::protocol::{EngineId, Finding, Loader, Mock, RunEnd, Scenario, StepMock, Target, Verdict};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::collections::BTreeMap;

const TARGETS: [Target; 4] = [
    Target { engine: EngineId::IaModules013, loader: Loader::Raw },
    Target { engine: EngineId::IaModules013, loader: Loader::Pydantic },
    Target { engine: EngineId::IaModules020, loader: Loader::Raw },
    Target { engine: EngineId::IaModules020, loader: Loader::Pydantic },
];

/// A run and what was said of its pipeline.
struct Seen<'a> {
    text: &'a str,
    dry: &'a DryRun,
    /// Ids that are looked at, with the number of findings a run could have contradicted.
    checked: &'a RefCell<FxHashMap<String, u32>>,
}

impl Seen<'_> {
    fn entered(&self, id: &str) -> bool {
        self.dry.simulation.entered.iter().any(|entered| entered == id)
    }

    /// The message of the error, with its type.
    fn error(&self) -> String {
        let error = self.dry.simulation.error.as_ref();
        error.map_or_else(String::new, |error| format!("{}: {}", error.type_name, error.message))
    }

    /// Whether a step was entered more often than the branches of a fan-out could.
    fn round(&self, id: &str) -> bool {
        self.dry.simulation.entered.iter().filter(|entered| *entered == id).count() > 10
    }

    fn failed(&self) -> bool {
        self.dry.simulation.status == RunEnd::Failed
    }

    fn failed_before_any_step(&self) -> bool {
        self.failed() && self.dry.simulation.entered.is_empty()
    }

    /// What became of an edge each time it was looked at.
    fn verdicts(&self, path: &str) -> Vec<Verdict> {
        let Some((program, run)) = &self.dry.ran else { return Vec::new() };
        let judged = run.entries.iter().flat_map(|entry| entry.edges.iter());
        let of_edge = judged.filter(|judged| program.edges[judged.edge].path == path);
        of_edge.map(|judged| judged.verdict).filter(|verdict| *verdict != Verdict::Unseen).collect()
    }

    fn taken(&self, path: &str) -> bool {
        self.verdicts(path).iter().any(|verdict| matches!(verdict, Verdict::Taken | Verdict::Queued))
    }

    /// Whether a step was entered along an edge.
    fn passed(&self, path: &str) -> bool {
        let Some((program, run)) = &self.dry.ran else { return false };
        run.entries.iter().rev().skip(1).any(|entry| {
            let mut along = entry.edges.iter().filter(|judged| judged.verdict == Verdict::Taken);
            along.any(|judged| program.edges[judged.edge].path == path)
        })
    }

    /// What is wrong with a finding; `None` when the run does as it says.
    fn wrong(&self, finding: &Finding) -> Option<String> {
        let said = finding.message.as_str();
        let hold = |cond: bool, applies: bool| {
            if applies {
                *self.checked.borrow_mut().entry(finding.id.clone()).or_default() += 1;
            }
            cond || !applies
        };
        let not_said = ["never runs the earlier", "when the paths have a loop"];
        let loads = ["refuses the file", "while it loads", "no loader takes", "stops with KeyError: 'from'"];
        if loads.iter().any(|words| said.contains(words))
            && !not_said.iter().any(|words| said.contains(words))
            && !hold(self.dry.ran.is_none(), true)
        {
            return Some("the loader takes it".to_owned());
        }
        let edge = finding.edge.as_str();
        let verdicts = self.verdicts(edge);
        let ok = match finding.id.as_str() {
            "flow-missing" | "start-missing" | "start-undefined" | "wrong-kind" | "steps-missing" => {
                let at_loop = finding.path.starts_with("$.loop_config");
                hold(self.failed_before_any_step(), !at_loop && finding.severity == Severity::Error)
            }
            "start-is-end" => {
                let applies = self.dry.ran.is_some() && !self.error().contains("unhashable");
                hold(!self.failed() && self.dry.simulation.entered.is_empty(), applies)
            }
            "unreachable-step" => hold(!self.entered(&finding.step), self.dry.ran.is_some()),
            "step-without-id" if !said.contains("raw loader calls it") => {
                let none = finding.path.clone();
                let run = self.dry.ran.as_ref();
                let entered = run.is_some_and(|(program, run)| {
                    run.entries.iter().any(|entry| none.starts_with(&program.steps[entry.step].path))
                });
                hold(!entered, run.is_some())
            }
            "edge-from-end" => hold(!self.taken(edge), self.dry.ran.is_some()),
            "edge-to-undefined-step" if said.contains("never followed") => hold(!self.taken(edge), true),
            "edge-to-undefined-step" | "terminal-not-found" | "condition-raises" => {
                let passed = verdicts.contains(&Verdict::Taken) || verdicts.contains(&Verdict::Raised);
                let first = finding.id == "condition-raises" || !verdicts.contains(&Verdict::Refused);
                hold(self.failed() && !verdicts.contains(&Verdict::Refused), passed && first)
            }
            _ if said.contains("is never true") && !edge.is_empty() => hold(!self.taken(edge), !verdicts.is_empty()),
            _ if said.contains("so the edge is always taken") => {
                let all = verdicts.iter().all(|verdict| matches!(verdict, Verdict::Taken | Verdict::Queued));
                hold(all, !verdicts.is_empty())
            }
            "ordering-aborts" => hold(!self.taken(edge), !verdicts.is_empty()),
            "dead-end" if said.contains("unless something writes") => true,
            "dead-end" if finding.severity == Severity::Error => {
                let (decided, on) = self.decided(&finding.step);
                hold(on == 0, decided > 0)
            }
            "dead-end" => {
                let through = falls_through(self.dry.ran.as_ref(), finding);
                let ok = through.is_none();
                return (!hold(ok, true)).then(|| through.unwrap_or_default());
            }
            "loop-without-exit" if finding.severity == Severity::Error => {
                hold(self.failed() || self.dry.simulation.status == RunEnd::WaitingForHuman, self.round(&finding.step))
            }
            "failure-is-success" => {
                let ended = self.dry.ran.as_ref().and_then(|(_, run)| run.terminal.as_deref());
                hold(!self.failed(), ended == Some("end_with_failure"))
            }
            "transitions-ignored" if said.contains("only the first step runs") => {
                hold(self.dry.simulation.entered.len() == 1, !self.failed())
            }
            "template-with-list" => hold(self.dry.ran.is_none(), true),
            "retry-refused" => hold(
                said.contains(&self.error()),
                self.error().contains("must be >") && self.text.matches("\"retry\"").count() == 1,
            ),
            "chain-too-long" => hold(!self.passed(finding.path.trim_end_matches(".to")), self.dry.ran.is_some()),
            "loop-limit-too-small" => {
                hold(self.error().contains("Loop safety check failed"), self.error().contains("RuntimeError"))
            }
            "fan-out-loses-successors" => self.lost(finding, &hold),
            "id-equals-output" => true,
            _ => true,
        };
        (!ok).then(|| "the run does otherwise".to_owned())
    }

    /// How often the edges of a step were looked at, and how often the run went on from there.
    fn decided(&self, step: &str) -> (usize, usize) {
        let entries = self.dry.ran.iter().flat_map(|(_, run)| &run.entries).filter(|entry| &*entry.id == step);
        let decided: Vec<&Next> =
            entries.map(|entry| &entry.next).filter(|next| matches!(next, Next::Edges(_))).collect();
        (decided.len(), decided.iter().filter(|next| matches!(next, Next::Edges(Some(_)))).count())
    }

    /// After the fan-out the branch is entered, and its own edges are not looked at.
    fn lost(&self, finding: &Finding, hold: &impl Fn(bool, bool) -> bool) -> bool {
        let Some((program, run)) = &self.dry.ran else { return true };
        let mut ok = true;
        for (at, entry) in run.entries.iter().enumerate() {
            let Some(judged) = entry.edges.iter().find(|judged| program.edges[judged.edge].path == finding.edge) else {
                continue;
            };
            // The first branch comes at once: there its edges are certainly not looked at.
            if judged.verdict == Verdict::Taken
                && let Some(branch) = run.entries.get(at + 1)
            {
                ok &= hold(!matches!(branch.next, Next::Edges(_)), true);
            }
        }
        ok
    }

    /// The findings that the run contradicts: their id and all about it.
    fn wrongs(&self, findings: &[Finding]) -> Vec<(String, String)> {
        let simulation = &self.dry.simulation;
        let told = |finding: &Finding| {
            let wrong = self.wrong(finding)?;
            let (target, entered, status) = (simulation.target, &simulation.entered, simulation.status);
            let (id, path, message, error) = (&finding.id, &finding.path, &finding.message, self.error());
            let about =
                format!("{id} at {path}: {message}\n{wrong}: {entered:?} {status:?} {error}\n{target:?} {}", self.text);
            Some((id.clone(), about))
        };
        let mut wrongs: Vec<(String, String)> = findings.iter().filter_map(told).collect();
        if self.dry.ran.is_none() && findings.iter().all(|finding| finding.severity != Severity::Error) {
            let about = format!("silent: {}\n{:?} {}", self.error(), simulation.target, self.text);
            wrongs.push(("silent".to_owned(), about));
        }
        wrongs
    }
}

/// A state in which every source has the value that the finding names, and an edge that is true in it all the same.
fn falls_through(ran: Option<&(Program, Run)>, finding: &Finding) -> Option<String> {
    let (program, _) = ran?;
    let (_, rest) = finding.message.split_once(" is true when ")?;
    let (rest, _) = rest.split_once(": IA Modules")?;
    // Of what is not ordered like numbers no example is made.
    if ["` is not ", " and not ", "no help either", "…"].iter().any(|words| rest.contains(words)) {
        return None;
    }
    let mut state = serde_json::json!({});
    for part in rest.split(" and `") {
        let (source, value) = part.trim_start_matches('`').split_once("` is ")?;
        let place = source.split('.').fold(&mut state, |at, key| &mut at[key]);
        *place = serde_json::from_str(&example(value).to_json()).unwrap();
    }
    let state = Value::parse(state.to_string().as_bytes()).unwrap();
    let state = state.as_dict().unwrap();
    let leaving = program.leaving(&finding.step).map(|edge| &program.edges[edge]);
    let mut holds = leaving.filter(|edge| judge::judge(edge, program.target.engine, state).1 == Ok(true));
    holds.next().map(|edge| format!("{} is true in {}", edge.path, Value::dict(state.clone()).to_json()))
}

/// One of the values that words name.
fn example(words: &str) -> Value {
    let (words, _) = words.split_once(", but not ").unwrap_or((words, ""));
    let number = |text: &str| text.parse::<f64>().unwrap();
    let float = |number: f64| Value::parse(format!("{number:?}").as_bytes()).unwrap();
    if let Some(n) = words.strip_prefix("exactly ") {
        return float(number(n));
    }
    if let Some((a, b)) = words.strip_prefix("between ").and_then(|rest| rest.split_once(" and ")) {
        return float(f64::midpoint(number(a), number(b)) + 0.001);
    }
    if let Some(n) = words.strip_prefix("less than ") {
        return float(number(n) - 0.5);
    }
    if let Some(n) = words.strip_prefix("more than ") {
        return float(number(n) + 0.5);
    }
    if let Some(n) = words.strip_suffix(" or less").or(words.strip_suffix(" or more")) {
        let further = if words.ends_with("less") { -0.37 } else { 0.37 };
        return float(number(n) + further);
    }
    if words.starts_with("anything but ") {
        return Value::from("something else");
    }
    Value::parse(words.as_bytes()).unwrap_or_else(|_| panic!("words of a value: {words}"))
}

/// What was contradicted: by the id of the finding the shortest account.
#[derive(Default)]
struct Wrong(BTreeMap<String, String>);

impl Wrong {
    fn add(&mut self, wrongs: Vec<(String, String)>) {
        for (id, about) in wrongs {
            let known = self.0.entry(id).or_insert_with(|| about.clone());
            if about.len() < known.len() {
                *known = about;
            }
        }
    }

    fn none(&self) {
        let all: Vec<&str> = self.0.values().map(String::as_str).collect();
        assert!(all.is_empty(), "{}", all.join("\n\n"));
    }
}

fn said(text: &str, target: Target) -> Vec<Finding> {
    findings(Text { bytes: text.as_bytes(), tree: &Tree::parse(text.as_bytes()) }, target)
}

/// The mock that a case's step stands for: the cases' own step class reads it from its configuration.
fn mock(step: &serde_json::Value) -> Option<StepMock> {
    let config = &step["config"];
    let mock = match config["mode"].as_str()? {
        "new" => Mock::Returns { value: config["out"].to_string() },
        "seq" => Mock::Sequence { values: config["outs"].as_array()?.iter().map(ToString::to_string).collect() },
        _ => {
            let (kind, rest) = config["exc"].as_str()?.split_once("('")?;
            Mock::Raises { error: format!("{kind}: {}", rest.strip_suffix("')")?) }
        }
    };
    Some(StepMock { step: step.get("id").or(step.get("name"))?.as_str()?.to_owned(), mock })
}

#[test]
fn no_case_of_the_real_engines_does_otherwise() {
    let Some(folder) = std::env::var_os("CHAINDEBUG_CORPUS").map(std::path::PathBuf::from) else { return };
    let checked = RefCell::default();
    let mut wrong = Wrong::default();
    let mut runs = 0;
    for file in ["engine_cases__hand.json", "engine_cases__fuzz.json"] {
        let bytes = std::fs::read(folder.join("ia_modules").join(file)).unwrap();
        for case in serde_json::from_slice::<Vec<serde_json::Value>>(&bytes).unwrap() {
            let text = case["pipeline"].to_string();
            let steps = case["pipeline"]["steps"].as_array();
            let mocks = steps.into_iter().flatten().filter_map(mock).collect();
            let scenario = Scenario { input: case["input"].to_string(), mocks, ..Scenario::default() };
            for target in TARGETS {
                let dry = dry_run(text.as_bytes(), target, &scenario, "p").unwrap();
                wrong.add(Seen { text: &text, dry: &dry, checked: &checked }.wrongs(&said(&text, target)));
                runs += 1;
            }
        }
    }
    wrong.none();
    assert!(runs >= 1000 && checked.borrow().len() >= 8, "{runs} runs, {checked:?}");
}

/// Small words of which pipelines are made.
fn one_of(words: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    proptest::sample::select(words)
}

fn condition() -> impl Strategy<Value = String> {
    let source =
        one_of(&["x", "y", "b.x", "a", "a.x", "result.x", "x.y", "", "result.", "_execution_id", "step_error"]);
    let operator = one_of(&[
        "equals",
        "equals",
        "not_equals",
        "greater_than",
        "greater_than",
        "less_than",
        "greater_than_or_equals",
        "less_than_or_equals",
        ">",
        "in",
    ]);
    let value =
        one_of(&["1", "1.0", "2", "5", "\"k\"", "true", "false", "null", "[1]", "{}", "\"{{ parameters.x }}\""]);
    prop_oneof![
        3 => Just(String::new()),
        8 => (source, operator, value).prop_map(|(source, operator, value)| format!(
            r#","condition":{{"type":"expression","config":{{"source":"{source}","operator":"{operator}","value":{value}}}}}"#
        )),
        2 => one_of(&[
            r#"{"type":"always"}"#, "{}", "null", "\"x\"", r#"{"type":"field_equals","field":"x","value":1}"#,
            r#"{"type":"expression","source":"x","value":1}"#, r#"{"type":"expression","config":{}}"#,
            r#"{"type":"expression","config":null}"#, r#"{"type":"expression","config":{"source":7}}"#,
            r#"{"type":null}"#, r#"{"config":{"source":"x"}}"#,
            r#"{"type":"expression","config":{"value":1,"operator":"less_than"}}"#,
            r#"{"type":"expression","config":{"source":"x","operator":null}}"#,
        ]).prop_map(|condition| format!(r#","condition":{condition}"#)),
    ]
}

/// Mostly the first of the words, now and then one of the others.
fn rarely(usual: &'static str, others: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop_oneof![12 => Just(usual), 1 => one_of(others)]
}

fn step(id: &'static str) -> impl Strategy<Value = String> {
    let named = prop_oneof![
        30 => Just(format!(r#""id":"{id}","name":"{id}""#)),
        1 => one_of(&[r#""id":"a","name":"n""#, r#""id":"","name":"n""#, r#""id":7,"name":"n""#, r#""id":null,"name":"n""#,
            r#""name":"b""#, r#""id":"c""#, r#""name":null"#, r#""description":"d""#]).prop_map(str::to_owned),
    ];
    let class = rarely(
        r#","step_class":"S""#,
        &[
            r#","class":"S""#,
            "",
            r#","step_class":null"#,
            r#","step_class":7"#,
            r#","step_class":"S","class":null"#,
            r#","class":7"#,
        ],
    );
    let module =
        prop_oneof![24 => Just(r#","module":"m""#), 1 => one_of(&["", r#","module":null"#, r#","module":[]"#])];
    let config = prop_oneof![9 => Just(""), 2 => one_of(&[
        r#","config":null"#, r#","config":[]"#, r#","config":{"t":"{{ parameters.x }}"}"#,
        r#","config":{"error_handling":{"continue_on_error":true}}"#, r#","config":{"error_handling":7}"#,
        r#","config":{"error_handling":null}"#, r#","config":{"error_handling":{}}"#,
        r#","config":{"error_handling":{"retry":{"max_attempts":0}}}"#,
        r#","config":{"error_handling":{"retry":{"max_delay":0.5}}}"#,
        r#","config":{"error_handling":{"retry":{"nope":1}}}"#, r#","config":{"error_handling":{"retry":[]}}"#,
        r#","config":{"error_handling":{"retry":"x"}}"#, r#","config":{"error_handling":{"retry":{"max_attempts":null}}}"#,
    ])];
    let more = prop_oneof![5 => Just(""), 1 => one_of(&[
        r#","outputs":["x"]"#, r#","outputs":[{"name":"x","required":false}]"#, r#","outputs":{"x":"number"}"#,
        r#","output_schema":{"properties":{"x":{"type":"boolean"}}}"#,
        r#","output_schema":{"properties":{"x":{"enum":[1,true,"k"]}},"required":["x"]}"#, r#","outputs":null"#,
    ])];
    (named, class, module, config, more)
        .prop_map(|(named, class, module, config, more)| format!("{{{named}{class}{module}{config}{more}}}"))
}

fn path() -> impl Strategy<Value = String> {
    let spelled = rarely("from to", &["from_step to_step", "from_step to", "from to_step", "from nope"]);
    let ids: &[&str] = &["a", "b", "c", "d"];
    let from = prop_oneof![30 => one_of(ids), 1 => one_of(&["zz", "end_x", "end_with_success", "end", ""])];
    let to = prop_oneof![20 => one_of(ids), 3 => one_of(&["end_with_success", "end_with_failure"]),
        1 => one_of(&["end_x", "end", "zz", ""])];
    (spelled, from, to, condition()).prop_map(|(spelled, from, to, condition)| {
        let (from_key, to_key) = spelled.split_once(' ').unwrap();
        format!(r#"{{"{from_key}":"{from}","{to_key}":"{to}"{condition}}}"#)
    })
}

fn made() -> impl Strategy<Value = String> {
    let steps = (step("a"), step("b"), step("c"), step("d"));
    let start = rarely(
        r#""start_at":"a","#,
        &[
            r#""start_at":"zz","#,
            r#""start_at":"end_x","#,
            r#""start_at":null,"#,
            "",
            r#""start_at":"","#,
            r#""start_at":7,"#,
        ],
    );
    let list = rarely("paths", &["transitions", r#"transitions":null,"paths"#, r#"paths":{},"x"#, r#"paths":7,"x"#]);
    let name = rarely(r#""name":"p","#, &["", r#""name":null,"#, r#""name":[],"#]);
    let more = prop_oneof![3 => Just(""), 2 => one_of(&[
        r#","loop_config":{"max_iterations":1}"#, r#","loop_config":{"max_iterations":0}"#,
        r#","loop_config":{"max_iterations":"3"}"#, r#","loop_config":null"#, r#","loop_config":[]"#,
        r#","parameters":[{"name":"x","required":true}]"#, r#","parameters":{"x":1}"#, r#","parameters":[]"#,
        r#","parameters":null"#, r#","parameters":7"#, r#","input_schema":{"properties":{"x":{}}}"#,
    ])];
    (steps, start, list, proptest::collection::vec(path(), 0..7), name, more).prop_map(
        |((a, b, c, d), start, list, paths, name, more)| {
            let paths = paths.join(",");
            format!(r#"{{{name}"steps":[{a},{b},{c},{d}],"flow":{{{start}"{list}":[{paths}]}}{more}}}"#)
        },
    )
}

fn given() -> impl Strategy<Value = Scenario> {
    let mock = one_of(&[
        "{}",
        r#"{"x":1}"#,
        r#"{"x":true}"#,
        r#"{"x":"k"}"#,
        r#"{"x":6,"y":0}"#,
        r#"{"x":{"y":2}}"#,
        "5",
        "null",
        r#"{"result":{"x":1}}"#,
        r#"{"status":"human_input_required"}"#,
        "!ValueError: no",
    ]);
    let input = one_of(&["{}", r#"{"x":1}"#, r#"{"x":null,"y":5}"#, r#"{"result":{"x":1}}"#]);
    (proptest::collection::vec(mock, 4), input).prop_map(|(mocks, input)| Scenario {
        input: input.to_owned(),
        mocks: ["a", "b", "c", "d"]
            .into_iter()
            .zip(mocks)
            .map(|(step, mock)| StepMock {
                step: step.to_owned(),
                mock: match mock.strip_prefix('!') {
                    Some(error) => Mock::Raises { error: error.to_owned() },
                    None => Mock::Returns { value: mock.to_owned() },
                },
            })
            .collect(),
        ..Scenario::default()
    })
}

#[test]
fn no_dry_run_does_otherwise() {
    let checked = RefCell::default();
    let mut wrong = Wrong::default();
    // The same ones each time; PROPTEST_CASES asks for more of them.
    let mut runner = TestRunner::deterministic();
    let count = ProptestConfig::default().cases * 6;
    let cases = (made(), proptest::collection::vec(given(), 3));
    for _ in 0..count {
        let (text, scenarios) = cases.new_tree(&mut runner).unwrap().current();
        for target in TARGETS {
            let said = said(&text, target);
            for scenario in &scenarios {
                let dry = dry_run(text.as_bytes(), target, scenario, "p").unwrap();
                wrong.add(Seen { text: &text, dry: &dry, checked: &checked }.wrongs(&said));
            }
        }
    }
    wrong.none();
    let checked = checked.into_inner();
    assert!(checked.len() >= 25, "what no run could have contradicted is not proven: {checked:?}");
}
