//! How fast a run plays, and where "as it happened" stands after a while. Pure.

use chaindebug_core::model::Nanos;

/// A speed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Pace {
    /// So many moments each second.
    Moments(f64),
    /// In the run's own proportions, in [`LONGEST`] seconds at most.
    AsItHappened,
}

/// Longest a run plays as it happened, in seconds.
pub(super) const LONGEST: f64 = 20.0;

/// Moments each second at 1×.
const ONE: f64 = 2.0;

impl Pace {
    pub(super) const ALL: [Pace; 5] = [
        Pace::Moments(ONE * 0.5),
        Pace::Moments(ONE),
        Pace::Moments(ONE * 2.0),
        Pace::Moments(ONE * 5.0),
        Pace::AsItHappened,
    ];

    pub(super) fn id(self) -> String {
        match self {
            Pace::Moments(rate) => format!("{}", rate / ONE),
            Pace::AsItHappened => "run".to_owned(),
        }
    }

    pub(super) fn from_id(id: &str) -> Option<Pace> {
        Pace::ALL.into_iter().find(|pace| pace.id() == id)
    }

    pub(super) fn words(self) -> String {
        match self {
            Pace::Moments(rate) => format!("{}×", rate / ONE),
            Pace::AsItHappened => "as it happened".to_owned(),
        }
    }
}

/// The time of the run that has been reached after playing for `seconds` from `from`.
///
/// A run of `length` nanoseconds that is longer than [`LONGEST`] is quickened so that it ends with it.
pub(super) fn reached(from: Nanos, length: Nanos, seconds: f64) -> Nanos {
    let quicker = (length.0 as f64 / 1e9 / LONGEST).max(1.0);
    // Beyond 2^53 ns a frame is longer than the rounding.
    #[allow(clippy::cast_possible_truncation)]
    let on = (seconds.max(0.0) * quicker * 1e9) as i64;
    Nanos(from.0.saturating_add(on))
}

/// How many moments to move at once when playing lags behind: doubles while it does.
pub(super) fn stride(before: u32, behind: bool) -> u32 {
    if behind { before.saturating_mul(2).min(1 << 16) } else { (before / 2).max(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeds_are_found_by_their_ids() {
        for pace in Pace::ALL {
            assert_eq!(Pace::from_id(&pace.id()), Some(pace));
        }
        assert_eq!(Pace::Moments(1.0).words(), "0.5×");
        assert_eq!(Pace::from_id("7"), None);
    }

    #[test]
    fn a_long_run_is_quickened_and_a_short_one_is_not() {
        assert_eq!(reached(Nanos(5), Nanos(8_000_000_000), 1.0), Nanos(1_000_000_005));
        assert_eq!(reached(Nanos(0), Nanos(200_000_000_000), 1.0), Nanos(10_000_000_000));
        assert_eq!(reached(Nanos(i64::MAX), Nanos(i64::MAX), 1e30), Nanos(i64::MAX));
        assert_eq!([stride(1, true), stride(8, false), stride(1, false)], [2, 4, 1]);
    }
}
