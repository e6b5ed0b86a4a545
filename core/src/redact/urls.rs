//! What must not stand in an address: a password before the host, the signature of a signed address, the secret path
//! of a webhook.

use super::ascii::{at, base64, before, run, run_back, word};
use super::hit::Hits;
use super::kinds::Kind;
use super::named::is_placeholder;

/// Finds all of them.
pub(crate) fn find(text: &str, hits: &mut Hits) {
    let bytes = text.as_bytes();
    for found in memchr::memmem::find_iter(bytes, b"://") {
        let scheme =
            run_back(bytes, found, 30, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
        if scheme < found {
            credentials(text, bytes, found + 3, hits);
            webhook(text, bytes, found + 3, hits);
        }
    }
    signatures(text, bytes, hits);
}

/// `scheme://user:password@host`: the password, or the user where that is a token of its own.
fn credentials(text: &str, bytes: &[u8], start: usize, hits: &mut Hits) {
    let end = run(bytes, start, 1_024, |byte| {
        byte > b' ' && byte < 0x7f && !matches!(byte, b'/' | b'?' | b'#' | b'"' | b'\'' | b'<' | b'>' | b'\\')
    });
    // A password may hold `/` unescaped where people write it by hand, but then nobody can tell where the host begins.
    let authority = bytes.get(start..end).unwrap_or(&[]);
    let Some(sign) = authority.iter().rposition(|byte| *byte == b'@') else { return };
    let user = authority.get(..sign).unwrap_or(&[]);
    let first = match user.iter().position(|byte| *byte == b':') {
        Some(colon) => start + colon + 1,
        None if user.len() >= 16 && user.iter().any(u8::is_ascii_digit) => start,
        None => return,
    };
    let password = text.get(first..start + sign).unwrap_or_default();
    if !is_placeholder(password) {
        hits.add(text, (first, start + sign), Kind::UrlPassword);
    }
}

/// Names of query parameters that sign an address or open it to whoever has it.
const SIGNING: [&str; 16] = [
    "X-Amz-Signature",
    "X-Amz-Security-Token",
    "X-Goog-Signature",
    "Signature",
    "sig",
    "access_token",
    "id_token",
    "refresh_token",
    "api_key",
    "apikey",
    "api-key",
    "auth_token",
    "token",
    "client_secret",
    "code_verifier",
    "subscription-key",
];

/// The value of `?sig=` and of its kin.
fn signatures(text: &str, bytes: &[u8], hits: &mut Hits) {
    for equals in memchr::memchr_iter(b'=', bytes) {
        let start = run_back(bytes, equals, 24, word);
        if !matches!(before(bytes, start), b'?' | b'&' | b'#' | b';') {
            continue;
        }
        let name = text.get(start..equals).unwrap_or_default();
        if !SIGNING.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            continue;
        }
        let end = run(bytes, equals + 1, usize::MAX, |byte| base64(byte) || matches!(byte, b'%' | b'.' | b'~' | b':'));
        let value = text.get(equals + 1..end).unwrap_or_default();
        if value.len() >= 8 && !is_placeholder(value) {
            hits.add(text, (equals + 1, end), Kind::UrlSignature);
        }
    }
}

/// Hosts whose paths are secrets, and how many parts of the path come before the secret.
const WEBHOOKS: [(&str, &str); 8] = [
    ("hooks.slack.com", "/services/"),
    ("hooks.slack.com", "/workflows/"),
    ("hooks.slack.com", "/triggers/"),
    ("discord.com", "/api/webhooks/"),
    ("discordapp.com", "/api/webhooks/"),
    ("outlook.office.com", "/webhook/"),
    ("hooks.zapier.com", "/hooks/catch/"),
    ("api.telegram.org", "/bot"),
];

fn webhook(text: &str, bytes: &[u8], host: usize, hits: &mut Hits) {
    let rest = text.get(host..).unwrap_or_default();
    for (name, path) in WEBHOOKS {
        let Some(after) = rest.strip_prefix(name).and_then(|rest| rest.strip_prefix(path)) else { continue };
        let start = text.len() - after.len();
        let end = run(bytes, start, 400, |byte| word(byte) || matches!(byte, b'/' | b':' | b'.' | b'@'));
        let end = if at(bytes, end.saturating_sub(1)) == b'.' { end - 1 } else { end };
        if end - start >= 16 {
            hits.add(text, (start, end), Kind::Webhook);
        }
    }
    // Teams: the host is the tenant's own.
    if let Some(at_path) = rest.get(..400.min(rest.len())).and_then(|near| near.find(".webhook.office.com/webhookb2/"))
    {
        let start = host + at_path + ".webhook.office.com/webhookb2/".len();
        let end = run(bytes, start, 400, |byte| word(byte) || matches!(byte, b'/' | b'@'));
        if end - start >= 16 && !text.get(host..host + at_path).unwrap_or("/").contains('/') {
            hits.add(text, (start, end), Kind::Webhook);
        }
    }
}
