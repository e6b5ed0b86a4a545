//! Files that are being read, opened or read anew: how far each is, cancelling, and what is said when one was not read.

use super::{Page, Tone};
use crate::engine::{Engine, Failure, FailureKind, Job};
use chaindebug_core::protocol::{DocumentView, Mapping, Progress};
use leptos::prelude::*;
use std::rc::Rc;

/// Files being read.
#[derive(Clone)]
pub(crate) struct Opening {
    /// The group they will be, or a number of its own.
    pub(crate) group: u32,
    /// The file being read.
    pub(crate) name: String,
    /// Its position, from 1, and the number of files.
    pub(crate) position: (usize, usize),
    /// How far it is; `None` until the engine has said.
    pub(crate) progress: Option<Progress>,
    /// Its number in the engine; 0 before it has one.
    job: u32,
    engine: Option<Engine>,
    cancelled: bool,
}

impl Page {
    /// Shows that files will be read: the number they go by, and the first of them.
    pub(super) fn begin_opening(self, group: u32, name: String, files: usize) {
        let opening =
            Opening { group, name, position: (1, files), progress: None, job: 0, engine: None, cancelled: false };
        self.openings.update(|openings| openings.push(opening));
    }

    /// All of them were read, or will not be.
    pub(super) fn end_opening(self, group: u32) {
        self.openings.update(|openings| openings.retain(|opening| opening.group != group));
    }

    /// Reads one file, showing how far it is. `start` gives it to the engine.
    pub(super) async fn read(
        self,
        group: u32,
        engine: &Engine,
        name: &str,
        position: (usize, usize),
        start: &dyn Fn(Rc<dyn Fn(Progress)>) -> Job,
    ) -> Result<Vec<DocumentView>, Failure> {
        let change = move |change: &dyn Fn(&mut Opening)| {
            self.openings.update(|openings| {
                if let Some(opening) = openings.iter_mut().find(|opening| opening.group == group) {
                    change(opening);
                }
            });
        };
        let cancelled = self
            .openings
            .with_untracked(|openings| openings.iter().any(|opening| opening.group == group && opening.cancelled));
        if cancelled {
            return Err(Failure::new(FailureKind::Cancelled, "Opening was cancelled."));
        }
        let (job, read) =
            start(Rc::new(move |progress: Progress| change(&|opening| opening.progress = Some(progress.clone()))));
        change(&|opening| {
            name.clone_into(&mut opening.name);
            opening.position = position;
            opening.progress = None;
            opening.job = job;
            opening.engine = Some(engine.clone());
        });
        read.await
    }

    /// Says why a file was not read. Whether others may be.
    pub(super) fn tell_unread(self, name: &str, failure: &Failure) -> bool {
        match failure.kind {
            FailureKind::Cancelled => self.notify(Tone::Info, format!("Reading {name} was cancelled.")),
            FailureKind::Closed => {}
            _ if failure.fatal() => {}
            _ => {
                self.notify(Tone::Error, format!("{name} could not be read. {failure}"));
                return true;
            }
        }
        false
    }

    /// Reads an open document anew, as a format, by a mapping, or as its content says, showing how far it is. Until then,
    /// and when that is cancelled, it stays as it is. Whether it was read.
    pub(crate) async fn read_anew(
        self,
        (group, document): (u32, u32),
        format: Option<&str>,
        mapping: Option<&Mapping>,
    ) -> bool {
        let found = self.groups.with_untracked(|groups| {
            let group = groups.iter().find(|one| one.id == group)?;
            Some((group.engine.clone(), group.document(document)?.file.clone()))
        });
        let Some((engine, name)) = found else { return false };
        let opening = self.fresh();
        self.begin_opening(opening, name.clone(), 1);
        let start = |progress| engine.read_as(document, format, mapping, progress);
        let read = self.read(opening, &engine, &name, (1, 1), &start).await;
        self.end_opening(opening);
        match read {
            Ok(documents) => {
                self.set_documents(group, documents);
                true
            }
            Err(failure) => {
                self.tell_unread(&name, &failure);
                false
            }
        }
    }

    /// The groups whose files are being read.
    pub(crate) fn reading(self) -> Vec<u32> {
        self.openings.with(|openings| openings.iter().map(|opening| opening.group).collect())
    }

    /// Stops reading a group's files; what has been read of it stays open.
    pub(crate) fn cancel_opening(self, group: u32) {
        self.openings.update(|openings| {
            for opening in openings.iter_mut().filter(|opening| opening.group == group) {
                opening.cancelled = true;
                if let Some(engine) = &opening.engine {
                    engine.cancel(opening.job);
                }
            }
        });
    }
}
