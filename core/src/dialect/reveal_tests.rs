//! Steps of each vocabulary, revealed.

use super::*;
use crate::json::Str;
use std::borrow::Cow;

fn details(pairs: &[(&'static str, &'static str)]) -> Details {
    let attrs: Vec<Attr<'_>> = pairs
        .iter()
        .enumerate()
        .map(|(at, (key, text))| Attr {
            key: Cow::Borrowed(*key),
            val: Val::Str(Str { raw: text.as_bytes(), at: 0, plain: true }),
            place: Place { file: 0, start: at as u64 * 10, len: 10 },
        })
        .collect();
    let mut details = Details::default();
    reveal(&attrs, &mut details);
    details
}

fn roles(details: &Details) -> Vec<String> {
    details.messages.iter().map(|message| format!("{:?} {:?}", message.side, message.role)).collect()
}

#[test]
fn openinference_messages_come_back_together() {
    let details = details(&[
        ("openinference.span.kind", "LLM"),
        ("llm.input_messages.10.message.role", "user"),
        ("llm.input_messages.10.message.content", "second"),
        ("llm.input_messages.2.message.role", "system"),
        ("llm.input_messages.2.message.content", "first"),
        ("llm.output_messages.0.message.role", "assistant"),
        ("llm.output_messages.0.message.tool_calls.0.tool_call.function.name", "f"),
        ("output.mime_type", "text/plain"),
    ]);
    assert_eq!(roles(&details), ["Input System", "Input User", "Output Assistant"]);
    let input = details.input.map(|input| input.text);
    let Some(ValueText::Made { text, note, .. }) = input else { return assert_eq!(None, input) };
    assert!(text.starts_with(r#"[{"message":{"role":"system""#), "{text}");
    assert_eq!(note, "Put together from 4 attributes, llm.input_messages.*");
}

#[test]
fn retrieval_documents_are_the_output() {
    let details = details(&[
        ("openinference.span.kind", "RETRIEVER"),
        ("input.value", "query"),
        ("retrieval.documents.0.document.content", "text"),
        ("retrieval.documents.1.document.content", "more"),
    ]);
    assert_eq!(details.input.map(|input| input.text), Some(ValueText::JsonString));
    assert!(
        matches!(details.output.map(|o| o.text), Some(ValueText::Made { text, .. }) if text.starts_with("[{\"document\""))
    );
}

#[test]
fn sdk_answers_are_put_together() {
    let details = details(&[
        ("ai.operationId", "ai.generateText"),
        ("ai.prompt", r#"{"system":"be kind","prompt":"hello"}"#),
        ("ai.response.text", "hi"),
        ("ai.response.toolCalls", r#"[{"toolCallId":"c","toolName":"w","input":{"a":1}}]"#),
        ("ai.response.finishReason", "tool-calls"),
    ]);
    assert_eq!(roles(&details), ["Input System", "Input User", "Output Assistant"]);
    let answer = &details.messages[2];
    assert_eq!((answer.parts.len(), answer.finish_reason.as_str()), (2, "tool-calls"));
}

#[test]
fn instructions_stand_before_messages_and_errors_are_found() {
    let details = details(&[
        ("gen_ai.system_instructions", r#"[{"type":"text","content":"rules"}]"#),
        ("gen_ai.input.messages", r#"[{"role":"user","parts":[{"type":"text","content":"q"}]}]"#),
        ("error.type", "TimeoutError"),
        ("gen_ai.request.model", "alias"),
        ("gen_ai.response.model", "exact"),
    ]);
    assert_eq!(roles(&details), ["Input System", "Input User"]);
    assert_eq!(details.error.map(|error| error.kind).as_deref(), Some("TimeoutError"));
    assert_eq!(details.facts[0].text, "alias");
}

#[test]
fn events_tell_a_conversation() {
    let mut details = Details::default();
    let attr = |key: &'static str, text: &'static str| Attr {
        key: Cow::Borrowed(key),
        val: Val::Json(Cow::Borrowed(text)),
        place: Place::default(),
    };
    let event_of =
        |name: &str| Event { name: name.into(), time: None, attributes: Vec::new(), place: Place::default() };
    event(event_of("gen_ai.user.message"), &[attr("content", "hello")], &mut details);
    event(
        event_of("gen_ai.choice"),
        &[attr("finish_reason", "stop"), attr("message", r#"{"role":"assistant","content":"hi"}"#)],
        &mut details,
    );
    event(
        event_of(""),
        &[
            attr("event.name", "gen_ai.choice"),
            attr("body", r#"{"index":0,"finish_reason":"stop","message":{"content":"yo"}}"#),
        ],
        &mut details,
    );
    assert_eq!(roles(&details), ["Input User", "Output Assistant", "Output Assistant"]);
    assert_eq!(details.messages[2].parts, [Part::Text("yo".into())]);
    assert_eq!(details.events[2].name, "gen_ai.choice");
}
