//! The words in which vocabularies say what a step is, and which keys they define. Nothing here looks at values other
//! than those words.

use crate::model::Kind;

fn any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// `openinference.span.kind`, and what MLflow, LangSmith, Langfuse and Laminar write in its place.
pub fn span_kind(text: &str) -> Option<Kind> {
    const WORDS: [(&[&str], Kind); 13] = [
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
        (&["DB"], Kind::Db),
        (&["OTHER"], Kind::Other),
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
    // By the first letter, since this runs on attributes of every step of a file. These are the vocabularies of
    // language-model programs, OpenTelemetry's general conventions, and OpenTracing's before them.
    match first.as_bytes().first() {
        Some(b'a') => matches!(first, "agent" | "artifact" | "aspnetcore" | "aws" | "az" | "azure"),
        Some(b'b') => matches!(first, "browser"),
        Some(b'c') => matches!(first, "chaindebug" | "cicd" | "client" | "cloud" | "code" | "container"),
        Some(b'd') => matches!(first, "deployment" | "destination" | "device" | "dns" | "document" | "dotnet"),
        Some(b'e') => matches!(first, "elasticsearch" | "embedding" | "enduser" | "error" | "event" | "exception"),
        Some(b'f') => matches!(first, "faas" | "feature_flag" | "file"),
        Some(b'g') => matches!(first, "gcp" | "geo" | "graph" | "graphql"),
        Some(b'h') => matches!(first, "heroku" | "host"),
        Some(b'j') => matches!(first, "jsonrpc" | "jvm"),
        Some(b'k') => matches!(first, "k8s"),
        Some(b'l') => matches!(first, "langfuse" | "langsmith" | "lmnr" | "log" | "logfire"),
        Some(b'm') => matches!(first, "mcp" | "messaging" | "metadata" | "mlflow"),
        Some(b'n') => matches!(first, "net" | "network" | "nodejs"),
        Some(b'o') => {
            matches!(first, "openinference" | "opentracing" | "os" | "otel") || (first == "operation" && rest == "name")
        }
        Some(b'p') => matches!(first, "peer" | "process" | "prompt" | "pydantic_ai"),
        Some(b'r') => matches!(first, "reranker" | "retrieval" | "rpc") || (first == "resource" && rest == "name"),
        Some(b's') => {
            matches!(first, "sampler" | "server" | "service" | "session" | "signalr" | "source" | "system")
                || (first == "span" && matches!(rest, "kind" | "type"))
        }
        Some(b't') => matches!(first, "tag" | "telemetry" | "test" | "thread" | "tls" | "tool" | "tool_call"),
        Some(b'u') => matches!(first, "url" | "user" | "user_agent"),
        Some(b'v') => matches!(first, "vcs"),
        Some(b'w') => matches!(first, "webengine"),
        Some(b'i') => first == "internal" && rest.starts_with("span."),
        _ => false,
    }
}
