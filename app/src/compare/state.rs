//! The comparison on show: which two runs, how they are compared, how far that is, and where its two cursors stand.
//!
//! Both runs are in one engine, which holds one comparison at a time. Whatever is asked about it is asked anew when
//! [`Comparing::turn`] changes: with other rules or pairs its items have other numbers.

use super::cursor::Queue;
use crate::state::{Page, Subject, What};
use chaindebug_core::protocol::{
    Answer, CompareOptions, ComparisonView, DiffCursor, DiffMove, DocumentView, Request, RunView, Sign,
};
use leptos::{prelude::*, task::spawn_local};
use std::sync::Arc;

/// A run, by the document it is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    /// Document, counted in the session.
    pub(crate) document: u32,
    /// Run, counted in the session.
    pub(crate) run: u32,
}

/// Two runs of one engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pair {
    /// Which engine: [`crate::state::Group::id`].
    pub(crate) group: u32,
    /// The run that is compared with.
    pub(crate) a: Place,
    /// The run that is looked at.
    pub(crate) b: Place,
}

impl Pair {
    /// The run of a side.
    pub(super) fn side(self, side: Side) -> Place {
        if side == Side::A { self.a } else { self.b }
    }
}

/// One of the two runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub(super) enum Side {
    A,
    B,
}

impl Side {
    pub(super) fn letter(self) -> &'static str {
        if self == Side::A { "A" } else { "B" }
    }

    pub(super) fn other(self) -> Side {
        if self == Side::A { Side::B } else { Side::A }
    }

    /// The sign of what only this side has.
    pub(super) fn sign(self) -> Sign {
        if self == Side::A { Sign::OnlyA } else { Sign::OnlyB }
    }

    /// The side that alone has something of this sign.
    pub(super) fn alone(sign: Sign) -> Option<Side> {
        match sign {
            Sign::OnlyA => Some(Side::A),
            Sign::OnlyB => Some(Side::B),
            Sign::Same | Sign::Changed => None,
        }
    }
}

/// A step without a partner, for which one is being chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lone {
    pub(super) side: Side,
    pub(super) step: u32,
    pub(super) name: String,
}

/// What the middle shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Middle {
    #[default]
    Flow,
    Differences,
}

/// The comparison. `Copy`; one for the page, in [`Page::comparing`].
#[derive(Clone, Copy)]
pub(crate) struct Comparing {
    /// What is compared; `None` while no comparison is shown.
    pub(crate) pair: RwSignal<Option<Pair>>,
    /// Rules, and pairs by hand.
    pub(crate) options: RwSignal<CompareOptions>,
    /// What came of it, the last time it was done.
    pub(super) view: RwSignal<Option<Arc<ComparisonView>>>,
    /// How far it is, in thousandths, while the engine compares.
    pub(super) progress: RwSignal<Option<u32>>,
    /// Why there is none.
    pub(super) failed: RwSignal<Option<String>>,
    /// Counts how often a comparison was done.
    pub(crate) turn: RwSignal<u32>,
    /// Where the two cursors stand.
    pub(crate) cursor: RwSignal<Option<DiffCursor>>,
    /// Whether stretches that are the same stand in one row.
    pub(super) fold: RwSignal<bool>,
    /// What the middle shows.
    pub(super) middle: RwSignal<Middle>,
    /// Title of the section that somebody picked; empty for what differs.
    pub(super) section: RwSignal<String>,
    /// Whether both sides of a value stand in one line.
    pub(super) inline: RwSignal<bool>,
    /// The step for which a partner is being chosen.
    pub(super) lone: RwSignal<Option<Lone>>,
    /// Whether the report is shown.
    pub(super) report: RwSignal<bool>,
    pub(super) queue: StoredValue<Queue>,
    /// Counts questions: an answer to an earlier one is dropped.
    asked: StoredValue<u32>,
    /// The pipeline that was shown before: its dry run is one of the two.
    from: StoredValue<Option<Subject>>,
    /// The options of `view`, to go back to when comparing anew is cancelled.
    done: StoredValue<CompareOptions>,
}

impl Comparing {
    pub(crate) fn new() -> Comparing {
        Comparing {
            pair: RwSignal::new(None),
            options: RwSignal::new(CompareOptions::default()),
            view: RwSignal::new(None),
            progress: RwSignal::new(None),
            failed: RwSignal::new(None),
            turn: RwSignal::new(0),
            cursor: RwSignal::new(None),
            fold: RwSignal::new(true),
            middle: RwSignal::new(Middle::default()),
            section: RwSignal::new(String::new()),
            inline: RwSignal::new(false),
            lone: RwSignal::new(None),
            report: RwSignal::new(false),
            queue: StoredValue::new(Queue::default()),
            asked: StoredValue::new(0),
            from: StoredValue::new(None),
            done: StoredValue::new(CompareOptions::default()),
        }
    }

    /// Ends the comparison, if there is one: what is shown is the page's subject again.
    pub(crate) fn end(self) {
        if self.pair.get_untracked().is_none() {
            return;
        }
        self.begin();
        self.pair.set(None);
        self.forget();
        self.options.set(CompareOptions::default());
    }

    /// Begins a question; every earlier one is stale from now on.
    fn begin(self) -> u32 {
        self.queue.update_value(Queue::clear);
        self.asked
            .try_update_value(|asked| {
                *asked = asked.wrapping_add(1);
                *asked
            })
            .unwrap_or_default()
    }

    fn forget(self) {
        self.view.set(None);
        self.cursor.set(None);
        self.progress.set(None);
        self.failed.set(None);
        self.lone.set(None);
        self.report.set(false);
    }

    /// Whether an answer to this question is still wanted.
    fn is(self, asked: u32) -> bool {
        self.asked.try_get_value() == Some(asked)
    }
}

impl Page {
    /// Lays run B on run A and shows that, with the cursor where `then` leads once they are compared.
    pub(crate) fn lay(self, pair: Pair, options: CompareOptions, then: DiffMove) {
        let comparing = self.comparing;
        if comparing.pair.get_untracked() != Some(pair) {
            let from = match comparing.pair.get_untracked() {
                Some(_) => comparing.from.get_value(),
                None => self.subject.get_untracked().filter(|subject| subject.pipeline().is_some()),
            };
            comparing.from.set_value(from);
            // What is asked of the page itself is about run A.
            self.show(pair.group, pair.a.document, What::Run(pair.a.run));
            comparing.forget();
            comparing.pair.set(Some(pair));
        }
        comparing.options.set(options.clone());
        comparing.failed.set(None);
        comparing.progress.set(Some(0));
        let asked = comparing.begin();
        spawn_local(async move {
            let (a, b) = (pair.a.run, pair.b.run);
            loop {
                let answer = self.ask_of(pair.group, Request::Compare { a, b, options: options.clone() }).await;
                if !comparing.is(asked) {
                    return;
                }
                match answer {
                    Ok(Answer::Comparison(view)) if !view.done => comparing.progress.set(Some(view.progress)),
                    Ok(Answer::Comparison(view)) => {
                        comparing.done.set_value(options);
                        comparing.view.set(Some(Arc::new(*view)));
                        comparing.progress.set(None);
                        comparing.turn.update(|turn| *turn = turn.wrapping_add(1));
                        return self.go(then);
                    }
                    Ok(_) => return comparing.fail("The engine gave another answer than was asked for.".to_owned()),
                    Err(failure) => return comparing.fail(failure.message),
                }
            }
        });
    }

    /// Compares the same two runs with other options; the cursor stays at its step.
    pub(super) fn lay_again(self, change: impl FnOnce(&mut CompareOptions)) {
        let Some(pair) = self.comparing.pair.get_untracked() else { return };
        let mut options = self.comparing.options.get_untracked();
        change(&mut options);
        self.lay(pair, options, self.comparing.place());
    }

    /// Stops comparing: back to what was compared before, or to run A alone.
    pub(super) fn cancel_comparing(self) {
        let comparing = self.comparing;
        let before = comparing.done.get_value();
        match comparing.pair.get_untracked().filter(|_| comparing.view.with_untracked(Option::is_some)) {
            Some(pair) if before != comparing.options.get_untracked() => self.lay(pair, before, comparing.place()),
            _ => comparing.end(),
        }
    }

    /// Run B becomes run A, and the other way round: pairs by hand with them.
    pub(super) fn swap_sides(self) {
        let Some(Pair { group, a, b }) = self.comparing.pair.get_untracked() else { return };
        let mut options = self.comparing.options.get_untracked();
        for (a, b) in options.pins.iter_mut().chain(&mut options.breaks) {
            std::mem::swap(a, b);
        }
        let then = match self.comparing.place() {
            DiffMove::ToStepA { step } => DiffMove::ToStepB { step },
            DiffMove::ToStepB { step } => DiffMove::ToStepA { step },
            other => other,
        };
        self.lay(Pair { group, a: b, b: a }, options, then);
    }

    /// Ends the comparison: the pipeline it was begun from is shown again, else run A alone.
    pub(super) fn close_comparison(self) {
        let from = self.comparing.from.try_update_value(Option::take).flatten();
        self.comparing.middle.set(Middle::Flow);
        self.comparing.end();
        match from {
            Some(from) => self.show(from.group, from.document, from.what),
            None => self.find_cursor(),
        }
    }

    /// Puts another run in the place of one side. Pairs by hand are about steps of the old one; rules stay.
    pub(super) fn change_side(self, side: Side, place: Place) {
        let Some(mut pair) = self.comparing.pair.get_untracked() else { return };
        match side {
            Side::A => pair.a = place,
            Side::B => pair.b = place,
        }
        let CompareOptions { rules, noise, .. } = self.comparing.options.get_untracked();
        self.lay(pair, CompareOptions { rules, noise, ..CompareOptions::default() }, DiffMove::Parting);
    }

    /// The document and the run of a place.
    pub(crate) fn placed(self, group: u32, place: Place) -> Option<(Arc<DocumentView>, RunView)> {
        self.groups.with(|groups| {
            let document = groups.iter().find(|one| one.id == group)?.document(place.document)?;
            let run = document.runs.iter().find(|run| run.run == place.run)?;
            Some((document.clone(), run.clone()))
        })
    }
}

impl Comparing {
    fn fail(self, message: String) {
        self.progress.set(None);
        self.failed.set(Some(message));
    }

    /// A move that leads to the step of the cursor, whatever the numbers of the items are then.
    fn place(self) -> DiffMove {
        self.cursor.with_untracked(|cursor| match cursor.as_ref().map(|cursor| (cursor.a, cursor.b)) {
            Some((Some((step, true)), _)) => DiffMove::ToStepA { step },
            Some((_, Some((step, true)))) => DiffMove::ToStepB { step },
            _ => DiffMove::Parting,
        })
    }

    /// The group's documents have changed: its runs may have other numbers, and one of the two may have grown or gone.
    pub(crate) fn renumber(self, page: Page, group: u32, before: &[Arc<DocumentView>], after: &[Arc<DocumentView>]) {
        let Some(pair) = self.pair.get_untracked().filter(|pair| pair.group == group) else { return };
        let moved = |place: Place| {
            let (old, old_at) = found(before, place)?;
            let document = after.iter().find(|document| document.document == place.document)?;
            let mut alike = document.runs.iter().filter(|run| run.id == old.id);
            let new = alike.nth(old_at)?;
            let place = Place { document: place.document, run: new.run };
            Some((place, *new != *old))
        };
        match (moved(pair.a), moved(pair.b)) {
            (Some((_, false)), Some((_, false))) => {}
            (Some((a, _)), Some((b, _))) => {
                let then = self.place();
                self.pair.set(None);
                page.lay(Pair { group, a, b }, self.options.get_untracked(), then);
            }
            _ => self.end(),
        }
    }
}

/// A run among documents, and how many of its document with the same id stand before it.
fn found(documents: &[Arc<DocumentView>], place: Place) -> Option<(&RunView, usize)> {
    let document = documents.iter().find(|document| document.document == place.document)?;
    let at = document.runs.iter().position(|run| run.run == place.run)?;
    let run = document.runs.get(at)?;
    Some((run, document.runs.iter().take(at).filter(|other| other.id == run.id).count()))
}
