//! One pass over a step's attributes while a file is read: what the index keeps of them.

use super::{Dialect, Val};
use crate::import::{Builder, Draft};
use crate::model::{Flags, Kind, Usage};
use std::borrow::Cow;

/// Collects from attributes as they come by.
#[derive(Debug, Default)]
pub struct Gather<'a> {
    /// Kind claims, by precedence: the lowest index that is there wins.
    kinds: [Option<Kind>; 6],
    model: Option<Cow<'a, str>>,
    model_answered: bool,
    usage: Usage,
    cost_parts: f64,
    dialects: u8,
    messages: bool,
    unknown: Vec<Cow<'a, str>>,
}

/// What was collected.
#[derive(Debug, Default)]
pub struct Gathered<'a> {
    /// Kind.
    pub kind: Kind,
    /// Model.
    pub model: Option<Cow<'a, str>>,
    /// Usage.
    pub usage: Usage,
    /// Whether there are messages of a conversation.
    pub messages: bool,
    /// Vocabularies met.
    pub dialects: Vec<Dialect>,
    /// Keys no vocabulary knows.
    pub unknown: Vec<Cow<'a, str>>,
}

fn fill(slot: &mut Option<u64>, value: &Val<'_>) {
    if slot.is_none() {
        *slot = value.count();
    }
}

impl<'a> Gather<'a> {
    fn mark(&mut self, dialect: Dialect) {
        self.dialects |= 1 << dialect as u8;
    }

    fn model(&mut self, value: &Val<'a>, answered: bool) {
        // The model that answered is what ran; the one asked for may be an alias.
        if (self.model.is_none() || (answered && !self.model_answered))
            && let Val::Str(s) = value
            && !s.raw.is_empty()
        {
            self.model = Some(s.text());
            self.model_answered = answered;
        }
    }

    fn kind(&mut self, rank: usize, kind: Option<Kind>) {
        if let Some(slot) = self.kinds.get_mut(rank).filter(|slot| slot.is_none()) {
            *slot = kind;
        }
    }

    /// Looks at one attribute and remembers its key when no vocabulary knows it.
    pub fn note(&mut self, key: Cow<'a, str>, value: &Val<'a>) {
        if !self.attribute(&key, value) {
            self.unknown.push(key);
        }
    }

    /// Looks at one attribute. Returns whether some vocabulary knows its key.
    pub fn attribute(&mut self, key: &str, value: &Val<'a>) -> bool {
        match key.as_bytes().first() {
            Some(b'g') if key.starts_with("gen_ai.") => self.gen_ai(&key[7..], value),
            Some(b'l') if key.starts_with("llm.") => self.llm(&key[4..], value),
            Some(b'a') if key.starts_with("ai.") => self.vercel(&key[3..], value),
            Some(b'o') if key == "openinference.span.kind" => {
                self.mark(Dialect::OpenInference);
                self.kind(0, openinference_kind(&value.text()));
            }
            Some(b'i') if key.starts_with("input.") => self.mark(Dialect::OpenInference),
            Some(b'o') if key.starts_with("output.") => self.mark(Dialect::OpenInference),
            Some(b'e') if key == "embedding.model_name" => self.model(value, false),
            Some(b't') if key.starts_with("traceloop.") => {
                self.mark(Dialect::OpenLlmetry);
                if key == "traceloop.span.kind" {
                    self.kind(2, traceloop_kind(&value.text()));
                }
            }
            Some(b'm') if key == "mlflow.spanType" => self.kind(4, openinference_kind(value.text().trim_matches('"'))),
            Some(b'd') if key.starts_with("db.") => self.kind(5, Some(Kind::Db)),
            Some(b'h') if key.starts_with("http.") => self.kind(5, Some(Kind::Http)),
            Some(b'o') if key == "operation.cost" => {
                self.usage.cost = self.usage.cost.or(value.amount());
            }
            _ => return known(key),
        }
        true
    }

    fn gen_ai(&mut self, key: &str, value: &Val<'a>) {
        self.mark(Dialect::GenAi);
        match key {
            "operation.name" => self.kind(1, operation_kind(&value.text())),
            "request.model" => self.model(value, false),
            "response.model" => self.model(value, true),
            "usage.input_tokens" | "usage.prompt_tokens" => fill(&mut self.usage.input, value),
            "usage.output_tokens" | "usage.completion_tokens" => fill(&mut self.usage.output, value),
            "usage.total_tokens" => fill(&mut self.usage.total, value),
            "usage.cache_read.input_tokens"
            | "usage.cache_read_input_tokens"
            | "usage.details.cache_read_tokens"
            | "usage.cached_tokens" => fill(&mut self.usage.cached, value),
            "usage.reasoning_tokens" | "usage.reasoning.output_tokens" | "usage.details.reasoning_tokens" => {
                fill(&mut self.usage.reasoning, value);
            }
            "usage.cost" | "usage.cost_usd" | "cost.total_cost" => {
                self.usage.cost = self.usage.cost.or(value.amount());
            }
            "input.messages" | "output.messages" | "system_instructions" => self.messages = true,
            _ if key.starts_with("prompt.") || key.starts_with("completion.") => self.messages = true,
            _ => {}
        }
    }

    fn llm(&mut self, key: &str, value: &Val<'a>) {
        match key {
            "model_name" => self.model(value, true),
            "prompts" => self.messages = true,
            "token_count.prompt" => fill(&mut self.usage.input, value),
            "token_count.completion" => fill(&mut self.usage.output, value),
            "token_count.total" | "usage.total_tokens" => fill(&mut self.usage.total, value),
            "token_count.prompt_details.cache_read" => fill(&mut self.usage.cached, value),
            "token_count.completion_details.reasoning" => fill(&mut self.usage.reasoning, value),
            "cost.total" => self.usage.cost = self.usage.cost.or(value.amount()),
            "cost.prompt" | "cost.completion" => self.cost_parts += value.amount().unwrap_or(0.0),
            "request.type" => return self.kind(1, operation_kind(&value.text())),
            _ if key.starts_with("prompts.")
                || key.starts_with("input_messages")
                || key.starts_with("output_messages") =>
            {
                self.messages = true
            }
            // `llm.usage.*`, `llm.request.*`, `llm.headers` and the like are OpenLLMetry's.
            _ if key.starts_with("request.") || key.starts_with("usage.") || key.starts_with("headers") => return,
            _ => {}
        }
        if !key.starts_with("usage.") {
            self.mark(Dialect::OpenInference);
        }
    }

    fn vercel(&mut self, key: &str, value: &Val<'a>) {
        self.mark(Dialect::VercelAi);
        match key {
            "operationId" => self.kind(3, vercel_kind(&value.text())),
            "model.id" => self.model(value, false),
            "response.model" => self.model(value, true),
            "usage.inputTokens" | "usage.promptTokens" => fill(&mut self.usage.input, value),
            "usage.outputTokens" | "usage.completionTokens" => fill(&mut self.usage.output, value),
            "usage.totalTokens" => fill(&mut self.usage.total, value),
            "usage.tokens" => fill(&mut self.usage.input, value),
            "usage.cachedInputTokens" => fill(&mut self.usage.cached, value),
            "usage.reasoningTokens" => fill(&mut self.usage.reasoning, value),
            "prompt" | "prompt.messages" | "response.text" | "response.toolCalls" | "response.object" => {
                self.messages = true;
            }
            _ => {}
        }
    }

    /// Whether a span event's name says that it carries a message.
    pub fn event(&mut self, name: &str) {
        if name.starts_with("gen_ai.") {
            self.mark(Dialect::GenAi);
            self.messages = true;
        }
    }

    /// What was collected, for a step of this name.
    pub fn finish(mut self, name: &str) -> Gathered<'a> {
        if self.usage.cost.is_none() && self.cost_parts > 0.0 {
            self.usage.cost = Some(self.cost_parts);
        }
        let kind = self.kinds.iter().flatten().next().copied().or_else(|| kind_of_name(name));
        let dialects = Dialect::ALL.into_iter().filter(|dialect| self.dialects & (1 << *dialect as u8) != 0).collect();
        Gathered {
            kind: kind.unwrap_or_default(),
            model: self.model,
            usage: self.usage,
            messages: self.messages,
            dialects,
            unknown: self.unknown,
        }
    }
}

impl Gathered<'_> {
    /// Puts what was collected into the draft of the step and the builder's counts.
    pub fn settle(self, draft: &mut Draft, build: &mut Builder) {
        draft.kind = self.kind;
        draft.usage = self.usage;
        if let Some(model) = self.model {
            draft.model = build.names.intern(&model);
        }
        if self.messages {
            draft.flags.set(Flags::MESSAGES);
        }
        for dialect in self.dialects {
            *build.dialects.entry(dialect.name()).or_default() += 1;
        }
        for key in self.unknown {
            let key = build.names.intern(&key);
            build.unknown.insert(key);
        }
    }
}

fn openinference_kind(text: &str) -> Option<Kind> {
    Some(match text.to_ascii_uppercase().as_str() {
        "LLM" | "CHAT_MODEL" => Kind::Llm,
        "CHAIN" | "PROMPT" | "PARSER" | "WORKFLOW" => Kind::Chain,
        "TOOL" => Kind::Tool,
        "RETRIEVER" | "RERANKER" => Kind::Retriever,
        "EMBEDDING" => Kind::Embedding,
        "AGENT" => Kind::Agent,
        "GUARDRAIL" => Kind::Guardrail,
        "EVALUATOR" => Kind::Evaluator,
        "TASK" => Kind::Task,
        _ => return None,
    })
}

fn operation_kind(text: &str) -> Option<Kind> {
    Some(match text {
        "chat" | "text_completion" | "generate_content" | "completion" => Kind::Llm,
        "embeddings" | "embedding" => Kind::Embedding,
        "execute_tool" => Kind::Tool,
        "invoke_agent" | "create_agent" => Kind::Agent,
        "invoke_workflow" | "workflow" => Kind::Chain,
        "execute_task" | "task" => Kind::Task,
        "rerank" | "retrieval" | "retrieve" | "vector_db_retrieve" => Kind::Retriever,
        // What the AI SDK writes into its gen_ai spans, beside its own `ai.operationId`.
        _ => return vercel_kind(text),
    })
}

fn traceloop_kind(text: &str) -> Option<Kind> {
    Some(match text {
        "workflow" => Kind::Chain,
        "task" => Kind::Task,
        "agent" => Kind::Agent,
        "tool" => Kind::Tool,
        _ => return None,
    })
}

fn vercel_kind(text: &str) -> Option<Kind> {
    Some(match text {
        "ai.toolCall" => Kind::Tool,
        _ if text.starts_with("ai.embed") && text.contains(".do") => Kind::Embedding,
        _ if text.starts_with("ai.embed") => Kind::Embedding,
        _ if text.starts_with("ai.") && text.contains(".do") => Kind::Llm,
        _ if text.starts_with("ai.") => Kind::Chain,
        _ => return None,
    })
}

fn kind_of_name(name: &str) -> Option<Kind> {
    let first = name.split([' ', '.']).next().unwrap_or("");
    match first {
        "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "HTTP" => Some(Kind::Http),
        "ai" => vercel_kind(name),
        _ => None,
    }
}

/// Keys no index needs but some vocabulary defines.
fn known(key: &str) -> bool {
    const EXACT: [&str; 18] = [
        "session.id",
        "user.id",
        "metadata",
        "tag.tags",
        "error",
        "error.type",
        "final_result",
        "agent_name",
        "model_name",
        "tool_arguments",
        "tool_response",
        "all_messages_events",
        "model_request_parameters",
        "operation.name",
        "resource.name",
        "agent.name",
        "span.kind",
        "events",
    ];
    const PREFIXES: [&str; 40] = [
        "openinference.",
        "retrieval.",
        "embedding.",
        "tool.",
        "tool_call.",
        "reranker.",
        "document.",
        "graph.",
        "prompt.",
        "metadata.",
        "agent.",
        "mlflow.",
        "logfire.",
        "pydantic_ai.",
        "exception.",
        "server.",
        "client.",
        "net.",
        "network.",
        "url.",
        "rpc.",
        "messaging.",
        "code.",
        "thread.",
        "otel.",
        "telemetry.",
        "peer.",
        "service.",
        "process.",
        "host.",
        "os.",
        "k8s.",
        "container.",
        "cloud.",
        "faas.",
        "user_agent.",
        "enduser.",
        "deployment.",
        "internal.span.",
        "sampler.",
    ];
    EXACT.contains(&key) || PREFIXES.iter().any(|prefix| key.starts_with(prefix))
}
