//! OpenHands: the events of a conversation, as a list, a line each, a downloaded trajectory, or the `history` in the
//! lines of an evaluation's `output.jsonl`.
//!
//! Source: events of OpenHands 0.9 to 0.62 (`action`, `observation`, `cause`) and of its agent SDK of 2025 and 2026
//! (`kind`: `ActionEvent`, `ObservationEvent`, `MessageEvent`). Older histories hold pairs of an action and an
//! observation. An action carries what the model answered; several actions may come from one answer.

use super::thread::{Answer, Known, Thread, settle_call, title};
use super::told::{Exchange, NEW_ONLY, fact, failure, only_text, records, texts};
use crate::dialect;
use crate::import::record::{Record, read};
use crate::import::{
    Builder, Format, Here, Importer, Matched, Piece, Probe, ROOT, Reveal, Revealing, Route, Sample, State,
};
use crate::json::{At, Lack, Lexer, NodeKind, Str};
use crate::model::{Details, Interner, Kind, Message, Part, Role, Side, Status, Sym};
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// The format.
pub(super) const FORMAT: Format = Format {
    id: "openhands",
    name: "OpenHands trajectories",
    detect,
    importer: |file, probe| {
        let documents = probe.find(|sample| sample.object().is_some_and(|root| listed(sample, root).is_some()));
        Box::new(OpenHands { file, documents: documents.is_some(), ..OpenHands::default() })
    },
};

const LIST: State = 1;
const DOCUMENT: State = 2;
const PAIR: State = 3;

const EVENT: u8 = 0;
const ID: u8 = 1;

/// Members that hold the events.
const LISTS: [&str; 3] = ["history", "trajectory", "events"];

#[derive(Default)]
struct OpenHands {
    file: u16,
    /// Whether the objects at the top hold lists of events rather than being events.
    documents: bool,
    count: u32,
    known: Known,
    threads: Vec<Thread>,
    /// What the next conversation is called.
    stated: Option<Sym>,
    /// The conversation has ended with its list.
    ended: bool,
    /// Tools by the id of the event that asked for them.
    asked: FxHashMap<String, Sym>,
    /// The newest answer of a model.
    answer: String,
}

/// What an event is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Sort {
    System,
    User,
    /// The agent says something.
    Says,
    /// The agent does something.
    Acts,
    /// What came of it.
    Seen,
    /// Of the program itself.
    Note,
}

fn sort(at: At<'_>) -> Sort {
    let user = at.text_of("source").is_some_and(|source| source == "user");
    let word = |key: &str| at.text_of(key).unwrap_or_default().into_owned();
    match word("kind").as_str() {
        "SystemPromptEvent" => return Sort::System,
        "MessageEvent" if user => return Sort::User,
        "MessageEvent" => return Sort::Says,
        "ActionEvent" => return Sort::Acts,
        "ObservationEvent" | "UserRejectObservation" | "AgentErrorEvent" => return Sort::Seen,
        kind if kind.ends_with("Event") => return Sort::Note,
        _ => {}
    }
    match (word("action").as_str(), word("observation").as_str()) {
        ("system", _) => Sort::System,
        ("message", _) if user => Sort::User,
        ("message", _) => Sort::Says,
        ("" | "null", "" | "null" | "agent_state_changed" | "recall" | "condense" | "condensation") => Sort::Note,
        ("" | "null", _) => Sort::Seen,
        ("recall" | "change_agent_state" | "condensation" | "condensation_request" | "start", _) => Sort::Note,
        _ if user => Sort::Note,
        _ => Sort::Acts,
    }
}

/// What was said, whoever said it.
fn said(at: At<'_>) -> Option<At<'_>> {
    let newer = at.at(&["llm_message", "content"]).or_else(|| at.at(&["system_prompt", "text"]));
    newer.or_else(|| at.at(&["args", "content"])).map(only_text)
}

/// What came of an action.
fn seen(at: At<'_>) -> Option<At<'_>> {
    let newer = at.get("observation").filter(|inner| inner.is(NodeKind::Object));
    let content = newer.and_then(|inner| inner.get("content").or(Some(inner)));
    content.or_else(|| read::first(at, &["content", "error", "rejection_reason"])).map(only_text)
}

/// Whether it went wrong.
fn failed(at: At<'_>) -> bool {
    let inner = at.get("observation").filter(|inner| inner.is(NodeKind::Object));
    let extras = at.get("extras");
    let code = |at: At<'_>| read::first(at, &["exit_code"]).and_then(read::scalar).map(Cow::into_owned);
    let codes = [inner.and_then(code), extras.and_then(code), extras.and_then(|at| code(at.get("metadata")?))];
    at.text_of("observation").is_some_and(|kind| kind == "error")
        || at.text_of("kind").is_some_and(|kind| kind == "AgentErrorEvent")
        || inner.is_some_and(|inner| read::flag(inner, "is_error"))
        || codes.iter().flatten().any(|code| code != "0")
        || at.text_of("content").is_some_and(|text| text.starts_with("ERROR:"))
}

/// The model's answer that an action was made of.
fn response(at: At<'_>) -> Option<At<'_>> {
    at.at(&["tool_call_metadata", "model_response"])
}

fn when(at: At<'_>) -> Option<crate::model::Nanos> {
    read::iso(at, &["timestamp"])
}

impl Importer for OpenHands {
    fn route(&mut self, state: State, key: Option<Str<'_>>, lead: u8) -> Route {
        match (state, key, lead) {
            (ROOT, None, b'{') if self.documents => Route::Enter(DOCUMENT),
            (ROOT, None, b'[') => Route::Enter(LIST),
            (LIST, None, b'{') if self.documents => Route::Enter(DOCUMENT),
            (LIST, None, b'[') => Route::Enter(PAIR),
            (ROOT | LIST | PAIR, None, b'{') => Route::Take(EVENT),
            (DOCUMENT, Some(key), b'[') if LISTS.iter().any(|list| key.is(list)) => Route::Enter(PAIR),
            (PAIR, None, b'[') => Route::Enter(PAIR),
            (DOCUMENT, Some(key), b'"') if key.is("instance_id") || key.is("conversation_id") => Route::Take(ID),
            _ => Route::Skip,
        }
    }

    fn enter(&mut self, state: State, _: u64) {
        self.ended |= state == DOCUMENT;
    }

    fn take(&mut self, tag: u8, lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
        if tag == ID {
            self.stated = Some(build.names.intern(&lexer.text()?.unwrap_or_default()));
            return Ok(());
        }
        let record = Record::take(lexer, here)?;
        self.known.look(build);
        self.event(&record, build);
        Ok(())
    }

    fn finish(mut self: Box<Self>, build: &mut Builder) -> Box<dyn Reveal> {
        self.known.finish(build, &mut self.threads);
        Box::new(Told)
    }
}

impl OpenHands {
    /// A conversation begins where none is, and with each document.
    fn begin(&mut self, build: &mut Builder) {
        if !std::mem::take(&mut self.ended) && !self.threads.is_empty() {
            return;
        }
        self.count = self.count.saturating_add(1);
        let own = format!("openhands-{}-{}", self.file, self.count);
        let stated = self.stated.take().filter(|id| *id != Interner::EMPTY);
        let run = stated.unwrap_or_else(|| build.names.intern(&own));
        self.threads.push(Thread::new(run, None));
        self.asked.clear();
        self.answer.clear();
    }

    fn event(&mut self, record: &Record<'_>, build: &mut Builder) {
        self.begin(build);
        let root = record.root();
        let (place, time) = (record.whole_place(), when(root));
        let Some(thread) = self.threads.last_mut() else { return };
        let run = thread.run;
        match sort(root) {
            Sort::Note => {}
            Sort::System => thread.give(place, None),
            Sort::User => {
                let name = title(&said(root).map(texts).unwrap_or_default());
                let id = self.known.free(build, run, "turn");
                thread.open(&mut self.known, build, id, &name, place, time);
                build.run_names.entry(run).or_insert(name);
                thread.give(place, time);
            }
            Sort::Says | Sort::Acts => self.acts(record, build),
            Sort::Seen => {
                let cause = read::text(root, &["cause", "action_id"]).and_then(|id| self.asked.get(&*id).copied());
                let tool = cause.or_else(|| read::text(root, &["tool_call_id"]).map(|id| build.names.intern(&id)));
                let status = if failed(root) { Status::Error } else { Status::Ok };
                let answer = Answer { status, time, pieces: vec![place] };
                if !tool.is_some_and(|tool| self.known.answer(build, run, tool, answer)) && status == Status::Error {
                    let id = self.known.free(build, run, "error");
                    let step = thread.mark(&mut self.known, build, id, "error", place, time);
                    if let Some(draft) = build.drafts.get_mut(step) {
                        draft.status = status;
                    }
                }
                thread.give(place, time);
            }
        }
    }

    fn acts(&mut self, record: &Record<'_>, build: &mut Builder) {
        let root = record.root();
        let (place, time) = (record.whole_place(), when(root));
        let Some(thread) = self.threads.last_mut() else { return };
        let (run, newer) = (thread.run, root.get("kind").is_some());
        let response = response(root);
        let answer = response.and_then(|answer| read::text(answer, &["id"]));
        let answer = answer.or_else(|| read::text(root, &["llm_response_id"])).unwrap_or_default().into_owned();
        match thread.call.filter(|_| !answer.is_empty() && answer == self.answer) {
            // The other events of one answer: the older ones repeat all of it.
            Some(call) if newer => thread.more(build, call, place, time),
            Some(_) => {}
            None => {
                let id = self.known.free(build, run, if answer.is_empty() { "answer" } else { &answer });
                let call = thread.call(&mut self.known, build, id, place, time);
                let model = response.and_then(|answer| read::text(answer, &["model"])).unwrap_or_default();
                let usage =
                    response.and_then(|answer| answer.get("usage")).or_else(|| root.at(&["llm_message", "usage"]));
                settle_call(build, call, &model, usage.map(read::usage).unwrap_or_default());
                self.answer = answer;
            }
        }
        thread.said = Some(place);
        if sort(root) == Sort::Says {
            return;
        }
        let about = root.get("tool_call_metadata").unwrap_or(root);
        let id = read::text(about, &["tool_call_id"]).unwrap_or_default();
        let id = self.known.free(build, run, if id.is_empty() { "tool" } else { &id });
        let kind = || root.at(&["action", "kind"]).and_then(read::scalar);
        let name = read::text(about, &["function_name", "tool_name"]).or_else(|| read::text(root, &["action"]));
        thread.tool(&mut self.known, build, id, &name.or_else(kind).unwrap_or_default(), place, time);
        if let Some(event) = read::text(root, &["id"]) {
            self.asked.insert(event.into_owned(), id);
        }
        // Nothing is heard of a program that ends.
        if !newer && root.text_of("action").is_some_and(|action| matches!(&*action, "finish" | "reject")) {
            self.known.answer(build, run, id, Answer { status: Status::Ok, time, pieces: Vec::new() });
        }
    }
}

struct Told;

impl Reveal for Told {
    fn reveal(&self, about: Revealing<'_>, pieces: &[Piece]) -> Details {
        let mut details = Details::default();
        let records = records(pieces, &mut details);
        let kind = about.run.steps.kind.get(about.step as usize).copied().unwrap_or_default();
        if kind == Kind::Llm {
            call(&records, &mut details);
            return details;
        }
        for record in &records {
            let root = record.root();
            match sort(root) {
                Sort::Acts if kind == Kind::Tool => {
                    let newer = root.get("action").filter(|action| action.is(NodeKind::Object));
                    details.input = record.value(newer.or_else(|| root.get("args")));
                    let about = root.get("tool_call_metadata").unwrap_or(root);
                    fact(&mut details, "call", read::text(about, &["tool_call_id"]));
                }
                Sort::Seen => {
                    details.output = record.value(seen(root));
                    if failed(root) {
                        let text = seen(root).map(texts).unwrap_or_default();
                        details.error = Some(failure(text.strip_prefix("ERROR:").unwrap_or(&text)));
                    }
                }
                Sort::User => {
                    details.input = record.value(said(root));
                    details.messages.extend(message(root, Role::User));
                }
                _ => details.output = record.value(said(root).or_else(|| thought(root))),
            }
        }
        details
    }
}

/// What the agent thought when it acted.
fn thought(at: At<'_>) -> Option<At<'_>> {
    let args = at.get("args").unwrap_or(at);
    let said = |key| args.get(key).filter(|said| !texts(*said).is_empty());
    ["final_thought", "thought"].into_iter().find_map(said).map(only_text)
}

/// An event as a message of a role.
fn message(at: At<'_>, role: Role) -> Option<Message> {
    let text = said(at).map(texts).filter(|text| !text.is_empty())?;
    let side = if role == Role::Assistant { Side::Output } else { Side::Input };
    Some(dialect::message(side, role, vec![Part::Text(text)]))
}

fn call(records: &[Record<'_>], details: &mut Details) {
    let mut exchange = Exchange::default();
    for record in records {
        let root = record.root();
        match sort(root) {
            Sort::Says | Sort::Acts => {
                let whole = response(root).and_then(|answer| answer.get("choices")?.items().next()?.get("message"));
                match whole {
                    Some(whole) => exchange.write(record, whole),
                    None => exchange.written(record, said(root).unwrap_or(root), wrote(root)),
                }
            }
            Sort::Seen => {
                let about = root.get("tool_call_metadata").unwrap_or(root);
                let part = Part::ToolResult {
                    id: read::text(about, &["tool_call_id"]).unwrap_or_default().into_owned(),
                    name: read::text(about, &["function_name", "tool_name"]).unwrap_or_default().into_owned(),
                    content: seen(root).map(texts).unwrap_or_default(),
                    error: failed(root),
                };
                exchange.given(
                    record,
                    seen(root).unwrap_or(root),
                    vec![dialect::message(Side::Input, Role::Tool, vec![part])],
                );
            }
            sort => {
                let role = if sort == Sort::System { Role::System } else { Role::User };
                exchange.given(record, said(root).unwrap_or(root), message(root, role).into_iter().collect());
            }
        }
    }
    exchange.show(details);
    details.notes.push(NEW_ONLY.into());
}

/// What a model wrote, where its answer is not kept: what it thought, and what it asked for.
fn wrote(at: At<'_>) -> Vec<Message> {
    let text = said(at).or_else(|| thought(at)).map(texts).filter(|text| !text.is_empty());
    let mut parts: Vec<Part> = text.map(Part::Text).into_iter().collect();
    let tool = at.get("tool_call");
    if tool.is_some() || sort(at) == Sort::Acts {
        let name =
            tool.and_then(|tool| read::text(tool, &["name"])).or_else(|| read::text(at, &["tool_name", "action"]));
        let arguments = tool.and_then(|tool| read::text(tool, &["arguments"])).map(Cow::into_owned);
        let stated = || read::first(at, &["args", "action"]).map(|args| args.json().into_owned());
        parts.push(Part::ToolCall {
            id: read::text(at, &["tool_call_id"]).unwrap_or_default().into_owned(),
            name: name.unwrap_or_default().into_owned(),
            arguments: arguments.or_else(stated).unwrap_or_default(),
        });
    }
    if parts.is_empty() { Vec::new() } else { vec![dialect::message(Side::Output, Role::Assistant, parts)] }
}

/// Whether a node is an event.
fn is_event(sample: &Sample<'_>, node: u32) -> bool {
    let text = |key: &str| sample.member(node, key).and_then(|member| sample.text_of(member));
    let by = text("source").is_some_and(|source| matches!(&*source, "user" | "agent" | "environment"));
    let newer = text("kind").is_some_and(|kind| kind.ends_with("Event") || kind.ends_with("Observation"));
    let member = |key: &str| sample.member(node, key).is_some();
    by && member("timestamp")
        && member("id")
        && (newer
            || (text("action").is_some() && member("args"))
            || (text("observation").is_some() && member("content")))
}

/// The list of events in an object.
fn listed(sample: &Sample<'_>, root: u32) -> Option<u32> {
    LISTS.iter().filter_map(|key| sample.member(root, key)).find(|list| lists(sample, *list))
}

/// Whether a node is a list of events, or of pairs of them.
fn lists(sample: &Sample<'_>, node: u32) -> bool {
    sample.is(node, NodeKind::Array)
        && sample.tree.children(node).take(5).any(|item| {
            let first = if sample.is(item, NodeKind::Array) { sample.tree.first_child(item) } else { Some(item) };
            first.is_some_and(|first| is_event(sample, first))
        })
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    probe.find(|sample| match sample.object() {
        Some(root) => is_event(sample, root) || listed(sample, root).is_some(),
        None => lists(sample, 0),
    })?;
    Matched::new("OpenHands trajectory", "it holds events with `source`, `timestamp` and an `action` or `observation`")
}

#[cfg(test)]
mod tests {
    use crate::import::dump::dump;

    #[test]
    fn an_evaluation_with_events_and_with_pairs() {
        insta::assert_snapshot!(dump(include_bytes!("fixtures/openhands.jsonl")));
    }

    #[test]
    fn events_of_the_agent_sdk() {
        insta::assert_snapshot!(dump(include_bytes!("fixtures/openhands_events.json")));
    }
}
