//! Every command a developer needs: `cargo xtask setup | serve | build | site | package | test | bench`.
//!
//! Here: reading the command line and handing on. Each command has a file or folder of its own, and none of them
//! knows about traces. The crate has no dependencies, so that the first command on a fresh machine starts at once.

mod bench;
mod build;
mod package;
mod process;
mod project;
mod say;
mod serve;
mod setup;
mod site;
mod test;

use project::Project;
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask COMMAND

  serve [--port N] [--release]        set up what is missing, build, serve, rebuild on change
  test [GROUP…]                       every check, or only the groups named: lint core recorder build wasm e2e docs docker
  build [--check-sizes]               the release build in dist/, ready for any static host
  site [--check-sizes]                the same with the documentation, in site/, as GitHub Pages publishes it
  package                             the npm package of dist/, in target/npm/chaindebug
  bench [ARGUMENT…]                   the benchmarks, on a release build
  setup [build]                       install what all of the above need, or only the build, and do nothing else";

/// What a command ends with. The error is a whole sentence for the person at the terminal.
pub(crate) type Outcome<T = ()> = Result<T, String>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("", arguments.as_slice()),
    };
    let run = match command {
        "setup" => setup::command,
        "serve" => serve::command,
        "build" => build::command,
        "site" => site::command,
        "test" => test::command,
        "package" => package::command,
        "bench" => bench::command,
        "help" | "-h" | "--help" => {
            say::line(USAGE);
            return ExitCode::SUCCESS;
        }
        "" => {
            say::error(USAGE);
            return ExitCode::from(2);
        }
        other => {
            say::error(&format!("There is no command `{other}`.\n\n{USAGE}"));
            return ExitCode::from(2);
        }
    };
    match Project::find().and_then(|project| run(&project, rest)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            say::error(&format!("\n{sentence}"));
            ExitCode::FAILURE
        }
    }
}
