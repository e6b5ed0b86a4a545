//! What a step read by a mapping holds: the mapped values in their places, and all else of its record as attributes.

use super::{Mapping, Role, path};
use crate::import::record::{Record, converse, read};
use crate::import::{Piece, Reveal, Revealing};
use crate::json::{At, NodeKind};
use crate::model::{Details, Error, Kind};

pub(super) struct Shows(pub(super) Mapping);

impl Reveal for Shows {
    fn reveal(&self, about: Revealing<'_>, pieces: &[Piece]) -> Details {
        let mut details = Details::default();
        for piece in pieces {
            let record = Record::told(piece, &mut details);
            let at = record.root();
            let told = |role| path::told(at, self.0.path(role)?);
            let (input, output) = (told(Role::Input), told(Role::Output));
            (details.input, details.output) = (record.value(input), record.value(output));
            details.error = told(Role::Error).and_then(error);
            let kind = about.run.steps.kind.get(about.step as usize).copied().unwrap_or_default();
            if kind == Kind::Llm {
                converse(&mut details, input, output);
            }
            // A member of which only a part is mapped is shown whole.
            let shown: Vec<&str> = self.0.fields.values().map(String::as_str).collect();
            details.attributes = record.attributes(at, &shown);
        }
        details
    }
}

/// An error as far as the value tells: a flag and a code say that there was one.
fn error(at: At<'_>) -> Option<Error> {
    match at.kind() {
        NodeKind::Bool => (at.raw() == b"true").then(Error::default),
        NodeKind::Object | NodeKind::Array if at.count() == 0 => None,
        NodeKind::Object => {
            read::error(at).or_else(|| Some(Error { message: at.json().into_owned(), ..Error::default() }))
        }
        NodeKind::Number if at.raw() == b"0" => None,
        _ => read::error(at),
    }
}
