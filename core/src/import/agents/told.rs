//! How the pieces of a step are shown, whatever session they come from: values of one place or several, the messages
//! given and written, what a tool asked for and gave back.

use crate::dialect;
use crate::import::Piece;
use crate::import::record::Record;
use crate::json::{At, NodeKind};
use crate::model::{Attribute, Details, Error, Event, Fact, Message, Place, Role, Side, Value, ValueText};

/// What is to be known of the calls of a session.
pub(in crate::import) const NEW_ONLY: &str = "Its input is what is new since the call before; the model was given the \
     conversation up to here. The call is taken to begin when its input was there: the file tells when messages were complete.";

/// The pieces of a step, read; notes damage.
pub(in crate::import) fn records<'a>(pieces: &'a [Piece], details: &mut Details) -> Vec<Record<'a>> {
    let records: Vec<Record<'a>> = pieces.iter().map(Record::of).collect();
    if records.iter().any(|record| !record.whole()) {
        details.note_damage();
    }
    records
}

/// One value: the place itself where it is one, else a list put together from all.
pub(in crate::import) fn value(list: &[(&Record<'_>, At<'_>)]) -> Option<Value> {
    let (record, first) = list.first()?;
    if list.len() == 1 {
        return record.value(Some(*first));
    }
    let place = list.iter().map(|(record, at)| record.place(*at)).reduce(hull)?;
    let texts: Vec<_> = list.iter().map(|(_, at)| at.json()).collect();
    let note = format!("put together from {} places", list.len());
    Some(Value { place, text: ValueText::Made { text: format!("[{}]", texts.join(",")), json: true, note } })
}

/// The smallest range with both in it.
fn hull(a: Place, b: Place) -> Place {
    if a.file != b.file {
        return a;
    }
    let start = a.start.min(b.start);
    Place { file: a.file, start, len: a.end().max(b.end()).saturating_sub(start) }
}

/// What a message says: the text where it says one text, else its pieces.
pub(in crate::import) fn content(message: At<'_>) -> Option<At<'_>> {
    let content = ["content", "parts"].iter().find_map(|key| message.get(key))?;
    Some(only_text(content))
}

/// The text of a list with nothing but one text in it; anything else as it is.
pub(in crate::import) fn only_text(content: At<'_>) -> At<'_> {
    let mut items = content.items();
    match (items.next(), items.next()) {
        (Some(one), None) => ["text", "Text"]
            .iter()
            .find_map(|key| one.get(key))
            .map(|text| text.get("value").unwrap_or(text))
            .filter(|text| text.is(NodeKind::String))
            .unwrap_or(content),
        _ => content,
    }
}

/// A model call: what it was given, and what it wrote, as messages or parts of one.
#[derive(Debug, Default)]
pub(in crate::import) struct Exchange<'r> {
    given: Vec<(&'r Record<'r>, At<'r>)>,
    written: Vec<(&'r Record<'r>, At<'r>)>,
    given_messages: Vec<Message>,
    answer: Option<Message>,
}

impl<'r> Exchange<'r> {
    /// A message the model was given.
    pub(in crate::import) fn give(&mut self, record: &'r Record<'r>, message: At<'r>) {
        self.given.push((record, message));
        self.given_messages.extend(dialect::messages(&message.json(), Side::Input));
    }

    /// What it was given, where its spelling is no provider's.
    pub(in crate::import) fn given(&mut self, record: &'r Record<'r>, at: At<'r>, messages: Vec<Message>) {
        self.given.push((record, at));
        self.given_messages.extend(messages);
    }

    /// A message it wrote, or a part of its message: parts become one message.
    pub(in crate::import) fn write(&mut self, record: &'r Record<'r>, message: At<'r>) {
        match message.get("content").filter(|content| content.is(NodeKind::Array)) {
            Some(list) => self.written.extend(list.items().map(|item| (record, item))),
            None => self.written.push((record, content(message).unwrap_or(message))),
        }
        self.say(dialect::messages(&message.json(), Side::Output));
    }

    /// What it wrote, where its spelling is no provider's.
    pub(in crate::import) fn written(&mut self, record: &'r Record<'r>, at: At<'r>, messages: Vec<Message>) {
        self.written.push((record, at));
        self.say(messages);
    }

    fn say(&mut self, messages: Vec<Message>) {
        for message in messages {
            let reason = message.finish_reason.clone();
            let answer = self.answer.get_or_insert_with(|| Message { parts: Vec::new(), ..message.clone() });
            answer.role = Role::Assistant;
            answer.parts.extend(message.parts);
            if !reason.is_empty() {
                answer.finish_reason = reason;
            }
        }
    }

    /// Shows it.
    pub(in crate::import) fn show(self, details: &mut Details) {
        details.input = match self.given.as_slice() {
            [(record, message)] => record.value(content(*message).or(Some(*message))),
            several => value(several),
        };
        details.output = match self.written.as_slice() {
            [(record, part)] => {
                let text = part.get("text").filter(|text| text.is(NodeKind::String));
                record.value(text.or(Some(*part)))
            }
            several => value(several),
        };
        details.messages.extend(self.given_messages);
        details.messages.extend(self.answer.filter(|answer| !answer.parts.is_empty()));
    }
}

/// An error out of what a tool said: its first line, and the rest as the stack.
pub(in crate::import) fn failure(text: &str) -> Error {
    let text = text.trim();
    let inner = text.strip_prefix("<tool_use_error>").map(|rest| rest.trim_end_matches("</tool_use_error>"));
    let text = inner.unwrap_or(text).trim();
    let text = text.strip_prefix("Error: ").unwrap_or(text);
    let (message, stack) = text.split_once('\n').unwrap_or((text, ""));
    Error { kind: String::new(), message: message.to_owned(), stack: stack.to_owned() }
}

/// All texts of a content, one after the other.
pub(in crate::import) fn texts(content: At<'_>) -> String {
    if let Some(text) = content.string() {
        return text.into_owned();
    }
    let part = |part: At<'_>| {
        let text = ["text", "Text"].iter().find_map(|key| part.text_of(key));
        let kept = || part.at(&["text", "value"]).and_then(At::string);
        text.or_else(kept).or_else(|| part.string()).map(std::borrow::Cow::into_owned)
    };
    let items: Vec<String> = content.items().filter_map(part).collect();
    if items.is_empty() { part(content).unwrap_or_default() } else { items.join("\n") }
}

/// A line as an event.
pub(in crate::import) fn event(
    record: &Record<'_>,
    name: String,
    time: Option<crate::model::Nanos>,
    carries: &[(&str, Option<At<'_>>)],
) -> Event {
    let attributes = carries.iter().filter_map(|(name, at)| {
        let value = record.value(*at)?;
        Some(Attribute { name: (*name).to_owned(), value, understood: true })
    });
    Event { name, time, attributes: attributes.collect(), place: record.whole_place() }
}

/// A fact, when there is something to say.
pub(in crate::import) fn fact(details: &mut Details, label: &str, text: Option<impl Into<String>>) {
    details.facts.extend(text.map(|text| Fact { label: label.to_owned(), text: text.into() }));
}
