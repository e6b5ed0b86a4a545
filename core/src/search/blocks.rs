//! Which blocks of a file may hold the text: read once from front to back, then asked for any range of bytes.
//!
//! A gigabyte takes 32 KB. A block that is marked may still hold nothing: whoever asks looks closer.

use super::needle::Needle;
use crate::model::Place;
use crate::view::Reader;

const BLOCK_BITS: u32 = 12;
const BLOCK: usize = 1 << BLOCK_BITS;
const CHUNK: usize = 1 << 20;

/// The marks of one file, as far as it was read.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    marks: Vec<u64>,
    scanned: u64,
}

impl Blocks {
    /// Bytes read so far.
    pub(super) fn scanned(&self) -> u64 {
        self.scanned
    }

    /// Reads on until `upto` is covered or `budget` is used up; whether it is covered.
    pub(super) fn cover(
        &mut self,
        reader: &dyn Reader,
        file: u16,
        needle: &Needle,
        upto: u64,
        budget: &mut u64,
    ) -> Result<bool, String> {
        let end = upto.min(reader.len(file));
        while self.scanned < end {
            if *budget == 0 {
                return Ok(false);
            }
            let start = self.scanned;
            // What begins in this chunk may end in the next: read as much further as a match or an escape is long.
            let more = needle.piece_len().max(8);
            let mut bytes = reader.bytes(Place { file, start, len: (CHUNK + more) as u64 })?;
            if bytes.is_empty() {
                return Err("The file is shorter than when it was opened. Open it again.".to_owned());
            }
            needle.fold(&mut bytes);
            let own = bytes.len().min(CHUNK);
            let mut at = 0;
            while let Some(found) = needle.may_be_at(&bytes, at).filter(|&found| found < own) {
                self.mark(start + found as u64);
                // One mark a block says everything: go on in the next.
                let offset = (start as usize).wrapping_add(found) & (BLOCK - 1);
                at = found + (BLOCK - offset);
            }
            self.scanned = start + own as u64;
            *budget = budget.saturating_sub(own as u64);
        }
        Ok(true)
    }

    fn mark(&mut self, byte: u64) {
        let Ok(block) = usize::try_from(byte >> BLOCK_BITS) else { return };
        if self.marks.len() <= block / 64 {
            self.marks.resize(block / 64 + 1, 0);
        }
        if let Some(word) = self.marks.get_mut(block / 64) {
            *word |= 1 << (block % 64);
        }
    }

    /// Whether a range that is covered may hold the text.
    pub(super) fn may_hold(&self, place: Place) -> bool {
        if place.len == 0 {
            return false;
        }
        let first = place.start >> BLOCK_BITS;
        let last = (place.end() - 1) >> BLOCK_BITS;
        let (mut block, end) =
            (usize::try_from(first).unwrap_or(usize::MAX), usize::try_from(last).unwrap_or(usize::MAX));
        while block <= end {
            let Some(&word) = self.marks.get(block / 64) else { return false };
            let upto = (end - block / 64 * 64).min(63);
            let mask = (u64::MAX << (block % 64)) & (u64::MAX >> (63 - upto));
            if word & mask != 0 {
                return true;
            }
            block = (block / 64 + 1) * 64;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::test_reader::Bytes;

    #[test]
    fn marks_where_it_may_be_also_across_chunks() -> Result<(), String> {
        let mut bytes = vec![b'.'; 3 * CHUNK];
        for at in [10, CHUNK - 2, 2 * CHUNK + 5_000] {
            bytes[at..at + 4].copy_from_slice(b"CITY");
        }
        let reader = Bytes(bytes);
        let Some(needle) = Needle::new("city") else { return Err("needle".to_owned()) };
        let mut blocks = Blocks::default();
        let mut budget = CHUNK as u64;
        assert!(!blocks.cover(&reader, 0, &needle, u64::MAX, &mut budget)?);
        let mut budget = u64::MAX;
        assert!(blocks.cover(&reader, 0, &needle, u64::MAX, &mut budget)?);
        let holds = |start: usize, len: usize| blocks.may_hold(Place { file: 0, start: start as u64, len: len as u64 });
        assert!(holds(0, 100) && holds(CHUNK - 4_000, 4_000) && holds(0, 3 * CHUNK) && holds(2 * CHUNK, 9_000));
        assert!(!holds(BLOCK, 500_000) && !holds(CHUNK, CHUNK) && !holds(5, 0) && !holds(9 * CHUNK, 50));
        Ok(())
    }
}
