//! Payloads and failures: what Temporal carries for the program, mostly JSON in base64.

use super::event::moment;
use crate::base64;
use crate::import::record::{Record, read};
use crate::json::{At, NodeKind, Tree, quoted};
use crate::model::{Error, Nanos, Value, ValueText};

/// Causes looked at below a failure.
const CAUSES: usize = 50;

/// One payload as JSON; `Err` with its encoding where it cannot be read.
fn decode(at: At<'_>) -> Result<String, String> {
    let Some(data) = at.get("data").filter(|_| at.get("metadata").is_some()) else {
        // The short form: the value itself.
        return if at.get("metadata").is_some() { Ok("null".to_owned()) } else { Ok(at.json().into_owned()) };
    };
    let encoding = at.get("metadata").and_then(|metadata| metadata.text_of("encoding")).unwrap_or_default();
    let encoding = match base64::decode(&encoding) {
        Some(bytes) if !encoding.contains('/') => String::from_utf8_lossy(&bytes).into_owned(),
        _ => encoding.into_owned(),
    };
    let Some(text) = data.string() else { return Ok(data.json().into_owned()) };
    if encoding.starts_with("json/") {
        let bytes = base64::decode(&text).unwrap_or_else(|| text.as_bytes().to_vec());
        return Ok(String::from_utf8_lossy(&bytes).into_owned());
    }
    if encoding == "binary/null" {
        return Ok("null".to_owned());
    }
    let size = base64::decode(&text).map_or(text.len(), |bytes| bytes.len());
    Err(format!("{} ({size} bytes)", if encoding.is_empty() { "no encoding named" } else { &encoding }))
}

/// The payloads of a list, a `{payloads}`, or one alone.
fn each(at: At<'_>) -> Vec<At<'_>> {
    if let Some(list) = at.get("payloads") {
        return list.items().collect();
    }
    if at.is(NodeKind::Array) { at.items().collect() } else { vec![at] }
}

/// A value to be shown: one payload as what it is, several as a list. Notes say which could not be read.
pub(super) fn value(record: &Record<'_>, at: Option<At<'_>>, notes: &mut Vec<String>) -> Option<Value> {
    let at = at.filter(|at| !at.is(NodeKind::Null))?;
    let all = each(at);
    if let [one] = all.as_slice()
        && one.get("metadata").is_none()
    {
        return record.value(Some(*one));
    }
    let mut texts = Vec::new();
    for payload in all {
        texts.push(decode(payload).unwrap_or_else(|encoding| {
            let note = format!("A value is not readable in this file: it is encoded as {encoding}.");
            if !notes.contains(&note) {
                notes.push(note);
            }
            quoted(&format!("<{encoding}>"))
        }));
    }
    let text = match texts.len() {
        0 => return None,
        1 => texts.swap_remove(0),
        _ => format!("[{}]", texts.join(",")),
    };
    let text = ValueText::Made { text, json: true, note: "decoded from its payloads".into() };
    Some(Value { place: record.place(at), text })
}

/// The failure at the end of the causes.
pub(super) fn innermost(failure: At<'_>) -> At<'_> {
    let mut at = failure;
    for _ in 0..CAUSES {
        match at.get("cause").filter(|cause| cause.count() > 0) {
            Some(cause) => at = cause,
            None => break,
        }
    }
    at
}

/// A failure with its causes as one error: the messages from the outermost to the innermost; type and stack of the
/// innermost that has them.
pub(super) fn error(failure: At<'_>) -> Error {
    let mut error = Error::default();
    let mut messages: Vec<String> = Vec::new();
    let mut at = Some(failure);
    for _ in 0..CAUSES {
        let Some(one) = at else { break };
        let text = |keys: &[&str]| read::text(one, keys).unwrap_or_default().into_owned();
        let (mut message, mut stack) = (text(&["message"]), text(&["stackTrace"]));
        // Where failures are encoded, the message is elsewhere.
        if let Some(Ok(encoded)) = one.get("encodedAttributes").filter(|at| at.is(NodeKind::Object)).map(decode) {
            let tree = Tree::parse(encoded.as_bytes());
            if let Some(inner) = At::root(encoded.as_bytes(), &tree) {
                message = inner.text_of("message").map_or(message, std::borrow::Cow::into_owned);
                stack = inner.text_of("stack_trace").map_or(stack, std::borrow::Cow::into_owned);
            }
        }
        if !message.is_empty() && messages.last() != Some(&message) {
            messages.push(message);
        }
        if !stack.is_empty() {
            error.stack = stack;
        }
        if let Some(kind) = kind(one) {
            error.kind = kind;
        }
        at = one.get("cause").filter(|cause| cause.count() > 0);
    }
    error.message = messages.join(": ");
    error
}

/// What sort of failure it is: the program's own type, else Temporal's.
fn kind(failure: At<'_>) -> Option<String> {
    for info in failure.members() {
        let key = info.key()?;
        let Some(sort) = key.strip_suffix("FailureInfo") else { continue };
        return match sort {
            "application" => read::text(info, &["type"]).map(std::borrow::Cow::into_owned),
            // What only says where a cause was.
            "activity" | "childWorkflowExecution" | "nexusOperationExecution" => None,
            "timeout" => {
                let which = read::text(info, &["timeoutType"]).unwrap_or_default();
                Some(
                    format!("timeout {}", which.trim_start_matches("TIMEOUT_TYPE_").to_ascii_lowercase())
                        .trim_end()
                        .into(),
                )
            }
            sort => Some(sort.to_owned()),
        };
    }
    None
}

/// A local activity as its marker tells it.
pub(super) struct Local {
    pub(super) name: String,
    pub(super) start: Option<Nanos>,
    pub(super) end: Option<Nanos>,
}

/// Reads the marker of a local activity, in the words of the SDKs for Go, Java and those on the Rust core.
pub(super) fn local_activity(told: At<'_>) -> Option<Local> {
    let marker = told.text_of("markerName")?;
    if !matches!(marker.as_ref(), "LocalActivity" | "core_local_activity") {
        return None;
    }
    let details = told.get("details")?;
    let mut local = Local { name: String::new(), start: None, end: None };
    for key in ["data", "meta", "type", "activityType"] {
        let Some(Ok(text)) = details.get(key).and_then(|at| each(at).first().copied()).map(decode) else { continue };
        let tree = Tree::parse(text.as_bytes());
        let Some(at) = At::root(text.as_bytes(), &tree) else { continue };
        let named = if at.is(NodeKind::String) {
            at.string().filter(|_| key != "data")
        } else {
            read::text(at, &["ActivityType", "activity_type", "activityType"])
        };
        if let Some(name) = named.filter(|_| local.name.is_empty()) {
            local.name = name.into_owned();
        }
        local.start = local.start.or_else(|| at.get("original_schedule_time").and_then(moment));
        local.end = local.end.or_else(|| at.get("complete_time").and_then(moment));
    }
    if local.name.is_empty() {
        local.name = "Local activity".to_owned();
    }
    Some(local)
}
