//! Benchmarks and comparisons as tables.

use crate::import::testing::open;
use crate::model::Mark;
use crate::protocol::{Answer, Request};
use crate::session::Session;
use crate::source::Memory;

fn file(time: &str, a: &str, b: &str) -> String {
    format!(
        r#"{{"benchmarks": [{{"config": {{"iterations": 2}}, "iterations": 2, "mean_time": {a}, "name": "fetch", "p95_time": {a}, "raw_times": [1, 2], "note": null}}, {{"name": "parse", "mean_time": {b}, "p95_time": 0.0, "iterations": 20}}], "timestamp": "{time}", "total_benchmarks": 2}}"#
    )
}

fn rows(session: &mut Session, sheet: u32, sort: Option<u32>, descending: bool) -> Vec<Vec<(String, Mark)>> {
    let ask = Request::Sheet { document: 0, sheet, sort, descending, from: 0, count: 10 };
    match session.answer(ask) {
        Answer::Sheet(view) => view
            .rows
            .into_iter()
            .map(|row| row.cells.into_iter().map(|cell| (cell.text, cell.mark)).collect())
            .collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_file_is_a_table_with_numbers_as_written() {
    let (mut session, view) = open(&file("2026-03-02T09:00:00+00:00", "0.10", "1.5e-3"));
    assert_eq!((view.format.as_str(), view.runs.len(), view.diagnostics.len()), ("ia-modules-benchmark", 0, 0));
    assert_eq!((view.sheets[0].name.as_str(), view.sheets[0].rows), ("Benchmarks", 2));
    let first = |rows: Vec<Vec<(String, Mark)>>| rows.into_iter().map(|row| row[2].0.clone()).collect::<Vec<_>>();
    assert_eq!(first(rows(&mut session, 0, None, false)), ["0.10", "1.5e-3"]);
    assert_eq!(first(rows(&mut session, 0, Some(2), false)), ["1.5e-3", "0.10"]);
    assert_eq!(first(rows(&mut session, 0, Some(2), true)), ["0.10", "1.5e-3"]);
    assert!(matches!(
        session.answer(Request::Sheet { document: 0, sheet: 0, sort: Some(99), descending: false, from: 0, count: 1 }),
        Answer::Refused { .. }
    ));
}

#[test]
fn two_files_are_compared_by_name_and_the_earlier_is_the_baseline() {
    let (old, new) = (file("2026-03-01T09:00:00", "0.10", "2.0"), file("2026-03-02T09:00:00", "0.12", "1.96"));
    for (first, second) in [(&old, &new), (&new, &old)] {
        let (mut session, _) = open(first);
        let mut opening = session.open("second", Box::new(Memory(second.as_bytes().to_vec())), Some(0));
        while session.advance(&mut opening, 64).document.is_none() {}
        let view = session.documents().swap_remove(0);
        assert_eq!(view.sheets.len(), 3);
        let which = if first == &old { "file 2 against file 1" } else { "file 1 against file 2" };
        assert_eq!(view.sheets[0].name, format!("Comparison with the baseline: {which}"));
        let told: Vec<String> = rows(&mut session, 0, None, false)
            .into_iter()
            .map(|row| row.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>().join(" "))
            .collect();
        assert_eq!(
            told,
            [
                "fetch mean_time 0.10 0.12 0.01999999999999999 20 regressed yes",
                "fetch p95_time 0.10 0.12 0.01999999999999999 20 regressed yes",
                "parse mean_time 2.0 1.96 -0.040000000000000036 -2 unchanged no",
                "parse p95_time 0.0 0.0 0 0 unchanged no",
            ]
        );
        assert_eq!(view.diagnostics.iter().map(|d| d.code.as_str()).collect::<Vec<_>>(), ["regression"]);
    }
}

#[test]
fn a_comparison_keeps_its_infinity() {
    let (mut session, view) = open(
        r#"{"has_regression": true, "comparisons": [{"metric": "mean_time", "baseline_value": 0.0, "current_value": 0.2, "delta": 0.2, "percent_change": Infinity, "classification": "regressed", "is_significant": true}, {"metric": "p95_time", "baseline_value": 0.2, "current_value": 0.1, "delta": -0.1, "percent_change": -50.0, "classification": "improved", "is_significant": true}]}"#,
    );
    assert_eq!(view.label, "IA Modules benchmark comparison");
    let rows = rows(&mut session, 0, Some(4), true);
    assert_eq!(rows[0][4], ("Infinity".to_owned(), Mark::Worse));
    assert_eq!(rows[1][4], ("-50.0".to_owned(), Mark::Better));
    assert_eq!(view.diagnostics[0].code, "regression");
}
