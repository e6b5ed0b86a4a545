//! What scenarios reach.

use crate::protocol::{Answer, Scenario, Target};
use crate::session::Session;

pub(super) fn coverage(
    session: &Session,
    pipeline: u32,
    _target: Target,
    _scenarios: &[Scenario],
    _suggest: bool,
) -> Result<Answer, String> {
    let _definition = session.definition(pipeline)?;
    Ok(Answer::Coverage(Box::default()))
}
