//! Whether a run followed a pipeline, and which of several.
//!
//! A run follows a pipeline when it names it and enters at least one of its steps; or, where it names none, when at
//! least two different steps are called like nodes, other names are not in the majority, and at least half of the way
//! from step to step is a way the edges go. A run of one step fits only where that step is the pipeline's first and has
//! a name nobody gives twice (`fetch_orders`, not `start`), or was written by the pipeline's own engine: one common word
//! proves nothing. A run whose file says what it
//! was made from follows nothing else of that engine. Of several pipelines that
//! fit, one the run names goes first, then the one that explains more of it.

use super::visits::{Found, Naming, visits};
use crate::model::{Document, NodeKind, Pipeline, Run};
use crate::order::Order as _;
use rustc_hash::FxHashSet;
use std::cmp::Reverse;

/// Shortest name of a step that says something by itself.
const TELLING: usize = 8;

/// A pipeline a run may have followed.
#[derive(Clone, Copy)]
pub(crate) struct Candidate<'a> {
    /// Number over the session.
    pub(crate) number: u32,
    /// The pipeline.
    pub(crate) pipeline: &'a Pipeline,
    /// Whether it stands in the run's own document.
    pub(crate) beside: bool,
    /// Whether whoever made the run says outright that it is this one.
    pub(crate) outright: bool,
}

/// A pipeline that a run followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Match {
    /// Number over the session.
    pub(crate) pipeline: u32,
    /// Why, in a sentence.
    pub(crate) reason: String,
}

/// How well a run fits.
#[derive(Debug, PartialEq, Eq)]
struct Fit {
    outright: bool,
    /// The run names the pipeline.
    named: bool,
    /// Visits.
    visits: usize,
    /// Different nodes that were visited.
    nodes: usize,
    /// Steps that are no visits, and how many names they have.
    strays: usize,
    stray_names: usize,
    /// Ways from a visit to the next, and how many of them edges explain.
    ways: usize,
    explained: usize,
    /// The first visit is where the pipeline starts.
    at_entry: bool,
    beside: bool,
    /// Share of the pipeline's steps that were visited, in thousandths.
    share: usize,
}

impl Fit {
    fn accepted(&self, telling: bool) -> bool {
        if self.outright {
            return true;
        }
        match self.nodes {
            0 => false,
            _ if self.named => true,
            1 => self.at_entry && self.stray_names == 0 && telling,
            _ => self.stray_names <= self.nodes && self.explained > 0 && self.explained * 2 >= self.ways,
        }
    }

    /// Greater is better.
    fn rank(&self) -> impl Ord + use<> {
        let unexplained = self.ways - self.explained.min(self.ways);
        let facts = (Reverse(self.strays), Reverse(unexplained), self.at_entry, self.beside, self.share);
        (self.outright, self.named, facts)
    }

    fn reason(&self, pipeline: &Pipeline) -> String {
        let name = if pipeline.name.is_empty() { "this pipeline" } else { &pipeline.name };
        if self.outright {
            return format!("It is a run of “{name}”.");
        }
        let all = self.visits + self.strays;
        let steps = match (self.visits, all) {
            (1, 1) => "its one step is".to_owned(),
            (visits, all) if visits == all => format!("all {all} of its steps are"),
            (1, all) => format!("1 of its {all} steps is"),
            (visits, all) => format!("{visits} of its {all} steps are"),
        };
        if self.named {
            return format!("It names the pipeline “{name}”, and {steps} in it.");
        }
        let ways = match (self.explained, self.ways) {
            (_, 0) => "it is where the pipeline starts".to_owned(),
            (explained, ways) if explained == ways => "they follow each other along its edges".to_owned(),
            (explained, ways) => format!("{explained} of {ways} ways between them go along its edges"),
        };
        let mut steps = steps;
        if let Some(first) = steps.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        format!("{steps} named like a step of “{name}”, and {ways}.")
    }
}

/// Whether what a run says of its definition allows that it is this one; names and parts of other engines say nothing.
fn allowed(run: &Run, pipeline: &Pipeline) -> bool {
    let Some(origin) = run.origin.as_deref().filter(|origin| origin.dialect == pipeline.dialect) else { return true };
    let has = |part: &String| pipeline.parts.contains(part);
    if origin.names.is_empty() { origin.parts.iter().all(has) } else { of_name(run, pipeline) }
}

/// Whether a run says that it was made from a definition of this name; of a library one flow is a pipeline.
fn of_name(run: &Run, pipeline: &Pipeline) -> bool {
    let own = pipeline.name.split_once('/').map_or(pipeline.name.as_str(), |(library, _)| library);
    let origin = run.origin.as_deref().filter(|origin| origin.dialect == pipeline.dialect);
    origin.is_some_and(|origin| origin.names.iter().any(|name| name == own))
}

/// The pipeline a run names, as far as its name goes: spans call the run `pipeline.NAME`.
fn names(run: &Run, pipeline: &Pipeline) -> bool {
    if of_name(run, pipeline) {
        return true;
    }
    let stated = run.name.strip_prefix("pipeline.").unwrap_or(&run.name);
    !pipeline.name.is_empty() && (stated == pipeline.name || run.name == pipeline.name)
}

fn telling(name: &str) -> bool {
    name.chars().count() >= TELLING && name.contains(['_', '-', '.', ' ', ':'])
}

fn fit(document: &Document, run: &Run, candidate: Candidate<'_>) -> Option<Fit> {
    let Candidate { pipeline, beside, outright, .. } = candidate;
    if !outright && !allowed(run, pipeline) {
        return None;
    }
    let naming = Naming::new(pipeline, run, &document.names);
    let Found { visits, strays } = visits(run, &naming);
    let mut seen = vec![false; pipeline.nodes.len()];
    let mut offered = vec![false; pipeline.nodes.len()];
    let mut out: Vec<Vec<u32>> = vec![Vec::new(); pipeline.nodes.len()];
    let edges: FxHashSet<(u32, u32)> = pipeline.edges.iter().map(|edge| (edge.from, edge.to)).collect();
    for &(from, to) in &edges {
        if let Some(list) = out.get_mut(from as usize) {
            list.push(to);
        }
    }
    let free = pipeline.dialect != "ia-modules";
    let (mut nodes, mut explained) = (0, 0);
    for (at, visit) in visits.iter().enumerate() {
        let node = visit.node as usize;
        let before = at.checked_sub(1).and_then(|at| visits.get(at));
        let along = before.is_some_and(|before| edges.contains(&(before.node, visit.node)));
        // Into a group, or from an agent to the model that serves it, no edge leads.
        let parent = pipeline.nodes.get(node).and_then(|node| node.parent);
        let into = parent.is_some_and(|parent| seen.get(parent as usize) == Some(&true))
            || free && before.is_some_and(|before| edges.contains(&(visit.node, before.node)));
        if before.is_some() && (along || into || offered.get(node) == Some(&true)) {
            explained += 1;
        }
        if let Some(slot) = seen.get_mut(node).filter(|slot| !**slot) {
            *slot = true;
            nodes += 1;
            for &to in out.get(node).into_iter().flatten() {
                if let Some(slot) = offered.get_mut(to as usize) {
                    *slot = true;
                }
            }
        }
    }
    let starts = pipeline.edges.iter().filter(|edge| Some(edge.from) == pipeline.entry).map(|edge| edge.to);
    let starts: Vec<u32> = starts.chain(pipeline.entry).collect();
    let stray_names: FxHashSet<_> = strays.iter().filter_map(|&step| run.steps.name.get(step as usize)).collect();
    let steps = pipeline.nodes.iter().filter(|node| !matches!(node.kind, NodeKind::Start | NodeKind::End)).count();
    let first = visits.first();
    let fit = Fit {
        outright,
        named: names(run, pipeline),
        visits: visits.len(),
        nodes,
        strays: strays.len(),
        stray_names: stray_names.len(),
        ways: visits.len().saturating_sub(1),
        explained,
        at_entry: first.is_some_and(|first| starts.contains(&first.node)),
        beside,
        share: nodes * 1000 / steps.max(1),
    };
    let name = first.and_then(|first| run.steps.name.get(first.step as usize));
    let kin =
        document.files.iter().any(|file| file.format.starts_with("ia-modules")) && pipeline.dialect == "ia-modules";
    fit.accepted(kin || name.is_some_and(|&name| telling(document.names.get(name)))).then_some(fit)
}

/// The pipeline a run followed; `None` when none fits.
pub(crate) fn best(document: &Document, run: &Run, candidates: &[Candidate<'_>]) -> Option<Match> {
    let fits = candidates.iter().filter_map(|&candidate| Some((fit(document, run, candidate)?, candidate)));
    let mut fits: Vec<_> = fits.collect();
    // Stable: of equals the one that was opened first.
    fits.order_by(|a, b| b.0.rank().cmp(&a.0.rank()));
    let (fit, candidate) = fits.first()?;
    let mut reason = fit.reason(candidate.pipeline);
    let equals = fits.iter().skip(1).filter(|(other, _)| other.rank() == fit.rank()).count();
    match equals {
        0 => {}
        1 => reason.push_str(" Another pipeline that is open fits as well."),
        more => reason.push_str(&format!(" {more} other pipelines that are open fit as well.")),
    }
    Some(Match { pipeline: candidate.number, reason })
}

#[cfg(test)]
#[path = "fit_tests.rs"]
mod tests;
