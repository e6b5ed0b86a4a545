//! Gemini CLI sessions: one document with `messages`, or since 2026 one message a line, in `~/.gemini/tmp/*/chats`.
//!
//! Source: `chatRecordingService` of the Gemini CLI, 0.2x to 0.3x, and a recorded session. Of a message that is
//! written again while it grows the newest writing counts.

use super::thread::{Answer, Known, Thread, settle_call, title};
use super::told::{Exchange, NEW_ONLY, event, failure, only_text, records, texts};
use crate::dialect;
use crate::import::record::{Record, read};
use crate::import::{
    Builder, Format, Here, Importer, Matched, Piece, Probe, ROOT, Reveal, Revealing, Route, Sample, State, each_object,
};
use crate::json::{At, Lack, Lexer, NodeKind, Str};
use crate::model::{Details, Kind, Message, Part, Role, Side, Status, Sym, Usage};
use rustc_hash::FxHashMap;

/// The format.
pub(super) const FORMAT: Format = Format {
    id: "gemini-cli",
    name: "Gemini CLI sessions",
    detect,
    importer: |file, probe| {
        let lines = probe.samples.first().is_none_or(|sample| sample.get("messages").is_none());
        Box::new(Gemini { file, lines, ..Gemini::default() })
    },
};

const DOCUMENT: State = 2;
const MESSAGES: State = 3;

const MESSAGE: u8 = 0;
const SESSION: u8 = 1;
const SUMMARY: u8 = 2;

#[derive(Default)]
struct Gemini {
    file: u16,
    lines: bool,
    session: String,
    summary: String,
    known: Known,
    thread: Option<Thread>,
    /// Messages by id: lines repeat one that grew.
    seen: FxHashMap<Sym, usize>,
}

impl Importer for Gemini {
    fn route(&mut self, state: State, key: Option<Str<'_>>, lead: u8) -> Route {
        if self.lines {
            return each_object(state, key.as_ref(), lead);
        }
        match (state, key, lead) {
            (ROOT, None, b'{' | b'[') => Route::Enter(DOCUMENT),
            (DOCUMENT, None, b'{') => Route::Enter(DOCUMENT),
            (DOCUMENT, Some(key), b'[') if key.is("messages") => Route::Enter(MESSAGES),
            (DOCUMENT, Some(key), b'"') if key.is("sessionId") => Route::Take(SESSION),
            (DOCUMENT, Some(key), b'"') if key.is("summary") => Route::Take(SUMMARY),
            (MESSAGES, None, b'{') => Route::Take(MESSAGE),
            _ => Route::Skip,
        }
    }

    fn take(&mut self, tag: u8, lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
        match tag {
            SESSION => self.begin(&lexer.text()?.unwrap_or_default(), build),
            SUMMARY => self.summary = lexer.text()?.unwrap_or_default().into_owned(),
            _ => {
                let record = Record::take(lexer, here)?;
                self.known.look(build);
                let root = record.root();
                if let Some(session) = read::text(root, &["sessionId"]) {
                    self.begin(&session, build);
                }
                if root.get("content").is_some() || root.get("toolCalls").is_some() {
                    self.message(&record, build);
                }
            }
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>, build: &mut Builder) -> Box<dyn Reveal> {
        if let Some(mut thread) = self.thread.take() {
            self.known.finish(build, std::slice::from_mut(&mut thread));
            if !self.summary.is_empty() {
                build.run_names.insert(thread.run, title(&self.summary));
            }
        }
        Box::new(Told)
    }
}

impl Gemini {
    fn begin(&mut self, session: &str, build: &mut Builder) {
        if session != self.session || self.thread.is_none() {
            if let Some(mut thread) = self.thread.take() {
                thread.close(build);
            }
            session.clone_into(&mut self.session);
            let run = build.names.intern(session);
            self.thread = Some(Thread::new(run, None));
        }
    }

    fn message(&mut self, record: &Record<'_>, build: &mut Builder) {
        if self.thread.is_none() {
            self.begin(&format!("session-{}", self.file), build);
        }
        let (root, place) = (record.root(), record.whole_place());
        let Some(thread) = self.thread.as_mut() else { return };
        let run = thread.run;
        let time = read::iso(root, &["timestamp"]);
        let stated = read::text(root, &["id"]).unwrap_or_default();
        let own = build.names.intern(&stated);
        let again = self.seen.get(&own).copied().filter(|_| !stated.is_empty());
        match read::text(root, &["type", "role"]).as_deref() {
            Some("user") if again.is_none() => {
                let text = root.get("content").map(texts).unwrap_or_default();
                // Answers of tools come back as messages of the user too.
                if text.trim().is_empty() && root.get("content").is_some_and(|content| content.count() > 0) {
                    thread.give(place, time);
                    return;
                }
                let name = title(&text);
                let id = self.known.free(build, run, &stated);
                let turn = thread.open(&mut self.known, build, id, &name, place, time);
                thread.give(place, time);
                build.run_names.entry(run).or_insert(name);
                self.seen.insert(own, turn);
            }
            Some("gemini" | "model" | "assistant") => {
                if thread.turn.is_none() {
                    let id = self.known.free(build, run, "session");
                    thread.open(&mut self.known, build, id, "Session goes on", place, time);
                }
                let call = match again {
                    Some(call) => {
                        if let Some(draft) = build.drafts.get_mut(call) {
                            draft.place = place;
                        }
                        call
                    }
                    None => {
                        let id = self.known.free(build, run, &stated);
                        thread.call(&mut self.known, build, id, place, time)
                    }
                };
                self.seen.insert(own, call);
                let model = read::text(root, &["model"]).unwrap_or_default();
                settle_call(build, call, &model, root.get("tokens").map(used).unwrap_or_default());
                if root.get("content").is_some_and(|content| content.count() > 0 || content.raw().len() > 2) {
                    thread.said = Some(place);
                }
                let calls = root.get("toolCalls").into_iter().flat_map(At::items);
                for tool in calls {
                    self.tool(record, tool, build);
                }
            }
            Some("info" | "warning" | "error") => thread.note(build, place),
            _ => {}
        }
    }

    fn tool(&mut self, record: &Record<'_>, tool: At<'_>, build: &mut Builder) {
        let Some(thread) = self.thread.as_mut() else { return };
        let stated = read::text(tool, &["id"]).unwrap_or_default();
        let id = build.names.intern(&stated);
        let place = record.place(tool);
        let began = thread.call.and_then(|call| build.drafts.get(call)).and_then(|call| call.end);
        let id = match self.known.get(thread.run, id).filter(|_| !stated.is_empty()) {
            Some(there) => {
                if let Some(draft) = build.drafts.get_mut(there) {
                    draft.place = place;
                }
                id
            }
            None => {
                let id = self.known.free(build, thread.run, &stated);
                let name = read::text(tool, &["name"]).unwrap_or_default();
                thread.tool(&mut self.known, build, id, &name, place, began);
                id
            }
        };
        let status = match read::text(tool, &["status"]).as_deref() {
            Some("error") => Status::Error,
            Some("cancelled") => Status::Cancelled,
            Some("awaiting_approval") => Status::Waiting,
            Some("executing" | "scheduled" | "validating") => return,
            _ => Status::Ok,
        };
        let time = read::iso(tool, &["timestamp"]).filter(|end| began.is_none_or(|began| began <= *end));
        let answer = Answer { status, time: time.or(began), pieces: Vec::new() };
        if self.known.answer(build, thread.run, id, answer) {
            thread.give(place, time);
        }
    }
}

/// The session's own count: Gemini counts what it thought beside what it wrote.
fn used(tokens: At<'_>) -> Usage {
    let count = |key: &str| read::count(tokens, &[key]);
    Usage {
        input: count("input"),
        output: count("output"),
        cached: count("cached"),
        reasoning: count("thoughts"),
        total: count("total"),
        cost: None,
        ..Usage::default()
    }
}

struct Told;

impl Reveal for Told {
    fn reveal(&self, about: Revealing<'_>, pieces: &[Piece]) -> Details {
        let mut details = Details::default();
        let records = records(pieces, &mut details);
        match about.run.steps.kind.get(about.step as usize).copied().unwrap_or(Kind::Other) {
            Kind::Llm => {
                let mut exchange = Exchange::default();
                for record in &records {
                    exchange_of(record, &mut exchange);
                }
                exchange.show(&mut details);
                details.notes.push(NEW_ONLY.into());
            }
            Kind::Tool => {
                for record in &records {
                    let root = record.root();
                    details.input = record.value(root.get("args"));
                    details.output = record.value(result(root).or(root.get("result")));
                    if read::text(root, &["status"]).is_some_and(|status| status == "error") {
                        let text = result(root).map(|at| at.string().unwrap_or_else(|| at.json()).into_owned());
                        let shown = read::text(root, &["resultDisplay"]).map(std::borrow::Cow::into_owned);
                        details.error = text.or(shown).map(|text| failure(&text));
                    }
                    let shown = ["args", "result", "id", "name", "status", "timestamp"];
                    details.attributes.extend(record.attributes(root, &shown));
                }
            }
            _ => {
                for record in &records {
                    let root = record.root();
                    let said = root.get("content").map(only_text);
                    match read::text(root, &["type", "role"]).as_deref() {
                        Some("user") => {
                            details.input = record.value(said);
                            details.messages.extend(user(root));
                        }
                        Some(kind @ ("info" | "warning" | "error")) => {
                            let time = read::iso(root, &["timestamp"]);
                            details.events.push(event(record, kind.to_owned(), time, &[("content", said)]));
                        }
                        _ => details.output = record.value(said),
                    }
                }
            }
        }
        details
    }
}

fn user(root: At<'_>) -> Option<Message> {
    let content = root.get("content")?;
    let parts = dialect::content(&content.string().unwrap_or_else(|| content.json()));
    (!parts.is_empty()).then(|| dialect::message(Side::Input, Role::User, parts))
}

/// What a tool answered: the text of its response where it has one.
fn result(tool: At<'_>) -> Option<At<'_>> {
    let response = tool.get("result")?.items().find_map(|part| part.at(&["functionResponse", "response"]))?;
    Some(read::first(response, &["error", "output"]).unwrap_or(response))
}

fn exchange_of<'r>(record: &'r Record<'r>, exchange: &mut Exchange<'r>) {
    let root = record.root();
    let text = |at: At<'_>, key: &str| read::text(at, &[key]).unwrap_or_default().into_owned();
    if root.get("args").is_some() || root.get("status").is_some() {
        let output = result(root).or(root.get("result")).unwrap_or(root);
        let part = Part::ToolResult {
            id: text(root, "id"),
            name: text(root, "name"),
            content: output.string().unwrap_or_else(|| output.json()).into_owned(),
            error: read::text(root, &["status"]).is_some_and(|status| status == "error"),
        };
        exchange.given(record, output, vec![dialect::message(Side::Input, Role::Tool, vec![part])]);
        return;
    }
    let content = root.get("content");
    if read::text(root, &["type", "role"]).is_some_and(|kind| kind == "user") {
        exchange.given(record, content.map_or(root, only_text), user(root).into_iter().collect());
        return;
    }
    let thoughts = root.get("thoughts").into_iter().flat_map(At::items);
    let mut parts: Vec<Part> = thoughts
        .map(|thought| Part::Reasoning(format!("{}\n{}", text(thought, "subject"), text(thought, "description"))))
        .collect();
    parts.extend(
        content
            .map(|content| dialect::content(&content.string().unwrap_or_else(|| content.json())))
            .unwrap_or_default(),
    );
    let calls = root.get("toolCalls").into_iter().flat_map(At::items);
    parts.extend(calls.map(|call| Part::ToolCall {
        id: text(call, "id"),
        name: text(call, "name"),
        arguments: call.get("args").map(|args| args.json().into_owned()).unwrap_or_default(),
    }));
    let plain = root.get("toolCalls").is_none_or(|calls| calls.count() == 0) && root.get("thoughts").is_none();
    let shown = if plain { content.map_or(root, only_text) } else { root };
    exchange.written(record, shown, vec![dialect::message(Side::Output, Role::Assistant, parts)]);
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    let text = |sample: &Sample<'_>, path: &[&str]| sample.path(path).and_then(|node| sample.text_of(node));
    let speaks = |kind: Option<String>| kind.is_some_and(|kind| ["user", "gemini", "info"].contains(&kind.as_str()));
    let document = probe.find(|sample| {
        let has = |key: &str| sample.get(key).is_some();
        let list = sample.get("messages").is_some_and(|list| sample.is(list, NodeKind::Array));
        has("sessionId") && list && (has("projectHash") || speaks(text(sample, &["messages", "type"])))
    });
    if document.is_some() {
        return Matched::new("Gemini CLI session", "it has `sessionId`, `projectHash` and `messages`");
    }
    probe.find(|sample| sample.get("sessionId").is_some() && sample.get("projectHash").is_some())?;
    let spoken = probe.find(|sample| {
        speaks(text(sample, &["type"])) && sample.get("content").is_some() && sample.get("timestamp").is_some()
    });
    spoken.and_then(|_| Matched::new("Gemini CLI session (lines)", "it begins with `projectHash`, and messages follow"))
}

#[cfg(test)]
mod tests {
    use crate::import::dump::dump;
    use crate::import::testing::open;

    #[test]
    fn a_session_with_everything() {
        insta::assert_snapshot!(dump(include_bytes!("fixtures/gemini.json")));
    }

    #[test]
    fn lines_tell_a_message_again_while_it_grows() {
        let text = r#"
{"sessionId":"s","projectHash":"h","startTime":"2026-01-15T20:00:00Z","kind":"main"}
{"id":"1","timestamp":"2026-01-15T20:00:01Z","type":"user","content":[{"text":"go"}]}
{"id":"2","timestamp":"2026-01-15T20:00:02Z","type":"gemini","content":"so","model":"gemini-demo"}
{"id":"2","timestamp":"2026-01-15T20:00:02Z","type":"gemini","content":"so it is","model":"gemini-demo","tokens":{"input":5,"output":3,"cached":0,"total":8}}
{"$set":{"lastUpdated":"2026-01-15T20:00:03Z"}}
"#;
        let (session, view) = open(text);
        let run = &view.runs[0];
        assert_eq!((run.steps, run.name.as_str(), run.usage.output), (2, "go", Some(3)));
        let call = session.details(0, 1).unwrap();
        assert_eq!(call.messages.len(), 2);
        assert!(format!("{:?}", call.messages[1]).contains("so it is"));
    }
}
