//! What was found wrong or worth saying about a file, and where.

use serde::{Deserialize, Serialize};

/// A range of bytes in one file of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// Index into the document's files.
    pub file: u16,
    /// First byte. Counted in the text as it is read: after unpacking, and after UTF-16 became UTF-8.
    pub start: u64,
    /// Number of bytes.
    pub len: u64,
}

impl Place {
    /// The byte after the last.
    pub fn end(self) -> u64 {
        self.start.saturating_add(self.len)
    }
}

/// How much a diagnostic matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know; nothing is missing because of it.
    Info,
    /// Something was repaired, dropped or is doubtful.
    Warning,
    /// Something could not be read.
    Error,
}

/// One finding about a file. The message says what was expected, what was read all the same, and what to do next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Stable id in kebab-case, documented in `docs/diagnostics.md`.
    pub code: String,
    /// How much it matters.
    pub severity: Severity,
    /// One or two sentences for a person.
    pub message: String,
    /// Index of the file in the document it speaks of.
    #[serde(default)]
    pub file: u16,
    /// Where, when it has a place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Line of the place, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Column of the place in bytes, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u64>,
    /// JSON path of the place, when it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The step it speaks of: run index in the document and step in tree order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<(u32, u32)>,
}

impl Diagnostic {
    /// A finding without a place; the other fields are filled by whoever knows them.
    pub fn new(severity: Severity, code: &str, message: impl Into<String>) -> Self {
        Diagnostic {
            code: code.to_owned(),
            severity,
            message: message.into(),
            file: 0,
            place: None,
            line: None,
            column: None,
            path: None,
            step: None,
        }
    }

    /// The same finding at a place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.file = place.file;
        self.place = Some(place);
        self
    }

    /// The same finding at a JSON path.
    #[must_use]
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }
}
