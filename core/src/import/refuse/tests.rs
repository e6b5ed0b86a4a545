//! Texts that are named and refused.

use crate::import::testing::open;

fn refused(text: &str) -> String {
    let (_, view) = open(text);
    assert_eq!((view.format.as_str(), view.runs.len()), ("", 0), "{text}");
    assert!(view.diagnostics.iter().any(|diagnostic| diagnostic.code == "not-recognised"), "{text}");
    view.explanation
}

#[test]
fn json_is_named_by_its_keys() {
    for (text, name) in [
        (r#"{"traceEvents": []}"#, "a Chrome trace without events"),
        (r#"{"log": {"entries": []}}"#, "a HAR recording without calls of a language model"),
        (r#"{"guardrails_config": {}, "rails": [{"class": "A"}]}"#, "an IA Modules guardrails configuration"),
    ] {
        let said = refused(text);
        assert!(said.contains(&format!("This is {name}; it cannot be read here.")), "{text}: {said}");
    }
}

#[test]
fn what_never_was_a_trace_is_named_too() {
    for (text, name) in [
        (r#"{"nodes":[],"startTime":1,"endTime":2,"samples":[],"timeDeltas":[]}"#, "a CPU profile of V8"),
        (r#"{"$schema":"https://www.speedscope.app/file-format-schema.json"}"#, "a speedscope profile"),
        (r#"{"name":"x","version":"1.0.0","dependencies":{}}"#, "the package.json of a JavaScript package"),
        (r#"[{"traceId":"1","id":"2","name":"a","binaryAnnotations":[]}]"#, "a Zipkin v1 trace"),
        (
            r#"{"log":{"version":"1.2","entries":[{"request":{"url":"https://example.org/"}}]}}"#,
            "a HAR recording without calls of a language model",
        ),
        ("{\"hits\":{\"hits\":[]}}", "an answer of Elasticsearch"),
        ("services:\n  web:\n    image: nginx\n", "a Docker Compose file"),
        ("stages:\n  - build\n  - test\nbuild:\n  stage: build\n  script: make\n", "a GitLab CI pipeline"),
        ("version: 2.1\njobs:\n  a:\n    steps: [checkout]\nworkflows:\n  w:\n    jobs: [a]\n", "a CircleCI pipeline"),
        ("trigger: [main]\npool:\n  vmImage: x\nsteps:\n  - script: make\n", "an Azure pipeline"),
        (r#"{"numTotalTests":1,"success":true,"testResults":[]}"#, "a report of Jest or Vitest"),
        (r#"{"Time":"2026-01-01T00:00:00Z","Action":"run","Package":"a","Test":"T"}"#, "test events of Go"),
        (r#"{"name":"t","description":"d","color":"c","iconSrc":"","schema":"[]","func":"x"}"#, "a tool of Flowise"),
        (r#"{"last_node_id":9,"nodes":[],"links":[]}"#, "a workflow of ComfyUI"),
        (r#"{"3":{"class_type":"A","inputs":{}}}"#, "a workflow of ComfyUI"),
        (r#"[{"id":"f","type":"tab","label":"F"}]"#, "flows of Node-RED"),
        (r#"[{"ts":1,"type":"say","say":"text","text":"x"}]"#, "what Cline or Roo Code shows"),
        (r#"{"events":[{"id":"a","root_span_id":"r","span_attributes":{"name":"x"}}]}"#, "spans of Braintrust"),
        (r#"{"traces":[{"traceID":"a","rootTraceName":"x"}]}"#, "an answer of Tempo's search"),
        ("app:\n  mode: workflow\nkind: app\nworkflow:\n  graph: {}\n", "an app of Dify"),
        (r#"{"jsonrpc":"2.0","id":1,"method":"tools/call"}"#, "messages of the Model Context Protocol"),
        (
            "2026-01-01T10:00:01Z [fs] [info] sent {\"jsonrpc\":\"2.0\",\"id\":1}\n",
            "messages of the Model Context Protocol",
        ),
        ("TAP version 14\n1..1\nok 1 - works\n", "a TAP report"),
        ("apiVersion: v1\nkind: Service\nmetadata:\n  name: x\nspec: {}\n", "a Kubernetes resource"),
    ] {
        let said = refused(text);
        assert!(said.contains(&format!("This is {name}; it cannot be read here.")), "{text}: {said}");
    }
}

#[test]
fn text_is_named_by_its_first_lines() {
    for (text, name) in [
        ("<!DOCTYPE html>\n<html><body>Log in</body>", "an HTML page"),
        ("---\ntitle: x\n---\npie showData\n  \"a\": 1", "a Mermaid pie chart"),
        ("# Notes\n\n```mermaid\nstateDiagram-v2\n  a --> b\n```\n", "a Mermaid state diagram"),
        ("sequenceDiagram\n  a->>b: hi", "a Mermaid sequence diagram"),
        ("<?xml version=\"1.0\"?>\n<test-run id=\"2\"><test-suite/></test-run>", "an NUnit report (XML)"),
        ("<robot generator=\"Robot 7\"></robot>", "a Robot Framework report (XML)"),
        ("main;work;parse 12\nmain;idle 3\n", "a list of folded stacks"),
        (
            "node 4711 12345.678901: cpu-clock:\n\t    7f0 main (/usr/bin/node)\n",
            "a profile that `perf script` printed",
        ),
        ("a: 1\nb: {c: 2}\n", "YAML"),
        ("id,name,trace_id\n1,a,2\n", "a CSV table"),
        (
            "{\n  resource: {\n    attributes: {\n      'service.name': 'x'\n    }\n  },\n  traceId: 'ab',\n  name: 'GET',\n  kind: 1,\n}",
            "the console output of a JavaScript program",
        ),
        ("{'a': 1, 'b': None}", "a Python object as print() writes it"),
        ("<p align=\"center\"><img src=\"x\"></p>\n\n# Title", "Markdown or HTML"),
    ] {
        let said = refused(text);
        assert!(said.contains(&format!("This is {name}; ")), "{text}: {said}");
    }
}

#[test]
fn what_is_unknown_is_described() {
    let said = refused(r#"{"alpha": 1, "beta": [2]}"#);
    assert!(said.contains("one JSON object with the keys `alpha`, `beta`"), "{said}");
    let count = crate::import::formats().count();
    assert!(said.contains(&format!("Looked for: {count} formats, among them OTLP")), "{said}");
    assert!(refused("just some words\nand more").contains("text without JSON"), "");
    assert!(refused("[\"a\", 1]\n[\"b\", 2]\n").contains("a JSON list without objects"), "");
    for text in [
        "a>=1\n\n[full]\nb\n",
        "[package]\nname = \"x\"\n",
        "See [the page](x) and `{a: 1}`, in all that is said there of it.\n",
    ] {
        assert!(refused(text).starts_with("It is text without JSON"), "{text}: {}", refused(text));
    }
    let said = refused("2026 [main] [info] sent {\"alpha\": 1}\n");
    assert!(said.contains("with the keys `alpha`"), "{said}");
    assert!(refused("[1, 2, 3]").contains("a JSON list without objects"), "");
    // In what form it was looked at is not said, and a sentence is no table.
    let said = refused(r#"{"a":{"x":1,"y":2},"b":{"x":1,"y":2},"c":{"x":1,"y":2}}"#);
    assert!(said.starts_with("It is one JSON object with the keys `a`, `b`, `c`"), "{said}");
    let said = refused("Well, here, it is\nand so, and so, on\nuntil the end\nof it\n");
    assert!(said.starts_with("It is text without JSON"), "{said}");
    let said = refused(r#"{"services":{"db":{"operations":{}}},"version":1}"#);
    assert!(said.contains("one JSON object"), "{said}");
    let said = refused(
        r#"{"$schemaVersion":"1.13","current_agent":{"name":"a"},"trace":{"object":"trace","id":"t","workflow_name":"w"}}"#,
    );
    assert!(said.contains("This is the state of a paused run of the OpenAI Agents SDK"), "{said}");
}
