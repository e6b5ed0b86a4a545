//! A list of any length of which only the rows in sight exist: for trees, tables, text lines and hits.
//!
//! The list owns scrolling, the active row and the keys that move it, and the ARIA of the whole. What a row looks
//! like, what it means to open it, and what the other keys do is the caller's. Rows have one fixed height.
//!
//! Focus stays on the list itself; the active row is named by `aria-activedescendant`, because a row that scrolls
//! away stops existing and would take the focus with it.

use super::observe::on_resize;
use super::scroll::{Align, Geometry};
use gloo::events::EventListener;
use leptos::{ev, html, prelude::*};
use std::sync::atomic::{AtomicU32, Ordering};
use wasm_bindgen::JsCast as _;

/// Rows kept beyond each edge of what is in sight, so that a quick scroll shows no blanks.
const OVER: u32 = 8;

/// What the list is to a screen reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListRole {
    /// `tree` of `treeitem`s: level and expanded come from [`RowAria`].
    Tree,
    /// `grid` of `row`s: the caller's row view holds the `gridcell`s, its header a `row` of `columnheader`s.
    Grid,
    /// `listbox` of `option`s.
    Listbox,
    /// `list` of `listitem`s, for reading only: no row is active, the keys scroll.
    Lines,
}

impl ListRole {
    fn list(self) -> &'static str {
        match self {
            ListRole::Tree => "tree",
            ListRole::Grid => "grid",
            ListRole::Listbox => "listbox",
            ListRole::Lines => "list",
        }
    }

    fn row(self) -> &'static str {
        match self {
            ListRole::Tree => "treeitem",
            ListRole::Grid => "row",
            ListRole::Listbox => "option",
            ListRole::Lines => "listitem",
        }
    }
}

/// What a screen reader is told about one row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct RowAria {
    /// Depth from 1, in trees.
    pub(crate) level: Option<u32>,
    /// Open or closed, for rows that can be opened.
    pub(crate) expanded: Option<bool>,
    /// Whether it is the current one (the cursor's step, the chosen hit): also gets the class `current`.
    pub(crate) current: bool,
}

/// The state of a list that its owner shares: which row is active, and a way to bring a row into sight.
#[derive(Clone, Copy)]
pub(crate) struct ListState {
    /// The row that keys start from.
    pub(crate) active: RwSignal<u32>,
    reveal: RwSignal<Option<(u32, Align)>>,
}

impl ListState {
    /// Row 0 is active.
    pub(crate) fn new() -> Self {
        ListState { active: RwSignal::new(0), reveal: RwSignal::new(None) }
    }

    /// Brings a row into sight, when it is not, without making it active.
    pub(crate) fn reveal(self, row: u32, align: Align) {
        self.reveal.set(Some((row, align)));
    }

    /// Makes a row active and brings it into sight.
    pub(crate) fn go(self, row: u32, align: Align) {
        self.active.set(row);
        self.reveal(row, align);
    }
}

/// How the list stands in its scroller.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct At {
    /// Pixels of the track above what is in sight.
    top: f64,
    /// Pixels of the list above it: the same unless the list is longer than its track.
    list_top: f64,
    /// Height in sight.
    seen: f64,
}

/// The list.
#[component]
pub(crate) fn VirtualList(
    /// What it is called for a screen reader.
    #[prop(into)]
    label: Signal<String>,
    /// What it is.
    role: ListRole,
    /// Rows in all.
    #[prop(into)]
    total: Signal<u32>,
    /// Height of every row in pixels.
    row_height: f64,
    /// What a row looks like. Called when the row comes into sight.
    row: Callback<u32, AnyView>,
    /// Told which rows are in sight (first, and after the last), a little more at both ends.
    #[prop(optional, into)]
    sight: Option<Callback<(u32, u32)>>,
    /// Active row and revealing.
    state: ListState,
    /// What a screen reader is told of a row; read reactively.
    #[prop(optional, into)]
    aria: Option<Callback<u32, RowAria>>,
    /// A key other than the list's own, or before them; true when it was used.
    #[prop(optional, into)]
    on_key: Option<Callback<(ev::KeyboardEvent, u32), bool>>,
    /// Enter, Space or a click on a row.
    #[prop(optional, into)]
    on_open: Option<Callback<u32>>,
    /// The element that scrolls, when it is not the list itself (a list within a longer column).
    #[prop(optional)]
    scroller: Option<NodeRef<html::Div>>,
    /// Pixels at the top of the scroller covered by something that sticks there.
    #[prop(optional)]
    sticky: f64,
    /// Something that stands above the rows within the scroller (a table's header).
    #[prop(optional, into)]
    header: Option<ViewFn>,
    /// Columns, for grids.
    #[prop(optional)]
    columns: Option<u32>,
    /// Class of the list, besides `list`.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let id = next_id();
    let list = NodeRef::<html::Div>::new();
    let track = NodeRef::<html::Div>::new();
    let port = scroller.unwrap_or(list);
    let at = RwSignal::new(At::default());
    let geometry = move |at: At| Geometry { total: total.get(), row: row_height, seen: at.seen };

    // Where the track's top is within what scrolls, and how the scroller stands. An animation frame may come when the
    // list is gone already: then there is nothing to measure.
    let measure = move || {
        let port = port.try_get_untracked().flatten()?;
        let track = track.try_get_untracked().flatten()?;
        let scrolled = f64::from(port.scroll_top());
        let start = track.get_bounding_client_rect().top() - port.get_bounding_client_rect().top() + scrolled;
        Some((start - sticky, scrolled, (f64::from(port.client_height()) - sticky).max(0.0)))
    };
    let update = move || {
        let Some((start, scrolled, seen)) = measure() else {
            return;
        };
        let top = (scrolled - start).max(0.0);
        let (Some(old), Some(total)) = (at.try_get_untracked(), total.try_get_untracked()) else {
            return;
        };
        let geometry = Geometry { total, row: row_height, seen };
        // A scroll that this list made itself keeps its exact place; browsers round what they are told.
        let list_top = if geometry.scaled() && (top - old.top).abs() < 1.5 {
            old.list_top.min((geometry.full() - seen).max(0.0))
        } else {
            geometry.list_top(top)
        };
        let new = At { top, list_top, seen };
        if new != old {
            at.set(new);
        }
    };
    let go_to = move |list_top: f64| {
        let Some((start, _, seen)) = measure() else {
            return;
        };
        let Some(element) = port.get_untracked() else {
            return;
        };
        let geometry = Geometry { total: total.get_untracked(), row: row_height, seen };
        let top = geometry.track_top(list_top);
        at.set(At { top, list_top, seen });
        element.set_scroll_top((start + top).round() as i32);
        if !geometry.scaled() {
            update();
        }
    };

    // The scroller may be somebody else's element, so its events are taken by hand.
    let listening = StoredValue::new_local(Vec::<EventListener>::new());
    Effect::new(move |_| {
        let Some(element) = port.get() else { return };
        let scroll = EventListener::new(&element, "scroll", move |_| update());
        let options = gloo::events::EventListenerOptions::enable_prevent_default();
        let wheel = EventListener::new_with_options(&element, "wheel", options, move |event| {
            let Some(event) = event.dyn_ref::<web_sys::WheelEvent>() else {
                return;
            };
            let Some(now) = at.try_get_untracked() else {
                return;
            };
            let geometry = Geometry { total: total.get_untracked(), row: row_height, seen: now.seen };
            // On a shortened track a wheel's notch would jump over thousands of rows.
            if geometry.scaled() && !event.ctrl_key() && !event.shift_key() {
                event.prevent_default();
                let lines = if event.delta_mode() == web_sys::WheelEvent::DOM_DELTA_LINE { row_height } else { 1.0 };
                let limit = (geometry.full() - now.seen).max(0.0);
                go_to((now.list_top + event.delta_y() * lines).clamp(0.0, limit));
            }
        });
        let _ = listening.try_update_value(|l| *l = vec![scroll, wheel]);
    });
    on_cleanup(move || {
        let _ = listening.try_update_value(Vec::clear);
    });
    on_resize(port, move |_, _| update());
    // Rows that appear or vanish can shorten the track under the scroller.
    Effect::new(move |_| {
        total.track();
        request_animation_frame(update);
    });

    let range = Memo::new(move |_| {
        let at = at.get();
        geometry(at).range(at.list_top, OVER)
    });
    if let Some(sight) = sight {
        Effect::new(move |_| {
            let (from, to) = range.get();
            sight.run((from, to));
        });
    }
    Effect::new(move |_| {
        let Some((row, align)) = state.reveal.get() else {
            return;
        };
        // After the rows that the same event adds have made the track as long as it will be.
        request_animation_frame(move || {
            let Some((start, scrolled, seen)) = measure() else {
                return;
            };
            let (Some(_), Some(total)) = (at.try_get_untracked(), total.try_get_untracked()) else {
                return;
            };
            update();
            let geometry = Geometry { total, row: row_height, seen };
            // Above the list's first row: as a negative top, so that revealing row 0 shows what stands above it too.
            let now = if geometry.scaled() { at.get_untracked().list_top } else { scrolled - start };
            if let Some(list_top) = geometry.reveal(row, now, align) {
                go_to(list_top);
            }
        });
    });

    let on_keydown = move |event: ev::KeyboardEvent| {
        let last = total.get_untracked().saturating_sub(1);
        let now = state.active.get_untracked().min(last);
        let on_list = event.target().as_ref() == list.get_untracked().map(web_sys::EventTarget::from).as_ref();
        if on_key.is_some_and(|on_key| on_key.run((event.clone(), now))) {
            event.prevent_default();
            event.stop_propagation();
            return;
        }
        if role == ListRole::Lines || event.ctrl_key() || event.alt_key() || event.meta_key() || event.shift_key() {
            return;
        }
        let at = at.get_untracked();
        let page = Geometry { total: last + 1, row: row_height, seen: at.seen }.page();
        let to = match event.key().as_str() {
            "ArrowDown" => now.saturating_add(1).min(last),
            "ArrowUp" => now.saturating_sub(1),
            "PageDown" => now.saturating_add(page).min(last),
            "PageUp" => now.saturating_sub(page),
            "Home" => 0,
            "End" => last,
            "Enter" | " " if on_list && on_open.is_some() => {
                event.prevent_default();
                event.stop_propagation();
                if let Some(open) = on_open {
                    open.run(now);
                }
                return;
            }
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        state.go(to, Align::Nearest);
    };

    let track_height = move || format!("{}px", geometry(at.get()).track());
    let active_id = move || {
        let (from, to) = range.get();
        let active = state.active.get();
        (role != ListRole::Lines && (from..to).contains(&active)).then(|| format!("w{id}-{active}"))
    };
    let rows = move || {
        let (from, to) = range.get();
        from..to
    };
    let one = move |index: u32| {
        let facts = Memo::new(move |_| aria.map(|a| a.run(index)).unwrap_or_default());
        let place = move || {
            let at = at.get();
            format!("translateY({}px)", geometry(at).place(index, at.top, at.list_top))
        };
        let position = (role != ListRole::Grid).then(|| (index + 1).to_string());
        let selected = move || {
            let current = facts.get().current;
            let always = matches!(role, ListRole::Tree | ListRole::Listbox);
            (always || (current && role == ListRole::Grid)).then(|| current.to_string())
        };
        let size = move || (role != ListRole::Grid).then(|| total.get().to_string());
        view! {
            <div
                class="list-row"
                class:active=move || role != ListRole::Lines && state.active.get() == index
                class:current=move || facts.get().current
                id=format!("w{id}-{index}")
                role=role.row()
                attr:aria-level=move || facts.get().level
                aria-expanded=move || facts.get().expanded.map(|e| e.to_string())
                aria-selected=selected
                aria-posinset=position
                aria-setsize=size
                aria-rowindex=(role == ListRole::Grid).then_some(index + 2)
                style:height=format!("{row_height}px")
                style:transform=place
                on:click=move |event| {
                    state.active.set(index);
                    if let Some(open) = on_open && !event.default_prevented() {
                        open.run(index);
                    }
                }
            >
                {row.run(index)}
            </div>
        }
    };
    view! {
        <div
            class=format!("list {class}")
            class:list-inside=scroller.is_some()
            node_ref=list
            tabindex="0"
            role=role.list()
            aria-label=move || label.get()
            aria-activedescendant=active_id
            aria-rowcount=move || (role == ListRole::Grid).then(|| total.get() + 1)
            aria-colcount=columns
            on:keydown=on_keydown
        >
            {header.map(|h| h.run())}
            <div
                class="list-track"
                role=if role == ListRole::Grid { "rowgroup" } else { "presentation" }
                node_ref=track
                style:height=track_height
            >
                <For each=rows key=|index| *index children=one />
            </div>
        </div>
    }
}

/// Numbers for element ids that must differ all over the page.
pub(crate) fn next_id() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}
