//! `dry-run` as a person or a script meets it.

#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{Value, json};
use std::time::{Duration, Instant};
use support::{Folder, Ran, chaindebug};

/// `a` goes to `b` when `v` is below 3, back to itself above 5, and nowhere between; `b` fails, `c` waits.
const PIPELINE: &str = r#"{"name": "n", "steps": [
  {"id": "a", "name": "a", "step_class": "S", "module": "m", "output_schema":
    {"type": "object", "properties": {"v": {"type": "integer", "minimum": 2}}, "required": ["v"]}},
  {"id": "b", "name": "b", "step_class": "S", "module": "m"}],
 "flow": {"start_at": "a", "paths": [
  {"from": "a", "to": "b", "condition": {"type": "expression", "config": {"source": "v", "operator": "less_than", "value": 3}}},
  {"from": "a", "to": "a", "condition": {"type": "expression", "config": {"source": "v", "operator": "greater_than", "value": 5}}}]}}"#;

fn dry_run(folder: &Folder, pipeline: &str, mocks: &str) -> (i32, Value) {
    let (pipeline, mocks) = (folder.write("p.json", pipeline), folder.write("m.json", mocks));
    let ran = chaindebug(&["dry-run", &pipeline, "--mocks", &mocks, "--json"]);
    assert_eq!(ran.err, "");
    (ran.code, ran.json())
}

fn ids(answer: &Value) -> Vec<&str> {
    answer["findings"].as_array().unwrap().iter().map(|finding| finding["id"].as_str().unwrap()).collect()
}

/// Keys in the order they are printed.
fn keys(answer: &Value) -> Vec<&str> {
    answer.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn each_end_has_its_status_its_keys_and_its_exit_code() {
    let folder = Folder::new("dry-ends");
    let run = |mocks: &str| dry_run(&folder, PIPELINE, mocks);
    let always = ["engine", "entered", "findings", "loader", "output", "recorded", "status"];
    let with = |key: &'static str| {
        let mut keys = [&always[..], &[key]].concat();
        keys.sort_unstable();
        keys
    };

    // A sequence stays at its last value.
    let (code, answer) = run(r#"{"a": {"sequence": [{"v": 9}, {"v": 2}]}, "b": {"returns": 7}}"#);
    assert_eq!((code, &answer["status"], keys(&answer)), (0, &json!("completed"), always.to_vec()));
    assert_eq!((&answer["engine"], &answer["loader"]), (&json!("ia-modules@0.1.3"), &json!("raw")));
    assert_eq!((&answer["entered"], &answer["recorded"]), (&json!(["a", "a", "b"]), &json!(["a", "a", "b"])));
    assert_eq!((&answer["output"], ids(&answer)), (&json!({"v": 2, "a": {"v": 2}, "b": 7}), vec![]));

    let (code, answer) = run(r#"{"a": {"returns": {"v": 4}}}"#);
    assert_eq!((code, &answer["status"], keys(&answer)), (3, &json!("dead_end"), always.to_vec()));
    assert_eq!(ids(&answer), ["dry-run-dead-end"]);

    let (code, answer) = run(r#"{"a": {"returns": {"status": "human_input_required", "prompt": "?"}}}"#);
    assert_eq!((code, &answer["status"], keys(&answer)), (4, &json!("waiting_for_human"), with("waiting_step")));
    assert_eq!((&answer["waiting_step"], &answer["recorded"]), (&json!("a"), &json!([])));
    // What a pause returns is a question, and not what the schema speaks of.
    assert_eq!((&answer["output"]["prompt"], ids(&answer)), (&json!("?"), vec![]));

    let (code, answer) = run(r#"{"a": {"raises": "KeyError: k"}}"#);
    assert_eq!((code, &answer["status"], keys(&answer)), (1, &json!("failed"), with("error")));
    assert_eq!(answer["error"], json!({"type": "PipelineError", "message": "[ERROR] Step 'a' unknown: 'k'"}));
    assert_eq!((&answer["output"], ids(&answer)), (&Value::Null, vec![]));
}

#[test]
fn a_step_without_a_mock_returns_what_its_schema_allows_and_a_mock_that_cannot_be_is_flagged() {
    let folder = Folder::new("dry-mocks");
    let (code, answer) = dry_run(&folder, PIPELINE, "{}");
    assert_eq!((code, &answer["output"]), (0, &json!({"v": 2, "a": {"v": 2}, "b": {}})));
    assert_eq!(ids(&answer), ["dry-run-no-mock", "dry-run-no-mock"]);
    let (code, answer) = dry_run(&folder, PIPELINE, r#"{"a": {"returns": {"v": "x"}}, "zz": {"returns": 1}}"#);
    assert_eq!(code, 1);
    assert_eq!(ids(&answer), ["dry-run-unknown-mock", "dry-run-mock-mismatch", "dry-run-comparison"]);
    let mismatch = &answer["findings"][1];
    assert_eq!(
        (&mismatch["path"], &mismatch["line"], &mismatch["step"]),
        (&json!("$.steps[0]"), &json!(2), &json!("a"))
    );
    let (code, answer) = dry_run(&folder, PIPELINE, r#"{"a": {"sequence": [{"v": 9}, {"v": 1}]}}"#);
    assert_eq!(code, 0);
    assert!(answer["findings"][0]["message"].as_str().unwrap().contains("value 2 of its mock"), "{answer}");
}

#[test]
fn what_the_engine_refuses_fails_with_a_finding() {
    let folder = Folder::new("dry-refused");
    let run = |pipeline: &str| dry_run(&folder, pipeline, "{}");
    let (code, answer) = run(r#"{"steps": [], "flow": {"paths": [{"from_step": "a"}]}}"#);
    assert_eq!((code, ids(&answer)), (1, vec!["dry-run-refused"]));
    assert_eq!(answer["error"], json!({"type": "KeyError", "message": "'from'"}));
    let (code, answer) = run(r#"{"steps": [], "flow": {}}"#);
    assert_eq!((code, ids(&answer)), (1, vec!["dry-run-stopped"]));
    // Python reads neither; the place is told.
    let (code, answer) = run("{\n \"steps\": tru}");
    assert_eq!((code, ids(&answer)), (1, vec!["dry-run-refused"]));
    let message = "Expecting value: line 2 column 11 (char 12)";
    assert_eq!(answer["error"], json!({"type": "JSONDecodeError", "message": message}));
    assert_eq!((&answer["findings"][0]["line"], &answer["findings"][0]["column"]), (&json!(2), &json!(11)));
    let (code, _) = run("\u{FEFF}{}");
    assert_eq!(code, 1);
    for broken in ["null", "[]", "3", r#"{"steps": null, "flow": null}"#, r#"{"name": null, "steps": [null]}"#] {
        let (code, answer) = run(broken);
        assert_eq!((code, ids(&answer)), (1, vec!["dry-run-refused"]), "{broken}");
    }
}

#[test]
fn wrong_use_ends_with_two_and_a_sentence() {
    let folder = Folder::new("dry-usage");
    let pipeline = folder.write("p.json", PIPELINE);
    let first = |ran: &Ran| ran.err.lines().next().unwrap_or_default().to_owned();
    let mocks = |text: &str| {
        let mocks = folder.write("m.json", text);
        let ran = chaindebug(&["dry-run", &pipeline, "--mocks", &mocks]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{text}");
        first(&ran)
    };
    let said = mocks("{\n \"a\": {\"returns\": 1},\n \"b\": {\"returns\": tru}\n}");
    assert!(said.ends_with("m.json is not JSON: Expecting value: line 3 column 19 (char 42)."), "{said}");
    assert_eq!(mocks("[]"), "The mocks must be an object: {\"STEP\": {\"returns\": …}}.");
    let said = mocks(r#"{"a": {"raises": 5}}"#);
    assert!(said.starts_with("The mock of `a` must have one of `returns`, `sequence`"), "{said}");
    let input = |text: &str| {
        let input = folder.write("i.json", text);
        let ran = chaindebug(&["dry-run", &pipeline, "--input", &input, "--json"]);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{text}");
        first(&ran)
    };
    let said = input("[1]");
    assert!(said.ends_with("i.json must hold the input as a JSON object; it holds a Python list."), "{said}");
    assert!(input("{\"a\": ").ends_with("is not JSON: Expecting value: line 1 column 7 (char 6)."));
    for arguments in [
        &["dry-run"][..],
        &["dry-run", "gone.json"],
        &["dry-run", &pipeline, "--input", "gone.json"],
        &["dry-run", &pipeline, "--mocks", "gone.json"],
        &["dry-run", &pipeline, "--engine", "ia-modules@9"],
        &["dry-run", &pipeline, "--loader", "yaml"],
        &["dry-run", &pipeline, "--fast"],
        &["dry-run", &pipeline, &pipeline],
    ] {
        assert_eq!(chaindebug(arguments).code, 2, "{arguments:?}");
    }
}

#[test]
fn hostile_pipelines_end_soon() {
    let folder = Folder::new("dry-hostile");
    let step = |at: usize| format!(r#"{{"id":"s{at}","step_class":"S","module":"m"}}"#);
    let whole = |steps: usize, edges: &mut dyn Iterator<Item = (usize, usize)>, more: &str| {
        let steps: Vec<String> = (0..steps).map(step).collect();
        let edges: Vec<String> = edges.map(|(from, to)| format!(r#"{{"from":"s{from}","to":"s{to}"}}"#)).collect();
        format!(
            r#"{{"name":"n","steps":[{}],"flow":{{"start_at":"s0","paths":[{}]}}{more}}}"#,
            steps.join(","),
            edges.join(",")
        )
    };
    let started = Instant::now();
    let endless = r#","loop_config":{"max_iterations":1000000000000000000000,"max_loop_time_seconds":1e300}"#;
    for (pipeline, error, finding) in [
        (whole(2, &mut [(0, 1), (1, 0)].into_iter(), endless), "RuntimeError", "dry-run-endless"),
        (whole(2, &mut [(0, 1), (1, 0)].into_iter(), ""), "RuntimeError", "dry-run-endless"),
        (
            whole(2, &mut [(0, 0)].into_iter(), r#","loop_config":{"max_iterations":2}"#),
            "RuntimeError",
            "dry-run-loop-limit",
        ),
        (whole(150, &mut (0..149).map(|at| (at, at + 1)), ""), "RuntimeError", "dry-run-endless"),
        (whole(5_000, &mut (0..4_999).map(|at| (at, at + 1)), ""), "RecursionError", "dry-run-refused"),
        (whole(20_000, &mut (1..20_000).map(|at| (0, at)), ""), "RuntimeError", "dry-run-endless"),
        // Edges everywhere: each step to each, many times.
        (whole(3, &mut (0..20_000).map(|at| (at % 3, at * 7 % 3)), endless), "RuntimeError", "dry-run-endless"),
        (whole(1, &mut [(0, 9)].into_iter(), ""), "ValueError", "dry-run-missing-step"),
    ] {
        let (code, answer) = dry_run(&folder, &pipeline, "{}");
        assert_eq!((code, &answer["error"]["type"]), (1, &json!(error)), "{finding}");
        assert!(ids(&answer).contains(&finding), "{finding} in {:?}", ids(&answer));
        assert!(answer["entered"].as_array().unwrap().len() <= 100);
    }
    // Ten times what it takes on a slow machine without optimisation.
    assert!(started.elapsed() < Duration::from_secs(100), "{:?}", started.elapsed());
}
