//! A pipeline as a Mermaid flowchart.

use super::escape::mermaid as text;
use super::{Nested, ends, labels, nested, on_edge, within};
use crate::model::{EdgeStyle, NodeKind, Pipeline, PipelineNode};
use std::fmt::Write as _;

/// Edges Mermaid draws unless its `maxEdges` is raised.
const EDGES: usize = 500;

/// Deepest indentation that is written.
const INDENT: usize = 20;

/// The chart. Nodes are named `n0`, `n1`, …; what the file calls them stands in their labels.
pub fn mermaid(pipeline: &Pipeline) -> String {
    let mut out = String::from("flowchart TD\n");
    if pipeline.edges.len() > EDGES {
        let count = pipeline.edges.len();
        let _ = writeln!(out, "%% {count} edges. Mermaid draws {EDGES} unless its setting maxEdges is raised.");
    }
    let groups = pipeline.groups();
    let mut depth = 1;
    for next in nested(pipeline) {
        let (at, group) = match next {
            Nested::Node(at) => (at, false),
            Nested::Begin(at) => (at, true),
            Nested::End => {
                depth -= 1;
                let _ = writeln!(out, "{}end", "  ".repeat(depth.min(INDENT)));
                continue;
            }
        };
        let Some(node) = pipeline.nodes.get(at) else { continue };
        let mut label = labels(node).map(text).collect::<Vec<_>>().join("<br/>");
        let word = match node.kind {
            NodeKind::Human => "human",
            NodeKind::Parallel => "parallel",
            NodeKind::Missing => "not defined",
            _ if !node.reachable => "unreachable",
            _ => "",
        };
        if !word.is_empty() {
            let _ = write!(label, "<br/>({word})");
        }
        let (open, close) = match node.kind {
            NodeKind::Start | NodeKind::End => ("([", "])"),
            NodeKind::Human => ("[/", "/]"),
            NodeKind::Parallel => ("[[", "]]"),
            NodeKind::Step | NodeKind::Missing => ("[", "]"),
        };
        let indent = "  ".repeat(depth.min(INDENT));
        if group {
            // A title has one line.
            let label = label.replace("<br/>", " · ");
            let _ = writeln!(out, "{indent}subgraph n{at}[\"{label}\"]");
            depth += 1;
        } else {
            let _ = writeln!(out, "{indent}n{at}{open}\"{label}\"{close}");
        }
    }
    for edge in &pipeline.edges {
        if ends(pipeline, edge).is_none() || within(pipeline, edge, &groups) {
            continue;
        }
        let arrow = if edge.style == EdgeStyle::Never { "-.->" } else { "-->" };
        let words = on_edge(edge);
        let label = if words.is_empty() { String::new() } else { format!("|\"{}\"|", text(&words)) };
        let _ = writeln!(out, "  n{} {arrow}{label} n{}", edge.from, edge.to);
    }
    classes(pipeline, &mut out);
    out
}

fn classes(pipeline: &Pipeline, out: &mut String) {
    let looks = [
        ("human", "stroke-width:3px"),
        ("terminal", "stroke-width:2px"),
        ("missing", "stroke:#c42b3a,stroke-dasharray:3 3"),
        ("unreachable", "stroke-dasharray:6 4,opacity:0.7"),
    ];
    let class = |node: &PipelineNode| match node.kind {
        NodeKind::Start | NodeKind::End => "terminal",
        NodeKind::Missing => "missing",
        _ if !node.reachable => "unreachable",
        NodeKind::Human => "human",
        NodeKind::Step | NodeKind::Parallel => "",
    };
    for (name, look) in looks {
        let nodes = pipeline.nodes.iter().enumerate().filter(|(_, node)| class(node) == name);
        let nodes: Vec<String> = nodes.map(|(at, _)| format!("n{at}")).collect();
        if !nodes.is_empty() {
            let _ = writeln!(out, "  classDef {name} {look}\n  class {} {name}", nodes.join(","));
        }
    }
}
