//! Running other programs: in the project, with its PATH, their output shown as it comes.

use crate::Outcome;
use crate::project::Project;
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

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
        let line = self.line();
        match self.command.status() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("`{line}` failed ({status}).")),
            Err(error) => Err(format!("`{}` could not be started: {error}.", self.name)),
        }
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
