//! What sessions of agents have in common: a thread of turns, each with model calls and tools in the order in which
//! they were written down.
//!
//! A turn is opened by what somebody asked and stands around the calls and tools that answer it. A transcript tells
//! when a message was complete: a call is taken to begin when what it answers was there, a tool when the call that
//! asked for it was complete. How lines and messages are spelled is each format's.

use crate::import::{Builder, Draft, Here};
use crate::model::{Flags, Interner, Kind, Nanos, Place, Status, Sym, Usage};
use rustc_hash::{FxHashMap, FxHashSet};

/// Most characters of a name made of what somebody said.
const NAME: usize = 72;

/// A text as far as it is UTF-8: bytes that are none would shift every place behind them.
pub(super) fn undamaged<'a>(text: &'a [u8], here: Here, build: &mut Builder) -> &'a str {
    std::str::from_utf8(text).unwrap_or_else(|damage| {
        build.warn(here.file, "damaged-text", "The text is no UTF-8 from here on; what stands before is read.");
        std::str::from_utf8(text.get(..damage.valid_up_to()).unwrap_or(&[])).unwrap_or("")
    })
}

/// A name made of a text: its first words, on one line.
pub(in crate::import) fn title(text: &str) -> String {
    let mut out = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let room = NAME.saturating_sub(length);
        if room < 2 {
            out.push('…');
            break;
        }
        if length > 0 {
            out.push(' ');
            length += 1;
        }
        let size = word.chars().count();
        if size > room {
            out.extend(word.chars().take(room));
            out.push('…');
            break;
        }
        out.push_str(word);
        length += size;
    }
    out
}

/// The steps of a document by run and id: what a file tells twice is one step, also where two files tell it.
#[derive(Debug, Default)]
pub(in crate::import) struct Known {
    steps: FxHashMap<(Sym, Sym), usize>,
    tools: FxHashMap<(Sym, Sym), Asked>,
    read: usize,
}

/// A tool that was asked for and has not answered.
#[derive(Clone, Copy, Debug)]
struct Asked {
    tool: usize,
    call: Option<usize>,
}

impl Known {
    /// Learns the steps that were there before this file, once.
    pub(in crate::import) fn look(&mut self, build: &Builder) {
        for (at, draft) in build.drafts.iter().enumerate().skip(self.read) {
            if draft.id != Interner::EMPTY {
                self.steps.entry((draft.run, draft.id)).or_insert(at);
            }
        }
        self.read = build.drafts.len();
    }

    /// The step with this id.
    pub(in crate::import) fn get(&self, run: Sym, id: Sym) -> Option<usize> {
        self.steps.get(&(run, id)).copied()
    }

    /// Adds a step.
    pub(in crate::import) fn push(&mut self, build: &mut Builder, draft: Draft) -> usize {
        let key = (draft.run, draft.id);
        let at = build.push(draft);
        self.read = self.read.max(at.saturating_add(1));
        self.steps.entry(key).or_insert(at);
        at
    }

    /// An id that no step of the run has: the one wished for where it is free, else with the number of the next step.
    pub(in crate::import) fn free(&self, build: &mut Builder, run: Sym, wished: &str) -> Sym {
        let id = build.names.intern(wished);
        if !wished.is_empty() && self.get(run, id).is_none() {
            return id;
        }
        let number = build.drafts.len();
        build.names.intern(&format!("{wished}#{number}"))
    }

    /// What a tool gave back. `false` when nobody asked for it, or it has answered.
    pub(in crate::import) fn answer(&mut self, build: &mut Builder, run: Sym, id: Sym, answer: Answer) -> bool {
        let Some(asked) = self.tools.remove(&(run, id)) else { return false };
        let complete = asked.call.and_then(|call| build.drafts.get(call)).and_then(|call| call.end);
        let Some(tool) = build.drafts.get_mut(asked.tool) else { return false };
        tool.status = answer.status;
        tool.end = answer.time;
        // The parts of an answer that was not complete yet: the tool began when all of it was there.
        if let (Some(start), Some(complete)) = (tool.start, complete) {
            let latest = answer.time.unwrap_or(complete).max(start);
            tool.start = Some(start.max(complete.min(latest)));
        }
        tool.more.extend(answer.pieces);
        true
    }

    /// The step of a tool that has not answered.
    pub(in crate::import) fn waiting(&self, run: Sym, id: Sym) -> Option<usize> {
        self.tools.get(&(run, id)).map(|asked| asked.tool)
    }

    /// Leaves open how tools ended that never answered, where the format tells no more.
    pub(in crate::import) fn leave(&mut self, build: &mut Builder) {
        for asked in self.tools.values() {
            if let Some(tool) = build.drafts.get_mut(asked.tool) {
                tool.status = Status::Unset;
            }
        }
        self.tools.clear();
    }

    /// The file ends, and with it the turns of all threads. Tools that never answered were stopped where the thread went
    /// on without them, else they are still running.
    pub(in crate::import) fn finish(&mut self, build: &mut Builder, threads: &mut [Thread]) {
        let mut newest: FxHashMap<Sym, usize> = FxHashMap::default();
        for thread in &*threads {
            let steps = [thread.call, thread.turn].into_iter().flatten();
            if let (Some(around), Some(last)) = (thread.turn_id, steps.max()) {
                newest.insert(around, last);
            }
        }
        let ended = |thread: &&Thread| {
            let turn = thread.turn.and_then(|turn| build.drafts.get(turn));
            turn.is_some_and(|turn| turn.status == Status::Cancelled)
        };
        let over: FxHashSet<Sym> = threads.iter().filter(ended).filter_map(|thread| thread.turn_id).collect();
        let mut running: FxHashSet<Sym> = FxHashSet::default();
        for asked in self.tools.values() {
            let Some(tool) = build.drafts.get_mut(asked.tool) else { continue };
            // Of the newest turn of a thread the newest step is known; older turns are over.
            let last = tool.parent.and_then(|turn| newest.get(&turn)).copied().unwrap_or(usize::MAX);
            let stopped = last > asked.tool || tool.parent.is_some_and(|turn| over.contains(&turn));
            tool.status = if stopped { Status::Cancelled } else { Status::Running };
            running.extend(tool.parent.filter(|_| tool.status == Status::Running));
        }
        for thread in threads.iter().filter(|thread| thread.turn_id.is_some_and(|turn| running.contains(&turn))) {
            if let Some(turn) = thread.turn.and_then(|turn| build.drafts.get_mut(turn))
                && turn.status == Status::Ok
            {
                turn.status = Status::Running;
            }
        }
        self.tools.clear();
        for thread in threads {
            thread.close(build);
        }
    }
}

/// What came back from a tool.
#[derive(Debug)]
pub(in crate::import) struct Answer {
    /// How it ended.
    pub(in crate::import) status: Status,
    /// When.
    pub(in crate::import) time: Option<Nanos>,
    /// Where it stands.
    pub(in crate::import) pieces: Vec<Place>,
}

/// One conversation with a model: of the session itself, or of an agent below it.
#[derive(Debug)]
pub(in crate::import) struct Thread {
    /// The run.
    pub(in crate::import) run: Sym,
    /// What its turns stand below.
    pub(in crate::import) around: Option<Sym>,
    /// The turn.
    pub(in crate::import) turn: Option<usize>,
    /// Its id.
    pub(in crate::import) turn_id: Option<Sym>,
    /// The newest call.
    pub(in crate::import) call: Option<usize>,
    /// What the next call is given.
    pub(in crate::import) given: Vec<Place>,
    /// When that was there.
    since: Option<Nanos>,
    /// When something was last heard.
    pub(in crate::import) last: Option<Nanos>,
    /// What the newest call wrote.
    pub(in crate::import) said: Option<Place>,
    early: Vec<Place>,
    /// The turn was opened here, and not by a file before.
    opened: bool,
}

impl Thread {
    /// A thread of a run; `around` is the step that started it.
    pub(in crate::import) fn new(run: Sym, around: Option<Sym>) -> Thread {
        Thread {
            run,
            around,
            turn: None,
            turn_id: None,
            call: None,
            given: Vec::new(),
            since: None,
            last: None,
            said: None,
            early: Vec::new(),
            opened: false,
        }
    }

    fn hear(&mut self, time: Option<Nanos>) {
        self.last = self.last.max(time);
    }

    /// Somebody asks: a turn begins.
    pub(in crate::import) fn open(
        &mut self,
        known: &mut Known,
        build: &mut Builder,
        id: Sym,
        name: &str,
        place: Place,
        time: Option<Nanos>,
    ) -> usize {
        self.close(build);
        let mut draft = Draft::new(self.run, id, place);
        draft.parent = self.around;
        draft.name = build.names.intern(name);
        draft.kind = Kind::Agent;
        draft.status = Status::Ok;
        draft.start = time;
        draft.more = std::mem::take(&mut self.early);
        let at = known.push(build, draft);
        (self.turn, self.turn_id) = (Some(at), Some(id));
        (self.call, self.said, self.opened) = (None, None, true);
        (self.since, self.last) = (time, time);
        at
    }

    /// The turn ends: with what was heard last.
    pub(in crate::import) fn close(&mut self, build: &mut Builder) {
        let Some(turn) = self.turn.take().and_then(|turn| build.drafts.get_mut(turn)) else { return };
        turn.end = turn.end.max(self.last);
        turn.more.extend(self.said.take());
        if std::mem::take(&mut self.opened) && self.call.is_none() {
            // No call tells what was asked.
            turn.flags.set(Flags::MESSAGES);
        }
        self.turn_id = None;
    }

    /// The next call is given this.
    pub(in crate::import) fn give(&mut self, place: Place, time: Option<Nanos>) {
        self.given.push(place);
        self.since = time.or(self.since);
        self.hear(time);
    }

    /// Something happened that is no step: it stands with the turn.
    pub(in crate::import) fn note(&mut self, build: &mut Builder, place: Place) {
        match self.turn.and_then(|turn| build.drafts.get_mut(turn)) {
            Some(turn) => turn.more.push(place),
            None => self.early.push(place),
        }
    }

    /// A step below the turn, or below what is around the thread.
    fn below(&self, id: Sym, kind: Kind, status: Status, place: Place) -> Draft {
        let mut draft = Draft::new(self.run, id, place);
        draft.parent = self.turn_id.or(self.around);
        (draft.kind, draft.status) = (kind, status);
        draft
    }

    /// A model is asked, and its answer begins to be written down at `time`.
    pub(in crate::import) fn call(
        &mut self,
        known: &mut Known,
        build: &mut Builder,
        id: Sym,
        place: Place,
        time: Option<Nanos>,
    ) -> usize {
        let mut draft = self.below(id, Kind::Llm, Status::Ok, place);
        // Without a time of its own a call has none: the times around it may be far away.
        let before = self.since.take().or(self.last);
        draft.start = time.map(|time| before.filter(|before| *before <= time).unwrap_or(time));
        draft.end = time;
        draft.flags.set(Flags::MESSAGES);
        draft.flags.set(Flags::ONLY_NEW);
        draft.more = std::mem::take(&mut self.given);
        self.hear(time);
        let at = known.push(build, draft);
        self.call = Some(at);
        at
    }

    /// More of the answer of a call.
    pub(in crate::import) fn more(&mut self, build: &mut Builder, call: usize, place: Place, time: Option<Nanos>) {
        self.hear(time);
        if let Some(draft) = build.drafts.get_mut(call) {
            draft.more.push(place);
            draft.end = draft.end.max(time);
        }
    }

    /// A tool is asked for.
    pub(in crate::import) fn tool(
        &mut self,
        known: &mut Known,
        build: &mut Builder,
        id: Sym,
        name: &str,
        place: Place,
        time: Option<Nanos>,
    ) -> usize {
        let mut draft = self.below(id, Kind::Tool, Status::Running, place);
        draft.name = build.names.intern(if name.is_empty() { "tool" } else { name });
        draft.start = time;
        self.hear(time);
        let at = known.push(build, draft);
        known.tools.insert((self.run, id), Asked { tool: at, call: self.call });
        at
    }

    /// A step that is neither a call nor a tool, at one moment.
    pub(in crate::import) fn mark(
        &mut self,
        known: &mut Known,
        build: &mut Builder,
        id: Sym,
        name: &str,
        place: Place,
        time: Option<Nanos>,
    ) -> usize {
        let mut draft = self.below(id, Kind::Task, Status::Ok, place);
        draft.name = build.names.intern(name);
        (draft.start, draft.end) = (time, time);
        self.hear(time);
        known.push(build, draft)
    }
}

/// Names a call by its model, and sets what it used.
pub(in crate::import) fn settle_call(build: &mut Builder, call: usize, model: &str, usage: Usage) {
    let (name, model) = (if model.is_empty() { "model call" } else { model }, model);
    let (name, model) = (build.names.intern(name), build.names.intern(model));
    let Some(draft) = build.drafts.get_mut(call) else { return };
    if draft.name == Interner::EMPTY || model != Interner::EMPTY {
        draft.name = name;
    }
    if model != Interner::EMPTY {
        draft.model = model;
    }
    if !usage.is_empty() {
        draft.usage = usage;
    }
}

#[cfg(test)]
mod tests {
    use super::title;

    #[test]
    fn a_title_is_a_few_words() {
        assert_eq!(title("  Count\n the  TODOs "), "Count the TODOs");
        assert_eq!(title(""), "");
        let long = title(&"long ".repeat(40));
        assert!(long.ends_with('…') && long.chars().count() <= 75, "{long}");
        assert_eq!(title(&"x".repeat(100)), format!("{}…", "x".repeat(72)));
    }
}
