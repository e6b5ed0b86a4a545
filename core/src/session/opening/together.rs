//! Files of one whole that complete each other: all are read by one importer, as if they were one file, in the order in
//! which they were opened. Which files these are is told by `belonging`, whether a format needs it by its importer.

use super::detect::HEAD;
use super::{Before, Reading};
use crate::import::{Builder, Format, Importer, Matched, Probe, Walk, recognise};
use crate::session::{Opened, verdict};
use crate::source::{Source, unpack};
use std::collections::VecDeque;
use std::rc::Rc;

/// Whether the files of a document are to be read anew together with a further one of this format.
pub(super) fn are(open: &Opened, format: &Format, importer: &dyn Importer) -> bool {
    let document = &open.document;
    let same = document.files.iter().all(|file| file.format == format.id);
    same && !document.files.is_empty() && importer.together(document)
}

impl Before {
    /// What a document had before its files are read anew: the files, and what was done to get at their texts.
    pub(super) fn of_files(open: &Opened) -> Before {
        Before {
            files: open.document.files.clone(),
            diagnostics: verdict::prepared(&open.document),
            dialects: Vec::new(),
            unknown: 0,
            sources: open.sources.clone(),
            reveals: open.reveals.clone(),
        }
    }
}

impl Reading {
    /// Begins with the first file of the document; the further one comes last.
    pub(super) fn anew(
        (format, matched, also): (&'static Format, Matched, Vec<&'static Format>),
        importer: Box<dyn Importer>,
        before: Before,
        further: Rc<dyn Source>,
    ) -> Reading {
        let sources = before.sources.iter().cloned().chain([Rc::clone(&further)]);
        let rest: VecDeque<_> = (0..=u16::MAX).zip(sources).collect();
        let file = u16::try_from(before.files.len()).unwrap_or(u16::MAX);
        let mut reading = Reading {
            walk: Walk::new(file, 0),
            source: further,
            rest,
            together: true,
            importer,
            build: Builder::default(),
            format: format.id,
            matched,
            also,
            file,
            before: Some(before),
            drafts_before: 0,
        };
        reading.another();
        reading
    }

    /// Goes on with the next file.
    pub(super) fn another(&mut self) {
        let Some((file, source)) = self.rest.pop_front() else { return };
        let mut head = Vec::new();
        // A file that cannot be read says so when it is walked over.
        let _ = source.read(0, HEAD, &mut head);
        let last = head.len() as u64 >= source.len();
        let start = if let unpack::Shell::Text(start) = unpack::shell(&head) { start } else { 0 };
        head.drain(..usize::try_from(start).unwrap_or(0).min(head.len()));
        let probe = Probe::new(&head, last);
        let found = recognise(&probe).filter(|found| found.format.id == self.format);
        match found.and_then(|found| found.payload) {
            Some(payload) => {
                let inside = head.get(payload.at..payload.end).unwrap_or(&[]);
                self.importer.another(&Probe::new(inside, payload.end < head.len()));
                self.walk = if payload.key.is_empty() {
                    Walk::new(file, start)
                } else {
                    Walk::new(file, start + payload.at as u64).once()
                };
            }
            None => {
                self.importer.another(&probe);
                self.walk = Walk::new(file, start);
            }
        }
        self.source = source;
    }
}
