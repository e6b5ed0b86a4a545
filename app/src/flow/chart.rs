//! A drawing that arrived, with what is looked up in it: boxes by key, lines by box, what is in a part of it.

use super::camera::{Area, Size};
use chaindebug_core::protocol::{FlowEdge, FlowNode, FlowView};
use std::collections::{HashMap, HashSet};

/// Keys of boxes that stand for nothing by themselves (joins of many lines) begin here.
const ADDED: u32 = 1 << 31;

/// A drawing and its indices.
#[derive(Debug, Default)]
pub(super) struct Chart {
    /// Counts up: the same box of another drawing is drawn anew.
    pub(super) serial: u32,
    pub(super) view: FlowView,
    at: HashMap<u32, usize>,
    out: HashMap<u32, Vec<usize>>,
    into: HashMap<u32, Vec<usize>>,
    bounds: Vec<Area>,
}

impl Chart {
    pub(super) fn new(serial: u32, view: FlowView) -> Chart {
        let at = view.nodes.iter().enumerate().map(|(at, node)| (node.key, at)).collect();
        let (mut out, mut into) = (HashMap::<u32, Vec<usize>>::new(), HashMap::<u32, Vec<usize>>::new());
        for (at, edge) in view.edges.iter().enumerate() {
            out.entry(edge.from).or_default().push(at);
            into.entry(edge.to).or_default().push(at);
        }
        let bounds = view.edges.iter().map(bounds).collect();
        Chart { serial, view, at, out, into, bounds }
    }

    pub(super) fn size(&self) -> Size {
        Size { w: f64::from(self.view.width), h: f64::from(self.view.height) }
    }

    /// Whether it is a pipeline with a run laid on it.
    pub(super) fn laid(&self) -> bool {
        self.view.nodes.first().is_some_and(|node| node.visits.is_some())
    }

    pub(super) fn node(&self, key: u32) -> Option<&FlowNode> {
        self.view.nodes.get(*self.at.get(&key)?)
    }

    pub(super) fn area(&self, key: u32) -> Option<Area> {
        self.node(key).map(|node| node.rect.into())
    }

    /// Boxes in a part of the drawing, by position.
    pub(super) fn nodes_in(&self, part: Area) -> Vec<usize> {
        let nodes = self.view.nodes.iter().enumerate();
        nodes.filter(|(_, node)| part.meets(node.rect.into())).map(|(at, _)| at).collect()
    }

    /// Lines in a part of the drawing, by position.
    pub(super) fn edges_in(&self, part: Area) -> Vec<usize> {
        self.bounds.iter().enumerate().filter(|(_, bounds)| part.meets(**bounds)).map(|(at, _)| at).collect()
    }

    /// Boxes that lines from this one lead to, through joins.
    pub(super) fn after(&self, key: u32) -> Vec<&FlowNode> {
        self.along(key, &self.out, |edge| edge.to)
    }

    /// Boxes that lines to this one come from, through joins.
    pub(super) fn before(&self, key: u32) -> Vec<&FlowNode> {
        self.along(key, &self.into, |edge| edge.from)
    }

    fn along(&self, key: u32, by: &HashMap<u32, Vec<usize>>, end: impl Fn(&FlowEdge) -> u32) -> Vec<&FlowNode> {
        let (mut found, mut seen, mut waiting) = (Vec::new(), HashSet::new(), vec![key]);
        while let Some(key) = waiting.pop() {
            for edge in by.get(&key).into_iter().flatten().filter_map(|&at| self.view.edges.get(at)) {
                let key = end(edge);
                if !seen.insert(key) {
                    continue;
                }
                match self.node(key) {
                    Some(node) if is_join(node) => waiting.push(key),
                    Some(node) => found.push(node),
                    None => {}
                }
            }
        }
        found
    }
}

/// Whether a box is only a point where lines meet.
pub(super) fn is_join(node: &FlowNode) -> bool {
    node.key >= ADDED
}

fn bounds(edge: &FlowEdge) -> Area {
    let (mut left, mut top, mut right, mut bottom) = (f64::MAX, f64::MAX, f64::MIN, f64::MIN);
    let mut add = |x: f32, y: f32| {
        left = left.min(f64::from(x));
        right = right.max(f64::from(x));
        top = top.min(f64::from(y));
        bottom = bottom.max(f64::from(y));
    };
    edge.points.iter().for_each(|point| add(point.x, point.y));
    if let Some(label) = edge.label_rect {
        add(label.x, label.y);
        add(label.x + label.w, label.y + label.h);
    }
    if left > right {
        return Area { x: f64::MAX, ..Area::default() };
    }
    // An upright line has no width; it must still meet what it crosses.
    Area { x: left - 1.0, y: top - 1.0, w: right - left + 2.0, h: bottom - top + 2.0 }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use chaindebug_core::protocol::{Point, Rect};

    /// A box of 100 × 40 at (x, y).
    pub(crate) fn node(key: u32, x: f32, y: f32) -> FlowNode {
        FlowNode { key, rect: Rect { x, y, w: 100.0, h: 40.0 }, count: 1, ..FlowNode::default() }
    }

    pub(crate) fn edge(from: u32, to: u32) -> FlowEdge {
        let points = [(50.0, 40.0), (50.0, 60.0), (50.0, 70.0), (50.0, 80.0)].map(|(x, y)| Point { x, y });
        FlowEdge { from, to, points: points.to_vec(), ..FlowEdge::default() }
    }

    #[test]
    fn lines_through_a_join_lead_on() {
        let nodes = vec![node(0, 0.0, 0.0), node(ADDED, 45.0, 60.0), node(1, 0.0, 80.0), node(2, 120.0, 80.0)];
        let edges = vec![edge(0, ADDED), edge(ADDED, 1), edge(ADDED, 2), edge(2, 0)];
        let chart = Chart::new(1, FlowView { nodes, edges, ..FlowView::default() });
        let mut after: Vec<u32> = chart.after(0).iter().map(|node| node.key).collect();
        after.sort_unstable();
        assert_eq!(after, [1, 2]);
        assert_eq!(chart.before(1).iter().map(|node| node.key).collect::<Vec<_>>(), [0]);
        assert_eq!(chart.nodes_in(Area { x: 0.0, y: 0.0, w: 50.0, h: 50.0 }), [0]);
        assert_eq!(chart.edges_in(Area { x: 0.0, y: 50.0, w: 60.0, h: 5.0 }).len(), 4);
    }
}
