//! What leaves as a file: runs as ChainDebug JSON Lines, OTLP and CSV; flowcharts as Mermaid, Graphviz DOT and SVG; a
//! Markdown page about a pipeline.
//!
//! Works on the model, so every format comes out. Whatever stands in a file is text here: each language of charts has
//! one function in `escape` through which all of it goes. Which run is written when, and in which pieces, is the
//! session's business; what is taken out before it leaves is `redact`'s.

mod any_value;
pub(crate) mod chart;
pub(crate) mod csv;
mod dot;
mod escape;
pub(crate) mod full_step;
pub(crate) mod json_line;
pub(crate) mod jsonl;
mod markdown;
mod mermaid;
pub(crate) mod message;
pub(crate) mod otlp;
mod svg;

pub use dot::dot;
pub use markdown::{Page, Said, markdown};
pub use mermaid::mermaid;
pub use svg::svg;

use crate::model::{EdgeStyle, NodeKind, Pipeline, PipelineEdge, PipelineNode};

/// Longest text on a line of a diagram; the whole of it stands on the Markdown page.
const ON_LINE: usize = 120;

/// What stands on an edge; empty for one that is always taken.
fn on_edge(edge: &PipelineEdge) -> String {
    let text = edge.condition.as_ref().map_or("", |condition| condition.text.trim());
    let never = edge.style == EdgeStyle::Never;
    let words = match (text.is_empty(), never) {
        (true, true) => "never taken".to_owned(),
        (true, false) => String::new(),
        (false, true) => format!("{text} (never taken)"),
        (false, false) => text.to_owned(),
    };
    shortened(&words, ON_LINE)
}

/// At most so many characters.
fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// The id of a node where it says more than its name: inside a group the way to it is drawn.
fn own_id(node: &PipelineNode) -> &str {
    if node.parent.is_some() && node.id.ends_with(&node.name) { "" } else { &node.id }
}

/// What stands on a node: its name, then its id and its detail where they say more.
fn labels(node: &PipelineNode) -> impl Iterator<Item = &str> {
    let name = if node.name.is_empty() { &node.id } else { &node.name };
    let more = [own_id(node), node.detail.as_str()].into_iter();
    let more = more.filter(move |more| !more.is_empty() && more != name && node.kind != NodeKind::Start);
    std::iter::once(name.as_str()).chain(more)
}

/// A node, or the end of a group, in the order in which a language that nests writes them.
enum Nested {
    /// A node by itself.
    Node(usize),
    /// A group begins; its members follow.
    Begin(usize),
    /// The group ends.
    End,
}

/// All nodes, those of a group between its beginning and its end.
fn nested(pipeline: &Pipeline) -> Vec<Nested> {
    let count = pipeline.nodes.len();
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut todo = Vec::new();
    for (at, node) in pipeline.nodes.iter().enumerate().rev() {
        match node.parent.and_then(|parent| members.get_mut(parent as usize)) {
            Some(list) => list.push(at),
            None => todo.push(Some(at)),
        }
    }
    let mut out = Vec::with_capacity(count);
    while let Some(next) = todo.pop() {
        let Some(at) = next else {
            out.push(Nested::End);
            continue;
        };
        let inside = members.get_mut(at).map(std::mem::take).unwrap_or_default();
        if inside.is_empty() {
            out.push(Nested::Node(at));
        } else {
            out.push(Nested::Begin(at));
            todo.push(None);
            todo.extend(inside.into_iter().map(Some));
        }
    }
    out
}

/// Whether an edge joins a group and something inside it: the languages cannot draw that.
fn within(pipeline: &Pipeline, edge: &PipelineEdge, groups: &[bool]) -> bool {
    let group = |at: u32| groups.get(at as usize).copied().unwrap_or_default();
    group(edge.from) && pipeline.is_inside(edge.to, edge.from)
        || group(edge.to) && pipeline.is_inside(edge.from, edge.to)
}

/// The nodes an edge joins; `None` for an edge to nowhere.
fn ends<'a>(pipeline: &'a Pipeline, edge: &PipelineEdge) -> Option<(&'a PipelineNode, &'a PipelineNode)> {
    Some((pipeline.nodes.get(edge.from as usize)?, pipeline.nodes.get(edge.to as usize)?))
}

#[cfg(test)]
mod tests;
