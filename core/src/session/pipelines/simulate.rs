//! Dry runs: simulates, and makes the steps a run of the session.

use super::findings_in_file;
use crate::ia_modules::load::Program;
use crate::ia_modules::simulate::{self, DryRun};
use crate::model::NodeKind;
use crate::protocol::{Answer, Scenario, Target};
use crate::session::Session;
use crate::session::desk::Key;
use crate::source::Memory;
use rustc_hash::{FxHashMap, FxHashSet};

/// The last dry run of a pipeline.
pub(in crate::session) struct Kept {
    /// The document that shows it, when a step was entered.
    pub(super) document: Option<u32>,
    /// Where the definition began in its file.
    pub(super) base: u64,
    pub(super) dry: DryRun,
}

impl Kept {
    /// The program and its run, when this is the document that shows them.
    pub(in crate::session) fn shown_in(&self, document: u32) -> Option<(&Program, &simulate::Run)> {
        self.dry.ran.as_ref().filter(|_| self.document == Some(document)).map(|(program, run)| (program, run))
    }

    /// Whether a document is this dry run as a run.
    pub(in crate::session) fn shows(&self, document: u32) -> bool {
        self.document == Some(document)
    }
}

/// The last dry run of each pipeline, by document and position in it.
pub(in crate::session) type DryRuns = FxHashMap<Key, Kept>;

pub(super) fn simulate(
    session: &mut Session,
    pipeline: u32,
    target: Target,
    scenario: &Scenario,
) -> Result<Answer, String> {
    let definition = session.definition(pipeline)?;
    let (document, base, text) = (definition.document, definition.base, definition.text);
    let name = definition.pipeline.name.clone();
    let people = definition.pipeline.nodes.iter().filter(|node| node.kind == NodeKind::Human);
    let people: FxHashSet<String> = people.map(|node| node.id.clone()).collect();
    let key = session.pipelines.get(pipeline as usize).copied().ok_or("There is no such pipeline.")?;
    let stem = session.stem(document).to_owned();
    let mut dry = simulate::dry_run(&text, target, scenario, &stem)?;
    if base > 0 && !dry.simulation.findings.is_empty() {
        let before = session.before(&session.definition(pipeline)?)?;
        findings_in_file(&mut dry.simulation.findings, &before);
    }
    let previous = session.desk.dry_runs.remove(&key);
    if let Some(previous) = &previous {
        dry.simulation.changed = simulate::changed(&previous.dry, &dry);
    }
    let shown = previous.and_then(|previous| previous.document);
    let named = if name.is_empty() { stem } else { name };
    let opened = match simulate::trace(&dry, &named, &|id| people.contains(id)) {
        Some(trace) => Some(open(session, &format!("dry run of {named}"), trace, shown)),
        None => {
            if let Some(document) = shown {
                session.close(document);
            }
            None
        }
    };
    if let Some(document) = opened {
        session.state_pipeline((document, 0), key);
        dry.simulation.document = Some(document);
        let run = session.runs.iter().position(|&run| run == (document, 0));
        dry.simulation.run = run.and_then(|run| u32::try_from(run).ok());
    }
    let simulation = dry.simulation.clone();
    session.desk.dry_runs.insert(key, Kept { document: opened, base, dry });
    Ok(Answer::Simulation(Box::new(simulation)))
}

/// Opens a trace as a document, in the place of the one before.
fn open(session: &mut Session, name: &str, trace: String, shown: Option<u32>) -> u32 {
    if let Some(slot) = shown.and_then(|document| session.opened.get_mut(document as usize)) {
        *slot = None;
    }
    let mut opening = session.open(name, Box::new(Memory(trace.into_bytes())), shown);
    loop {
        if let Some(document) = session.advance(&mut opening, u64::MAX).document {
            return document;
        }
    }
}

#[cfg(test)]
#[path = "simulate_tests.rs"]
mod tests;
