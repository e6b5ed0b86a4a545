//! Conversations that programs keep in a shape of their own, as lists of chat messages: Copilot's in VS Code and on the
//! command line, LM Studio's, LibreChat's, Google AI Studio's and its ADK's.
//!
//! Of what was written several times (versions, branches) the one that is shown counts.

use super::{MOST, Reshaped, values, whole};
use crate::import::record::read;
use crate::json::{At, NodeKind, quoted};
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// What one program keeps: its name, and how a document of it is written down.
type Writes = (&'static str, fn(At<'_>, &mut Talk));

/// Which program a text is of, by its first bytes.
pub(super) fn begins(head: &[u8]) -> Option<Writes> {
    let has = |sign: &str| memchr::memmem::find(head, sign.as_bytes()).is_some();
    match () {
        () if has("\"assistant.message\"") && has("\"user.message\"") => Some(("Copilot's command line", event)),
        () if has("\"chunkedPrompt\"") && has("\"chunks\"") => Some(("Google AI Studio", ai_studio)),
        () if has("\"invocationId\"") && has("\"author\"") && has("\"parts\"") => Some(("Google's ADK", adk)),
        () if has("\"responderUsername\"") && has("\"requests\"") => Some(("Copilot in VS Code", vscode)),
        () if has("\"versions\"") && has("\"currentlySelected\"") => Some(("LM Studio", lm_studio)),
        () if has("\"isCreatedByUser\"") && has("\"messageId\"") => Some(("LibreChat", libre_chat)),
        () => None,
    }
}

/// The text as objects with `messages`.
pub(super) fn messages(text: &[u8], (name, writes): Writes) -> Option<Reshaped> {
    let mut json = Vec::new();
    let (mut journal, mut said) = (Talk::default(), false);
    for (start, end) in values(text) {
        let value = text.get(start..end)?;
        let tree = whole(value)?;
        let root = At::root(value, &tree)?;
        // Lines of a journal tell one conversation.
        if root.get("kind").is_some() && root.get("v").is_some() {
            changed(root, &mut journal);
            continue;
        }
        if root.get("data").is_some() && root.text_of("type").is_some() {
            event(root, &mut journal);
            continue;
        }
        let list =
            root.is(NodeKind::Array) && root.items().next().is_some_and(|first| first.get("isCreatedByUser").is_none());
        let documents: Vec<At<'_>> = if list { root.items().collect() } else { vec![root] };
        for document in documents {
            let mut talk = Talk::default();
            writes(document, &mut talk);
            said |= talk.put(&mut json);
        }
        if json.len() > MOST {
            return None;
        }
    }
    said |= journal.put(&mut json);
    let says = format!(
        "The file is a conversation of {name}; its messages are read, and places are counted in the list of them."
    );
    said.then_some(Reshaped { json, says })
}

/// A conversation as it is written.
#[derive(Default)]
pub(super) struct Talk {
    title: String,
    messages: Vec<String>,
    answer: Answer,
}

/// What a model says until tools answer.
#[derive(Default)]
struct Answer {
    parts: Vec<String>,
    calls: Vec<String>,
    results: Vec<String>,
    model: String,
    time: String,
    input: String,
    output: String,
}

impl Talk {
    fn user(&mut self, text: &str, time: &str) {
        self.end();
        self.messages.push(format!("{{\"role\":\"user\",\"content\":{}{}}}", quoted(text), timed(time)));
    }

    fn part(&mut self, kind: &str, text: &str) {
        if !self.answer.results.is_empty() {
            self.end();
        }
        if !text.is_empty() {
            let text = quoted(text);
            self.answer.parts.push(format!("{{\"type\":\"{kind}\",\"{kind}\":{text}}}"));
        }
    }

    fn call(&mut self, id: &str, name: &str, arguments: &str) {
        let (id, name) = (quoted(id), quoted(name));
        self.answer.calls.push(format!(
            "{{\"id\":{id},\"type\":\"function\",\"function\":{{\"name\":{name},\"arguments\":{}}}}}",
            quoted(arguments)
        ));
    }

    fn result(&mut self, id: &str, text: &str, failed: bool, time: &str) {
        let (id, text) = (quoted(id), quoted(text));
        self.answer.results.push(format!(
            "{{\"role\":\"tool\",\"tool_call_id\":{id},\"content\":{text},\"is_error\":{failed}{}}}",
            timed(time)
        ));
    }

    /// The answer is over: what tools gave back follows it.
    fn end(&mut self) {
        let answer = std::mem::take(&mut self.answer);
        // The same model goes on.
        self.answer.model.clone_from(&answer.model);
        if answer.parts.is_empty() && answer.calls.is_empty() {
            return;
        }
        let counts = [("input_tokens", &answer.input), ("output_tokens", &answer.output)].into_iter();
        let numbers = counts.filter(|(_, count)| !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit()));
        let usage: Vec<String> = numbers.map(|(key, count)| format!("\"{key}\":{count}")).collect();
        self.messages.push(format!(
            "{{\"role\":\"assistant\",\"model\":{},\"content\":[{}],\"tool_calls\":[{}],\"usage\":{{{}}}{}}}",
            quoted(&answer.model),
            answer.parts.join(","),
            answer.calls.join(","),
            usage.join(","),
            timed(&answer.time)
        ));
        self.messages.extend(answer.results);
    }

    /// Writes what was said; `false` for nothing.
    fn put(mut self, out: &mut Vec<u8>) -> bool {
        self.end();
        if self.messages.is_empty() {
            return false;
        }
        let title = if self.title.is_empty() { String::new() } else { format!("\"title\":{},", quoted(&self.title)) };
        out.extend_from_slice(format!("{{{title}\"messages\":[\n{}\n]}}\n", self.messages.join(",\n")).as_bytes());
        true
    }
}

fn timed(time: &str) -> String {
    if time.is_empty() { String::new() } else { format!(",\"timestamp\":{}", quoted(time)) }
}

fn text(at: At<'_>, key: &str) -> String {
    read::text(at, &[key]).unwrap_or_default().into_owned()
}

/// A text, or that under `value`.
fn plain(at: At<'_>) -> String {
    at.string().or_else(|| at.text_of("value")).map(Cow::into_owned).unwrap_or_default()
}

/// A text, or the JSON of a value.
fn any(at: At<'_>) -> String {
    at.string().unwrap_or_else(|| at.json()).into_owned()
}

/// A line of the journal that newer versions of VS Code keep: the beginning, or a change of it.
fn changed(line: At<'_>, talk: &mut Talk) {
    let Some(value) = line.get("v") else { return };
    let way: Vec<Cow<'_, str>> = line.get("k").into_iter().flat_map(At::items).filter_map(read::scalar).collect();
    match way.iter().map(AsRef::as_ref).collect::<Vec<&str>>().as_slice() {
        [] => vscode(value, talk),
        ["customTitle"] => talk.title = any(value),
        ["requests"] => value.items().for_each(|request| asked(request, talk)),
        ["requests", _, "response"] => value.items().for_each(|part| answered(part, talk)),
        ["requests", _, "result"] => over(value, "", talk),
        _ => {}
    }
}

/// An event of a session of Copilot's command line, and of the transcripts that its extension keeps.
fn event(line: At<'_>, talk: &mut Talk) {
    let (Some(data), time) = (line.get("data"), text(line, "timestamp")) else { return };
    match line.text_of("type").as_deref() {
        Some("session.start" | "session.model_change") => {
            let model = read::text(data, &["newModel", "selectedModel", "model"]);
            talk.answer.model = model.map(Cow::into_owned).unwrap_or_default();
        }
        Some("user.message") => talk.user(&text(data, "content"), &time),
        Some("assistant.message") => {
            talk.end();
            let model = text(data, "model");
            if !model.is_empty() {
                talk.answer.model = model;
            }
            talk.part("thinking", &text(data, "reasoningText"));
            talk.part("text", &text(data, "content"));
            for call in data.get("toolRequests").into_iter().flat_map(At::items) {
                let given = call.get("arguments").map(any).unwrap_or_default();
                talk.call(&text(call, "toolCallId"), &text(call, "name"), &given);
            }
            (talk.answer.input, talk.answer.output) = (text(data, "inputTokens"), text(data, "outputTokens"));
            talk.answer.time = time;
        }
        Some("tool.execution_complete") => {
            let back = read::first(data, &["result", "error"]);
            let said = back.map(|back| read::first(back, &["content", "message"]).unwrap_or(back));
            let failed = data.get("success").is_some_and(|success| success.raw() == b"false");
            talk.result(&text(data, "toolCallId"), &said.map(any).unwrap_or_default(), failed, &time);
        }
        _ => {}
    }
}

/// A chat that VS Code exports, or keeps as one document.
fn vscode(root: At<'_>, talk: &mut Talk) {
    talk.title = text(root, "customTitle");
    root.get("requests").into_iter().flat_map(At::items).for_each(|request| asked(request, talk));
}

fn asked(request: At<'_>, talk: &mut Talk) {
    let said = request.get("message").map(|said| said.string().or_else(|| said.text_of("text")).unwrap_or_default());
    let time = text(request, "timestamp");
    talk.user(&said.unwrap_or_default(), &time);
    let model = text(request, "modelId");
    talk.answer.model = model.rsplit('/').next().unwrap_or_default().to_owned();
    let result = request.get("result");
    let rounds = || result?.at(&["metadata", "toolCallRounds"]).filter(|rounds| rounds.count() > 0);
    match rounds() {
        Some(rounds) => rounds.items().for_each(|round| asked_tools(round, result, talk)),
        None => request.get("response").into_iter().flat_map(At::items).for_each(|part| answered(part, talk)),
    }
    if let Some(result) = result {
        over(result, &time, talk);
    }
}

/// A round of the model with the tools it asked for, as the extension keeps it.
fn asked_tools(round: At<'_>, result: Option<At<'_>>, talk: &mut Talk) {
    talk.part("thinking", &round.at(&["thinking", "text"]).map(any).unwrap_or_default());
    talk.part("text", &text(round, "response"));
    for call in round.get("toolCalls").into_iter().flat_map(At::items) {
        let id = text(call, "id");
        talk.call(&id, &text(call, "name"), &call.get("arguments").map(any).unwrap_or_default());
        if let Some(back) = result.and_then(|result| result.at(&["metadata", "toolCallResults"])?.get(&id)) {
            let parts = back.get("content").into_iter().flat_map(At::items);
            let said: Vec<String> = parts.filter_map(|part| part.get("value")).map(any).collect();
            talk.result(&id, &said.join("\n"), false, "");
        }
    }
}

/// A part of what was shown as the answer.
fn answered(part: At<'_>, talk: &mut Talk) {
    match part.text_of("kind").as_deref() {
        None | Some("markdownContent") => talk.part("text", &part.get("content").map_or_else(|| plain(part), plain)),
        Some("thinking") => talk.part("thinking", &plain(part)),
        Some("inlineReference") => {
            let name = part.text_of("name").or_else(|| part.at(&["inlineReference", "path"])?.string());
            talk.part("text", &name.unwrap_or_default());
        }
        Some("toolInvocationSerialized") => {
            let (id, told) = (text(part, "toolCallId"), |key: &str| part.get(key).map(plain).unwrap_or_default());
            let command = part.at(&["toolSpecificData", "commandLine"]).map(any);
            talk.call(&id, &text(part, "toolId"), &command.unwrap_or_else(|| told("invocationMessage")));
            if part.get("isComplete").is_none_or(|complete| complete.raw() == b"true") {
                let details = part.get("resultDetails");
                let back = details.and_then(|details| details.get("output")).into_iter().flat_map(At::items).map(plain);
                let back = back.collect::<Vec<String>>().join("\n");
                let failed = details.is_some_and(|details| read::flag(details, "isError"));
                talk.result(&id, if back.is_empty() { told("pastTenseMessage") } else { back }.as_str(), failed, "");
            }
        }
        _ => {}
    }
}

/// How a request ended.
fn over(result: At<'_>, began: &str, talk: &mut Talk) {
    if let Some(error) = result.at(&["errorDetails", "message"]) {
        talk.part("text", &format!("(stopped: {})", any(error)));
    }
    let took = result.get("timings").and_then(|timings| read::count(timings, &["totalElapsed"]));
    if let (Ok(began), Some(took)) = (began.parse::<u64>(), took) {
        talk.answer.time = began.saturating_add(took).to_string();
    }
    let about = result.get("metadata").unwrap_or(result);
    (talk.answer.input, talk.answer.output) = (text(about, "promptTokens"), text(about, "outputTokens"));
}

/// A conversation of LM Studio: of each message the version that is selected.
fn lm_studio(root: At<'_>, talk: &mut Talk) {
    talk.title = text(root, "name");
    let system = text(root, "systemPrompt");
    if !system.is_empty() {
        talk.messages.push(format!("{{\"role\":\"system\",\"content\":{}}}", quoted(&system)));
    }
    for message in root.get("messages").into_iter().flat_map(At::items) {
        let selected = read::count(message, &["currentlySelected"]).and_then(|at| usize::try_from(at).ok());
        let mut versions = message.get("versions").into_iter().flat_map(At::items);
        let Some(version) = versions.nth(selected.unwrap_or_default()) else { continue };
        if version.text_of("role").is_some_and(|role| role == "user") {
            let parts = version.get("content").into_iter().flat_map(At::items);
            let said: Vec<String> = parts.map(|part| text(part, "text")).collect();
            talk.user(&said.join("\n"), "");
            continue;
        }
        talk.end();
        talk.answer.model = version.get("senderInfo").map(|sender| text(sender, "senderName")).unwrap_or_default();
        let steps = version.get("steps").into_iter().flat_map(At::items);
        for block in steps.chain(version.get("content").is_some().then_some(version)) {
            written(block, talk);
            let Some(made) = block.get("genInfo") else { continue };
            let model = text(made, "identifier");
            if !model.is_empty() {
                talk.answer.model = model;
            }
            if let Some(stats) = made.get("stats") {
                let count = |key: &str| text(stats, key);
                (talk.answer.input, talk.answer.output) = (count("promptTokensCount"), count("predictedTokensCount"));
            }
        }
    }
}

/// A block of an answer of LM Studio.
fn written(block: At<'_>, talk: &mut Talk) {
    let thinks = block.at(&["style", "type"]).and_then(At::string).is_some_and(|style| style == "thinking");
    for part in block.get("content").into_iter().flat_map(At::items) {
        let id = || read::text(part, &["toolCallRequestId", "callId"]).unwrap_or_default();
        match part.text_of("type").as_deref() {
            Some("text") => talk.part(if thinks { "thinking" } else { "text" }, &text(part, "text")),
            Some("toolCallRequest") => {
                talk.part("text", "");
                let given = part.get("parameters").map(any).unwrap_or_default();
                talk.call(&id(), &text(part, "name"), &given);
            }
            Some("toolCallResult") => talk.result(&id(), &text(part, "content"), false, ""),
            _ => {}
        }
    }
}

/// A prompt of Google AI Studio, as it lies in a drive.
fn ai_studio(root: At<'_>, talk: &mut Talk) {
    let model = root.get("runSettings").map(|settings| text(settings, "model")).unwrap_or_default();
    let model = model.trim_start_matches("models/");
    for chunk in root.get("chunkedPrompt").and_then(|prompt| prompt.get("chunks")).into_iter().flat_map(At::items) {
        let (said, time) = (text(chunk, "text"), text(chunk, "createTime"));
        if chunk.text_of("role").is_some_and(|role| role == "user") {
            talk.user(&said, &time);
            continue;
        }
        model.clone_into(&mut talk.answer.model);
        let thinks = read::flag(chunk, "isThought");
        talk.part(if thinks { "thinking" } else { "text" }, &said);
        if !thinks {
            (talk.answer.output, talk.answer.time) = (text(chunk, "tokenCount"), time);
        }
    }
}

/// A session of Google's ADK: each event holds contents as Gemini has them.
fn adk(root: At<'_>, talk: &mut Talk) {
    for event in root.get("events").into_iter().flat_map(At::items) {
        let Some(content) = event.get("content").filter(|content| content.get("parts").is_some()) else { continue };
        let members = content.members().map(|member| (member.key().unwrap_or_default(), member));
        let about = ["usageMetadata", "modelVersion", "timestamp", "id"];
        let about = about.iter().filter_map(|key| Some((Cow::Borrowed(*key), event.get(key)?)));
        let members = members.chain(about).map(|(key, value)| format!("{}:{}", quoted(&key), value.json()));
        talk.messages.push(format!("{{{}}}", members.collect::<Vec<_>>().join(",")));
    }
}

/// A conversation of LibreChat, exported or as its API answers: the way to the newest message.
fn libre_chat(root: At<'_>, talk: &mut Talk) {
    talk.title = text(root, "title");
    let list: Vec<At<'_>> = root.get("messages").unwrap_or(root).items().collect();
    let nested = list.iter().any(|message| message.get("children").is_some());
    let mut way = Vec::new();
    if nested {
        let mut next = list.last().copied();
        while let Some(message) = next {
            way.push(message);
            next = message.get("children").and_then(|below| below.items().last());
        }
    } else {
        let known: FxHashMap<String, At<'_>> =
            list.iter().map(|message| (text(*message, "messageId"), *message)).collect();
        let mut next = list.last().copied();
        while let Some(message) = next.filter(|_| way.len() < list.len()) {
            way.push(message);
            next = known.get(&text(message, "parentMessageId")).copied();
        }
        way.reverse();
    }
    for message in way {
        let time = text(message, "createdAt");
        if read::flag(message, "isCreatedByUser") {
            talk.user(&text(message, "text"), &time);
            continue;
        }
        talk.end();
        talk.answer.model = text(message, "model");
        let own = text(message, "text");
        let parts = message.get("content").filter(|parts| parts.count() > 0);
        for part in parts.into_iter().flat_map(At::items) {
            if let Some(call) = part.get("tool_call") {
                let id = text(call, "id");
                talk.call(&id, &text(call, "name"), &call.get("args").map(any).unwrap_or_default());
                if let Some(output) = call.get("output") {
                    talk.result(&id, &any(output), false, "");
                }
                continue;
            }
            let said = part.text_of("text").or_else(|| part.at(&["text", "value"])?.string());
            talk.part("thinking", &text(part, "think"));
            talk.part("text", &said.unwrap_or_default());
        }
        if parts.is_none() {
            talk.part("text", &own);
        }
        talk.answer.output = text(message, "tokenCount");
        talk.answer.time = time;
    }
}

#[cfg(test)]
#[path = "chats_tests.rs"]
mod tests;
