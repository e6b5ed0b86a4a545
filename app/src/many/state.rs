//! Which runs are looked at together, what came of it, and what is chosen among them. How one gets here is in `entry`.
//!
//! All of them are in one engine. They are asked about once; what came of it stays until other runs are looked at, so
//! that going back from a comparison asks nothing.

use crate::address::Address;
use crate::compare::{Pair, Place};
use crate::state::{Page, Subject, What};
use chaindebug_core::protocol::{Answer, CompareOptions, DiffMove, ManyView, Request};
use leptos::{prelude::*, task::spawn_local};
use std::sync::Arc;

/// Fewer runs are a comparison of two, or none.
pub(super) const FEWEST: usize = 3;
/// More are not looked at together.
pub(super) const MOST: usize = 200;

/// One of the runs.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) place: Place,
    pub(super) id: String,
    pub(super) name: String,
    pub(super) file: String,
    /// Steps: a run that has grown is another one.
    steps: u32,
}

impl Entry {
    /// A run at a place: id, name and file; and its number of steps.
    pub(super) fn of(place: Place, (id, name, file): (&str, &str, &str), steps: u32) -> Entry {
        Entry { place, id: id.to_owned(), name: name.to_owned(), file: file.to_owned(), steps }
    }
}

/// The three parts of the screen, of which the narrow page shows one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Part {
    #[default]
    Paths,
    Steps,
    Runs,
}

impl Part {
    /// In the order of their tabs.
    pub(super) const ALL: [Part; 3] = [Part::Paths, Part::Steps, Part::Runs];

    /// The word in ids.
    pub(super) fn id(self) -> &'static str {
        match self {
            Part::Paths => "paths",
            Part::Steps => "steps",
            Part::Runs => "runs",
        }
    }

    /// The word on the tab.
    pub(super) fn name(self) -> &'static str {
        match self {
            Part::Paths => "Paths",
            Part::Steps => "Steps",
            Part::Runs => "Runs",
        }
    }
}

/// Many runs. `Copy`; one for the page, in [`Page::many`].
#[derive(Clone, Copy)]
pub(crate) struct Many {
    /// The engine whose runs are looked at; `None` while the screen is not wanted. It stays while two of them are compared.
    pub(crate) group: RwSignal<Option<u32>>,
    /// Only runs of this name.
    pub(super) only: RwSignal<Option<String>>,
    /// What came of it.
    pub(super) view: RwSignal<Option<Arc<ManyView>>>,
    /// Why nothing did.
    pub(super) failed: RwSignal<Option<String>>,
    /// Runs chosen to be compared, at most two: the first is A.
    pub(super) chosen: RwSignal<Vec<u32>>,
    /// The node of the paths that is looked at.
    pub(super) node: RwSignal<Option<u32>>,
    /// What the narrow page shows.
    pub(super) part: RwSignal<Part>,
    /// The runs that `view` is of, or that were asked about last.
    asked: StoredValue<(u32, Vec<Entry>)>,
    /// What was shown before, when that was no run.
    from: StoredValue<Option<Subject>>,
}

impl Many {
    pub(crate) fn new() -> Many {
        Many {
            group: RwSignal::new(None),
            only: RwSignal::new(None),
            view: RwSignal::new(None),
            failed: RwSignal::new(None),
            chosen: RwSignal::new(Vec::new()),
            node: RwSignal::new(None),
            part: RwSignal::new(Part::default()),
            asked: StoredValue::new((0, Vec::new())),
            from: StoredValue::new(None),
        }
    }

    /// Whether the screen is wanted, be it behind a comparison.
    pub(crate) fn wants(self) -> bool {
        self.group.with(Option::is_some)
    }

    /// Ends it: what is shown is the page's subject again.
    pub(crate) fn end(self) {
        if self.group.get_untracked().is_some() {
            self.group.set(None);
        }
    }

    /// The runs that are looked at.
    pub(super) fn entries(self, page: Page) -> Vec<Entry> {
        let Some(group) = self.group.get() else { return Vec::new() };
        let mut entries = runs_of(page, group);
        self.only.with(|only| entries.retain(|entry| only.as_ref().is_none_or(|name| *name == entry.name)));
        entries.truncate(MOST);
        entries
    }

    /// How many there would be without a limit.
    pub(super) fn wanted(self, page: Page) -> usize {
        let Some(group) = self.group.get() else { return 0 };
        let entries = runs_of(page, group);
        self.only
            .with(|only| entries.iter().filter(|entry| only.as_ref().is_none_or(|name| *name == entry.name)).count())
    }

    /// The names that enough runs have, with how many, when not all have the same.
    pub(super) fn names(self, page: Page) -> Vec<(String, usize)> {
        let Some(group) = self.group.get() else { return Vec::new() };
        let mut names: Vec<(String, usize)> = Vec::new();
        for entry in runs_of(page, group).into_iter().filter(|entry| !entry.name.is_empty()) {
            let most = names.len() >= MOST;
            match names.iter_mut().find(|(name, _)| *name == entry.name) {
                Some((_, runs)) => *runs += 1,
                // Runs that all have a name of their own are not told apart by it.
                None if most => return Vec::new(),
                None => names.push((entry.name, 1)),
            }
        }
        if names.len() < 2 {
            return Vec::new();
        }
        names.retain(|(_, runs)| *runs >= FEWEST);
        names
    }

    /// Asks about these runs, unless that was done.
    pub(super) fn ask(self, page: Page, entries: &[Entry]) {
        let Some(group) = self.group.get_untracked() else { return };
        let same = self.asked.with_value(|(of, asked)| *of == group && asked == entries);
        let done = self.view.with_untracked(Option::is_some);
        if entries.len() < FEWEST || (same && done) {
            return;
        }
        self.asked.set_value((group, entries.to_vec()));
        self.view.set(None);
        self.failed.set(None);
        self.chosen.set(Vec::new());
        self.node.set(None);
        let runs = entries.iter().map(|entry| entry.place.run).collect();
        let entries = entries.to_vec();
        spawn_local(async move {
            let answer = page.ask_of(group, Request::Many { runs }).await;
            if !self.asked.with_value(|(of, asked)| *of == group && *asked == entries) {
                return;
            }
            match answer {
                Ok(Answer::Many(view)) => self.view.set(Some(Arc::new(*view))),
                Ok(_) => self.failed.set(Some("The engine gave another answer than was asked for.".to_owned())),
                Err(failure) => self.failed.set(Some(failure.message)),
            }
        });
    }

    /// Chooses a run, or takes it back. With two chosen another takes the place of the second.
    pub(super) fn choose(self, run: u32) {
        self.chosen.update(|chosen| *chosen = with_choice(chosen, run));
    }
}

/// What is chosen after a press on a run.
fn with_choice(chosen: &[u32], run: u32) -> Vec<u32> {
    if chosen.contains(&run) {
        return chosen.iter().copied().filter(|other| *other != run).collect();
    }
    chosen.iter().copied().take(1).chain([run]).collect()
}

/// The runs with steps of an engine, dry runs left out.
fn runs_of(page: Page, group: u32) -> Vec<Entry> {
    let mut entries = Vec::new();
    page.groups.with(|groups| {
        let found = groups.iter().find(|one| one.id == group && one.trouble.is_none());
        for view in found.into_iter().flat_map(|group| &group.documents) {
            if page.workbench.dry.with(|dry| dry.contains(&(group, view.document))) {
                continue;
            }
            entries.extend(view.runs.iter().filter(|run| run.steps > 0).map(|run| {
                let place = Place { document: view.document, run: run.run };
                Entry::of(place, (&run.id, &run.name, &view.file), run.steps)
            }));
        }
    });
    entries
}

/// Documents of other engines that hold runs and no pipeline, each with how many: engine, document, runs.
fn elsewhere(page: Page, host: u32) -> Vec<(u32, u32, usize)> {
    let mut found = Vec::new();
    page.groups.with(|groups| {
        for group in groups.iter().filter(|group| group.id != host && group.trouble.is_none()) {
            for view in group.documents.iter().filter(|view| view.pipelines.is_empty()) {
                let runs = view.runs.iter().filter(|run| run.steps > 0).count();
                let dry = page.workbench.dry.with(|dry| dry.contains(&(group.id, view.document)));
                if runs > 0 && !dry {
                    found.push((group.id, view.document, runs));
                }
            }
        }
    });
    found
}

impl Page {
    /// Runs that could be looked at together: those opened with what is shown, and those of other files.
    pub(super) fn runs_at_hand(self) -> (usize, usize) {
        let Some(subject) = self.subject.get() else { return (0, 0) };
        let others = elsewhere(self, subject.group).into_iter().map(|(_, _, runs)| runs).sum();
        (runs_of(self, subject.group).len(), others)
    }

    /// Runs of other files, while the screen is shown.
    pub(super) fn runs_elsewhere(self) -> usize {
        let Some(group) = self.many.group.get() else { return 0 };
        elsewhere(self, group).into_iter().map(|(_, _, runs)| runs).sum()
    }

    /// Shows all runs together. Where too few were opened with what is shown, those of other files are brought into its
    /// engine.
    pub(crate) fn show_many(self) {
        let Some(subject) = self.subject.get_untracked() else { return };
        spawn_local(async move {
            let (own, others) = untrack(|| self.runs_at_hand());
            if own < FEWEST && own + others >= FEWEST {
                self.bring_all(subject.group).await;
            }
            // Somebody may have gone elsewhere while files were brought in.
            if self.subject.get_untracked().is_some_and(|now| now.group == subject.group) {
                self.open_many(subject);
            }
        });
    }

    /// Brings the runs of other files in, while the screen is shown.
    pub(super) fn add_runs_elsewhere(self) {
        let Some(group) = self.many.group.get_untracked() else { return };
        spawn_local(async move { self.bring_all(group).await });
    }

    async fn bring_all(self, host: u32) {
        for (group, document, _) in untrack(|| elsewhere(self, host)) {
            if untrack(|| runs_of(self, host)).len() >= MOST || self.bring(host, group, document).await.is_none() {
                return;
            }
        }
    }

    fn open_many(self, subject: Subject) {
        let first = untrack(|| runs_of(self, subject.group)).into_iter().next();
        // What is asked of the page itself is about a run.
        match first {
            Some(first) if subject.run().is_none() => {
                self.show(subject.group, first.place.document, What::Run(first.place.run));
            }
            _ => self.comparing.end(),
        }
        self.changes.end();
        self.many.only.set(None);
        self.many.from.set_value(subject.run().is_none().then_some(subject));
        self.many.group.set(Some(subject.group));
    }

    /// Shows what was shown before.
    pub(super) fn close_many(self) {
        let from = self.many.from.try_update_value(Option::take).flatten();
        match from {
            Some(from) => self.show(from.group, from.document, from.what),
            None => {
                self.many.end();
                self.find_cursor();
            }
        }
    }

    /// Shows one of the runs alone.
    pub(super) fn show_one(self, run: u32) {
        if let (Some(group), Some(place)) = (self.many.group.get_untracked(), untrack(|| self.place_of(run))) {
            self.show(group, place.document, What::Run(run));
        }
    }

    /// Compares two of the runs; closing that leads back.
    pub(super) fn compare_two(self, a: u32, b: u32) {
        let Some(group) = self.many.group.get_untracked() else { return };
        let Some((a, b)) = untrack(|| self.place_of(a).zip(self.place_of(b))) else { return };
        let from = self.many.from.get_value();
        self.lay(Pair { group, a, b }, CompareOptions::default(), DiffMove::Parting);
        self.many.from.set_value(from);
        self.many.group.set(Some(group));
    }

    /// Writes into an address that all runs are shown; without a target where files of several places are looked at.
    pub(crate) fn write_many(self, address: &mut Address) {
        let Some(group) = self.many.group.get() else { return };
        let from = |entry: &Entry| self.origin_of(group, entry.place.document);
        let entries = runs_of(self, group);
        let first = entries.first().and_then(from);
        if entries.iter().all(|entry| from(entry) == first) {
            (address.many, address.at) = (true, None);
        } else {
            address.target = None;
        }
    }

    fn place_of(self, run: u32) -> Option<Place> {
        let group = self.many.group.get()?;
        runs_of(self, group).into_iter().find(|entry| entry.place.run == run).map(|entry| entry.place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_are_chosen_at_most_and_the_first_stays() {
        assert_eq!(with_choice(&[], 4), [4]);
        assert_eq!(with_choice(&[4], 7), [4, 7]);
        assert_eq!(with_choice(&[4, 7], 2), [4, 2]);
        assert_eq!(with_choice(&[4, 7], 4), [7]);
        assert_eq!(with_choice(&[4], 4), Vec::<u32>::new());
    }
}
