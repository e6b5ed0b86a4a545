//! The outline of a long text: its brackets and keys, with long strings cut and long containers shortened, so that the
//! beginning of every part of a document fits into what a detector looks at.
//!
//! Made in one pass over the bytes, piece by piece, without a tree. For telling what a file is; nothing is read from it.

use memchr::memchr2;

/// Bytes kept of a string.
const STRING: usize = 4_096;
/// Items kept of an array, and members of an object.
const ITEMS: u32 = 12;
const MEMBERS: u32 = 100;
/// Levels kept; what is deeper is `null`.
const LEVELS: usize = 32;

/// An outline that is being made.
#[derive(Debug, Default)]
pub struct Outline {
    text: Vec<u8>,
    /// Where members of the outermost objects begin: in the outline, and in the text.
    marks: Vec<(usize, u64)>,
    /// Bytes of the text so far.
    read: u64,
    /// The containers around: whether it is an object, and how many separators it had.
    around: Vec<(bool, u32)>,
    /// What is left out, until no more containers are around than this; whether the bracket that ends it is kept.
    muted: Option<(usize, bool)>,
    string: Option<InString>,
}

/// Where the outline is in a string.
#[derive(Debug, Default)]
struct InString {
    kept: usize,
    /// Bytes of an escape that are still to come, and whether they are kept.
    escape: Option<(usize, bool)>,
}

impl Outline {
    /// Goes on with the next bytes of the text.
    pub fn feed(&mut self, bytes: &[u8]) {
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            at += match self.string.take() {
                Some(string) => self.inside(string, bytes.get(at..).unwrap_or(&[])),
                None => {
                    self.outside(byte, self.read + at as u64);
                    1
                }
            };
        }
        self.read += bytes.len() as u64;
    }

    /// The outline so far: JSON, as far as the text is.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// Where in the text the member of an outermost object begins whose value begins at `at` of the outline.
    pub fn origin(&self, at: usize) -> Option<u64> {
        self.marks.binary_search_by_key(&at, |mark| mark.0).ok().and_then(|own| self.marks.get(own)).map(|mark| mark.1)
    }

    /// Goes on in a string; how many bytes it took.
    fn inside(&mut self, mut string: InString, rest: &[u8]) -> usize {
        let heard = self.muted.is_none();
        if let Some((left, kept)) = string.escape {
            let byte = rest.first().copied().unwrap_or_default();
            if kept && heard {
                self.text.push(byte);
            }
            let left = if left == 5 { if byte == b'u' { 4 } else { 0 } } else { left - 1 };
            string.escape = (left > 0).then_some((left, kept));
            self.string = Some(string);
            return 1;
        }
        let end = memchr2(b'"', b'\\', rest).unwrap_or(rest.len());
        if heard {
            let room = end.min(STRING.saturating_sub(string.kept));
            self.text.extend_from_slice(rest.get(..room).unwrap_or(&[]));
            string.kept += end;
        }
        match rest.get(end) {
            Some(b'"') => {
                if heard {
                    self.text.push(b'"');
                }
                return end + 1;
            }
            Some(_) => {
                let kept = string.kept < STRING;
                if kept && heard {
                    self.text.push(b'\\');
                }
                // The letter after the backslash, or that and four digits.
                string.escape = Some((5, kept));
                string.kept += 1;
            }
            None => {}
        }
        self.string = Some(string);
        end + usize::from(end < rest.len())
    }

    /// Takes a byte that is in no string; it stands at `origin` of the text.
    fn outside(&mut self, byte: u8, origin: u64) {
        match byte {
            b'"' => {
                self.begin(origin);
                self.push(byte);
                self.string = Some(InString::default());
            }
            b'{' | b'[' => {
                self.begin(origin);
                if self.muted.is_none() && self.around.len() >= LEVELS {
                    self.text.extend_from_slice(b"null");
                    self.muted = Some((self.around.len(), false));
                }
                self.around.push((byte == b'{', 0));
                self.push(byte);
            }
            b'}' | b']' => {
                self.around.pop();
                if let Some((until, kept)) = self.muted.filter(|(until, _)| *until >= self.around.len()) {
                    self.muted = None;
                    if !kept && until == self.around.len() {
                        return;
                    }
                }
                self.push(byte);
            }
            b',' => {
                if let Some((object, count)) = self.around.last_mut() {
                    *count = count.saturating_add(1);
                    if self.muted.is_none() && *count >= if *object { MEMBERS } else { ITEMS } {
                        self.muted = Some((self.around.len() - 1, true));
                    }
                }
                self.push(byte);
            }
            // Lines tell values apart where nothing is around them.
            b' ' | b'\t' | b'\r' | b'\n' if !self.around.is_empty() => {}
            _ => {
                self.begin(origin);
                self.push(byte);
            }
        }
    }

    fn push(&mut self, byte: u8) {
        if self.muted.is_none() {
            self.text.push(byte);
        }
    }

    /// Marks where a value begins that is a member of an outermost object.
    fn begin(&mut self, origin: u64) {
        if matches!(self.around.as_slice(), [(true, _)]) && self.text.last() == Some(&b':') && self.muted.is_none() {
            self.marks.push((self.text.len(), origin));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn outline(text: &str, piece: usize) -> Outline {
        let mut outline = Outline::default();
        text.as_bytes().chunks(piece.max(1)).for_each(|bytes| outline.feed(bytes));
        outline
    }

    fn text(of: &str) -> String {
        String::from_utf8(outline(of, of.len()).text().to_vec()).unwrap()
    }

    #[test]
    fn what_is_short_stays_and_what_is_long_is_cut() {
        assert_eq!(
            text("{ \"a\": [1, -2.5, null],\n \"b\": \"x y\" }\n{}\n"),
            "{\"a\":[1,-2.5,null],\"b\":\"x y\"}\n{}\n"
        );
        let long = text(&format!("{{\"a\": \"{}\\u00e9{}\", \"b\": 1}}", "x".repeat(STRING - 1), "\\n\\\"".repeat(9)));
        assert_eq!(long, format!("{{\"a\":\"{}\\u00e9\",\"b\":1}}", "x".repeat(STRING - 1)));
        let many = text(&format!("{{\"a\": [{}], \"b\": [[]]}}", vec!["{\"c\": [1]}"; 1_000].join(", ")));
        assert_eq!(many, format!("{{\"a\":[{}],\"b\":[[]]}}", vec!["{\"c\":[1]}"; ITEMS as usize].join(",")));
        let deep = text(&format!("{{\"a\": {}1{}, \"b\": 2}}", "[".repeat(100_000), "]".repeat(100_000)));
        assert_eq!(deep, format!("{{\"a\":{}null{},\"b\":2}}", "[".repeat(LEVELS - 1), "]".repeat(LEVELS - 1)));
    }

    #[test]
    fn members_are_found_again_in_the_text() {
        let of = format!("{{\"a\": \"{}\",\n  \"data\": [1], \"n\": 5}}", "x".repeat(9_000));
        let outline = outline(&of, 7);
        let own = outline.text().iter().position(|&byte| byte == b'[').unwrap();
        assert_eq!(outline.origin(own), of.find('[').map(|at| at as u64));
        assert_eq!(outline.origin(own + 1), None);
    }

    proptest! {
        #[test]
        fn pieces_do_not_matter_and_json_stays_json(text in "[\\[\\]{}:, \"\\\\u0a]{0,60}", piece in 1usize..9) {
            let whole = outline(&text, text.len());
            let pieces = outline(&text, piece);
            prop_assert_eq!(pieces.text(), whole.text());
            if serde_json::from_str::<serde_json::Value>(&text).is_ok() {
                prop_assert!(serde_json::from_slice::<serde_json::Value>(whole.text()).is_ok());
            }
        }
    }
}
