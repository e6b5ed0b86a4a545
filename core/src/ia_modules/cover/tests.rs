//! Coverage and suggestions: each suggestion takes its edge, and where there is none the reason is the right one.

use super::case::{Case, Ground};
use super::coverage;
use crate::ia_modules::python::Value;
use crate::ia_modules::simulate::dry_run;
use crate::ia_modules::templates::TEMPLATES;
use crate::protocol::{Coverage, EngineId, Loader, Mock, Scenario, Simulation, StepMock, Target};
use crate::scenario;
use proptest::prelude::*;

const TARGETS: [Target; 4] = [
    Target { engine: EngineId::IaModules013, loader: Loader::Raw },
    Target { engine: EngineId::IaModules013, loader: Loader::Pydantic },
    Target { engine: EngineId::IaModules020, loader: Loader::Raw },
    Target { engine: EngineId::IaModules020, loader: Loader::Pydantic },
];

/// A pipeline of steps and edges: from, to, and a condition as JSON.
fn pipeline(steps: &[&str], edges: &[(&str, &str, &str)]) -> String {
    let steps = steps.iter().map(|id| {
        let (id, schema) = id.split_once('|').unwrap_or((id, "{}"));
        format!(r#"{{"id": "{id}", "name": "{id}", "step_class": "S", "module": "m", "output_schema": {schema}}}"#)
    });
    let steps: Vec<String> = steps.collect();
    let edges = edges.iter().map(|(from, to, condition)| {
        let condition = if condition.is_empty() { String::new() } else { format!(", \"condition\": {condition}") };
        format!(r#"{{"from": "{from}", "to": "{to}"{condition}}}"#)
    });
    let edges: Vec<String> = edges.collect();
    let start = "a";
    format!(
        r#"{{"name": "p", "steps": [{}], "flow": {{"start_at": "{start}", "paths": [{}]}}}}"#,
        steps.join(", "),
        edges.join(", ")
    )
}

fn when(source: &str, operator: &str, value: &str) -> String {
    format!(
        r#"{{"type": "expression", "config": {{"source": "{source}", "operator": "{operator}", "value": {value}}}}}"#
    )
}

/// Coverage without scenarios; each suggestion was run again and took its edge.
fn suggested(text: &str, target: Target, scenarios: &[Scenario]) -> Coverage {
    let coverage = coverage(text.as_bytes(), target, scenarios, true, "p").expect("a definition");
    let definition = Value::parse(text.as_bytes()).expect("JSON");
    for reached in &coverage.edges {
        let Some(suggestion) = &reached.suggestion else { continue };
        assert!(reached.by.is_empty() && reached.why.is_empty());
        let case = Case::new(&suggestion.scenario).expect("a sound scenario");
        let ran = case.run(Ground { definition: &definition, target, pipeline_id: "p" }).expect("a run");
        let taken = ran.taken();
        let edge = ran.program.edges.iter().position(|edge| edge.path == reached.of).expect("the edge");
        assert!(taken.contains(&edge), "{} by {}", reached.of, suggestion.words);
    }
    coverage
}

/// For each edge: what its suggestion changes, or why there is none.
fn told(coverage: &Coverage) -> Vec<String> {
    let say = |reached: &crate::protocol::Reached| match &reached.suggestion {
        Some(suggestion) => format!("{}: {}", reached.of, suggestion.words),
        None if reached.why.is_empty() => format!("{} by {:?}", reached.of, reached.by),
        None => format!("{}: {}", reached.of, reached.why),
    };
    coverage.edges.iter().map(say).collect()
}

#[test]
fn the_scenarios_of_each_template_pass_and_reach_everything() {
    for template in TEMPLATES {
        let file = scenario::read(template.scenarios);
        for target in TARGETS {
            let coverage = coverage(template.pipeline.as_bytes(), target, &file.scenarios, true, "p").expect("JSON");
            for result in &coverage.scenarios {
                assert!(result.passed, "{} {target:?} {}: {:?}", template.id, result.name, result.unmet);
            }
            for reached in coverage.steps.iter().chain(&coverage.edges) {
                assert!(!reached.by.is_empty(), "{} {target:?} {}", template.id, reached.of);
            }
        }
    }
}

#[test]
fn from_no_scenario_every_edge_of_each_template_is_found() {
    for template in TEMPLATES {
        for target in TARGETS {
            let coverage = suggested(template.pipeline, target, &[]);
            let missing: Vec<String> = told(&coverage)
                .into_iter()
                .zip(&coverage.edges)
                .filter(|(_, edge)| edge.suggestion.is_none())
                .map(|(told, _)| told)
                .collect();
            assert_eq!(missing, [] as [String; 0], "{} {target:?}", template.id);
        }
    }
}

#[test]
fn values_are_placed_where_they_are_written() {
    let text = pipeline(
        &[
            "a",
            r#"b|{"type": "object", "properties": {"score": {"type": "number", "maximum": 10}}, "required": ["score"]}"#,
            "c",
            "d",
            "e",
        ],
        &[
            ("a", "b", &when("topic", "equals", "\"tides\"")),
            ("a", "e", &when("topic", "not_equals", "\"tides\"")),
            ("b", "c", &when("b.score", "greater_than", "7")),
            ("b", "d", &when("score", "greater_than", "10")),
            ("b", "e", &when("score", "less_than", "0.5")),
            ("c", "d", &when("deep.er.name", "greater_than", "\"m\"")),
            ("c", "end_x", &when("flag", "greater_than", "false")),
        ],
    );
    insta::assert_snapshot!(told(&suggested(&text, TARGETS[0], &[])).join("\n"));
}

#[test]
fn where_nothing_can_take_an_edge_the_reason_is_told() {
    let text = pipeline(
        &["a", "b", "c", "d", "lost"],
        &[
            ("a", "b", r#"{"type": "field_equals", "config": {}}"#),
            ("a", "b", &when("v", ">", "1")),
            ("a", "b", &when("v", "greater_than", "null")),
            ("a", "c", ""),
            ("a", "d", ""),
            ("c", "b", ""),
            ("lost", "a", ""),
            ("ghost", "a", ""),
            ("d", "end_x", r#"{"type": "expression", "config": {"source": 7}}"#),
        ],
    );
    insta::assert_snapshot!(told(&suggested(&text, TARGETS[0], &[])).join("\n"));
    let long: Vec<String> = (0..150).map(|at| if at == 0 { "a".to_owned() } else { format!("s{at}") }).collect();
    let edges: Vec<(&str, &str, &str)> = long.windows(2).map(|pair| (pair[0].as_str(), pair[1].as_str(), "")).collect();
    let steps: Vec<&str> = long.iter().map(String::as_str).collect();
    let coverage = suggested(&pipeline(&steps, &edges), TARGETS[0], &[]);
    assert_eq!(
        coverage.edges.last().expect("an edge").why,
        "The shortest way to `s148` has 148 steps before it, and the engine stops after 100."
    );
}

#[test]
fn loops_waits_errors_and_fan_outs_are_turned() {
    let text = pipeline(
        &["a", "b", "c", "d"],
        &[
            ("a", "b", &when("more", "equals", "true")),
            ("a", "c", &when("more", "not_equals", "true")),
            ("b", "a", &when("again", "equals", "true")),
            ("b", "c", &when("again", "equals", "false")),
            ("c", "d", &when("wait", "equals", "\"no\"")),
            ("d", "end_x", ""),
        ],
    );
    let file = scenario::read(
        r#"{"chaindebug_scenarios": 1, "scenarios": [{"name": "stuck", "input": {"more": true}, "mocks": {
            "b": {"returns": {"again": true}}, "d": {"raises": "ValueError: no"},
            "c": {"returns": {"status": "human_input_required", "wait": "yes"}}}}]}"#,
    );
    insta::assert_snapshot!(told(&suggested(&text, TARGETS[0], &file.scenarios)).join("\n"));
}

#[test]
fn a_file_the_loader_refuses_is_told() {
    let text =
        r#"{"name": "p", "steps": [{"id": "a"}], "flow": {"paths": [{"from": "a", "to": "a"}], "transitions": [1]}}"#;
    let coverage = suggested(text, TARGETS[0], &[Scenario { name: "one".into(), ..Scenario::default() }]);
    assert!(!coverage.scenarios[0].passed);
    assert!(coverage.edges[0].why.starts_with("The loader refuses the file: "), "{}", coverage.edges[0].why);
    assert_eq!(coverage.edges[1].why, "The engine does not read `flow.transitions`.");
}

#[test]
fn large_and_knotted_pipelines_end_in_time() {
    // 2,000 steps in a line, each with an edge back to the start and one onwards; and 120 steps, each with an edge
    // to each of 20 others.
    let ids: Vec<String> = (0..2_000).map(|at| if at == 0 { "a".to_owned() } else { format!("s{at}") }).collect();
    let condition = when("x", "equals", "1");
    let mut edges: Vec<(&str, &str, &str)> = Vec::new();
    for pair in ids.windows(2) {
        edges.push((&pair[0], &pair[1], &condition));
        edges.push((&pair[1], "a", ""));
    }
    let steps: Vec<&str> = ids.iter().map(String::as_str).collect();
    suggested(&pipeline(&steps, &edges), TARGETS[0], &[]);
    let knot: Vec<(&str, &str, &str)> = (0..120)
        .flat_map(|from| (0..20).map(move |to| (from, (from * 7 + to * 11 + 1) % 120)))
        .map(|(from, to)| (steps[from], steps[to], condition.as_str()))
        .collect();
    suggested(&pipeline(&steps[..120], &knot), TARGETS[0], &[]);
}

fn edge() -> impl Strategy<Value = (usize, usize, String)> {
    let operator = prop_oneof![Just("equals"), Just("not_equals"), Just("greater_than"), Just("less_than"), Just("in")];
    let source = prop_oneof![Just("x"), Just("y"), Just("b.x"), Just("a"), Just("")];
    let value = prop_oneof![Just("1"), Just("0.5"), Just("\"k\""), Just("true"), Just("null"), Just("[1]"), Just("{}")];
    let condition = prop_oneof![
        1 => Just(String::new()),
        4 => (source, operator, value).prop_map(|(source, operator, value)| when(source, operator, value)),
    ];
    (0usize..5, 0usize..6, condition)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn a_suggestion_always_takes_its_edge(edges in proptest::collection::vec(edge(), 1..12), target in 0usize..4) {
        let ids = ["a", "b", "c", "d", "e", "end_x"];
        let edges: Vec<(&str, &str, &str)> =
            edges.iter().map(|(from, to, condition)| (ids[*from], ids[*to], condition.as_str())).collect();
        let coverage = suggested(&pipeline(&ids[..5], &edges), TARGETS[target], &[]);
        for reached in &coverage.edges {
            prop_assert!(reached.suggestion.is_some() || !reached.why.is_empty());
        }
    }

    #[test]
    fn what_counts_as_reached_is_what_the_simulator_reached(
        edges in proptest::collection::vec(edge(), 1..12),
        values in proptest::collection::vec((0usize..4, 0usize..5), 0..4),
        target in 0usize..4
    ) {
        let ids = ["a", "b", "c", "d", "e", "end_x"];
        let edges: Vec<(&str, &str, &str)> =
            edges.iter().map(|(from, to, condition)| (ids[*from], ids[*to], condition.as_str())).collect();
        let text = pipeline(&ids[..5], &edges);
        let scenarios: Vec<Scenario> = values
            .iter()
            .map(|&(value, step)| {
                let value = ["1", "{\"x\": 1, \"y\": 0.5}", "{\"x\": \"k\"}", "{\"status\": \"human_input_required\"}"][value];
                let mock = StepMock { step: ids[step].to_owned(), mock: Mock::Returns { value: value.to_owned() } };
                Scenario { mocks: vec![mock], ..Scenario::default() }
            })
            .collect();
        let coverage = coverage(text.as_bytes(), TARGETS[target], &scenarios, false, "p").expect("a definition");
        let runs: Vec<Simulation> = scenarios
            .iter()
            .map(|scenario| dry_run(text.as_bytes(), TARGETS[target], scenario, "p").expect("a run").simulation)
            .collect();
        let by = |reached: &dyn Fn(&Simulation) -> bool| -> Vec<u32> {
            (0..).zip(&runs).filter(|(_, run)| reached(run)).map(|(at, _)| at).collect()
        };
        for step in &coverage.steps {
            prop_assert_eq!(&step.by, &by(&|run| run.entered.contains(&step.of)), "{}", step.of);
        }
        for edge in &coverage.edges {
            let taken = by(&|run| run.edges.iter().any(|count| count.path == edge.of && count.taken > 0));
            prop_assert_eq!(&edge.by, &taken, "{}", edge.of);
        }
    }
}
