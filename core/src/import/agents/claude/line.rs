//! One line of a Claude Code session: what it adds to the turns, calls and tools.

use super::{Call, Claude, Command, NO_PROMPT, SYNTHETIC, TAKEN_BACK, hash};
use crate::import::Builder;
use crate::import::agents::thread::{Answer, settle_call, title};
use crate::import::agents::told::texts;
use crate::import::record::{Record, read};
use crate::json::{At, NodeKind};
use crate::model::{Interner, Nanos, Place, Status, Sym, Usage};

/// Lines that hold nothing of what happened.
const QUIET: [&str; 9] = [
    "file-history-snapshot",
    "attachment",
    "last-prompt",
    "mode",
    "permission-mode",
    "stream_event",
    "tool_progress",
    "keep_alive",
    "agent-color",
];

/// Where a line stands, and what it belongs to.
#[derive(Clone, Copy)]
struct Spot<'a> {
    record: &'a Record<'a>,
    line: At<'a>,
    message: At<'a>,
    run: Sym,
    thread: usize,
    agent: Option<Sym>,
    time: Option<Nanos>,
}

fn time(line: At<'_>) -> Option<Nanos> {
    read::iso(line, &["timestamp"])
}

impl Claude {
    pub(super) fn line(&mut self, record: &Record<'_>, build: &mut Builder) {
        let line = record.root();
        let kind = read::text(line, &["type"]).unwrap_or_default();
        let run = self.run(line, build);
        match &*kind {
            "user" | "assistant" => {
                let (thread, agent) = self.thread_of(line, run, build);
                self.spoken(record, line, run, thread, agent, build);
            }
            "progress" => self.progress(record, line, run, build),
            "system" => self.system(record, line, run, build),
            "summary" => {
                let leaf = read::text(line, &["leafUuid"]).map(|leaf| build.names.intern(&leaf));
                let summary = read::text(line, &["summary"]).map(|text| title(&text));
                self.summaries.extend(leaf.zip(summary));
            }
            "custom-title" | "ai-title" | "agent-name" => {
                let rank = if kind == "custom-title" { 3 } else { 2 };
                if let Some(name) = read::text(line, &["customTitle", "aiTitle", "title", "agentName", "name"]) {
                    self.title(run, rank, title(&name));
                }
            }
            "queue-operation" | "pr-link" | "rate_limit_event" => self.note(record, line, run, build),
            "result" => {
                let (at, _) = self.thread_of(line, run, build);
                if self.threads.get(at).is_some_and(|thread| thread.turn.is_none()) && line.get("result").is_some() {
                    // The command line says no more unless it is asked to.
                    let begun = self.open(at, run, "session", false, "Session", record.whole_place(), None, build);
                    if let Some(turn) = begun.and_then(|turn| build.drafts.get_mut(turn)) {
                        turn.context = NO_PROMPT;
                        turn.usage = line.get("usage").map(read::usage).unwrap_or_default();
                        turn.usage.cost = read::amount(line, &["total_cost_usd"]);
                    }
                } else {
                    self.note(record, line, run, build);
                }
                let failed = read::flag(line, "is_error")
                    || read::text(line, &["subtype"]).is_some_and(|subtype| subtype.starts_with("error"));
                let turn = self.main(run).and_then(|thread| self.threads.get(thread)).and_then(|thread| thread.turn);
                if let Some(turn) = turn.filter(|_| failed).and_then(|turn| build.drafts.get_mut(turn)) {
                    turn.status = Status::Error;
                }
            }
            quiet if QUIET.contains(&quiet) => {}
            other => self.tally.add("unknown-line", record.whole_place(), other),
        }
    }

    fn main(&self, run: Sym) -> Option<usize> {
        self.agents.get(&(run, Interner::EMPTY)).copied()
    }

    pub(super) fn title(&mut self, run: Sym, rank: u8, name: String) {
        if !name.is_empty() && self.titles.get(&run).is_none_or(|(known, _)| *known < rank || rank == 3) {
            self.titles.insert(run, (rank, name));
        }
    }

    /// Keeps a line with the turn of its thread.
    fn note(&mut self, record: &Record<'_>, line: At<'_>, run: Sym, build: &mut Builder) {
        let (thread, _) = self.thread_of(line, run, build);
        if let Some(thread) = self.threads.get_mut(thread) {
            thread.note(build, record.whole_place());
        }
    }

    fn progress(&mut self, record: &Record<'_>, line: At<'_>, run: Sym, build: &mut Builder) {
        let Some(data) = line.get("data") else { return };
        let tool = read::text(line, &["parentToolUseID"]).map(|id| build.names.intern(&id));
        match read::text(data, &["type"]).as_deref() {
            // What a sub-agent says, told again in the session that started it.
            Some("agent_progress") => {
                let (Some(inner), Some(agent)) = (data.get("message"), read::text(data, &["agentId"])) else { return };
                let agent = build.names.intern(&agent);
                let thread = self.agent(run, agent, tool);
                self.spoken(record, inner, run, thread, Some(agent), build);
            }
            Some("hook_progress") => {
                let own = read::text(line, &["toolUseID"]).map(|id| build.names.intern(&id)).or(tool);
                match own.and_then(|tool| self.known.waiting(run, tool)).and_then(|at| build.drafts.get_mut(at)) {
                    Some(tool) => tool.more.push(record.whole_place()),
                    None => self.note(record, line, run, build),
                }
            }
            // How far a command has come is in its result.
            _ => {}
        }
    }

    fn system(&mut self, record: &Record<'_>, line: At<'_>, run: Sym, build: &mut Builder) {
        let (at, _) = self.thread_of(line, run, build);
        let Some(thread) = self.threads.get_mut(at) else { return };
        if read::text(line, &["subtype"]).is_some_and(|subtype| subtype == "compact_boundary") {
            let id = read::text(line, &["uuid"]).unwrap_or_default();
            let id = self.known.free(build, run, &id);
            let name = "Conversation compacted";
            let step = thread.mark(&mut self.known, build, id, name, record.whole_place(), time(line));
            self.compacted.insert(at, step);
            return;
        }
        if read::text(line, &["subtype"]).is_some_and(|subtype| subtype == "turn_duration") {
            thread.last = thread.last.max(time(line));
        }
        thread.note(build, record.whole_place());
    }

    /// A message of either side.
    fn spoken(
        &mut self,
        record: &Record<'_>,
        line: At<'_>,
        run: Sym,
        thread: usize,
        agent: Option<Sym>,
        build: &mut Builder,
    ) {
        let content = line.get("message").filter(|message| message.get("content").is_some());
        let Some(message) = content else {
            self.tally.add("unknown-line", record.place(line), "a message without content");
            return;
        };
        if let Some(own) = read::text(line, &["uuid"]) {
            let own = build.names.intern(&own);
            if self.lines.insert((run, own), thread).is_some() {
                self.tally.add("line-told-twice", record.place(line), "");
                return;
            }
        }
        let spot = Spot { record, line, message, run, thread, agent, time: time(line) };
        if read::text(line, &["type"]).is_some_and(|kind| kind == "assistant") {
            self.answered(spot, build);
        } else {
            self.user(spot, build);
        }
    }

    fn user(&mut self, spot: Spot<'_>, build: &mut Builder) {
        let Spot { record, line, message, thread: at, time, .. } = spot;
        let Some(content) = message.get("content") else { return };
        let is_result = |part: &At<'_>| read::text(*part, &["type"]).is_some_and(|kind| kind == "tool_result");
        let results: Vec<At<'_>> = content.items().filter(is_result).collect();
        let place = record.place(message);
        if !results.is_empty() {
            for result in &results {
                // What the program knows beyond the model's answer stands beside the message, for one result.
                let beside = line.get("toolUseResult").or_else(|| line.get("tool_use_result"));
                self.returned(spot, *result, beside.filter(|_| results.len() == 1), build);
            }
            if let Some(thread) = self.threads.get_mut(at) {
                thread.give(place, time);
            }
            return;
        }
        let text = texts(content);
        let says = text.trim_start();
        let starts = |words: &[&str]| words.iter().any(|word| says.starts_with(word));
        if read::flag(line, "isCompactSummary") {
            self.summarised(spot, build);
        } else if starts(&["<local-command-caveat>", "Caveat: The messages below were generated"]) {
            // Tells the model how to take the next lines.
        } else if starts(&["[Request interrupted by user"]) {
            let turn = self.threads.get(at).and_then(|thread| thread.turn);
            if let Some(turn) = turn.and_then(|turn| build.drafts.get_mut(turn)) {
                turn.status = Status::Cancelled;
                turn.more.push(record.place(line));
            }
        } else if starts(&["<local-command-stdout>", "<local-command-stderr>", "<bash-input>", "<bash-stdout>"]) {
            // The program answered the command itself: no model is given it.
            let answered = self.command.take().is_some();
            if let Some(thread) = self.threads.get_mut(at) {
                if answered {
                    thread.given.pop();
                }
                thread.note(build, record.place(line));
            }
        } else if starts(&["<command-name>", "<command-message>"]) {
            let name = between(says, "<command-name>", "</command-name>");
            let arguments = between(says, "<command-args>", "</command-args>");
            let id = read::text(line, &["uuid"]).unwrap_or_default().into_owned();
            let name = title(&format!("{} {}", name.unwrap_or("command"), arguments.unwrap_or_default()));
            self.command = Some(Command { thread: at, name, id, place: record.place(line), time });
            self.give(at, place, time);
        } else if read::flag(line, "isMeta") || starts(&["<system-reminder>", "<task-notification>"]) {
            self.give(at, place, time);
        } else {
            self.prompt(spot, &text, build);
            self.give(at, place, time);
        }
    }

    fn give(&mut self, at: usize, place: Place, time: Option<Nanos>) {
        if let Some(thread) = self.threads.get_mut(at) {
            thread.give(place, time);
        }
    }

    /// The summary a conversation goes on from.
    fn summarised(&mut self, spot: Spot<'_>, build: &mut Builder) {
        let Spot { record, line, message, run, thread: at, time, .. } = spot;
        match self.compacted.get(&at).and_then(|&step| build.drafts.get_mut(step)) {
            Some(step) => {
                step.more.push(record.place(line));
                step.end = step.end.max(time);
            }
            None => {
                let id = read::text(line, &["uuid"]).unwrap_or_default();
                let id = self.known.free(build, run, &id);
                let Some(thread) = self.threads.get_mut(at) else { return };
                thread.mark(&mut self.known, build, id, "Conversation compacted", record.place(line), time);
            }
        }
        self.give(at, record.place(message), time);
    }

    /// Somebody asks.
    fn prompt(&mut self, spot: Spot<'_>, text: &str, build: &mut Builder) {
        let Spot { record, line, run, thread: at, agent, time, .. } = spot;
        let own = read::text(line, &["uuid"]).unwrap_or_default();
        let name = if text.trim().is_empty() { "(a picture or a file)".to_owned() } else { title(text) };
        let wished = match agent {
            Some(agent) => format!("agent:{}", build.names.get(agent)),
            None => own.into_owned(),
        };
        let above = read::text(line, &["parentUuid"]).filter(|_| agent.is_none());
        let above = above.map(|above| build.names.intern(&above));
        let taken_back = above.is_some_and(|above| !self.asked.insert((run, above)));
        self.title(run, u8::from(agent.is_none()), name.clone());
        let begun = self.open(at, run, &wished, agent.is_some(), &name, record.place(line), time, build);
        if let Some(turn) = begun.filter(|_| taken_back).and_then(|turn| build.drafts.get_mut(turn)) {
            turn.context = TAKEN_BACK;
        }
    }

    /// Opens a turn, or goes on in the one that is known by this id.
    #[expect(clippy::too_many_arguments, reason = "all of a turn's columns")]
    fn open(
        &mut self,
        at: usize,
        run: Sym,
        wished: &str,
        once: bool,
        name: &str,
        place: Place,
        time: Option<Nanos>,
        build: &mut Builder,
    ) -> Option<usize> {
        let thread = self.threads.get_mut(at)?;
        if once && thread.turn.is_some() {
            return None;
        }
        let id = build.names.intern(wished);
        if let Some(there) = self.known.get(run, id).filter(|_| !wished.is_empty()) {
            // A file opened before has it.
            thread.close(build);
            (thread.turn, thread.turn_id) = (Some(there), Some(id));
            return None;
        }
        let id = self.known.free(build, run, wished);
        Some(thread.open(&mut self.known, build, id, name, place, time))
    }

    /// A turn to stand in: where the prompt is not in the file, one without.
    fn turn(&mut self, spot: Spot<'_>, build: &mut Builder) {
        let Spot { record, line, run, thread: at, agent, time, .. } = spot;
        let asked = self.command.take_if(|command| command.thread == at);
        if let Some(command) = asked {
            self.title(run, 1, command.name.clone());
            self.open(at, run, &command.id, false, &command.name, command.place, command.time, build);
            return;
        }
        if self.threads.get(at).is_none_or(|thread| thread.turn.is_some()) {
            return;
        }
        let wished = match agent {
            Some(agent) => format!("agent:{}", build.names.get(agent)),
            None => "session".to_owned(),
        };
        let name = if agent.is_some() { "Sub-agent" } else { "Session goes on" };
        let begun = self.open(at, run, &wished, agent.is_some(), name, record.place(line), time, build);
        if let Some(turn) = begun.and_then(|turn| build.drafts.get_mut(turn)) {
            turn.context = NO_PROMPT;
        }
    }

    fn answered(&mut self, spot: Spot<'_>, build: &mut Builder) {
        let Spot { record, line, message, run, thread: at, time, .. } = spot;
        self.turn(spot, build);
        let stated = read::text(message, &["model"]).unwrap_or_default();
        let synthetic = stated == "<synthetic>";
        let failed = read::flag(line, "isApiErrorMessage") || line.get("error").is_some_and(|e| e.is(NodeKind::String));
        let model = if synthetic { "" } else { &*stated };
        let key = read::text(message, &["id"])
            .or_else(|| read::text(line, &["requestId", "request_id", "uuid"]))
            .unwrap_or_default();
        let id = build.names.intern(&key);
        let Some(thread) = self.threads.get_mut(at) else { return };
        let number = match self.by_message.get(&(run, id)).copied().filter(|_| !key.is_empty()) {
            Some(number) => {
                if let Some(call) = self.calls.get(number) {
                    thread.more(build, call.draft, record.place(message), time);
                }
                number
            }
            None if !key.is_empty() && self.known.get(run, id).is_some_and(|at| is_call(build, at)) => {
                // A file opened before has it, with what it was given.
                thread.given.clear();
                return;
            }
            None => {
                let id = self.known.free(build, run, &key);
                let draft = thread.call(&mut self.known, build, id, record.place(line), time);
                self.calls.push(Call { draft, run, written: 0, output: None });
                let number = self.calls.len() - 1;
                self.by_message.insert((run, build.names.intern(&key)), number);
                number
            }
        };
        if let Some(call) = self.calls.get_mut(number) {
            call.written = call.written.saturating_add(written(message));
            let mut usage = message.get("usage").map(read::usage).unwrap_or_default();
            usage.cost = usage.cost.or(read::amount(line, &["costUSD"]));
            // Lines of one call repeat its usage; the count of output grows while it is written.
            let newer = call.output.is_none() || usage.output > call.output;
            let usage = if synthetic || !newer { Usage::default() } else { usage };
            call.output = call.output.max(usage.output);
            settle_call(build, call.draft, model, usage);
            if let Some(draft) = build.drafts.get_mut(call.draft) {
                if failed {
                    draft.status = Status::Error;
                }
                if synthetic {
                    draft.context = SYNTHETIC;
                    draft.name = build.names.intern(if failed { "API error" } else { "no model asked" });
                }
            }
        }
        // A turn whose last call failed has failed.
        if let Some(turn) = thread.turn.and_then(|turn| build.drafts.get_mut(turn))
            && matches!(turn.status, Status::Ok | Status::Error)
        {
            turn.status = if failed { Status::Error } else { Status::Ok };
        }
        self.parts(spot, build);
    }

    /// The tools an answer asks for, and those the provider ran itself.
    fn parts(&mut self, spot: Spot<'_>, build: &mut Builder) {
        let Spot { record, message, run, thread: at, time, .. } = spot;
        let Some(content) = message.get("content") else { return };
        let mut speaks = content.is(NodeKind::String);
        for part in content.items() {
            let kind = read::text(part, &["type"]).unwrap_or_default();
            match &*kind {
                "text" => speaks = true,
                "tool_use" | "server_tool_use" | "mcp_tool_use" => {
                    let Some(id) = read::text(part, &["id"]) else { continue };
                    let id = build.names.intern(&id);
                    if self.known.get(run, id).is_some() {
                        continue;
                    }
                    let name = read::text(part, &["name"]).unwrap_or_default();
                    if let Some(thread) = self.threads.get_mut(at) {
                        thread.tool(&mut self.known, build, id, &name, record.place(part), time);
                    }
                    if let Some(prompt) = part.at(&["input", "prompt"]).and_then(At::string) {
                        self.spawns.entry(hash(&prompt)).or_default().push_back(id);
                    }
                }
                kind if kind.ends_with("_tool_result") => self.returned(spot, part, None, build),
                _ => {}
            }
        }
        if speaks && let Some(thread) = self.threads.get_mut(at) {
            thread.said = Some(record.place(message));
        }
    }

    /// What a tool gave back.
    fn returned(&mut self, spot: Spot<'_>, result: At<'_>, beside: Option<At<'_>>, build: &mut Builder) {
        let Spot { record, run, time, .. } = spot;
        let Some(id) = read::text(result, &["tool_use_id"]) else { return };
        let id = build.names.intern(&id);
        if let Some(agent) = beside.and_then(|beside| read::text(beside, &["agentId"])) {
            let agent = build.names.intern(&format!("agent:{agent}"));
            if let Some(tool) = self.known.get(run, id).and_then(|at| build.drafts.get_mut(at)) {
                tool.context = agent.number();
                self.started.push(agent);
            }
        }
        let status = outcome(result);
        let mut pieces = vec![record.place(result)];
        pieces.extend(beside.filter(|beside| beside.is(NodeKind::Object)).map(|beside| record.place(beside)));
        if !self.known.answer(build, run, id, Answer { status, time, pieces }) && self.known.get(run, id).is_none() {
            self.tally.add("end-without-start", record.place(result), build.names.get(id));
        }
    }
}

/// Whether a step is a model call.
fn is_call(build: &Builder, at: usize) -> bool {
    build.drafts.get(at).is_some_and(|draft| draft.kind == crate::model::Kind::Llm)
}

/// How a tool ended: what the user refused has not failed.
fn outcome(result: At<'_>) -> Status {
    if !read::flag(result, "is_error") {
        let failed = result.get("content").and_then(|content| content.text_of("type"));
        return if failed.is_some_and(|kind| kind.ends_with("_error")) { Status::Error } else { Status::Ok };
    }
    let text = result.get("content").map(texts).unwrap_or_default();
    let text = text.trim_start().trim_start_matches("<tool_use_error>").trim_start_matches("Error: ");
    if super::reveal::stopped(text).is_some() { Status::Cancelled } else { Status::Error }
}

/// Characters a model wrote in a message.
fn written(message: At<'_>) -> u64 {
    let Some(content) = message.get("content") else { return 0 };
    let length = |at: Option<At<'_>>| at.and_then(At::string).map_or(0, |text| text.chars().count() as u64);
    let part = |part: At<'_>| {
        let input = part.get("input").map_or(0, |input| input.raw().len() as u64);
        length(part.get("text")).saturating_add(length(part.get("thinking"))).saturating_add(input)
    };
    content.items().map(part).fold(length(Some(content)), u64::saturating_add)
}

fn between<'a>(text: &'a str, from: &str, to: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(from)?;
    rest.split_once(to).map(|(inner, _)| inner.trim())
}
