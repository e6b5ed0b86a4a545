//! Runs and pipelines of several documents, opened in any order.

use crate::overlay::testing::{add, definition, session};
use crate::protocol::{Answer, Command, FlowView, Phase, Request, RunEnd, TextEdit, Verdict};
use crate::session::Session;

/// A run log: a step of a second each.
fn log(pipeline: &str, steps: &[&str]) -> String {
    let line = |at: usize, rest: &str| {
        format!(r#"{{"timestamp":"2026-03-01T10:00:{at:02}.000000+00:00","_seq":{at},{rest}}}"#) + "\n"
    };
    let mut text = line(
        0,
        &format!(r#""type":"system","subtype":"pipeline_start","pipeline_name":"{pipeline}","execution_id":"e-1""#),
    );
    for (at, step) in steps.iter().enumerate() {
        text += &line(at, &format!(r#""type":"step_start","step_name":"{step}""#));
        text += &line(at + 1, &format!(r#""type":"step_finish","step_name":"{step}","duration_ms":1000"#));
    }
    text + &line(steps.len(), &format!(r#""type":"system","subtype":"pipeline_end","pipeline_name":"{pipeline}""#))
}

fn review() -> String {
    definition(
        "Review",
        "draft",
        &["draft>check", "check>draft?check.ok=false", "check>publish?check.ok=true", "publish>end_with_success"],
    )
}

fn followed(session: &Session) -> Vec<Option<u32>> {
    session.documents().iter().flat_map(|document| &document.runs).map(|run| run.pipeline).collect()
}

fn flow(session: &mut Session, pipeline: u32, run: u32) -> FlowView {
    match session.answer(Request::PipelineFlow { pipeline, reader: None, run: Some(run) }) {
        Answer::Flow(view) => *view,
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn the_order_of_opening_does_not_matter() {
    let (other, pipeline, run) =
        (definition("Other", "a", &["a>b"]), review(), log("Review", &["draft", "check", "draft"]));
    assert_eq!(followed(&session(&[&other, &pipeline, &run])), [Some(1)]);
    assert_eq!(followed(&session(&[&run, &pipeline])), [Some(0)]);
    assert_eq!(followed(&session(&[&run, &other])), [None]);
    let glued = followed(&session(&[&run, &pipeline, &run, &other]));
    assert_eq!(glued, [Some(0), Some(0)]);
}

#[test]
fn closing_and_rewriting_a_pipeline_is_followed() {
    let run = log("Review", &["draft", "check"]);
    let mut session = session(&[&definition("Other", "a", &["a>b"]), &run, &review()]);
    assert_eq!(followed(&session), [Some(1)]);
    // The numbers of pipelines move up.
    session.answer(Request::Close { document: 0 });
    assert_eq!(followed(&session), [Some(0)]);
    assert_eq!(flow(&mut session, 0, 0).nodes.iter().filter_map(|node| node.visits).sum::<u32>(), 3);
    // A step renamed in the text is a step no longer visited.
    let at = review().find("\"check\"").unwrap() as u64;
    let edits = vec![TextEdit { start: at, end: at + 7, text: "\"proof\"".to_owned() }];
    assert!(matches!(session.answer(Request::Rewrite { document: 2, edits }), Answer::Rewritten(_)));
    let view = flow(&mut session, 0, 0);
    let visits = view.nodes.iter().find(|node| node.id == "proof").and_then(|node| node.visits);
    assert_eq!(visits, Some(0));
    session.answer(Request::Close { document: 2 });
    assert_eq!(followed(&session), [None]);
    let refused = session.answer(Request::PipelineFlow { pipeline: 0, reader: None, run: Some(0) });
    assert!(matches!(refused, Answer::Refused { .. }));
}

#[test]
fn a_laid_run_fills_boxes_and_lines() {
    let mut session = session(&[&review(), &log("Review", &["draft", "check", "draft", "check"])]);
    let view = flow(&mut session, 0, 0);
    let mut told = String::new();
    for node in &view.nodes {
        told += &format!("{} [{}] {}\n", node.id, node.sub, node.spoken);
    }
    for edge in &view.edges {
        told += &format!("{} {:?}/{} {:?}\n", edge.path, edge.taken, edge.refused, edge.title);
    }
    told += &format!("note: {}\n", view.note);
    insta::assert_snapshot!(told);
    let check = view.nodes.iter().find(|node| node.id == "check").unwrap();
    assert_eq!((check.visits, check.end, check.enter, check.exit), (Some(2), Some(RunEnd::DeadEnd), 2, 7));
    let publish = view.nodes.iter().find(|node| node.id == "publish").unwrap();
    assert_eq!((publish.visits, publish.enter), (Some(0), u32::MAX));
    let step = Command::ToStep { step: 1, phase: Phase::Enter };
    let Answer::Cursor(cursor) = session.answer(Request::Move { run: 0, command: step }) else {
        unreachable!("cursor")
    };
    assert_eq!(cursor.node, Some(check.key));
}

#[test]
fn steps_that_are_not_in_the_pipeline_are_said() {
    let mut session = session(&[&review(), &log("Review", &["warm_up", "draft", "publish"])]);
    let view = flow(&mut session, 0, 0);
    insta::assert_snapshot!(view.note);
    let at = session.answer(Request::Move { run: 0, command: Command::First });
    assert!(matches!(at, Answer::Cursor(cursor) if cursor.node.is_none()));
}

#[test]
fn each_run_is_laid_by_itself() {
    let mut session = session(&[&review(), &log("Review", &["draft"])]);
    add(&mut session, &log("Review", &["draft", "check"]));
    let count = |view: &FlowView| view.nodes.iter().filter_map(|node| node.visits).sum::<u32>();
    assert_eq!([count(&flow(&mut session, 0, 0)), count(&flow(&mut session, 0, 1))], [2, 3]);
    assert_eq!(count(&flow(&mut session, 0, 0)), 2);
}

#[test]
fn a_decision_is_told_from_the_recorded_state() {
    let steps = [
        ("draft", r#"{"text":"a"}"#),
        ("check", r#"{"ok":false}"#),
        ("draft", r#"{"text":"b"}"#),
        ("check", r#"{"ok":3}"#),
    ];
    let mut text = String::new();
    for (at, (step, data)) in steps.iter().enumerate() {
        let line = |kind: &str, more: &str| {
            format!(
                r#"{{"type":"{kind}","timestamp":"2026-03-01T10:00:{at:02}.000000+00:00","_seq":{at},"step_name":"{step}",{more}}}"#
            ) + "\n"
        };
        let before = if at == 2 { r#"{"topic":"x","ok":false,"check":{"ok":false}}"# } else { r#"{"topic":"x"}"# };
        text += &line("step_start", &format!(r#""pipeline_name":"Review","data":{before}"#));
        text += &line("step_finish", &format!(r#""data":{data}"#));
    }
    let mut session = session(&[&review(), &text]);
    let mut told = String::new();
    for step in [1, 3] {
        let Answer::Decision(decision) = session.answer(Request::Decision { run: 0, step }) else {
            unreachable!("decision")
        };
        told += &format!(
            "{} visit {}: {} dead end {}\n",
            decision.node, decision.visit, decision.summary, decision.dead_end
        );
        for edge in &decision.edges {
            told += &format!("  {} {} saw {} {:?}: {}\n", edge.to, edge.condition, edge.saw, edge.verdict, edge.why);
        }
        told += &format!("  before: {:?}\n", decision.before);
    }
    insta::assert_snapshot!(told);
}

/// What a run did on a pipeline: visits by node, and how often each edge was taken.
fn laid_on(view: &FlowView) -> (Vec<String>, Vec<String>) {
    let name = |key: u32| view.nodes.iter().find(|node| node.key == key).map_or("?", |node| node.label.as_str());
    let nodes = view.nodes.iter().map(|node| format!("{} {}", node.label, node.visits.unwrap_or_default()));
    let edges = view.edges.iter().map(|edge| {
        format!("{}>{} {}/{}", name(edge.from), name(edge.to), edge.taken.unwrap_or_default(), edge.refused)
    });
    (nodes.collect(), edges.collect())
}

#[test]
fn a_run_lies_on_a_pipeline_whose_engine_is_not_known() {
    let mut session = session(&[include_str!("../import/pipelines/fixtures/n8n-execution.json")]);
    assert_eq!(followed(&session), [Some(0)]);
    let view = flow(&mut session, 0, 0);
    let (nodes, edges) = laid_on(&view);
    // The model ran twice, inside the agent it serves.
    assert_eq!(nodes, ["Gmail Trigger 1", "AI Agent 1", "OpenAI 2", "Send 1"]);
    assert_eq!(edges, ["Gmail Trigger>AI Agent 1/0", "OpenAI>AI Agent 2/0", "AI Agent>Send 1/0"]);
    assert_eq!(view.note, "");
    let send = view.nodes.iter().find(|node| node.label == "Send").and_then(|node| node.end);
    assert_eq!(send, Some(RunEnd::Failed));
}

#[test]
fn ways_that_meet_are_all_gone_and_what_was_not_chosen_is_told() {
    // A fan-out that meets again, a choice, and a state inside another.
    let machine = "flowchart TD
        get --> left & right
        left --> join
        right --> join
        join --> ask{ask}
        ask -->|yes| inner
        ask -->|no| stop
        subgraph group
            inner
        end";
    let run = log("some run", &["get", "left", "right", "join", "ask", "inner"]);
    let mut session = session(&[machine, &run]);
    assert_eq!(followed(&session), [Some(0)]);
    let view = flow(&mut session, 0, 0);
    let (_, edges) = laid_on(&view);
    assert_eq!(
        edges,
        [
            "get>left 1/0",
            "get>right 1/0",
            "left>join 1/0",
            "right>join 1/0",
            "join>ask 1/0",
            "ask>inner 1/0",
            "ask>stop 0/1"
        ]
    );
}

#[test]
fn items_of_a_mapped_task_lie_on_their_task() {
    let dag = include_str!("../import/workflows/fixtures/airflow_dag.json");
    let tasks = include_str!("../import/workflows/fixtures/airflow_tasks.json");
    let mut session = session(&[dag, tasks]);
    assert_eq!(followed(&session), [Some(0)]);
    let view = flow(&mut session, 0, 0);
    let visits = |name: &str| view.nodes.iter().find(|node| node.label == name).map_or(0, |node| node.count);
    assert_eq!((visits("mix"), visits("bake")), (1, 2), "{:?}", view.nodes);
    let laid = session.laid(0, 0).unwrap();
    assert_eq!((laid.strays.len(), laid.unexplained), (1, 0), "only `wash` is in no list of tasks");
}

/// A workflow of Argo made from a template elsewhere, whose tasks are called as many others are.
fn argo(meta: &str, spec: &str, template: &str) -> String {
    let node = |name: &str, at: u8| {
        format!(
            r#""w-{name}":{{"id":"w-{name}","name":"w.{name}","displayName":"{name}","type":"Pod","templateName":"{template}","phase":"Succeeded","boundaryID":"w","startedAt":"2026-03-01T08:00:{at:02}Z","finishedAt":"2026-03-01T08:00:{:02}Z"}}"#,
            at + 1
        )
    };
    let (load, save) = (node("load(0:a,b)", 1), node("save", 5));
    format!(
        r#"{{"apiVersion":"argoproj.io/v1alpha1","kind":"Workflow","metadata":{{"name":"w","uid":"u"{meta}}},"spec":{{{spec}}},"status":{{"phase":"Succeeded","nodes":{{{load},{save}}}}}}}"#
    )
}

/// A template of Argo.
fn template(name: &str, template: &str) -> String {
    format!(
        r#"{{"apiVersion":"argoproj.io/v1alpha1","kind":"WorkflowTemplate","metadata":{{"name":"{name}"}},"spec":{{"entrypoint":"main","templates":[{{"name":"main","dag":{{"tasks":[{{"name":"load","template":"{template}"}},{{"name":"save","template":"{template}","depends":"load"}}]}}}},{{"name":"{template}","container":{{"image":"i"}}}}]}}}}"#
    )
}

#[test]
fn a_workflow_of_argo_follows_the_template_it_was_made_from() {
    let followed_by = |run: &str, templates: &[String]| {
        let mut texts: Vec<&str> = vec![run];
        texts.extend(templates.iter().map(String::as_str));
        let session = session(&texts);
        let found = followed(&session)[0].and_then(|number| session.pipeline_at(session.pipelines[number as usize]));
        found.map(|pipeline| pipeline.name.clone())
    };
    let both = [template("other", "run"), template("bakery", "run")];
    let named = argo("", r#""workflowTemplateRef":{"name":"bakery"}"#, "run");
    assert_eq!(followed_by(&named, &both).as_deref(), Some("bakery"));
    assert_eq!(followed_by(&named, &both[..1]), None, "the names of its tasks alone prove nothing");
    let scheduled = argo(r#","labels":{"workflows.argoproj.io/cron-workflow":"bakery"}"#, "", "run");
    assert_eq!(followed_by(&scheduled, &both).as_deref(), Some("bakery"));
    // It says nothing but what ran: that must be in the definition.
    let bare = argo("", "", "oven");
    assert_eq!(followed_by(&bare, &both), None);
    assert_eq!(followed_by(&bare, &[both[0].clone(), template("third", "oven")]).as_deref(), Some("third"));
}

/// A step of a tracker's record: its state before, and what it returned.
fn tracked(steps: &[(&str, &str, &str)]) -> String {
    let step = |(at, (id, state, result)): (usize, &(&str, &str, &str))| {
        format!(
            r#"{{"step_execution_id": "s-{at}", "execution_id": "e", "step_id": "{id}", "step_name": "{id}", "step_type": "task",
             "status": "completed", "started_at": "2026-03-01T10:00:{at:02}", "completed_at": "2026-03-01T10:00:{at:02}.5",
             "input_data": {state}, "output_data": {result}, "error_message": null}}"#
        )
    };
    let steps: Vec<String> = steps.iter().enumerate().map(step).collect();
    format!(
        r#"{{"execution": {{"execution_id": "e", "pipeline_id": "p", "pipeline_name": "Test", "status": "completed",
         "started_at": "2026-03-01T10:00:00", "total_steps": 9}}, "steps": [{}]}}"#,
        steps.join(",")
    )
}

fn verdicts(session: &mut Session, step: u32) -> Vec<Verdict> {
    match session.answer(Request::Decision { run: 0, step }) {
        Answer::Decision(decision) => decision.edges.iter().map(|edge| edge.verdict).collect(),
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn a_failure_that_became_a_result_ends_no_run() {
    let pipeline = definition("Test", "a", &["a>b", "b>c?b.ok=true", "b>end_with_success?step_error=true"]);
    let failed = r#"{"step_error": true, "error_message": "late"}"#;
    let run = tracked(&[("a", "{}", "{}"), ("b", r#"{"a": {}}"#, failed)]);
    let mut session = session(&[&pipeline, &run]);
    let view = flow(&mut session, 0, 0);
    let end = view.nodes.iter().find(|node| node.end.is_some());
    assert_eq!(end.map(|node| (node.id.as_str(), node.end)), Some(("end_with_success", Some(RunEnd::Completed))));
    let last =
        (0..9).rev().find(|&step| matches!(session.answer(Request::Decision { run: 0, step }), Answer::Decision(_)));
    assert_eq!(verdicts(&mut session, last.unwrap_or_default()), [Verdict::Refused, Verdict::Taken]);
}

#[test]
fn while_something_is_queued_no_edge_of_the_last_step_is_looked_at() {
    // Behind the first `a` wait `a` and `b`; the record ends with the second `a`.
    let pipeline = definition("Test", "a", &["a>a", "a>b", "a>c"]);
    let run = tracked(&[("a", "{}", "{}"), ("a", r#"{"a": {}}"#, "{}")]);
    let mut session = session(&[&pipeline, &run]);
    flow(&mut session, 0, 0);
    let last =
        (0..9).rev().find(|&step| matches!(session.answer(Request::Decision { run: 0, step }), Answer::Decision(_)));
    assert_eq!(verdicts(&mut session, last.unwrap_or_default()), [Verdict::Unseen; 3]);
}

#[test]
fn checkpoints_tell_the_engine_by_the_state_behind_the_first_step() {
    let pipeline = definition("Test", "a", &["a>b?n=1"]).replace("equals", "greater_than_or_equals");
    let checkpoint = r#"[{"checkpoint_id": "c-1", "thread_id": "t", "pipeline_id": "Test", "pipeline_version": null, "step_id": "a",
        "step_index": 0, "step_name": "a", "state": {"pipeline_input": {"_execution_id": "e", "n": 0, "a": {"n": 0}},
        "steps": [{"step_name": "a", "step_index": 0, "result": {"n": 0}, "status": "completed"}],
        "current_data": {"_execution_id": "e", "n": 0, "a": {"n": 0}}}, "timestamp": "2026-03-02T09:15:07",
        "metadata": {"visited_steps": []}, "status": "completed", "parent_checkpoint_id": null}]"#;
    let mut session = session(&[&pipeline, checkpoint]);
    flow(&mut session, 0, 0);
    let step = (0..9).find(|&step| matches!(session.answer(Request::Decision { run: 0, step }), Answer::Decision(_)));
    let Answer::Decision(decision) = session.answer(Request::Decision { run: 0, step: step.unwrap_or_default() })
    else {
        unreachable!("no decision")
    };
    let why: Vec<&str> = decision.edges.iter().map(|edge| edge.why.as_str()).collect();
    assert!(why.iter().all(|why| !why.contains("does not know")), "{why:?}");
}
