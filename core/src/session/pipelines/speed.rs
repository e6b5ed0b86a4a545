//! How long findings take after an edit of a large pipeline. Measurements, run by hand:
//! `cargo test --profile serve -p chaindebug-core --lib how_long -- --ignored --nocapture`.

// A measurement has a clock.
#![allow(clippy::disallowed_methods)]

use crate::ia_modules::definition::Text;
use crate::ia_modules::{lint, validate};
use crate::import::testing::open;
use crate::json::Tree;
use crate::protocol::{Answer, Request, Target, TextEdit};
use std::fmt::Write as _;
use std::time::Instant;

/// A pipeline with loops, conditions, outputs, and a few problems: about 210 bytes a step.
pub(crate) fn large(steps: usize) -> String {
    let mut text = String::from("{\n  \"name\": \"large\",\n  \"parameters\": {\"limit\": 3},\n  \"steps\": [\n");
    for i in 0..steps {
        let comma = if i + 1 < steps { "," } else { "" };
        let _ = writeln!(
            text,
            "    {{\"id\": \"s{i}\", \"name\": \"s{i}\", \"step_class\": \"Work\", \"module\": \"m.work\", \"config\": {{\"limit\": {i}, \"say\": \"line {i}\"}}, \"outputs\": [\"score\", \"note\"]}}{comma}"
        );
    }
    text.push_str("  ],\n  \"flow\": {\n    \"start_at\": \"s0\",\n    \"paths\": [\n");
    for i in 0..steps.saturating_sub(1) {
        let next = i + 1;
        if i % 10 == 9 {
            let back = i - 5;
            let _ = writeln!(
                text,
                "      {{\"from\": \"s{i}\", \"to\": \"s{back}\", \"condition\": {{\"type\": \"expression\", \"config\": {{\"source\": \"s{i}.score\", \"operator\": \"less_than\", \"value\": 3}}}}}},"
            );
            let operator = if i % 1000 == 999 { ">=" } else { "not_equals" };
            let _ = writeln!(
                text,
                "      {{\"from\": \"s{i}\", \"to\": \"s{next}\", \"condition\": {{\"type\": \"expression\", \"config\": {{\"source\": \"s{i}.note\", \"operator\": \"{operator}\", \"value\": \"again\"}}}}}},"
            );
        } else {
            let _ = writeln!(text, "      {{\"from\": \"s{i}\", \"to\": \"s{next}\"}},");
        }
    }
    let last = steps.saturating_sub(1);
    let _ = write!(text, "      {{\"from\": \"s{last}\", \"to\": \"end_with_success\"}}\n    ]\n  }}\n}}\n");
    text
}

/// Time of the processor spent by this thread, in milliseconds: others that run meanwhile do not count. Where the
/// system does not tell, time by the clock.
pub(crate) fn spent(clock: &Instant) -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|told| told.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.unwrap_or_else(|| clock.elapsed().as_secs_f64() * 1e9) / 1e6
}

/// The least of some rounds, in milliseconds. The processor's time is told in steps of some milliseconds, so what is
/// short is done many times in a round.
fn least(times: u32, mut what: impl FnMut()) -> f64 {
    let clock = Instant::now();
    (0..5)
        .map(|_| {
            let start = spent(&clock);
            for _ in 0..times {
                what();
            }
            (spent(&clock) - start) / f64::from(times)
        })
        .fold(f64::MAX, f64::min)
}

#[test]
#[ignore = "a measurement"]
fn how_long_findings_take() {
    for (steps, times) in [(10_000, 20), (100_000, 2)] {
        let text = large(steps);
        let (bytes, target) = (text.as_bytes(), Target::default());
        println!("{steps} steps, {} bytes", bytes.len());
        let told = |name: &str, ms: f64| println!("  {name:20}{ms:8.2} ms");
        told("strict check", least(times, || validate::check_json(bytes).unwrap()));
        told("tree", least(times, || assert!(Tree::parse(bytes).damage.is_none())));
        let tree = Tree::parse(bytes);
        let all = Text { bytes, tree: &tree };
        told("validator", least(times, || drop(validate::validate_tree(all, false))));
        told("findings", least(times, || drop(lint::findings(all, target))));
        lint::parts(all, target, |name, part| told(&format!("  {name}"), least(times.min(5), part)));
        let (mut session, _) = open(&text);
        let at = text.find("line 17").unwrap() as u64 + 5;
        let mut letter = (b'a'..=b'z').cycle();
        let mut edits = |grow: u64| {
            let text = format!("{}{}", char::from(letter.next().unwrap()), "x".repeat(grow as usize));
            vec![TextEdit { start: at, end: at + 1, text }]
        };
        for (name, grow) in [("amend, same length", 0), ("amend, longer", 1)] {
            let took = least(times, || {
                let edits = edits(grow);
                let answer = session.answer(Request::Amend { document: 0, edits, target });
                assert!(serde_json::to_string(&answer).unwrap().contains("operator-ignored"));
            });
            told(name, took);
        }
        told("rewrite", least(1, || drop(session.answer(Request::Rewrite { document: 0, edits: edits(0) }))));
        let ask = Request::Findings { pipeline: 0, target, strict: false };
        let mut answer = Answer::Done;
        told("findings request", least(1, || answer = session.answer(ask.clone())));
        told("  its JSON", least(1, || drop(serde_json::to_string(&answer).unwrap())));
    }
}
