//! A clean file of which nothing is said, what some fixes write, places, hostile files. Each rule with its own file is in
//! `rule_tests`.

use super::{findings, view};
use crate::ia_modules::definition::Text;
use crate::json::Tree;
use crate::model::Severity;
use crate::protocol::{EngineId, Finding, Loader, Reader, Target};

pub(super) const RAW: Target = Target { engine: EngineId::IaModules013, loader: Loader::Raw };
pub(super) const PYDANTIC: Target = Target { engine: EngineId::IaModules013, loader: Loader::Pydantic };
pub(super) const NEWER: Target = Target { engine: EngineId::IaModules020, loader: Loader::Pydantic };

pub(super) fn found(text: &str, target: Target) -> Vec<Finding> {
    findings(Text { bytes: text.as_bytes(), tree: &Tree::parse(text.as_bytes()) }, target)
}

pub(super) fn ids(text: &str, target: Target) -> Vec<String> {
    found(text, target).into_iter().map(|finding| finding.id).collect()
}

pub(super) fn step(id: &str) -> String {
    format!(r#"{{"id": "{id}", "name": "{id}", "step_class": "C", "module": "m"}}"#)
}

/// Steps a, b and c, a flow that starts at a, and more members.
pub(super) fn pipeline(paths: &str, more: &str) -> String {
    let steps = ["a", "b", "c"].map(step).join(", ");
    format!(r#"{{"name": "p", "steps": [{steps}], "flow": {{"start_at": "a", "paths": [{paths}]}}{more}}}"#)
}

pub(super) fn edge(from: &str, to: &str) -> String {
    format!(r#"{{"from": "{from}", "to": "{to}"}}"#)
}

pub(super) fn when(from: &str, to: &str, config: &str) -> String {
    format!(r#"{{"from": "{from}", "to": "{to}", "condition": {{"type": "expression", "config": {{{config}}}}}}}"#)
}

pub(super) fn line(edges: &[String]) -> String {
    edges.join(", ")
}

/// The text after the first fix of the first finding with this id.
fn fixed(text: &str, target: Target, id: &str) -> String {
    let finding = found(text, target).into_iter().find(|finding| finding.id == id).unwrap();
    let mut out = text.to_owned();
    for edit in finding.fixes[0].edits.iter().rev() {
        out.replace_range(edit.start as usize..edit.end as usize, &edit.text);
    }
    out
}

#[test]
fn a_clean_pipeline_has_no_finding() {
    let yes = r#""source": "b.ok", "operator": "equals", "value": true"#;
    let no = r#""source": "b.ok", "operator": "equals", "value": false"#;
    let text =
        pipeline(&line(&[edge("a", "b"), when("b", "c", yes), when("b", "a", no), edge("c", "end_with_success")]), "");
    for target in [RAW, PYDANTIC, NEWER] {
        assert_eq!(found(&text, target), [], "{target:?}");
    }
}

#[test]
fn fixes_do_away_with_their_finding_and_leave_json() {
    let flow = |paths: &[String]| pipeline(&line(paths), "");
    let test = |config: &str| flow(&[when("a", "b", config), edge("b", "c")]);
    let chain = flow(&[edge("a", "b"), edge("b", "c")]);
    let cases = [
        (
            "operator-ignored",
            test(r#""source": "a.n", "operator": ">=", "value": 3"#),
            r#""greater_than", "value": 2"#,
            RAW,
        ),
        (
            "operator-ignored",
            test(r#""source": "a.n", "operator": ">=", "value": 3"#),
            r#""greater_than_or_equals", "value": 3"#,
            NEWER,
        ),
        (
            "expression-outside-config",
            flow(&[
                r#"{"from": "a", "to": "b", "condition": {"type": "expression", "source": "a.n", "value": 3}}"#
                    .to_owned(),
                edge("b", "c"),
            ]),
            r#""condition": {"type": "expression", "config": {"source": "a.n", "value": 3}}"#,
            RAW,
        ),
        (
            "source-unknown",
            test(r#""source": "result.ok", "operator": "equals", "value": true"#),
            r#""source": "a.ok""#,
            RAW,
        ),
        ("terminal-not-found", flow(&[edge("a", "b"), edge("b", "c"), edge("c", "end")]), "end_with_success", RAW),
        ("transitions-ignored", chain.replace("\"paths\"", "\"transitions\""), "\"paths\"", RAW),
        ("edge-spelling-refused", chain.replace("\"from\"", "\"from_step\""), "\"from\"", RAW),
        ("class-refused", chain.replace("step_class", "class"), "step_class", PYDANTIC),
    ];
    for (id, text, expected, target) in cases {
        let after = fixed(&text, target, id);
        assert!(after.contains(expected), "{after}");
        assert_eq!(Tree::parse(after.as_bytes()).damage, None);
        let count = |text: &str| ids(text, target).iter().filter(|other| *other == id).count();
        assert!(count(&after) < count(&text), "{id}: {after}");
    }
}

#[test]
fn what_falls_through_is_named() {
    let says = |tests: &[&str]| -> Option<String> {
        let edges: Vec<String> = tests.iter().map(|test| when("a", "b", test)).chain([edge("b", "c")]).collect();
        let found = found(&pipeline(&line(&edges), ""), NEWER);
        let dead = found.into_iter().find(|finding| finding.id == "dead-end")?;
        Some(dead.message.split(" is ").nth(2)?.split(": IA").next()?.to_owned())
    };
    let test = |operator: &str, value: &str| format!(r#""source": "a.n", "operator": "{operator}", "value": {value}"#);
    let (above, below, equal) = (test("greater_than", "3"), test("less_than", "3"), test("equals", "3"));
    assert_eq!(says(&[&above]).as_deref(), Some("3 or less"));
    assert_eq!(says(&[&above, &below]).as_deref(), Some("exactly 3"));
    assert_eq!(says(&[&above, &below, &equal]), None);
    assert_eq!(says(&[&above, &test("less_than", "1")]).as_deref(), Some("between 1 and 3"));
    assert_eq!(says(&[&test("greater_than_or_equals", "3"), &below]), None);
    assert_eq!(says(&[&test("not_equals", "\"x\"")]).as_deref(), Some("\"x\""));
    assert_eq!(says(&[&test("not_equals", "\"x\""), &test("equals", "\"x\"")]), None);
    assert_eq!(says(&[&test("equals", "\"x\"")]).as_deref(), Some("anything but \"x\""));
    assert_eq!(says(&[&test("equals", "true"), &test("equals", "false")]), None);
}

#[test]
fn places_are_lines_and_columns() {
    let text = "{\n \"name\": \"p\",\n  \"steps\": 3, \"flow\": {}}";
    let found = found(text, RAW);
    let at: Vec<_> = found.iter().map(|f| (f.id.as_str(), f.line, f.column, f.path.as_str())).collect();
    assert_eq!(at, [("wrong-kind", 3, 12, "$.steps"), ("start-missing", 3, 23, "$.flow")]);
    let broken = view(b"{\n \"a\": }", RAW, false);
    let first = &broken.findings[0];
    assert_eq!((first.id.as_str(), first.line, first.column), ("not-json", 2, 7));
    assert!(!broken.validation.is_valid);
}

#[test]
fn null_in_every_field_gives_findings() {
    let text = r#"{"name": null, "steps": [null, {"id": null, "name": null, "step_class": null, "module": null, "config": null, "inputs": null, "outputs": null}], "flow": {"start_at": null, "paths": [null, {"from": null, "to": null, "condition": null}], "transitions": null}, "parameters": null, "loop_config": null}"#;
    for target in [RAW, PYDANTIC, NEWER] {
        assert!(found(text, target).len() >= 6);
        assert!(found(&text.replace("null", "[]"), target).len() >= 5);
        assert!(found(&text.replace("null", "{}"), target).len() >= 5);
    }
}

#[test]
fn the_same_many_times_is_grouped_and_large_files_end() {
    let number = 100_000;
    let steps: Vec<String> = (0..number).map(|i| step(&format!("s{i}"))).collect();
    let edges: Vec<String> = (0..number)
        .flat_map(|i| [edge(&format!("s{i}"), &format!("s{}", (i + 1) % number)), edge(&format!("s{i}"), "s0")])
        .chain((0..47).map(|_| edge("s0", "nowhere")))
        .collect();
    let text = format!(
        r#"{{"name": "p", "steps": [{}], "flow": {{"start_at": "s0", "paths": [{}]}}}}"#,
        steps.join(","),
        edges.join(",")
    );
    let found = found(&text, RAW);
    let undefined: Vec<_> = found.iter().filter(|finding| finding.id == "edge-to-undefined-step").collect();
    assert_eq!(undefined.len(), 10);
    assert!(undefined[9].message.ends_with("And 37 more like this."), "{}", undefined[9].message);
    assert!(found.iter().any(|finding| finding.id == "chain-too-long"));
    assert!(found.iter().all(|finding| finding.severity >= Severity::Info));
}

#[test]
fn chains_of_a_hundred_steps_and_one_more() {
    let chain = |number: usize, end: bool| {
        let steps: Vec<String> = (0..number).map(|i| step(&format!("s{i}"))).collect();
        let mut edges: Vec<String> = (1..number).map(|i| edge(&format!("s{}", i - 1), &format!("s{i}"))).collect();
        if end {
            edges.push(edge(&format!("s{}", number - 1), "end_with_success"));
        }
        let flow = format!(r#"{{"start_at": "s0", "paths": [{}]}}"#, edges.join(","));
        ids(&format!(r#"{{"name": "p", "steps": [{}], "flow": {flow}}}"#, steps.join(",")), RAW)
    };
    assert_eq!(chain(100, false), [] as [&str; 0]);
    assert_eq!(chain(99, true), [] as [&str; 0]);
    assert_eq!(chain(100, true), ["chain-too-long"]);
    assert_eq!(chain(101, false), ["chain-too-long"]);
}

#[test]
fn an_edge_that_names_its_ends_twice_stops_no_reader() {
    let both = r#"{"from": "a", "from_step": "a", "to": "b", "to_step": "b"}"#;
    let read = |edge: &str| {
        let text = pipeline(&line(&[edge.to_owned(), self::edge("b", "c")]), "");
        let raw = view(text.as_bytes(), RAW, false).readings.into_iter().find(|reading| reading.reader == Reader::Raw);
        raw.map(|raw| (raw.accepts, raw.notes.len()))
    };
    assert_eq!(read(both), Some((true, 0)));
    assert_eq!(read(r#"{"from_step": "a", "to": "b"}"#), Some((false, 1)));
}

#[test]
#[allow(clippy::disallowed_methods)] // Whether it comes to an end is a matter of time.
fn what_is_shared_by_very_many_ends() {
    let steps: Vec<String> = (0..20_000).map(|i| step(&format!("s{i}"))).collect();
    let file = |edges: Vec<String>| {
        let flow = format!(r#"{{"start_at": "s0", "paths": [{}]}}"#, edges.join(","));
        format!(r#"{{"name": "p", "steps": [{}], "flow": {flow}}}"#, steps.join(","))
    };
    let many =
        |from: &str, number: usize| -> Vec<String> { (0..number).map(|i| edge(from, &format!("s{i}"))).collect() };
    // One step with all edges; all steps into two of them; one edge again and again.
    let star = file(many("s0", 20_000));
    let shared = (2..20_000).flat_map(|i| [edge(&format!("s{i}"), "s0"), edge(&format!("s{i}"), "s1")]);
    let shared = file(many("s0", 20_000).into_iter().chain(many("s1", 20_000)).chain(shared).collect());
    let same =
        file((0..40_000).map(|_| edge("s0", "s1")).chain(many("s1", 20_000)).chain([edge("s0", "s2")]).collect());
    let outputs: Vec<String> = (0..20_000).map(|i| format!(r#""o{i}""#)).collect();
    let reads: Vec<String> = (0..20_000)
        .map(|i| when(&format!("s{i}"), "s1", &format!(r#""source": "s0.o{i}", "operator": "less_than", "value": 1"#)))
        .collect();
    let wide = file(reads).replacen(r#""module""#, &format!(r#""outputs": [{}], "module""#, outputs.join(",")), 1);
    let line_feeds = format!("{}{{}}", "\n".repeat(20_000_000));
    let long = pipeline(&edge("a", "b"), &format!(r#", "text": "{}""#, "{{ a".repeat(5_000_000)));
    for text in [star, shared, same, wide, line_feeds, long] {
        let begin = std::time::Instant::now();
        assert!(found(&text, RAW).len() < 500);
        // Far more than is needed, and far less than anything quadratic takes.
        assert!(begin.elapsed().as_secs() < 60, "{}", text.get(..80).unwrap_or_default());
    }
}
