//! What the index keeps of attributes, in the spellings of each vocabulary and its versions.

use super::*;
use crate::import::testing::open;
use crate::json::Str;

fn gathered(pairs: &[(&'static str, &'static str)]) -> Gathered<'static> {
    let mut gather = Gather::default();
    for (key, text) in pairs {
        let number = text.bytes().next().is_some_and(|b| b.is_ascii_digit());
        let val = match number {
            true => Val::Number(Cow::Borrowed(text)),
            false => Val::Str(Str { raw: text.as_bytes(), at: 0, plain: true }),
        };
        gather.note(Cow::Borrowed(key), &val);
    }
    gather.finish("step")
}

#[test]
fn what_a_step_is() {
    let kind = |pairs: &[(&'static str, &'static str)]| gathered(pairs).kind;
    assert_eq!(kind(&[("openinference.span.kind", "RERANKER"), ("gen_ai.operation.name", "chat")]), Kind::Retriever);
    assert_eq!(kind(&[("traceloop.span.kind", "workflow"), ("gen_ai.operation.name", "invoke_agent")]), Kind::Agent);
    assert_eq!(kind(&[("traceloop.span.kind", "workflow")]), Kind::Chain);
    assert_eq!(kind(&[("ai.operationId", "ai.streamObject.doStream")]), Kind::Llm);
    assert_eq!(kind(&[("operation.name", "ai.toolCall my-agent")]), Kind::Tool);
    assert_eq!(kind(&[("mlflow.spanType", "\"CHAT_MODEL\"")]), Kind::Llm);
    assert_eq!(kind(&[("gen_ai.system", "x"), ("gen_ai.request.model", "m")]), Kind::Llm);
    assert_eq!(kind(&[("http.request.method", "GET"), ("gen_ai.request.model", "m")]), Kind::Llm);
    assert_eq!(kind(&[("http.request.method", "GET")]), Kind::Http);
    assert_eq!(kind(&[("db.system", "x")]), Kind::Db);
    assert_eq!(kind(&[("openinference.span.kind", "UNKNOWN")]), Kind::Other);
}

#[test]
fn tokens_and_money_in_every_spelling() {
    let usage = |pairs: &[(&'static str, &'static str)]| {
        let usage = gathered(pairs).usage;
        (usage.input, usage.output, usage.cached, usage.reasoning)
    };
    let all = (Some(5), Some(3), Some(2), Some(1));
    let spellings = [
        [
            "gen_ai.usage.input_tokens",
            "gen_ai.usage.output_tokens",
            "gen_ai.usage.cache_read.input_tokens",
            "gen_ai.usage.reasoning.output_tokens",
        ],
        [
            "gen_ai.usage.prompt_tokens",
            "gen_ai.usage.completion_tokens",
            "gen_ai.usage.cache_read_input_tokens",
            "gen_ai.usage.reasoning_tokens",
        ],
        [
            "llm.usage.prompt_tokens",
            "llm.usage.completion_tokens",
            "llm.usage.cache_read_input_tokens",
            "llm.usage.reasoning_tokens",
        ],
        [
            "llm.token_count.prompt",
            "llm.token_count.completion",
            "llm.token_count.prompt_details.cache_read",
            "llm.token_count.completion_details.reasoning",
        ],
        ["ai.usage.inputTokens", "ai.usage.outputTokens", "ai.usage.cachedInputTokens", "ai.usage.reasoningTokens"],
        [
            "ai.usage.promptTokens",
            "ai.usage.completionTokens",
            "ai.usage.inputTokenDetails.cacheReadTokens",
            "ai.usage.outputTokenDetails.reasoningTokens",
        ],
    ];
    for [input, output, cached, reasoning] in spellings {
        assert_eq!(usage(&[(input, "5"), (output, "3"), (cached, "2"), (reasoning, "1")]), all, "{input}");
    }
    // Two vocabularies on one step state one usage.
    let both = gathered(&[("gen_ai.usage.input_tokens", "5"), ("llm.token_count.prompt", "5")]);
    assert_eq!(both.usage.input, Some(5));
    // What an agent sums up is not its own.
    assert_eq!(gathered(&[("gen_ai.aggregated_usage.input_tokens", "5")]).usage, Usage::default());
    assert_eq!(gathered(&[("llm.cost.prompt", "0.25"), ("llm.cost.completion", "0.5")]).usage.cost, Some(0.75));
    assert_eq!(gathered(&[("llm.cost.prompt", "0.25"), ("llm.cost.total", "0.5")]).usage.cost, Some(0.5));
    assert_eq!(gathered(&[("operation.cost", "0.5")]).usage.cost, Some(0.5));
    let object = gathered(&[("mlflow.chat.tokenUsage", r#"{"input_tokens": 4, "output_tokens": 2}"#)]).usage;
    assert_eq!((object.input, object.output), (Some(4), Some(2)));
}

#[test]
fn models_and_unknown_keys() {
    let found = gathered(&[
        ("gen_ai.response.model", "exact"),
        ("gen_ai.request.model", "alias"),
        ("app.tenant", "x"),
        ("server.address", "x"),
        ("span.kind", "x"),
        ("plain", "x"),
        ("internal.span.format", "x"),
        ("metadata", "x"),
    ]);
    assert_eq!(found.model.as_deref(), Some("exact"));
    assert_eq!(found.unknown, ["app.tenant", "plain"]);
    assert_eq!(gathered(&[("llm.model_name", "unknown")]).model, None);
    assert_eq!(found.dialects().collect::<Vec<_>>(), [Dialect::GenAi]);
    let older = gathered(&[("llm.request.type", "chat"), ("traceloop.entity.name", "x")]);
    assert_eq!(older.dialects().collect::<Vec<_>>(), [Dialect::OpenLlmetry]);
}

#[test]
fn log_records_tell_messages() -> Result<(), String> {
    let text = r#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","name":"chat m","startTimeUnixNano":"1","endTimeUnixNano":"2","attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}}]}]}]}]}
{"resourceLogs":[{"scopeLogs":[{"logRecords":[
{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","eventName":"gen_ai.user.message","body":{"kvlistValue":{"values":[{"key":"content","value":{"stringValue":"hello"}}]}}},
{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","attributes":[{"key":"event.name","value":{"stringValue":"gen_ai.choice"}}],"body":{"kvlistValue":{"values":[{"key":"finish_reason","value":{"stringValue":"stop"}},{"key":"message","value":{"kvlistValue":{"values":[{"key":"role","value":{"stringValue":"assistant"}},{"key":"content","value":{"stringValue":"hi"}}]}}}]}}}]}]}]}"#;
    let (session, _) = open(text);
    let details = session.details(0, 0)?;
    assert_eq!(details.messages.len(), 2);
    assert_eq!(details.messages[1].finish_reason, "stop");
    assert!(details.input.is_some() && details.output.is_some());
    assert!(details.notes.is_empty());
    let opened = session.opened.first().and_then(Option::as_ref).ok_or("nothing is open")?;
    assert!(opened.document.runs[0].steps.flags[0].has(Flags::MESSAGES));
    Ok(())
}

#[test]
fn vocabularies_left_nested_by_an_exporter() -> Result<(), String> {
    let wrapped = r#"[{"key":"llm","value":{"kvlistValue":{"values":[{"key":"model_name","value":{"stringValue":"m"}},{"key":"token_count","value":{"kvlistValue":{"values":[{"key":"prompt","value":{"intValue":"5"}}]}}},{"key":"input_messages","value":{"arrayValue":{"values":[{"kvlistValue":{"values":[{"key":"message","value":{"kvlistValue":{"values":[{"key":"role","value":{"stringValue":"user"}},{"key":"content","value":{"stringValue":"q"}}]}}}]}}]}}}]}}}]"#;
    let plain = r#"{"llm":{"model_name":"m","token_count":{"prompt":5},"input_messages":[{"message":{"role":"user","content":"q"}}]}}"#;
    let partly = r#"{"llm.model_name":"m","llm.token_count":{"prompt":5},"llm.input_messages":[{"message":{"role":"user","content":"q"}}]}"#;
    for attributes in [wrapped, plain, partly] {
        let text = format!(
            r#"{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","name":"x","startTimeUnixNano":"1","endTimeUnixNano":"2","attributes":{attributes}}}]}}]}}]}}"#
        );
        let (session, view) = open(&text);
        assert_eq!(view.runs[0].usage.input, Some(5), "{attributes}");
        let details = session.details(0, 0)?;
        assert_eq!(details.messages.len(), 1, "{attributes}");
        let opened = session.opened.first().and_then(Option::as_ref).ok_or("nothing is open")?;
        let steps = &opened.document.runs[0].steps;
        assert_eq!((steps.kind[0], opened.document.names.get(steps.model[0])), (Kind::Llm, "m"));
        assert!(steps.flags[0].has(Flags::MESSAGES));
    }
    Ok(())
}
