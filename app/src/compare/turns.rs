//! Two conversations laid on each other, turn by turn.

use super::marks::{SignMark, word};
use super::spans::{inline, spans};
use crate::state::Page;
use crate::widgets::marks::role_word;
use chaindebug_core::model::Side as Given;
use chaindebug_core::protocol::{DiffTurn, Sign};
use leptos::prelude::*;

/// Turns in the page; more are said.
const MOST: usize = 200;

#[component]
fn Turn(turn: DiffTurn) -> impl IntoView {
    let page = Page::get();
    let written = if turn.side == Given::Output { " · written" } else { "" };
    let at = match (turn.a, turn.b) {
        (Some(a), Some(b)) if a == b => format!("turn {}", a.saturating_add(1)),
        (Some(a), Some(b)) => format!("turn {} in A, {} in B", a.saturating_add(1), b.saturating_add(1)),
        (Some(at), None) | (None, Some(at)) => format!("turn {}", at.saturating_add(1)),
        (None, None) => String::new(),
    };
    let who = format!("{}{written}", role_word(&turn.role));
    let what = (!turn.what.is_empty()).then(|| view! { <span class="chip">{turn.what.clone()}</span> });
    let sign = turn.sign;
    let body = move || {
        if sign == Sign::Same {
            // Once is enough.
            return view! { <p class="turn-text">{spans(&turn.text_b)}</p> }.into_any();
        }
        if page.comparing.inline.get() {
            return view! { <p class="turn-text">{spans(&inline(&turn.text_a, &turn.text_b))}</p> }.into_any();
        }
        let side = |here: bool, letter: &'static str, text: AnyView| {
            view! {
                <p class="turn-text" class:void=!here>
                    <span class="spoken">{if here { letter } else { "" }}</span>
                    {here.then_some(text)}
                </p>
            }
        };
        view! {
            <div class="turn-sides">
                {side(sign != Sign::OnlyB, "A: ", spans(&turn.text_a))}
                {side(sign != Sign::OnlyA, "B: ", spans(&turn.text_b))}
            </div>
        }
        .into_any()
    };
    view! {
        <li class="turn" data-sign=word(sign)>
            <p class="turn-head"><b>{who}</b> <SignMark sign/> <span class="dim">{at}</span> {what}</p>
            {body}
        </li>
    }
}

/// The turns.
#[component]
pub(super) fn Turns(turns: Vec<DiffTurn>) -> impl IntoView {
    let more = turns.len().saturating_sub(MOST);
    view! {
        <ol class="turns">{turns.into_iter().take(MOST).map(|turn| view! { <Turn turn/> }).collect_view()}</ol>
        {(more > 0).then(|| view! { <p class="dim">{format!("{more} more turns. Open the whole conversation of a side to see them.")}</p> })}
    }
}
