//! Two definitions laid on each other: steps, edges and parameters that were added, removed or changed, and what that
//! does to scenarios.
//!
//! What means the same is no change: another spelling of a key, another order of keys or steps. Edges and their
//! conditions are compared as a person reads them. [`parts`] compares, [`effect`] runs scenarios on both.

mod effect;
mod parts;
#[cfg(test)]
mod tests;

pub(crate) use effect::effects;

use crate::model::Pipeline;
use crate::protocol::{PipelineChange, PipelineComparison, PipelinePart, ScenarioEffect, Sign};
use crate::wording::counted;

/// A definition with its text.
#[derive(Clone, Copy)]
pub(crate) struct Definition<'a> {
    /// As it was read.
    pub(crate) pipeline: &'a Pipeline,
    /// Its text: one JSON object.
    pub(crate) text: &'a [u8],
    /// Where that text begins in its file.
    pub(crate) base: u64,
}

/// Lays B on A.
pub(crate) fn compare(a: Definition<'_>, b: Definition<'_>, effects: Vec<ScenarioEffect>) -> PipelineComparison {
    let parts::Found { changes, spelling } = parts::changes(a, b);
    let same = changes.is_empty() && effects.iter().all(|effect| effect.same);
    let verdict = verdict(&changes, &spelling, &effects);
    PipelineComparison { verdict, same, changes, spelling, effects, ..PipelineComparison::default() }
}

fn verdict(changes: &[PipelineChange], spelling: &[String], effects: &[ScenarioEffect]) -> String {
    let mut said = match changes {
        [] if spelling.is_empty() => "The definitions are the same.".to_owned(),
        [] => "The definitions mean the same and are written differently.".to_owned(),
        [only] => format!("One change: {}.", one(only)),
        more => {
            let kinds = [
                (PipelinePart::Step, "step", "steps"),
                (PipelinePart::Edge, "edge", "edges"),
                (PipelinePart::Parameter, "parameter", "parameters"),
                (PipelinePart::Pipeline, "setting", "settings"),
            ];
            let told: Vec<String> = kinds
                .iter()
                .filter_map(|(part, one, many)| {
                    let count = more.iter().filter(|change| change.part == *part).count() as u64;
                    (count > 0).then(|| counted(count, one, many))
                })
                .collect();
            format!("{} changes: {}.", more.len(), told.join(", "))
        }
    };
    let other = effects.iter().filter(|effect| !effect.same).count() as u64;
    match (effects.len() as u64, other) {
        (0, _) => {}
        (all, 0) => said.push_str(&format!(" {} as before.", counted(all, "scenario goes", "scenarios go"))),
        (all, other) => {
            let first = effects.iter().find(|effect| !effect.same).map_or("", |effect| effect.said.as_str());
            let ends = counted(other, "goes", "go");
            said.push_str(&format!(" Of {} {ends} another way: {first}", counted(all, "scenario", "scenarios")));
        }
    }
    said
}

/// A change as the rest of a sentence.
fn one(change: &PipelineChange) -> String {
    if change.part == PipelinePart::Pipeline {
        return change.what.clone();
    }
    let what = change.part.word();
    match change.sign {
        Sign::OnlyA => format!("{what} `{}` was removed", change.name),
        Sign::OnlyB => format!("{what} `{}` was added", change.name),
        _ => format!("{what} `{}`: {}", change.name, change.what),
    }
}
