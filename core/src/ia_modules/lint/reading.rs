//! The file as each of the three readers takes it: whether it accepts it, what it sees, what it leaves out.
//!
//! Whether a loader accepts the file is asked of `load`, which is that loader.

use super::facts::Facts;
use crate::ia_modules::definition::Text;
use crate::ia_modules::load::{Given, Mocks, load};
use crate::ia_modules::python::{Dict, Value};
use crate::ia_modules::validate::NotJson;
use crate::json::NodeKind;
use crate::protocol::{EngineId, Loader, Reader, Reading, Target, Validation};
use crate::wording::counted;

/// All three, in the order of [`Reader`].
pub(super) fn readings(text: Text<'_>, engine: EngineId, said: &Validation) -> Vec<Reading> {
    let definition = text.value(Text::ROOT);
    let loaders = [(Reader::Raw, Loader::Raw), (Reader::Pydantic, Loader::Pydantic)];
    let loaded = loaders.map(|(reader, loader)| loader_reading(text, &definition, Target { engine, loader }, reader));
    [validator(text, said)].into_iter().chain(loaded).collect()
}

/// All three of a text that is no JSON: none takes it.
pub(super) fn none(wrong: &NotJson, text: &[u8]) -> Vec<Reading> {
    let summary = format!("No reader takes it: {}: {}", wrong.exception, wrong.python(text));
    [Reader::Validator, Reader::Raw, Reader::Pydantic]
        .map(|reader| Reading {
            reader,
            accepts: false,
            summary: summary.clone(),
            steps: 0,
            edges: 0,
            notes: Vec::new(),
        })
        .into()
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn sees(steps: u32, edges: u32) -> String {
    format!("{} and {}", counted(steps, "step", "steps"), counted(edges, "edge", "edges"))
}

fn validator(text: Text<'_>, said: &Validation) -> Reading {
    let steps = number(text.items(Text::ROOT, "steps").filter(|&step| text.text(step, "name").is_some()).count());
    let flow = text.object(Text::ROOT, "flow");
    let (key, from, to) = match flow.and_then(|flow| text.get(flow, "paths")) {
        Some(_) => ("paths", "from_step", "to_step"),
        None => ("transitions", "from", "to"),
    };
    let all = || flow.into_iter().flat_map(move |flow| text.items(flow, key));
    let ends = |edge: &u32| text.text(*edge, from).is_some() && text.text(*edge, to).is_some();
    let edges = number(all().filter(ends).count());
    let mut notes = Vec::new();
    let by_id = text
        .items(Text::ROOT, "steps")
        .filter(|&step| text.text(step, "id").is_some_and(|id| text.text(step, "name") != Some(id)));
    let by_id = number(by_id.count());
    if by_id > 0 {
        notes.push(format!(
            "It knows steps by `name`, and not by `id`: {} have another one.",
            counted(by_id, "step", "steps")
        ));
    }
    let unseen = number(all().count()).saturating_sub(edges);
    if unseen > 0 {
        notes.push(format!(
            "It reads `{from}` and `{to}` in `{key}`: {} without them do not count.",
            counted(unseen, "edge", "edges")
        ));
    }
    let summary = match said.errors.first() {
        None => format!("The validator calls it valid, with {}.", sees(steps, edges)),
        Some(first) => {
            let more = said.errors.len() - 1;
            let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
            format!("The validator calls it invalid: {first}{more}")
        }
    };
    Reading { reader: Reader::Validator, accepts: said.is_valid, summary, steps, edges, notes }
}

fn loader_reading(text: Text<'_>, definition: &Value, target: Target, reader: Reader) -> Reading {
    let (input, mocks) = (Value::dict(Dict::new()), Mocks::default());
    let loaded = load(definition, Given { target, input: &input, mocks: &mocks });
    let name = if target.loader == Loader::Raw { "raw" } else { "pydantic" };
    let notes = notes(text, target);
    match loaded {
        Ok(program) => {
            let (steps, edges) = (number(program.steps.len()), number(program.edges.len()));
            let summary = format!("The {name} loader takes it, with {}.", sees(steps, edges));
            Reading { reader, accepts: true, summary, steps, edges, notes }
        }
        Err(exception) => {
            let summary = format!("The {name} loader refuses it with {}: {}", exception.type_name, exception.message);
            // What it would see, had it got that far.
            let mut facts = Facts::read(text, target);
            let shape = facts.join(text);
            let known = |long: bool| target.loader == Loader::Pydantic || !long;
            let edges = shape.paths.iter().filter(|edge| known(edge.from.long) && known(edge.to.long));
            let (steps, edges) = (number(shape.steps.len()), number(edges.count()));
            Reading { reader, accepts: false, summary, steps, edges, notes }
        }
    }
}

/// What a loader leaves out or takes otherwise.
fn notes(text: Text<'_>, target: Target) -> Vec<String> {
    let mut notes = Vec::new();
    let flow = text.object(Text::ROOT, "flow");
    let transitions = number(flow.map_or(0, |flow| text.items(flow, "transitions").count()));
    if transitions > 0 {
        notes.push(format!(
            "It does not read `flow.transitions`: {} are not there.",
            counted(transitions, "edge", "edges")
        ));
    }
    let paths = || flow.into_iter().flat_map(|flow| text.items(flow, "paths"));
    let list = text.get(Text::ROOT, "parameters").is_some_and(|node| text.is(node, NodeKind::Array));
    if target.loader == Loader::Raw {
        let only_long = |edge, short, long| text.get(edge, short).is_none() && text.get(edge, long).is_some();
        let long =
            paths().filter(|&edge| only_long(edge, "from", "from_step") || only_long(edge, "to", "to_step")).count();
        let long = number(long);
        if long > 0 {
            notes.push(format!(
                "It does not know `from_step` and `to_step`: it stops at the first of {}.",
                counted(long, "edge", "edges")
            ));
        }
        return notes;
    }
    if list {
        notes.push("It makes `parameters` an empty object: what the list declares is gone.".to_owned());
    }
    let flat = number(
        paths()
            .filter_map(|edge| text.object(edge, "condition"))
            .filter(|&condition| text.children(condition).any(|key| !matches!(&*text.key(key), "type" | "config")))
            .count(),
    );
    if flat > 0 {
        let conditions = counted(flat, "condition", "conditions");
        notes.push(format!("It keeps `type` and `config` of a condition and drops the rest, in {conditions}."));
    }
    let dropped: Vec<&str> = ["inputs", "outputs", "conditions", "error_handling", "parallel", "class"]
        .into_iter()
        .filter(|key| text.items(Text::ROOT, "steps").any(|step| text.get(step, key).is_some()))
        .collect();
    if !dropped.is_empty() {
        notes.push(format!("It drops these keys of steps: {}.", dropped.join(", ")));
    }
    notes
}
