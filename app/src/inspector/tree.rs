//! A JSON value as a tree, of which only the rows in sight are asked for.
//!
//! Opening and closing happens in the engine; a row here is one row of its answer. Keys are those of the browsers'
//! own tools: right opens and goes in, left closes and goes out.

use super::opened::text_of;
use super::row::{ValueRowView, can_open, can_read, closes};
use crate::state::Page;
use crate::widgets::copy::to_clipboard;
use crate::widgets::list::{ListRole, ListState, RowAria, VirtualList};
use crate::widgets::scroll::Align;
use crate::widgets::windows::{Window, Windows};
use chaindebug_core::protocol::{Answer, Request, ValueInfo, ValueRow};
use leptos::{ev, html, prelude::*};

/// Height of a row in pixels; the style sheet's line height is the same.
pub(super) const ROW: f64 = 20.0;

/// What can be done with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// Open or close it, with everything below it when `deep`.
    Toggle { deep: bool },
    /// Read its string as the JSON it holds, or back.
    Decode,
    /// Open its text for reading.
    Read,
}

/// The tree of an opened value.
#[component]
pub(super) fn ValueTree(
    /// Handle and number of rows to begin with.
    info: ValueInfo,
    /// What it is called for a screen reader.
    #[prop(into)]
    label: Signal<String>,
    /// What scrolls.
    scroller: NodeRef<html::Div>,
    /// Pixels covered at the top of what scrolls.
    sticky: f64,
    /// Told the row that keys start from, for the path above the tree.
    focused: RwSignal<Option<ValueRow>>,
    /// Told which node's text to open for reading.
    read: Callback<ValueRow>,
    /// Told what the engine says of the value after a change.
    noted: Callback<ValueInfo>,
    /// A JSON path to go to.
    goto: Signal<Option<String>>,
) -> impl IntoView {
    let page = Page::get();
    let value = info.value;
    let windows = Windows::new(info.rows, move |from, count| async move {
        match page.ask(Request::ValueRows { value, from, count }).await {
            Ok(Answer::ValueRows(rows)) => Some(Window { total: rows.total, rows: rows.nodes }),
            _ => None,
        }
    });
    let state = ListState::new();

    let change = move |request: Request| {
        leptos::task::spawn_local(async move {
            if let Ok(Answer::Value(info)) = page.ask(request).await {
                windows.refresh(Some(info.rows));
                noted.run(info);
            }
        });
    };
    let act = Callback::new(move |(row, what): (ValueRow, Act)| match what {
        Act::Toggle { deep } => change(Request::ValueToggle { value, node: row.node, deep }),
        Act::Decode => change(Request::ValueDecode { value, node: row.node }),
        Act::Read => read.run(row),
    });
    let go_to_path = move |path: String, to_read: bool| {
        leptos::task::spawn_local(async move {
            let Ok(Answer::Row { row }) = page.ask(Request::ValueReveal { value, path }).await else { return };
            // How many rows there are now must be known before the list can scroll to one of them.
            let one = Request::ValueRows { value, from: row, count: 1 };
            let found = match page.ask(one).await {
                Ok(Answer::ValueRows(rows)) => Some((rows.total, rows.nodes.into_iter().next())),
                _ => None,
            };
            windows.refresh(found.as_ref().map(|f| f.0));
            if state.active.try_get_untracked().is_none() {
                return;
            }
            state.go(row, Align::Middle);
            // A hit far inside a long string is not seen in its row.
            if let Some(row) = found.and_then(|f| f.1).filter(|row| to_read && can_read(row)) {
                read.run(row);
            }
        });
    };
    Effect::new(move |_| {
        if let Some(path) = goto.get() {
            go_to_path(path, true);
        }
    });
    // The row under the keys, as it arrives and as it changes.
    Effect::new(move |_| {
        let row = windows.get(state.active.get());
        if row.is_some() && focused.try_get_untracked().is_some_and(|f| f != row) {
            focused.set(row);
        }
    });

    let parent = move |at: u32, row: &ValueRow| {
        let depth = row.depth;
        let above = (0..at).rev().map_while(|i| windows.peek(i).map(|r| (i, r)));
        let mut above = above.skip_while(|(_, r)| r.depth >= depth);
        match above.next() {
            Some((i, _)) => state.go(i, Align::Nearest),
            None => go_to_path(parent_path(&row.path).to_owned(), false),
        }
    };
    let on_key = Callback::new(move |(event, at): (ev::KeyboardEvent, u32)| {
        let Some(row) = windows.peek(at) else {
            return false;
        };
        let command = event.ctrl_key() || event.meta_key();
        match event.key().as_str() {
            "c" if command && !event.shift_key() && !event.alt_key() && nothing_selected() => {
                leptos::task::spawn_local(async move {
                    if let Some(text) = text_of(page, value, Some(row.node)).await {
                        to_clipboard(&text).await;
                    }
                });
                true
            }
            _ if command || event.alt_key() => false,
            "ArrowRight" if can_open(&row) && !row.open => {
                act.run((row, Act::Toggle { deep: false }));
                true
            }
            "ArrowRight" if can_open(&row) && !closes(&row) => {
                state.go(at.saturating_add(1), Align::Nearest);
                true
            }
            "ArrowRight" if row.kind == "string" && row.json => {
                act.run((row, Act::Decode));
                true
            }
            "ArrowLeft" if can_open(&row) && row.open && !closes(&row) => {
                act.run((row, Act::Toggle { deep: false }));
                true
            }
            "ArrowLeft" => {
                parent(at, &row);
                true
            }
            "*" if can_open(&row) => {
                act.run((row, Act::Toggle { deep: true }));
                true
            }
            _ => false,
        }
    });
    let on_open = Callback::new(move |at: u32| {
        let Some(row) = windows.peek(at) else { return };
        if can_open(&row) {
            act.run((row, Act::Toggle { deep: false }));
        } else if can_read(&row) {
            act.run((row, Act::Read));
        }
    });
    let aria = Callback::new(move |at: u32| {
        let row = windows.get(at);
        RowAria {
            level: Some(row.as_ref().map_or(1, |r| r.depth.saturating_add(1))),
            expanded: row.filter(|r| can_open(r) && !closes(r)).map(|r| r.open),
            current: false,
        }
    });
    let row = Callback::new(move |at: u32| {
        let row = Memo::new(move |_| windows.get(at));
        view! { <ValueRowView row=row act=act /> }.into_any()
    });
    let sight = Callback::new(move |(from, to)| windows.sight(from, to));
    view! {
        <VirtualList
            label=label
            role=ListRole::Tree
            total=windows.total()
            row_height=ROW
            row=row
            sight=sight
            state=state
            aria=aria
            on_key=on_key
            on_open=on_open
            scroller=scroller
            sticky=sticky
            class="json"
        />
    }
}

/// Whether the reader has marked no text, so that Ctrl+C can mean the row.
fn nothing_selected() -> bool {
    let selection = web_sys::window().and_then(|w| w.get_selection().ok().flatten());
    selection.is_none_or(|s| s.is_collapsed())
}

/// The path without its last segment: `$.a[3].b` → `$.a[3]`, `$.a[3]` → `$.a`, `$["x.y"]` → `$`.
pub(super) fn parent_path(path: &str) -> &str {
    path.get(..split_path(path)).filter(|p| !p.is_empty()).unwrap_or("$")
}

/// Where the last segment of a path begins.
pub(super) fn split_path(path: &str) -> usize {
    if path.ends_with("\"]") {
        return path.rfind("[\"").unwrap_or(0);
    }
    if path.ends_with("']") {
        return path.rfind("['").unwrap_or(0);
    }
    path.rfind(['.', '[']).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_out_of_a_path() {
        assert_eq!(parent_path("$.messages[3].content"), "$.messages[3]");
        assert_eq!(parent_path("$.messages[3]"), "$.messages");
        assert_eq!(parent_path("$[\"a.b\"]"), "$");
        assert_eq!(parent_path("$.a"), "$");
        assert_eq!(parent_path("$"), "$");
        assert_eq!(split_path("$"), 0);
    }
}
