//! Errors of steps: what a mock raises, and what the engine makes of it.
//!
//! The engine sorts any exception by its type's name and its text into one of its own, which is what the run then
//! fails with. Source: `errors.py` and `retry.py`.

use crate::ia_modules::load::{Exception, Retry};
use crate::ia_modules::python::{Dict, Operator, Value, order};
use crate::protocol::EngineId;

/// An error of the engine's own kind.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Name of its type.
    pub type_name: String,
    message: String,
    /// `network`, `timeout` and so on.
    pub category: &'static str,
    /// `error` or `critical`.
    pub severity: &'static str,
    /// Whether the error names the step.
    step: bool,
    /// Whether a fallback would be tried.
    pub recoverable: bool,
    /// What the engine keeps about it.
    pub context: Dict,
}

impl Failure {
    fn new(type_name: &str, category: &'static str, message: String, step: bool) -> Self {
        let critical = matches!(category, "resource" | "configuration");
        Failure {
            type_name: type_name.to_owned(),
            message,
            category,
            severity: if critical { "critical" } else { "error" },
            step,
            recoverable: matches!(category, "network" | "timeout" | "dependency"),
            context: Dict::new(),
        }
    }

    fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.context.set(key, value);
        self
    }

    /// The text of the exception.
    pub fn text(&self, step: &str) -> String {
        let severity = self.severity.to_uppercase();
        let of = if self.step && !step.is_empty() { format!("Step '{step}' ") } else { String::new() };
        format!("[{severity}] {of}{}: {}", self.category, self.message)
    }

    /// The exception that ends the run.
    pub fn exception(&self, step: &str) -> Exception {
        Exception::new(&self.type_name, self.text(step))
    }

    /// What becomes the step's result under `continue_on_error`.
    ///
    /// A `LogicError` of 0.1.3 that was given no context keeps none.
    pub fn result(&self, step: &str, engine: EngineId) -> Value {
        let context = match (self.category, engine) {
            ("logic", EngineId::IaModules013) => Value::None,
            _ => Value::dict(self.context.clone()),
        };
        let mut result = Dict::new();
        result.set("step_error", true);
        result.set("error_message", self.text(step));
        result.set("error_category", self.category);
        result.set("error_severity", self.severity);
        result.set("step_name", step);
        result.set("original_data", Value::Shared);
        result.set("context", context);
        Value::dict(result)
    }
}

/// What a mock raises.
#[derive(Clone, Debug)]
pub enum Raised {
    /// An exception the engine does not know: sorted by name and text.
    Plain(Exception),
    /// One of the engine's own.
    Own(Failure),
    /// One that the engine lets through untouched.
    Untouched(Exception),
}

/// Splits `ErrorType: message`. A text that does not begin with the name of a type is the message of an `Exception`.
fn split(text: &str) -> (&str, &str) {
    let (name, message) = text.split_once(':').unwrap_or((text, ""));
    let name = name.trim();
    let named = name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.')
        && name.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_');
    if !named {
        return ("Exception", text);
    }
    let name = match name.rsplit('.').next().unwrap_or(name) {
        // Other names of the same class.
        "IOError" | "EnvironmentError" => "OSError",
        name => name,
    };
    (name, message.strip_prefix(' ').unwrap_or(message))
}

/// Whether a text stands in quotes of Python.
fn is_quoted(text: &str) -> bool {
    let inside = |quote| text.strip_prefix(quote).and_then(|text| text.strip_suffix(quote));
    inside('\'').or_else(|| inside('"')).is_some()
}

/// What `raises` of a mock stands for. Python's own exceptions come before the engine's of the same name; of the
/// engine's, those that need more than a message get `unknown` for it.
pub fn raised(text: &str) -> Raised {
    let (name, message) = split(text);
    let own = |category, message: String| Failure::new(name, category, message, false);
    let plain = |message: String| Raised::Plain(Exception::new(name, message));
    let dependency =
        |service: &str| own("dependency", format!("Dependency '{service}': {message}")).with("service_name", service);
    let resource =
        |kind: &str| own("resource", format!("{kind} resource error: {message}")).with("resource_type", kind);
    Raised::Own(match name {
        "NetworkError" => own("network", message.to_owned()),
        "HTTPError" => {
            let status = message.split_once(':').and_then(|(status, _)| status.trim().parse::<i64>().ok());
            let rest = message.split_once(':').map_or("", |(_, rest)| rest.trim_start());
            match status {
                Some(status) => own("network", format!("HTTP {status}: {rest}")).with("status_code", status),
                None => return plain(message.to_owned()),
            }
        }
        "ValidationError" => own("validation", message.to_owned()),
        "ResourceError" => resource("unknown"),
        "DiskSpaceError" => resource("disk"),
        "DependencyError" | "APIError" => dependency("unknown"),
        "DatabaseError" => dependency("database"),
        "LogicError" => own("logic", message.to_owned()),
        "ConfigurationError" => own("configuration", message.to_owned()),
        "PipelineError" => own("unknown", message.to_owned()),
        // `str()` of it is the key as Python writes it, and people copy that from a traceback.
        "KeyError" if is_quoted(message) => return plain(message.to_owned()),
        "KeyError" => return plain(Value::from(message).repr()),
        "StopIteration" => {
            return Raised::Plain(Exception::new("RuntimeError", "coroutine raised StopIteration"));
        }
        "BaseException" | "KeyboardInterrupt" | "SystemExit" | "GeneratorExit" | "CancelledError" => {
            return Raised::Untouched(Exception::new(name, message));
        }
        _ => return plain(message.to_owned()),
    })
}

/// The error of the engine that an exception becomes.
fn classify(exception: &Exception) -> Failure {
    let name = exception.type_name.to_lowercase();
    let text = exception.message.to_lowercase();
    let message = exception.message.clone();
    let named = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if named(&["timeout"]) || text.contains("timeout") {
        Failure::new("TimeoutError", "timeout", format!("Timeout after 0.0s: {message}"), true)
            .with("timeout_seconds", 0.0)
    } else if named(&["connection", "network", "http"]) {
        Failure::new("NetworkError", "network", message, true)
    } else if named(&["validation", "schema", "type"]) {
        Failure::new("ValidationError", "validation", message, true)
    } else if named(&["memory"]) {
        Failure::new("MemoryError", "resource", format!("memory resource error: {message}"), true)
            .with("resource_type", "memory")
    } else if named(&["database", "sql"]) || text.contains("database") || text.contains("sql") {
        Failure::new("DatabaseError", "dependency", format!("Dependency 'database': {message}"), true)
            .with("service_name", "database")
    } else {
        Failure::new("PipelineError", "unknown", message, true).with("original_type", exception.type_name.as_str())
    }
}

/// What comes of all attempts.
pub(super) struct Tried {
    pub(super) failure: Result<Failure, Exception>,
    /// How often the step's code was called.
    pub(super) attempts: u64,
}

/// Calls of a mock that always raises: with the step's attempts and pauses.
pub(super) fn tried(raised: Raised, retry: Option<&Retry>) -> Tried {
    let once = |failure| Tried { failure, attempts: 1 };
    let retry = retry.filter(|retry| order(&retry.max_attempts, Operator::Greater, &Value::from(1)) == Ok(true));
    match (raised, retry) {
        // Looked at for any exception, also for one that nothing else catches.
        (_, Some(retry)) if retry.own_exceptions => once(Ok(classify(&Exception::of_type(
            "catching classes that do not inherit from BaseException is not allowed",
        )))),
        (Raised::Untouched(exception), _) => once(Err(exception)),
        (Raised::Plain(exception), _) => once(Ok(classify(&exception))),
        (Raised::Own(failure), Some(retry)) if failure.recoverable => {
            let attempts = attempts(&retry.max_attempts);
            // The engine notes a repetition on the error it repeats after; the last attempt raises a new one.
            Tried { failure: Ok(failure), attempts }
        }
        (Raised::Own(failure), _) => once(Ok(failure)),
    }
}

/// The first attempt that is not below the limit.
fn attempts(max: &Value) -> u64 {
    // The conversion saturates.
    (number(max).ceil() as u64).max(1)
}

fn number(value: &Value) -> f64 {
    match value {
        Value::Bool(flag) => f64::from(u8::from(*flag)),
        Value::Int(int) => int.to_string().parse().unwrap_or(f64::INFINITY),
        Value::Float(float) => *float,
        _ => f64::NAN,
    }
}
