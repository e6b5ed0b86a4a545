//! Small runs written by hand, for tests: a list of steps with depths becomes a document. Not for importers.

use super::{Document, Flags, Kind, Nanos, Place, Run, Status, Steps, Usage};
use crate::debugger::moments;

/// One step of a run to be built.
#[derive(Clone, Debug)]
pub(crate) struct Sketch {
    depth: u32,
    name: String,
    kind: Kind,
    status: Status,
    start: Option<i64>,
    end: Option<i64>,
    flags: Flags,
    usage: Option<Usage>,
    place: Place,
}

/// A step `depth` levels down, without times.
pub(crate) fn step(depth: u32, name: &str) -> Sketch {
    Sketch {
        depth,
        name: name.to_owned(),
        kind: Kind::Other,
        status: Status::Ok,
        start: None,
        end: None,
        flags: Flags::default(),
        usage: None,
        place: Place::default(),
    }
}

impl Sketch {
    pub(crate) fn at(mut self, start: i64, end: i64) -> Self {
        (self.start, self.end) = (Some(start), Some(end));
        self
    }
    pub(crate) fn times(mut self, start: Option<i64>, end: Option<i64>) -> Self {
        (self.start, self.end) = (start, end);
        self
    }
    pub(crate) fn kind(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }
    pub(crate) fn status(mut self, status: Status) -> Self {
        self.status = status;
        self
    }
    pub(crate) fn flag(mut self, flag: Flags) -> Self {
        self.flags.set(flag);
        self
    }
    pub(crate) fn usage(mut self, input: u64, output: u64, cost: f64) -> Self {
        self.usage = Some(Usage { input: Some(input), output: Some(output), cost: Some(cost), ..Usage::default() });
        self
    }
    #[allow(dead_code)] // For tests of views that read bytes.
    pub(crate) fn place(mut self, start: u64, len: u64) -> Self {
        self.place = Place { file: 0, start, len };
        self
    }
}

/// The columns alone; a depth that skips a level is held at one below the step before it.
pub(crate) fn steps(document: &mut Document, sketches: &[Sketch]) -> Steps {
    let mut steps = Steps::default();
    let mut open: Vec<u32> = Vec::new();
    for (index, sketch) in sketches.iter().enumerate() {
        let index = index as u32;
        open.truncate(sketch.depth as usize);
        steps.id.push(document.names.intern(&format!("id{index}")));
        steps.parent.push(open.last().copied());
        steps.parent_id.push(open.last().map(|&p| steps.id[p as usize]));
        steps.depth.push(open.len() as u32);
        steps.after.push(0);
        steps.name.push(document.names.intern(&sketch.name));
        steps.kind.push(sketch.kind);
        steps.status.push(sketch.status);
        steps.start.push(sketch.start.map(Nanos));
        steps.end.push(sketch.end.map(Nanos));
        steps.model.push(document.names.intern(""));
        steps.place.push(sketch.place);
        steps.context.push(0);
        steps.flags.push(sketch.flags);
        if let Some(usage) = sketch.usage {
            steps.usage.insert(index, usage);
        }
        open.push(index);
    }
    for index in (0..sketches.len()).rev() {
        let depth = steps.depth[index];
        let mut next = index + 1;
        while next < sketches.len() && steps.depth[next] > depth {
            next = steps.after[next] as usize;
        }
        steps.after[index] = next as u32;
    }
    steps
}

/// A document with one run.
pub(crate) fn document(sketches: &[Sketch]) -> Document {
    let mut document = Document::default();
    let steps = steps(&mut document, sketches);
    let order = moments::order(&steps);
    let mut usage = Usage::default();
    for (step, own) in &steps.usage {
        if !steps.flags[*step as usize].has(Flags::USAGE_REPEATED) {
            usage.add(own);
        }
    }
    let known = |index: &usize| !steps.flags[*index].has(Flags::ABSURD);
    let indices = || (0..steps.len()).filter(known);
    let run = Run {
        id: document.names.intern("run"),
        name: "run".to_owned(),
        roots: steps.parent.iter().filter(|p| p.is_none()).count() as u32,
        orphans: 0,
        errors: steps.status.iter().filter(|s| **s == Status::Error).count() as u32,
        start: indices().filter_map(|i| steps.start[i]).min(),
        end: indices().filter_map(|i| steps.end[i].max(steps.start[i])).max(),
        usage,
        moments: order.moments,
        enter: order.enter,
        exit: order.exit,
        pipeline: None,
        origin: None,
        apart: false,
        steps,
    };
    document.runs.push(run);
    document
}

/// Any tree of up to `most` steps with any mixture of times, for property tests.
pub(crate) fn any_run(most: usize) -> impl proptest::strategy::Strategy<Value = Vec<Sketch>> {
    use proptest::prelude::*;
    let status = prop_oneof![4 => Just(Status::Ok), 1 => Just(Status::Error), 1 => Just(Status::Running)];
    let time = proptest::option::weighted(0.8, -50i64..50);
    let one = (0u32..6, 0u8..4, time.clone(), time, status, proptest::option::weighted(0.3, 0u64..100));
    proptest::collection::vec(one, 0..most).prop_map(|list| {
        list.into_iter()
            .map(|(depth, name, start, end, status, tokens)| {
                let mut sketch = step(depth, ["a", "b", "c", "d"][name as usize]).times(start, end).status(status);
                if let Some(tokens) = tokens {
                    sketch = sketch.usage(tokens, 1, 0.25);
                }
                sketch
            })
            .collect()
    })
}
