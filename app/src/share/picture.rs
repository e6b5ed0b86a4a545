//! A picture of lines as one of pixels, drawn by the browser. Its fonts are those of the machine: none is fetched.

use super::making::said;
use js_sys::{Function, Promise};
use leptos::prelude::document;
use wasm_bindgen::{JsCast as _, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement, Url};

/// Pixels for each unit of the drawing, where the size allows.
const SCALE: f64 = 2.0;
/// Longest side, and most pixels, that browsers draw.
const SIDE: f64 = 16_000.0;
const AREA: f64 = 120_000_000.0;

/// The scale for a drawing of this size.
fn scale(width: f64, height: f64) -> f64 {
    SCALE.min(SIDE / width.max(height)).min((AREA / (width * height)).sqrt())
}

/// An SVG as PNG.
pub(super) async fn png(svg: &Blob) -> Result<Blob, String> {
    let url = Url::create_object_url_with_blob(svg).map_err(|error| said(&error))?;
    let drawn = drawn(&url).await;
    let _ = Url::revoke_object_url(&url);
    drawn
        .map_err(|error| said(&error))?
        .ok_or_else(|| "The picture is too large for the browser. Save the SVG.".to_owned())
}

async fn drawn(url: &str) -> Result<Option<Blob>, JsValue> {
    let image = HtmlImageElement::new()?;
    image.set_src(url);
    JsFuture::from(image.decode()).await?;
    let (width, height) = (f64::from(image.natural_width().max(1)), f64::from(image.natural_height().max(1)));
    let scale = scale(width, height);
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.unchecked_into();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // At most `SIDE`.
    let pixels = |size: f64| (size * scale).round().max(1.0) as u32;
    canvas.set_width(pixels(width));
    canvas.set_height(pixels(height));
    let Some(context) = canvas.get_context("2d")? else { return Ok(None) };
    let context: CanvasRenderingContext2d = context.unchecked_into();
    context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width * scale, height * scale)?;
    let made = Promise::new(&mut |resolve: Function, reject: Function| {
        let then = Closure::once_into_js(move |blob: JsValue| {
            let _ = resolve.call1(&JsValue::UNDEFINED, &blob);
        });
        if let Err(error) = canvas.to_blob(then.unchecked_ref()) {
            let _ = reject.call1(&JsValue::UNDEFINED, &error);
        }
    });
    Ok(JsFuture::from(made).await?.dyn_into().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_of_any_size_fits_what_browsers_draw() {
        assert_eq!(scale(400.0, 300.0), 2.0);
        for (width, height) in [(40_000.0, 10.0), (10.0, 900_000.0), (15_000.0, 15_000.0)] {
            let scale = scale(width, height);
            assert!(width * scale <= SIDE + 1.0 && height * scale <= SIDE + 1.0);
            assert!(width * scale * height * scale <= AREA * 1.01);
        }
    }
}
