//! Sorting where size matters more than speed: one copy of the sorting code for all types.
//!
//! The standard library's sorts are made anew for each type and each comparison, some five kilobytes a time, and the
//! engine is downloaded. Here positions are sorted, by one copy, and the items follow. Columns of a whole run are
//! sorted by the standard library where files are opened.

use std::cmp::Ordering;

/// Lists up to this length are sorted in place.
const SHORT: usize = 8;

/// Stable sorting by one shared copy of the code.
pub(crate) trait Order<T> {
    /// Sorts by a comparison.
    fn order_by(&mut self, compare: impl FnMut(&T, &T) -> Ordering);

    /// Sorts by a key.
    fn order_by_key<K: Ord>(&mut self, mut key: impl FnMut(&T) -> K) {
        self.order_by(|a, b| key(a).cmp(&key(b)));
    }

    /// Sorts by the items themselves.
    fn order(&mut self)
    where
        T: Ord,
    {
        self.order_by(T::cmp);
    }
}

impl<T> Order<T> for [T] {
    fn order_by(&mut self, mut compare: impl FnMut(&T, &T) -> Ordering) {
        // Most lists are short, or in order already: they cost no more than looking at them.
        if self.len() <= SHORT {
            for end in 1..self.len() {
                for at in (1..=end).rev() {
                    let out_of_order = match (self.get(at - 1), self.get(at)) {
                        (Some(a), Some(b)) => compare(a, b).is_gt(),
                        _ => false,
                    };
                    if !out_of_order {
                        break;
                    }
                    self.swap(at - 1, at);
                }
            }
            return;
        }
        if self.is_sorted_by(|a, b| compare(a, b).is_le()) {
            return;
        }
        let mut order: Vec<usize> = (0..self.len()).collect();
        sort_positions(&mut order, &mut |a, b| match (self.get(a), self.get(b)) {
            (Some(a), Some(b)) => compare(a, b),
            _ => Ordering::Equal,
        });
        // Each ring of positions is turned by one; a position that is in its place points to itself.
        for start in 0..order.len() {
            let mut at = start;
            while let Some(next) = order.get(at).copied() {
                if let Some(slot) = order.get_mut(at) {
                    *slot = at;
                }
                if next == start || next == at {
                    break;
                }
                self.swap(at, next);
                at = next;
            }
        }
    }
}

/// Sorts positions, or whatever else is numbers, by a comparison; stable.
pub(crate) fn sort_positions(order: &mut [usize], compare: &mut dyn FnMut(usize, usize) -> Ordering) {
    order.sort_by(|&a, &b| compare(a, b));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sorts_as_the_standard_library_does(items in proptest::collection::vec((0u8..8, any::<u16>()), 0..60)) {
            let (mut ours, mut theirs) = (items.clone(), items);
            ours.order_by_key(|item| item.0);
            theirs.sort_by_key(|item| item.0);
            prop_assert_eq!(ours, theirs);
        }
    }
}
