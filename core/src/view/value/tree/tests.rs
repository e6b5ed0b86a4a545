//! Tests of the value tree: what shows, what opens, and that windows are parts of one list.

use super::*;
use proptest::prelude::*;

fn value(text: &str) -> ValueTree {
    ValueTree::new(text.to_owned()).0
}

/// Rows as an outline: two spaces for a level, then key or index, then the text.
fn outline(tree: &mut ValueTree) -> Vec<String> {
    let rows = tree.window(0, u32::MAX);
    let told = rows.iter().map(|row| {
        let name = row.key.clone().or(row.index.map(|index| index.to_string())).map_or(String::new(), |n| n + "=");
        let text = match row.kind.as_str() {
            "object" | "array" if row.open => "open",
            "object" | "array" => "closed",
            "close_object" => "}",
            "close_array" => "]",
            _ => &row.text,
        };
        format!("{}{name}{text}{}", "  ".repeat(row.depth as usize), if row.comma { "," } else { "" })
    });
    told.collect()
}

#[test]
fn small_values_open_wholly_and_large_ones_by_the_root() {
    let mut small = value(r#"{"a": [1, {"b": "x"}], "a": null, "c": {}}"#);
    assert_eq!(
        outline(&mut small),
        ["open", "  a=open", "    0=1,", "    1=open", "      b=x", "    }", "  ],", "  a=null,", "  c=closed", "}"]
    );
    let items: Vec<String> = (0..50).map(|n| format!("[{n}]")).collect();
    let mut large = value(&format!("[{}]", items.join(",")));
    assert_eq!(large.total(), 52);
}

#[test]
fn strings_with_json_inside_decode_in_place_level_by_level() {
    let inner = r#"{"n": [1]}"#;
    let middle = format!(r#"{{"inner": {}, "z": 0}}"#, crate::json::quoted(inner));
    let outer = format!("{{\"middle\": {}, \"after\": 1}}", crate::json::quoted(&middle));
    let mut tree = value(&outer);
    let row = tree.window(1, 1).remove(0);
    assert!(row.json && row.kind == "string");
    assert_eq!(tree.decode(row.node), Ok(()));
    let row = tree.window(2, 1).remove(0);
    assert_eq!((row.key.as_deref(), row.json, row.path.as_str()), (Some("inner"), true, "$.middle → $.inner"));
    assert_eq!(tree.decode(row.node), Ok(()));
    assert_eq!(
        outline(&mut tree),
        ["open", "  middle=open", "    inner=open", "      n=closed", "    },", "    z=0", "  },", "  after=1", "}"]
    );
    let deep = tree.window(3, 1).remove(0);
    assert_eq!(deep.path, "$.middle → $.inner → $.n");
    assert_eq!(tree.text_of(deep.node).as_deref(), Some("[1]"));
    assert_eq!(tree.text_of(row.node).as_deref(), Some(inner));
    // Back to a string, and again without reading it twice.
    assert_eq!(tree.decode(row.node), Ok(()));
    assert_eq!(tree.window(2, 1)[0].kind, "string");
    assert_eq!(tree.decode(row.node), Ok(()));
    assert_eq!(tree.arenas.len(), 3);
    assert!(tree.decode(0).is_err());
}

#[test]
fn a_path_leads_to_its_row_through_closed_and_encoded_parts() {
    let inner = crate::json::quoted(r#"[0, {"x": "here"}]"#);
    let mut tree = value(&format!(r#"{{"a": [[1, 2], {{"b c": {inner}}}]}}"#));
    tree.toggle(0, true);
    let path = r#"$.a[1]["b c"] → $[1].x"#;
    let row = tree.reveal(path);
    let found = row.and_then(|row| tree.window(row, 1).pop());
    assert_eq!(found.map(|row| (row.text, row.path)), Some(("here".to_owned(), path.to_owned())));
    for wrong in ["", "$.b", "$.a[7]", "$.a → $", "$.a[0] … [1]"] {
        assert_eq!(tree.reveal(wrong), None, "{wrong}");
    }
}

#[test]
fn long_strings_are_cut_on_a_character() {
    let long = "😀".repeat(2_000);
    let mut tree = value(&format!("[{}, \"short\"]", crate::json::quoted(&long)));
    let row = tree.window(1, 1).remove(0);
    assert_eq!((row.text.chars().count(), row.cut, row.bytes), (500, true, 6_000));
    assert_eq!(tree.text_of(row.node), Some(long));
    let escaped = "\\ud83d\\ude00".repeat(2_000);
    let row = value(&format!("[\"{escaped}\"]")).window(1, 1).remove(0);
    assert_eq!((row.text, row.cut), ("😀".repeat(500), true));
}

#[test]
fn damage_shows_what_was_read_then_says_so() {
    let mut tree = value(r#"{"a": [1, 2], "b": {"c": tru"#);
    let told = outline(&mut tree);
    assert_eq!(told[..5], ["open", "  a=open", "    0=1,", "    1=2", "  ],"]);
    let last = tree.window(0, 99).pop();
    assert!(last.is_some_and(|row| row.kind == "damaged" && row.text.starts_with("Expected the rest")));
    assert_eq!(value("").window(0, 9).len(), 1);
}

#[test]
fn glimpses_tell_what_is_inside() {
    let mut tree = value(r#"{"a": {"city": "Berlin", "days": 3, "list": [1], "none": {}}}"#);
    tree.toggle(1, false);
    assert_eq!(tree.window(1, 1)[0].text, r#"city: "Berlin", days: 3, list: […], none: {}"#);
}

#[test]
fn a_hundred_thousand_levels_open_close_and_stop() {
    let text = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let mut tree = value(&text);
    assert!(tree.toggle(0, true));
    assert_eq!(tree.total(), 1);
    assert!(!tree.toggle(0, true));
    let total = tree.total();
    assert!(total > 10_000 && total < 50_000);
    let row = tree.window(total / 2 - 1, 1).remove(0);
    assert!(row.path.len() < 2_000 && row.path.contains('…'));
    assert!(tree.toggle(0, true));
    assert_eq!(tree.total(), 1);
}

fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<i32>().prop_map(serde_json::Value::from),
        ".{0,8}".prop_map(serde_json::Value::from),
        Just(serde_json::Value::from(r#"{"in": [1, {"deep": "[2]"}]}"#)),
    ];
    let tree = leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(serde_json::Value::from),
            proptest::collection::hash_map("[a-c. ]{0,3}", inner, 0..6)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    });
    tree.prop_map(|value| value.to_string())
}

proptest! {
    #[test]
    fn windows_are_parts_of_one_list(
        text in json(), moves in proptest::collection::vec((any::<u32>(), 0u8..3), 0..12), size in 1u32..9,
    ) {
        let mut tree = value(&text);
        for (pick, what) in moves {
            let total = tree.total();
            let Some(row) = tree.window(pick % total, 1).pop() else { continue };
            match what {
                0 => { tree.toggle(row.node, false); }
                1 => { tree.toggle(row.node, true); }
                _ => prop_assert_eq!(tree.decode(row.node).is_ok(), row.json),
            }
        }
        let whole = tree.window(0, u32::MAX);
        prop_assert_eq!(whole.len() as u32, tree.total());
        let mut joined = Vec::new();
        let mut from = 0;
        while from < whole.len() as u32 {
            joined.extend(tree.window(from, size));
            from += size;
        }
        prop_assert_eq!(&joined, &whole);
        // Every container that opens closes, at its own depth.
        let mut open = Vec::new();
        for row in &whole {
            if row.kind.starts_with("close") {
                prop_assert_eq!(open.pop(), Some((row.node, row.depth)));
            } else if row.open {
                open.push((row.node, row.depth));
            }
        }
        prop_assert!(open.is_empty());
    }

    #[test]
    fn any_text_makes_rows(text in "[\\[\\]{}\",:a1 \\\\]{0,60}") {
        let mut tree = value(&text);
        let total = tree.total();
        prop_assert_eq!(tree.window(0, total + 5).len() as u32, total);
    }
}
