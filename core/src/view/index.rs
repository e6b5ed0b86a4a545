//! Sums over a run that rows and tables need, made once: errors, tokens and cost below a step, numbers of children.
//!
//! Tree order makes a subtree one range, so a sum over it is the difference of two prefix sums. Only steps that have
//! something to add take room.

use crate::model::{Flags, Nanos, Run, Status, StepIx};
use crate::order::Order as _;
use std::cell::OnceCell;

/// Dollars are summed as integers of this many parts, so that differences of sums stay exact.
const PARTS_OF_A_DOLLAR: f64 = 1e12;

/// What is known of a run beyond its columns.
#[derive(Debug, Default)]
pub struct RunIndex {
    /// Exits of steps with an error, in moment order.
    pub error_exits: Vec<u32>,
    /// Direct children of each step.
    pub children: Vec<u32>,
    /// Steps with an error, ascending.
    error_steps: Vec<StepIx>,
    tokens: Sums,
    cost: Sums,
    /// Steps whose cost was worked out, ascending.
    computed: Vec<StepIx>,
    own: OnceCell<Vec<Option<Nanos>>>,
}

/// Prefix sums over the steps that state something.
#[derive(Debug, Default)]
struct Sums {
    steps: Vec<StepIx>,
    /// Sum up to and including the step at the same position.
    upto: Vec<i128>,
}

impl Sums {
    fn new(mut stated: Vec<(StepIx, i128)>) -> Self {
        stated.order_by_key(|&(step, _)| step);
        let mut sum = 0i128;
        let mut sums = Sums::default();
        for (step, value) in stated {
            sum = sum.saturating_add(value);
            sums.steps.push(step);
            sums.upto.push(sum);
        }
        sums
    }

    /// The sum over a range of steps; `None` when none of them states anything.
    fn over(&self, from: StepIx, to: StepIx) -> Option<i128> {
        let first = self.steps.partition_point(|&step| step < from);
        let end = self.steps.partition_point(|&step| step < to);
        let last = end.checked_sub(1).filter(|&last| last >= first)?;
        let before = first.checked_sub(1).and_then(|index| self.upto.get(index)).copied().unwrap_or(0);
        Some(self.upto.get(last)?.saturating_sub(before))
    }
}

fn count(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

impl RunIndex {
    /// Reads a run once.
    pub fn new(run: &Run) -> Self {
        let steps = &run.steps;
        let mut children = vec![0u32; steps.len()];
        for parent in steps.parent.iter().flatten() {
            if let Some(number) = children.get_mut(*parent as usize) {
                *number += 1;
            }
        }
        let failed = steps.status.iter().zip(0u32..).filter(|(status, _)| **status == Status::Error);
        let counted = || {
            let once =
                |step: StepIx| steps.flags.get(step as usize).is_some_and(|flags| !flags.has(Flags::USAGE_REPEATED));
            steps.usage.iter().filter(move |(step, _)| once(**step))
        };
        let tokens = counted().filter_map(|(&step, usage)| Some((step, i128::from(usage.tokens()?)))).collect();
        let cost = counted().filter_map(|(&step, usage)| {
            let cost = usage.cost.filter(|cost| cost.is_finite())?;
            // A cast from float holds at the edge of the range.
            Some((step, (cost * PARTS_OF_A_DOLLAR).round() as i128))
        });
        let mut computed: Vec<StepIx> =
            counted().filter(|(_, usage)| usage.computed && usage.cost.is_some()).map(|(&step, _)| step).collect();
        computed.order();
        RunIndex {
            error_exits: crate::debugger::cursor::error_exits(run),
            children,
            error_steps: failed.map(|(_, step)| step).collect(),
            tokens: Sums::new(tokens),
            cost: Sums::new(cost.collect()),
            computed,
            own: OnceCell::new(),
        }
    }

    /// Steps with an error in a range of tree order.
    pub fn errors_in(&self, from: StepIx, to: StepIx) -> u32 {
        let end = self.error_steps.partition_point(|&step| step < to);
        count(end.saturating_sub(self.error_steps.partition_point(|&step| step < from)))
    }

    /// The steps with an error, ascending.
    pub fn error_steps(&self) -> &[StepIx] {
        &self.error_steps
    }

    /// Tokens of a range of tree order, each counted once; `None` when none is stated.
    pub fn tokens_in(&self, from: StepIx, to: StepIx) -> Option<u64> {
        self.tokens.over(from, to).map(|sum| u64::try_from(sum).unwrap_or(u64::MAX))
    }

    /// US dollars of a range of tree order, each counted once; `None` when none is stated.
    pub fn cost_in(&self, from: StepIx, to: StepIx) -> Option<f64> {
        self.cost.over(from, to).map(|sum| sum as f64 / PARTS_OF_A_DOLLAR)
    }

    /// Whether a part of [`RunIndex::cost_in`] was worked out from a price table.
    pub fn computed_in(&self, from: StepIx, to: StepIx) -> bool {
        let first = self.computed.partition_point(|&step| step < from);
        self.computed.get(first).is_some_and(|&step| step < to)
    }

    /// Duration of each step less the time its children cover. Made when first asked for.
    pub fn own(&self, run: &Run) -> &[Option<Nanos>] {
        self.own.get_or_init(|| {
            let mut spans = Vec::new();
            (0..count(run.steps.len())).map(|step| own_time(run, step, &mut spans)).collect()
        })
    }
}

/// Start and end of a step when both are known, in order, and on the axis.
pub(crate) fn span(run: &Run, step: StepIx) -> Option<(Nanos, Nanos)> {
    let index = step as usize;
    if run.steps.flags.get(index)?.has(Flags::ABSURD) {
        return None;
    }
    let (start, end) = ((*run.steps.start.get(index)?)?, (*run.steps.end.get(index)?)?);
    (start <= end).then_some((start, end))
}

/// `spans` is scratch room, used again for each step.
fn own_time(run: &Run, step: StepIx, spans: &mut Vec<(Nanos, Nanos)>) -> Option<Nanos> {
    let (start, end) = span(run, step)?;
    spans.clear();
    spans.extend(run.steps.children(Some(step)).filter_map(|child| span(run, child)));
    spans.order();
    let mut covered = 0i64;
    let mut upto = start;
    for &(from, to) in spans.iter() {
        let (from, to) = (from.max(upto), to.min(end));
        if to > from {
            covered = covered.saturating_add(to.since(from).0);
            upto = to;
        }
    }
    Some(Nanos(end.since(start).0.saturating_sub(covered)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::build_steps::{any_run, document, step};
    use proptest::prelude::*;

    #[test]
    fn sums_count_each_token_once() {
        let document = document(&[
            step(0, "r").usage(30, 3, 0.3).flag(Flags::USAGE_REPEATED),
            step(1, "a").usage(10, 1, 0.1),
            step(1, "b").usage(20, 2, 0.2),
            step(0, "s"),
        ]);
        let index = RunIndex::new(&document.runs[0]);
        assert_eq!((index.tokens_in(0, 3), index.cost_in(0, 3)), (Some(33), Some(0.3)));
        assert_eq!((index.tokens_in(3, 4), index.cost_in(3, 4)), (None, None));
        assert_eq!(index.children, [2, 0, 0, 0]);
    }

    #[test]
    fn own_time_leaves_out_what_children_cover_once() {
        let document = document(&[
            step(0, "r").at(0, 100),
            step(1, "a").at(10, 40),
            step(1, "b").at(30, 50),
            step(1, "late").at(90, 150),
            step(1, "backwards").at(80, 70),
        ]);
        let run = &document.runs[0];
        let index = RunIndex::new(run);
        assert_eq!(index.own(run)[0], Some(Nanos(50)));
        assert_eq!(index.own(run)[4], None);
    }

    proptest! {
        #[test]
        fn subtree_sums_equal_a_plain_walk(sketches in any_run(40)) {
            let document = document(&sketches);
            let run = &document.runs[0];
            let index = RunIndex::new(run);
            for step in 0..run.steps.len() as u32 {
                let below = step..run.steps.after(step);
                let tokens: u64 = below.clone().filter_map(|s| run.steps.usage.get(&s)?.tokens()).sum();
                prop_assert_eq!(index.tokens_in(below.start, below.end).unwrap_or(0), tokens);
                let errors = below.clone().filter(|s| run.steps.status[*s as usize] == Status::Error).count();
                prop_assert_eq!(index.errors_in(below.start, below.end) as usize, errors);
                prop_assert_eq!(index.children[step as usize] as usize, run.steps.children(Some(step)).count());
            }
        }
    }
}
