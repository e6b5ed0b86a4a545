//! Why the engine went on as it did after a step.

use crate::protocol::Answer;
use crate::session::Session;

pub(super) fn decision(_session: &Session, run: u32, step: u32) -> Result<Answer, String> {
    Err(format!("No decision is known after step {step} of run {run}."))
}
