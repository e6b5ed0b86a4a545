//! Numbers as a person reads them on a box. What needs exactness (the inspector) formats for itself.

use crate::model::{Kind, Nanos};

/// A length of time in three significant digits and the unit that fits: `12 ms`, `1.44 s`, `3 min 20 s`.
pub fn duration(length: Nanos) -> String {
    let nanos = length.0;
    if nanos < 0 {
        return format!("-{}", duration(Nanos(nanos.saturating_neg())));
    }
    let scaled = |unit: i64| -> String {
        let value = nanos as f64 / unit as f64;
        let digits = if value < 10.0 {
            2
        } else if value < 100.0 {
            1
        } else {
            0
        };
        let text = format!("{value:.digits$}");
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
    };
    match nanos {
        0..1_000 => format!("{nanos} ns"),
        1_000..1_000_000 => format!("{} µs", scaled(1_000)),
        1_000_000..100_000_000 => format!("{} ms", scaled(1_000_000)),
        100_000_000..60_000_000_000 => format!("{:.2} s", nanos as f64 / 1e9),
        60_000_000_000..3_600_000_000_000 => {
            let seconds = nanos / 1_000_000_000;
            format!("{} min {} s", seconds / 60, seconds % 60)
        }
        3_600_000_000_000..172_800_000_000_000 => {
            let minutes = nanos / 60_000_000_000;
            format!("{} h {} min", minutes / 60, minutes % 60)
        }
        _ => {
            let hours = nanos / 3_600_000_000_000;
            format!("{} d {} h", hours / 24, hours % 24)
        }
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
            (0, "0 ns"),
            (950, "950 ns"),
            (1_500, "1.5 µs"),
            (12_000_000, "12 ms"),
            (214_000_000, "0.21 s"),
            (1_440_000_000, "1.44 s"),
            (200_000_000_000, "3 min 20 s"),
            (-5_000_000, "-5 ms"),
            (i64::MAX, "106751 d 23 h"),
        ];
        for (nanos, text) in cases {
            assert_eq!(duration(Nanos(nanos)), text);
        }
        assert_eq!([number(640), number(1_104), number(48_210), number(1_000_000)], ["640", "1.1k", "48.2k", "1M"]);
    }
}
