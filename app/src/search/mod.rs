//! Searching names and values: the field in the top bar, and the list of hits.

use leptos::prelude::*;

/// The field in the top bar. Its input has the id `search`: the keys `/` and Ctrl+F focus it.
#[component]
pub(crate) fn SearchBox() -> impl IntoView {
    view! { <span></span> }
}

/// The list of hits: shown in place of the steps tree while `Page::searching` is true.
#[component]
pub(crate) fn SearchPanel() -> impl IntoView {
    view! { <p class="nothing">"Hits are not listed yet."</p> }
}
