//! What the readers of runs share: ids of steps that run again, how the engine writes errors, when two texts hold the
//! same, and how a state that was worked out is shown.

use super::circular;
use super::state::{Shown, States};
use crate::json::{Lack, Lexer};
use crate::model::{Details, Error, Place, Value, ValueText};
use rustc_hash::FxHashMap;

/// The id of a step: its name, and from the second run of the same step on `name#2`, `name#3`.
pub(super) fn unique_id(seen: &mut FxHashMap<String, u32>, name: &str) -> String {
    match seen.get_mut(name) {
        Some(count) => {
            *count = count.saturating_add(1);
            format!("{name}#{count}")
        }
        None => {
            seen.insert(name.to_owned(), 1);
            name.to_owned()
        }
    }
}

/// An error as the engine writes it, `[ERROR] Step 'b' unknown: boom`: the category is its type.
pub(super) fn error(text: &str) -> Error {
    let parsed = || {
        let rest = text.strip_prefix('[')?.split_once("] ")?.1;
        let rest = rest.strip_prefix("Step '")?.split_once("' ")?.1;
        let (category, message) = rest.split_once(": ")?;
        let word = !category.is_empty() && category.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        word.then(|| Error { kind: category.to_owned(), message: message.to_owned(), stack: String::new() })
    };
    let plain = || Error { message: text.to_owned(), ..Error::default() };
    let mut error = parsed().unwrap_or_else(plain);
    if let Some((message, stack)) = error.message.split_once("\nTraceback") {
        error.stack = format!("Traceback{stack}");
        error.message = message.trim_end().to_owned();
    }
    error
}

/// The failure in a result, when a step failed and the run went on: `{"step_error": true, "error_message": …}`.
pub(super) fn failure(lexer: &mut Lexer<'_>) -> Result<Option<Error>, Lack> {
    let (mut failed, mut out) = (false, Error::default());
    lexer.members(|lexer, key| {
        match key.raw {
            b"step_error" => failed = matches!(lexer.scalar()?, crate::json::Scalar::Bool(true)),
            b"error_message" => out.message = lexer.text()?.unwrap_or_default().into_owned(),
            b"error_category" => out.kind = lexer.text()?.unwrap_or_default().into_owned(),
            _ => {
                lexer.skip()?;
            }
        }
        Ok(())
    })?;
    Ok(failed.then_some(out))
}

/// A hash of JSON text that does not see white space between tokens.
pub(super) fn content(bytes: &[u8]) -> u64 {
    use std::hash::Hasher;
    let mut hasher = rustc_hash::FxHasher::default();
    let (mut inside, mut escaped) = (false, false);
    for &byte in bytes {
        if !inside && byte.is_ascii_whitespace() {
            continue;
        }
        hasher.write_u8(byte);
        match byte {
            b'"' if !escaped => inside = !inside,
            b'\\' if inside && !escaped => {
                escaped = true;
                continue;
            }
            _ => {}
        }
        escaped = false;
    }
    hasher.finish()
}

/// Puts the states before and after a step into its details, with what has to be said of them. `done` steps are over
/// before it; `merged` tells that its own result went into the state.
pub(super) fn show_states(details: &mut Details, states: &States, done: usize, merged: bool, place: Place) {
    let made = |json: String| {
        let mut note = "worked out from the end of the run".to_owned();
        if json.contains(circular::WHOLE) {
            note = format!("{note}; {}", circular::NOTE);
        }
        Value { place, text: ValueText::Made { text: json, json: true, note } }
    };
    let list = |names: &[String]| {
        let shown: Vec<String> = names.iter().take(8).map(|name| format!("`{name}`")).collect();
        let more = if names.len() > 8 { format!(" and {} more", names.len() - 8) } else { String::new() };
        format!("{}{more}", shown.join(", "))
    };
    let before = states.at(done);
    let mut notes =
        vec!["Inferred: the state is worked out from the order of its keys and from what steps returned.".to_owned()];
    if !before.unknown.is_empty() {
        notes.push(format!(
            "Not known before this step: {} (written later over what was there, or not there yet).",
            list(&before.unknown)
        ));
    }
    if merged {
        let Shown { json, unknown } = states.at(done.saturating_add(1));
        if !unknown.is_empty() && unknown != before.unknown {
            notes.push(format!("Not known after it: {}.", list(&unknown)));
        }
        details.state_after = Some(made(json));
        details.unknown_after = unknown;
    }
    if states.in_place() {
        notes.push(
            "Steps of this run changed the shared data in place: a value may have been another one earlier.".into(),
        );
    }
    details.state = Some(made(before.json));
    details.notes.append(&mut notes);
}
