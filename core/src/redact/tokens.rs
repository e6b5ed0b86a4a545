//! Tokens that are told by their own form: JSON Web Tokens, private keys, authorization headers.

use super::ascii::{at, base64, before, run, word};
use super::hit::Hits;
use super::kinds::Kind;
use crate::base64::decode as decode_base64;

/// Finds all of them.
pub(crate) fn find(text: &str, hits: &mut Hits) {
    let bytes = text.as_bytes();
    jwt(text, bytes, hits);
    private_keys(text, bytes, hits);
    bearer(text, bytes, hits);
}

/// Whether a part of a token is JSON that says how it is signed.
fn is_header(part: &str) -> bool {
    let Some(json) = decode_base64(part) else { return false };
    let json = String::from_utf8_lossy(&json);
    json.starts_with('{') && (json.contains("\"alg\"") || json.contains("\"typ\"") || json.contains("\"enc\""))
}

/// Three parts (five when encrypted) of base64; the first one is a header.
fn jwt(text: &str, bytes: &[u8], hits: &mut Hits) {
    let mut from = 0;
    while let Some(found) = bytes.get(from..).and_then(|rest| memchr::memmem::find(rest, b"eyJ")) {
        let start = from + found;
        let end = run(bytes, start, usize::MAX, |byte| word(byte) || byte == b'.');
        from = end.max(start + 3);
        if word(before(bytes, start)) && before(bytes, start) != b'-' {
            continue;
        }
        let Some(token) = text.get(start..end) else { continue };
        let token = token.trim_end_matches('.');
        let mut parts = token.split('.');
        let header = parts.next().unwrap_or_default();
        let rest: Vec<&str> = parts.take(5).collect();
        if matches!(rest.len(), 1 | 2 | 4) && rest.first().is_some_and(|part| part.len() >= 2) && is_header(header) {
            hits.add(text, (start, start + token.len()), Kind::Jwt);
        }
    }
}

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
/// Most bytes between them.
const LONGEST: usize = 16 << 10;

/// `-----BEGIN … PRIVATE KEY-----` to its end, or to where the text was cut.
fn private_keys(text: &str, bytes: &[u8], hits: &mut Hits) {
    let mut from = 0;
    while let Some(found) = bytes.get(from..).and_then(|rest| memchr::memmem::find(rest, BEGIN)) {
        let start = from + found;
        from = start + BEGIN.len();
        let label = run(bytes, from, 40, |byte| byte.is_ascii_uppercase() || byte == b' ' || byte.is_ascii_digit());
        let name = text.get(from..label).unwrap_or_default();
        if !name.trim_end().ends_with("PRIVATE KEY") && !name.trim_end().ends_with("PRIVATE KEY BLOCK") {
            continue;
        }
        // Keys have a few thousand letters; a search to the end of the text for each would take for ever.
        let rest = bytes.get(label..label.saturating_add(LONGEST).min(bytes.len())).unwrap_or(&[]);
        let end = match memchr::memmem::find(rest, END) {
            Some(end) => {
                let end = label + end + END.len();
                let end =
                    run(bytes, end, 40, |byte| byte.is_ascii_uppercase() || byte == b' ' || byte.is_ascii_digit());
                run(bytes, end, 5, |byte| byte == b'-')
            }
            // Cut off: what looks like the key, lines of base64.
            None => run(bytes, label, LONGEST, |byte| {
                base64(byte) || matches!(byte, b'\n' | b'\r' | b' ' | b'\\' | b':' | b',')
            }),
        };
        hits.add(text, (start, end), Kind::PrivateKey);
        from = end;
    }
}

/// `Bearer TOKEN` and `Basic BASE64`, as in headers.
fn bearer(text: &str, bytes: &[u8], hits: &mut Hits) {
    for (name, least) in [("earer ", 8), ("asic ", 8), ("igest ", 20), ("oken ", 20)] {
        for found in memchr::memmem::find_iter(bytes, name.as_bytes()) {
            let first = before(bytes, found).to_ascii_uppercase();
            let initial = match name {
                "earer " | "asic " => b'B',
                "igest " => b'D',
                _ => b'T',
            };
            let begins = found.checked_sub(1).is_some_and(|start| !before(bytes, start).is_ascii_alphanumeric());
            if first != initial || !begins {
                continue;
            }
            let start = run(bytes, found + name.len(), 4, |byte| byte == b' ');
            let end = run(bytes, start, usize::MAX, |byte| base64(byte) || matches!(byte, b'.' | b'~'));
            let token = text.get(start..end).unwrap_or_default().trim_end_matches('.');
            let digits = token.bytes().filter(u8::is_ascii_digit).count();
            let capitals = token.bytes().filter(u8::is_ascii_uppercase).count();
            // "Basic concepts", "bearer of news": words are no tokens.
            let telling = match name {
                "asic " => is_pair(token),
                "oken " => digits >= 4 && (capitals + digits >= 8 || token.len() == 40),
                _ => digits >= 1 || capitals >= 2 || token.len() >= 24 && at(bytes, end) != b' ',
            };
            if token.len() >= least && telling {
                hits.add(text, (start, start + token.len()), Kind::Authorization);
            }
        }
    }
}

/// Whether base64 holds a name and a password.
fn is_pair(token: &str) -> bool {
    token.len().is_multiple_of(4)
        && decode_base64(token).is_some_and(|pair| {
            pair.contains(&b':') && pair.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ')
        })
}
