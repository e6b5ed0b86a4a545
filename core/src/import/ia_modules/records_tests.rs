//! IA Modules: records of trackers, websocket frames, checkpoints, results that hide who wrote what.

use crate::import::dump::dump;
use crate::import::testing::open;
use crate::model::{Value, ValueText};
use crate::session::Session;
use crate::source::Memory;

/// A loop: `write` runs twice; then one step whose state could not be written and that runs for ever.
const RECORD: &str = r#"{
  "execution": {"execution_id": "e-1", "pipeline_id": "p", "pipeline_name": "Review", "status": "failed", "started_at": "2026-03-02T09:15:04.000001", "completed_at": "2026-03-02T09:15:09", "total_steps": 2, "completed_steps": 3, "failed_steps": 0, "input_data": {"q": 1}, "output_data": null, "error_message": "[ERROR] Step 'send' unknown: maximum recursion depth exceeded", "execution_time_ms": 5000, "metadata": null},
  "steps": [
    {"step_execution_id": "s-1", "execution_id": "e-1", "step_id": "write", "step_name": "write", "step_type": "task", "status": "completed", "started_at": "2026-03-02T09:15:04.1", "completed_at": "2026-03-02T09:15:05", "input_data": {"q": 1}, "output_data": {"text": "a"}, "error_message": null, "execution_time_ms": 900, "retry_count": 0, "metadata": {}},
    {"step_execution_id": "s-2", "execution_id": "e-1", "step_id": "check", "step_name": "check", "step_type": "task", "status": "completed", "started_at": "2026-03-02T09:15:05.1", "completed_at": "2026-03-02T09:15:06", "input_data": {"q": 1, "text": "a", "write": {"text": "a"}}, "output_data": {"step_error": true, "error_message": "late", "error_category": "timeout"}, "error_message": null, "execution_time_ms": 900, "retry_count": 2, "metadata": {"by": "rules"}},
    {"step_execution_id": "s-3", "execution_id": "e-1", "step_id": "write", "step_name": "write", "step_type": "task", "status": "completed", "started_at": "2026-03-02T09:15:06.1", "completed_at": "2026-03-02T09:15:07", "input_data": "{\"q\": 1, \"text\": \"a\", \"ok\": false}", "output_data": {"text": "b"}, "error_message": null, "execution_time_ms": 900, "retry_count": 0, "metadata": null},
    {"step_execution_id": "s-4", "execution_id": "e-1", "step_id": "send", "step_name": "send", "step_type": "task", "status": "running", "started_at": "2026-03-02T09:15:07.1", "completed_at": null, "input_data": {"_serialization_error": "Circular reference detected", "_data_type": "<class 'dict'>"}, "output_data": null, "error_message": null, "execution_time_ms": null, "retry_count": 0, "metadata": null}
  ]
}"#;

/// The tracker in memory: inputs show the end, a status is a Python enum, and there is a log.
const MEMORY: &str = r#"{"executions": {"e-9": {"execution_id": "e-9", "pipeline_name": "Review", "pipeline_version": "1.0", "input_data": {"q": 1, "text": "b", "write": {"text": "b"}, "ok": true, "check": {"ok": true}}, "status": "ExecutionStatus.COMPLETED", "start_time": "2026-03-02 09:15:04", "end_time": "2026-03-02 09:15:08", "error": null}},
 "steps": [
  {"step_execution_id": "e-9_write_1", "execution_id": "e-9", "step_name": "write", "step_id": "write", "step_type": "task", "input_data": {"q": 1, "text": "b", "write": {"text": "b"}, "ok": true, "check": {"ok": true}}, "output_data": {"text": "a"}, "status": "completed", "start_time": "2026-03-02 09:15:04.1", "end_time": "2026-03-02 09:15:05", "error": null},
  {"step_execution_id": "e-9_check_2", "execution_id": "e-9", "step_name": "check", "step_id": "check", "step_type": "task", "input_data": {"q": 1, "text": "b", "write": {"text": "b"}, "ok": true, "check": {"ok": true}}, "output_data": {"ok": true}, "status": "completed", "start_time": "2026-03-02 09:15:05.1", "end_time": "2026-03-02 09:15:06", "error": null},
  {"step_execution_id": "e-9_write_3", "execution_id": "e-9", "step_name": "write", "step_id": "write", "step_type": "task", "input_data": {"q": 1, "text": "b", "write": {"text": "b"}, "ok": true, "check": {"ok": true}}, "output_data": {"text": "b"}, "status": "completed", "start_time": "2026-03-02 09:15:06.1", "end_time": "2026-03-02 09:15:07", "error": null}
 ],
 "logs": [{"execution_id": "e-9", "level": "INFO", "message": "checked", "step_name": "check", "data": {"n": 1}, "timestamp": "2026-03-02 09:15:05.5"}]}"#;

const FRAMES: &str = r#"{"type": "execution_update", "data": {"execution_id": "e-2", "pipeline_name": "Review", "status": "running", "started_at": "2026-03-02T09:15:04", "completed_at": null, "input_data": {"q": 1}, "output_data": null, "error_message": null}}
{"type": "step_update", "data": {"step_execution_id": "s-1", "execution_id": "e-2", "step_id": "write", "step_name": "write", "status": "running", "started_at": "2026-03-02T09:15:04.1", "completed_at": null, "input_data": {"q": 1}, "output_data": null, "metadata": {}}}
{"type": "step_update", "data": {"step_execution_id": "s-1", "execution_id": "e-2", "step_id": "write", "step_name": "write", "status": "completed", "started_at": "2026-03-02T09:15:04.1", "completed_at": "2026-03-02T09:15:05", "input_data": {"q": 1}, "output_data": {"text": "a"}, "execution_time_ms": 900, "metadata": null}}
{"type": "step_update", "data": {"step_execution_id": "s-2", "execution_id": "e-2", "step_id": "ask", "step_name": "ask", "status": "running", "started_at": "2026-03-02T09:15:05.1", "completed_at": null, "input_data": {"q": 1, "text": "a", "write": {"text": "a"}}, "output_data": null}}
{"type": "step_update", "data": {"step_execution_id": "s-2", "execution_id": "e-2", "step_id": "ask", "step_name": "ask", "status": "completed", "started_at": "2026-03-02T09:15:05.1", "completed_at": "2026-03-02T09:15:06", "input_data": {"q": 1, "text": "a", "write": {"text": "a"}}, "output_data": {"status": "human_input_required", "prompt": "Well?"}}}
{"type": "execution_update", "data": {"execution_id": "e-2", "pipeline_name": "Review", "status": "waiting_for_human", "started_at": "2026-03-02T09:15:04", "completed_at": null, "input_data": {"q": 1}, "output_data": {"q": 1}, "error_message": null}}
{"type": "ping"}
"#;

/// Newest first; the one of the second step is not there, the last one was made by a run that was resumed.
const CHECKPOINTS: &str = r#"[
  {"checkpoint_id": "c-4", "thread_id": "t", "pipeline_id": "Review", "pipeline_version": null, "step_id": "send", "step_index": 3, "step_name": "send", "state": {"pipeline_input": {"sent": true}, "steps": [{"step_name": "write", "step_index": 0, "result": {"text": "a"}, "status": "completed"}, {"step_name": "check", "step_index": 1, "result": {"step_error": true, "error_message": "late"}, "status": "completed"}, {"step_name": "write", "step_index": 2, "result": {"text": "b"}, "status": "completed"}, {"step_name": "send", "step_index": 3, "result": {"sent": true}, "status": "completed"}], "current_data": {"sent": true}}, "timestamp": "2026-03-02T09:15:07", "metadata": {"execution_path": ["write", "check", "send"], "resumed": true}, "status": "completed", "parent_checkpoint_id": null},
  {"checkpoint_id": "c-3", "thread_id": "t", "pipeline_id": "Review", "pipeline_version": null, "step_id": "write", "step_index": 2, "step_name": "write", "state": {"pipeline_input": {"q": 1, "text": "b"}, "steps": [{"step_name": "write", "step_index": 0, "result": {"text": "a"}, "status": "completed"}], "current_data": {"q": 1, "text": "b", "write": {"text": "b"}}}, "timestamp": "2026-03-02T09:15:06", "metadata": {"visited_steps": []}, "status": "completed", "parent_checkpoint_id": null},
  {"checkpoint_id": "c-1", "thread_id": "t", "pipeline_id": "Review", "pipeline_version": null, "step_id": "write", "step_index": 0, "step_name": "write", "state": {"pipeline_input": {"q": 1, "text": "a"}, "steps": [{"step_name": "write", "step_index": 0, "result": {"text": "a"}, "status": "completed"}], "current_data": {"q": 1, "text": "a", "write": {"text": "a"}}}, "timestamp": "2026-03-02T09:15:04", "metadata": {"visited_steps": []}, "status": "completed", "parent_checkpoint_id": null}
]"#;

/// Steps that changed the shared data in place: every value is the end of the run.
const IN_PLACE: &str = r#"{
  "input": {"question": "why", "found": [1], "look_up": "[Circular Reference]", "answer": "so", "say": "[Circular Reference]"},
  "steps": [
    {"step_name": "look_up", "step_index": 0, "result": {"question": "why", "found": [1], "look_up": "[Circular Reference]", "answer": "so", "say": "[Circular Reference]"}, "status": "completed"},
    {"step_name": "say", "step_index": 1, "result": {"question": "why", "found": [1], "look_up": "[Circular Reference]", "answer": "so", "say": "[Circular Reference]"}, "status": "completed"}
  ],
  "output": {"question": "why", "found": [1], "look_up": "[Circular Reference]", "answer": "so", "say": "[Circular Reference]"}
}"#;

pub(crate) const FIXTURES: [&str; 5] = [RECORD, MEMORY, FRAMES, CHECKPOINTS, IN_PLACE];

#[test]
fn a_record_of_the_database_tracker() {
    insta::assert_snapshot!(dump(RECORD.as_bytes()));
}

#[test]
fn a_dump_of_the_tracker_in_memory() {
    insta::assert_snapshot!(dump(MEMORY.as_bytes()));
}

#[test]
fn frames_of_a_websocket() {
    insta::assert_snapshot!(dump(FRAMES.as_bytes()));
    // One line each, or a list.
    let list = format!("[{}]", FRAMES.trim().replace('\n', ",\n"));
    let strip = |text: String| text.lines().skip(3).map(str::to_owned).collect::<Vec<_>>();
    let told = |text: String| {
        strip(dump(text.as_bytes())).into_iter().filter(|line| !line.contains(" at Some")).collect::<Vec<_>>()
    };
    assert_eq!(told(list), told(FRAMES.to_owned()));
}

#[test]
fn checkpoints_newest_first() {
    insta::assert_snapshot!(dump(CHECKPOINTS.as_bytes()));
}

#[test]
fn a_result_of_steps_that_change_the_data_in_place() {
    insta::assert_snapshot!(dump(IN_PLACE.as_bytes()));
}

fn text(session: &Session, value: Option<&Value>) -> String {
    let Some(value) = value else { return "-".to_owned() };
    match &value.text {
        ValueText::Made { text, .. } => text.clone(),
        _ => String::from_utf8(session.bytes(0, value.place).unwrap()).unwrap(),
    }
}

#[test]
fn a_result_joined_to_its_pipeline_knows_its_input() {
    let pipeline = r#"{"name": "P", "parameters": [{"name": "question"}], "steps": [{"id": "look_up", "step_class": "A", "module": "m"}, {"id": "say", "step_class": "B", "module": "m"}], "flow": {"start_at": "look_up", "paths": [{"from": "look_up", "to": "say"}]}}"#;
    let (mut session, _) = open(pipeline);
    let mut opening = session.open("result", Box::new(Memory(IN_PLACE.as_bytes().to_vec())), Some(0));
    while session.advance(&mut opening, 64).document.is_none() {}
    let first = session.details(0, 0).unwrap();
    assert_eq!(text(&session, first.state.as_ref()), r#"{"question": "why"}"#);
    assert_eq!(text(&session, first.output.as_ref()), r#"{"found": [1]}"#);
    let alone = open(IN_PLACE).0.details(0, 0).unwrap();
    assert_eq!(text(&session, alone.state.as_ref()), "{}");
}

#[test]
fn checkpoints_keep_their_order_when_a_file_joins_them() {
    let (mut session, _) = open(CHECKPOINTS);
    let mut opening = session.open("more", Box::new(Memory(RECORD.as_bytes().to_vec())), Some(0));
    while session.advance(&mut opening, 64).document.is_none() {}
    let document = &session.opened[0].as_ref().unwrap().document;
    let run = document.runs.iter().find(|run| document.names.get(run.id) == "t").unwrap();
    let names: Vec<&str> = run.steps.id.iter().map(|&id| document.names.get(id)).collect();
    assert_eq!(names, ["write", "check", "write#2", "send"]);
}
