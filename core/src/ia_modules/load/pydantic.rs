//! The `PipelineConfig` model: what it takes, what it makes of it, and its errors word for word.
//!
//! Messages are those of pydantic 2, on one line: each place and each message between ` / `, without the value and
//! the link that pydantic adds. Unknown keys are dropped, as the model does.

use super::exception::Exception;
use crate::ia_modules::python::{Dict, Value};
use rustc_hash::FxHashSet;

/// Names that edges may lead to besides steps.
const TERMINALS: [&str; 3] = ["end", "end_with_success", "end_with_failure"];

/// Errors so far: place and message.
#[derive(Default)]
struct Errors(Vec<(String, String)>);

impl Errors {
    fn add(&mut self, path: &str, message: &str) {
        self.0.push((path.to_owned(), message.to_owned()));
    }
}

/// A model that is being read: its values, where it stands, what it becomes.
struct Fields<'a> {
    from: &'a Dict,
    path: String,
    out: Dict,
}

#[derive(Clone, Copy, PartialEq)]
enum Missing {
    /// Is an error.
    Error,
    /// Is left to the default.
    Default,
}

impl<'a> Fields<'a> {
    /// A model; an error when the value is no dictionary.
    fn of(value: &'a Value, path: &str, model: &str, errors: &mut Errors) -> Option<Self> {
        let dict = value.as_dict();
        if dict.is_none() {
            errors.add(path, &format!("Input should be a valid dictionary or instance of {model}"));
        }
        let path = if path.is_empty() { String::new() } else { format!("{path}.") };
        dict.map(|from| Fields { from, path, out: Dict::new() })
    }

    fn at(&self, key: &str) -> String {
        format!("{}{key}", self.path)
    }

    /// A field that may be given under two names; the place in errors is the name that was given.
    fn named(&self, alias: &'static str, name: &'static str) -> &'static str {
        if self.from.contains(alias) || !self.from.contains(name) { alias } else { name }
    }

    fn take(&mut self, key: &str, missing: Missing, errors: &mut Errors) -> Option<&'a Value> {
        let value = self.from.get(key);
        if value.is_none() && missing == Missing::Error {
            errors.add(&self.at(key), "Field required");
        }
        value
    }

    /// A string, kept as `into`.
    fn text(&mut self, key: &str, into: &str, missing: Missing, default: Value, errors: &mut Errors) {
        match self.take(key, missing, errors) {
            Some(value @ Value::Str(_)) => self.out.set(into, value.clone()),
            Some(Value::None) if default.is_none() => self.out.set(into, Value::None),
            Some(_) => errors.add(&self.at(key), "Input should be a valid string"),
            None => self.out.set(into, default),
        }
    }

    /// A dictionary of anything.
    fn dict(&mut self, key: &str, default: Value, errors: &mut Errors) {
        match self.take(key, Missing::Default, errors) {
            Some(value @ Value::Dict(_)) => self.out.set(key, value.clone()),
            Some(Value::None) if default.is_none() => self.out.set(key, Value::None),
            Some(_) => errors.add(&self.at(key), "Input should be a valid dictionary"),
            None => self.out.set(key, default),
        }
    }

    /// A list, each item read by `item`. Whether it is without error.
    fn list(
        &mut self,
        key: &str,
        missing: Missing,
        errors: &mut Errors,
        mut item: impl FnMut(&'a Value, &str, &mut Errors) -> Option<Value>,
    ) -> bool {
        let before = errors.0.len();
        let path = self.at(key);
        let mut out = Vec::new();
        match self.take(key, missing, errors) {
            Some(Value::List(list)) => {
                for (at, value) in list.items().iter().enumerate() {
                    out.extend(item(value, &format!("{path}.{at}"), errors));
                }
            }
            Some(_) => errors.add(&path, "Input should be a valid list"),
            None => {}
        }
        self.out.set(key, out);
        errors.0.len() == before
    }
}

fn empty() -> Value {
    Value::dict(Dict::new())
}

fn step(value: &Value, path: &str, errors: &mut Errors) -> Option<Value> {
    let mut fields = Fields::of(value, path, "PipelineStep", errors)?;
    for key in ["id", "name"] {
        fields.text(key, key, Missing::Error, Value::from(""), errors);
    }
    fields.text("type", "type", Missing::Default, Value::from("task"), errors);
    for key in ["step_class", "module"] {
        fields.text(key, key, Missing::Error, Value::from(""), errors);
    }
    fields.dict("config", empty(), errors);
    fields.dict("input_schema", Value::None, errors);
    fields.dict("output_schema", Value::None, errors);
    Some(Value::dict(fields.out))
}

fn condition(value: &Value, path: &str, errors: &mut Errors) -> Option<Value> {
    let mut fields = Fields::of(value, path, "FlowCondition", errors)?;
    fields.text("type", "type", Missing::Default, Value::from("always"), errors);
    fields.dict("config", empty(), errors);
    Some(Value::dict(fields.out))
}

fn edge(value: &Value, path: &str, errors: &mut Errors) -> Option<Value> {
    let mut fields = Fields::of(value, path, "FlowPath", errors)?;
    for (alias, name) in [("from", "from_step"), ("to", "to_step")] {
        let key = fields.named(alias, name);
        fields.text(key, alias, Missing::Error, Value::from(""), errors);
    }
    let default = empty();
    let given = fields.from.get("condition").unwrap_or(&default);
    let read = condition(given, &fields.at("condition"), errors);
    fields.out.set("condition", read.unwrap_or_default());
    Some(Value::dict(fields.out))
}

fn flow(value: &Value, steps: Option<&Value>, errors: &mut Errors) -> Option<Value> {
    let before = errors.0.len();
    let mut fields = Fields::of(value, "flow", "PipelineFlow", errors)?;
    fields.text("start_at", "start_at", Missing::Error, Value::from(""), errors);
    fields.list("paths", Missing::Default, errors, edge);
    let out = Value::dict(fields.out);
    // The references are looked at only when everything before was right.
    if let Some(steps) = steps.filter(|_| errors.0.len() == before) {
        let ids = steps.as_list().unwrap_or_default().iter().filter_map(|step| step.get("id")?.as_str());
        let known: FxHashSet<&str> = ids.chain(TERMINALS).collect();
        let edges = out.get("paths").and_then(Value::as_list).unwrap_or_default().iter();
        let mut ends = edges.flat_map(|edge| ["from", "to"].map(|key| edge.get(key).and_then(Value::as_str)));
        if let Some(unknown) = ends.find_map(|end| end.filter(|end| !known.contains(end))) {
            errors.add("flow", &format!("Value error, Flow path references unknown step: {unknown}"));
        }
    }
    Some(out)
}

/// What the model makes of a definition, as the runner hands it on: with `from` and `to`, and with all defaults.
///
/// # Errors
/// The runner's `ValueError` with pydantic's words.
pub fn read(definition: &Value) -> Result<Value, Exception> {
    let invalid = |what: &str| Exception::new("ValueError", format!("Invalid pipeline configuration: {what}"));
    let Some(from) = definition.as_dict() else {
        return Err(invalid(&format!(
            "ia_modules.pipeline.graph_pipeline_runner.PipelineConfig() argument after ** must be a mapping, not {}",
            definition.type_name()
        )));
    };
    let mut errors = Errors::default();
    let mut fields = Fields { from, path: String::new(), out: Dict::new() };
    fields.text("name", "name", Missing::Error, Value::from(""), &mut errors);
    fields.text("description", "description", Missing::Default, Value::None, &mut errors);
    fields.text("version", "version", Missing::Default, Value::None, &mut errors);
    // A list of parameters is taken for their schema, and anything else for none. Without any, the model's own default
    // is an empty list, which templates then trip over.
    let parameters = match from.get("parameters") {
        Some(dict @ Value::Dict(_)) => dict.clone(),
        Some(_) => empty(),
        None => Value::list(Vec::new()),
    };
    fields.out.set("parameters", parameters);
    let mut whole = fields.list("steps", Missing::Error, &mut errors, step);
    let steps = fields.out.get("steps").cloned().unwrap_or_default();
    if whole {
        let mut ids = FxHashSet::default();
        let all = steps.as_list().unwrap_or_default();
        if !all.iter().filter_map(|step| step.get("id")?.as_str()).all(|id| ids.insert(id)) {
            errors.add("steps", "Value error, Step IDs must be unique");
            whole = false;
        }
    }
    if let Some(value) = fields.take("flow", Missing::Error, &mut errors) {
        let read = flow(value, whole.then_some(&steps), &mut errors);
        fields.out.set("flow", read.unwrap_or_default());
    }
    fields.dict("input_schema", Value::None, &mut errors);
    fields.dict("output_schema", Value::None, &mut errors);
    fields.dict("metadata", empty(), &mut errors);
    fields.dict("loop_config", Value::None, &mut errors);
    fields.dict("outputs", Value::None, &mut errors);
    if errors.0.is_empty() {
        return Ok(Value::dict(fields.out));
    }
    let count = errors.0.len();
    let mut text = format!("{count} validation error{} for PipelineConfig", if count == 1 { "" } else { "s" });
    for (path, message) in errors.0 {
        text.push_str(&format!(" / {path} / {message}"));
    }
    Err(invalid(&text))
}
