//! IA Modules' own validator against what the real one said, where `CHAINDEBUG_CORPUS` names a folder of real files.

// A helper of tests fails as a test does; clippy knows only functions marked as tests.
#![allow(clippy::unwrap_used)]

use chaindebug_core::ia_modules::validate::validate;
use serde_json::{Value, json};
use std::path::PathBuf;

fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("CHAINDEBUG_CORPUS").map(PathBuf::from)?.join("ia_modules");
    folder.is_dir().then_some(folder)
}

#[test]
fn every_recorded_validation_is_the_same() {
    let Some(folder) = corpus() else { return };
    let cases: Vec<Value> =
        serde_json::from_slice(&std::fs::read(folder.join("validator_cases.json")).unwrap()).unwrap();
    assert!(cases.len() >= 200);
    for case in &cases {
        let text = case["pipeline"].to_string();
        let said = validate(text.as_bytes(), case["strict"].as_bool().unwrap());
        let expected = &case["expect"];
        match expected["crash"].as_str() {
            Some(crash) => {
                let told = said.errors.last().is_some_and(|error| error.contains(crash));
                assert!(!said.is_valid && told, "{}: {said:?}", case["id"]);
            }
            None => assert_eq!(&json!(said), expected, "{}", case["id"]),
        }
    }
}

#[test]
fn every_real_pipeline_is_judged_the_same() {
    let Some(folder) = corpus() else { return };
    let mut judged = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Some(stem) = name.strip_suffix(".validate_oracle.json") else { continue };
        let oracle: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let text = std::fs::read(folder.join(format!("{stem}.json"))).unwrap();
        assert_eq!(json!(validate(&text, false)), oracle["static_no_import"], "{name}");
        judged += 1;
    }
    assert!(judged >= 10);
}
