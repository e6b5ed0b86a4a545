//! A canvas as sharp as the screen: its size in device pixels, its drawing in pixels of the page.

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast as _;
use web_sys::CanvasRenderingContext2d;

/// Sizes the canvas to `width` × `height` pixels of the page and hands out its context, scaled to match.
pub(super) fn prepare(
    canvas: NodeRef<html::Canvas>,
    width: f64,
    height: f64,
) -> Option<(web_sys::HtmlCanvasElement, CanvasRenderingContext2d)> {
    let canvas = canvas.get_untracked()?;
    let ratio = web_sys::window()?.device_pixel_ratio().clamp(0.5, 4.0);
    let (w, h) = ((width * ratio).round().max(1.0) as u32, (height * ratio).round().max(1.0) as u32);
    // Setting a size clears the canvas and costs an allocation, so only when it changed.
    if canvas.width() != w || canvas.height() != h {
        canvas.set_width(w);
        canvas.set_height(h);
    }
    let context = canvas.get_context("2d").ok()??.dyn_into::<CanvasRenderingContext2d>().ok()?;
    context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0).ok()?;
    Some((canvas, context))
}
