//! Conversations as ChatGPT exports them (`conversations.json`): trees of messages, of which one way was gone last.
//!
//! Source: exports of 2023 to 2026. A conversation is a `mapping` of nodes with a message, a parent and children; the way
//! from its root to `current_node` is what the page shows. An answer that was made anew and a prompt that was edited
//! leave branches beside it: these are counted and not shown.

use super::thread::{Answer, Known, Thread, settle_call, title};
use super::told::{Exchange, records};
use crate::dialect;
use crate::import::record::{Record, read};
use crate::import::{
    Builder, Format, Here, Importer, Matched, Piece, Probe, Reveal, Revealing, Route, State, each_object,
};
use crate::json::{At, Lack, Lexer, NodeKind, Str};
use crate::model::{Details, Kind, Message, Part, Role, Severity, Side, Status, Sym, Usage};
use crate::wording::counted;
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;

/// The format.
pub(super) const FORMAT: Format = Format {
    id: "chatgpt",
    name: "ChatGPT exports (conversations.json)",
    detect,
    importer: |_, _| Box::new(ChatGpt::default()),
};

#[derive(Default)]
struct ChatGpt {
    known: Known,
    conversations: u32,
    /// Messages on branches that were left.
    left: u64,
}

fn is_conversation(at: At<'_>) -> bool {
    let node = at.get("mapping").filter(|map| map.is(NodeKind::Object)).and_then(|map| map.members().next());
    node.is_some_and(|node| node.get("children").is_some() || node.get("message").is_some())
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    probe.find(|sample| {
        sample.object().is_some_and(|node| is_conversation(At { text: sample.text, tree: &sample.tree, node }))
    })?;
    Matched::new("ChatGPT export", "its conversations have a `mapping` of nodes with `message` and `children`")
}

impl Importer for ChatGpt {
    fn route(&mut self, state: State, key: Option<Str<'_>>, lead: u8) -> Route {
        each_object(state, key.as_ref(), lead)
    }

    fn take(&mut self, _: u8, lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
        let record = Record::take(lexer, here)?;
        if is_conversation(record.root()) {
            self.conversation(&record, build);
        }
        Ok(())
    }

    fn finish(self: Box<Self>, build: &mut Builder) -> Box<dyn Reveal> {
        if self.left > 0 {
            let messages = counted(self.left, "message stands", "messages stand");
            let message = format!(
                "{messages} on branches that were left when an answer was made anew or a prompt was edited; not shown."
            );
            build.diagnostics.push(crate::model::Diagnostic::new(Severity::Info, "branches-not-shown", message));
        }
        Box::new(Told)
    }
}

/// The nodes from the root to where the conversation stood last; a circle ends where it meets itself.
fn way<'a>(root: At<'a>, nodes: &FxHashMap<Cow<'a, str>, At<'a>>) -> Vec<At<'a>> {
    let newest = || {
        let leaf = |node: &&At<'a>| node.get("children").is_none_or(|children| children.count() == 0);
        let time = |node: &At<'a>| {
            node.get("message").and_then(|message| read::epoch(message, &["create_time"], 1_000_000_000))
        };
        nodes.values().filter(leaf).max_by_key(|node| (time(node), node.node)).copied()
    };
    let mut at = root.text_of("current_node").and_then(|id| nodes.get(&id).copied()).or_else(newest);
    let (mut seen, mut out) = (FxHashSet::default(), Vec::new());
    while let Some(node) = at.filter(|node| seen.insert(node.node)) {
        out.push(node);
        at = node.text_of("parent").and_then(|id| nodes.get(&id).copied());
    }
    out.reverse();
    out
}

/// What a node says, where it says anything to anybody.
fn message_of<'a>(node: At<'a>) -> Option<At<'a>> {
    let message = node.get("message").filter(|message| message.is(NodeKind::Object))?;
    let hidden = message.get("metadata").is_some_and(|about| read::flag(about, "is_visually_hidden_from_conversation"));
    let empty = text(message).trim().is_empty() && parts(message).all(|part| part.is(NodeKind::String));
    let nothing = empty && role(message) == "system";
    (!hidden && !nothing).then_some(message)
}

fn role(message: At<'_>) -> Cow<'_, str> {
    message.at(&["author", "role"]).and_then(At::string).unwrap_or_default()
}

fn parts<'a>(message: At<'a>) -> impl Iterator<Item = At<'a>> + use<'a> {
    message.at(&["content", "parts"]).into_iter().flat_map(At::items)
}

/// All text of a message: its parts, its code, its thoughts.
fn text(message: At<'_>) -> String {
    let Some(content) = message.get("content") else { return String::new() };
    let piece =
        |at: At<'_>| at.string().or_else(|| at.text_of("text")).or_else(|| at.text_of("content")).map(Cow::into_owned);
    let mut all: Vec<String> = parts(message).filter_map(piece).collect();
    all.extend(content.get("thoughts").into_iter().flat_map(At::items).filter_map(piece));
    all.extend(["text", "content", "result"].iter().filter_map(|key| content.text_of(key)).map(Cow::into_owned));
    all.retain(|text| !text.is_empty());
    all.join("\n")
}

/// Where what a message says stands: its one part, else all of its content.
fn content<'a>(message: At<'a>) -> Option<At<'a>> {
    let content = message.get("content")?;
    let mut parts = parts(message);
    let only = parts.next().filter(|first| first.is(NodeKind::String) && parts.next().is_none());
    only.or_else(|| content.get("text").filter(|text| text.is(NodeKind::String))).or(Some(content))
}

impl ChatGpt {
    fn conversation(&mut self, record: &Record<'_>, build: &mut Builder) {
        let root = record.root();
        let Some(mapping) = root.get("mapping") else { return };
        self.conversations = self.conversations.saturating_add(1);
        let id = read::text(root, &["conversation_id", "id"]).map(Cow::into_owned);
        let id = id.unwrap_or_else(|| format!("conversation {} of file {}", self.conversations, record.file() + 1));
        let run = build.names.intern(&id);
        let name = read::text(root, &["title"]).map_or_else(|| "(no title)".to_owned(), Cow::into_owned);
        build.run_names.insert(run, name);
        let nodes: FxHashMap<Cow<'_, str>, At<'_>> =
            mapping.members().filter_map(|node| Some((node.key()?, node))).collect();
        let way = way(root, &nodes);
        let shown: FxHashSet<u32> = way.iter().map(|node| node.node).collect();
        let left = nodes.values().filter(|node| !shown.contains(&node.node) && message_of(**node).is_some()).count();
        self.left = self.left.saturating_add(left as u64);
        let model = read::text(root, &["default_model_slug"]).unwrap_or_default();
        let mut thread = Thread::new(run, None);
        // The tools that were asked and have not answered, and whether the newest call may go on.
        let (mut asked, mut open): (Vec<Sym>, bool) = (Vec::new(), false);
        for node in &way {
            let Some(message) = message_of(*node) else { continue };
            let others = others(*node, &nodes);
            let place = record.place(message);
            let time = read::epoch(message, &["create_time"], 1_000_000_000).filter(|time| time.0 > 0);
            let own = node.key().unwrap_or_default();
            match &*role(message) {
                "user" => {
                    let said = text(message);
                    let name = if said.trim().is_empty() { "(a picture or a file)".to_owned() } else { title(&said) };
                    let id = self.known.free(build, run, &own);
                    let turn = thread.open(&mut self.known, build, id, &name, place, time);
                    note(build, turn, others);
                    thread.give(place, time);
                    open = false;
                }
                "assistant" => {
                    if thread.turn.is_none() {
                        let id = self.known.free(build, run, &format!("before {own}"));
                        thread.open(&mut self.known, build, id, "(no prompt)", place, time);
                    }
                    let call = match thread.call.filter(|_| open) {
                        Some(call) => {
                            thread.more(build, call, place, time);
                            call
                        }
                        None => {
                            let id = self.known.free(build, run, &own);
                            thread.call(&mut self.known, build, id, place, time)
                        }
                    };
                    let slug = message.get("metadata").and_then(|about| read::text(about, &["model_slug"]));
                    settle_call(build, call, slug.as_deref().unwrap_or(&model), Usage::default());
                    note(build, call, others);
                    open = true;
                    match read::text(message, &["recipient"]).filter(|to| to != "all") {
                        Some(tool) => {
                            let id = self.known.free(build, run, &format!("{own} {tool}"));
                            thread.tool(&mut self.known, build, id, &tool, place, time);
                            asked.push(id);
                        }
                        None => thread.said = Some(place),
                    }
                }
                role => {
                    if role == "tool"
                        && let Some(id) = asked.pop()
                    {
                        let failed = read::text(message, &["status"]).is_some_and(|status| status.contains("error"))
                            || message
                                .at(&["content", "content_type"])
                                .and_then(At::string)
                                .is_some_and(|kind| kind == "system_error");
                        let status = if failed { Status::Error } else { Status::Ok };
                        self.known.answer(build, run, id, Answer { status, time, pieces: vec![place] });
                    }
                    thread.give(place, time);
                    open = false;
                }
            }
        }
        self.known.leave(build);
        thread.close(build);
    }
}

/// How many other messages stand where a message stands.
fn others<'a>(node: At<'a>, nodes: &FxHashMap<Cow<'a, str>, At<'a>>) -> u32 {
    let parent = node.text_of("parent").and_then(|id| nodes.get(&id));
    parent.and_then(|parent| parent.get("children")).map_or(0, |children| children.count().saturating_sub(1))
}

fn note(build: &mut Builder, step: usize, others: u32) {
    if let Some(draft) = build.drafts.get_mut(step) {
        draft.context = draft.context.max(others);
    }
}

/// Shows a step from the messages it is made of.
struct Told;

fn messages(message: At<'_>, side: Side) -> Vec<Message> {
    let said = text(message);
    let thinks = message.at(&["content", "thoughts"]).is_some();
    let role = role(message);
    let recipient = read::text(message, &["recipient"]).filter(|to| to != "all" && role == "assistant");
    let part = match recipient {
        Some(tool) => Part::ToolCall { id: String::new(), name: tool.into_owned(), arguments: said },
        None if thinks => Part::Reasoning(said),
        None => Part::Text(said),
    };
    vec![dialect::message(side, Role::from_name(&role), vec![part])]
}

impl Reveal for Told {
    fn reveal(&self, about: Revealing<'_>, pieces: &[Piece]) -> Details {
        let mut details = Details::default();
        let records = records(pieces, &mut details);
        let kind = about.run.steps.kind.get(about.step as usize).copied().unwrap_or_default();
        let mut exchange = Exchange::default();
        for record in &records {
            let message = record.root();
            let Some(at) = content(message) else { continue };
            let written = role(message) == "assistant";
            match kind {
                Kind::Llm if written => exchange.written(record, at, messages(message, Side::Output)),
                Kind::Llm => exchange.given(record, at, messages(message, Side::Input)),
                Kind::Tool if written => details.input = record.value(Some(at)),
                Kind::Tool => details.output = record.value(Some(at)),
                _ if written => details.output = record.value(Some(at)),
                _ => {
                    details.input = record.value(Some(at));
                    details.messages.extend(messages(message, Side::Input));
                }
            }
        }
        if kind == Kind::Llm {
            exchange.show(&mut details);
        }
        if kind == Kind::Tool && about.run.steps.status.get(about.step as usize) == Some(&Status::Error) {
            let last = records.last().map(|record| text(record.root())).unwrap_or_default();
            details.error = Some(super::told::failure(&last));
        }
        if about.context > 0 && kind != Kind::Tool {
            let others = counted(
                u64::from(about.context),
                "other version of this message is",
                "other versions of this message are",
            );
            details.notes.push(format!("{others} in the file, on branches that were left; not shown."));
        }
        details
    }
}

#[cfg(test)]
mod tests {
    use crate::import::dump::dump;
    use crate::import::testing::open;

    const FIXTURE: &str = include_str!("fixtures/chatgpt.json");

    #[test]
    fn the_way_that_was_gone_last() {
        insta::assert_snapshot!(dump(FIXTURE.as_bytes()));
    }

    #[test]
    fn circles_missing_parents_and_no_current_node() {
        let (_, view) = open(&FIXTURE.replace(r#""current_node":"n7""#, r#""current_node":"nowhere""#));
        assert_eq!(view.format, "chatgpt", "{}", view.explanation);
        assert!(view.runs[0].steps > 0);
        let circle = FIXTURE.replace(r#""parent":"root""#, r#""parent":"n7""#);
        assert_ne!(circle, FIXTURE);
        let (session, view) = open(&circle);
        assert!((0..view.runs[0].steps).all(|step| session.details(0, step).is_ok()));
        let (_, view) = open(
            r#"[{"title":7,"mapping":{"a":{"message":{"author":[],"content":{"parts":{}}},"children":7,"parent":[]}}}]"#,
        );
        assert_eq!(view.format, "chatgpt");
    }
}
