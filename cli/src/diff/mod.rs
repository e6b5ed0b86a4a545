//! `chaindebug diff`: two runs laid on each other, for a person, for a program, and for a comment on a change.

mod fail_on;
mod pipelines;
mod print;

use crate::args::{TargetOptions, input_once};
use crate::terminal::{Terminal, count, line};
use crate::{Outcome, file, open, say, steps};
use chaindebug_core::protocol::{Answer, CompareOptions, ComparisonView, DocumentView, Request, RunView};
use chaindebug_core::session::Session;
use clap::Args;
use clap::builder::ValueParser;
use fail_on::FailOn;
use std::ffi::{OsStr, OsString};
use std::io::{self, Write};

/// What was asked for.
#[derive(Debug, Args)]
#[cfg_attr(test, derive(PartialEq))]
pub(crate) struct Asked {
    /// The file with the run that is compared with
    a: OsString,
    /// The file with the run that is looked at; without it, two runs of the first file are compared
    b: Option<OsString>,
    /// The run of the first file: its number from 0, its id, or the beginning of its id
    #[arg(long)]
    run_a: Option<String>,
    /// The run of the second file
    #[arg(long)]
    run_b: Option<String>,
    /// A path whose differences mean nothing, e.g. $.request_id or $..at; may be given several times
    #[arg(long, value_name = "PATH")]
    ignore: Vec<String>,
    /// Let ids, times and lengths of time count like everything else
    #[arg(long)]
    noise: bool,
    /// What counts for the exit status; anything that differs when not named
    #[arg(long, value_delimiter = ',', value_name = "WHAT", value_parser = ValueParser::new(fail_on::fail_on), long_help = fail_on::HELP)]
    fail_on: Vec<FailOn>,
    /// For two pipelines: a file of scenarios, each of which is run on both
    #[arg(long, value_name = "FILE")]
    scenarios: Option<OsString>,
    /// For two pipelines: what the scenarios run on
    #[command(flatten)]
    target: TargetOptions,
    /// Print one JSON document instead of text
    #[arg(long, conflicts_with = "markdown")]
    json: bool,
    /// Print Markdown, for a comment on a change
    #[arg(long)]
    markdown: bool,
}

/// Compares, and prints what was found.
pub(crate) fn run(asked: &Asked, out: &mut dyn Write, terminal: Terminal) -> io::Result<Outcome> {
    let named: Vec<&OsStr> = std::iter::once(asked.a.as_os_str()).chain(asked.b.as_deref()).collect();
    if let Err(wrong) = input_once(named) {
        return Ok(Outcome::Usage(wrong));
    }
    let mut session = Session::new();
    let found = opened(&mut session, asked);
    let (a, b) = match found.and_then(|(a, b)| {
        if let Some(both) = pipelines::both(&a, b.as_ref())? {
            return Ok(Err(both));
        }
        Ok(Ok(chosen(&a, b.as_ref(), asked)?))
    }) {
        Ok(Ok(runs)) => runs,
        Ok(Err(both)) => return pipelines::run(&mut session, both, asked, out, terminal),
        Err(wrong) => return Ok(Outcome::Usage(wrong)),
    };
    let options = CompareOptions { rules: asked.ignore.clone(), noise: asked.noise, ..CompareOptions::default() };
    let view = match compare(&mut session, a.run, b.run, &options) {
        Ok(view) => view,
        Err(wrong) => return Ok(Outcome::Usage(wrong)),
    };
    for problem in &view.problems {
        say(problem);
    }
    if !view.problems.is_empty() {
        return Ok(Outcome::Status(2));
    }
    if asked.markdown {
        if let Answer::Text { text } = session.answer(Request::DiffReport) {
            out.write_all(text.as_bytes())?;
        }
    } else if asked.json {
        print::print_json(&mut session, (&a, &b), &view, out)?;
    } else {
        print::print(&mut session, (&a, &b), &view, out, terminal)?;
    }
    Ok(if fail_on::fails(&asked.fail_on, &view) { Outcome::Status(1) } else { Outcome::Done })
}

/// A run that was chosen, and the file it is in.
struct Chosen {
    file: String,
    run: u32,
    name: String,
    id: String,
}

/// A document, and the file as it was named.
type Opened = (DocumentView, String);

/// Opens what was named.
fn opened(session: &mut Session, asked: &Asked) -> Result<(Opened, Option<Opened>), String> {
    let mut one = |of: &OsString| {
        let name = file::name_of(of);
        let document = open::one(session, of).ok_or_else(|| format!("{} cannot be compared.", line(&name)))?;
        Ok::<Opened, String>((document, name))
    };
    let a = one(&asked.a)?;
    let b = asked.b.as_ref().map(one).transpose()?;
    Ok((a, b))
}

/// The runs to compare.
fn chosen(a: &Opened, b: Option<&Opened>, asked: &Asked) -> Result<(Chosen, Chosen), String> {
    for (document, _) in std::iter::once(a).chain(b) {
        if document.runs.is_empty() {
            return Err(steps::no_runs(document));
        }
    }
    let Some(b) = b else {
        if a.0.runs.len() < 2 {
            let has = count(a.0.runs.len() as u64, "run", "runs");
            return Err(format!("{} has {has}: name a second file to compare with.", line(&a.1)));
        }
        let (first, second) = (asked.run_a.as_deref().or(Some("0")), asked.run_b.as_deref().or(Some("1")));
        return Ok((choose(a, first)?, choose(a, second)?));
    };
    let of_a = choose(a, asked.run_a.as_deref())?;
    // Of several runs the one that is called the same is meant.
    let alike = b.0.runs.iter().position(|run| run.name == of_a.name).filter(|_| b.0.runs.len() > 1);
    let alike = alike.map(|at| at.to_string());
    let of_b = choose(b, asked.run_b.as_deref().or(alike.as_deref()))?;
    Ok((of_a, of_b))
}

fn choose((document, file): &Opened, wanted: Option<&str>) -> Result<Chosen, String> {
    let found = steps::choose(document, wanted)?;
    let (_, run): (u64, &RunView) = *found.first().ok_or("There is no run.")?;
    if wanted.is_none() && found.len() > 1 {
        let others = count(found.len() as u64 - 1, "other run", "other runs");
        say(&format!("{} has {others}: the first is compared. --run-a and --run-b choose.", line(file)));
    }
    Ok(Chosen { file: file.clone(), run: run.run, name: run.name.clone(), id: run.id.clone() })
}

fn compare(session: &mut Session, a: u32, b: u32, options: &CompareOptions) -> Result<ComparisonView, String> {
    loop {
        match session.answer(Request::Compare { a, b, options: options.clone() }) {
            Answer::Comparison(view) if view.done => return Ok(*view),
            Answer::Comparison(_) => {}
            Answer::Refused { message } => return Err(message),
            _ => return Err("The runs could not be compared.".to_owned()),
        }
    }
}
