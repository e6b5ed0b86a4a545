//! Changing scenarios, and keeping them: in the browser for each pipeline, so that closing the tab loses nothing.

use super::state::Workbench;
use crate::engine::{Failure, Input};
use crate::state::{Page, Tone, read_stored, store};
use chaindebug_core::protocol::{Answer, Answered, Mock, Request, Scenario, ScenarioFile, StepMock};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What the browser keeps for a pipeline.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Kept {
    file: ScenarioFile,
    file_name: String,
    unsaved: bool,
    chosen: usize,
}

/// A name that no scenario has yet: "retry", "retry 2", "retry 3".
pub(super) fn free_name(scenarios: &[Scenario], wanted: &str) -> String {
    let taken = |name: &str| scenarios.iter().any(|scenario| scenario.name == name);
    if !taken(wanted) {
        return wanted.to_owned();
    }
    let base = wanted.trim_end_matches(|sign: char| sign.is_ascii_digit()).trim_end();
    let base = if base.is_empty() { wanted } else { base };
    (2..).map(|number| format!("{base} {number}")).find(|name| !taken(name)).unwrap_or_default()
}

/// The scenarios of a file, and behind them those not yet saved that the file does not hold.
fn joined(mut file: ScenarioFile, unsaved: &[Scenario]) -> (ScenarioFile, usize) {
    let mut kept = 0;
    for scenario in unsaved {
        let untouched = scenario.mocks.is_empty() && scenario.answers.is_empty() && scenario.input.trim().is_empty();
        if untouched || file.scenarios.contains(scenario) {
            continue;
        }
        let name = free_name(&file.scenarios, &scenario.name);
        file.scenarios.push(Scenario { name, ..scenario.clone() });
        kept += 1;
    }
    (file, kept)
}

fn first() -> Scenario {
    Scenario { name: "scenario 1".to_owned(), ..Scenario::default() }
}

impl Workbench {
    /// Takes up the pipeline that is shown now: its scenarios as they were left, else one with an empty input.
    pub(crate) fn take_up(self) {
        let Some(name) = self.kept_under() else { return };
        let kept = read_stored(&name).and_then(|text| serde_json::from_str::<Kept>(&text).ok()).unwrap_or_default();
        let mut file = kept.file;
        if file.scenarios.is_empty() {
            file.scenarios.push(first());
        }
        let given = self.given.try_update_value(Option::take).flatten();
        self.held.set_value(given.is_some());
        if let Some(target) = given.or(file.target) {
            self.target.set(target);
        }
        let wished = self.wished.try_update_value(Option::take).flatten();
        self.awaited.set_value(wished);
        let known = wished.filter(|&at| at < file.scenarios.len());
        self.chosen.set(known.unwrap_or(kept.chosen).min(file.scenarios.len() - 1));
        self.file.set(file);
        self.file_name.set(kept.file_name);
        self.unsaved.set(kept.unsaved);
        if let Some((name, text)) = self.pending.try_update_value(Option::take).flatten() {
            self.attach(name, text, false);
        }
    }

    /// The key under which the browser keeps the scenarios of the pipeline shown.
    fn kept_under(self) -> Option<String> {
        let page = self.page()?;
        self.bench.get_untracked()?;
        let name = page.pipeline.with_untracked(|one| one.as_ref().map(|one| one.name.clone()))?;
        let file = || page.document.with_untracked(|one| one.as_ref().map(|one| one.file.clone()));
        let name = if name.is_empty() { file().unwrap_or_default() } else { name };
        Some(format!("scenarios.{name}"))
    }

    /// The scenario that an address names is one of the pipeline shown already.
    pub(crate) fn wish_now(self) {
        let wished = self.wished.try_update_value(Option::take).flatten();
        if let Some(at) = wished.filter(|&at| self.file.with_untracked(|file| at < file.scenarios.len())) {
            self.choose(at);
        }
    }

    fn keep(self) {
        let Some(name) = self.kept_under() else { return };
        let kept = Kept {
            file: self.file.get_untracked(),
            file_name: self.file_name.get_untracked(),
            unsaved: self.unsaved.get_untracked(),
            chosen: self.chosen.get_untracked(),
        };
        let stored = serde_json::to_string(&kept).is_ok_and(|text| store(&name, &text));
        if !stored && let Some(page) = self.page() {
            page.notify(
                Tone::Warning,
                "The browser does not keep these scenarios: its storage is full or switched off. Save them to a file.",
            );
        }
    }

    /// Changes the scenarios.
    pub(crate) fn edit_file(self, change: impl FnOnce(&mut ScenarioFile)) {
        self.file.update(change);
        self.unsaved.set(true);
        self.keep();
    }

    /// Changes the scenario that is run. It is simulated anew at once.
    pub(crate) fn edit(self, change: impl FnOnce(&mut Scenario)) {
        let chosen = self.chosen.get_untracked();
        self.edit_file(|file| {
            if let Some(scenario) = file.scenarios.get_mut(chosen) {
                change(scenario);
            }
        });
    }

    /// Runs another scenario.
    pub(crate) fn choose(self, at: usize) {
        self.recorded.set(None);
        self.awaited.set_value(None);
        self.chosen.set(at);
        self.keep();
    }

    /// Adds a scenario behind the others and runs it.
    pub(crate) fn add(self, mut scenario: Scenario) {
        let mut at = 0;
        self.edit_file(|file| {
            scenario.name = free_name(&file.scenarios, &scenario.name);
            at = file.scenarios.len();
            file.scenarios.push(scenario);
        });
        self.choose(at);
    }

    /// Adds an empty one.
    pub(crate) fn add_empty(self) {
        let number = self.file.with_untracked(|file| file.scenarios.len() + 1);
        self.add(Scenario { name: format!("scenario {number}"), ..Scenario::default() });
    }

    /// Adds a copy of the one that is run.
    pub(crate) fn duplicate(self) {
        if let Some(scenario) = untrack(|| self.scenario()) {
            self.add(scenario);
        }
    }

    /// Takes the one that is run out; the last one is emptied instead.
    pub(crate) fn remove(self) {
        let chosen = self.chosen.get_untracked();
        let mut gone = None;
        self.edit_file(|file| {
            if chosen < file.scenarios.len() {
                gone = Some(file.scenarios.remove(chosen));
            }
            if file.scenarios.is_empty() {
                file.scenarios.push(first());
            }
        });
        let last = self.file.with_untracked(|file| file.scenarios.len() - 1);
        self.choose(chosen.min(last));
        self.removed.set(gone.map(|gone| (chosen, gone)));
    }

    /// Puts the scenario that was taken out last back where it was.
    pub(crate) fn bring_back(self) {
        let Some((at, scenario)) = self.removed.get_untracked() else { return };
        self.removed.set(None);
        let mut place = 0;
        self.edit_file(|file| {
            place = at.min(file.scenarios.len());
            file.scenarios.insert(place, scenario);
        });
        self.choose(place);
    }

    /// What stands in for a step's code.
    pub(crate) fn set_mock(self, step: &str, mock: Mock) {
        self.edit(|scenario| {
            let at = scenario.mocks.iter().position(|one| one.step == step);
            match (at, mock) {
                (Some(at), Mock::Generated) => drop(scenario.mocks.remove(at)),
                (None, Mock::Generated) => {}
                (Some(at), mock) => {
                    if let Some(one) = scenario.mocks.get_mut(at) {
                        one.mock = mock;
                    }
                }
                (None, mock) => scenario.mocks.push(StepMock { step: step.to_owned(), mock }),
            }
        });
    }

    /// The mock of a step in the scenario that is run.
    pub(crate) fn mock(self, step: &str) -> Mock {
        let chosen = self.chosen.get();
        self.file
            .with(|file| {
                let mocks = file.scenarios.get(chosen).map(|scenario| &scenario.mocks);
                mocks.and_then(|all| all.iter().find(|one| one.step == step)).map(|one| one.mock.clone())
            })
            .unwrap_or_default()
    }

    /// Answers the pause at a step; the run goes on from there.
    pub(crate) fn answer(self, step: &str, value: String) {
        self.edit(|scenario| scenario.answers.push(Answered { step: step.to_owned(), value }));
    }

    /// Takes an answer back: the run pauses there again.
    pub(crate) fn take_back(self, at: usize) {
        self.edit(|scenario| {
            if at < scenario.answers.len() {
                scenario.answers.remove(at);
            }
        });
    }

    /// Reads a file of scenarios and lays it beside the pipeline shown. What was not saved stays, behind it. When it was
    /// not `asked` for by itself, nothing is said where all is as it should be.
    pub(crate) fn attach(self, name: String, text: String, asked: bool) {
        let Some(page) = self.page() else { return };
        let Some(bench) = self.bench.get_untracked() else {
            page.notify(Tone::Info, format!("{name} holds scenarios. They are taken up when their pipeline is shown."));
            self.pending.set_value(Some((name, text)));
            return;
        };
        leptos::task::spawn_local(async move {
            let file = match page.ask_of(bench.group, Request::ReadScenarios { text }).await {
                Ok(Answer::Scenarios(file)) => file,
                Ok(_) => return,
                Err(failure) => return page.notify(Tone::Error, format!("{name} could not be read. {failure}")),
            };
            if file.scenarios.is_empty() {
                let why = file.problems.first().cloned().unwrap_or_default();
                return page.notify(Tone::Warning, format!("{name} holds no scenario. {why}"));
            }
            let read = file.scenarios.len();
            let problems = file.problems.clone();
            let named = file.pipeline.clone();
            let before = if self.unsaved.get_untracked() { self.file.get_untracked().scenarios } else { Vec::new() };
            let (file, kept) = joined(file, &before);
            if let Some(target) = file.target.filter(|_| asked || !self.held.get_value()) {
                self.target.set(target);
            }
            // What follows is no change of what was there.
            self.fresh.set_value(true);
            let awaited = self.awaited.try_update_value(Option::take).flatten();
            self.chosen.set(awaited.filter(|&at| !asked && at < file.scenarios.len()).unwrap_or_default());
            self.file.set(file);
            self.file_name.set(name.clone());
            self.unsaved.set(kept > 0);
            self.keep();
            let mut said = format!("{} from {name}.", crate::text::count(read as u64, "scenario"));
            if kept > 0 {
                said.push_str(&format!(
                    " {} not yet saved stand behind them.",
                    crate::text::count(kept as u64, "scenario")
                ));
            }
            let shown =
                page.pipeline.with_untracked(|one| one.as_ref().map(|one| one.name.clone())).unwrap_or_default();
            let file = page.document.with_untracked(|one| one.as_ref().map(|one| one.file.clone())).unwrap_or_default();
            let fits =
                [shown.as_str(), file.as_str(), file.rsplit('/').next().unwrap_or_default()].contains(&named.as_str());
            let fitting = named.is_empty() || shown.is_empty() || fits;
            if !fitting {
                said.push_str(&format!(" They were written for \"{named}\", and are run on \"{shown}\"."));
            }
            if let Some(problem) = problems.first() {
                said.push_str(&format!(" {problem}"));
            }
            if asked || kept > 0 || !problems.is_empty() || !fitting {
                page.notify(if problems.is_empty() { Tone::Info } else { Tone::Warning }, said);
            }
        });
    }

    /// The scenarios as the text of a file, and how it is called.
    async fn written(self, page: Page, group: u32) -> Result<(String, String), Failure> {
        let pipeline = page.pipeline.with_untracked(|one| one.as_ref().map(|one| one.name.clone()));
        let mut file = self.file.get_untracked();
        file.pipeline = pipeline.clone().unwrap_or_default();
        file.target = Some(self.target.get_untracked());
        file.problems.clear();
        let mut name = self.file_name.get_untracked();
        if name.is_empty() {
            let of = pipeline.filter(|name| !name.is_empty()).unwrap_or_else(|| "pipeline".to_owned());
            let of = of.to_lowercase().replace(|sign: char| !sign.is_alphanumeric(), "-");
            name = format!("{of}.scenarios.json");
        }
        match page.ask_of(group, Request::WriteScenarios { file }).await? {
            Answer::Text { text } => Ok((name, text)),
            _ => Ok((name, String::new())),
        }
    }

    /// The same, to be handed on with the pipeline; `None` where nobody has put anything into a scenario.
    pub(crate) async fn handed_on(self) -> Option<(String, String)> {
        let (page, bench) = (self.page()?, self.bench.get_untracked()?);
        let touched = |one: &Scenario| *one != Scenario { name: one.name.clone(), ..Scenario::default() };
        if !self.file.with_untracked(|file| file.scenarios.iter().any(touched)) {
            return None;
        }
        self.written(page, bench.group).await.ok().filter(|(_, text)| !text.is_empty())
    }

    /// Downloads the scenarios as a file.
    pub(crate) fn save(self) {
        let (Some(page), Some(bench)) = (self.page(), self.bench.get_untracked()) else { return };
        leptos::task::spawn_local(async move {
            match self.written(page, bench.group).await {
                Ok((name, text)) if crate::widgets::copy::download(&name, &text) => {
                    self.file_name.set(name);
                    self.unsaved.set(false);
                    self.keep();
                }
                Ok(_) => page.notify(Tone::Error, "The browser does not let the page save a file."),
                Err(failure) => page.tell_failure(&failure),
            }
        });
    }

    /// Makes a scenario of a recorded run: its input, and the outputs of its steps as mocks.
    pub(crate) fn mock_run(self, run: u32, name: String) {
        let (Some(page), Some(bench)) = (self.page(), self.bench.get_untracked()) else { return };
        leptos::task::spawn_local(async move {
            match page.ask_of(bench.group, Request::ScenarioOfRun { pipeline: bench.pipeline, run }).await {
                Ok(Answer::Scenario(mut scenario)) => {
                    if scenario.name.is_empty() {
                        scenario.name = format!("from {name}");
                    }
                    let mocks = scenario.mocks.len() as u64;
                    self.add(scenario);
                    let words = crate::text::count(mocks, "step");
                    page.notify(
                        Tone::Info,
                        format!("A scenario with the input of that run, and what {words} returned."),
                    );
                }
                Ok(_) => {}
                Err(failure) => page.tell_failure(&failure),
            }
        });
    }
}

impl Workbench {
    /// Opens a file beside the pipeline, and makes a scenario of the first run in it.
    pub(crate) fn mock_file(self, input: Input) {
        let (Some(page), Some(bench)) = (self.page(), self.bench.get_untracked()) else { return };
        let Some(engine) = page.engine_of(bench.group) else { return };
        leptos::task::spawn_local(async move {
            let (_, opened) = engine.open(std::slice::from_ref(&input), None, std::rc::Rc::new(|_| {}));
            let documents = match opened.await {
                Ok(documents) => documents,
                Err(failure) => {
                    return page.notify(Tone::Error, format!("{} could not be read. {failure}", input.name));
                }
            };
            // A new document is put behind all others.
            let new = documents.into_iter().max_by_key(|document| document.document);
            page.ask_documents(bench.group).await;
            match new.and_then(|new| new.runs.into_iter().find(|run| run.steps > 0)) {
                Some(run) => self.mock_run(run.run, if run.name.is_empty() { input.name } else { run.name }),
                None => page.notify(Tone::Warning, format!("{} holds no run.", input.name)),
            }
        });
    }
}

/// Recorded runs that were opened with the pipeline: number and name.
pub(super) fn recorded_runs(page: Page) -> Vec<(u32, String)> {
    let Some(bench) = page.workbench.bench.get() else { return Vec::new() };
    let dry = page.workbench.dry.get();
    page.groups.with(|groups| {
        let group = groups.iter().find(|group| group.id == bench.group);
        let documents = group
            .into_iter()
            .flat_map(|group| &group.documents)
            .filter(|one| !dry.contains(&(bench.group, one.document)));
        let runs = documents.flat_map(|document| document.runs.iter().map(move |run| (document, run)));
        runs.map(|(document, run)| {
            let name = if run.name.is_empty() { &run.id } else { &run.name };
            (run.run, if name.is_empty() { document.file.clone() } else { format!("{name} · {}", document.file) })
        })
        .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Scenario {
        Scenario { name: name.to_owned(), input: format!("{{\"of\": \"{name}\"}}"), ..Scenario::default() }
    }

    #[test]
    fn names_do_not_repeat() {
        let all = [named("retry"), named("retry 2"), named("42")];
        assert_eq!(free_name(&all, "other"), "other");
        assert_eq!(free_name(&all, "retry"), "retry 3");
        assert_eq!(free_name(&all, "retry 2"), "retry 3");
        assert_eq!(free_name(&all, "42"), "42 2");
    }

    #[test]
    fn what_is_not_saved_stays_behind_a_file_that_is_opened() {
        let file = ScenarioFile { scenarios: vec![named("a"), named("b")], ..ScenarioFile::default() };
        let other = Scenario { input: "{\"x\": 1}".to_owned(), ..named("a") };
        let (file, kept) = joined(file, &[named("b"), other, first()]);
        let names: Vec<&str> = file.scenarios.iter().map(|one| one.name.as_str()).collect();
        assert_eq!((names, kept), (vec!["a", "b", "a 2"], 1));
    }
}
