//! Where the rows of a text are, so that any window of a text of any size is cut out without reading the rest.
//!
//! A row is a line; a line longer than [`PIECE`] bytes goes on in further rows with the same number. Only every
//! [`EVERY`]th row is remembered: a text of fifty million line breaks still has a small index.

use crate::protocol::TextLine;

/// Most bytes of a row.
pub const PIECE: usize = 4_000;
const EVERY: u32 = 64;

/// Where rows begin.
#[derive(Debug, Default)]
pub struct TextIndex {
    /// Offset and line number of rows 0, `EVERY`, 2 `EVERY`, …
    marks: Vec<(usize, u32)>,
    rows: u32,
}

/// One row: its bytes, where the next begins, and whether that is a new line.
struct Row {
    end: usize,
    next: usize,
    breaks: bool,
}

fn row(bytes: &[u8], at: usize) -> Row {
    let rest = bytes.get(at..).unwrap_or(&[]);
    let window = rest.get(..=PIECE).unwrap_or(rest);
    if let Some(found) = memchr::memchr(b'\n', window) {
        return Row { end: at + found, next: at + found + 1, breaks: true };
    }
    if rest.len() <= PIECE {
        return Row { end: bytes.len(), next: bytes.len(), breaks: false };
    }
    let mut end = at + PIECE;
    // A character is at most four bytes; beyond that it is not UTF-8 and may be cut anywhere.
    while end > at + PIECE - 4 && bytes.get(end).is_some_and(|byte| byte & 0xC0 == 0x80) {
        end -= 1;
    }
    Row { end, next: end, breaks: false }
}

impl TextIndex {
    /// Reads a text once. A last line break begins no further row; an empty text has one empty row.
    pub fn new(bytes: &[u8]) -> Self {
        let mut index = TextIndex::default();
        let (mut at, mut line) = (0, 1u32);
        while at < bytes.len() || index.rows == 0 {
            if index.rows.is_multiple_of(EVERY) {
                index.marks.push((at, line));
            }
            index.rows = index.rows.saturating_add(1);
            let row = row(bytes, at);
            line = line.saturating_add(u32::from(row.breaks));
            at = row.next.max(at + 1);
        }
        index
    }

    /// Number of rows.
    pub fn rows(&self) -> u32 {
        self.rows
    }

    /// The rows `from..from + count` of the text the index was made of.
    pub fn window(&self, bytes: &[u8], from: u32, count: u32) -> Vec<TextLine> {
        let Some(&(mut at, mut line)) = self.marks.get((from / EVERY) as usize) else {
            return Vec::new();
        };
        let end = from.saturating_add(count).min(self.rows);
        let mut lines = Vec::new();
        for number in (from / EVERY).saturating_mul(EVERY)..end {
            let row = row(bytes, at);
            if number >= from {
                let text = String::from_utf8_lossy(bytes.get(at..row.end).unwrap_or(&[]));
                let text = if row.breaks { text.strip_suffix('\r').unwrap_or(&text) } else { &text };
                lines.push(TextLine { number: line, text: text.to_owned(), cut: 0 });
            }
            line = line.saturating_add(u32::from(row.breaks));
            at = row.next.max(at + 1);
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(text: &str) -> Vec<(u32, String)> {
        let index = TextIndex::new(text.as_bytes());
        let lines = index.window(text.as_bytes(), 0, u32::MAX);
        assert_eq!(lines.len() as u32, index.rows());
        lines.into_iter().map(|line| (line.number, line.text)).collect()
    }

    #[test]
    fn lines_and_their_numbers() {
        let told = |text| all(text).into_iter().map(|(number, text)| format!("{number}{text}")).collect::<Vec<_>>();
        assert_eq!(told("a\r\nb\n\nc"), ["1a", "2b", "3", "4c"]);
        assert_eq!(
            (told(""), told("a\n"), told("\n")),
            (vec!["1".to_owned()], vec!["1a".to_owned()], vec!["1".to_owned()])
        );
    }

    #[test]
    fn a_long_line_goes_on_in_further_rows() {
        let rows = all(&format!("{}\nend", "é".repeat(5_000)));
        assert_eq!(rows.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [1, 1, 1, 2]);
        assert!(rows.iter().all(|(_, text)| text.len() <= PIECE && !text.contains('\u{FFFD}')));
        assert_eq!(all(&format!("{}\nend", "x".repeat(PIECE))).len(), 2);
    }

    #[test]
    fn fifty_megabytes_without_a_line_break() {
        let text = vec![b'x'; 50 << 20];
        let index = TextIndex::new(&text);
        let window = index.window(&text, index.rows() - 1, 5);
        assert_eq!((window.len(), window[0].number), (1, 1));
    }

    proptest! {
        #[test]
        fn windows_joined_are_the_text(
            lines in proptest::collection::vec("[a-zé]{0,6}", 0..300), size in 1u32..90, long in 0usize..9_000,
        ) {
            let text = format!("{}\n{}", lines.join("\n"), "ü".repeat(long));
            let index = TextIndex::new(text.as_bytes());
            let mut joined = String::new();
            let (mut from, mut line) = (0, 1);
            while from < index.rows() {
                for row in index.window(text.as_bytes(), from, size) {
                    if row.number > line {
                        joined.push('\n');
                        line = row.number;
                    }
                    joined.push_str(&row.text);
                }
                from += size;
            }
            prop_assert_eq!(joined.trim_end_matches('\n'), text.trim_end_matches('\n'));
        }
    }
}
