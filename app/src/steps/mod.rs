//! The tree of steps at the left.

use leptos::prelude::*;

/// The steps tree, with its head.
#[component]
pub(crate) fn StepsTree() -> impl IntoView {
    view! { <p class="nothing">"The steps are not listed yet."</p> }
}
