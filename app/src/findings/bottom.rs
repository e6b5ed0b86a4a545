//! Findings and text beside each other below the chart: as high as somebody drags it, or closed to its heads. Where the
//! page is narrow each is a tab of its own.

use super::FindingsPanel;
use crate::editor::TextPanel;
use crate::state::{Page, Sizes};
use crate::widgets::handle::{Grows, Handle};
use leptos::prelude::*;

fn toggle(page: Page) {
    let sizes = page.sizes.get_untracked();
    page.set_sizes(Sizes { bottom_open: !sizes.bottom_open, ..sizes });
}

/// The handle above the panel.
#[component]
fn HandleAbove() -> impl IntoView {
    let page = Page::get();
    let set = move |bottom: f64| page.set_sizes(Sizes { bottom, bottom_open: true, ..page.sizes.get_untracked() });
    view! {
        <Handle
            grows=Grows::Up
            class="bottom-handle"
            label="Height of findings and text".to_owned()
            range=Sizes::HEIGHTS
            size=Signal::derive(move || page.sizes.get().bottom)
            open=Signal::derive(move || page.sizes.get().bottom_open)
            set=set
            toggle=move |()| toggle(page)
        />
    }
}

/// The panel: there while a pipeline is shown that an engine can be told of.
#[component]
pub(crate) fn BottomPanel() -> impl IntoView {
    let page = Page::get();
    let there = Memo::new(move |_| page.workbench.bench.with(Option::is_some));
    let open = Memo::new(move |_| page.narrow.get() || page.sizes.get().bottom_open);
    let label = move || if open.get() { "Hide findings and text" } else { "Show findings and text" };
    view! {
        <Show when=move || there.get()>
            <div class="bottom panel-strip" class:bottom-shut=move || !open.get() style=("--bottom", move || format!("{}px", page.sizes.get().bottom))>
                <Show when=move || !page.narrow.get()><HandleAbove/></Show>
                <section class="bottom-part bottom-findings" aria-label="Findings"><FindingsPanel/></section>
                <section class="bottom-part bottom-text" aria-label="Text of the pipeline"><TextPanel/></section>
                <Show when=move || !page.narrow.get()>
                    <button class="subtle bottom-toggle" aria-expanded=move || open.get().to_string() aria-label=label title=label on:click=move |_| toggle(page)>
                        <svg width="12" height="12" viewBox="0 0 12 12" fill="none" stroke="currentColor" stroke-width="1.6" aria-hidden="true">
                            <path d=move || if open.get() { "M2.5 4 6 7.5 9.5 4" } else { "M2.5 8 6 4.5 9.5 8" }/>
                        </svg>
                    </button>
                </Show>
            </div>
        </Show>
    }
}
