//! What went into and came out of one step.

use leptos::prelude::*;

/// The inspector, with its tabs.
#[component]
pub(crate) fn Inspector() -> impl IntoView {
    view! { <p class="nothing">"Values are not shown yet."</p> }
}
