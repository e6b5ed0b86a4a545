//! Which pipeline small runs followed.

use super::*;
use crate::model::{FileInfo, Pipeline};
use crate::overlay::testing::{pipeline, run};

fn matched(steps: &[&str], name: &str, pipelines: &[&Pipeline]) -> Option<(u32, String)> {
    let mut document = run(steps);
    name.clone_into(&mut document.runs[0].name);
    let candidates = pipelines.iter().enumerate().map(|(number, pipeline)| Candidate {
        number: number as u32,
        pipeline,
        beside: false,
        outright: false,
    });
    let found = best(&document, &document.runs[0], &candidates.collect::<Vec<_>>())?;
    Some((found.pipeline, found.reason))
}

#[test]
fn a_run_fits_by_the_names_of_its_steps_and_their_order() {
    let (one, other) =
        (pipeline("load", &["load>check", "check>save"]), pipeline("load", &["load>clean", "clean>save"]));
    let found = matched(&["load", "check", "save"], "some run", &[&other, &one]);
    let reason = "All 3 of its steps are named like a step of “Test”, and they follow each other along its edges.";
    assert_eq!(found, Some((1, reason.to_owned())));
    // Against the edges it is another pipeline's run.
    assert_eq!(matched(&["save", "check", "load"], "some run", &[&one]), None);
    // Most of its steps are not in it.
    assert_eq!(matched(&["load", "check", "x", "y", "z"], "some run", &[&one]), None);
}

#[test]
fn one_common_word_is_no_proof() {
    let one = pipeline("start", &["start>work"]);
    assert_eq!(matched(&["start"], "some run", &[&one]), None);
    let telling = pipeline("fetch_orders", &["fetch_orders>work"]);
    let reason = "Its one step is named like a step of “Test”, and it is where the pipeline starts.";
    assert_eq!(matched(&["fetch_orders"], "some run", &[&telling]), Some((0, reason.to_owned())));
    assert_eq!(matched(&["fetch_orders", "b", "c"], "some run", &[&telling]), None);
    // What the pipeline's own engine wrote needs no more than the first step.
    let mut document = run(&["start"]);
    document.files = vec![FileInfo {
        name: String::new(),
        bytes: 0,
        format: "ia-modules-result",
        label: String::new(),
        because: String::new(),
        also: Vec::new(),
        asked: false,
    }];
    let candidate = Candidate { number: 0, pipeline: &one, beside: false, outright: false };
    assert!(best(&document, &document.runs[0], &[candidate]).is_some());
}

#[test]
fn a_run_that_names_its_pipeline_needs_one_step_of_it() {
    let (one, other) = (
        pipeline("start", &["start>work"]),
        Pipeline { name: "Other".to_owned(), ..pipeline("start", &["start>work"]) },
    );
    let found = matched(&["start", "x", "y"], "Other", &[&one, &other]);
    let reason = "It names the pipeline “Other”, and 1 of its 3 steps is in it.";
    assert_eq!(found, Some((1, reason.to_owned())));
    assert_eq!(matched(&["start", "work"], "pipeline.Other", &[&one, &other]).map(|found| found.0), Some(1));
    assert_eq!(matched(&["x"], "Other", &[&one, &other]), None);
}

#[test]
fn names_of_spans_and_names_for_people_count_as_ids() {
    let mut one = pipeline("load", &["load>check"]);
    assert_eq!(matched(&["step.load", "step.check"], "r", &[&one]).map(|found| found.0), Some(0));
    for node in &mut one.nodes {
        node.name = format!("The {}", node.id);
    }
    assert_eq!(matched(&["The load", "The check"], "r", &[&one]).map(|found| found.0), Some(0));
    for node in &mut one.nodes {
        node.name = "Same".to_owned();
    }
    assert_eq!(matched(&["Same", "Same"], "r", &[&one]), None);
}

#[test]
fn of_two_alike_the_first_is_taken_and_said() {
    let one = pipeline("load", &["load>check"]);
    let (at, reason) = matched(&["load", "check"], "r", &[&one, &one]).unwrap();
    assert_eq!(at, 0);
    assert!(reason.ends_with("Another pipeline that is open fits as well."), "{reason}");
}
