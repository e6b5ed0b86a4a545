//! Files written by others: the project's samples with the counts of their manifest, and, where `CHAINDEBUG_CORPUS`
//! names a folder of real files with an `ORACLE.json`, those with the counts it states.

// A helper of tests fails as a test does; clippy knows only functions marked as tests.
#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{Map, Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use support::{chaindebug, project};

/// Folders of the corpus that hold formats this program reads.
const FOLDERS: &[&str] = &["otlp", "openinference", "otel-genai", "jaeger"];
/// In those folders, but of a format that is read later.
const LATER: &[&str] = &["phoenix-spans-pxi_turn_trace.json"];

/// The one document a file opens as, and how the program ended.
fn open(file: &Path) -> (i32, Value) {
    let ran = chaindebug(&["open", "--json", file.to_str().unwrap()]);
    let document = ran.json()["documents"][0].clone();
    (ran.code, document)
}

fn sum(document: &Value, field: &str) -> u64 {
    document["runs"].as_array().unwrap().iter().map(|run| run[field].as_u64().unwrap()).sum()
}

/// What was counted, in the words of the oracle.
fn counted(document: &Value) -> Map<String, Value> {
    let runs = document["runs"].as_array().unwrap().len();
    let counts = json!({
        "spans": sum(document, "steps"), "steps": sum(document, "steps"), "roots": sum(document, "roots"),
        "orphans": sum(document, "orphans"), "errors": sum(document, "errors"), "traces": runs, "runs": runs,
        "pipelines": document["pipelines"].as_array().unwrap().len(),
    });
    counts.as_object().unwrap().clone()
}

/// Where a document is not what was stated.
fn differences(name: &str, stated: &Value, document: &Value) -> Vec<String> {
    let counted = counted(document);
    let differs = |(what, stated): (&String, &Value)| {
        let found = counted.get(what)?;
        (found != stated).then(|| format!("{name}: {what} {found}, stated {stated}"))
    };
    stated.as_object().unwrap().iter().filter_map(differs).collect()
}

#[test]
fn samples_open_with_the_counts_of_their_manifest() {
    let folder = project().join("playground-samples");
    let manifest: Value = serde_json::from_str(&fs::read_to_string(folder.join("manifest.json")).unwrap()).unwrap();
    let mut wrong = Vec::new();
    for sample in manifest["samples"].as_array().unwrap() {
        for (file, expected) in sample["expected"].as_object().unwrap() {
            let (code, document) = open(&folder.join(file));
            if code != 0 {
                wrong.push(format!("{file}: not read: {}", document["explanation"]));
            }
            wrong.extend(differences(file, expected, &document));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("CHAINDEBUG_CORPUS").map(PathBuf::from);
    folder.filter(|folder| folder.join("ORACLE.json").is_file())
}

#[test]
fn real_traces_open_with_the_counts_of_the_oracle() {
    let Some(corpus) = corpus() else { return };
    let oracle: Value = serde_json::from_str(&fs::read_to_string(corpus.join("ORACLE.json")).unwrap()).unwrap();
    let mut wrong = Vec::new();
    let mut opened = 0;
    for (key, stated) in oracle.as_object().unwrap() {
        let (folder, name) = (key.split('/').next().unwrap(), key.rsplit('/').next().unwrap());
        if !FOLDERS.contains(&folder) || LATER.contains(&name) {
            continue;
        }
        let file = corpus.join(folder).join(name);
        if !file.is_file() {
            continue;
        }
        let (code, document) = open(&file);
        opened += 1;
        if code != 0 {
            wrong.push(format!("{key}: not read: {}", document["explanation"]));
            continue;
        }
        wrong.extend(differences(key, stated, &document));
        // Ids that occur twice are said, whatever their number.
        let twice = stated["duplicate_ids"].as_u64().unwrap_or(0);
        let said = document["diagnostics"]
            .as_array()
            .unwrap()
            .iter()
            .any(|d| d["code"].as_str().unwrap().contains("duplicate"));
        if (twice > 0) != said {
            wrong.push(format!("{key}: {twice} duplicate ids, said: {said}"));
        }
    }
    assert!(opened > 0, "the corpus holds none of the files its oracle names");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn real_files_of_ia_modules_open() {
    let Some(corpus) = corpus() else { return };
    let mut wrong = Vec::new();
    let mut files: Vec<PathBuf> =
        fs::read_dir(corpus.join("ia_modules")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        let pipeline = ["pipeline__", "history__", "doc__"].iter().any(|start| name.starts_with(start));
        let run = ["gen020__ndjson__", "gen020__run_result__", "run__"].iter().any(|start| name.starts_with(start));
        if name.contains("oracle") || !(pipeline || run) {
            continue;
        }
        let (code, document) = open(&file);
        let found = if pipeline { &document["pipelines"] } else { &document["runs"] };
        if code != 0 || found.as_array().is_none_or(Vec::is_empty) {
            wrong.push(format!("{name}: {}", document["explanation"]));
        }
        // Pages of documentation show excerpts: an edge may name a step the page leaves out.
        if name.starts_with("doc__") {
            continue;
        }
        // What the engine would do with a pipeline is no fault of the reading; that its parts were found is.
        let read =
            ["damaged-json", "truncated", "not-json", "wrong-kind", "steps-missing", "flow-missing", "edge-incomplete"];
        let errors =
            document["diagnostics"].as_array().unwrap().iter().filter(|d| {
                d["severity"] == json!("error") && (!pipeline || read.contains(&d["code"].as_str().unwrap()))
            });
        wrong.extend(errors.map(|error| format!("{name}: {}", error["message"])));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
