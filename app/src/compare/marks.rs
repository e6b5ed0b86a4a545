//! The signs of a comparison, the same everywhere: a shape and a character beside the colour, and words for screen
//! readers.

use super::state::Side;
use chaindebug_core::protocol::{Mark, Sign};
use leptos::prelude::*;

/// The character of a sign, as the flowchart shows it too.
pub(crate) fn character(sign: Sign) -> &'static str {
    match sign {
        Sign::Same => "=",
        Sign::Changed => "≠",
        Sign::OnlyA => "A",
        Sign::OnlyB => "B",
    }
}

/// The word the style sheets know.
pub(crate) fn word(sign: Sign) -> &'static str {
    match sign {
        Sign::Same => "same",
        Sign::Changed => "changed",
        Sign::OnlyA => "only-a",
        Sign::OnlyB => "only-b",
    }
}

/// The same for people.
pub(super) fn spoken(sign: Sign) -> &'static str {
    match sign {
        Sign::Same => "the same",
        Sign::Changed => "changed",
        Sign::OnlyA => "only in A",
        Sign::OnlyB => "only in B",
    }
}

/// A sign.
#[component]
pub(super) fn SignMark(sign: Sign) -> impl IntoView {
    view! {
        <span class="sign" data-sign=word(sign) title=spoken(sign)>
            <span aria-hidden="true">{character(sign)}</span>
            <span class="spoken">{spoken(sign)}</span>
        </span>
    }
}

/// The letter of a side on its button, whose name says it: drawn by the style sheet, so that it is not read twice.
#[component]
pub(super) fn Letter(side: Side) -> impl IntoView {
    view! { <span class="sign sign-drawn" data-sign=word(side.sign()) data-letter=side.letter() aria-hidden="true"></span> }
}

/// What a mark says of an item, in a word.
pub(super) fn mark_word(mark: Mark) -> &'static str {
    match mark {
        Mark::Moved => "moved",
        Mark::Repeated => "repeated",
        Mark::Renamed => "renamed",
        Mark::Pinned => "paired by hand",
    }
}
