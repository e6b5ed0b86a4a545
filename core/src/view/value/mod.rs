//! One opened value: read once, then windows of it as a JSON tree or as lines of text.
//!
//! A value of 20 MB is read in one pass; a window costs what it shows. Where the value comes from is in `read`,
//! what is open in a tree in [`tree`], where the lines of a text are in [`text`].

mod markdown;
pub mod path;
mod read;
pub mod text;
pub mod tree;

pub use markdown::looks_like_markdown;
pub(crate) use read::piece_text;
pub use read::{Read, read, read_attributes, read_part, value_of_node};

use crate::model::Place;
use crate::protocol::{ValueInfo, ValueRows, ValueShape};
use text::TextIndex;
use tree::ValueTree;

/// Texts up to this many bytes come along with the answer that opens them.
const SMALL: usize = 64 << 10;
/// Most nodes a tree is made of (each takes some 40 bytes); beyond, the value is shown as text.
const MOST_NODES: usize = 3_000_000;

#[derive(Debug)]
enum Shape {
    Tree(Box<ValueTree>),
    Text(String, TextIndex),
}

/// A value somebody reads.
#[derive(Debug)]
pub struct Opened {
    shape: Shape,
    json: bool,
    markdown: bool,
    note: String,
    /// What the last toggle had to say.
    remark: &'static str,
    /// Where it stands in its document.
    pub place: Option<Place>,
}

impl Opened {
    /// Opens what was read: as a tree where it is a JSON object or array and text was not asked for.
    pub fn new(read: Read, as_text: bool) -> Self {
        let Read { text, json, mut note, place } = read;
        let mut say = |more: &str| {
            note.push_str(if note.is_empty() { "" } else { " " });
            note.push_str(more);
        };
        let commas = if json && !as_text { memchr::memchr_iter(b',', text.as_bytes()).count() } else { 0 };
        if commas > MOST_NODES {
            say("Too many items for a tree: shown as text.");
        }
        let shape = if json && !as_text && commas <= MOST_NODES {
            let (tree, trailing) = ValueTree::new(text);
            if trailing > 0 {
                say(&format!("{trailing} more bytes follow this JSON; show it as text to see them."));
            }
            Shape::Tree(Box::new(tree))
        } else {
            let index = TextIndex::new(text.as_bytes());
            Shape::Text(text, index)
        };
        let mut opened = Opened { shape, json, markdown: false, note, remark: "", place };
        opened.markdown = !json && looks_like_markdown(opened.text());
        opened
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        match &self.shape {
            Shape::Tree(tree) => tree.text(),
            Shape::Text(text, _) => text,
        }
    }

    /// What a face shows of it; `place` and `handle` are the session's to know.
    pub fn info(&mut self, handle: u32, place: Option<(u32, u16, u64, u64)>) -> ValueInfo {
        let (shape, rows) = match &mut self.shape {
            Shape::Tree(tree) => (ValueShape::Json, tree.total()),
            Shape::Text(_, index) => (ValueShape::Text, index.rows()),
        };
        let text = self.text();
        let bytes = text.len();
        let gap = if self.note.is_empty() || self.remark.is_empty() { "" } else { " " };
        ValueInfo {
            value: handle,
            shape,
            json: self.json,
            markdown: self.markdown,
            bytes: bytes as u64,
            rows,
            note: format!("{}{gap}{}", self.note, self.remark),
            text: (bytes <= SMALL).then(|| text.to_owned()),
            place,
        }
    }

    /// A window of its rows.
    pub fn rows(&mut self, from: u32, count: u32) -> ValueRows {
        match &mut self.shape {
            Shape::Tree(tree) => {
                let total = tree.total();
                ValueRows { total, from: from.min(total), nodes: tree.window(from, count), lines: Vec::new() }
            }
            Shape::Text(text, index) => {
                let total = index.rows();
                let lines = index.window(text.as_bytes(), from, count);
                ValueRows { total, from: from.min(total), nodes: Vec::new(), lines }
            }
        }
    }

    /// Opens or closes a container, with everything below it when `deep`.
    pub fn toggle(&mut self, node: u32, deep: bool) {
        if let Shape::Tree(tree) = &mut self.shape {
            let whole = tree.toggle(node, deep);
            self.remark = if whole { "" } else { "Stopped after 20,000 rows; open the rest one by one." };
        }
    }

    /// Reads a string as the JSON it holds, in place, or shows it as a string again; a sentence when it holds none.
    pub fn decode(&mut self, node: u32) -> Result<(), String> {
        match &mut self.shape {
            Shape::Tree(tree) => tree.decode(node),
            Shape::Text(..) => Err("This value is shown as text: there is no string in it to decode.".to_owned()),
        }
    }

    /// Opens what is around the node at a JSON path and says its row; a text has only one place, its beginning.
    pub fn reveal(&mut self, path: &str) -> Option<u32> {
        match &mut self.shape {
            Shape::Tree(tree) => tree.reveal(path),
            Shape::Text(..) => (path.is_empty() || path == "$").then_some(0),
        }
    }

    /// The exact text of the whole or of one node: strings decoded, everything else as it stands.
    pub fn text_of(&self, node: Option<u32>) -> Option<String> {
        match (&self.shape, node) {
            (_, None) => Some(self.text().to_owned()),
            (Shape::Tree(tree), Some(node)) => tree.text_of(node),
            (Shape::Text(..), Some(_)) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(text: &str, as_text: bool) -> Opened {
        let json = crate::json::looks_like_container(text);
        Opened::new(Read { text: text.to_owned(), json, note: String::new(), place: None }, as_text)
    }

    #[test]
    fn shows_json_as_tree_or_text() {
        let mut tree = opened(r#"{"a": 1}"#, false);
        assert_eq!((tree.info(1, None).shape, tree.rows(0, 9).nodes.len()), (ValueShape::Json, 3));
        let mut text = opened(r#"{"a": 1}"#, true);
        let info = text.info(2, None);
        assert_eq!((info.shape, info.json, info.rows), (ValueShape::Text, true, 1));
        assert_eq!(text.rows(0, 9).lines[0].text, r#"{"a": 1}"#);
        assert!(text.decode(0).is_err() && text.text_of(Some(0)).is_none());
    }

    #[test]
    fn says_what_follows_the_json() {
        let mut value = Opened::new(
            Read { text: "{} {}".to_owned(), json: true, note: "From 2 pieces.".to_owned(), place: None },
            false,
        );
        assert_eq!(
            value.info(0, None).note,
            "From 2 pieces. 2 more bytes follow this JSON; show it as text to see them."
        );
    }

    #[test]
    fn twenty_megabytes_open_in_one_pass() {
        let item = r#"{"id": 12345, "text": "some words that repeat", "list": [1, 2, 3]},"#;
        let mut text = String::from("[");
        while text.len() < 4_000_000 {
            text.push_str(item);
        }
        text.pop();
        text.push(']');
        let mut value = opened(&text, false);
        let total = value.info(0, None).rows;
        assert!(total > 50_000);
        assert_eq!(value.rows(total - 2, 9).nodes.len(), 2);
    }
}
