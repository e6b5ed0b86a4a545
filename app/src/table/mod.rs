//! The steps as a table: every number side by side, sorted by any of them.
//!
//! Sorting happens in the engine; only the rows in sight are asked for. A row moves the cursor to its step.

mod columns;

use crate::state::{Action, Page};
use crate::widgets::list::{ListRole, ListState, RowAria, VirtualList};
use crate::widgets::scroll::Align;
use crate::widgets::windows::{Window, Windows};
use chaindebug_core::protocol::{Answer, Request, TableRow, TableSort};
use columns::{COLUMNS, Header, RowCells};
use leptos::prelude::*;

/// Height of a row in pixels, `--row` in the style sheet.
const ROW: f64 = 26.0;

/// Height of the header that stays in sight.
const HEADER: f64 = 30.0;

/// By which column, and which end first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Order {
    sort: TableSort,
    descending: bool,
}

/// The table.
#[component]
pub(crate) fn TableView() -> impl IntoView {
    let page = Page::get();
    let order = RwSignal::new(Order { sort: TableSort::Order, descending: false });
    let windows = Windows::<TableRow>::new(0, move |from, count| async move {
        let subject = page.subject.get_untracked()?;
        let Order { sort, descending } = order.try_get_untracked()?;
        let request = Request::Table { run: subject.run()?, sort, descending, from, count };
        match page.ask_of(subject.group, request).await {
            Ok(Answer::Table(table)) => Some(Window { total: table.total, rows: table.rows }),
            _ => None,
        }
    });
    let state = ListState::new();
    Effect::new(move |before: Option<Option<_>>| {
        let subject = page.subject.get();
        if before != Some(subject) {
            windows.restart();
        }
        subject
    });
    let sort_by = Callback::new(move |sort: TableSort| {
        let new = next_order(order.get_untracked(), sort);
        order.set(new);
        windows.refresh(None);
        state.go(0, Align::Nearest);
    });
    let length = Signal::derive(move || page.run.with(|r| r.as_ref().and_then(|r| r.duration_ns)).unwrap_or(0));
    let row = Callback::new(move |at: u32| {
        let row = Memo::new(move |_| windows.get(at));
        view! { <RowCells row=row length=length /> }.into_any()
    });
    let current = Memo::new(move |_| page.cursor.with(|c| c.as_ref().map(|c| c.step)));
    let aria = Callback::new(move |at: u32| {
        let step = windows.get(at).map(|r| r.row.step);
        RowAria { current: step.is_some() && step == current.get(), ..RowAria::default() }
    });
    let open = Callback::new(move |at: u32| {
        if let Some(row) = windows.peek(at) {
            page.select_step(row.row.step);
        }
    });
    page.handle_actions(move |action| match action {
        // In the run's own order a step's row is its number; in another order only the engine could tell.
        Action::Fit if order.get_untracked() == (Order { sort: TableSort::Order, descending: false }) => {
            if let Some(step) = current.get_untracked() {
                state.go(step, Align::Middle);
            }
            true
        }
        Action::Fit => {
            if let Some((at, _)) = windows.find(|row| Some(row.row.step) == current.get_untracked()) {
                state.go(at, Align::Middle);
            }
            true
        }
        _ => false,
    });
    let sight = Callback::new(move |(from, to)| windows.sight(from, to));
    let columns = u32::try_from(COLUMNS.len()).unwrap_or(0);
    view! {
        <VirtualList
            label="Steps as a table"
            role=ListRole::Grid
            total=windows.total()
            row_height=ROW
            row=row
            sight=sight
            state=state
            aria=aria
            on_open=open
            sticky=HEADER
            header=move || view! { <Header order=order.into() sort_by=sort_by /> }
            columns=columns
            class="table"
        />
    }
}

/// The order after a click on a column: numbers begin with the largest, words with the first; again turns it round.
fn next_order(now: Order, sort: TableSort) -> Order {
    if now.sort == sort {
        return Order { sort, descending: !now.descending };
    }
    let numbers =
        !matches!(sort, TableSort::Order | TableSort::Name | TableSort::Kind | TableSort::Model | TableSort::Start);
    Order { sort, descending: numbers }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_begin_with_the_largest_and_a_second_click_turns_round() {
        let first = Order { sort: TableSort::Order, descending: false };
        let by_cost = next_order(first, TableSort::Cost);
        assert_eq!(by_cost, Order { sort: TableSort::Cost, descending: true });
        assert!(!next_order(by_cost, TableSort::Cost).descending);
        assert!(!next_order(by_cost, TableSort::Name).descending);
    }
}
