//! Forms: for the input, for a person's answer, for a condition.

use crate::ia_modules::text::{Outline, answer_form, input_form, operators, sources};
use crate::json::{At, Tree};
use crate::protocol::{Answer, ConditionForm, Form, Target};
use crate::session::Session;

pub(super) fn form(session: &Session, pipeline: u32, step: Option<&str>) -> Result<Answer, String> {
    let definition = session.definition(pipeline)?;
    let tree = Tree::forgiving(&definition.text);
    let Some(root) = At::root(&definition.text, &tree) else { return Ok(Answer::Form(Form::default())) };
    let Some(id) = step else { return Ok(Answer::Form(input_form(root))) };
    let outline = Outline::of(root);
    let step = outline.step(id).ok_or_else(|| format!("There is no step `{id}` in this pipeline."))?;
    Ok(Answer::Form(answer_form(step.at)))
}

pub(super) fn condition(session: &Session, pipeline: u32, from: &str, target: Target) -> Result<Answer, String> {
    let definition = session.definition(pipeline)?;
    let tree = Tree::forgiving(&definition.text);
    let Some(root) = At::root(&definition.text, &tree) else {
        return Ok(Answer::ConditionForm(ConditionForm::default()));
    };
    let sources = sources(&Outline::of(root), from, target.engine);
    Ok(Answer::ConditionForm(ConditionForm {
        operators: operators(target.engine).iter().map(|&operator| operator.to_owned()).collect(),
        sources: sources.into_iter().map(|source| (source.path, source.by, source.example)).collect(),
    }))
}
