//! What run results and run logs share: ids of steps that run again, and how the engine writes errors.

use crate::json::{Lack, Lexer};
use crate::model::Error;
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
