//! Fixtures of conversations, and a test for each trap.

use crate::import::dump::dump;
use crate::import::testing::open;
use crate::model::Kind;

pub(super) fn outline(text: &str) -> Vec<String> {
    let (session, view) = open(text);
    assert!(!view.runs.is_empty(), "{}", view.explanation);
    let document = &session.opened[0].as_ref().unwrap().document;
    let mut out = Vec::new();
    for run in &document.runs {
        for at in 0..run.steps.len() {
            let kind = match run.steps.kind[at] {
                Kind::Human => "user",
                Kind::Llm => "llm",
                Kind::Tool => "tool",
                other => other.name(),
            };
            out.push(format!("{kind} {} {}", document.names.get(run.steps.name[at]), run.steps.status[at].name()));
        }
    }
    out
}

#[test]
fn a_list_of_messages() {
    insta::assert_snapshot!(dump(include_bytes!("fixtures/messages.json")));
}

#[test]
fn lines_to_tune_a_model_with() {
    insta::assert_snapshot!(dump(include_bytes!("fixtures/tuning.jsonl")));
}

#[test]
fn a_log_of_exchanges() {
    insta::assert_snapshot!(dump(include_bytes!("fixtures/exchanges.jsonl")));
}

#[test]
fn a_recording() {
    insta::assert_snapshot!(dump(include_bytes!("fixtures/recording.har.json")));
}

#[test]
fn a_cassette_of_vcr() {
    insta::assert_snapshot!(dump(include_bytes!("fixtures/cassette.yaml")));
    let (session, _) = open(include_str!("fixtures/cassette.yaml"));
    // What was sent compressed is shown as it was meant.
    let shown = format!("{:?}", session.details(0, 3).unwrap());
    assert!(shown.contains("No, it is closed.") && shown.contains("unpacked (gzip)"), "{shown}");
}

#[test]
fn requests_beside_their_answers() {
    let sent = r#"{"method":"POST","url":"https://proxy.example/v1/messages","body":{"model":"m","messages":[{"role":"user","content":"Hi"}]}}"#;
    let stream = r#""event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"model\":\"m-1\",\"usage\":{\"input_tokens\":3}}}\n\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hello\"}}\n\n""#;
    let failed = r#"{"status_code":429,"body":{"type":"error","error":{"message":"slow down"}}}"#;
    let text = format!(
        r#"[{{"request":{sent},"response":{failed}}},{{"request":{sent},"response":{{"status_code":200,"body":{stream}}}}}]"#
    );
    assert_eq!(outline(&text), ["user Hi ok", "llm m error", "llm m-1 ok"]);
    // A program may call a model at any address, and other things too.
    let other = r#"{"request":{"method":"POST","uri":"https://x.example/do","body":"{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"},"response":{"body":{"string":"{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"Yes\"}}]}"},"code":200}}"#;
    let plain = r#"{"request":{"method":"GET","uri":"https://x.example/chat/completions","body":null},"response":{"body":{"string":""}}}"#;
    assert_eq!(
        outline(&format!(r#"{{"version":1,"interactions":[{plain},{other}]}}"#)),
        ["user Hi ok", "llm model call ok"]
    );
    let (_, view) = open(r#"{"interactions":[{"request":{"uri":"https://x.example/","method":"GET"},"response":{}}]}"#);
    assert!(view.explanation.contains("This is a cassette of recorded requests without calls"), "{}", view.explanation);
}

#[test]
fn an_example_in_a_manual_is_no_conversation() {
    let messages = r#"[{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]"#;
    let manual = format!(
        "# The library\n\n{}\n```python\nask(messages={messages})\n```\n",
        "It does this and that. ".repeat(40)
    );
    assert_eq!(open(&manual).1.format, "");
    // In a log, or under a line of a person, it is one.
    assert_eq!(open(&format!("What it said:\n\n```json\n{messages}\n```\n")).1.format, "messages");
    assert_eq!(
        open(&format!("2026-01-01 10:00:00,123 INFO agent.loop: sending {messages}\n").repeat(3)).1.format,
        "messages"
    );
}

#[test]
fn a_trajectory_with_what_the_provider_answered() {
    insta::assert_snapshot!(dump(include_bytes!("fixtures/mini.traj.json")));
}

#[test]
fn messages_of_langchain_are_told_by_their_type() {
    let human = r#"{"content":"Weather?","additional_kwargs":{},"response_metadata":{},"type":"human","id":"1"}"#;
    let ai = r#"{"content":"","additional_kwargs":{},"response_metadata":{"model_name":"m"},"type":"ai","id":"2","tool_calls":[{"name":"weather","args":{"a":1},"id":"c","type":"tool_call"}],"usage_metadata":{"input_tokens":5,"output_tokens":2,"total_tokens":7}}"#;
    let tool = r#"{"content":"sun","additional_kwargs":{},"type":"tool","name":"weather","tool_call_id":"c","status":"success"}"#;
    let state = format!(r#"{{"messages":[{human},{ai},{tool}],"remaining_steps":3}}"#);
    let data = |kind: &str, inner: &str| format!(r#"{{"type":"{kind}","data":{inner}}}"#);
    let dicts = format!("[{},{},{}]", data("human", human), data("ai", ai), data("tool", tool));
    let lc = |inner: &str| {
        format!(r#"{{"lc":1,"type":"constructor","id":["langchain","schema","messages","X"],"kwargs":{inner}}}"#)
    };
    let dumped = format!("[{},{},{}]", lc(human), lc(ai), lc(tool));
    for text in [state, dicts, dumped, format!("[{human},{ai},{tool}]")] {
        assert_eq!(outline(&text), ["user Weather? ok", "llm m ok", "tool weather ok"], "{text}");
        let (session, view) = open(&text);
        assert_eq!((view.runs[0].usage.input, view.runs[0].usage.output), (Some(5), Some(2)));
        assert!(format!("{:?}", session.details(0, 1).unwrap().messages).contains("Weather?"));
        assert!(session.details(0, 2).unwrap().output.is_some());
    }
    // Lines of a log are no messages.
    assert_eq!(open(r#"[{"type":"system","content":"up"},{"type":"tool","content":"x"}]"#).1.format, "");
}

#[test]
fn commands_in_plain_text_are_tools_and_what_they_print_is_no_person() {
    let agent = r#"{"environment":"main","trajectory":[{"action":"ls","observation":"a b"}],"history":[
        {"role":"system","content":"S","agent":"primary"},{"role":"user","content":"Find it","agent":"primary"},
        {"role":"assistant","content":"Look.","thought":"Look.","action":"ls -a\n","agent":"primary"},
        {"role":"user","content":"a b","agent":"primary"},
        {"role":"assistant","content":"Done.","thought":"Done.","action":"submit","agent":"primary"}]}"#;
    assert_eq!(
        outline(agent),
        ["user Find it ok", "llm model call ok", "tool ls ok", "llm model call ok", "tool submit unset"]
    );
    let mini = r#"{"messages":[{"role":"system","content":"S"},{"role":"user","content":"Find it"},
        {"role":"assistant","content":"Look.\n\n```bash\nls x\n```","extra":{"response":{"model":"m","usage":{"prompt_tokens":5,"completion_tokens":2}}}},
        {"role":"user","content":"<returncode>2</returncode>\n<output>\nls: x\n</output>"}]}"#;
    assert_eq!(outline(mini), ["user Find it ok", "llm m ok", "tool bash error"]);
    let (session, _) = open(mini);
    let call = format!("{:?}", session.details(0, 1).unwrap());
    assert!(call.contains("Look."), "{call}");
}

#[test]
fn each_provider_s_request_is_a_line_of_steps() {
    let same = ["user Weather?", "llm m", "tool weather", "llm m"];
    let anthropic = r#"{"model":"m","max_tokens":9,"system":"Be brief.","messages":[
        {"role":"user","content":"Weather?"},
        {"role":"assistant","content":[{"type":"text","text":"So."},{"type":"tool_use","id":"c","name":"weather","input":{"a":1}}]},
        {"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":"sun"}]},
        {"role":"assistant","content":"Sun."}]}"#;
    let openai = r#"{"model":"m","messages":[{"role":"developer","content":"Be brief."},{"role":"user","content":"Weather?"},
        {"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"weather","arguments":"{\"a\":1}"}}]},
        {"role":"tool","tool_call_id":"c","content":"sun"},{"role":"assistant","content":"Sun."}]}"#;
    let responses = r#"{"model":"m","instructions":"Be brief.","input":[{"role":"user","content":[{"type":"input_text","text":"Weather?"}]},
        {"type":"reasoning","summary":[]},{"type":"function_call","call_id":"c","name":"weather","arguments":"{\"a\":1}"},
        {"type":"function_call_output","call_id":"c","output":"sun"},
        {"type":"message","role":"assistant","content":[{"type":"output_text","text":"Sun."}]}]}"#;
    let gemini = r#"{"model":"m","systemInstruction":{"parts":[{"text":"Be brief."}]},"contents":[{"role":"user","parts":[{"text":"Weather?"}]},
        {"role":"model","parts":[{"functionCall":{"name":"weather","args":{"a":1}}}]},
        {"role":"user","parts":[{"functionResponse":{"name":"weather","response":{"result":"sun"}}}]},
        {"role":"model","parts":[{"text":"Sun."}]}]}"#;
    for text in [anthropic, openai, responses, gemini] {
        let steps = outline(text);
        let names: Vec<&str> = steps.iter().map(|step| step.rsplit_once(' ').unwrap().0).collect();
        assert_eq!(names, same, "{text}");
        assert!(steps[2].ends_with(" ok"), "{steps:?}");
    }
}

#[test]
fn each_provider_s_answer_is_a_call() {
    for (text, usage) in [
        (
            r#"{"id":"x","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}"#,
            (Some(3), Some(1)),
        ),
        (
            r#"{"id":"x","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"hi"}],"stop_reason":"end_turn","usage":{"input_tokens":3,"output_tokens":1}}"#,
            (Some(3), Some(1)),
        ),
        (
            r#"{"id":"x","object":"response","model":"m","output":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"hi"}]}],"usage":{"input_tokens":3,"output_tokens":1,"total_tokens":4}}"#,
            (Some(3), Some(1)),
        ),
        (
            r#"{"candidates":[{"content":{"role":"model","parts":[{"text":"hi"}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":1},"modelVersion":"m"}"#,
            (Some(3), Some(1)),
        ),
        (
            r#"{"custom_id":"a","result":{"type":"succeeded","message":{"id":"x","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"hi"}],"stop_reason":"end_turn","usage":{"input_tokens":3,"output_tokens":1}}}}"#,
            (Some(3), Some(1)),
        ),
        (
            r#"{"model":"m","message":{"role":"assistant","content":"hi"},"done":true,"prompt_eval_count":3,"eval_count":1}"#,
            (Some(3), Some(1)),
        ),
    ] {
        let (session, view) = open(text);
        assert_eq!((view.format.as_str(), view.runs.len()), ("model-calls", 1), "{text}: {}", view.explanation);
        let run = &view.runs[0];
        assert_eq!((run.steps, run.usage.input, run.usage.output), (1, usage.0, usage.1), "{text}");
        let call = session.details(0, 0).unwrap();
        assert!(format!("{:?}", call.messages).contains("hi"), "{text}: {:?}", call.messages);
        assert_eq!(outline(text), ["llm m ok"]);
    }
}

#[test]
fn a_cut_object_keeps_its_messages() {
    let text = r#"{"model":"m","messages":[{"role":"user","content":"one"},{"role":"assistant","content":"two"},{"role":"user","content":"thr"#;
    assert_eq!(outline(text), ["user one unset", "llm m ok"].map(|step| step.replace("unset", "ok")));
}

#[test]
fn a_recording_without_calls_is_refused_by_name() {
    let text = r#"{"log":{"version":"1.2","entries":[{"request":{"method":"GET","url":"https://example.org/"},"response":{"status":200}}]}}"#;
    let (_, view) = open(text);
    assert!(view.format.is_empty() && view.explanation.contains("HAR recording"), "{}", view.explanation);
}

#[test]
fn streams_are_put_together() {
    let told = |text: &str| super::stream::together(text).unwrap();
    let anthropic = "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"model\":\"m\",\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}}\n\n\
        data: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n\
        data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"hi\"}}\n\n\
        data: {\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"tool_use\",\"id\":\"c\",\"name\":\"f\",\"input\":{}}}\n\n\
        data: {\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"a\\\":\"}}\n\n\
        data: {\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"1}\"}}\n\n\
        data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\"},\"usage\":{\"output_tokens\":9}}\n\n";
    let json = told(anthropic);
    assert!(json.contains(r#""content":"hi""#) && json.contains(r#""arguments":"{\"a\":1}""#), "{json}");
    let tree = crate::json::Tree::parse(json.as_bytes());
    let root = crate::json::At::root(json.as_bytes(), &tree).unwrap();
    let usage = super::shape::used(root);
    assert_eq!((usage.input, usage.output), (Some(3), Some(9)));
    let gemini = told(
        "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"h\"}]}}]}\n\ndata: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"i\"}]}}],\"modelVersion\":\"m\"}\n",
    );
    assert!(gemini.contains(r#""content":"hi""#) && gemini.contains(r#""model":"m""#), "{gemini}");
    assert!(super::stream::together("data: nothing\n").is_none());
    assert_eq!(crate::base64::decode_some("aGk="), b"hi");
}
