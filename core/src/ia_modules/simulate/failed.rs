//! Why a dry run failed, where the file is to blame: findings with what to do. A mock that raises is no finding.

use super::words::{self, Telling};
use super::{Entry, MAX_STEPS, Run};
use crate::ia_modules::load::Program;
use crate::protocol::{RunEnd, Verdict};

/// What is said of a failed run.
pub(super) struct Failed {
    pub(super) id: &'static str,
    /// Position of the step it is about; none when no step was entered.
    pub(super) step: Option<usize>,
    pub(super) message: String,
}

/// Steps that are named one by one.
const NAMED: usize = 4;

/// Why the run failed; `None` when it did not, or when a step's own code did.
pub(super) fn failed(program: &Program, run: &Run) -> Option<Failed> {
    let error = run.error.as_ref().filter(|_| run.end == RunEnd::Failed)?;
    let engine = words::engine(program.target.engine);
    let last = run.entries.last();
    let step = last.map(|entry| entry.step);
    if let Some(raised) = last.and_then(|entry| entry.edges.iter().find(|edge| edge.verdict == Verdict::Raised)) {
        let entry = last?;
        let why = Telling { program, run, entry }.why(raised);
        return Some(Failed { id: "dry-run-comparison", step, message: format!("After `{}`: {why}", entry.id) });
    }
    if last.is_some_and(|entry| !entry.recorded && run.terminal.is_none() && entry.error.as_ref() == Some(error)) {
        return None;
    }
    let (id, message) = if let Some(target) = &run.terminal {
        let then = if target == "end" {
            "A run ends at names that begin with `end_`, such as `end_with_success`."
        } else {
            "Mend the name, or add the step."
        };
        let from = last.map_or_else(|| "`start_at`".to_owned(), |entry| format!("the way on from `{}`", entry.id));
        ("dry-run-missing-step", format!("There is no step `{target}`, where {from} leads: {error}. {then}"))
    } else if run.entries.len() >= MAX_STEPS && error.message.contains("maximum steps") {
        ("dry-run-endless", endless(run, engine))
    } else if let Some(why) = error.message.strip_prefix("Loop safety check failed: ") {
        let message = format!(
            "{why}. `loop_config` is a limit and no way out: the run fails and has no result. Raise the limit, or let \
             an edge leave the loop before."
        );
        ("dry-run-loop-limit", message)
    } else {
        ("dry-run-stopped", format!("{engine} stops: {}.", error.to_string().trim_end_matches('.')))
    };
    Some(Failed { id, step, message })
}

fn endless(run: &Run, engine: &str) -> String {
    let mut repeated: Vec<&str> = Vec::new();
    let again = |entry: &&Entry| entry.visit > 1;
    for entry in run.entries.iter().rev().take(MAX_STEPS / 2).filter(again) {
        if !repeated.contains(&&*entry.id) {
            repeated.push(&entry.id);
        }
    }
    if repeated.is_empty() {
        return format!(
            "{engine} gives up after {MAX_STEPS} steps, and this way is longer: the run fails and has no result. Make \
             two pipelines of it."
        );
    }
    let mut names: Vec<String> = repeated.iter().rev().take(NAMED).map(|id| format!("`{id}`")).collect();
    if repeated.len() > NAMED {
        names.push("others".to_owned());
    }
    format!(
        "{engine} gives up after {MAX_STEPS} steps: the run goes round through {}, fails, and has no result. Let a \
         condition that becomes true lead out of the loop, and one that becomes false back into it.",
        names.join(", ")
    )
}
