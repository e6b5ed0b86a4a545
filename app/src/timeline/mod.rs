//! The steps over time.

use leptos::prelude::*;

/// The timeline.
#[component]
pub(crate) fn TimelineView() -> impl IntoView {
    view! { <p class="nothing">"The timeline is not drawn yet."</p> }
}
