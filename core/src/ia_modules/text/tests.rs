//! Completion and hover at places of a small file, also while it is being typed.

use super::*;
use crate::protocol::{Completion, EngineId, Loader, Target};

const FILE: &str = r#"{
  "name": "Review",
  "parameters": [{"name": "topic", "schema": {"type": "string"}, "description": "What about"}],
  "steps": [
    {"id": "draft", "name": "Write draft", "step_class": "DraftStep", "module": "m", "config": {"prompt": "On {{ parameters.topic }}"}, "outputs": ["text"]},
    {"id": "check", "name": "check", "step_class": "CheckStep", "module": "m", "outputs": [{"name": "score", "schema": {"type": "number"}}, {"name": "verdict", "schema": {"enum": ["good", "bad"]}}]},
    {"id": "late", "name": "late", "step_class": "LateStep", "module": "m", "outputs": ["never"]}
  ],
  "flow": {
    "start_at": "draft",
    "paths": [
      {"from": "draft", "to": "check"},
      {"from": "check", "to": "late", "condition": {"type": "expression", "config": {"source": "check.score", "operator": "greater_than", "value": 3}}}
    ]
  }
}"#;

const OLD: Target = Target { engine: EngineId::IaModules013, loader: Loader::Raw };
const NEW: Target = Target { engine: EngineId::IaModules020, loader: Loader::Pydantic };

/// `from` becomes `to` in the file, and the caret stands at the `|` in it.
fn offered(from: &str, to: &str, target: Target) -> (String, usize, Vec<Completion>) {
    assert_eq!(FILE.matches(from).count(), 1, "{from}");
    let text = FILE.replace(from, to);
    let at = text.find('|').unwrap();
    let text = text.replacen('|', "", 1);
    let found = complete(text.as_bytes(), at, target);
    (text, at, found)
}

fn labels(from: &str, to: &str, target: Target) -> Vec<String> {
    offered(from, to, target).2.into_iter().map(|one| one.label).collect()
}

/// The text after the first completion was chosen, from the place on, with the caret as `|`.
fn chosen(from: &str, to: &str) -> String {
    let (text, _, found) = offered(from, to, OLD);
    let first = found.first().unwrap();
    let mut out = text[first.edit.start as usize..].to_owned();
    out.replace_range(..(first.edit.end - first.edit.start) as usize, &first.edit.text);
    out.insert(first.caret as usize, '|');
    out.lines().next().unwrap_or_default().to_owned()
}

#[test]
fn names_of_the_file() {
    let start = "\"start_at\": \"draft\"";
    assert_eq!(labels(start, "\"start_at\": \"|\"", OLD), ["draft", "check", "late"]);
    assert_eq!(labels(start, "\"start_at\": |", OLD), ["draft", "check", "late"]);
    assert_eq!(labels(start, "\"start_at\": \"a|", OLD), ["draft", "late"]);
    assert_eq!(chosen(start, "\"start_at\": ch|"), "\"check\"|,");
    assert_eq!(
        labels("\"to\": \"check\"", "\"to\": \"e|\"", OLD),
        ["end_with_success", "end_with_failure", "check", "late"]
    );
    let source = labels("\"source\": \"check.score\"", "\"source\": \"|\"", OLD);
    assert_eq!(
        source,
        ["check.score", "check.verdict", "score", "verdict", "check", "draft.text", "text", "draft", "topic"]
    );
    assert_eq!(labels("\"operator\": \"greater_than\"", "\"operator\": \"|\"", OLD).len(), 4);
    assert_eq!(labels("\"operator\": \"greater_than\"", "\"operator\": \"|\"", NEW).len(), 6);
    assert_eq!(
        labels(
            "\"source\": \"check.score\", \"operator\": \"greater_than\", \"value\": 3",
            "\"source\": \"verdict\", \"value\": |",
            OLD
        ),
        ["good", "bad"]
    );
    assert_eq!(labels("\"value\": 3", "\"value\": |", NEW), ["1", "{{ parameters.topic }}"]);
}

#[test]
fn keys_and_values_of_the_format() {
    let edge = "{\"from\": \"draft\", \"to\": \"check\"}";
    assert_eq!(labels(edge, "{\"from\": \"draft\", |}", OLD), ["to", "condition"]);
    assert_eq!(labels(edge, "{\"from\": \"draft\", \"to\": \"check\", \"con|\"}", OLD), ["condition"]);
    assert_eq!(chosen(edge, "{\"from\": \"draft\", \"t|}"), "\"to\": \"|\"},");
    assert_eq!(chosen(edge, "{t| \"from\": \"draft\"}"), "\"to\": \"|\", \"from\": \"draft\"},");
    assert_eq!(chosen(edge, "{\"t|\": \"x\"}"), "\"to\"|: \"x\"},");
    assert_eq!(labels(edge, "{\"condition\": {\"type\": \"|\"}}", OLD), ["always", "expression"]);
    assert!(labels("\"name\": \"Review\",", "\"name\": \"Review\", |", OLD).contains(&"loop_config".to_owned()));
    assert!(
        labels("\"module\": \"m\", \"config\"", "\"module\": \"m\", |, \"config\"", OLD).contains(&"type".to_owned())
    );
    assert_eq!(
        chosen("\"name\": \"Review\",", "\"name\": \"Review\", \"loop_config\": {\"max_i|},"),
        "\"max_iterations\": 100|},"
    );
    assert!(labels(edge, "{\"from\": \"draft\" |}", OLD).is_empty());
}

#[test]
fn templates_in_configurations() {
    let config = "\"On {{ parameters.topic }}\"";
    assert_eq!(chosen(config, "\"|\""), "\"{{ parameters.topic }}\"|}, \"outputs\": [\"text\"]},");
    assert_eq!(chosen(config, "\"On {{ pa|\""), "{{ parameters.topic }}|\"}, \"outputs\": [\"text\"]},");
    assert_eq!(chosen(config, "\"On {{ | }} é\""), "{{ parameters.topic }}| é\"}, \"outputs\": [\"text\"]},");
    assert!(labels(config, "\"plain |\"", OLD).is_empty());
}

fn said(at: &str, target: Target) -> String {
    let place = FILE.find(at).unwrap() + 1;
    hover(FILE.as_bytes(), place, target).map_or_else(String::new, |one| {
        format!("{} | {} | {} | {}", &FILE[one.start as usize..one.end as usize], one.path, one.title, one.text)
    })
}

#[test]
fn places_are_explained() {
    let start = said("\"start_at\"", OLD);
    assert!(
        start.starts_with("\"start_at\" | $.flow.start_at | start_at: string | Id of the step where a run begins."),
        "{start}"
    );
    assert_eq!(
        said("\"draft\",\n    \"paths", OLD),
        "\"draft\" | $.flow.start_at | Step draft | Write draft. Class DraftStep of m, defined in line 5."
    );
    let condition = said("\"greater_than\"", OLD);
    assert!(
        condition.ends_with(
            "| Taken when `check.score` is greater than 3. When it is missing, the run stops with a TypeError."
        ),
        "{condition}"
    );
    let template = said("On {{", OLD);
    assert!(template.ends_with("The parameter `topic`. What about."), "{template}");
    assert_eq!(said("{\n  \"name\"", OLD), "");
    for (condition, says) in [
        (r#"{"type": "always"}"#, "Always taken."),
        (r#"{"type": "agent"}"#, "Never taken: the engine accepts conditions of the type `agent`"),
        (r#"{"type": "expression", "source": "x"}"#, "Always taken: the engine reads"),
        (
            r#"{"type": "expression", "config": {"source": "x", "operator": "less_than_or_equals", "value": 1}}"#,
            "Never taken: 0.1.3 does not know",
        ),
        ("null", "A condition must be an object"),
    ] {
        let text = format!(r#"{{"flow": {{"paths": [{{"condition": {condition}}}]}}}}"#);
        let at = text.find("condition").unwrap();
        let hover = hover(text.as_bytes(), at, OLD).unwrap();
        assert!(hover.text.starts_with(says), "{}", hover.text);
    }
}

#[test]
fn the_published_schema_takes_sound_files() {
    let schema = include_str!("../../../../docs/ia-modules-pipeline.schema.json");
    let (rules, file) = (crate::json::Tree::parse(schema.as_bytes()), crate::json::Tree::parse(FILE.as_bytes()));
    assert_eq!(rules.damage, None);
    let schema = crate::json::At::root(schema.as_bytes(), &rules).unwrap();
    let check = |text: &str, tree: &crate::json::Tree| {
        crate::schema::check(schema, crate::json::At::root(text.as_bytes(), tree).unwrap())
    };
    assert_eq!(check(FILE, &file), []);
    let wrong = FILE.replace("\"greater_than\"", "\">\"");
    let told = check(&wrong, &crate::json::Tree::parse(wrong.as_bytes()));
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].path, "$.flow.paths[1].condition.config.operator");
}

#[test]
fn any_place_of_any_file_can_be_asked_about() {
    let hostile = [
        "",
        "{",
        "[[[[",
        "\"é",
        "{\"flow\": {\"paths\": [{\"from\": \"",
        "{\"steps\": [{\"id\": \"\\ud800",
        "nul",
        "\u{feff}{}",
    ];
    let templates = crate::ia_modules::templates::TEMPLATES.iter().map(|one| one.pipeline);
    for text in templates.chain([FILE]).chain(hostile) {
        let bytes = text.as_bytes();
        for at in 0..=bytes.len() + 2 {
            for target in [OLD, NEW] {
                for completion in complete(bytes, at, target) {
                    let edit = completion.edit;
                    assert!(edit.start <= edit.end && edit.end as usize <= bytes.len(), "{at}: {edit:?}");
                    assert!(text.is_char_boundary(edit.start as usize) && text.is_char_boundary(edit.end as usize));
                }
                if let Some(hover) = hover(bytes, at, target) {
                    assert!(hover.start <= hover.end && hover.end as usize <= bytes.len());
                }
            }
            // While it is typed, nothing stands behind the caret; a letter may be cut in two.
            let cut = bytes.get(..at).unwrap_or(bytes);
            complete(cut, at, OLD);
            hover(cut, at, OLD);
        }
    }
}
