//! The differences alone, one below the other: what to read, or to have read aloud, where the flowchart is too much.

use super::marks::SignMark;
use super::pairing::read_item;
use super::row::sentence;
use crate::state::Page;
use crate::widgets::list::{ListRole, ListState, RowAria, VirtualList};
use crate::widgets::marks::KindTag;
use crate::widgets::scroll::Align;
use crate::widgets::windows::{Window, Windows};
use chaindebug_core::flow::short_name;
use chaindebug_core::protocol::{Answer, DiffRow, Request};
use leptos::prelude::*;

/// Height of a row in pixels.
const ROW: f64 = 46.0;

/// Asks for differences as rows.
pub(super) async fn ask(page: Page, from: u32, count: u32) -> Option<Window<DiffRow>> {
    let pair = page.comparing.pair.get_untracked()?;
    match page.ask_of(pair.group, Request::Differences { from, count }).await {
        Ok(Answer::DiffRows(rows)) => Some(Window { total: rows.total, rows: rows.rows }),
        _ => None,
    }
}

#[component]
fn Difference(at: u32, row: Memo<Option<DiffRow>>, total: Signal<u32>) -> impl IntoView {
    move || {
        let row = row.get()?;
        let steps = match (row.a, row.b) {
            (Some(a), Some(b)) => format!("A {} · B {}", a.saturating_add(1), b.saturating_add(1)),
            (Some(a), None) => format!("A {}", a.saturating_add(1)),
            (None, Some(b)) => format!("B {}", b.saturating_add(1)),
            (None, None) => String::new(),
        };
        let said = move || format!("{} of {}: ", at.saturating_add(1), total.get());
        let what = if row.what.is_empty() { super::marks::spoken(row.sign).to_owned() } else { row.what.clone() };
        Some(view! {
            <div class="difference">
                <span class="spoken">{said}{sentence(&row)}</span>
                <span class="difference-line" aria-hidden="true">
                    <span class="at">{at.saturating_add(1)}</span>
                    <SignMark sign=row.sign/>
                    <KindTag kind=row.kind/>
                    <b class="step-name">{short_name(&row.name, row.kind).to_owned()}</b>
                    <span class="difference-at">{steps}</span>
                </span>
                <span class="what" aria-hidden="true" title=what.clone()>{what.clone()}</span>
            </div>
        })
    }
}

/// The list.
#[component]
pub(super) fn DifferencesView() -> impl IntoView {
    let page = Page::get();
    let comparing = page.comparing;
    let windows = Windows::<DiffRow>::new(0, move |from, count| ask(page, from, count));
    Effect::new(move |before: Option<u32>| {
        let turn = comparing.turn.get();
        if before != Some(turn) && turn > 0 {
            windows.restart();
        }
        turn
    });
    let state = ListState::new();
    let here = Memo::new(move |_| {
        comparing.cursor.with(|c| c.as_ref().filter(|c| c.here).map(|c| c.passed.saturating_sub(1)))
    });
    Effect::new(move |_| {
        if let Some(at) = here.get() {
            state.go(at, Align::Middle);
        }
    });
    let row = Callback::new(move |at: u32| {
        let row = Memo::new(move |_| windows.get(at));
        view! { <Difference at row total=windows.total()/> }.into_any()
    });
    let aria = Callback::new(move |at: u32| RowAria { current: here.get() == Some(at), ..RowAria::default() });
    let open = Callback::new(move |at: u32| {
        if let Some(row) = windows.peek(at) {
            read_item(page, row.item);
        }
    });
    let none = move || comparing.view.with(|view| view.as_ref().is_some_and(|view| view.differences == 0));
    view! {
        <div class="differences">
            <Show when=none>
                <p class="nothing">"There is no difference that means anything. Ids, times and lengths of time are left aside."</p>
            </Show>
            <VirtualList
                label="Differences"
                role=ListRole::Listbox
                total=windows.total()
                row_height=ROW
                row=row
                sight=Callback::new(move |(from, to)| windows.sight(from, to))
                state=state
                aria=aria
                on_open=open
                class="difference-list"
            />
        </div>
    }
}
