//! Runs that the real engine wrote, laid on the pipelines they followed: `CHAINDEBUG_CORPUS` names their folder. Without
//! the variable nothing is checked.

#![allow(clippy::expect_used, clippy::panic)]

use chaindebug_core::protocol::{Answer, FlowView, Request};
use chaindebug_core::session::Session;
use chaindebug_core::source::Memory;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn folder() -> Option<PathBuf> {
    let corpus = std::env::var_os("CHAINDEBUG_CORPUS").map(PathBuf::from)?;
    Some(corpus.join("ia_modules")).filter(|path| path.is_dir())
}

fn open(session: &mut Session, path: &Path) {
    let bytes = std::fs::read(path).expect("a readable file");
    let mut opening = session.open("unknown", Box::new(Memory(bytes)), None);
    while session.advance(&mut opening, 1 << 20).document.is_none() {}
}

/// Boxes with their visits, lines with their counts, and where the run ended, on one line.
fn told(view: &FlowView) -> String {
    let id = |key: u32| view.nodes.iter().find(|node| node.key == key).map_or("?", |node| node.id.as_str());
    let mut told = String::new();
    for node in view.nodes.iter().filter(|node| node.visits > Some(0) && node.id != "START") {
        write!(told, "{} ×{}", node.id, node.visits.unwrap_or_default()).expect("memory");
        if let Some(end) = node.end {
            write!(told, " {end:?}").expect("memory");
        }
        told.push_str(", ");
    }
    for edge in view.edges.iter().filter(|edge| id(edge.from) != "START") {
        write!(told, "{}>{} {}/{}, ", id(edge.from), id(edge.to), edge.taken.unwrap_or_default(), edge.refused)
            .expect("memory");
    }
    told + &view.note
}

/// The pipeline, and what every recording of its run says of it.
const PAIRS: &[(&str, &str)] = &[
    (
        "loop",
        "draft_content ×2, review_content ×2, publish_content ×1 Completed, draft_content>review_content 2/0, \
         review_content>draft_content 1/1, review_content>publish_content 1/1, ",
    ),
    (
        "parallel",
        "step1 ×1, step2 ×1, step3 ×1, step4 ×1, step5 ×1, step6 ×1 Completed, step1>step2 1/0, step1>step3 1/0, \
         step1>step4 1/0, step2>step5 0/0, step3>step5 0/0, step4>step5 1/0, step5>step6 1/0, ",
    ),
    ("simple", "step1 ×1, step2 ×1, step3 ×1 Completed, step1>step2 1/0, step2>step3 1/0, "),
    (
        "conditional",
        "step1 ×1, step2 ×1 DeadEnd, step1>step2 1/0, step2>step3 0/1, step2>step4 0/1, step3>step5 0/0, \
         step4>step5 0/0, ",
    ),
];

#[test]
fn every_recording_of_a_run_is_laid_alike() {
    let Some(folder) = folder() else { return };
    let mut files: Vec<String> = std::fs::read_dir(&folder)
        .expect("a folder")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    files.sort();
    for (pipeline, expected) in PAIRS {
        let mut laid = 0;
        let recordings = files.iter().filter(|name| name.starts_with("gen"));
        for name in recordings
            .filter(|name| name.split("__").last().is_some_and(|last| last.starts_with(&format!("{pipeline}."))))
        {
            for run_first in [false, true] {
                let mut session = Session::new();
                let definition = folder.join(format!("pipeline__{pipeline}_pipeline.json"));
                let both = [definition, folder.join(name)];
                for path in both.iter().cycle().skip(usize::from(run_first)).take(2) {
                    open(&mut session, path);
                }
                let documents = session.documents();
                // A format that is not read yet holds no run.
                for run in documents.iter().flat_map(|document| &document.runs) {
                    assert_eq!(run.pipeline, Some(0), "{name}");
                    let request = Request::PipelineFlow { pipeline: 0, reader: None, run: Some(run.run) };
                    let Answer::Flow(view) = session.answer(request) else { panic!("{name}: no flow") };
                    assert_eq!(told(&view), *expected, "{name}");
                    laid += 1;
                }
            }
        }
        assert!(laid >= 4, "{pipeline}: {laid} recordings laid");
    }
}
