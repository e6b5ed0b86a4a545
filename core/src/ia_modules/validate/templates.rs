//! The validator's rules for `{{ parameters.x }}` and `{{ steps.x }}`, wherever they stand.

use super::report::Report;
use super::{Names, Text};
use crate::ia_modules::python::is_space;
use crate::json::NodeKind;
use rustc_hash::FxHashSet;
use std::borrow::Cow;

/// Checks parameters and all templates.
pub(super) fn templates<'a>(text: Text<'a>, names: &Names<'a>, report: &mut Report) {
    let parameters = text.get(Text::ROOT, "parameters");
    if parameters.is_some_and(|parameters| !text.is(parameters, NodeKind::Object)) {
        report.error("'parameters' must be an object".to_owned());
        return;
    }
    // Most files have no template, and need no walk.
    if !could_hold_templates(text.bytes) {
        return;
    }
    let parameters: FxHashSet<Cow<'a, str>> =
        parameters.into_iter().flat_map(|node| text.children(node)).map(|member| text.key(member)).collect();
    let mut open = vec![Text::ROOT];
    while let Some(node) = open.pop() {
        match text.kind(node) {
            NodeKind::Object => open.extend(text.members(node).into_iter().rev()),
            NodeKind::Array => {
                let from = open.len();
                open.extend(text.children(node));
                if let Some(items) = open.get_mut(from..) {
                    items.reverse();
                }
            }
            NodeKind::String => {
                each_template(&text.string(node).unwrap_or_default(), |inside| {
                    let mut parts = inside.split('.');
                    match (parts.next(), parts.next()) {
                        (Some("parameters"), Some(name)) if !parameters.contains(name) => {
                            report.warning(format!("Template references undefined parameter: '{name}'"));
                        }
                        (Some("steps"), Some(name)) if !names.contains(name) => {
                            report.error(format!("Template references undefined step: '{name}'"));
                        }
                        _ => {}
                    }
                });
            }
            _ => {}
        }
    }
}

fn could_hold_templates(bytes: &[u8]) -> bool {
    // Two brackets, or one of them escaped.
    memchr::memmem::find(bytes, b"{{").is_some() || memchr::memmem::find(bytes, b"\\u007").is_some()
}

/// Calls `found` with the inside of each `{{ … }}`, trimmed: what the pattern `\{\{\s*([^}]+)\s*\}\}` finds.
pub(crate) fn each_template(text: &str, mut found: impl FnMut(&str)) {
    let mut rest = text;
    while let Some(open) = rest.find("{{") {
        let Some(inside) = rest.get(open + 2..) else { return };
        let Some(close) = inside.find('}') else { return };
        let after = inside.get(close..).unwrap_or("");
        // The inside must not be empty, and two brackets must close it.
        if close > 0 && after.starts_with("}}") {
            found(inside.get(..close).unwrap_or("").trim_matches(is_space));
            rest = after.get(2..).unwrap_or("");
        } else {
            rest = after.get(1..).unwrap_or("");
        }
    }
}
