//! Every case that was asked from the real engine, in 0.1.3 and 0.2.0, where `CHAINDEBUG_CORPUS` names the folder.

// A helper of tests fails as a test does; clippy knows only functions marked as tests.
#![allow(clippy::unwrap_used)]

use super::{Given, mocks, run};
use crate::ia_modules::load::{self, Mock, Mocks, load};
use crate::ia_modules::python::{Dict, Value};
use crate::protocol::{EngineId, Loader, RunEnd, Target};
use std::path::Path;

/// The mock that a case's step stands for: the cases' own step class reads it from its configuration.
fn mock(step: &Value) -> Option<(String, Mock)> {
    let config = step.get("config")?;
    let mock = match config.get("mode")?.as_str()? {
        "new" => Mock::Returns(config.get("out")?.clone()),
        "seq" => Mock::Sequence(config.get("outs")?.as_list()?.to_vec()),
        _ => {
            let (kind, rest) = config.get("exc")?.as_str()?.split_once("('")?;
            Mock::Raises(format!("{kind}: {}", rest.strip_suffix("')")?))
        }
    };
    Some((step.get("id").or(step.get("name"))?.as_str()?.to_owned(), mock))
}

fn strings<'a>(values: impl IntoIterator<Item = &'a str>) -> Value {
    Value::from(values.into_iter().map(Value::from).collect::<Vec<_>>())
}

/// What our engine says of a case, in the words of the oracle.
fn ours(case: &Value, target: Target) -> Dict {
    let pipeline = case.get("pipeline").unwrap();
    let input = case.get("input").unwrap();
    let steps = pipeline.get("steps").and_then(Value::as_list).unwrap_or_default();
    let mocks: Mocks = steps.iter().filter_map(mock).collect();
    let mut out = Dict::new();
    let error = |out: &mut Dict, exception: &load::Exception| {
        let entries = [("type", exception.type_name.as_str()), ("message", exception.message.as_str())];
        out.set("error", entries.into_iter().collect::<Dict>());
    };
    match load(pipeline, load::Given { target, input, mocks: &mocks }) {
        Err(exception) => {
            out.set("entered", strings([]));
            error(&mut out, &exception);
        }
        Ok(program) => {
            let given = Given { input: input.as_dict().unwrap(), answers: &[], pipeline_id: "" };
            let done = run(&program, &given, &mut mocks::outcome);
            out.set("entered", strings(done.entries.iter().map(|entry| &*entry.id)));
            if let Some(exception) = &done.error {
                error(&mut out, exception);
                return out;
            }
            let recorded = done.entries.iter().filter(|entry| entry.recorded);
            out.set("recorded", strings(recorded.map(|entry| &*entry.id)));
            let waits = done.end == RunEnd::WaitingForHuman;
            out.set("status", if waits { Value::from("waiting_for_human") } else { Value::None });
            out.set("output", done.output);
            if let Some(step) = done.waiting {
                out.set("waiting_step", &*step);
            }
        }
    }
    out
}

/// Keys that the oracle states and we say otherwise.
fn differences(id: &str, expected: &Value, ours: &Dict) -> Vec<String> {
    let mut wrong = Vec::new();
    for (key, stated) in expected.as_dict().unwrap().iter() {
        // As text: order of keys, and the kind of each number.
        let got = ours.get(key).map(Value::to_json);
        if got.as_deref() != Some(&stated.to_json()) {
            wrong.push(format!("{id}: {key}: {got:?}, stated {}", stated.to_json()));
        }
    }
    if expected.get("error").is_none() && ours.contains("error") {
        wrong.push(format!("{id}: {:?}", ours.get("error").map(Value::to_json)));
    }
    wrong
}

#[test]
fn every_case_of_the_real_engine_comes_out_the_same() {
    let Ok(folder) = std::env::var("CHAINDEBUG_CORPUS") else { return };
    let mut wrong = Vec::new();
    let mut count = 0;
    for file in ["engine_cases__hand.json", "engine_cases__fuzz.json"] {
        let bytes = std::fs::read(Path::new(&folder).join("ia_modules").join(file)).unwrap();
        for case in Value::parse(&bytes).unwrap().as_list().unwrap() {
            let loader = if case.get("loader") == Some(&Value::from("raw")) { Loader::Raw } else { Loader::Pydantic };
            for (engine, key) in [(EngineId::IaModules013, "expect"), (EngineId::IaModules020, "expect_pypi_0_2_0")] {
                let id = format!("{} {engine:?}", case.get("id").unwrap());
                let expected = case.get(key).unwrap();
                wrong.extend(differences(&id, expected, &ours(case, Target { engine, loader })));
                count += 1;
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count} cases:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 500, "only {count} cases were found");
}
