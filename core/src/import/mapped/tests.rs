//! Unknown files read by mappings, and the guesses made of them.

use super::*;
use crate::import::Probe;
use crate::import::dump::dump_of;
use crate::import::testing::read_anew;
use crate::model::{Kind, Nanos, Status};
use crate::protocol::{Answer, DocumentView, MappingView, Request};
use crate::session::Session;
use crate::source::Memory;
use proptest::prelude::*;

/// A job queue's log: one object a line, ids as texts, times in milliseconds, usage in an object.
const QUEUE: &str = include_str!("fixtures/queue.jsonl");
/// One object with settings and two lists of tasks, nested in each other, with dotted keys and ISO times.
const NESTED: &str = include_str!("fixtures/nested.json");
/// Several runs in one file, each with its steps.
const RUNS: &str = include_str!("fixtures/runs.json");

fn guessed(text: &str) -> Guess {
    guess(&Survey::of(&Probe::new(text.as_bytes(), true), None))
}

fn told(guess: &Guess) -> String {
    let fields: Vec<String> =
        guess.mapping.fields.iter().map(|(role, path)| format!("{}={path}", role.word())).collect();
    let Mapping { records, times, durations, .. } = &guess.mapping;
    format!("[{records}] {} times {times:?} durations {durations:?}", fields.join(" "))
}

fn opened(text: &str, mapping: Mapping) -> (Session, DocumentView) {
    let mut session = Session::new();
    let mut opening = session.open_mapped("unknown", Box::new(Memory(text.into())), mapping);
    while session.advance(&mut opening, 64).document.is_none() {}
    let view = session.documents().swap_remove(0);
    (session, view)
}

fn mapping(records: &str, fields: &[(Role, &str)]) -> Mapping {
    let fields = fields.iter().map(|(role, path)| (*role, (*path).to_owned())).collect();
    Mapping { records: records.to_owned(), fields, ..Mapping::default() }
}

#[test]
fn a_queue_is_guessed_and_read() {
    let guess = guessed(QUEUE);
    assert_eq!(
        told(&guess),
        "[] id=job_id parent=enqueued_by run=batch name=task kind=type status=state start=ts_start end=ts_end \
         input=args output=result error=error model=meta.model usage=meta.usage times Ms durations Iso"
    );
    let parent = guess.reasons.iter().find(|(role, _)| *role == Role::Parent).map(|(_, why)| why.as_str());
    assert_eq!(parent, Some("its values are values of `job_id` in other records"));
    let (session, view) = opened(QUEUE, Mapping { name: "queue log".into(), ..guess.mapping });
    insta::assert_snapshot!(dump_of(&session, &view));
}

#[test]
fn records_within_records_are_steps_within_steps() {
    let guess = guessed(NESTED);
    assert_eq!(
        told(&guess),
        "[report.tasks] id=key children=subtasks name=title status=state.code start=at duration=took_ms times Iso durations Ms"
    );
    let (session, view) = opened(NESTED, guess.mapping);
    insta::assert_snapshot!(dump_of(&session, &view));
}

#[test]
fn each_star_is_a_run() {
    let guess = guessed(RUNS);
    assert_eq!(guess.mapping.records, "runs.*.events");
    let (_, view) = opened(RUNS, guess.mapping.clone());
    assert_eq!(view.runs.iter().map(|run| run.id.as_str()).collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!(view.runs.iter().map(|run| run.steps).collect::<Vec<_>>(), [2, 3]);
    // Without the star they are one run.
    let (_, view) = opened(RUNS, Mapping { records: "runs.events".into(), ..guess.mapping });
    assert_eq!(view.runs.iter().map(|run| run.steps).collect::<Vec<_>>(), [5]);
}

#[test]
fn a_table_by_id_and_keys_with_dots_are_ways_to_records() {
    let text = r#"{"the.jobs":{"a":{"n":"one"},"b":{"n":"two"},"c":7},"n":"outside"}"#;
    let (session, view) = opened(text, mapping("the.jobs.*", &[(Role::Name, "n")]));
    assert_eq!(view.runs.iter().map(|run| (run.name.as_str(), run.steps)).collect::<Vec<_>>(), [("records", 2)]);
    let opened = session.opened[0].as_ref().unwrap();
    let steps = &opened.document.runs[0].steps;
    assert_eq!(steps.name.iter().map(|&name| opened.document.names.get(name)).collect::<Vec<_>>(), ["one", "two"]);
}

#[test]
fn what_a_mapping_does_not_find_is_said() {
    let text = r#"{"id":1,"when":"soon"}
{"id":2,"when":"2026-11-21T00:00:00Z"}"#;
    let (_, view) = opened(text, mapping("", &[(Role::Id, "id"), (Role::Start, "when"), (Role::Name, "label")]));
    let told: Vec<(&str, &str)> =
        view.diagnostics.iter().map(|one| (one.code.as_str(), one.message.as_str())).collect();
    assert_eq!(
        told,
        [
            ("mapping-nothing-there", "The mapping takes the name from `label`, and no record has that."),
            (
                "mapping-odd-value",
                "1 value of `when` could not be read as the start; they are kept with the step, and nothing is made of them."
            ),
        ]
    );
    let (_, view) = opened(text, mapping("rows", &[(Role::Id, "id")]));
    assert_eq!(view.diagnostics.iter().map(|one| one.code.as_str()).collect::<Vec<_>>(), ["no-steps"]);
}

#[test]
fn starts_ends_and_lengths_make_up_for_each_other() {
    let text = r#"[{"e":1700000010,"d":"4s"},{"s":1700000000,"d":2.5},{"s":1700000000,"e":1700000001,"d":99}]"#;
    let mut mapping = mapping("", &[(Role::Start, "s"), (Role::End, "e"), (Role::Duration, "d")]);
    (mapping.times, mapping.durations) = (TimeUnit::S, TimeUnit::S);
    let (session, _) = opened(text, mapping);
    let steps = &session.opened[0].as_ref().unwrap().document.runs[0].steps;
    let lengths: Vec<Option<Nanos>> = (0..3).map(|step| steps.duration(step)).collect();
    // In the order of their starts.
    assert_eq!(lengths, [2500, 1000, 4000].map(|ms| Some(Nanos(ms * 1_000_000))));
}

#[test]
fn errors_and_models_say_what_a_step_is() {
    let text = r#"[{"m":"gpt-x","e":null},{"m":"","e":"boom"},{"e":false},{"e":{"code":"E7","why":"no"}}]"#;
    let (session, _) = opened(text, mapping("", &[(Role::Model, "m"), (Role::Error, "e")]));
    let steps = &session.opened[0].as_ref().unwrap().document.runs[0].steps;
    assert_eq!(steps.status, [Status::Unset, Status::Error, Status::Unset, Status::Error]);
    assert_eq!(steps.kind, [Kind::Llm, Kind::Other, Kind::Other, Kind::Other]);
    let error = session.details(0, 3).unwrap().error.unwrap();
    assert_eq!(error.kind, "E7");
}

fn ask(session: &mut Session, mapping: Option<Mapping>, saved: Vec<Mapping>) -> Box<MappingView> {
    match session.answer(Request::Mapping { document: 0, mapping, saved }) {
        Answer::Mapping(view) => view,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_refused_file_shows_what_a_mapping_would_make_of_it_and_is_read_by_it() {
    let (mut session, view) = crate::import::testing::open(QUEUE);
    assert_eq!(view.format, "");
    let guess = ask(&mut session, None, Vec::new());
    assert_eq!((guess.runs, guess.steps, guess.whole, guess.looked), (2, 7, true, 7));
    assert_eq!(
        guess.rows.iter().take(3).map(|row| (row.depth, row.name.as_str())).collect::<Vec<_>>(),
        [(0, "answer ticket"), (1, "find orders"), (1, "draft reply"),]
    );
    assert!(guess.fields.iter().any(|field| field.path == "meta.model" && field.samples == ["claude-x-1"]));
    // A mapping without fields says where the records are, and is guessed.
    let bare = Mapping { name: "mine".into(), ..Mapping::default() };
    assert_eq!(
        ask(&mut session, Some(bare), Vec::new()).mapping,
        Mapping { name: "mine".into(), ..guess.mapping.clone() }
    );
    // A mapping that asks for what is not there does not fit.
    let other = Mapping { fields: [(Role::Name, "nothing".to_owned())].into(), ..guess.mapping.clone() };
    let tried = ask(&mut session, Some(other.clone()), vec![other.clone(), guess.mapping.clone()]);
    assert_eq!((tried.fits, tried.steps), (vec![1], 7));
    let mapped = read_anew(&mut session, 0, None, Some(guess.mapping));
    assert_eq!((mapped.format.as_str(), mapped.runs.len()), (ID, 2));
    assert!(mapped.explanation.starts_with("Read as JSON by a mapping, because that was asked for: id from `job_id`"));
    let forced = read_anew(&mut session, 0, Some("jaeger-json"), None);
    assert!(forced.explanation.contains("nothing in its content says so"), "{}", forced.explanation);
    assert_eq!(forced.format, "jaeger-json");
    let Answer::Verdict(verdict) = session.answer(Request::Verdict { document: 0 }) else { panic!() };
    assert!(verdict.asked && verdict.mappable && verdict.formats.iter().all(|format| format.because.is_empty()));
    assert_eq!(read_anew(&mut session, 0, None, None).format, "");
}

#[test]
fn a_mapping_is_kept_as_json() {
    let mapping =
        Mapping { name: "queue log".into(), times: TimeUnit::Ms, ..mapping("a.b", &[(Role::InputTokens, "x.y")]) };
    let json = serde_json::to_string(&mapping).unwrap();
    assert_eq!(
        json,
        r#"{"name":"queue log","records":"a.b","fields":{"input_tokens":"x.y"},"times":"ms","durations":"iso"}"#
    );
    assert_eq!(Mapping::from_json(&json), Ok(mapping));
    assert!(Mapping::from_json(r#"{"fields":{}}"#).is_err_and(|why| why.contains("names no field")));
    assert!(Mapping::from_json(r#"{"fields":{"colour":"x"}}"#).is_err_and(|why| why.contains("colour")));
    assert_eq!(
        Role::ALL.map(|role| serde_json::to_string(&role).unwrap()),
        Role::ALL.map(|role| format!("\"{}\"", role.word()))
    );
}

#[test]
fn records_that_stand_deep_in_each_other_end_somewhere() {
    let depth = 20_000;
    let text = format!("{}{}", r#"{"id":1,"name":"n","children":["#.repeat(depth), "]}".repeat(depth));
    let (_, view) = opened(&text, mapping("", &[(Role::Name, "name"), (Role::Children, "children")]));
    assert_eq!(view.runs[0].steps, 101);
    assert!(view.diagnostics.iter().any(|one| one.code == "mapping-too-deep"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_mapping_reads_any_text(
        text in "[\\[\\{]{0,2}(\"[abs.]\":(\\{\"b\":[0-9]{1,3}\\}|\\[\\{\"a\":null\\}\\]|\"x\"|-1e9),?){0,6}[\\]\\}\n]{0,3}",
        records in "[ab.*]{0,5}",
        paths in proptest::collection::vec("[ab.0s]{1,4}", 18),
    ) {
        let fields = Role::ALL.into_iter().zip(paths).collect();
        let mapping = Mapping { records, fields, ..Mapping::default() };
        let (mut session, _) = opened(&text, mapping.clone());
        let _ = session.answer(Request::Mapping { document: 0, mapping: Some(mapping), saved: Vec::new() });
        let _ = session.answer(Request::Mapping { document: 0, mapping: None, saved: Vec::new() });
    }

    #[test]
    fn a_cut_file_reads_as_far_as_it_goes(end in 0..QUEUE.len()) {
        let text = String::from_utf8_lossy(&QUEUE.as_bytes()[..end]).into_owned();
        let (_, view) = opened(&text, guessed(QUEUE).mapping);
        let lines = text.matches('\n').count() as u32;
        let steps: u32 = view.runs.iter().map(|run| run.steps).sum();
        prop_assert!(steps >= lines && steps <= 7);
    }
}
