//! CPU profiles inside a trace: `Profile` begins one on the thread that is looked at, `ProfileChunk` events of another
//! thread hold its functions and samples piece by piece.

use super::super::cpuprofile::{micros, name, shown_name};
use super::super::sampled::{Function, Stays};
use super::event::Event;
use super::groups::Groups;
use crate::import::record::read;
use crate::import::{Builder, Draft};
use crate::json::{At, Tree};
use crate::model::{Nanos, Place, Status, Sym};
use rustc_hash::FxHashMap;

/// A profile, as far as it was read.
#[derive(Debug, Default)]
struct Profile {
    thread: usize,
    place: Place,
    start: Option<Nanos>,
    functions: Vec<Function>,
    /// Of each function: its name, where it stands, and the id of the one that called it.
    told: Vec<(Sym, Place, Option<u64>)>,
    by_id: FxHashMap<u64, usize>,
    /// Ids of functions, with the time since the sample before.
    samples: Vec<(u64, Nanos)>,
}

/// All profiles of a file.
#[derive(Debug, Default)]
pub(super) struct Profiles {
    all: Vec<Profile>,
    known: FxHashMap<(Sym, Sym), usize>,
}

impl Profiles {
    /// The profile of an event: its id counts within the process.
    fn of(&mut self, event: &Event<'_>, thread: usize, build: &mut Builder) -> Option<&mut Profile> {
        let key = (build.names.intern(&event.process), build.names.intern(&event.id));
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
        for node in piece.get("nodes").into_iter().flat_map(At::items) {
            let Some(id) = read::count(node, &["id"]) else { continue };
            let (start, end) = (node.start() as u64, node.end() as u64);
            let place = event.args_place;
            let place = Place { start: place.start.saturating_add(start), len: end.saturating_sub(start), ..place };
            let name = name(node);
            let function = Function::new(&name);
            told.push((id, function, (build.names.intern(shown_name(&name)), place, read::count(node, &["parent"]))));
        }
        let Some(profile) = self.of(event, thread, build) else { return false };
        profile.start = profile.start.or(event.time);
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

    /// Pushes a step for each profile, with the stays of its functions inside.
    pub(super) fn finish(&mut self, run: Sym, file: u16, base: usize, groups: &Groups, build: &mut Builder) {
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
