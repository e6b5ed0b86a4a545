//! Small runs laid on small pipelines.

use super::*;
use crate::overlay::testing::{pipeline, run};

fn told(start: &str, edges: &[&str], steps: &[&str]) -> String {
    told_with(start, edges, steps, &mut |_, _| Truth::Unknown)
}

/// Edges with their counts, then how it ended.
fn told_with(start: &str, edges: &[&str], steps: &[&str], truth: &mut dyn FnMut(&Visit, u32) -> Truth) -> String {
    let (pipeline, document) = (pipeline(start, edges), run(steps));
    let laid = lay(&document, &document.runs[0], &pipeline, truth, false);
    let id = |node: u32| pipeline.nodes[node as usize].id.as_str();
    let mut told = Vec::new();
    for (edge, laid) in pipeline.edges.iter().zip(&laid.edges).filter(|(edge, _)| Some(edge.from) != pipeline.entry) {
        told.push(format!("{}>{} {}/{}", id(edge.from), id(edge.to), laid.taken, laid.refused));
    }
    let to = |edge: u32| id(pipeline.edges[edge as usize].to).to_owned();
    told.push(match laid.ended {
        Ended::Terminal(edge) => format!("at {}", to(edge)),
        Ended::Cut(edge) => format!("cut before {}", to(edge)),
        Ended::Unclear(edge) => format!("unclear {}", to(edge)),
        other => format!("{other:?}"),
    });
    if laid.unexplained > 0 {
        told.push(format!("{} unexplained", laid.unexplained));
    }
    if laid.against > 0 {
        told.push(format!("{} against", laid.against));
    }
    told.join(" | ")
}

#[test]
fn a_chain_to_a_terminal() {
    assert_eq!(
        told("a", &["a>b", "b>end_with_success"], &["a", "b"]),
        "a>b 1/0 | b>end_with_success 1/0 | at end_with_success"
    );
    assert_eq!(told("a", &["a>b"], &["a", "b"]), "a>b 1/0 | NothingFollows");
    // The real engine does not find a step called `end`.
    assert_eq!(told("a", &["a>end"], &["a"]), "a>end 0/0 | FailedAfter");
}

#[test]
fn a_loop_counts_what_was_false() {
    let edges = ["a>b", "b>a?b.ok=false", "b>c?b.ok=true"];
    let loops = told("a", &edges, &["a", "b", "a", "b", "c"]);
    assert_eq!(loops, "a>b 2/0 | b>a 1/1 | b>c 1/1 | NothingFollows");
    assert_eq!(told("a", &edges, &["a", "b"]), "a>b 1/0 | b>a 0/1 | b>c 0/1 | DeadEnd");
}

#[test]
fn a_fan_out_follows_its_queue() {
    // Only the last branch's own edges are followed: d is lost.
    let edges = ["a>b", "a>c", "b>d", "c>e"];
    assert_eq!(told("a", &edges, &["a", "b", "c", "e"]), "a>b 1/0 | a>c 1/0 | b>d 0/0 | c>e 1/0 | NothingFollows");
    let diamond = ["a>b", "a>c", "b>d", "c>d"];
    let laid = told("a", &diamond, &["a", "b", "c", "d"]);
    assert_eq!(laid, "a>b 1/0 | a>c 1/0 | b>d 0/0 | c>d 1/0 | NothingFollows");
    // With conditions the same way tells that both were true.
    let conditional = ["a>b?x=1", "a>c?y=1", "b>d", "c>d"];
    let laid = told("a", &conditional, &["a", "b", "c", "d"]);
    assert_eq!(laid, "a>b 1/0 | a>c 1/0 | b>d 0/0 | c>d 1/0 | NothingFollows");
    let laid = told("a", &conditional, &["a", "b", "d"]);
    assert_eq!(laid, "a>b 1/0 | a>c 0/1 | b>d 1/0 | c>d 0/0 | NothingFollows");
    // A terminal in the queue stops everything behind it.
    let stops = ["a>b", "a>end_x", "a>c"];
    assert_eq!(told("a", &stops, &["a", "b"]), "a>b 1/0 | a>end_x 1/0 | a>c 0/0 | at end_x");
}

#[test]
fn the_recorded_state_settles_what_the_way_leaves_open() {
    // After b either the queue of a led to c, or b did.
    let edges = ["a>b?x=1", "a>c?y=1", "b>c?z=1"];
    let steps = ["a", "b", "c"];
    assert_eq!(told("a", &edges, &steps), "a>b 1/0 | a>c 0/1 | b>c 1/0 | NothingFollows");
    let all_true = told_with("a", &edges, &steps, &mut |_, _| Truth::True);
    assert_eq!(all_true, "a>b 1/0 | a>c 1/0 | b>c 0/0 | NothingFollows");
    let never = told_with("a", &edges, &["a", "b"], &mut |_, _| Truth::False);
    assert_eq!(never, "a>b 1/0 | a>c 0/0 | b>c 0/1 | DeadEnd | 1 against");
    let raises = told_with("a", &edges, &["a"], &mut |_, _| Truth::Raises);
    assert_eq!(raises, "a>b 0/0 | a>c 0/0 | b>c 0/0 | FailedAfter");
}

#[test]
fn ends_are_told_apart() {
    let edges = ["a>b?x=1", "a>end_x?x=2"];
    assert_eq!(told("a", &edges, &["a"]), "a>b 0/1 | a>end_x 0/0 | unclear end_x");
    assert_eq!(told("a", &edges, &["a!"]), "a>b 0/0 | a>end_x 0/0 | Failed");
    assert_eq!(told("a", &edges, &["a?"]), "a>b 0/0 | a>end_x 0/0 | Waiting");
    assert_eq!(told("a", &edges, &["a~"]), "a>b 0/0 | a>end_x 0/0 | Running");
    assert_eq!(told("a", &["a>b"], &["a"]), "a>b 0/0 | cut before b");
    assert_eq!(told("a", &["a>b"], &["x", "y"]), "a>b 0/0 | Nothing");
}

#[test]
fn what_no_edge_explains_is_counted() {
    let edges = ["a>b", "b>c"];
    assert_eq!(told("a", &edges, &["a", "c"]), "a>b 0/0 | b>c 0/0 | NothingFollows | 1 unexplained");
    assert_eq!(told("a", &edges, &["b", "c"]), "a>b 0/0 | b>c 1/0 | NothingFollows | 1 unexplained");
}

#[test]
fn times_counts_and_moments_of_a_node() {
    let (pipeline, document) =
        (pipeline("a", &["a>b", "b>a?x=1", "b>c"]), run(&["a", ".llm", "b", "a", "b!", "z", "c"]));
    let run = &document.runs[0];
    let laid = lay(&document, run, &pipeline, &mut |_, _| Truth::Unknown, false);
    let node = |id: &str| &laid.nodes[pipeline.nodes.iter().position(|node| node.id == id).unwrap()];
    assert_eq!((node("a").visits, node("a").spent), (2, Some(Nanos(1_000_000_000))));
    assert_eq!((node("b").errors, node("b").status), (1, Some(Status::Error)));
    let moment = |column: &[u32], step: usize| column[step];
    assert_eq!((node("a").enter, node("a").exit), (moment(&run.enter, 0), moment(&run.exit, 3)));
    assert_eq!(node("START").enter, node("a").enter);
    assert_eq!((laid.node_of[1], laid.node_of[5]), (laid.node_of[0], NEVER));
    assert_eq!(laid.strays, [5]);
    assert_eq!(laid.edges[1].enter, run.enter[2]);
    let visits: Vec<_> = laid.visits.iter().map(|visit| (visit.step, visit.number)).collect();
    assert_eq!(visits, [(0, 1), (2, 1), (3, 2), (4, 2), (6, 1)]);
}

#[test]
fn a_long_run_on_a_wide_pipeline_takes_no_square() {
    let ids: Vec<String> = (0..5_000).map(|at| format!("step_{at}")).collect();
    let mut edges: Vec<String> = ids.iter().skip(1).map(|id| format!("step_0>{id}?x={}", 1)).collect();
    edges.extend(ids.iter().skip(1).map(|id| format!("{id}>step_0")));
    let edges: Vec<&str> = edges.iter().map(String::as_str).collect();
    let steps: Vec<&str> =
        (0..50_000).map(|at| if at % 2 == 0 { "step_0" } else { ids[at / 2 % 4_999 + 1].as_str() }).collect();
    let (pipeline, document) = (pipeline("step_0", &edges), run(&steps));
    let laid = lay(&document, &document.runs[0], &pipeline, &mut |_, _| Truth::Unknown, false);
    assert_eq!((laid.visits.len(), laid.unexplained), (50_000, 0));
    assert!(laid.uncounted);
    let taken: u32 = laid.edges.iter().map(|edge| edge.taken).sum();
    assert_eq!(taken, 50_000);
}

/// As [`told_with`] for an engine that is not known; nodes called `in_…` stand in the frame.
fn framed(edges: &[&str], steps: &[&str]) -> String {
    let (mut pipeline, document) = (pipeline("a", edges), run(steps));
    pipeline.dialect = "other".to_owned();
    let frame = pipeline.nodes.iter().position(|node| node.id == "frame").unwrap() as u32;
    for node in pipeline.nodes.iter_mut().filter(|node| node.id.starts_with("in_")) {
        node.parent = Some(frame);
    }
    let laid = lay(&document, &document.runs[0], &pipeline, &mut |_, _| Truth::Unknown, false);
    let id = |node: u32| pipeline.nodes[node as usize].id.as_str();
    let edges = pipeline.edges.iter().zip(&laid.edges).filter(|(edge, _)| Some(edge.from) != pipeline.entry);
    let mut told: Vec<String> =
        edges.map(|(edge, laid)| format!("{}>{} {}", id(edge.from), id(edge.to), laid.taken)).collect();
    let of = &laid.nodes[frame as usize];
    told.push(format!("frame {} {:?}, {} unexplained", of.visits, of.status, laid.unexplained));
    told.join(" | ")
}

#[test]
fn a_frame_is_entered_by_what_runs_in_it() {
    let edges = ["a>frame", "in_b>in_c", "frame>z", "z>a"];
    assert_eq!(
        framed(&edges, &["a", "in_b", "in_c", "z"]),
        "a>frame 1 | in_b>in_c 1 | frame>z 1 | z>a 0 | frame 1 Some(Ok), 0 unexplained"
    );
    assert_eq!(
        framed(&edges, &["a", "in_b", "in_c", "z", "a", "in_b", "in_c", "z"]),
        "a>frame 2 | in_b>in_c 2 | frame>z 2 | z>a 1 | frame 2 Some(Ok), 0 unexplained"
    );
    // What begins beside others in it does not enter it again; a step of its own is counted as it is.
    assert_eq!(
        framed(&["a>frame", "a>in_b", "a>in_c", "frame>z"], &["a", "in_b", "in_c", "z"]),
        "a>frame 1 | a>in_b 1 | a>in_c 1 | frame>z 1 | frame 2 Some(Ok), 0 unexplained"
    );
    assert_eq!(
        framed(&["a>frame", "frame>z", "in_b>in_c"], &["a", "frame", "in_b", "in_c", "z"]),
        "a>frame 1 | frame>z 1 | in_b>in_c 1 | frame 1 Some(Ok), 0 unexplained"
    );
}
