//! A text as it reads once its escapes are undone: JSON within a log line, an address, HTML. What is found in there is
//! replaced where it stands in the text itself.

/// A text and, for each of its bytes, where in the first text it is from (and one more for the end).
pub(crate) struct Unescaped {
    pub(crate) text: String,
    pub(crate) places: Vec<u32>,
}

fn hex(bytes: &[u8]) -> Option<u32> {
    bytes.iter().try_fold(0u32, |value, &byte| Some(value * 16 + char::from(byte).to_digit(16)?))
}

/// The ASCII letter an escape stands for and how long the escape is, at its first byte.
fn escape(rest: &[u8]) -> Option<(u8, usize)> {
    let ascii = |code: u32, len: usize| u8::try_from(code).ok().filter(u8::is_ascii).map(|byte| (byte, len));
    match rest {
        [b'\\', b'u', a, b, c, d, ..] => ascii(hex(&[*a, *b, *c, *d])?, 6),
        [b'\\', b'x', a, b, ..] => ascii(hex(&[*a, *b])?, 4),
        [b'\\', b'"' | b'\\' | b'/' | b'\'', ..] => rest.get(1).map(|byte| (*byte, 2)),
        [b'\\', b'n' | b'r' | b't', ..] => Some((b'\n', 2)),
        [b'%', a, b, ..] => ascii(hex(&[*a, *b])?, 3),
        [b'&', b'#', more @ ..] => {
            let end = more.iter().take(6).position(|byte| *byte == b';')?;
            let digits = more.get(..end)?;
            let code = match digits {
                [b'x' | b'X', digits @ ..] => hex(digits)?,
                digits => std::str::from_utf8(digits).ok()?.parse().ok()?,
            };
            ascii(code, end + 3)
        }
        _ => None,
    }
}

/// The text with its escapes undone once; nothing when it has none.
pub(crate) fn unescaped(text: &str, places: Option<&[u32]>) -> Option<Unescaped> {
    let bytes = text.as_bytes();
    u32::try_from(bytes.len()).ok()?;
    memchr::memchr3(b'\\', b'%', b'&', bytes)?;
    let (mut out, mut from) = (Vec::with_capacity(bytes.len()), Vec::with_capacity(bytes.len() + 1));
    let place = |at: usize| places.map_or(Some(at as u32), |places| places.get(at).copied()).unwrap_or_default();
    let (mut at, mut changed) = (0, false);
    while let Some(&byte) = bytes.get(at) {
        let found = matches!(byte, b'\\' | b'%' | b'&').then(|| escape(bytes.get(at..).unwrap_or(&[]))).flatten();
        from.push(place(at));
        match found {
            Some((letter, len)) => {
                out.push(letter);
                at += len;
                changed = true;
            }
            None => {
                out.push(byte);
                at += 1;
            }
        }
    }
    from.push(place(bytes.len()));
    // Only ASCII was put in the place of ASCII.
    let text = String::from_utf8(out).ok().filter(|_| changed)?;
    Some(Unescaped { text, places: from })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone_and_places_kept() {
        let text = r#"é \"a\u0040b\" %40 &#64; 100% \q"#;
        let undone = unescaped(text, None).unwrap();
        assert_eq!(undone.text, r#"é "a@b" @ @ 100% \q"#);
        let at = undone.text.find('@').unwrap();
        assert!(text[undone.places[at] as usize..].starts_with(r"\u0040"));
        assert_eq!(undone.places.len(), undone.text.len() + 1);
        assert!(unescaped("100% & more", None).is_none());
    }
}
