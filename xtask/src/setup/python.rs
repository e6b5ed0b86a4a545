//! Python 3 with the packages that a file of requirements names, each such file in an environment of its own: the tests of
//! the recorder, which itself needs none, the linter of the Dockerfile, the documentation.

use super::system;
use crate::process::Run;
use crate::project::Project;
use crate::{Outcome, say};
use std::path::PathBuf;

const REQUIREMENTS: &str = "playground-samples/recorder/requirements-test.txt";
/// Succeeds when every line of the requirements is installed at that very version.
const PROBE: &str = "\
import importlib.metadata as m, sys
for line in open(sys.argv[1]):
    line = line.split('#')[0].strip()
    if line and line[0] != '-' and '==' in line and m.version(line.split('==')[0]) != line.split('==')[1]: sys.exit(1)";

/// The Python to run the tests with: the project's own environment where there is one.
pub(super) fn interpreter(project: &Project) -> PathBuf {
    let own = project.tools().join("python/bin/python3");
    if own.is_file() { own } else { PathBuf::from("python3") }
}

pub(super) fn ensure(project: &Project) -> Outcome {
    let requirements = project.at(REQUIREMENTS);
    if !requirements.is_file() || ready(project, &interpreter(project), REQUIREMENTS) {
        return Ok(());
    }
    environment(project, "python", REQUIREMENTS, "the recorder's tests check against a JSON Schema").map(|_| ())
}

/// A Python in an environment of its own, `.tools/NAME`, with what a file of requirements names.
pub(super) fn environment(project: &Project, name: &str, requirements: &str, why: &str) -> Outcome<PathBuf> {
    let folder = project.tools().join(name);
    let python = folder.join("bin/python3");
    if python.is_file() && ready(project, &python, requirements) {
        return Ok(python);
    }
    if Run::new(project, "python3").args(["--version"]).ask().is_none() {
        system::install(project, &["python3", "python3-venv"], why, "under a minute")?;
    }
    say::installing(&format!("a Python environment in .tools/{name}"), why, "under a minute");
    let make = |project| Run::new(project, "python3").args(["-m", "venv", "--clear"]).args([&folder]).ask();
    if make(project).is_none() {
        // Debian keeps this part of Python in a package of its own.
        system::install(project, &["python3-venv"], "makes Python environments", "seconds")?;
        make(project).ok_or("`python3 -m venv` fails; see what it says, mend that, and try again.")?;
    }
    let pip = Run::new(project, &python).args(["-m", "pip", "install", "--quiet", "--requirement", requirements]);
    pip.show().map_err(|error| {
        format!(
            "{error} If the Python package index could not be reached, check the network or the proxy, then try again."
        )
    })?;
    Ok(python)
}

/// Whether all that the requirements name is installed at those versions.
fn ready(project: &Project, python: &PathBuf, requirements: &str) -> bool {
    Run::new(project, python).args(["-c", PROBE, requirements]).ask().is_some()
}
