//! A rule on the style sheets: a class of one word that one part of the page styles is not used by another part, which
//! means something else by it and looks like what it is not.
//!
//! Whoever needs such a word puts the part's name before it: `validator-said`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Sheets whose words are for every part.
const FOR_ALL: &[&str] = &["tokens.css", "base.css", "widgets.css"];
/// Words that several parts share and mean the same by: the frame and its cards, what stands for a difference.
const SHARED: &[&str] = &[
    "opening",
    "page",
    "panel",
    "picture",
    "sheet",
    "sign",
    "sorter",
    "splitter",
    "transport",
    "verdict",
    "view",
    "work",
];

/// What the sheets style, and what the parts of the page use.
#[derive(Default)]
pub(super) struct Words {
    styled: BTreeMap<String, BTreeSet<String>>,
    used: BTreeMap<String, BTreeSet<String>>,
}

impl Words {
    /// Takes a file of the project up, by its path in it: a sheet of the page, or a source file of a part of it.
    pub(super) fn add(&mut self, path: &Path, text: &str) {
        let parts: Vec<_> = path.iter().filter_map(|part| part.to_str()).collect();
        match parts.as_slice() {
            ["app", "styles", sheet] if !FOR_ALL.contains(sheet) => {
                for word in styled(text) {
                    self.styled.entry(word.to_owned()).or_default().insert((*sheet).to_owned());
                }
            }
            ["app", "src", part, _, ..] => {
                for word in used(text) {
                    self.used.entry(word.to_owned()).or_default().insert((*part).to_owned());
                }
            }
            _ => {}
        }
    }

    /// Words that are styled for one part and used in several.
    pub(super) fn complaints(&self) -> Vec<String> {
        let several = |word: &str| self.used.get(word).filter(|parts| parts.len() > 1);
        let found = self.styled.iter().filter(|(word, _)| !SHARED.contains(&word.as_str()));
        let found = found.filter_map(|(word, sheets)| Some((word, sheets, several(word)?)));
        found
            .map(|(word, sheets, parts)| {
                let list = |set: &BTreeSet<String>| set.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
                format!(
                    "the class `{word}` is styled in {} and used in {}: name it after one part, or say in \
                     xtask/src/test/styles.rs that it is shared",
                    list(sheets),
                    list(parts)
                )
            })
            .collect()
    }
}

/// A class of one word: letters, which ends the word.
fn word(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').unwrap_or(text.len());
    let word = &text[..end];
    let plain = !word.is_empty() && word.chars().all(|c| c.is_ascii_alphabetic());
    plain.then_some(word)
}

/// Words that selectors begin with, alone.
fn styled(sheet: &str) -> Vec<&str> {
    let mut rest = sheet;
    let mut found = Vec::new();
    // What stands before a brace, and after the end of what came before it, is a list of selectors.
    while let Some((before, after)) = rest.split_once('{') {
        let from = before.rfind(['}', ';']).map_or(0, |at| at + 1);
        let selectors = before[from..].rsplit("*/").next().unwrap_or_default();
        found.extend(selectors.split(',').filter_map(|selector| {
            let class = selector.trim().strip_prefix('.')?;
            let word = word(class)?;
            // A second class narrows it down, and a bracket ends what stood within it.
            (!class[word.len()..].starts_with(['.', ')'])).then_some(word)
        }));
        rest = after;
    }
    found
}

/// Words that a view gives its elements.
fn used(source: &str) -> Vec<&str> {
    let lists = source.split("class=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let single = source.split("class:").skip(1).filter_map(word);
    lists.flat_map(str::split_whitespace).filter(|one| word(one) == Some(one)).chain(single).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_selectors_begin_with() {
        let sheet =
            "/* .no */\n.said, .chat-line > .b {\n  a: b;\n}\n.said li {\n}\n@media (x) {\n  .more:hover {\n  }\n}\n";
        assert_eq!(styled(sheet), ["said", "said", "more"]);
        assert_eq!(styled(".small.own { } .row:not(.a, .b) { }"), ["row"]);
    }

    #[test]
    fn a_word_of_one_part_is_not_used_by_another() {
        let mut words = Words::default();
        words.add(Path::new("app/styles/chat.css"), ".said { }");
        words.add(Path::new("app/styles/base.css"), ".dim { }");
        words.add(Path::new("app/src/chat/message.rs"), "<div class=\"said dim\"><i class:on=x/>");
        assert!(words.complaints().is_empty());
        words.add(Path::new("app/src/findings/validator.rs"), "<section class=\"said dim\">");
        assert_eq!(words.complaints().len(), 1);
        assert!(words.complaints()[0].contains("`said` is styled in chat.css and used in chat, findings"));
    }
}
