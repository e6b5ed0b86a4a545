//! Keys become actions, and the actions that are the page's own are done here.

use crate::intake::open_file_dialog;
use crate::keys::{Pressed, look_up};
use crate::place::Place;
use crate::state::{Action, Page, Pane, View};
use crate::workbench::Charted;
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast as _;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement};

fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}

/// Whether the event came from something that text is typed into.
pub(crate) fn typing(event: &Event) -> bool {
    // The first of the path: an event from a shadow root names only the root's host as its target.
    let target = event.composed_path().get(0);
    let Ok(target) = target.dyn_into::<HtmlElement>() else { return false };
    let free = ["checkbox", "radio", "range", "button", "file", "color"];
    match target.tag_name().as_str() {
        "TEXTAREA" | "SELECT" => true,
        "INPUT" => target.dyn_into::<HtmlInputElement>().is_ok_and(|input| !free.contains(&input.type_().as_str())),
        _ => target.is_content_editable(),
    }
}

/// Whether Space or Enter already means something to what has the focus.
fn pressable(event: &Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let what = "button, a[href], summary, input, [role=button], [role=tab], [role=checkbox], [role=switch]";
    target.is_some_and(|target| target.closest(what).is_ok_and(|found| found.is_some()))
}

/// Listens to the keyboard for the whole page.
pub(crate) fn listen(page: Page) {
    let listener = window_event_listener(ev::keydown, move |event| {
        if event.default_prevented() || event.is_composing() {
            return;
        }
        // A dialog keeps its keys to itself; the browser closes it with Escape.
        let modal = document().and_then(|d| d.query_selector("dialog[open]").ok().flatten());
        if modal.is_some() || (event.key() == " " && pressable(&event)) {
            return;
        }
        let name = event.key();
        let pressed = Pressed {
            name: &name,
            ctrl: event.ctrl_key() || event.meta_key(),
            alt: event.alt_key(),
            shift: event.shift_key(),
        };
        let Some(action) = look_up(pressed, typing(&event)) else { return };
        if Place::embedded() && !action.in_a_frame() {
            return;
        }
        if act(page, action, event.repeat()) {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}

/// Does an action, or lets a view do it; whether anybody did.
fn act(page: Page, action: Action, repeat: bool) -> bool {
    // A held key in a comparison waits for the move under way, as one does in a run.
    if repeat && page.comparing.moving() {
        return true;
    }
    if page.offer(action) {
        return true;
    }
    let running = page.cursor.with_untracked(Option::is_some);
    match action {
        Action::Move(command) if running => {
            page.playing.set(false);
            if repeat {
                page.command_repeated(command);
            } else {
                page.command(command);
            }
        }
        Action::NextDecision if running => return page.workbench.go_to_decision(page, true),
        Action::PreviousDecision if running => return page.workbench.go_to_decision(page, false),
        Action::PlayPause if running => page.playing.update(|playing| *playing = !*playing),
        Action::Show(view) if page.workbench.bench.with_untracked(Option::is_some) => {
            let chart = View::ALL.into_iter().position(|one| one == view).and_then(|at| Charted::ALL.get(at));
            let Some(&chart) = chart else { return false };
            page.workbench.charted.set(chart);
            page.pane.set(Pane::Main);
        }
        Action::Show(View::Pipeline) if untrack(|| page.followed().is_none()) => return false,
        Action::Show(view) if page.subject.with_untracked(Option::is_some) => page.show_view(view),
        Action::Search => return focus_search(),
        Action::OpenFile => open_file_dialog(),
        Action::Help => page.help.set(true),
        Action::Escape => return close_innermost(page),
        _ => return false,
    }
    true
}

/// Puts the caret into the search field and selects what stands there.
fn focus_search() -> bool {
    let field = document().and_then(|d| d.get_element_by_id("search"));
    let Some(field) = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) else { return false };
    field.select();
    field.focus().is_ok()
}

/// Menus and dialogs close themselves before this is reached.
fn close_innermost(page: Page) -> bool {
    if page.playing.get_untracked() {
        page.playing.set(false);
    } else if page.searching.get_untracked() {
        page.searching.set(false);
    } else if page.problems.get_untracked() {
        page.problems.set(false);
    } else if let Some(notice) = page.notices.with_untracked(|notices| notices.last().map(|notice| notice.id)) {
        page.dismiss(notice);
    } else {
        return false;
    }
    true
}
