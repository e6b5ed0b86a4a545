//! The steps as a sorted table.

use leptos::prelude::*;

/// The table view.
#[component]
pub(crate) fn TableView() -> impl IntoView {
    view! { <p class="nothing">"The table is not shown yet."</p> }
}
