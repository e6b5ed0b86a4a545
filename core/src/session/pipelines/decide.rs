//! Why the engine went on as it did after a step.

use crate::protocol::Answer;
use crate::session::Session;

/// For a recorded run: by the state it recorded.
pub(super) fn decision(session: &mut Session, run: u32, step: u32) -> Result<Answer, String> {
    Ok(Answer::Decision(Box::new(session.recorded_decision(run, step)?)))
}
