//! Which boxes and lines are in the page: all of a small chart, of a large one those in sight, and from far away only
//! their outlines.

use super::boxes::box_view;
use super::camera::Area;
use super::canvas::{Canvas, Passed};
use super::chart::{Chart, is_join};
use super::lines::{edge_view, heads, path};
use chaindebug_core::protocol::FlowNode;
use leptos::prelude::*;
use std::fmt::Write as _;

/// A chart of so many boxes is in the page whole.
const WHOLE: usize = 300;

/// More boxes than this in sight are drawn as outlines: their text would be too small to read.
const MOST: usize = 900;

/// Below this scale nothing can be read, and strokes vanish.
const LEGIBLE: f64 = 0.2;

/// Boxes whose outlines are one path.
const BUNCH: usize = 128;

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

fn sight(chart: &Chart, part: Area, legible: bool) -> Sight {
    let serial = chart.serial;
    if !legible && chart.view.nodes.len() > 1 {
        return Sight::Far { serial, part };
    }
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

/// Which of the three paths a box is part of: done, still to come, with errors.
fn which(node: &FlowNode, passed: Passed) -> u8 {
    match passed {
        _ if node.errors > 0 && !node.group => 2,
        Passed::Not => 1,
        _ => 0,
    }
}

/// Boxes as three paths.
fn outlines(chart: &Chart, boxes: &[usize], which: &[u8]) -> [String; 3] {
    let mut paths = [String::new(), String::new(), String::new()];
    for (&at, &which) in boxes.iter().zip(which) {
        let (Some(node), Some(d)) = (chart.view.nodes.get(at), paths.get_mut(usize::from(which))) else { continue };
        let rect = node.rect;
        let _ = write!(d, "M{:.0} {:.0}h{:.0}v{:.0}h{:.0}z", rect.x, rect.y, rect.w, rect.h, -rect.w);
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
    let legible = Memo::new(move |_| canvas.camera.get().scale >= LEGIBLE);
    let sight = Memo::new(move |_| {
        let chart = canvas.chart.get();
        match chart {
            Some(chart) if chart.view.nodes.len() <= WHOLE && legible.get() => sight(&chart, Area::default(), true),
            Some(chart) => sight(&chart, part.get(), legible.get()),
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
            chart.view.edges.get(at).map(|edge| {
                // Where a box at its end says the same, the line needs no letter.
                let says = |key: u32| edge.sign.is_some() && chart.node(key).and_then(|node| node.sign) == edge.sign;
                edge_view(canvas, edge, definition, !says(edge.from) && !says(edge.to))
            })
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
                <For each=edges key=|key| *key children=draw_edge />
                <For each=nodes key=|key| *key children=draw_node />
            </g>
        </svg>
    }
}

/// Outlines only. In bunches, so that a move of the cursor draws one of them anew and not all.
fn far(canvas: Canvas, part: Area) -> AnyView {
    let Some(chart) = canvas.chart.get_untracked() else { return ().into_any() };
    let lines: String = chart.edges_in(part).into_iter().filter_map(|at| chart.view.edges.get(at)).map(path).collect();
    let mut boxes = chart.nodes_in(part);
    boxes.retain(|&at| chart.view.nodes.get(at).is_some_and(|node| !is_join(node)));
    let bunch = |boxes: &[usize]| {
        let (chart, boxes) = (chart.clone(), boxes.to_vec());
        let (of, list) = (chart.clone(), boxes.clone());
        let states = Memo::new(move |_| {
            let nodes = list.iter().filter_map(|&at| of.view.nodes.get(at));
            nodes.map(|node| which(node, canvas.passed(node.enter, node.exit))).collect::<Vec<u8>>()
        });
        let paths = Memo::new(move |_| states.with(|states| outlines(&chart, &boxes, states)));
        let one = move |which: usize| move || paths.with(|paths| paths.get(which).cloned());
        view! {
            <path class="far done" d=one(0) />
            <path class="far todo" d=one(1) />
            <path class="far bad" d=one(2) />
        }
    };
    let bunches = boxes.chunks(BUNCH).map(bunch).collect_view();
    let current = move || {
        let area = canvas.chart.with(|chart| chart.as_ref().and_then(|c| c.area(canvas.current.get()?)))?;
        Some(format!("M{:.0} {:.0}h{:.0}v{:.0}h{:.0}z", area.x, area.y, area.w, area.h, -area.w))
    };
    view! {
        <path class="far far-lines" d=lines />
        {bunches}
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
        assert!(matches!(sight(&chart(300), Area::default(), true), Sight::Full { nodes, .. } if nodes.len() == 300));
        assert!(matches!(sight(&chart(5_000), part, true), Sight::Full { nodes, .. } if nodes.len() == 10));
        let all = Area { h: 1e9, ..part };
        assert!(matches!(sight(&chart(5_000), all, true), Sight::Far { serial: 7, .. }));
    }

    #[test]
    fn outlines_part_what_was_passed_from_what_was_not() {
        let chart = chart(3);
        let states: Vec<u8> = chart.view.nodes.iter().map(|node| which(node, Passed::Done)).collect();
        let [done, todo, bad] = outlines(&chart, &[0, 1, 2], &states);
        assert_eq!(done.matches('M').count(), 3);
        assert!(todo.is_empty() && bad.is_empty());
        assert_eq!(which(&node(1, 0.0, 0.0), Passed::Not), 1);
    }
}
