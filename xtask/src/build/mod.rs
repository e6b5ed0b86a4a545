//! `cargo xtask build`: the release build in dist/.
//!
//! Trunk compiles and bundles; then the style sheets become one, `page` finishes index.html, everything is compressed for
//! servers that send such files as they are, and `sizes` holds the result against the budgets.

mod hash;
mod page;
mod sizes;

use crate::Outcome;
use crate::process::Run;
use crate::project::Project;
use crate::say;
use crate::setup::{self, Need};
use std::fs;
use std::path::Path;

/// What a release build needs.
pub(crate) const NEEDS: &[Need] =
    &[Need::WasmTarget, Need::Crates, Need::NodePackages, Need::EditorPackages, Need::WasmBindgen, Need::Trunk];

/// Brotli and gzip do their work in Node, which the build needs anyway.
const COMPRESS: &str = "xtask/src/build/compress.mjs";

/// One style sheet of all, with the bundler that the text editor needs anyway.
const STYLE: &str = "xtask/src/build/style.mjs";

/// Whether a file is the compressed form of another.
pub(crate) fn packed(name: &str) -> bool {
    name.ends_with(".br") || name.ends_with(".gz")
}

/// Sets up, builds, and prints the sizes.
pub(crate) fn command(project: &Project, arguments: &[String]) -> Outcome {
    let mut check = false;
    for argument in arguments {
        match argument.as_str() {
            "--check-sizes" => check = true,
            other => return Err(format!("`build` knows --check-sizes, not `{other}`.")),
        }
    }
    setup::ensure(project, NEEDS)?;
    release(project)?;
    let within = sizes::report(project)?;
    if check { within } else { Ok(()) }
}

/// Builds dist/ and finishes it. The tools must be there already.
pub(crate) fn release(project: &Project) -> Outcome {
    Run::new(project, "trunk").within(project.at("app")).args(["build", "--release"]).show()?;
    prune(&project.at("dist/samples"))?;
    Run::new(project, "node").args([STYLE, "dist"]).show()?;
    page::finish(project)?;
    // The same page as one HTML file: after everything it is made of.
    Run::new(project, "node").args(["app/single-file/build.mjs", "dist"]).show()?;
    Run::new(project, "node").args([COMPRESS, "dist"]).show()?;
    say::line("The release build is in dist/: static files for any host and any path.");
    Ok(())
}

/// Prints the sizes of dist/ and fails above the budgets.
pub(crate) fn check_sizes(project: &Project) -> Outcome {
    sizes::report(project)?
}

/// Trunk copies the samples whole: takes out the tests beside them, and what running Python leaves behind.
fn prune(folder: &Path) -> Outcome {
    let entries = fs::read_dir(folder).map_err(|error| format!("{} cannot be read: {error}.", folder.display()))?;
    for entry in entries.flatten() {
        let path = entry.path();
        // `is_dir` of the entry does not follow links, so this cannot leave dist/.
        if !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            continue;
        }
        if entry.file_name() == "__pycache__" || entry.file_name() == "tests" {
            fs::remove_dir_all(&path).map_err(|error| format!("{} cannot be removed: {error}.", path.display()))?;
        } else {
            prune(&path)?;
        }
    }
    Ok(())
}
