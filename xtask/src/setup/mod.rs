//! `cargo xtask setup`, and what the other commands call to get just what they need.
//!
//! One file per tool. Each looks first and does nothing when the right version is there; otherwise it says in one line
//! what it installs, why, and how long that takes; and it stops with a sentence that says what to do.

mod cargo_tools;
mod chromium;
mod nginx;
mod node;
mod python;
mod rust;
mod system;

use crate::process::Run;
use crate::project::Project;
use crate::{Outcome, build, say};

/// Something a command cannot do without.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Need {
    /// The standard library for `wasm32-unknown-unknown`.
    WasmTarget,
    /// `cargo fmt` and `cargo clippy`.
    Lints,
    /// The crates of Cargo.lock, fetched: Trunk builds offline.
    Crates,
    /// Trunk, at the version this project is written for.
    Trunk,
    /// The wasm-bindgen command, at the version of the crate.
    WasmBindgen,
    /// Node with the packages of tests/package.json: wasm-opt, the browser driver, the accessibility checker.
    NodePackages,
    /// Node with the packages of editor/package.json, which the text editor is bundled from.
    EditorPackages,
    /// A Chromium for the end-to-end tests.
    Chromium,
    /// Python with the packages of the recorder's tests.
    Python,
    /// The web server of the Docker image.
    Nginx,
}

const EVERYTHING: &[Need] = &[
    Need::WasmTarget,
    Need::Lints,
    Need::Crates,
    Need::NodePackages,
    Need::EditorPackages,
    Need::Chromium,
    Need::Python,
    Need::Nginx,
    Need::WasmBindgen,
    Need::Trunk,
];

/// Installs everything, or what a release build needs.
pub(crate) fn command(project: &Project, arguments: &[String]) -> Outcome {
    match arguments {
        [] => ensure(project, EVERYTHING)?,
        [only] if only == "build" => ensure(project, build::NEEDS)?,
        _ => return Err("`setup` takes no argument, or the one word `build`.".to_owned()),
    }
    say::line("Everything is set up.");
    Ok(())
}

/// Sees to it that everything in `needs` is there.
pub(crate) fn ensure(project: &Project, needs: &[Need]) -> Outcome {
    for need in needs {
        match need {
            Need::WasmTarget => rust::wasm_target(project),
            Need::Lints => rust::lints(project),
            Need::Crates => rust::crates(project),
            Need::Trunk => cargo_tools::trunk(project),
            Need::WasmBindgen => cargo_tools::wasm_bindgen(project),
            Need::NodePackages => node::packages(project),
            Need::EditorPackages => node::editor(project),
            Need::Chromium => chromium::ensure(project),
            Need::Python => python::ensure(project),
            Need::Nginx => nginx::ensure(project),
        }?;
    }
    Ok(())
}

/// Tells a program where the browser and the release build are.
pub(crate) fn with_browser(project: &Project, run: Run) -> Run {
    let run = run.with("CHAINDEBUG_DIST", project.dist());
    match chromium::find(project) {
        Some(path) => run.with("CHAINDEBUG_CHROMIUM", path),
        None => run,
    }
}

/// A Python in `.tools/NAME` with what a file of requirements names.
pub(crate) fn python_with(project: &Project, name: &str, requirements: &str, why: &str) -> Outcome<std::path::PathBuf> {
    python::environment(project, name, requirements, why)
}

/// The Python that has the packages of the recorder's tests.
pub(crate) fn python(project: &Project) -> std::path::PathBuf {
    python::interpreter(project)
}
