//! What a step of a Temporal history holds: its events, put together.

use super::event::{kind, moment, told};
use super::payload;
use crate::import::record::{Record, read};
use crate::import::{Piece, Reveal, Revealing};
use crate::json::{At, NodeKind};
use crate::model::{Details, Event, Fact, Link, Status};
use crate::order::Order as _;

pub(super) struct TemporalReveal;

/// Members that are shown elsewhere or say nothing about the program.
const SHOWN: [&str; 23] = [
    "input",
    "result",
    "failure",
    "outcome",
    "details",
    "lastCompletionResult",
    "activityType",
    "workflowType",
    "scheduledEventId",
    "startedEventId",
    "initiatedEventId",
    "acceptedEventId",
    "workflowTaskCompletedEventId",
    "acceptedRequest",
    "signalName",
    "markerName",
    "taskQueue",
    "taskList",
    "header",
    "identity",
    "workflowId",
    "originalExecutionRunId",
    "attempt",
];

fn fact(details: &mut Details, label: &str, text: Option<std::borrow::Cow<'_, str>>) {
    if let Some(text) = text.filter(|text| !details.facts.iter().any(|fact| fact.label == label && fact.text == *text))
    {
        details.facts.push(Fact { label: label.into(), text: text.into_owned() });
    }
}

/// What goes in, of whichever event begins the step.
fn input(at: At<'_>) -> Option<At<'_>> {
    let request = at.get("acceptedRequest").and_then(|request| request.get("input"));
    request.and_then(|request| request.get("args")).or_else(|| at.get("input"))
}

fn first(record: &Record<'_>, about: At<'_>, details: &mut Details) {
    let mut notes = Vec::new();
    details.input = payload::value(record, input(about), &mut notes);
    // A local activity is told by one event alone.
    if let Some(marked) = about.get("details").filter(|_| about.get("markerName").is_some()) {
        details.output = payload::value(record, marked.get("result"), &mut notes);
        details.input = payload::value(record, marked.get("input"), &mut notes);
        details.attributes.extend(marked.get("data").and_then(|data| {
            let value = payload::value(record, Some(data), &mut notes)?;
            Some(crate::model::Attribute { name: "data".into(), value, understood: true })
        }));
        fact(details, "sort", Some("local activity".into()));
        ended(record, about, details);
    }
    details.notes.append(&mut notes);
    let queue = about.get("taskQueue").or_else(|| about.get("taskList"));
    fact(details, "task queue", queue.and_then(|queue| read::text(queue, &["name"])));
    fact(details, "workflow id", read::text(about, &["workflowId"]));
    fact(details, "run id", read::text(about, &["originalExecutionRunId"]));
    fact(details, "worker", read::text(about, &["identity"]));
    fact(details, "cron", read::text(about, &["cronSchedule"]));
    if let Some(attempt) = read::text(about, &["attempt"]).filter(|attempt| !matches!(attempt.as_ref(), "0" | "1")) {
        fact(details, "attempt", Some(attempt));
    }
    if let Some(before) = read::text(about, &["continuedExecutionRunId"]) {
        details.links.push(Link { run: before.into_owned(), step: "1".into(), attributes: Vec::new() });
    }
    details.attributes.extend(record.attributes(about, &SHOWN));
}

/// The result or failure of an event.
fn ended(record: &Record<'_>, about: At<'_>, details: &mut Details) {
    let mut notes = Vec::new();
    let outcome = about.get("outcome");
    let result = about.get("result").or_else(|| outcome.and_then(|outcome| outcome.get("success")));
    details.output = payload::value(record, result, &mut notes).or(details.output.take());
    let failure = about.get("failure").or_else(|| outcome.and_then(|outcome| outcome.get("failure")));
    if let Some(failure) = failure.filter(|failure| failure.is(NodeKind::Object) && failure.count() > 0) {
        details.error = Some(payload::error(failure));
    }
    // Cadence: a reason in words, details as they are.
    if let (Some(reason), None) = (read::text(about, &["reason"]), &details.error) {
        details.error = Some(crate::model::Error { message: reason.into_owned(), ..Default::default() });
    }
    if let Some(next) = read::text(about, &["newExecutionRunId"]) {
        details.notes.push("It went on as a new run.".into());
        details.links.push(Link { run: next.into_owned(), step: "1".into(), attributes: Vec::new() });
    }
    details.notes.append(&mut notes);
}

fn event(record: &Record<'_>, at: At<'_>, kind: &str, about: At<'_>) -> Event {
    let name = read::text(about, &["markerName"]).map_or_else(|| kind.to_owned(), |marker| format!("{kind} {marker}"));
    let mut attributes = record.attributes(about, &["details"]);
    let mut notes = Vec::new();
    for member in about.get("details").into_iter().flat_map(At::members) {
        let Some(name) = member.key() else { continue };
        let value = payload::value(record, Some(member), &mut notes);
        let named = value.map(|value| crate::model::Attribute { name: name.into_owned(), value, understood: true });
        attributes.extend(named);
    }
    Event { name, time: at.get("eventTime").and_then(moment), attributes, place: record.whole_place() }
}

fn further(record: &Record<'_>, workflow: bool, details: &mut Details) {
    let at = record.root();
    let kind = kind(&read::text(at, &["eventType", "event_type"]).unwrap_or_default()).into_owned();
    let about = told(at).unwrap_or(at);
    let closes = match kind.strip_prefix("WorkflowExecution").filter(|_| workflow) {
        Some(how) => ["Completed", "Failed", "TimedOut", "Canceled", "Terminated", "ContinuedAsNew"].contains(&how),
        None => !workflow && !kind.ends_with("Started") && !kind.contains("CancelRequested"),
    };
    if closes {
        ended(record, about, details);
        if kind.ends_with("TimedOut") && details.error.is_none() {
            details.error = Some(crate::model::Error { kind: "timeout".into(), ..Default::default() });
        }
        return;
    }
    if kind.ends_with("Started") {
        fact(details, "worker", read::text(about, &["identity"]));
        let attempt = read::text(about, &["attempt"]).filter(|attempt| !matches!(attempt.as_ref(), "0" | "1"));
        fact(details, "attempt", attempt);
        if let Some(child) = about.get("workflowExecution") {
            fact(details, "workflow id", read::text(child, &["workflowId"]));
            let run = read::text(child, &["runId"]).unwrap_or_default().into_owned();
            details.links.push(Link { run, step: "1".into(), attributes: Vec::new() });
        }
        if let Some(failure) = about.get("lastFailure").filter(|failure| failure.count() > 0) {
            let error = payload::error(failure);
            details.notes.push(format!("An earlier attempt failed: {}", error.message));
        }
    }
    details.events.push(event(record, at, &kind, about));
}

impl Reveal for TemporalReveal {
    fn reveal(&self, about: Revealing<'_>, pieces: &[Piece]) -> Details {
        let mut details = Details::default();
        let workflow = about.run.steps.parent_id.get(about.step as usize).is_some_and(Option::is_none);
        for (index, piece) in pieces.iter().enumerate() {
            let record = Record::told(piece, &mut details);
            match index {
                0 if about.context == 1 => {
                    details.notes.push("The beginning of this workflow is not in this file: a page is missing.".into());
                }
                0 => first(&record, told(record.root()).unwrap_or(record.root()), &mut details),
                _ => further(&record, workflow, &mut details),
            }
        }
        let status = about.run.steps.status.get(about.step as usize).copied().unwrap_or_default();
        match status {
            Status::Running if workflow => details.notes.push("Its end is not in this file.".into()),
            Status::Running => details.notes.push("It had not ended when the history was written.".into()),
            Status::Unset => details.notes.push("The workflow ended without waiting for its end.".into()),
            _ => {}
        }
        details.events.order_by_key(|event| event.time);
        details
    }
}
