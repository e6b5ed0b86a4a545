//! The text of a pipeline: reading it, changing it, what could stand at a place in it, and drawing it as text.

use super::in_file;
use crate::protocol::{Answer, Change, Drawing, Rewritten, Target, TextEdit};
use crate::session::Session;
use crate::source::Memory;

pub(super) fn text(session: &Session, document: u32) -> Result<Answer, String> {
    let text = String::from_utf8_lossy(&session.first_file(document)?).into_owned();
    Ok(Answer::Text { text })
}

pub(super) fn rewrite(session: &mut Session, document: u32, edits: &[TextEdit]) -> Result<Answer, String> {
    let before = session.first_file(document)?;
    let text = applied(&before, edits).ok_or("These edits do not fit the text: it has changed in the meantime.")?;
    let opened = session.opened.get(document as usize).and_then(Option::as_ref).ok_or("This document is closed.")?;
    let name = opened.document.files.first().map_or_else(String::new, |file| file.name.clone());
    let bytes = text.len() as u64;
    if let Some(slot) = session.opened.get_mut(document as usize) {
        *slot = None;
    }
    let mut opening = session.open(&name, Box::new(Memory(text)), Some(document));
    while session.advance(&mut opening, u64::MAX).document.is_none() {}
    let document = session.document(document).ok_or("The changed text could not be read.")?;
    Ok(Answer::Rewritten(Box::new(Rewritten { bytes, document })))
}

/// The text with the edits made; `None` when they overlap or lie outside.
fn applied(text: &[u8], edits: &[TextEdit]) -> Option<Vec<u8>> {
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

pub(super) fn plan(session: &Session, pipeline: u32, _change: &Change) -> Result<Answer, String> {
    let definition = session.definition(pipeline)?;
    Ok(Answer::Edits { edits: in_file(Vec::new(), definition.base) })
}

pub(super) fn complete(_session: &Session, _document: u32, _at: u64, _target: Target) -> Result<Answer, String> {
    Ok(Answer::Completions { completions: Vec::new() })
}

pub(super) fn hover(_session: &Session, _document: u32, _at: u64, _target: Target) -> Result<Answer, String> {
    Ok(Answer::Hover { hover: None })
}

pub(super) fn draw(session: &Session, pipeline: u32, drawing: Drawing) -> Result<Answer, String> {
    super::draw::draw(session, pipeline, drawing)
}
