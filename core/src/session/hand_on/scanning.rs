//! A scan, in slices: every step of the runs and every text of the documents is looked at, twice where the first look
//! found what may stand elsewhere in another form (a user's name, a password).

use super::runs::{Met, Reading};
use crate::protocol::{FindPlace, OwnPattern, ScanView};
use crate::redact::Redactor;
use crate::session::Session;

/// Bytes that are looked at for one answer.
const SLICE: usize = 4 << 20;

/// What is looked through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Scanned {
    pub(super) runs: Vec<u32>,
    /// Documents whose text leaves.
    pub(super) documents: Vec<u32>,
    /// Texts that no document holds.
    pub(super) texts: Vec<String>,
}

impl Scanned {
    /// Whether all of the other is looked through with it.
    fn covers(&self, other: &Scanned) -> bool {
        other.runs.iter().all(|run| self.runs.contains(run))
            && other.documents.iter().all(|document| self.documents.contains(document))
            && other.texts.iter().all(|text| self.texts.contains(text))
    }
}

/// A scan and how far it has come.
pub(super) struct Scanning {
    what: Scanned,
    patterns: Vec<OwnPattern>,
    pub(super) redactor: Redactor,
    /// Steps, documents and texts looked at.
    given: u64,
    total: u64,
    again: bool,
    done: bool,
    reading: Reading,
    /// Documents and texts looked at in this round.
    text: usize,
}

impl Scanning {
    pub(super) fn new(session: &Session, what: Scanned, patterns: &[OwnPattern]) -> Result<Scanning, String> {
        let shelf = session.shelf();
        let mut total = (what.documents.len() + what.texts.len()) as u64;
        for &run in &what.runs {
            total = total.saturating_add(shelf.sight(run)?.0.run.steps.len() as u64);
        }
        for &document in &what.documents {
            shelf.document(document)?;
        }
        Ok(Scanning {
            what,
            patterns: patterns.to_vec(),
            redactor: Redactor::new(patterns)?,
            given: 0,
            total,
            again: false,
            done: false,
            reading: Reading::default(),
            text: 0,
        })
    }

    /// Whether what it looked at holds all of these, with these patterns.
    pub(super) fn covers(&self, what: &Scanned, patterns: &[OwnPattern]) -> bool {
        self.patterns == patterns && self.what.covers(what)
    }

    pub(super) fn is_done(&self) -> bool {
        self.done
    }

    pub(super) fn progress(&self) -> f32 {
        if self.done {
            return 1.0;
        }
        let rounds = if self.again { 1.0 } else { 0.0 };
        let half = self.given as f32 / self.total.max(1) as f32;
        ((rounds + half.min(1.0)) / 2.0).min(0.99)
    }

    /// Looks at about a slice more.
    pub(super) fn advance(&mut self, session: &Session) -> Result<(), String> {
        let shelf = session.shelf();
        let mut left = SLICE;
        while !self.done && left > 0 {
            let (redactor, given) = (&mut self.redactor, &mut self.given);
            let all = self.reading.on(&shelf, &self.what.runs, &mut |met| {
                match met {
                    Met::Run(run, head) => redactor.look_at_run(run, &head.id, &head.name, &head.attributes),
                    Met::Step(run, at, mut step) => {
                        left = left.saturating_sub(step.weight());
                        *given = given.saturating_add(1);
                        let place = FindPlace { run: Some(run), step: Some(at), ..FindPlace::default() };
                        redactor.look_at_step(&mut step, place);
                    }
                }
                Ok(left > 0)
            })?;
            if !all {
                break;
            }
            let document =
                self.what.documents.get(self.text).map(|&document| text_of(session, document)).transpose()?;
            let own = self.text.checked_sub(self.what.documents.len()).and_then(|at| self.what.texts.get(at));
            if let Some(text) = document.as_ref().or(own) {
                left = left.saturating_sub(text.len());
                self.redactor.look_at_text(text);
                self.text += 1;
                self.given = self.given.saturating_add(1);
                continue;
            }
            if !self.again && self.redactor.look_again() {
                (self.again, self.given, self.text) = (true, 0, 0);
                self.reading = Reading::default();
                continue;
            }
            self.done = true;
        }
        Ok(())
    }

    fn view(&self) -> ScanView {
        let next = (!self.done).then_some(self.given.max(1) + if self.again { self.total } else { 0 });
        self.redactor.view(next, self.progress())
    }
}

/// The whole text of a document's first file, as it is read.
pub(super) fn text_of(session: &Session, document: u32) -> Result<String, String> {
    let bytes = session.first_file(document)?;
    Ok(String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

/// Begins a scan, or goes on with it.
pub(super) fn scan(
    session: &Session,
    kept: &mut Option<Box<Scanning>>,
    what: Scanned,
    patterns: &[OwnPattern],
    from: Option<u64>,
) -> Result<ScanView, String> {
    let same = |scan: &Scanning| scan.what == what && scan.patterns == patterns;
    let mut scan = match kept.take().filter(|scan| from.is_some() && same(scan)) {
        Some(scan) => scan,
        None if from.is_some() => return Err("This scan was dropped. Begin it again.".to_owned()),
        None => Box::new(Scanning::new(session, what, patterns)?),
    };
    scan.advance(session)?;
    let view = scan.view();
    *kept = Some(scan);
    Ok(view)
}
