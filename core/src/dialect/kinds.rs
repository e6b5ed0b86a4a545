//! The words in which vocabularies say what a step is, and which keys they define. Nothing here looks at values other
//! than those words.

use crate::model::Kind;

fn any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// `openinference.span.kind`, and what MLflow, LangSmith, Langfuse and Laminar write in its place.
pub(super) fn span_kind(text: &str) -> Option<Kind> {
    const WORDS: [(&[&str], Kind); 11] = [
        (&["LLM", "CHAT_MODEL", "GENERATION"], Kind::Llm),
        (&["CHAIN", "PROMPT", "PARSER", "WORKFLOW"], Kind::Chain),
        (&["TOOL"], Kind::Tool),
        (&["RETRIEVER", "RERANKER"], Kind::Retriever),
        (&["EMBEDDING"], Kind::Embedding),
        (&["AGENT"], Kind::Agent),
        (&["GUARDRAIL"], Kind::Guardrail),
        (&["EVALUATOR"], Kind::Evaluator),
        (&["TASK"], Kind::Task),
        (&["HUMAN"], Kind::Human),
        (&["HTTP"], Kind::Http),
    ];
    WORDS.iter().find(|(words, _)| any(text, words)).map(|(_, kind)| *kind)
}

/// `gen_ai.operation.name` and `llm.request.type`.
pub(super) fn operation(text: &str) -> Option<Kind> {
    Some(match text {
        "chat" | "text_completion" | "generate_content" | "completion" | "chat.completions" | "text.completions"
        | "responses" | "call_llm" => Kind::Llm,
        "embeddings" | "embedding" => Kind::Embedding,
        "execute_tool" => Kind::Tool,
        "invoke_agent" | "create_agent" => Kind::Agent,
        "invoke_workflow" | "workflow" | "execute_event_loop_cycle" => Kind::Chain,
        "execute_task" | "task" => Kind::Task,
        "rerank" | "retrieval" | "retrieve" | "vector_db_retrieve" => Kind::Retriever,
        // What the AI SDK writes into its gen_ai spans, beside its own `ai.operationId`.
        _ => return vercel(text),
    })
}

/// `traceloop.span.kind`.
pub(super) fn traceloop(text: &str) -> Option<Kind> {
    Some(match text {
        "workflow" => Kind::Chain,
        "task" => Kind::Task,
        "agent" => Kind::Agent,
        "tool" => Kind::Tool,
        _ => return None,
    })
}

/// `ai.operationId`: the inner `.do…` call is the model's, what is around it a chain.
pub(super) fn vercel(text: &str) -> Option<Kind> {
    Some(match text {
        "ai.toolCall" => Kind::Tool,
        _ if text.starts_with("ai.embed") => Kind::Embedding,
        _ if text.starts_with("ai.rerank") => Kind::Retriever,
        _ if text.starts_with("ai.") && text.contains(".do") => Kind::Llm,
        _ if text.starts_with("ai.") => Kind::Chain,
        _ => return None,
    })
}

/// A span's name, when no attribute says anything.
pub(super) fn of_name(name: &str) -> Option<Kind> {
    let first = name.split([' ', '.']).next().unwrap_or("");
    match first {
        "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "HTTP" => Some(Kind::Http),
        "ai" => vercel(name.split(' ').next().unwrap_or(name)),
        _ => None,
    }
}

/// Keys the index does not need but some vocabulary defines: OpenTelemetry's general attributes, and those of the
/// libraries around language models.
pub(super) fn known(key: &str) -> bool {
    let Some((first, rest)) = key.split_once('.') else {
        return matches!(
            key,
            "metadata"
                | "error"
                | "events"
                | "final_result"
                | "agent_name"
                | "model_name"
                | "tool_arguments"
                | "tool_response"
                | "model_request_parameters"
                | "component"
                | "request_data"
                | "response_data"
                | "llm"
                | "input"
                | "output"
        );
    };
    match first {
        // Vocabularies of language-model programs.
        "openinference" | "retrieval" | "embedding" | "tool" | "tool_call" | "reranker" | "document" | "graph"
        | "prompt" | "metadata" | "agent" | "tag" | "user" | "session" | "mlflow" | "logfire" | "langfuse"
        | "langsmith" | "lmnr" | "mcp" => true,
        // OpenTelemetry's general conventions, and OpenTracing's before them.
        "exception" | "error" | "server" | "client" | "net" | "network" | "url" | "rpc" | "messaging" | "code"
        | "thread" | "otel" | "telemetry" | "peer" | "service" | "process" | "host" | "os" | "k8s" | "container"
        | "cloud" | "faas" | "user_agent" | "enduser" | "deployment" | "sampler" | "source" | "destination" | "tls"
        | "graphql" | "jsonrpc" | "event" | "log" | "feature_flag" | "browser" | "device" | "jvm" | "nodejs"
        | "dotnet" | "aws" | "gcp" | "azure" | "az" | "vcs" | "cicd" | "test" | "file" | "system" | "webengine"
        | "heroku" | "dns" | "geo" | "opentracing" | "artifact" | "aspnetcore" | "signalr" | "elasticsearch" => true,
        "operation" | "resource" => rest == "name",
        "span" => matches!(rest, "kind" | "type"),
        "internal" => rest.starts_with("span."),
        _ => false,
    }
}
