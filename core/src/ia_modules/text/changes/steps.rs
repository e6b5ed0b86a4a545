//! New steps, and steps that go away.

use super::super::outline::{Outline, Step};
use super::{edges, is_free, known, set_start};
use crate::edit::{Edits, Position};
use crate::json::{At, NodeKind, quoted};
use std::borrow::Cow;

/// `write_draft` as a class: `WriteDraftStep`.
fn class_name(id: &str) -> String {
    let words = id.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let name: String = words
        .flat_map(|word| {
            let mut letters = word.chars();
            letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<Vec<_>>()
        })
        .collect();
    let name = if name.starts_with(|c: char| c.is_alphabetic()) { name } else { format!("Step{name}") };
    if name.ends_with("Step") { name } else { format!("{name}Step") }
}

fn module<'a>(step: &Step<'a>) -> Option<Cow<'a, str>> {
    step.at.text_of("module").filter(|module| !module.is_empty())
}

/// Where the class of a new step is, going by its neighbours: their module, or one beside theirs.
fn module_name(outline: &Outline<'_>, model: Option<&Step<'_>>, id: &str) -> String {
    let Some(near) = model.and_then(module).or_else(|| outline.steps.iter().find_map(module)) else {
        return "steps".to_owned();
    };
    let mut modules = outline.steps.iter().filter_map(module);
    match near.rsplit_once('.') {
        Some((package, _)) if outline.steps.len() > 1 && modules.any(|other| other != near) => {
            let file: String = id.chars().map(|c| if c.is_alphanumeric() || c == '_' { c } else { '_' }).collect();
            format!("{package}.{file}")
        }
        _ => near.into_owned(),
    }
}

/// The keys of a new step. The engine's loaders want `id` and `step_class`, its validator `name` and `class`, and each
/// takes what the others want; a file that has settled for some of them keeps to those.
fn keys<'k>(model: Option<&Step<'_>>) -> Vec<&'k str> {
    let all = ["id", "name", "step_class", "class", "module", "config"];
    let Some(model) = model else { return all.to_vec() };
    let has = |key: &str| model.at.get(key).is_some();
    let mut keys: Vec<&str> = model
        .at
        .members()
        .filter_map(|member| all.into_iter().find(|key| member.key().as_deref() == Some(key)))
        .collect();
    let needed = [!has("id") && !has("name"), !has("name"), !has("step_class") && !has("class"), false, !has("module")];
    for (key, needed) in all.into_iter().zip(needed) {
        if needed {
            // Next to what it goes with: `name` behind `id`, the rest at the end.
            let place = if key == "name" { keys.iter().position(|key| *key == "id").map(|at| at + 1) } else { None };
            keys.insert(place.unwrap_or(keys.len()), key);
        }
    }
    if !has("config") {
        keys.push("config");
    }
    keys.dedup();
    keys
}

/// A new step, behind `after` and reached from it when that is given.
pub(super) fn add<'a>(
    edits: &mut Edits<'a>,
    outline: &Outline<'a>,
    id: &str,
    after: Option<&str>,
) -> Result<(), String> {
    is_free(outline, id)?;
    let before = match after {
        Some(after) => {
            known(outline, after)?;
            outline.step(after)
        }
        None => None,
    };
    let model = before.or_else(|| outline.steps.last());
    let members: Vec<String> = keys(model)
        .into_iter()
        .map(|key| {
            let value = match key {
                "id" | "name" => quoted(id),
                "module" => quoted(&module_name(outline, model, id)),
                "config" => "{}".to_owned(),
                _ => quoted(&class_name(id)),
            };
            format!("{}: {value}", quoted(key))
        })
        .collect();
    let json = format!("{{{}}}", members.join(", "));
    let like = model.map(|step| step.at);
    match outline.root.get("steps").filter(|steps| steps.is(NodeKind::Array)) {
        Some(steps) => {
            let position = before.map_or(Position::Last, |step| Position::After(step.at.node));
            edits.add_item(steps, &json, like, position);
        }
        None => edits.set_member(outline.root, "steps", &format!("[{json}]")),
    }
    match after {
        Some(after) => edges::add(edits, outline, after, id, None)?,
        // The first step of all is where a run begins.
        None if outline.steps.is_empty() => set_start(edits, outline, id),
        None => {}
    }
    Ok(())
}

/// Removes every step of this id, the edges at it, and finds another start where it was that.
pub(super) fn remove<'a>(edits: &mut Edits<'a>, outline: &Outline<'a>, id: &str) -> Result<(), String> {
    known(outline, id)?;
    for step in outline.steps.iter().filter(|step| step.id == id) {
        edits.remove(step.at);
    }
    for edge in outline.edges.iter().filter(|edge| edge.leaves(id) || edge.enters(id)) {
        edits.remove(edge.at);
    }
    let Some(start) = outline.start_at().filter(|start| start.string().is_some_and(|start| start == id)) else {
        return Ok(());
    };
    let follows = outline.edges.iter().filter(|edge| edge.leaves(id)).filter_map(|edge| edge.to.and_then(At::string));
    let mut follows = follows.filter(|to| to != id && outline.step(to).is_some());
    let next = follows.next().or_else(|| outline.steps.iter().map(|step| step.id.clone()).find(|other| other != id));
    match next {
        Some(next) => edits.replace(start, &quoted(&next)),
        None => edits.remove(start),
    }
    Ok(())
}
