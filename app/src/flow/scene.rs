//! Which boxes and lines are in the page: all of a small chart, of a large one those in sight, and from far away only
//! their outlines.

use super::boxes::box_view;
use super::camera::Area;
use super::canvas::{Canvas, Passed};
use super::chart::{Chart, is_join};
use super::lines::{edge_view, heads, path};
use leptos::prelude::*;
use std::fmt::Write as _;

/// A chart of so many boxes is in the page whole.
const WHOLE: usize = 300;

/// More boxes than this in sight are drawn as outlines: their text would be too small to read.
const MOST: usize = 900;

/// Side of the tiles the seen part is rounded to, in pixels of the drawing at 1:1.
const TILE: f64 = 400.0;

/// What is in the page.
#[derive(Clone, Debug, PartialEq)]
enum Sight {
    Nothing,
    /// Boxes and lines by position.
    Full {
        serial: u32,
        nodes: Vec<usize>,
        edges: Vec<usize>,
    },
    /// A part as outlines.
    Far {
        serial: u32,
        part: Area,
    },
}

fn sight(chart: &Chart, part: Area) -> Sight {
    let serial = chart.serial;
    if chart.view.nodes.len() <= WHOLE {
        return Sight::Full {
            serial,
            nodes: (0..chart.view.nodes.len()).collect(),
            edges: (0..chart.view.edges.len()).collect(),
        };
    }
    let nodes = chart.nodes_in(part);
    if nodes.len() > MOST {
        return Sight::Far { serial, part };
    }
    let mut edges = chart.edges_in(part);
    edges.truncate(MOST * 3);
    Sight::Full { serial, nodes, edges }
}

/// The boxes of a part as three paths: done, still to come, with errors.
fn outlines(chart: &Chart, part: Area, passed: impl Fn(u32, u32) -> Passed) -> [String; 3] {
    let mut paths = [String::new(), String::new(), String::new()];
    for at in chart.nodes_in(part) {
        let Some(node) = chart.view.nodes.get(at).filter(|node| !is_join(node)) else { continue };
        let which = match passed(node.enter, node.exit) {
            _ if node.errors > 0 && !node.group => 2,
            Passed::Not => 1,
            _ => 0,
        };
        let rect = node.rect;
        if let Some(d) = paths.get_mut(which) {
            let _ = write!(d, "M{:.0} {:.0}h{:.0}v{:.0}h{:.0}z", rect.x, rect.y, rect.w, rect.h, -rect.w);
        }
    }
    paths
}

/// The drawing.
#[component]
pub(super) fn Scene(
    /// The chart.
    canvas: Canvas,
) -> impl IntoView {
    let part = Memo::new(move |_| {
        let (camera, port) = (canvas.camera.get(), canvas.port.get());
        let tile = TILE / camera.scale.min(1.0);
        camera.seen(port).grown(tile / 4.0).snapped(tile)
    });
    let sight = Memo::new(move |_| {
        let chart = canvas.chart.get();
        match chart {
            Some(chart) if chart.view.nodes.len() <= WHOLE => sight(&chart, Area::default()),
            Some(chart) => sight(&chart, part.get()),
            None => Sight::Nothing,
        }
    });
    let nodes = move || match sight.get() {
        Sight::Full { serial, nodes, .. } => nodes.into_iter().map(|at| (serial, at)).collect(),
        _ => Vec::new(),
    };
    let edges = move || match sight.get() {
        Sight::Full { serial, edges, .. } => edges.into_iter().map(|at| (serial, at)).collect(),
        _ => Vec::new(),
    };
    let draw_node = move |(serial, at): (u32, usize)| {
        let chart = canvas.chart.get_untracked().filter(|chart| chart.serial == serial);
        chart.and_then(|chart| chart.view.nodes.get(at).map(|node| box_view(canvas, node)))
    };
    let draw_edge = move |(serial, at): (u32, usize)| {
        let chart = canvas.chart.get_untracked().filter(|chart| chart.serial == serial);
        chart.and_then(|chart| {
            let definition = chart.view.nodes.first().is_some_and(|node| node.node_kind.is_some());
            chart.view.edges.get(at).map(|edge| edge_view(canvas, edge, definition))
        })
    };
    view! {
        <svg class="flow-svg" aria-hidden="true" focusable="false">
            {heads()}
            <g transform=move || canvas.camera.get().transform()>
                {move || match sight.get() {
                    Sight::Far { part, .. } => Some(far(canvas, part)),
                    _ => None,
                }}
                <g class="frames"></g>
                <For each=edges key=|key| *key children=draw_edge />
                <For each=nodes key=|key| *key children=draw_node />
            </g>
        </svg>
    }
}

/// Outlines only.
fn far(canvas: Canvas, part: Area) -> AnyView {
    let boxes = Memo::new(move |_| {
        let chart = canvas.chart.get();
        chart.map(|chart| outlines(&chart, part, |enter, exit| canvas.passed(enter, exit))).unwrap_or_default()
    });
    let lines = Memo::new(move |_| {
        let Some(chart) = canvas.chart.get() else { return String::new() };
        let edges = chart.edges_in(part);
        edges.into_iter().filter_map(|at| chart.view.edges.get(at)).map(path).collect::<String>()
    });
    let current = move || {
        let area = canvas.chart.with(|chart| chart.as_ref().and_then(|c| c.area(canvas.current.get()?)))?;
        Some(format!("M{:.0} {:.0}h{:.0}v{:.0}h{:.0}z", area.x, area.y, area.w, area.h, -area.w))
    };
    let one = move |which: usize| move || boxes.with(|boxes| boxes.get(which).cloned());
    view! {
        <path class="far lines" d=move || lines.get() />
        <path class="far done" d=one(0) />
        <path class="far todo" d=one(1) />
        <path class="far bad" d=one(2) />
        <path class="far current" d=current />
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::super::chart::tests::node;
    use super::*;
    use chaindebug_core::protocol::FlowView;

    fn chart(boxes: u16) -> Chart {
        let nodes = (0..boxes).map(|at| node(at.into(), 0.0, f32::from(at) * 80.0)).collect();
        Chart::new(7, FlowView { nodes, ..FlowView::default() })
    }

    #[test]
    fn a_large_chart_is_in_the_page_only_where_it_is_seen() {
        let part = Area { x: 0.0, y: 0.0, w: 200.0, h: 800.0 };
        assert!(matches!(sight(&chart(300), Area::default()), Sight::Full { nodes, .. } if nodes.len() == 300));
        assert!(matches!(sight(&chart(5_000), part), Sight::Full { nodes, .. } if nodes.len() == 10));
        let all = Area { h: 1e9, ..part };
        assert!(matches!(sight(&chart(5_000), all), Sight::Far { serial: 7, .. }));
    }

    #[test]
    fn outlines_part_what_was_passed_from_what_was_not() {
        let all = Area { x: 0.0, y: 0.0, w: 1e6, h: 1e6 };
        let passed = |enter, _| if enter == 0 { Passed::Done } else { Passed::Not };
        let [done, todo, bad] = outlines(&chart(3), all, passed);
        assert!(done.contains('M') && todo.is_empty() && bad.is_empty());
    }
}
