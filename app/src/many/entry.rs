//! How one gets to all runs and back: the button in the top bar, and the line in menus.

use super::state::FEWEST;
use crate::shell::MenuOpen;
use crate::state::Page;
use crate::text::count;
use leptos::prelude::*;

/// The button in the top bar, where there are enough runs.
#[component]
pub(crate) fn ManyButton() -> impl IntoView {
    let page = Page::get();
    let runs = Memo::new(move |_| {
        let (own, others) = page.runs_at_hand();
        // Those of other files are brought in where there are too few without them.
        if own < FEWEST { own + others } else { own }
    });
    view! {
        <Show when=move || { runs.get() >= FEWEST }>
            <button
                class="edged many-button"
                title=move || format!("Where {} part, and what goes with failure", count(runs.get() as u64, "run"))
                on:click=move |_| page.show_many()
            >"All runs"</button>
        </Show>
    }
}

/// The same as a line of a menu.
#[component]
pub(crate) fn ManyLine() -> impl IntoView {
    let page = Page::get();
    let MenuOpen(open) = expect_context::<MenuOpen>();
    let any = Memo::new(move |_| {
        let (own, others) = page.runs_at_hand();
        own + others > 0
    });
    view! {
        <Show when=move || any.get()>
            <ul class="menu-list many-line">
                <li>
                    <button class="menu-item" on:click=move |_| {
                        open.set(false);
                        page.show_many();
                    }>"All runs together"</button>
                </li>
            </ul>
        </Show>
    }
}

/// The way back, in the top bar.
#[component]
pub(crate) fn ManyEnd() -> impl IntoView {
    let page = Page::get();
    view! { <button class="edged many-close" title="Show one run again" on:click=move |_| page.close_many()>"Close all runs"</button> }
}
