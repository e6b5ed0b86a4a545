//! The spellings of time in files, as integer nanoseconds. No float is involved on the way.

use crate::model::Nanos;

/// A decimal number scaled to nanoseconds, exactly: `"1660049722779884.5"` microseconds (`unit` 1,000), seconds
/// (`unit` 1,000,000,000) and so on. Takes a sign, a fraction, and a power of ten. Digits below a nanosecond are cut.
/// `None` when it is no number or out of range.
pub fn scaled(text: &str, unit: i64) -> Option<Nanos> {
    if let Some(time) = plain(text.as_bytes(), unit) {
        return Some(time);
    }
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match digits.find(['e', 'E']) {
        Some(at) => (digits.get(..at)?, digits.get(at + 1..)?.parse::<i32>().ok()?),
        None => (digits, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut value: i128 = 0;
    for byte in whole.bytes().chain(fraction.bytes()) {
        if !byte.is_ascii_digit() {
            return None;
        }
        // Beyond 30 digits nothing in range is left; ids and such are no times.
        value = value.checked_mul(10)?.checked_add(i128::from(byte - b'0'))?;
    }
    value = value.checked_mul(i128::from(unit))?;
    let mut shift = exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?;
    while shift > 0 && value != 0 {
        value = value.checked_mul(10)?;
        shift -= 1;
    }
    while shift < 0 && value != 0 {
        value /= 10;
        shift += 1;
    }
    Nanos::from_wide(if negative { -value } else { value })
}

/// The usual case of [`scaled`], some digits with or without a fraction, in 64 bits: wider division takes longer than
/// all else that is done for a small event.
fn plain(text: &[u8], unit: i64) -> Option<Nanos> {
    let (mut value, mut digits, mut point) = (0i64, 0u32, None);
    for &byte in text {
        match byte {
            b'0'..=b'9' => {
                value = value.checked_mul(10)?.checked_add(i64::from(byte - b'0'))?;
                digits += 1;
            }
            b'.' if point.is_none() => point = Some(digits),
            _ => return None,
        }
    }
    let fraction = digits - point.unwrap_or(digits);
    (digits > 0).then_some(())?;
    value.checked_mul(unit)?.checked_div(10i64.checked_pow(fraction)?).map(Nanos)
}

/// An RFC 3339 or ISO 8601 time with up to nine fraction digits (further ones are cut), `T` or a space, a zone or none.
/// Returns whether a zone was given; without one it is read as UTC.
pub fn iso(text: &str) -> Option<(Nanos, bool)> {
    let text = text.trim();
    let number = |from: usize, to: usize| -> Option<i64> {
        let digits = text.get(from..to)?;
        digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())?
    };
    let bytes = text.as_bytes();
    let byte = |at: usize| bytes.get(at).copied();
    if byte(4)? != b'-' || byte(7)? != b'-' || !matches!(byte(10)?, b'T' | b't' | b' ') || byte(13)? != b':' {
        return None;
    }
    let month = time::Month::try_from(u8::try_from(number(5, 7)?).ok()?).ok()?;
    let date =
        time::Date::from_calendar_date(i32::try_from(number(0, 4)?).ok()?, month, u8::try_from(number(8, 10)?).ok()?);
    let days = i64::from(date.ok()?.to_julian_day()) - 2_440_588;
    let (hour, minute) = (number(11, 13)?, number(14, 16)?);
    let mut at = 16;
    let mut second = 0;
    if byte(16) == Some(b':') {
        second = number(17, 19)?;
        at = 19;
    }
    if hour > 24 || minute > 59 || second > 60 {
        return None;
    }
    let mut nanos = 0i64;
    if matches!(byte(at), Some(b'.' | b',')) {
        at += 1;
        let mut unit = 100_000_000;
        while let Some(digit @ b'0'..=b'9') = byte(at) {
            nanos += i64::from(digit - b'0') * unit;
            unit /= 10;
            at += 1;
        }
    }
    let rest = text.get(at..)?.trim_start();
    let (offset, zoned) = match rest.as_bytes() {
        [] => (0, false),
        [b'Z' | b'z'] => (0, true),
        [sign @ (b'+' | b'-'), digits @ ..] => {
            let digits: Vec<i64> = digits.iter().filter(|b| b.is_ascii_digit()).map(|b| i64::from(b - b'0')).collect();
            let minutes = match digits.as_slice() {
                [h1, h2] => (h1 * 10 + h2) * 60,
                [h1, h2, m1, m2] => (h1 * 10 + h2) * 60 + m1 * 10 + m2,
                _ => return None,
            };
            (if *sign == b'-' { -minutes } else { minutes }, true)
        }
        b"UTC" | b"GMT" => (0, true),
        _ => return None,
    };
    let seconds = i128::from(days) * 86_400 + i128::from(hour * 3_600 + minute * 60 + second - offset * 60);
    Nanos::from_wide(seconds * 1_000_000_000 + i128::from(nanos)).map(|time| (time, zoned))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_exact() {
        assert_eq!(scaled("1706678909209712001", 1), Some(Nanos(1_706_678_909_209_712_001)));
        assert_eq!(scaled("1660049722779884", 1_000), Some(Nanos(1_660_049_722_779_884_000)));
        assert_eq!(scaled("1700000000.123456789", 1_000_000_000), Some(Nanos(1_700_000_000_123_456_789)));
        assert_eq!(scaled("1.5e3", 1), Some(Nanos(1_500)));
        assert_eq!(scaled("-2.5", 1_000), Some(Nanos(-2_500)));
        assert_eq!(scaled("1e999999999", 1), None);
        assert_eq!(scaled("18446744073709551615", 1), None);
        assert_eq!(scaled("invalid", 1), None);
    }

    #[test]
    fn iso_times_with_and_without_zone() {
        assert_eq!(iso("1970-01-01T00:00:00Z"), Some((Nanos(0), true)));
        assert_eq!(
            iso("2026-11-21T03:15:42.056666Z").map(|t| t.0.to_rfc3339()),
            Some("2026-11-21T03:15:42.056666000Z".into())
        );
        assert_eq!(iso("2026-11-21 03:15:42"), iso("2026-11-21T03:15:42Z").map(|(t, _)| (t, false)));
        assert_eq!(iso("2026-11-21T05:15:42+02:00").map(|t| t.0), iso("2026-11-21T03:15:42Z").map(|t| t.0));
        assert_eq!(iso("2026-13-01T00:00:00Z"), None);
        assert_eq!(iso("yesterday"), None);
    }

    proptest! {
        #[test]
        fn the_usual_case_is_as_exact(whole in "[0-9]{0,12}", fraction in "[0-9]{0,12}", unit in 0u32..10) {
            let (text, unit) = (format!("{whole}.{fraction}"), 10i64.pow(unit));
            if let Some(time) = plain(text.as_bytes(), unit) {
                // With a sign it goes the other way.
                prop_assert_eq!(scaled(&format!("-{text}"), unit), Some(Nanos(-time.0)));
            }
        }

        #[test]
        fn any_text_is_taken_or_left(text in any::<String>()) {
            let _ = scaled(&text, 1_000_000_000);
            let _ = iso(&text);
        }
    }
}
