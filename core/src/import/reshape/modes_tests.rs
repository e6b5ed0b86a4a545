//! Streams of LangGraph in several modes, opened as files.

use crate::import::testing::open;
use crate::model::Kind;

const AI: &str = r#"{"content":"yo","type":"ai","id":"r1","response_metadata":{"model_name":"demo"},"tool_calls":[{"name":"search","args":{},"id":"c"}],"usage_metadata":{"input_tokens":5,"output_tokens":2,"total_tokens":7}}"#;
const TOOL: &str = r#"{"content":"found","type":"tool","id":"t","tool_call_id":"c","additional_kwargs":{}}"#;

/// Name, depth and status of each step.
fn steps(text: &str) -> Vec<(String, u32, String)> {
    let (session, view) = open(text);
    assert_eq!((view.format.as_str(), view.runs.len()), ("langgraph-debug", 1), "{}", view.explanation);
    let document = session.opened[0].as_ref().map(|opened| &opened.document).unwrap();
    let columns = &document.runs[0].steps;
    (0..columns.len())
        .map(|at| {
            let name = document.names.get(columns.name[at]).to_owned();
            (name, columns.depth[at], columns.status[at].name().to_owned())
        })
        .collect()
}

fn list(expected: &[(&str, u32, &str)]) -> Vec<(String, u32, String)> {
    expected.iter().map(|(name, depth, status)| ((*name).to_owned(), *depth, (*status).to_owned())).collect()
}

#[test]
fn updates_are_results_of_their_nodes() {
    let lines = [
        format!(r#"["updates",{{"agent":{{"messages":[{AI}]}}}}]"#),
        format!(r#"["updates",{{"tools":{{"messages":[{TOOL}]}}}}]"#),
        r#"["custom","halfway"]"#.to_owned(),
        r#"["updates",{"__interrupt__":[{"value":"go on?","id":"i"}]}]"#.to_owned(),
    ];
    let expected = list(&[("agent", 0, "ok"), ("tools", 0, "ok"), ("interrupt", 0, "waiting")]);
    assert_eq!(steps(&lines.join("\n")), expected);
    assert_eq!(steps(&format!("[{}]", lines.join(","))), expected);
    let (session, view) = open(&lines.join("\n"));
    assert_eq!(view.runs[0].usage.output, Some(2));
    assert!(format!("{:?}", session.details(0, 0).unwrap().messages).contains("yo"));
    let said = view.diagnostics.iter().find(|said| said.code == "reshaped").unwrap();
    assert!(said.message.contains("4 parts") && said.message.contains("left out"), "{}", said.message);
}

#[test]
fn subgraphs_stand_in_the_task_that_ran_them() {
    let tuples = [
        r#"[[],"updates",{"plan":{"n":1}}]"#,
        r#"[["work:77ab"],"updates",{"look":{"n":2}}]"#,
        r#"[["work:77ab","deep:9"],"updates",{"find":null}]"#,
        r#"[["work:77ab"],"updates",{"deep":{"n":3}}]"#,
        r#"[[],"updates",{"work":{"n":4}}]"#,
    ];
    let read = steps(&tuples.join("\n"));
    let depth = |name: &str| read.iter().find(|step| step.0 == name).map(|step| step.1);
    assert_eq!(["plan", "work", "look", "deep", "find"].map(depth), [0, 0, 1, 1, 2].map(Some), "{read:?}");
    // With one mode its name is left out.
    assert_eq!(steps(&tuples.join("\n").replace("\"updates\",", "")), read);
}

#[test]
fn pieces_of_messages_are_put_together_where_nothing_else_tells_them() {
    let piece = |rest: &str| {
        format!(
            r#"[{{"content":{rest},"type":"AIMessageChunk","id":"m"}},{{"langgraph_node":"agent","ls_model_name":"demo"}}]"#
        )
    };
    let pieces = [
        piece(r#""Hel""#),
        piece(
            r#"[{"type":"text","text":"lo"}],"tool_call_chunks":[{"name":"search","args":"{\"q\"","id":"c","index":0}]"#,
        ),
        piece(
            r#""","tool_call_chunks":[{"name":null,"args":":1}","id":null,"index":0}],"usage_metadata":{"input_tokens":3,"output_tokens":2}"#,
        ),
    ];
    let named = pieces.each_ref().map(|piece| format!("[\"messages\",{piece}]"));
    for text in [pieces.join("\n"), named.join("\n")] {
        assert_eq!(steps(&text), list(&[("agent", 0, "ok")]));
        let (session, view) = open(&text);
        assert_eq!(view.runs[0].usage.output, Some(2));
        let said = format!("{:?}", session.details(0, 0).unwrap().messages);
        assert!(said.contains("Hello") && said.contains(r#"{\"q\":1}"#), "{said}");
    }
    let both = format!("{}\n[\"updates\",{{\"agent\":{{\"messages\":[{AI}]}}}}]", named.join("\n"));
    assert_eq!(steps(&both).len(), 1, "an update tells it once more");
}

#[test]
fn states_stand_around_steps_and_alone_are_the_conversation() {
    let state = |n: u32| format!(r#"["values",{{"n":{n}}}]"#);
    let text = format!("{}\n[\"updates\",{{\"add\":{{\"n\":1}}}}]\n{}", state(0), state(1));
    let (session, view) = open(&text);
    assert_eq!(view.runs[0].steps, 1);
    let details = session.details(0, 0).unwrap();
    assert!(details.state.is_some() && details.state_after.is_some());
    let human = r#"{"content":"hi","type":"human","id":"h"}"#;
    let grown = format!(r#"["values",{{"messages":[{human}]}}]"#)
        + "\n"
        + &format!(r#"["values",{{"messages":[{human},{AI}]}}]"#);
    let (session, view) = open(&grown);
    assert_eq!((view.format.as_str(), view.runs.len()), ("messages", 1), "{}", view.explanation);
    let document = session.opened[0].as_ref().map(|opened| &opened.document).unwrap();
    assert_eq!(document.runs[0].steps.kind[0], Kind::Human);
}

#[test]
fn other_lists_are_left_alone() {
    for text in [r#"["updates"]"#, r#"["updates",1]"#, r#"[["a","b"],["c","d"]]"#, r#"["news",{"a":{}}]"#, "[[],{}]"] {
        let (_, view) = open(text);
        assert!(view.diagnostics.iter().all(|said| said.code != "reshaped"), "{text}");
    }
    let tasks = r#"["tasks",{"id":"1","name":"a","input":1,"triggers":[]}]"#;
    assert_eq!(open(tasks).1.runs[0].steps, 1);
}
