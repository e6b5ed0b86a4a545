//! What differs between two texts: which stretches both have, and which only one of them; counted in words.
//!
//! Large texts are compared line by line first, and the changed lines word by word. White space is no word: it is the
//! same where it is the same beside what it stands with. How stretches become the pieces a screen shows is in
//! [`spans`], what a word is in `tokens`.

pub mod spans;
mod tokens;

use super::sequence::{self, Numbers};
use crate::diff::meaning::leaf;
use crate::protocol::Sign;
use std::ops::Range;
use tokens::{Token, tokens};

/// Lines from which on lines are compared before words.
const MANY_LINES: usize = 60;
/// Words of one changed stretch of lines up to which they are compared one by one.
const MANY_WORDS: usize = 1_000_000;

/// A stretch of two texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// In both, only in A or only in B.
    pub sign: Sign,
    /// Bytes of A; empty where only B has it.
    pub a: Range<usize>,
    /// Bytes of B; empty where only A has it.
    pub b: Range<usize>,
}

/// What differs between two texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextDiff {
    /// All of both texts, in order. What was replaced is first as A has it, then as B has it.
    pub stretches: Vec<Stretch>,
    /// Words that differ: for each change the larger of the numbers of words taken away and put in.
    pub words: u32,
    /// Changes in which no word differs, only punctuation or white space.
    pub small: u32,
    /// Words that both have.
    pub equal: u32,
    /// Words of the text that has more.
    pub most: u32,
    /// Whether something was too large to be compared word by word, and is shown as replaced whole.
    pub coarse: bool,
}

impl TextDiff {
    /// Whether nothing differs.
    pub fn is_same(&self) -> bool {
        self.stretches.iter().all(|stretch| stretch.sign == Sign::Same)
    }

    /// "3 words"; where no word differs "punctuation or spaces"; empty where nothing does.
    pub fn brief(&self) -> String {
        match (self.words, self.small) {
            (0, 0) => String::new(),
            (0, _) => "punctuation or spaces".to_owned(),
            (words, _) => crate::wording::counted(words, "word", "words"),
        }
    }

    /// Words that are equal, and of how many: "6 of 9 words are equal".
    pub fn shared(&self) -> (u32, u32) {
        (self.equal, self.most)
    }
}

/// Bytes that both texts have: `length` of them, from `a` and from `b` on.
#[derive(Clone, Copy, Debug)]
struct Same {
    a: usize,
    b: usize,
    length: usize,
}

struct Texts<'t> {
    a: &'t str,
    b: &'t str,
    same: Vec<Same>,
    coarse: bool,
}

/// Compares two texts. Equal texts are not walked.
pub fn diff(a: &str, b: &str) -> TextDiff {
    if a == b {
        let stretch = Stretch { sign: Sign::Same, a: 0..a.len(), b: 0..b.len() };
        return TextDiff { stretches: if a.is_empty() { Vec::new() } else { vec![stretch] }, ..TextDiff::default() };
    }
    let head = common_head(a, b);
    let tail = common_tail(a.get(head..).unwrap_or(""), b.get(head..).unwrap_or(""));
    let mut texts = Texts { a, b, same: vec![Same { a: 0, b: 0, length: head }], coarse: false };
    let (to_a, to_b) = (a.len() - tail, b.len() - tail);
    texts.lines((head, to_a), (head, to_b));
    texts.same.push(Same { a: to_a, b: to_b, length: tail });
    texts.finish()
}

/// How much two texts begin with, up to and with a white space.
fn common_head(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let blocks = a.chunks(64).zip(b.chunks(64)).take_while(|(a, b)| a == b && a.len() == 64).count() * 64;
    let rest = a.iter().zip(b).skip(blocks).take_while(|(a, b)| a == b).count();
    let equal = a.get(..blocks + rest).unwrap_or(&[]);
    equal.iter().rposition(u8::is_ascii_whitespace).map_or(0, |at| at + 1)
}

/// How much two texts end with, from a white space on.
fn common_tail(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let equal = a.rchunks(64).zip(b.rchunks(64)).take_while(|(a, b)| a == b && a.len() == 64).count() * 64;
    let more = a.iter().rev().zip(b.iter().rev()).skip(equal).take_while(|(a, b)| a == b).count();
    let tail = a.get(a.len() - equal - more..).unwrap_or(&[]);
    tail.iter().position(u8::is_ascii_whitespace).map_or(0, |at| tail.len() - at)
}

type Bounds = (usize, usize);

fn lines(text: &str, bounds: Bounds) -> Vec<Bounds> {
    let bytes = text.as_bytes().get(..bounds.1).unwrap_or(&[]);
    let mut out = Vec::new();
    let mut at = bounds.0;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let end = memchr::memchr(b'\n', rest).map_or(bytes.len(), |found| at + found + 1);
        out.push((at, end));
        at = end;
    }
    out
}

impl Texts<'_> {
    fn same(&mut self, a: usize, b: usize, length: usize) {
        // Hashes are no proof.
        let equal = self.a.as_bytes().get(a..a + length) == self.b.as_bytes().get(b..b + length);
        if equal && length > 0 {
            self.same.push(Same { a, b, length });
        }
    }

    fn lines(&mut self, a: Bounds, b: Bounds) {
        let (lines_a, lines_b) = (lines(self.a, a), lines(self.b, b));
        if lines_a.len().min(lines_b.len()) < MANY_LINES {
            self.words(a, b);
            return;
        }
        let mut numbers = Numbers::default();
        let mut number = |text: &str, lines: &[Bounds]| -> Vec<u32> {
            let line = |&(from, to): &Bounds| text.as_bytes().get(from..to).unwrap_or(&[]);
            lines.iter().map(|bounds| numbers.of(leaf::bytes(1, line(bounds)))).collect()
        };
        let (in_a, in_b) = (number(self.a, &lines_a), number(self.b, &lines_b));
        let (mut at_a, mut at_b) = (a.0, b.0);
        for run in sequence::common(&in_a, &in_b, numbers.len()) {
            let bounds = |lines: &[Bounds], from: u32| {
                let first = lines.get(from as usize).map_or(0, |line| line.0);
                let last = lines.get((from + run.length) as usize - 1).map_or(0, |line| line.1);
                (first, last)
            };
            let (same_a, same_b) = (bounds(&lines_a, run.a), bounds(&lines_b, run.b));
            self.words((at_a, same_a.0), (at_b, same_b.0));
            self.same(same_a.0, same_b.0, same_a.1 - same_a.0);
            (at_a, at_b) = (same_a.1, same_b.1);
        }
        self.words((at_a, a.1), (at_b, b.1));
    }

    fn words(&mut self, a: Bounds, b: Bounds) {
        if a.0 >= a.1 || b.0 >= b.1 {
            return;
        }
        let tokens_a: Vec<Token> = tokens(self.a, a.0, a.1).take(MANY_WORDS + 1).collect();
        let tokens_b: Vec<Token> = tokens(self.b, b.0, b.1).take(MANY_WORDS + 1).collect();
        if tokens_a.len().max(tokens_b.len()) > MANY_WORDS {
            self.coarse = true;
            return;
        }
        let mut numbers = Numbers::default();
        let mut number = |text: &str, tokens: &[Token]| -> Vec<u32> {
            let bytes = |token: &Token| text.as_bytes().get(token.start as usize..token.end as usize).unwrap_or(&[]);
            tokens.iter().map(|token| numbers.of(leaf::bytes(1, bytes(token)))).collect()
        };
        let (in_a, in_b) = (number(self.a, &tokens_a), number(self.b, &tokens_b));
        let mut runs = sequence::common(&in_a, &in_b, numbers.len());
        drop_islands(&mut runs, &tokens_a, &tokens_b);
        for run in runs {
            for step in 0..run.length {
                if let (Some(in_a), Some(in_b)) =
                    (tokens_a.get((run.a + step) as usize), tokens_b.get((run.b + step) as usize))
                {
                    self.same(in_a.start as usize, in_b.start as usize, (in_a.end - in_a.start) as usize);
                }
            }
        }
    }

    /// Turns what is the same into stretches; white space between two of them is the same as far as it is equal.
    fn finish(self) -> TextDiff {
        let mut diff = TextDiff { coarse: self.coarse, ..TextDiff::default() };
        let (mut at_a, mut at_b) = (0, 0);
        let mut words = (0u32, 0u32);
        let end = Same { a: self.a.len(), b: self.b.len(), length: 0 };
        for same in self.same.iter().chain([&end]) {
            if same.a < at_a || same.b < at_b {
                continue;
            }
            let (gap_a, gap_b) = (self.a.get(at_a..same.a).unwrap_or(""), self.b.get(at_b..same.b).unwrap_or(""));
            let (head, tail) = common_space(gap_a, gap_b);
            push(&mut diff, Sign::Same, at_a..at_a + head, at_b..at_b + head);
            let (only_a, only_b) = (at_a + head..same.a - tail, at_b + head..same.b - tail);
            if !only_a.is_empty() || !only_b.is_empty() {
                let (in_a, in_b) = (count(self.a, &only_a), count(self.b, &only_b));
                diff.words = diff.words.saturating_add(in_a.max(in_b));
                diff.small = diff.small.saturating_add(u32::from(in_a.max(in_b) == 0));
                words = (words.0.saturating_add(in_a), words.1.saturating_add(in_b));
                push(&mut diff, Sign::OnlyA, only_a.clone(), only_b.start..only_b.start);
                push(&mut diff, Sign::OnlyB, only_a.end..only_a.end, only_b);
            }
            push(&mut diff, Sign::Same, same.a - tail..same.a + same.length, same.b - tail..same.b + same.length);
            (at_a, at_b) = (same.a + same.length, same.b + same.length);
        }
        let same = diff.stretches.iter().filter(|stretch| stretch.sign == Sign::Same);
        diff.equal = same.fold(0, |sum: u32, stretch| sum.saturating_add(count(self.a, &stretch.a)));
        diff.most = diff.equal.saturating_add(words.0.max(words.1));
        diff
    }
}

fn count(text: &str, range: &Range<usize>) -> u32 {
    tokens(text, range.start, range.end).filter(|token| token.word).count() as u32
}

/// How many bytes of white space two stretches begin with, and how many they end with.
fn common_space(a: &str, b: &str) -> (usize, usize) {
    let space = |(a, b): &(&u8, &u8)| a == b && a.is_ascii_whitespace();
    let head = a.bytes().zip(b.bytes()).take_while(|(a, b)| space(&(a, b))).count();
    let (a, b) = (a.as_bytes().get(head..).unwrap_or(&[]), b.as_bytes().get(head..).unwrap_or(&[]));
    (head, a.iter().rev().zip(b.iter().rev()).take_while(|pair| space(pair)).count())
}

/// Appends a stretch, to the last one where it goes on.
fn push(diff: &mut TextDiff, sign: Sign, a: Range<usize>, b: Range<usize>) {
    if a.is_empty() && b.is_empty() {
        return;
    }
    if let Some(last) = diff.stretches.last_mut()
        && last.sign == sign
        && last.a.end == a.start
        && last.b.end == b.start
    {
        (last.a.end, last.b.end) = (a.end, b.end);
        return;
    }
    diff.stretches.push(Stretch { sign, a, b });
}

/// Takes what is equal by chance for changed: punctuation alone between two changes, and one short word between two
/// long ones. A sentence that was rewritten reads better as a whole than in shreds.
fn drop_islands(runs: &mut Vec<sequence::Run>, a: &[Token], b: &[Token]) {
    let mut kept: Vec<sequence::Run> = Vec::with_capacity(runs.len());
    for (index, run) in runs.iter().enumerate() {
        let before = kept.last().map_or((0, 0), |last| (last.a + last.length, last.b + last.length));
        let next = runs.get(index + 1).map_or((a.len() as u32, b.len() as u32), |next| (next.a, next.b));
        let end = (run.a + run.length, run.b + run.length);
        let left = (run.a - before.0).max(run.b - before.1);
        let right = next.0.saturating_sub(end.0).max(next.1.saturating_sub(end.1));
        let inside = a.get(run.a as usize..end.0 as usize).unwrap_or(&[]);
        let mut words = inside.iter().filter(|token| token.word);
        let island = match (words.next(), words.next()) {
            (None, _) => left > 0 && right > 0,
            (Some(word), None) => word.end - word.start <= 3 && left >= 3 && right >= 3,
            _ => false,
        };
        if !island {
            kept.push(*run);
        }
    }
    *runs = kept;
}

#[cfg(test)]
mod tests;
