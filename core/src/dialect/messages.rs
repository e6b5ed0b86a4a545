//! Conversations out of JSON, in the shapes that providers and frameworks give them: where messages are, and who
//! speaks. What a message is made of is in [`super::parts`].
//!
//! OpenAI chat and responses, Anthropic, Gemini and Bedrock messages, OpenTelemetry GenAI parts, OpenInference's nested
//! form, LangChain's serialised objects and pairs, the AI SDK's model messages.

use super::parts::Json;
use crate::json::NodeKind;
use crate::model::{Message, Part, Role, Side};

/// Members under which a request or response holds its messages, outermost first.
const WRAPPERS: [&str; 17] = [
    "messages",
    "message",
    "generations",
    "choices",
    "candidates",
    "contents",
    "input",
    "inputs",
    "output",
    "outputs",
    "history",
    "new_message",
    "prompt",
    "chat_history",
    "content",
    "response",
    "data",
];

/// The messages in a JSON text: a list, an object that holds one, or one message. Empty when there are none.
pub fn messages(text: &str, side: Side) -> Vec<Message> {
    let json = Json::parse(text);
    let mut out = Vec::new();
    let mut todo = vec![0u32];
    while let Some(node) = todo.pop() {
        if json.is(node, NodeKind::Array) {
            if let Some(pair) = json.pair(node, side) {
                out.push(pair);
                continue;
            }
            if side == Side::Output && json.lists_calls(node) {
                let calls = json.children(node).map(|call| json.call(call)).collect();
                out.push(message(side, Role::Assistant, calls));
                continue;
            }
            // Lists of lists are batches: one after the other.
            let items: Vec<u32> = json.children(node).collect();
            todo.extend(items.into_iter().rev());
            continue;
        }
        if !json.is(node, NodeKind::Object) {
            continue;
        }
        if let Some(several) = json.model_message(node, side) {
            out.extend(several);
            continue;
        }
        let role = json.first(node, &["role", "event.name"]).filter(|&role| json.is(role, NodeKind::String));
        let wrapped = match role.is_some() || json.constructed(node).is_some() || json.item_type(node).is_some() {
            true => None,
            false => WRAPPERS.into_iter().find_map(|key| {
                let inner = json.get(node, key).filter(|&inner| json.is_container(inner))?;
                // A message may have content without a role; it wraps others only where those have one.
                let holds = key != "content" || json.get(inner, "role").is_some();
                let holds = holds && (key != "contents" || json.lists_roles(inner));
                holds.then_some(inner)
            }),
        };
        let Some(inner) = wrapped else {
            out.extend(json.message(node, side));
            continue;
        };
        let instructions = json.first(node, &["system", "systemInstruction", "system_instruction", "instructions"]);
        if let Some(system) = instructions.filter(|_| side == Side::Input) {
            let parts = json.parts(json.get(system, "parts").unwrap_or(system));
            if !parts.is_empty() {
                out.push(message(Side::Input, Role::System, parts));
            }
        }
        // A choice's or generation's reason stands beside its message.
        match json.is(inner, NodeKind::Object).then(|| json.message(inner, side)).flatten() {
            Some(mut message) => {
                if let Some(reason) = json.finish(node) {
                    message.finish_reason = reason;
                }
                out.push(message);
            }
            None => todo.push(inner),
        }
    }
    out
}

/// Messages of a list of events `gen_ai.user.message`, `gen_ai.choice`; a choice is what the model wrote.
pub(super) fn of_events(text: &str) -> Vec<Message> {
    let json = Json::parse(text);
    if !json.is(0, NodeKind::Array) {
        return Vec::new();
    }
    let mut out = Vec::new();
    for node in json.children(0) {
        let name = json.string(node, &["event.name"]);
        let inner = json.get(node, "message").filter(|&inner| json.is(inner, NodeKind::Object));
        let side = if name == "gen_ai.choice" { Side::Output } else { Side::Input };
        let made = match inner {
            Some(inner) => json.message(inner, side),
            None => json.message(node, side),
        };
        out.extend(made.map(|mut message| {
            if message.finish_reason.is_empty() {
                message.finish_reason = json.finish(node).unwrap_or_default();
            }
            message
        }));
    }
    out
}

/// Instructions given as text, or as a list of parts.
pub(super) fn system(text: &str) -> Vec<Message> {
    let parts = content(text);
    if parts.is_empty() { Vec::new() } else { vec![message(Side::Input, Role::System, parts)] }
}

/// Content given as text: the pieces where the text is a list of them, else the text itself.
pub fn content(text: &str) -> Vec<Part> {
    if text.is_empty() {
        return Vec::new();
    }
    if text.trim_start().starts_with(['[', '{']) {
        let json = Json::parse(text);
        if json.whole() && json.is_content(0) {
            return json.parts(0);
        }
    }
    vec![Part::Text(text.to_owned())]
}

/// A list of tool calls, as an answer of its own.
pub(super) fn tool_calls(text: &str) -> Vec<Part> {
    let json = Json::parse(text);
    let calls: Vec<u32> = if json.is(0, NodeKind::Array) { json.children(0).collect() } else { vec![0] };
    calls.into_iter().filter(|&call| json.is(call, NodeKind::Object)).map(|call| json.call(call)).collect()
}

/// A message with nothing but its pieces.
pub fn message(side: Side, role: Role, parts: Vec<Part>) -> Message {
    Message { side, role, name: String::new(), parts, finish_reason: String::new() }
}

/// The role a LangChain class stands for: `HumanMessageChunk` is `human`.
fn class_role(class: &str) -> Role {
    Role::from_name(class.trim_end_matches("Chunk").trim_end_matches("Message"))
}

impl Json<'_> {
    /// Whether the first item of a list says who speaks.
    fn lists_roles(&self, node: u32) -> bool {
        self.children(node).next().is_some_and(|item| self.get(item, "role").is_some())
    }

    /// Whether a list is the tool calls of an answer and nothing else, as the AI SDK records them.
    fn lists_calls(&self, node: u32) -> bool {
        let bare = |item: u32| {
            self.get(item, "toolName").is_some()
                && self.get(item, "toolCallId").is_some()
                && self.get(item, "role").is_none()
        };
        let mut items = self.children(node).peekable();
        items.peek().is_some() && items.all(bare)
    }

    /// LangChain's `["human", "text"]`.
    fn pair(&self, node: u32, side: Side) -> Option<Message> {
        let mut items = self.children(node);
        let (who, what) = (items.next()?, items.next()?);
        if items.next().is_some() || !self.is(who, NodeKind::String) || self.is(what, NodeKind::Object) {
            return None;
        }
        let role = Role::from_name(&self.text(who));
        if matches!(role, Role::Other(_)) {
            return None;
        }
        Some(message(side, role, self.parts(what)))
    }

    /// LangChain's serialised object: its arguments, and the class it was made from.
    fn constructed(&self, node: u32) -> Option<(u32, String)> {
        let id = self.get(node, "id").filter(|&id| self.is(id, NodeKind::Array))?;
        let kwargs = self.get(node, "kwargs")?;
        let class = self.children(id).last().map(|last| self.text(last));
        Some((kwargs, class.unwrap_or_default()))
    }

    /// The type of an item of OpenAI's responses that stands among messages without being one.
    fn item_type(&self, node: u32) -> Option<String> {
        let kind = self.string(node, &["type"]);
        let named = |key: &str| self.get(node, key).is_some();
        let item = matches!(kind.as_str(), "function_call" | "function_call_output" | "reasoning")
            || (kind.ends_with("_call") && (named("call_id") || named("action") || named("id") && named("status")))
            || (kind.ends_with("_call_output") && named("call_id"));
        item.then_some(kind)
    }

    /// Why the model stopped.
    pub(super) fn finish(&self, node: u32) -> Option<String> {
        if let Some(reason) = self.first(node, &["finish_reason", "finishReason", "stop_reason", "stopReason"]) {
            // The AI SDK's newest tells its own word and the provider's.
            let reason = self.text(self.get(reason, "unified").unwrap_or(reason));
            return Some(reason).filter(|reason| !reason.is_empty());
        }
        let info = self.first(node, &["generation_info", "response_metadata"])?;
        Some(self.string(info, &["finish_reason", "stop_reason", "done_reason"])).filter(|reason| !reason.is_empty())
    }

    /// One message, when the object is one.
    fn message(&self, node: u32, side: Side) -> Option<Message> {
        if let Some((kwargs, class)) = self.constructed(node) {
            return self.message_as(kwargs, side, Some(class_role(&class)));
        }
        if let Some(kind) = self.item_type(node).filter(|_| self.get(node, "role").is_none()) {
            let role = if kind.ends_with("_output") { Role::Tool } else { Role::Assistant };
            return Some(message(side, role, vec![self.part(node)]));
        }
        if self.get(node, "role").is_none() {
            // OpenInference nests each message once more, LangChain's dictionaries put it under `data`.
            if let Some(inner) = self.get(node, "message") {
                let role = self.constructed(inner).map(|(_, class)| class_role(&class));
                let inner = self.constructed(inner).map_or(inner, |(kwargs, _)| kwargs);
                return self.message_as(inner, side, role);
            }
            if let Some(data) = self.get(node, "data").filter(|&data| self.get(data, "content").is_some()) {
                let role = Role::from_name(&self.string(node, &["type"]));
                return self.message_as(data, side, Some(role));
            }
        }
        self.message_as(node, side, None)
    }

    /// What a tool gave back: its content, else what it failed with.
    fn given_back(&self, node: u32, content: Option<u32>) -> String {
        let text = content.map(|content| self.joined(content)).unwrap_or_default();
        match self.get(node, "error").filter(|_| text.is_empty()) {
            Some(error) => self.text(self.get(error, "message").unwrap_or(error)),
            None => text,
        }
    }

    fn role(&self, node: u32, has_content: bool) -> Option<Role> {
        if let Some(role) = self.first(node, &["role"]).filter(|&role| self.is(role, NodeKind::String)) {
            return Some(Role::from_name(&self.text(role)));
        }
        // ShareGPT's turns.
        if let Some(from) = self.get(node, "from").filter(|_| self.get(node, "value").is_some()) {
            return Some(Role::from_name(&self.text(from)));
        }
        // Exports of claude.ai, and of opencode.
        let beside = self.get(node, "info").and_then(|info| self.get(info, "role"));
        if let Some(sender) =
            self.get(node, "sender").or(beside).filter(|&who| has_content && self.is(who, NodeKind::String))
        {
            return Some(Role::from_name(&self.text(sender)));
        }
        // LangChain's dictionaries say `type: "human"`; parts say `type: "text"` and are no messages.
        let kind = self.string(node, &["type"]);
        let kind = kind.trim_end_matches("MessageChunk");
        let speaks = matches!(kind, "human" | "ai" | "AI" | "system" | "tool" | "function" | "user" | "assistant");
        (speaks && has_content).then(|| Role::from_name(kind))
    }

    fn message_as(&self, node: u32, side: Side, role: Option<Role>) -> Option<Message> {
        if !self.is(node, NodeKind::Object) {
            return None;
        }
        let content = self.first(node, &["content", "parts", "contents", "text", "blocks", "value"]);
        let calls = self.first(node, &["tool_calls", "toolCalls"]).filter(|&calls| self.is(calls, NodeKind::Array));
        let older = self.get(node, "function_call").filter(|&call| self.is(call, NodeKind::Object));
        let named = self.get(node, "function_call_name");
        let says = content.is_some() || calls.is_some() || older.is_some() || named.is_some();
        let role = match role.or_else(|| self.role(node, content.is_some())) {
            Some(role) => role,
            None if side == Side::Output && says => Role::Assistant,
            None => return None,
        };
        let mut parts = Vec::new();
        for key in ["reasoning_content", "reasoning", "thinking"] {
            if let Some(text) = self.get(node, key).filter(|&node| self.is(node, NodeKind::String)) {
                parts.push(Part::Reasoning(self.text(text)));
            }
        }
        match self.first(node, &["tool_call_id", "toolCallId", "tool_use_id"]) {
            Some(id) if !matches!(role, Role::Assistant) => parts.push(Part::ToolResult {
                id: self.text(id),
                name: self.string(node, &["name", "tool_name", "toolName", "function"]),
                content: self.given_back(node, content),
                error: self.string(node, &["status"]) == "error"
                    || self.string(node, &["is_error"]) == "true"
                    || self.get(node, "error").is_some(),
            }),
            _ => parts.extend(content.map(|content| self.parts(content)).unwrap_or_default()),
        }
        self.add_calls(node, calls, &mut parts);
        parts.extend(older.map(|call| self.call(call)));
        parts.extend(named.map(|name| Part::ToolCall {
            id: String::new(),
            name: self.text(name),
            arguments: self.string(node, &["function_call_arguments_json"]),
        }));
        let mut made = message(side, role, parts);
        if !matches!(made.role, Role::Tool) {
            made.name = self.string(node, &["name"]);
        }
        made.finish_reason = self.finish(node).unwrap_or_default();
        Some(made)
    }

    /// Adds the calls beside a message's content. Anthropic content through LangChain holds each call twice: as a
    /// block and in `tool_calls`.
    fn add_calls(&self, node: u32, calls: Option<u32>, parts: &mut Vec<Part>) {
        let beside = self.get(node, "additional_kwargs").and_then(|more| self.get(more, "tool_calls"));
        let empty = calls.is_none_or(|calls| self.children(calls).next().is_none());
        let Some(calls) = (if empty { beside } else { calls }) else { return };
        let known: rustc_hash::FxHashSet<String> = parts
            .iter()
            .filter_map(|part| match part {
                Part::ToolCall { id, .. } if !id.is_empty() => Some(id.clone()),
                _ => None,
            })
            .collect();
        let calls = self.children(calls).map(|call| self.call(call));
        parts.extend(calls.filter(|call| !matches!(call, Part::ToolCall { id, .. } if known.contains(id))));
    }
}

#[cfg(test)]
#[path = "messages_tests.rs"]
mod tests;
