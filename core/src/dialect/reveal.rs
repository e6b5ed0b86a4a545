//! From the attributes of one step to what a person reads: input, output, messages, error.

use super::Attr;
use crate::model::{Attribute, Details, Value, ValueText};

/// Fills `details` from the attributes of one step: [`Details::attributes`] always, and whatever the vocabularies
/// define beyond.
pub fn reveal(attrs: &[Attr<'_>], details: &mut Details) {
    let mut gather = super::Gather::default();
    for attr in attrs {
        let understood = gather.attribute(&attr.key, &attr.val);
        details.attributes.push(Attribute { name: attr.key.clone().into_owned(), value: value(attr), understood });
    }
}

/// An attribute's value as it is opened.
fn value(attr: &Attr<'_>) -> Value {
    use super::Val;
    let text = match &attr.val {
        Val::Str(_) => ValueText::JsonString,
        Val::Json(json) => ValueText::Made { text: json.clone().into_owned(), json: true, note: String::new() },
        other => ValueText::Made { text: other.json().into_owned(), json: true, note: String::new() },
    };
    Value { place: attr.place, text }
}

/// An attribute as details hold it, outside any step's vocabulary.
pub fn attribute(attr: &Attr<'_>) -> Attribute {
    Attribute { name: attr.key.clone().into_owned(), value: value(attr), understood: true }
}

/// Adds an event of a step: its error when it is an `exception`, its message when it carries one.
pub fn event(mut event: crate::model::Event, attrs: &[Attr<'_>], details: &mut Details) {
    if event.name == "exception" {
        let text = |key: &str| attrs.iter().find(|a| a.key == key).map(|a| a.val.text().into_owned());
        let error = details.error.get_or_insert_with(crate::model::Error::default);
        error.kind = text("exception.type").unwrap_or_default();
        if let Some(message) = text("exception.message") {
            error.message = message;
        }
        error.stack = text("exception.stacktrace").unwrap_or_default();
    }
    event.attributes = attrs.iter().map(attribute).collect();
    details.events.push(event);
}
