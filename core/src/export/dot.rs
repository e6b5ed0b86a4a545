//! A pipeline as a graph in Graphviz DOT.

use super::escape::dot as text;
use super::{Nested, ends, labels, nested, on_edge, within};
use crate::model::{EdgeStyle, NodeKind, Pipeline};
use std::fmt::Write as _;

/// Deepest indentation that is written.
const INDENT: usize = 20;

/// For each group its first and its last member that is no group.
fn leaves(pipeline: &Pipeline, groups: &[bool]) -> Vec<(u32, u32)> {
    let mut leaves: Vec<(u32, u32)> = (0..pipeline.nodes.len() as u32).map(|at| (at, at)).collect();
    let mut open: Vec<(usize, Option<u32>, u32)> = Vec::new();
    for next in nested(pipeline) {
        match next {
            Nested::Begin(at) => open.push((at, None, 0)),
            Nested::Node(at) => {
                if let Some((_, first, last)) = open.last_mut() {
                    (*first, *last) = (first.or(Some(at as u32)), at as u32);
                }
            }
            Nested::End => {
                let Some((at, first, last)) = open.pop() else { continue };
                let Some(first) = first else { continue };
                if let Some(slot) = leaves.get_mut(at).filter(|_| groups.get(at) == Some(&true)) {
                    *slot = (first, last);
                }
                if let Some((_, around, end)) = open.last_mut() {
                    (*around, *end) = (around.or(Some(first)), last);
                }
            }
        }
    }
    leaves
}

/// The graph. Nodes are named `n0`, `n1`, …; what the file calls them stands in their labels.
pub fn dot(pipeline: &Pipeline) -> String {
    let mut out = String::from("digraph pipeline {\n");
    let title = if pipeline.name.is_empty() { "pipeline" } else { &pipeline.name };
    let _ = writeln!(out, "  graph [label={}, labelloc=t, charset=\"UTF-8\", fontname=\"sans-serif\"];", text(title));
    out.push_str("  node [shape=box, style=\"rounded\", fontname=\"sans-serif\", fontsize=11];\n");
    out.push_str("  edge [fontname=\"sans-serif\", fontsize=10];\n");
    let groups = pipeline.groups();
    if groups.contains(&true) {
        out.push_str("  compound=true;\n");
    }
    let leaves = leaves(pipeline, &groups);
    let mut depth = 1;
    for next in nested(pipeline) {
        let (at, group) = match next {
            Nested::Node(at) => (at, false),
            Nested::Begin(at) => (at, true),
            Nested::End => {
                depth -= 1;
                let _ = writeln!(out, "{}}}", "  ".repeat(depth.min(INDENT)));
                continue;
            }
        };
        let Some(node) = pipeline.nodes.get(at) else { continue };
        let indent = "  ".repeat(depth.min(INDENT));
        if group {
            let name = labels(node).next().map(text).unwrap_or_default();
            let _ = writeln!(out, "{indent}subgraph cluster_n{at} {{\n{indent}  label={name}; style=rounded;");
            depth += 1;
            continue;
        }
        let mut lines: Vec<&str> = labels(node).collect();
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
        let _ = writeln!(out, "{indent}n{at} [label={}{look}];", text(&lines.join("\n")));
    }
    for edge in &pipeline.edges {
        if ends(pipeline, edge).is_none() || within(pipeline, edge, &groups) {
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
        // Edges join nodes only: those of a group are cut off at its frame.
        let (mut from, mut to) = (edge.from, edge.to);
        for (end, key, leaf) in [(&mut from, "ltail", 1), (&mut to, "lhead", 0)] {
            if groups.get(*end as usize) == Some(&true) {
                look.push(format!("{key}=cluster_n{end}"));
                *end = leaves.get(*end as usize).map_or(*end, |leaves| if leaf == 0 { leaves.0 } else { leaves.1 });
            }
        }
        let look = if look.is_empty() { String::new() } else { format!(" [{}]", look.join(", ")) };
        let _ = writeln!(out, "  n{from} -> n{to}{look};");
    }
    out.push_str("}\n");
    out
}
