//! How two runs come to lie on each other: runs that are open, files that are dropped or chosen, a sample, an address.

use super::state::{Pair, Place, Side};
use crate::address::{Address, Laid, Target};
use crate::engine::Input;
use crate::state::{Landing, Origin, Page, Tone, What};
use chaindebug_core::protocol::{CompareOptions, DiffMove, DocumentView, RunView};
use leptos::{prelude::*, task::spawn_local};
use std::sync::Arc;

/// The runs of documents, with their places, in their order.
fn runs_of(documents: &[Arc<DocumentView>]) -> impl Iterator<Item = (Place, &RunView)> {
    documents
        .iter()
        .flat_map(|view| view.runs.iter().map(move |run| (Place { document: view.document, run: run.run }, run)))
}

/// The run of a document that one would compare with another: the first with steps.
pub(crate) fn first_run(document: &DocumentView) -> Option<Place> {
    let run = document.runs.iter().find(|run| run.steps > 0).or(document.runs.first())?;
    Some(Place { document: document.document, run: run.run })
}

/// The `nth` run of an id; any id will do where none is named.
fn named(documents: &[Arc<DocumentView>], id: Option<&str>, nth: u32) -> Option<Place> {
    let mut alike = runs_of(documents).filter(|(_, run)| id.is_none_or(|id| run.id == id));
    alike.nth(nth as usize).map(|(place, _)| place)
}

/// What an address says of a place: the id of its run, and how many of that id stand before it.
fn name_of(documents: &[Arc<DocumentView>], place: Place) -> Option<(Option<String>, u32)> {
    let id = runs_of(documents).find(|(other, _)| *other == place)?.1.id.clone();
    let id = Some(id).filter(|id| !id.is_empty());
    let alike = runs_of(documents).filter(|(_, run)| id.as_ref().is_none_or(|id| run.id == *id));
    let before = alike.take_while(|(other, _)| *other != place).count();
    Some((id, u32::try_from(before).unwrap_or(u32::MAX)))
}

fn target(origin: Origin) -> Option<Target> {
    match origin {
        Origin::Sample(id) => Some(Target::Sample(id)),
        Origin::Address(url) => Some(Target::Open(url)),
        Origin::Given(files) => Some(Target::Given(files)),
        Origin::Local | Origin::Kept => None,
    }
}

impl Page {
    /// The run that another would be laid on: run A of a comparison, the run shown, or the dry run of the pipeline shown.
    pub(crate) fn baseline(self) -> Option<(u32, Place)> {
        if let Some(pair) = self.comparing.pair.get() {
            return Some((pair.group, pair.a));
        }
        let walked = self.walked.get()?;
        let document = self.groups.with(|groups| {
            let group = groups.iter().find(|group| group.id == walked.group)?;
            let holds = |view: &&Arc<DocumentView>| view.runs.iter().any(|run| run.run == walked.run);
            group.documents.iter().find(holds).map(|view| view.document)
        })?;
        Some((walked.group, Place { document, run: walked.run }))
    }

    fn documents_of(self, group: u32) -> Vec<Arc<DocumentView>> {
        self.groups
            .with(|groups| groups.iter().find(|one| one.id == group).map(|one| one.documents.clone()))
            .unwrap_or_default()
    }

    /// Documents of a group that came from one place.
    fn documents_from(self, group: u32, origin: &Origin) -> Vec<Arc<DocumentView>> {
        let mut documents = self.documents_of(group);
        documents.retain(|view| self.origin_of(group, view.document).as_ref() == Some(origin));
        documents
    }

    /// Lays a run that is open on the baseline, or puts it in the place of one side of the comparison.
    pub(super) fn choose_run(self, group: u32, place: Place, side: Side) {
        spawn_local(async move {
            let Some((host, a)) = untrack(|| self.baseline()) else { return };
            let Some(place) = self.into_host(host, group, place).await else { return };
            match self.comparing.pair.get_untracked() {
                Some(_) => self.change_side(side, place),
                None => self.lay(Pair { group: host, a, b: place }, CompareOptions::default(), DiffMove::Parting),
            }
        });
    }

    /// Lays a run that is open on the baseline.
    pub(crate) fn compare_with(self, group: u32, place: Place) {
        self.choose_run(group, place, Side::B);
    }

    /// The same run in another engine.
    async fn into_host(self, host: u32, group: u32, place: Place) -> Option<Place> {
        if group == host {
            return Some(place);
        }
        let at = untrack(|| self.documents_of(group))
            .iter()
            .find(|view| view.document == place.document)
            .and_then(|view| view.runs.iter().position(|run| run.run == place.run))?;
        let document = self.bring(host, group, place.document).await?;
        let brought = untrack(|| self.documents_of(host));
        let run = brought.iter().find(|view| view.document == document)?.runs.get(at)?.run;
        Some(Place { document, run })
    }

    /// Lays the first run of some files on the baseline: what is dropped on "Compare" and what "another file…" chooses.
    /// Where a comparison is shown, they take the place of A or of B.
    pub(crate) fn compare_files(self, inputs: Vec<Input>, as_a: bool) {
        if self.compare_with_pipeline(&inputs) {
            return;
        }
        let side = if as_a { Side::A } else { Side::B };
        spawn_local(async move {
            let Some((host, a)) = untrack(|| self.baseline()) else { return };
            let mut fresh = Vec::new();
            let mut places = Vec::new();
            for input in inputs {
                match self.open_already(&input) {
                    Some((group, view)) => {
                        // The file of run A: another run of it, else the run itself.
                        let other = view
                            .runs
                            .iter()
                            .find(|run| run.steps > 0 && (group, view.document, run.run) != (host, a.document, a.run));
                        let other = other.map(|run| Place { document: view.document, run: run.run });
                        places.extend(other.or_else(|| first_run(&view)).map(|place| (group, place)));
                    }
                    None => fresh.push(input),
                }
            }
            let opened = self.open_beside(host, &fresh, &Origin::Local).await;
            let documents = untrack(|| self.documents_of(host));
            let opened: Vec<_> = documents.iter().filter(|view| opened.contains(&view.document)).collect();
            places.extend(opened.iter().filter_map(|view| first_run(view)).map(|place| (host, place)));
            let Some(&(group, place)) = places.first() else {
                if let Some(view) = opened.first() {
                    self.notify(Tone::Warning, nothing_to_compare(view));
                    if view.pipelines.is_empty() {
                        self.close_document(host, view.document);
                    }
                }
                return;
            };
            if places.len() > 1 {
                let text = "The first of these files is compared. The others are open: choose them under A or B.";
                self.notify(Tone::Info, text);
            }
            self.choose_run(group, place, side);
        });
    }

    /// Of two files opened together that hold one run each of the same name, the second is laid on the first; whether it
    /// was. Runs of other names are two things to look at.
    pub(crate) fn lay_two(self, group: u32) -> bool {
        let documents = untrack(|| self.documents_of(group));
        let [first, second] = documents.as_slice() else { return false };
        let alone = |view: &DocumentView| view.runs.len() == 1 && view.pipelines.is_empty();
        let (Some(a), Some(b)) = (first_run(first), first_run(second)) else { return false };
        if !alone(first) || !alone(second) {
            return false;
        }
        let name = |view: &DocumentView| view.runs.first().map(|run| run.name.clone()).unwrap_or_default();
        if name(first) != name(second) || name(first).is_empty() {
            self.notify(Tone::Info, "Two runs are open. “Compare” lays one on the other.");
            return false;
        }
        self.lay(Pair { group, a, b }, CompareOptions::default(), DiffMove::Parting);
        let text =
            "Both files hold a run of the same name, so they are laid on each other. “Close comparison” shows A alone.";
        self.notify(Tone::Info, text);
        true
    }

    /// Lays two runs on each other as an address or a sample says; run A alone where B cannot be had. `origin` is that of
    /// the documents that hold run A.
    pub(crate) async fn land_comparison(self, group: u32, origin: &Origin, landing: &Landing, laid: &Laid) {
        let documents = untrack(|| self.documents_from(group, origin));
        let a = named(&documents, landing.run.as_deref(), laid.a_nth).or_else(|| named(&documents, None, 0));
        let Some(a) = a else {
            if let Some(view) = documents.first() {
                self.show(group, view.document, crate::state::first_of(view));
            }
            return;
        };
        let there = match &laid.target {
            None => documents,
            Some(other) => match self.beside_it(group, a, other).await {
                Ok(there) => there,
                Err(error) => return self.notify(Tone::Error, error),
            },
        };
        let b = match &laid.run {
            Some(id) => named(&there, Some(id), laid.b_nth),
            None if laid.first => {
                let other = runs_of(&there).find(|(place, _)| place.document != a.document);
                other.or_else(|| runs_of(&there).find(|(place, _)| *place != a)).map(|(place, _)| place)
            }
            None => named(&there, None, laid.b_nth),
        };
        let Some(b) = b else {
            self.notify(Tone::Warning, "The run to compare with is not in these files any more.");
            return self.show(group, a.document, What::Run(a.run));
        };
        let then = laid.item.map_or(DiffMove::Parting, |item| DiffMove::To { item });
        self.lay(Pair { group, a, b }, laid.options.clone(), then);
    }

    /// The documents of another sample or address in the engine of run A, fetched where they are not there yet.
    async fn beside_it(self, group: u32, a: Place, other: &Target) -> Result<Vec<Arc<DocumentView>>, String> {
        let origin = match other {
            Target::Sample(id) => Origin::Sample(id.clone()),
            Target::Open(url) => Origin::Address(url.clone()),
            Target::Given(files) => Origin::Given(files.clone()),
        };
        let there = untrack(|| self.documents_from(group, &origin));
        if !there.is_empty() {
            return Ok(there);
        }
        // What is read while nothing is shown is shown as being read.
        self.show(group, a.document, What::Run(a.run));
        let (inputs, origin) = self.fetch_target(other).await?;
        self.open_beside(group, &inputs, &origin).await;
        Ok(untrack(|| self.documents_from(group, &origin)))
    }

    /// Writes the comparison into an address; without a target where one of the files is only in this tab: then it says
    /// which runs of the group's documents are meant.
    pub(crate) fn write_comparison(self, pair: Pair, address: &mut Address) {
        let of = |place: Place| {
            let origin = self.origin_of(pair.group, place.document)?;
            let documents = self.documents_from(pair.group, &origin);
            let (id, nth) = name_of(&documents, place)?;
            Some((target(origin)?, id, nth))
        };
        let (Some((target, run, a_nth)), Some((other, id, b_nth))) = (of(pair.a), of(pair.b)) else {
            let documents = self.documents_of(pair.group);
            (address.target, address.at) = (None, None);
            if let (Some((run, a_nth)), Some((id, b_nth))) = (name_of(&documents, pair.a), name_of(&documents, pair.b))
            {
                address.run = run;
                address.laid = Some(self.laid_now(None, a_nth, id, b_nth));
            }
            return;
        };
        address.laid = Some(self.laid_now((other != target).then_some(other), a_nth, id, b_nth));
        (address.target, address.run, address.at) = (Some(target), run, None);
    }

    fn laid_now(self, target: Option<Target>, a_nth: u32, run: Option<String>, b_nth: u32) -> Laid {
        let options = self.comparing.options.get();
        let item = self.comparing.cursor.with(|cursor| cursor.as_ref().map(|cursor| cursor.item));
        Laid { target, a_nth, run, b_nth, first: false, options, item }
    }
}

/// Why a file cannot be laid on a run.
fn nothing_to_compare(view: &DocumentView) -> String {
    let file = &view.file;
    match (view.runs.is_empty(), view.pipelines.is_empty()) {
        (true, false) => format!(
            "{file} holds a pipeline and no run. A run can be laid on a run, and a pipeline on a pipeline. It is open beside this one; its dry run can be compared."
        ),
        _ => format!("{file} holds no run, so there is nothing to compare."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(run: u32, id: &str) -> RunView {
        RunView {
            run,
            id: id.to_owned(),
            name: String::new(),
            steps: 1,
            roots: 1,
            orphans: 0,
            errors: 0,
            start: None,
            duration_ns: None,
            usage: chaindebug_core::model::Usage::default(),
            moments: 2,
            messages: false,
            pipeline: None,
            pipeline_reason: String::new(),
        }
    }

    fn document(document: u32, runs: Vec<RunView>) -> Arc<DocumentView> {
        Arc::new(DocumentView {
            document,
            file: String::new(),
            files: Vec::new(),
            format: String::new(),
            label: String::new(),
            dialects: Vec::new(),
            explanation: String::new(),
            verdicts: Vec::new(),
            wholes: Vec::new(),
            parts: Vec::new(),
            bytes: 0,
            runs,
            more_runs: 0,
            pipelines: Vec::new(),
            sheets: Vec::new(),
            scenarios: 0,
            dry_run: false,
            diagnostics: Vec::new(),
        })
    }

    #[test]
    fn a_run_is_found_by_what_the_address_says_of_it() {
        let documents = [document(0, vec![run(0, "a"), run(1, "b")]), document(3, vec![run(2, "a"), run(3, "")])];
        for (place, _) in runs_of(&documents) {
            let (id, nth) = name_of(&documents, place).unwrap();
            assert_eq!(named(&documents, id.as_deref(), nth), Some(place));
        }
        assert_eq!(name_of(&documents, Place { document: 3, run: 2 }), Some((Some("a".to_owned()), 1)));
        assert_eq!(named(&documents, Some("c"), 0), None);
    }
}
