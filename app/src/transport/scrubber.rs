//! The run as one line: how much happens where, errors marked, the cursor as a handle that can be dragged.
//!
//! What does not move is drawn on a canvas once for each run and size; the cursor's moves change two elements' styles
//! only.

use crate::engine::Newest;
use crate::state::{Page, Walked};
use crate::widgets::observe::on_resize;
use crate::widgets::slide::{Drag, Slide, place_at, share, slid};
use chaindebug_core::protocol::{Answer, Command, Overview, Request};
use leptos::{ev, html, prelude::*, task::spawn_local};
use wasm_bindgen::JsCast as _;

/// Height of the canvas in CSS pixels, and where the line lies in it.
const HEIGHT: f64 = 34.0;
const LINE: f64 = 22.0;
/// The line ends so far from the edges, that handle and marks have room.
const END: f64 = 7.0;
/// Parts asked for.
const PARTS: u32 = 400;

/// The scrubber.
#[component]
pub(crate) fn Scrubber(
    /// The page.
    page: Page,
) -> impl IntoView {
    let overview = RwSignal::new(None::<Overview>);
    let width = RwSignal::new(0.0_f64);
    let room = NodeRef::<html::Div>::new();
    let canvas = NodeRef::<html::Canvas>::new();
    on_resize(room, move |w, _| {
        if width.try_get_untracked().is_some_and(|old| old != w) {
            width.set(w);
        }
    });
    let newest = Newest::new();
    Effect::new(move |_| {
        let Some(Walked { group, run, .. }) = page.walked.get() else { return };
        let turn = newest.begin();
        spawn_local(async move {
            let answer = page.ask_of(group, Request::Overview { run, buckets: PARTS }).await;
            if newest.is(turn) {
                let _ = overview.try_set(match answer {
                    Ok(Answer::Overview(overview)) => Some(overview),
                    _ => None,
                });
            }
        });
    });
    let moments = Memo::new(move |_| page.cursor.with(|c| c.as_ref().map_or(0, |c| c.moments)));
    Effect::new(move |_| {
        let (width, moments) = (width.get(), moments.get());
        // The colours are the theme's.
        page.theme.track();
        let Some(canvas) = canvas.get() else { return };
        overview.with(|overview| draw(&canvas, width, overview.as_ref(), moments));
    });
    let at = Memo::new(move |_| page.cursor.with(|c| c.as_ref().map_or(0.0, |c| share(c.moment, c.moments))));
    let left = move || format!("{:.2}px", END + at.get() * (width.get() - 2.0 * END).max(0.0));
    let done = move || format!("{:.2}px", at.get() * (width.get() - 2.0 * END).max(0.0));
    let drag = Drag::new();
    let go = move |event: &ev::PointerEvent| {
        let Some(room) = room.get_untracked() else { return };
        let rect = room.get_bounding_client_rect();
        let x = (f64::from(event.client_x()) - rect.left() - END) / (rect.width() - 2.0 * END).max(1.0);
        let moment = place_at(x, moments.get_untracked());
        if page.cursor.with_untracked(|c| c.as_ref().is_some_and(|c| c.moment != moment)) {
            page.command(Command::To { moment });
        }
    };
    let on_keydown = move |event: ev::KeyboardEvent| {
        let Some((moment, moments)) = page.cursor.with_untracked(|c| c.as_ref().map(|c| (c.moment, c.moments))) else {
            return;
        };
        let Some(slide) = slid(&event, moment, moments) else { return };
        let command = match slide {
            Slide::Back => Command::Back,
            Slide::Forward => Command::Forward,
            Slide::First => Command::First,
            Slide::Last => Command::Last,
            Slide::To(moment) => Command::To { moment },
        };
        if event.repeat() {
            page.command_repeated(command);
        } else {
            page.command(command);
        }
    };
    view! {
        <div
            class="scrubber"
            node_ref=room
            role="slider"
            tabindex="0"
            aria-label="Moment"
            aria-valuemin="1"
            aria-valuemax=move || moments.get().max(1)
            aria-valuenow=move || page.cursor.with(|c| c.as_ref().map_or(1, |c| c.moment.saturating_add(1)))
            aria-valuetext=move || page.cursor.with(|c| c.as_ref().map(|c| c.spoken.clone()))
            on:keydown=on_keydown
            on:pointerdown=move |event| {
                if event.button() != 0 {
                    return;
                }
                drag.begin(&event);
                page.playing.set(false);
                go(&event);
            }
            on:pointermove=move |event| {
                if drag.is_on() {
                    go(&event);
                }
            }
            on:pointerup=move |_| drag.end()
            on:pointercancel=move |_| drag.end()
        >
            <span class="track"></span>
            <span class="done" style:width=done></span>
            <canvas node_ref=canvas aria-hidden="true"></canvas>
            <span class="handle" style:left=left></span>
        </div>
    }
}

/// Density above the line, errors as diamonds on it.
fn draw(canvas: &web_sys::HtmlCanvasElement, width: f64, overview: Option<&Overview>, moments: u32) -> Option<()> {
    let sharp = window().device_pixel_ratio().clamp(1.0, 3.0);
    canvas.set_width((width * sharp).round().max(1.0) as u32);
    canvas.set_height((HEIGHT * sharp).round() as u32);
    let context = canvas.get_context("2d").ok()??.dyn_into::<web_sys::CanvasRenderingContext2d>().ok()?;
    context.scale(sharp, sharp).ok()?;
    let style = window().get_computed_style(canvas).ok()??;
    let colour = |name: &str| style.get_property_value(name).unwrap_or_default();
    let overview = overview?;
    let room = (width - 2.0 * END).max(1.0);
    let parts = overview.moments.len().max(1) as f64;
    // Below a part for each moment there is no density, only a comb.
    if f64::from(moments) > parts {
        let most = overview.moments.iter().map(|part| part.steps).max().unwrap_or(0).max(1);
        context.set_fill_style_str(&colour("--line-strong"));
        for (at, part) in overview.moments.iter().enumerate() {
            let height = (f64::from(part.steps) / f64::from(most)).sqrt() * 9.0;
            context.fill_rect(END + at as f64 / parts * room, LINE - 6.0 - height, (room / parts).max(1.0), height);
        }
    }
    context.set_fill_style_str(&colour("--error"));
    let mut last = f64::MIN;
    for &error in &overview.errors {
        let x = END + share(error, moments) * room;
        // Marks that would cover each other are one.
        if x - last < 2.0 {
            continue;
        }
        last = x;
        let y = LINE - 10.0;
        context.begin_path();
        context.move_to(x, y - 4.5);
        context.line_to(x + 4.5, y);
        context.line_to(x, y + 4.5);
        context.line_to(x - 4.5, y);
        context.fill();
    }
    Some(())
}
