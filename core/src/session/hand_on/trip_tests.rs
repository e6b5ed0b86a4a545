//! Round trips over all fixtures: what is exported and opened again is the same run.

use super::tests::export;
use crate::export::full_step::{FullStep, Held, Ids};
use crate::export::json_line::one_line;
use crate::export::otlp::{span_id, trace_id};
use crate::import::testing::open;
use crate::model::{Status, Usage};
use crate::protocol::{Answer, CompareOptions, ExportFormat, Exported, Request};
use crate::session::Session;
use crate::source::Memory;
use std::collections::BTreeMap;

/// All steps of a run, whole.
fn steps(session: &Session, run: u32) -> Vec<FullStep> {
    let (sight, _) = session.shelf().sight(run).unwrap();
    let ids = Ids::new(sight.run, &sight.document.names);
    let of = |at: usize| FullStep::of(sight, &ids, at as u32, &sight.details(at as u32).unwrap()).unwrap();
    (0..sight.run.steps.len()).map(of).collect()
}

/// Attributes of one name are one, the last.
fn once(list: &[(String, Held)]) -> Vec<&(String, Held)> {
    let last = |name: &str| list.iter().rposition(|(other, _)| other == name);
    list.iter().enumerate().filter(|(at, (name, _))| last(name) == Some(*at)).map(|(_, one)| one).collect()
}

/// What differs between two steps, by part.
fn differences(a: &FullStep, b: &FullStep, exact: bool) -> Vec<(&'static str, String)> {
    let mut out = Vec::new();
    let mut same = |part: &'static str, a: String, b: String| {
        if a != b {
            out.push((part, format!("{a}\n      is {b}")));
        }
    };
    same("id", a.id.clone(), b.id.clone());
    same("parent", format!("{:?}", a.parent), format!("{:?}", b.parent));
    same("name", a.name.clone(), b.name.clone());
    same("kind", a.kind.name().into(), b.kind.name().into());
    same("status", a.status.name().into(), b.status.name().into());
    same("times", format!("{:?} {:?}", a.start, a.end), format!("{:?} {:?}", b.start, b.end));
    same("model", a.model.clone(), b.model.clone());
    // Tokens written to a cache have an attribute that is not read yet.
    let usage = |step: &FullStep| Usage { written: step.usage.written.filter(|_| exact), ..step.usage };
    same("usage", format!("{:?}", usage(a)), format!("{:?}", usage(b)));
    let value = |held: &Option<Held>| {
        let json = held.as_ref().map(Held::json).unwrap_or_default();
        // A text that holds JSON and that JSON mean the same.
        let text = serde_json::from_str::<String>(&json).ok().filter(|_| !exact);
        text.map(|text| one_line(text.as_bytes()).unwrap_or(text)).unwrap_or(json)
    };
    // What no format can say: that there is no input beside a state, and no value beside messages.
    let told = |own: &Option<Held>, state: bool| own.is_some() || !state && a.messages.is_empty();
    if told(&a.input, a.state.is_some()) {
        same("input", value(&a.input), value(&b.input));
    }
    if told(&a.output, false) {
        same("output", value(&a.output), value(&b.output));
    }
    same("state", value(&a.state), value(&b.state));
    same("state_after", value(&a.state_after), value(&b.state_after));
    // OpenTelemetry has no error without a status of one, and says it by an event as well.
    if exact || a.status == Status::Error && a.error.is_some() {
        same("error", format!("{:?}", a.error), format!("{:?}", b.error));
    }
    // The input and output of a model call are read as its messages.
    if exact || !a.messages.is_empty() {
        same("messages", format!("{:?}", a.messages), format!("{:?}", b.messages));
    }
    let list = |list: &[(String, Held)]| {
        once(list).iter().map(|(name, held)| format!("{name}={}", held.json())).collect::<Vec<_>>().join("\n")
    };
    same("attributes", list(&a.attributes), list(&b.attributes));
    let events = |step: &FullStep| {
        step.events
            .iter()
            .filter(|event| exact || event.name != "exception")
            .map(|e| format!("{} {:?} {}", e.name, e.time, list(&e.attributes)))
            .collect::<Vec<_>>()
            .join("\n")
    };
    same("events", events(a), events(b));
    let links = |step: &FullStep| {
        step.links
            .iter()
            .map(|l| format!("{} {} {}", l.run, l.step, list(&l.attributes)))
            .collect::<Vec<_>>()
            .join("\n")
    };
    same("links", links(a), links(b));
    out
}

/// The ids of a step of a run, of what is around it and of what it links to, as OpenTelemetry spells them.
fn as_spans(step: &mut FullStep, run: &str) {
    for link in &mut step.links {
        let of = if link.run.is_empty() { run } else { &link.run };
        (link.step, link.run) = (span_id(of, &link.step), trace_id(of));
    }
    step.parent = step.parent.take().map(|parent| span_id(run, &parent));
    step.id = span_id(run, &step.id);
}

/// Exports all runs of each fixture, opens that, and collects what differs.
fn trip(to: ExportFormat) -> (usize, BTreeMap<&'static str, Vec<String>>) {
    let (mut count, mut found) = (0, BTreeMap::<&'static str, Vec<String>>::new());
    for text in crate::import::damage_tests::fixtures() {
        let (mut session, view) = open(text);
        if view.runs.is_empty() {
            continue;
        }
        let runs: Vec<u32> = (0..view.runs.len() as u32).collect();
        let (written, _) = export(&mut session, &Exported { to, runs: runs.clone(), ..Exported::default() }, None);
        for line in written.lines().filter(|_| to == ExportFormat::Jsonl) {
            assert!(serde_json::from_str::<serde::de::IgnoredAny>(line).is_ok(), "{line}");
        }
        let (again, other) = open(&written);
        assert_eq!(other.runs.len(), view.runs.len(), "{}: {written}", view.format);
        for run in runs {
            // Runs are ordered by their start, so the same one may stand elsewhere.
            let id = &view.runs[run as usize].id;
            let all = other.runs.iter().filter(|other| other.steps == view.runs[run as usize].steps);
            let of = all.clone().find(|other| other.id == *id || other.id == trace_id(id));
            let Some(of) = of else { panic!("{}: run {id} in {written}", view.format) };
            for (mut a, mut b) in steps(&session, run).into_iter().zip(steps(&again, of.run)) {
                count += 1;
                if to == ExportFormat::Otlp {
                    as_spans(&mut a, id);
                    as_spans(&mut b, &of.id);
                }
                for (part, what) in differences(&a, &b, to == ExportFormat::Jsonl) {
                    found.entry(part).or_default().push(format!("{} {}: {what}", view.format, a.name));
                }
            }
        }
    }
    (count, found)
}

fn told(found: &BTreeMap<&str, Vec<String>>) -> String {
    let cut = |text: &String| text.chars().take(500).collect::<String>();
    let part = |(part, list): (&&str, &Vec<String>)| {
        format!("{part}: {}\n  {}", list.len(), list.iter().take(6).map(cut).collect::<Vec<_>>().join("\n  "))
    };
    found.iter().map(part).collect::<Vec<_>>().join("\n")
}

#[test]
fn json_lines_of_all_fixtures_are_the_same_runs() {
    let (count, found) = trip(ExportFormat::Jsonl);
    assert!(count > 300, "{count}");
    assert!(found.is_empty(), "{count} steps\n{}", told(&found));
}

#[test]
fn open_telemetry_of_all_fixtures_is_the_same_tree() {
    let (count, mut found) = trip(ExportFormat::Otlp);
    // What is said beside the step stands in attributes, which are more by that.
    found.remove("attributes");
    assert!(found.is_empty(), "{count} steps\n{}", told(&found));
}

#[test]
fn a_run_and_its_export_compare_as_the_same() {
    for text in crate::import::damage_tests::fixtures() {
        let (mut session, view) = open(text);
        if view.runs.len() != 1 || view.runs[0].steps < 2 {
            continue;
        }
        // A step with a state and no input is read with the state as its input: the format cannot say otherwise.
        if steps(&session, 0).iter().any(|step| step.state.is_some() && step.input.is_none()) {
            continue;
        }
        let (written, _) = export(&mut session, &Exported { runs: vec![0], ..Exported::default() }, None);
        let mut opening = session.open("again", Box::new(Memory(written.into_bytes())), None);
        while session.advance(&mut opening, 1 << 20).document.is_none() {}
        let options = CompareOptions { noise: true, ..CompareOptions::default() };
        let verdict = loop {
            match session.answer(Request::Compare { a: 0, b: 1, options: options.clone() }) {
                Answer::Comparison(view) if view.done => break view,
                Answer::Comparison(_) => {}
                other => panic!("{other:?}"),
            }
        };
        assert!(verdict.same, "{}: {} {}", view.format, verdict.verdict, verdict.detail);
    }
}
