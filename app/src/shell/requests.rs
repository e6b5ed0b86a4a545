//! Counts what the page has asked the network for since it was ready: the promise in the foot, kept in sight.

use crate::samples::beside;
use crate::state::{Gallery, Page};
use leptos::prelude::*;
use wasm_bindgen::{JsCast as _, closure::Closure};
use web_sys::{PerformanceObserver, PerformanceObserverEntryList, PerformanceObserverInit, PerformanceResourceTiming};

/// What left the page after it was ready.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Requests {
    /// Files of this site: samples, and what a link named.
    pub(super) own: u32,
    /// Questions to the Jaeger or Tempo that whoever runs the page has named.
    pub(super) asked: u32,
    /// Anything else. The policy of the page forbids it, so this stays 0.
    pub(super) foreign: u32,
    /// Bytes of the engine, once fetched; 0 when the browser does not tell.
    pub(super) engine: u64,
}

impl Requests {
    /// For the foot.
    pub(super) fn sentence(&self) -> String {
        if self.asked > 0 && self.foreign == 0 {
            return format!(
                "{} to the tracing server, {} to this site · nothing else leaves this page",
                self.asked, self.own
            );
        }
        match (self.own, self.foreign) {
            (0, 0) => "nothing leaves this page · 0 requests".to_owned(),
            (1, 0) => "nothing leaves this page · 1 request, for a file of this site".to_owned(),
            (own, 0) => format!("nothing leaves this page · {own} requests, for files of this site"),
            (own, foreign) => format!("{own} requests to this site · {foreign} to others"),
        }
    }
}

/// Counts until the page ends. What was asked for before the engine and the gallery were there is not counted.
pub(super) fn provide_requests(page: Page) -> ReadSignal<Requests> {
    let (requests, set_requests) = signal(Requests::default());
    let ready = StoredValue::new(None::<f64>);
    let origin = beside("").map(|url| url.origin()).unwrap_or_default();
    let from = crate::open_from::named();
    let from = if from.is_empty() { from } else { beside(&from).map(|url| url.href()).unwrap_or_default() };
    let icon = beside("icon.svg").map(|url| url.href()).unwrap_or_default();
    let heard = Closure::<dyn FnMut(PerformanceObserverEntryList)>::new(move |list: PerformanceObserverEntryList| {
        for entry in list.get_entries().iter() {
            let Ok(entry) = entry.dyn_into::<PerformanceResourceTiming>() else { continue };
            let name = entry.name();
            let own = name.starts_with(&origin);
            let asked = !from.is_empty() && name.starts_with(&from);
            if name.contains("chaindebug-wasm_bg") {
                // A size in bytes: far below 2^53, never negative.
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                set_requests.update(|requests| requests.engine = entry.encoded_body_size() as u64);
            }
            // The browser fetches the page's icon again whenever the address changes.
            let local = ["blob:", "data:"].iter().any(|scheme| name.starts_with(scheme)) || name == icon;
            let counted = ready.get_value().is_some_and(|ready| entry.start_time() > ready);
            if counted && !local {
                set_requests.update(|requests| match (asked, own) {
                    (true, _) => requests.asked += 1,
                    (false, true) => requests.own += 1,
                    (false, false) => requests.foreign += 1,
                });
            }
        }
    });
    let begun = Memo::new(move |_| {
        page.files.with(Option::is_some) && page.gallery.with(|gallery| *gallery != Gallery::Loading)
    });
    Effect::new(move |_| {
        if begun.get() && ready.get_value().is_none() {
            ready.set_value(web_sys::window().and_then(|window| window.performance()).map(|clock| clock.now()));
        }
    });
    if let Ok(observer) = PerformanceObserver::new(heard.as_ref().unchecked_ref()) {
        observer.observe(&PerformanceObserverInit::new(&js_sys::Array::of1(&"resource".into())));
        let kept = StoredValue::new_local((observer, heard));
        on_cleanup(move || kept.with_value(|(observer, _)| observer.disconnect()));
    }
    requests
}
