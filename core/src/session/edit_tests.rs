//! The text of a pipeline changed in an open session, as a face does it: damaged, mended, and other documents beside.

use super::Session;
use crate::protocol::{Answer, Change, DocumentView, Request, Target, TextEdit};
use crate::source::Memory;

const PIPELINE: &str = r#"{"name": "Review", "parameters": {"topic": "x"},
"steps": [{"id": "draft", "step_class": "Draft", "outputs": ["text"]}, {"id": "check", "step_class": "Check", "config": {"ui_schema": {"fields": [{"name": "ok", "type": "checkbox"}]}}}],
"flow": {"start_at": "draft", "paths": [{"from": "draft", "to": "check"}]}}
"#;

fn open(session: &mut Session, text: &str) -> u32 {
    let mut opening = session.open("a.json", Box::new(Memory(text.as_bytes().to_vec())), None);
    loop {
        if let Some(document) = session.advance(&mut opening, 1 << 20).document {
            return document;
        }
    }
}

fn rewrite(session: &mut Session, document: u32, edits: Vec<TextEdit>) -> DocumentView {
    match session.answer(Request::Rewrite { document, edits }) {
        Answer::Rewritten(rewritten) => rewritten.document,
        other => unreachable!("{other:?}"),
    }
}

fn text(session: &mut Session, document: u32) -> String {
    match session.answer(Request::DocumentText { document }) {
        Answer::Text { text } => text,
        other => unreachable!("{other:?}"),
    }
}

fn one(start: usize, end: usize, text: &str) -> Vec<TextEdit> {
    vec![TextEdit { start: start as u64, end: end as u64, text: text.to_owned() }]
}

#[test]
fn a_damaged_text_keeps_its_document_and_comes_back() {
    let mut session = Session::new();
    open(&mut session, PIPELINE);
    let document = open(&mut session, PIPELINE);
    open(&mut session, PIPELINE);
    assert_eq!(document, 1);
    let whole = PIPELINE.len();
    for damaged in ["", "   ", "{", "{\"name\": \"Review\", \"st", "\u{0}\u{1}", "hello"] {
        let len = text(&mut session, 1).len();
        let view = rewrite(&mut session, 1, one(0, len, damaged));
        assert_eq!((view.document, view.pipelines.len()), (1, 0), "{damaged:?}");
        assert!(!view.diagnostics.is_empty(), "{damaged:?}");
        assert_eq!(text(&mut session, 1), damaged);
        assert_eq!(session.documents().len(), 3);
        // The others keep theirs; the third pipeline is gone for now.
        assert!(matches!(session.answer(Request::Form { pipeline: 1, step: None }), Answer::Form(_)));
        assert!(
            matches!(session.answer(Request::Form { pipeline: 2, step: None }), Answer::Refused { message } if !message.is_empty())
        );
        for at in 0..=damaged.len() as u64 + 3 {
            let target = Target::default();
            assert!(matches!(
                session.answer(Request::Complete { document: 1, at, target }),
                Answer::Completions { .. }
            ));
            assert!(matches!(session.answer(Request::Hover { document: 1, at, target }), Answer::Hover { .. }));
        }
    }
    let len = text(&mut session, 1).len();
    let view = rewrite(&mut session, 1, one(0, len, PIPELINE));
    assert_eq!((view.document, view.pipelines.len(), view.bytes), (1, 1, whole as u64));
    assert_eq!(view.pipelines[0].pipeline, 1);
    for edits in [one(3, 2, ""), one(0, whole + 1, ""), [one(5, 6, ""), one(4, 5, "")].concat()] {
        let answer = session.answer(Request::Rewrite { document: 1, edits });
        assert!(matches!(answer, Answer::Refused { message } if message.contains("do not fit")));
    }
    assert_eq!(text(&mut session, 1), PIPELINE);
}

#[test]
fn changes_of_one_pipeline_in_a_file_of_several() {
    let file = format!("\u{feff}[{}, {}]\n", PIPELINE.trim(), PIPELINE.trim().replace("draft", "other"));
    let mut session = Session::new();
    let document = open(&mut session, &file);
    let change = Change::RenameStep { id: "other".to_owned(), to: "third".to_owned() };
    let Answer::Edits { edits } = session.answer(Request::Plan { pipeline: 1, change }) else { unreachable!("edits") };
    rewrite(&mut session, document, edits);
    assert_eq!(text(&mut session, document), file.replace("other", "third"));
    let at = file.rfind("\"start_at\": \"").unwrap() as u64 + 13;
    let answer = session.answer(Request::Complete { document, at, target: Target::default() });
    assert!(
        matches!(answer, Answer::Completions { completions } if completions.iter().any(|one| one.label == "third" && one.edit.start < at))
    );
    let form = session.answer(Request::Form { pipeline: 0, step: Some("check".to_owned()) });
    assert!(matches!(form, Answer::Form(form) if form.fields.len() == 1));
    let condition =
        session.answer(Request::ConditionForm { pipeline: 0, from: "draft".to_owned(), target: Target::default() });
    assert!(
        matches!(condition, Answer::ConditionForm(form) if form.operators.len() == 4 && form.sources[0].0 == "draft.text")
    );
}

/// A pipeline of this many steps in a chain.
fn long(steps: usize) -> String {
    let step = |at: usize| {
        format!(
            "    {{\n      \"id\": \"step_{at}\",\n      \"name\": \"step_{at}\",\n      \"step_class\": \"Step\",\n      \"module\": \"m\",\n      \"config\": {{}}\n    }}"
        )
    };
    let edge = |at: usize| {
        format!(
            "      {{\"from\": \"step_{at}\", \"to\": \"step_{}\", \"condition\": {{\"type\": \"always\"}}}}",
            at + 1
        )
    };
    let steps_text: Vec<String> = (0..steps).map(step).collect();
    let edges: Vec<String> = (0..steps - 1).map(edge).collect();
    format!(
        "{{\n  \"name\": \"Long\",\n  \"steps\": [\n{}\n  ],\n  \"flow\": {{\n    \"start_at\": \"step_0\",\n    \"paths\": [\n{}\n    ]\n  }}\n}}\n",
        steps_text.join(",\n"),
        edges.join(",\n")
    )
}

#[test]
fn a_long_pipeline_is_changed_like_a_short_one() {
    let file = long(10_000);
    let mut session = Session::new();
    let document = open(&mut session, &file);
    let at = file.find("step_5000").unwrap();
    let view = rewrite(&mut session, document, one(at, at, "x"));
    assert_eq!(view.pipelines[0].nodes, 10_000);
    let change = Change::RemoveStep { id: "step_7000".to_owned() };
    let Answer::Edits { edits } = session.answer(Request::Plan { pipeline: 0, change }) else { unreachable!("edits") };
    assert_eq!(edits.len(), 2);
    let view = rewrite(&mut session, document, edits);
    assert_eq!(view.pipelines[0].nodes, 9_999);
    let at = text(&mut session, document).find("\"start_at\": \"").unwrap() as u64 + 13;
    let Answer::Completions { completions } =
        session.answer(Request::Complete { document, at, target: Target::default() })
    else {
        unreachable!("completions")
    };
    assert_eq!(completions.len(), 200);
}

/// How long the engine takes for a character in a long pipeline: `cargo test --profile … -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn how_long_a_character_takes() {
    let file = long(10_000);
    let mut session = Session::new();
    let document = open(&mut session, &file);
    let at = file.find("step_5000").unwrap();
    #[allow(clippy::disallowed_methods)] // Tests run natively.
    let mut time = |what: &str, request: Request| {
        let mut best = std::time::Duration::MAX;
        for _ in 0..10 {
            let start = std::time::Instant::now();
            let _ = session.answer(request.clone());
            best = best.min(start.elapsed());
        }
        println!("{what}: {best:?} of {} bytes", file.len());
    };
    let id = "step_7000".to_owned();
    time("plan remove", Request::Plan { pipeline: 0, change: Change::RemoveStep { id: id.clone() } });
    time("plan rename", Request::Plan { pipeline: 0, change: Change::RenameStep { id, to: "x".to_owned() } });
    time("plan format", Request::Plan { pipeline: 0, change: Change::Format });
    time("complete", Request::Complete { document, at: at as u64, target: Target::default() });
    time("hover", Request::Hover { document, at: at as u64, target: Target::default() });
    time(
        "condition form",
        Request::ConditionForm { pipeline: 0, from: "step_9000".to_owned(), target: Target::default() },
    );
    time("rewrite", Request::Rewrite { document, edits: one(at, at, "x") });
}

#[test]
fn a_file_that_joined_stays_when_the_first_is_changed() {
    let mut session = Session::new();
    let document = open(&mut session, PIPELINE);
    let mut opening =
        session.open("b.json", Box::new(Memory(PIPELINE.replace("Review", "Other").into_bytes())), Some(document));
    while session.advance(&mut opening, 1 << 20).document.is_none() {}
    let names = |view: &DocumentView| -> Vec<String> { view.pipelines.iter().map(|one| one.name.clone()).collect() };
    assert_eq!(session.documents().iter().map(names).collect::<Vec<_>>(), [["Review", "Other"]]);
    let at = PIPELINE.find("Review").unwrap();
    let view = rewrite(&mut session, document, one(at, at + 6, "Check"));
    assert_eq!((names(&view), view.files.len()), (vec!["Check".to_owned(), "Other".to_owned()], 2));
    let request = Request::Amend { document, edits: one(at, at + 5, "Again"), target: Target::default() };
    let Answer::Amended(amended) = session.answer(request) else { unreachable!() };
    assert_eq!(names(&amended.document.unwrap()), ["Again", "Other"]);
}
