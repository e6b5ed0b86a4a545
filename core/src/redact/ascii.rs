//! What the detectors share: classes of bytes, runs of them, and where a run begins.

/// The byte at a position; 0 outside the text.
pub(crate) fn at(bytes: &[u8], index: usize) -> u8 {
    bytes.get(index).copied().unwrap_or(0)
}

/// The byte before a position; 0 at the beginning.
pub(crate) fn before(bytes: &[u8], index: usize) -> u8 {
    index.checked_sub(1).map_or(0, |index| at(bytes, index))
}

/// The end of the run of bytes of a class that begins here, of at most so many.
pub(crate) fn run(bytes: &[u8], from: usize, most: usize, class: impl Fn(u8) -> bool) -> usize {
    let end = from.saturating_add(most).min(bytes.len());
    let slice = bytes.get(from..end).unwrap_or(&[]);
    from + slice.iter().position(|byte| !class(*byte)).unwrap_or(slice.len())
}

/// The beginning of the run of bytes of a class that ends here, of at most so many.
pub(crate) fn run_back(bytes: &[u8], to: usize, most: usize, class: impl Fn(u8) -> bool) -> usize {
    let start = to.saturating_sub(most);
    let slice = bytes.get(start..to).unwrap_or(&[]);
    slice.iter().rposition(|byte| !class(*byte)).map_or(start, |found| start + found + 1)
}

/// Letters, digits, `_` and `-`.
pub(crate) fn word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// What base64 is written with, both alphabets.
pub(crate) fn base64(byte: u8) -> bool {
    word(byte) || matches!(byte, b'+' | b'/' | b'=')
}

/// Whether a text is as mixed as a random one: letters and digits by turns, few repeats.
pub(crate) fn looks_random(text: &str) -> bool {
    let bytes = text.as_bytes();
    let count = |class: fn(&u8) -> bool| bytes.iter().filter(|byte| class(byte)).count();
    let (digits, upper, lower) =
        (count(u8::is_ascii_digit), count(u8::is_ascii_uppercase), count(u8::is_ascii_lowercase));
    if bytes.len() < 20 || digits < 2 || upper + lower < 4 {
        return false;
    }
    // Bits for each letter, from how often each occurs.
    let mut seen = [0u16; 256];
    for byte in bytes.iter().take(4_096) {
        if let Some(slot) = seen.get_mut(*byte as usize) {
            *slot = slot.saturating_add(1);
        }
    }
    let total = bytes.len().min(4_096) as f32;
    let share = |count: &u16| f32::from(*count) / total;
    let bits: f32 = seen.iter().filter(|count| **count > 0).map(|count| -share(count) * share(count).log2()).sum();
    bits >= 3.4
}
