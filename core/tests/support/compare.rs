//! Runs laid on each other: a run is the same as itself, and every answer about two runs can be had.

use chaindebug_core::protocol::{Answer, CompareOptions, ComparisonView, DiffMove, Request, Sign};
use chaindebug_core::session::Session;

fn compare(session: &mut Session, a: u32, b: u32) -> ComparisonView {
    for _ in 0..100_000 {
        match session.answer(Request::Compare { a, b, options: CompareOptions::default() }) {
            Answer::Comparison(view) if view.done => return *view,
            Answer::Comparison(_) => {}
            other => panic!("comparison: {other:?}"),
        }
    }
    panic!("comparing does not come to an end")
}

/// Lays B on A, and asks everything there is to ask.
pub fn ask_of_two(session: &mut Session, a: u32, b: u32) {
    let view = compare(session, a, b);
    assert!(!view.verdict.is_empty());
    assert_eq!(view.pairs * 2 + alone(session), view.steps.0 + view.steps.1, "a step is in no item, or in two");
    if a == b {
        assert!(view.same && view.pairs == view.steps.0, "a run differs from itself: {view:?}");
    }
    assert_eq!(view.same, view.differences == 0);
    let mut item = None;
    for _ in 0..view.differences.min(20) {
        let go = if item.is_none() { DiffMove::Parting } else { DiffMove::NextDifference };
        let Answer::DiffCursor(cursor) = session.answer(Request::DiffGo { go, fold: true }) else { panic!("cursor") };
        assert!(cursor.here && cursor.row.is_some() && item < Some(cursor.item), "{cursor:?}");
        item = Some(cursor.item);
        look(session, cursor.item);
    }
    look(session, 0);
    for go in
        [DiffMove::Last, DiffMove::Back, DiffMove::First, DiffMove::PreviousDifference, DiffMove::ToStepB { step: 0 }]
    {
        session.answer(Request::DiffGo { go, fold: false });
    }
    for fold in [true, false] {
        session.answer(Request::DiffFlow { fold, toggled: vec![0, u32::MAX] });
    }
    assert!(matches!(session.answer(Request::DiffReport), Answer::Text { .. }));
}

/// Steps that only one side has, counted over the rows of the whole tree.
fn alone(session: &mut Session) -> u32 {
    session.answer(Request::DiffOpen { item: None, open: true, fold: false });
    let (mut from, mut alone) = (0, 0);
    loop {
        let Answer::DiffRows(rows) = session.answer(Request::DiffRows { fold: false, from, count: 500 }) else {
            panic!("rows")
        };
        alone += rows.rows.iter().filter(|row| matches!(row.sign, Sign::OnlyA | Sign::OnlyB)).count() as u32;
        from += rows.rows.len() as u32;
        if rows.rows.is_empty() || from >= rows.total {
            return alone;
        }
    }
}

/// Opens the values of an item.
fn look(session: &mut Session, item: u32) {
    let Answer::DiffItem(item) = session.answer(Request::DiffItem { item }) else { panic!("item") };
    for value in item.sections.iter().filter_map(|section| section.value) {
        let Answer::DiffValueRows(rows) = session.answer(Request::DiffValueRows { value, from: 0, count: 40 }) else {
            panic!("rows of a value")
        };
        assert!(rows.rows.len() as u32 <= rows.total);
        for row in rows.rows.iter().take(8) {
            session.answer(Request::DiffValueToggle { value, node: row.node });
            session.answer(Request::DiffValueRows { value, from: 0, count: 40 });
        }
    }
}
