//! DSPy's record of model calls, `lm.history` or `dspy.settings.trace`'s sibling, written as JSON.
//!
//! Source: `dspy/clients/base_lm.py` (2.6 to 3.4): a list of `{messages, prompt, kwargs, response, outputs, usage, cost,
//! timestamp, uuid, model, response_model, model_type}`. Calls stand side by side: which module made one is not in it.

use crate::dialect;
use crate::import::record::{Record, Records, converse, read};
use crate::import::{Builder, Draft, Format, Matched, Probe, Revealing, each_object};
use crate::json::{At, NodeKind};
use crate::model::{Details, Fact, Flags, Kind, Role, Side, Status};

/// The format.
pub const FORMAT: Format = Format {
    id: "dspy-history",
    name: "DSPy call histories",
    detect,
    importer: |_, _| Box::new(Records { finds: each_object, takes, shows }),
};

fn takes(_: u8, record: &Record<'_>, build: &mut Builder) {
    let at = record.root();
    if at.get("outputs").is_none() && at.get("messages").is_none() && at.get("prompt").is_none() {
        return;
    }
    let run = build.names.intern("dspy");
    build.run_names.insert(run, "DSPy calls".to_owned());
    let id = build.names.intern(&read::text(at, &["uuid"]).unwrap_or_default());
    let mut draft = Draft::new(run, id, record.whole_place());
    let model = read::text(at, &["response_model", "model"]).unwrap_or_default();
    draft.model = build.names.intern(&model);
    draft.name = build.names.intern(if model.is_empty() { "model call" } else { &model });
    draft.kind = if at.text_of("model_type").as_deref() == Some("embedding") { Kind::Embedding } else { Kind::Llm };
    draft.end = read::iso(at, &["timestamp"]);
    draft.status = Status::Ok;
    draft.usage = at.get("usage").map(read::usage).unwrap_or_default();
    draft.usage.cost = read::amount(at, &["cost"]);
    draft.flags.set(Flags::MESSAGES);
    build.push(draft);
}

fn shows(record: &Record<'_>, _: Revealing<'_>, details: &mut Details) {
    let at = record.root();
    let asked = read::first(at, &["messages", "prompt"]);
    details.input = record.value(asked);
    details.output = record.value(at.get("outputs"));
    converse(details, asked, None);
    if let Some(prompt) = asked.and_then(At::string).filter(|_| details.messages.is_empty()) {
        details.messages.push(dialect::message(Side::Input, Role::User, dialect::content(&prompt)));
    }
    for output in at.get("outputs").into_iter().flat_map(At::items) {
        match output.string() {
            Some(text) => {
                details.messages.push(dialect::message(Side::Output, Role::Assistant, dialect::content(&text)));
            }
            None => converse(details, None, Some(output)),
        }
    }
    if let Some(kind) = read::text(at, &["model_type"]) {
        details.facts.push(Fact { label: "sort of call".into(), text: kind.into_owned() });
    }
    let shown = ["messages", "prompt", "outputs", "usage", "cost", "timestamp", "uuid", "model", "model_type"];
    details.attributes.extend(record.attributes(at, &shown));
    details.notes.push("When the call began, and which module made it, is not in this file.".into());
}

fn detect(probe: &Probe<'_>) -> Option<Matched> {
    probe.find(|sample| {
        let has = |key: &str| sample.get(key).is_some();
        let listed = sample.get("outputs").is_some_and(|node| sample.is(node, NodeKind::Array));
        listed && (has("messages") || has("prompt")) && has("kwargs") && (has("uuid") || has("model_type"))
    })?;
    Matched::new("DSPy history", "it lists calls with `messages`, `outputs`, `kwargs` and `uuid`")
}
