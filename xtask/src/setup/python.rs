//! Python 3 for the tests of the recorder, with the packages those tests name. The recorder itself needs none.

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
    if line and m.version(line.split('==')[0]) != line.split('==')[1]: sys.exit(1)";

/// The Python to run the tests with: the project's own environment where there is one.
pub(super) fn interpreter(project: &Project) -> PathBuf {
    let own = project.tools().join("python/bin/python3");
    if own.is_file() { own } else { PathBuf::from("python3") }
}

pub(super) fn ensure(project: &Project) -> Outcome {
    if Run::new(project, "python3").args(["--version"]).ask().is_none() {
        system::install(
            project,
            &["python3", "python3-venv"],
            "the recorder and its tests are Python",
            "under a minute",
        )?;
    }
    let requirements = project.at(REQUIREMENTS);
    let ready = |project| Run::new(project, interpreter(project)).args(["-c", PROBE, REQUIREMENTS]).ask().is_some();
    if !requirements.is_file() || ready(project) {
        return Ok(());
    }
    say::installing(
        "a Python environment in .tools/python",
        "the recorder's tests check against a JSON Schema",
        "seconds",
    );
    let folder = project.tools().join("python");
    let make = |project| Run::new(project, "python3").args(["-m", "venv", "--clear"]).args([&folder]).ask();
    if make(project).is_none() {
        // Debian keeps this part of Python in a package of its own.
        system::install(project, &["python3-venv"], "makes Python environments", "seconds")?;
        make(project).ok_or("`python3 -m venv` fails; see what it says, mend that, and try again.")?;
    }
    let pip = Run::new(project, interpreter(project)).args(["-m", "pip", "install", "--quiet", "--requirement"]);
    pip.args([requirements]).show().map_err(|error| {
        format!(
            "{error} If the Python package index could not be reached, check the network or the proxy, then try again."
        )
    })
}
