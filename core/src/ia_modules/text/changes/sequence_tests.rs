//! Many changes one after the other, made at random: what a change does not speak of stays as it is, byte for byte.

use super::*;
use crate::edit::apply;
use crate::ia_modules::load::{self, Mocks, load};
use crate::ia_modules::python;
use crate::protocol::{ConditionDraft, EngineId, Loader, Target};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Files in both spellings of keys, laid out in lines, with tabs, and tight, with much that nobody knows.
fn files() -> Vec<String> {
    let short = r#"{
  "name": "p", "x-first": {"k": [1.50, 2E+0, "\u00e9\/"], "k": null},
  "steps": [
    {"id": "a", "name": "a", "step_class": "S", "module": "m.a", "x-note": "a",   "config": {"a": "a.v"}},
    {
      "id": "b", "name": "The second",
      "step_class": "S", "module": "m.b", "x-note": [ 1.50,
        {} ]
    },
    {"id": "c", "name": "c", "step_class": "S", "module": "m.c", "outputs": ["a"]}
  ],
  "flow": {
    "x-flow": "a",
    "start_at": "a",
    "paths": [
      {"from": "a", "to": "b", "x-edge": 1E1, "condition": {"type": "expression", "x-why": "a", "config": {"source": "a.v", "operator": "equals", "value": 0.10}}},
      {"from": "b", "to": "c"},
      {"from": "b", "to": "end_with_success", "condition": {"type": "always"}, "x-edge": {}}
    ]
  },
  "x-last": -0.0
}
"#;
    let long = short.replace("\"from\"", "\"from_step\"").replace("\"to\"", "\"to_step\"");
    let class = short.replace("\"step_class\"", "\"class\"");
    let tabs = short.replace("  ", "\t").replace('\n', "\r\n");
    let tight: String = short.lines().map(str::trim).collect::<String>().replace(": ", ":").replace(", ", ",");
    vec![short.to_owned(), long, class, tabs, tight]
}

const IDS: [&str; 6] = ["a", "b", "c", "d", "end_with_success", "e \"q\""];

fn change() -> impl Strategy<Value = Change> {
    let id = || proptest::sample::select(&IDS[..]).prop_map(str::to_owned);
    let edge = || (0usize..5).prop_map(|at| format!("$.flow.paths[{at}]"));
    let value = proptest::sample::select(&["1.50", "\"a\"", "[1, {\"a\": null}]", "no"][..]);
    let draft = (id(), value).prop_map(|(source, value)| ConditionDraft {
        source: format!("{source}.v"),
        operator: "equals".to_owned(),
        value: value.to_owned(),
    });
    let condition = || proptest::option::of(draft.clone());
    prop_oneof![
        (id(), proptest::option::of(id())).prop_map(|(id, after)| Change::AddStep { id, after }),
        id().prop_map(|id| Change::RemoveStep { id }),
        (id(), id()).prop_map(|(id, to)| Change::RenameStep { id, to }),
        (id(), id(), condition()).prop_map(|(from, to, condition)| Change::Connect { from, to, condition }),
        edge().prop_map(|edge| Change::Disconnect { edge }),
        (edge(), any::<bool>()).prop_map(|(edge, earlier)| Change::MoveEdge { edge, earlier }),
        (edge(), condition()).prop_map(|(edge, condition)| Change::SetCondition { edge, condition }),
        id().prop_map(|id| Change::SetStart { id }),
        Just(Change::Format),
    ]
}

fn list<'v>(all: &'v Value, path: &str) -> &'v [Value] {
    all.pointer(path).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn ends(edge: &Value) -> [&str; 2] {
    [["from", "from_step"], ["to", "to_step"]]
        .map(|keys| keys.into_iter().find_map(|key| edge.get(key)?.as_str()).unwrap())
}

/// All but steps, edges and the start.
fn rest(all: &Value) -> Value {
    let mut all = all.clone();
    all["steps"] = json!([]);
    all["flow"]["paths"] = json!([]);
    all["flow"]["start_at"] = json!("");
    all
}

fn without(all: &[Value], gone: impl Fn(&Value) -> bool) -> Vec<Value> {
    all.iter().filter(|one| !gone(one)).cloned().collect()
}

/// What became of steps and edges, as the change says it.
fn check(change: &Change, before: &Value, after: &Value) {
    let (steps, edges) = (list(before, "/steps"), list(before, "/flow/paths"));
    let (new_steps, new_edges) = (list(after, "/steps"), list(after, "/flow/paths"));
    assert_eq!(rest(before), rest(after), "{change:?}");
    let has = |step: &Value, id: &str| step["id"] == json!(id);
    let number = |path: &str| -> usize { path.trim_end_matches(']').rsplit('[').next().unwrap().parse().unwrap() };
    match change {
        Change::AddStep { id, after } => {
            assert_eq!(without(new_steps, |step| has(step, id)), steps);
            let edge = |edge: &Value| after.as_deref().is_some_and(|after| ends(edge) == [after, id]);
            assert_eq!(without(new_edges, edge), edges);
        }
        Change::RemoveStep { id } => {
            assert_eq!(new_steps, without(steps, |step| has(step, id)));
            assert_eq!(new_edges, without(edges, |edge| ends(edge).contains(&id.as_str())));
        }
        Change::RenameStep { id, to } => {
            let mut expected = json!({"steps": steps, "edges": edges});
            let rename = |value: &mut Value| {
                if *value == json!(id) {
                    *value = json!(to);
                }
            };
            for step in expected["steps"].as_array_mut().unwrap() {
                if has(step, id) {
                    ["id", "name"].into_iter().filter_map(|key| Some(step.get_mut(key)).flatten().map(rename)).count();
                }
            }
            for edge in expected["edges"].as_array_mut().unwrap() {
                for key in ["from", "to", "from_step", "to_step"] {
                    edge.get_mut(key).map(rename);
                }
                if let Some(source) = edge.pointer_mut("/condition/config/source") {
                    let text = source.as_str().unwrap();
                    if let Some(key) = text.strip_prefix(id.as_str()).filter(|key| key.starts_with('.')) {
                        *source = json!(format!("{to}{key}"));
                    }
                }
            }
            assert_eq!((json!(new_steps), json!(new_edges)), (expected["steps"].clone(), expected["edges"].clone()));
        }
        Change::Connect { .. } => {
            assert_eq!(new_steps, steps);
            let added = (0..new_edges.len()).any(|at| {
                let mut less = new_edges.to_vec();
                less.remove(at);
                less == edges
            });
            assert!(added, "{change:?}");
        }
        Change::Disconnect { edge } => {
            let mut less = edges.to_vec();
            less.remove(number(edge));
            assert_eq!((new_steps, new_edges), (steps, less.as_slice()));
        }
        Change::MoveEdge { .. } => {
            let words = |edges: &[Value]| {
                let mut words: Vec<String> = edges.iter().map(ToString::to_string).collect();
                words.sort();
                words
            };
            assert_eq!((new_steps, words(new_edges)), (steps, words(edges)));
        }
        Change::SetCondition { edge, .. } => {
            let (mut a, mut b) = (edges.to_vec(), new_edges.to_vec());
            let why = |edges: &[Value]| edges[number(edge)].pointer("/condition/x-why").cloned();
            assert_eq!(why(&a), why(&b));
            for edges in [&mut a, &mut b] {
                edges[number(edge)].as_object_mut().unwrap().remove("condition");
            }
            assert_eq!((new_steps, b), (steps, a));
        }
        Change::SetStart { id } => {
            assert_eq!((new_steps, new_edges), (steps, edges));
            assert_eq!(after["flow"]["start_at"], json!(id));
        }
        Change::Format => assert_eq!(before, after),
    }
}

/// Whether each loader takes a file.
fn taken(text: &str) -> [bool; 4] {
    let value = python::Value::parse(text.as_bytes()).unwrap();
    let input = python::Value::dict(python::Dict::new());
    let mocks = Mocks::default();
    [
        (EngineId::IaModules013, Loader::Raw),
        (EngineId::IaModules013, Loader::Pydantic),
        (EngineId::IaModules020, Loader::Raw),
        (EngineId::IaModules020, Loader::Pydantic),
    ]
    .map(|(engine, loader)| {
        let target = Target { engine, loader };
        load(&value, load::Given { target, input: &input, mocks: &mocks }).is_ok()
    })
}

/// The text of every step that stays as it is, and of every member nobody knows.
fn untouched<'t>(text: &'t str, tree: &'t Tree, change: &Change) -> Vec<&'t [u8]> {
    let root = At::root(text.as_bytes(), tree).unwrap();
    let mut kept: Vec<&[u8]> = ["x-first", "x-last"].into_iter().filter_map(|key| root.get(key)).map(At::raw).collect();
    let touched = match change {
        Change::Format => return Vec::new(),
        Change::RemoveStep { id } | Change::RenameStep { id, .. } => Some(id),
        _ => None,
    };
    let steps = root.get("steps").into_iter().flat_map(|steps| steps.items().collect::<Vec<_>>());
    kept.extend(steps.filter(|step| step.text_of("id").as_deref() != touched.map(String::as_str)).map(At::raw));
    kept
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn what_a_change_does_not_speak_of_stays(file in 0usize..5, changes in proptest::collection::vec(change(), 1..14)) {
        let mut text = files().swap_remove(file);
        for change in &changes {
            let Ok(edits) = plan(text.as_bytes(), change) else { continue };
            let after = String::from_utf8(apply(text.as_bytes(), &edits).unwrap()).unwrap();
            let tree = Tree::parse(after.as_bytes());
            prop_assert_eq!(tree.damage, None, "{:?}\n{}", change, after);
            let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
            check(change, &read(&text), &read(&after));
            let old = Tree::parse(text.as_bytes());
            for raw in untouched(&text, &old, change) {
                prop_assert!(memchr::memmem::find(after.as_bytes(), raw).is_some(), "{:?}\n{}", change, after);
            }
            // A file a loader takes it takes still; without a start none does.
            if after.contains("\"start_at\"") {
                for (was, is) in taken(&text).into_iter().zip(taken(&after)) {
                    prop_assert!(is || !was, "{:?}\n{}\n{}", change, text, after);
                }
            }
            text = after;
        }
    }
}
