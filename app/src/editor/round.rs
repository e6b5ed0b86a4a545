//! One round: the engine is told what changed, says what it finds, and then the page draws the text as it is now.
//!
//! Findings come first and the drawing after, because drawing takes longer and nobody types by looking at the chart.

use super::desk::{Damage, Desk, Held};
use super::field::Underline;
use crate::state::Tone;
use crate::workbench::Said;
use chaindebug_core::model::Severity;
use chaindebug_core::protocol::{Amended, Answer, DocumentView, Finding, Request, TextEdit};
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
    /// Brings the engine, the findings and the chart up to date with the text, now or after what is under way. When
    /// this returns, the engine has been told unless something is under way.
    pub(super) fn sync(self, held: &Rc<Held>) {
        held.again.set(true);
        if held.busy.replace(true) {
            return;
        }
        let held = held.clone();
        let first = self.send(&held, self.taken(&held));
        held.again.set(false);
        spawn_local(async move {
            first.await;
            self.ask_findings(&held).await;
            while held.again.replace(false) {
                self.send(&held, self.taken(&held)).await;
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

    /// The edits are posted before this returns, so that a question asked after this call meets the new text.
    fn send(self, held: &Rc<Held>, Told { edits, version }: Told) -> impl Future<Output = ()> + use<> {
        let (held, target) = (held.clone(), self.page.workbench.target.get_untracked());
        let asked =
            edits.map(|edits| self.page.ask_of(held.group, Request::Amend { document: held.document, edits, target }));
        async move {
            let Some(asked) = asked else { return };
            let mut answer = asked.await;
            if answer.as_ref().is_err_and(|failure| !failure.fatal()) {
                answer = self.start_over(&held).await;
            }
            let newest = held.version.get() == version;
            match answer {
                Ok(Answer::Amended(amended)) if newest => self.amended(&held, version, *amended),
                Ok(Answer::Rewritten(rewritten)) if newest => self.judge(&held, &rewritten.document),
                Ok(_) => {}
                Err(failure) => self.page.tell_failure(&failure),
            }
        }
    }

    /// Shows what the engine said at once of the new text. What the validator and the readers say is asked for when the
    /// text rests, and stands as it was until then.
    fn amended(self, held: &Rc<Held>, version: u64, amended: Amended) {
        if let Some(document) = &amended.document {
            return self.judge(held, document);
        }
        let whole = amended.damage.is_none();
        self.mark_damage(held, amended.damage.map(Damage::from));
        if whole {
            let shown = self.now.get_untracked().is_some_and(|now| Rc::ptr_eq(&now, held));
            let before = match shown {
                true => self.page.workbench.findings.get_untracked(),
                false => held.found.borrow().as_ref().map(|(_, view)| view.clone()),
            };
            let (validation, readings) =
                before.map(|view| (view.validation.clone(), view.readings.clone())).unwrap_or_default();
            let view = Said { findings: amended.findings, validation, readings };
            self.deliver(held, version, Arc::new(view));
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
        let damage = damage_of(document, || held.field().map(super::field::Field::text).unwrap_or_default());
        if let (None, Some(pipeline)) = (&damage, document.pipelines.first()) {
            let before = self.page.workbench.bench.get_untracked();
            let place = before.and_then(|bench| {
                let view = self.page.document.get_untracked()?;
                view.pipelines.iter().position(|one| one.pipeline == bench.pipeline)
            });
            let same = place.and_then(|place| document.pipelines.get(place)).unwrap_or(pipeline);
            held.pipeline.set(same.pipeline);
        }
        self.mark_damage(held, damage);
    }

    /// Marks where the text is damaged; while it is, the rest of the page stays as it was.
    fn mark_damage(self, held: &Rc<Held>, damage: Option<Damage>) {
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
        // Other files of the session may have come or gone, and then pipelines have other numbers.
        if let Some(now) = bench.bench.get_untracked()
            && (now.group, now.document) == (held.group, held.document)
            && held.published.get() == version
        {
            held.pipeline.set(now.pipeline);
        }
        // The answer to a change has told them already.
        if held.found.borrow().as_ref().is_some_and(|(known, _)| *known == version) {
            return self.publish_soon(held, version);
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
            Ok(Answer::Findings(view)) => self.deliver(held, version, Arc::new(view.into())),
            Ok(_) => {}
            Err(failure) => self.page.tell_failure(&failure),
        }
        self.publish_soon(held, version);
    }

    /// Lets the rest of the page follow when the text rests.
    fn publish_soon(self, held: &Rc<Held>, version: u64) {
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

    fn deliver(self, held: &Rc<Held>, version: u64, view: Arc<Said>) {
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
    pub(super) async fn fresh(self, held: &Rc<Held>) -> Option<Arc<Said>> {
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

impl From<Finding> for Damage {
    fn from(finding: Finding) -> Damage {
        let Finding { line, start, end, message, .. } = finding;
        Damage { line, start, end, message }
    }
}

/// The first thing that keeps the text from being read as a pipeline, when there is one.
fn damage_of(document: &DocumentView, text: impl FnOnce() -> String) -> Option<Damage> {
    let worst = document.diagnostics.iter().find(|one| DAMAGED.contains(&one.code.as_str()));
    if worst.is_none() && !document.pipelines.is_empty() {
        return None;
    }
    if let Some(damage) = no_json(&text()) {
        return Some(damage);
    }
    let (start, end) = worst.and_then(|one| one.place).map_or((0, 0), |place| (place.start, place.end()));
    let line = worst.and_then(|one| one.line).unwrap_or(0);
    let none = "No pipeline is left in this text: it needs `steps`, and a `flow` that says where to start.".to_owned();
    let message = worst.filter(|one| one.code != "not-recognised").map_or(none, |one| one.message.clone());
    Some(Damage { line, start, end, message })
}

/// Where a text stops being JSON, and what was expected there.
fn no_json(text: &str) -> Option<Damage> {
    let error = serde_json::from_str::<serde::de::IgnoredAny>(text).err()?;
    let line = error.line() as u64;
    let before: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let mut start = (before + error.column().saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let end = start + text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    // The library ends with the place, which stands beside it here.
    let said = error.to_string();
    let said = said.split(" at line ").next().unwrap_or_default();
    Some(Damage { line, start: start as u64, end: end as u64, message: format!("Not JSON in line {line}: {said}.") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_where_a_text_stops_being_json() {
        assert_eq!(no_json("{\"a\": 1}"), None);
        let damage = no_json("{\n  \"é\": 1\n  \"b\": 2\n}").unwrap();
        assert_eq!((damage.line, damage.start, damage.end), (3, 14, 15));
        assert_eq!(damage.message, "Not JSON in line 3: expected `,` or `}`.");
        let cut = no_json("{\"a\": \"é").unwrap();
        assert_eq!((cut.line, cut.start <= 10, cut.end <= 10), (1, true, true));
        assert_eq!(no_json("").unwrap().line, 1);
    }
}
