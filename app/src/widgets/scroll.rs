//! Where rows of a fixed height stand in a list of any length: pure arithmetic, tested without a browser.
//!
//! Browsers cap an element's height (Firefox at 17.8 million pixels), so a long list is drawn on a shorter *track*:
//! scrolling through the track sweeps the whole list, and the rows in sight are placed where the eye is.

/// Longest track in pixels.
pub(crate) const TRACK: f64 = 12_000_000.0;

/// A list of rows as it lies on its track.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Geometry {
    /// Rows in all.
    pub(crate) total: u32,
    /// Height of a row in pixels, above 0.
    pub(crate) row: f64,
    /// Height of what can be seen, in pixels.
    pub(crate) seen: f64,
}

impl Geometry {
    /// Height of all rows if nothing capped it.
    pub(crate) fn full(self) -> f64 {
        f64::from(self.total) * self.row
    }

    /// Height of the track.
    pub(crate) fn track(self) -> f64 {
        self.full().min(TRACK)
    }

    /// Whether the track is shorter than the list.
    pub(crate) fn scaled(self) -> bool {
        self.full() > TRACK
    }

    /// Pixels of the list that one pixel of the track stands for, 1 or more.
    pub(crate) fn scale(self) -> f64 {
        let room = (self.track() - self.seen).max(1.0);
        ((self.full() - self.seen) / room).max(1.0)
    }

    /// Top of the list that is in sight when the track is scrolled to `top`.
    pub(crate) fn list_top(self, top: f64) -> f64 {
        (top * self.scale()).clamp(0.0, (self.full() - self.seen).max(0.0))
    }

    /// Where to scroll the track so that `list_top` of the list is in sight.
    pub(crate) fn track_top(self, list_top: f64) -> f64 {
        (list_top / self.scale()).clamp(0.0, (self.track() - self.seen).max(0.0))
    }

    /// First row and the row after the last that are in sight at `list_top`, with `over` rows more at both ends.
    pub(crate) fn range(self, list_top: f64, over: u32) -> (u32, u32) {
        let first = (list_top / self.row).floor().max(0.0) as u32;
        let last = ((list_top + self.seen) / self.row).ceil().max(0.0) as u32;
        (first.saturating_sub(over).min(self.total), last.saturating_add(over).min(self.total))
    }

    /// Pixels from the top of the track at which `row` is drawn, when the track is scrolled to `top` and shows
    /// `list_top` there.
    pub(crate) fn place(self, row: u32, top: f64, list_top: f64) -> f64 {
        top + f64::from(row) * self.row - list_top
    }

    /// The top of the list to go to so that `row` is in sight, `None` when it is already.
    pub(crate) fn reveal(self, row: u32, list_top: f64, align: Align) -> Option<f64> {
        let at = f64::from(row) * self.row;
        let limit = (self.full() - self.seen).max(0.0);
        let inside = at >= list_top && at + self.row <= list_top + self.seen;
        match align {
            Align::Nearest if inside => None,
            Align::Nearest if at < list_top => Some(at),
            Align::Nearest => Some((at + self.row - self.seen).clamp(0.0, limit)),
            Align::Middle if inside => None,
            Align::Middle => Some((at - (self.seen - self.row) / 2.0).clamp(0.0, limit)),
        }
    }

    /// Rows that fit in sight, at least 1: how far Page Up and Page Down go.
    pub(crate) fn page(self) -> u32 {
        (self.seen / self.row).floor().max(1.0) as u32
    }
}

/// Where a revealed row is put. Neither moves anything when the row is in sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    /// At the edge it is beyond: for walking by keys.
    Nearest,
    /// In the middle: for jumps.
    Middle,
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Geometry = Geometry { total: 1_000, row: 26.0, seen: 260.0 };
    const LONG: Geometry = Geometry { total: 3_000_000, row: 26.0, seen: 600.0 };

    #[test]
    fn a_short_list_is_drawn_as_it_is() {
        assert!(!SHORT.scaled());
        assert_eq!(SHORT.track(), 26_000.0);
        assert_eq!(SHORT.list_top(520.0), 520.0);
        assert_eq!(SHORT.range(520.0, 2), (18, 32));
        assert_eq!(SHORT.place(20, 520.0, 520.0), 520.0);
    }

    #[test]
    fn a_long_list_sweeps_from_its_first_to_its_last_row() {
        assert!(LONG.scaled());
        assert_eq!(LONG.range(LONG.list_top(0.0), 0).0, 0);
        let end = LONG.track() - LONG.seen;
        assert_eq!(LONG.range(LONG.list_top(end), 0).1, LONG.total);
        let middle = LONG.list_top(end / 2.0);
        assert!((LONG.track_top(middle) - end / 2.0).abs() < 1e-6);
        let (first, _) = LONG.range(middle, 0);
        let place = LONG.place(first, end / 2.0, middle);
        assert!(place <= end / 2.0 && place > end / 2.0 - LONG.row);
    }

    #[test]
    fn revealing_moves_only_when_it_must() {
        assert_eq!(SHORT.reveal(5, 0.0, Align::Nearest), None);
        assert_eq!(SHORT.reveal(10, 0.0, Align::Nearest), Some(26.0));
        assert_eq!(SHORT.reveal(3, 260.0, Align::Nearest), Some(78.0));
        assert_eq!(SHORT.reveal(500, 0.0, Align::Middle), Some(13_000.0 - 117.0));
        assert_eq!(SHORT.reveal(999, 0.0, Align::Middle), Some(25_740.0));
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        let none = Geometry { total: 0, row: 26.0, seen: 300.0 };
        assert_eq!(none.range(0.0, 8), (0, 0));
        assert_eq!(none.list_top(50.0), 0.0);
        assert_eq!(none.reveal(0, 0.0, Align::Nearest), None);
    }
}
