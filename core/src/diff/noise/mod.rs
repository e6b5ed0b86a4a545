//! What differs without meaning anything: random ids, times, lengths of time, addresses in memory.
//!
//! One value is judged at a time, by its text and its key, never two against each other: two values differ without
//! meaning anything when each of them is noise. So it can be told while hashing, and one judgement serves both the
//! hash of a value and its differences. [`Key`] says what a key speaks of, [`token`] finds ids and times within a text.
//! What is not certain counts: a short word, a plain number, an order number, a score, a date someone may have chosen.

mod key;
pub mod token;

pub use key::Key;

/// What sort of noise a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noise {
    /// A random id.
    Id,
    /// A moment.
    Time,
    /// A length of time.
    Length,
    /// An address in memory.
    Address,
}

/// Longest text that can be noise as a whole.
const LONGEST: usize = 128;

/// Whether a text under this key is noise by what the key says of it. What is noise under any key is found by
/// [`token::at_word`].
pub fn string(bytes: &[u8], key: Key) -> Option<Noise> {
    if bytes.len() > LONGEST || key.is(Key::HASH) {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?;
    if key.is(Key::TIME) && (is_epoch(text) || is_http_date(bytes)) {
        return Some(Noise::Time);
    }
    if key.is(Key::RECORD) && token::moment(bytes, 0).is_some_and(|found| found.end == bytes.len()) {
        return Some(Noise::Time);
    }
    if key.is(Key::LENGTH) && is_length(text) {
        return Some(Noise::Length);
    }
    if key.is(Key::TRACE) && is_trace_id(bytes) {
        return Some(Noise::Id);
    }
    if key.is(Key::ID) && bytes.len() >= 16 && token::random(bytes) {
        return Some(Noise::Id);
    }
    None
}

/// Whether a number, given as it is written, is noise under this key.
pub fn number(text: &str, key: Key) -> Option<Noise> {
    if key.is(Key::TIME) && is_epoch(text) {
        return Some(Noise::Time);
    }
    if key.is(Key::LENGTH) && text.parse::<f64>().is_ok_and(f64::is_finite) {
        return Some(Noise::Length);
    }
    if key.is(Key::TRACE) && text.len() >= 10 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Noise::Id);
    }
    None
}

/// Seconds, milliseconds, microseconds or nanoseconds since 1970, between 2001 and 2100.
fn is_epoch(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !matches!(whole.len(), 10 | 13 | 16 | 19) || !digits(whole) || !digits(fraction) {
        return false;
    }
    // The seconds are the first ten digits, whatever the unit.
    let seconds = whole.get(..10).and_then(|head| head.parse::<u64>().ok());
    seconds.is_some_and(|seconds| (1_000_000_000..4_102_444_800).contains(&seconds))
}

/// `Sat, 21 Nov 2026 19:34:54 GMT`.
fn is_http_date(bytes: &[u8]) -> bool {
    const SHAPE: &[u8] = b"Aaa, 00 Aaa 0000 00:00:00 ";
    let head = bytes.get(..SHAPE.len()).unwrap_or(&[]);
    let fits = |(shape, byte): (&u8, &u8)| match shape {
        b'A' => byte.is_ascii_uppercase(),
        b'a' => byte.is_ascii_lowercase(),
        b'0' => byte.is_ascii_digit(),
        other => byte == other,
    };
    head.len() == SHAPE.len() && SHAPE.iter().zip(head).all(fits) && bytes.len() <= SHAPE.len() + 5
}

/// A number, with a unit of time behind it or without, or `0:00:01.25`.
fn is_length(text: &str) -> bool {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ':' | '-' | '+')).unwrap_or(text.len());
    let (amount, unit) = text.split_at(end);
    let units = ["", "ns", "us", "µs", "μs", "ms", "s", "sec", "secs", "seconds", "second", "milliseconds"];
    amount.bytes().any(|byte| byte.is_ascii_digit()) && units.contains(&unit.trim())
}

/// Hexadecimal or decimal digits in a row, as trace and span ids are written.
fn is_trace_id(bytes: &[u8]) -> bool {
    let hex = bytes.iter().all(u8::is_ascii_hexdigit);
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    hex && bytes.len() >= 8 && digits > 0 && (digits < bytes.len() || digits >= 10)
}

#[cfg(test)]
mod tests;
