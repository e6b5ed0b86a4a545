//! Pipelines of DVC: `dvc.yaml` and `dvc.lock`. A stage follows another when it depends on what that one writes.
//!
//! Source: the DVC documentation of both files (3.x), and the schema of lock files 1.0 and 2.0.

use super::chart::Chart;
use super::text::{Text, definitions, holds, line, whole};
use crate::import::record::{Record, read};
use crate::import::{Builder, Format, Matched};
use crate::json::{At, NodeKind as Json};
use crate::model::{EdgeStyle, NodeKind, Parameter, PipelineNode};
use rustc_hash::{FxHashMap, FxHashSet};

/// The format.
pub(super) const FORMAT: Format = Format {
    id: "dvc",
    name: "DVC pipelines",
    detect: |probe| {
        if holds(probe, is_yaml) {
            return Matched::new("DVC pipeline", "it has `stages` with a `cmd`");
        }
        let because = "it has stages with a `cmd`, and `deps` and `outs` with hashes";
        holds(probe, is_lock).then(|| Matched::new("DVC lock file", because))?
    },
    importer: |_, _| whole(take),
};

/// Folders above a path that are looked at.
const DEEP: usize = 40;

fn is_stage(at: At<'_>) -> bool {
    let stage = read::first(at, &["do"]).unwrap_or(at);
    let told = |key: &str| stage.get(key).is_some();
    told("cmd") && (["deps", "outs", "metrics", "plots", "params", "wdir"].into_iter().any(told) || at.count() < 3)
}

fn is_yaml(at: At<'_>) -> bool {
    let stages = at.get("stages").filter(|stages| stages.is(Json::Object));
    stages.is_some_and(|stages| stages.members().any(is_stage))
}

/// A lock file of the first schema: the stages stand at the top.
fn is_lock(at: At<'_>) -> bool {
    let hashed = |stage: At<'_>, key: &str| {
        let first = stage.get(key).and_then(|list| list.items().next());
        first.is_some_and(|one| one.get("path").is_some() && (one.get("md5").is_some() || one.get("hash").is_some()))
    };
    at.members().any(|stage| stage.get("cmd").is_some() && (hashed(stage, "deps") || hashed(stage, "outs")))
}

fn take(_: u8, record: &Record<'_>, build: &mut Builder) {
    let text = Text::new(record);
    for at in definitions(record.root(), |at| is_yaml(at) || is_lock(at)) {
        let stages = at.get("stages").filter(|stages| stages.is(Json::Object)).unwrap_or(at);
        pipeline(at, stages, text, build);
    }
}

/// Members of a stage that have a tab of their own.
const SHOWN: [(&str, &str); 7] = [
    ("deps", "Inputs"),
    ("outs", "Outputs"),
    ("params", "Parameters"),
    ("metrics", "Metrics"),
    ("plots", "Plots"),
    ("foreach", "For each"),
    ("matrix", "Matrix"),
];

/// Paths with templates that are looked at for each path that is read.
const PATTERNS: usize = 200;

fn pipeline(at: At<'_>, stages: At<'_>, text: Text<'_>, build: &mut Builder) {
    let mut chart = Chart::new("dvc", text.place(at));
    chart.pipeline.version = read::text(at, &["schema"]).unwrap_or_default().into_owned();
    let mut writes: FxHashMap<String, Vec<u32>> = FxHashMap::default();
    // Folders that hold something a stage writes.
    let mut holds: FxHashMap<String, Vec<u32>> = FxHashMap::default();
    // Paths with `${…}` in them, as stages that stand for many write them.
    let mut open: Vec<(String, u32)> = Vec::new();
    let mut reads = Vec::new();
    for stage in stages.members().filter(|stage| stage.is(Json::Object)) {
        let inner = read::first(stage, &["do"]).unwrap_or(stage);
        let name = stage.key().unwrap_or_default().into_owned();
        let many = read::first(stage, &["foreach", "matrix"]);
        let command = match inner.get("cmd") {
            Some(list) if list.is(Json::Array) => list.items().next().and_then(At::string),
            other => other.and_then(At::string),
        };
        let mut values = text.values(stage, &SHOWN);
        if inner.node != stage.node {
            values.extend(text.values(inner, &SHOWN).into_iter().skip(1));
        }
        let node = chart.add(PipelineNode {
            id: name.clone(),
            name,
            kind: if many.is_some() { NodeKind::Parallel } else { NodeKind::Step },
            detail: line(&command.unwrap_or_default(), 80),
            place: text.place(stage),
            values,
            ..PipelineNode::default()
        });
        let folder = inner.text_of("wdir").unwrap_or_default().into_owned();
        for out in ["outs", "metrics", "plots"].into_iter().flat_map(|key| paths(inner, key)) {
            let path = joined(&folder, &out);
            for above in above(&path).skip(1) {
                let list: &mut Vec<u32> = holds.entry(above.to_owned()).or_default();
                if list.last() != Some(&node) {
                    list.push(node);
                }
            }
            if many.is_some() && is_pattern(&path) && open.len() < PATTERNS {
                open.push((path.clone(), node));
            }
            writes.entry(path).or_default().push(node);
        }
        for dep in paths(inner, "deps") {
            reads.push((node, joined(&folder, &dep), text.place(stage)));
        }
    }
    let mut linked: FxHashSet<(u32, u32)> = FxHashSet::default();
    for (node, path, place) in reads {
        let exact = above(&path).find_map(|above| writes.get(above));
        let within = holds.get(&path);
        let plain = !path.contains("${");
        let filled = open.iter().filter(|(pattern, _)| plain && above(&path).any(|path| fits(pattern, path)));
        let filled: Vec<u32> = filled.map(|(_, from)| *from).collect();
        for &from in exact.into_iter().chain(within).flatten().chain(&filled) {
            // Stages that all write what all read would go on for their square.
            if chart.is_full() {
                break;
            }
            if from != node && linked.insert((from, node)) {
                chart.link(from, node, &line(&path, 80), EdgeStyle::Always, place);
            }
        }
    }
    chart.pipeline.parameters = variables(at, text);
    chart.finish(&[], build);
}

/// A path and the folders around it, the nearest first.
fn above(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| path.rsplit_once('/').map(|(above, _)| above)).take(DEEP)
}

/// Whether a path has a place for the item, and says more than that.
fn is_pattern(path: &str) -> bool {
    let literal = |piece: &str| piece.bytes().any(|b| b.is_ascii_alphanumeric());
    let mut pieces = path.split("${");
    let first = pieces.next().is_some_and(literal);
    let rest: Vec<(&str, &str)> = pieces.filter_map(|piece| piece.split_once('}')).collect();
    rest.iter().any(|(name, _)| name.starts_with("item") || *name == "key")
        && (first || rest.iter().any(|(_, after)| literal(after)))
}

/// Whether a path is one that a pattern with `${…}` stands for. What is filled in holds no slash.
fn fits(pattern: &str, path: &str) -> bool {
    let (mut left, mut right) = (pattern.split('/'), path.split('/'));
    loop {
        match (left.next(), right.next()) {
            (None, None) => return true,
            (Some(pattern), Some(part)) if fits_part(pattern, part).is_some_and(|fits| fits) => {}
            _ => return false,
        }
    }
}

fn fits_part(pattern: &str, part: &str) -> Option<bool> {
    let Some((head, mut rest)) = pattern.split_once("${") else { return Some(pattern == part) };
    let mut part = part.strip_prefix(head)?;
    loop {
        let (_, after) = rest.split_once('}')?;
        let Some((literal, next)) = after.split_once("${") else { return Some(part.ends_with(after)) };
        part = part.get(part.find(literal)?.saturating_add(literal.len())..)?;
        rest = next;
    }
}

/// The paths of a list: texts, objects with one key or a `path`, or maps.
fn paths(stage: At<'_>, key: &str) -> Vec<String> {
    let Some(list) = stage.get(key) else { return Vec::new() };
    let path = |one: At<'_>| match one.kind() {
        Json::String => one.string().map(std::borrow::Cow::into_owned),
        Json::Object => {
            let first = one.members().next().and_then(At::key);
            one.text_of("path").or(first).map(std::borrow::Cow::into_owned)
        }
        _ => None,
    };
    let named = list.members().filter_map(At::key).map(std::borrow::Cow::into_owned);
    list.items().filter_map(path).chain(named).collect()
}

/// A path as the others are written: in its folder, without `./` and a slash at the end.
fn joined(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let outside = path.contains("://") || path.starts_with('/');
    for part in (if outside { "" } else { folder }).split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// `vars` of the file: values that templates name.
fn variables(at: At<'_>, text: Text<'_>) -> Vec<Parameter> {
    let mut found = Vec::new();
    for one in at.get("vars").into_iter().flat_map(At::items) {
        if let Some(file) = one.string() {
            let (name, type_name) = (file.into_owned(), "file".to_owned());
            found.push(Parameter { name, type_name, ..Parameter::default() });
        }
        for member in one.members() {
            let name = member.key().unwrap_or_default().into_owned();
            found.push(Parameter { name, default: text.value(member), ..Parameter::default() });
        }
    }
    found
}
