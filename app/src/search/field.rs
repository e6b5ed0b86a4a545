//! The field in the top bar.

use super::found::{MOST, Progress};
use crate::state::{Page, Pane};
use crate::widgets::format::count;
use crate::widgets::icons::{Icon, icon};
use leptos::{ev, html, prelude::*};
use std::time::Duration;

/// How long to wait for the next letter before searching.
const PAUSE: Duration = Duration::from_millis(180);

/// The field in the top bar. Its input has the id `search`: the keys `/` and Ctrl+F focus it.
#[component]
pub(crate) fn SearchBox() -> impl IntoView {
    let page = Page::get();
    let found = page.found;
    let input = NodeRef::<html::Input>::new();
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    // The text is searched for whoever wrote it: this field, or the address. Another document is searched anew.
    let wanted = Memo::new(move |_| {
        let subject = page.subject.get();
        (page.search.get().trim().to_owned(), subject.map(|s| (s.group, s.revision)))
    });
    Effect::new(move |_| {
        let (text, _) = wanted.get();
        if let Some(old) = waiting.try_update_value(Option::take).flatten() {
            old.clear();
        }
        if text.is_empty() {
            found.clear();
            return;
        }
        let search = move || found.start(page, text);
        waiting.set_value(set_timeout_with_handle(search, PAUSE).ok());
    });
    let on_input = move |event: ev::Event| {
        let text = event_target_value(&event);
        let any = !text.trim().is_empty();
        page.searching.set(any);
        page.search.set(text);
        // A narrow page has room for one panel: the one that shows the hits.
        if any && page.narrow.get_untracked() {
            page.pane.set(Pane::Steps);
        }
    };
    let clear = move || {
        page.search.set(String::new());
        page.searching.set(false);
    };
    let on_key = move |event: ev::KeyboardEvent| {
        let plain = !event.ctrl_key() && !event.alt_key() && !event.meta_key();
        match event.key().as_str() {
            "Enter" if plain => {
                page.searching.set(!page.search.with_untracked(|s| s.trim().is_empty()));
                found.walk(page, event.shift_key());
            }
            "Escape" => {
                clear();
                if let Some(input) = input.get_untracked() {
                    let _ = input.blur();
                }
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let on_focus = move |_| {
        if page.search.with_untracked(|s| !s.trim().is_empty()) {
            page.searching.set(true);
        }
    };
    let says = Memo::new(move |_| said(found.progress.get(), found.hits.with(Vec::len), found.current.get()));
    let any = Memo::new(move |_| found.hits.with(|h| !h.is_empty()));
    let empty = Memo::new(move |_| page.search.with(String::is_empty));
    view! {
        <div class="search-field" role="search" class:live=move || !empty.get()>
            {icon(Icon::Search)}
            <input
                id="search"
                type="text"
                role="searchbox"
                placeholder="Search names and values"
                aria-label="Search names and values"
                aria-describedby="search-says"
                autocomplete="off"
                spellcheck="false"
                node_ref=input
                prop:value=move || page.search.get()
                on:input=on_input
                on:keydown=on_key
                on:focus=on_focus
            />
            <span id="search-says" class="search-says" role="status">{move || says.get()}</span>
            <Show when=move || any.get()>
                <button type="button" class="bare" aria-label="Previous hit" title="Previous hit (Shift+Enter)" on:click=move |_| _ = found.walk(page, true)>
                    {icon(Icon::ArrowUp)}
                </button>
                <button type="button" class="bare" aria-label="Next hit" title="Next hit (Enter)" on:click=move |_| _ = found.walk(page, false)>
                    {icon(Icon::ArrowDown)}
                </button>
            </Show>
            <Show when=move || !empty.get() fallback=|| view! { <kbd aria-hidden="true">"/"</kbd> }>
                <button type="button" class="bare" aria-label="Clear the search" title="Clear (Esc)" on:click=move |_| clear()>
                    {icon(Icon::Close)}
                </button>
            </Show>
        </div>
    }
}

/// What stands beside the word: how many, which one, and whether that is all.
fn said(progress: Progress, hits: usize, current: Option<usize>) -> String {
    let number = count(hits as u64);
    let which = current.map(|c| format!("hit {} of {number}", count(c as u64 + 1)));
    match progress {
        Progress::Idle => String::new(),
        Progress::Searching(_) if hits == 0 => "searching…".to_owned(),
        Progress::Searching(_) => format!("{} so far", which.unwrap_or_else(|| hit_count(hits))),
        Progress::Done if hits == 0 => "no hits".to_owned(),
        Progress::Done => which.unwrap_or_else(|| hit_count(hits)),
        Progress::Stopped => which.unwrap_or_else(|| format!("first {} hits", count(MOST as u64))),
        Progress::Failed => "the search stopped".to_owned(),
    }
}

fn hit_count(hits: usize) -> String {
    crate::widgets::format::things(hits as u64, "hit")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_that_may_grow_says_so() {
        assert_eq!(said(Progress::Searching(0.2), 0, None), "searching…");
        assert_eq!(said(Progress::Searching(0.2), 37, None), "37 hits so far");
        assert_eq!(said(Progress::Searching(0.2), 37, Some(1)), "hit 2 of 37 so far");
        assert_eq!(said(Progress::Done, 37, Some(1)), "hit 2 of 37");
        assert_eq!(said(Progress::Done, 1, None), "1 hit");
        assert_eq!(said(Progress::Done, 0, None), "no hits");
        assert_eq!(said(Progress::Idle, 0, None), "");
    }
}
