//! A pipeline in other languages: Mermaid, Graphviz DOT, SVG, and a Markdown page about it.
//!
//! Works on the model alone, so every dialect of pipelines comes out. Whatever stands in a file is text here: each
//! language has one function in `escape` through which all of it goes. Reads no file: who asks hands the texts over.

mod dot;
mod escape;
mod markdown;
mod mermaid;
mod svg;

pub use dot::dot;
pub use markdown::{Page, Said, markdown};
pub use mermaid::mermaid;
pub use svg::svg;

use crate::model::{EdgeStyle, Pipeline, PipelineEdge, PipelineNode};

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

/// The nodes an edge joins; `None` for an edge to nowhere.
fn ends<'a>(pipeline: &'a Pipeline, edge: &PipelineEdge) -> Option<(&'a PipelineNode, &'a PipelineNode)> {
    Some((pipeline.nodes.get(edge.from as usize)?, pipeline.nodes.get(edge.to as usize)?))
}

#[cfg(test)]
mod tests;
