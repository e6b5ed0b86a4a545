//! Findings about steps, one by one: ids, classes, config, error handling.

use super::condition::engine_name;
use super::facts::Step;
use super::mend;
use super::names::Name;
use super::report::{Report, Said, fix, path_of, rename_key, replace};
use super::shape::Shape;
use crate::ia_modules::definition::Text;
use crate::json::NodeKind;
use crate::model::Severity::{Error, Info, Warning};
use crate::protocol::Loader;
use rustc_hash::FxHashMap;
use std::cell::Cell;

/// Keys of a retry configuration; another one is a `TypeError` at load.
const RETRY: [&str; 6] =
    ["max_attempts", "initial_delay", "max_delay", "exponential_base", "jitter", "retryable_exceptions"];

pub(super) fn steps(shape: &Shape<'_>, report: &mut Report<'_>) {
    let text = shape.text;
    name(shape, report);
    match text.get(Text::ROOT, "steps") {
        None => report.say("steps-missing", Error, Text::ROOT, || {
            Said::new("The pipeline has no `steps`, and no loader takes it; add a list of its steps.")
        }),
        Some(list) if !text.is(list, NodeKind::Array) => wrong_kind(text, list, "`steps`", "a list", report),
        // All of them are steps, mostly.
        Some(list) if text.tree.node(list).is_some_and(|list| list.children as usize == shape.steps.len()) => {}
        Some(list) => {
            for item in text.children(list).filter(|&item| !text.is(item, NodeKind::Object)) {
                wrong_kind(text, item, "A step", "an object", report);
            }
        }
    }
    let mut first: FxHashMap<Name, &Step> = FxHashMap::default();
    let free = Cell::new(0);
    for (step, said) in shape.steps.iter().zip(shape.said_of_steps) {
        if shape.links.repeated
            && let Some(id) = step.id
            && let Some(earlier) = first.insert(id, step)
        {
            duplicate(text, step, earlier, shape.name(id), report);
        }
        report.hear(said, &free, |report| one(shape, step, report));
    }
    repeated_keys(shape, report);
}

/// What the pydantic loader wants beside the keys that the engine reads, and whether it may be null: anything else, and
/// it refuses the file.
fn declared(text: Text<'_>, of: u32, keys: &[(&str, NodeKind, bool)], report: &mut Report<'_>) {
    for &(key, kind, null) in keys {
        let Some(node) = text.get(of, key) else { continue };
        let fits = text.is(node, kind) || null && text.is(node, NodeKind::Null);
        if !fits {
            let wanted = if kind == NodeKind::String { "a string" } else { "an object" };
            wrong_kind(text, node, &format!("`{key}`"), wanted, report);
        }
    }
}

/// Of a pipeline.
const OF_PIPELINE: [(&str, NodeKind, bool); 6] = [
    ("description", NodeKind::String, true),
    ("version", NodeKind::String, true),
    ("input_schema", NodeKind::Object, true),
    ("output_schema", NodeKind::Object, true),
    ("outputs", NodeKind::Object, true),
    ("metadata", NodeKind::Object, false),
];

/// Of a step.
const OF_STEP: [(&str, NodeKind, bool); 4] = [
    ("name", NodeKind::String, false),
    ("type", NodeKind::String, false),
    ("input_schema", NodeKind::Object, true),
    ("output_schema", NodeKind::Object, true),
];

/// The name of the pipeline: the raw loader takes all but lists and objects.
fn name(shape: &Shape<'_>, report: &mut Report<'_>) {
    let text = shape.text;
    let engine = engine_name(shape.target.engine);
    let node = text.get(Text::ROOT, "name");
    if shape.target.loader == Loader::Pydantic {
        declared(text, Text::ROOT, &OF_PIPELINE, report);
    }
    match (node, shape.target.loader) {
        (None, Loader::Pydantic) => report.say("wrong-kind", Error, Text::ROOT, || {
            Said::new(format!("The pipeline has no `name`: the pydantic loader of {engine} refuses the file."))
        }),
        (Some(node), Loader::Pydantic) if !text.is(node, NodeKind::String) => {
            wrong_kind(text, node, "`name`", "a string", report);
        }
        (Some(node), Loader::Raw) if matches!(text.kind(node), NodeKind::Array | NodeKind::Object) => {
            report.say("wrong-kind", Error, node, || {
                let found = text.brief(node, 40);
                Said::new(format!(
                    "`name` must be a string, and this is {found}: {engine} stops with a TypeError when a run begins."
                ))
            });
        }
        _ => {}
    }
}

/// Something is not of the kind the engine needs.
pub(super) fn wrong_kind(text: Text<'_>, node: u32, what: &str, wanted: &str, report: &mut Report<'_>) {
    report.say("wrong-kind", Error, node, || {
        let found = text.brief(node, 40);
        Said::new(format!(
            "{what} must be {wanted}, and this is {found}: the engine stops with an error while it loads."
        ))
        .fix(
            (what == "`config`" && text.raw(node) == b"null")
                .then(|| fix("Write {}", true, replace(text, node, "{}")))
                .flatten(),
        )
    });
}

fn duplicate(text: Text<'_>, step: &Step, earlier: &Step, id: &str, report: &mut Report<'_>) {
    report.say("duplicate-step", Error, step.id_node.unwrap_or(step.node), || {
        let earlier = path_of(text, earlier.node);
        Said::new(format!(
            "The id `{id}` is used by an earlier step, `{earlier}`: the pydantic loader refuses the file, and the raw \
             loader never runs the earlier step."
        ))
        .step(id)
    });
}

/// Of one step alone: nothing here may look at another element.
fn one(shape: &Shape<'_>, step: &Step, report: &mut Report<'_>) {
    let text = shape.text;
    let engine = engine_name(shape.target.engine);
    let id = shape.id_of(step);
    let pydantic = shape.target.loader == Loader::Pydantic;
    match (step.id, step.id_node) {
        (Some(Name::EMPTY), Some(node)) => report.say("step-without-id", Error, node, || {
            Said::new("The step has an empty id, and no edge can lead to it; give it an `id`.")
        }),
        (None, Some(node)) => {
            let brief = text.brief(node, 40);
            report.say("step-without-id", Error, node, || {
                let effect = if pydantic { "the pydantic loader refuses the file" } else { "no edge can lead to it" };
                Said::new(format!("The id of a step must be a string, and this is {brief}: {effect}."))
            });
        }
        (None, None) => report.say("step-without-id", Error, step.node, || {
            Said::new(format!("The step has no `id`: the pydantic loader of {engine} refuses the file; give it an `id`."))
        }),
        (Some(_), None) => report.say("step-without-id", Warning, step.node, || {
            Said::new(format!(
                "The step has neither `id` nor `name`: the raw loader calls it `{id}`, and edges find it only by that; give \
                 it an `id`."
            ))
        }),
        _ => {}
    }
    let members = step.members;
    if let (Some(class), None) = (members.class, members.step_class) {
        if pydantic {
            report.say("class-refused", Error, class, || {
                Said::new(format!(
                    "The pydantic loader of {engine} refuses a step with `class`; it wants `step_class`."
                ))
                .step(id)
                .fix(fix(
                    "Rename `class` to `step_class`",
                    true,
                    rename_key(text, class, "step_class"),
                ))
            });
        }
    } else if members.step_class.is_none() {
        missing(shape, step, "step_class", report);
    }
    if members.module.is_none() {
        missing(shape, step, "module", report);
    }
    if pydantic {
        declared(text, step.node, &OF_STEP, report);
        if members.id.is_some() && members.name.is_none() {
            missing(shape, step, "name", report);
        }
    }
    // Beside a `step_class` nobody reads a `class`.
    let class = match members.step_class {
        Some(class) => ("step_class", Some(class)),
        None => ("class", members.class.filter(|_| !pydantic)),
    };
    for (key, node) in [class, ("module", members.module)] {
        let Some(node) = node else { continue };
        if !text.is(node, NodeKind::String) {
            wrong_kind(text, node, &format!("`{key}`"), "a string", report);
        } else if key == "module" && text.raw(node).starts_with(b"\".") {
            report.say("step-incomplete", Error, node, || {
                let why = "imports nothing relative, and stops with an error while it loads the step";
                Said::new(format!("`module` begins with a dot: {engine} {why}.")).step(id)
            });
        } else if text.raw(node) == b"\"\"" {
            report.say("step-incomplete", Error, node, || {
                Said::new(format!("`{key}` is empty: {engine} stops with an error while it loads the step.")).step(id)
            });
        }
    }
    match members.config {
        Some(config) if !text.is(config, NodeKind::Object) => wrong_kind(text, config, "`config`", "an object", report),
        Some(config) => error_handling(text, id, config, engine, report),
        None => {}
    }
    if let Some(outputs) = &step.outputs
        && let Some(name) = step.id.filter(|name| *name != Name::EMPTY)
        && outputs.get(name).is_some()
    {
        report.say("id-equals-output", Warning, step.id_node.unwrap_or(step.node), || {
            Said::new(format!(
                "The step `{id}` writes an output of the same name: {engine} then puts the whole result of the step under \
                 `{id}`, and the output is lost."
            ))
            .step(id)
        });
    }
}

fn missing(shape: &Shape<'_>, step: &Step, key: &str, report: &mut Report<'_>) {
    let loader = if shape.target.loader == Loader::Pydantic { "pydantic" } else { "raw" };
    let engine = engine_name(shape.target.engine);
    report.say("step-incomplete", Error, step.node, || {
        let id = shape.id_of(step);
        let which = if id.is_empty() { "This step".to_owned() } else { format!("The step `{id}`") };
        Said::new(format!("{which} has no `{key}`: the {loader} loader of {engine} refuses the file.")).step(id)
    });
}

fn error_handling(text: Text<'_>, id: &str, config: u32, engine: &str, report: &mut Report<'_>) {
    let Some(handling) = text.get(config, "error_handling") else { return };
    if !text.is(handling, NodeKind::Object) {
        wrong_kind(text, handling, "`error_handling`", "an object", report);
        return;
    }
    if let Some(on) = text.get(handling, "continue_on_error").filter(|&on| text.is_true(on)) {
        report.say("continue-on-error-circular", Warning, on, || {
            Said::new(format!(
                "When `{id}` fails, {engine} goes on with a result that holds the run's data inside themselves: the run \
                 counts as a success, and its result cannot be written as JSON (\"Circular reference detected\")."
            ))
            .step(id)
            .fix(fix("Let the failure end the run", false, replace(text, on, "false")))
        });
    }
    let Some(retry) = text.get(handling, "retry") else { return };
    if !text.is(retry, NodeKind::Object) {
        // What is false is as if it were not there.
        if text.value(retry).truthy() {
            wrong_kind(text, retry, "`retry`", "an object", report);
        }
        return;
    }
    for member in text.members(retry) {
        if let Some(why) = refused(text, retry, member) {
            report.say("retry-refused", Error, member, || {
                let fix = mend::without(text, member, "Remove this setting", false);
                Said::new(format!("{engine} stops while it loads the step `{id}`: {why}.")).step(id).fix(fix)
            });
        }
    }
}

/// Why the engine raises when it reads this setting.
fn refused(text: Text<'_>, retry: u32, member: u32) -> Option<String> {
    let key = text.key(member);
    if !RETRY.contains(&&*key) {
        return Some(format!("TypeError: RetryConfig.__init__() got an unexpected keyword argument '{key}'"));
    }
    if matches!(&*key, "jitter" | "retryable_exceptions") {
        return None;
    }
    let number = |node: u32| match text.raw(node) {
        b"true" => Some(1.0),
        b"false" => Some(0.0),
        _ => text.float(node),
    };
    let Some(value) = number(member) else { return Some(format!("TypeError: `{key}` must be a number")) };
    let first = text.get(retry, "initial_delay").map_or(Some(1.0), number);
    let (bad, rule) = match &*key {
        "max_attempts" => (value < 1.0, "max_attempts must be >= 1"),
        "initial_delay" => (value <= 0.0 || value > 60.0 && text.get(retry, "max_delay").is_none(), {
            if value <= 0.0 { "initial_delay must be > 0" } else { "max_delay must be >= initial_delay" }
        }),
        "max_delay" => (first.is_some_and(|first| value < first), "max_delay must be >= initial_delay"),
        _ => (value <= 1.0, "exponential_base must be > 1"),
    };
    bad.then(|| format!("ValueError: {rule}"))
}

/// Keys that an author may expect to do something, and that nobody reads: once for the file.
fn repeated_keys(shape: &Shape<'_>, report: &mut Report<'_>) {
    let text = shape.text;
    let engine = engine_name(shape.target.engine);
    let mut keys: Vec<(&str, u32)> = Vec::new();
    for step in shape.steps.iter().filter(|_| shape.unread) {
        if keys.len() == 3 {
            break;
        }
        let members = step.members;
        let unread = [
            ("conditions", members.conditions),
            ("inputs", members.inputs),
            ("error_handling", members.error_handling),
        ];
        for (key, node) in unread {
            if let Some(node) = node
                && text.tree.first_child(node).is_some()
                && keys.iter().all(|(known, _)| *known != key)
            {
                keys.push((key, node));
            }
        }
    }
    for (key, node) in keys {
        report.say("unread-key", Info, node, || {
            let instead = match key {
                "inputs" => "every step gets all data of the run",
                "error_handling" => "only `config.error_handling` counts",
                _ => "only conditions on edges count",
            };
            Said::new(format!("{engine} does not read `{key}` of a step, here or elsewhere in the file: {instead}."))
        });
    }
    for (key, what) in [
        ("outputs", "the result of a run is always all its data"),
        ("error_handling", "only `config.error_handling` of a step counts"),
    ] {
        if let Some(node) = text.get(Text::ROOT, key).filter(|&node| text.tree.first_child(node).is_some()) {
            report.say("unread-key", Info, node, || {
                Said::new(format!("{engine} does not read `{key}` of a pipeline: {what}."))
            });
        }
    }
}
