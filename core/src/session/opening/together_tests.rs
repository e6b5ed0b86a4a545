//! Files that belong together, found by what is in them and opened in any order.

use super::packed_tests::{file, zip};
use crate::import::testing::{gathered, open_bytes};
use crate::session::Session;

/// Each document: its files, and its runs as steps, roots, orphans and errors.
fn outline(session: &Session) -> Vec<(usize, Vec<[u32; 4]>)> {
    let of = |view: crate::protocol::DocumentView| {
        let runs = view.runs.iter().map(|run| [run.steps, run.roots, run.orphans, run.errors]);
        (view.files.len().max(1), runs.collect())
    };
    session.documents().into_iter().map(of).collect()
}

/// Opens the texts in all orders: always one document, and always the same runs. Also when they come in a zip.
fn one_whole(texts: &[&str]) -> Session {
    let mut orders: Vec<Vec<&str>> = vec![Vec::new()];
    for text in texts {
        let mut longer = Vec::new();
        for order in &orders {
            for at in 0..=order.len() {
                let mut order = order.clone();
                order.insert(at, *text);
                longer.push(order);
            }
        }
        orders = longer;
    }
    let mut first = None;
    for order in orders {
        let told = outline(&gathered(&order));
        assert_eq!((told.len(), told[0].0), (1, texts.len()), "{told:?} {order:?}");
        assert_eq!(&told, first.get_or_insert_with(|| told.clone()), "{order:?}");
    }
    let names: Vec<String> = (0..texts.len()).map(|at| format!("part-{at}.json")).collect();
    let files: Vec<_> = names.iter().zip(texts).map(|(name, text)| file(name, text)).collect();
    let (session, _) = open_bytes(&zip(&files));
    let told = outline(&session);
    assert_eq!(Some(&told), first.as_ref(), "in a zip");
    gathered(texts)
}

const STATES: &str = include_str!("../../import/workflows/fixtures/step_functions.json");
const TEMPORAL: &str = include_str!("../../import/workflows/fixtures/temporal.json");

/// Pages of a history whose events stand on lines that begin so.
fn pages(text: &str, begin: &str, cuts: [usize; 2]) -> [String; 3] {
    let mut lines: Vec<&str> =
        text.lines().filter(|line| line.starts_with(begin)).map(|line| line.trim_end_matches(',')).collect();
    if begin.contains("eventId") {
        lines.reverse();
    }
    let page = |events: &[&str]| format!(r#"{{"events":[{}]}}"#, events.join(","));
    [page(&lines[..cuts[0]]), page(&lines[cuts[0]..cuts[1]]), page(&lines[cuts[1]..])]
}

#[test]
fn pages_of_a_history_in_any_order() {
    for cuts in [[9, 22], [14, 30]] {
        let [a, b, c] = pages(STATES, r#"{"timestamp""#, cuts);
        let session = one_whole(&[&a, &b, &c]);
        assert_eq!(outline(&session)[0].1, [[15, 1, 0, 6]]);
        let said = session.documents().swap_remove(0).diagnostics;
        assert!(!said.iter().any(|said| said.code == "page-missing"), "{said:?}");
    }
    let [a, b, c] = pages(TEMPORAL, r#"{"eventId""#, [9, 15]);
    let session = one_whole(&[&a, &b, &c]);
    assert_eq!(outline(&session)[0].1, [[9, 1, 0, 2]]);
    assert_eq!(session.documents()[0].runs[0].name, "Order");
    // A step that begins on one page and ends on another is shown with both.
    let steps = session.documents()[0].runs[0].steps;
    assert!((0..steps).all(|step| session.details(0, step).is_ok()));
}

#[test]
fn histories_of_different_executions_stay_apart() {
    let [a, b, c] = pages(STATES, r#"{"timestamp""#, [9, 22]);
    let whole = format!("{a}\n{b}\n{c}");
    assert_eq!(outline(&gathered(&[&whole, &whole])).len(), 2);
    // A second page from before the first cannot follow it.
    let older = b.replace("1772", "1672");
    assert_ne!(older, b);
    assert_eq!(outline(&gathered(&[&a, &older])).len(), 2);
}

#[test]
fn starts_and_ends_in_different_files() {
    let post = r#"{"post":[{"id":"0a1b2c3d-0000-4000-8000-000000000001","trace_id":"0a1b2c3d-0000-4000-8000-000000000001","dotted_order":"20260302T091500000000Z0a1b2c3d-0000-4000-8000-000000000001","name":"agent","run_type":"chain","start_time":"2026-03-02T09:15:00","inputs":{"q":"hi"}}]}"#;
    let patch = r#"{"patch":[{"id":"0a1b2c3d-0000-4000-8000-000000000001","trace_id":"0a1b2c3d-0000-4000-8000-000000000001","dotted_order":"20260302T091500000000Z0a1b2c3d-0000-4000-8000-000000000001","end_time":"2026-03-02T09:15:02","outputs":{"a":"ho"},"error":"ValueError('no')"}]}"#;
    let session = one_whole(&[post, patch]);
    assert_eq!(outline(&session)[0].1, [[1, 1, 0, 1]]);
    let details = session.details(0, 0).unwrap();
    assert!(details.input.is_some() && details.output.is_some());
    assert_eq!(session.documents()[0].runs[0].duration_ns, Some(2_000_000_000));

    let create = r#"{"batch":[{"id":"1","type":"generation-create","timestamp":"2026-03-02T09:15:00Z","body":{"id":"g1","traceId":"trace-0123456789","name":"call","startTime":"2026-03-02T09:15:00Z","model":"m","input":"hi"}}]}"#;
    let update = r#"{"batch":[{"id":"2","type":"generation-update","timestamp":"2026-03-02T09:15:02Z","body":{"id":"g1","traceId":"trace-0123456789","endTime":"2026-03-02T09:15:02Z","output":"ho","usage":{"input":3,"output":4}}}]}"#;
    let session = one_whole(&[create, update]);
    assert_eq!(outline(&session)[0].1, [[1, 1, 0, 0]]);
    let run = &session.documents()[0].runs[0];
    assert_eq!((run.usage.input, run.usage.output, run.duration_ns), (Some(3), Some(4), Some(2_000_000_000)));
    let details = session.details(0, 0).unwrap();
    assert!(details.input.is_some() && details.output.is_some());
}

#[test]
fn pages_of_lists_of_steps() {
    let run = |id: u32, parent: &str| {
        format!(
            r#"{{"id":"0a1b2c3d-0000-4000-8000-00000000000{id}","trace_id":"0a1b2c3d-0000-4000-8000-000000000001","parent_run_id":{parent},"name":"s{id}","run_type":"chain","start_time":"2026-03-02T09:15:0{id}","end_time":"2026-03-02T09:15:0{id}","inputs":{{}},"outputs":{{}}}}"#
        )
    };
    let root = r#""0a1b2c3d-0000-4000-8000-000000000001""#;
    let first = format!(r#"{{"runs":[{},{}],"cursors":{{"next":"x"}}}}"#, run(2, root), run(3, root));
    let second = format!(r#"{{"runs":[{},{}],"cursors":{{}}}}"#, run(1, "null"), run(4, root));
    assert_eq!(outline(&one_whole(&[&first, &second]))[0].1, [[4, 1, 0, 0]]);

    let observation = |id: u32, parent: &str| {
        format!(
            r#"{{"id":"o{id}","traceId":"trace-0123456789","type":"SPAN","parentObservationId":{parent},"name":"s{id}","startTime":"2026-03-02T09:15:0{id}.000Z","endTime":"2026-03-02T09:15:0{id}.500Z"}}"#
        )
    };
    let first = format!(r#"{{"data":[{}],"meta":{{"page":1}}}}"#, observation(2, r#""o1""#));
    let second =
        format!(r#"{{"data":[{},{}],"meta":{{"page":2}}}}"#, observation(1, "null"), observation(3, r#""o1""#));
    assert_eq!(outline(&one_whole(&[&first, &second]))[0].1, [[3, 1, 0, 0]]);
}

#[test]
fn spans_and_log_records_of_one_trace() {
    let trace = "5b8efff798038103d269b633813fc60c";
    let span = |id: &str, parent: &str| {
        format!(
            r#"{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{{"traceId":"{trace}","spanId":"{id}","parentSpanId":"{parent}","name":"a","startTimeUnixNano":"1772442904000000000","endTimeUnixNano":"1772442905000000000"}}]}}]}}]}}"#
        )
    };
    let log = format!(
        r#"{{"resourceLogs":[{{"scopeLogs":[{{"logRecords":[{{"timeUnixNano":"1772442904000000001","traceId":"{trace}","spanId":"eee19b7ec3c1b174","eventName":"gen_ai.user.message","body":{{"kvlistValue":{{"values":[{{"key":"content","value":{{"stringValue":"hi"}}}}]}}}}}}]}}]}}]}}"#
    );
    let (a, b) = (span("eee19b7ec3c1b174", ""), span("eee19b7ec3c1b175", "eee19b7ec3c1b174"));
    let session = one_whole(&[&a, &b, &log]);
    assert_eq!(outline(&session)[0].1, [[2, 1, 0, 0]]);
    assert_eq!(session.details(0, 0).unwrap().messages.len(), 1);
    assert!(!session.documents()[0].diagnostics.iter().any(|said| said.code == "log-without-step"));
}

#[test]
fn both_halves_of_a_zipkin_span() {
    let half = |kind: &str, service: &str, start: u32| {
        format!(
            r#"[{{"traceId":"5b8efff798038103d269b633813fc60c","id":"eee19b7ec3c1b174","kind":"{kind}","name":"get","timestamp":177244290400{start}000,"duration":1000,"localEndpoint":{{"serviceName":"{service}"}}}}]"#
        )
    };
    let session = one_whole(&[&half("CLIENT", "web", 1), &half("SERVER", "api", 2)]);
    assert_eq!(outline(&session)[0].1, [[2, 1, 0, 0]]);
}

const SESSION: &str = include_str!("../../import/agents/fixtures/claude_code.jsonl");
const AGENT: &str = include_str!("../../import/agents/fixtures/claude_agent.jsonl");

#[test]
fn a_session_and_its_agents() {
    let alone: String =
        SESSION.lines().filter(|line| !line.contains("agent_progress")).map(|line| format!("{line}\n")).collect();
    let told = outline(&one_whole(&[&alone, AGENT]));
    assert_eq!((told[0].1.len(), told[0].1[0][2]), (1, 0), "{told:?}");
    // A session that was taken up again has another id than the files of its agents.
    let id = SESSION.split(r#""sessionId":""#).nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let resumed = alone.replace(id, "bbbbbbbb-0000-4000-8000-00000000000b");
    assert_eq!(told, outline(&one_whole(&[&resumed, AGENT])));
    // One of another session stays where it is.
    let other = AGENT.replace(id, "cccccccc-0000-4000-8000-00000000000c").replace("agentId\":\"", "agentId\":\"0");
    assert_eq!(outline(&gathered(&[&alone, &other])).len(), 2);
}

#[test]
fn snapshots_of_one_thread() {
    let history = include_str!("../../import/platforms/fixtures/langgraph-checkpoints.jsonl");
    let lines: Vec<&str> = history.lines().filter(|line| !line.trim().is_empty()).collect();
    let long = |lines: &[&str]| lines.join("\n").replace("\"thread_id\": \"", "\"thread_id\": \"thread-0123456789-");
    let long = |lines: &[&str]| long(lines).replace("\"thread_id\":\"", "\"thread_id\":\"thread-0123456789-");
    let whole = outline(&gathered(&[&long(&lines)]));
    let (a, b) = lines.split_at(lines.len() / 2);
    let parts = outline(&one_whole(&[&long(a), &long(b)]));
    assert_eq!(parts[0].1, whole[0].1);
}

/// Whether the runs of all texts lie on a pipeline, opened in both orders and out of a zip.
fn lies_on(run: &str, pipeline: &str) {
    let followed = |session: &Session, how: &str| {
        let documents = session.documents();
        let runs: Vec<_> = documents.iter().flat_map(|document| &document.runs).collect();
        let told: Vec<String> = documents.iter().map(|document| document.explanation.clone()).collect();
        assert!(!runs.is_empty() && runs.iter().any(|run| run.pipeline.is_some()), "{how}: {told:?}");
    };
    followed(&gathered(&[run, pipeline]), "run first");
    followed(&gathered(&[pipeline, run]), "pipeline first");
    followed(&open_bytes(&zip(&[file("a.json", run), file("b.json", pipeline)])).0, "in a zip");
}

#[test]
fn a_run_and_its_pipeline() {
    let asl = r#"{"StartAt":"Reserve","States":{"Reserve":{"Type":"Task","Resource":"r","Next":"Both"},"Both":{"Type":"Parallel","Branches":[{"StartAt":"Ask","States":{"Ask":{"Type":"Task","Resource":"r","Next":"Enough"},"Enough":{"Type":"Choice","Choices":[],"Default":"Done"},"Done":{"Type":"Succeed"}}},{"StartAt":"Alone","States":{"Alone":{"Type":"Pass","End":true}}}],"Next":"Each"},"Each":{"Type":"Map","ItemProcessor":{"StartAt":"Check","States":{"Check":{"Type":"Task","Resource":"r","Catch":[{"ErrorEquals":["States.ALL"],"Next":"Note"}],"Next":"Stop"},"Note":{"Type":"Pass","End":true},"Stop":{"Type":"Fail"}}},"End":true}}}"#;
    lies_on(STATES, asl);
    let results = include_str!("../../import/workflows/fixtures/dbt.json");
    let node = |id: &str, on: &str| {
        format!(
            r#""{id}":{{"unique_id":"{id}","name":"{id}","resource_type":"model","depends_on":{{"nodes":[{on}]}}}}"#
        )
    };
    let manifest = format!(
        r#"{{"metadata":{{"dbt_schema_version":"https://schemas.getdbt.com/dbt/manifest/v12.json"}},"nodes":{{{},{},{}}},"sources":{{}},"exposures":{{}}}}"#,
        node("model.bakery.stg_orders", ""),
        node("model.bakery.orders", r#""model.bakery.stg_orders""#),
        node("model.bakery.report", r#""model.bakery.orders""#)
    );
    lies_on(results, &manifest);
    let history = include_str!("../../import/platforms/fixtures/langgraph-history.json");
    let graph = r#"{"nodes":[{"id":"__start__","type":"schema","data":"__start__"},{"id":"a","type":"runnable","data":{"id":["x"],"name":"a"}},{"id":"b","type":"runnable","data":{"id":["x"],"name":"b"}},{"id":"gate","type":"runnable","data":{"id":["x"],"name":"gate"}},{"id":"__end__","type":"schema","data":"__end__"}],"edges":[{"source":"__start__","target":"a"},{"source":"a","target":"b"},{"source":"b","target":"gate"},{"source":"gate","target":"__end__"}]}"#;
    lies_on(history, graph);
    let jobs = r#"{"total_count":2,"jobs":[{"id":601,"run_id":88,"run_attempt":1,"workflow_name":"CI","status":"completed","conclusion":"success","started_at":"2026-03-01T08:00:00Z","completed_at":"2026-03-01T08:10:00Z","name":"build","steps":[{"name":"make","number":1,"status":"completed","conclusion":"success","started_at":"2026-03-01T08:00:01Z","completed_at":"2026-03-01T08:10:00Z"}]},{"id":602,"run_id":88,"run_attempt":1,"workflow_name":"CI","status":"completed","conclusion":"failure","started_at":"2026-03-01T08:11:00Z","completed_at":"2026-03-01T08:12:00Z","name":"ship","steps":[]}]}"#;
    let workflow = "name: CI\non: push\njobs:\n  build:\n    runs-on: x\n    steps:\n      - name: make\n        run: make\n  ship:\n    needs: build\n    runs-on: x\n    steps:\n      - run: ship\n";
    lies_on(jobs, workflow);
    let execution = r#"{"id":"7","data":{"resultData":{"runData":{"Fetch":[{"startTime":1772442904000,"executionTime":12,"executionStatus":"success","source":[],"data":{"main":[[{"json":{"a":1}}]]}}],"Send":[{"startTime":1772442905000,"executionTime":5,"executionStatus":"success","source":[{"previousNode":"Fetch"}],"data":{"main":[[{"json":{"a":1}}]]}}]}}}}"#;
    let n8n = r#"{"name":"W","nodes":[{"name":"Fetch","type":"n8n-nodes-base.httpRequest","typeVersion":1,"position":[0,0],"parameters":{}},{"name":"Send","type":"n8n-nodes-base.slack","typeVersion":1,"position":[0,0],"parameters":{}}],"connections":{"Fetch":{"main":[[{"node":"Send","type":"main","index":0}]]}}}"#;
    lies_on(execution, n8n);
    // Argo writes both into one file.
    let argo = include_str!("../../import/workflows/fixtures/argo.json");
    let (_, view) = crate::import::testing::open(argo);
    assert!(view.pipelines.is_empty() || view.runs.iter().any(|run| run.pipeline.is_some()));
}

#[test]
fn the_two_lists_of_prefect() {
    let runs = include_str!("../../import/workflows/fixtures/prefect_flow_runs.json");
    let tasks = include_str!("../../import/workflows/fixtures/prefect_task_runs.json");
    assert_eq!(gathered(&[runs, tasks]).documents().len(), 1);
    assert_eq!(gathered(&[tasks, runs]).documents().len(), 1);
}
