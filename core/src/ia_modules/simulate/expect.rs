//! Whether a run came out as a scenario expects.

use super::words::{brief, shortened};
use crate::ia_modules::python::{Value, equal};
use crate::protocol::{Expectation, RunEnd, RunError};
use crate::scenario::end_name;

/// How a run came out.
#[derive(Clone, Copy, Debug)]
pub struct Outcome<'a> {
    /// How it ended.
    pub status: RunEnd,
    /// Ids of the steps entered.
    pub entered: &'a [String],
    /// Its output.
    pub output: &'a Value,
    /// Its error.
    pub error: Option<&'a RunError>,
}

/// What did not come out as expected, a sentence each; empty when all did.
pub fn unmet(expected: &Expectation, got: Outcome<'_>) -> Vec<String> {
    let mut unmet = Vec::new();
    if let Some(status) = expected.status
        && status != got.status
    {
        unmet.push(format!(
            "Expected the run to end as `{}`; it ended as `{}`.",
            end_name(status),
            end_name(got.status)
        ));
    }
    if let Some(entered) = &expected.entered
        && entered != got.entered
    {
        unmet.push(way(entered, got.entered));
    }
    if !expected.output.trim().is_empty() {
        output(&expected.output, got.output, &mut unmet);
    }
    let wanted = expected.error.trim();
    if !wanted.is_empty() {
        match got.error {
            None => unmet.push(format!("Expected the error {wanted}; there was none.")),
            Some(error) => {
                let whole = format!("{}: {}", error.type_name, error.message);
                if wanted != error.type_name && wanted != whole.trim() {
                    unmet.push(format!("Expected the error {wanted}; it was {whole}."));
                }
            }
        }
    }
    unmet
}

/// Where two ways part.
fn way(expected: &[String], got: &[String]) -> String {
    let same = expected.iter().zip(got).take_while(|(a, b)| a == b).count();
    let at = same + 1;
    match (expected.get(same), got.get(same)) {
        (Some(wanted), Some(found)) => format!("Expected `{wanted}` as step {at}; it was `{found}`."),
        (Some(wanted), None) => format!("Expected `{wanted}` as step {at}; the run had ended."),
        (None, Some(found)) => {
            let steps = if same == 1 { "1 step".to_owned() } else { format!("{same} steps") };
            format!("Expected the run to end after {steps}; `{found}` followed.")
        }
        (None, None) => String::new(),
    }
}

/// Python's equality, but that NaN is NaN: an expectation means the value it names.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Float(a), Value::Float(b)) if a.is_nan() => b.is_nan(),
        _ => equal(a, b),
    }
}

fn output(expected: &str, got: &Value, unmet: &mut Vec<String>) {
    // As it is printed: what holds the shared state inside itself can be expected only by its marker.
    let printed = Value::forgiving(got.to_json().as_bytes());
    let got = printed.as_ref().unwrap_or(got);
    let Ok(expected) = Value::parse(expected.as_bytes()) else {
        unmet.push(format!("The expected output is no JSON: {}.", shortened(expected)));
        return;
    };
    let Some(members) = expected.as_dict() else {
        if !same(&expected, got) {
            unmet.push(format!("Expected the output {}; it was {}.", brief(&expected), brief(got)));
        }
        return;
    };
    for (key, wanted) in members.iter() {
        match got.get(key) {
            None => unmet.push(format!("Expected `{key}` in the output as {}; it is not there.", brief(wanted))),
            Some(found) if !same(wanted, found) => {
                unmet.push(format!("Expected `{key}` in the output as {}; it was {}.", brief(wanted), brief(found)));
            }
            Some(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ia_modules::python::Dict;

    #[test]
    fn only_what_is_stated_is_looked_at() {
        let output = Value::parse(br#"{"score": 7, "flag": 1, "n": null}"#).unwrap_or_default();
        let entered = ["a".to_owned(), "b".to_owned()];
        let error = RunError { type_name: "TypeError".into(), message: "no".into() };
        let got = Outcome { status: RunEnd::DeadEnd, entered: &entered, output: &output, error: Some(&error) };
        let check = |change: &dyn Fn(&mut Expectation)| {
            let mut expected = Expectation::default();
            change(&mut expected);
            unmet(&expected, got)
        };
        assert!(check(&|_| ()).is_empty());
        assert!(check(&|e| e.output = r#"{"score": 7.0, "flag": true}"#.into()).is_empty());
        assert!(check(&|e| e.error = "TypeError".into()).is_empty());
        assert!(check(&|e| e.error = "TypeError: no".into()).is_empty());
        assert_eq!(
            check(&|e| {
                e.status = Some(RunEnd::Completed);
                e.entered = Some(vec!["a".into(), "c".into()]);
                e.output = r#"{"score": "7", "gone": 1}"#.into();
                e.error = "KeyError".into();
            }),
            [
                "Expected the run to end as `completed`; it ended as `dead_end`.",
                "Expected `c` as step 2; it was `b`.",
                "Expected `score` in the output as \"7\"; it was 7.",
                "Expected `gone` in the output as 1; it is not there.",
                "Expected the error KeyError; it was TypeError: no.",
            ]
        );
        assert_eq!(
            check(&|e| e.entered = Some(vec!["a".into()])),
            ["Expected the run to end after 1 step; `b` followed."]
        );
        // What is printed can be expected, word for word.
        let state: Dict = [("n", Value::Float(f64::NAN)), ("original_data", Value::Shared)].into_iter().collect();
        let printed = Value::dict(state);
        let error = RunError { type_name: "E".into(), message: "unknown: ".into() };
        let got = Outcome { status: RunEnd::Failed, entered: &entered, output: &printed, error: Some(&error) };
        let expected =
            Expectation { output: printed.to_json(), error: "E: unknown: ".into(), ..Expectation::default() };
        assert_eq!(unmet(&expected, got), [] as [String; 0]);
    }
}
