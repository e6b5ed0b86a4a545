//! Time as this engine keeps it: integer nanoseconds, never a float.
//!
//! Reading the many spellings of time is in `import::time`; showing them is the page's work.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// A point in time (nanoseconds since 1970-01-01 UTC) or a length of time (nanoseconds).
///
/// Range: about ±292 years. What lies outside is kept at the edge of the range and reported by whoever read it.
/// Crosses the protocol as a decimal string, because JavaScript numbers are exact only to 2^53.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Nanos(pub i64);

impl Nanos {
    /// From a wider integer; `None` when it does not fit.
    pub fn from_wide(value: i128) -> Option<Self> {
        i64::try_from(value).ok().map(Nanos)
    }

    /// The length from `earlier` to `self`, held at the edge of the range; negative when `earlier` is later.
    pub fn since(self, earlier: Nanos) -> Nanos {
        Nanos(self.0.saturating_sub(earlier.0))
    }

    /// This point moved by a length, held at the edge of the range.
    pub fn plus(self, length: Nanos) -> Nanos {
        Nanos(self.0.saturating_add(length.0))
    }

    /// Whether this is a point of the calendar. Clocks that count from when a machine or a program started stay within ten
    /// years around 1970: of them only distances mean something.
    pub fn is_dated(self) -> bool {
        self.0.unsigned_abs() >= 10 * 365 * 86_400 * 1_000_000_000
    }

    /// As RFC 3339, where it is a point of the calendar.
    pub fn to_date(self) -> Option<String> {
        self.is_dated().then(|| self.to_rfc3339())
    }

    /// As RFC 3339 in UTC with nine fraction digits, e.g. `2026-11-21T03:15:42.056666000Z`.
    pub fn to_rfc3339(self) -> String {
        let seconds = self.0.div_euclid(1_000_000_000);
        let nanos = self.0.rem_euclid(1_000_000_000);
        match time::OffsetDateTime::from_unix_timestamp(seconds) {
            Ok(t) => format!(
                "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z",
                t.year(),
                u8::from(t.month()),
                t.day(),
                t.hour(),
                t.minute(),
                t.second(),
                nanos
            ),
            // Every i64 of nanoseconds is within the years that `time` knows; this arm is for the type checker.
            Err(_) => format!("{}ns", self.0),
        }
    }
}

impl fmt::Display for Nanos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl Serialize for Nanos {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Nanos {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map(Nanos).map_err(|_| de::Error::custom("expected nanoseconds as a decimal string"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_rfc3339_before_and_after_1970() {
        assert_eq!(Nanos(86_400_000_000_000 * 3_000).to_date(), None);
        assert!(Nanos(1_763_694_942_056_666_000).to_date().is_some());
        assert_eq!(Nanos(0).to_rfc3339(), "1970-01-01T00:00:00.000000000Z");
        assert_eq!(Nanos(-1).to_rfc3339(), "1969-12-31T23:59:59.999999999Z");
        assert_eq!(Nanos(1_763_694_942_056_666_000).to_rfc3339(), "2025-11-21T03:15:42.056666000Z");
        assert_eq!(Nanos(i64::MAX).to_rfc3339(), "2262-04-11T23:47:16.854775807Z");
    }

    #[test]
    fn crosses_json_as_a_string() -> Result<(), serde_json::Error> {
        let json = serde_json::to_string(&Nanos(1_700_000_000_123_456_789))?;
        assert_eq!(json, "\"1700000000123456789\"");
        assert_eq!(serde_json::from_str::<Nanos>(&json)?, Nanos(1_700_000_000_123_456_789));
        Ok(())
    }
}
