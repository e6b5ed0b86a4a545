//! A moving window over a source: what is being read now, and the count of lines before it.

use super::{Source, SourceError};

/// Bytes read at a time: large enough that the calls cost nothing, small enough to show progress.
const SLICE: usize = 4 << 20;

/// A window over a source. Bytes before [`Window::base`] are given back.
#[derive(Debug, Default)]
pub struct Window {
    bytes: Vec<u8>,
    base: u64,
    slice: Vec<u8>,
    next: usize,
    lines: u64,
    line_start: u64,
    last: bool,
}

impl Window {
    /// Begins at a byte of the source instead of the first: what is before it (a byte order mark) is never read.
    pub fn begin_at(&mut self, start: u64) {
        self.base = start;
        self.line_start = start;
    }

    /// The bytes of the window.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Position of the window's first byte in the source.
    pub fn base(&self) -> u64 {
        self.base
    }

    /// Whether the source ends with the window.
    pub fn last(&self) -> bool {
        self.last
    }

    /// Gives back the first `used` bytes and reads on. When nothing is given back the next read is twice as large,
    /// so that one long value costs time in proportion to its length.
    ///
    /// # Errors
    /// When the source cannot be read.
    pub fn advance(&mut self, source: &dyn Source, used: usize) -> Result<(), SourceError> {
        let used = used.min(self.bytes.len());
        let gone = self.bytes.get(..used).unwrap_or(&[]);
        if let Some(newline) = memchr::memrchr(b'\n', gone) {
            self.lines += memchr::memchr_iter(b'\n', gone).count() as u64;
            self.line_start = self.base + newline as u64 + 1;
        }
        self.next = if used == 0 { self.next.saturating_mul(2).max(SLICE) } else { SLICE };
        self.bytes.drain(..used);
        self.base += used as u64;
        let from = self.base + self.bytes.len() as u64;
        source.read(from, self.next, &mut self.slice)?;
        self.bytes.extend_from_slice(&self.slice);
        self.last = self.base + self.bytes.len() as u64 >= source.len();
        Ok(())
    }

    /// Line and column (both from 1, columns in bytes) of a position in the window.
    pub fn line_column(&self, position: usize) -> (u64, u64) {
        let before = self.bytes.get(..position.min(self.bytes.len())).unwrap_or(&[]);
        let line = 1 + self.lines + memchr::memchr_iter(b'\n', before).count() as u64;
        let start = memchr::memrchr(b'\n', before).map_or(self.line_start, |newline| self.base + newline as u64 + 1);
        (line, 1 + (self.base + position as u64).saturating_sub(start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Memory;

    #[test]
    fn counts_lines_across_what_is_given_back() -> Result<(), SourceError> {
        let source = Memory(b"one\ntwo\nthree\nfour".to_vec());
        let mut window = Window::default();
        window.advance(&source, 0)?;
        assert!(window.last());
        assert_eq!(window.line_column(9), (3, 2));
        window.advance(&source, 6)?;
        assert_eq!((window.base(), window.bytes()), (6, &b"o\nthree\nfour"[..]));
        assert_eq!(window.line_column(0), (2, 3));
        assert_eq!(window.line_column(3), (3, 2));
        Ok(())
    }
}
