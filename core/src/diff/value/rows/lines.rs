//! Two texts as lines laid on each other: which line of A stands beside which of B, and what differs in them.

use crate::diff::text;
use crate::protocol::{DiffValueRow, Sign, Span};
use std::ops::Range;

/// Lines that are the same and shown around what differs.
const BESIDE: usize = 2;
/// Lines that are the same from which on they are folded.
const FOLDED: usize = 6;
/// Characters shown of a stretch that is the same, and of one that differs.
const SAME: usize = 240;
const CHANGED: usize = 1_000;

/// One side of a row: number of the line from 1, and its pieces as bytes of the text.
#[derive(Debug)]
struct Side {
    number: u32,
    pieces: Vec<(Range<usize>, Sign)>,
}

#[derive(Debug)]
struct Row {
    a: Option<Side>,
    b: Option<Side>,
}

impl Row {
    fn is_same(&self) -> bool {
        let same = |side: &Option<Side>| {
            side.as_ref().is_some_and(|side| side.pieces.iter().all(|piece| piece.1 == Sign::Same))
        };
        same(&self.a) && same(&self.b)
    }
}

/// Two texts as lines.
#[derive(Debug, Default)]
pub(super) struct Lines {
    rows: Vec<Row>,
    a: String,
    b: String,
}

/// Lines of one side that are not yet laid beside the other's.
#[derive(Default)]
struct Building {
    done: Vec<Side>,
    pieces: Vec<(Range<usize>, Sign)>,
    number: u32,
    begun: bool,
}

impl Building {
    fn end_line(&mut self) {
        self.number = self.number.saturating_add(1);
        self.done.push(Side { number: self.number, pieces: std::mem::take(&mut self.pieces) });
        self.begun = false;
    }

    fn add(&mut self, range: Range<usize>, sign: Sign) {
        self.begun = true;
        if !range.is_empty() {
            self.pieces.push((range, sign));
        }
    }
}

impl Lines {
    pub(super) fn new(a: Option<&str>, b: Option<&str>) -> Lines {
        let mut lines = Lines { rows: Vec::new(), a: a.unwrap_or("").to_owned(), b: b.unwrap_or("").to_owned() };
        let found = match (a, b) {
            (Some(a), Some(b)) => text::diff(a, b).stretches,
            (Some(a), None) => vec![text::Stretch { sign: Sign::OnlyA, a: 0..a.len(), b: 0..0 }],
            (None, Some(b)) => vec![text::Stretch { sign: Sign::OnlyB, a: 0..0, b: 0..b.len() }],
            (None, None) => Vec::new(),
        };
        let (mut left, mut right) = (Building::default(), Building::default());
        for stretch in found {
            let sign = stretch.sign;
            if sign == Sign::Same && !left.begun && !right.begun {
                lines.lay(&mut left, &mut right);
            }
            let from_b = sign == Sign::OnlyB;
            let (base, range) = if from_b { (stretch.b.start, &stretch.b) } else { (stretch.a.start, &stretch.a) };
            let whole = (if from_b { &lines.b } else { &lines.a }).get(range.clone()).unwrap_or("").to_owned();
            let other = stretch.b.start;
            let mut at = 0;
            for line in whole.split_inclusive('\n') {
                let text = line.strip_suffix('\n').map_or(line, |line| line.strip_suffix('\r').unwrap_or(line));
                let ends = line.ends_with('\n');
                for (side, here, start) in [
                    (&mut left, sign != Sign::OnlyB, base + at),
                    (&mut right, sign != Sign::OnlyA, if from_b { base + at } else { other + at }),
                ] {
                    if here {
                        // A line break that only one side has is a difference, even where the line is the same.
                        side.add(start..start + text.len(), sign);
                        if ends {
                            side.end_line();
                        }
                    }
                }
                if ends && sign == Sign::Same {
                    lines.lay(&mut left, &mut right);
                }
                at += line.len();
            }
        }
        for side in [&mut left, &mut right] {
            if side.begun {
                side.end_line();
            }
        }
        lines.lay(&mut left, &mut right);
        lines
    }

    /// Lays the lines that are waiting beside each other, one by one.
    fn lay(&mut self, left: &mut Building, right: &mut Building) {
        let (mut a, mut b) = (left.done.drain(..), right.done.drain(..));
        loop {
            match (a.next(), b.next()) {
                (None, None) => return,
                (a, b) => self.rows.push(Row { a, b }),
            }
        }
    }

    /// Calls `row` with the position of each row to show and 0, or of the first of several that are folded and how many.
    pub(super) fn fold(&self, mut row: impl FnMut(u32, u32)) {
        let all_same = self.rows.iter().all(Row::is_same);
        let mut at = 0;
        while at < self.rows.len() {
            let run = if all_same { 0 } else { self.rows.iter().skip(at).take_while(|row| row.is_same()).count() };
            let head = if at == 0 { 0 } else { BESIDE };
            let tail = if at + run == self.rows.len() { 0 } else { BESIDE };
            if run >= FOLDED + head + tail {
                (at..at + head).for_each(|at| row(at as u32, 0));
                row((at + head) as u32, (run - head - tail) as u32);
                (at + run - tail..at + run).for_each(|at| row(at as u32, 0));
            } else {
                (at..at + run.max(1)).for_each(|at| row(at as u32, 0));
            }
            at += run.max(1);
        }
    }

    /// Fills a row: its labels, sign and pieces, and whether something was cut.
    pub(super) fn fill(&self, at: u32, out: &mut DiffValueRow) {
        let Some(row) = self.rows.get(at as usize) else { return };
        out.sign = match (&row.a, &row.b) {
            (Some(_), None) => Sign::OnlyA,
            (None, _) => Sign::OnlyB,
            _ if row.is_same() => Sign::Same,
            _ => Sign::Changed,
        };
        let mut cut = false;
        let mut side = |side: &Option<Side>, text: &str| -> (String, Vec<Span>) {
            let Some(side) = side else { return (String::new(), Vec::new()) };
            let last = side.pieces.len().saturating_sub(1);
            let mut span = |(index, (range, sign)): (usize, &(Range<usize>, Sign))| {
                let whole = text.get(range.clone()).unwrap_or("");
                let shown = match sign {
                    Sign::Same => text::spans::ends(whole, SAME, index > 0 || last == 0, index < last),
                    _ => text::spans::ends(whole, CHANGED, true, false),
                };
                cut |= shown.is_some();
                Span { text: shown.unwrap_or_else(|| whole.to_owned()), sign: *sign }
            };
            (side.number.to_string(), side.pieces.iter().enumerate().map(&mut span).collect())
        };
        (out.label_a, out.a) = side(&row.a, &self.a);
        (out.label_b, out.b) = side(&row.b, &self.b);
        out.cut = cut;
    }
}
