//! Fixtures of ATIF trajectories, and a test for each trap.

use crate::import::dump::dump;

const TRAJECTORY: &str = include_str!("../fixtures/atif.json");

#[test]
fn a_trajectory_with_everything() {
    insta::assert_snapshot!(dump(TRAJECTORY.as_bytes()));
}

fn together(texts: &[&str]) -> Vec<(u32, String)> {
    let session = crate::import::testing::together(texts);
    let document = &session.opened[0].as_ref().unwrap().document;
    assert_eq!((document.runs.len(), document.runs[0].orphans), (1, 0));
    let steps = &document.runs[0].steps;
    (0..steps.len()).map(|at| (steps.depth[at], document.names.get(steps.name[at]).to_owned())).collect()
}

#[test]
fn files_of_one_run_join_in_any_order() {
    let main = r#"{"schema_version":"ATIF-v1.6","session_id":"s","agent":{"name":"a","model_name":"m"},"steps":[
        {"step_id":1,"source":"user","message":"go"},
        {"step_id":2,"source":"agent","message":"","tool_calls":[{"tool_call_id":"c","function_name":"delegate","arguments":{}}],
         "observation":{"results":[{"source_call_id":"c","subagent_trajectory_ref":[{"session_id":"s-sub"}]}]}}]}"#;
    let sub = r#"{"schema_version":"ATIF-v1.6","session_id":"s-sub","agent":{"name":"b","model_name":"m"},"steps":[
        {"step_id":1,"source":"user","message":"look"},{"step_id":2,"source":"agent","message":"seen"}]}"#;
    let more = r#"{"schema_version":"ATIF-v1.6","session_id":"s-cont-1","agent":{"name":"a","model_name":"m"},"steps":[
        {"step_id":1,"source":"user","message":"on"},{"step_id":2,"source":"agent","message":"done"}]}"#;
    let expected = [(0, "go"), (1, "m"), (1, "delegate"), (2, "look"), (3, "m"), (0, "on"), (1, "m")];
    let expected: Vec<(u32, String)> = expected.map(|(depth, name)| (depth, name.to_owned())).to_vec();
    assert_eq!(together(&[main, sub, more]), expected);
    assert_eq!(together(&[sub, main, more]), expected);
}
