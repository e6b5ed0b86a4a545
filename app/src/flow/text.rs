//! Cutting text to the room it has. SVG has no ellipsis of its own, so text is measured once, when its box is drawn.

use leptos::prelude::*;
use std::cell::RefCell;
use wasm_bindgen::JsCast as _;

/// The type a text is set in: the same as in `flow.css`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Face {
    /// A box's name.
    Name,
    /// A box's second line, a group's title, a condition.
    Small,
    /// The words on a box's button.
    Button,
}

impl Face {
    fn font(self, sans: &str, mono: &str) -> String {
        match self {
            Face::Name => format!("600 13px {sans}"),
            Face::Small => format!("11.5px {mono}"),
            Face::Button => format!("11px {sans}"),
        }
    }

    /// Width of a letter when nothing can be measured.
    fn letter(self) -> f64 {
        match self {
            Face::Name => 8.0,
            Face::Small => 6.95,
            Face::Button => 6.4,
        }
    }
}

struct Ruler {
    context: web_sys::CanvasRenderingContext2d,
    sans: String,
    mono: String,
}

impl Ruler {
    fn new() -> Option<Ruler> {
        let canvas = document().create_element("canvas").ok()?.dyn_into::<web_sys::HtmlCanvasElement>().ok()?;
        let context = canvas.get_context("2d").ok()??.dyn_into::<web_sys::CanvasRenderingContext2d>().ok()?;
        let style = window().get_computed_style(&document().document_element()?).ok()??;
        let family = |name: &str, other: &str| {
            let value = style.get_property_value(name).unwrap_or_default();
            if value.trim().is_empty() { other.to_owned() } else { value }
        };
        Some(Ruler { context, sans: family("--font", "sans-serif"), mono: family("--mono", "monospace") })
    }
}

thread_local! {
    static RULER: RefCell<Option<Ruler>> = const { RefCell::new(None) };
}

/// Width of a text in pixels.
pub(super) fn width(text: &str, face: Face) -> f64 {
    let guess = text.chars().count() as f64 * face.letter();
    RULER.with_borrow_mut(|ruler| {
        if ruler.is_none() {
            *ruler = Ruler::new();
        }
        let Some(Ruler { context, sans, mono }) = ruler else { return guess };
        context.set_font(&face.font(sans, mono));
        context.measure_text(text).map_or(guess, |metrics| metrics.width())
    })
}

/// The text, or as much of its beginning as fits with an ellipsis.
pub(super) fn cut(text: &str, face: Face, room: f64) -> String {
    cut_by(text, room, |text| width(text, face))
}

fn cut_by(text: &str, room: f64, width: impl Fn(&str) -> f64) -> String {
    // Names can be megabytes: what cannot fit by far is not measured.
    let most = (room / 2.0).max(1.0) as usize;
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).take(most + 2).collect();
    if ends.len() <= most && width(text) <= room {
        return text.to_owned();
    }
    let with = |count: usize| {
        let end = ends.get(count).copied().unwrap_or(text.len());
        format!("{}…", text.get(..end).unwrap_or_default().trim_end())
    };
    let (mut fits, mut over) = (0, ends.len());
    while over - fits > 1 {
        let middle = usize::midpoint(fits, over);
        if width(&with(middle)) <= room { fits = middle } else { over = middle }
    }
    with(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_at_the_room_and_never_within_a_letter() {
        let by_letters = |text: &str| text.chars().count() as f64 * 5.0;
        assert_eq!(cut_by("decide", 30.0, by_letters), "decide");
        assert_eq!(cut_by("refund_order", 40.0, by_letters), "refund_…");
        assert_eq!(cut_by("żółć żółć", 35.0, by_letters), "żółć ż…");
        assert_eq!(cut_by("x", 0.0, by_letters), "…");
        assert_eq!(cut_by(&"é".repeat(1_000_000), 50.0, by_letters).chars().count(), 10);
    }
}
