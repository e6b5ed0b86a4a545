//! What an AutoGen team said: `TaskResult` as JSON, and the saved state of a team or an agent.
//!
//! Source: `autogen_agentchat` 0.4 to 0.7 (`base/_task.py`, `messages.py`, `state/_states.py`). Messages of one speaker
//! in a row are a turn; in it, each message a model was asked for is a model call, and each result of a tool a step.

use super::so_far;
use crate::dialect;
use crate::import::record::{Record, read};
use crate::import::{
    Builder, Draft, Format, Here, Importer, Matched, Piece, Probe, ROOT, Reveal, Revealing, Route, State,
};
use crate::json::{At, Lack, Lexer, NodeKind, Str, Tree};
use crate::model::{Details, Error, Fact, Flags, Kind, Message, Nanos, Part, Place, Role, Side, Status, Sym, Usage};
use rustc_hash::FxHashMap;

/// The format.
pub const FORMAT: Format = Format {
    id: "autogen-messages",
    name: "AutoGen task results and team states",
    detect,
    importer: |_, _| Box::new(AutoGen::default()),
};

const TOP: State = 1;
const THREAD: State = 2;
const AGENTS: State = 3;
const CONTEXT: State = 4;

const MESSAGE: u8 = 0;
const STOP: u8 = 1;

/// What a draft's context says it is; from `TOOL` on a result by its number.
const TEAM: u32 = 0;
const TURN: u32 = 1;
const MODEL: u32 = 2;
const TOOL: u32 = 3;

/// Messages shown of what was said before a model's answer.
const BEFORE: usize = 400;

/// A message as the index needs it.
struct Said {
    place: Place,
    source: Sym,
    /// Whether a model wrote it, and how it is told.
    asked: bool,
    usage: Usage,
    time: Option<Nanos>,
    /// Results of tools: name, call, failed.
    results: Vec<(Sym, Sym, bool)>,
    /// Calls it asks for: id, name.
    calls: Vec<(Sym, Sym)>,
    /// A message that only repeats what tools gave back.
    repeats: bool,
}

/// One list of messages.
struct List {
    /// What everybody said; otherwise what one agent remembers.
    thread: bool,
    start: u64,
    said: Vec<Said>,
    stop: Option<Place>,
}

#[derive(Default)]
struct AutoGen {
    lists: Vec<List>,
}

impl Importer for AutoGen {
    fn route(&mut self, state: State, key: Option<Str<'_>>, lead: u8) -> Route {
        match (state, key, lead) {
            (ROOT, None, b'{') => Route::Enter(TOP),
            (TOP, Some(key), b'[') if key.is("messages") || key.is("message_thread") => Route::Enter(THREAD),
            (TOP, Some(key), b'"') if key.is("stop_reason") => Route::Take(STOP),
            (TOP | AGENTS, Some(key), b'{') if key.is("agent_states") => Route::Enter(AGENTS),
            (TOP | AGENTS, Some(key), b'{') if key.is("llm_context") => Route::Enter(AGENTS),
            (AGENTS, Some(key), b'[') if key.is("message_thread") => Route::Enter(THREAD),
            (AGENTS, Some(key), b'[') if key.is("messages") => Route::Enter(CONTEXT),
            // The first versions.
            (TOP | AGENTS, Some(key), b'[') if key.is("llm_messages") => Route::Enter(CONTEXT),
            (AGENTS, Some(_), b'{') => Route::Enter(AGENTS),
            (THREAD | CONTEXT, None, b'{') => Route::Take(MESSAGE),
            _ => Route::Skip,
        }
    }

    fn enter(&mut self, state: State, at: u64) {
        if matches!(state, THREAD | CONTEXT) {
            self.lists.push(List { thread: state == THREAD, start: at, said: Vec::new(), stop: None });
        }
    }

    fn take(&mut self, tag: u8, lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
        let record = Record::take(lexer, here)?;
        let Some(list) = self.lists.last_mut() else { return Ok(()) };
        if tag == STOP {
            list.stop = Some(record.whole_place());
        } else {
            list.said.push(said(&record, build));
        }
        Ok(())
    }

    fn finish(self: Box<Self>, build: &mut Builder) -> Box<dyn Reveal> {
        let thread = self.lists.iter().any(|list| list.thread && !list.said.is_empty());
        let shown = self.lists.into_iter().filter(|list| !list.said.is_empty() && (list.thread || !thread));
        for (number, list) in shown.enumerate() {
            self::build(number, &list, build);
        }
        Box::new(AutoGenReveal)
    }
}

fn kind(at: At<'_>) -> String {
    at.text_of("type").unwrap_or_default().into_owned()
}

fn said(record: &Record<'_>, build: &mut Builder) -> Said {
    let at = record.root();
    let kind = kind(at);
    let usage = at.get("models_usage").map(read::usage).unwrap_or_default();
    let items = || at.get("content").into_iter().flat_map(At::items);
    let mut sym = |at: At<'_>, keys: &[&str]| build.names.intern(&read::text(at, keys).unwrap_or_default());
    let results = matches!(kind.as_str(), "ToolCallExecutionEvent" | "FunctionExecutionResultMessage");
    let results = items()
        .filter(|_| results)
        .map(|item| (sym(item, &["name"]), sym(item, &["call_id"]), read::flag(item, "is_error")));
    let results = results.collect();
    let calls = items().filter(|item| item.get("arguments").is_some());
    let calls: Vec<(Sym, Sym)> = calls.map(|item| (sym(item, &["id"]), sym(item, &["name"]))).collect();
    Said {
        place: record.whole_place(),
        source: sym(at, &["source"]),
        asked: !usage.is_empty() || !calls.is_empty() || kind == "AssistantMessage",
        usage,
        time: read::iso(at, &["created_at"]),
        results,
        calls,
        repeats: kind == "ToolCallSummaryMessage",
    }
}

/// The steps of one list.
fn build(number: usize, list: &List, build: &mut Builder) {
    let run = build.names.intern(&if number == 0 { "team".to_owned() } else { format!("team {}", number + 1) });
    build.run_names.insert(run, "AutoGen team".to_owned());
    let (Some(first), Some(last)) = (list.said.first(), list.said.last()) else { return };
    let root = build.names.intern("team");
    let mut team = Draft::new(run, root, first.place);
    (team.name, team.kind, team.context, team.end) = (root, Kind::Agent, TEAM, last.time);
    team.status = if list.stop.is_some() { Status::Ok } else { Status::Unset };
    team.start = first.time;
    team.more.push(last.place);
    team.more.extend(list.stop);
    build.push(team);
    let user = build.names.intern("user");
    let (model, code) = (build.names.intern("model call"), build.names.intern("tool"));
    let mut names: FxHashMap<Sym, Sym> = FxHashMap::default();
    let mut turn: Option<(Sym, usize, Sym)> = None;
    for (at, said) in list.said.iter().enumerate() {
        let results_only = !said.results.is_empty();
        let goes_on = |turn: &(Sym, usize, Sym)| turn.0 == said.source || results_only;
        let (_, draft, parent) = match turn.filter(goes_on) {
            Some(turn) => turn,
            None => {
                let id = build.names.intern(&format!("turn {}", at + 1));
                let mut draft = Draft::new(run, id, said.place);
                draft.parent = Some(root);
                draft.name = said.source;
                draft.kind = if said.source == user { Kind::Human } else { Kind::Agent };
                (draft.status, draft.context) = (Status::Ok, TURN);
                let fresh = (said.source, build.push(draft), id);
                turn = Some(fresh);
                fresh
            }
        };
        if let Some(draft) = build.drafts.get_mut(draft) {
            draft.end = said.time.or(draft.end);
            if draft.place != said.place {
                draft.more.clear();
                draft.more.push(said.place);
            }
        }
        names.extend(said.calls.iter().copied());
        let child = |id: String, name: Sym, kind: Kind, context: u32, build: &mut Builder| {
            let id = build.names.intern(&id);
            let mut draft = Draft::new(run, id, said.place);
            (draft.parent, draft.name, draft.kind, draft.context) = (Some(parent), name, kind, context);
            (draft.end, draft.status) = (said.time, Status::Ok);
            draft.more.extend(so_far::before(list.start, said.place));
            build.push(draft)
        };
        if said.asked && !said.repeats && said.source != user {
            let call = child(format!("message {}", at + 1), model, Kind::Llm, MODEL, build);
            if let Some(draft) = build.drafts.get_mut(call) {
                draft.usage = said.usage;
                draft.flags.set(Flags::MESSAGES);
            }
        }
        for (index, (name, call, failed)) in said.results.iter().enumerate() {
            let name =
                if *name == crate::model::Interner::EMPTY { names.get(call).copied().unwrap_or(code) } else { *name };
            let context = TOOL.saturating_add(u32::try_from(index).unwrap_or(u32::MAX));
            let tool = child(format!("message {} result {}", at + 1, index + 1), name, Kind::Tool, context, build);
            if let Some(draft) = build.drafts.get_mut(tool).filter(|_| *failed) {
                draft.status = Status::Error;
            }
        }
    }
}

struct AutoGenReveal;

/// The parts of a message's content.
fn parts(at: At<'_>) -> Vec<Part> {
    let Some(content) = at.get("content") else { return Vec::new() };
    if let Some(text) = content.string() {
        return vec![Part::Text(text.into_owned())];
    }
    let text = |at: At<'_>, keys: &[&str]| read::text(at, keys).unwrap_or_default().into_owned();
    let part = |item: At<'_>| {
        if item.get("arguments").is_some() {
            return vec![Part::ToolCall {
                id: text(item, &["id"]),
                name: text(item, &["name"]),
                arguments: text(item, &["arguments"]),
            }];
        }
        if item.get("call_id").is_some() {
            return vec![Part::ToolResult {
                id: text(item, &["call_id"]),
                name: text(item, &["name"]),
                content: text(item, &["content"]),
                error: read::flag(item, "is_error"),
            }];
        }
        match item.string() {
            Some(text) => vec![Part::Text(text.into_owned())],
            None => dialect::content(&format!("[{}]", item.json())),
        }
    };
    if content.is(NodeKind::Array) {
        return content.items().flat_map(part).collect();
    }
    vec![Part::Other(content.json().into_owned())]
}

/// A message as the agent `own` sees it.
fn message(at: At<'_>, own: &str, side: Side) -> Message {
    let (kind, source) = (kind(at), at.text_of("source").unwrap_or_default());
    let parts = parts(at);
    let role = match kind.as_str() {
        "SystemMessage" => Role::System,
        _ if parts.iter().any(|part| matches!(part, Part::ToolResult { .. })) => Role::Tool,
        "AssistantMessage" => Role::Assistant,
        _ if source == own => Role::Assistant,
        _ => Role::User,
    };
    let mut made = dialect::message(side, role, parts);
    if source != "user" {
        made.name = source.into_owned();
    }
    made
}

impl Reveal for AutoGenReveal {
    fn reveal(&self, about: Revealing<'_>, pieces: &[Piece]) -> Details {
        let mut details = Details::default();
        let Some(first) = pieces.first() else { return details };
        let record = Record::of(first);
        let at = record.root();
        let source = at.text_of("source").unwrap_or_default().into_owned();
        match about.context {
            TEAM => {
                details.input = record.value(at.get("content"));
                details.output = pieces.get(1).and_then(|last| {
                    let last = Record::of(last);
                    last.value(last.root().get("content"))
                });
                let stop = pieces.get(2).map(Record::of);
                let stop = stop.as_ref().and_then(|stop| stop.root().string());
                details.facts.extend(stop.map(|text| Fact { label: "stopped by".into(), text: text.into_owned() }));
            }
            TURN => {
                let last = pieces.last().map_or_else(|| Record::of(first), Record::of);
                details.output = last.value(last.root().get("content"));
                details.facts.push(Fact { label: "speaker".into(), text: source });
            }
            MODEL => {
                details.output = record.value(at.get("content"));
                if let Some(before) = pieces.get(1) {
                    let text = so_far::closed(before);
                    let tree = Tree::parse(text.as_bytes());
                    let all: Vec<At<'_>> = At::root(text.as_bytes(), &tree).into_iter().flat_map(At::items).collect();
                    let skip = all.len().saturating_sub(BEFORE);
                    // An agent remembers its own calls and results; others hear the summary of them.
                    let heard = |at: &At<'_>| {
                        let (kind, own) = (kind(*at), at.text_of("source").unwrap_or_default() == source.as_str());
                        if own { kind != "ToolCallSummaryMessage" } else { !kind.ends_with("Event") }
                    };
                    let seen = all.into_iter().skip(skip).filter(heard);
                    details.messages.extend(seen.map(|at| message(at, &source, Side::Input)));
                }
                details.messages.push(message(at, &source, Side::Output));
                details.attributes = record.attributes(at, &["content", "source", "created_at", "models_usage", "id"]);
                details.notes.push("Which model answered, and what it was told at first, is not in this file.".into());
            }
            tool => {
                let mut results = at.get("content").into_iter().flat_map(At::items);
                let Some(result) = results.nth(tool.saturating_sub(TOOL) as usize) else { return details };
                details.output = record.value(result.get("content"));
                let id = read::text(result, &["call_id"]).unwrap_or_default().into_owned();
                if read::flag(result, "is_error") {
                    let message = read::text(result, &["content"]).unwrap_or_default().into_owned();
                    details.error = Some(Error { message, ..Error::default() });
                }
                // The arguments stand with the call, in a message before.
                if let Some(before) = pieces.get(1) {
                    let text = so_far::closed(before);
                    let tree = Tree::parse(text.as_bytes());
                    let calls = At::root(text.as_bytes(), &tree).into_iter().flat_map(At::items);
                    let calls = calls.filter_map(|at| at.get("content")).flat_map(At::items);
                    let call = calls.filter(|call| call.text_of("id").as_deref() == Some(id.as_str())).last();
                    details.input = call.and_then(|call| call.get("arguments")).and_then(|arguments| {
                        let (start, end) = (arguments.start() as u64, arguments.end() as u64);
                        let place = Place { start: before.place.start + start, len: end - start, ..before.place };
                        let text = crate::model::ValueText::JsonString;
                        arguments.is(NodeKind::String).then_some(crate::model::Value { place, text })
                    });
                }
                details.facts.push(Fact { label: "call".into(), text: id });
            }
        }
        if !record.whole() {
            details.note_damage();
        }
        details
    }
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    probe.find(|sample| {
        let has = |way: &[&str]| sample.path(way).is_some();
        let result = has(&["messages", "source"])
            && has(&["messages", "content"])
            && (has(&["stop_reason"]) || has(&["messages", "models_usage"]) || has(&["messages", "type"]));
        let thread = has(&["message_thread", "source"]);
        let state =
            sample.get("type").and_then(|node| sample.text_of(node)).is_some_and(|kind| kind.ends_with("State"));
        sample.is(0, NodeKind::Object)
            && (result
                || thread
                || (state && (has(&["agent_states"]) || has(&["llm_context"]) || has(&["llm_messages"]))))
    })?;
    Matched::new("AutoGen messages", "its messages have `source`, `content` and `type`, as AutoGen's do")
}
