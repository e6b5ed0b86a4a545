//! Sentences of the engine: what stands between backticks is shown as code.

use leptos::prelude::*;

/// The text, with its code set apart.
#[component]
pub(crate) fn Prose(
    /// As the engine wrote it.
    text: String,
) -> impl IntoView {
    // Every second piece is code; a backtick without its partner stays as it is.
    let pairs = text.matches('`').count() / 2 * 2;
    text.splitn(pairs + 1, '`')
        .enumerate()
        .map(|(index, piece)| {
            let piece = piece.to_owned();
            if index % 2 == 1 { view! { <code class="code">{piece}</code> }.into_any() } else { piece.into_any() }
        })
        .collect_view()
}
