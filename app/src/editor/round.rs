//! One round: the engine is told what changed, says what it finds, and then the page draws the text as it is now.
//!
//! Findings come first and the drawing after, because drawing takes longer and nobody types by looking at the chart.

use super::desk::{Damage, Desk, Held};
use super::field::Underline;
use crate::state::Tone;
use chaindebug_core::model::{Diagnostic, Severity};
use chaindebug_core::protocol::{Answer, DocumentView, FindingsView, Request, TextEdit};
use leptos::{prelude::*, task::spawn_local};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// A text of more bytes is drawn anew only when nobody has typed for a moment.
const LARGE: u64 = 150_000;
const QUIET: Duration = Duration::from_millis(450);
const QUIET_SMALL: Duration = Duration::from_millis(60);

/// Diagnostics that say the text is damaged and not only odd.
const DAMAGED: [&str; 4] = ["damaged-json", "truncated", "empty-file", "not-recognised"];

/// Edits on their way to the engine, and the version the text has with them.
pub(super) struct Told {
    edits: Option<Vec<TextEdit>>,
    version: u64,
}

impl Desk {
    /// Brings the engine, the findings and the chart up to date with the text, now or after what is under way.
    pub(super) fn sync(self, held: &Rc<Held>) {
        held.again.set(true);
        if held.busy.replace(true) {
            return;
        }
        let held = held.clone();
        spawn_local(async move {
            while held.again.replace(false) {
                let told = self.taken(&held);
                self.send(&held, told).await;
                self.ask_findings(&held).await;
            }
            held.busy.set(false);
        });
    }

    /// Takes what was typed since the engine was told last. Whoever takes it has to [`Desk::tell`] it.
    pub(super) fn taken(self, held: &Rc<Held>) -> Told {
        let edits = held.field().and_then(super::field::Field::take);
        if edits.is_some() {
            held.version.set(held.version.get() + 1);
        }
        Told { edits, version: held.version.get() }
    }

    /// Tells the engine, and lets findings and chart follow.
    pub(super) async fn tell(self, held: &Rc<Held>, told: Told) {
        let any = told.edits.is_some();
        self.send(held, told).await;
        if any {
            self.sync(held);
        }
    }

    /// Tells the engine what was typed since.
    pub(super) async fn flush(self, held: &Rc<Held>) {
        let told = self.taken(held);
        self.tell(held, told).await;
    }

    /// The edits are posted before anything is waited for, so that a question asked after this call meets the new text.
    async fn send(self, held: &Rc<Held>, told: Told) {
        let Told { edits: Some(edits), version } = told else { return };
        let request = Request::Rewrite { document: held.document, edits };
        let mut answer = self.page.ask_of(held.group, request).await;
        if answer.as_ref().is_err_and(|failure| !failure.fatal()) {
            answer = self.start_over(held).await;
        }
        match answer {
            Ok(Answer::Rewritten(rewritten)) => {
                if held.version.get() == version {
                    self.judge(held, &rewritten.document);
                }
            }
            Ok(_) => {}
            Err(failure) => self.page.tell_failure(&failure),
        }
    }

    /// The engine's text is another one than was thought: it is given the whole text.
    async fn start_over(self, held: &Rc<Held>) -> Result<Answer, crate::engine::Failure> {
        let document = held.document;
        let end = match self.page.ask_of(held.group, Request::DocumentText { document }).await? {
            Answer::Text { text } => text.len() as u64,
            _ => 0,
        };
        let Some(field) = held.field() else { return Err(crate::engine::Failure::closed()) };
        let text = field.text();
        // What is pending is part of the whole text.
        let _ = field.take();
        let edits = vec![TextEdit { start: 0, end, text }];
        self.page.ask_of(held.group, Request::Rewrite { document, edits }).await
    }

    /// Looks at what the new text was read as.
    fn judge(self, held: &Rc<Held>, document: &DocumentView) {
        let damage = damage_of(document);
        if let (None, Some(pipeline)) = (&damage, document.pipelines.first()) {
            let before = self.page.workbench.bench.get_untracked();
            let place = before.and_then(|bench| {
                let view = self.page.document.get_untracked()?;
                view.pipelines.iter().position(|one| one.pipeline == bench.pipeline)
            });
            let same = place.and_then(|place| document.pipelines.get(place)).unwrap_or(pipeline);
            held.pipeline.set(same.pipeline);
        }
        let bench = self.page.workbench;
        bench.hold_back(damage.is_some().then_some((held.group, held.document)));
        if held.damage.get_untracked() != damage {
            held.damage.set(damage);
        }
    }

    /// Asks what is to be said of the text, shows it, and lets the page draw.
    async fn ask_findings(self, held: &Rc<Held>) {
        let version = held.version.get();
        let bench = self.page.workbench;
        if let Some(damage) = held.damage.get_untracked() {
            if let Some(field) = held.field() {
                let Damage { start, end, message, .. } = damage;
                field.underline(&[Underline { start, end, severity: Severity::Error, message, fixes: Vec::new() }]);
            }
            return;
        }
        let request = Request::Findings {
            pipeline: held.pipeline.get(),
            target: bench.target.get_untracked(),
            strict: bench.strict.get_untracked(),
        };
        let answer = self.page.ask_of(held.group, request).await;
        if held.version.get() != version {
            held.again.set(true);
            return;
        }
        match answer {
            Ok(Answer::Findings(view)) => self.deliver(held, version, Arc::new(view)),
            Ok(_) => {}
            Err(failure) => self.page.tell_failure(&failure),
        }
        if held.published.get() != version {
            let held = held.clone();
            let large = held.saved.borrow().0.len() as u64 > LARGE;
            set_timeout(
                move || {
                    if held.version.get() == version {
                        self.publish(&held);
                    }
                },
                if large { QUIET } else { QUIET_SMALL },
            );
        }
    }

    fn deliver(self, held: &Rc<Held>, version: u64, view: Arc<FindingsView>) {
        if let Some(field) = held.field() {
            let underlines: Vec<Underline> = view
                .findings
                .iter()
                .map(|finding| Underline {
                    start: finding.start,
                    end: finding.end,
                    severity: finding.severity,
                    message: finding.message.clone(),
                    fixes: finding.fixes.iter().map(|fix| fix.title.clone()).collect(),
                })
                .collect();
            field.underline(&underlines);
        }
        held.found.replace(Some((version, view.clone())));
        let shown = self.now.get_untracked().is_some_and(|now| Rc::ptr_eq(&now, held));
        if shown {
            self.page.workbench.findings.set(Some(view));
        }
    }

    /// Findings of the text as it is on the screen; `None` while it is damaged.
    pub(super) async fn fresh(self, held: &Rc<Held>) -> Option<Arc<FindingsView>> {
        for _ in 0..4 {
            self.flush(held).await;
            let known = held.found.borrow().as_ref().filter(|(version, _)| *version == held.version.get()).cloned();
            if let Some((_, view)) = known {
                return Some(view);
            }
            if held.damage.get_untracked().is_some() {
                self.page.notify(Tone::Info, "Mend the text where it is damaged first.");
                return None;
            }
            self.ask_findings(held).await;
        }
        None
    }

    /// Lets the rest of the page show the text as it is: the chart, the dry run, the inspector.
    pub(super) fn publish(self, held: &Rc<Held>) {
        if held.damage.get_untracked().is_some() || held.published.get() == held.version.get() {
            return;
        }
        held.published.set(held.version.get());
        let (page, group) = (self.page, held.group);
        page.workbench.rewritten(group, held.document);
        spawn_local(async move { page.ask_documents(group).await });
    }
}

/// The first thing that keeps the text from being read as a pipeline, when there is one.
fn damage_of(document: &DocumentView) -> Option<Damage> {
    let worst = document.diagnostics.iter().find(|one| DAMAGED.contains(&one.code.as_str()));
    let damage = |one: &Diagnostic| {
        let (start, end) = one.place.map_or((0, 0), |place| (place.start, place.end()));
        Damage { line: one.line.unwrap_or(0), start, end, message: one.message.clone() }
    };
    match worst {
        Some(one) => Some(damage(one)),
        None if document.pipelines.is_empty() => {
            let message = "This text holds no pipeline any more.".to_owned();
            Some(document.diagnostics.first().map_or(Damage { line: 0, start: 0, end: 0, message }, damage))
        }
        None => None,
    }
}
