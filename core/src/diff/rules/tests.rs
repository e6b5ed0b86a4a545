//! Rules as people write them: what they hold for, and what is said of those that cannot be read.

use super::*;

fn rules(texts: &[&str]) -> (Rules, Vec<String>) {
    Rules::read(&texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>())
}

/// Whether a rule names the value at a way of keys and positions.
fn named(rule: &str, way: &str) -> bool {
    let (rules, problems) = rules(&[rule]);
    assert_eq!(problems, [""; 0], "{rule}");
    let mut state = rules.start();
    for step in way.split('/').filter(|step| !step.is_empty()) {
        state = match step.parse() {
            Ok(index) => rules.item(&state, index),
            Err(_) => rules.member(&state, step),
        };
    }
    state.ruled
}

#[test]
fn name_what_they_say_and_all_below() {
    for (rule, yes, no) in [
        ("$.request_id", &["request_id", "request_id/a", "request_id/0"][..], &["", "id", "a/request_id"][..]),
        ("$.items[*].at", &["items/0/at", "items/7/at"], &["items/0", "items/at", "items/0/b/at"]),
        ("$.items[3].at", &["items/3/at"], &["items/2/at", "items/33/at"]),
        ("$..trace_id", &["trace_id", "a/trace_id", "a/0/b/trace_id"], &["a", "trace/id"]),
        ("$['odd key']", &["odd key"], &["odd", "key"]),
        ("$[\"it's\"].b", &["it's/b"], &["it's"]),
        ("$['a\\'b']", &["a'b"], &["a"]),
        ("$[*]", &["0", "1/x"], &["x"]),
        ("$.*", &["0", "x"], &[""]),
        ("$..a..b", &["a/b", "x/a/0/b", "a/a/b"], &["b", "a", "b/a"]),
        ("$..[2]", &["2", "a/2"], &["1", "a"]),
        ("  $.größe ", &["größe"], &["a"]),
    ] {
        for way in yes {
            assert!(named(rule, way), "{rule} names {way}");
        }
        for way in no {
            assert!(!named(rule, way), "{rule} does not name {way}");
        }
    }
}

#[test]
fn say_what_is_wrong_and_keep_the_others() {
    let texts = [
        "a",
        "$",
        "$.",
        "$x",
        "$.a b",
        "$[",
        "$[x]",
        "$['a",
        "$[1",
        "$...a",
        "$.a.",
        "$.ü]",
        "$.ok",
        "$[99999999999]",
        "$.[1]",
    ];
    let (rules, problems) = rules(&texts);
    insta::assert_snapshot!(problems.join("\n"), @r"
The rule `a` is left out: expected `$`, the whole value, as in `$.request_id` at character 1.
The rule `$` is left out: expected `.name`, `[*]` or `..name` behind it at character 2.
The rule `$.` is left out: expected a name at character 3.
The rule `$x` is left out: expected `.` and a name, or `[` at character 2.
The rule `$.a b` is left out: expected `.`, `[` or the end (an odd name is written `['odd name']`) at character 4.
The rule `$[` is left out: expected a position, `*`, or a key in quotes at character 3.
The rule `$[x]` is left out: expected a position, `*`, or a key in quotes at character 3.
The rule `$['a` is left out: expected the closing quote of the key at character 5.
The rule `$[1` is left out: expected `]` at character 4.
The rule `$...a` is left out: expected a name after `..` at character 4.
The rule `$.a.` is left out: expected a name at character 5.
The rule `$.ü]` is left out: expected `.`, `[` or the end (an odd name is written `['odd name']`) at character 4.
The rule `$[99999999999]` is left out: expected a position, `*`, or a key in quotes at character 3.
The rule `$.[1]` is left out: expected a name at character 3.
");
    assert!(rules.member(&rules.start(), "ok").ruled);
}

#[test]
fn too_many_are_left_out() {
    let texts: Vec<String> = (0..300).map(|index| format!("$.k{index}")).collect();
    let (rules, problems) = Rules::read(&texts);
    assert_eq!(problems.len(), 300 - MOST);
    assert!(rules.member(&rules.start(), "k255").ruled && !rules.member(&rules.start(), "k256").ruled);
    assert!(rules.member(&rules.start(), "x").is_over() && Rules::default().is_empty());
}

proptest::proptest! {
    #[test]
    fn any_text_is_read(text in "\\$?[.\\[\\]*'\"a0ü \\\\$]{0,12}") {
        let (rules, problems) = Rules::read(&[text]);
        proptest::prop_assert_eq!(rules.is_empty(), problems.len() == 1);
    }
}
