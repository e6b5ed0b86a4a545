//! Edits against whole texts: what was asked changed, and every other byte is where it was.

use super::*;
use crate::json::{At, Tree};
use proptest::prelude::*;

fn changed(text: &str, change: impl for<'a> Fn(&mut Edits<'a>, At<'a>)) -> String {
    let tree = Tree::forgiving(text.as_bytes());
    let root = At::root(text.as_bytes(), &tree).unwrap();
    let mut edits = Edits::new(root);
    change(&mut edits, root);
    String::from_utf8(apply(text.as_bytes(), &edits.finish()).unwrap()).unwrap()
}

const LINES: &str =
    "{\r\n    \"a\": [\r\n        {\"x\": 1.50},\r\n        {\"x\": 2}\r\n    ],\r\n    \"b\" : {}\r\n}\r\n";

#[test]
fn new_things_look_like_their_neighbours() {
    let list = changed(LINES, |edits, root| {
        let list = root.get("a").unwrap();
        edits.add_item(list, r#"{"x":[1,{}]}"#, list.items().next(), Position::Last);
        edits.add_member(root.get("b").unwrap(), "n\"", "{\"k\":null}", None, Position::First);
    });
    assert_eq!(
        list,
        "{\r\n    \"a\": [\r\n        {\"x\": 1.50},\r\n        {\"x\": 2},\r\n        {\"x\": [1, {}]}\r\n    ],\r\n    \"b\" : {\r\n        \"n\\\"\": {\r\n            \"k\": null\r\n        }\r\n    }\r\n}\r\n"
    );
    let tight = r#"{"a":[1,2],"b":[],"c":[7]}"#;
    let told = changed(tight, |edits, root| {
        edits.add_item(root.get("a").unwrap(), "0", None, Position::First);
        edits.add_item(root.get("b").unwrap(), "{\"k\": 1}", None, Position::Last);
        edits.add_item(root.get("c").unwrap(), "8", None, Position::Last);
        edits.add_member(root, "d", "\"x\"", None, Position::Before(root.get("c").unwrap().node));
    });
    assert_eq!(told, r#"{"a":[0,1,2],"b":[{"k":1}],"d":"x","c":[7,8]}"#);
}

#[test]
fn removing_takes_the_comma_and_the_line() {
    let text = "[\n  1,\n  2,\n  3,\n  4\n]";
    let without = |gone: &[usize]| {
        changed(text, |edits, root| {
            gone.iter().for_each(|&at| edits.remove(root.items().nth(at).unwrap()));
        })
    };
    assert_eq!(without(&[0]), "[\n  2,\n  3,\n  4\n]");
    assert_eq!(without(&[1, 2]), "[\n  1,\n  4\n]");
    assert_eq!(without(&[2, 3]), "[\n  1,\n  2\n]");
    assert_eq!(without(&[0, 3]), "[\n  2,\n  3\n]");
    assert_eq!(without(&[0, 1, 2, 3]), "[]");
    let both = changed(text, |edits, root| {
        let items: Vec<_> = root.items().collect();
        edits.remove(items[3]);
        edits.remove(items[0]);
        edits.add_item(root, "5", None, Position::Last);
        edits.add_item(root, "0", None, Position::First);
        edits.replace(items[3], "9");
        edits.replace(items[1], "{\"two\": 2}");
    });
    assert_eq!(both, "[\n  0,\n  {\n    \"two\": 2\n  },\n  3,\n  5\n]");
    let anew = changed("{\"a\": 1}", |edits, root| {
        edits.remove(root.get("a").unwrap());
        edits.add_member(root, "b", "2", None, Position::Last);
    });
    assert_eq!(anew, "{\"b\": 2}");
}

#[test]
fn damaged_texts_can_be_changed_where_they_are_sound() {
    let told = changed("{\"a\":, \"b\": [1, 2], \"c\" 3", |edits, root| {
        edits.replace(root.get("a").unwrap(), "7");
        edits.remove(root.get("b").unwrap().items().next().unwrap());
        edits.rename_key(root.get("b").unwrap(), "é\"");
    });
    assert_eq!(told, "{\"a\": 7, \"é\\\"\": [2], \"c\" 3");
}

fn formatted(text: &str) -> String {
    String::from_utf8(apply(text.as_bytes(), &format_whole(text.as_bytes()).unwrap()).unwrap()).unwrap()
}

#[test]
fn the_usual_form() {
    let text = "\u{feff} { \"a\" :[ 1.50,{ } ,[\n]], \"b\":\"x\\u00e9 , \", \"b\":1E5 }\t\n\n";
    let usual = "\u{feff}{\n  \"a\": [\n    1.50,\n    {},\n    []\n  ],\n  \"b\": \"x\\u00e9 , \",\n  \"b\": 1E5\n}\n";
    assert_eq!(formatted(text), usual);
    assert_eq!(format_whole(usual.as_bytes()), Ok(Vec::new()));
    assert_eq!(formatted("{\"a\":1}"), "{\n  \"a\": 1\n}");
    assert_eq!(formatted("{\r\n\"a\":1}\r\n"), "{\r\n  \"a\": 1\r\n}\r\n");
    assert_eq!(formatted(" 7 "), "7");
    assert_eq!(format_whole(b"{\"a\" 1}"), Err((5, "a colon after the key")));
    assert_eq!(format_whole(b"{} {}"), Err((3, "the end of the file")));
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    assert!(formatted(&deep).len() < 100_000 * 300);
    let deep = "{\"a\":".repeat(100_000) + "-0.0" + &"}".repeat(100_000);
    assert!(formatted(&deep).len() < 100_000 * 300);
}

fn any_json() -> impl Strategy<Value = String> {
    let space = prop_oneof![Just(""), Just(" "), Just("\n"), Just("\n  "), Just("\r\n\t")];
    let leaf = prop_oneof![
        Just("1.0"),
        Just("-2e5"),
        Just("null"),
        Just("\"a , {é\\u0041\""),
        Just("true"),
        Just("{}"),
        Just("[]")
    ];
    leaf.prop_map(str::to_owned).prop_recursive(4, 40, 4, move |inner| {
        (proptest::collection::vec((inner, space.clone()), 1..4), space.clone(), any::<bool>()).prop_map(
            |(items, end, object)| {
                let put = |(at, (value, space)): (usize, &(String, &str))| match object {
                    true => format!("{space}\"k{at}\": {value}"),
                    false => format!("{space}{value}"),
                };
                let inner: Vec<String> = items.iter().enumerate().map(put).collect();
                let (open, close) = if object { ('{', '}') } else { ('[', ']') };
                format!("{open}{}{end}{close}", inner.join(","))
            },
        )
    })
}

/// Path and bytes of every value that holds no others.
fn leaves(text: &str) -> Vec<(String, String)> {
    let tree = Tree::parse(text.as_bytes());
    assert_eq!(tree.damage, None, "{text}");
    let at = |node| At { text: text.as_bytes(), tree: &tree, node };
    let all = (0..tree.len() as u32).map(at).filter(|at| at.count() == 0);
    all.map(|at| (at.path(), crate::json::compact(at.raw()))).collect()
}

proptest! {
    #[test]
    fn what_is_added_and_removed_again_was_never_there(text in any_json(), place in any::<prop::sample::Index>(), at in 0u32..5) {
        let tree = Tree::parse(text.as_bytes());
        let all: Vec<At<'_>> = (0..tree.len() as u32).map(|node| At { text: text.as_bytes(), tree: &tree, node }).collect();
        let of = *place.get(&all);
        let mut edits = Edits::new(all[0]);
        let position = of.children().nth(at as usize).map_or(Position::Last, |child| Position::Before(child.node));
        edits.add_member(of, "new", "{\"n\": [1]}", None, position);
        edits.add_item(of, "{\"n\": [1]}", None, position);
        let with = String::from_utf8(apply(text.as_bytes(), &edits.finish()).unwrap()).unwrap();
        let (before, after) = (leaves(&text), leaves(&with));
        prop_assert!(after.len() <= before.len() + 1);
        if with != text && of.count() > 0 {
            let again = changed(&with, |edits, root| {
                let of = At { node: root.find(&of.path()).unwrap().node, ..root };
                let index = match position { Position::Before(node) => tree.node(node).unwrap().index, _ => of.count() - 1 };
                edits.remove(of.children().nth(index as usize).unwrap());
            });
            prop_assert_eq!(&again, &text);
        }
    }

    #[test]
    fn removing_leaves_all_others_as_they_are(text in any_json(), gone in proptest::collection::vec(any::<prop::sample::Index>(), 1..4)) {
        let tree = Tree::parse(text.as_bytes());
        let all: Vec<At<'_>> = (1..tree.len() as u32).map(|node| At { text: text.as_bytes(), tree: &tree, node }).collect();
        prop_assume!(!all.is_empty());
        let mut edits = Edits::new(At { node: 0, ..all[0] });
        let gone: Vec<At<'_>> = gone.iter().map(|index| *index.get(&all)).collect();
        gone.iter().for_each(|at| edits.remove(*at));
        let rest = String::from_utf8(apply(text.as_bytes(), &edits.finish()).unwrap()).unwrap();
        let inside = |at: &At<'_>| gone.iter().any(|gone| gone.start() <= at.start() && at.end() <= gone.end());
        let kept: Vec<String> = all.iter().filter(|at| at.count() == 0 && !inside(at) && at.raw() != b"{}" && at.raw() != b"[]").map(|at| at.json().into_owned()).collect();
        let left: Vec<String> = leaves(&rest).into_iter().map(|leaf| leaf.1).filter(|leaf| leaf != "{}" && leaf != "[]").collect();
        prop_assert_eq!(left, kept, "{}", rest);
    }

    #[test]
    fn formatting_changes_space_only_and_once(text in any_json()) {
        let usual = formatted(&text);
        prop_assert_eq!(leaves(&usual), leaves(&text));
        prop_assert_eq!(format_whole(usual.as_bytes()), Ok(Vec::new()));
        for edit in format_whole(text.as_bytes()).unwrap() {
            let old = &text.as_bytes()[edit.start as usize..edit.end as usize];
            prop_assert!(old.iter().chain(edit.text.as_bytes()).all(u8::is_ascii_whitespace));
        }
    }
}
