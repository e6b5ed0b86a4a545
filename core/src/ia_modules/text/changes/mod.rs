//! Every [`Change`] of a pipeline as edits of its text, in the way the file already writes such things.
//!
//! Steps are in `steps`, edges in `edges`, names that stand in many places in `rename`. What makes no sense is refused
//! with a sentence. Whether a change is wise is not asked here: findings say so afterwards.

mod edges;
mod rename;
#[cfg(test)]
mod sequence_tests;
mod steps;
#[cfg(test)]
mod tests;

pub(super) use edges::OPERATORS;

use super::outline::{Outline, is_terminal};
use crate::edit::{Edits, Position};
use crate::json::{At, NodeKind, Tree, quoted};
use crate::protocol::{Change, TextEdit};

/// The edits that make a change; `text` is one pipeline.
///
/// # Errors
/// When the change makes no sense: a sentence for a person.
pub fn plan(text: &[u8], change: &Change) -> Result<Vec<TextEdit>, String> {
    if matches!(change, Change::Format) {
        return crate::edit::format(text).map_err(|(at, expected)| {
            let line = 1 + text.get(..at).map_or(0, |before| before.iter().filter(|&&b| b == b'\n').count());
            format!("The text cannot be formatted while it is damaged: in line {line} of the pipeline, {expected} was expected.")
        });
    }
    let tree = Tree::forgiving(text);
    let root = At::root(text, &tree).filter(|root| root.is(NodeKind::Object));
    let root = root.ok_or("The text holds no pipeline: it must be a JSON object.")?;
    let outline = Outline::of(root);
    let mut edits = Edits::new(root);
    match change {
        Change::AddStep { id, after } => steps::add(&mut edits, &outline, id.trim(), after.as_deref())?,
        Change::RemoveStep { id } => steps::remove(&mut edits, &outline, id)?,
        Change::RenameStep { id, to } => rename::rename(&mut edits, &outline, id, to.trim())?,
        Change::Connect { from, to, condition } => {
            edges::connect(&mut edits, &outline, from, to, condition.as_ref())?;
        }
        Change::Disconnect { edge } => edits.remove(edges::find(&outline, edge)?.at),
        Change::MoveEdge { edge, earlier } => {
            edges::move_by_one(&mut edits, &outline, edges::find(&outline, edge)?, *earlier)?;
        }
        Change::SetCondition { edge, condition } => {
            edges::set_condition(&mut edits, edges::find(&outline, edge)?, condition.as_ref())?;
        }
        Change::SetStart { id } => {
            known(&outline, id)?;
            set_start(&mut edits, &outline, id);
        }
        Change::Format => {}
    }
    Ok(edits.finish())
}

/// Refuses an id that no step has.
fn known(outline: &Outline<'_>, id: &str) -> Result<(), String> {
    match outline.step(id) {
        Some(_) => Ok(()),
        None => Err(format!("There is no step `{id}` in this pipeline.")),
    }
}

/// Refuses an id that a new step cannot have.
fn is_free(outline: &Outline<'_>, id: &str) -> Result<(), String> {
    if id.is_empty() {
        return Err("A step needs an id.".to_owned());
    }
    if is_terminal(id) {
        return Err(format!(
            "`{id}` cannot be the id of a step: the engine stops a run at names that begin with `end_`. Choose another."
        ));
    }
    if outline.step(id).is_some() {
        return Err(format!("There is already a step `{id}`. Choose another id."));
    }
    Ok(())
}

fn set_start<'a>(edits: &mut Edits<'a>, outline: &Outline<'a>, id: &str) {
    let id = quoted(id);
    match (outline.start_at(), outline.root.get("flow").filter(|flow| flow.is(NodeKind::Object))) {
        (Some(old), _) => edits.replace(old, &id),
        (None, Some(flow)) => edits.add_member(flow, "start_at", &id, None, Position::First),
        (None, None) => {
            let flow = format!("{{\"start_at\": {id}, \"paths\": []}}");
            edits.set_member(outline.root, "flow", &flow);
        }
    }
}
