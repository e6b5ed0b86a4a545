//! What is read of each format of this family, and what comes of two files that belong together.

use crate::import::dump::dump;
use crate::import::testing::{open, together};
use crate::model::Status;
use crate::session::Session;

const FLOW_RUNS: &str = include_str!("fixtures/prefect_flow_runs.json");
const TASK_RUNS: &str = include_str!("fixtures/prefect_task_runs.json");
const GRAPH: &str = include_str!("fixtures/prefect_graph.json");
const DAGSTER: &str = include_str!("fixtures/dagster.json");
const ARGO: &str = include_str!("fixtures/argo.json");
const DBT: &str = include_str!("fixtures/dbt.json");
const GITHUB: &str = include_str!("fixtures/github_jobs.json");
const GITHUB_REST: &str = include_str!("fixtures/github_rest.json");
const AIRFLOW_RUNS: &str = include_str!("fixtures/airflow_runs.json");
const AIRFLOW_TASKS: &str = include_str!("fixtures/airflow_tasks.json");
const AIRFLOW_CLI: &str = include_str!("fixtures/airflow_cli.json");
const AIRFLOW_DAG: &str = include_str!("fixtures/airflow_dag.json");
const PYTEST: &str = include_str!("fixtures/pytest.json");
const JUNIT: &str = include_str!("fixtures/junit.xml");

pub(in crate::import) const FIXTURES: &[&str] = &[
    FLOW_RUNS,
    TASK_RUNS,
    GRAPH,
    DAGSTER,
    ARGO,
    DBT,
    GITHUB,
    GITHUB_REST,
    AIRFLOW_RUNS,
    AIRFLOW_TASKS,
    AIRFLOW_CLI,
    AIRFLOW_DAG,
    PYTEST,
    JUNIT,
    // Of formats with tests of their own.
    include_str!("fixtures/temporal.json"),
    include_str!("fixtures/step_functions.json"),
];

#[test]
fn each_format_is_read() {
    let names = [
        "prefect_flow_runs",
        "prefect_task_runs",
        "prefect_graph",
        "dagster",
        "argo",
        "dbt",
        "github_jobs",
        "github_rest",
        "airflow_runs",
        "airflow_tasks",
        "airflow_cli",
        "airflow_dag",
        "pytest",
        "junit",
    ];
    for (name, text) in names.into_iter().zip(FIXTURES) {
        insta::assert_snapshot!(name, dump(text.as_bytes()));
    }
}

/// Each run as its name and its steps: `depth name status`.
fn outline(session: &Session) -> Vec<(String, Vec<String>)> {
    let document = &session.opened[0].as_ref().unwrap().document;
    let step = |run: &crate::model::Run, at: usize| {
        let name = document.names.get(run.steps.name[at]);
        format!("{}{name} {}", "  ".repeat(run.steps.depth[at] as usize), run.steps.status[at].name())
    };
    document.runs.iter().map(|run| (run.name.clone(), (0..run.steps.len()).map(|at| step(run, at)).collect())).collect()
}

#[test]
fn flow_runs_and_task_runs_join_whichever_comes_first() {
    let one = outline(&together(&[FLOW_RUNS, TASK_RUNS]));
    let other = outline(&together(&[TASK_RUNS, FLOW_RUNS]));
    let brave = one.iter().find(|(name, _)| name == "brave-otter").unwrap();
    assert_eq!(
        brave.1,
        [
            "brave-otter error",
            "  fetch-0 ok",
            "  sub-0 ok",
            "    tiny-crab ok",
            "      inner-0 ok",
            "  rate-0 error",
            "  mail-0 skipped"
        ]
    );
    assert_eq!(one.len(), 2);
    assert_eq!(brave.1, other.iter().find(|(name, _)| name == "brave-otter").unwrap().1);
}

#[test]
fn task_instances_stand_below_their_dag_run() {
    for order in [[AIRFLOW_RUNS, AIRFLOW_TASKS], [AIRFLOW_TASKS, AIRFLOW_RUNS]] {
        let runs = outline(&together(&order));
        assert_eq!(runs.len(), 1);
        assert_eq!(
            runs[0].1,
            ["bakery error", "  mix ok", "  bake [0] error", "  bake [1] waiting", "  serve skipped", "  wash waiting"]
        );
    }
}

#[test]
fn results_of_dbt_lie_on_the_manifest_of_their_document() {
    let manifest = include_str!("../pipelines/fixtures/dbt.json");
    for order in [[DBT, manifest], [manifest, DBT]] {
        let session = together(&order);
        let document = &session.opened[0].as_ref().unwrap().document;
        assert_eq!((document.runs.len(), document.pipelines.len(), document.runs[0].pipeline), (1, 1, Some(0)));
    }
}

#[test]
fn the_tries_of_a_dagster_step_are_steps() {
    let (session, view) = open(DAGSTER);
    assert_eq!((view.runs.len(), view.pipelines.len(), view.runs[0].steps, view.runs[0].errors), (1, 1, 7, 3));
    let document = &session.opened[0].as_ref().unwrap().document;
    let run = &document.runs[0];
    let loads: Vec<Status> = (0..run.steps.len())
        .filter(|&at| document.names.get(run.steps.name[at]) == "load")
        .map(|at| run.steps.status[at])
        .collect();
    assert_eq!(loads, [Status::Error, Status::Ok]);
    assert_eq!((document.pipelines[0].nodes.len(), document.pipelines[0].edges.len()), (5, 4));
    assert_eq!(run.pipeline, Some(0));
}

#[test]
fn two_payloads_and_two_reports_are_runs_of_their_own() {
    let second = DAGSTER.replace("r-1", "r-2");
    let (_, view) = open(&format!("[{DAGSTER},{second}]"));
    assert_eq!((view.runs.len(), view.runs[0].steps, view.runs[1].steps), (2, 7, 7));
    let session = together(&[JUNIT, JUNIT]);
    assert_eq!(session.documents()[0].runs.len(), 2);
}

#[test]
fn cases_of_one_name_are_told_apart_by_their_class() {
    let text = r#"<testsuite tests="3"><testcase classname="Cloud.K64F" name="unknown"/><testcase classname="I001.process" name="unknown"/><testcase classname="I002.process" name="own"/></testsuite>"#;
    let names: Vec<String> = outline(&open(text).0)[0].1.iter().map(|line| line.trim().to_owned()).collect();
    assert_eq!(names[1..], ["Cloud.K64F unknown ok", "I001.process unknown ok", "own ok"]);
}

#[test]
fn flow_runs_that_started_each_other_end() {
    let text = r#"[{"id":"a","name":"a","flow_id":"f","state_type":"RUNNING","parent_task_run_id":"ta"},
        {"id":"b","name":"b","flow_id":"f","state_type":"RUNNING","parent_task_run_id":"tb"},
        {"id":"tb","name":"tb","flow_run_id":"a","task_key":"x","state_type":"RUNNING"},
        {"id":"ta","name":"ta","flow_run_id":"b","task_key":"x","state_type":"RUNNING"}]"#;
    let (_, view) = open(text);
    assert_eq!(view.runs.iter().map(|run| run.steps).sum::<u32>(), 4);
}

#[test]
fn lists_as_the_tools_print_them_are_told() {
    for (text, format, steps) in [
        (
            r#"[{"databaseId":1,"status":"completed","conclusion":"success","name":"CI","headBranch":"main"}]"#,
            "github-actions-run",
            1,
        ),
        (
            r#"{"jobs":[{"name":"a","startedAt":"2026-03-01T08:00:00Z","completedAt":"2026-03-01T08:00:01Z","conclusion":"success","steps":[]}]}"#,
            "github-actions-run",
            1,
        ),
        (
            r#"{"items":[{"metadata":{"uid":"u","name":"w"},"status":{"nodes":{"w":{"id":"w","name":"w","type":"Pod","phase":"Succeeded"}}}}]}"#,
            "argo-run",
            1,
        ),
        (
            r#"[{"dag_id":"d","run_id":"r","state":"success","execution_date":"2026-03-01T08:00:00+00:00","start_date":"2026-03-01T08:00:00+00:00","end_date":""}]"#,
            "airflow",
            1,
        ),
        (r#"{"id":"f","flow_id":"x","name":"one","state_type":"COMPLETED"}"#, "prefect", 1),
        ("<testsuite/>", "junit-xml", 1),
    ] {
        let (_, view) = open(text);
        assert_eq!(
            (view.format.as_str(), view.runs.iter().map(|run| run.steps).sum::<u32>()),
            (format, steps),
            "{text}"
        );
    }
    // Others have flows, jobs and states too.
    for text in
        [r#"{"flow_id":"x","state":"open"}"#, r#"{"jobs":[{"name":"a","steps":[1]}]}"#, r#"{"state":"x","dag_id":"y"}"#]
    {
        assert_eq!(open(text).1.format, "", "{text}");
    }
}

#[test]
fn a_long_log_is_read_in_time_that_grows_with_it() {
    let event = |at: usize| {
        format!(
            r#"{{"dagster_event":{{"event_type_value":"ENGINE_EVENT"}},"run_id":"r","step_key":"s{}","timestamp":{at}}}"#,
            at % 7
        )
    };
    let events: Vec<String> = (0..60_000).map(event).collect();
    let text = format!(
        r#"{{"__class__":"DebugRunPayload","event_list":[{}],"pipeline_run":{{"run_id":"r"}}}}"#,
        events.join(",")
    );
    let (session, view) = open(&text);
    assert_eq!(view.runs[0].steps, 8);
    assert!(session.details(0, 1).unwrap_or_default().events.len() > 8_000);
}

#[test]
fn a_long_report_is_read_in_time_that_grows_with_it() {
    let case = r#"<testcase classname="c" name="n" time="0.001"><failure message="m">t</failure></testcase>"#;
    let text = format!("<testsuite name=\"s\">{}</testsuite>", case.repeat(20_000));
    let (_, view) = open(&text);
    assert_eq!((view.runs[0].steps, view.runs[0].errors), (20_001, 20_001));
    let unclosed = "<testsuite name=\"s\"><testcase name=\"".to_owned() + &"<a \">\"".repeat(50_000);
    open(&unclosed);
}

#[test]
fn airflow_lists_that_leave_out_their_dag() {
    let runs = r#"{"dag_runs":[{"dag_run_id":"manual__2","state":"success","start_date":"2026-10-07T10:00:00Z","end_date":"2026-10-07T10:01:00Z","run_type":"manual","conf":{}}],"total_entries":1}"#;
    let (_, view) = open(runs);
    assert_eq!((view.format.as_str(), view.runs[0].name.as_str()), ("airflow", "manual__2"));
    let tasks = r#"{"task_instances":[{"task_id":"collect","state":"failed","try_number":2},{"task_id":"parse","state":"upstream_failed"}]}"#;
    let (_, view) = open(tasks);
    assert_eq!((view.format.as_str(), view.runs.len(), view.runs[0].steps, view.runs[0].errors), ("airflow", 1, 2, 1));
}
