//! Files in: each drop, dialog, paste or sample becomes a group with an engine of its own; a file with more of a run
//! that is open already joins it instead.

use super::matching::{first_of, landed, same, shared};
use super::{Group, Page, Subject, Tone, What};
use crate::address::Laid;
use crate::engine::{Engine, Failure, FailureKind, Files, Input};
use chaindebug_core::protocol::{Answer, Command, DocumentView, Phase, Request};
use leptos::{prelude::*, task::spawn_local};
use std::{rc::Rc, sync::Arc};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// Where files came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// This machine: the address cannot be handed on.
    Local,
    /// A sample of the gallery, by its id.
    Sample(String),
    /// A file beside the page, by the address given.
    Address(String),
    /// The page's address, which holds them.
    Given(Vec<crate::address::Given>),
    /// The one HTML file that the page is.
    Kept,
}

/// A step as somebody names it, and one of its two moments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// Its id or its name; `NAME#2` for the second of that name.
    pub(crate) step: String,
    /// Which moment.
    pub(crate) phase: Phase,
}

/// Where to stand once the files are open; what does not exist is passed over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Landing {
    /// Id of the run as the file spells it, or name of the pipeline.
    pub(crate) run: Option<String>,
    /// Moment of the cursor.
    pub(crate) at: Option<u32>,
    /// Step of the cursor, where no moment is said.
    pub(crate) step: Option<Named>,
    /// Whether a view is asked for; else it is the one that fits.
    pub(crate) viewed: bool,
    /// The run that is laid on it, when two are compared.
    pub(crate) laid: Option<Laid>,
    /// Whether all runs are shown together.
    pub(crate) many: bool,
}

impl Page {
    /// Begins to load the engine's files. Call it once, in the shell.
    pub(crate) fn load_engine(self) {
        let loaded = wasm_bindgen_futures::future_to_promise(async move {
            let files = Files::load().await;
            self.files.set(Some(files));
            self.warm_up();
            Ok(JsValue::UNDEFINED)
        });
        self.loading.set_value(Some(loaded));
    }

    /// Keeps one engine ready, so that opening does not wait for it.
    pub(super) fn warm_up(self) {
        let files = self.files.with_untracked(|files| files.clone().and_then(Result::ok));
        if let Some(Ok(engine)) = files.map(|files| Engine::start(&files)) {
            self.spare.set_value(Some(engine));
        }
    }

    async fn fresh_engine(self) -> Result<Engine, Failure> {
        if let Some(loading) = self.loading.get_value() {
            let _ = JsFuture::from(loading).await;
        }
        if let Some(engine) = self.spare.try_update_value(Option::take).flatten().filter(Engine::lives) {
            return Ok(engine);
        }
        match self.files.get_untracked() {
            Some(Ok(files)) => Engine::start(&files),
            Some(Err(failure)) => Err(failure),
            None => Err(Failure::new(FailureKind::Missing, "The engine has not been loaded.")),
        }
    }

    /// Goes where an address says, within what is shown.
    pub(crate) fn land(self, landing: &Landing) {
        let Some(subject) = self.subject.get_untracked() else { return };
        let place = self.groups.with_untracked(|groups| {
            let group = groups.iter().find(|g| g.id == subject.group)?;
            group.documents.iter().find_map(|document| Some((document.document, landed(document, landing)?)))
        });
        if let Some(laid) = landing.laid.clone() {
            let landing = landing.clone();
            let Some(origin) = untrack(|| self.origin_of(subject.group, subject.document)) else { return };
            return spawn_local(async move { self.land_comparison(subject.group, &origin, &landing, &laid).await });
        }
        self.comparing.end();
        if let Some((document, what)) = place {
            self.show(subject.group, document, what);
        }
        if landing.many {
            return self.show_many();
        }
        self.stand(landing);
    }

    /// Moves the cursor to where a landing says.
    fn stand(self, landing: &Landing) {
        match (landing.at, &landing.step) {
            (Some(moment), _) => self.command(Command::To { moment }),
            (None, Some(named)) => self.go_to(named.clone()),
            (None, None) => {}
        }
    }

    /// Opens files that belong together, in one engine, one after the other. The first that holds something is shown.
    pub(crate) fn open_files(self, inputs: Vec<Input>, origin: Origin, landing: Landing) {
        spawn_local(self.open_and_wait(inputs, origin, landing));
    }

    /// The same, until they are open.
    pub(crate) async fn open_and_wait(self, inputs: Vec<Input>, origin: Origin, landing: Landing) {
        if let Some(laid) = landing.laid.clone() {
            // A pair that is open is shown as a pair again.
            let open: Option<Vec<u32>> =
                inputs.iter().map(|input| self.open_already(input).map(|(group, _)| group)).collect();
            let group = open.and_then(|groups| groups.first().copied().filter(|one| groups.iter().all(|g| g == one)));
            if let Some(group) = group {
                return self.land_comparison(group, &origin, &landing, &laid).await;
            }
        }
        let inputs = self.without_those_open(inputs);
        let Some(first) = inputs.first() else { return };
        let group = self.fresh();
        self.begin_opening(group, first.name.clone(), inputs.len());
        let (inputs, landing) = crate::share::unwrapped(self, inputs, landing).await;
        match if inputs.is_empty() { None } else { Some(self.fresh_engine().await) } {
            Some(Ok(engine)) => self.open_in(group, engine, &inputs, origin, landing).await,
            Some(Err(failure)) => self.notify(Tone::Error, format!("{failure} Reload the page to try again.")),
            None => {}
        }
        self.end_opening(group);
        self.warm_up_if_none();
    }

    fn warm_up_if_none(self) {
        if self.spare.with_value(Option::is_none) {
            self.warm_up();
        }
    }

    /// Leaves out files that are open already and have not changed since, and shows the last of them.
    pub(crate) fn without_those_open(self, inputs: Vec<Input>) -> Vec<Input> {
        let mut show = None;
        let rest: Vec<Input> = inputs
            .into_iter()
            .filter(|input| {
                let open = self.open_already(input);
                let place = open.as_ref().map(|(group, document)| (*group, document.document, first_of(document)));
                if let Some(place) = place {
                    show = Some((input.name.clone(), place));
                }
                open.is_none()
            })
            .collect();
        if let Some((name, (group, document, what))) = show {
            self.notify(Tone::Info, format!("{name} is open already and has not changed."));
            if rest.is_empty() {
                self.show(group, document, what);
            }
        }
        rest
    }

    async fn open_in(self, group: u32, engine: Engine, inputs: &[Input], origin: Origin, landing: Landing) {
        let all = inputs.to_vec();
        engine.on_death({
            let (engine, origin) = (engine.downgrade(), origin.clone());
            move |failure| {
                if let Some(engine) = engine.upgrade() {
                    self.bury(group, engine, all.clone(), origin.clone(), failure);
                }
            }
        });
        engine.on_renewal(move || self.renewed(group));
        let mut unread = Vec::new();
        let mut shown = false;
        let mut scenarios = Vec::new();
        // An archive brings several documents at once: its first is what is shown.
        let mut known: Vec<u32> = Vec::new();
        for (position, input) in (1..).zip(inputs) {
            let start = |progress| engine.open(std::slice::from_ref(input), None, progress);
            let documents = match self.read(group, &engine, &input.name, (position, inputs.len()), &start).await {
                Ok(documents) => documents,
                Err(failure) if self.tell_unread(&input.name, &failure) => continue,
                Err(_) => return,
            };
            // What was open already may have been tried out in between: the record of that is no file.
            let new = documents.iter().filter(|document| !known.contains(&document.document) && !document.dry_run);
            let new = new.min_by_key(|document| document.document).cloned();
            known = documents.iter().map(|document| document.document).collect();
            let Some(new) = new else { continue };
            let place = new.document;
            if new.scenarios > 0 && new.runs.is_empty() && new.pipelines.is_empty() {
                if let Ok(Answer::Text { text }) = engine.ask(&Request::DocumentText { document: place }).await {
                    scenarios.push((input.name.clone(), text));
                }
                let _ = engine.ask(&Request::Close { document: place }).await;
                continue;
            }
            let elsewhere = self.join(group, input, &new).await
                || self.compare_benchmarks(group, input, &new).await
                || (inputs.len() == 1 && self.unite(group, input, &new).await);
            if elsewhere {
                let _ = engine.ask(&Request::Close { document: place }).await;
                self.ask_documents(group).await;
                shown = true;
                continue;
            }
            self.adopt(group, &engine, input, &origin, documents);
            let what = landed(&new, &landing).unwrap_or_else(|| first_of(&new));
            if what == What::Nothing && new.sheets.is_empty() && inputs.len() > 1 {
                unread.push((place, input.name.clone()));
                continue;
            }
            let better = self.subject.get_untracked().is_some_and(|subject| {
                subject.group == group && subject.run().is_none() && matches!(what, What::Run(_))
            });
            if !shown || better {
                shown = true;
                // Two runs are shown together, once both are there.
                if landing.laid.is_some() {
                    continue;
                }
                self.show(group, place, what);
                self.stand(&landing);
            }
        }
        self.leave_out(group, &engine, unread, shown).await;
        match &landing.laid {
            Some(laid) if shown => self.land_comparison(group, &origin, &landing, laid).await,
            None if shown && landing.many => self.show_many(),
            None if shown && !landing.viewed && inputs.len() == 2 && origin == Origin::Local && self.lay_two(group) => {
            }
            _ if shown && !landing.viewed => self.show_on_pipeline(),
            _ => {}
        }
        // Once its pipeline is there, whatever the order of the files.
        for (name, text) in scenarios {
            self.workbench.attach(name, text, inputs.len() == 1);
        }
    }

    /// Opens the file into a document that holds a part of the same run, when there is one; whether it did.
    async fn join(self, group: u32, input: &Input, new: &DocumentView) -> bool {
        let host = self.groups.with_untracked(|groups| {
            groups.iter().filter(|g| g.trouble.is_none()).find_map(|g| {
                g.documents.iter().find_map(|open| {
                    let (id, steps) = shared(open, new)?;
                    Some((g.id, g.engine.clone(), open.document, id, steps))
                })
            })
        });
        let Some((host, engine, position, id, before)) = host else {
            return false;
        };
        let (_, opened) = engine.open(std::slice::from_ref(input), Some(position), Rc::new(|_| {}));
        let documents = match opened.await {
            Ok(documents) => documents,
            Err(failure) => {
                self.notify(
                    Tone::Warning,
                    format!("{} is more of run {id}, but could not join it. {failure}", input.name),
                );
                return false;
            }
        };
        let joined = documents.iter().find(|document| document.document == position);
        // With its beginning a history may get another id.
        let joined = joined
            .and_then(|document| document.runs.iter().find(|run| run.id == id).or(document.runs.first()).cloned());
        let after = joined.as_ref().map_or(before, |run| run.steps);
        let more = after.saturating_sub(before);
        let steps = if more == 1 { "1 more step" } else { "more steps" };
        let count = if more > 1 { format!("{more} ") } else { String::new() };
        self.notify(Tone::Info, format!("{count}{steps} of run {id} joined from {}.", input.name));
        self.set_documents(host, documents);
        if host != group {
            self.groups.update(|groups| {
                if let Some(found) = groups.iter_mut().find(|g| g.id == host) {
                    found.inputs.push(input.clone());
                }
            });
        }
        if let Some(run) = joined {
            self.show(host, position, What::Run(run.run));
        }
        true
    }

    /// Puts what the engine holds into the page.
    fn adopt(self, group: u32, engine: &Engine, input: &Input, origin: &Origin, documents: Vec<DocumentView>) {
        let known = self.groups.with_untracked(|groups| groups.iter().any(|g| g.id == group));
        if !known {
            self.groups.update(|groups| {
                groups.push(Group {
                    id: group,
                    engine: engine.clone(),
                    inputs: Vec::new(),
                    origin: origin.clone(),
                    brought: Vec::new(),
                    documents: Vec::new(),
                    revision: 0,
                    trouble: None,
                });
            });
        }
        self.groups.update(|groups| {
            if let Some(found) = groups.iter_mut().find(|g| g.id == group) {
                found.inputs.push(input.clone());
            }
        });
        self.set_documents(group, documents);
    }

    /// Asks a session for its documents and takes them over.
    pub(crate) async fn ask_documents(self, group: u32) {
        let Some(engine) = self.engine_of(group) else { return };
        match engine.documents().await {
            Ok(documents) => self.set_documents(group, documents),
            Err(failure) => self.tell_failure(&failure),
        }
    }

    /// Takes over the documents of a session. Runs may have other numbers than before; what is shown of the group
    /// stays the same run, and is asked for anew when it changed.
    pub(crate) fn set_documents(self, group: u32, documents: Vec<DocumentView>) {
        let subject = self.subject.get_untracked().filter(|subject| subject.group == group);
        let mut now = None;
        let mut documents_before = Vec::new();
        for document in documents.iter().filter(|document| document.dry_run) {
            self.workbench.note_dry(group, document.document);
        }
        self.groups.update(|groups| {
            let Some(found) = groups.iter_mut().find(|g| g.id == group) else { return };
            documents_before.clone_from(&found.documents);
            let before = subject.and_then(|subject| found.document(subject.document).cloned());
            let kept = |new: DocumentView| {
                let old = found.document(new.document).filter(|_| self.workbench.holds_back(group, new.document));
                old.cloned().unwrap_or_else(|| Arc::new(new))
            };
            found.documents = documents.into_iter().map(kept).collect();
            let after = subject.and_then(|subject| found.document(subject.document).cloned());
            if let (Some(subject), Some(before), Some(after)) = (subject, before, after)
                && (self.workbench.take_rewritten(group, subject.document) || before != after)
            {
                found.revision += 1;
                now = Some(Subject { what: same(&before, &after, subject.what), revision: found.revision, ..subject });
            }
        });
        if now.is_some() {
            self.subject.set(now);
            self.find_cursor();
        }
        let after =
            self.groups.with_untracked(|groups| groups.iter().find(|g| g.id == group).map(|g| g.documents.clone()));
        self.comparing.renumber(self, group, &documents_before, &after.unwrap_or_default());
    }

    /// Of several files, those that hold nothing are not kept when another does; what they were is said.
    async fn leave_out(self, group: u32, engine: &Engine, unread: Vec<(u32, String)>, shown: bool) {
        if !shown {
            if let Some(&(place, _)) = unread.first() {
                self.show(group, place, What::Nothing);
            }
            return;
        }
        let Some((_, first)) = unread.first() else {
            return;
        };
        let text = match unread.len() {
            1 => format!("{first} holds no trace and no pipeline, and was left out."),
            n => format!("{n} files hold no trace and no pipeline, and were left out: {first} and {} more.", n - 1),
        };
        self.notify(Tone::Warning, text);
        for (place, _) in unread {
            let _ = engine.ask(&Request::Close { document: place }).await;
        }
        self.ask_documents(group).await;
    }

    /// The engine of a group is gone: its files can be opened again in a fresh one.
    fn bury(self, group: u32, engine: Engine, inputs: Vec<Input>, origin: Origin, failure: Failure) {
        self.playing.set(false);
        let known = self.groups.with_untracked(|groups| groups.iter().any(|g| g.id == group));
        self.groups.update(|groups| {
            if !known {
                groups.push(Group {
                    id: group,
                    engine,
                    inputs,
                    origin,
                    brought: Vec::new(),
                    documents: Vec::new(),
                    revision: 0,
                    trouble: None,
                });
            }
            if let Some(found) = groups.iter_mut().find(|g| g.id == group) {
                found.trouble = Some(failure);
            }
        });
        if !known {
            self.show(group, 0, What::Nothing);
        }
    }
}
