//! The handle between two panels: dragged by the pointer, moved by the arrow keys, closed by Enter.

use crate::state::{Page, Sizes};
use leptos::{ev, html, prelude::*};

/// Which side panel the handle belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The steps tree.
    Steps,
    /// The inspector.
    Inspector,
}

impl Side {
    fn name(self) -> &'static str {
        if self == Side::Steps { "steps" } else { "inspector" }
    }

    fn width(self, sizes: Sizes) -> f64 {
        if self == Side::Steps { sizes.steps } else { sizes.inspector }
    }

    /// Whether the panel is open.
    pub(super) fn open(self, sizes: Sizes) -> bool {
        if self == Side::Steps { sizes.steps_open } else { sizes.inspector_open }
    }

    fn with_width(self, sizes: Sizes, width: f64) -> Sizes {
        match self {
            Side::Steps => Sizes { steps: width, ..sizes },
            Side::Inspector => Sizes { inspector: width, ..sizes },
        }
    }

    /// Opens or closes the panel.
    pub(super) fn toggle(self, page: Page) {
        let sizes = page.sizes.get_untracked();
        page.set_sizes(match self {
            Side::Steps => Sizes { steps_open: !sizes.steps_open, ..sizes },
            Side::Inspector => Sizes { inspector_open: !sizes.inspector_open, ..sizes },
        });
    }

    /// How much wider the panel gets when the pointer moves to the right.
    fn sign(self) -> f64 {
        if self == Side::Steps { 1.0 } else { -1.0 }
    }
}

/// Pixels an arrow key moves.
const NUDGE: f64 = 16.0;

/// The handle.
#[component]
pub(super) fn Splitter(side: Side) -> impl IntoView {
    let page = Page::get();
    let node = NodeRef::<html::Div>::new();
    // Pointer position and width when the drag began.
    let held = RwSignal::new(None::<(f64, f64)>);
    let down = move |event: ev::PointerEvent| {
        if let Some(element) = node.get_untracked() {
            let _ = element.set_pointer_capture(event.pointer_id());
        }
        held.set(Some((f64::from(event.client_x()), side.width(page.sizes.get_untracked()))));
        event.prevent_default();
    };
    let drag = move |event: ev::PointerEvent| {
        let Some((from, width)) = held.get_untracked() else { return };
        let width = width + side.sign() * (f64::from(event.client_x()) - from);
        page.set_sizes(side.with_width(page.sizes.get_untracked(), width));
    };
    let keys = move |event: ev::KeyboardEvent| {
        let sizes = page.sizes.get_untracked();
        let by = match event.key().as_str() {
            "ArrowRight" => NUDGE * side.sign(),
            "ArrowLeft" => -NUDGE * side.sign(),
            "Home" => -f64::MAX,
            "End" => f64::MAX,
            "Enter" => {
                event.prevent_default();
                return side.toggle(page);
            }
            _ => return,
        };
        event.prevent_default();
        page.set_sizes(side.with_width(sizes, side.width(sizes) + by));
    };
    let (least, most) = Sizes::RANGE;
    view! {
        <div
            class="splitter"
            class:held=move || held.get().is_some()
            class:splitter-shut=move || !side.open(page.sizes.get())
            role="separator"
            tabindex="0"
            aria-orientation="vertical"
            aria-label=format!("Width of the {} panel", side.name())
            aria-valuemin=least.to_string()
            aria-valuemax=most.to_string()
            aria-valuenow=move || format!("{:.0}", side.width(page.sizes.get()))
            title="Drag, or use the arrow keys; Enter or a double click hides the panel"
            node_ref=node
            on:pointerdown=down
            on:pointermove=drag
            on:pointerup=move |_| held.set(None)
            on:pointercancel=move |_| held.set(None)
            on:dblclick=move |_| side.toggle(page)
            on:keydown=keys
        ></div>
    }
}
