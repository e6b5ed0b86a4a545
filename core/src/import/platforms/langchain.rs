//! LangChain's objects as every platform around it stores them: what a model answered, with which model and how many
//! tokens, and what was said to it. Nothing here knows of runs or files.
//!
//! Source: langchain-core 0.1 to 1.7 (`load/dump.py`, `outputs`, `messages/ai.py`), LangChain.js `toJSON`.

use crate::dialect;
use crate::import::record::inside::Inside;
use crate::import::record::{Record, read};
use crate::json::{At, NodeKind, looks_like_container};
use crate::model::{Details, Kind, Message, Part, Role, Side, Status, Usage, Value};
use rustc_hash::FxHashSet;
use std::borrow::Cow;

/// Most messages looked at for usage in one value.
const MOST: usize = 10_000;

/// What a model's answer tells beside its words.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// The model that answered.
    pub(super) model: Option<String>,
    /// What it took.
    pub(super) usage: Usage,
}

/// The arguments of a serialised object, or what a dictionary of a message holds; anything else is itself.
pub(super) fn kwargs(at: At<'_>) -> At<'_> {
    let constructed = at.get("kwargs").filter(|inner| inner.is(NodeKind::Object) && at.get("id").is_some());
    let data = || at.get("data").filter(|data| data.get("content").is_some() && at.get("type").is_some());
    constructed.or_else(data).unwrap_or(at)
}

/// The class of a serialised object.
pub(super) fn class(at: At<'_>) -> Option<Cow<'_, str>> {
    at.get("kwargs")?;
    at.get("id")?.items().last()?.string()
}

/// The messages in a value: `generations` of a result, `messages` of a state, a list, or one.
fn messages(at: At<'_>) -> Vec<At<'_>> {
    let mut out = Vec::new();
    let mut todo = vec![(at, 0u8)];
    while let Some((at, depth)) = todo.pop() {
        if out.len() >= MOST || depth > 6 {
            continue;
        }
        match at.kind() {
            NodeKind::Array => {
                let from = todo.len();
                todo.extend(at.items().take(MOST).map(|item| (item, depth + 1)));
                if let Some(added) = todo.get_mut(from..) {
                    added.reverse();
                }
            }
            NodeKind::Object => {
                let inner = kwargs(at);
                let told = ["usage_metadata", "response_metadata", "tool_calls", "content"];
                if told.iter().any(|key| inner.get(key).is_some()) {
                    out.push(inner);
                    continue;
                }
                let keys = ["generations", "message", "messages", "output", "update"];
                todo.extend(keys.iter().rev().filter_map(|key| inner.get(key)).map(|inner| (inner, depth + 1)));
            }
            _ => {}
        }
    }
    out
}

/// Whether all that is told is that nothing was used.
pub(super) fn nothing(usage: &Usage) -> bool {
    let counts = [usage.input, usage.output, usage.cached, usage.reasoning, usage.total];
    counts.iter().all(|count| count.unwrap_or(0) == 0) && usage.cost.unwrap_or(0.0) == 0.0
}

fn used(at: Option<At<'_>>) -> Option<Usage> {
    at.filter(|at| at.is(NodeKind::Object)).map(read::usage).filter(|usage| !nothing(usage))
}

/// What an answer tells, whatever its shape. Usage stands in up to three places of it, and is taken from one.
pub(super) fn answer(at: At<'_>) -> Answer {
    const USAGE: [&str; 5] = ["token_usage", "tokenUsage", "usage", "usage_metadata", "estimatedTokenUsage"];
    let of = |at: At<'_>| USAGE.iter().find_map(|key| used(at.get(key)));
    let mut model = None;
    let (mut stated, mut described): (Option<Usage>, Option<Usage>) = (None, None);
    for message in messages(at) {
        if let Some(usage) = used(message.get("usage_metadata")) {
            stated.get_or_insert_default().add(&usage);
        }
        let Some(about) = message.get("response_metadata") else { continue };
        if let Some(usage) = of(about) {
            described.get_or_insert_default().add(&usage);
        }
        model = model.or_else(|| read::text(about, &["model_name", "model", "model_id"]).map(Cow::into_owned));
    }
    let whole = at.get("llm_output").or_else(|| at.get("llmOutput"));
    let own = used(at.get("usage_metadata"));
    let usage = own.or(stated).or_else(|| whole.and_then(of)).or(described).or_else(|| of(at));
    let model = model.or_else(|| {
        let told = [whole, Some(at)].into_iter().flatten();
        told.into_iter().find_map(|at| read::text(at, &["model_name", "model"])).map(Cow::into_owned)
    });
    Answer { model, usage: usage.unwrap_or_default() }
}

/// One side of a run. What is no object LangChain puts into one with a single member; a tool's result is its text.
pub(super) fn side(record: &Record<'_>, side: &Inside<'_>, wrapped: &str, kind: Kind) -> Option<Value> {
    let at = side.at();
    let inner = at.get(wrapped).filter(|_| at.count() == 1).unwrap_or(at);
    let message = kwargs(inner);
    let content = message.get("content").filter(|_| kind == Kind::Tool && message.get("tool_call_id").is_some());
    record.held(side, content.unwrap_or(inner))
}

/// How a run ended that raised this. LangGraph raises what is no failure: a pause for somebody, and a jump to another
/// graph.
pub(super) fn ending(error: &str) -> Status {
    let begins = |words: &[&str]| words.iter().any(|word| error.starts_with(word));
    match () {
        () if begins(&["GraphInterrupt(", "NodeInterrupt("]) => Status::Waiting,
        () if begins(&["ParentCommand("]) => Status::Ok,
        () if begins(&["CancelledError", "asyncio.CancelledError", "KeyboardInterrupt", "AbortError"]) => {
            Status::Cancelled
        }
        () => Status::Error,
    }
}

/// Whether a tool's result says of itself that it is an error.
pub(super) fn failed(outputs: At<'_>) -> bool {
    let message = kwargs(outputs.get("output").unwrap_or(outputs));
    message.text_of("status").is_some_and(|status| status == "error") && message.get("tool_call_id").is_some()
}

/// What the messages of a value tell that were not looked at before: states repeat them.
pub(super) fn news(at: At<'_>, seen: &mut FxHashSet<String>) -> Answer {
    let mut out = Answer::default();
    for message in messages(at) {
        let Some(usage) = used(message.get("usage_metadata")) else { continue };
        if read::text(message, &["id"]).is_some_and(|id| !seen.insert(id.into_owned())) {
            continue;
        }
        out.usage.add(&usage);
        let about = message.get("response_metadata");
        let model = about.and_then(|about| read::text(about, &["model_name", "model", "model_id"]));
        out.model = model.map(Cow::into_owned).or(out.model);
    }
    out
}

/// Adds the conversation of a model call: messages in any spelling, else the texts themselves.
pub(super) fn converse(details: &mut Details, input: Option<At<'_>>, output: Option<At<'_>>) {
    for (at, side) in [(input, Side::Input), (output, Side::Output)] {
        let Some(at) = at else { continue };
        let text = at.string().unwrap_or_else(|| at.json());
        let mut list = dialect::messages(&text, side);
        if list.is_empty() {
            list = plain(at, side);
        }
        details.messages.extend(list);
    }
}

/// A side that is told as text.
fn plain(at: At<'_>, side: Side) -> Vec<Message> {
    if let Some(prompts) = at.get("prompts").filter(|_| side == Side::Input) {
        return prompts.items().filter_map(At::string).flat_map(|prompt| prompted(&prompt)).collect();
    }
    let one = || read::text(at, &["prompt", "input", "question", "query", "output", "text", "answer"]);
    let text = match at.kind() {
        NodeKind::String => at.string(),
        NodeKind::Object if at.count() == 1 => one(),
        _ => None,
    };
    let role = if side == Side::Input { Role::User } else { Role::Assistant };
    let said = text.filter(|text| !text.trim().is_empty() && !looks_like_container(text));
    said.map(|text| dialect::message(side, role, vec![Part::Text(text.into_owned())])).into_iter().collect()
}

/// A prompt as LangChain writes a conversation into one text: each message begins a line with who speaks.
fn prompted(prompt: &str) -> Vec<Message> {
    const WHO: [(&str, Role); 4] =
        [("System: ", Role::System), ("Human: ", Role::User), ("AI: ", Role::Assistant), ("Tool: ", Role::Tool)];
    let begins = |line: &str| WHO.iter().find(|(who, _)| line.starts_with(who)).cloned();
    if begins(prompt).is_none() {
        return vec![dialect::message(Side::Input, Role::User, vec![Part::Text(prompt.to_owned())])];
    }
    let mut out: Vec<(Role, String)> = Vec::new();
    for line in prompt.split('\n') {
        match (begins(line), out.last_mut()) {
            (Some((who, role)), _) => out.push((role, line.get(who.len()..).unwrap_or_default().to_owned())),
            (None, Some((_, text))) => {
                text.push('\n');
                text.push_str(line);
            }
            (None, None) => {}
        }
    }
    let made = |(role, text): (Role, String)| dialect::message(Side::Input, role, vec![Part::Text(text)]);
    out.into_iter().map(made).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::testing::with;

    fn told(json: &str) -> (Option<String>, Option<u64>, Option<u64>) {
        with(json, |at| {
            let answer = answer(at);
            (answer.model, answer.usage.input, answer.usage.output)
        })
    }

    #[test]
    fn usage_is_taken_from_one_of_its_places() {
        let kwargs = r#"{"content":"x","usage_metadata":{"input_tokens":5,"output_tokens":2},"response_metadata":{"model_name":"m","token_usage":{"prompt_tokens":5,"completion_tokens":2}}}"#;
        let message = format!(r#"{{"lc":1,"type":"constructor","id":["a","AIMessage"],"kwargs":{kwargs}}}"#);
        let of = Some("m".to_owned());
        let result = format!(
            r#"{{"generations":[[{{"text":"x","message":{message}}}]],"llm_output":{{"model_name":"other","token_usage":{{"prompt_tokens":5}}}}}}"#
        );
        for json in [&message, &result, kwargs, &format!(r#"{{"messages":[{message}]}}"#)] {
            assert_eq!(told(json), (of.clone(), Some(5), Some(2)), "{json}");
        }
        let llm = r#"{"generations":[[{"text":"x"}]],"llm_output":{"model_name":"m","token_usage":{"prompt_tokens":7,"completion_tokens":1}}}"#;
        assert_eq!(told(llm), (of.clone(), Some(7), Some(1)));
        assert_eq!(told(r#"{"model":"m","choices":[],"usage":{"prompt_tokens":3}}"#), (of, Some(3), None));
        assert_eq!(told(r#"{"usage":{"prompt_tokens":0,"completion_tokens":0}}"#), (None, None, None));
        assert_eq!(told("[[[[[[[[[[[{}]]]]]]]]]]]"), (None, None, None));
    }

    #[test]
    fn prompts_of_one_text_are_taken_apart() {
        let spoken = |json: &str| {
            let mut details = Details::default();
            with(json, |at| converse(&mut details, Some(at), None));
            details.messages.into_iter().map(|m| (m.role, m.parts)).collect::<Vec<_>>()
        };
        let text = |text: &str| vec![Part::Text(text.to_owned())];
        assert_eq!(
            spoken(r#"{"prompts":["System: be brief\nalways\nHuman: hi"]}"#),
            [(Role::System, text("be brief\nalways")), (Role::User, text("hi"))]
        );
        assert_eq!(spoken(r#"{"prompts":["hi\nHuman: no"]}"#), [(Role::User, text("hi\nHuman: no"))]);
        assert_eq!(spoken(r#""hello""#), [(Role::User, text("hello"))]);
        assert_eq!(spoken(r#"{"question":"why?"}"#), [(Role::User, text("why?"))]);
        assert_eq!(spoken(r#"{"a":1,"b":2}"#), []);
    }
}
