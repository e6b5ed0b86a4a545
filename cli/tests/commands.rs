//! The three commands as a person or a script meets them: what is printed, and how the program ends.

mod support;

use serde_json::json;
use std::process::{Command, Stdio};
use support::{Folder, JAEGER, OWN, chaindebug, chaindebug_with};

#[test]
fn open_tells_of_runs_as_json() {
    let folder = Folder::new("open");
    let own = folder.write("own.jsonl", OWN);
    let ran = chaindebug(&["open", &own, "--json"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let documents = ran.json();
    let document = &documents["documents"][0];
    assert_eq!(document["file"], json!(own));
    let run = &document["runs"][0];
    assert_eq!(run["id"], json!("q-1042"));
    assert_eq!(run["name"], json!("Return a lamp"));
    assert_eq!(
        (&run["steps"], &run["roots"], &run["orphans"], &run["errors"]),
        (&json!(3), &json!(1), &json!(0), &json!(1))
    );
    assert_eq!(run["start"], json!("2026-03-02T09:15:04.000000001Z"));
    assert_eq!(run["duration_ns"], json!(2_949_999_999_i64));
    assert_eq!((&run["usage"]["input_tokens"], &run["usage"]["output_tokens"]), (&json!(212), &json!(9)));
    assert_eq!(document["pipelines"], json!([]));
    assert!(document["diagnostics"].is_array() && document["dialects"].is_array());
}

#[test]
fn open_reads_the_others_when_one_is_broken() {
    let folder = Folder::new("several");
    let (own, jaeger) = (folder.write("own", OWN), folder.write("jaeger", JAEGER));
    let (png, missing) = (folder.write("png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), folder.path("missing"));
    let ran = chaindebug(&["open", "--json", &png, &own, &missing, &jaeger]);
    assert_eq!(ran.code, 0);
    let json = ran.json();
    let documents = json["documents"].as_array().unwrap();
    let formats: Vec<bool> = documents.iter().map(|document| document["format"] != json!("")).collect();
    assert_eq!(formats, [false, true, false, true]);
    for broken in [0, 2] {
        assert_eq!(documents[broken]["diagnostics"][0]["severity"], json!("error"));
        assert_ne!(documents[broken]["diagnostics"][0]["message"], json!(""));
    }
    assert_eq!(documents[2]["diagnostics"][0]["code"], json!("cannot-open"));

    let ran = chaindebug(&["open", &png, &missing]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("PNG") && ran.out.contains("cannot be opened"), "{}", ran.out);
    assert_eq!(chaindebug(&["open", folder.path("").as_str()]).code, 1);
}

#[test]
fn open_in_words_names_the_essentials() {
    let folder = Folder::new("words");
    let ran = chaindebug(&["open", &folder.write("own.jsonl", OWN)]);
    assert_eq!(ran.code, 0);
    for part in ["own.jsonl", "Return a lamp", "q-1042", "3 steps", "1 error", "2.94 s", "212 in + 9 out tokens"] {
        assert!(ran.out.contains(part), "{part} is not in:\n{}", ran.out);
    }
    assert!(!ran.out.contains('\x1b'), "colours in a pipe");
}

#[test]
fn standard_input_is_a_file() {
    let ran = chaindebug_with(&["open", "-", "--json"], OWN.as_bytes());
    assert_eq!((ran.code, &ran.json()["documents"][0]["runs"][0]["steps"]), (0, &json!(3)));
    assert_eq!(chaindebug_with(&["open", "-"], b"").code, 1);
    assert_eq!(chaindebug_with(&["show", "-", "2", "--input"], OWN.as_bytes()).code, 0);
}

#[test]
fn a_pipeline_has_steps_and_no_run() {
    let folder = Folder::new("defined");
    let chart = folder.write("chart.mmd", "flowchart TD\n  read[Read the order] --> pay[Pay]\n");
    let ran = chaindebug(&["steps", &chart, "--json"]);
    assert_eq!((ran.code, &ran.json()["runs"]), (0, &json!([])));
    let steps = &ran.json()["pipelines"][0]["steps"];
    assert_eq!(steps, &json!([{ "id": "read", "name": "Read the order" }, { "id": "pay", "name": "Pay" }]));
}

#[test]
fn steps_are_a_tree() {
    let folder = Folder::new("steps");
    let own = folder.write("own.jsonl", OWN);
    let ran = chaindebug(&["steps", &own, "--json"]);
    assert_eq!(ran.code, 0);
    let json = ran.json();
    assert_eq!(json["runs"][0]["id"], json!("q-1042"));
    let steps = json["runs"][0]["steps"].as_array().unwrap();
    let brief: Vec<_> = steps
        .iter()
        .map(|step| {
            json!([
                step["step"],
                step["id"],
                step["parent"],
                step["depth"],
                step["name"],
                step["kind"],
                step["status"],
                step["duration_ns"]
            ])
        })
        .collect();
    assert_eq!(
        brief,
        [
            json!([0, "9007199254740993", null, 0, "answer", "agent", "ok", 2_949_999_999_i64]),
            json!([1, "2", "9007199254740993", 1, "write", "llm", "ok", 900_000_000]),
            json!([2, "3", "9007199254740993", 1, "refund", "tool", "error", 100_000_000]),
        ]
    );
    assert_eq!(steps[1]["model"], json!("small-chat-2"));
    assert_eq!(steps[1]["usage"]["input_tokens"], json!(212));
    assert_eq!(steps[1]["start"], json!("2026-03-02T09:15:04.100000000Z"));

    let plain = chaindebug(&["steps", &own]);
    let lines: Vec<&str> = plain.out.lines().collect();
    assert_eq!(lines.len(), 4, "{}", plain.out);
    assert!(lines[1].starts_with("0  ✓ answer") && lines[1].contains("2.94 s"), "{}", lines[1]);
    assert!(lines[3].starts_with("2  ✗   refund") && lines[3].contains("tool"), "{}", lines[3]);
}

#[test]
fn numbers_run_through_all_runs_of_a_file() {
    let folder = Folder::new("runs");
    let file =
        folder.write("two.jsonl", format!("{OWN}{}", OWN.replace("q-1042", "q-2000").replace("refund", "repay")));
    let ran = chaindebug(&["steps", &file, "--json"]);
    let json = ran.json();
    assert_eq!(json["runs"][1]["steps"][2]["step"], json!(5));
    assert!(chaindebug(&["show", &file, "5"]).out.contains("repay"));
    assert!(chaindebug(&["show", &file, "2"]).out.contains("refund"));

    let ambiguous = chaindebug(&["show", &file, "9007199254740993"]);
    assert_eq!(ambiguous.code, 2);
    assert!(ambiguous.err.contains("numbers 0, 3"), "{}", ambiguous.err);
    let named = chaindebug(&["show", &file, "9007199254740993", "--run", "q-2"]);
    assert_eq!(named.code, 0, "{}", named.err);
    assert!(named.out.contains("q-2000"), "{}", named.out);
    assert_eq!(chaindebug(&["steps", &file, "--run", "1", "--json"]).json()["runs"].as_array().unwrap().len(), 1);
    let unknown = chaindebug(&["steps", &file, "--run", "zzz"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("There is no run zzz: the file has 2 runs (q-1042, q-2000)"), "{}", unknown.err);
    let both = chaindebug(&["steps", &file, "--run", "q-"]);
    assert!(both.err.contains("begins several ids"), "{}", both.err);
}

#[test]
fn show_prints_values_exactly() {
    let folder = Folder::new("show");
    let own = folder.write("own.jsonl", OWN);
    let value = |step: &str, what: &str| {
        let ran = chaindebug(&["show", &own, step, what]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        ran.out
    };
    assert_eq!(value("0", "--input"), "May I return a lamp?");
    assert_eq!(value("0", "--output"), r#"{"text":"Yes, within 30 days.","n":9007199254740993}"#);
    assert_eq!(value("3", "--input"), "{\"order\": 7,  \"note\":\"\\u00e9 ü\\n\"}");
    assert_eq!(value("9007199254740993", "--raw").trim_end(), OWN.lines().nth(1).unwrap());

    let missing = chaindebug(&["show", &own, "1", "--input"]);
    assert_eq!((missing.code, missing.out.as_str()), (1, ""));
    assert!(missing.err.contains("Step 1 (write) has no input"), "{}", missing.err);
    let nowhere = chaindebug(&["show", &own, "77"]);
    assert_eq!(nowhere.code, 2);
    assert!(nowhere.err.contains("the numbers go from 0 to 2"), "{}", nowhere.err);
}

#[test]
fn show_in_words_says_what_went_wrong() {
    let folder = Folder::new("page");
    let ran = chaindebug(&["show", &folder.write("own.jsonl", OWN), "2"]);
    assert_eq!(ran.code, 0);
    for part in
        ["✗ refund", "tool, error", "answer (step 0)", "100 ms", "Error Denied: No receipt", "Input", "\"order\": 7"]
    {
        assert!(ran.out.contains(part), "{part} is not in:\n{}", ran.out);
    }
}

#[test]
fn names_in_a_file_cannot_draw_on_the_terminal() {
    let folder = Folder::new("escape");
    let file = folder.write(
        "esc.jsonl",
        "{\"chaindebug\":1,\"run\":{\"name\":\"\\u001b[2J\"}}\n{\"name\":\"a\\u001b]0;x\\u0007\\nb\"}\n",
    );
    for arguments in [vec!["open", &file], vec!["steps", &file], vec!["show", &file, "0"]] {
        let ran = chaindebug(&arguments);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(!ran.out.contains(['\x1b', '\x07']), "{:?}", ran.out);
    }
}

#[test]
fn wrong_usage_ends_with_2_and_help_with_0() {
    for arguments in [
        vec![],
        vec!["oepn", "x"],
        vec!["open"],
        vec!["open", "x", "--jsno"],
        vec!["show", "x"],
        vec!["show", "x", "1", "--raw", "--input"],
    ] {
        let ran = chaindebug(&arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.err.contains("Usage:"), "{}", ran.err);
    }
    assert!(chaindebug(&["open", "x", "--jsno"]).err.contains("a similar argument exists: '--json'"));
    for (help, says) in [(vec!["--help"], "dry-run"), (vec!["show", "-h"], "Usage: chaindebug show")] {
        let ran = chaindebug(&help);
        assert_eq!(ran.code, 0);
        assert!(ran.out.contains(says), "{}", ran.out);
    }
    assert_eq!(chaindebug(&["format", "-", "--write"]).code, 2);
    assert_eq!(chaindebug(&["dry-run", "-", "--input", "-"]).code, 2);
    assert_eq!(chaindebug(&["open", "-", "-"]).code, 2);
    assert!(chaindebug(&["--version"]).out.starts_with("chaindebug "));
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let folder = Folder::new("pipe");
    let lines: String = (0..20_000).map(|i| format!("{{\"name\":\"step {i}\"}}\n")).collect();
    let file = folder.write("many.jsonl", format!("{{\"chaindebug\":1}}\n{lines}"));
    let mut child = Command::new(env!("CARGO_BIN_EXE_chaindebug"))
        .args(["steps", &file])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let done = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&done.stderr), "");
    assert!(done.status.success());
}

#[test]
fn pipelines_are_drawn_and_described() {
    let folder = Folder::new("draw");
    let pipeline = r#"{"name": "Two", "steps": [{"id": "a", "step_class": "A", "module": "m"}, {"id": "b", "step_class": "B", "module": "m"}], "flow": {"start_at": "a", "paths": [{"from": "a", "to": "b"}]}}"#;
    let file = folder.write("p.json", pipeline);
    for (to, begins) in [("mermaid", "flowchart TD\n"), ("dot", "digraph "), ("svg", "<svg xmlns=")] {
        let ran = chaindebug(&["visualize", &file, "--to", to]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{to}");
        assert!(ran.out.starts_with(begins), "{}", ran.out);
    }
    let page = folder.path("p.md");
    let ran = chaindebug(&["docs", &file, "-o", &page]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
    let page = std::fs::read_to_string(page).unwrap();
    assert!(
        page.starts_with("# Two\n") && page.contains("```mermaid\n") && page.contains("| `a` | `b` | always |"),
        "{page}"
    );
    // The pipeline itself is never written over, and what is no pipeline is said to be none.
    assert_eq!(chaindebug(&["visualize", &file, "-o", &file]).code, 2);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), pipeline);
    let ran = chaindebug(&["docs", &folder.write("own.jsonl", OWN)]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("There is no pipeline in this file"), "{}", ran.err);
}

#[test]
fn a_file_is_formatted_and_nothing_else_in_it_changes() {
    let text = "{\"a\":[1.50,{}], \"b\":\"\\u00e9\"}\r\n";
    let usual = "{\r\n  \"a\": [\r\n    1.50,\r\n    {}\r\n  ],\r\n  \"b\": \"\\u00e9\"\r\n}\r\n";
    let ran = chaindebug_with(&["format", "-"], text.as_bytes());
    assert_eq!((ran.code, ran.out.as_str()), (0, usual));
    let folder = Folder::new("format");
    let name = folder.write("a.json", text);
    let codes =
        [["--check"], ["--write"], ["--check"]].map(|[option]| chaindebug_with(&["format", &name, option], b"").code);
    let written = std::fs::read_to_string(&name).unwrap();
    assert_eq!((codes, written.as_str()), ([1, 0, 0], usual));
    let ran = chaindebug_with(&["format", "-"], b"{\n \"a\" 1}");
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains("line 2, column 6"), "{}", ran.err);
}

#[test]
fn benchmarks_are_tables_and_two_are_compared() {
    let folder = Folder::new("benchmarks");
    let file = |day: u8, mean: &str| {
        format!(
            r#"{{"benchmarks": [{{"name": "fetch", "mean_time": {mean}, "p95_time": {mean}}}], "timestamp": "2026-03-0{day}T09:00:00", "total_benchmarks": 1}}"#
        )
    };
    let (old, new) = (folder.write("old.json", file(1, "0.10")), folder.write("new.json", file(2, "0.20")));
    let ran = chaindebug(&["open", &old]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert!(ran.out.contains("table Benchmarks  1 row") && ran.out.contains("0.10"), "{}", ran.out);
    let ran = chaindebug(&["open", &new, &old]);
    assert!(ran.out.contains("Comparison with the baseline") && ran.out.contains("100 ✗ worse"), "{}", ran.out);
    assert!(ran.out.contains("2 values are slower by 10 % or more"), "{}", ran.out);
    let json = chaindebug(&["open", &old, "--json"]).json();
    assert_eq!(json["documents"][0]["sheets"], json!([{"name": "Benchmarks", "rows": 1, "columns": 3}]));
}
