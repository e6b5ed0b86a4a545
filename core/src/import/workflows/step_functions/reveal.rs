//! What a state of an execution holds: its events, put together.

use super::chain::{BRANCH, ITERATION};
use super::event::{moment, told};
use crate::import::record::{Record, converse, read};
use crate::import::{Piece, Reveal, Revealing};
use crate::json::{At, NodeKind, Tree};
use crate::model::{Attribute, Details, Error, Event, Fact, Kind, Link, Status};
use crate::order::Order as _;

pub(super) struct StepFunctionsReveal;

/// Members that are shown elsewhere.
const SHOWN: [&str; 12] = [
    "input",
    "output",
    "name",
    "error",
    "cause",
    "inputDetails",
    "outputDetails",
    "resource",
    "resourceType",
    "parameters",
    "index",
    "region",
];

/// The error of an event; a cause may be the JSON of what a program threw.
fn error(about: At<'_>) -> Option<Error> {
    let (kind, cause) = (read::text(about, &["error"]), read::text(about, &["cause"]));
    if kind.is_none() && cause.is_none() {
        return None;
    }
    let mut error = Error { kind: kind.unwrap_or_default().into_owned(), ..Error::default() };
    let cause = cause.unwrap_or_default();
    let tree = Tree::parse(cause.as_bytes());
    let thrown = At::root(cause.as_bytes(), &tree).filter(|at| at.is(NodeKind::Object) && tree.damage.is_none());
    let thrown = thrown.filter(|at| at.get("errorMessage").is_some() || at.get("errorType").is_some());
    match thrown {
        Some(at) => {
            error.message = read::text(at, &["errorMessage"]).unwrap_or_default().into_owned();
            let stack = at.get("trace").or_else(|| at.get("stackTrace"));
            let lines = stack.into_iter().flat_map(At::items).filter_map(At::string);
            error.stack = lines.map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n");
            if error.kind.is_empty() || error.kind == "States.TaskFailed" {
                error.kind = read::text(at, &["errorType"]).unwrap_or_default().into_owned();
            }
        }
        None => error.message = cause.into_owned(),
    }
    Some(error)
}

fn one(record: &Record<'_>, first: bool, context: u32, details: &mut Details) {
    let at = record.root();
    let kind = read::text(at, &["type"]).unwrap_or_default();
    let about = told(at);
    let mut fact = |label: &str, text: Option<std::borrow::Cow<'_, str>>| {
        let text = text.unwrap_or_default();
        if !text.is_empty() && !details.facts.iter().any(|fact| fact.label == label) {
            details.facts.push(Fact { label: label.into(), text: text.into_owned() });
        }
    };
    if first && !matches!(context, BRANCH | ITERATION) {
        fact("sort", kind.strip_suffix("StateEntered").map(|sort| format!("{sort} state").into()));
    }
    let Some(about) = about else {
        if !first {
            details.events.push(event(record, at, &kind));
        }
        return;
    };
    let resource = read::text(about, &["resource"]);
    let service = read::text(about, &["resourceType"]);
    fact(
        "resource",
        match (service, resource) {
            (Some(service), Some(resource)) => Some(format!("{service} {resource}").into()),
            (service, resource) => service.or(resource),
        },
    );
    // A state's own input and output are what its work was made of and what became of it.
    let work = ["Task", "Lambda", "Activity"].iter().any(|work| kind.starts_with(work)) && !kind.contains("State");
    for (key, slot) in [("input", &mut details.input), ("output", &mut details.output)] {
        let Some(value) = record.value(about.get(key)) else { continue };
        if slot.is_none() || !work {
            *slot = Some(value);
        } else {
            let name = format!("{key} of the work");
            details.attributes.push(Attribute { name, value, understood: true });
        }
    }
    for key in ["inputDetails", "outputDetails"] {
        if about.get(key).is_some_and(|held| read::flag(held, "truncated")) {
            details.notes.push("Step Functions cut this value off: it is not whole in the file.".into());
        }
    }
    if let Some(value) = record.value(about.get("parameters")) {
        details.attributes.push(Attribute { name: "parameters".into(), value, understood: true });
    }
    if let Some(error) = error(about) {
        details.error = Some(error);
    } else if kind.ends_with("TimedOut") && details.error.is_none() {
        details.error = Some(Error { kind: "States.Timeout".into(), ..Error::default() });
    }
    if let Some(execution) = read::text(about, &["mapRunArn"]) {
        details.links.push(Link { run: execution.into_owned(), step: String::new(), attributes: Vec::new() });
    }
    if !first && !kind.ends_with("StateExited") {
        details.events.push(event(record, at, &kind));
    }
    details.attributes.extend(record.attributes(about, &SHOWN));
}

fn event(record: &Record<'_>, at: At<'_>, kind: &str) -> Event {
    Event { name: kind.to_owned(), time: moment(at), attributes: Vec::new(), place: record.whole_place() }
}

/// The conversation with a model that a state called: what it sent and what came back.
fn talk(records: &[Record<'_>], details: &mut Details) {
    let (mut sent, mut came) = (None, None);
    for record in records {
        let Some(about) = told(record.root()) else { continue };
        sent = about.text_of("parameters").or(sent);
        came = about.text_of("output").filter(|_| about.get("resourceType").is_some()).or(came);
    }
    let trees = [sent, came].map(|text| text.map(|text| (Tree::parse(text.as_bytes()), text)));
    let [sent, came] = trees.each_ref().map(|held| {
        let (tree, text) = held.as_ref()?;
        let at = At::root(text.as_bytes(), tree)?;
        at.get("Body").or(Some(at))
    });
    converse(details, sent, came);
}

impl Reveal for StepFunctionsReveal {
    fn reveal(&self, about: Revealing<'_>, pieces: &[Piece]) -> Details {
        let mut details = Details::default();
        let steps = &about.run.steps;
        let column = about.step as usize;
        let records: Vec<Record<'_>> = pieces.iter().map(Record::of).collect();
        if about.context == BRANCH {
            details.notes.push("A branch of the Parallel state; its states stand below.".into());
            return details;
        }
        for (index, record) in records.iter().enumerate() {
            if !record.whole() {
                details.note_damage();
            }
            one(record, index == 0, about.context, &mut details);
        }
        if steps.kind.get(column) == Some(&Kind::Llm) {
            talk(&records, &mut details);
        }
        let left = records
            .iter()
            .any(|record| record.root().text_of("type").is_some_and(|kind| kind.ends_with("StateExited")));
        match steps.status.get(column) {
            Some(Status::Error) if left => {
                details.notes.push("The error was caught, and the execution went on.".into());
            }
            Some(Status::Running) => details.notes.push("Its end is not in this file.".into()),
            Some(Status::Waiting) => details.notes.push("It waits for somebody to send its task token back.".into()),
            Some(Status::Cancelled) => details.notes.push("The execution ended before it did.".into()),
            _ => {}
        }
        details.events.order_by_key(|event| event.time);
        details
    }
}
