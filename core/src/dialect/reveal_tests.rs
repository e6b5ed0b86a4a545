//! Steps of each vocabulary, revealed.

use super::*;
use crate::dialect::event;
use crate::json::Str;
use crate::model::{Event, Part};
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
    close(&mut details);
    assert_eq!(made(details.input.as_ref()), r#"[{"role":"user","parts":[{"type":"text","content":"hello"}]}]"#);
    event(event_of("gen_ai.system.message"), &[attr("content", "rules")], &mut details);
    close(&mut details);
    assert!(made(details.input.as_ref()).contains("rules"));
}

#[test]
fn events_in_the_words_of_other_libraries() {
    let mut details = Details::default();
    let attr = |key: &'static str, text: &'static str| Attr {
        key: Cow::Borrowed(key),
        val: Val::Json(Cow::Borrowed(text)),
        place: Place::default(),
    };
    let event_of =
        |name: &str| Event { name: name.into(), time: None, attributes: Vec::new(), place: Place::default() };
    event(event_of("gen_ai.user.message"), &[attr("content", r#"[{"text": "q"}]"#)], &mut details);
    let result = r#"[{"toolResult": {"toolUseId": "t", "content": [{"text": "r"}], "status": "success"}}]"#;
    event(event_of("gen_ai.tool.message"), &[attr("content", result)], &mut details);
    let answer = [attr("message", r#"[{"text": "a"}]"#), attr("finish_reason", "end_turn")];
    event(event_of("gen_ai.choice"), &answer, &mut details);
    assert_eq!(details.messages[0].parts, [Part::Text("q".into())]);
    assert!(matches!(&details.messages[1].parts[..], [Part::ToolResult { id, .. }] if id == "t"));
    assert_eq!(details.messages[2].parts, [Part::Text("a".into())]);
    assert_eq!(details.messages[2].finish_reason, "end_turn");
}

/// A value as text, whatever it was made of.
fn made(value: Option<&Value>) -> &str {
    match value.map(|value| &value.text) {
        Some(ValueText::Made { text, .. }) => text,
        Some(_) => "as it stands",
        None => "none",
    }
}

fn fact<'d>(details: &'d Details, label: &str) -> Option<&'d str> {
    details.facts.iter().find(|fact| fact.label == label).map(|fact| fact.text.as_str())
}

#[test]
fn a_completion_is_a_conversation() {
    let details = details(&[
        ("openinference.span.kind", "LLM"),
        ("llm.prompts.0.prompt.text", "say a"),
        ("output.value", "a"),
        ("llm.finish_reason", "length"),
        ("llm.invocation_parameters", r#"{"temperature": 0.2, "max_tokens": 5}"#),
    ]);
    assert_eq!(roles(&details), ["Input User", "Output Assistant"]);
    assert_eq!(details.messages[0].parts, [Part::Text("say a".into())]);
    assert_eq!(details.messages[1].finish_reason, "length");
    assert_eq!((fact(&details, "temperature"), fact(&details, "max tokens")), (Some("0.2"), Some("5")));
}

#[test]
fn openllmetry_content_in_pieces() {
    let details = details(&[
        ("llm.request.type", "chat"),
        ("gen_ai.prompt.0.role", "user"),
        ("gen_ai.prompt.0.content", r#"[{"type": "text", "text": "look"}]"#),
        ("gen_ai.prompt.1.role", "user"),
        ("gen_ai.prompt.1.content", r#"["said", "as is"]"#),
        ("gen_ai.completion.0.role", "assistant"),
        ("gen_ai.completion.0.finish_reason", "tool_calls"),
        ("gen_ai.completion.0.tool_calls.0.id", "c"),
        ("gen_ai.completion.0.tool_calls.0.name", "f"),
        ("gen_ai.completion.0.tool_calls.0.arguments", "{}"),
    ]);
    assert_eq!(details.messages[0].parts, [Part::Text("look".into())]);
    assert_eq!(details.messages[1].parts, [Part::Text(r#"["said", "as is"]"#.into())]);
    let call = Part::ToolCall { id: "c".into(), name: "f".into(), arguments: "{}".into() };
    assert_eq!(
        (&details.messages[2].parts[..], details.messages[2].finish_reason.as_str()),
        (&[call][..], "tool_calls")
    );
    assert!(made(details.output.as_ref()).starts_with(r#"[{"role":"assistant""#));
}

#[test]
fn attributes_left_nested_are_read() {
    let attrs = [
        Attr {
            key: Cow::Borrowed("llm"),
            val: Val::Json(Cow::Borrowed(
                r#"{"model_name":"m","token_count":{"prompt":5,"completion":2},"input_messages":[{"message":{"role":"user","content":"q\u00e9"}}]}"#,
            )),
            place: Place { file: 0, start: 7, len: 100 },
        },
        Attr {
            key: Cow::Borrowed("output"),
            val: Val::Json(Cow::Borrowed(r#"{"value":"a","mime_type":"text/plain"}"#)),
            place: Place { file: 0, start: 120, len: 40 },
        },
    ];
    let mut details = Details::default();
    reveal(&attrs, &mut details);
    assert_eq!(details.attributes.len(), 2);
    assert_eq!(roles(&details), ["Input User", "Output Assistant"]);
    assert_eq!(details.messages[0].parts, [Part::Text("qé".into())]);
    assert_eq!((made(details.output.as_ref()), details.output.as_ref().map(|o| o.place.start)), ("a", Some(120)));

    let mut gather = Gather::default();
    for attr in &attrs {
        assert!(gather.attribute(&attr.key, &attr.val));
    }
    let gathered = gather.finish("call");
    assert_eq!((gathered.kind, gathered.model.as_deref()), (Kind::Llm, Some("m")));
    assert_eq!((gathered.usage.input, gathered.usage.output, gathered.messages), (Some(5), Some(2), true));
}

#[test]
fn an_agents_input_ends_before_its_first_answer() {
    let details = details(&[
        ("gen_ai.operation.name", "invoke_agent"),
        ("pydantic_ai.all_messages", r#"[{"role":"user","parts":[]}, {"role":"assistant","parts":[]}]"#),
        ("final_result", "done"),
    ]);
    assert_eq!(made(details.input.as_ref()), r#"[{"role":"user","parts":[]}]"#);
    assert_eq!(made(details.output.as_ref()), "as it stands");
}

#[test]
fn plain_steps_of_a_service() {
    let web = details(&[
        ("http.request.method", "POST"),
        ("url.full", "https://example.org/a?b"),
        ("http.response.status_code", "503"),
        ("error.type", "503"),
    ]);
    assert_eq!(made(web.input.as_ref()), "POST https://example.org/a?b");
    let error = web.error.map(|error| (error.kind, error.message));
    assert_eq!(error, Some(("503".into(), "HTTP status 503".into())));
    let database = details(&[("db.system", "postgresql"), ("db.statement", "select 1")]);
    assert_eq!(database.input.map(|input| input.text), Some(ValueText::JsonString));
}

#[test]
fn embeddings_have_texts_in_and_vectors_out() {
    let details = details(&[
        ("openinference.span.kind", "EMBEDDING"),
        ("embedding.embeddings.0.embedding.text", "a"),
        ("embedding.embeddings.0.embedding.vector", "[1]"),
    ]);
    assert_eq!(made(details.input.as_ref()), r#"[{"embedding":{"text":"a"}}]"#);
    assert_eq!(made(details.output.as_ref()), r#"[{"embedding":{"text":"a","vector":"[1]"}}]"#);
}

#[test]
fn a_text_and_calls_are_both_the_answer() {
    let both = details(&[
        ("ai.operationId", "ai.generateText.doGenerate"),
        ("ai.response.text", "wait"),
        ("ai.response.toolCalls", r#"[{"toolName":"w"}]"#),
    ]);
    assert_eq!(made(both.output.as_ref()), r#"{"text":"wait","toolCalls":[{"toolName":"w"}]}"#);
    let calls = details(&[("ai.response.text", ""), ("ai.response.toolCalls", r#"[{"toolName":"w"}]"#)]);
    assert_eq!(made(calls.output.as_ref()), "as it stands");
}

#[test]
fn what_a_model_call_does_not_tell_is_said() {
    let silent = details(&[("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "m")]);
    assert_eq!(silent.notes.len(), 1);
    let tool = details(&[("gen_ai.operation.name", "execute_tool")]);
    assert!(tool.notes.is_empty());
}
