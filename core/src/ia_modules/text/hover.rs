//! What is to be said about a place in the text: what its key means to the engine, what a name refers to, a condition
//! in words.

use super::caret::Way;
use super::keys::{Keys, description, type_words};
use super::outline::{Outline, is_terminal};
use super::{declared, words};
use crate::json::{At, NodeKind, Tree};
use crate::protocol::{Hover, Target};

/// About byte `at` of a pipeline's text; `None` where there is nothing to say.
pub fn hover(text: &[u8], at: usize, target: Target) -> Option<Hover> {
    let tree = Tree::forgiving(text);
    let root = At::root(text, &tree)?;
    let (found, on_key) = find(root, at)?;
    let outline = Outline::of(root);
    let keys = Keys::new();
    let way: Vec<Way> = way_of(found);
    let schemas = keys.at(&way);
    let range = match (on_key, found.key_range()) {
        (true, Some((start, end))) => (start.saturating_sub(1), end + 1),
        _ => (found.start(), found.end()),
    };
    let said = |title: String, text: String| Hover {
        start: range.0 as u64,
        end: range.1 as u64,
        path: found.path(),
        title,
        text,
    };
    let last = found.key().unwrap_or_default().into_owned();
    let types = type_words(&schemas);
    let about = description(&schemas);
    let title = if types.is_empty() { last.clone() } else { format!("{last}: {types}") };
    if on_key && last == "condition" {
        return Some(said(title, format!("{} {about}", words::condition(found, target.engine))));
    }
    if on_key {
        return (!about.is_empty()).then(|| said(title, about));
    }
    let text = found.string().map(std::borrow::Cow::into_owned).unwrap_or_default();
    if let Some(condition) = condition_around(&way, found) {
        return Some(said(
            if title.is_empty() { "condition".to_owned() } else { title },
            words::condition(condition, target.engine),
        ));
    }
    if matches!(last.as_str(), "from" | "to" | "from_step" | "to_step" | "start_at") && !text.is_empty() {
        if let Some(step) = outline.step(&text) {
            return Some(said(format!("Step {text}"), words::step(step)));
        }
        if is_terminal(&text) {
            return Some(said(format!("Terminal {text}"), words::terminal(&text).to_owned()));
        }
        return Some(said(
            format!("No step {text}"),
            format!(
                "No step of this file has the id `{text}`: a run that comes here stops with `Step '{text}' not found`."
            ),
        ));
    }
    if let Some(parameter) = template(&text, root) {
        return Some(said("Template".to_owned(), parameter));
    }
    (!about.is_empty()).then(|| said(title, about))
}

/// The innermost value or key at a place, containers aside.
fn find(root: At<'_>, at: usize) -> Option<(At<'_>, bool)> {
    let mut here = root;
    loop {
        let child = here.children().find(|child| {
            let start = child.key_range().map_or(child.start(), |key| key.0.saturating_sub(1));
            start <= at && at < child.end().max(child.start() + 1)
        })?;
        if child.key_range().is_some_and(|(_, end)| at <= end) {
            return Some((child, true));
        }
        if at < child.start() {
            return None;
        }
        if !matches!(child.kind(), NodeKind::Object | NodeKind::Array) {
            return Some((child, false));
        }
        here = child;
    }
}

fn way_of(at: At<'_>) -> Vec<Way> {
    let mut way: Vec<Way> = std::iter::successors(Some(at), |at| at.parent())
        .filter(|at| at.parent().is_some())
        .map(|at| match at.key() {
            Some(key) => Way::Key(key.into_owned()),
            None => Way::Item(at.tree.node(at.node).map_or(0, |node| node.index)),
        })
        .collect();
    way.reverse();
    way
}

/// The condition of an edge that a value stands in.
fn condition_around<'a>(way: &[Way], at: At<'a>) -> Option<At<'a>> {
    let in_edge = matches!(way, [Way::Key(flow), Way::Key(_), Way::Item(_), Way::Key(condition), ..]
        if flow == "flow" && condition == "condition");
    let around = std::iter::successors(Some(at), |at| at.parent());
    if in_edge { around.take(32).find(|at| at.key().as_deref() == Some("condition")) } else { None }
}

/// What a `{{ parameters.x }}` in a text refers to.
fn template(text: &str, root: At<'_>) -> Option<String> {
    let inside = text.split_once("{{")?.1.split_once("}}")?.0.trim();
    let name = inside.strip_prefix("parameters.")?;
    let all = declared::parameters(root);
    let Some(one) = all.iter().find(|one| one.name == name) else {
        return Some(format!(
            "No parameter `{name}` is declared: the engine leaves the text as it is, unless 0.2.0 finds the key in the input."
        ));
    };
    let default = one.default.map(|value| format!(" Here it is {}.", value.brief(60))).unwrap_or_default();
    let about =
        if one.description.is_empty() { String::new() } else { format!(" {}.", one.description.trim_end_matches('.')) };
    Some(format!("The parameter `{name}`.{about}{default}"))
}
