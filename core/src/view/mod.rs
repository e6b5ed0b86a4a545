//! What a face shows of a run: rows, table, overview, inspector, conversation, values, source lines.
//!
//! Pure functions of the model and small states (what is open, how it is sorted). Answers are windows, so their cost
//! does not grow with the run. Who asked and which states live how long is the session's business.

pub mod chat;
pub mod index;
pub mod overview;
pub mod source;
pub mod step;
pub mod table;
#[cfg(test)]
pub(crate) mod test_reader;
pub mod tree;
pub mod value;

use crate::model::{Details, Document, Place, Run};

/// How views get at what is not in the columns of one document.
pub trait Reader {
    /// The bytes at a place, fewer where the file ends; a sentence for a person when they cannot be had.
    fn bytes(&self, place: Place) -> Result<Vec<u8>, String>;
    /// Bytes of a file, after unpacking; 0 for a file there is not.
    fn len(&self, file: u16) -> u64;
    /// Everything about one step; `run` counts in the document.
    fn details(&self, run: u32, step: u32) -> Result<Details, String>;
}

/// One run and how to read it.
#[derive(Clone, Copy)]
pub struct Sight<'a> {
    /// Its document.
    pub document: &'a Document,
    /// The run.
    pub run: &'a Run,
    /// Its index in the document.
    pub local: u32,
    /// Its index in the session, which is what parts and answers speak of.
    pub number: u32,
    /// Reads the document.
    pub reader: &'a dyn Reader,
}

impl Sight<'_> {
    /// Name of a step.
    pub fn name(&self, step: u32) -> &str {
        self.run.steps.name.get(step as usize).map_or("", |&name| self.document.names.get(name))
    }

    /// Everything about a step.
    pub fn details(&self, step: u32) -> Result<Details, String> {
        self.reader.details(self.local, step)
    }
}

/// The longest beginning of `text` of at most `most` bytes that cuts no character in two.
pub(crate) fn cut(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while end > 0 && !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or("")
}
