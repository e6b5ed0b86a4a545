//! `chaindebug format`: a JSON file in the usual form, changed in nothing but its white space.

use crate::args::meant;
use crate::file::name_of;
use crate::{Outcome, say};
use chaindebug_core::edit::{apply, format_whole};
use std::ffi::{OsStr, OsString};
use std::io::{self, Read as _, Write};

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    file: OsString,
    check: bool,
    write: bool,
}

/// Reads the arguments after `format`; `None` when help was asked for.
pub(crate) fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Option<Asked>, String> {
    let mut files = Vec::new();
    let (mut check, mut write, mut words) = (false, false, false);
    for argument in arguments {
        match argument.to_string_lossy().as_ref() {
            _ if words => files.push(argument),
            "--" => words = true,
            "-h" | "--help" => return Ok(None),
            "--check" => check = true,
            "--write" => write = true,
            option if option.starts_with('-') && option.len() > 1 => {
                let near = meant(option, &["--check", "--write", "--help"]);
                return Err(format!("`chaindebug format` has no option {option}.{near}"));
            }
            _ => files.push(argument),
        }
    }
    let mut files = files.into_iter();
    let file = files.next().ok_or("`chaindebug format` needs a file.")?;
    if let Some(more) = files.next() {
        return Err(format!("`chaindebug format` takes one file; {} is too much.", more.to_string_lossy()));
    }
    if check && write {
        return Err("--check only looks, and --write changes the file; give one of them.".to_owned());
    }
    if write && file == "-" {
        return Err("Standard input cannot be written back; leave --write out.".to_owned());
    }
    Ok(Some(Asked { file, check, write }))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_usage_is_named() {
        let parsed = |line: &str| parse(line.split_whitespace().map(OsString::from));
        let asked = |check, write| Ok(Some(Asked { file: "a".into(), check, write }));
        assert_eq!(parsed("a"), asked(false, false));
        assert_eq!(parsed("--check a"), asked(true, false));
        assert_eq!(parsed("a --write"), asked(false, true));
        assert_eq!(parsed("a -h"), Ok(None));
        for (line, says) in [
            ("", "needs a file"),
            ("a b", "b is too much"),
            ("a --chek", "Did you mean --check?"),
            ("a --check --write", "give one of them"),
            ("- --write", "cannot be written back"),
        ] {
            assert!(parsed(line).is_err_and(|message| message.contains(says)), "{line}");
        }
    }
}
