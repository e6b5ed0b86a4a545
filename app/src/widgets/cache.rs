//! Rows that have been asked for: which there are, which to ask for next. Pure; asking is in `windows`.
//!
//! Rows come in blocks of [`BLOCK`]. A bounded number of blocks is kept, the ones nearest to what is in sight.

use std::collections::BTreeMap;

/// Rows asked for at once.
pub(crate) const BLOCK: u32 = 128;

/// Blocks kept: 64 × 128 rows are more than any screen shows, and small in memory.
const KEPT: usize = 64;

/// Blocks of rows.
#[derive(Debug)]
pub(crate) struct Cache<T> {
    blocks: BTreeMap<u32, Vec<T>>,
}

impl<T> Default for Cache<T> {
    fn default() -> Self {
        Cache { blocks: BTreeMap::new() }
    }
}

impl<T> Cache<T> {
    /// The row, when it is here.
    pub(crate) fn get(&self, row: u32) -> Option<&T> {
        self.blocks.get(&(row / BLOCK))?.get((row % BLOCK) as usize)
    }

    /// The first block that is missing in `from..to`: its first row. The block in the middle of the sight goes first.
    pub(crate) fn missing(&self, from: u32, to: u32) -> Option<u32> {
        if from >= to {
            return None;
        }
        let middle = (from + (to - from) / 2) / BLOCK;
        let mut blocks: Vec<u32> = (from / BLOCK..=(to - 1) / BLOCK).collect();
        blocks.sort_by_key(|&b| b.abs_diff(middle));
        blocks.into_iter().find(|b| !self.blocks.contains_key(b)).map(|b| b * BLOCK)
    }

    /// Keeps a block that was asked for with `from` a multiple of [`BLOCK`], and drops what is farthest from it.
    pub(crate) fn put(&mut self, from: u32, rows: Vec<T>) {
        let block = from / BLOCK;
        self.blocks.insert(block, rows);
        while self.blocks.len() > KEPT {
            let first = self.blocks.keys().next().copied().unwrap_or(block);
            let last = self.blocks.keys().next_back().copied().unwrap_or(block);
            let far = if first.abs_diff(block) > last.abs_diff(block) { first } else { last };
            self.blocks.remove(&far);
        }
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.blocks.clear();
    }

    /// The rows in sight order that are here, with their positions.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        self.blocks.iter().flat_map(|(b, rows)| (b * BLOCK..).zip(rows))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asks_for_what_is_missing_from_the_middle_out() {
        let mut cache = Cache::default();
        assert_eq!(cache.missing(100, 300), Some(128));
        cache.put(128, vec![0; 128]);
        assert_eq!(cache.missing(100, 300), Some(0));
        cache.put(0, vec![0; 128]);
        assert_eq!(cache.missing(100, 300), Some(256));
        cache.put(256, vec![0; 44]);
        assert_eq!(cache.missing(100, 300), None);
        assert_eq!(cache.missing(5, 5), None);
        assert_eq!(cache.get(299), Some(&0));
        assert_eq!(cache.get(300), None);
    }

    #[test]
    fn keeps_the_blocks_around_the_newest() {
        let mut cache = Cache::default();
        for block in 0..200 {
            cache.put(block * BLOCK, vec![block; 128]);
        }
        assert_eq!(cache.get(0), None);
        assert_eq!(cache.get(199 * BLOCK), Some(&199));
        assert_eq!(cache.get(140 * BLOCK), Some(&140));
        assert_eq!(cache.iter().count(), KEPT * 128);
    }
}
