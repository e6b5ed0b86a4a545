//! JSON that programs wrote in a shape of their own, turned into the shape that importers read: values kept apart and
//! named by number, rows kept by column, tuples without names, parts packed into a string, answers in pieces,
//! conversations in versions and branches.
//!
//! Each submodule takes a whole text and gives the other, or nothing when it is not that. When this is tried, and what
//! is said of it, is decided where a file is opened. Nothing here knows what the records mean.

mod chats;
mod columns;
mod flatted;
mod modes;
mod nodes;
mod streams;
mod tuples;

use crate::json::{At, Lexer, Tree, looks_like_container};

/// Most bytes that come of one text.
const MOST: usize = 128 << 20;

/// A text in its usual shape.
pub(crate) struct Reshaped {
    /// The text.
    pub json: Vec<u8>,
    /// What it was, in a sentence.
    pub says: String,
}

/// Tries what a text shows by its first bytes; `text` gives all of it.
pub(crate) fn told(head: &[u8], text: impl FnOnce() -> Option<Vec<u8>>) -> Option<Reshaped> {
    let has = |sign: &[u8]| memchr::memmem::find(head, sign).is_some();
    let begins = head.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).take(2).collect::<Vec<u8>>();
    let lists = begins.first() == Some(&b'[');
    let shape: fn(&[u8]) -> Option<Reshaped> = match () {
        () if crate::FULL && streams::begins(head) => streams::answers,
        () if has(b"\"compressedNodes\"") => nodes::unpacked,
        () if lists && (has(b"\"checkpoint_id\"") || has(b"\"channel_values\"")) => tuples::named,
        () if crate::FULL && lists && modes::begins(head) => modes::tasks,
        () if (lists && has(b"\"resultData\":\"")) || has(b"\\\"resultData\\\":\\\"") => flatted::joined,
        () => {
            let writes = if crate::FULL { chats::begins(head) } else { None };
            return writes.and_then(|writes| chats::messages(&text()?, writes));
        }
    };
    shape(&text()?)
}

/// Rows of a table that is kept by column, of a text that is nothing else; or the JSON that it wraps as a text.
pub(crate) fn rows(text: &[u8]) -> Option<Reshaped> {
    columns::rows(text).or_else(|| quoted(text))
}

/// JSON that stands in a string: of a text that is nothing else, or under a key that wraps others.
fn quoted(text: &[u8]) -> Option<Reshaped> {
    let tree = whole(text)?;
    let root = At::root(text, &tree)?;
    let wrapped = || super::refuse::WRAPPERS.iter().find_map(|key| root.get(key)?.string());
    let inner = root.string().or_else(wrapped).filter(|inner| looks_like_container(inner))?;
    let says = "The file holds JSON in a string; what is inside is read, and places are counted in that.".to_owned();
    Some(Reshaped { json: inner.into_owned().into_bytes(), says })
}

/// The values of a text, one after the other.
fn values(text: &[u8]) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut lexer = Lexer::new(text);
    std::iter::from_fn(move || {
        if lexer.at_end() {
            return None;
        }
        lexer.skip().ok()
    })
}

/// Writes the key of a member, with what stands before its value.
fn key(member: At<'_>, out: &mut Vec<u8>) {
    if let Some((start, end)) = member.key_range() {
        out.push(b'"');
        out.extend_from_slice(member.text.get(start..end).unwrap_or(&[]));
        out.extend_from_slice(b"\":");
    }
}

/// A tree of a whole text; `None` when it is damaged.
fn whole(text: &[u8]) -> Option<Tree> {
    let tree = Tree::parse(text);
    (tree.damage.is_none() && !tree.is_empty()).then_some(tree)
}

#[cfg(test)]
mod tests;
