//! `chaindebug visualize` and `chaindebug docs`: a pipeline as text of another language, printed or written to a file.

use crate::terminal::line;
use crate::{Outcome, open, say};
use chaindebug_core::protocol::{Answer, Drawing, Request};
use chaindebug_core::session::Session;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;

/// What was asked of `visualize`.
#[derive(Debug, Args)]
#[cfg_attr(test, derive(PartialEq))]
pub(crate) struct Asked {
    /// As what; when not named, the name of OUT tells, else it is Mermaid
    #[arg(long, value_parser = languages())]
    to: Option<Drawing>,
    #[command(flatten)]
    page: AskedPage,
}

/// What was asked of `docs`.
#[derive(Debug, Args)]
#[cfg_attr(test, derive(PartialEq))]
pub(crate) struct AskedPage {
    /// The file with the pipeline
    file: OsString,
    /// Of a file with several pipelines this one, from 0
    #[arg(long, value_name = "N")]
    pipeline: Option<u32>,
    /// Write to this file instead of printing
    #[arg(short, long = "output", value_name = "OUT")]
    out: Option<OsString>,
}

/// What is to be drawn.
pub(crate) struct Draw<'a> {
    page: &'a AskedPage,
    drawing: Drawing,
}

impl Asked {
    /// The language asked for, told by a file's name, or Mermaid.
    pub(crate) fn draw(&self) -> Draw<'_> {
        let drawing = self.to.or_else(|| by_name(self.page.out.as_ref()?));
        Draw { page: &self.page, drawing: drawing.unwrap_or(Drawing::Mermaid) }
    }
}

impl AskedPage {
    /// A Markdown page.
    pub(crate) fn draw(&self) -> Draw<'_> {
        Draw { page: self, drawing: Drawing::Markdown }
    }
}

const LANGUAGES: [(&str, Drawing); 3] = [("mermaid", Drawing::Mermaid), ("dot", Drawing::Dot), ("svg", Drawing::Svg)];

fn languages() -> impl TypedValueParser<Value = Drawing> {
    let language = |name: String| LANGUAGES.iter().find(|(known, _)| *known == name).map_or(Drawing::Mermaid, |l| l.1);
    PossibleValuesParser::new(LANGUAGES.map(|(name, _)| name)).map(language)
}

/// The language a file's name asks for.
fn by_name(name: &OsString) -> Option<Drawing> {
    match Path::new(name).extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "svg" => Some(Drawing::Svg),
        "dot" | "gv" => Some(Drawing::Dot),
        "mmd" | "mermaid" => Some(Drawing::Mermaid),
        _ => None,
    }
}

/// Draws it.
pub(crate) fn run(draw: &Draw<'_>, out: &mut dyn Write) -> io::Result<Outcome> {
    let mut session = Session::new();
    let Some(document) = open::one(&mut session, &draw.page.file) else { return Ok(Outcome::Nothing) };
    let count = document.pipelines.len();
    if count == 0 {
        let read = if document.label.is_empty() { "something else" } else { &document.label };
        say(&format!("There is no pipeline in this file: it was read as {}.", line(read)));
        return Ok(Outcome::Nothing);
    }
    let number = draw.page.pipeline.unwrap_or(0);
    if number as usize >= count {
        say(&format!("There is no pipeline {number} in this file; it has {count}, counted from 0."));
        return Ok(Outcome::Nothing);
    }
    if count > 1 && draw.page.pipeline.is_none() {
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
    let Some(to) = &draw.page.out else { return out.write_all(text.as_bytes()).map(|()| Outcome::Done) };
    let same = |a: &OsString, b: &OsString| {
        let whole = |name: &OsString| std::fs::canonicalize(name).ok();
        whole(a).is_some() && whole(a) == whole(b)
    };
    if same(to, &draw.page.file) {
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
    use crate::args::{Command, parsed};

    #[test]
    fn the_language_is_asked_for_or_told_by_the_name() {
        for (line, drawing, pipeline, to) in [
            ("visualize a.json", Drawing::Mermaid, None, None),
            ("visualize --to dot a.json --pipeline=2", Drawing::Dot, Some(2), None),
            ("visualize a.json -o b.SVG", Drawing::Svg, None, Some("b.SVG")),
            ("visualize a.json -o b.svg --to=mermaid", Drawing::Mermaid, None, Some("b.svg")),
            ("docs a.json --output b.md", Drawing::Markdown, None, Some("b.md")),
        ] {
            let command = parsed(line).expect(line);
            let draw = match &command {
                Command::Visualize(asked) => asked.draw(),
                Command::Docs(asked) => asked.draw(),
                other => panic!("{other:?}"),
            };
            let out = draw.page.out.as_ref().and_then(|out| out.to_str());
            assert_eq!((draw.drawing, draw.page.pipeline, out), (drawing, pipeline, to), "{line}");
        }
    }
}
