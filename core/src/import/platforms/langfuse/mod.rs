//! Langfuse: the download of a trace, answers of its API, exports of its tables, and bodies of its ingestion.
//!
//! Source: Langfuse 2 and 3: the download (`trace`, `observations`), `GET /api/public/traces/{id}`,
//! `/api/public/observations` and `/api/public/v2/observations`, exports as JSON, JSON Lines and CSV, the blob storage
//! export (names with underscores), `POST /api/public/ingestion` of the SDKs before OpenTelemetry.
//!
//! An observation is a step. The trace is none: its name is the run's, and what else it tells stands on the first
//! step. A trace without observations is a run of one step.

mod reveal;
mod usage;

use super::split::{Mending, around};
use crate::dialect::{self, Gather, Val};
use crate::import::record::inside::Inside;
use crate::import::record::{Record, read};
use crate::import::tally::Tally;
use crate::import::{Builder, Draft, Format, Here, Importer, Matched, Probe, Reveal, Route, State};
use crate::json::{At, Lack, Lexer, NodeKind, Str};
use crate::model::{Document, Flags, Interner, Kind, Nanos, Place, Severity, Status, Sym};
use crate::wording::counted;
use rustc_hash::{FxHashMap, FxHashSet};

/// The format.
pub(super) const FORMAT: Format = Format {
    id: "langfuse",
    name: "Langfuse traces",
    detect,
    importer: |_, probe| {
        let mut importer = Langfuse::default();
        importer.another(probe);
        Box::new(importer)
    },
};

/// In a step's context: put together from several records of the ingestion.
const MERGED: u32 = 1;
/// In a step's context: the trace itself.
const TRACE: u32 = 2;
/// In a step's context: no observation of its trace tells input or output.
const OMITTED: u32 = 4;

/// The types of observations.
const TYPES: [&str; 10] =
    ["SPAN", "GENERATION", "EVENT", "AGENT", "TOOL", "CHAIN", "RETRIEVER", "EVALUATOR", "EMBEDDING", "GUARDRAIL"];

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Observation,
    Trace,
    Score,
    /// A record of the ingestion: what it is about stands in `body`.
    Change,
    Around,
}

fn any(at: At<'_>, keys: &[&str]) -> bool {
    keys.iter().any(|key| at.get(key).is_some())
}

/// What an object is, by its members.
fn shape(at: At<'_>) -> Shape {
    const PARENT: [&str; 2] = ["parentObservationId", "parent_observation_id"];
    const STARTS: [&str; 4] = ["startTime", "start_time", "endTime", "end_time"];
    let body = at.get("body").is_some_and(|body| body.is(NodeKind::Object));
    let kind = at.text_of("type").unwrap_or_default();
    if body && (kind == "sdk-log" || kind.ends_with("-create") || kind.ends_with("-update")) {
        return Shape::Change;
    }
    let traced = any(at, &["traceId", "trace_id"]);
    let starts = any(at, &STARTS);
    let valued = any(at, &["value", "stringValue", "string_value", "dataType", "data_type"]);
    if valued && !starts && (traced || any(at, &["observationId"])) {
        return Shape::Score;
    }
    let typed = TYPES.contains(&&*kind);
    if any(at, &PARENT) || (traced && (starts || typed)) || (typed && starts && any(at, &["id"])) {
        return Shape::Observation;
    }
    let own = any(at, &["bookmarked", "htmlPath", "userId", "user_id", "sessionId", "session_id", "observations"]);
    if any(at, &["id"]) && !traced && (own || any(at, &["timestamp"])) {
        return Shape::Trace;
    }
    Shape::Around
}

/// The object a sample is, or the first in its list.
fn root<'a>(sample: &'a crate::import::Sample<'_>) -> Option<At<'a>> {
    Some(At { text: sample.text, tree: &sample.tree, node: sample.object()? })
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    probe.samples.iter().filter_map(root).find_map(told)
}

/// What only Langfuse writes.
fn told(at: At<'_>) -> Option<Matched> {
    let first = |key: &str| at.get(key).and_then(|list| list.items().next());
    if let Some(change) = first("batch").or(Some(at)).filter(|change| shape(*change) == Shape::Change) {
        let kind = change.text_of("type").unwrap_or_default();
        return Matched::new("Langfuse ingestion batch", format!("it holds records `{kind}` with a `body`"));
    }
    let observed = |at: At<'_>| {
        let own = any(at, &["parentObservationId", "parent_observation_id"]);
        let typed = at.text_of("type").is_some_and(|kind| TYPES.contains(&&*kind));
        shape(at) == Shape::Observation && (own || (typed && any(at, &["traceId", "trace_id"])))
    };
    let listed = first("observations").is_some_and(observed);
    let trace = at.get("trace").filter(|trace| shape(*trace) == Shape::Trace);
    if listed || (trace.is_some() && any(at, &["observations"])) {
        return Matched::new("Langfuse trace", "it has `observations` with `traceId` and `parentObservationId`");
    }
    // The list of traces names its observations by their ids alone.
    let traces = |at: At<'_>| {
        let own = any(at, &["htmlPath", "bookmarked"]) && any(at, &["timestamp"]);
        shape(at) == Shape::Trace && own
    };
    const LISTS: [&str; 6] = ["data", "observations", "items", "results", "traces", "trace"];
    for at in std::iter::once(at).chain(LISTS.iter().filter_map(|key| first(key).or_else(|| at.get(key)))) {
        if observed(at) {
            return Matched::new("Langfuse observations", "its objects have `traceId` and `parentObservationId`");
        }
        if traces(at) {
            return Matched::new("Langfuse traces", "its objects have `timestamp` and `bookmarked` or `htmlPath`");
        }
        if first("observations").is_none()
            && at.get("observations").and_then(|all| all.items().next()).is_some_and(observed)
        {
            return Matched::new("Langfuse traces", "they have `observations` with `traceId`");
        }
    }
    None
}

/// What is known of a step that was pushed.
#[derive(Clone, Copy, Debug)]
struct Known {
    draft: usize,
    /// Stands in the list of a trace, which downloads repeat without input and output.
    thin: bool,
}

#[derive(Debug, Default)]
struct Trace {
    places: Vec<Place>,
    start: Option<Nanos>,
    end: Option<Nanos>,
    cost: Option<f64>,
}

#[derive(Debug, Default)]
struct Langfuse {
    inside: bool,
    steps: FxHashMap<(Sym, Sym), Known>,
    traces: FxHashMap<Sym, Trace>,
    /// Traces in the order of the file.
    order: Vec<Sym>,
    scores: Vec<(Sym, Option<Sym>, Place)>,
    /// Traces of which an observation tells its input or output.
    told: FxHashSet<Sym>,
    tally: Tally,
}

impl Importer for Langfuse {
    fn route(&mut self, state: State, _: Option<Str<'_>>, lead: u8) -> Route {
        super::objects::route(self.inside, state, lead)
    }

    fn take(&mut self, _: u8, lexer: &mut Lexer<'_>, here: Here, build: &mut Builder) -> Result<(), Lack> {
        let record = Record::take(lexer, here)?;
        let mut todo = vec![(record.root(), false)];
        while let Some((at, thin)) = todo.pop() {
            let mut inner: Vec<(At<'_>, bool)> = Vec::new();
            match shape(at) {
                Shape::Observation => self.observation(&record, at, thin, false, build),
                Shape::Score => self.score(&record, at, build),
                Shape::Change => self.change(&record, at, build),
                Shape::Trace => {
                    self.trace(&record, at, build);
                    inner.extend(at.get("observations").into_iter().flat_map(At::items).map(|item| (item, true)));
                }
                Shape::Around => inner.extend(at.children().map(|child| (child, thin))),
            }
            todo.extend(
                inner.into_iter().rev().filter(|(at, _)| matches!(at.kind(), NodeKind::Object | NodeKind::Array)),
            );
        }
        Ok(())
    }

    fn together(&self, _: &Document) -> bool {
        true
    }

    fn another(&mut self, probe: &Probe<'_>) {
        // One object around lists is walked into; objects that are steps themselves are taken whole.
        self.inside = !probe.samples.iter().filter_map(root).any(|at| shape(at) != Shape::Around);
    }

    fn finish(mut self: Box<Self>, build: &mut Builder) -> Box<dyn Reveal> {
        self.settle(build);
        self.tally.say(build, Severity::Info, "repeated-record", |count, name| {
            let records = counted(count, "record stands", "records stand");
            format!("{records} in this file more than once, the first is `{name}`; shown once.")
        });
        Box::new(Mending(reveal::shows))
    }
}

impl Langfuse {
    /// A record of the ingestion: what it changes is its body.
    fn change(&mut self, record: &Record<'_>, at: At<'_>, build: &mut Builder) {
        let Some(body) = at.get("body") else { return };
        let kind = at.text_of("type").unwrap_or_default();
        match &*kind {
            "trace-create" => self.trace(record, body, build),
            "score-create" => self.score(record, body, build),
            "sdk-log" => {}
            _ => {
                let Some(step) = self.step(record, body, false, true, build) else { return };
                let Some(draft) = build.drafts.get_mut(step) else { return };
                draft.context |= MERGED;
                let named = kind.trim_end_matches("-create").trim_end_matches("-update");
                let stated = body.text_of("type").and_then(|kind| dialect::span_kind(&kind));
                if let Some(kind) = stated.or_else(|| dialect::span_kind(named)).filter(|_| draft.kind == Kind::Other) {
                    draft.kind = kind;
                }
                if draft.kind == Kind::Llm && any(body, &["input", "output"]) {
                    draft.flags.set(Flags::MESSAGES);
                }
                if named == "event" {
                    instant(draft);
                }
                tell(draft);
            }
        }
    }

    fn observation(&mut self, record: &Record<'_>, at: At<'_>, thin: bool, merge: bool, build: &mut Builder) {
        self.step(record, at, thin, merge, build);
    }

    /// Makes the step of an observation, or changes it; its draft.
    fn step(&mut self, record: &Record<'_>, at: At<'_>, thin: bool, merge: bool, build: &mut Builder) -> Option<usize> {
        let id = read::text(at, &["id", "observationId", "span_id"]).unwrap_or_default();
        let trace = read::text(at, &["traceId", "trace_id"]).unwrap_or_default();
        let run = build.names.intern(if trace.is_empty() { "trace" } else { &trace });
        let id = build.names.intern(&id);
        let place = record.place(at);
        if merge || ["input", "output"].iter().any(|side| read::first(at, &[side]).is_some()) {
            self.told.insert(run);
        }
        if let Some(name) = read::text(at, &["traceName", "trace_name"]) {
            build.run_names.entry(run).or_insert_with(|| name.into_owned());
        }
        let known = (id != Interner::EMPTY).then(|| self.steps.get(&(run, id)).copied()).flatten();
        let Some(known) = known else {
            let mut draft = Draft::new(run, id, place);
            fill(&mut draft, at, build);
            let step = build.push(draft);
            self.steps.insert((run, id), Known { draft: step, thin });
            return Some(step);
        };
        if merge {
            super::change(build, known.draft, |draft, build| {
                draft.more.push(place);
                fill(draft, at, build);
            });
            return Some(known.draft);
        }
        let name = read::text(at, &["name"]).unwrap_or_default();
        if known.thin && !thin {
            let mut draft = Draft::new(run, id, place);
            fill(&mut draft, at, build);
            *build.drafts.get_mut(known.draft)? = draft;
            self.steps.insert((run, id), Known { draft: known.draft, thin });
            return Some(known.draft);
        }
        if thin && !known.thin {
            return Some(known.draft);
        }
        let first = build.drafts.get(known.draft)?;
        let start = read::iso(at, &["startTime", "start_time"]);
        if first.start == start && build.names.get(first.name) == name {
            self.tally.add("repeated-record", place, &name);
            return Some(known.draft);
        }
        let mut draft = Draft::new(run, id, place);
        fill(&mut draft, at, build);
        Some(build.push(draft))
    }

    fn trace(&mut self, record: &Record<'_>, at: At<'_>, build: &mut Builder) {
        let Some(id) = read::text(at, &["id"]) else { return };
        let run = build.names.intern(&id);
        if let Some(name) = read::text(at, &["name"]) {
            build.run_names.insert(run, name.into_owned());
        }
        let trace = self.traces.entry(run).or_insert_with(|| {
            self.order.push(run);
            Trace::default()
        });
        trace.places.extend(around(record, at, "observations"));
        trace.start = trace.start.or_else(|| read::iso(at, &["timestamp"]));
        let lasted = read::epoch(at, &["latency"], 1_000_000_000);
        trace.end = trace.end.or_else(|| Some(trace.start?.plus(lasted?)));
        trace.cost = trace.cost.or_else(|| read::amount(at, &["totalCost", "total_cost"]));
        for score in at.get("scores").into_iter().flat_map(At::items) {
            if let Some(step) = read::text(score, &["observationId", "observation_id"]) {
                let step = build.names.intern(&step);
                self.scores.push((run, Some(step), record.place(score)));
            }
        }
    }

    fn score(&mut self, record: &Record<'_>, at: At<'_>, build: &mut Builder) {
        let run = build.names.intern(&read::text(at, &["traceId", "trace_id"]).unwrap_or_default());
        let step = read::text(at, &["observationId", "observation_id"]).map(|step| build.names.intern(&step));
        self.scores.push((run, step, record.place(at)));
    }

    /// Puts traces and scores to the steps they belong to.
    fn settle(&mut self, build: &mut Builder) {
        let mut first: FxHashMap<Sym, usize> = FxHashMap::default();
        let starts = |build: &Builder, at: usize| {
            let draft = build.drafts.get(at);
            draft.map(|draft| (draft.parent.is_some(), draft.start.is_none(), draft.start, at))
        };
        let known: FxHashSet<(Sym, Sym)> = self.steps.keys().copied().collect();
        let mut above: FxHashSet<(Sym, Sym)> = FxHashSet::default();
        for draft in self.steps.values().filter_map(|step| build.drafts.get(step.draft)) {
            above.extend(draft.parent.map(|parent| (draft.run, parent)));
        }
        for step in self.steps.values() {
            let Some(draft) = build.drafts.get_mut(step.draft) else { continue };
            if !self.told.contains(&draft.run) {
                draft.context |= OMITTED;
            }
            // A generation without a model that holds other observations is what stands around a call.
            let nameless = draft.model == Interner::EMPTY && draft.usage.is_empty();
            if draft.kind == Kind::Llm && nameless && above.contains(&(draft.run, draft.id)) {
                draft.kind = Kind::Chain;
                draft.flags = Flags(draft.flags.0 & !Flags::MESSAGES.0);
            }
        }
        for (run, step) in self.steps.iter().map(|((run, _), step)| (*run, step.draft)) {
            let parent = build.drafts.get(step).and_then(|draft| draft.parent);
            if parent.is_some_and(|parent| known.contains(&(run, parent))) {
                continue;
            }
            let best = first.entry(run).or_insert(step);
            if starts(build, step) < starts(build, *best) {
                *best = step;
            }
        }
        for &run in &self.order {
            let Some(trace) = self.traces.get_mut(&run) else { continue };
            let mut places = std::mem::take(&mut trace.places).into_iter();
            let step = match (first.get(&run).copied(), places.len()) {
                (Some(step), _) => step,
                (None, 0) => continue,
                (None, _) => {
                    let Some(place) = places.next() else { continue };
                    let mut draft = Draft::new(run, run, place);
                    let name = build.run_names.get(&run).cloned().unwrap_or_else(|| "trace".to_owned());
                    draft.name = build.names.intern(&name);
                    (draft.kind, draft.context) = (Kind::Chain, TRACE);
                    (draft.start, draft.end, draft.usage.cost) =
                        (trace.start, trace.end, trace.cost.filter(|c| *c != 0.0));
                    let step = build.push(draft);
                    first.insert(run, step);
                    step
                }
            };
            if let Some(draft) = build.drafts.get_mut(step) {
                draft.more.extend(places);
            }
        }
        for (run, step, place) in std::mem::take(&mut self.scores) {
            let step = step.and_then(|step| self.steps.get(&(run, step))).map(|known| known.draft);
            let step = step.or_else(|| first.get(&run).copied());
            match step.and_then(|step| build.drafts.get_mut(step)) {
                Some(draft) => draft.more.push(place),
                None => self.tally.add("score-without-step", place, ""),
            }
        }
        self.tally.say(build, Severity::Info, "score-without-step", |count, _| {
            let scores = counted(count, "score belongs", "scores belong");
            format!("{scores} to traces that are not in this file; left out.")
        });
    }
}

/// Puts what an observation tells into its draft; what it does not tell stays as it was.
fn fill(draft: &mut Draft, at: At<'_>, build: &mut Builder) {
    let inside = Inside::of(at.get("metadata"));
    let metadata = inside.as_ref().map(Inside::at);
    let mut gather = Gather::default();
    for member in metadata.and_then(|at| at.get("attributes")).into_iter().flat_map(At::members) {
        if let Some(key) = member.key() {
            gather.note(key, &Val::of(member));
        }
    }
    let name = read::text(at, &["name"]).unwrap_or_default();
    let (kind, flags) = (draft.kind, draft.flags);
    let (model, usage) = (draft.model, draft.usage);
    gather.finish("").settle(draft, build);
    let stated = at.text_of("type").and_then(|kind| dialect::span_kind(&kind));
    let graph = || metadata.is_some_and(|at| any(at, &["langgraph_node", "langgraph_step"]));
    // A span and a generation are whatever the program's own attributes say; the other types were meant.
    draft.kind = match (draft.kind, stated) {
        (found, Some(stated)) if stated != Kind::Llm || found == Kind::Other => stated,
        (Kind::Other, None) if kind != Kind::Other => kind,
        (Kind::Other, None) if answers_call(at) => Kind::Tool,
        (Kind::Other, None) if graph() => Kind::Chain,
        (found, _) => found,
    };
    draft.flags.set(flags);
    let told = |key: &str| read::first(at, &[key]).is_some();
    if draft.kind == Kind::Llm && (told("input") || told("output")) {
        draft.flags.set(Flags::MESSAGES);
    }
    let own = usage::usage(at);
    let gathered = std::mem::replace(&mut draft.usage, usage);
    if draft.usage.is_empty() || !own.is_empty() {
        draft.usage = own;
        draft.usage.fill(&gathered);
    }
    if draft.model == Interner::EMPTY {
        let stated = read::text(at, &["model", "providedModelName", "provided_model_name"]);
        draft.model = stated.map_or(model, |model| build.names.intern(&model));
    }
    if !name.is_empty() {
        draft.name = build.names.intern(&name);
    }
    if let Some(parent) = read::text(at, &["parentObservationId", "parent_observation_id"]) {
        draft.parent = Some(build.names.intern(&parent));
    }
    draft.start = read::iso(at, &["startTime", "start_time"]).or(draft.start);
    draft.end = read::iso(at, &["endTime", "end_time"]).or(draft.end);
    match at.text_of("level").as_deref() {
        Some("ERROR") => draft.status = Status::Error,
        Some(_) if draft.status != Status::Error => draft.status = Status::Ok,
        _ => {}
    }
    if at.text_of("type").as_deref() == Some("EVENT") {
        instant(draft);
    }
    tell(draft);
}

/// An event has no length.
fn instant(draft: &mut Draft) {
    draft.end = draft.end.or(draft.start);
}

/// A step without an end has not ended, unless it failed.
fn tell(draft: &mut Draft) {
    draft.status = match (draft.status, draft.end) {
        (Status::Error, _) => Status::Error,
        (_, None) => Status::Running,
        (Status::Running, Some(_)) => Status::Unset,
        (status, _) => status,
    };
}

/// Whether the output is what LangChain makes of a tool's result.
fn answers_call(at: At<'_>) -> bool {
    let inside = Inside::of(at.get("output"));
    inside.as_ref().and_then(|output| super::langchain::class(output.at())).is_some_and(|class| class == "ToolMessage")
}

#[cfg(test)]
mod tests;
