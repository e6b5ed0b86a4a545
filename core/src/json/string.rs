//! JSON strings: from the bytes between the quotes to text, and back.

use std::borrow::Cow;

/// A string token: the bytes between its quotes, not yet decoded.
#[derive(Clone, Copy, Debug)]
pub struct Str<'a> {
    /// Bytes between the quotes.
    pub raw: &'a [u8],
    /// Position of the opening quote in what the lexer reads.
    pub at: usize,
    /// Whether there is no backslash, so that `raw` is the text.
    pub plain: bool,
}

impl<'a> Str<'a> {
    /// The text. Bytes that are not UTF-8 and lone surrogates become U+FFFD; unknown escapes stay as written.
    pub fn text(self) -> Cow<'a, str> {
        if self.plain {
            // Nearly all is UTF-8, and telling that is much quicker than looking for what is not.
            return std::str::from_utf8(self.raw).map_or_else(|_| String::from_utf8_lossy(self.raw), Cow::Borrowed);
        }
        Cow::Owned(decode(self.raw))
    }

    /// Whether the text equals `other`, without decoding where possible.
    pub fn is(self, other: &str) -> bool {
        if self.plain { self.raw == other.as_bytes() } else { decode(self.raw) == other }
    }

    /// The position after the closing quote.
    pub fn end(self) -> usize {
        self.at + self.raw.len() + 2
    }
}

fn hex4(bytes: &[u8]) -> Option<u32> {
    let digits = bytes.get(..4)?;
    digits.iter().try_fold(0u32, |value, &b| Some(value * 16 + (b as char).to_digit(16)?))
}

fn decode(raw: &[u8]) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(slash) = memchr::memchr(b'\\', rest) {
        let (before, from) = rest.split_at(slash);
        out.push_str(&String::from_utf8_lossy(before));
        let Some(&escape) = from.get(1) else {
            out.push('\\');
            return out;
        };
        let mut used = 2;
        match escape {
            b'"' => out.push('"'),
            b'\\' => out.push('\\'),
            b'/' => out.push('/'),
            b'b' => out.push('\u{8}'),
            b'f' => out.push('\u{c}'),
            b'n' => out.push('\n'),
            b'r' => out.push('\r'),
            b't' => out.push('\t'),
            b'u' => match from.get(2..).and_then(hex4) {
                Some(high @ 0xD800..=0xDBFF) => {
                    used = 6;
                    let low = from.get(6..8).filter(|mark| *mark == b"\\u").and_then(|_| from.get(8..)).and_then(hex4);
                    match low {
                        Some(low @ 0xDC00..=0xDFFF) => {
                            used = 12;
                            let code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                            out.push(char::from_u32(code).unwrap_or('\u{FFFD}'));
                        }
                        _ => out.push('\u{FFFD}'),
                    }
                }
                Some(code) => {
                    used = 6;
                    out.push(char::from_u32(code).unwrap_or('\u{FFFD}'));
                }
                None => out.push_str("\\u"),
            },
            // Kept as written. The byte after the backslash may begin a longer character: take only the backslash.
            _ => {
                out.push('\\');
                used = 1;
            }
        }
        rest = from.get(used..).unwrap_or(&[]);
    }
    out.push_str(&String::from_utf8_lossy(rest));
    out
}

/// Appends `text` as it stands between the quotes of a JSON string.
pub fn push_escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if (c as u32) < 0x20 => {
                out.push_str("\\u00");
                let code = c as u32;
                out.push(char::from_digit(code >> 4, 16).unwrap_or('0'));
                out.push(char::from_digit(code & 15, 16).unwrap_or('0'));
            }
            c => out.push(c),
        }
    }
}

/// `text` as a JSON string with its quotes.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    push_escaped(&mut out, text);
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(raw: &str) -> String {
        Str { raw: raw.as_bytes(), at: 0, plain: false }.text().into_owned()
    }

    #[test]
    fn decodes_escapes_pairs_and_damage() {
        assert_eq!(text(r#"a\n\t\"\\\/é😀"#), "a\n\t\"\\/é😀");
        assert_eq!(text(r"\ud800x"), "\u{FFFD}x");
        assert_eq!(text(r"\q\u12"), "\\q\\u12");
        assert_eq!(text("end\\"), "end\\");
        assert_eq!(text("\\é"), "\\é");
    }

    proptest! {
        #[test]
        fn escaping_and_decoding_is_the_identity(s in any::<String>()) {
            let quoted = quoted(&s);
            let raw = &quoted.as_bytes()[1..quoted.len() - 1];
            let decoded = Str { raw, at: 0, plain: false }.text().into_owned();
            prop_assert_eq!(decoded, s);
        }

        #[test]
        fn any_bytes_decode_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let plain = !bytes.contains(&b'\\');
            let _ = Str { raw: &bytes, at: 0, plain }.text();
        }
    }
}
