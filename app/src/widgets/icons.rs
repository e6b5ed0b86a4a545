//! The drawings used beside words, one 16-pixel grid, drawn in the colour of the text around them.
//!
//! An icon never stands for a word on its own: whoever uses one gives the word too.

use leptos::prelude::*;

/// What can be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // The names say what is drawn.
pub(crate) enum Icon {
    Chevron,
    Check,
    Cross,
    Dash,
    Dot,
    Half,
    Pause,
    Stop,
    Copy,
    Download,
    Close,
    Search,
    Wrap,
    ArrowRight,
    ArrowLeft,
    ArrowUp,
    ArrowDown,
    Sorted,
}

impl Icon {
    /// The path on a 16 × 16 grid, and whether it is filled and not stroked.
    fn path(self) -> (&'static str, bool) {
        match self {
            Icon::Chevron => ("M6 3.5 11 8l-5 4.5z", true),
            Icon::Check => ("M3 8.5 6.5 12 13 4.5", false),
            Icon::Cross => ("M4 4l8 8M12 4l-8 8", false),
            Icon::Dash => ("M4 8h8", false),
            Icon::Dot => ("M8 5.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5z", true),
            Icon::Half => ("M8 3a5 5 0 1 0 5 5h-5z", true),
            Icon::Pause => ("M5.5 4v8M10.5 4v8", false),
            Icon::Stop => ("M8 3a5 5 0 1 1 0 10A5 5 0 0 1 8 3zM4.5 11.5l7-7", false),
            Icon::Copy => ("M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z", false),
            Icon::Download => ("M8 2.5v7.5M4.8 7 8 10.2 11.2 7M3 13.3h10", false),
            Icon::Close => ("M4 4l8 8M12 4l-8 8", false),
            Icon::Search => ("M7 2.8a4.2 4.2 0 1 1 0 8.4 4.2 4.2 0 0 1 0-8.4zM10.2 10.2l3.3 3.3", false),
            Icon::Wrap => ("M2.5 4h11M2.5 8h8.7a2 2 0 0 1 0 4.2H8.6M10.2 10.4 8.4 12.2l1.8 1.8M2.5 12.2h3", false),
            Icon::ArrowRight => ("M2.5 8h10.5M9 4l4 4-4 4", false),
            Icon::ArrowLeft => ("M13.5 8H3M7 4 3 8l4 4", false),
            Icon::ArrowUp => ("M8 13.5V3M4 7l4-4 4 4", false),
            Icon::ArrowDown => ("M8 2.5V13M4 9l4 4 4-4", false),
            Icon::Sorted => ("M8 4l4 7H4z", true),
        }
    }
}

/// Draws an icon; hidden from screen readers, which are given the word beside it.
pub(crate) fn icon(icon: Icon) -> impl IntoView {
    let (path, filled) = icon.path();
    view! {
        <svg
            class="icon"
            class:icon-line=!filled
            width="14"
            height="14"
            viewBox="0 0 16 16"
            aria-hidden="true"
            focusable="false"
        >
            <path d=path />
        </svg>
    }
}
