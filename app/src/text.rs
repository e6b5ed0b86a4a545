//! Numbers in words, and names made short, for the whole page.

pub(crate) use chaindebug_core::flow::grouped;
use chaindebug_core::flow::short_name;
use chaindebug_core::model::Kind;

/// A size in three digits: `812 B`, `20.4 MB`. Units of 1000, as file managers show them.
pub(crate) fn bytes(n: u64) -> String {
    const UNITS: [&str; 4] = ["KB", "MB", "GB", "TB"];
    if n < 1000 {
        return format!("{n} B");
    }
    let (mut whole, mut rest, mut unit) = (n / 1000, n % 1000, 0);
    while whole >= 1000 && unit + 1 < UNITS.len() {
        (whole, rest, unit) = (whole / 1000, whole % 1000, unit + 1);
    }
    let name = UNITS.get(unit).unwrap_or(&"TB");
    match whole {
        0..=9 => format!("{whole}.{:02} {name}", rest / 10),
        10..=99 => format!("{whole}.{} {name}", rest / 100),
        _ => format!("{whole} {name}"),
    }
}

/// `1 step`, `1,204 steps`.
pub(crate) fn count(n: u64, word: &str) -> String {
    format!("{} {word}{}", grouped(n), if n == 1 { "" } else { "s" })
}

/// A step's name without the operation in front, where the kind of the step is not known.
pub(crate) fn bare_name(name: &str) -> &str {
    let kinds = [Kind::Llm, Kind::Agent, Kind::Tool];
    kinds.into_iter().map(|kind| short_name(name, kind)).find(|short| short.len() < name.len()).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_counts() {
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(1_000), "1.00 KB");
        assert_eq!(bytes(20_400_000), "20.4 MB");
        assert_eq!(bytes(u64::MAX), "18446744 TB");
        assert_eq!(count(1, "step"), "1 step");
        assert_eq!(count(1_234_567, "step"), "1,234,567 steps");
    }
}
