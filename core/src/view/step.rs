//! One step, or one node of a pipeline, for the inspector: what its columns and its decoded details say.

use super::value::read;
use super::{Sight, cut};
use crate::model::{Attribute, Details, Event, Fact, Flags, Kind, Nanos, NodeKind, Pipeline, Usage, Value, ValueText};
use crate::protocol::{Part, StepEvent, StepLink, StepView, ValueTab};

/// Events whose first words are looked up; beyond, only names and times are told.
const BRIEF_EVENTS: usize = 200;
const BRIEF_BYTES: usize = 160;

/// Finds a step of the session by run id (empty: the same run) and step id: run, step and name.
pub type FindStep<'a> = &'a dyn Fn(&str, &str) -> Option<(u32, u32, String)>;

/// One step for the inspector; `None` for a step that does not exist.
pub fn step_view(sight: Sight<'_>, step: u32, details: &Details, find: FindStep<'_>) -> Option<StepView> {
    let steps = &sight.run.steps;
    let at = step as usize;
    let flags = *steps.flags.get(at)?;
    let trusted = !flags.has(Flags::ABSURD);
    let start = *steps.start.get(at)?;
    let offset = |time: Option<Nanos>| time.zip(sight.run.start).map(|(time, first)| time.since(first));
    let usage = steps.usage.get(&step).copied().unwrap_or_default();
    let mut notes = super::tree::remarks(flags).iter().map(|remark| sentence(remark)).collect::<Vec<_>>();
    notes.extend(details.notes.iter().cloned());
    let links = details.links.iter().map(|link| {
        let found = find(&link.run, &link.step);
        StepLink {
            run_id: link.run.clone(),
            step_id: link.step.clone(),
            target: found.as_ref().map(|&(run, step, _)| (run, step)),
            name: found.map(|(_, _, name)| name).unwrap_or_default(),
        }
    });
    Some(StepView {
        name: sight.name(step).to_owned(),
        kind: *steps.kind.get(at)?,
        detail: String::new(),
        status: Some(*steps.status.get(at)?),
        id: sight.document.names.get(*steps.id.get(at)?).to_owned(),
        start: offset(start).filter(|_| trusted),
        started: start.and_then(Nanos::to_date),
        duration: steps.duration(step).filter(|_| trusted),
        visit: visit(sight, step),
        parent: steps.parent(step).map(|parent| (parent, sight.name(parent).to_owned())),
        model: sight.document.names.get(*steps.model.get(at)?).to_owned(),
        usage,
        usage_repeated: flags.has(Flags::USAGE_REPEATED),
        error: details.error.clone(),
        facts: details.facts.clone(),
        notes,
        values: tabs(sight, step, details),
        events: events(sight, step, details),
        links: links.collect(),
        attributes: number(details.attributes.len()),
        unknown_attributes: number(details.attributes.iter().filter(|attribute| !attribute.understood).count()),
        messages: number(details.messages.len()),
    })
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// A remark as a sentence: a capital and a full stop.
fn sentence(remark: &str) -> String {
    let mut chars = remark.chars();
    chars.next().map_or(String::new(), |first| format!("{}{}.", first.to_uppercase(), chars.as_str()))
}

/// Which of how many siblings with the same name this is, from 1.
fn visit(sight: Sight<'_>, step: u32) -> (u32, u32) {
    let steps = &sight.run.steps;
    let name = steps.name.get(step as usize);
    let same = steps.children(steps.parent(step)).filter(|&sibling| steps.name.get(sibling as usize) == name);
    let (mut which, mut all) = (0, 0);
    for sibling in same {
        all += 1;
        which += u32::from(sibling <= step);
    }
    (which, all)
}

/// Bytes of a value: at its place, or of its text where it was put together.
fn bytes_of(value: &Value) -> u64 {
    match &value.text {
        ValueText::Made { text, .. } => text.len() as u64,
        _ => value.place.len,
    }
}

fn tabs(sight: Sight<'_>, step: u32, details: &Details) -> Vec<ValueTab> {
    let run = sight.number;
    let mut tabs = Vec::new();
    let mut tab = |label: &str, part: Part, value: Option<u64>, missing: &str| {
        let missing = if value.is_some() { String::new() } else { missing.to_owned() };
        tabs.push(ValueTab { label: label.to_owned(), part, bytes: value.unwrap_or(0), missing });
    };
    let missing = "not in this file";
    tab("Input", Part::Input { run, step }, details.input.as_ref().map(bytes_of), missing);
    tab("Output", Part::Output { run, step }, details.output.as_ref().map(bytes_of), missing);
    if let Some(state) = &details.state {
        tab("State", Part::State { run, step }, Some(bytes_of(state)), missing);
    }
    if let Some(state) = &details.state_after {
        tab("State after", Part::StateAfter { run, step }, Some(bytes_of(state)), missing);
    }
    if !details.attributes.is_empty() {
        let size = |attribute: &Attribute| bytes_of(&attribute.value).saturating_add(attribute.name.len() as u64);
        let bytes = details.attributes.iter().map(size).fold(0, u64::saturating_add);
        tab("Attributes", Part::Attributes { run, step }, Some(bytes), missing);
    }
    if let Some(error) = details.error.as_ref().filter(|error| !error.stack.is_empty()) {
        tab("Stack", Part::Stack { run, step }, Some(error.stack.len() as u64), missing);
    }
    let steps = &sight.run.steps;
    let further = steps.more_places.get(&step).map_or(&[][..], Vec::as_slice);
    let places = steps.place.get(step as usize).into_iter().chain(further);
    let bytes = places.map(|place| place.len).fold(0, u64::saturating_add);
    tab("Raw", Part::Raw { run, step }, Some(bytes).filter(|&bytes| bytes > 0), missing);
    tabs
}

fn events(sight: Sight<'_>, step: u32, details: &Details) -> Vec<StepEvent> {
    let run = sight.number;
    let told = details.events.iter().enumerate().map(|(index, event)| StepEvent {
        name: event.name.clone(),
        time: event.time.zip(sight.run.start).map(|(time, first)| time.since(first)),
        part: Part::Event { run, step, index: number(index) },
        attributes: number(event.attributes.len()),
        brief: if index < BRIEF_EVENTS { brief(sight, event) } else { String::new() },
    });
    told.collect()
}

/// The first line of the attribute that says most, shortened.
fn brief(sight: Sight<'_>, event: &Event) -> String {
    const TELLING: [&str; 4] = ["exception.message", "message", "gen_ai.event.content", "content"];
    let named = |name: &&str| event.attributes.iter().find(|attribute| attribute.name == **name);
    let Some(attribute) = TELLING.iter().find_map(named).or(event.attributes.first()) else {
        return String::new();
    };
    // Enough of the value for one line; a string cut short this way still decodes.
    let mut value = attribute.value.clone();
    value.place.len = value.place.len.min(4 * BRIEF_BYTES as u64);
    let text = read(sight.reader, &value).map(|read| read.text).unwrap_or_default();
    let line = text.trim().lines().next().unwrap_or_default();
    let short = cut(line, BRIEF_BYTES);
    format!("{short}{}", if short.len() < text.trim().len() { "…" } else { "" })
}

/// One node of a pipeline for the inspector; `None` for a node that does not exist. `pipeline` counts over the session.
pub fn node_view(pipeline: u32, definition: &Pipeline, node: u32) -> Option<StepView> {
    let it = definition.nodes.get(node as usize)?;
    let mut facts = Vec::new();
    let mut fact = |label: &str, text: String| {
        if !text.is_empty() {
            facts.push(Fact { label: label.to_owned(), text });
        }
    };
    fact("Class", it.detail.clone());
    let name = |index: u32| definition.nodes.get(index as usize).map_or("", |node| node.name.as_str());
    let edges = |leaving: bool| {
        let mine = definition.edges.iter().filter(|edge| (if leaving { edge.from } else { edge.to }) == node);
        let told = mine.map(|edge| {
            let other = name(if leaving { edge.to } else { edge.from });
            let condition = edge.condition.as_ref().map(|condition| format!(" if {}", condition.text));
            format!("{other}{}", condition.unwrap_or_default())
        });
        told.collect::<Vec<_>>().join(", ")
    };
    fact("From", edges(false));
    fact("To", edges(true));
    let mut notes = Vec::new();
    if it.kind == NodeKind::Missing {
        notes.push("An edge names this node, and the file defines it nowhere.".to_owned());
    } else if !it.reachable {
        notes.push("A run that enters at the entry cannot reach this node.".to_owned());
    }
    for edge in definition.edges.iter().filter(|edge| edge.from == node) {
        if let Some(remark) = edge.condition.as_ref().and_then(|condition| condition.remark.as_ref()) {
            notes.push(format!("To {}: {remark}", name(edge.to)));
        }
    }
    let values = it.values.iter().enumerate().map(|(index, (label, value))| ValueTab {
        label: label.clone(),
        part: Part::Node { pipeline, node, index: number(index) },
        bytes: bytes_of(value),
        missing: String::new(),
    });
    let detail = match it.kind {
        NodeKind::Start => "start",
        NodeKind::Step => "step",
        NodeKind::Human => "human",
        NodeKind::Parallel => "parallel",
        NodeKind::End => "end",
        NodeKind::Missing => "missing",
    };
    Some(StepView {
        name: it.name.clone(),
        kind: if it.kind == NodeKind::Human { Kind::Human } else { Kind::Task },
        detail: detail.to_owned(),
        status: None,
        id: it.id.clone(),
        start: None,
        started: None,
        duration: None,
        visit: (1, 1),
        parent: None,
        model: String::new(),
        usage: Usage::default(),
        usage_repeated: false,
        error: None,
        facts,
        notes,
        values: values.collect(),
        events: Vec::new(),
        links: Vec::new(),
        attributes: 0,
        unknown_attributes: 0,
        messages: 0,
    })
}
