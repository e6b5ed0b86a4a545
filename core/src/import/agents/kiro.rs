//! Conversations of Kiro and of the Amazon Q command line it comes from: `history` with pairs of `user` and `assistant`.
//!
//! Source: an export of Kiro of 2026 and the serialised types of the Amazon Q Developer CLI. One entry is a model call
//! with what it was given.

use super::thread::{Answer, Known, Thread, settle_call, title};
use super::told::{Exchange, NEW_ONLY, fact, failure, only_text, records, texts};
use crate::dialect;
use crate::import::record::{Record, read};
use crate::import::{Builder, Format, Here, Importer, Matched, Piece, Probe, ROOT, Reveal, Revealing, Route, State};
use crate::json::{At, Lack, Lexer, Str};
use crate::model::{Details, Interner, Kind, Message, Part, Role, Side, Status, Sym, Usage};

/// The format.
pub(super) const FORMAT: Format = Format {
    id: "kiro",
    name: "Kiro and Amazon Q conversations",
    detect,
    importer: |file, _| Box::new(Kiro { file, run: Interner::EMPTY, known: Known::default(), threads: Vec::new() }),
};

const DOCUMENT: State = 1;
const HISTORY: State = 2;

const ENTRY: u8 = 0;
const ID: u8 = 1;

struct Kiro {
    file: u16,
    run: Sym,
    known: Known,
    threads: Vec<Thread>,
}

impl Importer for Kiro {
    fn route(&mut self, state: State, key: Option<Str<'_>>, lead: u8) -> Route {
        match (state, key, lead) {
            (ROOT | DOCUMENT, None, b'{' | b'[') => Route::Enter(DOCUMENT),
            (DOCUMENT, Some(key), b'"') if key.is("conversation_id") => Route::Take(ID),
            (DOCUMENT, Some(key), b'[') if key.is("history") => Route::Enter(HISTORY),
            (HISTORY, None, b'{') => Route::Take(ENTRY),
            _ => Route::Skip,
        }
    }

    fn take(&mut self, tag: u8, lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
        if tag == ID {
            self.run = build.names.intern(&lexer.text()?.unwrap_or_default());
            return Ok(());
        }
        let record = Record::take(lexer, here)?;
        self.known.look(build);
        self.entry(&record, build);
        Ok(())
    }

    fn finish(mut self: Box<Self>, build: &mut Builder) -> Box<dyn Reveal> {
        self.known.finish(build, &mut self.threads);
        Box::new(Told)
    }
}

/// What stands in a member that names its kind, with or without a further object around it.
fn inside<'a>(at: At<'a>, kind: &str, inner: &str) -> Option<At<'a>> {
    let value = at.get(kind)?;
    Some(value.get(inner).unwrap_or(value))
}

impl Kiro {
    fn entry(&mut self, record: &Record<'_>, build: &mut Builder) {
        let root = record.root();
        if self.run == Interner::EMPTY {
            self.run = build.names.intern(&format!("kiro-{}", self.file));
        }
        let (run, place) = (self.run, record.whole_place());
        if self.threads.last().is_none_or(|thread| thread.run != run) {
            self.threads.push(Thread::new(run, None));
        }
        let Some(thread) = self.threads.last_mut() else { return };
        let about = root.get("request_metadata");
        let when = |key: &str| about.and_then(|about| read::epoch(about, &[key], 1_000_000));
        let asked = root.get("user").and_then(|user| read::iso(user, &["timestamp"]));
        let time = when("request_start_timestamp_ms").or(asked);
        let user = root.at(&["user", "content"]);
        if let Some(prompt) = user.and_then(|user| inside(user, "Prompt", "prompt")) {
            let name = title(&prompt.string().unwrap_or_default());
            let id = self.known.free(build, run, "turn");
            thread.open(&mut self.known, build, id, &name, place, time);
            build.run_names.entry(run).or_insert(name);
        }
        let results = user.into_iter().flat_map(|user| {
            ["ToolUseResults", "CancelledToolUses"]
                .into_iter()
                .filter_map(move |kind| inside(user, kind, "tool_use_results"))
        });
        for result in results.flat_map(At::items) {
            let Some(id) = read::text(result, &["tool_use_id"]) else { continue };
            let id = build.names.intern(&id);
            let status =
                match (read::text(result, &["status"]).as_deref(), user.and_then(|u| u.get("CancelledToolUses"))) {
                    (_, Some(_)) => Status::Cancelled,
                    (Some("Error"), _) => Status::Error,
                    _ => Status::Ok,
                };
            self.known.answer(
                build,
                run,
                id,
                Answer { status, time: asked.or(time), pieces: vec![record.place(result)] },
            );
        }
        thread.give(place, time);
        let Some(answer) = root.get("assistant").and_then(|answer| answer.members().next()) else { return };
        if thread.turn.is_none() {
            let id = self.known.free(build, run, "session");
            thread.open(&mut self.known, build, id, "Conversation goes on", place, time);
        }
        // The entry itself holds what was given.
        thread.given.clear();
        let id = self.known.free(build, run, &read::text(answer, &["message_id"]).unwrap_or_default());
        let end = when("stream_end_timestamp_ms").or(time);
        let call = thread.call(&mut self.known, build, id, place, end);
        let model = about.and_then(|about| read::text(about, &["model_id", "model"])).unwrap_or_default();
        settle_call(build, call, &model, Usage::default());
        thread.said = Some(record.place(answer));
        for tool in answer.get("tool_uses").into_iter().flat_map(At::items) {
            let id = self.known.free(build, run, &read::text(tool, &["id"]).unwrap_or_default());
            let name = read::text(tool, &["name"]).unwrap_or_default();
            thread.tool(&mut self.known, build, id, &name, record.place(tool), end);
        }
    }
}

struct Told;

impl Reveal for Told {
    fn reveal(&self, about: Revealing<'_>, pieces: &[Piece]) -> Details {
        let mut details = Details::default();
        let records = records(pieces, &mut details);
        let kind = about.run.steps.kind.get(about.step as usize).copied().unwrap_or_default();
        for record in &records {
            let root = record.root();
            match kind {
                Kind::Llm => call(record, &mut details),
                Kind::Tool if root.get("tool_use_id").is_some() => {
                    details.output = record.value(root.get("content").map(only_text));
                    if read::text(root, &["status"]).is_some_and(|status| status == "Error") {
                        details.error = root.get("content").map(|content| failure(&texts(content)));
                    }
                }
                Kind::Tool => {
                    details.input = record.value(root.get("args"));
                    fact(&mut details, "call", read::text(root, &["id"]));
                }
                _ => match root.at(&["user", "content"]) {
                    Some(user) => {
                        let prompt = inside(user, "Prompt", "prompt");
                        details.input = record.value(prompt);
                        details.messages.extend(given(user));
                    }
                    None => details.output = record.value(root.get("content")),
                },
            }
        }
        if kind == Kind::Tool && details.output.is_none() {
            details.notes.push("Its result is not in this file.".into());
        }
        details
    }
}

fn given(user: At<'_>) -> Option<Message> {
    if let Some(prompt) = inside(user, "Prompt", "prompt").and_then(At::string) {
        return Some(dialect::message(Side::Input, Role::User, vec![Part::Text(prompt.into_owned())]));
    }
    let results =
        inside(user, "ToolUseResults", "tool_use_results").or(inside(user, "CancelledToolUses", "tool_use_results"))?;
    let part = |result: At<'_>| Part::ToolResult {
        id: read::text(result, &["tool_use_id"]).unwrap_or_default().into_owned(),
        name: String::new(),
        content: result.get("content").map(texts).unwrap_or_default(),
        error: read::text(result, &["status"]).is_some_and(|status| status == "Error"),
    };
    let parts: Vec<Part> = results.items().map(part).collect();
    (!parts.is_empty()).then(|| dialect::message(Side::Input, Role::Tool, parts))
}

fn call(record: &Record<'_>, details: &mut Details) {
    let root = record.root();
    let mut exchange = Exchange::default();
    if let Some(user) = root.at(&["user", "content"]) {
        let shown = user.members().next().unwrap_or(user);
        exchange.given(record, inside(user, "Prompt", "prompt").unwrap_or(shown), given(user).into_iter().collect());
    }
    if let Some(answer) = root.get("assistant").and_then(|answer| answer.members().next()) {
        let text = read::text(answer, &["content"]).map(|text| Part::Text(text.into_owned()));
        let calls = answer.get("tool_uses").into_iter().flat_map(At::items).map(|tool| Part::ToolCall {
            id: read::text(tool, &["id"]).unwrap_or_default().into_owned(),
            name: read::text(tool, &["name"]).unwrap_or_default().into_owned(),
            arguments: tool.get("args").map(|args| args.json().into_owned()).unwrap_or_default(),
        });
        let parts = text.into_iter().chain(calls).collect();
        let plain = answer.get("tool_uses").is_none_or(|tools| tools.count() == 0);
        let shown = answer.get("content").filter(|_| plain).unwrap_or(answer);
        exchange.written(record, shown, vec![dialect::message(Side::Output, Role::Assistant, parts)]);
    }
    exchange.show(details);
    if let Some(about) = root.get("request_metadata") {
        fact(details, "request", read::text(about, &["request_id"]));
    }
    details.notes.push(NEW_ONLY.into());
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    probe.find(|sample| {
        sample.get("conversation_id").is_some()
            && sample.path(&["history", "user"]).is_some()
            && sample.path(&["history", "assistant"]).is_some()
    })?;
    Matched::new("Kiro conversation", "it has `conversation_id` and a `history` of pairs of `user` and `assistant`")
}

#[cfg(test)]
mod tests {
    use crate::import::dump::dump;

    #[test]
    fn a_conversation_with_everything() {
        insta::assert_snapshot!(dump(include_bytes!("fixtures/kiro.json")));
    }
}
