//! The command line: which commands there are, and the options several of them share. What one command takes stands
//! with that command.

use crate::{
    diff, dry_run, export, format, formats, html, init, mapping, open, redact, show, steps, test, validate, visualize,
};
use chaindebug_core::protocol::{EngineId, Loader, Target};
use chaindebug_core::scenario;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use std::ffi::OsStr;

/// Looks into runs that already happened, and into the pipelines that made them.
#[derive(Debug, Parser)]
#[command(name = "chaindebug", version, after_help = STATUS, max_term_width = 100, propagate_version = true)]
#[command(disable_help_subcommand = true, subcommand_required = true)]
pub(crate) struct CommandLine {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The end of `--help`.
const STATUS: &str = "\
FILE may be - for standard input. Files stay where they are; traces are read by range.

Exit status: 0 when something was read, 1 when nothing could be, 2 for wrong usage.
  test      0 when all scenarios passed, 1 when one did not or none was run
  validate  0 when the validator calls the pipeline valid, 1 when not, 2 when the file cannot be had
  format    with --check: 1 when the file would change
  diff      0 when the runs are the same, 1 when they differ (see --fail-on), 2 when they cannot be compared
  redact    0 when nothing remains, 1 when something does (--check: when something was found), 2 when unreadable
  dry-run   0 completed, 1 failed, 3 dead end, 4 waits for a person";

/// What to do.
#[derive(Debug, Subcommand)]
#[cfg_attr(test, derive(PartialEq))]
pub(crate) enum Command {
    /// Say what each file is, its runs and pipelines, and what is wrong with it
    Open(open::Asked),
    /// List the formats that are read, with the ids that `open --as` takes
    Formats(formats::Asked),
    /// Guess which fields of an unknown JSON file are what, and print that as a mapping to edit
    Mapping(mapping::Asked),
    /// List the steps as a tree; each line begins with the number of its step
    Steps(steps::Asked),
    /// Show one step, or one value of it exactly
    Show(show::Asked),
    /// Lay one run on another: where they part, and what differs from there
    Diff(diff::Asked),
    /// Say what a pipeline's own validator says, word for word, and what its engine will really do
    Validate(validate::Asked),
    /// Run a pipeline as the real engine would, with mocks in the place of its steps' code
    DryRun(dry_run::Asked),
    /// Run the scenarios of a pipeline, and say what they reach
    Test(test::Asked),
    /// Write one HTML file with the page and a run in it, which opens in any browser without a network
    Html(html::Asked),
    /// Write a pipeline to begin with, and scenarios beside it
    Init(init::Asked),
    /// Print a JSON file with two spaces a level; nothing but its white space changes
    Format(format::Asked),
    /// Draw a pipeline as Mermaid, Graphviz DOT or SVG
    Visualize(visualize::Asked),
    /// Write a Markdown page about a pipeline: chart, steps, parameters, edges in words, findings
    Docs(visualize::AskedPage),
    /// Write runs as JSON Lines, OTLP or CSV, and flowcharts of runs and pipelines as SVG, Mermaid or DOT
    Export(export::Asked),
    /// Replace secrets and people's data by stand-ins, the same for the same, and report what was found
    Redact(redact::Asked),
}

/// As which engine a pipeline is taken.
#[derive(Clone, Copy, Debug, Args, PartialEq, Eq)]
pub(crate) struct TargetOptions {
    /// The engine that would run the pipeline; ia-modules@0.1.3 when not named
    #[arg(long, value_parser = engines())]
    pub(crate) engine: Option<EngineId>,
    /// How that engine reads the file; when not named, as the engine's own `run` does
    #[arg(long, value_parser = loaders())]
    pub(crate) loader: Option<Loader>,
}

impl TargetOptions {
    /// The engine and its loader. 0.1.3 runs the file as it stands, 0.2.0 through its models.
    pub(crate) fn target(self) -> Target {
        let engine = self.engine.unwrap_or(EngineId::IaModules013);
        let own = match engine {
            EngineId::IaModules013 => Loader::Raw,
            EngineId::IaModules020 => Loader::Pydantic,
        };
        Target { engine, loader: self.loader.unwrap_or(own) }
    }
}

fn engines() -> impl TypedValueParser<Value = EngineId> {
    let names = [EngineId::IaModules013, EngineId::IaModules020].map(scenario::engine_name);
    PossibleValuesParser::new(names).map(|name| scenario::engine(&name).unwrap_or_default())
}

fn loaders() -> impl TypedValueParser<Value = Loader> {
    let names = [Loader::Raw, Loader::Pydantic].map(scenario::loader_name);
    PossibleValuesParser::new(names).map(|name| scenario::loader(&name).unwrap_or_default())
}

/// A sentence when standard input would be read twice.
pub(crate) fn input_once<'a>(files: impl IntoIterator<Item = &'a OsStr>) -> Result<(), String> {
    match files.into_iter().filter(|file| *file == "-").count() {
        0 | 1 => Ok(()),
        _ => Err("Standard input (-) can be read only once.".to_owned()),
    }
}

/// The command of a line, as a test writes it.
#[cfg(test)]
pub(crate) fn parsed(line: &str) -> Result<Command, String> {
    let words = std::iter::once("chaindebug").chain(line.split_whitespace());
    CommandLine::try_parse_from(words).map(|line| line.command).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_holds_together() {
        CommandLine::command().debug_assert();
    }

    #[test]
    fn options_stand_anywhere_after_the_command() {
        let open = parsed("open a --json b");
        assert!(open.is_ok());
        assert_eq!(parsed("open --json -- a b"), open);
        assert!(parsed("open -- --json").is_ok());
        assert_eq!(parsed("show --run=2 a 7 --raw"), parsed("show a --raw 7 --run 2"));
        assert!(parsed("steps -").is_ok());
    }

    #[test]
    fn the_loader_follows_the_engine_unless_it_is_named() {
        let target = |line: &str| match parsed(line) {
            Ok(Command::DryRun(asked)) => asked.target.target(),
            other => panic!("{other:?}"),
        };
        let (old, new) = (EngineId::IaModules013, EngineId::IaModules020);
        assert_eq!(target("dry-run p.json"), Target { engine: old, loader: Loader::Raw });
        assert_eq!(target("dry-run --engine ia-modules@0.2.0 p"), Target { engine: new, loader: Loader::Pydantic });
        assert_eq!(
            target("dry-run p --engine=ia-modules@0.2.0 --loader raw --json"),
            Target { engine: new, loader: Loader::Raw }
        );
    }

    #[test]
    fn wrong_usage_is_named_and_mended() {
        for (line, says) in [
            ("", "Usage: chaindebug <COMMAND>"),
            ("oepn a", "'open'"),
            ("open a --jsno", "'--json'"),
            ("open a --input", "unexpected argument '--input'"),
            ("show a 1 --inputs", "'--input'"),
            ("show a 1 --input --raw", "cannot be used with '--raw'"),
            ("steps a --run", "--run <RUN>"),
            ("steps a b", "unexpected argument 'b'"),
            ("open", "<FILE>..."),
            ("html a", "--output <OUT>"),
            ("html a -o b --view cinema", "'cinema'"),
            ("open a --as otlp", "'otlp'"),
            ("show a", "<STEP>"),
            ("validate a", "--as <FORMAT>"),
            ("validate a --as kohaku", "[possible values: ia-modules]"),
            ("validate a --as ia-modules --loader fast", "[possible values: raw, pydantic]"),
            ("dry-run a --inptu x", "'--input'"),
            ("dry-run a --engine 2", "[possible values: ia-modules@0.1.3, ia-modules@0.2.0]"),
            ("test p", "<SCENARIOS>"),
            ("test p s t", "unexpected argument 't'"),
            ("format a --check --write", "cannot be used with"),
            ("visualize a --to png", "[possible values: mermaid, dot, svg]"),
            ("diff a b c", "unexpected argument 'c'"),
            ("diff a b --json --markdown", "cannot be used with"),
            ("docs a --to svg", "unexpected argument '--to'"),
            ("docs a --pipeline x", "invalid value 'x' for '--pipeline"),
        ] {
            let complaint = parsed(line).expect_err(line);
            assert!(complaint.contains(says), "{line}: {complaint}");
        }
    }
}
