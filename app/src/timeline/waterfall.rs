//! The waterfall itself: scrolling, keys and pointer; drawing is in `paint`.

use super::Timeline;
use super::axis::{Stretch, ticks};
use super::canvas::prepare;
use super::paint::{AXIS, PAD, ROW, Scene, name_left};
use super::palette::Palette;
use super::tip::{Tip, spoken};
use crate::state::Action;
use crate::widgets::observe::{Frame, on_resize};
use crate::widgets::scroll::{Align, Geometry};
use chaindebug_core::protocol::{Request, StepRow};
use leptos::{ev, html, prelude::*};

/// A press that moves less than this is a click.
const SLACK: f64 = 4.0;

/// Width of the column of names.
fn gutter(width: f64) -> f64 {
    (width * 0.3).clamp(112.0, 260.0)
}

/// A press under way: where it began, what was shown then, and whether it has become a drag.
#[derive(Clone, Copy)]
struct Press {
    x: f64,
    y: f64,
    stretch: Stretch,
    top: i32,
    moved: bool,
}

/// The waterfall.
#[component]
pub(super) fn Waterfall(timeline: Timeline) -> impl IntoView {
    let Timeline { page, rows, ordered, stretch, theme, overview } = timeline;
    let scroller = NodeRef::<html::Div>::new();
    let canvas = NodeRef::<html::Canvas>::new();
    let size = RwSignal::new((0.0, 0.0));
    let top = RwSignal::new(0.0);
    let active = RwSignal::new(None::<u32>);
    let hover = RwSignal::new(None::<(f64, f64)>);
    let press = StoredValue::new(None::<Press>);
    let palette = StoredValue::new(None::<Palette>);
    let total = rows.total();
    let geometry = move || {
        let (_, height) = size.get_untracked();
        Geometry { total: total.get_untracked(), row: ROW, seen: (height - AXIS).max(1.0) }
    };
    on_resize(scroller, move |w, h| {
        let _ = size.try_set((w, h));
    });
    // Which row is at a height of the canvas.
    let row_at = move |y: f64| {
        let at = ((y - AXIS + geometry().list_top(top.get_untracked())) / ROW).floor();
        (y >= AXIS && at >= 0.0 && at < f64::from(total.get_untracked())).then_some(at as u32)
    };

    let frame = Frame::new();
    let draw = move || {
        let Some((width, height)) = size.try_get_untracked().filter(|s| s.0 > 1.0 && s.1 > 1.0) else { return };
        let Some((element, context)) = prepare(canvas, width, height) else { return };
        if palette.with_value(Option::is_none) {
            palette.set_value(Some(Palette::read(&element)));
        }
        let geometry = geometry();
        let list_top = geometry.list_top(top.get_untracked());
        let (from, to) = geometry.range(list_top, 0);
        let shown: Vec<(u32, f64, Option<StepRow>)> =
            (from..to).map(|at| (at, AXIS + f64::from(at) * ROW - list_top, rows.peek(at))).collect();
        let gutter = gutter(width);
        let plot = (width - gutter - PAD).max(1.0);
        let stretch = stretch.get_untracked();
        let marks = ticks(stretch, 96.0 / plot, ordered.get_untracked());
        let cursor = page.cursor.with_untracked(|c| c.as_ref().map(|c| (c.step, c.moment, c.time.map(|t| t.0 as f64))));
        let marked = hover.get_untracked().and_then(|(_, y)| row_at(y)).or(active.get_untracked());
        palette.with_value(|palette| {
            let Some(palette) = palette else { return };
            Scene {
                palette,
                width,
                height,
                gutter,
                stretch,
                ticks: &marks,
                ordered: ordered.get_untracked(),
                rows: &shown,
                cursor,
                marked,
            }
            .draw(&context);
        });
    };
    Effect::new(move |_| {
        theme.track();
        palette.set_value(None);
    });
    Effect::new(move |_| {
        size.track();
        top.track();
        stretch.track();
        theme.track();
        active.track();
        hover.track();
        overview.track();
        page.cursor.track();
        let geometry = Geometry { total: total.get(), ..geometry() };
        let (from, to) = geometry.range(geometry.list_top(top.get()), 8);
        for at in (from..to).step_by(64) {
            // Reading tracks the arrival of rows.
            let _ = rows.get(at);
        }
        rows.sight(from, to);
        frame.ask(draw);
    });

    let scroll_to = move |row: u32, align: Align| {
        let Some(element) = scroller.get_untracked() else { return };
        let geometry = geometry();
        let now = geometry.list_top(f64::from(element.scroll_top()));
        if let Some(list_top) = geometry.reveal(row, now, align) {
            element.set_scroll_top(geometry.track_top(list_top).round() as i32);
        }
    };
    let toggle = move |row: &StepRow| {
        let (step, open) = (row.step, !row.open);
        let Some(subject) = page.subject.get_untracked() else { return };
        let Some(run) = subject.run() else { return };
        leptos::task::spawn_local(async move {
            let request = Request::SetOpen { run, step: Some(step), open, deep: false };
            if page.ask_of(subject.group, request).await.is_ok() {
                page.tree.update(|n| *n = n.wrapping_add(1));
            }
        });
    };
    page.handle_actions(move |action| {
        if action != Action::Fit {
            return false;
        }
        let cursor = page.cursor.get_untracked();
        let Some(cursor) = cursor else { return true };
        let at = if ordered.get_untracked() { Some(f64::from(cursor.moment)) } else { cursor.time.map(|t| t.0 as f64) };
        let now = stretch.get_untracked();
        match at {
            Some(at) if !(0.0..=1.0).contains(&now.share(at)) => {
                let half = now.length() / 2.0;
                stretch.set(now.between(at - half, at + half));
            }
            _ => stretch.set(Stretch::whole(now.full)),
        }
        if let Some(row) = cursor.row {
            scroll_to(row, Align::Middle);
        }
        true
    });

    let on_key = move |event: ev::KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let last = total.get_untracked().saturating_sub(1);
        let now = active.get_untracked();
        let walk = |to: u32| {
            active.set(Some(to));
            scroll_to(to, Align::Nearest);
        };
        let pan = |share: f64| stretch.update(|s| *s = s.pan(share));
        let zoom = |factor: f64| stretch.update(|s| *s = s.zoom(factor, 0.5));
        let chosen = now.and_then(|at| rows.peek(at));
        // Letters by their place on the keyboard, signs by what they say.
        match (event.code().as_str(), event.key().as_str()) {
            ("ArrowDown", _) => walk(now.map_or(0, |n| n.saturating_add(1).min(last))),
            ("ArrowUp", _) => walk(now.map_or(0, |n| n.saturating_sub(1))),
            ("Home", _) => walk(0),
            ("End", _) => walk(last),
            ("ArrowLeft", _) | ("KeyA", _) => pan(-0.15),
            ("ArrowRight", _) | ("KeyD", _) => pan(0.15),
            ("KeyW", _) | (_, "+") | (_, "=") => zoom(0.7),
            ("KeyS", _) | (_, "-") => zoom(1.0 / 0.7),
            (_, "0") => stretch.update(|s| *s = Stretch::whole(s.full)),
            ("Enter" | "Space", _) => {
                if let Some(row) = chosen {
                    page.select_step(row.step);
                }
            }
            (_, "[" | "]") => {
                if let Some(row) = chosen.filter(|r| r.children > 0) {
                    toggle(&row);
                }
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    let on_wheel = move |event: ev::WheelEvent| {
        let (width, _) = size.get_untracked();
        let gutter = gutter(width);
        let plot = (width - gutter - PAD).max(1.0);
        if event.ctrl_key() {
            event.prevent_default();
            let share = ((f64::from(event.offset_x()) - gutter) / plot).clamp(0.0, 1.0);
            let factor = (event.delta_y() * 0.003).clamp(-0.8, 0.8).exp();
            stretch.update(|s| *s = s.zoom(factor, share));
        } else {
            let sideways = if event.shift_key() { event.delta_y() + event.delta_x() } else { event.delta_x() };
            if sideways != 0.0 {
                event.prevent_default();
                stretch.update(|s| *s = s.pan(sideways / plot));
            }
        }
    };
    let on_down = move |event: ev::PointerEvent| {
        if event.button() != 0 {
            return;
        }
        let (x, y) = (f64::from(event.offset_x()), f64::from(event.offset_y()));
        let top = scroller.get_untracked().map_or(0, |s| s.scroll_top());
        press.set_value(Some(Press { x, y, stretch: stretch.get_untracked(), top, moved: false }));
    };
    let on_move = move |event: ev::PointerEvent| {
        let (x, y) = (f64::from(event.offset_x()), f64::from(event.offset_y()));
        let Some(mut held) = press.get_value() else {
            hover.set(Some((x, y)));
            return;
        };
        let (dx, dy) = (x - held.x, y - held.y);
        if !held.moved && dx.abs().max(dy.abs()) < SLACK {
            return;
        }
        if !held.moved {
            held.moved = true;
            hover.set(None);
            if let Some(canvas) = canvas.get_untracked() {
                let _ = canvas.set_pointer_capture(event.pointer_id());
            }
            press.set_value(Some(held));
        }
        let (width, _) = size.get_untracked();
        stretch.set(held.stretch.pan(-dx / (width - gutter(width) - PAD).max(1.0)));
        if let Some(element) = scroller.get_untracked() {
            element.set_scroll_top(held.top - dy.round() as i32);
        }
    };
    let on_up = move |event: ev::PointerEvent| {
        let Some(held) = press.get_value() else { return };
        press.set_value(None);
        if held.moved {
            return;
        }
        let Some(at) = row_at(f64::from(event.offset_y())) else { return };
        active.set(Some(at));
        let Some(row) = rows.peek(at) else { return };
        let (width, _) = size.get_untracked();
        let on_twist = held.x < (name_left(&row) + 12.0).min(gutter(width));
        if row.children > 0 && on_twist {
            toggle(&row);
        } else {
            page.select_step(row.step);
        }
    };
    let tip = move || {
        let (x, y) = hover.get()?;
        let row = rows.get(row_at(y)?)?;
        let (width, height) = size.get();
        Some(
            view! { <Tip row=row x=(x + 14.0).min((width - 270.0).max(4.0)) y=(y + 16.0).min((height - 110.0).max(4.0)) /> },
        )
    };
    let says = move || active.get().and_then(|at| rows.get(at)).map(|row| spoken(&row)).unwrap_or_default();
    let track = move || {
        let (_, height) = size.get();
        let geometry = Geometry { total: total.get(), row: ROW, seen: (height - AXIS).max(1.0) };
        format!("{}px", (geometry.track() + AXIS + 8.0).max(height))
    };
    view! {
        <div class="waterfall-room">
            <div
                class="waterfall"
                node_ref=scroller
                tabindex="0"
                role="application"
                aria-label="Timeline of the steps"
                aria-describedby="waterfall-help"
                on:scroll=move |_| top.set(scroller.get_untracked().map_or(0.0, |s| f64::from(s.scroll_top())))
                on:keydown=on_key
                on:wheel=on_wheel
            >
                <div class="waterfall-track" style:height=track>
                    <canvas
                        node_ref=canvas
                        aria-hidden="true"
                        on:pointerdown=on_down
                        on:pointermove=on_move
                        on:pointerup=on_up
                        on:pointerleave=move |_| hover.set(None)
                        on:pointercancel=move |_| press.set_value(None)
                    ></canvas>
                </div>
            </div>
            {tip}
            <p id="waterfall-help" class="spoken">
                "Up and down choose a step, Enter moves the cursor to it, left and right move in time, plus and minus zoom, 0 shows the whole run. The steps tree and the table list the same steps as text."
            </p>
            <p class="spoken" role="status">{says}</p>
        </div>
    }
}
