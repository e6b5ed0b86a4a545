//! Clocks that cannot be right: marks them, and finds the stretch of time a run really covers.

use crate::model::{Flags, Nanos, StepIx, Steps};

/// A year: no run that somebody debugs has a gap of that length between one step and all the others.
const YEAR: i64 = 366 * 86_400 * 1_000_000_000;

/// Marks absurd times and steps outside their parents; returns the earliest start and the latest end of the rest.
pub(super) fn settle(steps: &mut Steps) -> (Option<Nanos>, Option<Nanos>) {
    let mut starts: Vec<i64> = steps.start.iter().flatten().map(|time| time.0).collect();
    starts.sort_unstable();
    let nth = |share: usize| starts.get(starts.len().saturating_sub(1) * share / 100).copied();
    let (Some(low), Some(high)) = (nth(5), nth(95)) else {
        let ends = steps.end.iter().flatten().copied();
        return (ends.clone().min(), ends.max());
    };
    // With a handful of steps the percentiles are the extremes, and one zero start would be among them.
    let (low, high) = match (starts.len(), nth(50)) {
        (..=20, Some(middle)) => (middle, middle),
        _ => (low, high),
    };
    let reach = high.saturating_sub(low).saturating_mul(1_000).max(YEAR);
    let sane = |time: Nanos| time.0 >= low.saturating_sub(reach) && time.0 <= high.saturating_add(reach);
    let (mut first, mut last): (Option<Nanos>, Option<Nanos>) = (None, None);
    for index in 0..steps.len() {
        let start = steps.start.get(index).copied().flatten();
        let end = steps.end.get(index).copied().flatten();
        let mut flags = Flags::default();
        for time in [start, end].into_iter().flatten() {
            if sane(time) {
                first = Some(first.map_or(time, |first| first.min(time)));
                last = Some(last.map_or(time, |last| last.max(time)));
            } else {
                flags.set(Flags::ABSURD);
            }
        }
        if outside_parent(steps, index as StepIx) {
            flags.set(Flags::OUTSIDE_PARENT);
        }
        if let Some(all) = steps.flags.get_mut(index) {
            all.set(flags);
        }
    }
    (first, last)
}

fn outside_parent(steps: &Steps, step: StepIx) -> bool {
    let Some(parent) = steps.parent(step) else { return false };
    let at = |column: &[Option<Nanos>], step: StepIx| column.get(step as usize).copied().flatten();
    let before =
        matches!((at(&steps.start, step), at(&steps.start, parent)), (Some(own), Some(around)) if own < around);
    let later = matches!((at(&steps.end, step), at(&steps.end, parent)), (Some(own), Some(around)) if own > around);
    before || later
}
