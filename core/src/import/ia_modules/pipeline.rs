//! Pipeline definitions: `{name, steps, flow}`.
//!
//! Steps and edges are taken one by one, so that a file whose end is missing still shows what it holds. Putting them
//! together is in `Assembly`. What the engine silently does otherwise than the file says is told on each edge; all
//! else that is to be said of a pipeline are findings (`ia_modules::lint`), made where the file is whole.

mod assemble;

use super::part::Part;
use crate::import::{Builder, Format, Here, Importer, Matched, Nothing, Probe, ROOT, Reveal, Route, Sample, State};
use crate::json::{Lack, Lexer, NodeKind, Str};
use crate::model::Place;

/// The format.
pub const FORMAT: Format = Format {
    id: "ia-modules-pipeline",
    name: "IA Modules pipelines",
    detect,
    importer: |file, _| Box::new(Pipelines { file, ..Pipelines::default() }),
};

const LIST: State = 1;
const TOP: State = 2;
const STEPS: State = 3;
const FLOW: State = 4;
const PATHS: State = 5;
const TRANSITIONS: State = 6;

const TAKE_MEMBER: u8 = 0;
const TAKE_STEP: u8 = 1;
const TAKE_PATH: u8 = 2;
const TAKE_TRANSITION: u8 = 3;
const TAKE_START: u8 = 4;

/// The parts of one pipeline as they stand in the file.
#[derive(Debug, Default)]
pub(super) struct Raw {
    /// From its first bracket to its last, or to where damage ended it.
    place: Place,
    /// Members of the whole that say something: name, description, version, parameters.
    members: Vec<(String, Part)>,
    steps: Vec<Part>,
    /// Whether the edge stands in `transitions`, and its position in its list.
    edges: Vec<(bool, usize, Part)>,
    /// Edges in each of the two lists, so far.
    paths: usize,
    transitions: usize,
    start_at: Option<Part>,
    has_steps: bool,
    has_flow: bool,
}

#[derive(Debug, Default)]
struct Pipelines {
    file: u16,
    done: Vec<Raw>,
    open: Raw,
    key: String,
}

impl Importer for Pipelines {
    fn route(&mut self, state: State, key: Option<Str<'_>>, lead: u8) -> Route {
        let Some(key) = key else {
            return match (state, lead) {
                (ROOT, b'[') => Route::Enter(LIST),
                (ROOT | LIST, b'{') => Route::Enter(TOP),
                (STEPS, _) => Route::Take(TAKE_STEP),
                (PATHS, _) => Route::Take(TAKE_PATH),
                (TRANSITIONS, _) => Route::Take(TAKE_TRANSITION),
                _ => Route::Skip,
            };
        };
        let (wanted, enter) = match (state, key.raw) {
            (TOP, b"steps") => (b'[', STEPS),
            (TOP, b"flow") => (b'{', FLOW),
            (FLOW, b"paths") => (b'[', PATHS),
            (FLOW, b"transitions") => (b'[', TRANSITIONS),
            (FLOW, b"start_at") => return Route::Take(TAKE_START),
            (
                TOP,
                b"name" | b"description" | b"version" | b"parameters" | b"outputs" | b"loop_config" | b"metadata",
            ) => {
                self.key = key.text().into_owned();
                return Route::Take(TAKE_MEMBER);
            }
            _ => return Route::Skip,
        };
        self.open.has_steps |= enter == STEPS;
        self.open.has_flow |= enter == FLOW;
        if lead == wanted { Route::Enter(enter) } else { Route::Skip }
    }

    fn enter(&mut self, state: State, at: u64) {
        if state == TOP {
            self.open = Raw { place: Place { file: self.file, start: at, len: 0 }, ..Raw::default() };
        }
    }

    fn take(&mut self, tag: u8, lexer: &mut Lexer<'_>, here: Here, _: &mut Builder) -> Result<(), Lack> {
        let part = Part::take(lexer, here)?;
        let raw = &mut self.open;
        match tag {
            TAKE_MEMBER => raw.members.push((std::mem::take(&mut self.key), part)),
            TAKE_STEP => raw.steps.push(part),
            TAKE_PATH | TAKE_TRANSITION => {
                let transition = tag == TAKE_TRANSITION;
                let next = if transition { &mut raw.transitions } else { &mut raw.paths };
                raw.edges.push((transition, *next, part));
                *next += 1;
            }
            TAKE_START => raw.start_at = Some(part),
            _ => {}
        }
        Ok(())
    }

    fn leave(&mut self, state: State, end: u64) {
        if state == TOP {
            self.open.place.len = end.saturating_sub(self.open.place.start);
            self.done.push(std::mem::take(&mut self.open));
        }
    }

    fn finish(self: Box<Self>, build: &mut Builder) -> Box<dyn Reveal> {
        // A list may hold other things than pipelines.
        for raw in self.done.iter().filter(|raw| raw.has_steps || raw.has_flow) {
            assemble::assemble(raw, build);
        }
        Box::new(Nothing)
    }
}

/// Whether a sample is a pipeline, and why.
fn is_pipeline(sample: &Sample<'_>) -> Option<&'static str> {
    let steps = sample.get("steps").filter(|&node| sample.is(node, NodeKind::Array));
    let first = |key: &str| sample.path(&["steps", key]).is_some();
    let classes = steps.is_some() && (first("step_class") || first("class") && first("module"));
    let flow = sample.get("flow").filter(|&node| sample.is(node, NodeKind::Object));
    let edges = flow
        .is_some_and(|flow| ["start_at", "paths", "transitions"].iter().any(|key| sample.member(flow, key).is_some()));
    let null = |key: &str| sample.get(key).is_some_and(|node| sample.is(node, NodeKind::Null));
    let nothing = (steps.is_some() || null("steps")) && (flow.is_some() || null("flow"));
    match (steps.is_some(), edges, classes) {
        (true, true, _) => Some("it has `steps` and a `flow` with `start_at` or edges"),
        (true, false, true) if flow.is_some() => Some("it has `flow`, and `steps` with classes"),
        (true, false, true) if sample.get("name").is_some() => Some("it has `name`, and `steps` with classes"),
        _ if nothing => Some("it has `steps` and `flow`"),
        _ => None,
    }
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    let because = probe.samples.iter().find_map(is_pipeline)?;
    Matched::new("IA Modules pipeline", because)
}
