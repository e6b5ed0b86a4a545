//! A button that opens a panel below it: used for files and runs.
//!
//! Escape and a press outside close it and give the focus back; the arrow keys move among what can be pressed.

use leptos::{context::Provider, ev, html, prelude::*};
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlElement, Node};

/// A button with a panel. Inside, close it with the `RwSignal<bool>` in context ([`MenuOpen`]).
#[component]
pub(crate) fn Menu(
    /// The button's name for screen readers.
    #[prop(into)]
    label: Signal<String>,
    /// A class for the whole.
    class: &'static str,
    /// What stands on the button.
    button: ViewFn,
    /// The panel; made when it opens.
    children: ChildrenFn,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let root = NodeRef::<html::Div>::new();
    let trigger = NodeRef::<html::Button>::new();
    let children = StoredValue::new(children);
    let close = move || {
        open.set(false);
        if let Some(button) = trigger.get_untracked() {
            let _ = button.focus();
        }
    };
    let outside = window_event_listener(ev::pointerdown, move |event| {
        let inside = event
            .target()
            .and_then(|target| target.dyn_into::<Node>().ok())
            .is_some_and(|target| root.get_untracked().is_some_and(|root| root.contains(Some(&target))));
        if !inside && open.get_untracked() {
            open.set(false);
        }
    });
    on_cleanup(move || outside.remove());
    // When the focus leaves by Tab, the panel would stay and cover the page. It also leaves when the menu itself is
    // taken away, and then nothing of it is there any more.
    let left = move |event: ev::FocusEvent| {
        let to = event.related_target().and_then(|target| target.dyn_into::<Node>().ok());
        if let (Some(root), Some(to)) = (root.try_get_untracked().flatten(), to)
            && !root.contains(Some(&to))
        {
            open.try_set(false);
        }
    };
    let keys = move |event: ev::KeyboardEvent| {
        if !open.get_untracked() {
            return;
        }
        match event.key().as_str() {
            "Escape" => close(),
            "ArrowDown" => step(root, 1),
            "ArrowUp" => step(root, -1),
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <div class=format!("menu {class}") node_ref=root on:keydown=keys on:focusout=left>
            <button
                class="edged menu-button"
                node_ref=trigger
                aria-expanded=move || open.get().to_string()
                aria-label=move || label.get()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {button.run()}
                <span class="menu-mark" aria-hidden="true">"▾"</span>
            </button>
            <Show when=move || open.get()>
                <div class="menu-panel" role="group" aria-label=move || label.get()>
                    // Not `provide_context`: that would reach the menus beside this one too.
                    <Provider value=MenuOpen(open)>{children.with_value(|children| children())}</Provider>
                </div>
            </Show>
        </div>
    }
}

/// Whether the menu around is open.
#[derive(Clone, Copy)]
pub(crate) struct MenuOpen(pub(crate) RwSignal<bool>);

/// Moves the focus among what can be pressed in the panel.
fn step(root: NodeRef<html::Div>, by: i32) {
    let Some(root) = root.get_untracked() else { return };
    let Ok(found) = root.query_selector_all(".menu-panel button, .menu-panel input") else { return };
    let items: Vec<HtmlElement> =
        (0..found.length()).filter_map(|index| found.get(index)?.dyn_into::<HtmlElement>().ok()).collect();
    let active = web_sys::window().and_then(|w| w.document()).and_then(|d| d.active_element());
    let here = items.iter().position(|item| active.as_ref().is_some_and(|active| active.is_same_node(Some(item))));
    let next = match here {
        Some(here) if by > 0 => (here + 1) % items.len(),
        Some(here) => here.checked_sub(1).unwrap_or(items.len() - 1),
        None if by > 0 => 0,
        None => items.len().saturating_sub(1),
    };
    if let Some(item) = items.get(next) {
        let _ = item.focus();
    }
}
