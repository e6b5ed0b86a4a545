//! A pull lexer: the caller says what it expects next, everything else is stepped over without being built.

use super::Str;
use std::borrow::Cow;

/// Why a value could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// The bytes end inside the value: more of them are needed, or the file is cut off.
    More,
    /// Not JSON from here on.
    Bad {
        /// Position in what the lexer reads.
        at: usize,
        /// What would have been right.
        expected: &'static str,
    },
}

/// A value as far as it can be told without building it.
#[derive(Clone, Copy, Debug)]
pub enum Scalar<'a> {
    /// A string.
    Str(Str<'a>),
    /// A number, or a word like `NaN`: its text.
    Number(&'a str),
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
    /// An object or array, stepped over: first byte and the byte after the last.
    Container(usize, usize),
}

/// Reads JSON from a slice. Positions are offsets into it.
#[derive(Clone, Debug)]
pub struct Lexer<'a> {
    src: &'a [u8],
    pos: usize,
    /// Whether the slice ends where the input ends, so that a number that touches the end is whole.
    last: bool,
}

type Lex<T> = Result<T, Lack>;

impl<'a> Lexer<'a> {
    /// Reads all of `src`.
    pub fn new(src: &'a [u8]) -> Self {
        Lexer { src, pos: 0, last: true }
    }

    /// Reads `src` from `pos`; `last` tells that the input ends with `src`.
    pub fn window(src: &'a [u8], pos: usize, last: bool) -> Self {
        Lexer { src, pos, last }
    }

    /// Where the lexer stands.
    pub fn pos(&self) -> usize {
        self.pos
    }

    /// What the lexer reads.
    pub fn src(&self) -> &'a [u8] {
        self.src
    }

    /// Whether everything is read.
    pub fn at_end(&self) -> bool {
        self.pos >= self.src.len()
    }

    /// Steps over white space.
    pub fn space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.src.get(self.pos) {
            self.pos += 1;
        }
    }

    /// The next byte that is not space, not taken.
    pub fn peek(&mut self) -> Lex<u8> {
        self.space();
        self.src.get(self.pos).copied().ok_or(Lack::More)
    }

    /// Takes one byte after space if it is `byte`.
    pub fn take_if(&mut self, byte: u8) -> Lex<bool> {
        let found = self.peek()? == byte;
        if found {
            self.pos += 1;
        }
        Ok(found)
    }

    fn bad<T>(&self, expected: &'static str) -> Lex<T> {
        Err(Lack::Bad { at: self.pos, expected })
    }

    /// The string that begins at `self.pos`, which must be a quote.
    fn string_here(&mut self) -> Lex<Str<'a>> {
        let at = self.pos;
        let mut i = at + 1;
        let mut plain = true;
        loop {
            // Most keys and ids are short: a few bytes by hand beat the start-up of the wide search.
            let near = self.src.len().min(i + 16);
            while i < near && !matches!(self.src[i], b'"' | b'\\' | b'\n') {
                i += 1;
            }
            if i == near {
                match self.src.get(i..).and_then(|rest| memchr::memchr3(b'"', b'\\', b'\n', rest)) {
                    Some(offset) => i += offset,
                    None => return Err(Lack::More),
                }
            }
            if self.src.get(i) == Some(&b'"') {
                self.pos = i + 1;
                return Ok(Str { raw: &self.src[at + 1..i], at, plain });
            }
            if self.src.get(i) == Some(&b'\n') {
                // Forgiven, unless the next line begins a value: then a quote is missing on this one.
                if self.src.get(i + 1..i + 3) == Some(b"{\"") {
                    return Err(Lack::Bad { at: i, expected: "the closing quote of a string before the line ends" });
                }
                i += 1;
                continue;
            }
            plain = false;
            i += 2;
            if i > self.src.len() {
                return Err(Lack::More);
            }
        }
    }

    /// A string; anything else is bad.
    pub fn string(&mut self) -> Lex<Str<'a>> {
        if self.peek()? == b'"' { self.string_here() } else { self.bad("a string in double quotes") }
    }

    fn word(&mut self) -> Lex<&'a str> {
        let start = self.pos;
        let mut i = start;
        while let Some(b'0'..=b'9' | b'-' | b'+' | b'.' | b'a'..=b'z' | b'A'..=b'Z' | b'_') = self.src.get(i) {
            i += 1;
        }
        if i == start {
            return self.bad("a value");
        }
        if i == self.src.len() && !self.last {
            return Err(Lack::More);
        }
        self.pos = i;
        // Only ASCII was taken.
        Ok(std::str::from_utf8(&self.src[start..i]).unwrap_or(""))
    }

    /// Steps over one value: the positions of its first byte and after its last.
    ///
    /// Inside containers only strings and brackets are looked at, so damage in there is not noticed here.
    pub fn skip(&mut self) -> Lex<(usize, usize)> {
        match self.peek()? {
            b'"' => self.string_here().map(|s| (s.at, s.end())),
            b'{' | b'[' => {
                let start = self.pos;
                let mut depth = 0usize;
                loop {
                    let Some(&byte) = self.src.get(self.pos) else { return Err(Lack::More) };
                    match byte {
                        b'"' => {
                            self.string_here()?;
                        }
                        b'{' | b'[' => {
                            depth += 1;
                            self.pos += 1;
                        }
                        b'}' | b']' => {
                            depth -= 1;
                            self.pos += 1;
                            if depth == 0 {
                                return Ok((start, self.pos));
                            }
                        }
                        _ => self.pos += 1,
                    }
                }
            }
            _ => {
                let start = self.pos;
                self.word().map(|word| (start, start + word.len()))
            }
        }
    }

    /// One value; containers are stepped over.
    pub fn scalar(&mut self) -> Lex<Scalar<'a>> {
        match self.peek()? {
            b'"' => self.string_here().map(Scalar::Str),
            b'{' | b'[' => self.skip().map(|(start, end)| Scalar::Container(start, end)),
            _ => Ok(match self.word()? {
                "true" => Scalar::Bool(true),
                "false" => Scalar::Bool(false),
                "null" => Scalar::Null,
                number => Scalar::Number(number),
            }),
        }
    }

    /// The text of a string, or of a number as written; `None` for anything else, which is stepped over.
    pub fn text(&mut self) -> Lex<Option<Cow<'a, str>>> {
        Ok(match self.scalar()? {
            Scalar::Str(s) => Some(s.text()),
            Scalar::Number(n) => Some(Cow::Borrowed(n)),
            _ => None,
        })
    }

    /// Calls `member` for each member of an object; it must take the value. Another value is stepped over: `false`.
    pub fn members(&mut self, mut member: impl FnMut(&mut Self, Str<'a>) -> Lex<()>) -> Lex<bool> {
        self.members_of(&mut member)
    }

    /// One copy for all callers: there are a hundred, and the loop is not what takes the time.
    fn members_of(&mut self, member: &mut dyn FnMut(&mut Self, Str<'a>) -> Lex<()>) -> Lex<bool> {
        if self.peek()? != b'{' {
            self.skip()?;
            return Ok(false);
        }
        self.pos += 1;
        loop {
            match self.peek()? {
                b'}' => {
                    self.pos += 1;
                    return Ok(true);
                }
                b',' => self.pos += 1,
                b'"' => {
                    let key = self.string_here()?;
                    if !self.take_if(b':')? {
                        return self.bad("a colon after the key");
                    }
                    member(self, key)?;
                    if !matches!(self.peek()?, b',' | b'}') {
                        return self.bad("a comma or the end of the object");
                    }
                }
                _ => return self.bad("a key in double quotes or the end of the object"),
            }
        }
    }

    /// Calls `item` for each item of an array; it must take the value. Another value is stepped over: `false`.
    pub fn items(&mut self, mut item: impl FnMut(&mut Self) -> Lex<()>) -> Lex<bool> {
        self.items_of(&mut item)
    }

    fn items_of(&mut self, item: &mut dyn FnMut(&mut Self) -> Lex<()>) -> Lex<bool> {
        if self.peek()? != b'[' {
            self.skip()?;
            return Ok(false);
        }
        self.pos += 1;
        loop {
            match self.peek()? {
                b']' => {
                    self.pos += 1;
                    return Ok(true);
                }
                b',' => self.pos += 1,
                _ => {
                    item(self)?;
                    if !matches!(self.peek()?, b',' | b']') {
                        return self.bad("a comma or the end of the array");
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn walks_members_and_items_with_positions() -> Result<(), Lack> {
        let src = br#" {"a": [1, "x\"y", {"b": NaN}], "c": null,} "#;
        let mut keys = Vec::new();
        let mut items = Vec::new();
        Lexer::new(src).members(|lexer, key| {
            keys.push(key.text().into_owned());
            if key.is("a") {
                lexer.items(|lexer| {
                    let (start, end) = lexer.skip()?;
                    items.push(String::from_utf8_lossy(&src[start..end]).into_owned());
                    Ok(())
                })?;
            } else {
                lexer.skip()?;
            }
            Ok(())
        })?;
        assert_eq!(keys, ["a", "c"]);
        assert_eq!(items, ["1", r#""x\"y""#, r#"{"b": NaN}"#]);
        Ok(())
    }

    #[test]
    fn a_value_cut_by_the_window_asks_for_more() {
        for cut in [r#"{"a": "lo"#, r#"{"a": [1, {"#, "12", r#""x\"#] {
            assert_eq!(Lexer::window(cut.as_bytes(), 0, false).skip(), Err(Lack::More), "{cut}");
        }
        assert_eq!(Lexer::new(b"12").skip(), Ok((0, 2)));
    }

    #[test]
    fn deep_input_is_walked_without_a_stack() {
        let deep = [vec![b'['; 1_000_000], vec![b']'; 1_000_000]].concat();
        assert_eq!(Lexer::new(&deep).skip(), Ok((0, 2_000_000)));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let mut lexer = Lexer::new(&bytes);
            while lexer.skip().is_ok() && !lexer.at_end() {}
            let _ = Lexer::new(&bytes).members(|l, _| l.scalar().map(|_| ()));
            let _ = Lexer::new(&bytes).items(|l| l.text().map(|_| ()));
        }

        #[test]
        fn what_serde_writes_is_stepped_over_whole(value in "[a-z\"\\\\\u{e9}{}\\[\\],:]{0,40}") {
            let json = serde_json::json!({"k": [value, 1.5, null, {"n": -3}]}).to_string();
            prop_assert_eq!(Lexer::new(json.as_bytes()).skip(), Ok((0, json.len())));
        }
    }
}
