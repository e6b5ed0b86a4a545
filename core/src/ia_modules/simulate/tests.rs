//! Whole dry runs in small. Orders, states and errors were asked from the real engines.

// A helper of tests fails as a test does; clippy knows only functions marked as tests.
#![allow(clippy::unwrap_used)]

use super::{DryRun, dry_run, trace};
use crate::protocol::{Answered, EngineId, Mock, RunEnd, Scenario, StepMock, Target, Verdict};

/// A definition with steps `a b c d` and edges: `a b` or `a b SOURCE OPERATOR VALUE`.
fn definition(edges: &[&str], more: &str) -> String {
    let step = |id: &str| format!(r#"{{"id":"{id}","step_class":"S","module":"m","config":{{{}}}}}"#, handling(id));
    let edge = |edge: &&str| {
        let words: Vec<&str> = edge.splitn(5, ' ').collect();
        let condition = match words.as_slice() {
            [_, _, source, operator, value] => format!(
                r#","condition":{{"type":"expression","config":{{"source":"{source}","operator":"{operator}","value":{value}}}}}"#
            ),
            [_, _, kind] => format!(r#","condition":{{"type":"{kind}"}}"#),
            _ => String::new(),
        };
        format!(r#"{{"from":"{}","to":"{}"{condition}}}"#, words[0], words[1])
    };
    let steps: Vec<String> = ["a", "b", "c", "d"].map(step).to_vec();
    let edges: Vec<String> = edges.iter().map(edge).collect();
    format!(
        r#"{{"name":"t","steps":[{}],"flow":{{"start_at":"a","paths":[{}]}}{more}}}"#,
        steps.join(","),
        edges.join(",")
    )
}

/// Step `d` goes on after errors.
fn handling(id: &str) -> &'static str {
    if id == "d" { r#""error_handling":{"continue_on_error":true}"# } else { "" }
}

fn mocks(mocks: &[(&str, &str)]) -> Vec<StepMock> {
    let mock = |(step, what): &(&str, &str)| {
        let mock = match what.strip_prefix('!') {
            Some(error) => Mock::Raises { error: error.to_owned() },
            None if what.contains(';') => Mock::Sequence { values: what.split(';').map(str::to_owned).collect() },
            None => Mock::Returns { value: (*what).to_owned() },
        };
        StepMock { step: (*step).to_owned(), mock }
    };
    mocks.iter().map(mock).collect()
}

fn ran(engine: EngineId, edges: &[&str], given: &[(&str, &str)], more: &str) -> DryRun {
    let scenario = Scenario { input: r#"{"q": 1}"#.into(), mocks: mocks(given), ..Scenario::default() };
    let target = Target { engine, ..Target::default() };
    dry_run(definition(edges, more).as_bytes(), target, &scenario, "").unwrap()
}

/// Steps entered, how it ended, and the error.
fn short(dry: &DryRun) -> String {
    let s = &dry.simulation;
    let error = s.error.as_ref().map_or_else(String::new, |error| format!(" {}: {}", error.type_name, error.message));
    format!("{} {:?}{error}", s.entered.join(""), s.status)
}

fn run(edges: &[&str], given: &[(&str, &str)]) -> String {
    short(&ran(EngineId::IaModules013, edges, given, ""))
}

#[test]
fn edges_fan_out_queue_and_end() {
    assert_eq!(run(&["a b", "a c", "b d"], &[]), "abc Completed");
    assert_eq!(run(&["a b", "a c", "c d"], &[]), "abcd Completed");
    assert_eq!(run(&["a b", "a end_x", "a c"], &[]), "ab Completed");
    assert_eq!(run(&["a b", "a b"], &[]), "abb Completed");
    assert_eq!(run(&["a b x"], &[]), "a DeadEnd");
    assert_eq!(run(&["a end"], &[]), "a Failed ValueError: Step 'end' not found");
    assert_eq!(run(&["a b v equals true"], &[("a", r#"{"v": 1.0}"#)]), "ab Completed");
    assert_eq!(run(&["a b v equals null"], &[]), "ab Completed");
    assert_eq!(run(&["a b v.w not_equals 1"], &[]), "a DeadEnd");
    assert_eq!(run(&["a b a.v greater_than 4"], &[("a", r#"{"v": 5}"#)]), "ab Completed");
    assert_eq!(run(&["a b a equals 3"], &[("a", "3")]), "ab Completed");
    assert_eq!(
        run(&["a b", "a c v less_than 4"], &[]),
        "a Failed TypeError: '<' not supported between instances of 'NoneType' and 'int'"
    );
}

#[test]
fn what_0_2_0_adds() {
    let new = |edges: &[&str]| short(&ran(EngineId::IaModules020, edges, &[("a", r#"{"v": 5}"#)], ""));
    assert_eq!(new(&["a b v greater_than_or_equals 5"]), "ab Completed");
    assert_eq!(run(&["a b v greater_than_or_equals 5"], &[("a", r#"{"v": 5}"#)]), "a DeadEnd");
    assert_eq!(new(&[r#"a b q equals "{{ parameters.q }}""#]), "ab Completed");
    assert_eq!(run(&[r#"a b q equals "{{ parameters.q }}""#], &[]), "a DeadEnd");
    let dry = ran(EngineId::IaModules020, &[], &[("a", "{}")], "");
    assert_eq!(dry.simulation.output, r#"{"q":1,"_execution_id":"cli-run","a":{}}"#);
}

#[test]
fn limits_are_off_by_one_as_in_the_engine() {
    let looped = |config: &str| {
        let more = format!(r#","loop_config":{config}"#);
        short(&ran(EngineId::IaModules013, &["a b", "b a"], &[], &more))
    };
    let failed = "Failed RuntimeError: Loop safety check failed:";
    assert_eq!(looped(r#"{"max_iterations": 2}"#), format!("abab {failed} Step 'a' reached max iterations (2)"));
    assert_eq!(looped(r#"{"max_iterations": 0}"#), format!(" {failed} Step 'a' reached max iterations (0)"));
    assert_eq!(looped(r#"{"max_iterations": 1.5}"#), format!("abab {failed} Step 'a' reached max iterations (1.5)"));
    assert_eq!(looped(r#"{"max_loop_time_seconds": 0}"#), format!(" {failed} Loop 'loop_a' exceeded max time (0s)"));
    assert_eq!(
        looped(r#"{"max_iterations": "2"}"#),
        " Failed TypeError: '>=' not supported between instances of 'int' and 'str'"
    );
    let exhausted = "Failed RuntimeError: Pipeline exceeded maximum steps (100), possible infinite loop";
    assert_eq!(looped(r#"{"max_iterations": 1000}"#), format!("{} {exhausted}", "ab".repeat(50)));
}

#[test]
fn errors_are_sorted_by_name_and_text() {
    let of = |error: &str| run(&[], &[("a", &format!("!{error}"))]);
    for (error, becomes) in [
        ("ValueError: boom", "PipelineError: [ERROR] Step 'a' unknown: boom"),
        ("KeyError: k", "PipelineError: [ERROR] Step 'a' unknown: 'k'"),
        ("KeyError: 'k'", "PipelineError: [ERROR] Step 'a' unknown: 'k'"),
        ("TypeError: bad", "ValidationError: [ERROR] Step 'a' validation: bad"),
        ("TimeoutError: t", "TimeoutError: [ERROR] Step 'a' timeout: Timeout after 0.0s: t"),
        ("ValueError: A TIMEOUT", "TimeoutError: [ERROR] Step 'a' timeout: Timeout after 0.0s: A TIMEOUT"),
        ("ConnectionError: net", "NetworkError: [ERROR] Step 'a' network: net"),
        ("MemoryError: m", "MemoryError: [CRITICAL] Step 'a' resource: memory resource error: m"),
        (
            "Exception: sql went away",
            "DatabaseError: [ERROR] Step 'a' dependency: Dependency 'database': sql went away",
        ),
        ("NetworkError: net", "NetworkError: [ERROR] network: net"),
        ("ConfigurationError: c", "ConfigurationError: [CRITICAL] configuration: c"),
        ("something broke", "PipelineError: [ERROR] Step 'a' unknown: something broke"),
    ] {
        assert_eq!(of(error), format!("a Failed {becomes}"), "{error}");
    }
    let dry = ran(EngineId::IaModules013, &["a d", "d b error_category equals \"unknown\""], &[("d", "!E: x")], "");
    assert_eq!(short(&dry), "adb Completed");
    assert!(
        dry.simulation.output.contains(r#""original_data":"[Circular Reference]","context":{"original_type":"E"}"#)
    );
    assert!(dry.simulation.findings.iter().any(|finding| finding.id == "dry-run-circular"));
    let alias = ran(EngineId::IaModules013, &["a d"], &[("d", "!IOError: x")], "");
    assert!(alias.simulation.output.contains(r#""original_type":"OSError""#), "{}", alias.simulation.output);
    for (engine, context) in [(EngineId::IaModules013, "null"), (EngineId::IaModules020, "{}")] {
        let dry = ran(engine, &["a d"], &[("d", "!LogicError: l")], "");
        let kept = format!(
            r#""error_category":"logic","error_severity":"error","step_name":"d","original_data":"[Circular Reference]","context":{context}"#
        );
        assert!(dry.simulation.output.contains(&kept), "{}", dry.simulation.output);
    }
}

#[test]
fn placeholders_of_a_mock_never_refuse_the_file() {
    let mock = [("a", r#"{"x": "{{ parameters.p }}"}"#)];
    let of = |parameters: &str| ran(EngineId::IaModules013, &[], &mock, parameters).simulation;
    assert_eq!(of(r#","parameters":{"p":3}"#).output, r#"{"q":1,"x":"3","a":{"x":"3"}}"#);
    let kept = of(r#","parameters":[{"name":"p"}]"#);
    assert_eq!((kept.status, kept.error), (RunEnd::Completed, None));
    assert!(kept.output.contains(r#""x":"{{ parameters.p }}""#));
}

#[test]
fn a_pause_ends_the_run_or_goes_on_with_the_answer() {
    let edges = ["a b", "b c never", "b d"];
    let wait = [("b", r#"{"status": "human_input_required"}"#)];
    let dry = ran(EngineId::IaModules013, &edges, &wait, "");
    assert_eq!((short(&dry).as_str(), dry.simulation.waiting_step.as_deref()), ("ab WaitingForHuman", Some("b")));
    assert_eq!(dry.simulation.recorded, ["a"]);
    let answers = vec![Answered { step: "b".into(), value: r#"{"ok": true}"#.into() }];
    let scenario = Scenario { mocks: mocks(&wait), answers, ..Scenario::default() };
    let dry = dry_run(definition(&edges, "").as_bytes(), Target::default(), &scenario, "").unwrap();
    assert_eq!(short(&dry), "abc Completed");
    assert_eq!(dry.simulation.output, r#"{"a":{},"ok":true,"c":{}}"#);
    assert!(dry.simulation.findings.iter().any(|finding| finding.id == "dry-run-resumed"));
}

#[test]
fn decisions_are_told_in_words_with_what_would_help() {
    let edges = [
        r#"a b result.ok equals true"#,
        "a c score greater_than 8",
        "a d score.deep equals 1",
        "a b field_equals",
        "a c score gt 1",
        r#"a d gone equals 1"#,
    ];
    let dry = ran(EngineId::IaModules013, &edges, &[("a", r#"{"score": 7, "ok": true}"#)], "");
    let decision = dry.decision(0).unwrap();
    insta::assert_snapshot!(
        std::iter::once(decision.summary.clone())
            .chain(decision.edges.iter().map(|edge| format!("{} | {} | {}", edge.condition, edge.saw, edge.why)))
            .chain([decision.advice.clone()])
            .collect::<Vec<_>>()
            .join("\n")
    );
    assert!(decision.dead_end && decision.edges.iter().all(|edge| edge.verdict == Verdict::Refused));
    let text = definition(&edges, "");
    let edit = &decision.fixes[0].edits[0];
    assert_eq!(&text[edit.start as usize..edit.end as usize], "\"result.ok\"");
    assert_eq!(edit.text, "\"a.ok\"");
}

#[test]
fn the_last_of_several_attempts_raises_an_error_without_a_history() {
    let more = r#"{"steps":[{"id":"a","step_class":"S","module":"m","config":{"error_handling":{"continue_on_error":true,
        "retry":{"max_attempts":3,"jitter":false}}}}],"flow":{"start_at":"a"}}"#;
    let scenario = Scenario { mocks: mocks(&[("a", "!DatabaseError: d")]), ..Scenario::default() };
    let dry = dry_run(more.as_bytes(), Target::default(), &scenario, "").unwrap();
    assert_eq!(dry.ran.as_ref().unwrap().1.entries[0].attempts, 3);
    assert!(dry.simulation.output.contains(r#""context":{"service_name":"database"}"#), "{}", dry.simulation.output);
}

#[test]
fn what_was_mistaken_is_said() {
    let edges = [
        "a b score equals \"7\"",
        "a b score equals \"{{ parameters.t }}\"",
        "a b list.0 equals 1",
        "a b d.v equals 1",
    ];
    let dry = ran(EngineId::IaModules013, &edges, &[("a", r#"{"score": 7, "list": [1]}"#)], "");
    let decision = dry.decision(0).unwrap();
    let said = |edge: usize| decision.edges[edge].why.as_str();
    assert!(said(0).ends_with("which does not equal \"7\". A number never equals a text."), "{}", said(0));
    assert!(said(1).ends_with("fills in no placeholders in conditions: this is a text like any other."), "{}", said(1));
    assert!(said(2).contains("so `.0` cannot be read. Items of a list cannot be read."), "{}", said(2));
    assert!(said(3).starts_with("`d.v` is missing: the step `d` had not run, so `.v`"), "{}", said(3));
    let dry = ran(EngineId::IaModules013, &["a b {{a.score}} equals 7"], &[("a", r#"{"score": 7}"#)], "");
    assert_eq!(dry.decision(0).unwrap().advice, "Read `a.score`: edge 1 would be true.");
    let finding = dry.simulation.findings.iter().find(|finding| finding.id == "dry-run-dead-end").unwrap();
    assert!(finding.message.ends_with("Read `a.score`: edge 1 would be true."), "{}", finding.message);
    assert!(!finding.fixes.is_empty());
}

#[test]
fn a_trace_tells_states_once_and_large_ones_by_size() {
    let dry = ran(EngineId::IaModules013, &["a b"], &[("a", r#"{"v": 1}"#)], "");
    let text = trace(&dry, "t", &|_| false).unwrap();
    let second = text.lines().nth(2).unwrap();
    assert!(second.contains(r#""state_before":{"q":1,"v":1,"a":{"v":1}}"#), "{second}");
    let large = format!(r#"{{"v": "{}"}}"#, "x".repeat(1 << 20));
    let dry = ran(EngineId::IaModules013, &["a b", "b a"], &[("a", &large)], r#","loop_config":{"max_iterations":40}"#);
    let text = trace(&dry, "t", &|_| false).unwrap();
    assert!(text.len() < 60 << 20, "{} bytes", text.len());
    assert!(text.contains("1048576 bytes, left out here"));
    assert_eq!(dry.simulation.status, RunEnd::Failed);
}

#[test]
fn scenarios_that_make_no_sense_are_sentences() {
    let of = |scenario: Scenario| {
        dry_run(definition(&[], "").as_bytes(), Target::default(), &scenario, "").err().unwrap_or_default()
    };
    assert_eq!(
        of(Scenario { input: "[1]".into(), ..Scenario::default() }),
        "The input must be a JSON object, and is of type list."
    );
    assert!(of(Scenario { mocks: mocks(&[("a", "{")]), ..Scenario::default() }).starts_with("The mock of `a` is not"));
    assert!(dry_run(b"{\"steps\": [", Target::default(), &Scenario::default(), "").is_err());
}
