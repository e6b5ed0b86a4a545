//! A dialog over the page: the browser's own, so that focus stays inside, Escape closes it, and focus goes back.

use leptos::{html, prelude::*};

/// A modal dialog. Its children are made when it opens and dropped when it closes.
#[component]
pub(crate) fn Dialog(
    /// Whether it is open.
    #[prop(into)]
    open: Signal<bool>,
    /// Called when somebody closes it.
    on_close: impl Fn() + Copy + Send + Sync + 'static,
    /// Its title.
    #[prop(into)]
    title: Signal<String>,
    /// A class for its size.
    #[prop(default = "")]
    class: &'static str,
    /// What it shows.
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let children = StoredValue::new(children);
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        match (open.get(), dialog.open()) {
            (true, false) => {
                let _ = dialog.show_modal();
            }
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    // A click on the dialog element itself is one on the backdrop: its content fills it.
    let outside = move |event: leptos::ev::MouseEvent| {
        if event.target() == node.get_untracked().map(|dialog| wasm_bindgen::JsCast::unchecked_into(dialog.clone())) {
            on_close();
        }
    };
    view! {
        <dialog
            node_ref=node
            class=format!("dialog {class}")
            aria-label=move || title.get()
            on:close=move |_| on_close()
            on:click=outside
        >
            <Show when=move || open.get()>
                <div class="dialog-body">
                    <header class="dialog-head">
                        <h2>{move || title.get()}</h2>
                        <button class="subtle" on:click=move |_| on_close()>"Close "<kbd>"Esc"</kbd></button>
                    </header>
                    <div class="dialog-content" tabindex="0">{children.with_value(|children| children())}</div>
                </div>
            </Show>
        </dialog>
    }
}
