//! What is looked for: the rule of letter case, finding it in decoded text, and the piece of it that can be looked for
//! in bytes that are still escaped.

use memchr::memmem::Finder;

/// A text to find.
#[derive(Debug)]
pub(super) struct Needle {
    /// Letter case matters: the text holds a capital.
    exact: bool,
    ascii: bool,
    /// The text; in lower case unless `exact`.
    finder: Finder<'static>,
    /// The longest piece that stands in JSON as it reads, in lower case unless `exact`.
    piece: Option<Finder<'static>>,
}

/// Whether a byte stands in JSON as it is, whoever wrote it: some writers escape `/`, `<`, `&`, `'` and `+` too.
fn stays(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b" -_.,:;!?()[]{}@#$%*=~^|".contains(&byte)
}

impl Needle {
    /// `None` for an empty text.
    pub(super) fn new(text: &str) -> Option<Needle> {
        if text.is_empty() {
            return None;
        }
        let exact = text.chars().any(char::is_uppercase);
        let folded = if exact { text.to_owned() } else { text.to_lowercase() };
        let pieces = folded.as_bytes().split(|&byte| !stays(byte));
        let piece = pieces.max_by_key(|piece| piece.len()).filter(|piece| !piece.is_empty());
        Some(Needle {
            exact,
            ascii: folded.is_ascii(),
            piece: piece.map(|piece| Finder::new(piece).into_owned()),
            finder: Finder::new(folded.as_bytes()).into_owned(),
        })
    }

    /// Where it is in a text, without overlaps: ranges of bytes on character boundaries. Stops when `hit` says so.
    pub(super) fn find(&self, text: &str, mut hit: impl FnMut(usize, usize) -> bool) {
        let length = self.finder.needle().len();
        if self.exact || self.ascii {
            let folded;
            let bytes = if self.exact {
                text.as_bytes()
            } else {
                folded = text.as_bytes().to_ascii_lowercase();
                &folded
            };
            for at in self.finder.find_iter(bytes) {
                if !hit(at, at + length) {
                    return;
                }
            }
            return;
        }
        // Lower case may be longer or shorter than what it came from: remember where each byte came from.
        let mut folded = String::with_capacity(text.len());
        let mut from: Vec<(usize, usize)> = Vec::with_capacity(text.len());
        for (at, c) in text.char_indices() {
            for lower in c.to_lowercase() {
                folded.push(lower);
            }
            from.resize(folded.len(), (at, at + c.len_utf8()));
        }
        for at in self.finder.find_iter(folded.as_bytes()) {
            let (Some(first), Some(last)) = (from.get(at), from.get(at + length - 1)) else { return };
            if !hit(first.0, last.1) {
                return;
            }
        }
    }

    /// Whether it is in a text.
    pub(super) fn is_in(&self, text: &str) -> bool {
        let mut found = false;
        self.find(text, |_, _| {
            found = true;
            false
        });
        found
    }

    /// Bytes of the piece that can be looked for in escaped bytes; 0 when there is none.
    pub(super) fn piece_len(&self) -> usize {
        self.piece.as_ref().map_or(0, |piece| piece.needle().len())
    }

    /// The next place at or after `from` where bytes of a file may hold it; `folded` comes from [`Needle::fold`].
    ///
    /// Without a piece every place may. A writer may also spell a letter of the piece as `\u0041`: that counts.
    pub(super) fn may_be_at(&self, folded: &[u8], from: usize) -> Option<usize> {
        let rest = folded.get(from..).filter(|rest| !rest.is_empty())?;
        let Some(piece) = &self.piece else {
            if self.ascii {
                return Some(from);
            }
            // A letter beyond ASCII stands there as it is, or spelled with an escape.
            let plain = rest.iter().position(|byte| !byte.is_ascii());
            let before = plain.map_or(rest, |at| rest.get(..at).unwrap_or(rest));
            return memchr::memmem::find(before, br"\u").or(plain).map(|at| from + at);
        };
        let plain = piece.find(rest);
        let before = plain.map_or(rest, |at| rest.get(..at).unwrap_or(rest));
        let spelled = memchr::memmem::find_iter(before, br"\u00").find(|&at| {
            let digits = before.get(at + 4..at + 6).and_then(|digits| std::str::from_utf8(digits).ok());
            let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
            byte.is_none_or(|byte| {
                let byte = if self.exact { byte } else { byte.to_ascii_lowercase() };
                piece.needle().contains(&byte)
            })
        });
        spelled.or(plain).map(|at| from + at)
    }

    /// Bytes as [`Needle::may_be_at`] wants them.
    pub(super) fn fold(&self, bytes: &mut [u8]) {
        if !self.exact {
            bytes.make_ascii_lowercase();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(needle: &str, text: &str) -> Vec<String> {
        let mut found = Vec::new();
        if let Some(needle) = Needle::new(needle) {
            needle.find(text, |from, to| {
                found.push(text[from..to].to_owned());
                true
            });
        }
        found
    }

    #[test]
    fn case_counts_only_with_a_capital() {
        assert_eq!(found("berlin", "Berlin berlin BERLIN"), ["Berlin", "berlin", "BERLIN"]);
        assert_eq!(found("Berlin", "Berlin berlin BERLIN"), ["Berlin"]);
        assert_eq!(found("straße é", "STRAßE É"), ["STRAßE É"]);
        assert_eq!(found("ö", "xİÖy"), ["Ö"]);
        assert!(Needle::new("").is_none());
    }

    #[test]
    fn bytes_that_cannot_hold_it_are_told() {
        let may = |needle: &str, bytes: &str| {
            let needle = Needle::new(needle)?;
            let mut bytes = bytes.as_bytes().to_vec();
            needle.fold(&mut bytes);
            needle.may_be_at(&bytes, 0)
        };
        assert_eq!(may("city", r#"{"City": 1}"#), Some(2));
        assert_eq!(may("City", r#"{"city": 1}"#), None);
        assert_eq!(may(r#"say "hello""#, r#"I say \"hello\""#), Some(8));
        assert_eq!(may("city", r"\u0063ity"), Some(0));
        assert_eq!(may("city", r"\u0022x\u00e9"), None);
        assert_eq!(may("\"", "anything"), Some(0));
        assert_eq!((may("é", "plain"), may("é", "ab é"), may("É", r"ab \u00c9")), (None, Some(3), Some(3)));
    }

    proptest! {
        #[test]
        fn what_is_in_the_text_may_be_in_its_json(text in "[a-cA-C\"\\\\/é\n ]{0,30}", needle in "[a-cA-C\"\\\\/é ]{1,4}") {
            let Some(needle) = Needle::new(&needle) else { return Ok(()) };
            let mut json = crate::json::quoted(&text).into_bytes();
            needle.fold(&mut json);
            if needle.is_in(&text) {
                prop_assert!(needle.may_be_at(&json, 0).is_some());
            }
        }
    }
}
