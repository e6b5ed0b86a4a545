//! One pass over a step's attributes while a file is read: what the index keeps of them.
//!
//! Runs on every attribute of a file, so a known key costs a few comparisons and no allocation.

use super::nested::{self, Nested};
use super::{Dialect, Val, kinds};
use crate::import::{Builder, Draft};
use crate::model::{Flags, Kind, Status, Usage};
use std::borrow::Cow;

/// Who says what a step is, the most trusted first.
#[derive(Clone, Copy)]
enum Claim {
    OpenInference,
    Operation,
    Traceloop,
    Vercel,
    Other,
    /// A vocabulary's other attributes are there, and it does not say.
    Guess,
    Infrastructure,
}

/// Collects from attributes as they come by.
#[derive(Debug, Default)]
pub struct Gather<'a> {
    /// Kind claims, by precedence: the lowest index that is there wins.
    kinds: [Option<Kind>; 7],
    model: Option<Cow<'a, str>>,
    model_answered: bool,
    usage: Usage,
    cost_parts: f64,
    dialects: u8,
    messages: bool,
    /// How the step ended, where our own export says it.
    status: Option<Status>,
    /// Whether there is an input or output that a model's conversation may be read from.
    told: bool,
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
    /// How it ended, where an attribute says more than the format can.
    pub status: Option<Status>,
    /// Vocabularies met: a bit for each, at its position in the enumeration.
    dialects: u8,
    /// Keys no vocabulary knows.
    pub unknown: Vec<Cow<'a, str>>,
}

fn fill(slot: &mut Option<u64>, value: &Val<'_>) {
    if slot.is_none() {
        *slot = value.count();
    }
}

fn pay(slot: &mut Option<f64>, value: &Val<'_>) {
    if slot.is_none() {
        *slot = value.amount();
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
            // "unknown" is how libraries say that they do not know.
            && !matches!(s.raw, b"" | b"unknown")
        {
            self.model = Some(s.text());
            self.model_answered = answered;
        }
    }

    fn kind(&mut self, claim: Claim, kind: Option<Kind>) {
        if let Some(slot) = self.kinds.get_mut(claim as usize).filter(|slot| slot.is_none()) {
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
            Some(b'g') if key.starts_with("gen_ai.") => self.gen_ai(key.get(7..).unwrap_or(""), value),
            Some(b'l') if key.starts_with("llm.") => self.llm(key.get(4..).unwrap_or(""), value),
            Some(b'a') if key.starts_with("ai.") => self.vercel(key.get(3..).unwrap_or(""), value),
            Some(b'i') if key.starts_with("input.") => self.put(),
            Some(b'o') if key.starts_with("output.") => self.put(),
            Some(b'o') if key == "openinference.span.kind" => {
                self.mark(Dialect::OpenInference);
                self.kind(Claim::OpenInference, kinds::span_kind(&value.text()));
            }
            Some(b'e') if key.starts_with("embedding.") => {
                self.kind(Claim::Guess, Some(Kind::Embedding));
                if key == "embedding.model_name" {
                    self.model(value, false);
                }
            }
            Some(b'r') if key.starts_with("retrieval.") => self.kind(Claim::Guess, Some(Kind::Retriever)),
            Some(b't') if key.starts_with("traceloop.") => {
                self.mark(Dialect::OpenLlmetry);
                match key {
                    "traceloop.span.kind" => self.kind(Claim::Traceloop, kinds::traceloop(&value.text())),
                    "traceloop.entity.input" | "traceloop.entity.output" => self.told = true,
                    _ => {}
                }
            }
            Some(b'd') if key.starts_with("db.") => self.kind(Claim::Infrastructure, Some(Kind::Db)),
            Some(b'h') if key.starts_with("http.") => self.kind(Claim::Infrastructure, Some(Kind::Http)),
            _ => return self.seldom(key, value),
        }
        true
    }

    fn put(&mut self) {
        self.mark(Dialect::OpenInference);
        self.told = true;
    }

    /// Attributes of smaller vocabularies, and whole vocabularies left nested.
    fn seldom(&mut self, key: &str, value: &Val<'a>) -> bool {
        match key {
            "chaindebug.status" => self.status = Status::from_name(&value.text()),
            "operation.cost" => pay(&mut self.usage.cost, value),
            "operation.name" => {
                // The AI SDK writes its operation and the function's name.
                let text = value.text();
                self.kind(Claim::Vercel, kinds::vercel(text.split(' ').next().unwrap_or("")));
            }
            "pydantic_ai.all_messages" | "all_messages_events" => self.messages = true,
            "mlflow.spanType" => self.kind(Claim::Other, kinds::span_kind(value.text().trim_matches('"'))),
            "langsmith.span.kind" | "langfuse.observation.type" | "lmnr.span.type" => {
                self.kind(Claim::Other, kinds::span_kind(&value.text()));
            }
            "langfuse.observation.model.name" => self.model(value, true),
            "mlflow.spanInputs" | "mlflow.spanOutputs" | "request_data" | "response_data" | "events" => {
                self.told = true;
            }
            "mlflow.chat.tokenUsage" | "langfuse.observation.usage_details" => self.usage_object(value),
            _ if key.starts_with("gcp.vertex.agent.") => self.told = true,
            _ if key.starts_with("langfuse.observation.") => self.told = true,
            _ if nested::holds(key, value) => self.nested(key, value),
            _ => return kinds::known(key),
        }
        true
    }

    /// `{"input_tokens": …}` and the like in one text.
    fn usage_object(&mut self, value: &Val<'_>) {
        let nested = Nested::read("", &value.text());
        nested.each(|key, value| match key {
            "input_tokens" | "prompt_tokens" | "input" => fill(&mut self.usage.input, value),
            "output_tokens" | "completion_tokens" | "output" => fill(&mut self.usage.output, value),
            "total_tokens" | "total" => fill(&mut self.usage.total, value),
            "cache_read_input_tokens" | "input_cached_tokens" | "input_cache_read" => {
                fill(&mut self.usage.cached, value);
            }
            "cache_creation_input_tokens" | "input_cache_creation" | "cache_write_input_tokens" => {
                fill(&mut self.usage.written, value);
            }
            _ => {}
        });
    }

    /// An object or list under a prefix that vocabularies flatten, as some exporters leave it.
    fn nested(&mut self, key: &str, value: &Val<'a>) {
        let nested = Nested::of(key, value);
        let mut inner = Gather::default();
        nested.each(|key, value| {
            inner.attribute(key, value);
        });
        self.dialects |= inner.dialects;
        self.messages |= inner.messages;
        self.told |= inner.told;
        self.cost_parts += inner.cost_parts;
        self.usage.fill(&inner.usage);
        for (slot, kind) in self.kinds.iter_mut().zip(inner.kinds) {
            *slot = slot.or(kind);
        }
        if self.model.is_none()
            && let Some(model) = inner.model
        {
            self.model = Some(Cow::Owned(model.into_owned()));
            self.model_answered = inner.model_answered;
        }
    }

    fn gen_ai(&mut self, key: &str, value: &Val<'a>) {
        self.mark(Dialect::GenAi);
        match key {
            "operation.name" => self.kind(Claim::Operation, kinds::operation(&value.text())),
            "request.model" => {
                self.model(value, false);
                self.kind(Claim::Guess, Some(Kind::Llm));
            }
            "response.model" => self.model(value, true),
            "tool.name" | "tool.call.id" => self.kind(Claim::Guess, Some(Kind::Tool)),
            "usage.input_tokens" | "usage.prompt_tokens" => fill(&mut self.usage.input, value),
            "usage.output_tokens" | "usage.completion_tokens" => fill(&mut self.usage.output, value),
            "usage.total_tokens" => fill(&mut self.usage.total, value),
            "usage.cache_read.input_tokens"
            | "usage.cache_read_input_tokens"
            | "usage.details.cache_read_tokens"
            | "usage.details.cached_tokens"
            | "usage.input_tokens.cached"
            | "usage.prompt_tokens_details.cached_tokens"
            | "usage.cached_tokens" => fill(&mut self.usage.cached, value),
            "usage.cache_creation.input_tokens"
            | "usage.cache_creation_input_tokens"
            | "usage.cache_write.input_tokens"
            | "usage.cache_write_input_tokens"
            | "usage.details.cache_creation_tokens"
            | "usage.details.cache_write_tokens"
            | "usage.input_tokens.cache_creation"
            | "usage.input_tokens.cache_write" => fill(&mut self.usage.written, value),
            "usage.reasoning_tokens"
            | "usage.reasoning.output_tokens"
            | "usage.details.reasoning_tokens"
            | "usage.output_tokens.reasoning"
            | "usage.completion_tokens_details.reasoning_tokens" => fill(&mut self.usage.reasoning, value),
            "usage.cost" | "usage.cost_usd" | "usage.total_cost" | "cost.total_cost" | "cost.amount" => {
                pay(&mut self.usage.cost, value);
            }
            "usage.input_cost" | "usage.output_cost" => self.cost_parts += value.amount().unwrap_or(0.0),
            "input.messages" | "output.messages" | "system_instructions" | "prompt" | "completion" => {
                self.messages = true;
            }
            _ if key.starts_with("prompt.") || key.starts_with("completion.") => self.messages = true,
            _ => self.inner("gen_ai.", key, value),
        }
    }

    /// A key of a vocabulary whose value is the rest of it, nested.
    fn inner(&mut self, prefix: &str, key: &str, value: &Val<'a>) {
        if let Val::Json(_) = value
            && matches!(key, "usage" | "token_count" | "cost")
        {
            self.nested(&format!("{prefix}{key}"), value);
        }
    }

    fn llm(&mut self, key: &str, value: &Val<'a>) {
        // By far the most frequent ones.
        if key.starts_with("input_messages") || key.starts_with("output_messages") {
            self.mark(Dialect::OpenInference);
            self.messages = true;
            return;
        }
        match key {
            // Before 2024 OpenLLMetry, which has a mark of its own, wrote here what is `gen_ai.*` now.
            "request.type" => return self.kind(Claim::Operation, kinds::operation(&value.text())),
            "request.model" => return self.model(value, false),
            "response.model" => return self.model(value, true),
            "usage.prompt_tokens" => return fill(&mut self.usage.input, value),
            "usage.completion_tokens" => return fill(&mut self.usage.output, value),
            "usage.total_tokens" => return fill(&mut self.usage.total, value),
            "usage.cache_read_input_tokens" => return fill(&mut self.usage.cached, value),
            "usage.cache_creation_input_tokens" => return fill(&mut self.usage.written, value),
            "usage.reasoning_tokens" => return fill(&mut self.usage.reasoning, value),
            "model_name" => {
                self.model(value, true);
                self.kind(Claim::Guess, Some(Kind::Llm));
            }
            "prompts" => self.messages = true,
            "token_count.prompt" => fill(&mut self.usage.input, value),
            "token_count.completion" => fill(&mut self.usage.output, value),
            "token_count.total" => fill(&mut self.usage.total, value),
            "token_count.prompt_details.cache_read" | "token_count.prompt_details.cached" => {
                fill(&mut self.usage.cached, value);
            }
            "token_count.prompt_details.cache_write" | "token_count.prompt_details.cache_creation" => {
                fill(&mut self.usage.written, value);
            }
            "token_count.completion_details.reasoning" => fill(&mut self.usage.reasoning, value),
            "cost.total" => pay(&mut self.usage.cost, value),
            "cost.prompt" | "cost.completion" => self.cost_parts += value.amount().unwrap_or(0.0),
            _ if key.starts_with("prompts.") => self.messages = true,
            _ if key.starts_with("completions.") => {
                self.messages = true;
                return;
            }
            _ if ["usage.", "request.", "response.", "headers", "is_streaming"].iter().any(|s| key.starts_with(s)) => {
                return;
            }
            _ => self.inner("llm.", key, value),
        }
        self.mark(Dialect::OpenInference);
    }

    fn vercel(&mut self, key: &str, value: &Val<'a>) {
        self.mark(Dialect::VercelAi);
        match key {
            "operationId" => self.kind(Claim::Vercel, kinds::vercel(&value.text())),
            "model.id" => self.model(value, false),
            "response.model" => self.model(value, true),
            "usage.inputTokens" | "usage.promptTokens" | "usage.tokens" => fill(&mut self.usage.input, value),
            "usage.outputTokens" | "usage.completionTokens" => fill(&mut self.usage.output, value),
            "usage.totalTokens" => fill(&mut self.usage.total, value),
            "usage.cachedInputTokens" | "usage.inputTokenDetails.cacheReadTokens" => {
                fill(&mut self.usage.cached, value);
            }
            "usage.inputTokenDetails.cacheWriteTokens" | "usage.cacheCreationInputTokens" => {
                fill(&mut self.usage.written, value);
            }
            "usage.reasoningTokens" | "usage.outputTokenDetails.reasoningTokens" => {
                fill(&mut self.usage.reasoning, value);
            }
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
        let kind = self.kinds.iter().flatten().next().copied().or_else(|| kinds::of_name(name)).unwrap_or_default();
        Gathered {
            kind,
            model: self.model,
            status: self.status,
            usage: self.usage,
            messages: self.messages || (self.told && kind == Kind::Llm),
            dialects: self.dialects,
            unknown: self.unknown,
        }
    }
}

impl Gathered<'_> {
    /// Vocabularies met.
    pub fn dialects(&self) -> impl Iterator<Item = Dialect> {
        let met = self.dialects;
        Dialect::ALL.into_iter().filter(move |dialect| met & (1 << *dialect as u8) != 0)
    }

    /// Puts what was collected into the draft of the step and the builder's counts.
    pub fn settle(self, draft: &mut Draft, build: &mut Builder) {
        draft.kind = self.kind;
        draft.usage = self.usage;
        draft.status = self.status.unwrap_or(draft.status);
        if let Some(model) = &self.model {
            draft.model = build.names.intern(model);
        }
        if self.messages {
            draft.flags.set(Flags::MESSAGES);
        }
        for dialect in self.dialects() {
            *build.dialects.entry(dialect.name()).or_default() += 1;
        }
        for key in self.unknown {
            let key = build.names.intern(&key);
            build.unknown.insert(key);
        }
    }
}

#[cfg(test)]
#[path = "gather_tests.rs"]
mod tests;
