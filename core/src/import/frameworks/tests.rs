//! Dumps of frameworks: each with everything it may hold, wrappers and orders, odd types.

use super::FIXTURES;
use crate::import::dump::dump;
use crate::import::testing::open;

#[test]
fn each_dump_with_everything_it_may_hold() {
    let names = [
        "smolagents",
        "autogen",
        "autogen_state",
        "pydantic_ai",
        "haystack",
        "dspy",
        "llama_index",
        "crewai",
        "crewai_log",
    ];
    for (name, text) in names.into_iter().zip(FIXTURES) {
        insta::assert_snapshot!(name, dump(text.as_bytes()));
    }
}

/// Format, runs, steps and errors of the first run, tokens in and out.
fn counts(text: &str) -> (String, usize, u32, u32, Option<u64>, Option<u64>) {
    let (_, view) = open(text);
    let run = view.runs.first();
    let usage = run.map(|run| run.usage).unwrap_or_default();
    let (steps, errors) = run.map_or((0, 0), |run| (run.steps, run.errors));
    (view.format, view.runs.len(), steps, errors, usage.input, usage.output)
}

#[test]
fn steps_of_smolagents_without_their_result() {
    let whole = FIXTURES[0];
    let steps = whole.split_once("\"steps\": ").unwrap().1.trim_end().trim_end_matches('}').to_owned();
    let (session, view) = open(&steps);
    assert_eq!((view.format.as_str(), view.runs.len()), ("smolagents-steps", 1));
    assert_eq!((view.runs[0].steps, view.runs[0].errors, view.runs[0].usage.input), (12, 1, Some(30)));
    assert_eq!(view.runs[0].name, "What is the weather in Bern?");
    assert!((0..12).all(|step| session.details(0, step).is_ok()));
}

#[test]
fn two_tasks_are_two_runs() {
    let step = r#"{"step_number":1,"timing":{},"model_input_messages":[],"tool_calls":[],"observations":"x"}"#;
    let text = format!(r#"[{{"task":"a","task_images":null}},{step},{{"task":"b","task_images":null}},{step},{step}]"#);
    let (_, view) = open(&text);
    assert_eq!(view.runs.iter().map(|run| run.steps).collect::<Vec<_>>(), [3, 5]);
}

#[test]
fn a_saved_agent_alone_is_read_by_what_it_remembers() {
    let text = r#"{"type":"AssistantAgentState","version":"1.0.0","llm_context":{"messages":[{"content":"hi","source":"user","type":"UserMessage"},
        {"content":[{"id":"c","arguments":"{}","name":"t"}],"source":"a","type":"AssistantMessage"},
        {"content":[{"content":"ok","name":"t","call_id":"c","is_error":false}],"type":"FunctionExecutionResultMessage"},
        {"content":"bye","source":"a","type":"AssistantMessage"}]}}"#;
    assert_eq!(counts(text), ("autogen-messages".into(), 1, 6, 0, None, None));
}

#[test]
fn messages_of_pydantic_ai_in_a_wrapper_and_without_ids() {
    let text = FIXTURES[3].replace(", \"run_id\": \"r1\"", "").replace(", \"run_id\": \"r2\"", "");
    assert_eq!(counts(&text), ("pydantic-ai-messages".into(), 1, 7, 1, Some(121), Some(16)));
    let wrapped = format!(r#"{{"all_messages":{}}}"#, FIXTURES[3]);
    assert_eq!(counts(&wrapped), ("pydantic-ai-messages".into(), 2, 6, 1, Some(121), Some(16)));
}

#[test]
fn one_call_of_dspy_alone_and_calls_in_lines() {
    let lines: Vec<&str> =
        FIXTURES[5].lines().filter(|line| line.starts_with('{')).map(|line| line.trim_end_matches(',')).collect();
    assert_eq!(counts(&lines.join("\n")), ("dspy-history".into(), 1, 2, 0, Some(12), Some(5)));
    assert_eq!(counts(lines[1]).2, 1);
}

#[test]
fn odd_types_are_no_harm() {
    for text in [
        r#"[{"task":7,"task_images":[]},{"step_number":{},"timing":7,"model_input_messages":"x","tool_calls":[7,{"function":null}],"observations":[],"error":"e"}]"#,
        r#"{"messages":[{"source":7,"content":{"a":1},"type":[]},{"source":"a","content":[7,null,{"call_id":null}],"type":"ToolCallExecutionEvent","models_usage":7}],"stop_reason":null}"#,
        r#"[{"kind":"request","parts":[{"part_kind":7},7,{"part_kind":"tool-return","tool_call_id":[]}]},{"kind":"response","parts":[{"part_kind":"tool-call"},{}],"usage":[]},7]"#,
        r#"{"pipeline_state":{"inputs":7,"component_visits":{"a":"x","b":-1}},"break_point":[]}"#,
        r#"[{"messages":7,"outputs":[7,null],"kwargs":null,"uuid":5,"timestamp":"x"}]"#,
        r#"[[{"event_type":7,"payload":7,"time":"1/2, 3"}],[],[7],7]"#,
    ] {
        let (session, view) = open(text);
        assert_eq!(view.runs.len(), 1, "{text}: {}", view.explanation);
        assert!((0..view.runs[0].steps).all(|step| session.details(0, step).is_ok()), "{text}");
    }
}
