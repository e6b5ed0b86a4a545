//! Doing a stop for somebody: the very moves, searches and edits that a person would make. They are told by their effect
//! like everybody else's.

use super::lessons::{KNOWN, UNKNOWN, WANTED};
use crate::editor::Desk;
use crate::state::{Action, Page, Pane, View};
use chaindebug_core::protocol::{Answer, Command, Mock, Request, StepMock, TextEdit};
use leptos::{prelude::*, task::spawn_local};
use std::time::Duration;

/// How often, and for how long, something that is on its way is looked for.
const LOOK: (Duration, u32) = (Duration::from_millis(120), 50);

/// Tries until it works, or nobody would wait any longer.
fn soon(tries: u32, act: impl Fn() -> bool + 'static) {
    if !act() && tries > 0 {
        set_timeout(move || soon(tries - 1, act), LOOK.0);
    }
}

fn walk(page: Page, commands: &[Command]) {
    page.playing.set(false);
    for command in commands {
        page.command(*command);
    }
}

/// Shows a panel, where the page shows one at a time or it was closed.
fn show(page: Page, pane: Pane) {
    page.pane.set(pane);
    let mut sizes = page.sizes.get_untracked();
    match pane {
        Pane::Inspector => sizes.inspector_open = true,
        Pane::Steps => sizes.steps_open = true,
        Pane::Findings | Pane::Text => sizes.bottom_open = true,
        Pane::Main => {}
    }
    if sizes != page.sizes.get_untracked() {
        page.set_sizes(sizes);
    }
}

pub(super) fn to_the_error(page: Page, _: Desk) {
    walk(page, &[Command::First, Command::NextError]);
}

pub(super) fn to_its_input(page: Page, _: Desk) {
    walk(page, &[Command::First, Command::NextError, Command::OverBack]);
    show(page, Pane::Inspector);
}

pub(super) fn to_the_cause(page: Page, _: Desk) {
    walk(page, &[Command::First, Command::NextError, Command::OverBack, Command::Back]);
}

pub(super) fn search(page: Page, _: Desk) {
    page.search.set(WANTED.to_owned());
    page.searching.set(true);
    soon(LOOK.1, move || page.found.walk(page, false));
}

pub(super) fn to_the_last_words(page: Page, _: Desk) {
    page.search.set(String::new());
    page.searching.set(false);
    page.show_view(View::Chat);
    walk(page, &[Command::Last]);
}

pub(super) fn to_the_next_difference(page: Page, _: Desk) {
    page.offer(Action::NextDifference);
}

/// Runs a scenario by its name; whether there is one.
fn choose(page: Page, name: &str) -> bool {
    let bench = page.workbench;
    let at = bench.file.with_untracked(|file| file.scenarios.iter().position(|one| one.name == name));
    if let Some(at) = at.filter(|at| bench.chosen.get_untracked() != *at) {
        bench.choose(at);
    }
    at.is_some()
}

pub(super) fn change_a_mock(page: Page, _: Desk) {
    let bench = page.workbench;
    if !choose(page, KNOWN) {
        return;
    }
    show(page, Pane::Steps);
    bench.open.set(Some("sort".to_owned()));
    bench.edit(|scenario| {
        let mock = Mock::Returns { value: r#"{"topic": "opening hours", "known": false}"#.to_owned() };
        scenario.mocks.retain(|one| one.step != "sort");
        scenario.mocks.push(StepMock { step: "sort".to_owned(), mock });
    });
}

pub(super) fn break_an_edge(page: Page, _: Desk) {
    let bench = page.workbench;
    let Some(of) = bench.bench.get_untracked() else { return };
    show(page, Pane::Text);
    spawn_local(async move {
        let Ok(Answer::Text { text }) = page.ask_of(of.group, Request::DocumentText { document: of.document }).await
        else {
            return;
        };
        let word = "\"equals\"";
        if let Some(start) = text.find(word).map(|at| at as u64) {
            let end = start + word.len() as u64;
            bench.apply(vec![TextEdit { start, end, text: "\"==\"".to_owned() }]);
        }
    });
}

pub(super) fn choose_the_other(page: Page, _: Desk) {
    show(page, Pane::Steps);
    choose(page, UNKNOWN);
}

pub(super) fn take_the_fix(page: Page, desk: Desk) {
    let fixable = page.workbench.findings.with_untracked(|view| {
        view.as_ref().and_then(|view| view.findings.iter().find(|one| !one.fixes.is_empty()).cloned())
    });
    if let Some(finding) = fixable {
        desk.fix(&finding, 0);
    }
}
