//! What stands in the top bar during a comparison: the two runs at its beginning, what can be done with both at its end.

use super::choosing::SideMenu;
use super::state::Side;
use crate::state::Page;
use leptos::prelude::*;

/// The two runs, and the button that exchanges them.
#[component]
pub(crate) fn CompareBar() -> impl IntoView {
    let page = Page::get();
    view! {
        <div class="diff-runs" role="group" aria-label="The two runs">
            <SideMenu side=Side::A/>
            <button class="subtle diff-swap" aria-label="Exchange A and B" title="Exchange A and B" on:click=move |_| page.swap_sides()>"⇄"</button>
            <SideMenu side=Side::B/>
        </div>
    }
}

/// Report and closing.
#[component]
pub(crate) fn CompareEnd() -> impl IntoView {
    let page = Page::get();
    view! {
        <button class="edged diff-report-button" on:click=move |_| page.comparing.report.set(true)>"Report…"</button>
        <button class="subtle diff-close" title=move || if page.many.wants() { "Back to all runs" } else { "Show A alone" } aria-label="Close comparison" on:click=move |_| page.close_comparison()>
            "Close" <span class="diff-close-word">" comparison"</span>
        </button>
    }
}
