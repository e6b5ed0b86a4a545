//! Ids are opaque texts; these make the spellings of one id within one file equal.

use crate::base64;

/// An OpenTelemetry id in lowercase hex. Takes hex of any case, `0x` before it, and base64 of 8 or 16 bytes (what
/// protobuf's JSON mapping writes). Empty and all-zero ids are absent. Anything else stays as it is.
pub fn otel(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text);
    if text.is_empty() {
        return None;
    }
    let id = if text.bytes().all(|b| b.is_ascii_hexdigit()) && matches!(text.len(), 16 | 32) {
        text.to_ascii_lowercase()
    } else if let Some(bytes) = base64_id(text) {
        bytes.iter().map(|b| format!("{b:02x}")).collect()
    } else if text.bytes().all(|b| b.is_ascii_hexdigit()) {
        text.to_ascii_lowercase()
    } else {
        text.to_owned()
    };
    (!id.bytes().all(|b| b == b'0')).then_some(id)
}

/// The bytes of a base64 id: 8 bytes in 11 characters or 16 in 22, with or without padding.
fn base64_id(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=');
    if !matches!((digits.len(), text.len()), (11, 11 | 12) | (22, 22 | 24)) {
        return None;
    }
    base64::decode(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_id_are_equal() {
        let hex = Some("eee19b7ec3c1b174".to_owned());
        assert_eq!(otel("EEE19B7EC3C1B174"), hex);
        assert_eq!(otel("0xeee19b7ec3c1b174"), hex);
        assert_eq!(otel("7uGbfsPBsXQ="), hex);
        assert_eq!(otel("7uGbfsPBsXQ"), hex);
        assert_eq!(otel("W47/95gDgQPSabYzgT/GDA=="), Some("5b8efff798038103d269b633813fc60c".to_owned()));
        assert_eq!(otel("0000000000000000"), None);
        assert_eq!(otel(""), None);
        assert_eq!(otel("call_7Qd2"), Some("call_7Qd2".to_owned()));
    }
}
