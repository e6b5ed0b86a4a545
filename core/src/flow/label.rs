//! Numbers as a person reads them on a box. What needs exactness (the inspector) formats for itself.

use crate::model::{Kind, Nanos};

const MICRO: u64 = 1_000;
const MILLI: u64 = 1_000_000;
const SECOND: u64 = 1_000_000_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// A length of time in three or four digits, as the page's lists show it: `12.4 µs`, `31.0 ms`, `1.44 s`, `3 m 20 s`.
/// Digits are cut, never rounded, so that the same length reads the same everywhere.
pub fn duration(length: Nanos) -> String {
    let nanos = length.0.unsigned_abs();
    let sign = if length.0 < 0 { "−" } else { "" };
    let text = match nanos {
        0 => "0 s".to_owned(),
        _ if nanos < MICRO => format!("{nanos} ns"),
        _ if nanos < MILLI => format!("{} µs", digits(nanos, MICRO)),
        _ if nanos < 100 * MILLI => format!("{} ms", digits(nanos, MILLI)),
        _ if nanos < MINUTE => format!("{} s", digits(nanos, SECOND)),
        _ if nanos < HOUR => format!("{} m {:02} s", nanos / MINUTE, nanos % MINUTE / SECOND),
        _ if nanos < DAY => format!("{} h {:02} m", nanos / HOUR, nanos % HOUR / MINUTE),
        _ => format!("{} d {:02} h", nanos / DAY, nanos % DAY / HOUR),
    };
    format!("{sign}{text}")
}

/// The first three digits of `nanos` in a unit; two behind the point at most.
fn digits(nanos: u64, unit: u64) -> String {
    let (whole, rest) = (nanos / unit, nanos % unit);
    match whole {
        0..=9 => format!("{whole}.{:02}", rest * 100 / unit),
        10..=99 => format!("{whole}.{}", rest * 10 / unit),
        _ => whole.to_string(),
    }
}

/// A step's name without the operation in front that its kind says already: `refund_order` for a tool named
/// `execute_tool refund_order`, as OpenTelemetry's GenAI conventions name spans.
pub fn short_name(name: &str, kind: Kind) -> &str {
    let operations: &[&str] = match kind {
        Kind::Tool => &["execute_tool "],
        Kind::Agent => &["invoke_agent ", "create_agent "],
        Kind::Llm => &["chat ", "text_completion ", "generate_content "],
        Kind::Embedding => &["embeddings "],
        _ => &[],
    };
    let rest = operations.iter().find_map(|operation| name.strip_prefix(operation));
    rest.filter(|rest| !rest.trim().is_empty()).unwrap_or(name)
}

/// A count in few letters: `640`, `1.1k`, `48.2k`, `3.4M`.
pub fn number(count: u64) -> String {
    let short = |unit: f64, letter: char| {
        let text = format!("{:.1}", count as f64 / unit);
        format!("{}{letter}", text.strip_suffix(".0").unwrap_or(&text))
    };
    match count {
        0..1_000 => count.to_string(),
        1_000..999_950 => short(1e3, 'k'),
        999_950..999_950_000 => short(1e6, 'M'),
        _ => short(1e9, 'G'),
    }
}

/// A count in full: `640`, `1,104`.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_only_what_the_kind_says() {
        assert_eq!(short_name("execute_tool refund_order", Kind::Tool), "refund_order");
        assert_eq!(short_name("execute_tool refund_order", Kind::Chain), "execute_tool refund_order");
        assert_eq!(short_name("chat heron-2-large", Kind::Llm), "heron-2-large");
        assert_eq!(short_name("chat ", Kind::Llm), "chat ");
    }

    #[test]
    fn durations_and_counts_are_short() {
        let cases = [
            (0, "0 s"),
            (950, "950 ns"),
            (1_999, "1.99 µs"),
            (12_000_000, "12.0 ms"),
            (214_000_000, "0.21 s"),
            (4_139_999_999, "4.13 s"),
            (16_960_000_000, "16.9 s"),
            (200_000_000_000, "3 m 20 s"),
            (-5_000_000, "−5.00 ms"),
            (i64::MAX, "106751 d 23 h"),
        ];
        for (nanos, text) in cases {
            assert_eq!(duration(Nanos(nanos)), text);
        }
        assert_eq!([number(640), number(1_104), number(48_210), number(1_000_000)], ["640", "1.1k", "48.2k", "1M"]);
        assert_eq!([grouped(640), grouped(1_104), grouped(1_234_567)], ["640", "1,104", "1,234,567"]);
    }
}
