//! Fixtures of conversations, and a test for each trap.

use crate::import::dump::dump;
use crate::import::testing::open;
use crate::model::Kind;

fn outline(text: &str) -> Vec<String> {
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
