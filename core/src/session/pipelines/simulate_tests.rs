//! Dry runs as documents of a session.

use crate::overlay::testing::session;
use crate::protocol::{Answer, Mock, Request, Scenario, Simulation, StepMock, Target, Verdict};
use crate::session::Session;

const PIPELINE: &str = r#"
{"name": "grade", "steps": [
  {"id": "rate", "step_class": "R", "module": "m"},
  {"id": "pass", "step_class": "P", "module": "m"}],
 "flow": {"start_at": "rate", "paths": [
  {"from": "rate", "to": "pass", "condition": {"type": "expression", "config": {"source": "result.score", "operator": "equals", "value": 7}}}]}}"#;

fn simulated(session: &mut Session, score: &str) -> Box<Simulation> {
    let mocks =
        vec![StepMock { step: "rate".to_owned(), mock: Mock::Returns { value: format!(r#"{{"score": {score}}}"#) } }];
    let scenario = Scenario { mocks, ..Scenario::default() };
    match session.answer(Request::Simulate { pipeline: 0, target: Target::default(), scenario }) {
        Answer::Simulation(simulation) => simulation,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_dry_run_is_a_run_and_the_next_one_takes_its_place() {
    let mut session = session(&[PIPELINE]);
    let first = simulated(&mut session, "7");
    let (run, document) = (first.run.unwrap(), first.document.unwrap());
    let view = session.document(document).unwrap();
    assert_eq!((view.file.as_str(), view.runs[0].name.as_str()), ("dry run of grade", "dry run of grade"));
    assert_eq!(view.runs[0].pipeline, Some(0));
    let details = session.details(run, 0).unwrap();
    assert!(details.state.is_some() && details.input == details.state);
    let after = details.state_after.unwrap().place;
    let text = String::from_utf8(session.bytes(document, after).unwrap()).unwrap();
    assert_eq!(text, r#"{"score":7,"rate":{"score":7}}"#);

    let Answer::Decision(decision) = session.answer(Request::Decision { run, step: 0 }) else { panic!() };
    assert!(decision.dead_end && decision.edges[0].verdict == Verdict::Refused);
    assert_eq!(decision.advice, "Read `rate.score`: edge 1 would be true.");
    let edit = &decision.fixes[0].edits[0];
    assert_eq!(&PIPELINE[edit.start as usize..edit.end as usize], "\"result.score\"");

    let second = simulated(&mut session, "8");
    assert_eq!((second.run, second.document), (Some(run), Some(document)));
    assert_eq!(second.changed, ["rate"]);
    assert_eq!(second.findings[0].line, 3, "{:?}", second.findings[0]);
    assert!(simulated(&mut session, "8").changed.is_empty());
}

#[test]
fn a_definition_the_loader_refuses_has_no_run() {
    let broken = PIPELINE.replace("\"from\":", "\"from_step\":");
    let mut session = session(&[&broken]);
    let refused = simulated(&mut session, "7");
    assert_eq!((refused.run, refused.document), (None, None));
    assert_eq!(refused.error.map(|error| error.type_name), Some("KeyError".to_owned()));
}
