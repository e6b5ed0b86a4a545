//! Flattened attributes put together again: `llm.input_messages.0.message.role` and its siblings as one JSON text.
//!
//! Numbers in a key are positions: sorted as numbers, gaps closed. Works on an arena, since a hostile key may have a
//! hundred thousand dots.

use super::Attr;
use crate::json::quoted;
use crate::order::Order as _;
use rustc_hash::FxHashMap;

#[derive(Default)]
struct Node<'a> {
    /// Children by segment, in order of appearance.
    children: Vec<(&'a str, usize)>,
    value: Option<String>,
}

/// The attributes whose key continues `prefix` (which ends with a dot), as JSON, and how many there are.
pub(super) fn nest<'b>(attrs: impl Iterator<Item = &'b Attr<'b>>, prefix: &str) -> Option<(String, usize)> {
    let mut nodes: Vec<Node<'_>> = vec![Node::default()];
    // By parent and segment: a level may have as many children as there are attributes.
    let mut places: FxHashMap<(usize, &str), usize> = FxHashMap::default();
    let mut count = 0;
    for attr in attrs {
        let Some(rest) = attr.key.strip_prefix(prefix).filter(|rest| !rest.is_empty()) else { continue };
        count += 1;
        let mut at = 0;
        for segment in rest.split('.') {
            at = match places.get(&(at, segment)) {
                Some(&child) => child,
                None => {
                    nodes.push(Node::default());
                    let child = nodes.len() - 1;
                    if let Some(node) = nodes.get_mut(at) {
                        node.children.push((segment, child));
                    }
                    places.insert((at, segment), child);
                    child
                }
            };
        }
        if let Some(node) = nodes.get_mut(at) {
            node.value = Some(attr.val.json().into_owned());
        }
    }
    (count > 0).then(|| (write(&nodes), count))
}

fn position(segment: &str) -> Option<u64> {
    segment.parse().ok()
}

fn write(nodes: &[Node<'_>]) -> String {
    enum Todo {
        Node(usize),
        Text(&'static str),
        Key(String),
    }
    let mut out = String::new();
    let mut todo = vec![Todo::Node(0)];
    while let Some(next) = todo.pop() {
        let node = match next {
            Todo::Text(text) => {
                out.push_str(text);
                continue;
            }
            Todo::Key(key) => {
                out.push_str(&quoted(&key));
                out.push(':');
                continue;
            }
            Todo::Node(at) => match nodes.get(at) {
                Some(node) => node,
                None => continue,
            },
        };
        if node.children.is_empty() {
            out.push_str(node.value.as_deref().unwrap_or("null"));
            continue;
        }
        let list = node.value.is_none() && node.children.iter().all(|(segment, _)| position(segment).is_some());
        let mut children: Vec<&(&str, usize)> = node.children.iter().collect();
        if list {
            children.order_by_key(|(segment, _)| position(segment));
        }
        out.push(if list { '[' } else { '{' });
        if let (false, Some(value)) = (list, &node.value) {
            // Both a value and members of its own: the value stands under an empty key.
            out.push_str("\"\":");
            out.push_str(value);
            out.push(',');
        }
        todo.push(Todo::Text(if list { "]" } else { "}" }));
        for (index, (segment, child)) in children.into_iter().enumerate().rev() {
            todo.push(Todo::Node(*child));
            if !list {
                todo.push(Todo::Key((*segment).to_owned()));
            }
            if index > 0 {
                todo.push(Todo::Text(","));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Val;
    use crate::model::Place;
    use std::borrow::Cow;

    fn attr(key: &str, json: &'static str) -> Attr<'static> {
        Attr { key: Cow::Owned(key.to_owned()), val: Val::Json(Cow::Borrowed(json)), place: Place::default() }
    }

    #[test]
    fn numbers_sort_as_numbers_and_gaps_close() {
        let attrs = [
            attr("m.10.role", "\"user\""),
            attr("m.2.role", "\"system\""),
            attr("m.2.tool_calls.0.id", "1"),
            attr("other", "0"),
        ];
        let expected = r#"[{"role":"system","tool_calls":[{"id":1}]},{"role":"user"}]"#;
        assert_eq!(nest(attrs.iter(), "m."), Some((expected.to_owned(), 3)));
        assert_eq!(nest(attrs.iter(), "none."), None);
    }

    #[test]
    fn a_key_of_a_hundred_thousand_dots() {
        let key = format!("m.{}", "a.".repeat(100_000));
        let attrs = [attr(&key, "1")];
        assert!(nest(attrs.iter(), "m.").is_some());
    }
}
