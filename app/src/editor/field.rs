//! The text on the screen, as the rest of the page sees it: the editor, or a plain field where there is none.

use super::{bridge::Handle, plain::Plain};
use chaindebug_core::model::Severity;
use chaindebug_core::protocol::TextEdit;
use serde::Serialize;

/// Where the text is.
pub(super) enum Field {
    /// The editor.
    Rich(Handle),
    /// A plain field.
    Plain(Plain),
}

/// Something underlined, in bytes of the engine's text.
#[derive(Serialize)]
pub(super) struct Underline {
    /// First byte.
    pub(super) start: u64,
    /// After the last.
    pub(super) end: u64,
    /// How much it matters.
    pub(super) severity: Severity,
    /// What is said.
    pub(super) message: String,
    /// Titles of its fixes.
    pub(super) fixes: Vec<String>,
}

// Bytes of a text that fits into memory are exact as a float.
#[allow(clippy::cast_precision_loss)]
fn float(byte: u64) -> f64 {
    byte as f64
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn whole(byte: f64) -> u64 {
    byte as u64
}

impl Field {
    /// The edits the engine has not been told of; from now on they count as told.
    pub(super) fn take(&self) -> Option<Vec<TextEdit>> {
        match self {
            Field::Rich(handle) => serde_json::from_str(&handle.take()?).ok(),
            Field::Plain(plain) => plain.take(),
        }
    }

    /// Makes edits of the engine's text on the screen, as one step to undo.
    pub(super) fn edit(&self, edits: &[TextEdit]) {
        match self {
            Field::Rich(handle) => {
                if let Ok(edits) = serde_json::to_string(edits) {
                    handle.edit(&edits, false);
                }
            }
            Field::Plain(plain) => plain.edit(edits),
        }
    }

    /// Sets what is underlined.
    pub(super) fn underline(&self, list: &[Underline]) {
        if let (Field::Rich(handle), Ok(list)) = (self, serde_json::to_string(list)) {
            handle.findings(&list);
        }
    }

    /// Moves the caret to a byte and brings it into sight.
    pub(super) fn go(&self, byte: u64, focus: bool) {
        match self {
            Field::Rich(handle) => handle.go(float(byte), focus),
            Field::Plain(plain) => plain.go(byte, focus),
        }
    }

    /// Marks the lines of a stretch of the text, or none when it is empty.
    pub(super) fn mark(&self, start: u64, end: u64, reveal: bool) {
        match self {
            Field::Rich(handle) => handle.mark(float(start), float(end), reveal),
            Field::Plain(plain) if reveal && end > start => plain.go(start, false),
            Field::Plain(_) => {}
        }
    }

    /// The byte of the caret in the engine's text.
    pub(super) fn caret(&self) -> u64 {
        match self {
            Field::Rich(handle) => whole(handle.caret()),
            Field::Plain(plain) => plain.caret(),
        }
    }

    /// The byte of a place on the screen, in the engine's text.
    pub(super) fn byte(&self, place: f64) -> u64 {
        match self {
            Field::Rich(handle) => whole(handle.byte(place)),
            Field::Plain(_) => whole(place),
        }
    }

    /// The text as a file holds it.
    pub(super) fn text(&self) -> String {
        match self {
            Field::Rich(handle) => handle.text(),
            Field::Plain(plain) => plain.text(),
        }
    }

    /// Takes the last change back, or makes it again.
    pub(super) fn travel(&self, back: bool) {
        match self {
            Field::Rich(handle) if back => handle.undo(),
            Field::Rich(handle) => handle.redo(),
            Field::Plain(plain) => plain.travel(back),
        }
    }

    /// How many changes can be taken back, and made again.
    pub(super) fn depth(&self) -> (u32, u32) {
        match self {
            Field::Rich(handle) => (handle.undoable(), handle.redoable()),
            Field::Plain(plain) => plain.depth(),
        }
    }

    /// Gives it the focus.
    pub(super) fn focus(&self) {
        match self {
            Field::Rich(handle) => handle.focus(),
            Field::Plain(plain) => plain.focus(),
        }
    }

    /// Ends it.
    pub(super) fn destroy(&self) {
        if let Field::Rich(handle) = self {
            handle.destroy();
        }
    }
}
