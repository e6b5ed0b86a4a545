//! What each loader of each version makes of odd definitions. The exceptions were asked from the real engines.

use super::{Exception, Given, Mocks, load};
use crate::ia_modules::python::{Dict, Value};
use crate::protocol::{EngineId, Loader, Target};

const STEP: &str = r#"{"id": "a", "name": "A", "step_class": "S", "module": "m"}"#;

fn loaded(definition: &str, engine: EngineId, loader: Loader) -> Result<(), Exception> {
    let definition = Value::parse(definition.as_bytes()).unwrap_or_else(|damage| panic!("{definition}: {damage:?}"));
    let input: Dict = [("p", Value::from(7))].into_iter().collect();
    let given = Given { target: Target { engine, loader }, input: &Value::dict(input), mocks: &Mocks::default() };
    load(&definition, given).map(|_| ())
}

fn both(loader: Loader, cases: &[(String, &str)]) {
    for (definition, expected) in cases {
        for engine in [EngineId::IaModules013, EngineId::IaModules020] {
            let got = loaded(definition, engine, loader).err().map_or_else(String::new, |error| error.to_string());
            assert_eq!(&got, expected, "{definition} on {engine:?}");
        }
    }
}

/// A definition with one step and this flow.
fn flow(flow: &str) -> String {
    format!(r#"{{"name": "n", "steps": [{STEP}], "flow": {flow}}}"#)
}

/// A definition with this step.
fn step(step: &str) -> String {
    format!(r#"{{"name": "n", "steps": [{step}], "flow": {{"start_at": "a"}}}}"#)
}

/// A definition whose step has this configuration.
fn config(config: &str) -> String {
    step(&format!(r#"{{"id": "a", "step_class": "S", "module": "m", "config": {config}}}"#))
}

#[test]
fn the_raw_loader_raises_what_python_raises() {
    let no_get = |of: &str| format!("AttributeError: '{of}' object has no attribute 'get'");
    let (list, none, text) = (no_get("list"), no_get("NoneType"), no_get("str"));
    both(
        Loader::Raw,
        &[
            (flow(r#"{"start_at": "a", "paths": [{"from": "a", "to": "b"}]}"#), ""),
            (flow("null"), ""),
            (flow("5"), "TypeError: argument of type 'int' is not iterable"),
            (flow(r#"["paths"]"#), &list),
            (flow(r#"{"paths": null}"#), "TypeError: 'NoneType' object is not iterable"),
            (flow(r#"{"paths": [{"from_step": "a", "to_step": "b"}]}"#), "KeyError: 'from'"),
            (flow(r#"{"paths": [{"from": "a"}]}"#), "KeyError: 'to'"),
            (flow(r#"{"paths": ["x"]}"#), "TypeError: string indices must be integers, not 'str'"),
            (flow(r#"{"paths": [[1]]}"#), "TypeError: list indices must be integers or slices, not str"),
            (flow(r#"{"paths": [null]}"#), "TypeError: 'NoneType' object is not subscriptable"),
            (flow(r#"{"paths": [{"from": ["a"], "to": "b"}]}"#), "TypeError: unhashable type: 'list'"),
            (flow(r#"{"paths": [{"from": "a", "to": {}}]}"#), "TypeError: unhashable type: 'dict'"),
            // Conditions and names of loops are looked at when loops are checked.
            (flow(r#"{"paths": [{"from": "a", "to": "b", "condition": null}]}"#), ""),
            (flow(r#"{"paths": [{"from": "a", "to": "a", "condition": null}]}"#), &none),
            (
                flow(r#"{"paths": [{"from": 1, "to": 1.0}]}"#),
                "TypeError: sequence item 0: expected str instance, int found",
            ),
            // A loop's exits are looked for and it is named as soon as it is found, before any condition is looked at.
            (
                flow(r#"{"paths": [{"from": 1, "to": 1, "condition": 5}, {"from": 1, "to": "b"}]}"#),
                "TypeError: sequence item 0: expected str instance, int found",
            ),
            (
                flow(r#"{"paths": [{"from": 1, "to": 1}, {"from": 1, "to": "b"}, {"from": 1, "to": {}}]}"#),
                "TypeError: unhashable type: 'dict'",
            ),
            (
                format!(
                    r#"{{"steps": [{STEP}], "loop_config": [1], "flow": {{"paths": [{{"from": "a", "to": "a"}}]}}}}"#
                ),
                &list,
            ),
            ("{}".to_owned(), "KeyError: 'steps'"),
            (r#"{"steps": null}"#.to_owned(), "TypeError: 'NoneType' object is not iterable"),
            (r#"{"steps": {"a": 1}}"#.to_owned(), &text),
            (step("null"), &none),
            (step("{}"), "KeyError: 'module'"),
            (step(r#"{"module": "m"}"#), "AttributeError: Module 'm' has no class '': module 'm' has no attribute ''"),
            (step(r#"{"module": ""}"#), "ValueError: Empty module name"),
            (
                step(r#"{"module": ".x", "class": "S"}"#),
                "TypeError: the 'package' argument is required to perform a relative import for '.x'",
            ),
            (step(r#"{"module": "m", "class": 5}"#), "TypeError: attribute name must be string, not 'int'"),
            (
                step(r#"{"module": null, "class": "S"}"#),
                "AttributeError: Module 'None' has no class 'S': 'NoneType' object has no attribute 'startswith'",
            ),
            (step(r#"{"id": [], "module": "m", "class": "S"}"#), "TypeError: unhashable type: 'list'"),
            (config("null"), &none),
            (config(r#"{"error_handling": null}"#), &none),
            (config(r#"{"error_handling": {"retry": 0}}"#), ""),
            (
                config(r#"{"error_handling": {"retry": [1]}}"#),
                "TypeError: ia_modules.pipeline.retry.RetryConfig() argument after ** must be a mapping, not list",
            ),
            (
                config(r#"{"error_handling": {"retry": {"attempts": 3}}}"#),
                "TypeError: RetryConfig.__init__() got an unexpected keyword argument 'attempts'",
            ),
            (config(r#"{"error_handling": {"retry": {"max_attempts": 0}}}"#), "ValueError: max_attempts must be >= 1"),
            (
                config(r#"{"error_handling": {"retry": {"initial_delay": "1"}}}"#),
                "TypeError: '<=' not supported between instances of 'str' and 'int'",
            ),
        ],
    );
}

#[test]
fn the_model_says_what_pydantic_says() {
    let invalid = "ValueError: Invalid pipeline configuration: ";
    let case = |definition: String, rest: &str| (definition, format!("{invalid}{rest}"));
    let missing = "3 validation errors for PipelineConfig / name / Field required / steps / Field required / flow / \
                   Field required";
    let cases = [
        case("{}".to_owned(), missing),
        case(
            "[]".to_owned(),
            "ia_modules.pipeline.graph_pipeline_runner.PipelineConfig() argument after ** must be a mapping, not list",
        ),
        case(
            step(r#"{"id": 1, "name": null, "type": 5, "step_class": true, "config": null, "input_schema": []}"#),
            "7 validation errors for PipelineConfig / steps.0.id / Input should be a valid string / steps.0.name / \
             Input should be a valid string / steps.0.type / Input should be a valid string / steps.0.step_class / \
             Input should be a valid string / steps.0.module / Field required / steps.0.config / Input should be a \
             valid dictionary / steps.0.input_schema / Input should be a valid dictionary",
        ),
        case(
            step(&format!("{STEP}, {STEP}")),
            "1 validation error for PipelineConfig / steps / Value error, Step IDs must be unique",
        ),
        case(
            flow(r#"{"start_at": "a", "paths": [{"from": "a", "to": "nowhere"}]}"#),
            "1 validation error for PipelineConfig / flow / Value error, Flow path references unknown step: nowhere",
        ),
        case(
            flow(r#"{"paths": [null, {}, {"from": 1, "to_step": 2, "condition": "x"}]}"#),
            "7 validation errors for PipelineConfig / flow.start_at / Field required / flow.paths.0 / Input should \
             be a valid dictionary or instance of FlowPath / flow.paths.1.from / Field required / flow.paths.1.to / \
             Field required / flow.paths.2.from / Input should be a valid string / flow.paths.2.to_step / Input \
             should be a valid string / flow.paths.2.condition / Input should be a valid dictionary or instance of \
             FlowCondition",
        ),
        case(
            r#"{"name": "n", "version": 1, "steps": 5, "flow": [], "metadata": null, "loop_config": null}"#.to_owned(),
            "4 validation errors for PipelineConfig / version / Input should be a valid string / steps / Input \
             should be a valid list / flow / Input should be a valid dictionary or instance of PipelineFlow / \
             metadata / Input should be a valid dictionary",
        ),
    ];
    let cases: Vec<(String, &str)> =
        cases.iter().map(|(definition, says)| (definition.clone(), says.as_str())).collect();
    both(Loader::Pydantic, &cases);
    both(
        Loader::Pydantic,
        &[
            (flow(r#"{"start_at": "zzz", "paths": [{"from": "a", "to": "end"}]}"#), ""),
            (flow(r#"{"start_at": "a", "paths": [{"from_step": "a", "to": "end_with_failure"}]}"#), ""),
        ],
    );
}

#[test]
fn where_parameters_come_from_is_what_the_versions_differ_in() {
    let templated = |parameters: &str| {
        format!(
            r#"{{"name": "n"{parameters}, "flow": {{"start_at": "a"}}, "steps": [
            {{"id": "a", "name": "A", "step_class": "S", "module": "m", "config": {{"x": "{{{{ parameters.p }}}}"}}}}]}}"#
        )
    };
    let list = Some(Exception::new("AttributeError", "'list' object has no attribute 'get'"));
    for (parameters, loader, old) in [
        (r#", "parameters": {"p": 1}"#, Loader::Raw, None),
        (r#", "parameters": [{"name": "p"}]"#, Loader::Raw, list.clone()),
        // The model turns a list into an object, but what stands for no parameters at all is a list.
        (r#", "parameters": [{"name": "p"}]"#, Loader::Pydantic, None),
        ("", Loader::Pydantic, list),
        ("", Loader::Raw, None),
    ] {
        assert_eq!(loaded(&templated(parameters), EngineId::IaModules013, loader).err(), old, "{parameters}");
        assert_eq!(loaded(&templated(parameters), EngineId::IaModules020, loader).err(), None, "{parameters}");
    }
}

#[test]
fn a_hundred_thousand_steps_meet_pythons_limit_of_calls() {
    let chain = |steps: usize| {
        let paths: Vec<String> = (0..steps).map(|i| format!(r#"{{"from": "s{i}", "to": "s{}"}}"#, i + 1)).collect();
        flow(&format!(r#"{{"start_at": "a", "paths": [{}]}}"#, paths.join(",")))
    };
    assert_eq!(loaded(&chain(981), EngineId::IaModules013, Loader::Raw), Ok(()));
    let error = loaded(&chain(100_000), EngineId::IaModules013, Loader::Raw).err();
    assert_eq!(error.map(|error| error.type_name), Some("RecursionError".to_owned()));
}
