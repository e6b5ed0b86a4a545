//! What the editor tells and asks, and who answers: changes, the caret, fixes, completion, hover.

use super::bridge::{Asked, Calls};
use super::desk::{Desk, Held};
use chaindebug_core::protocol::{Answer, Request, Target};
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

    /// Asks about a place on the screen. The edits that go before the question and the byte of the place are taken at
    /// once, because the place is one of the text as it is now; an answer that comes after another change is none.
    fn ask(
        &self,
        place: f64,
        request: fn(u32, u64, Target) -> Request,
    ) -> impl Future<Output = Option<Answer>> + use<> {
        let (desk, held) = (self.desk, self.held.upgrade());
        let told = held.as_ref().map(|held| desk.taken(held));
        let at = held.as_ref().and_then(|held| Some(held.field()?.byte(place)));
        async move {
            let (held, at, told) = (held?, at?, told?);
            let target = desk.page.workbench.target.get_untracked();
            desk.tell(&held, told).await;
            let version = held.version.get();
            let answer = desk.page.ask_of(held.group, request(held.document, at, target)).await.ok()?;
            (held.version.get() == version).then_some(answer)
        }
    }
}

impl Calls for To {
    fn typed(&self) {
        if let Some(held) = self.held.upgrade() {
            self.desk.sync(&held);
        }
    }

    fn changed(&self) {
        if let Some(held) = self.held.upgrade() {
            held.look();
        }
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
        let answer = self.ask(place, |document, at, target| Request::Complete { document, at, target });
        Box::pin(async move {
            match answer.await? {
                Answer::Completions { completions } => serde_json::to_string(&completions).ok(),
                _ => None,
            }
        })
    }

    fn hover(&self, place: f64) -> Asked {
        let answer = self.ask(place, |document, at, target| Request::Hover { document, at, target });
        Box::pin(async move {
            match answer.await? {
                Answer::Hover { hover: Some(hover) } => serde_json::to_string(&hover).ok(),
                _ => None,
            }
        })
    }
}
