//! One side's value as it stands in its file, in a dialog.

use crate::inspector::{Choices, ValuePane};
use crate::shell::dialog::Dialog;
use chaindebug_core::protocol::Part;
use leptos::{html, prelude::*};

/// What to show.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Whole {
    pub(super) part: Part,
    /// "Input of A".
    pub(super) label: String,
    /// Name of the step.
    pub(super) of: String,
}

/// The dialog.
#[component]
pub(super) fn WholeDialog(whole: RwSignal<Option<Whole>>) -> impl IntoView {
    let title = Signal::derive(move || {
        whole.with(|whole| whole.as_ref().map(|whole| format!("{}, {}", whole.of, whole.label)).unwrap_or_default())
    });
    view! {
        <Dialog open=Signal::derive(move || whole.with(Option::is_some)) on_close=move || whole.set(None) title class="dialog-wide diff-whole-dialog">
            <WholeValue whole/>
        </Dialog>
    }
}

#[component]
fn WholeValue(whole: RwSignal<Option<Whole>>) -> impl IntoView {
    let scroller = NodeRef::<html::Div>::new();
    let choices = Choices::new();
    let part = Signal::derive(move || whole.with(|whole| whole.as_ref().map(|whole| whole.part.clone())));
    let label =
        Signal::derive(move || whole.with(|whole| whole.as_ref().map(|whole| whole.label.clone()).unwrap_or_default()));
    let of =
        Signal::derive(move || whole.with(|whole| whole.as_ref().map(|whole| whole.of.clone()).unwrap_or_default()));
    view! {
        <div class="diff-whole-value" node_ref=scroller tabindex="0" role="group" aria-label=label>
            <ValuePane part label of scroller choices spot=Signal::derive(|| None)/>
        </div>
    }
}
