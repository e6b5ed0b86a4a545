//! The steps over time: a waterfall on a canvas, with a strip above it that shows the whole run.
//!
//! Rows are those of the steps tree, asked for in the same windows. A canvas says nothing to a screen reader, so the
//! active row is spoken, and the tree and the table hold the same steps as text.

mod axis;
mod canvas;
mod overview;
mod paint;
mod palette;
mod tip;
mod waterfall;

use crate::engine::Newest;
use crate::state::{Action, Page};
use crate::widgets::format::{duration, things};
use crate::widgets::windows::{Window, Windows};
use axis::Stretch;
use chaindebug_core::model::Nanos;
use chaindebug_core::protocol::{Answer, Overview, Request, StepRow};
use leptos::prelude::*;
use overview::OverviewStrip;
use waterfall::Waterfall;

/// Parts the overview is asked in.
const BUCKETS: u32 = 400;

/// What the parts of the timeline share.
#[derive(Clone, Copy)]
struct Timeline {
    page: Page,
    rows: Windows<StepRow>,
    /// The whole run at a glance; `None` until it is there.
    overview: RwSignal<Option<Overview>>,
    /// No times in the file: the axis counts moments.
    ordered: Memo<bool>,
    /// The stretch shown.
    stretch: RwSignal<Stretch>,
    /// Counts changes of the theme, after which colours are read anew.
    theme: RwSignal<u32>,
}

/// The timeline.
#[component]
pub(crate) fn TimelineView() -> impl IntoView {
    let page = Page::get();
    let rows = Windows::new(0, move |from, count| async move {
        let subject = page.subject.get_untracked()?;
        let request = Request::Rows { run: subject.run()?, from, count };
        match page.ask_of(subject.group, request).await {
            Ok(Answer::Rows(rows)) => Some(Window { total: rows.total, rows: rows.rows }),
            _ => None,
        }
    });
    let overview = RwSignal::new(None::<Overview>);
    let ordered = Memo::new(move |_| overview.with(|o| o.as_ref().is_some_and(|o| o.axis.is_none())));
    let stretch = RwSignal::new(Stretch::whole(1.0));
    let timeline = Timeline { page, rows, overview, ordered, stretch, theme: theme_changes(page) };
    let newest = Newest::new();
    Effect::new(move |_| {
        let subject = page.subject.get();
        rows.restart();
        let turn = newest.begin();
        let Some((group, run)) = subject.and_then(|s| Some((s.group, s.run()?))) else { return };
        leptos::task::spawn_local(async move {
            let answer = page.ask_of(group, Request::Overview { run, buckets: BUCKETS }).await;
            if let (true, Ok(Answer::Overview(got))) = (newest.is(turn), answer) {
                let moments = page.run.with_untracked(|r| r.as_ref().map_or(1, |r| r.moments));
                let full = got.axis.map_or(f64::from(moments.saturating_sub(1)), |axis| axis.0 as f64);
                stretch.set(Stretch::whole(full));
                overview.set(Some(got));
            }
        });
    });
    // Rows opened or closed in the tree are opened or closed here.
    Effect::new(move |before: Option<u32>| {
        let now = page.tree.get();
        if before.is_some_and(|b| b != now) {
            rows.refresh(None);
        }
        now
    });
    page.handle_actions(move |action| {
        let zoom = |factor: f64| stretch.update(|s| *s = s.zoom(factor, 0.5));
        match action {
            Action::ZoomIn => zoom(0.7),
            Action::ZoomOut => zoom(1.0 / 0.7),
            Action::ZoomReset => stretch.update(|s| *s = Stretch::whole(s.full)),
            _ => return false,
        }
        true
    });
    let zoomed = Memo::new(move |_| !stretch.with(|s| s.is_whole()));
    let said = move || {
        let steps = page.run.with(|r| r.as_ref().map_or(0, |r| r.steps));
        let steps = things(u64::from(steps), "step");
        let stretch = stretch.get();
        if ordered.get() {
            return format!("{steps} · no times in this file: shown in the order of the run");
        }
        // A length on screen, not a length of the file: a float is good enough.
        let length = |l: f64| duration(Nanos(l.round().clamp(0.0, 9e18) as i64));
        if stretch.is_whole() {
            format!("{steps} · {}", length(stretch.full))
        } else {
            format!("{steps} · {} of {} shown", length(stretch.length()), length(stretch.full))
        }
    };
    view! {
        <div class="timeline">
            <div class="timeline-bar">
                <span class="timeline-said">{said}</span>
                <span class="timeline-acts">
                    <button type="button" class="small" title="Zoom out (−)" on:click=move |_| stretch.update(|s| *s = s.zoom(1.0 / 0.7, 0.5))>"−"<span class="spoken">"zoom out"</span></button>
                    <button type="button" class="small" title="Zoom in (+)" on:click=move |_| stretch.update(|s| *s = s.zoom(0.7, 0.5))>"+"<span class="spoken">"zoom in"</span></button>
                    <button type="button" class="small" title="Show the whole run (0)" disabled=move || !zoomed.get() on:click=move |_| stretch.update(|s| *s = Stretch::whole(s.full))>"Fit"</button>
                </span>
            </div>
            <OverviewStrip timeline=timeline />
            <Waterfall timeline=timeline />
        </div>
    }
}

/// Counts up whenever the colours may be others: the page's theme or the system's changed.
fn theme_changes(page: Page) -> RwSignal<u32> {
    let changes = RwSignal::new(0);
    let listening = StoredValue::new_local(None::<gloo::events::EventListener>);
    let query = web_sys::window().and_then(|w| w.match_media("(prefers-color-scheme: dark)").ok().flatten());
    if let Some(query) = query {
        let bump = move |_: &web_sys::Event| {
            let _ = changes.try_update(|n| *n += 1);
        };
        listening.set_value(Some(gloo::events::EventListener::new(&query, "change", bump)));
    }
    on_cleanup(move || {
        let _ = listening.try_update_value(Option::take);
    });
    Effect::new(move |_| {
        page.theme.track();
        // The attribute the style sheet looks at is set in the same turn; by the next frame it is there.
        request_animation_frame(move || {
            let _ = changes.try_update(|n| *n += 1);
        });
    });
    changes
}
