//! The formats that are read, from the most to the least specific, and the ones that are only recognised.

use super::{Importer, Probe, chaindebug, traces};
#[cfg(feature = "full")]
use super::{agents, coditect, conversations, frameworks, ia_modules, pipelines, platforms, workflows};

/// How the reason begins when somebody said what a file is.
pub const ASKED: &str = "that was asked for";

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
    /// Makes an importer for one file. The number is the file's index in the document; the probe tells its spelling.
    pub importer: fn(u16, &Probe<'_>) -> Box<dyn Importer>,
}

const FIRST: &[Format] = &[chaindebug::FORMAT];

/// What the engine for traces reads. None of these may match what the full engine reads as something else: a test of
/// all fixtures says so.
#[cfg(not(feature = "full"))]
const FAMILIES: [&[Format]; 2] = [FIRST, traces::FIRST];

/// All formats by family, most specific first; within a family too. A family that takes what others leave stands last.
#[cfg(feature = "full")]
const FAMILIES: [&[Format]; 11] = [
    &[crate::scenario::FORMAT],
    FIRST,
    ia_modules::FORMATS,
    coditect::FORMATS,
    agents::FORMATS,
    platforms::FORMATS,
    frameworks::FORMATS,
    workflows::FORMATS,
    pipelines::FORMATS,
    traces::FORMATS,
    conversations::FORMATS,
];

/// Whether a format is of the last family.
#[cfg(feature = "full")]
pub(crate) fn takes_what_is_left(format: &Format) -> bool {
    conversations::FORMATS.iter().any(|one| one.id == format.id)
}

/// Whether a format is of the last family, which is not here.
#[cfg(not(feature = "full"))]
pub(crate) fn takes_what_is_left(_: &Format) -> bool {
    false
}

/// All formats, most specific first.
pub fn formats() -> impl Iterator<Item = &'static Format> {
    FAMILIES.into_iter().flatten()
}

/// Like [`refuse`] for a text that was turned into JSON: what its JSON says by name, else what was said before.
pub fn refuse_as(probe: &Probe<'_>, otherwise: Option<String>) -> String {
    match otherwise {
        None => refuse(probe),
        // A kind that was told by the text is told best.
        Some(otherwise) if otherwise.starts_with("This is a") && !otherwise.contains("CSV") => otherwise,
        Some(otherwise) => super::refuse::named(probe).unwrap_or(otherwise),
    }
}

/// Whether a text is what a JavaScript program prints to its console: it looks like loose JSON, and parts are left out.
pub(crate) fn console(head: &[u8]) -> bool {
    super::refuse::console(head)
}

/// For a text no format matches: what it is, where it can be told, and what was looked for.
pub fn refuse(probe: &Probe<'_>) -> String {
    if let Some(reason) = chaindebug::refuse(probe) {
        return reason;
    }
    super::refuse::refuse(probe)
}

#[cfg(all(test, feature = "full"))]
mod tests {
    use super::*;

    /// The engine that reads traces must leave to the full one whatever that reads as something else.
    #[test]
    fn no_format_of_the_first_engine_takes_a_text_of_another() {
        let first = || FIRST.iter().chain(traces::FIRST);
        for text in crate::import::damage_tests::fixtures() {
            let probe = Probe::new(text.as_bytes(), true);
            let whole = crate::import::recognise(&probe).map(|found| found.format.id);
            let small = first().find(|format| (format.detect)(&probe).is_some()).map(|format| format.id);
            if small.is_some() {
                assert_eq!(small, whole, "{text}");
            }
        }
    }
}
