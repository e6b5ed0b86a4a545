//! Pieces of text with what is on one side only marked: as colour, as an underline of its own kind, and to screen
//! readers as deleted and inserted.

use chaindebug_core::protocol::{Sign, Span};
use leptos::prelude::*;

/// The pieces of one side, or of both in one line.
pub(super) fn spans(pieces: &[Span]) -> AnyView {
    let one = |piece: &Span| {
        let text = piece.text.clone();
        match piece.sign {
            Sign::OnlyA => view! { <del>{text}</del> }.into_any(),
            Sign::OnlyB => view! { <ins>{text}</ins> }.into_any(),
            Sign::Changed => view! { <mark>{text}</mark> }.into_any(),
            Sign::Same => text.into_any(),
        }
    };
    pieces.iter().map(one).collect_view().into_any()
}

/// Both sides in one line: what is the same once, and at each place first what A has there, then what B has.
pub(super) fn inline(a: &[Span], b: &[Span]) -> Vec<Span> {
    let same = |piece: &&Span| piece.sign == Sign::Same;
    if a.iter().filter(same).count() != b.iter().filter(same).count() {
        // They do not share their pieces: one after the other.
        return a.iter().chain(b).cloned().collect();
    }
    let (mut a, mut b) = (a.iter(), b.iter());
    let mut merged = Vec::new();
    loop {
        let one = lone(&mut a, &mut merged);
        let other = lone(&mut b, &mut merged);
        match (one, other) {
            // Where they differ in what means nothing, B's is as good.
            (_, Some(piece)) | (Some(piece), None) => merged.push(piece),
            (None, None) => return merged,
        }
    }
}

/// Takes what only this side has up to the next piece that both have, and that piece.
fn lone<'a>(pieces: &mut impl Iterator<Item = &'a Span>, merged: &mut Vec<Span>) -> Option<Span> {
    for piece in pieces {
        if piece.sign == Sign::Same {
            return Some(piece.clone());
        }
        merged.push(piece.clone());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str, lone: Sign) -> Vec<Span> {
        let one = |piece: &str| match piece.strip_prefix('!') {
            Some(text) => Span { text: text.to_owned(), sign: lone },
            None => Span { text: piece.to_owned(), sign: Sign::Same },
        };
        text.split('|').filter(|piece| !piece.is_empty()).map(one).collect()
    }

    fn merged(a: &str, b: &str) -> String {
        let pieces = inline(&parse(a, Sign::OnlyA), &parse(b, Sign::OnlyB));
        let one = |piece: &Span| match piece.sign {
            Sign::OnlyA => format!("[-{}]", piece.text),
            Sign::OnlyB => format!("[+{}]", piece.text),
            _ => piece.text.clone(),
        };
        pieces.iter().map(one).collect()
    }

    #[test]
    fn both_sides_stand_in_one_line() {
        assert_eq!(
            merged("battery |!warranty| after |!Germany", "battery |!price| after |!Europe"),
            "battery [-warranty][+price] after [-Germany][+Europe]"
        );
        assert_eq!(merged("!gone", "!new"), "[-gone][+new]");
        assert_eq!(merged("", "!new"), "[+new]");
        assert_eq!(merged("same", "same"), "same");
        assert_eq!(merged("one|!x|two", "!y|one"), "one[-x]two[+y]one");
    }
}
