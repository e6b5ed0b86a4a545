//! The two cursors, which walk together: moves are sent one after the other, so that held keys never pile up.

use super::state::Comparing;
use crate::state::Page;
use chaindebug_core::protocol::{Answer, DiffMove, Request};
use leptos::{prelude::*, task::spawn_local};
use std::collections::VecDeque;

/// A person cannot press more keys than this in one round trip; what is more comes from a stuck key.
const MOST: usize = 32;

/// Moves that wait for the one under way.
#[derive(Debug, Default)]
pub(super) struct Queue {
    busy: bool,
    waiting: VecDeque<DiffMove>,
}

impl Queue {
    /// Forgets what waits.
    pub(super) fn clear(&mut self) {
        self.waiting.clear();
    }

    /// Takes a move in; one to a fixed place makes those waiting pointless.
    fn push(&mut self, go: DiffMove) {
        use DiffMove::{Back, Forward, NextDifference, PreviousDifference, Stay};
        if !matches!(go, Back | Forward | NextDifference | PreviousDifference | Stay) {
            self.waiting.clear();
        }
        // One look at where the cursor stands serves everybody who asks.
        let idle = go == Stay && self.waiting.back() == Some(&Stay);
        if self.waiting.len() < MOST && !idle {
            self.waiting.push_back(go);
        }
    }
}

impl Comparing {
    /// Whether a move is under way.
    pub(crate) fn moving(self) -> bool {
        self.queue.try_with_value(|queue| queue.busy) == Some(true)
    }
}

impl Page {
    /// Moves the two cursors. Also useful with [`DiffMove::Stay`] after rows or the flowchart were asked for: row and
    /// box of the cursor are those of the newest.
    pub(crate) fn go(self, go: DiffMove) {
        let queue = self.comparing.queue;
        let start = queue.try_update_value(|queue| {
            queue.push(go);
            !std::mem::replace(&mut queue.busy, true)
        });
        if start == Some(true) {
            spawn_local(self.work_off_moves());
        }
    }

    /// As [`Page::go`], for a key that repeats because it is held: nothing happens while a move is under way.
    pub(super) fn go_repeated(self, go: DiffMove) {
        if !self.comparing.moving() {
            self.go(go);
        }
    }

    async fn work_off_moves(self) {
        let comparing = self.comparing;
        loop {
            let next = comparing.queue.try_update_value(|queue| {
                let next = queue.waiting.pop_front();
                queue.busy = next.is_some();
                next
            });
            let Some(go) = next.flatten() else { return };
            let Some(pair) = comparing.pair.get_untracked() else { continue };
            // While the engine compares there is nothing to move in; the comparison ends with a move of its own.
            if comparing.view.with_untracked(Option::is_none) || comparing.progress.get_untracked().is_some() {
                continue;
            }
            let (turn, fold) = (comparing.turn.get_untracked(), comparing.fold.get_untracked());
            let answer = self.ask_of(pair.group, Request::DiffGo { go, fold }).await;
            if comparing.pair.get_untracked() != Some(pair) || comparing.turn.get_untracked() != turn {
                continue;
            }
            match answer {
                Ok(Answer::DiffCursor(cursor)) => {
                    if comparing.cursor.with_untracked(|now| now.as_ref() != Some(&cursor)) {
                        comparing.cursor.set(Some(cursor));
                    }
                }
                Ok(_) => {}
                // A comparison that has begun anew meanwhile refuses.
                Err(_) if comparing.progress.get_untracked().is_some() => {}
                Err(failure) => self.tell_failure(&failure),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_add_up_and_a_fixed_place_replaces_them() {
        let mut queue = Queue::default();
        for go in [DiffMove::Forward, DiffMove::NextDifference, DiffMove::To { item: 7 }, DiffMove::Back] {
            queue.push(go);
        }
        assert_eq!(queue.waiting, [DiffMove::To { item: 7 }, DiffMove::Back]);
        queue.push(DiffMove::Stay);
        queue.push(DiffMove::Stay);
        assert_eq!(queue.waiting.len(), 3);
        for _ in 0..100 {
            queue.push(DiffMove::Forward);
        }
        assert_eq!(queue.waiting.len(), MOST);
    }
}
