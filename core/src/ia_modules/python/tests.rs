//! Expected values were asked from CPython 3.11.

use super::*;
use proptest::prelude::*;

fn value(json: &str) -> Value {
    Value::parse(json.as_bytes()).unwrap_or_else(|damage| panic!("{json}: {damage:?}"))
}

#[test]
fn json_is_read_as_python_reads_it_and_written_exactly() {
    for (json, written) in [
        (r#"{"b": 1, "a": 2, "b": 3}"#, r#"{"b":3,"a":2}"#),
        ("[1.0, 1e16, 1e-5, 0.1, -0.0, 123456789012345680.0]", "[1.0,1e+16,1e-05,0.1,-0.0,1.2345678901234568e+17]"),
        ("[123456789012345678901234567890, -0, 7]", "[123456789012345678901234567890,0,7]"),
        ("[NaN, Infinity, -Infinity, 1e999]", "[NaN,Infinity,-Infinity,Infinity]"),
        (r#"["\u00e9\ud83d\ude00\n", {}, [], null, true]"#, r#"["é😀\n",{},[],null,true]"#),
        ("-9223372036854775809", "-9223372036854775809"),
        ("0.0001", "0.0001"),
        ("0.00001234", "1.234e-05"),
        ("9999999999999998.0", "9999999999999998.0"),
    ] {
        assert_eq!(value(json).to_json(), written, "{json}");
    }
    assert_eq!(value(r#"{"a":[1,{}],"b":{}}"#).to_json_pretty(), "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": {}\n}");
    assert!(Value::parse(b"{\"a\": ").is_err());
    assert!(Value::parse(b"").is_err());
    // Words and commas that ChainDebug's own lexer forgives stop Python, so they stop a simulation.
    for (json, wrong) in [
        ("{\n\"a\": tru}", "X is not JSON: Expecting value: line 2 column 6 (char 7)."),
        ("[007]", "X is not JSON: Expecting ',' delimiter: line 1 column 3 (char 2)."),
        ("[1,]", "X is not JSON: Expecting value: line 1 column 4 (char 3)."),
        ("{} {}", "X is not JSON: Extra data: line 1 column 4 (char 3)."),
    ] {
        let said = Value::parse(json.as_bytes()).map_err(|not| not.sentence("X", json.as_bytes()));
        assert_eq!(said, Err(wrong.to_owned()), "{json}");
    }
}

#[test]
fn repr_is_that_of_python() {
    for (json, repr) in [
        (r#"[1, null, true, 1.5, "a"]"#, "[1, None, True, 1.5, 'a']"),
        (r#"{"k": {"n": []}, "e": {}}"#, "{'k': {'n': []}, 'e': {}}"),
        (r#"["it's", "say \"x\"", "both ' and \""]"#, r#"["it's", 'say "x"', 'both \' and "']"#),
        (
            r#""a\\b\n\t\u0000\u007f\u00a0\u200b\u0301é\ud83d\ude00\ue000""#,
            r"'a\\b\n\t\x00\x7f\xa0\u200b\u0301é😀\ue000'",
        ),
        ("[NaN, -Infinity, 1e22, 1.0]", "[nan, -inf, 1e+22, 1.0]"),
    ] {
        let expected = repr.replace(r"\u0301é", "\u{301}é");
        assert_eq!(value(json).repr(), expected, "{json}");
    }
    assert_eq!(value("\"it's\"").to_string(), "it's");
    assert_eq!(value("[\"x\"]").to_string(), "['x']");
}

#[test]
fn equality_is_deep_and_across_number_types() {
    for (a, b, expected) in [
        ("true", "1", true),
        ("1", "1.0", true),
        ("false", "0.0", true),
        ("\"5\"", "5", false),
        ("null", "false", false),
        ("[true, {\"a\": 1, \"b\": 2}]", "[1.0, {\"b\": 2.0, \"a\": true}]", true),
        ("[1]", "[1, 2]", false),
        ("{}", "[]", false),
        ("9007199254740993", "9007199254740992.0", false),
        ("9007199254740992", "9007199254740992.0", true),
        ("100000000000000000000", "1e20", true),
        ("100000000000000000001", "1e20", false),
        ("NaN", "NaN", false),
        ("[NaN]", "[NaN]", true),
        ("{\"a\": NaN}", "{\"a\": NaN}", true),
        ("9223372036854775808", "9223372036854775808.0", true),
    ] {
        assert_eq!(value(a) == value(b), expected, "{a} == {b}");
        assert_eq!(value(b) == value(a), expected, "{b} == {a}");
    }
}

#[test]
fn ordering_is_that_of_python_with_its_errors() {
    use Operator::{Greater, GreaterOrEqual, Less, LessOrEqual};
    let not =
        |sign: &str, a: &str, b: &str| Err(format!("'{sign}' not supported between instances of '{a}' and '{b}'"));
    for (a, operator, b, expected) in [
        ("5", Greater, "4.5", Ok(true)),
        ("true", Less, "2", Ok(true)),
        ("\"b\"", Greater, "\"a\"", Ok(true)),
        ("\"\u{ffff}\"", Less, "\"\u{1f600}\"", Ok(true)),
        ("null", Greater, "1", not(">", "NoneType", "int")),
        ("null", Less, "null", not("<", "NoneType", "NoneType")),
        ("{}", GreaterOrEqual, "{}", not(">=", "dict", "dict")),
        ("[1]", Less, "1", not("<", "list", "int")),
        ("[1, 2]", Less, "[1, 3]", Ok(true)),
        ("[1, 2]", Less, "[1, 2, 0]", Ok(true)),
        ("[1, 2]", LessOrEqual, "[1.0, true]", Ok(false)),
        ("[]", LessOrEqual, "[]", Ok(true)),
        ("[1, \"a\"]", Greater, "[1, 2]", not(">", "str", "int")),
        ("[[1, {}], 2]", Greater, "[[1, {}], 1]", Ok(true)),
        ("[[1, {\"a\": 1}], 2]", Greater, "[[1, {}], 1]", not(">", "dict", "dict")),
        ("[[], 1]", Less, "[[0], 0]", Ok(true)),
        ("NaN", Less, "1", Ok(false)),
        ("NaN", GreaterOrEqual, "NaN", Ok(false)),
        ("[NaN, 1]", Less, "[NaN, 2]", Ok(true)),
        ("[NaN]", LessOrEqual, "[NaN]", Ok(true)),
        ("100000000000000000001", Greater, "1e20", Ok(true)),
        ("-100000000000000000001", Less, "-1e20", Ok(true)),
        ("9007199254740993", Greater, "9007199254740992.0", Ok(true)),
        ("-1", Greater, "-1.5", Ok(true)),
        ("-2", Less, "-1.5", Ok(true)),
        ("1", Less, "1.5", Ok(true)),
        ("1e308", Less, &("1".to_owned() + &"0".repeat(400)), Ok(true)),
        ("Infinity", Greater, &"9".repeat(400), Ok(true)),
        ("-9223372036854775808", Less, "-9223372036854775807.0", Ok(false)),
    ] {
        assert_eq!(order(&value(a), operator, &value(b)), expected, "{a} {} {b}", operator.sign());
    }
}

#[test]
fn the_shared_dictionary_inside_itself_is_compared_as_what_it_holds() {
    let mut shared: Dict = [("a", Value::from(1))].into_iter().collect();
    shared.set("e", [("original_data", Value::Shared)].into_iter().collect::<Dict>());
    let e = shared.get("e").cloned().unwrap_or_default();
    assert_eq!(e.to_json(), r#"{"original_data":"[Circular Reference]"}"#);
    assert!(!equal_within(&e, &value(r#"{"original_data": {"a": 1, "e": {"original_data": {}}}}"#), Some(&shared)));
    assert!(!equal_within(&Value::Shared, &value(r#"{"a": 1}"#), Some(&shared)));
    shared.set("e", 2);
    assert!(equal_within(&Value::Shared, &value(r#"{"e": 2, "a": 1}"#), Some(&shared)));
    assert!(equal_within(&e, &value(r#"{"original_data": {"a": 1, "e": 2}}"#), Some(&shared)));
}

#[test]
fn a_dictionary_keeps_the_first_position_and_finds_keys_among_many() {
    let mut dict: Dict = (0..100).map(|i| (format!("k{i}"), Value::from(i))).collect();
    dict.set("k3", "new");
    dict.update(&[("k7", 70), ("z", 1)].into_iter().collect());
    assert_eq!((dict.len(), dict.position("k3"), dict.position("z")), (101, Some(3), Some(100)));
    assert_eq!(dict.get("k3"), Some(&Value::from("new")));
    assert_eq!(dict.get("k7"), Some(&Value::from(70)));
    assert_eq!(dict.get("k100"), None);
}

#[test]
fn a_hundred_thousand_levels_need_no_stack() {
    let deep = |inner: &str| format!("{}{inner}{}", "[{\"a\":".repeat(50_000), "}]".repeat(50_000));
    let value = |json: &str| Value::forgiving(json.as_bytes()).unwrap_or_default();
    let a = value(&deep("1"));
    let b = value(&deep("2"));
    assert_eq!(a.to_json(), deep("1"));
    assert!(a.repr().starts_with("[{'a': [{"));
    assert!(a != b && a == a.clone() && a == value(&deep("1.0")));
    assert!(order(&a, Operator::Less, &b).is_err(), "dictionaries have no order");
    let lists = |inner: &str| value(&format!("{}{inner}{}", "[".repeat(100_000), "]".repeat(100_000)));
    assert_eq!(order(&lists("1"), Operator::Less, &lists("2")), Ok(true));
    let mut dict = Dict::new();
    dict.set("deep", a);
    dict.set("deep", b);
    drop(dict);
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::None),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-3i64..3).prop_map(Value::from),
        prop::num::f64::ANY.prop_map(Value::from),
        (-3i32..3).prop_map(|i| Value::from(f64::from(i))),
        "[0-9]{19,25}".prop_map(|digits| Int::parse(&digits).map_or(Value::None, Value::Int)),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec(("[a-d\"']{0,3}", inner), 0..20)
                .prop_map(|entries| Value::from(entries.into_iter().collect::<Dict>())),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(a in any_value()) {
        let again = value(&a.to_json());
        prop_assert_eq!(again.to_json(), a.to_json());
        prop_assert_eq!(again.repr(), a.repr());
        prop_assert!(equal(&Value::list(vec![a.clone()]), &Value::list(vec![again])));
        prop_assert_eq!(value(&a.to_json_pretty()).to_json(), a.to_json());
    }

    #[test]
    fn order_and_equality_agree(a in any_value(), b in any_value()) {
        prop_assert_eq!(equal(&a, &b), equal(&b, &a));
        let less = order(&a, Operator::Less, &b);
        prop_assert_eq!(&less, &order(&b, Operator::Greater, &a).map_err(|e| {
            let _ = e;
            less.clone().err().unwrap_or_default()
        }));
        if less == Ok(true) {
            prop_assert!(!equal(&a, &b));
            prop_assert_eq!(order(&a, Operator::LessOrEqual, &b), Ok(true));
            prop_assert_eq!(order(&a, Operator::GreaterOrEqual, &b), Ok(false));
        }
    }

    #[test]
    fn integers_and_floats_are_ordered_without_rounding(i in any::<i64>(), f in prop::num::f64::NORMAL) {
        // Both as exact fractions: twice the number is enough to see halves apart from wholes.
        if f.abs() < 1e17 {
            let whole = f.trunc() as i128;
            let expected = i128::from(i).cmp(&whole).then_with(|| 0.0_f64.total_cmp(&(f.fract() + 0.0)));
            prop_assert_eq!(Int::from(i).cmp_float(f), Some(expected));
        }
    }

    #[test]
    fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Value::parse(&bytes);
    }
}
