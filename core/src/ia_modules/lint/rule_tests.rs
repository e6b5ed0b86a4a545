//! For each rule a file it speaks of and one, nearly the same, of which it is silent; what the fixes do to all of them.

use super::tests::{NEWER, PYDANTIC, RAW, edge, found, ids, line, pipeline, step, when};
use crate::edit::apply;
use crate::ia_modules::{templates, validate};
use crate::model::Severity;
use crate::protocol::{Finding, Target};
use rustc_hash::{FxHashMap, FxHashSet};

const SOME: &str = r#""source": "a.n", "operator": "equals", "value": 1"#;

/// Id and file.
fn cases() -> Vec<(&'static str, String)> {
    let chain = [edge("a", "b"), edge("b", "c")];
    let flow = |paths: &[String]| pipeline(&line(paths), "");
    let with = |more: &str| pipeline(&line(&chain), more);
    let first = |member: &str| flow(&chain).replacen(r#""module": "m""#, &format!(r#""module": "m", {member}"#), 1);
    let cond =
        |condition: &str| flow(&[format!(r#"{{"from": "a", "to": "b", "condition": {condition}}}"#), edge("b", "c")]);
    let test = |config: &str| flow(&[when("a", "b", config), edge("a", "c"), edge("b", "c")]);
    vec![
        ("wrong-kind", "[]".to_owned()),
        ("steps-missing", r#"{"name": "p", "flow": {"start_at": "a"}}"#.to_owned()),
        ("flow-missing", format!(r#"{{"name": "p", "steps": [{}]}}"#, step("a"))),
        ("start-missing", flow(&chain).replace(r#""start_at": "a", "#, "")),
        ("start-undefined", flow(&chain).replace(r#""start_at": "a""#, r#""start_at": "z""#)),
        ("start-is-end", flow(&chain).replace(r#""start_at": "a""#, r#""start_at": "end_x""#)),
        ("step-without-id", flow(&chain).replacen(r#""id": "a", "name": "a", "#, "", 1)),
        ("duplicate-step", flow(&chain).replace(r#""id": "b""#, r#""id": "a""#)),
        ("step-incomplete", flow(&chain).replacen(r#", "module": "m""#, "", 1)),
        ("step-incomplete", flow(&chain).replacen(r#""module": "m""#, r#""module": """#, 1)),
        ("step-incomplete", flow(&chain).replacen(r#""module": "m""#, r#""module": ".m""#, 1)),
        ("edge-incomplete", flow(&[edge("a", "b"), r#"{"from": "b"}"#.to_owned()])),
        ("edge-to-undefined-step", flow(&[edge("a", "z")])),
        ("edge-from-end", flow(&[edge("a", "b"), edge("b", "c"), edge("end_x", "c")])),
        ("terminal-not-found", flow(&[edge("a", "end")])),
        ("edge-spelling-refused", flow(&chain).replace("\"from\"", "\"from_step\"")),
        ("transitions-ignored", flow(&chain).replace("\"paths\"", "\"transitions\"")),
        ("unreachable-step", flow(&[edge("a", "b")])),
        ("condition-raises", cond("null")),
        ("condition-without-type", cond(r#"{"config": {}}"#)),
        ("condition-type-ignored", cond(r#"{"type": "field_equals", "field": "x", "value": 1}"#)),
        ("operator-ignored", test(r#""source": "a.n", "operator": ">=", "value": 3"#)),
        (
            "expression-outside-config",
            cond(r#"{"type": "expression", "source": "a.n", "operator": "equals", "value": 3}"#),
        ),
        ("source-missing", test(r#""operator": "equals", "value": 3"#)),
        ("source-unknown", test(r#""source": "result.ok", "operator": "equals", "value": true"#)),
        ("ordering-aborts", test(r#""source": "a.n", "operator": "less_than", "value": null"#)),
        ("always-beside-condition", test(r#""source": "a.n", "operator": "equals", "value": 1"#)),
        (
            "dead-end",
            flow(&[when("a", "b", r#""source": "a.n", "operator": "greater_than", "value": 1"#), edge("b", "c")]),
        ),
        ("duplicate-edge", flow(&[edge("a", "b"), edge("a", "b"), edge("b", "c")])),
        ("fan-out-loses-successors", flow(&[edge("a", "b"), edge("a", "c"), edge("b", "end_x")])),
        ("end-in-fan-out", flow(&[edge("a", "end_x"), edge("a", "b"), edge("b", "c")])),
        ("failure-is-success", flow(&[edge("a", "b"), edge("b", "c"), edge("c", "end_with_failure")])),
        ("loop-without-exit", flow(&[edge("a", "b"), edge("b", "c"), edge("c", "a")])),
        ("loop-limit-not-a-number", with(r#", "loop_config": {"max_iterations": "3"}"#)),
        ("loop-limit-too-large", with(r#", "loop_config": {"max_iterations": 500}"#)),
        ("iteration-delay-ignored", with(r#", "loop_config": {"iteration_delay_seconds": 2}"#)),
        (
            "template-with-list",
            first(r#""config": {"k": "{{ parameters.x }}"}"#).replacen('{', r#"{"parameters": [], "#, 1),
        ),
        ("template-undefined", first(r#""config": {"k": "{{ parameters.x }}"}"#)),
        ("template-outside-config", test(r#""source": "a.n", "value": "{{ parameters.x }}""#)),
        ("parameter-defaults-ignored", with(r#", "parameters": [{"name": "x", "default": 1}]"#)),
        ("undeclared-output", first(r#""inputs": [{"name": "i", "source": "{steps.zz.output.y}"}]"#)),
        ("unread-key", first(r#""conditions": [1]"#)),
        ("id-equals-output", first(r#""outputs": ["a"]"#)),
        ("continue-on-error-circular", first(r#""config": {"error_handling": {"continue_on_error": true}}"#)),
        ("retry-refused", first(r#""config": {"error_handling": {"retry": {"max_attempts": 0}}}"#)),
        ("loop-limit-too-small", {
            pipeline(
                &line(&[edge("a", "b"), when("b", "a", SOME), edge("b", "c")]),
                r#", "loop_config": {"max_iterations": 1}"#,
            )
        }),
        (
            "ordering-possibly-missing",
            flow(&[
                when("a", "b", r#""source": "c", "operator": "greater_than", "value": 3"#),
                edge("b", "c"),
                edge("a", "c"),
            ]),
        ),
        (
            "source-undeclared",
            first(r#""outputs": ["n"]"#)
                .replace(&edge("a", "b"), &when("a", "b", r#""source": "a.m", "operator": "equals", "value": 3"#)),
        ),
    ]
}

#[test]
fn each_rule_speaks_of_its_file() {
    for (id, text) in &cases() {
        let found = found(text, RAW);
        assert!(found.iter().any(|finding| finding.id == *id), "{id}: {found:#?}\n{text}");
        for finding in &found {
            assert!(finding.start <= finding.end && finding.end as usize <= text.len());
            assert!(finding.path.starts_with('$') && finding.message.ends_with('.'), "{finding:?}");
        }
    }
    let flow = |paths: &[String]| pipeline(&line(paths), "");
    let chain = flow(&[edge("a", "b"), edge("b", "c")]);
    let class = chain.replacen("step_class", "class", 1);
    assert_eq!(ids(&class, PYDANTIC), ["class-refused"]);
    assert_eq!(ids(&class, RAW), [] as [&str; 0]);
    assert_eq!(ids(&flow(&[edge("a", "b"), edge("b", "c"), edge("c", "end_x")]), PYDANTIC), ["terminal-refused"]);
    let mixed = chain.replacen("\"from\"", "\"from_step\"", 1);
    assert_eq!(ids(&mixed, PYDANTIC), ["edge-spellings-mixed"]);
}

/// Places, and what is said: one line a rule.
#[test]
fn each_rule_in_its_own_words() {
    let mut said = String::new();
    for (id, text) in &cases() {
        // One thing a line, so that lines say something.
        let text = text.replace("}, {", "},\n{").replace(r#""flow""#, "\n\"flow\"");
        let found = found(&text, RAW).into_iter().find(|finding| finding.id == *id).unwrap();
        let Finding { line, column, path, message, .. } = &found;
        let fixes: Vec<&str> = found.fixes.iter().map(|fix| fix.title.as_str()).collect();
        said.push_str(&format!("{id} {line}:{column} {path}\n  {message}\n"));
        if !fixes.is_empty() {
            said.push_str(&format!("  fix: {}\n", fixes.join(" | ")));
        }
    }
    insta::assert_snapshot!(said);
}

/// Nearly the same, and right.
#[test]
fn each_rule_is_silent_where_nothing_is_wrong() {
    let flow = |paths: &[String]| pipeline(&line(paths), "");
    let chain = flow(&[edge("a", "b"), edge("b", "c")]);
    let with = |more: &str| pipeline(&line(&[edge("a", "b"), edge("b", "c")]), more);
    let first = |member: &str| chain.replacen(r#""module": "m""#, &format!(r#""module": "m", {member}"#), 1);
    let test = |config: &str| flow(&[when("a", "b", config), edge("a", "c"), edge("b", "c")]);
    let both = |one: &str, other: &str| flow(&[when("a", "b", one), when("a", "c", other), edge("b", "c")]);
    let cond =
        |condition: &str| flow(&[format!(r#"{{"from": "a", "to": "b", "condition": {condition}}}"#), edge("b", "c")]);
    let newer_raw = Target { loader: RAW.loader, ..NEWER };
    let near: Vec<(&str, String, Target)> = vec![
        (
            "start-is-end",
            chain.replace(r#""id": "a""#, r#""id": "ending""#).replace(r#""start_at": "a""#, r#""start_at": "ending""#),
            RAW,
        ),
        ("wrong-kind", first(r#""class": null"#), RAW),
        ("wrong-kind", with(r#", "version": null, "metadata": {}"#), PYDANTIC),
        ("wrong-kind", with(r#", "version": 1, "metadata": null"#), RAW),
        ("loop-limit-too-small", with(r#", "loop_config": {"max_loop_time_seconds": 0}"#), RAW),
        ("step-without-id", chain.replacen(r#""id": "a", "#, "", 1), RAW),
        ("duplicate-step", chain.replace(r#""id": "b""#, r#""id": "A""#), RAW),
        ("step-incomplete", chain.replacen("step_class", "class", 1), RAW),
        ("edge-to-undefined-step", flow(&[edge("a", "b"), edge("b", "end_anything")]), RAW),
        ("terminal-not-found", flow(&[edge("a", "end_")]), RAW),
        ("terminal-refused", flow(&[edge("a", "end_with_failure")]), PYDANTIC),
        ("edge-spelling-refused", chain.replace("\"from\"", "\"from_step\""), PYDANTIC),
        ("edge-spellings-mixed", chain.replace("\"from\"", "\"from_step\"").replace("\"to\"", "\"to_step\""), PYDANTIC),
        ("transitions-ignored", chain.replacen(r#""start_at""#, r#""transitions": [], "start_at""#, 1), RAW),
        ("condition-raises", cond("{}"), RAW),
        ("condition-without-type", cond("{}"), RAW),
        ("condition-type-ignored", cond(r#"{"type": "always", "field": "x"}"#), RAW),
        ("operator-ignored", test(r#""source": "a.n", "operator": "less_than_or_equals", "value": 3"#), NEWER),
        ("operator-ignored", test(r#""source": "a.n", "value": 3"#), RAW),
        ("source-unknown", test(r#""source": "anything.ok", "operator": "equals", "value": true"#), RAW),
        (
            "source-unknown",
            with(r#", "input_schema": {"properties": {"result": {}}}"#)
                .replace(&edge("a", "b"), &when("a", "b", r#""source": "result.ok", "value": 1"#)),
            RAW,
        ),
        ("ordering-aborts", test(r#""source": "a.n", "operator": "equals", "value": null"#), RAW),
        ("ordering-possibly-missing", test(r#""source": "a.n", "operator": "greater_than", "value": 3"#), RAW),
        ("ordering-possibly-missing", test(r#""source": "c.n", "operator": "greater_than", "value": 3"#), RAW),
        ("end-in-fan-out", flow(&[edge("a", "b"), edge("a", "end_x"), edge("b", "end_x")]), RAW),
        (
            "edge-to-undefined-step",
            flow(&[edge("a", "b"), edge("b", "c")])
                .replace(r#"]}}"#, r#"], "transitions": [{"from": "a", "to": "z"}]}}"#),
            PYDANTIC,
        ),
        ("always-beside-condition", both(SOME, r#""source": "a.n", "operator": "not_equals", "value": 1"#), RAW),
        ("dead-end", both(SOME, r#""source": "a.n", "operator": "not_equals", "value": 1"#), RAW),
        (
            "dead-end",
            both(
                r#""source": "a.n", "operator": "greater_than", "value": 1"#,
                r#""source": "a.n", "operator": "less_than", "value": 2"#,
            ),
            RAW,
        ),
        ("duplicate-edge", both(SOME, SOME), RAW),
        ("fan-out-loses-successors", flow(&[edge("a", "b"), edge("a", "c")]), RAW),
        ("fan-out-loses-successors", flow(&[edge("a", "b"), edge("a", "c"), edge("b", "c")]), RAW),
        ("start-undefined", chain.replace(r#""start_at": "a""#, r#""start_at": "{{ parameters.s }}""#), NEWER),
        ("unreachable-step", chain.replace(r#""start_at": "a""#, r#""start_at": "{{ parameters.s }}""#), NEWER),
        ("edge-to-undefined-step", flow(&[edge("a", "{{ parameters.t }}"), edge("b", "c")]), newer_raw),
        ("unreachable-step", flow(&[edge("a", "{{ parameters.t }}"), edge("b", "c")]), newer_raw),
        ("end-in-fan-out", flow(&[edge("a", "b"), edge("b", "end_x")]), RAW),
        ("loop-without-exit", flow(&[edge("a", "b"), edge("b", "a"), edge("b", "c")]), RAW),
        ("loop-limit-not-a-number", with(r#", "loop_config": {"max_iterations": 3.5}"#), RAW),
        ("loop-limit-too-small", with(r#", "loop_config": {"max_iterations": 1}"#), RAW),
        ("loop-limit-too-large", with(r#", "loop_config": {"max_iterations": 100}"#), RAW),
        ("iteration-delay-ignored", with(r#", "loop_config": {"iteration_delay_seconds": 0}"#), RAW),
        (
            "template-with-list",
            first(r#""config": {"k": "{{ steps.x }}"}"#).replacen('{', r#"{"parameters": [], "#, 1),
            RAW,
        ),
        (
            "template-undefined",
            first(r#""config": {"k": "{{ parameters.x }}"}"#).replacen('{', r#"{"parameters": {"x": 1}, "#, 1),
            RAW,
        ),
        ("template-outside-config", test(r#""source": "a.n", "value": "{{ parameters.x }}""#), NEWER),
        ("parameter-defaults-ignored", with(r#", "parameters": [{"name": "x"}]"#), RAW),
        ("undeclared-output", first(r#""inputs": [{"name": "i", "source": "{steps.b.output.y}"}]"#), RAW),
        ("source-undeclared", first(r#""outputs": ["n"]"#).replace(&edge("a", "b"), &when("a", "b", SOME)), RAW),
        ("unread-key", first(r#""conditions": [], "inputs": {}"#), RAW),
        ("id-equals-output", first(r#""outputs": ["b"]"#), RAW),
        ("continue-on-error-circular", first(r#""config": {"error_handling": {"continue_on_error": false}}"#), RAW),
        ("retry-refused", first(r#""config": {"error_handling": {"retry": {"max_attempts": 1}}}"#), RAW),
    ];
    for (id, text, target) in near {
        validate::check_json(text.as_bytes()).unwrap();
        assert!(!ids(&text, target).iter().any(|found| found == id), "{id}: {text}");
    }
}

/// Ids of all findings, as the sources name them.
fn all_ids() -> FxHashSet<&'static str> {
    let sources = [
        include_str!("edges.rs"),
        include_str!("flow.rs"),
        include_str!("loops.rs"),
        include_str!("rest.rs"),
        include_str!("steps.rs"),
        include_str!("mod.rs"),
    ];
    let said = sources.iter().flat_map(|source| source.split("report.say(").skip(1));
    let mut ids: FxHashSet<&str> =
        said.filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next()).collect();
    let causes = include_str!("condition.rs");
    let arms = causes.split("pub fn id(&self)").nth(1).and_then(|rest| rest.split("pub fn node").next()).unwrap();
    ids.extend(arms.split("=> \"").skip(1).filter_map(|rest| rest.split('"').next()));
    ids
}

#[test]
fn every_id_has_a_file_and_stands_in_the_docs() {
    let docs = include_str!("../../../../docs/diagnostics.md");
    let cases = cases();
    let elsewhere = ["class-refused", "terminal-refused", "edge-spellings-mixed", "chain-too-long"];
    let ids = all_ids();
    assert!(ids.len() > 40, "{ids:?}");
    for id in ids {
        assert!(docs.contains(&format!("`{id}`")), "{id} is not in docs/diagnostics.md");
        assert!(elsewhere.contains(&id) || cases.iter().any(|(case, _)| *case == id), "{id} has no file");
    }
}

/// How many there are of each id, with those that are not told one by one.
fn counts(found: &[Finding]) -> FxHashMap<&str, (Severity, u64)> {
    let mut counts: FxHashMap<&str, (Severity, u64)> = FxHashMap::default();
    for finding in found {
        let more = finding.message.rsplit_once(" And ").and_then(|(_, rest)| rest.strip_suffix(" more like this."));
        let count = counts.entry(&finding.id).or_insert((finding.severity, 0));
        count.0 = count.0.max(finding.severity);
        count.1 += 1 + more.and_then(|more| more.parse::<u64>().ok()).unwrap_or(0);
    }
    counts
}

/// Applies every fix of every finding, each alone.
fn try_fixes(name: &str, text: &str, target: Target) -> usize {
    let before = found(text, target);
    let mut tried = 0;
    for finding in &before {
        for fix in &finding.fixes {
            tried += 1;
            let told = format!("{name} {target:?}: {} at {}: {}", finding.id, finding.path, fix.title);
            // `apply` copies what is outside of the edits, and refuses edits that overlap or are out of order.
            let after = apply(text.as_bytes(), &fix.edits).unwrap_or_else(|| panic!("{told}"));
            assert_eq!(validate::check_json(&after), Ok(()), "{told}");
            let changed =
                fix.edits.iter().all(|edit| text.get(edit.start as usize..edit.end as usize) != Some(&edit.text));
            assert!(changed, "{told}: an edit that changes nothing");
            let after = String::from_utf8(after).unwrap();
            let left = found(&after, target);
            let (was, is) = (counts(&before), counts(&left));
            let number =
                |counts: &FxHashMap<&str, (Severity, u64)>, id: &str| counts.get(id).map_or(0, |count| count.1);
            assert!(number(&is, &finding.id) < number(&was, &finding.id), "{told}: still there\n{after}");
            // Edges that were not read before are judged now.
            if finding.id == "transitions-ignored" {
                continue;
            }
            for (id, (severity, count)) in &is {
                let worse = *severity == Severity::Error && *count > number(&was, id);
                assert!(!worse, "{told}: {id} is new\n{after}");
            }
        }
    }
    tried
}

#[test]
fn every_fix_of_every_file_does_away_with_its_finding_and_adds_none() {
    let mut texts: Vec<(String, String)> = cases().into_iter().map(|(id, text)| (id.to_owned(), text)).collect();
    texts.extend(templates::TEMPLATES.iter().map(|one| (one.id.to_owned(), one.pipeline.to_owned())));
    let samples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../playground-samples");
    let corpus =
        std::env::var_os("CHAINDEBUG_CORPUS").map(|folder| std::path::PathBuf::from(folder).join("ia_modules"));
    for folder in std::iter::once(samples).chain(corpus) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|end| end == "json") {
                let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
                texts.push((path.file_name().unwrap().to_string_lossy().into_owned(), text));
            }
        }
    }
    let mut tried = 0;
    for (name, text) in texts.iter().filter(|(_, text)| validate::check_json(text.as_bytes()).is_ok()) {
        for target in [RAW, PYDANTIC, NEWER] {
            tried += try_fixes(name, text, target);
        }
    }
    assert!(tried >= 20, "{tried}");
}
