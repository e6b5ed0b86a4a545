//! Files out: closing gives the memory back, opening again starts with a fresh engine.

use super::{Landing, Page, matching::first_of};
use chaindebug_core::protocol::Request;
use leptos::{prelude::*, task::spawn_local};

impl Page {
    /// Closes a document. With the last of a group its engine ends. Another open document is shown, if there is one.
    pub(crate) fn close_document(self, group: u32, document: u32) {
        let compared = |pair: crate::compare::Pair| {
            pair.group == group && (pair.a.document == document || pair.b.document == document)
        };
        if self.comparing.pair.get_untracked().is_some_and(compared) {
            self.comparing.end();
        }
        let dry = |other: u32| self.workbench.dry.with_untracked(|dry| dry.contains(&(group, other)));
        let others = self.groups.with_untracked(|groups| {
            let found = groups.iter().find(|g| g.id == group);
            found.is_some_and(|g| {
                g.trouble.is_none() && g.documents.iter().any(|open| open.document != document && !dry(open.document))
            })
        });
        if others {
            spawn_local(async move {
                match self.ask_of(group, Request::Close { document }).await {
                    Ok(_) => self.ask_documents(group).await,
                    Err(failure) => self.tell_failure(&failure),
                }
            });
            self.groups.update(|groups| {
                if let Some(found) = groups.iter_mut().find(|g| g.id == group) {
                    found.documents.retain(|open| open.document != document);
                }
            });
        } else {
            self.end(group);
        }
        let shown = self.subject.get_untracked();
        if shown.is_some_and(|subject| subject.group == group && (subject.document == document || !others)) {
            self.show_any();
        }
    }

    /// Opens the files of a group again, in a fresh engine: after a crash.
    pub(crate) fn reopen(self, group: u32) {
        let found = self.groups.with_untracked(|groups| groups.iter().find(|g| g.id == group).cloned());
        let Some(found) = found else { return };
        self.end(group);
        self.show_any();
        self.open_files(found.inputs, found.origin, Landing::default());
    }

    /// Shows the start page; what is open stays open.
    pub(crate) fn show_start(self) {
        self.comparing.end();
        self.many.end();
        self.changes.end();
        self.playing.set(false);
        self.reset_cursor();
        self.workbench.forget();
        self.problems.set(false);
        self.searching.set(false);
        self.search.set(String::new());
        self.subject.set(None);
    }

    /// Closes whatever is open or being read.
    pub(crate) fn close_everything(self) {
        for group in untrack(|| self.reading()) {
            self.cancel_opening(group);
        }
        for group in self.groups.with_untracked(|groups| groups.iter().map(|g| g.id).collect::<Vec<_>>()) {
            self.end(group);
        }
        self.show_start();
    }

    fn end(self, group: u32) {
        if let Some(engine) = self.engine_of(group) {
            engine.end();
        }
        self.groups.update(|groups| groups.retain(|g| g.id != group));
    }

    /// Shows the newest open document, or the empty page.
    fn show_any(self) {
        let dry = self.workbench.dry.get_untracked();
        let place = self.groups.with_untracked(|groups| {
            groups.iter().rev().find_map(|group| {
                let files = group.documents.iter().rev();
                let document = files.into_iter().find(|one| !dry.contains(&(group.id, one.document)))?;
                Some((group.id, document.document, first_of(document)))
            })
        });
        match place {
            Some((group, document, what)) => self.show(group, document, what),
            None => self.show_start(),
        }
    }
}
