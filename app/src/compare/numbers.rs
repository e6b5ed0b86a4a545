//! Quantities of two runs beside each other: differences, shares, and both in one line. Pure.

use crate::widgets::format::{count, duration, marked};
use chaindebug_core::model::Nanos;
use chaindebug_core::protocol::{Both, Sign};

/// What both sides have: of what only one has, nothing on the other; `None` where a side does not say.
fn sides<T: Copy + Default>(both: Both<T>, sign: Sign) -> Option<(T, T)> {
    match sign {
        Sign::OnlyA => both.a.map(|a| (a, T::default())),
        Sign::OnlyB => both.b.map(|b| (T::default(), b)),
        Sign::Same | Sign::Changed => both.a.zip(both.b),
    }
}

fn signed(less: bool, text: &str) -> String {
    format!("{}{text}", if less { "−" } else { "+" })
}

/// B minus A: `+2.96 s`, `−0.02 s`, `0 s`; `None` when that cannot be said.
pub(super) fn time_delta(both: Both<Nanos>, sign: Sign) -> Option<String> {
    let (Nanos(a), Nanos(b)) = sides(both, sign)?;
    let by = b.saturating_sub(a);
    Some(if by == 0 { "0 s".to_owned() } else { signed(by < 0, &duration(Nanos(by.saturating_abs()))) })
}

/// B minus A: `+1,493`, `0`.
pub(super) fn tokens_delta(both: Both<u64>, sign: Sign) -> Option<String> {
    let (a, b) = sides(both, sign)?;
    Some(if a == b { "0".to_owned() } else { signed(b < a, &count(a.abs_diff(b))) })
}

/// B minus A, in dollars without the sign of the currency: `+.0101`, `−1.84`, `0`.
pub(super) fn cost_delta(both: Both<f64>, sign: Sign) -> Option<String> {
    let (a, b) = sides(both, sign)?;
    let by = b - a;
    if !by.is_finite() {
        return None;
    }
    let size = by.abs();
    // Sums of small shares never cancel out to the last bit.
    if size < 1e-9 {
        return Some("0".to_owned());
    }
    let text = match size {
        _ if size < 0.000_05 => "<.0001".to_owned(),
        _ if size < 0.999_95 => format!("{size:.4}").trim_start_matches('0').to_owned(),
        _ => format!("{size:.2}"),
    };
    Some(signed(by < 0.0, &text))
}

/// How much more or less B is than A: `+43 %`, `−0.4 %`, `×12`; empty when A is nothing or they are the same.
fn share(a: f64, b: f64) -> String {
    if a <= 0.0 || !(a.is_finite() && b.is_finite()) || a.to_bits() == b.to_bits() {
        return String::new();
    }
    let percent = (b - a) / a * 100.0;
    let size = percent.abs();
    match size {
        _ if size < 0.05 => String::new(),
        _ if percent >= 1_000.0 => format!("×{:.0}", b / a),
        _ if size < 1.0 => signed(percent < 0.0, &format!("{size:.1} %")),
        _ => signed(percent < 0.0, &format!("{size:.0} %")),
    }
}

/// A quantity of both runs: `6.92 s → 9.88 s`, and `+43 %`. A side that does not state it is a dash; `None` where neither
/// does.
pub(super) fn time_both(both: Both<Nanos>) -> Option<(String, String)> {
    // A length of time is far below 2^53 where its share matters.
    #[allow(clippy::cast_precision_loss)]
    let number = |length: Nanos| length.0 as f64;
    line(both, duration, number)
}

/// As [`time_both`], of tokens.
pub(super) fn tokens_both(both: Both<u64>) -> Option<(String, String)> {
    #[allow(clippy::cast_precision_loss)]
    let number = |tokens: u64| tokens as f64;
    line(both, count, number)
}

/// As [`time_both`], of dollars.
pub(super) fn cost_both(both: Both<f64>, computed: bool) -> Option<(String, String)> {
    line(both, |dollars| marked(dollars, computed), |dollars| dollars)
}

fn line<T: Copy>(both: Both<T>, text: impl Fn(T) -> String, number: impl Fn(T) -> f64) -> Option<(String, String)> {
    let word = |side: Option<T>| side.map_or_else(|| "–".to_owned(), &text);
    let (a, b) = (word(both.a), word(both.b));
    let share = both.a.zip(both.b).map(|(a, b)| share(number(a), number(b))).unwrap_or_default();
    (both.a.is_some() || both.b.is_some()).then(|| (if a == b { a } else { format!("{a} → {b}") }, share))
}

/// Whether a change is so large that it should be seen from afar: a fifth of the whole run's, and more than its noise.
pub(super) fn large(by: f64, whole: f64) -> bool {
    by.abs() > 0.0 && by.abs() >= whole.abs() * 0.2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both<T>(a: T, b: T) -> Both<T> {
        Both { a: Some(a), b: Some(b) }
    }

    #[test]
    fn differences_have_a_sign_and_lone_steps_count_whole() {
        let time = both(Nanos(6_920_000_000), Nanos(9_880_000_000));
        assert_eq!(time_delta(time, Sign::Changed).as_deref(), Some("+2.96 s"));
        let lone = Both { a: Some(Nanos(740_000_000)), b: None };
        assert_eq!(time_delta(lone, Sign::OnlyA).as_deref(), Some("−0.74 s"));
        assert_eq!(time_delta(lone, Sign::Changed), None);
        assert_eq!(tokens_delta(both(3_412, 4_905), Sign::Changed).as_deref(), Some("+1,493"));
        assert_eq!(tokens_delta(both(5, 5), Sign::Same).as_deref(), Some("0"));
        assert_eq!(
            time_delta(both(Nanos(i64::MIN), Nanos(i64::MAX)), Sign::Changed).map(|text| text.len() > 3),
            Some(true)
        );
    }

    #[test]
    fn money_is_short() {
        assert_eq!(cost_delta(both(0.0204, 0.0305), Sign::Changed).as_deref(), Some("+.0101"));
        assert_eq!(cost_delta(both(0.1 + 0.2, 0.3), Sign::Changed).as_deref(), Some("0"));
        assert_eq!(cost_delta(both(3.0, 1.16), Sign::Changed).as_deref(), Some("−1.84"));
        assert_eq!(cost_delta(both(0.0, 0.000_01), Sign::Changed).as_deref(), Some("+<.0001"));
        assert_eq!(cost_delta(both(f64::NAN, 1.0), Sign::Changed), None);
    }

    #[test]
    fn sums_stand_in_one_line_with_their_share() {
        let time = both(Nanos(6_920_000_000), Nanos(9_880_000_000));
        assert_eq!(time_both(time), Some(("6.92 s → 9.88 s".to_owned(), "+43 %".to_owned())));
        assert_eq!(tokens_both(Both { a: None, b: Some(12) }), Some(("– → 12".to_owned(), String::new())));
        assert_eq!(tokens_both(both(0, 12)), Some(("0 → 12".to_owned(), String::new())));
        assert_eq!(tokens_both(both(10, 200)), Some(("10 → 200".to_owned(), "×20".to_owned())));
        assert_eq!(tokens_both(both(7, 7)), Some(("7".to_owned(), String::new())));
        assert_eq!(cost_both(Both { a: None, b: None }, false), None);
        assert_eq!(share(1_000.0, 996.0), "−0.4 %");
    }
}
