//! Codex rollouts: the lines `{timestamp, type, payload}` that it writes to `~/.codex/sessions`.
//!
//! Source: rollouts of the versions 0.77 and around, and the protocol's published types, 2026. Texts stand in a rollout
//! twice, as a `response_item` (what the model was given and wrote) and as an `event_msg` (what the screen showed): the
//! items are read, the events only where there are no items.

pub(super) mod exec;
mod reveal;
#[cfg(test)]
mod tests;

use super::thread::{Answer, Known, Thread, settle_call, title};
use super::told::texts;
use crate::import::record::{Record, read};
use crate::import::tally::Tally;
use crate::import::{Builder, Format, Here, Importer, Matched, Probe, Reveal, Route, Sample, State, each_object};
use crate::json::{At, Lack, Lexer, NodeKind, Str};
use crate::model::{Interner, Nanos, Place, Severity, Status, Sym, Usage};
use crate::wording::counted;
use rustc_hash::FxHashSet;

/// The format.
pub(super) const FORMAT: Format = Format {
    id: "codex",
    name: "Codex rollouts",
    detect,
    importer: |file, probe| Box::new(Codex::new(file, !probe.samples.iter().any(is_item))),
};

/// [`crate::import::Draft::context`] of a turn whose prompt is not in the file.
const NO_PROMPT: u32 = 1;

struct Codex {
    file: u16,
    /// The file has no items: what the events say is all there is.
    events_only: bool,
    known: Known,
    thread: Option<Thread>,
    run: Sym,
    model: String,
    /// What opened the turn, while nothing has answered it: it comes twice.
    prompt: Option<String>,
    /// Whether the answer of the newest call may go on.
    open: bool,
    calls: u32,
    /// What was used in all, as last stated: the same sum comes more than once.
    total: Option<Usage>,
    failed: FxHashSet<Sym>,
    tally: Tally,
}

/// One line.
#[derive(Clone, Copy)]
struct Item<'a> {
    payload: At<'a>,
    place: Place,
    time: Option<Nanos>,
}

impl Importer for Codex {
    fn route(&mut self, state: State, key: Option<Str<'_>>, lead: u8) -> Route {
        each_object(state, key.as_ref(), lead)
    }

    fn take(&mut self, _: u8, lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
        let record = Record::take(lexer, here)?;
        self.known.look(build);
        let root = record.root();
        let time = read::iso(root, &["timestamp"]);
        // The first versions wrote the items themselves.
        let payload = root.get("payload").filter(|payload| payload.is(NodeKind::Object));
        let kind = read::text(root, &["type"]).unwrap_or_default();
        let item = Item { payload: payload.unwrap_or(root), place: record.whole_place(), time };
        match &*kind {
            "session_meta" => self.begin(item.payload, build),
            "turn_context" => self.model = read::text(item.payload, &["model"]).unwrap_or_default().into_owned(),
            "event_msg" => self.event(item, build),
            "response_item" => self.item(item, build),
            "compacted" => self.compacted(item, build),
            "" if root.get("record_type").is_some() => {}
            "" if root.get("instructions").is_some() || root.get("id").is_some() => self.begin(root, build),
            _ if payload.is_none() => self.item(item, build),
            other => self.tally.add("unknown-line", item.place, other),
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>, build: &mut Builder) -> Box<dyn Reveal> {
        if let Some(mut thread) = self.thread.take() {
            self.known.finish(build, std::slice::from_mut(&mut thread));
        }
        self.tally.say(build, Severity::Warning, "unknown-line", |count, text| {
            format!("{} of an unknown type skipped, the first is `{text}`.", counted(count, "line", "lines"))
        });
        self.tally.say(build, Severity::Info, "end-without-start", |count, text| {
            let results = counted(count, "result belongs", "results belong");
            format!("{results} to a tool call that is not in this file, the first to `{text}`; left out.")
        });
        Box::new(reveal::Told)
    }
}

impl Codex {
    fn new(file: u16, events_only: bool) -> Codex {
        Codex {
            file,
            events_only,
            known: Known::default(),
            thread: None,
            run: Interner::EMPTY,
            model: String::new(),
            prompt: None,
            open: false,
            calls: 0,
            total: None,
            failed: FxHashSet::default(),
            tally: Tally::default(),
        }
    }

    /// The session: its first line. A resumed one repeats the lines of the session it goes on from, that one's first
    /// line among them.
    fn begin(&mut self, about: At<'_>, build: &mut Builder) {
        if self.run == Interner::EMPTY {
            let id = read::text(about, &["id", "session_id"]).unwrap_or_default();
            self.run = build.names.intern(&id);
        }
        if self.model.is_empty() {
            self.model = read::text(about, &["model"]).unwrap_or_default().into_owned();
        }
    }

    fn thread(&mut self, build: &mut Builder) -> &mut Thread {
        if self.run == Interner::EMPTY {
            self.run = build.names.intern(&format!("rollout-{}", self.file));
        }
        self.thread.get_or_insert_with(|| Thread::new(self.run, None))
    }

    fn event(&mut self, item: Item<'_>, build: &mut Builder) {
        let Item { payload, place, time, .. } = item;
        let kind = read::text(payload, &["type"]).unwrap_or_default();
        let call_id = read::text(payload, &["call_id"]).map(|id| build.names.intern(&id));
        match &*kind {
            "user_message" => {
                let text = payload.text_of("message").unwrap_or_default();
                self.prompted(item, &text, build);
                if self.events_only {
                    self.give(place, time, build);
                }
            }
            "agent_message" | "agent_reasoning" if self.events_only => {
                self.answered(item, kind == "agent_message", build);
            }
            "token_count" => self.used(payload, build),
            "task_started" | "turn_started" => self.open = false,
            "task_complete" | "turn_complete" => {
                let thread = self.thread(build);
                thread.last = thread.last.max(time);
            }
            "turn_aborted" => self.turn_is(Status::Cancelled, place, build),
            "error" => self.turn_is(Status::Error, place, build),
            "stream_error" | "warning" | "entered_review_mode" | "exited_review_mode" | "context_compacted" => {
                self.thread(build).note(build, place);
            }
            "exec_command_end" | "mcp_tool_call_end" | "patch_apply_end" => {
                let Some(id) = call_id else { return };
                if reveal::ended_badly(payload) {
                    self.failed.insert(id);
                }
                let run = self.run;
                let tool = self.known.waiting(run, id).or_else(|| self.known.get(run, id));
                if let Some(tool) = tool.and_then(|at| build.drafts.get_mut(at)) {
                    tool.more.push(place);
                    if self.failed.contains(&id) && tool.status == Status::Ok {
                        tool.status = Status::Error;
                    }
                }
            }
            _ => {}
        }
    }

    fn turn_is(&mut self, status: Status, place: Place, build: &mut Builder) {
        let thread = self.thread(build);
        thread.note(build, place);
        if let Some(turn) = thread.turn.and_then(|turn| build.drafts.get_mut(turn)) {
            turn.status = status;
        }
    }

    fn give(&mut self, place: Place, time: Option<Nanos>, build: &mut Builder) {
        self.open = false;
        self.thread(build).give(place, time);
    }

    fn item(&mut self, item: Item<'_>, build: &mut Builder) {
        let Item { payload, place, time, .. } = item;
        let kind = read::text(payload, &["type"]).unwrap_or_default();
        match &*kind {
            "message" => {
                let role = read::text(payload, &["role"]).unwrap_or_default();
                if role == "assistant" {
                    self.answered(item, true, build);
                    return;
                }
                let text = payload.get("content").map(texts).unwrap_or_default();
                if role == "user" && !injected(&text) {
                    self.prompted(item, &text, build);
                }
                self.give(place, time, build);
            }
            "reasoning" => self.answered(item, false, build),
            "ghost_snapshot" | "other" => {}
            "compaction" | "compaction_summary" => self.compacted(item, build),
            kind if kind.ends_with("_output") => self.returned(item, build),
            kind if kind.ends_with("_call") => self.asked(item, kind, build),
            other => self.tally.add("unknown-line", place, other),
        }
    }

    /// Somebody asks: an item and an event say the same, in either order.
    fn prompted(&mut self, item: Item<'_>, text: &str, build: &mut Builder) {
        if self.prompt.as_deref().is_some_and(|prompt| prompt == text.trim()) {
            return;
        }
        self.open = false;
        let name = if text.trim().is_empty() { "(a picture or a file)".to_owned() } else { title(text) };
        self.thread(build);
        self.turn(item, &name, build);
        build.run_names.entry(self.run).or_insert(name);
        self.prompt = Some(text.trim().to_owned());
    }

    fn turn(&mut self, item: Item<'_>, name: &str, build: &mut Builder) -> Option<usize> {
        let id = self.known.free(build, self.run, "turn");
        let thread = self.thread.as_mut()?;
        Some(thread.open(&mut self.known, build, id, name, item.place, item.time))
    }

    /// The model writes: a text, its reasoning, or a call.
    fn answered(&mut self, item: Item<'_>, speaks: bool, build: &mut Builder) {
        if self.thread(build).turn.is_none()
            && let Some(turn) = self.turn(item, "Session goes on", build).and_then(|turn| build.drafts.get_mut(turn))
        {
            turn.context = NO_PROMPT;
        }
        self.prompt = None;
        self.calls = self.calls.saturating_add(1);
        let id = self.known.free(build, self.run, &format!("call-{}", self.calls));
        let Some(thread) = self.thread.as_mut() else { return };
        match thread.call.filter(|_| self.open) {
            Some(call) => thread.more(build, call, item.place, item.time),
            None => {
                let call = thread.call(&mut self.known, build, id, item.place, item.time);
                settle_call(build, call, &self.model, Usage::default());
            }
        }
        if speaks {
            thread.said = Some(item.place);
        }
        self.open = true;
    }

    /// A tool is asked for.
    fn asked(&mut self, item: Item<'_>, kind: &str, build: &mut Builder) {
        let Item { payload, place, time, .. } = item;
        self.answered(item, false, build);
        let stated = read::text(payload, &["call_id", "id"]).unwrap_or_default();
        let id = build.names.intern(&stated);
        if !stated.is_empty() && self.known.get(self.run, id).is_some() {
            return;
        }
        let id = self.known.free(build, self.run, &stated);
        let name = read::text(payload, &["name"]).unwrap_or_else(|| kind.trim_end_matches("_call").to_owned().into());
        let Some(thread) = self.thread.as_mut() else { return };
        let tool = thread.tool(&mut self.known, build, id, &name, place, time);
        // What the provider runs itself has no output of its own.
        if matches!(kind, "web_search_call" | "image_generation_call") {
            let failed = read::text(payload, &["status"]).is_some_and(|status| status == "failed");
            let status = if failed { Status::Error } else { Status::Ok };
            self.known.answer(build, self.run, id, Answer { status, time, pieces: Vec::new() });
            if let Some(tool) = build.drafts.get_mut(tool) {
                tool.end = time;
            }
        }
    }

    fn returned(&mut self, item: Item<'_>, build: &mut Builder) {
        let Item { payload, place, time, .. } = item;
        self.thread(build);
        if let Some(id) = read::text(payload, &["call_id", "id"]) {
            let id = build.names.intern(&id);
            let status = match payload.get("output").map(reveal::outcome).unwrap_or(Status::Ok) {
                Status::Ok if self.failed.contains(&id) => Status::Error,
                status => status,
            };
            let answer = Answer { status, time, pieces: vec![place] };
            if !self.known.answer(build, self.run, id, answer) && self.known.get(self.run, id).is_none() {
                self.tally.add("end-without-start", place, build.names.get(id));
            }
        }
        self.give(place, time, build);
    }

    /// What was used: the newest request's, and the sum of all.
    fn used(&mut self, payload: At<'_>, build: &mut Builder) {
        let Some(info) = payload.get("info").filter(|info| info.is(NodeKind::Object)) else { return };
        let total = info.get("total_token_usage").map(read::usage);
        if total.is_some() && total == self.total {
            return;
        }
        self.total = total.or(self.total);
        let Some(usage) = info.get("last_token_usage").map(read::usage) else { return };
        let call = self.thread.as_ref().and_then(|thread| thread.call);
        let Some(call) = call.and_then(|call| build.drafts.get_mut(call)) else { return };
        if call.usage.is_empty() {
            call.usage = usage;
        } else {
            call.usage.add(&usage);
        }
        self.open = false;
    }

    fn compacted(&mut self, item: Item<'_>, build: &mut Builder) {
        self.open = false;
        let run = self.thread(build).run;
        let id = self.known.free(build, run, "compacted");
        if let Some(thread) = self.thread.as_mut() {
            thread.mark(&mut self.known, build, id, "Conversation compacted", item.place, item.time);
        }
    }
}

/// What Codex itself puts before a prompt: instructions and surroundings.
fn injected(text: &str) -> bool {
    let text = text.trim_start();
    let tag = text.strip_prefix('<').and_then(|rest| rest.split(['>', ' ']).next());
    tag.is_some_and(|tag| tag.contains('_') || matches!(tag, "INSTRUCTIONS" | "skill"))
        || text.starts_with("# AGENTS.md instructions")
}

fn is_item(sample: &Sample<'_>) -> bool {
    let kind = sample.get("type").and_then(|node| sample.text_of(node));
    kind.is_some_and(|kind| kind == "response_item" || kind == "message" && sample.get("payload").is_none())
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    let text = |sample: &Sample<'_>, key: &str| sample.get(key).and_then(|node| sample.text_of(node));
    let rollout = probe.find(|sample| {
        let kind = text(sample, "type").unwrap_or_default();
        ["session_meta", "response_item", "event_msg", "turn_context"].contains(&kind.as_str())
            && sample.get("payload").is_some()
    });
    if rollout.is_some() {
        return Matched::new(
            "Codex rollout",
            "its lines are `response_item`, `event_msg` and the like with a `payload`",
        );
    }
    let first = probe.samples.first()?;
    let head = text(first, "id").is_some() && text(first, "timestamp").is_some() && first.get("instructions").is_some();
    let state = probe.find(|sample| text(sample, "record_type").as_deref() == Some("state")).is_some();
    (head && probe.many() && (state || probe.find(is_item).is_some())).then_some(())?;
    Matched::new(
        "Codex rollout (first version)",
        "it begins with `id`, `timestamp` and `instructions`, and items follow",
    )
}
