//! Fixtures of Claude Code sessions, and a test for each trap.

use crate::import::dump::dump;
use crate::import::testing::{open, together};
use crate::model::{Kind, Status};
use crate::session::Session;

const SESSION: &str = include_str!("../fixtures/claude_code.jsonl");
const AGENT: &str = include_str!("../fixtures/claude_agent.jsonl");

/// Depth, name, kind, status of each step of the first run.
fn steps(session: &Session) -> Vec<(u32, String, Kind, Status)> {
    let document = &session.opened[0].as_ref().unwrap().document;
    let steps = &document.runs[0].steps;
    (0..steps.len())
        .map(|at| (steps.depth[at], document.names.get(steps.name[at]).to_owned(), steps.kind[at], steps.status[at]))
        .collect()
}

#[test]
fn a_session_with_everything() {
    insta::assert_snapshot!(dump(SESSION.as_bytes()));
}

#[test]
fn a_sub_agent_in_a_file_of_its_own_joins_its_session_in_any_order() {
    let session_alone: String =
        SESSION.lines().filter(|line| !line.contains("agent_progress")).map(|line| format!("{line}\n")).collect();
    let told = |order: &[&str]| {
        let session = together(order);
        let document = &session.opened[0].as_ref().unwrap().document;
        assert_eq!((document.runs.len(), document.runs[0].orphans), (1, 0));
        assert!(!document.diagnostics.iter().any(|d| d.code == "duplicate-id"), "{:?}", document.diagnostics);
        (steps(&session), document.runs[0].usage, document.runs[0].name.clone())
    };
    let first = told(&[&session_alone, AGENT]);
    assert_eq!(first, told(&[AGENT, &session_alone]));
    assert_eq!(first.2, "Fix the failing price test");
    // The session tells some of the agent's messages itself: they are not told twice.
    assert_eq!(first.0, told(&[SESSION, AGENT]).0);
    let (agent, tool) = (&first.0[3], &first.0[2]);
    assert_eq!((tool.0, tool.1.as_str(), agent.0, agent.1.as_str()), (1, "Task", 2, "Look at src"));
    let below: Vec<&str> = first.0[4..7].iter().map(|step| step.1.as_str()).collect();
    assert_eq!(below, ["claude-demo-5", "Grep", "claude-demo-5"]);
}

#[test]
fn an_agent_alone_is_a_run() {
    let (session, view) = open(AGENT);
    assert_eq!((view.runs.len(), view.runs[0].steps, view.runs[0].roots), (1, 4, 1));
    assert_eq!(view.runs[0].name, "Look at src");
    assert_eq!(view.runs[0].usage.input, Some(2 * 1210));
    assert_eq!(steps(&session)[0].2, Kind::Agent);
}

#[test]
fn older_side_chains_stand_below_the_tool_that_asked_the_same() {
    let text = r#"
{"type":"user","uuid":"1","parentUuid":null,"sessionId":"s","isSidechain":false,"message":{"role":"user","content":"go"}}
{"type":"assistant","uuid":"2","parentUuid":"1","sessionId":"s","isSidechain":false,"message":{"id":"m1","role":"assistant","model":"c","content":[{"type":"tool_use","id":"t1","name":"Task","input":{"prompt":"look"}},{"type":"tool_use","id":"t2","name":"Task","input":{"prompt":"write"}}]}}
{"type":"user","uuid":"3","parentUuid":null,"sessionId":"s","isSidechain":true,"message":{"role":"user","content":"write"}}
{"type":"user","uuid":"4","parentUuid":null,"sessionId":"s","isSidechain":true,"message":{"role":"user","content":"look"}}
{"type":"assistant","uuid":"5","parentUuid":"3","sessionId":"s","isSidechain":true,"message":{"id":"m2","role":"assistant","model":"c","content":[{"type":"text","text":"written"}]}}
{"type":"assistant","uuid":"6","parentUuid":"4","sessionId":"s","isSidechain":true,"message":{"id":"m3","role":"assistant","model":"c","content":[{"type":"text","text":"looked"}]}}
"#;
    let (session, view) = open(text);
    let tree: Vec<(u32, String)> = steps(&session).into_iter().map(|step| (step.0, step.1)).collect();
    let expected = [(0, "go"), (1, "c"), (1, "Task"), (2, "look"), (3, "c"), (1, "Task"), (2, "write"), (3, "c")];
    assert_eq!(tree, expected.map(|(depth, name)| (depth, name.to_owned())));
    assert_eq!(view.runs[0].orphans, 0);
}

#[test]
fn placeholders_are_no_tokens() {
    let line = |id: u32, text: &str, output: u32| {
        format!(
            r#"{{"type":"assistant","uuid":"{id}","parentUuid":null,"sessionId":"s","message":{{"id":"m{id}","role":"assistant","model":"c","content":[{{"type":"text","text":"{text}"}}],"usage":{{"input_tokens":7,"output_tokens":{output}}}}}}}"#
        )
    };
    let long = "a word ".repeat(30);
    let (session, view) = open(&format!("{}\n{}", line(1, &long, 3), line(2, &long, 1)));
    assert_eq!((view.runs[0].usage.input, view.runs[0].usage.output), (Some(14), None));
    assert!(view.diagnostics.iter().any(|d| d.code == "tokens-not-recorded"));
    assert!(session.details(0, 1).unwrap().notes.iter().any(|note| note.contains("placeholder")));
    // Where the session as a whole has counts, one that is too low is said to be.
    let (session, view) = open(&format!("{}\n{}", line(1, &long, 60), line(2, &long, 1)));
    assert_eq!(view.runs[0].usage.output, Some(61));
    assert!(session.details(0, 2).unwrap().notes.iter().any(|note| note.contains("too few")));
}

#[test]
fn the_web_export_is_read() {
    let text = r#"{"loglines":[
{"type":"user","timestamp":"2025-12-24T10:00:00Z","message":{"role":"user","content":"add"}},
{"type":"assistant","timestamp":"2025-12-24T10:00:05Z","message":{"role":"assistant","content":[{"type":"text","text":"so"},{"type":"tool_use","id":"t","name":"Write","input":{"a":1}}]}},
{"type":"user","timestamp":"2025-12-24T10:00:06Z","message":{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"written"}]}},
{"type":"assistant","timestamp":"2025-12-24T10:00:07Z","message":{"role":"assistant","content":"done"}}]}"#;
    let (session, view) = open(text);
    assert!(view.explanation.contains("web export"), "{}", view.explanation);
    let names: Vec<String> = steps(&session).into_iter().map(|step| step.1).collect();
    assert_eq!(names, ["add", "model call", "Write", "model call"]);
    assert_eq!(view.runs[0].duration_ns, Some(7_000_000_000));
}

#[test]
fn the_stream_of_the_command_line_is_read() {
    let text = r#"
{"type":"system","subtype":"init","session_id":"s","model":"claude-demo","tools":["Task"]}
{"type":"assistant","session_id":"s","parent_tool_use_id":null,"message":{"id":"m1","role":"assistant","model":"claude-demo","content":[{"type":"tool_use","id":"t1","name":"Task","input":{"prompt":"look"}}],"usage":{"input_tokens":3,"output_tokens":30}}}
{"type":"user","session_id":"s","parent_tool_use_id":"t1","message":{"role":"user","content":[{"type":"text","text":"look"}]}}
{"type":"assistant","session_id":"s","parent_tool_use_id":"t1","message":{"id":"m2","role":"assistant","model":"claude-small","content":[{"type":"text","text":"seen"}],"usage":{"input_tokens":2,"output_tokens":4}}}
{"type":"user","session_id":"s","parent_tool_use_id":null,"message":{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"seen"}]}}
{"type":"assistant","session_id":"s","parent_tool_use_id":null,"message":{"id":"m3","role":"assistant","model":"claude-demo","content":[{"type":"text","text":"all good"}],"usage":{"input_tokens":3,"output_tokens":4}}}
{"type":"result","subtype":"success","session_id":"s","is_error":false,"result":"all good","total_cost_usd":0.02,"duration_ms":900,"usage":{"input_tokens":6,"output_tokens":34}}
"#;
    let (session, view) = open(text);
    let tree: Vec<(u32, String)> = steps(&session).into_iter().map(|step| (step.0, step.1)).collect();
    let expected =
        [(0, "Session goes on"), (1, "claude-demo"), (1, "Task"), (2, "look"), (3, "claude-small"), (1, "claude-demo")];
    assert_eq!(tree, expected.map(|(depth, name)| (depth, name.to_owned())));
    assert_eq!(view.runs[0].usage.output, Some(38));
    assert!(session.details(0, 0).unwrap().facts.iter().any(|fact| fact.text == "$ 0.02"));
}

#[test]
fn a_result_alone_is_a_step() {
    let text = r#"{"type":"result","subtype":"success","is_error":false,"duration_ms":5000,"num_turns":2,"result":"one file","session_id":"s","total_cost_usd":0.01,"usage":{"input_tokens":6,"output_tokens":10},"uuid":"u"}"#;
    let (session, view) = open(text);
    assert_eq!((view.runs[0].steps, view.runs[0].usage.output), (1, Some(10)), "{}", view.explanation);
    let details = session.details(0, 0).unwrap();
    let output = details.output.unwrap();
    assert_eq!(String::from_utf8(session.bytes(0, output.place).unwrap()).unwrap(), r#""one file""#);
    assert!(details.facts.iter().any(|fact| fact.text == "5000 ms"));
}
