//! What can be said of a pipeline without running it.

use crate::protocol::{Answer, Target};
use crate::session::Session;

pub(super) fn findings(session: &Session, pipeline: u32, _target: Target, _strict: bool) -> Result<Answer, String> {
    let _definition = session.definition(pipeline)?;
    Ok(Answer::Findings(crate::protocol::FindingsView::default()))
}
