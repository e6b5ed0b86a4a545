//! YAML in its JSON form: what each notation becomes, lines, bounds, damage.

use super::*;

/// The JSON without the lines.
fn json(text: &str) -> String {
    let yaml = to_json(text);
    assert_eq!(yaml.fault, None, "{text}");
    yaml.json.replace("\n ", "").replace('\n', "")
}

#[test]
fn keys_keep_their_order_and_are_texts() {
    assert_eq!(
        json("on: push\nyes: no\n1: a\ntrue: b\nnull: ~\n2026-01-02: 3\n"),
        r#"{"on":"push","yes":"no","1":"a","true":"b","null":null,"2026-01-02":3}"#
    );
}

#[test]
fn scalars_follow_the_core_schema() {
    assert_eq!(
        json("[1, -2.5e3, 007, 0x1F, 0o17, +4, .5, 1.10, 1_0, true, False, '1', \"a\\tb\", ~, 12:30, .inf]"),
        r#"[1,-2.5e3,"007",31,15,4,".5",1.10,"1_0",true,false,"1","a\tb",null,"12:30",".inf"]"#
    );
    assert_eq!(json("a: |\n  x\n  y\nb: >-\n  x\n  y\n"), r#"{"a":"x\ny\n","b":"x y"}"#);
}

#[test]
fn values_stay_on_their_lines() {
    let text = "# comment\na: 1\n\nb:\n  - x: |\n      one\n      two\n    y: 2\n  - [3,\n     4]\n---\nc: 5\n";
    let json = to_json(text).json;
    for (line, part) in
        [(2, "\"a\":1"), (4, "\"b\":"), (5, "\"x\":"), (8, "\"y\":2"), (9, "3"), (10, "4"), (12, "\"c\"")]
    {
        assert!(json.lines().nth(line - 1).is_some_and(|at| at.contains(part)), "line {line}: {part} in {json}");
    }
}

#[test]
fn anchors_and_merge_keys_are_resolved() {
    let text =
        "base: &b {x: 1, y: 2}\nother: &o {y: 8, z: 9}\none:\n  <<: *b\n  y: 3\nmany:\n  <<: [*b, *o]\nuse: *b\n";
    assert_eq!(
        json(text),
        r#"{"base":{"x":1,"y":2},"other":{"y":8,"z":9},"one":{"y":3,"x":1},"many":{"x":1,"y":2,"z":9},"use":{"x":1,"y":2}}"#
    );
    assert_eq!(json("&a x: 1\n*a : 2\n"), r#"{"x":1,"x":2}"#);
    assert_eq!(json("a: &r [1, *r]\n"), r#"{"a":[1,null]}"#);
}

#[test]
fn a_bomb_of_anchors_is_bounded() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let before = format!("*a{}", level - 1);
        text.push_str(&format!("a{level}: &a{level} [{}]\n", [before.as_str(); 10].join(", ")));
    }
    let yaml = to_json(&text);
    assert!(yaml.fault.is_some_and(|(_, why)| why.contains("anchors")));
    assert!(yaml.json.len() < 40 << 20, "{}", yaml.json.len());
    // The same through merge keys, which leave nothing in the text that is written.
    let mut text = "a: &a {k: &v [x".to_owned();
    text.push_str(&", x".repeat(5000));
    text.push_str("]}\nb:\n");
    for _ in 0..20_000 {
        text.push_str("  - <<: *a\n    k: 1\n");
    }
    assert!(to_json(&text).json.len() < 40 << 20);
}

#[test]
fn documents_are_glued() {
    let yaml = to_json("a: 1\n---\nb: 2\n...\n---\n- c\n");
    assert_eq!((yaml.documents, yaml.fault), (3, None));
    let values: Vec<&str> = yaml.json.split_whitespace().collect();
    assert_eq!(values, [r#"{"a":1}"#, r#"{"b":2}"#, r#"["c"]"#]);
}

#[test]
fn tags_are_harmless() {
    assert_eq!(
        json("a: !Ref B\nb: !!str 1\nc: !!python/tuple [1]\nd: !Sub [x, {y: 1}]\ne: !!int \"7\"\nf: ! 1\n"),
        r#"{"a":"!Ref B","b":"1","c":[1],"d":["x",{"y":1}],"e":7,"f":"1"}"#
    );
}

#[test]
fn templates_stay_texts() {
    assert_eq!(
        json("a: {{ x.y | default('z') }}\nb: \"{{ q }}\"\n{{- if x }}\nc: ${{ e.f }}-g\nd:\n  - {{ one }}/two\n"),
        r#"{"a":"{{ x.y | default('z') }}","b":"{{ q }}","c":"${{ e.f }}-g","d":["{{ one }}/two"]}"#
    );
}

#[test]
fn a_collection_as_a_key_is_its_text() {
    assert_eq!(json("? [a, b]\n: 1\n? {c: 2}\n: 3\n"), r#"{"[\"a\",\"b\"]":1,"{\"c\":2}":3}"#);
}

#[test]
fn what_is_before_damage_is_kept() {
    let yaml = to_json("a: 1\nb:\n  - x\n  - 'unclosed\nc: 2\n");
    assert!(yaml.json.replace("\n ", "").starts_with(r#"{"a":1,"b":["x""#), "{}", yaml.json);
    assert!(yaml.fault.is_some_and(|(line, _)| line >= 4));
    for cut in 0..40 {
        let text = "a: &x {b: [1, 2]}\nc:\n  <<: *x\n  ? [k]\n  : v\n";
        let yaml = to_json(&text[..cut]);
        assert!(serde_json::Deserializer::from_str(&yaml.json).into_iter::<serde_json::Value>().all(|v| v.is_ok()));
    }
}

#[test]
fn keys_within_keys_do_not_grow_without_end() {
    for text in
        [format!("{} \"a\": 1, \"b\": \"c\"", "{".repeat(100)), format!("{}a{}", "{[".repeat(60), "]: 1}".repeat(60))]
    {
        let yaml = to_json(&text);
        assert!(yaml.json.len() < 64 << 20, "{} bytes", yaml.json.len());
        let mut values = serde_json::Deserializer::from_str(&yaml.json).into_iter::<serde::de::IgnoredAny>();
        let wrong = values.find_map(Result::err);
        assert!(wrong.is_none(), "{wrong:?} in {} bytes, {:?}", yaml.json.len(), yaml.fault);
    }
}
