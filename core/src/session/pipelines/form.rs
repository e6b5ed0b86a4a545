//! Forms: for the input, for a person's answer, for a condition.

use crate::protocol::{Answer, ConditionForm, Form, Target};
use crate::session::Session;

pub(super) fn form(session: &Session, pipeline: u32, _step: Option<&str>) -> Result<Answer, String> {
    let _definition = session.definition(pipeline)?;
    Ok(Answer::Form(Form::default()))
}

pub(super) fn condition(session: &Session, pipeline: u32, _from: &str, _target: Target) -> Result<Answer, String> {
    let _definition = session.definition(pipeline)?;
    Ok(Answer::ConditionForm(ConditionForm::default()))
}
