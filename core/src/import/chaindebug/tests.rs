//! ChainDebug's own format: lines, documents, damage.

use crate::import::dump::dump;
use crate::import::testing::open;

pub(crate) const EVERYTHING: &str = r#"{"chaindebug": 1, "run": {"id": "r", "name": "Everything", "attributes": {"service.name": "shop"}}, "recorder": {"name": "rec", "version": "1.2"}, "limits": {"value_bytes": 64}}
{"type": "end", "id": "early", "end": "2026-03-02T09:15:03.5Z", "output": "done before it began"}
{"type": "start", "id": 1, "name": "answer", "kind": "chain", "start": "2026-03-02T09:15:00Z", "input": null, "attributes": {"a": 1, "b": [1, 2]}}
{"type": "start", "id": "early", "parent": "1", "name": "early bird", "start": "1772442903000000001", "status": "ok"}
{"type": "update", "id": "1", "attributes": {"a": 2, "gen_ai.operation.name": "chat"}, "usage": {"input_tokens": 5, "output_tokens": 1}}
{"type": "event", "step": 1, "name": "tick", "time": "2026-03-02T09:15:01.000000007Z", "attributes": {"n": 3}}
{"type": "event", "step": "nobody", "name": "lost"}
{"id": "x", "parent": "1", "name": "call", "kind": "llm", "start": "2026-03-02T09:15:02", "end": "2026-03-02T09:15:03+00:00", "model": "m-1", "usage": {"input_tokens": 7, "cost": 0.5}, "messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}]}
{"id": "x", "parent": "1", "name": "again", "kind": "banana", "status": "fine", "start": 1.5, "error": {"type": "ValueError", "message": "no", "stack": "line 1\nline 2"}, "own": {"k": true}}
{"type": "end", "id": "1", "end": "2026-03-02T09:15:04Z", "status": "ok", "usage": {"output_tokens": 9}, "output": {"$truncated": {"bytes": 100, "kept": 2}, "$text": "ab"}, "links": [{"step": "x"}]}
{"type": "end", "id": "1", "end": "2026-03-02T09:15:05Z"}
{"type": "pause", "id": "1"}
{"type": "update"}
{"type": "start", "id": "2", "name": "never over", "parent": "1", "start": "2026-03-02T09:15:04Z"}
"#;

#[test]
fn everything_the_format_has() {
    insta::assert_snapshot!(dump(EVERYTHING.as_bytes()));
}

#[test]
fn hand_written_steps_have_an_order_and_no_times() {
    let text = r#"{"chaindebug": 1, "run": {"name": "Answer a question"}}
{"id": "answer", "name": "answer", "kind": "chain", "input": "May I return a lamp?"}
{"parent": "answer", "name": "retrieve", "kind": "retriever", "input": "lamp return", "output": []}
{"parent": "answer", "name": "write", "kind": "llm", "status": "error", "error": "no sources"}
"#;
    insta::assert_snapshot!(dump(text.as_bytes()));
}

#[test]
fn documents_and_lines_read_the_same() {
    let steps = r#"{"id": "1", "name": "a"}, {"name": "b", "parent": "1"}"#;
    let texts = [
        format!(r#"{{"chaindebug": 1, "run": {{"id": "q"}}, "steps": [{steps}]}}"#),
        format!(r#"{{"steps": [{steps}], "run": {{"id": "q"}}, "chaindebug": 1}}"#),
        format!(r#"{{"chaindebug": 1, "runs": [{{"steps": [{steps}], "id": "q"}}]}}"#),
        format!("{{\"chaindebug\": 1, \"run\": {{\"id\": \"q\"}}}}\r\n\r\n{}", steps.replace("}, {", "}\r\n{")),
        format!(r#"[{{"chaindebug": 1, "run": {{"id": "q"}}}}, {steps}]"#),
    ];
    for text in &texts {
        let (_, view) = open(text);
        assert_eq!((view.format.as_str(), view.runs.len()), ("chaindebug", 1), "{text}");
        assert_eq!((view.runs[0].id.as_str(), view.runs[0].steps, view.runs[0].roots), ("q", 2, 1), "{text}");
        assert_eq!(view.diagnostics, [], "{text}");
    }
}

#[test]
fn headers_begin_runs_and_go_on_with_them() {
    let text = r#"{"chaindebug": 1}
{"name": "a"}
{"chaindebug": 1, "run": {"id": "1", "name": "named one"}}
{"name": "b"}
{"chaindebug": 1}
{"name": "c"}
{"chaindebug": 1, "run": {"id": "1"}}
{"name": "d"}
{"chaindebug": 1, "runs": [{"id": "m", "steps": [{"name": "e"}]}, {"id": "t", "end": "2026-01-01T00:00:00Z", "steps": [{"name": "f"}, {"name": "g"}]}]}
{"chaindebug": 2}
{"name": "from the future"}
"#;
    let (_, view) = open(text);
    let runs: Vec<_> = view.runs.iter().map(|run| (run.id.as_str(), run.name.as_str(), run.steps)).collect();
    assert_eq!(runs, [("1#2", "a", 1), ("1", "named one", 2), ("3", "c", 1), ("m", "e", 1), ("t", "f", 2)]);
    assert_eq!(view.diagnostics.iter().map(|d| d.code.as_str()).collect::<Vec<_>>(), ["newer-version"]);
}

#[test]
fn a_file_cut_by_a_crash_says_so() {
    let text = "{\"chaindebug\": 1, \"run\": {\"name\": \"Night\"}}\n\
        {\"type\": \"start\", \"id\": \"1\", \"name\": \"outer\", \"start\": \"2026-03-02T02:00:00Z\"}\n\
        {\"type\": \"start\", \"id\": \"2\", \"parent\": \"1\", \"name\": \"inner\", \"start\": \"2026-03-02T02:00:01Z\"}\n\
        {\"type\": \"end\", \"id\": \"2\", \"en";
    let (_, view) = open(text);
    let said: Vec<_> = view.diagnostics.iter().map(|d| d.code.as_str()).collect();
    assert_eq!(said, ["truncated", "stopped-while-running"]);
    assert!(view.diagnostics[1].message.contains("2 steps were still running (outer, inner)"));
    let whole =
        text.replace("{\"type\": \"end\", \"id\": \"2\", \"en", "{\"type\": \"end_run\", \"error\": \"disk full\"}");
    let (_, view) = open(&whole);
    let said: Vec<_> = view.diagnostics.iter().map(|d| d.code.as_str()).collect();
    assert_eq!(said, ["run-error", "ended-while-running"]);
}

#[test]
fn a_newer_version_is_refused_with_a_sentence() {
    let (_, view) = open("{\"chaindebug\": 2}\n{\"name\": \"a\"}\n");
    assert_eq!(view.format, "");
    assert!(view.explanation.contains("This file is version 2 of the ChainDebug format"), "{}", view.explanation);
    let (_, view) = open("{\"chaindebug\": \"yes\", \"steps\": []}");
    assert!(view.explanation.contains("its `chaindebug` is `yes`"), "{}", view.explanation);
}

#[test]
fn conversations_in_every_place_they_may_stand() {
    let text = r#"{"chaindebug": 1}
{"name": "list", "kind": "llm", "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "parts": [{"type": "text", "content": "Weather?"}]}, {"role": "assistant", "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{\"at\": \"Ulm\"}"}}]}, {"role": "tool", "tool_call_id": "c1", "content": "rain"}, {"role": "assistant", "content": "Rain.", "finish_reason": "stop"}]}
{"name": "in input", "input": {"messages": [{"role": "user", "content": "Hi"}]}, "output": {"role": "assistant", "content": "Ho"}}
{"name": "bare answer", "input": [{"role": "user", "content": "Hi"}], "output": "Ho"}
{"name": "cut", "messages": [{"role": "user", "content": "Hi"}, {"$truncated": {"items": 9, "kept": 1}}]}
{"name": "attributes", "attributes": {"gen_ai.operation.name": "chat", "gen_ai.input.messages": [{"role": "user", "parts": [{"type": "text", "content": "Hi"}]}], "gen_ai.usage.input_tokens": 3, "gen_ai.response.model": "m"}}
{"name": "no conversation", "input": [1, 2], "output": [{"role": "x"}]}
"#;
    insta::assert_snapshot!(dump(text.as_bytes()));
}
