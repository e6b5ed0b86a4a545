//! Files read as somebody says: by a mapping of their fields, and with prices.

mod support;

use serde_json::json;
use support::{Folder, OWN, chaindebug, chaindebug_with};

const LOG: &str = r#"{"step":"s-1","from":null,"what":"plan","began":1700000000000,"took":90}
{"step":"s-2","from":"s-1","what":"look up","began":1700000000010,"took":30}
"#;

#[test]
fn a_guessed_mapping_opens_the_file_it_was_guessed_from() {
    let folder = Folder::new("mapping");
    let log = folder.write("log.jsonl", LOG);
    let refused = chaindebug(&["open", &log]);
    assert!(refused.code == 1 && refused.out.contains("`chaindebug mapping FILE`"), "{}", refused.out);
    let guess = chaindebug(&["mapping", &log]);
    assert_eq!((guess.code, &guess.json()["fields"]["parent"]), (0, &json!("from")));
    let mapping = folder.write("mapping.json", guess.out.as_bytes());
    let opened = chaindebug(&["open", "--json", "--mapping", &mapping, &log]);
    let run = &opened.json()["documents"][0]["runs"][0];
    assert_eq!(
        (opened.code, &run["steps"], &run["roots"], &run["duration_ns"]),
        (0, &json!(2), &json!(1), &json!(90_000_000))
    );
    // Standard input has no second reading.
    assert_eq!(chaindebug_with(&["mapping", "-"], LOG.as_bytes()).json()["fields"]["id"], json!("step"));
}

#[test]
fn a_mapping_that_is_none_is_wrong_usage() {
    let folder = Folder::new("no-mapping");
    let (log, wrong) = (folder.write("log.jsonl", LOG), folder.write("wrong.json", r#"{"fields":{"colour":"x"}}"#));
    let ran = chaindebug(&["open", "--mapping", &wrong, &log]);
    assert!(ran.code == 2 && ran.err.contains("colour"), "{} {}", ran.code, ran.err);
    let ran = chaindebug(&["mapping", &folder.write("text", "no JSON at all")]);
    assert!(ran.code == 1 && ran.err.contains("no JSON objects"), "{} {}", ran.code, ran.err);
}

#[test]
fn costs_are_worked_out_and_marked() {
    let folder = Folder::new("prices");
    let own = folder.write("own.jsonl", OWN);
    let prices = r#"{"date":"2026-11-01","prices":[{"model":"*","input":1000,"output":10000}]}"#;
    let prices = folder.write("prices.json", prices);
    let ran = chaindebug(&["open", "--prices", &prices, &own]);
    for part in ["≈$0.3020", "price table of 2026-11-01"] {
        assert!(ran.out.contains(part), "{part}: {}", ran.out);
    }
    let json = chaindebug(&["open", "--json", "--prices", &prices, &own]).json();
    assert_eq!(json["documents"][0]["runs"][0]["usage"]["cost_computed"], json!(true));
    assert_eq!(json["prices"][0]["models"][0]["priced"], json!(1));
    let plain = chaindebug(&["open", "--json", &own]).json();
    assert_eq!(
        (&plain["prices"], &plain["documents"][0]["runs"][0]["usage"]["cost_computed"]),
        (&json!(null), &json!(null))
    );
}
