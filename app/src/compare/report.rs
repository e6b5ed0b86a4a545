//! The comparison as Markdown, for a comment on a change: to read, to copy, to save.

use crate::engine::Newest;
use crate::shell::dialog::Dialog;
use crate::state::Page;
use crate::widgets::copy::{CopyButton, LateText, download, now};
use chaindebug_core::protocol::{Answer, Request};
use leptos::{prelude::*, task::spawn_local};

/// The dialog.
#[component]
pub(super) fn Report() -> impl IntoView {
    let page = Page::get();
    let open = page.comparing.report;
    view! {
        <Dialog open on_close=move || open.set(false) title="Report">
            <Body/>
        </Dialog>
    }
}

#[component]
fn Body() -> impl IntoView {
    let page = Page::get();
    let comparing = page.comparing;
    let text = RwSignal::new(None::<Result<String, String>>);
    let newest = Newest::new();
    Effect::new(move |_| {
        comparing.turn.track();
        let Some(pair) = comparing.pair.get() else { return };
        let asked = newest.begin();
        spawn_local(async move {
            let answer = page.ask_of(pair.group, Request::DiffReport).await;
            if newest.is(asked) {
                let _ = text.try_set(Some(match answer {
                    Ok(Answer::Text { text }) => Ok(text),
                    Ok(_) => Err("The engine gave another answer than was asked for.".to_owned()),
                    Err(failure) => Err(failure.message),
                }));
            }
        });
    });
    let whole = move || text.get_untracked().and_then(Result::ok).unwrap_or_default();
    let copy = Callback::new(move |()| -> LateText { now(whole()) });
    move || {
        Some(match text.get()? {
            Ok(markdown) => view! {
                <p class="dim">"Markdown, made for a comment on a pull request. It holds names, numbers and short pieces of values."</p>
                <div class="acts diff-report-acts">
                    <CopyButton label="Copy Markdown" text=copy/>
                    <button type="button" class="small" on:click=move |_| { download("comparison.md", &whole()); }>"Download"</button>
                </div>
                <pre class="plain diff-report" tabindex="0" aria-label="Report as Markdown">{markdown}</pre>
            }
            .into_any(),
            Err(message) => view! { <p class="notice" role="alert">{message}</p> }.into_any(),
        })
    }
}
