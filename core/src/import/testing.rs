//! What importer tests share: opening a text under the name "unknown", in small slices.

use crate::protocol::DocumentView;
use crate::session::Session;
use crate::source::Memory;

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
