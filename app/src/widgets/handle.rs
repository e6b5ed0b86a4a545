//! The handle at the edge of a panel: dragged by the pointer, moved by the arrow keys, closed by Enter. Which panel, and
//! where its size is kept, is handed to it.

use leptos::{ev, html, prelude::*};

/// The way in which a panel grows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Grows {
    /// To the right: its handle is its right edge.
    Right,
    /// To the left.
    Left,
    /// Upwards.
    Up,
}

/// Pixels an arrow key moves.
const NUDGE: f64 = 16.0;

impl Grows {
    /// Where the pointer is, counted in the way the panel grows.
    fn reach(self, event: &ev::PointerEvent) -> f64 {
        match self {
            Grows::Right => f64::from(event.client_x()),
            Grows::Left => -f64::from(event.client_x()),
            Grows::Up => -f64::from(event.client_y()),
        }
    }

    /// How much larger a key makes the panel; `None` for a key that does not.
    fn nudge(self, key: &str) -> Option<f64> {
        match (self, key) {
            (Grows::Right, "ArrowRight") | (Grows::Left, "ArrowLeft") | (Grows::Up, "ArrowUp") => Some(NUDGE),
            (Grows::Right, "ArrowLeft") | (Grows::Left, "ArrowRight") | (Grows::Up, "ArrowDown") => Some(-NUDGE),
            _ => None,
        }
    }

    fn orientation(self) -> &'static str {
        if self == Grows::Up { "horizontal" } else { "vertical" }
    }
}

/// The handle. `shut` is its class while the panel is closed.
#[component]
pub(crate) fn Handle(
    grows: Grows,
    class: &'static str,
    #[prop(optional)] shut: &'static str,
    label: String,
    range: (f64, f64),
    #[prop(into)] size: Signal<f64>,
    #[prop(into)] open: Signal<bool>,
    #[prop(into)] set: Callback<f64>,
    #[prop(into)] toggle: Callback<()>,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    // Where the pointer was and how large the panel when the drag began.
    let held = RwSignal::new(None::<(f64, f64)>);
    let down = move |event: ev::PointerEvent| {
        if let Some(element) = node.get_untracked() {
            let _ = element.set_pointer_capture(event.pointer_id());
        }
        held.set(Some((grows.reach(&event), size.get_untracked())));
        event.prevent_default();
    };
    let drag = move |event: ev::PointerEvent| {
        if let Some((from, was)) = held.get_untracked() {
            set.run(was + grows.reach(&event) - from);
        }
    };
    let keys = move |event: ev::KeyboardEvent| {
        match event.key().as_str() {
            "Home" => set.run(range.0),
            "End" => set.run(range.1),
            "Enter" => toggle.run(()),
            key => match grows.nudge(key) {
                Some(by) => set.run(size.get_untracked() + by),
                None => return,
            },
        }
        event.prevent_default();
    };
    let classes = move || {
        let held = if held.get().is_some() { "held" } else { "" };
        format!("{class} {held} {}", if open.get() { "" } else { shut })
    };
    view! {
        <div
            class=classes
            role="separator"
            tabindex="0"
            aria-orientation=grows.orientation()
            aria-label=label
            aria-valuemin=range.0.to_string()
            aria-valuemax=range.1.to_string()
            aria-valuenow=move || format!("{:.0}", size.get())
            title="Drag, or use the arrow keys; Enter or a double click hides the panel"
            node_ref=node
            on:pointerdown=down
            on:pointermove=drag
            on:pointerup=move |_| held.set(None)
            on:pointercancel=move |_| held.set(None)
            on:dblclick=move |_| toggle.run(())
            on:keydown=keys
        ></div>
    }
}
