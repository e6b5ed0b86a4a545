//! Changing a JSON text without touching anything else in it.
//!
//! Every change is a list of [`TextEdit`]s: in the order of the text, not overlapping, each byte outside of them left
//! alone. [`Edits`] gathers changes of one text by node, [`format`](mod@format) gives all of it the usual form.
//! Nothing here knows what a text means: the changes of a pipeline are in `ia_modules::text`.

mod compose;
mod format;
mod style;
#[cfg(test)]
mod tests;

pub use compose::{Edits, Position};
pub use format::{format, format_whole};
pub use style::Style;

use crate::protocol::TextEdit;

/// The text with the edits made; `None` when they overlap, are out of order, or lie outside.
pub fn apply(text: &[u8], edits: &[TextEdit]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let (start, end) = (usize::try_from(edit.start).ok()?, usize::try_from(edit.end).ok()?);
        out.extend_from_slice(text.get(at..start)?);
        text.get(start..end)?;
        out.extend_from_slice(edit.text.as_bytes());
        at = end;
    }
    out.extend_from_slice(text.get(at..)?);
    Some(out)
}

/// The same for a text; `None` also when an edit would cut a letter in two.
pub fn apply_text(text: &str, edits: &[TextEdit]) -> Option<String> {
    String::from_utf8(apply(text.as_bytes(), edits)?).ok()
}
