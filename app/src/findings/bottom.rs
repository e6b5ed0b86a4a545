//! Findings and text beside each other below the chart: as high as somebody drags it, or closed to its heads. Where the
//! page is narrow each is a tab of its own.

use super::FindingsPanel;
use crate::editor::TextPanel;
use crate::state::{Page, Sizes};
use leptos::{ev, html, prelude::*};

/// Pixels an arrow key moves.
const NUDGE: f64 = 16.0;

fn toggle(page: Page) {
    let sizes = page.sizes.get_untracked();
    page.set_sizes(Sizes { bottom_open: !sizes.bottom_open, ..sizes });
}

/// The handle above the panel: dragged by the pointer, moved by the arrow keys, closed by Enter.
#[component]
fn Handle() -> impl IntoView {
    let page = Page::get();
    let node = NodeRef::<html::Div>::new();
    let held = RwSignal::new(None::<(f64, f64)>);
    let down = move |event: ev::PointerEvent| {
        if let Some(element) = node.get_untracked() {
            let _ = element.set_pointer_capture(event.pointer_id());
        }
        held.set(Some((f64::from(event.client_y()), page.sizes.get_untracked().bottom)));
        event.prevent_default();
    };
    let set = move |bottom: f64| page.set_sizes(Sizes { bottom, bottom_open: true, ..page.sizes.get_untracked() });
    let drag = move |event: ev::PointerEvent| {
        if let Some((from, height)) = held.get_untracked() {
            set(height + from - f64::from(event.client_y()));
        }
    };
    let keys = move |event: ev::KeyboardEvent| {
        let now = page.sizes.get_untracked().bottom;
        match event.key().as_str() {
            "ArrowUp" => set(now + NUDGE),
            "ArrowDown" => set(now - NUDGE),
            "Home" => set(Sizes::HEIGHTS.0),
            "End" => set(Sizes::HEIGHTS.1),
            "Enter" => toggle(page),
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <div
            class="bottom-handle"
            class:held=move || held.get().is_some()
            role="separator"
            tabindex="0"
            aria-orientation="horizontal"
            aria-label="Height of findings and text"
            aria-valuemin=Sizes::HEIGHTS.0.to_string()
            aria-valuemax=Sizes::HEIGHTS.1.to_string()
            aria-valuenow=move || format!("{:.0}", page.sizes.get().bottom)
            title="Drag, or use the arrow keys; Enter or a double click hides the panel"
            node_ref=node
            on:pointerdown=down
            on:pointermove=drag
            on:pointerup=move |_| held.set(None)
            on:pointercancel=move |_| held.set(None)
            on:dblclick=move |_| toggle(page)
            on:keydown=keys
        ></div>
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
                <Show when=move || !page.narrow.get()><Handle/></Show>
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
