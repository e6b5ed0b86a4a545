//! `init` and `test` as a person or a script meets them.

#![allow(clippy::unwrap_used)]

mod support;

use serde_json::json;
use support::{Folder, chaindebug};

#[test]
fn each_template_is_written_once_and_its_scenarios_pass() {
    let folder = Folder::new("templates");
    let list = chaindebug(&["init", "--list", "--json"]).json();
    let ids: Vec<&str> = list.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 5);
    for id in ids {
        let (pipeline, scenarios) = (folder.path(&format!("{id}.json")), folder.path(&format!("{id}.scenarios.json")));
        let ran = chaindebug(&["init", "--template", id, "-o", &pipeline]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{id}");
        assert_eq!(chaindebug(&["init", "--template", id, "-o", &pipeline]).code, 1);
        assert_eq!(chaindebug(&["open", &scenarios]).code, 0);
        // Neither the real validator's rules nor our own findings have anything to say of it.
        let judged = chaindebug(&["validate", &pipeline, "--as", "ia-modules", "--findings", "--json"]);
        let said = judged.json();
        assert_eq!((judged.code, &said["is_valid"], &said["errors"]), (0, &json!(true), &json!([])), "{id}");
        assert_eq!(said["findings"], json!([]), "{id}");
        for engine in ["ia-modules@0.1.3", "ia-modules@0.2.0"] {
            for loader in ["raw", "pydantic"] {
                let arguments = ["test", &pipeline, &scenarios, "--engine", engine, "--loader", loader, "--json"];
                let ran = chaindebug(&arguments);
                assert_eq!(ran.code, 0, "{id} {}", ran.out);
                let report = ran.json();
                assert_eq!((&report["engine"], &report["loader"]), (&json!(engine), &json!(loader)));
                let edges = report["edges"].as_array().unwrap();
                assert!(!edges.is_empty() && edges.iter().all(|edge| edge["by"] != json!([])), "{id}");
            }
        }
    }
    assert_eq!(chaindebug(&["init", "--template", "none"]).code, 2);
    assert_eq!(chaindebug(&["init", "a/b"]).code, 2);
}

#[test]
fn what_does_not_hold_is_told_and_ends_with_one() {
    let folder = Folder::new("failing");
    let pipeline = folder.path("p.json");
    assert_eq!(chaindebug(&["init", "--template", "branch", "-o", &pipeline]).code, 0);
    let wrong = r#"{"chaindebug_scenarios": 1, "scenarios": [
        {"name": "wrong", "mocks": {"rate": {"returns": {"urgency": 9}}}, "expect": {"status": "dead_end"}}]}"#;
    let scenarios = folder.write("s.json", wrong);
    let ran = chaindebug(&["test", &pipeline, &scenarios]);
    assert_eq!(ran.code, 1);
    for part in ["✗ failed  wrong", "dead_end", "completed", "0 of 1 scenario passed on ia-modules@0.1.3", "never: "]
    {
        assert!(ran.out.contains(part), "{part} in {}", ran.out);
    }
    let odd = folder.write("o.json", r#"{"chaindebug_scenarios": 1, "scenarios": [{"name": "a", "expct": {}}]}"#);
    let ran = chaindebug(&["test", &pipeline, &odd]);
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(ran.out.contains("! not understood"), "{}", ran.out);
    let none = folder.write("n.json", r#"{"chaindebug_scenarios": 1, "scenarios": []}"#);
    assert_eq!(chaindebug(&["test", &pipeline, &none]).code, 1);
    assert_eq!(chaindebug(&["test", &pipeline, &pipeline]).code, 1);
    assert_eq!(chaindebug(&["test", &pipeline]).code, 2);
}
