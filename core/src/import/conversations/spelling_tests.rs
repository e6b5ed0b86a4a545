//! Conversations in the words of programs that keep them in a way of their own.

use super::tests::outline;
use crate::import::testing::open;

/// Input and output of a step, as text.
fn shown(text: &str, step: u32) -> String {
    let details = open(text).0.details(0, step).unwrap();
    format!("{:?} {:?} {:?}", details.input, details.output, details.messages)
}

#[test]
fn messages_of_the_ai_sdk_for_the_screen() {
    let parts = r#"[{"id":"1","role":"user","parts":[{"type":"text","text":"Weather?"}]},
        {"id":"2","role":"assistant","parts":[{"type":"step-start"},
            {"type":"tool-weather","toolCallId":"c1","state":"output-available","input":{"city":"Rome"},"output":{"t":20}},
            {"type":"dynamic-tool","toolName":"clock","toolCallId":"c2","state":"output-error","input":{},"errorText":"no clock"},
            {"type":"text","text":"20 degrees"}]}]"#;
    assert_eq!(outline(parts), ["user Weather? ok", "llm model call ok", "tool weather ok", "tool clock error"]);
    assert!(shown(parts, 2).contains("JsonString") || shown(parts, 2).contains("Json"), "{}", shown(parts, 2));
    let older = r#"[{"role":"user","content":"Weather?"},{"role":"assistant","content":"20 degrees","toolInvocations":[
        {"state":"result","toolCallId":"c1","toolName":"weather","args":{"city":"Rome"},"result":{"t":20}}]}]"#;
    assert_eq!(outline(older), ["user Weather? ok", "llm model call ok", "tool weather ok"]);
}

#[test]
fn sessions_of_goose_opencode_amp_and_continue() {
    let goose = r#"{"working_dir":"/x","description":"d","message_count":3}
{"role":"user","created":1741000000,"content":[{"type":"text","text":"List"}]}
{"role":"assistant","created":1741000002,"content":[{"type":"toolRequest","id":"c1","toolCall":{"status":"success","value":{"name":"shell","arguments":{"command":"ls"}}}}]}
{"role":"user","created":1741000003,"content":[{"type":"toolResponse","id":"c1","toolResult":{"status":"error","error":"denied"}}]}"#;
    assert_eq!(outline(goose), ["user List ok", "llm model call ok", "tool shell error"]);
    let (session, _) = open(goose);
    assert!(format!("{:?}", session.details(0, 2).unwrap().error).contains("denied"));
    let run = &session.opened[0].as_ref().unwrap().document.runs[0];
    assert!(run.steps.start.iter().any(Option::is_some), "times are read");
    let opencode = r#"{"info":{"id":"ses_1","title":"Greeting"},"messages":[
        {"info":{"id":"m1","role":"user","time":{"created":1741000000000}},"parts":[{"type":"text","text":"Hi"}]},
        {"info":{"id":"m2","role":"assistant","time":{"created":1741000001000},"modelID":"demo-1","cost":0.01,
                 "tokens":{"input":10,"output":4,"reasoning":1,"cache":{"read":5,"write":2}}},
         "parts":[{"type":"step-start"},{"type":"tool","callID":"c1","tool":"bash","state":{"status":"completed","input":{"command":"ls"},"output":"a b"}},{"type":"text","text":"Done"}]}]}"#;
    assert_eq!(outline(opencode), ["user Hi ok", "llm demo-1 ok", "tool bash ok"]);
    let usage = open(opencode).1.runs[0].usage;
    assert_eq!((usage.input, usage.output, usage.cached, usage.cost), (Some(17), Some(4), Some(5), Some(0.01)));
    assert!(shown(opencode, 1).contains("bash"), "{}", shown(opencode, 1));
    let amp = r#"{"v":5,"id":"T-1","messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]},
        {"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"Read","input":{"path":"a"}}]},
        {"role":"user","content":[{"type":"tool_result","toolUseID":"t1","run":{"status":"done","result":"abc"}}]}]}"#;
    assert_eq!(outline(amp), ["user Hi ok", "llm model call ok", "tool Read ok"]);
    assert!(open(amp).0.details(0, 2).unwrap().output.is_some());
    let beside = r#"{"sessionId":"s","title":"T","history":[{"message":{"role":"user","content":"Hi"},"contextItems":[]},
        {"message":{"role":"assistant","content":"","toolCalls":[{"id":"c1","type":"function","function":{"name":"ls","arguments":"{}"}}]}},
        {"message":{"role":"tool","content":"a b","toolCallId":"c1"}}]}"#;
    assert_eq!(outline(beside), ["user Hi ok", "llm model call ok", "tool ls ok"]);
}

#[test]
fn streams_of_gemini_cli_and_of_cursor() {
    let gemini = r#"{"type":"init","timestamp":"2026-01-01T10:00:00Z","session_id":"s","model":"demo"}
{"type":"message","role":"user","content":"List","timestamp":"2026-01-01T10:00:01Z"}
{"type":"tool_use","tool_name":"shell","tool_id":"t1","parameters":{"command":"ls"},"timestamp":"2026-01-01T10:00:02Z"}
{"type":"tool_result","tool_id":"t1","status":"error","output":"denied","timestamp":"2026-01-01T10:00:03Z"}
{"type":"message","role":"assistant","content":"Not ","delta":true,"timestamp":"2026-01-01T10:00:04Z"}
{"type":"message","role":"assistant","content":"allowed","delta":true,"timestamp":"2026-01-01T10:00:05Z"}
{"type":"result","status":"success","stats":{"total_tokens":9}}"#;
    assert_eq!(outline(gemini), ["user List ok", "llm model call ok", "tool shell error", "llm model call ok"]);
    let cursor = r#"{"type":"system","subtype":"init","cwd":"/x","session_id":"s","model":"Demo","permissionMode":"default"}
{"type":"user","message":{"role":"user","content":[{"type":"text","text":"Hi"}]},"session_id":"s"}
{"type":"tool_call","subtype":"started","call_id":"t1","tool_call":{"readToolCall":{"args":{"path":"a"}}},"session_id":"s"}
{"type":"tool_call","subtype":"completed","call_id":"t1","tool_call":{"readToolCall":{"args":{"path":"a"},"result":{"success":{"content":"abc"}}}},"session_id":"s"}
{"type":"assistant","message":{"role":"assistant","content":[{"type":"text","text":"Read."}]},"session_id":"s"}
{"type":"result","subtype":"success","duration_ms":5,"is_error":false,"result":"Read.","session_id":"s"}"#;
    assert_eq!(outline(cursor), ["user Hi ok", "llm model call ok", "tool read ok", "llm model call ok"]);
    assert!(shown(cursor, 2).contains("Json"), "{}", shown(cursor, 2));
}

#[test]
fn the_beginning_of_a_stream_is_no_message() {
    let text = r#"{"type":"message_start","message":{"id":"m","type":"message","role":"assistant","content":[]}}"#;
    assert_eq!(open(&format!("{text}\n{{\"type\":\"later\"}}\n")).1.format, "");
}

#[test]
fn exports_of_chats() {
    let claude = r#"[{"uuid":"u","name":"Trip","chat_messages":[
        {"uuid":"m1","text":"Plan","content":[{"type":"text","text":"Plan"}],"sender":"human","created_at":"2026-01-01T10:00:00Z"},
        {"uuid":"m2","text":"","content":[{"type":"tool_use","id":"t1","name":"search","input":{"q":"x"}},
            {"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"r"}]},{"type":"text","text":"Sure"}],
         "sender":"assistant","created_at":"2026-01-01T10:00:10Z"}]},
        {"uuid":"v","name":"Other","chat_messages":[{"uuid":"n1","text":"Hi","content":[],"sender":"human","created_at":"2026-01-02T10:00:00Z"}]}]"#;
    assert_eq!(outline(claude), ["user Plan ok", "llm model call ok", "tool search ok", "user Hi ok"]);
    assert!(shown(claude, 1).contains("Sure"), "{}", shown(claude, 1));
    let web = r#"[{"id":"c1","title":"T","chat":{"title":"T","history":{"messages":{}},"messages":[
        {"id":"a","role":"user","content":"Hi","timestamp":1741000000},{"id":"b","role":"assistant","content":"Hello","model":"llama3"}]}}]"#;
    assert_eq!(outline(web), ["user Hi ok", "llm llama3 ok"]);
    // The newest first.
    let thread = r#"{"object":"list","data":[
        {"object":"thread.message","created_at":1699017615,"role":"assistant","content":[{"type":"text","text":{"value":"Sunny.","annotations":[]}}]},
        {"object":"thread.message","created_at":1699017614,"role":"user","content":[{"type":"text","text":{"value":"Weather?","annotations":[]}}]}]}"#;
    assert_eq!(outline(thread), ["user Weather? ok", "llm model call ok"]);
}

#[test]
fn what_nodes_of_a_langgraph_added() {
    let text = r#"{"agent":{"messages":[{"content":"","type":"ai","id":"1","response_metadata":{"model_name":"demo"},"tool_calls":[{"name":"search","args":{"q":"x"},"id":"c1","type":"tool_call"}]}]}}
{"tools":{"messages":[{"content":"r","type":"tool","name":"search","tool_call_id":"c1","id":"2","status":"success"}]},"other":null}
{"agent":{"messages":{"content":"done","type":"ai","id":"3"}}}"#;
    assert_eq!(outline(text), ["llm demo ok", "tool search ok", "llm model call ok"]);
}

#[test]
fn logs_of_providers_and_proxies() {
    let sent = r#"{"messages":[{"role":"user","content":[{"text":"Hi"}]}]}"#;
    let answer = r#"{"output":{"message":{"role":"assistant","content":[{"text":"Hello"}]}},"stopReason":"end_turn","usage":{"inputTokens":11,"outputTokens":5}}"#;
    let log = format!(
        r#"{{"schemaType":"ModelInvocationLog","timestamp":"2026-01-01T10:00:00Z","modelId":"demo","input":{{"inputBodyJson":{sent}}},"output":{{"outputBodyJson":{answer}}}}}"#
    );
    let proxy = format!(r#"{{"request_body":{sent},"response_body":{answer}}}"#);
    for text in [log.as_str(), proxy.as_str()] {
        assert_eq!(outline(text), ["user Hi ok", "llm model call ok"], "{text}");
        assert_eq!(open(text).1.runs[0].usage.output, Some(5), "{text}");
    }
    assert_eq!(outline(answer), ["llm model call ok"]);
}
