//! Another id for a step, wherever the file names it.

use super::super::outline::Outline;
use super::{is_free, known};
use crate::edit::Edits;
use crate::json::{At, NodeKind, quoted};

/// Renames a step: its own id, the start, edges, heads of condition sources, templates.
pub(super) fn rename<'a>(edits: &mut Edits<'a>, outline: &Outline<'a>, id: &str, to: &str) -> Result<(), String> {
    known(outline, id)?;
    if id == to {
        return Ok(());
    }
    is_free(outline, to)?;
    let name = quoted(to);
    for step in outline.steps.iter().filter(|step| step.id == id) {
        edits.replace(step.id_at, &name);
        // The validator knows steps by their name: where that is the id, it stays so.
        if let Some(own) = step.at.get("name")
            && own.node != step.id_at.node
            && own.string().is_some_and(|own| own == id)
        {
            edits.replace(own, &name);
        }
    }
    let ends = outline.edges.iter().flat_map(|edge| [edge.from, edge.to]).flatten();
    for place in ends.chain(outline.start_at()) {
        if place.string().is_some_and(|text| text == id) {
            edits.replace(place, &name);
        }
    }
    for source in outline.edges.iter().filter_map(super::super::outline::Edge::condition).flat_map(sources) {
        head(edits, source, id, to);
    }
    let all = (0..outline.root.tree.len() as u32).map(|node| At { node, ..outline.root });
    for text in all.filter(|at| at.is(NodeKind::String)) {
        templates(edits, text, id, to);
    }
    Ok(())
}

/// Where a condition says what it reads.
fn sources(condition: At<'_>) -> impl Iterator<Item = At<'_>> {
    let places = [condition.get("config"), Some(condition)];
    places.into_iter().flatten().flat_map(|at| [at.get("source"), at.get("field")]).flatten()
}

/// The inside of a string as it stands, when that is UTF-8, and where it begins.
fn inside(text: At<'_>) -> Option<(&str, usize)> {
    let raw = text.raw();
    let inner = raw.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    Some((std::str::from_utf8(inner).ok()?, text.start() + 1))
}

/// An id as it stands inside a string.
fn written(id: &str) -> String {
    let mut out = String::new();
    crate::json::push_escaped(&mut out, id);
    out
}

/// `old` or `old.key` becomes `new` or `new.key`.
fn head(edits: &mut Edits<'_>, text: At<'_>, id: &str, to: &str) {
    let Some((inner, start)) = inside(text) else { return };
    let old = written(id);
    if inner.strip_prefix(old.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')) {
        edits.splice(start, start + old.len(), written(to));
    }
}

/// `{{ steps.old.key }}`, `{steps.old.output.key}` and `{{ old.key }}` within a string.
fn templates(edits: &mut Edits<'_>, text: At<'_>, id: &str, to: &str) {
    let Some((inner, start)) = inside(text) else { return };
    let old = written(id);
    for (brace, _) in inner.match_indices('{') {
        let rest = inner.get(brace + 1..).unwrap_or("");
        // Of two braces the inner one counts.
        if rest.starts_with('{') {
            continue;
        }
        let space = rest.len() - rest.trim_start().len();
        let mut at = brace + 1 + space;
        let mut name = rest.trim_start();
        let whole = name.strip_prefix("steps.");
        if let Some(after) = whole {
            at += "steps.".len();
            name = after;
        }
        let Some(behind) = name.strip_prefix(old.as_str()) else { continue };
        let ends = behind.starts_with('.') || whole.is_some() && behind.trim_start().starts_with('}');
        // `{{ parameters.x }}` is a parameter, even where a step is called so.
        if ends && !(whole.is_none() && matches!(id, "parameters" | "steps" | "pipeline_input")) {
            edits.splice(start + at, start + at + old.len(), written(to));
        }
    }
}
