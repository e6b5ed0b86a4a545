//! Processes and threads: steps around what happened in them, where there is more than one.

use super::LeftOut;
use super::event::Event;
use super::nest::{Thread, set_parent};
use crate::import::{Builder, Draft};
use crate::model::{Nanos, Place, Sym};
use rustc_hash::FxHashMap;

/// First and last moment.
pub(super) type Extent = Option<(Nanos, Nanos)>;

/// A name that metadata gives, and where.
#[derive(Debug)]
struct Label {
    name: String,
    place: Place,
}

/// All threads of a file.
#[derive(Debug, Default)]
pub(super) struct Groups {
    threads: Vec<(Sym, Sym, Thread)>,
    known: FxHashMap<(Sym, Sym), usize>,
    /// The newest thread asked for: events of one thread come in runs.
    last: Option<(Sym, Sym, usize)>,
    process_names: FxHashMap<Sym, Label>,
    thread_names: FxHashMap<(Sym, Sym), Label>,
    /// The step of each thread, where threads are shown.
    shown: Vec<Option<u32>>,
}

impl Groups {
    /// The number of an event's thread.
    pub(super) fn index(&mut self, event: &Event<'_>, build: &mut Builder) -> usize {
        let names = &build.names;
        let same = |last: &(Sym, Sym, usize)| names.get(last.0) == event.process && names.get(last.1) == event.thread;
        if let Some((.., at)) = self.last.filter(same) {
            return at;
        }
        let process = build.names.intern(&event.process);
        let thread = build.names.intern(&event.thread);
        let at = *self.known.entry((process, thread)).or_insert_with(|| {
            self.threads.push((process, thread, Thread::default()));
            self.threads.len() - 1
        });
        self.last = Some((process, thread, at));
        at
    }

    /// The thread of an event.
    pub(super) fn thread(&mut self, event: &Event<'_>, build: &mut Builder) -> &mut Thread {
        let at = self.index(event, build);
        if at >= self.threads.len() {
            let empty = build.names.intern("");
            self.threads.push((empty, empty, Thread::default()));
        }
        let at = at.min(self.threads.len() - 1);
        #[allow(clippy::indexing_slicing)] // Held within the list right above.
        let thread = &mut self.threads[at].2;
        thread.seen(event);
        if matches!(event.phase, b'b' | b'S') {
            thread.spans += 1;
        }
        thread
    }

    /// Takes an event of metadata.
    pub(super) fn describe(&mut self, event: &Event<'_>, build: &mut Builder) {
        if !matches!(event.name.as_ref(), "process_name" | "thread_name") {
            return;
        }
        let Some(name) = event.arg(&["name"]) else { return };
        let label = Label { name, place: event.place };
        let process = build.names.intern(&event.process);
        if event.name == "process_name" {
            self.process_names.insert(process, label);
        } else {
            let thread = build.names.intern(&event.thread);
            self.thread_names.insert((process, thread), label);
        }
    }

    /// What the run is called: by its process, where there is one with a name.
    pub(super) fn title(&self) -> String {
        let mut named: Vec<&str> = Vec::new();
        for (process, _, thread) in &self.threads {
            if let Some(label) = self.process_names.get(process).filter(|_| thread.used()) {
                if !named.contains(&label.name.as_str()) {
                    named.push(&label.name);
                }
                if named.len() > 3 {
                    break;
                }
            }
        }
        match named.as_slice() {
            [] => "Chrome trace".to_owned(),
            many => many.iter().take(3).copied().collect::<Vec<_>>().join(", "),
        }
    }

    /// Pushes steps for processes and threads where there are several; `always` for files without any other step.
    pub(super) fn show(&mut self, run: Sym, always: bool, build: &mut Builder) {
        let used = |at: &&(Sym, Sym, Thread)| at.2.used();
        let threads = self.threads.iter().filter(used).count();
        let mut processes: FxHashMap<Sym, (Extent, Option<Place>)> = FxHashMap::default();
        let mut order = Vec::new();
        for (process, _, thread) in self.threads.iter().filter(used) {
            let around = processes.entry(*process).or_insert_with(|| {
                order.push(*process);
                (None, thread.first)
            });
            around.0 = match (around.0, thread.extent) {
                (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
                (a, b) => a.or(b),
            };
        }
        let mut steps: FxHashMap<Sym, u32> = FxHashMap::default();
        if order.len() > 1 {
            for process in order {
                let Some((extent, first)) = processes.get(&process).copied() else { continue };
                let own = build.names.get(process).to_owned();
                let label = self.process_names.get(&process);
                let name =
                    label.map_or_else(|| format!("process {own}"), |label| format!("{} (pid {own})", label.name));
                let place = label.map(|label| label.place).or(first).unwrap_or_default();
                let step = group(run, &format!("pid {own}"), &name, place, extent, build);
                steps.insert(process, step);
            }
        }
        self.shown = vec![None; self.threads.len()];
        if threads < 2 && !always {
            return;
        }
        for ((process, thread, held), slot) in self.threads.iter().zip(&mut self.shown) {
            if !held.used() {
                continue;
            }
            let (pid, tid) = (build.names.get(*process).to_owned(), build.names.get(*thread).to_owned());
            let label = self.thread_names.get(&(*process, *thread));
            let name = label.map_or_else(|| format!("thread {tid}"), |label| label.name.clone());
            let place = label.map(|label| label.place).or(held.first).unwrap_or_default();
            let step = group(run, &format!("pid {pid} tid {tid}"), &name, place, held.extent, build);
            set_parent(step, steps.get(process).copied(), build);
            *slot = Some(step);
        }
    }

    /// The step around a thread.
    pub(super) fn around(&self, thread: usize) -> Option<u32> {
        self.shown.get(thread).copied().flatten()
    }

    /// Widens the steps around threads and processes by what ends later on another thread, or began before their
    /// first event, as profiles do.
    pub(super) fn widen(&self, base: usize, build: &mut Builder) {
        type Span = (usize, Option<Nanos>, Option<Nanos>);
        let mut around: FxHashMap<Sym, Span> = FxHashMap::default();
        let is_group = |draft: &Draft| draft.context == 0;
        for (at, draft) in build.drafts.iter().enumerate().skip(base).filter(|(_, draft)| is_group(draft)) {
            around.insert(draft.id, (at, draft.start, draft.end));
        }
        // First threads by their steps, then processes by their threads.
        for groups in [false, true] {
            for draft in build.drafts.iter().skip(base).filter(|draft| is_group(draft) == groups) {
                let own = around.get(&draft.id).filter(|_| groups);
                let (start, end) = own.map_or((draft.start, draft.end), |own| (own.1, own.2));
                if let Some(above) = draft.parent.and_then(|parent| around.get_mut(&parent)) {
                    above.1 = above.1.into_iter().chain(start).min();
                    above.2 = above.2.max(end);
                }
            }
        }
        for (at, start, end) in around.into_values() {
            if let Some(draft) = build.drafts.get_mut(at) {
                (draft.start, draft.end) = (start, end);
            }
        }
    }

    /// Settles all threads; the step of each touch of a flow.
    pub(super) fn nest(&mut self, build: &mut Builder, left: &mut LeftOut) -> FxHashMap<u32, u32> {
        let mut bound = FxHashMap::default();
        for ((.., thread), shown) in self.threads.iter_mut().zip(&self.shown) {
            thread.nest(*shown, build, left, &mut |flow, step| {
                bound.insert(flow, step);
            });
        }
        bound
    }
}

/// A step for a process or thread: context 0 tells that it is one.
fn group(run: Sym, id: &str, name: &str, place: Place, extent: Extent, build: &mut Builder) -> u32 {
    let id = build.names.intern(id);
    let mut draft = Draft::new(run, id, place);
    draft.name = build.names.intern(name);
    (draft.start, draft.end) = (extent.map(|extent| extent.0), extent.map(|extent| extent.1));
    u32::try_from(build.push(draft)).unwrap_or(u32::MAX)
}
