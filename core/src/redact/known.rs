//! What was found somewhere, looked for everywhere: a password in an address and once more in a message, a user's name
//! in a path and in a greeting.

use super::ascii::before;
use super::hit::Hits;
use super::kinds::Kind;
use rustc_hash::FxHashMap;

/// Bytes by which texts are told apart at first sight.
const HEAD: usize = 4;
/// Different lengths of texts with one head; beyond, the longest count. Keeps the time linear whatever was found.
const LENGTHS: usize = 24;
/// Longest text that is looked for.
pub(crate) const LONGEST: usize = 400;

/// Texts that are looked for.
#[derive(Default)]
pub(crate) struct Known {
    /// By head, in lower case: lengths, the longest first.
    heads: FxHashMap<[u8; HEAD], Vec<usize>>,
    /// By text, names in lower case.
    texts: FxHashMap<Box<[u8]>, (Kind, &'static str, String)>,
}

fn head(bytes: &[u8]) -> Option<[u8; HEAD]> {
    let mut head: [u8; HEAD] = bytes.get(..HEAD)?.try_into().ok()?;
    head.make_ascii_lowercase();
    Some(head)
}

impl Known {
    pub(crate) fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// Adds a text.
    pub(crate) fn add(&mut self, text: &str, kind: Kind, of: &'static str, normal: &str) {
        let text = if kind == Kind::UserName { text.to_lowercase() } else { text.to_owned() };
        let Some(head) = head(text.as_bytes()).filter(|_| text.len() <= LONGEST) else { return };
        let lengths = self.heads.entry(head).or_default();
        if !lengths.contains(&text.len()) {
            let at = lengths.iter().position(|len| *len < text.len()).unwrap_or(lengths.len());
            lengths.insert(at, text.len());
            lengths.truncate(LENGTHS);
        }
        self.texts.entry(text.into_bytes().into()).or_insert((kind, of, normal.to_owned()));
    }

    /// Finds them, each as a word of its own.
    pub(crate) fn find(&self, text: &str, hits: &mut Hits) {
        if self.is_empty() {
            return;
        }
        let bytes = text.as_bytes();
        let mut from = 0;
        let mut lower = Vec::new();
        while from + HEAD <= bytes.len() {
            let start = from;
            from += 1;
            if before(bytes, start).is_ascii_alphanumeric() || !text.is_char_boundary(start) {
                continue;
            }
            let rest = bytes.get(start..).unwrap_or(&[]);
            let Some(lengths) = head(rest).and_then(|head| self.heads.get(&head)) else { continue };
            for &len in lengths {
                let Some(own) = rest.get(..len) else { continue };
                let next = rest.get(len).copied().unwrap_or(0);
                if next.is_ascii_alphanumeric() {
                    continue;
                }
                let found = self.texts.get(own).or_else(|| {
                    lower.clear();
                    lower.extend(own.to_ascii_lowercase());
                    self.texts.get(lower.as_slice()).filter(|(kind, ..)| *kind == Kind::UserName)
                });
                let Some((kind, of, normal)) = found else { continue };
                // In `mark_down` and `tokens-used` a name is part of a word.
                let joined = before(bytes, start) == b'_' || next == b'_';
                if *kind == Kind::UserName && joined {
                    continue;
                }
                hits.add_as(text, (start, start + len), *kind, of, Some(normal.clone()));
                from = start + len;
                break;
            }
        }
    }
}
