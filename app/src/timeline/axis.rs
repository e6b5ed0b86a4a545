//! The horizontal axis: which stretch is shown, zooming and panning it, round ticks. Pure arithmetic.
//!
//! The unit is nanoseconds from the run's start, or moments when the file has no times. Positions on screen are
//! floats; what is printed about a step is never computed from them.

use crate::widgets::format::count;

/// The shortest stretch: below this a pixel is less than a nanosecond, or a moment fills the screen.
const SHORTEST: f64 = 8.0;

/// The stretch shown, within `0..full`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stretch {
    /// Left end.
    pub(super) from: f64,
    /// Right end, after `from`.
    pub(super) to: f64,
    /// Length of the whole axis, above 0.
    pub(super) full: f64,
}

impl Stretch {
    /// The whole axis.
    pub(super) fn whole(full: f64) -> Self {
        let full = if full.is_finite() && full > 0.0 { full } else { 1.0 };
        Stretch { from: 0.0, to: full, full }
    }

    /// Its length.
    pub(super) fn length(self) -> f64 {
        self.to - self.from
    }

    /// Whether all of the axis is shown.
    pub(super) fn is_whole(self) -> bool {
        self.from <= 0.0 && self.to >= self.full
    }

    /// The stretch between two points in any order, held within the axis and long enough.
    pub(super) fn between(self, a: f64, b: f64) -> Self {
        let least = SHORTEST.min(self.full);
        let (a, b) = (a.min(b), a.max(b));
        let length = (b - a).clamp(least, self.full);
        let from = a.clamp(0.0, self.full - length);
        Stretch { from, to: from + length, ..self }
    }

    /// Longer (`factor` above 1) or shorter, with the point at `share` of its width staying where it is.
    pub(super) fn zoom(self, factor: f64, share: f64) -> Self {
        let least = SHORTEST.min(self.full);
        let length = (self.length() * factor).clamp(least, self.full);
        let anchor = self.from + self.length() * share;
        let from = (anchor - length * share).clamp(0.0, self.full - length);
        Stretch { from, to: from + length, ..self }
    }

    /// Moved by a share of its own width; positive is later.
    pub(super) fn pan(self, share: f64) -> Self {
        let length = self.length();
        let from = (self.from + length * share).clamp(0.0, self.full - length);
        Stretch { from, to: from + length, ..self }
    }

    /// Where a point is, as a share of the width: 0 at the left end, 1 at the right, beyond outside.
    pub(super) fn share(self, at: f64) -> f64 {
        (at - self.from) / self.length()
    }

    /// The point at a share of the width.
    pub(super) fn at(self, share: f64) -> f64 {
        self.from + self.length() * share
    }
}

/// Units that ticks come in: name, nanoseconds, and the round multiples of it.
const UNITS: [(&str, f64, &[f64]); 7] = [
    ("ns", 1.0, &[1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0]),
    ("µs", 1e3, &[1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0]),
    ("ms", 1e6, &[1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0]),
    ("s", 1e9, &[1.0, 2.0, 5.0, 10.0, 20.0, 30.0]),
    ("m", 6e10, &[1.0, 2.0, 5.0, 10.0, 20.0, 30.0]),
    ("h", 3.6e12, &[1.0, 2.0, 3.0, 6.0, 12.0]),
    ("d", 8.64e13, &[1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 5000.0, 20000.0]),
];

/// A mark on the axis.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tick {
    /// Where.
    pub(super) at: f64,
    /// What it says.
    pub(super) label: String,
}

/// Round marks for a stretch, about one in `room` of its width (a share above 0). At most a hundred.
pub(super) fn ticks(stretch: Stretch, room: f64, ordered: bool) -> Vec<Tick> {
    let wanted = stretch.length() * room.clamp(0.02, 1.0);
    let (unit, size, step) = if ordered { moments(wanted) } else { times(wanted) };
    let first = (stretch.from / step).ceil();
    let mut ticks = Vec::new();
    for i in 0..100 {
        let at = (first + f64::from(i)) * step;
        if at > stretch.to {
            break;
        }
        ticks.push(Tick { at, label: label(at, unit, size, step) });
    }
    ticks
}

fn times(wanted: f64) -> (&'static str, f64, f64) {
    for (unit, size, multiples) in UNITS {
        for multiple in multiples {
            if size * multiple >= wanted {
                return (unit, size, size * multiple);
            }
        }
    }
    ("d", 8.64e13, 8.64e13 * 50_000.0)
}

fn moments(wanted: f64) -> (&'static str, f64, f64) {
    let mut step = 1.0;
    for factor in [2.0, 2.5, 2.0].into_iter().cycle().take(40) {
        if step >= wanted {
            break;
        }
        step *= factor;
    }
    ("", 1.0, step)
}

/// What a tick says: the unit it is counted in, and larger units in front once it passes them.
fn label(at: f64, unit: &str, size: f64, step: f64) -> String {
    if unit.is_empty() {
        return count(at.round().max(0.0) as u64);
    }
    let seconds = at / 1e9;
    if at == 0.0 {
        return "0".to_owned();
    }
    match unit {
        "h" | "d" | "m" if at >= 3.6e12 && unit != "d" => {
            let minutes = (at / 6e10).round() as u64;
            format!("{}:{:02} h", minutes / 60, minutes % 60)
        }
        "s" if seconds >= 60.0 => {
            let whole = seconds.round() as u64;
            format!("{}:{:02}", whole / 60, whole % 60)
        }
        "ns" | "µs" | "ms" if at >= size * 1_000.0 => {
            // Counted in the next unit, with as many digits as the step needs.
            let (next, bigger) = match unit {
                "ns" => ("µs", 1e3),
                "µs" => ("ms", 1e6),
                _ => ("s", 1e9),
            };
            let digits = (bigger / step).log10().ceil().clamp(0.0, 3.0) as usize;
            format!("{:.digits$} {next}", at / bigger)
        }
        _ => format!("{} {unit}", (at / size).round()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zooming_keeps_the_point_under_the_pointer() {
        let whole = Stretch::whole(1_000.0);
        let near = whole.zoom(0.5, 0.25);
        assert_eq!((near.from, near.to), (125.0, 625.0));
        assert!((near.at(0.25) - whole.at(0.25)).abs() < 1e-9);
        assert_eq!(near.zoom(100.0, 0.3), whole);
        assert_eq!(whole.zoom(1e-9, 0.5).length(), SHORTEST);
    }

    #[test]
    fn panning_stops_at_the_ends() {
        let part = Stretch::whole(1_000.0).between(100.0, 300.0);
        assert_eq!(part.pan(-5.0).from, 0.0);
        assert_eq!(part.pan(50.0).to, 1_000.0);
        assert_eq!(part.pan(0.5).from, 200.0);
        assert!(Stretch::whole(1_000.0).is_whole());
        assert_eq!(Stretch::whole(f64::NAN).full, 1.0);
    }

    #[test]
    fn ticks_are_round() {
        let words = |from: f64, to: f64| -> Vec<String> {
            let stretch = Stretch::whole(1e15).between(from, to);
            ticks(stretch, 0.25, false).into_iter().map(|t| t.label).collect()
        };
        assert_eq!(words(0.0, 8.41e9), ["0", "5 s"]);
        assert_eq!(words(0.0, 2e9), ["0", "500 ms", "1.0 s", "1.5 s", "2.0 s"]);
        assert_eq!(words(1.2e9, 1.28e9), ["1.20 s", "1.22 s", "1.24 s", "1.26 s", "1.28 s"]);
        assert_eq!(words(5.5e10, 6.5e10), ["55 s", "1:00", "1:05"]);
        assert_eq!(words(0.0, 4e12), ["0", "20 m", "40 m", "1:00 h"]);
        assert_eq!(words(0.0, 100.0), ["0", "50 ns", "100 ns"]);
    }

    #[test]
    fn an_axis_of_order_counts_moments() {
        let stretch = Stretch::whole(240.0);
        let words: Vec<String> = ticks(stretch, 0.2, true).into_iter().map(|t| t.label).collect();
        assert_eq!(words, ["0", "50", "100", "150", "200"]);
    }

    #[test]
    fn there_are_never_too_many_ticks() {
        assert!(ticks(Stretch::whole(f64::MAX), 0.0, false).len() <= 100);
        assert!(ticks(Stretch::whole(9.2e18), 0.1, false).len() <= 20);
    }
}
