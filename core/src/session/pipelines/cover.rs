//! What scenarios reach.

use crate::ia_modules::cover;
use crate::protocol::{Answer, Scenario, Target};
use crate::session::Session;

pub(super) fn coverage(
    session: &Session,
    pipeline: u32,
    target: Target,
    scenarios: &[Scenario],
    suggest: bool,
) -> Result<Answer, String> {
    let definition = session.definition(pipeline)?;
    let stem = session.stem(definition.document);
    Ok(Answer::Coverage(Box::new(cover::coverage(&definition.text, target, scenarios, suggest, stem)?)))
}
