//! Ids, times and addresses within a text, found word by word. What a key adds to that is in the folder's `mod.rs`.

use super::Noise;

/// Prefixes after which a service writes a random tail.
const PREFIXES: &[&str] = &[
    "call", "chatcmpl", "cmpl", "toolu", "msg", "resp", "req", "run", "thread", "asst", "step", "fc", "rs", "ws",
    "gen", "batch", "file", "vs", "sess", "conv", "trace", "span", "evt", "event", "id", "item", "srvtoolu", "tooluse",
    "rsn",
];

/// A moment within a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// After its last byte.
    pub end: usize,
    /// Whether it is finer than what people agree upon: has a fraction of a second, or seconds that are not zero.
    pub fine: bool,
}

/// Whether the word `start..end` of ASCII letters and digits may begin or be noise. Cheap, and right when it says no.
#[inline]
pub fn possible(text: &[u8], start: usize, end: usize, digits: bool) -> bool {
    let len = end - start;
    if len < 8 {
        return len == 4 && digits && text.get(end) == Some(&b'-');
    }
    digits || text.get(end) == Some(&b'-') || start > 0 && matches!(text.get(start - 1), Some(b'_' | b'-'))
}

/// The noise that begins with the word `start..end` of ASCII letters and digits: where it ends, and what it is.
pub fn at_word(text: &[u8], start: usize, end: usize) -> Option<(usize, Noise)> {
    let word = text.get(start..end)?;
    if let Some(end) = uuid(text, start, word) {
        return Some((end, Noise::Id));
    }
    if word.len() == 4 || matches!(word.len(), 11 | 15 | 16) {
        let found = moment(text, start).filter(|found| found.fine);
        return found
            .map(|found| (found.end, Noise::Time))
            .or_else(|| id(text, start, word).then_some((end, Noise::Id)));
    }
    if let Some(digits) = word.strip_prefix(b"0x") {
        let address = matches!(digits.len(), 6..=16) && digits.iter().all(u8::is_ascii_hexdigit);
        return address.then_some((end, Noise::Address));
    }
    id(text, start, word).then_some((end, Noise::Id))
}

/// `8-4-4-4-12` hexadecimal digits.
fn uuid(text: &[u8], start: usize, word: &[u8]) -> Option<usize> {
    if word.len() != 8 {
        return None;
    }
    let whole = text.get(start..start + 36)?;
    let fits = whole.iter().enumerate().all(|(index, byte)| match index {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    });
    let ends = !text.get(start + 36).is_some_and(u8::is_ascii_alphanumeric);
    (fits && ends).then_some(start + 36)
}

fn id(text: &[u8], start: usize, word: &[u8]) -> bool {
    let digits = word.iter().filter(|byte| byte.is_ascii_digit()).count();
    let letters = word.len() - digits;
    let capitals = word.iter().filter(|byte| byte.is_ascii_uppercase()).count();
    let one_case = capitals == 0 || capitals == letters;
    if word.len() >= 16 && digits > 0 && letters > 0 && one_case && word.iter().all(u8::is_ascii_hexdigit) {
        return true;
    }
    // A ULID. Its first ten characters are a time, which begins with 0 for some thousand years.
    let crockford = |byte: &u8| byte.is_ascii_alphanumeric() && !matches!(byte | 0x20, b'i' | b'l' | b'o' | b'u');
    if word.len() == 26 && word.first() == Some(&b'0') && letters > 1 && one_case && word.iter().all(crockford) {
        return true;
    }
    // A random tail: behind a prefix we know it may be short, behind any other it must look like nothing else.
    let Some(before) = start.checked_sub(1).and_then(|at| text.get(..at)) else { return false };
    if !matches!(text.get(start - 1), Some(b'_' | b'-')) {
        return false;
    }
    let from = before.iter().rposition(|byte| !byte.is_ascii_alphanumeric()).map_or(0, |at| at + 1);
    let prefix = before.get(from..).unwrap_or(&[]);
    let mixed = digits > 0 && letters > 0 || word.len() >= 16 && !one_case;
    if word.len() >= 8 && mixed && PREFIXES.iter().any(|known| known.as_bytes() == prefix) {
        return word.len() >= 12 || changes(word) >= 3;
    }
    (2..=12).contains(&prefix.len()) && word.len() >= 16 && random(word)
}

/// How often letters and digits take turns.
fn changes(word: &[u8]) -> usize {
    word.windows(2).filter(|pair| pair.iter().filter(|byte| byte.is_ascii_digit()).count() == 1).count()
}

/// Whether letters, digits, `-` and `_` alone, so mixed as nobody writes words.
pub fn random(word: &[u8]) -> bool {
    let digits = word.iter().filter(|byte| byte.is_ascii_digit()).count();
    let letters = word.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let plain = word.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    let breaks = word.len().saturating_sub(digits + letters);
    plain && digits >= 3 && letters >= 3 && breaks <= 2 && changes(word) * 5 >= word.len()
}

fn two(text: &[u8], at: usize, most: u32) -> Option<u32> {
    let digit = |at: usize| text.get(at).filter(|byte| byte.is_ascii_digit()).map(|byte| u32::from(byte - b'0'));
    let value = digit(at)? * 10 + digit(at + 1)?;
    (value <= most).then_some(value)
}

/// A date with a time of day at `at`: RFC 3339 and what is written like it, `20261121T193454Z` too.
pub fn moment(text: &[u8], at: usize) -> Option<Moment> {
    let century = two(text, at, 99)?;
    let year = century * 100 + two(text, at + 2, 99)?;
    let dash = text.get(at + 4) == Some(&b'-');
    let month_at = at + 4 + usize::from(dash);
    let day_at = month_at + 2 + usize::from(dash);
    let (month, day) = (two(text, month_at, 12)?, two(text, day_at, 31)?);
    if !(1970..2100).contains(&year) || month == 0 || day == 0 || dash && text.get(day_at - 1) != Some(&b'-') {
        return None;
    }
    let mut end = day_at + 2;
    let spaced = text.get(end) == Some(&b' ');
    if !(matches!(text.get(end), Some(b'T' | b't')) || spaced && dash) {
        return None;
    }
    end += 1;
    let colon = text.get(end + 2) == Some(&b':');
    let step = 2 + usize::from(colon);
    two(text, end, 23)?;
    two(text, end + step, 59)?;
    end += step + 2;
    let mut fine = false;
    let seconds_at = end + usize::from(colon);
    if (!colon || text.get(end) == Some(&b':')) && two(text, seconds_at, 60).is_some() {
        fine = two(text, seconds_at, 60) != Some(0);
        end = seconds_at + 2;
        let digits =
            text.get(end + 1..).unwrap_or(&[]).iter().take(12).take_while(|byte| byte.is_ascii_digit()).count();
        if digits > 0 && matches!(text.get(end), Some(b'.' | b',')) {
            fine = true;
            end += 1 + digits;
        }
    }
    // The zone, where one is stated.
    match text.get(end) {
        Some(b'Z' | b'z') => end += 1,
        Some(b'+' | b'-') if two(text, end + 1, 23).is_some() => {
            end += 3;
            let colon = usize::from(text.get(end) == Some(&b':'));
            if two(text, end + colon, 59).is_some() {
                end += colon + 2;
            }
        }
        _ => {}
    }
    let ends = !text.get(end).is_some_and(u8::is_ascii_alphanumeric);
    ends.then_some(Moment { end, fine })
}
