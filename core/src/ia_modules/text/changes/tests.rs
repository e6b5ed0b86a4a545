//! Each change on a small file; what the result looks like, and what is refused.

use super::*;
use crate::edit::apply;
use crate::protocol::ConditionDraft;

const FILE: &str = r#"{
  "name": "Review",
  "steps": [
    {
      "id": "draft",
      "name": "Write draft",
      "step_class": "DraftStep",
      "module": "desk.steps.draft",
      "extra": [1.50, 2]
    },
    {
      "id": "check",
      "name": "check",
      "step_class": "CheckStep",
      "module": "desk.steps.check",
      "inputs": {"text": "{{ steps.draft.text }} {steps.draft.output.text} {{ draft.text }} {{ parameters.draft }} drafted"}
    }
  ],
  "flow": {
    "start_at": "draft",
    "paths": [
      {"from": "draft", "to": "check", "condition": {"type": "always"}},
      {
        "from": "check",
        "to": "draft",
        "condition": {
          "type": "expression",
          "note": "kept",
          "config": {"source": "draft.score", "operator": "less_than", "value": 0.80}
        }
      },
      {"from": "check", "to": "end_with_success", "condition": {"type": "expression", "config": {"source": "drafts", "operator": "equals", "value": 1}}}
    ]
  }
}
"#;

fn made(text: &str, change: &Change) -> String {
    let edits = plan(text.as_bytes(), change).unwrap();
    String::from_utf8(apply(text.as_bytes(), &edits).unwrap()).unwrap()
}

/// Lines that went, with `-`, and lines that came, with `+`.
fn told(text: &str, change: &Change) -> String {
    let after = made(text, change);
    assert!(
        text.len() < 20
            || Tree::parse(text.as_bytes()).damage.is_some()
            || Tree::parse(after.as_bytes()).damage.is_none()
    );
    let (old, new): (Vec<&str>, Vec<&str>) = (text.lines().collect(), after.lines().collect());
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let gone = old[head..old.len() - tail].iter().map(|line| format!("-{line}\n"));
    let come = new[head..new.len() - tail].iter().map(|line| format!("+{line}\n"));
    gone.chain(come).collect()
}

fn add(id: &str, after: Option<&str>) -> Change {
    Change::AddStep { id: id.to_owned(), after: after.map(str::to_owned) }
}

fn draft(source: &str, operator: &str, value: &str) -> Option<ConditionDraft> {
    Some(ConditionDraft { source: source.to_owned(), operator: operator.to_owned(), value: value.to_owned() })
}

#[test]
fn a_new_step_is_written_as_the_others_are() {
    insta::assert_snapshot!(made(FILE, &add("fact_check", Some("draft"))));
    let old = r#"{"name":"x","steps":[{"name":"a","module":"m","class":"A"}],"flow":{"start_at":"a","transitions":[{"from":"a","to":"a"}]}}"#;
    assert_eq!(
        made(old, &add("b", Some("a"))),
        r#"{"name":"x","steps":[{"name":"a","module":"m","class":"A"},{"name":"b","module":"m","class":"BStep","config":{}}],"flow":{"start_at":"a","transitions":[{"from":"a","to":"a"},{"from":"a","to":"b"}]}}"#
    );
    let empty = made("{\n  \"name\": \"x\"\n}", &add("a", None));
    insta::assert_snapshot!(empty);
    assert_eq!(made(&empty, &Change::Format), empty);
}

#[test]
fn a_step_goes_with_its_edges_and_the_start_moves_on() {
    insta::assert_snapshot!(made(FILE, &Change::RemoveStep { id: "draft".to_owned() }));
    let gone = made(FILE, &add("b", Some("check")));
    assert_eq!(made(&gone, &Change::RemoveStep { id: "b".to_owned() }), FILE);
    let last = made(
        &made(FILE, &Change::RemoveStep { id: "draft".to_owned() }),
        &Change::RemoveStep { id: "check".to_owned() },
    );
    assert!(last.contains("\"steps\": []") && last.contains("\"paths\": []") && !last.contains("start_at"), "{last}");
}

#[test]
fn another_name_everywhere() {
    let rename = Change::RenameStep { id: "draft".to_owned(), to: "write \"it\"".to_owned() };
    insta::assert_snapshot!(made(FILE, &rename));
    let check = Change::RenameStep { id: "check".to_owned(), to: "verify".to_owned() };
    let there = made(FILE, &check);
    assert!(there.contains("\"name\": \"verify\"") && !there.contains("\"check\""));
    assert_eq!(made(&there, &Change::RenameStep { id: "verify".to_owned(), to: "check".to_owned() }), FILE);
}

#[test]
fn edges_and_conditions() {
    let connect =
        |from: &str, to: &str, condition| Change::Connect { from: from.to_owned(), to: to.to_owned(), condition };
    insta::assert_snapshot!(told(FILE, &connect("draft", "end_with_failure", None)), @r#"+      {"from": "draft", "to": "end_with_failure", "condition": {"type": "always"}},"#);
    insta::assert_snapshot!(told(FILE, &connect("draft", "check", draft("score", "equals", " [1,\n 2] "))), @r#"+      {"from": "draft", "to": "check", "condition": {"type": "expression", "config": {"source": "score", "operator": "equals", "value": [1, 2]}}},"#);
    let edge = |at: u32| format!("$.flow.paths[{at}]");
    let set = |at: u32, condition| Change::SetCondition { edge: edge(at), condition };
    insta::assert_snapshot!(told(FILE, &set(1, draft("draft.score", "greater_than", "0.80"))), @r#"
    -          "config": {"source": "draft.score", "operator": "less_than", "value": 0.80}
    +          "config": {"source": "draft.score", "operator": "greater_than", "value": 0.80}
    "#);
    insta::assert_snapshot!(told(FILE, &set(1, None)), @r#"
    -          "type": "expression",
    -          "note": "kept",
    -          "config": {"source": "draft.score", "operator": "less_than", "value": 0.80}
    +          "type": "always",
    +          "note": "kept"
    "#);
    insta::assert_snapshot!(told(FILE, &set(0, draft("text", "not_equals", "null"))), @r#"
    -      {"from": "draft", "to": "check", "condition": {"type": "always"}},
    +      {"from": "draft", "to": "check", "condition": {"type": "expression", "config": {"source": "text", "operator": "not_equals", "value": null}}},
    "#);
    insta::assert_snapshot!(told(FILE, &Change::Disconnect { edge: edge(2) }), @r#"
    -      },
    -      {"from": "check", "to": "end_with_success", "condition": {"type": "expression", "config": {"source": "drafts", "operator": "equals", "value": 1}}}
    +      }
    "#);
    let swapped = made(FILE, &Change::MoveEdge { edge: edge(2), earlier: true });
    assert_eq!(swapped, made(FILE, &Change::MoveEdge { edge: edge(1), earlier: false }));
    assert_eq!(made(&swapped, &Change::MoveEdge { edge: edge(1), earlier: false }), FILE);
    let place = |text: &str, what: &str| text.find(what).unwrap();
    assert!(place(&swapped, "\"drafts\"") < place(&swapped, "\"note\""), "{swapped}");
    insta::assert_snapshot!(told(FILE, &Change::SetStart { id: "check".to_owned() }), @r#"
    -    "start_at": "draft",
    +    "start_at": "check",
    "#);
    let flat = r#"{"steps": [{"id": "a"}], "flow": {"paths": [{"from_step": "a", "to_step": "a", "condition": {"type": "field_equals", "field": "v", "value": 1, "description": "d"}}, {"from_step": "a", "to_step": "end"}]}}"#;
    let told = made(flat, &set(0, draft("v", "equals", "1")));
    assert!(
        told.contains(
            r#"{"type": "expression", "description": "d", "config": {"source": "v", "operator": "equals", "value": 1}}"#
        ),
        "{told}"
    );
    let told = made(flat, &set(1, draft("v", "equals", "1")));
    assert!(told.contains(r#""to_step": "end", "condition": {"type": "expression""#), "{told}");
    let told = made(flat, &connect("a", "end_x", None));
    assert!(told.contains(r#", {"from_step": "a", "to_step": "end_x"}]"#), "{told}");
}

#[test]
fn what_makes_no_sense_is_refused() {
    let connect =
        |from: &str, to: &str, condition| Change::Connect { from: from.to_owned(), to: to.to_owned(), condition };
    let rename = |id: &str, to: &str| Change::RenameStep { id: id.to_owned(), to: to.to_owned() };
    for (change, says) in [
        (add("draft", None), "already a step `draft`"),
        (add(" ", None), "needs an id"),
        (add("end_now", None), "stops a run"),
        (add("x", Some("nobody")), "no step `nobody`"),
        (Change::RemoveStep { id: "nobody".to_owned() }, "no step `nobody`"),
        (rename("draft", "check"), "already a step `check`"),
        (connect("draft", "nobody", None), "no step `nobody`"),
        (connect("draft", "check", None), "twice"),
        (connect("draft", "check", draft("x", ">=", "1")), "operator `>=`"),
        (connect("draft", "check", draft("", "equals", "1")), "needs a source"),
        (connect("draft", "check", draft("x", "equals", "one")), "must be JSON"),
        (connect("draft", "check", draft("x", "equals", "1, \"y\": 2")), "must be JSON"),
        (Change::Disconnect { edge: "$.flow.paths[9]".to_owned() }, "no edge at"),
        (Change::Disconnect { edge: "$.steps[0]".to_owned() }, "no edge at"),
        (Change::MoveEdge { edge: "$.flow.paths[0]".to_owned(), earlier: true }, "the first one that leaves `draft`"),
        (Change::MoveEdge { edge: "$.flow.paths[2]".to_owned(), earlier: false }, "the last one that leaves `check`"),
        (Change::SetStart { id: "end_x".to_owned() }, "no step `end_x`"),
    ] {
        let message = plan(FILE.as_bytes(), &change).unwrap_err();
        assert!(message.contains(says), "{message}");
    }
    assert!(plan(b"[]", &add("a", None)).is_err() && plan(b"", &add("a", None)).is_err());
    assert!(plan(b"{\"a\": ", &Change::Format).is_err_and(|message| message.contains("line 1")));
}

#[test]
fn damaged_and_odd_texts_are_changed_as_far_as_they_go() {
    let cut = &FILE[..FILE.len() - 5];
    assert!(made(cut, &Change::SetStart { id: "check".to_owned() }).contains("\"start_at\": \"check\""));
    let comma = FILE.replacen("\"name\": \"check\",", "\"name\": ", 1);
    let there = made(&comma, &Change::RenameStep { id: "draft".to_owned(), to: "d".to_owned() });
    assert!(there.contains("\"from\": \"d\"") && there.contains("\"start_at\": \"d\""));
    let changes = [
        add("z", Some("a")),
        Change::RemoveStep { id: "a".to_owned() },
        Change::RenameStep { id: "a".to_owned(), to: "b".to_owned() },
    ];
    for odd in [
        r#"{"steps": [{"id": "a"}], "flow": null}"#,
        r#"{"steps": [{"id": "a"}, null, 3, {"id": "a"}], "flow": {"paths": {}, "transitions": 7}}"#,
        r#"{"steps": [{"id": "a", "name": null, "module": 5}], "flow": [], "flow": {"start_at": "a", "paths": [null, {}, {"from": "a", "to": 3, "condition": null}]}}"#,
    ] {
        for change in &changes {
            let there = made(odd, change);
            assert_eq!(Tree::parse(there.as_bytes()).damage, None, "{there}");
        }
    }
}
