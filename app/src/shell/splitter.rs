//! The side panels: how wide each is, whether it is open, and the handle beside it.

use crate::state::{Page, Sizes};
use crate::widgets::handle::{Grows, Handle};
use leptos::prelude::*;

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
}

/// The handle.
#[component]
pub(super) fn Splitter(side: Side) -> impl IntoView {
    let page = Page::get();
    view! {
        <Handle
            grows=if side == Side::Steps { Grows::Right } else { Grows::Left }
            class="splitter"
            shut="splitter-shut"
            label=format!("Width of the {} panel", side.name())
            range=Sizes::RANGE
            size=Signal::derive(move || side.width(page.sizes.get()))
            open=Signal::derive(move || side.open(page.sizes.get()))
            set=move |width| page.set_sizes(side.with_width(page.sizes.get_untracked(), width))
            toggle=move |()| side.toggle(page)
        />
    }
}
