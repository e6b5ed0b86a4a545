//! A value as text with line numbers: wrapped and a page at a time, or unwrapped and of any length.
//!
//! Unwrapped lines have one height, so a list of a million of them costs nothing. Wrapped ones do not; they are shown
//! in pages of [`PAGE`] lines, and which page is always said.

use crate::state::Page;
use crate::widgets::format::{bytes, count};
use crate::widgets::icons::{Icon, icon};
use crate::widgets::list::{ListRole, ListState, VirtualList};
use crate::widgets::scroll::Align;
use crate::widgets::windows::{Window, Windows};
use chaindebug_core::protocol::{Answer, Request, TextLine, ValueInfo};
use leptos::{html, prelude::*};

/// Height of an unwrapped line in pixels; the style sheet's line height is the same.
const ROW: f64 = 18.0;

/// Wrapped lines shown at once.
const PAGE: u32 = 500;

/// Lines of an opened text.
#[component]
pub(crate) fn Lines(
    /// Handle and number of lines.
    info: ValueInfo,
    /// What it is called for a screen reader.
    #[prop(into)]
    label: Signal<String>,
    /// Whether long lines wrap.
    #[prop(into)]
    wrap: Signal<bool>,
    /// What scrolls, when it is not the list itself.
    #[prop(optional)]
    scroller: Option<NodeRef<html::Div>>,
    /// Pixels covered at the top of what scrolls.
    #[prop(optional)]
    sticky: f64,
    /// A line to go to, from 1.
    #[prop(optional, into)]
    goto: Option<Signal<Option<u64>>>,
) -> impl IntoView {
    let page = Page::get();
    let value = info.value;
    let total = info.rows;
    // Wide enough for the largest number, so that the texts line up.
    let gutter = format!("{}ch", count(u64::from(total)).len().max(2) + 2);
    let goto = Signal::derive(move || goto.and_then(|g| g.get()));
    move || {
        let gutter = gutter.clone();
        if wrap.get() {
            view! { <Wrapped page=page value=value total=total gutter=gutter label=label goto=goto /> }.into_any()
        } else {
            view! {
                <Straight
                    page=page
                    value=value
                    total=total
                    gutter=gutter
                    label=label
                    goto=goto
                    scroller=scroller
                    sticky=sticky
                />
            }
            .into_any()
        }
    }
}

async fn ask(page: Page, value: u32, from: u32, count: u32) -> Option<Window<TextLine>> {
    match page.ask(Request::ValueRows { value, from, count }).await {
        Ok(Answer::ValueRows(rows)) => Some(Window { total: rows.total, rows: rows.lines }),
        _ => None,
    }
}

fn line_view(line: TextLine, marked: bool) -> impl IntoView {
    let cut = (line.cut > 0).then(|| {
        view! { <span class="chip">{format!("{} more on this line: copy or download shows it", bytes(line.cut))}</span> }
    });
    view! {
        <span class="l-number" aria-hidden="true">{count(u64::from(line.number))}</span>
        <span class="l-text" class:marked=marked>{line.text}{cut}</span>
    }
}

#[component]
fn Straight(
    page: Page,
    value: u32,
    total: u32,
    gutter: String,
    label: Signal<String>,
    goto: Signal<Option<u64>>,
    scroller: Option<NodeRef<html::Div>>,
    sticky: f64,
) -> impl IntoView {
    let windows = Windows::new(total, move |from, count| ask(page, value, from, count));
    let state = ListState::new();
    Effect::new(move |_| {
        if let Some(line) = goto.get() {
            state.go(u32::try_from(line.saturating_sub(1)).unwrap_or(u32::MAX), Align::Middle);
        }
    });
    let row = Callback::new(move |at: u32| {
        let line = Memo::new(move |_| windows.get(at));
        let marked = move || goto.get() == Some(u64::from(at) + 1);
        view! {
            <div class="l-row">{move || line.get().map(|line| line_view(line, marked()))}</div>
        }
        .into_any()
    });
    let sight = Callback::new(move |(from, to)| windows.sight(from, to));
    // Without a scroller of its own, the list is as high as its lines up to what a panel can spare.
    let height = scroller.is_none().then(|| format!("min({}px, 60vh)", f64::from(total.min(10_000)) * ROW + 16.0));
    let scroller = scroller.unwrap_or_default();
    let own = height.is_some();
    view! {
        <div class="lines straight" style:--gutter=gutter style:height=height class:lines-own=own node_ref=own_ref(own, scroller)>
            <VirtualList
                label=label
                role=ListRole::Lines
                total=windows.total()
                row_height=ROW
                row=row
                sight=sight
                state=state
                scroller=scroller
                sticky=sticky
            />
        </div>
    }
}

/// The reference to give to the element that scrolls when it is this view's own.
fn own_ref(own: bool, scroller: NodeRef<html::Div>) -> NodeRef<html::Div> {
    if own { scroller } else { NodeRef::new() }
}

#[component]
fn Wrapped(
    page: Page,
    value: u32,
    total: u32,
    gutter: String,
    label: Signal<String>,
    goto: Signal<Option<u64>>,
) -> impl IntoView {
    let pages = total.div_ceil(PAGE).max(1);
    let lines = RwSignal::new(Vec::<TextLine>::new());
    // A page chosen by hand counts until there is another line to go to.
    let chosen = RwSignal::new((None::<u64>, 0u32));
    let wanted = Memo::new(move |_| {
        let goto = goto.get();
        let (when, page) = chosen.get();
        let page = match goto {
            Some(line) if when != goto => u32::try_from(line.saturating_sub(1)).unwrap_or(u32::MAX) / PAGE,
            _ => page,
        };
        page.min(pages - 1)
    });
    Effect::new(move |_| {
        let at = wanted.get();
        leptos::task::spawn_local(async move {
            let got = ask(page, value, at * PAGE, PAGE).await;
            if wanted.try_get_untracked() == Some(at)
                && let Some(window) = got
            {
                let _ = lines.try_set(window.rows);
            }
        });
    });
    let to = move |at: u32| chosen.set((goto.get_untracked(), at));
    let bar = move || {
        (pages > 1).then(|| {
            let from = move || wanted.get() * PAGE + 1;
            let until = move || (wanted.get() + 1).saturating_mul(PAGE).min(total);
            view! {
                <div class="pager">
                    <span>
                        {move || {
                            format!(
                                "lines {}–{} of {}",
                                count(u64::from(from())),
                                count(u64::from(until())),
                                count(u64::from(total)),
                            )
                        }}
                    </span>
                    <button
                        type="button"
                        class="small"
                        disabled=move || wanted.get() == 0
                        on:click=move |_| to(wanted.get_untracked().saturating_sub(1))
                    >
                        {icon(Icon::ArrowUp)}
                        "Earlier"
                    </button>
                    <button
                        type="button"
                        class="small"
                        disabled=move || wanted.get() + 1 >= pages
                        on:click=move |_| to((wanted.get_untracked() + 1).min(pages - 1))
                    >
                        {icon(Icon::ArrowDown)}
                        "Later"
                    </button>
                </div>
            }
        })
    };
    view! {
        {bar}
        <div class="lines wrapped" style:--gutter=gutter role="group" aria-label=move || label.get()>
            {move || {
                let marked = goto.get();
                let row = |line: TextLine| {
                    let mark = marked == Some(u64::from(line.number));
                    let node = NodeRef::<html::Div>::new();
                    if mark {
                        Effect::new(move |_| {
                            if let Some(element) = node.get() {
                                element.scroll_into_view_with_bool(true);
                            }
                        });
                    }
                    view! { <div class="l-row" node_ref=node>{line_view(line, mark)}</div> }
                };
                lines.get().into_iter().map(row).collect_view()
            }}
        </div>
        {bar}
    }
}
