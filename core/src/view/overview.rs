//! The run at a glance, for scrubber and minimap: how much happens in equal parts of its moments and of its time.

use super::index::RunIndex;
use crate::model::{Flags, Nanos, Run, Status, StepIx};
use crate::protocol::{Bucket, Overview};

/// Most errors listed one by one.
const MOST_ERRORS: usize = 2_000;
/// Most parts.
const MOST_BUCKETS: u32 = 4_096;

/// The run in `buckets` parts (held to 1..=4096).
///
/// A part of the moments holds the steps entered and the errors that exit in it; a part of the time holds the steps
/// running in it and the errors that end in it. Steps without times are in no part of the time.
pub fn overview(run: &Run, index: &RunIndex, buckets: u32) -> Overview {
    let buckets = buckets.clamp(1, MOST_BUCKETS) as usize;
    let mut moments = vec![Bucket::default(); buckets];
    let total = run.moments.len().max(1);
    for (position, &(step, exit)) in run.moments.iter().enumerate() {
        let Some(bucket) = moments.get_mut(position.saturating_mul(buckets) / total) else {
            continue;
        };
        if !exit {
            bucket.steps += 1;
        } else if run.steps.status.get(step as usize) == Some(&Status::Error) {
            bucket.errors += 1;
        }
    }
    let axis = run.start.zip(run.end).map(|(start, end)| end.since(start));
    Overview { axis, moments, time: time(run, buckets), errors: thinned(&index.error_exits) }
}

fn thinned(errors: &[u32]) -> Vec<u32> {
    if errors.len() <= MOST_ERRORS {
        return errors.to_vec();
    }
    (0..MOST_ERRORS).filter_map(|at| errors.get(at.saturating_mul(errors.len()) / MOST_ERRORS).copied()).collect()
}

/// From where to where a step lasts on the axis; steps that never ended last to its end.
fn lasts(run: &Run, step: StepIx, last: Nanos) -> Option<(Nanos, Nanos)> {
    let at = step as usize;
    if run.steps.flags.get(at)?.has(Flags::ABSURD) {
        return None;
    }
    let start = run.steps.start.get(at).copied().flatten();
    let end = run.steps.end.get(at).copied().flatten();
    let running = run.steps.status.get(at) == Some(&Status::Running);
    let start = start.or(end)?;
    let end = end.or(running.then_some(last)).unwrap_or(start);
    Some((start, end.max(start)))
}

fn time(run: &Run, buckets: usize) -> Vec<Bucket> {
    let mut out = vec![Bucket::default(); buckets];
    let Some((first, last)) = run.start.zip(run.end) else {
        return out;
    };
    let length = i128::from(last.0) - i128::from(first.0);
    let bucket_of = |time: Nanos| {
        let offset = (i128::from(time.0) - i128::from(first.0)).clamp(0, length);
        let at = if length == 0 { 0 } else { offset * buckets as i128 / length };
        usize::try_from(at).unwrap_or(0).min(buckets - 1)
    };
    // Begins and ends are noted, then summed up once.
    let mut change = vec![0i64; buckets + 1];
    for step in 0..u32::try_from(run.steps.len()).unwrap_or(u32::MAX) {
        let Some((start, end)) = lasts(run, step, last) else {
            continue;
        };
        let (from, to) = (bucket_of(start), bucket_of(end));
        if let Some(slot) = change.get_mut(from) {
            *slot += 1;
        }
        if let Some(slot) = change.get_mut(to + 1) {
            *slot -= 1;
        }
        if run.steps.status.get(step as usize) == Some(&Status::Error)
            && let Some(bucket) = out.get_mut(to)
        {
            bucket.errors += 1;
        }
    }
    let mut running = 0i64;
    for (bucket, change) in out.iter_mut().zip(change) {
        running += change;
        bucket.steps = u32::try_from(running).unwrap_or(0);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::build_steps::{any_run, document, step};
    use proptest::prelude::*;

    #[test]
    fn counts_steps_over_moments_and_time() {
        let document = document(&[
            step(0, "r").at(0, 100),
            step(1, "a").at(0, 20),
            step(1, "b").at(50, 60).status(Status::Error),
            step(1, "open").times(Some(80), None).status(Status::Running),
        ]);
        let run = &document.runs[0];
        let view = overview(run, &RunIndex::new(run), 4);
        assert_eq!(view.axis, Some(Nanos(100)));
        assert_eq!(view.time.iter().map(|b| b.steps).collect::<Vec<_>>(), [2, 1, 2, 2]);
        assert_eq!(view.time[2].errors, 1);
        assert_eq!(view.errors.len(), 1);
        assert_eq!(view.moments.iter().map(|b| b.steps).sum::<u32>(), 4);
    }

    #[test]
    fn runs_without_times_or_steps() {
        for sketches in [vec![], vec![step(0, "a")]] {
            let document = document(&sketches);
            let run = &document.runs[0];
            let view = overview(run, &RunIndex::new(run), 0);
            assert_eq!((view.axis, view.moments.len(), view.time[0].steps), (None, 1, 0));
        }
    }

    #[test]
    fn many_errors_are_thinned_evenly() {
        let all: Vec<u32> = (0..10_000).collect();
        let some = thinned(&all);
        assert_eq!((some.len(), some[0], some[1_000]), (MOST_ERRORS, 0, 5_000));
    }

    proptest! {
        #[test]
        fn nothing_is_lost(sketches in any_run(30), buckets in 1u32..40) {
            let document = document(&sketches);
            let run = &document.runs[0];
            let view = overview(run, &RunIndex::new(run), buckets);
            prop_assert_eq!(view.moments.iter().map(|b| b.steps).sum::<u32>() as usize, run.steps.len());
            prop_assert_eq!(view.moments.iter().map(|b| b.errors).sum::<u32>(), run.errors);
            prop_assert_eq!((view.moments.len(), view.time.len()), (buckets as usize, buckets as usize));
        }
    }
}
