//! Lines become runs and steps: a start meets its update, end and events, by run and id.

use super::VERSION;
use super::line::{Line, Trouble};
use super::reveal::{ChainDebugReveal, Surroundings};
use crate::import::tally::Tally;
use crate::import::{Builder, Draft};
use crate::model::{Diagnostic, Flags, Interner, Kind, Place, Severity, Status, Sym, Usage};
use crate::order::Order as _;
use crate::wording::counted;
use rustc_hash::{FxHashMap, FxHashSet};

/// A header as it was read.
#[derive(Clone, Debug, Default)]
pub(super) struct Header {
    pub(super) version: Option<u64>,
    pub(super) id: Option<String>,
    pub(super) name: Option<String>,
    pub(super) attributes: Option<Place>,
    pub(super) recorder: String,
    pub(super) limit: Option<u64>,
    pub(super) status: Option<String>,
    pub(super) error: Option<String>,
    pub(super) ended: bool,
    pub(super) place: Place,
}

#[derive(Debug, Default)]
struct Run {
    header: Header,
    /// Lines that begin a step, so far: the id of one that has none.
    positions: u64,
    /// An `end_run` was read, or it stands in a document.
    ended: bool,
    /// What `end_run` says went wrong.
    error: Option<(Place, String)>,
}

/// How a draft came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// A whole step.
    Step,
    Start,
    /// An `end` or `update` whose `start` has not come.
    Missing,
}

/// What is kept beside a draft while lines still come.
#[derive(Clone, Copy, Debug)]
struct Beside {
    run: u32,
    origin: Origin,
    ended: bool,
    status: Option<Status>,
    kind: Option<Kind>,
    error: bool,
    /// Rank of the strongest line so far: start and step 0, update 1, end 2.
    rank: u8,
}

/// Lines as they come by.
#[derive(Debug, Default)]
pub(super) struct Lines {
    runs: Vec<Run>,
    by_id: FxHashMap<String, u32>,
    current: Option<u32>,
    /// After a header of a newer version: nothing is understood until the next header.
    deaf: bool,
    /// Position of the first draft of this file.
    first: Option<usize>,
    beside: Vec<Beside>,
    /// The newest step of each id, by position in `beside`.
    steps: FxHashMap<(u32, Sym), u32>,
    taken: FxHashSet<(u32, Sym)>,
    events: Vec<(u32, Sym, Place)>,
    reordered: bool,
    tally: Tally,
}

impl Lines {
    /// A run of a document begins; what it is called is read with it.
    pub(super) fn open_run(&mut self) {
        self.runs.push(Run::default());
        self.current = Some(self.runs.len() as u32 - 1);
    }

    /// Says what the run that was opened is. A document has no `end_run`: its run is over.
    pub(super) fn name_run(&mut self, header: Header) {
        let Some(index) = self.current else { return };
        let Some(run) = self.runs.get_mut(index as usize) else { return };
        if let Some(id) = &header.id {
            self.by_id.entry(id.clone()).or_insert(index);
        }
        run.ended = true;
        run.error = header.error.clone().map(|error| (header.place, error));
        run.header = header;
        self.current = None;
    }

    /// A header line: a further run, or one that goes on.
    pub(super) fn begin_run(&mut self, header: Header) {
        self.deaf = header.version != Some(VERSION);
        if self.deaf {
            let version = header.version.map_or_else(|| "unknown".to_owned(), |version| version.to_string());
            self.tally.add("newer-version", header.place, &version);
            return;
        }
        if let Some(&run) = header.id.as_ref().and_then(|id| self.by_id.get(id)) {
            self.current = Some(run);
            return;
        }
        let index = self.runs.len() as u32;
        if let Some(id) = &header.id {
            self.by_id.insert(id.clone(), index);
        }
        let error = header.error.clone().map(|error| (header.place, error));
        self.runs.push(Run { ended: header.ended, error, header, positions: 0 });
        self.current = Some(index);
    }

    /// A line about a step or a run.
    pub(super) fn line(&mut self, line: Line<'_>, build: &mut Builder) {
        if self.deaf {
            return;
        }
        self.first.get_or_insert(build.drafts.len());
        let run = match self.current {
            Some(run) => run,
            None => {
                self.runs.push(Run::default());
                let run = self.runs.len() as u32 - 1;
                self.current = Some(run);
                run
            }
        };
        if let Some((trouble, text)) = &line.trouble {
            let code = if *trouble == Trouble::NoZone { "time-without-zone" } else { "not-a-time" };
            self.tally.add(code, line.place, text);
        }
        match line.kind_of_line.as_deref() {
            None | Some("step") => self.begin(run, line, Origin::Step, build),
            Some("start") => self.begin(run, line, Origin::Start, build),
            Some("update") => self.go_on(run, line, 1, build),
            Some("end") => self.go_on(run, line, 2, build),
            Some("event") => match line.step.as_deref().or(line.id.as_deref()) {
                Some(step) => self.events.push((run, build.names.intern(step), line.place)),
                None => self.tally.add("event-without-step", line.place, line.name.as_deref().unwrap_or("")),
            },
            Some("end_run") => {
                if let Some(run) = self.runs.get_mut(run as usize) {
                    run.ended = true;
                    if let Some(error) = line.error {
                        run.error = Some((line.place, error));
                    }
                }
            }
            Some(other) => self.tally.add("unknown-line", line.place, other),
        }
    }

    fn begin(&mut self, run: u32, line: Line<'_>, origin: Origin, build: &mut Builder) {
        let position = self.runs.get_mut(run as usize).map_or(1, |run| {
            run.positions += 1;
            run.positions
        });
        let stated = line.id.as_deref().map_or_else(|| position.to_string(), str::to_owned);
        let id = build.names.intern(&stated);
        let open = self.steps.get(&(run, id)).copied();
        if let Some(at) = open
            && self.beside.get(at as usize).is_some_and(|beside| beside.origin == Origin::Missing)
        {
            // The end came before the start: the place of the start is the step's.
            if let Some(beside) = self.beside.get_mut(at as usize) {
                beside.origin = origin;
            }
            if let Some(draft) = self.first.and_then(|first| build.drafts.get_mut(first + at as usize)) {
                draft.more.push(std::mem::replace(&mut draft.place, line.place));
            }
            self.reordered = true;
            self.apply(at, line, 0, build);
            return;
        }
        let mut own = id;
        if self.taken.contains(&(run, id)) {
            self.tally.add("duplicate-id", line.place, &stated);
            let mut number = 2u64;
            while self.taken.contains(&(run, own)) {
                own = build.names.intern(&format!("{stated}#{number}"));
                number += 1;
            }
        }
        let at = self.push(run, own, line.place, origin, build);
        self.steps.insert((run, id), at);
        self.taken.insert((run, own));
        self.apply(at, line, 0, build);
    }

    fn push(&mut self, run: u32, id: Sym, place: Place, origin: Origin, build: &mut Builder) -> u32 {
        let mut draft = Draft::new(Interner::EMPTY, id, place);
        draft.context = run;
        build.push(draft);
        let ended = origin == Origin::Step;
        self.beside.push(Beside { run, origin, ended, status: None, kind: None, error: false, rank: 0 });
        self.beside.len() as u32 - 1
    }

    fn go_on(&mut self, run: u32, line: Line<'_>, rank: u8, build: &mut Builder) {
        let Some(stated) = line.id.as_deref() else {
            self.tally.add("line-without-id", line.place, line.kind_of_line.as_deref().unwrap_or(""));
            return;
        };
        let id = build.names.intern(stated);
        let at = match self.steps.get(&(run, id)) {
            Some(&at) => {
                if let Some(draft) = self.first.and_then(|first| build.drafts.get_mut(first + at as usize)) {
                    draft.more.push(line.place);
                }
                at
            }
            None => {
                let at = self.push(run, id, line.place, Origin::Missing, build);
                self.steps.insert((run, id), at);
                self.taken.insert((run, id));
                at
            }
        };
        if rank == 2
            && let Some(beside) = self.beside.get_mut(at as usize)
        {
            if beside.ended && beside.origin != Origin::Step {
                self.tally.add("second-end", line.place, stated);
            }
            beside.ended = true;
        }
        self.apply(at, line, rank, build);
    }

    /// Puts the fields of a line into its step: a stronger or equal line overwrites, a weaker one fills.
    fn apply(&mut self, at: u32, line: Line<'_>, rank: u8, build: &mut Builder) {
        let Some(beside) = self.beside.get_mut(at as usize) else { return };
        let wins = rank >= beside.rank;
        beside.rank = beside.rank.max(rank);
        let mut scratch = Draft::new(Interner::EMPTY, Interner::EMPTY, Place::default());
        if let Some(gather) = line.gather {
            gather.finish("").settle(&mut scratch, build);
        }
        let parent = line.parent.as_deref().map(|parent| build.names.intern(parent));
        let name = line.name.as_deref().map(|name| build.names.intern(name));
        let model = line.model.as_deref().map(|model| build.names.intern(model));
        let Some(draft) = self.first.and_then(|first| build.drafts.get_mut(first + at as usize)) else { return };
        fn put<T>(slot: &mut Option<T>, value: Option<T>, wins: bool) {
            if value.is_some() && (wins || slot.is_none()) {
                *slot = value;
            }
        }
        put(&mut draft.parent, parent, wins);
        put(&mut draft.start, line.start, wins);
        put(&mut draft.end, line.end, wins);
        for (slot, value) in [(&mut draft.name, name), (&mut draft.model, model)] {
            if let Some(value) = value.filter(|_| wins || *slot == Interner::EMPTY) {
                *slot = value;
            }
        }
        if draft.model == Interner::EMPTY {
            draft.model = scratch.model;
        }
        if let Some(text) = line.kind.as_deref() {
            let kind = Kind::from_name(text);
            if kind.is_none() {
                self.tally.add("unknown-kind", line.place, text);
            }
            put(&mut beside.kind, Some(kind.unwrap_or_default()), wins);
        }
        if draft.kind == Kind::Other {
            draft.kind = scratch.kind;
        }
        if let Some(text) = line.status.as_deref() {
            let status = Status::from_name(text);
            if status.is_none() {
                self.tally.add("unknown-status", line.place, text);
            }
            put(&mut beside.status, Some(status.unwrap_or_default()), wins);
        }
        beside.error |= line.error.is_some();
        let mut usage: Usage = line.usage;
        if wins {
            usage.fill(&draft.usage);
            draft.usage = usage;
        } else {
            draft.usage.fill(&usage);
        }
        draft.usage.fill(&scratch.usage);
        if line.messages || scratch.flags.has(Flags::MESSAGES) {
            draft.flags.set(Flags::MESSAGES);
        }
    }

    /// Everything is read: names the runs, settles statuses, says what was odd.
    pub(super) fn finish(&mut self, file: u16, build: &mut Builder) -> ChainDebugReveal {
        let first = self.first.unwrap_or(build.drafts.len());
        self.attach_events(first, build);
        let ids = self.run_ids(file, first, build);
        let mut open: FxHashMap<u32, Vec<Sym>> = FxHashMap::default();
        for (at, beside) in self.beside.iter().enumerate() {
            let Some(draft) = build.drafts.get_mut(first + at) else { continue };
            draft.run = ids.get(beside.run as usize).copied().unwrap_or(Interner::EMPTY);
            if let Some(kind) = beside.kind {
                draft.kind = kind;
            }
            if draft.name == Interner::EMPTY {
                draft.name = draft.id;
            }
            let running = beside.origin == Origin::Start && !beside.ended;
            draft.status = match beside.status {
                Some(status) => status,
                None if beside.error => Status::Error,
                None if running => Status::Running,
                None => Status::Unset,
            };
            if running && draft.end.is_none() {
                open.entry(beside.run).or_default().push(draft.name);
            }
            if beside.origin == Origin::Missing {
                self.tally.add("end-without-start", draft.place, build.names.get(draft.id));
            }
        }
        self.say_open(&open, build);
        self.say_odd(build);
        if self.reordered
            && let Some(own) = build.drafts.get_mut(first..)
        {
            own.order_by_key(|draft| draft.place.start);
        }
        let surroundings = self.runs.iter().map(|run| Surroundings {
            attributes: run.header.attributes,
            recorder: run.header.recorder.clone(),
            limit: run.header.limit,
        });
        ChainDebugReveal { runs: surroundings.collect() }
    }

    fn attach_events(&mut self, first: usize, build: &mut Builder) {
        for (run, step, place) in std::mem::take(&mut self.events) {
            let at = self.steps.get(&(run, step)).copied();
            match at.and_then(|at| build.drafts.get_mut(first + at as usize)) {
                Some(draft) => draft.more.push(place),
                None => self.tally.add("event-without-step", place, build.names.get(step)),
            }
        }
    }

    /// A symbol for each run. Those without an id get their position, made unlike every other id of the document.
    fn run_ids(&mut self, file: u16, first: usize, build: &mut Builder) -> Vec<Sym> {
        let mut used: FxHashSet<Sym> = FxHashSet::default();
        if file > 0 {
            used.extend(build.drafts.get(..first).unwrap_or(&[]).iter().map(|draft| draft.run));
        }
        for run in &self.runs {
            if let Some(id) = &run.header.id {
                used.insert(build.names.intern(id));
            }
        }
        let mut ids = Vec::with_capacity(self.runs.len());
        for (index, run) in self.runs.iter().enumerate() {
            let id = match &run.header.id {
                Some(id) => build.names.intern(id),
                None => {
                    let position = index + 1;
                    let mut id = build.names.intern(&position.to_string());
                    let mut number = 2u32;
                    while used.contains(&id) {
                        id = build.names.intern(&format!("{position}#{number}"));
                        number += 1;
                    }
                    used.insert(id);
                    id
                }
            };
            if let Some(name) = &run.header.name {
                build.run_names.insert(id, name.clone());
            }
            ids.push(id);
        }
        ids
    }

    /// Steps that were running when the text ended: a program that stopped, or a run that ended before they did.
    fn say_open(&self, open: &FxHashMap<u32, Vec<Sym>>, build: &mut Builder) {
        for (index, run) in self.runs.iter().enumerate() {
            let named = run.header.name.as_ref().map(|name| format!(" “{name}”")).unwrap_or_default();
            if let Some((place, error)) = &run.error {
                let colon = if error.is_empty() { "" } else { ": " };
                let message = format!("The run{named} ended with an error{colon}{error}.");
                build.diagnostics.push(Diagnostic::new(Severity::Warning, "run-error", message).at(*place));
            }
            let Some(steps) = open.get(&(index as u32)) else { continue };
            let names: Vec<&str> = steps.iter().take(4).map(|&name| build.names.get(name)).collect();
            let more = if steps.len() > names.len() { ", …" } else { "" };
            let names = format!("{}{more}", names.join(", "));
            let were = counted(steps.len() as u64, "step was", "steps were");
            let (code, message) = if run.ended {
                ("ended-while-running", format!("The run{named} ended while {were} still running: {names}."))
            } else {
                let message = format!(
                    "The program stopped before the run{named} was over: {were} still running ({names}), and the file \
                     has no `end_run`. What was written until then is shown."
                );
                ("stopped-while-running", message)
            };
            build.diagnostics.push(Diagnostic::new(Severity::Warning, code, message));
        }
    }

    fn say_odd(&mut self, build: &mut Builder) {
        use Severity::{Error, Warning};
        let lines = |count| counted(count, "line", "lines");
        let tally = &mut self.tally;
        tally.say(build, Error, "newer-version", |_, version| {
            format!(
                "From here on the file is version {version} of the ChainDebug format; this ChainDebug reads version \
                 {VERSION}. Use a newer ChainDebug for the rest."
            )
        });
        tally.say(build, Warning, "unknown-line", |count, text| {
            format!(
                "{} of an unknown type skipped, the first is `{text}`. A newer ChainDebug may know it.",
                lines(count)
            )
        });
        tally.say(build, Warning, "line-without-id", |count, text| {
            format!("{} without `id` skipped, the first is `{text}`: nothing tells which step is meant.", lines(count))
        });
        tally.say(build, Warning, "event-without-step", |count, text| {
            format!("{} for a step that is not in the file, the first for `{text}`.", counted(count, "event", "events"))
        });
        tally.say(build, Warning, "end-without-start", |count, text| {
            let steps = counted(count, "step has", "steps have");
            format!(
                "{steps} an `end` or `update` line and no `start`, the first is `{text}`; shown with what is known."
            )
        });
        tally.say(build, Warning, "second-end", |count, text| {
            format!("{} for a step that had ended, the first for `{text}`; the later line counts.", lines(count))
        });
        tally.say(build, Warning, "duplicate-id", |count, text| {
            let steps = counted(count, "step shares its", "steps share their");
            format!("{steps} id with an earlier step of the run, the first is `{text}`, now `{text}#2`.")
        });
        tally.say(build, Warning, "not-a-time", |count, text| {
            format!(
                "{} not a time, the first is `{text}`; counted as absent. Expected RFC 3339 or whole nanoseconds.",
                counted(count, "value is", "values are")
            )
        });
        tally.say(build, Warning, "time-without-zone", |count, text| {
            format!("{} no zone, the first is `{text}`; read as UTC.", counted(count, "time has", "times have"))
        });
        tally.say(build, Warning, "unknown-kind", |count, text| {
            format!(
                "{} an unknown kind, the first is `{text}`; shown as `other`.",
                counted(count, "step has", "steps have")
            )
        });
        tally.say(build, Warning, "unknown-status", |count, text| {
            let steps = counted(count, "step has", "steps have");
            format!("{steps} an unknown status, the first is `{text}`; shown as `unset`.")
        });
    }
}
