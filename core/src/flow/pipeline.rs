//! The flow of a pipeline: its definition, with conditions on the lines, terminals, loops.

use super::{Line, Sketch, draw};
use crate::model::{EdgeStyle, Kind, NodeKind, Pipeline, PipelineNode};
use crate::order::Order as _;
use crate::protocol::{FlowNode, FlowView};

/// Longest condition that stands on a line; the rest is in its title.
const ON_LINE: usize = 34;

/// Draws a pipeline.
pub fn pipeline_flow(pipeline: &Pipeline) -> FlowView {
    // The entry first: it is the top of the drawing and decides which edges lead back.
    let mut order: Vec<usize> = (0..pipeline.nodes.len()).collect();
    order.order_by_key(|&node| (Some(node as u32) != pipeline.entry, node));
    let mut place_of = vec![0usize; pipeline.nodes.len()];
    for (place, &node) in order.iter().enumerate() {
        if let Some(slot) = place_of.get_mut(node) {
            *slot = place;
        }
    }
    let sketches = order.iter().filter_map(|&at| Some(sketch(pipeline, at, pipeline.nodes.get(at)?)));
    let lines = pipeline.edges.iter().filter_map(|edge| {
        let (from, to) = (*place_of.get(edge.from as usize)?, *place_of.get(edge.to as usize)?);
        let (label, title) = match &edge.condition {
            Some(condition) => {
                let title = match &condition.remark {
                    Some(remark) => format!("{}: {remark}", condition.text),
                    None => condition.text.clone(),
                };
                (shorten(&condition.text), title)
            }
            None => (String::new(), String::new()),
        };
        Some(Line {
            from,
            to,
            label,
            title,
            style: edge.style,
            enter: 0,
            path: edge.path.clone(),
            place: Some(edge.place),
        })
    });
    draw::draw(sketches.collect(), &lines.collect::<Vec<_>>())
}

fn shorten(text: &str) -> String {
    if text.chars().count() <= ON_LINE {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(ON_LINE - 1).collect();
    short.push('…');
    short
}

fn sketch(pipeline: &Pipeline, at: usize, node: &PipelineNode) -> Sketch {
    let kind = match node.kind {
        NodeKind::Human => Kind::Human,
        NodeKind::Step | NodeKind::Parallel | NodeKind::Missing => Kind::Task,
        NodeKind::Start | NodeKind::End => Kind::Other,
    };
    let out: Vec<_> = pipeline.edges.iter().filter(|edge| edge.from as usize == at).collect();
    let terminal = matches!(node.kind, NodeKind::End | NodeKind::Start);
    let mut sub = node.detail.clone();
    if node.kind == NodeKind::Missing {
        sub = "? not defined in this file".to_owned();
    } else if !node.reachable && !terminal {
        sub = "U unreachable".to_owned();
    }
    let mut spoken = node.name.clone();
    match node.kind {
        NodeKind::Missing => spoken.push_str(", not defined in this file"),
        NodeKind::Human => spoken.push_str(", waits for a person"),
        NodeKind::Parallel => spoken.push_str(", parallel"),
        NodeKind::Start => spoken.push_str(", start"),
        NodeKind::End => spoken.push_str(", end"),
        NodeKind::Step => {}
    }
    if !node.reachable {
        spoken.push_str(", unreachable");
    }
    for edge in &out {
        let to = pipeline.nodes.get(edge.to as usize).map_or("", |node| node.name.as_str());
        let when = match (&edge.condition, edge.style) {
            (Some(condition), EdgeStyle::Never) => format!(" if {} (never taken)", condition.text),
            (Some(condition), _) => format!(" if {}", condition.text),
            (None, _) => String::new(),
        };
        spoken.push_str(&format!("; then {to}{when}"));
    }
    if out.is_empty() && !matches!(node.kind, NodeKind::End) {
        spoken.push_str("; nothing follows");
    }
    Sketch {
        node: FlowNode {
            key: at as u32,
            label: node.name.clone(),
            sub,
            kind,
            node_kind: Some(node.kind),
            count: 1,
            reachable: node.reachable,
            spoken,
            id: node.id.clone(),
            place: Some(node.place),
            ..FlowNode::default()
        },
        ..Sketch::default()
    }
}
