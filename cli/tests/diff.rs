//! `chaindebug diff` as a person or a script meets it: what is printed, and how it ends.

mod support;

use serde_json::json;
use support::{Folder, OWN, chaindebug};

/// A run of an answer: what was looked for, what was found, what it cost.
fn run(query: &str, found: &str, cost: &str, last: &str) -> String {
    format!(
        r#"{{"chaindebug":1,"run":{{"id":"r","name":"Answer"}}}}
{{"id":"1","name":"answer","kind":"agent","start":"2026-03-02T09:15:04Z","end":"2026-03-02T09:15:06Z","input":"May I?"}}
{{"id":"2","parent":"1","name":"search","kind":"retriever","start":"2026-03-02T09:15:04Z","end":"2026-03-02T09:15:05Z","input":{{"query":"{query}","request_id":"6f9619ff-8b86-4d11-b42d-00c04fc964ff"}},"output":"{found}"}}
{{"id":"3","parent":"1","name":"{last}","kind":"llm","start":"2026-03-02T09:15:05Z","end":"2026-03-02T09:15:06Z","input":"write","output":"done","usage":{{"input_tokens":100,"output_tokens":10,"cost":{cost}}}}}
"#
    )
}

#[test]
fn the_same_is_0_and_another_is_1() {
    let folder = Folder::new("diff");
    let a = folder.write("a.jsonl", run("lamp warranty", "terms", "0.01", "write"));
    let b = folder.write("b.jsonl", run("lamp warranty", "terms", "0.01", "write").replace("6f9619ff", "0c7e4f7e"));
    let c = folder.write("c.jsonl", run("lamp prices", "list", "0.02", "write"));
    let same = chaindebug(&["diff", &a, &b]);
    assert_eq!((same.code, same.err.as_str()), (0, ""), "{}", same.out);
    assert!(same.out.contains("The runs are the same: 3 steps"), "{}", same.out);
    let ran = chaindebug(&["diff", &a, &c]);
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(ran.out.contains("Same until step 2 `search`"), "{}", ran.out);
    assert!(ran.out.contains("cost") && ran.out.contains("+100 %"), "{}", ran.out);
    // Ids count when they are told to.
    assert_eq!(chaindebug(&["diff", &a, &b, "--noise"]).code, 1);
    assert_eq!(chaindebug(&["diff", &a, &b, "--noise", "--ignore", "$.request_id"]).code, 0);
}

#[test]
fn the_status_follows_what_counts() {
    let folder = Folder::new("fail-on");
    let a = folder.write("a.jsonl", run("lamp warranty", "terms", "0.010", "write"));
    let b = folder.write("b.jsonl", run("lamp warranty", "other terms", "0.011", "write"));
    let code = |on: &str| chaindebug(&["diff", &a, &b, "--fail-on", on]).code;
    assert_eq!((code("structure"), code("status"), code("output"), code("input")), (0, 0, 1, 0));
    assert_eq!((code("cost>20%"), code("cost>5%"), code("structure,cost>5%"), code("duration>1%")), (0, 1, 1, 0));
    let wrong = chaindebug(&["diff", &a, &b, "--fail-on", "cost"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("needs a limit"), "{}", wrong.err);
}

#[test]
fn json_tells_every_difference() {
    let folder = Folder::new("json");
    let a = folder.write("a.jsonl", run("lamp warranty", "terms", "0.01", "write"));
    let b = folder.write("b.jsonl", run("lamp prices", "terms", "0.01", "write"));
    let ran = chaindebug(&["diff", &a, &b, "--json"]);
    assert_eq!(ran.code, 1);
    let told = ran.json();
    assert_eq!((&told["same"], &told["differences"], &told["pairs"]), (&json!(false), &json!(1), &json!(3)));
    assert_eq!(told["a"]["file"], json!(a));
    let first = &told["list"][0];
    assert_eq!(
        (&first["name"], &first["a"], &first["b"], &first["sign"]),
        (&json!("search"), &json!(1), &json!(1), &json!("changed"))
    );
    let change = &first["values"][0]["changes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|change| change["path"] == "$.query")
        .unwrap()
        .clone();
    assert_eq!((&change["a"], &change["b"]), (&json!("lamp warranty"), &json!("lamp prices")));
    assert!(first["why"].as_str().unwrap().starts_with("Paired"));
}

#[test]
fn markdown_is_for_a_comment() {
    let folder = Folder::new("markdown");
    let a = folder.write("a.jsonl", run("lamp warranty", "terms", "0.01", "write"));
    let b = folder.write("b.jsonl", run("lamp warranty", "terms", "0.01", "write | <b>draft</b>"));
    let ran = chaindebug(&["diff", &a, &b, "--markdown"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.starts_with("### ≠ ") && ran.out.contains("| A | B |"), "{}", ran.out);
    // A name is code: nothing in it is mark-up.
    assert!(ran.out.contains("| `write` → `write ¦ <b>draft</b>` | renamed |"), "{}", ran.out);
}

#[test]
fn what_cannot_be_compared_is_usage() {
    let folder = Folder::new("usage");
    let own = folder.write("own.jsonl", OWN);
    let text = folder.write("text.txt", "nothing known");
    for arguments in [
        &["diff", own.as_str()][..],
        &["diff", &own, &text],
        &["diff", &own, &folder.path("missing")],
        &["diff", "-", "-"],
        &["diff", &own, &own, "--run-b", "7"],
        &["diff", &own, &own, "--ignore", "x["],
    ] {
        let ran = chaindebug(arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.out);
        assert!(!ran.err.is_empty(), "{arguments:?}");
    }
    let two = folder.write("two.jsonl", format!("{OWN}{}", OWN.replace("q-1042", "q-1043")));
    let ran = chaindebug(&["diff", &two, "--run-b", "q-1043"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
}

/// A pipeline of a check and what follows it.
fn pipeline(limit: &str) -> String {
    format!(
        r#"{{"name": "p", "steps": [
  {{"id": "check", "name": "check", "step_class": "Check", "module": "m"}},
  {{"id": "pay", "name": "pay", "step_class": "Pay", "module": "m"}}],
  "flow": {{"start_at": "check", "paths": [
    {{"from": "check", "to": "pay", "condition": {{"type": "expression", "config": {{"source": "check.score", "operator": "greater_than", "value": {limit}}}}}}},
    {{"from": "pay", "to": "end_with_success"}}]}}}}"#
    )
}

#[test]
fn two_pipelines_are_compared_with_what_scenarios_do() {
    let folder = Folder::new("pipelines");
    let (a, b) = (folder.write("a.json", pipeline("0.5")), folder.write("b.json", pipeline("0.7")));
    let cases = r#"{"chaindebug_scenarios": 1, "scenarios": [{"name": "middle", "mocks": {"check": {"returns": {"score": 0.6}}}}]}"#;
    let cases = folder.write("cases.json", cases);
    let ran = chaindebug(&["diff", &a, &b, "--scenarios", &cases]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("condition: `check.score > 0.5` → `check.score > 0.7`"), "{}", ran.out);
    assert!(ran.out.contains("`middle`: after `check` A goes to `pay` and B ends in a dead end."), "{}", ran.out);
    let told = chaindebug(&["diff", &a, &b, "--scenarios", &cases, "--json"]).json();
    assert_eq!((&told["changes"][0]["part"], &told["effects"][0]["same"]), (&json!("edge"), &json!(false)));
    assert_eq!(chaindebug(&["diff", &a, &b, "--fail-on", "structure"]).code, 0);
    assert_eq!(chaindebug(&["diff", &a, &b, "--fail-on", "status", "--scenarios", &cases]).code, 1);
    assert_eq!(chaindebug(&["diff", &a, &a]).code, 0);
    assert!(chaindebug(&["diff", &a, &b, "--markdown"]).out.starts_with("### ≠ One change"));
    let own = folder.write("own.jsonl", OWN);
    let ran = chaindebug(&["diff", &a, &own]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("defines a pipeline"), "{}", ran.err);
}

/// The script of the action for GitHub workflows, as the runner calls it.
#[cfg(unix)]
#[test]
fn the_action_writes_a_report_and_ends_as_the_comparison_does() {
    let folder = Folder::new("action");
    let a = folder.write("a.jsonl", run("lamp warranty", "terms", "0.01", "write"));
    let b = folder.write("b.jsonl", run("lamp prices", "terms", "0.01", "write"));
    let (report, summary, outputs) = (folder.path("report.md"), folder.path("summary"), folder.path("outputs"));
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../actions/diff/diff.sh");
    let act = |b: &str, fail_on: &str, ignore: &str| {
        let variables = [
            ("COMMAND", env!("CARGO_BIN_EXE_chaindebug")),
            ("A", a.as_str()),
            ("B", b),
            ("FAIL_ON", fail_on),
            ("IGNORE", ignore),
            ("REPORT", report.as_str()),
            ("GITHUB_STEP_SUMMARY", summary.as_str()),
            ("GITHUB_OUTPUT", outputs.as_str()),
        ];
        let ended = std::process::Command::new("bash").arg(script).envs(variables).output().unwrap();
        (ended.status.code(), std::fs::read_to_string(&report).unwrap_or_default())
    };
    let (code, text) = act(&b, "", "");
    assert_eq!(code, Some(1));
    assert!(text.starts_with("### ≠ Same until step 2"), "{text}");
    assert_eq!(act(&b, "structure", "").0, Some(0));
    assert_eq!(act(&b, "nothing", "").0, Some(0));
    assert_eq!(act(&b, "", "\n$.query\n$..unknown").0, Some(0));
    assert_eq!(act(&folder.path("missing"), "", "").0, Some(2));
    let outputs = std::fs::read_to_string(&outputs).unwrap();
    let same: Vec<&str> = outputs.lines().filter(|line| line.starts_with("same=")).collect();
    assert_eq!(same, ["same=false", "same=true", "same=false", "same=true"]);
    assert!(std::fs::read_to_string(&summary).unwrap().contains("what differs"));
}
