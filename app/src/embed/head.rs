//! The line at the top: what is shown, how it was read, and the way to the full page, which gets the same state.

use super::host::Host;
use crate::shell::{Mark, badge};
use crate::state::Page;
use leptos::{ev, prelude::*};

/// The line.
#[component]
pub(super) fn Head(
    /// The page around.
    host: Host,
) -> impl IntoView {
    let page = Page::get();
    let name = move || {
        let reading = || page.openings.with(|openings| openings.first().map(|opening| opening.name.clone()));
        page.document.with(|document| document.as_ref().map(|document| document.file.clone())).or_else(reading)
    };
    let badge = Memo::new(move |_| {
        page.document.with(|document| document.as_ref().map(|document| badge(document)).unwrap_or_default())
    });
    let run = move || {
        let many = page.document.with(|document| document.as_ref().is_some_and(|document| document.runs.len() > 1));
        let run = page
            .run
            .with(|run| run.as_ref().map(|run| if run.name.is_empty() { run.id.clone() } else { run.name.clone() }));
        run.filter(|_| many)
    };
    let link = host.full_page().then(|| {
        let (at, host) = (StoredValue::new_local(host.clone()), host.clone());
        let press = move |event: ev::MouseEvent| {
            if host.hand(page) {
                event.prevent_default();
            }
        };
        view! {
            <a
                class="embed-full"
                href=move || at.with_value(|host| host.link(page))
                target="_blank"
                title="The same run at the same step, with everything else there is"
                on:click=press
            >"full page ↗"</a>
        }
    });
    view! {
        <header class="embed-head">
            <Mark/>
            <b class="embed-name">{move || name().unwrap_or_else(|| "ChainDebug".to_owned())}</b>
            <Show when=move || badge.with(|badge| !badge.is_empty())><span class="badge">{move || badge.get()}</span></Show>
            {move || run().map(|run| view! { <span class="embed-run" title=run.clone()>{run.clone()}</span> })}
            <span class="push"></span>
            {link}
        </header>
    }
}
