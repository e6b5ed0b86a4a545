//! How long findings take after an edit of a large pipeline. Measurements, run by hand:
//! `cargo test --profile serve -p chaindebug-core --lib how_long -- --ignored --nocapture`.

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

/// The least of some rounds, in milliseconds.
fn least(rounds: usize, mut what: impl FnMut()) -> f64 {
    let clock = Instant::now();
    (0..rounds)
        .map(|_| {
            let start = spent(&clock);
            what();
            spent(&clock) - start
        })
        .fold(f64::MAX, f64::min)
}

#[test]
#[ignore = "a measurement"]
fn how_long_findings_take() {
    for steps in [10_000, 100_000] {
        let text = large(steps);
        let bytes = text.as_bytes();
        println!("{steps} steps, {} bytes", bytes.len());
        let rounds = if steps > 10_000 { 3 } else { 9 };
        println!("  strict check      {:8.2} ms", least(rounds, || validate::check_json(bytes).unwrap()));
        println!("  tree              {:8.2} ms", least(rounds, || assert!(Tree::parse(bytes).damage.is_none())));
        let tree = Tree::parse(bytes);
        let all = Text { bytes, tree: &tree };
        println!("  validator         {:8.2} ms", least(rounds, || drop(validate::validate_tree(all, false))));
        println!("  findings          {:8.2} ms", least(rounds, || drop(lint::findings(all, Target::default()))));
        lint::parts(all, Target::default(), |name, part| println!("    {name:16}{:8.2} ms", least(3, part)));
        println!("  view              {:8.2} ms", least(rounds, || drop(lint::view(bytes, Target::default(), false))));
        let (mut session, _) = open(&text);
        let at = text.find("line 17").unwrap() as u64 + 5;
        let mut turn = 0;
        let clock = Instant::now();
        let (mut rewrite, mut ask, mut write, mut amend) = (f64::MAX, f64::MAX, f64::MAX, f64::MAX);
        for _ in 0..rounds {
            turn += 1;
            let edits = vec![TextEdit { start: at, end: at + 1, text: (turn % 10).to_string() }];
            let start = spent(&clock);
            let answer = session.answer(Request::Rewrite { document: 0, edits });
            let told = serde_json::to_string(&answer).unwrap();
            rewrite = rewrite.min(spent(&clock) - start);
            let edits = vec![TextEdit { start: at, end: at + 1, text: ((turn + 3) % 10).to_string() }];
            session.answer(Request::Amend { document: 0, edits: Vec::new(), target: Target::default() });
            let start = spent(&clock);
            let answer = session.answer(Request::Amend { document: 0, edits, target: Target::default() });
            let amended = serde_json::to_string(&answer).unwrap();
            amend = amend.min(spent(&clock) - start);
            if turn == 1 {
                println!("  {} bytes of the amend's answer", amended.len());
            }
            session.settle();
            let start = spent(&clock);
            let answer = session.answer(Request::Findings { pipeline: 0, target: Target::default(), strict: false });
            ask = ask.min(spent(&clock) - start);
            let start = spent(&clock);
            let json = serde_json::to_string(&answer).unwrap();
            write = write.min(spent(&clock) - start);
            let Answer::Findings(view) = answer else { panic!() };
            if turn == 1 {
                println!(
                    "  {} findings, {} bytes of answer, {} of the rewrite's",
                    view.findings.len(),
                    json.len(),
                    told.len()
                );
                println!(
                    "  validator: {} errors, {} warnings",
                    view.validation.errors.len(),
                    view.validation.warnings.len()
                );
                let mut ids: Vec<&str> = view.findings.iter().map(|f| f.id.as_str()).collect();
                ids.dedup();
                println!("  {ids:?}");
            }
        }
        println!("  rewrite           {rewrite:8.2} ms");
        println!("  amend             {amend:8.2} ms");
        println!("  findings request  {ask:8.2} ms");
        println!("  answer as JSON    {write:8.2} ms");
    }
}
