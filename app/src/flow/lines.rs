//! One line of the chart: its curve, its arrow head, the condition or count that stands on it.

use super::canvas::Canvas;
use super::text::{Face, cut, width};
use crate::compare::{character, word};
use chaindebug_core::model::EdgeStyle;
use chaindebug_core::protocol::{FlowEdge, Point, Sign};
use leptos::prelude::*;
use std::fmt::Write as _;

/// The curve as SVG's path data. Cut short where the arrow head begins, so that its tip touches the box.
pub(super) fn path(edge: &FlowEdge) -> String {
    let mut points = edge.points.iter();
    let mut d = String::with_capacity(edge.points.len() * 14);
    let Some(first) = points.next() else { return d };
    let _ = write!(d, "M{:.1} {:.1}", first.x, first.y);
    for point in points.as_slice().chunks_exact(3) {
        d.push('C');
        for at in point {
            let _ = write!(d, "{:.1} {:.1} ", at.x, at.y);
        }
    }
    d
}

/// What a line says of the run laid on the pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Laid {
    /// No run is laid on it, or it is a run's own chart.
    None,
    Taken(u32),
    /// Looked at, and never true.
    Refused,
    Unseen,
}

fn laid(edge: &FlowEdge) -> Laid {
    match (edge.taken, edge.refused) {
        (None, _) => Laid::None,
        (Some(0), 0) => Laid::Unseen,
        (Some(0), _) => Laid::Refused,
        (Some(taken), _) => Laid::Taken(taken),
    }
}

/// Draws a line.
pub(super) fn edge_view(canvas: Canvas, edge: &FlowEdge, definition: bool, lettered: bool) -> AnyView {
    let enter = edge.enter;
    let laid = laid(edge);
    let still = definition && laid == Laid::None;
    // What a laid run did not pass has a stroke of its own: it is not "still to come".
    let not_passed = matches!(laid, Laid::Refused | Laid::Unseen);
    let passed = Memo::new(move |_| still || canvas.reached(enter));
    let kind = match (laid, edge.style) {
        (Laid::Taken(_), _) => "line laid taken",
        (Laid::Refused, _) => "line laid refused",
        (Laid::Unseen, _) => "line laid unseen",
        (Laid::None, EdgeStyle::Always) => "line",
        (Laid::None, EdgeStyle::Conditional) => "line if",
        (Laid::None, EdgeStyle::Never) => "line never",
    };
    let label = edge.label_rect.map(|rect| label(edge, laid, rect, canvas.page.workbench.charts_coverage()));
    let title = (!edge.title.is_empty()).then(|| {
        let title = edge.title.clone();
        view! { <title>{title}</title> }
    });
    let to_come = move || !not_passed && !passed.get();
    let path_of = edge.path.clone();
    let changed = move || !path_of.is_empty() && canvas.page.workbench.changed.with(|all| all.contains(&path_of));
    let pointed_of = edge.path.clone();
    let pointed = move || !pointed_of.is_empty() && canvas.page.workbench.pointed.with(|path| *path == pointed_of);
    let sign = edge.sign.filter(|sign| *sign != Sign::Same);
    // A double line is a wide one with a narrow one on it.
    let within = (sign == Some(Sign::OnlyB)).then(|| view! { <path class="within" d=path(edge) /> });
    let letter = sign.filter(|_| lettered).and_then(|sign| letter(edge, sign));
    let faint = kind == "line never" || not_passed;
    view! {
        <g class=kind class:back=edge.back class:definition=still class:todo=to_come class:changed=changed class:pointed=pointed data-sign=sign.map(word)>
            <path d=path(edge) marker-end=move || head(if faint || to_come() { "todo" } else { "done" }) />
            {within}
            {label}
            {letter}
            {title}
        </g>
    }
    .into_any()
}

/// The letter of the run that alone went along a line, on its middle.
fn letter(edge: &FlowEdge, sign: Sign) -> Option<AnyView> {
    let at = middle(&edge.points)?;
    let within = (sign == Sign::OnlyB)
        .then(|| view! { <rect class="within" x="-6.5" y="-6.5" width="13" height="13" rx="2" /> });
    Some(
        view! {
            <g class="letter" transform=format!("translate({:.1} {:.1})", at.0, at.1)>
                <rect x="-9" y="-9" width="18" height="18" rx="4" />
                {within}
                <text y="3.8" text-anchor="middle">{character(sign)}</text>
            </g>
        }
        .into_any(),
    )
}

/// The middle of a curve's middle piece.
fn middle(points: &[Point]) -> Option<(f64, f64)> {
    let pieces = points.len().checked_sub(1)? / 3;
    let from = pieces.checked_sub(1)? / 2 * 3;
    let [a, b, c, d] = points.get(from..from + 4)? else { return None };
    // With an even number of pieces, where the two in the middle meet.
    if pieces % 2 == 0 {
        return Some((f64::from(d.x), f64::from(d.y)));
    }
    let half =
        |a: f32, b: f32, c: f32, d: f32| (f64::from(a) + 3.0 * (f64::from(b) + f64::from(c)) + f64::from(d)) / 8.0;
    Some((half(a.x, b.x, c.x, d.x), half(a.y, b.y, c.y, d.y)))
}

fn head(id: &str) -> String {
    format!("url(#flow-head-{id})")
}

/// From one row of a condition to the next.
const ROW: f64 = 14.0;

/// The condition on a chip, and behind it how often the line was passed.
fn label(edge: &FlowEdge, laid: Laid, rect: chaindebug_core::protocol::Rect, covers: bool) -> AnyView {
    let mark = match (laid, edge.style) {
        // Of several runs, a count says more than a verdict.
        (Laid::Taken(_), _) if covers => "",
        (Laid::Taken(_), _) => "✓ ",
        (Laid::Refused, _) => "✗ ",
        (_, EdgeStyle::Never) => "⊘ ",
        _ if edge.back => "↺ ",
        _ => "",
    };
    let count = match laid {
        Laid::Taken(taken) => format!("×{taken}"),
        _ => String::new(),
    };
    let (left, top) = (f64::from(rect.x), f64::from(rect.y));
    let (w, h) = (f64::from(rect.w), f64::from(rect.h));
    let count_room = if count.is_empty() { 0.0 } else { width(&count, Face::Small) + 6.0 };
    let mark_room = width(mark, Face::Small);
    let rows: Vec<String> =
        edge.label.lines().map(|row| cut(row, Face::Small, w - count_room - mark_room - 10.0)).collect();
    let widest = rows.iter().map(|row| width(row, Face::Small)).fold(0.0, f64::max);
    let room = if rows.is_empty() { 0.0 } else { (widest + mark_room + 14.0).min(w + 12.0) };
    // Chip and count together stand in the middle of their place.
    let x = left + (w - room - count_room) / 2.0;
    let chip = (!rows.is_empty()).then(|| {
        let first = (h - rows.len() as f64 * ROW) / 2.0 + 11.0;
        let spans = rows.into_iter().enumerate().map(|(at, row)| {
            let mark = (at == 0 && !mark.is_empty()).then(|| view! { <tspan class="label-mark" x="7">{mark}</tspan> });
            view! {
                {mark}
                <tspan x=7.0 + mark_room y=first + at as f64 * ROW>{row}</tspan>
            }
        });
        let spans = spans.collect_view();
        view! {
            <rect width=room height=h rx="5" />
            <text y=first>{spans}</text>
        }
    });
    let count = (!count.is_empty()).then(|| {
        view! {
            <rect class="under" x=room + 2.0 width=count_room - 2.0 height=h />
            <text class="count" x=room + 4.0 y=h / 2.0 + 4.0>{count}</text>
        }
    });
    view! { <g class="label" transform=format!("translate({x:.1} {top:.1})")>{chip} {count}</g> }.into_any()
}

/// The two arrow heads: passed, and still to come.
pub(super) fn heads() -> impl IntoView {
    let one = |id: &'static str| {
        view! {
            <marker
                id=format!("flow-head-{id}")
                class=format!("head {id}")
                viewBox="0 0 9 8"
                refX="8.2"
                refY="4"
                markerWidth="9"
                markerHeight="8"
                markerUnits="userSpaceOnUse"
                orient="auto"
            >
                <path d="M0 .4 8.600 4 0 7.600z" />
            </marker>
        }
    };
    view! { <defs>{one("done")} {one("todo")}</defs> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_become_path_data() {
        let points = [(0.0, 0.0), (0.0, 5.0), (0.0, 10.0), (0.0, 15.0)].map(|(x, y)| Point { x, y });
        let edge = FlowEdge { points: points.to_vec(), ..FlowEdge::default() };
        assert_eq!(path(&edge), "M0.0 0.0C0.0 5.0 0.0 10.0 0.0 15.0 ");
        assert_eq!(path(&FlowEdge::default()), "");
        assert_eq!(middle(&points), Some((0.0, 7.5)));
        let two = [0.0, 1.0, 2.0, 30.0, 4.0, 5.0, 60.0].map(|y| Point { x: 5.0, y });
        assert_eq!((middle(&two), middle(&two[..3]), middle(&[])), (Some((5.0, 30.0)), None, None));
    }

    #[test]
    fn a_laid_run_tells_what_became_of_a_line() {
        let told = |taken, refused| laid(&FlowEdge { taken, refused, ..FlowEdge::default() });
        assert_eq!([told(None, 0), told(Some(0), 0)], [Laid::None, Laid::Unseen]);
        assert_eq!([told(Some(0), 2), told(Some(3), 2)], [Laid::Refused, Laid::Taken(3)]);
    }
}
