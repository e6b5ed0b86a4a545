//! Being told when an element changes its size, and running something before the next paint: browser observers tied
//! to the life of a reactive owner.

use leptos::prelude::*;
use wasm_bindgen::{JsCast as _, closure::Closure};

/// Calls `then(width, height)` with the element's content box whenever it changes, from its first layout on.
pub(crate) fn on_resize(node: NodeRef<leptos::html::Div>, then: impl Fn(f64, f64) + Clone + 'static) {
    let kept = StoredValue::new_local(None::<(web_sys::ResizeObserver, Closure<dyn FnMut(js_sys::Array)>)>);
    Effect::new(move |_| {
        let Some(element) = node.get() else { return };
        let then = then.clone();
        let callback = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
            let Ok(entry) = entries.get(0).dyn_into::<web_sys::ResizeObserverEntry>() else {
                return;
            };
            let rect = entry.content_rect();
            then(rect.width(), rect.height());
        });
        let Ok(observer) = web_sys::ResizeObserver::new(callback.as_ref().unchecked_ref()) else {
            return;
        };
        observer.observe(&element);
        if let Some((old, _)) = kept.try_update_value(|k| k.replace((observer, callback))).flatten() {
            old.disconnect();
        }
    });
    on_cleanup(move || {
        if let Some((observer, _)) = kept.try_update_value(Option::take).flatten() {
            observer.disconnect();
        }
    });
}

/// Draws at most once a frame, and only when asked to.
#[derive(Clone, Copy)]
pub(crate) struct Frame {
    asked: StoredValue<bool>,
}

impl Frame {
    /// Nothing is asked yet.
    pub(crate) fn new() -> Self {
        Frame { asked: StoredValue::new(false) }
    }

    /// Runs `draw` before the next paint, unless that is under way already.
    pub(crate) fn ask(self, draw: impl FnOnce() + 'static) {
        if self.asked.try_get_value() != Some(false) {
            return;
        }
        self.asked.set_value(true);
        request_animation_frame(move || {
            // `None`: the owner is gone, and with it what would be drawn on.
            if self.asked.try_set_value(false).is_none() {
                draw();
            }
        });
    }
}
