//! The samples of the gallery hold what their manifest says.

#![allow(clippy::expect_used, clippy::unwrap_used, unreachable_pub)]

use chaindebug_core::session::Session;
use chaindebug_core::source::Memory;
use std::path::Path;

#[test]
fn each_sample_opens_with_the_counts_of_the_manifest() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../playground-samples");
    let text = std::fs::read_to_string(folder.join("manifest.json")).expect("the manifest");
    let manifest: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let mut wrong = Vec::new();
    for sample in manifest["samples"].as_array().expect("samples") {
        for (file, expected) in sample["expected"].as_object().expect("expected counts") {
            let mut session = Session::new();
            let bytes = std::fs::read(folder.join(file)).expect("a sample");
            let mut opening = session.open(file, Box::new(Memory(bytes)), None);
            while session.advance(&mut opening, 1 << 16).document.is_none() {}
            let view = session.documents().swap_remove(0);
            let count = |key: &str| expected[key].as_u64().unwrap_or(0);
            let steps: u64 = view.runs.iter().map(|run| u64::from(run.steps)).sum();
            let errors: u64 = view.runs.iter().map(|run| u64::from(run.errors)).sum();
            let found = (steps, errors, view.runs.len() as u64, view.pipelines.len() as u64);
            let wanted = (count("steps"), count("errors"), count("runs"), count("pipelines"));
            if found != wanted {
                wrong.push(format!("{file}: {found:?}, the manifest says {wanted:?}; {}", view.explanation));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
