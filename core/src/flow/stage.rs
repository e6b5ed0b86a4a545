//! Lines between the boxes of one level, from when their steps ran; and the words under a drawing of many boxes.
//!
//! Used for one run and for two: which steps are one box is decided elsewhere.

use super::follow::{Before, Interval, follow};
use super::{Line, Sketch, draw};
use crate::order::Order as _;
use crate::protocol::FlowView;
use rustc_hash::{FxHashMap, FxHashSet};

/// Lines between two stages of this many boxes each are led through one point.
const BUNDLED: usize = 12;

/// Lines of one level beyond which a box is joined only to the one that ended right before it: a staircase of
/// overlapping steps has a line for each pair, millions in a large run, and nobody could follow them.
pub(super) const LINES: usize = 20_000;

/// Lines by the boxes at their ends: how often they were passed, and since when.
pub(super) type Lines = FxHashMap<(usize, usize), (u32, u32)>;

/// Makes the point where many lines meet, given the boxes they come from and go to, and since when it is passed.
pub(super) type MakeDot<'a> = &'a mut dyn FnMut(&[usize], &[usize], u32) -> usize;

/// Joins siblings: which follows which, added up by box. `entry` leads to those that follow none. Returns whether lines
/// were left out because there are too many.
pub(super) fn join(
    intervals: &[Interval],
    box_of: &dyn Fn(usize) -> Option<usize>,
    since: &dyn Fn(usize) -> u32,
    entry: Option<usize>,
    dot: MakeDot,
    lines: &mut Lines,
) -> bool {
    let follow = follow(intervals);
    let mut thinned = false;
    let mut add = |from: usize, to: usize, since: u32| {
        let line = lines.entry((from, to)).or_insert((0, since));
        line.0 = line.0.saturating_add(1);
        line.1 = line.1.min(since);
    };
    // Siblings with the same ones before them make a stage.
    let mut stages: Vec<(Before, Vec<usize>)> = Vec::new();
    let mut stage_of: FxHashMap<(usize, usize), usize> = FxHashMap::default();
    for (at, before) in follow.before.iter().enumerate() {
        let stage = *stage_of.entry((before.from, before.to)).or_insert_with(|| {
            stages.push((*before, Vec::new()));
            stages.len() - 1
        });
        if let Some(stage) = stages.get_mut(stage) {
            stage.1.push(at);
        }
    }
    let mut lines_drawn = 0usize;
    for (before, after) in stages {
        let mut sources = follow.by_exit.get(before.from..before.to).unwrap_or(&[]);
        if sources.len() > 1 && lines_drawn.saturating_add(sources.len() * after.len()) > LINES {
            sources = sources.get(sources.len() - 1..).unwrap_or(&[]);
            thinned = true;
        }
        lines_drawn = lines_drawn.saturating_add(sources.len().max(1) * after.len());
        let mut from: Vec<usize> = sources.iter().filter_map(|&at| box_of(at)).collect();
        if sources.is_empty() {
            from.extend(entry);
        }
        let from_boxes = distinct(from.clone());
        let to_boxes = distinct(after.iter().filter_map(|&at| box_of(at)).collect());
        let many = from_boxes.len().saturating_mul(to_boxes.len());
        if from_boxes.len() > 1 && to_boxes.len() > 1 && many > BUNDLED {
            let first = after.iter().map(|&at| since(at)).min().unwrap_or_default();
            let dot = dot(&from_boxes, &to_boxes, first);
            for &from in &from_boxes {
                add(from, dot, first);
            }
            for &at in &after {
                if let Some(to) = box_of(at) {
                    add(dot, to, since(at));
                }
            }
            continue;
        }
        for &at in &after {
            let Some(to) = box_of(at) else { continue };
            for &from in &from {
                add(from, to, since(at));
            }
        }
    }
    thinned
}

fn distinct(mut boxes: Vec<usize>) -> Vec<usize> {
    boxes.order();
    boxes.dedup();
    boxes
}

/// Draws what was sketched, and counts what stands in folded and closed boxes. `node_of` tells for each step, or item,
/// the key of its box; a box that stands for one alone has that one's number.
pub(super) fn finished(
    sketches: Vec<Sketch>,
    lines: &[Line],
    node_of: &[u32],
    left_out: usize,
    fold: bool,
) -> FlowView {
    let drawn: FxHashSet<u32> = sketches.iter().map(|sketch| sketch.node.key).collect();
    let folded = node_of.iter().enumerate().filter(|(step, key)| **key != *step as u32 && drawn.contains(key)).count();
    let mut view = draw::draw(sketches, lines);
    view.folded = u32::try_from(folded).unwrap_or(u32::MAX);
    if left_out > 0 {
        let fewer = if fold { "Open a group to see less at once." } else { "Fold repeats to see them all." };
        view.note = format!("{left_out} more steps are not drawn. {fewer}");
    }
    view
}

/// Says that lines were left out.
pub(super) fn say_thinned(view: &mut FlowView) {
    let said = "So many steps overlap here that each is joined only to the one that ended right before it.";
    view.note = [view.note.as_str(), said].join(" ").trim_start().to_owned();
}
