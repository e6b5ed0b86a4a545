//! An answer that came in pieces: server-sent events put together to the answer they would have been, in the words of
//! OpenAI's chat completions. Streams of OpenAI (both), Anthropic and Gemini.

use super::shape;
use crate::import::record::read;
use crate::json::{At, NodeKind, Tree, quoted};
use std::collections::BTreeMap;

/// Whether a text is a stream of events.
pub(super) fn is_stream(text: &str) -> bool {
    let text = text.trim_start();
    ["data:", "event:", "id:", ":"].iter().any(|word| text.starts_with(word)) && text.contains("data:")
}

#[derive(Debug, Default)]
struct Tool {
    id: String,
    name: String,
    arguments: String,
}

#[derive(Debug, Default)]
struct Gathered {
    model: String,
    usage: Vec<String>,
    text: String,
    reasoning: String,
    tools: BTreeMap<u64, Tool>,
    finish: String,
    error: String,
    /// A whole answer that the stream ends with.
    whole: String,
}

/// The answer as JSON; `None` when no event of it is understood.
pub(in crate::import) fn together(text: &str) -> Option<String> {
    let mut out = Gathered::default();
    let mut understood = false;
    for line in text.lines() {
        let Some(data) = line.trim_start().strip_prefix("data:").map(str::trim) else { continue };
        if !data.starts_with('{') {
            continue;
        }
        let tree = Tree::parse(data.as_bytes());
        if let Some(event) = At::root(data.as_bytes(), &tree) {
            understood |= out.event(event);
        }
    }
    understood.then(|| out.json())
}

fn text(at: At<'_>, keys: &[&str]) -> String {
    keys.iter().find_map(|key| at.text_of(key)).unwrap_or_default().into_owned()
}

impl Gathered {
    fn event(&mut self, event: At<'_>) -> bool {
        let kind = text(event, &["type"]);
        if let Some(error) = event.get("error").filter(|error| !error.is(NodeKind::Null)) {
            self.error = error.json().into_owned();
            return true;
        }
        let about = event.get("message").or_else(|| event.get("response")).unwrap_or(event);
        let model = shape::model(about);
        if !model.is_empty() {
            self.model = model;
        }
        let usage = read::first(event, &["usage", "usageMetadata"]).or_else(|| read::first(about, &["usage"]));
        self.usage.extend(usage.filter(|usage| usage.is(NodeKind::Object)).map(|usage| usage.json().into_owned()));
        match kind.as_str() {
            "response.completed" | "response.incomplete" | "response.failed" => {
                self.whole = about.json().into_owned();
                true
            }
            "message_start" | "message_stop" | "ping" | "content_block_stop" => kind == "message_start",
            "content_block_start" => {
                let Some(block) = event.get("content_block") else { return false };
                self.text.push_str(&text(block, &["text"]));
                if block.get("id").is_some() {
                    let tool = self.tools.entry(number(event)).or_default();
                    (tool.id, tool.name) = (text(block, &["id"]), text(block, &["name"]));
                }
                true
            }
            "content_block_delta" => {
                let Some(delta) = event.get("delta") else { return false };
                self.text.push_str(&text(delta, &["text"]));
                self.reasoning.push_str(&text(delta, &["thinking"]));
                if let Some(json) = delta.text_of("partial_json") {
                    self.tools.entry(number(event)).or_default().arguments.push_str(&json);
                }
                true
            }
            "message_delta" => {
                self.finish = event.get("delta").map(|delta| text(delta, &["stop_reason"])).unwrap_or_default();
                true
            }
            _ => self.choices(event) | self.candidates(event),
        }
    }

    /// A chunk of OpenAI's.
    fn choices(&mut self, event: At<'_>) -> bool {
        let Some(choice) = event.get("choices").and_then(|list| list.items().next()) else { return false };
        let reason = text(choice, &["finish_reason"]);
        if !reason.is_empty() {
            self.finish = reason;
        }
        let Some(delta) = choice.get("delta") else {
            self.text.push_str(&text(choice, &["text"]));
            return true;
        };
        self.text.push_str(&text(delta, &["content"]));
        self.reasoning.push_str(&text(delta, &["reasoning_content", "reasoning"]));
        for call in delta.get("tool_calls").into_iter().flat_map(At::items) {
            let tool = self.tools.entry(number(call)).or_default();
            let function = call.get("function").unwrap_or(call);
            tool.id.push_str(&text(call, &["id"]));
            tool.name.push_str(&text(function, &["name"]));
            tool.arguments.push_str(&text(function, &["arguments"]));
        }
        true
    }

    /// A chunk of Gemini's.
    fn candidates(&mut self, event: At<'_>) -> bool {
        let Some(candidate) = event.get("candidates").and_then(|list| list.items().next()) else { return false };
        let reason = text(candidate, &["finishReason"]);
        if !reason.is_empty() {
            self.finish = reason;
        }
        for part in candidate.at(&["content", "parts"]).into_iter().flat_map(At::items) {
            let into = if read::flag(part, "thought") { &mut self.reasoning } else { &mut self.text };
            into.push_str(&text(part, &["text"]));
            if let Some(call) = part.get("functionCall") {
                let number = self.tools.len() as u64;
                let arguments = call.get("args").map(|args| args.json().into_owned()).unwrap_or_default();
                self.tools.insert(number, Tool { id: text(call, &["id"]), name: text(call, &["name"]), arguments });
            }
        }
        true
    }

    fn json(&self) -> String {
        if !self.whole.is_empty() {
            return self.whole.clone();
        }
        let tool = |tool: &Tool| {
            format!(
                r#"{{"id":{},"type":"function","function":{{"name":{},"arguments":{}}}}}"#,
                quoted(&tool.id),
                quoted(&tool.name),
                quoted(&tool.arguments)
            )
        };
        let mut message = format!(r#"{{"role":"assistant","content":{}"#, quoted(&self.text));
        if !self.reasoning.is_empty() {
            message.push_str(&format!(r#","reasoning":{}"#, quoted(&self.reasoning)));
        }
        if !self.tools.is_empty() {
            let tools: Vec<String> = self.tools.values().map(tool).collect();
            message.push_str(&format!(r#","tool_calls":[{}]"#, tools.join(",")));
        }
        message.push('}');
        // Members that come again replace those before.
        let usage: Vec<&str> =
            self.usage.iter().filter_map(|json| json.trim().strip_prefix('{')?.strip_suffix('}')).collect();
        let usage: Vec<&str> = usage.into_iter().filter(|members| !members.trim().is_empty()).collect();
        let error = if self.error.is_empty() { String::new() } else { format!(r#""error":{},"#, self.error) };
        format!(
            r#"{{"model":{},{error}"usage":{{{}}},"choices":[{{"finish_reason":{},"message":{message}}}]}}"#,
            quoted(&self.model),
            usage.join(","),
            quoted(&self.finish)
        )
    }
}

fn number(at: At<'_>) -> u64 {
    read::count(at, &["index"]).unwrap_or(0)
}
