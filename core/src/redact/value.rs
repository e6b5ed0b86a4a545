//! A value without what is to be taken out of it: texts within JSON, JSON within texts, names of members, numbers.

use super::named::{self, Hint};
use crate::export::json_line::{self, Here, Rewrite, walk};
use crate::json::{At, NodeKind, Tree, push_escaped, quoted};

/// JSON within texts within JSON: how deep it is read.
const DEPTH: u32 = 6;
/// Lists within lists through which a name is looked for.
const LISTS: usize = 6;

/// Whoever says what a text becomes.
pub(crate) trait Change {
    /// From here on, texts are of this part of a step.
    fn part(&mut self, _part: &'static str) {}
    /// The text in place of this one, where it is another; `path` tells where it stands.
    fn text(&mut self, text: &str, hint: Hint, path: &dyn Fn() -> String) -> Option<String>;
    /// The number in place of this one.
    fn number(&mut self, number: &str, hint: Hint, path: &dyn Fn() -> String) -> Option<String>;
}

/// What the name of a member says; that of a list's items is the list's.
fn hint_of(at: Here<'_>, outer: Hint) -> Hint {
    let mut node = at.node;
    for _ in 0..LISTS {
        if let Some(key) = at.tree.key(at.text, node) {
            let own = named::hint(&key);
            // `headers: [{name: "authorization", value: …}]`
            return if own == Hint::None && matches!(&*key, "value" | "stringValue") { beside(at, node) } else { own };
        }
        match at.tree.parent(node) {
            Some(parent) => node = parent,
            None => return outer,
        }
    }
    Hint::None
}

/// What the member `name` or `key` beside a `value` says of it.
fn beside(at: Here<'_>, node: u32) -> Hint {
    let Some(mut parent) = at.tree.parent(node) else { return Hint::None };
    // OpenTelemetry wraps a value once more.
    if at.tree.key(at.text, parent).as_deref() == Some("value")
        && let Some(outer) = at.tree.parent(parent)
    {
        parent = outer;
    }
    let said = ["key", "name", "header", "field"].into_iter().filter_map(|key| at.tree.member(at.text, parent, key));
    said.filter_map(|node| at.tree.string(at.text, node))
        .map(|name| named::hint(&name))
        .find(|hint| *hint != Hint::None)
        .unwrap_or(Hint::None)
}

struct Changing<'a> {
    change: &'a mut dyn Change,
    outer: Hint,
    /// The path of the value this one was found in.
    path: &'a dyn Fn() -> String,
    depth: u32,
    changed: bool,
}

/// The path of a node, behind that of the value it stands in.
fn path_of(outer: &dyn Fn() -> String, at: Here<'_>) -> String {
    let own = At { text: at.text, tree: at.tree, node: at.node }.path();
    format!("{}{}", outer(), own.strip_prefix('$').unwrap_or(&own))
}

impl Rewrite for Changing<'_> {
    fn string(&mut self, at: Here<'_>, out: &mut String) {
        let Some(text) = at.tree.string(at.text, at.node) else { return json_line::string(at.raw(), out) };
        let hint = hint_of(at, self.outer);
        let outer = self.path;
        let path = || path_of(outer, at);
        match changed(&text, hint, &mut *self.change, &path, self.depth) {
            Some(other) => {
                self.changed = true;
                out.push_str(&quoted(&other));
            }
            None => json_line::string(at.raw(), out),
        }
    }

    fn scalar(&mut self, at: Here<'_>, out: &mut String) {
        let number = at.tree.node(at.node).is_some_and(|node| node.kind == NodeKind::Number);
        if number && let Ok(text) = std::str::from_utf8(at.raw()) {
            let hint = hint_of(at, self.outer);
            let outer = self.path;
            let path = || path_of(outer, at);
            if let Some(other) = self.change.number(text, hint, &path) {
                self.changed = true;
                return out.push_str(&other);
            }
        }
        json_line::scalar(at.raw(), out);
    }

    fn key(&mut self, at: Here<'_>, out: &mut String) {
        let Some(name) = at.tree.key(at.text, at.node) else { return };
        let outer = self.path;
        let path = || path_of(outer, at);
        match self.change.text(&name, Hint::None, &path) {
            Some(other) => {
                self.changed = true;
                out.push('"');
                push_escaped(out, &other);
                out.push('"');
            }
            None => json_line::key(at, out),
        }
    }
}

/// A text that may hold JSON: what it becomes, where it is another.
pub(crate) fn changed(
    text: &str,
    hint: Hint,
    change: &mut dyn Change,
    path: &dyn Fn() -> String,
    depth: u32,
) -> Option<String> {
    if depth < DEPTH && crate::json::looks_like_container(text) {
        let bytes = text.as_bytes();
        let tree = Tree::parse(bytes);
        let end = tree.node(0).map_or(0, |node| node.end as usize);
        let whole = tree.damage.is_none() && bytes.get(end..).unwrap_or(&[]).iter().all(u8::is_ascii_whitespace);
        if whole {
            let mut out = String::with_capacity(text.len());
            let mut changing = Changing { change, outer: hint, path, depth: depth + 1, changed: false };
            walk(bytes, &tree, &mut out, &mut changing);
            return changing.changed.then_some(out);
        }
    }
    change.text(text, hint, path)
}

/// JSON: what it becomes, where it is another.
pub(crate) fn changed_json(
    json: &str,
    hint: Hint,
    change: &mut dyn Change,
    path: &dyn Fn() -> String,
) -> Option<String> {
    let bytes = json.as_bytes();
    let tree = Tree::parse(bytes);
    let mut out = String::with_capacity(json.len());
    let mut changing = Changing { change, outer: hint, path, depth: 0, changed: false };
    walk(bytes, &tree, &mut out, &mut changing);
    changing.changed.then_some(out)
}
