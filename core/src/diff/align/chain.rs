//! Pairs that stand in the same order on both sides: the heaviest chain of given pairs, and the best pairs in order of
//! two short lists, or of two long ones near a given way. Knows positions and weights, nothing of steps.

use crate::order::Order as _;

/// Cells of a table that is filled whole.
const FULL: usize = 1 << 14;
/// In a larger table, columns to each side of the way.
const BAND: usize = 20;

/// A pair of positions.
pub(super) type At = (usize, usize);

/// Of pairs in which no position occurs twice on one side, the heaviest set in the same order on both sides. The weight
/// is told for each pair; the result is in order.
pub(super) fn heaviest(mut pairs: Vec<At>, weight: &mut dyn FnMut(At) -> u64) -> Vec<At> {
    if pairs.len() < 2 {
        return pairs;
    }
    pairs.order();
    if pairs.windows(2).all(|pair| matches!(pair, [a, b] if a.1 < b.1)) {
        return pairs;
    }
    let mut columns: Vec<usize> = pairs.iter().map(|pair| pair.1).collect();
    columns.order();
    // For each stretch of columns the best chain that ends in it: weight, and which pair is its last.
    let mut best: Vec<(u64, usize)> = vec![(0, usize::MAX); columns.len() + 1];
    let mut before = vec![usize::MAX; pairs.len()];
    for (index, &pair) in pairs.iter().enumerate() {
        let rank = columns.partition_point(|&column| column < pair.1);
        let (mut so_far, mut last) = (0, usize::MAX);
        let mut node = rank;
        while node > 0 {
            if let Some(&(weight, at)) = best.get(node)
                && weight > so_far
            {
                (so_far, last) = (weight, at);
            }
            node &= node - 1;
        }
        if let Some(before) = before.get_mut(index) {
            *before = last;
        }
        let total = so_far.saturating_add(weight(pair).max(1));
        let mut node = rank + 1;
        while let Some(slot) = best.get_mut(node) {
            if total > slot.0 {
                *slot = (total, index);
            }
            node += node & node.wrapping_neg();
        }
    }
    let mut node = columns.len();
    let (mut most, mut at) = (0, usize::MAX);
    while node > 0 {
        if let Some(&(weight, last)) = best.get(node)
            && weight > most
        {
            (most, at) = (weight, last);
        }
        node &= node - 1;
    }
    let mut chain = Vec::new();
    while let Some(&pair) = pairs.get(at) {
        chain.push(pair);
        at = before.get(at).copied().unwrap_or(usize::MAX);
    }
    chain.reverse();
    chain
}

/// The columns of a table's rows that are filled.
struct Rows {
    /// First and last column of each row.
    ranges: Vec<(usize, usize)>,
}

impl Rows {
    /// All columns of a small table; of a large one those near the way, which may lead through it in leaps.
    fn new(a: usize, b: usize, way: &[At]) -> Self {
        if (a + 1).saturating_mul(b + 1) <= FULL {
            return Rows { ranges: vec![(0, b); a + 1] };
        }
        let mut centre = Vec::with_capacity(a + 2);
        let mut from = (0usize, 0usize);
        let ends = std::iter::once((a, b));
        for to in way.iter().copied().chain(ends) {
            let (rows, columns) = (to.0.saturating_sub(from.0), to.1.saturating_sub(from.1));
            for row in 0..rows {
                centre.push(from.1 + columns * row / rows.max(1));
            }
            from = to;
        }
        centre.push(b);
        let column = |row: usize| centre.get(row).copied().unwrap_or(b);
        let ranges = (0..=a).map(|row| {
            let low = if row == 0 { 0 } else { column(row).saturating_sub(BAND) };
            (low, (column(row + 1).max(column(row)) + BAND).min(b))
        });
        Rows { ranges: ranges.collect() }
    }
}

const STAY: u8 = 0;
const SKIP_A: u8 = 1;
const SKIP_B: u8 = 2;
const PAIR: u8 = 3;

/// The best pairs in order of `a` and `b` items, where a score of 0 is no pair. `way` is in order and leads through
/// tables that are too large to be filled. Where two are equally good, the earlier ones are paired.
pub(super) fn best(a: usize, b: usize, way: &[At], score: &mut dyn FnMut(usize, usize) -> u32) -> Vec<At> {
    const NONE: i32 = i32::MIN / 2;
    let rows = Rows::new(a, b, way);
    let mut turns: Vec<u8> = Vec::new();
    let mut starts: Vec<usize> = Vec::with_capacity(a + 1);
    let (mut above, mut above_low): (Vec<i32>, usize) = (Vec::new(), 0);
    for (row, &(low, high)) in rows.ranges.iter().enumerate() {
        starts.push(turns.len());
        let mut cells: Vec<i32> = Vec::with_capacity(high + 1 - low.min(high));
        for column in low..=high {
            let over = |column: usize| {
                column.checked_sub(above_low).and_then(|index| above.get(index)).copied().unwrap_or(NONE)
            };
            let (mut value, mut turn) = if row == 0 && column == 0 { (0, STAY) } else { (NONE, STAY) };
            if column > low
                && let Some(&left) = cells.last()
                && left > value
            {
                (value, turn) = (left, SKIP_B);
            }
            if row > 0 {
                if over(column) > value {
                    (value, turn) = (over(column), SKIP_A);
                }
                if column > 0 && over(column - 1) > NONE {
                    let score = score(row - 1, column - 1).min(1 << 16) as i32;
                    if score > 0 && over(column - 1) + score > value {
                        (value, turn) = (over(column - 1) + score, PAIR);
                    }
                }
            }
            cells.push(value);
            turns.push(turn);
        }
        (above, above_low) = (cells, low);
    }
    let mut pairs = Vec::new();
    let (mut row, mut column) = (a, b);
    loop {
        let low = rows.ranges.get(row).map_or(0, |range| range.0);
        let index = starts.get(row).and_then(|start| Some(start + column.checked_sub(low)?));
        match index.and_then(|index| turns.get(index)) {
            Some(&PAIR) => {
                (row, column) = (row.saturating_sub(1), column.saturating_sub(1));
                pairs.push((row, column));
            }
            Some(&SKIP_A) => row = row.saturating_sub(1),
            Some(&SKIP_B) => column = column.saturating_sub(1),
            _ => break,
        }
    }
    pairs.reverse();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_heaviest_chain_wins_over_the_longest() {
        let pairs = vec![(0, 2), (1, 0), (2, 1)];
        assert_eq!(heaviest(pairs.clone(), &mut |_| 1), [(1, 0), (2, 1)]);
        assert_eq!(heaviest(pairs, &mut |pair| if pair.0 == 0 { 5 } else { 1 }), [(0, 2)]);
    }

    #[test]
    fn the_earlier_of_equals_are_paired() {
        assert_eq!(best(1, 3, &[], &mut |_, _| 1), [(0, 0)]);
        assert_eq!(best(3, 2, &[], &mut |_, _| 1), [(0, 0), (1, 1)]);
        assert_eq!(best(2, 3, &[], &mut |a, b| u32::from(a == 1 && b == 2) + 1), [(0, 0), (1, 2)]);
        assert_eq!(best(0, 3, &[], &mut |_, _| 1), []);
        assert_eq!(best(2, 2, &[], &mut |_, _| 0), []);
    }

    #[test]
    fn a_large_table_is_filled_along_its_way_only() {
        let mut asked = 0usize;
        let pairs = best(5_000, 6_000, &[(10, 1_010)], &mut |a, b| {
            asked += 1;
            u32::from(a + 1_000 == b)
        });
        assert!(pairs.len() >= 4_990, "{}", pairs.len());
        assert!(asked < 5_000 * 60 + 6_000 * 2, "{asked}");
    }

    proptest! {
        #[test]
        fn chains_are_in_order_and_as_heavy_as_can_be(order in Just((0usize..9).collect::<Vec<_>>()).prop_shuffle()) {
            let pairs: Vec<At> = order.iter().copied().enumerate().collect();
            let chain = heaviest(pairs, &mut |_| 1);
            prop_assert!(chain.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1));
            let mut longest = vec![1usize; order.len()];
            for i in 0..order.len() {
                for j in 0..i {
                    if order[j] < order[i] {
                        longest[i] = longest[i].max(longest[j] + 1);
                    }
                }
            }
            prop_assert_eq!(Some(chain.len()), longest.into_iter().max());
        }

        #[test]
        fn the_table_finds_the_best_pairs(scores in proptest::collection::vec(0u32..4, 20)) {
            let score = |a: usize, b: usize| scores[a * 5 + b];
            let pairs = best(4, 5, &[], &mut |a, b| score(a, b));
            prop_assert!(pairs.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1));
            let got: u32 = pairs.iter().map(|&(a, b)| score(a, b)).sum();
            let mut table = [[0u32; 6]; 5];
            for a in 0..4 {
                for b in 0..5 {
                    table[a + 1][b + 1] = table[a][b + 1].max(table[a + 1][b]).max(table[a][b] + score(a, b));
                }
            }
            prop_assert_eq!(got, table[4][5]);
        }
    }
}
