//! `chaindebug export`: runs, their tables and flowcharts, and pipelines, as files of other programs.

use crate::leave::{self, Choice, To};
use crate::terminal::line;
use crate::{Outcome, open, say, steps};
use chaindebug_core::protocol::{ExportFormat, Exported, Theme};
use chaindebug_core::session::Session;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;

/// What was asked for.
#[derive(Debug, Args)]
#[cfg_attr(test, derive(PartialEq))]
pub(crate) struct Asked {
    /// The file with the runs, or with the pipeline
    file: OsString,
    /// As what; when not named, the name of OUT tells, else it is jsonl
    #[arg(long, value_parser = formats())]
    to: Option<ExportFormat>,
    /// Write to this file instead of printing
    #[arg(short, long = "output", value_name = "OUT")]
    out: Option<OsString>,
    /// Only this run: its number from 0, its id, or the beginning of its id
    #[arg(long, value_name = "RUN")]
    run: Option<String>,
    /// Draw this pipeline of the file, from 0
    #[arg(long, value_name = "N", conflicts_with = "run")]
    pipeline: Option<u32>,
    /// Flowcharts: one box for each step, repeats not folded
    #[arg(long)]
    unfold: bool,
    /// Pictures: the colours; those of the reader's system when not named
    #[arg(long, value_parser = themes())]
    theme: Option<Theme>,
    /// Replace secrets and people's data; see `chaindebug redact`
    #[arg(long)]
    redact: bool,
    #[command(flatten)]
    choice: Choice,
}

const FORMATS: [(&str, ExportFormat); 7] = [
    ("jsonl", ExportFormat::Jsonl),
    ("otlp", ExportFormat::Otlp),
    ("csv", ExportFormat::Csv),
    ("svg", ExportFormat::Svg),
    ("mermaid", ExportFormat::Mermaid),
    ("dot", ExportFormat::Dot),
    ("markdown", ExportFormat::Markdown),
];

pub(crate) fn formats() -> impl TypedValueParser<Value = ExportFormat> {
    let of =
        |name: String| FORMATS.iter().find(|(known, _)| *known == name).map_or(ExportFormat::Jsonl, |found| found.1);
    PossibleValuesParser::new(FORMATS.map(|(name, _)| name)).map(of)
}

fn themes() -> impl TypedValueParser<Value = Theme> {
    PossibleValuesParser::new(["system", "light", "dark"]).map(|name: String| match name.as_str() {
        "light" => Theme::Light,
        "dark" => Theme::Dark,
        _ => Theme::System,
    })
}

/// The format a file's name asks for.
fn by_name(name: &OsString) -> Option<ExportFormat> {
    Some(match Path::new(name).extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "jsonl" | "ndjson" => ExportFormat::Jsonl,
        "json" => ExportFormat::Otlp,
        "csv" => ExportFormat::Csv,
        "svg" => ExportFormat::Svg,
        "mmd" | "mermaid" => ExportFormat::Mermaid,
        "dot" | "gv" => ExportFormat::Dot,
        "md" => ExportFormat::Markdown,
        _ => return None,
    })
}

impl Asked {
    fn to(&self) -> ExportFormat {
        self.to.or_else(|| by_name(self.out.as_ref()?)).unwrap_or_default()
    }
}

/// Writes it.
pub(crate) fn run(asked: &Asked, out: &mut dyn Write) -> io::Result<Outcome> {
    if !asked.redact && !asked.choice.is_empty() {
        return Ok(Outcome::Usage("--keep, --pattern and --text belong to --redact.".to_owned()));
    }
    if let Err(wrong) = leave::apart(&asked.file, asked.out.as_ref()) {
        return Ok(Outcome::Usage(wrong));
    }
    let mut session = Session::new();
    let Some(document) = open::one(&mut session, &asked.file) else { return Ok(Outcome::Nothing) };
    let mut what =
        Exported { to: asked.to(), fold: !asked.unfold, theme: asked.theme.unwrap_or_default(), ..Exported::default() };
    let page = what.to == ExportFormat::Markdown;
    if asked.pipeline.is_some() || (document.runs.is_empty() || page) && !document.pipelines.is_empty() {
        if matches!(what.to, ExportFormat::Jsonl | ExportFormat::Otlp | ExportFormat::Csv) {
            return Ok(Outcome::Usage(
                "A pipeline is exported as svg, mermaid, dot or markdown: name one with --to.".to_owned(),
            ));
        }
        what.pipeline = Some(asked.pipeline.unwrap_or(0));
    } else if page {
        return Ok(Outcome::Usage("Markdown is of a pipeline. For two runs: chaindebug diff --markdown.".to_owned()));
    } else {
        let found = match steps::choose(&document, asked.run.as_deref()) {
            Ok(found) => found,
            Err(wrong) => return Ok(Outcome::Usage(wrong)),
        };
        what.runs = found.iter().map(|(_, run)| run.run).collect();
        let all = matches!(what.to, ExportFormat::Jsonl | ExportFormat::Otlp);
        if !all && what.runs.len() > 1 {
            say(&format!("This file has {} runs; the first is written. Choose another with --run.", what.runs.len()));
            what.runs.truncate(1);
        }
    }
    let redaction = asked.redact.then(|| asked.choice.redaction());
    let to = asked.out.as_ref().map_or_else(|| To::Out(out), To::File);
    match leave::write(&mut session, &what, redaction.as_ref(), to)? {
        Ok(view) => {
            leave::say_report(&view);
            let clean = view.report.as_ref().is_none_or(|report| report.clean);
            Ok(if clean { Outcome::Done } else { Outcome::Status(1) })
        }
        Err(why) => {
            say(&line(&why));
            Ok(Outcome::Nothing)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Command, parsed};

    #[test]
    fn the_format_is_asked_for_or_told_by_the_name() {
        for (line, to) in [
            ("export a", ExportFormat::Jsonl),
            ("export a --to otlp -o b.csv", ExportFormat::Otlp),
            ("export a -o b.JSON", ExportFormat::Otlp),
            ("export a -o b.csv --run 2 --redact --keep email --pattern x+", ExportFormat::Csv),
            ("export a -o b.svg --theme dark", ExportFormat::Svg),
        ] {
            let Ok(Command::Export(asked)) = parsed(line) else { panic!("{line}") };
            assert_eq!(asked.to(), to, "{line}");
        }
        assert!(parsed("export a --to png").expect_err("png").contains("[possible values: jsonl"));
        assert!(parsed("export a --keep names").expect_err("kind").contains("user-name"));
    }

    #[test]
    fn a_file_is_written_as_it_was_asked() {
        let folder = std::env::temp_dir().join(format!("chaindebug-export-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let (file, out) = (folder.join("a.jsonl"), folder.join("b.csv"));
        std::fs::write(&file, "{\"chaindebug\":1}\n{\"name\":\"mail ana@acme.org\"}\n").unwrap();
        let asked = Asked {
            file: file.clone().into(),
            to: None,
            out: Some(out.clone().into()),
            run: None,
            pipeline: None,
            unfold: false,
            theme: None,
            redact: true,
            choice: Choice::default(),
        };
        assert!(matches!(run(&asked, &mut Vec::new()), Ok(Outcome::Done)));
        let text = std::fs::read_to_string(&out).unwrap();
        assert!(text.starts_with("step,id,name") && text.contains("mail email-1@redacted.invalid"), "{text}");
        let onto_itself = Asked { out: Some(file.into()), ..asked };
        assert!(matches!(run(&onto_itself, &mut Vec::new()), Ok(Outcome::Usage(_))));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
