//! Requests to a model with what it answered: of OpenAI, Anthropic, Gemini and those who speak like them. One object, a
//! log of them, or the answer alone.
//!
//! Each request repeats the conversation before it. What is new in it is told as steps: what a person said, what tools
//! gave back; then the call with its answer, and the tools it asks for.

use super::body::{Body, body};
use super::shape;
use crate::dialect;
use crate::import::agents::thread::{Answer, Known, Thread, settle_call, title};
use crate::import::agents::told::{fact, failure};
use crate::import::record::{Record, read};
use crate::import::{
    Builder, Format, Here, Importer, Matched, Piece, Probe, Reveal, Revealing, Route, Sample, State, each_object,
};
use crate::json::{At, Lack, Lexer, NodeKind, Str, Tree, looks_like_container};
use crate::model::{
    Details, Error, Flags, Kind, Message, Nanos, Part, Place, Role, Side, Status, Sym, Value, ValueText,
};
use rustc_hash::{FxHashSet, FxHasher};
use std::hash::{Hash, Hasher};

/// The format.
pub(super) const FORMAT: Format = Format {
    id: "model-calls",
    name: "requests to language models and their answers",
    detect,
    importer: |file, _| Box::new(Calls(Log::new(file))),
};

/// [`crate::import::Draft::context`] of a call that was not answered: its only piece is the request.
const UNANSWERED: u32 = u32::MAX;

/// One exchange: the JSON of both sides, and where they stand.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Told<'a> {
    pub(super) request: Option<(&'a str, Place)>,
    pub(super) answer: Option<(&'a str, Place)>,
    pub(super) start: Option<Nanos>,
    pub(super) end: Option<Nanos>,
    pub(super) failed: bool,
    /// Whether it is of the run before, whatever it asks.
    pub(super) same: bool,
}

/// Exchanges, and the steps made of them.
pub(super) struct Log {
    file: u16,
    count: u32,
    known: Known,
    thread: Option<Thread>,
    /// Beginnings of conversations that were told.
    told: FxHashSet<u64>,
    named: bool,
}

/// A message and all before it, as a number.
fn chained(before: u64, message: &Message) -> u64 {
    let mut hasher = FxHasher::default();
    before.hash(&mut hasher);
    for part in &message.parts {
        match part {
            Part::Text(text) | Part::Other(text) => text.trim().hash(&mut hasher),
            Part::ToolResult { content, .. } => content.hash(&mut hasher),
            Part::Image { url } => url.hash(&mut hasher),
            Part::ToolCall { .. } | Part::Reasoning(_) => {}
        }
    }
    hasher.finish()
}

impl Log {
    pub(super) fn new(file: u16) -> Log {
        Log { file, count: 0, known: Known::default(), thread: None, told: FxHashSet::default(), named: false }
    }

    fn begin(&mut self, build: &mut Builder) {
        self.close(build);
        self.count = self.count.saturating_add(1);
        let own = match self.file {
            0 => format!("calls-{}", self.count),
            file => format!("calls-{file}-{}", self.count),
        };
        let run = build.names.intern(&own);
        (self.thread, self.named) = (Some(Thread::new(run, None)), false);
        self.told.clear();
    }

    pub(super) fn close(&mut self, build: &mut Builder) {
        if self.thread.take().is_some() {
            self.known.leave(build);
        }
    }

    pub(super) fn add(&mut self, told: Told<'_>, build: &mut Builder) {
        self.known.look(build);
        let asked = told.request.map(|(json, _)| dialect::messages(json, Side::Input)).unwrap_or_default();
        let spoken: Vec<(usize, &Message)> =
            asked.iter().enumerate().filter(|(_, message)| message.role != Role::System).collect();
        let first = spoken.first().map(|(_, message)| chained(0, message));
        let goes_on = told.same || first.is_none_or(|first| self.told.contains(&first));
        if self.thread.is_none() || !goes_on {
            self.begin(build);
        }
        let Some(thread) = self.thread.as_mut() else { return };
        let run = thread.run;
        let mut chain = 0;
        for (number, message) in spoken {
            // What the model said itself was told as its answer, and is often sent back in other words.
            if message.role == Role::Assistant {
                continue;
            }
            chain = chained(chain, message);
            let Some((_, place)) = told.request.filter(|_| self.told.insert(chain)) else { continue };
            let mut text = String::new();
            for part in &message.parts {
                match part {
                    Part::ToolResult { id, error, .. } => {
                        let id = build.names.intern(id);
                        let status = if *error { Status::Error } else { Status::Ok };
                        let answer = Answer { status, time: told.start, pieces: vec![place] };
                        self.known.answer(build, run, id, answer);
                    }
                    Part::Text(said) => text.push_str(said),
                    _ => {}
                }
            }
            let results = message.parts.iter().any(|part| matches!(part, Part::ToolResult { .. }));
            if message.role != Role::User || text.trim().is_empty() && results {
                continue;
            }
            let name = if text.trim().is_empty() { "(a picture or a file)".to_owned() } else { title(&text) };
            let id = self.known.free(build, run, "user");
            let step = thread.mark(&mut self.known, build, id, &name, place, told.start);
            if let Some(draft) = build.drafts.get_mut(step) {
                draft.kind = Kind::Human;
                draft.context = u32::try_from(number).unwrap_or(0).saturating_add(1);
            }
            if !std::mem::replace(&mut self.named, true) {
                build.run_names.insert(run, name);
            }
        }
        self.call(told, run, build);
    }

    fn call(&mut self, told: Told<'_>, run: Sym, build: &mut Builder) {
        let Some(thread) = self.thread.as_mut() else { return };
        let Some(place) = told.answer.or(told.request).map(|(_, place)| place) else { return };
        let answer = told.answer.map(|(json, _)| json).unwrap_or_default();
        let tree = Tree::parse(answer.as_bytes());
        let root = At::root(answer.as_bytes(), &tree);
        let inner = root.and_then(shape::answer).or(root);
        let stated = inner.and_then(|root| read::text(root, &["id", "responseId"])).unwrap_or_default().into_owned();
        let id = self.known.free(build, run, if stated.is_empty() { "call" } else { &stated });
        thread.given.clear();
        let call = thread.call(&mut self.known, build, id, place, told.end.or(told.start));
        let mut model = inner.map(shape::model).unwrap_or_default();
        if let Some((json, _)) = told.request.filter(|_| model.is_empty()) {
            let tree = Tree::parse(json.as_bytes());
            let asked = At::root(json.as_bytes(), &tree);
            model = asked.and_then(shape::request).or(asked).map(shape::model).unwrap_or_default();
        }
        settle_call(build, call, &model, inner.map(shape::used).unwrap_or_default());
        let failed = told.failed || inner.and_then(|root| read::first(root, &["error"])).is_some();
        if let Some(draft) = build.drafts.get_mut(call) {
            // A request repeats the conversation.
            draft.flags = Flags::MESSAGES;
            draft.start = told.start;
            if told.answer.is_some() {
                draft.more.extend(told.request.map(|(_, place)| place));
            } else {
                draft.context = UNANSWERED;
            }
            draft.status = match (failed, told.answer) {
                (true, _) => Status::Error,
                (false, Some(_)) => Status::Ok,
                (false, None) => Status::Unset,
            };
        }
        let mut number = 0u32;
        for part in dialect::messages(answer, Side::Output).into_iter().flat_map(|message| message.parts) {
            let Part::ToolCall { id, name, .. } = part else { continue };
            number = number.saturating_add(1);
            let id = self.known.free(build, run, if id.is_empty() { "tool" } else { &id });
            let tool = thread.tool(&mut self.known, build, id, &name, place, told.end);
            if let Some(draft) = build.drafts.get_mut(tool) {
                draft.context = number;
            }
        }
    }
}

struct Calls(Log);

impl Importer for Calls {
    fn route(&mut self, state: State, key: Option<Str<'_>>, lead: u8) -> Route {
        each_object(state, key.as_ref(), lead)
    }

    fn take(&mut self, _: u8, lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
        let record = Record::take(lexer, here)?;
        let root = record.root();
        let (request, answer) = (shape::request(root), shape::answer(root));
        let request = request.map(|at| (at.json(), record.place(at)));
        let answer = answer.map(|at| (at.json(), record.place(at)));
        if request.is_none() && answer.is_none() {
            return Ok(());
        }
        let start = read::iso(root, &["timestamp", "startedAt", "startTime", "start_time", "created_at", "time"]);
        let told = Told {
            request: request.as_ref().map(|(json, place)| (&**json, *place)),
            answer: answer.as_ref().map(|(json, place)| (&**json, *place)),
            start,
            end: read::iso(root, &["endedAt", "endTime", "end_time", "completed_at"]).or(start),
            failed: read::first(root, &["error"]).is_some(),
            same: false,
        };
        self.0.add(told, build);
        Ok(())
    }

    fn finish(mut self: Box<Self>, build: &mut Builder) -> Box<dyn Reveal> {
        self.0.close(build);
        Box::new(Shown)
    }
}

pub(super) struct Shown;

/// The JSON of a piece: of a text that is JSON or a stream what it holds; and how it is shown.
fn json_of(piece: &Piece) -> (String, Value) {
    let value = |text: ValueText| Value { place: piece.place, text };
    let quoted = piece.bytes.first() == Some(&b'"');
    let stands = if quoted { ValueText::JsonString } else { ValueText::Json };
    match body(&piece.bytes) {
        None => (String::new(), value(stands)),
        Some(Body { json, done: None }) => (json, value(stands)),
        Some(Body { json, done: Some(done) }) => {
            (json.clone(), value(ValueText::Made { text: json, json: true, note: done.to_owned() }))
        }
    }
}

fn made(place: Place, text: String) -> Option<Value> {
    let json = looks_like_container(&text);
    (!text.is_empty()).then(|| Value { place, text: ValueText::Made { text, json, note: "out of a message".into() } })
}

impl Reveal for Shown {
    fn reveal(&self, about: Revealing<'_>, pieces: &[Piece]) -> Details {
        let mut details = Details::default();
        let read: Vec<(String, Value)> = pieces.iter().map(json_of).collect();
        let kind = about.run.steps.kind.get(about.step as usize).copied().unwrap_or_default();
        let nth = (about.context as usize).wrapping_sub(1);
        match (kind, read.as_slice()) {
            (Kind::Llm, [(request, value)]) if about.context == UNANSWERED => {
                details.input = Some(value.clone());
                details.messages = dialect::messages(request, Side::Input);
                details.notes.push("Its answer is not in this file.".into());
                settings(request, &mut details);
            }
            (Kind::Llm, [(answer, value), rest @ ..]) => {
                if let Some((request, value)) = rest.first() {
                    details.input = Some(value.clone());
                    details.messages = dialect::messages(request, Side::Input);
                    settings(request, &mut details);
                } else {
                    details.notes.push("The request is not in this file.".into());
                }
                details.output = Some(value.clone());
                details.messages.extend(dialect::messages(answer, Side::Output));
                error(answer, &mut details);
            }
            (Kind::Tool, [(answer, value), rest @ ..]) => {
                let parts = dialect::messages(answer, Side::Output).into_iter().flat_map(|message| message.parts);
                let call = parts.filter(|part| matches!(part, Part::ToolCall { .. })).nth(nth);
                let Some(Part::ToolCall { id, arguments, .. }) = call else { return details };
                details.input = made(value.place, arguments);
                let result = rest.first().and_then(|(request, value)| {
                    let messages = dialect::messages(request, Side::Input);
                    let mut parts = messages.into_iter().flat_map(|message| message.parts);
                    let own = |part: &Part| matches!(part, Part::ToolResult { id: answered, .. } if *answered == id);
                    parts.rfind(own).map(|part| (part, value.place))
                });
                fact(&mut details, "call", Some(id).filter(|id| !id.is_empty()));
                match result {
                    Some((Part::ToolResult { content, error, .. }, place)) => {
                        details.error = error.then(|| failure(&content));
                        details.output = made(place, content);
                    }
                    _ => details.notes.push("Its result is not in this file.".into()),
                }
            }
            (_, [(request, value), ..]) => {
                let message = dialect::messages(request, Side::Input).into_iter().nth(nth);
                let text = |message: &Message| {
                    let texts = message.parts.iter().filter_map(|part| match part {
                        Part::Text(text) => Some(text.as_str()),
                        _ => None,
                    });
                    texts.collect::<Vec<_>>().join("\n")
                };
                details.input = message.as_ref().and_then(|message| made(value.place, text(message)));
                details.messages.extend(message);
            }
            _ => {}
        }
        details
    }
}

/// What a request asks for beside its messages, in a few words.
fn settings(request: &str, details: &mut Details) {
    let tree = Tree::parse(request.as_bytes());
    let Some(root) = At::root(request.as_bytes(), &tree) else { return };
    for key in ["temperature", "max_tokens", "max_completion_tokens", "top_p", "reasoning_effort", "stream"] {
        fact(details, &key.replace('_', " "), read::text(root, &[key]));
    }
    let tools = root.get("tools").map(At::count).filter(|count| *count > 0);
    fact(details, "tools offered", tools.map(|count| count.to_string()));
}

fn error(answer: &str, details: &mut Details) {
    let tree = Tree::parse(answer.as_bytes());
    let error = At::root(answer.as_bytes(), &tree).and_then(|root| root.get("error"));
    let error = error.filter(|error| !error.is(NodeKind::Null));
    details.error = error.and_then(|error| read::error(error)).filter(|error| *error != Error::default());
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    if crate::import::refuse::names(probe) {
        return None;
    }
    let object = |sample: &Sample<'_>| super::talk::objects(sample).into_iter().any(|at| shape::answer(at).is_some());
    let found = probe.find(object)?;
    let both = super::talk::objects(found).into_iter().any(|at| shape::request(at).is_some());
    let (label, because) = match both {
        true => ("requests to a model with answers", "it holds messages that were sent, and what a model answered"),
        false => {
            ("answers of a model", "it holds what a model answered (`choices`, `candidates`, `output`, `content`)")
        }
    };
    Matched::new(label, because)
}
