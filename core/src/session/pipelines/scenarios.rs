//! Scenarios: from and to their file, and from a recorded run.

use crate::protocol::{Answer, Scenario, ScenarioFile};
use crate::scenario;
use crate::session::Session;

pub(super) fn of_run(session: &Session, pipeline: u32, _run: u32) -> Result<Answer, String> {
    let _definition = session.definition(pipeline)?;
    Ok(Answer::Scenario(Scenario::default()))
}

pub(super) fn read(text: &str) -> Result<Answer, String> {
    Ok(Answer::Scenarios(scenario::read(text)))
}

pub(super) fn write(file: &ScenarioFile) -> Result<Answer, String> {
    Ok(Answer::Text { text: scenario::write(file)? })
}
