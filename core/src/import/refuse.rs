//! Formats that are recognised and not read: their names, and what to do instead.
//!
//! Nothing here decides that a file can be read; it is asked only when no format that is read matched. JSON is told
//! by the rules in `rules`, other text by its first lines in `text`.

mod markup;
mod others;
mod rules;
mod text;

use super::{Probe, Sample, formats};
use crate::json::{NodeKind, whole};
use others::OTHERS;
use rules::{RULES, Rule};

/// Keys that wrap a payload: what is inside is looked at as well.
pub(super) const WRAPPERS: [&str; 15] = [
    "data",
    "result",
    "results",
    "response",
    "items",
    "traces",
    "trace",
    "runs",
    "history",
    "spans",
    "events",
    "records",
    "body",
    "conversations",
    "chats",
];

/// Keys of an unknown file that are named.
const KEYS: usize = 12;

/// What a text is, and what to do: sentences for a person.
pub(super) fn refuse(probe: &Probe<'_>) -> String {
    if let Some(named) = named(probe) {
        return named;
    }
    if let Some((name, next)) = text::recognised(probe.head) {
        return refused(&name, next);
    }
    let looked = format!("Looked for: {}.", readable());
    match described(probe) {
        Some(what) => format!("It is {what}, and none of the formats that are read was found in it. {looked}"),
        None => format!("It is text without JSON in it, and no trace or pipeline that is read. {looked}"),
    }
}

/// Whether a text is of a kind that is only named: what looks like less must leave it alone.
pub(super) fn names(probe: &Probe<'_>) -> bool {
    recognised(probe).is_some()
}

/// Whether the first value of a text is of a kind that is only named, whatever it wraps.
pub(super) fn names_itself(probe: &Probe<'_>) -> bool {
    let Some((first, root)) = probe.samples.first().and_then(|first| Some((first, object(first, 0)?))) else {
        return false;
    };
    RULES.iter().chain(OTHERS).any(|rule| rule.all.iter().all(|test| holds(first, root, test)))
}

/// What a JSON text is, when a rule names it, and what to do.
pub(super) fn named(probe: &Probe<'_>) -> Option<String> {
    let rule = recognised(probe)?;
    let next = if rule.next.is_empty() { format!("What is read: {}.", readable()) } else { rule.next.to_owned() };
    Some(refused(rule.name, &next))
}

fn refused(name: &str, next: &str) -> String {
    format!("This is {name}; it cannot be read here. {next}")
}

/// Whether a text is what a JavaScript program prints to its console.
pub(super) fn console(head: &[u8]) -> bool {
    text::javascript(&super::notation::beginning(head))
}

/// What is read, in one breath: the whole list fills a screen.
fn readable() -> String {
    format!(
        "{} formats, among them OTLP, Jaeger, Zipkin and Chrome traces, sessions of coding agents, exports of platforms \
         such as Langfuse, LangSmith and Phoenix, histories of workflow engines, reports of tests, and pipelines \
         (`chaindebug formats` lists them all)",
        formats().count()
    )
}

/// The rule that names a JSON file.
fn recognised(probe: &Probe<'_>) -> Option<&'static Rule> {
    // Rules are ordered, and one rule may match a later value only: rule by rule, then value by value.
    let roots: Vec<(&Sample<'_>, u32)> =
        probe.samples.iter().flat_map(|sample| roots(sample).into_iter().map(move |root| (sample, root))).collect();
    RULES
        .iter()
        .chain(OTHERS)
        .find(|rule| roots.iter().any(|(sample, root)| rule.all.iter().all(|test| holds(sample, *root, test))))
}

/// The object at the root of a sample, through lists, and what its wrappers hold.
fn roots(sample: &Sample<'_>) -> Vec<u32> {
    let Some(root) = object(sample, 0) else { return Vec::new() };
    let inside = WRAPPERS.iter().filter_map(|key| sample.member(root, key)).filter_map(|node| object(sample, node));
    std::iter::once(root).chain(inside).collect()
}

/// The object at a node, or the first in a list, or in a list of lists.
fn object(sample: &Sample<'_>, mut node: u32) -> Option<u32> {
    for _ in 0..3 {
        match sample.tree.node(node)?.kind {
            NodeKind::Object => return Some(node),
            NodeKind::Array => node = sample.tree.first_child(node)?,
            _ => return None,
        }
    }
    None
}

/// Whether a test of a rule holds; how tests are written stands at [`Rule::all`].
fn holds(sample: &Sample<'_>, root: u32, test: &str) -> bool {
    if let Some(absent) = test.strip_prefix('!') {
        return !holds(sample, root, absent);
    }
    let (path, value) = match test.find(['=', '^', ':']) {
        Some(at) => (test.get(..at).unwrap_or(test), test.get(at..)),
        None => (test, None),
    };
    let mut node = root;
    for key in path.split('.') {
        let member = object(sample, node).and_then(|object| match key {
            "*" => sample.tree.first_child(object),
            key => sample.member(object, key),
        });
        let Some(member) = member else { return false };
        node = member;
    }
    let Some(value) = value else { return true };
    let (how, wanted) = value.split_at(1);
    let text = || sample.text_of(node).unwrap_or_default();
    match (how, wanted) {
        (":", "[]") => sample.is(node, NodeKind::Array),
        (":", "[text]") => sample.tree.first_child(node).is_some_and(|first| sample.is(first, NodeKind::String)),
        (":", _) => sample.is(node, NodeKind::Object),
        ("^", _) => text().starts_with(wanted),
        _ => text() == wanted,
    }
}

/// A JSON text of an unknown kind, by its shape and keys.
fn described(probe: &Probe<'_>) -> Option<String> {
    let named = |sample: &&Sample<'_>| object(sample, 0).is_some_and(|root| sample.tree.first_child(root).is_some());
    // Before it may stand what a log puts before its lines; in prose any bracket may stand.
    let first = probe.samples.iter().find(named).filter(|_| probe.sound()).or_else(|| probe.samples.first())?;
    let root = object(first, 0);
    let children = root.into_iter().flat_map(|root| first.tree.children(root));
    let keys: Vec<String> =
        children.filter_map(|child| first.tree.key(first.text, child)).map(std::borrow::Cow::into_owned).collect();
    // A bracket in a text is no JSON: there must be a key, or nothing but the value.
    let mut begins = probe.head.iter().filter(|byte| !byte.is_ascii_whitespace());
    let list = begins.next() == Some(&b'[') && matches!(begins.next(), Some(b'"' | b'{'));
    if keys.is_empty() && whole(probe.head).is_none() && !(list && probe.many()) {
        return None;
    }
    if root.is_none() {
        return Some("a JSON list without objects".to_owned());
    }
    let shape = match (probe.many(), first.is_array()) {
        (true, _) => "several JSON values, the first",
        (false, true) => "a JSON list, its first item",
        (false, false) => "one JSON object",
    };
    if keys.is_empty() {
        return Some(format!("{shape} without keys"));
    }
    let mut shown: Vec<String> =
        keys.iter().take(KEYS).map(|key| format!("`{}`", key.chars().take(40).collect::<String>())).collect();
    if keys.len() > KEYS {
        shown.push("…".to_owned());
    }
    Some(format!("{shape} with the keys {}", shown.join(", ")))
}

#[cfg(test)]
mod tests;
