//! The formats that are read, from the most to the least specific, and the ones that are only recognised.

use super::{Importer, Probe, chaindebug, console, ia_modules, jaeger, otlp};

/// What a detector found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matched {
    /// Name for people, with the spelling: `OTLP JSON Lines`.
    pub label: String,
    /// Why: what in the content says so.
    pub because: String,
}

impl Matched {
    /// A match with its label and reason.
    pub fn new(label: impl Into<String>, because: impl Into<String>) -> Option<Self> {
        Some(Matched { label: label.into(), because: because.into() })
    }
}

/// A format that is read.
pub struct Format {
    /// Stable id, e.g. `otlp-json`.
    pub id: &'static str,
    /// Name for people in the list of what can be opened.
    pub name: &'static str,
    /// Looks at the head of a text.
    pub detect: fn(&Probe<'_>) -> Option<Matched>,
    /// Makes an importer for one file; the number is the file's index in the document.
    pub importer: fn(u16) -> Box<dyn Importer>,
}

/// All formats, most specific first.
pub const FORMATS: &[Format] = &[
    crate::scenario::FORMAT,
    chaindebug::FORMAT,
    ia_modules::RUN_LOG,
    ia_modules::RECORDS,
    ia_modules::FRAMES,
    ia_modules::CHECKPOINTS,
    ia_modules::BENCHMARK,
    ia_modules::RESULT,
    ia_modules::PIPELINE,
    ia_modules::SPANS,
    otlp::FORMAT,
    jaeger::FORMAT,
    console::FORMAT,
];

/// The first format whose detector matches.
pub fn recognise(probe: &Probe<'_>) -> Option<(&'static Format, Matched)> {
    FORMATS.iter().find_map(|format| (format.detect)(probe).map(|matched| (format, matched)))
}

/// For a text no format matches: what it is, where it can be told, and what was looked for.
pub fn refuse(probe: &Probe<'_>) -> String {
    if let Some(reason) = chaindebug::refuse(probe) {
        return reason;
    }
    super::refuse::refuse(probe)
}
