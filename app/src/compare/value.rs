//! Two values laid on each other, row by row: side by side, or both in one line. A short one wraps and is in the page
//! whole; of a long one only the rows in sight are.

use super::marks::word;
use super::spans::{inline, spans};
use crate::state::Page;
use crate::text::{count, grouped};
use crate::widgets::icons::{Icon, icon};
use crate::widgets::list::{ListRole, ListState, VirtualList};
use crate::widgets::windows::{Window, Windows};
use chaindebug_core::protocol::{Answer, DiffValueRow, Request, Sign, Span};
use leptos::{html, prelude::*, task::spawn_local};

/// So many rows are in the page whole.
const WHOLE: u32 = 256;
/// Height of a row of a longer one.
const ROW: f64 = 22.0;
/// Depth from which on rows are not indented further.
const DEEPEST: u32 = 10;

/// What belongs to all rows of one value.
#[derive(Clone, Copy)]
struct Rows {
    page: Page,
    value: u32,
    windows: Windows<DiffValueRow>,
    total: Signal<u32>,
}

/// The rows of a value.
#[component]
pub(super) fn ValueDiff(
    /// Handle of the engine's.
    value: u32,
    /// Number of rows, as last heard.
    rows: u32,
    /// What it is called.
    title: String,
    /// What scrolls.
    scroller: NodeRef<html::Div>,
) -> impl IntoView {
    let page = Page::get();
    let comparing = page.comparing;
    let windows = Windows::<DiffValueRow>::new(rows, move |from, count| async move {
        let pair = comparing.pair.get_untracked()?;
        match page.ask_of(pair.group, Request::DiffValueRows { value, from, count }).await {
            Ok(Answer::DiffValueRows(rows)) => Some(Window { total: rows.total, rows: rows.rows }),
            _ => None,
        }
    });
    let rows = Rows { page, value, windows, total: windows.total() };
    let long = Memo::new(move |_| rows.total.get() > WHOLE);
    let label = format!("{title} of A and of B");
    let body = move || {
        let label = label.clone();
        if long.get() {
            let row = Callback::new(move |at: u32| view! { <Row rows at/> }.into_any());
            return view! {
                <VirtualList
                    label=label
                    role=ListRole::Lines
                    total=rows.total
                    row_height=ROW
                    row=row
                    sight=Callback::new(move |(from, to)| windows.sight(from, to))
                    state=ListState::new()
                    scroller=scroller
                    class="value-diff-list"
                />
            }
            .into_any();
        }
        windows.sight(0, rows.total.get());
        view! {
            <ul class="value-diff-rows" aria-label=label>
                <For each=move || 0..rows.total.get() key=|at| *at let:at>
                    <li><Row rows at/></li>
                </For>
            </ul>
        }
        .into_any()
    };
    view! { <div class="value-diff" class:inline=comparing.inline class:long=move || long.get()>{body}</div> }
}

/// One row; empty while it is on its way.
#[component]
fn Row(rows: Rows, at: u32) -> impl IntoView {
    move || {
        let row = rows.windows.get(at)?;
        let both = rows.page.comparing.inline.get();
        // A text of one line needs no number.
        // What is open is below it; the value itself has no name either, and then there is nothing to show.
        let opened = row.open && row.children > 0;
        let inner = if at == 0 { None } else { rows.windows.get(0) };
        let wrapped =
            |row: &DiffValueRow| row.open && row.depth == 0 && row.label_a.is_empty() && row.label_b.is_empty();
        if opened && at == 0 && wrapped(&row) {
            return None;
        }
        let depth = row.depth.saturating_sub(u32::from(inner.as_ref().is_some_and(wrapped)));
        let bare = rows.total.get() == 1 && matches!(row.path.as_str(), "" | "$");
        let indent = format!("{}px", depth.min(DEEPEST) * 14);
        let label = |text: &str| {
            (!bare && !text.is_empty()).then(|| view! { <span class="value-key">{text.to_owned()}</span> })
        };
        let chips = || {
            let noise = row
                .noise
                .then(|| view! { <span class="chip" title="Differs without meaning anything">"ignored"</span> });
            let moved = row.moved.then(|| view! { <span class="chip">"moved"</span> });
            view! { {moved} {noise} }
        };
        let cut = || {
            row.cut.then(|| view! { <span class="quiet" title="Shortened: open the value as it stands to see all of it">" …"</span> })
        };
        let twist = || twisty(rows, &row);
        let fold = (row.folded > 0).then(|| format!("{} more, the same in both", grouped(u64::from(row.folded))));
        let cells = if let Some(words) = fold {
            let node = row.node;
            view! {
                <span class="value-side value-fold" style:padding-left=indent>
                    <button type="button" class="link" aria-expanded=row.open.to_string() on:click=move |_| toggle(rows, node)>{words}</button>
                </span>
            }
            .into_any()
        } else if both {
            let key = if row.label_b.is_empty() { &row.label_a } else { &row.label_b };
            let pieces = if opened { Vec::new() } else { inline(&row.a, &row.b) };
            view! {
                <span class="value-side" style:padding-left=indent>
                    {twist()} {label(key)} <span class="value-text">{spans(&pieces)}{cut()}</span> {chips()}
                </span>
            }
            .into_any()
        } else {
            let side =
                |here: bool, name: &'static str, key: &str, pieces: &[Span], twist: Option<AnyView>, last: bool| {
                    view! {
                        <span class="value-side" class:void=!here style:padding-left=indent.clone()>
                            <span class="spoken">{if here { name } else { "" }}</span>
                            {here.then(|| view! {
                                {twist}
                                {label(key)}
                                {(!opened).then(|| view! { <span class="value-text">{spans(pieces)}{cut()}</span> })}
                                {last.then(chips)}
                            })}
                        </span>
                    }
                };
            view! {
                {side(row.sign != Sign::OnlyB, "A: ", &row.label_a, &row.a, twist(), row.sign == Sign::OnlyA)}
                {side(row.sign != Sign::OnlyA, "B: ", &row.label_b, &row.b, twist(), true)}
            }
            .into_any()
        };
        Some(view! {
            <div class="value-row" data-sign=word(row.sign) class:noise=row.noise class:moved=row.moved>
                {cells}
                {remarks(rows, &row)}
            </div>
        })
    }
}

fn toggle(rows: Rows, node: u32) {
    let value = rows.value;
    let Some(pair) = rows.page.comparing.pair.get_untracked() else { return };
    spawn_local(async move {
        match rows.page.ask_of(pair.group, Request::DiffValueToggle { value, node }).await {
            Ok(Answer::DiffValueRows(now)) => rows.windows.refresh(Some(now.total)),
            Ok(_) => {}
            Err(failure) => rows.page.tell_failure(&failure),
        }
    });
}

fn twisty(rows: Rows, row: &DiffValueRow) -> Option<AnyView> {
    if row.children == 0 {
        return None;
    }
    let (node, open) = (row.node, row.open);
    let key = if row.label_b.is_empty() { &row.label_a } else { &row.label_b };
    let label = format!("{} {key}, {}", if open { "Close" } else { "Open" }, count(u64::from(row.children), "row"));
    Some(
        view! {
            <button type="button" class="twist" class:open=open aria-label=label aria-expanded=open.to_string() on:click=move |_| toggle(rows, node)>
                {icon(Icon::Chevron)}
            </button>
        }
        .into_any(),
    )
}

/// The way to ignore the path of a row.
fn remarks(rows: Rows, row: &DiffValueRow) -> impl IntoView + use<> {
    let page = rows.page;
    let path = row.path.clone();
    let can = row.sign != Sign::Same && !row.noise && row.children == 0 && path.len() > 1;
    let ignore = can.then(|| {
        let title = format!("Ignore {path}: it means nothing where it differs");
        view! {
            <button type="button" class="small value-ignore" aria-label=title.clone() title=title.clone() on:click=move |_| page.add_rule(&path)>
                "ignore"
            </button>
        }
    });
    view! { <span class="value-remarks">{ignore}</span> }
}
