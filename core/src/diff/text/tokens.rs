//! A text in words, numbers and single other characters; white space lies between them and is none of them.

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) start: u32,
    pub(super) end: u32,
    /// A word or number, or a character of a script that does not part its words; else punctuation.
    pub(super) word: bool,
}

/// The tokens of `text[from..to]`; both must be boundaries of characters.
pub(super) fn tokens(text: &str, from: usize, to: usize) -> Tokens<'_> {
    Tokens { text: text.get(..to).unwrap_or(text), at: from }
}

#[derive(Debug)]
pub(super) struct Tokens<'t> {
    text: &'t str,
    at: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    Letter,
    Digit,
    /// A word by itself.
    Wide,
    /// Joins two letters or digits into one word: `AX-200`, `don't`.
    Joint,
    /// Joins two digits: `89.00`, `12:30`.
    Point,
    Other,
}

fn class(c: char) -> Class {
    match c {
        'a'..='z' | 'A'..='Z' | '_' => Class::Letter,
        '0'..='9' => Class::Digit,
        ' ' | '\n' | '\r' | '\t' => Class::Space,
        '-' | '\'' | '’' => Class::Joint,
        '.' | ',' | ':' => Class::Point,
        c if c.is_ascii() => Class::Other,
        '\u{3040}'..='\u{31FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' => {
            Class::Wide
        }
        c if c.is_whitespace() => Class::Space,
        // Marks that go with the letter before them, as many scripts write vowels.
        c if c.is_alphanumeric() || matches!(c, '\u{300}'..='\u{36F}' | '\u{900}'..='\u{DFF}') => Class::Letter,
        _ => Class::Other,
    }
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let mut rest = self.text.get(self.at..)?.char_indices();
        let (mut start, mut end, mut before) = (0, 0, Class::Space);
        let mut word = false;
        while let Some((at, c)) = rest.next() {
            let class = class(c);
            if end == 0 {
                match class {
                    Class::Space => continue,
                    Class::Letter | Class::Digit => word = true,
                    Class::Wide => return Some(self.token(at, at + c.len_utf8(), true)),
                    _ => return Some(self.token(at, at + c.len_utf8(), false)),
                }
                (start, end, before) = (at, at + c.len_utf8(), class);
                continue;
            }
            let next = || rest.clone().next().map_or(Class::Space, |(_, c)| self::class(c));
            let joins = match class {
                Class::Letter | Class::Digit => true,
                Class::Joint => matches!(next(), Class::Letter | Class::Digit),
                Class::Point => before == Class::Digit && next() == Class::Digit,
                _ => false,
            };
            if !joins {
                break;
            }
            (end, before) = (at + c.len_utf8(), class);
        }
        (end > 0).then(|| self.token(start, end, word))
    }
}

impl Tokens<'_> {
    fn token(&mut self, start: usize, end: usize, word: bool) -> Token {
        let base = self.at;
        self.at = base + end;
        Token { start: (base + start) as u32, end: (base + end) as u32, word }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told(text: &str) -> String {
        let show = |token: Token| text[token.start as usize..token.end as usize].to_owned();
        tokens(text, 0, text.len()).map(show).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn words_numbers_and_the_rest() {
        for (text, pieces) in [
            ("AX-200 isn't 1,240.50 EUR.", "AX-200|isn't|1,240.50|EUR|."),
            ("  a\u{a0}b\n", "a|b"),
            ("at 19:34:54, on 2026-11-21!", "at|19:34:54|,|on|2026-11-21|!"),
            ("snake_case a.b a- -b 1.", "snake_case|a|.|b|a|-|-|b|1|."),
            ("größe 中文x語 नमस्ते", "größe|中|文|x|語|नमस्ते"),
            ("{\"k\":[1]}", "{|\"|k|\"|:|[|1|]|}"),
            ("🙂🙂", "🙂|🙂"),
            ("", ""),
        ] {
            assert_eq!(told(text), pieces);
        }
    }

    proptest! {
        #[test]
        fn between_tokens_is_white_space_alone(text in ".{0,60}") {
            let mut at = 0;
            for token in tokens(&text, 0, text.len()) {
                prop_assert!(text[at..token.start as usize].chars().all(char::is_whitespace) && token.start < token.end);
                at = token.end as usize;
            }
            prop_assert!(text[at..].chars().all(char::is_whitespace));
        }
    }
}
