//! States that are worked out, against runs whose states are known.

use super::*;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn at(states: &States, done: usize) -> (Value, Vec<String>) {
    let shown = states.at(done);
    (serde_json::from_str(&shown.json).unwrap(), shown.unknown)
}

fn of(known: &str, steps: &[(&str, Returned<'_>)]) -> States {
    States::new(known.as_bytes(), false, steps, false, &FxHashSet::default()).unwrap()
}

#[test]
fn steps_that_return_their_own() {
    let (a, b) = (br#"{"t": "A", "n": 1}"#, br#"{"t": "B"}"#);
    let states = of(
        r#"{"q": 7, "t": "B", "m": 3, "n": 1, "a": {"t": "A", "n": 1}, "b": {"t": "B"}}"#,
        &[("a", Returned::Own(a)), ("b", Returned::Own(b))],
    );
    // `m` stands after `t` and no step wrote it, so both were given; `n` is the first step's.
    assert_eq!(at(&states, 0), (json!({"q": 7, "m": 3}), vec!["t".to_owned(), "n".to_owned()]));
    assert_eq!(at(&states, 1), (json!({"q": 7, "t": "A", "m": 3, "n": 1, "a": {"t": "A", "n": 1}}), vec![]));
    assert_eq!(at(&states, 2).0, json!({"q": 7, "t": "B", "m": 3, "n": 1, "a": {"t": "A", "n": 1}, "b": {"t": "B"}}));
}

#[test]
fn steps_that_change_the_data_in_place() {
    let end = r#"{"q": 1, "x": 2, "a": "[Circular Reference]", "y": 3, "z": 4, "b": "[Circular Reference]"}"#;
    let steps = [("a", Returned::Shared), ("b", Returned::Shared)];
    let states = of(end, &steps);
    assert_eq!(at(&states, 0), (json!({}), vec!["q".to_owned(), "x".to_owned()]));
    assert_eq!(at(&states, 1), (json!({"q": 1, "x": 2, "a": {"$ref": "#"}}), vec![]));
    assert_eq!(states.added(1).json, r#"{"y": 3, "z": 4}"#);
    assert_eq!(states.added(0).unknown, ["q", "x"]);
    // A declared parameter is the input's.
    let parameters = ["q".to_owned()].into_iter().collect();
    let states = States::new(end.as_bytes(), false, &steps, false, &parameters).unwrap();
    assert_eq!(at(&states, 0), (json!({"q": 1}), vec!["x".to_owned()]));
}

#[test]
fn what_is_too_large_or_no_object_is_left() {
    let none = FxHashSet::default();
    assert!(States::new(b"7", false, &[], false, &none).is_none());
    assert!(States::new(&vec![b' '; MOST + 1], false, &[], false, &none).is_none());
}

/// A run as the engine makes it: what each step returns, and the true state before each and at the end.
fn engine(input: &Map<String, Value>, steps: &[(String, Option<Map<String, Value>>)]) -> Vec<Map<String, Value>> {
    let mut data = input.clone();
    let mut states = vec![data.clone()];
    for (id, returned) in steps {
        match returned {
            Some(returned) => {
                data.extend(returned.clone());
                data.insert(id.clone(), Value::Object(returned.clone()));
            }
            None => {
                data.insert(id.clone(), json!(7));
            }
        }
        states.push(data.clone());
    }
    states
}

/// As JSON, members in the order they were put in. `serde_json` sorts them, so the order is kept beside.
fn text(order: &[String], state: &Map<String, Value>) -> String {
    let members: Vec<String> =
        order.iter().filter_map(|key| Some(format!("{}: {}", quoted(key), state.get(key)?))).collect();
    format!("{{{}}}", members.join(", "))
}

proptest! {
    /// Whatever is said to be known is true, and whatever is there is known or named.
    #[test]
    fn nothing_known_is_false(
        input in proptest::collection::btree_map("[a-d]", 0..5i32, 0..4),
        steps in proptest::collection::vec(("[s-u]", proptest::option::weighted(0.8, proptest::collection::btree_map("[a-f]", 0..5i32, 0..3))), 0..6),
    ) {
        let input: Map<String, Value> = input.into_iter().map(|(key, value)| (key, json!(value))).collect();
        let steps: Vec<(String, Option<Map<String, Value>>)> = steps
            .into_iter()
            .map(|(id, own)| (id, own.map(|own| own.into_iter().map(|(key, value)| (key, json!(value))).collect())))
            .collect();
        let truth = engine(&input, &steps);
        let mut order: Vec<String> = input.keys().cloned().collect();
        for (id, own) in &steps {
            for key in own.iter().flat_map(Map::keys).chain([id]) {
                if !order.contains(key) {
                    order.push(key.clone());
                }
            }
        }
        let end = text(&order, truth.last().unwrap());
        let own: Vec<(String, String)> = steps
            .iter()
            .map(|(id, own)| (id.clone(), own.as_ref().map_or("7".to_owned(), |own| Value::Object(own.clone()).to_string())))
            .collect();
        let told: Vec<(&str, Returned<'_>)> = own.iter().map(|(id, own)| (id.as_str(), Returned::Own(own.as_bytes()))).collect();
        let states = States::new(end.as_bytes(), false, &told, false, &FxHashSet::default()).unwrap();
        let given = States::new(text(&order, &input).as_bytes(), true, &told, false, &FxHashSet::default()).unwrap();
        for (done, truth) in truth.iter().enumerate() {
            let (shown, unknown) = at(&states, done);
            for (key, value) in shown.as_object().unwrap() {
                prop_assert_eq!(Some(value), truth.get(key), "{} after {} of {}", key, done, &end);
            }
            for key in truth.keys() {
                prop_assert!(shown.get(key).is_some() || unknown.contains(key), "{} after {} of {}", key, done, &end);
            }
            let (shown, unknown) = at(&given, done);
            prop_assert_eq!((shown.as_object().unwrap(), unknown), (truth, Vec::new()));
        }
    }
}
