//! What a condition can read in the run's data, and who writes it, as far as the file tells.

use super::declared::{Declared, outputs, parameters};
use super::outline::Outline;
use crate::json::compact;
use crate::protocol::EngineId;
use crate::schema;
use rustc_hash::FxHashSet;

/// Something to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// As a condition writes it: `score`, `review.score`.
    pub path: String,
    /// Who writes it, in a few words.
    pub by: String,
    /// An example as JSON text, else empty.
    pub example: String,
}

/// Sources that are listed.
const LISTED: usize = 400;

/// The operators that an engine evaluates.
pub fn operators(engine: EngineId) -> &'static [&'static str] {
    let all = &super::changes::OPERATORS;
    match engine {
        EngineId::IaModules013 => all.split_at(4).0,
        EngineId::IaModules020 => all,
    }
}

fn example(one: &Declared<'_>) -> String {
    match (one.default, one.schema) {
        (Some(value), _) => compact(value.raw()),
        (None, Some(schema)) => schema::generate(schema),
        (None, None) => String::new(),
    }
}

/// What an edge that leaves `from` can read: what that step writes first, then what steps before it write, then the
/// input. Every step when `from` is none.
pub fn sources(outline: &Outline<'_>, from: &str, engine: EngineId) -> Vec<Source> {
    let before = outline.before(from);
    let mut steps: Vec<_> = outline.steps.iter().filter(|step| before.contains(step.id.as_ref())).collect();
    if let Some(own) = steps.iter().position(|step| step.id == from) {
        let own = steps.remove(own);
        steps.insert(0, own);
    }
    let mut found: Vec<Source> = Vec::new();
    let mut seen = FxHashSet::default();
    let mut put = |path: String, by: String, example: String| {
        if found.len() < LISTED && seen.insert(path.clone()) {
            found.push(Source { path, by, example });
        }
    };
    for step in &steps {
        let keys = outputs(step.at);
        for key in &keys {
            put(format!("{}.{}", step.id, key.name), format!("the last result of `{}`", step.id), example(key));
        }
        for key in &keys {
            put(
                key.name.clone().into_owned(),
                format!("written by `{}`, or by whoever wrote it last", step.id),
                example(key),
            );
        }
        put(step.id.clone().into_owned(), format!("all that `{}` returned last", step.id), String::new());
    }
    for parameter in parameters(outline.root) {
        put(parameter.name.clone().into_owned(), "the input".to_owned(), example(&parameter));
    }
    if engine == EngineId::IaModules020 {
        for key in ["_execution_id", "_pipeline_id"] {
            put(key.to_owned(), "the engine, at the start".to_owned(), String::new());
        }
    }
    found
}
