//! Sorting of the two tables of this screen, and the head of a column that does it.

use crate::widgets::icons::{Icon, icon};
use leptos::prelude::*;

/// By which column, and which end first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Order {
    /// Column; `usize::MAX` for the order in which things came.
    pub(super) column: usize,
    /// Largest or last first.
    pub(super) descending: bool,
}

impl Default for Order {
    fn default() -> Order {
        Order { column: usize::MAX, descending: false }
    }
}

impl Order {
    /// After a press on a column: numbers begin with the largest, words with the first; again turns it round, and once
    /// more gives the order in which things came.
    fn pressed(self, column: usize, number: bool) -> Order {
        match self {
            Order { column: now, descending } if now == column && descending == number => {
                Order { column, descending: !number }
            }
            Order { column: now, .. } if now == column => Order::default(),
            _ => Order { column, descending: number },
        }
    }

    /// Sorts by a number; places without one stay last, equal ones in their order.
    pub(super) fn by_number(self, mut places: Vec<usize>, key: impl Fn(&usize) -> Option<f64>) -> Vec<usize> {
        let last = if self.descending { f64::NEG_INFINITY } else { f64::INFINITY };
        places.sort_by(|a, b| {
            let (a, b) = (key(a).unwrap_or(last), key(b).unwrap_or(last));
            if self.descending { b.total_cmp(&a) } else { a.total_cmp(&b) }
        });
        places
    }

    /// Sorts by words.
    pub(super) fn by_text<'a, T: Ord + 'a>(self, mut places: Vec<usize>, key: impl Fn(&usize) -> T) -> Vec<usize> {
        places.sort_by(|a, b| if self.descending { key(b).cmp(&key(a)) } else { key(a).cmp(&key(b)) });
        places
    }
}

/// The head of a column: a button that sorts.
#[component]
pub(super) fn SortHead(
    /// How the table is sorted.
    order: RwSignal<Order>,
    /// Which column it is.
    column: usize,
    /// Its word.
    word: &'static str,
    /// What it says, at length.
    title: &'static str,
    /// Whether numbers stand in it.
    number: bool,
    /// Whether it is of a table of the browser's own, and not of a grid.
    #[prop(optional)]
    native: bool,
) -> impl IntoView {
    let on = move || order.get().column == column;
    let direction = move || match (on(), order.get().descending) {
        (false, _) => "none",
        (true, true) => "descending",
        (true, false) => "ascending",
    };
    let button = move || {
        view! {
            <button
                type="button"
                class="sorter"
                class:on=on
                class:down=move || order.get().descending
                title=title
                on:click=move |_| order.update(|order| *order = order.pressed(column, number))
            >
                {word}
                {icon(Icon::Sorted)}
            </button>
        }
    };
    if native {
        view! { <th scope="col" class="cell" class:number=number aria-sort=direction>{button()}</th> }.into_any()
    } else {
        view! { <div role="columnheader" class="cell" class:number=number aria-sort=direction>{button()}</div> }
            .into_any()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_press_sorts_turns_round_and_ends_it() {
        let numbers = Order::default().pressed(3, true);
        assert_eq!(numbers, Order { column: 3, descending: true });
        assert_eq!(numbers.pressed(3, true), Order { column: 3, descending: false });
        assert_eq!(numbers.pressed(3, true).pressed(3, true), Order::default());
        assert_eq!(numbers.pressed(0, false), Order { column: 0, descending: false });
    }
}
