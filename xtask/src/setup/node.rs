//! Node, which must be there, and the npm packages of two folders, which are installed: tests/ holds tools, editor/ what
//! the page's text editor is made of.

use crate::process::Run;
use crate::project::Project;
use crate::{Outcome, say};
use std::fs;

const NODE: u32 = 20;

/// The tools for release builds and tests.
pub(super) fn packages(project: &Project) -> Outcome {
    let why = "wasm-opt for release builds, the browser driver and the accessibility checker for the tests";
    install(project, "tests", why, "about 40 MB, under a minute")
}

/// What the text editor is bundled from.
pub(super) fn editor(project: &Project) -> Outcome {
    install(project, "editor", "the text editor of the page, and what bundles it", "about 15 MB, seconds")
}

fn install(project: &Project, name: &str, why: &str, how_long: &str) -> Outcome {
    node(project)?;
    let folder = project.at(name);
    let lock = folder.join("package-lock.json");
    let wanted = fs::read(&lock).map_err(|error| format!("{} cannot be read: {error}.", lock.display()))?;
    // A copy of the lock file among the packages says which state they are in.
    let stamp = folder.join("node_modules/.installed-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    say::installing(&format!("the npm packages of {name}/package.json"), why, how_long);
    Run::new(project, "npm").args(["ci", "--ignore-scripts"]).within(folder).show().map_err(|error| {
        format!("{error} If the npm registry could not be reached, check the network or the proxy, then try again.")
    })?;
    fs::write(&stamp, wanted).map_err(|error| format!("{} cannot be written: {error}.", stamp.display()))
}

fn node(project: &Project) -> Outcome {
    let advice = "Install it from https://nodejs.org or with your package manager, and try again.";
    let version = Run::new(project, "node").args(["--version"]).ask();
    let version =
        version.ok_or_else(|| format!("Node {NODE} or later is needed and `node` was not found. {advice}"))?;
    if major(&version).is_none_or(|major| major < NODE) {
        return Err(format!("Node {NODE} or later is needed, and this one is {version}. {advice}"));
    }
    if project.which("npm").is_none() {
        return Err(format!(
            "`npm` was not found. It comes with Node in most packages (Debian: `apt-get install npm`). {advice}"
        ));
    }
    Ok(())
}

fn major(version: &str) -> Option<u32> {
    version.trim_start_matches('v').split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn major_of_a_node_version() {
        assert_eq!(major("v20.11.1"), Some(20));
        assert_eq!(major("unknown"), None);
    }
}
