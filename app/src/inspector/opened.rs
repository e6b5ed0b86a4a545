//! A value of the engine held open while something shows it, and given back when nothing does.
//!
//! Opening is asked anew whenever the part or the shape changes; the value shown before stays until the new one is
//! there, so that stepping through a run does not flicker.

use crate::state::Page;
use chaindebug_core::protocol::{Answer, Part, Request, ValueInfo};
use leptos::prelude::*;

/// What to open.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Wanted {
    /// A part of a step, of a node or of a message.
    Part(Part),
    /// One node of a value that is open.
    Node {
        /// Handle of that value.
        value: u32,
        /// The node.
        node: u32,
    },
}

impl Wanted {
    fn request(self, as_text: bool) -> Request {
        match self {
            Wanted::Part(part) => Request::Open { part, as_text },
            Wanted::Node { value, node } => Request::ValueOpen { value, node, as_text },
        }
    }
}

/// How far opening has come.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Opened {
    /// Asked for.
    Opening,
    /// There.
    Ready(ValueInfo),
    /// The engine could not, with its reason.
    Refused(String),
}

impl Opened {
    /// What is open.
    pub(crate) fn info(&self) -> Option<&ValueInfo> {
        match self {
            Opened::Ready(info) => Some(info),
            _ => None,
        }
    }
}

/// Opens `wanted`, again whenever it or `as_text` changes, and closes what was opened. `None` opens nothing.
pub(crate) fn open(page: Page, wanted: Signal<Option<Wanted>>, as_text: Signal<bool>) -> RwSignal<Opened> {
    let opened = RwSignal::new(Opened::Opening);
    // Counts the questions, so that only the answer to the newest is kept.
    let newest = StoredValue::new(0u64);
    // The handle held, apart from the signal, which is gone when the cleanup runs.
    let held = StoredValue::new(None::<Handle>);
    Effect::new(move |_| {
        let question = (wanted.get(), as_text.get());
        newest.update_value(|n| *n += 1);
        let mine = newest.get_value();
        let (Some(wanted), as_text) = question else {
            return;
        };
        let Some(group) = page.subject.get_untracked().map(|subject| subject.group) else {
            return;
        };
        leptos::task::spawn_local(async move {
            let answer = page.ask_of(group, wanted.request(as_text)).await;
            let result = match answer {
                Ok(Answer::Value(info)) => Opened::Ready(info),
                Ok(_) => Opened::Refused("The engine gave another answer than was asked for.".to_owned()),
                Err(failure) => Opened::Refused(failure.to_string()),
            };
            let handle = result.info().map(|info| (group, info.value));
            if newest.try_get_value() == Some(mine) {
                let old = held.try_update_value(|h| std::mem::replace(h, handle)).flatten();
                let _ = opened.try_set(result);
                close(page, old);
            } else {
                close(page, handle);
            }
        });
    });
    on_cleanup(move || close(page, held.try_get_value().flatten()));
    opened
}

/// A value of an engine: the document shown may be of another engine by the time it is given back.
type Handle = (u32, u32);

/// Gives a value back.
fn close(page: Page, handle: Option<Handle>) {
    let Some((group, value)) = handle else { return };
    leptos::task::spawn_local(async move {
        // Nothing to do when it fails: the engine that held it is gone, and its memory with it.
        let _ = page.ask_of(group, Request::ValueClose { value }).await;
    });
}

/// The exact text of a value or of one of its nodes; `None` when the engine refuses.
pub(crate) async fn text_of(page: Page, value: u32, node: Option<u32>) -> Option<String> {
    match page.ask(Request::ValueText { value, node }).await {
        Ok(Answer::Text { text }) => Some(text),
        _ => None,
    }
}
