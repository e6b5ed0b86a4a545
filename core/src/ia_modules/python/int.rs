//! Integers of any size: exact text, exact order, also against floats. Python's engine does no arithmetic on them.

use std::cmp::Ordering;
use std::fmt;
use std::rc::Rc;

/// An integer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Int(Inner);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Inner {
    Small(i64),
    /// Outside of `i64`: sign and digits without leading zeros.
    Big {
        negative: bool,
        digits: Rc<str>,
    },
}

impl From<i64> for Int {
    fn from(value: i64) -> Self {
        Int(Inner::Small(value))
    }
}

impl Int {
    /// Reads an optional `-` and decimal digits; `None` for anything else.
    pub fn parse(text: &str) -> Option<Int> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        if let Ok(small) = text.parse::<i64>() {
            return Some(Int::from(small));
        }
        Some(Int(Inner::Big { negative, digits: Rc::from(digits.trim_start_matches('0')) }))
    }

    /// Its value, where it fits.
    pub fn small(&self) -> Option<i64> {
        if let Inner::Small(value) = self.0 { Some(value) } else { None }
    }

    /// Whether it is 0.
    pub fn is_zero(&self) -> bool {
        self.0 == Inner::Small(0)
    }

    /// Whether it is below 0.
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Inner::Small(value) => *value < 0,
            Inner::Big { negative, .. } => *negative,
        }
    }

    /// Against a float, exactly: no rounding on either side. `None` for NaN.
    pub fn cmp_float(&self, float: f64) -> Option<Ordering> {
        if float.is_nan() {
            return None;
        }
        if float.is_infinite() {
            return Some(if float > 0.0 { Ordering::Less } else { Ordering::Greater });
        }
        if let Inner::Small(value) = self.0 {
            // Within ±2^64 the whole part of a float is exact as an i128.
            if float.abs() >= 18_446_744_073_709_551_616.0 {
                return Some(if float > 0.0 { Ordering::Less } else { Ordering::Greater });
            }
            let whole = float.trunc();
            let by_whole = i128::from(value).cmp(&(whole as i128));
            return Some(by_whole.then_with(|| 0.0_f64.total_cmp(&(float - whole + 0.0))));
        }
        // The text of a float without decimals is exact, and beyond 2^53 a float has none. Below that, any number
        // outside of i64 is further from zero.
        let whole = Int::parse(&format!("{:.0}", float.trunc()))?;
        Some(self.cmp(&whole))
    }
}

impl Ord for Int {
    fn cmp(&self, other: &Int) -> Ordering {
        match (&self.0, &other.0) {
            (Inner::Small(a), Inner::Small(b)) => a.cmp(b),
            (Inner::Big { negative, .. }, Inner::Small(_)) => sign(*negative),
            (Inner::Small(_), Inner::Big { negative, .. }) => sign(*negative).reverse(),
            (Inner::Big { negative: a, digits: x }, Inner::Big { negative: b, digits: y }) => {
                let size = x.len().cmp(&y.len()).then_with(|| x.cmp(y));
                match (a, b) {
                    (false, false) => size,
                    (true, true) => size.reverse(),
                    _ => sign(*a),
                }
            }
        }
    }
}

impl PartialOrd for Int {
    fn partial_cmp(&self, other: &Int) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn sign(negative: bool) -> Ordering {
    if negative { Ordering::Less } else { Ordering::Greater }
}

impl fmt::Display for Int {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Inner::Small(value) => write!(f, "{value}"),
            Inner::Big { negative, digits } => write!(f, "{}{digits}", if *negative { "-" } else { "" }),
        }
    }
}
