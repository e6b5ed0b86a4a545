//! `chaindebug init`: a pipeline to begin with, and scenarios that try it.

use crate::Outcome;
use chaindebug_core::ia_modules::templates::{self, TEMPLATES, Template};
use chaindebug_core::protocol::Target;
use clap::Args;
use std::ffi::OsString;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What was asked for.
#[derive(Debug, Args)]
#[cfg_attr(test, derive(PartialEq))]
pub(crate) struct Asked {
    /// The pipeline's name, and that of its file
    name: Option<String>,
    /// What to begin with; `--list` names the templates
    #[arg(long)]
    template: Option<String>,
    /// Write to this file; - prints the pipeline
    #[arg(short, long = "output", value_name = "OUT")]
    out: Option<OsString>,
    /// Name the templates
    #[arg(long)]
    list: bool,
    /// With --list: as one JSON document
    #[arg(long, requires = "list")]
    json: bool,
}

/// Writes the pipeline and its scenarios, or lists what there is.
pub(crate) fn run(asked: &Asked, out: &mut dyn Write) -> io::Result<Outcome> {
    if asked.list || (asked.name.is_none() && asked.template.is_none() && asked.out.is_none()) {
        return list(asked.json, out);
    }
    // `init branch` means the template, as long as no other is named.
    let by_name = asked.name.as_deref().filter(|_| asked.template.is_none()).and_then(templates::find);
    let template = match (&asked.template, by_name) {
        (Some(id), _) => match templates::find(id) {
            Some(template) => template,
            None => {
                let ids: Vec<&str> = TEMPLATES.iter().map(|template| template.id).collect();
                let message = format!("There is no template `{id}`. There are: {}.", ids.join(", "));
                return Ok(Outcome::Usage(message));
            }
        },
        (None, Some(template)) => template,
        (None, None) => match TEMPLATES.first() {
            Some(template) => template,
            None => return Ok(Outcome::Nothing),
        },
    };
    let name = asked.name.as_deref().filter(|_| by_name.is_none()).unwrap_or(template.name);
    if name.trim().is_empty() {
        return Ok(Outcome::Usage("The name of a pipeline cannot be empty.".to_owned()));
    }
    let text = template.named(name);
    if asked.out.as_ref().is_some_and(|out| out == "-") {
        return out.write_all(text.as_bytes()).map(|()| Outcome::Done);
    }
    if asked.out.is_none() && Path::new(name).file_name().is_none_or(|file| file != name) {
        let message = format!("`{name}` cannot be the name of a file. Name the file with -o.");
        return Ok(Outcome::Usage(message));
    }
    let file = asked.out.as_ref().map_or_else(|| PathBuf::from(format!("{name}.json")), PathBuf::from);
    write(template, &text, &file, out)
}

fn write(template: &Template, text: &str, file: &Path, out: &mut dyn Write) -> io::Result<Outcome> {
    let scenarios = file.with_extension("scenarios.json");
    let beside = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let cases = template.scenarios_for(&beside, Target::default()).map_err(io::Error::other)?;
    // Both or none: half a template helps nobody.
    for file in [file, &scenarios] {
        if file.exists() {
            crate::say(&format!("{} is there already and was not touched. Name another file with -o.", file.display()));
            return Ok(Outcome::Nothing);
        }
    }
    for (file, text) in [(file, text), (&scenarios, cases.as_str())] {
        let written = OpenOptions::new().write(true).create_new(true).open(file);
        if let Err(error) = written.and_then(|mut file| file.write_all(text.as_bytes())) {
            crate::say(&format!("{} could not be written: {error}.", file.display()));
            return Ok(Outcome::Nothing);
        }
    }
    let (pipeline, scenarios) = (file.display(), scenarios.display());
    writeln!(out, "{pipeline}: {}", template.about)?;
    writeln!(out, "{scenarios}: cases to try it with")?;
    writeln!(out, "\nNext:")?;
    writeln!(out, "  chaindebug test {pipeline} {scenarios}")?;
    writeln!(out, "  ia-modules run {pipeline} --input INPUT.json")?;
    writeln!(out, "The steps are classes of a module my_steps; write them, or name your own.")?;
    Ok(Outcome::Done)
}

fn list(json: bool, out: &mut dyn Write) -> io::Result<Outcome> {
    if json {
        #[derive(serde::Serialize)]
        struct Row<'a> {
            id: &'a str,
            name: &'a str,
            about: &'a str,
        }
        let rows: Vec<Row<'_>> = TEMPLATES.iter().map(|t| Row { id: t.id, name: t.name, about: t.about }).collect();
        serde_json::to_writer_pretty(&mut *out, &rows).map_err(io::Error::from)?;
        writeln!(out)?;
        return Ok(Outcome::Done);
    }
    writeln!(out, "Pipelines to begin with:")?;
    for template in TEMPLATES {
        writeln!(out, "  {:<10}  {}", template.id, template.about)?;
    }
    writeln!(out, "\nWith: chaindebug init NAME --template {}", TEMPLATES.first().map_or("", |first| first.id))?;
    Ok(Outcome::Done)
}
