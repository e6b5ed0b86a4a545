//! `chaindebug format`: a JSON file in the usual form, changed in nothing but its white space.

use crate::file::name_of;
use crate::{Outcome, say};
use chaindebug_core::edit::{apply, format_whole};
use clap::Args;
use std::ffi::{OsStr, OsString};
use std::io::{self, Read as _, Write};

/// What was asked for.
#[derive(Debug, Args)]
#[cfg_attr(test, derive(PartialEq))]
pub(crate) struct Asked {
    /// A JSON file
    file: OsString,
    /// Change nothing, and end with 1 when the file would change
    #[arg(long, conflicts_with = "write")]
    check: bool,
    /// Change the file
    #[arg(long)]
    write: bool,
}

fn read(file: &OsStr) -> io::Result<Vec<u8>> {
    if file == "-" {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    std::fs::read(file)
}

/// Prints or writes the text in its usual form, or tells whether it has it.
pub(crate) fn run(asked: &Asked, out: &mut dyn Write) -> io::Result<Outcome> {
    if asked.write && asked.file == "-" {
        return Ok(Outcome::Usage("Standard input cannot be written back; leave --write out.".to_owned()));
    }
    let name = name_of(&asked.file);
    let text = match read(&asked.file) {
        Ok(text) => text,
        Err(error) => {
            say(&format!("{name} cannot be opened: {error}."));
            return Ok(Outcome::Nothing);
        }
    };
    let edits = match format_whole(&text) {
        Ok(edits) => edits,
        Err((at, expected)) => {
            let before = text.get(..at).unwrap_or(&text);
            let line = 1 + before.iter().filter(|&&byte| byte == b'\n').count();
            let column = 1 + before.iter().rev().take_while(|&&byte| byte != b'\n').count();
            say(&format!(
                "{name} is not one JSON value: line {line}, column {column}, expected {expected}. Mend that first."
            ));
            return Ok(Outcome::Nothing);
        }
    };
    if asked.check {
        if edits.is_empty() {
            return Ok(Outcome::Done);
        }
        say(&format!("{name} would be changed. To do it: chaindebug format {name} --write"));
        return Ok(Outcome::Nothing);
    }
    let Some(formatted) = apply(&text, &edits) else {
        return Err(io::Error::other("the edits do not fit the text"));
    };
    if !asked.write {
        out.write_all(&formatted)?;
        return Ok(Outcome::Done);
    }
    if !edits.is_empty()
        && let Err(error) = std::fs::write(&asked.file, &formatted)
    {
        say(&format!("{name} cannot be written: {error}."));
        return Ok(Outcome::Nothing);
    }
    Ok(Outcome::Done)
}
