//! What the tree does: rows by window, opening and closing, keys, following the cursor.

use crate::state::{Page, Subject};
use crate::widgets::list::ListState;
use crate::widgets::scroll::Align;
use crate::widgets::windows::{Window, Windows};
use chaindebug_core::protocol::{Answer, Command, Phase, Request, StepRow};
use leptos::{ev, prelude::*, task::spawn_local};

/// Rows asked for at once when looking for a parent far above.
const BACK: u32 = 512;

/// The tree of the run shown. `Copy`; lives as long as the component that made it.
#[derive(Clone, Copy)]
pub(super) struct Tree {
    pub(super) page: Page,
    pub(super) windows: Windows<StepRow>,
    pub(super) list: ListState,
    /// The cursor's step.
    pub(super) step: Memo<Option<u32>>,
    /// The cursor's moment.
    pub(super) moment: Memo<Option<u32>>,
}

impl Tree {
    pub(super) fn new(page: Page) -> Tree {
        let windows = Windows::<StepRow>::new(0, move |from, count| async move {
            let subject = page.subject.get_untracked()?;
            let request = Request::Rows { run: subject.run()?, from, count };
            match page.ask_of(subject.group, request).await {
                Ok(Answer::Rows(rows)) => Some(Window { total: rows.total, rows: rows.rows }),
                _ => None,
            }
        });
        Effect::new(move |before: Option<Option<Subject>>| {
            let subject = page.subject.get();
            if before != Some(subject) {
                windows.restart();
            }
            subject
        });
        let cursor = move || page.cursor.get().filter(|cursor| cursor.moments > 0);
        Tree {
            page,
            windows,
            list: ListState::new(),
            step: Memo::new(move |_| cursor().map(|cursor| cursor.step)),
            moment: Memo::new(move |_| cursor().map(|cursor| cursor.moment)),
        }
    }

    /// Goes to the cursor's step whenever that changes, while `on`.
    pub(super) fn follow(self, on: RwSignal<bool>) {
        Effect::new(move |_| {
            if self.step.get().is_some() && on.get_untracked() {
                self.show_cursor(Align::Middle);
            }
        });
    }

    /// Brings the cursor's step into sight: opens what is around it when it has no row.
    pub(super) fn show_cursor(self, align: Align) {
        let Some(cursor) = self.page.cursor.get_untracked() else { return };
        if let Some(row) = cursor.row {
            self.list.go(row, align);
            return;
        }
        let Some(subject) = self.page.subject.get_untracked() else { return };
        spawn_local(async move {
            let request = Request::Reveal { run: cursor.run, step: cursor.step };
            let Ok(Answer::Row { row }) = self.page.ask_of(subject.group, request).await else { return };
            if self.page.subject.get_untracked() != Some(subject) || self.step.try_get_untracked().is_none() {
                return;
            }
            // The rows below the ones that opened have moved.
            self.windows.refresh(Some(self.windows.total().get_untracked().max(row + 1)));
            if self.step.get_untracked() == Some(cursor.step) {
                self.list.go(row, align);
            }
        });
    }

    /// Opens or closes the step of a row.
    pub(super) fn set_open(self, row: &StepRow, open: bool, deep: bool) {
        self.ask_open(Some(row.step), open, deep);
    }

    /// Opens or closes every step; whether there is a tree to do it with.
    pub(super) fn open_all(self, open: bool) -> bool {
        self.ask_open(None, open, true);
        true
    }

    fn ask_open(self, step: Option<u32>, open: bool, deep: bool) {
        let Some(subject) = self.page.subject.get_untracked() else { return };
        let Some(run) = subject.run() else { return };
        spawn_local(async move {
            let request = Request::SetOpen { run, step, open, deep };
            let answer = self.page.ask_of(subject.group, request).await;
            if self.page.subject.get_untracked() != Some(subject) {
                return;
            }
            match answer {
                Ok(Answer::Rows(rows)) => {
                    self.windows.refresh(Some(rows.total));
                    // The cursor knows the row it is in; that may be another one now.
                    self.page.find_cursor();
                }
                Ok(_) => {}
                Err(failure) => self.page.tell_failure(&failure),
            }
        });
    }

    /// Moves the cursor to the step of a row: to its enter, or with `run_to` to its exit.
    pub(super) fn choose(self, at: u32, run_to: bool) {
        let Some(row) = self.windows.peek(at) else { return };
        if run_to {
            self.page.command(Command::ToStep { step: row.step, phase: Phase::Exit });
        } else {
            self.page.select_step(row.step);
        }
    }

    /// The tree's own keys; whether one was used. Up, Down, Home, End, Page Up and Page Down are the list's.
    pub(super) fn key(self, event: &ev::KeyboardEvent, at: u32) -> bool {
        let ctrl = event.ctrl_key() || event.meta_key();
        if event.alt_key() {
            return false;
        }
        let Some(row) = self.windows.peek(at) else { return false };
        match event.key().as_str() {
            "Enter" if ctrl => self.choose(at, true),
            "*" => self.set_open(&row, true, true),
            _ if ctrl || event.shift_key() => return false,
            "ArrowRight" if row.children > 0 && !row.open => self.set_open(&row, true, false),
            "ArrowRight" if row.open => self.list.go(at.saturating_add(1), Align::Nearest),
            "ArrowLeft" if row.open && row.children > 0 => self.set_open(&row, false, false),
            "ArrowLeft" if row.depth > 0 => self.to_parent(at, row.depth),
            "ArrowRight" | "ArrowLeft" => {}
            "j" => {
                let last = self.windows.total().get_untracked().saturating_sub(1);
                self.list.go(at.saturating_add(1).min(last), Align::Nearest);
            }
            "k" => self.list.go(at.saturating_sub(1), Align::Nearest),
            _ => return false,
        }
        true
    }

    /// Goes to the row around this one, however far above.
    fn to_parent(self, at: u32, depth: u32) {
        let mut above = at;
        while let Some(row) = above.checked_sub(1).and_then(|row| self.windows.peek(row)) {
            above -= 1;
            if row.depth < depth {
                self.list.go(above, Align::Nearest);
                return;
            }
        }
        let Some(subject) = self.page.subject.get_untracked() else { return };
        let Some(run) = subject.run() else { return };
        spawn_local(async move {
            while above > 0 {
                let from = above.saturating_sub(BACK);
                let request = Request::Rows { run, from, count: above - from };
                let Ok(Answer::Rows(rows)) = self.page.ask_of(subject.group, request).await else { return };
                if self.list.active.try_get_untracked() != Some(at) {
                    return;
                }
                if let Some(found) = rows.rows.iter().rposition(|row| row.depth < depth) {
                    self.list.go(from.saturating_add(found as u32), Align::Nearest);
                    return;
                }
                above = from;
            }
        });
    }
}
