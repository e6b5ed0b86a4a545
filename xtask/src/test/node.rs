//! Running the `*.test.mjs` of a folder in Node. What each group needs before it belongs in `checks`.

use super::Verdict;
use super::checks::{Checked, passed, skipped};
use crate::Outcome;
use crate::process::Run;
use crate::project::Project;
use crate::setup;
use std::fs;

/// What V8 does without in tests that make and drop many instances of the engine in one process: where it keeps account of
/// pages with code it crashes now and then (github.com/nodejs/node/issues/64500), and without a second compiler at work in
/// the background, and without keys to those pages, there is far less of that. The tests need none of it.
const WITHOUT: &[&str] =
    &["wasm-tier-up", "wasm-dynamic-tiering", "wasm-memory-protection-keys", "memory-protection-keys"];

/// All files of a folder, in one run of Node's test runner.
pub(super) fn tests(project: &Project, folder: &str, options: &[&str]) -> Checked {
    match run(project, folder, options) {
        Ok(run) => passed(run),
        Err(missing) => skipped(&missing),
    }
}

/// The same, to be started by whoever has more to say.
pub(super) fn run(project: &Project, folder: &str, options: &[&str]) -> Outcome<Run> {
    let files = files(project, folder)?;
    let run = Run::new(project, "node").args(["--test", "--test-reporter=spec"]).args(options).args(files);
    Ok(setup::with_browser(project, run))
}

/// Those of the engine: each file in a process of its own that is seen from here, so that a crash of Node itself can be told
/// from a test that failed.
pub(super) fn engine_tests(project: &Project) -> Checked {
    let files = match files(project, "tests/wasm") {
        Ok(files) => files,
        Err(missing) => return skipped(&missing),
    };
    // Each version of Node knows some of them, and refuses those that it does not.
    let known = Run::new(project, "node").args(["--v8-options"]).ask().unwrap_or_default();
    let without: Vec<String> = WITHOUT
        .iter()
        .filter(|name| known.contains(&format!(" --{name} ")))
        .map(|name| format!("--no-{name}"))
        .collect();
    let mut failed = Vec::new();
    for file in files {
        let run = Run::new(project, "node").args(&without).args(["--test-reporter=spec", &file]);
        failed.extend(setup::with_browser(project, run).show_through_a_crash().err());
    }
    if failed.is_empty() { Ok(Verdict::Passed) } else { Err(failed.join(" ")) }
}

/// The test files of a folder, named one by one: versions of Node differ in what a folder means.
fn files(project: &Project, folder: &str) -> Outcome<Vec<String>> {
    let entries = fs::read_dir(project.at(folder)).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut files: Vec<String> =
        names.filter(|name| name.ends_with(".test.mjs")).map(|name| format!("{folder}/{name}")).collect();
    if files.is_empty() {
        return Err(format!("there is no *.test.mjs in {folder}"));
    }
    files.sort_unstable();
    Ok(files)
}
