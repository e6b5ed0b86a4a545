//! An export, in pieces: what is to be redacted is scanned first, then the text is made piece by piece.

use super::Handing;
use super::drawn;
use super::runs::{Met, Reading, RunHead};
use super::scanning::{Scanned, Scanning, text_of};
use crate::export::{jsonl, otlp};
use crate::protocol::{ExportFormat, ExportView, Exported, Redaction};
use crate::redact::{Chosen, Redactor, Second};
use crate::session::Session;
use crate::source::Memory;
use crate::view::cut;

/// Bytes of one piece, more or less.
const PIECE: usize = 1 << 20;
/// Bytes of steps that are read for one answer.
const SLICE: usize = 8 << 20;
/// Rows of a table that are made at once.
pub(super) const ROWS: u32 = 2_000;

/// An export and how far it has come.
pub(super) struct Exporting {
    what: Exported,
    redact: Option<Redaction>,
    /// Bytes handed over.
    given: u64,
    /// Steps written, and all that are to be.
    steps: (u64, u64),
    work: Work,
    second: Option<Second>,
    notes: Vec<String>,
}

/// What is still to be done.
pub(super) enum Work {
    /// Runs are written step by step.
    Runs(Reading, otlp::Spans),
    /// Runs are written without secrets into memory, to be opened and exported from there.
    Copy(Reading, String),
    /// A table is written from here on.
    Table(drawn::Table),
    /// The text is made: what is left of it from this byte on.
    Made(String, usize),
}

/// Begins an export, or goes on with it.
pub(super) fn export(
    session: &mut Session,
    handing: &mut Handing,
    what: &Exported,
    redact: Option<&Redaction>,
    from: Option<u64>,
) -> Result<ExportView, String> {
    let same = |kept: &Exporting| kept.what == *what && kept.redact.as_ref() == redact;
    let kept = handing.export.take().filter(|kept| same(kept));
    let mut export = match (from, kept) {
        (Some(from), Some(kept)) if kept.given == from => kept,
        (Some(_), _) => return Err("This export was dropped. Begin it again.".to_owned()),
        (None, _) => Box::new(Exporting::new(session, what, redact)?),
    };
    if let Some(redact) = redact
        && let Some(progress) = scanned(session, handing, what, redact)?
    {
        let view = ExportView { next: Some(export.given), progress: progress / 2.0, ..export.named(session) };
        handing.export = Some(export);
        return Ok(view);
    }
    let redactor = handing.scan.as_ref().map(|scan| &scan.redactor).filter(|_| redact.is_some());
    let view = export.piece(session, redactor)?;
    if view.next.is_some() {
        handing.export = Some(export);
    }
    Ok(view)
}

/// Scans on until all is scanned that is to be redacted: how far it has come while it is not.
fn scanned(
    session: &Session,
    handing: &mut Handing,
    what: &Exported,
    redact: &Redaction,
) -> Result<Option<f32>, String> {
    let documents = drawn::documents(session, what)?;
    let all = Scanned { runs: what.runs.clone(), documents, texts: what.text.iter().cloned().collect() };
    let covered = handing.scan.take().filter(|scan| scan.covers(&all, &redact.patterns));
    let mut scan = match covered {
        Some(scan) => scan,
        None => Box::new(Scanning::new(session, all, &redact.patterns)?),
    };
    if !scan.is_done() {
        scan.advance(session)?;
    }
    let progress = (!scan.is_done()).then(|| scan.progress());
    handing.scan = Some(scan);
    Ok(progress)
}

impl Exporting {
    fn new(session: &mut Session, what: &Exported, redact: Option<&Redaction>) -> Result<Exporting, String> {
        drawn::check(session, what)?;
        let shelf = session.shelf();
        let mut steps = 0u64;
        for &run in &what.runs {
            steps = steps.saturating_add(shelf.sight(run)?.0.run.steps.len() as u64);
        }
        let streamed = matches!(what.to, ExportFormat::Jsonl | ExportFormat::Otlp);
        let work = if streamed {
            Work::Runs(Reading::default(), otlp::Spans::default())
        } else if redact.is_some() {
            Work::Copy(Reading::default(), String::new())
        } else {
            drawn::begin(session, what)?
        };
        Ok(Exporting {
            what: what.clone(),
            redact: redact.cloned(),
            given: 0,
            steps: (0, steps),
            work,
            second: redact.map(|_| Second::default()),
            notes: drawn::notes(what),
        })
    }

    /// A view with the name and type of the file.
    fn named(&self, session: &Session) -> ExportView {
        let (file, media) = drawn::name(session, &self.what, self.redact.is_some());
        ExportView { file, media: media.to_owned(), ..ExportView::default() }
    }

    fn progress(&self) -> f32 {
        let done = match &self.work {
            Work::Made(text, at) => *at as f32 / text.len().max(1) as f32,
            Work::Table(table) => table.progress(),
            _ => self.steps.0 as f32 / self.steps.1.max(1) as f32,
        };
        let done = done.clamp(0.0, 1.0);
        if self.redact.is_some() { 0.5 + done / 2.0 } else { done }
    }

    /// The next piece.
    fn piece(&mut self, session: &mut Session, redactor: Option<&Redactor>) -> Result<ExportView, String> {
        let chosen = redactor.zip(self.redact.as_ref()).map(|(redactor, choice)| redactor.chosen(choice));
        let mut text = String::new();
        let done = match &mut self.work {
            Work::Runs(reading, spans) => {
                let jsonl = self.what.to == ExportFormat::Jsonl;
                let steps = &mut self.steps.0;
                let mut writer = Writer { jsonl, spans, out: &mut text, chosen: chosen.as_ref(), values: true };
                let mut left = SLICE;
                let all = reading.on(&session.shelf(), &self.what.runs, &mut |met| {
                    if let Met::Step(..) = &met {
                        *steps = steps.saturating_add(1);
                    }
                    left = left.saturating_sub(writer.write(met));
                    Ok(left > 0 && writer.out.len() < PIECE)
                })?;
                if all && !jsonl {
                    spans.end(&mut text);
                }
                all
            }
            Work::Copy(reading, copy) => {
                let steps = &mut self.steps.0;
                let mut spans = otlp::Spans::default();
                let values = self.what.to == ExportFormat::Markdown;
                let mut writer = Writer { jsonl: true, spans: &mut spans, out: copy, chosen: chosen.as_ref(), values };
                let mut left = SLICE;
                let all = reading.on(&session.shelf(), &self.what.runs, &mut |met| {
                    if let Met::Step(..) = &met {
                        *steps = steps.saturating_add(1);
                    }
                    left = left.saturating_sub(writer.write(met));
                    Ok(left > 0)
                })?;
                if all {
                    let copy = std::mem::take(copy);
                    self.work = begin_redacted(session, &self.what, copy, chosen.as_ref())?;
                }
                false
            }
            Work::Table(table) => table.more(session, &mut text, PIECE)?,
            Work::Made(made, at) => {
                let piece = cut(made.get(*at..).unwrap_or(""), PIECE);
                text.push_str(piece);
                *at += piece.len();
                *at >= made.len()
            }
        };
        self.given = self.given.saturating_add(text.len() as u64);
        if let Some(second) = &mut self.second
            && let Some(chosen) = &chosen
        {
            second.look(&text, done, chosen);
        }
        let mut view = ExportView { progress: self.progress(), text, ..self.named(session) };
        if done {
            view.progress = 1.0;
            view.notes = std::mem::take(&mut self.notes);
            if let (Some(second), Some(chosen)) = (&mut self.second, &chosen) {
                view.report = Some(second.report(chosen));
            }
        } else {
            view.next = Some(self.given);
        }
        Ok(view)
    }
}

/// Writes runs, without what is to be redacted.
struct Writer<'a> {
    jsonl: bool,
    spans: &'a mut otlp::Spans,
    out: &'a mut String,
    chosen: Option<&'a Chosen<'a>>,
    /// Whether what steps hold is written, besides what they are.
    values: bool,
}

impl Writer<'_> {
    /// Writes what was met; about how much of the files it was.
    fn write(&mut self, met: Met) -> usize {
        match met {
            Met::Run(_, head) => {
                let head = match self.chosen {
                    Some(chosen) => RunHead {
                        id: chosen.text(&head.id),
                        name: chosen.text(&head.name),
                        attributes: chosen.text(&head.attributes),
                    },
                    None => head,
                };
                self.begin(&head);
                head.attributes.len()
            }
            Met::Step(_, _, mut step) => {
                let weight = step.weight();
                if !self.values {
                    step.drop_values();
                }
                if let Some(chosen) = self.chosen {
                    chosen.step(&mut step);
                }
                if self.jsonl {
                    jsonl::step(&step, self.out);
                } else {
                    self.spans.step(&step, self.out);
                }
                weight
            }
        }
    }

    fn begin(&mut self, head: &RunHead) {
        if self.jsonl {
            jsonl::header(&head.id, &head.name, &head.attributes, self.out);
        } else {
            self.spans.run(&head.id, &head.name, self.out);
        }
    }
}

/// Opens what was redacted in a session of its own, and begins the export of it there.
fn begin_redacted(
    session: &mut Session,
    what: &Exported,
    copy: String,
    chosen: Option<&Chosen<'_>>,
) -> Result<Work, String> {
    let Some(chosen) = chosen else { return Err("Nothing was scanned. Begin the export again.".to_owned()) };
    if let Some(text) = &what.text {
        return Ok(Work::Made(chosen.text(text), 0));
    }
    let mut own = Session::new();
    let mut inner = Exported { runs: (0..what.runs.len() as u32).collect(), ..what.clone() };
    let (name, text) = match drawn::documents(session, what)?.first() {
        Some(&document) => {
            let text = chosen.text(&text_of(session, document)?);
            if what.to == ExportFormat::Text {
                return Ok(Work::Made(text, 0));
            }
            inner.pipeline = Some(drawn::within_document(session, what)?);
            (chosen.text(&drawn::file_name(session, document)), text)
        }
        None => ("redacted.jsonl".to_owned(), copy),
    };
    let mut opening = own.open(&name, Box::new(Memory(text.into_bytes())), None);
    while own.advance(&mut opening, SLICE as u64).document.is_none() {}
    drawn::check(&own, &inner)
        .map_err(|_| "What is left after redaction cannot be read any more: keep some of what was found.".to_owned())?;
    let options = session.options_of(&what.runs);
    drawn::begin_in(&mut own, &inner, &options).map(|work| work.owned(own))
}

impl Work {
    /// The work with the session it is done in.
    fn owned(self, own: Session) -> Work {
        match self {
            Work::Table(table) => Work::Table(table.within(own)),
            other => other,
        }
    }

    pub(super) fn made(text: String) -> Work {
        Work::Made(text, 0)
    }

    pub(super) fn table(table: drawn::Table) -> Work {
        Work::Table(table)
    }
}

pub(super) type Begun = Work;
