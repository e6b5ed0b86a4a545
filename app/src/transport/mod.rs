//! The bar below: the cursor's moves, the scrubber, playing.

use leptos::prelude::*;

/// The bar with the cursor's moves.
#[component]
pub(crate) fn Transport() -> impl IntoView {
    view! { <p class="nothing">"The cursor cannot be moved from here yet."</p> }
}
