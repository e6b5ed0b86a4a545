//! Making a step: its configuration resolved, its class imported, its error handling read.
//!
//! The class itself is not here: any module and class with a usable name counts as importable.

use super::exception::{Exception, get, index};
use super::template::{Context, resolve};
use super::{Mock, Mocks, Step};
use crate::ia_modules::python::{Int, Operator, Value, order};

/// What a step does about errors.
#[derive(Clone, Debug, Default)]
pub struct ErrorHandling {
    /// An error becomes the step's result, and the run goes on.
    pub continue_on_error: bool,
    /// The step's `fallback` is called; that of the base class raises the error again.
    pub enable_fallback: bool,
    /// Repeated attempts.
    pub retry: Option<Retry>,
}

/// Repeated attempts, as their configuration says.
#[derive(Clone, Debug)]
pub struct Retry {
    /// Attempts in all. A number, or the engine would have refused it.
    pub max_attempts: Value,
    /// Seconds before the second attempt.
    pub initial_delay: Value,
    /// The longest pause in seconds.
    pub max_delay: Value,
    /// Factor from one pause to the next.
    pub exponential_base: Value,
    /// Whether pauses are made longer by chance.
    pub jitter: bool,
    /// Whether `retryable_exceptions` was given. No JSON value is an exception, so an error then ends in another one.
    pub own_exceptions: bool,
}

/// The keys of a retry configuration.
const RETRY: [&str; 6] =
    ["max_attempts", "initial_delay", "max_delay", "exponential_base", "jitter", "retryable_exceptions"];

/// Makes a step from its definition.
pub(super) fn create(definition: &Value, mocks: &Mocks, context: Context<'_>) -> Result<Step, Exception> {
    let empty = Value::dict(crate::ia_modules::python::Dict::new());
    let config = get(definition, "config")?.unwrap_or(&empty);
    let config = resolve(config, context)?;
    let id = match get(definition, "id")? {
        Some(id) => id.clone(),
        None => get(definition, "name")?.cloned().unwrap_or_else(|| Value::from("Unknown")),
    };
    let mock = mocks.of(&id).map_or(Mock::Generated, |mock| filled(mock, context));
    import(definition)?;
    let errors = error_handling(&config)?;
    Ok(Step { id, path: String::new(), config, errors, mock, output_schema: None })
}

/// A mock with its placeholders filled in: it stands for code that reads its configuration. It is no part of the file,
/// so placeholders that cannot be filled in stay as they are, and the file is not refused for them.
fn filled(mock: &Mock, context: Context<'_>) -> Mock {
    let fill = |value: &Value| resolve(value, context).unwrap_or_else(|_| value.clone());
    match mock {
        Mock::Generated => Mock::Generated,
        Mock::Returns(value) => Mock::Returns(fill(value)),
        Mock::Sequence(values) => Mock::Sequence(values.iter().map(fill).collect()),
        Mock::Raises(text) => Mock::Raises(fill(&Value::from(text.as_str())).to_string()),
    }
}

/// What importing the class says of names that no module or class can have.
fn import(definition: &Value) -> Result<(), Exception> {
    let module = index(definition, "module")?;
    let default = Value::from("");
    let class = match get(definition, "step_class")? {
        Some(class) => class,
        None => get(definition, "class")?.unwrap_or(&default),
    };
    let no_class =
        |why: String| Exception::new("AttributeError", format!("Module '{module}' has no class '{class}': {why}"));
    let Some(name) = module.as_str() else {
        return Err(no_class(format!("'{}' object has no attribute 'startswith'", module.type_name())));
    };
    if name.is_empty() {
        return Err(Exception::new("ValueError", "Empty module name"));
    }
    if name.starts_with('.') {
        return Err(Exception::of_type(format!(
            "the 'package' argument is required to perform a relative import for {}",
            module.repr()
        )));
    }
    match class.as_str() {
        None => Err(Exception::of_type(format!("attribute name must be string, not '{}'", class.type_name()))),
        Some("") => Err(no_class(format!("module {} has no attribute ''", module.repr()))),
        Some(_) => Ok(()),
    }
}

fn error_handling(config: &Value) -> Result<ErrorHandling, Exception> {
    let Some(handling) = get(config, "error_handling")? else { return Ok(ErrorHandling::default()) };
    let flag = |key: &str| Ok(get(handling, key)?.is_some_and(Value::truthy));
    let continue_on_error = flag("continue_on_error")?;
    let enable_fallback = flag("enable_fallback")?;
    let retry = match get(handling, "retry")?.filter(|retry| retry.truthy()) {
        Some(retry) => Some(read_retry(retry)?),
        None => None,
    };
    Ok(ErrorHandling { continue_on_error, enable_fallback, retry })
}

fn read_retry(config: &Value) -> Result<Retry, Exception> {
    let Some(dict) = config.as_dict() else {
        return Err(Exception::of_type(format!(
            "ia_modules.pipeline.retry.RetryConfig() argument after ** must be a mapping, not {}",
            config.type_name()
        )));
    };
    if let Some(unknown) = dict.keys().find(|key| !RETRY.contains(key)) {
        return Err(Exception::of_type(format!(
            "RetryConfig.__init__() got an unexpected keyword argument '{unknown}'"
        )));
    }
    let field = |key: &str, default: Value| dict.get(key).cloned().unwrap_or(default);
    let retry = Retry {
        max_attempts: field("max_attempts", Value::Int(Int::from(3))),
        initial_delay: field("initial_delay", Value::Float(1.0)),
        max_delay: field("max_delay", Value::Float(60.0)),
        exponential_base: field("exponential_base", Value::Float(2.0)),
        jitter: dict.get("jitter").is_none_or(Value::truthy),
        own_exceptions: dict.contains("retryable_exceptions"),
    };
    let (zero, one) = (Value::from(0), Value::from(1));
    for (a, operator, b, wrong) in [
        (&retry.max_attempts, Operator::Less, &one, "max_attempts must be >= 1"),
        (&retry.initial_delay, Operator::LessOrEqual, &zero, "initial_delay must be > 0"),
        (&retry.max_delay, Operator::Less, &retry.initial_delay, "max_delay must be >= initial_delay"),
        (&retry.exponential_base, Operator::LessOrEqual, &one, "exponential_base must be > 1"),
    ] {
        if order(a, operator, b).map_err(Exception::of_type)? {
            return Err(Exception::new("ValueError", wrong));
        }
    }
    Ok(retry)
}
