//! Each dialect's fixture as it is read, and the traps of each.

use crate::import::dump::dump;
use crate::import::testing::open;
use crate::model::{EdgeStyle, Pipeline};
use crate::session::Session;

/// The fixtures, by name.
const ALL: [(&str, &str); 17] = [
    ("asl", include_str!("fixtures/asl.json")),
    ("asl_answer", include_str!("fixtures/asl-answer.json")),
    ("argo", include_str!("fixtures/argo.json")),
    ("dbt", include_str!("fixtures/dbt.json")),
    ("github", include_str!("fixtures/github.json")),
    ("dvc", include_str!("fixtures/dvc.json")),
    ("dvc_lock", include_str!("fixtures/dvc-lock.json")),
    ("haystack", include_str!("fixtures/haystack.json")),
    ("haystack1", include_str!("fixtures/haystack1.json")),
    ("langflow", include_str!("fixtures/langflow.json")),
    ("flowise", include_str!("fixtures/flowise.json")),
    ("flowise_list", include_str!("fixtures/flowise-list.json")),
    ("n8n", include_str!("fixtures/n8n.json")),
    ("n8n_execution", include_str!("fixtures/n8n-execution.json")),
    ("langgraph", include_str!("fixtures/langgraph.json")),
    ("dot", include_str!("fixtures/graph.dot")),
    ("mermaid", include_str!("fixtures/mermaid.mmd")),
];

#[test]
fn each_is_read_as_it_is() {
    for (name, text) in ALL {
        insta::assert_snapshot!(name, dump(text.as_bytes()));
    }
}

/// The pipelines of a text.
pub(super) fn pipelines(text: &str) -> Vec<Pipeline> {
    let (session, _) = open(text);
    of(&session)
}

fn of(session: &Session) -> Vec<Pipeline> {
    session.opened.iter().flatten().flat_map(|opened| opened.document.pipelines.clone()).collect()
}

/// The edges of a pipeline, by the ids of their ends: `a -> b: words`.
pub(super) fn edges(pipeline: &Pipeline) -> Vec<String> {
    let id = |at: u32| pipeline.nodes[at as usize].id.as_str();
    let said = |edge: &crate::model::PipelineEdge| {
        let words = edge.condition.as_ref().map_or(String::new(), |one| format!(": {}", one.text));
        let sign = if edge.style == EdgeStyle::Conditional { "?" } else { "" };
        format!("{} ->{sign} {}{words}", id(edge.from), id(edge.to))
    };
    pipeline.edges.iter().map(said).collect()
}

#[test]
fn a_definition_is_found_in_what_wraps_it() {
    let machine = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}"#;
    let template = format!(
        r#"{{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {{"Orders": {{"Type": "AWS::StepFunctions::StateMachine", "Properties": {{"DefinitionString": {{"Fn::Sub": [{}, {{}}]}}}}}}}}}}"#,
        crate::json::quoted(machine)
    );
    let all = pipelines(&template);
    assert_eq!((all.len(), all[0].name.as_str(), all[0].declared), (1, "Orders", (1, 0)));
    assert_eq!(edges(&all[0]), ["START -> A", "A -> END"]);
    // `definition` as an object is found once.
    assert_eq!(pipelines(&format!(r#"{{"definition": {machine}}}"#)).len(), 1);
    let n8n = include_str!("fixtures/n8n.json");
    assert_eq!(pipelines(&format!(r#"{{"workflow": {{"id": 1, "workflow": {n8n}}}}}"#)).len(), 1);
    assert_eq!(pipelines(&format!(r#"{{"data": [{n8n}, {n8n}], "nextCursor": null}}"#)).len(), 2);
    let list = format!(r#"{{"apiVersion": "v1", "kind": "List", "items": [{}]}}"#, include_str!("fixtures/argo.json"));
    assert_eq!(pipelines(&list)[0].name, "nightly");
}

#[test]
fn junk_behind_a_definition_and_a_second_one_do_no_harm() {
    let text = include_str!("fixtures/n8n.json");
    let (session, view) = open(&format!("{text}\n```\nsome words"));
    assert_eq!((view.format.as_str(), of(&session).len()), ("n8n", 1));
    let (session, _) = open(&format!("{text}{text}"));
    assert_eq!(of(&session).len(), 2);
}

#[test]
fn states_that_nothing_leads_to_are_told() {
    let machine = &pipelines(include_str!("fixtures/asl.json"))[0];
    let dead: Vec<&str> = machine.nodes.iter().filter(|node| !node.reachable).map(|node| node.id.as_str()).collect();
    assert_eq!(dead, ["Fan/Never"]);
    let inside = |id: &str| {
        let node = machine.nodes.iter().find(|node| node.id == id).unwrap();
        node.parent.map(|parent| machine.nodes[parent as usize].id.clone())
    };
    assert_eq!(inside("Fan/Both/C"), Some("Fan/Both".to_owned()));
    assert_eq!(machine.parameters[0].name, "AskFunction");
}

#[test]
fn a_template_that_runs_itself_ends() {
    let argo = &pipelines(include_str!("fixtures/argo.json"))[0];
    let tails = argo.nodes.iter().find(|node| node.id == "flip/tails").unwrap();
    assert_eq!(tails.detail, "runs coin again");
    // Templates that call two others each, thirty deep.
    let templates: Vec<String> = (0..30)
        .map(|n| {
            let next = n + 1;
            format!(r#"{{"name": "t{n}", "steps": [[{{"name": "a", "template": "t{next}"}}, {{"name": "b", "template": "t{next}"}}]]}}"#)
        })
        .collect();
    let text = format!(
        r#"{{"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow", "spec": {{"entrypoint": "t0", "templates": [{}]}}}}"#,
        templates.join(",")
    );
    let (session, view) = open(&text);
    assert!(of(&session)[0].nodes.len() <= 3_001);
    assert!(view.diagnostics.iter().any(|one| one.code == "nested-too-deep"));
}

#[test]
fn states_within_states_end_too() {
    let mut text = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}"#.to_owned();
    for _ in 0..200 {
        text = format!(
            r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Parallel", "Branches": [{text}], "End": true}}}}}}"#
        );
    }
    let (session, view) = open(&text);
    assert_eq!(of(&session)[0].nodes.len(), 65 + 2);
    assert!(view.diagnostics.iter().any(|one| one.code == "nested-too-deep"));
}

#[test]
fn tests_of_dbt_fold_into_what_they_test() {
    let dbt = &pipelines(include_str!("fixtures/dbt.json"))[0];
    assert!(dbt.nodes.iter().all(|node| !node.id.starts_with("test.")));
    let orders = dbt.nodes.iter().find(|node| node.id == "model.shop.orders").unwrap();
    assert_eq!(orders.detail, "model · table · 2 tests");
    assert_eq!(
        edges(dbt),
        [
            "source.shop.raw.orders -> model.shop.orders",
            "model.other.gone -> model.shop.orders",
            "model.shop.orders -> exposure.shop.board"
        ]
    );
}

#[test]
fn stages_of_dvc_follow_what_they_read() {
    let dvc = &pipelines(include_str!("fixtures/dvc.json"))[0];
    assert_eq!(
        edges(dvc),
        ["fetch -> split: data/raw/all.csv", "split -> train: data/parts", "train -> report: models/model.pkl"]
    );
    assert_eq!(edges(&pipelines(include_str!("fixtures/dvc-lock.json"))[0]), ["a -> b: x/y"]);
}

#[test]
fn what_many_stages_of_dvc_write_is_read_by_its_name() {
    let text = r#"{"stages": {
        "build": {"foreach": ["a", "b"], "do": {"cmd": "x ${item}", "outs": ["models/${item}.pkl"]}},
        "grid": {"matrix": {"m": [1]}, "cmd": "y", "outs": ["out/${item.m}-f"]},
        "any": {"foreach": ["c"], "do": {"cmd": "z", "outs": ["${item}"]}},
        "eval": {"cmd": "e", "deps": ["models/a.pkl", "out/1-f/part.csv", "e.py", "models/x/a.pkl", "models/${other}.pkl"]}}}"#;
    assert_eq!(edges(&pipelines(text)[0]), ["build -> eval: models/a.pkl", "grid -> eval: out/1-f/part.csv"]);
}

#[test]
fn iterations_that_hold_each_other_are_no_ring() {
    let node = |id: &str, parent: &str| {
        format!(
            r#"{{"id": "{id}", "type": "agentFlow", "parentNode": "{parent}", "data": {{"label": "{id}", "type": "LLM"}}}}"#
        )
    };
    let text = format!(r#"{{"nodes": [{}, {}, {}], "edges": []}}"#, node("a", "b"), node("b", "a"), node("c", "c"));
    let flow = &pipelines(&text)[0];
    let parents: Vec<Option<u32>> = flow.nodes.iter().map(|node| node.parent).collect();
    assert_eq!(parents, [Some(1), None, None]);
}

#[test]
fn graphs_of_others_are_not_taken_for_one() {
    for text in [
        r#"{"nodes": [{"id": 1, "name": "a"}], "edges": [{"source": 1, "target": 1}]}"#,
        r#"{"nodes": [{"id": "a", "position": {"x": 1}, "type": "schema"}], "edges": []}"#,
        r#"{"stages": ["build", "test"], "jobs": []}"#,
        r#"{"jobs": {"a": 1}, "on": "push"}"#,
        r#"{"components": {"schemas": {}}, "paths": {}}"#,
        r#"{"States": {"CA": "California"}}"#,
        r#"{"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "spec": {}}"#,
        r#"{"nodes": [{"name": "x"}], "connections": []}"#,
        "graph of sales: 12 { 3 }",
        "graph theory is fun\n",
        "# Title\n\n```js\nflowchart LR\n```\n",
    ] {
        let (session, view) = open(text);
        assert!(of(&session).is_empty(), "{text}: {}", view.format);
    }
}

#[test]
fn stages_that_share_all_their_paths_end() {
    let stage = |at: usize| format!(r#""s{at}":{{"cmd":"c","deps":[{{"path":"x/y"}}],"outs":[{{"path":"x"}}]}}"#);
    let stages: Vec<String> = (0..4_000).map(stage).collect();
    let (_, view) = open(&format!(r#"{{"schema":"2.0","stages":{{{}}}}}"#, stages.join(",")));
    assert_eq!((view.format.as_str(), view.pipelines.len()), ("dvc", 1), "{}", view.explanation);
    assert!(view.pipelines[0].nodes >= 4_000 && view.pipelines[0].edges < 1_000_000, "{:?}", view.pipelines[0].edges);
}
