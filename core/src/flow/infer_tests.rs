//! Flows inferred from small runs.

use super::*;
use crate::import::{Builder, Draft};
use crate::model::{Document, Nanos, Place};

/// Steps in shorthand: id, parent, name, start, end.
fn document(steps: &[(&str, &str, &str, i64, i64)]) -> Document {
    let mut build = Builder::default();
    let run = build.names.intern("run");
    for (at, (id, parent, name, start, end)) in steps.iter().enumerate() {
        let id = build.names.intern(id);
        let mut draft = Draft::new(run, id, Place { file: 0, start: at as u64, len: 1 });
        draft.parent = (!parent.is_empty()).then(|| build.names.intern(parent));
        draft.name = build.names.intern(name);
        (draft.start, draft.end) = (Some(Nanos(*start)), Some(Nanos(*end)));
        build.push(draft);
    }
    build.finish()
}

fn flow(document: &Document, fold: bool, toggled: &[u32]) -> RunFlow {
    let run = &document.runs[0];
    run_flow(run, &RunIndex::new(run), &document.names, fold, toggled)
}

fn lines(flow: &RunFlow) -> Vec<String> {
    let name = |key: u32| flow.view.nodes.iter().find(|n| n.key == key).map_or("?", |n| n.label.as_str()).to_owned();
    let mut lines: Vec<String> = flow
        .view
        .edges
        .iter()
        .map(|edge| {
            format!("{}>{}{}{}", name(edge.from), name(edge.to), edge.label, if edge.back { " back" } else { "" })
        })
        .collect();
    lines.sort();
    lines
}

fn agent() -> Document {
    document(&[
        ("r", "", "agent", 0, 100),
        ("p", "r", "plan", 1, 10),
        ("a", "r", "search", 11, 20),
        ("b", "r", "status", 11, 15),
        ("c", "r", "tier", 12, 22),
        ("l", "r", "resolve", 23, 90),
        ("d1", "l", "decide", 24, 30),
        ("t1", "l", "refund", 31, 40),
        ("d2", "l", "decide", 41, 50),
        ("t2", "l", "refund", 51, 60),
        ("e", "r", "answer", 91, 99),
    ])
}

#[test]
fn parallel_branches_are_parallel_and_a_loop_leads_back() {
    let document = agent();
    let flow = flow(&document, true, &[]);
    assert_eq!(
        lines(&flow),
        [
            "agent>plan",
            "decide>refund×2",
            "plan>search",
            "plan>status",
            "plan>tier",
            "refund>decide back",
            "resolve>answer",
            "search>resolve",
            "status>resolve",
            "tier>resolve"
        ]
    );
    let resolve = flow.view.nodes.iter().find(|node| node.label == "resolve");
    assert!(resolve.is_some_and(|node| node.group));
    let decide = flow.view.nodes.iter().find(|node| node.label == "decide");
    assert_eq!(decide.map(|node| (node.count, node.parent)), Some((2, resolve.map(|node| node.key))));
    let step_of = |name: &str| document.runs[0].steps.name.iter().rposition(|&n| document.names.get(n) == name);
    assert_eq!(step_of("decide").map(|step| flow.node_of[step]), decide.map(|node| node.key));
}

#[test]
fn unfolding_all_or_one_shows_each_visit() {
    let document = agent();
    assert_eq!(flow(&document, false, &[]).view.nodes.len(), 11);
    let folded = flow(&document, true, &[]);
    let decide = folded.view.nodes.iter().find(|node| node.label == "decide").map_or(0, |node| node.key);
    let unfolded = flow(&document, true, &[decide]);
    assert_eq!(unfolded.view.nodes.iter().filter(|node| node.label == "decide").count(), 2);
    assert!(unfolded.view.nodes.iter().any(|node| node.key == decide && node.expandable));
}

#[test]
fn a_group_closes_and_its_steps_belong_to_its_box() {
    let document = agent();
    let resolve = flow(&document, true, &[]).view.nodes.iter().find(|n| n.label == "resolve").map_or(0, |n| n.key);
    let closed = flow(&document, true, &[resolve]);
    assert!(closed.view.nodes.iter().all(|node| node.label != "decide"));
    assert!(closed.node_of[resolve as usize..resolve as usize + 5].iter().all(|&key| key == resolve));
    assert_eq!(closed.view.folded, 4);
}

#[test]
fn a_closed_group_tells_the_errors_inside_and_a_lone_child_stays_closed() {
    let mut document = document(&[
        ("r", "", "agent", 0, 100),
        ("a", "r", "alone", 1, 10),
        ("h", "a", "request", 2, 9),
        ("b", "r", "both", 11, 40),
        ("x", "b", "first", 12, 20),
        ("y", "b", "second", 21, 30),
    ]);
    let run = &mut document.runs[0];
    let request = run.steps.name.iter().position(|&name| document.names.get(name) == "request").unwrap_or_default();
    run.steps.status[request] = crate::model::Status::Error;
    let flow = flow(&document, true, &[]);
    let node = |name: &str| flow.view.nodes.iter().find(|node| node.label == name);
    assert_eq!(node("alone").map(|node| (node.group, node.inside, node.errors)), Some((false, 1, 1)));
    assert!(node("alone").is_some_and(|node| node.sub.ends_with("✗ 1 inside")));
    assert_eq!(node("both").map(|node| (node.group, node.errors)), Some((true, 0)));
}

#[test]
fn many_after_many_meet_in_one_point() {
    let mut steps = vec![("r".to_owned(), String::new(), "root".to_owned(), 0, 100)];
    for at in 0..5 {
        steps.push((format!("a{at}"), "r".into(), format!("first {at}"), 1, 10));
        steps.push((format!("b{at}"), "r".into(), format!("second {at}"), 20, 30));
    }
    let borrowed: Vec<_> = steps.iter().map(|(i, p, n, s, e)| (i.as_str(), p.as_str(), n.as_str(), *s, *e)).collect();
    let flow = flow(&document(&borrowed), true, &[]);
    assert_eq!(flow.view.edges.len(), 5 + 5 + 5);
    assert_eq!(flow.view.nodes.iter().filter(|node| node.key >= ADDED).count(), 1);
}

#[test]
fn a_run_without_steps_and_a_wide_one_are_drawn() {
    let empty = Document::default();
    assert!(empty.runs.is_empty());
    let steps: Vec<(String, i64)> = (0..20_000).map(|at| (format!("s{at}"), at)).collect();
    let borrowed: Vec<_> = steps.iter().map(|(id, at)| (id.as_str(), "", id.as_str(), *at * 2, *at * 2 + 1)).collect();
    let flow = flow(&document(&borrowed), true, &[]);
    assert_eq!(flow.view.nodes.len(), DRAWN);
    assert!(flow.view.note.contains("15000 more steps"), "{}", flow.view.note);
}

#[test]
fn a_staircase_of_overlapping_steps_has_lines_in_proportion() {
    let steps: Vec<(String, i64)> = (0..4_000).map(|at| (format!("s{at}"), at)).collect();
    let borrowed: Vec<_> =
        steps.iter().map(|(id, at)| (id.as_str(), "", id.as_str(), *at * 10, *at * 10 + 5_000)).collect();
    let flow = flow(&document(&borrowed), true, &[]);
    assert!(flow.view.edges.len() <= super::super::stage::LINES + 4_000, "{}", flow.view.edges.len());
    assert!(flow.view.note.contains("overlap"), "{}", flow.view.note);
}
