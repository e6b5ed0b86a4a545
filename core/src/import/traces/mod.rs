//! Traces at large: what OpenTelemetry, Jaeger, Zipkin and browsers write, whatever the program did.

pub mod chrome;
pub mod console;
pub mod cpuprofile;
pub mod jaeger;
pub mod next;
pub mod otlp;
mod sampled;
pub mod zipkin;

use crate::import::{Builder, Format};
use crate::model::{Diagnostic, Severity};

/// Says so when the steps from `base` on were timed by a clock that knows no date.
fn undated(file: u16, base: usize, build: &mut Builder) {
    let mut starts = build.drafts.iter().skip(base).filter_map(|draft| draft.start);
    if starts.next().is_some_and(|start| !start.is_dated()) {
        let message = "The times of this file count from when a clock was started, not from a date: times are shown from \
                       the beginning of the run.";
        let mut diagnostic = Diagnostic::new(Severity::Info, "no-date", message);
        diagnostic.file = file;
        build.diagnostics.push(diagnostic);
    }
}

/// The formats, most specific first.
pub const FORMATS: &[Format] =
    &[otlp::FORMAT, jaeger::FORMAT, next::FORMAT, zipkin::FORMAT, chrome::FORMAT, cpuprofile::FORMAT, console::FORMAT];

/// Those of the engine that a page loads first.
pub const FIRST: &[Format] = &[otlp::FORMAT, jaeger::FORMAT, console::FORMAT];

/// A text of each, for the tests that damage them.
#[cfg(test)]
pub(super) const FIXTURES: &[&str] = &[
    include_str!("fixtures/zipkin.json"),
    include_str!("fixtures/chrome.json"),
    include_str!("fixtures/profile.cpuprofile"),
    include_str!("fixtures/next-trace.jsonl"),
];
