//! What values come to: the same whatever the order and the noise, another number for everything else.

use super::*;
use proptest::prelude::*;

fn hash(text: &str) -> u64 {
    of_json(text, &Options::default()).hash
}

fn with(rules: &[&str]) -> Options {
    let rules: Vec<String> = rules.iter().map(|&rule| rule.to_owned()).collect();
    Options { noise: false, rules: Rules::read(&rules).0 }
}

#[test]
fn what_means_the_same() {
    for (a, b) in [
        (r#"{"a": 1, "b": [true, null]}"#, r#"{"b":[true,null],"a":1.0}"#),
        (r#"{"a": 1, "a": 2}"#, r#"{"a": 2}"#),
        (r#"["\u00e9\n"]"#, "[\"é\\n\"]"),
        (r#"{"id": "6f1e0c52-8a6b-4a57-9c0e-0f8d5f2a7b11", "x": 1}"#, r#"{"x": 1}"#),
        (r#"{"created": 1700000000}"#, r#"{"created": 1700000009}"#),
        (r#"["call_O17Uplv4lJvD6DVdIvFFeMwG"]"#, r#"["call_Xy7Uplv4lJvD6DVdIvFFe123"]"#),
        (r#"["see 00f067aa0ba902b7 now"]"#, r#"["see 11f067aa0ba902c8 now"]"#),
        (r#"{"args": "{\"a\": 1, \"b\": 2}"}"#, r#"{"args": "{\"b\": 2, \"a\": 1}"}"#),
        ("\"a\\tb\"", "a\tb"),
        ("[1e2]", "[100.0]"),
        ("[-0]", "[0.0]"),
    ] {
        assert_eq!(hash(a), hash(b), "{a} {b}");
    }
}

#[test]
fn what_does_not() {
    for (a, b) in [
        ("[1, 2]", "[2, 1]"),
        ("[]", "{}"),
        ("[[]]", "[]"),
        ("[\"1\"]", "[1]"),
        ("[null]", "[\"null\"]"),
        ("[9007199254740993]", "[9007199254740992]"),
        (r#"["6f1e0c52-8a6b-4a57-9c0e-0f8d5f2a7b11"]"#, "[]"),
        (r#"{"id": "6f1e0c52-8a6b-4a57-9c0e-0f8d5f2a7b11"}"#, r#"{"id": "order"}"#),
        (r#"["see 00f067aa0ba902b7 now"]"#, r#"["see 00f067aa0ba902b7 then"]"#),
        (r#"{"args": "{\"a\": 1}"}"#, r#"{"args": {"a": 1}}"#),
        ("a b", "a  b"),
        ("a b", " a b"),
        ("中文", "中 文"),
        ("", " "),
        ("{} {}", "{}"),
        (r#"{"a": 1"#, r#"{"a": 1}"#),
    ] {
        assert_ne!(hash(a), hash(b), "{a} {b}");
    }
}

#[test]
fn rules_leave_out_what_they_name() {
    let options = with(&["$.request", "$.items[*].at", "$..seen[0]"]);
    let hash = |text| of_json(text, &options).hash;
    assert_eq!(
        hash(r#"{"request": {"x": [1]}, "items": [{"at": 1, "n": 2}]}"#),
        hash(r#"{"items": [{"n": 2, "at": "x"}]}"#)
    );
    assert_eq!(hash(r#"{"a": {"seen": [1, 2]}}"#), hash(r#"{"a": {"seen": [7, 2]}}"#));
    assert_ne!(hash(r#"{"a": {"seen": [1, 2]}}"#), hash(r#"{"a": {"seen": [1, 3]}}"#));
    // Through a string that holds JSON.
    assert_eq!(hash(r#"{"items": "[{\"at\": 1}]"}"#), hash(r#"{"items": "[{\"at\": 2}]"}"#));
}

#[test]
fn noise_counts_when_asked() {
    let options = Options { noise: true, ..Options::default() };
    let hash = |text| of_json(text, &options).hash;
    assert_ne!(hash(r#"{"created": 1700000000}"#), hash(r#"{"created": 1700000009}"#));
    assert_ne!(hash("see 00f067aa0ba902b7"), hash("see 11f067aa0ba902b7"));
}

#[test]
fn sketches_of_like_texts_are_alike() {
    let words: Vec<String> = (0..200).map(|index| format!("word{index}")).collect();
    let shared = |a: &str, b: &str| {
        let (a, b) = (of_text(a, &Options::default()).words, of_text(b, &Options::default()).words);
        assert!(a.windows(2).all(|pair| pair[0] < pair[1]));
        a.iter().filter(|word| b.contains(word)).count()
    };
    let most = words[..190].join(" ");
    assert!(shared(&words.join(" "), &most) >= 6);
    assert_eq!(shared(&words[..100].join(" "), &words[100..].join(" ")), 0);
    assert_eq!(of_text("one two one", &Options::default()).words[2..], [0; 6]);
    assert_eq!(of_text("", &Options::default()).words, [0; 8]);
    // Keys are the same in every call, ids in none.
    let of = |text| of_json(text, &Options::default()).words;
    assert_eq!(of(r#"{"query": "a b", "id": "00f067aa0ba902b7"}"#), of(r#"["b", "a"]"#));
}

#[test]
fn deep_wide_and_damaged() {
    for text in [
        "[".repeat(300_000),
        format!("{}{}", "[".repeat(150_000), "]".repeat(150_000)),
        format!("{}{}", "[".repeat(250_000), "]".repeat(250_000)),
        format!("{{{}}}", (0..50_000).map(|i| format!("\"k{i}\":{i}")).collect::<Vec<_>>().join(",")),
        format!("{{{}}}", "\"k\":1,".repeat(50_000)),
    ] {
        assert_ne!(hash(&text), 0);
    }
    let mut nested = "[1]".to_owned();
    for _ in 0..12 {
        nested = format!("[{}]", crate::json::quoted(&nested));
    }
    assert_eq!(hash(&nested), hash(&nested.clone()));
    assert_eq!(hash(r#"{"k": 1, "k": 2}"#), hash(&format!("{{{}\"k\": 2}}", "\"k\":1,".repeat(50))));
}

proptest! {
    #[test]
    fn any_text_has_a_meaning(text in "[\\[\\]{},:\"a1 \\\\n.-]{0,40}") {
        let options = with(&["$..a", "$[1]"]);
        prop_assert_eq!(of_json(&text, &options), of_json(&text, &options));
        let tree = crate::json::Tree::parse(text.as_bytes());
        let sound = tree.damage.is_none() && crate::json::looks_like_container(&text);
        let mut fold = fold::Fold::new(&options, false);
        prop_assert_eq!(stream::json(&mut fold, &text, options.rules.start(), NESTED).is_some(), sound);
        prop_assert_eq!(fold.depth(), 0);
    }

    #[test]
    fn one_letter_more_is_another_text(text in "[a-z ,.é中]{0,30}", at in 0usize..40, letter in "[a-z ,é中]") {
        let at = text.char_indices().map(|(at, _)| at).nth(at).unwrap_or(text.len());
        let mut other = text.clone();
        other.insert_str(at, &letter);
        prop_assert_ne!(of_text(&text, &Options::default()).hash, of_text(&other, &Options::default()).hash);
    }
}

/// Printed by `cargo test --release -p chaindebug-core --lib speed_of_meaning -- --ignored --nocapture`.
#[test]
#[ignore = "prints timings"]
#[allow(clippy::disallowed_methods)]
fn speed_of_meaning() {
    let message = r#"{"role": "assistant", "content": "The battery of your AX-200 is covered for 24 months.\nPlease send it in.", "id": "6f1e0c52-8a6b-4a57-9c0e-0f8d5f2a7b11", "score": 0.9312, "tokens": 182, "ok": true},"#;
    let numbers = r#"[0.0123, -0.2231, 1.5, 12, 0.00412, 3e-5],"#;
    for (name, item) in [("messages", message), ("numbers", numbers)] {
        let mut text = String::from("[");
        while text.len() < 40_000_000 {
            text.push_str(item);
        }
        text.pop();
        text.push(']');
        let start = std::time::Instant::now();
        let meaning = of_json(&text, &Options::default());
        let took = start.elapsed().as_secs_f64();
        println!("{name}: {:.0} MB/s ({:x})", text.len() as f64 / took / 1e6, meaning.hash);
        let start = std::time::Instant::now();
        let tree = crate::json::Tree::parse(text.as_bytes());
        println!("  its tree: {:.0} MB/s ({})", text.len() as f64 / start.elapsed().as_secs_f64() / 1e6, tree.len());
    }
}
