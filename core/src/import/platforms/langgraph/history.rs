//! LangGraph's checkpoints: `get_state_history` and `get_state`, the server's `/threads/{id}/history`, and the tuples of
//! a checkpointer.
//!
//! Source: langgraph 0.2 to 1.2 (`types.StateSnapshot`, `checkpoint.base.CheckpointTuple`), LangGraph API 2024 to 2026.
//! Snapshots stand newest first; which came of which their parents say, and where one has several, the thread forked.
//!
//! What ran between a checkpoint and the next is a step, with the state before and after it: the tasks of the first
//! where they are listed, else the nodes that the second one's versions or writes tell of. Each turn and each fork is a
//! run.

use super::super::langchain;
use super::{AFTER, BEFORE, SPOKE, StepReveal, thread_name};
use crate::import::record::{Record, read};
use crate::import::{Builder, Draft, Format, Here, Importer, Matched, Probe, ROOT, Reveal, Route, State, each_object};
use crate::json::{At, Lack, Lexer, NodeKind, Str};
use crate::model::{Diagnostic, Document, Flags, Interner, Kind, Nanos, Place, Severity, Status, Sym, Usage};
use crate::order::Order as _;
use crate::wording::counted;
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;

/// The format.
pub(in super::super) const FORMAT: Format = Format {
    id: "langgraph-history",
    name: "LangGraph state histories and checkpoints",
    detect,
    importer: |_, _| Box::new(History::default()),
};

/// Steps that are the graph's own: they take the input in and end the run.
const OWN: [&str; 3] = ["__start__", "__input__", "__interrupt__"];

/// A checkpoint's own place in its thread, or its parent's: what one of these members tells, in a `configurable` or not.
fn configured<'a>(at: At<'a>, members: &[&str], key: &str) -> Option<Cow<'a, str>> {
    members.iter().filter_map(|member| at.get(member)).find_map(|inside| {
        let inside = inside.get("configurable").unwrap_or(inside);
        read::text(inside, &[key])
    })
}

const OWN_KEYS: &[&str] = &["config", "checkpoint"];
const PARENT_KEYS: &[&str] = &["parent_config", "parentConfig", "parent_checkpoint"];

/// Whether an object is a snapshot or a checkpointer's tuple.
fn is_point(at: At<'_>) -> bool {
    let object = |key: &str| at.get(key).is_some_and(|inner| inner.is(NodeKind::Object));
    let snapshot = at.get("values").is_some() && at.get("next").is_some_and(|next| next.is(NodeKind::Array));
    let placed = object("config") || object("checkpoint") || at.get("checkpoint_id").is_some();
    let tuple = at.at(&["checkpoint", "channel_values"]).is_some();
    (snapshot && (placed || object("metadata"))) || tuple
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    const LISTS: [&str; 5] = ["history", "data", "states", "checkpoints", "items"];
    let found = probe.samples.iter().find_map(|sample| {
        let at = At { text: sample.text, tree: &sample.tree, node: sample.object()? };
        let inner = || LISTS.iter().filter_map(|key| at.get(key)?.items().next()).find(|at| is_point(*at));
        Some(at).filter(|at| is_point(*at)).or_else(inner)
    })?;
    if found.get("values").is_some() {
        return Matched::new(
            "LangGraph state history",
            "its objects have `values`, `next` and the config of a checkpoint",
        );
    }
    Matched::new("LangGraph checkpoints", "its objects have a `checkpoint` with `channel_values`")
}

/// A task as a snapshot lists it.
#[derive(Debug)]
struct Task {
    id: Sym,
    name: Sym,
    place: Place,
    status: Option<Status>,
    usage: Usage,
    model: Sym,
}

#[derive(Debug)]
struct Point {
    id: Sym,
    parent: Option<Sym>,
    space: Sym,
    thread: Sym,
    step: i64,
    time: Option<Nanos>,
    /// It came of an input, or of somebody's change.
    input: bool,
    changed: bool,
    values: Option<Place>,
    place: Place,
    tasks: Vec<Task>,
    next: Vec<Sym>,
    /// Nodes that wrote it, with where that stands.
    writes: Vec<(Sym, Place)>,
    /// What each node had seen, as it stands.
    versions: Vec<(Sym, Sym)>,
    pending: Option<Place>,
}

#[derive(Debug, Default)]
struct History {
    points: Vec<Point>,
    seen: FxHashSet<String>,
    known: FxHashMap<(Sym, Sym), usize>,
}

impl Importer for History {
    fn route(&mut self, state: State, key: Option<Str<'_>>, lead: u8) -> Route {
        if state == ROOT && lead == b'{' { Route::Take(0) } else { each_object(state, key.as_ref(), lead) }
    }

    fn take(&mut self, _: u8, lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
        let record = Record::take(lexer, here)?;
        let root = record.root();
        if is_point(root) {
            self.point(&record, root, build);
            return Ok(());
        }
        let lists = root.members().filter(|member| member.is(NodeKind::Array));
        for at in lists.flat_map(At::items).filter(|at| is_point(*at)) {
            self.point(&record, at, build);
        }
        Ok(())
    }

    fn together(&self, _: &Document) -> bool {
        true
    }

    fn finish(self: Box<Self>, build: &mut Builder) -> Box<dyn Reveal> {
        self.steps(build);
        Box::new(StepReveal)
    }
}

impl History {
    fn point(&mut self, record: &Record<'_>, at: At<'_>, build: &mut Builder) {
        let checkpoint = at.get("checkpoint").filter(|inner| inner.get("channel_values").is_some());
        let text = |text: Option<Cow<'_, str>>, build: &mut Builder| text.map(|text| build.names.intern(&text));
        let id = configured(at, OWN_KEYS, "checkpoint_id").or_else(|| read::text(at, &["checkpoint_id"]));
        let id = id.or_else(|| checkpoint.and_then(|inner| read::text(inner, &["id"])));
        let id = text(id, build).unwrap_or(Interner::EMPTY);
        let space = text(configured(at, OWN_KEYS, "checkpoint_ns"), build).unwrap_or(Interner::EMPTY);
        if id != Interner::EMPTY && self.known.insert((space, id), self.points.len()).is_some() {
            return;
        }
        let thread = configured(at, OWN_KEYS, "thread_id").or_else(|| read::text(at, &["thread_id"]));
        let parent = configured(at, PARENT_KEYS, "checkpoint_id").or_else(|| read::text(at, &["parent_checkpoint_id"]));
        let metadata = at.get("metadata");
        let source = metadata.and_then(|metadata| metadata.text_of("source")).unwrap_or_default();
        let step = metadata.and_then(|metadata| read::text(metadata, &["step"]));
        let values = at.get("values").or_else(|| checkpoint.and_then(|inner| inner.get("channel_values")));
        let values = values.filter(|values| !values.is(NodeKind::Null)).map(|values| record.place(values));
        let mut point = Point {
            id,
            parent: text(parent, build),
            space,
            thread: text(thread, build).unwrap_or(Interner::EMPTY),
            step: step.and_then(|step| step.parse().ok()).unwrap_or(i64::MIN),
            time: read::iso(at, &["created_at", "createdAt"])
                .or_else(|| checkpoint.and_then(|inner| read::iso(inner, &["ts"]))),
            input: source == "input",
            changed: matches!(&*source, "update" | "fork"),
            values,
            place: record.place(at),
            tasks: Vec::new(),
            next: Vec::new(),
            writes: Vec::new(),
            versions: Vec::new(),
            pending: read::first(at, &["pending_writes", "pendingWrites"])
                .filter(|writes| writes.count() > 0)
                .map(|writes| record.place(writes)),
        };
        point.next.extend(at.get("next").into_iter().flat_map(At::items).filter_map(|next| text(next.string(), build)));
        for write in metadata.and_then(|metadata| metadata.get("writes")).into_iter().flat_map(At::members) {
            point.writes.extend(text(write.key(), build).map(|node| (node, record.place(write))));
        }
        for node in checkpoint.and_then(|inner| inner.get("versions_seen")).into_iter().flat_map(At::members) {
            let seen = build.names.intern(&node.json());
            point.versions.extend(text(node.key(), build).map(|name| (name, seen)));
        }
        for task in at.get("tasks").into_iter().flat_map(At::items) {
            point.tasks.extend(self.task(record, task, build));
        }
        self.points.push(point);
    }

    /// A task as an object, or as the list that a tuple becomes in JSON.
    fn task(&mut self, record: &Record<'_>, at: At<'_>, build: &mut Builder) -> Option<Task> {
        let listed = at.is(NodeKind::Array);
        let member = |key: &str, index: usize| {
            let member = if listed { at.items().nth(index) } else { at.get(key) };
            member.filter(|member| !member.is(NodeKind::Null))
        };
        let name = member("name", 1).and_then(At::string)?;
        let result = member("result", 6);
        let error = member("error", 3);
        let paused = member("interrupts", 4).is_some_and(|interrupts| interrupts.count() > 0);
        let answer = result.map(|result| langchain::news(result, &mut self.seen)).unwrap_or_default();
        let status = match error {
            Some(error) => Some(langchain::ending(&read::scalar(error).unwrap_or_default())),
            None if paused && result.is_none() => Some(Status::Waiting),
            None => result.map(|_| Status::Ok),
        };
        Some(Task {
            id: build.names.intern(&member("id", 0).and_then(At::string).unwrap_or_default()),
            name: build.names.intern(&name),
            place: record.place(at),
            status,
            usage: answer.usage,
            model: answer.model.map_or(Interner::EMPTY, |model| build.names.intern(&model)),
        })
    }

    /// Which checkpoint each one came of, by position.
    fn parents(&self) -> Vec<Option<usize>> {
        let of = |point: &Point| point.parent.and_then(|parent| self.known.get(&(point.space, parent)).copied());
        self.points.iter().enumerate().map(|(own, point)| of(point).filter(|parent| *parent != own)).collect()
    }

    /// Positions so that each stands after the one it came of, older ones first.
    fn order(&self, parents: &[Option<usize>]) -> Vec<usize> {
        let mut sorted: Vec<usize> = (0..self.points.len()).rev().collect();
        sorted.order_by_key(|&at| self.points.get(at).map(|point| (point.time, point.step)));
        let mut placed = vec![false; self.points.len()];
        let mut out = Vec::with_capacity(sorted.len());
        for at in sorted {
            // Up to the first that is placed; a circle ends where it meets itself.
            let mut way = Vec::new();
            let mut up = Some(at);
            while let Some(next) = up.filter(|&next| placed.get(next) == Some(&false)) {
                if let Some(mark) = placed.get_mut(next) {
                    *mark = true;
                }
                way.push(next);
                up = parents.get(next).copied().flatten();
            }
            out.extend(way.into_iter().rev());
        }
        out
    }

    fn steps(&self, build: &mut Builder) {
        let pushed = build.drafts.len();
        let parents = self.parents();
        let order = self.order(&parents);
        let mut runs: Vec<Option<Sym>> = vec![None; self.points.len()];
        let mut followed: FxHashSet<usize> = FxHashSet::default();
        let mut counts: FxHashMap<Sym, u32> = FxHashMap::default();
        let mut in_task: FxHashMap<Sym, Sym> = FxHashMap::default();
        let mut forks = 0u64;
        // Subgraphs come after the graph whose tasks they stand in.
        let (outer, inner): (Vec<usize>, Vec<usize>) =
            order.into_iter().partition(|&at| self.points.get(at).is_some_and(|point| point.space == Interner::EMPTY));
        for at in outer.into_iter().chain(inner) {
            let Some(point) = self.points.get(at) else { continue };
            let parent =
                parents.get(at).copied().flatten().filter(|&parent| runs.get(parent).is_some_and(Option::is_some));
            let around = super::task_of(build.names.get(point.space)).map(str::to_owned);
            let around = around.map(|task| build.names.intern(&task));
            let before = parent.and_then(|parent| runs.get(parent).copied().flatten());
            let fork = parent.is_some_and(|parent| !followed.insert(parent));
            let begins = point.space == Interner::EMPTY && point.input;
            let run = match (before, around.and_then(|task| in_task.get(&task).copied())) {
                (_, Some(run)) => run,
                (Some(before), _) if !fork && !begins => before,
                _ => {
                    let count = counts.entry(point.thread).or_default();
                    *count += 1;
                    let (id, mut name) = thread_name(build.names.get(point.thread), *count);
                    if fork && !begins {
                        forks += 1;
                        let step = parent.and_then(|parent| self.points.get(parent)).map_or(0, |parent| parent.step);
                        name.push_str(&format!(", forked after step {step}"));
                    }
                    let run = build.names.intern(&id);
                    build.run_names.insert(run, name);
                    run
                }
            };
            if let Some(slot) = runs.get_mut(at) {
                *slot = Some(run);
            }
            if let Some(parent) = parent.and_then(|parent| self.points.get(parent)).filter(|_| !begins) {
                self.between(parent, Some(point), run, around, &mut in_task, build);
            }
        }
        for (at, point) in self.points.iter().enumerate() {
            let Some(run) = runs.get(at).copied().flatten().filter(|_| !followed.contains(&at)) else { continue };
            let around = super::task_of(build.names.get(point.space)).map(str::to_owned);
            let around = around.map(|task| build.names.intern(&task));
            if !point.tasks.is_empty() {
                self.between(point, None, run, around, &mut in_task, build);
            }
        }
        if build.drafts.len() == pushed {
            for (point, run) in self.points.iter().zip(&runs) {
                let run = run.unwrap_or(Interner::EMPTY);
                let mut draft = Draft::new(run, point.id, point.place);
                draft.name = build.names.intern("state");
                (draft.start, draft.end) = (point.time, point.time);
                put_states(&mut draft, None, point.values);
                build.push(draft);
            }
        }
        if forks > 0 {
            let message = format!("The thread has {}; each is a run of its own.", counted(forks, "fork", "forks"));
            let mut diagnostic = Diagnostic::new(Severity::Info, "forked-thread", message);
            diagnostic.file = self.points.first().map_or(0, |point| point.place.file);
            build.diagnostics.push(diagnostic);
        }
    }

    /// The steps between a checkpoint and the one that came of it, or that are still to come.
    fn between(
        &self,
        from: &Point,
        to: Option<&Point>,
        run: Sym,
        around: Option<Sym>,
        in_task: &mut FxHashMap<Sym, Sym>,
        build: &mut Builder,
    ) {
        let after = to.and_then(|to| to.values);
        let step = |id: Sym, name: Sym, place: Place| {
            let mut draft = Draft::new(run, id, place);
            draft.name = name;
            draft.kind = Kind::Chain;
            draft.parent = around.filter(|around| *around != id);
            (draft.start, draft.end) = (from.time, to.and_then(|to| to.time));
            draft.status = if to.is_some() { Status::Ok } else { Status::Waiting };
            draft
        };
        if let Some(to) = to.filter(|to| to.changed) {
            let name = build.names.intern("update of the state");
            let mut draft = step(to.id, name, to.place);
            draft.kind = Kind::Human;
            draft.more.extend(to.writes.iter().map(|(_, place)| *place));
            put_states(&mut draft, from.values, after);
            build.push(draft);
            return;
        }
        let own = |name: Sym, build: &Builder| OWN.contains(&build.names.get(name));
        let written: FxHashMap<Sym, Place> = to.into_iter().flat_map(|to| to.writes.iter().copied()).collect();
        let mut any = false;
        for task in &from.tasks {
            any = true;
            in_task.entry(task.id).or_insert(run);
            if own(task.name, build) {
                continue;
            }
            let mut draft = step(task.id, task.name, task.place);
            draft.status = task.status.unwrap_or(draft.status);
            if !task.usage.is_empty() {
                (draft.usage, draft.model) = (task.usage, task.model);
                draft.flags.set(Flags::MESSAGES);
                draft.context |= SPOKE;
            }
            // Before there were results in tasks, the next checkpoint told them.
            if let Some(place) = written.get(&task.name).filter(|_| task.status.is_none()) {
                draft.more.push(*place);
            }
            put_states(&mut draft, from.values, after);
            build.push(draft);
        }
        let Some(to) = to.filter(|_| !any) else { return };
        let known: FxHashSet<(Sym, Sym)> = from.versions.iter().copied().collect();
        let ran = to.versions.iter().filter(|version| !known.contains(version)).map(|(name, _)| *name);
        let mut nodes: Vec<(Sym, Option<Place>)> =
            to.writes.iter().map(|(node, place)| (*node, Some(*place))).collect();
        if nodes.is_empty() {
            nodes.extend(ran.map(|name| (name, from.pending)));
        }
        if nodes.is_empty() {
            nodes.extend(from.next.iter().map(|name| (*name, from.pending)));
        }
        nodes.retain(|(name, _)| !own(*name, build));
        let several = nodes.len() > 1;
        for (name, told) in nodes {
            let id = if several {
                let id = format!("{}/{}", build.names.get(to.id), build.names.get(name));
                build.names.intern(&id)
            } else {
                to.id
            };
            let mut draft = step(id, name, told.unwrap_or(to.place));
            put_states(&mut draft, from.values, after);
            build.push(draft);
        }
    }
}

fn put_states(draft: &mut Draft, before: Option<Place>, after: Option<Place>) {
    for (place, bit) in [(before, BEFORE), (after, AFTER)] {
        if let Some(place) = place {
            draft.more.push(place);
            draft.context |= bit;
        }
    }
}
