//! What `codex exec --json` prints: the events of a thread, line by line, without times.
//!
//! Source: the events' published types (`thread.started`, `turn.…`, `item.…`, `error`), 2025 and 2026. A turn holds items;
//! an item is told when it begins, when it changes and when it is complete, each time whole. What was asked is not
//! printed.

use crate::dialect;
use crate::import::agents::told::{event, fact, failure};
use crate::import::record::{Record, Shown, read};
use crate::import::tally::Tally;
use crate::import::{
    Builder, Draft, Format, Here, Importer, Matched, Probe, Reveal, Revealing, Route, State, each_object,
};
use crate::json::{At, Lack, Lexer, Str};
use crate::model::{Details, Flags, Interner, Kind, Part, Role, Severity, Side, Status, Sym};
use crate::wording::counted;
use rustc_hash::FxHashMap;

/// The format.
pub(in crate::import::agents) const FORMAT: Format = Format {
    id: "codex-exec",
    name: "Codex event lines (exec --json)",
    detect,
    importer: |file, _| {
        Box::new(Exec {
            file,
            run: Interner::EMPTY,
            begun: 0,
            turns: 0,
            turn: None,
            items: FxHashMap::default(),
            tally: Tally::default(),
        })
    },
};

struct Exec {
    file: u16,
    run: Sym,
    /// How often a thread began: a resumed one numbers its items anew.
    begun: u32,
    turns: u32,
    turn: Option<(usize, Sym)>,
    /// Items of the thread by their ids.
    items: FxHashMap<Sym, usize>,
    tally: Tally,
}

impl Importer for Exec {
    fn route(&mut self, state: State, key: Option<Str<'_>>, lead: u8) -> Route {
        each_object(state, key.as_ref(), lead)
    }

    fn take(&mut self, _: u8, lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
        let record = Record::take(lexer, here)?;
        let root = record.root();
        let kind = read::text(root, &["type"]).unwrap_or_default();
        match &*kind {
            "thread.started" | "session.created" => {
                let id = read::text(root, &["thread_id", "session_id"]).unwrap_or_default();
                self.run = build.names.intern(&id);
                self.begun = self.begun.saturating_add(1);
                self.turn = None;
                self.items.clear();
            }
            "turn.started" => {
                self.open(&record, build);
            }
            "turn.completed" | "turn.failed" => {
                let (turn, _) = self.turn(&record, build);
                if let Some(draft) = build.drafts.get_mut(turn) {
                    draft.status = if kind == "turn.failed" { Status::Error } else { Status::Ok };
                    draft.usage = root.get("usage").map(read::usage).unwrap_or(draft.usage);
                    draft.more.push(record.whole_place());
                }
                self.turn = None;
            }
            "item.started" | "item.updated" | "item.completed" => self.item(&record, &kind, build),
            "error" => {
                let (turn, _) = self.turn(&record, build);
                if let Some(draft) = build.drafts.get_mut(turn) {
                    draft.more.push(record.whole_place());
                }
            }
            other => self.tally.add("unknown-line", record.whole_place(), other),
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>, build: &mut Builder) -> Box<dyn Reveal> {
        self.tally.say(build, Severity::Warning, "unknown-line", |count, text| {
            format!("{} of an unknown type skipped, the first is `{text}`.", counted(count, "line", "lines"))
        });
        Box::new(Shown(shows))
    }
}

impl Exec {
    fn open(&mut self, record: &Record<'_>, build: &mut Builder) -> (usize, Sym) {
        if self.run == Interner::EMPTY {
            self.run = build.names.intern(&format!("codex-exec-{}", self.file));
        }
        build.run_names.entry(self.run).or_insert_with(|| "Codex exec".to_owned());
        self.turns = self.turns.saturating_add(1);
        let id = build.names.intern(&format!("turn-{}-{}", self.file, self.turns));
        let mut draft = Draft::new(self.run, id, record.whole_place());
        draft.name = build.names.intern("turn");
        (draft.kind, draft.status) = (Kind::Agent, Status::Running);
        let turn = (build.push(draft), id);
        self.turn = Some(turn);
        turn
    }

    /// The turn; where its beginning is not in the file, one all the same.
    fn turn(&mut self, record: &Record<'_>, build: &mut Builder) -> (usize, Sym) {
        self.turn.unwrap_or_else(|| self.open(record, build))
    }

    fn item(&mut self, record: &Record<'_>, event: &str, build: &mut Builder) {
        let Some(item) = record.root().get("item") else { return };
        let (_, turn) = self.turn(record, build);
        let stated = read::text(item, &["id"]).unwrap_or_default();
        let own = build.names.intern(&stated);
        let known = self.items.get(&own).copied().filter(|_| own != Interner::EMPTY);
        let at = known.unwrap_or_else(|| {
            let id = if self.begun > 1 { format!("{stated}#{}", self.begun) } else { stated.into_owned() };
            let mut draft = Draft::new(self.run, build.names.intern(&id), record.place(item));
            draft.parent = Some(turn);
            let at = build.push(draft);
            self.items.insert(own, at);
            at
        });
        let (kind, name) = sort(item);
        let name = build.names.intern(&name);
        let Some(draft) = build.drafts.get_mut(at) else { return };
        // Each event tells the item whole: the newest is what it is.
        draft.place = record.place(item);
        (draft.kind, draft.name, draft.status) = (kind, name, status(item, event == "item.completed"));
        if kind == Kind::Llm {
            draft.flags.set(Flags::MESSAGES);
            draft.flags.set(Flags::ONLY_NEW);
        }
    }
}

/// What an item is; the first versions wrote its type under another key.
fn type_of(item: At<'_>) -> String {
    read::text(item, &["type", "item_type"]).unwrap_or_default().into_owned()
}

fn sort(item: At<'_>) -> (Kind, String) {
    let word = |key: &str| read::text(item, &[key]).unwrap_or_default().into_owned();
    match type_of(item).as_str() {
        "agent_message" | "assistant_message" => (Kind::Llm, "answer".to_owned()),
        "command_execution" => (Kind::Tool, "shell".to_owned()),
        "mcp_tool_call" => (Kind::Tool, format!("{}.{}", word("server"), word("tool"))),
        "collab_tool_call" => (Kind::Tool, word("tool")),
        kind @ ("file_change" | "web_search") => (Kind::Tool, kind.replace('_', " ")),
        "todo_list" => (Kind::Task, "plan".to_owned()),
        "" => (Kind::Other, "item".to_owned()),
        other => (Kind::Other, other.replace('_', " ")),
    }
}

fn status(item: At<'_>, complete: bool) -> Status {
    let failed = read::text(item, &["exit_code"]).is_some_and(|code| code != "0");
    match read::text(item, &["status"]).as_deref() {
        Some("failed") => Status::Error,
        Some("declined") => Status::Cancelled,
        _ if failed || type_of(item) == "error" => Status::Error,
        Some("in_progress") if !complete => Status::Running,
        _ if complete => Status::Ok,
        _ => Status::Running,
    }
}

fn shows(record: &Record<'_>, about: Revealing<'_>, details: &mut Details) {
    let root = record.root();
    let kind = about.run.steps.kind.get(about.step as usize).copied().unwrap_or_default();
    if kind == Kind::Agent {
        let text = root.at(&["error", "message"]).or_else(|| root.get("message")).and_then(At::string);
        match read::text(root, &["type"]).as_deref() {
            Some("turn.failed") => details.error = text.map(|text| failure(&text)),
            Some("error") => {
                details.events.push(event(record, "error".into(), None, &[("message", root.get("message"))]));
            }
            _ => {}
        }
        if details.notes.is_empty() {
            details.notes.push("What was asked in this turn is not printed by `codex exec --json`.".into());
        }
        return;
    }
    let value = |keys: &[&str]| record.value(read::first(root, keys));
    match type_of(root).as_str() {
        "agent_message" | "assistant_message" => {
            details.output = value(&["text"]);
            let text = root.text_of("text").unwrap_or_default().into_owned();
            details.messages.push(dialect::message(Side::Output, Role::Assistant, vec![Part::Text(text)]));
        }
        "reasoning" => details.output = value(&["text"]),
        "command_execution" => {
            (details.input, details.output) = (value(&["command"]), value(&["aggregated_output"]));
            fact(details, "exit code", read::text(root, &["exit_code"]));
        }
        "mcp_tool_call" => (details.input, details.output) = (value(&["arguments"]), value(&["result"])),
        "web_search" => details.input = value(&["query"]),
        "file_change" => details.input = value(&["changes"]),
        "todo_list" => details.output = value(&["items"]),
        "error" => {}
        _ => details.output = record.value(Some(root)),
    }
    if about.run.steps.status.get(about.step as usize) == Some(&Status::Error) {
        let text = root.at(&["error", "message"]).or_else(|| root.get("message")).and_then(At::string);
        let output = || root.text_of("aggregated_output").filter(|text| !text.trim().is_empty());
        details.error = text.or_else(output).map(|text| failure(&text));
    }
    let shown = ["id", "type", "item_type", "status", "text", "command", "aggregated_output", "exit_code", "arguments"];
    let rest = ["result", "query", "changes", "items", "message", "error", "tool", "server"];
    details.attributes = record.attributes(root, &[&shown[..], &rest[..]].concat());
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    probe.find(|sample| {
        let kind = sample.get("type").and_then(|node| sample.text_of(node)).unwrap_or_default();
        match kind.as_str() {
            "thread.started" => sample.get("thread_id").is_some(),
            "item.started" | "item.updated" | "item.completed" => {
                ["type", "item_type"].iter().any(|key| sample.path(&["item", key]).is_some())
                    && sample.path(&["item", "id"]).is_some()
            }
            _ => false,
        }
    })?;
    Matched::new("Codex event lines", "its lines are `thread.started`, `turn.…` and `item.…` with an `item`")
}

#[cfg(test)]
mod tests {
    use crate::import::dump::dump;
    use crate::import::testing::open;
    use crate::model::Status;

    const FIXTURE: &str = include_str!("../fixtures/codex_exec.jsonl");

    #[test]
    fn a_thread_with_everything() {
        insta::assert_snapshot!(dump(FIXTURE.as_bytes()));
    }

    #[test]
    fn a_resumed_thread_numbers_its_items_anew() {
        let (_, once) = open(FIXTURE);
        let (_, twice) = open(&format!("{FIXTURE}{FIXTURE}"));
        assert_eq!((twice.runs.len(), twice.runs[0].steps), (1, 2 * once.runs[0].steps));
        assert!(!twice.diagnostics.iter().any(|said| said.code == "duplicate-id"));
    }

    #[test]
    fn what_was_cut_off_is_still_running() {
        let cut: String = FIXTURE.lines().take(4).map(|line| format!("{line}\n")).collect();
        let (session, _) = open(&cut);
        let steps = &session.opened[0].as_ref().unwrap().document.runs[0].steps;
        assert!(steps.status.contains(&Status::Running), "{:?}", steps.status);
        // Without the beginning of the turn there is a turn all the same.
        let (_, view) = open(FIXTURE.lines().nth(3).unwrap());
        assert_eq!((view.format.as_str(), view.runs[0].steps), ("codex-exec", 2));
    }
}
