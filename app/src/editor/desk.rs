//! The texts that are open for editing, and how their changes reach the engine: one round after the other, each with
//! everything that was typed since the last. What a round does stands in `round`.
//!
//! A text stays as it is, with its history, while its document is open, also when something else is shown.

use super::bridge::{self, Calls as _};
use super::calls::To;
use super::{field::Field, plain::Plain};
use crate::engine::Failure;
use crate::state::{Page, Tone};
use crate::workbench::Said;
use chaindebug_core::protocol::{Answer, Change, Finding, Request, TextEdit};
use leptos::{prelude::*, task::spawn_local};
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::HtmlElement;

/// Texts of more bytes than this are not put into an editor.
const MOST_BYTES: u64 = 24_000_000;

/// How long a chart that changes may take until the step that was chosen is chosen again.
const CHOSEN_AGAIN: Duration = Duration::from_millis(2500);

/// Milliseconds in which what is chosen along with a place of the text may arrive.
const LED: f64 = 800.0;

/// Where a text is damaged, so that the last good chart stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Damage {
    /// Line, from 1; 0 when unknown.
    pub(super) line: u64,
    /// First byte.
    pub(super) start: u64,
    /// After the last.
    pub(super) end: u64,
    /// What is wrong, for a person.
    pub(super) message: String,
}

/// One text.
pub(super) struct Held {
    /// Which engine.
    pub(super) group: u32,
    /// Its document.
    pub(super) document: u32,
    /// Name of the file.
    pub(super) name: String,
    /// The element the text is in; moved into the page while it is shown.
    pub(super) host: HtmlElement,
    field: OnceCell<Field>,
    /// Counts what the engine was told: answers to earlier questions speak of another text.
    pub(super) version: Cell<u64>,
    /// The version the rest of the page shows.
    pub(super) published: Cell<u64>,
    /// Number of the pipeline in the session, as of the newest version.
    pub(super) pipeline: Cell<u32>,
    /// The findings, and the version they speak of.
    pub(super) found: RefCell<Option<(u64, Arc<Said>)>>,
    /// Whether a round is under way, and whether another has to follow.
    pub(super) busy: Cell<bool>,
    pub(super) again: Cell<bool>,
    /// Where the text is damaged.
    pub(super) damage: ArcRwSignal<Option<Damage>>,
    /// Whether it differs from what was opened or saved last.
    pub(super) edited: ArcRwSignal<bool>,
    /// Changes that can be taken back, and made again.
    pub(super) depth: ArcRwSignal<(u32, u32)>,
    /// The text as it was opened or saved last, and how deep the history was then.
    pub(super) saved: RefCell<(String, u32)>,
    /// The file on the disk, once the browser has let us write to it.
    pub(super) file: RefCell<Option<JsValue>>,
}

impl Held {
    /// Where the text is.
    pub(super) fn field(&self) -> Option<&Field> {
        self.field.get()
    }

    /// Brings badge and buttons up to date.
    pub(super) fn look(&self) {
        let Some(field) = self.field() else { return };
        let depth = field.depth();
        if self.depth.get_untracked() != depth {
            self.depth.set(depth);
        }
        let saved = self.saved.borrow();
        let edited = depth.0 != saved.1 || field.text() != saved.0;
        if self.edited.get_untracked() != edited {
            self.edited.set(edited);
        }
    }
}

/// All of them. `Copy`; one in context, made by the shell.
#[derive(Clone, Copy)]
pub(crate) struct Desk {
    /// The page.
    pub(crate) page: Page,
    held: StoredValue<Vec<Rc<Held>>, LocalStorage>,
    /// The text of the pipeline shown.
    pub(super) now: RwSignal<Option<Rc<Held>>, LocalStorage>,
    /// Why there is none, else empty.
    pub(super) refused: RwSignal<String>,
    /// The caret moved, or the text changed under it.
    pub(super) moved: RwSignal<u64>,
    /// Id of the step to choose once the chart has it: a new one, or one with a new name.
    pub(super) next: StoredValue<Option<String>>,
    /// When somebody was led to a place of the text: until what follows from it has arrived, nothing else moves it.
    led: StoredValue<f64>,
}

impl Desk {
    /// Makes the one there is, and lets it follow what is shown.
    pub(crate) fn provide(page: Page) -> Desk {
        let (held, now) = (StoredValue::new_local(Vec::new()), RwSignal::new_local(None));
        let (refused, moved) = (RwSignal::new(String::new()), RwSignal::new(0));
        let desk =
            Desk { page, held, now, refused, moved, next: StoredValue::new(None), led: StoredValue::new(f64::MIN) };
        provide_context(desk);
        let shown = Memo::new(move |_| {
            let bench = page.workbench.bench.get()?;
            Some((bench.group, bench.document))
        });
        Effect::new(move |_| desk.show(shown.get()));
        Effect::new(move |_| desk.forget_closed());
        page.workbench.edit_with(move |edits| desk.take_over(edits));
        // Another engine, loader or strictness says something else of the same text.
        Effect::new(move |before: Option<()>| {
            page.workbench.target.track();
            page.workbench.strict.track();
            if before.is_some()
                && let Some(held) = desk.now.get_untracked()
            {
                held.found.replace(None);
                desk.sync(&held);
            }
        });
        super::leaving::warn(desk);
        desk
    }

    /// The desk, from context.
    pub(crate) fn get() -> Desk {
        expect_context::<Desk>()
    }

    fn find(self, key: (u32, u32)) -> Option<Rc<Held>> {
        self.held.with_value(|held| held.iter().find(|one| (one.group, one.document) == key).cloned())
    }

    /// Whether a document may be closed: asks where its text was changed and not saved.
    pub(crate) fn may_close(self, group: u32, document: u32) -> bool {
        let Some(held) = self.find((group, document)).filter(|held| held.edited.get_untracked()) else { return true };
        let question = format!("{} has changes that are not saved. Close it all the same?", held.name);
        web_sys::window().is_none_or(|window| window.confirm_with_message(&question).unwrap_or(true))
    }

    /// The line in which the text shown is damaged, 0 when unknown; `None` when it is whole.
    pub(crate) fn damaged(self) -> Option<u64> {
        self.now.get()?.damage.get().map(|damage| damage.line)
    }

    /// The name of a text that differs from its file, when there is one.
    pub(crate) fn edited_name(self) -> Option<String> {
        self.held.with_value(|held| held.iter().find(|one| one.edited.get_untracked()).map(|one| one.name.clone()))
    }

    fn show(self, key: Option<(u32, u32)>) {
        let Some(key) = key else { return self.now.set(None) };
        if let Some(held) = self.find(key) {
            self.now.set(Some(held.clone()));
            self.sync(&held);
            return;
        }
        self.now.set(None);
        self.refused.set(String::new());
        spawn_local(async move {
            match self.open(key).await {
                Ok(held) => {
                    let shown = self.page.workbench.bench.get_untracked();
                    if shown.is_some_and(|bench| (bench.group, bench.document) == key) {
                        self.now.set(Some(held.clone()));
                        self.sync(&held);
                    }
                }
                Err(failure) => self.refused.set(failure.message),
            }
        });
    }

    /// Asks for a text and puts it into an editor.
    async fn open(self, key: (u32, u32)) -> Result<Rc<Held>, Failure> {
        let refused = |message: &str| Failure::new(crate::engine::FailureKind::Refused, message);
        let (group, document) = key;
        let bench = self.page.workbench.bench.get_untracked().ok_or_else(Failure::closed)?;
        let view = self.page.document.get_untracked().ok_or_else(Failure::closed)?;
        if view.bytes > MOST_BYTES {
            return Err(refused(
                "This file is too large to edit here. Its findings and its chart are shown all the same.",
            ));
        }
        let text = match self.page.ask_of(group, Request::DocumentText { document }).await? {
            Answer::Text { text } => text,
            _ => return Err(refused("The engine did not hand out the text.")),
        };
        let host = web_sys::window().and_then(|w| w.document()).and_then(|d| d.create_element("div").ok());
        let host: HtmlElement = host
            .and_then(|host| host.dyn_into().ok())
            .ok_or_else(|| refused("The browser made no element for the editor."))?;
        host.set_class_name("editor-host");
        let name = view.files.first().cloned().unwrap_or_else(|| view.file.clone());
        let held = Rc::new(Held {
            group,
            document,
            name: name.clone(),
            host: host.clone(),
            field: OnceCell::new(),
            version: Cell::new(0),
            published: Cell::new(0),
            pipeline: Cell::new(bench.pipeline),
            found: RefCell::default(),
            busy: Cell::new(false),
            again: Cell::new(false),
            damage: ArcRwSignal::new(None),
            edited: ArcRwSignal::new(false),
            depth: ArcRwSignal::new((0, 0)),
            saved: RefCell::new((text.clone(), 0)),
            file: RefCell::default(),
        });
        let label = format!("Text of {name}");
        let calls = Rc::new(To::new(self, &held));
        let field = match bridge::mount(&host, &text, &label, calls.clone()).await {
            Some(handle) => Field::Rich(handle),
            None => Plain::mount(&host, &text, &label, move || {
                calls.changed();
                calls.typed();
            })
            .map(Field::Plain)
            .ok_or_else(|| refused("The browser made no field for the text."))?,
        };
        // Somebody may have gone away and come back while the text was on its way.
        if let Some(first) = self.find(key) {
            field.destroy();
            return Ok(first);
        }
        let _ = held.field.set(field);
        self.held.update_value(|all| all.push(held.clone()));
        Ok(held)
    }

    /// Lets go of texts whose documents were closed.
    fn forget_closed(self) {
        let open = |one: &Rc<Held>| {
            self.page.groups.with(|groups| {
                groups.iter().any(|group| group.id == one.group && group.document(one.document).is_some())
            })
        };
        self.held.update_value(|held| {
            held.retain(|one| {
                let keep = open(one);
                if !keep && let Some(field) = one.field() {
                    field.destroy();
                }
                keep
            });
        });
        self.page.groups.track();
    }

    /// Edits of the text the page shows, from anywhere in it.
    fn take_over(self, edits: Vec<TextEdit>) {
        let Some(held) = self.now.get_untracked() else { return self.page.workbench.rewrite(edits) };
        if held.version.get() != held.published.get() {
            self.page.notify(Tone::Info, "The text has changed since. Try again, now that the page has caught up.");
            self.publish(&held);
            return;
        }
        if let Some(field) = held.field() {
            field.edit(&edits);
        }
    }

    /// Makes a change of the definition: asks for its edits and makes them as one step.
    pub(crate) fn plan(self, change: Change) {
        let Some(held) = self.now.get_untracked() else { return self.page.workbench.plan(change) };
        let next = match &change {
            Change::AddStep { id, .. } => Some(id.clone()),
            Change::RenameStep { to, .. } => Some(to.clone()),
            Change::RemoveStep { .. } | Change::Format => None,
            _ => untrack(|| super::follow::chosen(self.page, |_| true)),
        };
        spawn_local(async move {
            self.flush(&held).await;
            let version = held.version.get();
            let answer = self.page.ask_of(held.group, Request::Plan { pipeline: held.pipeline.get(), change }).await;
            match answer {
                Ok(Answer::Edits { edits }) if held.version.get() == version => {
                    if edits.is_empty() {
                        self.page.notify(Tone::Info, "There is nothing to change.");
                    } else if let Some(field) = held.field() {
                        self.next.set_value(next);
                        set_timeout(move || self.next.set_value(None), CHOSEN_AGAIN);
                        field.edit(&edits);
                    }
                }
                Ok(_) => self.page.notify(Tone::Info, "The text has changed meanwhile. Try again."),
                Err(failure) => self.page.tell_failure(&failure),
            }
        });
    }

    /// Applies a fix of a finding, wherever the text has moved to since the finding was made.
    pub(crate) fn fix(self, finding: &Finding, fix: usize) {
        let Some(held) = self.now.get_untracked() else {
            return self.page.workbench.apply(finding.fixes.get(fix).map(|fix| fix.edits.clone()).unwrap_or_default());
        };
        let title = finding.fixes.get(fix).map(|fix| fix.title.clone()).unwrap_or_default();
        let meant = finding.clone();
        spawn_local(async move {
            let Some(view) = self.fresh(&held).await else { return };
            let same = |one: &&Finding| one.id == meant.id && one.path == meant.path && one.message == meant.message;
            let found = view.findings.iter().find(same).and_then(|one| one.fixes.iter().find(|fix| fix.title == title));
            match (found, held.field()) {
                (Some(fix), Some(field)) => field.edit(&fix.edits),
                _ => self.page.notify(Tone::Info, "This finding has gone: the text has changed since."),
            }
        });
    }

    /// Applies the first safe fix of every finding that has one, as one step to undo.
    pub(crate) fn fix_all(self) {
        let Some(held) = self.now.get_untracked() else { return };
        spawn_local(async move {
            let Some(view) = self.fresh(&held).await else { return };
            let (edits, _) = together(&view.findings);
            if let Some(field) = held.field() {
                field.edit(&edits);
            }
        });
    }

    /// A stretch of the text that the page shows.
    pub(super) fn slice(self, start: u64, end: u64) -> Option<String> {
        let held = self.now.get_untracked().filter(|held| held.version.get() == held.published.get())?;
        let text = held.field()?.text();
        text.get(usize::try_from(start).ok()?..usize::try_from(end).ok()?).map(str::to_owned)
    }

    /// Shows a place of the text, and gives it the focus where asked.
    pub(crate) fn go(self, byte: u64, focus: bool) {
        if let Some(field) = self.now.get_untracked().as_deref().and_then(Held::field) {
            self.led.set_value(js_sys::Date::now());
            field.go(byte, focus);
        }
    }

    /// Whether somebody was led to a place of the text just now.
    pub(super) fn just_led(self) -> bool {
        js_sys::Date::now() - self.led.get_value() < LED
    }
}

/// The edits of the first safe fix of every finding, in the order of the text and without those that meet another, and
/// how many fixes that are.
pub(crate) fn together(findings: &[Finding]) -> (Vec<TextEdit>, usize) {
    let mut fixes: Vec<&[TextEdit]> = findings
        .iter()
        .filter_map(|finding| finding.fixes.iter().find(|fix| fix.safe && !fix.edits.is_empty()))
        .map(|fix| fix.edits.as_slice())
        .collect();
    fixes.sort_by_key(|edits| edits.first().map(|edit| edit.start));
    fixes.dedup();
    let mut all: Vec<TextEdit> = Vec::new();
    let mut count = 0;
    for edits in fixes {
        // Two insertions at one place would have no order.
        let clear = |edit: &TextEdit| all.iter().all(|other| edit.end < other.start || other.end < edit.start);
        if edits.iter().all(clear) {
            all.extend(edits.iter().cloned());
            count += 1;
        }
    }
    all.sort_by_key(|edit| edit.start);
    (all, count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chaindebug_core::{model::Severity, protocol::Fix};

    fn finding(fixes: &[(bool, &[(u64, u64)])]) -> Finding {
        let edit = |&(start, end): &(u64, u64)| TextEdit { start, end, text: "x".to_owned() };
        let fix = |&(safe, edits): &(bool, &[(u64, u64)])| Fix {
            title: String::new(),
            safe,
            edits: edits.iter().map(edit).collect(),
        };
        Finding {
            id: String::new(),
            severity: Severity::Warning,
            message: String::new(),
            path: String::new(),
            line: 1,
            column: 1,
            start: 0,
            end: 0,
            step: String::new(),
            edge: String::new(),
            fixes: fixes.iter().map(fix).collect(),
        }
    }

    #[test]
    fn safe_fixes_are_applied_together_where_they_do_not_meet() {
        let findings = [
            finding(&[(true, &[(10, 12)])]),
            finding(&[(false, &[(0, 1)])]),
            finding(&[(false, &[(0, 1)]), (true, &[(4, 6), (20, 21)])]),
            finding(&[(true, &[(11, 13)])]),
            finding(&[(true, &[(10, 12)])]),
            finding(&[]),
        ];
        let (edits, count) = together(&findings);
        let places: Vec<_> = edits.iter().map(|edit| (edit.start, edit.end)).collect();
        assert_eq!((places, count), (vec![(4, 6), (10, 12), (20, 21)], 2));
    }
}
