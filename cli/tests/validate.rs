//! `chaindebug validate` as a script and a person meet it: the document, the exit status, the words.

// A helper of tests fails as a test does; clippy knows only functions marked as tests.
#![allow(clippy::unwrap_used)]

mod support;

use serde_json::{Value, json};
use support::{Folder, Ran, chaindebug, chaindebug_with};

const VALID: &str = r#"{"name": "p", "steps": [
  {"id": "a", "name": "a", "step_class": "A", "class": "A", "module": "m"}], "flow": {"start_at": "a", "paths": []}}"#;
const ODD: &str = r#"{"name": "p", "steps": [
  {"id": "a", "name": "a b", "step_class": "A", "class": "A", "module": "m"},
  {"id": "b", "name": "b", "step_class": "A", "class": "A", "module": "m"}],
  "flow": {"start_at": "a", "paths": [{"from": "a", "to": "b", "condition": {"type": "expression",
    "config": {"source": "a.n", "operator": ">=", "value": 3}}}]}}"#;

fn said(text: impl AsRef<[u8]>, more: &[&str]) -> Ran {
    let arguments: Vec<&str> =
        ["validate", "-", "--as", "ia-modules"].into_iter().chain(more.iter().copied()).collect();
    chaindebug_with(&arguments, text.as_ref())
}

/// The document, which must have these keys in this order and no other.
fn document(ran: &Ran) -> Value {
    let keys: Vec<&str> = ran.out.lines().filter(|line| line.starts_with("  \"")).collect();
    let names: Vec<&str> = keys.iter().filter_map(|line| line.split('"').nth(1)).collect();
    assert_eq!(names, ["is_valid", "errors", "warnings", "info"], "{}", ran.out);
    ran.json()
}

#[test]
fn the_document_and_the_status() {
    let ran = said(VALID, &["--json"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(document(&ran), json!({"is_valid": true, "errors": [], "warnings": [], "info": []}));
    assert_eq!(ran.out.lines().next_back(), Some("}"));

    let ran = said(ODD, &["--json"]);
    let expected = json!({
        "is_valid": false,
        "errors": ["Start step 'a' is not defined in steps"],
        "warnings": [
            "Step name 'a b' should follow Python identifier naming convention",
            "Path 0: unknown condition type 'expression'. Known types: always, field_equals, field_exists, \
             field_greater_than, field_less_than, all, any, not, custom, plugin",
            "Unreachable steps: a b, b",
        ],
        "info": [],
    });
    assert_eq!((ran.code, document(&ran)), (1, expected.clone()));

    let strict = document(&said(ODD, &["--json", "--strict"]));
    let errors: Vec<&str> = strict["errors"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(errors.len(), 4);
    assert_eq!(errors[1], "[STRICT] Step name 'a b' should follow Python identifier naming convention");
    assert_eq!(strict["warnings"], json!([]));
}

#[test]
fn letters_beyond_ascii_are_escaped_as_python_does() {
    let ran = said(VALID.replace("\"name\": \"a\"", "\"name\": \"é😀\""), &["--json"]);
    assert!(ran.out.contains("Step name '\\u00e9\\ud83d\\ude00' should"), "{}", ran.out);
}

#[test]
fn where_the_real_one_crashes_the_document_says_why() {
    for text in ["[]", "null", "\"name\"", "3", r#"{"name": "p", "steps": [{"name": 3}], "flow": {}}"#] {
        let ran = said(text, &["--json"]);
        let document = document(&ran);
        assert_eq!((ran.code, &document["is_valid"]), (1, &json!(false)), "{text}");
        let last = document["errors"].as_array().unwrap().last().unwrap().as_str().unwrap().to_owned();
        assert!(last.contains("The real validator stops here with"), "{text}: {last}");
    }
    let nested = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(said(nested, &["--json"]).code, 1);
    let latin = said(b"{\"name\": \"\xe9\"}", &["--json"]);
    assert!(latin.code == 1 && latin.out.contains("UnicodeDecodeError"), "{}", latin.out);
}

#[test]
fn what_is_no_json_is_told_as_the_real_one_tells_it() {
    let folder = Folder::new("validate-no-json");
    for (name, text, python) in [
        ("empty", "", "Expecting value: line 1 column 1 (char 0)"),
        ("cut", "{\"name\": \"p\",", "Expecting property name enclosed in double quotes: line 1 column 14 (char 13)"),
        ("words", "name: p", "Expecting value: line 1 column 1 (char 0)"),
        ("mark", "\u{feff}{}", "Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0)"),
    ] {
        let path = folder.write(name, text);
        let ran = chaindebug(&["validate", &path, "--as", "ia-modules"]);
        let first = ran.err.lines().next().unwrap();
        assert_eq!((ran.code, first), (1, format!("Error: Invalid JSON in {path}: {python}").as_str()));
        let ran = chaindebug(&["validate", &path, "--as", "ia-modules", "--json"]);
        assert_eq!(document(&ran)["errors"], json!([format!("Invalid JSON: {python}")]), "{name}");
        assert_eq!(ran.code, 1);
    }
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(VALID.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let ran = said(&utf16, &["--json"]);
    assert_eq!((ran.code, &document(&ran)["is_valid"]), (1, &json!(false)));
}

#[test]
fn without_a_verdict_the_status_is_two() {
    let folder = Folder::new("validate-missing");
    let missing = folder.path("missing.json");
    let ran = chaindebug(&["validate", &missing, "--as", "ia-modules"]);
    assert_eq!((ran.code, ran.err), (2, format!("Error: Pipeline file not found: {missing}\n")));
    assert_eq!(chaindebug(&["validate", &folder.path(""), "--as", "ia-modules"]).code, 2);
    assert_eq!(chaindebug(&["validate"]).code, 2);
    assert_eq!(chaindebug(&["validate", &missing, "--as", "another"]).code, 2);
}

#[test]
fn findings_stand_in_the_document_when_they_are_asked_for() {
    let ran = said(ODD, &["--json", "--findings"]);
    let findings = ran.json()["findings"].clone();
    let wanted = findings.as_array().unwrap().iter().find(|finding| finding["id"] == "operator-ignored").unwrap();
    assert_eq!(wanted["line"], json!(5));
    assert_eq!(wanted["path"], json!("$.flow.paths[0].condition.config.operator"));
    assert!(wanted["fixes"][0]["title"].as_str().unwrap().contains("greater_than 2"));
}

#[test]
fn a_person_reads_it_in_eighty_columns() {
    let ran = said(ODD, &[]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.out.starts_with("✗ Pipeline validation FAILED\n\nErrors (1):\n  • Start step 'a' is not"),
        "{}",
        ran.out
    );
    let (_, ours) = ran.out.split_once("What the engine will do").unwrap();
    let long: Vec<&str> = ours.lines().filter(|line| line.chars().count() > 80).collect();
    assert_eq!(long, [] as [&str; 0]);
    for part in ["✗ error -:5:", "[operator-ignored]", "fix: Use greater_than 2", "✗ validator", "✓ raw loader"] {
        assert!(ours.contains(part), "{part} is not in:\n{ours}");
    }
    let ran = said(VALID, &[]);
    assert_eq!(ran.code, 0);
    assert!(ran.out.starts_with("✓ Pipeline validation PASSED\n"), "{}", ran.out);
    assert!(!ran.out.contains('\u{1b}'), "colours in a pipe");
}
