//! How a file was read, and what a mapping would make of it.

use super::Session;
use crate::import::mapped::{FieldSeen, Mapping, Survey, guess};
use crate::import::{ASKED, Builder, Probe, Walk, formats};
use crate::protocol::{Answer, FieldShape, FieldView, FormatFit, MappingView, Reason, RecordList, VerdictView};
use crate::source::{Source, unpack};
use crate::view::index::RunIndex;
use crate::view::tree::TreeState;

/// Bytes of the file that fields are looked for in.
const HEAD: usize = 256 << 10;
/// Bytes of the file that are read to show what comes out.
const TRIED: u64 = 1 << 20;
/// Steps that are shown of it.
const ROWS: u32 = 40;
/// Mappings that are looked at for whether they fit.
const SAVED: usize = 100;

/// The head of a document's first file, without a mark, where it begins, and whether it is all.
fn head(source: &dyn Source) -> Result<(Vec<u8>, u64, bool), String> {
    let mut head = Vec::new();
    source.read(0, HEAD, &mut head).map_err(|error| error.0)?;
    let start = if let unpack::Shell::Text(start) = unpack::shell(&head) { start } else { 0 };
    let whole = head.len() as u64 >= source.len();
    head.drain(..usize::try_from(start).unwrap_or(0).min(head.len()));
    Ok((head, start, whole))
}

/// Codes of what is said when a text had to be changed, or parts of it were passed over, before it could be read.
const REPAIRS: [&str; 24] = [
    "archive",
    "archive-files",
    "archive-too-many",
    "zstd",
    "unpacking-damaged",
    "csv",
    "csv-cut",
    "gzip",
    "gzip-damaged",
    "utf-16",
    "byte-order-mark",
    "container-log",
    "reshaped",
    "yaml",
    "yaml-damaged",
    "unpacked-too-large",
    "damaged-json",
    "truncated",
    "log-prefix",
    "lines-without-json",
    "duplicate-id",
    "parent-cycle",
    "ends-before-start",
    "unreadable",
];

/// What a document's first file was recognised as, why, and what else there is.
pub(super) fn verdict(session: &Session, document: u32) -> Result<Answer, String> {
    let opened = session.opened.get(document as usize).and_then(Option::as_ref).ok_or("This document is closed.")?;
    let source = opened.sources.first().ok_or("There is no such file in this document.")?;
    let file = opened.document.files.first().ok_or("There is no such file in this document.")?;
    let (head, _, last) = head(source.as_ref())?;
    let probe = Probe::new(&head, last);
    let formats = formats().map(|format| FormatFit {
        id: format.id.to_owned(),
        name: format.name.to_owned(),
        because: (format.detect)(&probe).map(|matched| matched.because).unwrap_or_default(),
    });
    let said = opened.document.diagnostics.iter().filter(|one| REPAIRS.contains(&one.code.as_str()));
    Ok(Answer::Verdict(Box::new(VerdictView {
        format: file.format.to_owned(),
        label: file.label.clone(),
        because: file.because.clone(),
        asked: file.because.starts_with(ASKED),
        repaired: said.map(|one| one.message.clone()).collect(),
        unknown: opened.document.unknown_attributes,
        formats: formats.collect(),
        mappable: !Survey::of(&probe, None).lists.is_empty(),
    })))
}

/// What a mapping, or a guess, makes of a document's first file.
pub(super) fn mapping(
    session: &Session,
    document: u32,
    mapping: Option<Mapping>,
    saved: &[Mapping],
) -> Result<Answer, String> {
    let opened = session.opened.get(document as usize).and_then(Option::as_ref).ok_or("This document is closed.")?;
    let source = opened.sources.first().ok_or("There is no such file in this document.")?;
    let (text, start, last) = head(source.as_ref())?;
    let probe = Probe::new(&text, last);
    let survey = Survey::of(&probe, mapping.as_ref().map(|mapping| mapping.records.as_str()));
    if survey.lists.is_empty() && mapping.is_none() {
        return Err("There are no JSON objects in this file whose fields could be mapped.".to_owned());
    }
    let (mapping, reasons) = match mapping {
        Some(mapping) if !mapping.fields.is_empty() => (mapping, Vec::new()),
        // One that names no field only says where the records are.
        given => {
            let guess = guess(&survey);
            let reasons = guess.reasons.into_iter().map(|(role, why)| Reason { role, why }).collect();
            (Mapping { name: given.map(|given| given.name).unwrap_or_default(), ..guess.mapping }, reasons)
        }
    };
    let fits = |saved: &Mapping| {
        let other;
        let survey = if saved.records == survey.records {
            &survey
        } else {
            other = Survey::of(&probe, Some(&saved.records));
            &other
        };
        !saved.fields.is_empty() && saved.fields.values().all(|path| survey.field(path).is_some())
    };
    let fits = saved.iter().take(SAVED).zip(0u32..).filter(|(saved, _)| fits(saved)).map(|(_, at)| at).collect();
    let mut view = MappingView {
        reasons,
        lists: survey.lists.iter().map(|list| RecordList { path: list.path.clone(), records: list.records }).collect(),
        fields: survey.fields.iter().map(field).collect(),
        looked: survey.looked,
        fits,
        runs: 0,
        steps: 0,
        whole: false,
        rows: Vec::new(),
        problems: Vec::new(),
        mapping,
    };
    attempt(&mut view, source.as_ref(), start)?;
    Ok(Answer::Mapping(Box::new(view)))
}

fn field(field: &FieldSeen) -> FieldView {
    let shapes = [FieldShape::Text, FieldShape::Number, FieldShape::Flag, FieldShape::Object, FieldShape::List];
    let one = shapes.into_iter().zip(field.shapes).find(|(_, count)| *count == field.told);
    FieldView {
        path: field.path.clone(),
        shape: one.map_or(FieldShape::Mixed, |(shape, _)| shape),
        told: field.told,
        samples: field.samples.clone(),
    }
}

/// Reads the beginning of a file by the mapping, as it would be opened.
fn attempt(view: &mut MappingView, source: &dyn Source, start: u64) -> Result<(), String> {
    let mut importer = view.mapping.importer(0);
    let (mut walk, mut build) = (Walk::new(0, start), Builder::default());
    view.whole = walk.advance(source, importer.as_mut(), &mut build, TRIED).map_err(|error| error.0)?;
    importer.finish(&mut build);
    let document = build.finish();
    view.runs = u32::try_from(document.runs.len()).unwrap_or(u32::MAX);
    view.steps = document.runs.iter().fold(0u32, |sum, run| sum.saturating_add(run.steps.len() as u32));
    for run in &document.runs {
        let left = ROWS.saturating_sub(view.rows.len() as u32);
        if left == 0 {
            break;
        }
        let index = RunIndex::new(run);
        let mut tree = TreeState::new(run, &index);
        tree.set_open(run, None, true, true);
        view.rows.extend(tree.rows(run, &index, &document.names, 0, left).rows);
    }
    // What a part of the file cannot tell is not said: a parent may stand behind it.
    let of_all = ["orphan", "truncated", "damaged-json"];
    let told = document.diagnostics.into_iter().filter(|one| view.whole || !of_all.contains(&one.code.as_str()));
    view.problems = told.map(|diagnostic| diagnostic.message).collect();
    Ok(())
}
