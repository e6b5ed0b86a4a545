//! The flowchart of the current run or pipeline. The engine lays it out; this draws it and moves the eye over it.
//!
//! - `canvas`: the state and what can be done with it. - `eye`: looking at it.
//! - `camera`, `chart`, `walk`, `text`: arithmetic and look-ups.
//! - `boxes`, `lines`: one box, one line. - `scene`: which of them are in the page. - `pointer`: mouse and fingers.
//! - `minimap`, `panels`: what floats above. - `spoken`: the chart as text.

mod boxes;
mod camera;
mod canvas;
mod chart;
mod eye;
mod lines;
mod minimap;
mod panels;
mod pointer;
mod scene;
mod spoken;
mod text;
mod walk;

pub(crate) use canvas::drawn;

use crate::place::Place;
use crate::state::{Action, Page};
use crate::widgets::observe::on_resize;
use canvas::Canvas;
use leptos::{ev, html, prelude::*};
use minimap::Minimap;
use panels::{Legend, Remarks, Tools};
use pointer::Pointers;
use scene::Scene;
use spoken::Spoken;
use walk::Arrow;

/// The flowchart.
#[component]
pub(crate) fn FlowView() -> impl IntoView {
    let page = Page::get();
    let canvas = Canvas::new(page);
    let port = NodeRef::<html::Div>::new();
    let pointers = Pointers::new(canvas, port);
    on_resize(port, move |w, h| {
        canvas.resized(w, h);
        if Place::embedded() {
            canvas.keep_in_sight();
        }
    });
    if Place::embedded() {
        Effect::new(move |_| {
            canvas.current.track();
            canvas.chart.track();
            untrack(|| canvas.keep_in_sight());
        });
    }
    page.handle_actions(move |action| {
        match action {
            Action::ZoomIn => canvas.zoom(1.25, None),
            Action::ZoomOut => canvas.zoom(0.8, None),
            Action::ZoomReset => canvas.zoom_reset(),
            Action::Fit => untrack(|| canvas.find()),
            _ => return false,
        }
        true
    });
    let on_keydown = move |event: ev::KeyboardEvent| {
        if key(canvas, &event) {
            event.prevent_default();
            event.stop_propagation();
        }
    };
    let live = RwSignal::new(false);
    let waiting = move || {
        let none = canvas.chart.with(Option::is_none);
        let refused = canvas.refused.get();
        match refused {
            Some(message) => Some(view! { <p class="flow-nothing" role="alert">{message}</p> }.into_any()),
            None if none => Some(view! { <p class="flow-nothing late">"Drawing the flowchart…"</p> }.into_any()),
            None if canvas.chart.with(|c| c.as_ref().is_some_and(|c| c.view.nodes.is_empty())) => {
                Some(view! { <p class="flow-nothing">{if canvas.compares() { "Nothing to draw: neither run has a step." } else if page.run.with_untracked(Option::is_some) { "Nothing to draw: this run has no steps." } else { "Nothing to draw: the file declares no step." }}</p> }.into_any())
            }
            None => None,
        }
    };
    view! {
        <div class="flow">
            <div
                class="flow-port"
                class:live=move || live.get()
                class:dragging=move || pointers.dragging.get()
                node_ref=port
                tabindex="0"
                role="application"
                aria-roledescription="flowchart"
                aria-label="Flowchart. Arrow keys walk from box to box, Enter moves the cursor there, Space opens or closes a box."
                aria-activedescendant=move || spoken::active(canvas)
                on:keydown=on_keydown
                on:focus=move |_| live.set(true)
                on:blur=move |_| live.set(false)
                on:pointerdown=move |event| pointers.down(&event)
                on:pointermove=move |event| pointers.moved(&event)
                on:pointerup=move |event| pointers.up(&event)
                on:pointercancel=move |event| pointers.up(&event)
                on:click=move |event| pointers.click(&event)
                on:dblclick=move |event| pointers.double_click(&event)
            >
                <Scene canvas=canvas />
                <Spoken canvas=canvas />
            </div>
            {waiting}
            <Legend canvas=canvas />
            <Tools canvas=canvas />
            <Remarks canvas=canvas />
            <Minimap canvas=canvas />
        </div>
    }
}

/// A key while the chart has the focus; whether it was used.
fn key(canvas: Canvas, event: &ev::KeyboardEvent) -> bool {
    let name = event.key();
    let plain = !(event.ctrl_key() || event.alt_key() || event.meta_key() || event.shift_key());
    let only_shift = event.shift_key() && !(event.ctrl_key() || event.alt_key() || event.meta_key());
    let Some(chart) = canvas.chart.get_untracked() else { return false };
    let standing = canvas.standing(&chart);
    let node = standing.and_then(|key| chart.node(key));
    if let Some(arrow) = Arrow::from_key(&name) {
        if only_shift {
            let (dx, dy) = match arrow {
                Arrow::Up => (0.0, 60.0),
                Arrow::Down => (0.0, -60.0),
                Arrow::Left => (60.0, 0.0),
                Arrow::Right => (-60.0, 0.0),
            };
            canvas.pan(dx, dy);
            return true;
        }
        if !plain {
            return false;
        }
        // As in a tree: right opens what is closed, left closes the group one stands on.
        match (arrow, node) {
            (Arrow::Right, Some(node)) if node.expandable && !node.group && canvas.walked.get_untracked().is_some() => {
                canvas.toggle(node.key);
            }
            (Arrow::Right, Some(node)) if node.group => canvas.walk(Arrow::Down),
            (Arrow::Left, Some(node)) if node.expandable && node.group => canvas.toggle(node.key),
            _ => canvas.walk(arrow),
        }
        return true;
    }
    let Some(node) = node else { return false };
    match name.as_str() {
        "Enter" if plain => canvas.choose(node.key, false),
        "Enter" if event.ctrl_key() || event.meta_key() => canvas.choose(node.key, true),
        " " if plain && node.expandable && canvas.walked.get_untracked().is_some() => canvas.toggle(node.key),
        _ => return false,
    }
    true
}
