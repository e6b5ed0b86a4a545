//! What importer tests share: opening texts under the name "unknown", in small slices, alone and into one document.

use crate::import::mapped::Mapping;
use crate::json::{At, Tree};
use crate::protocol::DocumentView;
use crate::session::Session;
use crate::source::Memory;

/// Looks at a JSON text.
pub(crate) fn with<T>(json: &str, look: impl FnOnce(At<'_>) -> T) -> T {
    let tree = Tree::parse(json.as_bytes());
    look(At { text: json.as_bytes(), tree: &tree, node: 0 })
}

/// Opens a text; the session and its newest document.
pub(crate) fn open(text: &str) -> (Session, DocumentView) {
    open_bytes(text.as_bytes())
}

/// Opens bytes; the session and its newest document.
pub(crate) fn open_bytes(bytes: &[u8]) -> (Session, DocumentView) {
    let mut session = Session::new();
    let mut opening = session.open("unknown", Box::new(Memory(bytes.to_vec())), None);
    loop {
        if session.advance(&mut opening, 64).document.is_some() {
            break;
        }
    }
    let view = session.documents().swap_remove(0);
    (session, view)
}

/// Reads a document anew, in small slices, and gives it.
pub(crate) fn read_anew(
    session: &mut Session,
    document: u32,
    format: Option<&str>,
    mapping: Option<Mapping>,
) -> DocumentView {
    let mut opening = session.read_as(document, format, mapping).unwrap();
    while session.advance(&mut opening, 64).document.is_none() {}
    session.document(document).unwrap()
}

/// Opens texts one after the other into one document.
pub(crate) fn together(texts: &[&str]) -> Session {
    let mut session = Session::new();
    for (index, text) in texts.iter().enumerate() {
        let into = (index > 0).then_some(0);
        let mut opening = session.open("unknown", Box::new(Memory(text.as_bytes().to_vec())), into);
        while session.advance(&mut opening, 64).document.is_none() {}
    }
    session
}

/// Opens texts one after the other as the faces do: each into the first document it belongs to, else as its own.
pub(crate) fn gathered(texts: &[&str]) -> Session {
    let mut session = Session::new();
    for text in texts {
        let mut open = |into: Option<u32>| {
            let mut opening = session.open("unknown", Box::new(Memory(text.as_bytes().to_vec())), into);
            loop {
                if let Some(document) = session.advance(&mut opening, 1 << 20).document {
                    return (document, session.documents());
                }
            }
        };
        let (own, documents) = open(None);
        let new = documents.iter().find(|one| one.document == own).unwrap();
        let host = documents.iter().find(|one| one.document != own && crate::session::belongs(one, new).is_some());
        if let Some(host) = host {
            open(Some(host.document));
            session.close(own);
        }
    }
    session
}
