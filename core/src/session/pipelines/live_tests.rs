//! Typing in a pipeline: what is said at once is what reading all of the text says.

use super::*;
use crate::import::testing::open;
use crate::protocol::{EngineId, Loader, Request};
use proptest::prelude::*;

const TEXT: &str = r#" {"name": "p", "steps": [
      {"id": "a", "name": "a", "step_class": "A", "module": "m", "config": {"k": [1, {"x": "é"}]}},
      {"id": "b", "name": "b", "step_class": "B", "module": "m"}],
      "flow": {"start_at": "a", "paths": [{"from": "a", "to": "b"}, {"from": "b", "to": "end"}]}} "#;

fn amended(session: &mut Session, edits: Vec<TextEdit>) -> Amended {
    match session.answer(Request::Amend { document: 0, edits, target: Target::default() }) {
        Answer::Amended(amended) => *amended,
        other => panic!("{other:?}"),
    }
}

fn one(text: &str, what: &str, with: &str) -> Vec<TextEdit> {
    let start = text.find(what).unwrap() as u64;
    vec![TextEdit { start, end: start + what.len() as u64, text: with.to_owned() }]
}

#[test]
fn findings_come_before_the_document_is_read() {
    let (mut session, _) = open(TEXT);
    let said = amended(&mut session, one(TEXT, "\"to\": \"b\"", "\"to\": \"c\""));
    let ids: Vec<&str> = said.findings.iter().map(|finding| finding.id.as_str()).collect();
    assert_eq!(ids, ["edge-to-undefined-step", "terminal-not-found", "unreachable-step"]);
    assert_eq!((said.damage, said.document), (None, None));
    let edges = |session: &Session| {
        let pipeline = &session.opened[0].as_ref().unwrap().document.pipelines[0];
        pipeline.nodes.iter().any(|node| node.id == "c")
    };
    assert!(!edges(&session));
    // Whatever else is asked sees the document as it is now.
    let Answer::Text { text } = session.answer(Request::DocumentText { document: 0 }) else { panic!() };
    assert!(text.contains("\"to\": \"c\"") && edges(&session));
    let Answer::Findings(view) =
        session.answer(Request::Findings { pipeline: 0, target: Target::default(), strict: false })
    else {
        panic!()
    };
    assert_eq!(view.findings, said.findings);
}

#[test]
fn damage_is_told_and_mended() {
    let (mut session, _) = open(TEXT);
    let said = amended(&mut session, one(TEXT, "\"start_at\": \"a\"", "\"start_at\": \"a"));
    assert_eq!(said.damage.unwrap().id, "not-json");
    let damaged = TEXT.replacen("\"start_at\": \"a\"", "\"start_at\": \"a", 1);
    let said = amended(&mut session, one(&damaged, "\"start_at\": \"a", "\"start_at\": \"b\""));
    assert_eq!(said.damage, None);
    let mended = damaged.replacen("\"start_at\": \"a", "\"start_at\": \"b\"", 1);
    assert_eq!(said.findings, lint::findings_of(mended.as_bytes(), Target::default()));
    let said = amended(&mut session, one(&mended, "\"steps\": [", "\"stops\": ["));
    assert_eq!(said.damage.unwrap().id, "not-recognised");
}

#[test]
fn edits_that_do_not_fit_are_refused_and_change_nothing() {
    let (mut session, _) = open(TEXT);
    let inside = TEXT.find('é').unwrap() as u64 + 1;
    for (start, end) in [(inside, inside), (5, 4), (0, 10_000), (u64::MAX, u64::MAX)] {
        let edits = vec![TextEdit { start, end, text: "x".to_owned() }];
        let answer = session.answer(Request::Amend { document: 0, edits, target: Target::default() });
        assert!(matches!(answer, Answer::Refused { .. }), "{start} {end}");
    }
    let Answer::Text { text } = session.answer(Request::DocumentText { document: 0 }) else { panic!() };
    assert_eq!(text, TEXT);
    let answer = session.answer(Request::Amend { document: 7, edits: Vec::new(), target: Target::default() });
    assert!(matches!(answer, Answer::Refused { .. }));
}

#[test]
fn a_file_of_several_pipelines_is_read_anew() {
    let (mut session, _) = open(&format!("{TEXT}\n{TEXT}"));
    let said = amended(&mut session, one(TEXT, "\"to\": \"b\"", "\"to\": \"c\""));
    assert_eq!(said.document.unwrap().pipelines.len(), 2);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn many_edits_say_what_reading_all_of_it_says(
        edits in prop::collection::vec(
            (0usize..600, 0usize..30, prop_oneof![
                Just("\"".to_owned()), Just("{}".to_owned()), Just(", {\"from\": \"b\", \"to\": \"a\"}".to_owned()),
                Just(String::new()), "[a-c{}\\[\\]\",: é]{0,4}".prop_map(|s: String| s),
            ]), 1..8),
    ) {
        let (mut session, _) = open(TEXT);
        let mut text = TEXT.to_owned();
        for (at, len, with) in edits {
            let near = |at: usize| (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
            let (start, end) = (near(at), near(at + len));
            let before = text.clone();
            text.replace_range(start..end, &with);
            let said = amended(&mut session, vec![TextEdit { start: start as u64, end: end as u64, text: with }]);
            if said.document.is_some() {
                break;
            }
            prop_assert_eq!(said.bytes, text.len() as u64);
            let whole = lint::view(text.as_bytes(), Target::default(), false);
            if said.damage.as_ref().is_some_and(|damage| damage.id == "not-json") {
                prop_assert_eq!(&whole.findings[0].id, "not-json", "{} to {}", before, text);
            } else {
                prop_assert_eq!(&said.findings, &whole.findings, "{} to {}", before, text);
            }
        }
    }
}

/// Strings of the large pipeline that are put in the place of others.
const WORDS: [&str; 12] = [
    "s0",
    "s4",
    "s9",
    "s14",
    "end_with_success",
    "end_x",
    "end",
    "nobody",
    "",
    "score",
    "{{ parameters.limit }}",
    "{steps.s1.output.score}",
];

/// One change of a text that has one element a line: what it is, where, and by what.
fn change(text: &str, (kind, at, with): (u8, usize, usize)) -> Option<(usize, usize, String)> {
    let nth = |what: &str| {
        let places: Vec<usize> = text.match_indices(what).map(|(place, _)| place).collect();
        (!places.is_empty()).then(|| places[at % places.len()])
    };
    let word = |words: &[&str]| words[with % words.len()].to_owned();
    let line = |place: usize| (place, place + text[place..].find('\n').map_or(text.len() - place, |len| len + 1));
    // Everything up to the end of the string that begins with these letters, without its quotes.
    let string = |start: &str| {
        let place = nth(start)? + start.rfind('"')? + 1;
        Some((place, place + text[place..].find('"')?))
    };
    let (start, end, with) = match kind {
        0 => string("\"s").map(|(start, end)| (start, end, word(&WORDS)))?,
        1 => {
            let (start, end) = line(nth("    {")?);
            (start, end, String::new())
        }
        2 => {
            let (start, end) = line(nth("    {")?);
            (start, start, text[start..end].to_owned())
        }
        3 => string("\"operator\": \"").map(|(start, end)| {
            (start, end, word(&["equals", "less_than", ">=", "greater_than_or_equals", "{{ parameters.limit }}"]))
        })?,
        4 => string("\"say\": \"").map(|(start, end)| (start, end, word(&WORDS)))?,
        5 => {
            let start = nth("\"value\": ")? + 9;
            let end = start + text[start..].find('}')?;
            (start, end, word(&["null", "{}", "4", "\"again\"", "[1, {}]", "\"{{ parameters.no }}\""]))
        }
        6 => {
            let start = nth("\"outputs\": [")?;
            let end = start + text[start..].find(']')? + 1;
            (
                start,
                end,
                word(&[
                    "\"outputs\": []",
                    "\"outputs\": {\"s3\": 1}",
                    "\"inputs\": [{\"source\": \"{steps.s1.output.no}\"}]",
                    "\"class\": 1",
                ]),
            )
        }
        7 => string("\"module\": \"").map(|(start, end)| (start, end, word(&["", "m", "é"])))?,
        8 => string("\"start_at\": \"").map(|(start, end)| (start, end, word(&WORDS)))?,
        9 => {
            let start = nth("\"limit\": ")?;
            let more = ["\"error_handling\": {\"continue_on_error\": true}, ", "\"score\": 1, ", "\"stop\": {}, "];
            (start, start, word(&more))
        }
        10 => {
            let start = nth("\"from\": ")?;
            let test = |source: &str, operator: &str, value: &str| {
                let config = format!("\"source\": \"{source}\", \"operator\": \"{operator}\", \"value\": {value}");
                format!("\"condition\": {{\"type\": \"expression\", \"config\": {{{config}}}}}, ")
            };
            let tests = [
                test("s4", "greater_than", "2"),
                test("s9.score", "equals", "true"),
                test("score", "less_than", "1"),
                test("result.score", "equals", "1"),
                test("step_error", "greater_than", "1"),
                test("limit", "greater_than", "0"),
            ];
            (start, start, tests[with % tests.len()].clone())
        }
        11 => {
            let start = nth("\"outputs\"")?;
            let schema =
                "\"output_schema\": {\"properties\": {\"score\": {\"enum\": [1, 2]}}, \"required\": [\"score\"]}, ";
            (start, start, word(&[schema, "\"inputs\": [1], ", "\"conditions\": {}, "]))
        }
        // A second edge out of a step, whatever it leads to.
        12 => {
            let start = line(nth("      {\"from\"")?).0;
            let from = WORDS[at % 4];
            (start, start, format!("      {{\"from\": \"{from}\", \"to\": \"{}\"}},\n", word(&WORDS)))
        }
        // Across elements.
        13 => {
            let start = nth("{\"")?;
            let end = start + text[start..].match_indices('\n').nth(with % 4).map_or(1, |(place, _)| place);
            (start, end, word(&["", "{\"id\": \"s4\"},", "{\"from\": \"s4\", \"to\": \"s9\"},", "\"", "null,"]))
        }
        14 => {
            let inputs = [
                "\"parameters\": {\"score\": 1}",
                "\"parameters\": [{\"name\": \"score\"}]",
                "\"input_schema\": {\"properties\": {\"s4\": {}}}",
            ];
            let start = inputs
                .iter()
                .chain(&["\"parameters\": {\"limit\": 3}"])
                .find_map(|one| Some((text.find(one)?, one.len())))?;
            (start.0, start.0 + start.1, word(&inputs))
        }
        // A letter.
        _ => {
            let place = (0..=at % (text.len() + 1)).rev().find(|&place| text.is_char_boundary(place))?;
            (place, place, word(&["x", "\"", "}", ",", "1", "é"]))
        }
    };
    Some((start, end, with))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn what_is_kept_between_edits_says_what_reading_all_of_it_says(
        changes in prop::collection::vec((0u8..20, any::<usize>(), any::<usize>(), 0u8..16), 1..24),
    ) {
        let mut text = super::super::speed::large(23);
        let (mut session, _) = open(&text);
        let mut target = Target::default();
        let mut made: Vec<(usize, usize, String)> = Vec::new();
        for (kind, at, with, other) in changes {
            // Some of them take back what was done last.
            let back = if kind > 15 { made.pop() } else { None };
            let Some((start, end, with)) = back.clone().or_else(|| change(&text, (kind, at, with))) else { continue };
            if back.is_none() {
                made.push((start, start + with.len(), text[start..end].to_owned()));
            }
            if other < 4 {
                let engine = if other % 2 == 0 { EngineId::IaModules013 } else { EngineId::IaModules020 };
                target = Target { engine, loader: if other < 2 { Loader::Raw } else { Loader::Pydantic } };
            }
            let before = text.clone();
            text.replace_range(start..end, &with);
            let edits = vec![TextEdit { start: start as u64, end: end as u64, text: with }];
            let said = match session.answer(Request::Amend { document: 0, edits, target }) {
                Answer::Amended(said) if said.document.is_none() => said,
                other => panic!("{other:?}"),
            };
            let whole = lint::view(text.as_bytes(), target, false);
            if said.damage.as_ref().is_some_and(|damage| damage.id == "not-json") {
                prop_assert_eq!(&whole.findings[0].id, "not-json", "{} to {}", before, text);
            } else {
                prop_assert_eq!(&said.findings, &whole.findings, "{} to {}", before, text);
            }
        }
    }
}
