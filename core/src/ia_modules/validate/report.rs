//! What the validator has said so far, and how a crash of the real one is told.

use crate::protocol::Validation;
use std::fmt;

/// Why the real validator would not go on.
#[derive(Debug)]
pub(super) struct Crash {
    /// What is wrong and where: a sentence.
    what: String,
    exception: &'static str,
    message: String,
}

impl fmt::Display for Crash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} The real validator stops here with {}: {}", self.what, self.exception, self.message)
    }
}

/// A rule that may crash.
pub(super) type Check<T> = Result<T, Crash>;

/// The real validator stops here with this exception.
pub(super) fn crash<T>(what: String, exception: &'static str, message: String) -> Check<T> {
    Err(Crash { what, exception, message })
}

/// Errors, warnings and remarks in their order.
#[derive(Debug, Default)]
pub(super) struct Report {
    said: Validation,
}

impl Report {
    pub(super) fn error(&mut self, message: String) {
        self.said.errors.push(message);
    }

    pub(super) fn warning(&mut self, message: String) {
        self.said.warnings.push(message);
    }

    pub(super) fn info(&mut self, message: String) {
        self.said.info.push(message);
    }

    /// In strict mode every warning is an error.
    pub(super) fn finish(self, strict: bool) -> Validation {
        let mut said = self.said;
        if strict {
            let warnings = std::mem::take(&mut said.warnings);
            said.errors.extend(warnings.into_iter().map(|warning| format!("[STRICT] {warning}")));
        }
        said.is_valid = said.errors.is_empty();
        said
    }
}
