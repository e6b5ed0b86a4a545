//! What is done to a file before it is read, and what is said of it.

use crate::import::testing::open;

fn codes(text: &str) -> Vec<String> {
    open(text).1.diagnostics.iter().map(|diagnostic| diagnostic.code.clone()).collect()
}

/// One pipeline of IA Modules, as YAML.
const PIPELINE: &str = "name: short\nversion: \"1\"\nsteps:\n  - id: a\n    step_class: A\n    module: m\n  - id: b\n    step_class: B\n    module: m\nflow:\n  start_at: a\n  paths:\n    - {from: a, to: b}\n";

#[test]
fn yaml_is_read_in_its_json_form() {
    let (_, view) = open(PIPELINE);
    assert_eq!((view.format.as_str(), view.pipelines.len()), ("ia-modules-pipeline", 1), "{:?}", view.diagnostics);
    assert!(codes(PIPELINE).contains(&"yaml".to_owned()));
}

#[test]
fn codes_of_a_terminal_are_left_out() {
    let messages = r#"[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"}]"#;
    for text in [format!("\x1b[32mINFO\x1b[0m starting\n{messages}\n"), messages.replace('{', "\x1b[1;39m{\x1b[0m")] {
        assert_eq!(open(&text).1.format, "messages", "{text}");
        assert!(codes(&text).contains(&"terminal-colours".to_owned()), "{text}");
    }
}

#[test]
fn json_in_a_string_is_read() {
    let messages = r#"[{"role":"user","content":"Hi"}]"#;
    let quoted = crate::json::quoted(messages);
    for text in [quoted.clone(), format!(r#"{{"statusCode":200,"body":{quoted}}}"#)] {
        assert_eq!(open(&text).1.format, "messages", "{text}");
        assert_eq!(codes(&text), ["reshaped"], "{text}");
    }
    assert_eq!(open("\"just words\"").1.format, "");
}

#[test]
fn json_inside_of_yaml_is_a_text_of_it() {
    let text = "Resources:\n  Machine:\n    Type: Other\n    Properties:\n      Text: |\n        {\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Pass\", \"End\": true}}}\n";
    let (_, view) = open(text);
    assert_eq!(view.format, "", "{}", view.explanation);
    // Lines that are told by a word before their JSON are no YAML.
    let line = r#"agent: {"role": "user", "content": "Hi"}"#;
    assert_eq!(open(&format!("{line}\n{line}\n")).1.format, "messages");
}

#[test]
fn yaml_of_a_pipeline_is_read_up_to_its_damage() {
    let text = "on: push\njobs:\n  a:\n    steps: [{run: 'x'}]\n  b: [\n";
    assert!(codes(text).contains(&"yaml-damaged".to_owned()));
}

#[test]
fn a_log_with_words_before_the_json_is_no_yaml() {
    let line = r#"INFO: {"name":"a","context":{"trace_id":"0x1","span_id":"0x2"},"parent_id":null,"start_time":"2026-01-02T03:04:05Z","end_time":"2026-01-02T03:04:06Z","attributes":{}}"#;
    let (_, view) = open(&format!("{line}\n{line}\n"));
    assert_eq!(view.format, "otel-console");
}

const SPAN: &str = r#"{"name":"a","context":{"trace_id":"0x1","span_id":"0x2"},"parent_id":null,"start_time":"2026-01-02T03:04:05Z","end_time":"2026-01-02T03:04:06Z","attributes":{"mine":1,"yours":2}}"#;

#[test]
fn loose_json_is_read_in_its_strict_form() {
    let loose = SPAN.replace('"', "'").replace("null", "None").replace("}}", "},}");
    for text in [loose.clone(), format!("[\n{loose},\n]"), format!("/* pasted */ {loose}")] {
        let (_, view) = open(&text);
        assert_eq!((view.format.as_str(), view.runs.len()), ("otel-console", 1), "{text}: {:?}", view.diagnostics);
        assert_eq!(view.verdicts[0].prepared.len(), 1, "{text}: {:?}", view.verdicts);
    }
}

#[test]
fn what_stands_around_json_is_stepped_over() {
    let (_, other) = (0, SPAN.replace("0x2", "0x3"));
    for (text, steps, code) in [
        (format!("Here it is:\n```json\n{SPAN}\n```\nThank you.\n"), 1, "lines-without-json"),
        (format!("{SPAN}{other}"), 2, ""),
        (format!("{SPAN}\nand words after it"), 1, "lines-without-json"),
        (format!("[pod/a/b] {SPAN}\n[pod/a/b] {other}\n"), 2, "container-log"),
        (
            format!(
                "2026-01-02T03:04:05.6Z stdout P {}\n2026-01-02T03:04:05.6Z stdout F {}\n",
                &SPAN[..50],
                &SPAN[50..]
            ),
            1,
            "container-log",
        ),
        (format!("{SPAN}\n{}", &other[..60]), 1, "truncated"),
    ] {
        let (_, view) = open(&text);
        assert_eq!(view.runs.iter().map(|run| run.steps).sum::<u32>(), steps, "{text}: {:?}", view.diagnostics);
        let said = view.diagnostics.iter().any(|diagnostic| diagnostic.code == code);
        assert!(code.is_empty() || said, "{text}: {:?}", view.diagnostics);
    }
}

#[test]
fn wrapped_values_are_read_and_only_they() {
    let text = format!("{{\"object\": \"list\", \"items\": [{SPAN}], \"other\": [{}]}}", SPAN.replace("0x2", "0x4"));
    let (session, view) = open(&text);
    assert_eq!((view.format.as_str(), view.runs[0].steps), ("otel-console", 1), "{:?}", view.diagnostics);
    assert!(view.diagnostics.iter().all(|diagnostic| diagnostic.code == "orphan"), "{:?}", view.diagnostics);
    assert!(view.explanation.contains("because in its `items` "), "{}", view.explanation);
    // Places are those of the file.
    let place = session.opened[0].as_ref().unwrap().document.runs[0].steps.place[0];
    assert_eq!(&text[place.start as usize..][..8], "{\"name\":");
    let lines = format!("{{\"body\":{SPAN}}}\n{{\"body\":{}}}\n", SPAN.replace("0x2", "0x4"));
    let (_, view) = open(&lines);
    assert_eq!(view.runs[0].steps, 2);
    assert!(view.verdicts[0].prepared[0].contains("2 objects wrap"), "{:?}", view.verdicts);
}

#[test]
fn the_verdict_says_what_was_done_and_what_was_not_understood() {
    let (_, view) = open(&format!("{SPAN}\n{{\"cut"));
    let [verdict] = view.verdicts.as_slice() else { panic!("{:?}", view.verdicts) };
    assert_eq!((verdict.format.as_str(), verdict.asked), ("otel-console", false));
    assert!(view.explanation.contains(&verdict.because));
    assert_eq!(verdict.repaired.len(), 1, "{verdict:?}");
    assert_eq!(verdict.not_understood, ["2 attributes are not understood: mine, yours."]);
    let (_, refused) = open("words");
    assert_eq!(refused.verdicts[0].format, "");
}

#[test]
fn signs_behind_a_long_value_are_found() {
    let long = "a long word ".repeat(40_000);
    let deep = format!("{}1{}", "{\"a\":[".repeat(60_000), "]}".repeat(60_000));
    let machine = r#""StartAt":"A","States":{"A":{"Type":"Pass","End":true}}"#;
    for before in [format!("\"{long}\""), deep, format!("[{}0]", "0, ".repeat(200_000))] {
        let (_, view) = open(&format!("{{\"Comment\": {before}, {machine}}}"));
        assert_eq!((view.format.as_str(), view.pipelines.len()), ("asl", 1), "{}", view.explanation);
    }
    // What wraps the signs, and what would be something else by its head alone.
    let (_, view) = open(&format!("{{\"page\": \"{long}\", \"items\": [{SPAN}]}}"));
    assert_eq!((view.format.as_str(), view.runs.len()), ("otel-console", 1), "{}", view.explanation);
    let call = format!(
        r#"[{{"messages":[{{"role":"user","content":"{long}"}}],"prompt":null,"kwargs":{{}},"outputs":["yes"],"uuid":"1","timestamp":"2026-01-02T03:04:05","cost":null,"usage":{{}}}}]"#
    );
    assert_eq!(open(&call).1.format, "dspy-history");
}

#[test]
fn json5_of_spans_is_no_console_output_and_a_long_line_of_docker_is_unwrapped() {
    let span = r#"traceId: "5b8efff798038103d269b633813fc60c", spanId: "eee19b7ec3c1b174", name: "plan", startTimeUnixNano: "1", endTimeUnixNano: "2""#;
    let text = format!(
        "// pasted\n{{\nresourceSpans: [{{\nresource: {{\nattributes: [],\n}},\nscopeSpans: [{{ spans: [{{ {span},\nkind: 1,\nstatus: {{}},\nattributes: [\n],\n}}] }}],\n}}],\n}}"
    );
    assert_eq!(open(&text).1.format, "otlp-json", "{}", open(&text).1.explanation);
    let inside = format!("{{\"filler\":\"{}\",{}", "x".repeat(300_000), SPAN.strip_prefix('{').unwrap());
    let log = format!("{{\"log\":{},\"stream\":\"stdout\"}}\n", crate::json::quoted(&format!("{inside}\n")));
    assert_eq!(open(&log).1.format, "otel-console");
}

#[test]
fn a_trace_of_another_version_is_nothing_else() {
    for version in ["-2", "1000000000000000000000000000000", "\"x\"", "2"] {
        let text = format!(
            "{{\"chaindebug\":{version}}}\n{{\"id\":\"1\",\"messages\":[{{\"role\":\"user\",\"content\":\"a\"}}]}}\n"
        );
        let (_, view) = open(&text);
        assert!(view.format.is_empty() && view.explanation.contains("ChainDebug"), "{}", view.explanation);
    }
}
