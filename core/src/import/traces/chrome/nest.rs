//! One thread: which slice stands in which, where instants and ends of flows belong.
//!
//! Where a thread has only begins and ends, these are a stack, and the order in the file settles equal times. Where
//! there are complete events (`X`) as well, containment of times decides; slices that overlap stand side by side.

use super::LeftOut;
use super::event::Event;
use super::groups::Extent;
use crate::import::Builder;
use crate::model::{Interner, Nanos, Place, Status, Sym};
use crate::order::Order as _;
use rustc_hash::FxHashMap;

/// Instants kept with one step; further ones are counted.
const INSTANTS: usize = 500;

const NONE: u32 = u32::MAX;
const OPEN: Nanos = Nanos(i64::MAX);

/// A begin (with its step) or an end.
#[derive(Debug)]
struct Mark {
    time: Nanos,
    draft: u32,
    name: Sym,
    /// An end's place where it holds something, else empty.
    place: Place,
}

/// A step with its times; unclosed ones reach to the end.
#[derive(Clone, Copy, Debug)]
struct Slice {
    start: Nanos,
    end: Nanos,
    draft: u32,
}

/// An instant, or a flow's touch with its number.
#[derive(Debug)]
struct Point {
    time: Nanos,
    place: Place,
    flow: Option<u32>,
    enclosing: bool,
}

/// What was read of a thread.
#[derive(Debug, Default)]
pub(super) struct Thread {
    marks: Vec<Mark>,
    slices: Vec<Slice>,
    points: Vec<Point>,
    /// Instants among them that are of the whole recording.
    global: usize,
    /// Pieces of CPU profiles.
    pub(super) samples: u64,
    /// Async spans that began here.
    pub(super) spans: u64,
    /// The extent of everything on it.
    pub(super) extent: Extent,
    /// Its first event.
    pub(super) first: Option<Place>,
}

impl Thread {
    /// Whether anything happened on it.
    pub(super) fn used(&self) -> bool {
        let points = self.points.len() > self.global;
        !self.marks.is_empty() || !self.slices.is_empty() || points || self.samples + self.spans > 0
    }

    /// Widens the extent by an event.
    pub(super) fn seen(&mut self, event: &Event<'_>) {
        self.first = self.first.or(Some(event.place));
        let Some(start) = event.time else { return };
        let end = event.duration.map_or(start, |duration| start.plus(duration)).max(start);
        self.extent = Some(self.extent.map_or((start, end), |(first, last)| (first.min(start), last.max(end))));
    }

    pub(super) fn begin(&mut self, event: &Event<'_>, draft: u32, build: &mut Builder) {
        let name = build.names.intern(&event.name);
        if let Some(step) = build.drafts.get_mut(draft as usize) {
            step.status = Status::Running;
        }
        let Some(time) = event.time else { return };
        self.marks.push(Mark { time, draft, name, place: Place::default() });
    }

    pub(super) fn end(&mut self, event: &Event<'_>, build: &mut Builder) {
        let name = build.names.intern(&event.name);
        let place = if event.told() { event.place } else { Place::default() };
        let Some(time) = event.time else { return };
        self.marks.push(Mark { time, draft: NONE, name, place });
    }

    pub(super) fn whole(&mut self, event: &Event<'_>, draft: u32, build: &mut Builder) {
        let end = event.time.map(|start| event.duration.map_or(start, |duration| start.plus(duration)));
        if let Some(step) = build.drafts.get_mut(draft as usize) {
            step.end = end;
        }
        if let Some((start, end)) = event.time.zip(end) {
            self.slices.push(Slice { start, end: end.max(start), draft });
        }
    }

    pub(super) fn point(&mut self, event: &Event<'_>, flow: Option<u32>) {
        let Some(time) = event.time else { return };
        self.global += usize::from(event.global && flow.is_none());
        self.points.push(Point { time, place: event.place, flow, enclosing: event.enclosing || event.phase != b'f' });
    }

    /// Settles parents, ends, instants; what no slice is around belongs to `group`. Tells the step of each flow's touch
    /// through `bind`.
    pub(super) fn nest(
        &mut self,
        group: Option<u32>,
        build: &mut Builder,
        left: &mut LeftOut,
        bind: &mut dyn FnMut(u32, u32),
    ) {
        let stacked = self.slices.is_empty();
        let closed = self.close(group, build, left);
        self.slices.extend(closed);
        // Outer ones first, then as in the file; points after the slices that begin with them.
        let mut order: Vec<u32> = (0..(self.slices.len() + self.points.len()) as u32).collect();
        let count = self.slices.len();
        let key = |&at: &u32| match self.slices.get(at as usize) {
            Some(slice) => (slice.start, 0, std::cmp::Reverse(slice.end), slice.draft),
            None => {
                let time = self.points.get(at as usize - count).map_or(Nanos(0), |point| point.time);
                (time, 1, std::cmp::Reverse(time), at)
            }
        };
        order.order_by_key(key);
        let mut open: Vec<Slice> = Vec::new();
        let mut waiting: Vec<u32> = Vec::new();
        for at in order {
            let Some(&slice) = self.slices.get(at as usize) else {
                let Some(point) = self.points.get(at as usize - count) else { continue };
                while open.last().is_some_and(|top| top.end < point.time) {
                    open.pop();
                }
                let around = open.last().map(|top| top.draft);
                match (point.flow, around) {
                    (Some(flow), _) if !point.enclosing => waiting.push(flow),
                    (Some(flow), Some(step)) => bind(flow, step),
                    (Some(flow), None) => waiting.push(flow),
                    (None, _) => keep(around.or(group), point.place, build, left),
                }
                continue;
            };
            while open.last().is_some_and(|top| !holds(*top, slice)) {
                open.pop();
            }
            let parent = open.last().map(|top| top.draft).or(group);
            if !stacked {
                set_parent(slice.draft, parent, build);
            }
            for flow in waiting.drain(..) {
                bind(flow, slice.draft);
            }
            open.push(slice);
        }
        self.slices = Vec::new();
        self.points = Vec::new();
    }

    /// Pairs begins with ends; the slices they make. Parents are those of the stack.
    fn close(&mut self, group: Option<u32>, build: &mut Builder, left: &mut LeftOut) -> Vec<Slice> {
        let mut marks = std::mem::take(&mut self.marks);
        marks.order_by_key(|mark| mark.time);
        let mut slices: Vec<Slice> = Vec::new();
        // Open slices, and how many of each name: an end of another name closes what stands above its own begin.
        let mut open: Vec<(Sym, usize)> = Vec::new();
        let mut names: FxHashMap<Sym, u32> = FxHashMap::default();
        // Ends that came before a begin of their name at the same time: a slice without length, written backwards.
        let mut early: FxHashMap<Sym, (Nanos, Place)> = FxHashMap::default();
        for mark in marks {
            if mark.draft != NONE {
                let parent = open.last().and_then(|(_, at)| slices.get(*at)).map(|slice| slice.draft).or(group);
                set_parent(mark.draft, parent, build);
                let mut slice = Slice { start: mark.time, end: OPEN, draft: mark.draft };
                match early.get(&mark.name).copied().filter(|(time, _)| *time == mark.time) {
                    Some((time, place)) => {
                        early.remove(&mark.name);
                        slice.end = time;
                        finish(slice.draft, time, place, build);
                        left.ends = left.ends.saturating_sub(1);
                    }
                    None => {
                        open.push((mark.name, slices.len()));
                        *names.entry(mark.name).or_default() += 1;
                    }
                }
                slices.push(slice);
                continue;
            }
            let known = mark.name == Interner::EMPTY || names.get(&mark.name).is_some_and(|count| *count > 0);
            if !known || open.is_empty() {
                early.insert(mark.name, (mark.time, mark.place));
                left.ends += 1;
                continue;
            }
            while let Some((name, at)) = open.pop() {
                if let Some(count) = names.get_mut(&name) {
                    *count = count.saturating_sub(1);
                }
                let own = mark.name == Interner::EMPTY || name == mark.name;
                if let Some(slice) = slices.get_mut(at) {
                    slice.end = mark.time;
                    if own {
                        finish(slice.draft, mark.time, mark.place, build);
                    }
                }
                if own {
                    break;
                }
            }
        }
        slices
    }
}

/// Whether a slice stands within another that began before it.
fn holds(outer: Slice, inner: Slice) -> bool {
    outer.end >= inner.end && (outer.end > inner.start || outer.start == inner.start)
}

fn finish(draft: u32, end: Nanos, place: Place, build: &mut Builder) {
    let Some(step) = build.drafts.get_mut(draft as usize) else { return };
    step.end = Some(end);
    step.status = Status::Unset;
    if place.len > 0 {
        step.more.push(place);
    }
}

pub(super) fn set_parent(draft: u32, parent: Option<u32>, build: &mut Builder) {
    let parent = parent.and_then(|parent| build.drafts.get(parent as usize)).map(|parent| parent.id);
    if let Some(step) = build.drafts.get_mut(draft as usize) {
        step.parent = parent;
    }
}

/// Keeps an instant with a step.
pub(super) fn keep(step: Option<u32>, place: Place, build: &mut Builder, left: &mut LeftOut) {
    match step.and_then(|step| build.drafts.get_mut(step as usize)).filter(|step| step.more.len() < INSTANTS) {
        Some(step) => step.more.push(place),
        None => left.instants += 1,
    }
}
