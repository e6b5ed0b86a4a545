//! What ran in n8n: the data of an execution, node by node, and data pinned to nodes in the editor.
//!
//! A node may run several times; each time is a step. What serves an agent (its model, its tools) names the agent as
//! where it was called from, and stands in it. The input of a step is the output of the one before it.

use super::{class, is_workflow, workflow};
use crate::import::record::{Record, read};
use crate::import::{Builder, Draft, Piece, Reveal, Revealing};
use crate::json::{At, NodeKind as Json};
use crate::model::{
    Details, Fact, Flags, Kind, Message, Nanos, Part, Place, Role, Side, Status, Usage, Value, ValueText,
};
use rustc_hash::FxHashMap;

/// What the first piece of a step is.
const TASK: u32 = 0;
const PINNED: u32 = 1;
const WHOLE: u32 = 2;

const MILLIS: i64 = 1_000_000;

/// The data of an execution: below `data` in answers of the API, or the object itself.
fn result(at: At<'_>) -> Option<At<'_>> {
    at.at(&["data", "resultData"])
        .or_else(|| at.get("resultData"))
        .filter(|data| data.get("runData").is_some_and(|run| run.is(Json::Object)))
}

/// Whether an object is an execution with its data.
pub(super) fn is_execution(at: At<'_>) -> bool {
    result(at).is_some()
}

/// The kind of a node by what it is.
fn kind(class: &str) -> Kind {
    let lower = class.to_lowercase();
    let has = |word: &str| lower.contains(word);
    match () {
        () if has("agent") || has("openaiassistant") => Kind::Agent,
        () if lower.starts_with("lm") => Kind::Llm,
        () if lower.starts_with("tool") || lower.ends_with("tool") || has("mcpclient") => Kind::Tool,
        () if has("embedding") => Kind::Embedding,
        () if has("retriever") || has("vectorstore") => Kind::Retriever,
        () if lower.starts_with("chain") || has("executeworkflow") => Kind::Chain,
        () if has("guardrail") => Kind::Guardrail,
        () if has("evaluation") => Kind::Evaluator,
        () if has("httprequest") || lower == "webhook" || lower == "graphql" => Kind::Http,
        () if ["postgres", "mysql", "mongodb", "redis", "supabase", "sql"].iter().any(|word| has(word)) => Kind::Db,
        () if lower == "form" => Kind::Human,
        () => Kind::Task,
    }
}

fn status(text: &str) -> Status {
    match text {
        "success" | "finished" => Status::Ok,
        "error" | "failed" | "crashed" => Status::Error,
        "running" | "new" => Status::Running,
        "waiting" => Status::Waiting,
        "canceled" | "cancelled" => Status::Cancelled,
        _ => Status::Unset,
    }
}

/// What each node is, by name.
fn classes(workflow: Option<At<'_>>) -> FxHashMap<String, String> {
    let nodes = workflow.and_then(|of| of.get("nodes")).into_iter().flat_map(At::items);
    nodes.filter_map(|node| Some((node.text_of("name")?.into_owned(), class(node)))).collect()
}

/// Items as they are shown: of one item its JSON, of several the list. `None` where nothing came out.
fn items(list: At<'_>) -> Option<At<'_>> {
    match list.count() {
        0 => None,
        1 => list.items().next().map(|item| item.get("json").unwrap_or(item)),
        _ => Some(list),
    }
}

/// What a task gave, by the port it gave it on.
fn output(task: At<'_>) -> Option<At<'_>> {
    let data = task.get("data")?;
    let port = data.get("main").or_else(|| data.members().next())?;
    let mut given = port.items().filter_map(items);
    let first = given.next();
    // What went out on several outputs is shown whole.
    if given.next().is_some() { Some(port) } else { first }
}

/// Reads the data of an execution, and the workflow it has with it.
pub(super) fn execution(at: At<'_>, record: &Record<'_>, build: &mut Builder) {
    let Some(data) = result(at) else { return };
    let definition = at.get("workflowData").or_else(|| at.get("workflow")).filter(|one| is_workflow(*one));
    let pipeline = definition.map(|definition| workflow(definition, record, build));
    let classes = classes(definition);
    let id = read::text(at, &["id", "executionId"]).unwrap_or_default().into_owned();
    // Several executions in a file without ids are told by where they stand.
    let id = if id.is_empty() { format!("at {}", record.place(at).start) } else { id };
    let run = build.names.intern(&format!("execution {id}"));
    let of = at.at(&["workflowData", "name"]).and_then(At::string);
    let title = of.map_or_else(|| format!("execution {id}"), |name| format!("{name} · execution {id}"));
    let name = build.names.intern(&title);
    build.run_names.insert(run, title);
    if let Some(pipeline) = pipeline {
        build.run_pipelines.insert(run, pipeline);
    }
    let root = build.names.intern("execution");
    let error = data.get("error").filter(|error| error.is(Json::Object));
    let head = error.or_else(|| read::first(at, &["id", "status", "mode", "startedAt"])).unwrap_or(data);
    let mut whole = Draft::new(run, root, record.place(head));
    whole.name = name;
    whole.kind = Kind::Chain;
    whole.context = WHOLE;
    whole.start = read::iso(at, &["startedAt"]);
    whole.end = read::iso(at, &["stoppedAt"]);
    let stated = read::text(at, &["status"]).map(|text| status(&text)).unwrap_or_default();
    whole.status = match (stated, error, read::flag(at, "finished")) {
        (Status::Unset, Some(_), _) => Status::Error,
        (Status::Unset, None, true) => Status::Ok,
        (stated, ..) => stated,
    };
    build.push(whole);
    let outputs = outputs(data);
    for node in data.get("runData").into_iter().flat_map(At::members) {
        let name = node.key().unwrap_or_default();
        let class = classes.get(&*name).map_or("", String::as_str);
        for (index, task) in node.items().enumerate() {
            let mut draft = step(task, &name, index, class, record, build, run);
            let sources: Vec<(String, u64)> = sources(task).collect();
            let serves = task.get("data").into_iter().chain(task.get("inputOverride")).flat_map(At::members);
            let serves = serves.filter_map(At::key).any(|port| port.starts_with("ai_"));
            let caller = sources.first().filter(|_| serves);
            draft.parent = Some(caller.map_or(root, |(name, at)| build.names.intern(&step_id(name, *at))));
            if !serves {
                let given = sources.iter().take(8).filter_map(|(name, at)| outputs.get(&(name.clone(), *at)));
                draft.more = given.map(|&at| record.place(at)).collect();
            }
            build.push(draft);
        }
    }
}

fn step_id(name: &str, index: u64) -> String {
    if index == 0 { name.to_owned() } else { format!("{name}#{}", index.saturating_add(1)) }
}

/// Where a task got its data from: the node, and which of its runs.
fn sources<'a>(task: At<'a>) -> impl Iterator<Item = (String, u64)> + use<'a> {
    task.get("source").into_iter().flat_map(At::items).filter_map(|source| {
        let name = source.text_of("previousNode")?.into_owned();
        Some((name, read::count(source, &["previousNodeRun"]).unwrap_or_default()))
    })
}

/// What each run of each node gave.
fn outputs(data: At<'_>) -> FxHashMap<(String, u64), At<'_>> {
    let mut found = FxHashMap::default();
    for node in data.get("runData").into_iter().flat_map(At::members) {
        let name = node.key().unwrap_or_default().into_owned();
        for (index, task) in node.items().enumerate() {
            if let Some(output) = output(task) {
                found.insert((name.clone(), index as u64), output);
            }
        }
    }
    found
}

fn step(
    task: At<'_>,
    name: &str,
    index: usize,
    class: &str,
    record: &Record<'_>,
    build: &mut Builder,
    run: crate::model::Sym,
) -> Draft {
    let id = build.names.intern(&step_id(name, index as u64));
    let mut draft = Draft::new(run, id, record.place(task));
    draft.name = build.names.intern(name);
    draft.start = read::epoch(task, &["startTime"], MILLIS);
    let took = read::epoch(task, &["executionTime"], MILLIS);
    draft.end = draft.start.zip(took).map(|(start, took)| Nanos(start.0.saturating_add(took.0)));
    draft.status = match read::text(task, &["executionStatus"]) {
        Some(text) => status(&text),
        None if task.get("error").is_some() => Status::Error,
        None => Status::Unset,
    };
    draft.kind = if class.is_empty() { ported(task) } else { kind(class) };
    if draft.kind == Kind::Llm {
        let model = options(task).and_then(|options| read::text(options, &["model", "model_name", "modelName"]));
        draft.model = build.names.intern(&model.unwrap_or_default());
        draft.usage = usage(task);
        draft.flags.set(Flags::MESSAGES);
    }
    draft
}

/// The kind of a node of which only the port is known.
fn ported(task: At<'_>) -> Kind {
    let port = task.get("data").and_then(|data| data.members().next()).and_then(At::key).unwrap_or_default();
    match port.strip_prefix("ai_") {
        Some("languageModel") => Kind::Llm,
        Some("tool") => Kind::Tool,
        Some("embedding") => Kind::Embedding,
        Some("vectorStore" | "retriever") => Kind::Retriever,
        Some("agent") => Kind::Agent,
        _ => Kind::Task,
    }
}

/// The first item on the first output of a model or a tool.
fn served<'a>(task: At<'a>, side: &str) -> Option<At<'a>> {
    let ports = task.get(side)?;
    let port = ports.members().find(|port| port.key().is_some_and(|key| key.starts_with("ai_")))?;
    let item = port.items().next()?.items().next()?;
    Some(item.get("json").unwrap_or(item))
}

/// What a model was set to.
fn options(task: At<'_>) -> Option<At<'_>> {
    served(task, "inputOverride")?.get("options")
}

/// What the provider counted. An estimate of n8n's own is no count.
fn usage(task: At<'_>) -> Usage {
    let given = served(task, "data");
    given.and_then(|given| given.get("tokenUsage")).map(read::usage).unwrap_or_default()
}

/// Data pinned to nodes: what somebody recorded in the editor for the next run to use.
pub(super) fn pinned(at: At<'_>, record: &Record<'_>, pipeline: u32, build: &mut Builder) {
    let Some(pins) = at.get("pinData").filter(|pins| pins.is(Json::Object) && pins.count() > 0) else { return };
    let classes = classes(Some(at));
    let title = at.text_of("name").unwrap_or_default();
    let title = if title.is_empty() { "pinned data".to_owned() } else { format!("{title} · pinned data") };
    let run = build.names.intern(&format!("pinned at {}", record.place(pins).start));
    build.run_names.insert(run, title);
    build.run_pipelines.insert(run, pipeline);
    build.apart.insert(run);
    for pin in pins.members() {
        let name = pin.key().unwrap_or_default();
        let id = build.names.intern(&name);
        let mut draft = Draft::new(run, id, record.place(pin));
        draft.name = id;
        draft.kind = classes.get(&*name).map_or(Kind::Task, |class| kind(class));
        draft.context = PINNED;
        build.push(draft);
    }
}

/// Shows steps of executions and pinned data.
pub(super) struct Ran;

impl Reveal for Ran {
    fn reveal(&self, about: Revealing<'_>, pieces: &[Piece]) -> Details {
        let mut details = Details::default();
        let Some((first, inputs)) = pieces.split_first() else { return details };
        let record = Record::of(first);
        let at = record.root();
        match about.context {
            PINNED => {
                details.output = items(at).and_then(|at| record.value(Some(at)));
                details.notes.push(
                    "Pinned in the editor: this node gives these data and does not run. Nothing else of a run is in \
                     this file."
                        .to_owned(),
                );
            }
            WHOLE if at.is(Json::Object) => {
                details.error = read::error(at);
                details.attributes = record.attributes(at, &["message", "stack", "name"]);
            }
            TASK => {
                show(at, &record, &mut details);
                let mut given = inputs.iter().map(|piece| value(piece.place, &piece.bytes));
                details.input = details.input.take().or_else(|| given.next());
                for (value, number) in given.zip(2u32..) {
                    let name = format!("input {number}");
                    details.attributes.push(crate::model::Attribute { name, value, understood: true });
                }
            }
            _ => {}
        }
        details
    }
}

/// A value whose bytes are at hand.
fn value(place: Place, bytes: &[u8]) -> Value {
    let text = if bytes.first() == Some(&b'"') { ValueText::JsonString } else { ValueText::Json };
    Value { place, text }
}

fn show(at: At<'_>, record: &Record<'_>, details: &mut Details) {
    details.error = at.get("error").and_then(read::error);
    details.output = output(at).and_then(|at| record.value(Some(at)));
    details.input = served(at, "inputOverride").and_then(|at| record.value(Some(at)));
    let shown = ["data", "error", "inputOverride", "startTime", "executionTime", "executionStatus"];
    details.attributes = record.attributes(at, &shown);
    let own = options(at).and_then(|options| read::text(options, &["base_url", "baseURL"]));
    details.facts.extend(own.map(|text| Fact { label: "endpoint".to_owned(), text: text.into_owned() }));
    if let Some(given) = served(at, "inputOverride").and_then(|given| given.get("messages")) {
        for one in given.items() {
            let Some(text) = one.string() else { continue };
            // n8n writes a conversation as texts that begin with who speaks.
            let (role, said) = match text.split_once(": ") {
                Some((who, said)) if matches!(who, "System" | "Human" | "AI" | "Tool") => (Role::from_name(who), said),
                _ => (Role::User, &*text),
            };
            say(details, Side::Input, role, said);
        }
    }
    let generations = served(at, "data").and_then(|given| given.at(&["response", "generations"]));
    for one in generations.into_iter().flat_map(At::items).flat_map(At::items) {
        if let Some(text) = one.text_of("text").filter(|text| !text.is_empty()) {
            say(details, Side::Output, Role::Assistant, &text);
        }
        let calls = one.at(&["message", "kwargs", "tool_calls"]).or_else(|| one.at(&["message", "tool_calls"]));
        for call in calls.into_iter().flat_map(At::items) {
            let part = Part::ToolCall {
                id: call.text_of("id").unwrap_or_default().into_owned(),
                name: call.text_of("name").unwrap_or_default().into_owned(),
                arguments: call.get("args").map(|args| args.json().into_owned()).unwrap_or_default(),
            };
            details.messages.push(message(Side::Output, Role::Assistant, part));
        }
    }
    if served(at, "data").is_some_and(|given| given.get("tokenUsageEstimate").is_some()) {
        details
            .notes
            .push("n8n estimated the tokens of this call; the count of the provider is not in this file.".into());
    }
}

fn message(side: Side, role: Role, part: Part) -> Message {
    Message { side, role, name: String::new(), parts: vec![part], finish_reason: String::new() }
}

fn say(details: &mut Details, side: Side, role: Role, text: &str) {
    details.messages.push(message(side, role, Part::Text(text.to_owned())));
}
