//! What two sequences have in common, and that it is found in bounded time.

use super::*;
use proptest::prelude::*;

fn check(a: &[u32], b: &[u32]) -> usize {
    let numbers = a.iter().chain(b).max().map_or(0, |&most| most as usize + 1);
    let runs = common(a, b, numbers);
    let (mut at_a, mut at_b, mut count) = (0, 0, 0);
    for run in &runs {
        let (from_a, from_b, length) = (run.a as usize, run.b as usize, run.length as usize);
        assert!(length > 0 && from_a >= at_a && from_b >= at_b, "{runs:?}");
        assert_eq!(a[from_a..from_a + length], b[from_b..from_b + length], "{runs:?}");
        (at_a, at_b, count) = (from_a + length, from_b + length, count + length);
    }
    count
}

/// The length of the longest common subsequence, the slow way.
fn longest(a: &[u32], b: &[u32]) -> usize {
    let mut row = vec![0; b.len() + 1];
    for x in a {
        let mut corner = 0;
        for (at, y) in b.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if x == y { corner + 1 } else { above.max(row[at]) };
            corner = above;
        }
    }
    row[b.len()]
}

#[test]
fn finds_what_is_common() {
    assert_eq!(check(&[1, 2, 3, 4, 5], &[1, 9, 3, 5]), 3);
    assert_eq!(check(&[], &[1]), 0);
    assert_eq!(check(&[7; 10], &[7; 4]), 4);
    assert_eq!(check(&[1, 1, 2, 2, 1, 1], &[2, 2, 1, 1, 2, 2]), 4);
}

#[test]
fn large_lists_of_every_sort_take_no_time() {
    let n = 200_000u32;
    let count: Vec<u32> = (0..n).collect();
    let backwards: Vec<u32> = count.iter().rev().copied().collect();
    let others: Vec<u32> = (n..2 * n).collect();
    let every_second: Vec<u32> = (0..n).map(|i| if i % 2 == 0 { i } else { n + i }).collect();
    let spaced: Vec<u32> = (0..n).map(|i| if i % 2 == 0 { 0 } else { i }).collect();
    let spaced_otherwise: Vec<u32> = (0..n).map(|i| if i % 2 == 0 { 0 } else { n + i }).collect();
    let mut random = 1u64;
    let mut dice = |sides: u64| -> Vec<u32> {
        let mut roll = || {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            ((random >> 33) % sides) as u32
        };
        (0..n).map(|_| roll()).collect()
    };
    assert_eq!(check(&count, &others), 0);
    assert_eq!(check(&count, &backwards), 1);
    assert_eq!(check(&count, &every_second), n as usize / 2);
    assert_eq!(check(&vec![1; n as usize], &vec![1; n as usize - 5]), n as usize - 5);
    assert_eq!(check(&spaced, &spaced_otherwise), n as usize / 2);
    let (coins, more) = (dice(2), dice(2));
    assert!(check(&coins, &more) > n as usize / 2);
    let (few, more) = (dice(500), dice(500));
    check(&few, &more);
    let (few, more) = (dice(u64::from(n) / 3), dice(u64::from(n) / 3));
    check(&few, &more);
}

proptest! {
    #[test]
    fn short_lists_get_the_longest_there_is(
        a in proptest::collection::vec(0u32..6, 0..40), b in proptest::collection::vec(0u32..6, 0..40),
    ) {
        let (found, most) = (check(&a, &b), longest(&a, &b));
        prop_assert_eq!(found, most);
    }

    #[test]
    fn without_anchors_it_is_the_longest(
        a in proptest::collection::vec(0u32..3, 0..60), b in proptest::collection::vec(0u32..3, 0..60),
    ) {
        let (left, right) = (
            a.iter().map(|&x| (x, 0)).collect::<Vec<_>>(), b.iter().map(|&x| (x, 0)).collect::<Vec<_>>()
        );
        prop_assert_eq!(greedy(&left, &right).len(), longest(&a, &b));
    }

    #[test]
    fn runs_are_equal_and_in_order(
        a in proptest::collection::vec(0u32..200, 0..400), b in proptest::collection::vec(0u32..200, 0..400),
    ) {
        prop_assert!(check(&a, &b) <= longest(&a, &b));
    }

    #[test]
    fn what_was_only_added_to_is_found_whole(
        a in proptest::collection::vec(0u32..4, 0..500), at in 0usize..500, more in proptest::collection::vec(0u32..9, 0..20),
    ) {
        let mut b = a.clone();
        let at = at.min(b.len());
        b.splice(at..at, more);
        prop_assert!(check(&a, &b) + 40 >= a.len());
    }
}
