//! The list of hits, grouped by the value they are in.

use super::found::{MOST, Progress};
use super::groups::{HitRow, path_end, rows, steps};
use crate::state::Page;
use crate::widgets::format::{count, things};
use crate::widgets::icons::{Icon, icon};
use crate::widgets::list::{ListRole, ListState, RowAria, VirtualList};
use crate::widgets::scroll::Align;
use chaindebug_core::protocol::Hit;
use leptos::prelude::*;

/// Height of a row in pixels: two lines.
const ROW: f64 = 44.0;

/// The list of hits: shown in place of the steps tree while `Page::searching` is true.
#[component]
pub(crate) fn SearchPanel() -> impl IntoView {
    let page = Page::get();
    let found = page.found;
    let list = Memo::new(move |_| found.hits.with(|hits| rows(hits)));
    let total = Signal::derive(move || u32::try_from(list.with(Vec::len)).unwrap_or(u32::MAX));
    let state = ListState::new();
    let row_at = move |at: u32| list.with(|l| l.get(at as usize).cloned());
    // Walking with Enter in the field moves the mark here too; it is brought into sight because that was asked for.
    Effect::new(move |_| {
        let Some(current) = found.current.get() else { return };
        let at = list.with_untracked(|l| l.iter().position(|row| *row == HitRow::Hit(current)));
        if let Some(at) = at {
            state.go(u32::try_from(at).unwrap_or(u32::MAX), Align::Middle);
        }
    });
    let open = Callback::new(move |at: u32| match untrack(|| row_at(at)) {
        Some(HitRow::Hit(hit) | HitRow::Heading { first: hit, .. }) => found.go(page, hit),
        None => {}
    });
    let aria = Callback::new(move |at: u32| {
        let current = found.current.get();
        let is = matches!(row_at(at), Some(HitRow::Hit(hit)) if Some(hit) == current);
        RowAria { current: is, ..RowAria::default() }
    });
    let row = Callback::new(move |at: u32| {
        let row = Memo::new(move |_| row_at(at));
        let draw = move || {
            let row = row.get()?;
            found.hits.with_untracked(|hits| match row {
                HitRow::Heading { first, count } => hits.get(first).map(|hit| heading(hit, count)),
                HitRow::Hit(at) => hits.get(at).map(hit_view),
            })
        };
        draw.into_any()
    });
    let summary = move || {
        let hits = found.hits.with(|hits| (hits.len(), steps(hits)));
        let in_steps = format!("{} in {}", things(hits.0 as u64, "hit"), things(hits.1 as u64, "step"));
        match found.progress.get() {
            Progress::Idle => String::new(),
            Progress::Searching(_) => format!("{in_steps} so far"),
            Progress::Done | Progress::Failed => in_steps,
            Progress::Stopped => format!("first {} hits", count(MOST as u64)),
        }
    };
    let share = move || match found.progress.get() {
        Progress::Searching(share) => Some(f64::from(share.clamp(0.0, 1.0)) * 100.0),
        _ => None,
    };
    let nothing = move || match (found.progress.get(), found.hits.with(Vec::is_empty)) {
        (Progress::Done, true) => Some(
            "Nothing found. Names, inputs, outputs, attributes, events and errors were searched; capital letters count when the search has one.",
        ),
        (Progress::Failed, _) => Some("The search stopped: the engine could not go on. Search again to retry."),
        (Progress::Idle, _) => Some("Write in the field above to search names and values."),
        _ => None,
    };
    view! {
        <div class="hits">
            <div class="hits-head">
                <b>"Search"</b>
                <span class="chip">{summary}</span>
                <button type="button" class="bare" aria-label="Back to the steps" title="Back to the steps" on:click=move |_| page.searching.set(false)>
                    {icon(Icon::Close)}
                </button>
            </div>
            {move || share().map(|share| {
                view! { <div class="hits-share" aria-hidden="true"><span style:width=format!("{share:.1}%")></span></div> }
            })}
            {move || nothing().map(|text| view! { <p class="nothing">{text}</p> })}
            <div class="hits-list">
                <VirtualList
                    label="Hits"
                    role=ListRole::Listbox
                    total=total
                    row_height=ROW
                    row=row
                    state=state
                    aria=aria
                    on_open=open
                />
            </div>
        </div>
    }
}

fn heading(hit: &Hit, number: usize) -> AnyView {
    view! {
        <div class="hit-heading">
            <b>{hit.name.clone()}</b>
            <span class="hit-where">{hit.where_.clone()}</span>
            <span class="chip">{count(number as u64)}</span>
        </div>
    }
    .into_any()
}

fn hit_view(hit: &Hit) -> AnyView {
    let path = path_end(&hit.path, 34);
    let line = (hit.line > 0 && hit.path.is_empty() || hit.line > 1).then(|| format!("line {}", count(hit.line)));
    // One line of a list: what the text breaks over lines is shown in one.
    let flat = |text: &str| text.replace(['\n', '\r', '\t'], " ");
    // A space at the end of a line that runs from right to left is not drawn.
    let before = flat(&hit.before);
    let before = before.strip_suffix(' ').map(|b| format!("{b}\u{a0}")).unwrap_or(before);
    view! {
        <div class="hit">
            <div class="hit-path"><span title=hit.path.clone()>{path}</span><span>{line}</span></div>
            <div class="hit-text">
                <span class="hit-before"><bdi>{before}</bdi></span>
                <mark>{flat(&hit.found)}</mark>
                <span class="hit-after">{flat(&hit.after)}</span>
            </div>
        </div>
    }
    .into_any()
}
