//! A row of tabs, as all of them behave: one of them is in the order of focus, the arrow keys walk along and pick.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast as _;

/// One tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tab {
    /// By which it is known, and the end of its element's id.
    pub(super) id: String,
    /// Its word.
    pub(super) words: String,
    /// Whether what it shows is not the same on both sides.
    pub(super) differs: bool,
}

impl Tab {
    pub(crate) fn plain(id: &str, words: &str) -> Tab {
        Tab { id: id.to_owned(), words: words.to_owned(), differs: false }
    }
}

/// The row.
#[component]
pub(crate) fn TabRow(
    /// What it is called for a screen reader.
    label: &'static str,
    /// The tabs.
    tabs: Memo<Vec<Tab>>,
    /// The one shown.
    #[prop(into)]
    current: Signal<String>,
    /// One was picked.
    pick: Callback<String>,
    /// Id of what the tabs show.
    controls: &'static str,
) -> impl IntoView {
    let row = NodeRef::<html::Div>::new();
    let keys = move |event: ev::KeyboardEvent| {
        let tabs = tabs.get_untracked();
        let now = current.get_untracked();
        let here = tabs.iter().position(|tab| tab.id == now).unwrap_or(0);
        let next = match event.key().as_str() {
            _ if tabs.is_empty() => return,
            "ArrowRight" => (here + 1) % tabs.len(),
            "ArrowLeft" => here.checked_sub(1).unwrap_or(tabs.len() - 1),
            "Home" => 0,
            "End" => tabs.len() - 1,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        if let Some(tab) = tabs.get(next) {
            pick.run(tab.id.clone());
        }
        let index = u32::try_from(next).unwrap_or(0);
        let found = row.get_untracked().and_then(|row| row.query_selector_all("[role=tab]").ok()?.get(index));
        if let Some(tab) = found.and_then(|tab| tab.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _ = tab.focus();
        }
    };
    let one = move |tab: Tab| {
        let id = StoredValue::new(tab.id.clone());
        let on = Memo::new(move |_| id.with_value(|id| current.with(|now| now == id)));
        view! {
            <button
                type="button"
                class="tab"
                role="tab"
                id=format!("{controls}-{}", tab.id)
                aria-selected=move || on.get().to_string()
                aria-controls=controls
                tabindex=move || if on.get() { "0" } else { "-1" }
                on:click=move |_| pick.run(id.get_value())
            >
                {tab.words}
                {tab.differs.then(|| view! { " " <span class="tab-differs" title="differs">"≠"<span class="spoken">" differs"</span></span> })}
            </button>
        }
    };
    view! {
        <div class="tabs" role="tablist" aria-label=label node_ref=row on:keydown=keys>
            <For each=move || tabs.get() key=|tab| (tab.id.clone(), tab.differs) children=one/>
        </div>
    }
}
