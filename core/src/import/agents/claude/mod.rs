//! Claude Code sessions: the lines it writes to `~/.claude/projects`, the files of sub-agents, the `loglines` of the web
//! export, and what `claude -p --output-format stream-json` prints.
//!
//! Source: files of 31 versions from 2.0.64 to 2.1.42, the stream's documentation for the Agent SDK, 2026. Lines are
//! read in the order of the file: following `parentUuid` from the newest would lose the parallel calls.

mod line;
mod reveal;
mod settle;
#[cfg(test)]
mod tests;

use super::thread::{Known, Thread};
use crate::import::record::{Record, read};
use crate::import::tally::Tally;
use crate::import::{Builder, Format, Here, Importer, Matched, Probe, Reveal, Route, State, each_object};
use crate::json::{At, Lack, Lexer, NodeKind, Str};
use crate::model::{Interner, Place, Sym};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::VecDeque;

/// The format.
pub(super) const FORMAT: Format = Format {
    id: "claude-code",
    name: "Claude Code sessions",
    detect,
    importer: |file, probe| Box::new(Claude::new(file, web(probe))),
};

/// [`crate::import::Draft::context`] of a turn that begins at an earlier prompt's parent: the conversation was taken
/// back.
const TAKEN_BACK: u32 = 1;
/// Of a turn whose prompt is not in the file.
const NO_PROMPT: u32 = 2;
/// Of a call whose count of output tokens is no count.
const PLACEHOLDER: u32 = 3;
/// Of a call whose count was written before its answer was complete.
const TOO_LOW: u32 = 4;
/// Of a message the program wrote in place of a model.
const SYNTHETIC: u32 = 5;

/// A model call, as far as its lines were read.
#[derive(Clone, Copy, Debug)]
struct Call {
    draft: usize,
    run: Sym,
    /// Characters it wrote.
    written: u64,
    /// The greatest count of output tokens its lines state.
    output: Option<u64>,
}

struct Claude {
    file: u16,
    web: bool,
    known: Known,
    threads: Vec<Thread>,
    /// The agent of each thread.
    names: Vec<Sym>,
    /// Threads by run and agent; the empty agent is the session itself.
    agents: FxHashMap<(Sym, Sym), usize>,
    /// The thread of each line by run and `uuid`: of side chains it tells where they go on; no line is read twice.
    lines: FxHashMap<(Sym, Sym), usize>,
    calls: Vec<Call>,
    by_message: FxHashMap<(Sym, Sym), usize>,
    /// What prompts follow on.
    asked: FxHashSet<(Sym, Sym)>,
    /// Tools that start an agent, by the hash of what they ask it.
    spawns: FxHashMap<u64, VecDeque<Sym>>,
    /// Agents that tools say they started.
    started: Vec<Sym>,
    /// A command somebody typed, which may or may not ask the model.
    command: Option<Command>,
    /// The newest compaction of a thread.
    compacted: FxHashMap<usize, usize>,
    /// Titles and what they rank.
    titles: FxHashMap<Sym, (u8, String)>,
    summaries: Vec<(Sym, String)>,
    session: Option<Sym>,
    tally: Tally,
}

#[derive(Debug)]
struct Command {
    thread: usize,
    name: String,
    id: String,
    place: Place,
    time: Option<crate::model::Nanos>,
}

/// States inside the web export.
const EXPORT: State = 2;
const LOGLINES: State = 3;

impl Importer for Claude {
    fn route(&mut self, state: State, key: Option<Str<'_>>, lead: u8) -> Route {
        if !self.web {
            return each_object(state, key.as_ref(), lead);
        }
        match (state, key, lead) {
            (EXPORT, Some(key), b'[') if key.is("loglines") => Route::Enter(LOGLINES),
            (LOGLINES, None, b'{') => Route::Take(0),
            (state, None, b'{' | b'[') if state != EXPORT => Route::Enter(EXPORT),
            _ => Route::Skip,
        }
    }

    fn take(&mut self, _: u8, lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
        let record = Record::take(lexer, here)?;
        self.known.look(build);
        self.line(&record, build);
        Ok(())
    }

    fn finish(mut self: Box<Self>, build: &mut Builder) -> Box<dyn Reveal> {
        self.settle(build);
        Box::new(reveal::Told)
    }
}

impl Claude {
    fn new(file: u16, web: bool) -> Claude {
        Claude {
            file,
            web,
            known: Known::default(),
            threads: Vec::new(),
            names: Vec::new(),
            agents: FxHashMap::default(),
            lines: FxHashMap::default(),
            calls: Vec::new(),
            by_message: FxHashMap::default(),
            asked: FxHashSet::default(),
            spawns: FxHashMap::default(),
            started: Vec::new(),
            command: None,
            compacted: FxHashMap::default(),
            titles: FxHashMap::default(),
            summaries: Vec::new(),
            session: None,
            tally: Tally::default(),
        }
    }

    /// The run of a line: its session, else that of the line before.
    fn run(&mut self, line: At<'_>, build: &mut Builder) -> Sym {
        let stated = read::text(line, &["sessionId", "session_id"]).map(|id| build.names.intern(&id));
        let run = stated.or(self.session).unwrap_or_else(|| {
            let name = if self.file == 0 { "session".to_owned() } else { format!("session-{}", self.file) };
            build.names.intern(&name)
        });
        self.session = Some(run);
        run
    }

    /// The thread of an agent; `around` is the tool that started it, where that is known.
    fn agent(&mut self, run: Sym, agent: Sym, around: Option<Sym>) -> usize {
        let at = *self.agents.entry((run, agent)).or_insert_with(|| {
            self.threads.push(Thread::new(run, around));
            self.names.push(agent);
            self.threads.len() - 1
        });
        if let Some(thread) = self.threads.get_mut(at)
            && thread.around.is_none()
        {
            thread.around = around;
        }
        at
    }

    /// The thread a line belongs to, and the agent's id when it is not the session's own.
    fn thread_of(&mut self, line: At<'_>, run: Sym, build: &mut Builder) -> (usize, Option<Sym>) {
        // The stream names the tool that started the agent.
        if let Some(tool) = read::text(line, &["parent_tool_use_id"]) {
            let tool = build.names.intern(&tool);
            return (self.agent(run, tool, Some(tool)), Some(tool));
        }
        if !read::flag(line, "isSidechain") {
            return (self.agent(run, Interner::EMPTY, None), None);
        }
        if let Some(agent) = read::text(line, &["agentId"]) {
            let agent = build.names.intern(&agent);
            return (self.agent(run, agent, None), Some(agent));
        }
        // Older versions mix side chains into the session and give them no name: each goes on from its first line.
        let above = read::text(line, &["parentUuid"]).map(|id| build.names.intern(&id));
        if let Some(&thread) = above.and_then(|above| self.lines.get(&(run, above)))
            && let Some(&agent) = self.names.get(thread).filter(|agent| **agent != Interner::EMPTY)
        {
            return (thread, Some(agent));
        }
        let own = read::text(line, &["uuid"]).map_or(Interner::EMPTY, |id| build.names.intern(&id));
        let agent = if own == Interner::EMPTY { build.names.intern("side chain") } else { own };
        let around = self.spawned(line);
        (self.agent(run, agent, around), Some(agent))
    }

    /// The tool whose prompt a side chain begins with.
    fn spawned(&mut self, line: At<'_>) -> Option<Sym> {
        let prompt = line.at(&["message", "content"]).map(super::told::texts)?;
        self.spawns.get_mut(&hash(&prompt))?.pop_front()
    }
}

/// A number for a text, to find an equal one.
fn hash(text: &str) -> u64 {
    use std::hash::{Hash, Hasher};
    let mut hasher = rustc_hash::FxHasher::default();
    text.trim().hash(&mut hasher);
    hasher.finish()
}

/// Whether the text is the web export.
fn web(probe: &Probe<'_>) -> bool {
    probe
        .samples
        .first()
        .is_some_and(|sample| sample.get("loglines").is_some_and(|list| sample.is(list, NodeKind::Array)))
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    if web(probe) {
        return Matched::new("Claude Code session (web export)", "it holds `loglines`");
    }
    let text = |sample: &crate::import::Sample<'_>, key: &str| sample.get(key).and_then(|node| sample.text_of(node));
    let stored = probe.find(|sample| {
        let has = |key: &str| sample.get(key).is_some();
        match text(sample, "type").as_deref() {
            Some("summary") => has("leafUuid"),
            Some("file-history-snapshot") => has("messageId"),
            Some("queue-operation") => has("sessionId") && has("operation"),
            Some("user" | "assistant" | "system" | "progress" | "attachment") => {
                (has("sessionId") && (has("uuid") || has("parentUuid"))) || (has("parentUuid") && has("isSidechain"))
            }
            _ => false,
        }
    });
    if stored.is_some() {
        return Matched::new(
            "Claude Code session",
            "its lines have `sessionId`, `uuid` and `parentUuid` with messages, or are its summaries and snapshots",
        );
    }
    probe.find(|sample| {
        let has = |path: &[&str]| sample.path(path).is_some();
        let begins = || text(sample, "subtype").is_some_and(|subtype| subtype == "init");
        has(&["session_id"])
            && match text(sample, "type").as_deref() {
                // Cursor's agent writes like this too, and tells less.
                Some("system") => has(&["subtype"]) && (has(&["tools"]) || !begins()),
                Some("result") => has(&["subtype"]) && has(&["num_turns"]),
                Some("user" | "assistant") => has(&["message", "role"]) && has(&["parent_tool_use_id"]),
                _ => false,
            }
    })?;
    Matched::new(
        "Claude Code stream (stream-json)",
        "its lines have `session_id` and `parent_tool_use_id` with messages",
    )
}
