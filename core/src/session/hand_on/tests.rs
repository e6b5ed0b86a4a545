//! Exports and scans through the session, as faces ask for them.

use crate::import::testing::open;
use crate::protocol::{Answer, ExportFormat, ExportView, Exported, Redaction, Request};
use crate::session::Session;

/// Asks until all is there: the whole text, and the last answer.
pub(crate) fn export(session: &mut Session, what: &Exported, redact: Option<&Redaction>) -> (String, ExportView) {
    let (mut text, mut from) = (String::new(), None);
    loop {
        let ask = Request::Export { what: Box::new(what.clone()), redact: redact.cloned(), from };
        match session.answer(ask) {
            Answer::Export(view) => {
                text.push_str(&view.text);
                match view.next {
                    Some(next) => from = Some(next),
                    None => return (text, *view),
                }
            }
            other => panic!("{other:?}"),
        }
    }
}

pub(crate) fn of_run(to: ExportFormat) -> Exported {
    Exported { to, runs: vec![0], fold: true, ..Exported::default() }
}

const OWN: &str = r#"{"chaindebug":1,"run":{"id":"q","name":"Answer ana@acme.org","attributes":{"host":"box","path":"/home/mvogt/x"}}}
{"type":"step","id":"1","name":"agent","kind":"agent","start":"2026-01-01T00:00:00Z","end":"2026-01-01T00:00:02Z","status":"error","error":{"type":"E","message":"for ana@acme.org","stack":"at /home/mvogt/a.py"}}
{"type":"step","id":"2","parent":"1","name":"call","kind":"llm","start":"2026-01-01T00:00:00Z","end":"2026-01-01T00:00:01Z","status":"ok","model":"m","usage":{"input_tokens":5,"output_tokens":2},"input":{"to":"ANA@acme.org","note":"{\"api_key\":\"zq81Kx0pLmA7\"}"},"output":"mvogt used zq81Kx0pLmA7"}
"#;

#[test]
fn a_run_is_redacted_and_still_the_same_run() {
    let (mut session, _) = open(OWN);
    let (text, view) = export(&mut session, &of_run(ExportFormat::Jsonl), Some(&Redaction::default()));
    for gone in ["ana@acme", "ANA@acme", "mvogt", "zq81Kx0pLmA7"] {
        assert!(!text.contains(gone), "{gone} in {text}");
    }
    let report = view.report.unwrap();
    assert!(report.clean, "{report:?}");
    assert_eq!(view.file, "redacted.chaindebug.jsonl");
    assert!(text.contains("email-1@redacted.invalid") && !text.contains("email-2"), "{text}");
    assert!(text.contains("user-1 used [secret-1]"), "{text}");
    let (_, again) = open(&text);
    assert_eq!((again.runs[0].steps, again.runs[0].errors), (2, 1));
}

#[test]
fn every_format_is_written_with_and_without_redaction() {
    let (mut session, _) = open(OWN);
    for (to, begins) in [
        (ExportFormat::Jsonl, "{\"chaindebug\":1"),
        (ExportFormat::Otlp, "{\"resourceSpans\":[{"),
        (ExportFormat::Csv, "step,id,name"),
        (ExportFormat::Svg, "<svg"),
        (ExportFormat::Mermaid, "flowchart TD\n"),
        (ExportFormat::Dot, "digraph run {"),
    ] {
        for redact in [None, Some(Redaction::default())] {
            let (text, view) = export(&mut session, &of_run(to), redact.as_ref());
            assert!(text.starts_with(begins), "{to:?}: {text}");
            assert_eq!((view.progress, view.report.is_some()), (1.0, redact.is_some()));
            assert!(redact.is_none() || !text.contains("acme"), "{text}");
        }
    }
    let two = Exported { to: ExportFormat::Markdown, runs: vec![0, 0], ..Exported::default() };
    let (text, _) = export(&mut session, &two, Some(&Redaction::default()));
    assert!(text.starts_with("### "), "{text}");
    assert!(!text.contains("acme"), "{text}");
    let whole = Exported { to: ExportFormat::Text, document: Some(0), ..Exported::default() };
    let (text, _) = export(&mut session, &whole, None);
    assert_eq!(text, OWN);
    let (text, view) = export(&mut session, &whole, Some(&Redaction::default()));
    assert!(!text.contains("mvogt") && view.report.unwrap().clean, "{text}");
}

#[test]
fn a_text_of_no_document_gets_the_stand_ins_of_the_document_it_leaves_with() {
    let (mut session, _) = open(OWN);
    let given = r#"{"to":"ana@acme.org","copy":"leo@acme.org"}"#.to_owned();
    let texts = vec![given.clone()];
    let scan = Request::Scan { runs: vec![], documents: vec![0], texts, patterns: vec![], from: None };
    let Answer::Scan(view) = session.answer(scan) else { panic!() };
    assert_eq!(view.kinds.iter().find(|kind| kind.kind == "email").map(|kind| kind.finds), Some(2));
    let whole = Exported { to: ExportFormat::Text, document: Some(0), ..Exported::default() };
    let (document, _) = export(&mut session, &whole, Some(&Redaction::default()));
    let own = Exported { to: ExportFormat::Text, text: Some(given.clone()), ..Exported::default() };
    assert_eq!(export(&mut session, &own, None).0, given);
    let (text, view) = export(&mut session, &own, Some(&Redaction::default()));
    assert!(!text.contains("acme") && view.report.unwrap().clean, "{text}");
    let stands_for_ana = text.split('"').nth(3).unwrap();
    assert!(stands_for_ana.contains('@') && document.contains(stands_for_ana), "{text} beside {document}");
    let both = Exported { document: Some(0), ..own };
    let refused = session.answer(Request::Export { what: Box::new(both), redact: None, from: None });
    assert!(matches!(refused, Answer::Refused { .. }), "{refused:?}");
}

#[test]
fn a_scan_is_looked_at_and_what_is_to_stay_stays() {
    let (mut session, _) = open(OWN);
    let scan = Request::Scan { runs: vec![0], documents: vec![], texts: vec![], patterns: vec![], from: None };
    let Answer::Scan(view) = session.answer(scan) else { panic!() };
    assert_eq!((view.next, view.progress), (None, 1.0));
    let kinds: Vec<_> = view.kinds.iter().map(|kind| (kind.kind.as_str(), kind.finds, kind.places)).collect();
    assert_eq!(kinds, [("password", 1, 2), ("email", 1, 3), ("user-name", 1, 3)]);
    let Answer::Finds(finds) = session.answer(Request::Finds { kind: Some("email".into()), from: 0, count: 9 }) else {
        panic!()
    };
    assert_eq!((finds.total, finds.finds[0].original.as_str()), (1, "ana@acme.org"));
    let paths: Vec<_> = finds.finds[0].places.iter().map(|p| (p.step, p.part.as_str(), p.path.as_str())).collect();
    assert_eq!(paths, [(None, "name", ""), (Some(0), "error", ""), (Some(1), "input", "$.to")]);
    let names: Vec<_> = finds.finds[0].places.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["", "agent", "call"]);
    let keep = Redaction { keep: vec![finds.finds[0].find], off: vec!["user-name".into()], ..Redaction::default() };
    let (text, view) = export(&mut session, &of_run(ExportFormat::Jsonl), Some(&keep));
    assert!(text.contains("ANA@acme.org") && text.contains("mvogt") && !text.contains("zq81"), "{text}");
    assert!(view.report.unwrap().clean);
}
