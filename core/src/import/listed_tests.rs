//! A document of every format in one more list: it reads as it does by itself, and several as they do line by line.

use super::damage_tests::fixtures;
use super::testing::open;

/// The steps of each run, what definitions there are, and what the text was read as.
fn read(text: &str) -> (String, Vec<u32>, usize) {
    let (_, view) = open(text);
    let runs = view.runs.iter().map(|run| run.steps).collect();
    (view.format.clone(), runs, view.pipelines.len())
}

#[test]
fn a_document_of_every_format_stands_in_a_list() {
    let mut wrong = Vec::new();
    for text in fixtures() {
        let one = text.trim();
        if serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(one).is_err() {
            continue;
        }
        let alone = read(one);
        let listed = read(&format!("[{one}]"));
        if listed != alone {
            wrong.push(format!(
                "{alone:?}\n  [1] {listed:?}\n  {}",
                one.chars().take(100).collect::<String>().replace('\n', " ")
            ));
        }
        let line = one.replace('\n', " ");
        let lines = read(&format!("{line}\n{line}\n"));
        let listed = read(&format!("[{one},\n{one}]"));
        if listed != lines {
            wrong.push(format!(
                "{alone:?} in lines {lines:?}\n  [2] {listed:?}\n  {}",
                one.chars().take(100).collect::<String>().replace('\n', " ")
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
