//! Why the engine went on as it did after a step.

use super::edits_in_file;
use crate::protocol::Answer;
use crate::session::Session;

/// Of a dry run as the simulator decided; of a recorded run by the state it recorded.
pub(super) fn decision(session: &mut Session, run: u32, step: u32) -> Result<Answer, String> {
    let &(document, _) = session.runs.get(run as usize).ok_or_else(|| format!("There is no run {run}."))?;
    let Some(kept) = session.desk.dry_runs.values().find(|kept| kept.document == Some(document)) else {
        return Ok(Answer::Decision(Box::new(session.recorded_decision(run, step)?)));
    };
    let unknown = || format!("No decision is known after step {step} of run {run}.");
    let mut decision = kept.dry.decision(step as usize).ok_or_else(unknown)?;
    decision.run = run;
    for edge in &mut decision.edges {
        edge.start += kept.base;
        edge.end += kept.base;
    }
    edits_in_file(decision.fixes.iter_mut().flat_map(|fix| &mut fix.edits), kept.base);
    Ok(Answer::Decision(Box::new(decision)))
}
