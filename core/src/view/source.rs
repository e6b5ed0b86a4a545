//! Lines of a file around a byte, and the line and column of a byte.
//!
//! Lines are counted in blocks that are remembered, so a large file is read once, and only up to where it is asked.

use super::Reader;
use crate::model::Place;
use crate::protocol::{SourceLine, SourceView};

const BLOCK: u64 = 1 << 20;
/// Most bytes shown of one line.
const LINE_BYTES: usize = 2_000;
/// Most lines before and after.
const MOST_AROUND: u32 = 200;
/// How far lines are looked for on each side of the byte.
const REACH: u64 = 1 << 20;

/// Line breaks of one file, counted block by block as far as somebody asked.
#[derive(Debug, Default)]
pub struct LineIndex {
    /// Line breaks before the end of each block.
    breaks: Vec<u64>,
}

impl LineIndex {
    /// Line (from 1) of a byte and where that line begins, within the last block: `None` when it begins earlier.
    ///
    /// Reads at most `budget` bytes that were not counted before; `Ok(None)` when that does not suffice.
    pub fn line(&mut self, reader: &dyn Reader, file: u16, at: u64, budget: u64) -> Result<Option<u64>, String> {
        let whole = at / BLOCK;
        let missing = whole.saturating_sub(self.breaks.len() as u64).saturating_mul(BLOCK);
        if missing > budget {
            return Ok(None);
        }
        while (self.breaks.len() as u64) < whole {
            let start = self.breaks.len() as u64 * BLOCK;
            let bytes = reader.bytes(Place { file, start, len: BLOCK })?;
            let before = self.breaks.last().copied().unwrap_or(0);
            self.breaks.push(before + count(&bytes));
        }
        let start = whole * BLOCK;
        let rest = reader.bytes(Place { file, start, len: at - start })?;
        let before = usize::try_from(whole).ok().and_then(|whole| whole.checked_sub(1));
        let before = before.and_then(|index| self.breaks.get(index)).copied().unwrap_or(0);
        Ok(Some(before + count(&rest) + 1))
    }

    /// Line and column of a byte, both from 1, the column in bytes; `None` beyond the budget.
    pub fn line_column(
        &mut self,
        reader: &dyn Reader,
        file: u16,
        at: u64,
        budget: u64,
    ) -> Result<Option<(u64, u64)>, String> {
        let Some(line) = self.line(reader, file, at, budget)? else {
            return Ok(None);
        };
        let mut end = at;
        // Walk back to the line's beginning; a line of a gigabyte is not walked to its end.
        while end > 0 && at - end < budget {
            let start = end.saturating_sub(BLOCK);
            let bytes = reader.bytes(Place { file, start, len: end - start })?;
            if let Some(found) = memchr::memrchr(b'\n', &bytes) {
                return Ok(Some((line, at - (start + found as u64))));
            }
            end = start;
        }
        Ok((end == 0).then_some((line, at.saturating_add(1))))
    }
}

fn count(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// The lines around byte `at` of a file. `name` is the file's name.
pub fn source(
    reader: &dyn Reader,
    lines: &mut LineIndex,
    file: u16,
    name: &str,
    at: u64,
    around: u32,
) -> Result<SourceView, String> {
    let length = reader.len(file);
    let at = at.min(length.saturating_sub(1));
    let around = around.min(MOST_AROUND) as usize;
    let line = lines.line(reader, file, at, u64::MAX)?.unwrap_or(1);
    let start = at.saturating_sub(REACH);
    let end = at.saturating_add(REACH).min(length);
    let bytes = reader.bytes(Place { file, start, len: end.saturating_sub(start) })?;
    let middle = usize::try_from(at - start).unwrap_or(0).min(bytes.len());
    let (before, after) = bytes.split_at(middle);

    // Where each line begins, from the one asked for backwards, as far as the reach has them.
    let mut begins: Vec<usize> = memchr::memrchr_iter(b'\n', before).take(around + 1).map(|found| found + 1).collect();
    if begins.len() <= around {
        begins.push(0);
    }
    begins.reverse();
    let own = begins.len().saturating_sub(1);
    let mut ends: Vec<usize> = memchr::memchr_iter(b'\n', after).take(around + 1).map(|found| found + middle).collect();
    if ends.len() <= around {
        ends.push(bytes.len());
    }
    let mut out = Vec::new();
    for (row, &begin) in begins.iter().enumerate() {
        let line_end = begins.get(row + 1).map_or(ends.first().copied().unwrap_or(bytes.len()), |next| next - 1);
        let number = line.saturating_sub((own - row) as u64);
        // The first line may begin before the reach, the last may end after it.
        let lost = if row == 0 && begin == 0 { lost_before(reader, file, start)? } else { 0 };
        let wanted = if row == own { middle } else { begin };
        out.push(shown(&bytes, begin, line_end, wanted, number, lost));
    }
    for (row, pair) in ends.windows(2).enumerate() {
        if let [before, end] = pair {
            let begin = before + 1;
            // A file that ends with a line break has no further line.
            if begin < bytes.len() {
                out.push(shown(&bytes, begin, *end, begin, line.saturating_add(row as u64 + 1), 0));
            }
        }
    }
    if end < length
        && let Some(last) = out.last_mut()
        && ends.last() == Some(&bytes.len())
    {
        last.cut.1 = last.cut.1.saturating_add(lost_after(reader, file, end, length)?);
    }
    Ok(SourceView { file: name.to_owned(), lines: out, line })
}

/// Bytes of the line at `start` that stand before it; looked for within the reach only.
fn lost_before(reader: &dyn Reader, file: u16, start: u64) -> Result<u64, String> {
    let from = start.saturating_sub(REACH);
    let bytes = reader.bytes(Place { file, start: from, len: start - from })?;
    Ok(memchr::memrchr(b'\n', &bytes).map_or(bytes.len(), |found| bytes.len() - found - 1) as u64)
}

fn lost_after(reader: &dyn Reader, file: u16, end: u64, length: u64) -> Result<u64, String> {
    let bytes = reader.bytes(Place { file, start: end, len: REACH.min(length - end) })?;
    Ok(memchr::memchr(b'\n', &bytes).unwrap_or(bytes.len()) as u64)
}

/// One line, cut around the byte `wanted`. Never cuts a character in two.
fn shown(bytes: &[u8], begin: usize, end: usize, wanted: usize, number: u64, lost: u64) -> SourceLine {
    let mut from = begin;
    let mut to = end.max(begin);
    if to - from > LINE_BYTES {
        from = wanted.saturating_sub(LINE_BYTES / 2).max(begin).min(to - LINE_BYTES);
        to = from + LINE_BYTES;
    }
    let inside = |at: usize| bytes.get(at).is_some_and(|byte| byte & 0xC0 == 0x80);
    while from > begin && from < to && inside(from) {
        from += 1;
    }
    while to < end && to > from && inside(to) {
        to -= 1;
    }
    let text = String::from_utf8_lossy(bytes.get(from..to).unwrap_or(&[]));
    SourceLine {
        number,
        text: text.strip_suffix('\r').unwrap_or(&text).to_owned(),
        cut: ((from - begin) as u64 + lost, end.saturating_sub(to) as u64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::test_reader::Bytes;

    fn texts(view: &SourceView) -> Vec<(u64, &str)> {
        view.lines.iter().map(|line| (line.number, line.text.as_str())).collect()
    }

    #[test]
    fn lines_around_a_byte() -> Result<(), String> {
        let reader = Bytes(b"one\ntwo\r\nthree\nfour\nfive\n".to_vec());
        let view = source(&reader, &mut LineIndex::default(), 0, "f", 10, 1)?;
        assert_eq!((texts(&view), view.line), (vec![(2, "two"), (3, "three"), (4, "four")], 3));
        let view = source(&reader, &mut LineIndex::default(), 0, "f", 0, 2)?;
        assert_eq!((texts(&view), view.line), (vec![(1, "one"), (2, "two"), (3, "three")], 1));
        let view = source(&reader, &mut LineIndex::default(), 0, "f", 999, 1)?;
        assert_eq!(texts(&view), [(4, "four"), (5, "five")]);
        assert_eq!(source(&Bytes(Vec::new()), &mut LineIndex::default(), 0, "f", 5, 3)?.lines.len(), 1);
        Ok(())
    }

    #[test]
    fn a_very_long_line_is_cut_around_the_byte() -> Result<(), String> {
        let long = "é".repeat(3_000_000);
        let reader = Bytes(format!("a\n{long}\nb").into_bytes());
        let view = source(&reader, &mut LineIndex::default(), 0, "f", 3_000_001, 1)?;
        assert_eq!((view.lines.len(), view.line), (1, 2));
        let line = &view.lines[0];
        assert!(line.text.chars().all(|c| c == 'é') && line.text.len() >= LINE_BYTES - 2);
        assert!(line.cut.0 >= 2_000_000 && line.cut.1 >= 2_000_000);
        Ok(())
    }

    #[test]
    fn line_and_column_across_blocks() -> Result<(), String> {
        let mut text = "x\n".repeat(1_000_000).into_bytes();
        text.extend_from_slice(b"  here");
        let reader = Bytes(text);
        let mut lines = LineIndex::default();
        assert_eq!(lines.line_column(&reader, 0, 2_000_002, 1 << 24)?, Some((1_000_001, 3)));
        assert_eq!(LineIndex::default().line_column(&reader, 0, 2_000_002, 10)?, None);
        assert_eq!(lines.line_column(&reader, 0, 0, 1)?, Some((1, 1)));
        Ok(())
    }
}
