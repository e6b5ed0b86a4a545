//! LangSmith: runs as its API, its SDKs and LangChain's tracer write them.
//!
//! Source: the run data format of LangSmith (2026), langsmith-sdk 0.1 to 0.14 (`schemas.py`, `run_trees.py`, bodies of
//! `POST /runs/batch`), langchain-core tracers (`Run` with `child_runs`), answers of `POST /runs/query`, webhooks of
//! rules, tables of runs.
//!
//! Each run is a step. Records of the ingestion, and of pages that overlap, are merged by id: what is told later counts
//! where it is not null.

mod order;
mod reveal;

use super::langchain;
use super::split::{Mending, around};
use crate::dialect;
use crate::import::record::inside::Inside;
use crate::import::record::{Record, read};
use crate::import::{Builder, Draft, Format, Here, Importer, Matched, Probe, Reveal, Route, Sample, State};
use crate::json::{At, Lack, Lexer, NodeKind, Str};
use crate::model::{Document, Flags, Interner, Kind, Nanos, Status, Sym};
use rustc_hash::FxHashMap;

/// The format.
pub(super) const FORMAT: Format = Format {
    id: "langsmith",
    name: "LangSmith runs",
    detect,
    importer: |_, probe| {
        let mut importer = LangSmith::default();
        importer.another(probe);
        Box::new(importer)
    },
};

fn any(at: At<'_>, keys: &[&str]) -> bool {
    keys.iter().any(|key| at.get(key).is_some())
}

/// Whether an object is a run, or a change of one.
fn is_run(at: At<'_>) -> bool {
    any(at, &["id", "run_id"])
        && (any(at, &["run_type", "dotted_order", "parent_run_id"])
            || (any(at, &["trace_id"]) && any(at, &["end_time", "outputs"])))
}

fn root<'a>(sample: &'a Sample<'_>) -> Option<At<'a>> {
    Some(At { text: sample.text, tree: &sample.tree, node: sample.object()? })
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    probe.samples.iter().filter_map(root).find_map(told)
}

fn told(at: At<'_>) -> Option<Matched> {
    const BESIDE: [&str; 12] = [
        "dotted_order",
        "parent_run_id",
        "child_runs",
        "child_run_ids",
        "start_time",
        "inputs",
        "outputs",
        "trace_id",
        "session_id",
        "session_name",
        "execution_order",
        "serialized",
    ];
    let of = |at: At<'_>| is_run(at) && (at.get("run_type").is_some() && any(at, &BESIDE));
    let changes = |at: At<'_>| is_run(at) && any(at, &["dotted_order"]) && any(at, &["trace_id"]);
    if of(at) {
        let because = "it holds objects with `run_type` and `parent_run_id`, `dotted_order` or `inputs`";
        let label = if any(at, &["child_runs"]) { "LangChain run tree" } else { "LangSmith runs" };
        return Matched::new(label, because);
    }
    let first = |key: &str| at.get(key).map(|inner| inner.items().next().unwrap_or(inner));
    for key in ["post", "patch"] {
        if first(key).is_some_and(|run| of(run) || changes(run)) {
            return Matched::new("LangSmith ingestion batch", format!("it has a list `{key}` of runs"));
        }
    }
    const LISTS: [&str; 8] = ["runs", "data", "items", "results", "traces", "run", "trace", "root"];
    let holds = |at: At<'_>| {
        let inner = |key: &&str| at.get(key).map(|inner| inner.items().next().unwrap_or(inner));
        LISTS.iter().filter_map(inner).any(|run| of(run) || changes(run))
    };
    let wrapped = ["data", "result", "response"].iter().filter_map(|key| at.get(key)).any(holds);
    if changes(at) || holds(at) || wrapped {
        return Matched::new("LangSmith runs", "it holds objects with `run_type` or `dotted_order`");
    }
    None
}

#[derive(Debug, Default)]
struct LangSmith {
    inside: bool,
    steps: FxHashMap<Sym, usize>,
    /// Steps that do not name their trace.
    loose: Vec<usize>,
}

/// What a run inherits from the run it stands in.
#[derive(Clone, Copy, Debug, Default)]
struct Above {
    run: Option<Sym>,
    parent: Option<Sym>,
}

impl Importer for LangSmith {
    fn route(&mut self, state: State, _: Option<Str<'_>>, lead: u8) -> Route {
        super::objects::route(self.inside, state, lead)
    }

    fn take(&mut self, _: u8, lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
        let record = Record::take(lexer, here)?;
        let mut todo = vec![(record.root(), Above::default())];
        while let Some((at, above)) = todo.pop() {
            let from = todo.len();
            if is_run(at) {
                let own = self.run(&record, at, above, build);
                let children = at.get("child_runs").into_iter().flat_map(At::items);
                todo.extend(children.filter(|child| child.is(NodeKind::Object)).map(|child| (child, own)));
            } else {
                let held = |at: &At<'_>| matches!(at.kind(), NodeKind::Object | NodeKind::Array);
                todo.extend(at.children().filter(held).map(|child| (child, above)));
            }
            if let Some(added) = todo.get_mut(from..) {
                added.reverse();
            }
        }
        Ok(())
    }

    fn together(&self, _: &Document) -> bool {
        true
    }

    fn another(&mut self, probe: &Probe<'_>) {
        // One object around lists is walked into; objects that are steps themselves are taken whole.
        self.inside = !probe.samples.iter().filter_map(root).any(is_run);
    }

    fn finish(self: Box<Self>, build: &mut Builder) -> Box<dyn Reveal> {
        self.gather(build);
        Box::new(Mending(reveal::shows))
    }
}

impl LangSmith {
    /// Makes the step of a run or changes it; what the runs in it inherit.
    fn run(&mut self, record: &Record<'_>, at: At<'_>, above: Above, build: &mut Builder) -> Above {
        let id = read::text(at, &["id", "run_id"]).unwrap_or_default();
        let stated = read::text(at, &["dotted_order"]).unwrap_or_default();
        let way = order::ids(&stated).filter(|way| way.last().is_some_and(|last| *last == id)).unwrap_or_default();
        let first = way.first().map(|first| (*first).to_owned());
        let trace = read::text(at, &["trace_id"]).map(std::borrow::Cow::into_owned).or(first);
        let before = way.len().checked_sub(2).and_then(|at| way.get(at).copied());
        let parent = read::text(at, &["parent_run_id"]).map(std::borrow::Cow::into_owned);
        let parent = parent.or_else(|| before.map(str::to_owned)).map(|parent| build.names.intern(&parent));
        let parent = parent.or(above.parent);
        let id = build.names.intern(&id);
        let run = trace.map(|trace| build.names.intern(&trace)).or(above.run);
        let mut places = around(record, at, "child_runs").into_iter();
        let place = places.next().unwrap_or_else(|| record.place(at));

        let known = self.steps.get(&id).copied().filter(|_| id != Interner::EMPTY);
        if let Some(step) = known.filter(|&step| same(build, step, at, run)) {
            let mut own = Above { run, parent: Some(id) };
            super::change(build, step, |draft, build| {
                draft.more.push(place);
                draft.more.extend(places);
                draft.parent = draft.parent.or(parent);
                if let Some(run) = run.filter(|_| draft.run == Interner::EMPTY) {
                    draft.run = run;
                }
                own.run = Some(draft.run).filter(|run| *run != Interner::EMPTY);
                fill(draft, at, build);
            });
            return own;
        }
        // A tree without traces is one.
        let nested = at.get("child_runs").is_some_and(|children| children.count() > 0);
        let run = run.or_else(|| (nested && parent.is_none()).then_some(id));
        let mut draft = Draft::new(run.unwrap_or(Interner::EMPTY), id, place);
        draft.more.extend(places);
        draft.parent = parent.filter(|parent| *parent != id);
        fill(&mut draft, at, build);
        let step = build.push(draft);
        self.steps.entry(id).or_insert(step);
        if run.is_none() {
            self.loose.push(step);
        }
        Above { run, parent: Some(id) }
    }

    /// Puts steps that name no trace into that of their topmost known ancestor.
    fn gather(&self, build: &mut Builder) {
        for &loose in &self.loose {
            let mut way = Vec::new();
            let mut at = loose;
            let found = loop {
                let Some(draft) = build.drafts.get(at) else { break Interner::EMPTY };
                if draft.run != Interner::EMPTY {
                    break draft.run;
                }
                if let Some(slot) = build.drafts.get_mut(at) {
                    // Seen on this way: a circle ends here.
                    slot.run = slot.id;
                    way.push(at);
                    match slot.parent.map(|parent| (parent, self.steps.get(&parent))) {
                        None => break slot.id,
                        Some((_, Some(&above))) => at = above,
                        Some((missing, None)) => break missing,
                    }
                }
            };
            for step in way {
                if let Some(draft) = build.drafts.get_mut(step) {
                    draft.run = found;
                }
            }
        }
    }
}

/// Whether a record is of the same run as a step with its id, and not another one that has its id by mistake.
fn same(build: &Builder, step: usize, at: At<'_>, run: Option<Sym>) -> bool {
    let Some(draft) = build.drafts.get(step) else { return false };
    let traced = run.is_none_or(|run| draft.run == run || draft.run == Interner::EMPTY);
    let named = read::text(at, &["name"])
        .is_none_or(|name| build.names.get(draft.name) == name || draft.name == Interner::EMPTY);
    let started = start(at).is_none_or(|start| draft.start.is_none_or(|own| own == start));
    traced && named && started
}

fn start(at: At<'_>) -> Option<Nanos> {
    read::iso(at, &["start_time"]).or_else(|| read::epoch(at, &["start_time"], 1_000_000))
}

/// Puts what a record tells into the draft; what it does not tell stays as it was.
fn fill(draft: &mut Draft, at: At<'_>, build: &mut Builder) {
    if let Some(name) = read::text(at, &["name"]) {
        draft.name = build.names.intern(&name);
    }
    if let Some(kind) = read::text(at, &["run_type"]).and_then(|kind| dialect::span_kind(&kind)) {
        draft.kind = kind;
    }
    draft.start = draft.start.or_else(|| start(at));
    draft.end = read::iso(at, &["end_time"]).or_else(|| read::epoch(at, &["end_time"], 1_000_000)).or(draft.end);
    let outputs = Inside::of(at.get("outputs"));
    draft.status = status(draft, at, outputs.as_ref().map(Inside::at));
    let typeless = draft.kind == Kind::Other;
    let calls = matches!(draft.kind, Kind::Llm | Kind::Embedding);
    let mut usage = read::usage(at);
    if calls || typeless {
        let answer = outputs.as_ref().map(|outputs| langchain::answer(outputs.at())).unwrap_or_default();
        if !answer.usage.is_empty() {
            let stated = std::mem::replace(&mut usage, answer.usage);
            usage.fill(&stated);
        }
        let extra = Inside::of(at.get("extra"));
        let extra = extra.as_ref().map(Inside::at);
        let metadata = extra.and_then(|extra| extra.get("metadata"));
        if let Some(stated) = metadata.and_then(|metadata| metadata.get("usage_metadata")) {
            usage.fill(&read::usage(stated));
        }
        let model = answer.model.or_else(|| asked(at, extra).filter(|_| calls && draft.model == Interner::EMPTY));
        if let Some(model) = model {
            draft.model = build.names.intern(&model);
        }
        let told = |key: &str| {
            at.get(key).is_some_and(|side| !side.is(NodeKind::Null) && side.count() > 0 || side.is(NodeKind::String))
        };
        if calls && draft.kind == Kind::Llm && (told("inputs") || told("outputs")) {
            draft.flags.set(Flags::MESSAGES);
        }
    }
    if !langchain::nothing(&usage) {
        let before = std::mem::replace(&mut draft.usage, usage);
        draft.usage.fill(&before);
    }
}

/// The model that was asked for.
fn asked(at: At<'_>, extra: Option<At<'_>>) -> Option<String> {
    const KEYS: [&str; 4] = ["ls_model_name", "model", "model_name", "model_id"];
    let within = |key: &str, keys: &[&str]| {
        let inner = extra.and_then(|extra| extra.get(key))?;
        read::text(inner, keys).map(std::borrow::Cow::into_owned)
    };
    let column = || read::text(at, &["extra.metadata.ls_model_name", "extra.invocation_params.model"]);
    within("metadata", &KEYS)
        .or_else(|| within("invocation_params", &KEYS))
        .or_else(|| column().map(std::borrow::Cow::into_owned))
}

/// How a run ended.
fn status(draft: &Draft, at: At<'_>, outputs: Option<At<'_>>) -> Status {
    if let Some(error) = read::text(at, &["error"]) {
        return langchain::ending(&error);
    }
    if draft.kind == Kind::Tool && outputs.is_some_and(langchain::failed) {
        return Status::Error;
    }
    match at.text_of("status").as_deref() {
        Some("success") => Status::Ok,
        Some("error") => Status::Error,
        Some("pending") => Status::Running,
        Some("interrupted") => Status::Waiting,
        _ => match (draft.status, draft.end) {
            (Status::Unset | Status::Running, Some(_)) => Status::Ok,
            (Status::Unset, None) => Status::Running,
            (status, _) => status,
        },
    }
}

#[cfg(test)]
mod tests;
