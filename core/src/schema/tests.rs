//! Generating and checking together: what is generated fits, what is wrong is named.

use super::*;
use crate::json::{At, Tree};
use proptest::prelude::*;

fn made(schema: &str) -> String {
    let tree = Tree::parse(schema.as_bytes());
    At::root(schema.as_bytes(), &tree).map(generate).unwrap_or_default()
}

fn wrong(schema: &str, value: &str) -> Vec<String> {
    let (trees, texts) = ((Tree::parse(schema.as_bytes()), Tree::parse(value.as_bytes())), (schema, value));
    match (At::root(texts.0.as_bytes(), &trees.0), At::root(texts.1.as_bytes(), &trees.1)) {
        (Some(schema), Some(value)) => check(schema, value).into_iter().map(|one| one.message).collect(),
        _ => vec!["nothing to check".to_owned()],
    }
}

#[test]
fn values_are_believable_and_fit() {
    for (schema, value) in [
        (r#"{"type": "string"}"#, r#""text""#),
        (r#""int""#, "1"),
        (r#"{"type": "object", "properties": {}}"#, "{}"),
        (
            r#"{"url": "string", "score": {"type": "number"}, "tags": "list"}"#,
            r#"{"url": "https://example.com/", "score": 0.5, "tags": []}"#,
        ),
        (
            r#"{"properties": {"approved": {}, "notes": true, "count": {}}, "required": ["count", "more"]}"#,
            r#"{"approved": true, "notes": "notes", "count": 1, "more": "more"}"#,
        ),
        (r#"{"type": "array", "items": {"type": "string"}, "minItems": 2}"#, r#"["text", "text"]"#),
        (r#"{"type": "array", "prefixItems": [{"const": 7}, {"type": "null"}]}"#, "[7, null]"),
        (r#"{"type": "integer", "minimum": 5, "multipleOf": 4}"#, "8"),
        (r#"{"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.5}"#, "0.25"),
        (r#"{"type": "integer", "maximum": -3}"#, "-3"),
        (r#"{"type": "string", "minLength": 6, "maxLength": 7}"#, r#""textxx""#),
        (r#"{"type": "string", "format": "date"}"#, r#""2024-01-01""#),
        (r#"{"type": "string", "pattern": "^[A-Z]{3}-\\d+$", "minLength": 6}"#, r#""AAA-00""#),
        (r#"{"type": "string", "default": 5, "examples": ["two words"]}"#, r#""two words""#),
        (r#"{"type": "string", "enum": ["approve", "reject"]}"#, r#""approve""#),
        (r#"{"type": ["null", "string"]}"#, r#""text""#),
        (r#"{"oneOf": [{"type": "integer", "maximum": 3, "minimum": 4}, {"type": "boolean"}]}"#, "true"),
        (
            r#"{"properties": {"kind": {"type": "string"}}, "anyOf": [{"required": ["size"], "properties": {"size": {"type": "integer"}}}]}"#,
            r#"{"kind": "kind", "size": 1}"#,
        ),
        (
            r#"{"allOf": [{"properties": {"a": {"type": "integer"}}}, {"properties": {"a": {"minimum": 3}, "b": {"const": "x"}}, "required": ["b"]}]}"#,
            r#"{"a": 3, "b": "x"}"#,
        ),
        (
            r##"{"$ref": "#/$defs/node", "$defs": {"node": {"type": "object", "properties": {"name": {"type": "string"}, "next": {"$ref": "#/$defs/node"}, "all": {"type": "array", "items": {"$ref": "#/$defs/node"}}}}}}"##,
            r#"{"name": "name", "all": []}"#,
        ),
        (
            r#"{"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer", "default": 9007199254740993}}}}"#,
            r#"[{"n": 9007199254740993}]"#,
        ),
        (r#"{"properties": {"a": {"type": "string", "required": true}}}"#, r#"{"a": "a"}"#),
        ("true", r#""text""#),
        (r#"{"type": "wibble"}"#, r#""text""#),
    ] {
        assert_eq!(made(schema), value, "{schema}");
        assert_eq!(wrong(schema, value), Vec::<String>::new(), "{schema}");
    }
}

#[test]
fn what_does_not_fit_is_said_with_its_place() {
    for (schema, value, told) in [
        (r#"{"properties": {"url": {"type": "string"}}}"#, r#"{"url": 404}"#, "url: 404, the schema says string"),
        (r#"{"url": "str"}"#, r#"{"url": null}"#, "url: null, the schema says string"),
        (r#"{"type": "integer"}"#, "1.5", "the value: 1.5, the schema says integer"),
        (r#"{"type": ["number", "null"]}"#, "\"1\"", "the value: \"1\", the schema says number or null"),
        (r#"{"required": ["a b"]}"#, "{}", r#"["a b"]: missing, the schema requires it"#),
        (r#"{"items": {"minimum": 3}}"#, "[3, 2]", "[1]: 2, the schema says at least 3"),
        (r#"{"multipleOf": 0.1}"#, "0.25", "the value: 0.25, the schema says a multiple of 0.1"),
        (r#"{"enum": ["a", "b"]}"#, "\"c\"", r#"the value: "c", the schema says one of ["a", "b"]"#),
        (r#"{"maxLength": 2}"#, "\"é😀a\"", "the value: \"é😀a\", the schema says at most 2 characters"),
        (
            r#"{"additionalProperties": false, "properties": {"a": {}}}"#,
            r#"{"b": 1}"#,
            "b: not among the keys the schema allows",
        ),
        (
            r#"{"oneOf": [{"type": "number"}, {"minimum": 1}]}"#,
            "2",
            "the value: 2, the schema says that it must fit exactly one of the alternatives in `oneOf`, and it fits several",
        ),
        (
            r#"{"anyOf": [{"type": "null"}, {"const": 1}]}"#,
            "2",
            "the value: 2, the schema says that it must fit one of the alternatives in `anyOf`, and it fits none",
        ),
        (
            r#"{"not": {"type": "null"}}"#,
            "null",
            "the value: null, the schema says that it must not fit what stands in `not`",
        ),
        (
            r##"{"properties": {"a": {"$ref": "#/$defs/n"}}, "$defs": {"n": {"type": "integer"}}}"##,
            r#"{"a": true}"#,
            "a: true, the schema says integer",
        ),
        (r#"{"uniqueItems": true}"#, "[1, 1.0]", "the value: [1, 1.0], the schema says that no item may stand twice"),
    ] {
        assert_eq!(wrong(schema, value), [told], "{schema} {value}");
    }
    for (schema, value) in
        [(r#"{"type": "integer"}"#, "1.0"), (r#"{"const": 1}"#, "1.0"), (r#""any""#, "{}"), ("{}", "[]")]
    {
        assert_eq!(wrong(schema, value), Vec::<String>::new(), "{schema} {value}");
    }
}

#[test]
fn circles_depth_and_contradictions_end() {
    for schema in [
        r##"{"$ref": "#"}"##,
        r##"{"allOf": [{"$ref": "#"}, {"$ref": "#"}]}"##,
        r##"{"anyOf": [{"$ref": "#"}, {"$ref": "#"}, {"$ref": "#"}]}"##,
        r##"{"type": "array", "minItems": 900, "items": {"$ref": "#"}}"##,
        r##"{"properties": {"a": {"$ref": "#"}, "b": {"$ref": "#"}}, "required": ["a", "b"]}"##,
        r##"{"oneOf": [{"properties": {"a": {"$ref": "#"}}, "required": ["a"]}, {"properties": {"b": {"$ref": "#"}}, "required": ["b"]}]}"##,
        r#"{"type": "integer", "minimum": 1e300, "maximum": -1e300, "multipleOf": 0}"#,
        r#"{"type": "string", "minLength": 99999999999999}"#,
    ] {
        let value = made(schema);
        assert!(value.len() < 100_000, "{schema}");
        let _ = wrong(schema, &value);
    }
    let deep = r#"{"items": "#.repeat(50_000) + "{}" + &"}".repeat(50_000);
    let value = "[".repeat(50_000) + &"]".repeat(50_000);
    assert!(made(&deep).len() < 100);
    assert_eq!(wrong(&deep, &value), Vec::<String>::new());
    let deep = r#"{"not": "#.repeat(50_000) + "{}" + &"}".repeat(50_000);
    let _ = (made(&deep), wrong(&deep, "1"));
}

fn any_schema() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just(r#"{"type":"string"}"#.to_owned()),
        Just(r#"{"type":"integer","minimum":2}"#.to_owned()),
        Just(r#"{"enum":[1,"a",null]}"#.to_owned()),
        Just(r##"{"$ref":"#/$defs/d"}"##.to_owned()),
        Just(r#"{"type":["null","boolean"]}"#.to_owned()),
        Just("\"float\"".to_owned()),
    ];
    word.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(|of| {
                let members: Vec<String> = of.iter().enumerate().map(|(at, one)| format!("\"k{at}\":{one}")).collect();
                format!(r#"{{"type":"object","properties":{{{}}},"required":["k0"]}}"#, members.join(","))
            }),
            inner.clone().prop_map(|one| format!(r#"{{"type":"array","items":{one},"minItems":1}}"#)),
            proptest::collection::vec(inner, 1..3).prop_map(|of| format!(r#"{{"anyOf":[{}]}}"#, of.join(","))),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_generated_fits(schema in any_schema()) {
        let whole = format!(r#"{{"$defs":{{"d":{{"type":"number"}}}},"allOf":[{schema}]}}"#);
        let value = made(&whole);
        prop_assert!(serde_json::from_str::<serde_json::Value>(&value).is_ok(), "{}", value);
        prop_assert_eq!(wrong(&whole, &value), Vec::<String>::new(), "{} {}", whole, value);
    }

    #[test]
    fn any_json_as_schema_and_value(schema in any::<Vec<u8>>(), tokens in proptest::collection::vec(prop_oneof![
        Just("{"), Just("}"), Just("["), Just("]"), Just(","), Just(":"), Just("\"type\""), Just("\"$ref\""), Just("\"#\""),
        Just("\"items\""), Just("\"properties\""), Just("\"anyOf\""), Just("1"), Just("\"string\""), Just("null")], 0..40)) {
        for text in [schema, tokens.concat().into_bytes()] {
            let tree = Tree::parse(&text);
            if let Some(root) = At::root(&text, &tree) {
                generate(root);
                check(root, root);
            }
        }
    }
}
