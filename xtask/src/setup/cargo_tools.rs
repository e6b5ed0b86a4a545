//! The two commands that come as crates: Trunk and wasm-bindgen.

use crate::process::Run;
use crate::project::Project;
use crate::{Outcome, say};

/// The newest Trunk that the pinned Rust can build.
const TRUNK: &str = "0.21.14";

pub(super) fn trunk(project: &Project) -> Outcome {
    let tool = Tool {
        command: "trunk",
        package: "trunk",
        version: TRUNK.to_owned(),
        why: "builds and serves the page",
        how_long: "compiled from source, once: about 7 minutes on 2 cores",
        locked: true,
    };
    tool.ensure(project)
}

pub(super) fn wasm_bindgen(project: &Project) -> Outcome {
    let tool = Tool {
        command: "wasm-bindgen",
        package: "wasm-bindgen-cli",
        // The two speak a private format to each other, so the versions are equal or nothing works.
        version: project.locked_version("wasm-bindgen")?,
        why: "writes the JavaScript around the WebAssembly",
        how_long: "compiled from source, once: about 3 minutes on 2 cores",
        // The lock file in its package names a version that a registry may have withdrawn.
        locked: false,
    };
    tool.ensure(project)
}

struct Tool {
    command: &'static str,
    package: &'static str,
    version: String,
    why: &'static str,
    how_long: &'static str,
    locked: bool,
}

impl Tool {
    fn ensure(&self, project: &Project) -> Outcome {
        let found = Run::new(project, self.command).args(["--version"]).ask();
        let found = found.as_deref().and_then(version_of);
        if found == Some(&self.version) {
            return Ok(());
        }
        let what = format!("{} {}", self.package, self.version);
        say::installing(&what, self.why, self.how_long);
        let run = Run::new(project, "cargo").args(["install", self.package, "--version", &self.version]);
        let run = run.args(self.locked.then_some("--locked"));
        let run = match found {
            None => run,
            // Somebody's own, of another version: theirs stays, and ours goes into the project.
            Some(theirs) => {
                say::line(&format!(
                    "        {} {theirs} is installed and stays; this one goes to .tools/.",
                    self.command
                ));
                run.args(["--force", "--root"]).args([project.tools()])
            }
        };
        run.show().map_err(|error| {
            format!(
                "{error} {what} could not be installed. If crates.io could not be reached, check the network or the \
                 proxy; if a linker or compiler was missing, `apt-get install build-essential`; then try again."
            )
        })
    }
}

/// `0.21.14` of `trunk 0.21.14`.
fn version_of(line: &str) -> Option<&str> {
    line.split_whitespace().nth(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_is_the_second_word() {
        assert_eq!(version_of("wasm-bindgen 0.2.130"), Some("0.2.130"));
        assert_eq!(version_of("trunk 0.21.14 (abc 2025-05-08)"), Some("0.21.14"));
        assert_eq!(version_of(""), None);
    }
}
