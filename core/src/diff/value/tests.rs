//! Two values: applying the differences to A gives B, and nothing differs from itself.

use super::*;
use crate::diff::meaning;
use crate::diff::rules::Rules;
use proptest::prelude::*;
use serde_json::Value;

fn plain() -> Options {
    Options::default()
}

/// The changes, one a line: sign, path in A or B, values.
fn told(a: &str, b: &str) -> String {
    let diff = diff(a, b, &plain());
    let mut out = String::new();
    for change in diff.changes() {
        let show = |doc: &Doc, node: Option<u32>| node.map_or("-".to_owned(), |node| doc.raw(node).to_owned());
        let noise = if change.noise { " (noise)" } else { "" };
        out.push_str(&format!("{:?} {} {}{noise}\n", change.what, show(&diff.a, change.a), show(&diff.b, change.b)));
    }
    out.trim_end().to_owned()
}

#[test]
fn objects_by_key() {
    assert_eq!(
        told(r#"{"a": 1, "b": {"c": [1, 2]}, "d": 3}"#, r#"{"d": 3.0, "b": {"c": [1, 2, 5]}, "e": null}"#),
        "Removed 1 -\nAdded - 5\nAdded - null"
    );
    assert_eq!(told(r#"{"a": 1, "b": 2}"#, r#"{"b": 2, "a": 1}"#), "");
    assert_eq!(told(r#"{"a": 1, "a": 2}"#, r#"{"a": 3, "a": 2}"#), "");
    assert_eq!(told(r#"{"a": 1}"#, r#"{"a": [1]}"#), "Changed 1 [1]");
    assert_eq!(told("a", "b"), "Changed a b");
    assert_eq!(told("{}", "b"), "Changed {} b");
    assert_eq!(told(r#"{"a": 1"#, r#"{"a": 1}"#), "Changed {\"a\": 1 {\"a\": 1}");
}

#[test]
fn items_are_found_again() {
    assert_eq!(
        told(
            r#"[{"id":1,"t":"one"},{"id":2,"t":"two"},{"id":3,"t":"three"}]"#,
            r#"[{"id":3,"t":"three"},{"id":1,"t":"one"},{"id":2,"t":"TWO"}]"#
        ),
        "Moved {\"id\":3,\"t\":\"three\"} {\"id\":3,\"t\":\"three\"}\nChanged \"two\" \"TWO\""
    );
    assert_eq!(told("[0.1,0.2,0.3]", "[0.1,0.25,0.35]"), "Changed 0.2 0.25\nChanged 0.3 0.35");
    assert_eq!(told(r#"["a","b"]"#, r#"["b","a"]"#), "Moved \"a\" \"a\"");
    assert_eq!(told("[null,true]", "[true,null]"), "Removed null -\nAdded - null");
    // The same words in another member's company: one item that changed.
    assert_eq!(
        told(
            r#"[{"role":"user","content":"where is my order of Monday"},{"role":"user","content":"thanks"}]"#,
            r#"[{"role":"system","content":"be kind"},{"role":"user","content":"where is my order of Tuesday"},{"role":"user","content":"thanks"}]"#
        ),
        "Added - {\"role\":\"system\",\"content\":\"be kind\"}\nChanged \"where is my order of Monday\" \"where is my order of Tuesday\""
    );
}

#[test]
fn strings_that_hold_json_are_walked() {
    assert_eq!(told(r#"{"s": "{\"a\": 1, \"b\": 2}"}"#, r#"{"s": "{\"b\": 2, \"a\": 5}"}"#), "Changed 1 5");
    assert_eq!(told(r#"{"s": "{\"a\": 1}"}"#, r#"{"s": "[1]"}"#), "Changed \"{\\\"a\\\": 1}\" \"[1]\"");
    assert_eq!(told(r#"{"s": "{\"a\": 1}"}"#, r#"{"s": {"a": 1}}"#), "Changed \"{\\\"a\\\": 1}\" {\"a\": 1}");
}

#[test]
fn noise_is_told_apart() {
    let (a, b) = (
        r#"{"id": "6f1e0c52-8a6b-4a57-9c0e-0f8d5f2a7b11", "took_ms": 12, "n": 1}"#,
        r#"{"id": "7f1e0c52-8a6b-4a57-9c0e-0f8d5f2a7b12", "took_ms": 15, "at": "2026-11-21T19:34:54Z", "n": 1}"#,
    );
    let found = diff(a, b, &plain());
    assert_eq!((found.is_same(), found.counts.noise), (true, 3));
    assert_eq!((found.brief(), found.chips()), (String::new(), Vec::<String>::new()));
    let all = diff(a, b, &Options { noise: true, ..plain() });
    assert_eq!((all.is_same(), all.counts.changed, all.counts.only_b), (false, 2, 1));
}

#[test]
fn said_in_a_few_words() {
    for (a, b, brief, chips) in [
        (
            r#"{"query": "AX-200 battery warranty period in Germany", "k": 4}"#,
            r#"{"query": "AX-200 battery price list in Europe", "k": 4}"#,
            "query: 3 words",
            "3 words",
        ),
        (
            r#"{"q": "a", "documents": [{"t": "Warranty terms"}, {"t": "Battery wear"}, {"t": "How to file"}, {"t": "Service prices"}]}"#,
            r#"{"q": "b", "documents": [{"t": "Service prices"}, {"t": "Spare parts"}, {"t": "Shipping"}, {"t": "Trade-in"}]}"#,
            "q: a → b · documents: 3 of 4 are others, 1 moved",
            "a → b, 1 moved, 3 only in A, 3 only in B",
        ),
        (
            r#"{"score": 0.93, "ok": true}"#,
            r#"{"score": 0.41, "ok": false}"#,
            "score: 0.93 → 0.41 · ok: true → false",
            "2 changes",
        ),
        (r#"{"a": {"b": {"c": 1}}}"#, r#"{"a": {"b": {"c": 1, "d": 2}}}"#, "d: only in B", "1 only in B"),
        ("one two", "one three", "1 word", "1 word"),
        ("[1,2]", "[1,2,3]", "1 only in B", "1 only in B"),
    ] {
        let found = diff(a, b, &plain());
        assert_eq!((found.brief().as_str(), found.chips().join(", ").as_str()), (brief, chips), "{a} {b}");
    }
}

#[test]
fn deep_and_large() {
    let deep = |leaf: &str| format!("{}{leaf}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(diff(&deep("1"), &deep("2"), &plain()).counts.changed, 1);
    let list = |item: &dyn Fn(u32) -> String| format!("[{}]", (0..200_000).map(item).collect::<Vec<_>>().join(","));
    let found = diff(&list(&|i| i.to_string()), &list(&|i| (i + 200_000).to_string()), &plain());
    assert_eq!(found.counts.changed, 200_000);
    let found = diff(&list(&|_| "{}".to_owned()), &format!("[{}{{}}]", "{},".repeat(150_000)), &plain());
    assert_eq!(found.counts.only_a, 49_999);
    let found = diff(&list(&|i| format!("\"a{i}\"")), &list(&|i| format!("\"b{i}\"")), &plain());
    assert_eq!(found.counts.only_a, 200_000);
    let found = diff(
        &list(&|i| format!("{{\"id\":{i},\"v\":1}}")),
        &list(&|i| format!("{{\"id\":{},\"v\":2}}", 199_999 - i)),
        &plain(),
    );
    assert_eq!((found.counts.moved, found.counts.changed), (199_999, 200_000));
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0u8..4).prop_map(Value::from),
        "[ab ]{0,4}".prop_map(Value::from),
        Just(Value::from("6f1e0c52-8a6b-4a57-9c0e-0f8d5f2a7b11")),
        Just(Value::from("7f1e0c52-8a6b-4a57-9c0e-0f8d5f2a7b12")),
        Just(Value::from("see 00f067aa0ba902b7")),
        Just(Value::from("see 10f067aa0ba902b8")),
        (1_700_000_000u64..1_700_000_004).prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::btree_map("a|b|id|created|x", inner.clone(), 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
            inner.prop_map(|value| Value::from(value.to_string())),
        ]
    })
}

fn options() -> impl Strategy<Value = Options> {
    let rule = prop_oneof![Just("$.x"), Just("$..a"), Just("$[*].id"), Just("$[1]"), Just("$[*]"), Just("$.b[0]")];
    (any::<bool>(), proptest::collection::vec(rule, 0..3)).prop_map(|(noise, rules)| {
        let rules: Vec<String> = rules.into_iter().map(str::to_owned).collect();
        Options { noise, rules: Rules::read(&rules).0 }
    })
}

/// Strings that hold JSON written in one way.
fn normal(value: &Value, nested: u32) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| normal(item, nested)).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(key, value)| (key.clone(), normal(value, nested)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::String(text) if nested > 0 => match serde_json::from_str::<Value>(text) {
            Ok(inner @ (Value::Array(_) | Value::Object(_))) => Value::from(normal(&inner, nested - 1).to_string()),
            _ => value.clone(),
        },
        _ => value.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn changes_applied_to_a_give_b(a in json(), b in json(), options in options()) {
        let (a, b) = (serde_json::json!({"v": a}), serde_json::json!({"v": b}));
        let (text_a, text_b) = (a.to_string(), b.to_string());
        let found = diff(&text_a, &text_b, &options);
        let made = apply(&found, &text_a).unwrap();
        prop_assert_eq!(normal(&serde_json::from_str::<Value>(&made).unwrap(), 8), normal(&b, 8), "{}", made);
        prop_assert_eq!(found.changes().is_empty(), normal(&a, 8) == normal(&b, 8));
    }

    #[test]
    fn hashes_are_the_same_exactly_when_all_changes_are_noise(a in json(), b in json(), options in options()) {
        let (text_a, text_b) = (a.to_string(), b.to_string());
        if !(a.is_string() || b.is_string()) {
            let found = diff(&text_a, &text_b, &options);
            let same = meaning::of_json(&text_a, &options).hash == meaning::of_json(&text_b, &options).hash;
            prop_assert_eq!(found.changes().iter().all(|change| change.noise), same, "{} {}", text_a, text_b);
            prop_assert_eq!(found.is_same(), same);
        }
    }

    #[test]
    fn with_itself_nothing_differs(a in json(), options in options()) {
        let text = a.to_string();
        let spaced = format!(" {text}");
        prop_assert!(diff(&text, &text, &options).changes().is_empty());
        if !matches!(a, Value::Array(_) | Value::Object(_)) {
            return Ok(());
        }
        prop_assert!(diff(&text, &spaced, &options).changes().is_empty());
    }
}

/// Printed by `cargo test --release -p chaindebug-core --lib speed_of_values -- --ignored --nocapture`.
#[test]
#[ignore = "prints timings"]
#[allow(clippy::disallowed_methods)]
fn speed_of_values() {
    let item = |i: u32, other: bool| {
        let word = if other && i.is_multiple_of(7) { "replaced" } else { "covered" };
        format!(
            r#"{{"id": {i}, "role": "assistant", "content": "The battery {i} of your AX-200 is {word} for {} months.\nPlease send it in.", "request": "{:08x}-8a6b-4a57-9c0e-0f8d5f2a7b11", "score": 0.{}, "tags": ["a", "b", true]}}"#,
            i % 50,
            i.wrapping_mul(if other { 77 } else { 78 }),
            i % 1000,
        )
    };
    let list = |other: bool, from: u32| {
        format!("[{}]", (from..from + 52_000).map(|i| item(i, other)).collect::<Vec<_>>().join(","))
    };
    let strings = |from: u32| {
        format!("[{}]", (from..from + 700_000).map(|i| format!("\"string {i}\"")).collect::<Vec<_>>().join(","))
    };
    let numbers = |by: u32| {
        format!(
            "[{}]",
            (0..1_000_000u32).map(|i| (i.wrapping_mul(by) % 99_991).to_string()).collect::<Vec<_>>().join(",\n")
        )
    };
    let text = |by: u32| (0..1_000_000u32).map(|i| format!("word{} ", i.wrapping_mul(by) % 9_973)).collect::<String>();
    for (name, a, b) in [
        ("every seventh item changed", list(false, 0), list(true, 0)),
        ("shifted by a thousand", list(false, 0), list(true, 1000)),
        ("nothing in common", list(false, 0), list(true, 1_000_000)),
        ("other strings", strings(0), strings(1_000_000)),
        ("other numbers", numbers(17), numbers(31)),
        ("other texts", text(17), text(31)),
        ("equal", list(false, 0), list(false, 0)),
    ] {
        let start = std::time::Instant::now();
        let found = diff(&a, &b, &plain());
        let took = start.elapsed();
        let start = std::time::Instant::now();
        let said = found.brief();
        println!(
            "{name}: {} MB, {took:.2?}, said in {:.2?}: {said}, {:?}",
            a.len() / 1_000_000,
            start.elapsed(),
            found.counts
        );
        let read = |text: &str| crate::view::value::Read { text: text.to_owned(), ..Default::default() };
        let start = std::time::Instant::now();
        let mut laid = rows::Laid::new(Some(&read(&a)), Some(&read(&b)), &plain());
        let rows = laid.rows(0, 100).len();
        println!("  laid, {rows} of {} rows: {:.2?}", laid.total(), start.elapsed());
    }
}
