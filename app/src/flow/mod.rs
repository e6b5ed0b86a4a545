//! The flowchart of the current run or pipeline.

use leptos::prelude::*;

/// The flowchart.
#[component]
pub(crate) fn FlowView() -> impl IntoView {
    view! { <p class="nothing">"The flowchart is not drawn yet."</p> }
}
