//! Leaving the page with unsaved text: the browser asks first. Only then, because a page that always asks is a nuisance.

use super::desk::Desk;
use leptos::{ev, prelude::*};

/// Listens for as long as the page lives.
pub(super) fn warn(desk: Desk) {
    let listener = window_event_listener(ev::beforeunload, move |event| {
        if desk.edited_name().is_some() {
            event.prevent_default();
            // Older browsers ask only when this is set to something.
            event.set_return_value("unsaved");
        }
    });
    on_cleanup(move || listener.remove());
}
