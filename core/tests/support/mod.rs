//! Opens anything in a session and asks everything of what came out. Shared by the property tests and the fuzz targets;
//! it fails only by a panic, or by not ending.

mod compare;

use chaindebug_core::model::Nanos;
use chaindebug_core::protocol::{Answer, Command, DocumentView, Part, Phase, Request, TableSort};
use chaindebug_core::session::Session;
use chaindebug_core::source::Memory;

/// Opens `bytes` in slices of `budget`, and returns what it became.
pub fn open(session: &mut Session, bytes: &[u8], budget: u64) -> DocumentView {
    let mut opening = session.open("input", Box::new(Memory(bytes.to_vec())), None);
    // A slice does at least something; each byte may be looked at a few times (unpacking, detection, joining).
    let most = 1000 + 64 * (bytes.len() as u64).max(1);
    for _ in 0..most {
        let progress = session.advance(&mut opening, budget);
        assert!(progress.read <= progress.bytes, "read {} of {}", progress.read, progress.bytes);
        if let Some(document) = progress.document {
            return session.document(document).expect("a document that is ready is there");
        }
    }
    panic!("opening {} bytes in slices of {budget} does not end", bytes.len());
}

/// What must be true of every document, whatever it was read from.
pub fn check(document: &DocumentView) {
    let read = !document.format.is_empty();
    assert!(read || document.runs.is_empty() && document.pipelines.is_empty());
    assert!(read || !document.diagnostics.is_empty(), "nothing was read, and nothing says why");
    for run in &document.runs {
        assert!(run.steps > 0, "a run without steps is said, not shown");
        // Steps that are each other's parent are neither roots nor orphans.
        assert!(run.roots.saturating_add(run.orphans) <= run.steps);
        assert_eq!(run.moments, 2 * run.steps);
        assert!(run.errors <= run.steps);
    }
}

/// Asks everything of the first runs and pipelines. Every answer must be what the request asks for, or a refusal.
pub fn ask_everything(session: &mut Session, document: &DocumentView) {
    for run in document.runs.iter().take(2) {
        let last = run.steps - 1;
        for step in [0, last / 2, last] {
            ask_of_step(session, run.run, step);
        }
        ask_of_run(session, run.run, run.steps);
    }
    if let Some(first) = document.runs.first().filter(|run| run.steps < 50_000) {
        compare::ask_of_two(session, first.run, first.run);
        if let Some(second) = document.runs.get(1).filter(|run| run.steps < 50_000) {
            compare::ask_of_two(session, first.run, second.run);
        }
    }
    for pipeline in document.pipelines.iter().take(2).map(|pipeline| pipeline.pipeline) {
        session.answer(Request::PipelineFlow { pipeline, reader: None, run: None });
        session.answer(Request::Node { pipeline, node: 0 });
        session.answer(Request::Node { pipeline, node: u32::MAX });
        look(session, &Part::Node { pipeline, node: 0, index: 0 });
    }
    let mut from = None;
    for _ in 0..50 {
        match session.answer(Request::Search { text: "a".to_owned(), from, limit: 7 }) {
            Answer::Search(page) if page.next.is_some() => from = page.next,
            _ => break,
        }
    }
    for at in [0, document.bytes / 2, document.bytes, u64::MAX] {
        session.answer(Request::Source { document: 0, file: 0, at, around: 3 });
    }
}

fn ask_of_run(session: &mut Session, run: u32, steps: u32) {
    session.answer(Request::SetOpen { run, step: None, open: true, deep: true });
    match session.answer(Request::Rows { run, from: 0, count: 100 }) {
        Answer::Rows(rows) => {
            assert_eq!(rows.total, steps, "all is open, and not all has a row");
            for row in &rows.rows {
                assert!(row.enter < row.exit, "{} exits before it enters", row.name);
            }
        }
        other => panic!("rows: {other:?}"),
    }
    session.answer(Request::Reveal { run, step: steps - 1 });
    for sort in [TableSort::Order, TableSort::Duration, TableSort::Own, TableSort::Name, TableSort::Cost] {
        session.answer(Request::Table { run, sort, descending: true, from: 0, count: 20 });
    }
    session.answer(Request::Overview { run, buckets: 64 });
    session.answer(Request::Flow { run, fold: true, toggled: vec![0, u32::MAX] });
    session.answer(Request::Flow { run, fold: false, toggled: vec![] });
    session.answer(Request::Chat { run, step: None, from: 0, count: 50 });
    walk(session, run, steps);
}

/// Forwards through every moment (up to a limit): each step is entered once and left once, and time does not run back.
fn walk(session: &mut Session, run: u32, steps: u32) {
    let go = |session: &mut Session, command| match session.answer(Request::Move { run, command }) {
        Answer::Cursor(cursor) => cursor,
        other => panic!("cursor: {other:?}"),
    };
    let mut before = go(session, Command::First);
    let mut time: Option<Nanos> = before.time;
    for moment in 1..steps.saturating_mul(2).min(200) {
        let cursor = go(session, Command::Forward);
        assert_eq!(cursor.moment, moment);
        assert!(cursor.step < steps);
        if let (Some(earlier), Some(now)) = (time, cursor.time) {
            assert!(earlier <= now, "time runs back at moment {moment}");
        }
        time = cursor.time.or(time);
        before = cursor;
    }
    assert!(go(session, Command::Back).moment < before.moment || before.moment == 0);
    for command in
        [Command::Last, Command::Into, Command::OverBack, Command::Out, Command::Over, Command::PreviousError]
    {
        go(session, command);
    }
    let cursor = go(session, Command::NextError);
    assert!(cursor.errors.0 == 0 || cursor.errors.1 <= cursor.errors.0);
    go(session, Command::ToStep { step: steps - 1, phase: Phase::Exit });
    go(session, Command::To { moment: u32::MAX });
}

fn ask_of_step(session: &mut Session, run: u32, step: u32) {
    let view = match session.answer(Request::Step { run, step }) {
        Answer::Step(view) => view,
        other => panic!("step: {other:?}"),
    };
    assert!(view.status.is_some(), "a step has a status");
    for tab in &view.values {
        look(session, &tab.part);
    }
    if let Some(event) = view.events.first() {
        look(session, &event.part);
    }
    session.answer(Request::Chat { run, step: Some(step), from: 0, count: 10 });
}

/// Opens a value both ways, opens and copies what is in it.
fn look(session: &mut Session, part: &Part) {
    for as_text in [false, true] {
        let Answer::Value(info) = session.answer(Request::Open { part: part.clone(), as_text }) else { continue };
        let value = info.value;
        session.answer(Request::ValueToggle { value, node: 0, deep: true });
        if let Answer::ValueRows(rows) = session.answer(Request::ValueRows { value, from: 0, count: 40 }) {
            for row in rows.nodes.iter().take(10) {
                session.answer(Request::ValueDecode { value, node: row.node });
                session.answer(Request::ValueReveal { value, path: row.path.clone() });
                session.answer(Request::ValueText { value, node: Some(row.node) });
            }
        }
        session.answer(Request::ValueRows { value, from: u32::MAX - 1, count: u32::MAX });
        session.answer(Request::ValueText { value, node: None });
        session.answer(Request::ValueClose { value });
        session.answer(Request::ValueRows { value, from: 0, count: 1 });
    }
}
