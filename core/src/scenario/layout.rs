//! JSON text laid out: on one line, or over several where a line gets long. Tokens stay byte for byte as they were.
//!
//! Knows no scenarios. Strict where the lexer is tolerant: what is written must be read by everybody.

use crate::json::{Lack, Lexer};

/// Characters of a container that still stands on one line.
const LINE: usize = 96;
/// Beyond this depth everything stands on one line: indentation would grow with the square of the depth.
const DEEPEST: usize = 16;

/// One token of a JSON text.
#[derive(Clone, Copy, Debug)]
struct Token {
    start: usize,
    end: usize,
    /// Its length; for an opening bracket that of everything up to the closing one, on one line.
    width: usize,
}

/// Why a text is no JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotJson {
    /// Byte in the text.
    pub at: usize,
    /// What should have stood there.
    pub expected: &'static str,
}

/// The text on one line: a space after commas and colons, no other.
///
/// # Errors
/// When it is not one JSON value. `NaN` and the infinities count as numbers, as they do in Python.
pub fn compact(text: &str) -> Result<String, NotJson> {
    let tokens = tokens(text)?;
    let mut out = String::with_capacity(text.len());
    for token in &tokens {
        put(&mut out, text, *token);
    }
    Ok(out)
}

fn put(out: &mut String, text: &str, token: Token) {
    let word = text.get(token.start..token.end).unwrap_or_default();
    out.push_str(word);
    if matches!(word, "," | ":") {
        out.push(' ');
    }
}

/// The text over several lines. `force` is asked for each container with its depth, the key it stands at (with
/// quotes; empty for items) and what was said of the one around it, and says whether it is broken up in any case.
pub(super) fn pretty(text: &str, force: impl Fn(usize, &str, bool) -> bool) -> Result<String, NotJson> {
    let tokens = tokens(text)?;
    let mut out = String::with_capacity(text.len() * 2);
    // For each open container: whether it is broken up, and whether it had to be.
    let mut open: Vec<(bool, bool)> = Vec::new();
    let mut key = "";
    for (at, token) in tokens.iter().enumerate() {
        let word = text.get(token.start..token.end).unwrap_or_default();
        let next = tokens.get(at + 1).and_then(|next| text.get(next.start..next.end)).unwrap_or_default();
        match word {
            "{" | "[" => {
                let depth = open.len();
                let (around, forced) = open.last().copied().unwrap_or((true, false));
                let forced = force(depth, key, forced);
                let empty = matches!(next, "}" | "]");
                let long = token.width + 2 * depth + key.len() > LINE;
                let broken = !empty && around && depth < DEEPEST && (forced || long);
                open.push((broken, forced));
                out.push_str(word);
                key = "";
                if broken {
                    line(&mut out, open.len());
                }
            }
            "}" | "]" => {
                if open.pop().is_some_and(|(broken, _)| broken) {
                    line(&mut out, open.len());
                }
                out.push_str(word);
            }
            "," => {
                key = "";
                out.push(',');
                if open.last().is_some_and(|(broken, _)| *broken) {
                    line(&mut out, open.len());
                } else {
                    out.push(' ');
                }
            }
            _ => {
                put(&mut out, text, *token);
                if next == ":" {
                    key = word;
                }
            }
        }
    }
    Ok(out)
}

fn line(out: &mut String, depth: usize) {
    out.push('\n');
    for _ in 0..depth {
        out.push_str("  ");
    }
}

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Want {
    Value,
    /// After `[`: a value or the end.
    Item,
    /// After `{`: a key or the end.
    Member,
    /// After a comma in an object.
    Key,
    Colon,
    /// After a value in a container.
    Comma,
    End,
}

fn tokens(text: &str) -> Result<Vec<Token>, NotJson> {
    let bytes = text.as_bytes();
    let mut lexer = Lexer::new(bytes);
    let mut tokens: Vec<Token> = Vec::new();
    let mut open: Vec<(usize, u8)> = Vec::new();
    let mut want = Want::Value;
    // Length on one line of all tokens so far.
    let mut length = 0;
    loop {
        lexer.space();
        let start = lexer.pos();
        let Some(&byte) = bytes.get(start) else { break };
        let no = |expected| Err(NotJson { at: start, expected });
        let value = matches!(want, Want::Value | Want::Item);
        match byte {
            b'{' | b'[' if value => {
                open.push((tokens.len(), byte));
                want = if byte == b'{' { Want::Member } else { Want::Item };
            }
            b'}' | b']' => {
                let matching = if byte == b'}' { b'{' } else { b'[' };
                if !matches!(want, Want::Comma | Want::Item | Want::Member)
                    || open.last().is_none_or(|(_, bracket)| *bracket != matching)
                {
                    return no(expected(want));
                }
                if let Some((at, _)) = open.pop()
                    && let Some(token) = tokens.get_mut(at)
                {
                    // `width` of an open bracket is where it began, until now.
                    token.width = length + 1 - token.width;
                }
                want = if open.is_empty() { Want::End } else { Want::Comma };
            }
            b',' if want == Want::Comma => {
                let object = open.last().is_some_and(|(_, bracket)| *bracket == b'{');
                want = if object { Want::Key } else { Want::Value };
            }
            b':' if want == Want::Colon => want = Want::Value,
            b'"' if matches!(want, Want::Member | Want::Key) => want = Want::Colon,
            b'{' | b'[' | b',' | b':' => return no(expected(want)),
            _ if value => want = if open.is_empty() { Want::End } else { Want::Comma },
            _ => return no(expected(want)),
        }
        let bracket = matches!(byte, b'{' | b'[');
        if bracket || matches!(byte, b'}' | b']' | b',' | b':') {
            lexer = Lexer::window(bytes, start + 1, true);
        } else {
            lexer.scalar().map_err(|lack| match lack {
                Lack::More => NotJson { at: bytes.len(), expected: "the rest of the value" },
                Lack::Bad { at, expected } => NotJson { at, expected },
            })?;
            let word = text.get(start..lexer.pos()).unwrap_or_default();
            if byte == b'"' && !is_text(word) {
                return no("a text whose line breaks and backslashes are escaped");
            }
            if byte != b'"' && !is_word(word) {
                return no("a text in double quotes, a number, true, false or null");
            }
        }
        let end = lexer.pos();
        tokens.push(Token { start, end, width: if bracket { length } else { end - start } });
        length += end - start + usize::from(matches!(byte, b',' | b':'));
    }
    if want == Want::End { Ok(tokens) } else { Err(NotJson { at: bytes.len(), expected: expected(want) }) }
}

fn expected(want: Want) -> &'static str {
    match want {
        Want::Value => "a value",
        Want::Item => "a value or the end of the list",
        Want::Member => "a key in double quotes or the end of the object",
        Want::Key => "a key in double quotes",
        Want::Colon => "a colon after the key",
        Want::Comma => "a comma or a closing bracket",
        Want::End => "nothing more after the value",
    }
}

/// Whether a text in quotes is written as JSON wants it.
fn is_text(word: &str) -> bool {
    let mut bytes = word.bytes();
    while let Some(byte) = bytes.next() {
        if byte < 0x20 {
            return false;
        }
        if byte != b'\\' {
            continue;
        }
        match bytes.next() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {}
            Some(b'u') if (0..4).all(|_| bytes.next().is_some_and(|digit| digit.is_ascii_hexdigit())) => {}
            _ => return false,
        }
    }
    true
}

/// Whether a word without quotes is a JSON value.
fn is_word(word: &str) -> bool {
    if matches!(word, "true" | "false" | "null" | "NaN" | "Infinity" | "-Infinity") {
        return true;
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let number = word.strip_prefix('-').unwrap_or(word);
    let (number, exponent) = match number.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, Some(exponent)),
        None => (number, None),
    };
    let (whole, fraction) = match number.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (number, None),
    };
    digits(whole)
        && (whole.len() == 1 || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tokens_stay_as_they_were() {
        let text = "{ \"a\\u00e9\" :[1.0,1e400 ,\n-0, 12345678901234567890],\"a\":{},\"b\":[ ]}";
        let one = compact(text).expect("JSON");
        assert_eq!(one, r#"{"a\u00e9": [1.0, 1e400, -0, 12345678901234567890], "a": {}, "b": []}"#);
        assert_eq!(compact(&one).as_deref(), Ok(one.as_str()));
        let long = format!("[{one}, {one}]");
        let pretty = pretty(&long, |_, _, _| false).expect("JSON");
        assert_eq!(pretty, format!("[\n  {one},\n  {one}\n]"));
        assert_eq!(compact(&pretty).as_deref(), Ok(long.as_str()));
    }

    #[test]
    fn what_is_no_json_is_said_where() {
        let complaint = |text: &str| compact(text).expect_err(text);
        assert_eq!(complaint("[1,,2]"), NotJson { at: 3, expected: "a value" });
        assert_eq!(complaint("{\"a\":1,}"), NotJson { at: 7, expected: "a key in double quotes" });
        assert_eq!(complaint("[1}"), NotJson { at: 2, expected: "a comma or a closing bracket" });
        assert_eq!(complaint("1 2"), NotJson { at: 2, expected: "nothing more after the value" });
        for bad in [
            "",
            "tru",
            "01",
            "1.",
            "-",
            "+1",
            "x",
            "{\"a\" 1}",
            "[",
            "\"a",
            ",",
            "]",
            "'a'",
            "{1: 2}",
            "\"\\x\"",
            "\"\n\"",
            "\"\\u00g0\"",
        ] {
            assert!(compact(bad).is_err(), "{bad}");
        }
        for good in ["NaN", "-Infinity", "0", "-0.5e+3", "\"\"", "null", "7"] {
            assert_eq!(compact(good).as_deref(), Ok(good));
        }
    }

    #[test]
    fn depth_costs_no_square() {
        let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
        let pretty = pretty(&deep, |_, _, _| true).expect("JSON");
        assert!(pretty.len() < 101_000);
    }

    proptest! {
        #[test]
        fn agrees_with_another_reader(text in r#"[\[\]{},:"a1\-. ]{0,12}"#) {
            let other = serde_json::from_str::<serde_json::Value>(&text).is_ok();
            // The lexer lets raw line breaks stand in texts; there are none here.
            prop_assert_eq!(compact(&text).is_ok(), other, "{}", text);
        }
    }
}
