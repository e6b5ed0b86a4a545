//! Two runs through the protocol, as a face meets them.

use super::Session;
use crate::model::Status;
use crate::protocol::{
    Answer, CompareOptions, ComparisonView, DiffCursor, DiffItem, DiffMove, DiffRow, DiffRows, DiffValueRow, Mark,
    Request, Sign,
};
use crate::source::Memory;

/// A run in our own format: each line a step, two spaces a level, `name | input | output | rest of the JSON`.
fn trace(name: &str, lines: &str) -> String {
    let mut out = format!("{{\"chaindebug\":1,\"run\":{{\"id\":\"{name}\",\"name\":\"{name}\"}}}}\n");
    let mut around: Vec<usize> = Vec::new();
    for (at, line) in lines.lines().filter(|line| !line.trim().is_empty()).enumerate() {
        let depth = line.len() - line.trim_start().len();
        let mut parts = line.trim().split(" | ");
        let mut next = || parts.next().unwrap_or("").to_owned();
        let (step, input, output, rest) = (next(), next(), next(), next());
        around.truncate(depth / 2);
        let parent = around.last().map_or(String::new(), |parent| format!("\"parent\":\"{name}-{parent}\","));
        around.push(at);
        let value = |key: &str, text: &str| if text.is_empty() { String::new() } else { format!("\"{key}\":{text},") };
        let (input, output) = (value("input", &input), value("output", &output));
        let rest = if rest.is_empty() { String::new() } else { format!("{rest},") };
        let (from, to) = (at * 10, at * 10 + 5);
        out.push_str(&format!(
            "{{\"id\":\"{name}-{at}\",{parent}{input}{output}{rest}\"name\":\"{step}\",\
             \"start\":\"2026-03-02T09:{from:02}:00Z\",\"end\":\"2026-03-02T09:{to:02}:00Z\"}}\n"
        ));
    }
    out
}

fn session(runs: &[&str]) -> Session {
    let mut session = Session::new();
    for (at, lines) in runs.iter().enumerate() {
        let text = trace(&format!("run{at}"), lines);
        let mut opening = session.open("run.jsonl", Box::new(Memory(text.into_bytes())), None);
        while session.advance(&mut opening, 4096).document.is_none() {}
    }
    session
}

fn compare(session: &mut Session, options: &CompareOptions) -> ComparisonView {
    for _ in 0..1_000 {
        match session.answer(Request::Compare { a: 0, b: 1, options: options.clone() }) {
            Answer::Comparison(view) if view.done => return *view,
            Answer::Comparison(view) => assert!(view.progress < 1000),
            other => panic!("{other:?}"),
        }
    }
    panic!("it does not come to an end")
}

fn rows(session: &mut Session, fold: bool) -> Vec<DiffRow> {
    match session.answer(Request::DiffRows { fold, from: 0, count: 100 }) {
        Answer::DiffRows(DiffRows { rows, .. }) => rows,
        other => panic!("{other:?}"),
    }
}

fn item(session: &mut Session, item: u32) -> DiffItem {
    match session.answer(Request::DiffItem { item }) {
        Answer::DiffItem(item) => *item,
        other => panic!("{other:?}"),
    }
}

fn go(session: &mut Session, go: DiffMove) -> DiffCursor {
    match session.answer(Request::DiffGo { go, fold: true }) {
        Answer::DiffCursor(cursor) => cursor,
        other => panic!("{other:?}"),
    }
}

fn values(session: &mut Session, value: u32) -> Vec<DiffValueRow> {
    match session.answer(Request::DiffValueRows { value, from: 0, count: 100 }) {
        Answer::DiffValueRows(rows) => rows.rows,
        other => panic!("{other:?}"),
    }
}

const MONDAY: &str = r#"
answer | {"question": "Is my lamp covered?"} | "Yes, for 24 months."
  check | {"text": "Is my lamp covered?"} | {"ok": true}
  retrieve | {"query": "lamp warranty period Germany", "top_k": 4} | {"documents": [{"id": 1, "title": "Terms"}, {"id": 4, "title": "Prices"}]}
  rerank | {"threshold": 0.7} | {"kept": 3}
  draft | {"facts": 3} | "Yes, for 24 months." | "model": "small-1", "usage": {"input_tokens": 100, "output_tokens": 20, "cost": 0.001}
  cite | {"text": "Yes"} | {"citations": 2}
  log | {"turn": 1} | {"stored": true}
"#;

const TUESDAY: &str = r#"
answer | {"question": "Is my lamp covered?"} | "No, it is not."
  check | {"text": "Is my lamp covered?"} | {"ok": true}
  retrieve | {"query": "lamp price list Germany", "top_k": 4} | {"documents": [{"id": 4, "title": "Prices"}, {"id": 9, "title": "Spare parts"}]}
  rerank | {"threshold": 0.7} | {"kept": 0}
  rewrite | {"query": "lamp price list Germany"} | {"query": "lamp prices"}
  draft | {"facts": 0} | "No, it is not." | "model": "small-1", "usage": {"input_tokens": 150, "output_tokens": 30, "cost": 0.002}
  log | {"turn": 1} | {"stored": true}
"#;

#[test]
fn the_verdict_says_where_and_how_they_part() {
    let mut session = session(&[MONDAY, TUESDAY]);
    let view = compare(&mut session, &CompareOptions::default());
    assert_eq!(view.verdict, "Same until step 3 `retrieve`: `query` differs in 2 words; from there 5 steps differ.");
    assert_eq!(view.detail, "Every output before it is equal.");
    assert_eq!((view.same, view.steps, view.pairs), (false, (7, 7), 6));
    assert_eq!((view.only_a, view.only_b, view.repeated, view.differences), (1, 1, 0, 5));
    assert_eq!((view.tokens.a, view.tokens.b), (Some(120), Some(180)));
}

#[test]
fn rows_and_cursor_walk_the_differences() {
    let mut session = session(&[MONDAY, TUESDAY]);
    compare(&mut session, &CompareOptions::default());
    let told: Vec<String> = rows(&mut session, true)
        .iter()
        .map(|row| format!("{:?} {:?} {} {:?} {} {}", row.a, row.b, row.name, row.sign, row.inside, row.what))
        .collect();
    insta::assert_snapshot!(told.join("\n"));
    assert_eq!(go(&mut session, DiffMove::Stay).item, 2, "it begins where they part");
    let second = go(&mut session, DiffMove::NextDifference);
    assert_eq!((second.item, second.passed, second.here, second.differences), (3, 2, true, 5));
    assert!(second.spoken.starts_with("rerank, ") && second.spoken.ends_with("difference 2 of 5"), "{}", second.spoken);
    assert_eq!(go(&mut session, DiffMove::PreviousDifference).item, 2);
    assert_eq!(go(&mut session, DiffMove::PreviousDifference).item, 2, "there is none before");
    let last = go(&mut session, DiffMove::Last);
    assert_eq!((last.a, last.b, last.here), (Some((6, true)), Some((6, true)), false));
    assert_eq!(go(&mut session, DiffMove::ToStepB { step: 4 }).b, Some((4, true)));
    assert_eq!(go(&mut session, DiffMove::To { item: u32::MAX }).item, last.item);
    assert_eq!(go(&mut session, DiffMove::Parting).item, 2);
}

#[test]
fn an_item_shows_its_values_on_both_sides() {
    let mut session = session(&[MONDAY, TUESDAY]);
    compare(&mut session, &CompareOptions::default());
    let shown = item(&mut session, 2);
    let titles: Vec<_> = shown.sections.iter().map(|section| (section.title.as_str(), section.sign)).collect();
    assert_eq!(titles, [("Input", Sign::Changed), ("Output", Sign::Changed)]);
    assert!(shown.why.contains("of 4 words") || shown.why.contains("words of the input are equal"), "{}", shown.why);
    let rows = values(&mut session, shown.sections[0].value.unwrap());
    let query = rows.iter().find(|row| row.path == "$.query").unwrap();
    let changed = |spans: &[crate::protocol::Span], sign: Sign| {
        let words: Vec<_> = spans.iter().filter(|span| span.sign == sign).map(|span| span.text.trim()).collect();
        words.join(" ")
    };
    assert_eq!(changed(&query.a, Sign::OnlyA), "warranty period");
    assert_eq!(changed(&query.b, Sign::OnlyB), "price list");
    let rows = values(&mut session, shown.sections[1].value.unwrap());
    assert!(rows.iter().any(|row| row.moved), "the document found in both is known again: {rows:?}");
    // The values of another item take their place.
    let handle = shown.sections[0].value.unwrap();
    item(&mut session, 3);
    let answer = session.answer(Request::DiffValueRows { value: handle, from: 0, count: 1 });
    assert!(matches!(answer, Answer::Refused { .. }), "{answer:?}");
}

#[test]
fn pairs_by_hand_and_rules_change_the_outcome() {
    let mut session = session(&[MONDAY, TUESDAY]);
    let broken = CompareOptions { breaks: vec![(2, 2)], ..CompareOptions::default() };
    let view = compare(&mut session, &broken);
    assert_eq!((view.only_a, view.only_b), (2, 2));
    let pinned = CompareOptions { pins: vec![(5, 4)], ..CompareOptions::default() };
    let view = compare(&mut session, &pinned);
    assert_eq!((view.only_a, view.only_b, view.pairs), (0, 0, 7));
    let row = rows(&mut session, false).into_iter().find(|row| row.a == Some(5)).unwrap();
    assert!(row.b == Some(4) && row.marks.contains(&Mark::Pinned) && row.name_b == "rewrite", "{row:?}");
    let ruled = CompareOptions { rules: vec!["$.query".to_owned()], ..CompareOptions::default() };
    let view = compare(&mut session, &ruled);
    assert!(view.verdict.starts_with("Same until step 3 `retrieve`: with the same input, "), "{}", view.verdict);
    let wrong = CompareOptions { rules: vec!["query[".to_owned()], pins: vec![(99, 0)], ..CompareOptions::default() };
    assert_eq!(compare(&mut session, &wrong).problems.len(), 2);
}

#[test]
fn ids_and_times_are_noise() {
    let run = |id: &str, at: &str, took: &str| {
        format!(
            "fetch | {{\"request_id\": \"{id}\", \"url\": \"/lamps\"}} | {{\"created_at\": \"{at}\", \"duration_ms\": {took}, \"price\": 4.5}}"
        )
    };
    let a = run("6f9619ff-8b86-4d11-b42d-00c04fc964ff", "2026-03-02T09:15:04Z", "12.25");
    let b = run("0c7e4f7e-54b1-4f6c-9a3e-5a1f2f0b9d21", "2026-03-03T10:00:00Z", "14.5");
    let mut session = session(&[&a, &b]);
    let view = compare(&mut session, &CompareOptions::default());
    assert_eq!((view.same, view.noise), (true, 1), "{view:?}");
    assert!(view.verdict.starts_with("The runs are the same: 1 step"), "{}", view.verdict);
    assert_eq!(item(&mut session, 0).noise, 3);
    let view = compare(&mut session, &CompareOptions { noise: true, ..CompareOptions::default() });
    assert!(!view.same);
}

#[test]
fn a_failure_and_a_retry_are_told() {
    let a = "work | {\"n\": 1} | \"done\"\n  call | {\"q\": 1} | \"well\" | \"status\": \"ok\"";
    let b = "work | {\"n\": 1} | \"done\"\n  call | {\"q\": 1} |  | \"error\": {\"type\": \"Timeout\", \"message\": \"no answer\"}\n  call | {\"q\": 1} | \"well\" | \"status\": \"ok\"";
    let mut session = session(&[a, b]);
    let view = compare(&mut session, &CompareOptions::default());
    assert_eq!((view.repeated, view.only_b, view.pairs), (1, 0, 2));
    let failed = rows(&mut session, false).into_iter().find(|row| row.marks.contains(&Mark::Repeated)).unwrap();
    assert_eq!(failed.status.b, Some(Status::Error));
    assert!(failed.what.contains("once more") && failed.what.contains("Timeout"), "{}", failed.what);
}

#[test]
fn what_cannot_be_compared_says_so() {
    let mut session = session(&[MONDAY, "other | 1 | 2\nthing | 3 | 4"]);
    let view = compare(&mut session, &CompareOptions::default());
    assert_eq!(view.verdict, "The runs have no step in common: A begins with `answer`, B begins with `other`.");
    assert!(view.note.contains("of the same chain?"), "{}", view.note);
    let refused = |session: &mut Session, request: Request| matches!(session.answer(request), Answer::Refused { .. });
    assert!(refused(&mut session, Request::Compare { a: 0, b: 7, options: CompareOptions::default() }));
    assert!(refused(&mut session, Request::DiffItem { item: 999 }));
    assert!(refused(&mut session, Request::DiffValueRows { value: 999, from: 0, count: 1 }));
    session.answer(Request::Close { document: 1 });
    assert!(!matches!(session.answer(Request::DiffReport), Answer::Text { .. }), "its document is closed");
}

#[test]
fn a_run_is_the_same_as_itself() {
    let mut session = session(&[MONDAY, MONDAY]);
    let view = compare(&mut session, &CompareOptions::default());
    assert_eq!((view.same, view.differences, view.pairs, view.changed, view.noise), (true, 0, 7, 0, 0));
    assert!(rows(&mut session, true).iter().all(|row| row.sign == Sign::Same && row.what.is_empty()));
    let Answer::Text { text } = session.answer(Request::DiffReport) else { panic!("no report") };
    assert!(text.starts_with("### ✓ The runs are the same"), "{text}");
}

#[test]
fn the_report_is_markdown() {
    let mut session = session(&[MONDAY, TUESDAY]);
    compare(&mut session, &CompareOptions::default());
    let Answer::Text { text } = session.answer(Request::DiffReport) else { panic!("no report") };
    insta::assert_snapshot!(text);
}
