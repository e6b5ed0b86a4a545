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
    let opened = session.opened.get(definition.document as usize).and_then(Option::as_ref);
    let file = opened.and_then(|opened| opened.document.files.first()).map_or("", |file| file.name.as_str());
    let file = file.rsplit(['/', '\\']).next().unwrap_or(file);
    // 0.2.0 puts the name of the file without its ending into the state.
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    Ok(Answer::Coverage(Box::new(cover::coverage(&definition.text, target, scenarios, suggest, stem)?)))
}
