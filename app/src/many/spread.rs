//! A small box plot of how a quantity is spread: a line from the least to the most, a box for the middle half, a stroke
//! for the median, which stands beside it as a number.

use crate::widgets::format::{count, duration, marked, things};
use chaindebug_core::model::Nanos;
use chaindebug_core::protocol::Spread;
use leptos::prelude::*;

/// What is spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quantity {
    Time,
    Tokens,
    /// `computed` where a part was worked out from a price table.
    Cost {
        computed: bool,
    },
}

impl Quantity {
    /// As people read it.
    pub(super) fn text(self, value: f64) -> String {
        match self {
            Quantity::Time => duration(Nanos(value as i64)),
            Quantity::Tokens => count(value.max(0.0).round() as u64),
            Quantity::Cost { computed } => marked(value, computed),
        }
    }
}

/// The scale that the boxes of a column share. It is logarithmic: a step that takes a hundred times as long as another
/// would leave no room for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scale {
    from: f64,
    to: f64,
}

impl Scale {
    /// From the least to the most of all that is more than nothing.
    pub(super) fn of<'a>(spreads: impl Iterator<Item = &'a Spread>) -> Scale {
        let (mut from, mut to) = (f64::INFINITY, 0.0_f64);
        for spread in spreads.filter(|spread| spread.count > 0) {
            for value in [spread.least, spread.p25, spread.median, spread.most] {
                if value > 0.0 && value.is_finite() {
                    (from, to) = (from.min(value), to.max(value));
                }
            }
        }
        Scale { from, to }
    }

    /// Where a value stands, 0 to 100.
    fn at(self, value: f64) -> f64 {
        if value <= self.from || self.to <= self.from {
            return if value > 0.0 && value >= self.from && self.to > 0.0 && self.to <= self.from { 50.0 } else { 0.0 };
        }
        ((value / self.from).ln() / (self.to / self.from).ln() * 100.0).clamp(0.0, 100.0)
    }
}

/// All of it in words.
fn words(spread: &Spread, quantity: Quantity) -> String {
    let text = |value| quantity.text(value);
    format!(
        "{}: least {}, a quarter up to {}, half up to {}, three quarters up to {}, 95 % up to {}, most {}",
        things(spread.count.into(), "value"),
        text(spread.least),
        text(spread.p25),
        text(spread.median),
        text(spread.p75),
        text(spread.p95),
        text(spread.most)
    )
}

/// The plot with its median.
#[component]
pub(super) fn SpreadCell(spread: Spread, quantity: Quantity, scale: Scale) -> impl IntoView {
    if spread.count == 0 {
        return view! { <div role="gridcell" class="cell spread"><span class="dim">"–"<span class="spoken">" not in these files"</span></span></div> }.into_any();
    }
    let at = |value: f64| scale.at(value);
    let (least, p25, median, p75, p95, most) =
        (at(spread.least), at(spread.p25), at(spread.median), at(spread.p75), at(spread.p95), at(spread.most));
    let said = words(&spread, quantity);
    let title = said.clone();
    let line = format!("M{least:.1} 7H{most:.1}M{p95:.1} 4V10");
    view! {
        <div role="gridcell" class="cell spread" title=title>
            <svg class="box-plot" viewBox="-2 0 104 14" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                <path class="box-line" d=line/>
                <rect class="box-half" x=format!("{p25:.1}") y="3" width=format!("{:.1}", (p75 - p25).max(1.0)) height="8"/>
                <path class="box-median" d=format!("M{median:.1} 1V13")/>
            </svg>
            <span aria-hidden="true">{quantity.text(spread.median)}</span>
            <span class="spoken">{said}</span>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(least: f64, most: f64) -> Spread {
        Spread { count: 2, least, p25: least, median: most, p75: most, p95: most, most }
    }

    #[test]
    fn values_stand_on_one_scale() {
        let scale = Scale::of([spread(1.0, 10.0), spread(10.0, 100.0)].iter());
        assert_eq!([scale.at(1.0), scale.at(10.0).round(), scale.at(100.0)], [0.0, 50.0, 100.0]);
        assert_eq!(scale.at(0.0), 0.0);
    }

    #[test]
    fn one_value_stands_in_the_middle_and_nothing_at_the_left() {
        let scale = Scale::of([spread(5.0, 5.0)].iter());
        assert_eq!((scale.at(5.0), scale.at(0.0)), (50.0, 0.0));
        let none = Scale::of([Spread::default()].iter());
        assert_eq!(none.at(3.0), 0.0);
        assert_eq!(Scale::of([spread(0.0, 0.0)].iter()).at(0.0), 0.0);
    }
}
