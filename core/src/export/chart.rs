//! The flowchart of a run in languages that lay it out themselves: Mermaid and Graphviz DOT.
//!
//! Made from the same boxes and lines that the page draws: what is folded there is folded here, with its count.

use super::escape::{dot as dot_text, mermaid as mermaid_text};
use super::shortened;
use crate::flow::ADDED;
use crate::model::Status;
use crate::protocol::{FlowNode, FlowView};
use rustc_hash::FxHashMap;
use std::fmt::Write as _;

/// Longest text on a line of a box.
const ON_LINE: usize = 120;
/// Deepest indentation that is written.
const INDENT: usize = 20;
/// Lines Mermaid draws unless its `maxEdges` is raised.
const EDGES: usize = 500;

/// What stands in a box: its name, then what is said of it.
fn lines(node: &FlowNode) -> Vec<String> {
    let mut lines = vec![shortened(&node.label, ON_LINE)];
    let sign = match node.status {
        Some(Status::Error) if node.count > 1 => format!("✗ {} of {} failed", node.errors.max(1), node.count),
        Some(Status::Error) => "✗ failed".to_owned(),
        Some(status @ (Status::Running | Status::Waiting | Status::Skipped | Status::Cancelled)) => {
            status.name().to_owned()
        }
        _ => String::new(),
    };
    let kind = if node.kind == crate::model::Kind::Other { "" } else { node.kind.name() };
    let count = if node.count > 1 && !node.sub.contains('×') { format!("×{}", node.count) } else { String::new() };
    let said = [kind, &node.sub, &count, &sign];
    let said: Vec<&str> = said.into_iter().filter(|text| !text.is_empty()).collect();
    if !said.is_empty() && !joins(node) {
        lines.push(shortened(&said.join(" · "), ON_LINE));
    }
    lines
}

/// Whether a box is only a point through which many lines go.
fn joins(node: &FlowNode) -> bool {
    node.key >= ADDED && node.label.is_empty()
}

/// Boxes and groups in the order in which a language that nests writes them: depth and node, `None` where a group ends.
fn nested(view: &FlowView) -> Vec<(usize, Option<&FlowNode>)> {
    let mut members: FxHashMap<u32, Vec<&FlowNode>> = FxHashMap::default();
    let groups: rustc_hash::FxHashSet<u32> = view.nodes.iter().filter(|node| node.group).map(|node| node.key).collect();
    let mut todo: Vec<(usize, Option<&FlowNode>)> = Vec::new();
    for node in view.nodes.iter().rev() {
        match node.parent.filter(|parent| groups.contains(parent) && *parent != node.key) {
            Some(parent) => members.entry(parent).or_default().push(node),
            None => todo.push((0, Some(node))),
        }
    }
    let mut out = Vec::with_capacity(view.nodes.len());
    while let Some((depth, next)) = todo.pop() {
        out.push((depth, next));
        let Some(node) = next.filter(|node| node.group) else { continue };
        todo.push((depth, None));
        let inside = members.remove(&node.key).unwrap_or_default();
        todo.extend(inside.into_iter().map(|node| (depth + 1, Some(node))));
    }
    out
}

/// Names of boxes in a chart: short, and the same for the same run.
fn names(view: &FlowView) -> FxHashMap<u32, usize> {
    view.nodes.iter().enumerate().map(|(at, node)| (node.key, at)).collect()
}

/// Statuses with a look of their own.
const LOOKS: [(Status, &str, &str); 5] = [
    (Status::Error, "failed", "stroke:#c42b3a,stroke-width:2px"),
    (Status::Running, "running", "stroke-dasharray:6 4"),
    (Status::Waiting, "waiting", "stroke-dasharray:6 4,stroke-width:2px"),
    (Status::Skipped, "skipped", "stroke-dasharray:2 4,opacity:0.7"),
    (Status::Cancelled, "cancelled", "stroke-dasharray:2 4"),
];

/// The chart as Mermaid.
pub(crate) fn mermaid(view: &FlowView) -> String {
    let names = names(view);
    let mut out = String::from("flowchart TD\n");
    if view.edges.len() > EDGES {
        let _ = writeln!(
            out,
            "%% {} lines. Mermaid draws {EDGES} unless its setting maxEdges is raised.",
            view.edges.len()
        );
    }
    for (depth, node) in nested(view) {
        let indent = "  ".repeat((depth + 1).min(INDENT));
        let Some(node) = node else {
            let _ = writeln!(out, "{indent}end");
            continue;
        };
        let Some(name) = names.get(&node.key) else { continue };
        let label: Vec<String> = lines(node).iter().map(|line| mermaid_text(line)).collect();
        let _ = match (node.group, joins(node)) {
            (true, _) => writeln!(out, "{indent}subgraph n{name}[\"{}\"]", label.join(" · ")),
            (false, true) => writeln!(out, "{indent}n{name}(( ))"),
            (false, false) if node.count > 1 => writeln!(out, "{indent}n{name}[[\"{}\"]]", label.join("<br/>")),
            (false, false) => writeln!(out, "{indent}n{name}[\"{}\"]", label.join("<br/>")),
        };
    }
    for edge in &view.edges {
        let (Some(from), Some(to)) = (names.get(&edge.from), names.get(&edge.to)) else { continue };
        let arrow = if edge.back { "-.->" } else { "-->" };
        let words = shortened(edge.label.trim(), ON_LINE);
        let label = if words.is_empty() { String::new() } else { format!("|\"{}\"|", mermaid_text(&words)) };
        let _ = writeln!(out, "  n{from} {arrow}{label} n{to}");
    }
    for (status, class, look) in LOOKS {
        let of: Vec<String> = view
            .nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| node.status == Some(status))
            .map(|(at, _)| format!("n{at}"))
            .collect();
        if !of.is_empty() {
            let _ = writeln!(out, "  classDef {class} {look}\n  class {} {class}", of.join(","));
        }
    }
    out
}

/// The chart as Graphviz DOT.
pub(crate) fn dot(view: &FlowView, title: &str) -> String {
    let names = names(view);
    let mut out = String::from("digraph run {\n");
    let _ =
        writeln!(out, "  graph [label={}, labelloc=t, charset=\"UTF-8\", fontname=\"sans-serif\"];", dot_text(title));
    out.push_str("  node [shape=box, style=\"rounded\", fontname=\"sans-serif\", fontsize=11];\n");
    out.push_str("  edge [fontname=\"sans-serif\", fontsize=10];\n  compound=true;\n");
    // A line to a group is one to its first box, cut off at the frame.
    let mut first: FxHashMap<u32, usize> = FxHashMap::default();
    let mut around: Vec<u32> = Vec::new();
    for (depth, node) in nested(view) {
        let indent = "  ".repeat((depth + 1).min(INDENT));
        let Some(node) = node else {
            around.pop();
            let _ = writeln!(out, "{indent}}}");
            continue;
        };
        let Some(&name) = names.get(&node.key) else { continue };
        let label = dot_text(&lines(node).join("\n"));
        if node.group {
            around.push(node.key);
            let _ = writeln!(out, "{indent}subgraph cluster_n{name} {{\n{indent}  label={label}; style=rounded;");
            continue;
        }
        for group in &around {
            first.entry(*group).or_insert(name);
        }
        let look = match node.status {
            _ if joins(node) => ", shape=point",
            Some(Status::Error) => ", color=\"#c42b3a\", penwidth=2",
            Some(Status::Running | Status::Waiting) => ", style=\"rounded,dashed\"",
            Some(Status::Skipped | Status::Cancelled) => ", style=\"rounded,dotted\"",
            _ if node.count > 1 => ", peripheries=2",
            _ => "",
        };
        let _ = writeln!(out, "{indent}n{name} [label={label}{look}];");
    }
    for edge in &view.edges {
        let mut look = Vec::new();
        let words = shortened(edge.label.trim(), ON_LINE);
        if !words.is_empty() {
            look.push(format!("label={}", dot_text(&words)));
        }
        if edge.back {
            look.push("style=dashed, constraint=false".to_owned());
        }
        let mut end = |key: u32, which: &str| {
            let leaf = first.get(&key).copied();
            if leaf.is_some()
                && let Some(name) = names.get(&key)
            {
                look.push(format!("{which}=cluster_n{name}"));
            }
            leaf.or_else(|| names.get(&key).copied())
        };
        let (Some(from), Some(to)) = (end(edge.from, "ltail"), end(edge.to, "lhead")) else { continue };
        let look = if look.is_empty() { String::new() } else { format!(" [{}]", look.join(", ")) };
        let _ = writeln!(out, "  n{from} -> n{to}{look};");
    }
    out.push_str("}\n");
    out
}
