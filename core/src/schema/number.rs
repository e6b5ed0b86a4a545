//! Decimal numbers as JSON writes them, exactly: comparing, remainders, and the few sums that bounds need.

use std::cmp::Ordering;

/// `coefficient × 10^exponent`.
#[derive(Clone, Copy, Debug)]
pub struct Decimal {
    coefficient: i128,
    exponent: i32,
}

/// Exponents beyond are not held.
const FAR: i32 = 400;

impl Decimal {
    /// A whole number.
    pub fn whole(value: i64) -> Self {
        Decimal { coefficient: i128::from(value), exponent: 0 }
    }

    /// Reads the text of a JSON number; `None` when it is none, or has more digits than can be held.
    pub fn parse(text: &str) -> Option<Self> {
        let (digits, exponent) = match text.split_once(['e', 'E']) {
            Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let negative = whole.starts_with('-');
        let whole = whole.strip_prefix('-').unwrap_or(whole);
        if whole.is_empty() {
            return None;
        }
        let mut coefficient = 0i128;
        for digit in whole.chars().chain(part.chars()) {
            let digit = i128::from(digit.to_digit(10)?);
            coefficient = coefficient.checked_mul(10)?.checked_add(digit)?;
        }
        let exponent = exponent.checked_sub(i32::try_from(part.len()).ok()?)?;
        let mut number = Decimal { coefficient: if negative { -coefficient } else { coefficient }, exponent };
        number.shorten();
        (number.exponent.abs() <= FAR).then_some(number)
    }

    fn shorten(&mut self) {
        if self.coefficient == 0 {
            self.exponent = 0;
        }
        while self.coefficient != 0 && self.coefficient % 10 == 0 {
            self.coefficient /= 10;
            self.exponent = self.exponent.saturating_add(1);
        }
    }

    /// Both coefficients at the smaller exponent.
    fn aligned(self, other: Self) -> Option<(i128, i128, i32)> {
        let exponent = self.exponent.min(other.exponent);
        let scale = |number: Self| {
            let tens = u32::try_from(number.exponent.checked_sub(exponent)?).ok()?;
            number.coefficient.checked_mul(10i128.checked_pow(tens)?)
        };
        Some((scale(self)?, scale(other)?, exponent))
    }

    fn near(self) -> f64 {
        self.coefficient as f64 * 10f64.powi(self.exponent)
    }

    /// Whether it is a whole number.
    pub fn is_whole(self) -> bool {
        self.exponent >= 0
    }

    /// Whether it is above zero.
    pub fn is_positive(self) -> bool {
        self.coefficient > 0
    }

    /// Compares by value.
    pub fn compare(self, other: Self) -> Ordering {
        match self.aligned(other) {
            Some((a, b, _)) => a.cmp(&b),
            None => self.near().total_cmp(&other.near()),
        }
    }

    /// Whether it is a multiple of `step`; `None` when that cannot be told.
    pub fn is_multiple_of(self, step: Self) -> Option<bool> {
        let (a, b, _) = self.aligned(step)?;
        Some(a.checked_rem(b)? == 0)
    }

    /// Their sum.
    pub fn plus(self, other: Self) -> Option<Self> {
        let (a, b, exponent) = self.aligned(other)?;
        let mut sum = Decimal { coefficient: a.checked_add(b)?, exponent };
        sum.shorten();
        Some(sum)
    }

    /// The middle between two.
    pub fn middle(self, other: Self) -> Option<Self> {
        let sum = self.plus(other)?;
        let mut half = Decimal { coefficient: sum.coefficient.checked_mul(5)?, exponent: sum.exponent.checked_sub(1)? };
        half.shorten();
        Some(half)
    }

    /// The smallest multiple of `step` that is not below it.
    pub fn up_to_multiple(self, step: Self) -> Option<Self> {
        let (a, b, exponent) = self.aligned(step)?;
        let rest = a.checked_rem_euclid(b)?;
        let coefficient = if rest == 0 { a } else { a.checked_add(b.checked_abs()?.checked_sub(rest)?)? };
        let mut number = Decimal { coefficient, exponent };
        number.shorten();
        Some(number)
    }

    /// As JSON writes it.
    pub fn json(self) -> String {
        let sign = if self.coefficient < 0 { "-" } else { "" };
        let digits = self.coefficient.unsigned_abs().to_string();
        if self.exponent > 20 || self.exponent < -20 {
            return format!("{sign}{digits}e{}", self.exponent);
        }
        let Ok(behind) = usize::try_from(self.exponent.saturating_neg()) else {
            let zeros = usize::try_from(self.exponent).unwrap_or(0);
            return format!("{sign}{digits}{}", "0".repeat(zeros));
        };
        if behind == 0 {
            return format!("{sign}{digits}");
        }
        let padded = format!("{}{digits}", "0".repeat((behind + 1).saturating_sub(digits.len())));
        let (whole, part) = padded.split_at_checked(padded.len().saturating_sub(behind)).unwrap_or((&padded, "0"));
        format!("{sign}{whole}.{part}")
    }
}

/// Compares two numbers by their texts; `None` when one is not a number.
pub(super) fn compare(a: &str, b: &str) -> Option<Ordering> {
    if let (Some(a), Some(b)) = (Decimal::parse(a), Decimal::parse(b)) {
        return Some(a.compare(b));
    }
    a.parse::<f64>().ok()?.partial_cmp(&b.parse::<f64>().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn compares_exactly_and_writes_what_it_read() {
        assert_eq!(compare("9007199254740993", "9007199254740992"), Some(Ordering::Greater));
        assert_eq!(compare("1", "1.0"), Some(Ordering::Equal));
        assert_eq!(compare("1e400", "1e399"), Some(Ordering::Greater));
        assert_eq!(compare("0.1", "NaN"), None);
        for text in ["0", "-1.05", "0.001", "1200", "-7", "1e25"] {
            assert_eq!(number(text).json(), text);
        }
        assert_eq!(number("0.3").is_multiple_of(number("0.1")), Some(true));
        assert_eq!(number("7").is_multiple_of(number("0")), None);
        assert_eq!(number("0.7").up_to_multiple(number("0.25")).map(Decimal::json).as_deref(), Some("0.75"));
        assert_eq!(number("-7").up_to_multiple(number("5")).map(Decimal::json).as_deref(), Some("-5"));
        assert_eq!(number("0").middle(number("1")).map(Decimal::json).as_deref(), Some("0.5"));
    }

    proptest! {
        #[test]
        fn orders_as_integers_do(a in any::<i64>(), b in any::<i64>(), up in 0u8..4) {
            let text = |n: i64| format!("{n}e-{up}");
            prop_assert_eq!(compare(&text(a), &text(b)), Some(a.cmp(&b)));
            let _ = number(&text(a)).plus(number(&text(b))).map(Decimal::json);
        }

        #[test]
        fn any_text_is_a_number_or_not(text in "[-+.eE0-9]{0,40}") {
            if let Some(number) = Decimal::parse(&text) {
                let again = Decimal::parse(&number.json());
                prop_assert_eq!(again.map(|again| again.compare(number)), Some(Ordering::Equal));
                let _ = (number.up_to_multiple(number), number.is_multiple_of(number), number.middle(number));
            }
        }
    }
}
