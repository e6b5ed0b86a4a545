//! Stretches of two texts as the pieces a screen shows: A by itself, B by itself, and both in one line.

use super::TextDiff;
use crate::protocol::{Sign, Span};

/// Two texts, laid on each other, as pieces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spans {
    /// A, with what only A has marked.
    pub a: Vec<Span>,
    /// B, with what only B has marked.
    pub b: Vec<Span>,
    /// Both: what was replaced stands before what replaces it.
    pub inline: Vec<Span>,
    /// Whether something was left out.
    pub cut: bool,
}

/// Pieces after which the rest is left out.
const MOST: usize = 2_000;

/// The pieces of two texts. A stretch that is the same and longer than `same` characters is cut to its ends, and what
/// was left out is told by ` … `; one that differs is cut behind `changed` characters.
pub fn spans(a: &str, b: &str, diff: &TextDiff, same: usize, changed: usize) -> Spans {
    let mut out = Spans::default();
    let last = diff.stretches.len().saturating_sub(1);
    for (index, stretch) in diff.stretches.iter().enumerate() {
        if out.inline.len() >= MOST {
            out.cut = true;
            break;
        }
        let sign = stretch.sign;
        let range = if sign == Sign::OnlyB { &stretch.b } else { &stretch.a };
        let whole = (if sign == Sign::OnlyB { b } else { a }).get(range.clone()).unwrap_or("");
        let text = match sign {
            Sign::Same => ends(whole, same, index > 0, index < last),
            _ => ends(whole, changed, true, false),
        };
        out.cut |= text.is_some();
        let span = Span { text: text.unwrap_or_else(|| whole.to_owned()), sign };
        if sign != Sign::OnlyB {
            out.a.push(span.clone());
        }
        if sign != Sign::OnlyA {
            out.b.push(span.clone());
        }
        out.inline.push(span);
    }
    out
}

impl TextDiff {
    /// The pieces of one side, [`Sign::OnlyA`] or [`Sign::OnlyB`], of which `text` is the text. What is the same for
    /// more than `limit` characters is cut to its ends, and what differs is whole.
    pub fn spans(&self, text: &str, side: Sign, limit: usize) -> Vec<Span> {
        let last = self.stretches.len().saturating_sub(1);
        let mut out = Vec::new();
        for (index, stretch) in self.stretches.iter().enumerate() {
            if stretch.sign != Sign::Same && stretch.sign != side {
                continue;
            }
            let range = if side == Sign::OnlyB { &stretch.b } else { &stretch.a };
            let whole = text.get(range.clone()).unwrap_or("");
            let cut = if stretch.sign == Sign::Same { ends(whole, limit, index > 0, index < last) } else { None };
            out.push(Span { text: cut.unwrap_or_else(|| whole.to_owned()), sign: stretch.sign });
        }
        out
    }
}

/// The ends of a text of more than `most` characters that lie beside a change; `None` for a shorter one.
pub(crate) fn ends(text: &str, most: usize, first: bool, last: bool) -> Option<String> {
    if text.len() <= most || text.chars().nth(most).is_none() {
        return None;
    }
    let half = if first && last { most / 2 } else { most };
    let cut = |at: Option<(usize, char)>| at.map_or(0, |(at, _)| at);
    let head = text.get(..cut(text.char_indices().nth(half))).unwrap_or("");
    let tail = match half.checked_sub(1) {
        Some(before) => text.get(cut(text.char_indices().nth_back(before))..).unwrap_or(""),
        None => "",
    };
    let (head, tail) = (head.trim_end(), tail.trim_start());
    Some(match (first, last) {
        (true, true) => format!("{head} … {tail}"),
        (false, true) => format!("… {tail}"),
        _ => format!("{head} …"),
    })
}
