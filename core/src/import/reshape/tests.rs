//! Shapes of programs, opened as files; and what is no such shape.

use super::{rows, told};
use crate::import::testing::{open, open_bytes};
use std::io::Write;

fn reshaped(text: &str) -> Option<String> {
    told(text.as_bytes(), || Some(text.as_bytes().to_vec())).map(|found| String::from_utf8(found.json).unwrap())
}

fn packed(text: &str) -> String {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    crate::base64::encode(&encoder.finish().unwrap())
}

const NODES: &str = r#"{"w":{"id":"w","name":"w","displayName":"w","type":"DAG","phase":"Failed","startedAt":"2026-03-02T09:15:00Z","finishedAt":"2026-03-02T09:15:09Z","children":["w-1"]},"w-1":{"id":"w-1","name":"w.a","displayName":"a","type":"Pod","templateName":"t","boundaryID":"w","phase":"Failed","message":"exit 1","startedAt":"2026-03-02T09:15:01Z","finishedAt":"2026-03-02T09:15:08Z"}}"#;

fn workflow(status: &str) -> String {
    format!(
        r#"{{"apiVersion":"argoproj.io/v1alpha1","kind":"Workflow","metadata":{{"name":"w"}},"spec":{{"entrypoint":"main","templates":[{{"name":"main","dag":{{"tasks":[{{"name":"a","template":"t"}}]}}}},{{"name":"t","container":{{"image":"i"}}}}]}},"status":{{"phase":"Failed",{status}}}}}"#
    )
}

#[test]
fn compressed_nodes_of_argo_are_unpacked() {
    let plain = open(&workflow(&format!(r#""nodes":{NODES}"#))).1;
    let (session, view) = open(&workflow(&format!(r#""compressedNodes":"{}""#, packed(NODES))));
    assert_eq!(view.format, "argo-run", "{}", view.explanation);
    let steps =
        |view: &crate::protocol::DocumentView| view.runs.iter().map(|run| (run.steps, run.errors)).collect::<Vec<_>>();
    assert!(steps(&view) == steps(&plain) && view.runs[0].errors > 0, "{:?}", steps(&view));
    assert!(view.diagnostics.iter().any(|said| said.code == "reshaped"));
    assert!((0..view.runs[0].steps).all(|step| session.details(0, step).is_ok()));
    // What cannot be unpacked leaves the definition.
    let broken = workflow(r#""compressedNodes":"H4sIAAAA""#);
    let (_, view) = open(&broken);
    assert!(view.format.starts_with("argo"), "{}", view.explanation);
}

#[test]
fn a_flat_execution_of_n8n_is_put_together() {
    let flat = r#"[{"startData":"1","resultData":"2"},{},{"runData":"3","lastNodeExecuted":"4"},{"Fetch":"5"},"Fetch",["6"],{"startTime":1772442904000,"executionTime":12,"executionStatus":"7","source":"8","data":"9"},"success",[],{"main":"10"},["11"],["12"],{"json":"13"},{"answer":"14","self":"13"},"forty\n2"]"#;
    let (session, view) = open(flat);
    assert_eq!(view.format, "n8n", "{}", view.explanation);
    assert_eq!((view.runs[0].steps, view.runs[0].errors), (2, 0));
    let output = session.details(0, 1).unwrap().output.unwrap();
    let text = String::from_utf8(session.bytes(0, output.place).unwrap()).unwrap();
    assert_eq!(text, r#"{"answer":"forty\n2","self":null}"#);
    // As a row of the table, in a list or alone.
    let quoted = crate::json::quoted(flat);
    let row = format!(
        r#"{{"executionId":7,"workflowData":"{{\"name\":\"W\",\"nodes\":[{{\"name\":\"Fetch\",\"type\":\"n8n-nodes-base.httpRequest\",\"typeVersion\":1,\"position\":[0,0],\"parameters\":{{}}}}],\"connections\":{{}}}}","data":{quoted}}}"#
    );
    for text in [row.clone(), format!("[{row}]"), format!("[{row},{}]", row.replace("\":7", "\":8"))] {
        let (_, view) = open(&text);
        assert_eq!(view.format, "n8n", "{}", view.explanation);
        assert_eq!((view.runs[0].steps, view.pipelines.is_empty()), (2, false));
    }
}

#[test]
fn a_flat_list_that_grows_without_end_is_left() {
    let mut items = vec![r#"{"resultData":"1"}"#.to_owned()];
    items.extend((1..40).map(|at| format!(r#"["{0}","{0}"]"#, at + 1)));
    items.push("\"end\"".to_owned());
    assert_eq!(reshaped(&format!("[{}]", items.join(","))), None);
    let circle = r#"[{"resultData":"0","a":"99"}]"#;
    assert_eq!(reshaped(circle).as_deref(), Some("{\"data\":{\"resultData\":null,\"a\":null}}\n"));
}

#[test]
fn tuples_of_langgraph_get_their_names() {
    let point = |id: &str, parent: &str, next: &str, step: i32, values: &str| {
        format!(
            r#"[{values},[{next}],{{"configurable":{{"thread_id":"t","checkpoint_ns":"","checkpoint_id":"{id}"}}}},{{"source":"loop","step":{step},"parents":{{}}}},"2026-03-02T09:15:0{}+00:00",{parent},[],[]]"#,
            step + 1
        )
    };
    let parent =
        |id: &str| format!(r#"{{"configurable":{{"thread_id":"t","checkpoint_ns":"","checkpoint_id":"{id}"}}}}"#);
    let history = format!(
        "[{},{},{}]",
        point("3", &parent("2"), "", 1, r#"{"n":2}"#),
        point("2", &parent("1"), r#""b""#, 0, r#"{"n":1}"#),
        point("1", "null", r#""a""#, -1, r#"{"n":0}"#)
    );
    let (session, view) = open(&history);
    assert_eq!(view.format, "langgraph-history", "{}", view.explanation);
    assert_eq!(view.runs[0].steps, 2);
    assert!(session.details(0, 0).unwrap().state.is_some());
    assert_eq!(open(&point("1", "null", r#""a""#, 0, "{}")).1.format, "langgraph-history");
    assert_eq!(reshaped(r#"[{"checkpoint_id":1}]"#), None);
}

const FRAME: &str = r#"{"name":{"0":"agent","1":"ask"},"span_kind":{"0":"AGENT","1":"LLM"},"parent_id":{"0":null,"1":"eee19b7ec3c1b174"},"start_time":{"0":1772442904000,"1":1772442904100},"end_time":{"0":1772442905000,"1":1772442904900},"status_code":{"0":"OK","1":"ERROR"},"context.span_id":{"0":"eee19b7ec3c1b174","1":"eee19b7ec3c1b175"},"context.trace_id":{"0":"5b8efff798038103d269b633813fc60c","1":"5b8efff798038103d269b633813fc60c"},"attributes.llm.model_name":{"0":null,"1":"m"}}"#;

#[test]
fn frames_kept_by_column_are_rows() {
    let (_, view) = open(FRAME);
    assert_eq!(view.format, "phoenix", "{}", view.explanation);
    assert_eq!((view.runs.len(), view.runs[0].steps, view.runs[0].roots, view.runs[0].errors), (1, 2, 1, 1));
    let lists = FRAME.replace("{\"0\":", "[").replace("\"1\":", "").replace("},\"", "],\"").replace("}}", "]}");
    assert_eq!(open(&lists).1.runs[0].steps, 2, "{lists}");
    let split = r#"{"columns":["name","span_kind","parent_id","start_time","context.span_id","context.trace_id"],"index":[0],"data":[["agent","AGENT",null,1772442904000,"eee19b7ec3c1b174","5b8efff798038103d269b633813fc60c"]]}"#;
    assert_eq!(open(split).1.runs[0].steps, 1);
    for other in
        [r#"{"a":{"0":1},"b":{"0":1}}"#, r#"{"a":{"0":1},"b":{"1":1},"c":{"0":1}}"#, r#"{"a":{},"b":{},"c":{}}"#, "[1]"]
    {
        assert!(rows(other.as_bytes()).is_none(), "{other}");
    }
}

#[test]
fn cut_and_odd_texts_do_no_harm() {
    for text in [FRAME, "[{\"resultData\":\"1\"},{\"a\":\"-1\",\"b\":\"4294967296\",\"c\":\"x\"}]"] {
        for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
            open_bytes(&text.as_bytes()[..end]);
        }
    }
}
