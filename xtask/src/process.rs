//! Running other programs: in the project, with its PATH, their output shown as it comes.

use crate::Outcome;
use crate::project::Project;
use crate::say;
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

/// A program about to be run.
#[derive(Debug)]
pub(crate) struct Run {
    name: String,
    command: Command,
}

impl Run {
    /// A program by name or path, in the project's top folder.
    pub(crate) fn new(project: &Project, program: impl AsRef<OsStr>) -> Self {
        let program = program.as_ref();
        let mut command = Command::new(program);
        command.current_dir(project.root()).env("PATH", project.search_path());
        let name = Path::new(program).file_name().unwrap_or(program).to_string_lossy().into_owned();
        Self { name, command }
    }

    /// Adds arguments.
    pub(crate) fn args<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(mut self, arguments: I) -> Self {
        self.command.args(arguments);
        self
    }

    /// Runs in another folder.
    pub(crate) fn within(mut self, folder: impl AsRef<Path>) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Sets a variable of its environment.
    pub(crate) fn with(mut self, variable: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(variable, value);
        self
    }

    /// Runs it to its end, showing its output. The error says which command failed, and how.
    pub(crate) fn show(mut self) -> Outcome {
        let status = self.status()?;
        self.judged(status)
    }

    /// The same; a program that did not end but was killed, by the system or by itself, is run once more. For programs whose
    /// own faults are none of ours: what a crash has to do with us happens twice.
    pub(crate) fn show_through_a_crash(mut self) -> Outcome {
        let first = self.status()?;
        if first.code().is_some() {
            return self.judged(first);
        }
        say::line(&format!("{} itself crashed ({first}), which is no failed test: once more.", self.name));
        let second = self.status()?;
        self.judged(second)
    }

    fn status(&mut self) -> Outcome<ExitStatus> {
        self.command.status().map_err(|error| format!("`{}` could not be started: {error}.", self.name))
    }

    fn judged(&self, status: ExitStatus) -> Outcome {
        if status.success() { Ok(()) } else { Err(format!("`{}` failed ({status}).", self.line())) }
    }

    /// Runs it in silence; what it printed when it succeeded, `None` when it failed or is not there.
    pub(crate) fn ask(mut self) -> Option<String> {
        let output = self.command.stdin(Stdio::null()).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    fn line(&self) -> String {
        let arguments = self.command.get_args().map(OsStr::to_string_lossy);
        let mut line = self.name.clone();
        for argument in arguments {
            line.push(' ');
            line.push_str(&argument);
        }
        line
    }
}
