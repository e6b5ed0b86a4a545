//! The strip above the waterfall: how much ran when, where the errors are, and the stretch shown, to drag.

use super::Timeline;
use super::axis::Stretch;
use super::canvas::prepare;
use super::paint::{diamond, fill};
use super::palette::Palette;
use crate::widgets::format::things;
use crate::widgets::observe::{Frame, on_resize};
use chaindebug_core::protocol::Bucket;
use leptos::{ev, html, prelude::*};

/// Height of the strip in pixels.
const HEIGHT: f64 = 46.0;

/// Pixels within which the edge of the range is taken hold of.
const GRIP: f64 = 6.0;

/// What a drag changes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Drag {
    /// The whole range, held at this distance from its left end.
    Move(f64),
    /// Its left end.
    Left,
    /// Its right end.
    Right,
    /// A new range from this point.
    New(f64),
}

/// What a press at `x` takes hold of.
fn take_hold(stretch: Stretch, x: f64, width: f64) -> Drag {
    let whole = Stretch::whole(stretch.full);
    let (left, right) = (whole.share(stretch.from) * width, whole.share(stretch.to) * width);
    let at = whole.at(x / width);
    if !stretch.is_whole() && (x - left).abs() <= GRIP {
        Drag::Left
    } else if !stretch.is_whole() && (x - right).abs() <= GRIP {
        Drag::Right
    } else if !stretch.is_whole() && x > left && x < right {
        Drag::Move(at - stretch.from)
    } else {
        Drag::New(at)
    }
}

fn dragged(drag: Drag, stretch: Stretch, at: f64) -> Stretch {
    match drag {
        Drag::Move(held) => stretch.between(at - held, at - held + stretch.length()),
        Drag::Left => stretch.between(at, stretch.to),
        Drag::Right => stretch.between(stretch.from, at),
        Drag::New(from) => stretch.between(from, at),
    }
}

/// The strip.
#[component]
pub(super) fn OverviewStrip(timeline: Timeline) -> impl IntoView {
    let Timeline { page, overview, ordered, stretch, theme, .. } = timeline;
    let holder = NodeRef::<html::Div>::new();
    let canvas = NodeRef::<html::Canvas>::new();
    let width = RwSignal::new(0.0);
    on_resize(holder, move |w, _| {
        let _ = width.try_set(w);
    });
    let frame = Frame::new();
    let draw = move || {
        let Some(w) = width.try_get_untracked().filter(|&w| w > 1.0) else { return };
        let Some((element, c)) = prepare(canvas, w, HEIGHT) else { return };
        let p = Palette::read(&element);
        let stretch = stretch.get_untracked();
        let whole = Stretch::whole(stretch.full);
        fill(&c, &p.sunken, 0.0, 0.0, w, HEIGHT);
        overview.with_untracked(|o| {
            let Some(o) = o else { return };
            let buckets: &[Bucket] = if ordered.get_untracked() { &o.moments } else { &o.time };
            let most = buckets.iter().map(|b| b.steps).max().unwrap_or(0).max(1);
            let one = w / buckets.len().max(1) as f64;
            for (i, bucket) in buckets.iter().enumerate().filter(|(_, b)| b.steps > 0) {
                // Square root: one step beside a thousand can still be seen.
                let height = (f64::from(bucket.steps) / f64::from(most)).sqrt() * (HEIGHT - 16.0) + 2.0;
                fill(&c, &p.strong, i as f64 * one, HEIGHT - height, one.ceil(), height);
            }
            for (i, _) in buckets.iter().enumerate().filter(|(_, b)| b.errors > 0) {
                diamond(&c, &p.error, &p.sunken, (i as f64 + 0.5) * one, 8.0);
            }
        });
        if !stretch.is_whole() {
            let (left, right) = (whole.share(stretch.from) * w, whole.share(stretch.to) * w);
            c.set_global_alpha(0.72);
            fill(&c, &p.panel, 0.0, 0.0, left, HEIGHT);
            fill(&c, &p.panel, right, 0.0, w - right, HEIGHT);
            c.set_global_alpha(1.0);
            let range = (right - left).max(2.0);
            fill(&c, &p.accent, left, 0.0, range, 2.0);
            fill(&c, &p.accent, left, HEIGHT - 2.0, range, 2.0);
            fill(&c, &p.accent, left - 1.0, 0.0, 3.0, HEIGHT);
            fill(&c, &p.accent, right - 2.0, 0.0, 3.0, HEIGHT);
        }
        let cursor = page.cursor.with_untracked(|cursor| {
            let cursor = cursor.as_ref()?;
            if ordered.get_untracked() { Some(f64::from(cursor.moment)) } else { cursor.time.map(|t| t.0 as f64) }
        });
        if let Some(at) = cursor {
            fill(&c, &p.accent, (whole.share(at) * w).round().min(w - 2.0), 0.0, 2.0, HEIGHT);
        }
    };
    Effect::new(move |_| {
        overview.track();
        stretch.track();
        width.track();
        theme.track();
        page.cursor.track();
        frame.ask(draw);
    });

    let drag = RwSignal::new(None::<Drag>);
    let at = move |event: &ev::PointerEvent| {
        let w = width.get_untracked().max(1.0);
        Stretch::whole(stretch.get_untracked().full).at((f64::from(event.offset_x()) / w).clamp(0.0, 1.0))
    };
    let on_down = move |event: ev::PointerEvent| {
        if event.button() != 0 {
            return;
        }
        let hold = take_hold(stretch.get_untracked(), f64::from(event.offset_x()), width.get_untracked().max(1.0));
        drag.set(Some(hold));
        if let Some(canvas) = canvas.get_untracked() {
            let _ = canvas.set_pointer_capture(event.pointer_id());
        }
    };
    let on_move = move |event: ev::PointerEvent| {
        let Some(hold) = drag.get_untracked() else { return };
        let to = at(&event);
        // A press without a drag makes no range of no length.
        if let Drag::New(from) = hold
            && (from - to).abs() < stretch.get_untracked().full / width.get_untracked().max(1.0) * 4.0
        {
            return;
        }
        stretch.update(|s| *s = dragged(hold, *s, to));
        // From a new range's first move on, its far end is what is dragged.
        if let Drag::New(from) = hold {
            drag.set(Some(Drag::New(from)));
        }
    };
    let label = move || {
        let errors = overview.with(|o| o.as_ref().map_or(0, |o| o.errors.len()));
        format!("The whole run, {} marked. Drag over it to show a part.", things(errors as u64, "error"))
    };
    view! {
        <div class="overview" node_ref=holder>
            <canvas
                node_ref=canvas
                role="img"
                aria-label=label
                on:pointerdown=on_down
                on:pointermove=on_move
                on:pointerup=move |_| drag.set(None)
                on:pointercancel=move |_| drag.set(None)
                on:dblclick=move |_| stretch.update(|s| *s = Stretch::whole(s.full))
            ></canvas>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_press_takes_hold_of_what_is_under_it() {
        let part = Stretch::whole(1_000.0).between(200.0, 600.0);
        assert_eq!(take_hold(part, 21.0, 100.0), Drag::Left);
        assert_eq!(take_hold(part, 58.0, 100.0), Drag::Right);
        assert_eq!(take_hold(part, 40.0, 100.0), Drag::Move(200.0));
        assert_eq!(take_hold(part, 90.0, 100.0), Drag::New(900.0));
        assert_eq!(take_hold(Stretch::whole(1_000.0), 40.0, 100.0), Drag::New(400.0));
    }

    #[test]
    fn dragging_keeps_within_the_run() {
        let part = Stretch::whole(1_000.0).between(200.0, 600.0);
        assert_eq!(dragged(Drag::Move(100.0), part, 950.0).to, 1_000.0);
        assert_eq!(dragged(Drag::Left, part, 300.0).from, 300.0);
        let back = dragged(Drag::New(500.0), part, 400.0);
        assert_eq!((back.from, back.to), (400.0, 500.0));
    }
}
