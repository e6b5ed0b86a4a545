//! Plays the run: moves the cursor while `Page::playing` is set, and stops at the last moment.

use super::pace::{Pace, reached, stride};
use crate::state::Page;
use chaindebug_core::model::Nanos;
use chaindebug_core::protocol::Command;
use leptos::{leptos_dom::helpers::AnimationFrameRequestHandle, prelude::*};
use std::time::Duration;

/// What plays. `Copy`; lives as long as the transport.
#[derive(Clone, Copy)]
pub(super) struct Player {
    pub(super) page: Page,
    pub(super) pace: RwSignal<Pace>,
    state: StoredValue<State>,
}

#[derive(Clone, Copy, Debug, Default)]
struct State {
    /// Counts starts: a timer of an earlier one does nothing more.
    turn: u32,
    /// When playing began, in milliseconds of the page's clock.
    since: f64,
    /// Time of the run at which it began.
    from: Nanos,
    stride: u32,
}

fn now() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}

impl Player {
    pub(super) fn new(page: Page) -> Player {
        let rate = page.speed.get_untracked();
        let pace = Pace::ALL.into_iter().find(|pace| *pace == Pace::Moments(rate)).unwrap_or(Pace::Moments(2.0));
        let player = Player { page, pace: RwSignal::new(pace), state: StoredValue::new(State::default()) };
        Effect::new(move |_| {
            let (playing, pace) = (page.playing.get(), player.pace.get());
            let turn = player.state.try_update_value(|state| {
                state.turn = state.turn.wrapping_add(1);
                state.turn
            });
            if let (true, Some(turn)) = (playing, turn) {
                player.start(turn, pace);
            }
        });
        player
    }

    pub(super) fn set_pace(self, pace: Pace) {
        if let Pace::Moments(rate) = pace {
            self.page.speed.set(rate);
        }
        self.pace.set(pace);
    }

    fn start(self, turn: u32, pace: Pace) {
        let page = self.page;
        let cursor = page.cursor.get_untracked();
        let at_end = cursor.as_ref().is_some_and(|c| c.moment + 1 >= c.moments);
        if at_end {
            page.command(Command::First);
        }
        let from = cursor.and_then(|c| c.time).filter(|_| !at_end).unwrap_or_default();
        self.state.update_value(|state| *state = State { turn, since: now(), from, stride: 1 });
        match pace {
            Pace::Moments(rate) => self.tick(turn, rate),
            Pace::AsItHappened => self.frame(turn),
        }
    }

    /// Whether this start is still the one that plays; stops at the last moment.
    fn plays(self, turn: u32) -> bool {
        let mine = self.state.try_get_value().is_some_and(|state| state.turn == turn);
        if !mine || !self.page.playing.get_untracked() {
            return false;
        }
        let over = self.page.cursor.with_untracked(|c| c.as_ref().is_none_or(|c| c.moment + 1 >= c.moments));
        // Just begun at the end: the move to the first moment is on its way.
        let just = self.state.get_value().since + 500.0 > now();
        if over && !just {
            self.page.playing.set(false);
        }
        !over || just
    }

    fn tick(self, turn: u32, rate: f64) {
        let step = Duration::from_secs_f64((1.0 / rate.clamp(0.1, 60.0)).clamp(0.016, 10.0));
        set_timeout(
            move || {
                if self.plays(turn) {
                    self.page.command_repeated(Command::Forward);
                    self.tick(turn, rate);
                }
            },
            step,
        );
    }

    fn frame(self, turn: u32) {
        let _: Result<AnimationFrameRequestHandle, _> = request_animation_frame_with_handle(move || {
            if !self.plays(turn) {
                return;
            }
            let length = self.page.run.with_untracked(|run| run.as_ref().and_then(|run| run.duration_ns));
            let cursor = self.page.cursor.get_untracked();
            if let Some(cursor) = cursor {
                let seconds = (now() - self.state.get_value().since) / 1_000.0;
                let target = reached(self.state.get_value().from, Nanos(length.unwrap_or_default()), seconds);
                // Without times there are no proportions: the moments share the time evenly.
                let share = f64::from(cursor.moments) / super::pace::LONGEST;
                let behind = match cursor.time {
                    Some(time) => time < target,
                    None => f64::from(cursor.moment) < seconds * share,
                };
                let next = stride(self.state.get_value().stride, behind);
                if behind {
                    let moment = cursor.moment.saturating_add(self.state.get_value().stride);
                    self.page.command_repeated(Command::To { moment });
                }
                self.state.update_value(|state| state.stride = next);
            }
            self.frame(turn);
        });
    }
}
