//! Open documents read anew, in slices: as what, with which files, and what stays when somebody stops.

use crate::import::dump::dump_of;
use crate::import::mapped::{Mapping, Role};
use crate::import::testing::{gathered, open, open_bytes, read_anew};
use crate::protocol::{Answer, Request, TextEdit};
use crate::session::{Opening, Session};
use crate::source::Memory;

const LOG: &str = "{\"step\":\"s-1\",\"what\":\"plan\"}\n{\"step\":\"s-2\",\"what\":\"look up\",\"from\":\"s-1\"}\n{\"step\":\"s-3\"}\n";
const SPAN: &str = r#"{"name":"a","context":{"trace_id":"0x0af7651916cd43dd8448eb211c80319c","span_id":"0xb7ad6b7169203331"},"parent_id":null,"start_time":"2026-11-21T03:15:42Z","end_time":"2026-11-21T03:15:43Z","status":{"status_code":"OK"},"attributes":{}}"#;
const POST: &str = r#"{"post":[{"id":"0a1b2c3d-0000-4000-8000-000000000001","trace_id":"0a1b2c3d-0000-4000-8000-000000000001","dotted_order":"20260302T091500000000Z0a1b2c3d-0000-4000-8000-000000000001","name":"agent","run_type":"chain","start_time":"2026-03-02T09:15:00","inputs":{"q":"hi"}}]}"#;
const PATCH: &str = r#"{"patch":[{"id":"0a1b2c3d-0000-4000-8000-000000000001","trace_id":"0a1b2c3d-0000-4000-8000-000000000001","dotted_order":"20260302T091500000000Z0a1b2c3d-0000-4000-8000-000000000001","end_time":"2026-03-02T09:15:02","outputs":{"a":"ho"}}]}"#;

fn mapping() -> Mapping {
    let fields = [(Role::Id, "step"), (Role::Parent, "from"), (Role::Name, "what")];
    let fields = fields.into_iter().map(|(role, path)| (role, path.to_owned())).collect();
    Mapping { name: "log".to_owned(), fields, ..Mapping::default() }
}

/// All that is open, with what the steps hold.
fn dumped(session: &Session) -> String {
    let told = |view| format!("{view:?}\n{}", dump_of(session, &view));
    session.documents().into_iter().map(told).collect()
}

fn whole(session: &mut Session, mut opening: Opening, budget: u64) {
    while session.advance(&mut opening, budget).document.is_none() {}
}

#[test]
fn each_fixture_is_by_its_content_what_it_was() {
    for text in crate::import::damage_tests::fixtures() {
        let (mut session, view) = open(text);
        let before = dumped(&session);
        let again = read_anew(&mut session, 0, None, None);
        if view.format.is_empty() {
            // Of a table that was turned into JSON the reason is now that of the JSON.
            assert_eq!((again.format, again.diagnostics.len()), (view.format, view.diagnostics.len()));
        } else {
            assert_eq!(dumped(&session), before);
        }
    }
}

#[test]
fn in_slices_and_at_once_as_it_would_be_opened() {
    for budget in [1, 64, u64::MAX] {
        let mut session = Session::new();
        let opening = session.open_as("unknown", Box::new(Memory(LOG.into())), None, "jaeger-json").unwrap();
        whole(&mut session, opening, u64::MAX);
        let as_jaeger = dumped(&session);
        let mut session = Session::new();
        let opening = session.open_mapped("unknown", Box::new(Memory(LOG.into())), mapping());
        whole(&mut session, opening, u64::MAX);
        let by_mapping = dumped(&session);
        assert!(by_mapping.contains("look up"));

        let (mut session, _) = open(LOG);
        let by_content = dumped(&session);
        let opening = session.read_as(0, Some("jaeger-json"), None).unwrap();
        whole(&mut session, opening, budget);
        assert_eq!(dumped(&session), as_jaeger);
        let opening = session.read_as(0, None, Some(mapping())).unwrap();
        whole(&mut session, opening, budget);
        assert_eq!(dumped(&session), by_mapping);
        let opening = session.read_as(0, None, None).unwrap();
        whole(&mut session, opening, budget);
        assert_eq!(dumped(&session), by_content);
    }
}

#[test]
fn several_files_of_one_document_stay_one() {
    let mut session = gathered(&[POST, PATCH]);
    let before = dumped(&session);
    assert_eq!((session.documents().len(), session.documents()[0].files.len()), (1, 2));
    for budget in [1, 64, u64::MAX] {
        let opening = session.read_as(0, None, None).unwrap();
        whole(&mut session, opening, budget);
        assert_eq!(dumped(&session), before);
    }
    // What is said is said of the first file: the other one is what it was.
    let mut slices = Vec::new();
    let mut opening = session.read_as(0, Some("jaeger-json"), None).unwrap();
    loop {
        let progress = session.advance(&mut opening, 64);
        assert!(progress.read <= progress.bytes);
        slices.push(progress.bytes);
        if progress.document.is_some() {
            break;
        }
    }
    assert!(slices.contains(&(POST.len() as u64)) && slices.contains(&(PATCH.len() as u64)));
    let view = session.documents().swap_remove(0);
    assert_eq!((view.format.as_str(), view.files.len(), view.runs.len()), ("jaeger-json", 2, 1));
    assert!(session.details(0, 0).unwrap().output.is_some());
    let opening = session.read_as(0, None, None).unwrap();
    whole(&mut session, opening, 64);
    assert_eq!(dumped(&session), before);
}

#[test]
fn a_file_in_which_nothing_is_found_stays_with_the_others() {
    let mut session = Session::new();
    let opening = session.open_mapped("log", Box::new(Memory(LOG.into())), mapping());
    whole(&mut session, opening, 64);
    let opening = session.open("span", Box::new(Memory(SPAN.into())), Some(0));
    whole(&mut session, opening, 64);
    let both = dumped(&session);
    let opening = session.read_as(0, None, None).unwrap();
    whole(&mut session, opening, 64);
    let documents = session.documents();
    assert_eq!((documents.len(), documents[0].files.len(), documents[0].runs.len()), (1, 2, 1));
    assert!(documents[0].diagnostics.iter().any(|said| said.code == "not-recognised" && said.file == 0));
    assert!(session.details(0, 0).is_ok());
    let opening = session.read_as(0, None, Some(mapping())).unwrap();
    whole(&mut session, opening, 64);
    assert_eq!(dumped(&session), both);
}

#[test]
fn whoever_stops_has_changed_nothing() {
    for texts in [&[LOG][..], &[SPAN], &[POST, PATCH]] {
        let mut session = gathered(texts);
        let own = session.open("other", Box::new(Memory(SPAN.replace("0af7", "0bf7").into())), None);
        whole(&mut session, own, 64);
        let before = dumped(&session);
        for slices in 0.. {
            let mapping = (slices % 2 == 0).then(mapping);
            let mut opening = session.read_as(0, Some("jaeger-json"), mapping).unwrap();
            let done = (0..slices).any(|_| session.advance(&mut opening, 16).document.is_some());
            if done {
                assert!(slices > 3, "{slices}");
                break;
            }
            drop(opening);
            assert_eq!(dumped(&session), before, "after {slices} slices");
        }
        assert_ne!(dumped(&session), before);
    }
}

#[test]
fn what_is_closed_or_changed_meanwhile_stays_so() {
    let pipeline = r#"{"name":"p","steps":[{"id":"a","name":"a","step_class":"A","module":"m"}],"flow":{"start_at":"a","paths":[]}}"#;
    let (mut session, _) = open(pipeline);
    let mut opening = session.read_as(0, Some("jaeger-json"), None).unwrap();
    session.advance(&mut opening, 16);
    let at = pipeline.find("\"p\"").unwrap() as u64;
    let edits = vec![TextEdit { start: at, end: at + 3, text: "\"renamed\"".to_owned() }];
    assert!(matches!(session.answer(Request::Rewrite { document: 0, edits }), Answer::Rewritten(_)));
    whole(&mut session, opening, 16);
    let view = session.documents().swap_remove(0);
    assert_eq!((view.format.as_str(), view.pipelines[0].name.as_str()), ("ia-modules-pipeline", "renamed"));

    let mut opening = session.read_as(0, None, None).unwrap();
    session.advance(&mut opening, 16);
    session.close(0);
    whole(&mut session, opening, 16);
    assert!(session.documents().is_empty());
    assert!(session.read_as(0, None, None).is_err() && session.read_as(7, None, None).is_err());
    let (mut session, _) = open(LOG);
    assert!(session.read_as(0, Some("nonsense"), None).is_err());
}

#[test]
fn what_was_done_to_get_at_a_text_is_said_once() {
    let marked = format!("\u{feff}{LOG}");
    let wide: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, code) in [(marked.into_bytes(), "byte-order-mark"), (wide, "utf-16")] {
        let (mut session, _) = open_bytes(&bytes);
        for mapping in [Some(mapping()), None, Some(mapping())] {
            read_anew(&mut session, 0, None, mapping);
            let said = session.documents().swap_remove(0).diagnostics;
            assert_eq!(said.iter().filter(|said| said.code == code).count(), 1, "{said:?}");
        }
    }
}
