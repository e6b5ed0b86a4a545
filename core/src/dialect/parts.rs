//! What a message is made of: texts, reasoning, tool calls and results, pictures, in each provider's spelling. What is
//! not understood is kept as a piece of JSON, never dropped.

use crate::json::{NodeKind, Tree, quoted};
use crate::model::Part;

/// One JSON text with its tree.
pub(super) struct Json<'a> {
    text: &'a [u8],
    tree: Tree,
}

impl<'a> Json<'a> {
    pub(super) fn parse(text: &'a str) -> Json<'a> {
        Json { text: text.as_bytes(), tree: Tree::parse(text.as_bytes()) }
    }

    /// Whether all of it was read.
    pub(super) fn whole(&self) -> bool {
        self.tree.damage.is_none()
    }

    pub(super) fn is(&self, node: u32, kind: NodeKind) -> bool {
        self.tree.node(node).is_some_and(|n| n.kind == kind)
    }

    pub(super) fn is_container(&self, node: u32) -> bool {
        self.is(node, NodeKind::Array) || self.is(node, NodeKind::Object)
    }

    pub(super) fn children(&self, node: u32) -> impl Iterator<Item = u32> + '_ {
        self.tree.children(node)
    }

    /// The JSON of a node as it stands.
    pub(super) fn raw(&self, node: u32) -> String {
        String::from_utf8_lossy(self.tree.raw(self.text, node)).into_owned()
    }

    /// A member that is there and not null.
    pub(super) fn get(&self, node: u32, key: &str) -> Option<u32> {
        self.is(node, NodeKind::Object)
            .then(|| self.tree.member(self.text, node, key))
            .flatten()
            .filter(|&member| !self.is(member, NodeKind::Null))
    }

    pub(super) fn first(&self, node: u32, keys: &[&str]) -> Option<u32> {
        keys.iter().find_map(|key| self.get(node, key))
    }

    /// A string decoded; anything else as JSON.
    pub(super) fn text(&self, node: u32) -> String {
        match self.tree.string(self.text, node) {
            Some(text) => text.into_owned(),
            None => self.raw(node),
        }
    }

    pub(super) fn string(&self, node: u32, keys: &[&str]) -> String {
        self.first(node, keys).map(|node| self.text(node)).unwrap_or_default()
    }

    /// Whether a node is a list of typed pieces, as opposed to JSON that somebody said.
    pub(super) fn is_content(&self, node: u32) -> bool {
        const MARKS: [&str; 6] =
            ["text", "toolUse", "toolResult", "reasoningContent", "functionCall", "functionResponse"];
        const TYPES: [&str; 13] = [
            "text",
            "input_text",
            "output_text",
            "tool_use",
            "tool_result",
            "tool_call",
            "tool_call_response",
            "image",
            "image_url",
            "input_image",
            "thinking",
            "reasoning",
            "blob",
        ];
        let piece = |node: u32| match self.string(node, &["type"]).as_str() {
            // Bedrock's and Gemini's pieces have one member, which names what they are.
            "" => self.children(node).count() == 1 && self.first(node, &MARKS).is_some(),
            kind => TYPES.contains(&kind),
        };
        let mut items = self.children(node).peekable();
        self.is(node, NodeKind::Array) && items.peek().is_some() && items.all(piece)
    }

    /// Content as one text: what a tool gave back.
    pub(super) fn joined(&self, node: u32) -> String {
        if !self.is(node, NodeKind::Array) {
            return self.text(node);
        }
        let parts = self.parts(node);
        let texts: Vec<&str> = parts
            .iter()
            .filter_map(|part| match part {
                Part::Text(text) => Some(text.as_str()),
                _ => None,
            })
            .collect();
        if texts.len() == parts.len() && !parts.is_empty() { texts.join("\n") } else { self.text(node) }
    }

    /// Content: a text, one part, or a list of them.
    pub(super) fn parts(&self, node: u32) -> Vec<Part> {
        match self.tree.node(node).map(|n| n.kind) {
            Some(NodeKind::String) => {
                let text = self.text(node);
                if text.is_empty() { Vec::new() } else { vec![Part::Text(text)] }
            }
            Some(NodeKind::Array) => self.children(node).map(|part| self.part(part)).collect(),
            Some(NodeKind::Object) => vec![self.part(node)],
            Some(NodeKind::Null) | None => Vec::new(),
            Some(_) => vec![Part::Other(self.text(node))],
        }
    }

    /// One piece.
    pub(super) fn part(&self, node: u32) -> Part {
        if self.is(node, NodeKind::String) {
            return Part::Text(self.text(node));
        }
        // OpenInference: {message_content: {type, text, image: {image: {url}}}}.
        let node = self.get(node, "message_content").unwrap_or(node);
        let kind = self.string(node, &["type", "kind", "part_kind", "block_type"]);
        let text = self.first(node, &["text", "content", "refusal"]);
        // OpenAI's assistants put the text beside its annotations.
        let text =
            text.map(|text| self.get(text, "value").unwrap_or(text)).filter(|&text| self.is(text, NodeKind::String));
        match (kind.as_str(), text) {
            ("text" | "input_text" | "output_text" | "refusal" | "summary_text", Some(text)) => {
                Part::Text(self.text(text))
            }
            ("reasoning" | "thinking" | "redacted-reasoning", _) => self.reasoning(node),
            (
                "tool_call" | "tool-call" | "tool_use" | "function" | "function_call" | "server_tool_use"
                | "toolRequest" | "dynamic-tool",
                _,
            ) => self.call(node),
            ("tool_call_response" | "tool-result" | "tool_result" | "function_call_output" | "toolResponse", _) => {
                self.result(node)
            }
            ("tool", _) if self.get(node, "callID").is_some() => self.call(node),
            ("tool-invocation", _) => self.call(self.get(node, "toolInvocation").unwrap_or(node)),
            (kind, _) if kind.starts_with("tool-") && self.get(node, "toolCallId").is_some() => {
                let mut call = self.call(node);
                if let Part::ToolCall { name, .. } = &mut call
                    && name.is_empty()
                {
                    *name = kind.trim_start_matches("tool-").to_owned();
                }
                call
            }
            ("image_url" | "image" | "input_image" | "blob" | "uri" | "file" | "media" | "image_file", _) => {
                self.picture(node)
            }
            ("", Some(text)) => Part::Text(self.text(text)),
            ("", None) => self.unnamed(node),
            (kind, _) if kind.ends_with("_tool_result") || kind.ends_with("_call_output") => self.result(node),
            (kind, _) if kind.ends_with("_call") && self.first(node, &["call_id", "name", "action"]).is_some() => {
                let Part::ToolCall { id, mut name, arguments } = self.call(node) else { return self.call(node) };
                if name.is_empty() {
                    name = kind.trim_end_matches("_call").to_owned();
                }
                Part::ToolCall { id, name, arguments }
            }
            _ => Part::Other(self.text(node)),
        }
    }

    /// A piece whose only member names what it is: Gemini's and Bedrock's.
    fn unnamed(&self, node: u32) -> Part {
        if let Some(call) = self.first(node, &["functionCall", "function_call", "toolUse"]) {
            return self.call(call);
        }
        if let Some(result) = self.first(node, &["functionResponse", "function_response", "toolResult"]) {
            return self.result(result);
        }
        if let Some(reasoning) = self.get(node, "reasoningContent") {
            return self.reasoning(self.get(reasoning, "reasoningText").unwrap_or(reasoning));
        }
        if self.first(node, &["image", "image_url", "inlineData", "inline_data"]).is_some() {
            return self.picture(node);
        }
        Part::Other(self.text(node))
    }

    fn reasoning(&self, node: u32) -> Part {
        match self.first(node, &["text", "content", "thinking", "reasoning", "summary"]) {
            Some(text) => Part::Reasoning(self.joined(text)),
            None => Part::Other(self.text(node)),
        }
    }

    /// A tool call, in any spelling.
    pub(super) fn call(&self, node: u32) -> Part {
        let node = self.get(node, "tool_call").unwrap_or(node);
        // Goose keeps a call in an object, opencode what became of it.
        let kept = self.get(node, "toolCall").and_then(|call| self.get(call, "value"));
        let function = kept.or_else(|| self.first(node, &["function", "state"]));
        let function = function.filter(|&node| self.is(node, NodeKind::Object)).unwrap_or(node);
        let either = |keys: &[&str]| self.first(function, keys).or_else(|| self.first(node, keys));
        let text = |node: Option<u32>| node.map(|node| self.text(node)).unwrap_or_default();
        Part::ToolCall {
            id: self.string(node, &["call_id", "callID", "id", "toolCallId", "tool_call_id", "toolUseId"]),
            name: text(
                either(&["name", "toolName", "tool_name"]).or_else(|| {
                    self.first(node, &["function", "tool"]).filter(|&name| self.is(name, NodeKind::String))
                }),
            ),
            arguments: text(either(&["arguments", "args", "input", "tool_kwargs", "action"])),
        }
    }

    fn result(&self, node: u32) -> Part {
        let kept = self.first(node, &["toolResult", "run"]).filter(|&kept| self.is(kept, NodeKind::Object));
        let content = kept.and_then(|kept| self.first(kept, &["value", "result", "error"]));
        let content =
            content.or_else(|| self.first(node, &["response", "result", "output", "content"])).map(|content| {
                // The AI SDK says of which type a result is, and holds it in `value`.
                let typed = self.get(content, "value").filter(|_| self.get(content, "type").is_some());
                self.joined(typed.unwrap_or(content))
            });
        let output_type = self.get(node, "output").map(|output| self.string(output, &["type"])).unwrap_or_default();
        let failed = self.string(node, &["is_error", "isError"]) == "true"
            || self.string(node, &["status"]) == "error"
            || output_type.starts_with("error");
        Part::ToolResult {
            id: self.string(node, &["call_id", "id", "tool_use_id", "toolCallId", "tool_call_id", "toolUseId"]),
            name: self.string(node, &["name", "toolName", "tool_name"]),
            content: content.unwrap_or_default(),
            error: failed,
        }
    }

    /// An image: its `data:` URL where the bytes are in the file, its address otherwise.
    fn picture(&self, node: u32) -> Part {
        let inner =
            self.first(node, &["image_url", "image", "source", "inlineData", "inline_data", "file"]).unwrap_or(node);
        // OpenInference: image.image.url; Bedrock: image.source.bytes.
        let inner = self.first(inner, &["image", "source"]).unwrap_or(inner);
        if self.is(inner, NodeKind::String) {
            return self.picture_at(self.text(inner), node, node);
        }
        let data = self.first(inner, &["data", "content", "bytes", "file_data"]);
        if let Some(data) = data.filter(|&data| self.is(data, NodeKind::String)) {
            return self.picture_at(self.text(data), inner, node);
        }
        let media = self.media(inner, node);
        let url = self.string(inner, &["url", "uri", "fileUri", "image_url"]);
        if url.is_empty() || !(media.is_empty() || media.starts_with("image")) {
            return Part::Other(self.text(node));
        }
        Part::Image { url }
    }

    /// What a piece says of the type of its bytes.
    fn media(&self, inner: u32, node: u32) -> String {
        const KEYS: [&str; 6] = ["media_type", "mime_type", "mediaType", "mimeType", "modality", "format"];
        let own = self.string(inner, &KEYS);
        if own.is_empty() { self.string(node, &KEYS) } else { own }
    }

    fn picture_at(&self, text: String, inner: u32, node: u32) -> Part {
        let media = self.media(inner, node);
        if text.starts_with("data:image/") {
            return Part::Image { url: text };
        }
        let kind = self.string(node, &["type"]);
        let image = match media.as_str() {
            "" => kind.is_empty() || kind.contains("image"),
            other => other.starts_with("image"),
        };
        if !image {
            // Not a picture: named with its size, the bytes stay among the attributes.
            return Part::Other(format!("{{\"type\":{},\"bytes\":{}}}", quoted(&media), text.len()));
        }
        if ["http:", "https:", "data:"].iter().any(|scheme| text.starts_with(scheme)) {
            return Part::Image { url: text };
        }
        let media = if media.starts_with("image/") { media.as_str() } else { "image/png" };
        Part::Image { url: format!("data:{media};base64,{text}") }
    }
}
