//! The validator's rules for the flow: edges, conditions, what can be reached. Loops are in `loops`.

use super::report::{Check, Report, crash};
use super::{Names, Text, loops};
use crate::ia_modules::definition::HashKey;
use crate::json::NodeKind;
use crate::order::Order as _;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::VecDeque;

/// The types the validator knows. The engine evaluates `always` alone of them.
const KNOWN: [&str; 10] = [
    "always",
    "field_equals",
    "field_exists",
    "field_greater_than",
    "field_less_than",
    "all",
    "any",
    "not",
    "custom",
    "plugin",
];

/// How one of the two lists of edges is checked.
struct List {
    key: &'static str,
    /// What an edge is called.
    name: &'static str,
    from: &'static str,
    to: &'static str,
}

const PATHS: List = List { key: "paths", name: "Path", from: "from_step", to: "to_step" };
const TRANSITIONS: List = List { key: "transitions", name: "Transition", from: "from", to: "to" };

/// What follows what, in the order of the file.
#[derive(Default)]
pub(super) struct Follow<'a> {
    number: FxHashMap<HashKey<'a>, u32>,
    /// The nodes that edges leave, in the order in which they first do.
    pub(super) leave: Vec<u32>,
    /// For each number: the nodes its edges lead to.
    pub(super) next: Vec<Vec<u32>>,
    /// A node of the text that writes each number.
    pub(super) written: Vec<u32>,
}

impl<'a> Follow<'a> {
    fn number(&mut self, key: HashKey<'a>, node: u32) -> u32 {
        let fresh = self.next.len() as u32;
        let number = *self.number.entry(key).or_insert(fresh);
        if number == fresh {
            self.next.push(Vec::new());
            self.written.push(node);
        }
        number
    }
}

/// Checks the flow.
pub(super) fn flow<'a>(text: Text<'a>, names: &Names<'a>, report: &mut Report) -> Check<()> {
    let Some(flow) = text.object(Text::ROOT, "flow") else { return Ok(()) };
    let Some(start) = text.get(flow, "start_at") else {
        report.error("Flow is missing 'start_at' field".to_owned());
        return Ok(());
    };
    let start_key = hashed(text, start, || "`$.flow.start_at` must be the name of a step".to_owned())?;
    if !defined(&start_key, names) {
        report.error(format!("Start step '{}' is not defined in steps", text.str_of(start)));
    }
    let list = match (text.get(flow, PATHS.key), text.get(flow, TRANSITIONS.key)) {
        (Some(paths), _) => Some((PATHS, paths)),
        (None, Some(transitions)) => Some((TRANSITIONS, transitions)),
        (None, None) => {
            report.warning("Flow has no 'paths' or 'transitions' defined".to_owned());
            None
        }
    };
    let mut follow = Follow::default();
    if let Some((list, node)) = &list {
        edges(text, list, *node, names, report)?;
        follow = following(text, list, *node)?;
    }
    unreachable(&start_key, start, names, &mut follow, report);
    if text.get(flow, TRANSITIONS.key).is_some() {
        loops::advanced(text, flow, report);
    } else if let Some(cycle) = loops::first_cycle(&follow)? {
        let cycle: Vec<_> =
            cycle.iter().filter_map(|&at| Some(text.str_of(*follow.written.get(at as usize)?))).collect();
        report.warning(format!("Flow contains cycles: {}", cycle.join(" -> ")));
    }
    Ok(())
}

fn defined(key: &HashKey<'_>, names: &Names<'_>) -> bool {
    matches!(key, HashKey::Text(name) if names.contains(name))
}

/// The key of a value that is looked up in a set.
fn hashed<'a>(text: Text<'a>, node: u32, what: impl Fn() -> String) -> Check<HashKey<'a>> {
    text.hash_key(node).or_else(|kind| {
        let what = format!("{}, and is {}.", what(), text.brief(node, 40));
        crash(what, "TypeError", format!("unhashable type: '{kind}'"))
    })
}

/// Checks one list of edges.
fn edges<'a>(text: Text<'a>, list: &List, node: u32, names: &Names<'a>, report: &mut Report) -> Check<()> {
    if !text.is(node, NodeKind::Array) {
        report.error(format!("Flow '{}' must be a list", list.key));
        return Ok(());
    }
    let transitions = list.key == TRANSITIONS.key;
    for (index, edge) in text.children(node).enumerate() {
        if !text.is(edge, NodeKind::Object) {
            report.error(format!("{} at index {index} must be an object", list.name));
            continue;
        }
        for key in [list.from, list.to] {
            let Some(end) = text.get(edge, key) else { continue };
            let what = || format!("`$.flow.{}[{index}].{key}` must be the name of a step", list.key);
            let hash = hashed(text, end, what)?;
            // The ends of a path may be terminals, and of a transition only its target.
            let terminal = !(transitions && key == list.from);
            if defined(&hash, names) || terminal && starts_with_end(text, end, what)? {
                continue;
            }
            let step = if transitions { format!("'{key}' step") } else { format!("'{key}'") };
            report.error(format!("{} {index}: {step} '{}' is not defined", list.name, text.str_of(end)));
        }
        if let Some(node) = text.get(edge, "condition") {
            condition(text, node, &format!("{} {index}", list.name), report);
        }
    }
    Ok(())
}

fn starts_with_end(text: Text<'_>, node: u32, what: impl Fn() -> String) -> Check<bool> {
    match text.string(node) {
        Some(name) => Ok(name.starts_with("end_")),
        None => {
            let what = format!("{}, and is {}.", what(), text.brief(node, 40));
            crash(what, "AttributeError", format!("'{}' object has no attribute 'startswith'", text.type_name(node)))
        }
    }
}

fn condition(text: Text<'_>, node: u32, context: &str, report: &mut Report) {
    if !text.is(node, NodeKind::Object) {
        report.error(format!("{context}: condition must be an object"));
        return;
    }
    let Some(kind) = text.get(node, "type") else {
        report.error(format!("{context}: condition is missing 'type' field"));
        return;
    };
    if text.string(kind).is_none_or(|kind| !KNOWN.contains(&&*kind)) {
        let kind = text.str_of(kind);
        let known = KNOWN.join(", ");
        report.warning(format!("{context}: unknown condition type '{kind}'. Known types: {known}"));
    }
}

/// What follows what; terminals and edges without two ends are left out.
fn following<'a>(text: Text<'a>, list: &List, node: u32) -> Check<Follow<'a>> {
    let mut follow = Follow::default();
    let path = format!("$.flow.{}", list.key);
    let no_get =
        |what: String, kind: &str| crash(what, "AttributeError", format!("'{kind}' object has no attribute 'get'"));
    match text.kind(node) {
        NodeKind::Array => {}
        // Python walks over the keys of an object and the characters of a text.
        NodeKind::Object if text.tree.first_child(node).is_none() => return Ok(follow),
        NodeKind::String if text.raw(node).len() <= 2 => return Ok(follow),
        NodeKind::Object | NodeKind::String => {
            return no_get(format!("`{path}` must be a list, and is {}.", text.brief(node, 40)), "str");
        }
        NodeKind::Number | NodeKind::Bool | NodeKind::Null => {
            let what = format!("`{path}` must be a list, and is {}.", text.brief(node, 40));
            return crash(what, "TypeError", format!("'{}' object is not iterable", text.type_name(node)));
        }
    }
    for (index, edge) in text.children(node).enumerate() {
        if !text.is(edge, NodeKind::Object) {
            let what = format!("`{path}[{index}]` must be an object, and is {}.", text.brief(edge, 40));
            return no_get(what, text.type_name(edge));
        }
        let end = |key: &str| text.get(edge, key).filter(|&end| truthy(text, end));
        let (Some(from), Some(to)) = (end(list.from), end(list.to)) else { continue };
        let ends = |key: &str| format!("`{path}[{index}].{key}` must be the name of a step");
        if starts_with_end(text, to, || ends(list.to))? {
            continue;
        }
        let from_key = hashed(text, from, || ends(list.from))?;
        let to_key = hashed(text, to, || ends(list.to))?;
        let (a, b) = (follow.number(from_key, from), follow.number(to_key, to));
        if let Some(next) = follow.next.get_mut(a as usize) {
            if next.is_empty() {
                follow.leave.push(a);
            }
            next.push(b);
        }
    }
    Ok(follow)
}

fn truthy(text: Text<'_>, node: u32) -> bool {
    match text.kind(node) {
        NodeKind::String => text.raw(node).len() > 2,
        NodeKind::Object | NodeKind::Array => text.tree.first_child(node).is_some(),
        NodeKind::Null => false,
        NodeKind::Bool => text.is_true(node),
        NodeKind::Number => text.float(node) != Some(0.0),
    }
}

/// Warns of steps that no walk from the start comes to.
fn unreachable<'a>(start: &HashKey<'a>, node: u32, names: &Names<'a>, follow: &mut Follow<'a>, report: &mut Report) {
    let first = follow.number(start.clone(), node);
    let mut reached = vec![false; follow.next.len()];
    let mut queue = VecDeque::from([first]);
    while let Some(at) = queue.pop_front() {
        let Some(seen) = reached.get_mut(at as usize) else { continue };
        if !std::mem::replace(seen, true) {
            queue.extend(follow.next.get(at as usize).into_iter().flatten());
        }
    }
    let reached: FxHashSet<&str> = follow
        .number
        .iter()
        .filter(|(_, at)| reached.get(**at as usize).copied().unwrap_or(false))
        .filter_map(|(key, _)| if let HashKey::Text(name) = key { Some(&**name) } else { None })
        .collect();
    let mut missed: Vec<&str> = names.iter().map(|name| &**name).filter(|name| !reached.contains(name)).collect();
    missed.order();
    if !missed.is_empty() {
        report.warning(format!("Unreachable steps: {}", missed.join(", ")));
    }
}
