//! Numbers of a table, short enough to be compared by eye. The whole number is the caller's to show.

/// Characters that are shown as they stand in the file.
const LONG: usize = 9;

/// Digits that a shortened number has.
const DIGITS: i32 = 5;

/// A number with at most five telling digits, and whether any was left out. What is no number stays as it is.
pub(super) fn brief(text: &str) -> (String, bool) {
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
    let Some(number) = number.filter(|_| text.len() > LONG) else { return (text.to_owned(), false) };
    if number == 0.0 {
        return ("0".to_owned(), false);
    }
    let magnitude = number.abs().log10().floor();
    // Beyond that zeros would fill the cell.
    if !(-5.0..9.0).contains(&magnitude) {
        return (format!("{number:.4e}"), true);
    }
    let decimals = (f64::from(DIGITS - 1) - magnitude).max(0.0);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Between 0 and 9.
    let decimals = decimals as usize;
    let short = format!("{number:.decimals$}");
    let short = if short.contains('.') { short.trim_end_matches('0').trim_end_matches('.') } else { short.as_str() };
    let rounded = short.parse::<f64>().ok() != Some(number);
    (short.to_owned(), rounded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_numbers_keep_their_first_digits_and_their_size() {
        let short = |text: &str| brief(text);
        assert_eq!(short("0.10"), ("0.10".to_owned(), false));
        assert_eq!(short("0.0010896706500147957"), ("0.0010897".to_owned(), true));
        assert_eq!(short("91.898374646464646"), ("91.898".to_owned(), true));
        assert_eq!(short("1234567.891"), ("1234568".to_owned(), true));
        assert_eq!(short("1.2345678901e-07"), ("1.2346e-7".to_owned(), true));
        assert_eq!(short("20.00000000"), ("20".to_owned(), false));
        assert_eq!(short("-0.00123456789"), ("-0.0012346".to_owned(), true));
        assert_eq!(short("Infinity"), ("Infinity".to_owned(), false));
        assert_eq!(short("2026-03-01T09:00:00"), ("2026-03-01T09:00:00".to_owned(), false));
    }
}
