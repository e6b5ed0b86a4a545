//! The total order of a run's moments: each step's enter and exit, by time, then by place in the tree.
//!
//! Times a file lacks are filled here, for the order only; what is shown of a step stays what its file says.

use crate::model::{Flags, Nanos, Status, StepIx, Steps};

/// The moments of a run in order, and where each step's two moments are among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// Step in tree order and whether the moment is its exit.
    pub moments: Vec<(StepIx, bool)>,
    /// Position of each step's enter.
    pub enter: Vec<u32>,
    /// Position of each step's exit.
    pub exit: Vec<u32>,
}

/// A step whose subtree is being walked.
struct Open {
    step: StepIx,
    after: StepIx,
    start: Nanos,
    /// Latest effective end below it so far, its own start at first.
    latest: Nanos,
    /// Effective end of its last child so far.
    before: Option<Nanos>,
}

/// Orders the moments of `steps`.
///
/// A missing start is the later of the parent's start and the previous sibling's end, though never later than what
/// the step's own end or the steps below it say. A missing end is the latest end below, a running step's the latest
/// time of the run. A negative duration counts as none. Times of steps flagged [`Flags::ABSURD`] count as missing.
/// Moments at the same time stay in the order of the tree walk, so a parent encloses its children, and a step that
/// ends when its sibling begins exits first.
pub fn order(steps: &Steps) -> Order {
    let count = u32::try_from(steps.len()).unwrap_or(u32::MAX);
    let known = |column: &[Option<Nanos>], step: StepIx| {
        let absurd = steps.flags.get(step as usize).is_some_and(|flags| flags.has(Flags::ABSURD));
        if absurd { None } else { column.get(step as usize).copied().flatten() }
    };
    let start = |step| known(&steps.start, step);
    let end = |step| known(&steps.end, step);

    // Earliest time each subtree states, from the leaves up.
    let mut earliest: Vec<Option<Nanos>> = (0..count).map(|step| start(step).or_else(|| end(step))).collect();
    for step in (0..count).rev() {
        let Some(own) = earliest.get(step as usize).copied().flatten() else {
            continue;
        };
        if let Some(around) = steps.parent(step).and_then(|parent| earliest.get_mut(parent as usize)) {
            *around = Some(around.map_or(own, |there| there.min(own)));
        }
    }
    let first = (0..count).filter_map(|step| start(step).or_else(|| end(step))).min().unwrap_or_default();
    let last = (0..count).filter_map(|step| end(step).max(start(step))).max().unwrap_or_default();

    let mut walk: Vec<(Nanos, StepIx, bool)> = Vec::with_capacity(steps.len().saturating_mul(2));
    let mut open: Vec<Open> = Vec::new();
    let mut before_root: Option<Nanos> = None;
    let close = |open: &mut Vec<Open>, walk: &mut Vec<(Nanos, StepIx, bool)>, before_root: &mut Option<Nanos>| {
        let Some(done) = open.pop() else { return };
        let running = steps.status.get(done.step as usize) == Some(&Status::Running);
        let stated = end(done.step).or(running.then_some(last)).unwrap_or(done.latest);
        let exit = stated.max(done.start);
        walk.push((exit, done.step, true));
        match open.last_mut() {
            Some(around) => {
                around.latest = around.latest.max(exit);
                around.before = Some(exit);
            }
            None => *before_root = Some(exit),
        }
    };
    for step in 0..count {
        while open.last().is_some_and(|around| around.after <= step) {
            close(&mut open, &mut walk, &mut before_root);
        }
        let enter = start(step).unwrap_or_else(|| {
            let around = open.last();
            let before = around.map_or(before_root, |around| around.before);
            let after_both = around.map(|around| around.start).max(before).unwrap_or(first);
            earliest.get(step as usize).copied().flatten().map_or(after_both, |stated| stated.min(after_both))
        });
        walk.push((enter, step, false));
        open.push(Open { step, after: steps.after(step), start: enter, latest: enter, before: None });
    }
    while !open.is_empty() {
        close(&mut open, &mut walk, &mut before_root);
    }
    // Stable, so that equal times keep the order of the walk; and quick, since files are mostly in order.
    walk.sort_by_key(|&(time, ..)| time);

    let mut order =
        Order { moments: Vec::with_capacity(walk.len()), enter: vec![0; steps.len()], exit: vec![0; steps.len()] };
    for (position, (_, step, exit)) in walk.into_iter().enumerate() {
        let column = if exit { &mut order.exit } else { &mut order.enter };
        if let Some(slot) = column.get_mut(step as usize) {
            *slot = u32::try_from(position).unwrap_or(u32::MAX);
        }
        order.moments.push((step, exit));
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Document;
    use crate::model::build_steps::{Sketch, any_run, step, steps};
    use proptest::prelude::*;

    fn told(sketches: &[Sketch]) -> String {
        let mut document = Document::default();
        let steps = steps(&mut document, sketches);
        let name = |step: u32| document.names.get(steps.name[step as usize]);
        let told: Vec<_> = order(&steps)
            .moments
            .iter()
            .map(|&(step, exit)| format!("{}{}", if exit { ")" } else { "(" }, name(step)))
            .collect();
        told.join(" ")
    }

    #[test]
    fn ties_nest_and_a_sibling_exits_before_the_next_enters() {
        let run = [step(0, "r").at(0, 10), step(1, "a").at(0, 5), step(1, "b").at(5, 10)];
        assert_eq!(told(&run), "(r (a )a (b )b )r");
    }

    #[test]
    fn parallel_branches_interleave_by_time() {
        let run = [step(0, "r").at(0, 10), step(1, "a").at(1, 8), step(2, "x").at(2, 3), step(1, "b").at(2, 9)];
        assert_eq!(told(&run), "(r (a (x (b )x )a )b )r");
    }

    #[test]
    fn without_times_the_tree_is_the_order() {
        let run = [step(0, "r"), step(1, "a"), step(2, "x"), step(1, "b"), step(0, "s")];
        assert_eq!(told(&run), "(r (a (x )x )a (b )b )r (s )s");
    }

    #[test]
    fn missing_times_are_filled_from_around() {
        // The root knows nothing, `a` has no end, `b` has no start, `c` neither.
        let run = [
            step(0, "r"),
            step(1, "a").times(Some(5), None),
            step(2, "x").at(6, 9),
            step(1, "b").times(None, Some(20)),
            step(1, "c"),
            step(1, "d").at(30, 31),
        ];
        assert_eq!(told(&run), "(r (a (x )x )a (b )b (c )c (d )d )r");
    }

    #[test]
    fn running_steps_last_to_the_end_and_negative_ones_take_no_time() {
        let run = [
            step(0, "r").times(Some(0), None).status(Status::Running),
            step(1, "a").at(9, 3),
            step(1, "b").at(4, 12),
            step(0, "s").at(1, 15),
        ];
        assert_eq!(told(&run), "(r (s (b (a )a )b )r )s");
    }

    #[test]
    fn an_absurd_time_does_not_move_its_step() {
        let run = [step(0, "r").at(100, 200), step(1, "a").at(110, 120), step(1, "b").at(0, 1).flag(Flags::ABSURD)];
        assert_eq!(told(&run), "(r (a )a (b )b )r");
    }

    #[test]
    fn no_steps_no_moments() {
        assert_eq!(order(&Steps::default()), Order::default());
    }

    #[test]
    fn a_quarter_million_levels_do_not_need_a_stack() {
        let deep: Vec<_> = (0..250_000u32).map(|depth| step(depth, "d").at(0, 10)).collect();
        let mut document = Document::default();
        let steps = steps(&mut document, &deep);
        let order = order(&steps);
        assert_eq!(order.moments.len(), 500_000);
        assert_eq!((order.enter[249_999], order.exit[249_999]), (249_999, 250_000));
    }

    proptest! {
        #[test]
        fn every_step_enters_once_before_it_exits(sketches in any_run(40)) {
            let mut document = Document::default();
            let steps = steps(&mut document, &sketches);
            let order = order(&steps);
            prop_assert_eq!(order.moments.len(), steps.len() * 2);
            for step in 0..steps.len() {
                let (enter, exit) = (order.enter[step], order.exit[step]);
                prop_assert!(enter < exit);
                prop_assert_eq!(order.moments[enter as usize], (step as u32, false));
                prop_assert_eq!(order.moments[exit as usize], (step as u32, true));
            }
        }
    }
}
