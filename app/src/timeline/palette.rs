//! Colours and type of the canvas, read from the style sheet so that it follows the theme.

/// What the canvas is drawn with.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)] // The names of the style sheet's own properties.
pub(super) struct Palette {
    pub(super) panel: String,
    pub(super) sunken: String,
    pub(super) line: String,
    pub(super) strong: String,
    pub(super) fg: String,
    pub(super) quiet: String,
    pub(super) faint: String,
    pub(super) accent: String,
    pub(super) soft: String,
    pub(super) error: String,
    pub(super) warn: String,
    pub(super) run: String,
    pub(super) font: String,
    pub(super) mono: String,
}

impl Palette {
    /// Reads the properties as they are at an element now.
    pub(super) fn read(element: &web_sys::Element) -> Self {
        let style = web_sys::window().and_then(|w| w.get_computed_style(element).ok().flatten());
        let get = |name: &str| {
            let value = style.as_ref().and_then(|s| s.get_property_value(name).ok()).unwrap_or_default();
            value.trim().to_owned()
        };
        Palette {
            panel: get("--panel"),
            sunken: get("--sunken"),
            line: get("--line"),
            strong: get("--line-strong"),
            fg: get("--fg"),
            quiet: get("--fg-2"),
            faint: get("--fg-3"),
            accent: get("--accent"),
            soft: get("--accent-soft"),
            error: get("--error"),
            warn: get("--warn"),
            run: get("--run"),
            font: format!("12.5px {}", get("--font")),
            mono: format!("11px {}", get("--mono")),
        }
    }
}
