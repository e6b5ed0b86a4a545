//! What is a message, a list of messages, a request and an answer, in the words of the providers: OpenAI's chat
//! completions and responses, Anthropic's messages, Gemini's contents, ShareGPT's turns.

use crate::import::record::read;
use crate::import::time;
use crate::json::{At, NodeKind};
use crate::model::{Nanos, Usage};

/// Members that hold a conversation.
pub(super) const LISTS: [&str; 11] = [
    "messages",
    "contents",
    "conversations",
    "conversation",
    "chat_history",
    "chat_messages",
    "history",
    "turns",
    "input",
    "dialog",
    "traj",
];

/// Members that hold instructions beside the list.
const INSTRUCTIONS: [&str; 5] = ["system", "instructions", "systemInstruction", "system_instruction", "system_prompt"];

/// Who a message is from, in lower case; `None` for what is no message.
pub(super) fn role(at: At<'_>) -> Option<String> {
    let said = ["content", "parts", "value", "text", "tool_calls", "function_call"];
    if !said.iter().any(|key| at.get(key).is_some()) {
        return None;
    }
    let role = at.text_of("role").or_else(|| at.text_of("from").filter(|_| at.get("value").is_some()));
    // Of exports of claude.ai, and of opencode.
    let role = role.or_else(|| at.text_of("sender")).or_else(|| at.at(&["info", "role"])?.string());
    let role = role.map(|role| role.to_ascii_lowercase()).or_else(|| langchain(at))?;
    let known = ["user", "assistant", "system", "developer", "tool", "function", "model", "human", "ai", "gpt", "bot"];
    known.contains(&role.as_str()).then_some(role)
}

/// The role of a message of LangChain, which says it as its type.
fn langchain(at: At<'_>) -> Option<String> {
    let kind = at.text_of("type")?;
    let kind = kind.trim_end_matches("Chunk").trim_end_matches("Message").to_ascii_lowercase();
    let sure = matches!(kind.as_str(), "human" | "ai");
    // Others say `system` and `tool` of lines of a log.
    let told = || ["additional_kwargs", "response_metadata", "tool_call_id"].iter().any(|key| at.get(key).is_some());
    (sure || (matches!(kind.as_str(), "system" | "tool" | "function") && told())).then_some(kind)
}

/// The message itself, where LangChain put an object around it: `{type, data}`, or `{lc, id, kwargs}`; or Continue.
pub(super) fn message(at: At<'_>) -> At<'_> {
    if at.get("role").is_some() || at.get("content").is_some() {
        return at;
    }
    if let Some((inner, role)) = at.get("message").and_then(|inner| Some((inner, inner.text_of("role")?))) {
        // The beginning of a stream of Anthropic's holds an empty message.
        return if at.text_of("type").is_none_or(|kind| kind == role) { inner } else { at };
    }
    let inner = match (at.get("type"), at.get("lc")) {
        (Some(_), Some(_)) => at.get("kwargs"),
        (Some(_), None) => at.get("data"),
        _ => None,
    };
    inner.filter(|inner| inner.get("content").is_some() && langchain(*inner).is_some()).unwrap_or(at)
}

/// Whether a role is the model's.
pub(super) fn is_model(role: &str) -> bool {
    matches!(role, "assistant" | "model" | "ai" | "gpt" | "bot")
}

/// The kind of an item of OpenAI's responses that is no message.
pub(super) fn item(at: At<'_>) -> Option<String> {
    let kind = at.text_of("type").filter(|_| at.get("role").is_none())?;
    // Cursor's agent tells of each tool twice.
    if kind == "tool_call" && at.text_of("subtype").is_some_and(|subtype| subtype == "completed") {
        return Some("tool_call_output".to_owned());
    }
    // Gemini CLI streams a line for each.
    let streamed = matches!(&*kind, "tool_use" | "tool_result") && at.get("tool_id").is_some();
    let item = kind == "reasoning" || kind.ends_with("_call") || kind.ends_with("_call_output") || streamed;
    item.then(|| kind.into_owned())
}

/// Whether an item is what a tool gave back.
pub(super) fn returns(kind: &str) -> bool {
    kind.ends_with("_output") || kind == "tool_result"
}

/// The list of messages of a request or a dump.
pub(super) fn list(at: At<'_>) -> Option<At<'_>> {
    LISTS.iter().find_map(|key| {
        let list = at.get(key)?;
        let said = |first: At<'_>| role(message(first)).is_some() || item(first).is_some();
        list.items().take(3).any(said).then_some(list)
    })
}

/// What nodes of a LangGraph added to the conversation: `{"agent": {"messages": […]}}`, as it streams its updates.
pub(super) fn updates(at: At<'_>) -> Option<Vec<At<'_>>> {
    let nodes = || at.children().take(9);
    if !at.is(NodeKind::Object) || !(1..9).contains(&nodes().count()) {
        return None;
    }
    let mut out = Vec::new();
    for node in nodes() {
        let said = node.get("messages");
        match (said, node.kind()) {
            (Some(said), _) => out.extend(said.items().chain(Some(said).filter(|said| said.is(NodeKind::Object)))),
            (None, NodeKind::Null | NodeKind::Object) => {}
            _ => return None,
        }
    }
    out.first().is_some_and(|first| langchain(message(*first)).is_some()).then_some(out)
}

/// The instructions that stand beside the messages.
pub(super) fn instructions(at: At<'_>) -> Option<At<'_>> {
    read::first(at, &INSTRUCTIONS)
}

/// Whether an object is what a model answered: with its choices, its output, its candidates, or one message.
pub(super) fn is_answer(at: At<'_>) -> bool {
    let lists =
        |key: &str, test: &dyn Fn(At<'_>) -> bool| at.get(key).is_some_and(|list| list.items().take(2).any(test));
    lists("choices", &|choice| choice.get("message").is_some() || choice.get("delta").is_some() || choice.get("text").is_some())
        || lists("candidates", &|candidate| candidate.get("content").is_some())
        || (lists("output", &|part| part.get("type").is_some()) && (at.get("model").is_some() || at.get("usage").is_some()))
        || (at.text_of("type").is_some_and(|kind| kind == "message")
            && at.text_of("role").is_some_and(|role| role == "assistant")
            && (at.get("usage").is_some() || at.get("stop_reason").is_some()))
        // Bedrock's Converse.
        || (at.at(&["output", "message", "role"]).is_some() && at.get("stopReason").is_some())
        // Ollama.
        || (at.at(&["message", "role"]).is_some() && at.get("done").is_some())
}

/// The request in an object: itself, or what a log puts around it.
pub(super) fn request(at: At<'_>) -> Option<At<'_>> {
    let ways: [&[&str]; 13] = [
        &[],
        // Open WebUI, Helicone, Bedrock's log.
        &["chat"],
        &["request_body"],
        &["input", "inputBodyJson"],
        &["request"],
        &["request", "body"],
        &["body"],
        &["kwargs"],
        &["params"],
        &["input"],
        &["data"],
        &["values"],
        &["state"],
    ];
    ways.iter().filter_map(|way| at.at(way)).find(|inner| list(*inner).is_some())
}

/// The answer in an object.
pub(super) fn answer(at: At<'_>) -> Option<At<'_>> {
    let ways: [&[&str]; 10] = [
        &[],
        &["response_body"],
        &["output", "outputBodyJson"],
        &["response"],
        &["response", "body"],
        &["body"],
        &["output"],
        &["result"],
        &["result", "message"],
        &["completion"],
    ];
    ways.iter().filter_map(|way| at.at(way)).find(|inner| is_answer(*inner))
}

/// What opencode says a message used: input without what came from the cache or went there.
fn counted(at: At<'_>, tokens: At<'_>) -> Usage {
    let cache = |key: &str| tokens.get("cache").and_then(|cache| read::count(cache, &[key]));
    let (cached, written) = (cache("read"), cache("write"));
    let beside = cached.unwrap_or(0).saturating_add(written.unwrap_or(0));
    Usage {
        input: read::count(tokens, &["input"]).map(|input| input.saturating_add(beside)),
        output: read::count(tokens, &["output"]),
        reasoning: read::count(tokens, &["reasoning"]),
        cost: at.get("info").and_then(|info| read::amount(info, &["cost"])),
        cached,
        written,
        ..Usage::default()
    }
}

/// What an answer or message says it used.
pub(super) fn used(at: At<'_>) -> Usage {
    if let Some(tokens) = at.at(&["info", "tokens"]) {
        return counted(at, tokens);
    }
    let ways: [&[&str]; 6] = [
        &["usage"],
        &["extra", "response", "usage"],
        &["usageMetadata"],
        &["usage_metadata"],
        &["response_metadata", "token_usage"],
        &["metadata", "usage"],
    ];
    let stated = ways.iter().find_map(|way| at.at(way)).filter(|usage| usage.is(NodeKind::Object));
    let mut used = stated
        .map_or_else(|| if at.get("eval_count").is_some() { read::usage(at) } else { Usage::default() }, read::usage);
    used.cost = used.cost.or_else(|| read::amount(at.get("extra")?, &["cost"]));
    used
}

/// The model an answer, a request or a message names.
pub(super) fn model(at: At<'_>) -> String {
    let own = read::text(at, &["model", "modelVersion", "model_version", "model_name"]);
    let beside = || at.get("response_metadata").and_then(|about| read::text(about, &["model_name", "model"]));
    let kept = || at.at(&["extra", "response"]).and_then(|response| read::text(response, &["model"]));
    let info = || read::text(at.get("info")?, &["modelID"]);
    own.or_else(beside).or_else(kept).or_else(info).unwrap_or_default().into_owned()
}

/// When a message was written.
pub(super) fn when(at: At<'_>) -> Option<Nanos> {
    let stated = read::iso(at, &["timestamp", "created_at", "createdAt", "time", "date"]);
    // SWE-agent's small sister keeps what the provider answered beside the message; opencode has a time of its own.
    let ways: [&[&str]; 5] =
        [&["timestamp"], &["created_at"], &["created"], &["extra", "timestamp"], &["info", "time", "created"]];
    stated.or_else(|| ways.iter().filter_map(|way| at.at(way)).find_map(since))
}

/// Seconds or milliseconds since 1970.
fn since(at: At<'_>) -> Option<Nanos> {
    let number = read::scalar(at)?;
    let long = number.split('.').next().is_some_and(|whole| whole.len() > 11);
    time::scaled(&number, if long { 1_000_000 } else { 1_000_000_000 })
}

/// The tool that a model asks for in plain text, as SWE-agent and its small sister have it: the first word of its
/// `action`, or a command in a fence.
pub(super) fn acts(at: At<'_>) -> Option<String> {
    if !role(at).is_some_and(|role| is_model(&role)) || at.get("tool_calls").is_some_and(|calls| calls.count() > 0) {
        return None;
    }
    if let Some(action) = at.text_of("action").filter(|_| at.get("thought").is_some()) {
        return action.split_whitespace().next().map(str::to_owned);
    }
    at.at(&["extra", "response"])?;
    let text = at.text_of("content")?;
    ["```bash", "```mswea_bash_command"].iter().any(|fence| text.contains(fence)).then(|| "bash".to_owned())
}

/// Whether a message with a person's role holds what a program answered to [`acts`].
pub(super) fn observed(at: At<'_>) -> bool {
    role(at).is_some_and(|role| role == "user")
        && (at.get("agent").is_some() || at.text_of("content").is_some_and(|text| text.starts_with("<returncode>")))
}

/// What a program printed, without the tags around it.
pub(super) fn plain(text: &str) -> String {
    let Some((code, rest)) = text.strip_prefix("<returncode>").and_then(|rest| rest.split_once("</returncode>")) else {
        return text.to_owned();
    };
    let rest = rest.trim().trim_start_matches("<output>").trim_end_matches("</output>").trim();
    format!("exit code {}\n{rest}", code.trim())
}

/// Whether a result says that it is an error, or that a program ended with one.
pub(super) fn failed(result: At<'_>) -> bool {
    let code = || read::text(result.get("extra")?, &["returncode"]).map(std::borrow::Cow::into_owned);
    let told = || {
        let text = result.text_of("content")?;
        text.strip_prefix("<returncode>")?.split('<').next().map(str::to_owned)
    };
    read::flag(result, "is_error")
        || read::text(result, &["status"]).is_some_and(|status| status == "error")
        || code().or_else(told).is_some_and(|code| code.trim() != "0")
        || inner(result).is_some_and(|inner| read::text(inner, &["status"]).is_some_and(|status| status == "error"))
        || result.get("errorText").is_some()
}

/// What a call or a result keeps in an object of its own: a function of OpenAI's, Goose's two sides, opencode's state,
/// what Amp's tools did.
fn inner(at: At<'_>) -> Option<At<'_>> {
    let ways: [&[&str]; 5] = [&["function"], &["toolCall", "value"], &["toolResult"], &["state"], &["run"]];
    let kept = ways.iter().filter_map(|way| at.at(way)).find(|inner| inner.is(NodeKind::Object));
    kept.or_else(|| cursor(at))
}

/// The tool of Cursor's agent: under a key that names it.
fn cursor(at: At<'_>) -> Option<At<'_>> {
    at.get("tool_call")
        .filter(|call| call.is(NodeKind::Object))?
        .children()
        .next()
        .filter(|tool| tool.is(NodeKind::Object))
}

/// What a result holds.
pub(super) fn given_back(at: At<'_>) -> Option<At<'_>> {
    const KEYS: [&str; 7] = ["content", "output", "response", "result", "value", "errorText", "error"];
    read::first(at, &KEYS).or_else(|| read::first(inner(at)?, &KEYS))
}

/// Whether a call has its result in itself, as the AI SDK keeps them for the screen, and opencode.
pub(super) fn settled(call: At<'_>) -> bool {
    let done = |text: &str| matches!(text, "completed" | "error" | "result" | "output-available" | "output-error");
    let state = call.get("state");
    let state = state.and_then(|state| state.string().or_else(|| state.text_of("status")));
    call_id(call).is_some() && state.is_some_and(|state| done(&state))
}

/// The tool calls in a message: beside its content, in it, or the item itself.
pub(super) fn calls(at: At<'_>) -> Vec<At<'_>> {
    if item(at).is_some_and(|kind| kind.ends_with("_call") || kind == "tool_use") {
        return vec![at];
    }
    let mut out: Vec<At<'_>> = at.get("tool_calls").into_iter().flat_map(At::items).collect();
    out.extend(at.get("toolCalls").or_else(|| at.get("toolInvocations")).into_iter().flat_map(At::items));
    out.extend(at.get("function_call").filter(|call| call.is(NodeKind::Object)));
    for part in ["content", "parts"].iter().filter_map(|key| at.get(key)).flat_map(At::items) {
        let kind = part.text_of("type").unwrap_or_default();
        let shown = part.get("toolCallId").is_some() && (kind.starts_with("tool-") || kind == "dynamic-tool");
        let named = matches!(&*kind, "tool_use" | "tool_call" | "tool-call" | "server_tool_use" | "toolRequest");
        if named || (shown && kind != "tool-result") || (kind == "tool" && part.get("callID").is_some()) {
            out.push(part);
        } else {
            out.extend(read::first(part, &["functionCall", "function_call", "toolUse", "toolInvocation"]));
        }
    }
    // Content of LangChain may hold each call a second time.
    let mut seen: rustc_hash::FxHashSet<Vec<u8>> = rustc_hash::FxHashSet::default();
    out.retain(|call| call_id(*call).is_none_or(|id| seen.insert(id.into_bytes())));
    if out.is_empty() && acts(at).is_some() {
        out.push(at);
    }
    out
}

/// The id of a call.
pub(super) fn call_id(call: At<'_>) -> Option<String> {
    let keys = ["call_id", "callID", "id", "toolCallId", "tool_call_id", "toolUseId", "tool_id"];
    read::text(call, &keys).map(std::borrow::Cow::into_owned)
}

/// The name of a call.
pub(super) fn call_name(call: At<'_>) -> String {
    if let Some(name) = acts(call) {
        return name;
    }
    let keys = ["name", "toolName", "tool_name", "tool"];
    let name = inner(call).and_then(|inner| read::text(inner, &keys)).or_else(|| read::text(call, &keys));
    let kind = || {
        if let Some(tool) = cursor(call) {
            return Some(tool.key()?.trim_end_matches("ToolCall").to_owned());
        }
        let kind = call.text_of("type")?;
        Some(kind.trim_end_matches("_call").trim_start_matches("tool-").to_owned())
    };
    name.map(std::borrow::Cow::into_owned).or_else(kind).unwrap_or_default()
}

/// The arguments of a call.
pub(super) fn arguments(call: At<'_>) -> Option<At<'_>> {
    let keys = ["arguments", "args", "input", "action", "parameters"];
    let stated = inner(call).and_then(|inner| read::first(inner, &keys)).or_else(|| read::first(call, &keys));
    stated.or_else(|| call.get("content").filter(|_| acts(call).is_some()))
}

/// What tools gave back in a message: the call's id or name, and the result.
pub(super) fn results(at: At<'_>) -> Vec<(Option<String>, At<'_>)> {
    if item(at).is_some_and(|kind| returns(&kind)) {
        return vec![(answered(at), at)];
    }
    if role(at).is_some_and(|role| role == "tool" || role == "function")
        && !at.get("content").is_some_and(holds_results)
    {
        return vec![(answered(at), at)];
    }
    let parts = ["content", "parts"].iter().filter_map(|key| at.get(key)).flat_map(At::items);
    parts.filter_map(result).collect()
}

/// The call a result answers, by its id or the tool's name.
fn answered(at: At<'_>) -> Option<String> {
    let keys = [
        "tool_call_id",
        "tool_use_id",
        "call_id",
        "callID",
        "toolCallId",
        "toolUseId",
        "toolUseID",
        "tool_id",
        "id",
        "name",
    ];
    read::text(at, &keys).map(std::borrow::Cow::into_owned)
}

/// A part of a message that is a result.
fn result(part: At<'_>) -> Option<(Option<String>, At<'_>)> {
    let kind = part.text_of("type").unwrap_or_default().into_owned();
    if kind.ends_with("tool_result") || matches!(kind.as_str(), "tool-result" | "tool_call_response" | "toolResponse") {
        return Some((answered(part), part));
    }
    let inner = ["functionResponse", "function_response", "toolResult"].iter().find_map(|key| part.get(key))?;
    Some((answered(inner), inner))
}

fn holds_results(content: At<'_>) -> bool {
    content.items().any(|part| {
        part.text_of("type").is_some_and(|kind| kind.ends_with("result"))
            || ["functionResponse", "function_response", "toolResult"].iter().any(|key| part.get(key).is_some())
    })
}
