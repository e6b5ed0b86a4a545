//! The dialog: what is shared, the three ways, what is replaced first, and what came of it.

use super::exports::Exports;
use super::link::LinkPanel;
use super::page_file::FilePanel;
use super::redaction::Redactions;
use super::report::ReportView;
use super::state::{Outcome, Share, Way, runs_to_choose};
use crate::shell::dialog::Dialog;
use crate::text::count;
use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;

const WAYS: [(Way, &str, &str); 3] =
    [(Way::Link, "link", "Link"), (Way::File, "file", "One HTML file"), (Way::Export, "export", "Export")];

/// The dialog.
#[component]
pub(crate) fn ShareDialog() -> impl IntoView {
    let share = Share::get();
    let title = Signal::derive(move || {
        let title = share.shared.with(|shared| shared.as_ref().map(|shared| shared.title.clone()));
        title.map_or_else(|| "Share".to_owned(), |title| format!("Share {title}"))
    });
    view! {
        <Dialog open=share.open on_close=move || share.close() title class="share-dialog">
            <Body/>
        </Dialog>
    }
}

#[component]
fn Body() -> impl IntoView {
    let share = Share::get();
    let id = move || WAYS.iter().find(|(way, ..)| *way == share.way.get()).map_or("link", |(_, id, _)| *id);
    let panel = move || match share.way.get() {
        Way::Link => view! { <LinkPanel/> }.into_any(),
        Way::File => view! { <FilePanel/> }.into_any(),
        Way::Export => view! { <Exports/> }.into_any(),
    };
    view! {
        <Ways/>
        <div
            class="share-panel"
            role="tabpanel"
            id="share-panel"
            aria-labelledby=move || format!("share-{}", id())
        >
            <Show when=move || share.carries()>
                <Scope/>
                <Redactions/>
            </Show>
            {panel}
        </div>
        <OutcomeView/>
    }
}

/// The row of ways.
#[component]
fn Ways() -> impl IntoView {
    let share = Share::get();
    let row = NodeRef::<html::Div>::new();
    let choose = move |way: Way| {
        share.outcome.set(None);
        share.way.set(way);
    };
    let keys = move |event: ev::KeyboardEvent| {
        let here = WAYS.iter().position(|(way, ..)| *way == share.way.get_untracked()).unwrap_or(0);
        let next = match event.key().as_str() {
            "ArrowRight" => (here + 1) % WAYS.len(),
            "ArrowLeft" => here.checked_sub(1).unwrap_or(WAYS.len() - 1),
            "Home" => 0,
            "End" => WAYS.len() - 1,
            _ => return,
        };
        event.prevent_default();
        let Some((way, ..)) = WAYS.get(next) else { return };
        choose(*way);
        let found = row.get_untracked().and_then(|row| row.children().item(u32::try_from(next).unwrap_or(0)));
        if let Some(tab) = found.and_then(|tab| tab.dyn_into::<HtmlElement>().ok()) {
            let _ = tab.focus();
        }
    };
    let tabs = WAYS.map(|(way, id, name)| {
        let on = move || share.way.get() == way;
        view! {
            <button
                type="button"
                class="tab"
                role="tab"
                id=format!("share-{id}")
                aria-selected=move || on().to_string()
                aria-controls="share-panel"
                tabindex=move || if on() { "0" } else { "-1" }
                on:click=move |_| choose(way)
            >
                {name}
            </button>
        }
    });
    view! {
        <div class="panel-head share-ways">
            <div class="tabs" role="tablist" aria-label="Ways to share" node_ref=row on:keydown=keys>
                {tabs.into_iter().collect_view()}
            </div>
        </div>
    }
}

/// Only the run shown, or all of the file.
#[component]
fn Scope() -> impl IntoView {
    let share = Share::get();
    let choice = move |whole: bool, name: String| {
        view! {
            <label>
                <input
                    type="radio"
                    name="share-scope"
                    prop:checked=move || share.whole.get() == whole
                    on:change=move |_| share.whole.set(whole)
                />
                {name}
            </label>
        }
    };
    move || {
        runs_to_choose(share.page).map(|runs| {
            view! {
                <fieldset class="share-choice">
                    <legend class="spoken">"What is shared"</legend>
                    {choice(false, "This run".to_owned())}
                    {choice(true, format!("All {} of the file", count(runs as u64, "run")))}
                </fieldset>
            }
        })
    }
}

/// What is being done, and what came of it.
#[component]
fn OutcomeView() -> impl IntoView {
    let share = Share::get();
    let outcome = move || {
        let Outcome { said, failed, notes, report } = share.outcome.get()?;
        let notes = notes.into_iter().map(|note| view! { <li>{note}</li> }).collect_view();
        Some(view! {
            <p class="share-said" class:failed=failed>{if failed { "✗ " } else { "✓ " }}{said}</p>
            <ul class="share-notes">{notes}</ul>
            {report.map(|report| view! { <ReportView report/> })}
        })
    };
    view! {
        <div class="share-outcome" role="status">
            {move || Some(share.busy.get()).filter(|busy| !busy.is_empty()).map(|busy| view! { <p class="dim">{busy}</p> })}
            {outcome}
        </div>
    }
}
