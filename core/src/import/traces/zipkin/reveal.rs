//! What a Zipkin span holds, when somebody looks.

use super::service;
use crate::dialect::{self, Attr, Val};
use crate::import::record::{Record, read};
use crate::import::{Piece, Reveal, Revealing};
use crate::json::{At, Lexer, NodeKind};
use crate::model::{Details, Event, Fact, Nanos, ValueText};
use crate::order::Order as _;

pub(super) struct ZipkinReveal {
    /// Clock differences; a context of 1 is the first.
    pub(super) skews: Vec<Nanos>,
}

/// The value of a tag.
pub(super) fn val(at: At<'_>) -> Option<Val<'_>> {
    Val::read(&mut Lexer::new(at.raw())).ok().map(|(val, _)| val)
}

fn attrs<'a>(record: &Record<'_>, object: At<'a>) -> Vec<Attr<'a>> {
    let attr = |member: At<'a>| Some(Attr { key: member.key()?, val: val(member)?, place: record.place(member) });
    object.members().filter_map(attr).collect()
}

/// An annotation: a text, or `"name":{attributes}` where it was an event of OpenTelemetry.
fn annotation(record: &Record<'_>, at: At<'_>, details: &mut Details) {
    let value = at.get("value").and_then(read::scalar).unwrap_or_default();
    let place = record.place(at);
    let mut event = Event {
        name: value.clone().into_owned(),
        time: read::epoch(at, &["timestamp"], 1_000).filter(|time| time.0 != 0),
        attributes: Vec::new(),
        place,
    };
    let mut held = Vec::new();
    if let Some((name, rest)) = value.split_once('{').filter(|_| value.trim_end().ends_with('}')) {
        let mut lexer = Lexer::new(value.as_bytes().get(name.len()..).unwrap_or(&[]));
        let read = lexer.members(|lexer, key| {
            let (val, _) = Val::read(lexer)?;
            held.push(Attr { key: key.text(), val, place });
            Ok(())
        });
        let name = name.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | ':'));
        if read == Ok(true) && !rest.is_empty() && !name.is_empty() {
            name.clone_into(&mut event.name);
        } else {
            held.clear();
        }
    }
    let texts: Vec<(String, bool)> =
        held.iter().map(|attr| (attr.val.text().into_owned(), !matches!(attr.val, Val::Str(_)))).collect();
    dialect::event(event, &held, details);
    // These do not stand in the file as they are: they were read out of a text.
    let shown = details.events.last_mut().into_iter().flat_map(|event| &mut event.attributes);
    for (attribute, (text, json)) in shown.zip(texts) {
        attribute.value.text = ValueText::Made { text, json, note: String::new() };
    }
}

/// `orders 10.1.2.3:8080`.
fn endpoint(at: At<'_>, key: &str) -> String {
    let Some(endpoint) = at.get(key) else { return String::new() };
    let address = read::text(endpoint, &["ipv4", "ipv6"]).unwrap_or_default();
    let port = read::text(endpoint, &["port"]).filter(|port| port != "0").unwrap_or_default();
    let colon = if port.is_empty() { "" } else { ":" };
    format!("{} {address}{colon}{port}", service(at, key)).trim().to_owned()
}

impl ZipkinReveal {
    fn span(&self, record: &Record<'_>, context: u32, details: &mut Details) {
        let at = record.root();
        let mut fact = |label: &str, text: &str| {
            if !text.is_empty() {
                details.facts.push(Fact { label: label.into(), text: text.into() });
            }
        };
        fact("service", &service(at, "localEndpoint"));
        fact("span kind", &read::text(at, &["kind"]).unwrap_or_default().to_ascii_lowercase());
        let own = endpoint(at, "localEndpoint");
        fact("endpoint", if own == service(at, "localEndpoint") { "" } else { &own });
        fact("remote endpoint", &endpoint(at, "remoteEndpoint"));
        for item in at.get("annotations").into_iter().flat_map(At::items) {
            annotation(record, item, details);
        }
        let tags = at.get("tags").filter(|tags| tags.is(NodeKind::Object));
        let held = tags.map(|tags| attrs(record, tags)).unwrap_or_default();
        let text = |key: &str| held.iter().find(|attr| attr.key == key).map(|attr| attr.val.text().into_owned());
        let told = text("error");
        if told.is_some() || text("otel.status_code").as_deref() == Some("ERROR") {
            let message = [told, text("otel.status_description")].into_iter().flatten();
            // "true" says that there was an error, not which.
            let message = message.into_iter().find(|text| !matches!(text.as_str(), "" | "true" | "false"));
            details.failed(message.unwrap_or_default());
        }
        dialect::reveal(&held, details);
        if at.get("timestamp").is_some() && at.get("duration").is_none() {
            details.notes.push("How long it took is not in this file.".into());
        }
        if at.get("timestamp").is_none() {
            details.notes.push("When it started is not in this file.".into());
        }
        let skew = (context as usize).checked_sub(1).and_then(|at| self.skews.get(at));
        if let Some(skew) = skew {
            let (size, way) = (skew.0.unsigned_abs() / 1_000, if skew.0 < 0 { "behind" } else { "ahead of" });
            details.notes.push(format!(
                "This half lies outside the client's: the server's clock is about {size} µs {way} the client's. Times \
                 are shown as reported."
            ));
        }
    }
}

impl Reveal for ZipkinReveal {
    fn reveal(&self, about: Revealing<'_>, pieces: &[Piece]) -> Details {
        let mut details = Details::default();
        for piece in pieces {
            let record = Record::told(piece, &mut details);
            self.span(&record, about.context, &mut details);
        }
        details.events.order_by_key(|event| event.time);
        details
    }
}
