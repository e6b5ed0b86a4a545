//! Dry runs as documents of a session.

use crate::ia_modules::simulate::{self, Next};
use crate::overlay::testing::session;
use crate::protocol::{
    Answer, Answered, EngineId, Loader, Mock, Request, RunEnd, Scenario, Simulation, StepMock, Target, Verdict,
};
use crate::session::Session;
use proptest::prelude::*;
use std::collections::BTreeMap;

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
    assert!(view.dry_run && !session.document(0).unwrap().dry_run);
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

    let dead_end = first.findings.iter().find(|finding| finding.id == "dry-run-dead-end").unwrap();
    let edit = &dead_end.fixes[0].edits[0];
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

/// Positions of an edge's ends, and of its condition's source, operator and value.
type Edge = (usize, usize, Option<(usize, usize, usize)>);

/// Steps `a` to `e` with these edges (from, to, condition) on a pipeline that allows three rounds of a loop.
fn definition(edges: &[Edge]) -> String {
    let ids = ["a", "b", "c", "d", "e", "end_x", "end_y", "gone"];
    let steps = ids[..5].iter().map(|id| format!(r#"{{"id":"{id}","name":"{id}","step_class":"S","module":"m"}}"#));
    let edges = edges.iter().map(|(from, to, condition)| {
        let condition = condition.map_or_else(String::new, |(source, operator, value)| {
            let source = ["v", "w", "b.v", "gone"][source];
            let operator = ["equals", "not_equals", "less_than", "greater_than_or_equals", "=="][operator];
            format!(
                r#","condition":{{"type":"expression","config":{{"source":"{source}","operator":"{operator}","value":{value}}}}}"#
            )
        });
        format!(r#"{{"from":"{}","to":"{}"{condition}}}"#, ids[*from], ids[*to])
    });
    format!(
        r#"{{"name":"p","steps":[{}],"flow":{{"start_at":"a","paths":[{}]}},"loop_config":{{"max_iterations":3}}}}"#,
        steps.collect::<Vec<_>>().join(","),
        edges.collect::<Vec<_>>().join(",")
    )
}

/// Without who wrote a value, and whether a step that waited was entered: what only one of the two knows.
fn unsigned(why: &str) -> String {
    let cut = |text: &str, begin: &str| match text.split_once(begin) {
        Some((before, after)) => before.to_owned() + after.split_once(')').map_or("", |(_, rest)| rest),
        None => text.to_owned(),
    };
    cut(&cut(why, " (written by"), " (from the input").replace(" Its turn never came.", "")
}

fn edge() -> impl Strategy<Value = Edge> {
    (0usize..5, 0usize..8, proptest::option::weighted(0.6, (0usize..4, 0usize..5, 0usize..3)))
}

fn scenario() -> impl Strategy<Value = Scenario> {
    let mock = prop_oneof![
        4 => proptest::collection::vec((0usize..3, 0usize..3), 1..3).prop_map(|values| Mock::Sequence {
            values: values.iter().map(|(v, w)| format!(r#"{{"v": {v}, "w": {w}}}"#)).collect()
        }),
        1 => Just(Mock::Returns { value: "{\"status\": \"human_input_required\"}".to_owned() }),
        1 => Just(Mock::Raises { error: "ValueError: no".to_owned() }),
        1 => Just(Mock::Returns { value: "7".to_owned() }),
    ];
    let answers = proptest::collection::vec(0usize..5, 0..3);
    (proptest::collection::vec(mock, 5), answers).prop_map(|(mocks, answers)| {
        let ids = ["a", "b", "c", "d", "e"];
        let mocks = ids.iter().zip(mocks).map(|(id, mock)| StepMock { step: (*id).to_owned(), mock });
        let answers = answers.iter().map(|&at| Answered { step: ids[at].to_owned(), value: "{\"v\": 1}".to_owned() });
        Scenario { mocks: mocks.collect(), answers: answers.collect(), ..Scenario::default() }
    })
}

#[test]
fn a_run_that_comes_back_to_an_answered_step_is_drawn_with_its_end() {
    // The answer to `a` is used once; at its second visit `a` only returns that it waits, and nothing is left to do.
    let mut session = session(&[&definition(&[(0, 1, None), (0, 0, None)])]);
    let waits = Mock::Returns { value: "{\"status\": \"human_input_required\"}".to_owned() };
    let scenario = Scenario {
        mocks: vec![StepMock { step: "a".to_owned(), mock: waits }],
        answers: vec![Answered { step: "a".to_owned(), value: "{\"v\": 1}".to_owned() }],
        ..Scenario::default()
    };
    let request = Request::Simulate { pipeline: 0, target: Target::default(), scenario };
    let Answer::Simulation(simulation) = session.answer(request) else { panic!("no simulation") };
    let request = Request::PipelineFlow { pipeline: 0, reader: None, run: simulation.run };
    let Answer::Flow(view) = session.answer(request) else { panic!("no flow") };
    let ends: Vec<_> = view.nodes.iter().filter_map(|node| node.end).collect();
    assert_eq!(ends, [simulation.status]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn a_dry_run_on_its_pipeline_has_the_counts_of_the_simulation(
        edges in proptest::collection::vec(edge(), 0..12), scenario in scenario(), target in 0usize..4
    ) {
        let text = definition(&edges);
        let mut session = session(&[&text]);
        let target = Target {
            engine: if target < 2 { EngineId::IaModules013 } else { EngineId::IaModules020 },
            loader: if target % 2 == 0 { Loader::Raw } else { Loader::Pydantic },
        };
        let Answer::Simulation(simulation) = session.answer(Request::Simulate { pipeline: 0, target, scenario }) else {
            panic!("no simulation")
        };
        if let Some(run) = simulation.run {
            let Answer::Flow(view) = session.answer(Request::PipelineFlow { pipeline: 0, reader: None, run: Some(run) })
            else {
                panic!("no flow")
            };
            let drawn = view.edges.iter().filter(|edge| edge.path.starts_with("$.flow.paths"));
            let drawn: BTreeMap<&str, (u32, u32)> = drawn
                .map(|edge| (edge.path.as_str(), (edge.taken.unwrap_or_default(), edge.refused)))
                .filter(|(_, counts)| *counts != (0, 0))
                .collect();
            let simulated: BTreeMap<&str, (u32, u32)> =
                simulation.edges.iter().map(|edge| (edge.path.as_str(), (edge.taken, edge.refused))).collect();
            prop_assert_eq!(drawn, simulated, "{} {:?}", text, simulation);
            for id in ["a", "b", "c", "d", "e"] {
                let visits = simulation.entered.iter().filter(|entered| **entered == id).count();
                let node = view.nodes.iter().find(|node| node.id == id).unwrap();
                prop_assert_eq!(node.visits.unwrap_or_default() as usize, visits, "{} {}", id, text);
            }
            let ends: Vec<_> = view.nodes.iter().filter_map(|node| node.end).collect();
            prop_assert_eq!(ends, [simulation.status]);
            prop_assert!(!view.note.contains("no edge"), "{}", view.note);
        }
    }

    #[test]
    fn a_recorded_run_is_told_in_the_words_of_its_dry_run(
        edges in proptest::collection::vec(edge(), 0..12), scenario in scenario()
    ) {
        let text = definition(&edges);
        let scenario = Scenario { answers: Vec::new(), ..scenario };
        let dry = simulate::dry_run(text.as_bytes(), Target::default(), &scenario, "p").unwrap();
        let Some(trace) = simulate::trace(&dry, "p", &|_| false) else { return Ok(()) };
        let entries = &dry.ran.as_ref().unwrap().1.entries;
        let mut session = session(&[&text, &trace]);
        for (step, _) in entries.iter().enumerate().filter(|(_, entry)| matches!(entry.next, Next::Edges(_))) {
            let recorded = match session.answer(Request::Decision { run: 0, step: step as u32 }) {
                Answer::Decision(recorded) => recorded,
                // One step alone may be of any pipeline.
                _ if entries.iter().all(|entry| entry.id == entries[0].id) => continue,
                other => panic!("no decision of step {step}: {other:?} {text}"),
            };
            let simulated = dry.decision(step).unwrap();
            prop_assert_eq!((&recorded.node, recorded.visit), (&simulated.node, simulated.visit));
            for (recorded, simulated) in recorded.edges.iter().zip(&simulated.edges) {
                prop_assert_eq!(&recorded.path, &simulated.path);
                prop_assert_eq!((&recorded.condition, &recorded.saw), (&simulated.condition, &simulated.saw));
                // Which step wrote a value is not always recorded.
                prop_assert_eq!(unsigned(&recorded.why), unsigned(&simulated.why), "{}", text);
                prop_assert_eq!(recorded.verdict, simulated.verdict, "{}", text);
            }
            prop_assert_eq!(recorded.edges.len(), simulated.edges.len());
            prop_assert_eq!(recorded.dead_end, simulated.dead_end, "{}", text);
            // A failure between two steps is in no step of the file.
            if step + 1 < entries.len() || dry.simulation.status != RunEnd::Failed {
                prop_assert_eq!(&recorded.summary, &simulated.summary, "{}", text);
            }
        }
    }
}
