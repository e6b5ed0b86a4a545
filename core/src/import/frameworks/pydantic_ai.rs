//! Messages of Pydantic AI: `result.all_messages_json()`.
//!
//! Source: `pydantic_ai/messages.py` (0.1 to 1.x): requests and responses with parts. Each response is a model call;
//! each tool call in it a step, which ends where its return or its retry stands in a later request.

use super::so_far;
use crate::dialect;
use crate::import::record::{Record, read};
use crate::import::{
    Builder, Draft, Format, Here, Importer, Matched, Piece, Probe, ROOT, Reveal, Revealing, Route, State,
};
use crate::json::{At, Lack, Lexer, NodeKind, Str};
use crate::model::{Details, Error, Fact, Flags, Kind, Nanos, Place, Side, Status, Sym};
use rustc_hash::FxHashMap;

/// The format.
pub const FORMAT: Format = Format {
    id: "pydantic-ai-messages",
    name: "Pydantic AI messages",
    detect,
    importer: |_, _| Box::new(Messages::default()),
};

const LIST: State = 1;
const TOP: State = 2;
const WRAPPERS: [&str; 5] = ["messages", "all_messages", "new_messages", "message_history", "data"];

/// What a draft's context says it is: the run, a model call, or (from here on) a tool call by its number in the answer.
const RUN: u32 = 0;
const MODEL: u32 = 1;
const TOOL: u32 = 2;

#[derive(Default)]
struct Messages {
    /// Byte of the bracket of the list being read.
    list: u64,
    /// The run: its id in the file, symbol, and the position of its draft.
    run: Option<(String, Sym, usize)>,
    runs: u32,
    /// Tool calls without an answer, by id.
    open: FxHashMap<(Sym, String), usize>,
    /// When the newest request was sent.
    asked: Option<Nanos>,
    count: u32,
    last: Option<Place>,
}

impl Importer for Messages {
    fn route(&mut self, state: State, key: Option<Str<'_>>, lead: u8) -> Route {
        match (state, key, lead) {
            (ROOT, None, b'[') => Route::Enter(LIST),
            (ROOT, None, b'{') => Route::Enter(TOP),
            (LIST, None, b'{') => Route::Take(0),
            (TOP, Some(key), b'[') if WRAPPERS.iter().any(|known| key.is(known)) => Route::Enter(LIST),
            _ => Route::Skip,
        }
    }

    fn enter(&mut self, state: State, at: u64) {
        if state == LIST {
            self.list = at;
        }
    }

    fn leave(&mut self, state: State, _: u64) {
        if state == LIST {
            // Without ids, another list is another conversation.
            self.asked = None;
        }
    }

    fn take(&mut self, _: u8, lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
        let record = Record::take(lexer, here)?;
        let at = record.root();
        let id = read::text(at, &["run_id"]).unwrap_or_default().into_owned();
        if self.run.as_ref().is_none_or(|(known, ..)| *known != id && !id.is_empty()) {
            self.close(build);
            self.begin(id, &record, build);
        }
        match at.text_of("kind").as_deref() {
            Some("request") => self.request(&record, build),
            Some("response") => self.response(&record, build),
            _ => {}
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>, build: &mut Builder) -> Box<dyn Reveal> {
        self.close(build);
        Box::new(MessagesReveal)
    }
}

/// When a message was made: its own time, else that of its last part.
fn moment(at: At<'_>) -> Option<Nanos> {
    let parts = || at.get("parts").into_iter().flat_map(At::items);
    read::iso(at, &["timestamp"]).or_else(|| parts().filter_map(|part| read::iso(part, &["timestamp"])).last())
}

fn part_kind<'a>(part: At<'a>) -> std::borrow::Cow<'a, str> {
    part.text_of("part_kind").unwrap_or_default()
}

impl Messages {
    fn begin(&mut self, id: String, record: &Record<'_>, build: &mut Builder) {
        self.runs += 1;
        let run =
            if id.is_empty() { build.names.intern(&format!("run {}", self.runs)) } else { build.names.intern(&id) };
        let own = build.names.intern("run");
        let mut draft = Draft::new(run, own, record.whole_place());
        draft.name = build.names.intern("agent");
        (draft.kind, draft.status, draft.start) = (Kind::Agent, Status::Ok, moment(record.root()));
        let asked =
            record.root().get("parts").into_iter().flat_map(At::items).find(|part| part_kind(*part) == "user-prompt");
        let asked = asked.and_then(|part| part.text_of("content"));
        let name = asked.as_deref().unwrap_or("Pydantic AI run").split_whitespace().collect::<Vec<_>>().join(" ");
        build.run_names.entry(run).or_insert_with(|| name.chars().take(80).collect());
        let at = build.push(draft);
        (self.run, self.count, self.asked) = (Some((id, run, at)), 0, None);
    }

    fn close(&mut self, build: &mut Builder) {
        let last = self.last.take();
        if let Some(draft) = self.run.as_ref().and_then(|(.., at)| build.drafts.get_mut(*at)) {
            draft.more.extend(last);
        }
    }

    fn request(&mut self, record: &Record<'_>, build: &mut Builder) {
        let Some(&(_, run, _)) = self.run.as_ref() else { return };
        let at = record.root();
        self.asked = moment(at);
        for part in at.get("parts").into_iter().flat_map(At::items) {
            let kind = part_kind(part);
            if !matches!(kind.as_ref(), "tool-return" | "retry-prompt" | "builtin-tool-return") {
                continue;
            }
            let id = read::text(part, &["tool_call_id"]).unwrap_or_default().into_owned();
            let Some(draft) = self.open.remove(&(run, id)).and_then(|at| build.drafts.get_mut(at)) else { continue };
            let outcome = read::text(part, &["outcome"]).unwrap_or_default();
            let failed = kind == "retry-prompt" || !matches!(outcome.as_ref(), "" | "success");
            draft.status = if failed { Status::Error } else { Status::Ok };
            draft.end = read::iso(part, &["timestamp"]).or(self.asked);
            draft.more.push(record.place(part));
        }
    }

    fn response(&mut self, record: &Record<'_>, build: &mut Builder) {
        let Some((_, run, root)) = self.run.clone() else { return };
        let at = record.root();
        let whole = record.whole_place();
        self.count += 1;
        let parent = build.drafts.get(root).map(|draft| draft.id);
        let end = moment(at);
        if let Some(draft) = build.drafts.get_mut(root) {
            draft.end = draft.end.max(end);
        }
        self.last = Some(whole);
        let id = build.names.intern(&format!("answer {}", self.count));
        let mut call = Draft::new(run, id, whole);
        let model = read::text(at, &["model_name"]).unwrap_or_default();
        call.model = build.names.intern(&model);
        call.name = build.names.intern(if model.is_empty() { "model call" } else { &model });
        (call.parent, call.kind, call.status, call.context) = (parent, Kind::Llm, Status::Ok, MODEL);
        (call.start, call.end) = (self.asked, end);
        call.usage = at.get("usage").map(read::usage).unwrap_or_default();
        call.more.extend(so_far::before(self.list, whole));
        call.flags.set(Flags::MESSAGES);
        build.push(call);
        for (index, part) in at.get("parts").into_iter().flat_map(At::items).enumerate() {
            if !matches!(part_kind(part).as_ref(), "tool-call" | "builtin-tool-call") {
                continue;
            }
            let call = read::text(part, &["tool_call_id"]).unwrap_or_default().into_owned();
            let id = build.names.intern(&format!("answer {} part {}", self.count, index + 1));
            let mut draft = Draft::new(run, id, record.place(part));
            draft.name = build.names.intern(&read::text(part, &["tool_name"]).unwrap_or_default());
            (draft.parent, draft.kind, draft.context, draft.start) = (parent, Kind::Tool, TOOL, end);
            // Without an answer in the file: somebody else was to do it, or the run stopped here.
            draft.status = Status::Waiting;
            self.open.insert((run, call), build.push(draft));
        }
    }
}

struct MessagesReveal;

impl Reveal for MessagesReveal {
    fn reveal(&self, about: Revealing<'_>, pieces: &[Piece]) -> Details {
        let mut details = Details::default();
        let Some(first) = pieces.first() else { return details };
        let record = Record::of(first);
        let at = record.root();
        let second = pieces.get(1);
        match about.context {
            RUN => {
                let prompt = |kind: &str| {
                    let mut parts = at.get("parts").into_iter().flat_map(At::items);
                    parts.find(|part| part_kind(*part) == kind).and_then(|part| part.get("content"))
                };
                details.input = record.value(prompt("user-prompt"));
                if let Some(last) = second.map(Record::of) {
                    let parts = last.root().get("parts").into_iter().flat_map(At::items);
                    let said = parts.filter(|part| matches!(part_kind(*part).as_ref(), "text" | "tool-call")).last();
                    details.output = last.value(said.and_then(|part| read::first(part, &["content", "args"])));
                }
                for key in ["conversation_id", "run_id"] {
                    let text = read::text(at, &[key]);
                    details
                        .facts
                        .extend(text.map(|text| Fact { label: key.replace('_', " "), text: text.into_owned() }));
                }
            }
            MODEL => {
                details.output = record.value(at.get("parts"));
                details.messages = second.map(so_far::messages).unwrap_or_default();
                details.messages.extend(dialect::messages(&at.json(), Side::Output));
                details.attributes = record.attributes(at, &["parts", "usage", "model_name", "timestamp", "kind"]);
            }
            _ => {
                details.input = record.value(at.get("args"));
                let id = read::text(at, &["tool_call_id"]);
                details.facts.extend(id.map(|id| Fact { label: "call".into(), text: id.into_owned() }));
                match second.map(Record::of) {
                    Some(answer) => {
                        let back = answer.root();
                        details.output = answer.value(back.get("content"));
                        let outcome = read::text(back, &["outcome"]).unwrap_or_default().into_owned();
                        if part_kind(back) == "retry-prompt" || !matches!(outcome.as_str(), "" | "success") {
                            let message = read::text(back, &["content"]).map(std::borrow::Cow::into_owned);
                            let json = || back.get("content").map(|content| content.brief(400)).unwrap_or_default();
                            let kind = if outcome.is_empty() { "retry".to_owned() } else { outcome };
                            let message = message.unwrap_or_else(json);
                            details.error = Some(Error { kind, message, stack: String::new() });
                        }
                    }
                    None => details.notes.push("What it gave back is not in this file.".into()),
                }
            }
        }
        if !record.whole() {
            details.note_damage();
        }
        details
    }
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    let because = "it lists requests and responses whose parts have a `part_kind`";
    for sample in &probe.samples {
        let is = |way: &[&str]| sample.path(way).is_some();
        if sample.is_array() && is(&["kind"]) && is(&["parts", "part_kind"]) {
            return Matched::new("Pydantic AI messages", because);
        }
        let wrapped = |key: &str| is(&[key, "parts", "part_kind"]) && is(&[key, "kind"]);
        if sample.is(0, NodeKind::Object) && WRAPPERS.into_iter().any(wrapped) {
            return Matched::new("Pydantic AI messages (wrapped)", because);
        }
    }
    None
}
