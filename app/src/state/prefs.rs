//! What the browser keeps between visits: widths, theme, and the scenarios somebody wrote; nothing of any trace.
//!
//! Storage may be switched off or full; then the page works and forgets.

use super::{Page, Theme};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Widths of the side panels and height of the bottom one in pixels, and whether they are open.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Sizes {
    /// Width of the steps tree.
    pub(crate) steps: f64,
    /// Width of the inspector.
    pub(crate) inspector: f64,
    /// Whether the steps tree is open.
    pub(crate) steps_open: bool,
    /// Whether the inspector is open.
    pub(crate) inspector_open: bool,
    /// Height of findings and text, below a pipeline.
    pub(crate) bottom: f64,
    /// Whether they are open.
    pub(crate) bottom_open: bool,
    /// Width of the steps of two runs.
    pub(crate) diff_steps: f64,
    /// Width of the values of two runs.
    pub(crate) diff_item: f64,
}

impl Default for Sizes {
    fn default() -> Self {
        Sizes {
            steps: 316.0,
            inspector: 404.0,
            steps_open: true,
            inspector_open: true,
            bottom: 232.0,
            bottom_open: true,
            diff_steps: 500.0,
            diff_item: 520.0,
        }
    }
}

impl Sizes {
    /// Narrowest and widest a side panel can be.
    pub(crate) const RANGE: (f64, f64) = (180.0, 900.0);
    /// Lowest and highest the bottom panel can be.
    pub(crate) const HEIGHTS: (f64, f64) = (96.0, 900.0);

    /// With widths that can be drawn, whatever was stored.
    fn sane(self) -> Sizes {
        let hold = |size: f64, (least, most): (f64, f64), other: f64| {
            if size.is_finite() { size.clamp(least, most) } else { other }
        };
        let usual = Sizes::default();
        Sizes {
            steps: hold(self.steps, Sizes::RANGE, usual.steps),
            inspector: hold(self.inspector, Sizes::RANGE, usual.inspector),
            bottom: hold(self.bottom, Sizes::HEIGHTS, usual.bottom),
            diff_steps: hold(self.diff_steps, Sizes::RANGE, usual.diff_steps),
            diff_item: hold(self.diff_item, Sizes::RANGE, usual.diff_item),
            ..self
        }
    }
}

fn storage() -> Option<web_sys::Storage> {
    // A frame shares its store with the page around it, or with the full page: it keeps nothing there.
    if crate::place::Place::embedded() {
        return None;
    }
    web_sys::window()?.local_storage().ok()?
}

/// Reads what was stored under a key.
pub(crate) fn read_stored(key: &str) -> Option<String> {
    storage()?.get_item(&format!("chaindebug.{key}")).ok()?
}

/// Stores under a key; whether the browser let us.
pub(crate) fn store(key: &str, value: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(&format!("chaindebug.{key}"), value).is_ok())
}

pub(super) fn read_theme() -> Theme {
    read_stored("theme").and_then(|id| Theme::from_id(&id)).unwrap_or_default()
}

pub(super) fn read_sizes() -> Sizes {
    read_stored("sizes").and_then(|text| serde_json::from_str::<Sizes>(&text).ok()).unwrap_or_default().sane()
}

impl Page {
    /// Sets the theme and keeps it.
    pub(crate) fn set_theme(self, theme: Theme) {
        store("theme", theme.id());
        self.theme.set(theme);
    }

    /// Sets the panels' widths and keeps them.
    pub(crate) fn set_sizes(self, sizes: Sizes) {
        let sizes = sizes.sane();
        if let Ok(text) = serde_json::to_string(&sizes) {
            store("sizes", &text);
        }
        self.sizes.set(sizes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_nonsense_gives_panels_that_can_be_drawn() {
        let wild = Sizes { steps: f64::NAN, inspector: 1e9, bottom: -3.0, ..Sizes::default() }.sane();
        assert_eq!((wild.steps, wild.inspector, wild.bottom), (316.0, 900.0, 96.0));
    }
}
