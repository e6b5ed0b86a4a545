//! Base64: bytes as text that survives anywhere, in the usual alphabet or in the one for addresses. Reading takes both.

const USUAL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const ADDRESS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The usual form, padded with `=`.
pub fn encode(bytes: &[u8]) -> String {
    let mut out = written(bytes, USUAL);
    while !out.len().is_multiple_of(4) {
        out.push('=');
    }
    out
}

/// For addresses: `-` and `_` in the place of `+` and `/`, and no padding.
pub fn encode_url(bytes: &[u8]) -> String {
    written(bytes, ADDRESS)
}

fn written(bytes: &[u8], alphabet: &[u8; 64]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for part in bytes.chunks(3) {
        let byte = |at: usize| part.get(at).copied().map_or(0, u32::from);
        let bits = (byte(0) << 16) | (byte(1) << 8) | byte(2);
        for place in 0..=part.len() {
            let digit = (bits >> (18 - 6 * place)) & 63;
            out.push(alphabet.get(digit as usize).copied().map_or('A', char::from));
        }
    }
    out
}

/// The bytes of base64, both alphabets, padding optional; `None` when it is not that.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_end_matches('=');
    let (out, read) = read(text.bytes());
    (read == text.len()).then_some(out)
}

/// The bytes of base64 as far as the text is any; white space in it is stepped over.
pub fn decode_some(text: &str) -> Vec<u8> {
    read(text.bytes().filter(|byte| !byte.is_ascii_whitespace())).0
}

/// The bytes up to the first digit that is none, and the number of digits before it.
fn read(digits: impl Iterator<Item = u8>) -> (Vec<u8>, usize) {
    let mut out = Vec::with_capacity(digits.size_hint().0 / 4 * 3 + 3);
    let (mut bits, mut count, mut read) = (0u32, 0u32, 0usize);
    for byte in digits {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => break,
        };
        read += 1;
        bits = (bits << 6) | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    (out, read)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn as_the_standard_writes_it() {
        for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(encode(bytes.as_bytes()), text);
        }
        assert_eq!((encode(&[0xfb, 0xff]), encode_url(&[0xfb, 0xff])), ("+/8=".to_owned(), "-_8".to_owned()));
        assert_eq!(decode("Zg=\n="), None);
        assert_eq!(decode_some("Zm\r\n9v= and more"), b"foo");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(bytes: Vec<u8>) {
            prop_assert_eq!(decode(&encode(&bytes)), Some(bytes.clone()));
            prop_assert_eq!(decode(&encode_url(&bytes)), Some(bytes));
        }
    }
}
