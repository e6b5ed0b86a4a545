//! Edges and their conditions.

use super::super::outline::{Edge, Outline, is_terminal};
use super::known;
use crate::edit::{Edits, Position};
use crate::json::{At, NodeKind, Tree, compact, quoted};
use crate::protocol::ConditionDraft;

/// Operators of IA Modules: four in 0.1.3, two more in 0.2.0. Any other is false, with a warning in the log.
pub(in super::super) const OPERATORS: [&str; 6] =
    ["equals", "not_equals", "greater_than", "less_than", "greater_than_or_equals", "less_than_or_equals"];

const ALWAYS: &str = "{\"type\": \"always\"}";

/// The edge at a JSON path.
pub(super) fn find<'o, 'a>(outline: &'o Outline<'a>, path: &str) -> Result<&'o Edge<'a>, String> {
    let at = outline.root.find(path);
    at.and_then(|at| outline.edges.iter().find(|edge| edge.at.node == at.node))
        .ok_or_else(|| format!("There is no edge at `{path}`: the text has changed in the meantime."))
}

/// A condition as the engine evaluates it, as JSON text.
fn condition_json(condition: Option<&ConditionDraft>) -> Result<String, String> {
    let Some(draft) = condition else { return Ok(ALWAYS.to_owned()) };
    let (source, operator, value) = checked(draft)?;
    Ok(format!(
        "{{\"type\": \"expression\", \"config\": {{\"source\": {source}, \"operator\": {operator}, \"value\": {value}}}}}"
    ))
}

/// Source, operator and value as JSON texts.
fn checked(draft: &ConditionDraft) -> Result<(String, String, String), String> {
    let source = draft.source.trim();
    if source.is_empty() {
        return Err("A condition needs a source: the key it reads, or `step_id.key`.".to_owned());
    }
    if !OPERATORS.contains(&draft.operator.as_str()) {
        return Err(format!(
            "The engine does not know the operator `{}`, and such a condition is never true. It knows {}.",
            draft.operator,
            OPERATORS.join(", ")
        ));
    }
    let value = draft.value.trim();
    let whole = crate::json::whole(value.as_bytes()).is_some() && Tree::parse(value.as_bytes()).damage.is_none();
    // The reader is forgiving; what is written into a file must be JSON to the letter.
    if !whole || serde_json::from_str::<serde::de::IgnoredAny>(value).is_err() {
        return Err(format!(
            "The value to compare with must be JSON, and `{value}` is not. A text needs double quotes."
        ));
    }
    Ok((quoted(source), quoted(&draft.operator), compact(value.as_bytes())))
}

/// A new edge, in the list and with the keys that the file uses.
pub(super) fn connect<'a>(
    edits: &mut Edits<'a>,
    outline: &Outline<'a>,
    from: &str,
    to: &str,
    condition: Option<&ConditionDraft>,
) -> Result<(), String> {
    known(outline, from)?;
    if !is_terminal(to) {
        known(outline, to)?;
    }
    if condition.is_none() && outline.edges.iter().any(|edge| edge.leaves(from) && edge.enters(to) && edge.is_always())
    {
        return Err(format!(
            "There is already an edge from `{from}` to `{to}` that is always taken; with a second one the engine would \
             run `{to}` twice."
        ));
    }
    add(edits, outline, from, to, condition)
}

/// The same without asking whether the steps are there.
pub(super) fn add<'a>(
    edits: &mut Edits<'a>,
    outline: &Outline<'a>,
    from: &str,
    to: &str,
    condition: Option<&ConditionDraft>,
) -> Result<(), String> {
    // The engine reads `paths` only; `transitions` is used where the file has its edges there and nowhere else.
    let transitions = !outline.edges.is_empty() && outline.edges.iter().all(|edge| edge.transition);
    let siblings = || outline.edges.iter().filter(|edge| edge.transition == transitions);
    let near = siblings().rfind(|edge| edge.leaves(from));
    let model = near.or_else(|| siblings().next_back());
    let long = |key: &str| model.is_some_and(|edge| edge.at.get(key).is_some());
    let from_key = if long("from_step") { "from_step" } else { "from" };
    let to_key = if long("to_step") { "to_step" } else { "to" };
    let mut json = format!("{{{}: {}, {}: {}", quoted(from_key), quoted(from), quoted(to_key), quoted(to));
    let always_told =
        siblings().next().is_none() || siblings().any(|edge| edge.is_always() && edge.condition().is_some());
    if condition.is_some() || always_told {
        json.push_str(", \"condition\": ");
        json.push_str(&condition_json(condition)?);
    }
    json.push('}');
    // An edge with a condition like this one, if there is one, tells how to lay it out.
    let alike = siblings().rfind(|edge| edge.is_always() == condition.is_none() && edge.condition().is_some());
    let like = alike.or(model).map(|edge| edge.at);
    let list = if transitions { "transitions" } else { "paths" };
    let flow = outline.root.get("flow").filter(|flow| flow.is(NodeKind::Object));
    match (flow, flow.and_then(|flow| flow.get(list)).filter(|list| list.is(NodeKind::Array))) {
        (_, Some(list)) => {
            let position = near.map_or(Position::Last, |edge| Position::After(edge.at.node));
            edits.add_item(list, &json, like, position);
        }
        (Some(flow), None) => edits.set_member(flow, list, &format!("[{json}]")),
        (None, _) => {
            let flow = format!("{{\"start_at\": {}, \"paths\": [{json}]}}", quoted(from));
            edits.set_member(outline.root, "flow", &flow);
        }
    }
    Ok(())
}

/// An edge changes places with its neighbour among those of the same step and list, each as it is written.
pub(super) fn move_by_one<'a>(
    edits: &mut Edits<'a>,
    outline: &Outline<'a>,
    edge: &Edge<'a>,
    earlier: bool,
) -> Result<(), String> {
    let from = edge.from.and_then(At::string).ok_or("This edge does not say which step it leaves.")?;
    let siblings: Vec<&Edge<'a>> =
        outline.edges.iter().filter(|other| other.transition == edge.transition && other.leaves(&from)).collect();
    let here = siblings.iter().position(|other| other.at.node == edge.at.node);
    let there = here.and_then(|here| if earlier { here.checked_sub(1) } else { here.checked_add(1) });
    let Some(other) = there.and_then(|there| siblings.get(there)) else {
        let place = if earlier { "first" } else { "last" };
        return Err(format!("This edge is the {place} one that leaves `{from}` already."));
    };
    let text = |at: At<'_>| String::from_utf8_lossy(at.raw()).into_owned();
    edits.splice(edge.at.start(), edge.at.end(), text(other.at));
    edits.splice(other.at.start(), other.at.end(), text(edge.at));
    Ok(())
}

/// Another condition on an edge; what else stands in the old one stays.
pub(super) fn set_condition<'a>(
    edits: &mut Edits<'a>,
    edge: &Edge<'a>,
    condition: Option<&ConditionDraft>,
) -> Result<(), String> {
    let Some(old) = edge.condition() else {
        let json = condition_json(condition)?;
        let position = edge.to.map_or(Position::Last, |to| Position::After(to.node));
        if condition.is_some() {
            edits.add_member(edge.at, "condition", &json, None, position);
        }
        return Ok(());
    };
    if !old.is(NodeKind::Object) || old.count() == 0 {
        edits.replace(old, &condition_json(condition)?);
        return Ok(());
    }
    let config = old.get("config").filter(|config| config.is(NodeKind::Object));
    let Some(draft) = condition else {
        edits.set_member(old, "type", "\"always\"");
        for key in ["config", "source", "field", "operator", "value"] {
            old.get(key).into_iter().for_each(|member| edits.remove(member));
        }
        return Ok(());
    };
    let (source, operator, value) = checked(draft)?;
    edits.set_member(old, "type", "\"expression\"");
    for flat in ["source", "field", "operator", "value"].iter().filter_map(|key| old.get(key)) {
        edits.remove(flat);
    }
    match (config, old.get("config")) {
        (Some(config), _) => {
            edits.set_member(config, "source", &source);
            edits.set_member(config, "operator", &operator);
            edits.set_member(config, "value", &value);
            config.get("field").into_iter().for_each(|member: At<'_>| edits.remove(member));
        }
        (None, _) => {
            let json = format!("{{\"source\": {source}, \"operator\": {operator}, \"value\": {value}}}");
            edits.set_member(old, "config", &json);
        }
    }
    Ok(())
}
