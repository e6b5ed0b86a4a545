//! IP addresses, those of private networks by themselves. What stands for nobody is left: loopback, documentation.

use super::ascii::{at, before, run, run_back, word};
use super::hit::Hits;
use super::kinds::Kind;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Finds both versions.
pub(crate) fn find(text: &str, hits: &mut Hits) {
    four(text, hits);
    six(text, hits);
}

fn kind_of_four(address: Ipv4Addr) -> Option<Kind> {
    let [first, second, ..] = address.octets();
    let nobody = address.is_loopback()
        || address.is_unspecified()
        || address.is_documentation()
        || address.is_broadcast()
        || address.is_multicast()
        || first == 0
        || first >= 240
        // Netmasks.
        || first == 255;
    let private = address.is_private() || address.is_link_local() || first == 100 && (64..=127).contains(&second);
    match (nobody, private) {
        (true, _) => None,
        (_, true) => Some(Kind::PrivateIp),
        _ => Some(Kind::Ip),
    }
}

fn four(text: &str, hits: &mut Hits) {
    let bytes = text.as_bytes();
    let mut from = 0;
    while from < bytes.len() {
        if !at(bytes, from).is_ascii_digit() {
            from += 1;
            continue;
        }
        let end = run(bytes, from, usize::MAX, |byte| byte.is_ascii_digit() || byte == b'.');
        let (start, stop) = (from, end - usize::from(before(bytes, end) == b'.'));
        from = end;
        let written = text.get(start..stop).unwrap_or_default();
        if !(7..=15).contains(&written.len()) {
            continue;
        }
        let edge = |byte: u8| !byte.is_ascii_alphanumeric() && !matches!(byte, b'_' | b'-' | b'+');
        let ahead = before(bytes, start);
        // `v1.2.3.4`, `foo-1.2.3.4`, `>=1.2.3.4` and `1.2.3.4-beta` are versions, as is what a word for one stands before.
        let version =
            matches!(ahead, b'=' | b'~' | b'^' | b'<' | b'>') && versioned(text, start) || near_version(text, start);
        if !edge(ahead) && ahead != b'-'
            || !edge(at(bytes, stop))
            || version
            || ahead == b'-' && word(before(bytes, start.saturating_sub(1)))
        {
            continue;
        }
        let Ok(address) = written.parse::<Ipv4Addr>() else { continue };
        // Small numbers are a version, unless something says that they are an address.
        let small = matches!(address.octets(), [0..=9, 0..=99, 0..=99, 0..=99]);
        if small && !said_to_be(text, start, stop) {
            continue;
        }
        if let Some(kind) = kind_of_four(address) {
            hits.add(text, (start, stop), kind);
        }
    }
}

/// Whether what stands around says that it is an address: a scheme, a port, a word for one.
fn said_to_be(text: &str, start: usize, stop: usize) -> bool {
    let bytes = text.as_bytes();
    let port = at(bytes, stop) == b':' && at(bytes, stop + 1).is_ascii_digit();
    let near = text.get(run_back(bytes, start, 24, |byte| byte.is_ascii())..start).unwrap_or_default();
    let near = near.to_ascii_lowercase();
    let words = ["://", "@", "ip", "addr", "host", "client", "remote", "peer", "from ", "server", "dns", "ping "];
    port || words.iter().any(|word| near.contains(word))
}

/// Whether what stands before `=` or a comparison is a package or a version: `pkg==1.2.3.4`, `>=1.2.3.4`.
fn versioned(text: &str, start: usize) -> bool {
    let head = text.get(..start).unwrap_or_default().trim_end_matches(['=', '~', '^', '<', '>', '!']);
    let signs = start - head.len();
    signs >= 2 || matches!(before(text.as_bytes(), start), b'~' | b'^' | b'>' | b'<')
}

/// Whether a word for a version stands right before.
fn near_version(text: &str, start: usize) -> bool {
    let bytes = text.as_bytes();
    let gap = run_back(bytes, start, 4, |byte| matches!(byte, b' ' | b':' | b'=' | b'"' | b'/'));
    let from = run_back(bytes, gap, 24, |byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let word = text.get(from..gap).unwrap_or_default().to_ascii_lowercase();
    ["version", "ver", "release", "build", "rev", "chrome", "edg", "safari", "firefox", "opr", "v"]
        .iter()
        .any(|end| word == *end)
        || word.ends_with("version")
}

fn six(text: &str, hits: &mut Hits) {
    let bytes = text.as_bytes();
    let hex = |byte: u8| byte.is_ascii_hexdigit() || byte == b':';
    let mut from = 0;
    while let Some(found) = bytes.get(from..).and_then(|rest| memchr::memchr(b':', rest)) {
        let colon = from + found;
        let start = run_back(bytes, colon, 4, |byte| byte.is_ascii_hexdigit());
        let end = run(bytes, colon, usize::MAX, |byte| hex(byte) || byte == b'.');
        from = end.max(colon + 1);
        let end = end - usize::from(before(bytes, end) == b'.');
        let mut end = end;
        if before(bytes, end) == b':' && !text.get(..end).unwrap_or_default().ends_with("::") {
            end -= 1;
        }
        let written = text.get(start..end).unwrap_or_default();
        let groups = written.split(':').filter(|group| !group.is_empty()).count();
        let edge = |byte: u8| !byte.is_ascii_alphanumeric() && !matches!(byte, b'_' | b':' | b'.');
        if written.len() > 45 || groups < 3 || !edge(before(bytes, start)) || !edge(at(bytes, end)) {
            continue;
        }
        let Ok(address) = written.parse::<Ipv6Addr>() else { continue };
        let [first, second, ..] = address.segments();
        let nobody = address.is_loopback() || address.is_unspecified() || first == 0x2001 && second == 0xdb8;
        let private = first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfe80;
        if !nobody {
            let kind = if private { Kind::PrivateIp } else { Kind::Ip };
            hits.add_as(text, (start, end), kind, "v6", Some(address.to_string()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::hit::found_by;

    fn found(text: &str) -> Vec<(&'static str, &str)> {
        found_by(text, find)
    }

    #[test]
    fn addresses_and_what_looks_like_them() {
        assert_eq!(found("from 93.184.216.34:443"), [("ip", "93.184.216.34")]);
        assert_eq!(found("http://192.168.1.17/x"), [("private-ip", "192.168.1.17")]);
        assert_eq!(found("[2a00:1450:4001:81b::200e]:80"), [("ip", "2a00:1450:4001:81b::200e")]);
        assert_eq!(found("fe80::1ff:fe23:4567:890a"), [("private-ip", "fe80::1ff:fe23:4567:890a")]);
        for no in [
            "127.0.0.1",
            "0.0.0.0",
            "192.0.2.7",
            "1.2.3",
            "v1.2.3.4",
            "pkg==4.3.2.1",
            "Chrome/120.0.0.0",
            "version 10.4.2.1",
            "999.1.1.1",
            "1.2.3.4.5",
            "2026-03-02T09:15:04",
            "a::b",
            "::1",
            "std::fmt::Display",
            "12:34:56",
            "de:ad:be",
            "2001:db8::1",
        ] {
            assert_eq!(found(no), [], "{no}");
        }
    }
}
