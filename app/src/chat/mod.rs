//! The conversation of a run.

use leptos::prelude::*;

/// The chat view.
#[component]
pub(crate) fn ChatView() -> impl IntoView {
    view! { <p class="nothing">"The conversation is not shown yet."</p> }
}
