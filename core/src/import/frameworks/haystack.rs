//! A Haystack pipeline stopped at a breakpoint or an error: which components had run, and what waits for the next.
//!
//! Source: `haystack.dataclasses.breakpoints.PipelineSnapshot` (2.16 to 3.4), written to `~/.haystack/
//! pipeline_snapshot/`. A state of a debugger rather than a trace: it has order and no times.

use crate::import::record::{Record, Records, read};
use crate::import::{Builder, Draft, Format, Matched, Probe, Revealing, each_object};
use crate::json::At;
use crate::model::{Details, Fact, Kind, Place, Status};
use rustc_hash::{FxHashMap, FxHashSet};

/// The format.
pub const FORMAT: Format = Format {
    id: "haystack-snapshot",
    name: "Haystack pipeline snapshots",
    detect,
    importer: |_, _| Box::new(Records { finds: each_object, takes, shows }),
};

/// What waits at the inputs of the components, as members by their names.
fn inputs(at: At<'_>) -> Option<At<'_>> {
    let inputs = at.get("pipeline_state")?.get("inputs")?;
    Some(inputs.get("serialized_data").unwrap_or(inputs))
}

fn takes(_: u8, record: &Record<'_>, build: &mut Builder) {
    let at = record.root();
    let Some(state) = at.get("pipeline_state") else { return };
    let number = build.run_names.len() + 1;
    let run = build.names.intern(&format!("snapshot {number}"));
    let stop = at.get("break_point");
    let stopped = stop.and_then(|stop| {
        let stop = stop.get("break_point").unwrap_or(stop);
        read::text(stop, &["component_name", "agent_name"])
    });
    let stopped = stopped.unwrap_or_default().into_owned();
    build.run_names.insert(run, format!("Haystack pipeline, stopped at {stopped}"));
    let root = build.names.intern("pipeline");
    let mut pipeline = Draft::new(run, root, record.whole_place());
    pipeline.name = build.names.intern("pipeline");
    (pipeline.kind, pipeline.status) = (Kind::Chain, Status::Waiting);
    build.push(pipeline);

    let visits = state.get("component_visits");
    let ordered = state.get("ordered_component_names").or_else(|| at.get("ordered_component_names"));
    let mut names: Vec<String> =
        ordered.into_iter().flat_map(At::items).filter_map(At::string).map(Into::into).collect();
    let known: FxHashSet<String> = names.iter().cloned().collect();
    // By name at once: a search for each among all would take its time where there are many.
    let by_name = |at: Option<At<'_>>| -> FxHashMap<String, u32> {
        at.into_iter().flat_map(At::members).filter_map(|at| Some((at.key()?.into_owned(), at.node))).collect()
    };
    let (counts, waits) = (by_name(visits), by_name(inputs(at)));
    let visited = visits.into_iter().flat_map(At::members).filter_map(At::key).map(String::from);
    names.extend(visited.filter(|name| !known.contains(name)));
    // The file sorts components by name; what had run comes first, then the one that waits.
    let rank = |name: &String| {
        let count =
            counts.get(name).and_then(|&node| read::scalar(At { node, ..at })?.parse::<u64>().ok()).unwrap_or(0);
        (count == 0, *name != stopped && count == 0)
    };
    let mut ranked: Vec<(usize, (bool, bool))> = names.iter().map(rank).enumerate().collect();
    crate::order::Order::order_by_key(ranked.as_mut_slice(), |(_, rank)| *rank);
    for (at_name, (pending, later)) in ranked {
        let Some(name) = names.get(at_name) else { continue };
        let waiting = waits.get(name).map(|&node| At { node, ..at });
        let counted = counts.get(name).map(|&node| At { node, ..at });
        let place: Place = waiting.or(counted).map_or(record.whole_place(), |member| record.place(member));
        let id = build.names.intern(name);
        let mut draft = Draft::new(run, id, place);
        (draft.parent, draft.name, draft.kind) = (Some(root), id, Kind::Task);
        draft.status = match (pending, later) {
            (false, _) => Status::Ok,
            (true, false) => Status::Waiting,
            (true, true) => Status::Skipped,
        };
        draft.context = if waiting.is_some() { 1 } else { 2 };
        build.push(draft);
    }
}

fn shows(record: &Record<'_>, about: Revealing<'_>, details: &mut Details) {
    let at = record.root();
    match about.context {
        0 => {
            let state = at.get("pipeline_state");
            let original = read::first(at, &["original_input_data"]);
            details.input = record.value(original.map(|input| input.get("serialized_data").unwrap_or(input)));
            let outputs = state.and_then(|state| state.get("pipeline_outputs"));
            details.output = record.value(outputs.map(|outputs| outputs.get("serialized_data").unwrap_or(outputs)));
            details.state = record.value(inputs(at));
            let fact = |text: Option<std::borrow::Cow<'_, str>>, label: &str| {
                text.map(|text| Fact { label: label.into(), text: text.into_owned() })
            };
            details.facts.extend(fact(read::text(at, &["timestamp"]), "written"));
            let shown = ["pipeline_state", "original_input_data", "timestamp", "ordered_component_names"];
            details.attributes.extend(record.attributes(at, &shown));
            details.notes.push("A snapshot: times, and what finished components gave, are not in this file.".into());
        }
        1 => details.input = record.value(Some(at)),
        _ => {}
    }
    let status = about.run.steps.status.get(about.step as usize).copied().unwrap_or_default();
    let note = match status {
        Status::Ok => "It had run; what it gave stands at the inputs of the components after it.",
        Status::Waiting if about.context != 0 => "The pipeline stopped before this component.",
        Status::Skipped => "It had not run yet.",
        _ => return,
    };
    details.notes.push(note.into());
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    probe.find(|sample| {
        sample.get("pipeline_state").is_some()
            && (sample.get("break_point").is_some() || sample.path(&["pipeline_state", "component_visits"]).is_some())
    })?;
    Matched::new("Haystack snapshot", "it holds `pipeline_state` and `break_point`")
}
