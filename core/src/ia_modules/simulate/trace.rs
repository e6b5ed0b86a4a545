//! A dry run as a trace in ChainDebug's own format (`docs/format.md`), so that it opens like any other run.

use super::words::engine;
use super::{DryRun, Entry, Next, Run};
use crate::ia_modules::python::{Dict, Value};
use crate::json::quoted;
use crate::protocol::{Loader, RunEnd};
use std::fmt::Write as _;

/// Bytes of states a trace may hold in all. Beyond, large values in states are named and not repeated.
const STATES: usize = 32 << 20;
/// Bytes of a value that is repeated even then.
const SMALL: usize = 2 << 10;

/// The trace: a header, a line for each entry, and how it ended. `None` when no step was entered. `human` tells which
/// steps are drawn as a person's, beside those where the run waited.
pub fn write(dry: &DryRun, pipeline: &str, human: &dyn Fn(&str) -> bool) -> Option<String> {
    let (program, run) = dry.ran.as_ref().filter(|(_, run)| !run.entries.is_empty())?;
    let loader = match program.target.loader {
        Loader::Raw => "raw",
        Loader::Pydantic => "pydantic",
    };
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = writeln!(
        out,
        r#"{{"chaindebug":1,"run":{{"id":"dry-run","name":{},"attributes":{{"engine":{},"loader":"{loader}","mocks":"in the place of the steps' own code"}}}}}}"#,
        quoted(&format!("dry run of {pipeline}")),
        quoted(engine(program.target.engine)),
    );
    let short = total(run) > STATES;
    for (at, entry) in run.entries.iter().enumerate() {
        step(run, at, entry, short, human(&entry.id), &mut out);
    }
    let status = match run.end {
        RunEnd::Completed | RunEnd::DeadEnd => "ok",
        RunEnd::WaitingForHuman => "waiting",
        RunEnd::Failed => "error",
    };
    let error = run.error.as_ref().map_or_else(String::new, |error| {
        format!(r#","error":{{"type":{},"message":{}}}"#, quoted(&error.type_name), quoted(&error.message))
    });
    let _ = writeln!(out, r#"{{"type":"end_run","status":"{status}"{error}}}"#);
    Some(out)
}

fn step(run: &Run, at: usize, entry: &Entry, short: bool, human: bool, out: &mut String) {
    let human = human || matches!(entry.next, Next::Waits | Next::Answered(_));
    let status = match (&entry.next, &entry.error) {
        (Next::Waits, _) => "waiting",
        (_, Some(_)) => "error",
        _ => "ok",
    };
    let _ = write!(
        out,
        r#"{{"type":"step","id":"{}","name":{},"kind":"{}","status":"{status}""#,
        at + 1,
        quoted(&entry.id),
        if human { "human" } else { "task" },
    );
    if let Some(error) = &entry.error {
        let _ = write!(out, r#","error":{{"type":{},"message":{}}}"#, quoted(&error.type_name), quoted(&error.message));
    }
    if let Some(result) = &entry.result {
        out.push_str(",\"output\":");
        result.write_json(out);
    }
    for (key, mark) in [("state_before", entry.before), ("state_after", entry.after)] {
        let _ = write!(out, ",\"{key}\":");
        let state = run.state.at(mark);
        Value::dict(if short { shortened(&state) } else { state }).write_json(out);
    }
    if entry.attempts > 1 {
        let _ = write!(out, r#","attributes":{{"attempts":{}}}"#, entry.attempts);
    }
    out.push_str("}\n");
}

/// Bytes of all states together.
fn total(run: &Run) -> usize {
    let mut sizes: Vec<(usize, usize)> = Vec::new();
    let mut size = run.state.input().to_json().len();
    let mut held: rustc_hash::FxHashMap<&str, usize> = rustc_hash::FxHashMap::default();
    for entry in &run.entries {
        let before = size;
        for (key, value) in run.state.between(entry.before, entry.after) {
            let len = value.to_json().len() + key.len() + 4;
            let old = held.insert(key, len).unwrap_or(0);
            size = (size + len).saturating_sub(old);
        }
        sizes.push((before, size));
    }
    sizes.iter().fold(0usize, |sum, (before, after)| sum.saturating_add(*before).saturating_add(*after))
}

/// The state with large values named by their size.
fn shortened(state: &Dict) -> Dict {
    let name = |value: &Value| {
        let len = match value {
            Value::Str(text) => text.len(),
            Value::List(_) | Value::Dict(_) => value.to_json().len(),
            _ => 0,
        };
        if len <= SMALL {
            return value.clone();
        }
        Value::from(format!("… {len} bytes, left out here: see the output of the step that wrote it"))
    };
    state.iter().map(|(key, value)| (std::rc::Rc::clone(key), name(value))).collect()
}
