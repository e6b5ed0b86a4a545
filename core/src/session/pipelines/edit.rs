//! The text of a pipeline: reading it, changing it, what could stand at a place in it, and drawing it as text.

use super::edits_in_file;
use crate::edit::apply;
use crate::ia_modules::text;
use crate::protocol::{Answer, Change, Drawing, Rewritten, Target, TextEdit};
use crate::session::opening::Choice;
use crate::session::{Opening, Session};
use crate::source::Memory;
use std::rc::Rc;

/// The text of a document's first file as faces see it: bytes that are not UTF-8 are replaced, so that places count
/// the same on both sides.
fn whole(session: &Session, document: u32) -> Result<String, String> {
    let bytes = session.first_file(document)?;
    Ok(String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

pub(super) fn text(session: &Session, document: u32) -> Result<Answer, String> {
    Ok(Answer::Text { text: whole(session, document)? })
}

pub(super) fn rewrite(session: &mut Session, document: u32, edits: &[TextEdit]) -> Result<Answer, String> {
    let before = whole(session, document)?;
    let text =
        apply(before.as_bytes(), edits).ok_or("These edits do not fit the text: it has changed in the meantime.")?;
    let bytes = text.len() as u64;
    session.live = None;
    reread(session, document, text);
    let document = session.document(document).ok_or("The changed text could not be read.")?;
    Ok(Answer::Rewritten(Box::new(Rewritten { bytes, document })))
}

/// Reads a document anew with another text of its first file; files that joined it join it again.
pub(super) fn reread(session: &mut Session, document: u32, text: Vec<u8>) {
    let Ok(mut opening) = Opening::anew(session, document, Choice::Content, Some(Rc::new(Memory(text)))) else {
        return;
    };
    while session.advance(&mut opening, u64::MAX).document.is_none() {}
}

pub(super) fn plan(session: &Session, pipeline: u32, change: &Change) -> Result<Answer, String> {
    let definition = session.definition(pipeline)?;
    let mut edits = text::plan(&definition.text, change)?;
    edits_in_file(&mut edits, definition.base);
    Ok(Answer::Edits { edits })
}

/// The pipeline's text around a place of a document, and where it begins: the definition that holds the place, else
/// all of the file, which may be too damaged to be recognised.
fn around(session: &Session, document: u32, at: u64) -> Result<(Vec<u8>, u64), String> {
    if let Some(text) = session.live_text(document) {
        return Ok((text.to_vec(), 0));
    }
    let opened = session.opened.get(document as usize).and_then(Option::as_ref).ok_or("This document is closed.")?;
    let mut places = opened.document.pipelines.iter().map(|pipeline| pipeline.place);
    if let Some(place) = places.find(|place| place.file == 0 && place.start <= at && at <= place.end()) {
        return Ok((opened.bytes(place)?, place.start));
    }
    let mut bytes = whole(session, document)?.into_bytes();
    let mark = if bytes.starts_with("\u{feff}".as_bytes()) { 3 } else { 0 };
    bytes.drain(..mark);
    Ok((bytes, mark as u64))
}

/// A place of the file as one of the definition.
fn within(at: u64, base: u64) -> usize {
    usize::try_from(at.saturating_sub(base)).unwrap_or(usize::MAX)
}

pub(super) fn complete(session: &Session, document: u32, at: u64, target: Target) -> Result<Answer, String> {
    let (bytes, base) = around(session, document, at)?;
    let mut completions = text::complete(&bytes, within(at, base), target);
    for completion in &mut completions {
        completion.edit.start = completion.edit.start.saturating_add(base);
        completion.edit.end = completion.edit.end.saturating_add(base);
    }
    Ok(Answer::Completions { completions })
}

pub(super) fn hover(session: &Session, document: u32, at: u64, target: Target) -> Result<Answer, String> {
    let (bytes, base) = around(session, document, at)?;
    let mut hover = text::hover(&bytes, within(at, base), target);
    if let Some(hover) = &mut hover {
        hover.start = hover.start.saturating_add(base);
        hover.end = hover.end.saturating_add(base);
    }
    Ok(Answer::Hover { hover })
}

pub(super) fn draw(session: &Session, pipeline: u32, drawing: Drawing) -> Result<Answer, String> {
    super::draw::draw(session, pipeline, drawing)
}
