//! `chaindebug visualize` and `chaindebug docs`: a pipeline as text of another language, printed or written to a file.

use crate::args::{Command, meant};
use crate::terminal::line;
use crate::{Outcome, open, say};
use chaindebug_core::protocol::{Answer, Drawing, Request};
use chaindebug_core::session::Session;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;

/// What is to be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Draw {
    /// The file with the pipeline.
    pub(crate) file: OsString,
    /// As what.
    pub(crate) drawing: Drawing,
    /// Which pipeline of the file, from 0.
    pub(crate) pipeline: Option<u32>,
    /// Where to write it; printed when `None`.
    pub(crate) to: Option<OsString>,
}

const LANGUAGES: [(&str, Drawing); 3] = [("mermaid", Drawing::Mermaid), ("dot", Drawing::Dot), ("svg", Drawing::Svg)];

/// The language a file's name asks for.
fn by_name(name: &OsString) -> Option<Drawing> {
    match Path::new(name).extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "svg" => Some(Drawing::Svg),
        "dot" | "gv" => Some(Drawing::Dot),
        "mmd" | "mermaid" => Some(Drawing::Mermaid),
        _ => None,
    }
}

/// Reads what stands after `visualize` or `docs`; `None` when help was asked for.
pub(crate) fn parse(command: &str, arguments: impl Iterator<Item = OsString>) -> Result<Option<Command>, String> {
    let docs = command == "docs";
    let known: &[&str] = if docs { &["-o", "--pipeline", "--help"] } else { &["--to", "-o", "--pipeline", "--help"] };
    let (mut file, mut language, mut pipeline, mut to) = (None, None, None, None);
    let mut arguments = arguments;
    let mut only_files = false;
    while let Some(argument) = arguments.next() {
        let text = argument.to_string_lossy().into_owned();
        if text == "--" && !only_files {
            only_files = true;
            continue;
        }
        if only_files || !text.starts_with('-') || text == "-" {
            if file.is_some() {
                return Err(format!("`chaindebug {command}` takes one file; {text} is too much."));
            }
            file = Some(argument);
            continue;
        }
        if text == "-h" || text == "--help" {
            return Ok(None);
        }
        let (option, glued) = match text.split_once('=') {
            Some((option, value)) => (option.to_owned(), Some(OsString::from(value))),
            None => (text, None),
        };
        let option = if option == "--output" { "-o".to_owned() } else { option };
        if !known.contains(&option.as_str()) {
            return Err(format!("`chaindebug {command}` has no option {option}.{}", meant(&option, known)));
        }
        let value = glued.or_else(|| arguments.next());
        match option.as_str() {
            "-o" => to = Some(value.ok_or("-o needs the name of the file to write.")?),
            "--pipeline" => {
                let number = value.and_then(|value| value.to_str()?.parse().ok());
                pipeline = Some(number.ok_or("--pipeline needs the number of a pipeline of the file, from 0.")?);
            }
            _ => {
                let name = value.unwrap_or_default().to_string_lossy().to_ascii_lowercase();
                let found = LANGUAGES.iter().find(|(known, _)| *known == name);
                language = Some(found.ok_or("--to needs one of mermaid, dot and svg.")?.1);
            }
        }
    }
    let file = file.ok_or_else(|| format!("`chaindebug {command}` needs a file with a pipeline."))?;
    let drawing = match (docs, language) {
        (true, _) => Drawing::Markdown,
        (false, Some(language)) => language,
        (false, None) => to.as_ref().and_then(by_name).unwrap_or(Drawing::Mermaid),
    };
    Ok(Some(Command::Draw(Draw { file, drawing, pipeline, to })))
}

/// Draws it.
pub(crate) fn run(draw: &Draw, out: &mut dyn Write) -> io::Result<Outcome> {
    let mut session = Session::new();
    let Some(document) = open::one(&mut session, &draw.file) else { return Ok(Outcome::Nothing) };
    let count = document.pipelines.len();
    if count == 0 {
        let read = if document.label.is_empty() { "something else" } else { &document.label };
        say(&format!("There is no pipeline in this file: it was read as {}.", line(read)));
        return Ok(Outcome::Nothing);
    }
    let number = draw.pipeline.unwrap_or(0);
    if number as usize >= count {
        say(&format!("There is no pipeline {number} in this file; it has {count}, counted from 0."));
        return Ok(Outcome::Nothing);
    }
    if count > 1 && draw.pipeline.is_none() {
        say(&format!("This file has {count} pipelines; the first is drawn. Choose another with --pipeline."));
    }
    let text = match session.answer(Request::Draw { pipeline: number, drawing: draw.drawing }) {
        Answer::Text { text } => text,
        Answer::Refused { message } => {
            say(&line(&message));
            return Ok(Outcome::Nothing);
        }
        _ => return Err(io::Error::other("the engine answered something else")),
    };
    let Some(to) = &draw.to else { return out.write_all(text.as_bytes()).map(|()| Outcome::Done) };
    let same = |a: &OsString, b: &OsString| {
        let whole = |name: &OsString| std::fs::canonicalize(name).ok();
        whole(a).is_some() && whole(a) == whole(b)
    };
    if same(to, &draw.file) {
        return Ok(Outcome::Usage("-o names the file with the pipeline itself; nothing was written.".to_owned()));
    }
    match std::fs::write(to, text) {
        Ok(()) => Ok(Outcome::Done),
        Err(error) => {
            say(&format!("{} cannot be written: {error}.", line(&to.to_string_lossy())));
            Ok(Outcome::Nothing)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(command: &str, line: &str) -> Result<Option<Command>, String> {
        parse(command, line.split_whitespace().map(OsString::from))
    }

    fn draw(drawing: Drawing, pipeline: Option<u32>, to: Option<&str>) -> Result<Option<Command>, String> {
        Ok(Some(Command::Draw(Draw { file: "a.json".into(), drawing, pipeline, to: to.map(OsString::from) })))
    }

    #[test]
    fn the_language_is_asked_for_or_told_by_the_name() {
        assert_eq!(parsed("visualize", "a.json"), draw(Drawing::Mermaid, None, None));
        assert_eq!(parsed("visualize", "--to dot a.json --pipeline=2"), draw(Drawing::Dot, Some(2), None));
        assert_eq!(parsed("visualize", "a.json -o b.SVG"), draw(Drawing::Svg, None, Some("b.SVG")));
        assert_eq!(parsed("visualize", "a.json -o b.svg --to=mermaid"), draw(Drawing::Mermaid, None, Some("b.svg")));
        assert_eq!(parsed("docs", "a.json --output b.md"), draw(Drawing::Markdown, None, Some("b.md")));
        assert_eq!(parsed("docs", "--help"), Ok(None));
    }

    #[test]
    fn wrong_usage_is_named() {
        for (command, line, complaint) in [
            ("visualize", "", "`chaindebug visualize` needs a file with a pipeline."),
            ("visualize", "a --to png", "--to needs one of mermaid, dot and svg."),
            ("visualize", "a b", "`chaindebug visualize` takes one file; b is too much."),
            ("visualize", "a -o", "-o needs the name of the file to write."),
            ("docs", "a --to svg", "`chaindebug docs` has no option --to."),
            ("docs", "a --pipeline x", "--pipeline needs the number of a pipeline of the file, from 0."),
        ] {
            assert_eq!(parsed(command, line).unwrap_err().split(" Did").next(), Some(complaint), "{command} {line}");
        }
    }
}
