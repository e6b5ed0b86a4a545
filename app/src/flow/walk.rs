//! Where an arrow key leads from a box: along the lines up and down, to the neighbour sideways. Pure.

use super::camera::Area;
use super::chart::{Chart, is_join};
use chaindebug_core::protocol::FlowNode;

/// An arrow key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrow {
    Up,
    Down,
    Left,
    Right,
}

impl Arrow {
    pub(super) fn from_key(key: &str) -> Option<Arrow> {
        Some(match key {
            "ArrowUp" => Arrow::Up,
            "ArrowDown" => Arrow::Down,
            "ArrowLeft" => Arrow::Left,
            "ArrowRight" => Arrow::Right,
            _ => return None,
        })
    }
}

/// The box an arrow leads to; `None` when there is nothing that way.
///
/// Down follows a line forwards, into an open group first; up follows one backwards, and from the first box of a
/// group to the group. A line that leads back is not followed: the way on is the way down the page. Left and right go
/// to the neighbour at the same height.
pub(super) fn walk(chart: &Chart, from: u32, arrow: Arrow) -> Option<u32> {
    let here = chart.node(from)?;
    let found = match arrow {
        Arrow::Down => inside(chart, here).or_else(|| forwards(chart, here)),
        Arrow::Up => backwards(chart, here),
        Arrow::Left | Arrow::Right => sideways(chart, here, arrow),
    };
    found.map(|node| node.key).filter(|&key| key != from)
}

fn area(node: &FlowNode) -> Area {
    node.rect.into()
}

/// How far two boxes are apart sideways, between their middles.
fn aside(a: &FlowNode, b: &FlowNode) -> f64 {
    (area(a).center().0 - area(b).center().0).abs()
}

fn nearest<'a>(here: &FlowNode, nodes: impl Iterator<Item = &'a FlowNode>) -> Option<&'a FlowNode> {
    nodes.min_by(|a, b| aside(here, a).total_cmp(&aside(here, b)))
}

fn inside<'a>(chart: &'a Chart, here: &FlowNode) -> Option<&'a FlowNode> {
    let members = || chart.view.nodes.iter().filter(|node| node.parent == Some(here.key) && !is_join(node));
    let top = members().map(|node| node.rect.y).reduce(f32::min)?;
    here.group.then(|| nearest(here, members().filter(|node| node.rect.y <= top + 1.0)))?
}

/// Along a line downwards; at the end of a group, on from the group.
fn forwards<'a>(chart: &'a Chart, here: &FlowNode) -> Option<&'a FlowNode> {
    let mut at = here.key;
    for _ in 0..=chart.view.nodes.len() {
        let node = chart.node(at)?;
        let below = chart.after(at).into_iter().filter(|next| next.rect.y > here.rect.y);
        if let Some(found) = nearest(here, below) {
            return Some(found);
        }
        at = node.parent?;
    }
    None
}

fn backwards<'a>(chart: &'a Chart, here: &FlowNode) -> Option<&'a FlowNode> {
    let above = chart.before(here.key).into_iter().filter(|node| node.rect.y < here.rect.y);
    nearest(here, above).or_else(|| chart.node(here.parent?))
}

fn sideways<'a>(chart: &'a Chart, here: &FlowNode, arrow: Arrow) -> Option<&'a FlowNode> {
    let (x, y) = area(here).center();
    let right = arrow == Arrow::Right;
    let beside = chart.view.nodes.iter().filter(|node| {
        let other = area(node);
        let level = (other.center().1 - y).abs() < (area(here).h + other.h) / 2.0;
        let around = here.group && chart.node(node.key).and_then(|node| node.parent) == Some(here.key);
        let holds = node.group && here.parent == Some(node.key);
        level && !is_join(node) && !around && !holds && if right { other.center().0 > x } else { other.center().0 < x }
    });
    nearest(here, beside)
}

#[cfg(test)]
mod tests {
    use super::super::chart::tests::{edge, node};
    use super::*;
    use chaindebug_core::protocol::{FlowView, Rect};

    /// A box, two beside each other, a group of one, and a line back.
    fn chart() -> Chart {
        let group =
            FlowNode { key: 3, group: true, rect: Rect { x: 0.0, y: 160.0, w: 140.0, h: 80.0 }, ..FlowNode::default() };
        let member = FlowNode { parent: Some(3), ..node(4, 20.0, 180.0) };
        let nodes =
            vec![node(0, 60.0, 0.0), node(1, 0.0, 80.0), node(2, 120.0, 80.0), group, member, node(5, 20.0, 300.0)];
        let edges = vec![edge(0, 1), edge(0, 2), edge(1, 3), edge(2, 3), edge(3, 5), edge(5, 0)];
        Chart::new(1, FlowView { nodes, edges, ..FlowView::default() })
    }

    #[test]
    fn down_goes_in_and_on_and_up_comes_back() {
        let chart = chart();
        let down = |from| walk(&chart, from, Arrow::Down);
        assert_eq!([down(0), down(1), down(3), down(4), down(5)], [Some(1), Some(3), Some(4), Some(5), None]);
        let up = |from| walk(&chart, from, Arrow::Up);
        assert_eq!([up(5), up(4), up(3), up(2), up(0)], [Some(3), Some(3), Some(1), Some(0), None]);
    }

    #[test]
    fn sideways_goes_to_the_neighbour() {
        let chart = chart();
        assert_eq!(walk(&chart, 1, Arrow::Right), Some(2));
        assert_eq!(walk(&chart, 2, Arrow::Left), Some(1));
        assert_eq!(walk(&chart, 2, Arrow::Right), None);
        assert_eq!(walk(&chart, 99, Arrow::Right), None);
    }
}
