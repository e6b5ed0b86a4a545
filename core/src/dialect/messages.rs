//! Conversations out of JSON, in the shapes that providers and frameworks give them.
//!
//! OpenAI and Anthropic messages, OpenTelemetry GenAI parts, OpenInference's nested form, LangChain's serialised
//! objects, the AI SDK's model messages. What is not understood is kept as a piece of JSON, never dropped.

use crate::json::{NodeKind, Tree, quoted};
use crate::model::{Message, Part, Role, Side};

/// One JSON text with its tree.
struct Json<'a> {
    text: &'a [u8],
    tree: Tree,
}

/// The messages in a JSON text: a list, an object that holds one, or one message. Empty when there are none.
pub(super) fn messages(text: &str, side: Side) -> Vec<Message> {
    let json = Json { text: text.as_bytes(), tree: Tree::parse(text.as_bytes()) };
    let mut out = Vec::new();
    let mut todo = vec![0u32];
    while let Some(node) = todo.pop() {
        if json.is(node, NodeKind::Array) {
            // Lists of lists are batches: one after the other.
            let items: Vec<u32> = json.tree.children(node).collect();
            todo.extend(items.into_iter().rev());
            continue;
        }
        if !json.is(node, NodeKind::Object) {
            continue;
        }
        let wrapped =
            ["messages", "message", "generations", "choices", "candidates", "input", "history", "new_message"]
                .into_iter()
                .filter(|_| json.get(node, "role").is_none())
                .find_map(|key| json.get(node, key).filter(|&inner| json.is_container(inner)));
        if let Some(inner) = wrapped {
            if let Some(system) = json.get(node, "system").filter(|_| side == Side::Input) {
                out.push(json.plain(system, Role::System, side));
            }
            let before = out.len();
            todo.push(inner);
            // A choice's or generation's reason stands beside its message.
            if let Some(message) = json.message(inner, side).filter(|_| json.is(inner, NodeKind::Object)) {
                todo.pop();
                out.push(message);
                if let (Some(reason), Some(last)) = (json.finish(node), out.get_mut(before)) {
                    last.finish_reason = reason;
                }
            }
            continue;
        }
        out.extend(json.message(node, side));
    }
    out
}

/// Instructions given as text, or as a list of parts.
pub(super) fn system(text: &str) -> Vec<Message> {
    let json = Json { text: text.as_bytes(), tree: Tree::parse(text.as_bytes()) };
    if json.tree.damage.is_some() || !json.is_container(0) {
        return vec![message(Side::Input, Role::System, vec![Part::Text(text.to_owned())])];
    }
    vec![message(Side::Input, Role::System, json.parts(0))]
}

/// A list of tool calls, as an answer of its own.
pub(super) fn tool_calls(text: &str) -> Vec<Part> {
    let json = Json { text: text.as_bytes(), tree: Tree::parse(text.as_bytes()) };
    let calls: Vec<u32> = if json.is(0, NodeKind::Array) { json.tree.children(0).collect() } else { vec![0] };
    calls.into_iter().map(|call| json.call(call)).collect()
}

/// A message with nothing but its pieces.
pub(super) fn message(side: Side, role: Role, parts: Vec<Part>) -> Message {
    Message { side, role, name: String::new(), parts, finish_reason: String::new() }
}

impl Json<'_> {
    fn is(&self, node: u32, kind: NodeKind) -> bool {
        self.tree.node(node).is_some_and(|n| n.kind == kind)
    }

    fn is_container(&self, node: u32) -> bool {
        self.is(node, NodeKind::Array) || self.is(node, NodeKind::Object)
    }

    /// A member that is there and not null.
    fn get(&self, node: u32, key: &str) -> Option<u32> {
        self.tree.member(self.text, node, key).filter(|&member| !self.is(member, NodeKind::Null))
    }

    fn first(&self, node: u32, keys: &[&str]) -> Option<u32> {
        keys.iter().find_map(|key| self.get(node, key))
    }

    /// A string decoded; anything else as JSON.
    fn text(&self, node: u32) -> String {
        match self.tree.string(self.text, node) {
            Some(text) => text.into_owned(),
            None => String::from_utf8_lossy(self.tree.raw(self.text, node)).into_owned(),
        }
    }

    fn string(&self, node: u32, keys: &[&str]) -> String {
        self.first(node, keys).map(|node| self.text(node)).unwrap_or_default()
    }

    fn finish(&self, node: u32) -> Option<String> {
        let reason = self.string(node, &["finish_reason", "finishReason", "stop_reason"]);
        if !reason.is_empty() {
            return Some(reason);
        }
        let info = self.first(node, &["generation_info", "response_metadata"])?;
        Some(self.string(info, &["finish_reason", "stop_reason"])).filter(|reason| !reason.is_empty())
    }

    /// LangChain's serialised object: its arguments, and the role its class name stands for.
    fn constructed(&self, node: u32) -> Option<(u32, String)> {
        let kwargs = self.get(node, "kwargs")?;
        let class = self.get(node, "id").and_then(|id| self.tree.children(id).last()).map(|last| self.text(last));
        Some((kwargs, class.unwrap_or_default()))
    }

    fn plain(&self, node: u32, role: Role, side: Side) -> Message {
        message(side, role, self.parts(node))
    }

    /// One message, when the object is one.
    fn message(&self, node: u32, side: Side) -> Option<Message> {
        if let Some((kwargs, class)) = self.constructed(node) {
            let role = class.trim_end_matches("Chunk").trim_end_matches("Message").to_ascii_lowercase();
            return self.message_as(kwargs, side, Some(Role::from_name(&role)));
        }
        // OpenInference nests each message once more.
        if let Some(inner) = self.get(node, "message").filter(|_| self.get(node, "role").is_none()) {
            return self.message_as(inner, side, None);
        }
        self.message_as(node, side, None)
    }

    fn message_as(&self, node: u32, side: Side, role: Option<Role>) -> Option<Message> {
        let (node, role) = match self.constructed(node) {
            Some((kwargs, class)) => {
                let name = class.trim_end_matches("Chunk").trim_end_matches("Message").to_ascii_lowercase();
                (kwargs, role.or(Some(Role::from_name(&name))))
            }
            None => (node, role),
        };
        if !self.is(node, NodeKind::Object) {
            return None;
        }
        let content = self.first(node, &["content", "parts", "contents", "text", "blocks"]);
        let calls = self.first(node, &["tool_calls", "toolCalls"]);
        let named = self.first(node, &["role"]).or_else(|| {
            // LangChain's dictionaries say `type: "human"`; parts say `type: "text"` and are no messages.
            let kind = self.get(node, "type").filter(|&kind| {
                matches!(
                    self.text(kind).as_str(),
                    "human" | "ai" | "system" | "tool" | "function" | "user" | "assistant" | "chat"
                )
            });
            kind.filter(|_| content.is_some())
        });
        let role = match (role, named) {
            (Some(role), _) => role,
            (None, Some(named)) => Role::from_name(&self.text(named)),
            (None, None) if side == Side::Output && (content.is_some() || calls.is_some()) => Role::Assistant,
            (None, None) => return None,
        };
        let mut parts = Vec::new();
        for key in ["reasoning_content", "reasoning", "thinking"] {
            if let Some(text) = self.get(node, key).filter(|&node| self.is(node, NodeKind::String)) {
                parts.push(Part::Reasoning(self.text(text)));
            }
        }
        let answered = self.first(node, &["tool_call_id", "toolCallId", "tool_use_id"]);
        match (answered, &role) {
            (Some(id), _) => parts.push(Part::ToolResult {
                id: self.text(id),
                name: self.string(node, &["name", "tool_name", "toolName"]),
                content: content.map(|content| self.joined(content)).unwrap_or_default(),
                error: self.string(node, &["status"]) == "error" || self.string(node, &["is_error"]) == "true",
            }),
            (None, _) => parts.extend(content.map(|content| self.parts(content)).unwrap_or_default()),
        }
        if let Some(calls) = calls.filter(|&calls| self.is(calls, NodeKind::Array)) {
            let known: Vec<String> = parts
                .iter()
                .filter_map(|part| match part {
                    Part::ToolCall { id, .. } => Some(id.clone()),
                    _ => None,
                })
                .collect();
            // Anthropic content through LangChain holds each call twice: as a block and in `tool_calls`.
            let calls = self.tree.children(calls).map(|call| self.call(call));
            parts.extend(calls.filter(|call| !matches!(call, Part::ToolCall { id, .. } if known.contains(id))));
        }
        let mut made = message(side, role, parts);
        if !matches!(made.role, Role::Tool) {
            made.name = self.string(node, &["name"]);
        }
        made.finish_reason = self.finish(node).unwrap_or_default();
        Some(made)
    }

    /// Content as one text: what a tool gave back.
    fn joined(&self, node: u32) -> String {
        let parts = self.parts(node);
        let texts: Vec<&str> = parts
            .iter()
            .filter_map(|part| match part {
                Part::Text(text) => Some(text.as_str()),
                _ => None,
            })
            .collect();
        if texts.len() == parts.len() { texts.join("\n") } else { self.text(node) }
    }

    /// Content: a text, one part, or a list of them.
    fn parts(&self, node: u32) -> Vec<Part> {
        match self.tree.node(node).map(|n| n.kind) {
            Some(NodeKind::String) => {
                let text = self.text(node);
                if text.is_empty() { Vec::new() } else { vec![Part::Text(text)] }
            }
            Some(NodeKind::Array) => self.tree.children(node).map(|part| self.part(part)).collect(),
            Some(NodeKind::Object) => vec![self.part(node)],
            Some(NodeKind::Null) | None => Vec::new(),
            Some(_) => vec![Part::Other(self.text(node))],
        }
    }

    fn part(&self, node: u32) -> Part {
        if self.is(node, NodeKind::String) {
            return Part::Text(self.text(node));
        }
        // OpenInference: {message_content: {type, text, image: {image: {url}}}}.
        let node = self.get(node, "message_content").unwrap_or(node);
        let kind = self.string(node, &["type", "kind", "part_kind"]);
        let text = self.first(node, &["text", "content"]).filter(|&node| self.is(node, NodeKind::String));
        match (kind.as_str(), text) {
            ("text" | "input_text" | "output_text" | "refusal" | "", Some(text)) => Part::Text(self.text(text)),
            ("reasoning" | "thinking" | "redacted-reasoning", _) => {
                Part::Reasoning(self.string(node, &["text", "content", "thinking", "summary"]))
            }
            ("tool_call" | "tool-call" | "tool_use" | "function" | "function_call" | "server_tool_use", _) => {
                self.call(node)
            }
            ("tool_call_response" | "tool-result" | "tool_result" | "function_call_output", _) => self.result(node),
            ("image_url" | "image" | "input_image" | "blob" | "uri" | "file" | "media" | "image_file", _) => {
                self.picture(node)
            }
            ("", None) if self.first(node, &["image", "image_url", "inlineData"]).is_some() => self.picture(node),
            ("", None) if self.get(node, "functionCall").is_some() => {
                self.get(node, "functionCall").map_or_else(|| Part::Other(self.text(node)), |call| self.call(call))
            }
            _ => Part::Other(self.text(node)),
        }
    }

    fn call(&self, node: u32) -> Part {
        let node = self.get(node, "tool_call").unwrap_or(node);
        let function = self.get(node, "function").filter(|&node| self.is(node, NodeKind::Object)).unwrap_or(node);
        Part::ToolCall {
            id: self.string(node, &["id", "call_id", "toolCallId", "tool_call_id"]),
            name: self.string(function, &["name", "toolName", "tool_name"]),
            arguments: self.string(function, &["arguments", "args", "input"]),
        }
    }

    fn result(&self, node: u32) -> Part {
        let content = self.first(node, &["response", "result", "output", "content"]);
        let content = content.map(|content| {
            // The AI SDK says of which type a result is, and holds it in `value`.
            let typed = self.get(content, "value").filter(|_| self.get(content, "type").is_some());
            let content = typed.unwrap_or(content);
            if self.is(content, NodeKind::Array) { self.joined(content) } else { self.text(content) }
        });
        let output_type = self.get(node, "output").map(|output| self.string(output, &["type"])).unwrap_or_default();
        Part::ToolResult {
            id: self.string(node, &["id", "tool_use_id", "toolCallId", "tool_call_id", "call_id"]),
            name: self.string(node, &["name", "toolName", "tool_name"]),
            content: content.unwrap_or_default(),
            error: self.string(node, &["is_error", "isError"]) == "true" || output_type.starts_with("error"),
        }
    }

    /// An image: its `data:` URL where the bytes are in the file, its address otherwise.
    fn picture(&self, node: u32) -> Part {
        let inner = self.first(node, &["image_url", "image", "source", "inlineData"]).unwrap_or(node);
        let inner = self.get(inner, "image").unwrap_or(inner);
        if self.is(inner, NodeKind::String) {
            return self.picture_at(self.text(inner), node);
        }
        let media = self.string(inner, &["media_type", "mime_type", "mediaType", "mimeType"]);
        let data = self.first(inner, &["data", "content"]).filter(|&data| self.is(data, NodeKind::String));
        match data {
            Some(data) => self.picture_at(self.text(data), if inner == node { node } else { inner }),
            None => {
                let url = self.string(inner, &["url", "uri", "file_id", "fileUri"]);
                if url.is_empty() || (!media.is_empty() && !media.starts_with("image/")) {
                    return Part::Other(self.text(node));
                }
                Part::Image { url }
            }
        }
    }

    fn picture_at(&self, text: String, around: u32) -> Part {
        let media = self.string(around, &["media_type", "mime_type", "mediaType", "mimeType", "modality"]);
        if text.starts_with("data:") || text.starts_with("http:") || text.starts_with("https:") {
            return Part::Image { url: text };
        }
        let media = if media.is_empty() || media == "image" { "image/png" } else { media.as_str() };
        if media.starts_with("image/") {
            return Part::Image { url: format!("data:{media};base64,{text}") };
        }
        Part::Other(format!("{{\"type\":{},\"bytes\":{}}}", quoted(media), text.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn brief(text: &str, side: Side) -> Vec<String> {
        messages(text, side)
            .iter()
            .map(|message| {
                let parts: Vec<String> = message
                    .parts
                    .iter()
                    .map(|part| match part {
                        Part::Text(text) => text.clone(),
                        Part::Reasoning(text) => format!("({text})"),
                        Part::ToolCall { id, name, arguments } => format!("{id}:{name}{arguments}"),
                        Part::ToolResult { id, content, error, .. } => {
                            format!("{id}={content}{}", if *error { "!" } else { "" })
                        }
                        Part::Image { url } => format!("<{url}>"),
                        Part::Other(json) => format!("?{json}"),
                    })
                    .collect();
                format!("{:?} {} {}", message.role, parts.join(" "), message.finish_reason).trim_end().to_owned()
            })
            .collect()
    }

    #[test]
    fn providers_shapes() {
        let openai = r#"{"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"text","text":"look"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA"}}]},{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},{"role":"tool","tool_call_id":"c1","content":"42"}]}"#;
        assert_eq!(
            brief(openai, Side::Input),
            ["System s", "User look <data:image/png;base64,AA>", "Assistant c1:f{\"a\":1}", "Tool c1=42"]
        );
        let answer = r#"{"choices":[{"finish_reason":"stop","message":{"role":"assistant","content":"hi"}}]}"#;
        assert_eq!(brief(answer, Side::Output), ["Assistant hi stop"]);
        let anthropic = r#"[{"role":"assistant","content":[{"type":"thinking","thinking":"hm"},{"type":"tool_use","id":"t","name":"g","input":{"x":1}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"bad"}],"is_error":true}]}]"#;
        assert_eq!(brief(anthropic, Side::Input), ["Assistant (hm) t:g{\"x\":1}", "User t=bad!"]);
    }

    #[test]
    fn conventions_and_frameworks() {
        let genai = r#"[{"role":"user","parts":[{"type":"text","content":"q"}]},{"role":"assistant","parts":[{"type":"reasoning","content":"r"},{"type":"tool_call","id":"1","name":"f","arguments":{"a":2}}],"finish_reason":"tool_call"},{"role":"tool","parts":[{"type":"tool_call_response","id":"1","response":"ok"}]}]"#;
        assert_eq!(brief(genai, Side::Input), ["User q", "Assistant (r) 1:f{\"a\":2} tool_call", "Tool 1=ok"]);
        let langchain = r#"{"messages":[[{"lc":1,"type":"constructor","id":["langchain","schema","messages","HumanMessage"],"kwargs":{"content":"q","type":"human"}}]]}"#;
        assert_eq!(brief(langchain, Side::Input), ["User q"]);
        let generations = r#"{"generations":[[{"text":"","generation_info":null,"message":{"lc":1,"id":["x","AIMessage"],"kwargs":{"content":"","response_metadata":{"finish_reason":"tool_calls"},"tool_calls":[{"name":"s","args":{"q":1},"id":"c"}]}}}]]}"#;
        assert_eq!(brief(generations, Side::Output), ["Assistant c:s{\"q\":1} tool_calls"]);
        let nested = r#"[{"message":{"role":"user","contents":[{"message_content":{"type":"text","text":"a"}}]}},{"message":{"role":"assistant","tool_calls":[{"tool_call":{"id":"9","function":{"name":"f","arguments":"{}"}}}]}}]"#;
        assert_eq!(brief(nested, Side::Input), ["User a", "Assistant 9:f{}"]);
        let sdk = r#"[{"role":"assistant","content":[{"type":"tool-call","toolCallId":"k","toolName":"w","input":{"c":"x"}}]},{"role":"tool","content":[{"type":"tool-result","toolCallId":"k","toolName":"w","output":{"type":"error-text","value":"no"}}]}]"#;
        assert_eq!(brief(sdk, Side::Input), ["Assistant k:w{\"c\":\"x\"}", "Tool k=no!"]);
    }

    #[test]
    fn what_is_no_conversation_gives_none() {
        for text in ["{}", "[1,2]", "\"text\"", "{\"a\":{\"b\":1}}", "[[[[", "{\"type\":\"text\",\"text\":\"x\"}"] {
            assert_eq!(brief(text, Side::Input), Vec::<String>::new(), "{text}");
        }
    }
}
