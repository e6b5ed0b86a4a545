//! Many runs through the protocol.

use crate::protocol::{Answer, ManyView, Request};
use crate::session::Session;
use crate::source::Memory;

/// Runs in our own format in one session: each a list of `name:input:status:seconds`.
fn many(runs: &[&str]) -> ManyView {
    let mut session = Session::new();
    for (at, steps) in runs.iter().enumerate() {
        let mut text = format!("{{\"chaindebug\":1,\"run\":{{\"id\":\"r{at}\",\"name\":\"r{at}\"}}}}\n");
        for (number, step) in steps.split_whitespace().enumerate() {
            let parts: Vec<&str> = step.split(':').collect();
            let (name, input, status, took) = (parts[0], parts[1], parts[2], parts[3]);
            let output = if status == "ok" { ",\"output\":\"well\"" } else { "" };
            text.push_str(&format!(
                "{{\"id\":\"{number}\",\"name\":\"{name}\",\"input\":\"{input}\",\"status\":\"{status}\"{output},\
                 \"start\":\"2026-03-02T09:{number:02}:00Z\",\"end\":\"2026-03-02T09:{number:02}:{took}Z\"}}\n"
            ));
        }
        let mut opening = session.open("r.jsonl", Box::new(Memory(text.into_bytes())), None);
        while session.advance(&mut opening, 4096).document.is_none() {}
    }
    let all = (0..runs.len() as u32).collect();
    match session.answer(Request::Many { runs: all }) {
        Answer::Many(view) => *view,
        other => panic!("{other:?}"),
    }
}

#[test]
fn where_they_part_and_what_goes_with_failure() {
    let good = "ask:a:ok:01 search:b:ok:02 write:c:ok:03";
    let bad = "ask:a:ok:01 guess:b:ok:02 write:c:error:30";
    let view = many(&[good, good, bad, good, bad, good]);
    assert_eq!(
        view.verdict,
        "6 runs take 2 paths; they part first after `ask`. 2 runs failed. Of the runs with `search` 0 % failed, of those \
         without it 100 %. `write` is flaky: with the same input it failed in some runs and not in others."
    );
    let told: Vec<_> =
        view.paths.iter().map(|node| (node.parent, node.name.as_str(), node.runs, node.failed)).collect();
    assert_eq!(told, [(None, "", 6, 2), (Some(0), "ask", 6, 2), (Some(1), "write", 4, 0), (Some(1), "write", 2, 2)]);
    assert_eq!(view.paths[1].example, Some((0, 2)));
    assert_eq!((view.paths[2].length, view.paths[2].ends), (2, 4));
    let firsts: Vec<_> = view.paths.iter().map(|node| node.first.as_str()).collect();
    assert_eq!(firsts, ["", "", "search", "guess"]);
    assert_eq!(view.runs.iter().map(|run| run.failed).collect::<Vec<_>>(), [false, false, true, false, true, false]);
    assert_eq!(view.runs[2].path, 3);
    let write = view.steps.iter().find(|step| step.name == "write").unwrap();
    assert_eq!((write.runs, write.visits, write.failing, write.flaky, write.outputs), (6, 6, 2, true, 1));
    assert_eq!((write.time.count, write.time.median, write.time.most), (6, 3e9, 30e9));
    let guess = view.steps.iter().find(|step| step.name == "guess").unwrap();
    assert_eq!((guess.failed_with, guess.failed_without, guess.flaky), (Some(1000), Some(0), false));
    let names: Vec<_> = view.steps.iter().map(|step| step.name.as_str()).collect();
    assert_eq!((names.first(), names.last()), (Some(&"ask"), Some(&"write")));
}

#[test]
fn runs_that_do_the_same() {
    let run = "ask:a:ok:01 write:c:ok:03";
    let view = many(&[run, run, run]);
    assert_eq!(view.verdict, "All 3 runs take the same path. None failed.");
    assert_eq!(view.paths.len(), 2);
    assert_eq!((view.paths[1].length, view.paths[1].example), (2, None));
}

#[test]
fn a_run_that_stops_early_ends_on_the_way() {
    let view = many(&["a:1:ok:01 b:1:ok:01 c:1:ok:01", "a:1:ok:01 b:1:ok:01"]);
    let ends: Vec<_> = view.paths.iter().map(|node| (node.name.as_str(), node.ends)).collect();
    assert_eq!(ends, [("", 0), ("b", 1), ("c", 1)]);
    assert_eq!(view.paths.iter().map(|node| node.example).collect::<Vec<_>>(), [None, Some((0, 1)), None]);
    assert!(view.verdict.starts_with("2 runs take 2 paths; they part first after `b`."), "{}", view.verdict);
}

#[test]
fn too_few_and_too_many_are_refused() {
    let mut session = Session::new();
    let answer = session.answer(Request::Many { runs: Vec::new() });
    assert!(matches!(answer, Answer::Refused { .. }));
}
