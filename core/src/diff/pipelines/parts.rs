//! Steps, edges, parameters and settings of two definitions, each with what answers it in the other.

use super::Definition;
use crate::diff::meaning::{self, Options};
use crate::diff::value::rows::Laid;
use crate::json::{NodeKind as Json, Tree};
use crate::model::{NodeKind, Pipeline, PipelineEdge};
use crate::protocol::{Both, PipelineChange, PipelinePart, Sign};
use crate::view::value::Read;
use rustc_hash::FxHashMap;

/// Values that are told of one change.
const TOLD: u32 = 60;

/// Spellings of one key that mean the same, the plain one first.
const SPELLINGS: [(&str, &[&str]); 3] =
    [("step_class", &["class"]), ("from", &["from_step", "source"]), ("to", &["to_step", "target"])];

/// Values that differ, by path.
type Values = Vec<(String, Both<String>)>;

/// What was found.
pub(super) struct Found {
    pub(super) changes: Vec<PipelineChange>,
    pub(super) spelling: Vec<String>,
}

pub(super) fn changes(a: Definition<'_>, b: Definition<'_>) -> Found {
    let mut changes = Vec::new();
    let renamed = renamed(a, b);
    settings(a, b, &mut changes);
    parameters(a, b, &mut changes);
    steps(a, b, &renamed, &mut changes);
    edges(a.pipeline, b.pipeline, &renamed, &mut changes);
    Found { changes, spelling: spelling(a, b) }
}

/// Whether a node is a step of the file itself.
fn is_step(kind: NodeKind) -> bool {
    matches!(kind, NodeKind::Step | NodeKind::Human | NodeKind::Parallel)
}

/// The members of an object of a text, by their plain key: the text of each.
fn members(text: &[u8]) -> Vec<(String, String)> {
    let tree = Tree::parse(text);
    let mut found: Vec<(String, String)> = Vec::new();
    for child in tree.children(0) {
        let key = tree.key(text, child).unwrap_or_default();
        let plain = SPELLINGS.iter().find(|(_, other)| other.contains(&&*key)).map_or(&*key, |(plain, _)| plain);
        let value = String::from_utf8_lossy(tree.raw(text, child)).into_owned();
        match found.iter_mut().find(|(other, _)| other == plain) {
            // Of a key that stands twice the last counts.
            Some(slot) => slot.1 = value,
            None => found.push((plain.to_owned(), value)),
        }
    }
    found
}

/// The text of a node within its definition.
fn text_of<'a>(of: Definition<'a>, node: usize) -> &'a [u8] {
    let place = of.pipeline.nodes.get(node).map(|node| node.place).unwrap_or_default();
    let start = usize::try_from(place.start.saturating_sub(of.base)).unwrap_or(usize::MAX);
    let end = usize::try_from(place.end().saturating_sub(of.base)).unwrap_or(usize::MAX);
    of.text.get(start..end.min(of.text.len())).unwrap_or(b"{}")
}

/// By id: where each step stands among the nodes.
fn by_id(pipeline: &Pipeline) -> FxHashMap<&str, usize> {
    let steps = pipeline.nodes.iter().enumerate().filter(|(_, node)| is_step(node.kind));
    steps.map(|(at, node)| (node.id.as_str(), at)).collect()
}

/// Steps of B that A has under another id: the only ones on each side that come to the same without it.
fn renamed(a: Definition<'_>, b: Definition<'_>) -> FxHashMap<String, String> {
    let (in_a, in_b) = (by_id(a.pipeline), by_id(b.pipeline));
    let alone = |of: Definition<'_>, own: &FxHashMap<&str, usize>, other: &FxHashMap<&str, usize>| {
        let mut sums: FxHashMap<u64, Vec<String>> = FxHashMap::default();
        for (id, &at) in own.iter().filter(|(id, _)| !other.contains_key(*id)) {
            let mut rest = members(text_of(of, at));
            rest.retain(|(key, _)| key != "id" && key != "name");
            // A step about which nothing is said is like any other.
            if !rest.is_empty() {
                sums.entry(sum(&rest)).or_default().push((*id).to_owned());
            }
        }
        sums
    };
    let (alone_a, alone_b) = (alone(a, &in_a, &in_b), alone(b, &in_b, &in_a));
    let pairs = alone_b.into_iter().filter_map(|(sum, of_b)| match (&of_b[..], alone_a.get(&sum).map(Vec::as_slice)) {
        ([b], Some([a])) => Some((b.clone(), a.clone())),
        _ => None,
    });
    pairs.collect()
}

fn exact() -> Options {
    Options { noise: true, ..Options::default() }
}

fn sum(members: &[(String, String)]) -> u64 {
    let parts = members.iter().map(|(key, value)| format!("{}:{value}", crate::json::quoted(key)));
    let text = format!("{{{}}}", parts.collect::<Vec<_>>().join(","));
    meaning::of_json(&text, &exact()).hash
}

/// Members that differ: the words, and the values by path.
fn differing(a: &[(String, String)], b: &[(String, String)], skip: &[&str]) -> Option<(String, Values)> {
    let object = |members: &[(String, String)]| {
        let kept = members.iter().filter(|(key, _)| !skip.contains(&key.as_str()));
        let parts: Vec<String> = kept.map(|(key, value)| format!("{}: {value}", crate::json::quoted(key))).collect();
        Read { text: format!("{{{}}}", parts.join(", ")), json: true, ..Read::default() }
    };
    let (a, b) = (object(a), object(b));
    if meaning::of_json(&a.text, &exact()).hash == meaning::of_json(&b.text, &exact()).hash {
        return None;
    }
    let mut laid = Laid::new(Some(&a), Some(&b), &exact());
    let rows = laid.rows(0, TOLD);
    let text = |spans: &[crate::protocol::Span]| spans.iter().map(|span| span.text.as_str()).collect::<String>();
    let leaf = rows.iter().filter(|row| row.sign != Sign::Same && (!row.open || row.children == 0));
    let values: Values = leaf
        .map(|row| {
            let of = |has: bool, spans: &[crate::protocol::Span]| has.then(|| text(spans));
            let path = row.path.strip_prefix("$.").unwrap_or(&row.path).to_owned();
            (path, Both { a: of(row.sign != Sign::OnlyB, &row.a), b: of(row.sign != Sign::OnlyA, &row.b) })
        })
        .collect();
    let told: Vec<String> = values.iter().take(3).map(|(path, both)| change(path, both)).collect();
    let more = if values.len() > 3 { format!(" and {} more", values.len() - 3) } else { String::new() };
    Some((format!("{}{more}", told.join(" · ")), values))
}

/// "threshold: 0.5 → 0.7".
fn change(path: &str, both: &Both<String>) -> String {
    let short = |text: &str| match text.char_indices().nth(40) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    };
    match (&both.a, &both.b) {
        (Some(a), Some(b)) => format!("{path}: {} → {}", short(a), short(b)),
        (Some(_), None) => format!("{path} removed"),
        (None, Some(b)) => format!("{path} added: {}", short(b)),
        (None, None) => path.to_owned(),
    }
}

fn settings(a: Definition<'_>, b: Definition<'_>, changes: &mut Vec<PipelineChange>) {
    let skip = ["steps", "flow", "parameters"];
    if let Some((what, values)) = differing(&members(a.text), &members(b.text), &skip) {
        changes.push(PipelineChange { sign: Sign::Changed, what, values, ..PipelineChange::default() });
    }
    let entry = |of: &Pipeline| {
        let node = of.entry.and_then(|at| of.nodes.get(at as usize));
        node.map(|node| node.id.clone())
    };
    let (of_a, of_b) = (entry(a.pipeline), entry(b.pipeline));
    if of_a != of_b {
        let name = |entry: &Option<String>| entry.clone().unwrap_or_else(|| "nowhere".to_owned());
        changes.push(PipelineChange {
            sign: Sign::Changed,
            what: format!("it starts at `{}` instead of `{}`", name(&of_b), name(&of_a)),
            values: vec![("flow.start_at".to_owned(), Both { a: of_a, b: of_b })],
            ..PipelineChange::default()
        });
    }
}

fn parameters(a: Definition<'_>, b: Definition<'_>, changes: &mut Vec<PipelineChange>) {
    let facts = |of: &crate::model::Parameter| (of.type_name.clone(), of.required, of.description.clone());
    for parameter in &b.pipeline.parameters {
        let before = a.pipeline.parameters.iter().find(|other| other.name == parameter.name);
        let sign = match before {
            None => Sign::OnlyB,
            Some(before) if facts(before) != facts(parameter) => Sign::Changed,
            Some(_) => continue,
        };
        let what = before.map_or_else(String::new, |before| {
            let mut told = Vec::new();
            if before.type_name != parameter.type_name {
                told.push(format!("type: {} → {}", before.type_name, parameter.type_name));
            }
            if before.required != parameter.required {
                told.push(if parameter.required { "required now" } else { "no longer required" }.to_owned());
            }
            if before.description != parameter.description {
                told.push("another description".to_owned());
            }
            told.join(" · ")
        });
        let name = parameter.name.clone();
        changes.push(PipelineChange { part: PipelinePart::Parameter, sign, name, what, ..PipelineChange::default() });
    }
    for before in &a.pipeline.parameters {
        if !b.pipeline.parameters.iter().any(|parameter| parameter.name == before.name) {
            changes.push(PipelineChange {
                part: PipelinePart::Parameter,
                sign: Sign::OnlyA,
                name: before.name.clone(),
                ..PipelineChange::default()
            });
        }
    }
}

fn steps(a: Definition<'_>, b: Definition<'_>, renamed: &FxHashMap<String, String>, changes: &mut Vec<PipelineChange>) {
    let in_a = by_id(a.pipeline);
    let mut met = vec![false; a.pipeline.nodes.len()];
    for (at, node) in b.pipeline.nodes.iter().enumerate().filter(|(_, node)| is_step(node.kind)) {
        let old = renamed.get(&node.id);
        let before = in_a.get(old.map_or(node.id.as_str(), String::as_str)).copied();
        let mut change = PipelineChange {
            part: PipelinePart::Step,
            sign: Sign::OnlyB,
            name: node.id.clone(),
            node_b: u32::try_from(at).ok(),
            ..PipelineChange::default()
        };
        if let Some(before) = before {
            if let Some(slot) = met.get_mut(before) {
                *slot = true;
            }
            change.sign = Sign::Changed;
            change.node_a = u32::try_from(before).ok();
            let found = differing(&members(text_of(a, before)), &members(text_of(b, at)), &["id"]);
            match (found, old) {
                (None, None) => continue,
                (found, old) => {
                    let (what, values) = found.unwrap_or_default();
                    let before = old.map(|old| format!("was `{old}`"));
                    change.what = [before, Some(what)]
                        .into_iter()
                        .flatten()
                        .filter(|part| !part.is_empty())
                        .collect::<Vec<_>>()
                        .join(" · ");
                    change.name_a = old.cloned().unwrap_or_default();
                    change.values = values;
                }
            }
        }
        changes.push(change);
    }
    for (at, node) in a.pipeline.nodes.iter().enumerate() {
        if is_step(node.kind) && met.get(at) == Some(&false) {
            changes.push(PipelineChange {
                part: PipelinePart::Step,
                sign: Sign::OnlyA,
                name: node.id.clone(),
                node_a: u32::try_from(at).ok(),
                ..PipelineChange::default()
            });
        }
    }
}

/// An edge as a person reads it: its ends, and its condition or none.
fn ends<'a>(pipeline: &'a Pipeline, edge: &PipelineEdge) -> (&'a str, &'a str) {
    let id = |node: u32| pipeline.nodes.get(node as usize).map_or("", |node| node.id.as_str());
    (id(edge.from), id(edge.to))
}

fn condition(edge: &PipelineEdge) -> String {
    edge.condition.as_ref().map_or_else(|| "always".to_owned(), |condition| condition.text.clone())
}

fn edges(a: &Pipeline, b: &Pipeline, renamed: &FxHashMap<String, String>, changes: &mut Vec<PipelineChange>) {
    // Those that the drawing adds are of no file.
    let own = |edge: &&PipelineEdge| !edge.path.is_empty();
    let mut waiting: FxHashMap<(String, String), Vec<&PipelineEdge>> = FxHashMap::default();
    for edge in a.edges.iter().filter(own).rev() {
        let (from, to) = ends(a, edge);
        waiting.entry((from.to_owned(), to.to_owned())).or_default().push(edge);
    }
    let before = |id: &str| renamed.get(id).cloned().unwrap_or_else(|| id.to_owned());
    let mut later: Vec<&PipelineEdge> = Vec::new();
    // What has the same condition is the same edge; what is left between the same ends was changed.
    for edge in b.edges.iter().filter(own) {
        let (from, to) = ends(b, edge);
        let same = waiting.get_mut(&(before(from), before(to))).and_then(|edges| {
            let at = edges.iter().rposition(|other| condition(other) == condition(edge))?;
            Some(edges.remove(at))
        });
        if same.is_none() {
            later.push(edge);
        }
    }
    for edge in later {
        let (from, to) = ends(b, edge);
        let name = format!("{from} → {to}");
        let mut change =
            PipelineChange { part: PipelinePart::Edge, sign: Sign::OnlyB, name, ..PipelineChange::default() };
        match waiting.get_mut(&(before(from), before(to))).and_then(Vec::pop) {
            Some(old) => {
                let both = (condition(old), condition(edge));
                change.sign = Sign::Changed;
                change.what = format!("condition: `{}` → `{}`", both.0, both.1);
                change.values = vec![("condition".to_owned(), Both { a: Some(both.0), b: Some(both.1) })];
            }
            None => change.what = condition(edge),
        }
        changes.push(change);
    }
    let left: Vec<&PipelineEdge> = a
        .edges
        .iter()
        .filter(own)
        .filter(|edge| {
            let (from, to) = ends(a, edge);
            let key = (from.to_owned(), to.to_owned());
            waiting.get(&key).is_some_and(|edges| edges.iter().any(|other| other.path == edge.path))
        })
        .collect();
    for edge in left {
        let (from, to) = ends(a, edge);
        changes.push(PipelineChange {
            part: PipelinePart::Edge,
            sign: Sign::OnlyA,
            name: format!("{from} → {to}"),
            what: condition(edge),
            ..PipelineChange::default()
        });
    }
}

/// Keys that are spelled otherwise and mean the same.
fn spelling(a: Definition<'_>, b: Definition<'_>) -> Vec<String> {
    let (of_a, of_b) = (keys(a.text), keys(b.text));
    let mut said = Vec::new();
    for (plain, others) in SPELLINGS {
        for other in others {
            let writes = |keys: &FxHashMap<String, u32>, key: &str| keys.get(key).copied().unwrap_or(0);
            let (a_plain, a_other) = (writes(&of_a, plain), writes(&of_a, other));
            let (b_plain, b_other) = (writes(&of_b, plain), writes(&of_b, other));
            if a_other > 0 && b_other == 0 && b_plain > a_plain {
                said.push(format!(
                    "A writes `{other}` where B writes `{plain}`: the same to a reader, not to every loader."
                ));
            } else if b_other > 0 && a_other == 0 && a_plain > b_plain {
                said.push(format!(
                    "B writes `{other}` where A writes `{plain}`: the same to a reader, not to every loader."
                ));
            }
        }
    }
    said
}

/// How often each key of a step or an edge is written.
fn keys(text: &[u8]) -> FxHashMap<String, u32> {
    let tree = Tree::parse(text);
    let mut keys: FxHashMap<String, u32> = FxHashMap::default();
    let list = |of: Option<u32>, key: &str| of.and_then(|of| tree.member(text, of, key));
    let flow = list(Some(0), "flow");
    for list in [list(Some(0), "steps"), list(flow, "paths"), list(flow, "transitions")].into_iter().flatten() {
        for item in tree.children(list) {
            if tree.node(item).is_some_and(|node| node.kind == Json::Object) {
                for member in tree.children(item) {
                    *keys.entry(tree.key(text, member).unwrap_or_default().into_owned()).or_insert(0) += 1;
                }
            }
        }
    }
    keys
}
