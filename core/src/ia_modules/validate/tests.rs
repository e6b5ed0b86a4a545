//! Rules of the validator, each with what the real one says; crashes; limits; size.

use super::{check_json, validate};
use crate::protocol::Validation;

const STEP: &str = r#"{"name": "a", "module": "m", "class": "C"}"#;

/// A pipeline of steps `a` and `b` with this flow.
fn flow(flow: &str) -> String {
    let b = STEP.replace("\"a\"", "\"b\"");
    format!(r#"{{"name": "p", "steps": [{STEP}, {b}], "flow": {flow}}}"#)
}

fn said(text: &str) -> Validation {
    validate(text.as_bytes(), false)
}

/// All lines with the first letter of their list.
fn lines(text: &str) -> Vec<String> {
    let said = said(text);
    assert_eq!(said.is_valid, said.errors.is_empty());
    let lists = [("E", said.errors), ("W", said.warnings), ("I", said.info)];
    lists.into_iter().flat_map(|(mark, list)| list.into_iter().map(move |line| format!("{mark} {line}"))).collect()
}

#[test]
fn each_rule_has_the_words_of_the_real_one() {
    let unknown = "Known types: always, field_equals, field_exists, field_greater_than, field_less_than, all, any, not, \
                   custom, plugin";
    let one = |step: &str| format!(r#"{{"name": "p", "steps": [{step}], "flow": {{}}}}"#);
    let no_start = "E Flow is missing 'start_at' field".to_owned();
    let step = |step: &str, line: &str| (one(step), vec![line.to_owned(), no_start.clone()]);
    let cases = [
        (
            "{}".to_owned(),
            ["name", "steps", "flow"].map(|field| format!("E Missing required field: '{field}'")).to_vec(),
        ),
        (
            r#"{"name": 1.5, "steps": null, "flow": []}"#.to_owned(),
            vec![
                "E Pipeline 'name' must be a string, got float".to_owned(),
                "E 'steps' must be a list, got NoneType".to_owned(),
                "E 'flow' must be an object, got list".to_owned(),
            ],
        ),
        (
            "{\"name\": \" \\u001c\\u00a0\", \"steps\": [], \"flow\": {\"start_at\": true}}".to_owned(),
            vec![
                "E Pipeline 'name' cannot be empty".to_owned(),
                "E Start step 'True' is not defined in steps".to_owned(),
                "W Pipeline has no steps defined".to_owned(),
                "W Flow has no 'paths' or 'transitions' defined".to_owned(),
            ],
        ),
        step("3", "E Step at index 0 must be an object"),
        step("{}", "E Step at index 0 is missing 'name' field"),
        step(r#"{"name": "a", "class": "C"}"#, "E Step 'a' is missing 'module' field"),
        step(r#"{"name": "a", "module": "m"}"#, "E Step 'a' is missing 'class' field"),
        step(r#"{"name": "a", "module": "m", "class": 1, "config": 1}"#, "E Step 'a' config must be an object"),
        step(r#"{"name": "a", "module": "m", "class": 1, "inputs": {}}"#, "E Step 'a' inputs must be a list"),
        step(
            r#"{"name": "a", "module": "m", "class": 1, "inputs": [{"name": 1}]}"#,
            "E Step 'a' input at index 0 is missing 'source'",
        ),
        (
            flow(r#"{"start_at": "a", "paths": [{"from_step": "x", "to_step": "end_x", "condition": {"type": ["it's", null]}}]}"#),
            vec![
                "E Path 0: 'from_step' 'x' is not defined".to_owned(),
                format!("W Path 0: unknown condition type '[\"it's\", None]'. {unknown}"),
                "W Unreachable steps: b".to_owned(),
            ],
        ),
        (
            flow(r#"{"start_at": "a", "transitions": [{"from": 1e16, "to": "b", "condition": {}}, {"from": "end_x", "condition": 1}]}"#),
            vec![
                "E Transition 0: 'from' step '1e+16' is not defined".to_owned(),
                "E Transition 0: condition is missing 'type' field".to_owned(),
                "E Transition 1: 'from' step 'end_x' is not defined".to_owned(),
                "E Transition 1: condition must be an object".to_owned(),
                "W Unreachable steps: b".to_owned(),
            ],
        ),
        (
            flow(r#"{"start_at": "a", "paths": [{"from_step": "a", "to_step": "b"}, {"from_step": "b", "to_step": "a"}]}"#),
            vec!["W Flow contains cycles: a -> b -> a".to_owned()],
        ),
        (
            flow(r#"{"start_at": "a", "paths": [{"from": "a", "to": "b"}, {"from": "b", "to": "a"}], "transitions": []}"#),
            vec![
                "E Loop validation: Loop: a -> b -> a has no exit condition - this will cause an infinite loop!".to_owned(),
                "E Loop validation: Loop edge a -> b has 'always' condition with no exit path - this will cause an infinite loop"
                    .to_owned(),
                "E Loop validation: Loop edge b -> a has 'always' condition with no exit path - this will cause an infinite loop"
                    .to_owned(),
                "W Unreachable steps: b".to_owned(),
                "W   Loop 1 has no exit conditions - check 'loop_config'".to_owned(),
                "I Detected 1 loop(s) in pipeline (cyclic execution)".to_owned(),
                "I Loop 1: a -> b -> a".to_owned(),
                "I Consider adding 'loop_config' to set max_iterations and timeout".to_owned(),
            ],
        ),
        (
            flow(r#"{"start_at": "a", "paths": [{"to": "b"}], "transitions": []}"#),
            vec![
                "W Unreachable steps: b".to_owned(),
                "W Advanced loop detection failed: 'from'".to_owned(),
            ],
        ),
        // A loop is named as it is found: nothing is said of it before.
        (
            flow(r#"{"start_at": "a", "paths": [{"from": true, "to": true}], "transitions": []}"#),
            vec![
                "W Unreachable steps: b".to_owned(),
                "W Advanced loop detection failed: sequence item 0: expected str instance, bool found".to_owned(),
            ],
        ),
        (
            flow(r#"{"start_at": "a", "paths": [{"from": "a", "to": "a"}, {"from": "a", "to": []}], "transitions": []}"#),
            vec![
                "W Unreachable steps: b".to_owned(),
                "W Advanced loop detection failed: unhashable type: 'list'".to_owned(),
            ],
        ),
        (
            flow(
                r#"{"start_at": "a", "paths": [{"from": "a", "to": "b"}, {"from": "a", "to": "b"}, {"from": "a", "to": "end_x"},
                    {"from": "a", "to": "a"}, {"from": "b", "to": "a"}], "transitions": []}"#,
            )
            .replacen('{', r#"{"loop_config": {}, "#, 1),
            vec![
                "W Unreachable steps: b".to_owned(),
                "I Detected 2 loop(s) in pipeline (cyclic execution)".to_owned(),
                "I Loop 1: a -> b -> a".to_owned(),
                "I   Exit conditions: 1".to_owned(),
                "I Loop 2: a -> a".to_owned(),
                "I   Exit conditions: 3".to_owned(),
            ],
        ),
        (
            r#"{"parameters": {"q": 1}, "x": "{{steps.s.o}} {{ parameters.q }}", "x": "{{{ steps.t.o }} {{ parameters.p.q }}"}"#
                .to_owned(),
            vec![
                "E Missing required field: 'name'".to_owned(),
                "E Missing required field: 'steps'".to_owned(),
                "E Missing required field: 'flow'".to_owned(),
                "W Template references undefined parameter: 'p'".to_owned(),
            ],
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(lines(&text), expected, "{text}");
    }
}

#[test]
fn strict_turns_warnings_into_errors() {
    let text = flow(r#"{"start_at": "a"}"#);
    let strict = validate(text.as_bytes(), true);
    let expected =
        ["[STRICT] Flow has no 'paths' or 'transitions' defined", "[STRICT] Unreachable steps: b"].map(str::to_owned);
    assert_eq!((strict.is_valid, &strict.errors[..], &strict.warnings[..]), (false, &expected[..], &[][..]));
}

#[test]
fn where_the_real_one_crashes_ours_says_what_is_wrong() {
    let chain: Vec<String> = (0..992).map(|i| format!(r#"{{"from_step": "s{i}", "to_step": "s{}"}}"#, i + 1)).collect();
    let deep = format!("{}{}", "[".repeat(992), "]".repeat(992));
    let cases = [
        ("null".to_owned(), "`$` must be", "TypeError: argument of type 'NoneType' is not iterable"),
        ("[\"name\"]".to_owned(), "`$` must be", "TypeError: list indices must be integers or slices, not str"),
        ("\"x\"".to_owned(), "`$` must be", "AttributeError: 'str' object has no attribute 'get'"),
        (
            r#"{"name": "p", "steps": [{"name": null}], "flow": {}}"#.to_owned(),
            "`$.steps[0].name` must be a string, and is null",
            "TypeError: expected string or bytes-like object, got 'NoneType'",
        ),
        (flow(r#"{"start_at": []}"#), "`$.flow.start_at`", "TypeError: unhashable type: 'list'"),
        (flow(r#"{"start_at": "a", "paths": null}"#), "`$.flow.paths`", "TypeError: 'NoneType' object is not iterable"),
        (
            flow(r#"{"start_at": "a", "paths": ["x"]}"#),
            "`$.flow.paths[0]` must be an object, and is \"x\"",
            "AttributeError: 'str' object has no attribute 'get'",
        ),
        (
            flow(r#"{"start_at": "a", "paths": [{"to_step": 3}]}"#),
            "`$.flow.paths[0].to_step`",
            "AttributeError: 'int' object has no attribute 'startswith'",
        ),
        (
            flow(&format!(r#"{{"start_at": "a", "paths": [{}]}}"#, chain.join(","))),
            "991 steps in a row",
            "RecursionError: maximum recursion depth exceeded while calling a Python object",
        ),
        (deep, "cannot be read", "RecursionError: maximum recursion depth exceeded while decoding a JSON array"),
        ("1".repeat(4301), "cannot be read", "ValueError: Exceeds the limit (4300 digits)"),
    ];
    for (text, what, exception) in cases {
        let said = said(&text);
        let last = said.errors.last().unwrap();
        assert!(!said.is_valid && last.contains(what) && last.contains(exception), "{last}");
    }
}

#[test]
fn python_says_where_a_text_is_no_json() {
    let cases = [
        ("", "Expecting value: line 1 column 1 (char 0)"),
        ("{\"a\": 1,}", "Expecting property name enclosed in double quotes: line 1 column 9 (char 8)"),
        ("[1,\r\n]", "Expecting value: line 2 column 1 (char 4)"),
        ("{\"é\" 1}", "Expecting ':' delimiter: line 1 column 6 (char 5)"),
        ("[01]", "Expecting ',' delimiter: line 1 column 3 (char 2)"),
        ("{} x", "Extra data: line 1 column 4 (char 3)"),
        ("\"a\nb\"", "Invalid control character at: line 1 column 3 (char 2)"),
        ("[\"a", "Unterminated string starting at: line 1 column 2 (char 1)"),
        ("\"\\q\"", "Invalid \\escape: line 1 column 2 (char 1)"),
        ("\"\\u12\"", "Invalid \\uXXXX escape: line 1 column 3 (char 2)"),
        ("\u{feff}{}", "Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0)"),
    ];
    for (text, expected) in cases {
        assert_eq!(
            check_json(text.as_bytes()).map_err(|wrong| wrong.python(text.as_bytes())),
            Err(expected.to_owned())
        );
    }
    for text in ["[NaN, -Infinity, 1e400, -0.0, {\"a\": []}]", " {} ", "\"\\ud800\""] {
        assert_eq!(check_json(text.as_bytes()), Ok(()), "{text}");
    }
    let latin = validate(b"{\"name\": \"\xe9\"}", false);
    assert!(latin.errors[0].contains("UnicodeDecodeError"), "{latin:?}");
}

#[test]
fn a_hundred_thousand_steps_with_loops_everywhere_end() {
    let number = 100_000;
    let steps: Vec<String> = (0..number).map(|i| STEP.replace("\"a\"", &format!("\"s{i}\""))).collect();
    let edges: Vec<String> = (0..number)
        .map(|i| {
            let (to, back) = ((i + 1) % 900 + i / 900 * 900, i / 900 * 900);
            format!(r#"{{"from": "s{i}", "to": "s{to}"}}, {{"from": "s{i}", "to": "s{back}"}}"#)
        })
        .collect();
    let text = format!(
        r#"{{"name": "p", "steps": [{}], "flow": {{"start_at": "s0", "paths": [{}], "transitions": []}}}}"#,
        steps.join(","),
        edges.join(",")
    );
    let said = said(&text);
    assert!(said.warnings.iter().any(|warning| warning.starts_with("Unreachable steps: s1, s10, ")), "{said:?}");
}
