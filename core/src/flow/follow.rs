//! Which sibling follows which: the transitive reduction of "ended before the other began".
//!
//! Works on positions among the run's moments, which are all different, so that steps without times, instants and
//! equal times need no rules of their own.

use crate::order::Order as _;

/// A sibling: its enter and exit among the moments.
#[derive(Clone, Copy, Debug)]
pub(super) struct Interval {
    pub(super) enter: u32,
    pub(super) exit: u32,
}

/// What comes right before one sibling: a range in the order of exits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Before {
    pub(super) from: usize,
    pub(super) to: usize,
}

/// Siblings in the order of their exits, and for each sibling which stretch of that order comes right before it.
///
/// A precedes B when A exits before B enters. A comes *right* before B when no C lies between, that is when A exits
/// after the latest enter among all that precede B. Those A are a stretch of the order of exits, so the answer is
/// linear in size even when a hundred siblings all follow a hundred others.
pub(super) struct Follow {
    pub(super) by_exit: Vec<usize>,
    pub(super) before: Vec<Before>,
}

pub(super) fn follow(siblings: &[Interval]) -> Follow {
    let at = |index: usize| siblings.get(index).copied().unwrap_or(Interval { enter: 0, exit: 0 });
    let mut by_exit: Vec<usize> = (0..siblings.len()).collect();
    by_exit.order_by_key(|&index| at(index).exit);
    let mut by_enter: Vec<usize> = (0..siblings.len()).collect();
    by_enter.order_by_key(|&index| at(index).enter);
    let mut before = vec![Before { from: 0, to: 0 }; siblings.len()];
    let (mut ended, mut latest_enter) = (0usize, 0u32);
    for &index in &by_enter {
        let enter = at(index).enter;
        while let Some(&next) = by_exit.get(ended).filter(|&&next| at(next).exit < enter) {
            latest_enter = latest_enter.max(at(next).enter);
            ended += 1;
        }
        let from = by_exit.partition_point(|&other| at(other).exit < latest_enter);
        if let Some(slot) = before.get_mut(index) {
            *slot = Before { from: from.min(ended), to: ended };
        }
    }
    Follow { by_exit, before }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pairs(siblings: &[Interval]) -> Vec<(usize, usize)> {
        let follow = follow(siblings);
        let mut pairs = Vec::new();
        for (b, before) in follow.before.iter().enumerate() {
            pairs.extend(follow.by_exit[before.from..before.to].iter().map(|&a| (a, b)));
        }
        pairs.sort_unstable();
        pairs
    }

    fn naive(siblings: &[Interval]) -> Vec<(usize, usize)> {
        let precedes = |a: usize, b: usize| siblings[a].exit < siblings[b].enter;
        let all = 0..siblings.len();
        let mut pairs = Vec::new();
        for a in all.clone() {
            for b in all.clone() {
                if precedes(a, b) && !all.clone().any(|c| precedes(a, c) && precedes(c, b)) {
                    pairs.push((a, b));
                }
            }
        }
        pairs
    }

    #[test]
    fn a_fan_out_and_its_join() {
        let siblings = [(0, 1), (2, 9), (3, 5), (4, 8), (10, 11)].map(|(enter, exit)| Interval { enter, exit });
        assert_eq!(pairs(&siblings), [(0, 1), (0, 2), (0, 3), (1, 4), (2, 4), (3, 4)]);
    }

    proptest! {
        #[test]
        fn is_the_transitive_reduction(seed in proptest::collection::vec((0u32..1000, 0u32..1000), 0..12)) {
            // All enters and exits different, as moments are.
            let mut points: Vec<u32> = (0..seed.len() as u32 * 2).collect();
            for (index, (a, b)) in seed.iter().enumerate() {
                let n = points.len() as u32;
                points.swap(index * 2, (a % n) as usize);
                points.swap(index * 2 + 1, (b % n) as usize);
            }
            let siblings: Vec<Interval> = points
                .chunks(2)
                .map(|pair| Interval { enter: pair[0].min(pair[1]), exit: pair[0].max(pair[1]) })
                .collect();
            prop_assert_eq!(pairs(&siblings), naive(&siblings));
        }
    }
}
