//! Two definitions through the protocol.

use crate::protocol::{
    Answer, Mock, PipelineComparison, PipelinePart, Request, RunEnd, Scenario, Sign, StepMock, Target,
};
use crate::session::Session;
use crate::source::Memory;

fn compare(a: &str, b: &str, scenarios: Vec<Scenario>) -> PipelineComparison {
    let mut session = Session::new();
    for text in [a, b] {
        let mut opening = session.open("p.json", Box::new(Memory(text.as_bytes().to_vec())), None);
        while session.advance(&mut opening, 4096).document.is_none() {}
    }
    match session.answer(Request::ComparePipelines { a: 0, b: 1, target: Target::default(), scenarios }) {
        Answer::PipelineComparison(compared) => *compared,
        other => panic!("{other:?}"),
    }
}

const A: &str = r#"{"name": "returns", "version": "1", "steps": [
  {"id": "check", "name": "check", "step_class": "Check", "module": "shop", "config": {"limit": 3, "strict": true}},
  {"id": "refund", "name": "refund", "step_class": "Refund", "module": "shop"},
  {"id": "refuse", "name": "refuse", "step_class": "Refuse", "module": "shop"}],
  "flow": {"start_at": "check", "paths": [
    {"from": "check", "to": "refund", "condition": {"type": "expression", "config": {"source": "check.score", "operator": "greater_than", "value": 0.5}}},
    {"from": "check", "to": "refuse", "condition": {"type": "expression", "config": {"source": "check.score", "operator": "less_than_or_equals", "value": 0.5}}},
    {"from": "refund", "to": "end_with_success"}, {"from": "refuse", "to": "end_with_success"}]}}"#;

fn scored(score: &str) -> Scenario {
    let mock = Mock::Returns { value: format!("{{\"score\": {score}}}") };
    Scenario {
        name: format!("score {score}"),
        mocks: vec![StepMock { step: "check".to_owned(), mock }],
        ..Scenario::default()
    }
}

#[test]
fn the_same_is_the_same_however_it_is_written() {
    let compared = compare(A, A, vec![scored("0.6")]);
    assert_eq!((compared.same, compared.changes.len()), (true, 0));
    assert_eq!(compared.verdict, "The definitions are the same. 1 scenario goes as before.");
    // Other white space, another order of members and of steps.
    let spaced =
        A.replace("\"name\": \"check\", \"step_class\": \"Check\"", "\"step_class\":\"Check\" , \"name\":\"check\"");
    assert!(compare(A, &spaced, Vec::new()).same);
    // The long names of an edge's ends.
    let long = A.replace("{\"from\":", "{\"from_step\":").replace("\"to\":", "\"to_step\":");
    let compared = compare(A, &long, Vec::new());
    assert_eq!((compared.same, compared.changes.len(), compared.spelling.len()), (true, 0, 2), "{compared:?}");
    assert!(compared.verdict.contains("mean the same"), "{}", compared.verdict);
}

#[test]
fn a_changed_condition_is_told_as_one_and_what_it_does() {
    let b = A.replace("\"greater_than\", \"value\": 0.5", "\"greater_than\", \"value\": 0.7");
    let compared = compare(A, &b, vec![scored("0.9"), scored("0.6")]);
    assert_eq!(compared.changes.len(), 1);
    let change = &compared.changes[0];
    assert_eq!((change.part, change.sign, change.name.as_str()), (PipelinePart::Edge, Sign::Changed, "check → refund"));
    assert_eq!(change.what, "condition: `check.score > 0.5` → `check.score > 0.7`");
    assert_eq!(compared.effects.iter().map(|effect| effect.same).collect::<Vec<_>>(), [true, false]);
    let effect = &compared.effects[1];
    assert_eq!((effect.status.b, effect.parted), (Some(RunEnd::DeadEnd), Some(1)));
    assert_eq!(effect.said, "`score 0.6`: after `check` A goes to `refund` and B ends in a dead end.");
    assert!(compared.verdict.starts_with("One change: edge `check → refund`: condition"), "{}", compared.verdict);
}

#[test]
fn steps_come_go_change_and_are_renamed() {
    let b = A
        .replace("\"limit\": 3", "\"limit\": 5")
        .replace("\"id\": \"refund\", \"name\": \"refund\"", "\"id\": \"pay_back\", \"name\": \"refund\"")
        .replace("\"refund\", \"condition\"", "\"pay_back\", \"condition\"")
        .replace("{\"from\": \"refund\"", "{\"from\": \"pay_back\"")
        .replace("\n  \"flow\"", "\n  \"description\": \"now with limits\",\n  \"flow\"");
    let compared = compare(A, &b, Vec::new());
    let told: Vec<String> = compared
        .changes
        .iter()
        .map(|change| format!("{:?} {:?} {} {}", change.part, change.sign, change.name, change.what))
        .collect();
    insta::assert_snapshot!(told.join("\n"));
    let without = A.replace(
        "{\"id\": \"refuse\", \"name\": \"refuse\", \"step_class\": \"Refuse\", \"module\": \"shop\"}",
        "{\"id\": \"ask\", \"name\": \"ask\", \"step_class\": \"Ask\", \"module\": \"desk\"}",
    );
    let compared = compare(A, &without, Vec::new());
    let signs: Vec<(Sign, &str)> = compared
        .changes
        .iter()
        .filter(|change| change.part == PipelinePart::Step)
        .map(|change| (change.sign, change.name.as_str()))
        .collect();
    assert_eq!(signs, [(Sign::OnlyB, "ask"), (Sign::OnlyA, "refuse")]);
}
