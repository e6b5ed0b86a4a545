//! Two conversations laid on each other, turn by turn.

use super::content::{Content, role};
use super::meaning::{self, Options};
use super::{sequence, text};
use crate::model::{Message, Part};
use crate::protocol::{DiffTurn, Sign, Span};
use crate::view::value::piece_text;

/// Turns that are told; a longer conversation is told from where it first differs.
const TOLD: usize = 400;

/// Turns that are the same and stay before the first that differs, in a long conversation.
const BEFORE: usize = 3;

/// Characters of a stretch that is the same before it is cut to its ends.
const STRETCH: usize = 240;

/// The turns of both, and how many differ; turns left out are counted in the last number.
pub(crate) fn turns(a: &Content, b: &Content, options: &Options) -> (Vec<DiffTurn>, u32, usize) {
    let sums = |content: &Content| content.messages.iter().map(|message| sum(message, options)).collect::<Vec<u64>>();
    let (sums_a, sums_b) = (sums(a), sums(b));
    let mut turns: Vec<(Option<usize>, Option<usize>)> = Vec::new();
    let (mut at_a, mut at_b) = (0, 0);
    let mut gap = |turns: &mut Vec<(Option<usize>, Option<usize>)>, to_a: usize, to_b: usize| {
        // Between turns that are the same, turns of one speaker answer each other in their order.
        while at_a < to_a || at_b < to_b {
            let pair = at_a < to_a && at_b < to_b && alike(a.messages.get(at_a), b.messages.get(at_b));
            // Where the speakers differ, the longer side goes on alone.
            let (take_a, take_b) = match (at_a < to_a, at_b < to_b) {
                (true, true) if !pair => (to_a - at_a >= to_b - at_b, to_a - at_a < to_b - at_b),
                sides => sides,
            };
            turns.push((take_a.then_some(at_a), take_b.then_some(at_b)));
            at_a += usize::from(take_a);
            at_b += usize::from(take_b);
        }
    };
    for (same_a, same_b) in sequence::pairs(&sums_a, &sums_b) {
        gap(&mut turns, same_a, same_b);
        gap(&mut turns, same_a + 1, same_b + 1);
    }
    gap(&mut turns, sums_a.len(), sums_b.len());

    let is_same = |&(of_a, of_b): &(Option<usize>, Option<usize>)| match (of_a, of_b) {
        (Some(of_a), Some(of_b)) => sums_a.get(of_a) == sums_b.get(of_b),
        _ => false,
    };
    let differ = turns.iter().filter(|turn| !is_same(turn)).count();
    let first = turns.iter().position(|turn| !is_same(turn)).unwrap_or(0);
    let from = if turns.len() > TOLD { first.saturating_sub(BEFORE) } else { 0 };
    let told: Vec<DiffTurn> =
        turns.iter().skip(from).take(TOLD).filter_map(|turn| one(turn.0, turn.1, is_same(turn), a, b)).collect();
    let left = turns.len() - told.len();
    (told, u32::try_from(differ).unwrap_or(u32::MAX), left)
}

/// Whether two turns can answer each other.
fn alike(a: Option<&Message>, b: Option<&Message>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if a.role == b.role && a.side == b.side)
}

fn sum(message: &Message, options: &Options) -> u64 {
    let alone = Content { messages: vec![message.clone()], ..Content::default() };
    meaning::of_json(&alone.said(message.side), options).hash
}

fn one(of_a: Option<usize>, of_b: Option<usize>, same: bool, a: &Content, b: &Content) -> Option<DiffTurn> {
    let message = |content: &Content, at: Option<usize>| at.and_then(|at| content.messages.get(at)).cloned();
    let (message_a, message_b) = (message(a, of_a), message(b, of_b));
    let shown = message_a.as_ref().or(message_b.as_ref())?;
    let (told_a, told_b) = (message_a.as_ref().map(told), message_b.as_ref().map(told));
    let number = |at: Option<usize>| at.and_then(|at| u32::try_from(at).ok());
    let mut turn = DiffTurn {
        sign: match (&told_a, &told_b) {
            (Some(_), Some(_)) if same => Sign::Same,
            (Some(_), Some(_)) => Sign::Changed,
            (Some(_), None) => Sign::OnlyA,
            _ => Sign::OnlyB,
        },
        role: shown.role.clone(),
        side: shown.side,
        a: number(of_a),
        b: number(of_b),
        text_a: Vec::new(),
        text_b: Vec::new(),
        what: String::new(),
    };
    let whole = |text: String, sign: Sign| vec![Span { text, sign }];
    match (told_a, told_b) {
        (Some(a), Some(b)) => {
            let found = text::diff(&a, &b);
            turn.text_a = found.spans(&a, Sign::OnlyA, STRETCH);
            turn.text_b = found.spans(&b, Sign::OnlyB, STRETCH);
            if !same {
                turn.what = found.brief();
            }
        }
        (Some(a), None) => turn.text_a = whole(a, Sign::OnlyA),
        (None, Some(b)) => turn.text_b = whole(b, Sign::OnlyB),
        (None, None) => {}
    }
    Some(turn)
}

/// A turn as one text.
fn told(message: &Message) -> String {
    let mut out = String::new();
    for part in &message.parts {
        if !out.is_empty() {
            out.push('\n');
        }
        match part {
            Part::ToolCall { name, .. } => out.push_str(&format!("→ {name} ")),
            Part::ToolResult { name, error, .. } => {
                out.push_str(&format!("← {name}{} ", if *error { " failed" } else { "" }));
            }
            Part::Reasoning(_) => out.push_str("(reasoning) "),
            Part::Image { .. } => out.push_str("(image) "),
            Part::Text(_) | Part::Other(_) => {}
        }
        out.push_str(piece_text(part));
    }
    if out.is_empty() { format!("({} says nothing)", role(message)) } else { out }
}
