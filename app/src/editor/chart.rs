//! "Edit on chart": the row of tools above the flowchart. What a tool does to the text is planned by the engine and made
//! as one step to undo; a step is what is chosen in the chart, by pointer or by keyboard.

use super::connect::{Ask, Asked, declared};
use super::desk::Desk;
use super::follow::chosen as step_chosen;
use chaindebug_core::protocol::Change;
use leptos::{ev, prelude::*};

/// Whether the tools are there, and the step an edge will leave while its end is being chosen in the chart.
#[derive(Clone, Copy)]
pub(crate) struct ChartEditing {
    open: RwSignal<bool>,
    linking: RwSignal<Option<String>>,
}

impl ChartEditing {
    /// Nothing is being edited.
    pub(crate) fn new() -> Self {
        ChartEditing { open: RwSignal::new(false), linking: RwSignal::new(None) }
    }
}

/// The button that shows the tools.
#[component]
pub(crate) fn EditOnChart(editing: ChartEditing) -> impl IntoView {
    view! {
        <button
            class="subtle chart-edit"
            aria-pressed=move || editing.open.get().to_string()
            on:click=move |_| {
                editing.open.update(|open| *open = !*open);
                editing.linking.set(None);
            }
        >
            "Edit"<span class="long">" on chart"</span>
        </button>
    }
}

/// The tools, while the button is pressed.
#[component]
pub(crate) fn ChartTools(editing: ChartEditing) -> impl IntoView {
    let ChartEditing { open, linking } = editing;
    let desk = Desk::get();
    let (page, bench) = (desk.page, desk.page.workbench);
    let asked = RwSignal::new(None::<Asked>);
    let ending = Memo::new(move |_| step_chosen(page, |_| true));
    let chosen = Memo::new(move |_| step_chosen(page, declared));
    // A second step chosen while an edge is being drawn is its end.
    Effect::new(move |before: Option<Option<String>>| {
        let now = ending.get();
        let from = linking.get_untracked();
        if let (Some(from), Some(to)) = (from, now.clone())
            && before.is_some_and(|before| before != now)
        {
            linking.set(None);
            desk.plan(Change::Connect { from, to, condition: None });
        }
        now
    });
    let escape = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" && linking.get_untracked().is_some() {
            linking.set(None);
            event.prevent_default();
        }
    });
    on_cleanup(move || escape.remove());
    let none = move || chosen.with(Option::is_none);
    let step = move |make: fn(String) -> Change| {
        if let Some(id) = chosen.get_untracked() {
            desk.plan(make(id));
        }
    };
    let connect = move |event: ev::MouseEvent| {
        let from = chosen.get_untracked();
        // A click by the keyboard has no place: then two menus ask.
        match from {
            Some(from) if event.detail() > 0 => linking.set(Some(from)),
            from => asked.set(Some(Asked::Connect(from, None))),
        }
    };
    let hint = move || match (linking.get(), chosen.get()) {
        (Some(from), _) => format!("Click the step that follows {from}."),
        (None, Some(id)) => id,
        (None, None) => "Choose a step.".to_owned(),
    };
    let there = move || open.get() && bench.bench.with(Option::is_some);
    view! {
        <Show when=there>
            <div class="chart-tools" role="toolbar" aria-label="Edit on chart">
                <span class="chart-hint" class:chart-asks=move || linking.get().is_some() aria-live="polite">{hint}</span>
                {move || if linking.get().is_some() {
                    view! { <button class="small" on:click=move |_| linking.set(None)>"Cancel "<kbd>"Esc"</kbd></button> }.into_any()
                } else {
                    view! {
                        <button class="small" on:click=move |_| asked.set(Some(Asked::Add(chosen.get_untracked())))>"Add step"</button>
                        <button class="small" on:click=connect>"Connect"</button>
                        <button class="small" disabled=none on:click=move |_| asked.set(chosen.get_untracked().map(Asked::Rename))>"Rename"</button>
                        <button class="small" disabled=none on:click=move |_| step(|id| Change::SetStart { id })>"Set as start"</button>
                        <button class="small" disabled=none on:click=move |_| asked.set(chosen.get_untracked().map(Asked::Edges))>"Edges…"</button>
                        <button class="small" disabled=none on:click=move |_| step(|id| Change::RemoveStep { id })>"Remove step"</button>
                    }.into_any()
                }}
            </div>
        </Show>
        <Ask asked/>
    }
}
