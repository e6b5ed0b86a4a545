//! A page about a pipeline: a chart, its steps with what they read and write, parameters, edges in words, findings.

use super::escape::{code, markdown as text};
use super::{ends, mermaid, shortened};
use crate::json::{NodeKind as Json, Tree};
use crate::model::{EdgeStyle, NodeKind, Pipeline, Severity, Value};
use std::fmt::Write as _;

/// Something to be said of the pipeline.
#[derive(Clone, Debug)]
pub struct Said {
    /// How much it matters.
    pub severity: Severity,
    /// Its stable id.
    pub id: String,
    /// One sentence.
    pub message: String,
    /// JSON path, else empty.
    pub path: String,
    /// Line, when known.
    pub line: Option<u64>,
}

/// What a page is made of.
pub struct Page<'a> {
    /// The pipeline.
    pub pipeline: &'a Pipeline,
    /// What is to be said of it, the gravest first.
    pub findings: &'a [Said],
    /// The text of a value of its file; empty when it cannot be read.
    pub read: &'a dyn Fn(&Value) -> String,
}

/// Most names in a cell of a table, and most characters of one.
const NAMES: usize = 20;
const LETTERS: usize = 80;

/// The page.
pub fn markdown(page: &Page<'_>) -> String {
    let pipeline = page.pipeline;
    let title = if pipeline.name.is_empty() { "Pipeline" } else { &pipeline.name };
    let mut out = format!("# {}\n\n", text(title));
    if !pipeline.description.is_empty() {
        let _ = writeln!(out, "{}\n", text(&pipeline.description));
    }
    let version =
        if pipeline.version.is_empty() { String::new() } else { format!(", version {}", text(&pipeline.version)) };
    let (nodes, edges) = pipeline.declared;
    let _ = writeln!(out, "Format: {}{version}. Declares {nodes} steps and {edges} edges.\n", code(&pipeline.dialect));
    let _ = writeln!(out, "## Flow\n\n```mermaid\n{}```\n", mermaid(pipeline));
    steps(page, &mut out);
    parameters(page, &mut out);
    flow(pipeline, &mut out);
    findings(page.findings, &mut out);
    out
}

fn steps(page: &Page<'_>, out: &mut String) {
    out.push_str("## Steps\n\n");
    let own = |kind| matches!(kind, NodeKind::Step | NodeKind::Human | NodeKind::Parallel);
    let steps: Vec<_> = page.pipeline.nodes.iter().filter(|node| own(node.kind)).collect();
    if steps.is_empty() {
        out.push_str("None.\n\n");
        return;
    }
    out.push_str("| Id | Name | Class | Reads | Writes | Remarks |\n|---|---|---|---|---|---|\n");
    for node in steps {
        let declared = |label: &str| {
            let value = node.values.iter().find(|(name, _)| name == label);
            value.map_or_else(String::new, |(_, value)| names(&(page.read)(value)))
        };
        let mut remarks = Vec::new();
        match node.kind {
            NodeKind::Human => remarks.push("waits for a person"),
            NodeKind::Parallel => remarks.push("marked parallel"),
            _ => {}
        }
        if !node.reachable {
            remarks.push("unreachable");
        }
        let name = if node.name == node.id { String::new() } else { text(&node.name) };
        let _ = writeln!(
            out,
            "| {} | {name} | {} | {} | {} | {} |",
            code(&node.id),
            if node.detail.is_empty() { String::new() } else { code(&node.detail) },
            declared("Inputs"),
            declared("Outputs"),
            remarks.join(", ")
        );
    }
    out.push('\n');
}

/// The names declared in a list of names or of objects with a name, or by the keys of an object, with their sources.
fn names(json: &str) -> String {
    let bytes = json.as_bytes();
    let tree = Tree::parse(bytes);
    let brief = |node: u32| {
        let raw = || String::from_utf8_lossy(tree.raw(bytes, node)).into_owned();
        shortened(&tree.string(bytes, node).map_or_else(raw, std::borrow::Cow::into_owned), LETTERS)
    };
    let mut out = Vec::new();
    let mut count = 0usize;
    for child in tree.children(0) {
        count += 1;
        if out.len() >= NAMES {
            continue;
        }
        let key = tree.key(bytes, child).map(std::borrow::Cow::into_owned);
        let (name, source) = match (key, tree.node(child).map(|node| node.kind)) {
            (Some(key), _) => (key, Some(brief(child))),
            (None, Some(Json::Object)) => {
                let member = |key: &str| tree.member(bytes, child, key).map(brief);
                (member("name").unwrap_or_else(|| brief(child)), member("source"))
            }
            _ => (brief(child), None),
        };
        let source = source.map_or_else(String::new, |source| format!(" from {}", code(&source)));
        out.push(format!("{}{source}", code(&name)));
    }
    if count > out.len() {
        out.push(format!("{} more", count - out.len()));
    }
    out.join("; ")
}

fn parameters(page: &Page<'_>, out: &mut String) {
    let parameters = &page.pipeline.parameters;
    if parameters.is_empty() {
        return;
    }
    out.push_str("## Parameters\n\n| Name | Type | Required | Default | Description |\n|---|---|---|---|---|\n");
    for parameter in parameters {
        let default = parameter.default.as_ref().map(|value| shortened(&(page.read)(value), LETTERS));
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} |",
            code(&parameter.name),
            text(&parameter.type_name),
            if parameter.required { "yes" } else { "no" },
            default.map_or_else(String::new, |default| code(&default)),
            text(&parameter.description)
        );
    }
    out.push('\n');
}

fn flow(pipeline: &Pipeline, out: &mut String) {
    out.push_str("## Edges\n\n");
    let mut rows = String::new();
    for edge in &pipeline.edges {
        let Some((from, to)) = ends(pipeline, edge) else { continue };
        let condition =
            edge.condition.as_ref().map(|condition| condition.text.as_str()).filter(|text| !text.is_empty());
        let mut when = match (edge.style, condition) {
            (EdgeStyle::Never, Some(condition)) => format!("never: {}", code(condition)),
            (EdgeStyle::Never, None) => "never".to_owned(),
            (EdgeStyle::Conditional, Some(condition)) => format!("when {}", code(condition)),
            (EdgeStyle::Conditional, None) => "on a condition".to_owned(),
            (EdgeStyle::Always, Some(condition)) => format!("always ({})", code(condition)),
            (EdgeStyle::Always, None) => "always".to_owned(),
        };
        if let Some(remark) = edge.condition.as_ref().and_then(|condition| condition.remark.as_ref()) {
            let _ = write!(when, ". {}", text(remark));
        }
        let _ = writeln!(rows, "| {} | {} | {when} |", code(&from.id), code(&to.id));
    }
    if rows.is_empty() {
        out.push_str("None.\n\n");
    } else {
        let _ = writeln!(out, "| From | To | Taken |\n|---|---|---|\n{rows}");
    }
}

fn findings(findings: &[Said], out: &mut String) {
    out.push_str("## Findings\n\n");
    if findings.is_empty() {
        out.push_str("None.\n");
        return;
    }
    for said in findings {
        let word = match said.severity {
            Severity::Error => "Error",
            Severity::Warning => "Warning",
            Severity::Info => "Note",
        };
        let place = match (said.line, said.path.is_empty()) {
            (Some(line), false) => format!(" (line {line}, {})", code(&said.path)),
            (Some(line), true) => format!(" (line {line})"),
            (None, false) => format!(" ({})", code(&said.path)),
            (None, true) => String::new(),
        };
        let _ = writeln!(out, "- **{word}** {}: {}{place}", code(&said.id), text(&said.message));
    }
}
