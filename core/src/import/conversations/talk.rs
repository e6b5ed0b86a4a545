//! Messages one after the other: plain lists of `{role, content}`, what programs dump under `messages`, lines to tune a
//! model with (one conversation each), ShareGPT.
//!
//! A person's message is a step, so is each answer of a model and each tool it asked for: a line from one to the next.

use super::shape;
use crate::dialect;
use crate::import::agents::thread::{Answer, Known, Thread, settle_call, title};
use crate::import::agents::told::{Exchange, content, fact, failure, only_text, records, texts};
use crate::import::record::{Record, read};
use crate::import::{
    Builder, Format, Here, Importer, Matched, Piece, Probe, ROOT, Reveal, Revealing, Route, Sample, State,
};
use crate::json::{At, Lack, Lexer, NodeKind, Str};
use crate::model::{Details, Flags, Kind, Nanos, Side, Status, Sym};
use std::collections::VecDeque;

/// The format.
pub(super) const FORMAT: Format = Format {
    id: "messages",
    name: "lists of chat messages",
    detect,
    importer: |file, probe| Box::new(Talk::new(file, streams(probe))),
};

const LIST: State = 1;
const DUMP: State = 2;
const MESSAGES: State = 3;

const OBJECT: u8 = 0;
const MODEL: u8 = 1;
const SYSTEM: u8 = 2;

struct Talk {
    file: u16,
    /// One object with its messages: entered, so that a cut one is read as far as it goes.
    streams: bool,
    count: u32,
    known: Known,
    open: Option<Conversation>,
    /// The conversation has ended; it is closed when the next one begins.
    ended: bool,
}

/// A conversation while it is read.
struct Conversation {
    thread: Thread,
    model: String,
    named: bool,
    /// Tools that have not answered, in the order they were asked: answers without an id are theirs.
    waiting: VecDeque<(Sym, String)>,
    /// The newest message of a person, which nobody has answered.
    unanswered: Option<usize>,
    /// The newest call may go on: an answer told in items.
    items: bool,
}

impl Importer for Talk {
    fn route(&mut self, state: State, key: Option<Str<'_>>, lead: u8) -> Route {
        match (state, key, lead) {
            (ROOT, None, b'{') if self.streams => Route::Enter(DUMP),
            (DUMP, Some(key), b'[') if shape::LISTS.iter().any(|list| key.is(list)) => Route::Enter(MESSAGES),
            (DUMP, Some(key), b'"') if key.is("model") => Route::Take(MODEL),
            (DUMP, Some(key), b'"') if key.is("system") || key.is("instructions") => Route::Take(SYSTEM),
            (ROOT | LIST, None, b'[') => Route::Enter(LIST),
            (ROOT | LIST | MESSAGES, None, b'{') => Route::Take(OBJECT),
            _ => Route::Skip,
        }
    }

    fn enter(&mut self, state: State, _: u64) {
        // Each list is a conversation.
        self.ended |= matches!(state, LIST | DUMP);
    }

    fn take(&mut self, tag: u8, lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
        let record = Record::take(lexer, here)?;
        self.known.look(build);
        let root = record.root();
        match tag {
            MODEL => self.conversation(build).model = root.string().unwrap_or_default().into_owned(),
            SYSTEM => self.conversation(build).thread.give(record.whole_place(), None),
            _ if shape::role(shape::message(root)).is_some() || shape::item(root).is_some() => {
                self.message(&record, root, build);
            }
            _ => self.dump(&record, build),
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>, build: &mut Builder) -> Box<dyn Reveal> {
        self.close(build);
        Box::new(Told)
    }
}

impl Talk {
    fn new(file: u16, streams: bool) -> Talk {
        Talk { file, streams, count: 0, known: Known::default(), open: None, ended: false }
    }

    fn begin(&mut self, stated: Option<&str>, build: &mut Builder) -> &mut Conversation {
        self.close(build);
        self.ended = false;
        self.count = self.count.saturating_add(1);
        // Short, so that two files are not taken for one conversation.
        let own = match self.file {
            0 => format!("talk-{}", self.count),
            file => format!("talk-{file}-{}", self.count),
        };
        let run = build.names.intern(stated.unwrap_or(&own));
        self.open.insert(Conversation {
            thread: Thread::new(run, None),
            model: String::new(),
            named: false,
            waiting: VecDeque::new(),
            unanswered: None,
            items: false,
        })
    }

    fn conversation(&mut self, build: &mut Builder) -> &mut Conversation {
        let ended = std::mem::take(&mut self.ended);
        if let Some(open) = self.open.take_if(|_| !ended) {
            return self.open.insert(open);
        }
        self.begin(None, build)
    }

    fn close(&mut self, build: &mut Builder) {
        let Some(open) = self.open.take() else { return };
        self.known.leave(build);
        if let Some(last) = open.unanswered.and_then(|at| build.drafts.get_mut(at)) {
            last.flags.set(Flags::MESSAGES);
        }
    }

    /// An object around a list of messages: a conversation of its own.
    fn dump(&mut self, record: &Record<'_>, build: &mut Builder) {
        let Some(request) = shape::request(record.root()) else {
            for message in shape::updates(record.root()).into_iter().flatten() {
                self.message(record, message, build);
            }
            return;
        };
        let Some(list) = shape::list(request) else { return };
        let root = record.root();
        let stated = read::text(root, &["conversation_id", "conversationId", "session_id", "custom_id", "id"]);
        // Ids of lines need not be different.
        let stated = stated.filter(|id| build.names.find(id).is_none());
        let open = self.begin(stated.as_deref(), build);
        open.model = shape::model(request);
        if let Some(name) = read::text(root, &["title", "name", "topic"]) {
            open.named = true;
            let run = open.thread.run;
            build.run_names.insert(run, title(&name));
        }
        if let Some(system) = shape::instructions(request) {
            open.thread.give(record.place(system), None);
        }
        for message in list.items() {
            self.message(record, message, build);
        }
    }

    fn message(&mut self, record: &Record<'_>, at: At<'_>, build: &mut Builder) {
        self.conversation(build);
        let at = shape::message(at);
        let known = &mut self.known;
        let Some(open) = self.open.as_mut() else { return };
        let (place, time) = (record.place(at), shape::when(at));
        let run = open.thread.run;
        let role = shape::role(at).unwrap_or_default();
        let item = shape::item(at);
        let answers = shape::is_model(&role) || item.as_ref().is_some_and(|kind| !shape::returns(kind));
        for (id, result) in shape::results(at).into_iter().filter(|_| !answers) {
            open.returned(known, record, id.as_deref(), result, time, build);
        }
        let observed = shape::observed(at) && !open.waiting.is_empty();
        if observed {
            open.returned(known, record, None, at, time, build);
        }
        if !answers {
            open.items = false;
            let said = ["content", "parts", "value", "text"].iter().filter_map(|key| at.get(key)).map(texts);
            let text = said.into_iter().find(|text| !text.trim().is_empty()).unwrap_or_default();
            let speaks = matches!(role.as_str(), "user" | "human") && !observed;
            if speaks && (!text.trim().is_empty() || shape::results(at).is_empty()) {
                let name = if text.trim().is_empty() { "(a picture or a file)".to_owned() } else { title(&text) };
                let stated = read::text(at, &["id", "uuid"]).unwrap_or_default();
                let id = known.free(build, run, if stated.is_empty() { "user" } else { &stated });
                let step = open.thread.mark(known, build, id, &name, place, time);
                if let Some(draft) = build.drafts.get_mut(step) {
                    draft.kind = Kind::Human;
                }
                open.unanswered = Some(step);
                if !std::mem::replace(&mut open.named, true) {
                    build.run_names.insert(run, name);
                }
            }
            open.thread.give(place, time);
            return;
        }
        let goes_on = open.items && open.thread.given.is_empty();
        open.items = item.is_some() || at.text_of("type").is_some_and(|kind| kind == "message");
        open.unanswered = None;
        match open.thread.call.filter(|_| goes_on) {
            Some(call) => open.thread.more(build, call, place, time),
            None => {
                let stated = read::text(at, &["id", "uuid"]).unwrap_or_default();
                let id = known.free(build, run, if stated.is_empty() { "answer" } else { &stated });
                let call = open.thread.call(known, build, id, place, time);
                let own = shape::model(at);
                settle_call(build, call, if own.is_empty() { &open.model } else { &own }, shape::used(at));
            }
        }
        for call in shape::calls(at) {
            let stated = shape::call_id(call).unwrap_or_default();
            let name = shape::call_name(call);
            let id = known.free(build, run, if stated.is_empty() { "tool" } else { &stated });
            open.thread.tool(known, build, id, &name, record.place(call), time);
            let known_as = if stated.is_empty() { name } else { stated };
            open.waiting.push_back((id, known_as.clone()));
            if shape::settled(call) {
                open.returned(known, record, Some(&known_as), call, time, build);
            }
        }
        // What a provider's own tools gave back stands in the same message.
        for (id, result) in shape::results(at) {
            open.returned(known, record, id.as_deref(), result, time, build);
        }
    }
}

impl Conversation {
    /// A result: to the call it names, else to the one that has waited longest.
    fn returned(
        &mut self,
        known: &mut Known,
        record: &Record<'_>,
        id: Option<&str>,
        result: At<'_>,
        time: Option<Nanos>,
        build: &mut Builder,
    ) {
        // Answers come in the order of the calls, or nearly so: what is looked for stands in front.
        let found = id.and_then(|id| self.waiting.iter().take(256).position(|(_, wanted)| wanted == id));
        let at = match (found, id) {
            (Some(at), _) => at,
            (None, None) => 0,
            // Only a name that no call has may be left out.
            (None, Some(_))
                if ["tool_call_id", "tool_use_id", "tool_id"].iter().all(|key| result.get(key).is_none()) =>
            {
                0
            }
            (None, Some(_)) => return,
        };
        let Some((tool, _)) = self.waiting.remove(at) else { return };
        let status = if shape::failed(result) { Status::Error } else { Status::Ok };
        let answer = Answer { status, time, pieces: vec![record.place(result)] };
        known.answer(build, self.thread.run, tool, answer);
    }
}

struct Told;

impl Reveal for Told {
    fn reveal(&self, about: Revealing<'_>, pieces: &[Piece]) -> Details {
        let mut details = Details::default();
        let records = records(pieces, &mut details);
        let at = about.step as usize;
        let status = about.run.steps.status.get(at).copied().unwrap_or_default();
        match about.run.steps.kind.get(at).copied().unwrap_or_default() {
            Kind::Llm => {
                let mut exchange = Exchange::default();
                for record in &records {
                    let root = record.root();
                    let item = shape::item(root).is_some_and(|kind| !shape::returns(&kind));
                    if item || shape::role(root).is_some_and(|role| shape::is_model(&role)) {
                        let messages = dialect::messages(&root.json(), Side::Output);
                        let plain = shape::calls(root).is_empty() || shape::acts(root).is_some();
                        let shown = if plain { root.get("value").or_else(|| content(root)) } else { None };
                        exchange.written(record, shown.unwrap_or(root), messages);
                    } else if shape::role(root).is_some() || shape::item(root).is_some() {
                        exchange.give(record, root);
                    } else {
                        let parts = dialect::content(&root.string().unwrap_or_else(|| root.json()));
                        let system = dialect::message(Side::Input, crate::model::Role::System, parts);
                        exchange.given(record, root, vec![system]);
                    }
                }
                exchange.show(&mut details);
                details.notes.push(
                    "Its input is what is new since the answer before; the model was given the conversation up to here."
                        .into(),
                );
            }
            Kind::Tool => tool(&records, status, &mut details),
            _ => {
                for record in &records {
                    let root = record.root();
                    details.input = record.value(root.get("value").or_else(|| content(root)).or(Some(root)));
                    details.messages.extend(dialect::messages(&root.json(), Side::Input));
                }
            }
        }
        details
    }
}

fn tool(records: &[Record<'_>], status: Status, details: &mut Details) {
    for (number, record) in records.iter().enumerate() {
        let root = record.root();
        if number == 0 {
            details.input = record.value(shape::arguments(root));
            fact(details, "call", shape::call_id(root));
            continue;
        }
        let output = shape::given_back(root).map(only_text);
        details.output = record.value(output);
        if status == Status::Error {
            details.error = output.map(|output| failure(&shape::plain(&texts(output))));
        }
    }
    if details.output.is_none() {
        details.notes.push("Its result is not in this file.".into());
    }
}

/// Whether the text is one object whose end the head does not hold.
fn streams(probe: &Probe<'_>) -> bool {
    probe.samples.first().is_some_and(|sample| {
        let root = At::root(sample.text, &sample.tree);
        !sample.whole && !sample.is_array() && root.is_some_and(|root| shape::list(root).is_some())
    })
}

/// The objects of a sample: itself, or the first of its list, or of a list in that.
pub(super) fn objects<'a>(sample: &'a Sample<'_>) -> Vec<At<'a>> {
    let Some(mut at) = At::root(sample.text, &sample.tree) else { return Vec::new() };
    for _ in 0..3 {
        match at.kind() {
            NodeKind::Object => return vec![at],
            NodeKind::Array => match at.items().next() {
                Some(first) => at = first,
                None => break,
            },
            _ => break,
        }
    }
    Vec::new()
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    if crate::import::refuse::names(probe) {
        return None;
    }
    let matching = |test: &dyn Fn(At<'_>) -> bool| probe.find(|sample| objects(sample).into_iter().any(test)).is_some();
    if matching(&|at| shape::role(shape::message(at)).is_some()) {
        return Matched::new("list of chat messages", "it holds messages with `role` and `content`");
    }
    if !matching(&|at| shape::request(at).is_some() || shape::updates(at).is_some()) {
        return None;
    }
    let several = probe.many() || probe.samples.first().is_some_and(Sample::is_array);
    let label = if several { "conversations, one after the other" } else { "conversation" };
    Matched::new(label, "it holds lists of messages with `role` and `content`")
}
