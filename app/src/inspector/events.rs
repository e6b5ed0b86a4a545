//! The events of a step: when each happened, what it says, and its attributes as a value to open.

use super::shape::Choices;
use super::value::{Spot, ValuePane};
use crate::state::Page;
use crate::widgets::format::{offset, things};
use crate::widgets::icons::{Icon, icon};
use chaindebug_core::protocol::{StepEvent, StepView};
use leptos::{html, prelude::*};

/// Events shown before a click shows the others.
const FIRST: usize = 200;

/// The list of events.
#[component]
pub(super) fn Events(
    /// The step.
    step: StepView,
    /// What scrolls.
    scroller: NodeRef<html::Div>,
    /// Shapes chosen so far.
    choices: Choices,
) -> impl IntoView {
    let all = RwSignal::new(false);
    let total = step.events.len();
    let start = step.start;
    let of = step.name.clone();
    let events = StoredValue::new(step.events);
    let of = StoredValue::new(of);
    let shown = move || {
        let count = if all.get() { total } else { total.min(FIRST) };
        let one = |event: StepEvent| {
            let into = event.time.zip(start).map(|(t, s)| t.since(s));
            view! { <EventView event=event into=into of=of scroller=scroller choices=choices /> }
        };
        events.with_value(|e| e.iter().take(count).cloned().map(one).collect_view())
    };
    let more = move || {
        (total > FIRST && !all.get()).then(|| {
            let label = format!("show {} more", total - FIRST);
            view! { <button type="button" class="link" on:click=move |_| all.set(true)>{label}</button> }
        })
    };
    view! { <ol class="events">{shown}</ol> {more} }
}

#[component]
fn EventView(
    event: StepEvent,
    into: Option<chaindebug_core::model::Nanos>,
    of: StoredValue<String>,
    scroller: NodeRef<html::Div>,
    choices: Choices,
) -> impl IntoView {
    let page = Page::get();
    // A hit within this event opens it.
    let part = event.part.clone();
    let found = Memo::new(move |_| page.reveal.get().filter(|place| place.part == part));
    let open = RwSignal::new(found.get_untracked().is_some());
    let spot = Signal::derive(move || found.get().map(|h| Spot { path: h.path, line: h.line }));
    let time = match event.time {
        Some(time) => offset(time),
        None => "no time".to_owned(),
    };
    let title = into.map(|i| format!("{} into the step", offset(i).trim_start_matches('+').to_owned()));
    let can = event.attributes > 0;
    let part = event.part.clone();
    let part = Signal::derive(move || Some(part.clone()));
    let of = Signal::derive(move || of.get_value());
    let brief = (!event.brief.is_empty()).then(|| view! { <p class="event-brief">{event.brief.clone()}</p> });
    let line = view! {
        <span class="event-time" title=title>{time}</span>
        <b class="event-name">{event.name.clone()}</b>
    };
    let head = if can {
        view! {
            <button
                type="button"
                class="event-head"
                aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|o| *o = !*o)
            >
                <span class="twist" class:open=open>{icon(Icon::Chevron)}</span>
                {line}
                <span class="chip">{things(u64::from(event.attributes), "attribute")}</span>
            </button>
        }
        .into_any()
    } else {
        view! { <div class="event-head"><span class="twist"></span>{line}</div> }.into_any()
    };
    view! {
        <li class="event">
            {head}
            {brief}
            <Show when=move || open.get()>
                <ValuePane part=part label="Event" of=of scroller=scroller choices=choices spot=spot />
            </Show>
        </li>
    }
}
