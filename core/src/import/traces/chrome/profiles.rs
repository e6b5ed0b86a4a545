//! CPU profiles inside a trace: `Profile` begins one on the thread that is looked at, `ProfileChunk` events of another
//! thread hold its functions and samples piece by piece. Before 2017 one event, `CpuProfile`, held all of it.
//! Hermes writes `samples` and `stackFrames` beside the events, as the format once had them.

use super::super::cpuprofile::{micros, name, shown_name};
use super::super::sampled::{Function, Stays};
use super::event::Event;
use super::groups::Groups;
use crate::import::record::{Record, read};
use crate::import::{Builder, Draft};
use crate::json::{At, Tree};
use crate::model::{Nanos, Place, Status, Sym};
use rustc_hash::FxHashMap;

/// Of a function: its name, where it stands, and the id of the one that called it.
type About = (Sym, Place, Option<u64>);

/// A profile, as far as it was read.
#[derive(Debug, Default)]
struct Profile {
    thread: usize,
    place: Place,
    start: Option<Nanos>,
    functions: Vec<Function>,
    /// What is known of each function.
    told: Vec<About>,
    by_id: FxHashMap<u64, usize>,
    /// Ids of functions, with the time since the sample before.
    samples: Vec<(u64, Nanos)>,
}

/// All profiles of a file.
#[derive(Debug, Default)]
pub(super) struct Profiles {
    all: Vec<Profile>,
    known: FxHashMap<(Sym, Sym), usize>,
    frames: Frames,
    /// Profiles of `samples` beside the events, by their thread, with the time of the newest sample.
    sampled: FxHashMap<usize, (usize, Nanos)>,
}

/// Stacks that samples beside the events point into: functions with their callers, which may be told later.
#[derive(Debug, Default)]
struct Frames {
    numbers: FxHashMap<String, u64>,
    all: Vec<(u64, Function, About)>,
}

impl Frames {
    /// The number that stands for an id, which may be any text.
    fn number(&mut self, id: &str) -> u64 {
        let next = self.numbers.len() as u64;
        *self.numbers.entry(id.to_owned()).or_insert(next)
    }
}

impl Profiles {
    /// The profile of an event: its id counts within the process.
    fn of(&mut self, event: &Event<'_>, thread: usize, build: &mut Builder) -> Option<&mut Profile> {
        // A whole profile in one event has no id.
        let own = match event.id.is_empty() && event.name == "CpuProfile" {
            true => format!("of thread {}", event.thread).into(),
            false => event.id.clone(),
        };
        let key = (build.names.intern(&event.process), build.names.intern(&own));
        let at = *self.known.entry(key).or_insert_with(|| {
            self.all.push(Profile { thread, place: event.place, ..Profile::default() });
            self.all.len() - 1
        });
        self.all.get_mut(at)
    }

    /// Takes the event that a profile begins with.
    pub(super) fn begin(&mut self, event: &Event<'_>, thread: usize, build: &mut Builder) {
        let tree = Tree::parse(event.args);
        let start = At::root(event.args, &tree).and_then(|args| args.at(&["data", "startTime"])).and_then(micros);
        if let Some(profile) = self.of(event, thread, build) {
            (profile.thread, profile.place, profile.start) = (thread, event.place, start.or(event.time));
        }
    }

    /// Takes a piece of a profile. `false` when it holds none.
    pub(super) fn piece(&mut self, event: &Event<'_>, thread: usize, build: &mut Builder) -> bool {
        let tree = Tree::parse(event.args);
        let data = At::root(event.args, &tree).and_then(|args| args.get("data"));
        let Some((data, piece)) = data.and_then(|data| Some((data, data.get("cpuProfile")?))) else { return false };
        let mut told = Vec::new();
        // Before 2017 an event held a whole profile, whose functions name those they called.
        let mut callers = FxHashMap::default();
        for node in piece.get("nodes").into_iter().flat_map(At::items) {
            let own = read::count(node, &["id"]);
            let called = node.get("children").into_iter().flat_map(At::items).filter_map(read::count_of);
            callers.extend(called.filter_map(|child| Some((child, own?))));
        }
        for node in piece.get("nodes").into_iter().flat_map(At::items) {
            let Some(id) = read::count(node, &["id"]) else { continue };
            let (start, end) = (node.start() as u64, node.end() as u64);
            let place = event.args_place;
            let place = Place { start: place.start.saturating_add(start), len: end.saturating_sub(start), ..place };
            let name = name(node);
            let function = Function::new(&name);
            let parent = read::count(node, &["parent"]).or_else(|| callers.get(&id).copied());
            told.push((id, function, (build.names.intern(shown_name(&name)), place, parent)));
        }
        let Some(profile) = self.of(event, thread, build) else { return false };
        profile.start = profile.start.or_else(|| piece.get("startTime").and_then(micros)).or(event.time);
        for (id, function, about) in told {
            profile.by_id.entry(id).or_insert(profile.functions.len());
            profile.functions.push(function);
            profile.told.push(about);
        }
        let deltas = data.get("timeDeltas").or_else(|| piece.get("timeDeltas"));
        let mut deltas = deltas.into_iter().flat_map(At::items).map(|at| micros(at).unwrap_or_default());
        for sample in piece.get("samples").into_iter().flat_map(At::items) {
            // An id that is none is one that no function has.
            let id = read::scalar(sample).and_then(|id| id.parse().ok()).unwrap_or(u64::MAX);
            profile.samples.push((id, deltas.next().unwrap_or_default()));
        }
        true
    }

    /// Takes a member of `stackFrames`.
    pub(super) fn frame(&mut self, id: &str, record: &Record<'_>, build: &mut Builder) {
        let at = record.root();
        let own = self.frames.number(id);
        let parent = read::text(at, &["parent"]).map(|parent| self.frames.number(&parent));
        let name = read::text(at, &["name"]).unwrap_or_default();
        let about = (build.names.intern(shown_name(&name)), record.whole_place(), parent);
        self.frames.all.push((own, Function::new(&name), about));
    }

    /// Takes an item of `samples`, on the thread that it names.
    pub(super) fn sample(&mut self, record: &Record<'_>, groups: &mut Groups, build: &mut Builder) {
        let at = record.root();
        let word = |key: &str| read::text(at, &[key]).unwrap_or_default().into_owned().into();
        let (Some(frame), Some(time)) = (read::text(at, &["sf"]), at.get("ts").and_then(micros)) else { return };
        let place = record.whole_place();
        let event = Event { place, process: word("pid"), thread: word("tid"), time: Some(time), ..Event::default() };
        let thread = groups.index(&event, build);
        groups.thread(&event, build).samples += 1;
        let (profile, last) = self.sampled.entry(thread).or_insert_with(|| {
            self.all.push(Profile { thread, place, start: Some(time), ..Profile::default() });
            (self.all.len() - 1, time)
        });
        let since = Nanos(time.0.saturating_sub(last.0));
        *last = time;
        if let Some(profile) = self.all.get_mut(*profile) {
            profile.samples.push((self.frames.number(&frame), since));
        }
    }

    /// Gives the functions to the profiles of samples: they may stand in the file after them.
    fn place(&mut self) {
        for (profile, _) in self.sampled.values() {
            let Some(profile) = self.all.get_mut(*profile) else { continue };
            for (own, function, about) in &self.frames.all {
                profile.by_id.entry(*own).or_insert(profile.functions.len());
                profile.functions.push(*function);
                profile.told.push(*about);
            }
        }
    }

    /// Pushes a step for each profile, with the stays of its functions inside.
    pub(super) fn finish(&mut self, run: Sym, file: u16, base: usize, groups: &Groups, build: &mut Builder) {
        self.place();
        for mut profile in std::mem::take(&mut self.all) {
            for (own, (.., parent)) in profile.told.iter().enumerate() {
                let parent = parent.and_then(|id| profile.by_id.get(&id)).copied().filter(|parent| *parent != own);
                if let Some(function) = profile.functions.get_mut(own) {
                    function.parent = parent;
                }
            }
            let start = profile.start.unwrap_or_default();
            let samples = profile.samples.iter().map(|(id, since)| (profile.by_id.get(id).copied(), *since));
            let stays = Stays::new(&profile.functions, samples, start, None);
            let around =
                groups.around(profile.thread).and_then(|step| build.drafts.get(step as usize)).map(|step| step.id);
            let mut draft = step(run, base, profile.place, build);
            draft.name = build.names.intern("CPU profile");
            draft.parent = around;
            // Its number is that of no event.
            draft.context = u32::MAX;
            (draft.start, draft.end) = (profile.start, profile.start.map(|_| stays.end()));
            let all = draft.id;
            build.push(draft);
            let mut ids: FxHashMap<usize, Sym> = FxHashMap::default();
            for (number, stay) in stays.shown() {
                let Some(&(name, place, _)) = profile.told.get(stay.function) else { continue };
                let mut draft = step(run, base, place, build);
                ids.insert(number, draft.id);
                draft.name = name;
                draft.parent = stay.around.and_then(|around| ids.get(&around)).copied().or(Some(all));
                draft.status = Status::Ok;
                (draft.start, draft.end) = (Some(stay.start), Some(stay.end));
                draft.context = u32::try_from(stay.samples).unwrap_or(u32::MAX);
                build.push(draft);
            }
            stays.say(file, build);
        }
    }
}

/// A step with the next number.
fn step(run: Sym, base: usize, place: Place, build: &mut Builder) -> Draft {
    let id = super::id(build.drafts.len().saturating_sub(base));
    Draft::new(run, build.names.intern(&id), place)
}
