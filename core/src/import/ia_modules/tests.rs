//! IA Modules: pipelines, run logs, results, spans.

#[path = "records_tests.rs"]
mod records;

use crate::import::dump::dump;
use crate::import::testing::open;
use crate::source::Memory;

/// One of each: lists of parameters, both spellings of edges, each sort of condition, terminals, what is missing.
const PIPELINE: &str = r#"{
  "name": "Review",
  "version": "2.1",
  "description": "Drafts and reviews.",
  "parameters": [
    {"name": "topic", "schema": {"type": "string"}, "required": true, "description": "What about"},
    {"name": "threshold", "schema": {"type": "number"}, "required": false, "default": 0.8}
  ],
  "steps": [
    {"id": "draft", "name": "Write draft", "step_class": "DraftStep", "module": "m", "config": {"model": "x"}, "outputs": ["text"]},
    {"id": "check", "step_class": "CheckStep", "module": "m", "parallel": true},
    {"id": "ask", "name": "Ask", "step_class": "AskHumanStep", "module": "m", "config": {"ui_schema": {}}},
    {"id": "alone", "step_class": "Alone", "module": "m"},
    {"id": "check", "step_class": "Again", "module": "m"},
    {"step_class": "Nameless", "module": "m"},
    7
  ],
  "flow": {
    "start_at": "draft",
    "paths": [
      {"from": "draft", "to": "check", "condition": {"type": "always"}},
      {"from": "draft", "to": "ask"},
      {"from_step": "check", "to_step": "draft", "condition": {"type": "expression", "config": {"source": "check.score", "operator": "less_than", "value": "{{ parameters.threshold }}"}}},
      {"from": "check", "to": "ask", "condition": {"type": "expression", "config": {"source": "check.score", "operator": ">=", "value": 0.8}}},
      {"from": "check", "to": "ask", "condition": {"type": "expression", "config": {"source": "result.decision", "operator": "equals", "value": "approve"}}},
      {"from": "check", "to": "ask", "condition": {"type": "expression", "source": "v", "value": 99}},
      {"from": "check", "to": "ask", "condition": {"type": "threshold_condition", "config": {"field": "quality_score", "operator": ">", "value": "{{ parameters.threshold }}"}}},
      {"from": "check", "to": "ask", "condition": {"type": "plugin", "plugin": "big"}},
      {"from": "ask", "to": "end_with_success", "condition": {}},
      {"from": "ask", "to": "end", "condition": null},
      {"from": "ask", "to": "Write draft"},
      {"from": "ask"}
    ],
    "transitions": [{"from": "ask", "to": "alone"}]
  }
}"#;

const LOG: &str = r#"{"type":"system","timestamp":"2026-11-21T03:15:55.245873+00:00","_seq":1,"subtype":"pipeline_start","data":{"q":1},"run":"demo","pipeline_name":"Review","execution_id":"exec-1"}
{"type":"log","timestamp":"2026-11-21T03:15:55.245900+00:00","_seq":2,"subtype":"info","text":"Starting","run":"demo"}
{"type":"step_start","timestamp":"2026-11-21T03:15:55.246000+00:00","_seq":3,"step_name":"draft","data":{"q":1},"run":"demo"}
{"type":"system","timestamp":"2026-11-21T03:15:55.246100+00:00","_seq":4,"subtype":"agent_spawned","agent_job_id":"job-1","agent_task":"look it up","agent_mode":"cli"}
{"type":"system","timestamp":"2026-11-21T03:15:55.246300+00:00","_seq":5,"subtype":"agent_completed","agent_job_id":"job-1","event_count":3}
{"type":"step_finish","timestamp":"2026-11-21T03:15:55.247000+00:00","_seq":6,"step_name":"draft","data":{"text":"a"},"run":"demo","duration_ms":1}
{"type":"log","timestamp":"2026-11-21T03:15:55.247100+00:00","_seq":7,"subtype":"warning","step_name":"check","text":"Step configured","data":{"k":1},"run":"demo"}
{"type":"step_start","timestamp":"2026-11-21T03:15:55.248000+00:00","_seq":8,"step_name":"draft","data":{"q":1,"text":"a"},"run":"demo"}
{"type":"step_finish","timestamp":"2026-11-21T03:15:55.249000+00:00","_seq":9,"step_name":"draft","data":{"step_error":true,"error_message":"no model","error_category":"network"},"run":"demo","duration_ms":1}
{"type":"step_start","timestamp":"2026-11-21T03:15:55.250000+00:00","_seq":10,"step_name":"check","data":{"q":1},"run":"demo"}
{"type":"step_error","timestamp":"2026-11-21T03:15:55.251000+00:00","_seq":11,"step_name":"check","error":"[ERROR] Step 'check' unknown: boom","run":"demo","duration_ms":1}
{"type":"system","timestamp":"2026-11-21T03:15:55.252000+00:00","_seq":12,"subtype":"pipeline_error","error":"[ERROR] Step 'check' unknown: boom","run":"demo","pipeline_name":"Review","execution_id":"exec-1","duration_ms":6}
"#;

const RESULT: &str = r#"{
  "input": {"q": 2, "draft": {"text": "a"}},
  "steps": [
    {"step_name": "draft", "step_index": 0, "result": {"text": "a"}, "status": "completed"},
    {"step_name": "draft", "step_index": 1, "result": {"step_error": true, "error_message": "gone", "error_category": "timeout"}, "status": "completed"}
  ],
  "output": {"status": "human_input_required", "prompt": "Well?", "self": "[Circular Reference]"},
  "status": "waiting_for_human", "waiting_step": "ask", "interaction_id": "i-1"
}"#;

const LEGACY: &str = r#"{"input": {"q": 2}, "steps": {"a": {"v": 1}, "b": "text"}, "output": {"v": 1}}"#;

const SPANS: &str = r#"[
  {"name": "step.a", "trace_id": "trace-0000000000000001", "span_id": "span-00000002", "parent_span_id": "span-00000001", "attributes": {"step.name": "a", "gen_ai.usage.prompt_tokens": 7}, "events": [{"name": "e", "timestamp": 1795230713.745, "attributes": {"k": 1}}], "status": "ok", "start_time": 1795230713.744152, "end_time": 1795230713.745878, "duration": 0.0017},
  {"name": "pipeline.P", "trace_id": "trace-0000000000000001", "span_id": "span-00000001", "parent_span_id": null, "attributes": {"error.type": "ValueError", "error.message": "boom"}, "events": [], "status": "error", "start_time": 1795230713.743, "end_time": 1795230713.75, "duration": 0.007}
]"#;

/// One text of each kind of file.
pub(crate) fn fixtures() -> Vec<&'static str> {
    let mut all = vec![PIPELINE, LOG, RESULT, LEGACY, SPANS];
    all.extend(records::FIXTURES);
    all
}

#[test]
fn a_pipeline_with_everything() {
    insta::assert_snapshot!(dump(PIPELINE.as_bytes()));
}

#[test]
fn a_run_log() {
    insta::assert_snapshot!(dump(LOG.as_bytes()));
}

#[test]
fn a_result_that_waits() {
    insta::assert_snapshot!(dump(RESULT.as_bytes()));
}

#[test]
fn a_result_of_2025() {
    insta::assert_snapshot!(dump(LEGACY.as_bytes()));
}

#[test]
fn a_list_of_spans() {
    insta::assert_snapshot!(dump(SPANS.as_bytes()));
}

#[test]
fn logs_that_pause_or_stop() {
    let lines: Vec<&str> = LOG.lines().collect();
    let stops = lines[..8].join("\n");
    let (_, view) = open(&stops);
    assert_eq!((view.runs[0].steps, view.runs[0].name.as_str()), (3, "Review"));
    assert_eq!(view.diagnostics.iter().map(|d| d.code.as_str()).collect::<Vec<_>>(), ["stopped-while-running"]);
    let pause = "{\"type\":\"system\",\"timestamp\":\"2026-11-21T03:15:56+00:00\",\"_seq\":9,\"subtype\":\"pipeline_paused\",\"step_name\":\"draft\",\"duration_ms\":3}";
    let (session, view) = open(&format!("{stops}\n{pause}\n"));
    assert_eq!(view.diagnostics, []);
    let steps = &session.opened[0].as_ref().unwrap().document.runs[0].steps;
    assert_eq!(steps.status.last().map(|status| status.name()), Some("waiting"));
    // Without its head, the steps are still there.
    let (_, view) = open(&lines[2..].join("\n"));
    assert_eq!((view.runs[0].steps, view.runs[0].name.as_str()), (4, "Review"));
}

#[test]
fn a_log_joined_to_its_pipeline_follows_it() {
    let (mut session, _) = open(PIPELINE);
    let mut opening = session.open("log", Box::new(Memory(LOG.as_bytes().to_vec())), Some(0));
    while session.advance(&mut opening, 64).document.is_none() {}
    let view = session.documents().swap_remove(0);
    assert_eq!((view.pipelines.len(), view.runs[0].pipeline), (1, Some(0)));
}

#[test]
fn input_that_the_engine_overwrote_is_called_lost() {
    let (session, view) = open(
        r#"{"input": {"v": 1, "a": {"v": 1}}, "steps": [{"step_name": "a", "step_index": 0, "result": {"v":1}, "status": "completed"}], "output": { "v": 1, "a": {"v": 1} }}"#,
    );
    assert_eq!(view.diagnostics.iter().map(|d| d.code.as_str()).collect::<Vec<_>>(), ["input-lost"]);
    assert_eq!(session.details(0, 0).unwrap().input, None);
}

#[test]
fn structural_damage_is_named_with_its_path() {
    for (text, code, path) in [
        (r#"{"name": "n", "steps": [{"id": "a", "step_class": "A"}]}"#, "flow-missing", "$"),
        (
            r#"{"name": "n", "steps": [{"id": "a", "step_class": "A"}], "flow": {"paths": []}}"#,
            "start-missing",
            "$.flow",
        ),
        (r#"{"name": "n", "steps": [], "flow": {"start_at": "b"}}"#, "start-undefined", "$.flow.start_at"),
        (
            r#"{"name": "n", "steps": [{"id": "a"}], "flow": {"start_at": "a", "paths": {}}}"#,
            "wrong-kind",
            "$.flow.paths",
        ),
    ] {
        let (_, view) = open(text);
        assert_eq!(view.format, "ia-modules-pipeline", "{text}");
        let found = view.diagnostics.iter().find(|d| d.code == code).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(found.path.as_deref(), Some(path));
    }
}

#[test]
fn a_pipeline_cut_in_the_middle_shows_what_is_there() {
    let (_, view) = open(&PIPELINE[..PIPELINE.find("\"from_step\"").unwrap()]);
    assert_eq!((view.pipelines[0].nodes, view.pipelines[0].edges), (7, 2));
}

#[test]
fn a_definition_reaches_from_its_first_bracket_to_its_last() {
    let one =
        r#"{"name": "a", "steps": [{"id": "x", "step_class": "X"}], "flow": {"start_at": "x"}, "more": {"x": 1}}"#;
    let (session, _) = open(&format!("  {one}\n{one} \n"));
    let texts = session.opened.iter().flatten().flat_map(|opened| {
        opened.document.pipelines.iter().map(|pipeline| opened.bytes(pipeline.place).unwrap_or_default())
    });
    let texts: Vec<_> = texts.collect();
    assert_eq!(texts, [one.as_bytes(), one.as_bytes()]);
    let damaged = one.replace("\"more\": {", "more: {") + "\n";
    let (session, _) = open(&damaged);
    let place = session.opened.iter().flatten().flat_map(|opened| &opened.document.pipelines).map(|p| p.place.end());
    assert_eq!(place.collect::<Vec<_>>(), [damaged.len() as u64]);
}

#[test]
fn a_pipeline_without_anything_in_it_is_one() {
    for text in [
        r#"{"name": null, "steps": null, "flow": null}"#,
        r#"{"steps": [], "flow": {}}"#,
        r#"{"flow": null, "steps": [null]}"#,
    ] {
        let (_, view) = open(text);
        assert_eq!((view.format.as_str(), view.pipelines.len()), ("ia-modules-pipeline", 1), "{text}");
        assert!(view.diagnostics.iter().any(|one| one.severity == crate::model::Severity::Error), "{text}");
    }
}
