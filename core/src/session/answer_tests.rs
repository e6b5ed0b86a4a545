//! Every request, asked of a small trace as a face would.

use super::Session;
use crate::protocol::{Answer, Command, DocumentView, Part, Phase, Request, TableSort, ValueShape};
use crate::source::Memory;

const TRACE: &str = r#"{"resourceSpans":[{"resource":{"attributes":[]},"scopeSpans":[{"scope":{"name":"s"},"spans":[
{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"00f067aa0ba902b7","name":"plan","startTimeUnixNano":"1000","endTimeUnixNano":"9000","attributes":[{"key":"note","value":{"stringValue":"{\"city\": \"Berlin\"}"}}]},
{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"00f067aa0ba902b8","parentSpanId":"00f067aa0ba902b7","name":"search","startTimeUnixNano":"2000","endTimeUnixNano":"3000","status":{"code":2,"message":"no such city"}}
]}]}]}"#;

fn session(text: &str) -> Session {
    let mut session = Session::new();
    let mut opening = session.open("trace.json", Box::new(Memory(text.as_bytes().to_vec())), None);
    for _ in 0..1_000 {
        if session.advance(&mut opening, 1 << 20).document.is_some() {
            break;
        }
    }
    session
}

fn refused(answer: &Answer) -> bool {
    matches!(answer, Answer::Refused { message } if !message.is_empty())
}

#[test]
fn walks_a_run() {
    let mut session = session(TRACE);
    let Answer::Documents { documents } = session.answer(Request::Documents { runs: None }) else {
        unreachable!("not documents")
    };
    assert_eq!(documents[0].runs.len(), 1);
    let Answer::Rows(rows) = session.answer(Request::Rows { run: 0, from: 0, count: 10 }) else { unreachable!("rows") };
    assert_eq!(rows.rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["plan", "search"]);
    let Answer::Cursor(cursor) = session.answer(Request::Move { run: 0, command: Command::NextError }) else {
        unreachable!("cursor")
    };
    assert_eq!((cursor.step, cursor.moment, cursor.row), (1, 2, Some(1)));
    session.answer(Request::SetOpen { run: 0, step: Some(0), open: false, deep: false });
    let Answer::Cursor(cursor) = session.answer(Request::Where { run: 0 }) else { unreachable!("cursor") };
    assert_eq!((cursor.moment, cursor.row), (2, None));
    assert_eq!(session.answer(Request::Reveal { run: 0, step: 1 }), Answer::Row { row: 1 });
    let table = Request::Table { run: 0, sort: TableSort::Own, descending: true, from: 0, count: 9 };
    assert!(matches!(session.answer(table), Answer::Table(view) if view.rows[0].row.name == "plan"));
    let overview = session.answer(Request::Overview { run: 0, buckets: 8 });
    assert!(matches!(overview, Answer::Overview(view) if view.errors == [2] && view.time.len() == 8));
}

/// Traces of one span each, `NUMBER` in all.
fn traces(number: u64) -> String {
    let span = |at: u64| {
        format!(
            r#"{{"traceId":"{at:032x}","spanId":"{at:016x}","name":"call {at}","startTimeUnixNano":"{at}","endTimeUnixNano":"9000"}}"#
        )
    };
    let spans: Vec<_> = (1..=number).map(span).collect();
    format!(r#"{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{}]}}]}}]}}"#, spans.join(","))
}

#[test]
fn runs_come_in_pieces_where_fewer_are_asked_for() {
    let mut session = session(&traces(2));
    let mut opening = session.open("second.json", Box::new(Memory(traces(5).into_bytes())), None);
    while session.advance(&mut opening, 4096).document.is_none() {}
    let mut documents = |runs| match session.answer(Request::Documents { runs }) {
        Answer::Documents { documents } => documents,
        other => unreachable!("{other:?}"),
    };
    let (whole, cut) = (documents(None), documents(Some(2)));
    let counts = |of: &[DocumentView]| of.iter().map(|one| (one.runs.len(), one.more_runs)).collect::<Vec<_>>();
    assert_eq!(counts(&whole), [(2, 0), (5, 0)]);
    assert_eq!(counts(&cut), [(2, 0), (2, 3)]);
    let mut runs = |from, count| match session.answer(Request::Runs { document: 1, from, count }) {
        Answer::Runs { runs } => runs,
        other => unreachable!("{other:?}"),
    };
    let pieces = [cut[1].runs.clone(), runs(2, 2), runs(4, 2)].concat();
    assert_eq!(pieces, whole[1].runs);
    assert_eq!(runs(5, u32::MAX), []);
    assert_eq!(runs(u32::MAX, u32::MAX), []);
    assert!(refused(&session.answer(Request::Runs { document: 2, from: 0, count: 1 })));
}

#[test]
fn goes_to_a_step_that_is_named() {
    let again = TRACE.replace("\n]}]}]}", r#",
{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"00f067aa0ba902b9","parentSpanId":"00f067aa0ba902b7","name":"search","startTimeUnixNano":"4000","endTimeUnixNano":"5000"},
{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"00f067aa0ba902ba","parentSpanId":"00f067aa0ba902b7","name":"no#1","startTimeUnixNano":"6000","endTimeUnixNano":"7000"}
]}]}]}"#);
    let mut session = session(&again);
    let mut go = |step: &str, phase| match session.answer(Request::GoTo { run: 0, step: step.to_owned(), phase }) {
        Answer::Cursor(cursor) => Ok((cursor.step, cursor.phase)),
        Answer::Refused { message } => Err(message),
        other => Err(format!("{other:?}")),
    };
    for (text, step) in
        [("plan", 0), ("search", 1), ("search#1", 1), ("search#2", 2), ("no#1", 3), ("00f067aa0ba902b9", 2)]
    {
        assert_eq!(go(text, Phase::Exit), Ok((step, Phase::Exit)), "{text}");
    }
    assert_eq!(go("search", Phase::Enter), Ok((1, Phase::Enter)));
    for text in ["", "Search", "search#0", "search#3", "search#", "#2"] {
        let message = go(text, Phase::Exit).expect_err(text);
        assert_eq!(message, format!("There is no step “{text}” in this run. Its steps are plan, search, no#1."));
    }
}

#[test]
fn opens_values_and_gives_them_back() {
    let mut session = session(TRACE);
    let Answer::Step(step) = session.answer(Request::Step { run: 0, step: 0 }) else { unreachable!("step") };
    assert_eq!((step.name.as_str(), step.visit, step.attributes), ("plan", (1, 1), 1));
    let part = Part::Attributes { run: 0, step: 0 };
    let Answer::Value(info) = session.answer(Request::Open { part, as_text: false }) else { unreachable!("value") };
    assert_eq!((info.shape, info.json, info.rows), (ValueShape::Json, true, 3));
    assert_eq!(info.place.map(|place| place.2), Some(2));
    let Answer::ValueRows(rows) = session.answer(Request::ValueRows { value: info.value, from: 1, count: 1 }) else {
        unreachable!("rows")
    };
    assert!(rows.nodes[0].json);
    let node = rows.nodes[0].node;
    let Answer::Value(decoded) = session.answer(Request::ValueDecode { value: info.value, node }) else {
        unreachable!("value")
    };
    assert_eq!(decoded.rows, 5);
    assert_eq!(
        session.answer(Request::ValueText { value: info.value, node: Some(node) }),
        Answer::Text { text: r#"{"city": "Berlin"}"#.to_owned() }
    );
    let path = r"$.note → $.city".to_owned();
    assert_eq!(session.answer(Request::ValueReveal { value: info.value, path }), Answer::Row { row: 2 });
    let own = session.answer(Request::ValueOpen { value: info.value, node, as_text: false });
    assert!(matches!(own, Answer::Value(own) if own.value != info.value && own.rows == 3 && own.json));
    assert_eq!(session.answer(Request::ValueClose { value: info.value }), Answer::Done);
    assert!(refused(&session.answer(Request::ValueRows { value: info.value, from: 0, count: 1 })));
    let raw = session.answer(Request::Open { part: Part::Raw { run: 0, step: 1 }, as_text: true });
    assert!(matches!(raw, Answer::Value(info) if info.text.as_ref().is_some_and(|text| text.contains("no such city"))));
    let lines = session.answer(Request::Source { document: 0, file: 0, at: 400, around: 1 });
    assert!(matches!(lines, Answer::Source(view) if view.line > 1 && view.file == "trace.json"));
}

#[test]
fn draws_and_searches() {
    let mut session = session(TRACE);
    let flow = session.answer(Request::Flow { run: 0, fold: true, toggled: Vec::new() });
    assert!(matches!(flow, Answer::Flow(view) if !view.nodes.is_empty()));
    assert!(matches!(session.answer(Request::Where { run: 0 }), Answer::Cursor(cursor) if cursor.node.is_some()));
    let find = |text: &str| Request::Search { text: text.to_owned(), from: None, limit: 10 };
    let Answer::Search(page) = session.answer(find("berlin")) else { unreachable!("search") };
    let told: Vec<_> = page.hits.iter().map(|hit| (hit.step, hit.where_.as_str(), hit.path.as_str())).collect();
    assert_eq!((told, page.next), (vec![(0, "attributes", "$.note → $.city")], None));
    assert!(matches!(session.answer(find("such city")), Answer::Search(page) if page.hits[0].where_ == "error"));
    assert!(refused(&session.answer(find(""))));
}

#[test]
fn what_is_not_there_is_refused() {
    let mut session = session(TRACE);
    let requests = [
        Request::Rows { run: 7, from: 0, count: 1 },
        Request::Step { run: 0, step: 99 },
        Request::Reveal { run: 0, step: 99 },
        Request::Node { pipeline: 0, node: 0 },
        Request::Open { part: Part::Input { run: 0, step: 99 }, as_text: false },
        Request::Open { part: Part::State { run: 0, step: 0 }, as_text: false },
        Request::ValueText { value: 5, node: None },
        Request::Source { document: 3, file: 0, at: 0, around: 0 },
        Request::Source { document: 0, file: 9, at: 0, around: 0 },
    ];
    for request in requests {
        assert!(refused(&session.answer(request.clone())), "{request:?}");
    }
    assert_eq!(session.answer(Request::Close { document: 0 }), Answer::Done);
    assert!(refused(&session.answer(Request::Where { run: 0 })));
}
