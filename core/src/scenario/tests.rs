//! Scenario files there and back, whole and damaged.

use super::{compact, mocks, read, write};
use crate::import::testing::open;
use crate::protocol::{
    Answered, EngineId, Expectation, Loader, Mock, RunEnd, Scenario, ScenarioFile, StepMock, Target,
};
use proptest::prelude::*;

/// Each member in each of its forms, and members nobody knows.
pub(crate) const EVERYTHING: &str = r#"{
  "chaindebug_scenarios": 1,
  "pipeline": "article-review.json",
  "engine": "ia-modules@0.2.0",
  "loader": "pydantic",
  "scenarios": [
    {
      "name": "approved at once",
      "input": {"topic": "tides", "big": 12345678901234567890, "exact": 1.0},
      "mocks": {
        "draft": {"returns": {"text": "Twice a day …"}},
        "rate": {"sequence": [{"score": 2}, {"score": 9}], "note": "one a visit"},
        "notify": {"raises": "TimeoutError: no answer"},
        "store": {}
      },
      "answers": [{"step": "approve", "value": {"decision": "yes"}, "by": "the editor"}],
      "expect": {
        "status": "completed",
        "entered": ["draft", "rate", "approve"],
        "output": {"decision": "yes"},
        "error": "TimeoutError",
        "took": "2 s"
      },
      "ticket": 7
    },
    {
      "name": "nothing given"
    }
  ],
  "owner": "desk"
}
"#;

#[test]
fn everything_is_read_and_written_back_to_the_byte() {
    let file = read(EVERYTHING);
    assert_eq!(write(&file).as_deref(), Ok(EVERYTHING));
    assert_eq!(file.target, Some(Target { engine: EngineId::IaModules020, loader: Loader::Pydantic }));
    let first = &file.scenarios[0];
    assert_eq!(first.input, r#"{"topic": "tides", "big": 12345678901234567890, "exact": 1.0}"#);
    assert_eq!(
        first.mocks[1].mock,
        Mock::Sequence { values: vec![r#"{"score": 2}"#.into(), r#"{"score": 9}"#.into()] }
    );
    assert_eq!(first.mocks[3].mock, Mock::Generated);
    assert_eq!(first.answers, [Answered { step: "approve".into(), value: r#"{"decision": "yes"}"#.into() }]);
    assert_eq!(first.expect.as_ref().and_then(|expect| expect.status), Some(RunEnd::Completed));
    assert_eq!(file.scenarios[1], Scenario { name: "nothing given".into(), ..Scenario::default() });
    assert_eq!(
        file.problems,
        [
            "Line 12, scenarios[0].mocks.rate.note: Expected is `returns`, `sequence` or `raises`; `note` has no effect.",
            "Line 22, scenarios[0].expect.took: Expected is `status`, `entered`, `output` or `error`; `took` has no effect.",
        ]
    );
}

#[test]
fn problems_name_their_line_and_what_was_expected() {
    let text = r#"{"chaindebug_scenarios": 2, "engine": "ia-modules@9",
"scenarios": [7, {"name": 7, "mock": {}, "input": [1],
  "mocks": {"a": 1, "b": {"sequence": []}, "c": {"returns": 1, "raises": "E"}, "c": {"returns": tru}},
  "answers": [{"step": "a"}], "expect": {"status": "done", "entered": [1]}}"#;
    let file = read(text);
    insta::assert_snapshot!(file.problems.join("\n"));
    assert_eq!(file.scenarios.len(), 1);
    assert_eq!(read("[]").problems, ["Line 1: The document has to be an object; it was left out."]);
    assert_eq!(
        read("{\"scenarios\": []}").problems,
        ["Line 1: This is no scenario file: its first member has to be `\"chaindebug_scenarios\": 1`."]
    );
    assert_eq!(read("").problems.len(), 2);
}

#[test]
fn a_value_that_is_no_json_is_not_written() {
    let scenario = Scenario { name: "half".into(), input: "{\"a\": }".into(), ..Scenario::default() };
    let file = ScenarioFile { scenarios: vec![scenario], ..ScenarioFile::default() };
    assert_eq!(write(&file), Err("The input of `half` is not JSON: a value is expected at its byte 6.".to_owned()));
}

#[test]
fn mocks_alone_are_read_as_dry_runs_take_them() {
    let read = mocks(r#"{"a": {"returns": [1, 2.0]}, "b": {"raises": "ValueError: no"}}"#);
    let expected = vec![
        StepMock { step: "a".into(), mock: Mock::Returns { value: "[1, 2.0]".into() } },
        StepMock { step: "b".into(), mock: Mock::Raises { error: "ValueError: no".into() } },
    ];
    assert_eq!(read, Ok(expected));
    assert_eq!(mocks("[1]"), Err(vec!["Line 1, mocks: `mocks` has to be an object; it was left out.".to_owned()]));
}

#[test]
fn a_scenario_file_opens_and_says_what_it_is() {
    let (_, view) = open(EVERYTHING);
    assert_eq!((view.format.as_str(), view.scenarios), ("chaindebug-scenarios", 2));
    assert_eq!(view.explanation, "Read as ChainDebug scenarios, because it has `chaindebug_scenarios` · 2 scenarios");
    let said: Vec<(&str, Option<u64>)> = view.diagnostics.iter().map(|d| (d.code.as_str(), d.line)).collect();
    assert_eq!(said, [("scenario-problem", Some(12)), ("scenario-problem", Some(22)), ("scenarios", None)]);
    let (_, empty) = open(r#"{"chaindebug_scenarios": 1, "scenarios": []}"#);
    assert_eq!((empty.format.as_str(), empty.scenarios), ("chaindebug-scenarios", 0));
    assert_eq!(empty.diagnostics[0].code, "no-scenarios");
    let (_, cut) = open(EVERYTHING.get(..850).expect("a cut"));
    assert_eq!(cut.scenarios, 1);
}

fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("1.0".to_owned()),
        Just("-12345678901234567890123".to_owned()),
        Just("1e-7".to_owned()),
        Just("NaN".to_owned()),
        "[a-z\\u{e9} {}:,]{0,8}".prop_map(|text| format!("\"{text}\"")),
        Just("\"\\ud800\\n\"".to_owned()),
    ];
    leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(", "))),
            object(inner),
        ]
    })
}

fn object(value: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    proptest::collection::btree_map("[a-z\\u{fc}]{0,5}", value, 0..4).prop_map(|members| {
        let members: Vec<String> = members.into_iter().map(|(key, value)| format!("\"{key}\": {value}")).collect();
        format!("{{{}}}", members.join(", "))
    })
}

fn mock() -> impl Strategy<Value = Mock> {
    prop_oneof![
        Just(Mock::Generated),
        json().prop_map(|value| Mock::Returns { value }),
        proptest::collection::vec(json(), 1..4).prop_map(|values| Mock::Sequence { values }),
        "[A-Z][a-z]{2,5}Error: [a-z\"\\\\]{0,9}".prop_map(|error| Mock::Raises { error }),
    ]
}

fn expectation() -> impl Strategy<Value = Expectation> {
    let status = prop_oneof![Just(None), Just(Some(RunEnd::DeadEnd)), Just(Some(RunEnd::Failed))];
    let entered = proptest::option::of(proptest::collection::vec("[a-z]{0,4}", 0..4));
    (status, entered, object(json()), "[A-Z: ]{0,6}").prop_map(|(status, entered, output, error)| Expectation {
        status,
        entered,
        output,
        error,
    })
}

fn scenario() -> impl Strategy<Value = Scenario> {
    let mocks = proptest::collection::btree_map("[a-z \"]{0,6}", mock(), 0..4)
        .prop_map(|mocks| mocks.into_iter().map(|(step, mock)| StepMock { step, mock }).collect::<Vec<_>>());
    let answer = ("[a-z]{0,5}", json()).prop_map(|(step, value)| Answered { step, value });
    let answers = proptest::collection::vec(answer, 0..3);
    let other = prop_oneof![Just(String::new()), json().prop_map(|value| format!("{{\"zz\": {value}}}"))];
    ("[a-z\\u{1F600} ]{0,8}", object(json()), mocks, answers, proptest::option::of(expectation()), other).prop_map(
        |(name, input, mocks, answers, expect, other)| Scenario { name, input, mocks, answers, expect, other },
    )
}

#[test]
fn a_name_that_is_no_text_is_told_and_left_out() {
    let file = read(r#"{"chaindebug_scenarios": 1, "scenarios": [{"name": 0, "input": {}}]}"#);
    assert_eq!(file.problems, ["Line 1, scenarios[0].name: `name` has to be a text; it has no effect."]);
    let again = read(&write(&file).expect("sound values"));
    assert_eq!((&again.scenarios, again.problems.len()), (&file.scenarios, 0));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_again(scenarios in proptest::collection::vec(scenario(), 0..4), name in "[a-z./]{0,9}") {
        let file = ScenarioFile { pipeline: name, target: None, scenarios, problems: Vec::new(), other: String::new() };
        let text = write(&file).expect("sound values");
        let again = read(&text);
        prop_assert_eq!(&again, &file);
        prop_assert_eq!(write(&again).expect("what was read"), text);
    }

    #[test]
    fn any_text_is_read_and_what_was_read_can_be_written(cut in 0..EVERYTHING.len(), byte in any::<char>(), at in 0..EVERYTHING.len()) {
        let mut text: String = EVERYTHING.chars().take(cut).collect();
        if text.is_char_boundary(at.min(text.len())) {
            text.insert(at.min(text.len()), byte);
        }
        let file = read(&text);
        let written = write(&file).expect("what was read is JSON");
        prop_assert!(compact(&written).is_ok());
        let again = read(&written);
        prop_assert_eq!(again.scenarios, file.scenarios);
        prop_assert_eq!(again.other, file.other);
    }

    #[test]
    fn hostile_values_do_no_harm(text in "\\{\"chaindebug_scenarios\": 1, \"scenarios\": [\\[\\]{}\":,a1 ]{0,60}") {
        let _ = write(&read(&text));
        open(&text);
    }
}
