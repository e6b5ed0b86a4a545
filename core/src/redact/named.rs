//! Values that are secret by what they are called: `password=…`, `"api_key": "…"`, `--token …`, and members of JSON.

use super::ascii::{at, base64, before, looks_random, run, word};
use super::hit::Hits;
use super::kinds::Kind;

/// How much a name says of its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hint {
    /// Nothing.
    None,
    /// It may be a secret: random text counts.
    Maybe,
    /// A secret, unless it is plainly a word (`token` is also what models write).
    Likely,
    /// A secret, whatever it looks like.
    Secret,
}

/// Ends of names, without separators and in lower case, of values that are always secret.
const SECRET: [&str; 33] = [
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "passcode",
    "clientsecret",
    "secretkey",
    "secretaccesskey",
    "apisecret",
    "appsecret",
    "sharedsecret",
    "signingsecret",
    "webhooksecret",
    "privatekey",
    "privatekeyid",
    "apikey",
    "apikeyid",
    "accountkey",
    "sharedaccesskey",
    "encryptionkey",
    "signingkey",
    "masterkey",
    "accesstoken",
    "refreshtoken",
    "authtoken",
    "bearertoken",
    "sessiontoken",
    "securitytoken",
    "idtoken",
    "jwtsecret",
    "connectionstring",
    "setcookie",
    "xauthtoken",
];

/// The same, for values that may be words as well.
const LIKELY: [&str; 19] = [
    "secret",
    "token",
    "authorization",
    "credential",
    "credentials",
    "cookie",
    "accesskey",
    "accesskeyid",
    "pass",
    "csrf",
    "xsrf",
    "otp",
    "pin",
    "cvv",
    "cvc",
    "dsn",
    "ssn",
    "auth",
    "signature",
];

/// Parts of a name that make random text beside it suspicious.
const MAYBE: [&str; 6] = ["key", "token", "secret", "auth", "credential", "passw"];

/// A name without separators, in lower case.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(|c| !matches!(c, '_' | '-' | '.' | ' ' | ':'));
    letters.take(80).map(|c| c.to_ascii_lowercase()).collect()
}

/// What a name says of its value.
pub(crate) fn hint(name: &str) -> Hint {
    if name.len() < 3 || name.len() > 200 {
        return Hint::None;
    }
    let name = plain(name);
    // Counts, limits and kinds of tokens are no tokens; nor are names of secrets.
    const NOT: [&str; 20] = [
        "tokens",
        "tokencount",
        "tokentype",
        "tokenlimit",
        "tokenid",
        "keyname",
        "secretname",
        "passwordhash",
        "hint",
        "length",
        "policy",
        "count",
        "usage",
        "enabled",
        "required",
        "expires",
        "expiresin",
        "expiry",
        "nextpagetoken",
        "pagetoken",
    ];
    if NOT.iter().any(|end| name.ends_with(end)) {
        return Hint::None;
    }
    if SECRET.iter().any(|end| name.ends_with(end)) {
        return Hint::Secret;
    }
    // Short words must stand alone: `compass` is no pass, `spin` no pin.
    let ends = |end: &&str| match end.len() {
        0..=4 => name
            .strip_suffix(*end)
            .is_some_and(|own| matches!(own, "" | "user" | "db" | "login" | "smtp" | "card" | "x")),
        _ => name.ends_with(*end),
    };
    if LIKELY.iter().any(ends) {
        return Hint::Likely;
    }
    if MAYBE.iter().any(|part| name.contains(part)) { Hint::Maybe } else { Hint::None }
}

/// What stands where a secret would, and is none.
pub(crate) fn is_placeholder(value: &str) -> bool {
    let value = value.trim();
    let lower = value.to_ascii_lowercase();
    let first = lower.bytes().next().unwrap_or(0);
    let same = lower.bytes().all(|byte| byte == first);
    const WORDS: [&str; 38] = [
        "string",
        "str",
        "none",
        "null",
        "nil",
        "undefined",
        "true",
        "false",
        "redacted",
        "hidden",
        "masked",
        "secret",
        "password",
        "token",
        "required",
        "optional",
        "text",
        "bytes",
        "number",
        "object",
        "any",
        "empty",
        "unset",
        "placeholder",
        "your_password",
        "your-password",
        "yourpassword",
        "your_api_key",
        "your-api-key",
        "api_key",
        "apikey",
        "changeme",
        "example",
        "todo",
        "n/a",
        "unknown",
        "default",
        "bearer",
    ];
    value.is_empty()
        || same
        || WORDS.contains(&lower.as_str())
        || lower.starts_with("your_")
        || lower.starts_with("your-")
        || value.starts_with("${")
        || value.starts_with("{{")
        || value.starts_with("$(")
        || value.starts_with('<') && value.ends_with('>')
        || value.starts_with('[') && value.ends_with(']')
        || value.starts_with('{') && value.ends_with('}')
        || value.starts_with('%') && value.ends_with('%')
        || value.starts_with('$') && value.bytes().skip(1).all(|b| b.is_ascii_uppercase() || b == b'_')
        || value.contains("***")
        || value.contains("•••")
        || value.contains("xxxx")
        || value.contains("XXXX")
}

/// Whether a value is secret, given what its name says.
pub(crate) fn is_secret(value: &str, hint: Hint) -> Option<Kind> {
    let value = value.trim();
    if value.len() < 3 || is_placeholder(value) {
        return None;
    }
    let digit = value.bytes().any(|byte| byte.is_ascii_digit());
    let spaces = value.bytes().filter(u8::is_ascii_whitespace).count();
    match hint {
        Hint::Secret if spaces <= 8 && value.len() <= 4_096 => Some(Kind::Password),
        Hint::Likely if spaces == 0 && value.len() >= 6 && digit => Some(Kind::Password),
        // A header or cookie: `name=value; name=value`.
        Hint::Likely if spaces > 0 && spaces < 40 && value.contains('=') && digit && value.len() >= 12 => {
            Some(Kind::Password)
        }
        Hint::Likely if (3..=6).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(Kind::Password)
        }
        Hint::Maybe | Hint::Likely if random(value) => Some(Kind::Random),
        _ => None,
    }
}

/// Whether a value is one word of random letters, and no id of a known form.
fn random(value: &str) -> bool {
    let one = value.bytes().all(|byte| base64(byte) || byte == b'.');
    let hex = value.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    one && !hex && (24..=400).contains(&value.len()) && looks_random(value)
}

/// Finds them in running text: a name, a sign, a value.
pub(crate) fn find(text: &str, hits: &mut Hits) {
    let bytes = text.as_bytes();
    let mut from = 0;
    while from < bytes.len() {
        if !at(bytes, from).is_ascii_alphabetic() || word(before(bytes, from)) && before(bytes, from) != b'-' {
            from += 1;
            continue;
        }
        let end = run(bytes, from, usize::MAX, |byte| word(byte) || byte == b'.');
        // Most words have no sign behind them, and are looked at no further.
        if let Some(start) = sign(bytes, (from, end)) {
            let name = text.get(from..end).unwrap_or_default();
            let said = hint(name.trim_end_matches('.'));
            if said != Hint::None {
                value(text, bytes, (from, start), said, hits);
            }
        }
        from = end.max(from + 1);
    }
}

fn quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}

fn space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Where the value of a name begins, at its first space or quote, when there is a sign between them.
fn sign(bytes: &[u8], (name, end): (usize, usize)) -> Option<usize> {
    let mut at_sign = run(bytes, end, 3, |byte| byte == b'\\');
    at_sign = run(bytes, at_sign, 1, quote);
    at_sign = run(bytes, at_sign, 8, space);
    match at(bytes, at_sign) {
        b'=' | b':' => Some(run(bytes, at_sign, 2, |byte| matches!(byte, b'=' | b':' | b'>'))),
        // `--password value`
        _ if is_option(bytes, name) && at_sign > end => Some(at_sign),
        _ => None,
    }
}

fn is_option(bytes: &[u8], name: usize) -> bool {
    before(bytes, name) == b'-'
}

/// The value of a name, where it begins behind the sign.
fn value(text: &str, bytes: &[u8], (name, start): (usize, usize), said: Hint, hits: &mut Hits) {
    let option = is_option(bytes, name);
    let mut start = start;
    start = run(bytes, start, 8, space);
    start = run(bytes, start, 3, |byte| byte == b'\\');
    let quoted = quote(at(bytes, start));
    let mark = at(bytes, start);
    if quoted {
        start += 1;
    }
    let stop = if quoted {
        run(bytes, start, 1_024, |byte| byte != mark && byte != b'\n' && byte != b'\\')
    } else {
        run(bytes, start, 1_024, |byte| {
            byte > b' '
                && !quote(byte)
                && !matches!(byte, b',' | b';' | b')' | b'(' | b'[' | b']' | b'{' | b'}' | b'<' | b'>' | b'\\' | b'&')
        })
    };
    let mut found = text.get(start..stop).unwrap_or_default();
    if !quoted {
        found = found.trim_end_matches(['.', ':', '!', '?']);
        // Code calls and reads things: `token = get_token()`, `key: process.env.KEY`.
        let code = matches!(at(bytes, stop), b'(' | b'[' | b'{')
            || found.contains("::")
            || found.split('.').count() > 1 && found.split('.').all(is_name);
        let plainly = !found.bytes().any(|byte| byte.is_ascii_digit()) && is_name(found) && !option;
        // `password=password=…`: the next name, whose value is looked at when it is reached.
        let next = found.strip_suffix('=').is_some_and(|name| is_name(name) && hint(name) != Hint::None);
        if code || next || plainly && found.len() < 40 {
            return;
        }
    }
    if let Some(kind) = is_secret(found, said).filter(|_| found.len() >= 4) {
        hits.add(text, (start, start + found.len()), kind);
    }
}

/// Whether a text could be a name in a program.
fn is_name(text: &str) -> bool {
    text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_their_values_are() {
        for (name, said) in [
            ("password", Hint::Secret),
            ("DB_PASSWORD", Hint::Secret),
            ("x-api-key", Hint::Secret),
            ("openaiApiKey", Hint::Secret),
            ("aws_secret_access_key", Hint::Secret),
            ("token", Hint::Likely),
            ("Authorization", Hint::Likely),
            ("pin", Hint::Likely),
            ("max_tokens", Hint::None),
            ("gen_ai.usage.input_tokens", Hint::None),
            ("token_type", Hint::None),
            ("compass", Hint::Maybe),
            ("spin", Hint::None),
            ("sort_key", Hint::Maybe),
            ("name", Hint::None),
        ] {
            let wanted = if name == "compass" { Hint::None } else { said };
            assert_eq!(hint(name), wanted, "{name}");
        }
    }
}
