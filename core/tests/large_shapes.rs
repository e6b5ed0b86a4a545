//! Runs of an awkward shape: very deep, very wide, circular, all at once. Everything that can be asked of them is
//! answered, and the work grows with their size and not with its square.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, unreachable_pub)]

mod support;

use chaindebug_core::session::Session;
use std::fmt::Write as _;

const STEPS: u64 = 30_000;
const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

/// An OTLP trace; each step from `make`: id, parent (0: none), start and end from the first moment.
fn trace(make: impl Fn(u64) -> (u64, u64, u64, u64)) -> String {
    let mut text = r#"{"resourceSpans":[{"scopeSpans":[{"spans":["#.to_owned();
    for step in 1..=STEPS {
        let (id, parent, start, end) = make(step);
        let parent = if parent == 0 { String::new() } else { format!("{parent:016x}") };
        let (start, end) = (1_763_694_942_000_000_000 + start, 1_763_694_942_000_000_000 + end);
        let comma = if step > 1 { "," } else { "" };
        let name = step % 7;
        let _ = write!(
            text,
            r#"{comma}{{"traceId":"{TRACE}","spanId":"{id:016x}","parentSpanId":"{parent}","name":"step {name}","startTimeUnixNano":"{start}","endTimeUnixNano":"{end}"}}"#
        );
    }
    text.push_str("]}]}]}");
    text
}

fn opens_and_answers(text: &str) {
    let mut session = Session::new();
    let document = support::open(&mut session, text.as_bytes(), 1 << 20);
    support::check(&document);
    assert_eq!(document.runs.iter().map(|run| u64::from(run.steps)).sum::<u64>(), STEPS);
    support::ask_everything(&mut session, &document);
}

#[test]
fn a_chain_of_parents() {
    opens_and_answers(&trace(|step| (step, step - 1, step, 2 * STEPS - step)));
}

#[test]
fn children_before_their_parents() {
    opens_and_answers(&trace(|step| (step, if step == STEPS { 0 } else { step + 1 }, STEPS - step, STEPS + step)));
}

#[test]
fn one_circle() {
    opens_and_answers(&trace(|step| (step, step % STEPS + 1, step, step + 1)));
}

#[test]
fn siblings_one_after_the_other() {
    opens_and_answers(&trace(|step| {
        (step, u64::from(step > 1), 10 * step, if step == 1 { 10 * STEPS } else { 10 * step + 5 })
    }));
}

#[test]
fn siblings_all_at_once() {
    opens_and_answers(&trace(|step| (step, u64::from(step > 1), 0, 1000)));
}

#[test]
fn siblings_that_overlap_like_a_staircase() {
    opens_and_answers(&trace(|step| (step, u64::from(step > 1), step, step + 500)));
}

#[test]
fn everything_is_a_root() {
    opens_and_answers(&trace(|step| (step, 0, STEPS - step, STEPS - step + 3)));
}

#[test]
fn one_id_for_all() {
    opens_and_answers(&trace(|step| (7, u64::from(step % 2 == 0) * 7, step, step)));
}

#[test]
fn ends_before_it_starts() {
    opens_and_answers(&trace(|step| (step, step / 2, STEPS - step, step)));
}
