//! Tests of searching steps whose details are told by hand.

use super::*;
use crate::model::build_steps::{document, step};
use crate::model::{Document, Error, Event, ValueText};
use crate::view::test_reader::Told;
use crate::view::value::Opened;
use proptest::prelude::*;

/// Steps whose input is a JSON text each, all in one file.
fn told(inputs: &[String]) -> (Document, Told) {
    let mut reader = Told::default();
    let mut sketches = Vec::new();
    for (number, input) in (0u32..).zip(inputs) {
        let place = Place { file: 0, start: reader.bytes.len() as u64, len: input.len() as u64 };
        reader.bytes.extend_from_slice(input.as_bytes());
        reader.bytes.push(b'\n');
        let value = Value { place, text: ValueText::Json };
        reader.details.insert(number, Details { input: Some(value), ..Details::default() });
        sketches.push(step(0, &format!("step{number}")).place(place.start, place.len));
    }
    (document(&sketches), reader)
}

/// All hits, `limit` at a time.
fn all(document: &Document, reader: &Told, text: &str, limit: u32) -> Vec<Hit> {
    let sight = Sight { document, run: &document.runs[0], local: 0, number: 0, reader };
    let Some(mut search) = Search::new(text) else { return Vec::new() };
    let (mut hits, mut from) = (Vec::new(), None);
    for _ in 0..100_000 {
        let page = search.page(&[Target { sight, document: 0 }], from, limit);
        assert!(page.hits.len() <= limit as usize);
        hits.extend(page.hits);
        from = page.next;
        if from.is_none() {
            assert!((page.done - 1.0).abs() < f32::EPSILON);
            return hits;
        }
    }
    panic!("the search does not end");
}

#[test]
fn tells_path_line_and_surroundings() {
    let inner = crate::json::quoted(r#"{"list": ["x", "first line\nthe Needle here"]}"#);
    let (document, reader) = told(&[format!(r#"{{"args": {inner}, "needle": 1, "n": [12345]}}"#)]);
    let hits = all(&document, &reader, "needle", 10);
    let paths: Vec<_> = hits.iter().map(|hit| (hit.path.as_str(), hit.line, hit.found.as_str())).collect();
    assert_eq!(paths, [("$.args → $.list[1]", 2, "Needle"), ("$.needle", 1, "needle")]);
    assert_eq!((hits[0].before.as_str(), hits[0].after.as_str()), ("first line the ", " here"));
    assert_eq!(all(&document, &reader, "234", 10)[0].path, "$.n[0]");
    assert_eq!(all(&document, &reader, "Needle", 10).len(), 1);
    assert_eq!(all(&document, &reader, "\"needle\": 1", 10)[0].path, "$");
    assert_eq!(all(&document, &reader, "STEP0", 10).len(), 0);
    let named = all(&document, &reader, "step0", 10);
    assert_eq!((named[0].where_.as_str(), named[0].part.is_none()), ("name", true));
}

#[test]
fn goes_on_where_it_stopped_also_within_a_step() {
    let (document, reader) =
        told(&[r#"["aa", "b", "aa aa"]"#.to_owned(), r#""nothing""#.to_owned(), r#"{"aa": "aa"}"#.to_owned()]);
    let whole = all(&document, &reader, "aa", 100);
    assert_eq!(whole.iter().map(|hit| hit.step).collect::<Vec<_>>(), [0, 0, 0, 2, 2]);
    for limit in 1..5 {
        assert_eq!(all(&document, &reader, "aa", limit), whole);
    }
    let (document, reader) = told(&[format!("[\"{}\"]", "aa ".repeat(5_000)), "\"aa\"".to_owned()]);
    assert_eq!(all(&document, &reader, "aa", 700).len(), 5_001);
    assert_eq!(all(&document, &reader, "aa", 4_000).len(), 5_001);
}

#[test]
fn looks_everywhere_in_a_step_and_tells_nothing_twice() {
    let text = r#"{"q": "zebra"} [stripes]"#;
    let mut reader = Told { bytes: text.as_bytes().to_vec(), ..Told::default() };
    let value = Value { place: Place { file: 0, start: 0, len: 14 }, text: ValueText::Json };
    let made = |text: &str| Value {
        place: Place { file: 0, start: 15, len: 9 },
        text: ValueText::Made { text: text.to_owned(), json: false, note: String::new() },
    };
    let attribute =
        |name: &str, value: &Value| Attribute { name: name.to_owned(), value: value.clone(), understood: true };
    let details = Details {
        input: Some(value.clone()),
        attributes: vec![attribute("input.value", &value), attribute("other", &made("a zebra"))],
        events: vec![Event {
            name: "zebra seen".to_owned(),
            time: None,
            attributes: vec![attribute("k", &made(r#"{"z": "zebra"}"#))],
            place: Place::default(),
        }],
        error: Some(Error { message: "no zebra".to_owned(), stack: "at zebra()".to_owned(), ..Error::default() }),
        ..Details::default()
    };
    reader.details.insert(0, details);
    let document = document(&[step(0, "zebra").place(0, 24)]);
    let hits = all(&document, &reader, "zebra", 100);
    let told: Vec<_> = hits.iter().map(|hit| format!("{} {}", hit.where_, hit.path)).collect();
    let expected = ["name ", "input $.q", "attributes $.other", "events ", "events $.k → $.z", "error ", "error "];
    assert_eq!(told, expected);
}

#[test]
fn steps_without_the_text_are_not_decoded() {
    struct Counting(Told, std::cell::Cell<u32>);
    impl Reader for Counting {
        fn bytes(&self, place: Place) -> Result<Vec<u8>, String> {
            self.0.bytes(place)
        }
        fn len(&self, file: u16) -> u64 {
            self.0.len(file)
        }
        fn details(&self, run: u32, step: u32) -> Result<Details, String> {
            self.1.set(self.1.get() + 1);
            self.0.details(run, step)
        }
    }
    let inputs: Vec<String> = (0..200)
        .map(|n| format!("{{\"x\": \"{}{}\"}}", "y".repeat(9_000), if n == 150 { "findme" } else { "" }))
        .collect();
    let (document, told) = told(&inputs);
    let reader = Counting(told, std::cell::Cell::new(0));
    let sight = Sight { document: &document, run: &document.runs[0], local: 0, number: 0, reader: &reader };
    let page = Search::new("findme").map(|mut search| search.page(&[Target { sight, document: 0 }], None, 10));
    assert_eq!(page.map(|page| (page.hits.len(), page.next)), Some((1, None)));
    assert!(reader.1.get() <= 2);
}

fn json() -> impl Strategy<Value = String> {
    let word = "[a-cA-C\"\\\\é ]{0,5}";
    let leaf = prop_oneof![
        word.prop_map(serde_json::Value::from),
        (0u8..200).prop_map(serde_json::Value::from),
        word.prop_map(|text| serde_json::Value::from(serde_json::json!({"in": [text]}).to_string())),
    ];
    let tree = leaf.prop_recursive(3, 20, 4, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(serde_json::Value::from),
            proptest::collection::hash_map("[a-c. ]{0,3}", inner, 0..4)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    });
    tree.prop_map(|value| serde_json::json!([value]).to_string())
}

proptest! {
    #[test]
    fn hits_are_where_they_say(inputs in proptest::collection::vec(json(), 1..4), text in "[a-cA-Cé \"]{1,2}") {
        let (document, reader) = told(&inputs);
        for hit in all(&document, &reader, &text, 7) {
            prop_assert_eq!(hit.found.to_lowercase(), text.to_lowercase());
            if hit.where_ == "name" || hit.path == "$" {
                continue;
            }
            let read = Read { text: inputs[hit.step as usize].clone(), json: true, ..Read::default() };
            let mut value = Opened::new(read, false);
            let row = value.reveal(&hit.path).and_then(|row| value.rows(row, 1).nodes.pop());
            let Some(row) = row else { return Err(TestCaseError::fail(format!("no row at {}", hit.path))) };
            let held = value.text_of(Some(row.node)).unwrap_or_default();
            prop_assert!(held.contains(&hit.found) || row.key.is_some_and(|key| key.contains(&hit.found)));
        }
    }

    #[test]
    fn nothing_that_serde_finds_is_missed(inputs in proptest::collection::vec(json(), 1..4), text in "[a-cé]{1,2}") {
        let (document, reader) = told(&inputs);
        let found: std::collections::BTreeSet<u32> =
            all(&document, &reader, &text, 50).iter().filter(|hit| hit.where_ == "input").map(|hit| hit.step).collect();
        for (number, input) in (0u32..).zip(&inputs) {
            // The JSON here escapes only quotes and backslashes, so lower-cased text holds what is there.
            prop_assert_eq!(found.contains(&number), input.to_lowercase().contains(&text), "{}", input);
        }
    }
}
