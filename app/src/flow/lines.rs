//! One line of the chart: its curve, its arrow head, the condition or count that stands on it.

use super::canvas::Canvas;
use super::text::{Face, cut, width};
use chaindebug_core::model::EdgeStyle;
use chaindebug_core::protocol::FlowEdge;
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

/// Draws a line.
pub(super) fn edge_view(canvas: Canvas, edge: &FlowEdge, definition: bool) -> AnyView {
    let enter = edge.enter;
    let passed = Memo::new(move |_| definition || canvas.reached(enter));
    let kind = match edge.style {
        EdgeStyle::Always => "line",
        EdgeStyle::Conditional => "line if",
        EdgeStyle::Never => "line never",
    };
    let label = edge.label_rect.filter(|_| !edge.label.is_empty()).map(|rect| label(edge, rect));
    let title = (!edge.title.is_empty()).then(|| {
        let title = edge.title.clone();
        view! { <title>{title}</title> }
    });
    view! {
        <g class=kind class:back=edge.back class:definition=definition class:todo=move || !passed.get()>
            <path d=path(edge) marker-end=move || head(edge_head(definition, kind, passed.get())) />
            {label}
            {title}
        </g>
    }
    .into_any()
}

fn edge_head(definition: bool, kind: &str, passed: bool) -> &'static str {
    match (definition, kind) {
        (true, "line never") => "todo",
        _ if passed => "done",
        _ => "todo",
    }
}

fn head(id: &str) -> String {
    format!("url(#flow-head-{id})")
}

fn label(edge: &FlowEdge, rect: chaindebug_core::protocol::Rect) -> AnyView {
    let (w, h) = (f64::from(rect.w), f64::from(rect.h));
    let mark = match edge.style {
        EdgeStyle::Never => "⊘ ",
        _ if edge.back => "↺ ",
        _ => "",
    };
    let text = format!("{mark}{}", cut(&edge.label, Face::Small, w - 10.0 - width(mark, Face::Small)));
    let room = (width(&text, Face::Small) + 12.0).min(w + 12.0);
    let (x, y) = (f64::from(rect.x) + w / 2.0, f64::from(rect.y) + h / 2.0);
    view! {
        <g class="label" transform=format!("translate({x:.1} {y:.1})")>
            <rect x=-room / 2.0 y="-10" width=room height="20" rx="5" />
            <text y="4" text-anchor="middle">{text}</text>
        </g>
    }
    .into_any()
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
    use chaindebug_core::protocol::Point;

    #[test]
    fn curves_become_path_data() {
        let points = [(0.0, 0.0), (0.0, 5.0), (0.0, 10.0), (0.0, 15.0)].map(|(x, y)| Point { x, y });
        let edge = FlowEdge { points: points.to_vec(), ..FlowEdge::default() };
        assert_eq!(path(&edge), "M0.0 0.0C0.0 5.0 0.0 10.0 0.0 15.0 ");
        assert_eq!(path(&FlowEdge::default()), "");
    }
}
