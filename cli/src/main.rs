//! `chaindebug`: the engine in a terminal and in CI. Reads arguments, asks the engine through its protocol, prints.
//!
//! Here: which command runs, and what becomes of its outcome. What a trace is and says is the engine's business.

mod args;
mod diff;
mod dry_run;
mod export;
mod file;
mod format;
mod formats;
mod html;
mod init;
mod leave;
mod mapping;
mod open;
mod prices;
mod redact;
mod sheet;
mod show;
mod steps;
mod terminal;
mod test;
mod validate;
mod visualize;

use args::{Command, CommandLine};
use clap::Parser;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;
use terminal::Terminal;

/// How a command ended, when it could print what it had to.
pub(crate) enum Outcome {
    /// Something was read and printed.
    Done,
    /// Nothing could be read, or what was asked for is not in the file.
    Nothing,
    /// The arguments make no sense for this file: a sentence.
    Usage(String),
    /// Everything was printed, and it ended with a status of its own.
    Status(u8),
}

/// Wrong usage, as for most programs.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let CommandLine { command } = CommandLine::parse();
    let mut out = BufWriter::new(io::stdout().lock());
    let outcome = run(&command, &mut out, Terminal::of_stdout()).and_then(|outcome| out.flush().map(|()| outcome));
    match outcome {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Nothing) => ExitCode::FAILURE,
        Ok(Outcome::Usage(wrong)) => usage(&wrong),
        Ok(Outcome::Status(status)) => ExitCode::from(status),
        // Whoever read our output has seen enough (`chaindebug steps … | head`).
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("The output could not be written: {error}."));
            ExitCode::FAILURE
        }
    }
}

fn run(command: &Command, out: &mut dyn Write, terminal: Terminal) -> io::Result<Outcome> {
    match command {
        Command::Open(asked) => open::run(asked, out, terminal),
        Command::Formats(asked) => formats::run(asked, out, terminal),
        Command::Mapping(asked) => mapping::run(asked, out, terminal),
        Command::Steps(asked) => steps::run(asked, out, terminal),
        Command::Show(asked) => show::run(asked, out, terminal),
        Command::Diff(asked) => diff::run(asked, out, terminal),
        Command::Validate(asked) => validate::run(asked, out, terminal),
        Command::DryRun(asked) => dry_run::run(asked, out, terminal),
        Command::Test(asked) => test::run(asked, out, terminal),
        Command::Html(asked) => html::run(asked),
        Command::Init(asked) => init::run(asked, out),
        Command::Format(asked) => format::run(asked, out),
        Command::Visualize(asked) => visualize::run(&asked.draw(), out),
        Command::Docs(asked) => visualize::run(&asked.draw(), out),
        Command::Export(asked) => export::run(asked, out),
        Command::Redact(asked) => redact::run(asked, out),
    }
}

fn usage(wrong: &str) -> ExitCode {
    say(wrong);
    ExitCode::from(USAGE)
}

/// Says something beside the output. Nobody is left to tell when standard error is closed.
pub(crate) fn say(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}
