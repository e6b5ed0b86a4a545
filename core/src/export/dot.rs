//! A pipeline as a graph in Graphviz DOT.

use super::escape::dot as text;
use super::{ends, on_edge};
use crate::model::{EdgeStyle, NodeKind, Pipeline};
use std::fmt::Write as _;

/// The graph. Nodes are named `n0`, `n1`, …; what the file calls them stands in their labels.
pub fn dot(pipeline: &Pipeline) -> String {
    let mut out = String::from("digraph pipeline {\n");
    let title = if pipeline.name.is_empty() { "pipeline" } else { &pipeline.name };
    let _ = writeln!(out, "  graph [label={}, labelloc=t, charset=\"UTF-8\", fontname=\"sans-serif\"];", text(title));
    out.push_str("  node [shape=box, style=\"rounded\", fontname=\"sans-serif\", fontsize=11];\n");
    out.push_str("  edge [fontname=\"sans-serif\", fontsize=10];\n");
    for (at, node) in pipeline.nodes.iter().enumerate() {
        let name = if node.name.is_empty() { &node.id } else { &node.name };
        let mut lines = vec![name.as_str()];
        for more in [&node.id, &node.detail] {
            if !more.is_empty() && more != name && node.kind != NodeKind::Start {
                lines.push(more);
            }
        }
        let (look, word) = match node.kind {
            NodeKind::Start | NodeKind::End => (", shape=oval, style=bold", ""),
            NodeKind::Human => (", shape=parallelogram, style=bold", "(human)"),
            NodeKind::Parallel => (", peripheries=2", "(parallel)"),
            NodeKind::Missing => (", style=\"rounded,dotted\", color=\"#c42b3a\"", "(not defined)"),
            NodeKind::Step => ("", ""),
        };
        let unreachable = !node.reachable && !matches!(node.kind, NodeKind::Missing | NodeKind::Start);
        let (look, word) = if unreachable { (", style=\"rounded,dashed\"", "(unreachable)") } else { (look, word) };
        if !word.is_empty() {
            lines.push(word);
        }
        let _ = writeln!(out, "  n{at} [label={}{look}];", text(&lines.join("\n")));
    }
    for edge in &pipeline.edges {
        if ends(pipeline, edge).is_none() {
            continue;
        }
        let words = on_edge(edge);
        let mut look = Vec::new();
        if !words.is_empty() {
            look.push(format!("label={}", text(&words)));
        }
        match edge.style {
            EdgeStyle::Never => look.push("style=dotted, color=\"#888888\"".to_owned()),
            EdgeStyle::Conditional => look.push("style=dashed".to_owned()),
            EdgeStyle::Always => {}
        }
        let look = if look.is_empty() { String::new() } else { format!(" [{}]", look.join(", ")) };
        let _ = writeln!(out, "  n{} -> n{}{look};", edge.from, edge.to);
    }
    out.push_str("}\n");
    out
}
