//! What a name says when the ids and numbers in it are left out.
//!
//! Only texts: which steps answer each other because of it is decided in `level`.

use std::hash::Hasher as _;

/// Letters of an id: shorter words of `a` to `f` are words ("face", "dead", "added").
const HEX: usize = 6;
/// A word of letters and digits this long is an id, whatever its letters.
const LONG: usize = 16;
/// The pieces of a UUID.
const UUID: [usize; 5] = [8, 4, 4, 4, 12];

/// The name with `#` for each number and each id in it: `step 12` and `step 7` are both `step #`.
pub(super) fn masked(name: &str) -> String {
    let mut masked = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let taken = match uuid(rest) {
            Some(length) => {
                masked.push('#');
                length
            }
            None if first.is_ascii_alphanumeric() => {
                let length = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
                word(rest.get(..length).unwrap_or_default(), &mut masked);
                length
            }
            None => {
                masked.push(first);
                first.len_utf8()
            }
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    masked
}

/// Length of the UUID a text begins with.
fn uuid(text: &str) -> Option<usize> {
    let mut at = 0;
    for (index, &length) in UUID.iter().enumerate() {
        if index > 0 {
            text.as_bytes().get(at).filter(|&&byte| byte == b'-')?;
            at += 1;
        }
        let piece = text.as_bytes().get(at..at + length)?;
        if !piece.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        at += length;
    }
    Some(at)
}

fn word(word: &str, masked: &mut String) {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let hex = word.len() >= HEX && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    if digits > 0 && (hex || word.len() >= LONG) {
        masked.push('#');
        return;
    }
    let mut number = false;
    for letter in word.chars() {
        if letter.is_ascii_digit() {
            if !number {
                masked.push('#');
            }
            number = true;
        } else {
            masked.push(letter);
            number = false;
        }
    }
}

/// One number for a text.
pub(super) fn hash(text: &str) -> u64 {
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(text.as_bytes());
    mix(hasher.finish(), text.len() as u64)
}

/// One number for two. The order matters; the result is not 0 but by chance.
pub(super) fn mix(a: u64, b: u64) -> u64 {
    let mut mixed = a.rotate_left(23) ^ b.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    mixed = (mixed ^ (mixed >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    mixed ^ (mixed >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_ids_are_left_out_and_words_stay() {
        let cases = [
            ("retrieve", "retrieve"),
            ("step 12", "step #"),
            ("step12b", "step#b"),
            ("task-3f9a0c", "task-#"),
            ("task-3f9a0cde-1111-4222-8333-abcdefabcdef/run", "task-#/run"),
            ("feed the added face", "feed the added face"),
            ("call_Abc123Def456Ghi7", "call_#"),
            ("internationalisation", "internationalisation"),
            ("größe 7 → ok", "größe # → ok"),
            ("", ""),
        ];
        for (name, expected) in cases {
            assert_eq!(masked(name), expected, "{name}");
        }
    }

    #[test]
    fn the_order_counts_in_a_hash() {
        assert_ne!(mix(1, 2), mix(2, 1));
        assert_ne!(hash("a"), hash("a\0"));
    }
}
