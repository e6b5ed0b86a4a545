//! What has been found so far, which hit is the current one, and going to it.

use crate::engine::Newest;
use crate::state::{Page, Reveal, Tone, What};
use chaindebug_core::protocol::{Answer, DiffMove, Hit, Request};
use leptos::prelude::*;

/// Hits asked for at once: a screen or two, so that the first show early.
const WINDOW: u32 = 200;

/// Hits after which the search stops; the count says so.
pub(super) const MOST: usize = 5_000;

/// How far a search has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Progress {
    /// Nothing is searched for.
    Idle,
    /// Under way: the share searched, 0 to 1.
    Searching(f32),
    /// Everything was searched.
    Done,
    /// Stopped at [`MOST`] hits.
    Stopped,
    /// The engine could not go on.
    Failed,
}

/// The search there is.
#[derive(Clone, Copy)]
pub(crate) struct Found {
    /// Hits so far, in document order.
    pub(super) hits: RwSignal<Vec<Hit>>,
    /// Position of the hit last gone to.
    pub(super) current: RwSignal<Option<usize>>,
    /// How far it has come.
    pub(super) progress: RwSignal<Progress>,
    newest: Newest,
}

impl Found {
    /// Nothing is searched for.
    pub(crate) fn new() -> Self {
        Found {
            hits: RwSignal::new(Vec::new()),
            current: RwSignal::new(None),
            progress: RwSignal::new(Progress::Idle),
            newest: Newest::new(),
        }
    }

    /// Ends the search under way and forgets what it found.
    pub(super) fn clear(self) {
        self.newest.begin();
        self.current.set(None);
        self.hits.set(Vec::new());
        self.progress.set(Progress::Idle);
    }

    /// Searches the documents shown for `text` from the beginning.
    pub(super) fn start(self, page: Page, text: String) {
        self.clear();
        let Some(group) = page.subject.get_untracked().map(|subject| subject.group) else { return };
        if text.is_empty() {
            return;
        }
        let turn = self.newest.begin();
        self.progress.set(Progress::Searching(0.0));
        leptos::task::spawn_local(async move {
            let mut from = None;
            loop {
                let request = Request::Search { text: text.clone(), from, limit: WINDOW };
                let answer = page.ask_of(group, request).await;
                if !self.newest.is(turn) {
                    return;
                }
                let Ok(Answer::Search(part)) = answer else {
                    self.progress.set(Progress::Failed);
                    return;
                };
                if !part.hits.is_empty() {
                    self.hits.update(|hits| hits.extend(part.hits));
                }
                let stuck = part.next.is_some() && part.next == from;
                from = part.next;
                if from.is_none() || stuck {
                    self.progress.set(Progress::Done);
                    return;
                }
                if self.hits.with_untracked(Vec::len) >= MOST {
                    self.progress.set(Progress::Stopped);
                    return;
                }
                self.progress.set(Progress::Searching(part.done));
            }
        });
    }

    /// Goes to the next hit, or the one before; from the last to the first and back.
    /// Whether there was one to go to.
    pub(crate) fn walk(self, page: Page, back: bool) -> bool {
        let count = self.hits.with_untracked(Vec::len);
        if count == 0 {
            return false;
        }
        let to = match (self.current.get_untracked(), back) {
            (None, false) => 0,
            (None, true) => count - 1,
            (Some(now), false) => (now + 1) % count,
            (Some(now), true) => (now + count - 1) % count,
        };
        self.go(page, to);
        true
    }

    /// Whether somebody went to a hit of what is searched for.
    pub(crate) fn at_hit(self) -> bool {
        self.current.with(Option::is_some)
    }

    /// Moves the cursor to a hit's step and opens the value it is in.
    pub(super) fn go(self, page: Page, at: usize) {
        let Some(hit) = self.hits.with_untracked(|hits| hits.get(at).cloned()) else { return };
        self.current.set(Some(at));
        if let Some(pair) = page.comparing.pair.get_untracked() {
            let text = "That is in a run that is not compared. Choose it under A or B to see it.";
            match hit.run {
                run if run == pair.a.run => page.go(DiffMove::ToStepA { step: hit.step }),
                run if run == pair.b.run => page.go(DiffMove::ToStepB { step: hit.step }),
                _ => page.notify(Tone::Info, text),
            }
            return;
        }
        show_run(page, hit.run);
        match hit.part {
            Some(part) => page.reveal_value(hit.step, Reveal { part, path: hit.path, line: hit.line }),
            None => page.select_step(hit.step),
        }
    }
}

/// Shows the run a hit is in, when another one is shown.
fn show_run(page: Page, run: u32) {
    let Some(subject) = page.subject.get_untracked() else { return };
    if subject.run() == Some(run) {
        return;
    }
    let document = page.groups.with_untracked(|groups| {
        let group = groups.iter().find(|group| group.id == subject.group)?;
        let open = group.documents.iter().find(|document| document.runs.iter().any(|view| view.run == run))?;
        Some(open.document)
    });
    if let Some(document) = document {
        page.show(subject.group, document, What::Run(run));
    }
}
