//! What the editor tells and asks, and who answers: changes, the caret, fixes, completion, hover.

use super::bridge::{Asked, Calls};
use super::desk::{Desk, Held};
use super::round::Told;
use chaindebug_core::protocol::{Answer, Request};
use leptos::prelude::*;
use std::rc::Rc;

/// The way from the editor back to the desk.
pub(super) struct To {
    desk: Desk,
    held: std::rc::Weak<Held>,
}

impl To {
    /// For one text.
    pub(super) fn new(desk: Desk, held: &Rc<Held>) -> To {
        To { desk, held: Rc::downgrade(held) }
    }

    /// What a question about a place on the screen needs: the edits that go before it, and the byte of the place once
    /// those are made. Taken at once, because the place is one of the text as it is now.
    #[allow(clippy::type_complexity)] // Used in two places, and nowhere kept.
    fn asked(&self, place: f64) -> (Desk, Option<Rc<Held>>, Option<Told>, Option<u64>) {
        let held = self.held.upgrade();
        let told = held.as_ref().map(|held| self.desk.taken(held));
        let at = held.as_ref().and_then(|held| Some(held.field()?.byte(place)));
        (self.desk, held, told, at)
    }
}

impl Calls for To {
    fn changed(&self) {
        let Some(held) = self.held.upgrade() else { return };
        held.look();
        self.desk.sync(&held);
    }

    fn moved(&self) {
        self.desk.moved.update(|count| *count = count.wrapping_add(1));
    }

    fn fix(&self, finding: usize, fix: usize) {
        let Some(held) = self.held.upgrade() else { return };
        let meant = held.found.borrow().as_ref().and_then(|(_, view)| view.findings.get(finding).cloned());
        if let Some(finding) = meant {
            self.desk.fix(&finding, fix);
        }
    }

    fn complete(&self, place: f64) -> Asked {
        let (desk, held, told, at) = self.asked(place);
        Box::pin(async move {
            let (held, at, told) = (held?, at?, told?);
            let target = desk.page.workbench.target.get_untracked();
            desk.tell(&held, told).await;
            let version = held.version.get();
            let request = Request::Complete { document: held.document, at, target };
            match desk.page.ask_of(held.group, request).await {
                Ok(Answer::Completions { completions }) if held.version.get() == version => {
                    serde_json::to_string(&completions).ok()
                }
                _ => None,
            }
        })
    }

    fn hover(&self, place: f64) -> Asked {
        let (desk, held, told, at) = self.asked(place);
        Box::pin(async move {
            let (held, at, told) = (held?, at?, told?);
            let target = desk.page.workbench.target.get_untracked();
            desk.tell(&held, told).await;
            let version = held.version.get();
            match desk.page.ask_of(held.group, Request::Hover { document: held.document, at, target }).await {
                Ok(Answer::Hover { hover: Some(hover) }) if held.version.get() == version => {
                    serde_json::to_string(&hover).ok()
                }
                _ => None,
            }
        })
    }
}
