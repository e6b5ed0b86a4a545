//! From the attributes of one step to what a person reads: its attributes, input and output. Messages are made in
//! [`super::conversation`], errors and facts in [`super::facts`].

use super::gather::Gather;
use super::nest::nest;
use super::nested::{self, Nested};
use super::parts::Json;
use super::{Attr, Val, conversation, facts};
use crate::json::{NodeKind, quoted};
use crate::model::{Attribute, Details, Kind, Place, Value, ValueText};
use rustc_hash::FxHashMap;

/// Attributes that hold a step's input as one value, the most telling first.
const INPUTS: [&str; 29] = [
    "input.value",
    "gen_ai.input.messages",
    "gen_ai.tool.call.arguments",
    "tool_arguments",
    "traceloop.entity.input",
    "gen_ai.task.input",
    "ai.toolCall.args",
    "ai.prompt.messages",
    "ai.prompt",
    "ai.values",
    "ai.value",
    "gen_ai.retrieval.query.text",
    "llm.input_messages",
    "llm.prompts",
    "mlflow.spanInputs",
    "langfuse.observation.input",
    "lmnr.span.input",
    "gen_ai.prompt",
    "gcp.vertex.agent.tool_call_args",
    "gcp.vertex.agent.llm_request",
    "request_data",
    "db.query.text",
    "db.statement",
    "http.request.body",
    "http.request.body.content",
    "graphql.document",
    "rpc.request.body",
    "messaging.message.body",
    "faas.trigger.payload",
];

/// Attributes that hold a step's output as one value.
const OUTPUTS: [&str; 25] = [
    "output.value",
    "gen_ai.output.messages",
    "gen_ai.tool.call.result",
    "tool_response",
    "final_result",
    "traceloop.entity.output",
    "gen_ai.task.output",
    "ai.toolCall.result",
    "ai.response.object",
    "ai.response.text",
    "ai.response.toolCalls",
    "ai.embeddings",
    "ai.embedding",
    "llm.output_messages",
    "mlflow.spanOutputs",
    "langfuse.observation.output",
    "lmnr.span.output",
    "gen_ai.completion",
    "gen_ai.retrieval.documents",
    "retrieval.documents",
    "gcp.vertex.agent.tool_response",
    "gcp.vertex.agent.llm_response",
    "response_data",
    "db.query.retrieved_documents",
    "http.response.body",
];

/// Attributes that hold it flattened.
const FLAT_INPUTS: [&str; 7] = [
    "llm.input_messages.",
    "gen_ai.prompt.",
    "embedding.embeddings.",
    "llm.prompts.",
    "reranker.input_documents.",
    "llm.prompt_template.",
    "input.",
];
const FLAT_OUTPUTS: [&str; 8] = [
    "llm.output_messages.",
    "gen_ai.completion.",
    "retrieval.documents.",
    "reranker.output_documents.",
    "embedding.embeddings.",
    "llm.completions.",
    "llm.choices.",
    "output.",
];

/// The attributes of a step, by key.
pub(super) struct Known<'b> {
    /// Those in the file, then those taken out of nested ones.
    attrs: &'b [Attr<'b>],
    made: &'b [Attr<'b>],
    /// Whether an attribute was taken out of another, beside it.
    by_key: FxHashMap<&'b str, (&'b Attr<'b>, bool)>,
    /// What the step is.
    pub(super) kind: Kind,
}

impl<'b> Known<'b> {
    fn new(attrs: &'b [Attr<'b>], within: bool, made: &'b [Attr<'b>], kind: Kind) -> Known<'b> {
        let all = made.iter().map(|attr| (attr, true)).chain(attrs.iter().map(|attr| (attr, within)));
        let by_key = all.map(|(attr, made)| (attr.key.as_ref(), (attr, made))).collect();
        Known { attrs, made, by_key, kind }
    }

    /// All attributes.
    fn all(&self) -> impl Iterator<Item = &'b Attr<'b>> + Clone + use<'b> {
        self.made.iter().chain(self.attrs)
    }

    /// An attribute that is there and not null.
    pub(super) fn get(&self, key: &str) -> Option<&'b Attr<'b>> {
        self.by_key.get(key).map(|(attr, _)| *attr).filter(|attr| !matches!(attr.val, Val::Null))
    }

    /// Its text.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        self.get(key).map(|attr| attr.val.text().into_owned())
    }

    /// Its text, when it is not empty.
    pub(super) fn said(&self, key: &str) -> Option<String> {
        self.text(key).filter(|text| !text.is_empty())
    }

    /// The first of these that says something.
    pub(super) fn one_of(&self, keys: &[&str]) -> Option<String> {
        keys.iter().find_map(|key| self.said(key))
    }

    /// The attributes below a prefix as one JSON text, and how many they are.
    pub(super) fn nest(&self, prefix: &str) -> Option<(String, usize)> {
        nest(self.all(), prefix)
    }

    fn value(&self, key: &str) -> Option<Value> {
        let attr = self.get(key)?;
        let made = self.by_key.get(key).is_some_and(|(_, made)| *made);
        Some(if made { taken_out(attr) } else { value(attr) })
    }
}

/// Fills `details` from the attributes of one step: [`Details::attributes`] always, and whatever the vocabularies
/// define beyond. What was found before (an error from an event) stays.
pub fn reveal(attrs: &[Attr<'_>], details: &mut Details) {
    told(attrs, false, details);
}

/// As [`reveal()`], for attributes that stand within a text of the file: their places are that text's.
pub fn reveal_within(attrs: &[Attr<'_>], details: &mut Details) {
    told(attrs, true, details);
}

fn told(attrs: &[Attr<'_>], within: bool, details: &mut Details) {
    let mut gather = Gather::default();
    let mut held: Vec<(Nested<'_>, Place)> = Vec::new();
    for attr in attrs {
        let understood = gather.attribute(&attr.key, &attr.val);
        let value = if within { taken_out(attr) } else { value(attr) };
        details.attributes.push(Attribute { name: attr.key.clone().into_owned(), value, understood });
        if nested::holds(&attr.key, &attr.val) {
            held.push((Nested::of(&attr.key, &attr.val), attr.place));
        }
    }
    let mut made = Vec::new();
    for (nested, place) in &held {
        nested.each(|key, val| made.push(Attr { key: key.to_owned().into(), val: val.clone(), place: *place }));
    }
    let known = Known::new(attrs, within, &made, gather.finish("").kind);
    if details.input.is_none() {
        details.input = input(&known);
    }
    if details.output.is_none() {
        details.output = output(&known);
    }
    details.state = details.state.take().or_else(|| known.value("chaindebug.state_before"));
    details.state_after = details.state_after.take().or_else(|| known.value("chaindebug.state_after"));
    let mut spoken = conversation::of(&known);
    if spoken.len() > details.messages.len() {
        // Events and attributes may tell the same conversation: the fuller one is shown.
        std::mem::swap(&mut details.messages, &mut spoken);
    }
    facts::error(&known, details);
    facts::facts(&known, details);
    if known.kind == Kind::Llm {
        details.notes.push(conversation::UNTOLD.into());
    }
    close(details);
}

/// Fills in, when all attributes and events are known, what only messages of events tell. Formats whose events or values
/// come after [`reveal()`] call it again.
pub fn close(details: &mut Details) {
    conversation::fill_from_events(details);
    let told =
        details.error.is_some() || !details.messages.is_empty() || details.input.is_some() || details.output.is_some();
    if told {
        details.notes.retain(|note| note != conversation::UNTOLD);
    }
}

/// An attribute's value as it is opened.
fn value(attr: &Attr<'_>) -> Value {
    let text = match &attr.val {
        Val::Str(_) => ValueText::JsonString,
        Val::Json(json) => ValueText::Made { text: json.clone().into_owned(), json: true, note: String::new() },
        other => ValueText::Made { text: other.json().into_owned(), json: true, note: String::new() },
    };
    Value { place: attr.place, text }
}

/// The value of an attribute that stands within another one.
fn taken_out(attr: &Attr<'_>) -> Value {
    let text = attr.val.text().into_owned();
    let json = !matches!(attr.val, Val::Str(_));
    Value { place: attr.place, text: ValueText::Made { text, json, note: String::new() } }
}

/// An attribute as details hold it, outside any step's vocabulary.
pub fn attribute(attr: &Attr<'_>) -> Attribute {
    Attribute { name: attr.key.clone().into_owned(), value: value(attr), understood: true }
}

fn input(known: &Known<'_>) -> Option<Value> {
    let whole = INPUTS.iter().find_map(|key| known.value(key));
    whole
        .or_else(|| FLAT_INPUTS.iter().find_map(|prefix| flattened(known, prefix, true)))
        .or_else(|| exchange(known))
        .or_else(|| request_line(known))
}

fn output(known: &Known<'_>) -> Option<Value> {
    let whole = OUTPUTS.iter().find(|key| known.get(key).is_some());
    match whole {
        Some(&"ai.response.text") => sdk_answer(known),
        Some(key) => known.value(key),
        None => FLAT_OUTPUTS.iter().find_map(|prefix| flattened(known, prefix, false)),
    }
}

/// What an AI SDK call answered: a text, tool calls, or both.
fn sdk_answer(known: &Known<'_>) -> Option<Value> {
    let (text, calls) = (known.get("ai.response.text")?, known.get("ai.response.toolCalls"));
    let Some(calls) = calls.filter(|calls| !matches!(calls.val.text().as_ref(), "" | "[]")) else {
        return known.value("ai.response.text");
    };
    let said = text.val.text();
    if said.is_empty() {
        return known.value("ai.response.toolCalls");
    }
    let calls_text = calls.val.text();
    let calls_json =
        if crate::json::looks_like_container(&calls_text) { calls_text.into_owned() } else { quoted(&calls_text) };
    let together = format!("{{\"text\":{},\"toolCalls\":{calls_json}}}", quoted(&said));
    let note = "Put together from ai.response.text and ai.response.toolCalls".to_owned();
    Some(Value {
        place: around([text.place, calls.place])?,
        text: ValueText::Made { text: together, json: true, note },
    })
}

/// The smallest range that holds all places, which are of one file.
fn around(places: impl IntoIterator<Item = Place>) -> Option<Place> {
    places.into_iter().reduce(|a, b| {
        let start = a.start.min(b.start);
        Place { file: a.file, start, len: a.end().max(b.end()).saturating_sub(start) }
    })
}

fn flattened(known: &Known<'_>, prefix: &str, input: bool) -> Option<Value> {
    // `input.mime_type` alone describes a value that is not there; what an embedding is made from is its text.
    let described = matches!(prefix, "input." | "output.");
    let vectors = input && prefix == "embedding.embeddings.";
    let wanted = |attr: &&Attr<'_>| {
        attr.key.starts_with(prefix)
            && !(described && attr.key.ends_with(".mime_type"))
            && !(vectors && attr.key.ends_with(".vector"))
    };
    let place = around(known.all().filter(wanted).map(|attr| attr.place))?;
    let (text, count) = nest(known.all().filter(wanted), prefix)?;
    let note = match count {
        1 => String::new(),
        _ => format!("Put together from {count} attributes, {prefix}*"),
    };
    Some(Value { place, text: ValueText::Made { text, json: true, note } })
}

/// What an agent was given, out of its whole exchange: everything before the first answer.
fn exchange(known: &Known<'_>) -> Option<Value> {
    let key = ["pydantic_ai.all_messages", "all_messages_events"].into_iter().find(|key| known.get(key).is_some())?;
    let attr = known.get(key)?;
    let text = attr.val.text();
    let json = Json::parse(&text);
    if !json.is(0, NodeKind::Array) {
        return known.value(key);
    }
    let answers = |node: u32| matches!(json.string(node, &["role"]).as_str(), "assistant" | "model");
    let given: Vec<String> = json.children(0).take_while(|&node| !answers(node)).map(|node| json.raw(node)).collect();
    if given.is_empty() {
        return None;
    }
    let note = format!("The messages of {key} up to the first answer");
    let text = ValueText::Made { text: format!("[{}]", given.join(",")), json: true, note };
    Some(Value { place: attr.place, text })
}

/// What an HTTP step was asked: method and address.
fn request_line(known: &Known<'_>) -> Option<Value> {
    let first = |keys: &[&str]| keys.iter().find_map(|key| known.get(key));
    let method = first(&["http.request.method", "http.method"]);
    let address = first(&["url.full", "http.url", "http.target", "url.path", "http.route"])?;
    let said = address.val.text();
    let text = match method {
        Some(method) => format!("{} {said}", method.val.text()),
        None => said.into_owned(),
    };
    let place = around(method.map(|method| method.place).into_iter().chain([address.place]))?;
    let note = match method {
        Some(method) => format!("Put together from {} and {}", method.key, address.key),
        None => String::new(),
    };
    Some(Value { place, text: ValueText::Made { text, json: false, note } })
}

#[cfg(test)]
#[path = "reveal_tests.rs"]
mod tests;
