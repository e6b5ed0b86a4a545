//! What leaves the engine: scans for secrets and people's data, and exports, in slices.
//!
//! Here: which request is whose, and what is kept between two of them. Scans are in `scanning`, exports in `exporting`;
//! what is written is `export`'s, what is found `redact`'s.

mod drawn;
mod exporting;
mod runs;
mod scanning;
#[cfg(test)]
pub(crate) mod tests;
#[cfg(test)]
mod trip_tests;

use super::Session;
use crate::protocol::{Answer, FindsView, Request};
use crate::view::cut;
use exporting::Exporting;
use scanning::{Scanned, Scanning};

/// The scan that was made, and the export that goes on.
#[derive(Default)]
pub(super) struct Handing {
    scan: Option<Box<Scanning>>,
    export: Option<Box<Exporting>>,
}

impl Session {
    /// Answers what is about handing on; `None` for other requests.
    pub(super) fn about_handing_on(&mut self, request: &Request) -> Option<Result<Answer, String>> {
        Some(match request {
            Request::Scan { runs, documents, texts, patterns, from } => {
                let mut handing = std::mem::take(&mut self.handing);
                let what = Scanned { runs: runs.clone(), documents: documents.clone(), texts: texts.clone() };
                let answer = scanning::scan(self, &mut handing.scan, what, patterns, *from);
                self.handing = handing;
                answer.map(Answer::Scan)
            }
            Request::Finds { kind, from, count } => {
                let scan = self.handing.scan.as_ref().ok_or_else(|| "Nothing was scanned. Scan first.".to_owned());
                let view = scan.map(|scan| scan.redactor.finds(kind.as_deref(), *from, *count));
                view.map(|view| Answer::Finds(self.named(view)))
            }
            Request::Export { what, redact, from } => {
                let mut handing = std::mem::take(&mut self.handing);
                let answer = exporting::export(self, &mut handing, what, redact.as_ref(), *from);
                self.handing = handing;
                answer.map(|view| Answer::Export(Box::new(view)))
            }
            _ => return None,
        })
    }

    /// What was found, with the names of the steps it was found in.
    fn named(&self, mut view: FindsView) -> FindsView {
        for place in view.finds.iter_mut().flat_map(|find| &mut find.places) {
            let sight = place.run.and_then(|run| self.shelf().sight(run).ok());
            if let Some(((sight, _), step)) = sight.zip(place.step) {
                place.name = cut(sight.name(step), NAME).to_owned();
            }
        }
        view
    }
}

/// Bytes of a step's name.
const NAME: usize = 80;
