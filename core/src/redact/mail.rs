//! E-mail addresses.

use super::ascii::{at, before, run, run_back};
use super::hit::Hits;
use super::kinds::Kind;

/// Top-level names that are endings of files or of code as well, and hosts that belong to nobody.
const NOT: [&str; 22] = [
    "py", "js", "ts", "rs", "json", "md", "txt", "png", "jpg", "jpeg", "gif", "svg", "webp", "css", "html", "yml",
    "yaml", "toml", "lock", "invalid", "x", "internal",
];

/// Whether a byte may stand before the `@`.
fn local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'%' | b'+' | b'-' | b'\'') || byte >= 0x80
}

/// Whether a byte may stand in a host.
fn host(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.') || byte >= 0x80
}

/// Finds addresses around each `@`.
pub(crate) fn find(text: &str, hits: &mut Hits) {
    let bytes = text.as_bytes();
    for sign in memchr::memchr_iter(b'@', bytes) {
        let mut start = run_back(bytes, sign, 64, local);
        while start < sign
            && (matches!(at(bytes, start), b'.' | b'-' | b'\'' | b'%' | b'+') || !text.is_char_boundary(start))
        {
            start += 1;
        }
        let end = run(bytes, sign + 1, 253, host);
        let name = text.get(sign + 1..end).unwrap_or_default().trim_end_matches(['.', '-']);
        let top = name.rsplit('.').next().unwrap_or_default();
        let labels = name.split('.').count();
        let known = top.chars().count() >= 2
            && (top.chars().all(char::is_alphabetic) || top.starts_with("xn--"))
            && !NOT.contains(&top.to_ascii_lowercase().as_str());
        let whole = name.split('.').all(|label| !label.is_empty() && !label.starts_with('-'));
        let stands = start < sign && before(bytes, sign) != b'.' && !matches!(before(bytes, start), b'/' | b'@');
        // `git@host:path` is where a repository is.
        let whose = text.get(start..sign).unwrap_or_default();
        let place = matches!(whose, "git" | "hg" | "svn") && matches!(at(bytes, sign + 1 + name.len()), b':' | b'/');
        if place || labels < 2 || !known || !whole || !stands {
            continue;
        }
        let normal = text.get(start..sign + 1 + name.len()).unwrap_or_default().to_lowercase();
        hits.add_as(text, (start, sign + 1 + name.len()), Kind::Email, "", Some(normal));
    }
}
