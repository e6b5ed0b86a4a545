//! Flows of two small runs.

use super::*;
use crate::diff::align::{ByHand, align};
use crate::diff::side::Side;
use crate::model::{Document, Status, build_steps};

/// Steps in shorthand: depth, name, start, end. `!` behind a name is an error.
type Shorthand<'a> = &'a [(usize, &'a str, i64, i64)];

fn document(steps: Shorthand) -> Document {
    let sketch = |&(depth, name, start, end): &(usize, &str, i64, i64)| {
        let status = if name.ends_with('!') { Status::Error } else { Status::Ok };
        let (start, end) = (start * 1_000_000, end * 1_000_000);
        build_steps::step(depth as u32, name.trim_end_matches('!')).at(start, end).status(status)
    };
    build_steps::document(&steps.iter().map(sketch).collect::<Vec<_>>())
}

fn side(document: &Document) -> Side {
    let run = &document.runs[0];
    Side {
        parent: run.steps.parent.clone(),
        after: run.steps.after.clone(),
        kind: run.steps.kind.clone(),
        name: run.steps.name.iter().map(|&name| document.names.get(name).to_owned()).collect(),
        status: run.steps.status.clone(),
        input: vec![Default::default(); run.steps.len()],
        output: vec![Default::default(); run.steps.len()],
        enter: run.enter.clone(),
        exit: run.exit.clone(),
    }
}

/// Two runs that were aligned; a pair is changed when its name is among `changed` or its status differs.
struct Two {
    a: Document,
    b: Document,
    items: Vec<Item>,
    signs: Vec<Sign>,
}

fn two(a: Shorthand, b: Shorthand, changed: &[&str]) -> Two {
    let (a, b) = (document(a), document(b));
    let items = align(&side(&a), &side(&b), &ByHand::default());
    let status = |document: &Document, step: u32| document.runs[0].steps.status[step as usize];
    let sign = |item: &Item| match (item.a, item.b) {
        (Some(_), None) => Sign::OnlyA,
        (None, _) => Sign::OnlyB,
        (Some(x), Some(y)) => {
            let name = b.names.get(b.runs[0].steps.name[y as usize]);
            if changed.contains(&name) || status(&a, x) != status(&b, y) { Sign::Changed } else { Sign::Same }
        }
    };
    let signs = items.iter().map(sign).collect();
    Two { a, b, items, signs }
}

impl Two {
    fn flow(&self, fold: bool, toggled: &[u32]) -> RunFlow {
        let index = [RunIndex::new(&self.a.runs[0]), RunIndex::new(&self.b.runs[0])];
        let a = Whole { run: &self.a.runs[0], index: &index[0], names: &self.a.names };
        let b = Whole { run: &self.b.runs[0], index: &index[1], names: &self.b.names };
        let what = |item: u32| format!("item {item} differs");
        let differs = |&item: &u32| self.signs[item as usize] != Sign::Same || self.items[item as usize].moved;
        let differences: Vec<u32> = (0..self.items.len() as u32).filter(differs).collect();
        let compared =
            Compared { a, b, items: &self.items, signs: &self.signs, differences: &differences, what: &what };
        let flow = compare_flow(&compared, fold, toggled);
        for node in flow.view.nodes.iter().filter(|node| node.key < ADDED) {
            assert!(node.sign.is_some() && !node.spoken.is_empty());
        }
        let keys: FxHashSet<u32> = flow.view.nodes.iter().map(|node| node.key).collect();
        assert_eq!(keys.len(), flow.view.nodes.len());
        assert!(flow.node_of.len() == self.items.len());
        if flow.view.note.is_empty() {
            assert!(flow.node_of.iter().all(|key| keys.contains(key)));
        }
        flow
    }
}

/// Boxes and lines as lines of text.
fn told(flow: &RunFlow) -> String {
    let name = |key: u32| flow.view.nodes.iter().find(|node| node.key == key).map_or("?", |node| node.label.as_str());
    let mut told = String::new();
    for node in &flow.view.nodes {
        let group = node.parent.map(|parent| format!(" in {}", name(parent))).unwrap_or_default();
        let state = match (node.group, node.expandable) {
            (true, _) => " (open)",
            (_, true) => " (opens)",
            _ => "",
        };
        let sign = node.sign.map_or("dot".to_owned(), |sign| format!("{sign:?}"));
        told.push_str(&format!("{}: {} | {} | {sign}{group}{state}\n", node.key, node.label, node.sub));
    }
    let mut lines: Vec<String> = flow
        .view
        .edges
        .iter()
        .map(|edge| {
            let back = if edge.back { " back" } else { "" };
            let sign = edge.sign.map_or("?".to_owned(), |sign| format!("{sign:?}"));
            format!("{} > {} {}{sign}{back}", name(edge.from), name(edge.to), edge.label)
        })
        .collect();
    lines.sort();
    told + &lines.join("\n")
}

fn warranty() -> Two {
    two(
        &[
            (0, "warranty_agent", 0, 1000),
            (1, "input_check", 1, 9),
            (1, "classify", 10, 19),
            (1, "gather", 20, 99),
            (2, "order", 21, 40),
            (2, "terms", 22, 50),
            (1, "retrieve", 100, 199),
            (1, "rerank", 200, 299),
            (1, "draft", 300, 399),
            (1, "cite", 400, 1140),
            (1, "check", 1200, 1210),
            (1, "log", 1220, 1230),
        ],
        &[
            (0, "warranty_agent", 0, 2000),
            (1, "input_check", 1, 9),
            (1, "classify", 10, 19),
            (1, "gather", 20, 99),
            (2, "terms", 21, 40),
            (2, "order", 22, 50),
            (1, "retrieve", 100, 199),
            (1, "rerank", 200, 299),
            (1, "rewrite", 300, 1270),
            (1, "retrieve", 1300, 1399),
            (1, "draft", 1400, 1499),
            (1, "check!", 1500, 1510),
            (1, "log", 1520, 1530),
        ],
        &["retrieve", "rerank", "draft"],
    )
}

#[test]
fn both_ways_stand_side_by_side_and_what_is_the_same_is_folded() {
    let flow = warranty().flow(true, &[]);
    insta::assert_snapshot!(told(&flow), @r"
    0: warranty_agent | 7 differences below | Same
    1: Steps 2 to 6 | 5 steps, all the same | Same (opens)
    6: retrieve | item 6 differs | Changed
    7: rerank | item 7 differs | Changed
    8: rewrite | +0.97 s | OnlyB
    9: retrieve, again | +99.0 ms | OnlyB
    10: draft | item 10 differs | Changed
    11: cite | −0.74 s | OnlyA
    12: check | item 12 differs | Changed
    13: log | the same | Same
    Steps 2 to 6 > retrieve Same
    check > log Same
    cite > check OnlyA
    draft > check OnlyB
    draft > cite OnlyA
    rerank > draft OnlyA
    rerank > rewrite OnlyB
    retrieve > rerank Same
    retrieve, again > draft OnlyB
    rewrite > retrieve, again OnlyB
    warranty_agent > Steps 2 to 6 Same
    ");
    let spoken: Vec<&str> = flow.view.nodes.iter().map(|node| node.spoken.as_str()).collect();
    insta::assert_snapshot!(spoken.join("\n"), @r"
    warranty_agent, other, 13 steps inside, 7 differences below
    Steps 2 to 6, 5 steps, all the same
    retrieve, other, changed: item 6 differs
    rerank, other, changed: item 7 differs
    rewrite, other, only in B, +0.97 s
    retrieve, again, other, only in B, +99.0 ms
    draft, other, changed: item 10 differs
    cite, other, only in A, −0.74 s
    check, other, error, changed: item 12 differs
    log, other, the same
    ");
}

#[test]
fn a_stretch_opens_into_its_steps_and_folds_again() {
    let two = warranty();
    let stretch = two.flow(true, &[]).view.nodes.iter().find(|node| node.label.starts_with("Steps")).unwrap().key;
    let flow = two.flow(true, &[stretch]);
    insta::assert_snapshot!(told(&flow), @r"
    0: warranty_agent | 7 differences below | Same
    1: input_check | the same | Same (opens)
    2: classify | the same | Same
    3: gather | the same | Same (opens)
    6: retrieve | item 6 differs | Changed
    7: rerank | item 7 differs | Changed
    8: rewrite | +0.97 s | OnlyB
    9: retrieve, again | +99.0 ms | OnlyB
    10: draft | item 10 differs | Changed
    11: cite | −0.74 s | OnlyA
    12: check | item 12 differs | Changed
    13: log | the same | Same
    check > log Same
    cite > check OnlyA
    classify > gather Same
    draft > check OnlyB
    draft > cite OnlyA
    gather > retrieve Same
    input_check > classify Same
    rerank > draft OnlyA
    rerank > rewrite OnlyB
    retrieve > rerank Same
    retrieve, again > draft OnlyB
    rewrite > retrieve, again OnlyB
    warranty_agent > input_check Same
    ");
    let first = flow.view.nodes.iter().find(|node| node.key == stretch).unwrap();
    assert!(first.expandable && first.label == "input_check");
    assert_eq!(two.flow(false, &[]).view.nodes.iter().filter(|node| node.label.starts_with("Steps")).count(), 0);
}

fn rounds(count: i64) -> Vec<(usize, &'static str, i64, i64)> {
    let mut steps = vec![(0, "agent", 0, 10_000), (1, "plan", 1, 9)];
    for round in 0..count {
        steps.push((1, "decide", 20 + round * 20, 29 + round * 20));
        steps.push((1, "act", 30 + round * 20, 39 + round * 20));
    }
    steps.push((1, "answer", 5_000, 5_001));
    steps
}

#[test]
fn rounds_fold_with_the_counts_of_both_sides() {
    let two = two(&rounds(3), &rounds(5), &["decide"]);
    insta::assert_snapshot!(told(&two.flow(true, &[])), @r"
    0: agent | 7 differences below | Same
    1: plan | the same | Same
    2: decide | ×3 → ×5 · 3 changed | Changed (opens)
    3: act | ×3 → ×5 | Changed (opens)
    12: answer | the same | Same
    act > answer Same
    act > decide ×2 → ×4Same back
    agent > plan Same
    decide > act ×3 → ×5Same
    plan > decide Same
    ");
    let decide = two.flow(true, &[]).view.nodes.iter().find(|node| node.label == "decide").unwrap().key;
    let unfolded = two.flow(true, &[decide]);
    let labels: Vec<_> = unfolded.view.nodes.iter().filter(|node| node.label.starts_with("decide")).collect();
    assert_eq!(labels.len(), 5);
    assert_eq!(labels[4].label, "decide, again");
    assert!(labels[0].expandable && !labels[1].expandable);
}

#[test]
fn a_group_with_a_difference_opens_and_a_closed_one_tells_of_it() {
    let a: Shorthand = &[
        (0, "agent", 0, 100),
        (1, "same", 1, 20),
        (2, "x", 2, 4),
        (2, "y", 5, 6),
        (1, "other", 21, 60),
        (2, "u", 22, 24),
        (2, "v", 25, 26),
    ];
    let mut b = a.to_vec();
    b[6] = (2, "v!", 25, 26);
    b.push((2, "w", 27, 28));
    let two = two(a, &b, &[]);
    let flow = two.flow(true, &[]);
    insta::assert_snapshot!(told(&flow), @r"
    0: agent | 2 differences below | Same
    1: same | the same | Same (opens)
    4: other |  | Same (open)
    5: u | the same | Same in other
    6: v | item 6 differs | Changed in other
    7: w | +1.00 ms | OnlyB in other
    agent > same Same
    same > other Same
    u > v Same
    v > w OnlyB
    ");
    let other = flow.view.nodes.iter().find(|node| node.label == "other").unwrap().key;
    let closed = two.flow(true, &[other]);
    insta::assert_snapshot!(told(&closed), @r"
    0: agent | 2 differences below | Same
    1: same | the same | Same (opens)
    4: other | 2 differences inside | Changed (opens)
    agent > same Same
    same > other Same
    ");
    let node = closed.view.nodes.iter().find(|node| node.key == other).unwrap();
    assert_eq!((node.errors, closed.node_of[other as usize + 2]), (1, other));
    insta::assert_snapshot!(&node.spoken, @"other, other, 3 steps inside, 2 differences inside");
}

#[test]
fn what_runs_at_once_in_one_run_and_in_a_row_in_the_other_has_lines_of_both() {
    let a: Shorthand = &[(0, "start", 0, 9), (0, "one", 10, 30), (0, "two", 11, 31), (0, "join", 40, 50)];
    let b: Shorthand = &[(0, "start", 0, 9), (0, "one", 10, 20), (0, "two", 21, 31), (0, "join", 40, 50)];
    insta::assert_snapshot!(told(&two(a, b, &["one", "two"]).flow(true, &[])), @r"
    0: start | the same | Same
    1: one | item 1 differs | Changed
    2: two | item 2 differs | Changed
    3: join | the same | Same
    one > join OnlyA
    one > two OnlyB
    start > one Same
    start > two OnlyA
    two > join Same
    ");
}

#[test]
fn a_step_around_others_in_one_run_only() {
    let a: Shorthand = &[(0, "agent", 0, 100), (1, "one", 1, 10), (1, "two", 11, 20), (1, "end", 30, 40)];
    let b: Shorthand =
        &[(0, "agent", 0, 100), (1, "guard", 1, 25), (2, "one", 2, 10), (2, "two", 11, 20), (1, "end", 30, 40)];
    insta::assert_snapshot!(told(&two(a, b, &[]).flow(true, &[])), @r"
    0: agent | 3 differences below | Same
    1: guard | +24.0 ms | OnlyB (open)
    4: end | the same | Same
    2: one | the same, moved | Same in guard
    3: two | the same, moved | Same in guard
    agent > guard Same
    guard > end Same
    one > two Same
    ");
}

#[test]
fn many_at_once_meet_in_points_that_both_runs_share() {
    let stage = |name: fn(i64) -> &'static str, from: i64, of: i64| {
        (0..of).map(move |at| (0, name(at), from + at, from + 50 + at))
    };
    let fan = |count: i64| {
        let first = stage(|at| ["a1", "a2", "a3", "a4", "a5"][at as usize], 0, 4);
        let second = stage(|at| ["b1", "b2", "b3", "b4", "b5"][at as usize], 100, count);
        first.chain(second).collect::<Vec<_>>()
    };
    let names = ["a1", "a2", "a3", "a4", "b1", "b2", "b3", "b4"];
    let shared = two(&fan(4), &fan(4), &names).flow(true, &[]);
    assert_eq!(shared.view.nodes.iter().filter(|node| node.key >= ADDED).count(), 1);
    assert!(shared.view.edges.len() == 8 && shared.view.edges.iter().all(|edge| edge.sign == Some(Sign::Same)));
    let parted = two(&fan(4), &fan(5), &names).flow(true, &[]);
    assert_eq!(parted.view.nodes.iter().filter(|node| node.key >= ADDED).count(), 2);
}

#[test]
fn runs_without_steps_and_items_that_do_not_fit_are_survived() {
    assert_eq!(two(&[], &[(0, "one", 0, 1)], &[]).flow(true, &[]).view.nodes.len(), 1);
    let empty = document(&[]);
    let index = RunIndex::new(&empty.runs[0]);
    let whole = Whole { run: &empty.runs[0], index: &index, names: &empty.names };
    let items = [
        Item { a: Some(9), b: Some(7), after: 90, ..Item::default() },
        Item { b: Some(1), parent: Some(5), after: 0, ..Item::default() },
    ];
    for items in [&items[..], &[]] {
        let what = |_: u32| String::new();
        let flow = compare_flow(
            &Compared { a: whole, b: whole, items, signs: &[], differences: &[9, 4], what: &what },
            true,
            &[0, 99],
        );
        assert_eq!(flow.node_of.len(), items.len());
    }
}

#[test]
fn a_run_of_many_steps_is_drawn_in_part_and_says_so() {
    let names: Vec<String> = (0..6_000).map(|at| format!("step {at}")).collect();
    let steps: Vec<_> = names.iter().zip(0i64..).map(|(name, at)| (0, name.as_str(), at * 2, at * 2 + 1)).collect();
    let two = two(&steps, &[], &[]);
    let flow = two.flow(true, &[]);
    assert_eq!(flow.view.nodes.len(), DRAWN);
    assert!(flow.view.note.contains("1000 more steps are not drawn"), "{}", flow.view.note);
}
